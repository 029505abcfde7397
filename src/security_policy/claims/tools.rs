//! The tools, ecosystems and intervals that a sentence names.

use super::words::Words;
use super::{Ecosystem, Interval};

/// What a tool is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trade {
    /// It proposes updates.
    Updates,
    /// It looks for known vulnerabilities in dependencies.
    Dependencies,
    /// It looks through code.
    Code,
    /// It looks for secrets.
    Secrets,
    /// It looks through images.
    Images,
    /// It looks at the style or the types of code, and is named as if it looked for faults.
    Style,
}

/// A tool: how it is written, its name, its trade.
const TOOLS: [(&str, &str, Trade); 40] = [
    ("dependabot*", "dependabot", Trade::Updates),
    ("renovate|renovatebot", "renovate", Trade::Updates),
    ("pip-audit", "pip-audit", Trade::Dependencies),
    ("npm audit", "npm-audit", Trade::Dependencies),
    ("npm-audit", "npm-audit", Trade::Dependencies),
    ("yarn audit", "yarn-audit", Trade::Dependencies),
    ("pnpm audit", "pnpm-audit", Trade::Dependencies),
    ("cargo audit", "cargo-audit", Trade::Dependencies),
    ("cargo-audit", "cargo-audit", Trade::Dependencies),
    ("cargo deny", "cargo-deny", Trade::Dependencies),
    ("cargo-deny", "cargo-deny", Trade::Dependencies),
    ("govulncheck", "govulncheck", Trade::Dependencies),
    ("osv-scanner", "osv-scanner", Trade::Dependencies),
    ("dependency-check", "dependency-check", Trade::Dependencies),
    ("dependency review", "dependency-review", Trade::Dependencies),
    ("dependency-review*", "dependency-review", Trade::Dependencies),
    ("bundler-audit|bundle-audit", "bundler-audit", Trade::Dependencies),
    ("snyk", "snyk", Trade::Dependencies),
    ("snyk code", "snyk", Trade::Code),
    ("snyk container", "snyk", Trade::Images),
    ("trivy", "trivy", Trade::Dependencies),
    ("grype", "grype", Trade::Images),
    ("docker scout", "docker-scout", Trade::Images),
    ("clair", "clair", Trade::Images),
    ("codeql", "codeql", Trade::Code),
    ("gosec", "gosec", Trade::Code),
    ("bandit", "bandit", Trade::Code),
    ("semgrep", "semgrep", Trade::Code),
    ("brakeman", "brakeman", Trade::Code),
    ("sonarqube|sonarcloud", "sonarqube", Trade::Code),
    ("coverity", "coverity", Trade::Code),
    ("golangci-lint", "golangci-lint", Trade::Style),
    ("ruff", "ruff", Trade::Style),
    ("mypy", "mypy", Trade::Style),
    ("eslint", "eslint", Trade::Style),
    ("clippy", "clippy", Trade::Style),
    ("detect-secrets", "detect-secrets", Trade::Secrets),
    ("gitleaks", "gitleaks", Trade::Secrets),
    ("trufflehog", "trufflehog", Trade::Secrets),
    ("git-secrets", "git-secrets", Trade::Secrets),
];

/// The tools that a sentence names, with their trades, and where the last of them stands.
pub(super) fn of(words: &Words<'_>) -> (Vec<(&'static str, Trade)>, usize) {
    let mut last = 0;
    let mut found: Vec<(&'static str, Trade)> = Vec::new();
    for (written, name, trade) in &TOOLS {
        let Some(at) = words.find(written) else { continue };
        last = last.max(at);
        // "Snyk Code" is not the scanner of dependencies.
        if *written == "snyk" && !is_alone(words, "snyk", &["code", "container", "iac"]) {
            continue;
        }
        if !found.contains(&(name, *trade)) {
            found.push((name, *trade));
        }
    }
    // `safety` is a word too: it is a tool beside tools, or where it is run.
    if words.has("safety") && (!found.is_empty() || words.any(&["safety check|scan", "safety-cli"])) {
        found.push(("safety", Trade::Dependencies));
    }
    (found, last)
}

/// The places of the words that name tools.
pub(super) fn places(words: &Words<'_>) -> Vec<usize> {
    let of = |written: &'static str| {
        let length = written.split(' ').count();
        words.all_of(written).flat_map(move |at| at..at + length)
    };
    let alone = words.all_of("safety");
    TOOLS.iter().flat_map(|(written, _, _)| of(written)).chain(alone).collect()
}

