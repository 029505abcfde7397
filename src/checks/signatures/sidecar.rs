//! What is wrong with one published signature, whatever it is about.

use super::{
    EXPIRED, IDENTITY, INVALID, Judge, NO_TIME, ORPHAN, REVOKED, UNBOUND, UNREADABLE, WEAK, is_provenance,
    is_summary, signers::SSH_NAMESPACE,
};
use crate::{
    checks::{
        identity::{self, Misfit},
        reproduce::{Kind, reproduce},
    },
    evidence::PublishedFile,
    facts::{Cover, KeyKind, SignatureFact},
    outcome::{Finding, Status, Subject},
    proof::{self, DetachedKind, Format, Proof, Reason, Refusal, Signed, Signer},
    release::ArtifactName,
};

impl Judge<'_> {
    /// What is wrong with one signature, whatever it is about; nothing when it is good and by a named signer.
    pub(super) fn sidecar(&self, fact: &SignatureFact) -> Option<Finding> {
        let subject = self.subject_of(fact);
        let finding = match &fact.proof {
            Err(refusal) => self.refused(fact, subject, refusal),
            Ok(proof) => self.unfit(fact, proof, subject)?,
        };
        Some(finding.rests_on([fact.sha256]))
    }

    /// The published file that a signature is named after, or else the signature itself.
    pub(super) fn subject_of(&self, fact: &SignatureFact) -> Subject {
        let published = ArtifactName::parse(&fact.about).filter(|name| self.files.all.contains_key(name));
        Subject::artifact(published.as_ref().map_or(fact.file.as_str(), ArtifactName::as_str))
    }

    fn refused(&self, fact: &SignatureFact, subject: Subject, refusal: &Refusal) -> Finding {
        let (rule, status) = match refusal.reason {
            Reason::Unbound if self.files.is_unread(&fact.about) => (&UNREADABLE, Status::Undetermined),
            Reason::Invalid | Reason::Stranger => (&INVALID, Status::Fail),
            Reason::Unbound if subject.name == fact.file.as_str() => (&ORPHAN, Status::Fail),
            Reason::Unbound => (&UNBOUND, Status::Fail),
            Reason::Expired => (&EXPIRED, Status::Fail),
            Reason::Revoked => (&REVOKED, Status::Fail),
            Reason::Weak => (&WEAK, Status::Fail),
            Reason::NoTime => (&NO_TIME, Status::Undetermined),
            Reason::Unreadable => (&UNREADABLE, Status::Undetermined),
            Reason::UnknownKey if self.signers.has_keys() => (&IDENTITY, Status::Fail),
            Reason::UnknownKey => (&IDENTITY, Status::Undetermined),
        };
        let is_dated = matches!(fact.kind, Some(DetachedKind::Minisign | DetachedKind::OpenPgp));
        let expected = match refusal.reason {
            Reason::NoTime if is_dated => "a date of its own, by the moment that is judged",
            reason => expected(reason),
        };
        let message = format!("{}: {refusal}", fact.file);
        let finding = Finding::new(rule, status, subject, message).expected(expected);
        let finding = self.with_command(finding, fact);
        match refusal.reason {
            Reason::UnknownKey => {
                finding.fix(
                "find out whose key made it; only if it is the project's, name it in the policy, under \
                 [[rules.signatures.key]] (name and file)",
            )
            }
            Reason::Expired if fact.kind == Some(DetachedKind::OpenPgp) => finding.fix(
                "if the key was extended before it signed, export it anew (gpg --armor --export) over the file beside the \
                 policy; otherwise it has to be signed again with a key that is valid",
            ),
            Reason::Stranger => finding.fix(
                "if this is your own Sigstore instance, pass its root with --trusted-root; otherwise do not use the \
                 artifact",
            ),
            Reason::NoTime if is_dated => finding.fix(
                "where it is dated too late, judge as at a later moment (--as-of), or check the clocks of this machine and \
                 of the signer; where it has no date, sign again",
            ),
            // Of a file that is there, an SSH signature is unbound by its namespace alone.
            Reason::Unbound if fact.kind == Some(DetachedKind::Ssh) && rule == &UNBOUND => {
                finding.fix(self.namespace_fix())
            }
            _ => finding,
        }
    }

    /// What to do about an SSH signature in a namespace that does not count.
    fn namespace_fix(&self) -> String {
        format!(
            "sign again with `ssh-keygen -Y sign -n {}`, or, if that namespace is meant, add it to the key's namespaces in \
             the policy, and to those of its line in allowed_signers",
            self.signers.namespaces().join(" or ")
        )
    }

    /// What is wrong with a signature that verifies.
    pub(super) fn unfit(&self, fact: &SignatureFact, proof: &Proof, subject: Subject) -> Option<Finding> {
        let by = identity::describe(proof.signer());
        if let Some((name, Cover::Contradicted { signed })) =
            fact.covers.iter().find(|(_, cover)| matches!(cover, Cover::Contradicted { .. }))
        {
            let own = self.files.all.get(name).and_then(|f| f.digests.get(signed.algorithm()));
            let message = format!("{} was signed by {by} for other bytes than {name} has", fact.file);
            return Some(
                Finding::fail(&UNBOUND, Subject::artifact(name), message)
                    .expected(signed.to_string())
                    .found(own.map_or_else(|| "another digest".to_owned(), ToString::to_string)),
            );
        }
        if let Some((name, Cover::NotComputed { signed })) =
            fact.covers.iter().find(|(_, cover)| matches!(cover, Cover::NotComputed { .. }))
        {
            let message =
                format!("{} was signed by {by} with a digest of {name} that was not computed", fact.file);
            return Some(
                Finding::undetermined(&UNBOUND, Subject::artifact(name), message)
                    .expected(signed.to_string()),
            );
        }
        let covers =
            |name: &str| ArtifactName::parse(name).is_some_and(|name| fact.covers.contains_key(&name));
        let about_published = subject.name != fact.file.as_str();
        if about_published && !covers(&fact.about) {
            let message =
                format!("{} is a good signature by {by}, over another file than {}", fact.file, fact.about);
            let own = ArtifactName::parse(&fact.about).and_then(|name| self.files.all.get(&name));
            let finding = Finding::fail(&UNBOUND, subject, message).expected(signed_digest(proof));
            let finding = match own {
                Some(file) => finding.found(own_digest(file, proof)),
                None => finding,
            };
            return Some(self.with_command(finding, fact));
        }
        if fact.covers.is_empty() && self.files.is_unread(&fact.about) {
            let message =
                format!("{} is a good signature by {by}, for a file that could not be read", fact.file);
            return Some(Finding::undetermined(&UNREADABLE, subject, message));
        }
        if fact.covers.is_empty() {
            let message = format!("{} is a good signature by {by}, for no file that is published", fact.file);
            let finding = Finding::fail(&ORPHAN, subject, message).expected(signed_digest(proof));
            return Some(finding.found("no published file of that digest"));
        }
        if let Some(late) = proof.times().iter().find(|time| **time > self.facts.as_of) {
            let message = format!("{} was signed at {late}, after the moment that is judged", fact.file);
            return Some(
                Finding::undetermined(&NO_TIME, subject, message)
                    .expected(format!("signed by {}", self.facts.as_of))
                    .fix("judge as at a later moment (--as-of), or check this machine's clock"),
            );
        }
        if let Signer::Registry(_) = proof.signer() {
            return self.of_another_release(fact, proof, subject);
        }
        // Who may state provenance is the business of the `provenance` check.
        if is_provenance(proof) || is_summary(proof) || self.signers.names(proof.signer()) {
            return None;
        }
        Some(self.stranger(fact, proof.signer(), subject))
    }

    /// Why somebody who signed is not one of those who may.
    fn stranger(&self, fact: &SignatureFact, signer: &Signer, subject: Subject) -> Finding {
        let found = identity::describe(signer);
        if self.signers.is_empty() {
            let message = format!("{} verifies, and the policy does not say who may sign", fact.file);
            return Finding::undetermined(&IDENTITY, subject, message)
                .found(found)
                .expected("a signer named by the policy; none is, and none can be derived")
                .fix("name the signer in the policy, under [[rules.signatures.identity]]");
        }
        let finding = match self.signers.misfit(signer) {
            Some(Misfit { claim, expected, found: Some(other) }) => {
                let message = format!("{} verifies, and its signer was run for another {claim}", fact.file);
                let found = format!("{} by {found}", identity::ascii(other.raw()));
                Finding::fail(&IDENTITY, subject, message).expected(expected).found(found).fix(
                    "do not use the artifact until it is known who ran this workflow; if that is right, name the \
                     signer with its claims under [[rules.signatures.identity]]",
                )
            }
            Some(Misfit { claim, expected, found: None }) => {
                let message =
                    format!("{} verifies, and nothing says that its {claim} is the release's", fact.file);
                Finding::undetermined(&IDENTITY, subject, message).expected(expected).found(found)
            }
            None => {
                let message =
                    format!("{} verifies, and is by somebody whom the policy does not name", fact.file);
                Finding::fail(&IDENTITY, subject, message).expected(self.signers.describe()).found(found)
            }
        };
        self.with_command(finding, fact)
    }

    /// With the command of another tool that shows the same, where there is one.
    fn with_command(&self, finding: Finding, fact: &SignatureFact) -> Finding {
        // What nobody could read, another tool would be asked about in vain.
        let is_unread = fact.proof.as_ref().is_err_and(|refusal| refusal.reason == Reason::Unreadable);
        let command = self.kind(fact).filter(|_| !is_unread).and_then(|kind| self.command(fact, kind));
        match command {
            Some(command) => finding.reproduce(command),
            None => finding,
        }
    }

    /// The command that checks the signature of `fact`; none where what it needs is not there to be named.
    fn command(&self, fact: &SignatureFact, kind: Kind<'_>) -> Option<String> {
        let signer = fact.proof.as_ref().map(Proof::signer);
        let own = match &signer {
            Ok(Signer::Key { name, .. }) => Some(name.as_str()),
            _ => None,
        };
        let by = match kind {
            Kind::Bundle | Kind::Attestation { .. } if own.is_none() => self.signers.certificate(),
            Kind::Bundle | Kind::Attestation { .. } | Kind::Detached => self.signers.key(own, KeyKind::Pem),
            Kind::Minisign | Kind::Signify => self.signers.key(own, KeyKind::Minisign),
            Kind::OpenPgp => self.signers.key(own, KeyKind::OpenPgp),
            // Who may sign in which namespace, only a tool that is told so refuses, and when, none is told.
            Kind::Ssh { .. } => match fact.proof.as_ref().err()?.reason {
                Reason::Invalid => self.signers.key(None, KeyKind::Ssh),
                Reason::Unbound | Reason::UnknownKey => self.signers.allowed(),
                _ => None,
            },
        };
        let roots = &self.facts.trusted.root_files;
        let root = match (kind, roots.as_slice()) {
            (Kind::Bundle | Kind::Attestation { .. }, [_, _, ..]) => return None,
            (_, roots) => roots.first().map(String::as_str),
        };
        reproduce(kind, &by?, root, fact.file.as_str(), self.published_about(fact, kind)?)
    }

    /// The published file that a tool has to be given with the signature; the signature itself where it holds what it is
    /// about.
    fn published_about<'a>(&'a self, fact: &'a SignatureFact, kind: Kind<'_>) -> Option<&'a str> {
        let is_published =
            ArtifactName::parse(&fact.about).is_some_and(|name| self.files.all.contains_key(&name));
        if is_published {
            return Some(&fact.about);
        }
        match kind {
            // An attestation speaks of several files, and is named after none of them.
            Kind::Attestation { .. } => {
                let covered = fact.covers.keys().find(|name| **name != fact.file);
                covered.or_else(|| self.files.artifacts.keys().next()).map(ArtifactName::as_str)
            }
            // What is no OpenPGP signature by its first bytes may be a signed text that was damaged.
            Kind::OpenPgp if fact.kind == Some(DetachedKind::Raw) => Some(fact.file.as_str()),
            _ => None,
        }
    }

    /// What the signature is to other tools.
    fn kind<'a>(&self, fact: &'a SignatureFact) -> Option<Kind<'a>> {
        let (format, _) = proof::recognise(fact.file.as_str())?;
        match (format, fact.proof.as_ref().map(Proof::signed)) {
            (Format::Bundle, Ok(Signed::Statement(statement))) => {
                Some(Kind::Attestation { predicate_type: statement.predicate_type().as_str() })
            }
            (Format::Bundle, Ok(_)) => Some(Kind::Bundle),
            // What cannot be read is taken for what its name says.
            (Format::Bundle, Err(_)) => {
                let lower = fact.file.as_str().to_ascii_lowercase();
                let attests = ["intoto", "provenance", "attestation", "slsa"];
                Some(match attests.iter().any(|word| lower.contains(word)) {
                    true => Kind::Attestation { predicate_type: "https://slsa.dev/provenance/v1" },
                    false => Kind::Bundle,
                })
            }
            // A text inside its own signature has no file of its own that a tool could be given.
            (Format::Detached, Ok(Signed::Text(_))) | (Format::Certificate, _) => None,
            (Format::Detached, _) => Some(match fact.kind? {
                DetachedKind::Raw if is_named_open_pgp(fact.file.as_str()) => Kind::OpenPgp,
                DetachedKind::Raw => Kind::Detached,
                DetachedKind::Minisign => Kind::Minisign,
                DetachedKind::Signify => Kind::Signify,
                DetachedKind::OpenPgp => Kind::OpenPgp,
                DetachedKind::Ssh => Kind::Ssh { namespace: SSH_NAMESPACE },
            }),
        }
    }
}

