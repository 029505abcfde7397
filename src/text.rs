//! Text that strangers chose, made safe to print.
//!
//! Names, identities and messages of a release end up on terminals, in Markdown and in logs. Nothing that could move a
//! cursor, reorder a line, hide itself or start a workflow command is ever printed: it is shown as `\u{..}` instead.

use std::{borrow::Cow, fmt};

/// The longest piece of foreign text that is shown whole, in characters.
pub const MAX_SHOWN: usize = 2000;

/// Whether `c` shows as itself on every terminal and in every editor.
pub fn is_plain(c: char) -> bool {
    if c.is_ascii() { !c.is_ascii_control() } else { !c.is_control() && !is_invisible(c) }
}

/// Characters that have no width, change direction, or are tags: the means of making text look like other text.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Whether a selector of how a character is drawn stands where it changes nothing else: once, after a picture.
fn is_drawn(before: Option<char>, c: char) -> bool {
    c == '\u{fe0f}'
        && before.is_some_and(|before| {
            matches!(before,
                '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21aa}' | '\u{231a}'..='\u{23ff}'
                | '\u{25aa}'..='\u{25fe}' | '\u{2600}'..='\u{27bf}' | '\u{2934}'..='\u{2935}' | '\u{2b05}'..='\u{2b55}'
                | '\u{1f000}'..='\u{1faff}')
        })
}

/// `text` on one line, with everything unprintable shown as `\u{..}` and cut after [`MAX_SHOWN`] characters.
pub fn clean(text: &str) -> Cow<'_, str> {
    // Few texts are longer in bytes than the limit in characters; only those are counted.
    let fits = text.len() <= MAX_SHOWN || text.chars().nth(MAX_SHOWN).is_none();
    if fits && text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().min(MAX_SHOWN) + 16);
    let mut before = None;
    for (n, c) in text.chars().enumerate() {
        if n == MAX_SHOWN {
            out.push_str(" … (cut)");
            break;
        }
        if is_plain(c) || is_drawn(before, c) {
            out.push(c);
        } else {
            out.extend(c.escape_unicode());
        }
        before = Some(c);
    }
    Cow::Owned(out)
}

/// `text` with what opens an address left out of it: who is named before its `@`, but for `git`, and what stands behind
/// the `=` of a token in it. A report is published where its project may not be.
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    let (mut out, mut copied, mut from) = (String::new(), 0, 0);
    while let Some(at) = text[from..].find("://") {
        let place = from + at + 3;
        let end = place + text[place..].find(ends_an_address).unwrap_or(text.len() - place);
        // Another address in this one is looked at by itself.
        let end = text[place..end].find("://").map_or(end, |next| place + next);
        if let Some(at) = named_before(&text[place..end]) {
            out.push_str(&text[copied..place]);
            out.push_str("***");
            copied = place + at;
        }
        for (value, until) in tokens(&text[place..end]) {
            if place + value >= copied {
                out.push_str(&text[copied..place + value]);
                out.push_str("***");
                copied = place + until;
            }
        }
        from = end;
    }
    if copied == 0 { Cow::Borrowed(text) } else { Cow::Owned(out + &text[copied..]) }
}

fn ends_an_address(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '"' | '`' | '<' | '>')
}

/// Where the `@` stands behind somebody's name and password; none behind `git` alone, and where a path has one.
fn named_before(address: &str) -> Option<usize> {
    let authority = address.find(['/', '?', '#', '\\']).unwrap_or(address.len());
    let at = address[..authority].rfind('@').or_else(|| {
        // A password with a mark in it that it should not have: `user:a/b@host`.
        let has_password = address[..authority]
            .split_once(':')
            .is_some_and(|(_, port)| !port.is_empty() && !port.bytes().all(|b| b.is_ascii_digit()));
        address.find('@').filter(|_| has_password)
    })?;
    let is_digest = ["sha256:", "sha512:"].iter().any(|digest| address[at + 1..].starts_with(digest));
    (&address[..at] != "git" && !is_digest).then_some(at)
}

/// Where the values of tokens stand behind the path of an address.
fn tokens(address: &str) -> Vec<(usize, usize)> {
    const PARTS: &[&str] =
        &["auth", "credential", "credentials", "jwt", "key", "pass", "pwd", "sig", "signature", "sas"];
    const WITHIN: &[&str] = &["token", "secret", "passw", "apikey", "authorization", "accesskey"];
    let Some(query) = address.find(['?', '#']) else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = query;
    for pair in address[query..].split(['?', '&', '#']) {
        if let Some((name, value)) = pair.split_once('=')
            && !value.is_empty()
        {
            let name = name.to_ascii_lowercase();
            let is_part = name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| PARTS.contains(&part));
            if is_part || WITHIN.iter().any(|secret| name.contains(secret)) {
                found.push((at + name.len() + 1, at + pair.len()));
            }
        }
        at += pair.len() + 1;
    }
    found
}

/// JSON text in which every character that is not plain is escaped; it means the same.
pub fn inert_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 16);
    let (mut previous, mut copied) = (' ', 0);
    for (at, c) in json.char_indices() {
        // Build logs act on `##[command]` wherever it stands in a line.
        let is_command = c == '#' && previous == '#';
        previous = c;
        if (is_plain(c) || c == '\n') && !is_command {
            continue;
        }
        out.push_str(&json[copied..at]);
        copied = at + c.len_utf8();
        let mut units = [0; 2];
        c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
    }
    out.push_str(&json[copied..]);
    out
}

