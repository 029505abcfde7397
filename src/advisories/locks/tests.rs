//! What the tests of the readers share: the files that real tools made, and rows as text.

mod bombs;
mod constraints;
mod files;
mod go;
mod go_edit;
mod go_old;
mod go_toolchain;
mod hostile;
mod made;
mod made_others;
mod manifests;
mod missing;
mod origins;
mod projects;
mod rules;
mod sbom;
mod together;

use super::{LockError, parse};
use crate::advisories::lock::{Lock, Origin};

/// The hosts of registries, as the kept files name them and as they are.
const HOSTS: [(&str, &str); 6] = [
    ("npm.registry.invalid", concat!("registry.", "npmjs", ".org")),
    ("yarn.registry.invalid", concat!("registry.", "yarnpkg", ".com")),
    ("pypi.registry.invalid", concat!("pypi", ".org")),
    ("files.registry.invalid", concat!("files.", "pythonhosted", ".org")),
    ("gem.registry.invalid", concat!("rubygems", ".org")),
    ("composer.registry.invalid", concat!("packagist", ".org")),
];

/// A kept file with the real hosts.
fn with_hosts(text: &str) -> String {
    HOSTS.iter().fold(text.to_owned(), |text, (kept, real)| text.replace(kept, real))
}

/// A file of `tests/locks`, by the path below it.
macro_rules! kept {
    ($path:literal) => {
        (
            $path,
            $crate::advisories::locks::tests::with_hosts(include_str!(concat!(
                "../../../../tests/locks/",
                $path
            ))),
        )
    };
}
use kept;

/// Reads a text as the file of that path.
fn read(path: &str, text: &str) -> Result<Lock, LockError> {
    parse(path, text.as_bytes())
}

/// The rows that a database is asked about.
fn covered(lock: &Lock) -> Vec<String> {
    lock.covered().map(|it| format!("{} {}", it.name, it.version)).collect()
}

/// The rows that nothing is known about, with their reason.
fn not_covered(lock: &Lock) -> Vec<String> {
    lock.not_covered(None).iter().map(|it| format!("{} {}: {}", it.package, it.version, it.why)).collect()
}

/// The names of the release's own packages.
fn own(lock: &Lock) -> Vec<String> {
    lock.packages().iter().filter(|it| it.origin == Origin::Own).map(|it| it.name.to_string()).collect()
}
