//! What a TOML document takes in memory when it is read, estimated from its characters before anything is built. That of
//! a JSON document is counted while it is read, against the same limit.
//!
//! The rule that must not be broken: the estimate is never far below what is taken. A character whose place is not
//! certain counts.

use crate::advisories::locks::Fault;

/// The most bytes that one document may take by the estimate.
pub(super) const LIMIT: usize = 192 << 20;

/// What a notation's characters cost, in bytes, outside strings: a map, a list, a key, an item, a dot of a key.
struct Costs {
    map: usize,
    list: usize,
    key: usize,
    item: usize,
    dot: usize,
}

/// Holds a TOML document against the limit. Each table is a node of a tree, in what the parser builds and in the result.
pub(super) fn check_toml(text: &str) -> Result<(), Fault> {
    // Strings of several lines would need the whole grammar to be found; what they hold counts then.
    let has_long_strings = text.contains("\"\"\"") || text.contains("'''");
    let quotes: &[u8] = if has_long_strings { b"" } else { b"\"'" };
    check(text, quotes, b'=', &Costs { map: 1700, list: 1700, key: 450, item: 180, dot: 1700 })
}

/// Over the limit.
pub(super) fn too_much() -> Fault {
    Fault::limit("bytes of tables, lists and keys (estimated)", LIMIT)
}

fn check(text: &str, quotes: &[u8], of_a_key: u8, costs: &Costs) -> Result<(), Fault> {
    let mut sum: usize = 0;
    let mut open = None;
    let mut escaped = false;
    for byte in text.bytes() {
        match (open, byte) {
            _ if escaped => escaped = false,
            // No string goes beyond its line.
            (_, b'\n') => open = None,
            (Some(b'"'), b'\\') => escaped = true,
            (Some(quote), _) if quote == byte => open = None,
            (Some(_), _) => {}
            (None, quote) if quotes.contains(&quote) => open = Some(quote),
            (None, b'{') => sum += costs.map,
            (None, b'[') => sum += costs.list,
            (None, b',') => sum += costs.item,
            (None, b'.') => sum += costs.dot,
            (None, other) if other == of_a_key => sum += costs.key,
            (None, _) => {}
        }
        if sum > LIMIT {
            return Err(too_much());
        }
    }
    Ok(())
}
