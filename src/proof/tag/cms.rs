//! The CMS signature (RFC 5652) that gitsign leaves in a tag, read strictly.
//!
//! The rule that must not be broken: exactly one signer, whose certificate is in the message, and whose signed attributes
//! hold the hash of the very tag. A message with content of its own, with no certificate or no signer, or in any encoding
//! but DER is refused before anything in it is believed.

use crate::proof::{Reason, Refusal};
use base64::{Engine, engine::general_purpose::STANDARD};
use cms::{
    cert::CertificateChoices,
    content_info::ContentInfo,
    signed_data::{SignedData, SignerIdentifier, SignerInfo},
};
use der::{
    Any, Decode, Encode, Tag, Tagged,
    asn1::{ObjectIdentifier, OctetString},
};
use sha2::{Digest as _, Sha256};
use x509_cert::attr::{Attribute, Attributes};

/// The largest message, in bytes. gitsign's have about 5 KiB. Decoding sorts, with the square of the members of a set.
const MAX_MESSAGE: usize = 16 << 10;
/// The largest armored message.
const MAX_ARMORED: usize = 2 * MAX_MESSAGE;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const TIME_STAMP_TOKEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// A `TransparencyLogEntry` of Rekor.
const LOG_ENTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.3.1");

/// A signature whose attributes are about the tag. Nothing in it has been verified.
pub(super) struct Message {
    /// What the signature is over: the signed attributes, as a SET OF in DER (section 5.4).
    pub(super) attributes: Vec<u8>,
    pub(super) signature: Vec<u8>,
    /// The signer's certificate.
    pub(super) certificate: Vec<u8>,
    /// The log entry, in Protocol Buffers.
    pub(super) log_entry: Option<Vec<u8>>,
    /// RFC 3161 tokens over the signature.
    pub(super) tokens: Vec<Vec<u8>>,
}

impl Message {
    /// Reads an armored message about `payload`.
    pub(super) fn read(armored: &[u8], payload: &[u8]) -> Result<Self, Refusal> {
        let der = dearmored(armored)?;
        let data = signed_data(&der)?;
        if data.encap_content_info.econtent_type != DATA {
            return Err(malformed("it is about something else than plain data"));
        }
        if data.encap_content_info.econtent.is_some() {
            return Err(malformed("it has content of its own, where the tag is the content"));
        }
        let [signer] = data.signer_infos.0.as_slice() else {
            return Err(malformed(format!("it has {} signers, and not one", data.signer_infos.0.len())));
        };
        let certificate = certificate_of(signer, &data)?;
        let attributes = attributes_about(signer, payload)?;
        let unsigned = signer.unsigned_attrs.as_ref();
        Ok(Self {
            attributes,
            signature: signer.signature.as_bytes().to_vec(),
            certificate,
            log_entry: unsigned.map_or(Ok(None), log_entry)?,
            tokens: unsigned.map_or(Ok(Vec::new()), tokens)?,
        })
    }
}

fn dearmored(armored: &[u8]) -> Result<Vec<u8>, Refusal> {
    if armored.len() > MAX_ARMORED {
        return Err(too_large(armored.len()));
    }
    let text = std::str::from_utf8(armored).map_err(|_| malformed("its armor is not text"))?;
    // The first and the last line were looked at where the tag was split.
    let inner: String =
        text.lines().filter(|line| !line.starts_with("-----")).map(str::trim_ascii_end).collect();
    let der = STANDARD.decode(inner).map_err(|_| malformed("its armor is not base64"))?;
    if der.len() > MAX_MESSAGE { Err(too_large(der.len())) } else { Ok(der) }
}

fn too_large(size: usize) -> Refusal {
    Refusal::unreadable(format!("{size} bytes are over the limit of {MAX_MESSAGE} for a CMS signature"))
}

/// The signed data, which has to be DER: encoded again it gives the same bytes.
fn signed_data(der: &[u8]) -> Result<SignedData, Refusal> {
    let undecodable = |error: der::Error| malformed(format!("it cannot be decoded: {error}"));
    let info = ContentInfo::from_der(der).map_err(undecodable)?;
    if info.content_type != SIGNED_DATA {
        return Err(malformed("it is no signed data"));
    }
    let data: SignedData = info.content.decode_as().map_err(undecodable)?;
    let again = Any::encode_from(&data).map_err(undecodable)?;
    if again != info.content || info.to_der().map_err(undecodable)? != der {
        return Err(malformed("it is not encoded in DER"));
    }
    Ok(data)
}

