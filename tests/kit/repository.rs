//! Git repositories with fixed contents, authors and dates, written by the system's `git`.
//!
//! Objects come from `git fast-import`, as one pack, and the index from `git read-tree`, so no file carries a time of the machine.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::ssh::SshKey;

/// Paths and contents.
pub type Tree = BTreeMap<String, String>;

const PERSON: &str = "Ada Widget <ada@widget.example>";

/// A commit on `main`; its parent is the one before it.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Subject.
    pub message: String,
    /// When it was made.
    pub at: i64,
    /// Every file.
    pub files: Tree,
}

/// How a tag is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagKind {
    /// A tag object.
    Annotated,
    /// A tag object with an SSH signature by the maintainer's key.
    Signed,
    /// A tag object with the signature of another tag's text.
    BadlySigned,
    /// A name for a commit.
    Lightweight,
}

/// A tag.
#[derive(Debug, Clone)]
pub struct Tag {
    /// Name, without `refs/tags/`.
    pub name: String,
    /// Kind.
    pub kind: TagKind,
    /// Index of its commit.
    pub commit: usize,
}

impl Tag {
    fn is_signed(&self) -> bool {
        matches!(self.kind, TagKind::Signed | TagKind::BadlySigned)
    }
}

/// Where the files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Only git's own files, in the folder itself.
    Bare,
    /// The files of the newest commit, and git's in `.git`.
    Checkout,
}

/// A repository to be written.
#[derive(Debug, Clone)]
pub struct Repository {
    /// The commits of `main`, oldest first.
    pub commits: Vec<Commit>,
    /// The tags.
    pub tags: Vec<Tag>,
    /// URL of the remote `origin`.
    pub origin: Option<String>,
}

impl Repository {
    /// Write it to `dir`, which must not exist or be empty; returns the ids of the commits.
    pub fn write(&self, dir: &Path, form: Form) -> Vec<String> {
        std::fs::create_dir_all(dir).expect("a folder for the repository");
        let bare = if form == Form::Bare { "--bare" } else { "--quiet" };
        git(dir, &["init", "--quiet", bare, "--initial-branch=main", "--template="], b"");
        let marks =
            git(dir, &["-c", "fastimport.unpackLimit=1", "fast-import", "--quiet"], &self.import_stream());
        let commits: Vec<String> = marks.lines().map(str::to_owned).collect();
        for tag in self.tags.iter().filter(|tag| tag.is_signed()) {
            write_signed_tag(dir, tag, &commits[tag.commit], self.tagged_at(tag));
        }
        if let Some(origin) = &self.origin {
            let folder = if form == Form::Bare { dir.to_owned() } else { dir.join(".git") };
            add_remote(&folder.join("config"), origin);
        }
        if form == Form::Checkout {
            check_out(dir, &self.commits.last().expect("a checkout is of a commit").files);
        }
        commits
    }

    /// The tag of that name, to be changed.
    pub fn tag_mut(&mut self, name: &str) -> &mut Tag {
        self.tags.iter_mut().find(|tag| tag.name == name).expect("the tag is in the repository")
    }

    /// The commits for `git fast-import`, which answers with the id of each.
    fn import_stream(&self) -> Vec<u8> {
        let mut stream = String::new();
        for (index, commit) in self.commits.iter().enumerate() {
            let (mark, at) = (index + 1, commit.at);
            stream += &format!("commit refs/heads/main\nmark :{mark}\n");
            stream += &format!("author {PERSON} {at} +0000\ncommitter {PERSON} {at} +0000\n");
            stream += &data(&format!("{}\n", commit.message));
            stream += "deleteall\n";
            for (path, content) in &commit.files {
                stream += &format!("M 100644 inline {path}\n{}", data(content));
            }
            stream += &format!("\nget-mark :{mark}\n");
        }
        for tag in self.tags.iter().filter(|tag| !tag.is_signed()) {
            stream += &self.import_tag(tag);
        }
        stream.into_bytes()
    }

    fn import_tag(&self, tag: &Tag) -> String {
        let (name, mark) = (&tag.name, tag.commit + 1);
        if tag.kind == TagKind::Lightweight {
            return format!("reset refs/tags/{name}\nfrom :{mark}\n\n");
        }
        let tagger = format!("tagger {PERSON} {} +0000", self.tagged_at(tag));
        format!("tag {name}\nfrom :{mark}\n{tagger}\n{}", data(&format!("Release {name}\n")))
    }

    /// A minute after its commit.
    fn tagged_at(&self, tag: &Tag) -> i64 {
        self.commits[tag.commit].at + 60
    }
}

fn data(content: &str) -> String {
    format!("data {}\n{content}\n", content.len())
}

/// A signature is over the tag's text, which has the commit's id in it: such a tag comes after the import.
fn write_signed_tag(dir: &Path, tag: &Tag, commit: &str, at: i64) {
    let name = &tag.name;
    let text =
        format!("object {commit}\ntype commit\ntag {name}\ntagger {PERSON} {at} +0000\n\nRelease {name}\n");
    let signed = if tag.kind == TagKind::Signed { text.as_bytes() } else { b"another text" };
    let object = format!("{text}{}", SshKey::named("maintainer").sign("git", signed));
    let id = git(dir, &["hash-object", "-t", "tag", "-w", "--stdin"], object.as_bytes());
    git(dir, &["update-ref", &format!("refs/tags/{name}"), id.trim()], b"");
}

fn add_remote(config: &Path, url: &str) {
    let mut text = std::fs::read_to_string(config).expect("git init wrote a configuration");
    text += &format!("[remote \"origin\"]\n\turl = {url}\n");
    std::fs::write(config, text).expect("the repository's configuration");
}

fn check_out(dir: &Path, files: &Tree) {
    for (path, content) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder"))
            .expect("a folder for the file");
        std::fs::write(path, content).expect("a file of the checkout");
    }
    git(dir, &["read-tree", "HEAD"], b"");
}

/// Run git in `dir` with none of the machine's configuration; returns what it printed.
pub fn git(dir: &Path, arguments: &[&str], input: &[u8]) -> String {
    let mut child = Command::new("git")
        .current_dir(dir)
        .args(["-c", "core.fsync=none"])
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CEILING_DIRECTORIES", dir.parent().unwrap_or(dir))
        .env("TZ", "UTC")
        .env("LC_ALL", "C")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_OBJECT_DIRECTORY")
        .env_remove("GIT_DEFAULT_HASH")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git is installed");
    child.stdin.take().expect("git's input is a pipe").write_all(input).expect("git reads its input");
    let output = child.wait_with_output().expect("git ends");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {complaint}");
    String::from_utf8(output.stdout).expect("git prints ASCII here")
}
