//! Which checksum files list a published file: there may be thousands of both, so that each list is gone through once.

use super::{ChecksumFact, Cover, Files};
use crate::{digest::Agreement, release::ArtifactName};
use std::collections::{BTreeSet, HashMap};

/// What is found by the name of a published file.
#[derive(Default)]
pub(super) struct Lists {
    /// The checksum files that list it, by their place in [`Files::checksums`].
    naming: HashMap<ArtifactName, Vec<usize>>,
    /// Of a checksum file, the files that hold a signature over it.
    signed_in: HashMap<ArtifactName, BTreeSet<ArtifactName>>,
}

impl Lists {
    /// Those of files whose signatures are verified.
    pub(super) fn of(files: &Files) -> Self {
        let mut lists = Self::default();
        for (place, list) in files.checksums.iter().enumerate() {
            let entries = list.listed.as_ref().map_or(&[][..], |listed| listed.entries());
            for entry in entries {
                let Some((name, _)) = files.all.get_key_value(entry.name.as_str()) else { continue };
                let places = lists.naming.entry(name.clone()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
            let signatures = files.speaking_of(&list.file).filter(|(_, cover)| **cover == Cover::Bound);
            let holders = signatures.map(|(fact, _)| fact.file.clone());
            lists.signed_in.entry(list.file.clone()).or_default().extend(holders);
        }
        lists
    }
}

impl Files {
    /// The checksum files that list `name`, with whatever digest.
    pub fn naming(&self, name: &ArtifactName) -> impl Iterator<Item = &ChecksumFact> {
        let places = self.lists.naming.get(name).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| &self.checksums[*place])
    }

    /// The checksum files that list strong digests of `name`, all of which are its own.
    pub fn listing<'a>(&'a self, name: &'a ArtifactName) -> impl Iterator<Item = &'a ChecksumFact> {
        let digests = self.all.get(name).map(|file| &file.digests);
        self.naming(name).filter(move |fact| {
            let Ok(listed) = &fact.listed else { return false };
            let mut strong =
                listed.digests_of(name.as_str()).filter(|d| d.algorithm().is_strong()).peekable();
            strong.peek().is_some()
                && strong.all(|digest| digests.is_some_and(|own| own.agrees(digest) == Agreement::Same))
        })
    }

    /// Whether the file called `name` was made from the checksum file `list`, which then cannot hold its digest: it is the
    /// list itself, or holds a signature over it.
    pub fn is_made_from(&self, name: &str, list: &ArtifactName) -> bool {
        let holders = self.lists.signed_in.get(list);
        name == list.as_str() || holders.is_some_and(|holders| holders.contains(name))
    }
}
