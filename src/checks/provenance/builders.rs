//! Who may build: the release's own workflows, well-known builders by name, and builders that the policy describes.
//!
//! The rule that must not be broken: a builder is known by who signed, never by what the predicate says. A reusable
//! workflow of others counts at a release of theirs only, `refs/tags/vX.Y.Z`: a branch or a short tag can be moved to
//! other code after it was trusted. This is what slsa-verifier asks for too.

use super::{
    super::identity::{self, Identity, Pattern, Required},
    policy::{Builder, Policy},
};
use crate::{
    facts::Facts,
    proof::{Certificate, Signer},
};

/// The repository of the SLSA project's generators.
const GENERATOR: &str = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/";
/// The group of all of them.
const GENERATOR_GROUP: &str = "slsa-github-generator";
/// What GitHub's own attestation action and npm wrote before they named the workflow.
pub(super) const GITHUB_HOSTED: &str = "https://github.com/actions/runner/github-hosted";
const GITHUB_RUNNER: &str = "https://github.com/actions/runner";
/// What npm writes on a runner of one's own.
pub(super) const GITHUB_SELF_HOSTED: &str = "https://github.com/actions/runner/self-hosted";

/// A builder that is known here by name.
#[derive(Debug)]
struct WellKnown {
    /// What a policy calls it.
    name: &'static str,
    /// The workflows that sign for it.
    signers: &'static [&'static str],
    /// The workflow that its predicates name, where that is not the signer itself.
    id: Option<&'static str>,
    /// The types of build it states.
    build_types: &'static [&'static str],
    /// The SLSA Build level that it reaches.
    level: u8,
}

const DELEGATORS: &[&str] = &["delegator_lowperms-generic_slsa3.yml", "delegator_generic_slsa3.yml"];
const DELEGATED: &[&str] = &["https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0"];

/// The SLSA project's generators for GitHub Actions, which build in isolation from their caller.
const WELL_KNOWN: &[WellKnown] = &[
    WellKnown {
        name: "slsa-github-generator/generic",
        signers: &["generator_generic_slsa3.yml"],
        id: None,
        build_types: &[
            "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
            "https://github.com/slsa-framework/slsa-github-generator@v1",
        ],
        level: 3,
    },
    WellKnown {
        name: "slsa-github-generator/go",
        signers: &["builder_go_slsa3.yml"],
        id: None,
        build_types: &[
            "https://github.com/slsa-framework/slsa-github-generator/go@v1",
            "https://github.com/slsa-framework/slsa-github-generator-go@v1",
        ],
        level: 3,
    },
    WellKnown {
        name: "slsa-github-generator/container",
        signers: &["generator_container_slsa3.yml"],
        id: None,
        build_types: &["https://github.com/slsa-framework/slsa-github-generator/container@v1"],
        level: 3,
    },
    WellKnown {
        name: "slsa-github-generator/container-based",
        signers: &["builder_container-based_slsa3.yml", "builder_docker-based_slsa3.yml"],
        id: None,
        build_types: &["https://slsa.dev/container-based-build/v0.1?draft"],
        level: 3,
    },
    WellKnown {
        name: "slsa-github-generator/maven",
        signers: DELEGATORS,
        id: Some("builder_maven_slsa3.yml"),
        build_types: DELEGATED,
        level: 3,
    },
    WellKnown {
        name: "slsa-github-generator/gradle",
        signers: DELEGATORS,
        id: Some("builder_gradle_slsa3.yml"),
        build_types: DELEGATED,
        level: 3,
    },
    WellKnown {
        name: "slsa-github-generator/nodejs",
        signers: DELEGATORS,
        id: Some("builder_nodejs_slsa3.yml"),
        build_types: DELEGATED,
        level: 3,
    },
    WellKnown {
        name: "slsa-github-generator/bazel",
        signers: DELEGATORS,
        id: Some("builder_bazel_slsa3.yml"),
        build_types: DELEGATED,
        level: 3,
    },
];

/// The names that a policy may use: each builder's, and that of all of them together.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    [GENERATOR_GROUP].into_iter().chain(WELL_KNOWN.iter().map(|known| known.name))
}

/// The builders that `name` stands for; none where nothing is called so.
pub(super) fn named(name: &str) -> impl Iterator<Item = Trusted> {
    let is_meant = move |known: &&WellKnown| name == GENERATOR_GROUP || name == known.name;
    WELL_KNOWN.iter().filter(is_meant).map(|known| Trusted {
        who: Who::Workflow(known),
        ids: Vec::new(),
        build_types: known.build_types.iter().map(|uri| (*uri).to_owned()).collect(),
        level: known.level,
    })
}

