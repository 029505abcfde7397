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
    "non supported",
    "not actively",
    "no support",
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

/// Cells that deny it as a whole.
pub(in crate::security_policy) const WHOLE_NO: &[&str] =
    &["no", "none", "n", "false", "nein", "non", "нет", "não", "nao", "否", "×", "아니오", "いいえ", "nee"];

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
    "si",
    "sim",
    "да",
    "是",
    "예",
    "はい",
    "long term support",
    "lts",
    "feature updates",
    "bug fixes",
    "bug fixes and security patches",
    "bug fixes and security fixes",
    "active lts",
    "still supported",
];

/// Phrases that promise it.
pub(in crate::security_policy) const HAS_YES: &[&str] = &[
    "is supported",
    "are supported",
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
