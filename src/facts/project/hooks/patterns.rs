//! The patterns by which hooks choose files: regular expressions of a simple form.
//!
//! The rule that must not be broken: an expression that is not understood is none, and whoever asks has a doubt.

/// Most alternatives of one expression.
const ALTERNATIVES_LIMIT: usize = 64;
/// The longest expression, in bytes.
const LENGTH_LIMIT: usize = 500;

/// Stands for any one character.
const ANY: char = '\u{1}';
/// Stands for any characters.
const RUN: char = '\u{2}';

/// The alternatives of an expression, each a text with [`ANY`], [`RUN`] and what ties it to the beginning or the end;
/// nothing where it is not understood.
pub(super) fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let (is_verbose, bare) = match pattern.trim().strip_prefix("(?x)") {
        Some(bare) => (true, bare),
        None => (false, pattern),
    };
    let chars: Vec<char> = bare.chars().filter(|c| !(is_verbose && c.is_whitespace())).collect();
    if pattern.len() > LENGTH_LIMIT {
        return None;
    }
    let mut rest = chars.as_slice();
    let all = group(&mut rest, 0)?;
    rest.is_empty().then_some(all)
}

/// The alternatives up to the bracket that closes a group, which is taken away.
fn group(rest: &mut &[char], depth: usize) -> Option<Vec<String>> {
    let mut all = Vec::new();
    let mut now = vec![String::new()];
    while let Some((c, behind)) = rest.split_first() {
        *rest = behind;
        let next = match c {
            ')' if depth > 0 => {
                all.extend(now);
                return Some(all);
            }
            '|' => {
                all.append(&mut now);
                now.push(String::new());
                continue;
            }
            '(' if depth < 8 => {
                *rest = rest.strip_prefix(&['?', ':']).unwrap_or(rest);
                group(rest, depth + 1)?
            }
            '\\' => {
                let (escaped, behind) = rest.split_first()?;
                *rest = behind;
                if escaped.is_alphanumeric() {
                    return None;
                }
                vec![escaped.to_string()]
            }
            '.' => vec![if takes_run(rest) { RUN } else { ANY }.to_string()],
            '[' => {
                *rest = rest.strip_prefix(&['^', '/', ']'])?;
                if !takes_run(rest) {
                    return None;
                }
                vec![RUN.to_string()]
            }
            '*' | '+' | '?' | '{' | '(' | ')' => return None,
            plain => vec![plain.to_string()],
        };
        if now.len().saturating_mul(next.len()) + all.len() > ALTERNATIVES_LIMIT {
            return None;
        }
        now = now.iter().flat_map(|before| next.iter().map(move |it| format!("{before}{it}"))).collect();
    }
    all.extend(now);
    (depth == 0).then_some(all)
}

/// Whether what was read may be repeated: the mark of that is taken away.
fn takes_run(rest: &mut &[char]) -> bool {
    match rest.first() {
        Some('*' | '+') => {
            *rest = &rest[1..];
            *rest = rest.strip_prefix(&['?']).unwrap_or(rest);
            true
        }
        _ => false,
    }
}

/// Whether an alternative fits a path, anywhere in it.
pub(super) fn fits(alternative: &str, path: &str) -> bool {
    let begins = alternative.strip_prefix('^');
    let ends = begins.unwrap_or(alternative).strip_suffix('$');
    let inner = ends.or(begins).unwrap_or(alternative);
    let mut pattern: Vec<char> = inner.chars().collect();
    if begins.is_none() {
        pattern.insert(0, RUN);
    }
    if ends.is_none() {
        pattern.push(RUN);
    }
    // For each beginning of the pattern, whether it fits what was read of the path.
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    let skip = |reached: &mut Vec<bool>| {
        for (at, c) in pattern.iter().enumerate() {
            if *c == RUN && reached[at] {
                reached[at + 1] = true;
            }
        }
    };
    skip(&mut reached);
    for c in path.chars() {
        let mut next = vec![false; pattern.len() + 1];
        for (at, wanted) in pattern.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match *wanted {
                RUN => next[at] = true,
                ANY => next[at + 1] = true,
                wanted if wanted == c => next[at + 1] = true,
                _ => {}
            }
        }
        reached = next;
        skip(&mut reached);
    }
    reached[pattern.len()]
}

/// The words of an alternative for people: without what ties it.
pub(super) fn bare(alternative: &str) -> String {
    alternative.chars().filter(|c| !matches!(*c, '^' | '$' | ANY | RUN)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits_any(pattern: &str, path: &str) -> Option<bool> {
        alternatives(pattern).map(|all| all.iter().any(|it| fits(it, path)))
    }

    #[test]
    fn an_expression_of_a_simple_form_fits_the_paths_that_it_names() {
        for (pattern, path, expected) in [
            ("^requirements.*\\.txt$", "requirements-dev.txt", true),
            ("^requirements.*\\.txt$", "a/requirements.txt", false),
            ("(^|/)(package-lock\\.json|yarn\\.lock)$", "web/yarn.lock", true),
            ("package.lock.json", "a/package-lock.json", true),
            ("^src/[^/]*/x$", "src/a/x", true),
            ("(?x)^( a | b )/", "b/c", true),
            ("^(?:a|b)$", "a/c", false),
            ("^no-such-file$", "package-lock.json", false),
        ] {
            assert_eq!(fits_any(pattern, path), Some(expected), "{pattern} {path}");
        }
        for pattern in
            ["a{2}", "[ab]c", "(?!x)", "\\d", "(a", "a)", "x?", "(a)*", &"(a|b)".repeat(9), &"a".repeat(501)]
        {
            assert_eq!(alternatives(pattern), None, "{pattern}");
        }
    }
}
