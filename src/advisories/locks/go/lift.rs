//! Which module versions a build at a tag selects: minimal version selection
//! (<https://go.dev/ref/mod#minimal-version-selection>) over the modules whose `go.mod` is in the repository.
//!
//! The rule that must not be broken: a version is raised only by a `go.mod` that the build reads, and a module in a
//! folder that is not in the tag, or whose `go.mod` cannot be read, is listed with that reason.
//!
//! What is not seen: the `go.mod` files of modules from elsewhere. A tidy `go.mod` since Go 1.17 lists every module
//! that a build needs, so that only one that is out of date behind a replacement is raised, which is what is done here.
//! An older one lists what is asked for directly alone, which is said.

use super::{
    GoMod, Replace, Target, Workspace,
    home::{self, repository_path},
    modules::{Modules, SiblingTag, component_and_version},
    version,
};
use crate::{
    advisories::{
        lock::{Ecosystem, Lock, Origin},
        locks::{
            error::{Fault, shown},
            rows::Rows,
        },
    },
    paths,
};
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};

/// What the build of some main modules is made of.
#[derive(Default)]
struct Build<'m> {
    /// The main modules.
    mains: Vec<&'m GoMod>,
    /// Replacements by path and version, each with the folder that its path starts from.
    replace: BTreeMap<(&'m str, Option<&'m str>), (&'m Target, String)>,
    exclude: BTreeSet<(&'m str, &'m str)>,
    /// Further modules of the build, whose requirements count.
    beside: Vec<&'m GoMod>,
    /// The path of the repository, where it is known.
    repository: Option<&'m str>,
}

/// Where the `go.mod` of a module that is required is.
enum Node<'m> {
    Folder(Result<String, String>),
    Replaced(&'m str, &'m str),
    Itself,
}

impl Modules {
    /// What a build of the module in `folder` selects with another file in the place of its `go.mod`.
    ///
    /// # Errors
    /// See [`Self::select`].
    pub fn select_with(&self, folder: &str, file: GoMod) -> Result<Lock, Fault> {
        let mut with = self.clone();
        with.add(folder.to_owned(), file);
        with.select(folder)
    }

    /// What a build of the module in `folder` selects.
    ///
    /// # Errors
    /// [`Fault`] when that module cannot be read, or a name or version is impossible.
    pub fn select(&self, folder: &str) -> Result<Lock, Fault> {
        let file = self.main(folder)?;
        let mut build = self.plan(vec![file]);
        build.obey(&file.replace, folder);
        build.exclude.extend(file.exclude.iter().map(|(path, version)| (path.as_str(), version.as_str())));
        self.build(&build, Vec::new())
    }

    /// What a build of the module of a tag of its own selects. Where a folder of the repository stands in the place of a
    /// sibling, that is the sibling as it was released with it, by the tag of the same version; without such a tag the
    /// replacement says nothing, as to those who depend on the module.
    ///
    /// # Errors
    /// See [`Self::select`].
    pub fn select_tagged(&self, tag: &str) -> Result<Lock, Fault> {
        let tagged = component_and_version(tag).and_then(|(folder, at)| {
            let repository = self.repository_path();
            let fits = |path: &str| repository_path(folder, path).is_some_and(|it| Some(it) == repository);
            let mut own = self.tagged.iter().filter(|(path, _)| fits(path));
            own.find_map(|(_, versions)| versions.get(at))
        });
        let file = tagged.ok_or(Fault::CutOff("a go.mod whose module belongs to the tag"))?;
        let mut build = self.plan(vec![file]);
        if let Some((_, at)) = component_and_version(tag) {
            build.beside.extend(self.released_beside(file, at));
        }
        self.build(&build, Vec::new())
    }

