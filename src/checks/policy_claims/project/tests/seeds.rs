//! The policies of the five projects of the study, held against repositories of our own that hold the same evidence as
//! theirs: every row of the study that needs the tree.

use super::Project;
use crate::collect::git::testing::Fixture;
use std::path::Path;

/// The policy of a project, as the study has it; nothing where the study is not at hand.
fn policy(name: &str) -> Option<Vec<u8>> {
    let path = format!("{}/../shared/data/seeds/{name}/SECURITY.seed.md", env!("CARGO_MANIFEST_DIR"));
    if !Path::new(&path).exists() {
        assert!(std::env::var_os("CI").is_none(), "the study is not at hand");
        eprintln!("SKIPPED: {name}: the study is not at hand");
        return None;
    }
    Some(std::fs::read(path).unwrap())
}

/// A repository with that policy and a few files, made at some time.
fn made(policy: &[u8], files: &[(&str, &str)], seconds: i64) -> Project {
    let project = Project(Fixture::new());
    project.0.write("SECURITY.md", policy);
    let project = files.iter().fold(project, |project, (path, text)| project.file(path, text));
    project.commit_at(seconds)
}

/// The rows: line, rule, and the status of each finding about them.
fn holds(project: Project, rows: &[(usize, &str, &[&str])]) -> usize {
    let all = project.judged();
    for (line, rule, expected) in rows {
        let at = format!(" {line} \"");
        let of_line = all.iter().filter(|(of, said)| of == rule && said.contains(&at));
        let found: Vec<&str> = of_line.filter_map(|(_, said)| said.split(&at).next()).collect();
        assert_eq!(&found, expected, "line {line}, {rule}: {all:#?}");
    }
    rows.len()
}

/// 2025-12-05.
const DECEMBER: i64 = 1_764_892_800;

#[test]
fn prompt_kit() {
    let Some(text) = policy("PromptKit") else { return };
    let files = [
        (".golangci.yml", "version: \"2\"\nlinters:\n  enable:\n    - gosec\n    - govet\n"),
        (
            ".github/workflows/ci.yml",
            "on:\n  push: {branches: [main]}\n  pull_request:\njobs:\n  lint:\n    runs-on: x\n    steps:\n      \
             - uses: actions/checkout@v4\n      - uses: golangci/golangci-lint-action@v8\n",
        ),
        (
            ".github/dependabot.yml",
            "version: 2\nupdates:\n- {package-ecosystem: gomod, directory: /, schedule: {interval: weekly}}\n",
        ),
        ("go.mod", "module github.com/AltairaLabs/PromptKit\n"),
    ];
    let rows = holds(
        made(&text, &files, DECEMBER),
        &[
            (58, "static-analysis", &["pass"]),
            (59, "dependency-scanning", &["pass"]),
            (60, "review", &["undetermined"]),
            // 385 days ago, and git gives another date.
            (163, "last-updated", &["fail", "fail"]),
            (164, "review-date", &["fail"]),
        ],
    );
    println!("seeds: PromptKit: {rows} rows of the tree");
}

#[test]
fn omnia() {
    let Some(text) = policy("omnia-langchain-runtime") else { return };
    let files = [
        ("pyproject.toml", "[tool.ruff.lint]\nselect = [\"E\", \"F\", \"I\"]\n"),
        (
            ".github/workflows/ci.yml",
            "on: [push, pull_request]\njobs: {lint: {runs-on: x, steps: [{uses: actions/checkout@v4}, {run: \"ruff check .\\nmypy src\"}]}}\n",
        ),
        ("Dockerfile", "FROM scratch\n"),
    ];
    // 2026-01-21, and twenty commits of one author.
    let make = || {
        (0..20).fold(made(&text, &files, 1_768_953_600), |it, n| {
            it.file("n", &n.to_string()).commit_at(1_768_953_601 + n)
        })
    };
    let rows = holds(
        make(),
        &[
            (48, "static-analysis", &["fail (warning)"]),
            (49, "dependency-scanning", &["fail"]),
            (65, "dependency-updates", &["fail"]),
            (50, "review", &["fail (warning)"]),
            // A year before the project, and long ago.
            (144, "last-updated", &["fail", "fail"]),
        ],
    );
    println!("seeds: omnia: {rows} rows of the tree");
}

