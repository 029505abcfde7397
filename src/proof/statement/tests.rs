use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const LIMITS: Limits = Limits::bytes(10 << 20);
const HASH: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const COMMIT: &str = "4d329c75e7ec1725f7c9ce917a8799d408d06be3";
const OTHER_COMMIT: &str = "d37a7f740ee7404914456f24dcd90e865a0509e8";

fn v0_2() -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v0.1",
        "subject": [{ "name": "a.zip", "digest": { "sha256": HASH } }],
        "predicateType": SLSA_V0_2,
        "predicate": {
            "builder": { "id": "https://github.com/o/b/.github/workflows/w.yml@refs/tags/v2" },
            "buildType": "https://example.com/generic@v1",
            "invocation": {
                "configSource": {
                    "uri": "git+https://github.com/o/n@refs/tags/v1",
                    "digest": { "sha1": COMMIT },
                    "entryPoint": ".github/workflows/release.yml",
                },
                "parameters": { "x": 1 },
            },
            "metadata": { "buildInvocationID": "12-1" },
            "materials": [
                { "uri": "git+https://github.com/o/n@refs/tags/v1", "digest": { "sha1": COMMIT } },
                { "uri": "https://github.com/actions/virtual-environments/releases/tag/1" },
            ],
        },
    })
}

fn v1() -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "name": "a.zip", "digest": { "sha256": HASH } }],
        "predicateType": SLSA_V1,
        "predicate": {
            "buildDefinition": {
                "buildType": "https://actions.github.io/buildtypes/workflow/v1",
                "externalParameters": {
                    "workflow": {
                        "ref": "refs/tags/v1",
                        "repository": "https://github.com/o/n",
                        "path": ".github/workflows/release.yml",
                    },
                },
                "resolvedDependencies": [
                    { "uri": "git+https://github.com/o/n@refs/tags/v1", "digest": { "gitCommit": COMMIT } },
                ],
            },
            "runDetails": {
                "builder": { "id": "https://github.com/actions/runner/github-hosted" },
                "metadata": { "invocationId": "https://github.com/o/n/actions/runs/1/attempts/1" },
            },
        },
    })
}

fn statement(document: &Value) -> Result<Statement, StatementError> {
    Statement::parse(&serde_json::to_vec(document).unwrap(), LIMITS)
}

fn provenance(document: &Value) -> Result<Provenance, StatementError> {
    Provenance::of(&statement(document)?)
}

/// The document with one place set to a value; a place that is not there yet is made.
fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(members) => drop(members.insert(key.to_owned(), value)),
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        other => panic!("{pointer}: {other}"),
    }
    document
}

#[test]
fn both_versions_of_provenance_give_the_same_facts() {
    let old = provenance(&v0_2()).unwrap();
    assert_eq!(old.version, ProvenanceVersion::V0_2);
    assert_eq!(old.builder_id, "https://github.com/o/b/.github/workflows/w.yml@refs/tags/v2");
    assert_eq!(old.invocation_id.as_deref(), Some("12-1"));
    assert_eq!(old.external_parameters, json!({ "x": 1 }));
    assert_eq!(old.materials.len(), 2);
    let new = provenance(&v1()).unwrap();
    assert_eq!(new.version, ProvenanceVersion::V1);
    assert_eq!(new.builder_id, "https://github.com/actions/runner/github-hosted");
    assert_eq!(new.materials[0].digests["gitCommit"], COMMIT);
    for one in [old, new] {
        assert_eq!(one.source_uri.as_deref(), Some("https://github.com/o/n"));
        assert_eq!(one.source_ref.as_deref(), Some("refs/tags/v1"));
        assert_eq!(one.source_commits, [COMMIT]);
        assert_eq!(one.workflow_path.as_deref(), Some(".github/workflows/release.yml"));
    }
}

/// A base document, the place that is spoilt, the value put there, and the beginning of the message.
type Spoilt = (fn() -> Value, &'static str, Value, &'static str);