/// The one certificate that the signer names.
fn certificate_of(signer: &SignerInfo, data: &SignedData) -> Result<Vec<u8>, Refusal> {
    let SignerIdentifier::IssuerAndSerialNumber(named) = &signer.sid else {
        return Err(Refusal::unreadable("its signer is named by a key id, which gitsign does not do"));
    };
    let all = data.certificates.as_ref().map(|set| set.0.as_slice()).unwrap_or_default();
    if all.is_empty() {
        return Err(malformed("there is no certificate in it"));
    }
    let mut found = all.iter().filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate),
        CertificateChoices::Other(_) => None,
    });
    let is_named = |tbs: &x509_cert::TbsCertificate| {
        tbs.issuer == named.issuer && tbs.serial_number == named.serial_number
    };
    let certificate = found.find(|certificate| is_named(&certificate.tbs_certificate));
    let certificate = certificate.ok_or_else(|| malformed("its signer's certificate is not in it"))?;
    if found.any(|certificate| is_named(&certificate.tbs_certificate)) {
        return Err(malformed("two certificates in it have the issuer and number that its signer names"));
    }
    certificate.to_der().map_err(|error| malformed(format!("its certificate cannot be encoded: {error}")))
}

/// The signed attributes, which are about `payload` (section 11.1 and 11.2).
fn attributes_about(signer: &SignerInfo, payload: &[u8]) -> Result<Vec<u8>, Refusal> {
    if signer.digest_alg.oid != SHA256 {
        return Err(Refusal::unreadable("it is over another hash than SHA-256, which gitsign does not use"));
    }
    let attributes = signer.signed_attrs.as_ref().ok_or_else(|| malformed("it has no signed attributes"))?;
    let kind: ObjectIdentifier = value_of(attributes, CONTENT_TYPE)?
        .and_then(|value| value.decode_as().ok())
        .ok_or_else(|| malformed("its signed attributes do not say what was signed"))?;
    let digest: OctetString = value_of(attributes, MESSAGE_DIGEST)?
        .and_then(|value| value.decode_as().ok())
        .ok_or_else(|| malformed("its signed attributes hold no hash of what was signed"))?;
    if kind != DATA {
        return Err(malformed("its signed attributes are about something else than plain data"));
    }
    if digest.as_bytes() != Sha256::digest(payload).as_slice() {
        return Err(Refusal::invalid(
            "it signs other bytes than those of the tag, which was changed since, or never signed",
        ));
    }
    attributes.to_der().map_err(|error| malformed(format!("its attributes cannot be encoded: {error}")))
}

/// The one value of the attribute of that kind; nothing where there is none.
fn value_of(attributes: &Attributes, oid: ObjectIdentifier) -> Result<Option<&Any>, Refusal> {
    let of_kind: Vec<&Attribute> = attributes.iter().filter(|attribute| attribute.oid == oid).collect();
    match of_kind.as_slice() {
        [] => Ok(None),
        [attribute] => match attribute.values.as_slice() {
            [value] => Ok(Some(value)),
            _ => Err(malformed(format!("its attribute {oid} has not one value"))),
        },
        _ => Err(malformed(format!("its attribute {oid} is there twice"))),
    }
}

fn log_entry(attributes: &Attributes) -> Result<Option<Vec<u8>>, Refusal> {
    let Some(value) = value_of(attributes, LOG_ENTRY)? else { return Ok(None) };
    let entry: OctetString = value.decode_as().map_err(|_| malformed("its log entry is no octet string"))?;
    Ok(Some(entry.as_bytes().to_vec()))
}

fn tokens(attributes: &Attributes) -> Result<Vec<Vec<u8>>, Refusal> {
    let values = attributes.iter().filter(|it| it.oid == TIME_STAMP_TOKEN).flat_map(|it| it.values.iter());
    values
        .map(|value| match value.tag() {
            Tag::Sequence => value.to_der().map_err(|_| malformed("its time-stamp cannot be encoded")),
            _ => Err(malformed("its time-stamp is no token")),
        })
        .collect()
}

fn malformed(why: impl AsRef<str>) -> Refusal {
    Refusal::new(Reason::Invalid, format!("it is malformed as a CMS signature: {}", why.as_ref()))
}
