//! What the fuzz targets share: one artifact, the keys and the root that its seeds were signed with, and what must hold
//! of whatever a parser makes of hostile bytes.
//!
//! `make-seeds.sh` writes the keys and seeds with the real tools. docs/testing.md says how to run a target.

use relcheck::{
    digest::{Algorithms, Digests, hash_reader},
    evidence::{Item, NO_LOG_ASKED, Seen},
    proof::{self, Context, Format, Proof, Refusal, Signed, Target},
    trust::{Key, KeyOptions, SigstoreRoot, TrustRoots},
};
use std::sync::LazyLock;

/// The file that every detached seed is a signature of.
pub const ARTIFACT: &[u8] = include_bytes!("../fixtures/artifact");
const ROOT: &[u8] = include_bytes!("../../examples/widget/trusted_root.json");
const KEYS: &[(&str, &[u8])] = &[
    ("minisign", include_bytes!("../fixtures/minisign.pub")),
    ("signify", include_bytes!("../fixtures/signify.pub")),
    ("openpgp", include_bytes!("../fixtures/openpgp.asc")),
    ("ssh", include_bytes!("../fixtures/allowed_signers")),
    ("pem", include_bytes!("../fixtures/p256.pem")),
    ("ed25519", include_bytes!("../fixtures/ed25519.pem")),
];

static DIGESTS: LazyLock<Digests> =
    LazyLock::new(|| hash_reader(ARTIFACT, Algorithms::ALL).expect("memory can be read").1);

/// The roots and keys that the seeds lead back to.
pub static TRUST: LazyLock<TrustRoots> = LazyLock::new(|| {
    let root = SigstoreRoot::parse("fuzz", relcheck::trust::Origin::File, ROOT)
        .expect("the example's root is a trusted root");
    let options = KeyOptions { legacy: true, ..KeyOptions::default() };
    let keys = || {
        let keys = KEYS.iter().map(|(name, bytes)| Key::parse(name, bytes, options.clone()));
        keys.collect::<Result<Vec<_>, _>>().expect("the tools wrote these keys")
    };
    TrustRoots::of(vec![root]).with_keys(keys()).with_tag_keys(keys())
});

/// The moment judged.
const AS_OF: jiff::Timestamp = jiff::Timestamp::constant(1_767_614_400, 0);

/// Verifies `bytes` as a file called `artifact<suffix>` and checks what must hold of every answer.
pub fn judge(format: Format, suffix: &str, bytes: &[u8]) -> Vec<Result<Proof, Refusal>> {
    let about = Target { digests: &DIGESTS, framed: &[], bytes: Some(ARTIFACT) };
    let name = format!("artifact{suffix}");
    let sibling = |_: &str| None;
    let log_entries = Seen::unavailable(NO_LOG_ASKED);
    let context = Context {
        about: Some(about),
        sibling: &sibling,
        name: &name,
        log_entries: &log_entries,
        trust: &TRUST,
        as_of: AS_OF,
    };
    let item = Item::new("fuzz", bytes.to_vec());
    let verdicts = proof::verify(format, &item, &context);
    for verdict in &verdicts {
        match verdict {
            // Whoever signed, it was with a key, or it was at a time.
            Ok(proof) => match proof.signed() {
                Signed::File(digest) | Signed::Text(digest) => assert!(!digest.hex().is_empty()),
                Signed::Statement(statement) => assert!(!statement.subjects().is_empty()),
                Signed::Object(_) => panic!("a published file proves nothing about a git object"),
            },
            Err(refusal) => assert!(
                !refusal.detail.is_empty() && !refusal.detail.chars().any(|c| c.is_control()),
                "{refusal:?}"
            ),
        }
    }
    // The same bytes get the same answer.
    assert_eq!(format!("{verdicts:?}"), format!("{:?}", proof::verify(format, &item, &context)));
    verdicts
}

/// Asks which hashes a detached signature needs; each is small.
pub fn frames(suffix: &str, bytes: &[u8]) {
    for (_, frame) in proof::frames(&format!("artifact{suffix}"), bytes, TRUST.keys()) {
        assert!(frame.before.len() + frame.after.len() <= bytes.len() + (64 << 10));
    }
}
