//! The same evidence gives the same report: saved and loaded, twice, in another time zone; and evidence that was
//! changed in its pack is not judged as if it had not been.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;
use relcheck::evaluate::evaluate;
use relcheck::evidence::{Branches, Evidence, Seen, pack};
use relcheck::outcome::{Status, Verdict};
use relcheck::policy::Policy;
use relcheck::release::ObjectId;
use relcheck::report::{Report, json};
use relcheck::trust::{Origin, SigstoreRoot, TrustRoots};

use crate::json_places::places;
use crate::kit::release::Release;
use crate::matrix::{shapes, spoilt_releases};
use crate::stage::{AS_OF, Stage};

/// The report of the evidence at hand, and of the same evidence after it was saved and loaded.
fn now_and_later(stage: &Stage) -> Option<(String, String)> {
    let evidence = stage.try_gather().ok()?;
    let folder = stage.folder.path().join("pack");
    pack::save(&evidence, &folder).unwrap();
    let loaded = pack::load(&folder).unwrap();
    assert!(loaded == evidence);
    let (trust, policy) = (stage.trust(), stage.policy());
    let judge = |evidence| json::render(&evaluate(evidence, &trust, &policy, stage.as_of));
    Some((judge(&evidence), judge(&loaded)))
}

#[test]
fn saved_evidence_gives_the_same_report_byte_for_byte() {
    let mut releases = shapes();
    releases.extend(spoilt_releases());
    let judged: Vec<bool> = releases
        .par_iter()
        .map(|release| match now_and_later(&Stage::set(release)) {
            Some((now, later)) => {
                assert_eq!(now, later, "{release:?}");
                true
            }
            None => false,
        })
        .collect();
    let replayed = judged.iter().filter(|replayed| **replayed).count();
    assert_eq!(judged.len() - replayed, 1, "only the release without a tag has no evidence");
    eprintln!("{replayed} releases saved, loaded and judged again: the same bytes");
}

/// What `edit` makes of the evidence of a good release is judged: the findings of the rule, with their statuses.
fn said(rule: &str, edit: impl FnOnce(&mut Evidence)) -> Vec<(Status, String)> {
    let stage = Stage::set(&Release::good());
    let mut evidence = stage.gather();
    edit(&mut evidence);
    let report = evaluate(&evidence, &stage.trust(), &stage.policy(), stage.as_of);
    let findings = report.checks.into_iter().flat_map(|check| check.findings);
    findings.filter(|it| it.rule.id == rule).map(|it| (it.status, it.message)).collect()
}

#[test]
fn a_branch_that_nobody_knows_is_not_passed_over() {
    let of = |branches: Seen<Branches>| said("tag/not-on-branch", |evidence| evidence.branches = branches);
    assert!(matches!(said("tag/not-on-branch", |_| {}).as_slice(), [(Status::Pass, _)]));
    let without = Branches { default: None, names: Vec::new(), contains_tag: Some(true) };
    for branches in [Seen::Absent { looked_at: Vec::new() }, Seen::Present(without)] {
        let unknown =
            "whether the commit is on the default branch is not known: the clone has no such branch";
        assert_eq!(of(branches), [(Status::Undetermined, unknown.to_owned())]);
    }
}

#[test]
fn a_tag_object_is_that_of_the_tag_and_of_its_commit() {
    assert_eq!(said("tag/object", |_| {}), []);
    let other = "1111111111111111111111111111111111111111";
    let found = said("tag/object", |evidence| {
        let Seen::Present(record) = &mut evidence.tag_record else { panic!("there is a tag") };
        record.commit = ObjectId::parse(other).unwrap();
    });
    let [(Status::Fail, message)] = found.as_slice() else { panic!("{found:?}") };
    assert!(message.ends_with(&format!(", and not to {other}")), "{message}");
    let unknown =
        said("tag/unsigned", |evidence| evidence.tag_object = Seen::Absent { looked_at: Vec::new() });
    let why = "whether v1.2.3 is signed is not known: its object is not in the evidence";
    assert_eq!(unknown, [(Status::Undetermined, why.to_owned())]);
}

#[test]
fn a_tag_of_later_than_the_moment_judged_is_not_there_yet() {
    let made_in = |hours: i64| {
        said("tag/missing", |evidence| {
            let Seen::Present(record) = &mut evidence.tag_record else { panic!("there is a tag") };
            record.time = Some(AS_OF.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours));
        })
    };
    assert_eq!(made_in(24), []);
    let message = "v1.2.3 was made at 2026-01-07T01:00:00Z, after the moment that is judged";
    assert_eq!(made_in(25), [(Status::Undetermined, message.to_owned())]);
}

