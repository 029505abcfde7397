//! Whether the versions of dependencies are locked: by a lock file beside, or above, each manifest of the project.
//!
//! The rule that must not be broken: the lock file of an example, of a test or of the documentation locks nothing of the
//! project.

use super::About;
use crate::{
    advisories::{
        lock::{LockedPackage, Origin},
        locks::manifest::Beside,
    },
    evidence::Seen,
    facts::project::runs::Call,
    outcome::Finding,
    paths,
    security_policy::claims::Ecosystem,
    text::{self, clean},
};

/// Folders of what is no part of the project itself.
const BESIDE: [&str; 24] = [
    "__tests__",
    "bench",
    "benches",
    "benchmarks",
    "demo",
    "demos",
    "doc",
    "docs",
    "e2e",
    "example",
    "examples",
    "fixture",
    "fixtures",
    "node_modules",
    "playground",
    "sample",
    "samples",
    "spec",
    "template",
    "templates",
    "test",
    "testdata",
    "tests",
    "vendor",
];

/// Manifests whose dependencies a lock file beside them, or above, locks; of those alone the tree is known to have all.
const LOCKED: [(&str, &[&str]); 5] = [
    ("Cargo.toml", &["Cargo.lock"]),
    (
        "package.json",
        &["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"],
    ),
    ("pyproject.toml", &["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "pixi.lock", "conda-lock.yml"]),
    ("Pipfile", &["Pipfile.lock"]),
    ("composer.json", &["composer.lock"]),
];

/// Judges a claim that versions of dependencies are locked.
pub(super) fn judge(about: &About<'_>) -> Vec<Finding> {
    let all = &about.project.locks;
    let locks: Vec<&str> = all.iter().map(String::as_str).filter(|path| is_of_project(about, path)).collect();
    let wanted = &about.claim.detail.ecosystems;
    if locks.is_empty() {
        return vec![match all.first() {
            None => about.refuted("there is no lock file at the tag"),
            Some(other) => about.refuted(format!(
                "there is no lock file of the project at the tag; {} is none",
                clean(other)
            )),
        }];
    }
    let missing: Vec<&str> = (wanted.iter().filter(|it| !names(**it).is_empty()))
        .filter(|it| !locks.iter().any(|path| is_of(path, **it)))
        .map(|it| it.name())
        .collect();
    if !missing.is_empty() {
        let why = format!("there is no lock file for {}", missing.join(" and "));
        return vec![about.refuted(why).found(text::plural_list(&locks, 5))];
    }
    let shown: Vec<String> = locks.iter().map(|path| clean(path).into_owned()).collect();
    let there = format!("there is {}", text::plural_list(&shown, 3));
    let open: Vec<String> = (about.project.manifests.iter())
        .filter(|path| is_open(path, &locks, wanted))
        .map(|path| clean(path).into_owned())
        .collect();
    if !open.is_empty() {
        return vec![
            about.unknown(format!("{there}, and none beside or above {}", text::plural_list(&open, 3))),
        ];
    }
    if let Some(why) = unfit(about, &locks, wanted) {
        return vec![about.unknown(format!("{there}, and {why}"))];
    }
    if let Some(path) = loose(about, &locks).filter(|_| wanted.is_empty()) {
        return vec![
            about.unknown(format!("{there}, and nothing is known to lock what {} asks for", clean(path))),
        ];
    }
    if let Some(why) = otherwise_installed(about) {
        return vec![about.unknown(format!("{there}, and {why}"))];
    }
    vec![about.confirmed(there)]
}

/// A manifest that asks for packages, and that no lock file of its ecosystem stands beside or above.
fn loose<'a>(about: &About<'a>, locks: &[&str]) -> Option<&'a str> {
    const MANIFESTS: [(&str, Ecosystem); 7] = [
        ("Gemfile", Ecosystem::Ruby),
        ("Pipfile", Ecosystem::Python),
        ("composer.json", Ecosystem::Php),
        ("gems.rb", Ecosystem::Ruby),
        ("pom.xml", Ecosystem::Java),
        ("requirements.txt", Ecosystem::Python),
        ("setup.py", Ecosystem::Python),
    ];
    let is_locked = |path: &str, ecosystem: Ecosystem| {
        let folder = paths::folder_of(path);
        let mut of_it = locks.iter().filter(|lock| is_of(lock, ecosystem));
        of_it.any(|lock| paths::is_within(folder, paths::folder_of(lock)))
    };
    let all = about.project.every_manifest.iter().chain(&about.project.others).map(String::as_str);
    all.filter(|path| !is_beside(path)).find(|path| {
        let of = MANIFESTS.iter().find(|(name, _)| *name == paths::name_of(path));
        of.is_some_and(|(_, ecosystem)| !is_locked(path, *ecosystem))
    })
}

