//! Checksum files: what `sha256sum`, `b2sum`, their `--tag` form and their BSD and OpenSSL cousins write.
//!
//! The rule that must not be broken: every line is an entry, a comment, blank, or an error that names it. Nothing is
//! skipped because it was not understood, and no name that reaches past the folder of the release is accepted, so
//! that a file that parses lists exactly what `sha256sum --check` would look at, or less.
//!
//! Stricter than coreutils on purpose: paths, control characters, leading blanks, names with an unescaped backslash
//! (coreutils always escapes one) and files that mix `hash  name` with `hash name` are refused.

mod line;
mod naming;
mod places;
mod room;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::digest::{Algorithm, Digest};

pub use naming::looks_like_checksum_file;
pub use room::{MAX_TOTAL_BYTES, MAX_TOTAL_LINES, Room};

/// Largest checksum file, in bytes.
pub const MAX_BYTES: usize = 5 << 20;
/// Most lines of a checksum file.
pub const MAX_LINES: usize = 100_000;
/// Longest line of a checksum file, in bytes, without its line ending.
pub const MAX_LINE_BYTES: usize = 4096;

/// A parsed checksum file: at least one entry, no two of which contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecksumFile {
    entries: Vec<Entry>,
    /// The places of entries, by name and algorithm; one for each.
    by_name: Vec<u32>,
    notes: Vec<Note>,
}

/// One line that lists a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The line, counted from 1.
    pub line: usize,
    /// The name of the listed file, decoded: never a path, but hostile text all the same.
    pub name: String,
    /// Its digest. Weak and unknown algorithms are kept; see [`Algorithm::is_strong`].
    pub digest: Digest,
}

/// Something tolerated that a careful publisher would not write; each kind once, at the first line that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// The line, counted from 1.
    pub line: usize,
    /// What was tolerated.
    pub kind: NoteKind,
}

/// What was tolerated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// The file starts with a byte-order mark.
    ByteOrderMark,
    /// Lines end with carriage return and line feed.
    CarriageReturn,
    /// A digest is written in uppercase.
    UppercaseDigest,
    /// A name starts with `./`, which was taken off.
    DotSlash,
    /// One blank or tab stands between digest and name, instead of two characters.
    SingleSeparator,
    /// A lone digest: the name of the file it is about was taken from the checksum file's own.
    NameFromFileName,
    /// The digest of standard input (`-`): the name was taken from the checksum file's own.
    StandardInput,
    /// The file has comment lines.
    Comment,
}

