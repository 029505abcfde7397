//! Every byte of every sidecar and artifact changed, and every line, subject, name and row: nothing stays verified
//! save for the bytes that nothing signs, which are listed with their reasons in `unsigned_bytes.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use rayon::prelude::*;
use relcheck::digest::{Algorithms, hash_reader};
use relcheck::evaluate::evaluate;
use relcheck::evidence::{Evidence, Item, Seen};
use relcheck::facts::Facts;
use relcheck::outcome::Verdict;
use relcheck::policy::Policy;
use relcheck::proof::Signed;
use relcheck::release::{ArtifactName, ObjectId};
use relcheck::report::Report;
use relcheck::text::Untrusted;
use relcheck::trust::TrustRoots;
use serde_json::Value;

use crate::json_places::{Part, Place, places};
use crate::kit::ISSUER;
use crate::kit::bundle::{BundleOptions, Content, Logged, Version};
use crate::kit::certificates::{Extension, Identity};
use crate::kit::release::Release;
use crate::kit::signing::Signing;
use crate::kit::statement::{Build, Provenance, Subject};
use crate::regions::regions;
use crate::stage::{CRATE, LINUX, MACOS, Stage, against, assert_verified, bundle, outcome, workflow};
use crate::unsigned_bytes::{LIST, Shape, Spot, entry};

/// The checksum file.
pub const SUMS: &str = "SHA256SUMS";
const PROVENANCE: &str = "widget-1.2.3.intoto.jsonl";

/// Evidence in memory, with what it is judged by.
pub struct Bench {
    evidence: Evidence,
    trust: TrustRoots,
    policy: Policy,
    as_of: Timestamp,
    /// The artifacts, whose bytes the evidence does not keep.
    artifacts: BTreeMap<String, Vec<u8>>,
}

impl Bench {
    /// The whole release.
    fn whole(release: &Release) -> Self {
        Self::of(release, |_| true, &[])
    }

    /// Only the published files that are to be kept, judged without some of the checks.
    fn of(release: &Release, keep: impl Fn(&str) -> bool, skip: &[&str]) -> Self {
        Self::of_stage(&Stage::set(release), keep, skip)
    }

    /// The same of a release that was changed.
    pub fn of_stage(stage: &Stage, keep: impl Fn(&str) -> bool, skip: &[&str]) -> Self {
        let mut policy = stage.policy.clone();
        for check in skip {
            let required = format!("{check} = \"require\"");
            assert!(policy.contains(&required));
            policy = policy.replace(&required, &format!("{check} = \"skip\""));
        }
        let mut evidence = stage.gather();
        let policy = if skip.is_empty() {
            stage.policy()
        } else {
            let text = policy.replace("name = \"default\"", "name = \"widget\"");
            Policy::parse("relcheck.toml", &text).unwrap()
        };
        if let Seen::Present(published) = &mut evidence.published {
            published.files.retain(|name, _| keep(name.as_str()));
        }
        let artifacts = stage.written.artifacts.iter().map(|name| (name.clone(), stage.read(name))).collect();
        let bench = Self { evidence, trust: stage.trust(), policy, as_of: stage.as_of, artifacts };
        assert_verified(&bench.judge(&bench.evidence), "as it was made");
        bench
    }

    /// The smallest release in which the signature of the crate decides.
    fn of_signature(release: &Release) -> Self {
        Self::of(release, |name| name.starts_with(CRATE), &["provenance", "checksums", "release"])
    }

    /// The smallest release in which the provenance decides.
    fn of_provenance(release: &Release) -> Self {
        let keep = |name: &str| [LINUX, MACOS, CRATE, PROVENANCE].contains(&name);
        Self::of(release, keep, &["checksums", "release"])
    }

    fn judge(&self, evidence: &Evidence) -> Report {
        evaluate(evidence, &self.trust, &self.policy, self.as_of)
    }

    fn bytes(&self, name: &str) -> &[u8] {
        &self.evidence.published.present().unwrap().files[&named(name)].content.as_ref().unwrap().bytes
    }

