//! What the checksum files of one release may have together: each is kept whole, and there may be thousands of them.
//!
//! The rule that must not be broken: a list that does not fit is one that could not be read, and never one that lists
//! nothing. What fits does not depend on what any of them says, only on how long they are, in the order of their names.

use super::{ChecksumFile, ChecksumFileError, MAX_BYTES, MAX_LINES};

/// Most lines of all checksum files of one release.
pub const MAX_TOTAL_LINES: usize = 400_000;
/// Most bytes of all checksum files of one release.
pub const MAX_TOTAL_BYTES: usize = 32 << 20;

/// What is left of it.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    lines: usize,
    bytes: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { lines: MAX_TOTAL_LINES, bytes: MAX_TOTAL_BYTES }
    }
}

impl Room {
    /// [`ChecksumFile::parse`], unless there is no more room; then there is none for any further one either.
    ///
    /// # Errors
    /// [`ChecksumFileError::NoRoom`], and what is wrong with the file.
    pub fn parse(&mut self, file_name: &str, bytes: &[u8]) -> Result<ChecksumFile, ChecksumFileError> {
        let text = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let lines = text.iter().filter(|byte| **byte == b'\n').count() + 1;
        // One that is too long by itself is refused by itself, and nothing of it is kept.
        if bytes.len() <= MAX_BYTES && lines <= MAX_LINES {
            let (Some(lines), Some(bytes)) =
                (self.lines.checked_sub(lines), self.bytes.checked_sub(bytes.len()))
            else {
                *self = Self { lines: 0, bytes: 0 };
                return Err(ChecksumFileError::NoRoom);
            };
            *self = Self { lines, bytes };
        }
        ChecksumFile::parse(file_name, bytes)
    }
}
