//! What a step checks out: the tree that started the workflow, or another.
//!
//! <https://github.com/actions/checkout#usage>
//!
//! The rule that must not be broken: an input that is not known may bring another tree.

use std::collections::BTreeMap;

/// Inputs that leave the tree as it is.
const KNOWN: [&str; 13] = [
    "fetch-depth",
    "submodules",
    "persist-credentials",
    "token",
    "lfs",
    "fetch-tags",
    "clean",
    "show-progress",
    "ssh-key",
    "ssh-known-hosts",
    "ssh-strict",
    "set-safe-directory",
    "github-server-url",
];

/// Where Forgejo and Gitea have the action from.
const HOSTS: [&str; 4] =
    ["https://code.forgejo.org/", "https://data.forgejo.org/", "https://gitea.com/", "https://github.com/"];

/// Expressions of the tree that started the workflow.
const SAME: [&str; 8] = [
    "",
    "github.sha",
    "github.ref",
    "github.head_ref",
    "github.repository",
    "github.event.pull_request.head.sha",
    "github.event.pull_request.head.ref",
    "github.event.pull_request.head.repo.full_name",
];

/// Why the steps behind this one may look at another tree. `has_tree` is whether one before checked the right one out.
pub(super) fn doubt(
    uses: &str,
    with: &BTreeMap<String, String>,
    has_tree: &mut bool,
) -> Option<&'static str> {
    let name = uses.split('@').next()?.to_lowercase();
    let name = HOSTS.iter().find_map(|host| name.strip_prefix(host)).unwrap_or(&name);
    if name != "actions/checkout" {
        return None;
    }
    let folder = with.get("path").map_or("", |path| path.trim());
    // Something more, in a folder of its own.
    let is_below = !matches!(folder, "" | "." | "./") && !folder.contains("..") && !folder.contains('$');
    if is_below && *has_tree {
        return None;
    }
    let is_same = |value: &str| {
        let value = value.trim();
        let inner = value.strip_prefix("${{").and_then(|it| it.strip_suffix("}}"));
        inner.map_or(value.is_empty(), |inner| SAME.contains(&inner.trim()))
    };
    let is_known = |(key, value): (&String, &String)| match key.as_str() {
        "ref" | "repository" | "sparse-checkout" | "filter" => is_same(value),
        "path" => matches!(folder, "" | "." | "./"),
        key => KNOWN.contains(&key),
    };
    let is_right = with.iter().all(is_known);
    *has_tree |= is_right;
    (!is_right).then_some("a step before it checks out another tree")
}
