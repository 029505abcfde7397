//! A whole release whose provenance is a bare envelope: judged with the log's answer, without it, and again from its
//! evidence pack, where no network is.

use relcheck::collect::rekor::{Wanted, look_up};
use relcheck::collect::transport::{Offline, Transport};
use relcheck::evaluate::evaluate;
use relcheck::evidence::{Evidence, NO_LOG_ASKED, Seen, pack};
use relcheck::outcome::{Status, Verdict};
use relcheck::proof::sigstore::bare::without_entry;
use relcheck::report::{Report, json};
use serde_json::Value;

use crate::kit::bundle::Fault;
use crate::kit::log::EntryFault;
use crate::kit::rekor::{Bare, LOG, network};
use crate::kit::release::Release;
use crate::kit::spoil::{Spoil, Which};
use crate::kit::transport::{Scripted, status};
use crate::run::relcheck;
use crate::stage::{AS_OF, Stage};

const PROVENANCE: &str = "widget-1.2.3.intoto.jsonl";

/// A release by slsa-github-generator as it was up to v2.0.
fn old_fashioned(release: Release) -> (Stage, Bare) {
    let stage = Stage::set(&Release { by_slsa_generator: true, ..release });
    let bundle: Value = serde_json::from_slice(&stage.read(PROVENANCE)).unwrap();
    let bare = Bare::of(&bundle);
    stage.publish(PROVENANCE, &bare.file());
    (stage, bare)
}

fn asked(stage: &Stage, transport: &dyn Transport) -> Evidence {
    let mut evidence = stage.gather();
    assert_eq!(evidence.log_entries, Seen::unavailable(NO_LOG_ASKED));
    let wanted: Vec<Wanted> = without_entry(&stage.read(PROVENANCE))
        .into_iter()
        .map(|(envelope, payload)| Wanted { envelope, payload })
        .collect();
    evidence.log_entries = look_up(&wanted, &[LOG.to_owned()], transport);
    evidence
}

fn judged(stage: &Stage, evidence: &Evidence) -> Report {
    evaluate(evidence, &stage.trust(), &stage.policy(), stage.as_of)
}

/// Every finding of `status`, as `rule: message`.
fn said(report: &Report, status: Status) -> Vec<String> {
    let findings = report.checks.iter().flat_map(|check| &check.findings);
    let of_status = findings.filter(|finding| finding.status == status);
    of_status.map(|finding| format!("{}: {}", finding.rule.id, finding.message)).collect()
}

#[test]
fn a_bare_envelope_whose_entry_the_log_has_is_provenance() {
    let (stage, bare) = old_fashioned(Release::good());
    let report = judged(&stage, &asked(&stage, &network(&[&bare])));
    assert_eq!(report.verdict, Verdict::Verified, "{}", json::render(&report));
}

#[test]
fn without_its_entry_it_has_no_time_and_the_reason_says_what_to_do() {
    let (stage, bare) = old_fashioned(Release::good());
    let other = network(&[]);
    let busy = Scripted::new(|url, _| Some(Err(status(url, 429))));
    let page = Scripted::new(|_, _| Some(Ok(b"<html>".to_vec())));
    let cases: [(Evidence, &str); 5] = [
        (stage.gather(), "collect the evidence again without --offline"),
        (asked(&stage, &Offline), "run without --offline"),
        (asked(&stage, &other), "no entry about its payload is in https://rekor.kit.test"),
        (asked(&stage, &busy), "answered 429; wait for the rate limit to end"),
        (asked(&stage, &page), "is not a list of entries"),
    ];
    for (evidence, words) in cases {
        let report = judged(&stage, &evidence);
        assert_eq!(report.verdict, Verdict::Undetermined, "{words}: {}", json::render(&report));
        let undetermined = said(&report, Status::Undetermined);
        let about = undetermined.iter().find(|text| text.starts_with("provenance/no-time"));
        assert!(about.is_some_and(|text| text.contains(words)), "{words}: {undetermined:#?}");
        let failed = said(&report, Status::Fail);
        assert!(
            !failed.iter().any(|text| text.starts_with("provenance/") || text.starts_with("signatures/")),
            "{failed:#?}"
        );
    }
    drop(bare);
}

#[test]
fn an_entry_that_is_not_its_own_or_does_not_verify_is_against_the_release() {
    let provenance = |fault| Release::good().spoil(Spoil::Bundle(Which::Provenance, fault));
    let cases = [
        (Fault::EntryOfOther, "another signature"),
        (Fault::EntryOfOtherSigner, "another certificate"),
        (Fault::Entry(EntryFault::PromiseBroken), "SET verification failed"),
        (Fault::Entry(EntryFault::ProofBroken), "inclusion proof"),
        (Fault::Entry(EntryFault::CheckpointBroken), "heckpoint"),
        (Fault::Entry(EntryFault::UnknownLog), "no Sigstore instance"),
        (Fault::TooLate, "not valid when the signature was made"),
    ];
    for (fault, words) in cases {
        let (stage, bare) = old_fashioned(provenance(fault));
        let report = judged(&stage, &asked(&stage, &network(&[&bare])));
        assert_eq!(report.verdict, Verdict::Rejected, "{fault:?}");
        let failed = said(&report, Status::Fail);
        assert!(failed.iter().any(|text| text.contains(words)), "{fault:?}: {failed:#?}");
    }
    eprintln!("{} entries against a release", cases.len());
}

