//! One statement about one artifact, held against the policy rule by rule.

use super::{
    BUILDER, COMMIT, INVALID, Judge, Judged, LEVEL, NAME, NO_TIME, REF, SOURCE, TRIGGER, VERIFIED,
    builders::{self, Trusted},
    is_of_concern,
    level::{Reached, Runner},
    policy::is_of_a_pull_request,
    say::{Asked, Basis, Say},
};
use crate::{
    checks::identity,
    digest::Agreement,
    facts::SignatureFact,
    outcome::{Finding, Status, Subject},
    proof::{
        Claims, Signed, Signer,
        statement::{Provenance as Predicate, Statement, Subject as StatementSubject},
    },
    release::ArtifactName,
    text::{self, Untrusted, plural_list},
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
                return Some(Judged { findings, level: None, by_builder: false });
            }
        };
        if let Some(late) = proof.times().iter().find(|time| **time > self.facts.as_of) {
            let message = format!("{} was signed at {late}, after the moment that is judged", fact.file);
            return Some(Judged {
                findings: vec![say.finding(&NO_TIME, Status::Undetermined, message)],
                level: None,
                by_builder: false,
            });
        }
        let signer = proof.signer();
        let (builder, trusted) = self.builder(&say, signer, &predicate);
        if let (Signer::Key { .. } | Signer::Registry(_), None) = (signer, trusted) {
            // Nothing but the builder's own word says anything, and nobody believes it.
            return Some(Judged { findings: vec![builder], level: None, by_builder: false });
        }
        let reached = trusted.map(|trusted| Reached::of(trusted, signer));
        let mut findings = vec![
            builder,
            self.source(&say, signer, &predicate),
            self.reference(&say, signer, &predicate),
            self.commit(&say, signer, &predicate),
            self.trigger(&say, signer, &predicate),
        ];
        findings.extend(self.parameters(&say, signer, trusted, &predicate));
        findings.extend(self.runner(&say, signer));
        findings.extend(reached.as_ref().and_then(|reached| self.enough(&say, reached)));
        if !findings.iter().any(is_of_concern) {
            findings.push(say.finding(
                &VERIFIED,
                Status::Pass,
                self.in_words(&say, signer, &predicate, reached.as_ref()),
            ));
            findings.extend(self.renamed(&say, statement, name));
        }
        Some(Judged { findings, level: reached.map(|reached| reached.level), by_builder: false })
    }

    /// Names in a statement bind nothing; one that differs is worth a word, for bytes are easily renamed.
    fn renamed(&self, say: &Say<'_>, statement: &Statement, name: &ArtifactName) -> Option<Finding> {
        let file = self.facts.artifacts().get(name)?;
        let is_it = |subject: &&StatementSubject| {
            subject.digests.iter().any(|digest| file.digests.agrees(digest) == Agreement::Same)
        };
        let subjects = || statement.subjects().iter();
        let is_called = |stated: &str| {
            stated.strip_suffix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        // Nearly always one has both, and a statement may have a thousand subjects: names are compared faster.
        if subjects().any(|subject| subject.name.as_deref().is_some_and(is_called) && is_it(&subject)) {
            return None;
        }
        let mut names: Vec<&str> = subjects().filter(is_it).filter_map(|s| s.name.as_deref()).collect();
        if names.is_empty() {
            return None;
        }
        names.sort_unstable();
        names.dedup();
        let message = format!("{name} has the bytes of a file that its provenance calls otherwise");
        Some(say.finding(&NAME, Status::Fail, message).expected(plural_list(&names, 3)).found(name.as_str()))
    }

    /// What was proved, in one sentence; only for a statement of which every rule passed.
    fn in_words(
        &self,
        say: &Say<'_>,
        signer: &Signer,
        predicate: &Predicate,
        reached: Option<&Reached>,
    ) -> String {
        let (source, reference) = match signer {
            Signer::Certificate(certificate) => {
                let said =
                    |claim: &Option<Untrusted>| claim.as_ref().map_or_else(String::new, ToString::to_string);
                let claims = &certificate.claims;
                (said(&claims.source_repository_uri), said(&claims.source_repository_ref))
            }
            Signer::Key { .. } | Signer::Registry(_) => {
                let said = |claim: &Option<String>| {
                    claim.as_deref().map_or_else(String::new, |c| text::clean(c).into_owned())
                };
                (said(&predicate.source_uri), said(&predicate.source_ref))
            }
        };
        let commit = self.facts.commit().map_or("", |commit| commit.short());
        let level =
            reached.map_or_else(String::new, |reached| format!("; SLSA Build {}", reached.in_words()));
        format!("{} was built from {source} at {reference}, commit {commit}{level}", say.subject)
    }

    /// Whether the signer may build, and is whom the predicate names; and as whom the policy trusts it.
    fn builder(&self, say: &Say<'_>, signer: &Signer, predicate: &Predicate) -> (Finding, Option<&Trusted>) {
        let stated = predicate.builder_id.as_str();
        let signed: Vec<&Trusted> =
            self.builders.iter().filter(|builder| builder.signs(signer, self.facts)).collect();
        if signed.is_empty() {
            return (self.untrusted(say, signer), None);
        }
        let named = signed.iter().filter(|builder| builder.is_named(stated, signer, self.facts));
        let Some(builder) = named.max_by_key(|builder| builder.level) else {
            let message = format!(
                "the provenance of {} names another builder than the one that signed it",
                say.subject
            );
            let expected = match signer {
                Signer::Certificate(certificate) => certificate.identity.to_string(),
                Signer::Key { .. } | Signer::Registry(_) => {
                    "the id that the policy gives the builder with this key".to_owned()
                }
            };
            let finding = say.finding(&BUILDER, Status::Fail, message);
            return (finding.expected(expected).found(stated), None);
        };
        if let Some(finding) = contradiction(say, signer, stated) {
            return (finding, None);
        }
        let message = format!("{} was built by {}", say.subject, Untrusted::new(stated));
        (say.finding(&BUILDER, Status::Pass, message), Some(builder))
    }

    /// Why a signer that no builder of the policy signs as is none.
    fn untrusted(&self, say: &Say<'_>, signer: &Signer) -> Finding {
        let found = identity::describe(signer);
        let Signer::Certificate(certificate) = signer else {
            let message =
                format!("{} is signed with a key, which carries no claim about the build", say.fact.file);
            let fix =
                "if this key is a builder's, name it under [[rules.provenance.builder]] (key, id and level)";
            return say.finding(&BUILDER, Status::Undetermined, message).found(found).fix(fix);
        };
        let expected: Vec<String> =
            self.builders.iter().map(|builder| builder.describe(self.facts)).collect();
        if expected.is_empty() {
            let message = format!("{} verifies, and the policy does not say who may build", say.fact.file);
            return say.finding(&BUILDER, Status::Undetermined, message).found(found);
        }
        // The release's own workflows may build, and nobody knows whose those are: this may be one of them.
        if self.policy.derive && identity::derived(self.facts).is_empty() {
            let message =
                format!("{} verifies, and nothing says whose workflows the release's are", say.fact.file);
            let finding = say.finding(&BUILDER, Status::Undetermined, message);
            let fix = "name the repository (repository = \"OWNER/NAME\") or the builder in the policy";
            return finding.expected(expected.join(" or ")).found(found).fix(fix);
        }
        let message = format!("{} was built by a builder that the policy does not trust", say.subject);
        let finding =
            say.finding(&BUILDER, Status::Fail, message).expected(expected.join(" or ")).found(found);
        match builders::unreleased(certificate) {
            None => finding,
            Some(reference) => finding.fix(format!(
                "call the well-known builder at one of its releases, refs/tags/vX.Y.Z: {} can be moved to other code",
                text::clean(reference)
            )),
        }
    }

    fn source(&self, say: &Say<'_>, signer: &Signer, predicate: &Predicate) -> Finding {
        let Some(repository) = &self.facts.repository else {
            let message = format!("nothing says which repository {} should be built from", say.subject);
            let fix = "name it in the policy (repository = \"OWNER/NAME\")";
            return say.finding(&SOURCE, Status::Undetermined, message).fix(fix);
        };
        let own = repository.url();
        let mut stated: Vec<String> = predicate.source_uri.iter().cloned().collect();
        // A name without its host is one on the host that the build says it is from.
        let host = repository.host();
        stated.extend(predicate.environment.repositories.iter().map(|name| format!("https://{host}/{name}")));
        let asked =
            Asked { rule: &SOURCE, what: "the repository", expected: &own, allowed: |v: &str| v == own };
        say.compare(&asked, &claim(signer, |claims| claims.source_repository_uri.as_ref()), &stated)
    }

    fn reference(&self, say: &Say<'_>, signer: &Signer, predicate: &Predicate) -> Finding {
        let expected: Vec<String> =
            self.policy.refs.iter().map(|pattern| pattern.filled(self.facts)).collect();
        let expected = expected.join(" or ");
        let allowed = |value: &str| self.policy.refs.iter().any(|pattern| pattern.matches(value, self.facts));
        let stated = predicate.source_ref.iter().chain(&predicate.environment.references);
        let stated: Vec<String> = stated.cloned().collect();
        let asked = Asked { rule: &REF, what: "the ref", expected: &expected, allowed };
        say.compare(&asked, &claim(signer, |claims| claims.source_repository_ref.as_ref()), &stated)
    }

    fn commit(&self, say: &Say<'_>, signer: &Signer, predicate: &Predicate) -> Finding {
        let Some(commit) = self.facts.commit() else {
            let message = format!("the commit of {} is not known", self.facts.tag);
            return say.finding(&COMMIT, Status::Undetermined, message);
        };
        let stated = predicate.source_commits.iter().chain(&predicate.environment.commits);
        let mut stated: Vec<String> = stated.cloned().collect();
        if stated.is_empty() && matches!(signer, Signer::Certificate(_)) {
            stated.extend(predicate.commits_at_other_refs().map(str::to_owned));
        }
        let allowed = |value: &str| value == commit.as_str();
        let asked = Asked { rule: &COMMIT, what: "the commit", expected: commit.as_str(), allowed };
        say.compare(&asked, &claim(signer, |claims| claims.source_repository_digest.as_ref()), &stated)
    }

    fn trigger(&self, say: &Say<'_>, signer: &Signer, predicate: &Predicate) -> Finding {
        let allowed =
            |event: &str| !is_of_a_pull_request(event) && self.policy.triggers.iter().any(|t| t == event);
        let expected = self.policy.triggers.join(" or ");
        let asked = Asked { rule: &TRIGGER, what: "the event", expected: &expected, allowed };
        let claimed = claim(signer, |claims| claims.build_trigger.as_ref());
        say.compare(&asked, &claimed, &predicate.environment.events)
    }

    fn enough(&self, say: &Say<'_>, reached: &Reached) -> Option<Finding> {
        let asked = self.policy.min_level?;
        let message = format!("{} reaches SLSA Build {}", say.subject, reached.in_words());
        let status = if reached.level >= asked { Status::Pass } else { Status::Fail };
        let finding = say.finding(&LEVEL, status, message);
        Some(finding.expected(format!("L{asked} or higher")).found(reached.in_words()))
    }
}

