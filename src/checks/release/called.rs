//! After which version a file is called.

use crate::{facts::Facts, versions::TagVersion};

/// The versions of a repository's tags that a file may be called after.
pub(super) struct Versions {
    own: Option<TagVersion>,
    /// Those of the other tags, but for what is part of this tag's own number.
    others: Vec<TagVersion>,
}

impl Versions {
    pub(super) fn of(facts: &Facts) -> Self {
        let own = facts.version.clone();
        let number = own.as_ref().map(TagVersion::number);
        let tags = facts.tags.present().map_or(&[][..], Vec::as_slice);
        let is_other = |version: &TagVersion| {
            number.as_ref().is_some_and(|own| version.number() != *own && !holds(own, &version.number()))
        };
        let others = tags.iter().filter_map(|tag| TagVersion::parse(tag.name.raw())).filter(is_other);
        Self { others: others.collect(), own }
    }

    /// Whether a name holds the tag's version, and nowhere that of a pre-release of it in its place.
    pub(super) fn is_own(&self, name: &str) -> bool {
        self.own.as_ref().is_some_and(|own| is_called(name, own)) && self.pre_release(name).is_none()
    }

    /// The other version that a name holds, where it does not hold the tag's own.
    pub(super) fn other(&self, name: &str) -> Option<String> {
        let other = || self.others.iter().find(|other| is_called(name, other));
        let found = self.pre_release(name).or_else(|| if self.is_own(name) { None } else { other() });
        found.map(TagVersion::number)
    }

    /// Whether a name holds another version, beside the tag's own or in its place.
    pub(super) fn is_mixed(&self, name: &str) -> bool {
        self.others.iter().any(|other| is_called(name, other))
    }

    /// The pre-release of the tag's own number whose mark stands behind each number that a name holds.
    fn pre_release(&self, name: &str) -> Option<&TagVersion> {
        let own = self.own.as_ref().filter(|own| own.pre.is_none())?;
        let number = own.number();
        let behind: Vec<&str> = places(name, &number).map(|at| &name[at + number.len()..]).collect();
        let is_one = |other: &&TagVersion| {
            let is_of_own = other.numbers == own.numbers && other.pre.is_some();
            is_of_own && !behind.is_empty() && behind.iter().all(|behind| begins_with_mark(behind, other))
        };
        self.others.iter().find(is_one)
    }
}

/// Whether what follows a number begins with the mark of a pre-release, however its parts are joined: `-rc.1`, `rc1`,
/// `~rc1`.
fn begins_with_mark(behind: &str, version: &TagVersion) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let Some(mark) = version.pre.as_ref().map(|pre| letters(pre.as_str())) else { return false };
    let rest = letters(behind);
    rest.strip_prefix(&mark).is_some_and(|rest| {
        let is_longer = |c: char| c.is_ascii_digit() && mark.ends_with(|c: char| c.is_ascii_digit());
        !rest.starts_with(is_longer)
    })
}

/// Whether a name holds a version, with dots or in the other ways in which files write them.
fn is_called(name: &str, version: &TagVersion) -> bool {
    let number = version.number();
    let joined_by = |by: &str| {
        let numbers = &version.numbers[..usize::from(version.parts)];
        numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(by)
    };
    let is_plain = version.pre.is_none() && version.parts > 2;
    holds(name, &number) || (is_plain && holds_joined(name, &joined_by("_"), '_'))
}

/// Whether a name holds a version, and not as part of a longer number.
pub(super) fn holds(name: &str, version: &str) -> bool {
    places(name, version).next().is_some()
}

/// Where a name holds a version as a whole number.
fn places<'a>(name: &'a str, version: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_digit_or_dot = |c: char| c.is_ascii_digit() || c == '.';
    name.match_indices(version).map(|(at, _)| at).filter(move |at| {
        let (before, after) = (&name[..*at], &name[at + version.len()..]);
        let longer_before = before.ends_with(is_digit_or_dot);
        // `1.2.3.tar.gz` ends with the number, and `1.2.3.4` does not.
        let mut rest = after.chars();
        let longer_after = match rest.next() {
            Some('.') => rest.next().is_some_and(|c| c.is_ascii_digit()),
            Some(c) => c.is_ascii_digit(),
            None => false,
        };
        !longer_before && !longer_after
    })
}

/// As [`holds`], for numbers that something else than dots joins.
fn holds_joined(name: &str, version: &str, by: char) -> bool {
    name.match_indices(version).any(|(at, _)| {
        let (before, after) = (&name[..at], &name[at + version.len()..]);
        let is_number = |text: &str, digit: Option<char>| {
            !text.is_empty() && digit.is_some_and(|c: char| c.is_ascii_digit())
        };
        let before_that = before.strip_suffix(by).unwrap_or(before);
        let after_that = after.strip_prefix(by).unwrap_or(after);
        !is_number(before_that, before_that.chars().next_back())
            && !is_number(after_that, after_that.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_a_version_only_as_a_whole_number() {
        for (name, version) in [
            ("w-1.2.3.tar.gz", "1.2.3"),
            ("w-v1.2.3-linux.zip", "1.2.3"),
            ("w_1.2.3", "1.2.3"),
            ("1.2.3", "1.2.3"),
        ] {
            assert!(holds(name, version), "{name}");
        }
        for (name, version) in [
            ("w-1.2.30.tar.gz", "1.2.3"),
            ("w-11.2.3.tar.gz", "1.2.3"),
            ("w-1.2.3.4.tar.gz", "1.2.3"),
            ("w-0.1.2.3.tar.gz", "1.2.3"),
            ("w.tar.gz", "1.2.3"),
        ] {
            assert!(!holds(name, version), "{name}");
        }
    }

    fn versions(own: &str, others: &[&str]) -> Versions {
        let parse = |tag: &&str| TagVersion::parse(tag).unwrap();
        Versions { own: Some(parse(&own)), others: others.iter().map(parse).collect() }
    }

    #[test]
    fn a_file_of_a_pre_release_is_not_called_after_the_release() {
        let versions = versions("v1.2.3", &["v1.2.3-rc.1", "v1.2.3-rc.11", "v1.2.3-beta", "v1.2.2"]);
        for (name, other) in [
            ("w-1.2.3-rc.1-linux.bin", "1.2.3-rc.1"),
            ("w-1.2.3rc1.tar.gz", "1.2.3-rc.1"),
            ("w_1.2.3~rc1_amd64.deb", "1.2.3-rc.1"),
            ("w-1.2.3-rc.11.zip", "1.2.3-rc.11"),
            ("w-1.2.3-beta.zip", "1.2.3-beta"),
            ("w-1.2.2.zip", "1.2.2"),
            ("w_1_2_2.bin", "1.2.2"),
        ] {
            assert_eq!(versions.other(name).as_deref(), Some(other), "{name}");
            assert!(!versions.is_own(name), "{name}");
        }
        for name in ["w-1.2.3.tar.gz", "w-1.2.3-rc.12.zip", "w_1_2_3.bin", "w-1.2.3-rc.1-to-1.2.3.diff"] {
            assert_eq!(versions.other(name), None, "{name}");
        }
        for name in ["w.zip", "w_11_2_2.bin", "w_1_2_2_4.bin", "w_1_2_20.bin"] {
            assert_eq!(versions.other(name), None, "{name}");
            assert!(!versions.is_own(name), "{name}");
        }
    }
}
