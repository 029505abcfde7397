//! Any sixty-four bytes as the signature of a checkpoint; and no function whose verdict may be dropped.

use crate::kit::bundle::Fault;
use crate::kit::keys::{Key, base64};
use crate::kit::log::EntryFault;
use crate::stand::{entries, shapes};

#[test]
fn a_checkpoint_that_the_log_did_not_sign_is_refused() {
    for (stand, options) in shapes() {
        let mut bundle = stand.bundle(&options);
        let envelope =
            entries(&mut bundle)[0]["inclusionProof"]["checkpoint"]["envelope"].as_str().unwrap().to_owned();
        let (head, line) = envelope.rsplit_once(' ').unwrap();
        let id = crate::stand::decode(line.trim());
        let stranger = Key::named("stranger").sign(head.as_bytes());
        for signature in [vec![0x5a; 64], vec![0; 72], vec![0xff; 71], stranger, Vec::new()] {
            let note = format!("{head} {}\n", base64([&id[..4], &signature].concat()));
            entries(&mut bundle)[0]["inclusionProof"]["checkpoint"]["envelope"] = note.into();
            stand.refuses(&bundle, "signatures/invalid", "checkpoint");
        }
        for fault in [EntryFault::CheckpointBroken, EntryFault::CheckpointOfOtherTree, EntryFault::LogKey] {
            let bundle = stand.bundle(&options.clone().spoil(Fault::Entry(fault)));
            stand.refuses(&bundle, "signatures/invalid", "");
        }
    }
}

#[test]
fn the_lint_against_dropped_results_is_on() {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    assert!(manifest.contains("let_underscore_must_use = \"warn\""));
}
