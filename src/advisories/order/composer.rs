//! Composer's order of versions.
//!
//! <https://getcomposer.org/doc/articles/versions.md> and `VersionParser::normalize` of composer/semver: up to four
//! numbers, then a stability word with numbers (`-beta2`), then `-dev`. Branches (`dev-main`) have no place.

/// A Composer package's version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    numbers: [u64; 4],
    stability: Stability,
    counts: Vec<u64>,
    /// False before true: `-dev` is before what it leads to.
    is_not_dev: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stability {
    Dev,
    Alpha,
    Beta,
    Candidate,
    Stable,
    Patch,
}

const WORDS: [(&str, Stability); 9] = [
    ("stable", Stability::Stable),
    ("alpha", Stability::Alpha),
    ("beta", Stability::Beta),
    ("patch", Stability::Patch),
    ("rc", Stability::Candidate),
    ("pl", Stability::Patch),
    ("a", Stability::Alpha),
    ("b", Stability::Beta),
    ("p", Stability::Patch),
];

impl Version {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.split_once('+').map_or(text.as_str(), |(version, _)| version);
        let text = text.strip_prefix('v').unwrap_or(text);
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (release, rest) = text.split_at(end);
        let release = if rest.is_empty() { release } else { release.strip_suffix('.').unwrap_or(release) };
        let mut numbers = [0; 4];
        for (at, part) in release.split('.').enumerate() {
            *numbers.get_mut(at)? = part.parse().ok()?;
        }
        let (rest, is_dev) = match rest.strip_suffix("dev") {
            Some(rest) => (rest.trim_end_matches(['.', '-']), true),
            None => (rest, false),
        };
        let rest = rest.trim_start_matches(['.', '-', '_']);
        if rest.is_empty() {
            let stability = if is_dev { Stability::Dev } else { Stability::Stable };
            return Some(Self { numbers, stability, counts: Vec::new(), is_not_dev: !is_dev });
        }
        let (word, stability) = WORDS.into_iter().find(|(word, _)| rest.starts_with(word))?;
        let counts = rest[word.len()..].trim_start_matches(['.', '-']);
        let counts = match counts {
            "" => Vec::new(),
            counts => counts.split(['.', '-']).map(|n| n.parse().ok()).collect::<Option<_>>()?,
        };
        Some(Self { numbers, stability, counts, is_not_dev: !is_dev })
    }
}

#[cfg(test)]
mod tests {
    use crate::advisories::{
        lock::Ecosystem,
        order::{Version, tests::ascending},
    };

    #[test]
    fn composer_versions_are_ordered_by_stability() {
        let groups: &[&[&str]] = &[
            &["1.0.0-dev", "1.0-dev"],
            &["1.0.0-alpha1", "1.0.0a1", "v1.0-ALPHA.1"],
            &["1.0.0-beta2"],
            &["1.0.0-RC1", "1.0.0rc1"],
            &["1.0.0", "v1", "1.0", "1.0.0.0", "1.0.0-stable", "1.0.0+meta"],
            &["1.0.0-patch1", "1.0.0-p1", "1.0.0pl1"],
            &["1.0.0.1"],
            &["1.0.1"],
            &["20230101"],
        ];
        ascending(Ecosystem::Composer, groups);
        for text in ["", "dev-main", "1.0.0-what", "1.x", "1.0.0.0.0"] {
            assert!(Version::parse(Ecosystem::Composer, text).is_none(), "{text}");
        }
    }
}
