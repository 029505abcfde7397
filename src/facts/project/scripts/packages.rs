//! The scripts of `package.json`, as npm, Yarn, pnpm, Bun and Node.js run them.
//!
//! <https://docs.npmjs.com/cli/v11/using-npm/scripts>
//!
//! The rule that must not be broken: what a manager runs before and after a script is certain of npm alone, and not where
//! settings may keep it from it.

use super::{Called, Texts, UNKNOWN_OPTION};
use serde_json::{Map, Value};

/// Why what stands before and after a script may not be run.
const AROUND: &str = "whether it is run before or after another script is not known";

/// What a call asks for.
#[derive(Default)]
struct Asked<'a> {
    /// The scripts, in the order in which they are run.
    names: Vec<&'a str>,
    /// What the last of them is given.
    arguments: Vec<&'a str>,
    /// Whether a script has to be there.
    is_explicit: bool,
}

/// The scripts that a call of a package manager runs; what is run first stands last.
pub(super) fn scripts(manager: &str, rest: &[&str], texts: &Texts, found: &mut Vec<Called>) {
    let Some(asked) = asked(manager, rest) else { return };
    if asked.is_explicit && is_of_another(rest) {
        found.push(Called::unread("the script of another package", "was not read"));
    }
    let Some(scripts) = of_package(texts) else {
        if asked.is_explicit {
            found.push(Called::unread("a script of package.json", "was not read"));
        }
        return;
    };
    let is_alone = manager == "node" || rest.contains(&"--ignore-scripts");
    let settings = texts.get(".npmrc").map(|read| read.as_deref().unwrap_or("script-shell"));
    let has = |key: &str| settings.is_some_and(|text| text.contains(key));
    let other_shell = has("script-shell").then_some("the settings of npm name another shell");
    let around = (manager != "npm" || has("ignore-scripts")).then_some(AROUND).or(other_shell);
    let mut ran = Vec::new();
    for (at, name) in asked.names.iter().enumerate() {
        let is_last = at + 1 == asked.names.len();
        let arguments = if is_last { asked.arguments.as_slice() } else { &[] };
        let pair = (!is_alone).then(|| (format!("pre{name}"), format!("post{name}")));
        let mut add = |name: &str, arguments: &[&str], doubt: Option<&'static str>| {
            ran.extend(
                script(&scripts, name, arguments).map(|it| Called { doubt: doubt.or(it.doubt), ..it }),
            );
        };
        if !scripts.contains_key(*name) && asked.is_explicit && is_last {
            continue;
        }
        if let Some((before, _)) = &pair {
            add(before, &[], around);
        }
        let own = if asked.is_explicit && is_last { other_shell } else { around };
        add(name, arguments, own);
        if let Some((_, after)) = &pair {
            add(after, &[], around);
        }
    }
    found.extend(ran.into_iter().rev());
}

fn of_package(texts: &Texts) -> Option<Map<String, Value>> {
    let text = texts.get("package.json")?.as_ref().ok()?;
    let document = crate::json::parse(text.as_bytes(), crate::json::Limits::bytes(1 << 20)).ok()?;
    Some(document.get("scripts").and_then(Value::as_object).cloned().unwrap_or_default())
}

/// A script with what it is given.
fn script(scripts: &Map<String, Value>, name: &str, arguments: &[&str]) -> Option<Called> {
    let Some(Value::String(script)) = scripts.get(name) else { return None };
    let is_plain = |word: &&&str| word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./=:@,+".contains(c));
    let doubt = (arguments.iter().filter(is_plain).count() < arguments.len()).then_some(UNKNOWN_OPTION);
    let whole = [script.as_str()].iter().chain(arguments).copied().collect::<Vec<_>>().join(" ");
    Some(Called { doubt, ..Called::of(format!("package.json, script {name}"), Ok(whole)) })
}

fn asked<'a>(manager: &str, rest: &[&'a str]) -> Option<Asked<'a>> {
    let words: Vec<&'a str> = rest.iter().copied().take_while(|word| *word != "--").collect();
    let behind: &[&'a str] = rest.get(words.len() + 1..).unwrap_or_default();
    let given = |at: usize| -> Vec<&'a str> {
        let own = words.get(at..).unwrap_or_default().iter().copied();
        own.filter(|word| !word.starts_with('-')).chain(behind.iter().copied()).collect()
    };
    if manager == "node" {
        let at = words.iter().position(|word| *word == "--run")?;
        let name = *words.get(at + 1)?;
        return Some(Asked { names: vec![name], arguments: given(at + 2), is_explicit: true });
    }
    if let Some(at) = words.iter().position(|word| matches!(*word, "run" | "run-script" | "rum" | "urn")) {
        let name = (at + 1..words.len()).find(|at| !words[*at].starts_with('-'))?;
        return Some(Asked { names: vec![words[name]], arguments: given(name + 1), is_explicit: true });
    }
    let first = words.iter().position(|word| !word.starts_with('-'));
    let word = first.map_or("install", |at| words[at]);
    let arguments = || given(first.map_or(0, |at| at + 1));
    let test = || Asked { names: vec!["test"], arguments: arguments(), is_explicit: true };
    let installs = || vec!["install", "prepare"];
    match (manager, word) {
        ("bun", "test") => None,
        ("npm" | "pnpm", "test" | "t" | "tst") => Some(test()),
        ("npm", "it" | "install-test" | "cit" | "install-ci-test" | "clean-install-test" | "sit") => {
            Some(Asked { names: [installs(), vec!["test"]].concat(), ..test() })
        }
        ("npm", "start" | "stop" | "restart") => Some(Asked { names: vec![word], ..test() }),
        // With the name of a package nothing of the project itself is run.
        (_, "install" | "i" | "ci" | "clean-install") if arguments().is_empty() => {
            Some(Asked { names: installs(), ..Asked::default() })
        }
        ("npm", _) => None,
        // A command of the manager itself is no script of that name.
        (_, word) if OWN.contains(&word) => None,
        (_, word) => Some(Asked { names: vec![word], arguments: arguments(), is_explicit: true }),
    }
}

