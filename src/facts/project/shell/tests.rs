//! Scripts as they stand in workflows, and hostile ones.

use super::{scan::COMMANDS_LIMIT, *};

fn shown(script: &str) -> Vec<(String, Option<&'static str>)> {
    commands(script, false).into_iter().map(|it| (it.words.join(" "), it.harmless)).collect()
}

fn words(script: &str) -> Vec<String> {
    shown(script).into_iter().map(|(words, _)| words).collect()
}

#[test]
fn commands_are_told_apart() {
    assert_eq!(
        words(
            "# bandit\npip install x && bandit -r . # more\ncd a; ls | tee 'b c'\nFOO=1 \"go\" \\\n  test ./..."
        ),
        ["pip install x", "bandit -r .", "cd a", "ls", "tee b c", "FOO=1 go test ./..."]
    );
    assert_eq!(words("x=$(pip-audit -r a)\n"), ["x=$", "pip-audit -r a"]);
    assert_eq!(words("if ! gosec ./...; then\n  exit 1\nfi"), ["gosec ./...", "exit 1"]);
    assert_eq!(words("a 2>&1 &> b & c"), ["a 2>&1 &> b", "c"]);
}

#[test]
fn text_that_is_written_somewhere_is_no_command() {
    assert_eq!(words("cat <<'EOF' > a\nbandit\nEOF\nls"), ["cat > a", "ls"]);
    assert_eq!(words("cat <<-EOF\n\tbandit\n\tEOF\nls"), ["cat", "ls"]);
    assert_eq!(words("echo 'a\nbandit\n' && ls"), ["echo a\nbandit\n", "ls"]);
    assert_eq!(words("cat <<EOF\nbandit"), ["cat"]);
}

#[test]
fn a_failure_that_is_thrown_away_is_seen() {
    let why = |script: &str| shown(script)[0].1;
    assert_eq!(why("pip-audit || true"), Some("`|| true`"));
    assert_eq!(why("pip-audit \\\n  || true"), Some("`|| true`"));
    assert_eq!(why("pip-audit ||:"), Some("`|| :`"));
    assert_eq!(why("pip-audit || exit 0"), Some("`|| exit 0`"));
    assert_eq!(why("pip-audit || echo 'found some'"), Some("`|| echo`"));
    assert_eq!(why("pip-audit && echo fine || true"), Some("`|| true`"));
    assert_eq!(why("pip-audit | tee log"), Some("a pipe hides its result"));
    assert_eq!(why("bandit -r . --exit-zero"), Some("`--exit-zero`"));
    assert_eq!(why("trivy image x --exit-code 0"), Some("`--exit-code 0`"));
    assert_eq!(shown("set +e\npip-audit\nls")[1].1, Some("`set +e`"));
    for counted in [
        "pip-audit",
        "pip-audit || exit 1",
        "pip-audit || (echo no; exit 1)",
        "pip-audit; true",
        "pip-audit && true",
    ] {
        assert_eq!(why(counted), None, "{counted}");
    }
    assert_eq!(shown("set -o pipefail\npip-audit | tee log")[1].1, None);
    assert_eq!(shown("set +e\nls\nset -e\npip-audit\nls")[3].1, None);
    assert_eq!(commands("pip-audit | tee log", true)[0].harmless, None);
}

#[test]
fn what_is_no_here_document_hides_nothing() {
    assert!(words("cat <<< EOF\npip-audit").contains(&"pip-audit".to_owned()));
    assert!(words("x=$((1<<2))\npip-audit").contains(&"pip-audit".to_owned()));
}

#[test]
fn a_command_that_perhaps_is_not_reached_is_a_doubt() {
    let doubtful = |script: &str| {
        let all = commands(script, true);
        all.iter().find(|it| it.words[0] == "pip-audit").unwrap().doubt.is_some()
    };
    for script in [
        "exit 0\npip-audit",
        "exit 1\npip-audit",
        "false\npip-audit",
        "if false; then\n  pip-audit\nfi",
        "false && pip-audit",
        "[ -n \"\" ] && pip-audit || echo",
        "true || pip-audit",
        "audit() {\n  pip-audit\n}\ntrue",
        "function audit {\n  pip-audit\n}",
        "while false; do pip-audit; done",
        "for x in ; do pip-audit; done",
    ] {
        assert!(doubtful(script), "{script}");
    }
    for script in [
        "pip-audit",
        "cd a && pip-audit",
        "if x; then\n  ls\nfi\npip-audit",
        "f() {\n  ls\n}\npip-audit",
        "{ ls; }\npip-audit",
    ] {
        assert!(!doubtful(script), "{script}");
    }
}

