//! `--wait`: what is waited for, by what the policy requires.
//!
//! The rule that must not be broken: what decides here is only whether it is worth asking again. What counts in the end is
//! judged like everything else.

use crate::{
    checks,
    collect::{waiting::Patience, without_provenance},
    evidence::Published,
    facts::checksum_file::{ChecksumFile, looks_like_checksum_file},
    outcome::{Finding, Level, Status, Subject},
    policy::Policy,
    proof,
    release::ArtifactName,
};
use jiff::Timestamp;
use std::{collections::BTreeSet, sync::Arc, time::Duration};

/// What is waited for, for so long, where a release is judged by `policy`, or only collected.
pub fn patience(
    at_most: Option<Duration>,
    policy: Option<&Arc<Policy>>,
    tag: &str,
    as_of: Timestamp,
) -> Option<Patience> {
    let Some(policy) = policy.map(Arc::clone) else {
        return Some(Patience::new(at_most?, Arc::new(without_provenance)));
    };
    let tag = tag.to_owned();
    let lacking = move |published: &Published| {
        let policy = policy.for_tag(&tag);
        let of = |rule: &str, names: Vec<ArtifactName>| {
            names.into_iter().filter(|name| requires(policy, rule, name, as_of)).collect::<BTreeSet<_>>()
        };
        let mut lacking = of("provenance/missing", without_provenance(published));
        lacking.extend(of("signatures/unsigned", unsigned(published)));
        lacking.into_iter().collect()
    };
    Some(Patience::new(at_most?, Arc::new(lacking)))
}

/// Whether a failure of this rule about `name` would count.
fn requires(policy: &Policy, rule: &str, name: &ArtifactName, as_of: Timestamp) -> bool {
    let check = rule.split('/').next().unwrap_or(rule);
    let Some(rule) = checks::all_rules().find(|known| known.id == rule) else { return true };
    let failure = Finding::fail(rule, Subject::artifact(name), "");
    let counts = |finding: Finding| finding.status == Status::Fail && finding.level == Level::Require;
    policy.level(check) == Level::Require && policy.apply(failure, as_of).is_some_and(counts)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::folder::{Limits, NO_FRAMES, read_folder};

    fn at() -> Timestamp {
        "2026-01-06T00:00:00Z".parse().unwrap()
    }

    fn published(files: &[(&str, &str)]) -> Published {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        read_folder(folder.path(), Limits::default(), NO_FRAMES).unwrap()
    }

    fn names(all: &[ArtifactName]) -> Vec<&str> {
        all.iter().map(ArtifactName::as_str).collect()
    }

    #[test]
    fn what_nothing_claims_to_sign_is_unsigned() {
        let list = format!("{}  b.zip\n", "0".repeat(64));
        let one =
            [("a.zip", "a"), ("b.zip", "b"), ("c.zip", "c"), ("c.zip.asc", "-----BEGIN PGP SIGNATURE-----")];
        assert_eq!(names(&unsigned(&published(&one))), ["a.zip", "b.zip"]);
        // A list speaks for what it lists only where it is signed itself.
        let listed = [&one[..], &[("SHA256SUMS", &list)]].concat();
        assert_eq!(names(&unsigned(&published(&listed))), ["a.zip", "b.zip"]);
        let signed = [&listed[..], &[("SHA256SUMS.minisig", "untrusted comment: x")]].concat();
        assert_eq!(names(&unsigned(&published(&signed))), ["a.zip"]);
    }

    #[test]
    fn only_what_the_policy_requires_is_waited_for() {
        let files = published(&[("a.zip", "a"), ("b.zip", "b"), ("b.zip.sig", "AAAA")]);
        let waiver = "[[waiver]]\nrule = \"provenance/missing\"\nsubject = \"a.zip\"\nreason = \"old\"\nuntil = \"2026-02-01\"\n";
        for (text, expected) in [
            ("", &["a.zip", "b.zip"][..]),
            ("[levels]\nprovenance = \"warn\"\n", &["a.zip"]),
            ("[levels]\n\"provenance/missing\" = \"skip\"\n", &["a.zip"]),
            ("[levels]\nprovenance = \"skip\"\nsignatures = \"warn\"\n", &[]),
            ("[levels]\nprovenance = \"skip\"\n\"signatures/unsigned\" = \"warn\"\n", &[]),
            (&format!("[levels]\nsignatures = \"skip\"\n{waiver}"), &["b.zip"]),
        ] {
            let policy = Arc::new(Policy::parse("p.toml", text).unwrap());
            let patience = patience(Some(Duration::from_secs(1)), Some(&policy), "v1.0.0", at()).unwrap();
            assert_eq!(names(&patience.lacking(&files)), expected, "{text}");
        }
        let collecting = patience(Some(Duration::from_secs(1)), None, "v1.0.0", at()).unwrap();
        assert_eq!(names(&collecting.lacking(&files)), ["a.zip", "b.zip"]);
        assert!(patience(None, None, "v1.0.0", at()).is_none());
    }
}
