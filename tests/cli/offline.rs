//! `--offline` and `--evidence` open no socket: every call that the program makes to the system is watched.

use std::fs;
use std::process::{Command, Stdio};

use crate::fixture::Fixture;
use crate::run;

/// Whether `tool` does its work here; where it does not, that is said, and is a failure in CI.
fn has(tool: &str, arguments: &[&str]) -> bool {
    let quiet = Command::new(tool).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let works = quiet.is_ok_and(|status| status.success());
    if !works {
        assert!(std::env::var_os("CI").is_none(), "{tool} does not work here, and CI may not skip this");
        eprintln!("SKIPPED: {tool} does not work here");
    }
    works
}

/// The exit code, and every system call about the network.
///
/// A thread that ends while `strace` takes hold of it is written as `???( <detached ...>`: that run was not watched whole, so
/// that it says nothing either way and is made again.
fn traced(fixture: &Fixture, arguments: &[String]) -> (i32, String) {
    let is_whole = |(_, calls): &(i32, String)| !calls.contains("<detached ...>");
    let mut runs = (0..10).map(|_| traced_once(fixture, arguments));
    runs.find(is_whole).expect("one of ten runs is watched from its beginning to its end")
}

fn traced_once(fixture: &Fixture, arguments: &[String]) -> (i32, String) {
    let log = fixture.here().join("calls");
    let mut command = run::command(&fixture.here());
    let program = command.get_program().to_owned();
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-e", "trace=network", "-o"]).arg(&log).arg(program).args(arguments);
    traced.current_dir(fixture.here());
    for (name, value) in command.envs(std::iter::empty::<(&str, &str)>()).get_envs() {
        match value {
            Some(value) => traced.env(name, value),
            None => traced.env_remove(name),
        };
    }
    // Where something is asked all the same, it is asked here, and refused.
    traced.env("HTTPS_PROXY", "http://127.0.0.1:9").env_remove("NO_PROXY");
    let output = traced.output().unwrap();
    let calls = fs::read_to_string(&log).unwrap();
    let calls = calls.lines().filter(|line| !line.contains("+++ ") && !line.contains("--- SIG"));
    (output.status.code().unwrap(), calls.collect::<Vec<_>>().join("\n"))
}

#[test]
fn nothing_that_is_offline_makes_a_call_about_the_network() {
    if !has("strace", &["-qq", "-o", "/dev/null", "true"]) {
        return;
    }
    let fixture = Fixture::good();
    fixture.run(&fixture.arguments().with("--save-evidence", "pack")).expect("saving", 0, &[]);
    let list = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
    let here = fixture.arguments();
    let replay = here.clone().without("--repo").without("--assets").without("--advisories");
    let index = here.clone().without("--assets").with("--assets", "https://files.example/index.json");
    let cases = [
        ("a replay", replay.with("--evidence", "pack").list(), 0),
        ("everything at hand", here.clone().flag("--offline").list(), 0),
        ("files on a forge", here.without("--assets").flag("--offline").list(), 3),
        ("files by an index", index.flag("--offline").list(), 3),
        ("a repository on a forge", list("verify v1.2.3 --repo acme/widget --policy default --offline"), 3),
        ("collecting", list("collect v1.2.3 --repo acme/widget --save-evidence new --offline"), 3),
        ("roots", list("trust update --offline"), 3),
        ("what needs nothing", list("explain"), 0),
    ];
    for (what, arguments, code) in cases {
        let (found, calls) = traced(&fixture, &arguments);
        assert_eq!((found, calls.as_str()), (code, ""), "{what}: {arguments:?}");
    }
    // The same watching does see what is asked for.
    let (code, calls) = traced(&fixture, &list("verify v1.2.3 --repo acme/widget --policy default"));
    assert_eq!(code, 3);
    assert!(calls.contains("socket(") && calls.contains("connect("), "{calls}");
}

#[test]
fn a_replay_needs_no_network_interface() {
    if !has("unshare", &["--map-root-user", "--net", "true"]) {
        return;
    }
    let fixture = Fixture::good();
    let direct = fixture.run(&fixture.arguments().with("--format", "json").with("--save-evidence", "pack"));
    let replay = fixture.arguments().without("--repo").without("--assets").without("--advisories");
    let replay = replay.with("--evidence", "pack").with("--format", "json").list();
    let program = run::command(&fixture.here()).get_program().to_owned();
    let mut alone = Command::new("unshare");
    alone.args(["--map-root-user", "--net"]).arg(program).args(replay).current_dir(fixture.here());
    let output = alone.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout == direct.expect("judging", 0, &[]).stdout);
}
