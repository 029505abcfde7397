//! Words of sentences.
//!
//! Data only. The rule that must not be broken: advice and denial are looked up before support,
//! so a phrase that is missing there can make a promise of a sentence that is none.

/// Phrases of advice to users, which promises nothing.
pub(in crate::security_policy) const ADVICE: &[&str] = &[
    "recommend",
    "urged",
    "encourage",
    "advised",
    "upgrade to",
    "upgrading to",
    "update to",
    "updating to",
    "use the latest",
    "using the latest",
    "running the latest",
    "users should",
    "users must",
    "you should",
    "make sure",
    "please use",
    "please update",
    "keep ",
];

/// Words that make a sentence one about support.
pub(in crate::security_policy) const ABOUT: &[&str] = &[
    "support",
    "supported",
    "supports",
    "maintained",
    "maintains",
    "maintain",
    "fixes",
    "patches",
    "updates",
    "patch",
    "fix",
    "receive",
    "receives",
    "address",
    "addressed",
    "backport",
    "backports",
];

/// Phrases that deny support.
pub(in crate::security_policy) const DENIED: &[&str] = &[
    "not supported",
    "no longer",
    "unsupported",
    "not maintained",
    "unmaintained",
    "end of life",
    "end-of-life",
    "not receive",
    "not be supported",
    "not be maintained",
    "not provide",
    "do not backport",
    "not actively",
    "not get",
    "never ",
    "no security",
    "not be backported",
    "not backported",
    "not covered",
    "not eligible",
];

/// Names of branches.
pub(in crate::security_policy) const BRANCHES: &[&str] =
    &["main", "master", "develop", "devel", "trunk", "default"];

/// Words before the name of a branch that is not called one: "on `main`".
pub(in crate::security_policy) const BEFORE_BRANCH: &[&str] =
    &["on", "to", "in", "into", "from", "against", "of", "support", "supports", "maintain", "both"];

/// Words that may follow it.
pub(in crate::security_policy) const BEHIND_BRANCH: &[&str] = &[
    "and", "or", "plus", "as", "only", "is", "are", "receives", "gets", "for", "when", "if", "before",
    "first",
];

/// Words that may stand between two things that are supported.
pub(in crate::security_policy) const JOINING: &[&str] = &[
    "and", "plus", "&", "as", "well", "both", "also", "the", "our", "its", "most", "current", "latest", "in",
    "on", "to", "for",
];

/// Words after "and" that begin a clause of its own, and no second thing.
pub(in crate::security_policy) const CLAUSES: &[&str] = &[
    "are",
    "is",
    "will",
    "may",
    "then",
    "we",
    "they",
    "it",
    "this",
    "there",
    "get",
    "gets",
    "receive",
    "receives",
    "released",
    "shipped",
    "included",
    "published",
    "not",
    "no",
];

/// Words of a condition.
pub(in crate::security_policy) const WHETHER: &[&str] =
    &["if", "when", "where", "unless", "once", "whenever", "practical", "possible", "feasible"];

/// Words of what is done only where it can be.
pub(in crate::security_policy) const POSSIBLY: &[&str] =
    &["practical", "practicable", "possible", "feasible", "reasonable"];

/// Words before "latest" that take back what follows, or say that it is for some alone.
pub(in crate::security_policy) const HEDGES: &[&str] = &[
    "never",
    "was",
    "were",
    "except",
    "premium",
    "enterprise",
    "paid",
    "commercial",
    "customers",
    "subscribers",
    "sponsors",
];

/// Words after "latest" that make it not the newest release of the project for everyone.
pub(in crate::security_policy) const NARROWING: &[&str] = &[
    "except",
    "excluding",
    "if",
    "was",
    "were",
    "community",
    "customers",
    "subscribers",
    "lts",
    "candidate",
    "candidates",
];

/// What the newest is the newest of.
pub(in crate::security_policy) const NOUNS: &[&str] = &[
    "version",
    "versions",
    "release",
    "releases",
    "minor",
    "minors",
    "major",
    "majors",
    "major.minor",
    "patch",
    "series",
    "line",
    "tag",
    "tags",
    "tagged",
    "stable",
    "released",
    "one",
    "prerelease",
];

/// Words between "latest" and what it is the latest of that change nothing.
pub(in crate::security_policy) const PLAIN: &[&str] = &[
    "most",
    "recent",
    "latest",
    "newest",
    "current",
    "github",
    "gitlab",
    "npm",
    "pypi",
    "crates.io",
    "nuget",
    "packagist",
    "rubygems",
    "maven",
    "official",
    "public",
    "published",
    "available",
    "final",
    "full",
    "signed",
    "production",
    "ga",
    "semver",
    "vx.y.z",
    "x.y.z",
    "vx.y",
    "x.y",
    "non-prerelease",
];

