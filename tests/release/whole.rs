//! The release as a whole: what a forge shows of it, and everything that speaks of its files, spoilt one thing at a time. Each
//! spoilt release is judged again from its pack, with the same bytes.

use jiff::{SignedDuration, Timestamp};
use relcheck::collect::folder::NO_FRAMES;
use relcheck::collect::{Assets, RepositoryAt, Request, gather};
use relcheck::digest::Digest;
use relcheck::evaluate::evaluate;
use relcheck::evidence::{Evidence, Listed, Listing, Seen, Stage as Shown, Unread, pack};
use relcheck::release::{ArtifactName, ObjectId};
use relcheck::report::{Report, json};
use relcheck::text::Untrusted;

use crate::kit::bundle::Content;
use crate::kit::certificates::Identity;
use crate::kit::release::Release;
use crate::kit::spoil::{Spoil, Which};
use crate::kit::statement::{Build, Provenance, Subject};
use crate::stage::{CRATE, LINUX, MACOS, Stage, aside, at, bundle, outcome, said};

const PUBLISHED: &str = "2026-01-05T12:00:00Z";

/// The release of `evidence`, as a forge that says everything shows it.
pub fn listing(evidence: &Evidence) -> Listing {
    let published = at(PUBLISHED);
    let files = &evidence.published.present().unwrap().files;
    let files = files.iter().map(|(name, file)| Listed {
        name: Untrusted::new(name.as_str()),
        size: file.size,
        digest: Some(file.digests.sha256().clone()),
        updated_at: Some(published + SignedDuration::from_secs(5)),
    });
    Listing {
        origin: "https://forge.example/releases/1".to_owned(),
        stage: Shown::Full,
        is_immutable: None,
        published_at: Some(published),
        commit: evidence.tag_record.present().map(|record| record.commit.clone()),
        also: Vec::new(),
        files: files.collect(),
        generated: vec!["Source code (zip)".to_owned(), "Source code (tar.gz)".to_owned()],
    }
}

/// The evidence of a release on such a forge, with one thing changed.
fn listed(stage: &Stage, change: impl FnOnce(&mut Listing)) -> Evidence {
    let mut evidence = stage.gather();
    let mut listing = listing(&evidence);
    change(&mut listing);
    evidence.listing = Some(Seen::Present(listing));
    evidence
}

/// The judgement; that of the saved evidence has the same bytes.
fn judged(stage: &Stage, evidence: &Evidence) -> Report {
    let (trust, policy) = (stage.trust(), stage.policy());
    let report = evaluate(evidence, &trust, &policy, stage.as_of);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pack");
    pack::save(evidence, &path).unwrap();
    let loaded = pack::load(&path).unwrap();
    assert!(loaded == *evidence);
    assert_eq!(json::render(&evaluate(&loaded, &trust, &policy, stage.as_of)), json::render(&report));
    report
}

/// The outcome, and what was said aside other than that the kit's tags are not signed.
fn told(report: &Report) -> String {
    let aside: Vec<String> = aside(report).into_iter().filter(|one| one != "tag/unsigned fail").collect();
    if aside.is_empty() { outcome(report) } else { format!("{} | {}", outcome(report), aside.join(", ")) }
}

fn file<'a>(listing: &'a mut Listing, name: &str) -> &'a mut Listed {
    listing.files.iter_mut().find(|file| file.name.raw() == name).unwrap()
}

fn late(listing: &mut Listing, hours: i64) {
    file(listing, LINUX).updated_at = Some(at(PUBLISHED) + SignedDuration::from_hours(hours));
}

fn name(text: &str) -> ArtifactName {
    ArtifactName::parse(text).unwrap()
}

type Change = fn(&mut Listing);

