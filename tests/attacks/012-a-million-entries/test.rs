//! A million log entries of a byte each, which are counted before any of them is understood.

use serde_json::json;

use crate::stand::{Stand, v1};

#[test]
fn a_million_entries_are_counted_and_none_is_parsed() {
    let stand = Stand::file();
    let mut bundle = stand.bundle(&v1());
    bundle["verificationMaterial"]["tlogEntries"] = json!("HERE");
    let text = bundle.to_string();
    let with = |entries: String| text.replace("\"HERE\"", &format!("[{entries}]"));
    let million = with(format!("{}0", "0,".repeat(999_999)));
    stand.refuses_text(
        million.as_bytes(),
        "signatures/unreadable",
        "1000000 log entries are over the limit of 32",
    );
    // Thirty-two of them are parsed, and are no entries.
    stand.refuses_text(
        with(format!("{}0", "0,".repeat(31))).as_bytes(),
        "signatures/invalid",
        "not a Sigstore bundle",
    );
    let deep = with("[".repeat(1_000_000));
    stand.refuses_text(deep.as_bytes(), "signatures/invalid", "nested more than 64 deep");
}
