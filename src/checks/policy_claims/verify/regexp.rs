//! The regular expressions that identities are written with: those of Go, <https://github.com/google/re2/wiki/Syntax>.
//!
//! The rule that must not be broken: what is not of that syntax, or is too large, is no expression.

use regex::bytes::RegexBuilder;

/// The longest expression and text, in bytes, how deep groups may be, and how large an expression may become.
const LONGEST: usize = 600;
const DEEPEST: u32 = 20;
const LARGEST: usize = 1 << 20;

/// What the library knows and Go does not, or knows as something else.
const APART: [&str; 9] = ["[[", "&&", "--", "~~", "\\<", "\\>", "\\b{", "\\u", "\\U"];

/// Whether `pattern` matches somewhere in `text`; `None` where it is not understood.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    // Of groups with a mark, those that only group are the same in both.
    let has_marks = pattern.matches("(?").count() != pattern.matches("(?:").count();
    let is_apart = has_marks || APART.iter().any(|it| pattern.contains(it));
    if is_apart || !text.is_ascii() || !pattern.is_ascii() || text.len() > LONGEST || pattern.len() > LONGEST
    {
        return None;
    }
    // Without Unicode: `\d` and `\w` are ASCII's there, and everything here is.
    let expression =
        RegexBuilder::new(pattern).unicode(false).size_limit(LARGEST).nest_limit(DEEPEST).build();
    Some(expression.ok()?.is_match(text.as_bytes()))
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
            (r"^https://github.com/acme/.+@refs/tags/v[0-9]+.[0-9]+.[0-9]+(-rc.[0-9]+)?$", true),
            (r".*", true),
            (r"acme/(widget|gadget)/", true),
            (r"(?:a|b)cme", true),
            (r"^[^@]*@refs", true),
            (r"", true),
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
    fn what_is_not_understood_is_not_matched_and_hostile_expressions_end() {
        for pattern in [
            "[[:alpha:]]",
            "(a",
            "a)",
            "[a",
            "*a",
            r"\p{L}",
            "[z-a]",
            "[a&&b]",
            "(?x)a c m e",
            r"\<acme",
            r"\u0061",
            "[a--b]",
            r"(a)\1",
            "é",
        ] {
            assert_eq!(matches(pattern, "acme"), None, "{pattern}");
        }
        let text = "a".repeat(500);
        assert_eq!(matches("((a*)*)*b", &text), Some(false));
        assert_eq!(matches(&"(".repeat(500), "a"), None);
        assert_eq!(matches("a", &"a".repeat(601)), None);
        assert_eq!(matches("(a+)+$", &"a".repeat(30)), Some(true));
    }
}
