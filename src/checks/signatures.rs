//! Every artifact is signed by somebody whom the policy names.
//!
//! An artifact counts as signed when it is signed itself, when SLSA provenance about it is, or when a signed checksum
//! file lists its digest; where the policy asks for several signers, all of these count together. A signature that does
//! not verify is a finding even where another one does: somebody put it there.

use super::{
    Check, Judges, Meta, Rules,
    identity::{self, Identity},
};
use crate::{
    facts::{Cover, Facts, Files, SignatureFact},
    outcome::{Finding, Rule, Status, Subject},
    proof::{Proof, Signed, Signer, statement::PredicateType},
    release::ArtifactName,
};
use rayon::prelude::*;
use serde::Deserialize;
use signers::Signers;
use std::collections::BTreeSet;

mod releases;
mod sidecar;
mod signers;
mod unsigned;

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
    IDENTITY_CHARACTERS = "identity-characters", Warn, "whoever signed has a name of plain ASCII letters, that looks like no other",
        example: "the issuer of widget.tar.gz.sigstore.json holds \\u{456}, which looks like an i",
        fix: "compare the escaped name letter by letter with the one that you know before you name it anywhere";
    THRESHOLD = "threshold", Require, "as many different signers as the policy asks for signed the artifact",
        example: "widget.tar.gz is signed by 1 of the 2 signers that the policy asks for",
        fix: "let a further one of the named signers sign the artifact, or the checksum file that lists it";
    EXPIRED = "expired", Require, "the certificate was valid when the signature was made",
        example: "the certificate had expired 2 hours before the log entry was made",
        fix: "sign again, with a certificate that is still valid";
    REVOKED = "revoked", Require, "the key was not revoked",
        example: "the key was revoked as compromised on 2025-03-01",
        fix: "sign again with a key that is valid; take the revoked one out of the policy";
    WEAK = "weak", Require, "no signature rests on a broken hash function, a short key or a form that the policy does not accept",
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
        example: "release-key.asc: it is a public key and no signature",
        fix: "publish a signature of a kind that is read; keep keys in another place than the release";
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
    /// How many different ones of all these must sign each artifact.
    pub threshold: usize,
    /// Whether what the forge or a registry states of this release counts as a signature of its files.
    pub release_attestations: bool,
}

/// A public key that may sign.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
        self.content.as_deref().or_else(|| self.text.as_deref().map(str::as_bytes)).unwrap_or_default()
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
        Self {
            identities: Vec::new(),
            keys: Vec::new(),
            derive: true,
            threshold: 1,
            release_attestations: false,
        }
    }
}

impl Policy {
    /// How many different signers it names.
    pub(crate) fn principals(&self) -> usize {
        self.identities.len() + self.keys.len() + usize::from(self.derive)
    }
}

/// Who may sign, by `policy`.
pub(super) fn may_sign<'a>(policy: &'a Policy, facts: &'a Facts) -> impl Fn(&Signer) -> bool + Sync + 'a {
    let signers = Signers::of(policy, facts);
    move |signer| signers.names(signer)
}

impl Check for Signatures {
    const META: Meta = Meta {
        id: "signatures",
        summary: "every artifact is signed by somebody whom the policy names",
        rules: RULES,
        judges: Judges::EachArtifact,
    };

    type Policy = Policy;

