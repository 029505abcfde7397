//! `configDependencies` of a `pnpm-workspace.yaml`, which pnpm installs before anything else: exact versions, each with a
//! digest (<https://pnpm.io/config-dependencies>). Before its version 11 pnpm listed them nowhere else; since then the digest
//! stands in the lock file.

use super::{Fault, error::shown, notation, npm_origin, rows::Rows};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use serde_json::Value;

/// The file.
pub(super) const NAME: &str = "pnpm-workspace.yaml";

/// What the file selects itself; nothing where it selects nothing. `is_locked` tells whether the lock file beside it has a
/// version of a package from the registry.
pub(super) fn read(bytes: &[u8], is_locked: impl Fn(&str, &str) -> bool) -> Result<Option<Lock>, Fault> {
    let document = notation::settings(bytes)?;
    let Some(selected) = notation::optional_object(document.get("configDependencies"), "configDependencies")?
    else {
        return Ok(None);
    };
    let mut rows = Rows::new(Ecosystem::Npm);
    for (name, selected) in selected {
        let (text, has_address) = match selected {
            Value::Object(members) => (members.get("integrity"), members.contains_key("tarball")),
            other => (Some(other), false),
        };
        let text = text.and_then(Value::as_str).unwrap_or_default();
        let (version, digest) = text.split_once('+').unwrap_or((text, ""));
        let has_digest = digest.starts_with("sha") || !text.contains('+') && is_locked(name, version);
        let is_exact = npm_origin::is_version(version) && has_digest && !has_address;
        let version = if npm_origin::is_version(version) { version } else { "" };
        let origin = if is_exact {
            Origin::DefaultRegistry
        } else {
            Origin::Unclear(format!("{NAME} says of it {}", shown(&selected.to_string())))
        };
        rows.add(name, version, origin)?;
    }
    if selected.is_empty() { Ok(None) } else { rows.lock().map(Some) }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::advisories::locks::Fault;

    #[test]
    fn an_exact_version_with_a_digest_is_looked_up_and_anything_else_is_told() {
        let lock = |value: &str| {
            let text = format!("packages:\n  - a\nconfigDependencies:\n  minimist: {value}\n");
            read(text.as_bytes(), |name, version| (name, version) == ("minimist", "1.2.5")).unwrap().unwrap()
        };
        for good in ["1.2.0+sha512-abc", "\n    integrity: 1.2.0+sha512-abc"] {
            let lock = lock(good);
            let covered: Vec<_> = lock.covered().map(|it| (it.name.as_str(), it.version.as_str())).collect();
            assert_eq!(covered, [("minimist", "1.2.0")], "{good}");
        }
        let locked = lock("1.2.5");
        assert_eq!(locked.covered().next().map(|it| it.version.as_str()), Some("1.2.5"));
        for bad in ["1.2.0", "^1.2.0+sha512-abc", "true", "\n    integrity: 1.2.0+sha512-a\n    tarball: b"] {
            let lock = lock(bad);
            assert_eq!(lock.covered().count(), 0, "{bad}");
            let told = lock.not_covered(None);
            assert!(told[0].why.starts_with("pnpm-workspace.yaml says of it "), "{bad}: {told:?}");
        }
    }

    #[test]
    fn a_file_without_any_selects_nothing_and_another_notation_is_refused() {
        assert_eq!(read(b"packages:\n  - a\n", |_, _| true), Ok(None));
        assert_eq!(read(b"configDependencies: {}\n", |_, _| true), Ok(None));
        assert!(matches!(read(b"configDependencies:\n  - a\n", |_, _| true), Err(Fault::Malformed { .. })));
    }
}
