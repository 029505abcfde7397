//! Words beside days.
//!
//! Data only. The rule that must not be broken: no word here speaks of an end; one that is missing leaves a promise
//! unknown.

/// All the words of a header under which a day is that of a release, or of a beginning.
pub(in crate::security_policy) const OF_BEGINNINGS: &[&str] = &[
    "date",
    "dates",
    "day",
    "release",
    "released",
    "releases",
    "version",
    "versions",
    "first",
    "initial",
    "initially",
    "latest",
    "newest",
    "current",
    "stable",
    "minor",
    "patch",
    "major",
    "ga",
    "lts",
    "general",
    "availability",
    "available",
    "launch",
    "launched",
    "since",
    "from",
    "start",
    "starts",
    "started",
    "support",
    "supported",
    "published",
    "publication",
    "introduced",
    "created",
    "tagged",
    "built",
    "added",
    "on",
    "of",
    "in",
    "the",
    "time",
    "fecha",
    "lanzamiento",
    "data",
    "di",
    "de",
    "rilascio",
    "lançamento",
    "sortie",
    "veröffentlicht",
    "veröffentlichung",
    "erschienen",
    "дата",
    "выпуска",
    "релиза",
    "发布日期",
    "发布时间",
    "リリース日",
    "출시일",
];

/// Words of a header under which it is the day on which somebody looked.
pub(in crate::security_policy) const LOOKED_AT: &[&str] =
    &["updated", "reviewed", "checked", "modified", "changed", "tested", "verified", "audited"];

/// Words before a day on which something began.
pub(in crate::security_policy) const BEGINNINGS: &[&str] = &[
    "released",
    "release",
    "since",
    "from",
    "started",
    "starts",
    "published",
    "launched",
    "created",
    "tagged",
    "introduced",
    "announced",
    "updated",
    "reviewed",
    "added",
    "built",
    "stable",
    "ga",
];

/// Words that may stand between them.
pub(in crate::security_policy) const SMALL: &[&str] =
    &["on", "in", "at", "of", "the", "early", "late", "mid", "q1", "q2", "q3", "q4", "h1", "h2"];

/// Words beside a year that is told alone.
pub(in crate::security_policy) const OF_TIMES: &[&str] = &[
    "end", "of", "early", "late", "mid", "until", "till", "through", "to", "by", "in", "before", "after",
    "eol", "ends", "the", "q1", "q2", "q3", "q4", "h1", "h2",
];
