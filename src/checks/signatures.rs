//! Every artifact is signed by somebody whom the policy names.
//!
//! An artifact counts as signed when it is signed itself, when SLSA provenance about it is, or when a signed checksum
//! file lists its digest. A signature that does not verify is a finding even where another one does: somebody put it
//! there.

use super::{
    Check, Judges, Meta,
    checksums::{quoted, quoted_file},
    identity::{self, Identity},
};
use crate::{
    facts::{Cover, Facts, Files, SignatureFact},
    outcome::{Finding, Rule, Status, Subject},
    proof::{
        Proof, Reason, Refusal, Signed, Signer,
        statement::{PredicateType, Release},
    },
    release::ArtifactName,
    text::clean,
};
use serde::Deserialize;

rules! { "signatures":
    SIGNED = "signed", Require, "the artifact is signed by somebody whom the policy names",
        example: "widget.tar.gz is signed by https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3",
        fix: "nothing to do";
    UNSIGNED = "unsigned", Require, "every artifact has a signature, or is listed in a signed checksum file",
        example: "widget.exe has no signature, and no signed checksum file lists it",
        fix: "sign it in the release workflow (`cosign sign-blob --bundle widget.exe.sigstore.json widget.exe`)";
    INVALID = "invalid", Require, "every published signature verifies",
        example: "widget.tar.gz.sigstore.json does not verify: invalid signature",
        fix: "find out what was changed after signing; do not use the artifact until then";
    IDENTITY = "identity", Require, "whoever signed is named by the policy",
        example: "widget.tar.gz is signed by somebody else's workflow",
        fix: "if this signer is right, name it under [[rules.signatures.identity]] in the policy";
    EXPIRED = "expired", Require, "the certificate was valid when the signature was made",
        example: "the certificate had expired 2 hours before the log entry was made",
        fix: "sign again, with a certificate that is still valid";
    REVOKED = "revoked", Require, "the key was not revoked",
        example: "the key was revoked as compromised on 2025-03-01",
        fix: "sign again with a key that is valid; take the revoked one out of the policy";
    WEAK = "weak", Require, "no signature rests on a broken hash function or a short key",
        example: "widget.tar.gz.asc is made over SHA-1",
        fix: "sign again with SHA-256 or better, and an RSA key of 2048 bits or more";
    ORPHAN = "orphan", Require, "every signature is about a published file",
        example: "widget.deb.sigstore.json is for a file that is not published",
        fix: "publish the file, or remove its signature";
    UNBOUND = "unbound", Require, "a signature covers the file that it is named after",
        example: "widget.tar.gz.sigstore.json is a good signature over another file",
        fix: "find out whether the artifact or its signature was exchanged; do not use the artifact until then";
    RELEASE = "release", Require, "what a forge or a registry states of a release is about this one",
        example: "widget.attestation.json is GitHub's attestation of release v1.2.2, and v1.2.3 is judged",
        fix: "publish the attestation of this release, or remove it";
    NO_TIME = "no-time", Require, "an authenticated clock says when the signature was made, and not after the moment judged",
        example: "a bare DSSE envelope without a log entry",
        fix: "publish the Sigstore bundle, which holds the log entry, instead of the bare envelope";
    UNREADABLE = "unreadable", Require, "every published signature is of a kind that can be read",
        example: "widget.tar.gz.asc: an OpenPGP signature is not read by this version",
        fix: "publish a Sigstore bundle, or look at the signature with its own tool";
}

/// The check.
pub struct Signatures;

/// `[rules.signatures]`: who may sign.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// Signers by certificate. With none and without a derived one, nobody may sign.
    #[serde(rename = "identity")]
    pub identities: Vec<Identity>,
    /// Signers by key.
    #[serde(rename = "key")]
    pub keys: Vec<NamedKey>,
    /// Whether the release's own workflows at its tag may sign, besides those named.
    pub derive: bool,
    /// Whether what the forge or a registry states of this release counts as a signature of its files.
    pub release_attestations: bool,
}

/// A public key that may sign.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedKey {
    /// What reports call it.
    pub name: String,
    /// The file that holds it, beside the policy: PEM, minisign, signify, OpenPGP, SSH, or `allowed_signers`.
    pub file: Option<String>,
    /// The key itself, where it is text.
    #[serde(alias = "pem")]
    pub text: Option<String>,
    /// What `file` holds, once it was read.
    #[serde(skip)]
    pub content: Option<Vec<u8>>,
    /// OpenPGP: the keys and subkeys of the certificate that may sign; all signing ones where none is named.
    #[serde(default)]
    pub fingerprints: Vec<String>,
    /// SSH: the principals that count; all where none is named.
    #[serde(default)]
    pub principals: Vec<String>,
    /// SSH: the namespaces that count; `file`, or `git` for tags, where none is named.
    #[serde(default)]
    pub namespaces: Vec<String>,
    /// minisign: whether signatures over the file itself, and not over its hash, count.
    #[serde(default)]
    pub legacy: bool,
}

