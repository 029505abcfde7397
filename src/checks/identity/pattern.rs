//! Names with gaps: `*` within one segment of a path, and placeholders for the release's own values. A name is always
//! compared whole, byte for byte: never as a substring, never by a regular expression.

use crate::facts::Facts;
use serde::{Deserialize, Deserializer, de::Error as _};

/// The longest name that is compared; longer ones match nobody.
const MAX_NAME: usize = 4096;
/// Letters that mean something in a regular expression or in another tool's globs, and nothing here. `[!a]` and `[^a]`
/// are read differently from tool to tool, so both are refused.
const FOREIGN: &[char] = &['[', ']', '?', '\\', '^', '$', '|', '!', '"', '\'', '`', ' '];

/// A name in which `*` stands for one or more characters other than `/` and `@`, and `{repository}`, `{tag}` and
/// `{commit}` for those of the release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Star,
    Repository,
    Tag,
    Commit,
}

/// A pattern that could match more than its author means.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Nothing at all.
    #[error("an empty name matches nobody")]
    Empty,
    /// A brace that is no placeholder.
    #[error("\"{0}\" is not a placeholder; there are {{repository}}, {{tag}} and {{commit}}")]
    Placeholder(String),
    /// A star where it would name anybody.
    #[error("\"*\" may stand only in the path of a URL, and not twice in a row")]
    Star,
    /// A letter of a regular expression or of another kind of glob.
    #[error(
        "{0:?} means nothing in a name: names are compared whole and byte for byte, and only \"*\" stands for others"
    )]
    Foreign(char),
    /// A letter that looks like another one, or like nothing.
    #[error("the name holds {}, and certificates name signers in ASCII only", .0.escape_unicode())]
    Characters(char),
}

impl Pattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        if let Some(other) = text.chars().find(|c| !c.is_ascii() || c.is_control()) {
            return Err(PatternError::Characters(other));
        }
        if let Some(foreign) = text.chars().find(|c| FOREIGN.contains(c)) {
            return Err(PatternError::Foreign(foreign));
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['*', '{', '}']) {
            if at > 0 {
                parts.push(Part::Text(rest[..at].to_owned()));
            }
            let (part, used) = Self::special(&rest[at..])?;
            if part == Part::Star && parts.last() == Some(&Part::Star) {
                return Err(PatternError::Star);
            }
            parts.push(part);
            rest = &rest[at + used..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        let pattern = Self { text: text.to_owned(), parts };
        pattern.refuse_wide_stars()?;
        Ok(pattern)
    }

    fn special(rest: &str) -> Result<(Part, usize), PatternError> {
        for (word, part) in [
            ("*", Part::Star),
            ("{repository}", Part::Repository),
            ("{tag}", Part::Tag),
            ("{commit}", Part::Commit),
        ] {
            if rest.starts_with(word) {
                return Ok((part, word.len()));
            }
        }
        let end = rest.find('}').map_or(rest.len(), |end| end + 1);
        Err(PatternError::Placeholder(rest[..end].to_owned()))
    }

    /// A star in a scheme, a host or an e-mail address would let strangers choose the name.
    fn refuse_wide_stars(&self) -> Result<(), PatternError> {
        let Some(star) = self.text.find('*') else { return Ok(()) };
        let path =
            self.text.find("://").and_then(|at| self.text[at + 3..].find('/').map(|slash| at + 3 + slash));
        if path.is_some_and(|path| path < star) { Ok(()) } else { Err(PatternError::Star) }
    }

    /// Whether `name` is one of the names that the pattern stands for, for this release. A placeholder whose value is
    /// unknown matches nothing.
    pub fn matches(&self, name: &str, facts: &Facts) -> bool {
        let mut parts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            match (part, part.value(facts)) {
                (Part::Star, _) => parts.push(None),
                (_, Some(value)) => parts.push(Some(value)),
                (_, None) => return false,
            }
        }
        name.len() <= MAX_NAME && glob(&parts, name.as_bytes())
    }

    /// The pattern as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it stands for more than one name.
    pub fn has_star(&self) -> bool {
        self.parts.contains(&Part::Star)
    }

    /// Whether the value of every placeholder is known.
    pub fn is_known(&self, facts: &Facts) -> bool {
        self.parts.iter().all(|part| *part == Part::Star || part.value(facts).is_some())
    }

    /// The pattern with the release's values filled in, for people.
    pub fn filled(&self, facts: &Facts) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Star => "*",
                _ => part.value(facts).unwrap_or_else(|| part.word()),
            })
            .collect()
    }

    /// The same as a regular expression of RE2 (Go's), anchored at both ends, for tools that take one.
    pub fn as_regex(&self, facts: &Facts) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Star => "[^/@]+".to_owned(),
            _ => escaped(part.value(facts).unwrap_or_else(|| part.word())),
        });
        format!("^{}$", parts.collect::<String>())
    }
}

