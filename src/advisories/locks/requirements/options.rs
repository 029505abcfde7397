//! The options of a line of a requirement file, as pip's `optparse` reads them.
//!
//! The rule that must not be broken: a line may have several options, and each of them is read. One that is not known,
//! an abbreviation, or a word that belongs to no option makes the line one that is not understood.

/// Options of a file that take a value.
const WITH_VALUE: [&str; 11] = [
    "--requirement",
    "--constraint",
    "--editable",
    "--index-url",
    "--extra-index-url",
    "--find-links",
    "--no-binary",
    "--only-binary",
    "--trusted-host",
    "--use-feature",
    "--config-settings",
];

/// Options of a file that stand alone.
const ALONE: [&str; 4] = ["--no-index", "--prefer-binary", "--require-hashes", "--pre"];

/// Options that a requirement may have.
const OF_A_REQUIREMENT: [&str; 4] = ["--hash", "--config-settings", "--global-option", "--install-option"];

/// The short names, each with the long one.
const SHORT: [(&str, &str); 6] = [
    ("-r", "--requirement"),
    ("-c", "--constraint"),
    ("-e", "--editable"),
    ("-i", "--index-url"),
    ("-f", "--find-links"),
    ("-C", "--config-settings"),
];

/// The most words of the options of one line.
const WORDS_LIMIT: usize = 2000;

/// The digests that pip takes.
const DIGESTS: [(&str, usize); 3] = [("sha256", 64), ("sha384", 96), ("sha512", 128)];

/// One option: its long name and its value, which is empty for one that stands alone.
pub(super) type Given = (&'static str, String);

/// A line in two: the requirement, which may be empty, and the options. The first word with a `-` begins these.
pub(super) fn halves(line: &str) -> (&str, &str) {
    if line.starts_with('-') {
        return ("", line);
    }
    line.find(" -").map_or((line, ""), |at| (line[..at].trim(), &line[at + 1..]))
}

/// The options of a line that has no requirement; nothing where one is not known.
pub(super) fn of_a_file(text: &str) -> Option<Vec<Given>> {
    let found = options(text, &WITH_VALUE)?;
    // pip looks at nothing but the first folder of a line that has one.
    let is_editable = found.iter().any(|(name, _)| *name == "--editable");
    // And at nothing but the first file of a line that names several.
    let files = found.iter().filter(|(name, _)| matches!(*name, "--requirement" | "--constraint")).count();
    let fits = files < 2
        && (!is_editable || found.iter().filter(|(name, _)| *name != "--config-settings").count() == 1);
    fits.then_some(found)
}

/// How many digests the options of a requirement name; nothing where one is not known or no digest.
pub(super) fn digests(text: &str) -> Option<usize> {
    let found = options(text, &OF_A_REQUIREMENT)?;
    let hashes = found.iter().filter(|(name, _)| *name == "--hash");
    hashes.map(|(_, value)| is_digest(value).then_some(())).collect::<Option<Vec<()>>>().map(|it| it.len())
}

/// Whether text is `sha256:` with hexadecimal digits. Whether they are enough is for pip to say.
fn is_digest(text: &str) -> bool {
    let Some((kind, digits)) = text.split_once(':') else { return false };
    let longest = DIGESTS.iter().find(|(known, _)| *known == kind).map_or(0, |(_, length)| *length);
    !digits.is_empty() && digits.len() <= longest && digits.bytes().all(|it| it.is_ascii_hexdigit())
}

fn options(text: &str, with_value: &[&'static str]) -> Option<Vec<Given>> {
    let mut words = words(text)?.into_iter();
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        let (name, attached) = name_of(&word)?;
        if let Some(alone) = ALONE.iter().find(|it| **it == name && with_value.contains(&"--requirement")) {
            if attached.is_some() {
                return None;
            }
            found.push((*alone, String::new()));
            continue;
        }
        let known = with_value.iter().find(|it| **it == name)?;
        let value = attached.or_else(|| words.next())?;
        // pip and uv disagree about `-r=file`, and a value that looks like an option is a mistake.
        if value.is_empty() || value.starts_with(['=', '-']) {
            return None;
        }
        found.push((*known, value));
    }
    Some(found)
}

/// The long name of the option that a word begins, and the value in the same word.
fn name_of(word: &str) -> Option<(String, Option<String>)> {
    if word.starts_with("--") {
        return Some(match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word.to_owned(), None),
        });
    }
    let (short, value) = word.split_at_checked(2)?;
    let name = SHORT.iter().find(|(known, _)| *known == short)?.1;
    Some((name.to_owned(), (!value.is_empty()).then(|| value.to_owned())))
}

/// The words of a line, as `shlex` cuts them: at spaces that are not in quotes. Nothing for a quote without its end,
/// and for a backslash, which no option needs.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (_, '\\') => return None,
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t') if words.len() >= WORDS_LIMIT => return None,
            (None, ' ' | '\t') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}
