//! In-process: a security policy read and judged. `cargo bench --bench security_policy`.
//!
//! `usual` has the size of a real policy and 600 tags; the others are a mebibyte of what is hardest to read.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

use criterion::{Criterion, criterion_group, criterion_main};
use relcheck::{
    security_policy::{PublishedTag, Refs, correct, judge, read},
    versions::TagVersion,
};
use std::hint::black_box;

const MIB: usize = 1 << 20;
const HEADER: &str = "## Supported Versions\n\n| Version | Supported |\n| - | - |\n";

fn tags() -> Vec<PublishedTag> {
    let tag = |n: usize| {
        let name = format!("v{}.{}.{}", n / 100, n / 10 % 10, n % 10);
        PublishedTag { version: TagVersion::parse(&name).unwrap(), name, date: None }
    };
    (0..600).map(tag).collect()
}

fn now() -> jiff::Timestamp {
    "2026-11-21T00:00:00Z".parse().unwrap()
}

/// A policy of 200 lines, as projects have them.
fn usual() -> String {
    let rows: String = (0..12)
        .map(|n| {
            format!(
                "| {}.{}.x | {} |\n",
                5 - n / 10,
                9 - n % 10,
                if n < 3 { ":white_check_mark:" } else { ":x:" }
            )
        })
        .collect();
    let paragraph = "Report a vulnerability to security@example.org; we answer within 48 hours, and publish an advisory \
                     when a fix is released. **Please** do not open an [issue](https://example.org/issues).\n\n";
    format!(
        "# Security policy\n\n{paragraph}{HEADER}{rows}| < 4.8 | :x: |\n\n## Reporting\n\n{}",
        paragraph.repeat(60)
    )
}

/// Lines of a piece, up to a mebibyte.
fn lines(piece: &str, width: usize) -> String {
    let line = format!("{}\n", piece.repeat(width / piece.len()));
    format!("{HEADER}| 1.x | yes |\n\n{}", line.repeat((MIB - 100) / line.len()))
}

fn policies(criterion: &mut Criterion) {
    let (tags, refs) = (tags(), Refs::default());
    let both = |text: &str| judge(&read("SECURITY.md", text.as_bytes()), &tags, &refs, None, now());
    let usual = usual();
    assert!(both(&usual).iter().any(|said| said.rule == "supported"));
    let mut group = criterion.benchmark_group("usual, 600 tags");
    group.bench_function("read", |b| b.iter(|| black_box(read("SECURITY.md", usual.as_bytes()))));
    group.bench_function("read and judge", |b| b.iter(|| black_box(both(&usual))));
    group.bench_function("correct", |b| {
        b.iter(|| black_box(correct("SECURITY.md", usual.as_bytes(), &tags, &refs, now())))
    });
    group.finish();
    let mut group = criterion.benchmark_group("1 MiB");
    group.sample_size(10);
    let row = format!("| 1.2.x {} | yes |\n", "a".repeat(1000));
    for (name, text) in [
        ("table rows", format!("{HEADER}{}", row.repeat((MIB - 100) / row.len()))),
        ("words", lines("the latest release ", 1000)),
        ("brackets", lines("[", 3000)),
        ("links that do not end", lines("[a](", 3000)),
        ("emphasis", lines("*a_", 3000)),
        ("headings", format!("# Supported Versions {}\n", "a".repeat(90)).repeat((MIB - 100) / 112)),
        ("reference definitions", (0..9000).map(|n| format!("[a{n}]: {}\n", "b".repeat(100))).collect()),
        ("nested lists", (0..1440).map(|depth| format!("{}- a\n", " ".repeat(depth))).collect()),
    ] {
        assert!(text.len() <= MIB, "{name}: {}", text.len());
        group.bench_function(name, |b| b.iter(|| black_box(both(&text))));
    }
    group.finish();
}

criterion_group!(benches, policies);
criterion_main!(benches);
