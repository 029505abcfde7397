//! What was seen, was not there, or could not be looked at; and items by their digests.
//!
//! The rule that must not be broken: the three are kept apart, so that what could not be looked at is never loaded as
//! absent.

use super::super::{Blobs, Loaded, PackError};
use crate::{
    evidence::{Item, Seen},
    release::Sha256,
};
use serde::{Deserialize, Serialize};

/// [`Seen`] as it is written.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum SavedSeen<T> {
    Present(T),
    Absent { looked_at: Vec<String> },
    Unavailable { reason: String },
}

impl<T> SavedSeen<T> {
    pub(super) fn of<'a, U>(
        seen: &'a Seen<U>,
        save: impl FnOnce(&'a U) -> Result<T, PackError>,
    ) -> Result<Self, PackError> {
        Ok(match seen {
            Seen::Present(value) => Self::Present(save(value)?),
            Seen::Absent { looked_at } => Self::Absent { looked_at: looked_at.clone() },
            Seen::Unavailable { reason } => Self::Unavailable { reason: reason.clone() },
        })
    }

    pub(super) fn seen<U>(self, load: impl FnOnce(T) -> Result<U, PackError>) -> Result<Seen<U>, PackError> {
        Ok(match self {
            Self::Present(value) => Seen::Present(load(value)?),
            Self::Absent { looked_at } => Seen::Absent { looked_at },
            Self::Unavailable { reason } => Seen::Unavailable { reason },
        })
    }
}

/// An item: its bytes are a blob.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedItem {
    sha256: Sha256,
    origin: String,
}

impl SavedItem {
    pub(super) fn of<'a>(item: &'a Item, blobs: &mut Blobs<'a>) -> Result<Self, PackError> {
        blobs.add(item)?;
        Ok(Self { sha256: item.sha256, origin: item.origin.clone() })
    }

    pub(super) fn item(self, blobs: &mut Loaded) -> Result<Item, PackError> {
        Ok(Item { sha256: self.sha256, origin: self.origin, bytes: blobs.take(self.sha256)? })
    }
}
