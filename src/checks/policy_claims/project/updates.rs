//! Who proposes updates of dependencies, and whether for every ecosystem that the sentence names.

use super::{About, beyond, ecosystems, flaws, locks};
use crate::{
    facts::project::updates::{INTERVALS, Settings, Updater, Updates},
    outcome::{Finding, Status},
    security_policy::claims::{ClaimKind, Ecosystem, Interval},
    text,
};
use std::collections::BTreeSet;

/// Judges a claim that dependencies are kept up to date.
pub(super) fn judge(about: &About<'_>) -> Vec<Finding> {
    beyond::taken_back(about, None, by_settings(about))
}

/// What the settings say of what the sentence names.
pub(super) fn by_settings(about: &About<'_>) -> Vec<Finding> {
    let tools = &about.claim.detail.tools;
    if tools.contains(&"dependabot") && about.says(&["alert"]) {
        return vec![about.unknown(beyond::ALERTS)];
    }
    if tools.contains(&"dependabot") && about.says(&["security update"]) {
        return vec![about.unknown("its security updates need no file; only the forge could tell of them")];
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
            all => all_of(about, all),
        }];
    }
    let one = |updater: &Updater| {
        let all: Vec<&Updates> = about.project.updates.iter().filter(|it| it.updater == *updater).collect();
        let finding = match (all.as_slice(), updater) {
            ([], Updater::Dependabot) => about.refuted("there is no .github/dependabot.yml"),
            ([], Updater::Renovate) => about.refuted("there are no settings of Renovate"),
            (all, _) => all_of(about, all),
        };
        flaws::not_shown(about, *updater, &all, &finding).unwrap_or(finding)
    };
    named.iter().map(one).collect()
}

/// What the settings say of a claim that dependencies are looked at, where they do not contradict it.
pub(super) fn bears_out(about: &About<'_>) -> Option<Finding> {
    let of = |updater: Updater| -> Vec<&Updates> {
        about.project.updates.iter().filter(|it| it.updater == updater).collect()
    };
    let (dependabot, renovate) = (of(Updater::Dependabot), of(Updater::Renovate));
    let (updater, all) = match dependabot.is_empty() {
        true => (Updater::Renovate, renovate),
        false => (Updater::Dependabot, dependabot),
    };
    let finding = (!all.is_empty()).then(|| all_of(about, &all))?;
    let finding = match updater {
        Updater::Dependabot => finding,
        Updater::Renovate => flaws::not_shown(about, updater, &all, &finding).unwrap_or(finding),
    };
    (finding.status != Status::Fail).then_some(finding)
}

/// What the settings say of all that the sentence does: they ask for new versions, by a schedule of their own.
fn all_of(about: &About<'_>, all: &[&Updates]) -> Finding {
    let finding = of(about, all);
    match more_than_versions(about).filter(|_| finding.status == Status::Pass) {
        Some(why) => about.unknown(format!("there is {}; {why}", all[0].path)),
        None => finding,
    }
}

