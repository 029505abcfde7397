//! Every artifact has SLSA provenance that leads back to the commit of the tag.
//!
//! What is held against the policy are the claims of the signing certificate, which the platform made; the predicate,
//! which the build itself may have written, must say the same. A claim that the certificate does not carry is never
//! reported as proved.

use super::{Check, Judges, Meta, Rules};
use crate::{
    evidence::Seen,
    facts::{Cover, Facts, Files, SignatureFact},
    outcome::{Finding, Level, Rule, Status, Subject},
    proof::{Format, Proof, Reason, Signed, Signer, recognise, statement::PredicateType},
    release::{ArtifactName, RepositoryName},
};
use rayon::prelude::*;
use std::collections::BTreeMap;

mod build_types;
mod builders;
mod level;
mod parameters;
mod policy;
mod say;
mod statement;
mod vsa;

use builders::Trusted;
pub use policy::{Builder, Inputs, Policy, ResourcePattern, Verifier};

rules! { "provenance":
    VERIFIED = "verified", Require, "the provenance leads back to the tag's commit, by a trusted builder",
        example: "widget.tar.gz was built from github.com/acme/widget at refs/tags/v1.2.3, commit 3b593598946c",
        fix: "nothing to do";
    MISSING = "missing", Require, "every artifact has SLSA provenance",
        example: "no SLSA provenance covers widget.exe",
        fix: "attest the artifact in the release workflow (actions/attest-build-provenance, or slsa-github-generator)";
    INVALID = "invalid", Require, "the provenance is SLSA v0.2 or v1, and says who built what from what",
        example: "the predicate has no builder id",
        fix: "let the build platform write the provenance";
    NO_TIME = "no-time", Require, "an authenticated clock says when the provenance was signed",
        example: "widget.intoto.jsonl is a bare DSSE envelope without a log entry",
        fix: "publish the Sigstore bundle, which holds the log entry, instead of the bare envelope";
    UNBOUND = "unbound", Require, "the provenance is about these bytes: every strong digest of the subject agrees",
        example: "the provenance of widget.tar.gz is about another digest",
        fix: "find out whether the artifact or its provenance was exchanged; do not use the artifact until then";
    NAME = "name", Warn, "the provenance calls the artifact by the name that it is published under",
        example: "widget.exe has the bytes that its provenance calls widget-debug.exe",
        fix: "publish artifacts under the names they were built as; find out who renamed this one";
    BUILDER = "builder", Require, "the builder is one that the policy trusts, and the predicate names the same one",
        example: "built by a workflow of another repository",
        fix: "if this builder is right, name it under [[rules.provenance.builder]] in the policy";
    SOURCE = "source", Require, "it was built from this repository",
        example: "built from github.com/evil/widget",
        fix: "do not use the artifact: it was built from another repository";
    REF = "ref", Require, "it was built from the tag",
        example: "built from refs/heads/main",
        fix: "build releases from the tag; or name the ref under refs in [rules.provenance]";
    COMMIT = "commit", Require, "it was built from the commit that the tag peels to",
        example: "built from another commit than v1.2.3 points to now",
        fix: "find out whether the tag was moved after the build; do not use the artifact until then";
    PARAMETERS = "parameters", Require,
        "the build was told nothing from outside that the policy forbids, and its run is the one of the certificate",
        example: "widget.tar.gz was built with inputs that are not in its source: inputs.target=debug",
        fix: "look at what the build was told; if it is right, say so under parameters or workflow-inputs in [rules.provenance]";
    RUNNER = "runner", Warn, "it was built on a machine of the build platform",
        example: "widget.tar.gz was built on a runner that the platform does not host",
        fix: "build releases on hosted runners: whoever has a machine of its own can change what is built on it";
    LEVEL = "level", Require, "the SLSA Build level is at least the one that the policy asks for",
        example: "SLSA Build level 2, and the policy asks for 3",
        fix: "build in a reusable workflow of a trusted builder, or ask for the lower level";
    TRIGGER = "trigger", Require, "the build was started by an event that the policy allows, never by a pull request",
        example: "started by pull_request_target",
        fix: "release from a tag push, a release event or a manual dispatch at the tag";
    VSA_VERIFIER = "vsa-verifier", Require, "the verification summary is by a verifier that the policy names, and signed for it",
        example: "a summary by https://verifier.example, signed by somebody else",
        fix: "if this verifier is right, name it with its signer under [[rules.provenance.verifier]] in the policy";
    VSA_RESOURCE = "vsa-resource", Require, "the verification summary is about this artifact of this release",
        example: "a summary about the artifact of another release",
        fix: "publish the summary of this release; or mend resource-uri under [[rules.provenance.verifier]]";
    VSA_RESULT = "vsa-result", Require, "the verifier passed the artifact",
        example: "the verification summary says FAILED",
        fix: "do not use the artifact: its verifier did not pass it";
    VSA_LEVEL = "vsa-level", Require, "the verifier verified a SLSA Build level, and at least the one asked for",
        example: "the verification summary says SLSA_BUILD_LEVEL_1, and the policy asks for 3",
        fix: "have the artifact verified for the level that the policy asks for, or ask for the lower one";
    VSA_TIME = "vsa-time", Require, "it was verified before now, and not too long ago",
        example: "verified 400 days ago, and the policy asks for 30 at most",
        fix: "have the artifact verified again";
    VSA_POLICY = "vsa-policy", Require, "it was verified by the policy that ours names",
        example: "verified by another policy than the one under policy-sha256",
        fix: "have the artifact verified by that policy, or name the other one under policy-sha256";
}

