//! Claims about what comes with a release: signatures, checksums, provenance, bills of materials.
//!
//! Judged by what the checks of those things find for each artifact, so that a promise is never borne out by anything
//! that they would not accept. The rule that must not be broken: a promise holds for every artifact or not at all; and
//! what could not be verified is neither kept nor broken.

mod bills;
mod meant;
mod sidecar;

use super::Context;
use crate::{
    checks::{Check, checksums, identity, provenance, signatures},
    evidence::{Seen, Stage},
    facts::{Cover, Files, SignatureFact, bills::Bill},
    outcome::{Finding, Rule, Status, Subject, SubjectKind},
    proof::{DetachedKind, Reason, Signed, tag::Format as TagFormat},
    release::ArtifactName,
    security_policy::claims::{Claim, ClaimKind, Method, Tone},
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
        ClaimKind::SignedReleases => signed(context, claim, files),
        ClaimKind::Checksums => checksums(context, claim, files),
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

fn signed(context: &Context<'_>, claim: &Claim, files: &Files) -> Finding {
    if claim.detail.is_of_tags {
        let of_tag = of_tag(context, claim, &format!("the tag {}", context.facts.tag));
        // What is said of both holds for both.
        if !claim.detail.is_of_files || of_tag.status != Status::Pass {
            return of_tag;
        }
    }
    if files.artifacts.is_empty() {
        return tag_alone(context, claim, files);
    }
    let findings = signatures::Signatures::run(context.facts, context.rules);
    let broken = [&signatures::UNSIGNED, &signatures::INVALID, &signatures::UNBOUND, &signatures::REVOKED];
    let mut each = Each::of(files, &findings, &signatures::SIGNED, &broken);
    // Fewer signers than the verifier asks for are signers all the same.
    let named = findings.iter().filter(|finding| finding.rule == &signatures::THRESHOLD);
    for finding in named {
        if let Some(at) = each.unknown.iter().position(|name| *name == finding.subject.name) {
            each.with.push(each.unknown.swap_remove(at));
        }
    }
    if each.unknown.is_empty() {
        each.why = None;
    }
    let is_tag_signed = matches!(&context.facts.tag_signature, Seen::Present(Ok(_)));
    if is_tag_signed && each.with.is_empty() && each.unknown.is_empty() {
        let n = count(files.artifacts.len(), "artifact", "artifacts");
        let message = format!("the tag is signed, and no signature is of the {n} of the release");
        return context.unknown(claim, message);
    }
    let finding =
        each.finding(context, claim, "signed by somebody whom the policy names", "without a signature");
    match another_way(context, claim, files) {
        Some(name) if finding.status == Status::Pass => {
            let message = format!("{name} is signed, but by no signature of {}", methods(claim));
            context.unknown(claim, message).fix(other_tool_fix(claim))
        }
        _ => finding,
    }
}

/// An artifact that no signature of a kind covers that the sentence names: neither itself, nor a checksum file that lists it.
fn another_way<'a>(context: &Context<'_>, claim: &Claim, files: &'a Files) -> Option<&'a ArtifactName> {
    let named = &claim.detail.methods;
    let may_sign = signatures::may_sign(&context.rules.signatures, context.facts);
    // A stranger's signature is no way in which the project signs.
    let fits = |fact: &&SignatureFact| {
        named.contains(&method(fact)) && fact.proof.as_ref().is_ok_and(|proof| may_sign(proof.signer()))
    };
    let is_covered = |name: &ArtifactName| {
        let mut fitting = files.signatures.iter().filter(fits);
        fitting.any(|fact| fact.covers.get(name) == Some(&Cover::Bound))
    };
    let is_signed =
        |name: &ArtifactName| is_covered(name) || files.listing(name).any(|list| is_covered(&list.file));
    files.artifacts.keys().find(|name| !named.is_empty() && !is_signed(name))
}

fn method(fact: &SignatureFact) -> Method {
    match fact.kind {
        Some(DetachedKind::OpenPgp) => Method::OpenPgp,
        Some(DetachedKind::Minisign) => Method::Minisign,
        Some(DetachedKind::Signify) => Method::Signify,
        Some(DetachedKind::Ssh) => Method::Ssh,
        // `cosign sign-blob --key` writes the signature alone; everything else is in a bundle.
        Some(DetachedKind::Raw) | None => Method::Sigstore,
    }
}

fn methods(claim: &Claim) -> String {
    claim.detail.methods.iter().map(|method| method.name()).collect::<Vec<_>>().join(" or ")
}

/// What to do where another tool signs than the sentence names.
fn other_tool_fix(claim: &Claim) -> String {
    format!(
        "name the tool that signs the releases in the sentence, or sign with {} as it says",
        methods(claim)
    )
}

/// A release without artifacts is as signed as its tag. That it has none, only its forge can say.
fn tag_alone(context: &Context<'_>, claim: &Claim, files: &Files) -> Finding {
    let tag = &context.facts.tag;
    if !files.unread.is_empty() {
        return context.unknown(claim, format!("the files of {tag} could not be read"));
    }
    let finding = of_tag(context, claim, &format!("{tag} has no files, and its tag"));
    let listing = context.facts.listing.as_ref().and_then(Seen::present);
    let is_known = listing.is_some_and(|list| list.stage != Stage::Indexed && list.files.is_empty());
    if finding.status == Status::Pass && !is_known {
        let message = format!("no files of {tag} were given, so that its tag alone is known to be signed");
        return context.unknown(claim, message).fix(FILES_FIX);
    }
    finding
}

/// What the signature of the tag says; `it` is what the sentence calls the tag.
fn of_tag(context: &Context<'_>, claim: &Claim, it: &str) -> Finding {
    let facts = context.facts;
    match &facts.tag_signature {
        Seen::Present(Ok(proof)) => {
            let message = format!("{it} is signed by {}", identity::name(proof.signer()));
            let named = &claim.detail.methods;
            match facts.tag_format.map(method_of) {
                _ if named.is_empty() => context.confirmed(claim, message),
                Some(method) if named.contains(&method) => {
                    context.confirmed(claim, format!("{message}, with {}", method.name()))
                }
                Some(method) => {
                    let (with, not) = (method.name(), methods(claim));
                    let message = format!("{message}, with {with} and not with {not}");
                    context.unknown(claim, message).fix(other_tool_fix(claim))
                }
                None => context.unknown(claim, format!("{message}; how is not known")),
            }
        }
        Seen::Present(Err(refusal)) => {
            let message = format!("{it} has a signature that was refused: {refusal}");
            match refusal.reason {
                Reason::Invalid | Reason::Unbound | Reason::Revoked => context.refuted(claim, message),
                _ => context.unknown(claim, message),
            }
        }
        Seen::Absent { .. } => context.refuted(claim, format!("{it} is not signed")),
        Seen::Unavailable { reason } => {
            context.unknown(claim, format!("{it} was not looked at: {}", clean(reason)))
        }
    }
}

fn method_of(format: TagFormat) -> Method {
    match format {
        TagFormat::OpenPgp => Method::OpenPgp,
        TagFormat::Ssh => Method::Ssh,
        TagFormat::Sigstore => Method::Sigstore,
    }
}

fn checksums(context: &Context<'_>, claim: &Claim, files: &Files) -> Finding {
    if let Some(finding) = without_files(context, claim, files, "no checksums") {
        return finding;
    }
    let findings = checksums::Checksums::run(context.facts, context.rules);
    let broken = [&checksums::MISSING, &checksums::UNLISTED, &checksums::MISMATCH, &checksums::WEAK];
    let each = Each::of(files, &findings, &checksums::MATCH, &broken);
    let finding = each.finding(
        context,
        claim,
        "listed in a checksum file with its own digest",
        "in no checksum file with the right digest",
    );
    let elsewhere = ["website", "web site", "web page", "http://", "https://"];
    let sentence = claim.sentence.to_lowercase();
    let is_of_site = elsewhere[..3].iter().any(|place| sentence.contains(place));
    match (finding.status, of_algorithm(context, claim, files)) {
        (Status::Pass, Some(other)) => other,
        (Status::Pass, None) if is_of_site => {
            context.unknown(claim, "they are said to be on a site, which was not looked at")
        }
        (Status::Pass, None) if let Some(place) = of_registry(&sentence) => {
            context.unknown(claim, format!("it is said of {place}, and registries were not looked at"))
        }
        (Status::Pass, None) if let Some(file) = sidecar::missing(&sentence, files) => {
            context.unknown(claim, format!("{file} is not published; another file lists what it is of"))
        }
        (Status::Fail, _) if elsewhere.iter().any(|place| sentence.contains(place)) => {
            context.unknown(claim, "they are said to be on a site, which was not looked at")
        }
        _ => finding,
    }
}

/// What in a registry the checksums are said to be of.
fn of_registry(sentence: &str) -> Option<&'static str> {
    const SAID: [(&str, &str); 7] = [
        ("docker image", "images"),
        ("container image", "images"),
        ("on npm", "npm"),
        ("on pypi", "PyPI"),
        ("on maven central", "Maven Central"),
        ("on nuget", "NuGet"),
        ("on docker hub", "Docker Hub"),
    ];
    SAID.iter().find(|(words, _)| sentence.contains(words)).map(|(_, name)| *name)
}

