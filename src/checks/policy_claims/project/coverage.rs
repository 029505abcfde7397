//! Shares of coverage below which something is said to fail.
//!
//! The rule that must not be broken: a run with a threshold of its own does not obey the one in the settings, and one that
//! may not be run, or cannot fail, bears nothing out.

use super::{About, ecosystems};
use crate::{
    facts::project::{
        runs::{Call, Run},
        settings::coverage,
    },
    outcome::Finding,
    security_policy::claims::Ecosystem,
};

/// Judges a share of coverage.
pub(super) fn judge(about: &About<'_>) -> Vec<Finding> {
    let claimed = f64::from(about.claim.detail.percent.unwrap_or(0));
    let texts = &about.project.texts;
    let with_share = |run| Some((run, share(run)?));
    let (sure, weak): (Vec<(&Run, f64)>, Vec<_>) = (about.project.runs.all.iter().filter_map(with_share))
        .partition(|(run, _)| run.doubt.is_none() && run.harmless.is_none());
    let runs = sure.into_iter().map(|(run, share)| (run.place.clone(), share));
    let others = coverage::of_others(texts);
    let all: Vec<(String, f64)> = coverage::of_python(texts).into_iter().chain(runs).collect();
    if let Some((place, share)) = others.iter().find(|(_, share)| *share >= claimed) {
        return vec![enough(about, place, *share)];
    }
    let lowest = all.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let highest = all.iter().chain(&others).max_by(|a, b| a.1.total_cmp(&b.1));
    vec![match (lowest, highest) {
        (Some((place, share)), _) if *share >= claimed => enough(about, place, *share),
        (Some((low, less)), Some((high, more))) if *more >= claimed => about.unknown(format!(
            "{high} fails below {more} %, and {low} below {less} % only; which of them decides is not known"
        )),
        (_, found) => not_enough(about, claimed, found, &weak),
    }]
}

/// The threshold that a run sets for itself.
fn share(run: &Run) -> Option<f64> {
    match &run.call {
        Call::Command(words) => coverage::of_command(words),
        _ => None,
    }
}

/// A threshold is high enough: it bears the claim out where something that obeys it is known to run.
fn enough(about: &About<'_>, place: &str, share: f64) -> Finding {
    let runs = about.project.runs.all.iter().filter(|run| run.doubt.is_none() && run.harmless.is_none());
    let obeys = |run: &Run| run.place == place || coverage::obeys(&about.project.texts, place, &run.call);
    match runs.into_iter().any(obeys) {
        true => about.confirmed(format!("{place} fails below {share} %")),
        false => {
            about.unknown(format!("{place} fails below {share} %, and nothing is known to run what obeys it"))
        }
    }
}

/// Nothing that certainly fails does so below what is claimed.
fn not_enough(
    about: &About<'_>,
    claimed: f64,
    highest: Option<&(String, f64)>,
    weak: &[(&Run, f64)],
) -> Finding {
    if let Some((run, share)) = weak.iter().find(|(_, share)| *share >= claimed) {
        let why = run.doubt.or(run.harmless).unwrap_or_default();
        return about
            .unknown(format!("whether anything fails below {share} % is not known: {why} ({})", run.place));
    }
    match highest {
        Some((place, share)) => about
            .refuted(format!("{place} fails below {share} % only"))
            .expected(claimed.to_string())
            .found(share.to_string()),
        None if measures_elsewhere(about) => about.unknown(
            "no threshold is set for coverage.py, Codecov or Jest in package.json, and those of other tools are not read",
        ),
        None => about.missing("nothing fails when coverage falls: no threshold is set (fail_under)"),
    }
}

/// Whether tests may be measured by a tool whose settings nobody here reads: those of Python alone are read whole.
fn measures_elsewhere(about: &About<'_>) -> bool {
    let ecosystems = ecosystems::scannable(about);
    let is_of_python = |run: &Run| coverage::is_of_python(&run.call);
    match ecosystems.is_empty() {
        true => !about.project.runs.all.iter().any(is_of_python),
        false => ecosystems.iter().any(|it| *it != Ecosystem::Python),
    }
}
