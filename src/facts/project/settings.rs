//! The settings of tools that do what they are said to do only where they are told to: golangci-lint and ruff, and below
//! those of scanners and of what measures coverage.

mod builders;
pub mod codeql;
pub mod coverage;
mod rules;
pub mod scanners;
mod semgrep;
mod table;

use super::{hooks::fits_everything, runs::Texts};
use crate::{
    advisories::locks::notation,
    json::{self, Limits},
};
use serde_json::Value;

/// Whether golangci-lint runs gosec; `None` where its settings cannot be read.
/// <https://golangci-lint.run/docs/configuration/file/>
#[must_use]
pub fn runs_gosec(texts: &Texts) -> Option<bool> {
    const PATHS: [&str; 4] = [".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"];
    let Some((path, read)) = PATHS.into_iter().find_map(|path| Some((path, texts.get(path)?))) else {
        // gosec is not among those that run without settings.
        return Some(false);
    };
    let document = document(path, read.as_ref().ok()?)?;
    let linters = document.get("linters");
    let names = |key: &str| {
        let list = linters.and_then(|it| it.get(key)).and_then(Value::as_array);
        list.is_some_and(|list| list.iter().any(|name| name.as_str() == Some("gosec")))
    };
    let all = linters.is_some_and(|it| {
        it.get("enable-all") == Some(&Value::Bool(true))
            || it.get("default").and_then(Value::as_str) == Some("all")
    });
    Some((names("enable") || all) && !names("disable") && !passes_over_gosec(&document))
}

/// Whether golangci-lint is told to pass over whatever gosec finds, in any file.
fn passes_over_gosec(document: &Value) -> bool {
    let first = document.get("issues").and_then(|it| it.get("exclude-rules"));
    let second = document.get("linters").and_then(|it| it.get("exclusions")?.get("rules"));
    let lists = [
        document.get("issues").and_then(|it| it.get("exclude")),
        document.get("issues").and_then(|it| it.get("exclude-dirs")),
        document.get("issues").and_then(|it| it.get("exclude-files")),
        document.get("run").and_then(|it| it.get("skip-dirs")),
        document.get("run").and_then(|it| it.get("skip-files")),
        document.get("linters").and_then(|it| it.get("exclusions")?.get("paths")),
    ];
    let mut patterns =
        lists.into_iter().flatten().filter_map(Value::as_array).flatten().filter_map(Value::as_str);
    if patterns.any(fits_everything) {
        return true;
    }
    let mut rules = [first, second].into_iter().flatten().filter_map(Value::as_array).flatten();
    rules.any(|rule| {
        let linters = rule.get("linters").and_then(Value::as_array);
        let is_its = linters.is_some_and(|all| all.iter().any(|name| name.as_str() == Some("gosec")));
        let is_wide = |key: &str| rule.get(key).is_none_or(|it| it.as_str().is_some_and(fits_everything));
        is_its && rule.get("path-except").is_none() && ["path", "text", "source"].into_iter().all(is_wide)
    })
}

/// Whether gitleaks may be told to pass over every file or every finding.
/// <https://github.com/gitleaks/gitleaks#configuration>
#[must_use]
pub fn gitleaks_may_pass_over_all(texts: &Texts) -> bool {
    let Some(read) = texts.get(".gitleaks.toml") else { return false };
    let Some(document) = read.as_ref().ok().and_then(|text| document(".gitleaks.toml", text)) else {
        return true;
    };
    let several = document.get("allowlists").and_then(Value::as_array).into_iter().flatten();
    let mut all = document.get("allowlist").into_iter().chain(several);
    all.any(|allowed| {
        let lists = ["paths", "regexes"].into_iter().filter_map(|key| allowed.get(key)?.as_array());
        lists.flatten().filter_map(Value::as_str).any(fits_everything)
    })
}

/// Whether ruff looks for weaknesses, its rules `S`; `None` where its settings cannot be read.
/// <https://docs.astral.sh/ruff/settings/#lint_select>
#[must_use]
pub fn ruff_looks_for_weaknesses(texts: &Texts) -> Option<bool> {
    for path in [".ruff.toml", "ruff.toml", "pyproject.toml"] {
        let Some(read) = texts.get(path) else { continue };
        let document = document(path, read.as_ref().ok()?)?;
        let root = match path {
            "pyproject.toml" => document.get("tool").and_then(|tool| tool.get("ruff")).cloned(),
            _ => Some(document),
        };
        let Some(root) = root else { continue };
        return Some(selects_weaknesses(&root));
    }
    Some(false)
}

