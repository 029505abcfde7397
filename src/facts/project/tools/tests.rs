//! How tools are called, and what only looks so.

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
    assert!(scans("cargo-deny", "cargo deny check") && scans("cargo-deny", "cargo deny check advisories"));
    assert!(!scans("cargo-deny", "cargo deny check licenses"));
    assert!(scans("trivy", "trivy fs .") && !scans("trivy", "trivy config ."));
    assert!(scans("snyk", "snyk test") && !scans("snyk", "snyk code test"));
}

#[test]
fn an_action_is_known_by_its_whole_name() {
    let uses = |name: &str| Call::Action { name: name.to_owned(), version: None, inputs: Default::default() };
    let tool = named("pip-audit").unwrap();
    assert!(tool.is_run_by(&uses("pypa/gh-action-pip-audit")));
    for other in ["pypa/gh-action-pip-audit-evil", "trailofbits/pip-audit/x", "acme/pip-audit"] {
        assert!(!tool.is_run_by(&uses(other)) && tool.is_perhaps_run_by(&uses(other)), "{other}");
    }
    assert!(!tool.is_perhaps_run_by(&uses("actions/checkout")));
}

#[test]
fn an_action_that_carries_results_elsewhere_is_no_analysis() {
    let uses = |name: &str| Call::Action { name: name.to_owned(), version: None, inputs: Default::default() };
    let codeql = named("codeql").unwrap();
    assert!(codeql.is_run_by(&uses("github/codeql-action/analyze")));
    assert!(!codeql.is_run_by(&uses("github/codeql-action/upload-sarif")));
    assert!(!codeql.is_run_by(&uses("github/codeql-action/init")));
}

/// What a command does for a trade: `runs`, with what keeps it from failing and its folder, `perhaps` and why, `no`.
fn does(tool: &str, trade: Trade, script: &str) -> String {
    let words = shell::commands(script, true).remove(0).words;
    shown(named(tool).unwrap().says(trade, &Call::Command(words)))
}

fn shown(says: Says) -> String {
    match says {
        Says::Runs(scan) => {
            let more = [scan.harmless.map(str::to_owned), scan.folder.map(|it| format!("in {it}"))];
            [Some("runs".to_owned())].into_iter().chain(more).flatten().collect::<Vec<_>>().join(" ")
        }
        Says::Perhaps(why) => format!("perhaps: {}", why.rsplit(": ").next().unwrap()),
        Says::Nothing => "no".to_owned(),
    }
}

#[test]
fn the_plain_calls_of_scanners_scan_dependencies() {
    for (tool, script) in [
        ("cargo-audit", "cargo audit"),
        ("cargo-audit", "cargo +nightly audit --deny warnings --ignore RUSTSEC-2020-0001"),
        ("cargo-deny", "cargo deny check advisories"),
        ("cargo-deny", "cargo deny check"),
        ("cargo-deny", "cargo deny --all-features check advisories bans"),
        ("npm-audit", "npm audit"),
        ("npm-audit", "npm audit --audit-level=high"),
        ("npm-audit", "npm audit --audit-level critical --omit=dev --json > out.json"),
        ("pip-audit", "pip-audit -r requirements.txt"),
        ("pip-audit", "pip-audit --desc on -f json -o out.json 2>/dev/null"),
        ("pip-audit", "pip-audit . --strict --ignore-vuln GHSA-1"),
        ("govulncheck", "govulncheck ./..."),
        ("govulncheck", "govulncheck -test -show verbose ./..."),
        ("osv-scanner", "osv-scanner -r ."),
        ("osv-scanner", "osv-scanner scan source -r ."),
        ("osv-scanner", "osv-scanner --lockfile=package-lock.json"),
        ("trivy", "trivy fs ."),
        ("trivy", "trivy fs --exit-code 1 --severity HIGH,CRITICAL ."),
        ("trivy", "trivy fs --scanners vuln,secret --skip-dirs node_modules -q ."),
        ("trivy", "docker run --rm -v $PWD:/s aquasec/trivy:latest fs /s"),
        ("grype", "grype dir:."),
        ("grype", "grype . --fail-on high"),
        ("snyk", "snyk test"),
        ("snyk", "npx snyk test --all-projects --severity-threshold=high"),
        ("bundler-audit", "bundle audit check --update"),
        ("bundler-audit", "bundle-audit check"),
        ("bundler-audit", "bundle exec bundle-audit check -u -i CVE-1 CVE-2"),
        ("yarn-audit", "yarn npm audit --all --recursive"),
        ("yarn-audit", "yarn audit --groups dependencies"),
        ("pnpm-audit", "pnpm audit --prod"),
        ("pnpm-audit", "pnpm -r audit"),
        ("composer-audit", "composer audit"),
        ("safety", "safety check -r x"),
        ("safety", "safety --key k scan"),
        ("dependency-check", "dependency-check.sh --project x --scan . --failOnCVSS 7"),
        ("dependency-check", "mvn org.owasp:dependency-check-maven:check"),
        ("dependency-check", "mvn -B verify -Powasp org.owasp:dependency-check-maven:10.0.4:aggregate"),
        ("dependency-check", "mvn dependency-check:check"),
        ("dependency-check", "./gradlew dependencyCheckAnalyze --info"),
        ("bun-audit", "bun audit"),
        ("audit-ci", "npx audit-ci --moderate"),
        ("auditjs", "npx auditjs ossi"),
        ("nancy", "nancy sleuth"),
        ("mix-audit", "mix deps.audit"),
        ("deno-audit", "deno audit"),
        ("uv-audit", "uv audit --locked"),
        ("uv-secure", "uvx uv-secure"),
        ("dotnet-list", "dotnet list package --vulnerable --include-transitive"),
        ("dotnet-list", "dotnet list App.sln package --vulnerable"),
        ("dotnet-list", "dotnet package list --vulnerable"),
    ] {
        // Some of them do not fail of themselves.
        let told = does(tool, Dependencies, script);
        let is_quiet = told.starts_with("runs it fails only with `--") || told.starts_with("runs it lists");
        assert!(told == "runs" || is_quiet, "{script}: {told}");
    }
}

