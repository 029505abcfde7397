//! A virtual Sigstore, and releases made with it: everything that relcheck reads, minted offline.
//!
//! The rule that must not be broken: nothing here depends on chance, on the clock or on the machine. Keys come from
//! names, times are fixed, ECDSA follows RFC 6979, so two runs write the same bytes.
//!
//! A test takes the good thing and spoils one part of it:
//! `BundleOptions::default().spoil(Fault::SctKey)`, `Release::good().spoil(Spoil::TagMoved)`.

#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(unreachable_pub, reason = "the module is compiled into each test binary on its own")]

pub mod advisories;
pub mod bundle;
pub mod certificates;
pub mod checksums;
pub mod der;
pub mod forge;
pub mod keys;
pub mod log;
pub mod project;
pub mod rekor;
pub mod release;
pub mod repository;
pub mod signing;
pub mod spoil;
pub mod ssh;
pub mod statement;
pub mod transport;
pub mod trusted_root;
pub mod tsa;
pub mod tuf;

/// Seed of the Sigstore that releases are made with.
pub const SEED: &str = "kit";
/// When the release was signed: 2026-01-05T12:00:00Z.
pub const RELEASED_AT: i64 = 1_767_614_400;
/// Issuer of GitHub Actions' identities.
pub const ISSUER: &str = "https://token.actions.githubusercontent.com";
/// The reusable workflow of slsa-github-generator, at its version tag.
pub const SLSA_GENERATOR: &str = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";
/// Organisation in the certificates of the kit's authorities.
pub const ORGANISATION: &str = "kit.test";
