//! What a forge itself keeps of attestations about published files, and that the release does not carry.

use super::{
    download::{at_a_time, held},
    forge, sidecar,
};
use crate::{
    evidence::{Published, Seen, Unread},
    proof,
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
    let wanted = without_provenance(published);
    let answers: Vec<_> = at_a_time(|| {
        let ask = |place: usize, sha256: &str| match place {
            0..MAX_FILES => api.attestations(sha256),
            _ => Seen::unavailable(format!("the forge is asked about {MAX_FILES} files at most")),
        };
        wanted.par_iter().enumerate().map(|(place, (name, sha256))| (name, ask(place, sha256))).collect()
    });
    for (name, seen) in answers {
        let beside = format!("{name}.attestations.json");
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
                published.files.insert(beside, Arc::new(held(&answer.url, answer.bytes)));
                continue;
            }
        };
        published.unread.push(Unread { name: Untrusted::new(beside), why });
    }
    published.unread.sort();
}

/// The published files, with their SHA-256, that no file of the release claims to be provenance of.
fn without_provenance(published: &Published) -> Vec<(ArtifactName, String)> {
    let contents: Vec<&[u8]> =
        published.files.values().filter_map(|file| Some(file.content.as_ref()?.bytes.as_slice())).collect();
    let provided: BTreeSet<String> =
        contents.into_par_iter().flat_map_iter(sidecar::claims_provenance_of).collect();
    (published.files.iter())
        .filter(|(name, _)| proof::recognise(name.as_str()).is_none())
        .map(|(name, file)| (name.clone(), file.digests.sha256().hex().to_owned()))
        .filter(|(_, sha256)| !provided.contains(sha256))
        .collect()
}
