//! The hooks of pre-commit. <https://pre-commit.com/#adding-pre-commit-plugins-to-your-project>

use super::{
    prepared,
    runs::Call,
    tools::{self, is_of_no_matter},
};
use crate::advisories::locks::notation;
use serde_json::Value;

/// Where they are configured.
pub const PATHS: [&str; 2] = [".pre-commit-config.yaml", ".pre-commit-config.yml"];

/// Reads the hooks.
///
/// # Errors
/// Why they cannot be read, in words that follow the path.
pub fn read(text: &str) -> Result<Vec<Call>, String> {
    let document = notation::settings(text.as_bytes()).map_err(|fault| fault.to_string())?;
    let repositories = document.get("repos").and_then(Value::as_array).ok_or("has no list of repos")?;
    let mut hooks = Vec::new();
    for repository in repositories {
        let from = repository.get("repo").and_then(Value::as_str).ok_or("has a repo without its address")?;
        let listed = repository.get("hooks").and_then(Value::as_array).ok_or("has a repo without hooks")?;
        for hook in listed {
            let id = hook.get("id").and_then(Value::as_str).ok_or("has a hook without its id")?;
            if never_runs(&document, hook) {
                continue;
            }
            let text = |key: &str| hook.get(key).and_then(Value::as_str);
            let arguments: Vec<String> = (hook.get("args").and_then(Value::as_array).into_iter().flatten())
                .filter_map(|word| Some(word.as_str()?.to_owned()))
                .collect();
            let command = text("entry").filter(|_| text("language") != Some("pygrep"));
            // What is run in the place of a hook of somebody else's is none of theirs.
            if hook.get("entry").is_none() || from == "local" {
                let mut repository = from.to_lowercase();
                // So that it is none that is known: nobody can say what it looks at.
                if id.starts_with("gitleaks") && is_narrowed(&document, hook, id) {
                    repository.push_str(" (told what to look at)");
                }
                if looks_elsewhere(id, hook, &arguments) {
                    repository.push_str(" (looking elsewhere)");
                }
                let is_told = |word: &str| matches!(word, "." | "-r" | "--requirement");
                if id == "pip-audit" && !arguments.iter().any(|word| is_told(word)) {
                    repository.push_str(" (looking at what it is installed with)");
                }
                hooks.push(Call::Hook { repository, id: id.to_owned() });
            }
            // A hook of the repository itself says what it runs.
            if let Some(entry) = command {
                let words = entry.split_whitespace().chain(arguments.iter().map(String::as_str));
                hooks.push(command_of(words.map(str::to_owned).collect()));
            }
        }
    }
    Ok(hooks)
}

/// What a hook runs: one that looks at what is installed calls nothing, for nobody knows what that is.
fn command_of(mut words: Vec<String>) -> Call {
    let call = Call::Command(words.clone());
    let is_unknown = tools::is_of_environment(&call)
        && prepared::Prepared::with_tree().lacks_project(&call, None, true).is_some();
    if is_unknown {
        words.insert(0, "(".to_owned());
    }
    Call::Command(words)
}

/// Whether a hook that looks at what is committed may pass over some of it: by arguments, by names and kinds of files, or
/// as it runs at other times.
fn is_narrowed(document: &Value, hook: &Value, id: &str) -> bool {
    const HARMLESS: [&str; 5] = ["--verbose", "-v", "--redact", "--no-banner", "--no-color"];
    let is_harmless = |word: &Value| word.as_str().is_some_and(|word| HARMLESS.contains(&word));
    let has_arguments = match hook.get("args") {
        None => false,
        Some(words) => !words.as_array().is_some_and(|words| words.iter().all(is_harmless)),
    };
    let is_all = |key: &str, pattern: &Value| match (key, pattern.as_str()) {
        ("files", Some(pattern)) => matches!(pattern, "" | ".*"),
        ("exclude", Some(pattern)) => pattern == "^$",
        _ => false,
    };
    let is_patterned = [document, hook].into_iter().any(|of| {
        ["files", "exclude"].iter().any(|key| of.get(*key).is_some_and(|pattern| !is_all(key, pattern)))
    });
    let has_kinds = ["types", "types_or", "exclude_types"].iter().any(|key| hook.get(*key).is_some());
    let always = hook.get("always_run") == Some(&Value::Bool(true));
    let is_of_commits = |stage: &Value| matches!(stage.as_str(), Some("commit" | "pre-commit"));
    let is_at_other_times = match hook.get("stages").or_else(|| document.get("default_stages")) {
        None | Some(Value::Null) => false,
        Some(Value::Array(all)) => !all.is_empty() && !all.iter().any(is_of_commits),
        Some(one) => !is_of_commits(one),
    };
    let skipped = document.get("ci").and_then(|ci| ci.get("skip")).and_then(Value::as_array);
    let is_skipped = skipped.is_some_and(|all| all.iter().any(|it| it.as_str() == Some(id)));
    has_arguments
        || ((is_patterned || has_kinds) && !always)
        || is_at_other_times
        || is_skipped
        || document.get("minimum_pre_commit_version").is_some_and(|version| !is_released(version))
}

