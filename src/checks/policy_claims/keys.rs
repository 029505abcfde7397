//! OpenPGP keys in the policy: a key, one that reports can be encrypted to, and the one that the text speaks of.

use super::Context;
use crate::{
    facts::published_key::{Encryption, PublishedKey},
    outcome::Finding,
    security_policy::claims::Claim,
    text::clean,
};
use jiff::{Timestamp, tz::TimeZone};

/// What a key, or what is said of one, is worth.
pub(super) fn judge(context: &Context<'_>, claim: &Claim) -> Finding {
    if claim.detail.block.is_none() {
        return spoken_of(context, claim);
    }
    match context.policy.keys.get(&claim.line) {
        None => context.unknown(claim, "the policy holds more keys than are read"),
        Some(PublishedKey::Placeholder(words)) if words.is_empty() => {
            context.refuted(claim, "the block of the key is empty")
        }
        Some(PublishedKey::Placeholder(words)) => {
            context.refuted(claim, format!("the block holds \"{}\", and no key", clean(words)))
        }
        Some(PublishedKey::Unreadable(why)) => {
            context.unknown(claim, format!("the key cannot be read: {}", clean(why)))
        }
        Some(PublishedKey::Key { fingerprints, encryption }) => key(context, claim, fingerprints, encryption),
    }
}

/// A key that is promised, or named by its fingerprint, and not shown.
fn spoken_of(context: &Context<'_>, claim: &Claim) -> Finding {
    match claim.detail.fingerprints.first() {
        Some(print) => {
            context.unknown(claim, format!("the key {print} is not in the file, and was not fetched"))
        }
        None => context.unknown(claim, "no key is in the file, and none was fetched"),
    }
}

fn key(context: &Context<'_>, claim: &Claim, own: &[String], encryption: &Encryption) -> Finding {
    let primary = own.first().map_or("", String::as_str);
    match encryption {
        Encryption::Expired(at) => {
            return context.refuted(claim, format!("the key {primary} expired on {}", day(*at)));
        }
        Encryption::Revoked(why) => {
            return context.refuted(claim, format!("the key {primary} was revoked: {}", clean(why)));
        }
        Encryption::SubkeysExpired(at) => {
            let message = format!(
                "no report can be encrypted to the key {primary}: its last subkey for that expired on {}",
                day(*at)
            );
            return context.refuted(claim, message);
        }
        Encryption::None => {
            let message =
                format!("no report can be encrypted to the key {primary}: it has no subkey for that");
            return context.refuted(claim, message);
        }
        Encryption::Unknown => {
            let message = format!(
                "whether a report can be encrypted to the key {primary} is not known: part of it could not be read"
            );
            return context.unknown(claim, message);
        }
        Encryption::Able => {}
    }
    // The text may name several keys, and the file hold several blocks: one that is in none of them is another one.
    let blocks = || context.policy.keys.values();
    let is_shown = |print: &&String| {
        blocks().any(|block| match block {
            PublishedKey::Key { fingerprints, .. } => fingerprints.iter().any(|own| is_of(own, print)),
            _ => true,
        })
    };
    let named = &claim.detail.fingerprints;
    match named.iter().find(|print| !is_shown(print)) {
        Some(other) if blocks().count() == 1 && named.iter().any(|print| is_shown(&print)) => {
            context.unknown(claim, format!("the text gives the key {other} too, and the block is {primary}"))
        }
        Some(other) if blocks().count() == 1 => context
            .refuted(claim, format!("the text gives the fingerprint {other}, and the key is {primary}"))
            .expected(other)
            .found(primary),
        _ => context.confirmed(claim, format!("reports can be encrypted to the key {primary}")),
    }
}

/// Whether what the text gives is this fingerprint, or the short name that follows from it (RFC 9580, section 5.5.4).
fn is_of(fingerprint: &str, given: &str) -> bool {
    match fingerprint.len() {
        40 => fingerprint.ends_with(given),
        _ => fingerprint.starts_with(given),
    }
}

fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}
