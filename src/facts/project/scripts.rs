//! What a command runs that stands in another file of the repository: a target of a makefile, a task, a script.

use super::runs::Texts;
use crate::advisories::locks::notation;
use serde_json::Value;
use std::collections::BTreeSet;

/// Most scripts that one command leads to.
const CALLED_LIMIT: usize = 50;

/// Programs that run what stands in files of their own.
const RUNNERS: [&str; 14] = [
    "make", "gmake", "just", "task", "nox", "tox", "npm", "yarn", "pnpm", "pixi", "hatch", "poe", "pdm",
    "rye",
];

/// A script that a command runs.
pub(super) struct Called {
    /// Its name for people.
    pub(super) place: String,
    /// Its text, or why it was not read.
    pub(super) script: Result<String, String>,
    /// Why nobody can say that it is run, where that is so.
    pub(super) doubt: Option<&'static str>,
}

impl Called {
    const fn of(place: String, script: Result<String, String>) -> Self {
        Self { place, script, doubt: None }
    }
}

/// Whether a command may run a script that stands elsewhere.
pub(super) fn may_call(words: &[String]) -> bool {
    words.iter().take(6).any(|word| {
        RUNNERS.contains(&word.as_str()) || word.contains('/') || word.rsplit_once('.').is_some_and(is_script)
    })
}

/// Whether a name is that of a script.
fn is_script((stem, ending): (&str, &str)) -> bool {
    !stem.is_empty() && matches!(ending, "sh" | "bash" | "py" | "js" | "ps1" | "mk")
}

/// The scripts that a command runs, of those that are kept.
pub(super) fn called(words: &[String], texts: &Texts) -> Vec<Called> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate().take(6) {
        let rest = &words[at + 1..];
        let before = found.len();
        match *word {
            "make" | "gmake" if rest.iter().any(|word| is_of_another(word)) => {
                let why = "stands in another folder, and was not read".to_owned();
                found.push(Called::of("a makefile".to_owned(), Err(why)));
            }
            "make" | "gmake" => makefile(rest, texts, &mut found),
            "just" => {
                let names = ["justfile", "Justfile"];
                names.iter().filter_map(|name| texts.get(*name).map(|it| (*name, it))).for_each(
                    |(name, read)| {
                        recipes(name, read, rest, &mut found);
                    },
                );
            }
            "task" | "nox" | "tox" => whole(word, texts, &mut found),
            "npm" | "yarn" | "pnpm" => package_json(rest, texts, &mut found),
            "pixi" | "hatch" | "poe" | "pdm" | "rye" => pyproject(rest, texts, &mut found),
            path => {
                let path = path.trim_start_matches("./");
                // A file that is an argument of another program is not run.
                let is_run = at == 0 || is_interpreter(words[at - 1]);
                if let Some(read) = texts.get(path).filter(|_| is_run && path.contains('.')) {
                    let script =
                        read.clone().map(|text| if path.ends_with(".py") { of_python(&text) } else { text });
                    found.push(Called::of(path.to_owned(), script));
                }
            }
        }
        // What follows another program may be a text of it: `echo make audit`.
        if !words[..at].iter().all(|word| is_wrapper(word)) {
            found[before..]
                .iter_mut()
                .for_each(|called| called.doubt = Some("another program may only name it"));
        }
    }
    found.truncate(CALLED_LIMIT);
    found
}

/// Whether an option of `make` names another folder or another makefile.
fn is_of_another(word: &str) -> bool {
    ["-C", "-f", "--directory", "--file", "--makefile"].iter().any(|option| word.starts_with(option))
}

/// Whether a word only stands before what is run.
fn is_wrapper(word: &str) -> bool {
    const WRAPPERS: [&str; 29] = [
        "bash", "sh", "python", "python3", "node", "pwsh", "run", "sudo", "env", "time", "nice", "exec",
        "command", "uv", "poetry", "pipenv", "hatch", "pdm", "rye", "pixi", "npx", "bunx", "npm", "yarn",
        "pnpm", "tox", "nox", "just", "task",
    ];
    WRAPPERS.contains(&word) || word.starts_with(['-', '+']) || word.contains('=')
}

fn is_interpreter(word: &str) -> bool {
    matches!(
        word,
        "bash" | "sh" | "python" | "python3" | "node" | "pwsh" | "run" | "sudo" | "-e" | "-x" | "-ex"
    )
}

fn makefile(rest: &[&str], texts: &Texts, found: &mut Vec<Called>) {
    let name = ["GNUmakefile", "makefile", "Makefile"].into_iter().find(|name| texts.contains_key(*name));
    if let Some((name, read)) = name.and_then(|name| texts.get_key_value(name)) {
        recipes(name, read, rest, found);
    }
}

