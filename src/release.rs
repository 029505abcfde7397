//! What a release is: a tag of a repository, the commit it names, and the files published under it.

use crate::text::{self, Untrusted};
use serde::{Deserialize, Serialize};
use std::{borrow::Borrow, fmt};

/// A SHA-256 digest; written as 64 lowercase hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256(pub [u8; 32]);

impl Sha256 {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest;
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Reads 64 lowercase hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let lower = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let mut bytes = [0; 32];
        (lower && hex::decode_to_slice(text, &mut bytes).is_ok()).then_some(Self(bytes))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{self}")
    }
}

impl Serialize for Sha256 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sha256 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text)
            .ok_or_else(|| serde::de::Error::custom("a SHA-256 digest is 64 lowercase hexadecimal digits"))
    }
}

/// The name of a published file: one path segment, printable, at most 255 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArtifactName(String);

impl ArtifactName {
    /// Takes a name, refusing one that could leave a folder, move a cursor or start a workflow command.
    pub fn parse(name: &str) -> Option<Self> {
        let plain = |c: char| text::is_plain(c) && !matches!(c, '/' | '\\');
        let fits = (1..=255).contains(&name.len()) && !matches!(name, "." | "..");
        (fits && name.chars().all(plain)).then(|| Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names are ordered as their texts are, so that a text finds one.
impl Borrow<str> for ArtifactName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for ArtifactName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArtifactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for ArtifactName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::parse(&name).ok_or_else(|| format!("not a file name: {}", Untrusted::new(name)))
    }
}

impl From<ArtifactName> for String {
    fn from(name: ArtifactName) -> Self {
        name.0
    }
}

/// A git object id: 40 (SHA-1) or 64 (SHA-256) lowercase hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectId(String);

impl ObjectId {
    /// Reads an object id.
    pub fn parse(text: &str) -> Option<Self> {
        let hexadecimal = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        (matches!(text.len(), 40 | 64) && hexadecimal).then(|| Self(text.to_owned()))
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, as people read them.
    pub fn short(&self) -> &str {
        &self.0[..12]
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for ObjectId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("not a git object id: {}", Untrusted::new(text)))
    }
}

impl From<ObjectId> for String {
    fn from(id: ObjectId) -> Self {
        id.0
    }
}

/// Where a repository is published, such as `github.com/acme/widget`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepositoryName {
    host: String,
    path: String,
}

impl RepositoryName {
    /// Reads `OWNER/NAME` (on github.com), `HOST/OWNER/NAME`, an https or ssh URL, or `git@HOST:OWNER/NAME.git`.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_suffix('/').unwrap_or(text);
        let rest = rest.strip_suffix(".git").unwrap_or(rest);
        let (host, path) =
            if let Some(after) = rest.strip_prefix("https://").or_else(|| rest.strip_prefix("ssh://")) {
                let (authority, path) = after.split_once('/')?;
                // Programs disagree where the authority ends when one of these stands in it.
                if authority.contains(['?', '#', '\\', '%']) {
                    return None;
                }
                // A user name or a token in the URL is not part of the name, and is never kept.
                (authority.rsplit_once('@').map_or(authority, |(_, host)| host), path)
            } else if let Some((user_host, path)) = rest.split_once(':') {
                (user_host.split_once('@')?.1, path)
            } else if rest.split('/').count() == 2 {
                ("github.com", rest)
            } else {
                let (host, path) = rest.split_once('/')?;
                (host.contains('.').then_some(host)?, path)
            };
        let host_is_plain = host.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !host.contains("..")
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'))
            && !host.is_empty();
        let segment = |s: &str| {
            !s.is_empty()
                && !matches!(s, "." | "..")
                && s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'~'))
        };
        let path_is_plain = path.split('/').count() >= 2 && path.split('/').all(segment) && path.len() <= 255;
        (host_is_plain && path_is_plain)
            .then(|| Self { host: host.to_ascii_lowercase(), path: path.to_owned() })
    }

    /// The host, in lower case.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// `OWNER/NAME`, with groups between them where the forge has them.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its name, without the owner.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Its https URL, as certificates and provenance spell it.
    pub fn url(&self) -> String {
        format!("https://{self}")
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.path)
    }
}

