//! DSSE envelopes on their own: verified with the keys that the policy names, over the pre-authentication encoding.
//!
//! Follows DSSE v1.0, "Protocol", with two differences that refuse more: there is exactly one signature, and the key id
//! chooses nothing. What carries a certificate is the business of `bare`.

use super::statement_of;
use crate::{
    digest::{Algorithms, hash_reader},
    json::Node,
    proof::{
        Proof, Reason, Refusal, Signed, Target, raw,
        statement::{Envelope, StatementError},
    },
    text::plural_list,
    trust::{Key, Spki, TrustRoots},
};
use serde_json::Value;

/// Verifies an envelope with one of the keys that the policy names.
pub(super) fn verify(document: &Value, trust: &TrustRoots) -> Result<Proof, Refusal> {
    if let Some(missing) =
        ["payload", "payloadType", "signatures"].iter().find(|name| document.get(name).is_none())
    {
        return Err(Refusal::invalid(format!("not a DSSE envelope: it has no {missing}")));
    }
    if trust.keys().iter().all(|key| key.spki().is_none()) {
        return Err(no_key());
    }
    let envelope = Envelope::from_node(&Node::root(document)).map_err(|error| match error {
        StatementError::PayloadType { .. } => Refusal::unreadable(error.to_string()),
        _ => Refusal::invalid(format!("not a DSSE envelope: {error}")),
    })?;
    let encoded = envelope.pre_authentication_encoding();
    let mut weak = None;
    for (key, spki) in trust.keys().iter().filter_map(|key| Some((key, key.spki()?))) {
        match check(spki, &encoded, envelope.signature()) {
            Ok(()) => return stated(key, &envelope),
            Err(refusal) if refusal.reason == Reason::Weak => weak = Some(refusal),
            Err(_) => {}
        }
    }
    let tried: Vec<&str> = trust.keys().iter().filter(|key| key.spki().is_some()).map(Key::name).collect();
    Err(weak.unwrap_or_else(|| {
        Refusal::invalid(format!(
            "either the envelope was changed, or another key signed it (tried \"{}\")",
            plural_list(&tried, 5).replace(", ", "\", \"")
        ))
    }))
}

/// What the holder of `key`, who signed the envelope, states in it.
fn stated(key: &Key, envelope: &Envelope) -> Result<Proof, Refusal> {
    Ok(Proof::by_key(key, Signed::Statement(Box::new(statement_of(envelope.payload())?))))
}

/// Why an envelope without a certificate proves nothing where no key is named.
pub(super) fn no_key() -> Refusal {
    Refusal::new(
        Reason::NoTime,
        "a bare DSSE envelope without a certificate: nothing says who signed it, nor when; if it was signed with a key, \
         name that in the policy",
    )
}

/// Whether `signature` is over `message`, as a detached one would be. ECDSA signatures are read in DER, and as the two
/// numbers side by side, which Google's signers write.
fn check(spki: &Spki, message: &[u8], signature: &[u8]) -> Result<(), Refusal> {
    let (_, digests) = hash_reader(message, Algorithms::SHA256)
        .map_err(|e| Refusal::unreadable(format!("the envelope cannot be hashed: {e}")))?;
    let over = Target { digests: &digests, framed: &[], bytes: Some(message) };
    let refusal = match raw::check(spki, &over, signature) {
        Ok(()) => return Ok(()),
        Err(refusal) => refusal,
    };
    let is_ecdsa = spki.verifier.scheme().name().contains("ECDSA");
    match der_of_pair(signature).filter(|_| is_ecdsa) {
        Some(der) => raw::check(spki, &over, &der),
        None => Err(refusal),
    }
}

/// `ECDSA-Sig-Value` (RFC 3279, 2.2.3) of the pair `r || s` of IEEE P1363, for P-256 and P-384.
fn der_of_pair(pair: &[u8]) -> Option<Vec<u8>> {
    if !matches!(pair.len(), 64 | 96) {
        return None;
    }
    let (r, s) = pair.split_at(pair.len() / 2);
    let body = [integer(r), integer(s)].concat();
    Some([&[0x30, u8::try_from(body.len()).ok()?][..], &body].concat())
}

/// A positive DER INTEGER of less than 128 bytes.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len() - 1);
    let digits = &bytes[start..];
    let pad: &[u8] = if digits[0] >= 0x80 { &[0] } else { &[] };
    let length = u8::try_from(pad.len() + digits.len()).expect("half of a signature has at most 48 bytes");
    [&[2, length][..], pad, digits].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_pair_are_written_as_der_has_them() {
        let mut pair = [0_u8; 64];
        (pair[31], pair[32], pair[63]) = (1, 0x80, 2);
        let der = der_of_pair(&pair).unwrap();
        assert_eq!(der[..7], [0x30, 38, 2, 1, 1, 2, 33]);
        assert_eq!(der[7..9], [0, 0x80]);
        assert_eq!(der.len(), 40);
        assert_eq!(der_of_pair(&[0; 64]).unwrap(), [0x30, 6, 2, 1, 0, 2, 1, 0]);
        assert_eq!(der_of_pair(&[0; 63]), None);
    }
}
