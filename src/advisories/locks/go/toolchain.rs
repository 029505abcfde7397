//! The Go standard library, with the toolchain that the workflows at the tag build with.
//!
//! The rule that must not be broken: a `go` line says what is needed at least and names no toolchain. Only one exact
//! version on which all workflows that make releases agree is a version; everything else is not covered, and why.

mod graph;
mod programs;
mod said;
mod scripts;
mod selection;

use super::{Modules, version};
use crate::advisories::{
    lock::{Ecosystem, Lock, Origin},
    locks::{
        error::{Fault, shown},
        notation,
        rows::Rows,
    },
};
use said::{Said, WORKFLOWS};
pub use scripts::CI_SETTINGS;
use scripts::Scripts;
pub(crate) use scripts::is_script;
use std::collections::{BTreeMap, BTreeSet};

/// What advisories call the standard library.
pub const STDLIB: &str = "stdlib";

/// What they call its commands: the compiler, the linker, `go` itself.
pub const TOOLCHAIN: &str = "toolchain";

/// Where it is looked for which toolchain makes a release.
pub const STDLIB_PATH: &str = ".github/workflows";

/// Whether a file of the tag is a workflow.
pub(crate) fn is_workflow(path: &str) -> bool {
    let name = path.strip_prefix(WORKFLOWS).filter(|name| !name.contains('/'));
    name.is_some_and(|name| name.ends_with(".yml") || name.ends_with(".yaml"))
}

/// Whether a file of the tag is a workflow, or an action that one may run.
pub(crate) fn may_name_toolchain(path: &str) -> bool {
    is_workflow(path) || is_action(path)
}

fn is_action(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("action.yml" | "action.yaml"))
}

/// The lock of the standard library alone, from the workflows at the tag and what they run: each path, with its text where
/// it was read. Where a command selects another `go.mod`, that is said beside it.
///
/// # Errors
/// [`Fault`] never for what a workflow says, which may be anything.
pub fn toolchain(files: &[(&str, Option<&str>)], modules: &Modules) -> Result<Lock, Fault> {
    let mut rows = Rows::new(Ecosystem::Golang);
    match decide(files, modules) {
        Ok(version) => rows.add(STDLIB, &version, Origin::DefaultRegistry)?,
        Err(why) => rows.note(STDLIB, format!("{why}{}", at_least(modules))),
    }
    for (path, text) in files {
        if let Some(selected) = text.and_then(|text| selection::elsewhere(text, modules)) {
            let why =
                format!("{} builds with {}, which the tag does not hold", shown(path), shown(&selected));
            rows.note("go.mod", why);
        }
        if let Some(command) = text.and_then(|text| changed_by(path, text)) {
            let why =
                format!("{} builds after `{}`, which changes what is selected", shown(path), shown(&command));
            rows.note("go.mod", why);
        }
    }
    rows.lock()
}

/// The command of a workflow that runs for releases which has a job of it build other modules than `go.mod` selects.
fn changed_by(path: &str, text: &str) -> Option<String> {
    let document = is_workflow(path).then(|| notation::yaml(text).ok())??;
    let said = Said::of(text, &document);
    let mut jobs = said.jobs.iter().filter(|_| said.releases);
    jobs.find_map(|(_, job)| selection::changed(&job.text))
}

fn at_least(modules: &Modules) -> String {
    let lines: BTreeSet<&str> = modules.readable().filter_map(|(_, file)| file.go.as_deref()).collect();
    match lines.iter().max_by_key(|line| number(line)) {
        Some(line) => format!("; the go lines ask for {} or later, which names no toolchain", shown(line)),
        None => String::new(),
    }
}

fn decide(files: &[(&str, Option<&str>)], modules: &Modules) -> Result<String, String> {
    let mut all = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, _)| may_name_toolchain(path)) {
        let said = text.ok_or("it was not read".to_owned()).and_then(|text| {
            let document = notation::yaml(text).map_err(|fault| fault.to_string())?;
            Ok(Said::of(text, &document))
        });
        match said {
            Ok(said) => drop(all.insert(*path, said)),
            // Of an action that nothing runs it does not matter: one that is called is missed there.
            Err(_) if is_action(path) => {}
            Err(why) => return Err(format!("the workflow {} may name the toolchain and {why}", shown(path))),
        }
    }
    let mut found = BTreeSet::new();
    let releasing: Vec<&str> = all.iter().filter(|(_, said)| said.releases).map(|(path, _)| *path).collect();
    let mut counted = reached(&all, releasing, &mut found);
    if counted.iter().all(|path| all.get(path).is_none_or(Said::is_empty)) {
        let workflows = all.keys().copied().filter(|path| !is_action(path)).collect();
        counted = reached(&all, workflows, &mut found);
    }
    let scripts = Scripts::of(files);
    found.extend(ran(&all, &counted, &scripts));
    all.retain(|path, _| counted.contains(path));
    for said in all.values() {
        found.extend(said.versions.iter().cloned());
        found.extend(said.elsewhere.iter().map(|call| format!("what {call} says")));
        for file in &said.files {
            found.insert(of_file(file, modules));
        }
    }
    let found: Vec<String> = found.into_iter().collect();
    match found.as_slice() {
        [] => Err("no workflow at the tag says which Go toolchain it builds with".to_owned()),
        [only] => exact(only, modules),
        several => Err(format!(
            "the workflows at the tag build with several Go toolchains: {}",
            shown(&several.join(", "))
        )),
    }
}

