//! The git protocol, version 2, as far as a release is read with it: which references there are, and some of the objects
//! (gitprotocol-v2(5), commands `ls-refs` and `fetch`).
//!
//! Over HTTP each question is one request, and needs no advertisement of capabilities before it (gitprotocol-http(5)).
//! Nothing is believed here but the form: what a reference leads to is read from objects whose ids are computed again.

use gix::ObjectId;
use gix_packetline::{PacketLineRef, decode};

/// What this program calls itself to a server.
const AGENT: &str = concat!("agent=relcheck/", env!("CARGO_PKG_VERSION"));

/// A reference of the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// Its full name.
    pub(super) name: String,
    /// What it points to.
    pub(super) id: ObjectId,
    /// The reference that it stands for, where it is a symbolic one.
    pub(super) target: Option<String>,
}

/// Which objects are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// These, and what they lead to.
    pub(super) ids: &'a [ObjectId],
    /// How much of what they lead to.
    pub(super) reach: Reach<'a>,
    /// What is left out unless it is asked for by id.
    pub(super) without: Without,
}

/// How far commits are followed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reach<'a> {
    /// No parents of commits.
    One,
    /// The parents that this reference does not lead to.
    NotIn(&'a str),
}

/// What is left out (rev-list-options, `--filter`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Without {
    /// The contents of files.
    Files,
    /// Files and folders.
    Folders,
    /// Nothing, for servers that leave nothing out.
    Nothing,
}

/// What an answer is that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum WireError {
    /// The server says why it gives nothing.
    #[error("the server says: {0}")]
    Refused(String),
    /// The answer does not have the form of one.
    #[error("the answer of the server {0}")]
    Malformed(&'static str),
}

/// The question for all references whose names begin with one of `prefixes`.
pub(super) fn ask_references(prefixes: &[&str]) -> Vec<u8> {
    let mut question = command("ls-refs");
    line(&mut question, "symrefs");
    for prefix in prefixes {
        line(&mut question, &format!("ref-prefix {prefix}"));
    }
    question.extend(b"0000");
    question
}

/// The references in the answer, none with a name that git does not allow.
pub(super) fn references(answer: &[u8], most: usize) -> Result<Vec<Reference>, WireError> {
    let mut found = Vec::new();
    let mut lines = Lines { rest: answer };
    while let Some(text) = lines.until_flush()? {
        if found.len() == most {
            return Err(WireError::Malformed("lists more references than are read"));
        }
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let text =
            std::str::from_utf8(text).map_err(|_| WireError::Malformed("has a name that is not UTF-8"))?;
        found.extend(reference(text)?);
    }
    Ok(found)
}

/// `OID NAME[ symref-target:NAME][ peeled:OID]`; nothing for a reference that points to no object yet.
fn reference(text: &str) -> Result<Option<Reference>, WireError> {
    let mut parts = text.split(' ');
    let (Some(id), Some(name)) = (parts.next(), parts.next()) else {
        return Err(WireError::Malformed("has a line that is no reference"));
    };
    let is_name = |name: &str| name == "HEAD" || gix::validate::reference::name(name.into()).is_ok();
    let target = parts.find_map(|attribute| attribute.strip_prefix("symref-target:"));
    if !is_name(name) || target.is_some_and(|target| !is_name(target)) {
        return Err(WireError::Malformed("has a reference whose name git does not allow"));
    }
    if id == "unborn" {
        return Ok(None);
    }
    let id = ObjectId::from_hex(id.as_bytes())
        .map_err(|_| WireError::Malformed("has a reference to something that is no object"))?;
    Ok(Some(Reference { name: name.to_owned(), id, target: target.map(str::to_owned) }))
}

/// The question for objects, as one pack.
pub(super) fn ask_objects(wanted: &Wanted<'_>) -> Vec<u8> {
    let mut question = command("fetch");
    line(&mut question, "no-progress");
    line(&mut question, "ofs-delta");
    match wanted.reach {
        Reach::One => line(&mut question, "deepen 1"),
        Reach::NotIn(name) => line(&mut question, &format!("deepen-not {name}")),
    }
    match wanted.without {
        Without::Files => line(&mut question, "filter blob:none"),
        Without::Folders => line(&mut question, "filter tree:0"),
        Without::Nothing => {}
    }
    for id in wanted.ids {
        line(&mut question, &format!("want {id}"));
    }
    line(&mut question, "done");
    question.extend(b"0000");
    question
}

/// The pack in the answer.
pub(super) fn pack(answer: &[u8]) -> Result<Vec<u8>, WireError> {
    let mut lines = Lines { rest: answer };
    // Before it come sections such as shallow-info, each of which ends with a delimiter.
    while lines.next_text()?.is_none_or(|text| text.trim_ascii_end() != b"packfile") {}
    let mut pack = Vec::new();
    while let Some(text) = lines.until_flush()? {
        let band = PacketLineRef::Data(text).decode_band();
        match band.map_err(|_| WireError::Malformed("has a part of a pack in no known band"))? {
            gix_packetline::BandRef::Data(bytes) => pack.extend_from_slice(bytes),
            gix_packetline::BandRef::Progress(_) => {}
            gix_packetline::BandRef::Error(text) => return Err(refused(text)),
        }
    }
    Ok(pack)
}

