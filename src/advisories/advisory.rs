//! One advisory about one package, in the same shape whatever database it comes from.
//!
//! The rule that must not be broken: what a database says about versions is kept, or the advisory is an error. A field
//! that is left out here (long texts, references, who reported it) decides nothing.

use super::lock::Ecosystem;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt, str::FromStr};

/// The longest title that is kept, in characters.
const TITLE_LIMIT: usize = 120;

/// What an advisory warns of, in the words of the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Something an attacker can use.
    Vulnerability,
    /// A safe interface that allows undefined behaviour.
    Unsound,
    /// Nobody will fix what is found next.
    Unmaintained,
    /// Something to know.
    Notice,
    /// The package was published to do harm.
    Malware,
}

impl Kind {
    /// All of them; an index stores a kind as its place here.
    pub const ALL: [Self; 5] =
        [Self::Vulnerability, Self::Unsound, Self::Unmaintained, Self::Notice, Self::Malware];

    /// The worse of two: malware, and then the first of all.
    pub fn worse(self, other: Self) -> Self {
        if self == Self::Malware {
            self
        } else if other == Self::Malware {
            other
        } else {
            self.min(other)
        }
    }

    /// The word used in every report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Vulnerability => "vulnerability",
            Self::Unsound => "unsound",
            Self::Unmaintained => "unmaintained",
            Self::Notice => "notice",
            Self::Malware => "malware",
        }
    }

    /// Whether it warns of harm, and not of something to know.
    pub fn is_harmful(self) -> bool {
        matches!(self, Self::Vulnerability | Self::Malware)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How bad it is: the qualitative scale of CVSS 3 and 4. An advisory without one is not a mild one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// 0.0
    None,
    /// 0.1 to 3.9
    Low,
    /// 4.0 to 6.9
    Medium,
    /// 7.0 to 8.9
    High,
    /// 9.0 to 10.0
    Critical,
}

impl Severity {
    /// All of them; an index stores a severity as its place here.
    pub const ALL: [Self; 5] = [Self::None, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word used in every report.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The worse of two. One that nobody states may be any, so that only the worst of all is worse.
    pub fn worse(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let worst = Some(Self::Critical);
        if one == worst || other == worst { worst } else { one.zip(other).map(|(one, other)| one.max(other)) }
    }

    /// The band of a CVSS 3 or 4 vector; `None` for one that cannot be scored.
    pub fn of_vector(vector: &str) -> Option<Self> {
        cvss::Cvss::from_str(vector).ok().map(|cvss| cvss.severity().into())
    }

    /// GitHub's word for it, which is CVSS's save one.
    pub fn of_word(word: &str) -> Option<Self> {
        if word.eq_ignore_ascii_case("moderate") {
            return Some(Self::Medium);
        }
        Self::ALL.into_iter().find(|severity| severity.word().eq_ignore_ascii_case(word))
    }
}

impl From<cvss::Severity> for Severity {
    fn from(severity: cvss::Severity) -> Self {
        match severity {
            cvss::Severity::None => Self::None,
            cvss::Severity::Low => Self::Low,
            cvss::Severity::Medium => Self::Medium,
            cvss::Severity::High => Self::High,
            cvss::Severity::Critical => Self::Critical,
        }
    }
}

/// Where a range begins or ends. Events have no order until a version order gives them one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event<S = String> {
    /// From this version on; `0` is before every version.
    Introduced(S),
    /// No longer from this version on.
    Fixed(S),
    /// No longer after this version.
    LastAffected(S),
    /// The range says nothing of this version and later ones; `*` is no limit.
    Limit(S),
}

/// Some versions of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Affected<S = String> {
    /// Each a list of events.
    pub ranges: Vec<Vec<Event<S>>>,
    /// Versions named one by one.
    pub versions: Vec<S>,
    /// The ranges say no more than "all versions", because the real ones are of another numbering (Go's
    /// `custom_ranges`), or there are ranges of commits only: which versions are affected, nobody can compute.
    pub is_range_unknown: bool,
}

