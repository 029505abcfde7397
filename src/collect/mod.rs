//! Where the world enters: git objects and published files become evidence.
//!
//! The rule that must not be broken: no child process, no environment and no clock, and no network but through
//! [`transport`], which `live` alone connects to the world. What could not be read is said to be unavailable, with the
//! reason; it is never left out.

mod address;
mod attested;
mod download;
pub mod folder;
pub mod forge;
pub mod git;
pub mod index;
pub mod live;
pub mod mark;
pub mod progress;
mod project;
pub mod rekor;
mod sidecar;
pub mod transport;
mod tree;
pub mod waiting;

use crate::{
    advisories::{database::Database, snapshot::Snapshot},
    at_once::at_once,
    digest::Digest,
    evidence::{
        Branches, DefaultBranch, Evidence, Item, Listing, NO_LOG_ASKED, Published, Seen, TagRecord, Tree,
        selected,
    },
    release::RepositoryName,
    text::{self, Untrusted},
};
use folder::{FolderError, FramePlan, Limits};
use git::{GitError, Repository};
use jiff::Timestamp;
use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    sync::Arc,
};
use transport::Transport;

pub use attested::without_provenance;

/// Largest security policy, in bytes.
pub const SECURITY_POLICY_LIMIT: u64 = 1 << 20;

/// Folders in which a security policy may be, in the order in which forges look.
const SECURITY_POLICY_FOLDERS: [&str; 3] = [".github/", "", "docs/"];

/// What the name of a security policy may end in, the best first.
const SECURITY_POLICY_ENDINGS: [&str; 6] = [".md", ".markdown", ".rst", ".adoc", ".txt", ""];

/// What to collect.
pub struct Request<'a> {
    /// Where the repository is.
    pub repository: RepositoryAt,
    /// What it is called; read from `remote.origin.url` when not given.
    pub repository_name: Option<RepositoryName>,
    /// The tag.
    pub tag: String,
    /// Where the published files come from.
    pub assets: Assets,
    /// The advisory databases. They are asked for last: until then they may still be being opened.
    pub advisories: &'a (dyn AsRef<[Database]> + Sync),
    /// Which hashes the signatures need besides plain digests; see [`crate::framed`].
    pub frames: FramePlan<'a>,
    /// When collection begins.
    pub now: Timestamp,
}

/// No advisory databases.
pub static NO_DATABASES: [Database; 0] = [];

/// Where a repository is.
pub enum RepositoryAt {
    /// Here: its checkout or its git folder.
    Folder(PathBuf),
    /// On a forge.
    Forge(git::Source),
}

