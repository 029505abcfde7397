//! OpenPGP signatures (RFC 9580).

use super::{Context, Proof, Refusal, Signed};
use crate::{framed::Frame, trust::Key};

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

/// Verifies the one signature that `signature` holds, armored or binary, over `content`, by one of `keys`. A proof says
/// that `signed` was signed: the caller answers for it that this is what `content` is.
#[allow(dead_code, reason = "for signed tags")]
pub(super) fn verify_over(
    _signature: &[u8],
    _content: &[u8],
    _keys: &[Key],
    _signed: Signed,
) -> Result<Proof, Refusal> {
    Err(Refusal::unreadable("an OpenPGP signature is not read by this version"))
}
