//! `package.json`.

use super::{DeclaredVersion, MAX_BYTES, ManifestError, NotDeclared, Reading, semver_version, unreadable};
use crate::json::{self, Limits, Node};

/// What semantic-release documents as the version to write where it sets the real one while publishing.
const PLACEHOLDERS: [&str; 3] =
    ["0.0.0-development", "0.0.0-semantically-released", "0.0.0-semantic-release"];

/// Reads one manifest.
pub(super) fn read(bytes: &[u8]) -> Reading {
    match read_members(bytes) {
        Ok((name, version)) => (name, version),
        Err(error) => unreadable(error),
    }
}

fn read_members(bytes: &[u8]) -> Result<Reading, ManifestError> {
    let document = json::parse(bytes, Limits::bytes(MAX_BYTES)).map_err(|error| match error {
        json::JsonError::TooLarge { size, .. } => ManifestError::TooLarge { size },
        other => ManifestError::Json(other),
    })?;
    let root = Node::root(&document);
    let name = root.optional("name")?.map(|name| name.string().map(str::to_owned)).transpose()?;
    let version = match root.optional("version")? {
        None => Ok(DeclaredVersion::NotDeclared { why: NotDeclared::NoVersion }),
        Some(version) => match version.string() {
            Ok(text) if PLACEHOLDERS.contains(&text) => {
                Ok(DeclaredVersion::NotDeclared { why: NotDeclared::Placeholder })
            }
            Ok(text) => semver_version(text),
            Err(error) => Err(error.into()),
        },
    };
    Ok((name, version))
}
