//! Updates of dependencies that are said to be proposed, and are not for certain; each beside settings that do propose.

use super::Project;

/// What is said of updates in a project of npm with these files, without the sentence.
fn of(sentence: &str, files: &[(&str, &str)]) -> Vec<String> {
    let manifest = ("package.json", "{\"name\": \"x\", \"dependencies\": {\"a\": \"1\"}}");
    let policy = Project::with_policy(sentence).file(manifest.0, manifest.1);
    let project = files.iter().fold(policy, |project, (path, text)| project.file(path, text));
    let told = project.judged();
    let short = |(rule, said): (String, String)| {
        let (status, rest) = said.split_once(' ').unwrap();
        format!("{rule} {status}: {}", rest.split_once("\": ").map_or(rest, |(_, why)| why))
    };
    told.into_iter().map(short).collect()
}

const ALL: &str = "Renovate keeps all dependencies up to date.";
const NPM: &str = "Renovate keeps our npm dependencies up to date.";
const PASS: &str = "dependency-updates pass: renovate.json is there";

fn renovate(sentence: &str, more: &str) -> Vec<String> {
    let text = format!("{{\"extends\": [\"config:recommended\"]{more}}}");
    of(sentence, &[("renovate.json", &text)])
}

#[test]
fn renovate_that_may_propose_nothing_keeps_nothing_up_to_date() {
    for near in ["", ", \"labels\": [\"deps\"]", ", \"ignoreDeps\": [\"b\"]"] {
        assert_eq!(renovate(NPM, near), [PASS], "{near}");
    }
    for (more, why) in [
        (", \"ignoreDeps\": [\"a\", \"b\"]", "passes over every package that a manifest names"),
        (", \"mode\": \"silent\"", "has mode \"silent\", which may keep it from proposing"),
        (", \"dryRun\": \"full\"", "has dryRun \"full\", which may keep it from proposing"),
        (", \"baseBranches\": [\"other\"]", "proposes to branches that are named (baseBranches)"),
        (", \"includePaths\": [\"none/**\"]", "has includePaths, which may keep it from proposing"),
        (", \"ignorePaths\": [\"**/package.json\"]", "ignores paths"),
        (
            ", \"packageRules\": [{\"matchPackageNames\": [\"*\"], \"enabled\": false}]",
            "switches packages off",
        ),
    ] {
        let expected = format!("dependency-updates undetermined: renovate.json {why}");
        assert_eq!(renovate(NPM, more), [expected], "{more}");
    }
}

#[test]
fn a_manager_that_is_switched_off_or_not_enabled_is_not_looked_after() {
    let lacks = "dependency-updates fail: renovate.json has nothing for npm packages";
    for more in [
        ", \"npm\": {\"enabled\": false}",
        ", \"enabledManagers\": [\"npm\"], \"npm\": {\"enabled\": false}",
        ", \"enabledManagers\": [\"pep621\"]",
        ", \"packageRules\": [{\"matchManagers\": [\"npm\"], \"enabled\": false}]",
    ] {
        assert_eq!(renovate(NPM, more), [lacks], "{more}");
    }
    assert_eq!(
        renovate(ALL, ", \"enabledManagers\": [\"pep621\"]"),
        [format!("{lacks}, which the project has manifests of")]
    );
    assert_eq!(
        renovate(ALL, ", \"enabledManagers\": [\"npm\"]"),
        ["dependency-updates pass: renovate.json has npm"]
    );
}

#[test]
fn what_is_said_of_all_is_not_borne_out_where_some_are_passed_over() {
    assert_eq!(
        renovate(ALL, ", \"ignoreDeps\": [\"b\"]"),
        ["dependency-updates undetermined: renovate.json ignores some dependencies, and it is said of all"]
    );
    assert_eq!(renovate(ALL, ""), [PASS]);
}

#[test]
fn two_settings_that_differ_say_nothing() {
    let on = "{\"extends\": [\"config:recommended\"]}";
    let two = |second: &str| of(NPM, &[("renovate.json", on), (".github/renovate.json", second)]);
    assert_eq!(
        two("{\"enabled\": false}"),
        [
            "dependency-updates undetermined: .github/renovate.json and renovate.json differ, and only one of them counts"
        ]
    );
    assert_eq!(two(on), ["dependency-updates pass: .github/renovate.json and renovate.json is there"]);
}

