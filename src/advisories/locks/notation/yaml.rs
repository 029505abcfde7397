//! YAML as lock files use it: maps, lists and scalars, and one document.
//!
//! The rule that must not be broken: anchors, aliases, merge keys and duplicate keys are refused, so that what is
//! written is what is read, and events, nodes and depth are capped before anything is built.

use crate::advisories::{
    locks::{DEPTH_LIMIT, Fault, error::shown},
    record::one_line,
};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::{
    Error,
    options::{DuplicateKeyPolicy, MergeKeyPolicy},
};
use std::fmt;

/// Most scalars, maps and lists of one file: each package of a real one has about 12.
const NODES: usize = 600_000;

/// Reads one document.
pub(super) fn read(text: &str) -> Result<Value, Fault> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: NODES * 2,
            max_nodes: NODES,
            max_depth: DEPTH_LIMIT,
            max_aliases: 0,
            max_anchors: 0,
            max_documents: 1,
            max_merge_keys: 0,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        with_snippet: false,
    };
    let read: Result<Document, Error> = serde_saphyr::from_str_with_options(text, options);
    read.map(|document| document.0).map_err(|error| fault(&error))
}

fn fault(error: &Error) -> Fault {
    match error.without_snippet() {
        Error::DuplicateMappingKey { key, location } => Fault::Duplicate(format!(
            "the key {} (line {})",
            shown(key.as_deref().unwrap_or("that is no string")),
            location.line()
        )),
        Error::Budget { breach: serde_saphyr::budget::BudgetBreach::Depth { .. }, .. } => Fault::TooDeep,
        Error::Budget {
            breach:
                serde_saphyr::budget::BudgetBreach::Nodes { .. }
                | serde_saphyr::budget::BudgetBreach::Events { .. },
            ..
        } => Fault::limit("scalars, maps and lists", NODES),
        other => Fault::Syntax(one_line(&other.to_string())),
    }
}

struct Document(Value);

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Node.deserialize(deserializer).map(Self)
    }
}

struct Node;

impl<'de> DeserializeSeed<'de> for Node {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
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
        let number = Number::from_f64(value).ok_or_else(|| E::custom("a number out of range"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(Self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = access.next_value_seed(Self)?;
            if members.insert(key, value).is_some() {
                return Err(A::Error::custom("a key is there twice"));
            }
        }
        Ok(Value::Object(members))
    }
}
