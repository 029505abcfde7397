//! Scripts that are not understood as a whole: too long, too deep, or with a text that goes on where it is not seen.
//!
//! The rule that must not be broken: each look at a script takes time in proportion to its length.

use super::{
    super::workflow::expressions::UNKNOWN,
    scan::{After, REFUSED},
};

/// The longest script that is read, in bytes, and the most words and brackets in each other that it may have.
const LONGEST: usize = 64 << 10;
const WORDS: usize = 20_000;
const DEEPEST: usize = 50;

/// Why a script is too large to be read, where it is.
pub(in crate::facts::project) fn too_large(script: &str) -> Option<&'static str> {
    match () {
        () if script.len() > LONGEST => Some("is a script of more than 64 KiB, and was not read"),
        () if script.split_whitespace().count() > WORDS => {
            Some("is a script of more than 20000 words, and was not read")
        }
        () if is_deep(script) => Some("is a script of more than 50 brackets in each other, and was not read"),
        () => None,
    }
}

fn is_deep(script: &str) -> bool {
    let mut depth = 0_usize;
    script.bytes().any(|byte| {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    })
}

/// Why nobody can say which lines of a script are commands, where that is so. `parts` are what it was split into.
pub(super) fn is_unclear(script: &str, parts: &[(Vec<String>, After)]) -> Option<&'static str> {
    let words = || parts.iter().flat_map(|(words, _)| words);
    if words().any(|word| word == REFUSED) {
        return Some("the shell would refuse the script: a quote or a bracket of it has no other");
    }
    let words = words();
    let seen: usize = words.map(|word| word.matches(UNKNOWN).count()).sum();
    if seen < script.matches(UNKNOWN).count() {
        return Some("an expression whose text is not known stands in a comment, or in a here-document");
    }
    script.lines().any(|line| has_open_parameter(line) || has_strange_document(line)).then_some(
        "the script has an expansion over several lines, or a here-document whose end is not understood",
    )
}

/// `${x:=` whose end stands on another line (POSIX.1-2024, 2.6.2).
fn has_open_parameter(line: &str) -> bool {
    let mut open = 0_usize;
    let mut before = ' ';
    for c in line.chars() {
        match c {
            '{' if before == '$' || (before == '{' && open > 0) => open += 1,
            '}' => open = open.saturating_sub(1),
            _ => {}
        }
        before = c;
    }
    open > 0
}

/// `<<""`, whose end is an empty line, and ends with blanks in them (POSIX.1-2024, 2.7.4).
fn has_strange_document(line: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    line.replace("<<<", " ").split("<<").skip(1).any(|rest| {
        let rest = rest.trim_start_matches('-').trim_start_matches([' ', '\t']);
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let inner = match quote {
            Some(quote) => rest[1..].split_once(quote),
            None => {
                let rest = rest.trim_start_matches('\\');
                let end = rest.find(|c: char| " \t;|&)>".contains(c)).unwrap_or(rest.len());
                Some((&rest[..end], ""))
            }
        };
        !inner.is_some_and(|(inner, behind)| {
            !inner.is_empty()
                && inner.chars().all(|c| is_of_name(c) || quote.is_none() && "()$".contains(c))
                && !behind.starts_with(|c: char| is_of_name(c) || matches!(c, '"' | '\''))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_is_too_large_is_not_read() {
        assert!(too_large(&"(".repeat(51)).is_some() && too_large(&"\"$(".repeat(20_000)).is_some());
        assert!(too_large(&"ls || ".repeat(200_000)).is_some() && too_large(&"a ".repeat(20_001)).is_some());
        assert!(too_large(&"(ls)\n".repeat(1000)).is_none() && too_large(&"(".repeat(50)).is_none());
    }

    #[test]
    fn what_goes_on_unseen_makes_the_script_unclear() {
        for script in ["x=${y:=\nnpm audit\n}", "cat <<\"\"\nnpm audit\n", "cat <<''\n", "cat <<\"X Y\"\nX\n"]
        {
            assert!(is_unclear(script, &[]).is_some(), "{script}");
        }
        for script in [
            "x=${y:=a}",
            "cat <<EOF > x\na\nEOF",
            "cat <<'EOF'\n",
            "cat <<-\"E-1\" | x",
            "f() {\nls\n}",
            "x <<< \"a b\"",
            "echo ${{ github.sha }}",
            "x=$((1<<2))",
        ] {
            assert!(is_unclear(script, &[]).is_none(), "{script}");
        }
    }
}
