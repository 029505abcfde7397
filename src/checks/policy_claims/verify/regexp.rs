//! The patterns that identities are written with: the plain part of Go's, <https://github.com/google/re2/wiki/Syntax>.
//!
//! The rule that must not be broken: a pattern comes from the repository that is judged, so it is never given to an
//! engine of regular expressions, and what is not read here (groups, choices, counts) is not understood.

/// The longest pattern and text, in bytes: the time is at most their product.
const LONGEST: usize = 600;

/// One character that is asked for, and how often.
struct Item {
    asked: Asked,
    /// `*` and `?`: it may be missing.
    may_miss: bool,
    /// `*` and `+`: it may be repeated.
    may_repeat: bool,
}

enum Asked {
    Any,
    /// Ranges of bytes, both ends included; with `true`, every other one.
    Of(Vec<(u8, u8)>, bool),
}

impl Item {
    fn fits(&self, byte: u8) -> bool {
        match &self.asked {
            Asked::Any => byte != b'\n',
            Asked::Of(ranges, not) => ranges.iter().any(|(from, to)| (from..=to).contains(&&byte)) != *not,
        }
    }
}

/// Whether `pattern` matches somewhere in `text`; `None` where it is not understood.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    if !text.is_ascii() || !pattern.is_ascii() || text.len() > LONGEST || pattern.len() > LONGEST {
        return None;
    }
    let (from_start, rest) =
        pattern.strip_prefix('^').map_or((false, pattern.as_bytes()), |rest| (true, rest.as_bytes()));
    let (items, to_end) = items(rest)?;
    // `at[n]`: the first `n` items have matched what ends here.
    let mut at = vec![false; items.len() + 1];
    at[0] = true;
    pass_over(&items, &mut at);
    for byte in text.bytes() {
        if at[items.len()] && !to_end {
            return Some(true);
        }
        let mut next = vec![false; items.len() + 1];
        next[0] = !from_start;
        for (n, item) in items.iter().enumerate().filter(|(_, item)| item.fits(byte)) {
            next[n + 1] |= at[n] || (item.may_repeat && at[n + 1]);
        }
        at = next;
        pass_over(&items, &mut at);
    }
    Some(at[items.len()])
}

/// Marks what is reached without a character.
fn pass_over(items: &[Item], at: &mut [bool]) {
    for (n, item) in items.iter().enumerate() {
        at[n + 1] |= at[n] && item.may_miss;
    }
}

/// The items of a pattern, and whether it ends at the end of the text.
fn items(mut rest: &[u8]) -> Option<(Vec<Item>, bool)> {
    let mut items = Vec::new();
    loop {
        let asked;
        (asked, rest) = match rest {
            [] => return Some((items, false)),
            b"$" => return Some((items, true)),
            [b'.', rest @ ..] => (Asked::Any, rest),
            [b'\\', b'd', rest @ ..] => (Asked::Of(vec![(b'0', b'9')], false), rest),
            [b'\\', byte, rest @ ..] if byte.is_ascii_punctuation() => (only(*byte), rest),
            [b'[', rest @ ..] => class(rest)?,
            [byte, rest @ ..] if !b"\\()[]{}|*+?^$".contains(byte) => (only(*byte), rest),
            _ => return None,
        };
        let (may_miss, may_repeat) = match rest.first() {
            Some(b'*') => (true, true),
            Some(b'+') => (false, true),
            Some(b'?') => (true, false),
            _ => (false, false),
        };
        if may_miss || may_repeat {
            rest = &rest[1..];
        }
        items.push(Item { asked, may_miss, may_repeat });
    }
}

fn only(byte: u8) -> Asked {
    Asked::Of(vec![(byte, byte)], false)
}

/// A class, behind its `[`, and what follows it: letters, digits and some marks, and ranges of them.
fn class(rest: &[u8]) -> Option<(Asked, &[u8])> {
    let (not, mut rest) = rest.strip_prefix(b"^").map_or((false, rest), |rest| (true, rest));
    let mut ranges = Vec::new();
    loop {
        rest = match rest {
            [b']', rest @ ..] if !ranges.is_empty() => return Some((Asked::Of(ranges, not), rest)),
            [from, b'-', to, rest @ ..]
                if from.is_ascii_alphanumeric() && to.is_ascii_alphanumeric() && from <= to =>
            {
                ranges.push((*from, *to));
                rest
            }
            // A `-` at the end is one; anywhere else it may be a range that is not read here.
            [b'-', rest @ ..] if rest.first() == Some(&b']') => {
                ranges.push((b'-', b'-'));
                rest
            }
            [byte, rest @ ..] if byte.is_ascii_alphanumeric() || b"._@/+".contains(byte) => {
                if rest.first() == Some(&b'-') && rest.get(1) != Some(&b']') {
                    return None;
                }
                ranges.push((*byte, *byte));
                rest
            }
            _ => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn the_expressions_of_identities_match_as_go_has_them() {
        const NAME: &str = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
        for (pattern, expected) in [
            (r"^https://github.com/acme/widget/", true),
            (
                r"^https://github\.com/acme/widget/\.github/workflows/release\.yml@refs/tags/v[0-9]+\.[0-9]+\.\d+$",
                true,
            ),
            (r"^https://github.com/acme/.+@refs/tags/v[0-9]+.[0-9]+.[0-9]+-?[a-z.0-9]*$", true),
            (r"^https://github.com/acme/widget/.github/workflows/[a-zA-Z0-9._-]+@refs/tags/.*", true),
            (r".*", true),
            (r"acmes?/widget/", true),
            (r"^[^@]*@refs", true),
            (r"3$", true),
            (r"", true),
            (r"^$", false),
            (r"v[0-9]$", false),
            (r"acmee+/", false),
            (r"^[^/]*@refs", false),
            (r"\.2\.3\$", false),
            (r"^https://github.com/acme/other/", false),
            (r"^widget", false),
            (r"v1\.2$", false),
            (r"^https://github.com/acme/widget$", false),
            (r"widget[0-9]/", false),
        ] {
            assert_eq!(matches(pattern, NAME), Some(expected), "{pattern}");
        }
    }

    #[test]
    fn what_is_not_understood_is_not_matched_and_hostile_patterns_end() {
        for pattern in [
            "[[:alpha:]]",
            "(a",
            "(a)",
            "a)",
            "[a",
            "a]",
            "[]",
            "[]a]",
            "*a",
            "a**",
            "a*?",
            "a{2}",
            "a|b",
            "^^a",
            "a$b",
            r"\p{L}",
            "[z-a]",
            "[a&&b]",
            "(?x)a c m e",
            "(?i)ACME",
            r"\bacme",
            r"\u0061",
            "[a--b]",
            "[!--]",
            r"[\d]",
            r"(a)\1",
            r"\w",
            r"a\",
            "é",
        ] {
            assert_eq!(matches(pattern, "acme"), None, "{pattern}");
        }
        let text = "a".repeat(600);
        assert_eq!(matches(&"a*".repeat(300), &text), Some(true));
        assert_eq!(matches(&format!("{}b", "a*".repeat(299)), &text), Some(false));
        assert_eq!(matches("((((a{100}){100}){100}){100})", "a"), None);
        assert_eq!(matches("a", &"a".repeat(601)), None);
        assert_eq!(matches(&"a".repeat(601), "a"), None);
    }
}
