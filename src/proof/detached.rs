//! Detached signatures: which kind a file holds, its first bytes say, whatever it is called.

use super::{Context, Proof, Refusal, minisign, openpgp, raw, signify, ssh};
use crate::{framed::Frame, trust::Key};

/// The kinds of detached signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Base64 of the raw or DER signature, or that signature itself.
    Raw,
    /// minisign.
    Minisign,
    /// signify, which begins with an untrusted comment as minisign does.
    Signify,
    /// OpenPGP, armored, binary or cleartext.
    OpenPgp,
    /// SSHSIG.
    Ssh,
}

/// The kind of signature that `bytes` are.
pub fn kind(bytes: &[u8]) -> Kind {
    let head = bytes.trim_ascii_start();
    if head.starts_with(b"untrusted comment:") {
        return if minisign::is_minisign(head) { Kind::Minisign } else { Kind::Signify };
    }
    if head.starts_with(b"-----BEGIN SSH SIGNATURE-----") {
        return Kind::Ssh;
    }
    if head.starts_with(b"-----BEGIN PGP ") || openpgp::is_binary(bytes) {
        return Kind::OpenPgp;
    }
    Kind::Raw
}

/// One verdict on each signature in `bytes`.
pub fn verify(bytes: &[u8], context: &Context<'_>) -> Vec<Result<Proof, Refusal>> {
    match kind(bytes) {
        Kind::Raw => {
            let verdict = raw::verify(bytes, context);
            vec![verdict.map_err(|refusal| openpgp::explain(context.name, bytes).unwrap_or(refusal))]
        }
        Kind::Minisign => vec![minisign::verify(bytes, context)],
        Kind::Signify => vec![signify::verify(bytes, context)],
        Kind::OpenPgp => openpgp::verify(bytes, context),
        Kind::Ssh => vec![ssh::verify(bytes, context)],
    }
}

/// The hashes that the signatures in `bytes` need of the file they are about.
pub fn frames(bytes: &[u8], keys: &[Key]) -> Vec<Frame> {
    match kind(bytes) {
        Kind::Raw => raw::frames(bytes, keys),
        Kind::Minisign => minisign::frames(bytes, keys),
        Kind::Signify => signify::frames(bytes, keys),
        Kind::OpenPgp => openpgp::frames(bytes),
        Kind::Ssh => ssh::frames(bytes),
    }
}

/// The text that the signatures in `bytes` are over, where it stands in the same file.
pub fn signed_text(bytes: &[u8]) -> Option<Vec<u8>> {
    match kind(bytes) {
        Kind::Signify => signify::message(bytes).map(<[u8]>::to_vec),
        Kind::Raw | Kind::Minisign | Kind::OpenPgp | Kind::Ssh => None,
    }
}