#[test]
fn each_spoilt_field_is_refused_by_its_path() {
    let cases: Vec<Spoilt> = vec![
        (
            v1,
            "/_type",
            json!("https://in-toto.io/Statement/v2"),
            "\"https://in-toto.io/Statement/v2\" is no known",
        ),
        (v1, "/_type", json!(1), "$._type is a number, not a string"),
        (v1, "/_type", json!(null), "$._type is missing"),
        (v1, "/subject", json!([]), "the statement has no subject"),
        (v1, "/subject", json!(null), "the statement has no subject"),
        (v1, "/subject", json!({}), "$.subject is an object, not an array"),
        (v1, "/subject", json!([{}]), "$.subject[0].digest has no digest"),
        (v1, "/subject/0/digest", json!({}), "$.subject[0].digest has no digest"),
        (v1, "/subject/0/digest", json!(null), "$.subject[0].digest has no digest"),
        (v1, "/subject/0/digest", json!([]), "$.subject[0].digest is an array, not an object"),
        (v1, "/subject/0/name", json!(["a"]), "$.subject[0].name is an array, not a string"),
        (v0_2, "/subject/0/name", json!(null), "$.subject[0].name is missing"),
        (v1, "/subject/0/digest/sha256", json!(5), "$.subject[0].digest.sha256 is a number"),
        (v1, "/subject/0/digest/sha256", json!(""), "$.subject[0].digest.sha256: 0 hexadecimal digits"),
        (
            v1,
            "/subject/0/digest/sha256",
            json!(HASH[1..]),
            "$.subject[0].digest.sha256: 63 hexadecimal digits",
        ),
        (
            v1,
            "/subject/0/digest/sha256",
            json!(HASH.to_uppercase()),
            "$.subject[0].digest.sha256: a sha256 digest is written in lowercase",
        ),
        (
            v1,
            "/subject/0/digest/sha512",
            json!(HASH),
            "$.subject[0].digest.sha512: 64 hexadecimal digits are no sha512",
        ),
        (v1, "/subject/0/digest/md5", json!(HASH), "$.subject[0].digest.md5: 64"),
        (v1, "/subject/0/digest/dirHash", json!(""), "$.subject[0].digest.dirHash: the digest of an unknown"),
        (v1, "/predicateType", json!(null), "$.predicateType is missing"),
        (v1, "/predicateType", json!(""), "$.predicateType is empty"),
        (
            v1,
            "/predicateType",
            json!("https://slsa.dev/provenance/v1?x"),
            "the predicate is \"https://slsa.dev/provenance/v1?x\", not slsa",
        ),
        (
            v1,
            "/predicateType",
            json!(VSA_V1),
            "the predicate is \"https://slsa.dev/verification_summary/v1\", not slsa",
        ),
        (v1, "/predicateType", json!(SLSA_V0_2), "$.predicate.builder is missing"),
        (v0_2, "/predicateType", json!(SLSA_V1), "$.predicate.buildDefinition is missing"),
        (v1, "/predicate", json!([]), "$.predicate is an array, not an object"),
        (v1, "/predicate", json!(null), "$.predicate is null, not an object"),
        (v1, "/predicate/runDetails", json!(null), "$.predicate.runDetails is missing"),
        (v1, "/predicate/runDetails/builder", json!({}), "$.predicate.runDetails.builder.id is missing"),
        (v1, "/predicate/runDetails/builder/id", json!(""), "$.predicate.runDetails.builder.id is empty"),
        (v1, "/predicate/runDetails/builder/id", json!(7), "$.predicate.runDetails.builder.id is a number"),
        (
            v1,
            "/predicate/runDetails/metadata/invocationId",
            json!(7),
            "$.predicate.runDetails.metadata.invocationId is a number",
        ),
        (
            v1,
            "/predicate/buildDefinition/buildType",
            json!(null),
            "$.predicate.buildDefinition.buildType is missing",
        ),
        (
            v1,
            "/predicate/buildDefinition/externalParameters",
            json!(null),
            "$.predicate.buildDefinition.externalParameters is missing",
        ),
        (
            v1,
            "/predicate/buildDefinition/externalParameters",
            json!([]),
            "$.predicate.buildDefinition.externalParameters is an array",
        ),
        (
            v1,
            "/predicate/buildDefinition/externalParameters/workflow",
            json!(null),
            "$.predicate.buildDefinition.externalParameters.workflow is missing",
        ),
        (
            v1,
            "/predicate/buildDefinition/externalParameters/workflow",
            json!("w"),
            "$.predicate.buildDefinition.externalParameters.workflow is a string, not an object",
        ),
        (
            v1,
            "/predicate/buildDefinition/externalParameters/workflow/repository",
            json!(null),
            "$.predicate.buildDefinition.externalParameters.workflow.repository is missing",
        ),
        (
            v1,
            "/predicate/buildDefinition/externalParameters/workflow/repository",
            json!("github.com/o/n"),
            "$.predicate.buildDefinition.externalParameters.workflow.repository is no https repository",
        ),
        (
            v1,
            "/predicate/buildDefinition/externalParameters/workflow/ref",
            json!("refs/tags/v1\n"),
            "$.predicate.buildDefinition.externalParameters.workflow.ref is no ref",
        ),
        (
            v1,
            "/predicate/buildDefinition/externalParameters/workflow/ref",
            json!(""),
            "$.predicate.buildDefinition.externalParameters.workflow.ref is empty",
        ),
        (
            v1,
            "/predicate/buildDefinition/externalParameters/source",
            json!({ "uri": "git+https://github.com/evil/n" }),
            "the provenance names two sources",
        ),
        (
            v1,
            "/predicate/buildDefinition/externalParameters/source",
            json!({ "uri": "git+https://github.com/o/n@refs/heads/x" }),
            "the provenance names two sources",
        ),
        (
            v1,
            "/predicate/buildDefinition/resolvedDependencies",
            json!({}),
            "$.predicate.buildDefinition.resolvedDependencies is an object",
        ),
        (
            v1,
            "/predicate/buildDefinition/resolvedDependencies/0/uri",
            json!(1),
            "$.predicate.buildDefinition.resolvedDependencies[0].uri is a number",
        ),
        (
            v1,
            "/predicate/buildDefinition/resolvedDependencies/0/digest/gitCommit",
            json!("main"),
            "$.predicate.buildDefinition.resolvedDependencies[0].digest.gitCommit is no git commit",
        ),
        (
            v1,
            "/predicate/buildDefinition/resolvedDependencies/0/digest/gitCommit",
            json!(COMMIT.to_uppercase()),
            "$.predicate.buildDefinition.resolvedDependencies[0].digest.gitCommit is no git commit",
        ),
        (
            v1,
            "/predicate/buildDefinition/resolvedDependencies/0/digest/gitCommit",
            json!(COMMIT[1..]),
            "$.predicate.buildDefinition.resolvedDependencies[0].digest.gitCommit is no git commit",
        ),
        (v0_2, "/predicate/builder/id", json!(null), "$.predicate.builder.id is missing"),
        (v0_2, "/predicate/buildType", json!(""), "$.predicate.buildType is empty"),
        (v0_2, "/predicate/invocation", json!("x"), "$.predicate.invocation is a string"),
        (
            v0_2,
            "/predicate/invocation/configSource/uri",
            json!({}),
            "$.predicate.invocation.configSource.uri is an object",
        ),
        (
            v0_2,
            "/predicate/invocation/configSource/uri",
            json!("git+ssh://github.com/o/n"),
            "$.predicate.invocation.configSource.uri is no https repository",
        ),
        (
            v0_2,
            "/predicate/invocation/configSource/digest/sha1",
            json!("x"),
            "$.predicate.invocation.configSource.digest.sha1 is no git commit",
        ),
        (
            v0_2,
            "/predicate/invocation/configSource/entryPoint",
            json!([]),
            "$.predicate.invocation.configSource.entryPoint is an array",
        ),
        (v0_2, "/predicate/materials", json!(1), "$.predicate.materials is a number"),
        (v0_2, "/predicate/materials/1/digest", json!("x"), "$.predicate.materials[1].digest is a string"),
        (
            v0_2,
            "/predicate/metadata/buildInvocationID",
            json!(1),
            "$.predicate.metadata.buildInvocationID is a number",
        ),
    ];
    for (base, pointer, value, expected) in cases {
        provenance(&base()).expect("the base is good");
        let error = provenance(&with(base(), pointer, value.clone())).expect_err(pointer);
        assert!(error.to_string().starts_with(expected), "{pointer} = {value}: {error}");
    }
}

