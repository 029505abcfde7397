//! Names: each is that of one file, and the files that were read are those that the forge lists.

use super::{AMBIGUOUS, DIGEST_MISMATCH, LOOK_ALIKE, UNREAD_FIX};
use crate::{
    evidence::{Listing, PublishedFile},
    facts::{Facts, Files},
    outcome::{Finding, Subject},
    release::ArtifactName,
    text::clean,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use unicode_normalization::UnicodeNormalization;

/// What is wrong with the names of the files.
pub(super) fn judge(facts: &Facts, files: &Files, listing: Option<&Listing>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let listed = || listing.iter().flat_map(|listing| &listing.files).map(|file| file.name.raw());
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    listed().for_each(|name| *times.entry(name).or_default() += 1);
    for (name, times) in times.iter().filter(|(_, times)| **times > 1) {
        let message = format!("the release of {} has {times} files called {}", facts.tag, clean(name));
        findings.push(Finding::fail(&AMBIGUOUS, Subject::artifact(name), message));
    }
    let unread: HashSet<&str> = files.unread.iter().map(|unread| unread.name.raw()).collect();
    findings.extend(
        files.unread.iter().filter(|unread| times.get(unread.name.raw()).is_none_or(|n| *n == 1)).map(
            |unread| {
                let message = format!("{} was compared with nothing: {}", unread.name, unread.why);
                Finding::undetermined(&DIGEST_MISMATCH, Subject::artifact(unread.name.raw()), message)
                    .fix(UNREAD_FIX)
            },
        ),
    );
    let read: HashSet<&str> = files.all.keys().map(ArtifactName::as_str).collect();
    if let Some(listing) = listing {
        findings.extend(times.keys().filter(|name| !read.contains(**name) && !unread.contains(**name)).map(
            |name| {
                let message = format!("{} has {}, which was not read", listing.called(), clean(name));
                Finding::undetermined(&DIGEST_MISMATCH, Subject::artifact(name), message).fix(UNREAD_FIX)
            },
        ));
        let is_known = |name: &ArtifactName| times.contains_key(name.as_str());
        findings.extend(
            (files.all.iter())
                .filter(|(name, file)| !is_known(name) && !was_asked_for(name, file, files))
                .map(|(name, _)| {
                    let message = format!("{name} is not in {}", listing.called());
                    Finding::fail(&DIGEST_MISMATCH, Subject::artifact(name), message)
                }),
        );
    }
    findings.extend(look_alikes(listed().chain(read.iter().copied()).chain(unread.iter().copied())));
    findings
}

/// Whether it is what the forge keeps of attestations about a published file: it was asked for by digest, and is in no list.
fn was_asked_for(name: &ArtifactName, file: &PublishedFile, files: &Files) -> bool {
    let of = name.as_str().strip_suffix(".attestations.json").and_then(ArtifactName::parse);
    let Some(of) = of.and_then(|of| files.all.get(&of)) else { return false };
    let asked = format!("/attestations/{}", of.digests.sha256());
    file.content.as_ref().is_some_and(|item| item.origin.contains(&asked))
}

/// Names that are one where case, the way in which accents are written, or a dot or space at the end makes no difference.
fn look_alikes<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Finding> {
    let mut groups: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for name in names {
        groups.entry(folded(name)).or_default().insert(name);
    }
    let groups = groups.into_values().filter(|names| names.len() > 1);
    groups
        .map(|names| {
            let shown: Vec<String> = names.iter().map(|name| clean(name).into_owned()).collect();
            let message = format!("{} are one name on Windows and macOS", shown.join(" and "));
            Finding::fail(&LOOK_ALIKE, Subject::artifact(&shown[0]), message)
        })
        .collect()
}

/// A name as file systems compare it that tell least apart: compatibility characters decomposed, case folded in full, and
/// without the dots and spaces at its end, which Windows takes off.
///
/// The standard library has no case folding. Small letters, then capitals, then small letters again are its classes and a few
/// more (Unicode Standard, section 5.18): `\u{df}` is `SS`, the sign of Kelvin a `k`, and an `i` without a dot an `i`.
fn folded(name: &str) -> String {
    let small = name.nfkd().flat_map(char::to_lowercase);
    let folded = small.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let folded: String = folded.nfkc().collect();
    folded.trim_end_matches(['.', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_some_file_systems_take_for_one_are_told() {
        for (one, other) in [
            ("Widget.zip", "widget.ZIP"),
            ("gr\u{f6}\u{df}e", "gro\u{308}\u{df}E"),
            ("\u{fb01}le", "file"),
            ("stra\u{df}e.zip", "STRASSE.zip"),
            ("stra\u{1e9e}e.zip", "strasse.zip"),
            ("\u{212a}it.zip", "kit.zip"),
            ("w\u{131}dget.zip", "WIDGET.zip"),
            ("\u{17f}um.zip", "sum.zip"),
            ("\u{3c3}.zip", "\u{3c2}.zip"),
            ("\u{149}.zip", "\u{2bc}N.zip"),
            ("\u{ff37}idget.zip", "widget.zip"),
            ("widget.exe", "widget.exe."),
            ("widget.exe", "widget.exe "),
            ("widget.exe", "Widget.exe. ."),
        ] {
            let told = look_alikes([one, other, "another"].into_iter());
            assert_eq!(told.len(), 1, "{one} {other}");
            assert_eq!(told[0].rule.id, "release/look-alike");
        }
        assert!(look_alikes(["a.zip", "a.tar", "a.zip"].into_iter()).is_empty());
        let others = [
            "a.b", "ab", "a..b", "a b", ".a", " a", "a-", "a_", "\u{e4}", "\u{430}", "o", "0", "1", "l", "i",
            "s",
        ];
        assert!(look_alikes(others.into_iter()).is_empty(), "letters that merely look alike are told apart");
    }
}
