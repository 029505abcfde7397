//! SSH signatures (SSHSIG, PROTOCOL.sshsig of OpenSSH).
//!
//! A signature is over a namespace and a plain hash of the file, by the key that it carries. It proves who signed only
//! where the verifier's own `allowed_signers` name that key, or the authority that certified it, for this namespace and
//! this moment. The signature holds no time: a file's is judged as at the moment of judging, as `ssh-keygen -Y verify`
//! does; a tag's as at the tag's own time, as git does.

mod certificate;
mod signature;
mod sshsig;

use super::{Context, Proof, Reason, Refusal, Signed, Signer, Target};
use crate::{
    digest::Algorithm,
    framed::{Frame, FrameHash},
    text::Untrusted,
    trust::{
        Key, KeyOptions, Material,
        ssh::{AllowedSigner, PatternList},
    },
};
use jiff::Timestamp;
use sshsig::{Hash, Maker, SshSig};

/// The namespace of signatures over files.
const FILE: &str = "file";
/// The namespace of git's signatures.
const GIT: &str = "git";

/// Verifies `bytes` as a signature over the file that they are named after.
pub fn verify(bytes: &[u8], context: &Context<'_>) -> Result<Proof, Refusal> {
    let signature = SshSig::read(bytes)?;
    let about = context.about.as_ref().ok_or_else(|| {
        Refusal::new(Reason::Unbound, "no published file has the name this signature is for")
    })?;
    signature.verify(&hash_of(about, signature.hash)?)?;
    let signed = Signed::File(about.digests.sha256().clone());
    let judged = Judged { namespace: FILE, at: Some(context.as_of), words: "the moment judged" };
    judged.proof(&signature, context.trust.keys(), signed)
}

/// Verifies the signature `armored` over the tag `content`, by one of `keys`. `tagged_at` is the tag's own time. A proof
/// says that `signed` was signed: the caller answers for it that this is what `content` is.
pub(super) fn verify_tag(
    armored: &[u8],
    content: &[u8],
    keys: &[Key],
    tagged_at: Option<Timestamp>,
    signed: Signed,
) -> Result<Proof, Refusal> {
    let signature = SshSig::read(armored)?;
    signature.verify(&signature.hash.of(content))?;
    let judged = Judged { namespace: GIT, at: tagged_at, words: "the tag's own time" };
    judged.proof(&signature, keys, signed)
}

/// The hashes that the signature needs of the file, besides its SHA-256 and SHA-512.
pub fn frames(_bytes: &[u8]) -> Vec<Frame> {
    Vec::new()
}

/// The hash of a file that a signature is over.
fn hash_of(about: &Target<'_>, hash: Hash) -> Result<Vec<u8>, Refusal> {
    let (algorithm, frame) = match hash {
        Hash::Sha256 => (Algorithm::Sha256, FrameHash::Sha256),
        Hash::Sha512 => (Algorithm::Sha512, FrameHash::Sha512),
    };
    let known = about.digests.get(&algorithm).and_then(|digest| hex::decode(digest.hex()).ok());
    known.or_else(|| about.hash(&Frame { hash: frame, before: Vec::new(), after: Vec::new() })).ok_or_else(
        || Refusal::unreadable(format!("it is over the {algorithm} of the file, which is not known")),
    )
}

/// As what, and when, a signature is judged.
struct Judged {
    /// The namespace it must be in where the policy names none.
    namespace: &'static str,
    at: Option<Timestamp>,
    /// That moment in words.
    words: &'static str,
}

/// By whom a signature was made, as a line of allowed signers says.
struct Admitted {
    who: String,
    remarks: Vec<String>,
}

impl Judged {
    /// Finds the maker of a verified signature among `keys`.
    fn proof(&self, signature: &SshSig, keys: &[Key], signed: Signed) -> Result<Proof, Refusal> {
        let mut closest = None;
        for key in keys {
            let Material::Ssh(signers) = key.material() else { continue };
            for line in &signers.lines {
                match self.admit(signature, line, key.options()) {
                    Some(Ok(admitted)) => {
                        let mut proof = Proof::by_key(key, signed);
                        if let Signer::Key { detail, .. } = &mut proof.signer {
                            *detail = Some(Untrusted::new(admitted.who));
                        }
                        proof.remarks = admitted.remarks;
                        return Ok(proof);
                    }
                    Some(Err(refusal)) => drop(closest.get_or_insert(refusal)),
                    None => {}
                }
            }
        }
        Err(closest.unwrap_or_else(|| {
            let has_ssh = keys.iter().any(|key| matches!(key.material(), Material::Ssh(_)));
            let none = if has_ssh { "does not name it" } else { "names no SSH key" };
            Refusal::new(
                Reason::UnknownKey,
                format!(
                    "it is by the SSH key {}, and the policy {none}",
                    signature.maker.key().fingerprint()
                ),
            )
        }))
    }

