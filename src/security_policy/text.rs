//! The bytes of a policy as text, and where its lines begin.

use super::Damage;

/// The largest file that is read.
pub(super) const LARGEST: usize = 1 << 20;

/// The most lines that are read, and the longest; real policies have a thousand of a few thousand bytes.
pub(super) const MOST_LINES: usize = 10_000;
pub(super) const LONGEST_LINE: usize = 32 << 10;

/// The most punctuation that is read: what Markdown is made of, and what its parser's time depends on. Real policies have
/// a few thousand of them.
pub(super) const MOST_MARKS: usize = 100_000;

/// Whether the file has no more punctuation than is read.
pub(super) fn has_usual_marks(bytes: &[u8]) -> bool {
    bytes.iter().filter(|byte| byte.is_ascii_punctuation()).count() <= MOST_MARKS
}

/// Whether the file has no more lines, and no longer ones, than are read: what bounds the time of the parser.
pub(super) fn has_usual_lines(bytes: &[u8]) -> bool {
    let mut lines = 0;
    bytes.split(|byte| *byte == b'\n').all(|line| {
        lines += 1;
        lines <= MOST_LINES && line.len() <= LONGEST_LINE
    })
}

/// Whether the file is text in UTF-16: by its byte order mark, or by a first letter that takes two bytes, one of them zero.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=255, ..] | [1..=255, 0, ..])
}

/// The text, and what was wrong with its bytes: UTF-8 without its byte order mark, else Windows-1252.
pub(super) fn decode(bytes: &[u8]) -> (String, Option<Damage>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (bytes.iter().map(|&byte| windows_1252(byte)).collect(), Some(Damage::NotUtf8)),
    }
}

const fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[(byte - 0x80) as usize],
        _ => byte as char,
    }
}

/// The sequence on the first line that was decoded twice, if there is one.
pub(super) fn mojibake(text: &str) -> Option<(usize, &'static str)> {
    const MARKS: [&str; 8] = ["ðŸ", "âœ…", "âŒ", "â€", "Ã©", "Ã¼", "Ã¶", "ï»¿"];
    text.lines().enumerate().find_map(|(index, line)| {
        MARKS.iter().find(|mark| line.contains(**mark)).map(|mark| (index + 1, *mark))
    })
}

/// Finds the line of an offset.
pub(super) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { starts: std::iter::once(0).chain(ends).collect() }
    }

    /// The line of a byte, from 1.
    pub(super) fn at(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_utf8_are_read_as_windows_1252_and_said_so() {
        assert_eq!(decode(b"\xef\xbb\xbfab"), ("ab".to_owned(), None));
        assert_eq!(decode(b"Sicherheit f\xfcr \x80"), ("Sicherheit für €".to_owned(), Some(Damage::NotUtf8)));
    }

    #[test]
    fn utf16_is_told_by_its_mark_or_its_first_letter() {
        for bytes in [&b"\xff\xfe#\0"[..], b"\xfe\xff\0#", b"#\0 \0", b"\0#\0 "] {
            assert!(is_utf16(bytes), "{bytes:?}");
        }
        for bytes in [&b""[..], b"#", b"# S", b"\xef\xbb\xbf# S", b"f\xfcr", b"# \0", b"\0\0"] {
            assert!(!is_utf16(bytes), "{bytes:?}");
        }
    }

    #[test]
    fn lines_count_from_one() {
        let lines = Lines::of("a\nb\n\nc");
        assert_eq!([0, 1, 2, 3, 4, 5].map(|at| lines.at(at)), [1, 1, 2, 2, 3, 4]);
    }
}
