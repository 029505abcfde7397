//! Claims about the tree of the tag: workflows, update configuration, hooks, lock files, paths, links and dates.
//!
//! The rule that must not be broken: something is refuted only where everything was read that could bear it out; with a
//! gap, a claim that nothing bears out is undetermined, and the gap is named.

mod announced;
mod beyond;
mod ci;
mod codeql;
mod commits;
mod coverage;
mod dated;
mod ecosystems;
mod files;
mod flaws;
mod locks;
mod paths;
mod pins;
mod reach;
mod scans;
mod updates;

use super::Context;
use crate::{
    evidence::Seen,
    facts::project::{Project, tools::Trade},
    outcome::Finding,
    security_policy::claims::{Claim, ClaimKind},
};

/// What the tree says of a claim; nothing where it has no say.
pub(super) fn judge(context: &Context<'_>, claim: &Claim) -> Vec<Finding> {
    use ClaimKind as Kind;
    // What the text alone settles does not wait for the tree.
    match claim.kind {
        Kind::LastUpdated => return dated::last_updated(context, claim),
        Kind::ReviewDate => return dated::review_date(context, claim),
        Kind::Review => return dated::review(context, claim),
        Kind::BrokenLink if claim.detail.path.is_none() => return Vec::new(),
        _ => {}
    }
    let judge: fn(&About<'_>) -> Vec<Finding> = match claim.kind {
        Kind::DependencyUpdates => updates::judge,
        Kind::DependencyScanning => |about| scans::judge(about, Trade::Dependencies),
        Kind::StaticAnalysis => |about| scans::judge(about, Trade::Code),
        Kind::SecretScanning => |about| scans::judge(about, Trade::Secrets),
        Kind::ContainerScanning => |about| scans::judge(about, Trade::Images),
        Kind::LicenceCheck => |about| scans::judge(about, Trade::Licences),
        Kind::PreCommit => commits::pre_commit,
        Kind::Schedule => ci::schedule,
        Kind::LeastPrivilege => ci::least_privilege,
        Kind::PinnedActions => pins::judge,
        Kind::LockedDependencies => locks::judge,
        Kind::Coverage => coverage::judge,
        Kind::UpdateChannels => announced::channels,
        Kind::SecurityTxt => files::security_txt,
        Kind::SecurityInsights => files::insights,
        Kind::BrokenLink => paths::link,
        Kind::MovedLine => paths::line,
        _ => return Vec::new(),
    };
    match &context.facts.project {
        Seen::Present(project) => judge(&About { context, claim, project }),
        Seen::Absent { .. } => vec![context.unknown(claim, "there is no tree at the tag")],
        Seen::Unavailable { reason } => {
            vec![context.unknown(claim, format!("what the tree holds was not read: {reason}"))]
        }
    }
}

/// What the tree holds that contradicts the policy, whether or not the policy speaks of it.
pub(super) fn beside(context: &Context<'_>) -> Vec<Finding> {
    let Seen::Present(project) = &context.facts.project else { return Vec::new() };
    files::beside(context, project)
}

/// A claim, and what it is judged with.
struct About<'a> {
    context: &'a Context<'a>,
    claim: &'a Claim,
    project: &'a Project,
}

impl About<'_> {
    fn confirmed(&self, why: impl AsRef<str>) -> Finding {
        self.context.confirmed(self.claim, why)
    }

    fn refuted(&self, why: impl AsRef<str>) -> Finding {
        self.context.refuted(self.claim, why)
    }

    fn unknown(&self, why: impl AsRef<str>) -> Finding {
        self.context.unknown(self.claim, why)
    }

    /// Something that does not make the claim untrue and is worth knowing.
    fn warning(&self, why: impl AsRef<str>) -> Finding {
        self.refuted(why).never_more_than_a_warning()
    }

    /// Nothing that was read bears the claim out: refuted, or undetermined where something was not read.
    fn missing(&self, why: impl AsRef<str>) -> Finding {
        let gaps = &self.project.runs.gaps;
        let Some(gap) = gaps.first() else { return self.refuted(why) };
        let more = match gaps.len() {
            1 => String::new(),
            n => format!(" (and {} more)", n - 1),
        };
        self.unknown(format!("{}; but {gap}{more}", why.as_ref()))
    }

    /// Whether the sentence has one of these words, each given in lower case.
    fn says(&self, words: &[&str]) -> bool {
        let sentence = self.claim.sentence.to_lowercase();
        words.iter().any(|word| sentence.contains(word))
    }
}

#[cfg(test)]
mod tests;
