//! Each kind of claim: a repository that bears it out, one that contradicts it, and one that nearly does.

use super::Project;

const DEPENDABOT: &str = "version: 2\nupdates:\n- {package-ecosystem: pip, directory: /, schedule: {interval: weekly}}\n\
                          - {package-ecosystem: github-actions, directory: /, schedule: {interval: weekly}}\n";

#[test]
fn dependency_updates() {
    let line = "- **Dependabot**: Automated updates for Python packages and Docker images";
    let policy = || Project::with_policy(line);
    let quoted = "\"Dependabot: Automated updates for Python packages and Docker images\"";
    assert_eq!(
        policy().says("dependency-updates"),
        [format!("fail 3 {quoted}: there is no .github/dependabot.yml")]
    );
    assert_eq!(
        policy()
            .file(".github/dependabot.yml", DEPENDABOT)
            .file("pyproject.toml", "")
            .file("app/Dockerfile", "FROM scratch\n")
            .says("dependency-updates"),
        [format!(
            "fail 3 {quoted}: .github/dependabot.yml has nothing for Docker images; there is app/Dockerfile"
        )]
    );
    let docker = format!(
        "{DEPENDABOT}- {{package-ecosystem: docker, directory: /, schedule: {{interval: weekly}}}}\n"
    );
    assert_eq!(
        policy()
            .file(".github/dependabot.yml", &docker)
            .file("pyproject.toml", "")
            .says("dependency-updates"),
        [format!("pass 3 {quoted}: .github/dependabot.yml has docker, github-actions, pip")]
    );
    // Where Dependabot does not look, and what it cannot read.
    assert_eq!(
        policy().file("dependabot.yml", &docker).says("dependency-updates"),
        [format!("fail 3 {quoted}: there is no .github/dependabot.yml")]
    );
    assert_eq!(
        policy().file(".github/dependabot.yml", "version: 1\n").says("dependency-updates"),
        [format!("undetermined 3 {quoted}: .github/dependabot.yml is not of version 2")]
    );
}

#[test]
fn dependency_scanning() {
    let policy = || {
        Project::with_policy("- **Dependency Scanning**: pip-audit runs in CI on every change")
            .file("requirements.txt", "a==1\n")
    };
    let quoted = "\"Dependency Scanning: pip-audit runs in CI on every change\"";
    assert_eq!(
        policy().workflow("pip install pip-audit\npip-audit -r requirements.txt").says("dependency-scanning"),
        [format!("pass 3 {quoted}: run: pip-audit (.github/workflows/ci.yml, job test)")]
    );
    assert_eq!(
        policy().workflow("pip install pip-audit\necho pip-audit").says("dependency-scanning"),
        [format!("fail 3 {quoted}: no workflow and no hook runs pip-audit")]
    );
    assert_eq!(
        Project::with_policy("We run cargo-deny on every commit.")
            .file("Cargo.lock", "version = 4\n")
            .workflow("cargo deny check licenses")
            .says("dependency-scanning"),
        [
            "fail 3 \"We run cargo-deny on every commit\": no workflow and no hook runs cargo-deny as a tool that looks for \
          known vulnerabilities in dependencies; .github/workflows/ci.yml, job test calls cargo-deny for something else"
        ]
    );
    assert_eq!(
        policy().workflow("pip-audit . || true").says("dependency-scanning"),
        [
            format!("pass 3 {quoted}: run: pip-audit (.github/workflows/ci.yml, job test)"),
            format!(
                "fail (warning) 3 {quoted}: pip-audit cannot fail: `|| true` (.github/workflows/ci.yml, job test)"
            ),
        ]
    );
    // What a workflow calls and was not read may be the scanner.
    let elsewhere = "on: push\njobs: {scan: {uses: acme/shared/.github/workflows/scan.yml@v1}}\n";
    assert_eq!(
        policy().file(".github/workflows/ci.yml", elsewhere).says("dependency-scanning"),
        [format!(
            "undetermined 3 {quoted}: no workflow and no hook runs pip-audit; but .github/workflows/ci.yml, \
             job scan calls the workflow acme/shared/.github/workflows/scan.yml@v1, which was not read"
        )]
    );
    assert_eq!(
        policy().file(".github/workflows/ci.yml", "on: push\njobs: 1\n").says("dependency-scanning"),
        [format!(
            "undetermined 3 {quoted}: no workflow and no hook runs pip-audit; but .github/workflows/ci.yml has no jobs"
        )]
    );
}

