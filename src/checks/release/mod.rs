//! The release as a whole: what its bytes, its checksum files, what was attested of them and the forge's own list say of each
//! file agrees, and the forge shows it as a finished release of this tag.
//!
//! The rule that must not be broken: the forge's list is nobody's signature. It can tell against a release, and never stands
//! in for a proof; and what a stranger attests tells neither for nor against one.

use super::{Check, Judges, Meta, Rules};
use crate::{
    evidence::{Listing, Seen},
    facts::Facts,
    outcome::{Finding, Level, Rule},
    text::plural_list,
};
use serde::Deserialize;

mod attested;
mod called;
mod claims;
mod names;
mod shown;
mod tied;
mod whole;

/// What to do about a file that nobody contradicts, and that could not be compared.
const UNREAD_FIX: &str =
    "nothing disagrees; pass the file itself with --assets, so that its bytes can be compared";
/// The same where what speaks of the files is lacking, or is of another algorithm.
const SILENT_FIX: &str = "nothing disagrees; publish a SHA-256 of each file, in a checksum file or an attestation, that can be compared";

rules! { "release":
    CONSISTENT = "consistent", Require, "everything that speaks of the release's files says the same of them",
        example: "5 files: bytes, checksum files, what is attested and the forge's list agree", fix: "nothing to do";
    DIGEST_MISMATCH = "digest-mismatch", Require,
        "the bytes of each file, its checksums, what was attested of it and the forge's list agree",
        example: "widget.tar.gz: its bytes and SHA256SUMS say sha256:3a7b…; the forge's list says sha256:9c1f…",
        fix: "find out which of them was exchanged, and when; do not use the file until then";
    MISSING = "missing", Require, "the forge shows a release of the tag, and its files can be read",
        example: "the releases of github.com/acme/widget hold none of v1.2.3",
        fix: "publish the release, or pass its files with --assets; what is private also needs a token";
    DRAFT = "draft", Require, "the release is published",
        example: "the release of v1.2.3 is a draft", fix: "publish the release before it is verified";
    PRE_RELEASE = "pre-release", Warn, "the forge calls it a pre-release only where its version is one",
        example: "the forge marks v1.2.3 as a pre-release, and the version is none",
        fix: "take the mark away, or find out why the release is not for everybody";
    NOT_PRE_RELEASE = "not-pre-release", Warn, "what is a pre-release by its version is marked as one",
        example: "v1.2.3-rc.1 is a pre-release, and the forge shows it as a release for everybody",
        fix: "mark it as a pre-release: update programs offer it to everybody otherwise";
    MUTABLE = "mutable", Warn, "the forge lets nobody change the release any more",
        example: "the forge lets the files of v1.2.3 be exchanged",
        fix: "turn on immutable releases for the repository";
    ASSET_CHANGED = "asset-changed", Warn, "no file was added, changed or removed long after the release was published",
        example: "widget.tar.gz was uploaded or changed 12 days after the release was published",
        fix: "ask the maintainers why; make a new release instead of exchanging files";
    TAG_MOVED = "tag-moved", Require, "the forge made, and attested, the release of the commit that the tag leads to",
        example: "the release is of commit 1f2e3d4c5b6a, and v1.2.3 leads to 9a8b7c6d5e4f",
        fix: "find out who moved the tag, and when; do not use the release until then";
    AMBIGUOUS = "ambiguous", Require, "the tag has one release, and each name is that of one file",
        example: "the release has 2 files called widget.tar.gz", fix: "remove all but one of them";
    LOOK_ALIKE = "look-alike", Warn, "no two files are called the same but for case, the writing of accents, or a dot at the end",
        example: "Widget.zip and widget.zip are one name on Windows and macOS",
        fix: "rename one of them: where names are compared like that, one replaces the other";
    OTHER_VERSION = "other-version", Require, "no file that nothing signed ties to the tag is called after another version",
        example: "widget-1.2.2.tar.gz is called after 1.2.2, and nothing that is signed ties it to v1.2.3",
        fix: "find out whether these are the files of another release; provenance or keyless signatures tie files to a tag";
    UNTIED = "untied", Warn, "something that is signed ties each file to the tag",
        example: "nothing that is signed ties 2 files to v1.2.3: files of another release would pass under these names: widget.tar.gz, widget.zip",
        fix: "publish provenance, sign with an identity that names the tag, or sign a checksum file whose names hold the version; a key alone signs every release alike";
}

/// The check.
pub struct Release;

/// `[rules.release]`.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// For how many hours after publication files may still come: release workflows upload what they build.
    pub settle_hours: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self { settle_hours: 24 }
    }
}

impl Check for Release {
    const META: Meta = Meta {
        id: "release",
        summary: "bytes, checksums, what is attested and the forge's list agree, and the release is published and unchanged",
        rules: RULES,
        judges: Judges::Release,
    };

    type Policy = Policy;

    fn run(facts: &Facts, rules: &Rules) -> Vec<Finding> {
        let mut findings = Vec::new();
        let listing = match &facts.listing {
            Some(Seen::Present(listing)) => Some(listing),
            None => None,
            Some(lost) => {
                findings.push(missing(facts, lost));
                None
            }
        };
        match &facts.files {
            Seen::Present(files) => {
                let accepted = whole::Accepted::of(facts, rules);
                let attested = attested::Attested::of(facts, files, &accepted);
                findings.extend(names::judge(facts, files, listing));
                findings.extend(attested.findings(facts, files, listing));
                findings.extend(tied::judge(facts, rules, files, &accepted));
                findings.extend(shown::mutable(facts, listing, &attested));
                findings.extend(whole::Whole { facts, files, listing, accepted }.judge());
            }
            lost => findings.push(missing(facts, lost)),
        }
        if let Some(listing) = listing {
            findings.extend(shown::judge(facts, listing, &rules.release));
        }
        findings
    }

    /// A warning, such as that the release can still be changed, is no answer to whether its files agree.
    fn answers(rule: &Rule) -> bool {
        rule.level == Level::Require
    }
}

/// Nobody knows what the release is: there is none, or it could not be looked at.
fn missing<T>(facts: &Facts, lost: &Seen<T>) -> Finding {
    let message = match lost {
        Seen::Unavailable { reason } => reason.clone(),
        Seen::Absent { looked_at } if looked_at.is_empty() => format!("there is no release of {}", facts.tag),
        Seen::Absent { looked_at } => format!("{} hold none of {}", plural_list(looked_at, 3), facts.tag),
        Seen::Present(_) => String::new(),
    };
    Finding::undetermined(&MISSING, facts.release(), message)
}

/// The archives that the forge makes when it is asked for them: nobody uploaded them, and nothing speaks of them.
fn generated(listing: &Listing) -> Option<String> {
    (!listing.generated.is_empty()).then(|| {
        format!("not covered, for the forge makes them anew: {}", plural_list(&listing.generated, 5))
    })
}
