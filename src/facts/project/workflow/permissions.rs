//! What a workflow or a job grants the token that it runs with.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What the token of a job may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permissions {
    /// `read-all`.
    ReadAll,
    /// `write-all`.
    WriteAll,
    /// Each scope with what it may do: `read`, `write`, `none`.
    Scopes(BTreeMap<String, String>),
}

impl Permissions {
    /// Whether anything may be written.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::ReadAll => false,
            Self::WriteAll => true,
            Self::Scopes(scopes) => scopes.values().any(|access| access == "write"),
        }
    }
}

/// What a workflow or a job says of it; an error where a forge would refuse the file.
pub(super) fn read(map: &Map<String, Value>) -> Result<Option<Permissions>, String> {
    Ok(match map.get("permissions") {
        None => None,
        // What is empty says nothing: `{}` is how nothing is granted.
        Some(Value::Null) => return Err("has permissions without a value".to_owned()),
        Some(Value::String(all)) if all == "read-all" => Some(Permissions::ReadAll),
        Some(Value::String(all)) if all == "write-all" => Some(Permissions::WriteAll),
        Some(Value::Object(scopes)) => {
            let mut known = BTreeMap::new();
            for (scope, access) in scopes {
                let access = access.as_str().filter(|it| matches!(*it, "read" | "write" | "none"));
                let access = access.ok_or("has permissions of an unknown form")?;
                known.insert(scope.clone(), access.to_owned());
            }
            Some(Permissions::Scopes(known))
        }
        Some(_) => return Err("has permissions of an unknown form".to_owned()),
    })
}