impl NamedKey {
    /// The bytes of the key; empty before its file was read.
    pub fn bytes(&self) -> &[u8] {
        self.content.as_deref().or(self.text.as_deref().map(str::as_bytes)).unwrap_or_default()
    }
}

/// Adds the key files to what the digest of a policy is computed over.
pub(crate) fn add_keys(all: &mut Vec<u8>, keys: &[NamedKey]) {
    for content in keys.iter().filter_map(|key| key.content.as_deref()) {
        all.push(0);
        all.extend_from_slice(content);
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self { identities: Vec::new(), keys: Vec::new(), derive: true, release_attestations: false }
    }
}

impl Policy {
    /// Everybody who may sign by certificate.
    fn signers(&self, facts: &Facts) -> Vec<Identity> {
        let derived = if self.derive { identity::derived(facts) } else { Vec::new() };
        self.identities.iter().cloned().chain(derived).collect()
    }
}

impl Check for Signatures {
    const META: Meta = Meta {
        id: "signatures",
        summary: "every artifact is signed by somebody whom the policy names",
        rules: RULES,
        judges: Judges::EachArtifact,
    };

    type Policy = Policy;

    fn run(facts: &Facts, policy: &Policy) -> Vec<Finding> {
        let files = match super::files(facts, &UNSIGNED) {
            Ok(files) => files,
            Err(finding) => return vec![*finding],
        };
        let judge = Judge {
            facts,
            files,
            signers: policy.signers(facts),
            has_keys: !policy.keys.is_empty(),
            keys: &policy.keys,
            release_attestations: policy.release_attestations,
        };
        let mut findings: Vec<Finding> =
            files.signatures.iter().filter_map(|fact| judge.sidecar(fact)).collect();
        let artifacts: Vec<Finding> =
            files.artifacts.keys().filter_map(|name| judge.artifact(name, &findings)).collect();
        let sboms: Vec<Finding> = files
            .sboms
            .iter()
            .filter_map(|name| judge.artifact(name, &findings))
            .map(Finding::warning)
            .collect();
        findings.extend(artifacts.into_iter().chain(sboms));
        findings.extend(files.signatures.iter().filter_map(|fact| judge.stated(fact)));
        findings.extend(files.unread.iter().map(|unread| {
            let message = format!("{} was not judged: {}", unread.name, unread.why);
            Finding::undetermined(&UNREADABLE, Subject::artifact(unread.name.raw()), message)
        }));
        findings
    }

    /// To tolerate a signature is not to do without one.
    fn answers(rule: &Rule) -> bool {
        rule == &UNSIGNED
    }
}

struct Judge<'a> {
    facts: &'a Facts,
    files: &'a Files,
    signers: Vec<Identity>,
    has_keys: bool,
    keys: &'a [NamedKey],
    release_attestations: bool,
}

