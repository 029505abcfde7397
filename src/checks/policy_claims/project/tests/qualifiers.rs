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
