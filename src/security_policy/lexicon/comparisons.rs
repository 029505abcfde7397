//! Phrases that compare versions, each version written `#`.
//!
//! Data only. The rule that must not be broken: a phrase stands in one list only, and only if it says in its language
//! whether the version that it names is among those it selects.

/// From one version through another.
pub(in crate::security_policy) const THROUGH: &[&str] =
    &["# to #", "# through #", "# thru #", "from # to #", "from # through #", "# 到 #", "# 至 #", "# bis #"];

/// Before a version.
pub(in crate::security_policy) const BELOW: &[&str] = &[
    "before #",
    "prior to #",
    "older than #",
    "earlier than #",
    "below #",
    "under #",
    "less than #",
    "lower than #",
    "anything before #",
    "anything older than #",
    "anything below #",
    "everything below #",
    "everything before #",
    "everything older than #",
    "# 未満",
    "# 未满",
    "# 미만",
    "低于 #",
    "小于 #",
    "# 之前",
    "vor #",
    "älter als #",
    "anterior a #",
    "anteriores a #",
    "antes de #",
    "avant #",
];

/// Up to and with a version, or its line.
pub(in crate::security_policy) const UP_TO: &[&str] = &[
    "up to #",
    "up to and including #",
    "# and earlier",
    "# and below",
    "# and older",
    "# and lower",
    "# and prior",
    "# or earlier",
    "# or below",
    "# or older",
    "# or lower",
    "# or less",
    "# 이하",
    "# 및 이전",
    "# 및 이전 버전",
    "# 및 그 이전",
    "# 및 그 이전 버전",
    "# 以下",
    "# 及以下",
    "# 及更早版本",
    "# 及以下版本",
    "# und älter",
    "# и ниже",
    "# y anteriores",
    "# e anteriores",
    "# et antérieures",
    "# and previous",
];

/// After a version.
pub(in crate::security_policy) const ABOVE: &[&str] =
    &["after #", "newer than #", "later than #", "greater than #", "higher than #"];

/// From a version on.
pub(in crate::security_policy) const FROM: &[&str] = &[
    "# and later",
    "# and above",
    "# and newer",
    "# and up",
    "# and higher",
    "# and onwards",
    "# or later",
    "# or above",
    "# or newer",
    "# or higher",
    "# or greater",
    "# and greater",
    "# onwards",
    "from #",
    "since #",
    "at least #",
    "starting with #",
    "starting from #",
    "# 이상",
    "# 以上",
    "# 及以上",
    "# 以降",
    "# 及以上版本",
    "# und neuer",
    "# и выше",
    "# ou supérieur",
    "# o superior",
    "# ou superior",
];
