//! 1000 different bundles judged with one thread and with two, in turn: `cargo bench --bench cores`.
//!
//! The two are measured pair by pair, so that a machine whose speed drifts slows both alike.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

#[path = "../tests/kit/mod.rs"]
mod kit;

use kit::release::Release;
use rayon::{ThreadPool, ThreadPoolBuilder};
use relcheck::{
    advisories::database::Database,
    evaluate::evaluate,
    outcome::Verdict,
    policy::Policy,
    trust::{Origin, SigstoreRoot, TrustRoots},
};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// How many pairs are measured, after one that is not counted.
const PAIRS: usize = 25;

fn main() {
    let policy = Policy::built_in("default").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let written = Release { further: 997, ..Release::good() }.write(folder.path());
    let database = Database::open(&written.advisories()).unwrap();
    let root = std::fs::read(written.trusted_root()).unwrap();
    let trust = TrustRoots::of(vec![SigstoreRoot::parse("kit", Origin::File, &root).unwrap()]);
    let now = jiff::Timestamp::from_second(kit::RELEASED_AT + 3600).unwrap();
    let evidence = written.gather(&database, now);
    let judge = || black_box(evaluate(&evidence, &trust, &policy, now));
    assert_eq!(judge().verdict, Verdict::Verified);
    let (one, two) = (pool(1), pool(2));
    let timed = |pool: &ThreadPool| {
        let began = Instant::now();
        drop(pool.install(judge));
        began.elapsed()
    };
    let mut pairs: Vec<(Duration, Duration)> = (0..=PAIRS).map(|_| (timed(&one), timed(&two))).collect();
    pairs.remove(0);
    let ratios = pairs.iter().map(|(one, two)| one.as_secs_f64() / two.as_secs_f64());
    println!("1000 bundles, {PAIRS} pairs: median (least to most)");
    println!("  one thread:  {} ms", spread(pairs.iter().map(|(one, _)| one.as_secs_f64() * 1e3), 1));
    println!("  two threads: {} ms", spread(pairs.iter().map(|(_, two)| two.as_secs_f64() * 1e3), 1));
    println!("  as fast:     {} times", spread(ratios, 2));
}

fn pool(threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

fn spread(values: impl Iterator<Item = f64>, digits: usize) -> String {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (least, most) = (values[0], values[values.len() - 1]);
    format!("{:.digits$} ({least:.digits$} to {most:.digits$})", values[values.len() / 2])
}