#[test]
fn a_call_that_does_something_else_is_no_scan() {
    for (tool, script) in [
        ("bundler-audit", "bundle audit update"),
        ("bundler-audit", "bundle-audit download"),
        ("grype", "grype db update"),
        ("dependency-check", "dependency-check.sh --updateonly"),
        ("dependency-check", "./gradlew dependencyCheckUpdate"),
        ("govulncheck", "govulncheck -version"),
        ("trivy", "trivy -v"),
        ("trivy", "trivy convert r.json"),
        ("trivy", "trivy fs --scanners secret ."),
        ("trivy", "trivy fs --security-checks=misconfig,license ."),
        ("trivy", "trivy fs --vuln-type os ."),
        ("trivy", "trivy config ."),
        ("cargo-deny", "cargo deny check -D advisories bans"),
        ("cargo-deny", "cargo deny check bans licenses"),
        ("cargo-deny", "cargo deny --version"),
        ("npm-audit", "npm audit signatures"),
        ("npm-audit", "npm audit --help"),
        ("pip-audit", "pip-audit --help"),
        ("snyk", "snyk auth"),
        ("snyk", "snyk code test"),
        ("dotnet-list", "dotnet list package --outdated"),
        ("dotnet-list", "dotnet list package"),
    ] {
        assert_eq!(does(tool, Dependencies, script), "no", "{script}");
    }
}