/// Words for a kind of release, or for a part of a project, that may be written as names are.
pub(in crate::security_policy) const KINDS: &[&str] = &[
    "long",
    "long-term",
    "term",
    "support",
    "lts",
    "sts",
    "esr",
    "feature",
    "maintenance",
    "security",
    "hotfix",
    "enterprise",
    "pro",
    "professional",
    "business",
    "commercial",
    "premium",
    "community",
    "ultimate",
    "free",
    "paid",
    "open-source",
    "oss",
    "insider",
    "insiders",
    "nightly",
    "canary",
    "edge",
    "extended",
    "monthly",
    "weekly",
    "quarterly",
    "annual",
    "legacy",
    "next",
    "candidate",
    "main",
    "master",
    "hardened",
    "deployed",
    "internal",
    "desktop",
    "mobile",
    "web",
    "cloud",
    "server",
    "client",
    "cli",
    "sdk",
    "api",
    "app",
    "core",
    "firmware",
    "hardware",
    "helm",
    "chart",
    "image",
    "container",
    "plugin",
    "module",
    "extension",
    "driver",
    "and",
    "or",
];

/// Words at the beginning of a sentence that say "now", or "only", and change nothing of what it names.
pub(in crate::security_policy) const NOW: &[&[&str]] = &[
    &["currently"],
    &["presently"],
    &["now"],
    &["today"],
    &["only"],
    &["officially"],
    &["generally"],
    &["at", "present"],
    &["at", "the", "moment"],
    &["at", "this", "time"],
    &["right", "now"],
    &["for", "now"],
    &["as", "of", "now"],
    &["as", "of", "today"],
];

/// Words at the beginning of a sentence that say from when on, or until when, it holds.
pub(in crate::security_policy) const LATER: &[&str] =
    &["starting", "beginning", "from", "until", "till", "before", "with", "upon", "effective", "following"];

/// Phrases of a sentence that promises nothing for certain.
pub(in crate::security_policy) const FAVOURS: &[&str] =
    &["best effort", "best-effort", "case by case", "case-by-case", "on request", "at our discretion"];

/// Words for what came before the newest.
pub(in crate::security_policy) const EARLIER: &[&str] = &["previous", "prior", "preceding", "penultimate"];

/// Words that promise support in a sentence.
pub(in crate::security_policy) const PROMISES: &[&str] = &[
    "support",
    "supports",
    "supported",
    "maintain",
    "maintains",
    "maintained",
    "receive",
    "receives",
    "backport",
    "backports",
];

/// Words for versions in a sentence.
pub(in crate::security_policy) const VERSIONS: &[&str] = &[
    "version", "versions", "release", "releases", "branch", "branches", "series", "line", "lines", "major",
    "minor",
];

/// Words before "the latest release" that take its support back.
pub(in crate::security_policy) const TAKING_BACK: &[&str] = &[
    "no", "never", "unable", "decline", "stopped", "dropped", "ended", "plan", "planning", "intend", "but",
    "except",
];

/// Words behind it that do.
pub(in crate::security_policy) const ENDED: &[&str] = &["ended", "gone", "dropped", "reached", "formerly"];

/// Words before the line that a sentence is about.
pub(in crate::security_policy) const LEADING: &[&str] = &[
    "the",
    "our",
    "all",
    "only",
    "currently",
    "version",
    "versions",
    "release",
    "releases",
    "branch",
    "branches",
    "series",
    "line",
    "lines",
];

/// Words that may begin a sentence, and so be written in capitals, and are no name.
pub(in crate::security_policy) const NO_NAMES: &[&str] = &[
    "no",
    "not",
    "never",
    "neither",
    "nor",
    "none",
    "any",
    "some",
    "most",
    "few",
    "other",
    "others",
    "before",
    "after",
    "until",
    "till",
    "since",
    "from",
    "prior",
    "to",
    "below",
    "above",
    "under",
    "over",
    "beyond",
    "past",
    "older",
    "newer",
    "earlier",
    "later",
    "higher",
    "lower",
    "up",
    "down",
    "through",
    "but",
    "except",
    "excluding",
    "besides",
    "without",
    "unlike",
    "like",
    "than",
    "instead",
    "save",
    "against",
    "if",
    "unless",
    "when",
    "once",
    "as",
    "for",
    "in",
    "on",
    "of",
    "with",
    "by",
    "at",
];

