//! What a sentence says of a scan beside what is run, and what settings of updates do not show.

use super::{
    Project,
    scanning::{AT, says},
};

/// What is said of a project of Rust that runs `cargo audit` on pushes and pull requests.
fn audited(sentence: &str) -> Vec<String> {
    let project = Project::with_policy(sentence).file("Cargo.lock", "version = 3\n");
    says(project.workflow("cargo audit"))
}

#[test]
fn a_tool_that_is_not_known_bears_nothing_out() {
    for (by, name) in [
        ("with cargo-vet", "cargo-vet"),
        ("with Black Duck", "black duck"),
        ("with cargo audit and Mend", "mend"),
        ("by an independent auditor", "independent auditor"),
    ] {
        let said = audited(&format!("Dependencies are scanned for vulnerabilities {by}."));
        let why = format!("undetermined: whether \"{name}\" does it is not known to relcheck");
        assert_eq!(said, [why], "{by}");
    }
    for by in ["with cargo audit", "with cargo-audit on every push", "by our CI", "with automated tools"] {
        let said = audited(&format!("Dependencies are scanned for vulnerabilities {by}."));
        assert_eq!(said, [format!("pass: run: cargo-audit {AT}")], "{by}");
    }
}

#[test]
fn other_things_and_faster_paces_are_not_known() {
    for (sentence, why) in [
        (
            "System packages and dependencies are scanned for known vulnerabilities.",
            "whether anything looks at system packages is not known",
        ),
        (
            "Dependencies are scanned for known vulnerabilities every hour.",
            "whether it is done so soon, or so often, is not known",
        ),
        ("CI runs cargo audit on Windows, macOS and Linux.", "on which systems it runs was not looked at"),
    ] {
        assert_eq!(audited(sentence), [format!("undetermined: {why}")], "{sentence}");
    }
    let near = "Dependencies, including transitive ones, are continuously scanned for known vulnerabilities.";
    assert_eq!(audited(near), [format!("pass: run: cargo-audit {AT}")]);
}

#[test]
fn settings_of_updates_show_that_versions_are_proposed_and_nothing_else() {
    let file = ".github/dependabot.yml";
    let text = "version: 2\nupdates:\n  - package-ecosystem: cargo\n    directory: /\n    schedule: {interval: weekly}\n";
    let of = |sentence: &str, rule: &str| -> Vec<String> {
        let project = Project::with_policy(sentence).file("Cargo.lock", "version = 3\n");
        let project = project.file("Cargo.toml", "[package]\nname = \"w\"\n[dependencies]\nserde = \"1\"\n");
        let all = project.file(file, text).says(rule);
        all.iter().map(|it| it.replace(&format!(" 3 \"{}\"", sentence.trim_end_matches('.')), "")).collect()
    };
    for (sentence, rule, why) in [
        (
            "Dependencies are scanned for vulnerabilities by our CI on every pull request.",
            "dependency-scanning",
            "there is .github/dependabot.yml; what proposes new versions is no part of continuous integration",
        ),
        (
            "Dependencies are scanned for vulnerabilities on every pull request.",
            "dependency-scanning",
            "there is .github/dependabot.yml; what proposes new versions runs by a schedule, and on no change",
        ),
        (
            "Dependencies are scanned for malware by Dependabot.",
            "dependency-scanning",
            "whether anything looks for what it calls \"malware\" is not known",
        ),
        (
            "Dependabot merges patch updates automatically.",
            "dependency-updates",
            "there is .github/dependabot.yml; whether anything is merged of itself is not known",
        ),
        (
            "Dependabot security updates are enabled.",
            "dependency-updates",
            "its security updates need no file; only the forge could tell of them",
        ),
    ] {
        assert_eq!(of(sentence, rule), [format!("undetermined: {why}")], "{sentence}");
    }
    for (sentence, rule) in [
        ("Dependencies are scanned for known vulnerabilities.", "dependency-scanning"),
        ("Dependabot keeps our dependencies up to date.", "dependency-updates"),
    ] {
        assert_eq!(of(sentence, rule), ["pass: .github/dependabot.yml has cargo"], "{sentence}");
    }
}

/// What `rule` says of a sentence in a project of npm with these files: the status and the reason.
pub(super) fn of_files(sentence: &str, rule: &str, files: &[(&str, &str)]) -> Vec<String> {
    let project = Project::with_policy(&format!("- {sentence}")).file("package-lock.json", "{}\n");
    let project = project.file("package.json", "{\"dependencies\": {\"a\": \"1\"}}\n");
    let project = files.iter().fold(project, |project, (path, text)| project.file(path, text));
    let all = project.says(rule);
    all.iter()
        .map(|said| {
            let (status, rest) = said.split_once(' ').unwrap();
            format!("{status}: {}", rest.split_once("\": ").map_or(rest, |(_, why)| why))
        })
        .collect()
}

const CI: &str = ".github/workflows/ci.yml";

fn workflow(steps: &str) -> String {
    format!(
        "on: [push, pull_request]\npermissions: {{contents: read}}\njobs:\n  test:\n    runs-on: x\n    steps:\n      \
         - uses: actions/checkout@v4\n{steps}"
    )
}

