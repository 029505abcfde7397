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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        digest::{Algorithms, hash_reader},
        evidence::{Bytes, Item, Published, PublishedFile, Seen},
        facts::files::With,
        inside::Inside,
        trust::TrustRoots,
    };
    use jiff::Timestamp;
    use std::{collections::BTreeMap, sync::Arc};

    fn named(name: &str) -> ArtifactName {
        ArtifactName::parse(name).unwrap()
    }

    /// Published files of these names and contents, sorted.
    fn sorted(contents: &[(&str, &str)]) -> Files {
        let file = |name: &str, text: &str| PublishedFile {
            size: Some(text.len() as u64),
            digests: hash_reader(text.as_bytes(), Algorithms::SHA256).unwrap().1,
            bytes: Bytes::Rehashed,
            framed: Vec::new(),
            inside: Inside::NotLooked,
            content: Some(Item::new(name, text.into())),
        };
        let files = contents.iter().map(|(name, text)| (named(name), Arc::new(file(name, text))));
        let published = Published { files: files.collect(), unread: Vec::new() };
        let log_entries = Seen::Present(BTreeMap::new());
        let (trust, as_of) = (TrustRoots::of(Vec::new()), Timestamp::UNIX_EPOCH);
        Files::sort(&published, &With { log_entries: &log_entries, trust: &trust, as_of })
    }

    #[test]
    fn a_published_file_is_found_in_each_list_that_names_it_once_and_in_no_other() {
        let of = |text: &str| crate::digest::Digest::sha256_of(text.as_bytes()).hex().to_owned();
        let (own, other) = (of("a"), of("b"));
        let (twice, wrong) =
            (format!("{own}  a\n{other}  b\n{own}  a\n"), format!("{other}  a\n{own}  gone\n"));
        let files = sorted(&[
            ("a", "a"),
            ("b", "b"),
            ("c", "c"),
            ("SHA256SUMS", &twice),
            ("a.sha256", &wrong),
            ("MD5SUMS", "0cc175b9c0f1b6a831c399e269772661  a\n"),
            ("broken.sha256", "a\n"),
        ]);
        let lists = |found: Vec<&ChecksumFact>| -> Vec<String> {
            found.into_iter().map(|list| list.file.to_string()).collect()
        };
        let naming = |name: &str| lists(files.naming(&named(name)).collect());
        let listing = |name: &str| lists(files.listing(&named(name)).collect());
        assert_eq!(
            (naming("a"), listing("a")),
            (
                ["MD5SUMS", "SHA256SUMS", "a.sha256"].map(str::to_owned).to_vec(),
                vec!["SHA256SUMS".to_owned()]
            )
        );
        assert_eq!(
            (naming("b"), listing("b")),
            (vec!["SHA256SUMS".to_owned()], vec!["SHA256SUMS".to_owned()])
        );
        assert!(naming("c").is_empty() && naming("gone").is_empty());
        assert!(files.is_made_from("MD5SUMS", &named("MD5SUMS")));
        assert!(!files.is_made_from("a", &named("SHA256SUMS")), "nobody signed anything");
    }
}
