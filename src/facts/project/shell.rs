//! The commands of a shell script, as words, and whether their failure counts.
//!
//! This is no shell: it tells which programs a script calls, from quotes, comments, here-documents and what stands
//! between commands (POSIX.1-2024, Shell Command Language, 2.2, 2.3, 2.9). The rule that must not be broken: a word in a
//! comment, in a text that is printed or in a package that is installed is no call.

/// Most commands of one script.
const COMMANDS_LIMIT: usize = 5000;

/// A command of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its words, without quotes.
    pub words: Vec<String>,
    /// Why its failure does not fail the script, where that is so.
    pub harmless: Option<&'static str>,
    /// Why nobody can say that it is run, where that is so.
    pub doubt: Option<&'static str>,
}

/// What stands behind a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    /// `;`, the end of a line, or a bracket.
    End,
    And,
    Or,
    Pipe,
}

/// The commands of `script`. With `pipefail`, each command of a pipeline counts; otherwise the last alone.
#[must_use]
pub fn commands(script: &str, pipefail: bool) -> Vec<Command> {
    let parts = split(script);
    let swallowed = swallowed(&parts);
    let mut pipefail = pipefail;
    let mut lenient = false;
    let mut commands = Vec::new();
    for (index, (words, after)) in parts.iter().enumerate() {
        if words.first().is_some_and(|word| word == "set") {
            let has = |option: &str| words.iter().any(|word| word == option);
            pipefail |= has("pipefail");
            lenient = (lenient || has("+e")) && !words.iter().any(|word| word.starts_with("-e"));
        }
        let is_last = index + 1 == parts.len();
        let harmless = if *after == After::Pipe && !pipefail {
            Some("a pipe hides its result")
        } else if lenient && !is_last {
            Some("`set +e`")
        } else {
            swallowed[index].or_else(|| by_option(words))
        };
        let words: Vec<String> =
            words.iter().filter(|word| !is_word_of_the_language(word)).cloned().collect();
        if !words.is_empty() {
            commands.push(Command { words, harmless, doubt: None });
        }
    }
    commands
}

/// For each of `parts`, whether what follows makes its failure a success.
fn swallowed(parts: &[(Vec<String>, After)]) -> Vec<Option<&'static str>> {
    let mut all = vec![None; parts.len()];
    for at in (0..parts.len().saturating_sub(1)).rev() {
        all[at] = match parts[at].1 {
            After::End => None,
            After::And | After::Pipe => all[at + 1],
            After::Or => by_alternative(&parts[at + 1]),
        };
    }
    all
}

/// Whether what is run in the place of a failure succeeds.
fn by_alternative((words, after): &(Vec<String>, After)) -> Option<&'static str> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["true" | "/bin/true", ..] => Some("`|| true`"),
        [":", ..] => Some("`|| :`"),
        ["exit", "0"] => Some("`|| exit 0`"),
        // What is printed and then fails all the same is a list of its own.
        ["echo" | "printf", ..] if *after == After::End => Some("`|| echo`"),
        _ => None,
    }
}

/// Whether the command was told not to fail.
fn by_option(words: &[String]) -> Option<&'static str> {
    let zero = words.windows(2).any(|pair| pair[0] == "--exit-code" && pair[1] == "0");
    match () {
        () if words.iter().any(|word| word == "--exit-zero") => Some("`--exit-zero`"),
        () if zero || words.iter().any(|word| word == "--exit-code=0") => Some("`--exit-code 0`"),
        () if words.iter().any(|word| word == "--soft-fail") => Some("`--soft-fail`"),
        () => None,
    }
}

fn is_word_of_the_language(word: &str) -> bool {
    matches!(
        word,
        "if" | "then" | "else" | "elif" | "fi" | "do" | "done" | "while" | "until" | "!" | "{" | "}" | "("
    )
}

