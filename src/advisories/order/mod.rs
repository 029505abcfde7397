//! The order of versions in each ecosystem.
//!
//! The rule that must not be broken: a version that the ecosystem's own rules cannot place is none, and the caller
//! says so. It is never placed by a guess.

use super::lock::Ecosystem;
use std::{cmp::Ordering, str::FromStr};

mod composer;
mod gem;
mod maven;
mod nuget;

/// The longest version that is placed at all, in bytes.
const VERSION_LIMIT: usize = 256;

/// A version that has a place among the others of its ecosystem.
#[derive(Clone, Debug)]
pub enum Version {
    /// Semantic Versioning 2.0.0, compared without build metadata: Cargo, Go, npm, Hex.
    Semantic(semver::Version),
    /// PEP 440.
    Python(pep440_rs::Version),
    /// `Gem::Version`.
    Gem(gem::Version),
    /// `NuGetVersion`.
    Nuget(nuget::Version),
    /// Maven's version order specification.
    Maven(maven::Version),
    /// Composer's normalised versions.
    Composer(composer::Version),
}

impl Version {
    /// Places `text`; `None` where the ecosystem has no place for it.
    pub fn parse(ecosystem: Ecosystem, text: &str) -> Option<Self> {
        if text.len() > VERSION_LIMIT {
            return None;
        }
        match ecosystem {
            Ecosystem::Cargo | Ecosystem::Npm | Ecosystem::Hex => {
                semver::Version::parse(text).ok().map(Self::Semantic)
            }
            Ecosystem::Golang => go(text).map(Self::Semantic),
            Ecosystem::Pypi => pep440_rs::Version::from_str(text).ok().map(Self::Python),
            Ecosystem::Gem => gem::Version::parse(text).map(Self::Gem),
            Ecosystem::Nuget => nuget::Version::parse(text).map(Self::Nuget),
            Ecosystem::Maven => maven::Version::parse(text).map(Self::Maven),
            Ecosystem::Composer => composer::Version::parse(text).map(Self::Composer),
        }
    }

    /// How two versions of one ecosystem compare. Versions of different ecosystems do not.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Semantic(one), Self::Semantic(two)) => Some(one.cmp_precedence(two)),
            (Self::Python(one), Self::Python(two)) => Some(one.cmp(two)),
            (Self::Gem(one), Self::Gem(two)) => Some(one.cmp(two)),
            (Self::Nuget(one), Self::Nuget(two)) => Some(one.cmp(two)),
            (Self::Maven(one), Self::Maven(two)) => Some(one.cmp(two)),
            (Self::Composer(one), Self::Composer(two)) => Some(one.cmp(two)),
            _ => None,
        }
    }

    /// Where this version stands to a bound of a range. A local version of Python (`2.0+cu118`) stands where the version
    /// without its local part stands, unless the bound has one too (PEP 440, "Inclusive ordered comparison", "Exclusive
    /// ordered comparison").
    pub fn compare_to_bound(&self, bound: &Self) -> Option<Ordering> {
        if let (Self::Python(one), Self::Python(bound)) = (self, bound)
            && one.is_local()
            && !bound.is_local()
        {
            return Some(one.clone().without_local().cmp(bound));
        }
        self.compare(bound)
    }

    /// Whether both are the same version. A Python version with a local part (`2.0.1+cu118`) is a build of the one
    /// without: what is said of that one is said of it.
    pub fn is_same(&self, named: &Self) -> bool {
        self.compare_to_bound(named) == Some(Ordering::Equal)
    }
}

/// A module's version, with `v` or without it as OSV has them, or the toolchain's own: `go1.21rc2`, `1.21`.
///
/// <https://go.dev/ref/mod#versions>; for the toolchain <https://go.dev/doc/toolchain#version>, spelt in the Go
/// database as `1.21.0-rc.2`.
fn go(text: &str) -> Option<semver::Version> {
    let bare = text.strip_prefix("go").or_else(|| text.strip_prefix('v')).unwrap_or(text);
    if let Ok(version) = semver::Version::parse(bare) {
        return Some(version);
    }
    let digits = bare.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(bare.len());
    let (release, rest) = bare.split_at(digits);
    let release = match release.matches('.').count() {
        0 => format!("{release}.0.0"),
        1 => format!("{release}.0"),
        2 => release.to_owned(),
        _ => return None,
    };
    let word = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
    let (word, number) = rest.split_at(word);
    match (word, number) {
        ("", "") => semver::Version::parse(&release).ok(),
        ("rc" | "beta", number) => semver::Version::parse(&format!("{release}-{word}.{number}")).ok(),
        _ => None,
    }
}

