//! What a key in the settings of a scanner may say without changing what the scanner finds.
//!
//! The rule that must not be broken: a value that no rule takes is a doubt.

use super::super::tools::is_of_no_matter;
use crate::{
    advisories::locks::notation,
    json::{self, Limits},
    paths,
};
use serde_json::{Map, Value};

/// What a value may be.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// Anything: the key changes nothing of the scan.
    Any,
    /// Names of what is passed over, each in full.
    Ids,
    /// Folders and files of other people, of tests and of documentation.
    NoMatter,
    /// One or some of these, between spaces.
    Of(&'static str),
    /// A list with this among others.
    Has(&'static str),
    /// What is severe is looked for.
    Severities,
    /// Not more than this.
    AtMost(f64),
    /// Anything; with one of these the scanner cannot fail, for this reason.
    Fails(&'static str, &'static str),
}

/// What settings do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The key, or the file, is not known to be harmless.
    Doubt(String),
    /// The scanner cannot fail, and why.
    CannotFail(&'static str),
}

/// What a document says that is not harmless, by the rules for its keys, written with points between the levels; a star
/// ends the beginning of a key. An inner map that has no rule is looked through.
pub(super) fn judge(keys: &[(&str, Rule)], document: &Value) -> Option<Effect> {
    let Some(map) = document.as_object() else { return Some(Effect::Doubt("its form".to_owned())) };
    let mut found = None;
    for effect in walk(keys, map, "") {
        match effect {
            Effect::Doubt(_) => return Some(effect),
            Effect::CannotFail(_) => found = Some(effect),
        }
    }
    found
}

fn walk(keys: &[(&str, Rule)], map: &Map<String, Value>, above: &str) -> Vec<Effect> {
    let mut found = Vec::new();
    for (key, value) in map {
        let path = format!("{above}{key}");
        let fits = |known: &str| match known.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == known,
        };
        match (keys.iter().find(|(known, _)| fits(known)), value) {
            (Some((_, rule)), value) => found.extend(rule.effect(&path, value)),
            (None, Value::Object(inner)) => found.extend(walk(keys, inner, &format!("{path}."))),
            (None, _) => found.push(Effect::Doubt(path)),
        }
    }
    found
}

impl Rule {
    fn effect(self, key: &str, value: &Value) -> Option<Effect> {
        let all = entries(value);
        let is_in = |list: &str, word: &str| list.split(' ').any(|it| it.eq_ignore_ascii_case(word));
        let is_fine = match self {
            Self::Any => true,
            Self::Ids => all.iter().all(|id| is_id(id)),
            Self::NoMatter => all.iter().all(|path| is_beside(path)),
            Self::Of(list) => all.iter().all(|word| is_in(list, word)),
            Self::Has(word) => all.iter().any(|it| it == word),
            Self::Severities => all.iter().any(|it| is_in("high critical", it)),
            Self::AtMost(most) => all.iter().all(|it| it.parse::<f64>().is_ok_and(|it| it <= most)),
            Self::Fails(list, why) => {
                return all.iter().any(|word| is_in(list, word)).then_some(Effect::CannotFail(why));
            }
        };
        (!is_fine).then(|| Effect::Doubt(key.to_owned()))
    }
}

/// The entries of a list, or of a text with commas; of a map those of its keys, and of an entry that is a map its name.
fn entries(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => {
            let parts = text.split([',', '\n']).map(|it| it.trim().trim_matches(['"', '\'']).to_owned());
            parts.filter(|it| !it.is_empty()).collect()
        }
        Value::Array(items) => items.iter().map(name).collect(),
        Value::Object(map) => map.keys().cloned().collect(),
        other => vec![other.to_string()],
    }
}

/// What an entry of a list is called: nothing where it is not said.
fn name(entry: &Value) -> String {
    const KEYS: [&str; 6] = ["id", "vulnerability", "crate", "name", "package", "path"];
    let text = match entry {
        Value::Object(map) => KEYS.iter().find_map(|key| map.get(*key)),
        other => Some(other),
    };
    let named_package = || entry.get("package")?.get("name")?.as_str();
    match text {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => named_package().unwrap_or_default().to_owned(),
    }
}

/// Whether it is the name of one thing, and no pattern.
fn is_id(id: &str) -> bool {
    id.contains(|c: char| c.is_ascii_alphanumeric())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:@/#=|>".contains(c))
}

/// Whether a path, or a pattern of paths, is of something that is not used.
pub(super) fn is_beside(path: &str) -> bool {
    let path = path.trim_start_matches("./").trim_start_matches("**/").trim_start_matches('/');
    is_of_no_matter(path.trim_end_matches("/**").trim_end_matches("/*"))
}

/// A document by the ending of its path; of `.npmrc` and its like the lines, and nothing where it cannot be read.
pub(super) fn document(path: &str, text: &str) -> Option<Value> {
    let name = paths::name_of(path);
    match name.rsplit('.').next()? {
        "toml" => notation::toml_settings(text).ok(),
        "json" => json::parse(text.as_bytes(), Limits::bytes(1 << 20)).ok(),
        "npmrc" | "yarnrc" | "bandit" | "ini" | "cfg" => lines(text),
        "trivyignore" | "nancy-ignore" => Some(listed(text)),
        "nsprc" => json::parse(text.as_bytes(), Limits::bytes(1 << 20)).ok(),
        _ => notation::settings(text.as_bytes()).ok().filter(|it| !it.is_null()),
    }
}

/// `key = value` or `key value` in each line, below the section that stands above it.
fn lines(text: &str) -> Option<Value> {
    let mut root = Map::new();
    let mut section = String::new();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    for line in lines {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = format!("{}.", name.trim());
            continue;
        }
        let (key, value) =
            line.split_once('=').or_else(|| line.split_once([':', ' '])).unwrap_or((line, "true"));
        let value = value.trim().trim_matches(['"', '\'']);
        let key = format!("{section}{}", key.trim());
        // Of two lines the last one counts, or the first: nobody here says which.
        if root.insert(key, Value::from(value)).is_some_and(|old| old != value) {
            return None;
        }
    }
    Some(Value::Object(root))
}

/// A list of what is passed over, one in each line: the words behind the first are about it.
fn listed(text: &str) -> Value {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let ids = lines.filter(|line| !line.is_empty());
    let ids: Vec<Value> =
        ids.map(|line| Value::from(line.split_whitespace().next().unwrap_or_default())).collect();
    serde_json::json!({ "ids": ids })
}
