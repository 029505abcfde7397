//! DSSE envelopes that carry in-toto statements.
//!
//! Both base64 alphabets are read, since the DSSE protocol says that verifiers must accept either; a text that mixes
//! them, has blanks or stray bits at its end is refused. Which text it was does not matter to the signature: that is
//! over the decoded bytes.

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use base64::{alphabet, engine::DecodePaddingMode};

use super::StatementError;
use crate::json::{self, Limits, Node};

/// The only payload type that is read, compared byte for byte.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

const URL_SAFE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// An envelope with an in-toto payload and exactly one signature, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    payload: Vec<u8>,
    signature: Vec<u8>,
    key_id: Option<String>,
}

impl Envelope {
    /// Parses a document that is an envelope and nothing else.
    ///
    /// # Errors
    /// [`StatementError`] for the first thing that is wrong.
    pub fn parse(bytes: &[u8], limits: Limits) -> Result<Self, StatementError> {
        let document = json::parse(bytes, limits)?;
        Self::from_node(&Node::root(&document))
    }

    /// Reads an envelope inside a document, the `dsseEnvelope` of a Sigstore bundle.
    ///
    /// # Errors
    /// [`StatementError`] for the first thing that is wrong.
    pub fn from_node(node: &Node<'_>) -> Result<Self, StatementError> {
        let payload_type = node.required("payloadType")?.string()?;
        if payload_type != PAYLOAD_TYPE {
            return Err(StatementError::PayloadType { found: payload_type.to_owned() });
        }
        let payload = decode(&node.required("payload")?)?;
        let mut signatures = node.required("signatures")?.items()?;
        let count = signatures.len();
        let (Some(signature), 1) = (signatures.next(), count) else {
            return Err(StatementError::SignatureCount { count });
        };
        let key_id = signature.optional("keyid")?.map(|id| id.string().map(str::to_owned)).transpose()?;
        let signature = decode(&signature.required("sig")?)?;
        Ok(Self { payload, signature, key_id: key_id.filter(|id| !id.is_empty()) })
    }

    /// The payload, the very bytes that were signed over.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// What the envelope says about the key. A hint for people: it must never choose what is trusted.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// What the signature is over: the pre-authentication encoding of DSSE v1, lengths in bytes.
    #[must_use]
    pub fn pre_authentication_encoding(&self) -> Vec<u8> {
        let head = format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), self.payload.len());
        [head.as_bytes(), &self.payload].concat()
    }
}

/// Decodes text that must say something.
fn decode(node: &Node<'_>) -> Result<Vec<u8>, StatementError> {
    let text = node.text()?;
    STANDARD
        .decode(text)
        .or_else(|_| URL_SAFE.decode(text))
        .map_err(|_| StatementError::Base64 { path: node.path().to_owned() })
}
