//! The tools that claims name, and what calls them.
//!
//! The rule that must not be broken: a tool runs where it is called. Its name in an installation, in what is printed, in
//! a file's name, or in an action that only carries its results elsewhere is no call. Its name anywhere else is a doubt.

use super::{
    programs::{self, base},
    runs::Call,
};

/// What a tool is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trade {
    /// It looks for known vulnerabilities in dependencies.
    Dependencies,
    /// It looks through code for weaknesses.
    Code,
    /// It looks for secrets.
    Secrets,
    /// It looks through container images.
    Images,
    /// It looks at licences.
    Licences,
    /// It looks at style or types, and at weaknesses only where it is told to.
    Style,
}

/// A tool.
pub struct Tool {
    /// Its name, as claims have it.
    pub name: &'static str,
    /// What it is for.
    pub trades: &'static [Trade],
    /// The words of the commands that run it, one alternative each.
    commands: &'static [&'static str],
    /// The names of the actions, reusable workflows and repositories of hooks that run it, in full.
    actions: &'static [&'static str],
}

const fn tool(
    name: &'static str,
    trades: &'static [Trade],
    commands: &'static [&'static str],
    actions: &'static [&'static str],
) -> Tool {
    Tool { name, trades, commands, actions }
}

use Trade::{Code, Dependencies, Images, Licences, Secrets, Style};