/// Why a file is no checksum file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChecksumFileError {
    /// Over [`MAX_BYTES`].
    #[error("the checksum file has {size} bytes, more than {MAX_BYTES}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// Over [`MAX_LINES`].
    #[error("the checksum file has more than {MAX_LINES} lines")]
    TooManyLines,
    /// Over [`MAX_TOTAL_LINES`] or [`MAX_TOTAL_BYTES`], with those before it.
    #[error(
        "it was not read: the checksum files of the release have more than {MAX_TOTAL_LINES} lines or {MAX_TOTAL_BYTES} \
         bytes together"
    )]
    NoRoom,
    /// Over [`MAX_LINE_BYTES`].
    #[error("line {line} is longer than {MAX_LINE_BYTES} bytes")]
    LineTooLong {
        /// The line, counted from 1.
        line: usize,
    },
    /// Not UTF-8.
    #[error("line {line} is not UTF-8")]
    NotUtf8 {
        /// The line, counted from 1.
        line: usize,
    },
    /// A NUL or another control character.
    #[error("line {line} has a control character")]
    ControlCharacter {
        /// The line, counted from 1.
        line: usize,
    },
    /// A cleartext-signed message that does not begin with the file.
    #[error("line {line} begins a PGP cleartext-signed message, and what is before it nobody signed")]
    ClearSigned {
        /// The line, counted from 1.
        line: usize,
    },
    /// A cleartext-signed message none of whose signatures counts.
    #[error("what it lists does not count: {why}")]
    NotSigned {
        /// What is wrong with its signature.
        why: String,
    },
    /// `#!`: a script, whatever stands below.
    #[error("it begins as a script does, with #! and the program that runs it")]
    Script,
    /// A line that is no entry.
    #[error("line {line} is no checksum line")]
    Junk {
        /// The line, counted from 1.
        line: usize,
    },
    /// A digest of a length no algorithm has.
    #[error("line {line} has a digest of {length} hexadecimal digits, which no known algorithm has")]
    UnknownLength {
        /// The line, counted from 1.
        line: usize,
        /// The digits there are.
        length: usize,
    },
    /// The file's name says one algorithm, the line another.
    #[error("line {line} is not {expected}, which the name of the file promises")]
    AlgorithmDisagrees {
        /// The line, counted from 1.
        line: usize,
        /// What the file's name promises.
        expected: String,
    },
    /// An escape that coreutils does not write.
    #[error("line {line} has a broken escape in its name")]
    BadEscape {
        /// The line, counted from 1.
        line: usize,
    },
    /// An entry without a name.
    #[error("line {line} has no name")]
    EmptyName {
        /// The line, counted from 1.
        line: usize,
    },
    /// A name that is a path.
    #[error("line {line} names a path, not a file of the release: {name:?}")]
    Path {
        /// The line, counted from 1.
        line: usize,
        /// The name.
        name: String,
    },
    /// A lone digest in a file with other entries.
    #[error("line {line} is a digest without a name, and not the only entry")]
    NotAlone {
        /// The line, counted from 1.
        line: usize,
    },
    /// A lone digest in a file whose name does not say what it is about.
    #[error("line {line} is a digest without a name, and the file's own name gives none")]
    NoName {
        /// The line, counted from 1.
        line: usize,
    },
    /// `hash  name` and `hash name` in one file: what the second blank means is then anybody's guess.
    #[error("line {line} separates digest and name in another way than the lines before")]
    MixedSeparators {
        /// The line, counted from 1.
        line: usize,
    },
    /// One name with two digests of one algorithm.
    #[error("lines {first} and {second} give different {algorithm} digests for {name:?}")]
    Conflict {
        /// The name.
        name: String,
        /// The algorithm.
        algorithm: Algorithm,
        /// The first line, counted from 1.
        first: usize,
        /// The line that contradicts it.
        second: usize,
    },
    /// Nothing is listed.
    #[error("the checksum file lists nothing")]
    NoEntries,
}

impl ChecksumFile {
    /// Parses the bytes of a checksum file; `file_name` is its own name, which may tell the algorithm
    /// (`SHA512SUMS`, `x.b2`) and, for a lone digest, the file it is about (`x.tar.gz.sha256`).
    ///
    /// # Errors
    /// [`ChecksumFileError`] for the first thing that is wrong.
    pub fn parse(file_name: &str, bytes: &[u8]) -> Result<Self, ChecksumFileError> {
        if bytes.len() > MAX_BYTES {
            return Err(ChecksumFileError::TooLarge { size: bytes.len() });
        }
        let mut reader = Reader::new(file_name);
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if text.len() != bytes.len() {
            reader.note(1, NoteKind::ByteOrderMark);
        }
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        for (index, raw) in text.split(|byte| *byte == b'\n').enumerate() {
            if index == MAX_LINES {
                return Err(ChecksumFileError::TooManyLines);
            }
            reader.line(index + 1, raw)?;
        }
        reader.finish()
    }

    /// The entries, in the order of the file; never empty.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What was tolerated.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Whether the names of the listed files stand in it, and none was taken from its own.
    #[must_use]
    pub fn has_names(&self) -> bool {
        let is_without =
            |note: &Note| matches!(note.kind, NoteKind::NameFromFileName | NoteKind::StandardInput);
        !self.notes.iter().any(is_without)
    }

    /// The digests listed for one name, compared byte for byte.
    pub fn digests_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Digest> {
        let entry = |place: &u32| &self.entries[*place as usize];
        let from = self.by_name.partition_point(|place| entry(place).name.as_str() < name);
        self.by_name[from..].iter().map(entry).take_while(move |it| it.name == name).map(|it| &it.digest)
    }
}

/// What is known while reading from the first line to the last.
struct Reader<'a> {
    file_name: &'a str,
    promised: Option<naming::Promise>,
    separator: Option<line::Separator>,
    nameless: Option<usize>,
    entries: Vec<Entry>,
    notes: BTreeMap<NoteKind, usize>,
}

impl<'a> Reader<'a> {
    fn new(file_name: &'a str) -> Self {
        Reader {
            file_name,
            promised: naming::promise(file_name),
            separator: None,
            nameless: None,
            entries: Vec::new(),
            notes: BTreeMap::new(),
        }
    }

