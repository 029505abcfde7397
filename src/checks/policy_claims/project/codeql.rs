//! What CodeQL is told to look at, where its analysis is set up.

use super::{About, ecosystems};
use crate::{
    facts::project::{runs::Call, settings::codeql, workflow::Permissions},
    security_policy::claims::Ecosystem,
    text,
};
use std::collections::{BTreeMap, BTreeSet};

type Inputs = BTreeMap<String, String>;

/// Inputs of `init` that leave out neither queries nor code.
const INIT: &str = "languages queries packs config-file config build-mode source-root tools ram threads token registries \
                    external-repository-token setup-python-dependencies debug debug-artifact-name debug-database-name \
                    trap-caching dependency-caching quality-queries db-location matrix";
/// The same of `analyze`.
const ANALYZE: &str = "category output upload upload-database wait-for-processing ref sha checkout_path check_name ram \
                       threads add-snippets cleanup-level token matrix post-processed-sarif-path skip-queries";

/// Why an analysis at one of these places is not known to look at all that the sentence speaks of.
/// <https://docs.github.com/en/code-security/reference/code-scanning/workflow-configuration-options>
pub(super) fn doubt(about: &About<'_>, places: &BTreeSet<&str>) -> Option<String> {
    let inputs = inputs_of(about, places, "github/codeql-action/init");
    let analyses = inputs_of(about, places, "github/codeql-action/analyze");
    if !analyses.is_empty() && !is_set_up(about, places) {
        return Some(
            "whether codeql is run is not known: nothing sets it up before (codeql-action/init)".to_owned(),
        );
    }
    if let Some(place) = places.iter().find(|place| !analyses.is_empty() && !may_publish(about, place)) {
        return Some(format!(
            "whether what codeql finds is published is not known: the token has no `security-events: write` ({place})"
        ));
    }
    if let Some(why) = analyses.iter().find_map(|it| of_analysis(it)).or_else(|| {
        let mut all = inputs.iter();
        all.find_map(|it| of_setup(about, it))
    }) {
        return Some(format!("whether codeql looks at anything is not known: {why}"));
    }
    let told: Vec<&String> = inputs.iter().filter_map(|inputs| inputs.get("languages")).collect();
    // An expression, or none: every language is looked for, or which is not known.
    if told.is_empty() || told.len() < inputs.len() || told.iter().any(|it| it.contains("${{")) {
        return None;
    }
    if let Some(why) = of_other_languages(about, &told) {
        return Some(why);
    }
    let has = |wanted: &[&str]| {
        let mut all = told.iter().flat_map(|text| text.split(',')).map(str::trim);
        all.any(|one| wanted.contains(&one))
    };
    let lacking =
        about.claim.detail.ecosystems.iter().filter_map(|it| names(*it)).find(|wanted| !has(wanted))?;
    let languages: Vec<String> = told.iter().map(|it| text::clean(it).into_owned()).collect();
    let (languages, lacking) = (languages.join(", "), lacking[0]);
    Some(format!("whether codeql looks at {lacking} is not known: it is told to look at {languages}"))
}

/// Whether an analysis stands behind what sets it up.
fn is_set_up(about: &About<'_>, places: &BTreeSet<&str>) -> bool {
    let mut set_up: BTreeSet<&str> = BTreeSet::new();
    let mut runs = about.project.runs.all.iter().filter(|run| places.contains(run.place.as_str()));
    runs.any(|run| match &run.call {
        Call::Action { name, .. } if name == "github/codeql-action/init" => {
            set_up.insert(&run.place);
            false
        }
        Call::Action { name, .. } => {
            name == "github/codeql-action/analyze" && set_up.contains(run.place.as_str())
        }
        _ => false,
    })
}

/// Whether the token of a job may write what is found, where its workflow says what it may do.
fn may_publish(about: &About<'_>, place: &str) -> bool {
    let jobs = about.project.workflows.iter().filter_map(|(path, read)| {
        let (workflow, id) =
            (read.as_ref().ok()?, place.strip_prefix(path.as_str())?.strip_prefix(", job ")?);
        Some((workflow, workflow.jobs.get(id)?))
    });
    let mut granted =
        jobs.filter_map(|(workflow, job)| job.permissions.as_ref().or(workflow.permissions.as_ref()));
    granted.all(|permissions| match permissions {
        Permissions::WriteAll => true,
        Permissions::ReadAll => false,
        Permissions::Scopes(scopes) => scopes.get("security-events").is_some_and(|it| it == "write"),
    })
}

