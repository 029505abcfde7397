//! OpenPGP signatures (RFC 9580).

use super::{Context, Proof, Refusal};
use crate::framed::Frame;

/// Whether `bytes` begin with an OpenPGP signature packet.
pub fn is_binary(_bytes: &[u8]) -> bool {
    false
}

/// Verifies every signature in `bytes` over the file that they are named after.
pub fn verify(_bytes: &[u8], _context: &Context<'_>) -> Vec<Result<Proof, Refusal>> {
    vec![Err(Refusal::unreadable("an OpenPGP signature is not read by this version"))]
}

/// The hashes that the signatures need of the file.
pub fn frames(_bytes: &[u8]) -> Vec<Frame> {
    Vec::new()
}