    /// The same evidence with other bytes under that name, hashed anew.
    fn with(&self, name: &str, bytes: Vec<u8>) -> Evidence {
        let mut evidence = self.evidence.clone();
        let Seen::Present(published) = &mut evidence.published else { panic!("there are published files") };
        let file = Arc::make_mut(published.files.get_mut(&named(name)).unwrap());
        let (size, digests) = hash_reader(bytes.as_slice(), Algorithms::SHA256).unwrap();
        (file.size, file.digests) = (Some(size), digests);
        // As collection hashes an artifact with what its changed signature adds.
        for (about, frame) in relcheck::proof::frames(name, &bytes, self.trust.keys()) {
            let Some(artifact) = self.artifacts.get(&about) else { continue };
            let file = Arc::make_mut(published.files.get_mut(&named(&about)).unwrap());
            file.framed.push(frame.of(artifact));
        }
        let file = Arc::make_mut(published.files.get_mut(&named(name)).unwrap());
        file.content = file.content.as_ref().map(|item| Item::new(item.origin.clone(), bytes));
        evidence
    }

    /// Who signed what when, by each published signature.
    fn proofs(&self, evidence: &Evidence) -> Vec<Proven> {
        let facts = Facts::derive(evidence, &self.trust, evidence.repository.clone(), self.as_of);
        let signatures = &facts.files.present().unwrap().signatures;
        let proven = signatures.iter().map(|fact| {
            let proof = fact.proof.as_ref().unwrap();
            let signed = match proof.signed() {
                // A text is signed with what is around it in its file, of which not every byte is.
                Signed::File(digest) if digest.hex() == fact.sha256.to_string() => "a text in it".to_owned(),
                Signed::File(digest) | Signed::Text(digest) => digest.to_string(),
                Signed::Statement(statement) => format!("{statement:?}"),
                Signed::Object(_) => {
                    unreachable!("no release of this test has a signed tag's object as a file")
                }
            };
            let times = proof.times().to_vec();
            Proven { who: format!("{:?} {:?}", proof.signer(), fact.covers), signed, times }
        });
        proven.collect()
    }
}

fn named(name: &str) -> ArtifactName {
    ArtifactName::parse(name).unwrap()
}

/// What a signature proves.
#[derive(PartialEq, Debug)]
struct Proven {
    who: String,
    signed: String,
    times: Vec<Timestamp>,
}

/// How bytes are changed.
#[derive(Clone, Copy, PartialEq)]
pub enum Ways {
    /// A bit of every other byte is flipped, and the bytes between are replaced.
    One,
    /// The bytes that [`Ways::One`] replaces are flipped, and the others replaced.
    Other,
    /// Each byte is changed both ways.
    Both,
}

/// What a byte becomes: with one bit flipped, replaced by a printable character, and white space by other white space.
fn changes(at: usize, from: u8, ways: Ways) -> Vec<u8> {
    let flipped = from ^ 1;
    let replaced = if from == b'x' { b'y' } else { b'x' };
    let mut changes = match ways {
        Ways::Both => vec![flipped, replaced],
        Ways::One if at.is_multiple_of(2) => vec![flipped],
        Ways::Other if !at.is_multiple_of(2) => vec![flipped],
        Ways::One | Ways::Other => vec![replaced],
    };
    if from == b'\n' {
        changes.push(b' ');
    }
    changes
}

/// Counts of a test.
#[derive(Default)]
pub struct Counts {
    tried: AtomicUsize,
    rejected: AtomicUsize,
    undetermined: AtomicUsize,
    /// By entry of the list.
    pub verified: Vec<AtomicUsize>,
}

impl Counts {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { verified: LIST.iter().map(|_| AtomicUsize::new(0)).collect(), ..Self::default() }
    }

    fn add(&self, verdict: Verdict) {
        self.tried.fetch_add(1, Ordering::Relaxed);
        match verdict {
            Verdict::Rejected => self.rejected.fetch_add(1, Ordering::Relaxed),
            Verdict::Undetermined => self.undetermined.fetch_add(1, Ordering::Relaxed),
            Verdict::Verified => 0,
        };
    }

    fn verified(&self) -> usize {
        self.verified.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// Prints them.
    pub fn print(&self, what: &str) {
        let get = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        eprintln!(
            "{what}: {} changes, {} rejected, {} undetermined, {} still verified",
            get(&self.tried),
            get(&self.rejected),
            get(&self.undetermined),
            self.verified()
        );
        for (entry, count) in LIST.iter().zip(&self.verified).filter(|(_, count)| get(count) > 0) {
            eprintln!("    {:6}  {} {}", get(count), entry.pointer, entry.bytes);
        }
    }
}

