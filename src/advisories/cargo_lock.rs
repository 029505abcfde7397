//! `Cargo.lock`, formats 1 to 4, through the `cargo-lock` crate.
//!
//! The rule that must not be broken: a file that is not wholly understood is an error. An unknown format, an unknown
//! key, a package list that is empty or that its own dependencies contradict (a file cut off between two packages is
//! still TOML) never becomes a shorter list.

use super::{
    cargo_lock_fast,
    lock::{Ecosystem, Lock, LockedPackage, Origin},
    record::one_line,
};
use ::cargo_lock::{Lockfile, Package, ResolveVersion, SourceId};
use std::collections::BTreeSet;
use thiserror::Error;

/// The largest lock file that is read, in bytes.
pub const LOCK_LIMIT: usize = 16 << 20;

/// The most comparisons that resolving the file's dependencies may take: packages times dependencies. A file of 13 000
/// packages with 5 dependencies each takes 845 million; a hostile one of 16 MiB could take a million times that.
const WORK_LIMIT: u64 = 1_000_000_000;

/// The most keys, list items and tables, counted by the characters that begin them. A real package has about 12; parsed,
/// each takes up to half a kilobyte of memory.
const MARK_LIMIT: usize = 300_000;

const TOP_KEYS: [&str; 5] = ["version", "package", "root", "metadata", "patch"];
const PACKAGE_KEYS: [&str; 6] = ["name", "version", "source", "checksum", "dependencies", "replace"];

/// Why a `Cargo.lock` cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LockError {
    /// Larger than [`LOCK_LIMIT`].
    #[error("the lock file is larger than {LOCK_LIMIT} bytes")]
    TooLarge,
    /// Not text.
    #[error("the lock file is not UTF-8")]
    NotText,
    /// Not TOML, or TOML nested deeper than any lock file is.
    #[error("the lock file is not readable: {0}")]
    NotToml(String),
    /// A format that this version of relcheck does not know.
    #[error("the lock file has format {0}; formats 1 to 4 are known")]
    UnknownVersion(String),
    /// A key that no known format has: another tool's file, or a newer format.
    #[error("the lock file has the unknown key `{}`", .0.escape_debug())]
    UnknownKey(String),
    /// No packages at all.
    #[error("the lock file lists no packages")]
    NoPackages,
    /// More packages and dependencies than can be compared in reasonable time.
    #[error("the lock file lists too many packages and dependencies")]
    TooManyPackages,
    /// TOML of the right keys with the wrong values.
    #[error("the lock file is malformed: {0}")]
    Malformed(String),
    /// A name that no package can have.
    #[error("the lock file has the impossible package name `{}`", .0.escape_debug())]
    BadName(String),
    /// A package depends on one that is not listed: the file was cut off or edited.
    #[error("the lock file is incomplete: `{package}` depends on `{dependency}`, which it does not list")]
    Incomplete {
        /// The package that has the dependency.
        package: String,
        /// The dependency that is not there.
        dependency: String,
    },
}

/// Reads a `Cargo.lock`: quickly, where it is just as cargo writes it.
pub fn parse(bytes: &[u8]) -> Result<Lock, LockError> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LOCK_LIMIT);
    match text.and_then(cargo_lock_fast::packages) {
        Some(packages) => Ok(Lock::new(Ecosystem::Cargo, packages)),
        None => parse_whole(bytes),
    }
}

/// Reads a `Cargo.lock` of any form.
pub(super) fn parse_whole(bytes: &[u8]) -> Result<Lock, LockError> {
    if bytes.len() > LOCK_LIMIT {
        return Err(LockError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| LockError::NotText)?;
    if bytes.iter().filter(|byte| b"=,[{".contains(byte)).count() > MARK_LIMIT {
        return Err(LockError::TooManyPackages);
    }
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| LockError::NotToml(short(&error)))?;
    check_shape(&table)?;
    let lockfile: Lockfile =
        table.try_into().map_err(|error: toml::de::Error| LockError::Malformed(short(&error)))?;
    lock_of(&lockfile)
}

