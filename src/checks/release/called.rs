//! After which version a file is called.

use crate::{facts::Facts, versions::TagVersion};
use std::collections::BTreeSet;

/// Words behind a number that make it another version: a pre-release, or one that was made after it.
const MARKS: [&str; 14] = [
    "a", "b", "c", "rc", "alpha", "beta", "pre", "preview", "dev", "post", "snapshot", "nightly", "canary",
    "next",
];

/// The versions of a repository's tags that a file may be called after.
pub(super) struct Versions {
    own: Option<TagVersion>,
    /// Those of the component's other tags with as many numbers, but for what is part of this tag's own number.
    others: Vec<TagVersion>,
    /// The names of other components that have tags.
    components: BTreeSet<String>,
}

impl Versions {
    pub(super) fn of(facts: &Facts) -> Self {
        let tags = facts.tags.present().map_or(&[][..], Vec::as_slice);
        Self::among(facts.version.clone(), tags.iter().filter_map(|tag| TagVersion::parse(tag.name.raw())))
    }

    fn among(own: Option<TagVersion>, tags: impl Iterator<Item = TagVersion>) -> Self {
        let mut versions = Self { own: own.clone(), others: Vec::new(), components: BTreeSet::new() };
        let Some(own) = own else { return versions };
        let number = own.number();
        for version in tags {
            if version.component() != own.component() {
                versions.components.insert(version.component());
            } else if version.parts >= own.parts
                && version.number() != number
                && !holds(&number, &version.number())
            {
                versions.others.push(version);
            }
        }
        versions
    }

    /// Whether a name holds the tag's version alone: no other one, no mark behind it, and no other component.
    pub(super) fn is_own(&self, name: &str) -> bool {
        self.own.as_ref().is_some_and(|own| {
            is_called(name, own)
                && !behind(name, own).iter().any(|behind| own.pre.is_none() && has_mark(behind))
                && !self.others.iter().any(|other| is_called(name, other))
                && !self.is_of_another_component(name, own)
        })
    }

    /// The other version that a name holds in the place of the tag's own.
    pub(super) fn other(&self, name: &str) -> Option<String> {
        let is_own = self.own.as_ref().is_some_and(|own| is_called(name, own));
        let other = || self.others.iter().find(|other| is_called(name, other));
        let found = self.pre_release(name).or_else(|| if is_own { None } else { other() });
        found.map(TagVersion::number)
    }

    fn is_of_another_component(&self, name: &str, own: &TagVersion) -> bool {
        let lower = name.to_ascii_lowercase();
        let has = |component: &str| component.len() > 1 && lower.contains(component);
        !has(&own.component()) && self.components.iter().any(|component| has(component))
    }

    /// The pre-release of the tag's own number whose mark stands behind each number that a name holds.
    fn pre_release(&self, name: &str) -> Option<&TagVersion> {
        let own = self.own.as_ref().filter(|own| own.pre.is_none())?;
        let behind = behind(name, own);
        let is_one = |other: &&TagVersion| {
            let is_of_own = other.numbers == own.numbers && other.pre.is_some();
            is_of_own && !behind.is_empty() && behind.iter().all(|behind| begins_with_mark(behind, other))
        };
        self.others.iter().find(is_one)
    }
}

/// What stands in a name behind each place of a version's number.
fn behind(name: &str, version: &TagVersion) -> Vec<String> {
    let number = version.number();
    let name = dotted(name, &number);
    places(&name, &number).map(|at| name[at + number.len()..].to_owned()).collect()
}

/// A name whose numbers are joined by `_`, as if dots joined them, where it does not hold the number as it is.
fn dotted(name: &str, number: &str) -> String {
    if holds(name, number) {
        return name.to_owned();
    }
    let chars: Vec<char> = name.chars().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    let joins = |at: usize| chars[at] == '_' && is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
    (0..chars.len()).map(|at| if joins(at) { '.' } else { chars[at] }).collect()
}

/// The words of what stands behind a number: `-rc.1-linux` is `rc`, `1`, `linux`.
fn parts(behind: &str) -> impl Iterator<Item = &str> {
    behind.split(['-', '_', '.', '~', '+']).filter(|part| !part.is_empty())
}

