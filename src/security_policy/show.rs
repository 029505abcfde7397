//! How a policy is read, for `relcheck security-policy`: as JSON, and for people.

use super::{
    Kind, PublishedTag, Refs, Row, SecurityPolicy, Selector, Support, Unit,
    coverage::{Coverage, Decision},
    family::Families,
    judge::{family_of, products},
    status::is_bare_yes,
    verdicts::TAKEN_BACK,
};
use crate::{
    text::{clean, inert_json, plural_list},
    versions::TagVersion,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

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
        let held = Held::of(policy, tags, as_of);
        for (row, selected) in value["rows"].as_array_mut().into_iter().flatten().zip(held.selects) {
            row["selects"] = json!(selected.unwrap_or_default());
        }
    }
    let json = serde_json::to_string_pretty::<Value>(&value).expect("strings and lists always serialise");
    inert_json(&json) + "\n"
}

/// The policy for people.
pub fn to_human(policy: &SecurityPolicy, tags: Option<&[&str]>, as_of: jiff::Timestamp) -> String {
    let path = clean(&policy.path);
    if let Some(refusal) = &policy.refusal {
        return format!("{path}: {refusal}\n");
    }
    if policy.rows.is_empty() {
        return format!("{path}: no statement about supported versions was found\n");
    }
    let held = tags.map(|tags| Held::of(policy, tags, as_of));
    let (count, form) = (policy.rows.len(), policy.form.name());
    let mut text = format!("{path}: read as {form}, {count} {}\n", if count == 1 { "row" } else { "rows" });
    for (n, row) in policy.rows.iter().enumerate() {
        text.push_str(&line(row));
        if let Some(held) = held.as_ref().filter(|_| !row.selector.is_unread()) {
            match &held.selects[n] {
                None => text.push_str(" · not held against the tags"),
                Some(tags) if tags.is_empty() => text.push_str(" · decides about no release"),
                Some(tags) => text.push_str(&format!(" · decides about {}", shown(tags, 6))),
            }
        }
        text.push('\n');
    }
    text.extend(held.iter().map(Held::others));
    text
}

/// The rows held against tags as the judge does it: each product against its own, words against the stable ones.
#[derive(Default)]
pub(super) struct Held {
    /// For each row the tags about which it decides; none where no tags are of its product.
    pub(super) selects: Vec<Option<Vec<String>>>,
    /// The stable releases about which no row decides, though all rows are understood.
    unnamed: Vec<String>,
    /// Those about which a row that is not understood may decide.
    untold: Vec<String>,
    /// Those about which rows disagree.
    disputed: Vec<String>,
    /// The pre-releases that no row names.
    early: Vec<String>,
    /// The tags that are no release of the project.
    foreign: Vec<String>,
}

impl Held {
    pub(super) fn of(policy: &SecurityPolicy, tags: &[&str], as_of: jiff::Timestamp) -> Self {
        let published = published(tags);
        let families = Families::of(&published, &Refs::default());
        let mut held = Self { selects: vec![None; policy.rows.len()], ..Self::default() };
        let mut known: BTreeSet<String> = BTreeSet::new();
        let groups = products(&policy.rows);
        for (places, product) in &groups {
            let rows: Vec<Row> = places.iter().map(|&at| policy.rows[at].clone()).collect();
            let Ok(family) = family_of(&families, product.as_deref(), &rows, &groups) else { continue };
            known.extend(family.releases.iter().map(|tag| tag.name.clone()));
            for (place, selected) in places.iter().zip(held.group(&rows, &family.releases, as_of)) {
                held.selects[*place] = Some(selected);
            }
        }
        // The project's own releases, where no row is about them.
        for tag in families.own().unwrap_or_default().releases {
            if known.insert(tag.name.clone()) {
                let open = if tag.version.is_pre_release() { &mut held.early } else { &mut held.unnamed };
                open.push(tag.name);
            }
        }
        let decided: BTreeSet<&String> = held.selects.iter().flatten().flatten().collect();
        for open in [&mut held.unnamed, &mut held.untold, &mut held.early] {
            open.retain(|tag| !decided.contains(tag));
        }
        held.foreign =
            tags.iter().filter(|tag| !known.contains(**tag)).map(|tag| (*tag).to_owned()).collect();
        held
    }

