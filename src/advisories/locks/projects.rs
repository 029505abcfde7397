//! Whether the projects that a lock file calls the release's own are projects of the tag.
//!
//! The rule that must not be broken: an entry without a version is the release's own only where the tag has a manifest
//! that says so, in no folder of copies. Otherwise an entry that is called a project hides a package from elsewhere.

use super::{Format, go, manifest, tree::Files};
use crate::paths;
use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

/// Whether a folder, from that of the lock file, holds the project of a name. NuGet names no folder, and asks for any.
pub(super) type IsProject<'p> = dyn Fn(&str, &str) -> bool + 'p;

/// A lock file that is read by itself is taken at its word.
pub(super) fn any(_folder: &str, _name: &str) -> bool {
    true
}

/// The name that a manifest gives its project, where it gives one; nothing where no manifest can be read.
type Called = Option<Option<String>>;

/// The projects of a tree. Each manifest is read once, when it is first asked for.
pub(super) struct Projects<'t> {
    tree: &'t Files<'t>,
    called: RefCell<BTreeMap<String, Called>>,
    of_dotnet: OnceCell<BTreeSet<String>>,
    /// Folders with the names of the gems that Bundler finds in them.
    gems: OnceCell<BTreeSet<(&'t str, &'t str)>>,
}

impl<'t> Projects<'t> {
    pub(super) fn of(tree: &'t Files<'t>) -> Self {
        Self { tree, called: RefCell::default(), of_dotnet: OnceCell::new(), gems: OnceCell::new() }
    }

    /// Whether the lock file at `path` means a project of the tree by `name` in the folder `place`.
    pub(super) fn has(&self, format: Format, path: &str, place: &str, name: &str) -> bool {
        if format == Format::NugetLock {
            return self.of_dotnet.get_or_init(|| self.dotnet()).contains(&name.to_lowercase());
        }
        let Some(folder) = paths::follow(paths::folder_of(path), place) else { return false };
        if format == Format::GemfileLock {
            return self.gems.get_or_init(|| self.gems()).contains(&(folder.as_str(), name));
        }
        let manifest = if format == Format::UvLock { "pyproject.toml" } else { "package.json" };
        let manifest = paths::below(&folder, manifest);
        let mut called = self.called.borrow_mut();
        let called = called.entry(manifest).or_insert_with_key(|path| self.read(path));
        !go::is_of_copies(&folder)
            && match called {
                Some(Some(own)) => own == name,
                Some(None) => format != Format::UvLock && is_for_nameless(paths::name_of(&folder), name),
                None => false,
            }
    }

    fn read(&self, path: &str) -> Called {
        let text = self.text(path)?;
        if path.ends_with(".toml") {
            manifest::project_name(text).map(Some)
        } else {
            manifest::package_name(text)
        }
    }

    fn text(&self, path: &str) -> Option<&'t str> {
        self.tree.files.get(path).and_then(|seen| std::str::from_utf8(seen.bytes.ok()?).ok())
    }

    /// The gems of each folder: Bundler looks for their descriptions in it and up to two folders below.
    fn gems(&self) -> BTreeSet<(&'t str, &'t str)> {
        let described =
            self.tree.files.iter().filter(|(_, seen)| seen.bytes.is_ok()).filter_map(|(path, _)| {
                let (folder, name) = paths::split(path);
                Some((folder, name.strip_suffix(".gemspec")?)).filter(|_| !go::is_of_copies(folder))
            });
        let above = |(folder, name)| {
            let folders = std::iter::successors(Some(folder), |it: &&'t str| {
                (!it.is_empty()).then(|| paths::folder_of(it))
            });
            folders.take(3).map(move |folder| (folder, name))
        };
        described.flat_map(above).collect()
    }

    /// The names of all projects of .NET, in lower case.
    fn dotnet(&self) -> BTreeSet<String> {
        let projects = self.tree.files.keys().filter(|path| !go::is_of_copies(paths::folder_of(path)));
        let names = projects.flat_map(|path| {
            manifest::dotnet_names(paths::name_of(path), self.text(path).unwrap_or_default())
        });
        names.map(|name| name.to_lowercase()).collect()
    }
}

/// Whether a project without a name is called this: after its folder by npm, and by Yarn with the beginning of a digest.
fn is_for_nameless(folder: &str, name: &str) -> bool {
    let is_digest = |end: &str| end.len() == 6 && end.bytes().all(|b| b.is_ascii_hexdigit());
    name == folder || name.rsplit_once('-').is_some_and(|(_, end)| is_digest(end))
}
