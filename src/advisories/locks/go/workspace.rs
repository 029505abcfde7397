//! `go.work`: <https://go.dev/ref/mod#go-work-file>.

use super::{Replace, replacement, words::lines};
use crate::advisories::locks::error::Fault;

/// One `go.work`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workspace {
    /// The `go` line.
    pub go: Option<String>,
    /// The folders of its modules, from that of the file.
    pub uses: Vec<String>,
    /// What it replaces, before what its modules replace.
    pub replace: Vec<Replace>,
}

impl Workspace {
    /// Reads a `go.work`.
    ///
    /// # Errors
    /// [`Fault`] for a line that is not understood, and where no module is used.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut file = Self::default();
        for line in lines(text)? {
            let understood = match line.words.as_slice() {
                ["go", version] if file.go.is_none() => {
                    file.go = Some((*version).to_owned());
                    true
                }
                ["use", folder] => {
                    file.uses.push((*folder).to_owned());
                    true
                }
                ["replace", rest @ ..] => replacement(rest).map(|it| file.replace.push(it)).is_some(),
                ["toolchain", _] | ["godebug", _, ..] => true,
                _ => false,
            };
            if !understood {
                return Err(Fault::line(line.number, line.text));
            }
        }
        if file.uses.is_empty() { Err(Fault::CutOff("a use line")) } else { Ok(file) }
    }
}