/// What the workflows that count run of the repository's own files, and the jobs that build with what they find.
fn ran(all: &BTreeMap<&str, Said>, counted: &BTreeSet<&str>, scripts: &Scripts<'_>) -> BTreeSet<String> {
    let calls = all.iter().map(|(path, said)| (*path, called_by(all, said))).collect();
    let of = |is_it: &dyn Fn(&Said) -> bool| {
        let found = all.iter().filter(|(_, said)| is_it(said)).map(|(path, _)| *path).collect();
        graph::leading_to(&calls, found)
    };
    let naming = of(&|said| !said.is_empty());
    let building = of(&|said| said.builds || scripts.builds(&said.text));
    let (mut run, mut found) = (scripts.of_systems(), BTreeSet::new());
    for path in counted {
        let Some(said) = all.get(path) else { continue };
        run.extend(scripts.named_in(&said.text));
        for (name, job) in &said.jobs {
            let called = called_by(all, job);
            let is_among = |some: &BTreeSet<&str>| called.iter().any(|path| some.contains(path));
            let builds = job.builds || scripts.builds(&job.text) || is_among(&building);
            if builds && job.is_empty() && !is_among(&naming) {
                found.insert(format!("what the job {name} of {path} finds"));
            }
        }
    }
    found.extend(scripts.versions(run));
    found
}

/// The files that are called, by path or folder; those that are there.
fn called_by<'w>(all: &BTreeMap<&'w str, Said>, said: &Said) -> Vec<&'w str> {
    said.calls.iter().filter_map(|call| file_of_call(all, call)).collect()
}

/// The workflow or the action that is called by its path or its folder.
fn file_of_call<'w>(all: &BTreeMap<&'w str, Said>, call: &str) -> Option<&'w str> {
    let at = |path: &str| all.get_key_value(path.trim_start_matches('/')).map(|(path, _)| *path);
    ["", "/action.yml", "/action.yaml"].into_iter().find_map(|file| at(&format!("{call}{file}")))
}

/// Some workflows, and the workflows and actions of the repository that they call; one that is called and not there is
/// among what is `found`.
fn reached<'w>(
    all: &BTreeMap<&'w str, Said>,
    mut waiting: Vec<&'w str>,
    found: &mut BTreeSet<String>,
) -> BTreeSet<&'w str> {
    let mut reached = BTreeSet::new();
    while let Some(path) = waiting.pop() {
        let Some(said) = all.get(path).filter(|_| reached.insert(path)) else { continue };
        for call in &said.calls {
            match file_of_call(all, call) {
                Some(path) => waiting.push(path),
                None => drop(found.insert(format!("what {call} says"))),
            }
        }
    }
    reached
}

/// What `go-version-file` comes to: the toolchain that the file names.
fn of_file(file: &str, modules: &Modules) -> String {
    let folder = file.trim_start_matches("./").strip_suffix("go.mod").map(|it| it.trim_end_matches('/'));
    let named = folder.and_then(|folder| {
        let (_, module) = modules.readable().find(|(it, _)| *it == folder)?;
        let toolchain = module.toolchain.as_deref().and_then(|it| it.strip_prefix("go"));
        toolchain.or(module.go.as_deref()).map(str::to_owned)
    });
    named.unwrap_or_else(|| format!("what {file} says"))
}

/// One exact version, which no `go` or `toolchain` line is above: with one above, Go fetches another toolchain.
fn exact(text: &str, modules: &Modules) -> Result<String, String> {
    let written = text.trim_start_matches("go");
    let Some(parsed) = version(&format!("v{written}")).filter(|it| it.build.is_empty()) else {
        return Err(format!(
            "the workflows at the tag build with Go {}, which is no one version",
            shown(text)
        ));
    };
    let lines = modules.readable().flat_map(|(_, file)| {
        let toolchain = file.toolchain.as_deref().and_then(|it| it.strip_prefix("go"));
        [file.go.as_deref(), toolchain].into_iter().flatten()
    });
    let mine = number(written);
    match lines.into_iter().find(|line| number(line) > mine) {
        Some(line) => Err(format!(
            "the workflows at the tag build with Go {parsed}, and a go.mod asks for {}",
            shown(line)
        )),
        None => Ok(format!("v{parsed}")),
    }
}

/// A Go version, `1.26` or `1.26.0` or `1.26rc1`, for comparing; what is no number counts as the highest.
fn number(text: &str) -> Vec<u64> {
    let digits = |part: &str| part.parse().unwrap_or(u64::MAX);
    let mut parts: Vec<u64> = text.split('.').map(digits).collect();
    parts.resize(3, 0);
    parts
}
