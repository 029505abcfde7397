//! Statements of a forge or a registry about what it serves: GitHub's of an immutable release, npm's of a publication.
//!
//! The rule that must not be broken: they tell that the bytes are those that the forge or registry took in under that
//! name, and nothing of how they were built. Every member that names the release must name the same one.
//!
//! Follows the in-toto predicate "release" v0.1 and v0.2, and npm's "publish" v0.1.

use super::{Statement, StatementError, StatementVersion};
use crate::{
    digest::Algorithm,
    json::{Node, ShapeError},
};

/// The predicate type of npm's publish attestations.
pub const PUBLISH_V0_1: &str = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";
/// The predicate type of a release attestation, as GitHub makes one for an immutable release.
pub const RELEASE_V0_1: &str = "https://in-toto.io/attestation/release/v0.1";
/// The same in its second version, which renames a member that is not read here.
pub const RELEASE_V0_2: &str = "https://in-toto.io/attestation/release/v0.2";

/// The registry that npm's attestations are about.
const NPM_REGISTRY: &str = concat!("https://registry.", "npmjs.org");

/// What a forge or a registry says that it served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Release {
    /// A release on github.com.
    GitHub {
        /// OWNER/NAME.
        repository: String,
        /// The tag.
        tag: String,
        /// The git object that the tag named, where the statement says so.
        object: Option<String>,
    },
    /// A package of npm's registry.
    Npm {
        /// The name, with its scope.
        name: String,
        /// The version.
        version: String,
    },
}

impl Release {
    /// Reads the release that a statement is about; `None` for a statement of another kind.
    ///
    /// # Errors
    /// The first member that is missing, malformed or names another release than the others.
    pub fn of(statement: &Statement) -> Result<Option<Self>, StatementError> {
        let predicate = Node::root(statement.predicate()).named("$.predicate");
        match statement.predicate_type().as_str() {
            RELEASE_V0_1 | RELEASE_V0_2 => github(statement, &predicate).map(Some),
            PUBLISH_V0_1 => npm(statement, &predicate).map(Some),
            _ => Ok(None),
        }
    }
}

fn github(statement: &Statement, predicate: &Node<'_>) -> Result<Release, StatementError> {
    if statement.version() != StatementVersion::V1 {
        return Err(predicate.error("is in a statement of version 0.1, and GitHub writes version 1").into());
    }
    let repository = predicate.required("repository")?.text()?;
    let tag = predicate.required("tag")?.text()?;
    let purl = predicate.required("purl")?;
    let named = package("pkg:github/", &purl)?;
    // The type `github` of purl has no upper case in the name, and git's tags have.
    if !named.0.eq_ignore_ascii_case(repository) || named.1 != tag {
        return Err(purl.error(format!("names another release than {repository:?} at {tag:?}")).into());
    }
    // The release itself is a subject too: it has no name, and the digest of the git object.
    let mut objects =
        statement.subjects().iter().filter(|subject| subject.name.is_none()).flat_map(|subject| {
            subject
                .digests
                .iter()
                .filter(|digest| *digest.algorithm() == Algorithm::from_digest_set_key("sha1"))
        });
    let object = objects.next().map(|digest| digest.hex().to_owned());
    if objects.next().is_some() {
        return Err(predicate.error("is in a statement about more than one git object").into());
    }
    Ok(Release::GitHub { repository: repository.to_owned(), tag: tag.to_owned(), object })
}

fn npm(statement: &Statement, predicate: &Node<'_>) -> Result<Release, StatementError> {
    let name = predicate.required("name")?.text()?;
    let version = predicate.required("version")?.text()?;
    let registry = predicate.required("registry")?;
    if registry.text()? != NPM_REGISTRY {
        return Err(registry.error(format!("is not {NPM_REGISTRY}")).into());
    }
    let [subject] = statement.subjects() else {
        return Err(predicate.error("is in a statement with more than one subject").into());
    };
    let stated = serde_json::Value::from(subject.name.as_deref().unwrap_or_default());
    let purl = Node::root(&stated).named("$.subject[0].name");
    let named = package("pkg:npm/", &purl)?;
    if (named.0.as_str(), named.1.as_str()) != (name, version) {
        return Err(purl.error(format!("names another package than {name:?} at {version:?}")).into());
    }
    if !subject.digests.iter().any(|digest| *digest.algorithm() == Algorithm::Sha512) {
        return Err(purl.error("has no SHA-512 digest").into());
    }
    Ok(Release::Npm { name: name.to_owned(), version: version.to_owned() })
}

