//! A policy as it is written, and what the overrides for one component make of it.
//!
//! An override is laid over the whole file: tables are merged key by key, everything else (values and lists) is
//! replaced, never joined. The result is read and judged like a policy of its own, so that no override can say what a
//! policy could not.

use super::{network::Section, waiver::WaiverEntry};
use crate::{checks::Rules, outcome::Level, release::Forge, versions::TagVersion};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Table, Value};

/// A policy as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    pub(super) name: Option<String>,
    pub(super) repository: Option<String>,
    pub(super) forge: Option<Forge>,
    pub(super) internal_host: Option<bool>,
    #[serde(default)]
    pub(super) network: Section,
    #[serde(default)]
    pub(super) levels: BTreeMap<String, Level>,
    #[serde(default)]
    pub(super) rules: Rules,
    #[serde(default)]
    pub(super) waiver: Vec<WaiverEntry>,
    #[serde(default)]
    pub(super) component: BTreeMap<String, Table>,
}

/// The overrides alone, each read where it stands: of what is wrong there, the parser names the line.
#[derive(Deserialize)]
pub(super) struct Overrides {
    #[serde(default)]
    #[expect(dead_code, reason = "it is read to see whether it can be")]
    component: BTreeMap<String, Override>,
}

/// What an override may say.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Override {
    levels: BTreeMap<String, Level>,
    rules: Rules,
}

/// The tables of an override.
const OVERRIDABLE: &[&str] = &["levels", "rules"];

/// Why `name` cannot be the name of a component.
pub(super) fn bad_component(name: &str) -> Option<String> {
    // Only a name that a tag can have is ever looked up; any other would look like a requirement and be none.
    let read = TagVersion::parse(&format!("{name}/v1.2.3")).map(|version| version.component());
    if !name.is_empty() && read.as_deref() == Some(name) {
        return None;
    }
    Some(match read.filter(|read| !read.is_empty()) {
        Some(read) => format!("no tag has a component called \"{name}\"; did you mean \"{read}\"?"),
        None => format!(
            "no tag has a component called \"{name}\": it is what stands before the version, in lower case, such as \
             \"runtime\" in runtime/v1.2.3 and runtime-v1.2.3"
        ),
    })
}

/// The key of `says` that no override may say, and why.
pub(super) fn bad_override<'a>(name: &str, says: &'a Table) -> Option<(&'a str, String)> {
    let key = says.keys().find(|key| !OVERRIDABLE.contains(&key.as_str()))?;
    Some((key, format!("component \"{name}\": \"{key}\" cannot be overridden; there are levels and rules")))
}

/// The text of the policy for one component: the whole one with `says` laid over it.
pub(super) fn overlaid(text: &str, says: &Table) -> Option<String> {
    let mut whole: Table = toml::from_str(text).ok()?;
    whole.remove("component");
    lay(&mut whole, says);
    toml::to_string(&whole).ok()
}

/// Lays one table over another. The depth is bounded by that of the parser.
fn lay(under: &mut Table, over: &Table) {
    for (key, value) in over {
        match (under.get_mut(key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => lay(under, over),
            _ => drop(under.insert(key.clone(), value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_merged_key_by_key_and_lists_are_replaced() {
        let text = "name = \"x\"\n[levels]\ntag = \"warn\"\nchecksums = \"warn\"\n[rules.provenance]\nrefs = [\"a\", \"b\"]\n\
                    [component.sdk]\n";
        let says: Table = toml::from_str(
            "levels = { tag = \"require\" }\n[rules.provenance]\nrefs = [\"c\"]\nmin-level = 2\n",
        )
        .unwrap();
        let expected: Table = toml::from_str(
            "name = \"x\"\n[levels]\ntag = \"require\"\nchecksums = \"warn\"\n[rules.provenance]\nrefs = [\"c\"]\nmin-level = 2\n",
        )
        .unwrap();
        assert_eq!(toml::from_str::<Table>(&overlaid(text, &says).unwrap()).unwrap(), expected);
    }

    #[test]
    fn a_component_is_called_as_its_tags_are() {
        for good in ["runtime", "socket.io", "packages/core", "tokio-util", "sdk2"] {
            assert_eq!(bad_component(good), None, "{good}");
        }
        for bad in
            ["", "v", "Runtime", "runtime/", "runtime-v", "-", "größe", "release", "runtime@", "nightly"]
        {
            assert!(bad_component(bad).is_some(), "{bad}");
        }
        assert!(bad_component("Runtime").unwrap().contains("did you mean \"runtime\"?"));
    }

    #[test]
    fn an_override_says_levels_and_rules_and_nothing_else() {
        for (says, refused) in [
            ("[levels]", false),
            ("[rules]", false),
            ("name = \"x\"", true),
            ("repository = \"a/b\"", true),
            ("forge = \"gitlab\"", true),
            ("internal-host = true", true),
            ("network = {}", true),
            ("[[waiver]]", true),
            ("[component.x]", true),
        ] {
            assert_eq!(bad_override("sdk", &toml::from_str(says).unwrap()).is_some(), refused, "{says}");
        }
    }
}
