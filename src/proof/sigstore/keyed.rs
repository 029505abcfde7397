//! DSSE envelopes on their own: verified with the keys that the policy names, over the pre-authentication encoding.
//!
//! Follows DSSE v1.0, "Protocol", with two differences that refuse more: there is exactly one signature, and the key id
//! chooses nothing. What carries a certificate is the business of `bare`.

use super::LIMITS;
use crate::{
    json::Node,
    proof::{
        Proof, Reason, Refusal, Signed, statement::Envelope, statement::Statement, statement::StatementError,
    },
    text::plural_list,
    trust::TrustRoots,
};
use serde_json::Value;
use sigstore_verify::{crypto::VerificationKey, types::SignatureBytes};

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
    let keys = || trust.keys().iter().filter_map(|key| Some((key, key.spki()?)));
    let Some((key, _)) = keys().find(|(_, spki)| is_by(&spki.verifier, &encoded, envelope.signature()))
    else {
        let tried: Vec<&str> = keys().map(|(key, _)| key.name()).collect();
        return Err(Refusal::invalid(format!(
            "either the envelope was changed, or another key signed it (tried \"{}\")",
            plural_list(&tried, 5).replace(", ", "\", \"")
        )));
    };
    let statement = Statement::parse(envelope.payload(), LIMITS)
        .map_err(|error| Refusal::invalid(format!("not an in-toto statement: {error}")))?;
    Ok(Proof::by_key(key, Signed::Statement(Box::new(statement))))
}

/// Why an envelope without a certificate proves nothing where no key is named.
pub(super) fn no_key() -> Refusal {
    Refusal::new(
        Reason::NoTime,
        "a bare DSSE envelope without a certificate: nothing says who signed it, nor when; if it was signed with a key, \
         name that in the policy",
    )
}

/// ECDSA signatures are read in DER, and as the two numbers side by side, which Google's signers write.
fn is_by(key: &VerificationKey, message: &[u8], signature: &[u8]) -> bool {
    let verifies = |signature: &[u8]| key.verify(message, &SignatureBytes::new(signature.to_vec())).is_ok();
    verifies(signature)
        || (key.scheme().name().contains("ECDSA")
            && der_of_pair(signature).is_some_and(|signature| verifies(&signature)))
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
