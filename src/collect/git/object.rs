//! The headers of raw commit and tag objects, read strictly.
//!
//! The rule that must not be broken: an object has one meaning, whoever reads it. A header that some readers take the
//! first of and others the last is refused when it is there twice; so are a NUL among the headers and headers out of
//! order. What is read are the bytes that the object's id was computed over, never a re-encoding of them.

use super::GitError;
use crate::evidence::written;
use gix::{ObjectId, objs::Kind};
use jiff::Timestamp;

/// A tag object.
pub(super) struct RawTag<'a> {
    pub(super) target: ObjectId,
    pub(super) target_kind: Kind,
    pub(super) name: &'a [u8],
    pub(super) time: Option<Timestamp>,
    pub(super) is_signed: bool,
}

/// Reads a tag object; `id` is named in errors.
pub(super) fn tag(id: ObjectId, bytes: &[u8]) -> Result<RawTag<'_>, GitError> {
    let malformed = |why| GitError::Malformed { object: id.to_string(), why };
    let headers = headers(id, bytes)?;
    refuse_repeated(id, &headers, &[])?;
    let [(b"object", target), (b"type", kind), (b"tag", name), rest @ ..] = headers.as_slice() else {
        return Err(malformed("a tag begins with the headers object, type and tag"));
    };
    let tagger = rest.iter().find(|(name, _)| *name == b"tagger");
    Ok(RawTag {
        target: ObjectId::from_hex(target).map_err(|_| malformed("its object header is not an object id"))?,
        target_kind: Kind::from_bytes(kind)
            .map_err(|_| malformed("its type header is not a kind of object"))?,
        name,
        time: tagger.and_then(|(_, value)| written::time(value)),
        is_signed: written::is_signed(bytes),
    })
}

/// A commit object.
#[derive(Debug)]
pub(super) struct RawCommit {
    pub(super) tree: ObjectId,
    pub(super) time: Option<Timestamp>,
}

/// Reads a commit that something is concluded from.
pub(super) fn commit(id: ObjectId, bytes: &[u8]) -> Result<RawCommit, GitError> {
    let malformed = |why| GitError::Malformed { object: id.to_string(), why };
    let headers = headers(id, bytes)?;
    refuse_repeated(id, &headers, &[b"parent", b"mergetag"])?;
    let [(b"tree", tree), rest @ ..] = headers.as_slice() else {
        return Err(malformed("a commit begins with the header tree"));
    };
    let parents = rest.iter().take_while(|(name, _)| *name == b"parent").count();
    let [(b"author", _), (b"committer", committer), others @ ..] = &rest[parents..] else {
        return Err(malformed("a commit names its parents, author and committer, in this order"));
    };
    if others.iter().any(|(name, _)| *name == b"parent") {
        return Err(malformed("a commit names its parents before its author"));
    }
    Ok(RawCommit {
        tree: ObjectId::from_hex(tree).map_err(|_| malformed("its tree header is not an object id"))?,
        time: written::time(committer),
    })
}

/// The parents of a commit of the history and when it was made. Read leniently: old histories hold odd commits, and
/// nothing but reachability is concluded from them.
pub(super) fn history(id: ObjectId, bytes: &[u8]) -> Result<(Vec<ObjectId>, i64), GitError> {
    let malformed = |why| GitError::Malformed { object: id.to_string(), why };
    let mut parents = Vec::new();
    let mut made = 0;
    for line in bytes.split(|b| *b == b'\n').take_while(|line| !line.is_empty()) {
        if let Some(parent) = line.strip_prefix(b"parent ") {
            parents.push(ObjectId::from_hex(parent).map_err(|_| malformed("a parent is not an object id"))?);
        } else if let Some(committer) = line.strip_prefix(b"committer ") {
            made = written::time(committer).map_or(0, Timestamp::as_second);
            break;
        }
    }
    Ok((parents, made))
}

/// When a commit was written by its author and made by its committer, read leniently.
pub(super) fn times(bytes: &[u8]) -> [Option<Timestamp>; 2] {
    [&b"author "[..], b"committer "].map(|name| {
        let mut headers = bytes.split(|b| *b == b'\n').take_while(|line| !line.is_empty());
        headers.find_map(|line| line.strip_prefix(name)).and_then(written::time)
    })
}

/// A header's name, and the first line of its value.
type Header<'a> = (&'a [u8], &'a [u8]);