/// A builder that the policy trusts.
#[derive(Clone, Debug)]
pub(super) struct Trusted {
    who: Who,
    /// What its predicates may name, besides the signer itself.
    ids: Vec<Pattern>,
    /// The build types it may state; any where there is none.
    pub(super) build_types: Vec<String>,
    /// The level that it reaches where everything is in order.
    pub(super) level: u8,
}

#[derive(Clone, Debug)]
enum Who {
    /// A workflow of the release's own repository.
    Own(Identity),
    /// A workflow that is well known.
    Workflow(&'static WellKnown),
    /// Somebody whom the policy describes.
    Described(Identity),
    /// The holder of a key.
    Key(String),
}

impl Policy {
    /// Everybody who may build.
    pub(super) fn trusted(&self, facts: &Facts) -> Vec<Trusted> {
        let own = if self.derive { identity::derived(facts) } else { Vec::new() };
        let own = own.into_iter().map(|identity| {
            let ids = own_ids(&identity.issuer);
            Trusted { who: Who::Own(identity), ids, build_types: Vec::new(), level: 2 }
        });
        let well_known = self.well_known.iter().flat_map(|name| named(name));
        let described = self.builders.iter().filter_map(Builder::trusted);
        described.chain(well_known).chain(own).collect()
    }
}

impl Builder {
    fn trusted(&self) -> Option<Trusted> {
        let who = match (&self.issuer, &self.signer, &self.key) {
            (Some(issuer), Some(signer), None) => Who::Described(Identity {
                issuer: issuer.clone(),
                subject: signer.clone(),
                claims: Required::default(),
            }),
            (None, None, Some(key)) => Who::Key(key.clone()),
            // No policy that was read has such a builder.
            _ => return None,
        };
        let ids = self.id.iter().cloned().collect();
        Some(Trusted { who, ids, build_types: self.build_types.clone(), level: self.level })
    }
}

/// What a workflow's own provenance may call the builder.
fn own_ids(issuer: &str) -> Vec<Pattern> {
    let known: &[&str] = match issuer {
        identity::GITHUB_ISSUER => &[GITHUB_HOSTED, GITHUB_RUNNER, GITHUB_SELF_HOSTED],
        identity::GITLAB_ISSUER => &["https://gitlab.com/{repository}/-/runners/*"],
        _ => &[],
    };
    known.iter().map(|id| Pattern::parse(id).expect("the built-in names are well formed")).collect()
}

impl Trusted {
    /// Whether it is `signer`.
    pub(super) fn signs(&self, signer: &Signer, facts: &Facts) -> bool {
        match (&self.who, signer) {
            // What else the certificate says of the build has rules of its own here: source, ref, commit.
            (Who::Own(identity) | Who::Described(identity), Signer::Certificate(certificate)) => {
                identity.is_named(certificate, facts)
            }
            (Who::Workflow(known), Signer::Certificate(certificate)) => known.signs(certificate),
            (Who::Key(name), Signer::Key { name: own, .. }) => name == own,
            _ => false,
        }
    }

    /// Whether a predicate that it signed as `signer` may name `id` as the builder.
    pub(super) fn is_named(&self, id: &str, signer: &Signer, facts: &Facts) -> bool {
        let signer = match signer {
            Signer::Certificate(certificate) => Some(certificate.identity.raw()),
            Signer::Key { .. } | Signer::Registry(_) => None,
        };
        if let (Who::Workflow(WellKnown { id: Some(workflow), .. }), Some(signer)) = (&self.who, signer) {
            // The delegator and the builder that calls it are released together.
            let tag = signer.split_once('@').map_or("", |(_, tag)| tag);
            return id == format!("{GENERATOR}{workflow}@{tag}");
        }
        signer == Some(id) || self.ids.iter().any(|own| own.matches(id, facts))
    }

    /// Whether it is the release's own workflow.
    pub(super) fn is_own(&self) -> bool {
        matches!(self.who, Who::Own(_))
    }

    /// Whether it is known by a key alone.
    pub(super) fn is_key(&self) -> bool {
        matches!(self.who, Who::Key(_))
    }

    /// Its name, where it is well known.
    pub(super) fn well_known(&self) -> Option<&'static str> {
        match &self.who {
            Who::Workflow(known) => Some(known.name),
            _ => None,
        }
    }

    /// Who it is, for people.
    pub(super) fn describe(&self, facts: &Facts) -> String {
        match &self.who {
            Who::Own(identity) | Who::Described(identity) => identity.describe(facts),
            Who::Workflow(known) => format!("{} at a tag vX.Y.Z", known.name),
            Who::Key(name) => format!("key \"{}\"", crate::text::clean(name)),
        }
    }
}

impl WellKnown {
    fn signs(&self, certificate: &Certificate) -> bool {
        let Some((workflow, reference)) = generator(certificate) else { return false };
        self.signers.contains(&workflow) && is_release(reference)
    }
}

