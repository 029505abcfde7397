//! What the repository holds: tags, branches and the files of the tree.
//!
//! The rule that must not be broken: names are kept as they were found, and are [`Untrusted`] again when loaded.

use super::super::{Blobs, Loaded, PackError};
use super::seen::{SavedItem, SavedSeen};
use crate::{
    evidence::{Branches, DefaultBranch, Item, Seen, TagKind, TagRecord, Tree, tree::BUILDS_LOOKED_FOR},
    release::ObjectId,
    text::Untrusted,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A tag as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedTag {
    name: String,
    object: ObjectId,
    commit: ObjectId,
    kind: SavedTagKind,
    time: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SavedTagKind {
    Lightweight,
    Annotated,
    Signed,
}

impl SavedTag {
    pub(super) fn of(tag: &TagRecord) -> Self {
        Self {
            name: tag.name.raw().to_owned(),
            object: tag.object.clone(),
            commit: tag.commit.clone(),
            kind: match tag.kind {
                TagKind::Lightweight => SavedTagKind::Lightweight,
                TagKind::Annotated => SavedTagKind::Annotated,
                TagKind::Signed => SavedTagKind::Signed,
            },
            time: tag.time,
        }
    }

    pub(super) fn record(self) -> TagRecord {
        TagRecord {
            name: Untrusted::new(self.name),
            object: self.object,
            commit: self.commit,
            kind: match self.kind {
                SavedTagKind::Lightweight => TagKind::Lightweight,
                SavedTagKind::Annotated => TagKind::Annotated,
                SavedTagKind::Signed => TagKind::Signed,
            },
            time: self.time,
        }
    }
}

/// The branches as they are written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedBranches {
    default: Option<SavedDefault>,
    names: Vec<String>,
    contains_tag: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedDefault {
    name: String,
    said_by: String,
    commit: ObjectId,
}

impl SavedBranches {
    pub(super) fn of(branches: &Branches) -> Self {
        let default = branches.default.as_ref().map(|default| SavedDefault {
            name: default.name.clone(),
            said_by: default.said_by.clone(),
            commit: default.commit.clone(),
        });
        Self { default, names: branches.names.clone(), contains_tag: branches.contains_tag }
    }

    pub(super) fn branches(self) -> Branches {
        let default = self.default.map(|default| DefaultBranch {
            name: default.name,
            said_by: default.said_by,
            commit: default.commit,
        });
        Branches { default, names: self.names, contains_tag: self.contains_tag }
    }
}

/// The files of the tree as they are written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedTree {
    files: BTreeMap<String, SavedSeen<SavedItem>>,
    foreign: Vec<String>,
    /// Not in packs of versions that collected none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    modules: Option<SavedFiles>,
    /// As `modules`: without either, what Go builds with is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    builds: Option<SavedFiles>,
    /// Which files those were that were looked for: of another version's, what is not there says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    builds_looked_for: Option<u32>,
}

impl SavedTree {
    pub(super) fn of<'a>(tree: &'a Tree, blobs: &mut Blobs<'a>) -> Result<Self, PackError> {
        Ok(Self {
            files: saved(tree.files(), blobs)?,
            foreign: tree.foreign().to_vec(),
            modules: match tree.modules() {
                none if none.is_empty() && tree.builds().is_none() => None,
                modules => Some(saved(modules, blobs)?),
            },
            builds: tree.builds().map(|files| saved(files, blobs)).transpose()?,
            builds_looked_for: tree.builds().map(|_| BUILDS_LOOKED_FOR),
        })
    }

    pub(super) fn tree(self, blobs: &mut Loaded) -> Result<Tree, PackError> {
        let files = loaded(self.files, blobs)?;
        let tree = Tree::new(files, self.foreign);
        let modules = self.modules.map(|modules| loaded(modules, blobs)).transpose()?;
        let builds = self.builds.map(|builds| loaded(builds, blobs)).transpose()?;
        let builds = builds.filter(|_| self.builds_looked_for == Some(BUILDS_LOOKED_FOR));
        Ok(match (modules, builds) {
            (Some(modules), Some(builds)) => tree.with_modules(modules).with_builds(builds),
            (modules, _) => tree.with_modules(modules.unwrap_or_default()),
        })
    }
}

/// Files by a name of theirs, as they are written.
type SavedFiles = BTreeMap<String, SavedSeen<SavedItem>>;

fn saved<'a>(
    files: &'a BTreeMap<String, Seen<Item>>,
    blobs: &mut Blobs<'a>,
) -> Result<SavedFiles, PackError> {
    let save = |(name, seen): (&String, &'a Seen<Item>)| {
        Ok((name.clone(), SavedSeen::of(seen, |item| SavedItem::of(item, blobs))?))
    };
    files.iter().map(save).collect()
}

fn loaded(files: SavedFiles, blobs: &mut Loaded) -> Result<BTreeMap<String, Seen<Item>>, PackError> {
    let load = |(name, seen): (String, SavedSeen<SavedItem>)| Ok((name, seen.seen(|item| item.item(blobs))?));
    files.into_iter().map(load).collect()
}
