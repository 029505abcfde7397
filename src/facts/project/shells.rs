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

/// Why the steps behind this script may run something else: it tells the runner where to look for programs, or what stands
/// in the environment.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-files>
pub(super) fn changes(script: &str) -> Option<&'static str> {
    const PATH: &str = "a step before it changes where programs are looked for";
    const ENVIRONMENT: &str = "a step before it changes the environment";
    let is_known_folder = |told: &str| shell::is_elsewhere(told.trim_matches(['"', '\'']));
    for line in script.lines() {
        let line = line.trim();
        if line.contains("GITHUB_PATH") && !told(line, "GITHUB_PATH").is_some_and(is_known_folder) {
            return Some(PATH);
        }
        if line.contains("GITHUB_ENV") && !told(line, "GITHUB_ENV").is_some_and(sets_something_else) {
            return Some(ENVIRONMENT);
        }
        // The files behind both, by their own names.
        if line.contains("_runner_file_commands") {
            return Some(ENVIRONMENT);
        }
    }
    None
}

/// What a line writes with `echo` into the file that a variable names; nothing where it does anything else with it.
fn told<'l>(line: &'l str, variable: &str) -> Option<&'l str> {
    let (command, target) = line.rsplit_once(">>").or_else(|| line.rsplit_once("| tee -a "))?;
    let target = target.trim().trim_end_matches([';', '}']).trim().trim_matches('"');
    let named = target.strip_prefix('$')?.trim_start_matches('{').trim_end_matches('}');
    let (before, told) = command.split_once("echo ")?;
    let is_whole = before.is_empty() || before.ends_with(' ');
    (named == variable && is_whole && !line.trim_start().starts_with('{') && !command.contains(variable))
        .then(|| told.trim())
}

/// Whether `NAME=value` sets one variable, which changes nothing of what is run.
fn sets_something_else(told: &str) -> bool {
    let text = told.trim_matches(['"', '\'']);
    let Some((name, value)) = text.split_once('=') else { return false };
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    // What has a line of its own sets another one.
    let is_one_line =
        !value.contains(['\\', '`', ';', '|', '&', '<', '>']) && value.split('$').skip(1).all(gives_one_line);
    is_name && is_one_line && by_variable(name).or_else(|| by_value(name, value)).is_none()
}

/// Whether what stands behind a `$` gives one line: what the runner sets, and what some programs print.
fn gives_one_line(rest: &str) -> bool {
    const PRINTING: [&str; 9] =
        ["(git ", "(date", "(nproc", "(pwd", "(go env", "(go version", "(python ", "(node -v", "(uname"];
    const VARIABLES: [&str; 5] = ["GITHUB_", "RUNNER_", "HOME", "PWD", "{{"];
    let name = if rest.starts_with("{{") { rest } else { rest.trim_start_matches('{') };
    PRINTING.iter().any(|known| rest.starts_with(known))
        || VARIABLES.iter().any(|known| name.starts_with(known)) && !rest.starts_with("{{expression")
}

/// Names, and with a star their beginnings, that may make a call another one, or change what a scanner does.
const CHANGING: &str = "path env home ifs ps4 shellopts bashopts bash_* ld_* dyld_* npm_* node_options node_path yarn_* \
                        pnpm_* python* pip_* pipenv_* poetry_* uv_* conda_* cargo_* rust* goflags goproxy gosumdb goroot \
                        gopath_* govuln* gowork goenv bundle_* rubyopt rubylib gem_* composer_* java_tool_options \
                        maven_args trivy_* grype_* syft_* osv_* snyk_* safety_* nancy_* semgrep_* gitleaks_* bandit_* \
                        codeql_* dependency_check_* deno_* bun_* git_* perl5* actions_allow_unsecure_commands github_path github_workspace make* gnumakeflags";

