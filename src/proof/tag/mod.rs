//! Signed tags, read from the bytes of the tag object.
//!
//! The rule that must not be broken: what is verified is what is concluded from. A signature counts when it is over
//! exactly the bytes before it, and those bytes name the tag and the commit that are judged. Nothing is encoded anew. A
//! commit's own signature says nothing about a tag, and is not looked at.

mod cms;
mod gitsign;
mod log_entry;
mod object;

use super::{Proof, Reason, Refusal, Signed, openpgp, ssh};
use crate::{evidence::TagRecord, release::ObjectId, text::Untrusted, trust::TrustRoots};
use object::{Armor, Headers, TagObject};

/// Verifies the signature that the tag object `bytes` ends in, and that it is over the tag that `record` describes;
/// `None` where it has none.
pub fn verify(record: &TagRecord, bytes: &[u8], trust: &TrustRoots) -> Option<Result<Proof, Refusal>> {
    match TagObject::split(bytes) {
        Ok(None) => None,
        Ok(Some(tag)) => Some(of(record, &tag, trust)),
        Err(refusal) => Some(Err(refusal)),
    }
}

/// What a tag is signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OpenPGP.
    OpenPgp,
    /// SSH.
    Ssh,
    /// A Sigstore certificate, by gitsign.
    Sigstore,
}

/// What the tag object `bytes` is signed with; nothing where it is not signed, or by something else.
pub fn format(bytes: &[u8]) -> Option<Format> {
    match TagObject::split(bytes).ok().flatten()?.armor {
        Armor::OpenPgp => Some(Format::OpenPgp),
        Armor::Ssh => Some(Format::Ssh),
        Armor::Cms => Some(Format::Sigstore),
        Armor::OpenPgpMessage => None,
    }
}

/// What is wrong with the tag object `bytes` that the tag `name` points to, signed or not: it is malformed, was made under
/// another name, or leads to something else than a commit, or than the one that the tag is known to lead to.
pub fn fault(name: &Untrusted, commit: Option<&ObjectId>, bytes: &[u8]) -> Option<String> {
    let signed = TagObject::split(bytes).ok().flatten();
    let headers = match Headers::read(signed.map_or(bytes, |tag| tag.payload)) {
        Ok(headers) => headers,
        // A header that nobody knows is no fault; whether the signature is over it is the signature's matter.
        Err(refusal) => return (refusal.reason == Reason::Invalid).then_some(refusal.detail),
    };
    let show = |bytes: &[u8]| Untrusted::new(String::from_utf8_lossy(bytes));
    if headers.name != name.raw().as_bytes() {
        return Some(format!("it was made under the name {}, and not {name}", show(headers.name)));
    }
    if headers.kind != b"commit" {
        return Some(format!("it points to a {}, and not to a commit", show(headers.kind)));
    }
    let other = commit.filter(|commit| headers.object != commit.as_str().as_bytes())?;
    Some(format!("it points to the commit {}, and not to {other}", show(headers.object)))
}

fn of(record: &TagRecord, tag: &TagObject<'_>, trust: &TrustRoots) -> Result<Proof, Refusal> {
    let headers = tag.headers()?;
    let signed = Signed::Object(record.object.clone());
    let proof = match tag.armor {
        Armor::OpenPgp => openpgp::verify_over(tag.signature, tag.payload, trust.tag_keys(), signed),
        Armor::Ssh => {
            ssh::verify_tag(tag.signature, tag.payload, trust.tag_keys(), headers.tagged_at, signed)
        }
        Armor::Cms => gitsign::verify(tag.signature, tag.payload, trust, signed),
        Armor::OpenPgpMessage => Err(Refusal::unreadable(
            "it is signed by an OpenPGP message, which git made long ago and nobody reads",
        )),
    }?;
    headers.bind(record)?;
    Ok(Proof { stated: proof.stated.or(headers.tagged_at), ..proof })
}

impl Headers<'_> {
    /// That the signed bytes are those of this very tag.
    fn bind(&self, record: &TagRecord) -> Result<(), Refusal> {
        let unbound = |detail: String| Err(Refusal::new(Reason::Unbound, detail));
        let show = |bytes: &[u8]| Untrusted::new(String::from_utf8_lossy(bytes));
        if self.kind != b"commit" {
            return unbound(format!("it signs a tag of a {}, and not of a commit", show(self.kind)));
        }
        if self.name != record.name.raw().as_bytes() {
            return unbound(format!("it signs the tag {}, and not {}", show(self.name), record.name));
        }
        if self.object != record.commit.as_str().as_bytes() {
            return unbound(format!("it signs the object {}, and not {}", show(self.object), record.commit));
        }
        Ok(())
    }
}
