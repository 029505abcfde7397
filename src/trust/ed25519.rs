//! Ed25519 public keys that can be relied on.
//!
//! The rule that must not be broken: a point of small order is no key. With one, a signature can be made that verifies
//! over every message (RFC 8032, section 8.9 leaves that to whoever loads the key).

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};

/// A public key of Ed25519: canonical, on the curve, and not of small order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519Key {
    bytes: [u8; 32],
    point: EdwardsPoint,
}

/// Why 32 bytes are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ed25519KeyError {
    /// No point has this encoding.
    #[error("it is no point of the curve")]
    NotOnCurve,
    /// A point has a shorter encoding than this.
    #[error("its encoding is not the canonical one")]
    NotCanonical,
    /// One of the eight points of small order.
    #[error("it is a point of small order, for which signatures over everything can be made")]
    SmallOrder,
}

impl Ed25519Key {
    /// Decodes a key (RFC 8032, section 5.1.3), in its one canonical form.
    ///
    /// # Errors
    /// [`Ed25519KeyError`] for what nobody could have made with a secret key.
    pub fn parse(bytes: &[u8; 32]) -> Result<Self, Ed25519KeyError> {
        let encoded = CompressedEdwardsY(*bytes);
        let point = encoded.decompress().ok_or(Ed25519KeyError::NotOnCurve)?;
        // Decoding reduces a y of p or more, and drops the sign of an x that is zero; encoding again shows both.
        if point.compress() != encoded {
            return Err(Ed25519KeyError::NotCanonical);
        }
        if point.is_small_order() {
            return Err(Ed25519KeyError::SmallOrder);
        }
        Ok(Self { bytes: *bytes, point })
    }

    /// Its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    pub(crate) fn point(&self) -> &EdwardsPoint {
        &self.point
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use curve25519_dalek::constants::{ED25519_BASEPOINT_COMPRESSED, EIGHT_TORSION};

    /// y = p + `n`, little-endian: what an encoding that is not canonical holds.
    fn p_plus(n: u8, sign: bool) -> [u8; 32] {
        let mut bytes = [0xff; 32];
        bytes[0] = 0xed + n;
        bytes[31] = if sign { 0xff } else { 0x7f };
        bytes
    }

    #[test]
    fn row_113_none_of_the_eight_points_of_small_order_is_a_key() {
        for point in EIGHT_TORSION {
            assert_eq!(Ed25519Key::parse(&point.compress().0), Err(Ed25519KeyError::SmallOrder));
        }
    }

    #[test]
    fn row_113_an_encoding_that_is_not_canonical_is_no_key() {
        let mut refused = 0;
        // Every y from p to 2^255 - 1, with either sign: those on the curve are not canonical, and none is a key.
        for (n, sign) in (0..19).flat_map(|n| [(n, false), (n, true)]) {
            let error = Ed25519Key::parse(&p_plus(n, sign)).unwrap_err();
            assert_ne!(error, Ed25519KeyError::SmallOrder);
            refused += usize::from(error == Ed25519KeyError::NotCanonical);
        }
        assert!(refused > 10, "{refused}");
        // x = 0 with the sign of a negative one: y = 1 and y = -1.
        let mut one = [0; 32];
        (one[0], one[31]) = (1, 0x80);
        let mut minus_one = [0xff; 32];
        minus_one[0] = 0xec;
        for bytes in [one, minus_one] {
            assert_eq!(Ed25519Key::parse(&bytes), Err(Ed25519KeyError::NotCanonical));
        }
    }

    #[test]
    fn what_is_on_no_curve_is_no_key_and_the_base_point_is_one() {
        let mut two = [0; 32];
        two[0] = 2;
        assert_eq!(Ed25519Key::parse(&two), Err(Ed25519KeyError::NotOnCurve));
        assert!(Ed25519Key::parse(ED25519_BASEPOINT_COMPRESSED.as_bytes()).is_ok());
    }
}
