//! What nox, tox and Task run.
//!
//! The rule that must not be broken: a session that another one may be run in place of is a doubt.

use super::{Called, Texts};
use std::collections::BTreeSet;

const WHICH: &str = "which task is run is not known";

/// The sessions that a call of the runner runs, in their files.
pub(super) fn of_runner(runner: &str, rest: &[&str], texts: &Texts, found: &mut Vec<Called>) {
    let names: &[&str] = match runner {
        "task" => &["Taskfile.yml", "Taskfile.yaml"],
        "nox" => &["noxfile.py"],
        _ => &["tox.ini"],
    };
    for (name, read) in names.iter().filter_map(|name| texts.get_key_value(*name)) {
        let text = match read {
            Ok(text) => text,
            Err(why) => {
                found.push(Called::of(name.clone(), Err(why.clone())));
                continue;
            }
        };
        let (script, doubt) = match runner {
            "nox" => nox(text, rest),
            "tox" => tox(text, rest),
            _ => task(text, rest),
        };
        let harmless = (runner == "tox" && text.contains("ignore_outcome")).then_some("`ignore_outcome`");
        let script = if runner == "tox" && installs(text) { format!("{PROJECT}\n{script}") } else { script };
        let is_apart = runner != "task";
        found.push(Called { doubt, harmless, is_apart, ..Called::of(name.clone(), Ok(script)) });
    }
}

/// What tox does before the commands of an environment.
const PROJECT: &str = "pip install .";

/// Whether every environment of tox has the project installed. <https://tox.wiki/en/latest/config.html#skip_install>
fn installs(text: &str) -> bool {
    const NOT: [&str; 4] = ["skip_install", "skipsdist", "no_package", "skip_sdist"];
    let is_skipped = |line: &str| line.trim_start().starts_with("package") && line.contains("skip");
    !NOT.iter().any(|word| text.contains(word)) && !text.lines().any(is_skipped)
}

/// The names behind `-s` or `-e`; nothing where another option is there.
fn selected<'a>(rest: &[&'a str], options: &[&str]) -> Option<Vec<&'a str>> {
    let mut names = Vec::new();
    let mut left = rest.iter().take_while(|word| **word != "--").peekable();
    while let Some(word) = left.next() {
        let (name, value) = word.split_once('=').map_or((*word, None), |(name, value)| (name, Some(value)));
        match value {
            _ if matches!(*word, "run" | "-q" | "-v" | "-r" | "-R" | "--quiet" | "--verbose") => {}
            Some(value) if options.contains(&name) => names.extend(value.split(',')),
            None if options.contains(&name) => {
                while let Some(value) = left.next_if(|word| !word.starts_with('-')) {
                    names.extend(value.split(','));
                }
            }
            _ => return None,
        }
    }
    Some(names)
}

/// The commands of the sessions of nox that are named, or of all of them.
fn nox(text: &str, rest: &[&str]) -> (String, Option<&'static str>) {
    let all = of_python(text);
    let Some(names) = selected(rest, &["-s", "--session", "--sessions", "-e"]) else {
        return (all, Some(WHICH));
    };
    let sessions = nox_sessions(text);
    let is_named = |session: &&Session| names.is_empty() || names.contains(&session.name.as_str());
    let chosen: Vec<&Session> = sessions.iter().filter(is_named).collect();
    let are_known = names.iter().all(|name| sessions.iter().any(|session| session.name == *name));
    if chosen.is_empty() || !are_known || text.contains("nox.options") && names.is_empty() {
        return (all, Some(WHICH));
    }
    let is_sure = chosen.iter().all(|session| session.is_plain);
    let script = if is_sure { chosen.iter().map(|session| session.script.as_str()).collect() } else { all };
    (script, (!is_sure).then_some(WHICH))
}

/// A session of nox.
struct Session {
    name: String,
    script: String,
    /// Whether its body is nothing but statements, one after another.
    is_plain: bool,
}

fn nox_sessions(text: &str) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    let (mut is_marked, mut is_renamed, mut inside, mut indent) = (false, false, false, 0);
    for line in joined(text) {
        let bare = line.trim_start();
        let depth = line.len() - bare.len();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        if depth == 0 {
            inside = false;
            if bare.starts_with("@nox.session") || bare.starts_with("@session") {
                (is_marked, is_renamed) = (true, bare.contains("name="));
            } else if let Some(name) = bare.strip_prefix("def ").filter(|_| is_marked) {
                let name = name.split('(').next().unwrap_or_default().trim().to_owned();
                sessions.push(Session { name, script: String::new(), is_plain: !is_renamed });
                (is_marked, inside, indent) = (false, true, 0);
            }
            continue;
        }
        let Some(session) = sessions.last_mut().filter(|_| inside) else { continue };
        if indent == 0 {
            indent = depth;
        }
        let word = bare.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let is_statement = depth == indent
            && !matches!(
                word,
                "if" | "for" | "while" | "with" | "try" | "return" | "raise" | "def" | "class"
            )
            && !bare.starts_with("session =")
            && !bare.contains("session.skip")
            && !bare.contains("session.error")
            && !bare.contains("\"\"\"")
            && !bare.contains("exit(");
        session.is_plain &=
            is_statement || bare.starts_with("\"\"\"") && bare.len() > 3 && bare.ends_with("\"\"\"");
        if bare.starts_with("session.install(") {
            session.script.push_str(&format!("pip install {}\n", words_of(bare)));
        } else if bare.starts_with("session.run_install(") {
            session.script.push_str(&format!("{}\n", words_of(bare)));
        } else if bare.starts_with("session.run(") {
            session.script.push_str(&words_of(bare));
            if bare.contains("success_codes") {
                session.script.push_str(" || true");
            }
            session.script.push('\n');
        } else if bare.contains("run(") {
            session.is_plain = false;
        }
    }
    sessions
}

