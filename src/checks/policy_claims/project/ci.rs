//! How workflows are set up: when they run, what their tokens may do, and how they name actions.

use super::{About, beyond, scans, updates};
use crate::{
    facts::project::{
        cron::Cron,
        tools::{self, Trade},
        workflow::{Permissions, Workflow},
    },
    outcome::Finding,
    security_policy::claims::Interval,
    text,
};
use std::collections::BTreeMap;

/// Judges a claim that something is done every day, week or month.
pub(super) fn schedule(about: &About<'_>) -> Vec<Finding> {
    beyond::taken_back(about, None, by_cron(about))
}

/// What is run by a schedule that is as often as the sentence says.
fn by_cron(about: &About<'_>) -> Vec<Finding> {
    let Some(interval) = about.claim.detail.interval else {
        return vec![about.unknown("how often is not understood")];
    };
    let mut found: Vec<_> =
        trades(about).into_iter().flat_map(|trade| scans::of_trade(about, trade)).collect();
    // What is said of a tool is borne out by no other.
    let tools = &about.claim.detail.tools;
    let named: Vec<&str> = tools.iter().copied().filter(|name| tools::named(name).is_some()).collect();
    if !named.is_empty() && named.len() == tools.len() {
        found.retain(|it| named.contains(&it.tool));
        if let Some(finding) = scans::by_app(about, &named).filter(|_| found.is_empty()) {
            return vec![finding];
        }
    }
    let (mut slower, mut never) = (None, None);
    let mut known: BTreeMap<&String, Option<Interval>> = BTreeMap::new();
    let runs = found
        .iter()
        .filter(|it| it.doubt.is_none())
        .flat_map(|it| it.runs.iter().filter(|run| run.doubt.is_none()).map(move |run| (it.tool, *run)));
    let mut fitting: Vec<_> = Vec::new();
    for (tool, run) in runs {
        for cron in &run.triggers.crons {
            let often = *known.entry(cron).or_insert_with(|| every(cron));
            match often {
                Some(often) if often <= interval => fitting.push((tool, run, cron)),
                Some(_) => slower = Some(cron),
                None => never = Some(cron),
            }
        }
    }
    if let Some((tool, run, cron)) =
        fitting.iter().find(|(_, run, _)| run.harmless.is_none()).or_else(|| fitting.first())
    {
        let cron = text::clean(cron);
        let mut findings = vec![about.confirmed(format!("{tool} runs by cron \"{cron}\" ({})", run.place))];
        if let Some(why) = run.harmless {
            findings.push(about.warning(format!("{tool} cannot fail: {why} ({})", run.place)));
        }
        return findings;
    }
    if let Some(doubt) = found.iter().find_map(|it| it.doubt.as_ref()) {
        return vec![about.unknown(doubt)];
    }
    if about.says(&["depend", "renovate", "librar", "package", "update"]) {
        let finding = updates::interval(about, interval);
        if let Some(finding) = finding {
            return vec![finding];
        }
    }
    if let Some((name, place)) = scans::suspect(about, |run| !run.triggers.crons.is_empty()) {
        let why = format!("{} may scan, and relcheck does not know it ({place})", text::clean(name));
        return vec![about.unknown(why)];
    }
    let why = match (slower, never) {
        (Some(cron), _) => format!(
            "what is scheduled runs by cron \"{}\", which is not {}",
            text::clean(cron),
            interval.name()
        ),
        (None, Some(cron)) => {
            format!("the cron \"{}\" of what is scheduled is none that fires every year", text::clean(cron))
        }
        (None, None) => "no scan runs on a schedule".to_owned(),
    };
    vec![about.missing(why)]
}

/// The trades of which a sentence speaks; any where it names none.
fn trades(about: &About<'_>) -> Vec<Trade> {
    let all: [(Trade, &[&str]); 4] = [
        (Trade::Dependencies, &["depend", "librar", "package"]),
        (Trade::Code, &["code", "static", "sast"]),
        (Trade::Secrets, &["secret", "credential"]),
        (Trade::Images, &["container", "image"]),
    ];
    let named: Vec<Trade> =
        all.iter().filter(|(_, words)| about.says(words)).map(|(trade, _)| *trade).collect();
    if named.is_empty() { all.map(|(trade, _)| trade).into() } else { named }
}

/// How often a cron line fires at least.
fn every(cron: &str) -> Option<Interval> {
    Some(match Cron::read(cron)?.longest_wait()? {
        1 => Interval::Daily,
        2..=7 => Interval::Weekly,
        8..=31 => Interval::Monthly,
        32..=92 => Interval::Quarterly,
        93..=184 => Interval::HalfYearly,
        185..=366 => Interval::Yearly,
        _ => return None,
    })
}

/// The workflows that were read; what was not is a finding.
pub(super) fn workflows<'a>(about: &'a About<'_>) -> Result<Vec<(&'a str, &'a Workflow)>, Box<Finding>> {
    let mut read = Vec::new();
    for (path, workflow) in &about.project.workflows {
        match workflow {
            Ok(workflow) => read.push((path.as_str(), workflow)),
            Err(why) => return Err(Box::new(about.unknown(format!("{path} {why}")))),
        }
    }
    if read.is_empty() {
        return Err(Box::new(
            about.unknown("there is no workflow of GitHub Actions, and others are not looked at"),
        ));
    }
    Ok(read)
}

