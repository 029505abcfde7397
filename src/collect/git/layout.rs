//! Where the files of a repository are that are read when it is opened.
//!
//! The rule that must not be broken: none of them is a pipe or a device, which would block for ever.

use super::{GitError, PATH_LIMIT};
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

/// Files of a git folder that are read when it is opened. A pipe among them would block for ever.
const READ_ON_OPENING: [&str; 7] =
    ["HEAD", "config", "config.worktree", "commondir", "packed-refs", "shallow", "objects/info/alternates"];

/// The git folder of `path`, and the one that it shares with other worktrees, where it does; nothing where a `.git` file names
/// none. No file in them that is read when it is opened is a pipe.
pub(super) fn folders(path: &Path) -> Result<Vec<PathBuf>, GitError> {
    let dot_git = path.join(".git");
    let folder: PathBuf = match fs::metadata(&dot_git) {
        Ok(meta) if meta.is_dir() => dot_git,
        Ok(meta) if meta.is_file() => match linked_folder(path, &dot_git) {
            Some(folder) => folder,
            None => return Ok(Vec::new()),
        },
        Ok(_) => return Err(GitError::NotRegular { name: ".git" }),
        Err(_) => path.to_owned(),
    };
    refuse_irregular_in(&folder)?;
    // A linked worktree shares what is in another folder, which it names here.
    let shared = first_line(&folder.join("commondir")).map(|common| folder.join(common));
    shared.as_deref().map_or(Ok(()), refuse_irregular_in)?;
    Ok([folder].into_iter().chain(shared).collect())
}

fn refuse_irregular_in(folder: &Path) -> Result<(), GitError> {
    let irregular = |name: &&str| fs::metadata(folder.join(name)).is_ok_and(|meta| !meta.is_file());
    match READ_ON_OPENING.into_iter().find(irregular) {
        Some(name) => Err(GitError::NotRegular { name }),
        None => Ok(()),
    }
}

/// The git folder that a `.git` file in `path` names.
fn linked_folder(path: &Path, dot_git: &Path) -> Option<PathBuf> {
    let line = first_line(dot_git)?;
    Some(path.join(line.strip_prefix("gitdir:")?.trim_start()))
}

/// The first line of a small regular file.
fn first_line(file: &Path) -> Option<String> {
    if !fs::metadata(file).ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    fs::File::open(file).ok()?.take(PATH_LIMIT as u64).read_to_string(&mut text).ok()?;
    text.lines().next().map(|line| line.trim_end().to_owned())
}
