//! What the tree at the tag says of the project's own process: what continuous integration runs, who proposes updates,
//! which hooks and lock files there are, and what stands where the security policy points.
//!
//! The rule that must not be broken: what could not be read is kept as such, with the reason; nobody may take it for
//! something that is not there.

mod checkout;
mod circleci;
pub mod contact_files;
pub mod cron;
mod entered;
mod follow;
mod gitlab;
pub mod home;
pub mod hooks;
mod other_ci;
mod prepared;
mod programs;
pub mod replaced;
pub mod runs;
mod scripts;
pub mod settings;
pub mod shell;
mod shells;
pub mod tools;
pub mod triggers;
pub mod updates;
mod ways;
pub mod workflow;

use crate::{
    advisories::locks::notation,
    evidence::{
        Item, Seen, Tree,
        project::{Cited, History, Named, Project as Collected, is_forge_workflow, is_scanner_setting},
    },
    paths,
};
use contact_files::{Insights, SecurityTxt};
use follow::Follower;
use home::Home;
use runs::{Call, Runs, Texts};
use std::collections::{BTreeMap, BTreeSet};
use updates::{Around, Updates};
use workflow::Workflow;

/// The longest line of a cited file that is kept.
const LONGEST_LINE: usize = 1000;

/// The process of a project.
#[derive(Clone, Debug)]
pub struct Project {
    /// The workflows, by path.
    pub workflows: BTreeMap<String, Result<Workflow, String>>,
    /// What continuous integration runs.
    pub runs: Runs,
    /// Who proposes updates.
    pub updates: Vec<Updates>,
    /// The hooks of pre-commit with the path of their settings.
    pub hooks: Option<(String, Result<Vec<Call>, String>)>,
    /// Every file that was kept, as text.
    pub texts: Texts,
    /// Files that container images are built from.
    pub images: Vec<String>,
    /// The crates that the manifests of Cargo name.
    pub crates: BTreeSet<String>,
    /// The lock files at the tag, by path.
    pub locks: Vec<String>,
    /// The manifests that were kept, by path.
    pub every_manifest: Vec<String>,
    /// Manifests and lock files of which the names alone are known.
    pub others: Vec<String>,
    /// Those of the manifests that speak of dependencies, or were not read.
    pub manifests: Vec<String>,
    /// Each `security.txt`, by path.
    pub security_txt: BTreeMap<String, Result<SecurityTxt, String>>,
    /// Each `security-insights.yml`, by path.
    pub insights: BTreeMap<String, Result<Insights, String>>,
    /// What the security policy names, by path.
    pub named: BTreeMap<String, Seen<Place>>,
    /// The lines that it cites.
    pub cited: Vec<Citation>,
    /// What the history says.
    pub history: Seen<History>,
}

/// What stands where a security policy points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file, with its lines.
    File(Vec<String>),
    /// A folder.
    Folder,
    /// Something that was not read, and why.
    Unread(String),
}

/// A line that the security policy cites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The line of the policy, from 1.
    pub line: usize,
    /// The file.
    pub path: String,
    /// The cited line, from 1.
    pub number: usize,
    /// What stood there when that line of the policy was written; nothing where the file was shorter.
    pub then: Seen<Option<String>>,
}

