//! The words of a command: placeholders filled in, and options told from what they are about.
//!
//! The rule that must not be broken: a placeholder that nothing fills, and an option that is not known, is an error.

use crate::text::clean;
use std::collections::BTreeMap;

/// The longest word, in bytes.
const LONGEST: usize = 2000;

/// Names of variables that stand for the version.
const VERSIONS: [&str; 8] =
    ["VERSION", "version", "TAG", "tag", "RELEASE", "RELEASE_TAG", "RELEASE_VERSION", "VER"];

/// Words that stand for the version without any marks; the first for the whole, with its `v`.
const BARE: [&str; 6] = ["vX.Y.Z", "vx.y.z", "vVERSION", "X.Y.Z", "x.y.z", "VERSION"];

/// Fills in what stands for the version; an error names what nothing fills in.
pub(super) fn fill(words: &[String], number: &str, version: &str) -> Result<Vec<String>, String> {
    words.iter().map(|word| filled(word, number, version)).collect()
}

fn filled(word: &str, number: &str, version: &str) -> Result<String, String> {
    let shown = |text: &str| clean(&text.chars().take(60).collect::<String>()).into_owned();
    if word.len() > LONGEST {
        return Err("a very long word".to_owned());
    }
    let mut text = word.to_owned();
    for name in VERSIONS {
        // `v${VERSION}` has the `v` of the tag already.
        for (open, close) in [("${", "}"), ("<", ">"), ("{{", "}}"), ("{", "}"), ("[", "]")] {
            let mark = format!("{open}{name}{close}");
            text = text.replace(&format!("v{mark}"), &format!("v{number}")).replace(&mark, version);
        }
        text = variable(&text, name, number, version);
    }
    for bare in BARE.into_iter().filter(|bare| *bare != word) {
        let of = if bare.starts_with('v') { format!("v{number}") } else { version.to_owned() };
        let of = if matches!(bare, "X.Y.Z" | "x.y.z") { number.to_owned() } else { of };
        text = text.replace(bare, &of);
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let after_dollar = |(at, _): (usize, &str)| text[at + 1..].starts_with(|c: char| is_name(c) || c == '{');
    let left = text.match_indices('$').find(|it| after_dollar(*it));
    let is_open = left.is_some() || ["<", ">", "{{", "..."].iter().any(|mark| text.contains(mark));
    let is_path = ["path/to", "PATH/TO", "OWNER/", "your-", "YOUR"].iter().any(|mark| text.contains(mark));
    if is_open || is_path { Err(shown(word)) } else { Ok(text) }
}

/// `$VERSION`, where the name ends there.
fn variable(text: &str, name: &str, number: &str, version: &str) -> String {
    let mark = format!("${name}");
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&mark) {
        let is_longer = after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        filled.push_str(before);
        match () {
            () if is_longer => filled.push_str(&mark),
            () if before.ends_with('v') => filled.push_str(number),
            () => filled.push_str(version),
        }
        rest = after;
    }
    filled + rest
}

/// The options of a command, and what it is about.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    options: BTreeMap<&'static str, String>,
    /// What is no option.
    pub(super) rest: Vec<String>,
}

impl Arguments {
    /// Reads `words`. `valued` take a value and `flags` none, each by its names, the first of which it is known by.
    pub(super) fn read(
        words: &[String],
        valued: &[&[&'static str]],
        flags: &[&[&'static str]],
    ) -> Result<Self, String> {
        let known = |all: &[&[&'static str]], word: &str| {
            all.iter().find(|names| names.contains(&word)).map(|names| names[0])
        };
        let mut read = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word == "-" || !word.starts_with('-') {
                read.rest.push(word.clone());
                continue;
            }
            let (name, joined) = match word.split_once('=') {
                Some((name, value)) if word.starts_with("--") => (name, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            let unknown = || format!("the option {} is not known here", clean(name));
            let (key, value) = match (known(valued, name), known(flags, name)) {
                (Some(key), _) => {
                    let value = joined.or_else(|| words.next().cloned());
                    (key, value.ok_or_else(|| format!("the option {} has no value", clean(name)))?)
                }
                (None, Some(key)) if joined.is_none() => (key, String::new()),
                _ => return Err(unknown()),
            };
            if read.options.insert(key, value).is_some() {
                return Err(format!("the option {key} is given twice"));
            }
        }
        Ok(read)
    }

    /// The value of an option, by the first of its names.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }

    /// The one thing that the command is about.
    pub(super) fn one(&self) -> Result<&str, String> {
        match self.rest.as_slice() {
            [one] if one != "-" => Ok(one),
            [_] => Err("it reads what another command writes".to_owned()),
            _ => Err("it does not name one file".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_the_version_is_filled_in_and_nothing_else() {
        let filled = |word: &str| filled(word, "1.2.3", "v1.2.3");
        for (word, expected) in [
            ("a-${VERSION}.tgz", "a-v1.2.3.tgz"),
            ("a-v${VERSION}.tgz", "a-v1.2.3.tgz"),
            ("refs/tags/$TAG", "refs/tags/v1.2.3"),
            ("v$VERSION", "v1.2.3"),
            ("<version>", "v1.2.3"),
            ("a-vX.Y.Z", "a-v1.2.3"),
            ("a-X.Y.Z", "a-1.2.3"),
            ("VERSION", "VERSION"),
            ("checksums.txt", "checksums.txt"),
            ("^a(-rc.[0-9]+)?$", "^a(-rc.[0-9]+)?$"),
        ] {
            assert_eq!(filled(word).as_deref(), Ok(expected), "{word}");
        }
        for word in
            ["${ASSET}", "$FILE", "<artifact>", "$VERSIONS", "a-${VERSION}-${ARCH}", "path/to/file", "{{x}}"]
        {
            assert_eq!(filled(word), Err(word.to_owned()), "{word}");
        }
    }

    #[test]
    fn an_option_that_is_not_known_is_an_error() {
        let read = |text: &str| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            Arguments::read(&words, &[&["--bundle", "-b"]], &[&["--offline"]])
        };
        let read_well = read("a --bundle=b --offline").unwrap();
        assert_eq!((read_well.one(), read_well.get("--bundle")), (Ok("a"), Some("b")));
        assert_eq!(read("-b c a").unwrap().get("--bundle"), Some("c"));
        assert_eq!(read("a --insecure").unwrap_err(), "the option --insecure is not known here");
        assert_eq!(read("a --offline=false").unwrap_err(), "the option --offline is not known here");
        assert_eq!(read("a --bundle b --bundle c").unwrap_err(), "the option --bundle is given twice");
        assert_eq!(read("a --bundle").unwrap_err(), "the option --bundle has no value");
        assert_eq!(read("a b").unwrap().one().unwrap_err(), "it does not name one file");
        assert_eq!(read("-").unwrap().one().unwrap_err(), "it reads what another command writes");
    }
}
