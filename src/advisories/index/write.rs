//! The bytes of an index: the same for the same databases, in whatever order they are given.

use super::codec::{Writer, own_title};
use super::words::Numbers;
use super::{Compiled, DIGEST, FORMAT, Header, INDEX_LIMIT, IndexError, MAGIC, PREFIX, ROW, key, place};
use crate::advisories::{advisory::Advisory, lock::Ecosystem};
use std::collections::BTreeMap;

/// A package, behind its key.
type Key<'a> = (u64, Ecosystem, &'a str);

/// The entry of each package, sorted by its key.
fn blobs<'a>(databases: &'a [Compiled], numbers: &Numbers<'_>) -> BTreeMap<Key<'a>, Vec<u8>> {
    let mut packages: BTreeMap<Key<'a>, Vec<(usize, &Advisory)>> = BTreeMap::new();
    for (source, database) in databases.iter().enumerate() {
        for advisory in &database.advisories {
            let package = advisory.package.as_str();
            let key = (key(advisory.ecosystem, package), advisory.ecosystem, package);
            packages.entry(key).or_default().push((source, advisory));
        }
    }
    let blob = |(key, mut advisories): (Key<'a>, Vec<(usize, &'a Advisory)>)| {
        advisories.sort_by(|one, two| (&one.1.id, one.0, one.1).cmp(&(&two.1.id, two.0, two.1)));
        let mut writer = Writer::default();
        writer.number(place(key.1));
        writer.word(key.2);
        writer.number(advisories.len() as u64);
        for (source, advisory) in advisories {
            writer.number(source as u64);
            writer.advisory(advisory, numbers);
        }
        (key, writer.0)
    };
    packages.into_iter().map(blob).collect()
}

/// The bytes of the index of `databases`.
pub fn write(mut databases: Vec<Compiled>) -> Result<Vec<u8>, IndexError> {
    databases.sort_by(|one, two| one.source.cmp(&two.source));
    if let Some(two) = databases.windows(2).find(|two| two[0].source.name == two[1].source.name) {
        return Err(IndexError::SameName(two[0].source.name.clone()));
    }
    if databases.iter().all(|database| database.source.advisories == 0) {
        return Err(IndexError::Empty);
    }
    let header = Header {
        builder: format!("relcheck {}", env!("CARGO_PKG_VERSION")),
        sources: databases.iter().map(|database| database.source.clone()).collect(),
    };
    let advisories = databases.iter().flat_map(|database| &database.advisories);
    let (numbers, words) = Numbers::of(advisories.map(|advisory| own_title(advisory).0));
    written(&header, &words, &blobs(&databases, &numbers))
}

fn written(header: &Header, words: &[u8], blobs: &BTreeMap<Key<'_>, Vec<u8>>) -> Result<Vec<u8>, IndexError> {
    let header = serde_json::to_vec(header).expect("strings, numbers and lists always serialise");
    let length: usize = blobs.values().map(Vec::len).sum();
    let total = PREFIX + header.len() + words.len() + blobs.len() * ROW + length + DIGEST;
    if total > INDEX_LIMIT {
        return Err(IndexError::TooLarge);
    }
    let mut bytes = Vec::with_capacity(total);
    bytes.extend_from_slice(MAGIC);
    for number in [FORMAT, header.len() as u32, blobs.len() as u32, words.len() as u32] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(&(length as u64).to_le_bytes());
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(words);
    let mut start = 0u32;
    for ((key, ..), blob) in blobs {
        bytes.extend_from_slice(&key.to_le_bytes());
        bytes.extend_from_slice(&start.to_le_bytes());
        bytes.extend_from_slice(&(blob.len() as u32).to_le_bytes());
        start += blob.len() as u32;
    }
    blobs.values().for_each(|blob| bytes.extend_from_slice(blob));
    Ok(sealed(bytes))
}

/// With the digest that an index ends with.
pub fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let digest = blake3::hash(&bytes);
    bytes.extend_from_slice(digest.as_bytes());
    bytes
}