/// Where the sentence names an algorithm, and not every artifact has a digest of it.
fn of_algorithm(context: &Context<'_>, claim: &Claim, files: &Files) -> Option<Finding> {
    let wanted = &claim.detail.algorithms;
    let of = |name: &ArtifactName| -> Vec<String> {
        let lists = files.naming(name).filter_map(|list| list.listed.as_ref().ok());
        let all = lists.flat_map(|list| list.digests_of(name.as_str()));
        let mut found: Vec<String> = all.map(|digest| plain(digest.algorithm().name())).collect();
        found.sort();
        found.dedup();
        found
    };
    let is_of = |wanted: &str, found: &[String]| found.iter().any(|it| it.starts_with(wanted));
    let mut partly = None;
    for name in files.artifacts.keys().filter(|_| !wanted.is_empty()) {
        let found = of(name);
        let missing: Vec<&str> = wanted.iter().copied().filter(|it| !is_of(it, &found)).collect();
        let message = || {
            let (lacks, has) = (missing.join(" and "), found.join(", "));
            format!("{name} has no checksum by {lacks}; it has one by {has}")
        };
        if missing.len() == wanted.len() {
            return Some(
                context.refuted(claim, message()).expected(wanted.join(", ")).found(found.join(", ")),
            );
        }
        if !missing.is_empty() && partly.is_none() {
            // Of several, one or the other may have been meant.
            partly = Some(context.unknown(claim, message()));
        }
    }
    partly
}

/// The name of an algorithm without marks.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
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