/// Words of a promise about a line, beside those that promise.
pub(in crate::security_policy) const PROMISING: &[&str] = &[
    "is",
    "are",
    "be",
    "being",
    "will",
    "has",
    "have",
    "continues",
    "continue",
    "remains",
    "to",
    "get",
    "gets",
    "currently",
    "actively",
    "still",
    "fully",
    "officially",
    "only",
    "also",
    "stable",
    "active",
    "development",
    "developed",
    "long",
    "term",
    "long-term",
    "lts",
    "under",
    "in",
    "with",
    "for",
    "the",
    "a",
    "an",
    "our",
    "and",
    "or",
    "all",
    "critical",
    "security",
    "bug",
    "bugs",
    "bugfixes",
    "high",
    "severity",
    "important",
    "regular",
    "full",
    "fixes",
    "fix",
    "patches",
    "patch",
    "updates",
    "update",
    "features",
    "new",
    "on",
    "branch",
    "now",
    "version",
    "versions",
    "release",
    "releases",
    "line",
    "series",
    "considered",
    "recommended",
    "production",
    "maintenance",
    "issues",
    "vulnerabilities",
    "vulnerability",
    "as",
    "well",
];

/// Words that make a promise one of some time, or for some.
pub(in crate::security_policy) const CONDITIONS: &[&str] = &[
    "if",
    "unless",
    "once",
    "when",
    "except",
    "excluding",
    "exception",
    "besides",
    "save",
    "but",
    "community",
    "customers",
    "subscribers",
    "sponsors",
    "paid",
];

/// Words before "versions" that do not say which they are.
pub(in crate::security_policy) const STATES: &[&str] = &[
    "supported",
    "maintained",
    "unsupported",
    "unmaintained",
    "end-of-life",
    "eol",
    "affected",
    "vulnerable",
];

/// Words for the versions that a list names.
pub(in crate::security_policy) const ANNOUNCED: &[&str] = &["versions", "releases", "branches", "lines"];

/// Words before a list that make it one of something else, or of some fixes.
pub(in crate::security_policy) const NO_LEAD: &[&str] = &[
    "affected",
    "vulnerable",
    "fixed",
    "patched",
    "tested",
    "critical",
    "when",
    "until",
    "after",
    "once",
    "how",
    "which",
];

/// Words for a line, where they follow its number.
pub(in crate::security_policy) const LINES: &[&str] =
    &["versions", "releases", "version", "series", "line", "release"];

/// Verbs of a sentence that says of a line whether it is supported.
pub(in crate::security_policy) const VERBS: &[&str] =
    &["is", "are", "will", "receives", "receive", "has", "have"];

/// Verbs before the versions of something else.
pub(in crate::security_policy) const NEEDS: &[&str] =
    &["need", "needs", "needing", "require", "requires", "requiring", "uses", "using", "with"];

/// "Only the newest version" in one language.
pub(in crate::security_policy) struct OnlyLatest {
    /// Words for "only".
    pub(in crate::security_policy) only: &'static [&'static str],
    /// Words that may stand between the others.
    pub(in crate::security_policy) between: &'static [&'static str],
    /// Words for "newest".
    pub(in crate::security_policy) latest: &'static [&'static str],
    /// Words for "version", in the singular.
    pub(in crate::security_policy) nouns: &'static [&'static str],
    /// Beginnings of words that make the sentence one about support.
    pub(in crate::security_policy) about: &'static [&'static str],
    /// Words that limit or deny.
    pub(in crate::security_policy) limits: &'static [&'static str],
}

