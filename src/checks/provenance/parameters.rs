//! What a build was told, and what its predicate says of the run, held against the certificate and the policy.

use super::{
    Judge, PARAMETERS, RUNNER,
    build_types::{self, BuildType},
    builders::Trusted,
    is_of_concern,
    level::Runner,
    policy::Inputs,
    say::Say,
};
use crate::{
    checks::identity::GITHUB_ISSUER,
    outcome::{Finding, Status},
    proof::{Certificate, Claims, Signer, statement::Provenance as Predicate},
    text::{Untrusted, plural_list},
};

/// How many parameters a finding shows.
const SHOWN: usize = 10;

impl Judge<'_> {
    /// Everything about the parameters of the build; a pass where nothing is wrong with them.
    pub(super) fn parameters(
        &self,
        say: &Say<'_>,
        signer: &Signer,
        builder: Option<&Trusted>,
        predicate: &Predicate,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Signer::Certificate(certificate) = signer {
            findings.extend(contradictions(say, certificate, predicate));
        }
        findings.extend(builder.and_then(|builder| build_type(say, builder, predicate)));
        findings.extend(self.required(say, predicate));
        findings.extend(self.chosen(say, predicate));
        findings.extend(unknown(say, predicate));
        if !findings.iter().any(is_of_concern) {
            let build_type = Untrusted::new(&predicate.build_type);
            let message =
                format!("{}: a build of type {build_type}, told nothing that is not allowed", say.subject);
            findings.push(say.finding(&PARAMETERS, Status::Pass, message));
        }
        findings
    }

    /// Parameters that the policy asks for.
    fn required(&self, say: &Say<'_>, predicate: &Predicate) -> Vec<Finding> {
        let wrong = self.policy.parameters.iter().filter_map(|(path, value)| {
            let stated = build_types::parameter(predicate, path);
            if stated.as_ref() == Some(value) {
                return None;
            }
            let message = format!(
                "{} was not built with the {} that the policy asks for",
                say.subject,
                Untrusted::new(path)
            );
            let finding = say.finding(&PARAMETERS, Status::Fail, message).expected(build_types::text(value));
            Some(finding.found(stated.as_ref().map_or_else(|| "nothing".to_owned(), build_types::text)))
        });
        wrong.collect()
    }

    /// Inputs that somebody chose when starting the workflow.
    fn chosen(&self, say: &Say<'_>, predicate: &Predicate) -> Option<Finding> {
        let known = build_types::known(&predicate.build_type);
        let mut chosen = known.map_or_else(Vec::new, |known| known.chosen(predicate));
        chosen.extend(build_types::entered(predicate));
        chosen.sort_unstable();
        chosen.dedup();
        if chosen.is_empty() {
            return None;
        }
        let list = Untrusted::new(plural_list(&chosen, SHOWN));
        let message = format!("{} was built with inputs that are not in its source: {list}", say.subject);
        let fix = "release without inputs, or say what you think of them with workflow-inputs in [rules.provenance]";
        let with = |status| {
            say.finding(&PARAMETERS, status, message.clone()).expected("no inputs").found(list.to_string())
        };
        Some(match self.policy.workflow_inputs {
            Inputs::Allow => say.finding(&PARAMETERS, Status::Pass, message),
            Inputs::Warn => with(Status::Fail).fix(fix).warning(),
            Inputs::Refuse => with(Status::Fail).fix(fix),
        })
    }

    /// Where the build ran. A runner of one's own is a warning, unless the policy requires the rule.
    pub(super) fn runner(&self, say: &Say<'_>, signer: &Signer) -> Option<Finding> {
        let Signer::Certificate(certificate) = signer else { return None };
        let found = certificate.claims.runner_environment.as_ref();
        let found = found.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        let finding = |status, message: String| say.finding(&RUNNER, status, message);
        let expected = |finding: Finding| finding.expected("github-hosted or gitlab-hosted").found(&found);
        match Runner::of(certificate) {
            Runner::Hosted => {
                Some(finding(Status::Pass, format!("{} was built on a {found} runner", say.subject)))
            }
            Runner::Own => Some(expected(finding(
                Status::Fail,
                format!("{} was built on a runner that the platform does not host", say.subject),
            ))),
            Runner::Untold => Some(expected(finding(
                Status::Undetermined,
                format!("the certificate of {} does not say on what runner it was built", say.fact.file),
            ))),
            Runner::NotSaid => None,
        }
    }
}

/// A type of build that its builder does not state.
fn build_type(say: &Say<'_>, builder: &Trusted, predicate: &Predicate) -> Option<Finding> {
    let stated = &predicate.build_type;
    if builder.build_types.is_empty() || builder.build_types.contains(stated) {
        return None;
    }
    let message =
        format!("the provenance of {} states a type of build that its builder does not do", say.subject);
    let finding = say.finding(&PARAMETERS, Status::Fail, message);
    Some(finding.expected(builder.build_types.join(" or ")).found(stated))
}

