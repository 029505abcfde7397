//! OpenPGP certificates that the policy names (RFC 9580, section 10.1), and the formats that signatures share with them.
//!
//! rPGP reads keys and computes; which statements of a certificate count is decided in [`certificate`].

pub(crate) mod armor;
pub(crate) mod certificate;
pub(crate) mod key;
pub(crate) mod packet;
pub(crate) mod signature;

pub use certificate::Encryption;
pub(crate) use certificate::{Certificate, Component, Fault, Standing};
pub(crate) use signature::{Hash, Signature, SignatureError};
