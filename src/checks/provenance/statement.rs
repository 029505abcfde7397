//! One statement about one artifact, held against the policy rule by rule.

use super::{
    BUILDER, Builder, COMMIT, INVALID, Judge, Judged, LEVEL, NAME, NO_TIME, REF, SOURCE, TRIGGER, VERIFIED,
    say::Say,
};
use crate::{
    checks::identity,
    digest::Agreement,
    facts::SignatureFact,
    outcome::{Finding, Status, Subject},
    proof::{
        Certificate, Claims, Proof, Signed, Signer,
        statement::{Provenance as Predicate, Statement, Subject as StatementSubject},
    },
    release::ArtifactName,
    text::{Untrusted, plural_list},
};

impl Judge<'_> {
    /// Holds one verified statement against the policy. `None` when it is no provenance.
    pub(super) fn statement(&self, fact: &SignatureFact, name: &ArtifactName) -> Option<Judged> {
        let proof = fact.proof.as_ref().ok()?;
        let Signed::Statement(statement) = proof.signed() else { return None };
        let say = Say { fact, subject: Subject::artifact(name) };
        let predicate = match Predicate::of(statement) {
            Ok(predicate) => predicate,
            Err(error) => {
                let findings = vec![say.finding(&INVALID, Status::Fail, format!("{}: {error}", fact.file))];
                return Some(Judged { findings, level: None });
            }
        };
        if let Some(late) = proof.times().iter().find(|time| **time > self.facts.as_of) {
            let message = format!("{} was signed at {late}, after the moment that is judged", fact.file);
            return Some(Judged {
                findings: vec![say.finding(&NO_TIME, Status::Undetermined, message)],
                level: None,
            });
        }
        let Signer::Certificate(certificate) = proof.signer() else {
            let message =
                format!("{} is signed with a key, which carries no claim about the build", fact.file);
            return Some(Judged {
                findings: vec![say.finding(&BUILDER, Status::Undetermined, message)],
                level: None,
            });
        };
        let (builder, level) = self.builder(&say, proof, certificate, &predicate);
        let mut findings = vec![
            builder,
            self.source(&say, &certificate.claims, &predicate),
            self.reference(&say, &certificate.claims, &predicate),
            self.commit(&say, &certificate.claims, &predicate),
            self.trigger(&say, &certificate.claims),
        ];
        findings.extend(self.enough(&say, level));
        let holds = findings.iter().all(|finding| finding.status == Status::Pass);
        if holds {
            findings.push(say.finding(
                &VERIFIED,
                Status::Pass,
                self.in_words(&say, &certificate.claims, level),
            ));
            findings.extend(self.renamed(&say, statement, name));
        }
        Some(Judged { findings, level })
    }

    /// Names in a statement bind nothing; one that differs is worth a word, for bytes are easily renamed.
    fn renamed(&self, say: &Say<'_>, statement: &Statement, name: &ArtifactName) -> Option<Finding> {
        let file = self.facts.artifacts().get(name)?;
        let is_it = |subject: &&StatementSubject| {
            subject.digests.iter().any(|digest| file.digests.agrees(digest) == Agreement::Same)
        };
        let mut names: Vec<&str> =
            statement.subjects().iter().filter(is_it).filter_map(|s| s.name.as_deref()).collect();
        let is_name = |stated: &&str| stated.rsplit('/').next() == Some(name.as_str());
        if names.is_empty() || names.iter().any(is_name) {
            return None;
        }
        names.sort_unstable();
        names.dedup();
        let message = format!("{name} has the bytes of a file that its provenance calls otherwise");
        Some(say.finding(&NAME, Status::Fail, message).expected(plural_list(&names, 3)).found(name.as_str()))
    }

    /// What was proved, in one sentence; only for a statement of which every rule passed.
    fn in_words(&self, say: &Say<'_>, claims: &Claims, level: Option<u8>) -> String {
        let said = |claim: &Option<Untrusted>| claim.as_ref().map_or_else(String::new, ToString::to_string);
        let commit = self.facts.commit().map_or("", |commit| commit.short());
        let level = level.map_or_else(String::new, |level| format!("; SLSA Build level {level}"));
        let (source, reference) = (said(&claims.source_repository_uri), said(&claims.source_repository_ref));
        format!("{} was built from {source} at {reference}, commit {commit}{level}", say.subject)
    }

    fn builder(
        &self,
        say: &Say<'_>,
        proof: &Proof,
        certificate: &Certificate,
        predicate: &Predicate,
    ) -> (Finding, Option<u8>) {
        let signed_by = |builder: &&Builder| {
            certificate.issuer.raw() == builder.issuer
                && builder.signer.matches(certificate.identity.raw(), self.facts)
        };
        let stated = predicate.builder_id.as_str();
        let Some(builder) = self.builders.iter().find(signed_by) else {
            let names = |b: &Builder| format!("{} (issuer {})", b.signer.filled(self.facts), b.issuer);
            let expected: Vec<String> = self.builders.iter().map(names).collect();
            let found = identity::describe(proof.signer());
            if expected.is_empty() {
                let message =
                    format!("{} verifies, and the policy does not say who may build", say.fact.file);
                return (say.finding(&BUILDER, Status::Undetermined, message).found(found), None);
            }
            // The release's own workflows may build, and nobody knows whose those are: this may be one of them.
            if self.policy.derive && identity::derived(self.facts).is_empty() {
                let message =
                    format!("{} verifies, and nothing says whose workflows the release's are", say.fact.file);
                let finding = say.finding(&BUILDER, Status::Undetermined, message);
                let fix = "name the repository (repository = \"OWNER/NAME\") or the builder in the policy";
                return (finding.expected(expected.join(" or ")).found(found).fix(fix), None);
            }
            let message = format!("{} was built by a builder that the policy does not trust", say.subject);
            return (
                say.finding(&BUILDER, Status::Fail, message).expected(expected.join(" or ")).found(found),
                None,
            );
        };
        let is_signer = stated == certificate.identity.raw();
        let is_named = builder.id.as_ref().is_some_and(|id| id.matches(stated, self.facts));
        if !is_signer && !is_named {
            let message = format!(
                "the provenance of {} names another builder than the one that signed it",
                say.subject
            );
            let finding = say.finding(&BUILDER, Status::Fail, message);
            return (finding.expected(certificate.identity.to_string()).found(stated), None);
        }
        let message = format!("{} was built by {}", say.subject, Untrusted::new(stated));
        (say.finding(&BUILDER, Status::Pass, message), Some(level(builder, &certificate.claims)))
    }

    fn source(&self, say: &Say<'_>, claims: &Claims, predicate: &Predicate) -> Finding {
        let Some(repository) = &self.facts.repository else {
            let message = format!("nothing says which repository {} should be built from", say.subject);
            let fix = "name it in the policy (repository = \"OWNER/NAME\")";
            return say.finding(&SOURCE, Status::Undetermined, message).fix(fix);
        };
        let stated = predicate.source_uri.iter().map(String::as_str);
        say.compare(
            &SOURCE,
            "the repository",
            claims.source_repository_uri.as_ref(),
            stated,
            &repository.url(),
            |v| v == repository.url(),
        )
    }

    fn reference(&self, say: &Say<'_>, claims: &Claims, predicate: &Predicate) -> Finding {
        let expected: Vec<String> =
            self.policy.refs.iter().map(|pattern| pattern.filled(self.facts)).collect();
        let allowed = |value: &str| self.policy.refs.iter().any(|pattern| pattern.matches(value, self.facts));
        let stated = predicate.source_ref.iter().map(String::as_str);
        say.compare(
            &REF,
            "the ref",
            claims.source_repository_ref.as_ref(),
            stated,
            &expected.join(" or "),
            allowed,
        )
    }

    fn commit(&self, say: &Say<'_>, claims: &Claims, predicate: &Predicate) -> Finding {
        let Some(commit) = self.facts.commit() else {
            let message = format!("the commit of {} is not known", self.facts.tag);
            return say.finding(&COMMIT, Status::Undetermined, message);
        };
        let stated = predicate.source_commits.iter().map(String::as_str);
        say.compare(
            &COMMIT,
            "the commit",
            claims.source_repository_digest.as_ref(),
            stated,
            commit.as_str(),
            |v| v == commit.as_str(),
        )
    }

    fn trigger(&self, say: &Say<'_>, claims: &Claims) -> Finding {
        let allowed = |event: &str| {
            !event.starts_with("pull_request") && self.policy.triggers.iter().any(|t| t == event)
        };
        let expected = self.policy.triggers.join(" or ");
        say.compare(&TRIGGER, "the event", claims.build_trigger.as_ref(), [], &expected, allowed)
    }

    fn enough(&self, say: &Say<'_>, level: Option<u8>) -> Option<Finding> {
        let asked = self.policy.min_level?;
        let level = level?;
        let message = format!("{} reaches SLSA Build level {level}", say.subject);
        let status = if level >= asked { Status::Pass } else { Status::Fail };
        Some(
            say.finding(&LEVEL, status, message)
                .expected(format!("level {asked} or higher"))
                .found(level.to_string()),
        )
    }
}

/// The level that the policy grants the builder; on a forge whose certificates name the runner, one that is not said
/// to be the platform's own is worth level 1.
fn level(builder: &Builder, claims: &Claims) -> u8 {
    let names_runner = [identity::GITHUB_ISSUER, identity::GITLAB_ISSUER].contains(&builder.issuer.as_str());
    let is_hosted = match claims.runner_environment.as_ref().map(Untrusted::raw) {
        Some(runner) => matches!(runner, "github-hosted" | "gitlab-hosted"),
        None => !names_runner,
    };
    if is_hosted { builder.level } else { builder.level.min(1) }
}