impl Part {
    /// What stands for it in this release; `None` for a star, and for what is not known.
    fn value<'a>(&'a self, facts: &'a Facts) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Star => None,
            Self::Tag => Some(facts.tag.raw()),
            Self::Repository => facts.repository.as_ref().map(|repository| repository.path()),
            Self::Commit => facts.commit().map(|commit| commit.as_str()),
        }
    }

    /// How it is written.
    fn word(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Star => "*",
            Self::Repository => "{repository}",
            Self::Tag => "{tag}",
            Self::Commit => "{commit}",
        }
    }
}

/// `text` as a regular expression that matches it alone.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '/' | ':' | '@' | '-' | '_' | ',' | '=' | '%' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Whether `name` is made of `parts`, where `None` is a star. The places that a beginning of the parts can reach are
/// moved on part by part, so the time is bounded by their number times the length of the name.
fn glob(parts: &[Option<&str>], name: &[u8]) -> bool {
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for part in parts {
        let mut next = vec![false; name.len() + 1];
        match part {
            Some(text) => {
                for at in (0..=name.len()).filter(|at| reached[*at]) {
                    if name[at..].starts_with(text.as_bytes()) {
                        next[at + text.len()] = true;
                    }
                }
            }
            None => {
                let mut open = false;
                for (at, byte) in name.iter().enumerate() {
                    open = (open || reached[at]) && !matches!(byte, b'/' | b'@');
                    next[at + 1] = open;
                }
            }
        }
        reached = next;
    }
    reached[name.len()]
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        let facts = Facts::for_tests("github.com/acme/widget", "v1.2.3");
        Pattern::parse(pattern).unwrap().matches(name, &facts)
    }

    const WORKFLOWS: &str = "https://github.com/{repository}/.github/workflows/*.yml@refs/tags/{tag}";

    #[test]
    fn a_star_stays_in_its_segment() {
        let at = |path: &str| format!("https://github.com/acme/widget/.github/workflows/{path}");
        assert!(matches(WORKFLOWS, &at("release.yml@refs/tags/v1.2.3")));
        for other in [
            "release.yml@refs/tags/v1.2.30",
            "release.yml@refs/tags/v1.2.3/",
            "xrelease.yml@refs/heads/x.yml@refs/tags/v1.2.3",
            "a/release.yml@refs/tags/v1.2.3",
            ".yml@refs/tags/v1.2.3",
            "release.yaml@refs/tags/v1.2.3",
        ] {
            assert!(!matches(WORKFLOWS, &at(other)), "{other}");
        }
    }

    #[test]
    fn nothing_matches_as_a_part_of_a_name() {
        let exact = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
        assert!(matches(exact, exact));
        for near in [format!("{exact}x"), format!("x{exact}"), exact[1..].to_owned(), exact.to_uppercase()] {
            assert!(!matches(exact, &near), "{near}");
        }
        assert!(!matches(
            WORKFLOWS,
            "https://github.com.evil.example/acme/widget/.github/workflows/r.yml@refs/tags/v1.2.3"
        ));
    }

    #[test]
    fn several_stars_in_one_segment_are_each_one_letter_or_more() {
        assert!(matches("https://a/*-*-*.yml", "https://a/x-y-z.yml"));
        assert!(matches("https://a/*-*.yml", "https://a/x-y-z.yml"));
        assert!(!matches("https://a/*-*-*.yml", "https://a/x--z.yml"));
        assert!(!matches("https://a/*-*.yml", "https://a/x/y-z.yml"));
        assert!(!matches("https://a/*-*", "https://a/x-"));
    }

    #[test]
    fn a_star_for_anybody_is_refused() {
        for wide in ["*", "*@example.com", "https://*/acme/widget", "https://*", "https://github.com/a/**"] {
            assert_eq!(Pattern::parse(wide), Err(PatternError::Star), "{wide}");
        }
        assert_eq!(Pattern::parse(""), Err(PatternError::Empty));
        assert!(matches!(Pattern::parse("https://a/{owner}/b"), Err(PatternError::Placeholder(_))));
    }

    #[test]
    fn an_unknown_value_matches_nothing() {
        let facts = Facts { repository: None, ..Facts::for_tests("github.com/acme/widget", "v1.2.3") };
        let pattern = Pattern::parse("https://github.com/{repository}/x").unwrap();
        assert!(!pattern.matches("https://github.com/{repository}/x", &facts));
        assert!(!pattern.matches("https://github.com//x", &facts));
    }

    #[test]
    fn the_regular_expression_for_other_tools_is_anchored_and_escaped() {
        let facts = Facts::for_tests("github.com/acme/widget", "v1.2.3+a");
        assert_eq!(
            Pattern::parse(WORKFLOWS).unwrap().as_regex(&facts),
            r"^https://github\.com/acme/widget/\.github/workflows/[^/@]+\.yml@refs/tags/v1\.2\.3\+a$"
        );
    }
}