#[test]
fn pm_prompt_patterns() {
    let Some(text) = policy("PM-Prompt-Patterns") else { return };
    let padding = |lines: usize| "#\n".repeat(lines);
    let claude = |shift: usize| {
        format!(
            "{}escaped_text = escape(text)\n{}safe_response = cut(response)\n{}",
            padding(166 + shift),
            padding(47),
            padding(50)
        )
    };
    let (before, after) = (claude(0), claude(2));
    let files = [
        ("pm_prompt_toolkit/providers/claude.py", before.as_str()),
        ("pm_prompt_toolkit/config/settings.py", "KEY = 1\n"),
        (
            ".github/dependabot.yml",
            "version: 2\nupdates:\n- {package-ecosystem: pip, directory: /, schedule: {interval: weekly}}\n- {package-ecosystem: github-actions, directory: /, schedule: {interval: weekly}}\n",
        ),
        ("pyproject.toml", "[project]\nname = \"pm-prompt-toolkit\"\n"),
        (
            ".pre-commit-config.yaml",
            "repos: [{repo: https://github.com/psf/black, rev: v1, hooks: [{id: black}]}]\n",
        ),
        (
            ".github/workflows/ci.yml",
            "on: [push]\njobs: {a: {runs-on: x, steps: [{uses: actions/checkout@v4}, {run: 'pytest --cov'}, {run: 'bandit -r . || true', continue-on-error: true}]}}\n",
        ),
    ];
    // 2025-11-01.
    let make = || {
        made(&text, &files, 1_761_955_200)
            .file("pm_prompt_toolkit/providers/claude.py", &after)
            .commit_at(1_762_041_600)
    };
    let rows = holds(
        make(),
        &[
            (100, "moved-line", &["fail"]),
            (109, "moved-line", &["fail"]),
            (118, "broken-link", &["pass"]),
            (122, "broken-link", &["pass"]),
            (116, "dependency-updates", &["pass"]),
            (206, "coverage", &["fail"]),
            (239, "last-updated", &["fail"]),
            (240, "review-date", &["fail"]),
        ],
    );
    let moved = make().says("moved-line");
    assert!(
        moved[0].ends_with(
            "claude.py:167 was written about `escaped_text = escape(text)`, which is now line 169"
        )
    );
    assert!(
        moved[1].ends_with(
            "claude.py:215 was written about `safe_response = cut(response)`, which is now line 217"
        )
    );
    println!("seeds: PM-Prompt-Patterns: {rows} rows of the tree");
}

#[test]
fn llm_task_framework() {
    let Some(text) = policy("llm-task-framework") else { return };
    let files = [
        (
            ".github/workflows/security.yml",
            "on: [push, pull_request]\npermissions: {contents: read, security-events: write}\njobs:\n  codeql-analysis:\n    runs-on: x\n    steps:\n      \
             - uses: actions/checkout@v4\n      - uses: github/codeql-action/init@v3\n      - uses: github/codeql-action/analyze@v3\n  secrets:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - run: detect-secrets scan || true\n  \
             license-check:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - run: pip-licenses --format=json || true\n",
        ),
        (
            ".github/workflows/dependencies.yml",
            "on:\n  schedule:\n    - cron: '0 8 * * *'\njobs:\n  audit:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          pip install safety\n          safety check || true\n          pip-audit || true\n",
        ),
        (
            ".github/workflows/release.yml",
            "on: {push: {tags: ['v*']}}\npermissions: {contents: write, packages: write, id-token: write}\njobs:\n  \
             a: {runs-on: x, steps: [{uses: actions/checkout@v4}, {uses: docker/build-push-action@v6}]}\n  b: {runs-on: x}\n",
        ),
        ("Dockerfile", "FROM scratch\n"),
        ("pyproject.toml", "[project]\nname = \"llm-task-framework\"\n"),
        (
            ".pre-commit-config.yaml",
            "repos:\n- {repo: https://github.com/PyCQA/bandit, rev: v1, hooks: [{id: bandit}]}\n- {repo: https://github.com/Yelp/detect-secrets, rev: v1, hooks: [{id: detect-secrets}]}\n",
        ),
        (
            ".github/dependabot.yml",
            "version: 2\nupdates:\n- {package-ecosystem: pip, directory: /, schedule: {interval: weekly}}\n- {package-ecosystem: docker, directory: /, schedule: {interval: weekly}}\n",
        ),
    ];
    let rows = holds(
        // 2025-06-09.
        made(&text, &files, 1_749_427_200),
        &[
            (37, "static-analysis", &["pass"]),
            // By Dependabot: nothing installs what the scanners look at.
            (38, "dependency-scanning", &["pass"]),
            (39, "secret-scanning", &["pass"]),
            (40, "container-scanning", &["fail"]),
            (41, "licence-check", &["pass", "fail (warning)"]),
            (45, "pre-commit", &["pass"]),
            (46, "locked-dependencies", &["fail"]),
            (47, "least-privilege", &["fail"]),
            (48, "dependency-updates", &["pass"]),
            (192, "schedule", &["undetermined"]),
            (210, "review-date", &["fail"]),
        ],
    );
    println!("seeds: llm-task-framework: {rows} rows of the tree");
}

#[test]
fn align_tune() {
    let Some(text) = policy("aligntune") else { return };
    let files = [
        (
            ".github/workflows/ci.yml",
            "on: [push]\njobs: {a: {runs-on: x, steps: [{uses: actions/checkout@v4}, {run: pytest}]}}\n",
        ),
        ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-01-18\n\n## [0.1.0]\n"),
    ];
    let rows = holds(
        made(&text, &files, DECEMBER),
        &[
            (103, "dependency-updates", &["fail"]),
            (105, "dependency-scanning", &["fail"]),
            (128, "update-channels", &["fail"]),
        ],
    );
    println!("seeds: aligntune: {rows} rows of the tree");
}