#[test]
fn a_tag_without_a_time_was_there_when_it_was_seen_and_before_that_nobody_knows() {
    let seen_in = |hours: i64| {
        said("tag/missing", |evidence| {
            let Seen::Present(record) = &mut evidence.tag_record else { panic!("there is a tag") };
            record.time = None;
            evidence.collected_at = AS_OF.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours);
        })
    };
    assert_eq!(seen_in(24), [], "it is judged as it is now");
    let message = "v1.2.3 does not say when it was made, and was seen only after the moment that is judged";
    assert_eq!(seen_in(25), [(Status::Undetermined, message.to_owned())]);
}

/// `tests/fixtures/pack-format-1` is never written anew: whoever kept such a pack can have it judged.
#[test]
fn a_pack_of_the_first_version_of_the_format_is_judged_as_ever() {
    let fixture = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/pack-format-1"));
    let manifest = std::fs::read_to_string(fixture.join("evidence/manifest.json")).unwrap();
    for later in ["listing", "log_entries", "trusted_roots"] {
        assert!(manifest.starts_with("{\n  \"format\": 1,\n") && !manifest.contains(later), "{later}");
    }
    let evidence = pack::load(&fixture.join("evidence")).unwrap();
    let root = std::fs::read(fixture.join("trusted_root.json")).unwrap();
    let trust = TrustRoots::of(vec![SigstoreRoot::parse("kit", Origin::File, &root).unwrap()]);
    let policy = Policy::built_in("default").unwrap();
    let judge = |trust| evaluate(&evidence, trust, &policy, AS_OF.parse().unwrap());
    let report = judge(&trust);
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(report.release.artifacts.len(), 3);
    assert_ne!(
        judge(&TrustRoots::embedded().unwrap()).verdict,
        Verdict::Verified,
        "by roots that know nobody"
    );
    // As one file too.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pack.tar.zst");
    pack::save_file(&evidence, &file).unwrap();
    assert_eq!(pack::load(&file).unwrap(), evidence);
}

/// The program, on the release in `root`.
fn relcheck(root: &Path, time_zone: &str, arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_relcheck"))
        .current_dir(root)
        .env("TZ", time_zone)
        .env("NO_COLOR", "1")
        .arg("verify")
        .args(["--as-of", AS_OF, "--trusted-root", "trusted_root.json"])
        .args(arguments)
        .arg("v1.2.3")
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{complaint}");
    output
}

const COLLECT: [&str; 6] = ["--repo", "widget.git", "--assets", "published", "--advisories", "advisories"];

#[test]
fn every_output_is_the_same_on_two_runs_and_in_two_time_zones() {
    let stage = Stage::set(&Release::good());
    let root = &stage.written.root;
    for format in ["json", "human", "markdown", "vsa"] {
        let run = |zone: &str| relcheck(root, zone, &[&COLLECT[..], &["--format", format]].concat()).stdout;
        let first = run("Asia/Tokyo");
        assert!(!first.is_empty(), "{format}");
        for zone in ["Asia/Tokyo", "America/New_York", "UTC", "Pacific/Kiritimati"] {
            assert!(run(zone) == first, "{format} in {zone}");
        }
    }
}

#[test]
fn the_program_judges_a_saved_pack_as_it_judged_the_release() {
    let stage = Stage::set(&Release::good());
    let root = &stage.written.root;
    let save = ["--format", "json", "--save-evidence", "pack"];
    let now = relcheck(root, "Asia/Tokyo", &[&COLLECT[..], &save].concat()).stdout;
    for part in ["widget.git", "published", "advisories"] {
        std::fs::remove_dir_all(root.join(part)).unwrap();
    }
    let later = relcheck(root, "America/New_York", &["--format", "json", "--evidence", "pack"]).stdout;
    assert!(now == later);
}

/// Every file of a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

/// A pack in a folder of its own.
struct Pack {
    stage: Stage,
    folder: PathBuf,
}

impl Pack {
    fn of_good_release() -> Self {
        let stage = Stage::set(&Release::good());
        let folder = stage.folder.path().join("pack");
        pack::save(&stage.gather(), &folder).unwrap();
        Self { stage, folder }
    }

