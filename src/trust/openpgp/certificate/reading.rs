//! What the statements of a primary key say of it and of its subkeys: RFC 9580, sections 5.2 and 10.1.1.

use super::{
    super::{
        key::PublicKey,
        packet::tag,
        signature::{Hash, Signature, kind, later, sub},
    },
    Component, Fault, Revocation, earlier,
    parts::{Part, Parts, kind_of},
};
use crate::text;
use jiff::Timestamp;

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

/// One way through a certificate.
pub(super) struct Reading<'a> {
    parts: &'a Parts<'a>,
    checked: usize,
    /// How many subkeys could not be read.
    pub(super) unread: usize,
}

/// A statement of the primary key that verifies.
struct Statement<'a> {
    signature: Signature<'a>,
    created: Timestamp,
}

impl<'a> Reading<'a> {
    pub(super) fn of(parts: &'a Parts<'a>) -> Self {
        Self { parts, checked: 0, unread: 0 }
    }

    pub(super) fn components(&mut self) -> Result<Vec<Component>, String> {
        let key = PublicKey::parse(self.parts.primary.body).map_err(|e| format!("its primary key: {e}"))?;
        if !key.is_supported() {
            return Err("its primary key is of an algorithm that is not read".to_owned());
        }
        let mut components = vec![self.primary(key)?];
        for part in self.parts.others.iter().filter(|part| part.tag == tag::PUBLIC_SUBKEY) {
            // A subkey that cannot be read signs nothing, and takes nothing from the others.
            match PublicKey::parse(part.body) {
                Ok(key) => {
                    let subkey = self.subkey(&components[0].key, key, part)?;
                    components.push(subkey);
                }
                Err(_) => self.unread += 1,
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
        let mut component =
            Component { may_sign: true, may_encrypt: None, expires: None, fault: None, revoked: None, key };
        let mut says = None;
        for statement in &statements {
            match statement.read(&component.key) {
                Ok(read) => {
                    component.expires = earlier(component.expires, read.expires);
                    says = says.or(read.may_sign);
                    component.may_encrypt = component.may_encrypt.or(read.may_encrypt);
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
        let mut component =
            Component { key, may_sign: false, may_encrypt: None, expires: None, fault: None, revoked: None };
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
                component.may_encrypt = read.may_encrypt;
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
    may_encrypt: Option<bool>,
    expires: Option<Timestamp>,
}

impl Statement<'_> {
    fn read(&self, about: &PublicKey) -> Result<Said, Fault> {
        sound(&self.signature, "the signature that its key rests on")?;
        let malformed = |why: &str| Fault::Unreadable(format!("the signature that its key rests on: {why}"));
        let lifetime = self.signature.key_lifetime().map_err(malformed)?;
        let own = self.signature.expires().map_err(malformed)?;
        let expires = earlier(own, lifetime.map(|seconds| later(about.created(), seconds)));
        let may_sign = self.signature.allows_signing().map_err(malformed)?;
        let may_encrypt = self.signature.allows_encryption().map_err(malformed)?;
        Ok(Said { may_sign, may_encrypt, expires })
    }
}
