//! The report: what was judged, by which policy, trusting whom, and what each check said.
//!
//! One file an output format, each a pure function from [`Report`] to text. A renderer never sees evidence, and the
//! format never decides the exit code.

use crate::{
    outcome::{Outcome, Verdict},
    release::{ObjectId, Sha256},
    text::{self, Untrusted},
};
use jiff::Timestamp;
use std::{fmt, str::FromStr};

pub mod human;
pub mod json;
pub mod markdown;
#[cfg(test)]
mod samples;
mod summary;
pub mod vsa;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people at a terminal.
    Human,
    /// Everything, schema `relcheck.report/v1`.
    Json,
    /// For a page of a forge, such as the summary of a workflow run.
    Markdown,
    /// SLSA verification summaries, one in-toto statement a line.
    Vsa,
}

impl Format {
    /// Every format, in the order in which help lists them.
    pub const ALL: [Self; 4] = [Self::Human, Self::Json, Self::Markdown, Self::Vsa];

    /// Its name on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Vsa => "vsa",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.word() == word)
            .ok_or_else(|| UnknownFormat { word: Untrusted::new(word), nearest: nearest_format(word) })
    }
}

fn nearest_format(word: &str) -> String {
    match text::nearest(word, Format::ALL.map(Format::word)) {
        Some(known) => format!("did you mean {known}?"),
        None => format!("the formats are {}", Format::ALL.map(Format::word).join(", ")),
    }
}

/// A word that names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown output format {word}: {nearest}")]
pub struct UnknownFormat {
    word: Untrusted,
    nearest: String,
}

/// A report that a format cannot express. The verdict and its exit code stand; nothing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A verification summary says passed or failed, and the verdict is neither.
    #[error(
        "no verification summary is written: the release is undetermined, and a summary says passed or failed"
    )]
    Undetermined,
    /// A statement needs a digest to speak about.
    #[error(
        "no verification summary is written: the release has neither a commit nor an artifact to speak about"
    )]
    NoSubject,
}

/// The report in `format`; `style` matters to [`Format::Human`] alone.
pub fn render(report: &Report, format: Format, style: &human::Style) -> Result<String, RenderError> {
    match format {
        Format::Human => Ok(human::render(report, style)),
        Format::Json => Ok(json::render(report)),
        Format::Markdown => Ok(markdown::render(report)),
        Format::Vsa => vsa::render(report),
    }
}

/// The whole judgement of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The answer.
    pub verdict: Verdict,
    /// The moment it holds for.
    pub as_of: Timestamp,
    /// What was judged.
    pub release: ReleaseSummary,
    /// By which policy.
    pub policy: PolicySummary,
    /// Trusting whom.
    pub trust: Vec<TrustSummary>,
    /// Against which advisory databases.
    pub databases: Vec<DatabaseSummary>,
    /// The signed evidence that was read: bundles and signatures, by digest, with the names they were published under.
    pub attestations: Vec<AttestationSummary>,
    /// What each check said, in the order in which they run.
    pub checks: Vec<Outcome>,
}

/// What was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseSummary {
    /// `host/owner/name`, where it is known.
    pub repository: Option<String>,
    /// The tag, safe to print.
    pub tag: String,
    /// The commit it peels to.
    pub commit: Option<ObjectId>,
    /// The tag object, where the tag is annotated.
    pub tag_object: Option<ObjectId>,
    /// When the forge says it was published.
    pub published_at: Option<Timestamp>,
    /// The artifacts, by name.
    pub artifacts: Vec<ArtifactSummary>,
}

/// One artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactSummary {
    /// Its file name.
    pub name: String,
    /// Its size in bytes, where the bytes were read.
    pub size: Option<u64>,
    /// Its digest.
    pub sha256: Sha256,
    /// `rehashed` or `recorded`.
    pub bytes: &'static str,
    /// The SLSA Build level that its provenance reaches by this policy, where it reaches one.
    pub slsa_build_level: Option<u8>,
}

/// The policy in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySummary {
    /// Its name.
    pub name: String,
    /// Digest of its text.
    pub sha256: Sha256,
}

/// One root of trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustSummary {
    /// What it is.
    pub name: String,
    /// Where it came from: `embedded`, `file`, `policy`.
    pub origin: String,
    /// Its digest.
    pub sha256: Sha256,
    /// When it ends, where it says so.
    pub expires: Option<Timestamp>,
}

/// One advisory database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseSummary {
    /// Its name, such as `rustsec`.
    pub name: String,
    /// Its commit, where known.
    pub commit: Option<String>,
    /// Its date, where known.
    pub date: Option<Timestamp>,
    /// How old it was at the moment judged.
    pub age_days: Option<i64>,
    /// How many advisories it holds.
    pub advisories: usize,
    /// Digest over all of them.
    pub sha256: Sha256,
}

/// One piece of signed evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestationSummary {
    /// The name it was published under.
    pub name: String,
    /// Its digest.
    pub sha256: Sha256,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_a_name_that_reads_back() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        let slip = "markdwon".parse::<Format>().unwrap_err().to_string();
        assert_eq!(slip, "unknown output format markdwon: did you mean markdown?");
        let hostile = "\u{1b}[2Kxxxxxxxxx".parse::<Format>().unwrap_err().to_string();
        assert_eq!(
            hostile,
            "unknown output format \\u{1b}[2Kxxxxxxxxx: the formats are human, json, markdown, vsa"
        );
    }

    #[test]
    fn the_same_report_gives_the_same_bytes_in_every_format() {
        for format in Format::ALL {
            let style = human::Style::default();
            let texts =
                [samples::bad(), samples::bad()].map(|report| render(&report, format, &style).unwrap());
            assert_eq!(texts[0], texts[1]);
            assert!(texts[0].ends_with('\n') && texts[0].len() > 100, "{format}");
        }
    }
}
