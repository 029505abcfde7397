//! In-process: one bundle verified, and whole releases judged. `cargo bench --bench judging`.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

#[path = "../tests/kit/mod.rs"]
mod kit;

use criterion::{Criterion, criterion_group, criterion_main};
use kit::release::{Release, Written};
use relcheck::{
    advisories::database::Database,
    digest::{Algorithms, hash_reader},
    evaluate::evaluate,
    policy::Policy,
    proof::sigstore::verify_all,
    trust::{Origin, SigstoreRoot, TrustRoots},
};
use sigstore_verify::{
    VerificationPolicy, Verifier,
    trust_root::TrustedRoot,
    types::{ArtifactDigest, Bundle, HashAlgorithm, SignatureContent},
};
use std::hint::black_box;

fn now() -> jiff::Timestamp {
    jiff::Timestamp::from_second(kit::RELEASED_AT + 3600).unwrap()
}

fn trust(written: &Written) -> TrustRoots {
    let bytes = std::fs::read(written.trusted_root()).unwrap();
    TrustRoots::of(vec![SigstoreRoot::parse("kit", Origin::File, &bytes).unwrap()])
}

fn releases(criterion: &mut Criterion) {
    let policy = Policy::built_in("default").unwrap();
    for artifacts in [3, 1000] {
        let folder = tempfile::tempdir().unwrap();
        let written = Release { further: artifacts - 3, ..Release::good() }.write(folder.path());
        let database = Database::open(&written.advisories()).unwrap();
        let (trust, evidence) = (trust(&written), written.gather(&database, now()));
        let mut group = criterion.benchmark_group(format!("{artifacts} artifacts"));
        group.sample_size(20);
        group.bench_function("collect", |b| b.iter(|| black_box(written.gather(&database, now()))));
        group.bench_function("judge", |b| b.iter(|| black_box(evaluate(&evidence, &trust, &policy, now()))));
        group.finish();
    }
}

fn bundles(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let written = Release::good().write(folder.path());
    let (trust, bundle) = (trust(&written), std::fs::read(written.provenance()).unwrap());
    assert!(verify_all(&bundle, None, &trust).iter().all(Result::is_ok));
    let root = std::fs::read_to_string(written.trusted_root()).unwrap();
    let verifier = Verifier::new(&TrustedRoot::from_json(&root).unwrap()).unwrap();
    let text = std::str::from_utf8(&bundle).unwrap();
    let digest = digest_of_first_subject(text);
    let bare = || {
        let bundle = Bundle::from_json(text).unwrap();
        verifier.verify(digest.clone(), &bundle, &VerificationPolicy::any_identity()).unwrap()
    };
    let mut group = criterion.benchmark_group("one bundle");
    group.bench_function("relcheck", |b| b.iter(|| black_box(verify_all(&bundle, None, &trust))));
    group.bench_function("sigstore-verify alone", |b| b.iter(|| black_box(bare())));
    group.finish();
}

/// The digest that the bare call is given, taken from the statement in the bundle.
fn digest_of_first_subject(bundle: &str) -> ArtifactDigest {
    let bundle = Bundle::from_json(bundle).unwrap();
    let SignatureContent::DsseEnvelope(envelope) = &bundle.content else { panic!("a statement") };
    let statement: serde_json::Value = serde_json::from_slice(envelope.payload.as_bytes()).unwrap();
    let hex = statement["subject"][0]["digest"]["sha256"].as_str().unwrap();
    ArtifactDigest::new(HashAlgorithm::Sha2256, hex::decode(hex).unwrap()).unwrap()
}

fn hashing(criterion: &mut Criterion) {
    let bytes = vec![7_u8; 64 << 20];
    let mut group = criterion.benchmark_group("64 MiB");
    group.sample_size(10);
    group.bench_function("sha256", |b| {
        b.iter(|| black_box(hash_reader(&bytes[..], Algorithms::SHA256).unwrap()))
    });
    group.bench_function("all algorithms", |b| {
        b.iter(|| black_box(hash_reader(&bytes[..], Algorithms::ALL).unwrap()))
    });
    group.finish();
}

criterion_group!(benches, bundles, releases, hashing);
criterion_main!(benches);
