//! Public keys that the verifier names, in whatever form their tools write them.

use super::TrustError;
use crate::{release::Sha256, text::Untrusted};
use sigstore_verify::{crypto::VerificationKey, types::DerPublicKey};

/// A public key that the policy names.
pub struct Key {
    name: String,
    fingerprint: Sha256,
    material: Material,
    options: KeyOptions,
}

/// What the policy says about the use of a key, beyond that it may sign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyOptions {
    /// OpenPGP: the fingerprints of the keys and subkeys of the certificate that may sign; all signing ones if empty.
    pub fingerprints: Vec<String>,
    /// SSH: the principals of the allowed signers that count; all if empty.
    pub principals: Vec<String>,
    /// SSH: the namespaces that a signature may be made in; `file` (`git` for tags) if empty.
    pub namespaces: Vec<String>,
    /// minisign: whether signatures over the file itself (`Ed`) count, besides those over its hash (`ED`).
    pub legacy: bool,
}

/// The sorts of key material.
pub(crate) enum Material {
    /// SubjectPublicKeyInfo in PEM, as cosign and openssl write it.
    Spki(Box<Spki>),
    /// A public key of minisign or signify, as text.
    Minisign(Vec<u8>),
    /// An OpenPGP certificate, armored or binary.
    OpenPgp(Vec<u8>),
    /// The lines of an `allowed_signers` file, or of a `.pub` file.
    Ssh(Vec<u8>),
}

/// A SubjectPublicKeyInfo and what verifies with it.
pub(crate) struct Spki {
    pub(crate) der: DerPublicKey,
    pub(crate) verifier: VerificationKey,
}

impl Key {
    /// Reads a key of any kind; which one, its first bytes say.
    ///
    /// # Errors
    /// [`TrustError::Key`] for what is no public key.
    pub fn parse(name: &str, bytes: &[u8], options: KeyOptions) -> Result<Self, TrustError> {
        let refuse = |reason: &str| TrustError::Key { name: Untrusted::new(name), reason: reason.to_owned() };
        if let Some(&first) = bytes.first()
            && first & 0x80 != 0
        {
            return Self::open_pgp(name, bytes, options);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| refuse("it is neither text nor an OpenPGP key"))?;
        let text = text.trim();
        if text.contains("PRIVATE KEY") || text.contains("SECRET KEY") || text.contains("minisign encrypted")
        {
            return Err(refuse("it is a secret key; give the public one"));
        }
        if text.starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----") {
            return Self::open_pgp(name, bytes, options);
        }
        if text.starts_with("-----BEGIN ") {
            return Self::from_pem(name, text);
        }
        let is_minisign =
            text.starts_with("untrusted comment:") || (text.len() == 56 && text.starts_with("RW"));
        if is_minisign {
            return Self::minisign(name, bytes, options);
        }
        Self::ssh(name, bytes, options)
    }

    /// Reads a PEM public key (SubjectPublicKeyInfo), as cosign and openssl write them.
    pub fn from_pem(name: &str, pem: &str) -> Result<Self, TrustError> {
        let refuse = |reason: String| TrustError::Key { name: Untrusted::new(name), reason };
        let der = DerPublicKey::from_pem(pem.trim()).map_err(|e| refuse(e.to_string()))?;
        let verifier = VerificationKey::from_spki(&der).map_err(|e| refuse(e.to_string()))?;
        Ok(Self {
            name: name.to_owned(),
            fingerprint: Sha256::of(der.as_bytes()),
            material: Material::Spki(Box::new(Spki { der, verifier })),
            options: KeyOptions::default(),
        })
    }

    fn minisign(name: &str, bytes: &[u8], options: KeyOptions) -> Result<Self, TrustError> {
        Ok(Self::of(name, bytes, Material::Minisign(bytes.to_vec()), options))
    }

    fn open_pgp(name: &str, bytes: &[u8], options: KeyOptions) -> Result<Self, TrustError> {
        Ok(Self::of(name, bytes, Material::OpenPgp(bytes.to_vec()), options))
    }

    fn ssh(name: &str, bytes: &[u8], options: KeyOptions) -> Result<Self, TrustError> {
        let text = String::from_utf8_lossy(bytes);
        let is_ssh = ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];
        if !is_ssh.iter().any(|kind| text.contains(kind)) {
            let reason = "it is no PEM public key, no minisign or signify key, no OpenPGP certificate and no SSH \
                          public key or allowed_signers file";
            return Err(TrustError::Key { name: Untrusted::new(name), reason: reason.to_owned() });
        }
        Ok(Self::of(name, bytes, Material::Ssh(bytes.to_vec()), options))
    }

    fn of(name: &str, bytes: &[u8], material: Material, options: KeyOptions) -> Self {
        Self { name: name.to_owned(), fingerprint: Sha256::of(bytes), material, options }
    }

    /// What the policy calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of its SubjectPublicKeyInfo, or of the file where it is of another kind.
    pub fn fingerprint(&self) -> Sha256 {
        self.fingerprint
    }

    /// What the policy says about its use.
    pub fn options(&self) -> &KeyOptions {
        &self.options
    }

    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    /// Its SubjectPublicKeyInfo, where it is a PEM key.
    pub(crate) fn spki(&self) -> Option<&Spki> {
        match &self.material {
            Material::Spki(spki) => Some(spki),
            _ => None,
        }
    }
}