    fn run(facts: &Facts, rules: &Rules) -> Vec<Finding> {
        let policy = &rules.signatures;
        let files = match super::files(facts, &UNSIGNED) {
            Ok(files) => files,
            Err(finding) => return vec![*finding],
        };
        let mut judge = Judge {
            facts,
            files,
            signers: Signers::of(policy, facts),
            threshold: policy.threshold,
            release_attestations: policy.release_attestations,
            unread_list: None,
        };
        judge.unread_list = judge.signed_and_unread();
        let mut findings: Vec<Finding> =
            files.signatures.par_iter().filter_map(|fact| judge.sidecar(fact)).collect();
        // Before the artifacts: what could not be read may be the signature of one.
        findings.extend(files.unread.iter().map(|unread| {
            let message = format!("{} was not judged: {}", unread.name, unread.why);
            Finding::undetermined(&UNREADABLE, Subject::artifact(unread.name.raw()), message)
        }));
        let said = Said::of(&findings, files);
        let artifacts: Vec<Finding> =
            files.artifacts.par_iter().filter_map(|(name, _)| judge.artifact(name, &said)).collect();
        let sboms: Vec<Finding> =
            files.sboms.iter().filter_map(|name| judge.artifact(name, &said)).map(Finding::warning).collect();
        findings.extend(artifacts.into_iter().chain(sboms));
        findings.extend(files.signatures.iter().filter_map(|fact| judge.odd_name(fact)));
        findings.extend(files.signatures.iter().filter_map(|fact| judge.stated(fact)));
        findings
    }

    /// To tolerate a signature is not to do without one.
    fn answers(rule: &Rule) -> bool {
        rule == &UNSIGNED || rule == &THRESHOLD
    }
}

/// What was said of the signatures, and of what could not be read, before any artifact is judged. A release may have
/// thousands of each, so that they are gone through once.
struct Said<'a> {
    about: BTreeSet<&'a Subject>,
    undetermined: BTreeSet<&'a Subject>,
    /// Whether something that is no artifact could not be looked at.
    is_unknown: bool,
}

impl<'a> Said<'a> {
    fn of(findings: &'a [Finding], files: &Files) -> Self {
        let undetermined = || findings.iter().filter(|finding| finding.status == Status::Undetermined);
        let is_artifact = |finding: &&Finding| files.artifacts.contains_key(finding.subject.name.as_str());
        Self {
            about: findings.iter().map(|finding| &finding.subject).collect(),
            undetermined: undetermined().map(|finding| &finding.subject).collect(),
            is_unknown: !undetermined().all(|finding| is_artifact(&finding)),
        }
    }
}

struct Judge<'a> {
    facts: &'a Facts,
    files: &'a Files,
    signers: Signers<'a>,
    threshold: usize,
    release_attestations: bool,
    /// What is to be said of a signed checksum file that could not be read, where there is one.
    unread_list: Option<String>,
}

