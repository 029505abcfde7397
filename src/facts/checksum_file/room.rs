//! What the checksum files of one release may have together: each is kept whole, and there may be thousands of them.
//!
//! The rule that must not be broken: a list that does not fit is one that could not be read, and never one that lists
//! nothing. What fits does not depend on what any of them says, only on how long they are, in the order of their names.

use super::{ChecksumFile, ChecksumFileError, MAX_BYTES, MAX_LINES};

/// Most lines of all checksum files of one release.
pub const MAX_TOTAL_LINES: usize = 250_000;
/// Most bytes of all checksum files of one release.
pub const MAX_TOTAL_BYTES: usize = 24 << 20;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize) -> Vec<u8> {
        format!("{}{}  a\n", "\n".repeat(count - 1), "0".repeat(64)).into_bytes()
    }

    #[test]
    fn the_lines_of_all_lists_are_counted_together() {
        let mut room = Room::default();
        for list in 0..MAX_TOTAL_LINES / 50_000 {
            assert!(room.parse("SHA256SUMS", &lines(50_000)).is_ok(), "{list}");
        }
        assert_eq!(room.parse("SHA256SUMS", &lines(1)), Err(ChecksumFileError::NoRoom), "one line over");
        // One line less in one of them, and there is room for one.
        let mut room = Room::default();
        for list in 0..MAX_TOTAL_LINES / 50_000 {
            assert!(room.parse("SHA256SUMS", &lines(50_000 - usize::from(list == 0))).is_ok());
        }
        assert!(room.parse("SHA256SUMS", &lines(1)).is_ok());
        let error = room.parse("SHA256SUMS", &lines(1)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "it was not read: the checksum files of the release have more than 250000 lines or 25165824 bytes together"
        );
    }

    #[test]
    fn the_bytes_of_all_lists_are_counted_together() {
        let list = |bytes: usize| {
            let mut list = lines(1);
            let filler = format!("#{}\n", "x".repeat(4094));
            while list.len() + filler.len() <= bytes {
                list.extend(filler.as_bytes());
            }
            list.resize(bytes, b'#');
            list
        };
        let whole = list(4 << 20);
        let mut room = Room::default();
        for _ in 0..MAX_TOTAL_BYTES / whole.len() - 1 {
            assert!(room.parse("SHA256SUMS", &whole).is_ok());
        }
        let mut exact = room;
        assert!(exact.parse("SHA256SUMS", &whole).is_ok());
        let over = list((4 << 20) + 1);
        assert_eq!(room.parse("SHA256SUMS", &over), Err(ChecksumFileError::NoRoom), "one byte over");
        assert_eq!(
            room.parse("SHA256SUMS", &lines(1)),
            Err(ChecksumFileError::NoRoom),
            "nor any further one"
        );
    }

    #[test]
    fn what_is_too_long_by_itself_takes_no_room_and_says_so() {
        let mut room = Room::default();
        for _ in 0..10 {
            let error = room.parse("SHA256SUMS", &lines(MAX_LINES + 1)).unwrap_err();
            assert_eq!(error, ChecksumFileError::TooManyLines);
            let error = room.parse("SHA256SUMS", &vec![b'#'; MAX_BYTES + 1]).unwrap_err();
            assert_eq!(error, ChecksumFileError::TooLarge { size: MAX_BYTES + 1 });
        }
        assert!(room.parse("SHA256SUMS", &lines(MAX_LINES)).is_ok());
    }
}
