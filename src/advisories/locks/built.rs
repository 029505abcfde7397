//! What is built into published programs, as a lock file says it: the modules and the toolchain of a Go program, the packages
//! of a Rust program; and what is in published packages: their lock files, bills of materials and bundled packages.
//!
//! The rule that must not be broken: what the program holds is what counts, so that what stood in the place of a module is
//! asked about, and the toolchain that really built it is the one whose standard library is in it.

use super::{
    error::Fault,
    go::STDLIB,
    rows::Rows,
    tree::{self, File, From as Whose, TreeLock},
};
use crate::{
    advisories::{
        advisory::normal_name,
        lock::{Ecosystem, Lock, LockedPackage, Origin},
        order::Version,
    },
    inside::{
        self, BuildList, ListKind, Unopened,
        auditable::{self, From},
        go::{BuildInfo, Module},
        package::{self, Package},
    },
    paths,
    release::Sha256,
    text,
};
use std::sync::Arc;

/// What a list that was found in the file `name`, published for `tag`, says; nothing for one that lists no packages.
#[must_use]
pub fn locks(name: &str, list: &BuildList, tag: &str) -> Vec<TreeLock> {
    let lock = match list.kind {
        ListKind::Go => {
            BuildInfo::parse(&list.bytes).and_then(|info| go(&info).map_err(|fault| told(&fault)))
        }
        ListKind::CargoAuditable => {
            auditable::parse(&list.bytes).and_then(|packages| cargo(&packages).map_err(|fault| told(&fault)))
        }
        ListKind::Python if is_own(name, Ecosystem::Pypi, &package::python(&list.bytes), tag) => {
            return Vec::new();
        }
        ListKind::Python => package::python(&list.bytes).and_then(|it| bundled(Ecosystem::Pypi, &[it])),
        ListKind::PythonBundled => nested(list).and_then(|found| bundled(Ecosystem::Pypi, &found)),
        ListKind::NpmBundled => nested(list).and_then(|found| bundled(Ecosystem::Npm, &found)),
        ListKind::ComposerBundled => nested(list).and_then(|found| bundled(Ecosystem::Composer, &found)),
        ListKind::NugetBundled => nested(list).and_then(|found| bundled(Ecosystem::Nuget, &found)),
        ListKind::MavenBundled => return maven(name, list, tag),
        ListKind::Lock => super::parse(&list.member, &list.bytes)
            .map(|lock| of_crate(&list.member, &lock))
            .map_err(|error| error.to_string()),
        ListKind::Bill => return bill(name, list),
        ListKind::Npm | ListKind::Crate | ListKind::CrateCommit => return Vec::new(),
    };
    vec![of_list(name, list, lock)]
}

fn of_list(name: &str, list: &BuildList, lock: Result<Lock, String>) -> TreeLock {
    let member = if list.kind.is_bundled() { "bundled" } else { &list.member };
    let sha256 = Some(Sha256::of(&list.bytes));
    TreeLock { sha256, ..published(name, member, lock.map(Arc::new)) }
}

/// A list in the published file `name` that is there and could not be had; `None` for anything else that was not read.
#[must_use]
pub fn unread(name: &str, unopened: &Unopened) -> Option<TreeLock> {
    unopened.is_of_a_list().then(|| published(name, &unopened.member, Err(unopened.why.clone())))
}

/// The packages in the published file `name` that are archives, into which nobody looked; `None` where there are none.
#[must_use]
pub fn packed(name: &str, unread: &[Unopened]) -> Option<TreeLock> {
    let packed = unread.iter().filter(|it| it.is_a_package());
    let names: Vec<_> = packed.map(|it| text::clean(paths::name_of(&it.member))).collect();
    let why = || {
        let names = text::plural_list(&names, 6);
        format!("it bundles packages that are archives, which are not looked into: {names}")
    };
    (!names.is_empty()).then(|| published(name, "bundled", Err(why())))
}

fn published(name: &str, member: &str, lock: Result<Arc<Lock>, String>) -> TreeLock {
    TreeLock { path: path(name, member), stands_for: Vec::new(), from: Whose::Published, sha256: None, lock }
}

fn path(name: &str, member: &str) -> String {
    match member {
        "" => name.to_owned(),
        member => format!("{name}:{}", text::clean(member)),
    }
}

/// The bill of materials in a package.
fn bill(name: &str, list: &BuildList) -> Vec<TreeLock> {
    let file = File { sha256: Some(Sha256::of(&list.bytes)), bytes: Ok(&list.bytes) };
    tree::bill(&path(name, &list.member), &file)
}

/// The lock file of a package, where the package that a crate's folder is called after is the crate itself: it stands there
/// without a source, as a folder does.
fn of_crate(member: &str, lock: &Lock) -> Lock {
    let folder = paths::name_of(paths::folder_of(member));
    let packages = lock.packages().iter().cloned().map(|package| {
        let is_root = package.origin == Origin::Path && !package.is_dependency;
        let is_own = is_root && folder == format!("{}-{}", package.name, package.version);
        LockedPackage { origin: if is_own { Origin::Own } else { package.origin }, ..package }
    });
    Lock::new(lock.ecosystem(), packages.collect())
}