/// Changes every byte of a sidecar; returns what stayed verified and should not have.
pub fn mutate(bench: &Bench, name: &str, shape: Shape, ways: Ways, counts: &Counts) -> Vec<String> {
    let bytes = bench.bytes(name);
    let places = match shape.format {
        "" | "cosign" if bytes.starts_with(b"{") => places(bytes),
        "" => lines(bytes),
        format => regions(format, bytes),
    };
    let good = bench.judge(&bench.evidence);
    let proofs = bench.proofs(&bench.evidence);
    let changes = |at: usize| changes(at, bytes[at], ways).into_iter().map(move |to| (at, to));
    let wrong = (0..bytes.len()).into_par_iter().flat_map_iter(changes).filter_map(|(at, to)| {
        let mut changed = bytes.to_vec();
        changed[at] = to;
        let evidence = bench.with(name, changed);
        let report = bench.judge(&evidence);
        counts.add(report.verdict);
        if report.verdict != Verdict::Verified {
            assert!(!against(&report).is_empty(), "{name} byte {at}: {:?} for no reason", report.verdict);
            return None;
        }
        let place = &places[at];
        let text = std::str::from_utf8(&bytes[place.text.0..place.text.1]).unwrap_or_default();
        let spot = Spot { shape, place, text, at: at - place.text.0, file: bytes, from: bytes[at], to };
        let Some(index) = entry(&spot) else {
            let from = bytes[at].escape_ascii();
            let to = to.escape_ascii();
            return Some(format!("{name} byte {at} ({} {:?}): {from} -> {to}", place.pointer, place.part));
        };
        counts.verified[index].fetch_add(1, Ordering::Relaxed);
        same_but_for_digests(&good, &report);
        same_proofs(&proofs, &bench.proofs(&evidence), LIST[index].loses_a_time);
        None
    });
    wrong.collect()
}

/// The places of the bytes of a file that is not JSON.
fn lines(bytes: &[u8]) -> Vec<Place> {
    let part = |byte: &u8| if byte.is_ascii_whitespace() { Part::Blank } else { Part::Structure };
    bytes.iter().map(|byte| Place { pointer: String::new(), part: part(byte), text: (0, 0) }).collect()
}

/// The two reports say the same; only digests of evidence may differ.
fn same_but_for_digests(good: &Report, changed: &Report) {
    let plain = |report: &Report| {
        let mut json: Value = serde_json::from_str(&relcheck::report::json::render(report)).unwrap();
        for check in json["checks"].as_array_mut().unwrap() {
            for finding in check["findings"].as_array_mut().unwrap() {
                finding["evidence"] = Value::Null;
            }
        }
        json
    };
    assert_eq!(plain(good), plain(changed));
}

fn same_proofs(good: &[Proven], changed: &[Proven], loses_a_time: bool) {
    assert_eq!(good.len(), changed.len());
    for (good, changed) in good.iter().zip(changed) {
        assert_eq!((&good.who, &good.signed), (&changed.who, &changed.signed));
        if loses_a_time {
            assert!(changed.times.iter().all(|time| good.times.contains(time)));
        } else {
            assert_eq!(good.times, changed.times);
        }
    }
}

/// The sidecars of the whole release.
fn sidecars() -> Vec<String> {
    let bundle = |name: &str| format!("{name}.sigstore.json");
    vec![bundle(LINUX), bundle(MACOS), bundle(CRATE), bundle(SUMS), SUMS.to_owned(), PROVENANCE.to_owned()]
}

