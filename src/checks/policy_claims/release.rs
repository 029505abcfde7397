//! Claims about what comes with a release: signatures, checksums, provenance, bills of materials.
//!
//! Judged by what the checks of those things find for each artifact, so that a promise is never borne out by anything
//! that they would not accept. The rule that must not be broken: a promise holds for every artifact or not at all; and
//! what could not be verified is neither kept nor broken.

mod bills;
mod elsewhere;
mod meant;
mod sidecar;
mod signed;
mod sums;

use super::Context;
use crate::{
    checks::{Check, provenance, signatures},
    evidence::Seen,
    facts::{Cover, Files, SignatureFact, bills::Bill},
    outcome::{Finding, Rule, Status, Subject, SubjectKind},
    proof::Signed,
    release::ArtifactName,
    security_policy::claims::{Claim, ClaimKind, Tone},
    text::{clean, count, plural_list},
};
use std::collections::BTreeMap;

/// How many artifacts are named in one message.
const NAMED: usize = 3;

/// What the release says of a claim.
pub(super) fn judge(context: &Context<'_>, claim: &Claim) -> Vec<Finding> {
    let files = match &context.facts.files {
        Seen::Present(files) => files,
        Seen::Absent { .. } => &Files::default(),
        Seen::Unavailable { reason } => {
            let message = format!("the files of {} were not looked at: {}", context.facts.tag, clean(reason));
            return vec![context.unknown(claim, message).fix(FILES_FIX)];
        }
    };
    let finding = match claim.kind {
        ClaimKind::SignedReleases => signed::judge(context, claim, files),
        ClaimKind::Checksums => sums::judge(context, claim, files),
        ClaimKind::Slsa => provenance(context, claim, files),
        _ => bill(context, claim, files),
    };
    if let Some(why) = meant::unlooked(claim, files)
        && (finding.status == Status::Pass
            || finding.status == Status::Fail && !meant::is_of_release(&claim.sentence))
    {
        return vec![context.unknown(claim, why)];
    }
    match registry(claim) {
        Some(name) if finding.status == Status::Fail => {
            let message = format!("it is said of what {name} has, and registries were not looked at");
            vec![context.unknown(claim, message)]
        }
        _ => vec![finding],
    }
}

/// The registry of whose packages a sentence speaks, and neither of tags nor of a forge's releases.
fn registry(claim: &Claim) -> Option<&'static str> {
    const NAMES: [(&str, &str); 12] = [
        ("maven", "Maven Central"),
        ("sonatype", "Maven Central"),
        ("pypi", "PyPI"),
        ("npm", "npm"),
        ("nuget", "NuGet"),
        ("rubygems", "RubyGems"),
        ("gems", "RubyGems"),
        ("packagist", "Packagist"),
        (concat!("crates", ".io"), "the Rust registry"),
        ("docker hub", "Docker Hub"),
        ("app store", "a store"),
        ("registry", "a registry"),
    ];
    let sentence = claim.sentence.to_lowercase();
    let is_of_forge = claim.detail.is_of_tags || sentence.contains("github") || sentence.contains("gitlab");
    let named = NAMES.iter().find(|(word, _)| sentence.contains(word)).map(|(_, name)| *name);
    named.filter(|_| !is_of_forge)
}

/// What makes the files known.
pub(super) const FILES_FIX: &str =
    "pass --assets DIR with the published files, or let the forge be asked for them";

/// What to do about a promise of files where there is none.
const NO_FILES_FIX: &str =
    "point --assets at the published files; where there are none, take the promise away";

/// What another check found of each artifact.
#[derive(Default)]
struct Each {
    /// Those that have what was promised.
    with: Vec<String>,
    /// Those that do not.
    without: Vec<String>,
    /// Those of which it is not known, with the first reason.
    unknown: Vec<String>,
    why: Option<String>,
}

impl Each {
    /// Sorts the artifacts by what `findings` say: `kept` is the rule that passes, `broken` are those whose failure says
    /// that what was promised is not there.
    fn of(files: &Files, findings: &[Finding], kept: &Rule, broken: &[&Rule]) -> Self {
        let mut about: BTreeMap<&Subject, Vec<&Finding>> = BTreeMap::new();
        for finding in findings {
            about.entry(&finding.subject).or_default().push(finding);
        }
        let of_release: Vec<&Finding> =
            findings.iter().filter(|finding| finding.subject.kind == SubjectKind::Release).collect();
        let mut each = Self::default();
        for name in files.artifacts.keys() {
            let subject = Subject::artifact(name);
            let said = about.get(&subject).unwrap_or(&of_release);
            each.add(name, said, kept, broken);
        }
        each
    }

    fn add(&mut self, name: &ArtifactName, said: &[&Finding], kept: &Rule, broken: &[&Rule]) {
        if said.iter().any(|finding| finding.rule == kept && finding.status == Status::Pass) {
            self.with.push(name.to_string());
            return;
        }
        let is_broken =
            |finding: &&&Finding| finding.status == Status::Fail && broken.contains(&finding.rule);
        let open = said.iter().find(|finding| finding.status != Status::Pass && !is_broken(finding));
        match open {
            None if said.iter().any(|finding| is_broken(&finding)) => self.without.push(name.to_string()),
            _ => {
                self.unknown.push(name.to_string());
                let why =
                    || open.map_or_else(|| "nothing was said of it".to_owned(), |it| it.message.clone());
                self.why.get_or_insert_with(why);
            }
        }
    }