impl Affected<&str> {
    /// The same, without what it was read from.
    pub fn owned(&self) -> Affected {
        let event = |event: &Event<&str>| match *event {
            Event::Introduced(version) => Event::Introduced(version.to_owned()),
            Event::Fixed(version) => Event::Fixed(version.to_owned()),
            Event::LastAffected(version) => Event::LastAffected(version.to_owned()),
            Event::Limit(version) => Event::Limit(version.to_owned()),
        };
        Affected {
            ranges: self.ranges.iter().map(|events| events.iter().map(event).collect()).collect(),
            versions: self.versions.iter().map(|version| (*version).to_owned()).collect(),
            is_range_unknown: self.is_range_unknown,
        }
    }
}

/// What one advisory says about one package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advisory {
    /// Whose package names these are.
    pub ecosystem: Ecosystem,
    /// The package, by its normalised name.
    pub package: String,
    /// Its id in its database.
    pub id: String,
    /// The same problem's ids elsewhere, sorted.
    pub aliases: Vec<String>,
    /// What it warns of.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// When it was published, where the source says.
    pub published: Option<Date>,
    /// How bad it is, where the source says.
    pub severity: Option<Severity>,
    /// Which versions it speaks of.
    pub affected: Vec<Affected>,
    /// The versions without the problem, for people: requirements (`>=1.2.3`) or versions. Empty: there is none.
    pub fixed: Vec<String>,
    /// Where to read more, where the id alone does not say.
    pub url: Option<String>,
}

impl Advisory {
    /// Where to read more.
    pub fn link(&self) -> String {
        match &self.url {
            Some(url) => url.clone(),
            None if self.id.starts_with("GO-") => format!("https://pkg.go.dev/vuln/{}", self.id),
            None => format!("https://osv.dev/vulnerability/{}", self.id),
        }
    }
}

/// A package's name as its ecosystem compares names.
///
/// PyPI: PEP 503; NuGet and Packagist: without case; all others: as they are written.
pub fn normal_name(ecosystem: Ecosystem, name: &str) -> Cow<'_, str> {
    match ecosystem {
        Ecosystem::Pypi => pep_503(name),
        Ecosystem::Nuget | Ecosystem::Composer if name.chars().any(char::is_uppercase) => {
            Cow::Owned(name.to_lowercase())
        }
        _ => Cow::Borrowed(name),
    }
}

/// The spelling by which Cargo's registry compares names: it has no two that differ in case, or in `-` and `_`, alone.
pub(super) fn as_cargo_compares(name: &str) -> Cow<'_, str> {
    match name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase() && byte != b'_') {
        true => Cow::Borrowed(name),
        false => Cow::Owned(name.to_lowercase().replace('_', "-")),
    }
}

/// The forges whose names of users and repositories differ in nothing by case, and have `.git` behind them or not.
const FORGES: [&str; 4] = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"];

/// The spelling of a Go module's path under which its host finds the same repository: hosts are compared without case, and at
/// the large forges the rest of the path is too.
pub(super) fn as_forges_compare(module: &str) -> String {
    let (host, path) = module.split_once('/').unwrap_or((module, ""));
    let host = host.to_lowercase();
    let forge = FORGES.into_iter().find(|forge| *forge == host.strip_prefix("www.").unwrap_or(&host));
    let (host, path) = match forge {
        Some(forge) => (forge, path.to_lowercase()),
        None => (host.as_str(), path.to_owned()),
    };
    let plain = |part| match forge {
        Some(_) => str::strip_suffix(part, ".git").unwrap_or(part),
        None => part,
    };
    std::iter::once(host)
        .chain(path.split('/').map(plain).filter(|part| !part.is_empty()))
        .collect::<Vec<_>>()
        .join("/")
}

