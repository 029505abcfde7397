//! A certificate: a primary key, what it says about itself and its subkeys, and what became of it.
//!
//! The rule that must not be broken: nothing counts that the primary key did not sign over a strong hash, except what
//! speaks against the certificate. A revocation counts whoever made it and whether or not it verifies: who removes a
//! revocation from the policy's own file knows what they do.
//!
//! Of several statements about the same thing the latest counts, as its maker wants it, even where it was made after
//! the signature that is judged. Two statements that both count (a direct-key signature and one over a user id) must
//! both allow what is asked.

use super::{
    armor,
    key::PublicKey,
    packet::{self, Packet, Packets, tag},
    signature::{Hash, Signature, kind, later, sub},
};
use crate::text;
use jiff::Timestamp;

/// Most user ids, attributes and subkeys.
const MAX_PARTS: usize = 64;
/// Most signatures on one of them.
const MAX_SIGNATURES: usize = 200;
/// Most signatures whose cryptography is checked.
const MAX_CHECKED: usize = 256;

/// Critical subpackets of self-signatures that are understood, or that ask for nothing where signatures are judged.
const UNDERSTOOD: &[u8] = &[
    sub::CREATED,
    sub::EXPIRES,
    4, // exportable
    7, // revocable
    sub::KEY_EXPIRES,
    11, // preferred ciphers
    12, // revocation key: revocations count whoever made them
    sub::ISSUER,
    21, // preferred hash functions
    22, // preferred compression
    23, // key server preferences
    24, // preferred key server
    25, // primary user id
    26, // policy URI
    sub::KEY_FLAGS,
    30, // features
    sub::EMBEDDED,
    sub::ISSUER_FINGERPRINT,
    34, // preferred encryption modes
    39, // preferred AEAD
];

/// A certificate that was read.
pub(crate) struct Certificate {
    components: Vec<Component>,
    allowed: Vec<Vec<u8>>,
}

/// A primary key or subkey, and what the certificate says about it.
pub(crate) struct Component {
    key: PublicKey,
    may_sign: bool,
    expires: Option<Timestamp>,
    revoked: Option<Revocation>,
    fault: Option<Fault>,
}

/// A statement that a key is not to be used any more.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Revocation {
    /// From when on; `None` where signatures made before do not count either.
    from: Option<Timestamp>,
    /// Why.
    why: String,
}

/// Why signatures of a key do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A key or a hash function that is too weak.
    Weak(String),
    /// The certificate does not say, or not so that it can be checked, that the key may sign.
    Unbound(String),
    /// Something that this version does not understand.
    Unreadable(String),
    /// It was revoked.
    Revoked(String),
    /// It was not valid then.
    Expired(String),
    /// The policy does not name this key of the certificate.
    NotNamed(String),
}

/// What a key that may sign has to be said about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// When it ends to be valid.
    pub(crate) until: Option<Timestamp>,
    /// What a reader has to know.
    pub(crate) remarks: Vec<String>,
}

impl Component {
    /// The key.
    pub(crate) fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Its fingerprint, as GnuPG writes it.
    pub(crate) fn fingerprint(&self) -> String {
        hex::encode_upper(self.key.fingerprint())
    }
}

impl Certificate {
    /// Reads a certificate, armored or binary. Of its keys, those of the `fingerprints` may sign; all that its own
    /// statements let sign where none is given.
    pub(crate) fn parse(bytes: &[u8], fingerprints: &[String]) -> Result<Self, String> {
        let decoded;
        let bytes = if bytes.first().is_some_and(|first| first & 0x80 != 0) {
            bytes
        } else {
            let mut blocks = armor::blocks(bytes)?;
            match (blocks.pop(), blocks.is_empty()) {
                (Some(block), true) if block.label == "PUBLIC KEY BLOCK" => decoded = block.bytes,
                (Some(_), true) => return Err("it is no public key block".to_owned()),
                _ => return Err("it holds several blocks; give each certificate its own file".to_owned()),
            }
            &decoded
        };
        let parts = Parts::of(bytes)?;
        let mut components = Reading { checked: 0, parts: &parts }.components()?;
        let allowed = allowed(fingerprints, &components)?;
        if !components.iter().any(|it| it.may_sign || it.fault.is_some() || it.revoked.is_some()) {
            return Err("none of its keys may sign".to_owned());
        }
        components.shrink_to_fit();
        Ok(Self { components, allowed })
    }

