//! A strict JSON reader for hostile input.
//!
//! The rule that must not be broken: a document has one meaning, whoever reads it. So what other readers disagree
//! about is refused, not repaired: a key given twice in one object, a byte-order mark, bytes after the document,
//! invalid UTF-8, lone surrogates, `NaN` and numbers out of range. Size and nesting are capped before anything is
//! built, and memory while it is: what would go over the limit is never asked for.
//!
//! Errors name the line and column (in bytes, from 1) and, where it helps, the path from the root (`$.a[0]`).

mod memory;
mod node;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use memory::Memory;
pub use node::{Node, ShapeError};

/// How much of a document is read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest document, in bytes.
    pub max_bytes: usize,
    /// Deepest nesting of objects and arrays; the outermost is 1. More than 127 is never read.
    pub max_depth: usize,
    /// Most memory that what is kept of it takes, in bytes, by an estimate that is not below it.
    pub max_memory: usize,
}

impl Limits {
    /// The limits for a document of up to so many bytes, nested at most 64 deep, in 64 MiB of memory.
    #[must_use]
    pub const fn bytes(max_bytes: usize) -> Self {
        Self { max_bytes, max_depth: 64, max_memory: 64 << 20 }
    }
}

impl Default for Limits {
    /// 10 MiB, the largest bundle, and the rest as [`Limits::bytes`] has it.
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
    /// Over [`Limits::max_memory`].
    #[error(
        "what is read takes more than {limit} bytes of memory from {path} on, at line {line} column {column}"
    )]
    TooMuchMemory {
        /// The path to the value that there is no more memory for.
        path: String,
        /// The limit in bytes.
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
    parse_beside(bytes, limits, &mut 0)
}

/// Reads one of several documents that are kept together: `used` bytes of [`Limits::max_memory`] are taken already, and
/// what this one takes is added to them.
///
/// # Errors
/// The same as [`parse`].
pub fn parse_beside(bytes: &[u8], limits: Limits, used: &mut usize) -> Result<Value, JsonError> {
    read(bytes, limits, Keep::All, used)
}

/// Does all that [`parse`] does, except building the value: only the keys of the objects that it is inside of take
/// memory.
///
/// # Errors
/// The same as [`parse`].
pub fn check(bytes: &[u8], limits: Limits) -> Result<(), JsonError> {
    read(bytes, limits, Keep::Outline { depth: 0 }, &mut 0).map(drop)
}

/// Reads a document whole and builds its outline: an object or array nested deeper than `depth` is `null` there, and a
/// list has at most its first item.
///
/// # Errors
/// The same as [`parse`].
pub fn outline(bytes: &[u8], limits: Limits, depth: usize) -> Result<Value, JsonError> {
    read(bytes, limits, Keep::Outline { depth }, &mut 0)
}

/// What is built of what is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    All,
    Outline { depth: usize },
}

fn read(bytes: &[u8], limits: Limits, keep: Keep, used: &mut usize) -> Result<Value, JsonError> {
    if bytes.len() > limits.max_bytes {
        return Err(JsonError::TooLarge { size: bytes.len(), limit: limits.max_bytes });
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(JsonError::ByteOrderMark);
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| JsonError::InvalidUtf8 { offset: error.valid_up_to() })?;
    let memory = Memory::new(limits.max_memory, *used);
    let state = State { path: RefCell::default(), refusal: RefCell::default(), limits, memory, keep };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict(&state).deserialize(&mut deserializer).map_err(|error| state.explain(&error))?;
    deserializer
        .end()
        .map_err(|error| JsonError::TrailingBytes { line: error.line(), column: error.column() })?;
    *used = state.memory.used();
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
    TooMuchMemory(String),
}

struct State {
    path: RefCell<Vec<Step>>,
    refusal: RefCell<Option<Refusal>>,
    limits: Limits,
    memory: Memory,
    keep: Keep,
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
        if self.path.borrow().len() < self.limits.max_depth {
            return Ok(());
        }
        *self.refusal.borrow_mut() = Some(Refusal::TooDeep(self.path()));
        Err(E::custom("too deep"))
    }

    /// Takes memory before it is asked for.
    fn take<E: serde::de::Error>(&self, bytes: usize) -> Result<(), E> {
        if self.memory.take(bytes) {
            return Ok(());
        }
        *self.refusal.borrow_mut() = Some(Refusal::TooMuchMemory(self.path()));
        Err(E::custom("too much memory"))
    }

    /// Whether what is inside the object or array that is read now is kept.
    fn is_kept(&self) -> bool {
        match self.keep {
            Keep::All => true,
            Keep::Outline { depth } => self.path.borrow().len() < depth,
        }
    }

    /// Whether a further item is kept beside so many of the same list.
    fn has_place_beside(&self, items: usize) -> bool {
        self.keep == Keep::All || items == 0
    }

    /// What stands for an object or array that is not kept: its memory is given back.
    fn forgotten(&self, before: usize) -> Value {
        self.memory.give_back_to(before);
        Value::Null
    }

    fn explain(&self, error: &serde_json::Error) -> JsonError {
        let (line, column) = (error.line(), error.column());
        match self.refusal.take() {
            Some(Refusal::DuplicateKey(path)) => JsonError::DuplicateKey { path, line, column },
            Some(Refusal::TooDeep(path)) => {
                JsonError::TooDeep { path, limit: self.limits.max_depth, line, column }
            }
            Some(Refusal::TooMuchMemory(path)) => {
                JsonError::TooMuchMemory { path, limit: self.limits.max_memory, line, column }
            }
            None => JsonError::Syntax { message: error.to_string(), line, column },
        }
    }
}

/// Reads one value, and gives what is kept of it.
#[derive(Clone, Copy)]
struct Strict<'s>(&'s State);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.take(memory::VALUE)?;
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

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.0.take(memory::text(value))?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let Self(state) = self;
        state.enter()?;
        let (is_kept, before) = (state.is_kept(), state.memory.used());
        let mut items = Vec::new();
        let mut index = 0;
        loop {
            let used = state.memory.used();
            let item = state.within(Step::Index(index), || access.next_element_seed(self))?;
            let Some(item) = item else { break };
            if is_kept && state.has_place_beside(items.len()) {
                items.push(item);
            } else {
                state.memory.give_back_to(used);
            }
            index += 1;
        }
        Ok(if is_kept { Value::Array(items) } else { state.forgotten(before) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let Self(state) = self;
        state.enter()?;
        let (is_kept, before) = (state.is_kept(), state.memory.used());
        let mut seen = BTreeSet::new();
        let mut members = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if seen.contains(&key) || members.contains_key(&key) {
                let path = state.within(Step::Key(key), || state.path());
                *state.refusal.borrow_mut() = Some(Refusal::DuplicateKey(path));
                return Err(A::Error::custom("duplicate key"));
            }
            let is_first = seen.is_empty() && members.is_empty();
            state.take(memory::member(&key, is_first))?;
            let used = state.memory.used();
            let value = state.within(Step::Key(key.clone()), || access.next_value_seed(self))?;
            if is_kept {
                members.insert(key, value);
            } else {
                state.memory.give_back_to(used);
                seen.insert(key);
            }
        }
        Ok(if is_kept { Value::Object(members) } else { state.forgotten(before) })
    }
}

#[cfg(test)]
mod tests;
