//! Failures that a policy accepts until a date.

use super::error::unknown_key;
use crate::{checks, outcome::Finding, text};
use jiff::civil::Date;
use serde::Deserialize;

/// A failure that the policy accepts until a date.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WaiverEntry {
    /// The rule it covers.
    pub(super) rule: String,
    /// The one subject it covers; without it, every subject.
    subject: Option<String>,
    /// A word that must stand before the first `: ` of the finding, such as an advisory's id.
    id: Option<String>,
    pub(super) reason: String,
    #[serde(deserialize_with = "last_day")]
    pub(super) until: Date,
}

/// Reads a day, with or without quotes.
fn last_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    let text = match &value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Datetime(day) => day.to_string(),
        _ => String::new(),
    };
    text.parse().map_err(|_| serde::de::Error::custom("write the last day as \"2027-01-31\""))
}

/// The rules whose findings begin with the id of an advisory.
const ABOUT_AN_ADVISORY: [&str; 6] = [
    "advisories/vulnerable",
    "advisories/below-threshold",
    "advisories/unsound",
    "advisories/unmaintained",
    "advisories/notice",
    "advisories/range-unknown",
];

impl WaiverEntry {
    /// Why it cannot be used, with the key that is wrong.
    pub(super) fn nonsense(&self) -> Option<(&'static str, String)> {
        if checks::ALL.iter().any(|check| check.id == self.rule) {
            let example = example(&self.rule);
            return Some(("rule", format!("a waiver names a rule, such as {example}, not a whole check")));
        }
        // What nobody judged can no more be waived than it can be made to count for less.
        let is_waivable = self.rule != checks::UNJUDGED.id;
        if !is_waivable || !checks::all_rules().any(|rule| rule.id == self.rule) {
            return Some(("rule", unknown_key("rule", &self.rule, checks::all_rules().map(|rule| rule.id))));
        }
        // Elsewhere the names of files stand in a message, and whoever publishes chooses those.
        if self.id.is_some() && !ABOUT_AN_ADVISORY.contains(&self.rule.as_str()) {
            let problem = "a waiver names an id for advisories alone; name the subject instead";
            return Some(("id", problem.to_owned()));
        }
        let is_said = !self.reason.trim().is_empty();
        (!is_said).then(|| ("reason", "a waiver needs a reason that others can read".to_owned()))
    }

    /// `rule for subject until day`.
    pub(super) fn describe(&self) -> String {
        let about = self.subject.as_deref().or(self.id.as_deref()).unwrap_or("everything");
        format!("{} for {} until {}", self.rule, text::clean(about), self.until)
    }

    /// Whether it is about this finding.
    pub(super) fn covers(&self, finding: &Finding) -> bool {
        let subject = self.subject.as_deref().is_none_or(|subject| subject == finding.subject.name);
        // What follows the first ": " are others' words: the title of an advisory may name another one.
        let own = finding.message.split_once(": ").map_or(finding.message.as_str(), |(own, _)| own);
        let word = |id: &str| own.split(|c: char| c.is_whitespace() || ":,;()".contains(c)).any(|w| w == id);
        self.rule == finding.rule.id && subject && self.id.as_deref().is_none_or(word)
    }
}

/// A rule of `check` that can fail.
fn example(check: &str) -> &'static str {
    let rules = checks::ALL.iter().filter(|meta| meta.id == check).flat_map(|meta| meta.rules);
    rules.into_iter().find(|rule| !rule.sums_up()).map_or("", |rule| rule.id)
}