#[test]
fn what_a_forge_says_otherwise_is_told_by_its_rule() {
    let stage = Stage::set(&Release::good());
    let rows: [(&str, Change, &str); 25] = [
        ("nothing", |_| {}, "verified"),
        ("a draft", |it| it.stage = Shown::Draft, "rejected: release/draft fail"),
        ("a mark", |it| it.stage = Shown::PreRelease, "verified | release/pre-release fail"),
        ("a forge without marks", |it| it.stage = Shown::Published, "verified"),
        ("a lock", |it| it.is_immutable = Some(true), "verified"),
        ("no lock", |it| it.is_immutable = Some(false), "verified | release/mutable fail"),
        (
            "another digest",
            |it| file(it, LINUX).digest = Some(Digest::sha256_of(b"other")),
            "rejected: release/digest-mismatch fail",
        ),
        (
            "another digest of a sidecar",
            |it| file(it, "SHA256SUMS").digest = Some(Digest::sha256_of(b"other")),
            "rejected: release/digest-mismatch fail",
        ),
        ("another size", |it| file(it, CRATE).size = Some(1), "rejected: release/digest-mismatch fail"),
        (
            "a digest that nobody computes",
            |it| file(it, LINUX).digest = Digest::from_prefixed(&format!("sha3_256:{}", "a".repeat(64))),
            "undetermined: release/digest-mismatch undetermined",
        ),
        (
            "a weak digest",
            |it| file(it, LINUX).digest = Digest::from_prefixed(&format!("md5:{}", "a".repeat(32))),
            "verified",
        ),
        (
            "no digests, sizes and times",
            |it| it.files.iter_mut().for_each(|it| (it.digest, it.size, it.updated_at) = (None, None, None)),
            "verified",
        ),
        ("a file that came after a day", |it| late(it, 23), "verified"),
        ("a file that came later", |it| late(it, 25), "verified | release/asset-changed fail"),
        (
            "a file of the end of time",
            |it| file(it, LINUX).updated_at = Some(Timestamp::MAX),
            "verified | release/asset-changed fail",
        ),
        ("a release of the end of time", |it| it.published_at = Some(Timestamp::MAX), "verified"),
        ("no time of publication", |it| it.published_at = None, "verified"),
        (
            "another commit",
            |it| it.commit = ObjectId::parse(&"c".repeat(40)),
            "rejected: release/tag-moved fail",
        ),
        ("a branch for a commit", |it| it.commit = None, "verified"),
        (
            "two releases",
            |it| it.also = vec!["https://forge.example/releases/2".to_owned()],
            "rejected: release/ambiguous fail",
        ),
        ("two files of a name", |it| it.files.push(it.files[0].clone()), "rejected: release/ambiguous fail"),
        (
            "a file that was not fetched",
            |it| it.files.push(Listed { name: Untrusted::new("widget.exe"), ..it.files[0].clone() }),
            "undetermined: release/digest-mismatch undetermined",
        ),
        (
            "a file that was not fetched, and looks like another",
            |it| it.files.push(Listed { name: Untrusted::new(LINUX.to_uppercase()), ..it.files[0].clone() }),
            "undetermined: release/digest-mismatch undetermined | release/look-alike fail",
        ),
        (
            "a file that is not listed",
            |it| it.files.retain(|file| file.name.raw() != MACOS),
            "rejected: release/digest-mismatch fail",
        ),
        ("nothing listed", |it| it.files.clear(), "rejected: release/digest-mismatch fail"),
    ];
    for (what, change, expected) in &rows {
        let report = judged(&stage, &listed(&stage, change));
        assert_eq!(told(&report), *expected, "{what}");
    }
    eprintln!("{} forges that say something otherwise, each judged twice", rows.len());
}

#[test]
fn both_names_of_the_tag_are_the_commit_of_the_release() {
    let stage = Stage::set(&Release::good());
    let mut evidence = listed(&stage, |_| {});
    let object = evidence.tag_record.present().unwrap().object.clone();
    let Some(Seen::Present(listing)) = &mut evidence.listing else { panic!("it is listed") };
    listing.commit = Some(object);
    assert_eq!(told(&judged(&stage, &evidence)), "verified");
}

#[test]
fn a_pre_release_that_is_shown_to_everybody_is_told() {
    let stage = Stage::set(&Release::good());
    for (tag, shown, expected) in [
        ("v1.2.4-rc.1", Shown::Full, true),
        ("v1.2.4-rc.1", Shown::PreRelease, false),
        ("v1.2.4-rc.1", Shown::Published, false),
        ("v1.2.3", Shown::Full, false),
        ("nightly", Shown::Full, false),
    ] {
        let mut evidence = listed(&stage, |it| it.stage = shown);
        evidence.tag = Untrusted::new(tag);
        let told = said(
            &evaluate(&evidence, &stage.trust(), &stage.policy(), stage.as_of),
            "release/not-pre-release",
        );
        assert_eq!(!told.is_empty(), expected, "{tag} {shown:?}: {told:?}");
    }
}

