//! A whole Sigstore instance, and the `trusted_root.json` that describes it.

use serde_json::{Value, json};

use super::certificates::CertificateAuthority;
use super::keys::{Key, base64};
use super::log::{Generation, Log};
use super::tsa::TimestampAuthority;

/// Certificate authority, certificate log, both transparency logs and a time-stamping authority.
pub struct Sigstore {
    /// Issues signing certificates.
    pub authority: CertificateAuthority,
    /// Signs SCTs.
    pub certificate_log: Key,
    /// Rekor v1.
    pub rekor_v1: Log,
    /// Rekor v2.
    pub rekor_v2: Log,
    /// Signs time-stamps.
    pub timestamps: TimestampAuthority,
}

impl Sigstore {
    /// The instance of that seed: every seed has other keys and the same names.
    pub fn new(seed: &str) -> Self {
        Self {
            authority: CertificateAuthority::new(seed),
            certificate_log: Key::named(&format!("{seed}/ct")),
            rekor_v1: Log::new(seed, Generation::V1),
            rekor_v2: Log::new(seed, Generation::V2),
            timestamps: TimestampAuthority::new(seed),
        }
    }

    /// The instance of that seed, whose certificate authority has another name than the usual one.
    pub fn named(seed: &str, name: &str) -> Self {
        Self { authority: CertificateAuthority::named(seed, name), ..Self::new(seed) }
    }

    /// The trusted root of an instance that keeps no log of any kind, as GitHub's does.
    pub fn trusted_root_without_logs(&self) -> Value {
        let mut root = self.trusted_root();
        for list in ["tlogs", "ctlogs"] {
            root.as_object_mut().expect("a trusted root is an object").remove(list);
        }
        root
    }

    /// The trusted root, as `trusted_root.json` holds it.
    pub fn trusted_root(&self) -> Value {
        json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [
                log(self.rekor_v1.key(), self.rekor_v1.host()),
                log(self.rekor_v2.key(), self.rekor_v2.host()),
            ],
            "certificateAuthorities": [authority("kit-fulcio", "fulcio.kit.test", &self.authority.chain())],
            "ctlogs": [log(&self.certificate_log, "ct.kit.test")],
            "timestampAuthorities": [authority("kit-tsa", "tsa.kit.test", &self.timestamps.chain())],
        })
    }
}

fn log(key: &Key, host: &str) -> Value {
    json!({
        "baseUrl": format!("https://{host}"),
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": base64(key.spki()),
            "keyDetails": "PKIX_ECDSA_P256_SHA_256",
            "validFor": {"start": "2020-01-01T00:00:00Z"},
        },
        "logId": {"keyId": base64(key.id())},
    })
}

fn authority(name: &str, host: &str, chain: &[Vec<u8>]) -> Value {
    let certificates: Vec<Value> = chain.iter().map(|der| json!({"rawBytes": base64(der)})).collect();
    json!({
        "subject": {"organization": super::ORGANISATION, "commonName": name},
        "uri": format!("https://{host}"),
        "certChain": {"certificates": certificates},
        "validFor": {"start": "2020-01-01T00:00:00Z"},
    })
}