#[test]
fn a_claim_of_another_commit_is_kept_so_that_the_caller_sees_both() {
    let document = with(v0_2(), "/predicate/materials/0/digest", json!({ "sha1": OTHER_COMMIT }));
    assert_eq!(provenance(&document).unwrap().source_commits, [COMMIT, OTHER_COMMIT]);
    let more = json!({ "gitCommit": COMMIT, "sha1": OTHER_COMMIT });
    let document = with(v1(), "/predicate/buildDefinition/resolvedDependencies/0/digest", more);
    assert_eq!(provenance(&document).unwrap().source_commits, [COMMIT, OTHER_COMMIT]);
}

#[test]
fn a_commit_of_another_repository_or_ref_is_no_commit_of_the_source() {
    let place = "/predicate/buildDefinition/resolvedDependencies/0/uri";
    for uri in [
        "git+https://github.com/o/n-evil@refs/tags/v1",
        "git+https://github.com/o/n@refs/heads/main",
        "https://evil.example/https://github.com/o/n",
        "git+https://github.com/O/n@refs/tags/v1",
    ] {
        assert!(provenance(&with(v1(), place, json!(uri))).unwrap().source_commits.is_empty(), "{uri}");
    }
    let without_ref = provenance(&with(v1(), place, json!("git+https://github.com/o/n"))).unwrap();
    assert_eq!(without_ref.source_commits, [COMMIT]);
}

