//! Who may sign: exact names, or globs over path segments, with what the certificate must say of the build besides.
//!
//! The rule that must not be broken: a name is compared whole; a claim that is asked for and missing is not met; and a
//! workflow that strangers may call does not speak for the release when strangers call it.

use crate::{
    facts::Facts,
    proof::{Certificate, Signer},
};
use serde::Deserialize;

mod claims;
mod derive;
mod pattern;

pub use claims::{Misfit, Required};
pub use derive::{derived, derived_on, issuer};
pub use pattern::{Pattern, PatternError};

/// The OIDC issuer of GitHub Actions.
pub const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";
/// The OIDC issuer of GitLab CI on gitlab.com.
pub const GITLAB_ISSUER: &str = "https://gitlab.com";

/// A signer that the policy names by certificate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Identity {
    /// The OIDC issuer, compared byte for byte.
    pub issuer: String,
    /// The subject alternative name.
    pub subject: Pattern,
    /// What the certificate must say besides.
    #[serde(default)]
    pub claims: Required,
}

/// How a certificate compares with a named signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is that signer's.
    Is,
    /// Issuer and name are that signer's, and a claim is not.
    Claim(Misfit),
    /// It is somebody else's.
    Other,
}

impl Identity {
    /// Whether issuer and name are this signer's, whatever else the certificate says.
    pub fn is_named(&self, certificate: &Certificate, facts: &Facts) -> bool {
        certificate.issuer.raw() == self.issuer && self.subject.matches(certificate.identity.raw(), facts)
    }

    /// Compares a certificate with this signer.
    pub fn fit(&self, certificate: &Certificate, facts: &Facts) -> Fit {
        if !self.is_named(certificate, facts) {
            return Fit::Other;
        }
        let misfit = self.claims.misfit(&certificate.claims, facts);
        misfit.or_else(|| self.called_by_a_stranger(certificate, facts)).map_or(Fit::Is, Fit::Claim)
    }

    /// Whether `signer` is this one.
    pub fn is(&self, signer: &Signer, facts: &Facts) -> bool {
        let Signer::Certificate(certificate) = signer else { return false };
        self.fit(certificate, facts) == Fit::Is
    }

    /// A reusable workflow signs for whoever calls it. Where the policy says nothing about the caller, that may be the
    /// repository that the workflow lies in, or the release's own repository at its tag and commit; nobody else.
    fn called_by_a_stranger(&self, certificate: &Certificate, facts: &Facts) -> Option<Misfit> {
        if self.claims.source_repository_uri.is_some() || !is_workflow(certificate.identity.raw()) {
            return None;
        }
        let Some(source) = certificate.claims.source_repository_uri.as_ref() else {
            let own = self.claims_expected(facts);
            return Some(Misfit { claim: "source repository", expected: own, found: None });
        };
        let inside = certificate.identity.raw().strip_prefix(source.raw());
        // `https://HOST/OWNER/NAME` at the least, so that no owner and no host is taken for a repository.
        let is_repository = source.raw().split('/').count() >= 5 && !source.raw().ends_with('/');
        if is_repository && inside.is_some_and(|path| path.starts_with('/')) {
            return None;
        }
        let own = facts.repository.as_ref().map(|repository| repository.url());
        if own.as_deref() != Some(source.raw()) {
            let expected = self.claims_expected(facts);
            return Some(Misfit { claim: "source repository", expected, found: Some(source.clone()) });
        }
        let at_the_tag = Required {
            source_repository_ref: self
                .claims
                .source_repository_ref
                .is_none()
                .then(|| built_in("refs/tags/{tag}")),
            source_repository_digest: self
                .claims
                .source_repository_digest
                .is_none()
                .then(|| built_in("{commit}")),
            ..Required::default()
        };
        at_the_tag.misfit(&certificate.claims, facts)
    }

    fn claims_expected(&self, facts: &Facts) -> String {
        let own = facts.repository.as_ref().map(|repository| repository.url());
        own.unwrap_or_else(|| "the repository that the workflow lies in".to_owned())
    }

    /// `subject (issuer)`, for people.
    pub fn describe(&self, facts: &Facts) -> String {
        format!("{} (issuer {})", self.subject.filled(facts), self.issuer)
    }
}

fn built_in(text: &str) -> Pattern {
    Pattern::parse(text).expect("the built-in patterns are well formed")
}

/// Whether a subject names a workflow, as Fulcio writes it for GitHub, GitLab, Forgejo and Gitea.
fn is_workflow(subject: &str) -> bool {
    let Some(path) = subject.strip_prefix("https://") else { return false };
    ["/.github/workflows/", "/.forgejo/workflows/", "/.gitea/workflows/", "//"]
        .iter()
        .any(|part| path.contains(part))
}