/// The workflow and the ref of slsa-github-generator that signed, where it did, whatever the ref.
fn generator(certificate: &Certificate) -> Option<(&str, &str)> {
    if certificate.issuer.raw() != identity::GITHUB_ISSUER {
        return None;
    }
    certificate.identity.raw().strip_prefix(GENERATOR)?.split_once('@')
}

/// The ref at which a well-known workflow was called, where it is none that counts.
pub(super) fn unreleased(certificate: &Certificate) -> Option<&str> {
    let (workflow, reference) = generator(certificate)?;
    let is_known = WELL_KNOWN.iter().any(|known| known.signers.contains(&workflow));
    (is_known && !is_release(reference)).then_some(reference)
}

/// Whether `reference` is `refs/tags/vX.Y.Z`: three numbers as Semantic Versioning 2.0.0 writes them, and no more.
fn is_release(reference: &str) -> bool {
    let Some(version) = reference.strip_prefix("refs/tags/v") else { return false };
    let is_number = |part: &str| {
        part.bytes().all(|b| b.is_ascii_digit())
            && (1..=9).contains(&part.len())
            && (part == "0" || !part.starts_with('0'))
    };
    version.split('.').count() == 3 && version.split('.').all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{proof::Claims, text::Untrusted};

    fn certificate(workflow: &str) -> Signer {
        Signer::Certificate(Box::new(Certificate {
            identity: Untrusted::new(format!("{GENERATOR}{workflow}")),
            issuer: Untrusted::new(identity::GITHUB_ISSUER),
            claims: Claims::default(),
        }))
    }

    fn facts() -> Facts {
        Facts::for_tests("github.com/acme/widget", "v1.2.3")
    }

    #[test]
    fn a_well_known_builder_counts_at_a_release_of_its_own_and_nowhere_else() {
        let signs = |reference: &str| {
            let signer = certificate(&format!("generator_generic_slsa3.yml@{reference}"));
            let known: Vec<Trusted> = named("slsa-github-generator/generic").collect();
            known.len() == 1 && known[0].signs(&signer, &facts())
        };
        for good in ["refs/tags/v2.1.0", "refs/tags/v0.0.1", "refs/tags/v10.20.30"] {
            assert!(signs(good), "{good}");
        }
        for bad in [
            "refs/heads/main",
            "refs/heads/v2.1.0",
            "refs/tags/v2",
            "refs/tags/v2.1",
            "refs/tags/v2.1.0-rc.0",
            "refs/tags/v2.1.0+x",
            "refs/tags/v2.1.0.0",
            "refs/tags/2.1.0",
            "refs/tags/v02.1.0",
            "refs/tags/v2.1.",
            "refs/tags/v2.1.x",
            "refs/tags/v2.1.0 ",
            "f7dd8c54c2067bafc12ca7a55595d5ee9b75204a",
            "",
        ] {
            assert!(!signs(bad), "{bad}");
        }
    }

    #[test]
    fn a_delegated_builder_is_named_at_the_tag_of_its_delegator() {
        let maven = named("slsa-github-generator/maven").next().unwrap();
        let signer = certificate("delegator_lowperms-generic_slsa3.yml@refs/tags/v2.1.0");
        let is_named = |id: &str| maven.is_named(&format!("{GENERATOR}{id}"), &signer, &facts());
        assert!(maven.signs(&signer, &facts()) && is_named("builder_maven_slsa3.yml@refs/tags/v2.1.0"));
        for other in [
            "builder_maven_slsa3.yml@refs/tags/v2.0.0",
            "builder_maven_slsa3.yml@refs/heads/main",
            "builder_gradle_slsa3.yml@refs/tags/v2.1.0",
            "delegator_lowperms-generic_slsa3.yml@refs/tags/v2.1.0",
        ] {
            assert!(!is_named(other), "{other}");
        }
    }

    #[test]
    fn a_group_stands_for_each_of_its_builders_and_a_near_name_for_none() {
        assert_eq!(named(GENERATOR_GROUP).count(), WELL_KNOWN.len());
        for near in ["slsa-github-generator/", "slsa-github-generator/Generic", "", "generic"] {
            assert_eq!(named(near).count(), 0, "{near}");
        }
    }

    #[test]
    fn a_well_known_workflow_at_a_ref_that_does_not_count_is_told_from_a_strangers() {
        let Signer::Certificate(at_main) = certificate("builder_go_slsa3.yml@refs/heads/main") else {
            panic!()
        };
        assert_eq!(unreleased(&at_main), Some("refs/heads/main"));
        let Signer::Certificate(other) = certificate("release.yml@refs/heads/main") else { panic!() };
        assert_eq!(unreleased(&other), None);
    }
}