/// What a sentence says that no settings of updates show, in words that follow their path and a semicolon.
fn more_than_versions(about: &About<'_>) -> Option<&'static str> {
    let sentence = about.claim.sentence.to_lowercase();
    let words: Vec<&str> = sentence.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |these: &[&str]| words.iter().any(|word| these.contains(word));
    let begins = |stem: &str| words.iter().any(|word| word.starts_with(stem));
    if begins("automerge") || begins("merge") && (begins("automat") || has(&["auto"])) {
        return Some("whether anything is merged of itself is not known");
    }
    if about.claim.kind != ClaimKind::DependencyScanning {
        return None;
    }
    if has(&["ci", "cd", "pipeline", "pipelines", "workflow", "workflows", "build", "builds"]) {
        return Some("what proposes new versions is no part of continuous integration");
    }
    let is_of_changes = ["every", "each", "all"].iter().any(|all| {
        let of = |thing: &str| sentence.contains(&format!("{all} {thing}"));
        ["pull request", "pr", "merge request", "push", "commit", "change", "release", "build"]
            .into_iter()
            .any(of)
    });
    if is_of_changes || sentence.contains("before") {
        return Some("what proposes new versions runs by a schedule, and on no change");
    }
    None
}

fn of(about: &About<'_>, all: &[&Updates]) -> Finding {
    let mut known: Vec<(&Updates, &Settings)> = Vec::new();
    for it in all {
        match &it.settings {
            Ok(settings) => known.push((it, settings)),
            Err(why) => return about.unknown(format!("{} {why}", it.path)),
        }
    }
    let differ = known.iter().enumerate().find_map(|(at, (it, settings))| {
        let mut others = known[..at].iter();
        let other = others.find(|(other, said)| other.updater == it.updater && said != settings)?;
        Some(format!("{} and {} differ, and only one of them counts", other.0.path, it.path))
    });
    if let Some(differ) = differ {
        return about.unknown(differ);
    }
    known.retain(|(_, settings)| !settings.is_off);
    let paths: Vec<&str> = known.iter().map(|(it, _)| it.path.as_str()).collect();
    let paths = paths.join(" and ");
    if known.is_empty() {
        let off: Vec<&str> = all.iter().map(|it| it.path.as_str()).collect();
        return about.refuted(format!("{} switches it off", off.join(" and ")));
    }
    let doubtful =
        known.iter().find_map(|(it, settings)| Some(format!("{} {}", it.path, settings.doubt.as_ref()?)));
    let partial =
        known.iter().find_map(|(it, settings)| Some(format!("{} {}", it.path, settings.partial.as_ref()?)));
    // What is doubtful in Renovate's settings is so of all of them; Dependabot's updates stand each for itself.
    known.retain(|(it, settings)| settings.doubt.is_none() || it.updater == Updater::Dependabot);
    let looked_after =
        |wanted: &Ecosystem| known.iter().any(|(it, settings)| looks_after(it.updater, settings, *wanted));
    let has: Vec<String> = (known.iter())
        .flat_map(|(_, settings)| settings.ecosystems.iter().flatten())
        .map(|name| text::clean(name).into_owned())
        .collect();
    let named = &about.claim.detail.ecosystems;
    let missing: Vec<Ecosystem> = named.iter().copied().filter(|it| !looked_after(it)).collect();
    if let Some(doubt) = doubtful.filter(|_| !missing.is_empty() || named.is_empty() || has.is_empty()) {
        return about.unknown(doubt);
    }
    if !missing.is_empty() {
        let images = match about.project.images.as_slice() {
            images if !images.is_empty() && missing.contains(&Ecosystem::Docker) => {
                format!("; there is {}", text::plural_list(images, 2))
            }
            _ => String::new(),
        };
        return about
            .refuted(format!("{paths} has nothing for {}{images}", names(&missing)))
            .expected(missing.iter().map(|it| ours(*it)[0]).collect::<Vec<_>>().join(", "))
            .found(has.join(", "));
    }
    let is_of_all = about.claim.detail.is_of_all;
    if let Some(partial) = partial.filter(|_| is_of_all) {
        return about.unknown(format!("{partial}, and it is said of all"));
    }
    if let Some(why) = ignores_all(about, &known) {
        return about.unknown(why);
    }
    let is_yearly =
        |(_, settings): &(&Updates, &Settings)| settings.intervals.values().all(|often| *often == "yearly");
    if !known.is_empty() && known.iter().all(|it| !it.1.intervals.is_empty() && is_yearly(it)) {
        return about
            .unknown(format!("{paths} looks for updates once a year, which keeps little up to date"));
    }
    // What no ecosystem is named of is said of those that the project has.
    let own = if named.is_empty() { ecosystems::own(about) } else { Vec::new() };
    let open: Vec<Ecosystem> = own.iter().copied().filter(|it| !looked_after(it)).collect();
    if !open.is_empty() {
        let why = format!("{paths} has nothing for {}, which the project has manifests of", names(&open));
        return match open.len() == own.len() && is_of_all {
            true => about.refuted(why).found(has.join(", ")),
            false => about.unknown(why),
        };
    }
    if let Some(why) = in_other_folders(about, &known) {
        return about.unknown(why);
    }
    match has.as_slice() {
        [] if known.iter().all(|(it, _)| it.updater == Updater::Dependabot) => {
            about.refuted(format!("{paths} lists no ecosystem"))
        }
        [] => about.confirmed(format!("{paths} is there")),
        has if named.is_empty() && has.iter().all(|name| is_no_code(name)) => {
            about.unknown(format!("{paths} has {} alone", text::plural_list(has, 8)))
        }
        has => about.confirmed(format!("{paths} has {}", text::plural_list(has, 8))),
    }
}

fn names(ecosystems: &[Ecosystem]) -> String {
    ecosystems.iter().map(|it| it.name()).collect::<Vec<_>>().join(" and ")
}

/// Why nothing is proposed, where each package that the manifests name is passed over by its name.
fn ignores_all(about: &About<'_>, known: &[(&Updates, &Settings)]) -> Option<String> {
    let asked = about.context.facts.asked.iter().filter(|it| !locks::is_beside(&it.path));
    let asked = asked.filter_map(|it| it.wanted.as_ref().ok()).flatten().map(|it| &it.name);
    let mut wanted = asked.chain(&about.project.crates).peekable();
    wanted.peek()?;
    let is_ignored = |name: &String| {
        known.iter().all(|(_, settings)| settings.ignored.iter().any(|pattern| fits(pattern, name)))
    };
    let path = known.first().map(|(it, _)| &it.path)?;
    wanted.all(is_ignored).then(|| format!("{path} passes over every package that a manifest names"))
}

/// Whether a name is one that a pattern with stars stands for.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(start) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        let Some((_, behind)) = left.split_once(part) else { return false };
        left = behind;
    }
    true
}

