//! The tag spells a version, and the manifests at the tag declare the same one.

use super::{Check, Judges, Meta, identity::Identity, signatures::NamedKey};
use crate::{
    evidence::{Seen, TagKind, TagRecord},
    facts::{
        Facts,
        manifest::{Declared, DeclaredVersion, Ecosystem, same_version},
    },
    outcome::{Finding, Subject, SubjectKind},
    text::plural_list,
    versions::TagVersion,
};
use serde::Deserialize;

rules! { "tag":
    VERSION = "version", Require, "the tag spells a semantic version",
        example: "v1.2.3 spells version 1.2.3", fix: "nothing to do";
    NOT_SEMVER = "not-semver", Require, "the tag spells a semantic version, with or without a prefix",
        example: "the tag \"release-candidate\" spells no version",
        fix: "name release tags v1.2.3, 1.2.3, NAME-v1.2.3, NAME@1.2.3 or PATH/v1.2.3";
    MISSING = "missing", Require, "the tag exists in the repository",
        example: "no tag v1.2.3 in the repository", fix: "push the tag, or fetch it (git fetch --tags)";
    UNSIGNED = "unsigned", Warn, "the tag is signed",
        example: "v1.2.3 is an annotated tag without a signature", fix: "sign tags (git tag -s)";
    LIGHTWEIGHT = "lightweight", Warn, "the tag is annotated, so that it says who made it and when",
        example: "v1.2.3 is a lightweight tag", fix: "make annotated tags (git tag -a, or -s to sign)";
    VERSION_MISMATCH = "version-mismatch", Require, "the manifests at the tag declare the version that the tag spells",
        example: "Cargo.toml at v1.2.3 declares version 1.2.2",
        fix: "raise the version in the manifest before tagging; a tag that is out already needs a new one";
    NOT_ON_BRANCH = "not-on-branch", Warn, "the tagged commit is on the default branch",
        example: "the commit of v1.2.3 cannot be reached from main",
        fix: "tag commits that were merged; for release branches, set this rule to skip";
}

/// The check.
pub struct Tag;

/// `[rules.tag]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// Paths of manifests whose version is not the release's: `examples/demo/Cargo.toml`.
    pub ignore_manifests: Vec<String>,
    /// Who may sign tags by certificate (gitsign).
    #[serde(rename = "identity")]
    pub identities: Vec<Identity>,
    /// Who may sign tags by key: OpenPGP certificates, SSH keys and `allowed_signers` files.
    #[serde(rename = "key")]
    pub keys: Vec<NamedKey>,
}

impl Check for Tag {
    const META: Meta = Meta {
        id: "tag",
        summary: "the tag spells a version, and the manifests at the tag declare the same one",
        rules: RULES,
        judges: Judges::Release,
    };

    type Policy = Policy;

    fn run(facts: &Facts, policy: &Policy) -> Vec<Finding> {
        let release = facts.release();
        let record = match &facts.tag_record {
            Seen::Present(record) => record,
            Seen::Absent { .. } => {
                let message = format!("there is no tag {} in the repository", facts.tag);
                return vec![Finding::fail(&MISSING, release, message)];
            }
            Seen::Unavailable { reason } => return vec![Finding::undetermined(&MISSING, release, reason)],
        };
        let mut findings = made(facts, record);
        match facts
            .version
            .as_ref()
            .and_then(|version| version.semver.as_ref().map(|semver| (version, semver)))
        {
            None => {
                let message = format!("the tag {} spells no semantic version", facts.tag);
                findings.push(Finding::fail(&NOT_SEMVER, release, message).found(facts.tag.to_string()));
            }
            Some((version, semver)) => {
                let message =
                    format!("{} spells version {semver}, at commit {}", facts.tag, record.commit.short());
                findings.push(Finding::pass(&VERSION, release, message));
                findings.extend(declared(facts, version, policy));
            }
        }
        findings
    }
}

