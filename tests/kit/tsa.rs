//! A time-stamping authority: RFC 3161 responses over a signature.

use rcgen::{CertificateParams, CustomExtension, DnType, Issuer, KeyUsagePurpose};
use sha2::{Digest, Sha384, Sha512};
use time::OffsetDateTime;

use super::certificates::{authority, common};
use super::der::{self, child, explicit0, octets, sequence, set, small};
use super::keys::{Key, sha256};

/// The hash of a time-stamp, in its imprint and in its signature. Nobody signs with P-256 over SHA-512, so the imprint
/// alone is by that, and the signature by SHA-384.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384, which GitHub's authority signs with.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => sha256(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    fn of_the_signature(self) -> Self {
        if self == Self::Sha512 { Self::Sha384 } else { self }
    }

    /// `AlgorithmIdentifier` of the hash.
    fn identifier(self) -> Vec<u8> {
        let last = match self {
            Self::Sha256 => return der::SHA256.to_vec(),
            Self::Sha384 => 2,
            Self::Sha512 => 3,
        };
        sequence(&[&[0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, last]])
    }

    /// `AlgorithmIdentifier` of ECDSA with it.
    fn ecdsa(self) -> Vec<u8> {
        let last = match self {
            Self::Sha256 => return der::ECDSA_SHA256.to_vec(),
            Self::Sha384 | Self::Sha512 => 3,
        };
        sequence(&[&[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, last]])
    }
}

/// A time-stamping authority: a root, and the certificate that signs.
pub struct TimestampAuthority {
    root: Vec<u8>,
    certificate: Vec<u8>,
    key: Key,
}

impl TimestampAuthority {
    /// The authority of that seed. All of them have the same names, so only their keys tell them apart.
    pub fn new(seed: &str) -> Self {
        let root_key = Key::named(&format!("{seed}/tsa-root"));
        let key = Key::named(&format!("{seed}/tsa"));
        let root_parameters = authority("kit-tsa-root", 1, vec![]);
        let root = root_parameters.self_signed(&root_key).expect("the root signs itself").der().to_vec();
        let issuer = Issuer::from_params(&root_parameters, &root_key);
        let certificate =
            signer_parameters().signed_by(&key, &issuer).expect("the root signs").der().to_vec();
        Self { root, certificate, key }
    }

    /// The signing certificate, then what stands above it.
    pub fn chain(&self) -> Vec<Vec<u8>> {
        vec![self.certificate.clone(), self.root.clone()]
    }

    /// A `TimeStampResp` that says `signature` existed at `at`.
    pub fn stamp(&self, signature: &[u8], at: i64) -> Vec<u8> {
        self.stamp_with(signature, at, Hash::Sha256, &[self.certificate.clone()])
    }

    /// The same with another hash, and with these certificates in it.
    pub fn stamp_with(&self, signature: &[u8], at: i64, hash: Hash, certificates: &[Vec<u8>]) -> Vec<u8> {
        let info = sequence(&[
            &small(1),
            &[0x06, 4, 0x2a, 3, 4, 5],
            &sequence(&[&hash.identifier(), &octets(&hash.of(signature))]),
            &small(9),
            &der::tlv(0x18, generalized_time(at).as_bytes()),
        ]);
        let signed_data = sequence(&[
            &small(3),
            &set(&hash.of_the_signature().identifier()),
            &sequence(&[der::TST_INFO, &explicit0(&octets(&info))]),
            &explicit0(&certificates.concat()),
            &set(&self.signer_info(&info, hash.of_the_signature())),
        ]);
        let status_granted = sequence(&[&small(0)]);
        sequence(&[&status_granted, &sequence(&[der::SIGNED_DATA, &explicit0(&signed_data)])])
    }

    /// RFC 5652, 5.3: the signature is over the signed attributes as a SET, though they are sent as `[0]`.
    fn signer_info(&self, info: &[u8], hash: Hash) -> Vec<u8> {
        let certificate_hash = sequence(&[&sequence(&[&sequence(&[&octets(&sha256(&self.certificate))])])]);
        let mut attributes = [
            sequence(&[der::CONTENT_TYPE, &set(der::TST_INFO)]),
            sequence(&[der::MESSAGE_DIGEST, &set(&octets(&hash.of(info)))]),
            sequence(&[der::SIGNING_CERTIFICATE_V2, &set(&certificate_hash)]),
        ];
        attributes.sort();
        let attributes = attributes.concat();
        let signature = self.key.sign_hash(&hash.of(&set(&attributes)));
        let tbs = child(&self.certificate, 0);
        let (serial, issuer) = (child(tbs, 1), child(tbs, 3));
        sequence(&[
            &small(1),
            &sequence(&[issuer, serial]),
            &hash.identifier(),
            &explicit0(&attributes),
            &hash.ecdsa(),
            &octets(&signature),
        ])
    }
}

fn signer_parameters() -> CertificateParams {
    let mut parameters = common(b"kit-tsa");
    parameters.distinguished_name.push(DnType::CommonName, "kit-tsa");
    parameters.is_ca = rcgen::IsCa::ExplicitNoCa;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.use_authority_key_identifier_extension = true;
    // RFC 3161, 2.3 wants the extended key usage to be critical, which only a custom extension can be.
    let mut usage = CustomExtension::from_oid_content(&[2, 5, 29, 37], sequence(&[der::TIME_STAMPING]));
    usage.set_criticality(true);
    parameters.custom_extensions = vec![usage];
    parameters
}

fn generalized_time(at: i64) -> String {
    let t = OffsetDateTime::from_unix_timestamp(at).expect("the kit's times are ordinary");
    let (date, clock) = (t.date(), t.time());
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        clock.hour(),
        clock.minute(),
        clock.second()
    )
}
