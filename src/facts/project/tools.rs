//! The tools that claims name, and what calls them.
//!
//! The rule that must not be broken: a tool runs where it is called. Its name in an installation, in what is printed, in
//! a file's name, or in an action that only carries its results elsewhere is no call.

use super::runs::Call;

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
    /// What the names of the actions and hooks begin with that run it.
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
        &["pypa/gh-action-pip-audit", "trailofbits/pip-audit"],
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
        &["embarkstudios/cargo-deny"],
    ),
    tool("govulncheck", &[Dependencies], &["govulncheck"], &["golang/govulncheck-action"]),
    tool("osv-scanner", &[Dependencies], &["osv-scanner"], &["google/osv-scanner"]),
    tool("safety", &[Dependencies], &["safety check", "safety scan", "safety ci"], &["pyupio/safety"]),
    tool(
        "dependency-check",
        &[Dependencies],
        &["dependency-check", "dependency-check.sh", "dependency-check:check", "dependencyCheckAnalyze"],
        &["dependency-check/"],
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
        &["snyk/actions"],
    ),
    tool("trivy", &[Dependencies, Images], &["trivy"], &["aquasecurity/trivy-action"]),
    tool("grype", &[Images, Dependencies], &["grype"], &["anchore/scan-action"]),
    tool("docker-scout", &[Images], &["docker scout", "docker-scout"], &["docker/scout-action"]),
    tool("clair", &[Images], &["clairctl", "clair-scanner"], &[]),
    tool("gitlab-container-scanning", &[Images], &[], &["gitlab:container-scanning"]),
    tool("codeql", &[Code], &["codeql database analyze"], &["github/codeql-action/analyze"]),
    tool("gosec", &[Code], &["gosec"], &["securego/gosec"]),
    tool("bandit", &[Code], &["bandit"], &["pycqa/bandit", "mdegis/bandit-action", "tj-actions/bandit"]),
    tool("semgrep", &[Code], &["semgrep"], &["returntocorp/semgrep", "semgrep/semgrep"]),
    tool("brakeman", &[Code], &["brakeman"], &["reviewdog/action-brakeman"]),
    tool(
        "sonarqube",
        &[Code],
        &["sonar-scanner", "sonar:sonar", "sonarqube", "sonar"],
        &["sonarsource/sonarqube-scan-action", "sonarsource/sonarcloud-github-action"],
    ),
    tool("coverity", &[Code], &["cov-build"], &["vapier/coverity-scan-action"]),
    tool("gitlab-sast", &[Code], &[], &["gitlab:sast"]),
    tool("golangci-lint", &[Style], &["golangci-lint"], &["golangci/golangci-lint"]),
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
    tool("gitleaks", &[Secrets], &["gitleaks"], &["gitleaks/gitleaks"]),
    tool("trufflehog", &[Secrets], &["trufflehog"], &["trufflesecurity/trufflehog"]),
    tool("git-secrets", &[Secrets], &["git secrets", "git-secrets"], &["awslabs/git-secrets"]),
    tool("detect-private-key", &[Secrets], &["detect-private-key"], &[]),
    tool("gitlab-secret-detection", &[Secrets], &[], &["gitlab:secret-detection"]),
    tool("pip-licenses", &[Licences], &["pip-licenses", "liccheck"], &[]),
    tool("license-checker", &[Licences], &["license-checker", "licensed", "licensee", "license_finder"], &[]),
    tool("go-licenses", &[Licences], &["go-licenses", "addlicense"], &[]),
    tool("reuse", &[Licences], &["reuse lint"], &["fsfe/reuse-action", "fsfe/reuse-tool"]),
    tool("fossa", &[Licences], &["fossa"], &["fossas/fossa-action"]),
    tool("scancode", &[Licences], &["scancode"], &[]),
    tool("skywalking-eyes", &[Licences], &["license-eye"], &["apache/skywalking-eyes"]),
    tool("gitlab-license-scanning", &[Licences], &[], &["gitlab:license-scanning"]),
];

