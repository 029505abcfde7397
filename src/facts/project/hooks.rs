//! The hooks of pre-commit. <https://pre-commit.com/#adding-pre-commit-plugins-to-your-project>

mod narrowed;
mod patterns;

use super::{prepared, replaced::Own, runs::Call, tools};
use crate::advisories::locks::notation;
use narrowed::Hook;
use serde_json::Value;

/// Where they are configured.
pub const PATHS: [&str; 2] = [".pre-commit-config.yaml", ".pre-commit-config.yml"];

/// Reads the hooks of a repository that has files of these names, and programs of its own.
///
/// # Errors
/// Why they cannot be read, in words that follow the path.
pub fn read(text: &str, paths: &[&str], own: &Own) -> Result<Vec<Call>, String> {
    let document = notation::settings(text.as_bytes()).map_err(|fault| fault.to_string())?;
    let repositories = document.get("repos").and_then(Value::as_array).ok_or("has no list of repos")?;
    let mut hooks = Vec::new();
    for repository in repositories {
        let from = repository.get("repo").and_then(Value::as_str).ok_or("has a repo without its address")?;
        let has_revision = repository.get("rev").and_then(Value::as_str).is_some_and(|it| !it.is_empty());
        if !has_revision && !matches!(from, "local" | "meta") {
            return Err("has a repo without its rev, which pre-commit refuses".to_owned());
        }
        let listed = repository.get("hooks").and_then(Value::as_array).ok_or("has a repo without hooks")?;
        for hook in listed {
            let id = hook.get("id").and_then(Value::as_str).ok_or("has a hook without its id")?;
            if never_runs(&document, hook) {
                continue;
            }
            let text = |key: &str| hook.get(key).and_then(Value::as_str);
            let arguments: Vec<String> = (hook.get("args").and_then(Value::as_array).into_iter().flatten())
                .map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned))
                .collect();
            let told = Hook { document: &document, hook, id, arguments: &arguments, paths };
            let command = text("entry").filter(|_| text("language") != Some("pygrep"));
            // What is run in the place of a hook of somebody else's is none of theirs.
            if hook.get("entry").is_none() || from == "local" {
                let mut repository = from.to_lowercase();
                // So that it is none that is known: nobody can say what it looks at.
                if let Some(why) = told.doubt() {
                    repository = format!("{repository} ({why})");
                }
                hooks.push(Call::Hook { repository, id: id.to_owned() });
            }
            // A hook of the repository itself says what it runs.
            if let Some(entry) = command {
                // Bandit is given the files that have changed, and no folder.
                let is_given = hook.get("pass_filenames") != Some(&Value::Bool(false));
                let deep = (is_given && entry.starts_with("bandit")).then_some("-r");
                let words = entry.split_whitespace().chain(arguments.iter().map(String::as_str)).chain(deep);
                let call = Call::Command(words.map(str::to_owned).collect());
                let is_doubtful = told.is_doubtful(&call) || own.doubt(&call).is_some();
                hooks.push(if is_doubtful || looks_at_unknown(&call) { calling_nothing(call) } else { call });
            }
        }
    }
    Ok(hooks)
}

/// Whether a hook looks at what is installed: nobody knows what that is.
fn looks_at_unknown(call: &Call) -> bool {
    tools::is_of_environment(call)
        && prepared::Prepared::with_tree().lacks_project(call, None, true).is_some()
}

