//! The files of one repository in the cache: a flat folder, whatever the repository calls them.

use sigstore_tuf::{Error, MetadataStore};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read, Write},
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The largest file that is read or kept, in bytes.
const MAX_FILE: u64 = 8 << 20;

/// The files of one repository. What is stored is kept in memory until it is committed, so that an update that ends in
/// a refusal leaves everything as it was.
pub(super) struct Store {
    folder: PathBuf,
    pending: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Store {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, pending: Mutex::new(BTreeMap::new()) }
    }

    /// Writes what was stored. The time-stamp comes last: without the rest it would vouch for nothing.
    pub(super) fn commit(&self) -> io::Result<()> {
        let pending = std::mem::take(&mut *self.pending());
        let (last, first): (Vec<_>, Vec<_>) = pending.iter().partition(|(name, _)| *name == "timestamp.json");
        first.into_iter().chain(last).try_for_each(|(name, bytes)| self.write(name, bytes))
    }

    fn pending(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.folder.join(file_name(name))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        let mut bytes = Vec::new();
        file.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(io::Error::other("it is too large"));
        }
        Ok(Some(bytes))
    }

    /// Writes a file that is there whole or not at all.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let name = file_name(name);
        // Two runs may share it; what they leave is verified whenever it is read.
        let part = self.folder.join(format!("{name}.part"));
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, self.folder.join(&name))
    }
}

impl MetadataStore for Store {
    fn load(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        if let Some(bytes) = self.pending().get(name) {
            return Ok(Some(bytes.clone()));
        }
        self.read(name)
            .map_err(|e| Error::Malformed(format!("{} in the cache cannot be read: {e}", file_name(name))))
    }

    fn store(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        if !self.read(name).is_ok_and(|kept| kept.as_deref() == Some(bytes)) {
            self.pending().insert(name.to_owned(), bytes.to_vec());
        }
        Ok(())
    }
}

/// A name that is one file in one folder: everything but letters, digits, `-`, `_` and inner dots is escaped.
pub(super) fn file_name(name: &str) -> String {
    let mut safe = String::new();
    for (place, byte) in name.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => safe.push(char::from(byte)),
            b'.' if place > 0 => safe.push('.'),
            _ => safe.push_str(&format!("%{byte:02X}")),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_file_in_the_folder() {
        let outer = tempfile::tempdir().unwrap();
        let store = Store::new(outer.path().join("cache"));
        let names = [
            "../x",
            "../../x.json",
            "/etc/x",
            "a/b",
            "..",
            ".",
            "a\\b",
            "a\0b",
            "root_history/2.root.json",
            "ü",
        ];
        for name in names {
            store.store(name, name.as_bytes()).unwrap();
        }
        assert_eq!(store.load("../x").unwrap().as_deref(), Some(&b"../x"[..]), "before it is written too");
        assert!(!outer.path().join("cache").exists());
        store.commit().unwrap();
        let store = Store::new(outer.path().join("cache"));
        for name in names {
            assert_eq!(store.load(name).unwrap().as_deref(), Some(name.as_bytes()), "{name:?}");
        }
        let count = |folder: PathBuf| fs::read_dir(folder).unwrap().count();
        assert_eq!(count(outer.path().to_owned()), 1);
        assert_eq!(count(outer.path().join("cache")), names.len());
    }

    #[test]
    fn what_cannot_be_kept_is_said_and_what_is_no_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), b"").unwrap();
        let store = Store::new(folder.path().join("file"));
        store.store("x", b"x").unwrap();
        assert!(store.commit().is_err());
        let store = Store::new(folder.path().to_owned());
        fs::create_dir(folder.path().join("x")).unwrap();
        assert!(store.load("x").is_err());
    }
}
