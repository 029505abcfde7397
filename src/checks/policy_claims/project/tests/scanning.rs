//! A project that says that its dependencies are scanned, and what the check says of it.

use super::{super::scans::is_of_product, Project};

pub(super) const SCANNED: &str = "Dependencies are scanned for known vulnerabilities on every push.";
/// The job of [`Project::workflow`].
pub(super) const AT: &str = "(.github/workflows/ci.yml, job test)";

/// What `dependency-scanning` says: the first words of each finding, without the sentence.
pub(super) fn says(project: Project) -> Vec<String> {
    let all = project.says("dependency-scanning");
    all.iter()
        .map(|said| {
            let (status, rest) = said.split_once(' ').unwrap();
            format!("{status}: {}", rest.split_once("\": ").map_or(rest, |(_, why)| why))
        })
        .collect()
}

pub(super) fn project() -> Project {
    Project::with_policy(SCANNED).file("package-lock.json", "{}\n")
}

pub(super) fn script(script: &str) -> Vec<String> {
    says(project().workflow(script))
}

#[test]
fn what_people_do_about_advisories_is_neither_kept_nor_broken() {
    let said = |sentence: &str, script: &str| {
        let project = Project::with_policy(sentence)
            .file("package.json", "{\"name\": \"x\", \"dependencies\": {\"a\": \"1\"}}")
            .file("package-lock.json", "{\"lockfileVersion\": 3, \"packages\": {}}");
        let told = project.workflow(script).says("dependency-scanning");
        told.into_iter()
            .map(|it| it.replace(&format!("\"{}\": ", sentence.trim_end_matches('.')), ""))
            .collect::<Vec<_>>()
    };
    let open = "undetermined 3 it does not say that anything looks for them, and what else is done was not looked at";
    for (sentence, expected) in [
        (
            "We monitor security advisories of our dependencies.",
            "undetermined 3 who reads advisories leaves nothing that could be looked at",
        ),
        ("Dependencies with known vulnerabilities are updated promptly.", open),
    ] {
        assert_eq!(said(sentence, "ls"), [expected]);
        assert_eq!(said(sentence, "npm ci\nnpm audit"), [expected]);
    }
    let scans = "We scan our dependencies for known vulnerabilities.";
    let none =
        "fail 3 no workflow and no hook runs a tool that looks for known vulnerabilities in dependencies";
    assert_eq!(said(scans, "ls"), [none]);
    assert!(said(scans, "npm ci\nnpm audit")[0].starts_with("pass 3 run: npm-audit"));
}

#[test]
fn what_a_program_of_the_repository_s_name_scans_is_told_from_what_the_project_does() {
    for sentence in [
        "Widget scans dependencies for vulnerabilities.",
        "The widget checks dependencies for CVEs.",
        "**Widget** finds vulnerable dependencies.",
    ] {
        assert!(is_of_product(sentence, "Widget"), "{sentence}");
    }
    for sentence in [
        "CI scans dependencies for vulnerabilities.",
        "Widget scans its dependencies for vulnerabilities.",
        "Widget scans dependencies on every push.",
        "We scan dependencies of widget.",
    ] {
        assert!(!is_of_product(sentence, "widget"), "{sentence}");
    }
}
