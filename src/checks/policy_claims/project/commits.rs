//! What runs before commits.

use super::About;
use crate::{
    facts::project::{
        runs::Call,
        settings,
        tools::{self, TOOLS, Tool, Trade},
    },
    outcome::Finding,
    text,
};

/// Judges a claim that hooks run before commits.
pub(super) fn pre_commit(about: &About<'_>) -> Vec<Finding> {
    let hooks = match &about.project.hooks {
        None => return vec![about.refuted("there is no .pre-commit-config.yaml")],
        Some((path, Err(why))) => return vec![about.unknown(format!("{path} {why}"))],
        Some((path, Ok(hooks))) => (path, hooks),
    };
    let (path, hooks) = hooks;
    let ids: Vec<String> = (hooks.iter())
        .filter_map(|hook| match hook {
            Call::Hook { id, .. } => Some(text::clean(id).into_owned()),
            _ => None,
        })
        .collect();
    if ids.is_empty() {
        return vec![about.refuted(format!("{path} has no hooks"))];
    }
    let named = about.claim.detail.tools.iter().filter_map(|name| tools::named(name));
    let is_perhaps = |tool: &Tool| {
        !hooks.iter().any(|hook| tool.is_run_by(hook))
            && hooks.iter().any(|hook| tool.is_perhaps_run_by(hook))
    };
    if let Some(tool) = named.clone().find(|tool| is_perhaps(tool)) {
        return vec![about.unknown(format!("whether {path} runs {} is not known", tool.name))];
    }
    let lacking: Vec<&str> =
        named.filter(|tool| !hooks.iter().any(|hook| tool.is_run_by(hook))).map(|tool| tool.name).collect();
    if !lacking.is_empty() {
        return vec![about.refuted(format!("{path} has no hook for {}", lacking.join(" and ")))];
    }
    let is_about_security = about.says(&["security", "secret", "vulnerab", "credential"]);
    let guards = [Trade::Code, Trade::Secrets, Trade::Dependencies];
    let is_guard = |tool: &&Tool| tool.trades.iter().any(|trade| guards.contains(trade));
    let has_guard = TOOLS.iter().filter(is_guard).any(|tool| hooks.iter().any(|hook| tool.is_run_by(hook)))
        || (ids.iter().any(|id| id.starts_with("ruff"))
            && settings::ruff_looks_for_weaknesses(&about.project.texts) == Some(true));
    if is_about_security && !has_guard {
        if let Some(tool) = TOOLS.iter().filter(is_guard).find(|tool| is_perhaps(tool)) {
            return vec![about.unknown(format!("whether {path} runs {} is not known", tool.name))];
        }
        let why =
            format!("{path} has {}, and none looks for weaknesses or secrets", text::plural_list(&ids, 6));
        return vec![about.refuted(why)];
    }
    if is_said_of_ci(about) && !is_run_in_ci(about) {
        return vec![about.unknown("no workflow is known to run pre-commit, and pre-commit.ci leaves none")];
    }
    if about.says(&["pinned", "pinning"]) {
        return vec![about.unknown("by what the hooks are pinned was not looked at")];
    }
    vec![about.confirmed(format!("{path} has {}", text::plural_list(&ids, 6)))]
}

/// Whether the hooks are said to run in continuous integration as well.
fn is_said_of_ci(about: &About<'_>) -> bool {
    let sentence = about.claim.sentence.to_lowercase();
    let mut words = sentence.split(|c: char| !c.is_alphanumeric());
    words.any(|word| matches!(word, "ci" | "pipeline" | "pipelines" | "workflow" | "workflows"))
}

fn is_run_in_ci(about: &About<'_>) -> bool {
    let runs = |call: &Call| match call {
        Call::Action { name, .. } => name == "pre-commit/action",
        Call::Command(words) => words.iter().any(|word| word == "pre-commit" || word == "prek"),
        Call::Hook { .. } => false,
    };
    about.project.runs.all.iter().any(|run| run.doubt.is_none() && runs(&run.call))
}