/// The recipes of the targets that are named, and of what they need; of the first one where none is.
fn recipes(name: &str, read: &Result<String, String>, words: &[&str], found: &mut Vec<Called>) {
    let text = match read {
        Ok(text) => text,
        Err(why) => return found.push(Called::of(name.to_owned(), Err(why.clone()))),
    };
    let rules = rules(text);
    let mut waiting: Vec<String> = words
        .iter()
        .filter(|word| !word.starts_with('-') && !word.contains('='))
        .map(|it| (*it).to_owned())
        .collect();
    if waiting.is_empty() {
        waiting
            .extend(rules.iter().find(|rule| !rule.target.starts_with('.')).map(|rule| rule.target.clone()));
    }
    let mut done = BTreeSet::new();
    while let Some(target) = waiting.pop() {
        if done.len() >= CALLED_LIMIT || !done.insert(target.clone()) {
            continue;
        }
        for rule in rules.iter().filter(|rule| rule.target == target) {
            waiting.extend(rule.needs.iter().cloned());
            found.push(Called::of(format!("{name}, target {target}"), Ok(rule.recipe.clone())));
        }
    }
}

/// A rule of a makefile or a justfile.
struct Rule {
    target: String,
    needs: Vec<String>,
    recipe: String,
}

fn rules(text: &str) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for line in text.lines() {
        let is_indented = line.starts_with([' ', '\t']);
        if is_indented {
            if let Some(rule) = rules.last_mut() {
                let command = line.trim_start();
                let bare = command.trim_start_matches(['@', '-', '+']);
                rule.recipe.push_str(bare);
                // A line that begins with `-` may fail.
                if command.starts_with('-') || command.starts_with("@-") {
                    rule.recipe.push_str(" || true");
                }
                rule.recipe.push('\n');
            }
            continue;
        }
        let Some((target, needs)) = line.split_once(':').filter(|(_, needs)| !needs.starts_with('=')) else {
            continue;
        };
        let needs: Vec<String> =
            needs.trim_start_matches(':').split_whitespace().map(str::to_owned).collect();
        for target in target.split_whitespace().take(20) {
            rules.push(Rule { target: target.to_owned(), needs: needs.clone(), recipe: String::new() });
        }
    }
    rules
}

/// Files of other runners of tasks: every line may be run, and where there are several tasks, which is not looked at.
fn whole(word: &str, texts: &Texts, found: &mut Vec<Called>) {
    let names: &[&str] = match word {
        "task" => &["Taskfile.yml", "Taskfile.yaml"],
        "nox" => &["noxfile.py"],
        _ => &["tox.ini"],
    };
    for (name, read) in names.iter().filter_map(|name| texts.get_key_value(*name)) {
        let script = read.clone().map(|text| match word {
            "nox" => of_python(&text),
            "tox" => text,
            _ => text.replace("- ", "\n").replace("cmd: ", "\n"),
        });
        let task = match word {
            "nox" => "nox.session",
            "tox" => "[testenv",
            _ => "cmd",
        };
        let is_one = read.as_ref().is_ok_and(|text| text.matches(task).count() <= 1);
        let doubt = (!is_one).then_some("which task is run is not known");
        found.push(Called { place: name.clone(), script, doubt });
    }
}

/// The texts of each line of a Python program, as a command: `session.run("bandit", "-r", "src")`.
fn of_python(text: &str) -> String {
    let mut script = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let quotes = if line.contains('"') { '"' } else { '\'' };
        let words: Vec<&str> = line.split(quotes).skip(1).step_by(2).collect();
        let is_call = line.contains("run(") || line.contains("call(") || line.contains("install(");
        if is_call && !line.contains("install(") {
            let plain = |word: &&str| !word.chars().any(|c| "'\"\\;&|<>`$()#".contains(c));
            script.push_str(&words.into_iter().filter(plain).collect::<Vec<_>>().join(" "));
            script.push('\n');
        }
    }
    script
}

fn package_json(rest: &[&str], texts: &Texts, found: &mut Vec<Called>) {
    let Some(Ok(text)) = texts.get("package.json") else { return };
    let limits = crate::json::Limits::bytes(1 << 20);
    let Ok(document) = crate::json::parse(text.as_bytes(), limits) else { return };
    let Some(scripts) = document.get("scripts").and_then(Value::as_object) else { return };
    let name = rest.iter().find(|word| !word.starts_with('-') && !matches!(**word, "run" | "run-script"));
    // A command of the package manager itself is no script of that name.
    let is_own =
        name.is_some_and(|name| *name == "audit") && !rest.contains(&"run") && !rest.contains(&"run-script");
    if is_own {
        return;
    }
    if let Some((name, Value::String(script))) = name.and_then(|name| scripts.get_key_value(*name)) {
        found.push(Called::of(format!("package.json, script {name}"), Ok(script.clone())));
    }
}