/// Name and version in a package URL without qualifiers and subpath.
fn package(scheme: &str, purl: &Node<'_>) -> Result<(String, String), ShapeError> {
    let malformed = || purl.error(format!("is no package URL of the form {scheme}NAME@VERSION"));
    let rest = purl.string()?.strip_prefix(scheme).ok_or_else(malformed)?;
    let (name, version) = rest.rsplit_once('@').ok_or_else(malformed)?;
    if name.is_empty() || version.is_empty() || rest.contains(['?', '#']) {
        return Err(malformed());
    }
    Ok((decoded(name).ok_or_else(malformed)?, decoded(version).ok_or_else(malformed)?))
}

/// Percent-decoding; `None` for what is malformed or not UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, after @ ..] = rest else { return None };
        let digit = |byte: u8| char::from(byte).to_digit(16);
        bytes.push(u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Limits;
    use serde_json::{Value, json};

    fn of(statement: &Value) -> Result<Option<Release>, String> {
        let text = statement.to_string();
        let statement = Statement::parse(text.as_bytes(), Limits::bytes(text.len())).unwrap();
        Release::of(&statement).map_err(|e| e.to_string())
    }

    fn github() -> Value {
        json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [
                {"uri": "pkg:github/Acme/widget@v1%2B2", "digest": {"sha1": "a".repeat(40)}},
                {"name": "widget.tar.gz", "digest": {"sha256": "b".repeat(64)}},
            ],
            "predicateType": RELEASE_V0_2,
            "predicate": {"purl": "pkg:github/acme/widget@v1%2B2", "repository": "Acme/widget", "tag": "v1+2"},
        })
    }

    fn npm() -> Value {
        json!({
            "_type": "https://in-toto.io/Statement/v0.1",
            "subject": [{"name": "pkg:npm/%40acme/widget@1.2.3", "digest": {"sha512": "c".repeat(128)}}],
            "predicateType": PUBLISH_V0_1,
            "predicate": {"name": "@acme/widget", "version": "1.2.3", "registry": NPM_REGISTRY},
        })
    }

    #[test]
    fn a_release_is_read_where_all_of_it_names_the_same_one() {
        let read = of(&github()).unwrap().unwrap();
        let (repository, tag) = ("Acme/widget".to_owned(), "v1+2".to_owned());
        assert_eq!(read, Release::GitHub { repository, tag, object: Some("a".repeat(40)) });
        let read = of(&npm()).unwrap().unwrap();
        assert_eq!(read, Release::Npm { name: "@acme/widget".to_owned(), version: "1.2.3".to_owned() });
        let mut other = npm();
        other["predicateType"] = "https://example.com/x".into();
        assert_eq!(of(&other), Ok(None));
    }

    #[test]
    fn a_release_that_two_members_name_differently_is_refused_by_the_path_of_one() {
        type Case = (fn() -> Value, &'static str, Value, &'static str);
        let cases: [Case; 13] = [
            (github, "/predicate/tag", json!("v1"), "$.predicate.purl"),
            (github, "/predicate/repository", json!("acme/widgets"), "$.predicate.purl"),
            (github, "/predicate/purl", json!("pkg:npm/widget@1"), "$.predicate.purl"),
            (github, "/predicate/purl", json!("pkg:github/acme/widget"), "$.predicate.purl"),
            (github, "/predicate/purl", json!("pkg:github/acme/widget@v1%2B2?x=y"), "$.predicate.purl"),
            (github, "/predicate/purl", json!("pkg:github/acme/widget@v1%2"), "$.predicate.purl"),
            (github, "/predicate/repository", json!(""), "$.predicate.repository"),
            (github, "/predicate/tag", Value::Null, "tag"),
            (npm, "/predicate/version", json!("1.2.4"), "$.subject[0].name"),
            (npm, "/predicate/name", json!("widget"), "$.subject[0].name"),
            (npm, "/subject/0/name", json!("pkg:npm/%40acme/widget@1.2.4"), "$.subject[0].name"),
            (npm, "/predicate/registry", json!("https://registry.evil.example"), "$.predicate.registry"),
            (npm, "/subject/0/digest", json!({"sha256": "c".repeat(64)}), "$.subject[0].name"),
        ];
        for (good, place, value, path) in cases {
            let mut statement = good();
            *statement.pointer_mut(place).unwrap() = value.clone();
            let error = of(&statement).expect_err(place);
            assert!(error.contains(path), "{place} = {value}: {error}");
        }
        let mut twice = npm();
        let subject = twice["subject"][0].clone();
        twice["subject"].as_array_mut().unwrap().push(subject);
        assert!(of(&twice).unwrap_err().contains("more than one subject"));
    }
}