#[test]
fn a_replay_from_the_pack_gives_the_same_bytes_with_and_without_an_answer() {
    let (stage, bare) = old_fashioned(Release::good());
    let busy = Scripted::new(|url, _| Some(Err(status(url, 429))));
    let collected = [
        asked(&stage, &network(&[&bare])),
        asked(&stage, &busy),
        asked(&stage, &network(&[])),
        stage.gather(),
    ];
    for (n, evidence) in collected.iter().enumerate() {
        let folder = stage.folder.path().join(format!("pack-{n}"));
        pack::save(evidence, &folder).unwrap();
        let loaded = pack::load(&folder).unwrap();
        assert!(loaded == *evidence);
        assert_eq!(json::render(&judged(&stage, evidence)), json::render(&judged(&stage, &loaded)));
    }
}

#[test]
fn a_pack_of_a_version_that_asked_no_log_still_loads() {
    let (stage, _) = old_fashioned(Release::good());
    let folder = stage.folder.path().join("pack");
    pack::save(&stage.gather(), &folder).unwrap();
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    assert!(!manifest.contains("log_entries"), "its form is that of the version before");
    assert_eq!(pack::load(&folder).unwrap().log_entries, Seen::unavailable(NO_LOG_ASKED));
}

#[test]
fn an_entry_in_a_pack_that_was_changed_is_refused() {
    let (stage, bare) = old_fashioned(Release::good());
    let folder = stage.folder.path().join("pack");
    pack::save(&asked(&stage, &network(&[&bare])), &folder).unwrap();
    let blob = folder.join("blobs").join(relcheck::release::Sha256::of(&bare.answer()).to_string());
    let mut bytes = std::fs::read(&blob).unwrap();
    bytes[9] ^= 1;
    std::fs::write(&blob, bytes).unwrap();
    assert!(matches!(pack::load(&folder), Err(pack::PackError::Altered { .. })));
}

#[test]
fn the_program_judges_such_a_pack_without_a_network_and_asks_nobody_with_offline() {
    let (stage, bare) = old_fashioned(Release::good());
    pack::save(&asked(&stage, &network(&[&bare])), &stage.folder.path().join("pack")).unwrap();
    let here = stage.folder.path();
    let by = ["v1.2.3", "--as-of", AS_OF, "--trusted-root", "trusted_root.json"];
    let replay = [&["verify", "--evidence", "pack"], &by[..]].concat();
    relcheck(here, replay).expect("a pack", 0, &["verified"]);
    let online = ["verify", "--repo", "widget.git", "--assets", "published", "--advisories", "advisories"];
    let offline = [&online[..], &["--offline"], &by[..]].concat();
    let ran = relcheck(here, offline).expect("offline", 3, &["provenance/no-time", "run without --offline"]);
    assert!(!ran.stderr.contains("asking"), "{}", ran.stderr);
    // The log's name leads nowhere: that is no answer, and no proof that there is no entry.
    let ran = relcheck(here, [&online[..], &by[..]].concat()).expect("online", 3, &["provenance/no-time"]);
    assert!(
        ran.stderr
            .contains("note: asking https://log2.rekor.kit.test, https://rekor.kit.test about 1 envelope"),
        "{}",
        ran.stderr
    );
    let collect =
        ["collect", "v1.2.3", "--repo", "widget.git", "--assets", "published", "--save-evidence", "kept"];
    relcheck(here, [&collect[..], &["--offline"]].concat()).expect("collect", 0, &["evidence about v1.2.3"]);
    let manifest = std::fs::read_to_string(here.join("kept/manifest.json")).unwrap();
    assert!(manifest.contains("--offline opens no socket"), "the pack says why no log was asked");
}

#[test]
fn a_release_of_bundles_asks_nobody() {
    let stage = Stage::set(&Release::good());
    let by =
        ["verify", "v1.2.3", "--as-of", AS_OF, "--trusted-root", "trusted_root.json", "--repo", "widget.git"];
    let from = ["--assets", "published", "--advisories", "advisories"];
    let ran =
        relcheck(stage.folder.path(), [&by[..], &from[..]].concat()).expect("bundles", 0, &["verified"]);
    assert!(!ran.stderr.contains("asking"), "{}", ran.stderr);
}
