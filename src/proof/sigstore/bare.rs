//! Bare DSSE envelopes with a certificate, as slsa-github-generator up to v2.0 and goreleaser publish them, together
//! with the log entry that the verifier looked up.
//!
//! Such an envelope says nothing about when it was signed, and its certificate was valid for minutes. A log entry says
//! when; it is a stranger's claim until it is verified *and* bound: same payload, same signature, same certificate
//! (CVE-2022-36056, CVE-2024-51746, CVE-2026-22703). Envelope and entry are put together as the Sigstore bundle that
//! should have been published, and that is verified like every other one, with signed entry timestamp, inclusion proof
//! and checkpoint. One entry that holds is enough; entries of others about the same payload prove nothing.
//!
//! Formats: DSSE (protocol v1.0, section "Data structure"); Rekor v1 OpenAPI, `LogEntry`; `dsse` 0.0.1 and `intoto`
//! 0.0.2. An `intoto` 0.0.1 entry holds no signature, only hashes, and is not read.

use super::{LIMITS, MAX_CERTIFICATES, Parsed};
use crate::{
    evidence::{LogEntries, Seen},
    json,
    proof::{Proof, Reason, Refusal},
    release::Sha256,
    text::{self, Untrusted},
    trust::TrustRoots,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sigstore_verify::VerificationPolicy;

/// Most entries that are looked at for one envelope.
const MAX_ENTRIES: usize = 32;
/// The largest answer of a log, in bytes.
const ENTRY_LIMITS: json::Limits = json::Limits::bytes(20 << 20);

/// A bare envelope with one signature and its certificate. Nothing in it has been verified.
pub struct Envelope {
    sha256: Sha256,
    /// As published, in base64.
    encoded: String,
    payload: Vec<u8>,
    payload_type: String,
    signature: Vec<u8>,
    certificates: Vec<Vec<u8>>,
}

/// Verifies a bare envelope with the answers of logs about it (`GET /api/v1/log/entries/{uuid}`), each as it came.
///
/// # Errors
/// [`Reason::NoTime`] without any entry; [`Reason::Unbound`] where all entries are about something else; otherwise what
/// is wrong with the entry that comes nearest.
pub fn verify_with_entries(envelope: &[u8], entries: &[&[u8]], trust: &TrustRoots) -> Result<Proof, Refusal> {
    match Envelope::read(envelope) {
        Some(envelope) => envelope?.verify_with(entries, trust),
        None => Err(Refusal::invalid("not a DSSE envelope with a certificate")),
    }
}

/// The envelopes in a file that need a log entry: the digest of each, and of its payload.
pub fn without_entry(bytes: &[u8]) -> Vec<(Sha256, Sha256)> {
    let documents = super::documents::read(bytes).into_iter().flatten();
    let envelopes = documents.filter_map(|document| Envelope::read(document.text.as_bytes())?.ok());
    envelopes.map(|envelope| (envelope.sha256, Sha256::of(&envelope.payload))).collect()
}

impl Envelope {
    /// Reads a document; `None` where it is no bare envelope, or one without a certificate.
    pub fn read(document: &[u8]) -> Option<Result<Self, Refusal>> {
        // The documents that this is not are many; they are parsed once, elsewhere.
        if document.len() > LIMITS.max_bytes || holds(document, b"verificationMaterial") {
            return None;
        }
        let value = json::parse(document, LIMITS).ok()?;
        let fields = value.as_object()?;
        let is_envelope =
            ["payload", "payloadType", "signatures"].iter().all(|field| fields.contains_key(*field));
        let has_certificate =
            value["signatures"].as_array()?.iter().any(|signature| signature.get("cert").is_some());
        (is_envelope && has_certificate).then(|| Self::parse(&value, Sha256::of(document.trim_ascii())))
    }

    fn parse(value: &Value, sha256: Sha256) -> Result<Self, Refusal> {
        let malformed = |what: &str| Refusal::invalid(format!("not a DSSE envelope: {what}"));
        let signatures = value["signatures"].as_array().map_or(&[][..], Vec::as_slice);
        let [signature] = signatures else {
            let n = signatures.len();
            return Err(malformed(&format!(
                "it has {n} signatures, and exactly one can be bound to a log entry"
            )));
        };
        let encoded = value["payload"].as_str().ok_or_else(|| malformed("it has no payload"))?;
        let decode = |text: &str| STANDARD.decode(text).ok();
        let certificate =
            signature["cert"].as_str().ok_or_else(|| malformed("its certificate is no text"))?;
        Ok(Self {
            sha256,
            payload: decode(encoded).ok_or_else(|| malformed("its payload is not base64"))?,
            encoded: encoded.to_owned(),
            payload_type: value["payloadType"]
                .as_str()
                .ok_or_else(|| malformed("it has no payload type"))?
                .to_owned(),
            signature: signature["sig"]
                .as_str()
                .and_then(decode)
                .ok_or_else(|| malformed("its signature is not base64"))?,
            certificates: certificates(certificate).ok_or_else(|| malformed("its certificate is not PEM"))?,
        })
    }

    /// Verifies the envelope with what the logs said about it when they were asked.
    pub fn verify(&self, entries: &LogEntries, trust: &TrustRoots) -> Result<Proof, Refusal> {
        let answers = match entries {
            Seen::Present(answers) => answers.get(&self.sha256),
            Seen::Unavailable { reason } => return Err(no_time(reason)),
            Seen::Absent { .. } => None,
        };
        match answers {
            None => Err(no_time(crate::evidence::NO_LOG_ASKED)),
            Some(Seen::Unavailable { reason }) => Err(no_time(reason)),
            Some(Seen::Absent { looked_at }) => {
                Err(no_time(&format!("no entry about its payload is in {}", text::plural_list(looked_at, 3))))
            }
            Some(Seen::Present(items)) => {
                let answers: Vec<&[u8]> = items.iter().map(|item| item.bytes.as_slice()).collect();
                self.verify_with(&answers, trust)
            }
        }
    }

    fn verify_with(&self, answers: &[&[u8]], trust: &TrustRoots) -> Result<Proof, Refusal> {
        if answers.len() > MAX_ENTRIES {
            return Err(Refusal::unreadable(format!(
                "{} log entries about one envelope are over the limit of {MAX_ENTRIES}",
                answers.len()
            )));
        }
        let mut nearest: Option<(Nearness, Refusal)> = None;
        for answer in answers {
            match self.verify_with_one(answer, trust) {
                Ok(proof) => return Ok(proof),
                Err(miss) if nearest.as_ref().is_none_or(|(best, _)| *best < miss.0) => nearest = Some(miss),
                Err(_) => {}
            }
        }
        Err(nearest.map_or_else(|| no_time("no log entry was found"), |(_, refusal)| refusal))
    }

    fn verify_with_one(&self, answer: &[u8], trust: &TrustRoots) -> Result<Proof, (Nearness, Refusal)> {
        let entry = Entry::read(answer).map_err(|refusal| (Nearness::Unknown, refusal))?;
        entry.refuse_other(self)?;
        let verified = entry.bundle(self).and_then(|bundle| {
            let parsed = Parsed::read(bundle.to_string().as_bytes())?;
            let digest = parsed.covered(None)?;
            let policy = VerificationPolicy::any_identity();
            parsed.verify_with_roots(&digest, &policy, trust)
        });
        verified.map_err(|refusal| (Nearness::Bound, refusal))
    }
}

/// How near an entry that proves nothing came to proving something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// It is no entry, or of a kind that is not read.
    Unknown,
    /// It is about something else.
    Other,
    /// It is about this envelope, and of a kind that is not read.
    Unread,
    /// It is about this envelope, and does not verify.
    Bound,
}

