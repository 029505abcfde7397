//! Which shell runs a step, and what a step changes for those behind it.
//!
//! The rule that must not be broken: only a shell that is known to run the script runs it.

use super::shell::{self, Options};

/// How the shell of a step takes failures; nothing where it may not run the script as a script of a shell.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell>
pub(super) fn options(template: Option<&str>, script: &str) -> Option<Options> {
    let words: Vec<&str> = template.unwrap_or_default().split_whitespace().collect();
    match words.as_slice() {
        [] | ["sh"] => Some(Options { errexit: true, pipefail: false }),
        ["bash"] => Some(Options { errexit: true, pipefail: true }),
        // Of its language only plain calls are understood, and the last of them counts.
        ["pwsh" | "powershell"] => is_plain(script).then_some(Options { errexit: false, pipefail: false }),
        ["bash" | "sh", options @ .., "{0}"] => of_words(options),
        _ => None,
    }
}

/// The options of a shell, where all of them are known.
fn of_words(words: &[&str]) -> Option<Options> {
    const NAMES: [&str; 5] = ["pipefail", "errexit", "nounset", "xtrace", "errtrace"];
    let mut options = Options { errexit: false, pipefail: false };
    let mut left = words.iter();
    while let Some(word) = left.next() {
        if matches!(*word, "--noprofile" | "--norc" | "--login") {
            continue;
        }
        let letters = word.strip_prefix('-').filter(|letters| !letters.is_empty())?;
        if !letters.chars().all(|letter| "euxloiE".contains(letter)) {
            return None;
        }
        options.errexit |= letters.contains('e');
        if letters.contains('o') {
            let name = left.next().filter(|name| NAMES.contains(name))?;
            options.pipefail |= *name == "pipefail";
            options.errexit |= *name == "errexit";
        }
    }
    Some(options)
}

/// Whether a script is nothing but calls, which every shell reads alike.
fn is_plain(script: &str) -> bool {
    const WORDS: [&str; 12] = [
        "if",
        "else",
        "function",
        "return",
        "exit",
        "trap",
        "switch",
        "while",
        "for",
        "foreach",
        "filter",
        "set-alias",
    ];
    script.lines().map(str::trim).all(|line| {
        let first = line.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        !WORDS.contains(&first.as_str())
            && !first.contains("alias")
            && line.chars().all(|c| c.is_ascii_alphanumeric() || " ./:=_@,-".contains(c))
    })
}

/// Why the steps behind this script may run something else: it tells the runner where to look for programs.
pub(super) fn changes(script: &str) -> Option<&'static str> {
    const PATH: &str = "a step before it changes where programs are looked for";
    for line in script.lines() {
        let line = line.trim();
        if line.contains("GITHUB_PATH") {
            let told = line
                .strip_prefix("echo ")
                .and_then(|rest| rest.split_once(">>"))
                .map(|(told, _)| told.trim());
            let is_known = |told: &str| shell::is_elsewhere(told.trim_matches(['"', '\'']));
            if !told.is_some_and(is_known) {
                return Some(PATH);
            }
        }
        if line.contains("GITHUB_ENV")
            && CHANGING.iter().any(|name| line.to_lowercase().contains(&name.to_lowercase()))
        {
            return Some("a step before it changes the environment");
        }
    }
    None
}

/// What in the environment may make a call another one, or change what a scanner does: names and their beginnings.
const CHANGING: [&str; 14] = [
    "PATH",
    "BASH_ENV",
    "SHELLOPTS",
    "BASHOPTS",
    "LD_PRELOAD",
    "npm_config_audit",
    "npm_config_dry",
    "npm_config_offline",
    "npm_config_registry",
    "TRIVY_SCANNERS",
    "TRIVY_SKIP",
    "TRIVY_CONFIG",
    "GRYPE_EXCLUDE",
    "DEPENDENCY_CHECK_SKIP",
];

/// Why a variable of the environment of a step may change what its commands do, where that is so.
pub(super) fn by_variable(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let is_it = |known: &&str| {
        let known = known.to_lowercase();
        if known.contains('_') && known != "bash_env" { name.starts_with(&known) } else { name == known }
    };
    (name == "env" || CHANGING.iter().any(is_it)).then_some("its environment may change what is run")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_shell_that_is_known_runs_a_script() {
        let of = |template: &str| options(Some(template), "npm audit").map(|it| (it.errexit, it.pipefail));
        assert_eq!(options(None, "npm audit"), Some(Options { errexit: true, pipefail: false }));
        for (template, expected) in [
            ("bash", (true, true)),
            ("sh", (true, false)),
            ("bash -e {0}", (true, false)),
            ("bash -eo pipefail {0}", (true, true)),
            ("bash --noprofile --norc -euxo pipefail {0}", (true, true)),
            ("bash -l {0}", (false, false)),
            ("bash -el {0}", (true, false)),
            ("pwsh", (false, false)),
        ] {
            assert_eq!(of(template), Some(expected), "{template}");
        }
        for template in [
            "sh -s {0}",
            "bash --help {0}",
            "bash -n {0}",
            "bash -D {0}",
            "bash -o noexec {0}",
            "bash -c true {0}",
            "bash {0} x",
            "bash -e",
            "python",
            "true {0}",
        ] {
            assert_eq!(of(template), None, "{template}");
        }
        for script in
            ["<# npm audit #>", "if ($x) { npm audit }", "Set-Alias npm x\nnpm audit", "exit 0\nnpm audit"]
        {
            assert_eq!(options(Some("pwsh"), script), None, "{script}");
        }
    }

    #[test]
    fn a_step_may_change_what_those_behind_it_run() {
        for script in [
            "echo ./bin >> $GITHUB_PATH",
            "echo \"$PWD/bin\" >> $GITHUB_PATH",
            "echo BASH_ENV=x >> $GITHUB_ENV",
        ] {
            assert!(changes(script).is_some(), "{script}");
        }
        for script in ["echo \"$HOME/.local/bin\" >> \"$GITHUB_PATH\"", "echo VERSION=1 >> $GITHUB_ENV", "ls"]
        {
            assert!(changes(script).is_none(), "{script}");
        }
        for (name, is_one) in [
            ("PATH", true),
            ("npm_config_audit_level", true),
            ("BASH_ENV", true),
            ("GOPATH", false),
            ("SNYK_TOKEN", false),
            ("ENV", true),
            ("ENVIRONMENT", false),
        ] {
            assert_eq!(by_variable(name).is_some(), is_one, "{name}");
        }
    }
}
