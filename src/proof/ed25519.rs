//! Ed25519 (RFC 8032), in its strictest reading, from a hash that was computed elsewhere.
//!
//! A signature is over SHA-512(R || A || file), so that a file need not be kept: see [`frame`]. The rule that must not
//! be broken: a signature that any careful implementation refuses is refused here. R and A are canonical and not of
//! small order, S is below the order of the group, and the equation is the one without cofactor, \[S\]B = R + \[h\]A
//! (section 5.1.7; "Taming the many EdDSAs", Chalkias, Garillot and Nikolaenko 2020, is why each of these is checked).

use super::Refusal;
use crate::{
    framed::{Frame, FrameHash},
    trust::Ed25519Key,
};
use curve25519_dalek::{
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
};

/// What a hash is computed over before the file, for Ed25519ph without a context (RFC 8032, section 2: `dom2(1, "")`).
const DOM2_PREHASHED: &[u8] = b"SigEd25519 no Ed25519 collisions\x01\x00";

/// The hash that `signature` needs of the file, if `key` made it.
pub fn frame(key: &Ed25519Key, signature: &[u8; 64]) -> Frame {
    let before = [&signature[..32], key.as_bytes()].concat();
    Frame { hash: FrameHash::Sha512, before, after: Vec::new() }
}

/// Verifies a plain signature. `hash` answers with the value of a frame around the file, where it is known.
pub fn verify(
    key: &Ed25519Key,
    signature: &[u8; 64],
    hash: impl FnOnce(&Frame) -> Option<Vec<u8>>,
) -> Result<(), Refusal> {
    let parts = Parts::parse(signature)?;
    let value = hash(&frame(key, signature)).and_then(|value| <[u8; 64]>::try_from(value).ok());
    let value = value.ok_or_else(|| {
        Refusal::unreadable(
            "the file was not hashed together with this signature, and its bytes were not kept; pass the files themselves \
             with --assets",
        )
    })?;
    parts.verify(key, &value)
}

/// Verifies a signature of Ed25519ph without a context over the SHA-512 of a file.
pub fn verify_prehashed(key: &Ed25519Key, signature: &[u8; 64], sha512: &[u8; 64]) -> Result<(), Refusal> {
    let parts = Parts::parse(signature)?;
    let before = [DOM2_PREHASHED, &signature[..32], key.as_bytes()].concat();
    let framed = Frame { hash: FrameHash::Sha512, before, after: Vec::new() }.of(sha512);
    let value = <[u8; 64]>::try_from(framed.value).expect("a value of SHA-512 has 64 bytes");
    parts.verify(key, &value)
}

/// A signature whose two halves are what they may be.
struct Parts {
    r: CompressedEdwardsY,
    s: Scalar,
}

impl Parts {
    fn parse(signature: &[u8; 64]) -> Result<Self, Refusal> {
        let (r, s) = signature.split_at(32);
        let r = CompressedEdwardsY::from_slice(r).expect("half of 64 bytes are 32");
        let s = <[u8; 32]>::try_from(s).expect("half of 64 bytes are 32");
        let s = Option::from(Scalar::from_canonical_bytes(s)).ok_or_else(|| {
            Refusal::invalid("the Ed25519 signature is malleable: its S is not below the order")
        })?;
        let point = r
            .decompress()
            .ok_or_else(|| Refusal::invalid("the Ed25519 signature is malformed: its R is no point"))?;
        if point.compress() != r {
            return Err(Refusal::invalid("the Ed25519 signature is malformed: its R is not canonical"));
        }
        if point.is_small_order() {
            return Err(Refusal::invalid("the Ed25519 signature is forged: its R is of small order"));
        }
        Ok(Self { r, s })
    }

