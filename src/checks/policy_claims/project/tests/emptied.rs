//! Scans and thresholds that are there, and are told by settings or inputs to find nothing, each beside an honest one:
//! rule and outcome.

use super::{Project, attacks::said};

const AT: &str = "(.github/workflows/ci.yml, job test)";

/// What is said of a scan by npm, called by `script`, with these files.
fn npm(files: &[(&str, &str)]) -> String {
    let policy = Project::with_policy("Dependencies are scanned for vulnerabilities with npm audit.");
    let project = policy.file("package-lock.json", "{}\n").workflow("npm audit");
    said(files.iter().fold(project, |it, (path, text)| it.file(path, text)), "dependency-scanning")
}

#[test]
fn settings_of_a_scanner_that_are_not_known_make_it_undetermined() {
    assert_eq!(npm(&[(".npmrc", "fund=false\naudit-level=high\n")]), format!("pass: run: npm-audit {AT}"));
    assert_eq!(
        npm(&[(".npmrc", "registry=https://evil.example/\n")]),
        "undetermined: whether npm-audit looks at everything is not known: relcheck does not know what \"registry\" in \
         .npmrc does to the scan"
    );
    // A file of another folder is none of this scan.
    assert_eq!(npm(&[("docs/.npmrc", "registry=x\n")]), format!("pass: run: npm-audit {AT}"));
    let deny = |call: &str, path: &str, text: &str| {
        let policy = Project::with_policy("Dependencies are scanned for vulnerabilities with cargo-deny.");
        let files = policy.file("Cargo.lock", "version = 4\n").file(path, text);
        said(files.workflow(call), "dependency-scanning")
    };
    let ids = "[advisories]\nignore = [\"RUSTSEC-2020-0071\"]\n";
    assert_eq!(deny("cargo deny check", "deny.toml", ids), format!("pass: run: cargo-deny {AT}"));
    let named = "cargo deny check --config ci/deny.toml";
    assert_eq!(deny(named, "ci/deny.toml", ids), format!("pass: run: cargo-deny {AT}"));
    assert!(
        deny(named, "ci/other.toml", ids).starts_with("undetermined: whether cargo-deny looks at everything")
    );
    assert_eq!(
        deny(named, "ci/deny.toml", "[graph]\nexclude = [\"a\"]\n"),
        "undetermined: whether cargo-deny looks at everything is not known: relcheck does not know what \"graph.exclude\" in \
         ci/deny.toml does to the scan"
    );
}

#[test]
fn settings_with_which_a_scanner_cannot_fail_are_a_warning() {
    let policy = Project::with_policy("Dependencies are scanned for vulnerabilities with npm audit.");
    let project = policy.file("package-lock.json", "{}\n").file(".npmrc", "audit-level=none\n");
    let all = project.workflow("npm audit").says("dependency-scanning");
    assert!(all.len() == 2 && all[0].starts_with("pass "), "{all:?}");
    assert!(all[1].contains(&format!("npm-audit cannot fail: `audit-level=none` in .npmrc {AT}")), "{all:?}");
}

/// What is said of a static analysis by a tool, with these steps and files.
fn analysed(tool: &str, steps: &str, files: &[(&str, &str)]) -> String {
    let policy = Project::with_policy(&format!("Our code is analysed by static analysis with {tool}."));
    let text = format!(
        "on: [push, pull_request]\njobs:\n  test:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n{steps}"
    );
    let project = policy.file(".github/workflows/ci.yml", &text);
    said(files.iter().fold(project, |it, (path, text)| it.file(path, text)), "static-analysis")
}

