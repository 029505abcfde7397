//! A token of an authority that had retired, beside one that had not; and an authority without certificates.

use serde_json::json;

use crate::kit::tsa::TimestampAuthority;
use crate::kit::{RELEASED_AT, SEED};
use crate::stand::{Stand, set_stamps, signature, v2};
use relcheck::trust::{Origin, SigstoreRoot};

#[test]
fn a_retired_authority_does_not_borrow_the_window_of_another() {
    let stand = Stand::file();
    let other = TimestampAuthority::new("other");
    let chain: Vec<_> =
        other.chain().iter().map(|der| json!({"rawBytes": crate::kit::keys::base64(der)})).collect();
    let mut root = stand.root.clone();
    let mut second = root["timestampAuthorities"][0].clone();
    second["certChain"]["certificates"] = json!(chain);
    root["timestampAuthorities"].as_array_mut().unwrap().push(second);
    let both = stand.clone().trusting(root.clone());
    let mut bundle = stand.bundle(&v2());
    let tokens =
        [&TimestampAuthority::new(SEED), &other].map(|tsa| tsa.stamp(&signature(&bundle), RELEASED_AT + 2));
    for token in &tokens {
        set_stamps(&mut bundle, std::slice::from_ref(token));
        both.accepts(&bundle);
    }
    for (retired, token) in tokens.iter().enumerate() {
        let mut root = root.clone();
        root["timestampAuthorities"][retired]["validFor"]["end"] = "2026-01-05T12:00:00Z".into();
        let judged = stand.clone().trusting(root);
        set_stamps(&mut bundle, std::slice::from_ref(token));
        judged.refuses(
            &bundle,
            "signatures/invalid",
            "outside the validity period of the authority that signed it",
        );
        set_stamps(&mut bundle, std::slice::from_ref(&tokens[1 - retired]));
        judged.accepts(&bundle);
    }
}

#[test]
fn a_root_with_an_authority_without_certificates_is_refused_as_a_whole() {
    for list in ["timestampAuthorities", "certificateAuthorities"] {
        let mut root = Stand::file().root;
        assert!(SigstoreRoot::parse("kit", Origin::File, root.to_string().as_bytes()).is_ok());
        root[list][0]["certChain"]["certificates"] = json!([]);
        let refused = SigstoreRoot::parse("kit", Origin::File, root.to_string().as_bytes()).err().unwrap();
        assert!(std::error::Error::source(&refused).unwrap().to_string().contains("certificate chain"));
    }
}
