//! The lock files of a tag together.
//!
//! The rule that must not be broken: each lock file that the tag has is in the answer, read or with the reason why it
//! is not.

mod bills;

use super::{
    Format, LockError, go, pnpm_config,
    projects::Projects,
    requirements::{self, Named, Reader},
};
use crate::{
    advisories::lock::{Lock, LockedPackage},
    paths,
    release::Sha256,
    text,
};
pub(super) use bills::bill;
pub use bills::published;
use std::{cell::Cell, collections::BTreeMap, sync::Arc};

/// The manifests and lock files of a tag, the `go.mod` files at tags of their own, and what builds with them.
#[derive(Clone, Debug)]
pub struct Files<'t> {
    /// By path.
    pub files: BTreeMap<&'t str, File<'t>>,
    /// By tag.
    pub modules: BTreeMap<&'t str, File<'t>>,
    /// What builds them, by path: makefiles, scripts, and files that stand in the place of a `go.mod`; or why that is not
    /// known.
    pub builds: Result<BTreeMap<&'t str, File<'t>>, &'t str>,
}

/// One file, as far as it was read.
#[derive(Clone, Copy, Debug)]
pub struct File<'t> {
    /// Its digest, where it was read.
    pub sha256: Option<Sha256>,
    /// Its bytes, or why they are not there.
    pub bytes: Result<&'t [u8], &'t str>,
}

/// One lock file of the tag, or what stands for several.
#[derive(Clone, Debug)]
pub struct TreeLock {
    /// Its path; of a module's own tag, the path and the tag.
    pub path: String,
    /// The paths of the files that it stands for, where it is none of the tag's files itself.
    pub stands_for: Vec<String>,
    /// Whether it stands in the tree of the tag, or was published with the release.
    pub from: From,
    /// Its digest, where it was read.
    pub sha256: Option<Sha256>,
    /// What it selects, or why that is not known.
    pub lock: Result<Arc<Lock>, String>,
}

/// Who says what a lock file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The tree of the tag.
    Tree,
    /// Something that was published with the release: a bill of materials, or a program itself.
    Published,
}

/// All lock files of a tree. `tag` is the tag that the tree is of.
pub fn locks(tree: &Files<'_>, tag: &str) -> Vec<TreeLock> {
    let mut found = Vec::new();
    let mut room = Room::beside(&[]);
    let files = Requirements::of(tree);
    let projects = Projects::of(tree);
    for (path, seen) in &tree.files {
        let Some(format) = Format::of(path).filter(|format| *format != Format::GoMod) else { continue };
        if locks_no_plugins(path, seen) {
            continue;
        }
        let lock = bytes(seen).and_then(|bytes| match format {
            Format::Requirements => files.lock(path),
            _ => super::parse_with(format, bytes, &|place, name| projects.has(format, path, place, name))
                .map_err(|error| error.to_string()),
        });
        let lock = lock.and_then(|lock| room.take(lock));
        found.push(TreeLock::new(path, seen, lock));
    }
    found.extend(config_dependencies(tree));
    go_locks(tree, tag, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// What the workspaces of pnpm select themselves.
fn config_dependencies<'t>(tree: &Files<'t>) -> impl Iterator<Item = TreeLock> {
    let named = tree.files.iter().filter(|(path, _)| paths::name_of(path) == pnpm_config::NAME);
    named.filter_map(|(path, seen)| {
        let beside = paths::below(paths::folder_of(path), "pnpm-lock.yaml");
        let lock =
            tree.files.iter().find(|(path, _)| **path == beside).and_then(|(_, seen)| {
                super::parse_with(Format::PnpmLock, bytes(seen).ok()?, &|_, _| false).ok()
            });
        let is_locked = |name: &str, version: &str| {
            let is_it = |row: &LockedPackage| row.name == name && row.version == version;
            lock.as_ref().is_some_and(|lock| lock.covered().any(is_it))
        };
        let read = |bytes| pnpm_config::read(bytes, is_locked).map_err(|fault| format!("the file {fault}"));
        let lock = bytes(seen).and_then(read).transpose()?;
        Some(TreeLock::new(path, seen, lock))
    })
}

/// How many packages may still be held: those of all lists are, until all are looked up.
pub struct Room(usize);

impl Room {
    /// What is left beside these.
    pub fn beside(found: &[TreeLock]) -> Self {
        let held = found.iter().filter_map(|found| found.lock.as_ref().ok());
        Self(held.fold(super::ALL_PACKAGES_LIMIT, |room, lock| room.saturating_sub(lock.packages().len())))
    }

    /// A lock file, where there is room for its packages.
    fn take(&mut self, lock: Lock) -> Result<Lock, String> {
        self.count(&lock).map(|()| lock)
    }

    /// The same lock, or that there is no room for its packages.
    pub fn hold(&mut self, mut found: TreeLock) -> TreeLock {
        found.lock = found.lock.and_then(|lock| self.count(&lock).map(|()| lock));
        found
    }

    fn count(&mut self, lock: &Lock) -> Result<(), String> {
        self.0 = self.0.checked_sub(lock.packages().len()).ok_or_else(|| {
            let limit = super::ALL_PACKAGES_LIMIT;
            format!(
                "the lock files at the tag and what is published list more than {limit} packages together"
            )
        })?;
        Ok(())
    }
}

/// Whether Gradle says of the scripts of a build, in a whole file, that they run no plugins. It writes such files for
/// every build with a version catalogue; there is nothing to say of them.
fn locks_no_plugins(path: &str, seen: &File<'_>) -> bool {
    let no_packages = |bytes| {
        matches!(super::parse(path, bytes), Err(LockError::File { fault: super::Fault::NoPackages, .. }))
    };
    super::gradle::is_of_script(paths::name_of(path)) && seen.bytes.is_ok_and(no_packages)
}

impl TreeLock {
    fn new(path: &str, seen: &File<'_>, lock: Result<Lock, String>) -> Self {
        let (path, lock) = (path.to_owned(), lock.map(Arc::new));
        Self { path, stands_for: Vec::new(), from: From::Tree, sha256: seen.sha256, lock }
    }
}

/// The bytes of a file, or why they are not there.
fn bytes<'t>(seen: &File<'t>) -> Result<&'t [u8], String> {
    seen.bytes.map_err(str::to_owned)
}

