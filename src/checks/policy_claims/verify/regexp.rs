//! The part of Go's regular expressions that identities are written with: letters, `.`, classes, groups, `|`, `?`, `*`,
//! `+`, `^` and `$`. <https://github.com/google/re2/wiki/Syntax>
//!
//! The rule that must not be broken: what is not of that part is no expression, and matching ends.

use std::collections::BTreeSet;

/// The longest expression and text, in characters, and how deep groups may be.
const LONGEST: usize = 600;
const DEEPEST: usize = 10;

/// How many steps a match may take.
const STEPS: usize = 200_000;

#[derive(Debug)]
enum Node {
    /// One of these ranges, or none of them.
    Class(Vec<(char, char)>, bool),
    Begin,
    End,
    /// One of several sequences.
    Group(Vec<Vec<Self>>),
    /// At least, and whether more than once.
    Repeat(Box<Self>, bool, bool),
}

/// Whether `pattern` matches somewhere in `text`; `None` where it is not understood.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    let text: Vec<char> = text.chars().collect();
    let pattern: Vec<char> = pattern.chars().collect();
    if text.len() > LONGEST || pattern.len() > LONGEST {
        return None;
    }
    let mut reader = Reader { left: &pattern };
    let group = reader.group(0)?;
    if !reader.left.is_empty() {
        return None;
    }
    let mut steps = STEPS;
    let all = (0..=text.len()).collect();
    Some(!of_group(&group, &text, &all, &mut steps)?.is_empty())
}

struct Reader<'a> {
    left: &'a [char],
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let (first, rest) = self.left.split_first()?;
        self.left = rest;
        Some(*first)
    }

    fn group(&mut self, depth: usize) -> Option<Vec<Vec<Node>>> {
        if depth > DEEPEST {
            return None;
        }
        let mut all = vec![Vec::new()];
        while let Some(c) = self.left.first().copied().filter(|c| *c != ')') {
            self.next();
            if c == '|' {
                all.push(Vec::new());
                continue;
            }
            let node = match c {
                '(' => {
                    if self.left.first() == Some(&'?') {
                        self.next();
                        (self.next()? == ':').then_some(())?;
                    }
                    let inner = self.group(depth + 1)?;
                    (self.next()? == ')').then_some(())?;
                    Node::Group(inner)
                }
                '[' => self.class()?,
                '^' => Node::Begin,
                '$' => Node::End,
                '.' => Node::Class(vec![('\n', '\n')], true),
                '\\' => self.escaped()?,
                '*' | '+' | '?' | '{' | '}' | ']' => return None,
                c => Node::Class(vec![(c, c)], false),
            };
            let node = self.repeated(node)?;
            all.last_mut()?.push(node);
        }
        Some(all)
    }

    fn repeated(&mut self, node: Node) -> Option<Node> {
        let (is_needed, is_more) = match self.left.first() {
            Some('*') => (false, true),
            Some('+') => (true, true),
            Some('?') => (false, false),
            _ => return Some(node),
        };
        self.next();
        // What takes as little as it can matches the same texts; a repetition of a repetition is none.
        if self.left.first() == Some(&'?') {
            self.next();
        }
        let is_again = matches!(self.left.first(), Some('*' | '+' | '?' | '{'));
        (!is_again).then(|| Node::Repeat(Box::new(node), is_needed, is_more))
    }

    fn escaped(&mut self) -> Option<Node> {
        let c = self.next()?;
        Some(match c {
            'd' => Node::Class(vec![('0', '9')], false),
            'w' => Node::Class(vec![('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_')], false),
            c if c.is_ascii_punctuation() => Node::Class(vec![(c, c)], false),
            _ => return None,
        })
    }

    fn class(&mut self) -> Option<Node> {
        let is_not = self.left.first() == Some(&'^');
        if is_not {
            self.next();
        }
        let mut ranges = Vec::new();
        loop {
            let from = match self.next()? {
                ']' if !ranges.is_empty() => return Some(Node::Class(ranges, is_not)),
                '[' | ']' => return None,
                '\\' => match self.escaped()? {
                    Node::Class(inner, _) if inner.len() == 1 && inner[0].0 == inner[0].1 => inner[0].0,
                    Node::Class(inner, _) => {
                        ranges.extend(inner);
                        continue;
                    }
                    _ => return None,
                },
                c => c,
            };
            let to = match self.left {
                ['-', to, ..] if *to != ']' => {
                    let to = *to;
                    self.left = &self.left[2..];
                    if to == '\\' || to == '[' {
                        return None;
                    }
                    to
                }
                _ => from,
            };
            if from > to {
                return None;
            }
            ranges.push((from, to));
        }
    }
}

/// Where matches may end that begin at `from`.
fn of_group(
    all: &[Vec<Node>],
    text: &[char],
    from: &BTreeSet<usize>,
    steps: &mut usize,
) -> Option<BTreeSet<usize>> {
    let mut ends = BTreeSet::new();
    for sequence in all {
        let mut at = from.clone();
        for node in sequence {
            at = of_node(node, text, &at, steps)?;
        }
        ends.extend(at);
    }
    Some(ends)
}

fn of_node(node: &Node, text: &[char], from: &BTreeSet<usize>, steps: &mut usize) -> Option<BTreeSet<usize>> {
    *steps = steps.checked_sub(from.len() + 1)?;
    Some(match node {
        Node::Begin => from.iter().copied().filter(|at| *at == 0).collect(),
        Node::End => from.iter().copied().filter(|at| *at == text.len()).collect(),
        Node::Class(ranges, is_not) => {
            let fits = |c: &char| ranges.iter().any(|(from, to)| (from..=to).contains(&c)) != *is_not;
            from.iter().filter(|at| text.get(**at).is_some_and(fits)).map(|at| at + 1).collect()
        }
        Node::Group(all) => of_group(all, text, from, steps)?,
        Node::Repeat(node, is_needed, is_more) => {
            let mut ends = if *is_needed { BTreeSet::new() } else { from.clone() };
            let mut at = from.clone();
            loop {
                at = of_node(node, text, &at, steps)?.difference(&ends).copied().collect();
                if at.is_empty() {
                    break;
                }
                ends.extend(at.iter().copied());
                if !*is_more {
                    break;
                }
            }
            ends
        }
    })
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
        for pattern in
            ["(?i)acme", "a{2}", "[[:alpha:]]", "(a", "a)", "[a", "*a", r"\bacme", r"\p{L}", "a**", "[z-a]"]
        {
            assert_eq!(matches(pattern, "acme"), None, "{pattern}");
        }
        let text = "a".repeat(500);
        assert_eq!(matches("((a*)*)*b", &text), Some(false));
        assert_eq!(matches(&"(".repeat(500), "a"), None);
        assert_eq!(matches("a", &"a".repeat(601)), None);
        assert_eq!(matches("(a+)+$", &"a".repeat(30)), Some(true));
    }
}
