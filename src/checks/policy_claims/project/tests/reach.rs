//! Scanners that are run and do not see what the sentence speaks of, each beside one that does.

use super::{Project, attacks::said};

const CARGO: [(&str, &str); 2] =
    [("Cargo.toml", "[dependencies]\na = \"1\"\n"), ("Cargo.lock", "version = 4\n")];
const NPM: [(&str, &str); 2] =
    [("package.json", "{\"dependencies\": {\"a\": \"1\"}}"), ("package-lock.json", "{}\n")];
const PYTHON: [(&str, &str); 1] = [("requirements.txt", "a==1\n")];
const GO: [(&str, &str); 1] = [("go.mod", "module a.example/a\n\nrequire b.example/b v1.0.0\n")];
const ALL: &str = "All dependencies are scanned for known vulnerabilities.";
const SOME: &str = "Dependencies are scanned for known vulnerabilities on every push.";
const NAMED: &str =
    "All Python and JavaScript dependencies are scanned for known vulnerabilities on every push.";

fn of(sentence: &str, files: &[&[(&str, &str)]], script: &str) -> String {
    let project = files.iter().copied().flatten();
    let project =
        project.fold(Project::with_policy(sentence), |project, (path, text)| project.file(path, text));
    said(project.workflow(script), "dependency-scanning")
}

fn run(tools: &str) -> String {
    let shown: Vec<String> =
        tools.split(' ').map(|tool| format!("{tool} (.github/workflows/ci.yml, job test)")).collect();
    format!("pass: run: {}", shown.join(", "))
}

#[test]
fn a_scanner_bears_out_nothing_of_an_ecosystem_that_it_does_not_know() {
    let audit = "undetermined: npm-audit is run, and";
    assert_eq!(
        of(NAMED, &[&CARGO, &PYTHON], "npm audit"),
        format!("{audit} nothing is known to scan Python packages")
    );
    assert_eq!(
        of(NAMED, &[&NPM, &PYTHON], "npm audit"),
        format!("{audit} nothing is known to scan Python packages")
    );
    assert_eq!(
        of(ALL, &[&CARGO], "npm audit"),
        format!("{audit} the project has manifests of Rust crates, which it does not know")
    );
    assert_eq!(of(ALL, &[], "npm audit"), format!("{audit} there is no manifest or lock file that it knows"));
    assert_eq!(
        of(NAMED, &[&PYTHON], "npm audit\npip-audit ."),
        "undetermined: pip-audit and npm-audit are run, and there is no manifest or lock file of npm packages"
    );
    let web = [("web/package.json", NPM[0].1), ("web/package-lock.json", "{}\n")];
    assert_eq!(
        of(ALL, &[&GO, &web], "govulncheck ./..."),
        "undetermined: govulncheck is run, and nothing is known to scan npm packages, which the project has manifests of"
    );
    for script in ["pip-audit -r requirements.txt", "bundle exec bundle-audit check"] {
        assert!(of(SOME, &[&CARGO], script).starts_with("undetermined: "), "{script}");
    }
    assert!(of(ALL, &[&CARGO], "snyk test").starts_with("undetermined: "));
}

#[test]
fn scanners_that_know_what_there_is_bear_it_out() {
    assert_eq!(of(NAMED, &[&NPM, &PYTHON], "npm audit\npip-audit ."), run("pip-audit npm-audit"));
    assert_eq!(of(NAMED, &[&CARGO, &PYTHON], "trivy fs --exit-code 1 ."), run("trivy"));
    assert_eq!(of(ALL, &[&NPM], "npm audit"), run("npm-audit"));
    assert_eq!(of(ALL, &[&NPM, &CARGO], "osv-scanner -r ."), run("osv-scanner"));
    assert_eq!(of(ALL, &[&GO, &[("docs/package.json", NPM[0].1)]], "govulncheck ./..."), run("govulncheck"));
    assert_eq!(of(ALL, &[&NPM], "snyk test"), run("snyk"));
    // It is not said of all: what is left out is told.
    assert_eq!(
        of(SOME, &[&NPM, &PYTHON], "npm audit"),
        format!("{}; nothing is known to scan Python packages", run("npm-audit"))
    );
    // Another lock file, or the first manifest that is found.
    for script in ["osv-scanner --lockfile=Cargo.lock", "snyk test"] {
        assert!(of(ALL, &[&NPM, &CARGO], script).starts_with("undetermined: "), "{script}");
    }
    assert_eq!(of(ALL, &[&CARGO], "osv-scanner --lockfile=Cargo.lock"), run("osv-scanner"));
}

#[test]
fn a_list_of_what_the_documentation_needs_is_not_what_is_used() {
    let docs = [("requirements-docs.txt", "b==1\n")];
    assert_eq!(
        of(SOME, &[&PYTHON, &docs], "pip-audit -r requirements-docs.txt"),
        "undetermined: whether pip-audit looks at every dependency is not known: it runs in requirements-docs.txt alone, \
         and there is no lock file"
    );
    assert_eq!(
        of(SOME, &[&PYTHON, &docs], "pip-audit -r requirements.txt -r requirements-docs.txt"),
        run("pip-audit")
    );
}