/// The tool of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// Programs that only print, look for or move something.
const SILENT: [&str; 14] =
    ["echo", "printf", "cat", "grep", "ls", "rm", "mkdir", "cp", "mv", "which", "command", "test", "[", "jq"];

/// Words by which something is installed and not run, behind the program that does it.
const INSTALLS: [&str; 9] =
    ["install", "add", "sync", "upgrade", "remove", "uninstall", "tap", "download", "pull"];

/// Programs that install with such a word.
const INSTALLERS: [&str; 21] = [
    "pip", "pip3", "pipx", "uv", "poetry", "pdm", "npm", "yarn", "pnpm", "go", "cargo", "brew", "apt",
    "apt-get", "apk", "gem", "conda", "mamba", "pixi", "docker", "rustup",
];

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
        let is_snyk_of = |word: &str| match call {
            Call::Command(words) if self.name == "snyk" => words.iter().any(|it| it == word),
            Call::Action { name, .. } if self.name == "snyk" && word == "code" => name.contains("code"),
            _ => true,
        };
        self.is_run_by(call)
            && match trade {
                Trade::Images => is_of_images(),
                Trade::Code => is_snyk_of("code"),
                _ => true,
            }
    }

    /// Whether the call runs it.
    #[must_use]
    pub fn is_run_by(&self, call: &Call) -> bool {
        match call {
            Call::Action { name, .. } => self.actions.iter().any(|action| name.starts_with(action)),
            Call::Hook { repository, id } => {
                let in_repository = |action: &&str| repository.contains(*action);
                self.actions.iter().any(|action| in_repository(&action)) || self.is_command(&[id.clone()])
            }
            Call::Command(words) => self.is_command(words),
        }
    }

    fn is_command(&self, words: &[String]) -> bool {
        let plain: Vec<&str> = words.iter().map(|word| base(word)).collect();
        if is_no_call(&plain) {
            return false;
        }
        self.commands.iter().any(|command| {
            let parts: Vec<&str> = command.split(' ').collect();
            plain.windows(parts.len()).any(|window| window == parts)
        })
    }
}

/// Whether the command calls no tool that it names.
fn is_no_call(words: &[&str]) -> bool {
    let start = words.iter().position(|word| !word.contains('=') && *word != "sudo").unwrap_or(0);
    let words = words.get(start..).unwrap_or_default();
    let Some(program) = words.first() else { return true };
    // `python -m pip install x`, `uv pip install x`
    let installs = words.iter().enumerate().take(5).any(|(at, word)| {
        let before = words.get(at.wrapping_sub(1)).copied().unwrap_or_default();
        INSTALLS.contains(word)
            && (INSTALLERS.contains(&before) || matches!(before, "tool" | "-y" | "-qq" | "-q"))
    });
    SILENT.contains(program) || installs
}

/// The name of a program without its folder and version.
fn base(word: &str) -> &str {
    if word.starts_with('-') {
        return word;
    }
    let name = word.rsplit('/').next().unwrap_or(word);
    let name = name.split_once("==").map_or(name, |(name, _)| name);
    name.split_once('@').filter(|(name, _)| !name.is_empty()).map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::project::shell;

    fn runs(tool: &str, script: &str) -> bool {
        let tool = named(tool).unwrap();
        shell::commands(script, true).into_iter().any(|it| tool.is_run_by(&Call::Command(it.words)))
    }

    #[test]
    fn a_tool_that_is_called_is_found_however_it_is_called() {
        for (tool, script) in [
            ("bandit", "bandit -r src"),
            ("bandit", "uv run bandit -r src"),
            ("bandit", "python -m bandit -r src"),
            ("bandit", "sudo FOO=1 /usr/bin/bandit -r src"),
            ("bandit", "pixi run -e quality bandit -r src"),
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
            ("safety", "make safety"),
            ("cargo-audit", "cargo install cargo-audit"),
            ("npm-audit", "npm ci --no-audit"),
        ] {
            assert!(!runs(tool, script), "{script}");
        }
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