/// Whether settings of ruff select a rule `S`, and neither take it back nor pass over every file.
fn selects_weaknesses(root: &Value) -> bool {
    let list = |key: &str| {
        let places = [Some(root), root.get("lint")].into_iter().flatten();
        let lists = places.filter_map(|place| place.get(key)?.as_array());
        lists.flatten().filter_map(Value::as_str).collect::<Vec<&str>>()
    };
    let is_of_weaknesses = |rule: &&str| {
        *rule == "ALL" || rule.strip_prefix('S').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_all = |rule: &&str| matches!(*rule, "ALL" | "S");
    let is_everything = |path: &&str| path.trim_matches(['*', '/', '.']).is_empty() || *path == "*.py";
    let per_file = [Some(root), root.get("lint")]
        .into_iter()
        .flatten()
        .filter_map(|it| it.get("per-file-ignores")?.as_object());
    let is_taken_back = |(path, rules): (&String, &Value)| {
        let rules = rules.as_array().into_iter().flatten().filter_map(Value::as_str);
        is_everything(&path.as_str()) && rules.into_iter().any(|rule| is_all(&rule))
    };
    let includes = list("include");
    let selected = list("select").iter().chain(&list("extend-select")).any(is_of_weaknesses);
    selected
        && !list("ignore").iter().chain(&list("extend-ignore")).any(is_all)
        && !list("exclude").iter().chain(&list("extend-exclude")).any(is_everything)
        && (includes.is_empty() || includes.iter().any(|path| path.ends_with("*.py")))
        && !per_file.flatten().any(is_taken_back)
}

/// A file of settings by its ending.
fn document(path: &str, text: &str) -> Option<Value> {
    match path.rsplit('.').next()? {
        "toml" => notation::toml_settings(text).ok(),
        "json" => json::parse(text.as_bytes(), Limits::bytes(1 << 20)).ok(),
        _ => notation::settings(text.as_bytes()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(path: &str, text: &str) -> Texts {
        [(path.to_owned(), Ok(text.to_owned()))].into()
    }

    #[test]
    fn gosec_runs_where_it_is_enabled() {
        for (text, expected) in [
            ("linters: {enable: [gosec, govet]}", Some(true)),
            ("linters: {enable: [govet]}", Some(false)),
            ("linters: {enable-all: true}", Some(true)),
            ("linters: {default: all, disable: [gosec]}", Some(false)),
            ("run: {}", Some(false)),
            (
                "linters: {enable: [gosec]}\nissues: {exclude-rules: [{linters: [gosec], path: '.*'}]}",
                Some(false),
            ),
            (
                "linters: {enable: [gosec], exclusions: {rules: [{linters: [gosec], path: '.*'}]}}",
                Some(false),
            ),
            (
                "linters: {enable: [gosec]}\nissues: {exclude-rules: [{linters: [gosec], path: _test.go}]}",
                Some(true),
            ),
            ("linters: {enable: [gosec]}\nissues: {exclude-dirs: ['.*']}", Some(false)),
            ("linters: {enable: [gosec], exclusions: {paths: [third_party$]}}", Some(true)),
            ("linters: [", None),
        ] {
            assert_eq!(runs_gosec(&texts(".golangci.yml", text)), expected, "{text}");
        }
        assert_eq!(runs_gosec(&Texts::new()), Some(false));
        assert_eq!(runs_gosec(&[(".golangci.yml".to_owned(), Err("too large".to_owned()))].into()), None);
    }

    #[test]
    fn gitleaks_looks_at_everything_unless_all_is_allowed() {
        for (text, expected) in [
            ("[allowlist]\npaths = [\".*\"]\n", true),
            ("[[allowlists]]\nregexes = ['.*']\n", true),
            ("[allowlist", true),
            ("[allowlist]\npaths = ['testdata/.*']\n", false),
            ("title = \"x\"\n", false),
        ] {
            assert_eq!(gitleaks_may_pass_over_all(&texts(".gitleaks.toml", text)), expected, "{text}");
        }
        assert!(!gitleaks_may_pass_over_all(&Texts::new()));
    }

    #[test]
    fn ruff_looks_for_weaknesses_where_its_rules_are_selected() {
        for (text, expected) in [
            ("[tool.ruff.lint]\nselect = [\"E\", \"S\"]\n", Some(true)),
            ("[tool.ruff]\nextend-select = [\"S101\"]\n", Some(true)),
            ("[tool.ruff.lint]\nselect = [\"ALL\"]\n", Some(true)),
            ("[tool.ruff.lint]\nselect = [\"E\", \"SIM\", \"SLF\"]\n", Some(false)),
            ("[tool.black]\n", Some(false)),
            ("[tool.ruff]\nselect = [\"S\"]\nignore = [\"S101\"]\nexclude = [\"docs\"]\n", Some(true)),
            ("[tool.ruff]\nselect = [\"S\"]\nignore = [\"S\"]\n", Some(false)),
            ("[tool.ruff]\nlint.select = [\"S\"]\nexclude = [\"*\"]\n", Some(false)),
            ("[tool.ruff]\nselect = [\"S\"]\ninclude = [\"docs/a.py\"]\n", Some(false)),
            ("[tool.ruff.lint]\nselect = [\"S\"]\nper-file-ignores = {\"*\" = [\"S\"]}\n", Some(false)),
            ("[tool.ruff.lint]\nselect = [\"S\"]\nper-file-ignores = {\"tests/*\" = [\"S\"]}\n", Some(true)),
            ("[tool", None),
        ] {
            assert_eq!(ruff_looks_for_weaknesses(&texts("pyproject.toml", text)), expected, "{text}");
        }
    }
}
