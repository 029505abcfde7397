//! Where Cargo's configuration at the tag takes packages from: `.cargo/config.toml` may put others in the place of those
//! that `Cargo.lock` names (<https://doc.rust-lang.org/cargo/reference/source-replacement.html>).
//!
//! The rule that must not be broken: a configuration that cannot be read may do so.

use super::package_sources::Rerouted;
use crate::{
    advisories::{
        lock::Ecosystem,
        locks::{is_cargo_config, notation},
    },
    evidence::{Seen, Tree},
    text::clean,
};
use serde_json::Value;

/// The registry that a `Cargo.lock` means where it names the default one.
const DEFAULT: &str = concat!("crates", "-io");

/// The configurations that take packages from elsewhere.
pub(super) fn rerouted(tree: &Tree) -> Vec<Rerouted> {
    let configs = tree.files().iter().filter(|(path, _)| is_cargo_config(path));
    configs
        .filter_map(|(path, seen)| {
            let why = match seen {
                Seen::Present(item) => reroutes(&item.bytes),
                Seen::Absent { .. } => Some("is not there".to_owned()),
                Seen::Unavailable { reason } => Some(format!("cannot be read: {reason}")),
            };
            Some(Rerouted { path: path.clone(), why: why?, of: Ecosystem::Cargo, scope: None, only: None })
        })
        .collect()
}

/// What a configuration does to the sources of packages; nothing where it leaves them alone.
fn reroutes(bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Some("cannot be read: it is not utf-8".to_owned());
    };
    let config = match notation::toml_settings(text) {
        Ok(config) => config,
        Err(fault) => return Some(format!("cannot be read: it {fault}")),
    };
    let sources = config.get("source").and_then(Value::as_object).into_iter().flatten();
    for (name, source) in sources {
        if let Some(by) = source.get("replace-with") {
            return Some(format!("replaces the source {} with {}", clean(name), clean(&by.to_string())));
        }
        if name == DEFAULT {
            return Some("says itself where the default registry is".to_owned());
        }
    }
    let is_default_elsewhere =
        config.get("registries").and_then(|it| it.get(DEFAULT)).is_some_and(|it| it.get("index").is_some())
            || config.get("registry").is_some_and(|it| it.get("index").is_some());
    let has = |key: &str| match config.get(key) {
        None => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Object(map)) => !map.is_empty(),
        Some(_) => true,
    };
    match () {
        () if is_default_elsewhere => Some("says itself where the default registry is".to_owned()),
        () if has("patch") => Some("puts other packages in the place of published ones ([patch])".to_owned()),
        () if has("paths") => Some("puts folders in the place of packages (paths)".to_owned()),
        () if has("include") => Some("includes another file, which is not read".to_owned()),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_that_takes_packages_from_elsewhere_is_told_from_one_that_does_not() {
        assert!(is_cargo_config(".cargo/config.toml") && is_cargo_config("a/.cargo/config"));
        assert!(!is_cargo_config("x.cargo/config.toml") && !is_cargo_config(".cargo/audit.toml"));
        let source = format!(
            "[source.{DEFAULT}]\nreplace-with = \"x\"\n[source.x]\nregistry = \"https://a.example\"\n"
        );
        let registry = format!("[registries.{DEFAULT}]\nindex = \"https://a.example\"\n");
        let own = format!("[source.{DEFAULT}]\nregistry = \"https://a.example\"\n");
        let patch = format!("[patch.{DEFAULT}]\na = {{path = \"a\"}}\n");
        for (text, why) in [
            (source.as_str(), "replaces the source"),
            (&registry, "says itself where"),
            (&own, "says itself where"),
            ("registry.index = \"https://a.example\"\n", "says itself where"),
            (&patch, "in the place of published ones"),
            ("paths = [\"a\"]\n", "puts folders in the place"),
            ("include = \"other.toml\"\n", "includes another file"),
            ("[source\n", "cannot be read: it "),
        ] {
            assert!(reroutes(text.as_bytes()).is_some_and(|it| it.contains(why)), "{text}");
        }
        assert!(reroutes(b"\xff").is_some());
        let near = format!("[registries.{DEFAULT}]\nprotocol = \"sparse\"\n");
        for near in [
            "",
            "[build]\nrustflags = [\"-g\"]\n",
            "[registries.own]\nindex = \"https://a.example\"\n",
            &near,
        ] {
            assert_eq!(reroutes(near.as_bytes()), None, "{near}");
        }
    }
}