/// Every header with the first line of its value.
fn headers(id: ObjectId, bytes: &[u8]) -> Result<Vec<Header<'_>>, GitError> {
    let malformed = |why| GitError::Malformed { object: id.to_string(), why };
    let mut headers = Vec::new();
    for line in bytes.split(|b| *b == b'\n') {
        if line.is_empty() {
            return Ok(headers);
        }
        if line.contains(&0) {
            return Err(malformed("there is a NUL among its headers"));
        }
        match line.iter().position(|b| *b == b' ') {
            Some(0) if headers.is_empty() => return Err(malformed("its first line continues nothing")),
            Some(0) => {}
            Some(space) => headers.push((&line[..space], &line[space + 1..])),
            None => return Err(malformed("a header has no value")),
        }
    }
    Ok(headers)
}

/// Refuses a header that is there twice, except those of `repeatable`.
fn refuse_repeated(id: ObjectId, headers: &[Header<'_>], repeatable: &[&[u8]]) -> Result<(), GitError> {
    let mut names: Vec<&[u8]> =
        headers.iter().map(|(name, _)| *name).filter(|n| !repeatable.contains(n)).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(GitError::DuplicateHeader {
            object: id.to_string(),
            header: crate::text::Untrusted::new(String::from_utf8_lossy(pair[0])),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "object 1111111111111111111111111111111111111111\ntype commit\ntag v1\n\
                       tagger T <t@example.org> 1700000000 +0100\n\nmessage\n";
    const COMMIT: &str = "tree 1111111111111111111111111111111111111111\n\
                          parent 2222222222222222222222222222222222222222\n\
                          parent 3333333333333333333333333333333333333333\n\
                          author A <a@example.org> 1700000000 +0000\n\
                          committer C <c@example.org> 1700000001 +0000\ngpgsig a\n b\n\nmessage\n";

    fn id() -> ObjectId {
        ObjectId::null(gix::hash::Kind::Sha1)
    }

    fn tag_error(text: &str) -> String {
        tag(id(), text.as_bytes()).err().expect(text).to_string()
    }

    fn commit_error(text: &str) -> String {
        commit(id(), text.as_bytes()).expect_err(text).to_string()
    }

    #[test]
    fn a_well_formed_tag_and_commit_are_read() {
        let read = tag(id(), TAG.as_bytes()).unwrap();
        assert_eq!((read.name, read.target_kind, read.is_signed), (&b"v1"[..], Kind::Commit, false));
        assert_eq!(read.time.unwrap().as_second(), 1_700_000_000);
        assert_eq!(commit(id(), COMMIT.as_bytes()).unwrap().time.unwrap().as_second(), 1_700_000_001);
        let (parents, made) = history(id(), COMMIT.as_bytes()).unwrap();
        assert_eq!((parents.len(), made), (2, 1_700_000_001));
    }

    #[test]
    fn each_header_of_a_tag_given_twice_is_refused_by_name() {
        for name in ["object", "type", "tag", "tagger"] {
            let line = TAG.lines().find(|l| l.starts_with(&format!("{name} "))).unwrap();
            let twice = TAG.replacen(line, &format!("{line}\n{line}"), 1);
            assert!(tag_error(&twice).contains(&format!("the header {name} twice")), "{twice}");
        }
    }

    #[test]
    fn each_header_of_a_commit_given_twice_is_refused_unless_it_may_repeat() {
        for name in ["tree", "author", "committer"] {
            let line = COMMIT.lines().find(|l| l.starts_with(&format!("{name} "))).unwrap();
            let twice = COMMIT.replacen(line, &format!("{line}\n{line}"), 1);
            assert!(commit_error(&twice).contains(&format!("the header {name} twice")), "{twice}");
        }
        let signed_twice = COMMIT.replacen("gpgsig a\n b\n", "gpgsig a\n b\ngpgsig a\n", 1);
        assert!(commit_error(&signed_twice).contains("the header gpgsig twice"));
    }

    #[test]
    fn headers_out_of_order_or_with_odd_bytes_are_refused() {
        assert!(tag_error(&TAG.replacen("object ", "objekt ", 1)).contains("begins with"));
        assert!(tag_error(&TAG.replacen("type commit", "type commits", 1)).contains("kind of object"));
        assert!(tag_error(&TAG.replacen("object 1", "object ", 1)).contains("object id"));
        assert!(tag_error(&TAG.replacen("tag v1", "tag v\0", 1)).contains("NUL"));
        assert!(tag_error(&format!(" x\n{TAG}")).contains("continues nothing"));
        assert!(tag_error("").contains("begins with"));
        let late = COMMIT.replacen("gpgsig a", "parent 2222222222222222222222222222222222222222", 1);
        assert!(commit_error(&late).contains("before its author"));
        assert!(commit_error(&COMMIT.replacen("committer ", "comitter ", 1)).contains("in this order"));
    }
}
