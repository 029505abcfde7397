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
    let many = |count: usize| with(format!("{}0", "0,".repeat(count - 1)));
    stand.refuses_text(
        many(100_000).as_bytes(),
        "signatures/unreadable",
        "100000 log entries are over the limit of 32",
    );
    // They are not even all kept, nor are things that are a hundred times as large in memory, wherever they stand.
    let memory =
        "a Sigstore bundle over the limit: what is read takes more than 16777216 bytes of memory from ";
    stand.refuses_text(
        many(1_000_000).as_bytes(),
        "signatures/unreadable",
        &format!("{memory}$.verificationMaterial.tlogEntries["),
    );
    let objects = format!("{{\"x\":[{}0],{}", "{\"\":1},".repeat(100_000), &text[1..]);
    stand.refuses_text(objects.as_bytes(), "signatures/unreadable", &format!("{memory}$.x[2"));
    // Thirty-two of them are parsed, and are no entries.
    stand.refuses_text(
        with(format!("{}0", "0,".repeat(31))).as_bytes(),
        "signatures/invalid",
        "not a Sigstore bundle",
    );
    let deep = with("[".repeat(1_000_000));
    stand.refuses_text(deep.as_bytes(), "signatures/invalid", "nested more than 64 deep");
}