#[test]
fn no_byte_of_any_sidecar_can_be_changed_save_those_that_nothing_signs() {
    let counts = Counts::new();
    let whole = Bench::whole(&Release::good());
    assert_eq!(whole.evidence.published.present().unwrap().files.len(), sidecars().len() + 3);
    let mut wrong = Vec::new();
    for name in sidecars() {
        wrong.extend(mutate(&whole, &name, Shape::default(), Ways::One, &counts));
    }
    counts.print("the widget release, each byte of each sidecar");

    let others = Counts::new();
    let bundle = format!("{CRATE}.sigstore.json");
    let of = |options: BundleOptions| Release { options, ..Release::good() };
    let new = BundleOptions::new;
    let v1 = Shape::default();
    let v2 = Shape { rekor_v2: true, stamped: true, ..v1 };
    let v01 = Shape { v01: true, ..v1 };
    let stamped = Shape { stamped: true, ..v1 };
    let keyed = |shape: Shape| Shape { key: true, ..shape };
    let by_key = |options| Release { signing: Signing::ManagedKey, ..of(options) };
    let default = BundleOptions::default;
    let signatures = [
        (Release::good(), v1, Ways::Other),
        (of(new(Version::V03, Logged::RekorV2)), v2, Ways::One),
        (of(new(Version::V01, Logged::RekorV1)), v01, Ways::One),
        (of(default().and_timestamp()), stamped, Ways::One),
        (by_key(default()), keyed(v1), Ways::Both),
        (by_key(new(Version::V03, Logged::RekorV2)), keyed(v2), Ways::Other),
    ];
    for (release, shape, ways) in signatures {
        wrong.extend(mutate(&Bench::of_signature(&release), &bundle, shape, ways, &others));
    }
    let provenance =
        [(Release::good(), v1, Ways::Both), (of(new(Version::V03, Logged::RekorV2)), v2, Ways::One)];
    for (release, shape, ways) in provenance {
        wrong.extend(mutate(&Bench::of_provenance(&release), PROVENANCE, shape, ways, &others));
    }
    let detached = Bench::of_signature(&Release { signing: Signing::Detached, ..Release::good() });
    wrong.extend(mutate(&detached, &format!("{CRATE}.sig"), keyed(v1), Ways::Both, &others));
    others.print("signatures and provenance in other shapes");

    assert!(wrong.is_empty(), "{} stayed verified:\n{}", wrong.len(), wrong.join("\n"));
    let met = counts.verified.iter().zip(&others.verified);
    for (entry, (one, other)) in LIST.iter().zip(met).filter(|(entry, _)| entry.format.is_empty()) {
        let met = one.load(Ordering::Relaxed) + other.load(Ordering::Relaxed);
        assert!(met > 0, "nothing stayed verified by {} {}", entry.pointer, entry.bytes);
    }
}

#[test]
fn no_byte_of_any_artifact_can_be_changed() {
    let stage = Stage::set(&Release::good());
    let bench = Bench::whole(&Release::good());
    let mut tried = 0;
    for name in [LINUX, MACOS, CRATE] {
        let bytes = stage.read(name);
        for at in 0..bytes.len() {
            for to in changes(at, bytes[at], Ways::Both) {
                let mut changed = bytes.clone();
                changed[at] = to;
                let report = bench.judge(&bench.with(name, changed));
                let expected = "rejected: checksums/mismatch fail, provenance/unbound fail, release/digest-mismatch fail, signatures/unbound fail";
                assert_eq!(outcome(&report), expected, "{name} byte {at}");
                tried += 1;
            }
        }
        let mut longer = bytes.clone();
        longer.push(b'\n');
        for other in [Vec::new(), longer, bytes[1..].to_vec()] {
            assert_eq!(bench.judge(&bench.with(name, other)).verdict, Verdict::Rejected);
            tried += 1;
        }
    }
    eprintln!("artifacts: {tried} changes, all rejected");
}

