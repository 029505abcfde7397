//! The settings of tools that do what they are said to do only where they are told to: golangci-lint, ruff, and those
//! that measure coverage.

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

/// Whether settings of CodeQL ignore every path.
#[must_use]
pub fn ignores_every_path(text: &str) -> bool {
    let document = notation::settings(text.as_bytes()).ok();
    let ignored = document.as_ref().and_then(|it| it.get("paths-ignore")?.as_array());
    let mut ignored = ignored.into_iter().flatten().filter_map(Value::as_str);
    ignored.any(|path| path.trim_matches(['*', '/', '.']).is_empty())
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
        let places = [Some(&root), root.get("lint")];
        let selects = |place: &Value| {
            ["select", "extend-select"].into_iter().any(|key| {
                let list = place.get(key).and_then(Value::as_array).into_iter().flatten();
                list.filter_map(Value::as_str).any(|rule| {
                    rule == "ALL"
                        || rule.strip_prefix('S').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
                })
            })
        };
        return Some(places.into_iter().flatten().any(selects));
    }
    Some(false)
}

/// The shares of coverage below which something fails, in percent, each with its file.
#[must_use]
pub fn coverage(texts: &Texts) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    for path in [".coveragerc", "setup.cfg", "tox.ini", "pyproject.toml"] {
        let Some(Ok(text)) = texts.get(path) else { continue };
        for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', ';'])) {
            let line = line.replace(' ', "");
            let set = line.strip_prefix("fail_under=").map(number);
            let option = line.split_once("--cov-fail-under=").map(|(_, rest)| number(rest));
            found.extend(set.or(option).flatten().map(|share| (path.to_owned(), share)));
        }
    }
    for path in ["codecov.yml", "codecov.yaml", ".codecov.yml", ".codecov.yaml"] {
        let Some(document) = texts.get(path).and_then(|it| document(path, it.as_ref().ok()?)) else {
            continue;
        };
        let status =
            document.get("coverage").and_then(|it| it.get("status")).and_then(|it| it.get("project"));
        let target = status.and_then(|it| it.get("default")).and_then(|it| it.get("target"));
        let share = match target {
            Some(Value::String(text)) => number(text),
            Some(Value::Number(share)) => share.as_f64(),
            _ => None,
        };
        found.extend(share.map(|share| (path.to_owned(), share)));
    }
    let package = texts.get("package.json").and_then(|it| document("package.json", it.as_ref().ok()?));
    let jest = package.as_ref().and_then(|it| it.get("jest")?.get("coverageThreshold")?.get("global"));
    let lines = jest.and_then(|it| it.get("lines")).and_then(Value::as_f64);
    found.extend(lines.map(|share| ("package.json".to_owned(), share)));
    found
}

/// The number that a text begins with.
fn number(text: &str) -> Option<f64> {
    let text = text.trim_start_matches(['"', '\'']);
    let digits: String = text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    digits.parse().ok()
}

/// A file of settings by its ending.
fn document(path: &str, text: &str) -> Option<Value> {
    match path.rsplit('.').next()? {
        "toml" => notation::toml_settings(text).ok(),
        "json" => json::parse(text.as_bytes(), Limits { max_bytes: 1 << 20, max_depth: 64 }).ok(),
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
            ("[tool", None),
        ] {
            assert_eq!(ruff_looks_for_weaknesses(&texts("pyproject.toml", text)), expected, "{text}");
        }
    }

    #[test]
    fn thresholds_of_coverage_are_found() {
        for (path, text, expected) in [
            ("pyproject.toml", "[tool.coverage.report]\nfail_under = 80\n", Some(80.0)),
            ("pyproject.toml", "addopts = \"--cov --cov-fail-under=75\"", Some(75.0)),
            ("setup.cfg", "# fail_under = 80\n", None),
            ("codecov.yml", "coverage: {status: {project: {default: {target: 85%}}}}", Some(85.0)),
            ("codecov.yml", "coverage: {status: {project: {default: {target: auto}}}}", None),
            (
                "package.json",
                "{\"jest\": {\"coverageThreshold\": {\"global\": {\"lines\": 90}}}}",
                Some(90.0),
            ),
        ] {
            assert_eq!(coverage(&texts(path, text)).first().map(|(_, share)| *share), expected, "{text}");
        }
    }
}
