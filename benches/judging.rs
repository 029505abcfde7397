//! In-process: one bundle verified, and whole releases judged. `cargo bench --bench judging`.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

#[path = "../tests/kit/mod.rs"]
mod kit;

use criterion::{Criterion, criterion_group, criterion_main};
use kit::release::{Release, Written};
use relcheck::{
    advisories::database::Database,
    collect::{Assets, Request, gather},
    digest::{Algorithms, hash_reader},
    evaluate::evaluate,
    evidence::Evidence,
    policy::Policy,
    proof::sigstore::verify_all,
    trust::{Origin, SigstoreRoot, TrustRoots},
};
use std::hint::black_box;

fn now() -> jiff::Timestamp {
    jiff::Timestamp::from_second(kit::RELEASED_AT + 3600).unwrap()
}

fn trust(written: &Written) -> TrustRoots {
    let bytes = std::fs::read(written.trusted_root()).unwrap();
    TrustRoots::of(vec![SigstoreRoot::parse("kit", Origin::File, &bytes).unwrap()])
}

fn collected(written: &Written, database: &Database) -> Evidence {
    gather(Request {
        repository_path: written.repository(),
        repository_name: None,
        tag: written.tag.clone(),
        assets: Assets::Folder(written.published()),
        advisories: std::slice::from_ref(database),
        now: now(),
    })
    .unwrap()
}

fn releases(criterion: &mut Criterion) {
    let policy = Policy::built_in("default").unwrap();
    for artifacts in [3, 1000] {
        let folder = tempfile::tempdir().unwrap();
        let written = Release { further: artifacts - 3, ..Release::good() }.write(folder.path());
        let database = Database::open(&written.advisories()).unwrap();
        let (trust, evidence) = (trust(&written), collected(&written, &database));
        let mut group = criterion.benchmark_group(format!("{artifacts} artifacts"));
        group.sample_size(20);
        group.bench_function("collect", |b| b.iter(|| black_box(collected(&written, &database))));
        group.bench_function("judge", |b| b.iter(|| black_box(evaluate(&evidence, &trust, &policy, now()))));
        group.finish();
    }
}

fn bundles(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let written = Release::good().write(folder.path());
    let (trust, bundle) = (trust(&written), std::fs::read(written.provenance()).unwrap());
    assert!(verify_all(&bundle, None, &trust).iter().all(Result::is_ok));
    criterion.bench_function("one bundle", |b| b.iter(|| black_box(verify_all(&bundle, None, &trust))));
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
