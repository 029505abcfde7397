//! What the repository holds about its own process, as far as sentences of the security policy can rest on it: bytes and
//! dates, not judged.

use super::{Item, Seen};
pub use crate::advisories::locks::go::CI_SETTINGS;
use crate::paths;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Why there is nothing of the kind in evidence that was collected without it.
pub const NOT_COLLECTED: &str = "it was not collected with this evidence; collect it again with this version";

/// Which files are looked for: another number where a version looks for more, so that one which was not looked for in
/// evidence of an earlier version does not pass for one that is not there.
pub const LOOKED_FOR: u32 = 1;

/// Files at the tag and dates of the history that the claims of a security policy are held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Settings of continuous integration, of updates and of scanners, by path; the workflows are in the tree.
    pub files: BTreeMap<String, Seen<Item>>,
    /// Files whose names alone count, sorted: what container images are built from, and lock files that nobody reads.
    pub names: Vec<String>,
    /// What the security policy names, by its path in the tree. What is not there was looked for.
    pub named: BTreeMap<String, Seen<Named>>,
    /// The lines of files that the security policy cites.
    pub cited: Vec<Cited>,
    /// What the history of the default branch says.
    pub history: Seen<History>,
}

/// Something that a security policy names, and that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A file.
    File(Item),
    /// A folder.
    Folder,
    /// Something that is there and was not read, and why.
    Unread(String),
}

/// A line of a file that a security policy cites: `src/main.rs:167`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// The line of the security policy, from 1.
    pub line: usize,
    /// The file.
    pub path: String,
    /// The line that is cited, from 1.
    pub number: usize,
    /// The file as it was when that line of the policy was written.
    pub then: Seen<Item>,
}

/// What the history of the default branch says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// When the repository began.
    pub began: Seen<Timestamp>,
    /// When the security policy came to its path.
    pub policy_began: Seen<Timestamp>,
    /// When it was changed last.
    pub policy_changed: Seen<Timestamp>,
    /// The newest commits of the branch itself.
    pub recent: Recent,
}

/// The newest commits of the default branch, each the first parent of the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recent {
    /// How many were looked at.
    pub commits: u32,
    /// How many name a pull or merge request.
    pub with_request: u32,
}

/// The paths that `written` may mean in a policy at `policy`: beside it, then from the root. A path that leaves the
/// repository means none.
#[must_use]
pub fn meant(policy: &str, written: &str) -> Vec<String> {
    let folder = paths::folder_of(policy);
    let mut meant = Vec::new();
    if !written.starts_with('/') && !folder.is_empty() {
        meant.extend(paths::resolve(folder, written));
    }
    meant.extend(paths::resolve("", written));
    meant.retain(|path| !path.is_empty());
    meant.dedup();
    meant
}

/// Whether a file is a workflow of Forgejo or Gitea, which has the form of GitHub's.
/// <https://forgejo.org/docs/latest/user/actions/reference/>
pub fn is_forge_workflow(path: &str) -> bool {
    let name =
        [".forgejo/workflows/", ".gitea/workflows/"].iter().find_map(|folder| path.strip_prefix(folder));
    name.is_some_and(|name| !name.contains('/') && (name.ends_with(".yml") || name.ends_with(".yaml")))
}

/// Whether a file tells a system of continuous integration what to run that nobody here reads. It is kept for its name:
/// what runs there is not known, and so not absent.
pub fn is_foreign_ci(path: &str) -> bool {
    const FOLDERS: [&str; 8] = [
        ".builds/",
        ".forgejo/workflows/",
        ".gitea/workflows/",
        ".buildkite/",
        ".tekton/",
        ".semaphore/",
        ".teamcity/",
        ".azure-pipelines/",
    ];
    const NAMES: [&str; 4] = ["azure-pipelines.yaml", "cloudbuild.yaml", "cloudbuild.yml", "Earthfile"];
    let is_read = CI_SETTINGS.contains(&path);
    !is_read && (NAMES.contains(&path) || FOLDERS.iter().any(|folder| path.starts_with(folder)))
}

/// Whether a file is the settings of a scanner, which lie in the folder that is scanned. One list, as of [`CI_SETTINGS`].
#[must_use]
pub fn is_scanner_setting(path: &str) -> bool {
    const NAMES: [&str; 17] = [
        ".bandit",
        ".bundler-audit.yml",
        ".deny.toml",
        ".grype.yaml",
        ".grype.yml",
        ".nancy-ignore",
        ".npmrc",
        ".nsprc",
        ".safety-policy.yml",
        ".semgrepignore",
        ".snyk",
        ".trivyignore",
        ".trivyignore.yaml",
        ".yarnrc",
        ".yarnrc.yml",
        "osv-scanner.toml",
        "trivy.yaml",
    ];
    const PATHS: [&str; 4] = ["deny.toml", ".cargo/audit.toml", ".cargo/deny.toml", ".grype/config.yaml"];
    NAMES.contains(&paths::name_of(path)) || PATHS.contains(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_looked_for_beside_the_policy_and_from_the_root_and_never_outside() {
        assert_eq!(meant("SECURITY.md", "./src/a.rs"), ["src/a.rs"]);
        assert_eq!(meant(".github/SECURITY.md", "a.md"), [".github/a.md", "a.md"]);
        assert_eq!(meant("docs/SECURITY.md", "../a.md"), ["a.md"]);
        assert_eq!(meant("docs/SECURITY.md", "/a.md"), ["a.md"]);
        assert!(meant("SECURITY.md", "../a.md").is_empty());
        assert!(meant("SECURITY.md", "./").is_empty());
    }
}
