//! How a policy is read, for `relcheck security-policy`: as JSON, and for people.

use super::{
    Kind, PublishedTag, Refs, Row, SecurityPolicy, Support,
    coverage::{Coverage, Decision},
    family::Families,
};
use crate::{
    text::{clean, plural_list},
    versions::TagVersion,
};
use serde_json::{Value, json};

/// The tags of the latest and the previous stable release of a project's own family, the newest first.
pub fn latest_and_previous<'a>(
    tags: impl IntoIterator<Item = &'a str>,
    repository: Option<&str>,
) -> Vec<String> {
    let tags: Vec<&str> = tags.into_iter().collect();
    let stable = releases(&tags, repository).into_iter().filter(|release| !release.version.is_pre_release());
    stable.take(2).map(|release| release.name).collect()
}

/// The policy as JSON; with tags, what each row selects of them.
pub fn to_json_text(policy: &SecurityPolicy, tags: Option<&[&str]>, as_of: jiff::Timestamp) -> String {
    let mut value = super::to_json(policy);
    if let Some(tags) = tags {
        let releases = releases(tags, None);
        let coverage = Coverage::of(&policy.rows, &releases, as_of);
        for (row, selected) in value["rows"].as_array_mut().into_iter().flatten().zip(decided(&coverage)) {
            row["selects"] = json!(selected);
        }
    }
    let mut text = serde_json::to_string_pretty::<Value>(&value).expect("strings and lists always serialise");
    text.push('\n');
    text
}

/// The policy for people.
pub fn to_human(policy: &SecurityPolicy, tags: Option<&[&str]>, as_of: jiff::Timestamp) -> String {
    let releases = tags.map(|tags| releases(tags, None));
    let selected = releases.as_ref().map(|releases| decided(&Coverage::of(&policy.rows, releases, as_of)));
    let path = clean(&policy.path);
    if let Some(refusal) = &policy.refusal {
        return format!("{path}: {refusal}\n");
    }
    if policy.rows.is_empty() {
        return format!("{path}: no statement about supported versions was found\n");
    }
    let (count, form) = (policy.rows.len(), policy.form.name());
    let mut text = format!("{path}: read as {form}, {count} {}\n", if count == 1 { "row" } else { "rows" });
    for (n, row) in policy.rows.iter().enumerate() {
        text.push_str(&line(row));
        if let Some(selected) = selected.as_ref().filter(|_| is_read(row)) {
            let tags: Vec<_> = selected[n].iter().map(|tag| clean(tag)).collect();
            let named = if tags.is_empty() { "no release".to_owned() } else { plural_list(&tags, 6) };
            text.push_str(&format!(" · decides about {named}"));
        }
        text.push('\n');
    }
    if let (Some(releases), Some(tags)) = (&releases, tags) {
        text.push_str(&unselected(policy, releases, tags, as_of));
    }
    text
}

/// Whether the row's version was understood.
fn is_read(row: &Row) -> bool {
    row.selector.kind != Kind::Unknown
}

/// The tags that no row selects, and those that are no release of the project.
fn unselected(
    policy: &SecurityPolicy,
    releases: &[PublishedTag],
    tags: &[&str],
    as_of: jiff::Timestamp,
) -> String {
    let coverage = Coverage::of(&policy.rows, releases, as_of);
    let undecided = releases.iter().zip(&coverage.decisions);
    let undecided = undecided.filter(|(_, decision)| matches!(decision, Decision::Nothing));
    let undecided: Vec<_> = undecided.map(|(release, _)| clean(&release.name)).collect();
    let conflicts = releases.iter().zip(&coverage.decisions);
    let conflicts: Vec<_> = conflicts
        .filter(|(_, decision)| matches!(decision, Decision::Conflict(..)))
        .map(|(release, _)| clean(&release.name))
        .collect();
    let known: std::collections::BTreeSet<&str> = releases.iter().map(|tag| tag.name.as_str()).collect();
    let others: Vec<_> = tags.iter().filter(|tag| !known.contains(**tag)).map(|tag| clean(tag)).collect();
    [
        ("selected by no row", undecided),
        ("rows disagree about", conflicts),
        ("not a release of the project", others),
    ]
    .into_iter()
    .filter(|(_, tags)| !tags.is_empty())
    .map(|(what, tags)| format!("  {what}: {}\n", plural_list(&tags, 12)))
    .collect()
}

