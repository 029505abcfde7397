//! How evidence is written down: the same types with digests in the place of bytes.
//!
//! These mirror the types of [`crate::evidence`] so that those can change without changing the format. A field that is
//! not known is refused: a reader that passes over it would judge something else than what was collected.

use super::{Blobs, FORMAT, Loaded, MANIFEST_LIMIT, PackError, json};
use crate::{
    advisories::snapshot::Snapshot,
    digest::{Algorithm, Digest, DigestError, Digests},
    evidence::{
        Branches, Bytes, DefaultBranch, Evidence, Item, LogEntries, NO_LOG_ASKED, Published, PublishedFile,
        Seen, TagKind, TagRecord, Tree, Unread,
    },
    framed::{Frame, FrameHash, Framed, MAX_FRAMES},
    release::{ArtifactName, ObjectId, RepositoryName, Sha256},
    text::Untrusted,
};
use jiff::Timestamp;
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
    published: SavedSeen<SavedPublished>,
    tree: SavedSeen<SavedTree>,
    security_policy: SavedSeen<SavedItem>,
    advisories: SavedSeen<Sha256>,
    /// Not in packs of versions that asked no logs, nor where none was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log_entries: Option<SavedEntries>,
}

/// What logs answered, by envelope.
type SavedEntries = SavedSeen<BTreeMap<Sha256, SavedSeen<Vec<SavedItem>>>>;