    fn note(&mut self, line: usize, kind: NoteKind) {
        self.notes.entry(kind).or_insert(line);
    }

    fn line(&mut self, line: usize, raw: &[u8]) -> Result<(), ChecksumFileError> {
        let stripped = raw.strip_suffix(b"\r").unwrap_or(raw);
        if stripped.len() > MAX_LINE_BYTES {
            return Err(ChecksumFileError::LineTooLong { line });
        }
        if stripped.len() != raw.len() {
            self.note(line, NoteKind::CarriageReturn);
        }
        let text = std::str::from_utf8(stripped).map_err(|_| ChecksumFileError::NotUtf8 { line })?;
        if text.chars().any(|c| c.is_control() && c != '\t') {
            return Err(ChecksumFileError::ControlCharacter { line });
        }
        if text.starts_with("-----BEGIN PGP SIGNED MESSAGE-----") {
            return Err(ChecksumFileError::ClearSigned { line });
        }
        if line == 1 && text.starts_with("#!") {
            return Err(ChecksumFileError::Script);
        }
        if text.starts_with('#') {
            self.note(line, NoteKind::Comment);
            return Ok(());
        }
        if text.trim_matches([' ', '\t']).is_empty() {
            return Ok(());
        }
        let parsed = line::parse(line, text)?;
        self.entry(line, parsed)
    }

    fn entry(&mut self, line: usize, parsed: line::Line) -> Result<(), ChecksumFileError> {
        if let Some(separator) = parsed.separator {
            if *self.separator.get_or_insert(separator) != separator {
                return Err(ChecksumFileError::MixedSeparators { line });
            }
            if separator == line::Separator::Single {
                self.note(line, NoteKind::SingleSeparator);
            }
        }
        if parsed.hex.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.note(line, NoteKind::UppercaseDigest);
        }
        let digest = self.digest(line, parsed.tag, &parsed.hex.to_ascii_lowercase())?;
        let name = match parsed.name {
            Some(name) if name != "-" => self.listed_name(line, name)?,
            other => {
                let stdin = other.is_some();
                self.note(line, if stdin { NoteKind::StandardInput } else { NoteKind::NameFromFileName });
                self.nameless.get_or_insert(line);
                let own = naming::about(self.file_name).ok_or(ChecksumFileError::NoName { line })?;
                own.to_owned()
            }
        };
        self.entries.push(Entry { line, name, digest });
        match self.nameless {
            Some(nameless) if self.entries.len() > 1 => Err(ChecksumFileError::NotAlone { line: nameless }),
            _ => Ok(()),
        }
    }

    /// The algorithm follows from the tag, else from the file's name, else from the length; all must agree.
    fn digest(&self, line: usize, tag: Option<Algorithm>, hex: &str) -> Result<Digest, ChecksumFileError> {
        let by_length = line::by_length(hex.len());
        let algorithm = match (&self.promised, tag) {
            (None, Some(tag)) => tag,
            (None, None) => by_length.ok_or(ChecksumFileError::UnknownLength { line, length: hex.len() })?,
            (Some(promise), tag) => promise.resolve(tag, hex.len()).ok_or_else(|| {
                ChecksumFileError::AlgorithmDisagrees { line, expected: promise.to_string() }
            })?,
        };
        Digest::parse(algorithm, hex)
            .map_err(|_| ChecksumFileError::UnknownLength { line, length: hex.len() })
    }

    fn listed_name(&mut self, line: usize, name: String) -> Result<String, ChecksumFileError> {
        let name = match name.strip_prefix("./") {
            Some(rest) => {
                self.note(line, NoteKind::DotSlash);
                rest.to_owned()
            }
            None => name,
        };
        if name.is_empty() {
            return Err(ChecksumFileError::EmptyName { line });
        }
        if naming::is_path(&name) {
            return Err(ChecksumFileError::Path { line, name });
        }
        Ok(name)
    }

    fn finish(self) -> Result<ChecksumFile, ChecksumFileError> {
        if self.entries.is_empty() {
            return Err(ChecksumFileError::NoEntries);
        }
        let Self { mut entries, notes, .. } = self;
        entries.shrink_to_fit();
        let by_name = places::by_name(&entries)?;
        let notes = notes.into_iter().map(|(kind, line)| Note { line, kind }).collect();
        Ok(ChecksumFile { entries, by_name, notes })
    }
}
