//! Words of status cells.
//!
//! Data only. The rule that must not be broken: a phrase that promises something only under a
//! condition belongs in [`UNCLEAR`], never among the promises.

/// Phrases that promise nothing for certain; they win over all others.
pub(in crate::security_policy) const UNCLEAR: &[&str] = &[
    "best effort",
    "best-effort",
    "on request",
    "unknown",
    "tbd",
    "case by case",
    "case-by-case",
    "partial",
    "maybe",
    "paid",
    "commercial",
    "community",
    "extended",
    "not fully",
    "no longer than",
    "not longer than",
];

/// Words that make a promise one of another time, of some, or under a condition; beside a mark of support they make it unknown.
pub(in crate::security_policy) const CONDITIONS: &[&str] = &[
    "as soon as",
    "once",
    "when",
    "whenever",
    "after",
    "before",
    "if",
    "unless",
    "except",
    "but",
    "only",
    "from",
    "starting",
    "planned",
    "plan",
    "upcoming",
    "soon",
    "yet",
    "pending",
    "expected",
    "proposed",
    "future",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "sobald",
    "wenn",
    "falls",
    "nach",
    "geplant",
    "nur",
    "ab",
    "dès",
    "quand",
    "après",
    "prévu",
    "prévue",
    "seulement",
    "cuando",
    "después",
    "tras",
    "solo",
    "sólo",
    "previsto",
    "quando",
    "após",
    "apenas",
    "после",
    "когда",
    "если",
    "только",
];

/// The same in languages without spaces.
pub(in crate::security_policy) const CONDITIONS_WITHIN: &[&str] =
    &["发布后", "發布後", "计划", "計劃", "计画", "仅", "僅", "予定", "のみ", "以降", "예정", "이후"];

/// Words right before a denial that make it one of a time to come.
pub(in crate::security_policy) const AHEAD: &[&str] =
    &["be", "become", "reach", "reaching", "approaching", "nearing", "near", "soon", "yet"];

/// Words of the phases of a line that is not at its end.
pub(in crate::security_policy) const PHASES: &[&str] =
    &["active", "development", "maintenance", "mode", "lts", "stable", "deprecated", "current"];

/// What stands beside a sign that leaves open what a line gets.
pub(in crate::security_policy) const OPEN: &[&str] =
    &["", "limited", "limited support", "legacy", "maintenance", "security", "critical"];

/// Words of a time that is counted from a day that is not told.
pub(in crate::security_policy) const PERIODS: &[&str] =
    &["day", "days", "week", "weeks", "month", "months", "year", "years"];

/// Words that turn an answer round or limit it, where they follow it.
pub(in crate::security_policy) const REVERSALS: &[&str] = &[
    "not", "no", "never", "none", "however", "though", "although", "without", "critical", "some", "most",
    "unlikely", "limited", "possibly", "may", "might",
];

/// Words that put a no off or take something out of it, where they follow it.
pub(in crate::security_policy) const NO_TURNS: &[&str] = &[
    "until",
    "till",
    "through",
    "ends",
    "ending",
    "expires",
    "critical",
    "some",
    "most",
    "limited",
    "possibly",
    "may",
    "might",
    "unlikely",
    "however",
    "though",
    "although",
    "longer",
    "necessarily",
    "always",
    "false",
    "just",
    "still",
    "without",
    "backport",
    "backports",
    "backported",
    "apart",
    "aside",
    "needed",
    "cve",
    "cves",
    "hotfix",
    "hotfixes",
    "yes",
    "lts",
];

/// Words at the beginning of a status that say that a line is there no more.
pub(in crate::security_policy) const GONE: &[&str] =
    &["archived", "superseded", "removed", "withdrawn", "yanked", "abandoned", "архив"];

/// Words before them that alone say nothing for certain.
pub(in crate::security_policy) const WANING: &[&str] = &["deprecated", "obsolete", "legacy", "old"];

