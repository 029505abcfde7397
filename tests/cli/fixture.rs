//! A release in a folder of its own, and the arguments that judge it.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::kit::release::{Release, Written};
use crate::kit::spoil::Spoil;
use crate::run::{Ran, relcheck};

/// The day after the release was signed.
pub const AS_OF: &str = "2026-01-06T00:00:00Z";

/// The formats of a report.
pub const FORMATS: [&str; 4] = ["human", "json", "markdown", "vsa"];

/// A release that was written, with a folder to stand in that is not the release's.
pub struct Fixture {
    pub written: Written,
    folder: TempDir,
}

impl Fixture {
    /// The release that is good in every respect.
    pub fn good() -> Self {
        Self::of(&Release::good())
    }

    /// The good release with one thing wrong.
    pub fn spoilt(spoil: Spoil) -> Self {
        Self::of(&Release::good().spoil(spoil))
    }

    pub fn of(release: &Release) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let written = release.write(&folder.path().join("release"));
        std::fs::create_dir(folder.path().join("here")).unwrap();
        Self { written, folder }
    }

    /// Where the user stands.
    pub fn here(&self) -> PathBuf {
        self.folder.path().join("here")
    }

    /// A file in that folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.here().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Every argument of a run that has all it needs.
    pub fn arguments(&self) -> Arguments {
        let text = |path: PathBuf| path.to_str().expect("a temporary folder has a plain name").to_owned();
        let pair = |flag: &str, value: String| (flag.to_owned(), value);
        let mut flags = self.written.options().map(|(flag, path)| pair(flag, text(path))).to_vec();
        flags.push(pair("--policy", "default".to_owned()));
        flags.push(pair("--as-of", AS_OF.to_owned()));
        Arguments { tag: self.written.tag.clone(), flags, switches: Vec::new() }
    }

    /// Runs `relcheck verify` with all it needs.
    #[track_caller]
    pub fn verify(&self) -> Ran {
        self.run(&self.arguments())
    }

    /// Runs `relcheck verify` with `arguments`.
    #[track_caller]
    pub fn run(&self, arguments: &Arguments) -> Ran {
        relcheck(&self.here(), arguments.list())
    }

    /// Runs any command.
    #[track_caller]
    pub fn relcheck(&self, arguments: &[&str]) -> Ran {
        relcheck(&self.here(), arguments)
    }
}

/// The arguments of `relcheck verify`.
#[derive(Clone)]
pub struct Arguments {
    pub tag: String,
    flags: Vec<(String, String)>,
    switches: Vec<String>,
}

impl Arguments {
    /// The same with another value for a flag, which is added where it is not there.
    pub fn with(mut self, flag: &str, value: impl AsRef<Path>) -> Self {
        self = self.without(flag);
        self.flags.push((flag.to_owned(), value.as_ref().to_str().unwrap().to_owned()));
        self
    }

    /// The same with a flag that has no value.
    pub fn flag(mut self, switch: &str) -> Self {
        self.switches.push(switch.to_owned());
        self
    }

    /// The same without a flag.
    pub fn without(mut self, flag: &str) -> Self {
        self.flags.retain(|(known, _)| known != flag);
        self
    }

    /// The same about another tag.
    pub fn tag(mut self, tag: &str) -> Self {
        tag.clone_into(&mut self.tag);
        self
    }

    pub fn list(&self) -> Vec<String> {
        let flags = self.flags.iter().map(|(flag, value)| format!("{flag}={value}"));
        let flags = flags.chain(self.switches.iter().cloned());
        // A tag that starts with a dash is a tag all the same.
        ["verify".to_owned()].into_iter().chain(flags).chain(["--".to_owned(), self.tag.clone()]).collect()
    }
}