/// Those of them that change nothing of it.
const HARMLESS: &str = "pythonunbuffered pythondontwritebytecode pythonioencoding pythonutf8 pythonhashseed python_version \
                        python-version pip_disable_pip_version_check pip_no_cache_dir pip_cache_dir pip_progress_bar \
                        uv_cache_dir uv_system_python uv_frozen uv_locked uv_python uv_version uv_http_timeout \
                        cargo_term_* cargo_incremental cargo_net_retry cargo_profile_* cargo_build_jobs \
                        cargo_net_git_fetch_with_cli cargo_http_multiplexing cargo_registries_crates_io_protocol \
                        rust_backtrace rust_log rust_min_stack rust_version rustflags rustdocflags rustup_max_retries \
                        rustup_toolchain rust_toolchain rustc_wrapper rust_test_threads poetry_version node_version \
                        poetry_virtualenvs_* git_author_* git_committer_* snyk_org gitleaks_license gitleaks_version \
                        trivy_version trivy_username trivy_password trivy_db_repository trivy_java_db_repository";

/// Variables that makefiles name programs by.
const OF_PROGRAMS: &str = "cargo npm npx yarn pnpm bun go pip pip3 uv python python3 poetry bundle composer dotnet mvn gradle \
                           trivy grype snyk pip_audit govulncheck osv_scanner cargo_audit cargo_deny";

/// Whether a variable is one that makefiles name a program by; one of these in an environment is a doubt.
pub(super) fn is_of_program(name: &str) -> bool {
    OF_PROGRAMS.split_whitespace().any(|known| name.eq_ignore_ascii_case(known))
}

/// Why a variable of the environment of a step may change what its commands do, where that is so.
pub(super) fn by_variable(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let is_in = |list: &str| {
        list.split_whitespace().any(|known| match known.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == known,
        })
    };
    let is_secret = name.ends_with("_token") || name.ends_with("_api_key");
    ((is_in(CHANGING) || is_in(OF_PROGRAMS)) && !is_in(HARMLESS) && !is_secret)
        .then_some("its environment may change what is run")
}

/// Why the value of a variable that is named like a secret is none: words of it may be options.
pub(super) fn by_value(name: &str, value: &str) -> Option<&'static str> {
    let has_blanks = || value.replace("${{ ", "").replace(" }}", "").contains(char::is_whitespace);
    (is_of_secret(name) && has_blanks()).then_some("its environment may change what is run")
}

/// Whether a variable is named like a secret.
pub(super) fn is_of_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["_TOKEN", "_KEY", "_PASSWORD", "_SECRET"].iter().any(|end| name.ends_with(end))
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
            "f=$GITHUB_ENV",
            "cat ci/env >> $GITHUB_ENV",
            "printf 'npm_%s=none' config_audit_level >> \"$GITHUB_ENV\"",
            "echo -e 'A=1\\nB=2' >> $GITHUB_ENV",
            "echo \"A=$(cat ci/env)\" >> $GITHUB_ENV",
            "echo \"A=$B\" >> $GITHUB_ENV",
            "echo 'A<<EOF' >> $GITHUB_ENV",
            "{ echo A=1; echo B=2; } >> $GITHUB_ENV",
            "echo 'X_TOKEN=a --dry-run' >> $GITHUB_ENV",
            "echo /usr/bin >> $GITHUB_PATH; echo ./ci >> $GITHUB_PATH",
            "cp x \"$RUNNER_TEMP/_runner_file_commands/set_env_1\"",
        ] {
            assert!(changes(script).is_some(), "{script}");
        }
        for script in ["echo \"$HOME/.local/bin\" >> \"$GITHUB_PATH\"", "echo VERSION=1 >> $GITHUB_ENV", "ls"]
            .into_iter()
            .chain([
                "echo \"VERSION=${GITHUB_REF#refs/tags/}\" >> $GITHUB_ENV",
                "echo \"SHA=$(git rev-parse --short HEAD)\" >> \"$GITHUB_ENV\"",
                "if [ x ]; then echo \"A=b c\" >> ${GITHUB_ENV}",
                "echo \"X=${{github.sha}}\" | tee -a $GITHUB_ENV",
            ])
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
            ("CARGO", true),
            ("ENVIRONMENT", false),
        ] {
            assert_eq!(by_variable(name).is_some(), is_one, "{name}");
        }
    }
}
