//! An envelope with two signatures, of which one verifies. Row 83 is the same in another format.

use serde_json::json;

use crate::kit::bundle::Content;
use crate::kit::keys::{Key, base64};
use crate::stand::{Stand, shapes_of_statements};

#[test]
fn an_envelope_with_other_than_one_signature_is_refused_whichever_is_good() {
    let stand = Stand::statement();
    for options in shapes_of_statements() {
        let bundle = stand.bundle(&options);
        stand.accepts(&bundle);
        let good = bundle["dsseEnvelope"]["signatures"][0].clone();
        let Content::Envelope(..) = stand.content() else { panic!("a statement is in an envelope") };
        let stranger = json!({"sig": base64(Key::named("stranger").sign(&stand.content().signed_bytes()))});
        let again = good.clone();
        for signatures in [json!([good, stranger]), json!([stranger, good]), json!([good, again]), json!([])]
        {
            let mut spoilt = bundle.clone();
            spoilt["dsseEnvelope"]["signatures"] = signatures;
            stand.refuses(&spoilt, "signatures/invalid", "signature");
        }
    }
}