#[test]
fn dependency_scanning_through_a_makefile() {
    let policy = || {
        Project::with_policy("- Dependencies are scanned for vulnerabilities with pip-audit")
            .file("requirements.txt", "a==1\n")
    };
    let quoted = "\"Dependencies are scanned for vulnerabilities with pip-audit\"";
    let make = "lint:\n\truff check\naudit:\n\tpip-audit .\n";
    assert_eq!(
        policy().file("Makefile", make).workflow("make audit").says("dependency-scanning"),
        [format!(
            "pass 3 {quoted}: run: pip-audit (.github/workflows/ci.yml, job test (Makefile, target audit))"
        )]
    );
    assert_eq!(
        policy().file("Makefile", make).workflow("make lint").says("dependency-scanning"),
        [format!("fail 3 {quoted}: no workflow and no hook runs pip-audit")]
    );
}

#[test]
fn static_analysis() {
    let policy =
        || Project::with_policy("- **Static Analysis**: Security scanning with gosec of all code changes");
    let quoted = "\"Static Analysis: Security scanning with gosec of all code changes\"";
    let lint = "golangci-lint run";
    assert_eq!(
        policy().file(".golangci.yml", "linters: {enable: [gosec]}\n").workflow(lint).says("static-analysis"),
        [format!("pass 3 {quoted}: run: gosec (.github/workflows/ci.yml, job test)")]
    );
    assert_eq!(
        policy().file(".golangci.yml", "linters: {enable: [govet]}\n").workflow(lint).says("static-analysis"),
        [format!("fail 3 {quoted}: no workflow and no hook runs gosec")]
    );
    let nightly = "on: {schedule: [{cron: '0 1 * * *'}]}\njobs: {a: {runs-on: x, steps: [{uses: actions/checkout@v4}, {run: gosec ./...}]}}\n";
    assert_eq!(
        policy().file(".github/workflows/n.yml", nightly).says("static-analysis"),
        [
            format!("pass 3 {quoted}: run: gosec (.github/workflows/n.yml, job a)"),
            format!("fail (warning) 3 {quoted}: it runs neither on pushes nor on pull requests"),
        ]
    );
}

#[test]
fn static_analysis_by_tools_that_look_for_style() {
    let policy = || {
        Project::with_policy(
            "- **Static Analysis**: security scanning with ruff and mypy on all code changes",
        )
    };
    let quoted = "\"Static Analysis: security scanning with ruff and mypy on all code changes\"";
    let run = "uv run ruff check .\nuv run mypy src";
    assert_eq!(
        policy()
            .file("pyproject.toml", "[tool.ruff.lint]\nselect = [\"E\"]\n")
            .workflow(run)
            .says("static-analysis"),
        [format!(
            "fail (warning) 3 {quoted}: ruff (.github/workflows/ci.yml, job test) and mypy (.github/workflows/ci.yml, \
             job test) run, but ruff selects none of its S rules, and mypy looks for no vulnerabilities"
        )]
    );
    assert_eq!(
        policy()
            .file("pyproject.toml", "[tool.ruff.lint]\nselect = [\"S\"]\n")
            .workflow(run)
            .says("static-analysis"),
        [format!(
            "pass 3 {quoted}: run: ruff (.github/workflows/ci.yml, job test), mypy (.github/workflows/ci.yml, job test)"
        )]
    );
}

#[test]
fn codeql_may_be_set_up_without_a_file() {
    let policy = || Project::with_policy("- **CodeQL Analysis**: the code is analysed by CodeQL");
    let quoted = "\"CodeQL Analysis: the code is analysed by CodeQL\"";
    assert_eq!(
        policy().workflow("ls").says("static-analysis"),
        [format!(
            "undetermined 3 {quoted}: no workflow runs CodeQL; its default setup leaves no file, and only the forge \
             could tell of it"
        )]
    );
    let uses = |action: &str| {
        format!(
            "on: [push, pull_request]\njobs: {{q: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{uses: github/codeql-action/init@v3}}, {{uses: github/codeql-action/{action}@v3}}]}}}}\n"
        )
    };
    assert_eq!(
        policy().file(".github/workflows/q.yml", &uses("analyze")).says("static-analysis"),
        [format!("pass 3 {quoted}: run: codeql (.github/workflows/q.yml, job q)")]
    );
    assert!(
        policy().file(".github/workflows/q.yml", &uses("upload-sarif")).says("static-analysis")[0]
            .starts_with("undetermined 3 ")
    );
}

