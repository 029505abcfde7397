//! What SECURITY.md claims of the project, held against the release and the tree of its tag.
//!
//! A claim that the evidence bears out passes, one that it contradicts fails, and one that nothing here can look at is
//! undetermined, with what would be needed. The rules that must not be broken: no claim passes because nobody looked;
//! an aim is never more than a warning; and no claim is held against a project that it did not make.

use super::{Check, Judges, Meta, Rules};
use crate::{
    evidence::Seen,
    facts::{Facts, PolicyFact},
    outcome::{Finding, Rule, Subject, SubjectKind},
    security_policy::claims::{Claim, ClaimKind, Tone},
};
use serde::Deserialize;

mod dates;
mod keys;
mod project;
mod release;
mod rules;
#[cfg(test)]
mod tests;
mod text;
mod verify;

pub(crate) use rules::RULES;
use rules::{NONE, NOT_FOUND, UNREADABLE};

/// The check.
pub struct PolicyClaims;

/// `[rules.policy-claims]`: nothing to choose; levels and waivers apply.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {}

impl Check for PolicyClaims {
    const META: Meta = Meta {
        id: "policy-claims",
        summary: "what SECURITY.md claims of the project is so",
        rules: RULES,
        judges: Judges::WhatIsThere,
    };

    type Policy = Policy;

    fn run(facts: &Facts, rules: &Rules) -> Vec<Finding> {
        let policy = match &facts.security_policy {
            Seen::Present(policy) => policy,
            Seen::Absent { looked_at } => {
                let message = "the repository has no security policy, so it claims nothing";
                return vec![
                    Finding::fail(&NOT_FOUND, facts.release(), message)
                        .found(format!("looked at {}", looked_at.join(", "))),
                ];
            }
            Seen::Unavailable { reason } => {
                return vec![Finding::undetermined(&UNREADABLE, facts.release(), reason)];
            }
        };
        Context { facts, rules, policy }.judge()
    }
}

/// What a claim is judged with.
struct Context<'a> {
    facts: &'a Facts,
    rules: &'a Rules,
    policy: &'a PolicyFact,
}

impl Context<'_> {
    fn judge(&self) -> Vec<Finding> {
        let policy = &self.policy.policy;
        if let Some(refusal) = &policy.refusal {
            return vec![Finding::undetermined(&UNREADABLE, self.facts.release(), refusal.to_string())];
        }
        let claims = &policy.claims;
        let mut findings: Vec<Finding> = claims.all.iter().flat_map(|claim| self.claim(claim)).collect();
        findings.extend(project::beside(self));
        if claims.is_cut {
            let message = format!("{} makes more claims than are looked at", policy.path);
            findings.push(Finding::undetermined(&UNREADABLE, self.facts.release(), message));
        }
        if findings.is_empty() {
            let message = format!("{} makes no claim that can be checked", policy.path);
            findings.push(Finding::fail(&NONE, self.facts.release(), message));
        }
        findings.into_iter().map(|finding| finding.rests_on([self.policy.sha256])).collect()
    }

    /// What comes of one claim: at least one finding.
    fn claim(&self, claim: &Claim) -> Vec<Finding> {
        let found = project::judge(self, claim);
        let found = if found.is_empty() { self.elsewhere(claim) } else { found };
        if found.is_empty() { vec![self.unknown(claim, "not looked at by this version")] } else { found }
    }

    /// What comes of a claim that the tree of the tag says nothing about.
    fn elsewhere(&self, claim: &Claim) -> Vec<Finding> {
        match claim.kind {
            ClaimKind::SignedReleases | ClaimKind::Checksums | ClaimKind::Slsa | ClaimKind::Sbom => {
                release::judge(self, claim)
            }
            ClaimKind::VerifyCommand => vec![verify::judge(self, claim)],
            _ => text::judge(self, claim),
        }
    }

    /// Whether the file gives some way to report in private that was filled in.
    fn has_channel(&self) -> bool {
        let all = self.policy.policy.claims.all.iter();
        all.into_iter().any(|claim| matches!(claim.kind, ClaimKind::Contact | ClaimKind::PrivateReporting))
    }

    /// The sentence, as a subject: `SECURITY.md:61`.
    fn subject(&self, claim: &Claim) -> Subject {
        Subject::new(SubjectKind::Claim, format!("{}:{}", self.policy.policy.path, claim.line))
    }

    /// The evidence bears the claim out.
    fn confirmed(&self, claim: &Claim, why: impl AsRef<str>) -> Finding {
        let rule = rules::of(claim.kind);
        self.of(claim, Finding::pass(rule, self.subject(claim), said(claim, why.as_ref())))
    }

    /// The evidence was looked at, and contradicts the claim or lacks what would have to be there.
    fn refuted(&self, claim: &Claim, why: impl AsRef<str>) -> Finding {
        self.refuted_by(rules::of(claim.kind), claim, why)
    }

    /// The same, by another rule than that of the kind.
    fn refuted_by(&self, rule: &'static Rule, claim: &Claim, why: impl AsRef<str>) -> Finding {
        self.of(claim, Finding::fail(rule, self.subject(claim), said(claim, why.as_ref())))
    }

    /// Nothing here can tell; `why` says what would be needed.
    fn unknown(&self, claim: &Claim, why: impl AsRef<str>) -> Finding {
        let rule = rules::of(claim.kind);
        self.of(claim, Finding::undetermined(rule, self.subject(claim), said(claim, why.as_ref())))
    }

    /// An aim is not a promise: it is never more than a warning.
    fn of(&self, claim: &Claim, finding: Finding) -> Finding {
        match claim.tone {
            Tone::Promise => finding,
            Tone::Aim => finding.never_more_than_a_warning(),
        }
    }
}

/// The longest quotation, in characters.
const LONGEST_QUOTATION: usize = 90;

/// The sentence, quoted and cut short, and what was found about it.
fn said(claim: &Claim, why: &str) -> String {
    let sentence = claim.sentence.trim_end_matches(['.', ':', ' ']);
    if sentence.is_empty() {
        return why.to_owned();
    }
    let aim = if claim.tone == Tone::Aim { " (an aim)" } else { "" };
    match sentence.char_indices().nth(LONGEST_QUOTATION) {
        Some((end, _)) => format!("\"{}…\"{aim}: {why}", sentence[..end].trim_end()),
        None => format!("\"{sentence}\"{aim}: {why}"),
    }
}
