//! The commands of a shell script, as words, and whether their failure counts.
//!
//! This is no shell: it tells which programs a script calls, from quotes, comments, here-documents and what stands
//! between commands (POSIX.1-2024, Shell Command Language, 2.2, 2.3, 2.9). The rule that must not be broken: a word in a
//! comment, in a text that is printed or in a package that is installed is no call.

/// Most commands of one script.
const COMMANDS_LIMIT: usize = 5000;

/// Most parts of a group that are looked through.
const GROUP_LIMIT: usize = 50;

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
    Background,
}

/// The commands of `script`. With `pipefail`, each command of a pipeline counts; otherwise the last alone.
#[must_use]
pub fn commands(script: &str, pipefail: bool) -> Vec<Command> {
    let parts = split(script);
    let swallowed = swallowed(&parts);
    let doubts = doubts(&parts);
    let mut pipefail = pipefail;
    let mut lenient = false;
    let mut commands = Vec::new();
    for (index, (words, after)) in parts.iter().enumerate() {
        if words.first().is_some_and(|word| word == "set") {
            let has = |option: &str| words.iter().any(|word| word == option);
            pipefail |= has("pipefail");
            let is_off = words.iter().any(|word| word.starts_with('+') && word.contains('e'))
                || words.windows(2).any(|pair| pair[0] == "+o" && pair[1] == "errexit");
            lenient = (lenient || is_off) && !words.iter().any(|word| word.starts_with("-e"));
        }
        let is_last = index + 1 == parts.len();
        let harmless = if *after == After::Pipe && !pipefail {
            Some("a pipe hides its result")
        } else if *after == After::Background {
            Some("it runs in the background")
        } else if words.first().is_some_and(|word| word == "!") {
            Some("`!` turns its result round")
        } else if matches!(words.as_slice(), [word, next, ..] if word == "if" && next != "!") {
            Some("`if` takes its result")
        } else if lenient && !is_last {
            Some("`set +e`")
        } else {
            swallowed[index].or_else(|| by_option(words))
        };
        let words: Vec<String> =
            words.iter().filter(|word| !is_word_of_the_language(word)).cloned().collect();
        if !words.is_empty() {
            commands.push(Command { words, harmless, doubt: doubts[index] });
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
            After::Background => Some("it runs in the background"),
            After::Or => by_alternative(&parts[at + 1..]),
        };
    }
    // What is said behind a group is said of all in it.
    for at in 0..parts.len() {
        let closes = |word: &str| matches!(word, ")" | "}" | "fi" | "done" | "esac");
        let is_close = parts[at].0.len() == 1 && closes(&parts[at].0[0]);
        if let Some(why) = all[at].filter(|_| is_close) {
            for before in (at.saturating_sub(GROUP_LIMIT)..at).rev() {
                all[before] = all[before].or(Some(why));
                let words = &parts[before].0;
                let opens = words.first().is_some_and(|word| {
                    matches!(word.as_str(), "(" | "{" | "if" | "for" | "while" | "until" | "case")
                }) || words.last().is_some_and(|word| word.ends_with('$'));
                if opens {
                    break;
                }
            }
        }
    }
    all
}

/// For each of `parts`, why nobody can say that it is run.
fn doubts(parts: &[(Vec<String>, After)]) -> Vec<Option<&'static str>> {
    const GUARDS: [&str; 11] =
        ["false", "true", ":", "[", "[[", "test", "grep", "command", "which", "type", "exit"];
    let mut all = Vec::with_capacity(parts.len());
    let (mut blocks, mut braces) = (0_usize, 0_usize);
    let mut function: Option<usize> = None;
    let mut ended = false;
    let mut chain: Option<&'static str> = None;
    let mut before: Option<&(Vec<String>, After)> = None;
    for part in parts {
        let first = part.0.first().map_or("", String::as_str);
        chain = match before {
            Some((words, After::And)) => {
                let is_guard = words.iter().find(|word| !is_word_of_the_language(word));
                let is_guard = is_guard.is_none_or(|word| GUARDS.contains(&word.as_str()));
                chain.or_else(|| is_guard.then_some("a condition stands before it"))
            }
            Some((_, After::Or)) => Some("it runs only where another fails"),
            Some((_, After::Pipe)) => chain,
            _ => None,
        };
        before = Some(part);
        if matches!(first, "fi" | "done" | "esac") {
            blocks = blocks.saturating_sub(1);
        }
        if matches!(first, "()" | "function") {
            function = function.or(Some(braces));
        }
        all.push(match () {
            () if ended => Some("the script may have ended before it"),
            () if function.is_some() => Some("it stands in a function"),
            () if blocks > 0 => Some("it stands in a condition or a loop"),
            () => chain,
        });
        let is_sure = blocks == 0 && function.is_none() && chain.is_none();
        ended |= is_sure && matches!(first, "exit" | "return" | "exec");
        if matches!(first, "if" | "for" | "while" | "until" | "case" | "select") {
            blocks += 1;
        }
        if first == "{" || (first == "function" && part.0.last().is_some_and(|it| it == "{")) {
            braces += 1;
        }
        if first == "}" {
            braces = braces.saturating_sub(1);
            function = function.filter(|outside| braces > *outside);
        }
    }
    all
}

