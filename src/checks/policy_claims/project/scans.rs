//! Scanners: whether the tools that a sentence names, or any of their trade, are run, and whether their failure counts.

mod found;

use super::{About, beyond, reach, updates};
use crate::{
    facts::project::{
        cron::Cron,
        runs::Run,
        settings,
        tools::{self, Tool, Trade},
    },
    outcome::{Finding, Status},
    text,
};
use found::together;
pub(super) use found::{Found, find, of_trade};

/// What a trade is called in a sentence.
fn doing(trade: Trade) -> &'static str {
    match trade {
        Trade::Dependencies => "looks for known vulnerabilities in dependencies",
        Trade::Code | Trade::Style => "looks through the code for weaknesses",
        Trade::Secrets => "looks for secrets",
        Trade::Images => "looks through container images",
        Trade::Licences => "looks at licences",
    }
}

/// Judges a claim that something is scanned. What it says beyond that is borne out by nothing.
pub(super) fn judge(about: &About<'_>, trade: Trade) -> Vec<Finding> {
    if let Some(why) = about.claim.detail.unseen {
        return vec![about.unknown(why)];
    }
    if let Some(name) = by_product(about) {
        let why = format!("whether that is said of what {name} does for its users is not known");
        return vec![about.unknown(why)];
    }
    beyond::taken_back(about, Some(trade), by_tools(about, trade))
}

/// The name of the repository, where it is what scans.
fn by_product<'a>(about: &About<'a>) -> Option<&'a str> {
    let name = about.context.facts.repository.as_ref()?.name();
    let claim = about.claim;
    (claim.detail.tools.is_empty() && is_of_product(&claim.sentence, name)).then_some(name)
}

/// "Widget scans dependencies": whether that is all that is said, and not where it is done or whose dependencies they are.
pub(super) fn is_of_product(sentence: &str, name: &str) -> bool {
    const SCANS: [&str; 9] =
        ["scans", "checks", "audits", "detects", "finds", "analyzes", "analyses", "inspects", "searches"];
    const OF_THE_PROJECT: [&str; 9] =
        ["ci", "workflow", "workflows", "pull", "push", "commit", "its", "our", "own"];
    let sentence = sentence.to_lowercase();
    let words = sentence.split(|c: char| c.is_whitespace() || "*_`\".,;()".contains(c));
    let mut words = words.filter(|word| !word.is_empty() && *word != "the");
    if words.clone().any(|word| OF_THE_PROJECT.contains(&word)) {
        return false;
    }
    words.next() == Some(&name.to_lowercase()) && words.next().is_some_and(|verb| SCANS.contains(&verb))
}

fn by_tools(about: &About<'_>, trade: Trade) -> Vec<Finding> {
    let named: Vec<&'static Tool> = (about.claim.detail.tools.iter())
        .filter_map(|name| tools::named(name))
        .filter(|tool| {
            tool.trades.contains(&trade) || (trade == Trade::Code && tool.trades.contains(&Trade::Style))
        })
        .collect();
    // Dependabot and Renovate are known by their settings.
    let has_updater = about.claim.detail.tools.iter().any(|name| matches!(*name, "dependabot" | "renovate"));
    let mut findings = match trade {
        Trade::Dependencies if has_updater => updates::by_settings(about),
        _ => Vec::new(),
    };
    match named.as_slice() {
        [] if findings.is_empty() => unnamed(about, trade),
        [] => findings,
        named => {
            findings.extend(by_name(about, trade, named));
            findings
        }
    }
}

/// Every tool that is named has to be run.
fn by_name(about: &About<'_>, trade: Trade, named: &[&'static Tool]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for tool in named {
        let trade = if tool.trades.contains(&trade) { trade } else { Trade::Style };
        match find(about, tool, trade) {
            Some(it) => found.push(it),
            None => missing.push(tool.name),
        }
    }
    if let Some(finding) = by_app(about, &missing) {
        return vec![finding];
    }
    if !missing.is_empty() {
        let mut all = about.project.runs.all.iter();
        let called = all.find_map(|run| Some((run, missing.iter().find(|name| run.named.contains(name))?)));
        let instead = called.map_or_else(String::new, |(run, tool)| {
            format!(" as a tool that {}; {} calls {tool} for something else", doing(trade), run.place)
        });
        return vec![
            about.missing(format!("no workflow and no hook runs {}{instead}", missing.join(" or "))),
        ];
    }
    together(about, &mut found);
    if let Some(doubt) = found.iter().find_map(|it| it.doubt.as_ref()) {
        return vec![about.unknown(doubt)];
    }
    let only_style = trade == Trade::Code && named.iter().all(|tool| tool.trades == [Trade::Style]);
    if only_style && let Some(finding) = style(about, &found) {
        return vec![finding];
    }
    in_reach(about, trade, &found)
}