#[test]
fn no_checksum_line_can_be_changed_whether_the_list_is_signed_again_or_not() {
    let stage = Stage::set(&Release::good());
    let bench = Bench::whole(&Release::good());
    let text = String::from_utf8(bench.bytes(SUMS).to_vec()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let other = "0".repeat(64);
    let mut outcomes = BTreeMap::<String, usize>::new();
    for (at, line) in lines.iter().enumerate() {
        let name = &line[66..];
        let changed = [
            ("deleted", String::new(), "checksums/unlisted fail"),
            ("digest changed", format!("{other}  {name}\n"), "checksums/mismatch fail"),
            ("name changed", format!("{}  {name}x\n", &line[..64]), "checksums/orphan fail"),
            ("given twice", format!("{line}\n{other}  {name}\n"), "checksums/conflict fail"),
            ("made unreadable", format!("{line} x y\n{other}\n"), "checksums/unreadable undetermined"),
        ];
        for (what, with, rule) in changed {
            let list: String = lines
                .iter()
                .enumerate()
                .map(|(index, line)| if index == at { with.clone() } else { format!("{line}\n") })
                .collect();
            let mut evidence = bench.with(SUMS, list.clone().into_bytes());
            let report = bench.judge(&evidence);
            assert_eq!(report.verdict, Verdict::Rejected, "line {at} {what}");
            assert!(against(&report).contains(&"signatures/unbound fail".to_owned()), "line {at} {what}");
            let signed = bundle(&Content::file(list.as_bytes()), &workflow(&stage));
            let again = bench.with(&format!("{SUMS}.sigstore.json"), signed);
            let Seen::Present(files) = &mut evidence.published else { panic!() };
            let key = named(&format!("{SUMS}.sigstore.json"));
            files.files.insert(key.clone(), again.published.present().unwrap().files[&key].clone());
            let report = bench.judge(&evidence);
            assert_ne!(report.verdict, Verdict::Verified, "line {at} {what}");
            assert!(against(&report).contains(&rule.to_owned()), "line {at} {what}: {}", outcome(&report));
            *outcomes.entry(format!("{what}: {}", outcome(&report))).or_default() += 1;
        }
    }
    eprintln!("checksum lines, each list as it was signed and signed again:");
    outcomes.iter().for_each(|(outcome, count)| eprintln!("    {count:3}  {outcome}"));
}

/// The statement of the good release, after `change`, signed again by the good signer.
fn restated(bench: &Bench, stage: &Stage, change: impl FnOnce(&mut Provenance)) -> Report {
    let build = Build::of_tag("v1.2.3", &stage.written.commit);
    let subjects = stage.written.artifacts.iter().map(|name| Subject::of(name, &stage.read(name)));
    let mut provenance = Provenance::v1(&build, subjects.collect());
    change(&mut provenance);
    let signed = bundle(&Content::provenance(&provenance), &workflow(stage));
    bench.judge(&bench.with(PROVENANCE, signed))
}

#[test]
fn no_digit_of_a_subjects_digest_can_be_changed_by_the_signer_himself() {
    let stage = Stage::set(&Release::good());
    let bench = Bench::whole(&Release::good());
    assert_verified(&restated(&bench, &stage, |_| {}), "stated again");
    let every: Vec<(usize, usize)> = (0..3).flat_map(|index| (0..64).map(move |at| (index, at))).collect();
    every.par_iter().for_each(|(index, at)| {
        let report = restated(&bench, &stage, |provenance| {
            let digest = provenance.subjects[*index].digests.get_mut("sha256").unwrap();
            let other = if digest[*at..=*at] == *"0" { "1" } else { "0" };
            digest.replace_range(*at..=*at, other);
        });
        let expected =
            "rejected: provenance/unbound fail, release/digest-mismatch fail, signatures/unbound fail";
        assert_eq!(outcome(&report), expected, "subject {index}, digit {at}");
    });
    for index in 0..3 {
        let report = restated(&bench, &stage, |provenance| drop(provenance.subjects.remove(index)));
        assert_eq!(outcome(&report), "rejected: provenance/missing fail", "without subject {index}");
        let report = restated(&bench, &stage, |provenance| {
            let other = provenance.subjects[(index + 1) % 3].name.clone();
            provenance.subjects[index].name = other;
        });
        let expected =
            "rejected: provenance/unbound fail, release/digest-mismatch fail, signatures/unbound fail";
        assert_eq!(outcome(&report), expected, "subject {index} under the next one's name");
        // Digests bind and names do not: a name that nothing is published under changes nothing.
        let report = restated(&bench, &stage, |provenance| provenance.subjects[index].name.push('x'));
        assert_verified(&report, "a subject under a name of the builder's own");
    }
    eprintln!("subjects: {} digits changed, 3 removed, 3 renamed to another: all rejected", every.len());
}

/// `text` with the character at each place replaced in turn.
fn each_character_changed(text: &str) -> Vec<(usize, String)> {
    let other = |c: char| match c {
        '0' => '1',
        'x' => 'y',
        c if c.is_ascii_digit() => '0',
        _ => 'x',
    };
    let change = |at: usize| {
        let changed = text.chars().enumerate().map(|(i, c)| if i == at { other(c) } else { c }).collect();
        (at, changed)
    };
    (0..text.len()).map(change).collect()
}

#[test]
fn no_character_of_an_identity_or_issuer_can_be_changed() {
    let stage = Stage::set(&Release::good());
    let san = workflow(&stage).san;
    let exact = format!(
        "\n[[rules.signatures.identity]]\nissuer = \"{ISSUER}\"\nsubject = \"{}\"\n",
        san.replace("acme/widget", "{repository}").replace("v1.2.3", "{tag}")
    );
    let mut bench = Bench::of_signature(&Release::good());
    let derived = bench.policy.text.clone();
    let named_only =
        derived.replace("[rules.signatures]\nderive = true", "[rules.signatures]\nderive = false");
    assert_ne!(named_only, derived);
    let content = Content::file(&stage.read(CRATE));
    let name = format!("{CRATE}.sigstore.json");
    let judge = |bench: &Bench, identity: &Identity| {
        outcome(&bench.judge(&bench.with(&name, bundle(&content, identity))))
    };
    let file_name = san.find("release.yml").unwrap();
    let file_name = file_name..file_name + "release.yml".len();
    let (mut rejected, mut other_workflow) = (0, 0);
    for policy in [derived.clone(), named_only + &exact] {
        let exact = policy != derived;
        bench.policy = Policy::parse("relcheck.toml", &policy).unwrap();
        assert_eq!(judge(&bench, &workflow(&stage)), "verified");
        for (at, changed) in each_character_changed(&san) {
            // The host and the scheme of a name are not read from an e-mail address: stay with a URI.
            if !changed.contains("://") {
                continue;
            }
            let found = judge(&bench, &workflow(&stage).named(&changed));
            // With derive = true every workflow of the repository may sign at the tag.
            if !exact && file_name.contains(&at) {
                assert_eq!(found, "verified", "{changed}");
                other_workflow += 1;
            } else {
                assert_eq!(found, "rejected: signatures/identity fail", "{changed}");
                rejected += 1;
            }
        }
        for (_, changed) in each_character_changed(ISSUER) {
            let found = judge(&bench, &workflow(&stage).issued_by(&changed));
            assert_eq!(found, "rejected: signatures/identity fail", "{changed}");
            rejected += 1;
        }
    }
    eprintln!("identities: {rejected} rejected, {other_workflow} other workflows of the repository");
}

#[test]
fn no_character_of_a_claim_that_is_judged_can_be_changed() {
    let stage = Stage::set(&Release::good());
    let bench = Bench::of_provenance(&Release::good());
    let build = Build::of_tag("v1.2.3", &stage.written.commit);
    let subjects = stage.written.artifacts.iter().map(|name| Subject::of(name, &stage.read(name)));
    let content = Content::provenance(&Provenance::v1(&build, subjects.collect()));
    let claims = [
        (Extension::SourceRepositoryUri, "rejected: provenance/source fail, signatures/unsigned fail"),
        (Extension::SourceRepositoryDigest, "rejected: provenance/commit fail, signatures/unsigned fail"),
        (Extension::SourceRepositoryRef, "rejected: provenance/ref fail, signatures/unsigned fail"),
        (Extension::BuildTrigger, "rejected: provenance/trigger fail"),
    ];
    let mut rejected = 0;
    for (claim, expected) in claims {
        for (_, changed) in each_character_changed(&workflow(&stage).extensions[&claim]) {
            let identity = workflow(&stage).with(claim, &changed);
            let report = bench.judge(&bench.with(PROVENANCE, bundle(&content, &identity)));
            assert_eq!(outcome(&report), expected, "{claim:?} {changed}");
            rejected += 1;
        }
    }
    eprintln!("claims: {rejected} characters changed, all rejected by the rule of the claim");
}

#[test]
fn no_character_of_the_tag_or_its_commit_can_be_changed() {
    let bench = Bench::whole(&Release::good());
    for (_, changed) in each_character_changed("v1.2.3") {
        let mut evidence = bench.evidence.clone();
        evidence.tag = Untrusted::new(&changed);
        let report = bench.judge(&evidence);
        assert_eq!(report.verdict, Verdict::Rejected, "{changed}: {}", outcome(&report));
        for rule in ["provenance/builder fail", "provenance/ref fail", "signatures/identity fail"] {
            assert!(against(&report).contains(&rule.to_owned()), "{changed}: {}", outcome(&report));
        }
    }
    let Seen::Present(record) = bench.evidence.tag_record.clone() else { panic!("the tag is there") };
    for (_, changed) in each_character_changed(record.commit.as_str()) {
        let Some(commit) = ObjectId::parse(&changed.replace('x', "a").replace('y', "b")) else { panic!() };
        if commit == record.commit {
            continue;
        }
        let mut evidence = bench.evidence.clone();
        let mut record = record.clone();
        record.commit = commit;
        evidence.tag_record = Seen::Present(record);
        let expected = "rejected: provenance/commit fail, signatures/identity fail, tag/object fail";
        assert_eq!(outcome(&bench.judge(&evidence)), expected, "{changed}");
    }
}

/// The evidence with another security policy.
fn with_security_policy(bench: &Bench, text: &str) -> Report {
    let mut evidence = bench.evidence.clone();
    let Seen::Present(item) = &evidence.security_policy else { panic!("there is a security policy") };
    evidence.security_policy = Seen::Present(Item::new(item.origin.clone(), text.as_bytes().to_vec()));
    bench.judge(&evidence)
}

#[test]
fn a_row_of_the_supported_versions_cannot_be_changed_into_an_untrue_one() {
    let bench = Bench::whole(&Release::good());
    let text = String::from_utf8(bench.evidence.security_policy.present().unwrap().bytes.clone()).unwrap();
    let (main, latest) = ("| main    | :white_check_mark: |", "| Latest release | :white_check_mark: |");
    let (previous, older) = ("| Previous release | :white_check_mark: |", "| < Previous release | :x: |");
    let unreadable = "undetermined: supported-versions/unreadable undetermined";
    let cases = [
        (main, "| trunk | :white_check_mark: |", "rejected: supported-versions/branch-missing fail"),
        (main, "| nobody knows | :white_check_mark: |", unreadable),
        (main, "| 9.x | :white_check_mark: |", "rejected: supported-versions/never-published fail"),
        (latest, "", "rejected: supported-versions/latest-unlisted fail"),
        (latest, "| Latest release | :x: |", "rejected: supported-versions/latest-unsupported fail"),
        (latest, "| Latest release | perhaps |", unreadable),
        (latest, "| nobody knows | :white_check_mark: |", unreadable),
        (
            latest,
            "| 1.2.4 | :white_check_mark: |",
            "rejected: supported-versions/latest-unlisted fail, supported-versions/never-published fail",
        ),
        (previous, "| Previous release | perhaps |", unreadable),
        (previous, "| nobody knows | :white_check_mark: |", unreadable),
        (previous, "| 0.9.x | :white_check_mark: |", "rejected: supported-versions/never-published fail"),
        (older, "| < Previous release | perhaps |", unreadable),
        (older, "| nobody knows | :x: |", unreadable),
        (older, "| >= 1.0 | :x: |", "rejected: supported-versions/latest-unsupported fail"),
        // Another promise, and as true as the first.
        (main, "", "verified"),
        (main, "| main | :x: |", "verified"),
        (previous, "| Previous release | :x: |", "verified"),
        (previous, "", "verified"),
        (older, "", "verified"),
        (older, "| < Previous release | :white_check_mark: |", "verified"),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(row, with, expected)| {
            let with = if with.is_empty() { String::new() } else { format!("{with}\n") };
            let told = outcome(&with_security_policy(&bench, &text.replace(&format!("{row}\n"), &with)));
            (told != *expected).then(|| format!("{row} -> {with}   expected {expected}\n   told     {told}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_character_that_says_something_in_the_row_of_the_latest_release_can_be_changed() {
    let bench = Bench::whole(&Release::good());
    let text = String::from_utf8(bench.evidence.security_policy.present().unwrap().bytes.clone()).unwrap();
    let row = "| Latest release | :white_check_mark: |";
    let start = text.find(row).unwrap();
    for (at, character) in row.char_indices().filter(|(_, character)| !" |".contains(*character)) {
        let mut changed = text.clone().into_bytes();
        changed[start + at] = if character == 'x' { b'y' } else { b'x' };
        let report = with_security_policy(&bench, std::str::from_utf8(&changed).unwrap());
        assert_ne!(report.verdict, Verdict::Verified, "character {at}: {character}");
    }
}
