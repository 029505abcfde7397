//! The files of one repository in the cache: a flat folder, whatever the repository calls them.

use sigstore_tuf::{Error, MetadataStore};
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::PathBuf,
    sync::Mutex,
};

/// The largest file that is read or kept, in bytes.
const MAX_FILE: u64 = 8 << 20;

/// The files of one repository.
pub(super) struct Store {
    folder: PathBuf,
    is_read_only: bool,
    /// Why a file could not be kept; the updater goes on without saying so.
    failure: Mutex<Option<String>>,
}

impl Store {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, is_read_only: false, failure: Mutex::new(None) }
    }

    /// The same, and nothing is ever written.
    pub(super) fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }

    /// Why a file could not be kept, where one could not.
    pub(super) fn failure(&self) -> Option<String> {
        self.failure.lock().map_or_else(|_| Some("another thread failed".to_owned()), |it| it.clone())
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
        self.read(name).map_err(|e| Error::Malformed(format!("{} in the cache cannot be read: {e}", file_name(name))))
    }

    fn store(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        if self.is_read_only || self.read(name).is_ok_and(|kept| kept.as_deref() == Some(bytes)) {
            return Ok(());
        }
        self.write(name, bytes).map_err(|e| {
            if let Ok(mut failure) = self.failure.lock() {
                *failure = Some(format!("{}: {e}", file_name(name)));
            }
            Error::Malformed(e.to_string())
        })
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
        let names = ["../x", "../../x.json", "/etc/x", "a/b", "..", ".", "a\\b", "a\0b", "root_history/2.root.json", "ü"];
        for name in names {
            store.store(name, name.as_bytes()).unwrap();
        }
        for name in names {
            assert_eq!(store.load(name).unwrap().as_deref(), Some(name.as_bytes()), "{name:?}");
        }
        let count = |folder: PathBuf| fs::read_dir(folder).unwrap().count();
        assert_eq!(count(outer.path().to_owned()), 1);
        assert_eq!(count(outer.path().join("cache")), names.len());
        assert_eq!(store.failure(), None);
    }

    #[test]
    fn what_cannot_be_kept_is_remembered_and_what_is_no_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), b"").unwrap();
        let store = Store::new(folder.path().join("file"));
        assert!(store.store("x", b"x").is_err());
        assert!(store.failure().is_some());
        let store = Store::new(folder.path().to_owned());
        fs::create_dir(folder.path().join("x")).unwrap();
        assert!(store.load("x").is_err());
        assert!(store.read_only().store("y", b"y").is_ok());
        assert!(!folder.path().join("y").exists());
    }
}
