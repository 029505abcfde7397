//! How evidence is written down: the same types with digests in the place of bytes.
//!
//! These mirror the types of [`crate::evidence`] so that those can change without changing the format. A field that is
//! not known is refused: a reader that passes over it would judge something else than what was collected.

mod inside;
mod listing;
mod project;
mod published;
mod repository;
mod seen;

use super::{Blobs, FORMAT, Loaded, MANIFEST_LIMIT, PackError, json};
use crate::{
    advisories::snapshot::Snapshot,
    evidence::{Evidence, Item, LogEntries, NO_LOG_ASKED, Seen, project::NOT_COLLECTED},
    release::{RepositoryName, Sha256},
    text::Untrusted,
};
use jiff::Timestamp;
use listing::SavedListing;
use project::SavedProject;
use published::SavedPublished;
use repository::{SavedBranches, SavedTag, SavedTree};
use seen::{SavedItem, SavedSeen};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The manifest of format 1.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: u64,
    collected_at: Timestamp,
    repository: Option<RepositoryName>,
    tag: String,
    tag_record: SavedSeen<SavedTag>,
    tag_object: SavedSeen<SavedItem>,
    tags: SavedSeen<Vec<SavedTag>>,
    branches: SavedSeen<SavedBranches>,
    /// Not in packs of versions that asked no forges, nor where none was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    listing: Option<SavedSeen<SavedListing>>,
    published: SavedSeen<SavedPublished>,
    tree: SavedSeen<SavedTree>,
    security_policy: SavedSeen<SavedItem>,
    /// Not in packs of versions that collected none, nor where it was not collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    project: Option<SavedSeen<SavedProject>>,
    advisories: SavedSeen<Sha256>,
    /// Not in packs of versions that asked no logs, nor where none was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log_entries: Option<SavedEntries>,
    /// Not in packs of versions that kept none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    trusted_roots: Vec<SavedItem>,
}

/// What logs answered, by envelope.
type SavedEntries = SavedSeen<BTreeMap<Sha256, SavedSeen<Vec<SavedItem>>>>;

/// The one field that every format has.
#[derive(Deserialize)]
struct AnyFormat {
    format: u64,
}

impl Manifest {
    /// Reads a manifest: first that it is JSON with one meaning, then its format, then the rest, then that it
    /// is spelt as it is written here.
    pub(super) fn parse(text: &[u8]) -> Result<Self, PackError> {
        json::check(text, json::Limits::bytes(MANIFEST_LIMIT)).map_err(PackError::Json)?;
        let AnyFormat { format } = serde_json::from_slice(text).map_err(PackError::Form)?;
        if format != FORMAT {
            return Err(PackError::Format { found: format });
        }
        let manifest: Self = serde_json::from_slice(text).map_err(PackError::Form)?;
        // Other spellings of the same values are refused too: then every changed byte shows.
        if manifest.to_bytes()? == text { Ok(manifest) } else { Err(PackError::Edited) }
    }