/// Whether a hook that looks for weaknesses or secrets is told to look at what tests and documentation have alone, or to
/// pass over everything.
fn looks_elsewhere(id: &str, hook: &Value, arguments: &[String]) -> bool {
    const GUARDS: [&str; 6] = ["bandit", "detect-secrets", "git-secrets", "gosec", "semgrep", "trufflehog"];
    let is_beside = |pattern: &str| {
        let pattern = pattern.replace(['^', '(', ')', '?', ':'], "");
        let mut alternatives = pattern.split('|');
        let first = |one: &str| one.split('/').next().unwrap_or_default().to_owned();
        alternatives.all(|one| is_of_no_matter(&first(one)))
    };
    let files = hook.get("files").and_then(Value::as_str);
    GUARDS.iter().any(|guard| id.starts_with(guard))
        && (files.is_some_and(is_beside)
            || arguments.iter().any(|word| word.contains('*') && fits_everything(word)))
}

/// Whether a version of pre-commit is surely one that there is.
fn is_released(version: &Value) -> bool {
    let major = version.as_str().and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    major.is_some_and(|major| major < 4) || version.as_str().is_some_and(|it| it.starts_with("4.0."))
}

/// Whether a hook runs on no commit and no push, or looks at no file: by hand only, or never.
fn never_runs(document: &Value, hook: &Value) -> bool {
    const STAGES: [&str; 5] = ["commit", "pre-commit", "push", "pre-push", "merge-commit"];
    let stages: Option<Vec<&str>> = match hook.get("stages").or_else(|| document.get("default_stages")) {
        None | Some(Value::Null) => None,
        Some(Value::String(one)) => Some(vec![one]),
        // An empty list names all.
        Some(Value::Array(all)) if all.is_empty() => None,
        Some(Value::Array(all)) => Some(all.iter().filter_map(Value::as_str).collect()),
        Some(_) => Some(Vec::new()),
    };
    let is_by_hand = stages.is_some_and(|stages| !stages.iter().any(|stage| STAGES.contains(stage)));
    let only_fails = hook.get("language").and_then(Value::as_str) == Some("fail");
    let tells = |word: &Value| {
        matches!(word.as_str(), Some("--version" | "--help" | "-h" | "-V" | "version" | "help"))
    };
    let arguments = hook.get("args").and_then(Value::as_array);
    let only_tells = arguments.is_some_and(|words| words.iter().any(tells));
    let pattern = |of: &Value, key: &str| of.get(key).and_then(Value::as_str).map(str::to_owned);
    let always = hook.get("always_run") == Some(&Value::Bool(true));
    let none = [document, hook].into_iter().any(|of| {
        pattern(of, "files").is_some_and(|it| fits_nothing(&it))
            || pattern(of, "exclude").is_some_and(|it| fits_everything(&it))
    });
    is_by_hand || only_fails || only_tells || (none && !always)
}

/// Whether an expression fits every path: without any letter, it asks for characters of any kind.
pub(super) fn fits_everything(pattern: &str) -> bool {
    let bare = pattern.trim_start_matches("(?x)").trim();
    let has_no_name = !bare.contains(|c: char| c.is_alphanumeric() || c == '_');
    let alternatives = bare.trim_matches(['(', ')']).split('|');
    let is_any = |one: &str| {
        matches!(one.trim().trim_matches(['^', '$', '(', ')', '?', ':']), "" | "." | ".*" | ".+" | "/")
    };
    (has_no_name && bare != "^$" && bare.contains(['.', '^']))
        || (!bare.is_empty() && bare != "^$" && alternatives.into_iter().any(is_any))
}

