//! The shares of coverage below which something fails.
//!
//! The rule that must not be broken: a number counts only in the section of a tool that measures the coverage of tests,
//! and where the tool fails by it.

use super::document;
use crate::facts::project::{
    programs,
    runs::{Call, Texts},
};
use serde_json::Value;

/// Where coverage.py and pytest have their settings.
const OF_PYTHON: [&str; 5] = [".coveragerc", "setup.cfg", "tox.ini", "pytest.ini", "pyproject.toml"];

/// What is set for all runs of coverage.py and pytest-cov, in percent, each with its file.
#[must_use]
pub fn of_python(texts: &Texts) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    for path in OF_PYTHON {
        let Some(Ok(text)) = texts.get(path) else { continue };
        let mut section = "";
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = name.trim();
                continue;
            }
            found.extend(in_section(path, section, line).map(|share| (path.to_owned(), share)));
        }
    }
    found
}

/// The threshold that a line sets in its section.
fn in_section(path: &str, section: &str, line: &str) -> Option<f64> {
    let is_of_report = match path {
        ".coveragerc" => section == "report",
        "pyproject.toml" => section == "tool.coverage.report",
        _ => section == "coverage:report",
    };
    if is_of_report {
        let (key, value) = line.split_once('=')?;
        return (key.trim() == "fail_under").then(|| number(value.trim())).flatten();
    }
    let is_of_pytest = matches!(section, "tool.pytest.ini_options" | "tool:pytest" | "pytest");
    let is_of_tox = section.starts_with("testenv") && path == "tox.ini";
    let words: Vec<String> = line
        .trim_start_matches("commands")
        .trim_start_matches([' ', '=', '-'])
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    if is_of_tox {
        return of_command(&words);
    }
    let mut options =
        line.split([' ', '"', '\'', ',', '[', ']']).filter_map(|word| word.strip_prefix("--cov-fail-under="));
    is_of_pytest.then(|| options.next().and_then(number)).flatten()
}

/// The threshold that a command gives pytest or coverage.
#[must_use]
pub fn of_command(words: &[String]) -> Option<f64> {
    let program = programs::program(words);
    let option = match programs::base(program.first()?) {
        "pytest" | "py.test" => "--cov-fail-under",
        "coverage" | "coverage3" if program.get(1).is_some_and(|word| word == "report") => "--fail-under",
        _ => return None,
    };
    let split = program.iter().filter_map(|word| word.strip_prefix(option)?.strip_prefix('='));
    let pairs = program.windows(2).filter(|pair| pair[0] == option).map(|pair| pair[1].as_str());
    // Of several the last one counts.
    split.chain(pairs).last().and_then(number)
}

/// What is set for Codecov and Jest, where the status or the run fails by it.
#[must_use]
pub fn of_others(texts: &Texts) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    for path in ["codecov.yml", "codecov.yaml", ".codecov.yml", ".codecov.yaml"] {
        let document = texts.get(path).and_then(|it| document(path, it.as_ref().ok()?));
        found.extend(document.and_then(|it| of_codecov(&it)).map(|share| (path.to_owned(), share)));
    }
    let package = texts.get("package.json").and_then(|it| document("package.json", it.as_ref().ok()?));
    let jest = package.as_ref().and_then(|it| it.get("jest")?.get("coverageThreshold")?.get("global"));
    let lines = jest.and_then(|it| it.get("lines")).and_then(Value::as_f64);
    found.extend(lines.map(|share| ("package.json".to_owned(), share)));
    found
}

/// The target of Codecov's status for the whole project, less what it may fall below it.
/// <https://docs.codecov.com/docs/commit-status>
fn of_codecov(document: &Value) -> Option<f64> {
    const KEYS: [&str; 8] = [
        "target",
        "threshold",
        "base",
        "informational",
        "if_ci_failed",
        "if_not_found",
        "only_pulls",
        "removed_code_behavior",
    ];
    let status = document.get("coverage")?.get("status")?.get("project")?.get("default")?.as_object()?;
    let is_informational = !matches!(status.get("informational"), None | Some(Value::Bool(false)));
    if is_informational || status.keys().any(|key| !KEYS.contains(&key.as_str())) {
        return None;
    }
    let share = |key: &str| match status.get(key)? {
        Value::String(text) => number(text),
        Value::Number(share) => share.as_f64(),
        _ => None,
    };
    Some(share("target")? - share("threshold").unwrap_or(0.0))
}

/// Whether a call measures the coverage of tests in Python, or starts them.
#[must_use]
pub fn is_of_python(call: &Call) -> bool {
    matches!(program_of(call), Some(("pytest" | "py.test" | "coverage" | "coverage3" | "tox" | "nox", _)))
}

/// Whether a call obeys the threshold that is set in this file.
#[must_use]
pub fn obeys(texts: &Texts, path: &str, call: &Call) -> bool {
    if path == "package.json" {
        return matches!(program_of(call), Some(("jest", _)));
    }
    if !OF_PYTHON.contains(&path) {
        return is_of_codecov(call);
    }
    match program_of(call) {
        Some(("pytest" | "py.test", words)) => {
            words.iter().any(|word| word.starts_with("--cov")) || measures_always(texts)
        }
        Some(("coverage" | "coverage3", words)) => {
            let reports = ["report", "html", "xml", "json"];
            words.get(1).is_some_and(|word| reports.contains(&word.as_str()))
        }
        _ => false,
    }
}