#[test]
fn an_unknown_build_type_gives_no_source_unless_its_parameters_have_a_known_layout() {
    let unknown = with(v1(), "/predicate/buildDefinition/buildType", json!("https://example.com/own/v1"));
    assert_eq!(provenance(&unknown).unwrap().source_ref.as_deref(), Some("refs/tags/v1"));
    let bare =
        with(unknown, "/predicate/buildDefinition/externalParameters", json!({ "workflow": "release" }));
    let bare = provenance(&bare).unwrap();
    assert_eq!((bare.source_uri, bare.source_ref), (None, None));
    assert!(bare.source_commits.is_empty());

    let no_config = with(v0_2(), "/predicate/invocation", json!({}));
    assert_eq!(provenance(&no_config).unwrap().source_uri, None);
}

#[test]
fn a_source_is_an_https_repository_and_its_ref_ends_the_uri() {
    let good = [
        ("git+https://github.com/o/n@refs/tags/v1", "https://github.com/o/n", Some("refs/tags/v1")),
        ("https://github.com/o/n", "https://github.com/o/n", None),
        ("git+https://github.com/o/n.git@refs/heads/main", "https://github.com/o/n", Some("refs/heads/main")),
        (
            "git+https://github.com/o/n@refs/tags/crate@1.2.3",
            "https://github.com/o/n",
            Some("refs/tags/crate@1.2.3"),
        ),
        ("https://gitlab.com/group/sub/n", "https://gitlab.com/group/sub/n", None),
        ("https://git.example:8443/o/n.x_y-z", "https://git.example:8443/o/n.x_y-z", None),
    ];
    for (uri, repository, reference) in good {
        let parsed = SourceUri::parse(uri).unwrap_or_else(|| panic!("{uri}"));
        assert_eq!(
            (parsed.repository.as_str(), parsed.reference.as_deref()),
            (repository, reference),
            "{uri}"
        );
    }
    let bad = [
        "",
        "github.com/o/n",
        "http://github.com/o/n",
        "git+http://github.com/o/n",
        "ssh://git@github.com/o/n",
        "git@github.com:o/n",
        "https://user@github.com/o/n",
        "https://user:pw@github.com/o/n",
        "https://github.com",
        "https://github.com/o",
        "https://github.com/o/",
        "https://github.com//n",
        "https://github.com/o/n/",
        "https://github.com/o/../n",
        "https://github.com/o/n?x=1",
        "https://github.com/o/n#main",
        "https:///o/n",
        "https://github.com/o/n@",
        "https://github.com/o/n@a b",
        "https://github.com/o/n@a\nb",
        "https://gith\u{fc}b.com/o/n",
        "https://github.com/o/%6e",
        "https://github.com\\@evil.example/o/n",
        "HTTPS://github.com/o/n",
        " https://github.com/o/n",
        "git+git+https://github.com/o/n",
    ];
    for uri in bad {
        assert_eq!(SourceUri::parse(uri), None, "{uri:?}");
    }
}