#[test]
fn pre_commit() {
    let policy = || Project::with_policy("- **Pre-commit hooks**: Security scanning runs before each commit");
    let quoted = "\"Pre-commit hooks: Security scanning runs before each commit\"";
    let hooks = |id: &str| {
        format!("repos: [{{repo: https://github.com/PyCQA/{id}, rev: v1, hooks: [{{id: {id}}}]}}]\n")
    };
    assert_eq!(
        policy().says("pre-commit"),
        [format!("fail 3 {quoted}: there is no .pre-commit-config.yaml")]
    );
    assert_eq!(
        policy().file(".pre-commit-config.yaml", &hooks("bandit")).says("pre-commit"),
        [format!("pass 3 {quoted}: .pre-commit-config.yaml has bandit")]
    );
    assert_eq!(
        policy().file(".pre-commit-config.yaml", &hooks("black")).says("pre-commit"),
        [format!(
            "fail 3 {quoted}: .pre-commit-config.yaml has black, and none looks for weaknesses or secrets"
        )]
    );
    assert_eq!(
        policy().file(".pre-commit-config.yaml", "a: 1\n").says("pre-commit"),
        [format!("undetermined 3 {quoted}: .pre-commit-config.yaml has no list of repos")]
    );
}

#[test]
fn secret_scanning() {
    let policy =
        || Project::with_policy("- **Secret Detection**: Automated scanning for secrets in the code");
    let quoted = "\"Secret Detection: Automated scanning for secrets in the code\"";
    assert_eq!(
        policy().workflow("detect-secrets scan --baseline .secrets.baseline").says("secret-scanning"),
        [
            format!("pass 3 {quoted}: run: detect-secrets (.github/workflows/ci.yml, job test)"),
            format!(
                "fail (warning) 3 {quoted}: detect-secrets cannot fail: it fails only as a hook (`detect-secrets-hook`) \
                 (.github/workflows/ci.yml, job test)"
            )
        ]
    );
    for near in ["pip install detect-secrets", "cat .secrets.baseline", "ls"] {
        assert_eq!(
            policy().workflow(near).says("secret-scanning"),
            [format!("fail 3 {quoted}: no workflow and no hook runs a tool that looks for secrets")],
            "{near}"
        );
    }
}

#[test]
fn container_scanning() {
    let policy = || Project::with_policy("- **Container Security**: Docker image vulnerability scanning");
    let quoted = "\"Container Security: Docker image vulnerability scanning\"";
    let docker = "FROM scratch\n";
    assert_eq!(
        policy().file("Dockerfile", docker).workflow("docker build .").says("container-scanning"),
        [format!(
            "fail 3 {quoted}: no workflow and no hook runs a tool that looks through container images; there is Dockerfile"
        )]
    );
    assert_eq!(
        policy()
            .file("Dockerfile", docker)
            .workflow("trivy image --exit-code 1 app")
            .says("container-scanning"),
        [format!("pass 3 {quoted}: run: trivy (.github/workflows/ci.yml, job test)")]
    );
    // What others build upon is no image of the project.
    for call in ["trivy image alpine:3", "grype ubuntu:latest", "docker scout quickview"] {
        let said = policy().file("Dockerfile", docker).workflow(call).says("container-scanning");
        assert!(said[0].starts_with("undetermined 3 "), "{said:?}");
    }
    assert!(
        policy().workflow("trivy image --severity UNKNOWN app").says("container-scanning")[0]
            .starts_with("undetermined 3 ")
    );
    // It looks at files of the repository then, and at no image.
    assert_eq!(
        policy().workflow("trivy fs .").says("container-scanning"),
        [format!(
            "fail 3 {quoted}: no workflow and no hook runs a tool that looks through container images, and there is no \
             Dockerfile"
        )]
    );
}

