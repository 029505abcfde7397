//! Whether a published bill of materials lists anything.

use crate::{
    evidence::PublishedFile,
    json::{self, Limits},
};

/// Whether a bill of materials in JSON has no list of what it is of, or an empty one. One that cannot be read has not.
pub(crate) fn lists_nothing(file: &PublishedFile) -> bool {
    const LISTS: [&str; 4] = ["components", "packages", "files", "@graph"];
    let Some(content) = &file.content else { return false };
    let limits = Limits { max_bytes: 64 << 20, max_depth: 100 };
    let Ok(document) = json::parse(&content.bytes, limits) else { return false };
    let is_empty = |name: &str| {
        let list = document.get(name).or_else(|| document.get("sbom")?.get(name));
        list.and_then(|it| it.as_array()).is_none_or(Vec::is_empty)
    };
    document.is_object() && LISTS.iter().all(|name| is_empty(name))
}

#[cfg(test)]
mod tests {
    use super::lists_nothing;
    use crate::{
        digest::{Algorithms, hash_reader},
        evidence::{Bytes, Item, PublishedFile},
    };

    #[test]
    fn a_bill_of_materials_without_any_entry_lists_nothing() {
        let is_empty = |text: &str| {
            let (size, digests) = hash_reader(text.as_bytes(), Algorithms::SHA256).unwrap();
            lists_nothing(&PublishedFile {
                size: Some(size),
                digests,
                bytes: Bytes::Rehashed,
                framed: Vec::new(),
                inside: crate::inside::Inside::NotLooked,
                content: Some(Item::new("file:x", text.as_bytes().to_vec())),
            })
        };
        for empty in [
            r#"{"spdxVersion": "SPDX-2.3", "packages": []}"#,
            r#"{"bomFormat": "CycloneDX", "components": []}"#,
            r#"{"bomFormat": "CycloneDX"}"#,
        ] {
            assert!(is_empty(empty), "{empty}");
        }
        for near in [
            r#"{"spdxVersion": "SPDX-2.3", "packages": [{"name": "a"}]}"#,
            r#"{"bomFormat": "CycloneDX", "components": [{"name": "a"}]}"#,
            "SPDXVersion: SPDX-2.3",
        ] {
            assert!(!is_empty(near), "{near}");
        }
    }
}