#[test]
fn an_option_that_is_not_known_is_a_doubt_that_names_it() {
    let not = |word: &str| format!("perhaps: relcheck does not know what \"{word}\" does to the scan");
    for (tool, script, word) in [
        ("pip-audit", "pip-audit --dry-run", "--dry-run"),
        ("pip-audit", "pip-audit --path $X --fix", "--path"),
        ("npm-audit", "npm audit fix --dry-run", "--dry-run"),
        ("npm-audit", "npm audit fix", "fix"),
        ("npm-audit", "npm audit --offline", "--offline"),
        ("npm-audit", "npm audit --omit=prod", "--omit prod"),
        ("npm-audit", "npm_config_dry_run=1 npm audit", "npm_config_dry_run=1"),
        ("yarn-audit", "yarn audit --groups devDependencies", "--groups devDependencies"),
        ("cargo-audit", "cargo audit --db empty", "--db"),
        ("cargo-audit", "cargo audit bin x", "bin"),
        ("cargo-deny", "cargo deny check -A vulnerability", "-A vulnerability"),
        ("govulncheck", "govulncheck -mode binary ./x", "-mode binary"),
        ("snyk", "snyk monitor", "monitor"),
        ("trivy", "trivy fs --skip-dirs . .", "--skip-dirs ."),
        ("trivy", "trivy fs --severity '' .", "--severity "),
        ("trivy", "trivy k8s", "k8s"),
        ("osv-scanner", "osv-scanner -r $DIRS --offline-vulnerabilities", "--offline-vulnerabilities"),
        ("pip-audit", "./pip-audit", "./pip-audit"),
        ("trivy", "docker run evil/trivy fs .", "evil/trivy"),
        (
            "dependency-check",
            "mvn -Ddependency-check.skip=true dependency-check:check",
            "-Ddependency-check.skip=true",
        ),
        ("dependency-check", "./gradlew --dry-run dependencyCheckAnalyze", "--dry-run"),
    ] {
        assert_eq!(does(tool, Dependencies, script), not(word), "{script}");
    }
    let image = "perhaps: it looks at an image, and which dependencies are in it is not known";
    assert_eq!(does("trivy", Dependencies, "trivy image x"), image);
    assert_eq!(does("grype", Dependencies, "grype alpine"), image);
    assert_eq!(does("trivy", Images, "trivy image --exit-code 1 x"), "runs");
    assert_eq!(does("grype", Images, "grype x -f high"), "runs");
    assert_eq!(does("trivy", Images, "trivy fs ."), "no");
    assert_eq!(does("grype", Images, "grype dir:."), "no");
    for script in ["osv-scanner", "grype", "trivy fs", "trivy"] {
        let tool = script.split(' ').next().unwrap();
        assert!(does(tool, Dependencies, script).starts_with("perhaps: it is not said what"), "{script}");
    }
}

#[test]
fn the_folder_of_a_scan_and_what_keeps_it_from_failing_are_seen() {
    for (tool, script, expected) in [
        ("npm-audit", "npm audit --audit-level=none", "runs `--audit-level=none`"),
        ("govulncheck", "govulncheck -json ./...", "runs it fails only where it writes plain text"),
        ("safety", "safety check --continue-on-error", "runs `--continue-on-error`"),
        ("npm-audit", "npm --prefix web audit", "runs in web"),
        ("trivy", "trivy fs docs --exit-code=1", "runs in docs"),
        ("trivy", "trivy fs /tmp", "runs it fails only with `--exit-code` in /tmp"),
        ("grype", "grype .", "runs it fails only with `--fail-on`"),
        ("dotnet-list", "dotnet list package --vulnerable", "runs it lists what it finds, and does not fail"),
        ("govulncheck", "govulncheck ./cmd/...", "runs in cmd"),
        ("pip-audit", "pip-audit -r docs/requirements.txt", "runs in docs"),
        ("pip-audit", "pip-audit -r requirements/base.txt", "runs"),
        ("pip-audit", "pip-audit -r requirements/dev.txt", "runs in requirements/dev.txt"),
        ("pip-audit", "pip-audit -r requirements-docs.txt", "runs in requirements-docs.txt"),
        ("pip-audit", "pip-audit -r requirements.txt -r docs.txt", "runs"),
        ("pip-audit", "pip-audit -r /dev/null", "perhaps: relcheck does not know which folders it looks at"),
    ] {
        assert_eq!(does(tool, Dependencies, script), expected, "{script}");
    }
}

