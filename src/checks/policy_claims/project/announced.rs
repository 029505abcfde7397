//! Where updates are announced: whether the place that is named has an entry for the version of the tag.
//!
//! The rule that must not be broken: a line that only mentions the version is no entry.

use super::About;
use crate::{evidence::Seen, outcome::Finding, security_policy::claims::Channel, text::clean};

/// Judges where updates are announced, a finding for each place.
pub(super) fn channels(about: &About<'_>) -> Vec<Finding> {
    let facts = about.context.facts;
    let one = |channel: &Channel| match channel {
        Channel::Changelog => changelog(about),
        Channel::Releases => match &facts.listing {
            Some(Seen::Present(_)) => about.confirmed(format!("the forge has a release of {}", facts.tag)),
            Some(Seen::Absent { .. }) => about.refuted(format!("the forge has no release of {}", facts.tag)),
            Some(Seen::Unavailable { reason }) => about.unknown(reason.clone()),
            None => about.unknown("the forge was not asked for its releases"),
        },
        other => about.unknown(format!("{} could tell, and was not asked", other.name())),
    };
    about.claim.detail.channels.iter().map(one).collect()
}

/// Whether a changelog has an entry for the version of the tag.
fn changelog(about: &About<'_>) -> Finding {
    let facts = about.context.facts;
    let Some(version) = facts.version.as_ref().map(|version| version.number()) else {
        return about.unknown(format!("the tag {} spells no version", facts.tag));
    };
    let mut looked = Vec::new();
    for (path, read) in about.project.changelogs() {
        match read {
            Ok(text) if has_entry(text, &version) => {
                return about.confirmed(format!("{} has an entry for {version}", clean(path)));
            }
            Ok(_) => looked.push(clean(path).into_owned()),
            Err(why) => return about.unknown(format!("{} {why}", clean(path))),
        }
    }
    match looked.as_slice() {
        [] => about.refuted("there is no changelog"),
        looked => about.refuted(format!("{} has no entry for {version}", looked.join(" and "))),
    }
}

/// Whether a heading, or a line of its own, begins the entry of a version.
fn has_entry(text: &str, version: &str) -> bool {
    let mut fence: Option<&str> = None;
    let mut is_comment = false;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let bare = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        if fence.is_some() || mark.is_some() {
            fence = if fence.is_none() || fence != mark { fence.or(mark) } else { None };
            continue;
        }
        let was_comment = is_comment;
        is_comment = match (line.rfind("<!--"), line.rfind("-->")) {
            (Some(opens), Some(closes)) => opens > closes,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => is_comment,
        };
        if was_comment || is_comment || line.contains("<!--") || line.len() > 300 {
            continue;
        }
        let is_ruled = lines.peek().is_some_and(|next| is_rule(next));
        let is_heading = line.starts_with(['#', '=']) || line.trim_start().starts_with("<h") || is_ruled;
        if begins_entry(line, is_heading, version) {
            return true;
        }
    }
    false
}

/// A line of `===`, `---` or `~~~`, which makes the one before it a heading.
fn is_rule(line: &str) -> bool {
    let line = line.trim_end();
    line.len() >= 3 && ["=", "-", "~", "^"].iter().any(|mark| line.split(mark).all(str::is_empty))
}

/// Whether a line is the heading of the entry: `## [1.2.3] - 2026-01-02`, `* 1.2.3 (2026-01-02)`, `widget 1.2.3`. One that
/// speaks of the version is not: "Changes since 1.2.3", "1.2.3 is broken", the address of `[1.2.3]: https://…`.
fn begins_entry(line: &str, is_heading: bool, version: &str) -> bool {
    // Where the text of a link stands, its address is passed over.
    if line.trim_start().starts_with('[') && line.contains("]:") {
        return false;
    }
    let plain = match line.split_once("](") {
        Some((before, after)) => format!("{before} {}", after.split_once(')').map_or("", |(_, rest)| rest)),
        None => line.to_owned(),
    };
    let is_end = |c: char| c.is_whitespace() || "[](),:/@<>\"=#*|".contains(c);
    let words: Vec<&str> = plain.split(is_end).filter(|it| !it.is_empty() && *it != "-").collect();
    let is_it = |word: &str| {
        let word = word.trim_start_matches(['v', 'V']).trim_end_matches(['.', '_']);
        // `1.2.3-2026-01-02` has the day behind it, and `1.2.3-rc.1` is another version.
        let is_dated = |rest: &str| {
            rest.strip_prefix("-20").is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()))
        };
        word == version || word.strip_prefix(version).is_some_and(is_dated)
    };
    let Some(at) = words.iter().position(|word| is_it(word)) else { return false };
    let is_number =
        |word: &&str| word.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit());
    let is_turned = |word: &&str| {
        let word = word.to_ascii_lowercase();
        [
            "since",
            "from",
            "before",
            "until",
            "to",
            "after",
            "upgrading",
            "migrating",
            "upgrade",
            "migration",
            "unreleased",
        ]
        .contains(&word.as_str())
    };
    let (before, behind) = (&words[..at], &words[at + 1..]);
    if before.iter().any(|word| is_number(word) || is_turned(word)) || behind.first().is_some_and(is_turned) {
        return false;
    }
    match is_heading {
        true => before.len() <= 3,
        // In the text, a line that holds the version and the day, and says nothing of it.
        false => before.len() <= 1 && behind.iter().all(|word| is_number(word) || is_of_date(word)),
    }
}

/// A word of a date, or one that stands beside it.
fn is_of_date(word: &str) -> bool {
    const WORDS: [&str; 14] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "released",
        "release",
    ];
    let word = word.to_ascii_lowercase();
    WORDS.iter().any(|known| word.starts_with(known)) || !word.contains(|c: char| c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::has_entry;

    #[test]
    fn the_heading_of_the_version_is_its_entry() {
        for text in [
            "## 1.2.3",
            "## [1.2.3] - 2026-01-02",
            "## [v1.2.3](https://forge.example/compare/v1.2.2...v1.2.3) (2026-01-02)",
            "# Version 1.2.3",
            "## widget 1.2.3",
            "== 1.2.3 / 2025",
            "## widget@1.2.3",
            "* v1.2.3",
            "## 1.2.3-2026-01-02",
            "1.2.3 (2026-01-02)\n  - a fix",
            "* 1.2.3",
            "- **v1.2.3**: 2 January 2026",
            "Widget 1.2.3 released\n-----",
            "1.2.3\n=====\n",
            "<h2>1.2.3</h2>",
            "```\n## 0.1\n```\n## 1.2.3\n",
        ] {
            assert!(has_entry(text, "1.2.3"), "{text}");
        }
    }

    #[test]
    fn a_line_that_speaks_of_the_version_is_not() {
        for text in [
            "## Changes since 1.2.3",
            "## Migrating from 1.2.3",
            "## 1.2.4, which mends 1.2.3",
            "## 1.2.3-rc.1",
            "## 1.2.30",
            "## 11.2.3",
            "## Unreleased",
            "- since 1.2.3 it is so",
            "## 1.2.3 (unreleased)",
            "* 1.2.3 is broken",
            "1.2.3 was withdrawn",
            "[1.2.3]: https://forge.example/compare/v1.2.2...v1.2.3",
            "## [1.2.4](https://forge.example/compare/1.2.3...1.2.4)",
            "```\n## 1.2.3\n```",
            "<!-- ## 1.2.3 -->",
            "<!--\n## 1.2.3\n-->",
            "See 1.2.3 for more",
        ] {
            assert!(!has_entry(text, "1.2.3"), "{text}");
        }
    }
}
