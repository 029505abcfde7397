//! The supported-versions table of SECURITY.md agrees with the published tags.
//!
//! The reading and the rules are those of `security_policy`; this check gives them their place in the report. A row
//! that could not be read is undetermined, with the line; it never passes by being skipped.

use super::{Check, Judges, Meta, Rules};
use crate::{
    evidence::Seen,
    facts::Facts,
    outcome::{Finding, Rule, Status, Subject, SubjectKind},
    security_policy::{self, Conclusion, PublishedTag, Refs, judge},
    versions::TagVersion,
};
use serde::Deserialize;

rules! { "supported-versions":
    SUPPORTED = "supported", Require, "the table covers the published releases, and promises nothing else",
        example: "main is the default branch; latest = v1.5.11, previous = v1.5.10", fix: "nothing to do";
    NOT_FOUND = "not-found", Require, "the repository has a security policy",
        example: "no SECURITY.md in .github/, the root or docs/",
        fix: "add a SECURITY.md with a \"Supported Versions\" table to the default branch";
    NO_SECTION = "no-section", Require, "the security policy says which versions are supported",
        example: "SECURITY.md says nothing about supported versions",
        fix: "add a table: | Version | Supported |, with rows such as \"Latest release\" and \"< Previous release\"";
    UNREADABLE = "unreadable", Require, "every row of the table can be read",
        example: "line 9: \"most things\" is no version", fix: "write versions as 1.2.x, < 1.0, >= 2.0, or Latest release";
    NOT_MACHINE_READABLE = "not-machine-readable", Require, "the statement can be compared with tags",
        example: "support is described on a web page", fix: "add a table that names the supported versions";
    NO_RELEASES = "no-releases", Require, "there are published releases to compare the table with",
        example: "no tag is read as a version", fix: "publish a release, or fetch the tags (git fetch --tags)";
    LATEST_UNSUPPORTED = "latest-unsupported", Require, "the newest release is in a supported row",
        example: "the newest release 0.1.6 falls under \"< 0.2.0\", which the policy calls unsupported",
        fix: "mark the line of the newest release as supported, or write \"Latest release\"";
    LATEST_UNLISTED = "latest-unlisted", Require, "the newest release is in some row",
        example: "the newest release is v5.6.3, and the newest supported line is 5.4.x",
        fix: "add the line of the newest release, or write \"Latest release\"";
    NEVER_PUBLISHED = "never-published", Require, "every supported row names something that was published",
        example: "0.2.x is promised but was never published (newest: 0.1.6)",
        fix: "publish that line, or change the row to a line that exists";
    ONLY_PRE_RELEASE = "only-pre-release", Warn, "supported rows name stable releases",
        example: "7.x has only pre-releases", fix: "say that the row is an alpha or beta line";
    EXPIRED = "expired", Require, "no row promises support until a day that has passed",
        example: "support for 8 ended on 2026-06-30 by this table", fix: "mark the row unsupported, or move the date";
    BRANCH_MISSING = "branch-missing", Require, "every branch in the table exists",
        example: "no branch \"main\" here; the default branch is \"master\"", fix: "name the branch that exists";
    TEMPLATE = "template", Require, "the table is the project's own, not the forge's template",
        example: "the rows are GitHub's unedited template (5.1.x, 5.0.x, 4.0.x, < 4.0)", fix: "write the real lines";
    CONTRADICTION = "contradiction", Require, "no two rows disagree about a version",
        example: "lines 12 and 15 disagree about 4.0.x", fix: "remove one of the rows";
    GAP = "gap", Warn, "every published release is in some row",
        example: "5.0.x (6 releases) is in no row", fix: "add the missing line, or a row for all older releases";
    PROMISE_TOO_WIDE = "promise-too-wide", Warn, "the promise has an end",
        example: "\">= 1.12.6\" promises fixes for 3 majors", fix: "name the lines that are really supported";
    PROSE_DIFFERS = "prose-differs", Warn, "sentences and table say the same",
        example: "line 5 says only the latest version is supported; line 9 supports all of 4.x", fix: "say it once";
    MANIFEST_DIFFERS = "manifest-differs", Warn, "the version in the manifest is in a supported row",
        example: "the version in the manifest, 0.1.0, falls under \"< 1.0\"", fix: "change the row or the manifest";
    NOTHING_SUPPORTED = "nothing-supported", Require, "some version is supported",
        example: "no version is supported", fix: "say so in words, or support the latest release";
    DEVELOPMENT_LINE = "development-line", Warn, "the newest release is on a stable line",
        example: "1.19.0 is on a development line", fix: "nothing to do, if that is meant";
    FOREIGN_PRODUCT = "foreign-product", Require, "the rows are about this project's versions",
        example: "rows 9 to 12 match no tag; is this another product's table?", fix: "write this project's lines";
    TEXT_DAMAGE = "text-damage", Warn, "the text is whole",
        example: "the text was decoded with the wrong encoding", fix: "save the file as UTF-8";
    BRANCH = "branch", Require, "every branch in the table exists",
        example: "main is the default branch", fix: "nothing to do";
    FAMILY_UNKNOWN = "family-unknown", Require, "it is clear which tags the table speaks of",
        example: "there are tags of four components, and none of the project itself",
        fix: "name the component in the table, or tag the project itself";
    PREVIOUS_SAME_LINE = "previous-same-line", Warn, "latest and previous are different lines",
        example: "latest and previous are both 1.5.x, so users of 1.4.x are unsupported",
        fix: "nothing to do, if that is meant; write the lines out otherwise";
    BUILD_NUMBERS = "build-numbers", Warn, "a suffix such as -24 is a pre-release, as semver has it",
        example: "all tags end in -N, which was read as a fourth number", fix: "use +N for build numbers";
    RELEASE_UNSUPPORTED = "release-unsupported", Warn, "the release that is judged is one that the policy supports",
        example: "v1.4.7 falls under \"older releases\", which the policy calls unsupported",
        fix: "use a release that is supported";
    RETIRED = "retired-family", Warn, "tag families of components that are gone are not held against the policy",
        example: "tools/arena/v ended at 1.5.3, and its folder is gone", fix: "nothing to do";
}