/// Whether an expression fits no path, as `^$` does: it has no letter, and asks for no character.
fn fits_nothing(pattern: &str) -> bool {
    let bare = pattern.trim();
    let names = bare.contains(|c: char| c.is_alphanumeric() || matches!(c, '_' | '/'));
    !bare.is_empty()
        && ((!names && !bare.contains('.') && bare != "^")
            || bare.contains("^$")
            || bare.contains("$^")
            || bare.contains("(?!)"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::project::tools::named;

    #[test]
    fn hooks_are_known_by_their_repository_their_id_and_what_they_run() {
        let text = "repos:\n- repo: https://github.com/PyCQA/bandit\n  rev: 1.7.5\n  hooks: [{id: bandit}]\n\
                    - repo: local\n  hooks:\n  - {id: scan, entry: uv run pip-audit, language: system}\n";
        let hooks = read(text).unwrap();
        let runs = |name: &str| hooks.iter().any(|hook| named(name).unwrap().is_run_by(hook));
        assert!(runs("bandit") && runs("pip-audit") && !runs("detect-secrets"));
        let text = "repos:\n- repo: https://evil.example/trailofbits/pip-audit\n  hooks: [{id: pip-audit}]\n\
                    - repo: local\n  hooks: [{id: bandit, entry: 'true'}]\n\
                    - repo: https://github.com/Yelp/detect-secrets\n  hooks: [{id: detect-secrets, stages: [manual]}]\n";
        let hooks = read(text).unwrap();
        for name in ["bandit", "pip-audit", "detect-secrets"] {
            assert!(!hooks.iter().any(|hook| named(name).unwrap().is_run_by(hook)), "{name}");
        }
        assert_eq!(read("a: 1").unwrap_err(), "has no list of repos");
        assert_eq!(read("repos: [{repo: x, hooks: [{}]}]").unwrap_err(), "has a hook without its id");
    }
    #[test]
    fn a_hook_that_never_runs_is_none() {
        let read_of = |top: &str, hook: &str| {
            let text = format!(
                "{top}repos:\n- repo: https://github.com/gitleaks/gitleaks\n  rev: v8\n  hooks:\n  - id: gitleaks\n{hook}"
            );
            read(&text).unwrap()
        };
        let gitleaks = named("gitleaks").unwrap();
        let of = |top: &str, hook: &str| read_of(top, hook).iter().any(|it| gitleaks.is_run_by(it));
        let perhaps =
            |top: &str, hook: &str| read_of(top, hook).iter().any(|it| gitleaks.is_perhaps_run_by(it));
        for (top, hook) in [
            ("", ""),
            ("minimum_pre_commit_version: 3.2.0\n", ""),
            ("ci: {skip: [ruff]}\n", ""),
            ("default_stages: [pre-commit]\n", "    stages: [commit, manual]\n"),
            ("", "    stages: []\n"),
            ("exclude: .*\n", "    always_run: true\n"),
            ("files: .*\n", "    exclude: ^$\n"),
            ("", "    args: [--verbose]\n"),
        ] {
            assert!(of(top, hook), "{top}{hook}");
        }
        for (top, hook) in [
            ("exclude: \".*\"\n", ""),
            ("files: ^$\n", ""),
            ("default_stages: [manual]\n", ""),
            ("", "    files: ^$\n"),
            ("", "    exclude: .*\n"),
            ("", "    exclude: ^.+$\n"),
            ("", "    exclude: (^a/|.*)\n"),
            ("", "    stages: manual\n"),
            ("", "    stages: [commit-msg]\n"),
            ("", "    language: fail\n"),
            ("", "    args: [--version]\n"),
            ("", "    entry: \"true\"\n"),
        ] {
            assert!(!of(top, hook), "{top}{hook}");
        }
        for (top, hook) in [
            ("exclude: ^docs/\n", ""),
            ("files: ^never\n", ""),
            ("ci: {skip: [gitleaks]}\n", ""),
            ("minimum_pre_commit_version: \"99\"\n", ""),
            ("default_stages: [pre-push]\n", ""),
            ("", "    files: \\.py$\n"),
            ("", "    exclude: ^a/\n"),
            ("", "    types: [python, rust]\n"),
            ("", "    types_or: [zzz]\n"),
            ("", "    exclude_types: [text]\n"),
            ("", "    stages: [pre-push]\n"),
            ("", "    args: [--exit-code, \"0\"]\n"),
            ("", "    args: [--config, none.toml]\n"),
        ] {
            assert!(perhaps(top, hook), "{top}{hook}");
        }
        assert!(!perhaps("", ""));
        let local = "repos:\n- repo: local\n  hooks: [{id: s, language: fail, entry: npm audit}]\n";
        assert!(read(local).unwrap().is_empty());
    }

    #[test]
    fn a_hook_that_looks_elsewhere_guards_nothing() {
        let runs = |tool: &str, repository: &str, hook: &str| {
            let text = format!("repos:\n- repo: https://github.com/{repository}\n  hooks: [{hook}]\n");
            read(&text).unwrap().iter().any(|hook| named(tool).unwrap().is_run_by(hook))
        };
        let (bandit, secrets, audit) = ("PyCQA/bandit", "Yelp/detect-secrets", "pypa/pip-audit");
        for (tool, repository, hook, expected) in [
            ("bandit", bandit, "{id: bandit, files: ^docs/}", false),
            ("bandit", bandit, "{id: bandit, files: '^(tests|docs)/'}", false),
            ("bandit", bandit, "{id: bandit, files: ^src/}", true),
            ("detect-secrets", secrets, "{id: detect-secrets, args: [--exclude-files, '.*']}", false),
            ("detect-secrets", secrets, "{id: detect-secrets, args: [--baseline, .secrets.baseline]}", true),
            // It would look at what it is installed with.
            ("pip-audit", audit, "{id: pip-audit}", false),
            ("pip-audit", audit, "{id: pip-audit, args: [-r, requirements.txt]}", true),
        ] {
            assert_eq!(runs(tool, repository, hook), expected, "{hook}");
        }
        let text =
            "repos:\n- repo: local\n  hooks: [{id: a, entry: pip-audit, args: [ARGS], language: system}]\n";
        let of = |arguments: &str| {
            let hooks = read(&text.replace("ARGS", arguments)).unwrap();
            hooks.iter().any(|hook| named("pip-audit").unwrap().is_run_by(hook))
        };
        assert!(of("-r, requirements.txt") && !of(""));
    }
}
