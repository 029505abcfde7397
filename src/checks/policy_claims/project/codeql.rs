//! What CodeQL is told to look at, where its analysis is set up.

use super::About;
use crate::{
    facts::project::{runs::Call, settings::codeql},
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
    if inputs.is_empty() && !analyses.is_empty() {
        return Some(
            "whether codeql is run is not known: nothing sets it up (codeql-action/init)".to_owned(),
        );
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
    skips.then(|| "it is given skip-queries".to_owned()).or_else(|| unknown(ANALYZE, inputs))
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
    by_file.or_else(by_text).or_else(by_place).or_else(|| unknown(INIT, inputs))
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
