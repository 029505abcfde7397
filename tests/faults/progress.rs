//! Bars on a terminal, and nothing of them anywhere else.

use std::process::{Command, Stdio};

use relcheck::release::Forge;

use crate::kit::release::Release;
use crate::run::finish;
use crate::scene::Scene;

/// The same program with stderr on a terminal of `script` (util-linux), and its report in a file. What the terminal got.
fn on_a_terminal(command: &Command, out: &str, more: &[(&str, &str)]) -> Option<String> {
    let quote = |word: &str| format!("'{}'", word.replace('\'', r"'\''"));
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line: Vec<_> = words.map(|word| quote(&word.to_string_lossy())).collect();
    let mut script = Command::new("script");
    script.args(["-qec", &format!("{} > {}", line.join(" "), quote(out)), "/dev/null"]);
    script.current_dir(command.get_current_dir().unwrap()).stdin(Stdio::null());
    script.env("TERM", "xterm").env_remove("CI").env_remove("NO_COLOR").env("SHELL", "/bin/sh");
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => drop(script.env(name, value)),
            None if name != "TERM" => drop(script.env_remove(name)),
            None => {}
        }
    }
    script.envs(more.iter().copied());
    match script.output() {
        Ok(ran) => Some(String::from_utf8_lossy(&ran.stdout).into_owned()),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "script (util-linux) has to be there: {error}");
            None
        }
    }
}

#[test]
fn bars_are_drawn_on_a_terminal_alone_and_change_nothing_of_the_report() {
    let scene = Scene::set(&Release::good(), Forge::Github);
    let internet = scene.good();
    let plain =
        finish(&mut scene.verify(&internet)).expect("no terminal", 0, &["note: fetching the release"]);
    assert!(!plain.stderr.chars().any(|c| c.is_control() && c != '\n'), "{:?}", plain.stderr);
    assert!(!plain.stderr.contains("files  ["), "{}", plain.stderr);
    let run = |out: &str, more: &[(&str, &str)]| on_a_terminal(&scene.verify(&internet), out, more);
    let Some(drawn) = run("drawn.json", &[]) else {
        println!("SKIPPED: there is no script (util-linux) to make a terminal with");
        return;
    };
    assert!(drawn.contains(" files  [") && drawn.contains("left"), "bars are drawn: {drawn:?}");
    assert!(drawn.contains("widget-1.2.3"), "files are named: {drawn:?}");
    // The bars are gone in the end: the last thing that was done is to clear a line.
    let after = drawn.rsplit("\u{1b}[2K").next().unwrap();
    assert!(!after.contains("files  ["), "{after:?}");
    assert_eq!(std::fs::read(scene.folder().join("drawn.json")).unwrap(), plain.stdout);
    for (out, more) in [("ci.json", ("CI", "true")), ("dumb.json", ("TERM", "dumb"))] {
        let drawn = run(out, &[more]).unwrap();
        assert!(!drawn.contains('\u{1b}') && !drawn.contains("files  ["), "{more:?}: {drawn:?}");
        assert_eq!(std::fs::read(scene.folder().join(out)).unwrap(), plain.stdout, "{more:?}");
    }
    let colourless = run("plain.json", &[("NO_COLOR", "1")]).unwrap();
    assert!(colourless.contains(" files  [") && !has_colour(&colourless), "{colourless:?}");
}

/// Whether a sequence that sets colours is in it: those end in `m`.
fn has_colour(text: &str) -> bool {
    let mut sequences = text.split("\u{1b}[").skip(1);
    sequences.any(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m'))
}

#[test]
fn names_are_cut_and_hold_nothing_that_a_terminal_obeys() {
    let long = "long".repeat(40);
    let scene = Scene::over(&Release::good(), Forge::Github, |_, player| {
        player.files.insert("AA\u{1b}[2J\u{202e}name.json".to_owned(), vec![b' '; 5000]);
        player.files.insert(format!("AB{long}.json"), vec![b' '; 5000]);
    });
    let internet = scene.good();
    let Some(drawn) = on_a_terminal(&scene.verify(&internet), "report.json", &[]) else {
        println!("SKIPPED: there is no script (util-linux) to make a terminal with");
        return;
    };
    assert!(drawn.contains("ABlonglong") && !drawn.contains(&long), "{drawn:?}");
    assert!(!drawn.contains("\u{1b}[2J") && !drawn.contains('\u{202e}'), "{drawn:?}");
}
