//! Signatures of minisign and signify.

use super::{Context, Proof, Refusal};
use crate::{framed::Frame, trust::Key};

/// Verifies `bytes` as a signature over the file that they are named after.
pub fn verify(_bytes: &[u8], _context: &Context<'_>) -> Result<Proof, Refusal> {
    Err(Refusal::unreadable("a minisign signature is not read by this version"))
}

/// The hashes that plain Ed25519 signatures need of the file.
pub fn frames(_bytes: &[u8], _keys: &[Key]) -> Vec<Frame> {
    Vec::new()
}