/// Why the lock file of npm may not be what is installed, where the sentence says that `npm ci` is run.
fn otherwise_installed(about: &About<'_>) -> Option<String> {
    if !about.says(&["npm ci"]) {
        return None;
    }
    let mut commands = about.project.runs.all.iter().filter_map(|run| match &run.call {
        Call::Command(words) => Some((words.iter().map(String::as_str).collect::<Vec<_>>(), &run.place)),
        _ => None,
    });
    let is_install = |words: &[&str]| {
        matches!(words, ["npm", "install" | "i"] | ["npm", "install" | "i", "--no-audit" | "--silent"])
    };
    if let Some((_, place)) = commands.clone().find(|(words, _)| is_install(words)) {
        return Some(format!("`npm install` is run ({place})"));
    }
    let is_run = commands.any(|(words, _)| words.starts_with(&["npm", "ci"]));
    (!is_run).then(|| "nothing is known to run `npm ci`".to_owned())
}

/// What a lock file lacks.
fn unlisted(package: &LockedPackage) -> Option<String> {
    let Origin::Unlisted(by) = &package.origin else { return None };
    Some(format!("does not list {}, which {} depends on", clean(&package.name), clean(by)))
}

/// Why the lock files do not lock what the manifests ask for, where that is so: one that cannot be read, lists no package,
/// or leaves out what a manifest names.
fn unfit(about: &About<'_>, locks: &[&str], wanted: &[Ecosystem]) -> Option<String> {
    let facts = about.context.facts;
    let Seen::Present(read) = &facts.locks else { return Some("the lock files were not read".to_owned()) };
    let all: Vec<Beside<'_>> =
        read.iter().map(|it| (it.path.as_str(), it.lock.as_ref().ok().map(|it| &*it.lock))).collect();
    let is_wanted = |path: &str| wanted.is_empty() || wanted.iter().any(|it| is_of(path, *it));
    let asking: Vec<(&str, &[&str])> = (about.project.manifests.iter())
        .filter(|path| !is_beside(path))
        .filter_map(|path| {
            let known = LOCKED.iter().find(|(manifest, _)| *manifest == paths::name_of(path))?;
            Some((path.as_str(), known.1))
        })
        .collect();
    for fact in read.iter().filter(|it| locks.contains(&it.path.as_str()) && is_wanted(&it.path)) {
        let (folder, name) = paths::split(&fact.path);
        let is_asked = || {
            asking.iter().any(|(path, known)| {
                known.contains(&name) && paths::is_within(paths::folder_of(path), folder)
            })
        };
        match &fact.lock {
            Err(why) => return Some(format!("{} was not read: {why}", clean(&fact.path))),
            Ok(it) if it.lock.packages().is_empty() && is_asked() => {
                return Some(format!("{} lists no package", clean(&fact.path)));
            }
            Ok(it) => {
                if let Some(why) = it.lock.packages().iter().find_map(unlisted) {
                    return Some(format!("{} {why}", clean(&fact.path)));
                }
                let is_folder = |package: &&LockedPackage| package.origin == Origin::Path;
                let is_npm = it.lock.ecosystem() == crate::advisories::lock::Ecosystem::Npm;
                let folder = it.lock.packages().iter().find(is_folder).filter(|_| is_npm);
                if let Some(package) = folder {
                    let (path, name) = (clean(&fact.path), clean(&package.name));
                    return Some(format!(
                        "{path} takes {name} from a folder that is no member of the workspace"
                    ));
                }
            }
        }
    }
    let is_locked = |path: &str| {
        let known = LOCKED.iter().find(|(manifest, _)| *manifest == paths::name_of(path));
        // One that nobody reads here may have it all.
        known.is_some_and(|(_, known)| {
            let beside = locks.iter().filter(|lock| {
                known.contains(&paths::name_of(lock))
                    && paths::is_within(paths::folder_of(path), paths::folder_of(lock))
            });
            let mut beside = beside.peekable();
            beside.peek().is_some()
                && beside.all(|lock| is_wanted(lock) && read.iter().any(|it| it.path == **lock))
        })
    };
    let mut manifests = facts.asked.iter().filter(|it| !is_beside(&it.path) && is_locked(&it.path));
    manifests.find_map(|manifest| manifest.unlocked(&all))
}

