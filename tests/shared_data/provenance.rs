//! Real SLSA provenance: every row of the table passes as it stands, and is refused by the rule that says so when one
//! thing about the release is another.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use jiff::Timestamp;
use relcheck::collect::folder;
use relcheck::digest::{Algorithm, Digest, Digests};
use relcheck::evaluate::evaluate;
use relcheck::evidence::{Bytes, Evidence, Item, Published, PublishedFile, Seen, TagKind, TagRecord};
use relcheck::inside::Inside;
use relcheck::json::Limits;
use relcheck::outcome::{Outcome, Status};
use relcheck::policy::Policy;
use relcheck::proof::sigstore::{Expected, Subject, verify_all, verify_one};
use relcheck::proof::statement::{Envelope, Provenance, Statement, Summary};
use relcheck::proof::{Certificate, Reason, Signed, Signer};
use relcheck::release::{ArtifactName, ObjectId, RepositoryName};
use relcheck::text::Untrusted;
use relcheck::trust::TrustRoots;

use crate::run::relcheck;
use crate::shared;

const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// What a row without a source is judged as.
const SOURCE: &str = "github.com/slsa-framework/example-package";

/// The builders of slsa-github-generator. The delegated ones sign with one workflow and name another as the builder;
/// one release of the first of them signed at a branch.
const POLICY: &str = r#"
repository = "REPOSITORY"
[levels]
tag = "skip"
checksums = "skip"
advisories = "skip"
supported-versions = "skip"
release = "skip"
[rules.signatures]
derive = false
[rules.provenance]
derive = false
refs = ["REF"]
min-level = 3
[[rules.provenance.builder]]
issuer = "https://token.actions.githubusercontent.com"
signer = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/delegator_generic_slsa3.yml@refs/tags/*"
id = "https://github.com/slsa-framework/example-trw/.github/workflows/builder_high-perms_slsa3.yml@refs/tags/*"
level = 3
[[rules.provenance.builder]]
issuer = "https://token.actions.githubusercontent.com"
signer = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/delegator_generic_slsa3.yml@refs/heads/main"
id = "https://github.com/slsa-framework/example-trw/.github/workflows/builder_high-perms_slsa3.yml@refs/tags/*"
level = 3
[[rules.provenance.builder]]
issuer = "https://token.actions.githubusercontent.com"
signer = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/delegator_lowperms-generic_slsa3.yml@refs/tags/*"
id = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_maven_slsa3.yml@refs/tags/*"
level = 3
[[rules.provenance.builder]]
issuer = "https://token.actions.githubusercontent.com"
signer = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/*@refs/tags/*"
level = 3
"#;

/// Rows whose table says `refs/heads/main`, while certificate and predicate both say the tag in the file's name.
const CORRECTED: [&str; 3] = ["v13.0.30", "v14", "v14.2"];
const CORRECTED_IN: &str = "gha_container-based/v1.7.0/gha_container-based-binary-linux-amd64-";

/// A row of the table.
struct Row {
    file: String,
    artifact: String,
    sha256: String,
    is_bundle: bool,
    builder: String,
    source: String,
    reference: String,
    bytes: Vec<u8>,
}

impl Row {
    fn all() -> Option<Vec<Self>> {
        let root = shared("data/provenance")?;
        let table = fs::read_to_string(root.join("index.tsv")).unwrap();
        let mut lines = table.lines();
        assert_eq!(
            lines.next(),
            Some("file\tartifact\tsha256\tformat\tpredicate_type\tbuilder\tsource\tref")
        );
        let row = |line: &str| {
            let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
            let [file, artifact, sha256, format, _, builder, source, reference] = cells.try_into().unwrap();
            let bytes = fs::read(root.join(&file)).unwrap();
            let is_bundle = format.starts_with("bundle");
            Self { artifact, sha256, is_bundle, builder, source, reference, bytes, file }
        };
        Some(lines.map(row).map(Self::corrected).collect())
    }

    /// The table's mistake in three rows; the test below holds that certificate and predicate say otherwise.
    fn corrected(mut self) -> Self {
        for tag in CORRECTED {
            if self.file == format!("{CORRECTED_IN}{tag}.intoto.sigstore") {
                assert_eq!(self.reference, "refs/heads/main", "{}: still to be corrected", self.file);
                self.reference = format!("refs/tags/{tag}");
            }
        }
        self
    }

    fn proved(&self) -> (Certificate, Provenance) {
        let mut proofs = verify_all(&self.bytes, None, &TrustRoots::embedded().unwrap());
        assert_eq!(proofs.len(), 1, "{}", self.file);
        let proof = proofs.remove(0).unwrap_or_else(|refusal| panic!("{}: {refusal}", self.file));
        let Signer::Certificate(certificate) = proof.signer() else { panic!("{}: a key", self.file) };
        let Signed::Statement(statement) = proof.signed() else { panic!("{}: no statement", self.file) };
        (certificate.as_ref().clone(), Provenance::of(statement).unwrap())
    }

    /// The release that the row is about; a branch has no tag, so any is as good.
    fn release(&self, commit: &str) -> Release {
        let tag = self.reference.strip_prefix("refs/tags/");
        Release {
            artifact: self.artifact.clone(),
            sha256: self.sha256.clone(),
            sidecar: self.file.rsplit('/').next().unwrap().to_owned(),
            bytes: self.bytes.clone(),
            tag: tag.unwrap_or("v1.0.0").to_owned(),
            commit: commit.to_owned(),
            repository: if self.source.is_empty() { SOURCE.to_owned() } else { self.source.clone() },
            refs: if tag.is_some() || self.reference.is_empty() {
                "refs/tags/{tag}".to_owned()
            } else {
                self.reference.clone()
            },
            further: String::new(),
        }
    }
}

/// A release with one artifact, known by its digest, and one file that speaks about it.
#[derive(Clone)]
struct Release {
    artifact: String,
    sha256: String,
    sidecar: String,
    bytes: Vec<u8>,
    tag: String,
    commit: String,
    repository: String,
    refs: String,
    /// What the policy says besides.
    further: String,
}

impl Release {
    fn evidence(&self) -> Evidence {
        let named = |name: &str| ArtifactName::parse(name).unwrap();
        let artifact = Digest::parse(Algorithm::Sha256, &self.sha256).unwrap();
        let mut published: Published = folder::from_digests([(self.artifact.clone(), artifact)]).unwrap();
        let item = Item::new(format!("file:{}", self.sidecar), self.bytes.clone());
        let own = Digest::parse(Algorithm::Sha256, &item.sha256.to_string()).unwrap();
        let sidecar = PublishedFile {
            size: Some(self.bytes.len() as u64),
            digests: Digests::recorded([own]).unwrap(),
            bytes: Bytes::Rehashed,
            framed: Vec::new(),
            inside: Inside::NotLooked,
            content: Some(item),
        };
        published.files.insert(named(&self.sidecar), Arc::new(sidecar));
        let nothing = || "not part of this test".to_owned();
        let commit = ObjectId::parse(&self.commit).unwrap();
        Evidence {
            listing: None,
            collected_at: moment(),
            repository: RepositoryName::parse(&self.repository),
            tag: Untrusted::new(&self.tag),
            tag_object: Seen::unavailable("not part of this test"),
            log_entries: Seen::unavailable("not part of this test"),
            trusted_roots: Vec::new(),
            tag_record: Seen::Present(TagRecord {
                name: Untrusted::new(&self.tag),
                object: commit.clone(),
                commit,
                kind: TagKind::Lightweight,
                time: None,
            }),
            tags: Seen::unavailable(nothing()),
            branches: Seen::unavailable(nothing()),
            published: Seen::Present(published),
            tree: Seen::unavailable(nothing()),
            security_policy: Seen::unavailable(nothing()),
            project: Seen::unavailable(nothing()),
            advisories: Seen::unavailable(nothing()),
        }
    }

    /// What each check says.
    fn judge(&self) -> BTreeMap<&'static str, Outcome> {
        self.judge_by(POLICY)
    }

    fn judge_by(&self, policy: &str) -> BTreeMap<&'static str, Outcome> {
        let text = policy.replace("REPOSITORY", &self.repository).replace("REF", &self.refs) + &self.further;
        let policy = Policy::parse("rows.toml", &text).unwrap();
        let report = evaluate(&self.evidence(), &TrustRoots::embedded().unwrap(), &policy, moment());
        report.checks.into_iter().map(|outcome| (outcome.check, outcome)).collect()
    }
}

fn moment() -> Timestamp {
    "2026-08-21T00:00:00Z".parse().unwrap()
}

/// The rules among the findings with that status.
fn rules(outcome: &Outcome, status: Status) -> Vec<&'static str> {
    outcome
        .findings
        .iter()
        .filter(|finding| finding.status == status)
        .map(|finding| finding.rule.id)
        .collect()
}

fn messages(outcome: &Outcome) -> String {
    outcome.findings.iter().map(|finding| format!("{finding:?}\n")).collect()
}

/// A commit that is not this one.
fn other_commit() -> String {
    "0123456789abcdef0123456789abcdef01234567".to_owned()
}

fn flipped(hex: &str) -> String {
    format!("{}{}", if hex.starts_with('0') { '1' } else { '0' }, &hex[1..])
}

fn commit(certificate: &Certificate) -> String {
    certificate.claims.source_repository_digest.as_ref().unwrap().raw().to_owned()
}

#[test]
fn every_bundle_passes_with_the_builder_source_and_ref_of_the_table() {
    let Some(rows) = Row::all() else { return };
    let mut passed = 0;
    for row in rows.iter().filter(|row| row.is_bundle) {
        let (certificate, predicate) = row.proved();
        assert_eq!(predicate.builder_id.as_str(), row.builder, "{}: the builder", row.file);
        let claims = &certificate.claims;
        let claimed = |claim: &Option<Untrusted>| claim.as_ref().map(|claim| claim.raw().to_owned());
        assert_eq!(
            claimed(&claims.source_repository_uri),
            Some(format!("https://{}", row.source)),
            "{}",
            row.file
        );
        assert_eq!(claimed(&claims.source_repository_ref), Some(row.reference.clone()), "{}", row.file);
        let outcome = &row.release(&commit(&certificate)).judge()["provenance"];
        assert_eq!(outcome.status(), Status::Pass, "{}: {}", row.file, messages(outcome));
        assert!(
            // The table's files were renamed when they were gathered, and that is pointed out.
            outcome
                .findings
                .iter()
                .all(|finding| finding.status == Status::Pass || finding.rule.id == "provenance/name"),
            "{}",
            messages(outcome)
        );
        let said = messages(outcome);
        for part in [format!("https://{}", row.source), row.reference.clone()] {
            assert!(said.contains(&part), "{}: {part}\n{said}", row.file);
        }
        passed += 1;
    }
    println!("provenance: {passed} bundle rows pass with builder, source and ref of the table");
    assert_eq!(passed, 32);
}

#[test]
fn three_rows_of_the_table_are_mistaken_about_the_ref() {
    let Some(rows) = Row::all() else { return };
    let mut corrected = 0;
    for row in rows.iter().filter(|row| row.file.starts_with(CORRECTED_IN)) {
        let (certificate, predicate) = row.proved();
        let claimed = certificate.claims.source_repository_ref.unwrap();
        assert!(claimed.raw().starts_with("refs/tags/v"), "{}: {claimed}", row.file);
        assert_eq!(predicate.source_ref.as_deref(), Some(claimed.raw()), "{}: the predicate", row.file);
        println!(
            "provenance: corrected {}: the table says refs/heads/main, certificate and predicate say {claimed}",
            row.file
        );
        corrected += 1;
    }
    assert_eq!(corrected, CORRECTED.len());
}

#[test]
fn every_bundle_is_refused_by_the_rule_that_says_so_when_one_thing_is_another() {
    let Some(rows) = Row::all() else { return };
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.is_bundle) {
        let good = row.release(&commit(&row.proved().0));
        let another_tag =
            Release { tag: "v9.9.9".to_owned(), refs: "refs/tags/{tag}".to_owned(), ..good.clone() };
        let another_ref = Release { refs: "refs/heads/release".to_owned(), ..good.clone() };
        let another_source =
            Release { repository: "github.com/slsa-framework/example".to_owned(), ..good.clone() };
        let another_commit = Release { commit: other_commit(), ..good.clone() };
        let mut cases = vec![
            ("another tag", another_tag, "provenance/ref"),
            ("another ref", another_ref, "provenance/ref"),
            ("another repository", another_source, "provenance/source"),
            ("another commit", another_commit, "provenance/commit"),
        ];
        let lower = Release { refs: "refs/heads/Main".to_owned(), ..good.clone() };
        cases.push(("another case of the ref", lower, "provenance/ref"));
        for (what, release, rule) in cases {
            let outcome = &release.judge()["provenance"];
            assert_eq!(outcome.status(), Status::Fail, "{} with {what}", row.file);
            assert_eq!(
                rules(outcome, Status::Fail),
                [rule],
                "{} with {what}: {}",
                row.file,
                messages(outcome)
            );
            *refused.entry(what).or_default() += 1;
        }
        let other = Release { sha256: flipped(&good.sha256), ..good.clone() };
        let judged = other.judge();
        let unbound = [("provenance", "provenance/unbound"), ("signatures", "signatures/unbound")];
        assert!(
            unbound.iter().any(|(check, rule)| rules(&judged[check], Status::Fail).contains(rule)),
            "{} with another digest: {}",
            row.file,
            messages(&judged["provenance"])
        );
        assert_eq!(judged["provenance"].status(), Status::Fail, "{}", messages(&judged["provenance"]));
        *refused.entry("another digest").or_default() += 1;
    }
    println!("provenance: refused by the rule that says so: {refused:?}");
    assert_eq!(refused.len(), 6);
    assert!(refused.values().all(|n| *n == 32), "{refused:?}");
}

#[test]
fn a_bundle_of_a_builder_that_the_policy_does_not_name_is_refused() {
    let Some(rows) = Row::all() else { return };
    let mut refused = 0;
    for row in rows.iter().filter(|row| row.is_bundle) {
        let good = row.release(&commit(&row.proved().0));
        let text = POLICY.replace("REPOSITORY", &good.repository).replace("REF", &good.refs);
        let judge = |text: &str| {
            let policy = Policy::parse("rows.toml", text).unwrap();
            let report = evaluate(&good.evidence(), &TrustRoots::embedded().unwrap(), &policy, moment());
            report.checks.into_iter().find(|outcome| outcome.check == "provenance").unwrap()
        };
        assert_eq!(judge(&text).status(), Status::Pass, "{}", row.file);
        for (what, from, to, rule) in [
            (
                "another builder",
                "slsa-framework/slsa-github-generator/.github/workflows/",
                "evil/slsa-github-generator/.github/workflows/",
                "provenance/builder",
            ),
            ("another issuer", ISSUER, "https://token.actions.githubusercontent.com/", "provenance/builder"),
            ("another event", "min-level = 3", "triggers = [\"release\"]", "provenance/trigger"),
            ("a higher level", "level = 3\n[[", "level = 2\n[[", "provenance/level"),
        ] {
            let mut changed = text.replace(from, to);
            if rule == "provenance/level" {
                // The last builder has nothing after it.
                changed =
                    changed.replace("level = 3\n", "level = 2\n").replace("min-level = 2", "min-level = 3");
            }
            assert_ne!(changed, text, "{what}");
            let outcome = judge(&changed);
            assert_eq!(
                rules(&outcome, Status::Fail),
                [rule],
                "{} with {what}: {}",
                row.file,
                messages(&outcome)
            );
            refused += 1;
        }
    }
    println!("provenance: {refused} times refused for the builder, the issuer, the event or the level");
    assert_eq!(refused, 4 * 32);
}

/// The builders that are known by name, and no others.
fn by_name() -> String {
    let head = POLICY.split("[[rules.provenance.builder]]").next().unwrap();
    format!("{head}builders = [\"slsa-github-generator\"]\n")
}

#[test]
fn the_builders_that_are_known_by_name_are_the_real_ones() {
    let Some(rows) = Row::all() else { return };
    let (mut passed, mut third_party) = (0, 0);
    for row in rows.iter().filter(|row| row.is_bundle) {
        let outcome = &row.release(&commit(&row.proved().0)).judge_by(&by_name())["provenance"];
        if row.file.starts_with("gha_delegator/") {
            // A builder of somebody else's, which the generator only signs for.
            assert_eq!(rules(outcome, Status::Fail), ["provenance/builder"], "{}", messages(outcome));
            third_party += 1;
            continue;
        }
        assert_eq!(outcome.status(), Status::Pass, "{}: {}", row.file, messages(outcome));
        let aside = |finding: &&relcheck::outcome::Finding| finding.status != Status::Pass;
        let aside: Vec<&str> = outcome.findings.iter().filter(aside).map(|finding| finding.rule.id).collect();
        assert!(aside.iter().all(|rule| *rule == "provenance/name"), "{}: {aside:?}", row.file);
        passed += 1;
    }
    println!(
        "provenance: {passed} bundles of well-known builders pass by name, {third_party} of a third party do not"
    );
    assert_eq!((passed, third_party), (24, 8));
}

#[test]
fn githubs_own_attestations_pass_for_their_repository_ref_and_commit_and_no_other() {
    const HOSTED: &str = "https://github.com/actions/runner/github-hosted";
    let Some(root) = shared("data/github-attestations") else { return };
    let mut refused = 0;
    for (file, repository, signer) in [
        (
            "github_provenance_demo-0.0.12-py3-none-any-bundle.jsonl",
            "github.com/actions/attest-demo",
            "https://github.com/actions/attest-demo/.github/workflows/build-python.yml@refs/heads/main",
        ),
        // A reusable workflow of others: the signer differs from the workflow that was started.
        (
            "reusable-workflow-attestation.sigstore.json",
            "github.com/malancas/attest-demo",
            "https://github.com/github/artifact-attestations-workflows/.github/workflows/attest.yml@09b495c3f12c7881b3cc17209a327792065c1a1d",
        ),
    ] {
        let bytes = fs::read(root.join(file)).unwrap();
        let proof = verify_all(&bytes, None, &TrustRoots::embedded().unwrap()).remove(0).unwrap();
        let Signer::Certificate(certificate) = proof.signer() else { panic!("{file}: a key") };
        let Signed::Statement(statement) = proof.signed() else { panic!("{file}: no statement") };
        let subject = &statement.subjects()[0];
        let name = subject.name.clone().unwrap();
        let good = Release {
            sidecar: format!("{name}.sigstore.json"),
            artifact: name,
            sha256: subject.digests[0].hex().to_owned(),
            bytes,
            tag: "v1.0.0".to_owned(),
            commit: commit(certificate),
            repository: repository.to_owned(),
            refs: "refs/heads/main".to_owned(),
            further: format!(
                "[[rules.provenance.builder]]\nissuer = \"{ISSUER}\"\nsigner = \"{signer}\"\nid = \"{HOSTED}\"\nlevel = 3\n"
            ),
        };
        let outcome = &good.judge()["provenance"];
        assert_eq!(outcome.status(), Status::Pass, "{file}: {}", messages(outcome));
        assert!(
            outcome.findings.iter().all(|finding| finding.status == Status::Pass),
            "{}",
            messages(outcome)
        );
        for (release, rule) in [
            (Release { commit: other_commit(), ..good.clone() }, "provenance/commit"),
            (Release { refs: "refs/tags/{tag}".to_owned(), ..good.clone() }, "provenance/ref"),
            (
                Release { repository: "github.com/acme/attest-demo".to_owned(), ..good.clone() },
                "provenance/source",
            ),
            (Release { further: String::new(), ..good.clone() }, "provenance/builder"),
        ] {
            let outcome = &release.judge()["provenance"];
            assert_eq!(rules(outcome, Status::Fail), [rule], "{file}: {}", messages(outcome));
            refused += 1;
        }
    }
    println!("provenance: 2 attestations of GitHub pass, {refused} variants are refused by their rule");
}

#[test]
fn a_real_verification_summary_is_read() {
    let Some(root) = shared("data/provenance/vsa") else { return };
    let text = fs::read(root.join("gke-gce-pre.bcid-vsa.jsonl")).unwrap();
    let limits = Limits::bytes(1 << 20);
    let envelope = Envelope::parse(&text, limits).unwrap();
    let summary = Summary::of(&Statement::parse(envelope.payload(), limits).unwrap()).unwrap();
    assert_eq!(summary.verifier, "https://bcid.corp.google.com/verifier/bcid_package_enforcer/v0.1");
    assert_eq!((summary.result.as_str(), summary.build_level()), ("PASSED", Some(2)));
    assert!(summary.resource_uri.starts_with("gce_image://gke-node-images:gke-12615-"));
    assert_eq!((summary.policy_sha256, summary.slsa_version), (None, None));
    assert_eq!(summary.time_verified.unwrap().to_string(), "2024-06-12T07:24:34.351608Z");
}

#[test]
fn a_bare_envelope_is_undetermined_and_never_passes() {
    let Some(rows) = Row::all() else { return };
    let mut undetermined = 0;
    for row in rows.iter().filter(|row| !row.is_bundle) {
        let judged = row.release(&other_commit()).judge();
        let outcome = &judged["provenance"];
        assert_eq!(outcome.status(), Status::Undetermined, "{}: {}", row.file, messages(outcome));
        assert_eq!(rules(outcome, Status::Undetermined), ["provenance/no-time"], "{}", row.file);
        for check in ["provenance", "signatures"] {
            assert_ne!(judged[check].status(), Status::Pass, "{}: {check}", row.file);
            assert_eq!(rules(&judged[check], Status::Pass), Vec::<&str>::new(), "{}: {check}", row.file);
        }
        undetermined += 1;
    }
    println!("provenance: {undetermined} bare envelopes are undetermined by provenance/no-time, 0 pass");
    assert_eq!(undetermined, 22);
}

#[test]
fn the_library_refuses_another_digest_signer_issuer_and_signature() {
    let Some(rows) = Row::all() else { return };
    let trust = TrustRoots::embedded().unwrap();
    let (mut accepted, mut refused) = (0, 0);
    for row in rows.iter().filter(|row| row.is_bundle) {
        let identity = row.proved().0.identity.raw().to_owned();
        let judge = |bytes: &[u8], identity: &str, issuer: &str, sha256: &str| {
            let expected = Expected::Certificate { identity: identity.to_owned(), issuer: issuer.to_owned() };
            let subject = Subject::Digest(Digest::parse(Algorithm::Sha256, sha256).unwrap());
            verify_one(bytes, &subject, &expected, &trust).map(drop).map_err(|refusal| refusal.reason)
        };
        assert_eq!(judge(&row.bytes, &identity, ISSUER, &row.sha256), Ok(()), "{}", row.file);
        accepted += 1;
        let mut bundle: serde_json::Value = serde_json::from_slice(&row.bytes).unwrap();
        let signature = &mut bundle["dsseEnvelope"]["signatures"][0]["sig"];
        let text = signature.as_str().unwrap();
        let other = if text.as_bytes()[20] == b'A' { "B" } else { "A" };
        *signature = format!("{}{other}{}", &text[..20], &text[21..]).into();
        let forged = bundle.to_string();
        let longer = format!("{identity}x");
        for (what, outcome) in [
            ("digest", judge(&row.bytes, &identity, ISSUER, &flipped(&row.sha256))),
            ("a longer identity", judge(&row.bytes, &longer, ISSUER, &row.sha256)),
            ("a shorter identity", judge(&row.bytes, &identity[..identity.len() - 1], ISSUER, &row.sha256)),
            ("issuer", judge(&row.bytes, &identity, &format!("{ISSUER}/"), &row.sha256)),
            ("signature", judge(forged.as_bytes(), &identity, ISSUER, &row.sha256)),
        ] {
            let reason = outcome.expect_err(what);
            let right = if what == "digest" { Reason::Unbound } else { Reason::Invalid };
            assert_eq!(reason, right, "{}: {what}", row.file);
            refused += 1;
        }
    }
    println!("provenance, library: {accepted} of 32 bundles accepted, {refused} of 160 forgeries refused");
    assert_eq!((accepted, refused), (32, 160));
}

#[test]
fn the_program_says_the_same_of_every_row() {
    let Some(rows) = Row::all() else { return };
    let folder = tempfile::tempdir().unwrap();
    let run = |bytes: &[u8], identity: &str, sha256: &str| {
        let file = folder.path().join("bundle.json");
        fs::write(&file, bytes).unwrap();
        let by = ["--certificate-identity", identity, "--certificate-oidc-issuer", ISSUER];
        let head = ["verify-bundle", "--bundle", file.to_str().unwrap()];
        relcheck(folder.path(), [&head[..], &by, &[&format!("sha256:{sha256}")]].concat())
    };
    let (mut good, mut bad, mut bare) = (0, 0, 0);
    for row in &rows {
        if row.is_bundle {
            let identity = row.proved().0.identity.raw().to_owned();
            run(&row.bytes, &identity, &row.sha256).expect(&row.file, 0, &["verified: signed by"]);
            run(&row.bytes, &identity, &flipped(&row.sha256)).expect(
                &row.file,
                1,
                &["rejected: ", "artifact mismatch"],
            );
            (good, bad) = (good + 1, bad + 1);
        } else {
            run(&row.bytes, "https://x.example/y", &row.sha256).expect(&row.file, 3, &["bare DSSE envelope"]);
            bare += 1;
        }
    }
    println!(
        "provenance, program: {good} bundles accepted, {bad} with another digest refused, {bare} bare envelopes undetermined"
    );
    assert_eq!((good, bad, bare), (32, 32, 22));
}