/// Whether a word alone names a tool.
pub(super) fn is_name(word: &str) -> bool {
    Words::new(vec![word]).any(&TOOLS.map(|(written, _, _)| written))
}

/// Whether a word stands somewhere without one of those behind it that make another name of it.
fn is_alone(words: &Words<'_>, word: &str, makes_another: &[&str]) -> bool {
    let all: Vec<&str> = words.iter().collect();
    let next = |at: usize| all.get(at + 1).copied().unwrap_or_default();
    (0..all.len()).any(|at| all[at] == word && !makes_another.contains(&next(at)))
}

/// The ecosystems that a sentence names.
pub(super) fn ecosystems(words: &Words<'_>) -> Vec<Ecosystem> {
    const NAMES: &[(&str, Ecosystem)] = &[
        ("python|pypi|pip", Ecosystem::Python),
        ("npm|javascript|node.js|node|yarn|pnpm", Ecosystem::Npm),
        ("golang|gomod", Ecosystem::Go),
        ("go modules|module|packages|dependencies", Ecosystem::Go),
        ("cargo|rust|crates", Ecosystem::Cargo),
        ("docker|container image|images|base|dependencies", Ecosystem::Docker),
        ("base image|images", Ecosystem::Docker),
        ("docker|dockerfiles", Ecosystem::Docker),
        ("github actions|action|workflows", Ecosystem::Actions),
        ("actions dependencies|versions", Ecosystem::Actions),
        ("maven|gradle|java", Ecosystem::Java),
        ("ruby|bundler|rubygems", Ecosystem::Ruby),
        ("composer|php", Ecosystem::Php),
        ("nuget|.net|dotnet", Ecosystem::DotNet),
        ("elixir", Ecosystem::Elixir),
    ];
    let mut found: Vec<_> =
        NAMES.iter().filter(|(name, _)| words.has(name)).map(|(_, ecosystem)| *ecosystem).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// How often a sentence says that something is done.
pub(super) fn interval(words: &Words<'_>) -> Option<(Interval, usize)> {
    const ADVERBS: &[(&str, Interval)] = &[
        ("daily|nightly", Interval::Daily),
        ("every day|night", Interval::Daily),
        ("weekly", Interval::Weekly),
        ("every week", Interval::Weekly),
        ("monthly", Interval::Monthly),
        ("every month", Interval::Monthly),
        ("quarterly", Interval::Quarterly),
        ("every quarter", Interval::Quarterly),
        ("every three|3 months", Interval::Quarterly),
        ("twice a year", Interval::HalfYearly),
        ("every six|6 months", Interval::HalfYearly),
        ("semi-annually|biannually", Interval::HalfYearly),
        ("annually|yearly", Interval::Yearly),
        ("every year", Interval::Yearly),
        ("once a year", Interval::Yearly),
    ];
    ADVERBS.iter().find_map(|(adverb, interval)| Some((*interval, words.find(adverb)?)))
}

/// The algorithms of digests that a sentence names, as `sha512`.
pub(super) fn algorithms(words: &Words<'_>) -> Vec<&'static str> {
    const KNOWN: &[(&str, &str)] = &[
        ("sha256|sha-256|sha256sum|sha256sums|sha256sums.txt", "sha256"),
        ("sha384|sha-384|sha384sum|sha384sums", "sha384"),
        ("sha512|sha-512|sha512sum|sha512sums|sha512sums.txt", "sha512"),
        ("sha224|sha-224", "sha224"),
        ("sha1|sha-1|sha1sum|sha1sums", "sha1"),
        ("sha3|sha-3|sha3-256|sha3-512", "sha3"),
        ("md5|md5sum|md5sums", "md5"),
        ("blake2|blake2b|blake2s|b2sum|b2sums", "blake2"),
        ("blake3|b3sum|b3sums", "blake3"),
    ];
    KNOWN.iter().filter(|(written, _)| words.has(written)).map(|(_, name)| *name).collect()
}
