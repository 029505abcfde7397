//! What a pack says of its tag: its record, the list of tags, and the bytes of the tag object.
//!
//! The rule that must not be broken: they do not contradict each other. Bytes have one id, whatever the manifest says, and
//! what they say of the commit is judged where they are.

use super::PackError;
use crate::{
    evidence::{Evidence, TagKind, TagRecord, written},
    text::Untrusted,
};
use jiff::Timestamp;

/// Refuses evidence whose tag contradicts itself.
pub(super) fn refuse_contradiction(evidence: &Evidence) -> Result<(), PackError> {
    let Some(record) = evidence.tag_record.present() else { return Ok(()) };
    let contradiction = |about: &str| {
        Err(PackError::Contradiction { about: format!("{about} {}", Untrusted::new(evidence.tag.raw())) })
    };
    if record.name != evidence.tag {
        return contradiction("the name of the tag");
    }
    // A lightweight tag is a name of the commit, and no tag object is one.
    if (record.kind == TagKind::Lightweight) != (record.object == record.commit) {
        return contradiction("the commit of the tag");
    }
    let listed = evidence.tags.present().into_iter().flatten();
    if listed.filter(|other| other.name == record.name).any(|other| !is_same(other, record)) {
        return contradiction("the list of tags, which has another");
    }
    match evidence.tag_object.present() {
        Some(item) if !is_of(record, &item.bytes) => contradiction("the object of the tag"),
        _ => Ok(()),
    }
}

/// Whether two records are of one tag. When it was made, a list need not know.
fn is_same(one: &TagRecord, other: &TagRecord) -> bool {
    (&one.object, &one.commit, one.kind) == (&other.object, &other.commit, other.kind)
        && (one.time.is_none() || one.time == other.time)
}

/// When the tag says that it was made.
fn made(object: &[u8]) -> Option<Timestamp> {
    let mut headers = object.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
    written::time(headers.find_map(|line| line.strip_prefix(b"tagger "))?)
}

/// How the tag was made. A lightweight one has no object.
fn kind(object: &[u8]) -> TagKind {
    if written::is_signed(object) { TagKind::Signed } else { TagKind::Annotated }
}

/// Whether `object` holds the bytes of the tag object that `record` names, and says the same of it.
fn is_of(record: &TagRecord, object: &[u8]) -> bool {
    let own = gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Tag, object);
    let named = gix::ObjectId::from_hex(record.object.as_str().as_bytes());
    // One of two that were made to have the same id has none.
    let is_same = matches!((own, named), (Ok(own), Ok(named)) if own == named);
    is_same && made(object) == record.time && kind(object) == record.kind
}