    /// R = \[S\]B - \[h\]A, where `hash` is h before its reduction.
    fn verify(&self, key: &Ed25519Key, hash: &[u8; 64]) -> Result<(), Refusal> {
        let h = Scalar::from_bytes_mod_order_wide(hash);
        let r = EdwardsPoint::vartime_double_scalar_mul_basepoint(&h, &-key.point(), &self.s);
        if r.compress() != self.r {
            return Err(Refusal::invalid("the Ed25519 signature does not verify"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        hex::decode(text).unwrap().try_into().unwrap()
    }

    fn over(message: &[u8]) -> impl FnOnce(&Frame) -> Option<Vec<u8>> {
        move |frame| Some(frame.of(message).value)
    }

    fn check(key: &[u8; 32], signature: &[u8; 64], message: &[u8]) -> Result<(), String> {
        let key = Ed25519Key::parse(key).map_err(|error| error.to_string())?;
        verify(&key, signature, over(message)).map_err(|refusal| refusal.detail)
    }

    /// A key and whatever signature its holder, or a forger, would make.
    struct Forger {
        a: Scalar,
        point: EdwardsPoint,
    }

    impl Forger {
        fn new(seed: u64) -> Self {
            let a = Scalar::from(seed);
            Self { a, point: ED25519_BASEPOINT_POINT * a }
        }

        fn hash(r: &EdwardsPoint, key: &EdwardsPoint, message: &[u8]) -> Scalar {
            let before = [r.compress().0, key.compress().0].concat();
            let frame = Frame { hash: FrameHash::Sha512, before, after: Vec::new() };
            Scalar::from_bytes_mod_order_wide(&frame.of(message).value.try_into().unwrap())
        }

        /// A signature with the nonce `r`, where `twist` is added to R and `key` is what is published.
        fn sign(&self, r: u64, twist: &EdwardsPoint, key: &EdwardsPoint, message: &[u8]) -> [u8; 64] {
            let point = ED25519_BASEPOINT_POINT * Scalar::from(r) + twist;
            let s = Scalar::from(r) + Self::hash(&point, key, message) * self.a;
            joined(&point.compress().0, s.as_bytes())
        }
    }

    fn joined(r: &[u8; 32], s: &[u8; 32]) -> [u8; 64] {
        [*r, *s].concat().try_into().unwrap()
    }

    /// RFC 8032, section 7.1: secret key left out, public key, message, signature.
    const RFC_8032: [(&str, &str, &str); 4] = [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
        (
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
        ),
    ];

    #[test]
    fn the_vectors_of_rfc_8032_verify_and_no_bit_of_them_can_be_changed() {
        for (key, message, signature) in RFC_8032 {
            let (key, message, signature) =
                (bytes::<32>(key), hex::decode(message).unwrap(), bytes::<64>(signature));
            assert_eq!(check(&key, &signature, &message), Ok(()));
            for bit in 0..512 {
                let mut changed = signature;
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(check(&key, &changed, &message).is_err(), "bit {bit} of the signature");
            }
            for bit in 0..256 {
                let mut changed = key;
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(check(&changed, &signature, &message).is_err(), "bit {bit} of the key");
            }
            assert!(check(&key, &signature, &[&message[..], b"x"].concat()).is_err());
        }
    }

    #[test]
    fn the_vector_of_ed25519ph_verifies_as_that_and_as_nothing_else() {
        // RFC 8032, section 7.3.
        let key =
            Ed25519Key::parse(&bytes("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf"));
        let key = key.unwrap();
        let signature = bytes(
            "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406",
        );
        let sha512 = bytes(
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        );
        assert_eq!(verify_prehashed(&key, &signature, &sha512), Ok(()));
        assert!(verify(&key, &signature, over(b"abc")).is_err());
        assert!(verify(&key, &signature, over(&sha512)).is_err());
        assert!(verify_prehashed(&key, &bytes(RFC_8032[3].2), &sha512).is_err());
    }

    #[test]
    fn row_113_a_signature_whose_s_is_not_below_the_order_is_refused() {
        let order: [u8; 32] = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        for (key, message, signature) in RFC_8032 {
            let mut signature = bytes::<64>(signature);
            let mut carry = 0u16;
            for (byte, add) in signature[32..].iter_mut().zip(order) {
                let sum = u16::from(*byte) + u16::from(add) + carry;
                (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
            }
            let refused = check(&bytes(key), &signature, &hex::decode(message).unwrap()).unwrap_err();
            assert!(refused.contains("malleable"), "{refused}");
        }
    }

    #[test]
    fn row_113_an_r_of_small_order_or_not_canonical_is_refused_though_the_equation_holds() {
        let forger = Forger::new(7);
        for (n, torsion) in EIGHT_TORSION.iter().enumerate() {
            let signature = forger.sign(0, torsion, &forger.point, b"message");
            let refused = check(&forger.point.compress().0, &signature, b"message").unwrap_err();
            assert!(refused.contains("small order"), "{n}: {refused}");
        }
        // The identity written as y = p + 1: an implementation that hashes these bytes and compares points takes it.
        let mut r = [0xff; 32];
        (r[0], r[31]) = (0xee, 0x7f);
        let before = [r, forger.point.compress().0].concat();
        let frame = Frame { hash: FrameHash::Sha512, before, after: Vec::new() };
        let h = Scalar::from_bytes_mod_order_wide(&frame.of(b"message").value.try_into().unwrap());
        let refused = check(&forger.point.compress().0, &joined(&r, (h * forger.a).as_bytes()), b"message")
            .unwrap_err();
        assert!(refused.contains("not canonical"), "{refused}");
    }

    #[test]
    fn row_113_a_key_of_small_order_verifies_nothing_because_it_is_no_key() {
        // With A the identity, R = B and S = 1 verify over every message.
        let signature = joined(&ED25519_BASEPOINT_POINT.compress().0, Scalar::ONE.as_bytes());
        for torsion in EIGHT_TORSION {
            let refused = check(&torsion.compress().0, &signature, b"anything").unwrap_err();
            assert!(refused.contains("small order"), "{refused}");
        }
    }

    #[test]
    fn row_113_the_equation_is_the_one_without_cofactor() {
        let forger = Forger::new(11);
        let mut refused = 0;
        for torsion in &EIGHT_TORSION[1..] {
            // R of mixed order: [8][S]B = [8]R + [8][h]A holds, and [S]B = R + [h]A does not.
            let signature = forger.sign(5, torsion, &forger.point, b"message");
            assert!(check(&forger.point.compress().0, &signature, b"message").is_err());
            // A of mixed order: holds without cofactor only where h happens to be a multiple of the order of the twist.
            let key = forger.point + torsion;
            for n in 1..9 {
                let signature = forger.sign(n, &EIGHT_TORSION[0], &key, b"message");
                let point = ED25519_BASEPOINT_POINT * Scalar::from(n);
                let exact = (torsion * Forger::hash(&point, &key, b"message")).compress()
                    == EIGHT_TORSION[0].compress();
                assert_eq!(check(&key.compress().0, &signature, b"message").is_ok(), exact);
                refused += usize::from(!exact);
            }
        }
        assert!(refused > 30, "{refused}");
    }

    #[test]
    fn a_file_that_was_not_hashed_is_not_verified() {
        let (key, _, signature) = RFC_8032[1];
        let key = Ed25519Key::parse(&bytes(key)).unwrap();
        let refusal = verify(&key, &bytes(signature), |_| None).unwrap_err();
        assert_eq!(refusal.reason, crate::proof::Reason::Unreadable);
    }
}