#[test]
fn a_script_that_always_fails_is_told_from_one_that_may() {
    for script in ["exit 1", "ls\nexit 2", "set +e\nls\nexit 1", "false", "ls\nfalse\nls", "echo a; exit 1"] {
        assert!(always_fails(script), "{script}");
    }
    for script in [
        "exit 0",
        "exit",
        "exit $code",
        "exit 256",
        "ls || exit 1",
        "[ -f a ] && exit 1",
        "if a; then\n  exit 1\nfi",
        "f() {\n  exit 1\n}",
        "false || true",
        "! false",
        "(exit 1) || true",
        "set +e\nfalse\nls",
        "echo false",
        "exit 0\nexit 1",
        "case a in\n  b) exit 1 ;;\nesac",
    ] {
        assert!(!always_fails(script), "{script}");
    }
}

#[test]
fn the_folder_of_a_command_is_where_the_script_went() {
    let folder = |script: &str| {
        let all = commands(script, true);
        all.into_iter().find(|it| it.words[0] == "pip-audit").unwrap().folder
    };
    for (script, expected) in [
        ("pip-audit", None),
        ("cd web && pip-audit", Some("web")),
        ("cd a/b\ncd ..\npip-audit", Some("a")),
        ("cd a\ncd ..\npip-audit", None),
        ("cd .\npip-audit", None),
        ("cd ..\npip-audit", Some("..")),
        ("cd $GITHUB_WORKSPACE\npip-audit", None),
        ("cd /tmp\npip-audit", Some("/tmp")),
        ("cd a\ncd -\npip-audit", Some("a/-")),
        ("pushd a\npopd\npip-audit", Some("a folder that is not known")),
    ] {
        assert_eq!(folder(script).as_deref(), expected, "{script}");
    }
}

#[test]
fn a_result_that_is_taken_away_is_seen() {
    for script in [
        "(pip-audit) || true",
        "{ pip-audit; } || true",
        "x=$(pip-audit) || true",
        "if pip-audit; then echo ok; fi",
        "! pip-audit",
        "pip-audit &\ntrue",
        "set +eu\npip-audit\ntrue",
        "set +o errexit\npip-audit\ntrue",
        "pip-audit || { exit 0; }",
        "pip-audit || (true)",
        "pip-audit || rc=$?",
    ] {
        let all = commands(script, true);
        let it = all.iter().find(|it| it.words[0] == "pip-audit").unwrap();
        assert!(it.harmless.is_some(), "{script}");
    }
}

#[test]
fn endless_and_broken_scripts_end() {
    assert_eq!(commands(&"a;".repeat(20_000), false).len(), COMMANDS_LIMIT);
    for script in ["'", "\"\\", "<<", "a <<-", "|||", "&&&&", "\\", "$(((", "`"] {
        assert!(commands(script, true).len() < 4, "{script}");
    }
}

fn why_perhaps(script: &str) -> Option<&'static str> {
    let all = commands(script, true);
    all.iter().find(|it| it.words[0] == "npm").expect("the call is found").doubt
}

#[test]
fn a_script_that_may_have_ended_well_is_a_doubt_and_one_that_may_have_failed_is_none() {
    let ended = Some("the script may have ended before it");
    for script in [
        "[ -f x ] || exit 0\nnpm audit",
        "[ -z \"$X\" ] && exit\nnpm audit",
        "if true; then exit 0; fi\nnpm audit",
        "case $X in\n  a) exit 0 ;;\nesac\nnpm audit",
        "if x; then exit $code; fi\nnpm audit",
        "set -n\nnpm audit",
        "set -o noexec\nnpm audit",
        "kill $$\nnpm audit",
        "exec true\nnpm audit",
        "return 0\nnpm audit",
        "[ -f x ] || exit 1\nnpm audit",
        "if x; then exit 2; fi\nnpm audit",
        "f() {\n  exit 1\n}\nf\nnpm audit",
    ] {
        assert_eq!(why_perhaps(script), ended, "{script}");
    }
    for script in [
        "ls || exit 1\nnpm audit",
        "ls || exit $?\nnpm audit",
        "f() {\n  exit 1\n}\nnpm audit",
        "f() {\n  return 0\n}\nnpm audit",
        "exec 2>&1\nnpm audit",
        "set -euo pipefail\nnpm audit",
        "npm audit\nexit 0",
    ] {
        assert_eq!(why_perhaps(script), None, "{script}");
    }
}