#[test]
fn a_scanner_of_what_is_installed_needs_the_project_there() {
    let not = |why: &str| {
        format!(
            "undetermined: whether pip-audit is run is not known: {why} (.github/workflows/ci.yml, job test)"
        )
    };
    let apart = "it looks at what is installed beside it, and the project is not";
    for script in ["uvx pip-audit", "pipx run pip-audit", "pip install .\npipx run pip-audit"] {
        assert_eq!(of(SOME, &[&PYTHON], script), not(apart), "{script}");
    }
    assert_eq!(
        of(SOME, &[&PYTHON], "pip install pip-audit\npip-audit"),
        not("it looks at what is installed, and nothing before it installs the project")
    );
    for script in [
        "pip install pip-audit\npip install -r requirements.txt\npip-audit",
        "pip install . && pip-audit",
        "uvx pip-audit -r requirements.txt",
        "pipx run pip-audit .",
    ] {
        assert_eq!(of(SOME, &[&PYTHON], script), run("pip-audit"), "{script}");
    }
    assert_eq!(of(SOME, &[&PYTHON], "pip install -r requirements.txt\nsafety check"), run("safety"));
    assert!(of(SOME, &[&PYTHON], "pip install safety\nsafety check").starts_with("undetermined: "));
    let tox = |text: &str| {
        let files = [("tox.ini", text)];
        let said = of(SOME, &[&PYTHON, &files], "tox -e audit");
        said.split(':').next().unwrap().to_owned()
    };
    assert_eq!(tox("[testenv:audit]\ndeps = pip-audit\ncommands = pip-audit\n"), "pass");
    assert_eq!(
        tox("[testenv:audit]\nskip_install = true\ndeps = pip-audit\ncommands = pip-audit\n"),
        "undetermined"
    );
    let nox = |install: &str| {
        let text = format!(
            "import nox\n\n@nox.session\ndef audit(session):\n    session.install({install})\n    session.run(\"pip-audit\")\n"
        );
        let said = of(SOME, &[&PYTHON, &[("noxfile.py", &text)]], "pip install .\nnox -s audit");
        said.split(':').next().unwrap().to_owned()
    };
    assert_eq!(nox("\".\", \"pip-audit\""), "pass");
    assert_eq!(nox("\"pip-audit\""), "undetermined");
}

#[test]
fn what_looks_at_files_needs_them_checked_out() {
    let of = |steps: &str| {
        let text = format!("on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{steps}]\n");
        let project =
            NPM.iter().fold(Project::with_policy(SOME), |project, (path, text)| project.file(path, text));
        said(project.file(".github/workflows/ci.yml", &text), "dependency-scanning")
    };
    let trivy = "{uses: aquasecurity/trivy-action@0.28.0, with: {scan-type: fs, exit-code: 1}}";
    let checkout = "{uses: actions/checkout@v4}";
    for (tool, step) in [("trivy", trivy), ("npm-audit", "{run: npm audit}")] {
        let none = format!(
            "undetermined: whether {tool} is run is not known: nothing before it checks the repository out \
             (.github/workflows/ci.yml, job test)"
        );
        assert_eq!(of(step), none);
        assert_eq!(of(&format!("{step}, {checkout}")), none);
        assert_eq!(of(&format!("{{uses: actions/checkout@v4, if: github.actor == 'a'}}, {step}")), none);
        assert_eq!(of(&format!("{checkout}, {step}")), run(tool));
        assert_eq!(
            of(&format!("{{uses: 'https://code.forgejo.org/actions/checkout@v4'}}, {step}")),
            run(tool)
        );
    }
    // It compares what the forge knows.
    let review = "on: pull_request\njobs: {test: {runs-on: x, steps: [{uses: actions/dependency-review-action@v4}]}}\n";
    let project = Project::with_policy("Dependencies are scanned for known vulnerabilities.")
        .file("Cargo.lock", "version = 4\n");
    assert_eq!(
        said(project.file(".github/workflows/ci.yml", review), "dependency-scanning"),
        run("dependency-review")
    );
}

#[test]
fn an_analysis_looks_at_what_it_is_told_to() {
    let of = |sentence: &str, with: &str| {
        let text = format!(
            "on: [push, pull_request]\njobs:\n  test:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      \
             - {{uses: github/codeql-action/init@v3, with: {with}}}\n      - uses: github/codeql-action/analyze@v3\n"
        );
        said(Project::with_policy(sentence).file(".github/workflows/ci.yml", &text), "static-analysis")
    };
    let (all, named) = ("CodeQL analyses our code.", "All our Java and Python code is analysed with CodeQL.");
    assert_eq!(of(all, "{languages: javascript}"), run("codeql"));
    assert_eq!(of(named, "{languages: 'java, python'}"), run("codeql"));
    assert_eq!(of(named, "{languages: '${{ matrix.language }}'}"), run("codeql"));
    assert_eq!(
        of(named, "{languages: javascript}"),
        "undetermined: whether codeql looks at python is not known: it is told to look at javascript"
    );
    assert_eq!(of(all, "{config: 'paths-ignore: [tests]'}"), run("codeql"));
    assert_eq!(
        of(all, "{config: 'paths-ignore: [\"**\"]'}"),
        "undetermined: whether codeql looks at anything is not known: its settings ignore every path"
    );
}
