//! An intermediate authority that ended before the certificate that it issued began.

use crate::kit::RELEASED_AT;
use crate::kit::certificates::CertificateAuthority;
use crate::kit::trusted_root::Sigstore;
use crate::stand::{Stand, shapes, v1};

fn ended_at(end: i64) -> Sigstore {
    Sigstore {
        authority: CertificateAuthority::until(crate::kit::SEED, end),
        ..Sigstore::new(crate::kit::SEED)
    }
}

#[test]
fn an_authority_that_ended_vouches_for_nobody_though_the_root_lists_it() {
    for (stand, options) in shapes() {
        let ended = ended_at(RELEASED_AT - 86_400);
        let judged = stand.clone().trusting(ended.trusted_root());
        judged.refuses(
            &stand.bundle_by(&ended, &options),
            "signatures/invalid",
            "no trusted certificate authority is valid at",
        );
        let lasting = ended_at(RELEASED_AT + 86_400);
        let judged = stand.clone().trusting(lasting.trusted_root());
        judged.accepts(&stand.bundle_by(&lasting, &options));
    }
}

#[test]
fn an_authority_outside_of_the_window_that_the_root_gives_it_vouches_for_nobody() {
    let stand = Stand::file();
    let bundle = stand.bundle(&v1());
    let mut root = stand.root.clone();
    root["certificateAuthorities"][0]["validFor"]["end"] = "2026-01-05T11:00:00Z".into();
    stand.clone().trusting(root.clone()).refuses(
        &bundle,
        "signatures/invalid",
        "no trusted certificate authority is valid",
    );
    root["certificateAuthorities"][0]["validFor"]["end"] = "2026-01-05T13:00:00Z".into();
    stand.trusting(root).accepts(&bundle);
}
