//! The configurations of Bun, pnpm's workspaces and NuGet, which have notations of their own.

use crate::{
    advisories::locks::{is_npm_registry, notation},
    text::clean,
};
use serde_json::Value;

/// The addresses of NuGet's own source.
const NUGET: [&str; 3] = [
    concat!("https://api.", "nuget", ".org/v3/index.json"),
    concat!("https://www.", "nuget", ".org/api/v2"),
    concat!("https://", "nuget", ".org/api/v2"),
];

/// What a `bunfig.toml` takes from other registries, each with the scope that it is about.
pub(super) fn bun(text: &str) -> Vec<(String, Option<String>)> {
    let settings = match notation::toml_settings(text) {
        Ok(settings) => settings,
        Err(fault) => return vec![(format!("cannot be read: it {fault}"), None)],
    };
    let install = settings.get("install");
    let scopes = install.and_then(|it| it.get("scopes")?.as_object()).into_iter().flatten();
    let scopes = scopes.map(|(scope, value)| (value, Some(format!("@{}", scope.trim_start_matches('@')))));
    let registry = install.and_then(|it| it.get("registry")).map(|value| (value, None));
    registry.into_iter().chain(scopes).filter_map(elsewhere).collect()
}

/// What a `pnpm-workspace.yaml` takes from other registries, each with the scope that it is about.
pub(super) fn pnpm(text: &str) -> Vec<(String, Option<String>)> {
    let settings = match notation::settings(text.as_bytes()) {
        Ok(settings) => settings,
        Err(fault) => return vec![(format!("cannot be read: it {fault}"), None)],
    };
    let scope_of = |key: &str| key.starts_with('@').then(|| key.to_owned());
    let listed = settings.get("registries").and_then(Value::as_object).into_iter().flatten();
    let listed = listed.map(|(key, value)| (value, scope_of(key)));
    let registry = settings.get("registry").map(|value| (value, None));
    registry.into_iter().chain(listed).filter_map(elsewhere).collect()
}

/// A registry, as an address or with what else is said of it, where it is not the default one.
fn elsewhere((value, scope): (&Value, Option<String>)) -> Option<(String, Option<String>)> {
    let address = value.as_str().or_else(|| value.get("url")?.as_str());
    match address {
        Some(address) if is_npm_registry(address) => None,
        Some(address) => Some((format!("takes packages from {}", clean(address)), scope)),
        None => Some(("takes packages from a registry that is not understood".to_owned(), scope)),
    }
}

/// What a `nuget.config` names beside NuGet's own source. It is looked through and not understood: what might hide a source
/// from this is one.
pub(super) fn nuget(text: &str) -> Option<String> {
    let text = without_comments(text);
    if text.contains("<!") {
        return Some("has declarations that are not understood".to_owned());
    }
    let lower = text.to_ascii_lowercase();
    let sources = lower.split("<packagesources").skip(1).map(|rest| rest.split("</packagesources").next());
    let values = sources.flatten().flat_map(|inside| inside.split("value").skip(1)).map(|rest| {
        let value = rest.trim_start().trim_start_matches('=').trim_start();
        value.trim_start_matches(['"', '\'']).split(['"', '\'']).next().unwrap_or(value)
    });
    let other =
        values.map(|it| it.trim_end_matches('/').to_owned()).find(|it| !NUGET.contains(&it.as_str()))?;
    Some(format!("takes packages from {}", clean(&other)))
}

pub(super) fn without_comments(text: &str) -> String {
    let mut parts = text.split("<!--");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once("-->").map_or("", |(_, after)| after))
}

#[cfg(test)]
mod tests {
    use super::{NUGET, bun, nuget, pnpm};

    const NPM: &str = concat!("https://registry.", "npmjs", ".org/");
    const EVIL: &str = "https://evil.example/";

    #[test]
    fn a_registry_of_bun_or_pnpm_that_is_another_one_is_told_with_its_scope() {
        let why = || format!("takes packages from {EVIL}");
        for text in [
            format!("[install]\nregistry = \"{EVIL}\"\n"),
            format!("[install.registry]\nurl = \"{EVIL}\"\ntoken = \"x\"\n"),
        ] {
            assert_eq!(bun(&text), [(why(), None)], "{text}");
        }
        let scoped = format!("[install.scopes]\nacme = \"{EVIL}\"\n\"@other\" = \"{NPM}\"\n");
        assert_eq!(bun(&scoped), [(why(), Some("@acme".to_owned()))]);
        assert_eq!(bun(&format!("[install]\nregistry = \"{NPM}\"\n[test]\ncoverage = true\n")), []);
        assert!(bun("[")[0].0.starts_with("cannot be read: it "));
        assert_eq!(pnpm(&format!("registry: {EVIL}\n")), [(why(), None)]);
        let listed = format!("registries:\n  default: {NPM}\n  '@acme': {EVIL}\n");
        assert_eq!(pnpm(&listed), [(why(), Some("@acme".to_owned()))]);
        assert_eq!(pnpm("packages:\n  - packages/*\noverrides:\n  a: ^2\n"), []);
    }

    #[test]
    fn a_source_of_nuget_that_is_another_one_is_told() {
        let with = |value: &str| {
            nuget(&format!(
                "<configuration><packageSources><clear/><add key=\"k\" value=\"{value}\" /></packageSources>\
                 <config><add key=\"x\" value=\"y\"/></config></configuration>"
            ))
        };
        assert_eq!(with(EVIL), Some("takes packages from https://evil.example".to_owned()));
        assert_eq!(with("..\\packages"), Some("takes packages from ..\\packages".to_owned()));
        for own in NUGET {
            assert_eq!(with(own), None);
        }
        assert_eq!(nuget("<configuration><!-- <packageSources><add value=\"x\"/> --></configuration>"), None);
        assert!(nuget("<!DOCTYPE c [<!ENTITY s SYSTEM 'x'>]><configuration>&s;</configuration>").is_some());
    }
}
