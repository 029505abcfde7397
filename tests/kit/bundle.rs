//! Sigstore bundles v0.1 to v0.3: a signature with what proves who made it and when. [`Fault`] spoils one thing each.

use serde_json::{Value, json};

use super::certificates::{CertificateAuthority, Identity, LIFETIME, Sct};
use super::keys::{Key, base64, pem, sha256, sha256_hex};
use super::log::{Entry, EntryFault, PLACE, Place, flip_last};
use super::statement::Provenance;
use super::trusted_root::Sigstore;
use super::tsa::TimestampAuthority;

/// Payload type of in-toto statements.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// What is signed.
#[derive(Debug, Clone)]
pub enum Content {
    /// A file, by a message signature.
    File(Vec<u8>),
    /// A payload of that type, in a DSSE envelope.
    Envelope(String, Vec<u8>),
}

impl Content {
    /// A file.
    pub fn file(bytes: &[u8]) -> Self {
        Self::File(bytes.to_vec())
    }

    /// An in-toto statement.
    pub fn statement(statement: &Value) -> Self {
        Self::Envelope(IN_TOTO.to_owned(), statement.to_string().into_bytes())
    }

    /// The statement of `provenance`.
    pub fn provenance(provenance: &Provenance) -> Self {
        Self::statement(&provenance.statement())
    }

    /// The bytes that the signature is over: the file, or the envelope's pre-authentication encoding.
    pub fn signed_bytes(&self) -> Vec<u8> {
        match self {
            Self::File(bytes) => bytes.clone(),
            Self::Envelope(kind, payload) => {
                let header = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len());
                [header.as_bytes(), payload].concat()
            }
        }
    }
}

/// Who signs.
#[derive(Clone)]
pub enum Signer {
    /// Somebody with a certificate for a key that is used once.
    Keyless(Identity),
    /// The owner of a key that the verifier knows.
    Key(Key),
}

/// Version of the bundle format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `application/vnd.dev.sigstore.bundle+json;version=0.1`, with a chain.
    V01,
    /// `application/vnd.dev.sigstore.bundle+json;version=0.2`, with a chain.
    V02,
    /// `application/vnd.dev.sigstore.bundle.v0.3+json`, with one certificate.
    V03,
}

impl Version {
    fn media_type(self) -> &'static str {
        match self {
            Self::V01 => "application/vnd.dev.sigstore.bundle+json;version=0.1",
            Self::V02 => "application/vnd.dev.sigstore.bundle+json;version=0.2",
            Self::V03 => "application/vnd.dev.sigstore.bundle.v0.3+json",
        }
    }
}

/// Where the signature is logged, and as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logged {
    /// Rekor v1: `hashedrekord` 0.0.1 of a file, `dsse` 0.0.1 of an envelope.
    RekorV1,
    /// Rekor v1: `intoto` 0.0.2; envelopes only.
    RekorV1Intoto,
    /// Rekor v2: `hashedrekord` 0.0.2.
    RekorV2,
    /// Nowhere.
    Nowhere,
}

/// What is wrong with a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The certificate is from a stranger's authority of the same name.
    CertificateAuthority,
    /// The SCT is signed by a stranger's key, under the log's id.
    SctKey,
    /// The certificate has no SCT.
    SctMissing,
    /// The signature is by another key than the certificate's, or than the managed one.
    SigningKey,
    /// One byte of the signature is wrong; the log entry has the good one.
    SignatureBroken,
    /// The digest that the bundle states is of another file (message signatures only).
    MessageDigest,
    /// Time-stamped and logged an hour after the certificate's end.
    TooLate,
    /// Time-stamped and logged an hour before the certificate's start.
    TooEarly,
    /// The log entry is of another signature.
    EntryOfOther,
    /// The log entry names another certificate or key.
    EntryOfOtherSigner,
    /// The log entry is spoilt.
    Entry(EntryFault),
    /// The time-stamp is from a stranger's authority of the same name.
    TsaUntrusted,
    /// One byte of the time-stamp's signature is wrong.
    TsaBroken,
    /// The time-stamp is over another signature.
    TsaOfOther,
}

/// How a bundle is made. Start from [`BundleOptions::default`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleOptions {
    /// Format.
    pub version: Version,
    /// Log.
    pub logged: Logged,
    /// Whether there is an RFC 3161 time-stamp.
    pub timestamped: bool,
    /// When the certificate begins; the signature is made one second later.
    pub at: i64,
    /// Name of the key that is used once.
    pub key: String,
    /// Where the entry stands in its log.
    pub place: Place,
    /// What is wrong.
    pub fault: Option<Fault>,
}

