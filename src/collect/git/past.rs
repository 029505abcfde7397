//! The history of a branch, as far as dates and one file are concerned.
//!
//! The rule that must not be broken: a history that is cut short, or longer than is walked, is a reason and no date.

use super::{GitError, Kind, Mode, OBJECT_LIMIT, Repository, git_id, object, own_id};
use crate::{evidence::project::Recent, paths, release::ObjectId};
use jiff::Timestamp;
use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    rc::Rc,
};

/// Most commits that are walked.
const COMMITS_LIMIT: usize = 20_000;

/// How many of the newest commits are looked at for the numbers of pull requests.
const RECENT: u32 = 200;

/// A version of a file, and the commit that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::collect) struct Version {
    /// The commit.
    pub(in crate::collect) commit: ObjectId,
    /// When it was made.
    pub(in crate::collect) time: Option<Timestamp>,
    /// The file.
    pub(in crate::collect) file: gix::ObjectId,
}

/// What the history is read for, of one commit. Read leniently, as [`object::history`] is.
struct Commit {
    parents: Vec<gix::ObjectId>,
    /// When its author wrote it, and when it was made.
    times: [Option<Timestamp>; 2],
    /// Its tree, where the commit is well formed.
    tree: Option<gix::ObjectId>,
    names_a_request: bool,
}

/// A walk through the history, which reads each commit once.
pub(in crate::collect) struct Past<'r> {
    repository: &'r Repository,
    commits: RefCell<HashMap<gix::ObjectId, Rc<Commit>>>,
}

impl Repository {
    /// Why the history cannot be walked, where that is so.
    pub(in crate::collect) fn lacks_history(&self) -> Option<String> {
        if self.remote.is_some() {
            return Some("the history is not fetched from a forge; give a clone as --repository".to_owned());
        }
        match self.is_shallow() {
            Ok(false) => None,
            Ok(true) => {
                Some("the clone is shallow, so its history is cut; run `git fetch --unshallow`".to_owned())
            }
            Err(error) => Some(error.to_string()),
        }
    }

    /// The history.
    pub(in crate::collect) fn past(&self) -> Past<'_> {
        Past { repository: self, commits: RefCell::default() }
    }

    /// The bytes of a version.
    ///
    /// # Errors
    /// When they cannot be read, or are more than `limit`.
    pub(in crate::collect) fn version(&self, version: &Version, limit: u64) -> Result<Vec<u8>, GitError> {
        self.object_of(version.file, Kind::Blob, limit)
    }
}

