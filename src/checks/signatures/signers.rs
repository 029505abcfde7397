//! Who may sign, and how many of them did.
//!
//! The policy names principals: an identity, a key, or the release's own workflows together. `threshold` asks for that
//! many *different* principals, each met by a *different* signer: one workflow that signs twice, or that two patterns
//! name, counts once, and so does one key under two names.

use super::{NamedKey, Policy};
use crate::{
    checks::{
        identity::{self, Fit, Identity, Misfit, ascii},
        reproduce::{By, Name, Run},
    },
    facts::{Facts, KeyKind},
    proof::Signer,
};
use std::collections::BTreeSet;

/// The namespace of SSH signatures over files where the policy names none.
pub(super) const SSH_NAMESPACE: &str = "file";

/// Everybody whom the policy names, for one release.
pub(super) struct Signers<'a> {
    facts: &'a Facts,
    principals: Vec<Principal<'a>>,
}

/// One of those of whom a threshold asks for several.
enum Principal<'a> {
    /// Somebody by certificate; several names of one principal are the places where a forge keeps workflows.
    Identities(Vec<Identity>),
    /// The holder of a key.
    Key(&'a NamedKey),
}

impl<'a> Signers<'a> {
    /// Those whom `policy` names for the release that `facts` are about.
    pub(super) fn of(policy: &'a Policy, facts: &'a Facts) -> Self {
        let named = policy.identities.iter().map(|identity| Principal::Identities(vec![identity.clone()]));
        let derived = if policy.derive { identity::derived(facts) } else { Vec::new() };
        let derived = (!derived.is_empty()).then_some(Principal::Identities(derived));
        let keys = policy.keys.iter().map(Principal::Key);
        Self { facts, principals: named.chain(derived).chain(keys).collect() }
    }

    /// Whether nobody is named.
    pub(super) fn is_empty(&self) -> bool {
        self.principals.is_empty()
    }

    /// Whether a key is named.
    pub(super) fn has_keys(&self) -> bool {
        self.keys().next().is_some()
    }

    /// Whether nobody is named but holders of keys.
    pub(super) fn has_only_keys(&self) -> bool {
        self.has_keys() && self.identities().next().is_none()
    }

    fn keys(&self) -> impl Iterator<Item = &'a NamedKey> {
        self.principals.iter().filter_map(|principal| match principal {
            Principal::Key(key) => Some(*key),
            Principal::Identities(_) => None,
        })
    }

    fn identities(&self) -> impl Iterator<Item = &Identity> {
        self.principals.iter().flat_map(|principal| match principal {
            Principal::Identities(all) => all.as_slice(),
            Principal::Key(_) => &[],
        })
    }

    /// Whether `signer` is one of them.
    pub(super) fn names(&self, signer: &Signer) -> bool {
        self.principals.iter().any(|principal| self.is(principal, signer))
    }

    fn is(&self, principal: &Principal<'_>, signer: &Signer) -> bool {
        match (principal, signer) {
            (Principal::Identities(all), Signer::Certificate(_)) => {
                all.iter().any(|identity| identity.is(signer, self.facts))
            }
            // A key that is named for something else (another component, a tag) may have made the proof.
            (Principal::Key(key), Signer::Key { name, .. }) => key.name == *name,
            _ => false,
        }
    }

    /// What the certificate of somebody who would be named says otherwise; a contradiction goes before a gap.
    pub(super) fn misfit(&self, signer: &Signer) -> Option<Misfit> {
        let Signer::Certificate(certificate) = signer else { return None };
        let mut misfits: Vec<Misfit> = self
            .identities()
            .filter_map(|identity| match identity.fit(certificate, self.facts) {
                Fit::Claim(misfit) => Some(misfit),
                Fit::Is | Fit::Other => None,
            })
            .collect();
        misfits.sort_by_key(|misfit| misfit.found.is_none());
        misfits.into_iter().next()
    }

    /// How many principals `signers` are, at the most: each signer stands for one, and each principal is met once.
    pub(super) fn count<'s>(&self, signers: impl IntoIterator<Item = &'s Signer>) -> usize {
        let mut seen = BTreeSet::new();
        let signers: Vec<&Signer> = signers.into_iter().filter(|signer| seen.insert(same(signer))).collect();
        let mut met: Vec<Option<usize>> = vec![None; self.principals.len()];
        // Kuhn's algorithm for the largest matching.
        (0..signers.len()).filter(|at| self.place(*at, &signers, &mut met, &mut BTreeSet::new())).count()
    }

    fn place(
        &self,
        at: usize,
        signers: &[&Signer],
        met: &mut [Option<usize>],
        tried: &mut BTreeSet<usize>,
    ) -> bool {
        for (place, principal) in self.principals.iter().enumerate() {
            if !self.is(principal, signers[at]) || !tried.insert(place) {
                continue;
            }
            let free = match met[place] {
                None => true,
                Some(other) => self.place(other, signers, met, tried),
            };
            if free {
                met[place] = Some(at);
                return true;
            }
        }
        false
    }

    /// Everybody who may sign, for people.
    pub(super) fn describe(&self) -> String {
        let named = self.principals.iter().map(|principal| match principal {
            Principal::Key(key) => format!("key \"{}\"", ascii(&key.name)),
            Principal::Identities(all) => {
                all.iter().map(|identity| identity.describe(self.facts)).collect::<Vec<_>>().join(" or ")
            }
        });
        named.collect::<Vec<_>>().join(" or ")
    }

    /// One of those who may sign by certificate, as other tools are told.
    pub(super) fn certificate(&self) -> Option<By<'_>> {
        let identity = self.identities().next()?;
        let subject = match identity.subject.has_star() {
            true => Name::Matching(identity.subject.as_regex(self.facts)),
            false => Name::Exactly(identity.subject.filled(self.facts)),
        };
        Some(By::Certificate { subject, issuer: &identity.issuer, run: self.run(identity) })
    }

    /// The run that a derived identity of GitHub Actions must be of.
    fn run(&self, identity: &Identity) -> Option<Run> {
        let own = self.facts.repository.as_ref().filter(|_| identity.issuer == identity::GITHUB_ISSUER)?;
        let reference = identity.claims.source_repository_ref.as_ref()?.filled(self.facts);
        let commit = identity.claims.source_repository_digest.as_ref()?.filled(self.facts);
        let commit = self.facts.commit().is_some().then_some(commit);
        Some(Run { repository: own.path().to_owned(), reference, commit })
    }

    /// One of the keys of `kind` that may sign, as other tools are told; `name` is that of the one that did, where one
    /// did. A tool that is given a key of another kind says nothing about the signature.
    pub(super) fn key(&self, name: Option<&str>, kind: KeyKind) -> Option<By<'a>> {
        let fits = |key: &NamedKey| self.facts.trusted.keys.get(&key.name) == Some(&kind);
        let keys: Vec<&NamedKey> =
            self.keys().filter(|key| fits(key) && name.is_none_or(|name| name == key.name)).collect();
        // A key that is written into the policy itself has to be put into a file first; which of several, nobody knows.
        let file = match keys.as_slice() {
            [] => return None,
            [key] => key.file.as_deref(),
            _ => None,
        };
        Some(By::Key(file.unwrap_or("KEY.pub")))
    }

    /// The file of SSH's allowed signers by which a signature is judged, where there is one such file and no other SSH key.
    pub(super) fn allowed(&self) -> Option<By<'a>> {
        let trusted = &self.facts.trusted;
        let mut keys = self.keys().filter(|key| trusted.keys.get(&key.name) == Some(&KeyKind::Ssh));
        let (key, None) = (keys.next()?, keys.next()) else { return None };
        let principal = trusted.principals.get(&key.name)?;
        let namespace = key.namespaces.first().map_or(SSH_NAMESPACE, String::as_str);
        Some(By::Allowed { file: key.file.as_deref()?, principal, namespace })
    }

    /// The namespaces of SSH signatures that the policy names, or else the one of files.
    pub(super) fn namespaces(&self) -> Vec<&'a str> {
        let named: BTreeSet<&str> = self.keys().flat_map(|key| &key.namespaces).map(String::as_str).collect();
        if named.is_empty() { vec![SSH_NAMESPACE] } else { named.into_iter().collect() }
    }
}

