//! Places beside the published files where checksums are said to be.
//!
//! The rule that must not be broken: what stands in a place that was not looked at is neither borne out nor refuted by
//! the files of the release.

/// Sites, by what sentences call them.
const SITES: [&str; 3] = ["website", "web site", "web page"];
/// Addresses, which may be those of the published files.
const ADDRESSES: [&str; 2] = ["http://", "https://"];
/// The text that a forge shows of a release.
const NOTES: [&str; 6] = [
    "release notes",
    "release note",
    "release description",
    "release announcement",
    "release announcements",
    "release text",
];
/// The page that shows that text, and the files.
const PAGES: [&str; 3] = ["release page", "releases page", "release pages"];
/// What makes a page the place of files alone.
const FILES: [&str; 3] = ["file", "files", "sha256sums"];
/// Words before a place that is meant, and words that may stand between.
const IN: [&str; 9] = ["in", "on", "within", "into", "inside", "to", "with", "via", "at"];
const BETWEEN: [&str; 11] =
    ["the", "our", "its", "their", "each", "every", "all", "github", "gitlab", "corresponding", "a"];
/// Words behind a place that holds something.
const HOLDS: [&str; 12] = [
    "list", "lists", "include", "includes", "contain", "contains", "have", "has", "show", "shows", "give",
    "carry",
];
/// What makes a page the place of a text, and not of files.
const WRITTEN: [&str; 9] =
    ["list", "lists", "listed", "shown", "shows", "show", "displayed", "printed", "written"];

/// A place that was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Why nothing is known of it.
    pub(super) why: &'static str,
    /// Whether published files may be what stands there.
    pub(super) may_be_files: bool,
}

/// The place that a sentence (in lower case) names for its checksums, and not for something else that it says too.
pub(super) fn place(sentence: &str) -> Option<Place> {
    let clauses =
        sentence.split(';').flat_map(|part| part.split(", and ")).flat_map(|part| part.split(", but "));
    let is_about = |clause: &&str| ["checksum", "sha", "digest", "hash"].iter().any(|it| clause.contains(it));
    let about: Vec<&str> = clauses.filter(is_about).collect();
    if about.is_empty() { of_clause(sentence) } else { about.into_iter().find_map(of_clause) }
}

fn of_clause(sentence: &str) -> Option<Place> {
    let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    let site = "they are said to be on a site, which was not looked at";
    if has(&SITES) {
        return Some(Place { why: site, may_be_files: false });
    }
    let is_mark = |c: char| !(c.is_alphanumeric() || c == '-');
    let words: Vec<&str> = sentence.split(is_mark).filter(|word| !word.is_empty()).collect();
    if names(&words, &NOTES) {
        let why = "they are said to be in the release notes, which were not looked at";
        return Some(Place { why, may_be_files: false });
    }
    if names(&words, &PAGES) && !words.iter().any(|word| FILES.contains(word)) {
        let why = "they are said to be on the page of the release, which was not looked at";
        return Some(Place { why, may_be_files: !words.iter().any(|word| WRITTEN.contains(word)) });
    }
    has(&ADDRESSES).then_some(Place { why: site, may_be_files: true })
}

/// Whether one of these places is where something is said to be: `in the release notes`, `the release notes list`.
fn names(words: &[&str], places: &[&str]) -> bool {
    let is_place =
        |at: usize| places.iter().any(|place| place.split(' ').eq(words[at..].iter().copied().take(2)));
    (0..words.len()).filter(|at| is_place(*at)).any(|at| {
        let mut before = words[..at].iter().rev().take(4).skip_while(|word| BETWEEN.contains(word));
        before.next().is_some_and(|word| IN.contains(word))
            || words[at + 2..].iter().take(3).any(|word| HOLDS.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_place_is_named_where_something_is_said_to_be_there() {
        let notes = "they are said to be in the release notes, which were not looked at";
        let page = "they are said to be on the page of the release, which was not looked at";
        let site = "they are said to be on a site, which was not looked at";
        for (sentence, expected) in [
            ("all releases have checksums, and changes are listed in the release notes.", None),
            ("all artifacts have checksums; breaking changes are listed in the release notes.", None),
            ("checksums are provided in the release notes.", Some((notes, false))),
            ("the release notes list the sha-256 checksum of every artifact.", Some((notes, false))),
            ("each release's checksums are added to its release notes.", Some((notes, false))),
            ("checksums of all releases are listed on the github release page.", Some((page, false))),
            ("checksums of all releases are published on the releases page.", Some((page, true))),
            ("checksums of all releases are on our website.", Some((site, false))),
            ("checksums of all releases are at https://acme.dev/sums.", Some((site, true))),
            ("checksums of all releases are published; see the release notes.", None),
            ("every release page and every artifact has a checksum file.", None),
            ("the release page has a checksum file for every artifact.", None),
            ("checksums are attached to every github release.", None),
            ("checksums are published with every release.", None),
        ] {
            let found = place(sentence).map(|it| (it.why, it.may_be_files));
            assert_eq!(found, expected, "{sentence}");
        }
    }
}
