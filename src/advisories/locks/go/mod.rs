//! `go.mod`, as <https://go.dev/ref/mod#go-mod-file> defines it.
//!
//! The rule that must not be broken: what a directive says is kept or the file is refused; a directive that is not
//! known may change what is selected. `go.sum` is not read: it proves a download and never a selection.

mod home;
mod lift;
mod modules;
mod toolchain;
mod words;
mod workspace;

use super::{
    error::{Fault, shown},
    rows::Rows,
};
use crate::{
    advisories::lock::{Ecosystem, Lock},
    paths,
};
pub(crate) use home::is_of_copies;
pub use modules::{Modules, SiblingTag, component_and_version};
pub use toolchain::CI_SETTINGS;
pub use toolchain::{STDLIB, STDLIB_PATH, TOOLCHAIN, toolchain};
pub(crate) use toolchain::{is_script, is_workflow, may_name_toolchain};
use words::{Line, lines};
pub use workspace::Workspace;

/// One `go.mod`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoMod {
    /// The module's path.
    pub module: String,
    /// The `go` line: the oldest language version that will do. It names no toolchain.
    pub go: Option<String>,
    /// The `toolchain` line.
    pub toolchain: Option<String>,
    /// What it requires.
    pub require: Vec<Require>,
    /// What it replaces; counts only where this is the main module.
    pub replace: Vec<Replace>,
    /// The versions that it never selects, as (path, version); counts only where this is the main module.
    pub exclude: Vec<(String, String)>,
}

impl GoMod {
    /// Whether it lists every module that a build needs: one of Go 1.17 and later does. No `go` line means Go 1.16.
    fn lists_all(&self) -> bool {
        let mut numbers = self.go.as_deref().unwrap_or("1.16").split('.').map(|part| {
            let digits = part.find(|c: char| !c.is_ascii_digit()).map_or(part, |end| &part[..end]);
            digits.parse::<u64>().unwrap_or(0)
        });
        (numbers.next(), numbers.next()) >= (Some(1), Some(17))
    }
}

/// A `require` directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Require {
    /// The module's path.
    pub path: String,
    /// The version, or what stands in its place before `go mod tidy` ran: a branch, a commit.
    pub version: String,
    /// Whether no package of the main module imports it.
    pub is_indirect: bool,
}

/// A `replace` directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replace {
    /// The module that is replaced.
    pub path: String,
    /// The one version that is replaced; all where there is none.
    pub version: Option<String>,
    /// What stands in its place.
    pub with: Target,
}

/// What a module is replaced by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A folder, from that of the file.
    Folder(String),
    /// Another module, or another version.
    Module {
        /// Its path.
        path: String,
        /// Its version.
        version: String,
    },
}

/// Whether a file may stand in the place of a `go.mod` or a `go.work`, by its name: `-modfile` and `GOWORK` take any that
/// ends so.
pub(crate) fn may_stand_in(path: &str) -> bool {
    let name = paths::name_of(path);
    (name.ends_with(".mod") && name != "go.mod") || (name.ends_with(".work") && name != "go.work")
}

/// Whether the text of such a file is Go's: other programs have files of these endings.
pub(super) fn stands_in(path: &str, text: &str) -> bool {
    let directives: &[&str] = if path.ends_with(".mod") { &["module"] } else { &["use", "replace"] };
    let begins = |line: &str| {
        let first = line.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
        directives.contains(&first)
    };
    text.lines().map(str::trim_start).any(begins)
}

/// Reads a `go.mod` by itself: without the folders around it, a module replaced by one is not known.
pub(super) fn lock(text: &str) -> Result<Lock, Fault> {
    let file = parse(text)?;
    let mut modules = Modules::default();
    modules.add(String::new(), file);
    let mut standard = Rows::new(Ecosystem::Golang);
    standard.note(
        STDLIB,
        "a go line names no toolchain: which one builds it, only the workflows of a release say (`relcheck verify` asks them)",
    );
    let alone = [modules.select("")?, standard.lock()?];
    let packages = alone.iter().flat_map(Lock::packages).cloned().collect();
    Ok(Lock::new(Ecosystem::Golang, packages))
}

/// Reads a `go.mod`.
///
/// # Errors
/// [`Fault`] for a line that is not understood, and for a second module, Go version or replacement of one version.
pub fn parse(text: &str) -> Result<GoMod, Fault> {
    let mut file = GoMod::default();
    for line in lines(text)? {
        read_line(&mut file, &line).ok_or_else(|| Fault::line(line.number, line.text))?;
    }
    if file.module.is_empty() {
        return Err(Fault::CutOff("the module line"));
    }
    let mut replaced: Vec<_> = file.replace.iter().map(|it| (&it.path, &it.version)).collect();
    replaced.sort();
    if let Some(twice) = replaced.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Fault::Duplicate(format!("a replacement of {}", shown(twice[0].0))));
    }
    Ok(file)
}

/// Takes up one directive; nothing where it is not understood.
fn read_line(file: &mut GoMod, line: &Line<'_>) -> Option<()> {
    match line.words.as_slice() {
        ["module", path] if file.module.is_empty() => file.module = (*path).to_owned(),
        ["go", version] if file.go.is_none() => file.go = Some((*version).to_owned()),
        ["toolchain", name] if file.toolchain.is_none() => file.toolchain = Some((*name).to_owned()),
        ["require", path, version] => file.require.push(Require {
            path: (*path).to_owned(),
            version: (*version).to_owned(),
            is_indirect: is_indirect(line.comment),
        }),
        ["replace", rest @ ..] => file.replace.push(replacement(rest)?),
        ["exclude", path, version] => file.exclude.push(((*path).to_owned(), (*version).to_owned())),
        // These select nothing: versions of the module itself that are withdrawn, programs that are run, settings.
        ["retract" | "tool" | "godebug" | "ignore", _, ..] => {}
        _ => return None,
    }
    Some(())
}

/// Whether a comment says that no package of the main module imports it: `indirect`, alone or before a `;` and a reason.
fn is_indirect(comment: &str) -> bool {
    let mut words = comment.split_whitespace();
    match (words.next(), words.next()) {
        (Some("indirect"), None) => true,
        (first, more) => first == Some("indirect;") && more.is_some(),
    }
}

/// `path [version] => folder` or `path [version] => path version`.
pub(super) fn replacement(words: &[&str]) -> Option<Replace> {
    let at = words.iter().position(|word| *word == "=>")?;
    let (path, version) = match &words[..at] {
        [path] => (*path, None),
        [path, version] => (*path, Some((*version).to_owned())),
        _ => return None,
    };
    let with = match &words[at + 1..] {
        [folder] if is_folder(folder) => Target::Folder((*folder).to_owned()),
        [path, version] if !is_folder(path) => {
            Target::Module { path: (*path).to_owned(), version: (*version).to_owned() }
        }
        _ => return None,
    };
    Some(Replace { path: path.to_owned(), version, with })
}

/// Whether a replacement is a folder: one begins with `.` or is absolute, on any system.
fn is_folder(word: &str) -> bool {
    let absolute = word.starts_with(['/', '\\']) || word.get(1..2) == Some(":");
    absolute || word == "." || word == ".." || word.starts_with("./") || word.starts_with("../")
}

/// A Go version, for the order of versions: `v1.2.3`, with a pre-release or `+incompatible`.
pub(super) fn version(text: &str) -> Option<semver::Version> {
    semver::Version::parse(text.strip_prefix('v')?).ok()
}
