//! Scripts as commands call them, and what only looks so.

use super::*;
use crate::facts::project::shell;

fn shown(command: &str, files: &[(&str, &str)]) -> Vec<(String, String)> {
    let texts: Texts =
        files.iter().map(|(path, text)| ((*path).to_owned(), Ok((*text).to_owned()))).collect();
    let words = shell::commands(command, true).remove(0).words;
    called(&words, &texts).into_iter().map(|it| (it.place, it.script.unwrap())).collect()
}

fn one(place: &str, script: &str) -> Vec<(String, String)> {
    vec![(place.to_owned(), script.to_owned())]
}

#[test]
fn a_script_that_another_program_names_is_a_doubt() {
    let texts = Texts::from([
        ("Makefile".to_owned(), Ok("audit:\n\tcargo audit\n".to_owned())),
        ("package.json".to_owned(), Ok("{\"scripts\":{\"audit\":\"npm audit\"}}".to_owned())),
        ("scan.sh".to_owned(), Ok("npm audit\n".to_owned())),
    ]);
    let doubts = |line: &str| -> Vec<bool> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        called(&words, &texts).iter().map(|it| it.doubt.is_some()).collect()
    };
    for line in ["make audit", "sudo make audit", "CI=1 npm run audit", "bash -e scan.sh"] {
        assert_eq!(doubts(line), [false], "{line}");
    }
    for line in ["echo make audit", "git commit -m npm run audit", "ls -e scan.sh"] {
        assert_eq!(doubts(line), [true], "{line}");
    }
    // That is npm's own.
    assert!(doubts("npm audit").is_empty());
}

#[test]
fn a_target_is_followed_with_what_it_needs_and_no_other() {
    let make = "X := 1\nall: build\nbuild:\n\tgo build\naudit: build\n\t@-pip-audit\nlint:\n\tbandit -r .\n";
    let files = [("Makefile", make)];
    assert_eq!(
        shown("make -j2 audit X=1", &files),
        [one("Makefile, target audit", "pip-audit || true\n"), one("Makefile, target build", "go build\n")]
            .concat()
    );
    assert_eq!(shown("make", &files)[1].0, "Makefile, target build");
    assert!(shown("make none", &files).is_empty());
}

#[test]
fn tasks_and_scripts_are_found_where_their_tools_keep_them() {
    let json = ("package.json", "{\"scripts\": {\"audit\": \"npm audit\"}}");
    assert_eq!(shown("npm run audit", &[json]), one("package.json, script audit", "npm audit"));
    assert!(shown("npm run build", &[json]).is_empty());
    let toml = ("pyproject.toml", "[tool.pixi.tasks]\nscan = \"bandit -r src\"\n[tool.x]\nscan = \"no\"\n");
    assert_eq!(shown("pixi run -e q scan", &[toml]), one("pyproject.toml, task scan", "bandit -r src"));
    let script = ("ci/scan.sh", "pip-audit\n");
    assert_eq!(shown("bash ci/scan.sh", &[script]), one("ci/scan.sh", "pip-audit\n"));
    assert_eq!(shown("./ci/scan.sh --all", &[script]), one("ci/scan.sh", "pip-audit\n"));
    assert!(shown("shellcheck ci/scan.sh", &[script]).is_empty());
    let nox = ("noxfile.py", "# bandit\nsession.install(\"bandit\")\nsession.run(\"safety\", \"check\")\n");
    assert_eq!(shown("nox -s a", &[nox]), one("noxfile.py", "safety check\n"));
}

/// The doubts of what a command calls, and what keeps it from failing, each with its script.
fn told(command: &str, path: &str, text: &str) -> Vec<(String, Option<&'static str>, Option<&'static str>)> {
    let texts = Texts::from([(path.to_owned(), Ok(text.to_owned()))]);
    let words = shell::commands(command, true).remove(0).words;
    called(&words, &texts).into_iter().map(|it| (it.script.unwrap(), it.doubt, it.harmless)).collect()
}

#[test]
fn an_option_of_make_that_may_keep_it_from_running_anything_is_a_doubt() {
    let make = |command: &str, text: &str| {
        let all = told(command, "Makefile", text);
        (all[0].1, all[0].2)
    };
    let plain = "audit:\n\tnpm audit\n";
    for command in
        ["make audit", "make -s -j4 audit", "make --no-print-directory audit V=1", "make -kB audit"]
    {
        assert_eq!(make(command, plain), (None, None), "{command}");
    }
    for command in
        ["make -n audit", "make -t audit", "make -sn audit", "make --dry-run audit", "make audit SHELL=true"]
    {
        assert_eq!(make(command, plain), (Some(UNKNOWN_OPTION), None), "{command}");
    }
    assert_eq!(make("make -i audit", plain), (None, Some("`make -i`")));
    assert_eq!(make("make --ignore-errors audit", plain), (None, Some("`make -i`")));
}

