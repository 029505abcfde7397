//! OpenPGP keys: armored blocks, fingerprints, and keys that are only spoken of.

use super::contacts::lines;
use super::units::{Passages, Unit};
use super::words::{Words, folded};
use super::{ClaimKind, Claims, Detail, Tone};

const BEGIN: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
const END: &str = "-----END PGP PUBLIC KEY BLOCK-----";

/// The most keys that are taken from the text of one file.
const MOST_NAMED: usize = 100;

/// The longest unit that the short name of a key is looked for in, in bytes.
const LONGEST_NAMING: usize = 4000;

/// Finds them: the blocks wherever they stand in the source, for they are keys in a fence too.
pub(super) fn find(passages: &Passages, source: &str, found: &mut Claims) {
    let prints = fingerprints(passages);
    let mut has_block = false;
    for (line, block) in blocks(source) {
        has_block = true;
        // A key that signs releases may be another one than that which reports are encrypted to.
        let named = prints.iter().filter(|it| !it.signs).map(|it| it.digits.clone());
        let fingerprints = named.chain(key_ids(passages)).collect();
        let detail = Detail { block: Some(block), fingerprints, ..Detail::default() };
        found.push(ClaimKind::PgpKey, line, "", Tone::Promise, detail);
    }
    if has_block {
        return;
    }
    for print in &prints {
        let detail = Detail { fingerprints: vec![print.digits.clone()], ..Detail::default() };
        found.push(ClaimKind::PgpKey, print.line, &print.text, Tone::Promise, detail);
    }
    if prints.is_empty()
        && let Some((line, text)) = spoken_of(passages)
    {
        found.push(ClaimKind::PgpKey, line, &text, Tone::Promise, Detail::default());
    }
}

/// Each armored block with its line, without what quotes or indents it. One that does not end goes up to the next.
fn blocks(source: &str) -> Vec<(usize, String)> {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (index, line) in source.lines().enumerate() {
        let bare = line.trim_start_matches([' ', '\t', '>', '`']).trim_end_matches(['`', ' ', '\t', '\r']);
        if bare == BEGIN {
            blocks.push((index + 1, String::new()));
            is_open = true;
        }
        if !is_open {
            continue;
        }
        if let Some((_, block)) = blocks.last_mut() {
            block.push_str(bare);
            block.push('\n');
        }
        is_open = bare != END;
    }
    blocks
}

fn is_about_keys(text: &str) -> bool {
    let folded = folded(text);
    Words::of(&folded).any(&["pgp|gpg|openpgp|gnupg", "fingerprint|fingerprints"])
}

/// A fingerprint that the text gives.
struct Print {
    line: usize,
    text: String,
    digits: String,
    /// Whether it is said to be that of a key which signs releases.
    signs: bool,
}

/// Whether a text speaks of a key that signs, and of no reports.
fn is_of_signing(text: &str) -> bool {
    let folded = folded(text);
    let words = Words::of(&folded);
    let signs =
        ["sign|signs|signed|signing|release|releases|tag|tags|artifact*|commit|commits|package|packages"];
    let reports = ["report*|encrypt*|email*|e-mail*|contact*|mail*|disclos*|security"];
    words.any(&signs) && !words.any(&reports)
}

/// The fingerprints of keys of version 4 that units name.
fn fingerprints(passages: &Passages) -> Vec<Print> {
    let mut found: Vec<Print> = Vec::new();
    let mut add = |line: usize, text: &str, before: &str| {
        for digits in forty_digits(text) {
            if !found.iter().any(|known| known.digits == digits) && found.len() < MOST_NAMED {
                let signs = is_of_signing(&format!("{before} {text}"));
                found.push(Print { line, text: text.to_owned(), digits, signs });
            }
        }
    };
    for unit in passages.units.iter().filter(|unit| is_about_keys(&unit.text)) {
        lines(unit).for_each(|(line, text)| add(line, text, ""));
    }
    let about = |fence: &&super::units::Fence| {
        !fence.text.contains(BEGIN) && (is_about_keys(&fence.text) || is_about_keys(&fence.before))
    };
    for fence in passages.fences.iter().filter(about) {
        for (index, text) in fence.text.lines().enumerate() {
            add(fence.line + index, text.trim(), &fence.before);
        }
    }
    found
}

/// The short names of keys that units give: `Key ID: 0x0123456789ABCDEF`, and not those of keys that sign releases.
fn key_ids(passages: &Passages) -> Vec<String> {
    let units = passages.units.iter().filter(|unit| unit.text.len() <= LONGEST_NAMING);
    let texts = units.flat_map(lines).filter(|(_, text)| !is_of_signing(text));
    texts.filter_map(|(_, text)| key_id(text)).take(MOST_NAMED).collect()
}

fn key_id(text: &str) -> Option<String> {
    let folded = folded(text);
    let words = Words::of(&folded);
    let behind = words.find("key id").map(|at| at + 2);
    let at = behind.or_else(|| Some(words.find("keyid|key-id")? + 1))?;
    let at = if words.get(at) == Some("is") { at + 1 } else { at };
    let word = words.get(at)?;
    let digits = word.strip_prefix("0x").unwrap_or(word);
    let is_id = matches!(digits.len(), 8 | 16) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    is_id.then(|| digits.to_ascii_uppercase())
}

/// Runs of 40 hexadecimal digits, with or without spaces and colons between them.
fn forty_digits(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = String::new();
    let mut flush = |run: &mut String| {
        if run.len() == 40 {
            found.push(run.to_ascii_uppercase());
        }
        run.clear();
    };
    for word in
        text.split(|c: char| c.is_whitespace() || matches!(c, ':' | '*' | '`' | '"' | '(' | ')' | ','))
    {
        let word = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")).unwrap_or(word);
        let word = word.trim_end_matches(['.', ';']);
        if word.is_empty() {
            continue;
        }
        let is_hex = word.len() <= 40 && word.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_hex || run.len() + word.len() > 40 {
            flush(&mut run);
        }
        if is_hex {
            run.push_str(word);
        }
    }
    flush(&mut run);
    found
}

/// Whether a key is still to be made, or a template to be filled in.
fn is_to_come(words: &Words<'_>) -> bool {
    const LATER: [&str; 5] = [
        "will|to be published|provided|available|added|posted|announced|shared|listed|generated|created",
        "will soon|then|later|eventually publish|provide|add|post|share|be",
        "soon|todo|tbd|tba|planned|upcoming|pending",
        "optional include|insert|add|provide",
        "include|insert|add|replace pgp|gpg|your",
    ];
    words.any(&LATER)
}

/// A key that is promised and shown nowhere in the file.
fn spoken_of(passages: &Passages) -> Option<(usize, String)> {
    let is_it = |text: &str| {
        let folded = folded(text);
        let words = Words::of(&folded);
        let named = words.near(&["pgp|gpg|openpgp|gnupg"], &["key|keys"], 3).is_some()
            || words.has("public key id|fingerprint") && words.any(&["keyserver*", "key server|servers"]);
        named && !words.any(&["no", "not", "don't", "signed|signing|sign|verify"]) && !is_to_come(&words)
    };
    let units = passages.units.iter().filter(|unit: &&Unit| !unit.is_quoted);
    units.flat_map(lines).find(|(_, text)| is_it(text)).map(|(line, text)| (line, text.to_owned()))
}
