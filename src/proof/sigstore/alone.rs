//! One bundle, one artifact, and one signer who is expected: what `relcheck verify-bundle` verifies.

use super::{Parsed, refusal_of};
use crate::{
    digest::{Algorithms, Digest, hash_reader},
    proof::{Proof, Reason, Refusal},
    trust::{Key, TrustRoots},
};
use sigstore_verify::{Error, Policy, PublicKeyVerificationPolicy, VerificationPolicy};
use std::{fs::File, path::PathBuf};

/// Who must have signed a bundle that is verified alone.
pub enum Expected {
    /// The holder of a certificate with exactly this subject, from exactly this issuer.
    Certificate {
        /// The subject alternative name.
        identity: String,
        /// The OIDC issuer.
        issuer: String,
    },
    /// The holder of this key.
    Key(Key),
}

/// What a bundle that is verified alone must cover.
pub enum Subject {
    /// A file, which is read to its end in constant memory.
    File(PathBuf),
    /// A digest, without the bytes.
    Digest(Digest),
}

/// Verifies that `document` is one bundle over `subject`, signed by whom is `expected`.
pub fn verify_one(
    document: &[u8],
    subject: &Subject,
    expected: &Expected,
    trust: &TrustRoots,
) -> Result<Proof, Refusal> {
    let parsed = Parsed::read(document)?;
    let root = trust.sigstore().first().ok_or_else(|| Refusal::invalid("no Sigstore root is trusted"))?;
    let policy: Box<dyn Policy> = match expected {
        Expected::Certificate { identity, issuer } => {
            Box::new(VerificationPolicy::new(identity.as_str(), issuer))
        }
        Expected::Key(key) => {
            let spki = key.spki().ok_or_else(|| {
                Refusal::new(
                    Reason::UnknownKey,
                    "a Sigstore bundle is verified with a PEM key, which this is not",
                )
            })?;
            Box::new(PublicKeyVerificationPolicy::new(spki.der.clone()))
        }
    };
    let refused = |error: Error| refusal_of(&error);
    let (result, digests) = match subject {
        Subject::Digest(digest) => {
            let result = parsed.run(root, digest, policy.as_ref()).map_err(refused)?;
            (result, vec![digest.clone()])
        }
        Subject::File(path) => {
            let open = || {
                File::open(path).map_err(|e| Refusal::unreadable(format!("the artifact cannot be read: {e}")))
            };
            let result =
                root.verifier().verify_reader(open()?, &parsed.bundle, policy.as_ref()).map_err(refused)?;
            let hashed = hash_reader(open()?, Algorithms::ALL)
                .map_err(|e| Refusal::unreadable(format!("the artifact cannot be read: {e}")))?;
            (result, hashed.1.iter().cloned().collect())
        }
    };
    parsed.refuse_disagreement(&digests)?;
    let covered = digests.first().ok_or_else(|| Refusal::invalid("no digest of the artifact is known"))?;
    match expected {
        Expected::Certificate { .. } => parsed.certified(root, covered, &result),
        Expected::Key(key) => parsed.keyed(key, covered, &result),
    }
}

impl Parsed {
    /// Every strong digest of the subject that names this artifact must be the artifact's.
    fn refuse_disagreement(&self, digests: &[Digest]) -> Result<(), Refusal> {
        let Some(statement) = &self.statement else { return Ok(()) };
        let of_algorithm = |d: &Digest| digests.iter().find(|own| own.algorithm() == d.algorithm());
        for subject in statement.subjects() {
            let is_it = subject.digests.iter().any(|d| d.algorithm().is_strong() && digests.contains(d));
            if !is_it {
                continue;
            }
            if let Some(other) = subject.digests.iter().find(|d| of_algorithm(d).is_some_and(|own| own != *d))
            {
                return Err(Refusal::new(
                    Reason::Unbound,
                    format!("the subject's digests disagree about the artifact: {other} is not its own"),
                ));
            }
            return Ok(());
        }
        Err(Refusal::new(Reason::Unbound, "no subject of the statement has this digest"))
    }
}