/// Commands of Yarn, pnpm and Bun.
const OWN: [&str; 42] = [
    "add", "audit", "bin", "build", "cache", "config", "create", "dedupe", "dlx", "exec", "explain", "fetch",
    "i", "import", "info", "init", "install", "licenses", "link", "list", "login", "ls", "node", "npm",
    "outdated", "pack", "patch", "pm", "prune", "publish", "rebuild", "remove", "rm", "set", "setup",
    "store", "unlink", "up", "update", "upgrade", "version", "why",
];

/// Whether the call is of another package than that at the root.
fn is_of_another(rest: &[&str]) -> bool {
    const OPTIONS: [&str; 12] = [
        "--prefix",
        "-C",
        "--dir",
        "--cwd",
        "-w",
        "--workspace",
        "-ws",
        "--workspaces",
        "-r",
        "--recursive",
        "--filter",
        "-F",
    ];
    let mut left = rest.iter().take_while(|word| **word != "--");
    left.any(|word| {
        let name = word.split_once('=').map_or(*word, |(name, _)| name);
        OPTIONS.contains(&name) || matches!(*word, "workspace" | "workspaces")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: &str = r#"{"scripts": {"pretest": "npm audit", "test": "jest", "posttest": "ls",
        "sec": "npm audit", "postinstall": "husky", "presec": "true"}}"#;

    /// The scripts in the order in which they are run, each with whether it is run for certain.
    fn ran(call: &str, more: &[(&str, &str)]) -> Vec<(String, bool)> {
        let files = [&[("package.json", PACKAGE)], more].concat();
        let texts: Texts =
            files.iter().map(|(path, text)| ((*path).to_owned(), Ok((*text).to_owned()))).collect();
        let words: Vec<&str> = call.split(' ').collect();
        let mut found = Vec::new();
        scripts(words[0], &words[1..], &texts, &mut found);
        found.into_iter().rev().map(|it| (it.script.unwrap_or_else(|why| why), it.doubt.is_none())).collect()
    }

    fn sure(scripts: &[&str]) -> Vec<(String, bool)> {
        scripts.iter().map(|script| ((*script).to_owned(), true)).collect()
    }

    #[test]
    fn npm_runs_what_stands_before_and_after_a_script() {
        let test = sure(&["npm audit", "jest", "ls"]);
        for call in ["npm test", "npm t", "npm run test", "npm run-script test", "npm -s test"] {
            assert_eq!(ran(call, &[]), test, "{call}");
        }
        assert_eq!(ran("npm cit", &[]), sure(&["husky", "npm audit", "jest", "ls"]));
        assert_eq!(ran("npm ci", &[]), sure(&["husky"]));
        assert_eq!(ran("npm test --ignore-scripts", &[]), sure(&["jest"]));
        for nothing in ["npm install left-pad", "npm sec", "npm audit", "npm run none", "npm view sec"] {
            assert!(ran(nothing, &[]).is_empty(), "{nothing}");
        }
        // What it is given belongs to the script.
        assert_eq!(ran("npm run sec -- --help", &[]), sure(&["true", "npm audit --help"]));
    }

    #[test]
    fn what_another_manager_or_its_settings_run_around_a_script_is_a_doubt() {
        let doubtful = |before: &str, main: &str| vec![(before.to_owned(), false), (main.to_owned(), true)];
        for call in ["yarn sec", "yarn run sec", "pnpm sec", "bun run sec", "bun sec"] {
            assert_eq!(ran(call, &[]), doubtful("true", "npm audit"), "{call}");
        }
        assert_eq!(ran("npm run sec", &[(".npmrc", "ignore-scripts=true\n")]), doubtful("true", "npm audit"));
        assert!(ran("npm run sec", &[(".npmrc", "script-shell=true\n")]).iter().all(|(_, is_sure)| !is_sure));
        assert_eq!(ran("node --run sec", &[]), sure(&["npm audit"]));
        assert!(ran("bun test", &[]).is_empty() && ran("node sec", &[]).is_empty());
        assert_eq!(ran("npm run sec --prefix web", &[])[2].0, "was not read");
    }
}