    /// What is said of it when one byte of a file is another one; nothing when it is refused.
    fn with(&self, file: &Path, bytes: &[u8], at: usize, to: u8) -> Option<Report> {
        let mut changed = bytes.to_vec();
        changed[at] = to;
        std::fs::write(file, &changed).unwrap();
        let loaded = pack::load(&self.folder);
        std::fs::write(file, bytes).unwrap();
        let (trust, policy) = (self.stage.trust(), self.stage.policy());
        loaded.ok().map(|evidence| evaluate(&evidence, &trust, &policy, self.stage.as_of))
    }
}

#[test]
fn a_pack_with_a_changed_blob_is_refused() {
    let pack = Pack::of_good_release();
    let mut tried = 0;
    for (file, bytes) in files(&pack.folder.join("blobs")) {
        // Every blob is hashed whole: a few places of each tell as much as all of them.
        for at in (0..bytes.len()).step_by(1 + bytes.len() / 40) {
            assert!(pack.with(&file, &bytes, at, bytes[at] ^ 1).is_none(), "{} byte {at}", file.display());
            tried += 1;
        }
        for other in [&bytes[..bytes.len() - 1], &[&bytes[..], b"\n"].concat(), b""] {
            std::fs::write(&file, other).unwrap();
            assert!(pack::load(&pack.folder).is_err(), "{}", file.display());
            tried += 1;
        }
        std::fs::remove_file(&file).unwrap();
        assert!(pack::load(&pack.folder).is_err(), "{} is gone", file.display());
        std::fs::write(&file, &bytes).unwrap();
    }
    assert!(pack::load(&pack.folder).is_ok());
    eprintln!("blobs: {tried} changes, all refused");
}

/// What of a manifest a flipped bit may change without another verdict: what is written in no report or decides
/// nothing, and names of signatures, which bind by digest. A pack is no proof: whoever can write to it can write another.
const UNDECIDED: &[&str] = &[
    "/tag_object/present/origin",
    "/branches/",
    "/collected_at",
    // What claims rest on; the policy of this release makes none that decides.
    "/project/",
    "/published/present/files/*/content/origin",
    "/published/present/files/*/size",
    "/published/present/files/*",
    "/security_policy/present/origin",
    "/tag_record/present/time",
    "/tags/",
    // With another number how Go builds is not known, and this release has nothing that Go built.
    "/tree/present/builds_looked_for",
    "/tree/present/files/*/present/origin",
];

/// Whether a place of the manifest is one of [`UNDECIDED`]; a `*` is one segment, a final `/` all that is below.
fn is_undecided(pointer: &str) -> bool {
    UNDECIDED.iter().any(|pattern| {
        let (below, pattern) = match pattern.strip_suffix('/') {
            Some(pattern) => (true, pattern),
            None => (false, *pattern),
        };
        let (wanted, found): (Vec<&str>, Vec<&str>) =
            (pattern.split('/').collect(), pointer.split('/').collect());
        let fits = wanted.iter().zip(&found).all(|(one, other)| *one == "*" || one == other);
        fits && if below { found.len() >= wanted.len() } else { found.len() == wanted.len() }
    })
}

#[test]
fn a_pack_with_a_changed_manifest_never_verifies_other_files_or_another_commit() {
    let pack = Pack::of_good_release();
    let manifest = pack.folder.join("manifest.json");
    let bytes = std::fs::read(&manifest).unwrap();
    let good = pack.stage.judge();
    let digests = |report: &Report| {
        let artifacts = report.release.artifacts.iter();
        artifacts.map(|one| (one.name.clone(), one.sha256)).collect::<Vec<_>>()
    };
    let (mut refused, mut not_verified, mut verified) = (0, 0, 0);
    for (at, place) in places(&bytes).iter().enumerate() {
        match pack.with(&manifest, &bytes, at, bytes[at] ^ 1) {
            None => refused += 1,
            Some(report) if report.verdict != Verdict::Verified => not_verified += 1,
            Some(report) => {
                verified += 1;
                assert!(is_undecided(&place.pointer), "{} byte {at}", place.pointer);
                assert_eq!(digests(&report), digests(&good), "{}", place.pointer);
                assert_eq!(report.release.commit, good.release.commit, "{}", place.pointer);
                assert_eq!(report.release.tag, good.release.tag, "{}", place.pointer);
            }
        }
    }
    assert!(refused > bytes.len() / 2 && not_verified > 0);
    eprintln!(
        "manifest: {} changes, {refused} refused, {not_verified} not verified, {verified} verified all the same",
        bytes.len()
    );
}