/// An entry of a Rekor v1 log. Nothing in it has been verified.
struct Entry {
    /// The answer's one member.
    fields: Value,
    body: Value,
    kind: String,
    version: String,
}

impl Entry {
    fn read(answer: &[u8]) -> Result<Self, Refusal> {
        let malformed = |what: &str| Refusal::invalid(format!("the log's answer is not an entry: {what}"));
        let value = json::parse(answer, ENTRY_LIMITS).map_err(|e| malformed(&e.to_string()))?;
        let members = value.as_object().map(|object| object.values().collect::<Vec<_>>()).unwrap_or_default();
        let [fields] = members.as_slice() else {
            return Err(malformed(&format!("it has {} members instead of one", members.len())));
        };
        let body = decoded(&fields["body"]).ok_or_else(|| malformed("its body is not base64"))?;
        let body = json::parse(&body, ENTRY_LIMITS).map_err(|e| malformed(&e.to_string()))?;
        let text = |field: &str| body[field].as_str().map(str::to_owned);
        let (Some(kind), Some(version)) = (text("kind"), text("apiVersion")) else {
            return Err(malformed("its body has no kind or no version"));
        };
        Ok(Self { fields: (*fields).clone(), body, kind, version })
    }

    /// Refuses an entry that is about another payload, by another hand, or of a kind that is not read.
    fn refuse_other(&self, envelope: &Envelope) -> Result<(), (Nearness, Refusal)> {
        let spec = &self.body["spec"];
        let content = &spec["content"];
        let (payload, signature, certificate) = match (self.kind.as_str(), self.version.as_str()) {
            ("dsse", "0.0.1") => {
                let one = only(&spec["signatures"]);
                (&spec["payloadHash"], decoded(&one["signature"]), decoded(&one["verifier"]))
            }
            ("intoto", "0.0.2") => {
                let one = only(&content["envelope"]["signatures"]);
                // The signature has one more layer of base64 here than elsewhere.
                let signature = decoded(&one["sig"]).and_then(|inner| STANDARD.decode(inner).ok());
                (&content["payloadHash"], signature, decoded(&one["publicKey"]))
            }
            ("intoto", "0.0.1") => return Err((Nearness::Unread, Refusal::unreadable(INTOTO_001))),
            (kind, version) => {
                let (kind, version) = (Untrusted::new(kind), Untrusted::new(version));
                let detail = format!(
                    "the log entry is of the kind {kind} {version}, which is not that of an envelope"
                );
                return Err((Nearness::Unknown, Refusal::new(Reason::Unbound, detail)));
            }
        };
        let other = |what: &str| {
            let detail = format!("the log entry is not this envelope's: it {what}");
            Err((Nearness::Other, Refusal::new(Reason::Unbound, detail)))
        };
        let is_payload = payload["algorithm"] == "sha256"
            && payload["value"].as_str() == Some(&Sha256::of(&envelope.payload).to_string());
        if !is_payload {
            return other("is about another payload");
        }
        if signature.as_deref() != Some(&envelope.signature) {
            return other("has the same payload with another signature");
        }
        let logged = certificate.and_then(|pem| certificates(std::str::from_utf8(&pem).ok()?));
        if logged.and_then(|all| all.into_iter().next()).as_ref() != envelope.certificates.first() {
            return other("has the same payload and signature with another certificate");
        }
        Ok(())
    }