#[test]
fn another_scanner_than_the_one_that_is_said_to_do_it_bears_nothing_out() {
    let audit = workflow("      - run: npm ci\n      - run: npm audit\n");
    let of = |sentence: &str| of_files(sentence, "dependency-scanning", &[(CI, &audit)]);
    for (sentence, name) in [
        ("Black Duck scans our dependencies on every pull request.", "black duck"),
        ("**Dependency scanning**: Mend on every commit", "mend"),
        ("Dependencies are scanned for vulnerabilities on every push (Black Duck).", "black duck"),
        ("Aikido Security continuously scans our dependencies.", "aikido"),
    ] {
        let why = format!("undetermined: whether \"{name}\" does it is not known to relcheck");
        assert_eq!(of(sentence), [why], "{sentence}");
    }
    // What is known, and what the repository is called.
    for sentence in [
        "Our CI scans dependencies for vulnerabilities on every pull request.",
        "**Dependency scanning**: npm audit on every commit",
        "Dependencies are scanned for vulnerabilities on every push (npm audit).",
    ] {
        assert_eq!(of(sentence), [format!("pass: run: npm-audit {AT}")], "{sentence}");
    }
    let trufflehog = workflow("      - uses: trufflesecurity/trufflehog@main\n");
    let of = |sentence: &str| of_files(sentence, "secret-scanning", &[(CI, &trufflehog)]);
    let why = "undetermined: whether \"gitguardian\" does it is not known to relcheck";
    assert_eq!(of("GitGuardian scans every commit for secrets."), [why]);
    assert!(of("TruffleHog scans every commit for secrets.")[0].starts_with("pass: run: trufflehog"));
}

#[test]
fn another_updater_than_the_one_that_is_set_up_bears_nothing_out() {
    let text = "version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: {interval: weekly}\n";
    let docker = [(".github/dependabot.yml", text), ("Dockerfile", "FROM node:22\n")];
    let of = |sentence: &str| of_files(sentence, "dependency-updates", &docker[..1]);
    for (sentence, why) in [
        (
            "Dependencies are kept up to date by Mend Bolt.",
            "whether \"mend bolt\" does it is not known to relcheck",
        ),
        (
            "Dependabot is enabled for all repositories of the organisation, and keeps dependencies up to date.",
            "other repositories were not looked at",
        ),
    ] {
        assert_eq!(of(sentence), [format!("undetermined: {why}")], "{sentence}");
    }
    let near = "Dependabot opens pull requests to keep our dependencies up to date.";
    assert_eq!(of(near), ["pass: .github/dependabot.yml has npm"]);
    assert_eq!(
        of_files(
            "Dependabot keeps our dependencies and base images up to date.",
            "dependency-updates",
            &docker
        ),
        ["fail: .github/dependabot.yml has nothing for Docker images; there is Dockerfile"]
    );
}

#[test]
fn a_hook_bears_out_no_setting_of_the_forge() {
    let hooks = "repos:\n  - repo: https://github.com/gitleaks/gitleaks\n    rev: v8.18.0\n    hooks:\n      - id: gitleaks\n";
    let of = |sentence: &str| of_files(sentence, "secret-scanning", &[(".pre-commit-config.yaml", hooks)]);
    for sentence in [
        "GitHub secret scanning and push protection are enabled.",
        "GitHub secret scanning is enabled.",
        "Secret scanning is enabled on GitHub.",
        "GitHub's secret scanning looks at every push.",
    ] {
        let why = "undetermined: the forge's own needs no file, and only the forge could tell of it";
        assert_eq!(of(sentence), [why], "{sentence}");
    }
    for sentence in [
        "Commits are scanned for secrets.",
        "Every commit to GitHub is scanned for secrets.",
        "Our GitHub repository is scanned for secrets.",
        "Secret scanning runs on the main branch.",
    ] {
        assert_eq!(of(sentence), ["pass: run: gitleaks (.pre-commit-config.yaml)"], "{sentence}");
    }
    let why = "undetermined: what it says of \"history\" is not known to relcheck";
    assert_eq!(of("The full git history is scanned for secrets."), [why]);
}

#[test]
fn what_is_said_beside_a_scan_for_vulnerabilities_is_not_known() {
    let audit = workflow("      - run: npm ci\n      - run: npm audit\n");
    let of = |sentence: &str| of_files(sentence, "dependency-scanning", &[(CI, &audit)]);
    for (sentence, why) in [
        (
            "Releases are blocked when a dependency has a known vulnerability.",
            "it does not say that anything looks for them, and what else is done was not looked at",
        ),
        (
            "Dependencies are scanned, and releases are blocked when one has a known vulnerability.",
            "what is held back by it was not looked at",
        ),
        (
            "Dependencies are scanned for known vulnerabilities and licence issues.",
            "whether anything looks at licences is not known",
        ),
    ] {
        assert_eq!(of(sentence), [format!("undetermined: {why}")], "{sentence}");
    }
    let near = "Dependencies are scanned for known vulnerabilities and security issues.";
    assert_eq!(of(near), [format!("pass: run: npm-audit {AT}")]);
}

#[test]
fn hooks_that_are_pinned_and_rights_beside_workflows_are_not_known() {
    let hooks = "repos:\n  - repo: https://github.com/gitleaks/gitleaks\n    rev: v8.18.0\n    hooks:\n      - id: gitleaks\n";
    let node = workflow("      - uses: actions/setup-node@v4\n");
    let files = [(".pre-commit-config.yaml", hooks), (CI, node.as_str())];
    let sentence = "All actions and pre-commit hooks are pinned to commit SHAs.";
    assert_eq!(
        of_files(sentence, "pre-commit", &files),
        ["undetermined: by what the hooks are pinned was not looked at"]
    );
    assert!(of_files(sentence, "pinned-actions", &files)[0].starts_with("fail: "));
    let near = "Pre-commit hooks run on every commit.";
    assert_eq!(of_files(near, "pre-commit", &files), ["pass: .pre-commit-config.yaml has gitleaks"]);
    assert_eq!(
        of_files("CI tokens and cloud credentials follow least privilege.", "least-privilege", &files),
        ["undetermined: what others than workflows may do was not looked at"]
    );
    let near = "CI tokens follow least privilege.";
    assert_eq!(
        of_files(near, "least-privilege", &files),
        ["pass: 1 workflow declares what the token may do"]
    );
}