/// Parameters that are not part of the layout, or of a layout that is not known.
fn unknown(say: &Say<'_>, predicate: &Predicate) -> Option<Finding> {
    let parameters = &predicate.external_parameters;
    let Some(known) = build_types::known(&predicate.build_type) else {
        let build_type = Untrusted::new(&predicate.build_type);
        let message = format!("{} is a build of a type that is not known here: {build_type}", say.subject);
        let finding =
            say.finding(&PARAMETERS, Status::Undetermined, message).found(build_types::text(parameters));
        return Some(finding.warning());
    };
    let unknown = BuildType::unknown(known, parameters);
    if unknown.is_empty() {
        return None;
    }
    let list = plural_list(&unknown, SHOWN);
    let message = format!("{} was built with parameters that its type of build does not have", say.subject);
    let finding = say.finding(&PARAMETERS, Status::Fail, message).expected("no such parameters").found(list);
    Some(finding.warning())
}

/// What the predicate says of the run and the certificate says otherwise.
fn contradictions(say: &Say<'_>, certificate: &Certificate, predicate: &Predicate) -> Vec<Finding> {
    let claims = &certificate.claims;
    let mut findings = Vec::new();
    let mut differ = |what: &str, claimed: &str, stated: &str| {
        let message = format!("the provenance of {} states {what} than its certificate", say.subject);
        let finding = say.finding(&PARAMETERS, Status::Fail, message);
        findings.push(finding.expected(claimed).found(stated));
    };
    let elsewhere = build_types::known(&predicate.build_type).is_some_and(BuildType::is_elsewhere);
    if elsewhere && certificate.issuer.raw() == GITHUB_ISSUER {
        differ("a type of build of another platform", GITHUB_ISSUER, &predicate.build_type);
    }
    if let Some(config) = claims.build_config_uri.as_ref().map(Untrusted::raw)
        && let Some(stated) = another_workflow(config, predicate)
    {
        differ("another workflow", config, &stated);
    }
    if let Some((claimed, stated)) = another_run(claims, predicate) {
        differ("another run", &claimed, &stated);
    }
    if let Some(runner) = claims.runner_environment.as_ref().map(Untrusted::raw)
        && let Some(stated) = predicate.environment.runners.iter().find(|stated| *stated != runner)
    {
        differ("another kind of runner", runner, stated);
    }
    findings
}

/// The workflow that the predicate names, where it is not the one that the platform started. Its repository and its
/// ref are held against the certificate by rules of their own; here it is the path, and any reference to all three.
fn another_workflow(config: &str, predicate: &Predicate) -> Option<String> {
    let full = config.strip_prefix("https://").and_then(|rest| rest.split_once('/')).map(|(_, rest)| rest);
    if let Some(other) = predicate.environment.workflows.iter().find(|stated| Some(stated.as_str()) != full) {
        return Some(other.clone());
    }
    let stated = predicate.workflow_path.as_deref()?;
    // Elsewhere it is the name of a job or of another file; a type that is not known here may mean anything.
    let known = build_types::known(&predicate.build_type);
    if !known.map_or_else(|| stated.starts_with(".github/"), BuildType::is_workflow) {
        return None;
    }
    // OWNER/NAME/PATH@REF.
    let path = full.and_then(|full| full.splitn(3, '/').nth(2)).and_then(|rest| rest.split_once('@'));
    let same = path.is_some_and(|(path, _)| path == stated) || full == Some(stated);
    (!same).then(|| stated.to_owned())
}

/// The run that the certificate and the predicate name, where they are not the same.
fn another_run(claims: &Claims, predicate: &Predicate) -> Option<(String, String)> {
    let claimed = claims.run_invocation_uri.as_ref()?.raw();
    let differs = |stated: &str| Some((claimed.to_owned(), stated.to_owned()));
    let (run, attempt) = run_of(claimed);
    for (stated, own) in [(&predicate.environment.runs, run), (&predicate.environment.attempts, attempt)] {
        if let Some(other) = stated.iter().find(|stated| own != Some(stated.as_str())) {
            return differs(other);
        }
    }
    let stated = predicate.invocation_id.as_deref()?;
    let short = run.zip(attempt).map(|(run, attempt)| format!("{run}-{attempt}"));
    let same = stated == claimed || short.as_deref() == Some(stated);
    // Elsewhere one job may sign what another one built, and a builder that is not known here calls runs as it likes.
    let known = build_types::known(&predicate.build_type);
    let comparable = known.is_some_and(BuildType::is_workflow) || stated.contains("/actions/runs/");
    (!same && comparable).then(|| differs(stated)).flatten()
}

/// The numbers in `https://github.com/OWNER/NAME/actions/runs/RUN/attempts/ATTEMPT`.
fn run_of(uri: &str) -> (Option<&str>, Option<&str>) {
    let Some((_, rest)) = uri.split_once("/actions/runs/") else { return (None, None) };
    match rest.split_once("/attempts/") {
        Some((run, attempt)) => (Some(run), Some(attempt)),
        None => (Some(rest), None),
    }
}
