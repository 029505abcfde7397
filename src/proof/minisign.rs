//! Signatures of minisign (<https://jedisct1.github.io/minisign/>, "Signature format").
//!
//! Four lines: a comment that nobody signed, the signature over the file's BLAKE2b-512 (`ED`) or over the file itself
//! (`Ed`, legacy), a comment that is signed, and the signature over the first signature and that comment. The rule that
//! must not be broken: there is one way to write a signature, and every other one is refused by name. What nobody
//! signed is never shown.

use super::{Context, Proof, Reason, Refusal, Signed, Target, ed25519, recognise};
use crate::{
    digest::{Algorithm, Algorithms, hash_reader},
    framed::Frame,
    text::Untrusted,
    trust::{Key, KeyId, Material, MinisignKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;

/// The largest signature, in bytes: both comments at their longest, and two lines of base64.
const MAX_SIGNATURE: usize = 16 << 10;
/// The longest comment that nobody signed, as in minisign.
pub(super) const MAX_COMMENT: usize = 1024;
/// The longest signed comment, as in minisign.
const MAX_TRUSTED_COMMENT: usize = 8192;

pub(super) const COMMENT: &str = "untrusted comment: ";
const TRUSTED_COMMENT: &str = "trusted comment: ";

/// Whether `bytes`, which begin with an untrusted comment, are of minisign rather than signify. signify knows neither
/// `ED` nor a trusted comment.
pub fn is_minisign(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|b| *b == b'\n').skip(1);
    // `ED` begins with RU in base64, and `Ed` with RW.
    let is_prehashed = lines.next().is_some_and(|line| line.starts_with(b"RU"));
    is_prehashed || lines.next().is_some_and(|line| line.starts_with(b"trusted comment:"))
}

/// Verifies `bytes` as a signature over the file that they are named after.
pub fn verify(bytes: &[u8], context: &Context<'_>) -> Result<Proof, Refusal> {
    let signature = Signature::parse(bytes)?;
    let about = published(context.about.as_ref())?;
    let mut refusal = None;
    for (key, material) in keys_of(signature.head.id, context.trust.keys())? {
        match signature.verify(material, about) {
            Ok(()) => return signature.proof(key, about, context.name),
            Err(other) => refusal = Some(other),
        }
    }
    Err(refusal.unwrap_or_else(|| Refusal::invalid("no key was tried")))
}

/// The number of the key that a signature says it was made with, as minisign prints it; nothing where it is not well formed.
pub fn said_key(bytes: &[u8]) -> Option<String> {
    Signature::parse(bytes).ok().map(|signature| signature.head.id.to_string())
}

/// The hashes that a legacy signature needs of the file.
pub fn frames(bytes: &[u8], keys: &[Key]) -> Vec<Frame> {
    match Signature::parse(bytes) {
        Ok(signature) if !signature.head.is_prehashed => signature.head.frames(keys),
        _ => Vec::new(),
    }
}

/// The file that a signature is about, which has to be there.
pub(super) fn published<'a>(about: Option<&'a Target<'a>>) -> Result<&'a Target<'a>, Refusal> {
    about.ok_or_else(|| Refusal::new(Reason::Unbound, "no published file has the name this signature is for"))
}

/// The keys of the policy that have this id: usually one.
pub(super) fn keys_of(id: KeyId, keys: &[Key]) -> Result<Vec<(&Key, &MinisignKey)>, Refusal> {
    let known: Vec<_> = minisign_keys(keys).filter(|(_, key)| key.id == id).collect();
    if known.is_empty() {
        return Err(Refusal::new(
            Reason::UnknownKey,
            format!(
                "it was made with the key {id}, and the policy names no minisign or signify key of that id"
            ),
        ));
    }
    Ok(known)
}

fn minisign_keys(keys: &[Key]) -> impl Iterator<Item = (&Key, &MinisignKey)> {
    keys.iter().filter_map(|key| match key.material() {
        Material::Minisign(material) => Some((key, &**material)),
        _ => None,
    })
}

/// The second line of a file: who signed, how, and the signature.
pub(super) struct Head {
    pub(super) is_prehashed: bool,
    pub(super) id: KeyId,
    pub(super) signature: [u8; 64],
}

impl Head {
    pub(super) fn parse(line: &str) -> Result<Self, Refusal> {
        let raw: [u8; 74] = decode(line, "second")?;
        let is_prehashed = match &raw[..2] {
            b"ED" => true,
            b"Ed" => false,
            other => {
                let other = Untrusted::new(String::from_utf8_lossy(other));
                return Err(Refusal::unreadable(format!(
                    "its algorithm is {other}; only ED and Ed are known"
                )));
            }
        };
        let id = KeyId(raw[2..10].try_into().expect("8 of 74 bytes are 8"));
        let signature = raw[10..].try_into().expect("the rest of 74 bytes after 10 are 64");
        Ok(Self { is_prehashed, id, signature })
    }

    /// The hashes of the file that a signature over it needs, for each key that may have made it.
    pub(super) fn frames(&self, keys: &[Key]) -> Vec<Frame> {
        let known = minisign_keys(keys).filter(|(_, key)| key.id == self.id);
        known.map(|(_, key)| ed25519::frame(&key.key, &self.signature)).collect()
    }
}

/// A line of base64, in its one canonical form, of exactly as many bytes.
fn decode<const N: usize>(line: &str, which: &str) -> Result<[u8; N], Refusal> {
    let raw = STANDARD
        .decode(line)
        .map_err(|_| Refusal::invalid(format!("its {which} line is not base64 in its canonical form")))?;
    <[u8; N]>::try_from(raw)
        .map_err(|raw| Refusal::invalid(format!("its {which} line holds {} bytes, and not {N}", raw.len())))
}