/// The lines of a program; a call that goes over several is one.
fn joined(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = 0_usize;
    for line in text.lines() {
        let (opens, closes) = (line.matches(['(', '[']).count(), line.matches([')', ']']).count());
        match lines.last_mut().filter(|last| open > 0 && last.len() < 2000) {
            Some(last) => last.push_str(line.trim()),
            None => lines.push(line.to_owned()),
        }
        open = (open + opens).saturating_sub(closes);
    }
    lines
}

/// The texts of a call as words, those that are plain.
fn words_of(line: &str) -> String {
    let quotes = if line.contains('"') { '"' } else { '\'' };
    let plain = |word: &&str| !word.chars().any(|c| "'\"\\;&|<>`$()#".contains(c));
    line.split(quotes).skip(1).step_by(2).filter(plain).collect::<Vec<_>>().join(" ")
}

/// The texts of each call in a Python program, as a command: `session.run("bandit", "-r", "src")`.
pub(super) fn of_python(text: &str) -> String {
    let mut script = String::new();
    for line in joined(text).iter().filter(|line| !line.trim_start().starts_with('#')) {
        let is_call = line.contains("run(") || line.contains("call(");
        if is_call && !line.contains("install(") {
            script.push_str(&words_of(line));
            script.push('\n');
        }
    }
    script
}

/// The commands of the environments of tox that are named.
/// <https://tox.wiki/en/latest/config.html>
fn tox(text: &str, rest: &[&str]) -> (String, Option<&'static str>) {
    let sections = tox_sections(text);
    let all =
        || sections.iter().flat_map(|(_, lines)| lines.iter().map(|line| format!("{line}\n"))).collect();
    let Some(names) = selected(rest, &["-e", "--env"]) else { return (all(), Some(WHICH)) };
    let has_rules = text.lines().any(|line| line.trim_start().starts_with("platform"));
    if names.is_empty() {
        let is_one = sections.len() == 1 && sections[0].0 == "testenv" && !has_rules;
        return (all(), (!is_one).then_some(WHICH));
    }
    let mut script = String::new();
    let mut is_sure = !has_rules;
    for name in names.iter().copied().collect::<BTreeSet<&str>>() {
        let own = format!("testenv:{name}");
        let section = sections.iter().find(|(section, _)| *section == own);
        let section = section.or_else(|| sections.iter().find(|(section, _)| section == "testenv"));
        match section {
            Some((_, lines)) => script.extend(lines.iter().map(|line| format!("{line}\n"))),
            None => is_sure = false,
        }
    }
    if is_sure { (script, None) } else { (all(), Some(WHICH)) }
}

/// Each environment with the lines of its commands.
fn tox_sections(text: &str) -> Vec<(String, Vec<String>)> {
    let mut sections: Vec<(String, Vec<String>)> = Vec::new();
    let (mut is_environment, mut is_commands) = (false, false);
    for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', ';'])) {
        if let Some(name) = line.strip_prefix('[') {
            let name = name.trim_end().trim_end_matches(']');
            is_environment = name.starts_with("testenv");
            is_commands = false;
            if is_environment {
                sections.push((name.to_owned(), Vec::new()));
            }
            continue;
        }
        let Some((_, lines)) = sections.last_mut().filter(|_| is_environment) else { continue };
        let own = match line.split_once('=').filter(|_| !line.starts_with([' ', '\t'])) {
            Some((key, value)) => {
                is_commands = matches!(key.trim(), "commands" | "commands_pre" | "commands_post");
                value.trim()
            }
            None => line.trim(),
        };
        if is_commands && !own.is_empty() {
            match own.strip_prefix('-').filter(|rest| !rest.starts_with('-')) {
                Some(rest) => lines.push(format!("{} || true", rest.trim())),
                None => lines.push(own.trim_start_matches('!').to_owned()),
            }
        }
    }
    sections
}

/// The commands of a file of tasks: where there are several tasks, which is run is not looked at.
fn task(text: &str, rest: &[&str]) -> (String, Option<&'static str>) {
    const RULES: [&str; 7] =
        ["status:", "preconditions:", "if:", "platforms:", "ignore_error", "requires:", "includes:"];
    let is_one = text.matches("cmd").count() <= 1 && !RULES.iter().any(|rule| text.contains(rule));
    let is_known = rest
        .iter()
        .all(|word| !word.starts_with('-') || matches!(*word, "-v" | "-s" | "--verbose" | "--silent"));
    (text.replace("- ", "\n").replace("cmd: ", "\n"), (!is_one || !is_known).then_some(WHICH))
}