    /// The manifest as text: the same evidence gives the same bytes.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, PackError> {
        let mut text = serde_json::to_vec_pretty(self).map_err(PackError::Form)?;
        text.push(b'\n');
        Ok(text)
    }

    /// Writes down `evidence`, its contents into `blobs`.
    pub(super) fn of<'a>(evidence: &'a Evidence, blobs: &mut Blobs<'a>) -> Result<Self, PackError> {
        Ok(Self {
            format: FORMAT,
            collected_at: evidence.collected_at,
            repository: evidence.repository.clone(),
            tag: evidence.tag.raw().to_owned(),
            tag_record: SavedSeen::of(&evidence.tag_record, |tag| Ok(SavedTag::of(tag)))?,
            tag_object: SavedSeen::of(&evidence.tag_object, |item| SavedItem::of(item, blobs))?,
            tags: SavedSeen::of(&evidence.tags, |tags| Ok(tags.iter().map(SavedTag::of).collect()))?,
            branches: SavedSeen::of(&evidence.branches, |branches| Ok(SavedBranches::of(branches)))?,
            listing: (evidence.listing.as_ref())
                .map(|seen| SavedSeen::of(seen, |listing| Ok(SavedListing::of(listing))))
                .transpose()?,
            published: SavedSeen::of(&evidence.published, |published| SavedPublished::of(published, blobs))?,
            tree: SavedSeen::of(&evidence.tree, |tree| SavedTree::of(tree, blobs))?,
            security_policy: SavedSeen::of(&evidence.security_policy, |item| SavedItem::of(item, blobs))?,
            project: match &evidence.project {
                Seen::Unavailable { reason } if reason == NOT_COLLECTED => None,
                seen => Some(SavedSeen::of(seen, |project| SavedProject::of(project, blobs))?),
            },
            advisories: SavedSeen::of(&evidence.advisories, |snapshot| {
                let bytes = snapshot.to_bytes();
                let sha256 = Sha256::of(&bytes);
                blobs.add_bytes(sha256, bytes.into())?;
                Ok(sha256)
            })?,
            log_entries: log_entries(&evidence.log_entries, blobs)?,
            trusted_roots: (evidence.trusted_roots.iter())
                .map(|item| SavedItem::of(item, blobs))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The evidence that was written down, with its contents from `blobs`.
    pub(super) fn into_evidence(self, blobs: &mut Loaded) -> Result<Evidence, PackError> {
        let evidence = Evidence {
            collected_at: self.collected_at,
            repository: self.repository,
            tag: Untrusted::new(self.tag),
            tag_record: self.tag_record.seen(|tag| Ok(tag.record()))?,
            tag_object: self.tag_object.seen(|item| item.item(blobs))?,
            tags: self.tags.seen(|tags| Ok(tags.into_iter().map(SavedTag::record).collect()))?,
            branches: self.branches.seen(|branches| Ok(branches.branches()))?,
            listing: self.listing.map(|seen| seen.seen(SavedListing::listing)).transpose()?,
            published: self.published.seen(|published| published.published(blobs))?,
            tree: self.tree.seen(|tree| tree.tree(blobs))?,
            security_policy: self.security_policy.seen(|item| item.item(blobs))?,
            project: match self.project {
                Some(SavedSeen::Present(saved)) => saved.project(blobs)?,
                Some(SavedSeen::Absent { looked_at }) => Seen::Absent { looked_at },
                Some(SavedSeen::Unavailable { reason }) => Seen::Unavailable { reason },
                None => Seen::unavailable(NOT_COLLECTED),
            },
            advisories: self
                .advisories
                .seen(|sha256| Snapshot::from_bytes(&blobs.take(sha256)?).map_err(PackError::Advisories))?,
            log_entries: match self.log_entries {
                Some(saved) => saved.seen(|answers| loaded_entries(answers, blobs))?,
                None => Seen::unavailable(NO_LOG_ASKED),
            },
            trusted_roots: self
                .trusted_roots
                .into_iter()
                .map(|item| item.item(blobs))
                .collect::<Result<_, _>>()?,
        };
        blobs.finish()?;
        Ok(evidence)
    }
}

/// What logs answered; nothing where none was asked, as in the packs of earlier versions.
fn log_entries<'a>(
    entries: &'a LogEntries,
    blobs: &mut Blobs<'a>,
) -> Result<Option<SavedEntries>, PackError> {
    if matches!(entries, Seen::Unavailable { reason } if reason == NO_LOG_ASKED) {
        return Ok(None);
    }
    let saved = SavedSeen::of(entries, |answers| {
        let mut saved = BTreeMap::new();
        for (envelope, seen) in answers {
            let items = SavedSeen::of(seen, |items| {
                items.iter().map(|item| SavedItem::of(item, blobs)).collect::<Result<_, _>>()
            })?;
            saved.insert(*envelope, items);
        }
        Ok(saved)
    })?;
    Ok(Some(saved))
}

fn loaded_entries(
    saved: BTreeMap<Sha256, SavedSeen<Vec<SavedItem>>>,
    blobs: &mut Loaded,
) -> Result<BTreeMap<Sha256, Seen<Vec<Item>>>, PackError> {
    let mut answers = BTreeMap::new();
    for (envelope, seen) in saved {
        let seen = seen.seen(|items| items.into_iter().map(|item| item.item(blobs)).collect())?;
        answers.insert(envelope, seen);
    }
    Ok(answers)
}
