//! What was found in published files: the lists as blobs, the rest as words.

use super::super::{Blobs, Loaded, PackError};
use crate::{
    inside::{BuildList, Contents, Inside, LISTS, ListKind, Unopened},
    release::Sha256,
};
use serde::{Deserialize, Serialize};

/// What a file that was looked through holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedContents {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lists: Vec<SavedList>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    silent: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unread: Vec<SavedUnopened>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedList {
    member: String,
    kind: String,
    sha256: Sha256,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedUnopened {
    member: String,
    why: String,
}

impl SavedContents {
    /// `None` for what nobody looked into.
    pub(super) fn of<'a>(inside: &'a Inside, blobs: &mut Blobs<'a>) -> Result<Option<Self>, PackError> {
        let Inside::Looked(contents) = inside else { return Ok(None) };
        let mut lists = Vec::new();
        for BuildList { member, kind, bytes } in &contents.lists {
            let sha256 = Sha256::of(bytes);
            blobs.add_bytes(sha256, bytes.as_slice().into())?;
            lists.push(SavedList { member: member.clone(), kind: kind.word().to_owned(), sha256 });
        }
        let unread = contents.unread.iter();
        let unread =
            unread.map(|Unopened { member, why }| SavedUnopened { member: member.clone(), why: why.clone() });
        Ok(Some(Self { lists, silent: contents.silent.clone(), unread: unread.collect() }))
    }

    /// `None` for what was never written here.
    pub(super) fn contents(self, blobs: &mut Loaded) -> Result<Option<Contents>, PackError> {
        if self.lists.len() > LISTS {
            return Ok(None);
        }
        let mut contents = Contents { silent: self.silent, ..Contents::default() };
        for SavedList { member, kind, sha256 } in self.lists {
            let Some(kind) = ListKind::from_word(&kind) else { return Ok(None) };
            contents.lists.push(BuildList { member, kind, bytes: blobs.take(sha256)? });
        }
        let unread = self.unread.into_iter();
        contents.unread = unread.map(|SavedUnopened { member, why }| Unopened { member, why }).collect();
        Ok(Some(contents))
    }
}
