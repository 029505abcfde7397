//! Everything that continuous integration runs, as the follower finds it.
//!
//! The rule that must not be broken: what is called and cannot be read is a gap. Where there is a gap, nobody can say
//! that something is not run.

use super::triggers::Triggers;
use std::collections::{BTreeMap, BTreeSet};

/// Files by path, each as text or why it cannot be read.
pub type Texts = BTreeMap<String, Result<String, String>>;

/// Something that is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// An action, by its name in lower case, and the version that it is asked for in.
    Action {
        /// `owner/name`, with a path where there is one.
        name: String,
        /// What stands behind the `@`.
        version: Option<String>,
        /// What it is given.
        inputs: BTreeMap<String, String>,
    },
    /// A command, as words.
    Command(Vec<String>),
    /// A hook of pre-commit.
    Hook {
        /// Where it is from, in lower case.
        repository: String,
        /// Its id.
        id: String,
    },
}

/// A call, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The file, and the job.
    pub place: String,
    /// What is called.
    pub call: Call,
    /// Why its failure fails nothing, where that is so.
    pub harmless: Option<&'static str>,
    /// What starts it.
    pub triggers: Triggers,
    /// Why nobody can say that it is run, where that is so.
    pub doubt: Option<&'static str>,
    /// The folder that it runs in, where that is not the root of the repository.
    pub folder: Option<String>,
    /// The tools that it runs or names, looked for once.
    pub named: Vec<&'static str>,
    /// What it runs, where that is not known and may be a scanner.
    pub may_scan: Option<String>,
}

/// What is run, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    /// The calls.
    pub all: Vec<Run>,
    /// What is called and was not read, and why.
    pub gaps: BTreeSet<String>,
}
