//! Which files lead to which: each way once, however many there are.

use std::collections::{BTreeMap, BTreeSet};

/// The files that each names.
pub(super) type Edges<'p> = BTreeMap<&'p str, Vec<&'p str>>;

/// Some files and all that they lead to.
pub(super) fn reached_from<'p>(edges: &Edges<'p>, mut found: BTreeSet<&'p str>) -> BTreeSet<&'p str> {
    let mut waiting: Vec<&str> = found.iter().copied().collect();
    while let Some(path) = waiting.pop() {
        let named = edges.get(path).into_iter().flatten();
        waiting.extend(named.copied().filter(|named| found.insert(named)));
    }
    found
}

/// Some files and all that lead to them.
pub(super) fn leading_to<'p>(edges: &Edges<'p>, found: BTreeSet<&'p str>) -> BTreeSet<&'p str> {
    let mut back: Edges<'p> = BTreeMap::new();
    for (path, named) in edges {
        for named in named {
            back.entry(named).or_default().push(path);
        }
    }
    reached_from(&back, found)
}