/// Splits a script into lists of words, with what stands behind each.
fn split(script: &str) -> Vec<(Vec<String>, After)> {
    let mut parts: Vec<(Vec<String>, After)> = Vec::new();
    let mut words = Vec::new();
    let mut lines = script.lines().peekable();
    while let Some(line) = lines.next() {
        let mut scan = Scan { rest: line, word: None, words: std::mem::take(&mut words), ends: Vec::new() };
        let mut is_open = scan.line(&mut parts);
        // A string, or a line that ends in a backslash, goes on.
        while let (Some(open), Some(next)) = (is_open, lines.peek()) {
            scan.rest = next;
            lines.next();
            is_open = scan.go_on(open, &mut parts);
        }
        scan.end(&mut parts, After::End);
        for end in std::mem::take(&mut scan.ends) {
            for text in lines.by_ref() {
                if text.trim() == end {
                    break;
                }
            }
        }
        if parts.len() >= COMMANDS_LIMIT {
            break;
        }
    }
    parts.truncate(COMMANDS_LIMIT);
    parts
}

/// What a line left open.
#[derive(Clone, Copy)]
enum Open {
    Quote(char),
    Continued,
}

struct Scan<'t> {
    rest: &'t str,
    word: Option<String>,
    words: Vec<String>,
    /// The ends of the here-documents that begin on this line.
    ends: Vec<String>,
}