/// Words before a limit that say that a line is no new one.
pub(in crate::security_policy) const OLDER: &[&str] = &["legacy", "previous"];

/// Words of what fixes are for.
pub(in crate::security_policy) const FIXED: &[&str] = &["issues", "vulnerabilities", "severity", "high"];

/// Words of the fixes that a line gets.
pub(in crate::security_policy) const FIXES: &[&str] = &[
    "security", "critical", "bug", "bugs", "bugfix", "bugfixes", "fix", "fixes", "patch", "patches",
    "update", "updates", "feature", "features", "new", "all", "and",
];

/// Words that say of a line that it is the one that is worked on.
pub(in crate::security_policy) const ACTIVE: &[&str] = &[
    "active",
    "actively",
    "development",
    "developed",
    "maintained",
    "supported",
    "support",
    "current",
    "branch",
    "full",
    "fully",
    "ongoing",
    "regular",
    "immediate",
    "all",
    "latest",
    "stable",
    "main",
    "line",
    "release",
    "updates",
    "fixes",
    "patches",
];

/// Phrases that limit the promise to some fixes.
pub(in crate::security_policy) const LIMITED: &[&str] = &[
    "security patches only",
    "security fixes only",
    "security updates only",
    "security only",
    "security-only",
    "only security",
    "critical only",
    "critical fixes only",
    "critical bug fixes only",
    "critical security",
    "only critical",
    "limited maintenance",
    "limited support",
    "backports only",
    "security fixes, critical bug fixes",
    "security maintenance",
    "安全更新",
    "仅关键安全修复",
    "仅安全修复",
    "仅关键修复",
    "correctifs sécurité uniquement",
    "correctifs de sécurité uniquement",
    "apenas correções de segurança",
    "solo seguridad",
    "solo correcciones de seguridad",
    "nur sicherheitsupdates",
    "nur sicherheitsfixes",
    "только исправления безопасности",
    "限定サポート",
    "重大な脆弱性のみ",
    "セキュリティ修正のみ",
    "보안 패치만",
    "보안 업데이트만",
];

/// Phrases that deny support.
pub(in crate::security_policy) const NEGATIONS: &[&str] = &[
    "not supported",
    "no longer",
    "unsupported",
    "not maintained",
    "unmaintained",
    "end of life",
    "end-of-life",
    "end of support",
    "end-of-support",
    "end of line",
    "eol",
    "discontinued",
    "obsolete",
    "non-supported",
    "non support",
    "not actively",
    "no support",
    "no active",
    "no security",
    "不再",
    "不支持",
    "未支持",
    "停止",
    "nicht",
    "non-support",
    "pas supporté",
    "plus supporté",
    "no soportad",
    "não suportad",
    "не поддерж",
    "サポート終了",
    "更新終了",
    "지원 종료",
    "지원하지 않",
    "지원되지 않",
    "non-maintained",
    "terminated",
];

/// Words that put a denial off, or take something out of it.
pub(in crate::security_policy) const REPRIEVES: &[&str] = &[
    "unless",
    "except",
    "if",
    "soon",
    "planned",
    "scheduled",
    "upcoming",
    "expected",
    "approaching",
    "pending",
    "announced",
    "after",
    "future",
    "geplant",
    "sauf",
    "salvo",
    "кроме",
];

/// The same in languages without spaces.
pub(in crate::security_policy) const REPRIEVES_WITHIN: &[&str] =
    &["予定", "まで", "除く", "除き", "计划", "計劃", "直到", "예정", "까지"];

/// Words that deny what follows them.
pub(in crate::security_policy) const DENIERS: &[&str] = &[
    "no", "not", "none", "never", "without", "non", "kein", "keine", "pas", "sin", "sem", "senza", "nessun",
    "nessuna", "aucun", "aucune", "ninguna", "nenhuma", "без",
];