impl Judge<'_> {
    /// What is wrong with one signature, whatever it is about; nothing when it is good and by a named signer.
    fn sidecar(&self, fact: &SignatureFact) -> Option<Finding> {
        let subject = self.subject_of(fact);
        let finding = match &fact.proof {
            Err(refusal) => self.refused(fact, subject, refusal),
            Ok(proof) => self.unfit(fact, proof, subject)?,
        };
        Some(finding.rests_on([fact.sha256]))
    }

    /// The published file that a signature is named after, or else the signature itself.
    fn subject_of(&self, fact: &SignatureFact) -> Subject {
        let published = ArtifactName::parse(&fact.about).filter(|name| self.files.all.contains_key(name));
        Subject::artifact(published.as_ref().map_or(fact.file.as_str(), ArtifactName::as_str))
    }

    fn refused(&self, fact: &SignatureFact, subject: Subject, refusal: &Refusal) -> Finding {
        let (rule, status) = match refusal.reason {
            Reason::Invalid | Reason::Stranger => (&INVALID, Status::Fail),
            Reason::Unbound if subject.name == fact.file.as_str() => (&ORPHAN, Status::Fail),
            Reason::Unbound => (&UNBOUND, Status::Fail),
            Reason::Expired => (&EXPIRED, Status::Fail),
            Reason::Revoked => (&REVOKED, Status::Fail),
            Reason::Weak => (&WEAK, Status::Fail),
            Reason::NoTime => (&NO_TIME, Status::Undetermined),
            Reason::Unreadable => (&UNREADABLE, Status::Undetermined),
            Reason::UnknownKey if self.has_keys => (&IDENTITY, Status::Fail),
            Reason::UnknownKey => (&IDENTITY, Status::Undetermined),
        };
        let finding = Finding::new(rule, status, subject, format!("{}: {refusal}", fact.file));
        match refusal.reason {
            Reason::UnknownKey => {
                finding.fix("name the key in the policy, under [[rules.signatures.key]] (name and file)")
            }
            Reason::Stranger => finding.fix(
                "if this is your own Sigstore instance, pass its root with --trusted-root; otherwise do not use the \
                 artifact",
            ),
            _ => finding,
        }
    }

    /// What is wrong with a signature that verifies.
    fn unfit(&self, fact: &SignatureFact, proof: &Proof, subject: Subject) -> Option<Finding> {
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
            return Some(Finding::fail(&UNBOUND, subject, message).found(signed_digest(proof)));
        }
        if fact.covers.is_empty() {
            let message = format!("{} is a good signature by {by}, for no file that is published", fact.file);
            return Some(Finding::fail(&ORPHAN, subject, message).found(signed_digest(proof)));
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
            let (status, expected, found) = self.other_release(proof)?;
            let message = format!("{} is by {}, of another release", fact.file, proof.signer());
            return Some(Finding::new(&RELEASE, status, subject, message).expected(expected).found(found));
        }
        // Who may state provenance is the business of the `provenance` check.
        if is_provenance(proof) || self.is_named(proof.signer()) {
            return None;
        }
        Some(self.stranger(fact, proof.signer(), subject))
    }

    fn stranger(&self, fact: &SignatureFact, signer: &Signer, subject: Subject) -> Finding {
        let found = identity::describe(signer);
        if self.signers.is_empty() && !self.has_keys {
            let message = format!("{} verifies, and the policy does not say who may sign", fact.file);
            return Finding::undetermined(&IDENTITY, subject, message)
                .found(found)
                .expected("a signer named by the policy; none is, and none can be derived")
                .fix("name the signer in the policy, under [[rules.signatures.identity]]");
        }
        let message = format!("{} verifies, and is by somebody whom the policy does not name", fact.file);
        let finding = Finding::fail(&IDENTITY, subject, message).expected(self.named()).found(found);
        match self.signers.iter().find(|signer| !signer.subject.has_star()) {
            // Other tools compare names exactly: a pattern would show nothing.
            None => finding,
            Some(signer) => finding.reproduce(format!(
                "cosign verify-blob --bundle {} --certificate-identity {} --certificate-oidc-issuer {} -- {}",
                quoted_file(fact.file.as_str()),
                quoted(&signer.subject.filled(self.facts)),
                quoted(&signer.issuer),
                quoted_file(&fact.about),
            )),
        }
    }

    /// Everybody who may sign, for people.
    fn named(&self) -> String {
        let keys = self.keys.iter().map(|key| format!("key \"{}\"", key.name));
        let signers = self.signers.iter().map(|signer| signer.describe(self.facts));
        signers.chain(keys).collect::<Vec<_>>().join(" or ")
    }

    fn is_named(&self, signer: &Signer) -> bool {
        match signer {
            Signer::Key { name, .. } => self.keys.iter().any(|key| key.name == *name),
            Signer::Certificate(_) => self.signers.iter().any(|named| named.is(signer, self.facts)),
            // It speaks of what it serves, whoever made that.
            Signer::Registry(_) => false,
        }
    }

    /// Why a forge's or a registry's statement is not about the release that is judged, or may not be.
    fn other_release(&self, proof: &Proof) -> Option<(Status, String, String)> {
        let Signed::Statement(statement) = proof.signed() else {
            return Some((
                Status::Fail,
                "a statement of a release".to_owned(),
                "a signature of a file".to_owned(),
            ));
        };
        match Release::of(statement) {
            Ok(Some(Release::GitHub { repository, tag, object })) => {
                self.other_github_release(&repository, &tag, object.as_deref())
            }
            Ok(Some(Release::Npm { name, version })) => {
                let found = clean(&format!("{name}@{version}")).into_owned();
                match &self.facts.version {
                    Some(own) if own.matches_manifest(&version) => None,
                    Some(own) => Some((Status::Fail, format!("version {}", own.number()), found)),
                    None => Some((Status::Undetermined, "a tag that spells a version".to_owned(), found)),
                }
            }
            _ => Some((Status::Fail, "a statement of a release".to_owned(), "another statement".to_owned())),
        }
    }

    fn other_github_release(
        &self,
        repository: &str,
        tag: &str,
        object: Option<&str>,
    ) -> Option<(Status, String, String)> {
        let found = clean(&format!("github.com/{repository} at {tag}")).into_owned();
        let Some(own) = &self.facts.repository else {
            return Some((
                Status::Undetermined,
                "a repository that the policy or the checkout names".to_owned(),
                found,
            ));
        };
        let is_it = own.host() == "github.com" && own.path().eq_ignore_ascii_case(repository);
        if !is_it || tag != self.facts.tag.raw() {
            return Some((Status::Fail, format!("{own} at {}", self.facts.tag), found));
        }
        let record = self.facts.tag_record.present()?;
        let named = [record.object.as_str(), record.commit.as_str()];
        let object = object.filter(|object| !named.contains(object))?;
        Some((
            Status::Fail,
            format!("{} at {}", self.facts.tag, record.object),
            format!("{found}, {}", clean(object)),
        ))
    }

    /// What a forge or a registry states of this release, told for what it is.
    fn stated(&self, fact: &SignatureFact) -> Option<Finding> {
        let proof = fact.proof.as_ref().ok().filter(|proof| matches!(proof.signer(), Signer::Registry(_)))?;
        if self.unfit(fact, proof, self.subject_of(fact)).is_some() {
            return None;
        }
        let counts = match self.release_attestations {
            true => "it counts as a signature, for the policy says so",
            false => "it counts as no signature (release-attestations = true would count it)",
        };
        let message = format!(
            "{} is by {}: it proves that the files are those it took in, and not how they were built; {counts}",
            fact.file,
            proof.signer()
        );
        let subject = Subject::artifact(fact.file.as_str());
        Some(Finding::pass(&RELEASE, subject, message).rests_on([fact.sha256]))
    }

    /// Whether a forge's or a registry's statement of this very release counts as a signature.
    fn is_counted_attestation(&self, proof: &Proof) -> bool {
        self.release_attestations
            && matches!(proof.signer(), Signer::Registry(_))
            && self.other_release(proof).is_none()
    }

    /// Signatures that count: they verify, in time, over all of `name`, by a named signer.
    fn accepted<'a>(
        &'a self,
        name: &'a ArtifactName,
    ) -> impl Iterator<Item = (&'a SignatureFact, &'a Proof)> {
        self.files.speaking_of(name).filter_map(move |(fact, cover)| {
            let proof = fact.proof.as_ref().ok()?;
            let bound = *cover == Cover::Bound;
            let counts = matches!(proof.signed(), Signed::File(_)) || is_provenance(proof);
            let by_named = counts && self.is_named(proof.signer());
            let in_time = proof.times().iter().all(|time| *time <= self.facts.as_of);
            (bound && in_time && (by_named || self.is_counted_attestation(proof))).then_some((fact, proof))
        })
    }

    /// Whether `name` is signed, and how; nothing when a finding about it already says why not.
    fn artifact(&self, name: &ArtifactName, said: &[Finding]) -> Option<Finding> {
        let subject = Subject::artifact(name);
        if let Some((fact, proof)) = self.accepted(name).next() {
            let how = match proof.signed() {
                Signed::File(_) | Signed::Object(_) => "signed",
                Signed::Statement(_) => "attested",
            };
            let message = format!("{name} is {how} by {}", proof.signer());
            return Some(
                Finding::pass(&SIGNED, subject, message).found(fact.file.as_str()).rests_on([fact.sha256]),
            );
        }
        for list in self.files.listing(name) {
            if let Some((fact, proof)) =
                self.accepted(&list.file).find(|(_, p)| matches!(p.signed(), Signed::File(_)))
            {
                let message =
                    format!("{name} is listed in {}, which is signed by {}", list.file, proof.signer());
                return Some(Finding::pass(&SIGNED, subject, message).rests_on([list.sha256, fact.sha256]));
            }
        }
        if said.iter().any(|finding| finding.subject == subject) {
            return None;
        }
        // A signature that could not be looked at may be the artifact's: then nobody knows.
        let is_artifact = |s: &Subject| self.files.artifacts.keys().any(|name| name.as_str() == s.name);
        let unknown = said.iter().any(|f| f.status == Status::Undetermined && !is_artifact(&f.subject));
        let status = if unknown { Status::Undetermined } else { Status::Fail };
        let message = match unknown {
            true => format!("{name} has no signature that could be read"),
            false => format!("{name} has no signature, and no signed checksum file lists it"),
        };
        let bundle = quoted_file(&format!("{name}.sigstore.json"));
        let fix = format!(
            "sign it in the release workflow (cosign sign-blob --bundle {bundle} {}); if it does not belong to the \
             release, do not use it",
            quoted_file(name.as_str())
        );
        Some(Finding::new(&UNSIGNED, status, subject, message).fix(fix))
    }
}

fn is_provenance(proof: &Proof) -> bool {
    matches!(proof.signed(), Signed::Statement(statement) if matches!(statement.predicate_type(), PredicateType::Provenance(_)))
}

fn signed_digest(proof: &Proof) -> String {
    match proof.signed() {
        Signed::File(digest) => digest.to_string(),
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
