//! User certificates of OpenSSH (PROTOCOL.certkeys): an authority says to whom a key belongs, and for how long.
//!
//! The rule that must not be broken: a certificate that limits itself in a way that cannot be honoured here proves nothing.
//! Every critical option is such a limit, whether or not its name is known.

use super::signature;
use crate::{
    proof::Refusal,
    trust::ssh::{
        PublicKey,
        wire::{Material, Reader, put_string},
    },
};
use jiff::Timestamp;

/// Ends the algorithm's name of a certificate.
const SUFFIX: &str = "-cert-v01@openssh.com";
/// Certificates for people; those for hosts have 2.
const USER: u32 = 1;
/// Most principals of a certificate; OpenSSH's own limit.
const MAX_PRINCIPALS: usize = 256;
/// The longest principal, and the longest key id, in bytes.
const MAX_NAME: usize = 1024;

/// A certificate that is well formed. Its authority's signature has not been verified.
pub(super) struct Certificate {
    pub(super) key: PublicKey,
    pub(super) authority: PublicKey,
    pub(super) principals: Vec<String>,
    pub(super) key_id: String,
    pub(super) serial: u64,
    valid_after: u64,
    valid_before: u64,
    signature: Vec<u8>,
    /// What the signature is over.
    signed: Vec<u8>,
}

impl Certificate {
    /// Decodes the blob of a certificate.
    pub(super) fn read(blob: &[u8]) -> Result<Self, Refusal> {
        let mut reader = Reader::new(blob);
        let algorithm = reader.text().and_then(|name| name.strip_suffix(SUFFIX));
        let algorithm = plain(algorithm.ok_or_else(|| malformed("its algorithm is none that is known"))?);
        let short = || malformed("it is cut short");
        reader.string().ok_or_else(short)?; // the nonce
        let before = reader.rest();
        Material::read(&algorithm, &mut reader).map_err(malformed)?;
        let fields = &before[..before.len() - reader.rest().len()];
        let key = key(&algorithm, fields)?;
        let (Some(serial), Some(kind), Some(key_id), Some(names), Some(valid_after), Some(valid_before)) =
            (reader.u64(), reader.u32(), reader.text(), reader.string(), reader.u64(), reader.u64())
        else {
            return Err(short());
        };
        let [Some(critical), Some(_extensions), Some(reserved), Some(authority)] =
            [(); 4].map(|()| reader.string())
        else {
            return Err(short());
        };
        let signed = &blob[..blob.len() - reader.rest().len()];
        let signature = reader.string().ok_or_else(short)?;
        if !reader.is_at_end() {
            return Err(malformed("there are bytes after it"));
        }
        if kind != USER {
            return Err(malformed("it is one of a host, not of a person"));
        }
        if !reserved.is_empty() {
            return Err(malformed("its reserved field is in use"));
        }
        if let Some(option) = first_name(critical)? {
            return Err(Refusal::invalid(format!(
                "its certificate is limited by the critical option \"{option}\", which no file can meet"
            )));
        }
        Ok(Self {
            key,
            authority: PublicKey::parse(authority)
                .map_err(|why| malformed(format!("the key of its authority cannot be used: {why}")))?,
            principals: principals(names)?,
            key_id: limited(key_id)?,
            serial,
            valid_after,
            valid_before,
            signature: signature.to_vec(),
            signed: signed.to_vec(),
        })
    }

    /// Checks the authority's signature.
    pub(super) fn verify(&self) -> Result<(), Refusal> {
        signature::verify(&self.authority, &self.signature, &self.signed).map_err(|refusal| {
            Refusal::new(refusal.reason, format!("the signature under its certificate: {refusal}"))
        })
    }

    /// From when to when it is valid; without an end where it says so.
    pub(super) fn window(&self) -> Result<(Option<Timestamp>, Option<Timestamp>), Refusal> {
        let end = || malformed("its validity is out of all bounds");
        let moment = |seconds: u64| {
            i64::try_from(seconds).ok().and_then(|s| Timestamp::from_second(s).ok()).ok_or_else(end)
        };
        let from = moment(self.valid_after)?;
        let until = if self.valid_before == u64::MAX { None } else { Some(moment(self.valid_before)?) };
        Ok((Some(from), until))
    }
}

/// The algorithm of the key inside a certificate of that algorithm, without its suffix.
fn plain(algorithm: &str) -> String {
    match algorithm.strip_prefix("sk-") {
        Some(_) => format!("{algorithm}@openssh.com"),
        None => algorithm.to_owned(),
    }
}

/// The certified key, as it stands outside of a certificate.
fn key(algorithm: &str, fields: &[u8]) -> Result<PublicKey, Refusal> {
    let mut blob = Vec::new();
    put_string(&mut blob, algorithm.as_bytes());
    blob.extend_from_slice(fields);
    PublicKey::parse(&blob).map_err(malformed)
}

/// The principals, of which there must be one: without any a certificate would be good for everybody.
fn principals(packed: &[u8]) -> Result<Vec<String>, Refusal> {
    let mut reader = Reader::new(packed);
    let mut names = Vec::new();
    while !reader.is_at_end() {
        let name = reader.text().ok_or_else(|| malformed("its principals are cut short, or no text"))?;
        if name.is_empty() || names.len() == MAX_PRINCIPALS {
            return Err(malformed(format!("a principal is empty, or there are more than {MAX_PRINCIPALS}")));
        }
        names.push(limited(name)?);
    }
    if names.is_empty() {
        return Err(Refusal::invalid(
            "its certificate names no principal, and so is for nobody in particular",
        ));
    }
    Ok(names)
}

/// The name of the first of some options.
fn first_name(packed: &[u8]) -> Result<Option<String>, Refusal> {
    if packed.is_empty() {
        return Ok(None);
    }
    let name = Reader::new(packed).text().ok_or_else(|| malformed("its critical options are cut short"))?;
    limited(name).map(Some)
}

fn limited(text: &str) -> Result<String, Refusal> {
    if text.len() > MAX_NAME {
        return Err(malformed(format!("a name in it has more than {MAX_NAME} bytes")));
    }
    Ok(text.to_owned())
}

fn malformed(why: impl AsRef<str>) -> Refusal {
    Refusal::invalid(format!("its certificate is malformed: {}", why.as_ref()))
}