/// The bundled packages of a jar but for the jar itself, which says so too.
fn maven(name: &str, list: &BuildList, tag: &str) -> Vec<TreeLock> {
    let others = nested(list).map(|found| {
        found
            .into_iter()
            .filter(|it| !is_own(name, Ecosystem::Maven, &Ok(artifact(it)), tag))
            .collect::<Vec<_>>()
    });
    match others {
        Ok(others) if others.is_empty() => Vec::new(),
        others => vec![of_list(name, list, others.and_then(|found| bundled(Ecosystem::Maven, &found)))],
    }
}

/// A package of Maven by the name that its files have.
fn artifact(package: &Package) -> Package {
    let name = package.name.split(':').next_back().unwrap_or_default().to_owned();
    Package { name, version: package.version.clone() }
}

/// Whether the published file `name` is called after this package, and its version is the tag's: it is what is released, and
/// nothing that was bundled.
fn is_own(name: &str, ecosystem: Ecosystem, package: &Result<Package, String>, tag: &str) -> bool {
    let Ok(Package { name: own, version }) = package else { return false };
    let folded = |text: &str| text.to_lowercase().replace(['_', '.'], "-");
    folded(name).starts_with(&folded(&format!("{own}-{version}-"))) && is_of_tag(ecosystem, version, tag)
}

/// Whether a tag ends with a version, however the ecosystem writes it.
fn is_of_tag(ecosystem: Ecosystem, version: &str, tag: &str) -> bool {
    let placed = Version::parse(ecosystem, version);
    let is_same = |other: &str| {
        let other = Version::parse(ecosystem, other);
        placed.as_ref().zip(other).is_some_and(|(version, other)| version.is_same(&other))
    };
    let is_within = |before: &str| before.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    let digits = tag.char_indices().filter(|(_, c)| c.is_ascii_digit());
    digits.filter(|(at, _)| !is_within(&tag[..*at])).any(|(at, _)| is_same(&tag[at..]))
}

fn nested(list: &BuildList) -> Result<Vec<Package>, String> {
    inside::nested::bundled(&list.bytes)
}

fn bundled(ecosystem: Ecosystem, packages: &[Package]) -> Result<Lock, String> {
    let mut rows = Rows::new(ecosystem);
    let mut add = |package: &Package| {
        let name = normal_name(ecosystem, &package.name);
        rows.add(&name, &package.version, Origin::DefaultRegistry)
    };
    let added = packages.iter().try_for_each(&mut add);
    added.and_then(|()| rows.lock()).map_err(|fault| told(&fault))
}

fn told(fault: &Fault) -> String {
    format!("as a list of what was built in the file {fault}")
}

fn go(info: &BuildInfo) -> Result<Lock, Fault> {
    let mut rows = Rows::new(Ecosystem::Golang);
    match toolchain(&info.go) {
        Some(version) => rows.add(STDLIB, &version, Origin::DefaultRegistry)?,
        None => rows.note(STDLIB, format!("{} is no released toolchain", text::clean(&info.go))),
    }
    // The module that the program is of: without a version it is that of a checkout, and nobody can be asked about it.
    if let Some(module) = info.main.as_ref().map(Module::built).filter(|module| is_released(module)) {
        rows.add(&module.path, &module.version, Origin::DefaultRegistry)?;
    }
    for module in info.modules.iter().map(Module::built) {
        if is_released(module) {
            rows.add(&module.path, &module.version, Origin::DefaultRegistry)?;
        } else {
            // A folder stood in its place: `./part`, without a version or checksum.
            rows.add(&module.path, "", Origin::Path)?;
        }
    }
    rows.lock()
}

/// Whether a module was built from a version of it, and not from a folder.
fn is_released(module: &Module) -> bool {
    !module.version.is_empty() && module.version != "(devel)"
}

/// The version of a released toolchain as advisories write it: `go1.22.1` is 1.22.1, `go1.23rc1` is 1.23.0-rc.1. Experiments
/// that it was built with stand behind a space.
fn toolchain(go: &str) -> Option<String> {
    let version = go.split(' ').next()?.strip_prefix("go")?;
    let (numbers, pre) = match version.find(|c: char| c.is_ascii_alphabetic()) {
        Some(at) => version.split_at(at),
        None => (version, ""),
    };
    let numbers = match numbers.matches('.').count() {
        1 => format!("{numbers}.0"),
        2 => numbers.to_owned(),
        _ => return None,
    };
    let pre = match pre.find(|c: char| c.is_ascii_digit()) {
        _ if pre.is_empty() => String::new(),
        Some(at) if matches!(&pre[..at], "rc" | "beta") => format!("-{}.{}", &pre[..at], &pre[at..]),
        _ => return None,
    };
    let version = format!("{numbers}{pre}");
    semver::Version::parse(&version).is_ok().then_some(version)
}

fn cargo(packages: &[auditable::Package]) -> Result<Lock, Fault> {
    let mut rows = Rows::new(Ecosystem::Cargo);
    for package in packages.iter().filter(|package| !package.only_builds) {
        let origin = match package.from {
            From::DefaultRegistry => Origin::DefaultRegistry,
            From::Path if package.is_root => Origin::Own,
            From::Path => Origin::Path,
            From::Elsewhere => Origin::Unclear(
                "from a git repository or another registry, which the list does not name".to_owned(),
            ),
        };
        rows.add(&package.name, &package.version, origin)?;
    }
    rows.lock()
}

#[cfg(test)]
mod tests;
