//! The `relcheck` program: reads arguments, clock and folder once, and maps what came of it to an exit code.

use clap::Parser;
use relcheck::{
    app,
    cli::{self, Cli},
};
use std::{
    io::{IsTerminal, Write},
    panic,
    path::PathBuf,
    process::ExitCode,
};

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| cli::explained(error).exit());
    // A panic is a bug of relcheck, and must never look like an answer about a release.
    let code = panic::catch_unwind(|| {
        panic_when_tested();
        app::run(cli, &world())
    });
    let code = code.unwrap_or_else(|_| {
        let text = "relcheck: internal error: this is a bug, please report it with the message above\n";
        drop(std::io::stderr().write_all(text.as_bytes()));
        app::INTERNAL_ERROR
    });
    ExitCode::from(code)
}

/// Lets a test see from outside what a panic comes to; a released program has nothing of it.
#[cfg(debug_assertions)]
fn panic_when_tested() {
    assert!(std::env::var_os("RELCHECK_TEST_PANIC").is_none(), "RELCHECK_TEST_PANIC is set");
}

#[cfg(not(debug_assertions))]
fn panic_when_tested() {}

/// What the program is told by its surroundings.
#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
fn world() -> app::World {
    let stdout_is_terminal = std::io::stdout().is_terminal();
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let path = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let user_cache = path("XDG_CACHE_HOME").or_else(|| Some(path("HOME")?.join(".cache")));
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let columns = std::env::var("COLUMNS").ok().and_then(|n| n.parse().ok());
    app::World {
        now: jiff::Timestamp::now(),
        folder: std::env::current_dir().unwrap_or_else(|_| ".".into()),
        cache: path("RELCHECK_CACHE").or_else(|| Some(user_cache?.join("relcheck"))),
        colour: stdout_is_terminal && !set("NO_COLOR") && !is_dumb,
        // What a pipeline keeps of a terminal is a log.
        progress: std::io::stderr().is_terminal() && !set("CI") && !is_dumb,
        variables: app::Variables::read(|name| std::env::var(name).ok()),
        width: columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0.into())),
    }
}