    /// The bundle that should have been published: the envelope with this entry.
    fn bundle(&self, envelope: &Envelope) -> Result<Value, Refusal> {
        let fields = &self.fields;
        let malformed = |what: &str| Refusal::invalid(format!("the log entry is malformed: {what}"));
        let verification = &fields["verification"];
        let Some(promise) = verification["signedEntryTimestamp"].as_str().filter(|text| !text.is_empty())
        else {
            let detail = "the log entry has no signed entry timestamp, so nothing proves its time";
            return Err(Refusal::new(Reason::NoTime, detail));
        };
        let proof = &verification["inclusionProof"];
        if !proof.is_object() {
            return Err(Refusal::invalid("the log entry has no inclusion proof"));
        }
        let number = |value: &Value, what: &str| {
            value.as_u64().map(|n| n.to_string()).ok_or_else(|| malformed(&format!("{what} is no number")))
        };
        let hash = |value: &Value, what: &str| {
            let bytes = value.as_str().and_then(|text| hex::decode(text).ok());
            bytes
                .map(|it| STANDARD.encode(it))
                .ok_or_else(|| malformed(&format!("{what} is not hexadecimal")))
        };
        let path = proof["hashes"].as_array().ok_or_else(|| malformed("its proof has no hashes"))?;
        let path: Vec<String> =
            path.iter().map(|one| hash(one, "a hash of its proof")).collect::<Result<_, _>>()?;
        let certificates = envelope.certificates.iter().map(|der| json!({"rawBytes": STANDARD.encode(der)}));
        let mut certificates: Vec<Value> = certificates.collect();
        let (media_type, field, material) = match certificates.len() {
            1 => ("application/vnd.dev.sigstore.bundle.v0.3+json", "certificate", certificates.remove(0)),
            _ => (
                "application/vnd.dev.sigstore.bundle+json;version=0.2",
                "x509CertificateChain",
                json!({"certificates": certificates}),
            ),
        };
        let entry = json!({
            "logIndex": number(&fields["logIndex"], "its index")?,
            "logId": {"keyId": hash(&fields["logID"], "the log's id")?},
            "kindVersion": {"kind": self.kind, "version": self.version},
            "integratedTime": number(&fields["integratedTime"], "its time")?,
            "inclusionPromise": {"signedEntryTimestamp": promise},
            "inclusionProof": {
                "logIndex": number(&proof["logIndex"], "the index of its proof")?,
                "rootHash": hash(&proof["rootHash"], "the root of its proof")?,
                "treeSize": number(&proof["treeSize"], "the size of its tree")?,
                "hashes": path,
                "checkpoint": {"envelope": &proof["checkpoint"]},
            },
            "canonicalizedBody": &fields["body"],
        });
        Ok(json!({
            "mediaType": media_type,
            "verificationMaterial": {field: material, "tlogEntries": [entry]},
            "dsseEnvelope": {
                "payload": envelope.encoded,
                "payloadType": envelope.payload_type,
                "signatures": [{"sig": STANDARD.encode(&envelope.signature)}],
            },
        }))
    }
}