#[test]
fn an_analysis_of_nothing_is_undetermined() {
    let codeql = |init: &str, analyze: &str, config: &str| {
        let steps = format!(
            "      - {{uses: github/codeql-action/init@v3, with: {{{init}}}}}\n      - {{uses: github/codeql-action/analyze@v3, with: {{{analyze}}}}}\n"
        );
        analysed("CodeQL", &steps, &[(".github/codeql/codeql-config.yml", config)])
    };
    let run = format!("pass: run: codeql {AT}");
    let why = "undetermined: whether codeql looks at anything is not known: ";
    let named = "config-file: ./.github/codeql/codeql-config.yml";
    assert_eq!(codeql(named, "category: x", "paths-ignore: [tests]\n"), run);
    assert_eq!(codeql("", "skip-queries: true", "name: x\n"), format!("{why}it is given skip-queries"));
    assert_eq!(
        codeql(named, "", "disable-default-queries: true\n"),
        format!("{why}its settings have disable-default-queries, and what that does is not known")
    );
    assert_eq!(
        codeql(named, "", "paths: [docs]\n"),
        format!("{why}its settings have paths, and what that does is not known")
    );
    assert_eq!(
        codeql("config-file: a/b/c.yml@main", "", "name: x\n"),
        format!("{why}its settings a/b/c.yml@main were not read")
    );
    assert_eq!(codeql("source-root: docs", "", "name: x\n"), format!("{why}it is given source-root"));
    assert_eq!(
        analysed("CodeQL", "      - uses: github/codeql-action/analyze@v3\n", &[]),
        "undetermined: whether codeql is run is not known: nothing sets it up before (codeql-action/init)"
    );
}

#[test]
fn inputs_and_settings_of_an_analysis_that_are_not_known_make_it_undetermined() {
    let gosec = ".golangci.yml";
    let enabled = "linters: {enable: [gosec]}\n";
    let action = |name: &str, with: &str| format!("      - {{uses: {name}, with: {{{with}}}}}\n");
    let call = |script: &str| format!("      - run: {script}\n");
    for (tool, steps, files) in [
        ("gosec", action("securego/gosec@v2", "args: ./..."), &[][..]),
        ("gosec", action("golangci/golangci-lint-action@v6", "args: --timeout=5m"), &[(gosec, enabled)]),
        ("gosec", call("golangci-lint run ./..."), &[(gosec, enabled)]),
        ("bandit", action("PyCQA/bandit-action@v1", "targets: src"), &[]),
        ("bandit", call("bandit -r . -c ci/b.yaml"), &[("ci/b.yaml", "exclude_dirs: [tests]\n")]),
        ("semgrep", call("semgrep scan --error --config auto ."), &[(".semgrepignore", "node_modules/\n")]),
        ("ruff", call("ruff check ."), &[("ruff.toml", "select = [\"S\"]\n")]),
    ] {
        assert_eq!(analysed(tool, &steps, files), format!("pass: run: {tool} {AT}"), "{steps}");
    }
    for (tool, steps, files) in [
        ("gosec", action("securego/gosec@v2", "args: --version"), &[][..]),
        ("gosec", action("securego/gosec@v2", "args: -exclude-dir=. ./..."), &[]),
        ("gosec", action("golangci/golangci-lint-action@v6", "args: --disable=gosec"), &[(gosec, enabled)]),
        ("gosec", call("golangci-lint run --disable gosec ./docs/..."), &[(gosec, enabled)]),
        ("gosec", call("golangci-lint run -c ci/x.yml"), &[(gosec, enabled)]),
        ("bandit", action("PyCQA/bandit-action@v1", "targets: docs"), &[]),
        ("bandit", call("bandit -r ."), &[(".bandit", "[bandit]\nexclude: /\n")]),
        ("bandit", call("bandit -r . -c ci/b.yaml"), &[("ci/b.yaml", "exclude_dirs: ['/']\n")]),
        ("semgrep", call("semgrep scan --error --config auto ."), &[(".semgrepignore", "*\n")]),
        ("semgrep", call("semgrep scan --error --config ci/empty.yml ."), &[("ci/empty.yml", "rules: []\n")]),
        ("ruff", call("ruff check --select E ."), &[("ruff.toml", "select = [\"S\"]\n")]),
    ] {
        let said = analysed(tool, &steps, files);
        assert!(said.starts_with(&format!("undetermined: whether {tool} ")), "{steps}: {said}");
    }
}