    /// What `line` says about the maker; nothing where it is about another key.
    fn admit(
        &self,
        signature: &SshSig,
        line: &AllowedSigner,
        options: &KeyOptions,
    ) -> Option<Result<Admitted, Refusal>> {
        let blob = line.key.blob();
        match &signature.maker {
            Maker::Key(key) if !line.is_authority && key.blob() == blob => {
                Some(self.limits(signature, line, options).and_then(|()| self.plain(line, options)))
            }
            Maker::Certificate(certificate) if line.is_authority && certificate.authority.blob() == blob => {
                let limits = self.limits(signature, line, options);
                Some(limits.and_then(|()| self.certified(certificate, line, options)))
            }
            _ => None,
        }
    }

    /// Namespace and time, as the policy and the line limit them.
    fn limits(&self, signature: &SshSig, line: &AllowedSigner, options: &KeyOptions) -> Result<(), Refusal> {
        let namespace = signature.namespace.as_str();
        let wanted = match options.namespaces.as_slice() {
            [] => vec![self.namespace],
            named => named.iter().map(String::as_str).collect(),
        };
        if !wanted.contains(&namespace) {
            return Err(Refusal::new(
                Reason::Unbound,
                format!(
                    "it was made in the namespace \"{namespace}\", not in \"{}\"",
                    wanted.join("\" or \"")
                ),
            ));
        }
        if line.namespaces.as_ref().is_some_and(|list| !list.matches(namespace)) {
            return Err(Refusal::new(
                Reason::Unbound,
                format!("the allowed signers do not let this key sign in the namespace \"{namespace}\""),
            ));
        }
        self.within(line.valid_after, line.valid_before, "the allowed signers let this key sign")
    }

    /// Refuses a moment outside of a window.
    fn within(&self, from: Option<Timestamp>, until: Option<Timestamp>, what: &str) -> Result<(), Refusal> {
        if from.is_none() && until.is_none() {
            return Ok(());
        }
        let Some(at) = self.at else {
            return Err(Refusal::new(
                Reason::NoTime,
                format!("{what} for a time only, and nothing says when it was made"),
            ));
        };
        let (outside, words) = match (from, until) {
            (Some(from), _) if at < from => (from, "from"),
            (_, Some(until)) if at >= until => (until, "until"),
            _ => return Ok(()),
        };
        let detail = format!("{what} {words} {outside}, and {}, {at}, lies outside of that", self.words);
        Err(Refusal::new(Reason::Expired, detail))
    }

    /// A key that stands in the line itself.
    fn plain(&self, line: &AllowedSigner, options: &KeyOptions) -> Result<Admitted, Refusal> {
        let who = match (&line.principals, options.principals.as_slice()) {
            (None, _) => line.key.fingerprint(),
            (Some(list), []) => list.as_str().to_owned(),
            (Some(list), named) => {
                let principal = named.iter().find(|name| list.matches(name));
                principal.ok_or_else(|| uncounted(list.as_str(), named))?.clone()
            }
        };
        Ok(Admitted { who, remarks: self.remarks(line) })
    }

    /// A key that the authority in the line certified.
    fn certified(
        &self,
        certificate: &certificate::Certificate,
        line: &AllowedSigner,
        options: &KeyOptions,
    ) -> Result<Admitted, Refusal> {
        let (from, until) = certificate.window()?;
        self.within(from, until, "its certificate is valid")?;
        let allowed = |name: &&str| line.principals.as_ref().is_none_or(|list| list.matches(name));
        let counts =
            |name: &&str| options.principals.is_empty() || options.principals.iter().any(|it| it == name);
        let Some(allowed_one) = certificate.principals.iter().map(String::as_str).find(allowed) else {
            let list = line.principals.as_ref().map_or("", PatternList::as_str);
            return Err(Refusal::new(
                Reason::UnknownKey,
                format!(
                    "its certificate is for \"{}\", and its authority may certify \"{list}\"",
                    certificate.principals.join("\", \"")
                ),
            ));
        };
        let who =
            certificate.principals.iter().map(String::as_str).find(|name| allowed(name) && counts(name));
        let who = who.ok_or_else(|| uncounted(allowed_one, &options.principals))?.to_owned();
        let mut remarks = self.remarks(line);
        remarks.push(format!(
            "certified as \"{}\", serial {}, by {}",
            certificate.key_id,
            certificate.serial,
            certificate.authority.fingerprint()
        ));
        Ok(Admitted { who, remarks })
    }

    fn remarks(&self, line: &AllowedSigner) -> Vec<String> {
        let mut remarks = Vec::new();
        if line.is_everybody() {
            remarks.push("the allowed signers give this key to everybody, by the principal \"*\"".to_owned());
        }
        if self.namespace == GIT
            && (line.valid_after.is_some() || line.valid_before.is_some() || line.is_authority)
        {
            remarks.push(
                "whether the key was valid then, the tag's own time decided, which its maker chose"
                    .to_owned(),
            );
        }
        remarks
    }
}

/// A key of somebody whom the policy does not count.
fn uncounted(whose: &str, named: &[String]) -> Refusal {
    let detail =
        format!("its key is that of \"{whose}\", and the policy counts \"{}\" alone", named.join("\", \""));
    Refusal::new(Reason::UnknownKey, detail)
}
