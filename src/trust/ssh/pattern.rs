//! Pattern lists as ssh_config(5) describes them under PATTERNS: `*`, `?`, and `!` for exceptions.

/// The longest name that is held against a pattern, in bytes; longer ones match nothing.
const MAX_NAME: usize = 1024;

/// A list of patterns with exceptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PatternList {
    text: String,
}

impl PatternList {
    /// Takes a comma-separated list. One that could match nobody is refused.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.split(',').any(|pattern| matches!(pattern, "" | "!")) {
            return Err("there is an empty pattern in its list");
        }
        if text.split(',').all(|pattern| pattern.starts_with('!')) {
            return Err("its list has exceptions only, and so matches nobody");
        }
        Ok(Self { text: text.to_owned() })
    }

    /// The list as it was written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether some pattern matches `name` and no exception does.
    pub(crate) fn matches(&self, name: &str) -> bool {
        if name.is_empty() || name.len() > MAX_NAME {
            return false;
        }
        let (exceptions, patterns): (Vec<_>, Vec<_>) =
            self.text.split(',').partition(|pattern| pattern.starts_with('!'));
        !exceptions.iter().any(|pattern| is_match(&pattern.as_bytes()[1..], name.as_bytes()))
            && patterns.iter().any(|pattern| is_match(pattern.as_bytes(), name.as_bytes()))
    }

    /// Whether one of its patterns is nothing but stars, and so stands for everybody.
    pub(crate) fn is_everybody(&self) -> bool {
        self.text.split(',').any(|pattern| pattern.bytes().all(|b| b == b'*'))
    }
}

/// Whether `name` is one of those that `pattern` stands for. Takes at most the product of both lengths.
fn is_match(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut of) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while of < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || *wanted == name[of] => {
                at += 1;
                of += 1;
            }
            _ => {
                // The last star takes one character more.
                let Some((star_at, star_of)) = star else { return false };
                at = star_at + 1;
                of = star_of + 1;
                star = Some((star_at, star_of + 1));
            }
        }
    }
    pattern[at..].iter().all(|b| *b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(list: &str, name: &str) -> bool {
        PatternList::parse(list).unwrap().matches(name)
    }

    #[test]
    fn stars_and_question_marks_stand_for_what_ssh_config_says() {
        for (list, name) in [
            ("ada@example.org", "ada@example.org"),
            ("*@example.org", "ada@example.org"),
            ("ad?@*", "ada@example.org"),
            ("x,*", "anybody"),
            ("*a*a*", "banana"),
            ("**", "x"),
        ] {
            assert!(matches(list, name), "{list} {name}");
        }
        for (list, name) in [
            ("ada@example.org", "ada@example.orgs"),
            ("ada@example.org", "Ada@example.org"),
            ("*@example.org", "ada@example.org.evil"),
            ("ad?@x", "ad@x"),
            ("*", ""),
            ("*a*b", "banana"),
        ] {
            assert!(!matches(list, name), "{list} {name}");
        }
    }

    #[test]
    fn an_exception_wins_wherever_it_stands() {
        for list in ["*,!mallory@*", "!mallory@*,*"] {
            assert!(matches(list, "ada@example.org"));
            assert!(!matches(list, "mallory@example.org"));
        }
        assert!(PatternList::parse("!mallory@*").is_err());
        assert!(PatternList::parse("a,,b").is_err());
        assert!(PatternList::parse("").is_err());
    }

    #[test]
    fn many_stars_end_soon() {
        let list = format!("{}b", "*a".repeat(500));
        assert!(!matches(&list, &"a".repeat(MAX_NAME)));
        assert!(!matches("*", &"a".repeat(MAX_NAME + 1)));
    }
}
