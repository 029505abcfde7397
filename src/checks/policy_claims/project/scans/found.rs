//! What is run: the calls of a tool by continuous integration and hooks, what they look at, and why nobody can say so.

use super::super::{About, codeql, ecosystems};
use crate::{
    facts::project::{
        runs::{Call, Run},
        settings::{self, scanners},
        tools::{self, Reach, TOOLS, Tool, Trade},
    },
    text,
};
use std::collections::BTreeSet;

/// Where a tool was found.
pub(in super::super) struct Found<'a> {
    /// Its name.
    pub(in super::super) tool: &'static str,
    /// Where, each once.
    pub(in super::super) places: BTreeSet<&'a str>,
    /// The calls by continuous integration; a hook is none.
    pub(in super::super) runs: Vec<&'a Run>,
    /// What its calls look at.
    pub(in super::super) reaches: Vec<Reach>,
    /// Whether it is a hook.
    is_hook: bool,
    /// Why nobody can say that it is run, where nothing runs it for certain, or that it looks at everything.
    pub(in super::super) doubt: Option<String>,
    /// Whether it is run for certain, and the doubt is only about what it looks at.
    is_partial: bool,
}

impl Found<'_> {
    /// Why it cannot fail anywhere, where that is so.
    pub(super) fn harmless(&self) -> Option<(&'static str, &str)> {
        let mut why = None;
        for run in &self.runs {
            why = Some((run.harmless?, run.place.as_str()));
        }
        why.filter(|_| !self.is_hook)
    }

    pub(super) fn shown(&self) -> String {
        let places: Vec<&str> = self.places.iter().copied().collect();
        format!("{} ({})", self.tool, text::plural_list(&places, 2))
    }
}

/// The tool, where continuous integration or a hook runs it for the trade.
pub(in super::super) fn find<'a>(about: &About<'a>, tool: &'static Tool, trade: Trade) -> Option<Found<'a>> {
    let all = || about.project.runs.all.iter();
    let (runs, doubtful): (Vec<&Run>, Vec<&Run>) =
        all().filter(|run| runs_for(about, tool, trade, run)).partition(|run| run.doubt.is_none());
    let mut places: BTreeSet<&str> = runs.iter().map(|run| run.place.as_str()).collect();
    let hooks = about.project.hooks.as_ref().and_then(|(path, read)| Some((path, read.as_ref().ok()?)));
    let hook = hooks.filter(|(_, hooks)| hooks.iter().any(|hook| tool.is_run_for(trade, hook)));
    places.extend(hook.map(|(path, _)| path.as_str()));
    let by_hook = hook.into_iter().flat_map(|(_, hooks)| hooks).filter(|hook| tool.is_run_for(trade, hook));
    let reaches: Vec<Reach> =
        runs.iter().map(|run| &run.call).chain(by_hook).map(|call| tool.reach(call)).collect();
    if !places.is_empty() {
        let outside = match hook {
            None if trade == Trade::Dependencies => outside(about, &runs),
            _ => None,
        };
        let partial =
            outside.map(|why| format!("whether {} looks at every dependency is not known: {why}", tool.name));
        let blind = blind(about, tool, &places, &runs, hook.map(|(_, hooks)| hooks.as_slice()));
        let (is_hook, is_partial) = (hook.is_some(), blind.is_none() && partial.is_some());
        let doubt = blind.or(partial);
        return Some(Found { tool: tool.name, places, runs, reaches, is_hook, doubt, is_partial });
    }
    let (place, why) = match doubtful.first() {
        Some(run) => (run.place.as_str(), format!("is run is not known: {}", run.doubt?)),
        None => {
            let of_run = |run: &'a Run| {
                let own = run.named.contains(&tool.name).then(|| tool.why_perhaps(trade, &run.call));
                Some((run.place.as_str(), own.flatten().or_else(|| perhaps_by_another(about, tool, run))?))
            };
            let by_hook = || {
                let (path, hooks) = hooks?;
                Some((path.as_str(), hooks.iter().find_map(|it| tool.why_perhaps(trade, it))?))
            };
            all().find_map(of_run).or_else(by_hook)?
        }
    };
    let doubt = Some(format!("whether {} {why} ({place})", tool.name));
    let (runs, reaches) = (doubtful, Vec::new());
    Some(Found { tool: tool.name, places, runs, reaches, is_hook: false, doubt, is_partial: false })
}

/// Why nobody can say that a tool that is run looks at anything, by its settings.
fn blind(
    about: &About<'_>,
    tool: &Tool,
    places: &BTreeSet<&str>,
    runs: &[&Run],
    hooks: Option<&[Call]>,
) -> Option<String> {
    let texts = &about.project.texts;
    match tool.name {
        "codeql" => return codeql::doubt(about, places),
        "gitleaks" if settings::gitleaks_may_pass_over_all(texts) => {
            return Some(
                "whether gitleaks looks at anything is not known: .gitleaks.toml may pass over all"
                    .to_owned(),
            );
        }
        _ => {}
    }
    let by_runs = runs.iter().map(|run| (&run.call, run.folder.as_deref()));
    let by_hooks = hooks.into_iter().flatten().filter(|hook| tool.is_run_by(hook)).map(|hook| (hook, None));
    // Where one call is as it should be, the others do no harm.
    let calls = by_runs.chain(by_hooks);
    let all: Option<Vec<String>> =
        calls.map(|(call, folder)| scanners::doubt(tool.name, call, folder, texts)).collect();
    let why = all?.into_iter().next()?;
    Some(format!("whether {} looks at everything is not known: {why}", tool.name))
}