/// Whether a file is of an example, a test or the documentation.
pub(super) fn is_beside(path: &str) -> bool {
    paths::folder_of(path).split('/').any(|segment| BESIDE.contains(&segment.to_ascii_lowercase().as_str()))
}

/// Whether a lock file is one of the project: not of an example, and beside a manifest, where those are known.
fn is_of_project(about: &About<'_>, path: &str) -> bool {
    let (folder, name) = paths::split(path);
    let of_name = || LOCKED.iter().filter(|(_, locks)| locks.contains(&name));
    let has_manifest = |manifest: &str| {
        about.project.every_manifest.iter().any(|path| paths::split(path) == (folder, manifest))
    };
    let is_alone = of_name().count() > 0 && !of_name().any(|(manifest, _)| has_manifest(manifest));
    // These stand beside a manifest of their own kind as well.
    let may_be_alone = matches!(name, "pylock.toml" | "pixi.lock" | "conda-lock.yml");
    !is_beside(path) && (!is_alone || may_be_alone)
}

/// Whether a manifest with dependencies has no lock file beside it or above it.
fn is_open(path: &str, locks: &[&str], wanted: &[Ecosystem]) -> bool {
    let (folder, name) = paths::split(path);
    let Some((_, known)) = LOCKED.iter().find(|(manifest, _)| *manifest == name) else { return false };
    let is_wanted =
        wanted.is_empty() || wanted.iter().any(|it| known.iter().any(|lock| names(*it).contains(lock)));
    let is_above = |lock: &&&str| {
        let (above, lock_name) = paths::split(lock);
        let is_python = name == "pyproject.toml" && lock_name.ends_with(".txt");
        paths::is_within(folder, above) && (known.contains(&lock_name) || is_python)
    };
    is_wanted && !is_beside(path) && !locks.iter().any(|lock| is_above(&lock))
}

pub(super) fn is_of(path: &str, ecosystem: Ecosystem) -> bool {
    let name = paths::name_of(path);
    let is_requirements = ecosystem == Ecosystem::Python && name.ends_with(".txt");
    names(ecosystem).contains(&name) || is_requirements
}

/// The lock files of an ecosystem; none where versions are not locked by a file.
const fn names(ecosystem: Ecosystem) -> &'static [&'static str] {
    match ecosystem {
        Ecosystem::Python => &[
            "uv.lock",
            "poetry.lock",
            "pdm.lock",
            "Pipfile.lock",
            "pylock.toml",
            "pixi.lock",
            "conda-lock.yml",
        ],
        Ecosystem::Npm => &[
            "package-lock.json",
            "npm-shrinkwrap.json",
            "yarn.lock",
            "pnpm-lock.yaml",
            "bun.lock",
            "bun.lockb",
        ],
        Ecosystem::Go => &["go.mod"],
        Ecosystem::Cargo => &["Cargo.lock"],
        Ecosystem::Java => &["gradle.lockfile"],
        Ecosystem::Ruby => &["Gemfile.lock"],
        Ecosystem::Php => &["composer.lock"],
        Ecosystem::DotNet => &["packages.lock.json"],
        Ecosystem::Elixir => &["mix.lock"],
        Ecosystem::Docker | Ecosystem::Actions => &[],
    }
}