    /// The modules whose folders a module of the version `at` has in the place of published ones, as they were released
    /// with it, and those that they have so themselves.
    fn released_beside<'m>(&'m self, file: &'m GoMod, at: &'m str) -> Vec<&'m GoMod> {
        let mut found: Vec<&GoMod> = Vec::new();
        let mut waiting = vec![file];
        while let Some(file) = waiting.pop() {
            for it in file.replace.iter().filter(|it| matches!(it.with, Target::Folder(_))) {
                let Some(sibling) = self.sibling(&it.path, at) else { continue };
                if !found.iter().any(|known| std::ptr::eq(*known, sibling)) {
                    found.push(sibling);
                    waiting.push(sibling);
                }
            }
        }
        found
    }

    /// What a build in a workspace selects, whose file is in `folder`.
    ///
    /// # Errors
    /// See [`Self::select`].
    pub fn select_workspace(&self, folder: &str, workspace: &Workspace) -> Result<Lock, Fault> {
        let mut notes = Vec::new();
        let mut mains = Vec::new();
        for used in &workspace.uses {
            match paths::follow(folder, used).and_then(|used| self.main(&used).ok().map(|file| (used, file)))
            {
                Some(main) => {
                    if home::is_of_copies(&main.0) {
                        let why = format!(
                            "the workspace uses the folder {}, a copy of a module from elsewhere",
                            shown(used)
                        );
                        notes.push((used.clone(), why));
                    }
                    mains.push(main);
                }
                None => {
                    let why =
                        format!("the workspace uses the folder {}, whose go.mod cannot be read", shown(used));
                    notes.push((used.clone(), why));
                }
            }
        }
        let mut build = self.plan(mains.iter().map(|(_, file)| *file).collect());
        build.obey(&workspace.replace, folder);
        for (main, file) in &mains {
            build.obey(&file.replace, main);
            build
                .exclude
                .extend(file.exclude.iter().map(|(path, version)| (path.as_str(), version.as_str())));
        }
        self.build(&build, notes)
    }

    fn plan<'m>(&'m self, mains: Vec<&'m GoMod>) -> Build<'m> {
        // Where no module is at the root, what a build's own modules say must be the same.
        let agrees = |root: &&str| {
            matches!(self.folders.get(""), Some(Ok(_)))
                || mains.iter().any(|file| {
                    let folder = self.paths.get(&file.module);
                    folder.is_some_and(|folder| repository_path(folder, &file.module) == Some(*root))
                })
        };
        let repository = self.repository_path().filter(agrees);
        Build { mains, repository, ..Build::default() }
    }

    fn main(&self, folder: &str) -> Result<&GoMod, Fault> {
        match self.folders.get(folder) {
            Some(Ok(file)) => Ok(file),
            Some(Err(why)) => Err(Fault::Syntax(why.clone())),
            None => Err(Fault::Syntax("no go.mod is there".to_owned())),
        }
    }

    /// Selects: every requirement that can be reached, the highest version of each module.
    fn build(&self, build: &Build<'_>, notes: Vec<(String, String)>) -> Result<Lock, Fault> {
        let mut rows = Rows::new(Ecosystem::Golang);
        for (used, why) in notes {
            rows.note(&used, why);
        }
        let mut own: BTreeSet<&str> = BTreeSet::new();
        let mut selected: BTreeMap<&str, (Version, &str)> = BTreeMap::new();
        let mut unpinned: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut seen: BTreeSet<*const GoMod> = BTreeSet::new();
        let mut waiting: Vec<&GoMod> = build.mains.clone();
        own.extend(waiting.iter().map(|file| file.module.as_str()));
        waiting.extend(&build.beside);
        while let Some(file) = waiting.pop() {
            if !seen.insert(std::ptr::from_ref(file)) {
                continue;
            }
            for require in &file.require {
                let wanted = (require.path.as_str(), require.version.as_str());
                let selected_yet = selected.get(wanted.0);
                // What was selected was looked at already.
                if selected_yet.is_some_and(|(_, text)| *text == wanted.1)
                    || build.exclude.contains(&wanted)
                    || own.contains(wanted.0)
                {
                    continue;
                }
                let Some(number) = version(wanted.1) else {
                    unpinned.insert(wanted);
                    continue;
                };
                let node = build.node(wanted);
                waiting.extend(self.file_of(&node, wanted));
                if let Some((tag, why)) = self.unread_tag(&node, wanted) {
                    rows.note(tag, format!("the go.mod at this tag of a module cannot be read: {why}"));
                }
                if selected_yet.is_none_or(|(highest, _)| highest.cmp_precedence(&number).is_lt()) {
                    selected.insert(wanted.0, (number, wanted.1));
                }
            }
        }
        if let Some(file) = self.unlisted(build) {
            let why = format!(
                "the go.mod of {} {}, and before Go 1.17 none lists what the modules that it requires need",
                shown(&file.module),
                file.go
                    .as_deref()
                    .map_or_else(|| "has no go line".to_owned(), |go| format!("is of Go {}", shown(go)))
            );
            rows.note("(what these need)", why);
        }
        for module in own {
            rows.add(module, "", Origin::Own)?;
        }
        for (path, (_, version)) in &selected {
            self.add_row(&mut rows, build, path, version)?;
        }
        for (path, wanted) in unpinned {
            rows.add(path, "", Origin::Unpinned(wanted.to_owned()))?;
        }
        rows.lock()
    }

    /// A `go.mod` of a main module, or of one that only such need, that does not list what its modules need although
    /// one of these is from elsewhere.
    fn unlisted<'m>(&'m self, build: &Build<'m>) -> Option<&'m GoMod> {
        let mut seen: BTreeSet<*const GoMod> = BTreeSet::new();
        let mut waiting = build.mains.clone();
        while let Some(file) = waiting.pop() {
            if file.lists_all() || !seen.insert(std::ptr::from_ref(file)) {
                continue;
            }
            for require in &file.require {
                let wanted = (require.path.as_str(), require.version.as_str());
                match self.file_of(&build.node(wanted), wanted) {
                    Some(own) => waiting.push(own),
                    None if build.mains.iter().any(|main| main.module == require.path) => {}
                    None => return Some(file),
                }
            }
        }
        None
    }

    /// The `go.mod` of a required module, where it is in the repository.
    fn file_of(&self, node: &Node<'_>, wanted: (&str, &str)) -> Option<&GoMod> {
        match node {
            Node::Folder(folder) => self.folders.get(folder.as_ref().ok()?)?.as_ref().ok(),
            Node::Replaced(path, version) => self.sibling(path, version),
            Node::Itself => self.sibling(wanted.0, wanted.1),
        }
    }

    /// The tag of a required module of the repository, where its `go.mod` there cannot be read.
    fn unread_tag(&self, node: &Node<'_>, wanted: (&str, &str)) -> Option<(&str, &str)> {
        let (path, version) = match node {
            Node::Replaced(path, version) => (*path, *version),
            Node::Itself => wanted,
            Node::Folder(_) => return None,
        };
        if self.unread.is_empty() {
            return None;
        }
        let tag = SiblingTag::new(self.paths.get(path)?, version).tag;
        self.unread.get_key_value(&tag).map(|(tag, why)| (tag.as_str(), why.as_str()))
    }

    /// Whether the module in a folder is one of the repository's own, and not a copy in the place of somebody else's: it
    /// has the path that it is required by, which is that of the repository, then the folder.
    fn is_own(&self, build: &Build<'_>, path: &str, folder: &str, file: &GoMod) -> bool {
        let root = repository_path(folder, &file.module);
        file.module == path && !home::is_of_copies(folder) && root.is_some() && root == build.repository
    }

    fn add_row(&self, rows: &mut Rows, build: &Build<'_>, path: &str, version: &str) -> Result<(), Fault> {
        match build.node((path, version)) {
            Node::Itself => rows.add(path, version, Origin::DefaultRegistry),
            Node::Replaced(path, version) if super::version(version).is_some() => {
                rows.add(path, version, Origin::DefaultRegistry)
            }
            Node::Replaced(path, wanted) => rows.add(path, "", Origin::Unpinned(wanted.to_owned())),
            Node::Folder(Ok(folder)) => match self.folders.get(&folder) {
                Some(Ok(file)) if self.is_own(build, path, &folder, file) => {
                    rows.add(path, version, Origin::Own)
                }
                Some(Ok(_)) => unclear(rows, path, version, &folder, "a copy of a module from elsewhere"),
                Some(Err(_)) => unclear(rows, path, version, &folder, "whose go.mod cannot be read"),
                None => unclear(rows, path, version, &folder, "which has no go.mod at the tag"),
            },
            Node::Folder(Err(folder)) => unclear(rows, path, version, &folder, "outside of the repository"),
        }
    }
}

fn unclear(rows: &mut Rows, path: &str, version: &str, folder: &str, why: &str) -> Result<(), Fault> {
    let why = format!("replaced by the folder {}, {why}", shown(folder));
    rows.add(path, version, Origin::Unclear(why))
}

impl<'m> Build<'m> {
    /// Takes up replacements of a file in `folder`; what was taken up before stays.
    fn obey(&mut self, replace: &'m [Replace], folder: &str) {
        for it in replace {
            let key = (it.path.as_str(), it.version.as_deref());
            self.replace.entry(key).or_insert_with(|| (&it.with, folder.to_owned()));
        }
    }

    /// A replacement of the very version comes before one of all.
    fn node(&self, (path, version): (&str, &str)) -> Node<'m> {
        let exact = self.replace.get(&(path, Some(version)));
        match exact.or_else(|| self.replace.get(&(path, None))) {
            None => Node::Itself,
            Some((Target::Module { path, version }, _)) => Node::Replaced(path, version),
            Some((Target::Folder(folder), from)) => {
                Node::Folder(paths::follow(from, folder).ok_or_else(|| folder.clone()))
            }
        }
    }
}