/// Why what is run in the place of a failure does not fail; nothing where it does.
fn by_alternative(rest: &[(Vec<String>, After)]) -> Option<&'static str> {
    let words: Vec<&str> = rest.first()?.0.iter().map(String::as_str).collect();
    let fails = |words: &[String]| match words {
        [word, code] => matches!(word.as_str(), "exit" | "return") && code != "0",
        [word] => matches!(word.as_str(), "exit" | "return" | "false"),
        _ => false,
    };
    match words.as_slice() {
        ["true" | "/bin/true", ..] => Some("`|| true`"),
        [":", ..] => Some("`|| :`"),
        ["exit", "0"] => Some("`|| exit 0`"),
        ["(" | "{", ..] => {
            let inner = rest.iter().take(10);
            let mut inner = inner.map(|(words, _)| words.strip_prefix(&["{".to_owned()]).unwrap_or(words));
            (!inner.any(fails)).then_some("`||` takes its place")
        }
        ["echo" | "printf", ..] => Some("`|| echo`"),
        _ if fails(&rest[0].0) => None,
        _ => Some("`||` takes its place"),
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
        "if" | "then"
            | "else"
            | "elif"
            | "fi"
            | "do"
            | "done"
            | "while"
            | "until"
            | "!"
            | "{"
            | "}"
            | "("
            | ")"
            | "()"
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
                // `<<<` is followed by a text of this line.
                '<' if self.rest.starts_with("<<") => self.rest = &self.rest[2..],
                '<' if self.rest.starts_with('<') && !self.rest.starts_with("<<") => self.here_document(),
                // `$((1 << 2))` is arithmetic.
                '(' if self.rest.starts_with('(') && arithmetic(self.rest).is_some() => {
                    self.rest = arithmetic(self.rest).unwrap_or_default();
                    self.word.get_or_insert_default().push('0');
                }
                '(' if self.rest.trim_start().starts_with(')') => {
                    let after = self.rest.trim_start();
                    self.rest = &after[1..];
                    self.end(parts, After::End);
                    parts.push((vec!["()".to_owned()], After::End));
                }
                // A group is no command by itself; what is in it decides.
                '(' if self.word.is_none() && self.words.is_empty() => {
                    parts.push((vec!["(".to_owned()], After::End));
                }
                ')' => {
                    self.end(parts, After::End);
                    if self.rest.trim_start().starts_with(['|', '&']) {
                        parts.push((vec![")".to_owned()], After::End));
                    }
                }
                ';' | '(' | '`' => self.end(parts, After::End),
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
                '&' => self.end(parts, After::Background),
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
        } else if after != After::End
            && let Some((words, last)) = parts.last_mut()
            && words.first().is_some_and(|word| word == ")")
        {
            *last = after;
        }
    }
}

/// What stands behind arithmetic that shifts.
fn arithmetic(rest: &str) -> Option<&str> {
    let (inner, behind) = rest.split_once("))")?;
    inner.contains("<<").then_some(behind)
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
    fn what_is_no_here_document_hides_nothing() {
        assert!(words("cat <<< EOF\npip-audit").contains(&"pip-audit".to_owned()));
        assert!(words("x=$((1<<2))\npip-audit").contains(&"pip-audit".to_owned()));
    }

    #[test]
    fn a_command_that_perhaps_is_not_reached_is_a_doubt() {
        let doubtful = |script: &str| {
            let all = commands(script, true);
            all.iter().find(|it| it.words[0] == "pip-audit").unwrap().doubt.is_some()
        };
        for script in [
            "exit 0\npip-audit",
            "if false; then\n  pip-audit\nfi",
            "false && pip-audit",
            "[ -n \"\" ] && pip-audit || echo",
            "true || pip-audit",
            "audit() {\n  pip-audit\n}\ntrue",
            "function audit {\n  pip-audit\n}",
            "while false; do pip-audit; done",
            "for x in ; do pip-audit; done",
        ] {
            assert!(doubtful(script), "{script}");
        }
        for script in [
            "pip-audit",
            "cd a && pip-audit",
            "if x; then\n  ls\nfi\npip-audit",
            "f() {\n  ls\n}\npip-audit",
            "{ ls; }\npip-audit",
        ] {
            assert!(!doubtful(script), "{script}");
        }
    }

    #[test]
    fn a_result_that_is_taken_away_is_seen() {
        for script in [
            "(pip-audit) || true",
            "{ pip-audit; } || true",
            "x=$(pip-audit) || true",
            "if pip-audit; then echo ok; fi",
            "! pip-audit",
            "pip-audit &\ntrue",
            "set +eu\npip-audit\ntrue",
            "set +o errexit\npip-audit\ntrue",
            "pip-audit || { exit 0; }",
            "pip-audit || (true)",
            "pip-audit || rc=$?",
        ] {
            let all = commands(script, true);
            let it = all.iter().find(|it| it.words[0] == "pip-audit").unwrap();
            assert!(it.harmless.is_some(), "{script}");
        }
    }

    #[test]
    fn endless_and_broken_scripts_end() {
        assert_eq!(commands(&"a;".repeat(20_000), false).len(), COMMANDS_LIMIT);
        for script in ["'", "\"\\", "<<", "a <<-", "|||", "&&&&", "\\", "$(((", "`"] {
            assert!(commands(script, true).len() < 4, "{script}");
        }
    }
}