impl Project {
    /// Reads what was collected. Where the repository is at home decides which workflows count, and for which branch.
    #[must_use]
    pub fn read(tree: &Tree, collected: &Collected, home: Home<'_>) -> Self {
        let mut texts: Texts =
            collected.files.iter().map(|(path, seen)| (path.clone(), text(seen))).collect();
        let is_workflow =
            |path: &str| crate::advisories::locks::go::is_workflow(path) || is_forge_workflow(path);
        // The other manifests and lock files say nothing of this, and may be large.
        let settings = tree.files().iter().filter(|(path, _)| {
            let name = paths::name_of(path);
            let is_suppression = crate::advisories::suppression::is_suppression_file(path);
            is_workflow(path)
                || (is_suppression && !path.ends_with(".json"))
                || crate::advisories::locks::go::may_name_toolchain(path)
                || is_scanner_setting(path)
                || matches!(path.as_str(), "pyproject.toml" | "package.json")
                || matches!(name, "pom.xml" | "build.gradle" | "build.gradle.kts")
        });
        texts.extend(settings.map(|(path, seen)| (path.clone(), text(seen))));
        let workflows: BTreeMap<String, Result<Workflow, String>> = (texts.iter())
            .filter(|(path, _)| is_workflow(path))
            .map(|(path, read)| {
                let read = read.clone().and_then(|text| workflow::read(text.as_bytes(), home.branch));
                (path.clone(), read)
            })
            .collect();
        let own = replaced::Own::read(tree, &texts, &collected.names);
        let named = collected.names.iter().chain(tree.foreign());
        let paths: Vec<&str> = tree.files().keys().chain(named).map(String::as_str).collect();
        let hooks = hooks::PATHS.into_iter().find_map(|path| {
            let read = texts.get(path)?.clone().and_then(|text| hooks::read(&text, &paths, &own));
            Some((path.to_owned(), read))
        });
        let known_hooks = hooks.as_ref().and_then(|(_, hooks)| hooks.as_deref().ok()).unwrap_or_default();
        let follower = Follower {
            workflows: &workflows,
            texts: &texts,
            home,
            own,
            hooks: known_hooks,
            runs: Runs::default(),
            followed: 0,
            words: 0,
            entered: entered::Entered::default(),
            prepared: prepared::Prepared::default(),
        };
        let runs = follower.follow();
        let names = collected.names.iter().chain(tree.foreign());
        let paths =
            tree.files().keys().chain(collected.files.keys()).chain(names).map(String::as_str).collect();
        Self {
            updates: updates::all(&texts, &Around { home, paths }),
            images: collected.names.iter().filter(|path| is_image(path)).cloned().collect(),
            crates: crates(tree),
            locks: locks(tree, collected),
            every_manifest: tree.files().keys().cloned().collect(),
            others: tree.foreign().iter().chain(&collected.names).cloned().collect(),
            manifests: asking(tree),
            security_txt: of_name(&texts, |name| name == "security.txt", |text| Ok(SecurityTxt::read(text)))
                .into_iter()
                .filter(|(path, _)| contact_files::may_be_served(path))
                .collect(),
            insights: of_name(&texts, |name| name.starts_with("security-insights.y"), Insights::read),
            named: collected.named.iter().map(|(path, seen)| (path.clone(), place(seen))).collect(),
            cited: collected.cited.iter().map(citation).collect(),
            history: collected.history.clone(),
            workflows,
            runs,
            hooks,
            texts,
        }
    }

    /// The changelogs, by path.
    pub fn changelogs(&self) -> impl Iterator<Item = (&str, &Result<String, String>)> {
        const NAMES: [&str; 5] = ["changelog", "changes", "history", "news", "releases"];
        self.texts.iter().filter_map(|(path, read)| {
            let name = paths::name_of(path).to_ascii_lowercase();
            let stem = name.split('.').next().unwrap_or(&name);
            let is_code = name.ends_with(".py") || name.ends_with(".js") || name.ends_with(".sh");
            (NAMES.contains(&stem) && !is_code && path.matches('/').count() <= 1)
                .then_some((path.as_str(), read))
        })
    }
}

fn of_name<T>(
    texts: &Texts,
    is_it: impl Fn(&str) -> bool,
    read: impl Fn(&str) -> Result<T, String>,
) -> BTreeMap<String, Result<T, String>> {
    let named = texts.iter().filter(|(path, _)| {
        let name = paths::name_of(path).to_ascii_lowercase();
        is_it(&name)
    });
    named.map(|(path, text)| (path.clone(), text.clone().and_then(|text| read(&text)))).collect()
}