    /// Its keys, the primary one first.
    pub(crate) fn components(&self) -> &[Component] {
        &self.components
    }

    /// Whether a signature that `component` made at `made` counts.
    pub(crate) fn judge(&self, component: &Component, made: Timestamp) -> Result<Standing, Fault> {
        if !self.allowed.is_empty() && !self.allowed.iter().any(|it| it == component.key.fingerprint()) {
            return Err(Fault::NotNamed(format!(
                "it was made with key {} of the certificate, which the policy does not name among its fingerprints",
                component.fingerprint()
            )));
        }
        let primary = &self.components[0];
        let both = [component, primary];
        let both = if std::ptr::eq(component, primary) { &both[..1] } else { &both[..] };
        if let Some(weak) = both.iter().find_map(|it| it.key.weakness()) {
            return Err(Fault::Weak(format!("it rests on {weak}")));
        }
        let mut standing = Standing::default();
        for revocation in both.iter().filter_map(|it| it.revoked.as_ref()) {
            match revocation.from {
                Some(from) if made < from => standing.remarks.push(format!(
                    "the key was revoked at {from}, after the signature says that it was made: {}",
                    revocation.why
                )),
                _ => return Err(Fault::Revoked(format!("the key was revoked: {}", revocation.why))),
            }
        }
        if let Some(fault) = both.iter().find_map(|it| it.fault.clone()) {
            return Err(fault);
        }
        if !component.may_sign {
            return Err(Fault::Unbound("it was made with a key whose flags do not let it sign".to_owned()));
        }
        for it in both {
            if made < it.key.created() {
                let created = it.key.created();
                return Err(Fault::Expired(format!(
                    "it says that it was made at {made}, and the key at {created}"
                )));
            }
            if let Some(expires) = it.expires.filter(|expires| made >= *expires) {
                return Err(Fault::Expired(format!(
                    "it says that it was made at {made}, and the key expired at {expires}"
                )));
            }
            standing.until = earlier(standing.until, it.expires);
        }
        Ok(standing)
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

/// The fingerprints that the policy names, each of a key that may sign.
fn allowed(fingerprints: &[String], components: &[Component]) -> Result<Vec<Vec<u8>>, String> {
    let signing: Vec<String> =
        components.iter().filter(|it| it.may_sign).map(Component::fingerprint).collect();
    let signing = if signing.is_empty() { "none may sign".to_owned() } else { signing.join(", ") };
    let read = |text: &String| {
        let shown = text::clean(text).into_owned();
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
        let plain = plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")).unwrap_or(&plain);
        let bytes = hex::decode(plain).map_err(|_| format!("fingerprint {shown} is not hexadecimal"))?;
        if !matches!(bytes.len(), 20 | 32) {
            return Err(format!(
                "{shown} is no fingerprint: give all 40 digits (64 for keys of version 6), as key ids can be forged; \
                 those that may sign: {signing}"
            ));
        }
        match components.iter().find(|it| it.key.fingerprint() == bytes) {
            None => Err(format!(
                "no key of the certificate has the fingerprint {shown}; those that may sign: {signing}"
            )),
            Some(it) if !it.may_sign && it.fault.is_none() => {
                Err(format!("key {shown} of the certificate may not sign; those that may: {signing}"))
            }
            Some(_) => Ok(bytes),
        }
    };
    fingerprints.iter().map(read).collect()
}

/// The packets of a certificate: section 10.1.1.
struct Parts<'a> {
    primary: Part<'a>,
    others: Vec<Part<'a>>,
}

/// A key, user id or attribute with the signatures that follow it.
struct Part<'a> {
    tag: u8,
    body: &'a [u8],
    signatures: Vec<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, String> {
        let mut parts: Vec<Part<'a>> = Vec::new();
        for Packet { tag, body } in Packets::of(bytes) {
            let body = body.ok_or_else(|| format!("its {} packet does not end", packet::name(tag)))?;
            match (tag, parts.last_mut()) {
                (tag::SECRET_KEY | tag::SECRET_SUBKEY, _) => {
                    return Err("it is a secret key; give the public one".to_owned());
                }
                (tag::MARKER | tag::TRUST | tag::PADDING, _) => {}
                (tag::PUBLIC_KEY, Some(_)) => {
                    return Err("it holds several certificates; give each its own file".to_owned());
                }
                (tag::SIGNATURE, Some(part)) => {
                    if part.tag != tag::PUBLIC_SUBKEY && kind_of(body) == Some(kind::SUBKEY_REVOCATION) {
                        return Err("the revocation of a subkey does not stand behind one".to_owned());
                    }
                    if part.signatures.len() == MAX_SIGNATURES {
                        return Err(format!(
                            "more than {MAX_SIGNATURES} signatures are on one part of it; export it with \
                             `gpg --export --export-options export-minimal`"
                        ));
                    }
                    part.signatures.push(body);
                }
                (tag::PUBLIC_KEY, None)
                | (tag::USER_ID | tag::USER_ATTRIBUTE | tag::PUBLIC_SUBKEY, Some(_)) => {
                    if parts.len() > MAX_PARTS {
                        return Err(format!("it has more than {MAX_PARTS} user ids and subkeys"));
                    }
                    parts.push(Part { tag, body, signatures: Vec::new() });
                }
                _ => return Err(format!("a {} packet has no place in a certificate", packet::name(tag))),
            }
        }
        let mut parts = parts.into_iter();
        let primary = parts.next().ok_or("it holds no public key")?;
        Ok(Self { primary, others: parts.collect() })
    }