/// Where Dependabot is told to look in folders alone, and the root has a manifest of the same ecosystem.
fn in_other_folders(about: &About<'_>, known: &[(&Updates, &Settings)]) -> Option<String> {
    if known.iter().any(|(it, _)| it.updater != Updater::Dependabot) {
        return None;
    }
    let named = &about.claim.detail.ecosystems;
    let at_root = ecosystems::own_manifests(about).into_iter().filter(|(path, _)| !path.contains('/'));
    let mut meant = at_root.filter(|(_, ecosystem)| named.is_empty() || named.contains(ecosystem));
    meant.find_map(|(path, ecosystem)| {
        let all = known.iter().flat_map(|(_, settings)| &settings.folders);
        let of_it = all.filter(|(name, _)| ours(ecosystem).contains(&name.as_str()));
        let folders: BTreeSet<&str> = of_it.flat_map(|(_, folders)| folders).map(String::as_str).collect();
        let is_root = |folder: &&str| matches!(*folder, "" | "." | "*") || folder.starts_with("**");
        if folders.is_empty() || folders.iter().any(is_root) {
            return None;
        }
        let shown: Vec<String> = folders.iter().map(|it| format!("/{}", text::clean(it))).collect();
        let path = text::clean(path);
        Some(format!(
            "{} looks in {} alone, and there is {path}",
            known[0].0.path,
            text::plural_list(&shown, 3)
        ))
    })
}

/// How often updates are looked for at least, where a sentence says how often: of the ecosystems that it names, or of
/// those of code. The error says why nobody knows.
pub(super) fn interval(about: &About<'_>, promised: Interval) -> Option<Finding> {
    let mut slower = None;
    for updates in &about.project.updates {
        let settings = match &updates.settings {
            Ok(settings) => settings,
            Err(why) => return Some(about.unknown(format!("{} {why}", updates.path))),
        };
        if settings.is_off {
            return Some(about.unknown(format!("{} switches it off", updates.path)));
        }
        if let Some(doubt) = &settings.doubt {
            let why = format!("whether {} proposes anything is not known: it {doubt}", updates.path);
            return Some(about.unknown(why));
        }
        let named = &about.claim.detail.ecosystems;
        let is_meant = |name: &str| match named.as_slice() {
            [] => !is_no_code(name),
            named => named.iter().any(|it| ours(*it).contains(&name)),
        };
        let of = |is_meant: &dyn Fn(&str) -> bool| -> Vec<(&str, &'static str)> {
            let all = settings.intervals.iter().map(|(name, often)| (name.as_str(), *often));
            all.filter(|(name, _)| name.is_empty() || is_meant(name)).collect()
        };
        let mut meant = of(&is_meant);
        // Where nothing is of code, what there is was meant.
        if meant.is_empty() && named.is_empty() {
            meant = of(&|_| true);
        }
        let rank = |word: &str| INTERVALS.iter().position(|it| *it == word);
        let Some((name, often)) = meant.into_iter().max_by_key(|(_, often)| rank(often)) else { continue };
        if word(often).is_some_and(|it| it <= promised) {
            return Some(about.confirmed(format!("{} has the interval {often}", updates.path)));
        }
        let of = if name.is_empty() { String::new() } else { format!(" for {}", text::clean(name)) };
        slower =
            Some(format!("{} has the interval {often}{of}, which is not {}", updates.path, promised.name()));
    }
    slower.map(|why| about.missing(why))
}

/// The interval of Dependabot's words.
fn word(interval: &str) -> Option<Interval> {
    match interval {
        "daily" => Some(Interval::Daily),
        "weekly" => Some(Interval::Weekly),
        "monthly" => Some(Interval::Monthly),
        "quarterly" => Some(Interval::Quarterly),
        "semiannually" => Some(Interval::HalfYearly),
        "yearly" => Some(Interval::Yearly),
        _ => None,
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
    let names = match updater {
        Updater::Dependabot => ours(ecosystem),
        Updater::Renovate => theirs(ecosystem),
    };
    match &settings.ecosystems {
        Some(listed) => names.iter().any(|name| listed.contains(*name)),
        // One manager of an ecosystem that is switched off is enough to doubt it.
        None => !names.iter().any(|name| settings.off.contains(*name)),
    }
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
        Ecosystem::Elixir => &["mix"],
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
        Ecosystem::Elixir => &["mix"],
    }
}
