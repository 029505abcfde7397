//! The commands: the only place that knows every stage of the line.

use crate::{
    cli::{Cli, Command},
    text,
};
use clap::CommandFactory;
use jiff::Timestamp;
use std::path::PathBuf;

mod advisories;
mod audit;
mod explain;
mod failure;
mod files;
mod forge;
mod init;
mod inputs;
mod online;
mod output;
mod patch_path;
mod plumbing;
mod policy;
mod progress;
mod promises;
mod route;
mod trust;
mod verify;
mod waiting;

pub use failure::Failure;
pub use forge::Variables;

/// Exit code of a bug in relcheck, and of a report or another file that could not be written.
pub const INTERNAL_ERROR: u8 = 4;

/// What the program is told by its surroundings, read once.
#[derive(Clone, Debug)]
pub struct World {
    /// The clock.
    pub now: Timestamp,
    /// Where the user stands.
    pub folder: PathBuf,
    /// Where what was fetched is kept between runs; nothing where the user has no place for it.
    pub cache: Option<PathBuf>,
    /// Whether stdout shows colours.
    pub colour: bool,
    /// Whether stderr is a terminal on which can be drawn.
    pub progress: bool,
    /// How many columns the terminal has, where there is one.
    pub width: Option<usize>,
    /// Tokens of forges, which hosts they are for, and how the network is reached.
    pub variables: Variables,
}

/// Runs a command, and returns the process's exit code.
pub fn run(cli: Cli, world: &World) -> u8 {
    match dispatch(cli, world) {
        Ok(code) => code,
        Err(failure) => {
            output::complain(&failure.to_string());
            failure.exit_code()
        }
    }
}

fn dispatch(cli: Cli, world: &World) -> Result<u8, Failure> {
    match cli.command {
        Command::Verify(args) => verify::verify(&args, world),
        Command::Audit(args) => audit::audit(&args, world),
        Command::Collect(args) => verify::collect(&args, world),
        Command::Policy(command) => policy::run(&command, world),
        Command::Explain { rule } => explain::explain(rule.as_deref()),
        Command::Advisories(command) => advisories::run(&command, world),
        Command::Trust(command) => trust::run(&command, world),
        Command::SecurityPolicy(args) => plumbing::security_policy(&args, world),
        Command::VerifyBundle(args) => plumbing::verify_bundle(&args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "relcheck", &mut script);
            output::print(&script)?;
            Ok(0)
        }
        Command::Man { command } => {
            let mut page = Vec::new();
            clap_mangen::Man::new(page_of(&command)?).render(&mut page).map_err(Failure::output)?;
            output::print(&page)?;
            Ok(0)
        }
    }
}

/// The command that a manual page is about: the program where none is named.
fn page_of(names: &[String]) -> Result<clap::Command, Failure> {
    let mut command = Cli::command();
    // So that each page is called as the others refer to it: relcheck-policy-init(1).
    command.build();
    for (at, name) in names.iter().enumerate() {
        let known = |command: &clap::Command| -> Vec<String> {
            command
                .get_subcommands()
                .map(|sub| sub.get_name().to_owned())
                .filter(|name| name != "help")
                .collect()
        };
        let Some(sub) = command.find_subcommand(name).filter(|sub| sub.get_name() != "help") else {
            let shown = text::Untrusted::new(names[..=at].join(" "));
            let failure = Failure::start(format!("there is no command {shown} to print the page of"));
            return Err(match known(&command).as_slice() {
                [] => failure,
                known => failure.help(format!("name one of: {}", known.join(", "))),
            });
        };
        command = sub.clone();
    }
    Ok(command)
}

/// The path of the repository, for commands that take nothing but a checkout.
fn checkout(given: Option<&str>, world: &World) -> Result<PathBuf, Failure> {
    inputs::repository(given, world).map_err(|failure| match given {
        Some(_) => failure,
        None => failure.help("stand in a git checkout, or pass the path of one with --repo"),
    })
}
