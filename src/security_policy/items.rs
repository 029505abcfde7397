//! A statement that is a list: `- 2.x: supported`, `- ✅ 2.x`, and bare versions after "We support:".
//!
//! The rule that must not be broken: a bullet is read whole or not at all. Once one bullet of a list is a row, a bullet
//! that is not read stays as unread; it is never passed over.

use super::decoration::strip_decoration;
use super::lexicon::sentences::{ABOUT, ANNOUNCED, FIXES, GIVEN, NO_LEAD, PURPOSES};
use super::retraction;
use super::sentences::sentences;
use super::status::{Legend, Status, Support};
use super::vocabulary::{Reading, is_known};
use super::words::{is_out, is_platform};
use super::{Kind, Row, Selector};

/// What separates a version from its status in a bullet.
const BETWEEN: [&str; 5] = [": ", " – ", " — ", " - ", " → "];

/// The longest bullet that is read as a row.
const LONGEST: usize = 200;

/// The words of "once 1.0 is released".
const LONGEST_CONDITION: usize = 7;

/// Words of what happens again and again, and of what happened.
const RECURRING: [&str; 9] = ["a", "an", "any", "each", "every", "new", "another", "was", "were"];

/// What the text before a list says about its bare bullets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// "We support:"
    Supported,
    /// Nothing but a heading such as "Supported versions": bare bullets are supported where all of them are versions.
    Titled,
    /// "The following are not supported:"
    Unsupported,
    /// "If you use:", and everything else.
    Silent,
    /// A condition: its bullets are no statement.
    Condition,
}

impl Lead {
    /// Reads the last sentence of a paragraph.
    pub(super) fn of(line: usize, text: &str) -> Self {
        let last = sentences(line, text).last().map(|sentence| sentence.text.to_lowercase());
        let last = last.unwrap_or_default();
        if !last.ends_with(':') {
            return Self::Silent;
        }
        if last.starts_with("if ") || last.contains(" would ") || last.contains("example") {
            return Self::Condition;
        }
        if retraction::is_of_the_past(&last) || last.contains(" until ") {
            return Self::Silent;
        }
        let said = last.trim_end_matches([':', ' ']);
        let denied = ["not ", "n't ", "no longer", "unsupported", "end of life", "deprecated"];
        match (
            said.ends_with("support") || said.ends_with("supported") || announces(said) || goes_to(said),
            denied.iter().any(|d| said.contains(d)),
        ) {
            (true, false) if is_known(&last, Reading::Promise) => Self::Supported,
            (true, true) if !said.contains("only") && is_known(&last, Reading::Denial) => Self::Unsupported,
            _ => Self::Silent,
        }
    }
}

/// Whether the last sentence of a paragraph says that what stands below holds once something is released.
pub(super) fn holds_later(text: &str) -> bool {
    let last = sentences(1, text).pop().map(|sentence| sentence.text.to_lowercase()).unwrap_or_default();
    let words: Vec<&str> = last
        .split(|c: char| c.is_whitespace() || c == ',' || c == ':')
        .filter(|word| !word.is_empty())
        .collect();
    let points = last.ends_with(':')
        || words.iter().any(|word| matches!(word.trim_end_matches('.'), "below" | "following" | "table"));
    let is_condition = |at: usize| {
        let clause = words[at..].iter().take(LONGEST_CONDITION);
        let mut clause =
            clause.map(|word| word.trim_end_matches('.')).take_while(|word| !RECURRING.contains(word));
        matches!(words[at], "once" | "when")
            && clause.any(|word| is_out(word) || matches!(word, "reached" | "reaches" | "ships"))
    };
    let applies = words.iter().any(|word| matches!(word.trim_end_matches('.'), "apply" | "applies"));
    let conditions = if applies { words.len() } else { words.len().min(1) };
    points && (0..conditions).any(is_condition)
}

/// "We provide security updates for the following versions", "Currently supported versions".
fn announces(said: &str) -> bool {
    let words: Vec<&str> =
        said.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.' | '\''))).collect();
    let at = words.iter().position(|word| ANNOUNCED.contains(word));
    let before = at.and_then(|at| at.checked_sub(1)).map(|before| words[before]);
    let named = match before {
        Some("following" | "these") => words.iter().any(|word| ABOUT.contains(word)),
        Some("supported" | "maintained") => matches!(at.map(|at| &words[at + 1..]), Some([] | ["are"])),
        _ => false,
    };
    named && !is_by_a_host(said) && !words.iter().any(|word| is_platform(word) || NO_LEAD.contains(word))
}