#[test]
fn licence_check() {
    let policy = || Project::with_policy("- **License Compliance**: Licenses of dependencies are checked");
    let quoted = "\"License Compliance: Licenses of dependencies are checked\"";
    assert_eq!(
        policy().workflow("pip-licenses --fail-on GPL").says("licence-check"),
        [format!("pass 3 {quoted}: run: pip-licenses (.github/workflows/ci.yml, job test)")]
    );
    assert_eq!(
        policy().workflow("cat LICENSE").says("licence-check"),
        [format!("fail 3 {quoted}: no workflow and no hook runs a tool that looks at licences")]
    );
    let review = |with: &str| {
        format!(
            "on: [pull_request]\njobs: {{r: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{uses: actions/dependency-review-action@v4{with}}}]}}}}\n"
        )
    };
    assert_eq!(
        policy()
            .file(".github/workflows/r.yml", &review(", with: {deny-licenses: GPL-3.0}"))
            .says("licence-check"),
        [format!("pass 3 {quoted}: run: dependency-review (.github/workflows/r.yml, job r)")]
    );
    assert!(
        policy().file(".github/workflows/r.yml", &review("")).says("licence-check")[0].starts_with("fail 3 ")
    );
}

#[test]
fn schedule() {
    let policy = || Project::with_policy("- **Automated**: Daily vulnerability checks of dependencies");
    let quoted = "\"Automated: Daily vulnerability checks of dependencies\"";
    let at = |cron: &str, script: &str| {
        format!(
            "on: {{schedule: [{{cron: '{cron}'}}]}}\njobs: {{a: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{run: '{script}'}}]}}}}\n"
        )
    };
    let with = |text: String| policy().file(".github/workflows/d.yml", &text).says("schedule");
    assert_eq!(
        with(at("0 8 * * *", "pip-audit .")),
        [format!("pass 3 {quoted}: pip-audit runs by cron \"0 8 * * *\" (.github/workflows/d.yml, job a)")]
    );
    assert_eq!(
        with(at("0 8 * * *", "pip-audit . || true")),
        [
            format!("pass 3 {quoted}: pip-audit runs by cron \"0 8 * * *\" (.github/workflows/d.yml, job a)"),
            format!(
                "fail (warning) 3 {quoted}: pip-audit cannot fail: `|| true` (.github/workflows/d.yml, job a)"
            ),
        ]
    );
    assert_eq!(
        with(at("0 8 * * 1", "pip-audit .")),
        [format!("fail 3 {quoted}: what is scheduled runs by cron \"0 8 * * 1\", which is not daily")]
    );
    assert_eq!(with(at("0 8 * * *", "ls")), [format!("fail 3 {quoted}: no scan runs on a schedule")]);
}

#[test]
fn locked_dependencies() {
    let policy = || Project::with_policy("- **Dependency pinning**: Locked dependency versions");
    let quoted = "\"Dependency pinning: Locked dependency versions\"";
    assert_eq!(
        policy().file("requirements.txt", "requests>=2\n").says("locked-dependencies"),
        [format!("fail 3 {quoted}: there is no lock file at the tag")]
    );
    assert_eq!(
        policy().file("pixi.lock", "version: 6\n").says("locked-dependencies"),
        [format!("pass 3 {quoted}: there is pixi.lock")]
    );
    let hashed = format!("requests==2.0 --hash=sha256:{}\n", "0".repeat(64));
    assert_eq!(
        policy().file("requirements.txt", &hashed).says("locked-dependencies"),
        [format!("pass 3 {quoted}: there is requirements.txt")]
    );
}

#[test]
fn least_privilege() {
    let policy = || Project::with_policy("- **Least Privilege**: Minimal permissions in CI/CD workflows");
    let quoted = "\"Least Privilege: Minimal permissions in CI/CD workflows\"";
    let with = |text: &str| policy().file(".github/workflows/a.yml", text).says("least-privilege");
    assert_eq!(
        with("on: push\npermissions: {contents: read}\njobs: {a: {runs-on: x}, b: {runs-on: x}}\n"),
        [format!("pass 3 {quoted}: 1 workflow declares what the token may do")]
    );
    assert_eq!(
        with("on: push\njobs: {a: {runs-on: x, permissions: {}}, b: {runs-on: x}}\n"),
        [format!("fail 3 {quoted}: .github/workflows/a.yml declares no permissions")]
    );
    assert_eq!(
        with(
            "on: push\npermissions: {contents: write, id-token: write}\njobs: {a: {runs-on: x}, b: {runs-on: x}}\n"
        ),
        [format!("fail 3 {quoted}: .github/workflows/a.yml grants contents, id-token write to every job")]
    );
    assert_eq!(
        with("on: push\njobs: {a: {runs-on: x, permissions: {contents: write}}}\n"),
        [format!(
            "pass 3 {quoted}: 1 workflow declares what the token may do; job a of .github/workflows/a.yml writes contents"
        )]
    );
    assert_eq!(
        with("on: push\npermissions: 3\njobs: {}\n"),
        [format!("undetermined 3 {quoted}: .github/workflows/a.yml has permissions of an unknown form")]
    );
}