#[test]
fn the_limits_on_subjects_and_digests_hold_exactly() {
    let subjects = |count: usize| json!(vec![json!({ "name": "a", "digest": { "sha256": HASH } }); count]);
    assert_eq!(statement(&with(v1(), "/subject", subjects(1024))).unwrap().subjects().len(), 1024);
    let error = statement(&with(v1(), "/subject", subjects(1025))).unwrap_err();
    assert_eq!(error, StatementError::TooManySubjects { count: 1025 });

    let digests = |count: usize| -> Value { (0..count).map(|i| (format!("x{i}"), json!("v"))).collect() };
    assert_eq!(
        statement(&with(v1(), "/subject/0/digest", digests(32))).unwrap().subjects()[0].digests.len(),
        32
    );
    let error = statement(&with(v1(), "/subject/0/digest", digests(33))).unwrap_err();
    assert_eq!(error, StatementError::TooManyDigests { path: "$.subject[0].digest".to_owned(), count: 33 });

    let small = Statement::parse(&serde_json::to_vec(&v1()).unwrap(), Limits::bytes(100));
    assert!(matches!(small, Err(StatementError::Json(JsonError::TooLarge { limit: 100, .. }))));
}

#[test]
fn other_predicates_are_kept_by_name_with_their_subjects() {
    for uri in [VSA_V1, RELEASE_V0_1, "https://spdx.dev/Document"] {
        let document = with(v1(), "/predicateType", json!(uri));
        let parsed = statement(&document).unwrap();
        assert_eq!(parsed.predicate_type(), &PredicateType::Other(uri.to_owned()));
        assert_eq!(parsed.predicate_type().as_str(), uri);
        assert_eq!(parsed.subjects()[0].digests[0].hex(), HASH);
        assert_eq!(Provenance::of(&parsed), Err(StatementError::NotProvenance { found: uri.to_owned() }));
    }
    let no_name = statement(&with(v1(), "/subject/0", json!({ "digest": { "sha256": HASH } }))).unwrap();
    assert_eq!(no_name.subjects()[0].name, None);
}

#[test]
fn a_statement_that_is_two_at_once_is_refused() {
    let text = serde_json::to_string(&v1()).unwrap();
    let twice = text.replacen('{', &format!("{{\"predicateType\":\"{SLSA_V0_2}\","), 1);
    let error = Statement::parse(twice.as_bytes(), LIMITS).unwrap_err();
    assert!(matches!(error, StatementError::Json(JsonError::DuplicateKey { .. })), "{error}");
}

fn envelope() -> Value {
    json!({
        "payloadType": PAYLOAD_TYPE,
        "payload": STANDARD.encode("{\"a\":\"??>>\"}"),
        "signatures": [{ "sig": STANDARD.encode([0xfb, 0xff, 0xfe, 1]), "keyid": "" }],
    })
}

fn parse_envelope(document: &Value) -> Result<Envelope, StatementError> {
    Envelope::parse(&serde_json::to_vec(document).unwrap(), LIMITS)
}

#[test]
fn an_envelope_gives_its_payload_and_its_only_signature() {
    let parsed = parse_envelope(&envelope()).unwrap();
    assert_eq!(parsed.payload(), b"{\"a\":\"??>>\"}");
    assert_eq!(parsed.signature(), [0xfb, 0xff, 0xfe, 1]);
    assert_eq!(parsed.key_id(), None);
    assert_eq!(
        parsed.pre_authentication_encoding(),
        b"DSSEv1 28 application/vnd.in-toto+json 12 {\"a\":\"??>>\"}"
    );
    let url_safe = with(envelope(), "/payload", json!(URL_SAFE_NO_PAD.encode("{\"a\":\"??>>\"}")));
    assert_eq!(parse_envelope(&url_safe).unwrap(), parsed);
    let named = with(envelope(), "/signatures/0/keyid", json!("k"));
    assert_eq!(parse_envelope(&named).unwrap().key_id(), Some("k"));
}