fn line(row: &Row) -> String {
    if !is_read(row) {
        let said = clean(&row.status);
        let status = if said.is_empty() { String::new() } else { format!(" (its status: {said})") };
        let raw = clean(&row.raw);
        return format!("  line {:>4}  {raw:<24} unreadable: not understood as a version{status}", row.line);
    }
    let range = row.selector.range.as_ref().map_or_else(String::new, |range| format!(" {range}"));
    let supported = match &row.supported {
        Support::Yes => "supported".to_owned(),
        Support::No => "not supported".to_owned(),
        Support::SecurityOnly => "security fixes only".to_owned(),
        Support::Unknown => format!("unreadable: \"{}\" is not understood as a status", clean(&row.status)),
        Support::Until(until) => format!("until {until}"),
    };
    format!(
        "  line {:>4}  {:<24} {}{range}: {supported}",
        row.line,
        clean(&row.raw),
        row.selector.kind.name()
    )
}

/// The releases among `tags` of the project's own family, the newest first.
fn releases(tags: &[&str], repository: Option<&str>) -> Vec<PublishedTag> {
    let published: Vec<PublishedTag> = tags
        .iter()
        .filter_map(|tag| {
            Some(PublishedTag { name: (*tag).to_owned(), version: TagVersion::parse(tag)?, date: None })
        })
        .collect();
    let refs = Refs { repository: repository.map(str::to_owned), ..Refs::default() };
    Families::of(&published, &refs).own().map(|family| family.releases).unwrap_or_default()
}

/// For each row, the tags about which it decides.
fn decided(coverage: &Coverage<'_>) -> Vec<Vec<String>> {
    let mut selected = vec![Vec::new(); coverage.rows.len()];
    for (release, decision) in coverage.releases.iter().zip(&coverage.decisions) {
        if let Decision::Row(row) = decision {
            selected[*row].push(release.name.clone());
        }
    }
    selected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(rows: &str, tags: Option<&[&str]>) -> String {
        let text = format!("## Supported Versions\n\n| Version | Supported |\n|---|---|\n{rows}");
        to_human(&super::super::read("SECURITY.md", text.as_bytes()), tags, jiff::Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_row_that_is_not_understood_is_shown_as_unreadable() {
        let text =
            shown("| 1.x and some | yes |\n| 1.x | perhaps |\n", Some(&["v1.0.0", "v0.9.0", "nightly"]));
        assert!(text.starts_with("SECURITY.md: read as table, 2 rows\n"), "{text}");
        let expected = "unreadable: not understood as a version (its status: yes)\n";
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("unreadable: \"perhaps\" is not understood as a status · decides"), "{text}");
        assert!(text.contains("\n  selected by no row: v0.9.0\n"), "{text}");
        assert!(text.ends_with("  not a release of the project: nightly\n"), "{text}");
    }

    #[test]
    fn one_row_is_one_row_and_no_statement_is_said() {
        let text = shown("| 1.x | yes |\n", Some(&["v1.0.0"]));
        assert!(text.starts_with("SECURITY.md: read as table, 1 row\n"), "{text}");
        assert!(text.ends_with(": supported · decides about v1.0.0\n"), "{text}");
        let none = super::super::read("SECURITY.md", b"# Security\n\nMail us.\n");
        assert_eq!(
            to_human(&none, None, jiff::Timestamp::UNIX_EPOCH),
            "SECURITY.md: no statement about supported versions was found\n"
        );
    }

    #[test]
    fn the_supported_releases_are_the_two_newest_stable_ones() {
        let tags = ["v1.10.0", "v1.9.0", "v1.11.0-rc.1", "v1.2.0", "tools/arena/v9.9.9", "nightly"];
        assert_eq!(latest_and_previous(tags, None), ["v1.10.0", "v1.9.0"]);
        assert!(latest_and_previous(["nightly", "main-latest"], None).is_empty());
    }
}