/// The languages that write spaces between their words.
pub(in crate::security_policy) const ONLY_LATEST: &[OnlyLatest] = &[
    OnlyLatest {
        only: &["nur", "ausschließlich", "lediglich"],
        between: &["für", "die", "der", "das", "den", "jeweils", "unsere"],
        latest: &[
            "neueste",
            "neuesten",
            "neuste",
            "neusten",
            "aktuelle",
            "aktuellen",
            "aktuellste",
            "letzte",
            "letzten",
        ],
        nouns: &["version", "release", "veröffentlichung"],
        about: &["unterstütz", "gepflegt", "gewartet", "korrektur", "sicherheits", "update", "fix", "patch"],
        limits: &[
            "nicht", "kein", "keine", "wenn", "falls", "sofern", "außer", "pro", "je", "jeder", "jedes",
            "jede", "während", "bis", "solange", "ab", "oder", "und",
        ],
    },
    OnlyLatest {
        only: &["seule", "seulement", "uniquement"],
        between: &["la", "pour", "sur"],
        latest: &["dernière"],
        nouns: &["version", "release"],
        about: &["support", "maintenu", "correcti", "reçoit", "prise", "mises", "patch"],
        limits: &[
            "pas", "ne", "n'est", "si", "sauf", "chaque", "par", "pendant", "jusqu'à", "jusqu'au", "ou",
            "et", "lorsque",
        ],
    },
    OnlyLatest {
        only: &["solo", "sólo", "solamente", "únicamente"],
        between: &["la", "para", "a"],
        latest: &["última"],
        nouns: &["versión", "release"],
        about: &["soport", "recib", "manten", "mantien", "parche", "correc", "actualiza", "compatib"],
        limits: &[
            "no", "si", "salvo", "excepto", "cada", "por", "hasta", "durante", "o", "y", "cuando", "mientras",
        ],
    },
    OnlyLatest {
        only: &["solo", "soltanto", "solamente", "unicamente"],
        between: &["la", "per", "alla", "sulla"],
        latest: &["ultima", "l'ultima", "l’ultima", "all'ultima", "all’ultima"],
        nouns: &["versione", "release"],
        about: &["support", "ricev", "manten", "mantien", "correzion", "aggiorna", "patch"],
        limits: &[
            "non", "se", "salvo", "eccetto", "ogni", "ciascun", "ciascuna", "per", "fino", "durante", "o",
            "e", "quando", "mentre",
        ],
    },
    OnlyLatest {
        only: &["apenas", "somente", "só"],
        between: &["a", "para"],
        latest: &["última"],
        nouns: &["versão", "release"],
        about: &["suport", "receb", "manti", "mantém", "correç", "atualiza", "patch"],
        limits: &[
            "não", "se", "salvo", "exceto", "cada", "por", "até", "durante", "ou", "e", "quando", "enquanto",
        ],
    },
    OnlyLatest {
        only: &["только"],
        between: &["для"],
        latest: &["последняя", "последнюю", "последней"],
        nouns: &["версия", "версию", "версии"],
        about: &["поддерж", "получа", "обновл", "исправл"],
        limits: &["не", "если", "кроме", "каждой", "каждая", "до", "или", "и", "при", "пока"],
    },
    OnlyLatest {
        only: &["solo", "soltanto", "solamente", "unicamente"],
        between: &["la", "per"],
        latest: &["l'ultima", "l’ultima", "ultima"],
        nouns: &["versione", "release"],
        about: &["support", "ricev", "aggiorna", "manten", "corre", "patch"],
        limits: &[
            "non", "se", "salvo", "tranne", "eccetto", "ogni", "ciascuna", "fino", "durante", "o", "e",
            "quando", "mentre",
        ],
    },
    OnlyLatest {
        only: &["yalnızca", "sadece"],
        between: &["en"],
        latest: &["son", "güncel"],
        nouns: &["sürüm", "sürümü", "sürüme", "sürümde"],
        about: &["destek", "güncelleme", "düzeltme", "yama"],
        limits: &[
            "değil",
            "değildir",
            "her",
            "eğer",
            "kadar",
            "veya",
            "ve",
            "hariç",
            "ise",
            "desteklenmez",
            "desteklenmiyor",
            "desteklenmemektedir",
        ],
    },
];

/// "Only the newest version" in languages that write no spaces.
pub(in crate::security_policy) const ONLY_LATEST_UNSPACED: &[&str] = &[
    "最新バージョンのみ",
    "最新版のみ",
    "最新リリースのみ",
    "仅支持最新版本",
    "只支持最新版本",
    "仅最新版本",
    "只有最新版本",
    "仅维护最新版本",
    "僅支援最新版本",
    "최신 버전만",
    "최신 릴리스만",
];

/// What makes such a sentence one about support.
pub(in crate::security_policy) const ABOUT_UNSPACED: &[&str] =
    &["サポート", "修正", "更新", "支持", "支援", "维护", "修复", "지원", "업데이트", "패치"];

/// What limits or denies there.
pub(in crate::security_policy) const LIMITS_UNSPACED: &[&str] = &[
    "ない",
    "ません",
    "場合",
    "除",
    "各",
    "ごと",
    "または",
    "および",
    "不",
    "如果",
    "每",
    "或",
    "和",
    "않",
    "경우",
    "제외",
    "각",
];
