//! Keys of package registries, with which they state what they published.
//!
//! Such a key speaks about the registry's own acts and nothing else: it is never a signer that a policy names, and it
//! verifies publish attestations only.

use super::TrustError;
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use sigstore_verify::{crypto::VerificationKey, types::DerPublicKey};

/// npm's keys with the usage `npm:attestations`: the target `keys.json` of npm's registry in the public-good TUF repository.
const NPM: [(&str, &str, &str, Option<&str>); 2] = [
    (
        "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i6UPp+IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==",
        "2022-12-01T00:00:00Z",
        Some("2025-01-29T00:00:00Z"),
    ),
    (
        "SHA256:DhQ8wR5APBvFHLF/+Tc+AYvPOdTpcIDqOhxsBHRwC7U",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEY6Ya7W++7aUPzvMTrezH6Ycx3c+HOKYCcNGybJZSCJq/fd7Qa8uuAKtdIkUQtQiEKERhAmE5lMMJhP8OkDOa2g==",
        "2025-01-13T00:00:00Z",
        None,
    ),
];

/// A key of a registry, and when it is in use.
#[derive(Clone, Debug)]
pub struct RegistryKey {
    id: String,
    spki: DerPublicKey,
    from: Timestamp,
    until: Option<Timestamp>,
}

impl RegistryKey {
    /// npm's keys as built into this program.
    pub fn npm() -> Vec<Self> {
        let moment = |text: &str| text.parse().expect("the constants are RFC 3339 times");
        let key = |(id, spki, from, until): (&str, &str, &str, Option<&str>)| {
            let spki = STANDARD.decode(spki).expect("the constants are base64");
            Self::new(id, spki, moment(from), until.map(moment)).expect("the constants are public keys")
        };
        NPM.map(key).into()
    }

    /// A key called `id`, given as SubjectPublicKeyInfo, in use from one moment until another, each included.
    pub fn new(
        id: &str,
        spki: Vec<u8>,
        from: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<Self, TrustError> {
        let spki = DerPublicKey::new(spki);
        VerificationKey::from_spki(&spki).map_err(|e| TrustError::no_key(id, e.to_string()))?;
        Ok(Self { id: id.to_owned(), spki, from, until })
    }

    /// What the registry calls it: the hint in a bundle.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether the registry used it at that moment.
    pub fn is_in_use(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at <= until)
    }

    pub(crate) fn spki(&self) -> &DerPublicKey {
        &self.spki
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npms_keys_are_two_of_which_one_has_ended() {
        let keys = RegistryKey::npm();
        let at = |text: &str| -> Vec<&str> {
            let moment = text.parse().unwrap();
            keys.iter().filter(|key| key.is_in_use(moment)).map(|key| &key.id()[7..11]).collect()
        };
        assert_eq!(at("2022-11-30T23:59:59Z"), Vec::<&str>::new());
        assert_eq!(at("2022-12-01T00:00:00Z"), ["jl3b"]);
        assert_eq!(at("2025-01-20T00:00:00Z"), ["jl3b", "DhQ8"]);
        assert_eq!(at("2025-01-29T00:00:01Z"), ["DhQ8"]);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let from = Timestamp::UNIX_EPOCH;
        assert!(matches!(RegistryKey::new("x", vec![0; 91], from, None), Err(TrustError::Key { .. })));
    }
}
