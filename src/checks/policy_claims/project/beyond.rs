//! What a sentence says beyond what bears it out: who does it, on what else, and what the forge does of itself.
//!
//! The rule that must not be broken: it is named, and the sentence is borne out by nothing.

use super::{About, scans};
use crate::{
    facts::project::tools::{self, Trade},
    outcome::{Finding, Status},
    text,
};

/// Why alerts of a forge are not known.
pub(super) const ALERTS: &str = "alerts need no file; only the forge could tell of them";

/// Takes back what bears the sentence out, where it says more than was looked at. `trade`: what is said to be done, where
/// it is one thing.
pub(super) fn taken_back(
    about: &About<'_>,
    trade: Option<Trade>,
    mut findings: Vec<Finding>,
) -> Vec<Finding> {
    if findings.iter().any(|it| it.status == Status::Pass)
        && let Some(why) = beyond(about, trade)
    {
        findings.retain(|it| it.status != Status::Pass);
        findings.insert(0, about.unknown(why));
    }
    findings
}

/// What of the sentence nothing here can look at.
pub(super) fn beyond(about: &About<'_>, trade: Option<Trade>) -> Option<String> {
    let detail = &about.claim.detail;
    let is_open = |name: &&String| !is_run(about, trade, name) && !is_own(about, name);
    let of_another = || {
        let name = detail.other_things.iter().find(is_open)?;
        Some(format!("what it says of \"{}\" is not known to relcheck", text::clean(name)))
    };
    let said = || detail.beyond.as_ref().map(|why| text::clean(why).into_owned());
    let by_forge = trade.and_then(|trade| by_forge(about, trade)).map(str::to_owned);
    by_forge
        .or_else(|| detail.other_tools.iter().find(is_open).map(|name| not_known(name)))
        .or_else(said)
        .or_else(|| of_licences(about, trade?).map(str::to_owned))
        .or_else(of_another)
}

/// Who is said to do it, and is not known, where nothing was found that does.
pub(super) fn by_another(about: &About<'_>) -> Option<String> {
    let mut names = about.claim.detail.other_tools.iter();
    let is_thing = |name: &str| name.split(' ').all(|word| THINGS.contains(&word));
    names.find(|name| !is_own(about, name) && !is_thing(name)).map(|name| not_known(name))
}

/// Words behind "by" and "with" that name nobody who might do it elsewhere.
const THINGS: [&str; 22] = [
    "automation",
    "best",
    "care",
    "ci",
    "core",
    "cron",
    "default",
    "design",
    "diligence",
    "ease",
    "hand",
    "machine",
    "maintainers",
    "practices",
    "process",
    "robots",
    "scripts",
    "team",
    "tooling",
    "tools",
    "us",
    "workflows",
];

fn not_known(name: &str) -> String {
    format!("whether \"{}\" does it is not known to relcheck", text::clean(name))
}

/// Whether a tool of that name is run for what is said to be done.
fn is_run(about: &About<'_>, trade: Option<Trade>, name: &str) -> bool {
    let Some(tool) = tools::named(&name.replace(' ', "-")) else { return false };
    let is_found = |trade| scans::find(about, tool, trade).is_some_and(|it| it.doubt.is_none());
    match trade {
        Some(trade) => is_found(trade),
        None => tool.trades.iter().any(|trade| is_found(*trade)),
    }
}

/// Whether a name is that of the repository or of its owner.
fn is_own(about: &About<'_>, name: &str) -> bool {
    let Some(repository) = &about.context.facts.repository else { return false };
    let repository = repository.to_string().to_lowercase();
    let own: Vec<&str> = repository.rsplit('/').take(2).collect();
    name.split(' ').all(|word| own.contains(&word.strip_suffix("'s").unwrap_or(word)))
}

/// "Scanned by GitHub", and by nothing that is set up there in a file.
pub(super) fn is_by_github(sentence: &str) -> bool {
    const BY: [&str; 5] = ["by", "with", "using", "via", "through"];
    const SET_UP: [&str; 7] = ["action", "actions", "workflow", "workflows", "pipeline", "pipelines", "ci"];
    let sentence = sentence.to_lowercase().replace('’', "'");
    let words: Vec<&str> =
        sentence.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).collect();
    let is_by = |pair: &[&str]| BY.contains(&pair[0]) && matches!(pair[1], "github" | "github's");
    words.windows(2).any(is_by) && !words.iter().any(|word| SET_UP.contains(word))
}

/// Why no run bears out what the forge is said to do by a setting of its own.
fn by_forge(about: &About<'_>, trade: Trade) -> Option<&'static str> {
    const FORGES: [&str; 5] = ["github", "github's", "gitlab", "gitlab's", "bitbucket"];
    const PLACES: [&str; 6] = ["on", "to", "in", "from", "at", "with"];
    const HELD: [&str; 5] = ["repository", "repositories", "repo", "repos", "organization"];
    let sentence = about.claim.sentence.to_lowercase().replace('’', "'");
    let words: Vec<&str> =
        sentence.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).collect();
    let has = |these: &[&str]| words.iter().any(|word| these.contains(word));
    let is_set_up = has(&["actions", "workflow", "workflows", "pipeline", "pipelines", "ci"]);
    let is_switched = has(&["enabled", "activated", "active", "on"]);
    let is_subject = |at: usize| {
        FORGES.contains(&words[at])
            && words.get(at + 1).is_none_or(|next| !HELD.contains(next))
            && (is_switched && !has(&["every", "each"]) || at == 0 || !PLACES.contains(&words[at - 1]))
    };
    let is_of_forge = !is_set_up && about.claim.detail.tools.is_empty() && (0..words.len()).any(is_subject);
    match trade {
        Trade::Secrets if is_of_forge || sentence.contains("push protection") => {
            Some("the forge's own needs no file, and only the forge could tell of it")
        }
        Trade::Dependencies if is_of_forge && has(&["alert", "alerts"]) => Some(ALERTS),
        _ => None,
    }
}

/// Why a scan for vulnerabilities does not bear out what is said of licences as well.
fn of_licences(about: &About<'_>, trade: Trade) -> Option<&'static str> {
    let is_said = trade == Trade::Dependencies && about.says(&["licence", "license", "licensing"]);
    let is_looked_at = || scans::of_trade(about, Trade::Licences).iter().any(|it| it.doubt.is_none());
    (is_said && !is_looked_at()).then_some("whether anything looks at licences is not known")
}
