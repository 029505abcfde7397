//! What stands before a scan, or around it, and keeps it from being run or from looking at the release: rule and outcome.

use super::Project;
use super::scanning::{AT, project, says, script};

fn workflow(text: &str) -> Vec<String> {
    says(project().file(".github/workflows/ci.yml", text))
}

/// A workflow on pushes whose only job has these lines.
fn job(lines: &str) -> Vec<String> {
    workflow(&format!("on: push\njobs:\n  test:\n{lines}"))
}

fn run() -> Vec<String> {
    vec![format!("pass: run: npm-audit {AT}")]
}

fn unknown(why: &str) -> Vec<String> {
    vec![format!("undetermined: whether npm-audit is run is not known: {why} {AT}")]
}

#[test]
fn what_may_end_the_script_makes_what_follows_undetermined() {
    let ends = unknown("what stands before it may end the script");
    for before in [
        "command exec ls",
        "builtin exec ls",
        "logout",
        "kill 1",
        "env false",
        "sh -c 'exit 1'",
        "let 0",
        "((0))",
        "[ -f x ]",
        "test -f x",
        "[[ -f x ]]",
        "echo ${x:?}",
        "sleep 2h",
        "$COMMAND",
    ] {
        assert_eq!(script(&format!("{before}\nnpm audit")), ends, "{before}");
    }
    for before in ["if [ -f x ]; then exit 1; fi", "[ -f x ] || exit 1", "f() { exit 1; }\nf", "$(false)"] {
        assert!(script(&format!("{before}\nnpm audit"))[0].starts_with("undetermined: "), "{before}");
    }
    for before in ["npm ci", "echo x", "sleep 60", "sh -c 'ls'", "ls || exit 1", "if [ -f x ]; then ls; fi"] {
        assert_eq!(script(&format!("{before}\nnpm audit")), run(), "{before}");
    }
    assert_eq!(script("! ls && npm audit"), unknown("a condition stands before it"));
}

#[test]
fn what_is_no_command_is_none() {
    for text in ["x=(\nnpm audit\n)", "cat <<X\nnpm audit\n X\nX"] {
        assert!(script(text)[0].starts_with("fail: "), "{text}: {:?}", script(text));
    }
    for text in ["x=${y:=\nnpm audit\n}", "cat <<\"\"\nnpm audit\n", "npm\u{a0}audit"] {
        assert!(script(text)[0].starts_with("undetermined: "), "{text}: {:?}", script(text));
    }
    assert_eq!(script("x=(\nls\n)\nnpm\taudit"), run());
}

#[test]
fn a_script_too_large_to_be_read_is_undetermined() {
    for text in ["(".repeat(80_000), "\"$(".repeat(20_000), "ls || ".repeat(100_000)] {
        let said = script(&format!("{text}\nnpm audit"));
        assert!(said[0].starts_with("undetermined: ") && said[0].contains("and was not read"), "{said:?}");
    }
    assert_eq!(script(&format!("{}npm audit", "(ls)\n".repeat(500))), run());
}

#[test]
fn what_changes_files_settings_or_programs_makes_what_follows_undetermined() {
    for before in [
        "rm package-lock.json",
        "rm -rf *",
        "mv package-lock.json x",
        "git rm package-lock.json",
        "git checkout x",
        "echo {} > package-lock.json",
        "npm config set audit false",
        "echo audit=x >> .npmrc",
        "ln -s /bin/true /usr/local/bin/npm",
        "ln -sf /bin/true $(which npm)",
        "cd \"$(mktemp -d)\"",
        "export npm_config_audit_level=none",
    ] {
        assert!(script(&format!("{before}\nnpm audit"))[0].starts_with("undetermined: "), "{before}");
        let steps = format!(
            "    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          {before}\n      - run: npm audit\n"
        );
        let is_own = before.starts_with("cd ") || before.starts_with("export ");
        assert!(is_own || job(&steps)[0].starts_with("undetermined: "), "{before}");
    }
    for before in
        ["rm -rf dist", "cp package-lock.json /tmp/x", "git fetch --tags", "echo x > out.txt", "export X=1"]
    {
        assert_eq!(script(&format!("{before}\nnpm audit")), run(), "{before}");
    }
    assert!(script("/tmp/npm audit")[0].starts_with("undetermined: "));
    assert!(script("timeout 0.001 npm audit")[0].starts_with("undetermined: "));
    assert_eq!(script("timeout 5m /usr/bin/npm audit"), run());
}

