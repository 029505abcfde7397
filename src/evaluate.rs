//! The judgement: evidence, roots of trust, policy and a moment in; a report out. No input or output happens here.

use crate::{
    checks,
    evidence::{Evidence, TagKind},
    facts::{self, Facts},
    outcome::Verdict,
    policy::Policy,
    release::Sha256,
    report::{
        ArtifactSummary, AttestationSummary, DatabaseSummary, PolicySummary, ReleaseSummary, Report,
        TrustSummary,
    },
    trust::TrustRoots,
};
use jiff::Timestamp;

/// Judges `evidence` by `policy`, trusting `trust`, as at `as_of`.
///
/// The same four arguments give the same report on every machine.
pub fn evaluate(evidence: &Evidence, trust: &TrustRoots, policy: &Policy, as_of: Timestamp) -> Report {
    let policy = policy.for_tag(evidence.tag.raw());
    // The policy's own word for the repository goes before what the checkout says of itself.
    let repository = policy.repository.clone().or_else(|| evidence.repository.clone());
    let mut facts = Facts::derive(evidence, trust, repository, as_of);
    facts.forge = policy.forge.or(facts.forge);
    // In a large release both take a while, and neither needs the other.
    let (checks, release) = rayon::join(|| checks::run(&facts, policy), || release(&facts, policy));
    Report {
        verdict: Verdict::of(&checks),
        as_of,
        release,
        policy: PolicySummary { name: policy.full_name(), sha256: policy.sha256 },
        trust: trusted(trust),
        databases: databases(&facts),
        attestations: attestations(&facts),
        checks,
    }
}

fn release(facts: &Facts, policy: &Policy) -> ReleaseSummary {
    let record = facts.tag_record.present();
    let levels = checks::provenance::build_levels(facts, &policy.rules.provenance);
    let artifacts = facts.artifacts().iter().map(|(name, file)| ArtifactSummary {
        name: name.as_str().to_owned(),
        size: file.size,
        sha256: facts::sha256_of(file),
        bytes: file.bytes.word(),
        slsa_build_level: levels.get(name).copied(),
    });
    ReleaseSummary {
        repository: facts.repository.as_ref().map(ToString::to_string),
        tag: facts.tag.to_string(),
        commit: record.map(|tag| tag.commit.clone()),
        tag_object: record.filter(|tag| tag.kind != TagKind::Lightweight).map(|tag| tag.object.clone()),
        published_at: published_at(facts),
        artifacts: artifacts.collect(),
    }
}

/// When the forge says that the release was published; nothing where the files were not taken from one.
fn published_at(facts: &Facts) -> Option<Timestamp> {
    facts.listing.as_ref()?.present()?.published_at
}

fn trusted(trust: &TrustRoots) -> Vec<TrustSummary> {
    let roots = trust.sigstore().iter().map(|root| TrustSummary {
        name: root.name().to_owned(),
        origin: root.origin().to_string(),
        sha256: root.sha256(),
        expires: root.expires(),
    });
    let keys = trust.keys().iter().map(|key| TrustSummary {
        name: format!("key {}", key.name()),
        origin: "policy".to_owned(),
        sha256: key.fingerprint(),
        expires: None,
    });
    let tag_keys = trust.tag_keys().iter().map(|key| TrustSummary {
        name: format!("tag key {}", key.name()),
        origin: "policy".to_owned(),
        sha256: key.fingerprint(),
        expires: None,
    });
    roots.chain(keys).chain(tag_keys).collect()
}

fn databases(facts: &Facts) -> Vec<DatabaseSummary> {
    let summary = |source: &crate::advisories::database::Source| DatabaseSummary {
        name: source.name.clone(),
        commit: source.commit.clone(),
        date: source.date,
        age_days: source.age_days(facts.as_of),
        advisories: source.advisories,
        sha256: Sha256::from_hex(&source.sha256)
            .expect("a source's digest is 64 lowercase hexadecimal digits"),
    };
    facts.advisories.present().into_iter().flatten().map(summary).collect()
}

fn attestations(facts: &Facts) -> Vec<AttestationSummary> {
    let Some(files) = facts.files.present() else { return Vec::new() };
    let mut all: Vec<AttestationSummary> = files
        .signatures
        .iter()
        .map(|fact| AttestationSummary { name: fact.file.as_str().to_owned(), sha256: fact.sha256 })
        .collect();
    all.dedup();
    all
}