/// "Security updates are provided for", "We provide fixes for": what follows is what they go to.
fn goes_to(said: &str) -> bool {
    let words: Vec<&str> = said.split_whitespace().map(|word| word.trim_matches(['*', '_', ','])).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let goes = matches!(words.as_slice(), [.., verb, "for" | "to"] if GIVEN.contains(verb))
        || matches!(words.as_slice(), ["we", "provide" | "release" | "publish" | "ship", .., what, "for"] if FIXES.contains(what));
    // What was released once, or before its time, promises nothing.
    let is_told =
        has(&["have", "has", "had", "this", "these", "that", "was", "were", "been", "pre-release", "issue"])
            || words
                .first()
                .is_some_and(|word| !(FIXES.contains(word) || PURPOSES.contains(word) || *word == "we"))
            || !matches!(words.first(), Some(&"we")) && !has(&["are", "is", "will"]);
    goes && !is_told
        && has(FIXES)
        && !has(NO_LEAD)
        && !is_by_a_host(said)
        && !words.iter().any(|word| is_platform(word))
}

/// "GitHub supports": what a host of projects does.
pub(super) fn is_by_a_host(lower: &str) -> bool {
    ["github ", "gitlab ", "npm ", "pypi ", "crates.io "].iter().any(|host| lower.starts_with(host))
}

/// A bullet with its line.
pub(super) struct Item<'a> {
    pub(super) line: usize,
    pub(super) text: &'a str,
    pub(super) lead: Lead,
    /// Whether something in it is struck out, and so was said once, or it has a box to tick.
    pub(super) struck: bool,
}

