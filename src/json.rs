//! A strict JSON reader for hostile input.
//!
//! The rule that must not be broken: a document has one meaning, whoever reads it. So what other readers disagree
//! about is refused, not repaired: a key given twice in one object, a byte-order mark, bytes after the document,
//! invalid UTF-8, lone surrogates, `NaN` and numbers out of range. Size and nesting are capped before anything is
//! built.
//!
//! Errors name the line and column (in bytes, from 1) and, where it helps, the path from the root (`$.a[0]`).

mod node;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

pub use node::{Node, ShapeError};

/// How much of a document is read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest document, in bytes.
    pub max_bytes: usize,
    /// Deepest nesting of objects and arrays; the outermost is 1. More than 127 is never read.
    pub max_depth: usize,
}

impl Limits {
    /// The limits for a document of up to so many bytes, nested at most 64 deep.
    #[must_use]
    pub const fn bytes(max_bytes: usize) -> Self {
        Self { max_bytes, max_depth: 64 }
    }
}

impl Default for Limits {
    /// 10 MiB, the largest bundle, and a depth of 64.
    fn default() -> Self {
        Self::bytes(10 << 20)
    }
}

/// Why a document is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Over [`Limits::max_bytes`].
    #[error("the document has {size} bytes, more than {limit}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// It starts with a byte-order mark.
    #[error("the document starts with a byte-order mark")]
    ByteOrderMark,
    /// It is not UTF-8.
    #[error("the document is not utf-8 at byte {offset}")]
    InvalidUtf8 {
        /// Bytes before the first bad one.
        offset: usize,
    },
    /// One object has one key twice.
    #[error("the key {path} is given twice, at line {line} column {column}")]
    DuplicateKey {
        /// The path to the second of the two.
        path: String,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// Over [`Limits::max_depth`].
    #[error("{path} is nested more than {limit} deep, at line {line} column {column}")]
    TooDeep {
        /// The path to the object or array that is too deep.
        path: String,
        /// The limit.
        limit: usize,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// Something follows the document.
    #[error("something follows the document, at line {line} column {column}")]
    TrailingBytes {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// It is not JSON.
    #[error("not json: {message}")]
    Syntax {
        /// What is wrong, with line and column.
        message: String,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
}

/// Reads a document.
///
/// # Errors
/// [`JsonError`] for the first thing that is wrong.
pub fn parse(bytes: &[u8], limits: Limits) -> Result<Value, JsonError> {
    read(bytes, limits, Mode::Build)
}

/// Does all that [`parse`] does, except building the value.
///
/// # Errors
/// The same as [`parse`].
pub fn check(bytes: &[u8], limits: Limits) -> Result<(), JsonError> {
    read(bytes, limits, Mode::Check).map(drop)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Build,
    Check,
}

fn read(bytes: &[u8], limits: Limits, mode: Mode) -> Result<Value, JsonError> {
    if bytes.len() > limits.max_bytes {
        return Err(JsonError::TooLarge { size: bytes.len(), limit: limits.max_bytes });
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(JsonError::ByteOrderMark);
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| JsonError::InvalidUtf8 { offset: error.valid_up_to() })?;
    let state =
        State { path: RefCell::default(), refusal: RefCell::default(), limit: limits.max_depth, mode };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict(&state).deserialize(&mut deserializer).map_err(|error| state.explain(&error))?;
    deserializer
        .end()
        .map_err(|error| JsonError::TrailingBytes { line: error.line(), column: error.column() })?;
    Ok(value)
}

/// One step from a value to one inside it.
#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Index(usize),
}

/// Writes a step so that nothing hostile in a key reaches a terminal.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Key(key) => node::write_key(f, key),
        }
    }
}

/// Why the reader itself stopped, where serde_json would have gone on.
enum Refusal {
    DuplicateKey(String),
    TooDeep(String),
}

struct State {
    path: RefCell<Vec<Step>>,
    refusal: RefCell<Option<Refusal>>,
    limit: usize,
    mode: Mode,
}

impl State {
    /// The path as text; long ones keep their beginning.
    fn path(&self) -> String {
        const LONGEST: usize = 200;
        let mut text = String::from("$");
        for step in self.path.borrow().iter() {
            if text.len() > LONGEST {
                text.push('…');
                break;
            }
            text.push_str(&step.to_string());
        }
        text
    }

