//! What a bill of materials refers to and does not list: other bills, and components that are nowhere in it.

use super::super::error::shown;
use crate::advisories::lock::NotCovered;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

type Members = Map<String, Value>;

/// Why a component that is only referred to is not covered.
const UNLISTED: &str = "it is referred to, and not listed";
/// Why another bill of materials is not covered.
const OTHER_BILL: &str = "it is another bill of materials, which is not read";

/// What is referred to, each once and sorted.
#[derive(Default)]
pub(super) struct Refers(BTreeSet<(String, &'static str)>);

impl Refers {
    /// The rows of what is not covered, no more than `most` of them and one.
    pub(super) fn rows(self, most: usize) -> impl Iterator<Item = NotCovered> {
        let row = |(package, why): (String, &str)| NotCovered {
            package,
            version: String::new(),
            why: why.to_owned(),
        };
        self.0.into_iter().take(most + 1).map(row)
    }

    fn add(&mut self, what: &str, why: &'static str) {
        self.0.insert((shown(what), why));
    }

    fn bills(&mut self, holder: &Members) {
        let references = list(holder, "externalReferences");
        let bills = references.filter(|it| text(it, "type") == Some("bom"));
        bills.for_each(|it| self.add(text(it, "url").unwrap_or("(no address)"), OTHER_BILL));
    }
}

/// What a document of CycloneDX refers to.
pub(super) fn cyclonedx(root: &Members) -> Refers {
    let (mut refers, mut known) = (Refers::default(), BTreeSet::new());
    refers.bills(root);
    let own = root.get("metadata").and_then(|it| it.get("component"));
    own.into_iter().for_each(|own| component(own, &mut known, &mut refers));
    for key in ["components", "services"] {
        list(root, key).for_each(|it| component(it, &mut known, &mut refers));
    }
    for dependency in list(root, "dependencies") {
        let on =
            ["dependsOn", "provides"].into_iter().filter_map(|key| dependency.get(key)?.as_array()).flatten();
        let named = on.filter_map(Value::as_str).chain(text(dependency, "ref"));
        named.filter(|named| !known.contains(named)).for_each(|named| {
            refers.add(named, if named.starts_with("urn:cdx:") { OTHER_BILL } else { UNLISTED });
        });
    }
    refers
}

/// What a component, and those in it, are called by others and refer to. The reader of JSON caps their depth.
fn component<'b>(it: &'b Value, known: &mut BTreeSet<&'b str>, refers: &mut Refers) {
    known.extend(["bom-ref", "purl"].into_iter().filter_map(|key| text(it, key)));
    let Some(members) = it.as_object() else { return };
    refers.bills(members);
    for key in ["components", "services"] {
        list(members, key).for_each(|it| component(it, known, refers));
    }
}

/// What a document of SPDX refers to.
pub(super) fn spdx(root: &Members) -> Refers {
    let mut refers = Refers::default();
    for other in list(root, "externalDocumentRefs") {
        refers.add(text(other, "spdxDocument").unwrap_or("(no address)"), OTHER_BILL);
    }
    let listed = ["packages", "files", "snippets"].into_iter().flat_map(|key| list(root, key));
    let mut known: BTreeSet<&str> = listed.filter_map(|it| text(it, "SPDXID")).collect();
    known.extend(["SPDXRef-DOCUMENT", "NONE", "NOASSERTION"]);
    known.extend(root.get("SPDXID").and_then(Value::as_str));
    let related = list(root, "relationships").filter_map(|it| text(it, "relatedSpdxElement"));
    let described = list(root, "documentDescribes").filter_map(Value::as_str);
    related.chain(described).filter(|named| !known.contains(named)).for_each(|named| {
        refers.add(named, if named.starts_with("DocumentRef-") { OTHER_BILL } else { UNLISTED });
    });
    refers
}

fn list<'b>(holder: &'b Members, key: &str) -> impl Iterator<Item = &'b Value> {
    holder.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'b>(holder: &'b Value, key: &str) -> Option<&'b str> {
    holder.get(key).and_then(Value::as_str)
}
