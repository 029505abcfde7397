//! Reading the verifier's own files, each up to a limit.

use super::Failure;
use crate::text::Untrusted;
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// The bytes of `path`, refused when there are more than `limit`; `what` it is goes into the message.
pub fn read(what: &str, path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let shown = Untrusted::new(path.to_string_lossy());
    let bytes = read_capped(path, limit)
        .map_err(|e| Failure::start(format!("{what} {shown} cannot be read: {e}")))?;
    bytes.ok_or_else(|| Failure::start(format!("{what} {shown} is over the limit of {limit} bytes")))
}

/// As [`read`], for what is to be judged: over the limit is undetermined, as it is in a release.
pub fn read_evidence(what: &str, path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    match read_capped(path, limit) {
        Ok(None) => {
            let shown = Untrusted::new(path.to_string_lossy());
            Err(Failure::undetermined(format!("{what} {shown} is over the limit of {limit} bytes")))
        }
        _ => read(what, path, limit),
    }
}

/// As [`read`], as UTF-8.
pub fn read_text(what: &str, path: &Path, limit: u64) -> Result<String, Failure> {
    let shown = Untrusted::new(path.to_string_lossy());
    String::from_utf8(read(what, path, limit)?)
        .map_err(|_| Failure::start(format!("{what} {shown} is not UTF-8 text")))
}

/// `None` when there are more bytes than `limit`.
pub fn read_capped(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    // A FIFO would block for ever on open; only regular files are read.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}