/// What makes the tags known where they could not be read.
const TAGS_FIX: &str =
    "pass a clone with all tags and the whole history (of a shallow one: git fetch --unshallow --tags)";

/// The check.
pub struct SupportedVersions;

/// `[rules.supported-versions]`: nothing to choose yet; levels and waivers apply.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {}

impl Check for SupportedVersions {
    const META: Meta = Meta {
        id: "supported-versions",
        summary: "the supported-versions table of SECURITY.md agrees with the published tags",
        rules: RULES,
        judges: Judges::Release,
    };

    type Policy = Policy;

    fn run(facts: &Facts, _rules: &Rules) -> Vec<Finding> {
        let fact = match &facts.security_policy {
            Seen::Present(fact) => fact,
            Seen::Absent { looked_at } => {
                let message = "the repository has no security policy";
                return vec![
                    Finding::fail(&NOT_FOUND, facts.release(), message)
                        .found(format!("looked at {}", looked_at.join(", "))),
                ];
            }
            Seen::Unavailable { reason } => {
                return vec![Finding::undetermined(&UNREADABLE, facts.release(), reason).fix(
                    "fetch all branches, which a clone of one tag does not, and let git say which is the default one \
                     (git fetch origin '+refs/heads/*:refs/remotes/origin/*' && git remote set-head origin --auto)",
                )];
            }
        };
        let tags = match &facts.tags {
            Seen::Present(tags) => tags.as_slice(),
            Seen::Absent { .. } => &[],
            Seen::Unavailable { reason } => {
                return vec![Finding::undetermined(&NO_RELEASES, facts.release(), reason).fix(TAGS_FIX)];
            }
        };
        let published: Vec<PublishedTag> = tags
            .iter()
            .filter_map(|tag| {
                let version = TagVersion::parse(tag.name.raw())?;
                Some(PublishedTag { name: tag.name.raw().to_owned(), version, date: tag.time })
            })
            .collect();
        let conclusions =
            judge(&fact.policy, &published, &refs(facts), manifest_version(facts).as_deref(), facts.as_of);
        conclusions
            .iter()
            .map(|said| finding(facts, &fact.policy.path, said).rests_on([fact.sha256]))
            .collect()
    }
}

fn refs(facts: &Facts) -> Refs {
    let branches = facts.branches.present();
    Refs {
        default_branch: branches.and_then(|b| b.default.as_ref()).map(|default| default.name.clone()),
        branches: branches.map(|b| b.names.clone()).unwrap_or_default(),
        repository: facts.repository.as_ref().map(|repository| repository.name().to_owned()),
        judged: Some(facts.tag.raw().to_owned()),
        ..Refs::default()
    }
}

/// The version that the manifest at the root states at the tag.
fn manifest_version(facts: &Facts) -> Option<String> {
    use crate::facts::manifest::DeclaredVersion;
    let declared = facts.manifests.present()?.iter().filter(|declared| declared.applies_to_tag(None));
    declared
        .filter_map(|declared| match &declared.version {
            Ok(DeclaredVersion::Stated(version)) => Some(version.clone()),
            _ => None,
        })
        .next()
}

fn finding(facts: &Facts, path: &str, said: &Conclusion) -> Finding {
    let rule = rule(said.rule);
    let subject = match said.line {
        Some(line) => Subject::new(SubjectKind::Version, format!("{path}:{line}")),
        None => facts.release(),
    };
    let (status, warning) = match said.status {
        security_policy::Status::Pass => (Status::Pass, false),
        security_policy::Status::Fail => (Status::Fail, false),
        security_policy::Status::Undetermined => (Status::Undetermined, false),
        security_policy::Status::Warn => (Status::Fail, true),
        security_policy::Status::Info => (Status::Pass, true),
    };
    let mut finding = Finding::new(rule, status, subject, &said.message);
    if let Some(expected) = &said.expected {
        finding = finding.expected(expected);
    }
    if let Some(found) = &said.found {
        finding = finding.found(found);
    }
    if let Some(fix) = &said.fix {
        finding = finding.fix(fix);
    }
    // A failure that the study calls a failure decides, whatever the rule's usual level.
    finding.level = if warning { crate::outcome::Level::Warn } else { crate::outcome::Level::Require };
    finding
}

fn rule(name: &str) -> &'static Rule {
    let of_name = |rule: &&&'static Rule| rule.id.strip_prefix("supported-versions/") == Some(name);
    RULES.iter().find(of_name).copied().unwrap_or(&UNREADABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_conclusion_of_the_judge_has_its_rule() {
        for name in security_policy::CONCLUSIONS {
            assert_eq!(rule(name).id.strip_prefix("supported-versions/"), Some(*name));
        }
    }
}