impl Default for BundleOptions {
    /// Bundle v0.3, Rekor v1, no time-stamp, nothing wrong.
    fn default() -> Self {
        Self {
            version: Version::V03,
            logged: Logged::RekorV1,
            timestamped: false,
            at: super::RELEASED_AT,
            key: "signing".to_owned(),
            place: PLACE,
            fault: None,
        }
    }
}

impl BundleOptions {
    /// That version, logged there, with a time-stamp where the log tells no time.
    pub fn new(version: Version, logged: Logged) -> Self {
        let timestamped = matches!(logged, Logged::RekorV2 | Logged::Nowhere);
        Self { version, logged, timestamped, ..Self::default() }
    }

    /// The same with a time-stamp.
    pub fn and_timestamp(mut self) -> Self {
        self.timestamped = true;
        self
    }

    /// The same with `fault`.
    pub fn spoil(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn signed_at(&self) -> i64 {
        match self.fault {
            Some(Fault::TooLate) => self.at + LIFETIME + 3600,
            Some(Fault::TooEarly) => self.at - 3600,
            _ => self.at + 1,
        }
    }
}

/// The signature with what the verifier needs to know its maker.
struct Signed {
    key: Key,
    certificate: Option<Vec<u8>>,
    signature: Vec<u8>,
}

impl Sigstore {
    /// `signer` signs `content`: a bundle made as `options` say.
    pub fn bundle(&self, content: &Content, signer: &Signer, options: &BundleOptions) -> Value {
        let signed = self.sign(content, signer, options);
        let mut published = signed.signature.clone();
        if options.has(Fault::SignatureBroken) {
            flip_last(&mut published);
        }
        let mut material = self.verification_material(&signed, options);
        material["tlogEntries"] =
            Value::Array(self.log_entry(content, signed, options).into_iter().collect());
        if options.timestamped {
            let stamp = self.timestamp(&published, options);
            material["timestampVerificationData"] =
                json!({"rfc3161Timestamps": [{"signedTimestamp": base64(stamp)}]});
        }
        let (field, value) = signature_content(content, &published, options);
        json!({"mediaType": options.version.media_type(), "verificationMaterial": material, field: value})
    }

    fn sign(&self, content: &Content, signer: &Signer, options: &BundleOptions) -> Signed {
        let (key, certificate) = match signer {
            Signer::Key(key) => (key.clone(), None),
            Signer::Keyless(identity) => {
                let key = Key::named(&options.key);
                let certificate = self.certificate(&key, identity, options);
                (key, Some(certificate))
            }
        };
        let hand = if options.has(Fault::SigningKey) { Key::named("stranger") } else { key.clone() };
        Signed { signature: hand.sign(&content.signed_bytes()), key, certificate }
    }

    fn certificate(&self, key: &Key, identity: &Identity, options: &BundleOptions) -> Vec<u8> {
        let stranger = Key::named("stranger/ct");
        let sct = match options.fault {
            Some(Fault::SctMissing) => Sct::Missing,
            Some(Fault::SctKey) => Sct::Signed(&self.certificate_log, &stranger),
            _ => Sct::Signed(&self.certificate_log, &self.certificate_log),
        };
        if options.has(Fault::CertificateAuthority) {
            return CertificateAuthority::new("stranger").issue(key, identity, options.at, sct);
        }
        self.authority.issue(key, identity, options.at, sct)
    }

    fn verification_material(&self, signed: &Signed, options: &BundleOptions) -> Value {
        let Some(leaf) = &signed.certificate else {
            return json!({"publicKey": {"hint": base64(signed.key.id())}});
        };
        if options.version == Version::V03 {
            return json!({"certificate": {"rawBytes": base64(leaf)}});
        }
        let intermediate = &self.authority.chain()[0];
        let chain = [leaf, intermediate].map(|der| json!({"rawBytes": base64(der)}));
        json!({"x509CertificateChain": {"certificates": chain}})
    }

    fn timestamp(&self, signature: &[u8], options: &BundleOptions) -> Vec<u8> {
        let at = options.signed_at() + 1;
        match options.fault {
            Some(Fault::TsaUntrusted) => TimestampAuthority::new("stranger").stamp(signature, at),
            Some(Fault::TsaOfOther) => self.timestamps.stamp(b"another signature", at),
            Some(Fault::TsaBroken) => {
                let mut stamp = self.timestamps.stamp(signature, at);
                flip_last(&mut stamp);
                stamp
            }
            _ => self.timestamps.stamp(signature, at),
        }
    }

