//! Public keys that the verifier names, in whatever form their tools write them.

use super::{TrustError, minisign::MinisignKey, openpgp::Certificate, spki::Spki, ssh::AllowedSigners};
use crate::release::Sha256;

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

/// Whose tools write a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// PEM: cosign and openssl.
    Pem,
    /// minisign and signify, whose keys are of one form.
    Minisign,
    /// An OpenPGP certificate.
    OpenPgp,
    /// An SSH public key, or an `allowed_signers` file.
    Ssh,
}

impl KeyKind {
    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pem => "a PEM public key",
            Self::Minisign => "a minisign or signify key",
            Self::OpenPgp => "an OpenPGP certificate",
            Self::Ssh => "an SSH key",
        }
    }
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
        let refuse = |reason: &str| TrustError::no_key(name, reason);
        if bytes.starts_with("\u{feff}".as_bytes()) {
            return Err(refuse("it begins with a byte order mark (U+FEFF); write the file without it"));
        }
        if let Some(&first) = bytes.first()
            && first & 0x80 != 0
        {
            return Self::open_pgp(name, bytes, options);
        }
        let whole =
            std::str::from_utf8(bytes).map_err(|_| refuse("it is neither text nor an OpenPGP key"))?;
        let text = whole.trim();
        if text.is_empty() {
            return Err(refuse("it is empty"));
        }
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
        if let Some(at) = whole.lines().position(|line| line.starts_with("-----BEGIN ")) {
            return Err(refuse(&format!(
                "its first line is not the one that begins the key; remove what stands before line {}",
                at + 1
            )));
        }
        Self::ssh(name, bytes, options)
    }

    /// Reads a PEM public key (SubjectPublicKeyInfo), as cosign and openssl write them.
    pub fn from_pem(name: &str, pem: &str) -> Result<Self, TrustError> {
        let spki = Spki::from_pem(pem).map_err(|reason| TrustError::no_key(name, reason))?;
        Ok(Self {
            name: name.to_owned(),
            fingerprint: Sha256::of(spki.der.as_bytes()),
            material: Material::Spki(Box::new(spki)),
            options: KeyOptions::default(),
        })
    }

    fn minisign(name: &str, text: &str, bytes: &[u8], options: KeyOptions) -> Result<Self, TrustError> {
        let key = MinisignKey::parse(text).map_err(|reason| TrustError::no_key(name, reason))?;
        Ok(Self::of(name, bytes, Material::Minisign(Box::new(key)), options))
    }

    fn open_pgp(name: &str, bytes: &[u8], options: KeyOptions) -> Result<Self, TrustError> {
        let certificate = Certificate::parse(bytes, &options.fingerprints)
            .map_err(|reason| TrustError::no_key(name, reason))?;
        Ok(Self::of(name, bytes, Material::OpenPgp(Box::new(certificate)), options))
    }

    fn ssh(name: &str, bytes: &[u8], options: KeyOptions) -> Result<Self, TrustError> {
        let refuse = |reason: String| TrustError::no_key(name, reason);
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

    /// Whose tools write such a key.
    pub fn kind(&self) -> KeyKind {
        match self.material {
            Material::Spki(_) => KeyKind::Pem,
            Material::Minisign(_) => KeyKind::Minisign,
            Material::OpenPgp(_) => KeyKind::OpenPgp,
            Material::Ssh(_) => KeyKind::Ssh,
        }
    }

    /// Somebody whose signatures count by this file of allowed signers, to be named to other tools.
    pub(crate) fn principal(&self) -> Option<&str> {
        let Material::Ssh(signers) = &self.material else { return None };
        let known = signers.principal();
        self.options.principals.first().map(String::as_str).filter(|_| known.is_some()).or(known)
    }

    /// The number that a key of minisign bears, as minisign prints it.
    pub(crate) fn minisign_id(&self) -> Option<String> {
        let Material::Minisign(key) = &self.material else { return None };
        Some(key.id.to_string())
    }

    /// What the policy says about its use.
    pub fn options(&self) -> &KeyOptions {
        &self.options
    }

    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    /// Why a threshold cannot count this key and `other` as two signers: one holder may be able to sign as both.
    pub fn may_be_one_holder(&self, other: &Self) -> Option<&'static str> {
        if self.is_authority() || other.is_authority() {
            return Some(
                "one of them is a certificate authority, which vouches for keys that are not known here",
            );
        }
        let (own, others) = (self.public_values(), other.public_values());
        let is_shared =
            own.iter().any(|own| others.iter().any(|other| holds(own, other) || holds(other, own)));
        is_shared.then_some("the same public key stands in both")
    }

    fn is_authority(&self) -> bool {
        matches!(&self.material, Material::Ssh(signers) if signers.lines.iter().any(|line| line.is_authority))
    }

    /// What makes each of its keys that key, whatever the format around it: point or modulus. An OpenPGP certificate is one
    /// holder's, with all of its keys.
    fn public_values(&self) -> Vec<&[u8]> {
        match &self.material {
            Material::Spki(spki) => vec![spki.public_value()],
            Material::Minisign(key) => vec![key.key.as_bytes()],
            Material::OpenPgp(certificate) => {
                certificate.components().iter().map(|component| component.key().parameters()).collect()
            }
            Material::Ssh(signers) => {
                signers.lines.iter().map(|line| line.key.material().public_value()).collect()
            }
        }
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

/// A point without the byte that says whether it is compressed; anything else as it is.
pub(super) fn point(bytes: &[u8]) -> &[u8] {
    match bytes {
        [2..=4, rest @ ..] if bytes.len() % 2 == 1 => rest,
        _ => bytes,
    }
}

/// Whether the fields of a key hold that value.
fn holds(fields: &[u8], value: &[u8]) -> bool {
    !value.is_empty() && fields.windows(value.len()).any(|window| window == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The same Ed25519 key as minisign, signify, PEM and SSH write it, and another one.
    const RAW: [u8; 32] = [
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e,
        0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ];
    const OTHER: [u8; 32] = [
        0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc, 0x9c,
        0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c,
    ];

    fn base64(bytes: &[u8]) -> String {
        use base64::{Engine, engine::general_purpose::STANDARD};
        STANDARD.encode(bytes)
    }

    fn minisign(raw: &[u8], comment: &str, id: u8) -> String {
        let key = [b"Ed".as_slice(), &[id; 8], raw].concat();
        format!("untrusted comment: {comment}\n{}\n", base64(&key))
    }

    fn pem(raw: &[u8]) -> String {
        let spki = [&[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0], raw].concat();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", base64(&spki))
    }

    fn ssh(raw: &[u8]) -> String {
        let blob = [&[0, 0, 0, 11], b"ssh-ed25519".as_slice(), &[0, 0, 0, 32], raw].concat();
        format!("ssh-ed25519 {}\n", base64(&blob))
    }

    fn key(text: &str) -> Key {
        Key::parse("k", text.as_bytes(), KeyOptions::default()).unwrap()
    }

    fn written(raw: &[u8]) -> [Key; 5] {
        [
            minisign(raw, "minisign public key", 1),
            minisign(raw, "x public key", 2),
            pem(raw),
            ssh(raw),
            format!("# again\nada@example.com namespaces=\"rel\" {}", ssh(raw)),
        ]
        .map(|text| key(&text))
    }

    #[test]
    fn one_key_is_one_holders_in_whatever_format_it_is_written() {
        for one in written(&RAW) {
            for same in written(&RAW) {
                assert_eq!(one.may_be_one_holder(&same), Some("the same public key stands in both"));
            }
            for other in written(&OTHER) {
                assert_eq!(one.may_be_one_holder(&other), None);
            }
        }
    }

    #[test]
    fn a_pem_key_stands_alone_in_its_file_with_comments_around_it() {
        let said = |text: String| {
            Key::parse("k", text.as_bytes(), KeyOptions::default())
                .map(|key| key.fingerprint())
                .map_err(|e| e.to_string())
        };
        let own = Ok(key(&pem(&RAW)).fingerprint());
        assert_eq!(said(pem(&RAW)), own);
        assert_eq!(said(format!("{}# the key of 2026\n", pem(&RAW))), own);
        let refused = |blocks: usize| {
            Err(format!(
                "key k is no public key that can be used: it holds {blocks} PEM blocks, and a file holds one key and nothing else; give \
                 each its own"
            ))
        };
        let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(said(format!("{}{}", pem(&RAW), pem(&OTHER))), refused(2));
        assert_eq!(said(format!("{}{}{}", pem(&RAW), pem(&RAW), pem(&OTHER))), refused(3));
        assert_eq!(said(format!("{}{certificate}", pem(&RAW))), refused(2));
        assert_eq!(said(format!("{certificate}{}", pem(&RAW))), refused(2));
        // A block that is cut short is one.
        assert_eq!(said(format!("{}-----BEGIN PUBLIC KEY-----\nAAAA\n", pem(&RAW))), refused(2));
    }

    #[test]
    fn what_stands_before_a_block_is_named_with_the_line_of_the_block() {
        let said = |text: &str| {
            let key = Key::parse("k", text.as_bytes(), KeyOptions::default());
            key.err().map(|error| error.to_string()).unwrap_or_default()
        };
        let mark = said(&format!("\u{feff}{}", pem(&RAW)));
        assert!(
            mark.ends_with("it begins with a byte order mark (U+FEFF); write the file without it"),
            "{mark}"
        );
        for block in [pem(&RAW), "-----BEGIN PGP PUBLIC KEY BLOCK-----\n".to_owned()] {
            let before = said(&format!("\nOur key:\n{block}"));
            let why = "its first line is not the one that begins the key; remove what stands before line 3";
            assert!(before.ends_with(why), "{before}");
        }
    }

    #[test]
    fn an_authority_may_vouch_for_any_key() {
        let authority = key(&format!("* cert-authority {}", ssh(&OTHER)));
        let why = authority.may_be_one_holder(&key(&ssh(&RAW))).unwrap();
        assert!(why.contains("certificate authority"), "{why}");
        assert_eq!(key(&ssh(&RAW)).may_be_one_holder(&authority), Some(why));
    }
}