/// The modules of a tree and of the tags that its modules name.
pub fn modules(tree: &Files<'_>) -> go::Modules {
    let mut modules = go::Modules::default();
    for (path, seen) in tree.files.iter().filter(|(path, _)| paths::name_of(path) == "go.mod") {
        let folder = paths::folder_of(path).to_owned();
        match bytes(seen).and_then(go_mod) {
            Ok(file) => modules.add(folder, file),
            Err(why) => modules.add_unreadable(folder, why),
        }
    }
    let builds = tree.builds.iter().flat_map(BTreeMap::keys);
    let names = tree.files.keys().chain(builds).map(|path| paths::name_of(path));
    let selects = |name: &&str| matches!(*name, "go.mod" | "go.work") || go::may_stand_in(name);
    names.filter(selects).for_each(|name| modules.add_file(name));
    for (tag, seen) in &tree.modules {
        match bytes(seen).and_then(go_mod) {
            Ok(file) => modules.add_tagged(tag, file),
            Err(why) => modules.add_tagged_unreadable((*tag).to_owned(), why),
        }
    }
    modules
}

/// Reads a `go.mod`.
pub(crate) fn go_mod(bytes: &[u8]) -> Result<go::GoMod, String> {
    let read = super::notation::text(bytes).and_then(go::parse);
    read.map_err(|fault| LockError::File { format: Format::GoMod, fault }.to_string())
}

fn go_locks(tree: &Files<'_>, tag: &str, found: &mut Vec<TreeLock>) {
    let modules = modules(tree);
    let mut go_files = Vec::new();
    for (path, seen) in &tree.files {
        let folder = paths::folder_of(path);
        let fault = |format, fault| LockError::File { format, fault }.to_string();
        match paths::name_of(path) {
            "go.mod" => {
                let lock = match modules.unreadable(folder) {
                    Some(why) => Err(why.to_owned()),
                    None => modules.select(folder).map_err(|it| fault(Format::GoMod, it)),
                };
                found.push(TreeLock::new(path, seen, lock));
                go_files.push((*path).to_owned());
            }
            "go.work" => {
                let lock = bytes(seen).and_then(|bytes| workspace(&modules, folder, bytes));
                found.push(TreeLock::new(path, seen, lock));
                go_files.push((*path).to_owned());
            }
            _ => {}
        }
    }
    found.extend(standing_in(tree, &modules));
    published_modules(tree, tag, &modules, found);
    if !go_files.is_empty() {
        found.push(standard_library(tree, &modules, go_files));
    }
}

/// What a workspace in `folder` selects.
fn workspace(modules: &go::Modules, folder: &str, bytes: &[u8]) -> Result<Lock, String> {
    super::notation::text(bytes)
        .and_then(go::Workspace::parse)
        .and_then(|work| modules.select_workspace(folder, &work))
        .map_err(|it| format!("as go.work the file {it}"))
}

