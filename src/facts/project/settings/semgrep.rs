//! What Semgrep is told at the tag: the rules that a call names, and what is passed over.
//!
//! <https://semgrep.dev/docs/ignoring-files-folders-code>
//!
//! The rule that must not be broken: rules that were not read may be none, and a line of `.semgrepignore` that is not
//! known to be of little is a doubt.

use super::{
    rules::is_beside,
    scanners::{beside, words},
};
use crate::{
    advisories::locks::notation,
    facts::project::runs::{Call, Texts},
    text,
};
use serde_json::Value;

/// Why nobody can say that a call looks at everything for something, in words that follow "is not known: ".
pub(super) fn doubt(call: &Call, folder: Option<&str>, texts: &Texts) -> Option<String> {
    let ignored = beside(".semgrepignore", folder, texts).into_iter().find_map(|path| {
        let read = texts.get(&path)?.as_deref().unwrap_or("unread");
        let line = read.lines().map(str::trim).find(|line| !is_little(line))?;
        let line: String = line.chars().take(60).collect();
        Some(format!(
            "relcheck does not know how much \"{}\" in {} passes over",
            text::clean(&line),
            text::clean(&path)
        ))
    });
    let rules = configs(call);
    let is_known = |rules: &&str| {
        matches!(*rules, "auto" | "policy")
            || rules.starts_with("p/")
            || rules.starts_with("r/")
            || has_rules(rules, texts)
    };
    let none = match rules.first() {
        Some(first) if !rules.iter().any(is_known) => {
            Some(format!("the rules of {} were not read, or are none", text::clean(first)))
        }
        _ => None,
    };
    ignored.or(none)
}

/// The rules that a call names.
fn configs(call: &Call) -> Vec<&str> {
    let words = words(call);
    let is_one = |word: &str| matches!(word, "--config" | "-c" | "-f");
    let split = words.iter().filter_map(|word| word.split_once('=')).filter(|(name, _)| is_one(name));
    let pairs = words.windows(2).filter(|pair| is_one(pair[0])).map(|pair| pair[1]);
    let input = match call {
        Call::Action { inputs, .. } => inputs.get("config").map_or("", String::as_str),
        _ => "",
    };
    split.map(|(_, path)| path).chain(pairs).chain(input.split_whitespace()).collect()
}

/// Whether a file, or one below a folder, has a rule.
fn has_rules(path: &str, texts: &Texts) -> bool {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let is_it = |it: &str| it == path || it.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    texts.iter().filter(|(it, _)| is_it(it)).any(|(_, read)| {
        let document = read.as_ref().ok().and_then(|text| notation::settings(text.as_bytes()).ok());
        let rules = document.as_ref().and_then(|it| it.get("rules")).and_then(Value::as_array);
        rules.is_some_and(|rules| !rules.is_empty())
    })
}

/// Whether a line passes over little: folders of others and of tests, or files with an ending of their own.
fn is_little(line: &str) -> bool {
    let is_of_ending = || {
        let name = line.rsplit('/').next().unwrap_or(line);
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        stem.starts_with('*') && stem.len() > 1 && !ending.is_empty() && !ending.contains('*')
    };
    line.is_empty() || line.starts_with(['#', ':']) || is_beside(line) || is_of_ending()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_fine(command: &str, path: &str, text: &str) -> bool {
        let call = Call::Command(command.split(' ').map(str::to_owned).collect());
        doubt(&call, None, &[(path.to_owned(), Ok(text.to_owned()))].into()).is_none()
    }

    #[test]
    fn what_is_passed_over_and_the_rules_have_to_be_known() {
        for fine in ["", "# x\nnode_modules/\n*.min.js\ntests/\n:include .gitignore\n/docs/**\n"] {
            assert!(is_fine("semgrep ci", ".semgrepignore", fine), "{fine}");
        }
        for other in ["*\n", "**\n", ".\n", "src/\n", "*.py\n"] {
            assert!(!is_fine("semgrep ci", ".semgrepignore", other), "{other}");
        }
        let rules = "rules: [{id: x}]\n";
        for (command, text) in [
            ("semgrep scan --config auto", "rules: []\n"),
            ("semgrep --config=p/ci --config ci/r.yml", "rules: []\n"),
            ("semgrep --config ci/r.yml", rules),
            ("semgrep --config ./ci/", rules),
        ] {
            assert!(is_fine(command, "ci/r.yml", text), "{command}");
        }
        assert!(!is_fine("semgrep --config ci/r.yml", "ci/r.yml", "rules: []\n"));
        assert!(!is_fine("semgrep --config ci/other.yml", "ci/r.yml", rules));
    }
}
