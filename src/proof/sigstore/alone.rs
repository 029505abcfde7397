//! One bundle, one artifact, and one signer who is expected: what `relcheck verify-bundle` verifies.

use super::{Parsed, refusal_of, roots};
use crate::{
    digest::{Algorithms, Digest, hash_reader},
    proof::{Proof, Reason, Refusal},
    trust::{Key, SigstoreRoot, TrustRoots},
};
use sigstore_verify::{Policy, PublicKeyVerificationPolicy, VerificationPolicy, VerificationResult};
use std::{fs::File, io, path::PathBuf};

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
    match expected {
        Expected::Certificate { identity, issuer } => {
            let policy = VerificationPolicy::new(identity.as_str(), issuer);
            parsed.by_any_root(trust, |root| {
                let (result, covered) = parsed.check(root, subject, &parsed.policy_for(root, &policy)?)?;
                parsed.certified(root, &covered, &result)
            })
        }
        Expected::Key(key) => {
            let spki = key.spki().ok_or_else(|| {
                let detail = "a Sigstore bundle is verified with a PEM key, which this is not";
                Refusal::new(Reason::UnknownKey, detail)
            })?;
            let policy = PublicKeyVerificationPolicy::new(spki.der.clone());
            let mut refusal: Option<Refusal> = None;
            for root in roots::with_logs(trust)? {
                match parsed.check(root, subject, &policy) {
                    Ok((result, covered)) => return parsed.keyed(key, &covered, &result),
                    Err(other) => {
                        refusal = refusal.filter(|known| known.reason != Reason::Stranger).or(Some(other));
                    }
                }
            }
            Err(refusal.unwrap_or_else(|| Refusal::invalid("no Sigstore root is trusted")))
        }
    }
}

impl Parsed {
    /// Verifies the bundle over `subject` against one root; with one of the subject's digests.
    fn check(
        &self,
        root: &SigstoreRoot,
        subject: &Subject,
        policy: &dyn Policy,
    ) -> Result<(VerificationResult, Digest), Refusal> {
        let (result, digests) = match subject {
            Subject::Digest(digest) => (self.run(root, digest, policy)?, vec![digest.clone()]),
            Subject::File(path) => {
                let unread = |e: io::Error| Refusal::unreadable(format!("the artifact cannot be read: {e}"));
                let file = File::open(path).map_err(unread)?;
                let verified = root.verifier().verify_reader(file, &self.bundle, policy);
                let result = verified.map_err(|error| refusal_of(&error))?;
                let file = File::open(path).map_err(unread)?;
                let hashed = hash_reader(file, Algorithms::ALL).map_err(unread)?;
                (result, hashed.1.iter().cloned().collect())
            }
        };
        self.refuse_disagreement(&digests)?;
        let covered =
            digests.first().ok_or_else(|| Refusal::invalid("no digest of the artifact is known"))?;
        Ok((result, covered.clone()))
    }

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