/// The files that a build can select in the place of a `go.mod` or a `go.work`: each is looked up as if it were chosen.
fn standing_in(tree: &Files<'_>, modules: &go::Modules) -> Vec<TreeLock> {
    let named = tree.builds.iter().flatten().filter(|(path, _)| go::may_stand_in(path));
    let read = named.filter_map(|(path, seen)| {
        let folder = paths::folder_of(path);
        let lock = match bytes(seen) {
            Ok(bytes) if !go::stands_in(path, &String::from_utf8_lossy(bytes)) => return None,
            Ok(bytes) if path.ends_with(".work") => workspace(modules, folder, bytes),
            Ok(bytes) => go_mod(bytes).and_then(|file| {
                let lock = modules.select_with(folder, file);
                lock.map_err(|fault| LockError::File { format: Format::GoMod, fault }.to_string())
            }),
            Err(why) => Err(why),
        };
        Some(TreeLock::new(path, seen, lock))
    });
    read.collect()
}

/// The modules that the release publishes under tags of their own, as those see them who depend on them. Where that is
/// what the build at the tag selects, it is not said twice.
fn published_modules(tree: &Files<'_>, tag: &str, modules: &go::Modules, found: &mut Vec<TreeLock>) {
    let Some((component, version)) = go::component_and_version(tag) else { return };
    for (own, seen) in &tree.modules {
        let is_published = go::component_and_version(own)
            .is_some_and(|(folder, at)| at == version && (component.is_empty() || folder == component));
        if !is_published {
            continue;
        }
        let path = format!("go.mod at {}", text::clean(own));
        let lock = match bytes(seen) {
            Ok(_) => modules.select_tagged(own).map_err(|fault| fault.to_string()),
            Err(why) => Err(why),
        };
        let own = TreeLock::new(&path, seen, lock);
        if own.lock.is_err() || found.iter().all(|it| it.lock != own.lock) {
            found.push(own);
        }
    }
}

fn standard_library<'t>(tree: &Files<'t>, modules: &go::Modules, stands_for: Vec<String>) -> TreeLock {
    let is_read = |path: &str| go::may_name_toolchain(path) || go::is_script(path);
    let workflows = tree.files.iter().filter(|(path, _)| is_read(path));
    let text = |(path, seen): (&&'t str, &File<'t>)| {
        (*path, seen.bytes.ok().and_then(|bytes| std::str::from_utf8(bytes).ok()))
    };
    let builds =
        tree.builds.as_ref().map_err(|why| format!("what else builds at the tag is not known: {why}"));
    let lock = builds.and_then(|builds| {
        let texts: Vec<_> = workflows.chain(builds).map(text).collect();
        go::toolchain(&texts, modules).map(Arc::new).map_err(|fault| fault.to_string())
    });
    TreeLock { path: go::STDLIB_PATH.to_owned(), stands_for, from: From::Tree, sha256: None, lock }
}

/// The paths of the files that the requirement file at `path` names.
pub(crate) fn named_by(path: &str, bytes: &[u8]) -> Vec<String> {
    let file = super::notation::text(bytes).and_then(requirements::File::parse);
    let named = |file: requirements::File| {
        file.named().filter_map(|name| paths::follow(paths::folder_of(path), name)).collect()
    };
    file.map_or_else(|_| Vec::new(), named)
}

/// The requirement files of a tree and those that they name.
struct Requirements {
    files: BTreeMap<String, Result<requirements::File, String>>,
    /// How many lines were read of all of them.
    lines: Cell<usize>,
}

impl Requirements {
    fn of(tree: &Files<'_>) -> Self {
        let mut files = BTreeMap::new();
        let mut waiting: Vec<String> = tree
            .files
            .keys()
            .filter(|path| requirements::is_named(path))
            .map(|path| (*path).to_owned())
            .collect();
        while let Some(path) = waiting.pop() {
            if files.contains_key(&path) {
                continue;
            }
            let Some(seen) = tree.files.get(path.as_str()) else { continue };
            let file = bytes(seen).and_then(|bytes| {
                let read = super::notation::text(bytes).and_then(requirements::File::parse);
                let format = Format::Requirements;
                read.map_err(|fault| LockError::File { format, fault }.to_string())
            });
            if let Ok(file) = &file {
                waiting
                    .extend(file.named().filter_map(|named| paths::follow(paths::folder_of(&path), named)));
            }
            files.insert(path, file);
        }
        Self { files, lines: Cell::new(0) }
    }

    fn lock(&self, path: &str) -> Result<Lock, String> {
        let file = match self.files.get(path) {
            Some(Ok(file)) => file,
            Some(Err(why)) => return Err(why.clone()),
            None => return Err("it was not read".to_owned()),
        };
        let named = |from: &str, name: &str| {
            let path = paths::follow(paths::folder_of(from), name)?;
            let file = self.files.get(&path)?.as_ref().ok()?;
            Some(Named { is_judged: requirements::is_named(&path), path, file })
        };
        let lock = file.lock(path, &Reader { named: &named, lines: &self.lines });
        lock.map_err(|fault| LockError::File { format: Format::Requirements, fault }.to_string())
    }
}
