//! The kit itself, against `sigstore-verify`, git, and the `rustsec` crate: what is good is accepted by programs that
//! the kit knows nothing of, and each thing that is spoilt is spoilt alone.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "../kit/mod.rs"]
mod kit;

mod bundles;
mod releases;

use serde_json::Value;
use sigstore_verify::trust_root::TrustedRoot;
use sigstore_verify::types::Bundle;
use sigstore_verify::{Error, Policy, VerificationResult, Verifier};

/// Verify with the kit's trusted root.
fn verify(bundle: &Value, policy: &dyn Policy, file: &[u8]) -> Result<VerificationResult, Error> {
    let root = kit::trusted_root::Sigstore::new(kit::SEED).trusted_root();
    verify_with(&root.to_string(), bundle, policy, file)
}

/// Verify with that trusted root.
fn verify_with(
    root: &str,
    bundle: &Value,
    policy: &dyn Policy,
    file: &[u8],
) -> Result<VerificationResult, Error> {
    let root = TrustedRoot::from_json(root).unwrap();
    let bundle = Bundle::from_json(&bundle.to_string()).unwrap();
    Verifier::new(&root).unwrap().verify(file, &bundle, policy)
}

/// The error's variant, and that of the error inside it, without the text.
fn reason(error: &Error) -> String {
    let debug = format!("{error:?}");
    let end = debug.find([' ', '"', '{']).unwrap_or(debug.len());
    debug[..end].trim_end_matches('(').to_owned()
}