    fn log_entry(&self, content: &Content, mut signed: Signed, options: &BundleOptions) -> Option<Value> {
        if options.has(Fault::EntryOfOther) {
            signed.signature = Key::named("stranger").sign(b"another message");
        }
        if options.has(Fault::EntryOfOtherSigner) {
            let stranger = Key::named("stranger");
            let identity = Identity::person("mallory@example.org", super::ISSUER);
            signed.certificate = signed.certificate.map(|_| self.certificate(&stranger, &identity, options));
            signed.key = stranger;
        }
        let (log, entry) = match options.logged {
            Logged::Nowhere => return None,
            Logged::RekorV1 => (&self.rekor_v1, entry_v1(content, &signed)),
            Logged::RekorV1Intoto => (&self.rekor_v1, entry_intoto(content, &signed)),
            Logged::RekorV2 => (&self.rekor_v2, entry_v2(content, &signed)),
        };
        let fault = match options.fault {
            Some(Fault::Entry(fault)) => Some(fault),
            _ => None,
        };
        Some(log.append_at(options.place, &entry, options.signed_at(), fault))
    }
}

impl Signed {
    /// Certificate or public key, as Rekor v1 keeps it: PEM in base64.
    fn verifier_pem(&self) -> String {
        base64(match &self.certificate {
            Some(certificate) => pem("CERTIFICATE", certificate),
            None => self.key.public_pem(),
        })
    }

    /// Certificate or public key, as Rekor v2 keeps it.
    fn verifier_raw(&self) -> Value {
        let mut verifier = json!({"keyDetails": "PKIX_ECDSA_P256_SHA_256"});
        match &self.certificate {
            Some(certificate) => verifier["x509Certificate"] = json!({"rawBytes": base64(certificate)}),
            None => verifier["publicKey"] = json!({"rawBytes": base64(self.key.spki())}),
        }
        verifier
    }
}

fn signature_content(content: &Content, signature: &[u8], options: &BundleOptions) -> (&'static str, Value) {
    match content {
        Content::File(bytes) => {
            let stated = if options.has(Fault::MessageDigest) { b"another file" } else { bytes.as_slice() };
            let digest = json!({"algorithm": "SHA2_256", "digest": base64(sha256(stated))});
            ("messageSignature", json!({"messageDigest": digest, "signature": base64(signature)}))
        }
        Content::Envelope(kind, payload) => ("dsseEnvelope", envelope(kind, payload, signature)),
    }
}

fn envelope(kind: &str, payload: &[u8], signature: &[u8]) -> Value {
    json!({"payload": base64(payload), "payloadType": kind, "signatures": [{"sig": base64(signature)}]})
}

fn hash(bytes: &[u8]) -> Value {
    json!({"algorithm": "sha256", "value": sha256_hex(bytes)})
}

fn entry_v1(content: &Content, signed: &Signed) -> Entry {
    let verifier = signed.verifier_pem();
    let (kind, spec) = match content {
        Content::File(bytes) => {
            let signature = json!({"content": base64(&signed.signature), "publicKey": {"content": verifier}});
            ("hashedrekord", json!({"data": {"hash": hash(bytes)}, "signature": signature}))
        }
        Content::Envelope(kind, payload) => {
            let whole = envelope(kind, payload, &signed.signature).to_string();
            let signatures = json!([{"signature": base64(&signed.signature), "verifier": verifier}]);
            let spec = json!({"envelopeHash": hash(whole.as_bytes()), "payloadHash": hash(payload), "signatures": signatures});
            ("dsse", spec)
        }
    };
    entry(kind, "0.0.1", &spec)
}

fn entry_intoto(content: &Content, signed: &Signed) -> Entry {
    let Content::Envelope(kind, payload) = content else { panic!("an intoto entry is of an envelope") };
    let whole = envelope(kind, payload, &signed.signature).to_string();
    // The signature has one more layer of base64 than elsewhere.
    let signature = json!({"publicKey": signed.verifier_pem(), "sig": base64(base64(&signed.signature))});
    let logged = json!({"payloadType": kind, "signatures": [signature]});
    let content = json!({"envelope": logged, "hash": hash(whole.as_bytes()), "payloadHash": hash(payload)});
    entry("intoto", "0.0.2", &json!({"content": content}))
}

fn entry_v2(content: &Content, signed: &Signed) -> Entry {
    let data = json!({"algorithm": "SHA2_256", "digest": base64(sha256(&content.signed_bytes()))});
    let signature = json!({"content": base64(&signed.signature), "verifier": signed.verifier_raw()});
    entry("hashedrekord", "0.0.2", &json!({"hashedRekordV002": {"data": data, "signature": signature}}))
}

fn entry(kind: &'static str, version: &'static str, spec: &Value) -> Entry {
    Entry { kind, version, body: json!({"apiVersion": version, "kind": kind, "spec": spec}) }
}