#[test]
fn another_tree_or_folder_is_not_the_release() {
    let with = |with: &str| {
        job(&format!(
            "    runs-on: x\n    steps:\n      - {{uses: actions/checkout@v4, with: {with}}}\n      - run: npm audit\n"
        ))
    };
    for inputs in ["{ref: empty}", "{repository: a/b}", "{path: x}", "{sparse-checkout: docs}", "{new: 1}"] {
        assert_eq!(with(inputs), unknown("a step before it checks out another tree"), "{inputs}");
    }
    for inputs in ["{fetch-depth: 0}", "{ref: '${{ github.sha }}'}", "{submodules: true, token: x}"] {
        assert_eq!(with(inputs), run(), "{inputs}");
    }
    let within = |folder: &str| {
        job(&format!(
            "    runs-on: x\n    steps: [{{uses: actions/checkout@v4}}, {{run: npm audit, working-directory: '{folder}'}}]\n"
        ))
    };
    assert!(
        within("/tmp")[0].starts_with("undetermined: ") && within("$HOME")[0].starts_with("undetermined: ")
    );
    assert_eq!(within("."), run());
}

#[test]
fn an_environment_that_changes_tools_makes_it_undetermined() {
    let with = |name: &str| {
        job(&format!(
            "    env: {{{name}: x}}\n    runs-on: x\n    steps: [{{uses: actions/checkout@v4}}, {{run: npm audit}}]\n"
        ))
    };
    for name in [
        "npm_config_registry",
        "NPM_CONFIG_OMIT",
        "NODE_OPTIONS",
        "BASH_ENV",
        "BASH_FUNC_npm%%",
        "LD_PRELOAD",
    ] {
        assert_eq!(with(name), unknown("its environment may change what is run"), "{name}");
    }
    for name in ["CI", "GITHUB_TOKEN", "NPM_TOKEN", "CARGO_TERM_COLOR", "RUST_BACKTRACE", "MY_NAME"] {
        assert_eq!(with(name), run(), "{name}");
    }
}

#[test]
fn a_workflow_that_github_refuses_runs_nothing() {
    for lines in [
        "    uses: a/b/.github/workflows/c.yml@v1\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: npm audit}]\n",
        "    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: npm audit, uses: a/b@v1}]\n",
        "    needs: test\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: npm audit}]\n",
        "    step: []\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: npm audit}]\n",
        "    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: npm audit, when: never}]\n",
        "    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: npm audit, continue-on-error: perhaps}]\n",
    ] {
        let said = job(lines);
        assert!(
            said[0].starts_with("undetermined: ")
                && said[0].contains(".github/workflows/ci.yml would be refused by GitHub: "),
            "{said:?}"
        );
    }
    assert!(
        workflow("on: push\nsteps: 1\njobs: {test: {runs-on: x, steps: [{uses: actions/checkout@v4}, {run: npm audit}]}}\n")[0].contains("refused")
    );
    assert_eq!(
        job(
            "    timeout-minutes: 5\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: npm audit, continue-on-error: false}]\n"
        ),
        run()
    );
}

