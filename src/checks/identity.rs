//! Who may sign: exact names, or globs over path segments. Never a substring, never a regular expression.

use crate::{
    facts::Facts,
    proof::{Certificate, Signer},
};
use serde::{Deserialize, Deserializer, de::Error as _};

/// The longest name that is compared; longer ones match nobody.
const MAX_NAME: usize = 4096;

/// A signer that the policy names by certificate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Identity {
    /// The OIDC issuer, compared byte for byte.
    pub issuer: String,
    /// The subject alternative name.
    pub subject: Pattern,
}

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
}

impl Pattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Err(PatternError::Empty);
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
        let repository = facts.repository.as_ref().map(|r| r.path());
        let commit = facts.commit().map(|c| c.as_str());
        let mut parts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            parts.push(match part {
                Part::Star => None,
                Part::Text(text) => Some(text.as_str()),
                Part::Tag => Some(facts.tag.raw()),
                Part::Repository | Part::Commit => {
                    let value = if *part == Part::Commit { commit } else { repository };
                    match value {
                        Some(value) => Some(value),
                        None => return false,
                    }
                }
            });
        }
        name.len() <= MAX_NAME && glob(&parts, name.as_bytes())
    }

    /// Whether it stands for more than one name.
    pub fn has_star(&self) -> bool {
        self.parts.contains(&Part::Star)
    }

    /// The pattern with the release's values filled in, for people.
    pub fn filled(&self, facts: &Facts) -> String {
        let value =
            |value: Option<&str>, name: &str| value.map_or_else(|| format!("{{{name}}}"), str::to_owned);
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Star => "*".to_owned(),
                Part::Repository => value(facts.repository.as_ref().map(|r| r.path()), "repository"),
                Part::Tag => facts.tag.to_string(),
                Part::Commit => value(facts.commit().map(|c| c.as_str()), "commit"),
            })
            .collect()
    }
}

/// Whether `name` is made of `parts`, where `None` is a star. Linear in practice: a star never crosses a `/` or `@`.
fn glob(parts: &[Option<&str>], name: &[u8]) -> bool {
    let Some((first, rest)) = parts.split_first() else { return name.is_empty() };
    match first {
        Some(text) => name.strip_prefix(text.as_bytes()).is_some_and(|after| glob(rest, after)),
        None => {
            let run = name.iter().take_while(|b| !matches!(b, b'/' | b'@')).count();
            (1..=run).any(|n| glob(rest, &name[n..]))
        }
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Identity {
    /// Whether `signer` is this one.
    pub fn is(&self, signer: &Signer, facts: &Facts) -> bool {
        let Signer::Certificate(certificate) = signer else { return false };
        certificate.issuer.raw() == self.issuer && self.subject.matches(certificate.identity.raw(), facts)
    }

    /// `subject (issuer)`, for people.
    pub fn describe(&self, facts: &Facts) -> String {
        format!("{} (issuer {})", self.subject.filled(facts), self.issuer)
    }
}

/// `subject (issuer)` of a certificate, for people.
pub fn describe(signer: &Signer) -> String {
    match signer {
        Signer::Certificate(certificate) => {
            let Certificate { identity, issuer, .. } = certificate.as_ref();
            format!("{identity} (issuer {issuer})")
        }
        Signer::Key { name, fingerprint, detail: None } => {
            format!("key {name} (SHA-256 of the public key {fingerprint})")
        }
        Signer::Key { name, detail: Some(detail), .. } => format!("key {name} ({detail})"),
        Signer::Registry(_) => signer.to_string(),
    }
}

/// The issuer and the workflows of the release's own repository at its tag, where the forge's are known.
pub fn derived(facts: &Facts) -> Vec<Identity> {
    let Some(repository) = &facts.repository else { return Vec::new() };
    let (issuer, subject) = match repository.host() {
        "github.com" => {
            (GITHUB_ISSUER, "https://github.com/{repository}/.github/workflows/*@refs/tags/{tag}")
        }
        "gitlab.com" => (GITLAB_ISSUER, "https://gitlab.com/{repository}//.gitlab-ci.yml@refs/tags/{tag}"),
        _ => return Vec::new(),
    };
    let subject = Pattern::parse(subject).expect("the built-in patterns are well formed");
    vec![Identity { issuer: issuer.to_owned(), subject }]
}

/// The OIDC issuer of GitHub Actions.
pub const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";
/// The OIDC issuer of GitLab CI on gitlab.com.
pub const GITLAB_ISSUER: &str = "https://gitlab.com";

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
}
