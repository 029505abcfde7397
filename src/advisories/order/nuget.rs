//! NuGet's order of versions: `NuGetVersion`.
//!
//! <https://learn.microsoft.com/nuget/concepts/package-versioning>: one to four numbers, where those left out are
//! zero; then Semantic Versioning's pre-release part, compared without case; build metadata means nothing.

use std::cmp::Ordering;

/// A NuGet package's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 4],
    pre: semver::Prerelease,
}

impl Version {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.split_once('+').map_or(text.as_str(), |(version, _)| version);
        let (release, pre) = text.split_once('-').map_or((text, None), |(a, b)| (a, Some(b)));
        let mut numbers = [0; 4];
        for (at, part) in release.split('.').enumerate() {
            let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            *numbers.get_mut(at)? = is_number.then(|| part.parse().ok())??;
        }
        let pre = match pre {
            Some("") => return None,
            Some(pre) => semver::Prerelease::new(pre).ok()?,
            None => semver::Prerelease::EMPTY,
        };
        Some(Self { numbers, pre })
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| self.pre.cmp(&other.pre))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use crate::advisories::{
        lock::Ecosystem,
        order::{Version, tests::ascending},
    };

    #[test]
    fn nuget_versions_have_up_to_four_numbers_and_a_pre_release_without_case() {
        let groups: &[&[&str]] = &[
            &["1.0.0-alpha", "1.0-ALPHA"],
            &["1.0.0-beta.2"],
            &["1.0.0-beta.11"],
            &["1.0.0-rc1"],
            &["1", "1.0", "1.0.0", "1.0.0.0", "1.00.0", "1.0.0+build"],
            &["1.0.0.1"],
            &["1.0.1"],
        ];
        ascending(Ecosystem::Nuget, groups);
        for text in ["", "1.0.0.0.0", "1.x", "1.0-", "-1", "1..0"] {
            assert!(Version::parse(Ecosystem::Nuget, text).is_none(), "{text}");
        }
    }
}
