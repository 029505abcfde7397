//! Steps of workflows: what an action is called, and where it works.

use super::super::{runs::Call, shell, triggers::Triggers};
use std::collections::BTreeMap;

/// The review of dependencies compares two states: without a proposal it has none, unless they are named.
pub(super) fn works_on_proposals_alone(call: &Call, triggers: &Triggers) -> Option<&'static str> {
    let Call::Action { name, inputs, .. } = call else { return None };
    let is_it = name == "actions/dependency-review-action" && !inputs.contains_key("base-ref");
    let compares = triggers.proposals
        || triggers.events.iter().any(|event| event.starts_with("pull_request") || event == "merge_group");
    (is_it && !compares).then_some("it works on pull requests alone")
}

/// The folder of a step: what begins with a slash, or with something that is not known, is no folder of the repository.
pub(super) fn folder_of(to: &str) -> Option<String> {
    match to.replace("${{ github.workspace }}", ".").as_str() {
        to if to.starts_with('~') || to.contains('$') => Some(format!("/{to}")),
        to => shell::within(None, to),
    }
}

/// `owner/name/path@version`.
pub(super) fn action(uses: &str, inputs: &BTreeMap<String, String>) -> Call {
    let (name, version) = uses.split_once('@').map_or((uses, None), |(name, version)| (name, Some(version)));
    let version = version.map(|it| it.trim().to_owned());
    Call::Action { name: name.trim().to_lowercase(), version, inputs: inputs.clone() }
}