/// The one field that every format has.
#[derive(Deserialize)]
struct AnyFormat {
    format: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum SavedSeen<T> {
    Present(T),
    Absent { looked_at: Vec<String> },
    Unavailable { reason: String },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedItem {
    sha256: Sha256,
    origin: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedTag {
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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedBranches {
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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedPublished {
    files: BTreeMap<ArtifactName, SavedFile>,
    unread: Vec<SavedUnread>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedFile {
    size: Option<u64>,
    digests: BTreeMap<String, String>,
    bytes: SavedBytes,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    framed: Vec<SavedFrame>,
    content: Option<SavedItem>,
}

/// A hash over a file and what a signature puts before and after it, in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedFrame {
    hash: String,
    before: String,
    after: String,
    value: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SavedBytes {
    Rehashed,
    Recorded,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedUnread {
    name: String,
    why: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedTree {
    files: BTreeMap<String, SavedSeen<SavedItem>>,
    foreign: Vec<String>,
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
            published: SavedSeen::of(&evidence.published, |published| SavedPublished::of(published, blobs))?,
            tree: SavedSeen::of(&evidence.tree, |tree| SavedTree::of(tree, blobs))?,
            security_policy: SavedSeen::of(&evidence.security_policy, |item| SavedItem::of(item, blobs))?,
            advisories: SavedSeen::of(&evidence.advisories, |snapshot| {
                let bytes = snapshot.to_bytes();
                let sha256 = Sha256::of(&bytes);
                blobs.add_bytes(sha256, bytes.into())?;
                Ok(sha256)
            })?,
            log_entries: log_entries(&evidence.log_entries, blobs)?,
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
            published: self.published.seen(|published| published.published(blobs))?,
            tree: self.tree.seen(|tree| tree.tree(blobs))?,
            security_policy: self.security_policy.seen(|item| item.item(blobs))?,
            advisories: self
                .advisories
                .seen(|sha256| Snapshot::from_bytes(&blobs.take(sha256)?).map_err(PackError::Advisories))?,
            log_entries: match self.log_entries {
                Some(saved) => saved.seen(|answers| loaded_entries(answers, blobs))?,
                None => Seen::unavailable(NO_LOG_ASKED),
            },
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

impl<T> SavedSeen<T> {
    fn of<'a, U>(
        seen: &'a Seen<U>,
        save: impl FnOnce(&'a U) -> Result<T, PackError>,
    ) -> Result<Self, PackError> {
        Ok(match seen {
            Seen::Present(value) => Self::Present(save(value)?),
            Seen::Absent { looked_at } => Self::Absent { looked_at: looked_at.clone() },
            Seen::Unavailable { reason } => Self::Unavailable { reason: reason.clone() },
        })
    }

    fn seen<U>(self, load: impl FnOnce(T) -> Result<U, PackError>) -> Result<Seen<U>, PackError> {
        Ok(match self {
            Self::Present(value) => Seen::Present(load(value)?),
            Self::Absent { looked_at } => Seen::Absent { looked_at },
            Self::Unavailable { reason } => Seen::Unavailable { reason },
        })
    }
}

impl SavedItem {
    fn of<'a>(item: &'a Item, blobs: &mut Blobs<'a>) -> Result<Self, PackError> {
        blobs.add(item)?;
        Ok(Self { sha256: item.sha256, origin: item.origin.clone() })
    }

    fn item(self, blobs: &mut Loaded) -> Result<Item, PackError> {
        Ok(Item { sha256: self.sha256, origin: self.origin, bytes: blobs.take(self.sha256)? })
    }
}

impl SavedTag {
    fn of(tag: &TagRecord) -> Self {
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

    fn record(self) -> TagRecord {
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

impl SavedBranches {
    fn of(branches: &Branches) -> Self {
        let default = branches.default.as_ref().map(|default| SavedDefault {
            name: default.name.clone(),
            said_by: default.said_by.clone(),
            commit: default.commit.clone(),
        });
        Self { default, names: branches.names.clone(), contains_tag: branches.contains_tag }
    }

    fn branches(self) -> Branches {
        let default = self.default.map(|default| DefaultBranch {
            name: default.name,
            said_by: default.said_by,
            commit: default.commit,
        });
        Branches { default, names: self.names, contains_tag: self.contains_tag }
    }
}

impl SavedPublished {
    fn of<'a>(published: &'a Published, blobs: &mut Blobs<'a>) -> Result<Self, PackError> {
        let mut files = BTreeMap::new();
        for (name, file) in &published.files {
            files.insert(name.clone(), SavedFile::of(file, blobs)?);
        }
        let unread = published
            .unread
            .iter()
            .map(|unread| SavedUnread { name: unread.name.raw().to_owned(), why: unread.why.clone() })
            .collect();
        Ok(Self { files, unread })
    }

    fn published(self, blobs: &mut Loaded) -> Result<Published, PackError> {
        let mut files = BTreeMap::new();
        for (name, file) in self.files {
            let file = file.file(&name, blobs)?;
            files.insert(name, file);
        }
        let unread = self
            .unread
            .into_iter()
            .map(|unread| Unread { name: Untrusted::new(unread.name), why: unread.why })
            .collect();
        Ok(Published { files, unread })
    }
}

impl SavedFile {
    fn of<'a>(file: &'a PublishedFile, blobs: &mut Blobs<'a>) -> Result<Self, PackError> {
        Ok(Self {
            size: file.size,
            digests: file
                .digests
                .iter()
                .map(|d| (d.algorithm().name().to_owned(), d.hex().to_owned()))
                .collect(),
            bytes: match file.bytes {
                Bytes::Rehashed => SavedBytes::Rehashed,
                Bytes::Recorded => SavedBytes::Recorded,
            },
            framed: file.framed.iter().map(SavedFrame::of).collect(),
            content: file.content.as_ref().map(|item| SavedItem::of(item, blobs)).transpose()?,
        })
    }

    fn file(self, name: &ArtifactName, blobs: &mut Loaded) -> Result<PublishedFile, PackError> {
        let digests =
            digests(&self.digests).map_err(|cause| PackError::Digests { name: name.clone(), cause })?;
        let contradiction = || PackError::Contradiction { about: name.to_string() };
        // What is never computed here was not written here either.
        if digests.iter().count() != self.digests.len() {
            return Err(contradiction());
        }
        let content = self.content.map(|item| item.item(blobs)).transpose()?;
        if let Some(item) = &content {
            let is_same_size = self.size == Some(item.bytes.len() as u64);
            if !is_same_size || digests.sha256().hex() != item.sha256.to_string() {
                return Err(contradiction());
            }
        }
        let bytes = match self.bytes {
            SavedBytes::Rehashed => Bytes::Rehashed,
            SavedBytes::Recorded => Bytes::Recorded,
        };
        let framed = self.framed.into_iter().map(SavedFrame::framed).collect::<Option<Vec<_>>>();
        let framed = framed.filter(|list| list.len() <= MAX_FRAMES).ok_or_else(contradiction)?;
        Ok(PublishedFile { size: self.size, digests, bytes, framed, content })
    }
}

impl SavedFrame {
    fn of(framed: &Framed) -> Self {
        let Framed { frame, value } = framed;
        Self {
            hash: frame.hash.name().to_owned(),
            before: hex::encode(&frame.before),
            after: hex::encode(&frame.after),
            value: hex::encode(value),
        }
    }

    /// `None` for what was never written here.
    fn framed(self) -> Option<Framed> {
        let hash = FrameHash::from_name(&self.hash)?;
        let (before, after) = (hex::decode(self.before).ok()?, hex::decode(self.after).ok()?);
        let value = hex::decode(self.value).ok().filter(|value| value.len() == hash.bytes())?;
        Some(Framed { frame: Frame { hash, before, after }, value })
    }
}

fn digests(saved: &BTreeMap<String, String>) -> Result<Digests, DigestError> {
    let mut list = Vec::new();
    for (name, hex) in saved {
        list.push(Digest::parse(Algorithm::from_digest_set_key(name), hex)?);
    }
    Digests::recorded(list)
}

impl SavedTree {
    fn of<'a>(tree: &'a Tree, blobs: &mut Blobs<'a>) -> Result<Self, PackError> {
        let mut files = BTreeMap::new();
        for (path, seen) in &tree.files {
            files.insert(path.clone(), SavedSeen::of(seen, |item| SavedItem::of(item, blobs))?);
        }
        Ok(Self { files, foreign: tree.foreign.clone() })
    }

    fn tree(self, blobs: &mut Loaded) -> Result<Tree, PackError> {
        let mut files = BTreeMap::new();
        for (path, seen) in self.files {
            files.insert(path, seen.seen(|item| item.item(blobs))?);
        }
        Ok(Tree { files, foreign: self.foreign })
    }
}
