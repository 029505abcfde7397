//! What is told of a collection while it runs, to whoever shows it to people.
//!
//! The rule that must not be broken: nothing of it reaches the evidence, and nobody who is told can change anything. Names
//! are as the forge gives them: whoever shows one escapes it.

use std::time::Duration;

/// Somebody who is told. The parts of several files come at the same time, from several threads.
pub trait Progress: Send + Sync {
    /// So many files are going to be fetched now, with so many bytes as far as that is known.
    fn planned(&self, files: usize, bytes: u64) {
        let _ = (files, bytes);
    }

    /// A file begins, or begins again: what came of it before counts for nothing.
    fn begun(&self, name: &str, size: Option<u64>) {
        let _ = (name, size);
    }

    /// So many further bytes of it came.
    fn came(&self, name: &str, bytes: usize) {
        let _ = (name, bytes);
    }

    /// A file is over, whether it came or not, and whether it began or not.
    fn ended(&self, name: &str) {
        let _ = name;
    }

    /// Something about so many files is not there yet, and is waited for.
    fn waits(&self, about: usize, at_most: Duration) {
        let _ = (about, at_most);
    }
}

/// Nobody is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {}