/// Every tool that is known.
pub const TOOLS: &[Tool] = &[
    tool(
        "pip-audit",
        &[Dependencies],
        &["pip-audit", "pip_audit"],
        &["pypa/gh-action-pip-audit", "pypa/pip-audit", "trailofbits/pip-audit"],
    ),
    tool("npm-audit", &[Dependencies], &["npm audit", "better-npm-audit"], &[]),
    tool("yarn-audit", &[Dependencies], &["yarn audit", "yarn npm audit"], &[]),
    tool("pnpm-audit", &[Dependencies], &["pnpm audit"], &[]),
    tool(
        "cargo-audit",
        &[Dependencies],
        &["cargo audit", "cargo-audit"],
        &["rustsec/audit-check", "actions-rs/audit-check", "actions-rust-lang/audit"],
    ),
    tool(
        "cargo-deny",
        &[Dependencies, Licences],
        &["cargo deny", "cargo-deny"],
        &["embarkstudios/cargo-deny-action", "embarkstudios/cargo-deny"],
    ),
    tool("govulncheck", &[Dependencies], &["govulncheck"], &["golang/govulncheck-action"]),
    tool(
        "osv-scanner",
        &[Dependencies],
        &["osv-scanner"],
        &[
            "google/osv-scanner",
            "google/osv-scanner-action",
            "google/osv-scanner-action/osv-scanner-action",
            "google/osv-scanner-action/.github/workflows/osv-scanner-reusable.yml",
            "google/osv-scanner-action/.github/workflows/osv-scanner-reusable-pr.yml",
        ],
    ),
    tool(
        "safety",
        &[Dependencies],
        &["safety check", "safety scan", "safety ci"],
        &["pyupio/safety", "pyupio/safety-action"],
    ),
    tool(
        "dependency-check",
        &[Dependencies],
        &["dependency-check", "dependency-check.sh", "dependency-check:check", "dependencyCheckAnalyze"],
        &["dependency-check/dependency-check_action"],
    ),
    tool(
        "bundler-audit",
        &[Dependencies],
        &["bundle audit", "bundle-audit", "bundler-audit"],
        &["andrewmcodes/bundler-audit-action"],
    ),
    tool("composer-audit", &[Dependencies], &["composer audit"], &[]),
    tool("dotnet-list", &[Dependencies], &["dotnet list package --vulnerable"], &[]),
    tool("dependency-review", &[Dependencies], &[], &["actions/dependency-review-action"]),
    tool("gitlab-dependency-scanning", &[Dependencies], &[], &["gitlab:dependency-scanning"]),
    tool(
        "snyk",
        &[Dependencies, Code, Images],
        &["snyk test", "snyk monitor", "snyk code", "snyk container"],
        &[
            "snyk/actions/docker",
            "snyk/actions/dotnet",
            "snyk/actions/golang",
            "snyk/actions/gradle",
            "snyk/actions/maven",
            "snyk/actions/node",
            "snyk/actions/php",
            "snyk/actions/python",
            "snyk/actions/python-3.10",
            "snyk/actions/ruby",
        ],
    ),
    tool("trivy", &[Dependencies, Images], &["trivy"], &["aquasecurity/trivy-action"]),
    tool("grype", &[Images, Dependencies], &["grype"], &["anchore/scan-action"]),
    tool("docker-scout", &[Images], &["docker scout", "docker-scout"], &["docker/scout-action"]),
    tool("clair", &[Images], &["clairctl", "clair-scanner"], &[]),
    tool("gitlab-container-scanning", &[Images], &[], &["gitlab:container-scanning"]),
    tool("codeql", &[Code], &["codeql database analyze"], &["github/codeql-action/analyze"]),
    tool("gosec", &[Code], &["gosec"], &["securego/gosec"]),
    tool(
        "bandit",
        &[Code],
        &["bandit"],
        &["pycqa/bandit", "pycqa/bandit-action", "mdegis/bandit-action", "tj-actions/bandit"],
    ),
    tool(
        "semgrep",
        &[Code],
        &["semgrep"],
        &[
            "returntocorp/semgrep",
            "returntocorp/semgrep-action",
            "semgrep/semgrep",
            "semgrep/semgrep-action",
            "semgrep/pre-commit",
        ],
    ),
    tool("brakeman", &[Code], &["brakeman"], &["reviewdog/action-brakeman"]),
    tool(
        "sonarqube",
        &[Code],
        &["sonar-scanner", "sonar:sonar", "sonarqube", "sonar"],
        &["sonarsource/sonarqube-scan-action", "sonarsource/sonarcloud-github-action"],
    ),
    tool("coverity", &[Code], &["cov-build"], &["vapier/coverity-scan-action"]),
    tool("gitlab-sast", &[Code], &[], &["gitlab:sast"]),
    tool(
        "golangci-lint",
        &[Style],
        &["golangci-lint"],
        &["golangci/golangci-lint", "golangci/golangci-lint-action"],
    ),
    tool(
        "ruff",
        &[Style],
        &["ruff check", "ruff"],
        &["astral-sh/ruff-action", "chartboost/ruff-action", "astral-sh/ruff-pre-commit"],
    ),
    tool("mypy", &[Style], &["mypy"], &["pre-commit/mirrors-mypy"]),
    tool("eslint", &[Style], &["eslint"], &["pre-commit/mirrors-eslint"]),
    tool("clippy", &[Style], &["cargo clippy"], &["actions-rs/clippy-check", "giraffate/clippy-action"]),
    tool("detect-secrets", &[Secrets], &["detect-secrets", "detect-secrets-hook"], &["yelp/detect-secrets"]),
    tool(
        "gitleaks",
        &[Secrets],
        &["gitleaks"],
        &["gitleaks/gitleaks", "gitleaks/gitleaks-action", "zricethezav/gitleaks"],
    ),
    tool("trufflehog", &[Secrets], &["trufflehog"], &["trufflesecurity/trufflehog"]),
    tool("git-secrets", &[Secrets], &["git secrets", "git-secrets"], &["awslabs/git-secrets"]),
    tool("detect-private-key", &[Secrets], &["detect-private-key"], &["pre-commit/pre-commit-hooks"]),
    tool("gitlab-secret-detection", &[Secrets], &[], &["gitlab:secret-detection"]),
    tool("pip-licenses", &[Licences], &["pip-licenses", "liccheck"], &[]),
    tool("license-checker", &[Licences], &["license-checker", "licensed", "licensee", "license_finder"], &[]),
    tool("go-licenses", &[Licences], &["go-licenses", "addlicense"], &[]),
    tool("reuse", &[Licences], &["reuse lint"], &["fsfe/reuse-action", "fsfe/reuse-tool"]),
    tool("fossa", &[Licences], &["fossa"], &["fossas/fossa-action"]),
    tool("scancode", &[Licences], &["scancode"], &[]),
    tool(
        "skywalking-eyes",
        &[Licences],
        &["license-eye"],
        &["apache/skywalking-eyes", "apache/skywalking-eyes/header", "apache/skywalking-eyes/dependency"],
    ),
    tool("gitlab-license-scanning", &[Licences], &[], &["gitlab:license-scanning"]),
];

