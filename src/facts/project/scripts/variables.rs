//! The variables of a makefile, where they have one plain value.
//!
//! <https://www.gnu.org/software/make/manual/make.html#Using-Variables>
//!
//! The rule that must not be broken: a variable stands for its value only where the makefile gives it once, plainly and
//! under no condition, and where nothing else may have given it another.

use super::super::{runs::Texts, shells};
use crate::evidence::project::CI_SETTINGS;
use std::collections::BTreeMap;

/// How deep the variables in a value are put in.
const DEPTH_LIMIT: usize = 3;

/// The longest value that is put in, and the longest recipe that comes of it, in bytes.
const LONGEST_VALUE: usize = 500;
const LONGEST: usize = 64 << 10;

/// The variables of a makefile.
pub(super) struct Variables<'t> {
    given: BTreeMap<&'t str, Given<'t>>,
    /// Whether anything else may give them.
    is_open: bool,
    /// Whether the environment may give one that `?=` leaves to it, and nobody here looks.
    is_told: bool,
}

/// How a variable is given.
#[derive(Default)]
struct Given<'t> {
    times: usize,
    /// Its value, where it stands there plainly.
    value: Option<&'t str>,
    /// Whether the environment comes before it, as with `?=`.
    is_default: bool,
}

impl<'t> Variables<'t> {
    /// Reads those of a makefile; `words` are those of the call, which may give others.
    pub(super) fn of(text: &'t str, words: &[&'t str], texts: &Texts) -> Self {
        // The environment of a job is looked at in workflows and on GitLab alone.
        let is_told = CI_SETTINGS.iter().any(|path| *path != ".gitlab-ci.yml" && texts.contains_key(*path));
        let mut variables = Self { given: BTreeMap::new(), is_open: false, is_told };
        let (mut depth, mut is_continued) = (0_usize, false);
        for line in text.lines() {
            let bare = line.trim_start();
            let word = bare.split_whitespace().next().unwrap_or_default();
            match word {
                "ifeq" | "ifneq" | "ifdef" | "ifndef" | "define" => depth += 1,
                "endif" | "endef" => depth = depth.saturating_sub(1),
                "include" | "-include" | "sinclude" | "load" | "-load" => variables.is_open = true,
                _ => {}
            }
            variables.is_open |= line.contains("eval");
            let is_plain = depth == 0 && !is_continued && !line.starts_with('\t');
            if !bare.starts_with('#') {
                variables.line(bare, is_plain);
            }
            is_continued = line.ends_with('\\');
        }
        for word in words {
            if let Some((name, _)) = word.split_once('=') {
                variables.given.entry(name).or_default().times += 2;
            }
        }
        variables
    }

    /// Takes what a line gives.
    fn line(&mut self, line: &'t str, is_plain: bool) {
        let mut left = line.split_whitespace();
        while let Some(word) = left.next() {
            if let ("define" | "undefine", Some(name)) = (word, left.clone().next()) {
                self.given.entry(name.trim_end_matches(['=', ':', '?', '+'])).or_default().times += 2;
            }
        }
        for (count, (at, _)) in line.match_indices('=').enumerate() {
            let before = &line[..at];
            let name = before.trim_end_matches([':', '?', '+', '!']);
            let sign = &before[name.len()..];
            let name = name.trim_end();
            let from = name.rfind(|c| !is_of_name(c)).map_or(0, |at| at + 1);
            let (prefix, name) = (name.get(..from).unwrap_or_default(), name.get(from..).unwrap_or_default());
            let is_first = prefix.split_whitespace().all(|word| matches!(word, "export" | "override"));
            let given = self.given.entry(name).or_default();
            given.times += 1;
            if is_plain && count == 0 && is_first && matches!(sign, "" | ":" | "::" | "?") {
                given.value = Some(line[at + 1..].trim());
                given.is_default = sign == "?";
            }
        }
    }

    /// The value of a variable, where it has one that is known.
    fn value(&self, name: &str, depth: usize) -> Option<String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || " -_./+@:,".contains(c);
        if self.is_open || depth > DEPTH_LIMIT {
            return None;
        }
        let Some(given) = self.given.get(name) else {
            return (name == "MAKE").then(|| "make".to_owned());
        };
        // The environment that gives a program of this name is a doubt wherever it is set.
        let is_sure = given.times == 1 && (!given.is_default || shells::is_of_program(name) && !self.is_told);
        let value = given.value.filter(|value| is_sure && value.len() <= LONGEST_VALUE)?;
        let value = self.put_in_at(value, depth + 1);
        // What only keeps the line from being shown is nothing.
        match value.as_str() {
            "" => None,
            "@" => Some(String::new()),
            _ => (value.chars().all(is_plain) && !value.starts_with(['-', '+', '@'])).then_some(value),
        }
    }

    /// A recipe with the values of its variables, as far as they are known.
    pub(super) fn put_in(&self, recipe: &str) -> String {
        self.put_in_at(recipe, 0)
    }

    fn put_in_at(&self, text: &str, depth: usize) -> String {
        let mut whole = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            whole.push_str(&rest[..at]);
            rest = &rest[at..];
            let known = reference(rest)
                .filter(|_| whole.len() < LONGEST)
                .and_then(|(name, length)| Some((self.value(name, depth)?, length)));
            match known {
                Some((value, length)) => {
                    whole.push_str(&value);
                    rest = &rest[length..];
                }
                None => {
                    // `$$` is a dollar for the shell.
                    let length = if rest.starts_with("$$") { 2 } else { 1 };
                    whole.push_str(&rest[..length]);
                    rest = &rest[length..];
                }
            }
        }
        whole.push_str(rest);
        whole
    }
}

