//! Which published files are bills of materials, by what they say on top and by their names.
//!
//! The rule that must not be broken: what says that it is one, or is called one, is read or named as one that is not; what
//! only speaks about one, as a signature does, is neither.

use super::{
    super::{DEPTH_LIMIT, LOCK_LIMIT},
    wrapped::{self, is_bill},
};
use crate::json::{self, JsonError, Limits};
use serde_json::Value;

/// What is done with a bill of materials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// It is read.
    Document,
    /// Each of its lines is one of its own.
    Lines,
    /// It is not read.
    Other,
}

/// How much of a file is looked at to know what it is. Larger ones than are read are refused when they are.
const LIMITS: Limits = Limits { max_bytes: 2 * LOCK_LIMIT, max_depth: DEPTH_LIMIT, max_memory: 64 << 20 };
/// How deep the lists are at most: in GitHub's answer and in envelopes.
const OF_LISTS: usize = 2;
/// How many bytes of a text say what it is.
const HEAD: usize = 4096;

/// Words that bills of materials are called by.
const KINDS: [&str; 8] = ["bom", "cdx", "cyclonedx", "sbom", "sboms", "spdx", "spdx3", "syft"];
/// Endings of names that say it alone.
const ALONE: [&str; 6] = ["bom", "cdx", "cyclonedx", "sbom", "spdx", "swidtag"];
/// Endings of files in JSON.
const JSON: [&str; 4] = ["json", "jsonl", "jsonld", "ndjson"];
/// Endings of other data, before which a word says it.
const DATA: [&str; 11] = ["bin", "pb", "rdf", "tag", "textproto", "ttl", "tv", "txt", "xml", "yaml", "yml"];
/// Endings of what is compressed.
const COMPRESSED: [&str; 9] = [".gz", ".zst", ".xz", ".bz2", ".zip", ".br", ".tgz", ".7z", ".tar"];
/// Endings of names of signatures and attestations in JSON, whatever stands before them.
const ABOUT_OTHERS: [&str; 7] = [
    ".attestation.json",
    ".attestations.json",
    ".bundle.json",
    ".cosign.json",
    ".intoto.json",
    ".provenance.json",
    ".sigstore.json",
];

/// What is done with the published file of this name; `None` of what is no bill of materials. Without its bytes, its name
/// alone is asked.
pub fn form(name: &str, bytes: Option<&[u8]>) -> Option<Form> {
    let said = match bytes {
        Some(bytes) => said(bytes),
        None => hints(name).then_some(Form::Document),
    };
    let called = || match is_named(name) {
        true => Some(Form::Document),
        false => is_of_other_form(name).then_some(Form::Other),
    };
    said.or_else(called)
}