/// The tool of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// What a call has to do with a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    /// It runs it.
    Runs,
    /// It names it, and what it does with it is not known.
    Names,
    /// Nothing that counts.
    Nothing,
}

impl Tool {
    /// Whether the call runs it for the trade: not every mode of a tool looks at everything that the tool can look at.
    #[must_use]
    pub fn is_run_for(&self, trade: Trade, call: &Call) -> bool {
        const NO_IMAGES: [&str; 7] = ["fs", "filesystem", "repo", "repository", "config", "rootfs", "sbom"];
        let is_of_images = || match call {
            Call::Action { inputs, .. } => {
                let kind = inputs.get("scan-type").map(String::as_str);
                kind.is_none_or(|kind| !NO_IMAGES.contains(&kind)) && !inputs.contains_key("path")
            }
            Call::Command(words) if self.name == "snyk" => words.iter().any(|word| word == "container"),
            Call::Command(words) => !words.iter().any(|word| NO_IMAGES.contains(&word.as_str())),
            Call::Hook { .. } => false,
        };
        let has = |word: &str| match call {
            Call::Command(words) => words.iter().any(|it| it == word),
            Call::Action { inputs, .. } => ["command", "args", "scan-type"]
                .into_iter()
                .filter_map(|key| inputs.get(key))
                .any(|input| input.split_whitespace().any(|it| it == word)),
            Call::Hook { .. } => false,
        };
        self.is_run_by(call)
            && match (trade, self.name) {
                (Trade::Images, _) => is_of_images(),
                (Trade::Code, "snyk") => has("code"),
                (Trade::Dependencies, "snyk") => !has("code") && !has("iac") && !has("container"),
                (Trade::Dependencies, "trivy") => !has("config"),
                (Trade::Dependencies, "cargo-deny") => {
                    has("advisories") || !["licenses", "bans", "sources"].into_iter().any(has)
                }
                (Trade::Licences, "cargo-deny") => {
                    has("licenses") || !["advisories", "bans", "sources"].into_iter().any(has)
                }
                _ => true,
            }
    }

    /// Whether the call runs it.
    #[must_use]
    pub fn is_run_by(&self, call: &Call) -> bool {
        self.says(call) == Says::Runs
    }

    /// Whether the call has its name where it may be run, and nobody can say whether it is.
    #[must_use]
    pub fn is_perhaps_run_by(&self, call: &Call) -> bool {
        self.says(call) == Says::Names
    }

    fn says(&self, call: &Call) -> Says {
        match call {
            Call::Action { name, .. } if self.actions.contains(&name.as_str()) => Says::Runs,
            // Of CodeQL it is known which of its actions analyses.
            Call::Action { name, .. } if name.starts_with("github/codeql-action/") => Says::Nothing,
            Call::Action { name, .. } => self.named_in(std::slice::from_ref(name), true),
            Call::Hook { repository, id } => {
                let is_its = self.commands.contains(&id.as_str())
                    || id.strip_suffix("-full").is_some_and(|id| self.commands.contains(&id));
                let address = repository.trim_end_matches('/').trim_end_matches(".git");
                let from = address.strip_prefix("https://github.com/").unwrap_or_default();
                match () {
                    () if is_its && self.actions.contains(&from) => Says::Runs,
                    // What a hook of the repository itself runs stands beside it.
                    () if repository == "local" || repository == "meta" => Says::Nothing,
                    () if is_its => Says::Names,
                    () => self.named_in(std::slice::from_ref(repository), true),
                }
            }
            Call::Command(words) => self.of_command(words),
        }
    }

