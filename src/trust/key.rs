//! Public keys that the verifier names, in whatever form their tools write them.

use super::{TrustError, minisign::MinisignKey, openpgp::Certificate, spki::Spki, ssh::AllowedSigners};
use crate::{release::Sha256, text::Untrusted};

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
    /// A public key of minisign or signify.
    Minisign(Box<MinisignKey>),
    /// An OpenPGP certificate.
    OpenPgp(Box<Certificate>),
    /// The lines of an `allowed_signers` file, or of a `.pub` file.
    Ssh(AllowedSigners),
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
            return Self::minisign(name, text, bytes, options);
        }
        Self::ssh(name, bytes, options)
    }

    /// Reads a PEM public key (SubjectPublicKeyInfo), as cosign and openssl write them.
    pub fn from_pem(name: &str, pem: &str) -> Result<Self, TrustError> {
        let spki =
            Spki::from_pem(pem).map_err(|reason| TrustError::Key { name: Untrusted::new(name), reason })?;
        Ok(Self {
            name: name.to_owned(),
            fingerprint: Sha256::of(spki.der.as_bytes()),
            material: Material::Spki(Box::new(spki)),
            options: KeyOptions::default(),
        })
    }

    fn minisign(name: &str, text: &str, bytes: &[u8], options: KeyOptions) -> Result<Self, TrustError> {
        let key = MinisignKey::parse(text)
            .map_err(|reason| TrustError::Key { name: Untrusted::new(name), reason })?;
        Ok(Self::of(name, bytes, Material::Minisign(Box::new(key)), options))
    }

    fn open_pgp(name: &str, bytes: &[u8], options: KeyOptions) -> Result<Self, TrustError> {
        let certificate = Certificate::parse(bytes, &options.fingerprints)
            .map_err(|reason| TrustError::Key { name: Untrusted::new(name), reason })?;
        Ok(Self::of(name, bytes, Material::OpenPgp(Box::new(certificate)), options))
    }

    fn ssh(name: &str, bytes: &[u8], options: KeyOptions) -> Result<Self, TrustError> {
        let refuse = |reason: String| TrustError::Key { name: Untrusted::new(name), reason };
        let text = String::from_utf8_lossy(bytes);
        let is_ssh = ["ssh-ed25519", "ssh-rsa", "ssh-dss", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];
        if !is_ssh.iter().any(|kind| text.contains(kind)) {
            return Err(refuse(
                "it is no PEM public key, no minisign or signify key, no OpenPGP certificate and no SSH public key or \
                 allowed_signers file"
                    .to_owned(),
            ));
        }
        let signers = AllowedSigners::parse(&text)
            .map_err(|why| refuse(format!("as an SSH public key or allowed_signers file: {why}")))?;
        if !options.principals.is_empty() && !signers.have_principals() {
            return Err(refuse(
                "principals are named, and a bare public key says nothing of them; write it as a line of an \
                 allowed_signers file, PRINCIPAL ALGORITHM KEY"
                    .to_owned(),
            ));
        }
        Ok(Self::of(name, bytes, Material::Ssh(signers), options))
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

    /// The OpenPGP certificate, where it is one.
    pub(crate) fn certificate(&self) -> Option<&Certificate> {
        match &self.material {
            Material::OpenPgp(certificate) => Some(certificate),
            _ => None,
        }
    }

    /// Its SubjectPublicKeyInfo, where it is a PEM key.
    pub(crate) fn spki(&self) -> Option<&Spki> {
        match &self.material {
            Material::Spki(spki) => Some(spki),
            _ => None,
        }
    }
}