/// How the tag was made, and where its commit is.
fn made(facts: &Facts, record: &TagRecord) -> Vec<Finding> {
    let release = facts.release();
    let mut findings = Vec::new();
    match record.kind {
        TagKind::Lightweight => {
            let message =
                format!("{} is a lightweight tag: it does not say who made it, nor when", facts.tag);
            findings.push(Finding::fail(&LIGHTWEIGHT, release.clone(), message));
        }
        TagKind::Annotated => {
            let message = format!("{} is an annotated tag without a signature", facts.tag);
            findings.push(Finding::fail(&UNSIGNED, release.clone(), message));
        }
        TagKind::Signed => {
            let message = format!("{} carries a signature, which this version does not verify", facts.tag);
            findings.push(Finding::undetermined(&UNSIGNED, release.clone(), message).fix(format!(
                "check it with `git verify-tag {}`",
                super::checksums::quoted(facts.tag.raw())
            )));
        }
    }
    let branches = match &facts.branches {
        Seen::Present(branches) => branches,
        Seen::Absent { .. } => return findings,
        Seen::Unavailable { reason } => {
            findings.push(Finding::undetermined(&NOT_ON_BRANCH, release, reason));
            return findings;
        }
    };
    let Some(default) = &branches.default else { return findings };
    findings.push(match branches.contains_tag {
        Some(true) => Finding::pass(&NOT_ON_BRANCH, release, format!("its commit is on {}", default.name)),
        Some(false) => {
            let message = format!("the commit of {} cannot be reached from {}", facts.tag, default.name);
            Finding::fail(&NOT_ON_BRANCH, release, message)
        }
        None => {
            let message =
                format!("whether the commit is on {} is not known: the clone is shallow", default.name);
            Finding::undetermined(&NOT_ON_BRANCH, release, message)
                .fix("fetch the whole history (git fetch --unshallow)")
        }
    });
    findings
}

/// Holds the versions in the manifests against the tag's.
fn declared(facts: &Facts, version: &TagVersion, policy: &Policy) -> Vec<Finding> {
    let manifests = match &facts.manifests {
        Seen::Present(manifests) => manifests,
        Seen::Absent { .. } => return Vec::new(),
        Seen::Unavailable { reason } => {
            return vec![Finding::undetermined(&VERSION_MISMATCH, facts.release(), reason)];
        }
    };
    let manifests: Vec<&Declared> =
        manifests.iter().filter(|declared| !policy.ignore_manifests.contains(&declared.path)).collect();
    let component = version.component();
    let component = Some(component.as_str()).filter(|component| !component.is_empty());
    let concerned: Vec<&Declared> =
        manifests.iter().copied().filter(|d| d.applies_to_tag(component)).collect();
    let findings: Vec<Finding> =
        concerned.iter().filter_map(|declared| judge(facts, version, declared)).collect();
    if !findings.is_empty() {
        return findings;
    }
    // No manifest of its own states a version: a workspace's members may, one of which has to be the release.
    let stated: Vec<(&Declared, &str)> = manifests.iter().filter_map(|d| Some((*d, stated(d)?))).collect();
    let is_it = |(declared, stated): &&(&Declared, &str)| same(version, stated, declared.ecosystem);
    if let Some((declared, stated)) = stated.iter().find(is_it) {
        let subject = Subject::new(SubjectKind::Version, &declared.path);
        return vec![Finding::pass(
            &VERSION_MISMATCH,
            subject,
            format!("{} declares {stated}", declared.path),
        )];
    }
    if stated.is_empty() {
        return Vec::new();
    }
    let found: Vec<String> =
        stated.iter().map(|(declared, stated)| format!("{} {stated}", declared.path)).collect();
    let message = format!("no manifest at {} declares the version of the tag", facts.tag);
    vec![
        Finding::undetermined(&VERSION_MISMATCH, facts.release(), message)
            .expected(version.number())
            .found(plural_list(&found, 5))
            .fix("list manifests that are not the release's under ignore-manifests in [rules.tag]"),
    ]
}

/// The version that a manifest states.
fn stated(declared: &Declared) -> Option<&str> {
    match &declared.version {
        Ok(DeclaredVersion::Stated(version)) => Some(version),
        _ => None,
    }
}

fn same(version: &TagVersion, stated: &str, ecosystem: Ecosystem) -> bool {
    version.semver.as_ref().is_some_and(|semver| same_version(&semver.to_string(), stated, ecosystem))
}

fn judge(facts: &Facts, version: &TagVersion, declared: &Declared) -> Option<Finding> {
    let subject = Subject::new(SubjectKind::Version, &declared.path);
    match &declared.version {
        Err(error) => {
            let message = format!("{} at {} cannot be read: {error}", declared.path, facts.tag);
            Some(Finding::undetermined(&VERSION_MISMATCH, subject, message))
        }
        Ok(DeclaredVersion::NotDeclared { .. }) => None,
        Ok(DeclaredVersion::Stated(stated)) if same(version, stated, declared.ecosystem) => {
            Some(Finding::pass(&VERSION_MISMATCH, subject, format!("{} declares {stated}", declared.path)))
        }
        Ok(DeclaredVersion::Stated(stated)) => {
            let message = format!("{} at {} declares version {stated}", declared.path, facts.tag);
            Some(Finding::fail(&VERSION_MISMATCH, subject, message).expected(version.number()).found(stated))
        }
    }
}