    /// Every signature packet.
    fn signatures(&self) -> impl Iterator<Item = &'a [u8]> {
        std::iter::once(&self.primary).chain(&self.others).flat_map(|part| part.signatures.iter().copied())
    }
}

/// The type of a signature, of whatever version, without reading the rest.
fn kind_of(body: &[u8]) -> Option<u8> {
    match body.first()? {
        2 | 3 => body.get(2).copied(),
        _ => body.get(1).copied(),
    }
}

/// One way through a certificate.
struct Reading<'a> {
    parts: &'a Parts<'a>,
    checked: usize,
}

/// A statement of the primary key that verifies.
struct Statement<'a> {
    signature: Signature<'a>,
    created: Timestamp,
}

impl<'a> Reading<'a> {
    fn components(&mut self) -> Result<Vec<Component>, String> {
        let key = PublicKey::parse(self.parts.primary.body).map_err(|e| format!("its primary key: {e}"))?;
        if !key.is_supported() {
            return Err("its primary key is of an algorithm that is not read".to_owned());
        }
        let mut components = vec![self.primary(key)?];
        for part in self.parts.others.iter().filter(|part| part.tag == tag::PUBLIC_SUBKEY) {
            // A subkey that cannot be read signs nothing, and takes nothing from the others.
            if let Ok(key) = PublicKey::parse(part.body) {
                let subkey = self.subkey(&components[0].key, key, part)?;
                components.push(subkey);
            }
        }
        Ok(components)
    }

    fn primary(&mut self, key: PublicKey) -> Result<Component, String> {
        let hashed = key.hashed();
        let direct =
            self.latest(&key, &self.parts.primary.signatures, &[&hashed], |it| it == kind::DIRECT_KEY)?;
        let mut by_user_id: Option<Statement<'a>> = None;
        for part in self.parts.others.iter().filter(|part| part.tag == tag::USER_ID) {
            let statement = self.user_id(&key, part)?;
            if let Some(statement) = statement
                && by_user_id.as_ref().is_none_or(|known| known.created < statement.created)
            {
                by_user_id = Some(statement);
            }
        }
        let statements: Vec<Statement<'a>> = direct.into_iter().chain(by_user_id).collect();
        if statements.is_empty() {
            return Err("its primary key says nothing about itself that verifies".to_owned());
        }
        let mut component = Component { may_sign: true, expires: None, fault: None, revoked: None, key };
        let mut says = None;
        for statement in &statements {
            match statement.read(&component.key) {
                Ok(read) => {
                    component.expires = earlier(component.expires, read.expires);
                    says = says.or(read.may_sign);
                    component.may_sign &= read.may_sign.unwrap_or(true);
                }
                Err(fault) => component.fault = Some(fault),
            }
        }
        component.may_sign &= says == Some(true);
        component.revoked = self.key_revocation(&component.key)?;
        self.support(&mut component);
        Ok(component)
    }

