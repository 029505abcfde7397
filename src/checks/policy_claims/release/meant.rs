//! What a sentence about signatures, checksums or provenance is said of, where that is not what was looked at.
//!
//! The rule that must not be broken: files that are there bear out nothing of a kind of file that is not, and nothing of
//! what a repository of packages holds.

use crate::{
    facts::Files,
    security_policy::claims::{Claim, ClaimKind},
};

/// Kinds of files by what sentences call them, each with the ending of their names.
const KINDS: [(&str, &str); 21] = [
    ("aab", ".aab"),
    ("apk", ".apk"),
    ("apks", ".apk"),
    ("appimage", ".appimage"),
    ("appimages", ".appimage"),
    ("deb", ".deb"),
    ("debs", ".deb"),
    ("dmg", ".dmg"),
    ("exe", ".exe"),
    ("flatpak", ".flatpak"),
    ("ipa", ".ipa"),
    ("jar", ".jar"),
    ("jars", ".jar"),
    ("msi", ".msi"),
    ("msix", ".msix"),
    ("rpm", ".rpm"),
    ("rpms", ".rpm"),
    ("snap", ".snap"),
    ("vsix", ".vsix"),
    ("wheel", ".whl"),
    ("wheels", ".whl"),
];

/// What packages are installed by, where a word for a place stands behind it.
const SYSTEMS: [&str; 14] = [
    "apt", "deb", "debian", "ubuntu", "yum", "dnf", "rpm", "pacman", "arch", "apk", "alpine", "helm",
    "flatpak", "snap",
];

/// Words for a place that packages are installed from.
const PLACES: [&str; 5] = ["repository", "repositories", "repo", "repos", "store"];

/// Places that have a name of their own.
const NAMED: [&str; 8] = ["ppa", "copr", "aur", "f-droid", "flathub", "chocolatey", "winget", "scoop"];

fn words(sentence: &str) -> Vec<String> {
    let is_mark = |c: char| !(c.is_alphanumeric() || c == '-');
    sentence.to_lowercase().split(is_mark).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Why it is said of something that was not looked at, where that is so.
pub(super) fn unlooked(claim: &Claim, files: &Files) -> Option<String> {
    if claim.kind == ClaimKind::Sbom || claim.detail.is_of_tags {
        return None;
    }
    let words = words(&claim.sentence);
    place(&words).or_else(|| kind(&words, files))
}

/// The place that packages are installed from.
fn place(words: &[String]) -> Option<String> {
    let is_in = |list: &[&str], word: &String| list.contains(&word.as_str());
    let named = words.iter().find(|word| is_in(&NAMED, word)).cloned();
    let described = || {
        let pair = words.windows(2).find(|pair| is_in(&SYSTEMS, &pair[0]) && is_in(&PLACES, &pair[1]))?;
        Some(pair.join(" "))
    };
    Some(format!("it is said of \"{}\", which was not looked at", named.or_else(described)?))
}

/// The kind of file of which none is there.
fn kind(words: &[String], files: &Files) -> Option<String> {
    let is_there = |ending: &str| {
        files.artifacts.keys().any(|name| name.as_str().to_ascii_lowercase().ends_with(ending))
    };
    let named = KINDS.iter().filter(|(kind, _)| words.iter().any(|word| word == kind));
    let (_, ending) = named.into_iter().find(|(_, ending)| !is_there(ending))?;
    Some(format!("no file with the ending {ending} is among the artifacts"))
}

/// Whether a sentence speaks of releases and what they are made of besides.
pub(super) fn is_of_release(sentence: &str) -> bool {
    const THINGS: [&str; 12] = [
        "releases",
        "artifacts",
        "artefacts",
        "binaries",
        "files",
        "assets",
        "archives",
        "tarballs",
        "tags",
        "downloads",
        "builds",
        "checksums",
    ];
    let words = words(sentence);
    let of_each = words.windows(2).any(|pair| {
        matches!(pair[0].as_str(), "all" | "every" | "each" | "the" | "a" | "our")
            && matches!(pair[1].as_str(), "release" | "artifact" | "artefact" | "binary" | "archive")
    });
    let is_key = words.windows(2).any(|pair| pair[0] == "release" && pair[1].starts_with("key"));
    words.iter().any(|word| THINGS.contains(&word.as_str())) || of_each && !is_key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security_policy::claims::claims;

    #[test]
    fn what_is_not_among_the_artifacts_is_named() {
        let of = |text: &str| unlooked(&claims("SECURITY.md", text.as_bytes()).all[0], &Files::default());
        for (text, why) in [
            (
                "All our packages in the apt repository are signed.",
                "it is said of \"apt repository\", which was not looked at",
            ),
            (
                "All release packages (deb, wheel) are signed.",
                "no file with the ending .deb is among the artifacts",
            ),
            (
                "Checksums of every JAR artifact are published.",
                "no file with the ending .jar is among the artifacts",
            ),
        ] {
            assert_eq!(of(text).as_deref(), Some(why), "{text}");
        }
        for text in ["All release packages are signed.", "Release artifacts in our repository are signed."] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_release_is_told_from_its_key() {
        for text in
            ["All releases are signed.", "Every release and its APK are signed.", "The binaries are signed."]
        {
            assert!(is_of_release(text), "{text}");
        }
        for text in ["The APK is signed with our release key.", "Packages are signed."] {
            assert!(!is_of_release(text), "{text}");
        }
    }
}
