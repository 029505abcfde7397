//! The documents in a file: one bundle as JSON, several as JSON Lines, or a list as npm's registry and GitHub serve it.
//!
//! A file is read as one thing only: what has the marks of two formats is refused, so that no two readers can take it for
//! different things.

use super::{LIMITS, MAX_BUNDLE};
use crate::{json, proof::Refusal, text::Untrusted};
use serde_json::Value;
use std::borrow::Cow;

/// Most bundles in a file.
const MAX_BUNDLES: usize = 100;

/// One JSON document that should be a signature.
pub(super) struct Document<'a> {
    /// The document.
    pub value: Value,
    /// The same as text.
    pub text: Cow<'a, str>,
    /// What the list that holds it says that it claims.
    pub predicate_type: Option<String>,
}

/// What a document is, by the members that only such a document has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A Sigstore bundle.
    Bundle,
    /// A DSSE envelope on its own.
    Envelope,
    /// What `cosign sign-blob --bundle` wrote before version 3.
    OldCosign,
    /// `{"attestations": [...]}`.
    List,
}

const MARKS: [(Shape, &[&str]); 4] = [
    (Shape::Bundle, &["mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope"]),
    (Shape::Envelope, &["payload", "payloadType", "signatures"]),
    (Shape::OldCosign, &["base64Signature", "rekorBundle"]),
    (Shape::List, &["attestations"]),
];

/// The documents in `bytes`, each read or refused.
pub(super) fn read(bytes: &[u8]) -> Vec<Result<Document<'_>, Refusal>> {
    if bytes.len() > MAX_BUNDLE {
        let n = bytes.len();
        return refused(Refusal::unreadable(format!(
            "{n} bytes are over the limit of {MAX_BUNDLE} for a bundle"
        )));
    }
    let lines: Vec<&[u8]> =
        bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).collect();
    let documents = match lines.as_slice() {
        [] => return refused(Refusal::invalid("the file is empty")),
        lines if !is_one_a_line(lines) => open(bytes, &mut 0),
        lines if lines.len() > MAX_BUNDLES => return refused(too_many(lines.len())),
        lines => {
            let mut used = 0;
            lines.iter().flat_map(|line| open(line, &mut used)).collect()
        }
    };
    match documents.len() {
        n if n > MAX_BUNDLES => refused(too_many(n)),
        _ => documents,
    }
}

fn refused<T>(refusal: Refusal) -> Vec<Result<T, Refusal>> {
    vec![Err(refusal)]
}

fn too_many(n: usize) -> Refusal {
    Refusal::unreadable(format!("{n} bundles in a file are over the limit of {MAX_BUNDLES}"))
}

/// A document printed over several lines does not end on its first.
fn is_one_a_line(lines: &[&[u8]]) -> bool {
    let [first, _, ..] = lines else { return false };
    lines.iter().all(|line| line.starts_with(b"{") && line.ends_with(b"}"))
        || json::check(first, LIMITS).is_ok()
}

/// One document, or those in the list that it is, beside those of the same file that take `used` bytes of memory.
fn open<'a>(bytes: &'a [u8], used: &mut usize) -> Vec<Result<Document<'a>, Refusal>> {
    let value = match json::parse_beside(bytes, LIMITS, used) {
        Ok(value) => value,
        Err(error) => return refused(Refusal::of_json("a Sigstore bundle", &error)),
    };
    match shape(&value) {
        Ok(Shape::List) => listed(value),
        Ok(_) => match std::str::from_utf8(bytes) {
            Ok(text) => vec![Ok(Document { value, text: Cow::Borrowed(text), predicate_type: None })],
            Err(error) => refused(Refusal::invalid(error.to_string())),
        },
        Err(refusal) => refused(refusal),
    }
}

