//! A repository on a forge, read with the git protocol: no clone, no forge's own interface.
//!
//! What is fetched lies in a temporary repository without a checkout, and is read by the same code as every other one: each
//! object's id is computed again from its bytes. So a server can withhold, and it can lie about which object a reference
//! points to, but never about what an object holds. First come the references; then the tag, its tree and that of the default
//! branch without the contents of files; then those few files that are read.

use super::{
    GitError, REFERENCES_LIMIT, Repository,
    budget::{Budget, Late},
    wire::{self, Reach, Reference, Wanted, WireError, Without},
};
use crate::collect::transport::{Accept, Method, Request, Token, Transport, shown};
use gix::ObjectId;
use gix_pack::Bundle;
use std::{
    cell::Cell,
    collections::BTreeSet,
    fs, io,
    path::Path,
    sync::{Arc, atomic::AtomicBool},
};
use tempfile::TempDir;

/// The largest pack, and the largest list of references, in bytes.
const PACK_LIMIT: usize = 64 << 20;
/// Most bytes that one object of a pack may need.
const OBJECT_ALLOCATION: usize = 64 << 20;
/// For how many seconds the objects of one repository may be unpacked.
const UNPACKING: u64 = 60;
/// Most questions that one repository is asked.
const QUESTIONS_LIMIT: u32 = 64;

/// A repository that can be asked.
#[derive(Clone)]
pub struct Source {
    /// `https://HOST/OWNER/NAME`.
    pub url: String,
    /// Who asks, where that matters.
    pub token: Option<Token>,
    /// What requests go through.
    pub transport: Arc<dyn Transport>,
}

/// The other side of a repository, and the folder in which its objects are kept.
pub(super) struct Remote {
    source: Source,
    /// The tag that is read.
    tag: String,
    folder: TempDir,
    asked: Cell<u32>,
    /// For how long its objects may be unpacked still.
    unpacking: Budget,
    /// Whether the server leaves out what is not wanted.
    filters: Cell<bool>,
}

impl Repository {
    /// Reads what is needed to judge the tag called `tag` from another machine.
    ///
    /// # Errors
    /// [`GitError::Remote`] when it cannot be asked; and what is wrong with what it answers.
    pub fn remote(source: Source, tag: &str) -> Result<Self, GitError> {
        let wanted = super::tag_reference(tag)?;
        let folder = tempfile::Builder::new().prefix("relcheck-").tempdir().map_err(kept)?;
        let remote = Remote {
            source,
            tag: wanted.clone(),
            folder,
            asked: Cell::new(0),
            unpacking: Budget::seconds(UNPACKING),
            filters: Cell::new(true),
        };
        let references = remote.references()?;
        skeleton(remote.folder.path(), &references).map_err(kept)?;
        let id = |name: &str| references.iter().find(|reference| reference.name == name).map(|it| it.id);
        let near: Vec<ObjectId> = unique([id(&wanted), id("HEAD")].into_iter().flatten());
        remote.fetch(&near, Reach::One, Without::Files)?;
        let tags = references.iter().filter(|it| it.name.starts_with("refs/tags/")).map(|it| it.id);
        let rest: Vec<ObjectId> = unique(tags.filter(|id| !near.contains(id)));
        remote.fetch(&rest, Reach::One, Without::Folders)?;
        let mut repository = Self::open(remote.folder.path())?;
        repository.remote = Some(remote);
        Ok(repository)
    }

    /// Fetches objects that will be read, in one question. Where nothing is fetched anyway, nothing is done.
    pub fn prefetch(&self, ids: impl Iterator<Item = ObjectId>) -> Result<(), GitError> {
        let Some(remote) = &self.remote else { return Ok(()) };
        let missing: Vec<ObjectId> = unique(ids.filter(|id| !self.has(*id)));
        remote.fetch(&missing, Reach::One, Without::Files)
    }

    /// Fetches the commits that `tip` has and the tag does not.
    pub(super) fn fetch_since_tag(&self, tip: ObjectId) -> Result<(), GitError> {
        let Some(remote) = &self.remote else { return Ok(()) };
        remote.fetch(&[tip], Reach::NotIn(&remote.tag), Without::Folders)
    }
}

impl Remote {
    fn references(&self) -> Result<Vec<Reference>, GitError> {
        let question = wire::ask_references(&["HEAD", "refs/heads/", "refs/tags/"]);
        let answer = self.ask(&question)?;
        wire::references(&answer, REFERENCES_LIMIT).map_err(|error| self.failed(&error))
    }

