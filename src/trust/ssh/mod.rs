//! SSH keys that the verifier names: `allowed_signers` files (ssh-keygen(1), section ALLOWED SIGNERS) and `.pub` files.
//!
//! The rule that must not be broken: a line that is not understood in full is refused, with its number. Half a line could
//! allow what the other half forbids.

mod pattern;
pub(crate) mod wire;

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
pub(crate) use pattern::PatternList;
pub(crate) use wire::PublicKey;
use wire::{ALGORITHMS, Material};

/// The keys of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AllowedSigners {
    pub(crate) lines: Vec<AllowedSigner>,
}

/// One line: a key, and what is said about its use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AllowedSigner {
    /// Whose key it is; `None` in a `.pub` file, which says nothing of that.
    pub(crate) principals: Option<PatternList>,
    pub(crate) key: PublicKey,
    /// Whether the key is that of an authority, whose certificates count, and not the key itself.
    pub(crate) is_authority: bool,
    /// The namespaces that its signatures may be made in.
    pub(crate) namespaces: Option<PatternList>,
    pub(crate) valid_after: Option<Timestamp>,
    pub(crate) valid_before: Option<Timestamp>,
}

impl AllowedSigners {
    /// Reads every line; the error says which one cannot be read, and why.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut lines = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_matches([' ', '\t', '\r']);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let read = AllowedSigner::parse(line).map_err(|why| format!("line {}: {why}", number + 1))?;
            lines.push(read);
        }
        if lines.is_empty() {
            return Err("there is no key in it".to_owned());
        }
        Ok(Self { lines })
    }

    /// Somebody whom a line names without a pattern, where ssh-keygen reads every line as one of allowed signers.
    pub(crate) fn principal(&self) -> Option<&str> {
        let lists = self.lines.iter().filter_map(|line| line.principals.as_ref());
        let names = lists.flat_map(|list| list.as_str().split(','));
        let is_plain = |name: &&str| !name.contains(['*', '?', '!']);
        self.have_principals().then(|| names.into_iter().find(is_plain)).flatten()
    }

    /// Whether every line says whose key it holds.
    pub(crate) fn have_principals(&self) -> bool {
        self.lines.iter().all(|line| line.principals.is_some())
    }
}

impl AllowedSigner {
    fn parse(line: &str) -> Result<Self, String> {
        if line.chars().any(|c| c.is_control() && c != '\t') {
            return Err("there is a control character in it".to_owned());
        }
        let (first, rest) = word(line)?;
        if ALGORITHMS.contains(&first) {
            return Self::with(None, Options::default(), public_key(line)?);
        }
        let principals = first.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(first);
        if principals.contains('"') {
            return Err("a quotation mark stands inside its principals".to_owned());
        }
        let principals = PatternList::parse(principals)?;
        let (second, after) = word(rest)?;
        let is_key = ALGORITHMS.contains(&second);
        let (options, key) = if is_key { ("", rest) } else { (second, after) };
        Self::with(Some(principals), Options::parse(options)?, public_key(key)?)
    }

    fn with(principals: Option<PatternList>, options: Options, key: PublicKey) -> Result<Self, String> {
        Ok(Self {
            principals,
            key,
            is_authority: options.is_authority,
            namespaces: options.namespaces,
            valid_after: options.valid_after,
            valid_before: options.valid_before,
        })
    }

    /// Whether it allows a key, or an authority, in the name of everybody.
    pub(crate) fn is_everybody(&self) -> bool {
        self.principals.as_ref().is_some_and(PatternList::is_everybody)
    }
}

/// The first word of `text`, with its quotation marks, and what follows it. White space inside quotation marks belongs
/// to the word.
fn word(text: &str) -> Result<(&str, &str), String> {
    let text = text.trim_start_matches([' ', '\t']);
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !escaped => quoted = !quoted,
            b' ' | b'\t' if !quoted => return Ok((&text[..at], &text[at..])),
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    if quoted {
        return Err("a quotation mark is not closed".to_owned());
    }
    Ok((text, ""))
}

/// A key as its `.pub` file has it: algorithm, base64, and a comment that nobody reads.
fn public_key(text: &str) -> Result<PublicKey, String> {
    let mut words = text.split([' ', '\t']).filter(|word| !word.is_empty());
    let (Some(algorithm), Some(base64)) = (words.next(), words.next()) else {
        return Err("there is no key in it".to_owned());
    };
    if algorithm.contains("-cert-v0") {
        return Err("it holds a certificate; name the key of its authority, with the option cert-authority"
            .to_owned());
    }
    if !ALGORITHMS.contains(&algorithm) {
        return Err(format!(
            "\"{}\" is neither an option nor an algorithm of a key that this version knows",
            crate::text::clean(algorithm)
        ));
    }
    let blob = STANDARD.decode(base64).map_err(|_| "its key is not base64".to_owned())?;
    let key = PublicKey::parse(&blob).map_err(|why| format!("its key cannot be used: {why}"))?;
    if key.algorithm() != algorithm {
        return Err("its key is of another algorithm than it says".to_owned());
    }
    if let Material::Ed25519(bytes) | Material::SkEd25519(bytes, _) = key.material() {
        super::Ed25519Key::parse(bytes).map_err(|why| format!("its key cannot be used: {why}"))?;
    }
    Ok(key)
}