/// Tools that a forge may run without a file, each with what does so.
const APPS: [(&str, &str, &str); 4] = [
    ("codeql", "CodeQL", "default setup leaves"),
    ("snyk", "Snyk", "app on the forge leaves"),
    ("sonarqube", "SonarQube", "automatic analysis leaves"),
    ("semgrep", "Semgrep", "managed scans leave"),
];

/// Why nobody here can tell, where each tool that is missing may be run by an app of the forge. An app is no workflow.
pub(super) fn by_app(about: &About<'_>, missing: &[&str]) -> Option<Finding> {
    let app = |name: &&str| APPS.iter().find(|(known, _, _)| known == name);
    let apps: Vec<_> = missing.iter().map(app).collect::<Option<_>>()?;
    let (name, shown, leaves) = apps.first()?;
    let sentence = about.claim.sentence.to_lowercase();
    let is_of_workflow = about.says(&["workflow", "github actions", "pipeline"])
        || sentence.split(|c: char| !c.is_alphanumeric()).any(|word| word == "ci");
    let why = format!("no workflow runs {shown}; its {leaves} no file, and only the forge could tell of it");
    (*name == "codeql" && apps.len() == 1 || !is_of_workflow).then(|| about.unknown(why))
}

/// Tools that look for style and types are said to look for weaknesses; `None` where they are set up to.
fn style(about: &About<'_>, found: &[Found<'_>]) -> Option<Finding> {
    let mut lacks = Vec::new();
    for it in found {
        let texts = &about.project.texts;
        let looks = match it.tool {
            "ruff" => settings::ruff_looks_for_weaknesses(texts),
            "golangci-lint" => settings::runs_gosec(texts),
            _ => Some(false),
        };
        lacks.push(match (it.tool, looks) {
            (_, Some(true)) => return None,
            (tool, None) => return Some(about.unknown(format!("the settings of {tool} could not be read"))),
            ("ruff", _) => "ruff selects none of its S rules".to_owned(),
            ("golangci-lint", _) => "golangci-lint does not enable gosec".to_owned(),
            (tool, _) => format!("{tool} looks for no vulnerabilities"),
        });
    }
    let shown: Vec<String> = found.iter().map(Found::shown).collect();
    Some(about.warning(format!("{} run, but {}", shown.join(" and "), lacks.join(", and "))))
}

/// Any tool of the trade will do.
fn unnamed(about: &About<'_>, trade: Trade) -> Vec<Finding> {
    let mut all = of_trade(about, trade);
    together(about, &mut all);
    let (found, doubtful): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.doubt.is_none());
    if !found.is_empty() {
        return in_reach(about, trade, &found);
    }
    // Dependabot looks for vulnerable versions as well.
    if trade == Trade::Dependencies
        && let Some(finding) = updates::bears_out(about)
    {
        return vec![finding];
    }
    if let Some(doubt) = doubtful.iter().find_map(|it| it.doubt.as_ref()) {
        return vec![about.unknown(doubt)];
    }
    if let Some((name, place)) = suspect(about, |_| trade != Trade::Licences) {
        return vec![
            about.unknown(format!("{} may scan, and relcheck does not know it ({place})", text::clean(name))),
        ];
    }
    if let Some(why) = by_forge(about, trade) {
        return vec![about.unknown(why)];
    }
    if let Some(why) = beyond::by_another(about) {
        return vec![about.unknown(why)];
    }
    let mut why = format!("no workflow and no hook runs a tool that {}", doing(trade));
    if trade == Trade::Images {
        why.push_str(&match about.project.images.as_slice() {
            [] => ", and there is no Dockerfile".to_owned(),
            images => format!("; there is {}", text::plural_list(images, 2)),
        });
    }
    vec![about.missing(why)]
}

/// Why nobody here can tell, where a forge or a registry is said to scan.
fn by_forge(about: &About<'_>, trade: Trade) -> Option<&'static str> {
    let is_of_workflow = about.says(&["workflow", "github actions", "gitlab ci", "pipeline"]);
    let registries = ["docker hub", "quay", "registry", "harbor", "ghcr", "amazon ecr"];
    match trade {
        Trade::Secrets if about.says(&["push protection", "github", "gitlab"]) && !is_of_workflow => {
            Some("the forge's own needs no file, and only the forge could tell of it")
        }
        Trade::Images if about.says(&registries) && !is_of_workflow => Some("registries were not looked at"),
        Trade::Dependencies if beyond::is_by_github(&about.claim.sentence) => Some(beyond::ALERTS),
        _ => None,
    }
}

/// What is run and not known, and may be a scanner by its name.
pub(super) fn suspect<'a>(about: &About<'a>, is_meant: impl Fn(&Run) -> bool) -> Option<(&'a str, &'a str)> {
    let mut all = about.project.runs.all.iter().filter(|run| is_meant(run));
    all.find_map(|run| Some((run.may_scan.as_deref()?, run.place.as_str())))
}