/// What the manifests of Cargo name.
fn crates(tree: &Tree) -> BTreeSet<String> {
    const TABLES: [&str; 4] =
        ["/dependencies", "/dev-dependencies", "/build-dependencies", "/workspace/dependencies"];
    let manifests = tree.files().iter().filter(|(path, _)| paths::name_of(path) == "Cargo.toml");
    let mut found = BTreeSet::new();
    for (_, seen) in manifests {
        let document = text(seen).ok().and_then(|text| notation::toml_settings(&text).ok());
        let of = |table: &&str| document.as_ref()?.pointer(table)?.as_object();
        found.extend(TABLES.iter().filter_map(of).flatten().map(|(name, _)| name.clone()));
    }
    found
}

/// Lock files by their names, read or not.
fn locks(tree: &Tree, collected: &Collected) -> Vec<String> {
    // What only asks for versions locks none, though advisories are looked up for it.
    let is_lock = |path: &&String| {
        let name = paths::name_of(path).to_ascii_lowercase();
        name.contains("lock")
            || matches!(name.as_str(), "go.mod" | "package.resolved" | "npm-shrinkwrap.json")
    };
    let all = tree.files().keys().chain(tree.foreign()).chain(&collected.names);
    let mut locks: Vec<String> = all.filter(is_lock).cloned().collect();
    // Written out with the digest of each package, requirements are locked as well.
    let hashed = tree.files().iter().filter(|(path, seen)| {
        let has_hashes = |item: &Item| item.bytes.windows(14).any(|part| part == b"--hash=sha256:");
        path.ends_with(".txt") && seen.present().is_some_and(has_hashes)
    });
    locks.extend(hashed.map(|(path, _)| path.clone()));
    locks.sort();
    locks.dedup();
    locks
}

/// Manifests that speak of dependencies; whether one that was not read does, nobody knows.
fn asking(tree: &Tree) -> Vec<String> {
    let speaks = |item: &Item| item.bytes.windows(11).any(|part| part == b"ependencies");
    let asks = |seen: &Seen<Item>| seen.present().is_none_or(speaks);
    tree.files().iter().filter(|(_, seen)| asks(seen)).map(|(path, _)| path.clone()).collect()
}

fn is_image(path: &str) -> bool {
    let name = paths::name_of(path).to_ascii_lowercase();
    name.contains("dockerfile") || name.contains("containerfile")
}

/// A file as text, or why it is none.
fn text(seen: &Seen<Item>) -> Result<String, String> {
    match seen {
        Seen::Present(item) => String::from_utf8(item.bytes.clone()).map_err(|_| "is not utf-8".to_owned()),
        Seen::Absent { .. } => Err("is not there".to_owned()),
        Seen::Unavailable { reason } => Err(format!("was not read: {reason}")),
    }
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().map(|line| line.trim().chars().take(LONGEST_LINE).collect()).collect()
}

fn place(seen: &Seen<Named>) -> Seen<Place> {
    match seen {
        Seen::Present(Named::File(item)) => Seen::Present(Place::File(lines(&item.bytes))),
        Seen::Present(Named::Folder) => Seen::Present(Place::Folder),
        Seen::Present(Named::Unread(why)) => Seen::Present(Place::Unread(why.clone())),
        Seen::Absent { looked_at } => Seen::Absent { looked_at: looked_at.clone() },
        Seen::Unavailable { reason } => Seen::unavailable(reason),
    }
}

fn citation(cited: &Cited) -> Citation {
    let then = match &cited.then {
        Seen::Present(item) => Seen::Present(lines(&item.bytes).get(cited.number - 1).cloned()),
        Seen::Absent { looked_at } => Seen::Absent { looked_at: looked_at.clone() },
        Seen::Unavailable { reason } => Seen::unavailable(reason),
    };
    Citation { line: cited.line, path: cited.path.clone(), number: cited.number, then }
}
