//! SSH signatures (SSHSIG, PROTOCOL.sshsig of OpenSSH).

use super::{Context, Proof, Refusal};
use crate::framed::Frame;

/// Verifies `bytes` as a signature over the file that they are named after.
pub fn verify(_bytes: &[u8], _context: &Context<'_>) -> Result<Proof, Refusal> {
    Err(Refusal::unreadable("an SSH signature is not read by this version"))
}

/// The hashes that the signature needs of the file, besides its SHA-256 and SHA-512.
pub fn frames(_bytes: &[u8]) -> Vec<Frame> {
    Vec::new()
}
