//! The notations that lock files are written in, each read within limits.
//!
//! The rule that must not be broken: a document has one meaning. A key that one object has twice is refused, and so is
//! nesting deeper than any lock file has. YAML's anchors, tags and merges are no part of any lock file and are refused.

mod cost;
mod yaml;

use super::{DEPTH_LIMIT, Fault, LOCK_LIMIT, PACKAGES_LIMIT, error::shown};
use crate::{
    advisories::record::one_line,
    json::{self, JsonError, Limits, ShapeError},
};
use serde_json::Value;

/// The text of a file within the limit on size.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.len() > LOCK_LIMIT {
        return Err(Fault::TooLarge);
    }
    std::str::from_utf8(bytes).map_err(|_| Fault::NotText)
}

/// JSON.
pub(super) fn json(text: &str) -> Result<Value, Fault> {
    let limits = Limits { max_bytes: LOCK_LIMIT, max_depth: DEPTH_LIMIT, max_memory: cost::LIMIT };
    json::parse(text.as_bytes(), limits).map_err(|error| match error {
        JsonError::TooLarge { .. } => Fault::TooLarge,
        JsonError::TooDeep { .. } => Fault::TooDeep,
        JsonError::TooMuchMemory { .. } => cost::too_much(),
        JsonError::DuplicateKey { path, line, .. } => {
            Fault::Duplicate(format!("the key {} (line {line})", shown(&path)))
        }
        other => Fault::Syntax(one_line(&other.to_string())),
    })
}

impl From<ShapeError> for Fault {
    fn from(error: ShapeError) -> Self {
        Self::Syntax(one_line(&error.to_string()))
    }
}

/// TOML. The parser itself refuses duplicate keys and more than 80 levels.
pub(super) fn toml(text: &str) -> Result<toml::Table, Fault> {
    cost::check_toml(text)?;
    text.parse().map_err(|error: toml::de::Error| {
        let message = one_line(error.message());
        match message {
            _ if message.contains("duplicate key") => Fault::Duplicate(shown(&at_line(text, &error))),
            _ if message.contains("recursion limit") => Fault::TooDeep,
            _ => Fault::Syntax(message),
        }
    })
}

/// The key that an error of the TOML parser is about, with its line.
fn at_line(text: &str, error: &toml::de::Error) -> String {
    let span = error.span().unwrap_or_default();
    let line = text.get(..span.start).map_or(0, |before| before.bytes().filter(|b| *b == b'\n').count()) + 1;
    format!("the key {} (line {line})", text.get(span).unwrap_or_default())
}

/// YAML, with every scalar that is no string as JSON would have it.
pub(super) fn yaml(text: &str) -> Result<Value, Fault> {
    yaml::read(text)
}

/// YAML of a file of settings: as above, and a part may be repeated by its anchor. At most 1 MiB.
pub(crate) fn settings(bytes: &[u8]) -> Result<Value, Fault> {
    const LARGEST: usize = 1 << 20;
    if bytes.len() > LARGEST {
        return Err(Fault::limit("bytes", LARGEST));
    }
    yaml::read_setting(std::str::from_utf8(bytes).map_err(|_| Fault::NotText)?)
}

/// TOML of a file of settings, as JSON would have it. At most 1 MiB.
pub(crate) fn toml_settings(text: &str) -> Result<Value, Fault> {
    const LARGEST: usize = 1 << 20;
    if text.len() > LARGEST {
        return Err(Fault::limit("bytes", LARGEST));
    }
    serde_json::to_value(toml(text)?).map_err(|error| Fault::Syntax(one_line(&error.to_string())))
}

/// A member of a JSON object that must be one.
pub(super) fn object<'v>(
    value: Option<&'v Value>,
    at: &str,
) -> Result<&'v serde_json::Map<String, Value>, Fault> {
    value.and_then(Value::as_object).ok_or_else(|| Fault::malformed(at, "an object"))
}

/// A member of a JSON object that must be an object where it is there.
pub(super) fn optional_object<'v>(
    value: Option<&'v Value>,
    at: &str,
) -> Result<Option<&'v serde_json::Map<String, Value>>, Fault> {
    value.filter(|value| !value.is_null()).map(|value| object(Some(value), at)).transpose()
}

/// A member of a JSON object that must be a string.
pub(super) fn string<'v>(value: Option<&'v Value>, at: &str) -> Result<&'v str, Fault> {
    value.and_then(Value::as_str).ok_or_else(|| Fault::malformed(at, "a string"))
}

/// A member of a JSON object that must be a string where it is there.
pub(super) fn optional_string<'v>(value: Option<&'v Value>, at: &str) -> Result<Option<&'v str>, Fault> {
    value.filter(|value| !value.is_null()).map(|value| string(Some(value), at)).transpose()
}

/// The tables of a TOML array of tables; none where it is not there.
pub(super) fn tables<'t>(table: &'t toml::Table, key: &str) -> Result<Vec<&'t toml::Table>, Fault> {
    let Some(value) = table.get(key) else { return Ok(Vec::new()) };
    let malformed = || Fault::malformed(key, "a list of tables");
    let items = value.as_array().ok_or_else(malformed)?;
    if items.len() > PACKAGES_LIMIT {
        return Err(Fault::TooMany);
    }
    items.iter().map(|item| item.as_table().ok_or_else(malformed)).collect()
}

/// A string of a TOML table.
pub(super) fn toml_string<'t>(table: &'t toml::Table, key: &str) -> Result<&'t str, Fault> {
    toml_optional(table, key)?.ok_or_else(|| Fault::malformed(key, "a string"))
}

/// A string of a TOML table, where it is there.
pub(super) fn toml_optional<'t>(table: &'t toml::Table, key: &str) -> Result<Option<&'t str>, Fault> {
    match table.get(key) {
        None => Ok(None),
        Some(toml::Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Fault::malformed(key, "a string")),
    }
}
