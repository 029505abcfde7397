//! Runs the real program, as a shell or a pipeline does: nothing of this machine's environment reaches it, and a run
//! that does not end is killed and fails the test.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long any run may take, however bad its input is.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What a run came to.
#[derive(Debug)]
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// What it printed, as the bytes it is.
    pub stdout: Vec<u8>,
    /// What it complained.
    pub stderr: String,
}

impl Ran {
    /// What it printed.
    pub fn out(&self) -> String {
        String::from_utf8(self.stdout.clone()).expect("what relcheck prints is UTF-8")
    }

    /// Everything it said.
    pub fn said(&self) -> String {
        format!("{}{}", self.out(), self.stderr)
    }

    /// What it printed, as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|e| panic!("no JSON: {e}\n{}", self.said()))
    }

    /// Fails unless it ended with `code`, said every one of `phrases`, and neither panicked nor printed raw escapes.
    #[track_caller]
    pub fn expect(self, what: &str, code: i32, phrases: &[&str]) -> Self {
        let said = self.said();
        assert_eq!(self.code, code, "{what}: the exit code\n{said}");
        // Reports break lines where the terminal ends.
        let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
        for phrase in phrases {
            assert!(flat.contains(phrase), "{what}: should say {phrase:?}\n{said}");
        }
        self.assert_clean(what);
        self
    }

    /// Fails where it panicked, or printed a character that a terminal obeys.
    #[track_caller]
    pub fn assert_clean(&self, what: &str) {
        let said = self.said();
        assert!(!said.contains("panicked"), "{what}: it panicked\n{said}");
        let obeyed =
            |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!said.chars().any(obeyed), "{what}: a terminal would obey this\n{said:?}");
    }
}

/// The program with none of this machine's environment, standing in `folder`.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relcheck"));
    command.current_dir(folder).stdin(Stdio::null());
    // Whoever runs the tests may have refreshed roots of trust.
    command.env("XDG_CACHE_HOME", folder.join("no-such-cache"));
    let scrubbed = ["TZ", "COLUMNS", "NO_COLOR", "TERM", "RUST_BACKTRACE", "RUST_LIB_BACKTRACE"];
    let network = ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"];
    let told = |name: &str| {
        ["GITHUB_", "GIT_", "GITLAB_", "GITEA_", "GH_", "CI_", "RELCHECK_"]
            .iter()
            .any(|p| name.starts_with(p))
            || scrubbed.contains(&name)
            || network.contains(&name.to_ascii_lowercase().as_str())
    };
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(told) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the program in `folder` with these arguments.
#[track_caller]
pub fn relcheck<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Ran {
    finish(command(folder).args(arguments))
}

/// Runs a command to its end, and kills it when that does not come.
#[track_caller]
pub fn finish(command: &mut Command) -> Ran {
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("relcheck can be started");
    let mut stdout = child.stdout.take().expect("stdout is a pipe");
    let mut stderr = child.stderr.take().expect("stderr is a pipe");
    let out = thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).map(|_| bytes)
    });
    let err = thread::spawn(move || {
        let mut bytes = Vec::new();
        stderr.read_to_end(&mut bytes).map(|_| bytes)
    });
    let status = wait(&mut child, command);
    let read = |bytes: thread::JoinHandle<std::io::Result<Vec<u8>>>| {
        bytes.join().expect("reading does not panic").expect("a pipe can be read")
    };
    let (stdout, stderr) = (read(out), String::from_utf8(read(err)).expect("complaints are UTF-8"));
    Ran { code: code(status, command, &stderr), stdout, stderr }
}

/// Runs a command whose stdout is `stdout`; only the exit code and stderr are seen.
#[track_caller]
pub fn finish_into(command: &mut Command, stdout: Stdio) -> Ran {
    let mut child = command.stdout(stdout).stderr(Stdio::piped()).spawn().expect("relcheck can be started");
    // The parent's end must go, or nothing of the pipe is ever closed.
    command.stdout(Stdio::null());
    let mut stderr = child.stderr.take().expect("stderr is a pipe");
    let err = thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).map(|_| text)
    });
    let status = wait(&mut child, command);
    let stderr = err.join().expect("reading does not panic").expect("complaints are UTF-8");
    Ran { code: code(status, command, &stderr), stdout: Vec::new(), stderr }
}

#[track_caller]
fn wait(child: &mut std::process::Child, command: &Command) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return status;
        }
        if started.elapsed() > PATIENCE {
            drop(child.kill());
            drop(child.wait());
            panic!("it hung: {command:?} did not end within {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

#[track_caller]
fn code(status: ExitStatus, command: &Command, stderr: &str) -> i32 {
    status.code().unwrap_or_else(|| panic!("{command:?} was ended by a signal ({status})\n{stderr}"))
}

/// A pipe that nobody reads any more.
pub fn broken_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

/// A disk without room.
pub fn full_disk() -> Option<Stdio> {
    File::options().write(true).open("/dev/full").ok().map(Stdio::from)
}
