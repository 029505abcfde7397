//! Verification summaries: somebody else's word, held against the policy member by member.
//!
//! The rule that must not be broken: a summary counts only where the policy names its verifier *together with* who signs
//! for it, and says that summaries are accepted. SLSA v1.1, "Verification summary", "How to verify", steps 1 to 7.

use super::{
    INVALID, Judge, Judged, NO_TIME, VERIFIED, VSA_LEVEL, VSA_POLICY, VSA_RESOURCE, VSA_RESULT, VSA_TIME,
    VSA_VERIFIER, is_of_concern, policy::Verifier, say::Say, unbound,
};
use crate::{
    checks::identity::{self, Fit, Identity, Required},
    facts::{Cover, Facts, Files, SignatureFact},
    outcome::{Finding, Status, Subject},
    proof::{Signed, Signer, statement::Summary},
    release::ArtifactName,
    text::{Untrusted, plural_list},
};

/// The seconds of a day.
const DAY: i64 = 86_400;

impl Judge<'_> {
    /// What the published summaries say of `name`. Where the policy accepts none, they are told of and decide nothing.
    pub(super) fn summaries(&self, files: &Files, name: &ArtifactName) -> Vec<Judged> {
        let mut judged = Vec::new();
        for (fact, cover) in files.speaking_of(name) {
            let Ok(proof) = &fact.proof else { continue };
            let Signed::Statement(statement) = proof.signed() else { continue };
            if !statement.is_summary() {
                continue;
            }
            let mut one = match cover {
                Cover::Bound => self.summary(fact, name),
                Cover::Contradicted { signed } | Cover::NotComputed { signed } => {
                    let finding = unbound(files, name, fact, cover, signed);
                    Judged { findings: vec![finding], level: None, by_builder: false }
                }
            };
            if !self.policy.accept_vsa {
                one.findings = one.findings.into_iter().map(Finding::warning).collect();
                one.level = None;
            }
            judged.push(one);
        }
        judged
    }

    fn summary(&self, fact: &SignatureFact, name: &ArtifactName) -> Judged {
        let say = Say { fact, subject: Subject::artifact(name) };
        let alone = |finding: Finding| Judged { findings: vec![finding], level: None, by_builder: false };
        let Ok(proof) = &fact.proof else {
            return Judged { findings: Vec::new(), level: None, by_builder: false };
        };
        let Signed::Statement(statement) = proof.signed() else {
            return Judged { findings: Vec::new(), level: None, by_builder: false };
        };
        let summary = match Summary::of(statement) {
            Ok(summary) => summary,
            Err(error) => {
                return alone(say.finding(&INVALID, Status::Fail, format!("{}: {error}", fact.file)));
            }
        };
        if let Some(late) = proof.times().iter().find(|time| **time > self.facts.as_of) {
            let message = format!("{} was signed at {late}, after the moment that is judged", fact.file);
            return alone(say.finding(&NO_TIME, Status::Undetermined, message));
        }
        let verifier = match self.verifier(&say, proof.signer(), &summary) {
            Ok(verifier) => verifier,
            Err(finding) => return alone(*finding),
        };
        let mut findings = vec![
            say.finding(
                &VSA_VERIFIER,
                Status::Pass,
                format!("{}: verified by {}", say.subject, Untrusted::new(&summary.verifier)),
            ),
            self.resource(&say, verifier, &summary, name),
            result(&say, &summary),
            self.verified_level(&say, &summary),
        ];
        findings.extend(self.time(&say, verifier, &summary));
        findings.extend(policy(&say, verifier, &summary));
        let holds = !findings.iter().any(is_of_concern);
        let level = summary.build_level().filter(|_| holds);
        if holds && self.policy.accept_vsa {
            let message = format!(
                "{} is {} by the word of {}: SLSA Build L{}; its provenance was not looked at here",
                say.subject,
                Untrusted::new(&summary.resource_uri),
                Untrusted::new(&summary.verifier),
                level.unwrap_or_default()
            );
            findings.push(say.finding(&VERIFIED, Status::Pass, message));
        }
        Judged { findings, level, by_builder: false }
    }

    /// The verifier of the policy that the signer and the summary's own word name together.
    fn verifier(&self, say: &Say<'_>, signer: &Signer, summary: &Summary) -> Result<&Verifier, Box<Finding>> {
        let named = self.policy.verifiers.iter();
        let mut is_it =
            named.filter(|verifier| verifier.id == summary.verifier && verifier.signs(signer, self.facts));
        if let Some(verifier) = is_it.next() {
            return Ok(verifier);
        }
        let found = format!("{} signed by {}", Untrusted::new(&summary.verifier), identity::describe(signer));
        if self.policy.verifiers.is_empty() {
            let message =
                format!("{} is a verification summary, and the policy names no verifier", say.fact.file);
            let finding = say.finding(&VSA_VERIFIER, Status::Undetermined, message).found(found);
            return Err(Box::new(finding));
        }
        let expected: Vec<String> =
            self.policy.verifiers.iter().map(|verifier| verifier.describe(self.facts)).collect();
        let message = format!(
            "{} is a summary by a verifier and signer that the policy does not name together",
            say.fact.file
        );
        let finding = say.finding(&VSA_VERIFIER, Status::Fail, message);
        Err(Box::new(finding.expected(expected.join(" or ")).found(found)))
    }

    fn resource(
        &self,
        say: &Say<'_>,
        verifier: &Verifier,
        summary: &Summary,
        name: &ArtifactName,
    ) -> Finding {
        let pattern = verifier.resource_uri.of(name.as_str());
        let uri = &summary.resource_uri;
        if pattern.as_ref().is_some_and(|pattern| pattern.matches(uri, self.facts)) {
            let message = format!("{}: the summary is about {}", say.subject, Untrusted::new(uri));
            return say.finding(&VSA_RESOURCE, Status::Pass, message);
        }
        let expected = pattern
            .map_or_else(|| verifier.resource_uri.as_str().to_owned(), |pattern| pattern.filled(self.facts));
        let message =
            format!("{} summarises the verification of another resource than {}", say.fact.file, say.subject);
        say.finding(&VSA_RESOURCE, Status::Fail, message).expected(expected).found(uri)
    }

    fn verified_level(&self, say: &Say<'_>, summary: &Summary) -> Finding {
        let asked = self.policy.min_level.unwrap_or(1);
        let expected = format!("SLSA_BUILD_LEVEL_{asked} or higher");
        let found = plural_list(&summary.levels, 10);
        if let Some(version) = summary.slsa_version.as_deref().filter(|version| !is_version_1(version)) {
            let message =
                format!("{} speaks of the levels of SLSA {}", say.fact.file, Untrusted::new(version));
            return say
                .finding(&VSA_LEVEL, Status::Undetermined, message)
                .expected("SLSA 1.x")
                .found(version);
        }
        match summary.build_level() {
            Some(level) if level >= asked => say.finding(
                &VSA_LEVEL,
                Status::Pass,
                format!("{}: SLSA Build L{level} was verified", say.subject),
            ),
            reached => {
                let reached = reached
                    .map_or_else(|| "no level of the Build track".to_owned(), |level| format!("L{level}"));
                let message = format!("{}: {reached} was verified", say.subject);
                say.finding(&VSA_LEVEL, Status::Fail, message).expected(expected).found(found)
            }
        }
    }

    fn time(&self, say: &Say<'_>, verifier: &Verifier, summary: &Summary) -> Option<Finding> {
        let finding = |status, message: String| Some(say.finding(&VSA_TIME, status, message));
        let Some(time) = summary.time_verified else {
            let most = verifier.max_age_days?;
            let message = format!("{} does not say when it was verified", say.fact.file);
            return finding(Status::Undetermined, message).map(|finding| {
                finding.expected(format!("at most {most} days ago")).found("no timeVerified")
            });
        };
        let now = self.facts.as_of;
        if time > now {
            let message = format!("{} was verified after the moment that is judged", say.fact.file);
            return finding(Status::Fail, message)
                .map(|finding| finding.expected(format!("{now} or before")).found(time.to_string()));
        }
        let age = (now.as_second() - time.as_second()) / DAY;
        match verifier.max_age_days {
            Some(most) if now.as_second() - time.as_second() > i64::from(most) * DAY => {
                let message = format!("{} was verified {age} days ago", say.fact.file);
                finding(Status::Fail, message).map(|finding| {
                    finding.expected(format!("at most {most} days ago")).found(time.to_string())
                })
            }
            _ => finding(Status::Pass, format!("{}: verified at {time}", say.subject)),
        }
    }
}