/// What calls that run in folders alone leave out: a lock file that lies in none of them.
fn outside(about: &About<'_>, runs: &[&Run]) -> Option<String> {
    let folders = runs.iter().map(|run| run.folder.as_deref()).collect::<Option<Vec<&str>>>()?;
    let is_below = |lock: &str| {
        folders.iter().any(|folder| lock.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    };
    let mut names: Vec<String> = folders.iter().map(|folder| text::clean(folder).into_owned()).collect();
    names.sort();
    names.dedup();
    let only = format!("it runs in {} alone", text::plural_list(&names, 3));
    let locks = &about.project.locks;
    match locks.iter().find(|lock| !is_below(lock)) {
        Some(lock) => Some(format!("{only}, and there is {}", text::clean(lock))),
        None if locks.is_empty() => Some(format!("{only}, and there is no lock file")),
        None => None,
    }
}

/// Takes back the doubt of tools that each look at a part, where together they look at everything.
pub(super) fn together(about: &About<'_>, found: &mut [Found<'_>]) {
    let is_below = |lock: &str, run: &Run| match &run.folder {
        None => true,
        Some(folder) => lock.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')),
    };
    let sure: Vec<&Found<'_>> = found.iter().filter(|it| it.doubt.is_none() || it.is_partial).collect();
    let is_seen = |lock: &String| {
        let ecosystem = ecosystems::of_lock(lock);
        sure.iter().any(|it| {
            let mut calls = it.runs.iter().zip(&it.reaches);
            calls.any(|(run, reach)| {
                let knows = ecosystem.map_or(reach.is_of_all, |of| reach.may_have(of));
                knows && is_below(lock, run)
            })
        })
    };
    let locks = &about.project.locks;
    if !locks.is_empty() && locks.iter().all(is_seen) {
        found.iter_mut().filter(|it| it.is_partial).for_each(|it| it.doubt = None);
    }
}

/// Whether a call runs the tool for the trade, of itself or by the settings of another.
fn runs_for(about: &About<'_>, tool: &Tool, trade: Trade, run: &Run) -> bool {
    let (call, texts) = (&run.call, &about.project.texts);
    let by_another = tool.name == "gosec"
        && run.named.contains(&"golangci-lint")
        && tools::named("golangci-lint").is_some_and(|it| it.is_run_by(call))
        && settings::runs_gosec(texts) == Some(true);
    run.named.contains(&tool.name) && tool.is_run_for(trade, call) || by_another
}

/// Why nobody can say that golangci-lint runs gosec, where it may.
fn perhaps_by_another(about: &About<'_>, tool: &Tool, run: &Run) -> Option<String> {
    let may = tool.name == "gosec" && settings::runs_gosec(&about.project.texts) != Some(false);
    let linter = tools::named("golangci-lint").filter(|it| may && run.named.contains(&it.name))?;
    linter.why_perhaps(Trade::Style, &run.call)
}

/// The tools of the trade that are run.
pub(in super::super) fn of_trade<'a>(about: &About<'a>, trade: Trade) -> Vec<Found<'a>> {
    let mut found: Vec<_> = (TOOLS.iter())
        .filter(|tool| tool.trades.contains(&trade))
        .filter_map(|tool| find(about, tool, trade))
        .collect();
    let ruff = tools::named("ruff").filter(|_| trade == Trade::Code);
    if settings::ruff_looks_for_weaknesses(&about.project.texts) == Some(true) {
        found.extend(ruff.and_then(|tool| find(about, tool, Trade::Style)));
    }
    if trade == Trade::Licences {
        let looks = |call: &Call| match call {
            Call::Action { inputs, .. } => {
                ["allow-licenses", "deny-licenses"].iter().any(|it| inputs.contains_key(*it))
            }
            _ => false,
        };
        let runs: Vec<&Run> = about.project.runs.all.iter().filter(|run| looks(&run.call)).collect();
        let places: BTreeSet<&str> = runs.iter().map(|run| run.place.as_str()).collect();
        if !places.is_empty() {
            let doubt = match runs.iter().find(|run| run.doubt.is_none()) {
                Some(_) => None,
                None => runs.first().and_then(|run| run.doubt).map(str::to_owned),
            };
            let tool = "dependency-review";
            let reaches = Vec::new();
            found.push(Found { tool, places, runs, reaches, is_hook: false, doubt, is_partial: false });
        }
    }
    found
}
