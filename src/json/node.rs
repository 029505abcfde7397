//! A value together with its path, so that a wrong shape is reported by the place it is at.

use std::fmt;

use serde_json::{Map, Value};

/// A member that is missing or has another type than it must have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path} {problem}")]
pub struct ShapeError {
    /// The path from the root, `$.predicate.builder.id`.
    pub path: String,
    /// What is wrong there, `is missing` or `is a number, not a string`.
    pub problem: String,
}

/// A JSON value and where it stands.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> Node<'a> {
    /// The root of a document.
    #[must_use]
    pub fn root(value: &'a Value) -> Self {
        Self { value, path: "$".to_owned() }
    }

    /// The same value under another path, for a part of a document that was taken out of it.
    #[must_use]
    pub fn named(self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// The value itself.
    #[must_use]
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// The path from the root.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// An error about this very value.
    #[must_use]
    pub fn error(&self, problem: impl Into<String>) -> ShapeError {
        ShapeError { path: self.path.clone(), problem: problem.into() }
    }

    /// A member that may be absent; `null` is absent too, as protobuf's JSON has it.
    ///
    /// # Errors
    /// When this value is no object.
    pub fn optional(&self, key: &str) -> Result<Option<Self>, ShapeError> {
        let member = self.members()?.get(key).filter(|value| !value.is_null());
        Ok(member.map(|value| Self { value, path: self.path_to(key) }))
    }

    /// A member that must be there.
    ///
    /// # Errors
    /// When this value is no object, or the member is absent or `null`.
    pub fn required(&self, key: &str) -> Result<Self, ShapeError> {
        self.optional(key)?
            .ok_or_else(|| ShapeError { path: self.path_to(key), problem: "is missing".to_owned() })
    }

    /// The text of a string.
    ///
    /// # Errors
    /// When this value is no string.
    pub fn string(&self) -> Result<&'a str, ShapeError> {
        self.value.as_str().ok_or_else(|| self.mismatch("a string"))
    }

    /// The text of a string that says something.
    ///
    /// # Errors
    /// When this value is no string, or an empty one.
    pub fn text(&self) -> Result<&'a str, ShapeError> {
        match self.string()? {
            "" => Err(self.error("is empty")),
            text => Ok(text),
        }
    }

    /// The items of an array.
    ///
    /// # Errors
    /// When this value is no array.
    pub fn items(&self) -> Result<impl ExactSizeIterator<Item = Self> + use<'a>, ShapeError> {
        let items = self.value.as_array().ok_or_else(|| self.mismatch("an array"))?;
        let path = self.path.clone();
        Ok(items
            .iter()
            .enumerate()
            .map(move |(index, value)| Node { value, path: format!("{path}[{index}]") }))
    }

    /// The members of an object, with their nodes.
    ///
    /// # Errors
    /// When this value is no object.
    pub fn entries(&self) -> Result<impl ExactSizeIterator<Item = (&'a str, Self)> + use<'a>, ShapeError> {
        let parent = self.clone();
        let members = self.members()?.iter();
        Ok(members.map(move |(key, value)| (key.as_str(), Node { value, path: parent.path_to(key) })))
    }

    /// Nothing, but only for an object.
    ///
    /// # Errors
    /// When this value is no object.
    pub fn object(&self) -> Result<(), ShapeError> {
        self.members().map(drop)
    }

    fn members(&self) -> Result<&'a Map<String, Value>, ShapeError> {
        self.value.as_object().ok_or_else(|| self.mismatch("an object"))
    }

    fn mismatch(&self, expected: &str) -> ShapeError {
        let found = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        self.error(format!("is {found}, not {expected}"))
    }

    fn path_to(&self, key: &str) -> String {
        let mut path = self.path.clone();
        // Writing to a String cannot fail.
        write_key(&mut path, key).ok();
        path
    }
}

/// Writes `.key`, or `["key"]` with escapes and at most 40 characters when it is no plain word.
pub(super) fn write_key(out: &mut impl fmt::Write, key: &str) -> fmt::Result {
    let is_word = |key: &str| key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if !key.is_empty() && key.len() <= 40 && is_word(key) {
        return write!(out, ".{key}");
    }
    out.write_str("[\"")?;
    for character in key.chars().take(40) {
        if character.is_ascii() && !character.is_ascii_control() && !matches!(character, '"' | '\\') {
            out.write_char(character)?;
        } else {
            write!(out, "{}", character.escape_default())?;
        }
    }
    out.write_str(if key.chars().nth(40).is_some() { "…\"]" } else { "\"]" })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_wrong_shape_is_reported_with_its_path() {
        let value = json!({ "a": { "b": [1, "x", null] }, "n": null, "e": "" });
        let root = Node::root(&value);
        let items: Vec<_> = root.required("a").unwrap().required("b").unwrap().items().unwrap().collect();
        assert_eq!(items[0].string().unwrap_err().to_string(), "$.a.b[0] is a number, not a string");
        assert_eq!(items[1].string().unwrap(), "x");
        assert_eq!(
            items[2].entries().map(|_| ()).unwrap_err().to_string(),
            "$.a.b[2] is null, not an object"
        );
        assert_eq!(items[1].required("y").unwrap_err().to_string(), "$.a.b[1] is a string, not an object");
        assert_eq!(root.required("z").unwrap_err().to_string(), "$.z is missing");
        assert_eq!(root.required("n").unwrap_err().to_string(), "$.n is missing");
        assert_eq!(root.required("e").unwrap().text().unwrap_err().to_string(), "$.e is empty");
        assert_eq!(root.items().map(|_| ()).unwrap_err().to_string(), "$ is an object, not an array");
        assert!(root.optional("n").unwrap().is_none());
    }

    #[test]
    fn a_hostile_key_is_escaped_and_cut_in_a_path() {
        let value = json!({});
        let path = |key: &str| Node::root(&value).required(key).unwrap_err().path;
        assert_eq!(path("a\u{1b}\"\\\u{202e}"), "$[\"a\\u{1b}\\\"\\\\\\u{202e}\"]");
        assert_eq!(path("a.b"), "$[\"a.b\"]");
        assert_eq!(path(&"x".repeat(100)), format!("$[\"{}…\"]", "x".repeat(40)));
    }
}