#[test]
fn each_spoilt_field_of_an_envelope_is_refused() {
    let two = json!([{ "sig": "AAAA" }, { "sig": "AAAA" }]);
    let cases = [
        ("/payloadType", json!("text/plain"), "the payload type is \"text/plain\""),
        ("/payloadType", json!("application/vnd.in-toto+json; charset=utf-8"), "the payload type is"),
        ("/payloadType", json!("application/vnd.in-toto+JSON"), "the payload type is"),
        ("/payloadType", json!("application/vnd.\u{131}n-toto+json"), "the payload type is"),
        ("/payloadType", json!(""), "the payload type is"),
        ("/payloadType", json!(null), "$.payloadType is missing"),
        ("/payload", json!(""), "$.payload is empty"),
        ("/payload", json!(null), "$.payload is missing"),
        ("/payload", json!("e30=\n"), "$.payload is not base64"),
        ("/payload", json!("e30 ="), "$.payload is not base64"),
        ("/payload", json!("e31="), "$.payload is not base64"),
        ("/payload", json!("+_8="), "$.payload is not base64"),
        ("/payload", json!("===="), "$.payload is not base64"),
        ("/payload", json!({}), "$.payload is an object"),
        ("/signatures", json!([]), "the envelope has 0 signatures"),
        ("/signatures", two, "the envelope has 2 signatures"),
        ("/signatures", json!(null), "$.signatures is missing"),
        ("/signatures", json!({}), "$.signatures is an object"),
        ("/signatures/0", json!({}), "$.signatures[0].sig is missing"),
        ("/signatures/0/sig", json!(""), "$.signatures[0].sig is empty"),
        ("/signatures/0/sig", json!("%"), "$.signatures[0].sig is not base64"),
        ("/signatures/0/keyid", json!(1), "$.signatures[0].keyid is a number"),
    ];
    for (pointer, value, expected) in cases {
        let error = parse_envelope(&with(envelope(), pointer, value.clone())).expect_err(pointer);
        assert!(error.to_string().starts_with(expected), "{pointer} = {value}: {error}");
    }
}

/// The shared data, or `None` with a loud word where it is absent; in CI that is a failure.
fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{folder} is needed in CI");
    eprintln!("SKIPPED: no {folder} beside the project");
    None
}

/// The envelope in a file that is a bundle or a bare envelope.
fn envelope_in(bytes: &[u8]) -> Result<Envelope, StatementError> {
    let document = json::parse(bytes, LIMITS)?;
    let root = Node::root(&document);
    Envelope::from_node(&root.optional("dsseEnvelope")?.unwrap_or(root))
}

/// Three rows of the table give the ref of the branch although the predicate and the certificate of the file both
/// name a tag; these are the refs that the files themselves have.
const CORRECTED: &[(&str, &str)] = &[
    ("gha_container-based-binary-linux-amd64-v13.0.30.intoto.sigstore", "refs/tags/v13.0.30"),
    ("gha_container-based-binary-linux-amd64-v14.intoto.sigstore", "refs/tags/v14"),
    ("gha_container-based-binary-linux-amd64-v14.2.intoto.sigstore", "refs/tags/v14.2"),
];

