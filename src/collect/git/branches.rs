//! Branches: which is the default, and whether it holds the commit of a tag.

use super::{GitError, Kind, OBJECT_LIMIT, Repository, Target, git_id, object, own_id};
use crate::{
    evidence::{Branches, DefaultBranch},
    release::ObjectId,
};
use gix::bstr::ByteSlice;
use std::collections::{BTreeSet, BinaryHeap, HashSet};

/// Most commits of a history that are visited.
const HISTORY_LIMIT: usize = 1_000_000;

/// References that may name the default branch, with the prefix of the branches that they may name; the first that
/// does is believed.
const SYMBOLIC: [(&str, &str); 2] =
    [("refs/remotes/origin/HEAD", "refs/remotes/origin/"), ("HEAD", "refs/heads/")];

/// Branches that are taken for the default where nothing says which is.
const CUSTOMARY: [(&str, &str); 4] = [
    ("refs/remotes/origin/main", "main"),
    ("refs/remotes/origin/master", "master"),
    ("refs/heads/main", "main"),
    ("refs/heads/master", "master"),
];

impl Repository {
    /// The branches, and whether the default one holds the commit `tag`.
    ///
    /// # Errors
    /// When references or the history cannot be read.
    pub fn branches(&self, tag: Option<&ObjectId>) -> Result<Branches, GitError> {
        let mut names = BTreeSet::new();
        for prefix in ["refs/heads/", "refs/remotes/origin/"] {
            for (name, _) in self.references(prefix)? {
                names.insert(name.to_str_lossy().into_owned());
            }
        }
        names.remove("HEAD");
        let default = self.default_branch()?;
        let contains_tag = match (&default, tag) {
            (Some(branch), Some(tag)) => self.reaches(git_id(&branch.commit)?, git_id(tag)?)?,
            _ => None,
        };
        Ok(Branches { default, names: names.into_iter().collect(), contains_tag })
    }

    /// The default branch, and which reference said so.
    fn default_branch(&self) -> Result<Option<DefaultBranch>, GitError> {
        let found = |name: &str, said_by: &str, commit| DefaultBranch {
            name: name.to_owned(),
            said_by: said_by.to_owned(),
            commit: own_id(commit),
        };
        for (said_by, prefix) in SYMBOLIC {
            let Some(Target::Symbolic(full)) = self.target(said_by)? else { continue };
            let Some(name) = full.strip_prefix(prefix) else { continue };
            if let Some(commit) = self.resolve(&full)? {
                return Ok(Some(found(name, said_by, commit)));
            }
        }
        for (full, name) in CUSTOMARY {
            if let Some(commit) = self.resolve(full)? {
                return Ok(Some(found(name, full, commit)));
            }
        }
        Ok(None)
    }

    /// Whether `tip` has `wanted` in its history; `None` where the history is cut short before it is seen.
    fn reaches(&self, tip: gix::ObjectId, wanted: gix::ObjectId) -> Result<Option<bool>, GitError> {
        let boundary: HashSet<gix::ObjectId> = match self.git.shallow_commits() {
            Ok(commits) => commits.map(|commits| commits.iter().copied().collect()).unwrap_or_default(),
            Err(error) => return Err(GitError::References(error.into())),
        };
        if tip == wanted {
            return Ok(Some(true));
        }
        let mut is_cut = false;
        if self.remote.is_some() && self.fetch_since_tag(tip).is_err() {
            return Ok(None);
        }
        let mut seen = HashSet::from([tip]);
        let (parents, made) = self.history(tip)?;
        // Newest first: a tag is mostly near the tip.
        let mut next = BinaryHeap::from([(made, tip, parents)]);
        while let Some((_, id, parents)) = next.pop() {
            if boundary.contains(&id) {
                is_cut = true;
                continue;
            }
            for parent in parents {
                if parent == wanted {
                    return Ok(Some(true));
                }
                if !seen.insert(parent) {
                    continue;
                }
                if seen.len() > HISTORY_LIMIT {
                    return Ok(None);
                }
                // What the tag leads to was not fetched, and the tag's commit is not among it.
                if self.remote.is_some() && !self.has(parent) {
                    continue;
                }
                let (grandparents, made) = self.history(parent)?;
                next.push((made, parent, grandparents));
            }
        }
        Ok((!is_cut).then_some(false))
    }

    /// The parents of a commit, and when it was made.
    fn history(&self, id: gix::ObjectId) -> Result<(Vec<gix::ObjectId>, i64), GitError> {
        object::history(id, &self.object_of(id, Kind::Commit, OBJECT_LIMIT)?)
    }
}
