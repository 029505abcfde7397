//! The armor and the blob of an SSH signature (PROTOCOL.sshsig, sections "Armored format" and "Blob format").
//!
//! Both are read in their one strict form: a byte too many, a reserved field in use or base64 that is not canonical is
//! refused.

use super::{certificate::Certificate, signature};
use crate::{
    proof::{Reason, Refusal},
    trust::ssh::{
        PublicKey,
        wire::{Reader, put_string},
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256, Sha512};

/// The largest signature file, in bytes: one by a certificate of an RSA key of 16384 bits has 12 KiB.
const MAX_SIGNATURE: usize = 64 << 10;
/// The longest namespace that is read, in bytes.
const MAX_NAMESPACE: usize = 256;
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";
const MAGIC: &[u8] = b"SSHSIG";

/// What a file was hashed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha512,
}

impl Hash {
    fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// The hash of bytes that are held.
    pub(super) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

/// Whose key it says to be made with.
pub(super) enum Maker {
    Key(PublicKey),
    Certificate(Box<Certificate>),
}

impl Maker {
    fn read(blob: &[u8]) -> Result<Self, Refusal> {
        let algorithm = Reader::new(blob).text().ok_or_else(|| malformed("its key is cut short"))?;
        if algorithm.contains("-cert-v0") {
            let certificate = Certificate::read(blob)?;
            return Ok(Self::Certificate(Box::new(certificate)));
        }
        PublicKey::parse(blob)
            .map(Self::Key)
            .map_err(|why| malformed(format!("its key cannot be used: {why}")))
    }

    /// The key that signed.
    pub(super) fn key(&self) -> &PublicKey {
        match self {
            Self::Key(key) => key,
            Self::Certificate(certificate) => &certificate.key,
        }
    }
}

/// A signature that is well formed. Nothing in it has been verified.
pub(super) struct SshSig {
    pub(super) maker: Maker,
    pub(super) namespace: String,
    pub(super) hash: Hash,
    signature: Vec<u8>,
}

impl SshSig {
    /// Reads an armored signature, and nothing besides it.
    pub(super) fn read(armored: &[u8]) -> Result<Self, Refusal> {
        if armored.len() > MAX_SIGNATURE {
            let size = armored.len();
            return Err(Refusal::unreadable(format!(
                "{size} bytes are over the limit of {MAX_SIGNATURE} for an SSH signature"
            )));
        }
        let blob = dearmored(armored).map_err(malformed)?;
        let mut reader = Reader::new(&blob);
        if reader.take(MAGIC.len()) != Some(MAGIC) {
            return Err(malformed("it does not begin with SSHSIG"));
        }
        match reader.u32() {
            Some(1) => {}
            Some(version) => {
                return Err(Refusal::unreadable(format!(
                    "an SSH signature of version {version}; version 1 alone is read"
                )));
            }
            None => return Err(malformed("it is cut short")),
        }
        let fields = [(); 5].map(|()| reader.string());
        let [Some(key), Some(namespace), Some(reserved), Some(hash), Some(signature)] = fields else {
            return Err(malformed("it is cut short"));
        };
        if !reader.is_at_end() {
            return Err(malformed("there are bytes after the signature"));
        }
        if !reserved.is_empty() {
            return Err(malformed("its reserved field is in use"));
        }
        Ok(Self {
            maker: Maker::read(key)?,
            namespace: namespace_of(namespace)?.to_owned(),
            hash: hash_named(hash)?,
            signature: signature.to_vec(),
        })
    }

    /// Checks the signature over the `hashed` file, and that of the authority over the certificate, if there is one.
    pub(super) fn verify(&self, hashed: &[u8]) -> Result<(), Refusal> {
        if let Maker::Certificate(certificate) = &self.maker {
            certificate.verify()?;
        }
        let mut message = MAGIC.to_vec();
        for part in [self.namespace.as_bytes(), b"", self.hash.name().as_bytes(), hashed] {
            put_string(&mut message, part);
        }
        signature::verify(self.maker.key(), &self.signature, &message)
    }
}

/// The blob inside the armor.
fn dearmored(armored: &[u8]) -> Result<Vec<u8>, &'static str> {
    let text = std::str::from_utf8(armored).map_err(|_| "its armor is not text")?;
    let mut lines = text.trim_ascii().lines().map(|line| line.strip_suffix('\r').unwrap_or(line));
    if lines.next() != Some(BEGIN) {
        return Err("its first line does not begin a signature");
    }
    let mut base64 = String::with_capacity(text.len());
    loop {
        match lines.next() {
            None => return Err("its armor has no end"),
            Some(END) => break,
            Some(line) => base64.push_str(line),
        }
    }
    if lines.next().is_some() {
        return Err("there is text after the end of the signature");
    }
    // Of all texts that decode to the same bytes, the engine takes the canonical one alone.
    STANDARD.decode(base64).map_err(|_| "its armor is not base64")
}

fn namespace_of(bytes: &[u8]) -> Result<&str, Refusal> {
    match std::str::from_utf8(bytes) {
        Ok("") => Err(malformed("it names no namespace")),
        Ok(namespace) if namespace.len() <= MAX_NAMESPACE => Ok(namespace),
        _ => Err(malformed("its namespace is too long, or no text")),
    }
}

fn hash_named(name: &[u8]) -> Result<Hash, Refusal> {
    match name {
        b"sha256" => Ok(Hash::Sha256),
        b"sha512" => Ok(Hash::Sha512),
        b"sha1" | b"md5" => Err(Refusal::new(Reason::Weak, "it is over a hash function that is broken")),
        other => Err(malformed(format!(
            "it is over \"{}\", and SSH signatures are over sha256 or sha512",
            String::from_utf8_lossy(&other[..other.len().min(64)])
        ))),
    }
}

fn malformed(why: impl AsRef<str>) -> Refusal {
    Refusal::invalid(format!("it is malformed as an SSH signature: {}", why.as_ref()))
}