impl Judge<'_> {
    /// Signatures that count: they verify, in time, over all of `name`, by a named signer.
    fn accepted<'a>(
        &'a self,
        name: &'a ArtifactName,
    ) -> impl Iterator<Item = (&'a SignatureFact, &'a Proof)> {
        self.files.speaking_of(name).filter_map(move |(fact, cover)| {
            let proof = fact.proof.as_ref().ok()?;
            let bound = *cover == Cover::Bound;
            let counts = is_file(proof) || is_provenance(proof);
            let in_time = proof.times().iter().all(|time| *time <= self.facts.as_of);
            let named = counts && self.signers.names(proof.signer());
            (bound && in_time && (named || self.is_counted_statement(proof))).then_some((fact, proof))
        })
    }

    /// Every signature that speaks for `name`: its own, then those of the checksum files that list it, each with how.
    fn speaking_for<'a>(&'a self, name: &'a ArtifactName) -> Vec<Signature<'a>> {
        let own = self.accepted(name).map(|(fact, proof)| {
            let how = match proof.signed() {
                Signed::File(_) | Signed::Text(_) | Signed::Object(_) => "is signed by",
                Signed::Statement(_) => "is attested by",
            };
            Signature { fact, proof, how: how.to_owned(), rests_on: vec![fact.sha256] }
        });
        let listed = self.files.listing(name).flat_map(|list| {
            let signed = self.accepted(&list.file).filter(|(_, proof)| is_file(proof));
            signed.map(|(fact, proof)| Signature {
                fact,
                proof,
                how: format!("is listed in {}, which is signed by", list.file),
                rests_on: vec![list.sha256, fact.sha256],
            })
        });
        own.chain(listed).collect()
    }

    /// Whether `name` is signed, and how; nothing when a finding about it already says why not.
    fn artifact(&self, name: &ArtifactName, said: &Said<'_>) -> Option<Finding> {
        let subject = Subject::artifact(name);
        let signatures = self.speaking_for(name);
        if let Some(first) = signatures.first() {
            return Some(self.signed(name, subject, &signatures, first, said));
        }
        if said.about.contains(&subject) {
            return None;
        }
        Some(self.unsigned(name, subject, said))
    }

    /// What it means that a signature is not there: a signature that could not be looked at may be the artifact's, and
    /// then nobody knows.
    fn absent(&self, said: &Said<'_>) -> Status {
        match self.unread_list.is_some() || said.is_unknown {
            true => Status::Undetermined,
            false => Status::Fail,
        }
    }

    /// Whether enough different signers signed `name`.
    fn signed(
        &self,
        name: &ArtifactName,
        subject: Subject,
        signatures: &[Signature<'_>],
        first: &Signature<'_>,
        said: &Said<'_>,
    ) -> Finding {
        let rests_on = signatures.iter().flat_map(|signature| signature.rests_on.iter().copied());
        if self.threshold == 1 {
            let (by, remarks) = (identity::name(first.proof.signer()), remarks(first.proof));
            let message = format!("{name} {} {by}{remarks}", first.how);
            let finding = Finding::pass(&SIGNED, subject, message).rests_on(first.rests_on.iter().copied());
            let is_own = first.rests_on.len() == 1;
            return if is_own { finding.found(first.fact.file.as_str()) } else { finding };
        }
        let asked = self.threshold;
        let met = self.signers.count(signatures.iter().map(|signature| signature.proof.signer()));
        let mut by: Vec<String> = signatures.iter().map(|it| identity::describe(it.proof.signer())).collect();
        by.sort();
        by.dedup();
        let by = by.join(" and ");
        if met >= asked {
            let message = format!("{name} is signed by {met} different signers, and {asked} are asked for");
            return Finding::pass(&SIGNED, subject, message).found(by).rests_on(rests_on);
        }
        let unread = said.undetermined.contains(&subject);
        let status = if unread { Status::Undetermined } else { self.absent(said) };
        let mut message =
            format!("{name} is signed by {met} of the {asked} different signers that are asked for");
        if let Some(unread) = &self.unread_list {
            message.push_str(&format!("; {unread}"));
        }
        Finding::new(&THRESHOLD, status, subject, message)
            .expected(format!("{asked} of: {}", self.signers.describe()))
            .found(by)
            .rests_on(rests_on)
    }

    /// A warning about a signer whose name may look like another one.
    fn odd_name(&self, fact: &SignatureFact) -> Option<Finding> {
        let signer = fact.proof.as_ref().ok()?.signer();
        let odd = identity::odd_names(signer);
        let odd = odd.first()?;
        let message =
            format!("the signer of {} has a name with letters that may look like others", fact.file);
        let finding = Finding::fail(&IDENTITY_CHARACTERS, self.subject_of(fact), message);
        Some(finding.expected("printable ASCII").found(identity::ascii(odd)).rests_on([fact.sha256]))
    }
}

/// A signature that counts for an artifact.
struct Signature<'a> {
    fact: &'a SignatureFact,
    proof: &'a Proof,
    /// `is signed by`, and the like.
    how: String,
    rests_on: Vec<crate::release::Sha256>,
}

/// What a reader has to know besides, behind the message.
fn remarks(proof: &Proof) -> String {
    proof.remarks().iter().map(|remark| format!("; {}", crate::text::clean(remark))).collect()
}

/// Whether the bytes of a file were signed: beside it, or in one file with it.
fn is_file(proof: &Proof) -> bool {
    matches!(proof.signed(), Signed::File(_) | Signed::Text(_))
}

fn is_provenance(proof: &Proof) -> bool {
    matches!(proof.signed(), Signed::Statement(statement) if matches!(statement.predicate_type(), PredicateType::Provenance(_)))
}

fn is_summary(proof: &Proof) -> bool {
    matches!(proof.signed(), Signed::Statement(statement) if statement.is_summary())
}