    fn of_command(&self, words: &[String]) -> Says {
        let program = programs::program(words);
        let plain: Vec<&str> = program.iter().map(|word| base(word)).collect();
        for command in self.commands {
            let parts: Vec<&str> = command.split(' ').collect();
            if plain.starts_with(&parts) {
                return if self.looks_at_something(&plain[parts.len()..]) {
                    Says::Runs
                } else {
                    Says::Nothing
                };
            }
            let is_builder = matches!(plain.first(), Some(&("mvn" | "mvnw" | "gradle" | "gradlew")));
            if is_builder && parts.len() == 1 && plain.contains(&parts[0]) {
                let is_left_out = plain.iter().any(|word| matches!(*word, "-x" | "--exclude-task" | "-pl"));
                return if is_left_out { Says::Names } else { Says::Runs };
            }
        }
        if programs::is_no_call(words) { Says::Nothing } else { self.named_in(words, false) }
    }

    /// Whether these arguments make it do its work.
    fn looks_at_something(&self, arguments: &[&str]) -> bool {
        let first = arguments.first().copied().unwrap_or_default();
        let tells = arguments
            .iter()
            .any(|word| matches!(*word, "--help" | "-h" | "--version" | "-V" | "--download-db-only"));
        let other = match self.name {
            "cargo-deny" => matches!(first, "init" | "fetch" | "list"),
            "npm-audit" => first == "signatures",
            "trivy" => matches!(first, "plugin" | "clean" | "server" | "module" | "registry"),
            "detect-secrets" => first == "audit",
            "ruff" => matches!(first, "format" | "clean" | "rule"),
            "golangci-lint" => matches!(first, "cache" | "config" | "linters" | "fmt"),
            _ => false,
        };
        !(tells || other || matches!(first, "version" | "help"))
    }

    /// Whether its name is among the words.
    fn named_in(&self, words: &[String], in_part: bool) -> Says {
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        let tokens: Vec<&str> = (words.iter())
            .flat_map(|word| word.split(|c| !is_of_name(c)))
            .map(|word| word.split_once("==").map_or(word, |(name, _)| name))
            .filter(|word| !word.is_empty())
            .collect();
        let is_named = self.commands.iter().chain([&self.name]).any(|command| {
            let mut left = command.split(' ').peekable();
            for token in &tokens {
                let Some(part) = left.peek() else { break };
                if token == part
                    || (in_part && token.contains(part))
                    || token.split(':').any(|it| it == *part)
                {
                    left.next();
                }
            }
            left.peek().is_none()
        });
        if is_named { Says::Names } else { Says::Nothing }
    }
}

/// The tools that a call runs, or has the names of.
pub(super) fn named_by(call: &Call) -> Vec<&'static str> {
    TOOLS.iter().filter(|tool| tool.says(call) != Says::Nothing).map(|tool| tool.name).collect()
}

