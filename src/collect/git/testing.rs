//! Git repositories for tests, made by the system's git without any of its configuration.

use std::{
    path::Path,
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// A repository in a temporary folder.
pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
}

impl Fixture {
    /// An empty one, on the branch main.
    pub(crate) fn new() -> Self {
        let fixture = Self { folder: tempfile::tempdir().unwrap() };
        fixture.git(&["init", "-q", "-b", "main", "."]);
        fixture
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs git in it and returns what it prints.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git_in(self.path(), arguments, b"")
    }

    /// The same, with input.
    pub(crate) fn git_with(&self, arguments: &[&str], input: &[u8]) -> String {
        git_in(self.path(), arguments, input)
    }

    /// Writes a file of the checkout.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let file = self.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    /// Commits everything and returns the commit.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Stores a raw object, however malformed, and returns its id.
    pub(crate) fn object(&self, kind: &str, bytes: &[u8]) -> String {
        self.git_with(&["hash-object", "-t", kind, "-w", "--stdin", "--literally"], bytes)
    }

    /// Makes a tag reference by hand, where git would look at the object first.
    pub(crate) fn tag_by_hand(&self, name: &str, id: &str) {
        self.write(&format!(".git/refs/tags/{name}"), format!("{id}\n"));
    }

    /// A clone of it into a new folder.
    pub(crate) fn clone_with(&self, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("file://{}", self.path().display());
        git_in(folder.path(), &[&["clone", "-q"], options, &[url.as_str(), "."]].concat(), b"");
        Self { folder }
    }
}

/// Runs git in a folder, isolated from the machine, at a fixed time.
pub(crate) fn git_in(folder: &Path, arguments: &[&str], input: &[u8]) -> String {
    use std::io::Write;
    let mut child = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "Author")
        .env("GIT_AUTHOR_EMAIL", "author@example.org")
        .env("GIT_AUTHOR_DATE", "1700000000 +0000")
        .env("GIT_COMMITTER_NAME", "Committer")
        .env("GIT_COMMITTER_EMAIL", "committer@example.org")
        .env("GIT_COMMITTER_DATE", "1700000060 +0000")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
