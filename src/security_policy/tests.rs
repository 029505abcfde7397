//! Policies of our own: each form that is read, each trap that is not, each verdict with a near miss.

mod amended;
mod beside;
mod bounded;
mod codes;
mod fixes;
mod hidden;
mod reading;
mod seeming;
mod sentences;
mod tables;
mod taken_back;
mod variants;
mod verdicts;

use super::{Conclusion, PublishedTag, Support};
use crate::versions::TagVersion;

/// A promise in a word, or with its end.
pub(super) fn support(supported: &Support) -> String {
    match supported {
        Support::Yes => "yes".to_owned(),
        Support::No => "no".to_owned(),
        Support::SecurityOnly => "security-only".to_owned(),
        Support::Unknown => "unknown".to_owned(),
        Support::Until(until) => format!("until {until}"),
    }
}

/// A policy with one table.
fn table(rows: &[(&str, &str)]) -> String {
    let rows: String = rows.iter().map(|(version, status)| format!("| {version} | {status} |\n")).collect();
    format!(
        "# Security\n\n## Supported Versions\n\n| Version | Supported |\n| --- | --- |\n{rows}\n## Reporting\n"
    )
}

/// Tags, each with its day after a space, or one that is given it.
fn published(tags: &[&str]) -> Vec<PublishedTag> {
    tags.iter()
        .map(|tag| {
            let (name, date) = tag.split_once(' ').unwrap_or((tag, "2026-01-01"));
            let date = Some(format!("{date}T00:00:00Z").parse().unwrap());
            PublishedTag { name: name.to_owned(), version: TagVersion::parse(name).unwrap(), date }
        })
        .collect()
}

fn now() -> jiff::Timestamp {
    "2026-11-21T00:00:00Z".parse().unwrap()
}

/// How each conclusion counts, and its rule.
fn rules(found: &[Conclusion]) -> Vec<String> {
    found.iter().map(|c| format!("{} {}", format!("{:?}", c.status).to_lowercase(), c.rule)).collect()
}
