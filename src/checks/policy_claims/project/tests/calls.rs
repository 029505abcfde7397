//! Calls that scan nothing though they look as if they did, each beside one that does: rule and outcome.

use super::{
    Project,
    scanning::{AT, project, says, script},
};

fn passes(tool: &str) -> String {
    format!("pass: run: {tool} {AT}")
}

#[test]
fn a_call_that_scans_nothing_bears_nothing_out() {
    let none =
        ["fail: no workflow and no hook runs a tool that looks for known vulnerabilities in dependencies"];
    for call in
        ["grype db update", "bundle audit update", "trivy fs --scanners secret .", "npm audit signatures"]
    {
        assert_eq!(script(call), none, "{call}");
    }
    assert_eq!(
        script("pip-audit --dry-run"),
        [format!(
            "undetermined: whether pip-audit scans the dependencies is not known: relcheck does not know what \
             \"--dry-run\" does to the scan {AT}"
        )]
    );
    for (call, tool) in [
        ("grype dir:. --fail-on high", "grype"),
        ("yarn npm audit", "yarn-audit"),
        ("npm audit", "npm-audit"),
    ] {
        assert_eq!(script(call), [passes(tool)], "{call}");
    }
}

#[test]
fn a_call_that_is_known_and_cannot_fail_is_confirmed_with_a_warning() {
    for (call, why) in [
        ("npm audit --audit-level=none", "`--audit-level=none`"),
        ("npm audit && echo ok\nls", "`&&` keeps its failure from ending the script"),
        ("echo \"$(npm audit)\"", "another command takes its output, and not its result"),
        ("trap 'exit 0' EXIT\nnpm audit", "a `trap` may take its result"),
        ("npm audit || false || true", "`|| true`"),
    ] {
        let said = script(call);
        assert_eq!(said[0], passes("npm-audit"), "{call}");
        assert!(
            said.len() == 2 && said[1].contains(&format!("npm-audit cannot fail: {why} {AT}")),
            "{said:?}"
        );
    }
    // These were not told to fail.
    for (call, tool, option) in
        [("trivy fs .", "trivy", "--exit-code"), ("grype dir:.", "grype", "--fail-on")]
    {
        let said = script(call);
        assert_eq!(said[0], passes(tool), "{call}");
        assert_eq!(said[1], format!("fail: {tool} cannot fail: it fails only with `{option}` {AT}"));
    }
    for call in ["npm audit && echo ok", "OUT=\"$(npm audit)\"", "npm audit || false"] {
        assert_eq!(script(call), [passes("npm-audit")], "{call}");
    }
}

#[test]
fn an_analysis_that_is_told_not_to_fail_is_confirmed_with_a_warning() {
    let bandit = "on: [push, pull_request]\njobs:\n  test:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      \
                  - {uses: PyCQA/bandit-action@v1, with: {exit_zero: ZERO}}\n";
    let found = |step: &str| {
        let project = Project::with_policy("Our code is scanned by static analysis on every push.");
        let project = match step.strip_prefix("exit_zero: ") {
            Some(zero) => project.file(".github/workflows/ci.yml", &bandit.replace("ZERO", zero)),
            None => project.workflow(step),
        };
        project.says("static-analysis")
    };
    for (step, tool, why) in [
        ("gosec -no-fail ./...", "gosec", "`-no-fail`"),
        ("brakeman --no-exit-on-warn", "brakeman", "`--no-exit-on-warn`"),
        ("exit_zero: 'true'", "bandit", "`exit_zero: true`"),
    ] {
        let said = found(step);
        assert!(said.len() == 2 && said[0].starts_with("pass "), "{step}: {said:?}");
        assert!(said[1].contains(&format!("{tool} cannot fail: {why} {AT}")), "{step}: {said:?}");
    }
    for step in ["gosec ./...", "brakeman", "exit_zero: 'false'"] {
        let said = found(step);
        assert!(said.len() == 1 && said[0].starts_with("pass "), "{step}: {said:?}");
    }
}

#[test]
fn a_script_that_may_end_before_the_call_is_not_known_to_make_it() {
    let ended = format!(
        "undetermined: whether npm-audit is run is not known: the script may have ended before it {AT}"
    );
    for call in ["[ -f x ] || exit 0\nnpm audit", "if true; then exit 0; fi\nnpm audit"] {
        assert_eq!(script(call), std::slice::from_ref(&ended), "{call}");
    }
    // Behind a guard nobody knows; behind another command it ends what would have ended.
    assert_eq!(script("[ -f x ] || exit 1\nnpm audit"), [ended]);
    assert_eq!(script("ls || exit 1\nnpm audit"), [passes("npm-audit")]);
}

#[test]
fn a_makefile_that_is_only_read_and_a_shell_that_runs_nothing_make_it_undetermined() {
    let make = |call: &str| says(project().file("Makefile", "audit:\n\tnpm audit\n").workflow(call));
    let by = |target: &str| format!("(.github/workflows/ci.yml, job test ({target}))");
    assert_eq!(make("make audit"), [format!("pass: run: npm-audit {}", by("Makefile, target audit"))]);
    assert_eq!(
        make("make -n audit"),
        [format!(
            "undetermined: whether npm-audit is run is not known: an option of what calls it is not known {}",
            by("Makefile, target audit")
        )]
    );
    let shell = |shell: &str| {
        let text = format!(
            "on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{{uses: actions/checkout@v4}}, {{run: npm audit, shell: '{shell}'}}]\n"
        );
        says(project().file(".github/workflows/ci.yml", &text)).remove(0)
    };
    assert_eq!(shell("bash -e {0}"), passes("npm-audit"));
    for nothing in ["sh -s {0}", "bash --help {0}", "bash -n {0}", "bash -D {0}"] {
        assert!(shell(nothing).starts_with("undetermined: "), "{nothing}");
    }
}

#[test]
fn what_may_scan_and_is_not_known_is_undetermined_and_never_refuted() {
    assert_eq!(
        script("mix hex.audit"),
        [format!("undetermined: mix hex.audit may scan, and relcheck does not know it {AT}")]
    );
    let uses = |action: &str| {
        let text = format!(
            "on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{{uses: actions/checkout@v4}}, {{uses: {action}}}]\n"
        );
        says(project().file(".github/workflows/ci.yml", &text)).remove(0)
    };
    assert_eq!(
        uses("oxsecurity/megalinter@v8"),
        format!("undetermined: oxsecurity/megalinter may scan, and relcheck does not know it {AT}")
    );
    assert!(uses("actions/checkout@v4").starts_with("fail: "));
}
