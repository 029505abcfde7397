//! Whether what an action is given makes it search code, or look for secrets.
//!
//! The rule that must not be broken: an input is on these lists only where the search looks at the same files for the
//! same things with it. What stands on no list makes a doubt.

use super::searches;
use std::collections::BTreeMap;

/// Tools whose actions are known, each with the inputs that change nothing.
const KNOWN: [(&str, &str); 8] = [
    ("gosec", ""),
    (
        "bandit",
        "severity confidence level exit_zero github_token python_version configfile ini comment annotations format",
    ),
    ("semgrep", "config generatesarif publishtoken publishdeployment publishurl auditon audit_on"),
    (
        "golangci-lint",
        "only-new-issues install-mode install-only verify problem-matchers skip-cache skip-save-cache skip-pkg-cache \
         skip-build-cache cache-invalidation-interval version-file debug experimental",
    ),
    ("ruff", "version-file checksum changed-files"),
    ("gitleaks", "config-path"),
    ("trufflehog", "base head"),
    (
        "brakeman",
        "level reporter filter_mode fail_on_error fail_level brakeman_version tool_name use_bundler skip_install",
    ),
];

/// Inputs of any action that change nothing.
const COMMON: &str = "github-token token working-directory version workdir";

/// Inputs with words of a command, with what is looked at, and with what is passed over.
const ARGUMENTS: &str = "args options extra_args brakeman_flags";
const OPERANDS: &str = "targets path src";
const EXCLUDES: &str = "exclude excluded_paths";

/// The first input, or word of one, whose meaning is not known.
pub(super) fn unknown(tool: &str, inputs: &BTreeMap<String, String>) -> Option<String> {
    let (_, known) = KNOWN.iter().find(|(name, _)| *name == tool)?;
    let is_in = |list: &str, key: &str| list.split_whitespace().any(|it| it == key);
    let mut words: Vec<String> = Vec::new();
    for (key, value) in inputs {
        match key.as_str() {
            // Of this file it is not known whether it is the one that is read here.
            "config-path" if value != ".gitleaks.toml" => return Some(key.clone()),
            key if is_in(known, key) || is_in(COMMON, key) => {}
            key if is_in(ARGUMENTS, key) => words.extend(value.split_whitespace().map(str::to_owned)),
            key if is_in(OPERANDS, key) => {
                words.extend(value.split([',', ' ', '\n']).map(|it| it.trim().to_owned()))
            }
            key if is_in(EXCLUDES, key) && tool == "bandit" => {
                words.extend(["-x".to_owned(), value.trim().to_owned()]);
            }
            "skips" if tool == "bandit" => {}
            _ => return Some(key.clone()),
        }
    }
    words.retain(|word| !word.is_empty());
    // Without arguments it shows its help: <https://github.com/securego/gosec/blob/master/action.yml>
    if tool == "gosec" && words.is_empty() {
        return Some("no args".to_owned());
    }
    if tool == "trufflehog" && !has_range(inputs) {
        return Some("base".to_owned());
    }
    let speaks = |word: &String| {
        matches!(word.as_str(), "--help" | "-h" | "-help" | "--version" | "-version" | "version")
    };
    words.iter().find(|word| speaks(word)).cloned().or_else(|| searches::unknown_word(tool, &words))
}

/// Whether TruffleHog has commits to look at: all of them, or those since another one.
fn has_range(inputs: &BTreeMap<String, String>) -> bool {
    let of = |key: &str| inputs.get(key).map(|text| text.trim()).filter(|text| !text.is_empty());
    let Some(base) = of("base") else { return true };
    let is_branch = matches!(base, "main" | "master" | "develop" | "dev" | "trunk");
    let is_expression = base.starts_with("${{") && !base.contains("github.sha") && !base.contains("head");
    (is_branch || is_expression) && of("head") != Some(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_searches_where_every_input_is_known() {
        let of = |tool: &str, inputs: &[(&str, &str)]| {
            let inputs = inputs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            unknown(tool, &inputs.collect())
        };
        for (tool, inputs) in [
            ("gosec", &[("args", "./...")][..]),
            ("gosec", &[("args", "-exclude-dir=testdata -fmt sarif -out x.sarif ./...")]),
            (
                "bandit",
                &[("targets", "src"), ("exclude", "tests,docs"), ("skips", "B101"), ("severity", "high")],
            ),
            ("golangci-lint", &[("version", "v2.1"), ("args", "--timeout=5m ./...")]),
            ("ruff", &[("src", "./src"), ("args", "check --fix")]),
            ("trufflehog", &[("base", "${{ github.event.repository.default_branch }}"), ("head", "HEAD")]),
            ("trufflehog", &[("path", "./"), ("extra_args", "--results=verified,unknown")]),
            ("mypy", &[("any", "x")]),
        ] {
            assert_eq!(of(tool, inputs), None, "{tool} {inputs:?}");
        }
        for (tool, inputs, word) in [
            ("gosec", &[][..], "no args"),
            ("gosec", &[("args", "--version")], "--version"),
            ("gosec", &[("args", "-no-fail -exclude-dir=. ./...")], "-exclude-dir=."),
            ("bandit", &[("targets", "docs")], "docs"),
            ("bandit", &[("tests", "B999")], "tests"),
            ("golangci-lint", &[("args", "--disable=gosec")], "--disable=gosec"),
            ("golangci-lint", &[("args", "run ./docs/...")], "./docs/..."),
            ("ruff", &[("args", "check --select E")], "--select E"),
            ("trufflehog", &[("base", "HEAD"), ("head", "HEAD")], "base"),
            ("trufflehog", &[("base", "main"), ("head", "main")], "base"),
            ("trufflehog", &[("extra_args", "--results=none")], "--results=none"),
            ("gitleaks", &[("config-path", "x.toml")], "config-path"),
        ] {
            assert_eq!(of(tool, inputs).as_deref(), Some(word), "{tool} {inputs:?}");
        }
    }
}