#[test]
fn pinned_actions() {
    let policy = || Project::with_policy("- GitHub Actions are pinned by SHA in all workflows");
    let quoted = "\"GitHub Actions are pinned by SHA in all workflows\"";
    let with = |uses: &str| {
        let text = format!(
            "on: push\njobs: {{a: {{runs-on: x, steps: [{{uses: {uses}}}, {{uses: ./.github/actions/local}}]}}}}\n"
        );
        let action = "runs: {using: node20, main: a.js}\n";
        let policy = policy().file(".github/actions/local/action.yml", action);
        policy.file(".github/workflows/a.yml", &text).says("pinned-actions")
    };
    let commit = "a".repeat(40);
    assert_eq!(
        with(&format!("actions/checkout@{commit}")),
        [format!("pass 3 {quoted}: 1 use is named by commit")]
    );
    for loose in ["actions/checkout@v4", "actions/checkout@aaaaaaa"] {
        assert_eq!(
            with(loose),
            [format!("fail 3 {quoted}: not by commit: {loose} (.github/workflows/a.yml)")]
        );
    }
}

#[test]
fn coverage() {
    let policy = || Project::with_policy("- The project has 80% test coverage");
    let quoted = "\"The project has 80% test coverage\"";
    let with = |script: &str| policy().workflow(script).says("coverage");
    assert_eq!(
        with("pytest --cov --cov-fail-under=80"),
        [format!("pass 3 {quoted}: .github/workflows/ci.yml, job test fails below 80 %")]
    );
    assert_eq!(
        with("pytest --cov --cov-fail-under=70"),
        [format!("fail 3 {quoted}: .github/workflows/ci.yml, job test fails below 70 % only")]
    );
    for script in ["pytest --cov", "echo --cov-fail-under=90"] {
        let none =
            format!("fail 3 {quoted}: nothing fails when coverage falls: no threshold is set (fail_under)");
        let python = policy().file("requirements.txt", "a==1\n");
        assert_eq!(python.workflow(script).says("coverage"), [none], "{script}");
    }
    let set = || policy().file("pyproject.toml", "[tool.coverage.report]\nfail_under = 90\n");
    assert_eq!(
        set().workflow("pytest --cov").says("coverage"),
        [format!("pass 3 {quoted}: pyproject.toml fails below 90 %")]
    );
    let unknown = "pyproject.toml fails below 90 %, and nothing is known to run what obeys it";
    for project in [set(), set().workflow("echo pytest --cov"), set().workflow("pytest --cov || true")] {
        assert_eq!(project.says("coverage"), [format!("undetermined 3 {quoted}: {unknown}")]);
    }
}

#[test]
fn links_and_paths() {
    let policy = |target: &str| Project::with_policy(&format!("See [the list]({target}) of all."));
    let said =
        |target: &str| policy(target).file("docs/a.md", "# Part one\n\n```\n# no\n```\n").says("broken-link");
    let quoted = "\"See the list of all\"";
    assert_eq!(said("docs/a.md"), [format!("pass 3 {quoted}: docs/a.md is there")]);
    assert_eq!(said("docs/b.md"), [format!("fail 3 {quoted}: docs/b.md is not in the tree of the tag")]);
    assert_eq!(said("docs"), [format!("pass 3 {quoted}: docs is there")]);
    assert_eq!(said("docs/a.md#part-one"), [format!("pass 3 {quoted}: docs/a.md has a heading #part-one")]);
    let encoded = policy("docs/a.md#%E6%A8%A1").file("docs/a.md", "## 模\n").says("broken-link");
    assert_eq!(encoded, [format!("pass 3 {quoted}: docs/a.md has a heading #模")]);
    let encoded = policy("docs/a.md#%E6%A8%A1").file("docs/a.md", "## 型\n").says("broken-link");
    assert_eq!(encoded, [format!("fail 3 {quoted}: docs/a.md has no heading #模")]);
    assert_eq!(said("docs/a.md#no"), [format!("fail 3 {quoted}: docs/a.md has no heading #no")]);
    assert_eq!(said("docs/a.md#L9"), [format!("fail 3 {quoted}: docs/a.md has only 5 lines")]);
    assert_eq!(said("Docs/a.md"), [format!("fail 3 {quoted}: Docs/a.md is not in the tree of the tag")]);
}