impl Scan<'_> {
    fn go_on(&mut self, open: Open, parts: &mut Vec<(Vec<String>, After)>) -> Option<Open> {
        match open {
            Open::Continued => self.line(parts),
            Open::Quote(quote) => {
                self.word.get_or_insert_default().push('\n');
                match self.quoted(quote) {
                    Some(open) => Some(open),
                    None => self.line(parts),
                }
            }
        }
    }

    /// Reads to the end of the line.
    fn line(&mut self, parts: &mut Vec<(Vec<String>, After)>) -> Option<Open> {
        while let Some(c) = self.rest.chars().next() {
            self.rest = &self.rest[c.len_utf8()..];
            match c {
                '\'' | '"' => {
                    self.word.get_or_insert_default();
                    if let Some(open) = self.quoted(c) {
                        return Some(open);
                    }
                }
                '\\' if self.rest.is_empty() => return Some(Open::Continued),
                '\\' => {
                    let next = self.rest.chars().next().unwrap_or('\\');
                    self.rest = &self.rest[next.len_utf8()..];
                    self.word.get_or_insert_default().push(next);
                }
                '#' if self.word.is_none() => break,
                c if c.is_whitespace() => self.end_word(),
                '<' if self.rest.starts_with('<') && !self.rest.starts_with("<<") => self.here_document(),
                // A group is no command by itself; what is in it decides.
                '(' if self.word.is_none() && self.words.is_empty() => {
                    parts.push((vec!["(".to_owned()], After::End));
                }
                ';' | '(' | ')' | '`' => self.end(parts, After::End),
                '&' if self.rest.starts_with('&') => {
                    self.rest = &self.rest[1..];
                    self.end(parts, After::And);
                }
                // `2>&1` and `&>`
                '&' if self.rest.starts_with('>')
                    || self.word.as_ref().is_some_and(|it| it.ends_with('>')) =>
                {
                    self.word.get_or_insert_default().push('&');
                }
                '&' => self.end(parts, After::End),
                '|' if self.rest.starts_with('|') => {
                    self.rest = &self.rest[1..];
                    self.end(parts, After::Or);
                }
                '|' => self.end(parts, After::Pipe),
                other => self.word.get_or_insert_default().push(other),
            }
        }
        None
    }

    /// Reads to the end of a quote, or of the line.
    fn quoted(&mut self, quote: char) -> Option<Open> {
        while let Some(c) = self.rest.chars().next() {
            self.rest = &self.rest[c.len_utf8()..];
            if c == quote {
                return None;
            }
            let c = if c == '\\' && quote == '"' && !self.rest.is_empty() {
                let next = self.rest.chars().next().unwrap_or(c);
                self.rest = &self.rest[next.len_utf8()..];
                next
            } else {
                c
            };
            self.word.get_or_insert_default().push(c);
        }
        Some(Open::Quote(quote))
    }

    /// The word behind `<<` ends the text that follows on the next lines.
    fn here_document(&mut self) {
        let rest = self.rest[1..].trim_start_matches('-').trim_start();
        let end: String = rest.chars().take_while(|c| !c.is_whitespace() && !";|&)".contains(*c)).collect();
        self.rest = &rest[end.len()..];
        let end: String = end.chars().filter(|c| !matches!(c, '"' | '\'' | '\\')).collect();
        if !end.is_empty() {
            self.ends.push(end);
        }
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    fn end(&mut self, parts: &mut Vec<(Vec<String>, After)>, after: After) {
        self.end_word();
        if !self.words.is_empty() {
            parts.push((std::mem::take(&mut self.words), after));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(script: &str) -> Vec<(String, Option<&'static str>)> {
        commands(script, false).into_iter().map(|it| (it.words.join(" "), it.harmless)).collect()
    }

    fn words(script: &str) -> Vec<String> {
        shown(script).into_iter().map(|(words, _)| words).collect()
    }

    #[test]
    fn commands_are_told_apart() {
        assert_eq!(
            words(
                "# bandit\npip install x && bandit -r . # more\ncd a; ls | tee 'b c'\nFOO=1 \"go\" \\\n  test ./..."
            ),
            ["pip install x", "bandit -r .", "cd a", "ls", "tee b c", "FOO=1 go test ./..."]
        );
        assert_eq!(words("x=$(pip-audit -r a)\n"), ["x=$", "pip-audit -r a"]);
        assert_eq!(words("if ! gosec ./...; then\n  exit 1\nfi"), ["gosec ./...", "exit 1"]);
        assert_eq!(words("a 2>&1 &> b & c"), ["a 2>&1 &> b", "c"]);
    }

    #[test]
    fn text_that_is_written_somewhere_is_no_command() {
        assert_eq!(words("cat <<'EOF' > a\nbandit\nEOF\nls"), ["cat > a", "ls"]);
        assert_eq!(words("cat <<-EOF\n\tbandit\n\tEOF\nls"), ["cat", "ls"]);
        assert_eq!(words("echo 'a\nbandit\n' && ls"), ["echo a\nbandit\n", "ls"]);
        assert_eq!(words("cat <<EOF\nbandit"), ["cat"]);
    }

    #[test]
    fn a_failure_that_is_thrown_away_is_seen() {
        let why = |script: &str| shown(script)[0].1;
        assert_eq!(why("pip-audit || true"), Some("`|| true`"));
        assert_eq!(why("pip-audit \\\n  || true"), Some("`|| true`"));
        assert_eq!(why("pip-audit ||:"), Some("`|| :`"));
        assert_eq!(why("pip-audit || exit 0"), Some("`|| exit 0`"));
        assert_eq!(why("pip-audit || echo 'found some'"), Some("`|| echo`"));
        assert_eq!(why("pip-audit && echo fine || true"), Some("`|| true`"));
        assert_eq!(why("pip-audit | tee log"), Some("a pipe hides its result"));
        assert_eq!(why("bandit -r . --exit-zero"), Some("`--exit-zero`"));
        assert_eq!(why("trivy image x --exit-code 0"), Some("`--exit-code 0`"));
        assert_eq!(shown("set +e\npip-audit\nls")[1].1, Some("`set +e`"));
        for counted in [
            "pip-audit",
            "pip-audit || exit 1",
            "pip-audit || (echo no; exit 1)",
            "pip-audit; true",
            "pip-audit && true",
        ] {
            assert_eq!(why(counted), None, "{counted}");
        }
        assert_eq!(shown("set -o pipefail\npip-audit | tee log")[1].1, None);
        assert_eq!(shown("set +e\nls\nset -e\npip-audit\nls")[3].1, None);
        assert_eq!(commands("pip-audit | tee log", true)[0].harmless, None);
    }

    #[test]
    fn endless_and_broken_scripts_end() {
        assert_eq!(commands(&"a;".repeat(20_000), false).len(), COMMANDS_LIMIT);
        for script in ["'", "\"\\", "<<", "a <<-", "|||", "&&&&", "\\", "$(((", "`"] {
            assert!(commands(script, true).len() < 4, "{script}");
        }
    }
}