#[test]
fn how_long_files_may_come_is_the_policys() {
    for (hours, late_by, expected) in [
        (48, 47, "verified"),
        (48, 49, "verified | release/asset-changed fail"),
        (0, 1, "verified | release/asset-changed fail"),
    ] {
        let mut stage = Stage::set(&Release::good());
        stage.policy = stage.policy.replace("settle-hours = 24", &format!("settle-hours = {hours}"));
        let report = judged(&stage, &listed(&stage, |it| late(it, late_by)));
        assert_eq!(told(&report), expected, "{hours}");
    }
    let mut stage = Stage::set(&Release::good());
    stage.policy = stage.policy.replace(
        "release = \"require\"\n",
        "release = \"require\"\n\"release/asset-changed\" = \"require\"\n",
    );
    let report = judged(&stage, &listed(&stage, |it| late(it, 300)));
    assert_eq!(told(&report), "rejected: release/asset-changed fail");
    let message = format!("{LINUX}: {LINUX} was uploaded or changed 12 days after the release was published");
    assert_eq!(said(&report, "release/asset-changed"), [message]);
}

#[test]
fn a_release_that_could_not_be_looked_at_is_never_a_pass() {
    let stage = Stage::set(&Release::good());
    let absent = || Seen::Absent { looked_at: vec!["the releases of forge.example/acme/widget".to_owned()] };
    for lost in [absent(), Seen::unavailable("answered 503")] {
        let mut evidence = listed(&stage, |_| {});
        evidence.listing = Some(lost);
        assert_eq!(told(&judged(&stage, &evidence)), "undetermined: release/missing undetermined");
        evidence.published = Seen::unavailable("answered 503");
        assert!(told(&judged(&stage, &evidence)).contains("release/missing undetermined"));
    }
    let mut evidence = listed(&stage, |_| {});
    let Seen::Present(published) = &mut evidence.published else { panic!("it is published") };
    published.files.remove(&name("SHA256SUMS.sigstore.json")).unwrap();
    let unread = Untrusted::new("SHA256SUMS.sigstore.json");
    published.unread.push(Unread { name: unread, why: "it answered 503".to_owned() });
    let expected = "undetermined: checksums/unreadable undetermined, release/digest-mismatch undetermined, \
                    signatures/unreadable undetermined";
    assert_eq!(told(&judged(&stage, &evidence)), expected);
    let Seen::Present(published) = &mut evidence.published else { panic!("it is published") };
    published.files.clear();
    published.unread.clear();
    evidence.listing = None;
    assert!(told(&judged(&stage, &evidence)).contains("release/missing undetermined"));
}

#[test]
fn a_file_whose_bytes_nobody_read_does_not_agree_with_the_forges_digest() {
    let stage = Stage::set(&Release::good());
    let whole = listed(&stage, |_| {});
    let digests = whole.published.present().unwrap().files.iter();
    let entries = digests.map(|(name, file)| (name.to_string(), file.digests.sha256().clone())).collect();
    let mut recorded = gather(Request {
        repository: RepositoryAt::Folder(stage.written.repository()),
        repository_name: None,
        tag: stage.written.tag.clone(),
        assets: Assets::Digests { entries, list: None, list_is_published: false },
        advisories: &relcheck::collect::NO_DATABASES,
        frames: NO_FRAMES,
        now: stage.as_of,
    })
    .unwrap();
    recorded.listing = whole.listing;
    let report = judged(&stage, &recorded);
    let told = said(&report, "release/digest-mismatch");
    assert!(
        told.contains(&format!("{LINUX}: {LINUX} is published, and its bytes were not read")),
        "{told:?}"
    );
    assert!(said(&report, "release/consistent").is_empty());
}

#[test]
fn every_side_of_a_disagreement_is_named() {
    let short =
        |digest: &Digest| digest.to_string().chars().take("sha256:".len() + 16).collect::<String>() + "…";
    let other = Digest::sha256_of(b"another file");
    for (spoil, expected, said_by) in [
        (
            Spoil::ChecksumWrong(0),
            "rejected: checksums/mismatch fail, release/digest-mismatch fail",
            "its bytes, what widget-1.2.3.intoto.jsonl attests and the forge's list say OWN; SHA256SUMS says OTHER",
        ),
        (
            Spoil::SubjectDigest(0),
            "rejected: provenance/unbound fail, release/digest-mismatch fail, signatures/unbound fail",
            "its bytes, SHA256SUMS and the forge's list say OWN; what widget-1.2.3.intoto.jsonl attests says OTHER",
        ),
    ] {
        let stage = Stage::set(&Release::good().spoil(spoil));
        let report = judged(&stage, &listed(&stage, |_| {}));
        assert_eq!(told(&report), expected);
        let own = short(&Digest::sha256_of(&stage.read(LINUX)));
        let message = said_by.replace("OWN", &own).replace("OTHER", &short(&other));
        assert_eq!(said(&report, "release/digest-mismatch"), [format!("{LINUX}: {LINUX}: {message}")]);
    }
    // An exchanged file, and a list that was written anew for it.
    let stage = Stage::set(&Release::good().spoil(Spoil::ArtifactChanged(0)));
    let report = judged(&stage, &listed(&stage, |_| {}));
    let message = &said(&report, "release/digest-mismatch")[0];
    assert!(message.contains(": its bytes and the forge's list say sha256:"), "{message}");
    assert!(
        message.contains("; SHA256SUMS and what widget-1.2.3.intoto.jsonl attests say sha256:"),
        "{message}"
    );
}

