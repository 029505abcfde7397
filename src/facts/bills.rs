//! Whether a published bill of materials lists anything.
//!
//! The rule that must not be broken: what could not be read lists nothing that is known.

use crate::{
    evidence::PublishedFile,
    json::{self, Limits},
};
use serde_json::Value;

/// How much of one is read. Only what is on top of it is built.
pub(super) const LIMITS: Limits = Limits { max_bytes: 64 << 20, max_depth: 100, max_memory: 16 << 20 };
/// How deep the lists are nested at most: in GitHub's export, below `sbom`.
const OF_LISTS: usize = 3;

/// What a published bill of materials is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bill {
    /// It lists something.
    Lists,
    /// It is one, and lists nothing.
    Nothing,
    /// It is none of those that are known here, or its bytes are not.
    Unread,
}

impl Bill {
    /// CycloneDX as JSON or XML, SPDX as JSON or tags and values.
    pub(crate) fn of(file: &PublishedFile) -> Self {
        let Some(content) = &file.content else { return Self::Unread };
        if let Ok(document) = json::outline(&content.bytes, LIMITS, OF_LISTS) {
            return Self::of_json(&document);
        }
        let Ok(text) = std::str::from_utf8(&content.bytes) else { return Self::Unread };
        let begins = |start: &str| text.lines().any(|line| line.trim_start().starts_with(start));
        let of = |is_one: bool, lists: bool| match (is_one, lists) {
            (true, true) => Some(Self::Lists),
            (true, false) => Some(Self::Nothing),
            (false, _) => None,
        };
        of(begins("SPDXVersion:"), begins("PackageName:") || begins("FileName:"))
            .or_else(|| of(text.contains("<bom"), text.contains("<component ")))
            .unwrap_or(Self::Unread)
    }

    fn of_json(document: &Value) -> Self {
        const LISTS: [&str; 4] = ["components", "packages", "files", "@graph"];
        // GitHub's export has it below `sbom`.
        let document = document.get("sbom").unwrap_or(document);
        let is_one = ["bomFormat", "spdxVersion", "@graph"].iter().any(|key| document.get(key).is_some());
        let is_empty = |name: &str| document.get(name).and_then(|it| it.as_array()).is_none_or(Vec::is_empty);
        match is_one {
            false => Self::Unread,
            true if LISTS.iter().all(|name| is_empty(name)) => Self::Nothing,
            true => Self::Lists,
        }
    }
}

/// What a bill of materials says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Described {
    /// Its format: `CycloneDX`, `SPDX`.
    pub(crate) format: Option<&'static str>,
    /// The name and the version of what it describes, where it is CycloneDX as JSON.
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
}

impl Described {
    /// Reads it; nothing of what cannot be read.
    pub(crate) fn of(file: &PublishedFile) -> Self {
        let Some(content) = &file.content else { return Self::default() };
        let Ok(document) = json::outline(&content.bytes, LIMITS, OF_LISTS) else {
            let text = String::from_utf8_lossy(&content.bytes);
            let is_spdx = text.lines().any(|line| line.trim_start().starts_with("SPDXVersion:"));
            let format = is_spdx.then_some("SPDX").or_else(|| text.contains("<bom").then_some("CycloneDX"));
            return Self { format, ..Self::default() };
        };
        let document = document.get("sbom").unwrap_or(&document);
        let has = |key: &str| document.get(key).is_some();
        let format = match () {
            () if has("bomFormat") => Some("CycloneDX"),
            () if has("spdxVersion") || has("@graph") => Some("SPDX"),
            () => None,
        };
        let of = |key: &str| document.pointer("/metadata/component")?.get(key)?.as_str().map(str::to_owned);
        Self { format, name: of("name"), version: of("version") }
    }
}

#[cfg(test)]
mod tests {
    use super::Bill;
    use crate::{
        digest::{Algorithms, hash_reader},
        evidence::{Bytes, Item, PublishedFile},
    };

    fn bill(text: Option<&str>) -> Bill {
        let (size, digests) = hash_reader(text.unwrap_or("x").as_bytes(), Algorithms::SHA256).unwrap();
        Bill::of(&PublishedFile {
            size: Some(size),
            digests,
            bytes: Bytes::Rehashed,
            framed: Vec::new(),
            inside: crate::inside::Inside::NotLooked,
            content: text.map(|text| Item::new("file:x", text.as_bytes().to_vec())),
        })
    }

    #[test]
    fn a_bill_of_materials_lists_something_or_nothing_or_is_none() {
        for (text, expected) in [
            (r#"{"spdxVersion": "SPDX-2.3", "packages": []}"#, Bill::Nothing),
            (r#"{"bomFormat": "CycloneDX", "components": []}"#, Bill::Nothing),
            (r#"{"bomFormat": "CycloneDX"}"#, Bill::Nothing),
            ("SPDXVersion: SPDX-2.3\n", Bill::Nothing),
            ("<?xml version='1.0'?><bom></bom>", Bill::Nothing),
            (r#"{"spdxVersion": "SPDX-2.3", "packages": [{"name": "a"}]}"#, Bill::Lists),
            (r#"{"sbom": {"spdxVersion": "SPDX-2.3", "packages": [{"name": "a"}]}}"#, Bill::Lists),
            (r#"{"bomFormat": "CycloneDX", "components": [{"name": "a"}]}"#, Bill::Lists),
            ("SPDXVersion: SPDX-2.3\nPackageName: a\n", Bill::Lists),
            ("<bom><components><component type='library'/></components></bom>", Bill::Lists),
            ("", Bill::Unread),
            ("{}", Bill::Unread),
            (r#"{"packages": [{"name": "a"}]}"#, Bill::Unread),
            (r#"{"spdxVersion": "SPDX-2.3", "packages": [{"name": "a"}"#, Bill::Unread),
            ("a bill of materials", Bill::Unread),
        ] {
            assert_eq!(bill(Some(text)), expected, "{text}");
        }
        assert_eq!(bill(None), Bill::Unread);
    }

    #[test]
    fn a_long_bill_of_materials_is_read_and_one_of_keys_without_end_is_not() {
        let entries = |n: usize| vec![r#"{"name": "a", "hashes": [{"alg": "b"}]}"#; n].join(",");
        let long = format!(r#"{{"bomFormat": "CycloneDX", "components": [{}]}}"#, entries(200_000));
        assert_eq!(bill(Some(&long)), Bill::Lists);
        let keys: Vec<_> = (0..150_000).map(|at| format!("\"{at}\":1")).collect();
        let keys = format!(r#"{{"bomFormat": "CycloneDX", "x": {{{}}}}}"#, keys.join(","));
        assert_eq!(bill(Some(&keys)), Bill::Unread);
    }
}
