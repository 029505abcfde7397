//! The SLSA Build level that a statement reaches, and why it is no other one.
//!
//! Follows SLSA v1.1, "Security levels", Build track: L1 provenance exists; L2 it is signed by a hosted platform; L3 the
//! platform keeps builds, and the secret that signs, apart from one another. What a signature cannot show is granted by
//! the policy, or by the table of well-known builders.

use super::{super::identity, builders::Trusted};
use crate::{
    proof::{Certificate, Signer},
    text::Untrusted,
};

/// A level, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    /// 1 to 3.
    pub(super) level: u8,
    /// Why it is not lower.
    because: String,
    /// What the next level takes.
    next: Option<&'static str>,
}

/// Where the build ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runner {
    /// On a machine of the platform.
    Hosted,
    /// On another machine.
    Own,
    /// The certificate of a platform that tells it does not.
    Untold,
    /// Nothing says, and nothing should.
    NotSaid,
}

impl Runner {
    /// What the certificate says; some platforms' certificates always tell.
    pub(super) fn of(certificate: &Certificate) -> Self {
        let tells = [identity::GITHUB_ISSUER, identity::GITLAB_ISSUER].contains(&certificate.issuer.raw());
        match certificate.claims.runner_environment.as_ref().map(Untrusted::raw) {
            Some("github-hosted" | "gitlab-hosted") => Self::Hosted,
            Some(_) => Self::Own,
            None if tells => Self::Untold,
            None => Self::NotSaid,
        }
    }
}

impl Reached {
    /// The level that `builder` reaches with what `signer` shows.
    pub(super) fn of(builder: &Trusted, signer: &Signer) -> Self {
        let runner = match signer {
            Signer::Certificate(certificate) => Runner::of(certificate),
            Signer::Key { .. } | Signer::Registry(_) => Runner::NotSaid,
        };
        let low = |because: &str, next| Self { level: 1, because: because.to_owned(), next: Some(next) };
        match runner {
            Runner::Own => {
                return low("built on a self-hosted runner", "for L2 the runner must be the platform's own");
            }
            Runner::Untold => {
                return low(
                    "the certificate does not say on what runner it was built",
                    "for L2 it must say that the runner is the platform's own",
                );
            }
            Runner::Hosted | Runner::NotSaid => {}
        }
        let (because, next) = if let Some(name) = builder.well_known() {
            (format!("built by {name}, a well-known builder"), None)
        } else if builder.is_own() {
            let next = "for L3 the signer must be a reusable workflow of a trusted builder";
            ("signed by the release's own workflow on a hosted runner".to_owned(), Some(next))
        } else if builder.is_key() {
            let next = "for L3 the signer must be known by a certificate of the build platform";
            ("signed with a key that the policy grants this".to_owned(), Some(next))
        } else {
            let next = (builder.level < 3).then_some("for more the policy must grant this builder more");
            ("granted by the policy to this builder".to_owned(), next)
        };
        Self { level: builder.level, because, next }
    }

    /// `L2: signed by …; for L3 …`.
    pub(super) fn in_words(&self) -> String {
        let next = self.next.map_or_else(String::new, |next| format!("; {next}"));
        format!("L{}: {}{next}", self.level, self.because)
    }
}