#[test]
fn a_strangers_statement_tells_neither_for_nor_against_a_release() {
    let stage = Stage::set(&Release::good());
    let statement = Provenance::v1(
        &Build::of_tag("v1.2.3", &stage.written.commit),
        vec![Subject::of(LINUX, b"other bytes"), Subject::of(MACOS, &stage.read(MACOS))],
    );
    let own = Identity::workflow(&Build::of_tag("v1.2.3", &stage.written.commit));
    for (who, counts) in [
        (own.clone(), true),
        (
            own.clone().named("https://github.com/mallory/widget/.github/workflows/x.yml@refs/tags/v1.2.3"),
            false,
        ),
        (own.issued_by("https://mallory.example"), false),
    ] {
        stage.publish("more.intoto.jsonl", &bundle(&Content::provenance(&statement), &who));
        let told = said(&judged(&stage, &stage.gather()), "release/digest-mismatch");
        assert_eq!(!told.is_empty(), counts, "{told:?}");
        assert!(told.iter().all(|text| text.contains("what more.intoto.jsonl attests says")), "{told:?}");
    }
    // Nor does what does not verify.
    let broken = Release::good().spoil(Spoil::SubjectDigest(0));
    let fault = crate::kit::bundle::Fault::SignatureBroken;
    let stage = Stage::set(&broken.spoil(Spoil::Bundle(Which::Provenance, fault)));
    assert!(said(&judged(&stage, &stage.gather()), "release/digest-mismatch").is_empty());
}

#[test]
fn where_nothing_speaks_of_the_files_nothing_agrees() {
    let mut stage = Stage::set(&Release::good());
    for check in ["checksums", "signatures", "provenance"] {
        stage.policy =
            stage.policy.replace(&format!("\n{check} = \"require\""), &format!("\n{check} = \"skip\""));
    }
    let mut evidence = stage.gather();
    let Seen::Present(published) = &mut evidence.published else { panic!("it is published") };
    published.files.retain(|name, _| [LINUX, MACOS, CRATE].contains(&name.as_str()));
    assert_eq!(told(&judged(&stage, &evidence)), "undetermined: release/digest-mismatch undetermined");
    // The forge's own digests are something; its sizes are not.
    for (has_digests, expected) in
        [(true, "verified"), (false, "undetermined: release/digest-mismatch undetermined")]
    {
        let mut listing = listing(&evidence);
        if !has_digests {
            listing.files.iter_mut().for_each(|file| file.digest = None);
        }
        evidence.listing = Some(Seen::Present(listing));
        assert_eq!(told(&judged(&stage, &evidence)), expected);
    }
}

#[test]
fn names_that_differ_in_case_alone_are_told() {
    let stage = Stage::set(&Release::good());
    let bundle = format!("{CRATE}.sigstore.json");
    stage.publish(&format!("Widget{}", &bundle["widget".len()..]), &stage.read(&bundle));
    let report = judged(&stage, &stage.gather());
    assert_eq!(told(&report), "verified | release/look-alike fail");
}

#[test]
fn what_was_and_was_not_looked_at_is_said() {
    let stage = Stage::set(&Release::good());
    let here = &said(&judged(&stage, &stage.gather()), "release/consistent")[0];
    assert!(
        here.contains("bytes, checksum files and what is signed or attested agree; no forge was asked"),
        "{here}"
    );
    let report = judged(&stage, &listed(&stage, |it| it.is_immutable = Some(true)));
    let there = &said(&report, "release/consistent")[0];
    assert!(there.contains("what is signed or attested and the forge's list agree"), "{there}");
    assert!(
        there.contains("not covered, for the forge makes them anew: Source code (zip), Source code (tar.gz)")
    );
    assert!(!there.contains("gives no digests"));
    let locked = said(&report, "release/mutable");
    assert!(locked[0].contains("no word on who built them"), "{locked:?}");
    let report = judged(&stage, &listed(&stage, |it| it.files.iter_mut().for_each(|it| it.digest = None)));
    assert!(said(&report, "release/consistent")[0].contains("the forge gives no digests"));
}