fn short(error: &toml::de::Error) -> String {
    one_line(error.message())
}

/// What must hold before the library may look at the file: it passes over unknown keys, and compares every dependency
/// with every package.
fn check_shape(table: &toml::Table) -> Result<(), LockError> {
    check_version(table.get("version"))?;
    check_keys(table, &TOP_KEYS)?;
    let packages = match table.get("package") {
        Some(toml::Value::Array(packages)) if !packages.is_empty() => packages.as_slice(),
        Some(toml::Value::Array(_)) | None => &[],
        Some(_) => return Err(LockError::Malformed("`package` is not a list".to_owned())),
    };
    let root = table.get("root");
    if packages.is_empty() && root.is_none() {
        return Err(LockError::NoPackages);
    }
    let mut dependencies = 0;
    for package in packages.iter().chain(root) {
        let package =
            package.as_table().ok_or_else(|| LockError::Malformed("a package is not a table".to_owned()))?;
        check_keys(package, &PACKAGE_KEYS)?;
        dependencies += length(package.get("dependencies"));
    }
    let metadata = length(table.get("metadata"));
    let work = (packages.len() as u64).saturating_mul(dependencies + metadata);
    if work > WORK_LIMIT {
        return Err(LockError::TooManyPackages);
    }
    Ok(())
}

fn check_version(version: Option<&toml::Value>) -> Result<(), LockError> {
    let Some(version) = version else { return Ok(()) };
    let known = version
        .as_integer()
        .and_then(|number| u32::try_from(number).ok())
        .is_some_and(|number| ResolveVersion::try_from(number).is_ok());
    if known { Ok(()) } else { Err(LockError::UnknownVersion(one_line(&version.to_string()))) }
}

fn check_keys(table: &toml::Table, known: &[&str]) -> Result<(), LockError> {
    match table.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(LockError::UnknownKey(one_line(key))),
        None => Ok(()),
    }
}

fn length(value: Option<&toml::Value>) -> u64 {
    match value {
        Some(toml::Value::Array(values)) => values.len() as u64,
        Some(toml::Value::Table(table)) => table.len() as u64,
        _ => 0,
    }
}

fn lock_of(lockfile: &Lockfile) -> Result<Lock, LockError> {
    let all = || lockfile.packages.iter().chain(&lockfile.root);
    let listed: BTreeSet<(&str, String)> =
        all().map(|package| key(package.name.as_str(), &package.version)).collect();
    let mut wanted = BTreeSet::new();
    for package in all() {
        check_name(package.name.as_str())?;
        for dependency in &package.dependencies {
            let key = key(dependency.name.as_str(), &dependency.version);
            if !listed.contains(&key) {
                return Err(LockError::Incomplete {
                    package: package.name.as_str().to_owned(),
                    dependency: one_line(&format!("{} {}", key.0, key.1)),
                });
            }
            wanted.insert(key);
        }
    }
    let locked = |package: &Package| {
        let key = key(package.name.as_str(), &package.version);
        LockedPackage {
            is_dependency: wanted.contains(&key),
            name: key.0.into(),
            version: key.1.into(),
            origin: origin_of(package.source.as_ref()),
        }
    };
    Ok(Lock::new(Ecosystem::Cargo, all().map(locked).collect()))
}

fn key<'a>(name: &'a str, version: &::cargo_lock::Version) -> (&'a str, String) {
    (name, version.to_string())
}

/// Cargo's rule for names: letters, digits, `-` and `_`.
fn check_name(name: &str) -> Result<(), LockError> {
    let fits = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if fits { Ok(()) } else { Err(LockError::BadName(name.chars().take(100).collect())) }
}

