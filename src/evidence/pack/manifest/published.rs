//! The published files: sizes, digests, framed hashes and, where they were kept, contents.
//!
//! The rule that must not be broken: what contradicts itself is refused: a size or digest, of whatever algorithm, that is
//! not that of the content, and digests or frames that are never written here. A signature is over one of the digests, and
//! another of them says what the file is.

use super::super::{Blobs, Loaded, PackError};
use super::inside::SavedContents;
use super::seen::SavedItem;
use crate::{
    digest::{Algorithm, Algorithms, Digest, DigestError, Digests, Hashing},
    evidence::{Bytes, Published, PublishedFile, Unread},
    framed::{Frame, FrameHash, Framed, MAX_FRAMES},
    inside::Inside,
    release::ArtifactName,
    text::Untrusted,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// The published files as they are written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedPublished {
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
    /// Not in packs of versions that did not look, nor of files that nobody could look into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inside: Option<SavedContents>,
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

impl SavedPublished {
    pub(super) fn of<'a>(published: &'a Published, blobs: &mut Blobs<'a>) -> Result<Self, PackError> {
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

    pub(super) fn published(self, blobs: &mut Loaded) -> Result<Published, PackError> {
        let mut files = BTreeMap::new();
        for (name, file) in self.files {
            let file = file.file(&name, blobs)?;
            files.insert(name, Arc::new(file));
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
            inside: SavedContents::of(&file.inside, blobs)?,
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
            let is_as_hashed = hashed(&item.bytes, &digests) == (self.size, digests.clone());
            // Hashes over a content and what is around it are computed from it whenever they are needed.
            if !is_as_hashed || !self.framed.is_empty() {
                return Err(contradiction());
            }
        }
        let bytes = match self.bytes {
            SavedBytes::Rehashed => Bytes::Rehashed,
            SavedBytes::Recorded => Bytes::Recorded,
        };
        let framed = self.framed.into_iter().map(SavedFrame::framed).collect::<Option<Vec<_>>>();
        let framed = framed.filter(|list| list.len() <= MAX_FRAMES).ok_or_else(contradiction)?;
        let inside = match self.inside {
            Some(saved) => Inside::Looked(saved.contents(blobs)?.ok_or_else(contradiction)?),
            None => Inside::NotLooked,
        };
        Ok(PublishedFile { size: self.size, digests, bytes, framed, inside, content })
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

/// The size of a content, and its digests of the same algorithms as `recorded`.
fn hashed(content: &[u8], recorded: &Digests) -> (Option<u64>, Digests) {
    let algorithms = recorded.iter().fold(Algorithms::SHA256, |all, digest| all.with(digest.algorithm()));
    let mut hashing = Hashing::new(algorithms);
    hashing.update(content);
    let (size, digests) = hashing.finish();
    (Some(size), digests)
}

fn digests(saved: &BTreeMap<String, String>) -> Result<Digests, DigestError> {
    let mut list = Vec::new();
    for (name, hex) in saved {
        list.push(Digest::parse(Algorithm::from_digest_set_key(name), hex)?);
    }
    Digests::recorded(list)
}