#[test]
fn what_an_action_is_given_decides() {
    let gives = |tool: &str, action: &str, inputs: &[(&str, &str)]| {
        let inputs = inputs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let call = Call::Action { name: action.to_owned(), version: None, inputs };
        shown(named(tool).unwrap().says(Dependencies, &call))
    };
    let (trivy, review) = ("aquasecurity/trivy-action", "actions/dependency-review-action");
    let deny = "embarkstudios/cargo-deny-action";
    let osv = "google/osv-scanner-action/osv-scanner-action";
    let image = "perhaps: it looks at an image, and which dependencies are in it is not known";
    for (tool, action, inputs, expected) in [
        ("trivy", trivy, &[("scan-type", "fs"), ("exit-code", "1")][..], "runs"),
        ("trivy", trivy, &[("scan-type", "fs"), ("exit-code", "1"), ("severity", "HIGH,CRITICAL")], "runs"),
        ("trivy", trivy, &[("scan-type", "fs"), ("scanners", "secret")], "no"),
        ("trivy", trivy, &[("scan-type", "config")], "no"),
        ("trivy", trivy, &[("image-ref", "x")], image),
        (
            "trivy",
            trivy,
            &[("scan-type", "fs"), ("skip-dirs", ".")],
            "perhaps: relcheck does not know what \"--skip-dirs .\" does to the scan",
        ),
        (
            "trivy",
            trivy,
            &[("scan-type", "fs"), ("trivy-config", "t.yaml")],
            "perhaps: relcheck does not know what \"trivy-config\" does to the scan",
        ),
        ("dependency-review", review, &[("fail-on-severity", "high")], "runs"),
        ("dependency-review", review, &[("vulnerability-check", "false")], "no"),
        ("dependency-review", review, &[("warn-only", "true")], "runs `warn-only`"),
        ("snyk", "snyk/actions/node", &[("args", "--severity-threshold=high")], "runs"),
        ("snyk", "snyk/actions/node", &[("args", "--help")], "no"),
        ("snyk", "snyk/actions/node", &[("command", "version")], "no"),
        (
            "snyk",
            "snyk/actions/node",
            &[("command", "monitor")],
            "perhaps: relcheck does not know what \"monitor\" does to the scan",
        ),
        ("snyk", "snyk/actions/docker", &[("image", "x")], image),
        ("cargo-deny", deny, &[], "runs"),
        ("cargo-deny", deny, &[("command", "check advisories")], "runs"),
        ("cargo-deny", deny, &[("command", "check bans")], "no"),
        ("cargo-deny", deny, &[("command-arguments", "licenses")], "no"),
        ("osv-scanner", osv, &[("scan-args", "-r\n./")], "runs"),
        ("osv-scanner", osv, &[("scan-args", "--help")], "no"),
        ("osv-scanner", osv, &[("fail-on-vuln", "false")], "runs `fail-on-vuln: false`"),
        ("grype", "anchore/scan-action", &[("path", ".")], "runs"),
        ("grype", "anchore/scan-action", &[("path", "/nonexistent")], "runs in /nonexistent"),
        (
            "grype",
            "anchore/scan-action",
            &[("path", "."), ("fail-build", "false")],
            "runs `fail-build: false`",
        ),
        ("pip-audit", "pypa/gh-action-pip-audit", &[("inputs", "requirements.txt")], "runs"),
        ("pip-audit", "pypa/gh-action-pip-audit", &[("inputs", "docs/requirements.txt")], "runs in docs"),
        ("govulncheck", "golang/govulncheck-action", &[("go-package", "./...")], "runs"),
        ("govulncheck", "golang/govulncheck-action", &[("go-package", "./cmd/...")], "runs in cmd"),
    ] {
        assert_eq!(gives(tool, action, inputs), expected, "{action} {inputs:?}");
    }
}

#[test]
fn what_is_not_known_and_says_that_it_scans_may_scan() {
    let suspect = |script: &str| may_scan(&Call::Command(shell::commands(script, true).remove(0).words));
    for (script, name) in [
        ("mix hex.audit", "mix hex.audit"),
        ("vuln-scan", "vuln-scan"),
        ("symfony security:check", "symfony security:check"),
        ("./ci/scan.sh", "scan.sh"),
        ("npx acme-sca .", "acme-sca"),
    ] {
        assert_eq!(suspect(script).as_deref(), Some(name), "{script}");
    }
    for script in [
        "npm audit signatures",
        "npm ci --no-audit",
        "pip install pip-audit",
        "echo scan",
        "cargo test",
        "escape x",
    ] {
        assert_eq!(suspect(script), None, "{script}");
    }
    let action = |name: &str| {
        may_scan(&Call::Action { name: name.to_owned(), version: None, inputs: Default::default() })
    };
    assert!(action("oxsecurity/megalinter").is_some() && action("acme/vuln-check").is_some());
    assert!(action("actions/checkout").is_none() && action("github/codeql-action/upload-sarif").is_none());
}

#[test]
fn an_action_that_is_told_to_look_at_one_folder_looks_for_no_secrets_elsewhere() {
    let gives = |inputs: &[(&str, &str)]| {
        let inputs = inputs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let name = "trufflesecurity/trufflehog".to_owned();
        shown(
            named("trufflehog").unwrap().says(Trade::Secrets, &Call::Action { name, version: None, inputs }),
        )
    };
    assert_eq!(gives(&[("path", "./"), ("extra_args", "--only-verified")]), "runs");
    for inputs in [("path", "docs"), ("extra_args", "--exclude-paths all.txt")] {
        let why = "perhaps: relcheck does not know what ";
        assert!(gives(&[inputs]).starts_with(why), "{inputs:?}");
    }
}