/// Words that deny what stands before them.
pub(in crate::security_policy) const ENDED: &[&str] =
    &["ended", "expired", "ceased", "stopped", "dropped", "removed", "withdrawn", "retired"];

/// Words between a promise and the denial that ends it: "fixes until EOL".
pub(in crate::security_policy) const DEADLINES: &[&str] =
    &["until", "till", "through", "before", "bis", "jusqu'à", "hasta", "até", "fino", "до"];

/// Words at the beginning of what users are to do instead.
pub(in crate::security_policy) const INSTEAD: &[&str] =
    &["please", "upgrade", "update", "migrate", "move", "switch", "use", "see", "superseded", "replaced"];

/// Words at the end of it: "upgrade required".
pub(in crate::security_policy) const ASKED: &[&str] =
    &["required", "recommended", "advised", "needed", "necessary"];

/// Words of support, which a denial beside them does not take away.
pub(in crate::security_policy) const SUPPORT: &[&str] = &[
    "yes",
    "support",
    "supported",
    "supports",
    "maintenance",
    "maintained",
    "lts",
    "active",
    "fix",
    "fixes",
    "fixed",
    "bugfixes",
    "patch",
    "patches",
    "patched",
    "updates",
    "backports",
    "backported",
];

/// Remarks that deny it as a whole.
pub(in crate::security_policy) const DENIALS: &[&str] = &[
    "end of life",
    "end-of-life",
    "eol",
    "end of support",
    "end-of-support",
    "unsupported",
    "not supported",
    "no longer supported",
    "no longer maintained",
    "not maintained",
    "unmaintained",
    "discontinued",
    "no support",
];

/// Words of an end; beside a mark of support they make it unknown, unless the end is understood.
pub(in crate::security_policy) const ENDS: &[&str] = &[
    "until", "till", "through", "ends", "ended", "ending", "expires", "expired", "retired", "ceased",
    "sunset",
];

/// Cells that deny it as a whole.
pub(in crate::security_policy) const WHOLE_NO: &[&str] = &[
    "no",
    "none",
    "n",
    "false",
    "nein",
    "non",
    "нет",
    "não",
    "nao",
    "否",
    "×",
    "아니오",
    "いいえ",
    "nee",
    "nie",
    "hayır",
    "ні",
    "nej",
    "nei",
    "ne",
    "ei",
    "nem",
    "nu",
    "không",
    "tidak",
    "提供なし",
    "no fixes",
    "no further fixes",
    "no more fixes",
    "no updates",
    "no further updates",
    "no more updates",
    "no patches",
];

/// Cells that promise it as a whole.
pub(in crate::security_policy) const WHOLE_YES: &[&str] = &[
    "yes",
    "y",
    "true",
    "supported",
    "fully supported",
    "full support",
    "actively supported",
    "active",
    "active support",
    "maintained",
    "actively maintained",
    "current",
    "current release",
    "stable",
    "ja",
    "oui",
    "sí",
    "sì",
    "supportata",
    "supportato",
    "suportada",
    "suportado",
    "supportée",
    "supporté",
    "si",
    "sim",
    "да",
    "активная",
    "対応します",
    "提供中",
    "是",
    "예",
    "はい",
    "tak",
    "так",
    "evet",
    "long term support",
    "lts",
    "feature updates",
    "bug fixes",
    "bug fixes and security patches",
    "bug fixes and security fixes",
    "active lts",
    "active development",
    "still supported",
    "활성 지원",
    "ano",
    "kyllä",
    "igen",
    "da",
    "có",
    "ya",
];

/// Phrases that promise it.
pub(in crate::security_policy) const HAS_YES: &[&str] = &[
    "is supported",
    "are supported",
    "is fully supported",
    "are fully supported",
    "mais supportée",
    "entierement supportée",
    "entièrement supportée",
    "支持中",
    "受支持",
    "サポート中",
    "更新終了予定",
    "지원 중",
    "지원됨",
    "поддерживается",
    "unterstützt",
    "soportad",
];
