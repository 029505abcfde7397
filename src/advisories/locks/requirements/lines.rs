//! The lines of a requirement file, as pip cuts them (`pip/_internal/req/req_file.py`).
//!
//! The rule that must not be broken: whoever installs sees no line that is not seen here. Python ends a line at more
//! characters than LF, and reads the file in the encoding that a comment names; a file that uses either is refused.

use crate::advisories::locks::Fault;

/// The name that makes bytes UTF-8, which is what is read here.
const ENCODINGS: [&str; 2] = ["utf-8", "utf8"];

/// The lines with continuations joined and comments gone, each with its number from 0.
///
/// # Errors
/// [`Fault::Malformed`] for a character that pip ends a line at and nobody sees, and for a comment that names another
/// encoding than UTF-8.
pub(super) fn logical_lines(text: &str) -> Result<Vec<(usize, String)>, Fault> {
    check_characters(text)?;
    check_encoding(text)?;
    Ok(joined(text.strip_prefix('\u{feff}').unwrap_or(text)))
}

/// Refuses what ends a line for Python's `str.splitlines` besides LF and CRLF, and every other control character.
fn check_characters(text: &str) -> Result<(), Fault> {
    for (number, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.contains(|c: char| (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}')) {
            return Err(Fault::malformed(
                format!("line {}", number + 1),
                "free of control characters and of line ends other than LF and CRLF",
            ));
        }
    }
    Ok(())
}

/// Refuses a comment of the first two lines that names an encoding (PEP 263), which pip obeys.
fn check_encoding(text: &str) -> Result<(), Fault> {
    let head = text.split('\n').take(2).enumerate();
    for (number, line) in head.filter(|(_, line)| line.trim_start_matches('\u{feff}').starts_with('#')) {
        for (at, _) in line.match_indices("coding") {
            let Some(named) = line[at + "coding".len()..].strip_prefix([':', '=']) else { continue };
            let named = named.trim_start();
            let end = named.find(|c: char| !(c.is_alphanumeric() || "-_.".contains(c)));
            let named = named[..end.unwrap_or(named.len())].to_ascii_lowercase().replace('_', "-");
            if !named.is_empty() && !ENCODINGS.contains(&named.as_str()) {
                return Err(Fault::malformed(
                    format!("line {}, which names the encoding {named},", number + 1),
                    "one that leaves the file in utf-8",
                ));
            }
        }
    }
    Ok(())
}

fn joined(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut joined = String::new();
    let mut start = 0;
    let mut add = |start: usize, line: &str| {
        let line = without_comment(line).trim();
        if !line.is_empty() {
            lines.push((start, line.to_owned()));
        }
    };
    for (number, line) in text.lines().enumerate() {
        if joined.is_empty() {
            start = number;
        }
        let is_comment = line.trim_start().starts_with('#');
        match line.strip_suffix('\\') {
            Some(more) if !is_comment => {
                joined.push_str(more);
                joined.push(' ');
                continue;
            }
            _ if is_comment => joined.push(' '),
            _ => joined.push_str(line),
        }
        add(start, &std::mem::take(&mut joined));
    }
    add(start, &joined);
    lines
}

/// A comment begins at a `#` that begins the line or follows a space.
fn without_comment(line: &str) -> &str {
    if line.starts_with('#') {
        return "";
    }
    let at = line
        .char_indices()
        .zip(line.chars().skip(1))
        .find(|((_, c), next)| c.is_whitespace() && *next == '#');
    at.map_or(line, |((at, _), _)| &line[..at])
}