impl TryFrom<String> for RepositoryName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("not a repository: {}", Untrusted::new(text)))
    }
}

impl From<RepositoryName> for String {
    fn from(name: RepositoryName) -> Self {
        name.to_string()
    }
}

/// A kind of forge. It decides what the identities of its builds look like, and is never guessed from a host that is not
/// known: a policy says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Forge {
    /// github.com, GitHub Enterprise Cloud with data residency (`TENANT.ghe.com`), GitHub Enterprise Server.
    Github,
    /// gitlab.com, and every other GitLab.
    Gitlab,
    /// codeberg.org, and every other Forgejo.
    Forgejo,
    /// Gitea.
    Gitea,
}

impl Forge {
    /// The kind of the forges that everybody knows by name.
    pub fn of_host(host: &str) -> Option<Self> {
        match host {
            "github.com" => Some(Self::Github),
            "gitlab.com" => Some(Self::Gitlab),
            "codeberg.org" => Some(Self::Forgejo),
            _ => ghe_tenant(host).map(|_| Self::Github),
        }
    }

    /// The word that a policy has for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Forgejo => "forgejo",
            Self::Gitea => "gitea",
        }
    }
}

/// The tenant in `TENANT.ghe.com`, a host of GitHub Enterprise Cloud with data residency.
pub fn ghe_tenant(host: &str) -> Option<&str> {
    let tenant = host.strip_suffix(".ghe.com")?;
    let plain = tenant.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (plain && !tenant.is_empty()).then_some(tenant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_one_printable_segment() {
        for good in ["widget.tar.gz", "größe.zip", "a b", "-x", "aux:1"] {
            assert!(ArtifactName::parse(good).is_some(), "{good}");
        }
        let long = "x".repeat(256);
        for bad in ["", ".", "..", "a/b", "a\\b", "a\nb", "a\x1bb", "a\u{202e}b", "a\0", long.as_str()] {
            assert!(ArtifactName::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_repository_is_read_in_each_spelling_and_loses_its_credentials() {
        for spelling in [
            "acme/widget",
            "github.com/acme/widget",
            "https://github.com/acme/widget",
            "https://github.com/acme/widget.git",
            "https://x-access-token:secret@GitHub.com/acme/widget/",
            "git@github.com:acme/widget.git",
            "ssh://git@github.com/acme/widget.git",
        ] {
            let name = RepositoryName::parse(spelling).expect(spelling);
            assert_eq!(name.url(), "https://github.com/acme/widget");
        }
        for bad in [
            "widget",
            "/srv/acme/widget",
            "acme/../widget",
            "acme/wid get",
            "../acme/widget",
            "-x.y/a/b",
            "http://github.com/a/b",
            "https://evil.example?@github.com/acme/widget",
            "https://evil.example#@github.com/acme/widget",
            "https://evil.example\\@github.com/acme/widget",
            "a//b",
        ] {
            assert_eq!(RepositoryName::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn digests_are_lowercase_and_whole() {
        let digest = Sha256::of(b"");
        assert_eq!(Sha256::from_hex(&digest.to_string()), Some(digest));
        assert_eq!(Sha256::from_hex(&digest.to_string().to_uppercase()), None);
        assert_eq!(Sha256::from_hex(&digest.to_string()[1..]), None);
    }

    #[test]
    fn only_the_forges_that_everybody_knows_are_told_by_their_host() {
        assert_eq!(Forge::of_host("github.com"), Some(Forge::Github));
        assert_eq!(Forge::of_host("acme.ghe.com"), Some(Forge::Github));
        assert_eq!(Forge::of_host("gitlab.com"), Some(Forge::Gitlab));
        assert_eq!(Forge::of_host("codeberg.org"), Some(Forge::Forgejo));
        for unknown in [
            "gitlab.acme.org",
            "ghe.com",
            ".ghe.com",
            "a.b.ghe.com",
            "github.com.evil.example",
            "xgithub.com",
        ] {
            assert_eq!(Forge::of_host(unknown), None, "{unknown}");
        }
    }
}