/// Judges a claim that tokens may do little: by default they may read at most, and a job that writes says so itself.
pub(super) fn least_privilege(about: &About<'_>) -> Vec<Finding> {
    let mut read = match workflows(about) {
        Ok(read) => read,
        Err(finding) => return vec![*finding],
    };
    // Forgejo and Gitea pass over what a workflow says of it.
    read.retain(|(path, _)| path.starts_with(".github/"));
    if read.is_empty() {
        return vec![about.unknown("there is no workflow of GitHub Actions, and others are not looked at")];
    }
    let of = |is_sure: bool| -> Vec<String> {
        let all = read.iter().filter_map(|(path, workflow)| Some((path, too_much(workflow)?)));
        all.filter(|(_, grant)| grant.is_sure == is_sure)
            .map(|(path, it)| format!("{path} {}", it.what))
            .collect()
    };
    let (wrong, doubtful) = (of(true), of(false));
    if !wrong.is_empty() {
        return vec![about.refuted(text::plural_list(&wrong, 4))];
    }
    if !doubtful.is_empty() {
        return vec![about.unknown(text::plural_list(&doubtful, 4))];
    }
    let mut writing = Vec::new();
    for (path, workflow) in &read {
        let jobs = workflow.jobs.iter();
        let own = jobs.filter_map(|(id, job)| Some((id, written(job.permissions.as_ref()?))));
        for (id, scopes) in own.filter(|(_, scopes)| !scopes.is_empty()) {
            let short: String = id.chars().take(60).collect();
            let (all, count) = (text::plural_list(&scopes, 16), scopes.len());
            writing
                .push((count, format!("job {} of {path} writes {}", text::clean(&short), text::clean(&all))));
        }
    }
    let shown: Vec<&str> = writing.iter().map(|(_, it)| it.as_str()).collect();
    let is_of_all = about.says(&["read-only", "readonly"]) && !about.says(&["default"]);
    if !writing.is_empty() && is_of_all {
        return vec![about.refuted(text::plural_list(&shown, 4))];
    }
    // Nobody here knows what a job needs; so many at once are not known to be the fewest.
    let wide: Vec<&str> =
        writing.iter().filter(|(count, _)| *count >= MANY_SCOPES).map(|(_, it)| it.as_str()).collect();
    if !wide.is_empty() {
        return vec![
            about.unknown(format!("{}: whether it needs them all is not known", text::plural_list(&wide, 4))),
        ];
    }
    const OTHERS: [&str; 9] =
        ["cloud", "aws", "azure", "gcp", "iam", "account", "server", "database", "infrastructure"];
    if about.says(&OTHERS) {
        return vec![about.unknown("what others than workflows may do was not looked at")];
    }
    let count = text::count(read.len(), "workflow declares", "workflows declare");
    let jobs = if shown.is_empty() { String::new() } else { format!("; {}", text::plural_list(&shown, 4)) };
    vec![about.confirmed(format!("{count} what the token may do{jobs}"))]
}

/// How many scopes that a single job may write are too many to be taken for the fewest.
const MANY_SCOPES: usize = 4;

/// The scopes that may be written.
fn written(permissions: &Permissions) -> Vec<&str> {
    match permissions {
        Permissions::Scopes(scopes) => {
            scopes.iter().filter(|(_, access)| *access == "write").map(|(scope, _)| scope.as_str()).collect()
        }
        Permissions::ReadAll | Permissions::WriteAll => Vec::new(),
    }
}

/// What a workflow grants that its jobs may not need.
struct Grant {
    what: String,
    /// Whether it is more than some job needs in any case.
    is_sure: bool,
}

fn too_much(workflow: &Workflow) -> Option<Grant> {
    let undeclared = workflow.jobs.values().filter(|job| job.permissions.is_none()).count();
    let sure = |what: &str| Some(Grant { what: what.to_owned(), is_sure: true });
    if workflow.jobs.values().any(|job| job.permissions == Some(Permissions::WriteAll)) {
        return sure("grants write-all to a job");
    }
    let scopes = match &workflow.permissions {
        None if undeclared > 0 => return sure("declares no permissions"),
        Some(Permissions::WriteAll) => return sure("grants write-all"),
        None | Some(Permissions::ReadAll) => return None,
        Some(Permissions::Scopes(scopes)) => scopes,
    };
    let written = scopes.iter().filter(|(_, access)| *access == "write").map(|(scope, _)| scope.as_str());
    let written = text::clean(&text::plural_list(&written.collect::<Vec<_>>(), 4)).into_owned();
    match undeclared {
        _ if written.is_empty() => None,
        // For a single job it may be what that job needs, and for none it is nothing.
        0 | 1 => {
            let what =
                format!("grants {written} write to the whole workflow, and not to the job that needs it");
            Some(Grant { what, is_sure: false })
        }
        _ => Some(Grant { what: format!("grants {written} write to every job"), is_sure: true }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cron_line_is_as_often_as_it_fires_at_least() {
        for (cron, expected) in [
            ("0 8 * * *", Some(Interval::Daily)),
            ("*/5 * * * *", Some(Interval::Daily)),
            ("0 8 * * 1-5", Some(Interval::Daily)),
            ("0 8 * * 1", Some(Interval::Weekly)),
            ("0 8 1 * *", Some(Interval::Monthly)),
            ("0 8 */2 * *", Some(Interval::Weekly)),
            ("0 8 1 */3 *", Some(Interval::Quarterly)),
            ("0 8 1 1 *", Some(Interval::Yearly)),
            ("0 0 29 2 *", None),
            ("0 0 31 2 *", None),
            ("99 99 * * *", None),
            ("daily", None),
        ] {
            assert_eq!(every(cron), expected, "{cron}");
        }
    }
}