fn result(say: &Say<'_>, summary: &Summary) -> Finding {
    let failed = summary.levels.iter().find(|level| *level == "FAILED");
    if summary.result == "PASSED" && failed.is_none() {
        return say.finding(&VSA_RESULT, Status::Pass, format!("{}: the verifier passed it", say.subject));
    }
    let message = format!("{}: the verifier did not pass it", say.subject);
    let found =
        if summary.result == "PASSED" { "PASSED, and FAILED among its levels" } else { &summary.result };
    say.finding(&VSA_RESULT, Status::Fail, message).expected("PASSED").found(found)
}

/// The policy that the verifier verified by, where ours names one.
fn policy(say: &Say<'_>, verifier: &Verifier, summary: &Summary) -> Option<Finding> {
    let message = || format!("{} was verified by another policy", say.fact.file);
    if let Some(uri) = verifier.policy_uri.as_deref().filter(|uri| *uri != summary.policy_uri) {
        let finding = say.finding(&VSA_POLICY, Status::Fail, message());
        return Some(finding.expected(uri).found(&summary.policy_uri));
    }
    if verifier.policy_sha256.is_empty() {
        return verifier.policy_uri.as_ref().map(|uri| {
            let message = format!("{}: verified by the policy {}", say.subject, Untrusted::new(uri));
            say.finding(&VSA_POLICY, Status::Pass, message)
        });
    }
    let expected: Vec<String> =
        verifier.policy_sha256.iter().map(|digest| format!("sha256:{digest}")).collect();
    match &summary.policy_sha256 {
        Some(digest) if verifier.policy_sha256.contains(digest) => {
            let message = format!("{}: verified by the policy sha256:{digest}", say.subject);
            Some(say.finding(&VSA_POLICY, Status::Pass, message))
        }
        found => {
            let found = found.map_or_else(|| "no sha256".to_owned(), |digest| format!("sha256:{digest}"));
            let finding = say.finding(&VSA_POLICY, Status::Fail, message());
            Some(finding.expected(expected.join(" or ")).found(found))
        }
    }
}

/// `1` and `1.N`.
fn is_version_1(version: &str) -> bool {
    let minor = version.strip_prefix("1.");
    version == "1"
        || minor.is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|b| b.is_ascii_digit()))
}

impl Verifier {
    pub(super) fn signs(&self, signer: &Signer, facts: &Facts) -> bool {
        match signer {
            Signer::Certificate(certificate) => {
                let (Some(issuer), Some(subject)) = (&self.issuer, &self.identity) else { return false };
                let claims = Required::default();
                let own = Identity { issuer: issuer.clone(), subject: subject.clone(), claims };
                // A reusable workflow that a stranger calls does not speak for the verifier.
                own.fit(certificate, facts) == Fit::Is
            }
            Signer::Key { name, .. } => self.key.as_ref() == Some(name),
            Signer::Registry(_) => false,
        }
    }

    fn describe(&self, facts: &Facts) -> String {
        let signer = match (&self.identity, &self.issuer, &self.key) {
            (Some(identity), Some(issuer), _) => format!("{} (issuer {issuer})", identity.filled(facts)),
            (_, _, Some(key)) => format!("key \"{key}\""),
            _ => "nobody".to_owned(),
        };
        format!("{} signed by {signer}", self.id)
    }
}
