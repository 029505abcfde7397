//! What CodeQL is told to look at, where its analysis is set up.

use super::About;
use crate::{
    facts::project::{runs::Call, settings},
    security_policy::claims::Ecosystem,
    text,
};
use std::collections::{BTreeMap, BTreeSet};

/// Why an analysis at one of these places is not known to look at all that the sentence speaks of.
/// <https://docs.github.com/en/code-security/reference/code-scanning/workflow-configuration-options>
pub(super) fn doubt(about: &About<'_>, places: &BTreeSet<&str>) -> Option<String> {
    let set_up =
        |call: &'_ Call| matches!(call, Call::Action { name, .. } if name == "github/codeql-action/init");
    let runs =
        about.project.runs.all.iter().filter(|run| set_up(&run.call) && places.contains(run.place.as_str()));
    let inputs: Vec<&BTreeMap<String, String>> = runs
        .filter_map(|run| match &run.call {
            Call::Action { inputs, .. } => Some(inputs),
            _ => None,
        })
        .collect();
    let passes_over_all = |inputs: &&&BTreeMap<String, String>| {
        let file = inputs.get("config-file").map(|path| path.trim_start_matches("./"));
        let file = file.and_then(|path| about.project.texts.get(path)?.as_ref().ok());
        file.into_iter().chain(inputs.get("config")).any(|text| settings::ignores_every_path(text))
    };
    if inputs.iter().any(|it| passes_over_all(&it)) {
        return Some(
            "whether codeql looks at anything is not known: its settings ignore every path".to_owned(),
        );
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