/// What stands in a recipe for a program and is not known: `$(SCAN)`, `{{scan}}`.
pub(super) fn unknown_program(recipe: &str) -> Option<String> {
    let is_skipped = |word: &&str| {
        let is_assignment = word.split_once('=').is_some_and(|(name, _)| name.chars().all(is_of_name));
        is_assignment
            || matches!(*word, "if" | "then" | "else" | "do" | "!" | "(" | "{" | "sudo" | "env" | "time")
    };
    let lines = recipe.lines().filter(|line| !line.trim_start().starts_with('#'));
    let mut commands = lines.flat_map(|line| line.split([';', '|', '&']));
    commands.find_map(|command| {
        let command = command.trim_start().trim_start_matches(['@', '-', '+']);
        let program = command.split_whitespace().find(|word| !is_skipped(word))?;
        let is_open =
            ["$(", "${", "{{"].iter().any(|mark| program.starts_with(mark)) && !program.starts_with("${{");
        is_open.then(|| program.chars().take(60).collect())
    })
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// The name in `$(NAME)` or `${NAME}` at the start of a text, and how long that is.
fn reference(text: &str) -> Option<(&str, usize)> {
    let (inner, end) = match text.as_bytes() {
        [b'$', b'(', ..] => (&text[2..], ')'),
        [b'$', b'{', ..] => (&text[2..], '}'),
        _ => return None,
    };
    let length = inner.find(|c| !is_of_name(c))?;
    (length > 0 && inner[length..].starts_with(end)).then(|| (&inner[..length], length + 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put_in(makefile: &str, recipe: &str) -> String {
        Variables::of(makefile, &["make", "check"], &Texts::new()).put_in(recipe)
    }

    #[test]
    fn a_variable_with_one_plain_value_stands_for_it() {
        for (makefile, expected) in [
            ("NPM=npm\n", "npm audit"),
            ("export NPM := npm\n", "npm audit"),
            ("NPM ?= npm\n", "npm audit"),
            ("# NPM = yarn\nNPM = npm --silent\n", "npm --silent audit"),
            ("N = npm\nNPM = $(N)\n", "npm audit"),
        ] {
            assert_eq!(put_in(makefile, "$(NPM) audit"), expected, "{makefile}");
            assert_eq!(put_in(makefile, "${NPM} audit"), expected, "{makefile}");
        }
        assert_eq!(put_in("", "$(MAKE) audit $$HOME"), "make audit $$HOME");
        assert_eq!(put_in("Q = @\n", "$(Q)npm audit"), "npm audit");
        assert_eq!(put_in("NPM = npm\n", "$$(NPM) audit"), "$$(NPM) audit");
    }

    #[test]
    fn a_variable_that_may_have_another_value_stands_for_nothing() {
        for makefile in [
            "",
            "NPM =\n",
            "NPM = npm\nNPM = echo\n",
            "NPM = npm\nNPM += --help\n",
            "NPM != echo npm\n",
            "NPM := $(shell echo npm)\n",
            "ifdef X\nNPM = npm\nendif\n",
            "NPM = npm\ncheck: NPM = echo\n",
            "NPM = npm\ndefine NPM\necho\nendef\n",
            "X = a \\\nNPM = npm\n",
            "NPM = npm\ninclude other.mk\n",
            "NPM = npm\n$(eval N$(X) = echo)\n",
            "NPM = npm; echo\n",
            "NPM = -npm\n",
            "NPM = $(NPM)\n",
        ] {
            assert_eq!(put_in(makefile, "$(NPM) audit"), "$(NPM) audit", "{makefile}");
        }
        // Whatever sets it in the environment is not looked for.
        assert_eq!(put_in("SCAN ?= npm\n", "$(SCAN) audit"), "$(SCAN) audit");
        let called = |word: &'static str| {
            Variables::of("NPM = npm\n", &[word, "make"], &Texts::new()).put_in("$(NPM) audit")
        };
        assert_eq!(called("NPM=echo"), "$(NPM) audit");
        assert_eq!(called("X=echo"), "npm audit");
        let texts = Texts::from([(".travis.yml".to_owned(), Ok("env: NPM=echo".to_owned()))]);
        assert_eq!(Variables::of("NPM ?= npm\n", &[], &texts).put_in("$(NPM) audit"), "$(NPM) audit");
    }

    #[test]
    fn what_stands_for_a_program_and_is_not_known_is_found() {
        for (recipe, expected) in [
            ("$(SCAN) audit\n", Some("$(SCAN)")),
            ("npm ci\n\t@${SCAN}\n", Some("${SCAN}")),
            ("npm ci && $(call scan,x)\n", Some("$(call")),
            ("X=1 {{scan}}\n", Some("{{scan}}")),
            ("go test $(PACKAGES)\n", None),
            ("echo $$HOME\n# $(SCAN)\n", None),
        ] {
            assert_eq!(unknown_program(recipe).as_deref(), expected, "{recipe}");
        }
    }
}