#[test]
fn every_row_of_the_real_provenance_has_the_builder_source_and_ref_of_the_table() {
    let Some(folder) = shared("provenance") else { return };
    let table = std::fs::read_to_string(folder.join("index.tsv")).unwrap();
    let (mut bundles, mut bare) = (0, 0);
    for row in table.lines().skip(1) {
        let columns: Vec<_> = row.split('\t').collect();
        let [file, _, sha256, format, predicate_type, builder, source, reference] = columns[..] else {
            panic!("{row}");
        };
        let envelope = envelope_in(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        let parsed = Statement::parse(envelope.payload(), LIMITS).unwrap();
        assert_eq!(parsed.predicate_type().as_str(), predicate_type, "{file}");
        assert!(parsed.subjects().iter().any(|s| s.digests.iter().any(|d| d.hex() == sha256)), "{file}");
        let found = Provenance::of(&parsed).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(found.builder_id, builder, "{file}");
        assert_eq!(found.source_commits.len(), 1, "{file}");
        assert!(found.invocation_id.is_some(), "{file}");
        if format.starts_with("bundle") {
            bundles += 1;
        } else {
            bare += 1;
        }
        if source.is_empty() {
            continue;
        }
        assert_eq!(found.source_uri.unwrap(), format!("https://{source}"), "{file}");
        let corrected = CORRECTED.iter().find(|(name, _)| file.ends_with(&format!("v1.7.0/{name}")));
        assert_eq!(found.source_ref.unwrap(), corrected.map_or(reference, |(_, own)| own), "{file}");
    }
    assert_eq!((bundles, bare), (32, 22));
}

#[test]
fn the_real_attestations_of_github_and_npm_are_read() {
    let Some(folder) = shared("github-attestations") else { return };
    let expected = [
        (
            "custom-issuer.sigstore.json",
            "https://github.com/too-legit/attest",
            "283bf967fa3c591925dd25e6a6e8e781542117bf",
        ),
        (
            "reusable-workflow-attestation.sigstore.json",
            "https://github.com/malancas/attest-demo",
            "95baf27389e83e6a5c48f42e190d48d7abcea19e",
        ),
        (
            "sigstore-js-2.1.0-bundle.json",
            "https://github.com/sigstore/sigstore-js",
            "26d16513386ffaa790b1c32f927544f1322e4194",
        ),
        (
            "sigstore-js-2.1.0-bundle-v0.1.json",
            "https://github.com/sigstore/sigstore-js",
            "26d16513386ffaa790b1c32f927544f1322e4194",
        ),
    ];
    for (file, source, commit) in expected {
        let envelope = envelope_in(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        let found = Provenance::of(&Statement::parse(envelope.payload(), LIMITS).unwrap()).unwrap();
        assert_eq!(found.source_uri.as_deref(), Some(source));
        assert_eq!(found.source_ref.as_deref(), Some("refs/heads/main"));
        assert_eq!(found.source_commits, [commit]);
        assert!(found.workflow_path.unwrap().starts_with(".github/workflows/"));
    }
    let plain = std::fs::read(folder.join("sigstoreBundle-invalid-signature.json")).unwrap();
    assert_eq!(envelope_in(&plain), Err(StatementError::PayloadType { found: "text/plain".to_owned() }));

    let Some(folder) = shared("provenance") else { return };
    let npm = std::fs::read(folder.join("npm/gundam-visor-cli-v1-tag.tgz.json")).unwrap();
    let document = json::parse(&npm, LIMITS).unwrap();
    let bundles = Node::root(&document).required("attestations").unwrap().items().unwrap();
    let read = bundles.map(|item| {
        let envelope = item.required("bundle").unwrap().required("dsseEnvelope").unwrap();
        Statement::parse(Envelope::from_node(&envelope).unwrap().payload(), LIMITS).unwrap()
    });
    let sources: Vec<_> = read.map(|s| Provenance::of(&s).ok().and_then(|p| p.source_ref)).collect();
    assert_eq!(sources, [None, Some("refs/tags/v1.0.1".to_owned())]);

    let vsa = std::fs::read(folder.join("vsa/gke-gce-pre.bcid-vsa.jsonl")).unwrap();
    let summary = Statement::parse(envelope_in(&vsa).unwrap().payload(), LIMITS).unwrap();
    assert_eq!(summary.predicate_type(), &PredicateType::Other(VSA_V1.to_owned()));
    assert!(!summary.subjects()[0].digests[0].algorithm().is_strong());
}

/// Every place in a document, as JSON pointers.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, child)| (key.clone(), child)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(i, child)| (i.to_string(), child)).collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        let pointer = format!("{at}/{key}");
        pointers(child, &pointer, out);
        out.push(pointer);
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Statement::parse(&bytes, LIMITS).is_err());
        prop_assert!(Envelope::parse(&bytes, LIMITS).is_err());
        if let Ok(text) = std::str::from_utf8(&bytes) {
            prop_assert!(SourceUri::parse(text).is_none_or(|s| s.repository.starts_with("https://")));
        }
    }

    #[test]
    fn any_place_replaced_by_anything_never_panics_and_never_invents_a_source(
        old in any::<bool>(),
        place in any::<prop::sample::Index>(),
        text in "(git\\+)?(https://)?[a-z./@-]{0,20}",
        kind in 0..7,
    ) {
        let base = if old { v0_2() } else { v1() };
        let mut places = Vec::new();
        pointers(&base, "", &mut places);
        let replacement = match kind {
            0 => Value::Null,
            1 => json!(7),
            2 => json!([]),
            3 => json!({}),
            4 => json!([text]),
            5 => json!({ "uri": text }),
            _ => json!(text),
        };
        if let Ok(found) = provenance(&with(base, &places[place.index(places.len())], replacement)) {
            prop_assert!(!found.builder_id.is_empty());
            prop_assert!(found.source_uri.is_none_or(|s| s.starts_with("https://")));
        }
    }
}
