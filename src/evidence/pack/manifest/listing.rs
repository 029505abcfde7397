//! What a forge said of a release, written down.

use super::PackError;
use crate::{
    digest::Digest,
    evidence::{Listed, Listing, Stage},
    release::ObjectId,
    text::Untrusted,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedListing {
    origin: String,
    stage: SavedStage,
    is_immutable: Option<bool>,
    published_at: Option<Timestamp>,
    commit: Option<ObjectId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    also: Vec<String>,
    files: Vec<SavedListed>,
    generated: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SavedStage {
    Draft,
    PreRelease,
    Full,
    Published,
    Indexed,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedListed {
    name: String,
    size: Option<u64>,
    /// `ALGORITHM:HEX`.
    digest: Option<String>,
    updated_at: Option<Timestamp>,
}

impl SavedListing {
    pub(super) fn of(listing: &Listing) -> Self {
        Self {
            origin: listing.origin.clone(),
            stage: match listing.stage {
                Stage::Draft => SavedStage::Draft,
                Stage::PreRelease => SavedStage::PreRelease,
                Stage::Full => SavedStage::Full,
                Stage::Published => SavedStage::Published,
                Stage::Indexed => SavedStage::Indexed,
            },
            is_immutable: listing.is_immutable,
            published_at: listing.published_at,
            commit: listing.commit.clone(),
            also: listing.also.clone(),
            files: listing.files.iter().map(SavedListed::of).collect(),
            generated: listing.generated.clone(),
        }
    }

    pub(super) fn listing(self) -> Result<Listing, PackError> {
        Ok(Listing {
            origin: self.origin,
            stage: match self.stage {
                SavedStage::Draft => Stage::Draft,
                SavedStage::PreRelease => Stage::PreRelease,
                SavedStage::Full => Stage::Full,
                SavedStage::Published => Stage::Published,
                SavedStage::Indexed => Stage::Indexed,
            },
            is_immutable: self.is_immutable,
            published_at: self.published_at,
            commit: self.commit,
            also: self.also,
            files: self.files.into_iter().map(SavedListed::listed).collect::<Result<_, _>>()?,
            generated: self.generated,
        })
    }
}

impl SavedListed {
    fn of(listed: &Listed) -> Self {
        Self {
            name: listed.name.raw().to_owned(),
            size: listed.size,
            digest: listed.digest.as_ref().map(ToString::to_string),
            updated_at: listed.updated_at,
        }
    }

    fn listed(self) -> Result<Listed, PackError> {
        let digest = match self.digest {
            Some(text) => Some(Digest::from_prefixed(&text).ok_or(PackError::Edited)?),
            None => None,
        };
        Ok(Listed { name: Untrusted::new(self.name), size: self.size, digest, updated_at: self.updated_at })
    }
}
