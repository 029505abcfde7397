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
    /// The version of that format: `1.6`, `2.3`.
    pub(crate) format_version: Option<String>,
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
            let spdx = text.lines().find_map(|line| line.trim_start().strip_prefix("SPDXVersion:"));
            let format = match spdx {
                Some(_) => Some("SPDX"),
                None => text.contains("<bom").then_some("CycloneDX"),
            };
            let format_version = spdx.map(of_spdx);
            return Self { format, format_version, ..Self::default() };
        };
        let document = document.get("sbom").unwrap_or(&document);
        let has = |key: &str| document.get(key).is_some();
        let format = match () {
            () if has("bomFormat") => Some("CycloneDX"),
            () if has("spdxVersion") || has("@graph") => Some("SPDX"),
            () => None,
        };
        let of = |key: &str| document.pointer("/metadata/component")?.get(key)?.as_str().map(str::to_owned);
        Self { format, format_version: format_version(document), name: of("name"), version: of("version") }
    }
}

/// `2.3` of `SPDX-2.3`.
fn of_spdx(version: &str) -> String {
    version.trim().trim_start_matches("SPDX-").to_owned()
}

/// The version of its format that a document gives: that of SPDX 3 stands in the address of its context.
fn format_version(document: &Value) -> Option<String> {
    let of = |key: &str| document.get(key)?.as_str();
    let is_number = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
    let of_context = || of("@context")?.split('/').find(is_number);
    of("spdxVersion").or_else(|| of("specVersion")).or_else(of_context).map(of_spdx)
}

#[cfg(test)]
mod tests {
    use super::{Bill, Described};
    use crate::{
        digest::{Algorithms, hash_reader},
        evidence::{Bytes, Item, PublishedFile},
    };

    fn bill(text: Option<&str>) -> Bill {
        Bill::of(&file(text))
    }

    fn file(text: Option<&str>) -> PublishedFile {
        let (size, digests) = hash_reader(text.unwrap_or("x").as_bytes(), Algorithms::SHA256).unwrap();
        PublishedFile {
            size: Some(size),
            digests,
            bytes: Bytes::Rehashed,
            framed: Vec::new(),
            inside: crate::inside::Inside::NotLooked,
            content: text.map(|text| Item::new("file:x", text.as_bytes().to_vec())),
        }
    }

    #[test]
    fn the_version_of_the_format_is_the_one_that_is_given() {
        for (text, expected) in [
            (r#"{"spdxVersion": "SPDX-2.3"}"#, (Some("SPDX"), Some("2.3"))),
            (r#"{"sbom": {"spdxVersion": "SPDX-2.3"}}"#, (Some("SPDX"), Some("2.3"))),
            (r#"{"bomFormat": "CycloneDX", "specVersion": "1.6"}"#, (Some("CycloneDX"), Some("1.6"))),
            (
                r#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": []}"#,
                (Some("SPDX"), Some("3.0.1")),
            ),
            ("SPDXVersion: SPDX-2.2\n", (Some("SPDX"), Some("2.2"))),
            ("<bom></bom>", (Some("CycloneDX"), None)),
            (r#"{"bomFormat": "CycloneDX", "specVersion": 1.6}"#, (Some("CycloneDX"), None)),
        ] {
            let it = Described::of(&file(Some(text)));
            assert_eq!((it.format, it.format_version.as_deref()), expected, "{text}");
        }
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