/// Where the published files come from.
pub enum Assets {
    /// The release of the tag on a forge.
    Forge(forge::Api),
    /// The addresses in an index.
    Index {
        /// The index.
        at: index::IndexAt,
        /// What it, and the files in it, are fetched through.
        transport: Arc<dyn Transport>,
    },
    /// A folder.
    Folder(PathBuf),
    /// Their digests, without their bytes.
    Digests {
        /// The digests, by file name.
        entries: Vec<(String, Digest)>,
        /// The file that lists them. Signatures of it and of the listed files are read from where it stands.
        list: Option<PathBuf>,
        /// Whether that file is itself one of the published files: a checksum file, and no list of the verifier's own.
        list_is_published: bool,
    },
    /// Nowhere, and why.
    None(Cow<'static, str>),
}

/// Why collection could not start.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The repository, or its references, cannot be read; or the name is no name of a tag.
    #[error(transparent)]
    Git(#[from] GitError),
    /// There is no such tag.
    #[error("there is no tag {tag}{}", did_you_mean(nearest))]
    TagMissing {
        /// The tag.
        tag: Untrusted,
        /// Tags with similar names, the most similar first.
        nearest: Vec<Untrusted>,
    },
    /// The published files cannot be had.
    #[error(transparent)]
    Published(#[from] FolderError),
}

/// Collects the evidence about one release.
///
/// # Errors
/// [`CollectError`] when the call was wrong: no repository, no such tag, no such folder, unusable digests. Everything
/// that is wrong with the release is in the evidence.
pub fn gather(request: Request<'_>) -> Result<Evidence, CollectError> {
    let repository = match request.repository {
        RepositoryAt::Folder(path) => Repository::open(&path)?,
        RepositoryAt::Forge(source) => Repository::remote(source, &request.tag)?,
    };
    let tag = Untrusted::new(&request.tag);
    let tag_record = match repository.tag(&request.tag) {
        Ok(Some(record)) => Seen::Present(record),
        Ok(None) => {
            let nearest = repository.nearest_tags(&request.tag)?;
            return Err(CollectError::TagMissing { tag, nearest });
        }
        Err(error @ GitError::TagName { .. }) => return Err(error.into()),
        Err(error) => unreadable(&error),
    };
    let commit = tag_record.present().map(|record| record.commit.clone());
    let tag_object = tag_object(&repository, &request.tag);
    let (listing, published) = published(request.assets, &request.tag, request.frames)?;
    let branches = seen(repository.branches(commit.as_ref()));
    let tree = match &commit {
        Some(commit) => seen(tree::read(&repository, commit, &request.tag)),
        None => Seen::unavailable("the tag could not be read, so its files could not"),
    };
    let (beside, databases, asked) = (repository.beside(), request.advisories, request.tag.as_str());
    let (read, files) = (&tree, &published);
    let read_on = || {
        let policy = security_policy(&repository, &branches);
        (project::read(&repository, commit.as_ref(), asked, read, &policy, &branches), policy)
    };
    // The databases may still be being opened.
    let ask =
        move || at_once(|| beside.as_ref().map(tags), || advisories(databases.as_ref(), read, files, asked));
    let ((project, security_policy), (tags_beside, advisories)) = at_once(read_on, ask);
    Ok(Evidence {
        collected_at: request.now,
        repository: request.repository_name.or_else(|| repository.origin()),
        tag,
        tag_record,
        tag_object,
        tags: tags_beside.unwrap_or_else(|| tags(&repository)),
        security_policy,
        project,
        branches,
        advisories,
        listing,
        published,
        log_entries: Seen::unavailable(NO_LOG_ASKED),
        trusted_roots: Vec::new(),
        tree,
    })
}

/// The published files, with what a forge says of them. One too many is about the release, and so is evidence; the rest is
/// about the call.
fn published(
    assets: Assets,
    tag: &str,
    frames: FramePlan<'_>,
) -> Result<(Option<Seen<Listing>>, Seen<Published>), FolderError> {
    let published = match assets {
        Assets::Forge(api) => return Ok(waiting::on_forge(&api, tag, frames)),
        Assets::Index { at, transport } => return Ok(index::fetch(at, &transport, frames)),
        Assets::Folder(path) => folder::read_folder(&path, Limits::default(), frames),
        Assets::Digests { entries, list, list_is_published } => {
            recorded(entries, list.as_deref(), list_is_published)
        }
        Assets::None(why) => return Ok((None, Seen::unavailable(why))),
    };
    match published {
        Ok(published) => Ok((None, Seen::Present(published))),
        Err(error @ FolderError::TooMany { .. }) => Ok((None, Seen::unavailable(error.to_string()))),
        Err(error) => Err(error),
    }
}

/// The bytes of the tag object, which its signature is over. They are kept where no record can be made of them too: what
/// is wrong with them is for the judgement to say.
fn tag_object(repository: &Repository, tag: &str) -> Seen<Item> {
    match repository.tag_object(tag) {
        Ok(Some((id, bytes))) => Seen::Present(Item::new(format!("git:{id}"), bytes)),
        Ok(None) => Seen::Absent { looked_at: vec![format!("refs/tags/{tag}, which is a commit")] },
        Err(error) => unreadable(&error),
    }
}

/// Every tag; unavailable where a shallow clone may lack some.
fn tags(repository: &Repository) -> Seen<Vec<TagRecord>> {
    match repository.is_shallow() {
        Ok(false) => seen(repository.tags().map(|tags| tags.records)),
        Ok(true) => Seen::unavailable(SHALLOW),
        Err(error) => unreadable(&error),
    }
}

/// Why the tags of a shallow clone prove nothing about what was published.
pub const SHALLOW: &str = "the clone is shallow, so tags may be missing; run `git fetch --unshallow --tags`";

/// Files given as digests, with the sidecars that stand beside the list of them.
fn recorded(
    entries: Vec<(String, Digest)>,
    list: Option<&Path>,
    list_is_published: bool,
) -> Result<Published, FolderError> {
    let mut published = folder::from_digests(entries)?;
    let Some((folder, list)) = list.and_then(|path| Some((path.parent()?, path.file_name()?.to_str()?)))
    else {
        return Ok(published);
    };
    let about = |name: &str, of: &str| name.strip_prefix(of).is_some_and(|rest| rest.starts_with('.'));
    let is_listed = |name: &str| published.files.keys().any(|listed| about(name, listed.as_str()));
    let wanted = |name: &str| {
        (name == list && list_is_published)
            || (sidecar::is_sidecar_name(name)
                && (about(name, list) || name.ends_with(".intoto.jsonl") || is_listed(name)))
    };
    let beside = folder::read_some(folder, Limits::default(), folder::NO_FRAMES, wanted)?;
    published.files.extend(beside.files);
    published.unread = beside.unread;
    Ok(published)
}

/// The security policy of a repository, where no release is asked about.
pub fn security_policy_of(repository: &Repository) -> Seen<Item> {
    security_policy(repository, &seen(repository.branches(None)))
}

/// The security policy on the default branch, where forges look for it.
fn security_policy(repository: &Repository, branches: &Seen<Branches>) -> Seen<Item> {
    let default = match branches {
        Seen::Present(Branches { default: Some(default), .. }) => default,
        Seen::Unavailable { reason } => return Seen::unavailable(reason),
        _ => {
            return Seen::unavailable(
                "the default branch is not known, so its security policy could not be read; \
                 run `git fetch origin '+refs/heads/*:refs/remotes/origin/*'`, \
                 then `git remote set-head origin --auto`",
            );
        }
    };
    let mut looked_at = Vec::new();
    for folder in SECURITY_POLICY_FOLDERS {
        let names = match repository.folder(&default.commit, folder) {
            Ok(names) => names,
            Err(error) => return unreadable(&error),
        };
        if let Some(name) = security_policy_name(&names) {
            let path = format!("{folder}{name}");
            return repository.file(&default.commit, &reference(default), &path, SECURITY_POLICY_LIMIT);
        }
        looked_at.push(format!("{folder}SECURITY.md on {}", default.name));
    }
    Seen::Absent { looked_at }
}

/// The best name of a security policy among the names of a folder.
fn security_policy_name(names: &[Vec<u8>]) -> Option<&str> {
    let place = |name: &str| {
        let lower = name.to_ascii_lowercase();
        let ending = lower.strip_prefix("security")?;
        SECURITY_POLICY_ENDINGS.iter().position(|known| *known == ending)
    };
    let names = names.iter().filter_map(|name| std::str::from_utf8(name).ok());
    names.filter_map(|name| Some((place(name)?, name))).min().map(|(_, name)| name)
}

/// The reference that a default branch was read from.
fn reference(branch: &DefaultBranch) -> String {
    match branch.said_by.as_str() {
        "HEAD" => format!("refs/heads/{}", branch.name),
        "refs/remotes/origin/HEAD" => format!("refs/remotes/origin/{}", branch.name),
        said_by => said_by.to_owned(),
    }
}

/// What the databases say about the packages in the lock files that can be read; the others are reported as
/// unreadable where they are judged.
fn advisories(
    databases: &[Database],
    tree: &Seen<Tree>,
    published: &Seen<Published>,
    tag: &str,
) -> Seen<Snapshot> {
    if databases.is_empty() {
        return Seen::unavailable(
            "no advisory database was given; fetch them (relcheck advisories update), or pass --advisories PATH; a \
             clone of the RustSec advisory-db is one",
        );
    }
    let Some(tree) = tree.present() else {
        return Seen::unavailable("the lock files could not be read, so no advisories were looked up");
    };
    snapshot(databases, tree, published, tag)
}

/// What `databases` say about the packages that the lock files in `tree`, which is that of `tag`, select, and those in
/// published bills of materials.
pub fn snapshot(
    databases: &[Database],
    tree: &Tree,
    published: &Seen<Published>,
    tag: &str,
) -> Seen<Snapshot> {
    let found = selected(tree, published.present(), tag).into_iter();
    let locks: Vec<_> = found.filter_map(|found| found.lock.ok()).collect();
    match Snapshot::take(databases, locks.iter().map(Arc::as_ref)) {
        Ok(snapshot) => Seen::Present(snapshot),
        Err(error) => Seen::unavailable(error.to_string()),
    }
}

/// What was read, or why it was not.
fn seen<T>(result: Result<T, GitError>) -> Seen<T> {
    result.map_or_else(|error| unreadable(&error), Seen::Present)
}

fn unreadable<T>(error: &GitError) -> Seen<T> {
    Seen::unavailable(error.to_string())
}

fn did_you_mean(nearest: &[Untrusted]) -> String {
    let names: Vec<String> = nearest.iter().map(ToString::to_string).collect();
    if names.is_empty() { String::new() } else { format!("; did you mean {}?", text::plural_list(&names, 3)) }
}

#[cfg(test)]
mod tests;