/// The rows of a list; none when no bullet of it is one.
pub(super) fn rows(items: &[Item<'_>], legend: &Legend) -> Vec<Row> {
    let mut titled = items.iter().filter(|item| item.lead == Lead::Titled);
    let is_plain = titled.all(|item| is_bare(item, legend));
    let read: Vec<Option<Row>> = items.iter().map(|item| row(item, is_plain, legend)).collect();
    if read.iter().all(Option::is_none) {
        return Vec::new();
    }
    // What is to be done on a condition is no statement beside those that are.
    let kept = items.iter().zip(read).filter(|(item, read)| read.is_some() || item.lead != Lead::Condition);
    kept.map(|(item, read)| read.unwrap_or_else(|| unread(item))).collect()
}

/// Whether a bullet is a version and nothing else.
fn is_bare(item: &Item<'_>, legend: &Legend) -> bool {
    let selector = Selector::read(item.text, false);
    !selector.is_unread() && selector.kind != Kind::Rest && !Status::read(item.text, legend).by_icon
}

fn row(item: &Item<'_>, titled: bool, legend: &Legend) -> Option<Row> {
    let text = item.text.trim();
    if item.struck {
        return None;
    }
    if text.len() > LONGEST || text.contains('\n') || item.lead == Lead::Condition {
        return None;
    }
    let of = |version: &str, status: &str| -> Option<Row> {
        let selector = Selector::read(&without_tag(version), false);
        let mut status_read = Status::read(status, legend);
        if status_read.support == Support::Unknown && !status_read.by_icon {
            status_read.support = supported_for(status).unwrap_or(Support::Unknown);
        }
        let status = status_read;
        let known = !selector.is_unread() && (status.support != Support::Unknown || status.by_icon);
        known.then(|| build(item, selector, status))
    };
    for between in BETWEEN {
        if let Some((a, b)) = text.split_once(between) {
            return of(a, b).or_else(|| of(b, a));
        }
    }
    let selector = Selector::read(text, false);
    if selector.is_unread() || selector.kind == Kind::Rest {
        return None;
    }
    let marked = |status: &str| Some(Status::read(status, legend)).filter(|status| status.by_icon);
    if Status::read(text, legend).by_icon {
        let after = text.split_once(' ').and_then(|(a, b)| marked(b).map(|status| (a, status)));
        let (version, status) =
            after.or_else(|| text.split_once(' ').and_then(|(a, b)| marked(a).map(|status| (b, status))))?;
        let selector = Selector::read(version, false);
        return (!selector.is_unread()).then(|| build(item, selector, status));
    }
    let reading = if item.lead == Lead::Unsupported { Reading::Denial } else { Reading::Promise };
    if !is_known(text, reading) {
        return None;
    }
    let support = match item.lead {
        Lead::Supported => Support::Yes,
        Lead::Titled if titled => Support::Yes,
        Lead::Unsupported => Support::No,
        Lead::Silent | Lead::Titled | Lead::Condition => return None,
    };
    Some(build(item, selector, Status { support, ..Status::read("", legend) }))
}

/// The version without how its tags are written: "Latest release (`v*`)".
fn without_tag(version: &str) -> String {
    let version = strip_decoration(version);
    let plain = |text: &str| text.trim_matches('`').to_owned();
    match version.split_once(" (") {
        Some((head, "v*)" | "v*.*)" | "v*.*.*)" | "`v*`)" | "`v*.*`)" | "`v*.*.*`)")) => plain(head),
        _ => version,
    }
}

/// "supported for active development and security fixes", "supported for security fixes", and not "for sponsors", "for
/// critical fixes", "for one year".
fn supported_for(status: &str) -> Option<Support> {
    let lower = status.trim().trim_end_matches('.').to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().map(|word| word.trim_matches(',')).collect();
    let [verb, "for", purposes @ ..] = words.as_slice() else { return None };
    let has = |words: &[&str]| purposes.iter().any(|word| words.contains(word));
    let is_known = matches!(*verb, "supported" | "maintained")
        && purposes.last().is_some_and(|last| FIXES.contains(last))
        && purposes.iter().all(|word| PURPOSES.contains(word) || FIXES.contains(word));
    let is_whole = has(&["development"]) && has(&["security"]);
    match (is_known, is_whole) {
        (true, true) => Some(Support::Yes),
        (true, false) if has(&["security"]) && !has(&["bug", "feature", "features"]) => {
            Some(Support::SecurityOnly)
        }
        _ => None,
    }
}

fn build(item: &Item<'_>, selector: Selector, status: Status) -> Row {
    let development = (selector.development || status.development) && !selector.puts_off(&status.support);
    Row {
        line: item.line,
        raw: item.text.trim().to_owned(),
        status: String::new(),
        product: selector.product.clone().or(status.product),
        development,
        place: None,
        supported: selector.promised(status.support),
        selector,
    }
}

fn unread(item: &Item<'_>) -> Row {
    Row {
        line: item.line,
        raw: sentences(item.line, item.text).first().map_or_else(String::new, |s| s.text.clone()),
        status: String::new(),
        selector: Selector::of(Kind::Prose),
        supported: Support::Unknown,
        product: None,
        development: false,
        place: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::support;
    use super::*;

    fn read(texts: &[&str], lead: Lead) -> Vec<String> {
        let items: Vec<Item<'_>> =
            texts.iter().map(|text| Item { line: 1, text, lead, struck: false }).collect();
        rows(&items, &Legend::new())
            .iter()
            .map(|row| format!("{} {}", row.selector.kind.name(), support(&row.supported)))
            .collect()
    }

    #[test]
    fn bullets_with_a_status_are_rows() {
        assert_eq!(
            read(
                &["2.x: supported", "✅ 1.9.x", "1.8.x – not supported", "Unsupported: < 1.8"],
                Lead::Silent
            ),
            ["range yes", "range yes", "range no", "range no"]
        );
        assert_eq!(read(&["2.x: supported", "1.x, perhaps"], Lead::Silent), ["range yes", "prose unknown"]);
    }

    #[test]
    fn what_holds_once_something_is_released_holds_later() {
        for (text, later) in [
            ("Only 0.x is fixed. Once `1.0` is released, the table below applies:", true),
            ("The following applies when 2.0 has been published.", true),
            ("Releases are added to this table once one is released.", false),
            ("Once 1.0 is released, we will write a policy.", false),
            ("When a new major version is released, these are supported:", false),
            ("When 1.0 was released, we began to support these:", false),
            ("These are supported:", false),
        ] {
            assert_eq!(holds_later(text), later, "{text}");
        }
    }

    #[test]
    fn bare_bullets_under_a_heading_are_supported_where_all_are_versions() {
        assert_eq!(read(&["`2.x`", "1.9.x", "main"], Lead::Titled), ["range yes", "range yes", "branch yes"]);
        for texts in [&["2.x", "older"][..], &["2.x", "your name"], &["2.x", "1.x and some"]] {
            assert_eq!(read(texts, Lead::Titled), Vec::<String>::new(), "{texts:?}");
        }
        assert_eq!(read(&["2.x", "1.x: no"], Lead::Titled), ["prose unknown", "range no"]);
    }

    #[test]
    fn bare_bullets_mean_what_the_sentence_before_them_says() {
        assert_eq!(Lead::of(1, "Hello. We support:"), Lead::Supported);
        assert_eq!(Lead::of(1, "These are no longer supported:"), Lead::Unsupported);
        assert_eq!(Lead::of(1, "If one of these is supported:"), Lead::Condition);
        assert_eq!(Lead::of(1, "Please send:"), Lead::Silent);
        for text in [
            "We provide security updates for the following versions:",
            "The following releases get patches:",
            "Currently supported versions:",
            "The supported versions are:",
        ] {
            assert_eq!(Lead::of(1, text), Lead::Supported, "{text}");
        }
        assert_eq!(Lead::of(1, "We do not support the following versions:"), Lead::Unsupported);
        for text in [
            "We provide critical fixes for the following versions:",
            "Fixes are in the following versions of Node.js:",
            "We fixed it with patches in the following affected versions:",
            "Name the following versions:",
            "Security fixes are included in the following versions:",
            "GitHub supports the following versions:",
            "The final support month of the following versions is now:",
            "How supported versions are told:",
        ] {
            assert_eq!(Lead::of(1, text), Lead::Silent, "{text}");
        }
        assert_eq!(Lead::of(1, "If we give updates to the following versions:"), Lead::Condition);
        assert_eq!(read(&["2.x", "1.9.x"], Lead::Supported), ["range yes", "range yes"]);
        assert_eq!(read(&["1.x"], Lead::Unsupported), ["range no"]);
        assert_eq!(read(&["1.x"], Lead::Silent), Vec::<String>::new());
        assert_eq!(read(&["2.x", "your name"], Lead::Condition), Vec::<String>::new());
    }
}