impl Past<'_> {
    /// When the oldest commit of a history was made: by its author or its committer, whichever is earlier.
    ///
    /// # Errors
    /// When a commit cannot be read, or there are too many.
    pub(in crate::collect) fn began(&self, tip: &ObjectId) -> Result<Option<Timestamp>, GitError> {
        let tip = git_id(tip)?;
        let mut seen = HashSet::from([tip]);
        let mut waiting = vec![tip];
        let mut first: Option<Timestamp> = None;
        while let Some(id) = waiting.pop() {
            let commit = self.commit(id)?;
            if commit.parents.is_empty() {
                first = commit.times.into_iter().flatten().chain(first).min();
            }
            waiting.extend(commit.parents.iter().filter(|parent| seen.insert(**parent)));
            within(seen.len())?;
        }
        Ok(first)
    }

    /// The versions of the file at `path`, newest first, to the commit that brought it there. Of a merge, the side is
    /// followed that the file is from.
    ///
    /// # Errors
    /// When an object cannot be read, or there are too many.
    pub(in crate::collect) fn versions(&self, tip: &ObjectId, path: &str) -> Result<Vec<Version>, GitError> {
        let mut versions = Vec::new();
        let mut at = git_id(tip)?;
        let Some(mut file) = self.blob_at(at, path)? else { return Ok(versions) };
        for walked in 0.. {
            within(walked)?;
            let commit = self.commit(at)?;
            let mut before = None;
            for parent in &commit.parents {
                let Some(found) = self.blob_at(*parent, path)? else { continue };
                if found == file {
                    before = Some((*parent, found));
                    break;
                }
                before.get_or_insert((*parent, found));
            }
            if before.is_none_or(|(_, found)| found != file) {
                let [_, committed] = commit.times;
                versions.push(Version { commit: own_id(at), time: committed, file });
            }
            match before {
                Some(next) => (at, file) = next,
                None => break,
            }
        }
        Ok(versions)
    }

    /// The newest commits of the branch, each the first parent of the one before.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(in crate::collect) fn recent(&self, tip: &ObjectId) -> Result<Recent, GitError> {
        let mut recent = Recent::default();
        let mut at = Some(git_id(tip)?);
        while let Some(id) = at.filter(|_| recent.commits < RECENT) {
            let commit = self.commit(id)?;
            recent.commits += 1;
            recent.with_request += u32::from(commit.names_a_request);
            at = commit.parents.first().copied();
        }
        Ok(recent)
    }

    fn commit(&self, id: gix::ObjectId) -> Result<Rc<Commit>, GitError> {
        if let Some(known) = self.commits.borrow().get(&id) {
            return Ok(Rc::clone(known));
        }
        let bytes = self.repository.object_of(id, Kind::Commit, OBJECT_LIMIT)?;
        let commit = Rc::new(Commit {
            parents: object::history(id, &bytes)?.0,
            times: object::times(&bytes),
            tree: object::commit(id, &bytes).ok().map(|commit| commit.tree),
            names_a_request: names_a_request(&bytes),
        });
        self.commits.borrow_mut().insert(id, Rc::clone(&commit));
        Ok(commit)
    }

    /// The file at `path` of a commit, or the link that stands there; links are not followed.
    fn blob_at(&self, commit: gix::ObjectId, path: &str) -> Result<Option<gix::ObjectId>, GitError> {
        let mut here = match self.commit(commit)?.tree {
            Some(tree) => tree,
            // It is not well formed, and this says why.
            None => self.repository.root(&own_id(commit))?,
        };
        let (folders, name) = paths::split(path);
        for folder in folders.split('/').filter(|folder| !folder.is_empty()) {
            match self.repository.entry(here, folder.as_bytes())? {
                Some((Mode::Tree, id)) => here = id,
                _ => return Ok(None),
            }
        }
        Ok(match self.repository.entry(here, name.as_bytes())? {
            Some((Mode::Blob | Mode::BlobExecutable | Mode::Link, id)) => Some(id),
            _ => None,
        })
    }
}

fn within(commits: usize) -> Result<(), GitError> {
    if commits > COMMITS_LIMIT {
        return Err(GitError::Limit { what: "commits in the history", limit: COMMITS_LIMIT as u64 });
    }
    Ok(())
}

/// Whether the message of a commit names a pull or merge request, as forges write it when they merge one.
fn names_a_request(commit: &[u8]) -> bool {
    let Some(start) = commit.windows(2).position(|pair| pair == b"\n\n") else { return false };
    let message = String::from_utf8_lossy(&commit[start + 2..]);
    let subject = message.lines().next().unwrap_or_default().trim_end();
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let squashed = subject.strip_suffix(')').and_then(|it| it.rsplit_once("(#")).map(|(_, it)| it);
    let merged = subject.strip_prefix("Merge pull request #").and_then(|it| it.split(' ').next());
    let on_gitlab = message.lines().any(|line| {
        let named = line.strip_prefix("See merge request ").and_then(|it| it.rsplit_once('!'));
        named.is_some_and(|(_, it)| number(it.trim_end()))
    });
    squashed.is_some_and(number) || merged.is_some_and(number) || on_gitlab
}

#[cfg(test)]
mod tests {
    use super::names_a_request;

    #[test]
    fn a_commit_that_a_forge_merged_is_told_from_one_that_speaks_of_a_number() {
        let named = |message: &str| names_a_request(format!("tree 1\n\n{message}").as_bytes());
        for message in
            ["Add x (#12)\n", "Merge pull request #3 from a/b\n\nx", "x\n\nSee merge request a/b!7\n"]
        {
            assert!(named(message), "{message}");
        }
        for message in
            ["Fix #12", "Add x (#12) again", "Merge branch 'x'", "x (#)", "See merge request a/b!x"]
        {
            assert!(!named(message), "{message}");
        }
        assert!(!names_a_request(b"tree 1"));
    }
}