/// The check.
pub struct Provenance;

impl Check for Provenance {
    const META: Meta = Meta {
        id: "provenance",
        summary: "every artifact has SLSA provenance that leads back to the commit of the tag",
        rules: RULES,
        judges: Judges::EachArtifact,
    };

    type Policy = Policy;

    fn run(facts: &Facts, rules: &Rules) -> Vec<Finding> {
        let policy = &rules.provenance;
        let files = match super::files(facts, &MISSING) {
            Ok(files) => files,
            Err(finding) => return vec![*finding],
        };
        let judge = Judge { facts, policy, builders: policy.trusted(facts) };
        files.artifacts.par_iter().flat_map_iter(|(name, _)| judge.artifact(files, name)).collect()
    }
}

/// Who may build, or summarise what somebody else verified, by `policy`. A builder that many share speaks for this release
/// only where it says that it built from its repository.
pub(super) fn may_state<'a>(policy: &'a Policy, facts: &'a Facts) -> impl Fn(&Signer) -> bool + Sync + 'a {
    let builders = policy.trusted(facts);
    let verifiers: &[Verifier] = if policy.accept_vsa { &policy.verifiers } else { &[] };
    let is_of_another = |signer: &Signer| {
        let Signer::Certificate(certificate) = signer else { return false };
        let own = facts.repository.as_ref().map(RepositoryName::url);
        certificate
            .claims
            .source_repository_uri
            .as_ref()
            .is_some_and(|source| Some(source.raw()) != own.as_deref())
    };
    move |signer| {
        (builders.iter().any(|builder| builder.signs(signer, facts)) && !is_of_another(signer))
            || verifiers.iter().any(|verifier| verifier.signs(signer, facts))
    }
}

/// The SLSA Build level of each artifact whose provenance holds.
pub fn build_levels(facts: &Facts, policy: &Policy) -> BTreeMap<ArtifactName, u8> {
    let Seen::Present(files) = &facts.files else { return BTreeMap::new() };
    let judge = Judge { facts, policy, builders: policy.trusted(facts) };
    let level = |name: &ArtifactName| {
        let statements = judge.statements(files, name).filter(|(_, cover)| *cover == &Cover::Bound);
        statements
            .filter_map(|(fact, _)| judge.statement(fact, name))
            .chain(judge.summaries(files, name))
            .filter(|judged| judged.holds())
            .filter_map(|judged| judged.level)
            .max()
    };
    files.artifacts.par_iter().filter_map(|(name, _)| Some((name.clone(), level(name)?))).collect()
}

/// Whether provenance about a file leads to the tag's commit, or a summary does that holds and that the policy accepts.
pub(super) fn leads_to_the_tag<'a>(
    facts: &'a Facts,
    policy: &'a Policy,
    files: &'a Files,
) -> impl Fn(&ArtifactName) -> bool + 'a {
    let judge = Judge { facts, policy, builders: policy.trusted(facts) };
    move |name| {
        let mut bound = judge.statements(files, name).filter(|(_, cover)| *cover == &Cover::Bound);
        bound.any(|(fact, _)| judge.statement(fact, name).is_some_and(|judged| judged.names_the_commit()))
            || (policy.accept_vsa && judge.summaries(files, name).iter().any(Judged::holds))
    }
}

struct Judge<'a> {
    facts: &'a Facts,
    policy: &'a Policy,
    builders: Vec<Trusted>,
}

/// What one statement about one artifact comes to.
struct Judged {
    findings: Vec<Finding>,
    level: Option<u8>,
    /// Whether a trusted builder signed it.
    by_builder: bool,
}

impl Judged {
    fn holds(&self) -> bool {
        !self.findings.is_empty() && !self.findings.iter().any(is_of_concern)
    }

    /// Whether a builder that is believed says that the commit of the tag was built, and not for another ref.
    fn names_the_commit(&self) -> bool {
        let is =
            |rule: &Rule, status: Status| self.findings.iter().any(|f| f.rule == rule && f.status == status);
        [&BUILDER, &SOURCE, &COMMIT].into_iter().all(|rule| is(rule, Status::Pass)) && !is(&REF, Status::Fail)
    }

    /// Refused for its builder alone: a statement by a third party.
    fn is_foreign(&self) -> bool {
        let names_signer = |rule: &Rule| rule == &BUILDER || rule == &VSA_VERIFIER;
        !self.by_builder && self.findings.iter().any(|f| names_signer(f.rule) && f.status != Status::Pass)
    }
}

