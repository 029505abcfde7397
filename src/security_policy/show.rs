//! How a policy is read, for `relcheck security-policy`: as JSON, and for people.

use super::{
    PublishedTag, Refs, Row, SecurityPolicy, Support,
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
    let mut text =
        format!("{}: read as {}, {} rows\n", clean(&policy.path), policy.form.name(), policy.rows.len());
    for (n, row) in policy.rows.iter().enumerate() {
        text.push_str(&line(row));
        if let Some(selected) = &selected {
            let tags: Vec<_> = selected[n].iter().map(|tag| clean(tag)).collect();
            let named = if tags.is_empty() { "no release".to_owned() } else { plural_list(&tags, 6) };
            text.push_str(&format!(" · decides about {named}"));
        }
        text.push('\n');
    }
    text
}

fn line(row: &Row) -> String {
    let range = row.selector.range.as_ref().map_or_else(String::new, |range| format!(" {range}"));
    let supported = match &row.supported {
        Support::Yes => "supported".to_owned(),
        Support::No => "not supported".to_owned(),
        Support::SecurityOnly => "security fixes only".to_owned(),
        Support::Unknown => "unknown".to_owned(),
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

    #[test]
    fn the_supported_releases_are_the_two_newest_stable_ones() {
        let tags = ["v1.10.0", "v1.9.0", "v1.11.0-rc.1", "v1.2.0", "tools/arena/v9.9.9", "nightly"];
        assert_eq!(latest_and_previous(tags, None), ["v1.10.0", "v1.9.0"]);
        assert!(latest_and_previous(["nightly", "main-latest"], None).is_empty());
    }
}