/// The tools are run: whether they look at what the sentence speaks of.
fn in_reach(about: &About<'_>, trade: Trade, found: &[Found<'_>]) -> Vec<Finding> {
    if trade == Trade::Code
        && let Some(why) = found.iter().find_map(|it| reach::of_another_language(about, it.tool))
    {
        return vec![about.unknown(why)];
    }
    if trade != Trade::Dependencies {
        return conclude(about, trade, found, "");
    }
    match reach::left_out(about, found) {
        Ok(more) => conclude(about, trade, found, &more),
        Err(why) => {
            let is_any = about.claim.detail.tools.is_empty();
            let by_updater = updates::bears_out(about).filter(|it| is_any && it.status == Status::Pass);
            vec![by_updater.unwrap_or_else(|| about.unknown(why))]
        }
    }
}

/// Where they are run, when, and whether they can fail; `more` is what they leave out.
fn conclude(about: &About<'_>, trade: Trade, found: &[Found<'_>], more: &str) -> Vec<Finding> {
    if let Some(finding) = trigger(about, found) {
        return vec![finding];
    }
    let shown: Vec<String> = found.iter().map(Found::shown).collect();
    let mut findings = vec![about.confirmed(format!("run: {}{more}", text::plural_list(&shown, 4)))];
    let harmless: Vec<_> = found.iter().filter_map(|it| Some((it.tool, it.harmless()?))).collect();
    // One that can fail is enough where none is named.
    let is_named = !about.claim.detail.tools.is_empty();
    if !harmless.is_empty() && (is_named || harmless.len() == found.len()) {
        let why: Vec<String> = harmless
            .iter()
            .map(|(tool, (why, place))| format!("{tool} cannot fail: {why} ({place})"))
            .collect();
        findings.push(about.warning(text::plural_list(&why, 4)));
    }
    let on = |is_on: fn(&Run) -> bool| found.iter().any(|it| it.runs.iter().any(|run| is_on(run)));
    let pushes = on(|run| run.triggers.pushes);
    let proposals = on(|run| run.triggers.proposals);
    let has_runs = found.iter().any(|it| !it.runs.is_empty());
    let is_of_changes = trade == Trade::Code && has_runs;
    match (pushes, proposals) {
        (false, false) if is_of_changes => {
            findings.push(about.warning("it runs neither on pushes nor on pull requests"));
        }
        (true, false) if is_of_changes && about.claim.detail.is_of_all => {
            findings.push(about.warning("it does not run on pull requests"));
        }
        _ => {}
    }
    let is_rare = |run: &Run| {
        let mut crons = run.triggers.crons.iter().filter_map(|line| Cron::read(line)?.longest_wait());
        !run.triggers.pushes && !run.triggers.proposals && crons.all(|days| days > 300)
    };
    if has_runs && found.iter().all(|it| it.runs.iter().all(|run| is_rare(run))) {
        findings.push(about.warning("it runs once a year at most"));
    }
    findings
}

/// Where the sentence says on what a tool runs, and none that is found is known to run on it.
fn trigger(about: &About<'_>, found: &[Found<'_>]) -> Option<Finding> {
    let sentence = about.claim.sentence.to_lowercase();
    let says = |things: &[&str]| {
        things.iter().any(|thing| {
            ["every", "each", "all"].iter().any(|all| sentence.contains(&format!("{all} {thing}")))
        })
    };
    let none = |is_on: fn(&Run) -> bool| {
        found.iter().any(|it| !it.runs.iter().any(|run| run.doubt.is_none() && is_on(run)))
    };
    if says(&["pull request", "pr ", "prs", "merge request"]) && none(|run| run.triggers.proposals) {
        return Some(about.unknown("nothing is known to run it on every pull request"));
    }
    let is_of_pushes = says(&["push"]) && !sentence.contains("pull request");
    if is_of_pushes && found.iter().all(|it| !it.runs.is_empty()) && none(|run| run.triggers.pushes) {
        return Some(about.unknown("nothing is known to run it on every push"));
    }
    let is_of_changes = says(&["push", "commit", "change"]);
    let on_changes = |run: &Run| run.triggers.pushes || run.triggers.proposals;
    let has_runs = found.iter().all(|it| !it.runs.is_empty());
    (is_of_changes && has_runs && none(on_changes))
        .then(|| about.unknown("nothing is known to run it on every push or pull request"))
}
