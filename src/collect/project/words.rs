//! The paths that a text may name: more than it means, so that what it means was looked for.

use crate::text::decoded;

/// Longest path that is looked for.
const LONGEST: usize = 300;

/// Something that may be a path, as it is spelt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// The line of the text, from 1.
    pub(super) line: usize,
    /// The path.
    pub(super) path: String,
    /// The line of the file that is cited.
    pub(super) number: Option<usize>,
    /// Whether it is the target of a link, or looks like a path: what is not there is then worth saying.
    pub(super) is_path: bool,
}

/// Every word of `text` that may be a path.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut before = ' ';
        let mut rest = line;
        while !rest.is_empty() {
            let end = rest.find(parts).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            found.extend(mention(index + 1, word, before == '('));
            before = after.chars().next().unwrap_or(' ');
            rest = after.strip_prefix(before).unwrap_or_default();
        }
    }
    found
}

/// What stands between words.
fn parts(c: char) -> bool {
    c.is_whitespace() || "`()[]<>\"',;|*{}=\\!".contains(c)
}

fn mention(line: usize, word: &str, is_link: bool) -> Option<Mention> {
    if word.len() > LONGEST || word.contains("://") || word.starts_with("mailto:") {
        return None;
    }
    let word = word.trim_end_matches(['.', ':', '?']);
    let (word, fragment) = word.split_once('#').unwrap_or((word, ""));
    let (path, after) = word.split_once(':').map_or((word, None), |(path, after)| (path, Some(after)));
    let path = path.split('?').next().unwrap_or_default();
    let is_plain = |c: char| c.is_alphanumeric() || "_-./+@%~".contains(c);
    if !path.chars().any(char::is_alphanumeric) || !path.chars().all(is_plain) {
        return None;
    }
    let first = |text: &str| {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().filter(|number| *number > 0)
    };
    let number = after.and_then(first).or_else(|| fragment.strip_prefix('L').and_then(first));
    let path = &decoded(path);
    let is_path = is_link || number.is_some() || path.contains('/') || path.contains('.');
    Some(Mention { line, path: path.to_owned(), number, is_path })
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn words_that_may_be_paths_are_found_with_their_lines() {
        let text = "See [the list](docs/a.md#part), `src/main.rs:167` or [x](LICENSE).\nNothing here. x#L12 a/b.py:3-7";
        let found: Vec<_> = mentions(text)
            .into_iter()
            .filter(|it| it.is_path)
            .map(|it| (it.line, it.path, it.number))
            .collect();
        let expected = [
            (1, "docs/a.md", None),
            (1, "src/main.rs", Some(167)),
            (1, "LICENSE", None),
            (2, "x", Some(12)),
            (2, "a/b.py", Some(3)),
        ];
        assert_eq!(found, expected.map(|(line, path, number)| (line, path.to_owned(), number)));
    }

    #[test]
    fn addresses_and_signs_are_no_paths() {
        for text in ["https://a.example/b.md", "mailto:a@b.example", "---", "a\u{1b}b/c", &"x/".repeat(400)] {
            assert!(mentions(text).is_empty(), "{text}");
        }
    }
}