    /// The tags about which each row of one product decides, the newest first.
    fn group(&mut self, rows: &[Row], releases: &[PublishedTag], as_of: jiff::Timestamp) -> Vec<Vec<String>> {
        let stable: Vec<PublishedTag> =
            releases.iter().filter(|tag| !tag.version.is_pre_release()).cloned().collect();
        let pool = if stable.is_empty() { releases } else { &stable };
        let (all, held) = (Coverage::of(rows, releases, as_of), Coverage::of(rows, pool, as_of));
        let unread = rows.iter().any(|row| row.selector.is_unread());
        let names_early = |row: &Row| {
            matches!(row.selector.kind, Kind::Range | Kind::Exact | Kind::Branch)
                || row.selector.unit == Some(Unit::PreRelease)
        };
        let mut selected = vec![Vec::new(); rows.len()];
        // The pool is some of the releases, in their order.
        let mut pooled = pool.iter().zip(&held.decisions).peekable();
        for (release, early) in releases.iter().zip(&all.decisions) {
            let name = release.name.clone();
            let decision = pooled.next_if(|(tag, _)| tag.name == release.name).map(|(_, decision)| decision);
            match decision {
                Some(Decision::Row(row)) => selected[*row].push(name),
                Some(Decision::Conflict(..)) => self.disputed.push(name),
                Some(Decision::Nothing) if unread => self.untold.push(name),
                Some(Decision::Nothing) => self.unnamed.push(name),
                None => match early {
                    Decision::Row(row) if names_early(&rows[*row]) => selected[*row].push(name),
                    _ => self.early.push(name),
                },
            }
        }
        selected
    }

    /// The tags about which no row decides, by their reasons.
    fn others(&self) -> String {
        [
            ("selected by no row", &self.unnamed),
            ("not told, since a row is not understood", &self.untold),
            ("rows disagree about", &self.disputed),
            ("pre-releases that no row names", &self.early),
            ("not a release of the project", &self.foreign),
        ]
        .into_iter()
        .filter(|(_, tags)| !tags.is_empty())
        .map(|(what, tags)| format!("  {what}: {}\n", shown(tags, 12)))
        .collect()
    }
}

fn shown(tags: &[String], most: usize) -> String {
    let tags: Vec<_> = tags.iter().map(|tag| clean(tag)).collect();
    plural_list(&tags, most)
}

fn line(row: &Row) -> String {
    let raw = clean(&row.raw);
    if row.selector.kind == Kind::Prose {
        return format!("  line {:>4}  {raw:<24} words that are not checked", row.line);
    }
    if row.selector.kind == Kind::Unknown {
        let said = clean(&row.status);
        let status = if said.is_empty() { String::new() } else { format!(" (its status: {said})") };
        return format!("  line {:>4}  {raw:<24} unreadable: not understood as a version{status}", row.line);
    }
    let Selector { kind, n, unit, range, .. } = &row.selector;
    let n = n.filter(|n| *n > 1).map_or_else(String::new, |n| format!(" {n}"));
    let unit = unit.filter(|unit| !n.is_empty() || *unit != Unit::Release);
    let unit = unit.map_or_else(String::new, |unit| format!(" {}", unit.name()));
    let range = range.as_ref().map_or_else(String::new, |range| format!(" {range}"));
    let supported = match &row.supported {
        Support::Yes => "supported".to_owned(),
        Support::No => "not supported".to_owned(),
        Support::SecurityOnly => "security fixes only".to_owned(),
        Support::Unknown if row.status.is_empty() => "unreadable: its status is not understood".to_owned(),
        Support::Unknown if is_bare_yes(&row.status) => {
            format!("unknown: it is marked \"{}\", and {TAKEN_BACK}", clean(&row.status))
        }
        Support::Unknown => format!("unreadable: \"{}\" is not understood as a status", clean(&row.status)),
        Support::Until(until) => format!("until {until}"),
    };
    format!("  line {:>4}  {raw:<24} {}{n}{unit}{range}: {supported}", row.line, kind.name())
}