/// Whether a file is called like what OpenPGP writes: no other tool can say what is wrong with it.
fn is_named_open_pgp(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".asc", ".gpg", ".pgp"].iter().any(|suffix| lower.ends_with(suffix))
}

/// What would have been accepted.
fn expected(reason: Reason) -> &'static str {
    match reason {
        Reason::Invalid => "a signature that verifies",
        Reason::Stranger => "a certificate and a log of a Sigstore instance that is trusted here",
        Reason::Unbound => "a signature over the file that it is named after",
        Reason::Expired => "a certificate or key that was valid when the signature was made",
        Reason::Revoked => "a key that is not revoked",
        Reason::Weak => "SHA-256 or better, and an RSA key of 2048 bits or more",
        Reason::NoTime => "a log entry or a timestamp that says when it was signed",
        Reason::Unreadable => "a signature of a kind and size that can be read",
        Reason::UnknownKey => "a key that the policy names",
    }
}

/// The digest that a published file has, by the algorithm that was signed where that was computed.
fn own_digest(file: &PublishedFile, proof: &Proof) -> String {
    let algorithm = match proof.signed() {
        Signed::File(digest) | Signed::Text(digest) => Some(digest.algorithm()),
        Signed::Object(_) | Signed::Statement(_) => None,
    };
    let same = algorithm.and_then(|algorithm| file.digests.get(algorithm));
    same.unwrap_or_else(|| file.digests.sha256()).to_string()
}

fn signed_digest(proof: &Proof) -> String {
    match proof.signed() {
        Signed::File(digest) | Signed::Text(digest) => digest.to_string(),
        Signed::Object(id) => id.to_string(),
        Signed::Statement(statement) => {
            let digests = statement.subjects().iter().take(3).map(|subject| {
                let digest = subject.digests.first().map_or_else(String::new, ToString::to_string);
                format!("{} {digest}", crate::text::clean(subject.name.as_deref().unwrap_or("(no name)")))
            });
            digests.collect::<Vec<_>>().join(", ")
        }
    }
}