/// A command whose words are kept, and that counts for no call of what they name.
fn calling_nothing(call: Call) -> Call {
    match call {
        Call::Command(mut words) => {
            words.insert(0, "(".to_owned());
            Call::Command(words)
        }
        other => other,
    }
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

    fn read(text: &str) -> Result<Vec<Call>, String> {
        let paths = ["requirements.txt", "package-lock.json", "widget/pyproject.toml"];
        super::read(text, &paths, &Own::default())
    }

    #[test]
    fn hooks_are_known_by_their_repository_their_id_and_what_they_run() {
        let text = "repos:\n- repo: https://github.com/PyCQA/bandit\n  rev: 1.7.5\n  hooks: [{id: bandit}]\n\
                    - repo: local\n  hooks:\n  - {id: scan, entry: uv run pip-audit, language: system}\n";
        let hooks = read(text).unwrap();
        let runs = |name: &str| hooks.iter().any(|hook| named(name).unwrap().is_run_by(hook));
        assert!(runs("bandit") && runs("pip-audit") && !runs("detect-secrets"));
        let text = "repos:\n- repo: https://evil.example/trailofbits/pip-audit\n  rev: v2\n  hooks: [{id: pip-audit}]\n\
                    - repo: local\n  hooks: [{id: bandit, entry: 'true'}]\n\
                    - repo: https://github.com/Yelp/detect-secrets\n  rev: v1\n  hooks: [{id: detect-secrets, stages: [manual]}]\n";
        let hooks = read(text).unwrap();
        for name in ["bandit", "pip-audit", "detect-secrets"] {
            assert!(!hooks.iter().any(|hook| named(name).unwrap().is_run_by(hook)), "{name}");
        }
        assert_eq!(read("a: 1").unwrap_err(), "has no list of repos");
        assert_eq!(
            read("repos: [{repo: x, rev: v1, hooks: [{}]}]").unwrap_err(),
            "has a hook without its id"
        );
        for rev in ["", ", rev: ''", ", rev: 1"] {
            let text = format!("repos: [{{repo: x{rev}, hooks: [{{id: gitleaks}}]}}]");
            assert_eq!(read(&text).unwrap_err(), "has a repo without its rev, which pre-commit refuses");
        }
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
            let text =
                format!("repos:\n- repo: https://github.com/{repository}\n  rev: v1\n  hooks: [{hook}]\n");
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
        for (tool, repository, hook) in [
            ("bandit", bandit, "{id: bandit, files: ^none$}"),
            ("bandit", bandit, "{id: bandit, types: [image]}"),
            ("bandit", bandit, "{id: bandit, args: [--exit-zero]}"),
            ("bandit", bandit, "{id: bandit, args: [-x, src]}"),
            ("detect-secrets", secrets, "{id: detect-secrets, files: ^none$}"),
            ("detect-secrets", secrets, "{id: detect-secrets, exclude: ^src/}"),
            ("detect-secrets", secrets, "{id: detect-secrets, args: ['--exclude-files=.*']}"),
            ("pip-audit", audit, "{id: pip-audit, args: [-r, requirements.txt], files: ^no-such$}"),
            ("pip-audit", audit, "{id: pip-audit, args: [-r, requirements.txt, --dry-run]}"),
            ("pip-audit", audit, "{id: pip-audit, args: [-r, empty.txt]}"),
            ("pip-audit", audit, "{id: pip-audit, args: [-r, requirements.txt], exclude: req}"),
        ] {
            assert!(!runs(tool, repository, hook), "{hook}");
        }
        for (tool, repository, hook) in [
            ("bandit", bandit, "{id: bandit, types: [python], args: [-ll, -c, pyproject.toml]}"),
            ("bandit", bandit, "{id: bandit, files: ^widget/, exclude: ^tests/}"),
            ("bandit", bandit, "{id: bandit, files: '\\.py$'}"),
            ("detect-secrets", secrets, "{id: detect-secrets, exclude: package.lock.json}"),
            (
                "pip-audit",
                audit,
                "{id: pip-audit, args: [-r, requirements.txt], files: '^requirements.*\\.txt$'}",
            ),
            ("pip-audit", audit, "{id: pip-audit, args: [-r, requirements.txt], exclude: ^docs/}"),
        ] {
            assert!(runs(tool, repository, hook), "{hook}");
        }
        let skipped = "ci: {skip: [bandit]}\nrepos:\n- repo: https://github.com/PyCQA/bandit\n  rev: v1\n  hooks: [{id: bandit}]\n";
        assert!(!read(skipped).unwrap().iter().any(|hook| named("bandit").unwrap().is_run_by(hook)));
        let text =
            "repos:\n- repo: local\n  hooks: [{id: a, entry: pip-audit, args: [ARGS], language: system}]\n";
        let of = |arguments: &str| {
            let hooks = read(&text.replace("ARGS", arguments)).unwrap();
            hooks.iter().any(|hook| named("pip-audit").unwrap().is_run_by(hook))
        };
        assert!(of("-r, requirements.txt") && !of(""));
        let local = |lines: &str| {
            let text = format!(
                "repos:\n- repo: local\n  hooks: [{{id: a, language: system, pass_filenames: false, {lines}}}]\n"
            );
            read(&text).unwrap().iter().any(|hook| named("npm-audit").unwrap().is_run_by(hook))
        };
        for lines in [
            "entry: npm audit, files: ^no-such-file$",
            "entry: npm audit, types: [image]",
            "entry: npm audit --audit-level=none",
        ] {
            assert!(!local(lines), "{lines}");
        }
        for lines in [
            "entry: npm audit",
            "entry: npm audit, files: ^package(-lock)?\\.json$, always_run: true",
            "entry: npm audit, files: package-lock.json",
            "entry: npm audit, types: [json]",
        ] {
            assert!(local(lines), "{lines}");
        }
    }
}
