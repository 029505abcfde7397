//! A policy held against what is published: the verdicts of a Supported Versions table.
//!
//! The rule that must not be broken: nothing passes by silence. Every call ends with at least one conclusion, and
//! one of them is a pass only when the newest release is in a supported row; a row that could not be read makes its
//! versions unknown, never unsupported.

use std::collections::BTreeSet;

use super::coverage::{Coverage, Decision, Now};
use super::family::{Families, Family, PublishedTag, Refs};
use super::newest::{branches_only, development, only_branches, passed, unlisted, unsupported};
use super::verdicts::{
    contradictions, expired, foreign, gap, has_only_numbers, no_releases, prose_differs, same_line, template,
    too_wide, unread,
};
use super::wording::{day, label, line_of, lines};
use super::words::is_platform;
use super::{Damage, Form, Kind, Refusal, Row, SecurityPolicy, Support};
use crate::versions::TagVersion;

/// How a conclusion counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// The policy holds in this respect.
    Pass,
    /// It does not.
    Fail,
    /// It does, and should be looked at.
    Warn,
    /// It cannot be told.
    Undetermined,
    /// Something to know.
    Info,
}

/// One conclusion about a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// The rule, which never changes its meaning.
    pub rule: &'static str,
    /// How it counts.
    pub status: Status,
    /// The line of the policy that it is about.
    pub line: Option<usize>,
    /// One sentence, or two.
    pub message: String,
    /// What should be there.
    pub expected: Option<String>,
    /// What is there.
    pub found: Option<String>,
    /// What a maintainer can do.
    pub fix: Option<String>,
}

impl Conclusion {
    pub(super) const fn new(
        rule: &'static str,
        status: Status,
        line: Option<usize>,
        message: String,
    ) -> Self {
        Self { rule, status, line, message, expected: None, found: None, fix: None }
    }

    pub(super) fn expected(mut self, text: impl Into<String>) -> Self {
        self.expected = Some(text.into());
        self
    }

    pub(super) fn found(mut self, text: impl Into<String>) -> Self {
        self.found = Some(text.into());
        self
    }

    pub(super) fn fix(mut self, text: impl Into<String>) -> Self {
        self.fix = Some(text.into());
        self
    }
}

/// Every rule that a conclusion can name.
pub const CONCLUSIONS: &[&str] = &[
    "branch",
    "branch-missing",
    "build-numbers",
    "contradiction",
    "development-line",
    "expired",
    "family-unknown",
    "foreign-product",
    "gap",
    "latest-unlisted",
    "latest-unsupported",
    "manifest-differs",
    "never-published",
    "no-releases",
    "no-section",
    "not-machine-readable",
    "nothing-supported",
    "only-pre-release",
    "previous-same-line",
    "promise-too-wide",
    "prose-differs",
    "retired-family",
    "supported",
    "template",
    "text-damage",
    "unreadable",
];

/// Holds a policy against the published tags.
#[must_use]
pub fn judge(
    policy: &SecurityPolicy,
    published: &[PublishedTag],
    refs: &Refs,
    manifest_version: Option<&str>,
    as_of: jiff::Timestamp,
) -> Vec<Conclusion> {
    if let Some(refusal) = policy.refusal {
        return vec![refused(refusal)];
    }
    let mut found: Vec<Conclusion> = policy.damage.iter().map(damaged).collect();
    if policy.form == Form::None {
        let message = "the policy does not say which versions are supported".to_owned();
        found.push(
            Conclusion::new("no-section", Status::Undetermined, None, message)
                .expected("a section \"Supported Versions\"")
                .fix("add a section \"Supported Versions\" with a table of Version and Supported"),
        );
        return found;
    }
    let families = Families::of(published, refs);
    let group = Group { refs, manifest: manifest_version, as_of };
    for (rows, product) in products(&policy.rows) {
        match family_of(&families, product.as_deref(), &rows) {
            Ok(family) => found.extend(group.judge(&rows, &policy.beside, &family)),
            Err(conclusion) => found.push(*conclusion),
        }
    }
    if !families.retired().is_empty() {
        let names = families.retired().iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let message = format!("not counted, since their directories are gone: the tags of {names}");
        found.push(Conclusion::new("retired-family", Status::Info, None, message));
    }
    found
}

