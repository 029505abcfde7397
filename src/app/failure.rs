//! Why a command could not do its work, and the exit code for that.

use crate::{outcome::Verdict, text};
use std::{error::Error, fmt, path::Path};

/// A command that came to no verdict.
#[derive(Clone, Debug)]
pub struct Failure {
    message: String,
    help: Option<String>,
    exit_code: u8,
}

impl Failure {
    /// It could not start: arguments, policy, trust root.
    pub fn start(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), help: None, exit_code: 2 }
    }

    /// It could not start because of `error`; the causes are part of the message.
    pub fn because(error: &(dyn Error + 'static)) -> Self {
        Self::start(chain(error))
    }

    /// The evidence could not be had, or is of a kind that nobody can read.
    pub fn undetermined(message: impl fmt::Display) -> Self {
        Self { exit_code: Verdict::Undetermined.exit_code(), ..Self::start(message) }
    }

    /// The evidence is against what was to be verified.
    pub fn rejected(message: impl fmt::Display) -> Self {
        Self { exit_code: Verdict::Rejected.exit_code(), ..Self::start(message) }
    }

    /// A report could not be written.
    pub fn output(error: impl fmt::Display) -> Self {
        Self {
            exit_code: super::INTERNAL_ERROR,
            ..Self::start(format!("the report could not be written: {error}"))
        }
    }

    /// A file that was asked for could not be written.
    pub fn unwritten(path: &Path, error: impl fmt::Display) -> Self {
        let shown = text::Untrusted::new(path.to_string_lossy());
        Self {
            exit_code: super::INTERNAL_ERROR,
            ..Self::start(format!("{shown} could not be written: {error}"))
        }
    }

    /// Says what to do.
    pub fn help(mut self, help: impl fmt::Display) -> Self {
        self.help = Some(help.to_string());
        self
    }

    /// The process's exit code.
    pub fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

/// An error and its causes on one line, each said once.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.contains(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        cause = error.source();
    }
    text
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Messages may quote a release; a snippet of a policy has lines of its own.
        let clean = |line: &str| text::clean(line).into_owned();
        let lines: Vec<String> = self.message.trim_end().lines().map(clean).collect();
        let verdicts = [Verdict::Rejected, Verdict::Undetermined];
        let verdict = verdicts.iter().find(|verdict| verdict.exit_code() == self.exit_code);
        write!(f, "{}: {}", verdict.map_or("error", |verdict| verdict.word()), lines.join("\n  "))?;
        match &self.help {
            Some(help) => write!(f, "\n help: {}", text::clean(help)),
            None => Ok(()),
        }
    }
}