/// Whether a command runs the hooks of pre-commit: nothing where it does not, and whether it runs each of them.
pub(super) fn runs_hooks(words: &[String]) -> Option<bool> {
    let program = programs::program(words);
    let [first, second, arguments @ ..] = program else { return None };
    if base(first) != "pre-commit" || second != "run" {
        return None;
    }
    let is_of_all = |word: &String| {
        matches!(
            word.as_str(),
            "--all-files" | "-a" | "--show-diff-on-failure" | "--verbose" | "-v" | "--color=always"
        )
    };
    Some(arguments.iter().all(is_of_all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::project::shell;

    fn runs(tool: &str, script: &str) -> bool {
        let tool = named(tool).unwrap();
        shell::commands(script, true).into_iter().any(|it| tool.is_run_by(&Call::Command(it.words)))
    }

    fn perhaps(tool: &str, script: &str) -> bool {
        let tool = named(tool).unwrap();
        shell::commands(script, true).into_iter().any(|it| tool.is_perhaps_run_by(&Call::Command(it.words)))
    }

    #[test]
    fn a_tool_that_is_called_is_found_however_it_is_called() {
        for (tool, script) in [
            ("bandit", "bandit -r src"),
            ("bandit", "uv run bandit -r src"),
            ("bandit", "python -m bandit -r src"),
            ("bandit", "sudo FOO=1 /usr/bin/bandit -r src"),
            ("bandit", "pixi run -e quality bandit -r src"),
            ("bandit", "timeout 60 uv run --with bandit --frozen bandit -r src"),
            ("osv-scanner", "docker run --rm -v $PWD:/s ghcr.io/google/osv-scanner:v1 -r /s"),
            ("govulncheck", "go run golang.org/x/vuln/cmd/govulncheck@latest ./..."),
            ("pip-audit", "uvx pip-audit==2.7 -r requirements.txt"),
            ("npm-audit", "npm audit --omit dev"),
            ("safety", "safety check --json"),
            ("cargo-audit", "cargo audit"),
            ("docker-scout", "docker scout cves image"),
        ] {
            assert!(runs(tool, script), "{script}");
        }
    }

    #[test]
    fn a_tool_that_is_only_named_is_not_run() {
        for (tool, script) in [
            ("bandit", "pip install bandit"),
            ("bandit", "python -m pip install bandit"),
            ("bandit", "uv tool install bandit"),
            ("bandit", "apt-get install -y bandit"),
            ("bandit", "echo bandit"),
            ("bandit", "cat bandit"),
            ("bandit", "# bandit -r ."),
            ("bandit", "upload bandit-report.json"),
            ("govulncheck", "go install golang.org/x/vuln/cmd/govulncheck@latest"),
            ("cargo-audit", "cargo install cargo-audit"),
            ("npm-audit", "npm ci --no-audit"),
            ("bandit", "bandit --help"),
            ("bandit", "uvx bandit --version"),
            ("trivy", "trivy version"),
            ("trivy", "trivy image --download-db-only"),
            ("npm-audit", "npm audit signatures"),
            ("cargo-deny", "cargo deny init"),
        ] {
            assert!(!runs(tool, script), "{script}");
            assert!(!perhaps(tool, script), "{script}");
        }
    }

    #[test]
    fn a_tool_that_is_an_argument_of_something_else_is_a_doubt() {
        for (tool, script) in [
            ("bandit", "touch bandit"),
            ("bandit", "bash -c 'bandit -r .'"),
            ("bandit", "git commit -m x bandit"),
            ("bandit", "sudo -u bandit ls"),
            ("bandit", "docker build -t bandit ."),
            ("bandit", "timeout 1 env run-it bandit"),
            ("bandit", "uv run --unknown bandit ls"),
            ("npm-audit", "npm --prefix web audit"),
            ("safety", "make safety"),
        ] {
            assert!(!runs(tool, script), "{script}");
            assert!(perhaps(tool, script), "{script}");
        }
    }

    #[test]
    fn a_mode_of_another_trade_is_no_scan_of_dependencies() {
        let scans = |tool: &str, script: &str| {
            let words = shell::commands(script, true).remove(0).words;
            named(tool).unwrap().is_run_for(Trade::Dependencies, &Call::Command(words))
        };
        assert!(
            scans("cargo-deny", "cargo deny check") && scans("cargo-deny", "cargo deny check advisories")
        );
        assert!(!scans("cargo-deny", "cargo deny check licenses"));
        assert!(scans("trivy", "trivy fs .") && !scans("trivy", "trivy config ."));
        assert!(scans("snyk", "snyk test") && !scans("snyk", "snyk code test"));
    }

    #[test]
    fn an_action_is_known_by_its_whole_name() {
        let uses =
            |name: &str| Call::Action { name: name.to_owned(), version: None, inputs: Default::default() };
        let tool = named("pip-audit").unwrap();
        assert!(tool.is_run_by(&uses("pypa/gh-action-pip-audit")));
        for other in ["pypa/gh-action-pip-audit-evil", "trailofbits/pip-audit/x", "acme/pip-audit"] {
            assert!(!tool.is_run_by(&uses(other)) && tool.is_perhaps_run_by(&uses(other)), "{other}");
        }
        assert!(!tool.is_perhaps_run_by(&uses("actions/checkout")));
    }

    #[test]
    fn an_action_that_carries_results_elsewhere_is_no_analysis() {
        let uses =
            |name: &str| Call::Action { name: name.to_owned(), version: None, inputs: Default::default() };
        let codeql = named("codeql").unwrap();
        assert!(codeql.is_run_by(&uses("github/codeql-action/analyze")));
        assert!(!codeql.is_run_by(&uses("github/codeql-action/upload-sarif")));
        assert!(!codeql.is_run_by(&uses("github/codeql-action/init")));
    }
}