/// What `value` is; a bundle where nothing tells, so that its reader says what is missing.
pub(super) fn shape(value: &Value) -> Result<Shape, Refusal> {
    let has = |names: &[&str]| names.iter().any(|name| value.get(name).is_some());
    let mut shapes = MARKS.iter().filter(|(_, names)| has(names)).map(|(shape, _)| *shape);
    match (shapes.next(), shapes.next()) {
        (None, _) => Ok(Shape::Bundle),
        (Some(one), None) => Ok(one),
        _ => Err(Refusal::invalid("the document has members of two signature formats at once")),
    }
}

/// The bundles of `{"attestations": [{"predicateType", "bundle"}]}`, as npm's registry answers and GitHub's API, which
/// gives no predicate type.
fn listed(mut list: Value) -> Vec<Result<Document<'static>, Refusal>> {
    let Some(Value::Array(entries)) = list.get_mut("attestations").map(Value::take) else {
        return refused(Refusal::invalid("\"attestations\" is not a list"));
    };
    match entries.len() {
        0 => refused(Refusal::invalid("the list of attestations is empty: it proves nothing")),
        n if n > MAX_BUNDLES => refused(too_many(n)),
        _ => entries.into_iter().enumerate().map(|(at, entry)| listed_one(at, entry)).collect(),
    }
}

fn listed_one(at: usize, mut entry: Value) -> Result<Document<'static>, Refusal> {
    let bundle = entry.get_mut("bundle").map(Value::take).filter(Value::is_object);
    let value = bundle.ok_or_else(|| Refusal::invalid(format!("attestation {} has no bundle", at + 1)))?;
    let predicate_type = match entry.get("predicateType") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => {
            return Err(Refusal::invalid(format!("the predicate type of attestation {} is no text", at + 1)));
        }
    };
    match shape(&value)? {
        Shape::Bundle => Ok(Document { text: Cow::Owned(value.to_string()), value, predicate_type }),
        _ => Err(Refusal::invalid(format!("attestation {} holds no Sigstore bundle", at + 1))),
    }
}

