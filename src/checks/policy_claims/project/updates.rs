//! Who proposes updates of dependencies, and whether for every ecosystem that the sentence names.

use super::About;
use crate::{
    facts::project::updates::{Settings, Updater, Updates},
    outcome::{Finding, Status},
    security_policy::claims::Ecosystem,
    text,
};

/// Judges a claim that dependencies are kept up to date.
pub(super) fn judge(about: &About<'_>) -> Vec<Finding> {
    let tools = &about.claim.detail.tools;
    if tools.contains(&"dependabot") && about.says(&["alert"]) {
        return vec![about.unknown("alerts need no file; only the forge could tell of them")];
    }
    let named: Vec<Updater> = [("dependabot", Updater::Dependabot), ("renovate", Updater::Renovate)]
        .into_iter()
        .filter(|(name, _)| tools.contains(name))
        .map(|(_, updater)| updater)
        .collect();
    if named.is_empty() {
        let all = about.project.updates.iter().collect::<Vec<_>>();
        return vec![match all.as_slice() {
            [] => about.refuted("there are settings neither of Dependabot nor of Renovate"),
            all => of(about, all),
        }];
    }
    let one = |updater: &Updater| {
        let all: Vec<&Updates> = about.project.updates.iter().filter(|it| it.updater == *updater).collect();
        match (all.as_slice(), updater) {
            ([], Updater::Dependabot) => about.refuted("there is no .github/dependabot.yml"),
            ([], Updater::Renovate) => about.refuted("there are no settings of Renovate"),
            (all, _) => of(about, all),
        }
    };
    named.iter().map(one).collect()
}

/// What the settings say of a claim that dependencies are looked at, where they do not contradict it.
pub(super) fn bears_out(about: &About<'_>) -> Option<Finding> {
    let all: Vec<&Updates> = about.project.updates.iter().collect();
    let finding = (!all.is_empty()).then(|| of(about, &all))?;
    (finding.status != Status::Fail).then_some(finding)
}

fn of(about: &About<'_>, all: &[&Updates]) -> Finding {
    let mut known: Vec<(&Updates, &Settings)> = Vec::new();
    for it in all {
        match &it.settings {
            Ok(settings) => known.push((it, settings)),
            Err(why) => return about.unknown(format!("{} {why}", it.path)),
        }
    }
    known.retain(|(_, settings)| !settings.is_off);
    let paths: Vec<&str> = known.iter().map(|(it, _)| it.path.as_str()).collect();
    if known.is_empty() {
        let off: Vec<&str> = all.iter().map(|it| it.path.as_str()).collect();
        return about.refuted(format!("{} switches it off", off.join(" and ")));
    }
    let doubtful = known.iter().find_map(|(it, settings)| Some(format!("{} {}", it.path, settings.doubt?)));
    known.retain(|(_, settings)| settings.doubt.is_none());
    let Some((first, _)) = known.first() else {
        return about.unknown(doubtful.unwrap_or_default());
    };
    let missing: Vec<Ecosystem> = (about.claim.detail.ecosystems.iter().copied())
        .filter(|ecosystem| !known.iter().any(|(it, settings)| looks_after(it.updater, settings, *ecosystem)))
        .collect();
    if let Some(doubt) = doubtful.filter(|_| !missing.is_empty()) {
        return about.unknown(doubt);
    }
    if !missing.is_empty() {
        let names: Vec<&str> = missing.iter().map(|it| it.name()).collect();
        let has = known.iter().flat_map(|(_, settings)| settings.ecosystems.iter().flatten());
        let has: Vec<String> = has.map(|name| text::clean(name).into_owned()).collect();
        let images = match about.project.images.as_slice() {
            images if !images.is_empty() && missing.contains(&Ecosystem::Docker) => {
                format!("; there is {}", text::plural_list(images, 2))
            }
            _ => String::new(),
        };
        return about
            .refuted(format!("{} has nothing for {}{images}", paths.join(" and "), names.join(" and ")))
            .expected(missing.iter().map(|it| ours(*it)[0]).collect::<Vec<_>>().join(", "))
            .found(has.join(", "));
    }
    let has: Vec<String> = (known.iter())
        .flat_map(|(_, settings)| settings.ecosystems.iter().flatten())
        .map(|name| text::clean(name).into_owned())
        .collect();
    match has.as_slice() {
        [] if first.updater == Updater::Dependabot => {
            about.refuted(format!("{} lists no ecosystem", paths.join(" and ")))
        }
        [] => about.confirmed(format!("{} is there", paths.join(" and "))),
        has if about.claim.detail.ecosystems.is_empty() && has.iter().all(|name| is_no_code(name)) => {
            about.unknown(format!("{} has {} alone", paths.join(" and "), text::plural_list(has, 8)))
        }
        has => about.confirmed(format!("{} has {}", paths.join(" and "), text::plural_list(has, 8))),
    }
}

/// Whether an ecosystem is none that code depends on.
fn is_no_code(name: &str) -> bool {
    matches!(
        name,
        "github-actions" | "docker" | "docker-compose" | "dockerfile" | "gitsubmodule" | "devcontainers"
    )
}

/// Whether settings have an ecosystem.
fn looks_after(updater: Updater, settings: &Settings, ecosystem: Ecosystem) -> bool {
    let Some(listed) = &settings.ecosystems else { return true };
    let names = match updater {
        Updater::Dependabot => ours(ecosystem),
        Updater::Renovate => theirs(ecosystem),
    };
    names.iter().any(|name| listed.contains(*name))
}

/// What Dependabot calls it.
const fn ours(ecosystem: Ecosystem) -> &'static [&'static str] {
    match ecosystem {
        Ecosystem::Python => &["pip", "uv", "conda"],
        Ecosystem::Npm => &["npm", "bun"],
        Ecosystem::Go => &["gomod"],
        Ecosystem::Cargo => &["cargo"],
        Ecosystem::Docker => &["docker", "docker-compose"],
        Ecosystem::Actions => &["github-actions"],
        Ecosystem::Java => &["maven", "gradle"],
        Ecosystem::Ruby => &["bundler"],
        Ecosystem::Php => &["composer"],
        Ecosystem::DotNet => &["nuget"],
    }
}

/// What Renovate calls it.
const fn theirs(ecosystem: Ecosystem) -> &'static [&'static str] {
    match ecosystem {
        Ecosystem::Python => &["pip_requirements", "pep621", "poetry", "pipenv", "pip_setup", "setup-cfg"],
        Ecosystem::Npm => &["npm", "bun"],
        Ecosystem::Go => &["gomod"],
        Ecosystem::Cargo => &["cargo"],
        Ecosystem::Docker => &["dockerfile", "docker-compose"],
        Ecosystem::Actions => &["github-actions"],
        Ecosystem::Java => &["maven", "gradle", "gradle-wrapper"],
        Ecosystem::Ruby => &["bundler"],
        Ecosystem::Php => &["composer"],
        Ecosystem::DotNet => &["nuget"],
    }
}