const INTOTO_001: &str = "the log entry is of the kind intoto 0.0.1, which holds no signature and which this version \
                          does not read; verify it with slsa-verifier";

/// Without an entry nothing says when the envelope was signed.
fn no_time(why: &str) -> Refusal {
    let detail = format!(
        "a bare DSSE envelope: it holds no log entry and no timestamp, so nothing says when it was signed, and its \
         certificate was valid for minutes only; {why}"
    );
    Refusal::new(Reason::NoTime, detail)
}

/// The one member of a list; null where there is none, or more than one.
fn only(list: &Value) -> &Value {
    match list.as_array().map(Vec::as_slice) {
        Some([one]) => one,
        _ => &Value::Null,
    }
}

fn decoded(value: &Value) -> Option<Vec<u8>> {
    STANDARD.decode(value.as_str()?).ok()
}

/// The certificates in a PEM text (RFC 7468), with nothing around them; at least one, and not too many.
fn certificates(pem: &str) -> Option<Vec<Vec<u8>>> {
    let mut rest = pem.trim();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (body, after) =
            rest.strip_prefix("-----BEGIN CERTIFICATE-----")?.split_once("-----END CERTIFICATE-----")?;
        let body: String = body.split_ascii_whitespace().collect();
        found.push(STANDARD.decode(body).ok()?);
        if found.len() > MAX_CERTIFICATES {
            return None;
        }
        rest = after.trim_start();
    }
    (!found.is_empty()).then_some(found)
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pem_text_with_nothing_around_it_is_read() {
        let one = "-----BEGIN CERTIFICATE-----\nAAEC\nAwQ=\n-----END CERTIFICATE-----\n";
        assert_eq!(certificates(one), Some(vec![vec![0, 1, 2, 3, 4]]));
        assert_eq!(certificates(&one.repeat(2)).map(|all| all.len()), Some(2));
        assert_eq!(certificates(&one.repeat(MAX_CERTIFICATES)).map(|all| all.len()), Some(MAX_CERTIFICATES));
        let bad = [
            String::new(),
            "AAEC".to_owned(),
            format!("x{one}"),
            format!("{one}x"),
            one.replace("AAEC", "A"),
            one.replace("END", "BEGIN"),
            one.replace("CERTIFICATE", "PUBLIC KEY"),
            one.repeat(MAX_CERTIFICATES + 1),
        ];
        for text in bad {
            assert_eq!(certificates(&text), None, "{text}");
        }
    }

    #[test]
    fn other_documents_are_not_taken_for_a_bare_envelope() {
        for text in [
            "",
            "{}",
            "[]",
            r#"{"payload": "", "payloadType": ""}"#,
            r#"{"payload": "", "payloadType": "", "signatures": []}"#,
            r#"{"payload": "", "payloadType": "", "signatures": [{"sig": ""}]}"#,
            r#"{"payload": "", "payloadType": "", "signatures": [{"cert": ""}], "verificationMaterial": {}}"#,
        ] {
            assert!(Envelope::read(text.as_bytes()).is_none(), "{text}");
        }
    }
}
