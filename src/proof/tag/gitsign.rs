//! Tags signed with gitsign: a CMS signature by a certificate of Sigstore.
//!
//! What the key signed, and what the log holds, are the signed attributes of the CMS message, which hold the hash of the
//! tag. So the message becomes a Sigstore bundle about these attributes, and is verified like any other bundle: chain,
//! SCT, log entry, time and signature. gitsign keeps the log entry in the message with `gitsign.rekorMode=offline` only;
//! otherwise it logs something else, which is found by asking the log alone, and then nothing here says when it was made.

use super::{cms::Message, log_entry};
use crate::{
    digest::Digest,
    proof::{Proof, Reason, Refusal, Signed, sigstore::Parsed},
    trust::TrustRoots,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sigstore_verify::VerificationPolicy;

/// Verifies the armored CMS message over the tag `payload`.
pub(super) fn verify(
    armored: &[u8],
    payload: &[u8],
    trust: &TrustRoots,
    signed: Signed,
) -> Result<Proof, Refusal> {
    let message = Message::read(armored, payload)?;
    let digest = Digest::sha256_of(&message.attributes);
    let bundle = bundle(&message, &digest)?;
    let parsed = Parsed::read(bundle.to_string().as_bytes())?;
    let proof = parsed.verify_with_roots(&digest, &VerificationPolicy::any_identity(), trust)?;
    Ok(Proof { signed, ..proof })
}

/// The bundle that says the same.
fn bundle(message: &Message, digest: &Digest) -> Result<Value, Refusal> {
    let base64 = |bytes: &[u8]| STANDARD.encode(bytes);
    let Some(entry) = &message.log_entry else {
        return Err(Refusal::new(
            Reason::NoTime,
            "it holds no log entry, so nothing says when it was made, and its certificate was valid for minutes only; \
             gitsign keeps the entry with `git config gitsign.rekorMode offline`",
        ));
    };
    let entry = log_entry::to_json(entry, logged(message, digest).as_bytes())
        .map_err(|why| Refusal::invalid(format!("its log entry is malformed: {why}")))?;
    let hash = hex::decode(digest.hex()).expect("a digest is hexadecimal");
    let stamps: Vec<Value> =
        message.tokens.iter().map(|token| json!({"signedTimestamp": base64(&response(token))})).collect();
    Ok(json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {
            "certificate": {"rawBytes": base64(&message.certificate)},
            "tlogEntries": [entry],
            "timestampVerificationData": {"rfc3161Timestamps": stamps},
        },
        "messageSignature": {
            "messageDigest": {"algorithm": "SHA2_256", "digest": base64(&hash)},
            "signature": base64(&message.signature),
        },
    }))
}

/// What Rekor logged: `hashedrekord` 0.0.1 in canonical JSON (RFC 8785), with the certificate in PEM.
fn logged(message: &Message, digest: &Digest) -> String {
    let (signature, certificate) =
        (STANDARD.encode(&message.signature), STANDARD.encode(pem(&message.certificate)));
    format!(
        r#"{{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{{"data":{{"hash":{{"algorithm":"sha256","value":"{}"}}}},"signature":{{"content":"{signature}","publicKey":{{"content":"{certificate}"}}}}}}}}"#,
        digest.hex()
    )
}

/// RFC 7468, with lines of 64 characters.
fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in text.as_bytes().chunks(64) {
        pem.extend(line.iter().map(|byte| char::from(*byte)));
        pem.push('\n');
    }
    pem + "-----END CERTIFICATE-----\n"
}

/// A token as the response that a bundle holds (RFC 3161, section 2.4.2): status granted, then the token.
fn response(token: &[u8]) -> Vec<u8> {
    let body = [&[0x30, 3, 2, 1, 0], token].concat();
    let length = u16::try_from(body.len()).expect("the whole message has at most 16 KiB").to_be_bytes();
    [&[0x30, 0x82, length[0], length[1]], body.as_slice()].concat()
}