/// Two whole numbers of any length, compared without reading them into a type that could overflow.
fn compare_numbers(one: &str, two: &str) -> Ordering {
    let (one, two) = (one.trim_start_matches('0'), two.trim_start_matches('0'));
    one.len().cmp(&two.len()).then_with(|| one.cmp(two))
}

#[cfg(test)]
mod tests {
    use super::{Ecosystem, Version};
    use std::cmp::Ordering;

    /// Every version is below all that follow it; the groups are equal among themselves.
    #[track_caller]
    pub(super) fn ascending(ecosystem: Ecosystem, groups: &[&[&str]]) {
        let parse = |text: &str| Version::parse(ecosystem, text).unwrap_or_else(|| panic!("{text}"));
        for (i, low) in groups.iter().enumerate() {
            for (j, high) in groups.iter().enumerate() {
                for (one, two) in low.iter().flat_map(|one| high.iter().map(move |two| (one, two))) {
                    assert_eq!(parse(one).compare(&parse(two)), Some(i.cmp(&j)), "{one} and {two}");
                }
            }
        }
    }

    #[test]
    fn semantic_versions_are_compared_by_precedence() {
        for ecosystem in [Ecosystem::Cargo, Ecosystem::Npm, Ecosystem::Hex] {
            let groups: &[&[&str]] = &[
                &["0.0.0-0"],
                &["1.0.0-alpha"],
                &["1.0.0-alpha.1"],
                &["1.0.0-alpha.beta"],
                &["1.0.0-rc.1"],
                &["1.0.0", "1.0.0+build", "1.0.0+other"],
                &["1.0.10"],
            ];
            ascending(ecosystem, groups);
            for text in ["", "1", "1.0", "1.0.0.0", "v1.0.0", "01.0.0", "latest"] {
                assert!(Version::parse(ecosystem, text).is_none(), "{text}");
            }
        }
    }

    #[test]
    fn go_versions_may_be_pseudo_versions_and_those_of_the_toolchain() {
        let groups: &[&[&str]] = &[
            &["v0.0.0-20190101000000-abcdefabcdef", "0.0.0-20190101000000-abcdefabcdef"],
            &["v0.0.0-20200101000000-abcdefabcdef"],
            &["1.21.0-0"],
            &["go1.21rc2", "1.21.0-rc.2"],
            &["go1.21", "1.21", "1.21.0"],
            &["v1.21.3-0.20230101000000-abcdefabcdef"],
            &["v1.21.3", "go1.21.3"],
            &["v2.0.0+incompatible", "2.0.0"],
        ];
        ascending(Ecosystem::Golang, groups);
        for text in ["", "go", "master", "1.2.3.4", "1.21-custom", "v1.2.x"] {
            assert!(Version::parse(Ecosystem::Golang, text).is_none(), "{text}");
        }
    }

    #[test]
    fn python_versions_are_compared_as_pep_440_says() {
        let groups: &[&[&str]] = &[
            &["1.0.dev1"],
            &["1.0a1", "1.0alpha1", "1.0-a.1"],
            &["1.0rc1", "1.0c1"],
            &["1.0", "1", "1.0.0", "v1.0"],
            &["1.0+cu118"],
            &["1.0.post1", "1.0-1"],
            &["1.0.1"],
            &["1!0.1"],
        ];
        ascending(Ecosystem::Pypi, groups);
        let parse = |text| Version::parse(Ecosystem::Pypi, text).unwrap();
        assert!(parse("2.0.1+cu118").is_same(&parse("2.0.1")));
        assert!(!parse("2.0.1").is_same(&parse("2.0.1+cu118")));
        assert!(!parse("2.0.1+cu118").is_same(&parse("2.0.1+cu117")));
        assert!(Version::parse(Ecosystem::Pypi, "2.0-special-build").is_none());
    }

    #[test]
    fn versions_of_two_ecosystems_do_not_compare() {
        let one = Version::parse(Ecosystem::Gem, "1.0").unwrap();
        assert_eq!(one.compare(&Version::parse(Ecosystem::Maven, "1.0").unwrap()), None);
    }

    #[test]
    fn a_very_long_version_has_no_place() {
        let long = format!("1.0.0-{}", "a".repeat(300));
        for ecosystem in [Ecosystem::Cargo, Ecosystem::Golang, Ecosystem::Maven, Ecosystem::Gem] {
            assert!(Version::parse(ecosystem, &long).is_none());
        }
    }

    #[test]
    fn numbers_of_any_length_compare() {
        assert_eq!(super::compare_numbers("007", "7"), Ordering::Equal);
        assert_eq!(
            super::compare_numbers("99999999999999999999999", "100000000000000000000000"),
            Ordering::Less
        );
    }
}
