//! YAML as lock files use it: maps, lists and scalars, and one document. The settings of forges may repeat a part by its
//! anchor besides.
//!
//! The rule that must not be broken: in a lock file anchors and aliases are refused, and merge keys and duplicate keys
//! everywhere, so that what is written is what is read; events, nodes, repeated parts and depth are capped before
//! anything is built.

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

/// The same of a file of settings, which is written by hand.
const SETTING_NODES: usize = 50_000;

/// Reads one document.
pub(super) fn read(text: &str) -> Result<Value, Fault> {
    read_within(text, NODES, 0)
}

/// Reads one document that may repeat parts of itself.
pub(super) fn read_setting(text: &str) -> Result<Value, Fault> {
    read_within(text, SETTING_NODES, 200)
}

fn read_within(text: &str, nodes: usize, aliases: usize) -> Result<Value, Fault> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: nodes * 2,
            max_nodes: nodes,
            max_depth: DEPTH_LIMIT,
            max_aliases: aliases,
            max_anchors: aliases,
            max_documents: 1,
            max_merge_keys: 0,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: nodes,
            max_replay_stack_depth: 8,
            max_alias_expansions_per_anchor: aliases,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        with_snippet: false,
    };
    let read: Result<Document, Error> = serde_saphyr::from_str_with_options(text, options);
    read.map(|document| document.0).map_err(|error| fault(&error, nodes))
}

fn fault(error: &Error, nodes: usize) -> Fault {
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
        } => Fault::limit("scalars, maps and lists", nodes),
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
