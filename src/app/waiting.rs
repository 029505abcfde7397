//! `--wait`: what is waited for, by what the policy requires.
//!
//! The rule that must not be broken: what decides here is only whether it is worth asking again. What counts in the end is
//! judged like everything else.

use crate::{
    collect::{
        waiting::{Lacking, Patience},
        without_provenance,
    },
    evidence::Published,
    facts::checksum_file::{ChecksumFile, looks_like_checksum_file},
    outcome::Level,
    policy::Policy,
    proof,
    release::ArtifactName,
};
use std::{collections::BTreeSet, sync::Arc, time::Duration};

/// What is waited for, for so long, where a release is judged by `policy`, or only collected.
pub fn patience(at_most: Option<Duration>, policy: Option<&Policy>, tag: &str) -> Option<Patience> {
    let required = |rule: &str| {
        let check = rule.split('/').next().unwrap_or(rule);
        let level = |id: &str| policy.map_or(Level::Require, |policy| policy.for_tag(tag).level(id));
        level(check) == Level::Require && level(rule) == Level::Require
    };
    let lacking: Lacking = match (required("provenance/missing"), required("signatures/unsigned")) {
        (true, _) => Arc::new(without_provenance),
        (false, true) => Arc::new(unsigned),
        (false, false) => Arc::new(|_| Vec::new()),
    };
    Some(Patience::new(at_most?, lacking))
}

/// The published files that people use, and that nothing claims to sign, to attest, or to list and be signed itself.
fn unsigned(published: &Published) -> Vec<ArtifactName> {
    let names = || published.files.keys().map(ArtifactName::as_str);
    let about: BTreeSet<&str> =
        names().filter_map(|name| proof::recognise(name).map(|(_, about)| about)).collect();
    let mut listed = BTreeSet::new();
    for (name, file) in &published.files {
        let list = proof::recognise(name.as_str()).map_or(name.as_str(), |(_, about)| about);
        let Some(item) = file.content.as_ref().filter(|_| looks_like_checksum_file(list)) else { continue };
        let is_signed = about.contains(name.as_str()) || proof::openpgp::is_cleartext(&item.bytes);
        if let Ok(list) = ChecksumFile::parse(list, &item.bytes)
            && is_signed
        {
            listed.extend(list.entries().iter().map(|entry| entry.name.clone()));
        }
    }
    let mut lacking = without_provenance(published);
    lacking.retain(|name| !about.contains(name.as_str()) && !listed.contains(name.as_str()));
    lacking
}