    fn subkey(&mut self, primary: &PublicKey, key: PublicKey, part: &Part<'a>) -> Result<Component, String> {
        let (over_primary, over_subkey) = (primary.hashed(), key.hashed());
        let over: &[&[u8]] = &[&over_primary, &over_subkey];
        let binding = self.latest(primary, &part.signatures, over, |it| it == kind::SUBKEY_BINDING)?;
        let mut component = Component { key, may_sign: false, expires: None, fault: None, revoked: None };
        component.revoked = self.revocation(primary, &part.signatures, over, kind::SUBKEY_REVOCATION)?;
        let Some(binding) = binding else {
            let why = "the primary key of the certificate does not confirm the subkey that made it";
            component.fault = Some(Fault::Unbound(why.to_owned()));
            return Ok(component);
        };
        match binding.read(&component.key) {
            Ok(read) => {
                component.expires = read.expires;
                component.may_sign = read.may_sign == Some(true);
            }
            Err(fault) => component.fault = Some(fault),
        }
        if component.may_sign {
            match self.back_signature(&binding.signature, &component.key, over)? {
                Ok(expires) => component.expires = earlier(component.expires, expires),
                Err(fault) => component.fault = Some(fault),
            }
        }
        self.support(&mut component);
        Ok(component)
    }

    fn support(&self, component: &mut Component) {
        if component.may_sign && !component.key.is_supported() {
            let why = "it was made with a key of an algorithm that is not read";
            component.fault = Some(Fault::Unreadable(why.to_owned()));
        }
    }

    /// The latest statement over a user id that was not revoked since.
    fn user_id(&mut self, key: &PublicKey, part: &Part<'a>) -> Result<Option<Statement<'a>>, String> {
        let (hashed, prefix) = (key.hashed(), user_id_prefix(part.body));
        let over: &[&[u8]] = &[&hashed, &prefix, part.body];
        let latest = self.latest(key, &part.signatures, over, |it| (0x10..=0x13).contains(&it))?;
        let revoked =
            part.signatures.iter().filter(|body| kind_of(body) == Some(kind::CERTIFICATION_REVOCATION));
        let revoked = revoked.filter_map(|body| match Signature::parse(body) {
            // Whoever else revokes, takes back their own word.
            Ok(signature) if is_strangers(&signature, key) => None,
            Ok(signature) => Some(signature.created().ok().flatten().unwrap_or(Timestamp::MAX)),
            Err(_) => Some(Timestamp::MAX),
        });
        let revoked = revoked.max();
        Ok(latest.filter(|latest| revoked.is_none_or(|revoked| revoked < latest.created)))
    }

    /// The latest signature by `key` over `over` of the right type.
    fn latest(
        &mut self,
        key: &PublicKey,
        signatures: &[&'a [u8]],
        over: &[&[u8]],
        is_right: impl Fn(u8) -> bool,
    ) -> Result<Option<Statement<'a>>, String> {
        let mut latest: Option<Statement<'a>> = None;
        for body in signatures.iter().copied().filter(|body| kind_of(body).is_some_and(&is_right)) {
            let Ok(signature) = Signature::parse(body) else { continue };
            if is_strangers(&signature, key) || !self.check(&signature, key, over)? {
                continue;
            }
            let Ok(Some(created)) = signature.created() else {
                return Err("one of its own signatures does not say when it was made".to_owned());
            };
            if latest.as_ref().is_none_or(|known| known.created <= created) {
                latest = Some(Statement { signature, created });
            }
        }
        Ok(latest)
    }

    fn check(&mut self, signature: &Signature<'_>, key: &PublicKey, over: &[&[u8]]) -> Result<bool, String> {
        self.checked += 1;
        if self.checked > MAX_CHECKED {
            return Err(format!("it has more than {MAX_CHECKED} signatures of its own"));
        }
        Ok(signature.digest(over).is_some_and(|digest| signature.is_by(key, &digest)))
    }

    /// The signature of the subkey that it belongs to the primary key: section 5.2.1.9.
    fn back_signature(
        &mut self,
        binding: &Signature<'a>,
        subkey: &PublicKey,
        over: &[&[u8]],
    ) -> Result<Result<Option<Timestamp>, Fault>, String> {
        for signature in binding.embedded().filter(|it| it.kind == kind::PRIMARY_BINDING) {
            if self.check(&signature, subkey, over)? {
                return Ok(sound(&signature, "the signature by which its subkey claims the primary key")
                    .and_then(|()| signature.expires().map_err(|why| Fault::Unreadable(why.to_owned()))));
            }
        }
        Ok(Err(Fault::Unbound(
            "the subkey that made it does not confirm that it belongs to the certificate".to_owned(),
        )))
    }

    /// The revocation of the whole certificate, wherever it stands.
    fn key_revocation(&mut self, key: &PublicKey) -> Result<Option<Revocation>, String> {
        let hashed = key.hashed();
        let direct = &self.parts.primary.signatures;
        if direct.iter().any(|body| kind_of(body) == Some(kind::CERTIFICATION_REVOCATION)) {
            return Ok(Some(Revocation {
                from: None,
                why: "its statement about itself was taken back".to_owned(),
            }));
        }
        let all: Vec<&[u8]> = self.parts.signatures().collect();
        self.revocation(key, &all, &[&hashed], kind::KEY_REVOCATION)
    }

    /// The worst of the revocations among `signatures`.
    fn revocation(
        &mut self,
        key: &PublicKey,
        signatures: &[&'a [u8]],
        over: &[&[u8]],
        of_kind: u8,
    ) -> Result<Option<Revocation>, String> {
        let mut worst: Option<Revocation> = None;
        for body in signatures.iter().filter(|body| kind_of(body) == Some(of_kind)) {
            let revocation = match Signature::parse(body) {
                Ok(signature) if self.check(&signature, key, over)? => reason(&signature),
                _ => {
                    Revocation { from: None, why: "by somebody whose word cannot be checked here".to_owned() }
                }
            };
            let is_worse = |known: &Revocation| match (revocation.from, known.from) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(new), Some(known)) => new < known,
            };
            if worst.as_ref().is_none_or(is_worse) {
                worst = Some(revocation);
            }
        }
        Ok(worst)
    }
}

