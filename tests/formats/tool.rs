//! Tools of the machine, as makers of signatures.

use std::io::Write;
use std::process::{Command, Stdio};

/// Whether `program` can be run. Without it tests are skipped, loudly; under CI its absence is a failure.
pub fn is_there(program: &str, asked: &str) -> bool {
    let is_there = Command::new(program).arg(asked).stdin(Stdio::null()).output().is_ok();
    assert!(is_there || std::env::var_os("CI").is_none(), "{program} has to be installed under CI");
    if !is_there {
        eprintln!("SKIPPED: {program} is not installed");
    }
    is_there
}

/// What `command` writes when it is given `input`; it has to succeed.
pub fn output(command: &mut Command, input: &[u8]) -> Vec<u8> {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A tool that reads nothing closes the pipe.
    let writer = std::thread::spawn(move || stdin.write_all(&input).ok());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {said}");
    output.stdout
}
