//! A script as lists of words: quotes, comments, here-documents, and what stands between commands.

/// Most commands of one script.
pub(super) const COMMANDS_LIMIT: usize = 5000;

/// Most brackets in each other, and most characters of a substitution in quotes.
const NESTING_LIMIT: usize = 1000;
const SUBSTITUTION_LIMIT: usize = 500;

/// The longest arithmetic that is looked through, in characters.
const ARITHMETIC_LIMIT: usize = 200;

/// Stands before the words that follow a substitution in quotes, which are of the command before it.
pub(super) const REST: &str = "\u{0}rest";

/// Stands where the shell would refuse the script: behind a quote or before a bracket that has no other.
pub(super) const REFUSED: &str = "\u{0}refused";

/// What stands behind a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// `;`, the end of a line, or a bracket.
    End,
    And,
    Or,
    Pipe,
    Background,
}

/// Splits a script into lists of words, with what stands behind each.
pub(super) fn split(script: &str) -> Vec<(Vec<String>, After)> {
    let mut parts: Vec<(Vec<String>, After)> = Vec::new();
    let mut words = Vec::new();
    let mut nesting = Vec::new();
    let has_case = script.contains("case");
    let mut lines = script.lines().peekable();
    while let Some(line) = lines.next() {
        let mut scan = Scan {
            rest: line,
            word: None,
            words: std::mem::take(&mut words),
            ends: Vec::new(),
            is_substituted: false,
            has_case,
            nesting: std::mem::take(&mut nesting),
        };
        let mut is_open = scan.line(&mut parts);
        // A string, or a line that ends in a backslash, goes on.
        while let (Some(open), Some(next)) = (is_open, lines.peek()) {
            scan.rest = next;
            lines.next();
            is_open = scan.go_on(open, &mut parts);
        }
        scan.end(&mut parts, After::End);
        if matches!(is_open, Some(Open::Quote(_))) {
            parts.push((vec![REFUSED.to_owned()], After::End));
        }
        nesting = std::mem::take(&mut scan.nesting);
        for end in std::mem::take(&mut scan.ends) {
            for text in lines.by_ref() {
                let text = if end.starts_with('\t') { text.trim_start_matches('\t') } else { text };
                if text == end.trim_start_matches('\t') {
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
    /// Whether a substitution in quotes stands before what is read.
    is_substituted: bool,
    /// Whether a bracket may close a pattern of `case`.
    has_case: bool,
    /// The brackets that are open.
    nesting: Vec<Bracket>,
}

/// What a bracket opens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Group,
    Substitution,
    /// A substitution between backquotes.
    Ticks,
    /// `names=(a b)`
    Array,
}

impl Scan<'_> {
    fn go_on(&mut self, open: Open, parts: &mut Vec<(Vec<String>, After)>) -> Option<Open> {
        match open {
            Open::Continued => self.line(parts),
            Open::Quote(quote) => {
                self.word.get_or_insert_default().push('\n');
                match self.quoted(quote, parts) {
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
                    if let Some(open) = self.quoted(c, parts) {
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
                // POSIX.1-2024, 2.3: a blank of another kind is a character of the word.
                ' ' | '\t' => self.end_word(),
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
                    self.open(Bracket::Group);
                    parts.push((vec!["(".to_owned()], After::End));
                }
                '(' if self.word.as_ref().is_some_and(|it| it.ends_with('=')) => {
                    self.open(Bracket::Array);
                    self.words.insert(0, REST.to_owned());
                }
                '(' => {
                    let is_taken = self.word.as_ref().is_some_and(|it| it.ends_with(['$', '<', '>']));
                    self.open(if is_taken { Bracket::Substitution } else { Bracket::Group });
                    if let Some(word) = self.word.as_mut().filter(|it| is_taken && !it.ends_with('$')) {
                        word.push('$');
                    }
                    self.end(parts, After::End);
                }
                ')' if self.nesting.is_empty() && !self.has_case => {
                    self.end(parts, After::End);
                    parts.push((vec![REFUSED.to_owned()], After::End));
                }
                ')' if self.nesting.last() == Some(&Bracket::Array) => drop(self.nesting.pop()),
                ')' if self.nesting.pop() == Some(Bracket::Substitution) => {
                    self.end(parts, After::End);
                    self.is_substituted = true;
                }
                '`' => {
                    let closes = self.nesting.last() == Some(&Bracket::Ticks);
                    if closes {
                        self.nesting.pop();
                    } else {
                        self.open(Bracket::Ticks);
                        self.word.get_or_insert_default().push('$');
                    }
                    self.end(parts, After::End);
                    self.is_substituted = closes;
                }
                ')' => {
                    self.end(parts, After::End);
                    if self.rest.trim_start().starts_with(['|', '&']) {
                        parts.push((vec![")".to_owned()], After::End));
                    }
                }
                ';' => self.end(parts, After::End),
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
    fn quoted(&mut self, quote: char, parts: &mut Vec<(Vec<String>, After)>) -> Option<Open> {
        while let Some(c) = self.rest.chars().next() {
            self.rest = &self.rest[c.len_utf8()..];
            if c == quote {
                return None;
            }
            if quote == '"' && matches!(c, '$' | '`') && self.substitution(c, parts) {
                continue;
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

    fn open(&mut self, bracket: Bracket) {
        if self.nesting.len() < NESTING_LIMIT {
            self.nesting.push(bracket);
        }
    }

    /// What `"$(…)"` runs, on this line: the commands stand behind the one that takes their output.
    fn substitution(&mut self, first: char, parts: &mut Vec<(Vec<String>, After)>) -> bool {
        let (from, end) = match first {
            '`' => (self.rest, '`'),
            _ if self.rest.starts_with('(') && !self.rest.starts_with("((") => (&self.rest[1..], ')'),
            _ => return false,
        };
        let Some((at, _)) = from.char_indices().take(SUBSTITUTION_LIMIT).find(|(_, c)| *c == end) else {
            return false;
        };
        let inner = &from[..at];
        if inner.contains(['"', '(', '`']) {
            return false;
        }
        self.rest = &from[at + 1..];
        self.word.get_or_insert_default().push('$');
        self.end(parts, After::End);
        let mut scan = Scan {
            rest: inner,
            word: None,
            words: Vec::new(),
            ends: Vec::new(),
            is_substituted: false,
            has_case: self.has_case,
            nesting: Vec::new(),
        };
        // What is in it has neither quotes of this kind nor another of it: this goes no deeper.
        scan.line(parts);
        scan.end(parts, After::End);
        self.is_substituted = true;
        true
    }

    /// The word behind `<<` ends the text that follows on the next lines.
    fn here_document(&mut self) {
        let is_indented = self.rest[1..].starts_with('-');
        let rest = self.rest[1..].trim_start_matches('-').trim_start();
        let end: String = rest.chars().take_while(|c| !c.is_whitespace() && !";|&)".contains(*c)).collect();
        self.rest = &rest[end.len()..];
        let end: String = end.chars().filter(|c| !matches!(c, '"' | '\'' | '\\')).collect();
        if !end.is_empty() {
            // What begins with a tab may be indented with them.
            self.ends.push(if is_indented { format!("\t{end}") } else { end });
        }
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    fn end(&mut self, parts: &mut Vec<(Vec<String>, After)>, after: After) {
        // The rest of the word that a substitution stands in is no command.
        let is_rest = std::mem::take(&mut self.is_substituted);
        self.end_word();
        if is_rest {
            if !names_a_program(parts, &self.words) {
                self.words.insert(0, REST.to_owned());
            }
            parts.push((std::mem::take(&mut self.words), after));
        } else if !self.words.is_empty() && self.nesting.last() == Some(&Bracket::Array) {
            // The lines of an array are no commands.
            if self.words[0] != REST {
                self.words.insert(0, REST.to_owned());
            }
            parts.push((std::mem::take(&mut self.words), after));
        } else if !self.words.is_empty() {
            parts.push((std::mem::take(&mut self.words), after));
        } else if after != After::End
            && let Some((words, last)) = parts.last_mut()
            && words.first().is_some_and(|word| word == ")")
        {
            *last = after;
        }
    }
}

/// Whether what follows a substitution is a program in the folder that it names: `$(go env GOPATH)/bin/govulncheck`.
fn names_a_program(parts: &[(Vec<String>, After)], words: &[String]) -> bool {
    let [.., (before, _), (inner, _)] = parts else { return false };
    let inner: Vec<&str> = inner.iter().map(String::as_str).collect();
    before == &["$".to_owned()]
        && matches!(
            inner.as_slice(),
            ["go", "env", "GOPATH" | "GOBIN"] | ["brew", "--prefix"] | ["npm", "bin"]
        )
        && words.first().is_some_and(|word| word.starts_with('/'))
}

/// What stands behind arithmetic that shifts.
fn arithmetic(rest: &str) -> Option<&str> {
    let near = rest.char_indices().nth(ARITHMETIC_LIMIT).map_or(rest.len(), |(at, _)| at);
    let end = rest[..near].find("))")?;
    rest[..end].contains("<<").then_some(&rest[end + 2..])
}