/// The claim of a certificate, where there is one.
fn claim(signer: &Signer, of: impl Fn(&Claims) -> Option<&Untrusted>) -> Basis<'_> {
    match signer {
        Signer::Certificate(certificate) => Basis::Certificate(of(&certificate.claims)),
        Signer::Key { .. } | Signer::Registry(_) => Basis::Key,
    }
}

/// A certificate that names two signers, or another sort of machine than the predicate's builder is.
fn contradiction(say: &Say<'_>, signer: &Signer, stated: &str) -> Option<Finding> {
    let Signer::Certificate(certificate) = signer else { return None };
    let differ = |message: String, expected: String, found: &str| {
        Some(say.finding(&BUILDER, Status::Fail, message).expected(expected).found(found))
    };
    let tells = [identity::GITHUB_ISSUER, identity::GITLAB_ISSUER].contains(&certificate.issuer.raw());
    if let Some(uri) = certificate.claims.build_signer_uri.as_ref()
        && tells
        && *uri != certificate.identity
    {
        let message = format!("the certificate of {} names two signers", say.fact.file);
        return differ(message, certificate.identity.to_string(), uri.raw());
    }
    let is_own = Runner::of(certificate) == Runner::Own;
    let says_own = stated == builders::GITHUB_SELF_HOSTED;
    if (is_own && stated == builders::GITHUB_HOSTED) || (says_own && !is_own) {
        let runner = certificate.claims.runner_environment.as_ref();
        let runner = runner.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        let message =
            format!("the provenance of {} names another sort of runner than its certificate", say.subject);
        return differ(message, runner, stated);
    }
    None
}
