//! Words of version cells.
//!
//! Data only. The rule that must not be broken: a word stands here only if reading it so is right
//! in every cell; a word that is missing makes its cell unknown, a wrong one makes it a wrong promise.

/// Words that say "the newest".
pub(in crate::security_policy) const LATEST: &[&str] =
    &["latest", "newest", "current", "last", "recent", "ultima", "l'ultima", "最新"];

/// Words that may stand beside "latest" and "previous" without changing what is meant.
pub(in crate::security_policy) const NOUNS: &[&str] = &[
    "the",
    "only",
    "our",
    "most",
    "of",
    "in",
    "for",
    "from",
    "release",
    "releases",
    "released",
    "version",
    "versions",
    "tag",
    "tags",
    "tagged",
    "stable",
    "published",
    "official",
    "github",
    "pypi",
    "crates.io",
    "nuget",
    "major",
    "minor",
    "patch",
    "series",
    "line",
    "available",
];

/// Words that say "what is not named".
pub(in crate::security_policy) const REST: &[&str] = &[
    "older",
    "old",
    "other",
    "others",
    "earlier",
    "else",
    "remaining",
    "rest",
    "legacy",
    "historical",
    "past",
    "previous",
    "prior",
    "all",
];

/// Words that may stand beside those.
pub(in crate::security_policy) const REST_NOUNS: &[&str] = &[
    "any",
    "every",
    "everything",
    "anything",
    "and",
    "or",
    "branches",
    "forks",
    "forked",
    "builds",
    "lines",
    "below",
    "ones",
    "commit",
    "commits",
];

/// Cells that mean "everything else" as a whole, in other languages.
pub(in crate::security_policy) const REST_CELLS: &[&str] = &[
    "旧版本",
    "其他版本",
    "其他",
    "更早版本",
    "更早",
    "以前的版本",
    "舊版本",
    "이전 버전",
    "기타",
    "이하 버전",
    "それ以前",
    "以前のバージョン",
    "その他",
    "旧バージョン",
    "более старые",
    "старые версии",
    "остальные",
    "ältere",
    "ältere versionen",
    "anteriores",
    "versiones anteriores",
    "versões anteriores",
    "antérieures",
    "versions antérieures",
    "autres",
    "autres versions",
    "otras",
    "otras versiones",
    "outras",
    "outras versões",
    "andere",
    "andere versionen",
    "alle anderen",
    "versioni precedenti",
    "ogni versione precedente",
    "tutte le versioni precedenti",
    "altre versioni",
    "starsze",
    "starsze wersje",
    "oudere",
    "oudere versies",
];

/// Cells that mean "the latest release" as a whole, in other languages.
pub(in crate::security_policy) const LATEST_CELLS: &[&str] = &[
    "dernière version",
    "la dernière version",
    "dernière version stable",
    "dernière version publiée",
    "dernière release",
    "version la plus récente",
    "última versión",
    "la última versión",
    "última versión estable",
    "última versión publicada",
    "versión más reciente",
    "última versão",
    "a última versão",
    "última versão estável",
    "versão mais recente",
    "ultima versione",
    "l'ultima versione",
    "neueste version",
    "neueste stabile version",
    "neuestes release",
    "aktuelle version",
    "aktuellste version",
    "letzte version",
    "последняя версия",
    "последняя стабильная версия",
    "последний релиз",
    "последняя",
    "остання версія",
    "najnowsza wersja",
    "nieuwste versie",
    "laatste versie",
    "son sürüm",
    "en son sürüm",
    "最新版",
    "最新版本",
    "最新稳定版",
    "最新稳定版本",
    "最新正式版",
    "最新发布版",
    "最新发布版本",
    "最新穩定版",
    "最新バージョン",
    "最新のバージョン",
    "最新リリース",
    "最新のリリース",
    "最新安定版",
    "最新の安定版",
    "최신",
    "최신 버전",
    "최신 릴리스",
    "최신 안정 버전",
];

/// Names that are branches without the word "branch".
pub(in crate::security_policy) const BRANCHES: &[&str] =
    &["main", "master", "devel", "develop", "trunk", "mainline", "head", "unstable"];

/// Adjectives before "branch" that are no names.
pub(in crate::security_policy) const NO_NAMES: &[&str] = &[
    "stable",
    "older",
    "old",
    "other",
    "any",
    "all",
    "release",
    "feature",
    "development",
    "lts",
    "supported",
    "maintained",
    "this",
    "that",
];

/// Words that limit a selector, so that dropping them would widen it.
pub(in crate::security_policy) const LIMITS: &[&str] = &[
    "except",
    "excluding",
    "without",
    "not",
    "until",
    "before",
    "after",
    "since",
    "to",
    "with",
    "and",
    "or",
    "from",
    "no",
    "when",
    "once",
    "if",
    "unless",
    "for",
    "earlier",
    "paid",
    "fork",
    "forks",
    "withdrawn",
    "yanked",
    "pulled",
    "revoked",
    "customers",
    "sponsors",
];

/// Where releases are published.
pub(in crate::security_policy) const REGISTRIES: &[&str] =
    &["github", "gitlab", "npm", "pypi", "crates.io", "nuget", "rubygems", "packagist", "maven"];

/// Words, in parentheses after a branch, for what stands on it now.
pub(in crate::security_policy) const HEAD: &[&str] =
    &["head", "tip", "latest", "current", "commit", "commits", "of", "the", "branch"];

/// Words of a list that name builds and pre-releases only.
pub(in crate::security_policy) const UNRELEASED: &[&str] = &[
    "nightly",
    "build",
    "builds",
    "development",
    "alpha",
    "beta",
    "release",
    "releases",
    "pre-releases",
    "prereleases",
    "snapshots",
    "canary",
    "rc",
    "and",
];

/// Words that may stand around the name of a branch.
pub(in crate::security_policy) const AROUND_BRANCH: &[&str] = &[
    "branch", "the", "latest", "commit", "commits", "code", "on", "of", "tip", "default", "only", "git",
    "current",
];

/// Words for all that has versions, after "all" or "any".
pub(in crate::security_policy) const PRODUCTS: &[&str] = &[
    "of",
    "the",
    "our",
    "product",
    "products",
    "module",
    "modules",
    "package",
    "packages",
    "component",
    "components",
    "crate",
    "crates",
    "plugin",
    "plugins",
    "library",
    "libraries",
    "project",
    "projects",
    "service",
    "services",
    "app",
    "apps",
    "application",
    "applications",
];

/// Words beside a number that change nothing.
pub(in crate::security_policy) const NOISE: &[&str] = &[
    "version",
    "versions",
    "release",
    "releases",
    "ver",
    "v",
    "series",
    "branch",
    "line",
    "all",
    "any",
    "the",
    "lts",
    "only",
    "stable",
    "バージョン",
    "版本",
];
