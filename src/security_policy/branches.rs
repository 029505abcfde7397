//! The verdicts about rows that name a branch and no release.
//!
//! The rule that must not be broken: a branch is missing only where the branches are known; a branch that exists says
//! nothing about any release.

use super::conclusion::{Conclusion, Status};
use super::family::{PublishedTag, Refs};
use super::{Kind, Row, Support};

/// Whether the branch that a row names exists, and is the default one.
pub(super) fn branch(row: &Row, rows: &[Row], refs: &Refs) -> Conclusion {
    let line = Some(row.line);
    let default = refs.default_branch.as_deref();
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
            || refs.branches.iter().any(|branch| branch == name)
            || name == "head" && default.is_some()
    };
    if default.is_none() && refs.branches.is_empty() {
        return unknown();
    }
    let is = default.map(|default| format!("; the default branch is \"{default}\"")).unwrap_or_default();
    if !known(name) {
        let promised = matches!(row.supported, Support::Yes | Support::SecurityOnly | Support::Until(_));
        let fix = default.filter(|default| promised && !names(rows, default)).map_or_else(
            || format!("name the branch that line {} means, or remove it", row.line),
            |default| format!("write \"{default}\" on line {}", row.line),
        );
        let found =
            Conclusion::new("branch-missing", Status::Fail, line, format!("no branch \"{name}\" here{is}"))
                .expected(format!("a branch \"{name}\""));
        let found = found.fix(fix);
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

/// Whether a row names this branch.
pub(super) fn names(rows: &[Row], branch: &str) -> bool {
    rows.iter().any(|row| row.selector.kind == Kind::Branch && row.selector.name.as_deref() == Some(branch))
}

/// Whether the rows speak of branches and of "older" only, so that releases are not named.
pub(super) fn only_branches(rows: &[Row]) -> bool {
    let silent = |row: &Row| matches!(row.selector.kind, Kind::Branch | Kind::Channel | Kind::Rest);
    rows.iter().all(|row| silent(row) && row.selector.range.is_none())
}

/// The rows name no release, so the newest is in none.
pub(super) fn branches_only(rows: &[Row], newest: &PublishedTag) -> Conclusion {
    let message = format!("no row names a release; whether {} is supported is not said", newest.name);
    let found = Conclusion::new(
        "not-machine-readable",
        Status::Undetermined,
        rows.first().map(|row| row.line),
        message,
    );
    found.fix("add a row \"Latest release\"")
}

/// The branch of a row as the pass shows it.
pub(super) fn branch_part(row: &Row, refs: &Refs) -> Option<String> {
    let default = refs.default_branch.as_deref();
    let name = row.selector.name.as_deref().or(default)?;
    let is = if default == Some(name) { "default branch" } else { "branch" };
    (default == Some(name) || refs.branches.iter().any(|branch| branch == name))
        .then(|| format!("{name} = {is}"))
}
