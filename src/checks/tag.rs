//! The tag spells a version, the manifests at the tag declare the same one, and whoever signed it is named by the policy.
//!
//! Most projects do not sign their tags, so that alone is a warning. A policy that names who may sign them requires it:
//! otherwise taking a signature away would be enough to pass.

use super::{
    Check, Judges, Meta, Rules,
    checksums::quoted,
    identity::{self, Identity},
    signatures::NamedKey,
};
use crate::{
    evidence::{Seen, TagKind, TagRecord},
    facts::{
        Facts,
        manifest::{Declared, DeclaredVersion, Ecosystem, same_version},
    },
    outcome::{Finding, Level, Status, Subject, SubjectKind},
    proof::{Proof, Reason, Refusal, Signer},
    text::plural_list,
    versions::TagVersion,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

rules! { "tag":
    VERSION = "version", Require, "the tag spells a semantic version",
        example: "v1.2.3 spells version 1.2.3", fix: "nothing to do";
    NOT_SEMVER = "not-semver", Require, "the tag spells a semantic version, with or without a prefix",
        example: "the tag \"release-candidate\" spells no version",
        fix: "name release tags v1.2.3, 1.2.3, NAME-v1.2.3, NAME@1.2.3 or PATH/v1.2.3";
    MISSING = "missing", Require, "the tag exists in the repository",
        example: "no tag v1.2.3 in the repository", fix: "push the tag, or fetch it (git fetch --tags)";
    OBJECT = "object", Require, "the tag object is well-formed, bears the tag's own name and points to a commit",
        example: "the tag object of v1.2.3 was made under the name v1.2.2",
        fix: "find out who pointed the tag there (git cat-file tag NAME); make a new tag under its own name, and do not build from this one";
    UNSIGNED = "unsigned", Warn, "the tag is signed, and the policy says by whom it may be",
        example: "v1.2.3 is an annotated tag without a signature", fix: "sign tags (git tag -s)";
    LIGHTWEIGHT = "lightweight", Warn, "the tag is annotated, so that it says who made it and when",
        example: "v1.2.3 is a lightweight tag", fix: "make annotated tags (git tag -a, or -s to sign); if the published one is, fetch it (git fetch --force --tags)";
    SIGNED = "signed", Require, "the tag is signed by somebody whom the policy names",
        example: "v1.2.3 is signed by key maintainer (ada@example.org)", fix: "nothing to do";
    SIGNER = "signer", Require, "whoever signed the tag is named by the policy",
        example: "v1.2.3 is signed, by a key that the policy does not name",
        fix: "if this signer is right, name it under [[rules.tag.key]] or [[rules.tag.identity]] in the policy";
    BAD_SIGNATURE = "bad-signature", Require, "the signature of the tag verifies, over this very tag",
        example: "the signature of v1.2.3 does not verify: the tag was changed after signing",
        fix: "find out what was changed after signing, or sign again under a new tag; do not build from this one until then";
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
    /// Who may sign tags by certificate (gitsign). Naming anybody, here or by key, requires that tags are signed.
    #[serde(rename = "identity")]
    pub identities: Vec<Identity>,
    /// Who may sign tags by key: OpenPGP certificates, SSH keys and `allowed_signers` files.
    #[serde(rename = "key")]
    pub keys: Vec<NamedKey>,
}

impl Check for Tag {
    const META: Meta = Meta {
        id: "tag",
        summary: "the tag spells a version, the manifests at the tag declare it, and its signature is by whom the policy names",
        rules: RULES,
        judges: Judges::Release,
    };

    type Policy = Policy;

    fn run(facts: &Facts, rules: &Rules) -> Vec<Finding> {
        let policy = &rules.tag;
        let release = facts.release();
        let fault = facts.tag_fault.as_ref().map(|fault| {
            let message = format!("the object of the tag {} is not that of a release: {fault}", facts.tag);
            Finding::fail(&OBJECT, facts.release(), message)
        });
        let record = match &facts.tag_record {
            Seen::Present(record) => record,
            Seen::Unavailable { .. } if fault.is_some() => return Vec::from_iter(fault),
            Seen::Absent { .. } => {
                let message = format!("there is no tag {} in the repository", facts.tag);
                return vec![Finding::fail(&MISSING, release, message)];
            }
            Seen::Unavailable { reason } => return vec![Finding::undetermined(&MISSING, release, reason)],
        };
        let mut findings = made(facts, record, policy);
        findings.extend(fault);
        findings.extend(to_come(facts, record));
        findings.push(placed(facts));
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

impl Policy {
    /// Whether it says who may sign tags.
    fn names_signers(&self) -> bool {
        !self.identities.is_empty() || !self.keys.is_empty()
    }

    fn is_named(&self, signer: &Signer, facts: &Facts) -> bool {
        match signer {
            Signer::Key { name, .. } => self.keys.iter().any(|key| key.name == *name),
            Signer::Certificate(_) => self.identities.iter().any(|named| named.is(signer, facts)),
            Signer::Registry(_) => false,
        }
    }

    /// Everybody who may sign, for people.
    fn named(&self, facts: &Facts) -> String {
        let keys = self.keys.iter().map(|key| format!("key \"{}\"", key.name));
        let identities = self.identities.iter().map(|identity| identity.describe(facts));
        identities.chain(keys).collect::<Vec<_>>().join(" or ")
    }
}

/// How far the clocks of those who tag may be ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// What to do about a tag that nothing shows to have been there at the moment that is judged.
const LATER_FIX: &str = "judge as at a later moment (--as-of), or check this machine's clock";

/// A tag that says that it was made after the moment that is judged; or that does not say when, and was seen only after it.
fn to_come(facts: &Facts, record: &TagRecord) -> Option<Finding> {
    let is_later = |time: &Timestamp| time.duration_since(facts.as_of) > AHEAD;
    let tag = &facts.tag;
    let message = match record.time {
        Some(time) if is_later(&time) => format!("{tag} was made at {time}, after the moment that is judged"),
        None if is_later(&facts.collected_at) => {
            format!("{tag} does not say when it was made, and was seen only after the moment that is judged")
        }
        _ => return None,
    };
    let finding = Finding::undetermined(&MISSING, facts.release(), message);
    Some(finding.expected(format!("made by {}", facts.as_of)).fix(LATER_FIX))
}

/// How the tag was made, and by whom.
fn made(facts: &Facts, record: &TagRecord, policy: &Policy) -> Vec<Finding> {
    if record.kind != TagKind::Lightweight {
        return vec![annotated(facts, record.kind, policy)];
    }
    let message = format!("{} is a lightweight tag: it does not say who made it, nor when", facts.tag);
    let mut findings = vec![Finding::fail(&LIGHTWEIGHT, facts.release(), message)];
    if policy.names_signers() {
        // A rule of its own: a policy that lets tags be lightweight may still say who signs them.
        let message = format!("{} is a lightweight tag, which nobody can have signed", facts.tag);
        findings.push(demanded(Finding::fail(&UNSIGNED, facts.release(), message), policy));
    }
    findings
}

/// By whom an annotated tag was made.
fn annotated(facts: &Facts, kind: TagKind, policy: &Policy) -> Finding {
    let release = facts.release();
    let signature = match &facts.tag_signature {
        Seen::Present(verdict) => verdict,
        Seen::Absent { .. } if kind == TagKind::Signed => {
            let message = format!("{} is said to be signed, and no signature was found in it", facts.tag);
            return demanded(Finding::undetermined(&UNSIGNED, release, message), policy);
        }
        Seen::Absent { .. } => {
            let message = format!("{} is an annotated tag without a signature", facts.tag);
            return demanded(Finding::fail(&UNSIGNED, release, message), policy);
        }
        Seen::Unavailable { reason } => {
            let message = format!("whether {} is signed is not known: {reason}", facts.tag);
            return demanded(Finding::undetermined(&UNSIGNED, release, message), policy);
        }
    };
    match signature {
        Ok(proof) => signed(facts, proof, policy),
        Err(refusal) => refused(facts, refusal, policy),
    }
}

/// A tag whose signature verifies.
fn signed(facts: &Facts, proof: &Proof, policy: &Policy) -> Finding {
    let (release, tag) = (facts.release(), &facts.tag);
    let by = identity::describe(proof.signer());
    if let Some(late) = proof.times().iter().find(|time| **time > facts.as_of) {
        let message = format!("{tag} was signed at {late}, after the moment that is judged");
        return Finding::undetermined(&BAD_SIGNATURE, release, message)
            .expected(format!("signed by {}", facts.as_of))
            .fix(LATER_FIX);
    }
    if policy.is_named(proof.signer(), facts) {
        let remarks: String = proof.remarks().iter().map(|remark| format!("; {remark}")).collect();
        let message = format!("{tag} is signed by {}{remarks}", proof.signer());
        return Finding::pass(&SIGNED, release, message);
    }
    if policy.names_signers() {
        let message = format!("{tag} is signed, by somebody whom the policy does not name");
        return Finding::fail(&SIGNER, release, message).expected(policy.named(facts)).found(by);
    }
    let message = format!(
        "{tag} carries a signature by {by}; it counts for nothing as long as the policy does not say who may sign tags"
    );
    unnamed(facts, &message)
}

/// A tag whose signature proves nothing.
fn refused(facts: &Facts, refusal: &Refusal, policy: &Policy) -> Finding {
    let (release, tag) = (facts.release(), &facts.tag);
    let proves_nothing = matches!(
        refusal.reason,
        Reason::Invalid | Reason::Unbound | Reason::Expired | Reason::Revoked | Reason::Weak
    );
    if !policy.names_signers() && !proves_nothing {
        let message = format!(
            "{tag} carries a signature; it counts for nothing as long as the policy does not say who may sign tags \
                 ({refusal})"
        );
        return unnamed(facts, &message);
    }
    let (rule, status) = match refusal.reason {
        Reason::UnknownKey => (&SIGNER, Status::Fail),
        Reason::NoTime | Reason::Unreadable => (&BAD_SIGNATURE, Status::Undetermined),
        _ => (&BAD_SIGNATURE, Status::Fail),
    };
    let message = format!("the signature of {tag} does not count: {refusal}");
    let finding = Finding::new(rule, status, release, message);
    match refusal.reason {
        Reason::UnknownKey => finding.expected(policy.named(facts)),
        Reason::NoTime | Reason::Unreadable => {
            finding.fix(format!("look at it with its own tool: `git verify-tag {}`", quoted(tag.raw())))
        }
        _ => finding,
    }
}

/// A signature that says nothing as long as the policy names nobody: the tag may as well be without one.
fn unnamed(facts: &Facts, message: &str) -> Finding {
    Finding::undetermined(&UNSIGNED, facts.release(), message).fix(
        "name who may sign tags in the policy, under [[rules.tag.key]] (name and file) or [[rules.tag.identity]] \
         (issuer and subject); from then on tags have to be signed",
    )
}

/// A finding about a signature that is missing: required where the policy says who may sign.
fn demanded(finding: Finding, policy: &Policy) -> Finding {
    if !policy.names_signers() {
        return finding;
    }
    let expected = "a tag signed by somebody whom the policy names";
    Finding { level: Level::Require, ..finding.expected(expected) }
}

/// Where the tag's commit is.
fn placed(facts: &Facts) -> Finding {
    let release = facts.release();
    let branches = match &facts.branches {
        Seen::Present(branches) => branches,
        Seen::Absent { .. } => return no_default_branch(facts),
        Seen::Unavailable { reason } => return Finding::undetermined(&NOT_ON_BRANCH, release, reason),
    };
    let Some(default) = &branches.default else { return no_default_branch(facts) };
    match branches.contains_tag {
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
    }
}

fn no_default_branch(facts: &Facts) -> Finding {
    let message = "whether the commit is on the default branch is not known: the clone has no such branch";
    Finding::undetermined(&NOT_ON_BRANCH, facts.release(), message)
        .fix("fetch it (git fetch origin, then git remote set-head origin --auto)")
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