/// What makes two signers the same: subject and issuer, or the key itself.
fn same(signer: &Signer) -> (String, String) {
    match signer {
        Signer::Certificate(certificate) => {
            (certificate.identity.raw().to_owned(), certificate.issuer.raw().to_owned())
        }
        Signer::Key { fingerprint, .. } => (String::new(), fingerprint.to_string()),
        Signer::Registry(_) => (signer.to_string(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        proof::{Certificate, Claims},
        release::Sha256,
        text::Untrusted,
    };

    fn certificate(subject: &str) -> Signer {
        let (identity, issuer) = (Untrusted::new(subject), Untrusted::new("https://i.example"));
        Signer::Certificate(Box::new(Certificate { identity, issuer, claims: Claims::default() }))
    }

    fn key(name: &str, material: &[u8]) -> Signer {
        Signer::Key { name: name.to_owned(), fingerprint: Sha256::of(material), detail: None }
    }

    fn count(policy: &str, signers: &[Signer]) -> usize {
        let policy: Policy = toml::from_str(&format!("derive = false\n{policy}")).unwrap();
        let facts = Facts::for_tests("github.com/acme/widget", "v1.2.3");
        Signers::of(&policy, &facts).count(signers)
    }

    fn identities(subjects: &[&str]) -> String {
        let entry = |subject: &&str| {
            format!("[[identity]]\nissuer = \"https://i.example\"\nsubject = \"{subject}\"\n")
        };
        subjects.iter().map(entry).collect()
    }

    #[test]
    fn each_signer_and_each_principal_counts_once() {
        let (a, b) = (certificate("https://a/x"), certificate("https://a/y"));
        let one = identities(&["https://a/*"]);
        let both = identities(&["https://a/*", "https://a/x"]);
        let exact = identities(&["https://a/x", "https://a/y"]);
        for (policy, signers, expected) in [
            (&exact, vec![], 0),
            (&exact, vec![a.clone()], 1),
            (&exact, vec![a.clone(), a.clone()], 1),
            (&exact, vec![a.clone(), b.clone()], 2),
            (&exact, vec![certificate("https://a/z")], 0),
            // One principal, however many of its names sign.
            (&one, vec![a.clone(), b.clone()], 1),
            // One signer, however many principals name it.
            (&both, vec![a.clone()], 1),
            (&both, vec![b.clone()], 1),
            // The order in which they come does not matter.
            (&both, vec![a.clone(), b.clone()], 2),
            (&both, vec![b, a], 2),
        ] {
            assert_eq!(count(policy, &signers), expected, "{policy} {signers:?}");
        }
    }

    #[test]
    fn one_key_under_two_names_is_one_signer() {
        let keys = "[[key]]\nname = \"a\"\ntext = \"\"\n[[key]]\nname = \"b\"\ntext = \"\"\n";
        assert_eq!(count(keys, &[key("a", b"1"), key("b", b"2")]), 2);
        assert_eq!(count(keys, &[key("a", b"1"), key("b", b"1")]), 1);
        assert_eq!(count(keys, &[key("a", b"1"), key("a", b"1")]), 1);
        assert_eq!(count(keys, &[key("c", b"3")]), 0);
    }
}