/// Whether the settings make every run of pytest measure the coverage.
fn measures_always(texts: &Texts) -> bool {
    let mut settings = OF_PYTHON.iter().filter_map(|path| texts.get(*path)?.as_ref().ok());
    settings.any(|text| text.contains("--cov"))
}

/// Whether a call tells Codecov what was measured.
fn is_of_codecov(call: &Call) -> bool {
    match call {
        Call::Action { name, .. } => name == "codecov/codecov-action",
        _ => matches!(program_of(call), Some(("codecov" | "codecovcli", _))),
    }
}

/// The program that a command runs in the end, and its words.
fn program_of(call: &Call) -> Option<(&str, &[String])> {
    let Call::Command(words) = call else { return None };
    let program = programs::program(words);
    Some((programs::base(program.first()?), program))
}

/// The number that a text begins with.
fn number(text: &str) -> Option<f64> {
    let text = text.trim_start_matches(['"', '\'']);
    let digits: String = text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_stands_in_the_section_of_its_tool() {
        let first = |path: &str, text: &str| {
            let texts: Texts = [(path.to_owned(), Ok(text.to_owned()))].into();
            of_python(&texts).into_iter().chain(of_others(&texts)).next().map(|(_, share)| share)
        };
        for (path, text, expected) in [
            ("pyproject.toml", "[tool.coverage.report]\nfail_under = 80\n", Some(80.0)),
            (
                "pyproject.toml",
                "[tool.pytest.ini_options]\naddopts = \"--cov --cov-fail-under=75\"",
                Some(75.0),
            ),
            (
                "pyproject.toml",
                "[tool.pytest.ini_options]\naddopts = [\n  \"--cov-fail-under=75\",\n]",
                Some(75.0),
            ),
            ("pyproject.toml", "[tool.interrogate]\nfail_under = 95\n", None),
            ("pyproject.toml", "[tool.poe]\naddopts = \"--cov-fail-under=75\"", None),
            (".coveragerc", "[report]\nfail_under=80\n", Some(80.0)),
            ("setup.cfg", "[coverage:report]\n# fail_under = 80\n", None),
            ("setup.cfg", "[tool:pytest]\naddopts = --cov-fail-under=60\n", Some(60.0)),
            ("tox.ini", "[testenv]\ncommands = pytest --cov --cov-fail-under=95 {posargs}\n", Some(95.0)),
            ("tox.ini", "[testenv]\ncommands =\n    coverage report --fail-under=95\n", Some(95.0)),
            ("tox.ini", "[testenv]\ncommands = echo --cov-fail-under=95\n", None),
            ("codecov.yml", "coverage: {status: {project: {default: {target: 85%}}}}", Some(85.0)),
            (
                "codecov.yml",
                "coverage: {status: {project: {default: {target: 85%, threshold: 1%}}}}",
                Some(84.0),
            ),
            (
                "codecov.yml",
                "coverage: {status: {project: {default: {target: 85%, informational: true}}}}",
                None,
            ),
            ("codecov.yml", "coverage: {status: {project: {default: {target: 85%, paths: [docs]}}}}", None),
            ("codecov.yml", "coverage: {status: {project: {default: {target: auto}}}}", None),
            (
                "package.json",
                "{\"jest\": {\"coverageThreshold\": {\"global\": {\"lines\": 90}}}}",
                Some(90.0),
            ),
        ] {
            assert_eq!(first(path, text), expected, "{text}");
        }
    }

    #[test]
    fn a_threshold_is_obeyed_by_what_measures() {
        let texts: Texts = [("setup.cfg".to_owned(), Ok("[tool:pytest]\n".to_owned()))].into();
        let always: Texts = [("pytest.ini".to_owned(), Ok("[pytest]\naddopts = --cov\n".to_owned()))].into();
        let call = |command: &str| Call::Command(command.split(' ').map(str::to_owned).collect());
        let action = |name: &str| Call::Action { name: name.to_owned(), version: None, inputs: [].into() };
        for (path, command, expected) in [
            (".coveragerc", "pytest --cov", true),
            (".coveragerc", "uv run pytest --cov=widget", true),
            (".coveragerc", "coverage report", true),
            (".coveragerc", "coverage run -m pytest", false),
            (".coveragerc", "pytest", false),
            (".coveragerc", "tox", false),
            ("package.json", "npx jest --coverage", true),
            ("package.json", "pytest --cov", false),
            ("codecov.yml", "codecovcli upload-process", true),
            ("codecov.yml", "pytest --cov", false),
        ] {
            assert_eq!(obeys(&texts, path, &call(command)), expected, "{path} {command}");
        }
        assert!(obeys(&always, ".coveragerc", &call("pytest")));
        assert!(obeys(&texts, "codecov.yml", &action("codecov/codecov-action")));
        assert!(!obeys(&texts, "codecov.yml", &action("actions/checkout")));
    }

    #[test]
    fn a_threshold_is_given_to_pytest_or_coverage() {
        let of = |command: &str| of_command(&command.split(' ').map(str::to_owned).collect::<Vec<_>>());
        for (command, expected) in [
            ("pytest --cov --cov-fail-under=90", Some(90.0)),
            ("uv run pytest --cov-fail-under 90", Some(90.0)),
            ("python -m pytest --cov-fail-under=90 --cov-fail-under=0", Some(0.0)),
            ("coverage report --fail-under=95", Some(95.0)),
            ("coverage html --fail-under=95", None),
            ("interrogate --fail-under=95 .", None),
            ("echo --cov-fail-under=95", None),
        ] {
            assert_eq!(of(command), expected, "{command}");
        }
    }
}