#[test]
fn moved_lines() {
    let line = "- Input is escaped (`src/a.py:3`)";
    let quoted = "\"Input is escaped (src/a.py:3)\"";
    let start = || {
        Project::with_policy(line)
            .file("src/a.py", "one\ntwo\nsafe = escape(text)\n")
            .commit_at(1_700_000_000)
    };
    assert_eq!(
        start().says("moved-line"),
        [format!("pass 3 {quoted}: src/a.py:3 is still `safe = escape(text)`")]
    );
    let moved = start().file("src/a.py", "zero\none\ntwo\n  safe = escape(text)\n").commit_at(1_710_000_000);
    assert_eq!(
        moved.says("moved-line"),
        [format!("fail 3 {quoted}: src/a.py:3 was written about `safe = escape(text)`, which is now line 4")]
    );
    let gone = start().file("src/a.py", "one\ntwo\nthree\n").commit_at(1_710_000_000);
    assert_eq!(
        gone.says("moved-line"),
        [format!(
            "fail 3 {quoted}: src/a.py:3 was written about `safe = escape(text)`, which is no longer in the file"
        )]
    );
    let shorter = start().file("src/a.py", "one\n").commit_at(1_710_000_000);
    assert_eq!(shorter.says("moved-line"), [format!("fail 3 {quoted}: src/a.py has only 1 line")]);
    // Indented differently it is the same statement.
    let indented = start().file("src/a.py", "one\ntwo\n    safe = escape(text)\n").commit_at(1_710_000_000);
    assert_eq!(
        indented.says("moved-line"),
        [format!("pass 3 {quoted}: src/a.py:3 is still `safe = escape(text)`")]
    );
}

#[test]
fn update_channels() {
    let policy = || Project::with_policy("Security updates are announced in the CHANGELOG.");
    let quoted = "\"Security updates are announced in the CHANGELOG\"";
    let with = |text: &str| policy().file("CHANGELOG.md", text).says("update-channels");
    assert_eq!(
        with("# Changelog\n\n## [1.2.3] - 2026-01-01\n"),
        [format!("pass 3 {quoted}: CHANGELOG.md has an entry for 1.2.3")]
    );
    assert_eq!(
        with("# Changelog\n\n## [1.2.30]\n\nsince 1.2.3\n"),
        [format!("fail 3 {quoted}: CHANGELOG.md has no entry for 1.2.3")]
    );
    assert_eq!(policy().says("update-channels"), [format!("fail 3 {quoted}: there is no changelog")]);
}

#[test]
fn security_txt() {
    let policy = || Project::with_policy("Report to security@widget.org.");
    let with = |text: &str| policy().file(".well-known/security.txt", text).says("security-txt");
    let path = ".well-known/security.txt";
    assert_eq!(
        with("Contact: mailto:security@widget.org\nExpires: 2027-01-01T00:00:00Z\n"),
        [format!("pass {path} {path} is complete and current")]
    );
    assert_eq!(
        with("Contact: mailto:security@widget.org\nExpires: 2026-06-30T00:00:00Z\n"),
        [format!("fail {path} {path} expired on 2026-06-30")]
    );
    assert_eq!(
        with("Expires: 2029-06-30T00:00:00Z\n"),
        [
            format!("fail {path} {path} has no Contact, which RFC 9116 (2.5.3) requires"),
            format!(
                "fail (warning) {path} {path} expires on 2029-06-30; RFC 9116 (2.5.5) recommends less than a year"
            ),
        ]
    );
    let expires = "Expires: 2027-01-01T00:00:00Z\n";
    for (contact, why) in [
        ("security@widget.org", "is no URI, as RFC 9116 (2.5.3) requires"),
        ("http://widget.org", "does not begin with https, as RFC 9116 (2.5.3) requires"),
    ] {
        assert_eq!(
            with(&format!("Contact: {contact}\n{expires}")),
            [format!("fail {path} {path} gives the Contact {contact}, which {why}")]
        );
    }
    assert_eq!(policy().says("security-txt"), Vec::<String>::new());
}