/// Whether a finding stands against its statement, unless the policy lowers its rule.
fn is_of_concern(finding: &Finding) -> bool {
    finding.status != Status::Pass && finding.level != Level::Warn
}

impl Judge<'_> {
    /// The provenance statements that verify and speak of `name`, with how they cover it.
    fn statements<'a>(
        &self,
        files: &'a Files,
        name: &'a ArtifactName,
    ) -> impl Iterator<Item = (&'a SignatureFact, &'a Cover)> {
        files.speaking_of(name).filter(|(fact, _)| {
            let signed = fact.proof.as_ref().ok().map(Proof::signed);
            let Some(Signed::Statement(statement)) = signed else { return false };
            matches!(statement.predicate_type(), PredicateType::Provenance(_))
        })
    }

    fn artifact(&self, files: &Files, name: &ArtifactName) -> Vec<Finding> {
        let mut judged = Vec::new();
        let mut findings = Vec::new();
        for (fact, cover) in self.statements(files, name) {
            match cover {
                Cover::Bound => judged.extend(self.statement(fact, name).map(|mut judged| {
                    let signer = fact.proof.as_ref().ok().map(Proof::signer);
                    // Whoever may build and says another's name is no third party.
                    judged.by_builder = signer.is_some_and(|signer| {
                        self.builders.iter().any(|builder| builder.signs(signer, self.facts))
                    });
                    judged
                })),
                Cover::Contradicted { signed } | Cover::NotComputed { signed } => {
                    findings.push(unbound(files, name, fact, cover, signed));
                }
            }
        }
        let summaries = self.summaries(files, name);
        // A summary answers for an artifact only where the policy accepts them.
        let answered =
            !judged.is_empty() || !findings.is_empty() || (self.policy.accept_vsa && !summaries.is_empty());
        let holds = judged.iter().any(Judged::holds)
            || (self.policy.accept_vsa && summaries.iter().any(Judged::holds));
        for statement in judged.into_iter().chain(summaries) {
            // Beside provenance that holds, a third party's is worth a word and decides nothing.
            let aside = holds && !statement.holds() && statement.is_foreign();
            let all = statement.findings.into_iter();
            findings.extend(all.map(|finding| if aside { finding.warning() } else { finding }));
        }
        if !answered {
            findings.push(self.missing(files, name));
        }
        findings
    }

    /// Why there is no provenance to judge: none was published, or it could not be read.
    fn missing(&self, files: &Files, name: &ArtifactName) -> Finding {
        let subject = Subject::artifact(name);
        for fact in &files.signatures {
            let Err(refusal) = &fact.proof else { continue };
            let rule = match refusal.reason {
                Reason::NoTime => &NO_TIME,
                Reason::Unreadable => &MISSING,
                _ => continue,
            };
            let is_about_another =
                fact.about != name.as_str() && files.artifacts.contains_key(fact.about.as_str());
            if is_about_another {
                continue;
            }
            let message = format!("{name} has no provenance that proves anything; {}: {refusal}", fact.file);
            return Finding::undetermined(rule, subject, message).rests_on([fact.sha256]);
        }
        // What could not be read may be its provenance.
        let is_bundle = |name: &str| matches!(recognise(name), Some((Format::Bundle, _)));
        if let Some(unread) = files.unread.iter().find(|unread| is_bundle(unread.name.raw())) {
            let message =
                format!("{name} has no provenance that could be read; {}: {}", unread.name, unread.why);
            return Finding::undetermined(&MISSING, subject, message);
        }
        let found = match files.signatures.len() {
            0 => "no attestation is published".to_owned(),
            n => format!(
                "{}, none of them provenance of this artifact",
                crate::text::count(n, "signature or attestation", "signatures and attestations")
            ),
        };
        Finding::fail(&MISSING, subject, format!("no SLSA provenance covers {name}"))
            .expected(
                "a Sigstore bundle with an in-toto statement of type https://slsa.dev/provenance/v1 or v0.2",
            )
            .found(found)
    }
}

fn unbound(
    files: &Files,
    name: &ArtifactName,
    fact: &SignatureFact,
    cover: &Cover,
    signed: &crate::digest::Digest,
) -> Finding {
    let subject = Subject::artifact(name);
    let own = files.all.get(name).and_then(|file| file.digests.get(signed.algorithm()));
    let finding = match cover {
        Cover::NotComputed { .. } => {
            let message = format!("{} gives a digest of {name} that was not computed", fact.file);
            Finding::undetermined(&UNBOUND, subject, message)
        }
        _ => Finding::fail(&UNBOUND, subject, format!("{} is about other bytes than {name} has", fact.file)),
    };
    finding
        .expected(signed.to_string())
        .found(own.map_or_else(|| "not computed".to_owned(), ToString::to_string))
        .rests_on([fact.sha256])
}
