//! What the claims of a security policy are held against.
//!
//! The rule that must not be broken: what could not be looked at is never loaded as absent, nor as something else.

use super::super::{Blobs, Loaded, PackError};
use super::seen::{SavedItem, SavedSeen};
use crate::evidence::{
    Item, Seen,
    project::{Cited, History, LOOKED_FOR, NOT_COLLECTED, Named, Project, Recent},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The process of a project as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedProject {
    /// Not in packs of the first versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    looked_for: Option<u32>,
    files: BTreeMap<String, SavedSeen<SavedItem>>,
    names: Vec<String>,
    named: BTreeMap<String, SavedSeen<SavedNamed>>,
    cited: Vec<SavedCited>,
    history: SavedSeen<SavedHistory>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum SavedNamed {
    File(SavedItem),
    Folder,
    Unread(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedCited {
    line: usize,
    path: String,
    number: usize,
    then: SavedSeen<SavedItem>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedHistory {
    began: SavedSeen<Timestamp>,
    policy_began: SavedSeen<Timestamp>,
    policy_changed: SavedSeen<Timestamp>,
    recent_commits: u32,
    recent_with_request: u32,
}

impl SavedProject {
    pub(super) fn of<'a>(project: &'a Project, blobs: &mut Blobs<'a>) -> Result<Self, PackError> {
        let mut files = BTreeMap::new();
        for (path, seen) in &project.files {
            files.insert(path.clone(), item(seen, blobs)?);
        }
        let mut named = BTreeMap::new();
        for (path, seen) in &project.named {
            named.insert(path.clone(), SavedSeen::of(seen, |named| SavedNamed::of(named, blobs))?);
        }
        let mut cited = Vec::new();
        for it in &project.cited {
            let then = item(&it.then, blobs)?;
            cited.push(SavedCited { line: it.line, path: it.path.clone(), number: it.number, then });
        }
        let history = SavedSeen::of(&project.history, SavedHistory::of)?;
        Ok(Self { looked_for: Some(LOOKED_FOR), files, names: project.names.clone(), named, cited, history })
    }

    /// The project; not where other files were looked for, which say nothing of what is missing now.
    pub(super) fn project(self, blobs: &mut Loaded) -> Result<Seen<Project>, PackError> {
        let is_of_now = self.looked_for == Some(LOOKED_FOR);
        let mut files = BTreeMap::new();
        for (path, seen) in self.files {
            files.insert(path, seen.seen(|item| item.item(blobs))?);
        }
        let mut named = BTreeMap::new();
        for (path, seen) in self.named {
            named.insert(path, seen.seen(|named| named.named(blobs))?);
        }
        let mut cited = Vec::new();
        for it in self.cited {
            let then = it.then.seen(|item| item.item(blobs))?;
            cited.push(Cited { line: it.line, path: it.path, number: it.number, then });
        }
        let history = self.history.seen(SavedHistory::history)?;
        let project = Project { files, names: self.names, named, cited, history };
        Ok(if is_of_now { Seen::Present(project) } else { Seen::unavailable(NOT_COLLECTED) })
    }
}

fn item<'a>(seen: &'a Seen<Item>, blobs: &mut Blobs<'a>) -> Result<SavedSeen<SavedItem>, PackError> {
    SavedSeen::of(seen, |item| SavedItem::of(item, blobs))
}

impl SavedNamed {
    fn of<'a>(named: &'a Named, blobs: &mut Blobs<'a>) -> Result<Self, PackError> {
        Ok(match named {
            Named::File(item) => Self::File(SavedItem::of(item, blobs)?),
            Named::Folder => Self::Folder,
            Named::Unread(why) => Self::Unread(why.clone()),
        })
    }

    fn named(self, blobs: &mut Loaded) -> Result<Named, PackError> {
        Ok(match self {
            Self::File(item) => Named::File(item.item(blobs)?),
            Self::Folder => Named::Folder,
            Self::Unread(why) => Named::Unread(why),
        })
    }
}

impl SavedHistory {
    fn of(history: &History) -> Result<Self, PackError> {
        let moment = |seen| SavedSeen::of(seen, |time: &Timestamp| Ok(*time));
        Ok(Self {
            began: moment(&history.began)?,
            policy_began: moment(&history.policy_began)?,
            policy_changed: moment(&history.policy_changed)?,
            recent_commits: history.recent.commits,
            recent_with_request: history.recent.with_request,
        })
    }

    fn history(self) -> Result<History, PackError> {
        Ok(History {
            began: self.began.seen(Ok)?,
            policy_began: self.policy_began.seen(Ok)?,
            policy_changed: self.policy_changed.seen(Ok)?,
            recent: Recent { commits: self.recent_commits, with_request: self.recent_with_request },
        })
    }
}