/// The beginning of every question.
fn command(name: &str) -> Vec<u8> {
    let mut question = Vec::new();
    line(&mut question, &format!("command={name}"));
    line(&mut question, AGENT);
    line(&mut question, "object-format=sha1");
    question.extend(b"0001");
    question
}

fn line(question: &mut Vec<u8>, text: &str) {
    question.extend(format!("{:04x}{text}\n", text.len() + 5).into_bytes());
}

fn refused(text: &[u8]) -> WireError {
    let text = String::from_utf8_lossy(&text[..text.len().min(500)]);
    WireError::Refused(crate::text::clean(text.trim()).into_owned())
}

/// The lines of an answer.
struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<PacketLineRef<'a>, WireError> {
        match decode::streaming(self.rest) {
            Ok(decode::Stream::Complete { line, bytes_consumed }) => {
                self.rest = &self.rest[bytes_consumed..];
                match line.as_slice().and_then(|text| text.strip_prefix(b"ERR ")) {
                    Some(error) => Err(refused(error)),
                    None => Ok(line),
                }
            }
            Ok(decode::Stream::Incomplete { .. }) => Err(WireError::Malformed("was cut off")),
            Err(_) => Err(WireError::Malformed("is not one of git")),
        }
    }

    /// The next line; nothing for a delimiter between sections.
    fn next_text(&mut self) -> Result<Option<&'a [u8]>, WireError> {
        match self.next()? {
            PacketLineRef::Data(text) => Ok(Some(text)),
            PacketLineRef::Delimiter => Ok(None),
            PacketLineRef::Flush | PacketLineRef::ResponseEnd => {
                Err(WireError::Malformed("ends without a pack"))
            }
        }
    }

    /// The next line; nothing at the end, behind which nothing may come.
    fn until_flush(&mut self) -> Result<Option<&'a [u8]>, WireError> {
        match self.next()? {
            PacketLineRef::Data(text) => Ok(Some(text)),
            PacketLineRef::Flush if self.rest.is_empty() => Ok(None),
            PacketLineRef::Flush => Err(WireError::Malformed("goes on after its end")),
            PacketLineRef::Delimiter | PacketLineRef::ResponseEnd => {
                Err(WireError::Malformed("has a section that was not asked for"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    mod mutated;

    const ID: &str = "1111111111111111111111111111111111111111";

    fn answer(lines: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for text in lines {
            line(&mut bytes, text);
        }
        [bytes.as_slice(), b"0000"].concat()
    }

    #[test]
    fn a_question_is_written_as_git_writes_it() {
        let question = String::from_utf8(ask_references(&["refs/tags/"])).unwrap();
        let agent = format!("{:04x}{AGENT}\n", AGENT.len() + 5);
        assert_eq!(
            question,
            format!(
                "0014command=ls-refs\n{agent}0017object-format=sha1\n0001000csymrefs\n001aref-prefix refs/tags/\n0000"
            )
        );
    }

    #[test]
    fn references_are_read_with_what_they_stand_for() {
        let bytes = answer(&[
            &format!("{ID} HEAD symref-target:refs/heads/main"),
            &format!("{ID} refs/tags/v1 peeled:{ID}"),
            "unborn HEAD symref-target:refs/heads/main",
        ]);
        let found = references(&bytes, 10).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].target.as_deref(), Some("refs/heads/main"));
        assert_eq!((found[1].name.as_str(), found[1].target.as_ref()), ("refs/tags/v1", None));
    }

    #[test]
    fn an_answer_that_is_cut_off_or_goes_on_is_refused() {
        let good = answer(&[&format!("{ID} refs/tags/v1")]);
        for end in 0..good.len() {
            assert_eq!(references(&good[..end], 10), Err(WireError::Malformed("was cut off")), "{end}");
        }
        let more = [good.as_slice(), b"0000"].concat();
        assert_eq!(references(&more, 10), Err(WireError::Malformed("goes on after its end")));
        assert_eq!(references(&good, 0), Err(WireError::Malformed("lists more references than are read")));
        assert_eq!(references(b"<!DOCTYPE html>", 10), Err(WireError::Malformed("is not one of git")));
    }

    #[test]
    fn names_that_git_does_not_allow_are_refused() {
        for name in ["refs/tags/../x", "refs/tags/a\nb", "refs/tags/.x", "refs/tags/x.lock", "refs//x", ""] {
            let bytes = answer(&[&format!("{ID} {name}")]);
            let error = references(&bytes, 10).unwrap_err();
            assert_eq!(
                error,
                WireError::Malformed("has a reference whose name git does not allow"),
                "{name:?}"
            );
        }
    }

    #[test]
    fn what_the_server_says_is_shown_escaped() {
        for bytes in [
            answer(&["ERR upload-pack: not our ref \u{1b}[31m"]),
            answer(&["packfile", "\u{3}not our ref \u{1b}"]),
        ] {
            let WireError::Refused(text) = pack(&bytes).unwrap_err() else { panic!() };
            assert!(text.contains("not our ref") && !text.contains('\u{1b}'), "{text:?}");
        }
        let none = answer(&["shallow-info"]);
        assert_eq!(pack(&none), Err(WireError::Malformed("ends without a pack")));
        let odd = answer(&["packfile", "\u{4}x"]);
        assert_eq!(pack(&odd), Err(WireError::Malformed("has a part of a pack in no known band")));
    }
}