/// The default registry has two addresses, a git index and a sparse one, and is the same registry by both.
fn origin_of(source: Option<&SourceId>) -> Origin {
    match source {
        None => Origin::Path,
        Some(source) if source.is_default_registry() => Origin::DefaultRegistry,
        Some(source) if source.is_path() => Origin::Path,
        Some(source) if source.is_git() => Origin::Git(source.url().to_string()),
        Some(source) => Origin::OtherRegistry(source.url().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{LOCK_LIMIT, LockError, parse};
    use crate::advisories::{
        lock::Origin,
        testing::{SPARSE_INDEX_SOURCE, index_source, lock_text},
    };

    fn good() -> String {
        lock_text(&[
            ("program", "0.1.0", None),
            ("bar", "2.0.0", Some(&index_source())),
            ("foo", "1.2.2", Some(&index_source())),
        ])
    }

    #[track_caller]
    fn refused(text: &str) -> LockError {
        parse(text.as_bytes()).unwrap_err()
    }

    fn origin(source: Option<&str>) -> Origin {
        let lock = parse(lock_text(&[("foo", "1.0.0", source)]).as_bytes()).unwrap();
        lock.packages()[0].origin.clone()
    }

    #[test]
    fn formats_one_to_four_are_read_alike() {
        let index = index_source();
        let two = "dependencies = [\n \"bar 2.0.0\",\n \"foo 1.2.2\",\n]\n";
        let four = good();
        let expected = parse(four.as_bytes()).unwrap();
        let three = four.replace("version = 4\n", "version = 3\n");
        let two_text = four.replace("version = 4\n", "");
        let full = format!("dependencies = [\n \"bar 2.0.0 ({index})\",\n \"foo 1.2.2 ({index})\",\n]\n");
        let one = two_text.replace(two, &full)
            + &format!("\n[metadata]\n\"checksum bar 2.0.0 ({index})\" = \"{}\"\n", "0".repeat(64));
        assert!(one.contains(&full));
        for text in [three, two_text, one] {
            assert_eq!(parse(text.as_bytes()).unwrap(), expected, "{text}");
        }
        assert_eq!(expected.packages().len(), 3);
        assert_eq!(expected.covered().count(), 2);
    }

    #[test]
    fn the_root_package_of_the_oldest_format_is_a_package() {
        let text = "[root]\nname = \"program\"\nversion = \"0.1.0\"\n";
        let lock = parse(text.as_bytes()).unwrap();
        assert_eq!(lock.own(None).len(), 1);
    }

    #[test]
    fn another_format_is_unknown() {
        for version in ["5", "0", "-1", "4294967300", "\"4\"", "4.0", "[4]"] {
            let text = good().replace("version = 4\n", &format!("version = {version}\n"));
            assert!(matches!(refused(&text), LockError::UnknownVersion(_)), "{version}");
        }
    }

    #[test]
    fn another_tools_lock_file_is_unknown() {
        let poetry = "[[package]]\nname = \"foo\"\nversion = \"1.0.0\"\ndescription = \"\"\n";
        assert_eq!(refused(poetry), LockError::UnknownKey("description".into()));
        assert_eq!(refused("requires-python = \">=3\"\n"), LockError::UnknownKey("requires-python".into()));
    }

    #[test]
    fn a_file_without_packages_is_refused() {
        for text in ["", "version = 4\n", "version = 4\npackage = []\n"] {
            assert_eq!(refused(text), LockError::NoPackages);
        }
    }

    #[test]
    fn a_file_cut_off_after_a_package_with_dependencies_is_refused_or_still_has_every_package() {
        let text = good();
        let whole = parse(text.as_bytes()).unwrap();
        let dependencies_end = text.find(']').unwrap();
        let dependencies_end = dependencies_end + text[dependencies_end..].find("\n]").unwrap();
        for end in dependencies_end..text.len() {
            if let Ok(lock) = parse(&text.as_bytes()[..end]) {
                // What may be missing is the last package's source, which makes it one that is not covered.
                assert_eq!(lock.packages().len(), whole.packages().len(), "{end}");
                let lost = whole.covered().count() - lock.covered().count();
                assert_eq!(lock.not_covered(None).len(), lost, "{end}");
            }
        }
        let boundary = text.rfind("\n[[package]]").unwrap();
        let error = refused(&text[..boundary]);
        assert_eq!(
            error,
            LockError::Incomplete { package: "program".into(), dependency: "foo 1.2.2".into() }
        );
    }

    #[test]
    fn a_dependency_without_a_version_must_be_listed_too() {
        let text = good().replace("\"foo 1.2.2\"", "\"fooo\"");
        assert!(matches!(refused(&text), LockError::Malformed(reason) if reason.contains("fooo")));
    }

    #[test]
    fn what_is_not_toml_is_refused() {
        assert!(matches!(refused(&good().replace("[[package]]", "[[package]")), LockError::NotToml(_)));
        assert!(matches!(
            refused(&good().replace("version = 4\n", "version = 4\nversion = 4\n")),
            LockError::NotToml(_)
        ));
        assert_eq!(parse(b"\xff"), Err(LockError::NotText));
    }

    #[test]
    fn deep_nesting_is_refused_without_a_crash() {
        let arrays = format!("package = {}{}", "[".repeat(1 << 18), "]".repeat(1 << 18));
        let tables = format!("package = {}", "{a=".repeat(1 << 17));
        let dotted = format!("package{} = 1", ".a".repeat(1 << 20));
        for text in [arrays, tables, dotted] {
            assert!(matches!(refused(&text), LockError::NotToml(_)));
        }
    }

    #[test]
    fn size_and_work_are_capped() {
        assert_eq!(refused(&" ".repeat(LOCK_LIMIT + 1)), LockError::TooLarge);
        let package = "[[package]]\nname=\"a\"\nversion=\"1.0.0\"\n";
        let marks = package.repeat(80_000);
        let work = package.repeat(33_000) + "dependencies=[" + &"\"b\",".repeat(33_000) + "]\n";
        let empty = format!("package=[{}]", "[],".repeat(1 << 20));
        for text in [marks, work, empty] {
            assert_eq!(refused(&text), LockError::TooManyPackages);
        }
    }

    #[test]
    fn values_of_another_type_are_malformed() {
        for (from, to) in [
            ("name = \"foo\"", "name = 1"),
            ("version = \"1.2.2\"", "version = \"1.2\""),
            ("dependencies = [", "dependencies = [ 1,"),
        ] {
            assert!(matches!(refused(&good().replace(from, to)), LockError::Malformed(_)), "{to}");
        }
        assert!(matches!(refused("package = 1"), LockError::Malformed(_)));
        assert!(matches!(refused("package = [1]"), LockError::Malformed(_)));
        let source = lock_text(&[("foo", "1.0.0", Some("carrier-pigeon+https://example.com/"))]);
        assert!(matches!(refused(&source), LockError::Malformed(_)));
    }

    #[test]
    fn a_name_that_could_draw_on_a_terminal_is_refused() {
        for name in ["a\\u001b[2J", "a b", "", "a/b"] {
            let text = lock_text(&[(name, "1.0.0", None)]);
            assert!(matches!(refused(&text), LockError::BadName(_)), "{name}");
        }
    }

    #[test]
    fn both_addresses_of_the_default_registry_are_covered_and_no_other() {
        assert_eq!(origin(Some(&index_source())), Origin::DefaultRegistry);
        assert_eq!(origin(Some(SPARSE_INDEX_SOURCE)), Origin::DefaultRegistry);
        assert_eq!(origin(None), Origin::Path);
        assert!(matches!(origin(Some("git+https://example.com/foo?rev=1#0123")), Origin::Git(_)));
        let index = index_source();
        for other in [
            "registry+https://example.com/index",
            "sparse+https://example.com/index/",
            &format!("{index}/"),
            &format!("{index}.git"),
            &index.replace("registry+", "sparse+"),
        ] {
            assert!(matches!(origin(Some(other)), Origin::OtherRegistry(_)), "{other}");
        }
        assert!(matches!(origin(Some(&index.replace("registry+", "git+"))), Origin::Git(_)));
    }
}