    /// Adds the wanted objects to the folder.
    fn fetch(&self, ids: &[ObjectId], reach: Reach<'_>, without: Without) -> Result<(), GitError> {
        if ids.is_empty() {
            return Ok(());
        }
        let without = if self.filters.get() { without } else { Without::Nothing };
        let answer = self.ask(&wire::ask_objects(&Wanted { ids, reach, without }))?;
        // A server that cannot leave anything out says so, or just ends.
        let cannot_filter = |error: &WireError| match error {
            WireError::Refused(text) => text.contains("filter"),
            WireError::Malformed(_) => answer.is_empty(),
        };
        match wire::pack(&answer) {
            Ok(pack) => self.keep(&pack),
            Err(error) if without != Without::Nothing && cannot_filter(&error) => {
                self.filters.set(false);
                self.fetch(ids, reach, Without::Nothing)
            }
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Adds one object, with what belongs to it.
    pub(super) fn fetch_one(&self, id: ObjectId) -> Result<(), GitError> {
        self.fetch(&[id], Reach::One, Without::Files)
    }

    /// Writes a pack and its index, for which every object is unpacked: few bytes may be many objects, so the time is bounded.
    fn keep(&self, pack: &[u8]) -> Result<(), GitError> {
        self.unpacking.spend(|is_late| self.write(pack, is_late)).unwrap_or_else(|Late| {
            let reason = format!(
                "the objects of {} take more than {UNPACKING} s to unpack; report it to whoever runs that server",
                self.url()
            );
            Err(GitError::Remote { reason })
        })
    }

    fn write(&self, pack: &[u8], is_late: &AtomicBool) -> Result<(), GitError> {
        let options = gix_pack::bundle::write::Options {
            thread_limit: Some(1),
            alloc_limit_bytes: Some(OBJECT_ALLOCATION),
            ..Default::default()
        };
        let written = Bundle::write_to_directory(
            &mut io::Cursor::new(pack),
            Some(&self.folder.path().join("objects/pack")),
            &mut gix::progress::Discard,
            is_late,
            None::<gix::objs::find::Never>,
            gix::hash::Kind::Sha1,
            options,
        );
        written.map(drop).map_err(|error| GitError::Pack { url: self.url(), cause: error.into() })
    }

    fn ask(&self, question: &[u8]) -> Result<Vec<u8>, GitError> {
        self.asked.set(self.asked.get() + 1);
        if self.asked.get() > QUESTIONS_LIMIT {
            return Err(GitError::Limit { what: "questions to a git server", limit: QUESTIONS_LIMIT.into() });
        }
        let url = format!("{}.git/git-upload-pack", self.source.url.trim_end_matches('/'));
        let request = Request {
            method: Method::Git(question),
            url: &url,
            max_bytes: PACK_LIMIT,
            accept: Accept::Git,
            token: self.source.token.as_ref(),
        };
        let answer = self.source.transport.fetch(&request);
        answer.map(|answer| answer.bytes).map_err(|error| GitError::Remote { reason: error.reason() })
    }

    fn failed(&self, error: &WireError) -> GitError {
        GitError::Remote { reason: format!("{} cannot be read as a git repository: {error}", self.url()) }
    }

    fn url(&self) -> String {
        shown(&self.source.url)
    }
}

/// A repository without a checkout and without objects, that has these references.
fn skeleton(folder: &Path, references: &[Reference]) -> io::Result<()> {
    fs::create_dir_all(folder.join("objects/pack"))?;
    fs::create_dir_all(folder.join("refs"))?;
    fs::write(folder.join("config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n")?;
    let head = references.iter().find(|reference| reference.name == "HEAD");
    let head = match head.map(|head| (head.target.as_deref(), head.id)) {
        Some((Some(target), _)) => format!("ref: {target}\n"),
        Some((None, id)) => format!("{id}\n"),
        None => "ref: refs/heads/main\n".to_owned(),
    };
    fs::write(folder.join("HEAD"), head)?;
    let mut packed: Vec<String> = (references.iter())
        .filter(|reference| reference.name != "HEAD")
        .map(|reference| format!("{} {}\n", reference.id, reference.name))
        .collect();
    packed.sort_by(|a, b| a[41..].cmp(&b[41..]));
    fs::write(folder.join("packed-refs"), format!("# pack-refs with: sorted\n{}", packed.concat()))
}

fn unique(ids: impl Iterator<Item = ObjectId>) -> Vec<ObjectId> {
    ids.collect::<BTreeSet<_>>().into_iter().collect()
}

fn kept(error: io::Error) -> GitError {
    GitError::Folder {
        path: "the temporary folder".to_owned(),
        why: match error.kind() {
            io::ErrorKind::StorageFull => "has no room left",
            _ => "cannot be written to",
        },
    }
}

#[cfg(test)]
mod tests;