/// Where it is told to look at languages alone that the project has no manifest of.
fn of_other_languages(about: &About<'_>, told: &[&String]) -> Option<String> {
    const ALL: [Ecosystem; 7] = [
        Ecosystem::Python,
        Ecosystem::Npm,
        Ecosystem::Go,
        Ecosystem::Cargo,
        Ecosystem::Java,
        Ecosystem::Ruby,
        Ecosystem::DotNet,
    ];
    let has = ecosystems::scannable(about);
    let of = |word: &str| ALL.into_iter().find(|it| names(*it).is_some_and(|names| names.contains(&word)));
    let words: Vec<&str> = told
        .iter()
        .flat_map(|text| text.split([',', '\n']))
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    if words.is_empty() {
        return Some("whether codeql looks at anything is not known: it is told no language".to_owned());
    }
    let is_other = |word: &&str| of(word).is_some_and(|it| !has.contains(&it));
    (!has.is_empty() && words.iter().all(is_other)).then(|| {
        let all = text::clean(&words.join(", ")).into_owned();
        format!("whether codeql looks at anything is not known: it is told to look at {all}, and the project has no manifest of it")
    })
}

/// What each call of an action at these places is given.
fn inputs_of<'a>(about: &About<'a>, places: &BTreeSet<&str>, action: &str) -> Vec<&'a Inputs> {
    let runs = about.project.runs.all.iter().filter(|run| places.contains(run.place.as_str()));
    let inputs = runs.filter_map(|run| match &run.call {
        Call::Action { name, inputs, .. } if name == action => Some(inputs),
        _ => None,
    });
    inputs.collect()
}

/// An input that is not known.
fn unknown(known: &str, inputs: &Inputs) -> Option<String> {
    let is_known = |key: &&String| known.split_whitespace().any(|it| it == key.as_str());
    inputs.keys().find(|key| !is_known(key)).map(|key| format!("it is given {}", text::clean(key)))
}

/// Why an analysis may run no queries.
fn of_analysis(inputs: &Inputs) -> Option<String> {
    let skips = inputs.get("skip-queries").is_some_and(|it| it != "false");
    let is_kept = inputs.get("upload").is_some_and(|it| matches!(it.as_str(), "never" | "false"));
    let skips = skips.then(|| "it is given skip-queries".to_owned());
    let kept = || is_kept.then(|| "what it finds is not uploaded".to_owned());
    skips.or_else(kept).or_else(|| unknown(ANALYZE, inputs))
}

/// Why what is set up may look at nothing.
fn of_setup(about: &About<'_>, inputs: &Inputs) -> Option<String> {
    let of_settings = |why: String| format!("its settings {why}");
    let by_file = inputs.get("config-file").and_then(|path| {
        match about.project.texts.get(path.trim_start_matches("./")) {
            Some(Ok(text)) => codeql::doubt(text).map(of_settings),
            _ => Some(format!("its settings {} were not read", text::clean(path))),
        }
    });
    let by_text = || inputs.get("config").and_then(|text| codeql::doubt(text)).map(of_settings);
    let root = ["", ".", "./", "${{ github.workspace }}"];
    let is_folder = inputs.get("source-root").is_some_and(|it| !root.contains(&it.as_str()));
    let is_own = |tools: &String| {
        let release = "https://github.com/github/codeql-action/releases/";
        !matches!(tools.as_str(), "" | "latest" | "linked" | "nightly" | "toolcache")
            && !tools.starts_with(release)
    };
    let by_place = || match () {
        () if is_folder => Some("it is given source-root".to_owned()),
        () if inputs.get("tools").is_some_and(is_own) => Some("it is given tools".to_owned()),
        () => None,
    };
    // What is named by a path may not be there.
    let by_queries = || {
        let listed = inputs.get("queries").into_iter().flat_map(|list| list.split([',', '\n']));
        let mut own = listed.map(|it| it.trim().trim_start_matches('+')).filter(|it| it.starts_with("./"));
        own.next().map(|path| format!("its queries {} were not read", text::clean(path)))
    };
    by_file.or_else(by_text).or_else(by_place).or_else(by_queries).or_else(|| unknown(INIT, inputs))
}

/// What CodeQL calls the languages of an ecosystem.
const fn names(ecosystem: Ecosystem) -> Option<&'static [&'static str]> {
    Some(match ecosystem {
        Ecosystem::Python => &["python"],
        Ecosystem::Npm => &["javascript", "javascript-typescript", "typescript"],
        Ecosystem::Go => &["go"],
        Ecosystem::Cargo => &["rust"],
        Ecosystem::Java => &["java", "java-kotlin", "kotlin"],
        Ecosystem::Ruby => &["ruby"],
        Ecosystem::DotNet => &["csharp"],
        _ => return None,
    })
}