#[test]
fn security_insights() {
    let with = |text: &str| {
        let policy = Project::with_policy("Report to <security@widget.org>.");
        policy.file("security-insights.yml", text).says("security-insights")
    };
    let path = "security-insights.yml";
    let header = "header: {schema-version: 2.0.0, last-reviewed: '2026-10-01'}\n";
    let contact = |mail: &str| {
        format!(
            "{header}project: {{vulnerability-reporting: {{reports-accepted: true, contact: {{email: {mail}}}}}}}\n"
        )
    };
    assert_eq!(with(&contact("security@widget.org")), [format!("pass {path} {path} agrees with the policy")]);
    assert_eq!(
        with(&contact("other@widget.org")),
        [format!("fail {path} {path} gives other@widget.org, and the policy security@widget.org")]
    );
    assert_eq!(
        with("header: {schema-version: 1.0.0}\n"),
        [format!("undetermined {path} {path} has schema 1.0.0; known is 2.x")]
    );
    assert_eq!(
        with("header: {schema-version: 2.0.0, last-reviewed: '2025-01-01'}\n"),
        [format!("fail {path} {path} was last reviewed on 2025-01-01, 689 days ago")]
    );
}

#[test]
fn what_perhaps_runs_bears_out_nothing_and_contradicts_nothing() {
    let policy = || {
        Project::with_policy("- Dependencies are scanned for vulnerabilities with pip-audit")
            .file("requirements.txt", "a==1\n")
    };
    let first = |text: &str| {
        policy().file(".github/workflows/ci.yml", text).says("dependency-scanning")[0]
            .split(' ')
            .next()
            .map(str::to_owned)
    };
    let job = |on: &str, job: &str| {
        format!(
            "on: {on}\njobs:\n  z: {{runs-on: x, if: false}}\n  a:\n    {job}\n    runs-on: x\n    steps: [{{uses: actions/checkout@v4}}, {{run: pip-audit .}}]\n"
        )
    };
    let pass = Some("pass".to_owned());
    let unknown = Some("undetermined".to_owned());
    let fail = Some("fail".to_owned());
    for on in ["[push]", "{pull_request: {branches: [main]}}", "{push: {branches: ['**']}}"] {
        assert_eq!(first(&job(on, "name: x")), pass, "{on}");
    }
    for on in [
        "workflow_dispatch",
        "[issues]",
        "{push: {tags: [zzz]}}",
        "{push: {branches: [no-such]}}",
        "{push: {paths: [nosuch]}}",
        "{pull_request: {types: [closed]}}",
    ] {
        assert_eq!(first(&job(on, "name: x")), unknown, "{on}");
    }
    for sure in ["if: always()", "if: '!cancelled()'", "if: ${{ success() }}", "if: always()\n    needs: z"] {
        assert_eq!(first(&job("[push]", sure)), pass, "{sure}");
    }
    for perhaps in [
        "if: github.repository == 'a/b'",
        "needs: nowhere",
        "strategy: {matrix: {include: []}}",
        "strategy: {matrix: '${{ fromJson(x) }}'}",
    ] {
        assert_eq!(first(&job("[push]", perhaps)), unknown, "{perhaps}");
    }
    for never in ["if: false", "if: ${{ !true }}", "needs: z"] {
        assert_eq!(first(&job("[push]", never)), fail, "{never}");
    }
}

#[test]
fn a_claim_of_every_pull_request_needs_that_trigger() {
    let policy = || {
        Project::with_policy("- **Dependency Scanning**: pip-audit on every pull request")
            .file("requirements.txt", "a==1\n")
    };
    let on = |on: &str| {
        let text = format!(
            "on: {on}\njobs: {{a: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{run: pip-audit .}}]}}}}\n"
        );
        policy().file(".github/workflows/ci.yml", &text).says("dependency-scanning").remove(0)
    };
    assert!(on("[pull_request]").starts_with("pass "));
    assert!(on("[push]").starts_with("undetermined "));
}