/// Whether a published file's name is that of a bill of materials that is read.
pub fn is_named(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let endings = [".cdx.json", ".spdx.json", ".cyclonedx.json", "bom.json"];
    let is_called_so = endings.iter().any(|ending| name.ends_with(ending))
        || (name.contains("sbom") && name.ends_with(".json"));
    is_called_so && !ABOUT_OTHERS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a published file's name is that of a bill of materials in a form that is not read: XML, RDF, tags and values,
/// protocol buffers, or compressed.
pub fn is_of_other_form(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut packed = name.as_str();
    while let Some(inner) = COMPRESSED.iter().find_map(|ending| packed.strip_suffix(ending)) {
        packed = inner;
    }
    let is_packed = packed.len() < name.len();
    is_form(&name) || (is_packed && (is_form(packed) || is_named(packed) || is_of_bills(packed)))
}

/// Whether the endings of a name in small letters say that it is a bill of materials in another form.
fn is_form(name: &str) -> bool {
    let Some((mut stem, ending)) = name.rsplit_once('.') else { return false };
    if ALONE.contains(&ending) {
        return true;
    }
    if JSON.contains(&ending) {
        return stem.contains('.') && !is_named(name) && is_called(stem, &['.']);
    }
    // `w.spdx.rdf.xml` has two.
    if let Some((inner, _)) = stem.rsplit_once('.').filter(|(_, ending)| DATA.contains(ending)) {
        stem = inner;
    }
    let is_old_name = ending == "xml" && (stem.ends_with("bom") || stem.contains("sbom"));
    DATA.contains(&ending) && (is_old_name || is_called(stem, &['.', '-', '_']))
}

/// Whether the last word of a name is one for bills of materials.
fn is_called(stem: &str, separators: &[char]) -> bool {
    stem.rsplit(separators).next().is_some_and(|word| KINDS.contains(&word))
}

/// Whether an archive is called after the bills of materials in it.
fn is_of_bills(stem: &str) -> bool {
    ["sbom", "sboms"].iter().any(|word| stem == *word || stem.ends_with(&format!("-{word}")))
}

/// Whether the name of a file in JSON that is not there hints at a bill of materials.
fn hints(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_json = name.rsplit_once('.').is_some_and(|(_, ending)| JSON.contains(&ending));
    is_json && ["spdx", "cyclonedx", "cdx", "sbom"].iter().any(|word| name.contains(word))
}

/// What a file says on top that it is.
fn said(bytes: &[u8]) -> Option<Form> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    match text.first()? {
        b'{' | b'[' => json_said(text),
        _ => is_text_of_one(text).then_some(Form::Other),
    }
}

fn json_said(text: &[u8]) -> Option<Form> {
    match json::outline(text, LIMITS, OF_LISTS) {
        Ok(document) => document_said(&document, text),
        Err(JsonError::TrailingBytes { .. }) if lines(text).any(|line| is_document(line).is_some()) => {
            Some(Form::Lines)
        }
        Err(_) => broken_said(text),
    }
}

/// What one line says that it is.
pub fn is_document(line: &[u8]) -> Option<Form> {
    match json::outline(line, LIMITS, OF_LISTS) {
        Ok(document) => document_said(&document, line),
        Err(_) => broken_said(line),
    }
}

/// What a document says that it is which is refused: whoever reads it says what is wrong with it.
fn broken_said(text: &[u8]) -> Option<Form> {
    let says = ["\"bomFormat\"", "\"spdxVersion\""].iter().any(|key| contains(text, key));
    (says && text.starts_with(b"{")).then_some(Form::Document)
}

/// The lines of a file that may be documents.
pub fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| line.starts_with(b"{"))
}

fn document_said(document: &Value, text: &[u8]) -> Option<Form> {
    if let Some(items) = document.as_array() {
        return items.first().and_then(|first| document_said(first, text)).map(|_| Form::Other);
    }
    let has = |key: &str| document.get(key).is_some();
    if is_bill(document) || wrapped::holds_one(document) {
        return Some(Form::Document);
    }
    // SPDX 3, and what Syft writes of its own.
    let is_linked = (has("@context") || has("@graph"))
        && ["spdx.org/rdf/", "spdx.org\\/rdf\\/"].iter().any(|it| contains(text, it));
    (is_linked || (has("artifacts") && has("artifactRelationships"))).then_some(Form::Other)
}

/// Whether a text begins as a bill of materials in XML, RDF or tags and values.
fn is_text_of_one(text: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&text[..text.len().min(HEAD)]);
    let mut said = head.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let has = |words: [&str; 2]| words.iter().all(|word| head.contains(word));
    said.next().is_some_and(|first| first.starts_with("SPDXVersion:"))
        || (head.starts_with('<')
            && (has(["<bom", "cyclonedx.org/schema/"])
                || has(["<rdf:RDF", "spdx.org/rdf/"])
                || has(["<SoftwareIdentity", "xmlns"])))
}

fn contains(text: &[u8], word: &str) -> bool {
    text.windows(word.len()).any(|window| window == word.as_bytes())
}
