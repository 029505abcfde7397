//! What a certificate must say of the workload besides its name: the extensions 1.3.6.1.4.1.57264.1.9 to .22 of Fulcio
//! (docs/oid-info.md there). A claim that the policy asks for and the certificate does not carry is never taken as met.

use super::Pattern;
use crate::{facts::Facts, proof::Claims, text::Untrusted};
use serde::Deserialize;

/// Declares the claims once: their key in a policy, the field of the certificate, the words for people.
macro_rules! required {
    ($($(#[$doc:meta])* $field:ident = $words:literal),+ $(,)?) => {
        /// The claims that a policy asks for; each is a [`Pattern`].
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        pub struct Required {
            $($(#[$doc])* pub $field: Option<Pattern>,)+
        }

        impl Required {
            /// Each claim that is asked for, with what the certificate says there.
            fn pairs<'a>(
                &'a self,
                claims: &'a Claims,
            ) -> impl Iterator<Item = (&'static str, &'a Pattern, Option<&'a Untrusted>)> {
                [$(($words, self.$field.as_ref(), claims.$field.as_ref())),+]
                    .into_iter()
                    .filter_map(|(words, pattern, claim)| Some((words, pattern?, claim)))
            }
        }
    };
}

required! {
    /// `.9`: the workflow that signed.
    build_signer_uri = "build signer URI",
    /// `.10`: the commit of that workflow.
    build_signer_digest = "build signer digest",
    /// `.11`: `github-hosted` or `self-hosted`.
    runner_environment = "runner environment",
    /// `.12`: the repository that was built.
    source_repository_uri = "source repository",
    /// `.13`: the commit that was built.
    source_repository_digest = "source commit",
    /// `.14`: the ref that was built.
    source_repository_ref = "source ref",
    /// `.15`: the forge's number of the repository.
    source_repository_identifier = "source repository number",
    /// `.16`: the owner of the repository.
    source_repository_owner_uri = "source repository owner",
    /// `.17`: the forge's number of the owner.
    source_repository_owner_identifier = "source repository owner number",
    /// `.18`: the workflow that was started.
    build_config_uri = "build config URI",
    /// `.19`: the commit of that workflow.
    build_config_digest = "build config digest",
    /// `.20`: the event that started it.
    build_trigger = "build trigger",
    /// `.21`: the run.
    run_invocation_uri = "run",
    /// `.22`: `public`, `private` or `internal`.
    source_repository_visibility = "source repository visibility",
}

/// A claim that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Which claim.
    pub claim: &'static str,
    /// What would have fitted.
    pub expected: String,
    /// What the certificate says; `None` where it says nothing.
    pub found: Option<Untrusted>,
}

impl Required {
    /// The first claim that does not fit; one that contradicts goes before one that is missing.
    pub fn misfit(&self, claims: &Claims, facts: &Facts) -> Option<Misfit> {
        let fits = |pattern: &Pattern, claim: Option<&Untrusted>| {
            claim.is_some_and(|claim| pattern.matches(claim.raw(), facts))
        };
        let mut misfits: Vec<Misfit> = self
            .pairs(claims)
            .filter(|(_, pattern, claim)| !fits(pattern, *claim))
            .map(|(claim, pattern, found)| Misfit {
                claim,
                expected: pattern.filled(facts),
                // Where the release's own value is not known, nothing was contradicted.
                found: found.filter(|_| pattern.is_known(facts)).cloned(),
            })
            .collect();
        misfits.sort_by_key(|misfit| misfit.found.is_none());
        misfits.into_iter().next()
    }
}