pub(super) fn published(tags: &[&str]) -> Vec<PublishedTag> {
    let parsed = |tag: &&str| {
        Some(PublishedTag { name: (*tag).to_owned(), version: TagVersion::parse(tag)?, date: None })
    };
    tags.iter().filter_map(parsed).collect()
}

/// The releases among `tags` of the project's own family, the newest first.
fn releases(tags: &[&str], repository: Option<&str>) -> Vec<PublishedTag> {
    let published = published(tags);
    let refs = Refs { repository: repository.map(str::to_owned), ..Refs::default() };
    Families::of(&published, &refs).own().map(|family| family.releases).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(rows: &str, tags: Option<&[&str]>) -> String {
        let text = format!("## Supported Versions\n\n| Version | Supported |\n|---|---|\n{rows}");
        to_human(&super::super::read("SECURITY.md", text.as_bytes()), tags, jiff::Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_row_that_is_not_understood_is_shown_as_unreadable() {
        let text =
            text_of("| 1.x and some | yes |\n| 1.x | perhaps |\n", Some(&["v1.0.0", "v0.9.0", "nightly"]));
        assert!(text.starts_with("SECURITY.md: read as table, 2 rows\n"), "{text}");
        let expected = "unreadable: not understood as a version (its status: yes)\n";
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("unreadable: \"perhaps\" is not understood as a status · decides"), "{text}");
        assert!(text.contains("\n  not told, since a row is not understood: v0.9.0\n"), "{text}");
        assert!(text.ends_with("  not a release of the project: nightly\n"), "{text}");
    }

    #[test]
    fn older_takes_nothing_that_an_unread_row_or_a_branch_may_mean() {
        let tags = Some(&["v2.0.0", "v1.0.0", "v2.1.0-rc.1"][..]);
        for (rows, expected, others) in [
            (
                "| what is new | yes |\n| older | no |\n",
                "no release",
                "not told, since a row is not understood: v2.0.0, v1.0.0",
            ),
            ("| `main` | yes |\n| older | no |\n", "v1.0.0", "selected by no row: v2.0.0"),
            (
                "| `main` | yes |\n| older branches | no |\n",
                "no release",
                "selected by no row: v2.0.0, v1.0.0",
            ),
            // Here the lines say what branches are.
            (
                "| 2.x branch | yes |\n| older branches | no |\n",
                "v1.0.0",
                "line    5  2.x branch               range >=2.0.0, <3.0.0: supported · decides about v2.1.0-rc.1, v2.0.0",
            ),
            ("| latest | yes |\n| older | no |\n", "v1.0.0", "pre-releases that no row names: v2.1.0-rc.1"),
        ] {
            let text = text_of(rows, tags);
            assert!(text.contains(&format!("not supported · decides about {expected}\n")), "{text}");
            assert!(text.contains(&format!("\n  {others}\n")), "{text}");
        }
    }

    #[test]
    fn releases_keep_their_decisions_beside_pre_releases_however_they_are_mixed() {
        let tags = ["v3.0.0-rc.1", "v2.1.0-rc.1", "v2.0.0", "v1.1.0-rc.1", "v1.0.0", "v0.1.0", "v0.1.0-rc.1"];
        let text = text_of("| latest | yes |\n| 1.x | yes |\n", Some(&tags));
        for expected in [
            "latest: supported · decides about v2.0.0\n",
            "range >=1.0.0, <2.0.0: supported · decides about v1.1.0-rc.1, v1.0.0\n",
            "  selected by no row: v0.1.0\n",
            "  pre-releases that no row names: v3.0.0-rc.1, v2.1.0-rc.1, v0.1.0-rc.1\n",
        ] {
            assert!(text.contains(expected), "{expected}{text}");
        }
        let many: Vec<String> = (0..20_000).map(|n| format!("v1.{}.{}", n / 100, n % 100)).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(text_of("| 1.x | yes |\n", Some(&many)).contains("decides about v1.199.99, v1.199.98"));
    }

    #[test]
    fn the_json_form_selects_what_the_human_one_shows() {
        let text = "## Supported Versions\n\n| Version | Supported |\n|---|---|\n| newest | yes |\n| what is new | yes |\n| older | no |\n";
        let policy = super::super::read("SECURITY.md", text.as_bytes());
        let json = to_json_text(&policy, Some(&["v2.0.0", "v1.0.0"]), jiff::Timestamp::UNIX_EPOCH);
        let value: Value = serde_json::from_str(&json).unwrap();
        let selects: Vec<&Value> =
            value["rows"].as_array().unwrap().iter().map(|row| &row["selects"]).collect();
        assert_eq!(selects, [&json!(["v2.0.0"]), &json!([]), &json!([])]);
    }

    #[test]
    fn rows_of_different_products_do_not_disagree() {
        let text = "## Supported Versions\n\n| Package | Version | Supported |\n|---|---|---|\n| core | 2.x | yes |\n| old | 2.x | no |\n";
        let policy = super::super::read("SECURITY.md", text.as_bytes());
        let text = to_human(&policy, Some(&["v2.0.0", "core-2.1.0"]), jiff::Timestamp::UNIX_EPOCH);
        assert!(text.contains("supported · decides about core-2.1.0\n"), "{text}");
        assert!(text.contains("not supported · not held against the tags\n"), "{text}");
        assert!(!text.contains("disagree"), "{text}");
    }

    #[test]
    fn a_mark_that_is_taken_back_elsewhere_is_not_called_unreadable() {
        let text = "## Supported Versions\n\n| Version | Supported | Notes |\n|---|---|---|\n| 2.x | ✅ | Dropped |\n| 1.x | 💤 | |\n";
        let policy = super::super::read("SECURITY.md", text.as_bytes());
        let text = to_human(&policy, None, jiff::Timestamp::UNIX_EPOCH);
        let said = "unknown: it is marked \"✅\", and what else the file says of it denies, ends or bounds that, or is not \
                    understood\n";
        assert!(text.contains(said), "{text}");
        assert!(text.contains("unreadable: \"💤\" is not understood as a status\n"), "{text}");
    }

    #[test]
    fn json_of_a_strangers_file_is_inert_on_a_terminal_and_means_the_same() {
        let raw = "2.x\u{9b}2J\u{202e}\u{2066}\u{7f}##[group]";
        let text = format!("## Supported Versions\n\n| Version | Supported |\n|---|---|\n| {raw} | ✅ |\n");
        let policy = super::super::read("SECURITY.md", text.as_bytes());
        let json = to_json_text(&policy, None, jiff::Timestamp::UNIX_EPOCH);
        assert!(
            json.chars().all(|c| crate::text::is_plain(c) || c == '\n') && !json.contains("##"),
            "{json}"
        );
        let value: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["rows"][0]["raw"], raw);
    }

    #[test]
    fn how_many_releases_words_mean_is_shown() {
        for (text, expected) in [
            ("The last two minor versions are supported.", "latest 2 minor: supported"),
            ("The last two releases are supported.", "latest 2 release: supported"),
            ("Only the latest release is supported.", "latest: supported"),
        ] {
            let policy =
                super::super::read("SECURITY.md", format!("## Supported Versions\n\n{text}\n").as_bytes());
            let shown = to_human(&policy, None, jiff::Timestamp::UNIX_EPOCH);
            assert!(shown.contains(&format!("{text} {expected}\n")), "{shown}");
        }
    }

    #[test]
    fn words_are_no_status_that_is_not_understood() {
        let policy = super::super::read("SECURITY.md", b"## Supported Versions\n\nSee our site.\n");
        let text = to_human(&policy, Some(&["v1.0.0"]), jiff::Timestamp::UNIX_EPOCH);
        assert!(text.contains("See our site.            words that are not checked\n"), "{text}");
        let empty = text_of("| 1.x | |\n", None);
        assert!(empty.ends_with(": unreadable: its status is not understood\n"), "{empty}");
    }

    #[test]
    fn one_row_is_one_row_and_no_statement_is_said() {
        let text = text_of("| 1.x | yes |\n", Some(&["v1.0.0"]));
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