fn dependabot(sentence: &str, updates: &[(&str, &str)]) -> Vec<String> {
    let entry = |(name, often): &(&str, &str)| {
        format!("- {{package-ecosystem: {name}, directory: /, schedule: {{interval: {often}}}}}\n")
    };
    let text: String = updates.iter().map(entry).collect();
    let workflow = (
        ".github/workflows/ci.yml",
        "on: push\njobs: {a: {runs-on: x, steps: [{uses: actions/checkout@v4}, {run: ls}]}}\n",
    );
    let files = [(".github/dependabot.yml", &*format!("version: 2\nupdates:\n{text}")), workflow];
    of(sentence, &files)
}

#[test]
fn the_interval_is_that_of_the_ecosystem_that_is_meant() {
    let mixed = [("github-actions", "daily"), ("npm", "monthly")];
    let fail = "schedule fail: .github/dependabot.yml has the interval monthly for npm, which is not daily";
    let has = "dependency-updates pass: .github/dependabot.yml has github-actions, npm";
    for sentence in ["Dependabot checks all npm dependencies daily.", "- Dependencies are updated daily."] {
        assert_eq!(dependabot(sentence, &mixed), [has, fail], "{sentence}");
        let often = [("github-actions", "monthly"), ("npm", "daily")];
        assert_eq!(
            dependabot(sentence, &often),
            [has, "schedule pass: .github/dependabot.yml has the interval daily"],
            "{sentence}"
        );
    }
}

#[test]
fn what_is_looked_for_once_a_year_is_not_known_to_be_kept_up_to_date() {
    let sentence = "Dependabot keeps our dependencies up to date.";
    let yearly = "dependency-updates undetermined: .github/dependabot.yml looks for updates once a year, which keeps \
                  little up to date";
    assert_eq!(dependabot(sentence, &[("npm", "yearly")]), [yearly]);
    let near = "dependency-updates pass: .github/dependabot.yml has npm";
    assert_eq!(dependabot(sentence, &[("npm", "quarterly")]), [near]);
}

#[test]
fn dependabot_for_another_ecosystem_looks_after_none_of_the_project() {
    let all = "Dependabot keeps all dependencies up to date.";
    assert_eq!(
        dependabot(all, &[("cargo", "daily")]),
        [
            "dependency-updates undetermined: .github/dependabot.yml looks for cargo in /, where it has no manifest"
        ]
    );
    assert_eq!(
        dependabot(all, &[("docker", "daily")]),
        [
            "dependency-updates fail: .github/dependabot.yml has nothing for npm packages, which the project has manifests of"
        ]
    );
    assert_eq!(
        dependabot(all, &[("npm", "daily")]),
        ["dependency-updates pass: .github/dependabot.yml has npm"]
    );
}

#[test]
fn dependabot_that_looks_after_a_part_is_not_known_to_keep_all_of_it_up_to_date() {
    let settings = |folder: &str| {
        format!(
            "version: 2\nupdates: [{{package-ecosystem: npm, directory: {folder}, schedule: {{interval: weekly}}}}]\n"
        )
    };
    let path = ".github/dependabot.yml";
    let sentence = "Dependabot keeps our dependencies up to date.";
    let root = settings("/");
    assert_eq!(of(sentence, &[(path, &root)]), ["dependency-updates pass: .github/dependabot.yml has npm"]);
    assert_eq!(
        of(sentence, &[(path, &root), ("requirements.txt", "a==1\n")]),
        [
            "dependency-updates undetermined: .github/dependabot.yml has nothing for Python packages, which the project has \
          manifests of"
        ]
    );
    let docs = settings("/docs");
    assert_eq!(
        of(sentence, &[(path, &docs), ("docs/package.json", "{\"dependencies\": {\"b\": \"1\"}}")]),
        [
            "dependency-updates undetermined: .github/dependabot.yml looks in /docs alone, and there is package.json"
        ]
    );
    let updates = "Dependabot security updates are enabled.";
    assert_eq!(
        of(updates, &[]),
        [
            "dependency-updates undetermined: its security updates need no file; only the forge could tell of them"
        ]
    );
}