/// `subject (issuer)` of a certificate, or the name of a key, for people. What is not ASCII is shown escaped: letters
/// that look alike are the oldest way to pass for somebody else.
pub fn describe(signer: &Signer) -> String {
    match signer {
        Signer::Certificate(certificate) => {
            let Certificate { identity, issuer, .. } = certificate.as_ref();
            format!("{} (issuer {})", ascii(identity.raw()), ascii(issuer.raw()))
        }
        Signer::Key { name, fingerprint, detail: None } => {
            format!("key {} (SHA-256 of the public key {fingerprint})", ascii(name))
        }
        Signer::Key { name, detail: Some(detail), .. } => {
            format!("key {} ({})", ascii(name), ascii(detail.raw()))
        }
        Signer::Registry(_) => ascii(&signer.to_string()),
    }
}

/// The name of a signer, for people: as [`describe`], in fewer words.
pub fn name(signer: &Signer) -> String {
    match signer {
        Signer::Certificate(certificate) => ascii(certificate.identity.raw()),
        Signer::Key { name, detail: None, .. } => format!("key {}", ascii(name)),
        Signer::Key { name, detail: Some(detail), .. } => {
            format!("key {} ({})", ascii(name), ascii(detail.raw()))
        }
        Signer::Registry(_) => ascii(&signer.to_string()),
    }
}

/// The parts of a signer's name that hold something else than printable ASCII.
pub fn odd_names(signer: &Signer) -> Vec<&str> {
    let names = match signer {
        Signer::Certificate(certificate) => vec![certificate.identity.raw(), certificate.issuer.raw()],
        Signer::Key { name, detail, .. } => {
            [Some(name.as_str()), detail.as_ref().map(|detail| detail.raw())].into_iter().flatten().collect()
        }
        // Its name is this program's own.
        Signer::Registry(_) => Vec::new(),
    };
    names.into_iter().filter(|name| !name.chars().all(is_plain)).collect()
}

/// `text` with everything that is not printable ASCII as `\u{..}`.
pub fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_plain(c) {
            out.push(c);
        } else {
            out.extend(c.escape_unicode());
        }
    }
    out
}

fn is_plain(c: char) -> bool {
    c.is_ascii_graphic() || c == ' '
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{proof::Claims, text::Untrusted};

    const REUSABLE: &str = "https://github.com/acme/builder/.github/workflows/sign.yml@refs/tags/v2";

    fn signed_by(subject: &str, source: Option<&str>, reference: &str) -> Certificate {
        let claims = Claims {
            source_repository_uri: source.map(Untrusted::new),
            source_repository_ref: Some(Untrusted::new(reference)),
            ..Claims::default()
        };
        Certificate { identity: Untrusted::new(subject), issuer: Untrusted::new(GITHUB_ISSUER), claims }
    }

    fn named(subject: &str) -> Identity {
        Identity {
            issuer: GITHUB_ISSUER.to_owned(),
            subject: Pattern::parse(subject).unwrap(),
            claims: Required::default(),
        }
    }

    #[test]
    fn a_reusable_workflow_speaks_for_its_own_repository_and_the_releases_and_for_no_caller_besides() {
        let facts = Facts::for_tests("github.com/acme/widget", "v1.2.3");
        let fit = |source: &str, reference: &str| {
            named(REUSABLE).fit(&signed_by(REUSABLE, Some(source), reference), &facts)
        };
        assert_eq!(fit("https://github.com/acme/builder", "refs/heads/main"), Fit::Is);
        for stranger in ["https://github.com/mallory/widget", "https://github.com/acme/build", "", "https:/"]
        {
            let Fit::Claim(misfit) = fit(stranger, "refs/tags/v1.2.3") else { panic!("{stranger}") };
            assert_eq!(
                (misfit.claim, misfit.expected.as_str()),
                ("source repository", "https://github.com/acme/widget")
            );
        }
        let Fit::Claim(misfit) = fit("https://github.com/acme/widget", "refs/heads/main") else { panic!() };
        assert_eq!((misfit.claim, misfit.expected.as_str()), ("source ref", "refs/tags/v1.2.3"));
    }

    #[test]
    fn a_workflow_of_the_repository_that_a_stranger_calls_is_not_the_repositorys() {
        let facts = Facts::for_tests("github.com/acme/widget", "v1.2.3");
        let subject = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
        for source in [Some("https://github.com/mallory/widget"), None] {
            let certificate = signed_by(subject, source, "refs/tags/v1.2.3");
            let Fit::Claim(misfit) = derived(&facts)[0].fit(&certificate, &facts) else {
                panic!("{source:?}")
            };
            assert_eq!((misfit.claim, misfit.found.is_some()), ("source repository", source.is_some()));
        }
    }

    #[test]
    fn what_is_not_ascii_is_shown_escaped() {
        assert_eq!(ascii("https://g\u{456}thub.com/a\tb"), r"https://g\u{456}thub.com/a\u{9}b");
        let certificate = signed_by("https://g\u{456}thub.com/acme", None, "x");
        let signer = Signer::Certificate(Box::new(certificate));
        assert_eq!(odd_names(&signer), ["https://g\u{456}thub.com/acme"]);
        assert!(describe(&signer).is_ascii() && name(&signer).is_ascii());
    }
}