/// Text from a release or a forge. It prints escaped, and only escaped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Untrusted(String);

impl Untrusted {
    /// Takes any text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as it was found, for comparing; never for printing.
    pub fn raw(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&clean(&self.0))
    }
}

/// `1 artifact`, `3 artifacts`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The first `most` of `names`, and how many more there are.
pub fn plural_list<S: AsRef<str>>(names: &[S], most: usize) -> String {
    let mut text = names.iter().take(most).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    if names.len() > most {
        text.push_str(&format!(" and {} more", names.len() - most));
    }
    text
}

/// The entry of `known` nearest to `word`, when it is near enough to be a slip of the hand.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(word, known).min().map(|(_, candidate)| candidate)
}

/// The entries of `known` that are near enough to `word` to be a slip of the hand, each with how far it is.
pub fn near<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> impl Iterator<Item = (usize, &'a str)> {
    let limit = (word.chars().count() / 3).max(2);
    let known = known.into_iter().map(move |candidate| (distance(word, candidate, limit), candidate));
    known.filter(move |(distance, _)| *distance <= limit)
}

/// Levenshtein distance; more than `limit` when it is more than `limit`.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(256).collect(), b.chars().take(256).collect());
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Percent-encoding undone; what is none stays.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = (*first == b'%').then(|| after.get(..2)).flatten().and_then(|pair| hex::decode(pair).ok());
        match pair {
            Some(byte) => {
                bytes.extend(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_addresses_are_not_shown() {
        for (text, shown) in [
            (
                "takes packages from https://ada:s3cret@corp.example/simple",
                "takes packages from https://***@corp.example/simple",
            ),
            ("git+https://ghp_s3cret@github.com/a/b.git#v1", "git+https://***@github.com/a/b.git#v1"),
            (
                "\"https://a@b@corp.example/x?id=7&_authToken=s3;cret&v=1\" and http://u:p@x/",
                "\"https://***@corp.example/x?id=7&_authToken=***&v=1\" and http://***@x/",
            ),
            (
                "https://u:a,(s3'cret@corp.example/ https://u:a/s3cret@corp.example/",
                "https://***@corp.example/ https://***@corp.example/",
            ),
            (
                "https://proxy.example/?u=https://u:s3cret@corp.example/?pwd=s3cret",
                "https://proxy.example/?u=https://***@corp.example/?pwd=***",
            ),
            (
                "https://corp.example/x#access_token=s3cret as said",
                "https://corp.example/x#access_token=*** as said",
            ),
            ("https://ada:s3cret@corp.example", "https://***@corp.example"),
        ] {
            assert_eq!(without_secrets(text), shown);
        }
        for plain in [
            "ssh://git@github.com/a/b.git",
            "https://github.com/a/b/.github/workflows/release.yml@refs/tags/v1.2.3",
            "https://corp.example/x?ref=v1.2.3&page=2&author=ada&design=a&keyword=b",
            "docker://alpine@sha256:abc",
            "https://registry.example:8080/@acme/db",
            "ada@corp.example signed https://corp.example/, ada did",
            "",
        ] {
            assert_eq!(without_secrets(plain), plain);
        }
    }

    #[test]
    fn what_could_move_a_cursor_or_reorder_a_line_is_escaped() {
        for hostile in
            ["a\x1b[2Kb", "a\rb", "a\nb", "a\u{202e}b", "a\u{200b}b", "a\u{9b}b", "a\u{e0041}b", "a\0b"]
        {
            let shown = clean(hostile);
            assert!(shown.chars().all(is_plain), "{shown:?}");
            assert!(shown.contains("\\u{"), "{shown}");
        }
        assert_eq!(clean("a\x1bb"), "a\\u{1b}b");
    }

    #[test]
    fn plain_text_of_any_language_is_left_alone() {
        for plain in ["widget-1.2.3.tar.gz", "größe", "版本", "✅ yes"] {
            assert_eq!(clean(plain), plain);
        }
    }

    #[test]
    fn a_picture_keeps_the_selector_of_how_it_is_drawn() {
        assert_eq!(clean("⚠\u{fe0f} and ✔\u{fe0f}"), "⚠\u{fe0f} and ✔\u{fe0f}");
        for (hostile, shown) in [
            ("⚠\u{fe0f}\u{fe0f}", "⚠\u{fe0f}\\u{fe0f}"),
            ("⚠\u{fe0e}", "⚠\\u{fe0e}"),
            ("⚠\u{200d}", "⚠\\u{200d}"),
            ("a\u{fe0f}", "a\\u{fe0f}"),
            ("1\u{fe0f}", "1\\u{fe0f}"),
            ("\u{fe0f}", "\\u{fe0f}"),
            ("⚠\u{202e}\u{fe0f}", "⚠\\u{202e}\\u{fe0f}"),
        ] {
            assert_eq!(clean(hostile), shown);
        }
    }

    #[test]
    fn long_text_is_cut() {
        let shown = clean(&"x".repeat(1 << 20)).into_owned();
        assert!(shown.len() < MAX_SHOWN + 32 && shown.ends_with("(cut)"));
    }

    #[test]
    fn a_slip_of_the_hand_finds_its_word() {
        assert_eq!(nearest("checksum", ["tag", "checksums", "signatures"]), Some("checksums"));
        assert_eq!(nearest("zebra", ["tag", "checksums"]), None);
    }

    #[test]
    fn percent_encoding_is_undone() {
        assert_eq!(decoded("a%20b/c%2dd"), "a b/c-d");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz%"), "%zz%");
    }
}