#[test]
fn a_workflow_or_an_action_that_cannot_be_called_runs_nothing() {
    let called = |on: &str| {
        let called = format!(
            "on: {on}\njobs:\n  audit:\n    runs-on: x\n    steps: [{{uses: actions/checkout@v4}}, {{run: npm audit}}]\n"
        );
        let ci = "on: push\njobs: {test: {uses: ./.github/workflows/r.yml}}\n";
        says(project().file(".github/workflows/ci.yml", ci).file(".github/workflows/r.yml", &called))
            .remove(0)
    };
    assert_eq!(called("workflow_call"), "pass: run: npm-audit (.github/workflows/r.yml, job audit)");
    assert_eq!(
        called("issues"),
        "undetermined: whether npm-audit is run is not known: what calls it is refused: it has no workflow_call \
         (.github/workflows/r.yml, job audit)"
    );
    let action = |runs: &str| {
        let ci = "on: push\njobs: {test: {runs-on: x, steps: [{uses: actions/checkout@v4}, {uses: ./.github/actions/x}]}}\n";
        says(
            project()
                .file(".github/workflows/ci.yml", ci)
                .file(".github/actions/x/action.yml", &format!("runs: {runs}\n")),
        )
        .remove(0)
    };
    assert_eq!(action("{using: composite, steps: [{run: npm audit, shell: bash}]}"), run()[0]);
    for runs in [
        "{using: composite, steps: [{run: npm audit}]}",
        "{using: node20, steps: [{uses: actions/checkout@v4}, {run: npm audit, shell: bash}]}",
    ] {
        assert!(action(runs).starts_with("undetermined: "), "{runs}: {}", action(runs));
    }
}

#[test]
fn what_does_not_start_on_every_push_bears_that_out_for_none() {
    let on = |on: &str| {
        workflow(&format!(
            "on: {on}\njobs: {{test: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{run: npm audit}}]}}}}\n"
        ))
    };
    assert_eq!(on("pull_request"), ["undetermined: nothing is known to run it on every push"]);
    assert!(on("pull_request_target")[0].starts_with("undetermined: "));
    assert_eq!(on("[push, pull_request_target]"), run());
    let plain = |cron: &str| {
        let text = format!(
            "on: {{schedule: [{{cron: '{cron}'}}]}}\njobs: {{test: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{run: npm audit}}]}}}}\n"
        );
        let policy = Project::with_policy("Dependencies are scanned for known vulnerabilities.");
        says(policy.file("package-lock.json", "{}\n").file(".github/workflows/ci.yml", &text))
    };
    assert!(plain("0 0 1 1 *")[1].contains("it runs once a year at most"));
    assert_eq!(plain("0 0 * * 1"), run());
}

#[test]
fn a_scan_whose_result_nobody_takes_is_confirmed_with_a_warning() {
    for (text, why) in [
        ("if ! npm audit; then echo bad; fi", "`if` takes its result"),
        ("while ! npm audit; do break; done", "`while` takes its result"),
        ("{ npm audit; } &", "it runs in the background"),
        ("( npm audit & )", "it runs in the background"),
    ] {
        let said = script(text);
        assert!(
            said.len() == 2 && said[1].contains(&format!("npm-audit cannot fail: {why} {AT}")),
            "{said:?}"
        );
    }
    assert_eq!(script("if ! npm audit; then exit 1; fi"), run());
}

#[test]
fn options_of_a_search_for_secrets_that_are_not_known_make_it_undetermined() {
    let of = |call: &str| {
        let policy = Project::with_policy("Secret scanning with gitleaks runs in CI.");
        policy.workflow(call).says("secret-scanning").remove(0)
    };
    for call in [
        "gitleaks detect --no-git",
        "gitleaks detect -s docs",
        "gitleaks git --log-opts=-0",
        "gitleaks stdin",
    ] {
        assert!(of(call).starts_with("undetermined "), "{call}: {}", of(call));
    }
    for call in ["gitleaks detect", "gitleaks git --redact -v .", "gitleaks detect --report-format sarif"] {
        assert!(of(call).starts_with("pass "), "{call}: {}", of(call));
    }
}