/// The letters at the beginning of a word in lower case, and whether digits follow them to its end.
fn letters(part: &str) -> (String, bool) {
    let end = part.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(part.len());
    let rest = &part[end..];
    (part[..end].to_ascii_lowercase(), !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether what stands behind a number makes it another version: `rc1`, `-beta`, `.post1`, `+1`.
fn has_mark(behind: &str) -> bool {
    let is_mark = |(at, part): (usize, &str)| {
        let (word, is_numbered) = letters(part);
        let is_known = MARKS.contains(&word.as_str());
        let is_whole = word.len() == part.len() && word.len() > 2;
        is_known && (is_numbered && (at == 0 || word.len() > 1) || is_whole || word == part && word == "rc")
    };
    behind.starts_with('+') || parts(behind).enumerate().any(is_mark)
}

/// Whether what follows a number begins with the mark of that pre-release, however its parts are joined: `-rc.1`, `rc1`,
/// `~rc1`, and `b2` for `beta.2`.
fn begins_with_mark(behind: &str, version: &TagVersion) -> bool {
    let Some(pre) = &version.pre else { return false };
    let (word, number) = mark(pre.as_str());
    let (named, said) = mark(behind);
    let short = |word: &str| match word {
        "alpha" => "a".to_owned(),
        "beta" => "b".to_owned(),
        "c" | "pre" | "preview" => "rc".to_owned(),
        word => word.to_owned(),
    };
    MARKS.contains(&word.as_str()) && short(&word) == short(&named) && number == said
}

/// The word and the number that a text begins with: `rc` and `1` of `-rc.1-linux`.
fn mark(text: &str) -> (String, Option<String>) {
    let mut words = parts(text);
    let first = words.next().unwrap_or_default();
    let (word, is_numbered) = letters(first);
    let digits =
        |text: &str| (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.to_owned());
    let number = if is_numbered {
        digits(&first[word.len()..])
    } else if word.len() == first.len() {
        words.next().and_then(digits)
    } else {
        return (first.to_ascii_lowercase(), None);
    };
    (word, number)
}

/// Whether a name holds a version, with dots or with `_` between its numbers.
fn is_called(name: &str, version: &TagVersion) -> bool {
    let number = version.number();
    holds(&dotted(name, &number), &number)
}

/// Whether a name holds a version, and not as part of a longer number.
fn holds(name: &str, version: &str) -> bool {
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
        Versions::among(TagVersion::parse(own), others.iter().map(|tag| TagVersion::parse(tag).unwrap()))
    }

    #[test]
    fn a_file_of_a_pre_release_is_not_called_after_the_release() {
        let versions =
            versions("v1.2.3", &["v1.2.3-rc.1", "v1.2.3-rc.11", "v1.2.3-beta", "v1.2.3-alpha.2", "v1.2.2"]);
        for (name, other) in [
            ("w-1.2.3-rc.1-linux.bin", "1.2.3-rc.1"),
            ("w-1.2.3rc1.tar.gz", "1.2.3-rc.1"),
            ("w_1.2.3~rc1_amd64.deb", "1.2.3-rc.1"),
            ("w_1_2_3_rc1.zip", "1.2.3-rc.1"),
            ("w-1.2.3-rc.11.zip", "1.2.3-rc.11"),
            ("w-1.2.3-beta.zip", "1.2.3-beta"),
            ("w-1.2.3a2-py3-none-any.whl", "1.2.3-alpha.2"),
            ("w-1.2.2.zip", "1.2.2"),
            ("w_1_2_2.bin", "1.2.2"),
        ] {
            assert_eq!(versions.other(name).as_deref(), Some(other), "{name}");
            assert!(!versions.is_own(name), "{name}");
        }
        for name in
            ["w-1.2.3.tar.gz", "w_1_2_3.bin", "w-1.2.3-1.el9.x86_64.rpm", "w-1.2.3-prebuilt-macos-m1.zip"]
        {
            assert_eq!(versions.other(name), None, "{name}");
            assert!(versions.is_own(name), "{name}");
        }
        // What no tag says, or both: neither another version for certain, nor this one.
        for name in [
            "w-1.2.3-rc.12.zip",
            "w-1.2.3-arm64-rc1.zip",
            "w-1.2.3.post1.zip",
            "w-1.2.3+1.zip",
            "w-1.2.2-to-1.2.3.diff",
            "w.zip",
            "w_11_2_2.bin",
            "w_1_2_2_4.bin",
            "w_1_2_20.bin",
        ] {
            assert_eq!(versions.other(name), None, "{name}");
            assert!(!versions.is_own(name), "{name}");
        }
    }

    #[test]
    fn what_looks_like_a_version_of_something_else_is_none_of_the_project() {
        let others = ["v1.2.3-1", "v1.2.3-pre", "v1.2.3-b", "v1.2", "v3.12", "v2.0"];
        let versions = versions("v1.2.3", &others);
        for name in [
            "w-1.2.3-1.el9.x86_64.rpm",
            "w-1.2.3-prebuilt.zip",
            "w-1.2.3-bin.zip",
            "libw-1.2.so.3",
            "widget-py3.12.zip",
            "widget-linux-2.0.zip",
        ] {
            assert_eq!(versions.other(name), None, "{name}");
        }
    }

    #[test]
    fn a_file_of_another_component_is_not_tied_by_the_same_number() {
        let versions = versions("cli-v1.2.3", &["plugin-v1.2.3", "plugin-v1.4.0", "cli-v1.2.2"]);
        assert!(versions.is_own("cli-1.2.3.tgz") && versions.is_own("w-1.2.3.tgz"));
        assert!(!versions.is_own("plugin-1.2.3.vsix"));
        assert_eq!(versions.other("plugin-1.4.0.vsix"), None);
        assert_eq!(versions.other("cli-1.2.2.tgz").as_deref(), Some("1.2.2"));
    }
}