/// Why and from when on a key was revoked: section 5.2.3.31. Only one that is superseded or retired was good before.
fn reason(signature: &Signature<'_>) -> Revocation {
    let (code, words) = signature.revocation_reason().unwrap_or((0, b""));
    let created = signature.created().ok().flatten();
    let (is_soft, meaning) = match code {
        0 => (false, "no reason is given"),
        1 => (true, "it is superseded"),
        2 => (false, "it is compromised"),
        3 => (true, "it is retired"),
        _ => (false, "for a reason that is not known here"),
    };
    let words = String::from_utf8_lossy(words);
    let words: String = words.trim().chars().take(200).collect();
    let mut why = meaning.to_owned();
    if let Some(created) = created {
        why += &format!(", at {created}");
    }
    if !words.is_empty() {
        why += &format!(" (\"{}\")", text::clean(&words));
    }
    // A soft revocation that does not say from when on holds for ever.
    Revocation { from: created.filter(|_| is_soft), why }
}

/// Whether a signature says that somebody else than `key` made it.
fn is_strangers(signature: &Signature<'_>, key: &PublicKey) -> bool {
    let mut hints = signature.hints().peekable();
    hints.peek().is_some() && !hints.any(|hint| key.is_hinted(hint))
}

/// What stands before a user id when it is hashed: section 5.2.4.
fn user_id_prefix(user_id: &[u8]) -> Vec<u8> {
    let length = u32::try_from(user_id.len()).unwrap_or(u32::MAX);
    [&[0xB4][..], &length.to_be_bytes()].concat()
}

/// Whether a signature that verifies is one that counts.
fn sound(signature: &Signature<'_>, what: &str) -> Result<(), Fault> {
    if !matches!(signature.hash, Hash::Strong(_)) {
        return Err(Fault::Weak(format!("{what} is made over {}", signature.hash.name())));
    }
    match signature.unknown_critical(UNDERSTOOD) {
        Some(kind) => Err(Fault::Unreadable(format!(
            "{what} demands that something is understood which is not (critical subpacket {kind})"
        ))),
        None => Ok(()),
    }
}

/// What a statement says about a key.
struct Said {
    may_sign: Option<bool>,
    expires: Option<Timestamp>,
}

impl Statement<'_> {
    fn read(&self, about: &PublicKey) -> Result<Said, Fault> {
        sound(&self.signature, "the signature that its key rests on")?;
        let malformed = |why: &str| Fault::Unreadable(format!("the signature that its key rests on: {why}"));
        let lifetime = self.signature.key_lifetime().map_err(malformed)?;
        let own = self.signature.expires().map_err(malformed)?;
        let expires = earlier(own, lifetime.map(|seconds| later(about.created(), seconds)));
        Ok(Said { may_sign: self.signature.allows_signing().map_err(malformed)?, expires })
    }
}