#[test]
fn a_recipe_that_may_not_hold_is_a_doubt() {
    let doubt = |text: &str| told("make audit", "Makefile", text)[0].1;
    for text in [
        "audit:\n\tnpm audit\n",
        "SHELL := /bin/bash\nX = 1\naudit:\n\tnpm audit\n",
        "ifdef X\nY = 1\nendif\naudit:\n\tnpm audit\n",
        ".PHONY: audit\naudit: build\naudit:\n\tnpm audit\n",
    ] {
        assert_eq!(doubt(text), None, "{text}");
    }
    let condition = Some("a condition decides whether its recipe holds");
    for (text, why) in [
        ("ifdef X\naudit:\n\tnpm audit\nendif\n", condition),
        ("audit:\nifeq ($(X),1)\n\tnpm audit\nendif\n", condition),
        ("define x\naudit:\n\tnpm audit\nendef\n", condition),
        ("audit:\n\tnpm audit\naudit:\n\ttrue\n", Some("its target stands there twice")),
        ("SHELL := /bin/true\naudit:\n\tnpm audit\n", Some("another shell runs its recipes")),
        ("MAKEFLAGS += -n\naudit:\n\tnpm audit\n", Some("the makefile changes the options of make")),
        ("audit: PATH := ./bin\naudit:\n\tnpm audit\n", Some("a variable is set for its target alone")),
    ] {
        assert_eq!(told("make audit", "Makefile", text).iter().find_map(|it| it.1), why, "{text}");
    }
    assert_eq!(told("make audit", "Makefile", "audit: build ; npm audit\n")[0].0, "npm audit\n");
}

#[test]
fn the_session_that_is_named_is_the_one_that_is_run() {
    let nox = "import nox\n\n@nox.session\ndef lint(session):\n    session.run(\"ruff\", \"check\")\n\n@nox.session\n\
               def audit(session):\n    \"\"\"Scans.\"\"\"\n    session.install(\"pip-audit\")\n    session.run(\n        \"pip-audit\",\n    )\n";
    let is_sure = |command: &str, path: &str, text: &str| {
        let all = told(command, path, text);
        (all[0].0.contains("pip-audit"), all[0].1.is_none())
    };
    assert_eq!(is_sure("nox -s audit", "noxfile.py", nox), (true, true));
    assert_eq!(is_sure("nox", "noxfile.py", nox), (true, true));
    assert_eq!(is_sure("nox -s lint", "noxfile.py", nox), (false, true));
    assert_eq!(is_sure("nox -s other", "noxfile.py", nox), (true, false));
    assert_eq!(is_sure("nox --list", "noxfile.py", nox), (true, false));
    for body in [
        "if session.posargs:\n        session.run(\"pip-audit\")",
        "return\n    session.run(\"pip-audit\")",
        "session.skip(\"x\")\n    session.run(\"pip-audit\")",
    ] {
        let text = format!("@nox.session\ndef audit(session):\n    {body}\n");
        assert_eq!(is_sure("nox -s audit", "noxfile.py", &text), (true, false), "{body}");
    }
    let tox = "[tox]\nenvlist = py3\n[testenv]\ncommands = pytest\n[testenv:audit]\ndeps = pip-audit\ncommands =\n    pip-audit -r x\n";
    assert_eq!(is_sure("tox -e audit", "tox.ini", tox), (true, true));
    assert_eq!(is_sure("tox -e py3", "tox.ini", tox), (false, true));
    assert_eq!(is_sure("tox", "tox.ini", tox), (true, false));
    assert_eq!(is_sure("tox -e audit --notest", "tox.ini", tox), (true, false));
    assert_eq!(is_sure("tox", "tox.ini", "[testenv]\ncommands = pip-audit\n"), (true, true));
}

#[test]
fn how_a_script_is_called_decides_what_becomes_of_its_failures() {
    let of = |command: &str, path: &str, text: &str| {
        let texts = Texts::from([(path.to_owned(), Ok(text.to_owned()))]);
        let words = shell::commands(command, true).remove(0).words;
        let it = called(&words, &texts).remove(0);
        (it.way, it.doubt)
    };
    let whole = |errexit: bool| Way::Whole(Options { errexit, pipefail: false });
    assert_eq!(of("bash ci/a.sh", "ci/a.sh", "npm audit\n"), (whole(false), None));
    assert_eq!(of("bash -e ci/a.sh", "ci/a.sh", "npm audit\n"), (whole(true), None));
    assert_eq!(of("./a.sh", "a.sh", "#!/bin/bash -e\nnpm audit\n"), (whole(true), None));
    assert_eq!(
        of("./a.sh", "a.sh", "#!/bin/true\nnpm audit\n").1,
        Some("it is a program, and was not understood")
    );
    assert!(of("python a.py", "a.py", "def f():\n    run(\"npm audit\")\n").1.is_some());
    assert!(
        of("npm run audit --dry-run", "package.json", "{\"scripts\":{\"audit\":\"npm audit\"}}").1.is_some()
    );
    assert_eq!(
        of("npm run --silent audit", "package.json", "{\"scripts\":{\"audit\":\"x\"}}"),
        (Way::Lines, None)
    );
}
