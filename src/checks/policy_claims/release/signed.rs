//! Claims that releases or their tags are signed.
//!
//! The rule that must not be broken: a signature of another way than the sentence names bears nothing out, and neither
//! does one of the tag for files that are there.

use super::super::Context;
use super::{Each, FILES_FIX};
use crate::{
    checks::{Check, identity, signatures},
    evidence::{Seen, Stage},
    facts::{Cover, Files, SignatureFact},
    outcome::{Finding, Status},
    proof::{DetachedKind, Reason, tag::Format as TagFormat},
    release::ArtifactName,
    security_policy::claims::{Claim, Method},
    text::{clean, count},
};

/// Whether all artifacts, or the tag, are signed as the sentence says.
pub(super) fn judge(context: &Context<'_>, claim: &Claim, files: &Files) -> Finding {
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