fn refused(refusal: Refusal) -> Conclusion {
    Conclusion::new("unreadable", Status::Undetermined, None, refusal.to_string())
}

fn damaged(damage: &Damage) -> Conclusion {
    let warn = |line, message: String| Conclusion::new("text-damage", Status::Warn, line, message);
    match damage {
        Damage::NotUtf8 => warn(None, "the file is not UTF-8; it was read as Windows-1252".to_owned()),
        Damage::Mojibake(line, marks) => {
            warn(Some(*line), format!("text was decoded with the wrong encoding (\"{marks}\")"))
        }
        Damage::Fenced(line) => {
            warn(Some(*line), "the policy stands in a code fence and is shown as code".to_owned())
        }
        Damage::BrokenMark(line) => {
            warn(Some(*line), "the mark is shown as text, since a translation changed its letters".to_owned())
        }
        Damage::DecimalComma(line) => {
            warn(Some(*line), "a version is written with a comma for a dot".to_owned())
        }
        Damage::TemplateSentence(line) => Conclusion::new(
            "template",
            Status::Info,
            Some(*line),
            "the instruction of GitHub's template was left in".to_owned(),
        ),
    }
}

/// The rows by product. A file that names one product only, or none, speaks of the project itself.
fn products(rows: &[Row]) -> Vec<(Vec<Row>, Option<String>)> {
    let releases = |row: &&Row| !matches!(row.selector.kind, Kind::Branch | Kind::Channel);
    let names: BTreeSet<Option<&str>> =
        rows.iter().filter(releases).map(|row| row.product.as_deref()).collect();
    let foreign = |name: &str| name.split(' ').any(|word| is_platform(&word.to_lowercase()));
    if names.len() <= 1 && !names.iter().flatten().any(|name| foreign(name)) {
        return vec![(rows.to_vec(), None)];
    }
    let mut groups: Vec<(Vec<Row>, Option<String>)> = Vec::new();
    for row in rows {
        let product = row.product.clone().filter(|_| releases(&row));
        match groups.iter_mut().find(|(_, name)| *name == product) {
            Some((rows, _)) => rows.push(row.clone()),
            None => groups.push((vec![row.clone()], product)),
        }
    }
    groups
}

/// The releases that a group of rows is about.
fn family_of(
    families: &Families<'_>,
    product: Option<&str>,
    rows: &[Row],
) -> Result<Family, Box<Conclusion>> {
    let line = rows.first().map(|row| row.line);
    let Some(product) = product else {
        return families.own().map_err(|names| {
            let message = format!("which tags the policy speaks of cannot be told: {}", names.join(", "));
            Box::new(Conclusion::new("family-unknown", Status::Undetermined, line, message))
        });
    };
    families.of_product(product).ok_or_else(|| {
        let message = format!(
            "{} {} about \"{product}\", and no tag is of that name; not held against the releases",
            lines(rows),
            if rows.len() == 1 { "is" } else { "are" }
        );
        Box::new(Conclusion::new("foreign-product", Status::Undetermined, line, message))
    })
}

/// What all rows of a group are held against.
struct Group<'a> {
    refs: &'a Refs,
    manifest: Option<&'a str>,
    as_of: jiff::Timestamp,
}

