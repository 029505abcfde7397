//! What a forge itself keeps of attestations about published files, and that the release does not carry.

use super::{
    download::{at_a_time, held},
    forge, sidecar,
};
use crate::{
    evidence::{Published, Seen, Unread},
    release::ArtifactName,
    text::Untrusted,
};
use rayon::prelude::*;
use std::{collections::BTreeSet, sync::Arc};

/// Most files that a forge is asked about.
const MAX_FILES: usize = 1000;

/// Adds the forge's attestations about files that the release publishes no provenance of, each as the file that
/// `NAME.attestations.json` would be. What the forge could not say is in [`Published::unread`].
pub(super) fn add(api: &forge::Api, published: &mut Published) {
    let wanted = with_digests(published);
    let answers: Vec<_> = at_a_time(|| {
        let ask = |place: usize, sha256: &str| match place {
            0..MAX_FILES => api.attestations(sha256),
            _ => Seen::unavailable(format!("the forge is asked about {MAX_FILES} files at most")),
        };
        wanted.par_iter().enumerate().map(|(place, (name, sha256))| (name, ask(place, sha256))).collect()
    });
    for (name, seen) in answers {
        let beside = beside(name);
        let why = match (seen, ArtifactName::parse(&beside)) {
            (Seen::Absent { .. }, _) => continue,
            (Seen::Unavailable { reason }, _) => reason,
            (Seen::Present(_), None) => "its name is too long for a file beside it".to_owned(),
            (Seen::Present(_), Some(beside)) if published.files.contains_key(&beside) => {
                format!(
                    "the release has a file of this name, so what the forge attests of {name} has no place"
                )
            }
            (Seen::Present(answer), Some(beside)) => {
                let file = held(beside.as_str(), &answer.url, answer.bytes);
                published.files.insert(beside, Arc::new(file));
                continue;
            }
        };
        published.unread.push(Unread { name: Untrusted::new(beside), why });
    }
    published.unread.sort();
}

/// The name of the file that a forge's attestations about `name` are kept as.
pub(super) fn beside(name: &ArtifactName) -> String {
    format!("{name}.attestations.json")
}

/// Takes over what the forge attested of the files that are still the same.
pub(super) fn keep(earlier: &Published, published: &mut Published) {
    let same = published.files.iter().filter(|(name, file)| {
        earlier.files.get(*name).is_some_and(|before| before.digests.sha256() == file.digests.sha256())
    });
    let kept: Vec<_> = same
        .filter_map(|(name, _)| ArtifactName::parse(&beside(name)))
        .filter(|beside| !published.files.contains_key(beside))
        .filter_map(|beside| Some((beside.clone(), earlier.files.get(&beside)?.clone())))
        .collect();
    published.files.extend(kept);
}

/// The published files that people use and that no other one claims to be provenance of. Whether it is, shows when it is
/// verified.
pub fn without_provenance(published: &Published) -> Vec<ArtifactName> {
    with_digests(published).into_iter().map(|(name, _)| name).collect()
}

/// The same with the SHA-256 of each.
fn with_digests(published: &Published) -> Vec<(ArtifactName, String)> {
    let contents: Vec<&[u8]> =
        published.files.values().filter_map(|file| Some(file.content.as_ref()?.bytes.as_slice())).collect();
    let provided: BTreeSet<String> =
        contents.into_par_iter().flat_map_iter(sidecar::claims_provenance_of).collect();
    (published.files.iter())
        .filter(|(name, _)| sidecar::may_be_artifact(name.as_str()))
        .map(|(name, file)| (name.clone(), file.digests.sha256().hex().to_owned()))
        .filter(|(_, sha256)| !provided.contains(sha256))
        .collect()
}