fn pep_503(name: &str) -> Cow<'_, str> {
    let is_separator = |byte: u8| matches!(byte, b'-' | b'_' | b'.');
    let bytes = name.as_bytes();
    let is_normal = !bytes.iter().any(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b'.'))
        && !bytes.windows(2).any(|two| two == b"--");
    if is_normal {
        return Cow::Borrowed(name);
    }
    let mut normal = String::with_capacity(name.len());
    for c in name.chars() {
        if !(c.is_ascii() && is_separator(c as u8)) {
            normal.extend(c.to_lowercase());
        } else if !normal.ends_with('-') {
            normal.push('-');
        }
    }
    Cow::Owned(normal)
}

/// One line of a title, or of the text that stands in for one, cut between words.
pub(super) fn title_of(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let mut title: String = line.chars().filter(|c| !c.is_control()).take(TITLE_LIMIT + 1).collect();
    if title.chars().count() > TITLE_LIMIT {
        title.pop();
        let end = title.rfind(' ').filter(|at| *at > TITLE_LIMIT / 2).unwrap_or(title.len());
        title.truncate(end);
        title.push('…');
    }
    title
}

#[cfg(test)]
mod tests {
    use super::{Ecosystem, Severity, TITLE_LIMIT, as_forges_compare, normal_name, title_of};

    #[test]
    fn a_long_title_is_cut_between_words() {
        assert_eq!(title_of(" A short one\nand more"), "A short one");
        let words = "word ".repeat(24);
        assert_eq!(title_of(&words), words.trim());
        assert_eq!(title_of(&format!("{words}overlong")), format!("{}…", words.trim()));
        let one = "é".repeat(TITLE_LIMIT);
        assert_eq!((title_of(&one), title_of(&format!("{one}é"))), (one.clone(), format!("{one}…")));
    }

    #[test]
    fn names_are_compared_as_their_ecosystem_compares_them() {
        for (name, normal) in [
            ("Django", "django"),
            ("zope.interface", "zope-interface"),
            ("a__b-.c", "a-b-c"),
            ("a--b", "a-b"),
            ("plain-name", "plain-name"),
        ] {
            assert_eq!(normal_name(Ecosystem::Pypi, name), normal);
        }
        assert_eq!(normal_name(Ecosystem::Nuget, "Newtonsoft.Json"), "newtonsoft.json");
        assert_eq!(
            normal_name(Ecosystem::Golang, "github.com/BurntSushi/toml"),
            "github.com/BurntSushi/toml"
        );
        assert_eq!(normal_name(Ecosystem::Npm, "@Scope/Name"), "@Scope/Name");
    }

    #[test]
    fn a_vector_has_the_band_of_its_score_and_one_that_is_none_has_no_band() {
        let vectors = [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(Severity::Critical)),
            ("CVSS:3.0/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", Some(Severity::Low)),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", Some(Severity::Critical)),
            ("AV:N/AC:L/Au:N/C:P/I:P/A:P", None),
            ("", None),
        ];
        for (vector, band) in vectors {
            assert_eq!(Severity::of_vector(vector), band, "{vector}");
        }
        assert_eq!(Severity::of_word("MODERATE"), Some(Severity::Medium));
        assert_eq!(Severity::of_word("terrible"), None);
    }

    #[test]
    fn a_module_is_spelt_as_its_forge_finds_it() {
        for (module, compared) in [
            ("github.com/Docker/Docker", "github.com/docker/docker"),
            ("WWW.GitHub.com/a/B.git/v2", "github.com/a/b/v2"),
            ("codeberg.org/A/b", "codeberg.org/a/b"),
            ("GOLANG.org/x/text", "golang.org/x/text"),
            ("example.com/M/g.git", "example.com/M/g.git"),
            ("www.example.com/M", "www.example.com/M"),
            ("stdlib", "stdlib"),
        ] {
            assert_eq!(as_forges_compare(module), compared);
        }
    }
}