impl Group<'_> {
    fn judge(&self, rows: &[Row], beside: &[Row], family: &Family) -> Vec<Conclusion> {
        let stable: Vec<PublishedTag> =
            family.releases.iter().filter(|tag| !tag.version.is_pre_release()).cloned().collect();
        if let Some(template) = template(rows, &stable) {
            return vec![template];
        }
        let mut found = unread(rows);
        found.extend(rows.iter().filter(|row| row.selector.kind == Kind::Branch).map(|row| self.branch(row)));
        if family.build_numbers {
            let message = "every tag ends in a number after a hyphen: it was read as a fourth part, not as a pre-release";
            found.push(Conclusion::new("build-numbers", Status::Warn, None, message.to_owned()));
        }
        let pool = if stable.is_empty() { &family.releases } else { &stable };
        let coverage = Coverage::of(rows, pool, self.as_of);
        found.extend(contradictions(&coverage));
        found.extend(self.manifest(&coverage));
        let Some(newest) = pool.first() else {
            found.push(no_releases(rows));
            return found;
        };
        if stable.is_empty() {
            let message = format!(
                "no stable release is published; the newest pre-release, {}, is taken for it",
                newest.name
            );
            found.push(Conclusion::new("only-pre-release", Status::Warn, None, message));
        }
        if let Some(foreign) = foreign(&coverage, family) {
            found.push(foreign);
            return found;
        }
        found.extend(self.newest(&coverage, newest));
        found.extend(self.promises(&coverage, family));
        found.extend(expired(&coverage));
        found.extend(gap(&coverage));
        found.extend(too_wide(&coverage));
        found.extend(same_line(&coverage));
        found.extend(prose_differs(&coverage, beside));
        found
    }

    fn branch(&self, row: &Row) -> Conclusion {
        let line = Some(row.line);
        let default = self.refs.default_branch.as_deref();
        let unknown = || {
            let message = format!("whether \"{}\" exists cannot be told: no branch is known", row.raw);
            Conclusion::new("branch-missing", Status::Undetermined, line, message)
        };
        let Some(name) = row.selector.name.as_deref() else {
            return default.map_or_else(unknown, |default| {
                let message = format!("\"{}\" = {default}, the default branch", row.raw);
                Conclusion::new("branch", Status::Pass, line, message)
            });
        };
        let known = |name: &str| {
            default == Some(name)
                || self.refs.branches.iter().any(|branch| branch == name)
                || name == "head" && default.is_some()
        };
        if default.is_none() && self.refs.branches.is_empty() {
            return unknown();
        }
        let is = default.map(|default| format!("; the default branch is \"{default}\"")).unwrap_or_default();
        if !known(name) {
            let fix = default.map(|default| format!("write \"{default}\" on line {}", row.line));
            let found = Conclusion::new(
                "branch-missing",
                Status::Fail,
                line,
                format!("no branch \"{name}\" here{is}"),
            )
            .expected(format!("a branch \"{name}\""));
            let found = fix.into_iter().fold(found, Conclusion::fix);
            let promised = matches!(row.supported, Support::Yes | Support::SecurityOnly | Support::Until(_));
            return Conclusion { status: if promised { Status::Fail } else { Status::Warn }, ..found };
        }
        if matches!(name, "main" | "master")
            && matches!(default, Some("main" | "master"))
            && default != Some(name)
        {
            return Conclusion::new(
                "branch-missing",
                Status::Warn,
                line,
                format!("\"{name}\" is not the default branch{is}"),
            );
        }
        let what = if default == Some(name) { "the default branch" } else { "a branch" };
        Conclusion::new("branch", Status::Pass, line, format!("\"{name}\" is {what}"))
    }

    /// The version in the manifest, by the rows with numbers.
    fn manifest(&self, coverage: &Coverage<'_>) -> Option<Conclusion> {
        let text = self.manifest?;
        let version = TagVersion::parse(text).filter(|version| version.family.is_empty())?;
        let warn = |line, message: String| {
            Some(Conclusion::new("manifest-differs", Status::Warn, line, message).found(text))
        };
        match coverage.by_numbers(&version) {
            Decision::Row(row) if matches!(coverage.now[row], Now::Unsupported | Now::Expired) => {
                let row = &coverage.rows[row];
                warn(
                    Some(row.line),
                    format!("the version in the manifest, {text}, falls under \"{}\"", row.raw),
                )
            }
            Decision::Nothing if has_only_numbers(coverage) => {
                warn(None, format!("the version in the manifest, {text}, is in no row"))
            }
            _ => None,
        }
    }

    /// The verdict about the newest release.
    fn newest(&self, coverage: &Coverage<'_>, newest: &PublishedTag) -> Vec<Conclusion> {
        let rows = coverage.rows;
        if rows.iter().all(|row| row.supported == Support::No) {
            return vec![self.nothing_supported(coverage, newest)];
        }
        let unread = rows.iter().any(|row| row.selector.is_unread());
        match coverage.decisions[0] {
            Decision::Conflict(..) => Vec::new(),
            Decision::Row(row) => match coverage.now[row] {
                Now::Supported => vec![passed(coverage, self.refs)],
                Now::Expired => Vec::new(),
                Now::Unknown if rows[row].development => development(coverage, &rows[row], self.refs),
                Now::Unknown => Vec::new(),
                Now::Unsupported if only_branches(rows) => vec![branches_only(rows, newest)],
                Now::Unsupported
                    if unread
                        && rows[row]
                            .selector
                            .range
                            .as_ref()
                            .is_none_or(|range| range.line_parts().is_none() && !range.is_exact()) =>
                {
                    Vec::new()
                }
                Now::Unsupported => vec![unsupported(coverage, &rows[row], newest)],
            },
            Decision::Nothing if unread => Vec::new(),
            Decision::Nothing if only_branches(rows) => vec![branches_only(rows, newest)],
            Decision::Nothing => vec![unlisted(coverage, newest)],
        }
    }

    fn nothing_supported(&self, coverage: &Coverage<'_>, newest: &PublishedTag) -> Conclusion {
        let line = coverage.rows.first().map(|row| row.line);
        let say = |status, text: String| {
            Conclusion::new("nothing-supported", status, line, format!("no version is supported{text}"))
        };
        match (self.refs.policy_changed, newest.date) {
            (Some(changed), Some(date)) if date > changed => say(
                Status::Fail,
                format!(
                    ", yet {} was published on {}, after the policy last changed",
                    newest.name,
                    day(date)
                ),
            )
            .fix("say which versions are supported, or publish no more"),
            (Some(_), Some(_)) => say(Status::Pass, String::new()),
            _ => say(
                Status::Undetermined,
                "; whether a release came after the policy cannot be told".to_owned(),
            ),
        }
    }

    /// Supported rows that select nothing published.
    fn promises(&self, coverage: &Coverage<'_>, family: &Family) -> Vec<Conclusion> {
        let promised = |at: &usize| {
            coverage.now[*at] == Now::Supported
                && matches!(coverage.rows[*at].selector.kind, Kind::Range | Kind::Exact | Kind::Latest)
                && coverage.rows[*at].selector.range.is_some()
        };
        let promised: Vec<usize> = (0..coverage.rows.len()).filter(promised).collect();
        let upper = |at: usize| coverage.rows[at].selector.range.as_ref().map(super::Range::upper);
        let top = promised.iter().map(|&at| upper(at)).max().flatten();
        let empty = promised.iter().copied().filter(|&at| coverage.selected[at].is_empty());
        empty.filter_map(|at| self.promise(&coverage.rows[at], upper(at) == top, family)).collect()
    }

    fn promise(&self, row: &Row, top: bool, family: &Family) -> Option<Conclusion> {
        let range = row.selector.range.as_ref()?;
        let label = label(row);
        let line = Some(row.line);
        if let Some(pre) = family.releases.iter().find(|tag| range.contains_line_of(&tag.version)) {
            let status = if row.development { Status::Info } else { Status::Warn };
            let message = format!("{label} has only pre-releases (newest {})", pre.name);
            return Some(Conclusion::new("only-pre-release", status, line, message));
        }
        let newest = family.releases.first()?;
        let mut message = format!("{label} is promised but was never published (newest: {})", newest.name);
        let told = self.manifest.and_then(|text| Some((text, TagVersion::parse(text)?)));
        if let Some((text, _)) = told.filter(|(_, version)| range.contains_line_of(version)) {
            message.push_str(&format!("; the manifest says {text}"));
        }
        let status = if top { Status::Fail } else { Status::Warn };
        let instead = line_of(&newest.version, range.line_parts().unwrap_or(2));
        Some(
            Conclusion::new("never-published", status, line, message)
                .expected(format!("a release in {range}"))
                .found(newest.name.clone())
                .fix(format!("publish it, or change line {} to \"{instead}\"", row.line)),
        )
    }
}