/// What a comment says after its prefix.
pub(super) fn comment<'a>(line: &'a str, prefix: &str, longest: usize) -> Result<&'a str, Refusal> {
    let text = line.strip_prefix(prefix).ok_or_else(|| {
        Refusal::invalid(format!("a line does not begin with \"{prefix}\", as its place demands"))
    })?;
    if text.len() > longest {
        return Err(Refusal::invalid(format!(
            "the {} has {} bytes, more than {longest}",
            prefix.trim_end_matches(": "),
            text.len()
        )));
    }
    // minisign puts tabs between the fields of its comment.
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return Err(Refusal::invalid(format!(
            "the {} holds a control character",
            prefix.trim_end_matches(": ")
        )));
    }
    Ok(text)
}

/// A whole file of minisign, well formed. Nothing in it was verified.
struct Signature<'a> {
    head: Head,
    comment: &'a str,
    global: [u8; 64],
}

impl<'a> Signature<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_SIGNATURE {
            let size = bytes.len();
            return Err(Refusal::unreadable(format!("{size} bytes are too many for a minisign signature")));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Refusal::invalid("it is not UTF-8"))?;
        if text.contains('\r') {
            return Err(Refusal::invalid("its lines end in CR LF, or hold a CR; minisign writes LF alone"));
        }
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
        let [untrusted, head, trusted, global] = lines[..] else {
            let n = lines.len();
            return Err(Refusal::invalid(format!(
                "a minisign signature is exactly four lines, and this {n}"
            )));
        };
        comment(untrusted, COMMENT, MAX_COMMENT)?;
        let comment = comment(trusted, TRUSTED_COMMENT, MAX_TRUSTED_COMMENT)?;
        Ok(Self { head: Head::parse(head)?, comment, global: decode(global, "fourth")? })
    }

    fn verify(&self, key: &MinisignKey, about: &Target<'_>) -> Result<(), Refusal> {
        let main = if self.head.is_prehashed {
            let digest = blake2b(about).ok_or_else(|| {
                Refusal::unreadable("the BLAKE2b-512 of the file, which was signed, was not computed")
            })?;
            ed25519::verify(&key.key, &self.head.signature, |frame| Some(frame.of(&digest).value))
        } else {
            ed25519::verify(&key.key, &self.head.signature, |frame| about.hash(frame))
        };
        main.map_err(|refusal| match refusal.reason {
            Reason::Unreadable => refusal,
            _ => Refusal::invalid(format!(
                "{}: either the file was changed, or the key that signed it is not {}, whose id it gives",
                refusal.detail, key.id
            )),
        })?;
        let signed = [&self.head.signature, self.comment.as_bytes()].concat();
        ed25519::verify(&key.key, &self.global, |frame| Some(frame.of(&signed).value)).map_err(|refusal| {
            Refusal::invalid(format!(
                "the trusted comment is not the one that was signed: {}",
                refusal.detail
            ))
        })
    }

    /// The proof of a signature that was just verified, unless it says itself that it is about something else.
    fn proof(&self, key: &Key, about: &Target<'_>, name: &str) -> Result<Proof, Refusal> {
        if !self.head.is_prehashed && !key.options().legacy {
            return Err(Refusal::new(
                Reason::Weak,
                format!(
                    "it is of the legacy form, over the file itself, which the policy does not accept of key \"{}\"; \
                     sign with minisign 0.10 or later, without -l, or set legacy = true for this key",
                    key.name()
                ),
            ));
        }
        let own = recognise(name).map_or(name, |(_, about)| about);
        if let Some(other) = self.names().find(|named| *named != own) {
            return Err(Refusal::new(
                Reason::Unbound,
                format!("its trusted comment says that it is about {}", Untrusted::new(other)),
            ));
        }
        let mut proof = Proof::by_key(key, Signed::File(about.digests.sha256().clone()));
        proof.stated = self.stated();
        proof.names_its_file = self.names().next().is_some();
        if !self.comment.is_empty() {
            // A tab between the fields is what minisign writes: no sign of anything hidden, and a blank to read.
            let comment = self.comment.replace('\t', " ");
            proof.remarks.push(format!("trusted comment: {}", Untrusted::new(comment)));
        }
        Ok(proof)
    }

    /// The fields of the comment, as minisign writes them: `timestamp:1700000000`, `file:NAME`, `hashed`.
    fn fields(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.comment.split('\t').filter_map(move |field| field.strip_prefix(key)?.strip_prefix(':'))
    }

    /// The names of what was signed. Of minisign's cousins, aead/minisign calls the field `filename`.
    fn names(&self) -> impl Iterator<Item = &'a str> {
        self.fields("file").chain(self.fields("filename"))
    }

    /// When it was made, by the signer's own words, where there is one answer.
    fn stated(&self) -> Option<Timestamp> {
        let mut times = self.fields("timestamp");
        let (time, None) = (times.next()?, times.next()) else { return None };
        if !time.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Timestamp::from_second(time.parse().ok()?).ok()
    }
}

/// The BLAKE2b-512 of a file.
fn blake2b(about: &Target<'_>) -> Option<Vec<u8>> {
    let of = |digests: &crate::digest::Digests| hex::decode(digests.get(&Algorithm::Blake2b512)?.hex()).ok();
    of(about.digests).or_else(|| {
        let algorithms = Algorithms::SHA256.with(&Algorithm::Blake2b512);
        of(&hash_reader(about.bytes?, algorithms).ok()?.1)
    })
}
