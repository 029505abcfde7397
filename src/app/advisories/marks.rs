//! By what servers are asked whether a database has changed, kept beside the index.
//!
//! The rule that must not be broken: a mark counts only for what was compiled from the body that it is of, by this version
//! of this program, and only while exactly that is in the index. What is wrong here has no effect but that everything is
//! fetched.

use super::write;
use crate::{
    advisories::{index::Index, source::Source},
    app::Failure,
    collect::mark::Mark,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read,
    path::Path,
};

/// The file in the folder of the index.
const MARKS: &str = "marks.json";
/// The largest that is read, in bytes.
const MARKS_LIMIT: u64 = 64 << 10;
/// Who compiled what is in the index.
const PROGRAM: &str = concat!("relcheck ", env!("CARGO_PKG_VERSION"));

/// The marks of databases, by their names.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Marks {
    program: String,
    databases: BTreeMap<String, Marked>,
}

/// The mark of one database.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marked {
    /// What was asked for.
    url: String,
    /// The digest of its advisories.
    sha256: String,
    mark: Mark,
}

impl Default for Marks {
    fn default() -> Self {
        Self { program: PROGRAM.to_owned(), databases: BTreeMap::new() }
    }
}

impl Marks {
    /// What is kept in `folder`; nothing where that is not readable, or of another version.
    pub(super) fn read(folder: &Path) -> Self {
        let read = || -> Option<Self> {
            let path = folder.join(MARKS);
            if !fs::symlink_metadata(&path).ok()?.is_file() {
                return None;
            }
            let mut bytes = Vec::new();
            File::open(path).ok()?.take(MARKS_LIMIT + 1).read_to_end(&mut bytes).ok()?;
            if bytes.len() as u64 > MARKS_LIMIT {
                return None;
            }
            serde_json::from_slice::<Self>(&bytes).ok().filter(|marks| marks.program == PROGRAM)
        };
        read().unwrap_or_default()
    }

    /// By what to ask `url` for the database `name`, where `index` holds what came from there.
    pub(super) fn of(&self, name: &str, url: &str, index: Option<&Index>) -> Option<&Mark> {
        let marked = self.databases.get(name).filter(|marked| marked.url == url)?;
        let is_in = |source: &Source| source.name == name && marked.is_of(source);
        index?.sources().iter().any(is_in).then_some(&marked.mark)
    }

    /// Remembers the mark of a database; without one, nothing is known of it any more.
    pub(super) fn set(&mut self, source: &Source, mark: Option<Mark>) {
        self.databases.remove(&source.name);
        if let (Some(mark), Some(url)) = (mark, source.url.clone()) {
            self.databases.insert(source.name.clone(), Marked { url, sha256: source.sha256.clone(), mark });
        }
    }

    /// Keeps those of what is in `index`.
    pub(super) fn write(mut self, folder: &Path, index: &Index) -> Result<(), Failure> {
        let is_in = |name: &String, marked: &Marked| {
            index.sources().iter().any(|source| source.name == *name && marked.is_of(source))
        };
        self.databases.retain(|name, marked| is_in(name, marked));
        let bytes = serde_json::to_vec_pretty(&self).expect("strings and maps always serialise");
        let path = folder.join(MARKS);
        write(&path, &bytes).map_err(|error| Failure::unwritten(&path, error))
    }
}

impl Marked {
    fn is_of(&self, source: &Source) -> bool {
        source.sha256 == self.sha256 && source.url.as_ref() == Some(&self.url)
    }
}
