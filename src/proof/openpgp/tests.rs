//! Signatures over content that is at hand, and keys of version 6, which GnuPG does not make. rPGP is the maker.

use super::*;
use crate::trust::KeyOptions;
use p256::elliptic_curve::rand_core::{CryptoRng, Error, RngCore};
use pgp::{
    composed::{
        DetachedSignature, KeyType, SecretKeyParamsBuilder, SignedPublicKey, SignedSecretKey,
        SubkeyParamsBuilder, SubpacketConfig,
    },
    crypto::hash::HashAlgorithm,
    packet::{SignatureConfig, SignatureType, Subpacket, SubpacketData},
    ser::Serialize,
    types::{KeyDetails, KeyVersion, Password, Timestamp},
};

const CONTENT: &[u8] = b"object 0123\ntype commit\ntag v1\n";
const CREATED: u32 = 1_704_067_200;

/// The same numbers each time.
struct Counter(u64);

impl RngCore for Counter {
    fn next_u32(&mut self) -> u32 {
        self.next_u64() as u32
    }

    fn next_u64(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.next_u64() as u8);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Counter {}

fn secret(version: KeyVersion, key_type: KeyType, with_subkey: bool) -> SignedSecretKey {
    let created = Timestamp::from_secs(CREATED);
    let mut params = SecretKeyParamsBuilder::default();
    params.version(version).key_type(key_type).created_at(created).can_certify(true).can_sign(!with_subkey);
    params.primary_user_id("Release <r@example.com>".to_owned());
    if with_subkey {
        let mut subkey = SubkeyParamsBuilder::default();
        subkey.version(version).key_type(KeyType::Ed25519).created_at(created).can_sign(true);
        params.subkey(subkey.build().unwrap());
    }
    params.build().unwrap().generate(Counter(1)).unwrap()
}

fn certificate(secret: &SignedSecretKey) -> Vec<u8> {
    SignedPublicKey::from(secret.clone()).to_bytes().unwrap()
}

fn key(secret: &SignedSecretKey) -> Key {
    Key::parse("release", &certificate(secret), KeyOptions::default()).unwrap()
}

/// A signature over [`CONTENT`], made a month after the key.
fn sign(secret: &SignedSecretKey, hash: HashAlgorithm) -> Vec<u8> {
    let made = SubpacketData::SignatureCreationTime(Timestamp::from_secs(CREATED + 30 * 86_400));
    let sign = |fingerprint: SubpacketData| SubpacketConfig::UserDefined {
        hashed: [made, fingerprint].map(|data| Subpacket::regular(data).unwrap()).to_vec(),
        unhashed: Vec::new(),
    };
    let password = Password::empty();
    let signature = match secret.secret_subkeys.first() {
        Some(subkey) => {
            let subpackets = sign(SubpacketData::IssuerFingerprint(subkey.key.fingerprint()));
            DetachedSignature::sign_binary_data_with_subpackets(
                Counter(2),
                &subkey.key,
                &password,
                hash,
                CONTENT,
                subpackets,
            )
        }
        None => {
            let subpackets = sign(SubpacketData::IssuerFingerprint(secret.primary_key.fingerprint()));
            DetachedSignature::sign_binary_data_with_subpackets(
                Counter(2),
                &secret.primary_key,
                &password,
                hash,
                CONTENT,
                subpackets,
            )
        }
    };
    signature.unwrap().to_bytes().unwrap()
}

fn over(signature: &[u8], content: &[u8], keys: &[Key]) -> Result<Proof, Refusal> {
    verify_over(signature, content, keys, Signed::File(crate::digest::Digest::sha256_of(content)))
}

#[test]
fn keys_of_versions_4_and_6_sign_content_by_themselves_and_by_subkeys() {
    let mut counted = 0;
    for version in [KeyVersion::V4, KeyVersion::V6] {
        for key_type in [KeyType::Ed25519, KeyType::Ed448] {
            for with_subkey in [false, true] {
                for hash in [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512] {
                    let secret = secret(version, key_type.clone(), with_subkey);
                    // Ed448 takes 512 bits and no less.
                    if hash != HashAlgorithm::Sha512 && matches!(key_type, KeyType::Ed448) && !with_subkey {
                        continue;
                    }
                    let (signature, keys) = (sign(&secret, hash), [key(&secret)]);
                    let proof = over(&signature, CONTENT, &keys).unwrap();
                    assert_eq!(proof.stated().unwrap().as_second(), i64::from(CREATED) + 30 * 86_400);
                    let tampered = over(&signature, b"other", &keys).unwrap_err();
                    assert_eq!(tampered.reason, Reason::Invalid, "{tampered}");
                    counted += 1;
                }
            }
        }
    }
    assert_eq!(counted, 20);
}

#[test]
fn a_signature_of_version_6_says_nothing_for_a_key_of_version_4_nor_the_other_way_round() {
    let (old, new) =
        (secret(KeyVersion::V4, KeyType::Ed25519, false), secret(KeyVersion::V6, KeyType::Ed25519, false));
    let hash = HashAlgorithm::Sha256;
    for (signer, other) in [(&old, &new), (&new, &old)] {
        let refusal = over(&sign(signer, hash), CONTENT, &[key(other)]).unwrap_err();
        assert_eq!(refusal.reason, Reason::UnknownKey, "{refusal}");
    }
}

#[test]
fn every_changed_byte_of_a_signature_of_version_6_is_noticed() {
    let secret = secret(KeyVersion::V6, KeyType::Ed25519, false);
    let (good, keys) = (sign(&secret, HashAlgorithm::Sha256), [key(&secret)]);
    for at in 0..good.len() {
        let mut spoilt = good.clone();
        spoilt[at] ^= 1;
        assert!(over(&spoilt, CONTENT, &keys).is_err(), "byte {at}");
    }
}

#[test]
fn over_content_one_signature_has_a_place() {
    let secret = secret(KeyVersion::V4, KeyType::Ed25519, false);
    let (good, keys) = (sign(&secret, HashAlgorithm::Sha256), [key(&secret)]);
    let refusal = over(&good.repeat(2), CONTENT, &keys).unwrap_err();
    assert_eq!(refusal.reason, Reason::Invalid, "{refusal}");
    assert!(refusal.detail.contains("2 signatures"), "{refusal}");
    for (nothing, keys) in [(&b""[..], &keys[..]), (&good, &[])] {
        assert!(over(nothing, CONTENT, keys).is_err());
    }
}

#[test]
fn a_proof_stands_or_falls_with_the_moment_judged() {
    let secret = secret(KeyVersion::V4, KeyType::Ed25519, false);
    let proof = over(&sign(&secret, HashAlgorithm::Sha256), CONTENT, &[key(&secret)]).unwrap();
    let made = proof.stated().unwrap();
    let later = |seconds: i64| jiff::Timestamp::from_second(made.as_second() + seconds).unwrap();
    assert_eq!(proof.clone().judged_at(later(-1)).unwrap_err().reason, Reason::NoTime);
    assert_eq!(proof.clone().judged_at(made).unwrap().remarks(), [""; 0]);
    let ended = Proof { until: Some(later(10)), key_until: Some(later(5)), ..proof };
    assert_eq!(ended.clone().judged_at(later(4)).unwrap().remarks(), [""; 0]);
    assert!(ended.clone().judged_at(later(5)).unwrap().remarks()[0].contains("the key expired at"));
    assert_eq!(ended.judged_at(later(10)).unwrap_err().reason, Reason::Expired);
}

#[test]
fn the_first_packet_decides_what_is_a_binary_signature() {
    let secret = secret(KeyVersion::V4, KeyType::Ed25519, false);
    let new = sign(&secret, HashAlgorithm::Sha256);
    assert_eq!(new[0], 0xC2);
    let body = &new[2..];
    let old = [&[0x88, u8::try_from(body.len()).unwrap()][..], body].concat();
    assert!(is_binary(&new) && is_binary(&old));
    for other in [&[0x88][..], &[0x88, 200, 4], &[0x88, 1, 9], &certificate(&secret), b"", b"MEUCIQ", &[0xC2]]
    {
        assert!(!is_binary(other), "{other:?}");
    }
}

/// A certificate that the policy names twice, once as it was before it was revoked.
#[test]
fn a_key_that_is_revoked_anywhere_in_the_policy_signs_nothing() {
    let secret = secret(KeyVersion::V4, KeyType::Ed25519, false);
    let signature = sign(&secret, HashAlgorithm::Sha256);
    let config = SignatureConfig::v4(
        SignatureType::KeyRevocation,
        secret.primary_key.algorithm(),
        HashAlgorithm::Sha256,
    );
    let revocation =
        config.sign_key(&secret.primary_key, &Password::empty(), secret.primary_key.public_key()).unwrap();
    let mut public = SignedPublicKey::from(secret.clone());
    public.details.revocation_signatures.push(revocation);
    let revoked = || Key::parse("revoked", &public.to_bytes().unwrap(), KeyOptions::default()).unwrap();
    for keys in [vec![revoked()], vec![revoked(), key(&secret)], vec![key(&secret), revoked()]] {
        let refusal = over(&signature, CONTENT, &keys).unwrap_err();
        assert_eq!(refusal.reason, Reason::Revoked, "{refusal}");
        assert!(refusal.detail.contains("no reason is given"), "{refusal}");
    }
}