impl Document<'_> {
    /// What the list said must be what was signed.
    pub fn refuse_other_predicate(&self, signed: Option<&str>) -> Result<(), Refusal> {
        match &self.predicate_type {
            Some(told) if signed != Some(told) => Err(Refusal::invalid(format!(
                "it is listed as {}, and {}",
                Untrusted::new(told),
                signed.map_or_else(
                    || "what is signed is no statement".to_owned(),
                    |signed| format!("what is signed is {}", Untrusted::new(signed))
                )
            ))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::Reason;

    fn told(text: &str) -> Vec<String> {
        read(text.as_bytes())
            .into_iter()
            .map(|document| match document {
                Ok(it) => format!("{} {:?}", it.value, it.predicate_type.as_deref().unwrap_or_default()),
                Err(refusal) => format!("{:?}: {refusal}", refusal.reason),
            })
            .collect()
    }

    #[test]
    fn one_document_or_one_a_line_whatever_the_ends_of_lines() {
        let (one, other) = ("{\"mediaType\":\"a\"} \"\"", "{\"mediaType\":\"b\"} \"\"");
        for text in
            ["{\"mediaType\":\"a\"}", "{\n  \"mediaType\": \"a\"\n}\n", "\n\n{\"mediaType\":\"a\"}\r\n\r\n"]
        {
            assert_eq!(told(text), [one], "{text:?}");
        }
        for text in [
            "{\"mediaType\":\"a\"}\n{\"mediaType\":\"b\"}",
            "{\"mediaType\":\"a\"}\r\n\r\n  {\"mediaType\":\"b\"}\r\n",
            "\n{\"mediaType\":\"a\"}\n\n\n{\"mediaType\":\"b\"}\n\n",
        ] {
            assert_eq!(told(text), [one, other], "{text:?}");
        }
    }

    #[test]
    fn a_line_that_is_no_document_is_refused_and_hides_none_of_the_others() {
        let all = told("{\"mediaType\":\"a\"}\ngarbage\n{\"mediaType\":\"b\"}");
        assert_eq!(all.len(), 3);
        assert!(all[1].starts_with("Invalid: not a Sigstore bundle"), "{all:?}");
        assert_eq!(told("{\"mediaType\":\"a\"} {\"mediaType\":\"b\"}").len(), 1);
        assert!(told("{\"mediaType\":\"a\"} {\"mediaType\":\"b\"}")[0].starts_with("Invalid"));
        assert_eq!(told(" \r\n"), ["Invalid: the file is empty"]);
    }

    #[test]
    fn a_list_gives_its_bundles_with_what_it_says_of_them() {
        let all = told(
            r#"{"attestations":[{"predicateType":"p","bundle":{"mediaType":"a"}},{"bundle":{"mediaType":"b"},"repository_id":1}]}"#,
        );
        assert_eq!(all, ["{\"mediaType\":\"a\"} \"p\"", "{\"mediaType\":\"b\"} \"\""]);
        for (bad, why) in [
            (r#"{"attestations":[]}"#, "Invalid: the list of attestations is empty: it proves nothing"),
            (r#"{"attestations":{}}"#, "Invalid: \"attestations\" is not a list"),
            (r#"{"attestations":[{"bundle":null}]}"#, "Invalid: attestation 1 has no bundle"),
            (r#"{"attestations":[{"predicateType":"p"}]}"#, "Invalid: attestation 1 has no bundle"),
            (
                r#"{"attestations":[{"predicateType":1,"bundle":{}}]}"#,
                "Invalid: the predicate type of attestation 1 is no text",
            ),
            (
                r#"{"attestations":[{"bundle":{"attestations":[]}}]}"#,
                "Invalid: attestation 1 holds no Sigstore bundle",
            ),
        ] {
            assert_eq!(told(bad), [why]);
        }
    }

    #[test]
    fn a_document_of_two_formats_is_refused() {
        for both in [
            r#"{"mediaType":"a","attestations":[]}"#,
            r#"{"dsseEnvelope":{},"payload":"","payloadType":"","signatures":[]}"#,
            r#"{"base64Signature":"","verificationMaterial":{}}"#,
        ] {
            assert_eq!(told(both), ["Invalid: the document has members of two signature formats at once"]);
        }
    }

    #[test]
    fn more_documents_than_the_limit_are_not_read_however_they_are_packed() {
        let line = "{\"mediaType\":\"a\"}\n";
        let entry = r#"{"bundle":{"mediaType":"a"}}"#;
        let list = |n: usize| format!("{{\"attestations\":[{}]}}", vec![entry; n].join(","));
        assert_eq!(read(line.repeat(MAX_BUNDLES).as_bytes()).len(), MAX_BUNDLES);
        assert_eq!(read(list(MAX_BUNDLES).as_bytes()).len(), MAX_BUNDLES);
        for over in
            [line.repeat(MAX_BUNDLES + 1), list(MAX_BUNDLES + 1), format!("{}\n{}", list(60), list(60))]
        {
            let all = read(over.as_bytes());
            let [Err(refusal)] = all.as_slice() else { panic!("{} documents", all.len()) };
            assert_eq!(refusal.reason, Reason::Unreadable);
        }
        let large = vec![b' '; MAX_BUNDLE + 1];
        assert!(matches!(read(&large).as_slice(), [Err(refusal)] if refusal.reason == Reason::Unreadable));
    }

    #[test]
    fn what_takes_too_much_memory_is_not_read_and_hides_none_of_the_others() {
        let of = |items: usize| format!("{{\"mediaType\":\"a\",\"x\":[{}]}}", vec!["1"; items].join(","));
        let is_read = |text: &str| read(text.as_bytes()).iter().map(Result::is_ok).collect::<Vec<_>>();
        assert_eq!(is_read(&of(262_128)), [true]);
        assert_eq!(
            told(&of(262_129)),
            [
                "Unreadable: a Sigstore bundle over the limit: what is read takes more than 16777216 bytes of memory \
                 from $.x[262128] on, at line 1 column 524278"
            ]
        );
        // Several in a file are kept together.
        let several = [of(100_000), of(100_000), of(100_000), of(10)].join("\n");
        assert_eq!(is_read(&several), [true, true, false, true]);
    }
}