#[test]
fn what_calls_itself_is_a_gap_and_is_left_soon() {
    let line = "- Dependencies are scanned for vulnerabilities with pip-audit";
    let said = |files: &[(&str, &str)]| {
        let project = Project::with_policy(line);
        let project = files.iter().fold(project, |project, (path, text)| project.file(path, text));
        project.says("dependency-scanning").remove(0)
    };
    let action =
        format!("runs:\n  using: composite\n  steps:\n{}", "  - uses: ./.github/actions/x\n".repeat(300));
    let ci = "on: push\njobs: {a: {runs-on: x, steps: [{uses: ./.github/actions/x}]}}\n";
    let itself = said(&[(".github/workflows/ci.yml", ci), (".github/actions/x/action.yml", &action)]);
    assert!(itself.starts_with("undetermined "), "{itself}");
    let jobs: String = (0..300).map(|n| format!("  j{n}: {{uses: ./.github/workflows/r.yml}}\n")).collect();
    let called = format!("on: workflow_call\njobs:\n{jobs}");
    let ci = "on: push\njobs: {a: {uses: ./.github/workflows/r.yml}}\n";
    let itself = said(&[(".github/workflows/ci.yml", ci), (".github/workflows/r.yml", &called)]);
    assert!(itself.starts_with("undetermined "), "{itself}");
}

/// 2026-10-01 and 2026-11-10, as seconds.
const OCTOBER: i64 = 1_790_812_800;
const NOVEMBER: i64 = 1_794_268_800;

#[test]
fn last_updated() {
    let quoted = |date: &str| format!("\"Last Updated: {date}\"");
    let said = |date: &str, began: i64, added: i64| {
        let start = Project::with_policy("").file("a", "").commit_at(began);
        start.0.write("SECURITY.md", format!("## Policy\n\nLast Updated: {date}\n"));
        start.commit_at(added).says("last-updated")
    };
    assert_eq!(
        said("October 2, 2026", OCTOBER, OCTOBER + 86_400),
        [format!("pass 3 {}: that was 50 days ago", quoted("October 2, 2026"))]
    );
    assert_eq!(
        said("October 2, 2026", OCTOBER, NOVEMBER),
        [format!(
            "fail 3 {}: git says that the file was last changed on 2026-11-10",
            quoted("October 2, 2026")
        )]
    );
    assert_eq!(
        said("January 2026", OCTOBER, NOVEMBER),
        [format!("fail 3 {}: the repository began on 2026-10-01, after that date", quoted("January 2026"))]
    );
    // The day before, somewhere else on Earth.
    assert_eq!(
        said("September 30, 2026", OCTOBER, OCTOBER + 86_400),
        [format!("pass 3 {}: that was 52 days ago", quoted("September 30, 2026"))]
    );
    let shallow = Project::with_policy("Last Updated: October 2, 2026").file("a", "").commit_at(OCTOBER);
    let clone = shallow.file("b", "").commit_at(NOVEMBER).0.clone_with(&["--depth", "1"]);
    assert_eq!(
        Project(clone).says("last-updated"),
        [format!(
            "undetermined 3 {}: whether the file was changed then is not known: the clone is shallow, so its history \
             is cut; run `git fetch --unshallow`",
            quoted("October 2, 2026")
        )]
    );
}

#[test]
fn reviewed_every_so_often() {
    let policy = || Project::with_policy("This security policy is reviewed quarterly.");
    let quoted = "\"This security policy is reviewed quarterly\"";
    assert_eq!(
        policy().commit_at(OCTOBER).says("review-date"),
        [format!("pass 3 {quoted}: the last change was on 2026-10-01, 51 days ago")]
    );
    assert_eq!(
        policy().commit_at(OCTOBER - 86_400 * 365).says("review-date"),
        [format!("fail 3 {quoted}: the last change was on 2025-10-01, 416 days ago")]
    );
}

#[test]
fn review() {
    let policy = || Project::with_policy("- **Code Review**: All changes require review");
    let quoted = "\"Code Review: All changes require review\"";
    let ask = "only the forge's rules for the branch could tell";
    assert_eq!(
        policy().says("review"),
        [format!(
            "undetermined 3 {quoted}: {ask}; 0 of the last 1 commits of the default branch name a pull request"
        )]
    );
    let mut alone = policy();
    for n in 0..20 {
        alone = alone.file("n", &n.to_string()).commit_at(OCTOBER + n);
    }
    assert_eq!(
        alone.says("review"),
        [format!(
            "fail (warning) 3 {quoted}: none of the last 20 commits of the default branch names a pull request; {ask}"
        )]
    );
}