    /// Runs `inside` one step deeper.
    fn within<T>(&self, step: Step, inside: impl FnOnce() -> T) -> T {
        self.path.borrow_mut().push(step);
        let result = inside();
        self.path.borrow_mut().pop();
        result
    }

    /// The refusal to enter an object or array, if this one is too deep.
    fn enter<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.path.borrow().len() < self.limit {
            return Ok(());
        }
        *self.refusal.borrow_mut() = Some(Refusal::TooDeep(self.path()));
        Err(E::custom("too deep"))
    }

    fn explain(&self, error: &serde_json::Error) -> JsonError {
        let (line, column) = (error.line(), error.column());
        match self.refusal.take() {
            Some(Refusal::DuplicateKey(path)) => JsonError::DuplicateKey { path, line, column },
            Some(Refusal::TooDeep(path)) => JsonError::TooDeep { path, limit: self.limit, line, column },
            None => JsonError::Syntax { message: error.to_string(), line, column },
        }
    }
}

/// Reads one value. In [`Mode::Check`] it always yields `null`.
#[derive(Clone, Copy)]
struct Strict<'s>(&'s State);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a json value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("number out of range"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(match self.0.mode {
            Mode::Build => Value::String(value.to_owned()),
            Mode::Check => Value::Null,
        })
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut items = Vec::new();
        let mut index = 0;
        while let Some(item) = self.0.within(Step::Index(index), || access.next_element_seed(self))? {
            if self.0.mode == Mode::Build {
                items.push(item);
            }
            index += 1;
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut seen = BTreeSet::new();
        let mut members = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if seen.contains(&key) || members.contains_key(&key) {
                let path = self.0.within(Step::Key(key), || self.0.path());
                *self.0.refusal.borrow_mut() = Some(Refusal::DuplicateKey(path));
                return Err(A::Error::custom("duplicate key"));
            }
            let value = self.0.within(Step::Key(key.clone()), || access.next_value_seed(self))?;
            match self.0.mode {
                Mode::Build => drop(members.insert(key, value)),
                Mode::Check => drop(seen.insert(key)),
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits::bytes(1 << 20);

    /// Both readers must agree on what is refused and why.
    fn refusal(bytes: &[u8]) -> JsonError {
        let parsed = parse(bytes, LIMITS).expect_err(&String::from_utf8_lossy(bytes));
        assert_eq!(check(bytes, LIMITS), Err(parsed.clone()));
        parsed
    }

    #[test]
    fn good_documents_are_read_as_serde_json_reads_them() {
        let documents = [
            "null",
            " true\n",
            "0",
            "-0",
            "-12",
            "18446744073709551615",
            "1.5e300",
            "\"a\\u00e9\\ud83d\\ude00\"",
            "[]",
            "{}",
            "[1,[2,{\"a\":[]}]]",
            "{\"a\":{\"a\":1},\"b\":{\"a\":2},\"A\":3,\"\":4}",
            "[{\"a\":1},{\"a\":1}]",
            "{\"__proto__\":1}",
        ];
        for document in documents {
            let expected: Value = serde_json::from_str(document).unwrap();
            assert_eq!(parse(document.as_bytes(), LIMITS), Ok(expected), "{document}");
            assert_eq!(check(document.as_bytes(), LIMITS), Ok(()), "{document}");
        }
    }

    #[test]
    fn a_duplicate_key_is_refused_at_every_level_with_its_path_and_line() {
        let cases = [
            ("{\"a\":1,\"a\":1}", "$.a", 1),
            ("{\"a\":1,\n\"\\u0061\":2}", "$.a", 2),
            ("{\"x\":[0,{\"b\":{\n\"c d\":1,\"c d\":2}}]}", "$.x[1].b[\"c d\"]", 2),
            ("[[{\"\":1,\"\":2}]]", "$[0][0][\"\"]", 1),
            ("{\"\\u001b[2J\":1,\"\\u001b[2J\":2}", "$[\"\\u{1b}[2J\"]", 1),
            ("{\"predicateType\":\"a\",\"p\":{},\"predicateType\":\"b\"}", "$.predicateType", 1),
        ];
        for (document, expected_path, expected_line) in cases {
            let JsonError::DuplicateKey { path, line, column } = refusal(document.as_bytes()) else {
                panic!("{document}");
            };
            assert_eq!((path.as_str(), line), (expected_path, expected_line), "{document}");
            assert!(column > 0);
        }
    }

    #[test]
    fn what_is_not_json_is_refused_with_line_and_column() {
        let documents = [
            "",
            " ",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "{'a':1}",
            "nul",
            "NaN",
            "Infinity",
            "-",
            "01",
            "1.",
            ".5",
            "1e400",
            "-1e400",
            "\"\\ud800\"",
            "\"\\udc00\"",
            "\"\\ud800\\u0041\"",
            "\"\\ud800x\"",
            "{\"\\ud800\":1}",
            "\"\u{1}\"",
            "\"\\x41\"",
            "\"a",
            "/* c */ 1",
            "[1 2]",
            "{\"a\" 1}",
            "{1:2}",
            "\u{a0}1",
            "#",
        ];
        for document in documents {
            let JsonError::Syntax { line, message, .. } = refusal(document.as_bytes()) else {
                panic!("{document:?}");
            };
            assert!(line == 1 && message.contains("line 1 column"), "{document:?}: {message}");
        }
    }

    #[test]
    fn bytes_before_after_and_inside_that_are_no_json_text_are_refused() {
        assert_eq!(refusal(b"\xef\xbb\xbf{}"), JsonError::ByteOrderMark);
        assert_eq!(refusal(b"\"a\xff\""), JsonError::InvalidUtf8 { offset: 2 });
        assert_eq!(refusal(b"\"\xed\xa0\x80\""), JsonError::InvalidUtf8 { offset: 1 });
        assert_eq!(refusal(b"\xff\xfe{\0}\0"), JsonError::InvalidUtf8 { offset: 0 });
        for document in ["{} {}", "1 1", "{}\n]", "null\0", "[]//", "{}\u{feff}"] {
            let error = refusal(document.as_bytes());
            assert!(matches!(error, JsonError::TrailingBytes { .. }), "{document:?}: {error:?}");
        }
    }

    #[test]
    fn the_limits_hold_exactly() {
        let nested =
            |depth: usize, open: &str, close: &str| format!("{}{}", open.repeat(depth), close.repeat(depth));
        assert!(parse(nested(64, "[", "]").as_bytes(), LIMITS).is_ok());
        for document in [nested(65, "[", "]"), nested(1 << 17, "[", ""), nested(200, "[", "]")] {
            let error = refusal(document.as_bytes());
            assert!(
                matches!(&error, JsonError::TooDeep { limit: 64, path, .. } if path.starts_with("$[0][0]"))
            );
        }
        let objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert!(check(objects(64).as_bytes(), LIMITS).is_ok());
        assert!(matches!(refusal(objects(65).as_bytes()), JsonError::TooDeep { .. }));

        let small = Limits { max_bytes: 4, max_depth: 1 };
        assert!(parse(b"[11]", small).is_ok());
        assert_eq!(parse(b"[111]", small), Err(JsonError::TooLarge { size: 5, limit: 4 }));
        assert_eq!(check(b"[111]", small), Err(JsonError::TooLarge { size: 5, limit: 4 }));
        assert!(matches!(parse(b"[{}]", small), Err(JsonError::TooDeep { limit: 1, .. })));
    }

    #[test]
    fn a_megabyte_of_keys_is_read_in_reasonable_time() {
        let members: Vec<_> = (0..60_000).map(|i| format!("\"key{i}\":{i}")).collect();
        let document = format!("{{{}}}", members.join(","));
        let started = std::time::Instant::now();
        assert!(parse(document.as_bytes(), LIMITS).is_ok());
        assert!(check(document.as_bytes(), LIMITS).is_ok());
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|n| Value::Number(n.into())),
            ".*".prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::btree_map(".{0,4}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_was_written_is_what_is_read(value in any_value()) {
            let text = serde_json::to_vec_pretty(&value).unwrap();
            prop_assert_eq!(check(&text, LIMITS), Ok(()));
            prop_assert_eq!(parse(&text, LIMITS), Ok(value));
        }

        #[test]
        fn arbitrary_bytes_never_panic_and_both_readers_agree(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(parse(&bytes, LIMITS).map(drop), check(&bytes, LIMITS));
        }

        #[test]
        fn nearly_json_never_panics_and_is_never_looser_than_serde_json(text in "[\\[\\]{}\":,a0-9.e\\\\u -]{0,40}") {
            let strict = parse(text.as_bytes(), LIMITS);
            prop_assert_eq!(strict.clone().map(drop), check(text.as_bytes(), LIMITS));
            if let Ok(value) = strict {
                prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
            }
        }
    }
}
