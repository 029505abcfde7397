//! A policy held against what is published: the verdicts of a Supported Versions table.
//!
//! The rule that must not be broken: nothing passes by silence. Every call ends with at least one conclusion, and
//! one of them is a pass only when the newest release is in a supported row; a row that could not be read makes its
//! versions unknown, never unsupported.

use std::collections::BTreeSet;

use super::branches::{branch, branches_only, only_branches};
use super::conclusion::{Conclusion, Status};
use super::coverage::{Coverage, Decision, Now};
use super::differs::{prose_differs, superseded};
use super::family::{Families, Family, PublishedTag, Refs};
use super::newest::{development, not_said, nothing_supported, passed, unlisted, unsupported};
use super::promises::{manifest, promises};
use super::verdicts::{
    contradictions, expired, foreign, gap, no_releases, same_line, template, too_wide, unread,
};
use super::wording::lines;
use super::words::is_platform;
use super::{Damage, Form, Kind, Refusal, Row, SecurityPolicy, Support};

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
    let groups = products(&policy.rows);
    for (rows, product) in &groups {
        let rows = &rows.iter().map(|&at| policy.rows[at].clone()).collect::<Vec<_>>();
        match family_of(&families, product.as_deref(), rows, &groups) {
            Ok(family) => found.extend(group.judge(rows, &policy.beside, &family)),
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

/// The rows that are about one product, by their places in the policy, and its name.
pub(super) type ProductRows = (Vec<usize>, Option<String>);

/// The rows by product. A file that names one product only, or none, speaks of the project itself.
pub(super) fn products(rows: &[Row]) -> Vec<ProductRows> {
    let releases = |row: &Row| !matches!(row.selector.kind, Kind::Branch | Kind::Channel);
    let named = |row: &Row| row.product.clone().filter(|name| is_name(name));
    let names: BTreeSet<Option<String>> = rows.iter().filter(|row| releases(row)).map(named).collect();
    let foreign = |name: &str| name.split(' ').any(|word| is_platform(&word.to_lowercase()));
    if names.len() <= 1 && !names.iter().flatten().any(|name| foreign(name)) {
        return vec![((0..rows.len()).collect(), None)];
    }
    let mut groups: Vec<ProductRows> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let product = named(row).filter(|_| releases(row));
        match groups.iter_mut().find(|(_, name)| *name == product) {
            Some((rows, _)) => rows.push(at),
            None => groups.push((vec![at], product)),
        }
    }
    groups
}

/// Whether a cell names a product, and is no dash.
fn is_name(cell: &str) -> bool {
    cell.contains(char::is_alphanumeric) && !cell.eq_ignore_ascii_case("n/a")
}

/// The releases that a group of rows is about.
pub(super) fn family_of(
    families: &Families<'_>,
    product: Option<&str>,
    rows: &[Row],
    groups: &[ProductRows],
) -> Result<Family, Box<Conclusion>> {
    let line = rows.first().map(|row| row.line);
    let own = || {
        families.own().map_err(|names| {
            let message = format!("which tags the policy speaks of cannot be told: {}", names.join(", "));
            Box::new(Conclusion::new("family-unknown", Status::Undetermined, line, message))
        })
    };
    let Some(product) = product else { return own() };
    if let Some(family) = families.of_product(product) {
        return Ok(family);
    }
    // "widget (cli)" and "widget (server)" may have releases of their own.
    let bare = Families::bare(product);
    let alike = groups.iter().flat_map(|(_, name)| name).filter(|name| Families::bare(name) == bare).count();
    if alike == 1 {
        let nameless = groups.iter().any(|(_, name)| name.is_none());
        if families.is_own(&bare) && !nameless {
            return own();
        }
        if let Some(family) = families.of_product(&bare) {
            return Ok(family);
        }
    }
    let message = format!(
        "{} {} about \"{product}\", and no tag is of that name; not held against the releases",
        lines(rows),
        if rows.len() == 1 { "is" } else { "are" }
    );
    let fix = "tag its releases by that name (name-1.2.3); where the rows are the project's own, leave the name out";
    Err(Box::new(Conclusion::new("foreign-product", Status::Undetermined, line, message).fix(fix)))
}

/// What all rows of a group are held against.
pub(super) struct Group<'a> {
    pub(super) refs: &'a Refs,
    pub(super) manifest: Option<&'a str>,
    pub(super) as_of: jiff::Timestamp,
}

impl Group<'_> {
    /// The conclusions about one group of rows.
    pub(super) fn judge(&self, rows: &[Row], beside: &[Row], family: &Family) -> Vec<Conclusion> {
        let stable: Vec<PublishedTag> =
            family.releases.iter().filter(|tag| !tag.version.is_pre_release()).cloned().collect();
        if let Some(template) = template(rows, &stable) {
            return vec![template];
        }
        let mut found = unread(rows);
        found.extend(
            rows.iter()
                .filter(|row| row.selector.kind == Kind::Branch)
                .map(|row| branch(row, rows, self.refs)),
        );
        if family.build_numbers {
            let message = "every tag ends in a number after a hyphen: it was read as a fourth part, not as a pre-release";
            found.push(Conclusion::new("build-numbers", Status::Warn, None, message.to_owned()));
        }
        let pool = if stable.is_empty() { &family.releases } else { &stable };
        let coverage = Coverage::of(rows, pool, self.as_of);
        found.extend(contradictions(&coverage));
        found.extend(self.manifest.and_then(|text| manifest(&coverage, text)));
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
        found.extend(promises(&coverage, family, self.manifest));
        found.extend(self.judged(&coverage, beside));
        found.extend(expired(&coverage));
        found.extend(gap(&coverage));
        found.extend(too_wide(&coverage));
        found.extend(same_line(&coverage));
        found.extend(prose_differs(&coverage, beside));
        found
    }

    /// What the policy says about the release that is judged, where that is an older one that it does not support: the
    /// policy may be right about it, and whoever is about to use it should know.
    fn judged(&self, coverage: &Coverage<'_>, beside: &[Row]) -> Option<Conclusion> {
        let tag = self.refs.judged.as_deref()?;
        let at = coverage.releases.iter().position(|release| release.name == tag).filter(|at| *at > 0)?;
        let Decision::Row(row) = coverage.decisions[at] else { return None };
        let (line, message) = match (coverage.now[row], &coverage.rows[row]) {
            (Now::Unsupported, row) => {
                (row.line, format!("{tag} falls under \"{}\", which the policy calls unsupported", row.raw))
            }
            (Now::Supported, _) => superseded(coverage, at, beside)?,
            _ => return None,
        };
        let found = Conclusion::new("release-unsupported", Status::Warn, Some(line), message);
        Some(found.fix("use a release that is supported"))
    }

    /// The verdict about the newest release.
    fn newest(&self, coverage: &Coverage<'_>, newest: &PublishedTag) -> Vec<Conclusion> {
        let rows = coverage.rows;
        if rows.iter().all(|row| row.supported == Support::No) {
            if coverage.decisions[0] == Decision::Nothing {
                return vec![not_said(coverage, newest)];
            }
            return vec![nothing_supported(coverage, newest, self.refs)];
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
}
