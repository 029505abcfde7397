//! What is built into published programs, as a lock file says it: the modules and the toolchain of a Go program, the packages
//! of a Rust program.
//!
//! The rule that must not be broken: what the program holds is what counts, so that what stood in the place of a module is
//! asked about, and the toolchain that really built it is the one whose standard library is in it.

use super::{
    error::Fault,
    go::STDLIB,
    rows::Rows,
    tree::{From as Whose, TreeLock},
};
use crate::{
    advisories::lock::{Ecosystem, Lock, Origin},
    inside::{
        BuildList, ListKind, Unopened,
        auditable::{self, From},
        go::{BuildInfo, Module},
    },
    release::Sha256,
    text,
};
use std::sync::Arc;

/// What a list that was found in the published file `name` says; `None` for one that lists no packages.
#[must_use]
pub fn lock(name: &str, list: &BuildList) -> Option<TreeLock> {
    let lock = match list.kind {
        ListKind::Go => {
            BuildInfo::parse(&list.bytes).and_then(|info| go(&info).map_err(|fault| told(&fault)))
        }
        ListKind::CargoAuditable => {
            auditable::parse(&list.bytes).and_then(|packages| cargo(&packages).map_err(|fault| told(&fault)))
        }
        ListKind::Python | ListKind::Npm | ListKind::Crate | ListKind::CrateCommit => return None,
    };
    let sha256 = Some(Sha256::of(&list.bytes));
    Some(TreeLock { sha256, ..published(name, &list.member, lock.map(Arc::new)) })
}

/// A list in the published file `name` that is there and could not be had; `None` for anything else that was not read.
#[must_use]
pub fn unread(name: &str, unopened: &Unopened) -> Option<TreeLock> {
    unopened.is_of_a_list().then(|| published(name, &unopened.member, Err(unopened.why.clone())))
}

fn published(name: &str, member: &str, lock: Result<Arc<Lock>, String>) -> TreeLock {
    let path = match member {
        "" => name.to_owned(),
        member => format!("{name}:{}", text::clean(member)),
    };
    TreeLock { path, stands_for: Vec::new(), from: Whose::Published, sha256: None, lock }
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
mod tests {
    use super::{lock, toolchain, unread};
    use crate::{
        advisories::lock::{Ecosystem, Origin},
        inside::{BuildList, ListKind, Unopened},
    };

    fn list(kind: ListKind, text: &str) -> BuildList {
        BuildList { member: "bin/widget".to_owned(), kind, bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn a_go_program_holds_its_modules_as_they_were_replaced_and_the_standard_library() {
        let text = "go1.26.0\npath\ta.example/w\nmod\ta.example/w\t(devel)\t\ndep\tb.example/x\tv1.0.0\th1:x=\n\
                    dep\tb.example/y\tv1.0.0\n=>\tc.example/y\tv1.0.1\th1:y=\ndep\tb.example/z\tv1.0.0\n=>\t./z\t\n";
        let found = lock("widget.tar.gz", &list(ListKind::Go, text)).unwrap();
        assert_eq!(found.path, "widget.tar.gz:bin/widget");
        let lock = found.lock.unwrap();
        assert_eq!(lock.ecosystem(), Ecosystem::Golang);
        let covered: Vec<_> = lock.covered().map(|it| format!("{} {}", it.name, it.version)).collect();
        assert_eq!(covered, ["b.example/x v1.0.0", "c.example/y v1.0.1", "stdlib 1.26.0"]);
        let paths: Vec<_> = lock.packages().iter().filter(|it| it.origin == Origin::Path).collect();
        assert_eq!(paths.len(), 1);
    }

    #[test]
    fn the_module_that_a_go_program_is_of_is_asked_about_where_it_has_a_version() {
        let names = |version: &str| -> Vec<String> {
            let text = format!("go1.26.0\npath\tx\nmod\tgolang.org/x/text\t{version}\n");
            let lock = lock("widget", &list(ListKind::Go, &text)).unwrap().lock.unwrap();
            assert!(lock.not_covered(None).is_empty());
            lock.covered().map(|it| format!("{} {}", it.name, it.version)).collect()
        };
        assert_eq!(names("v0.3.4"), ["golang.org/x/text v0.3.4", "stdlib 1.26.0"]);
        for none in ["(devel)\t", ""] {
            assert_eq!(names(none), ["stdlib 1.26.0"]);
        }
    }

    #[test]
    fn a_toolchain_is_written_as_advisories_write_it() {
        for (go, version) in [
            ("go1.26.0", Some("1.26.0")),
            ("go1.20", Some("1.20.0")),
            ("go1.23rc1", Some("1.23.0-rc.1")),
            ("go1.22.1 X:boringcrypto", Some("1.22.1")),
            ("devel go1.23-abcdef", None),
            ("go1", None),
            ("go1.22.1-vendor", None),
            ("", None),
        ] {
            assert_eq!(toolchain(go).as_deref(), version, "{go}");
        }
    }

    #[test]
    fn a_rust_program_holds_what_is_not_only_for_building() {
        let text = "{\"packages\":[\
            {\"name\":\"cc\",\"version\":\"1.0.0\",\"source\":\"registry\",\"kind\":\"build\"},\
            {\"name\":\"far\",\"version\":\"0.1.0\",\"source\":\"git\"},\
            {\"name\":\"widget\",\"version\":\"1.2.3\",\"source\":\"local\",\"root\":true,\"dependencies\":[1]}]}";
        let lock = lock("widget", &list(ListKind::CargoAuditable, text)).unwrap().lock.unwrap();
        assert_eq!(lock.packages().iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["far", "widget"]);
        let not_covered = lock.not_covered(None);
        assert_eq!(not_covered.iter().map(|it| it.package.as_str()).collect::<Vec<_>>(), ["far"]);
    }

    #[test]
    fn a_list_that_cannot_be_read_is_said_and_one_of_no_packages_is_none() {
        let why = lock("widget", &list(ListKind::Go, "go1.22\nstrange\tline\n")).unwrap().lock.unwrap_err();
        assert!(why.contains("strange"), "{why}");
        assert!(lock("widget", &list(ListKind::CargoAuditable, "{}")).unwrap().lock.is_err());
        assert!(lock("widget.whl", &list(ListKind::Python, "Name: x\nVersion: 1\n")).is_none());
    }

    #[test]
    fn a_list_that_is_there_and_cannot_be_had_is_said_and_what_else_was_not_read_is_not() {
        let unopened = |member: &str, why: &str| Unopened { member: member.to_owned(), why: why.to_owned() };
        for why in ["its list of packages cannot be decompressed", "its build information is cut short"] {
            let found = unread("widget.tar.gz", &unopened("bin/widget", why)).unwrap();
            assert_eq!((found.path.as_str(), found.lock), ("widget.tar.gz:bin/widget", Err(why.to_owned())));
        }
        assert!(unread("a.tar", &unopened("", "it is cut short")).is_none());
    }
}