#[test]
fn a_name_that_stands_for_something_else_is_a_doubt() {
    for script in [
        "alias npm=true\nnpm audit",
        "hash -p /bin/true npm\nnpm audit",
        "eval \"$X\"\nnpm audit",
        ". ./setup.sh\nnpm audit",
        "export PATH=./bin:$PATH\nnpm audit",
        "PATH=$PWD/bin:$PATH\nnpm audit",
        "PATH=$(pwd)/bin:$PATH\nnpm audit",
        "PATH=$(go env GOPATH)/bin:./bin:$PATH\nnpm audit",
    ] {
        assert!(why_perhaps(script).is_some(), "{script}");
    }
    for script in ["npm() { :; }\nnpm audit", "function npm { true; }\nnpm audit"] {
        let all = commands(script, true);
        let it = all.iter().find(|it| it.words == ["npm", "audit"]).unwrap();
        assert_eq!(it.doubt, Some("a function or an alias of its name stands before it"), "{script}");
    }
    for script in [
        "f() { :; }\nnpm audit",
        "source .venv/bin/activate\nnpm audit",
        ". \"$HOME/.cargo/env\"\nnpm audit",
        "export PATH=\"$HOME/.local/bin:$PATH\"\nnpm audit",
        "export PATH=$PATH:$(go env GOPATH)/bin\nnpm audit",
    ] {
        assert_eq!(why_perhaps(script), None, "{script}");
    }
}

#[test]
fn what_a_substitution_runs_is_a_call_also_in_quotes() {
    for script in
        ["OUT=\"$(npm audit)\"", "OUT=\"`npm audit`\"", "OUT=$(npm audit)", "[ -n \"$(npm audit)\" ] && ls"]
    {
        assert!(words(script).contains(&"npm audit".to_owned()), "{script}");
    }
    // What stands behind it belongs to the command before it, and so does an array.
    for script in [
        "echo $(ls) npm audit",
        "echo `ls` npm audit",
        "echo \"$(ls)\" npm audit",
        "echo $(ls\n) npm audit",
        "x=(npm audit)",
        "'$(npm audit)'",
    ] {
        assert!(!words(script).contains(&"npm audit".to_owned()), "{script}");
    }
    assert_eq!(words("$(go env GOPATH)/bin/govulncheck ./...")[2], "/bin/govulncheck ./...");
    let folder = |script: &str| commands(script, true).into_iter().last().unwrap().folder;
    assert_eq!(folder("X=$(cd a && pwd)\nnpm audit"), None);
}

#[test]
fn a_result_that_nothing_looks_at_is_said() {
    let why = |script: &str| {
        let all = commands(script, true);
        all.iter().find(|it| it.words[0] == "npm").unwrap().harmless
    };
    for script in [
        "npm audit && echo ok\nls",
        "echo \"$(npm audit)\"",
        "local x=$(npm audit)",
        "[ -n \"$(npm audit)\" ]",
        "X=\"$(npm audit)\" || true",
        "trap 'exit 0' EXIT\nnpm audit",
        "until npm audit; do sleep 1; done",
        "while npm audit; do sleep 1; done",
        "npm audit || false || true",
        "npm audit || exit 00",
        "set +o pipefail\nnpm audit | tee x",
        "if x; then set +e; fi\nnpm audit\nls",
    ] {
        assert!(why(script).is_some(), "{script}");
    }
    for script in [
        "npm audit && echo ok",
        "X=$(npm audit)",
        "X=\"$(npm audit)\"\nls",
        "trap 'rm -rf x' EXIT\nnpm audit",
        "trap 'echo no; exit 1' ERR\nnpm audit",
        "npm audit || false",
        "if x; then\n  npm audit && ls\nfi",
        "set -e\nnpm audit\nls",
    ] {
        assert_eq!(why(script), None, "{script}");
    }
    let plain = Options { errexit: false, pipefail: false };
    assert!(commands_of("npm audit; ls", plain)[0].harmless.is_some());
    assert_eq!(commands_of("ls; npm audit", plain)[1].harmless, None);
    assert_eq!(commands_of("set -e\nnpm audit\nls", plain)[1].harmless, None);
}
