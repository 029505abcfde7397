//! A time-stamping authority: RFC 3161 responses over a signature.

use rcgen::{CertificateParams, CustomExtension, DnType, Issuer, KeyUsagePurpose};
use time::OffsetDateTime;

use super::certificates::{authority, common};
use super::der::{self, child, explicit0, octets, sequence, set, small};
use super::keys::{Key, sha256};
use sha2::{Digest, Sha384, Sha512};

/// A hash of a time-stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// Says SHA-1, of which nobody computes anything here.
    Sha1,
}

impl Hash {
    fn identifier(self) -> &'static [u8] {
        match self {
            Self::Sha256 => der::SHA256,
            Self::Sha384 => der::SHA384,
            Self::Sha512 => der::SHA512,
            Self::Sha1 => der::SHA1,
        }
    }

    fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => sha256(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
            Self::Sha1 => sha256(bytes)[..20].to_vec(),
        }
    }
}

/// How a time-stamp is made. Start from [`Stamp::default`].
#[derive(Clone)]
pub struct Stamp {
    /// Hash of the signature that is stamped.
    pub imprint: Hash,
    /// Hash of what is signed about it. The key is on the curve P-256 in any case.
    pub digest: Hash,
    /// Who signs, instead of the authority.
    pub signer: Option<Key>,
    /// Certificates in the token before the authority's own.
    pub bag: Vec<Vec<u8>>,
    /// Whether the authority's own certificate is in the token.
    pub own_certificate: bool,
    /// `PKIStatus`; 0 is granted.
    pub status: u8,
}

impl Default for Stamp {
    fn default() -> Self {
        Self {
            imprint: Hash::Sha256,
            digest: Hash::Sha256,
            signer: None,
            bag: Vec::new(),
            own_certificate: true,
            status: 0,
        }
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
        self.stamp_as(signature, at, &Stamp::default())
    }

    /// The same, made as `stamp` says.
    pub fn stamp_as(&self, signature: &[u8], at: i64, stamp: &Stamp) -> Vec<u8> {
        let info = sequence(&[
            &small(1),
            &[0x06, 4, 0x2a, 3, 4, 5],
            &sequence(&[stamp.imprint.identifier(), &octets(&stamp.imprint.of(signature))]),
            &small(9),
            &der::tlv(0x18, generalized_time(at).as_bytes()),
        ]);
        let own = if stamp.own_certificate { self.certificate.as_slice() } else { &[] };
        let bag = [stamp.bag.concat().as_slice(), own].concat();
        let signed_data = sequence(&[
            &small(3),
            &set(stamp.digest.identifier()),
            &sequence(&[der::TST_INFO, &explicit0(&octets(&info))]),
            &if bag.is_empty() { Vec::new() } else { explicit0(&bag) },
            &set(&self.signer_info(&info, stamp)),
        ]);
        let status = sequence(&[&small(stamp.status)]);
        sequence(&[&status, &sequence(&[der::SIGNED_DATA, &explicit0(&signed_data)])])
    }

    /// RFC 5652, 5.3: the signature is over the signed attributes as a SET, though they are sent as `[0]`.
    fn signer_info(&self, info: &[u8], stamp: &Stamp) -> Vec<u8> {
        let certificate_hash = sequence(&[&sequence(&[&sequence(&[&octets(&sha256(&self.certificate))])])]);
        let mut attributes = [
            sequence(&[der::CONTENT_TYPE, &set(der::TST_INFO)]),
            sequence(&[der::MESSAGE_DIGEST, &set(&octets(&stamp.digest.of(info)))]),
            sequence(&[der::SIGNING_CERTIFICATE_V2, &set(&certificate_hash)]),
        ];
        attributes.sort();
        let attributes = attributes.concat();
        let signer = stamp.signer.as_ref().unwrap_or(&self.key);
        let signature = signer.sign_hash(&stamp.digest.of(&set(&attributes)));
        let tbs = child(&self.certificate, 0);
        let (serial, issuer) = (child(tbs, 1), child(tbs, 3));
        sequence(&[
            &small(1),
            &sequence(&[issuer, serial]),
            stamp.digest.identifier(),
            &explicit0(&attributes),
            der::ECDSA_SHA256,
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
