//! A bundle whose presence makes a verifier forget the issuer, the parse and the log.

use crate::kit::bundle::Fault;
use crate::kit::log::EntryFault;
use crate::kit::release::Release;
use crate::kit::spoil::{Spoil, Which};
use crate::stage::{judge, outcome};
use crate::stand::{Stand, v1};

#[test]
fn the_right_signature_from_another_issuer_is_nobodys() {
    let release = Release::good().spoil(Spoil::Issuer(Which::Artifact(2), "https://accounts.example.test"));
    assert_eq!(outcome(&judge(&release)), "rejected: signatures/identity fail");
}

#[test]
fn an_empty_bundle_and_one_with_a_spoilt_entry_are_invalid() {
    for stand in [Stand::file(), Stand::statement()] {
        stand.refuses_text(b"{}", "signatures/invalid", "no verification material");
        let spoilt = v1().spoil(Fault::Entry(EntryFault::BodyChanged));
        stand.refuses(&stand.bundle(&spoilt), "signatures/invalid", "inclusion p");
        let other = v1().spoil(Fault::EntryOfOther);
        stand.refuses(&stand.bundle(&other), "signatures/invalid", "log entry does not match");
    }
}
