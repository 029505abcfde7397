//! The lock files of a tag together.
//!
//! The rule that must not be broken: each lock file that the tag has is in the answer, read or with the reason why it
//! is not.

use super::{
    Format, LockError, go,
    requirements::{self, Named},
};
use crate::{
    advisories::lock::Lock,
    evidence::{Item, Seen, Tree},
    release::Sha256,
    text,
};
use std::collections::BTreeMap;

/// One lock file of the tag, or what stands for several.
#[derive(Clone, Debug)]
pub struct TreeLock {
    /// Its path; of a module's own tag, the path and the tag.
    pub path: String,
    /// The paths of the files that it stands for, where it is none of the tag's files itself.
    pub stands_for: Vec<String>,
    /// Its digest, where it was read.
    pub sha256: Option<Sha256>,
    /// What it selects, or why that is not known.
    pub lock: Result<Lock, String>,
}

/// All lock files of a tree. `tag` is the tag that the tree is of.
pub fn locks(tree: &Tree, tag: &str) -> Vec<TreeLock> {
    let mut found = Vec::new();
    let files = Requirements::of(tree);
    for (path, seen) in &tree.files {
        let Some(format) = Format::of(path).filter(|format| *format != Format::GoMod) else { continue };
        let lock = bytes(seen).and_then(|bytes| match format {
            Format::Requirements => files.lock(path),
            _ => super::parse(path, bytes).map_err(|error| error.to_string()),
        });
        found.push(TreeLock::new(path, seen, lock));
    }
    go_locks(tree, tag, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

impl TreeLock {
    fn new(path: &str, seen: &Seen<Item>, lock: Result<Lock, String>) -> Self {
        let sha256 = seen.present().map(|item| item.sha256);
        Self { path: path.to_owned(), stands_for: Vec::new(), sha256, lock }
    }
}

/// The bytes of a file, or why they are not there.
fn bytes(seen: &Seen<Item>) -> Result<&[u8], String> {
    match seen {
        Seen::Present(item) => Ok(&item.bytes),
        Seen::Absent { .. } => Err("it is not there".to_owned()),
        Seen::Unavailable { reason } => Err(reason.clone()),
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The modules of a tree and of the tags that its modules name.
pub fn modules(tree: &Tree) -> go::Modules {
    let mut modules = go::Modules::default();
    for (path, seen) in tree.files.iter().filter(|(path, _)| file_name(path) == "go.mod") {
        let folder = folder_of(path).to_owned();
        match bytes(seen).and_then(go_mod) {
            Ok(file) => modules.add(folder, file),
            Err(why) => modules.add_unreadable(folder, why),
        }
    }
    for (tag, seen) in &tree.modules {
        if let Ok(file) = bytes(seen).and_then(go_mod) {
            modules.add_tagged(tag, file);
        }
    }
    modules
}

/// Reads a `go.mod`.
pub(crate) fn go_mod(bytes: &[u8]) -> Result<go::GoMod, String> {
    let read = super::notation::text(bytes).and_then(go::parse);
    read.map_err(|fault| LockError::File { format: Format::GoMod, fault }.to_string())
}

fn go_locks(tree: &Tree, tag: &str, found: &mut Vec<TreeLock>) {
    let modules = modules(tree);
    let mut go_files = Vec::new();
    for (path, seen) in &tree.files {
        let folder = folder_of(path);
        let fault = |format, fault| LockError::File { format, fault }.to_string();
        match file_name(path) {
            "go.mod" => {
                let lock = bytes(seen)
                    .and_then(go_mod)
                    .and_then(|_| modules.select(folder).map_err(|it| fault(Format::GoMod, it)));
                found.push(TreeLock::new(path, seen, lock));
                go_files.push(path.clone());
            }
            "go.work" => {
                let lock = bytes(seen).and_then(|bytes| {
                    super::notation::text(bytes)
                        .and_then(go::Workspace::parse)
                        .and_then(|work| modules.select_workspace(folder, &work))
                        .map_err(|it| format!("as go.work the file {it}"))
                });
                found.push(TreeLock::new(path, seen, lock));
                go_files.push(path.clone());
            }
            _ => {}
        }
    }
    published(tree, tag, &modules, found);
    if !go_files.is_empty() {
        found.push(standard_library(tree, &modules, go_files));
    }
}

/// The modules that the release publishes under tags of their own, as those see them who depend on them. Where that is
/// what the build at the tag selects, it is not said twice.
fn published(tree: &Tree, tag: &str, modules: &go::Modules, found: &mut Vec<TreeLock>) {
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
        if lock.is_err() || found.iter().all(|it| it.lock != lock) {
            found.push(TreeLock::new(&path, seen, lock));
        }
    }
}

fn standard_library(tree: &Tree, modules: &go::Modules, stands_for: Vec<String>) -> TreeLock {
    let workflows: Vec<(&str, Option<&str>)> = tree
        .files
        .iter()
        .filter(|(path, _)| go::is_workflow(path))
        .map(|(path, seen)| {
            let text = seen.present().and_then(|item| std::str::from_utf8(&item.bytes).ok());
            (path.as_str(), text)
        })
        .collect();
    let lock = go::toolchain(&workflows, modules).map_err(|fault| fault.to_string());
    TreeLock { path: go::STDLIB_PATH.to_owned(), stands_for, sha256: None, lock }
}

/// The paths of the files that the requirement file at `path` names.
pub(crate) fn named_by(path: &str, bytes: &[u8]) -> Vec<String> {
    let file = super::notation::text(bytes).and_then(requirements::File::parse);
    let named = |file: requirements::File| {
        file.named().filter_map(|name| go::inside(folder_of(path), name)).collect()
    };
    file.map_or_else(|_| Vec::new(), named)
}

/// The requirement files of a tree and those that they name.
struct Requirements(BTreeMap<String, Result<requirements::File, String>>);

impl Requirements {
    fn of(tree: &Tree) -> Self {
        let mut files = BTreeMap::new();
        let mut waiting: Vec<String> =
            tree.files.keys().filter(|path| requirements::is_named(path)).cloned().collect();
        while let Some(path) = waiting.pop() {
            if files.contains_key(&path) {
                continue;
            }
            let Some(seen) = tree.files.get(&path) else { continue };
            let file = bytes(seen).and_then(|bytes| {
                let read = super::notation::text(bytes).and_then(requirements::File::parse);
                let format = Format::Requirements;
                read.map_err(|fault| LockError::File { format, fault }.to_string())
            });
            if let Ok(file) = &file {
                waiting.extend(file.named().filter_map(|named| go::inside(folder_of(&path), named)));
            }
            files.insert(path, file);
        }
        Self(files)
    }

    fn lock(&self, path: &str) -> Result<Lock, String> {
        let file = match self.0.get(path) {
            Some(Ok(file)) => file,
            Some(Err(why)) => return Err(why.clone()),
            None => return Err("it was not read".to_owned()),
        };
        let named = |from: &str, name: &str| {
            let path = go::inside(folder_of(from), name)?;
            let file = self.0.get(&path)?.as_ref().ok()?;
            Some(Named { is_judged: requirements::is_named(&path), path, file })
        };
        let lock = file.lock(path, named);
        lock.map_err(|fault| LockError::File { format: Format::Requirements, fault }.to_string())
    }
}