/// What a line says between principals and key.
#[derive(Default)]
struct Options {
    is_authority: bool,
    namespaces: Option<PatternList>,
    valid_after: Option<Timestamp>,
    valid_before: Option<Timestamp>,
}

impl Options {
    /// Reads comma-separated options; their names have no case.
    fn parse(text: &str) -> Result<Self, String> {
        let mut options = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(['=', ',']).unwrap_or(rest.len());
            let name = rest[..end].to_ascii_lowercase();
            rest = &rest[end..];
            let value = match rest.strip_prefix('=') {
                None => None,
                Some(after) => {
                    let (value, after) = quoted(after)?;
                    rest = after;
                    Some(value)
                }
            };
            options.set(&name, value)?;
            rest = match rest.strip_prefix(',') {
                Some("") => return Err("its options end in a comma".to_owned()),
                Some(after) => after,
                None if rest.is_empty() => rest,
                None => return Err("there is no comma between two of its options".to_owned()),
            };
        }
        if let (Some(after), Some(before)) = (options.valid_after, options.valid_before)
            && after >= before
        {
            return Err("its key is valid at no time: valid-after is not before valid-before".to_owned());
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: Option<String>) -> Result<(), String> {
        let is_new = match (name, value) {
            ("cert-authority", None) => !std::mem::replace(&mut self.is_authority, true),
            ("namespaces", Some(list)) => self.namespaces.replace(PatternList::parse(&list)?).is_none(),
            ("valid-after", Some(time)) => self.valid_after.replace(moment(&time, Narrow::Later)?).is_none(),
            ("valid-before", Some(time)) => {
                self.valid_before.replace(moment(&time, Narrow::Earlier)?).is_none()
            }
            _ => {
                return Err(format!(
                    "\"{}\" is no option of an allowed signer; there are cert-authority, namespaces=\"...\", \
                     valid-after=\"...\" and valid-before=\"...\"",
                    crate::text::clean(name)
                ));
            }
        };
        if is_new { Ok(()) } else { Err(format!("its option {name} is there twice")) }
    }
}

/// The text between the quotation marks at the start of `text`, and what follows them.
fn quoted(text: &str) -> Result<(String, &str), String> {
    let inner = text.strip_prefix('"').ok_or("the value of an option stands between quotation marks")?;
    let mut value = String::new();
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((value, &inner[at + 1..])),
            '\\' if inner[at + 1..].starts_with('"') => {
                value.push('"');
                chars.next();
            }
            _ => value.push(c),
        }
    }
    Err("a quotation mark is not closed".to_owned())
}

/// Which way to read a time that names no zone.
#[derive(Clone, Copy)]
enum Narrow {
    Later,
    Earlier,
}

/// `YYYYMMDD[HHMM[SS]][Z]`. Without the Z ssh-keygen means the zone of the machine it runs on, which differs; here it is
/// the zone that leaves the key the least time, twelve hours behind UTC or fourteen before it.
fn moment(text: &str, narrow: Narrow) -> Result<Timestamp, String> {
    let (digits, is_utc) = match text.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let wrong = || "its times are not of the form YYYYMMDD[HHMM[SS]][Z]".to_owned();
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !matches!(digits.len(), 8 | 12 | 14) {
        return Err(wrong());
    }
    let number =
        |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<i8>().ok());
    let year = digits[..4].parse::<i16>().map_err(|_| wrong())?;
    let parts = [number(4, 6), number(6, 8), number(8, 10), number(10, 12), number(12, 14)];
    let [Some(month), Some(day), Some(hour), Some(minute), Some(second)] = parts else { return Err(wrong()) };
    let civil = DateTime::new(year, month, day, hour, minute, second, 0).map_err(|_| wrong())?;
    let utc = civil.to_zoned(TimeZone::UTC).map_err(|_| wrong())?.timestamp();
    let shift = match (is_utc, narrow) {
        (true, _) => SignedDuration::ZERO,
        (false, Narrow::Later) => SignedDuration::from_hours(12),
        (false, Narrow::Earlier) => SignedDuration::from_hours(-14),
    };
    utc.checked_add(shift).map_err(|_| wrong())
}

#[cfg(test)]
mod tests;