    /// What comes of a promise of all artifacts, which is kept by those `with` something and broken by those `without`.
    fn finding(&self, context: &Context<'_>, claim: &Claim, with: &str, without: &str) -> Finding {
        let all = self.with.len() + self.without.len() + self.unknown.len();
        let artifacts = count(all, "artifact", "artifacts");
        if !self.without.is_empty() {
            let n = self.without.len();
            let are = if n == 1 { "is" } else { "are" };
            let names = plural_list(&self.without, NAMED);
            return context.refuted(claim, format!("{n} of {artifacts} {are} {without}: {names}"));
        }
        if let Some(why) = &self.why {
            let names = plural_list(&self.unknown, NAMED);
            return context.unknown(claim, format!("of {names} it is not known: {why}"));
        }
        context.confirmed(claim, format!("{artifacts}, each {with}"))
    }
}

/// A release without artifacts has nothing of what is promised for them.
fn without_files(context: &Context<'_>, claim: &Claim, files: &Files, nothing: &str) -> Option<Finding> {
    let tag = &context.facts.tag;
    if !files.artifacts.is_empty() {
        return None;
    }
    if !files.unread.is_empty() {
        return Some(context.unknown(claim, format!("the files of {tag} could not be read")));
    }
    Some(context.refuted(claim, format!("{tag} has no files, and so {nothing}")).fix(NO_FILES_FIX))
}

fn provenance(context: &Context<'_>, claim: &Claim, files: &Files) -> Finding {
    // Of images there may be provenance in a registry, where nothing here looks: only an aim is held to the files.
    if files.artifacts.is_empty() && claim.tone == Tone::Promise {
        let message = format!("{} has no files, and registries were not looked at", context.facts.tag);
        return context.unknown(claim, message);
    }
    if let Some(finding) = without_files(context, claim, files, "no provenance") {
        return finding;
    }
    let findings = provenance::Provenance::run(context.facts, context.rules);
    let broken = [&provenance::MISSING, &provenance::UNBOUND];
    let each = Each::of(files, &findings, &provenance::VERIFIED, &broken);
    if let Some(finding) = level(context, claim, &each) {
        return finding;
    }
    each.finding(context, claim, "with provenance that leads back to the tag", "without provenance")
}

/// A level that is named, where every artifact has provenance.
fn level(context: &Context<'_>, claim: &Claim, each: &Each) -> Option<Finding> {
    let promised = claim.detail.level?;
    if !each.without.is_empty() || !each.unknown.is_empty() {
        return None;
    }
    let levels = provenance::build_levels(context.facts, &context.rules.provenance);
    let lowest = each.with.iter().map(|name| {
        let name = ArtifactName::parse(name);
        name.and_then(|name| levels.get(&name).copied()).unwrap_or(0)
    });
    let lowest = lowest.min()?;
    if lowest >= promised {
        let message = format!("each artifact has provenance of level {lowest}");
        return Some(context.confirmed(claim, message));
    }
    let message = format!("the provenance is of level {lowest}, as far as the policy knows its builder");
    Some(
        context
            .unknown(claim, message)
            .expected(format!("level {promised}"))
            .found(format!("level {lowest}")),
    )
}

fn bill(context: &Context<'_>, claim: &Claim, files: &Files) -> Finding {
    for name in &files.sboms {
        match files.all.get(name).map_or(Bill::Unread, |file| Bill::of(file)) {
            Bill::Lists => {}
            Bill::Nothing => {
                return context.unknown(claim, format!("{name} is published, and lists no package"));
            }
            Bill::Unread => {
                let message = format!("{name} is published, and could not be read as a bill of materials");
                return context.unknown(claim, message);
            }
        }
    }
    if let Some(why) = bills::unlike(context, claim, files) {
        return context.unknown(claim, why);
    }
    if let Some(first) = files.sboms.first() {
        let more = match files.sboms.len() {
            1 => String::new(),
            n => format!(", and {}", count(n - 1, "further one", "further ones")),
        };
        return context
            .confirmed(claim, format!("{first} is published{more}; whether it is right was not looked at"));
    }
    let is_bill = |kind: &str| {
        ["spdx", "cyclonedx", "/bom"].iter().any(|name| kind.to_ascii_lowercase().contains(name))
    };
    let may_sign = signatures::may_sign(&context.rules.signatures, context.facts);
    let is_of_release = |fact: &SignatureFact| {
        files.artifacts.keys().any(|name| fact.covers.get(name) == Some(&Cover::Bound))
    };
    let attested = files.signatures.iter().find(|fact| match fact.proof.as_ref() {
        Ok(proof) if may_sign(proof.signer()) && is_of_release(fact) => match proof.signed() {
            Signed::Statement(statement) => is_bill(statement.predicate_type().as_str()),
            _ => false,
        },
        _ => false,
    });
    if let Some(fact) = attested {
        return context.confirmed(claim, format!("{} attests one", fact.file));
    }
    if let Some(finding) = without_files(context, claim, files, "no bill of materials") {
        return finding;
    }
    if !files.unread.is_empty() {
        return context.unknown(claim, "some published files could not be read");
    }
    let n = count(files.all.len(), "published file", "published files");
    context.refuted(claim, format!("none of the {n} is a bill of materials"))
}