#[test]
fn a_search_for_secrets_that_looks_at_nothing_is_undetermined() {
    let of = |tool: &str, step: &str| {
        let text = format!(
            "on: push\njobs: {{test: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{{step}}}]}}}}\n"
        );
        let policy = Project::with_policy(&format!("Secret scanning with {tool} runs in CI."));
        said(policy.file(".github/workflows/ci.yml", &text), "secret-scanning")
    };
    assert_eq!(
        of("gitleaks", "run: gitleaks git --staged"),
        format!(
            "undetermined: whether gitleaks is run is not known: it looks only at what is not committed yet, and there \
             nothing is {AT}"
        )
    );
    let action = "uses: trufflesecurity/trufflehog@main, with: ";
    assert!(of("trufflehog", &format!("{action}{{base: HEAD, head: HEAD}}")).starts_with("undetermined: "));
    assert!(
        of("trufflehog", "run: trufflehog filesystem . --fail --results=none").starts_with("undetermined: ")
    );
    for (tool, step) in [
        ("gitleaks", "run: gitleaks git".to_owned()),
        ("trufflehog", format!("{action}{{path: ./, base: main, head: HEAD}}")),
        ("trufflehog", "run: trufflehog filesystem . --fail --results=verified".to_owned()),
    ] {
        assert_eq!(of(tool, &step), format!("pass: run: {tool} {AT}"), "{step}");
    }
}

#[test]
fn a_threshold_counts_where_something_certainly_fails_by_it() {
    let of = |step: &str, files: &[(&str, &str)]| {
        let text = format!(
            "on: push\njobs: {{test: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{{step}}}]}}}}\n"
        );
        let policy = Project::with_policy("We enforce a test coverage of at least 90%.");
        let project = policy.file(".github/workflows/ci.yml", &text);
        said(files.iter().fold(project, |it, (path, text)| it.file(path, text)), "coverage")
    };
    let set = [("pyproject.toml", "[tool.coverage.report]\nfail_under = 90\n")];
    assert_eq!(of("run: pytest --cov", &set), "pass: pyproject.toml fails below 90 %");
    assert_eq!(
        of("run: pytest --cov-fail-under=95", &[]),
        "pass: .github/workflows/ci.yml, job test fails below 95 %"
    );
    assert_eq!(
        of("run: pytest --cov --cov-fail-under=0", &set),
        "undetermined: pyproject.toml fails below 90 %, and .github/workflows/ci.yml, job test below 0 % only; which of \
         them decides is not known"
    );
    assert_eq!(
        of("run: pytest --cov-fail-under=95 || true", &[]),
        format!("undetermined: whether anything fails below 95 % is not known: `|| true` {AT}")
    );
    assert_eq!(
        of("run: pytest --cov-fail-under=95, if: github.actor == 'nobody'", &[]),
        format!(
            "undetermined: whether anything fails below 95 % is not known: a condition decides whether the step runs {AT}"
        )
    );
    let none = "fail: nothing fails when coverage falls: no threshold is set (fail_under)";
    let tox = "[testenv]\ncommands = pytest --cov --cov-fail-under=95\n";
    assert_eq!(of("run: tox", &[("tox.ini", tox)]), "pass: tox.ini fails below 95 %");
    let tox = &format!("{tox}[testenv:lint]\ncommands = flake8\n");
    assert_eq!(
        of("run: tox -e lint", &[("tox.ini", tox)]),
        "undetermined: tox.ini fails below 95 %, and nothing is known to run what obeys it"
    );
    let python = ("requirements.txt", "a==1\n");
    assert_eq!(of("run: interrogate --fail-under=95 .", &[python]), none);
    let other = ("pyproject.toml", "[tool.interrogate]\nfail_under = 95\n");
    assert_eq!(of("run: ls", &[python, other]), none);
}

#[test]
fn a_security_txt_of_a_test_is_none_of_the_project() {
    let at = |path: &str| {
        let policy = Project::with_policy("We publish a security.txt.");
        let text = "Contact: mailto:a@b.org\nExpires: 2027-01-01T00:00:00Z\n";
        policy.file(path, text).says("security-txt").remove(0)
    };
    assert!(at("public/.well-known/security.txt").starts_with("pass "));
    assert!(at("tests/fixtures/.well-known/security.txt").starts_with("undetermined "));
}