/// The tasks of `pyproject.toml`, wherever a tool keeps them: `[tool.pixi.tasks]`, `[tool.hatch.envs.x.scripts]`.
fn pyproject(rest: &[&str], texts: &Texts, found: &mut Vec<Called>) {
    let Some(Ok(text)) = texts.get("pyproject.toml") else { return };
    let Ok(document) = notation::toml_settings(text) else { return };
    let name = rest.iter().map(|word| word.rsplit(':').next().unwrap_or(word));
    let names: BTreeSet<&str> = name.filter(|word| !word.starts_with('-') && *word != "run").collect();
    let Some(tool) = document.get("tool").and_then(Value::as_object) else { return };
    let mut waiting = vec![(tool, false)];
    while let Some((table, is_tasks)) = waiting.pop() {
        for (key, value) in table {
            if is_tasks && names.contains(key.as_str()) {
                let place = format!("pyproject.toml, task {key}");
                found.extend(task(value).map(|script| Called::of(place, Ok(script))));
            }
            if let Value::Object(inner) = value {
                waiting.push((inner, matches!(key.as_str(), "tasks" | "scripts")));
            }
        }
    }
}

/// The script of a task: a text, a list of them, or a table with one.
fn task(value: &Value) -> Option<String> {
    match value {
        Value::String(script) => Some(script.clone()),
        Value::Array(items) => Some(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")),
        Value::Object(table) => {
            table.get("cmd").or_else(|| table.get("shell")).and_then(Value::as_str).map(str::to_owned)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::project::shell;

    fn shown(command: &str, files: &[(&str, &str)]) -> Vec<(String, String)> {
        let texts: Texts =
            files.iter().map(|(path, text)| ((*path).to_owned(), Ok((*text).to_owned()))).collect();
        let words = shell::commands(command, true).remove(0).words;
        called(&words, &texts).into_iter().map(|it| (it.place, it.script.unwrap())).collect()
    }

    fn one(place: &str, script: &str) -> Vec<(String, String)> {
        vec![(place.to_owned(), script.to_owned())]
    }

    #[test]
    fn a_script_that_another_program_names_is_a_doubt() {
        let texts = Texts::from([
            ("Makefile".to_owned(), Ok("audit:\n\tcargo audit\n".to_owned())),
            ("package.json".to_owned(), Ok("{\"scripts\":{\"audit\":\"npm audit\"}}".to_owned())),
            ("scan.sh".to_owned(), Ok("npm audit\n".to_owned())),
        ]);
        let doubts = |line: &str| -> Vec<bool> {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            called(&words, &texts).iter().map(|it| it.doubt.is_some()).collect()
        };
        for line in ["make audit", "sudo make audit", "CI=1 npm run audit", "bash -e scan.sh"] {
            assert_eq!(doubts(line), [false], "{line}");
        }
        for line in ["echo make audit", "git commit -m npm run audit", "ls -e scan.sh"] {
            assert_eq!(doubts(line), [true], "{line}");
        }
        // That is npm's own.
        assert!(doubts("npm audit").is_empty());
    }

    #[test]
    fn a_target_is_followed_with_what_it_needs_and_no_other() {
        let make =
            "X := 1\nall: build\nbuild:\n\tgo build\naudit: build\n\t@-pip-audit\nlint:\n\tbandit -r .\n";
        let files = [("Makefile", make)];
        assert_eq!(
            shown("make -j2 audit X=1", &files),
            [
                one("Makefile, target audit", "pip-audit || true\n"),
                one("Makefile, target build", "go build\n")
            ]
            .concat()
        );
        assert_eq!(shown("make", &files)[1].0, "Makefile, target build");
        assert!(shown("make none", &files).is_empty());
    }

    #[test]
    fn tasks_and_scripts_are_found_where_their_tools_keep_them() {
        let json = ("package.json", "{\"scripts\": {\"audit\": \"npm audit\"}}");
        assert_eq!(shown("npm run audit", &[json]), one("package.json, script audit", "npm audit"));
        assert!(shown("npm run build", &[json]).is_empty());
        let toml =
            ("pyproject.toml", "[tool.pixi.tasks]\nscan = \"bandit -r src\"\n[tool.x]\nscan = \"no\"\n");
        assert_eq!(shown("pixi run -e q scan", &[toml]), one("pyproject.toml, task scan", "bandit -r src"));
        let script = ("ci/scan.sh", "pip-audit\n");
        assert_eq!(shown("bash ci/scan.sh", &[script]), one("ci/scan.sh", "pip-audit\n"));
        assert_eq!(shown("./ci/scan.sh --all", &[script]), one("ci/scan.sh", "pip-audit\n"));
        assert!(shown("shellcheck ci/scan.sh", &[script]).is_empty());
        let nox =
            ("noxfile.py", "# bandit\nsession.install(\"bandit\")\nsession.run(\"safety\", \"check\")\n");
        assert_eq!(shown("nox -s a", &[nox]), one("noxfile.py", "safety check\n"));
    }
}
