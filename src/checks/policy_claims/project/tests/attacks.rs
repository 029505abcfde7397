//! What would bear a claim out if nobody looked twice: each that does not, beside one that does.

use super::Project;

const SCANNED: &str = "Dependencies are scanned for vulnerabilities with pip-audit.";

/// A project of Python that says so.
fn scanned() -> Project {
    Project::with_policy(SCANNED).file("requirements.txt", "a==1\n")
}

/// What is said of that claim about a workflow of these steps, without the sentence.
fn steps(steps: &str) -> String {
    let text = format!(
        "on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n{steps}"
    );
    said(scanned().file(".github/workflows/ci.yml", &text), "dependency-scanning")
}

/// The one finding under a rule, without the sentence.
pub(super) fn said(project: Project, rule: &str) -> String {
    let all = project.says(rule);
    assert_eq!(all.len(), 1, "{all:?}");
    let (status, rest) = all[0].split_once(' ').unwrap();
    format!("{status}: {}", rest.split_once("\": ").map_or(rest, |(_, why)| why))
}

const RUN: &str = "pass: run: pip-audit (.github/workflows/ci.yml, job test)";
const FAILED: &str = "undetermined: whether pip-audit is run is not known: what stands before it always fails (.github/workflows/ci.yml, job test)";

#[test]
fn what_stands_behind_a_step_that_always_fails_is_not_run() {
    assert_eq!(steps("      - run: exit 1\n      - run: pip-audit .\n"), FAILED);
    assert_eq!(steps("      - run: |\n          ls\n          false\n      - run: pip-audit .\n"), FAILED);
    for near in [
        "      - {run: exit 1, continue-on-error: true}\n      - run: pip-audit .\n",
        "      - {run: exit 1, if: false}\n      - run: pip-audit .\n",
        "      - run: exit 1\n      - {run: pip-audit ., if: always()}\n",
        "      - run: exit 0\n      - run: pip-audit .\n",
        "      - run: ls || exit 1\n      - run: pip-audit .\n",
    ] {
        assert_eq!(steps(near), RUN, "{near}");
    }
}

#[test]
fn a_script_that_has_ended_runs_no_more() {
    assert_eq!(
        steps("      - run: |\n          exit 0\n          pip-audit .\n"),
        "undetermined: whether pip-audit is run is not known: the script may have ended before it \
         (.github/workflows/ci.yml, job test)"
    );
    assert_eq!(steps("      - run: |\n          exit 1\n          pip-audit .\n"), FAILED);
    assert_eq!(steps("      - run: |\n          pip-audit .\n          exit 0\n"), RUN);
}

#[test]
fn a_target_that_always_fails_and_a_job_that_does_keep_others_from_running() {
    let make = |first: &str| {
        let policy = scanned().file("Makefile", &format!("broken:\n\t{first}\n"));
        said(policy.workflow("make broken\npip-audit ."), "dependency-scanning")
    };
    assert_eq!(make("false"), FAILED);
    assert_eq!(make("-false"), RUN);
    let jobs = |first: &str| {
        let text = format!(
            "on: push\njobs:\n  first:\n    runs-on: x\n    steps: [{{uses: actions/checkout@v4}}, {{run: {first}}}]\n  test:\n    needs: first\n    runs-on: x\n    steps: [{{uses: actions/checkout@v4}}, {{run: pip-audit .}}]\n"
        );
        said(scanned().file(".github/workflows/ci.yml", &text), "dependency-scanning")
    };
    assert_eq!(
        jobs("exit 1"),
        "undetermined: whether pip-audit is run is not known: a condition decides whether the job runs \
         (.github/workflows/ci.yml, job test)"
    );
    assert_eq!(jobs("ls"), RUN);
}

#[test]
fn a_cron_that_never_fires_is_no_schedule() {
    let on = |cron: &str| {
        let text = format!(
            "on: {{push: , schedule: [{{cron: '{cron}'}}]}}\njobs: {{a: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{run: pip-audit .}}]}}}}\n"
        );
        let policy = Project::with_policy("- Daily dependency vulnerability scans are run.");
        said(policy.file(".github/workflows/n.yml", &text), "schedule")
    };
    for never in ["99 99 * * *", "0 0 31 2 *", "0 8 * *", "@daily"] {
        assert_eq!(
            on(never),
            format!("fail: the cron \"{never}\" of what is scheduled is none that fires every year")
        );
    }
    assert_eq!(on("0 8 1 * *"), "fail: what is scheduled runs by cron \"0 8 1 * *\", which is not daily");
    assert_eq!(
        on("0 8 * * *"),
        "pass: pip-audit runs by cron \"0 8 * * *\" (.github/workflows/n.yml, job a)"
    );
}

#[test]
fn a_schedule_of_another_trade_is_none_of_dependencies() {
    let runs = |tool: &str| {
        let text = format!(
            "on: {{schedule: [{{cron: '0 8 * * *'}}]}}\njobs: {{a: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{run: {tool}}}]}}}}\n"
        );
        let policy = Project::with_policy("- Daily dependency vulnerability scans are run.");
        said(policy.file(".github/workflows/n.yml", &text), "schedule")
    };
    assert_eq!(runs("gosec ./..."), "fail: no scan runs on a schedule");
    assert_eq!(
        runs("pip-audit ."),
        "pass: pip-audit runs by cron \"0 8 * * *\" (.github/workflows/n.yml, job a)"
    );
}

#[test]
fn a_scanner_in_a_folder_looks_at_that_folder() {
    let of = |workflow: &str, files: &[&str]| {
        let policy = scanned().file(".github/workflows/ci.yml", workflow);
        let project = files.iter().fold(policy, |project, path| project.file(path, "version = 1\n"));
        said(project, "dependency-scanning")
    };
    let step = "on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: pip-audit ., working-directory: ./web}]\n";
    let job = "on: push\njobs:\n  test:\n    defaults: {run: {working-directory: web}}\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: pip-audit .}]\n";
    let all = "on: push\ndefaults: {run: {working-directory: web/}}\njobs:\n  test:\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: pip-audit .}]\n";
    let moved = "on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: cd web && pip-audit .}]\n";
    for workflow in [step, job, all, moved] {
        assert_eq!(
            of(workflow, &["web/uv.lock", "uv.lock"]),
            "undetermined: whether pip-audit looks at every dependency is not known: it runs in web alone, and there is uv.lock"
        );
        assert_eq!(
            of(workflow, &[]),
            "undetermined: whether pip-audit looks at every dependency is not known: it runs in web alone, and there is no lock file"
        );
        assert_eq!(of(workflow, &["web/uv.lock", "web/a/uv.lock"]), RUN);
    }
    let root = "on: push\ndefaults: {run: {working-directory: web}}\njobs:\n  test:\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: pip-audit ., working-directory: .}]\n";
    assert_eq!(of(root, &["web/uv.lock", "uv.lock"]), RUN);
    let other = "on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {run: pip-audit ., working-directory: we}]\n";
    assert!(of(other, &["web/uv.lock"]).starts_with("undetermined: "));
}

#[test]
fn scanners_in_folders_may_look_at_everything_together() {
    let of = |locks: &[&str]| {
        let text = "on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - {run: pip-audit ., working-directory: a}\n\
                    \x20     - {run: npm audit, working-directory: b}\n";
        let policy = Project::with_policy("All dependencies are scanned for known vulnerabilities in CI.");
        let project = locks.iter().fold(policy, |project, path| project.file(path, "version = 1\n"));
        said(project.file(".github/workflows/ci.yml", text), "dependency-scanning")
    };
    assert_eq!(
        of(&["a/uv.lock", "b/pnpm-lock.yaml"]),
        "pass: run: pip-audit (.github/workflows/ci.yml, job test), npm-audit (.github/workflows/ci.yml, job test)"
    );
    assert!(of(&["a/uv.lock", "b/pnpm-lock.yaml", "c/uv.lock"]).starts_with("undetermined: "));
}

#[test]
fn a_workflow_of_another_branch_is_not_run_for_the_default_one() {
    let on = |on: &str| {
        let text = format!(
            "on: {on}\njobs: {{test: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{run: pip-audit .}}]}}}}\n"
        );
        said(scanned().file(".github/workflows/ci.yml", &text), "dependency-scanning")
    };
    for other in
        ["{push: {branches: [other]}}", "{push: {branches: [master]}}", "{push: {branches-ignore: [main]}}"]
    {
        assert_eq!(
            on(other),
            "undetermined: whether pip-audit is run is not known: it is not started by every change or by the clock \
             (.github/workflows/ci.yml, job test)",
            "{other}"
        );
    }
    for near in
        ["{push: {branches: [main]}}", "{push: {branches-ignore: [other]}}", "{push: {branches: ['**']}}"]
    {
        assert_eq!(on(near), RUN, "{near}");
    }
}

#[test]
fn permissions_are_few_where_only_jobs_write() {
    let with = |permissions: &str, job: &str| {
        let text = format!(
            "on: push\n{permissions}\njobs:\n  a: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{run: ls}}]{job}}}\n  b: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{run: ls}}]}}\n"
        );
        let policy = Project::with_policy("- Workflows run with minimal permissions in CI.");
        said(policy.file(".github/workflows/ci.yml", &text), "least-privilege")
    };
    let fine = "pass: 1 workflow declares what the token may do";
    assert_eq!(with("permissions: read-all", ""), fine);
    assert_eq!(
        with("permissions: {}", ", permissions: {contents: write}"),
        format!("{fine}; job a of .github/workflows/ci.yml writes contents")
    );
    assert_eq!(
        with(
            "permissions: {}",
            ", permissions: {checks: write, contents: write, issues: write, pages: write}"
        ),
        "undetermined: job a of .github/workflows/ci.yml writes checks, contents, issues, pages: whether it needs them \
         all is not known"
    );
    assert_eq!(with("permissions: {contents: read, issues: none}", ""), fine);
    for (permissions, job, why) in [
        ("permissions: write-all", "", "grants write-all"),
        ("permissions: read-all", ", permissions: write-all", "grants write-all to a job"),
        ("", "", "declares no permissions"),
        ("", ", permissions: {contents: read}", "declares no permissions"),
        (
            "permissions: {contents: write, packages: write}",
            "",
            "grants contents, packages write to every job",
        ),
    ] {
        assert_eq!(with(permissions, job), format!("fail: .github/workflows/ci.yml {why}"), "{permissions}");
    }
    assert_eq!(
        with("permissions: {contents: write, packages: write}", ", permissions: {}"),
        "undetermined: .github/workflows/ci.yml grants contents, packages write to the whole workflow, and not to the \
         job that needs it"
    );
}

#[test]
fn a_heading_that_only_mentions_the_version_announces_nothing() {
    let with = |text: &str| {
        let policy = Project::with_policy("Security updates are announced in the CHANGELOG.");
        said(policy.file("CHANGELOG.md", text), "update-channels")
    };
    assert_eq!(with("## [1.2.3] - 2026-01-02\n\n- a fix\n"), "pass: CHANGELOG.md has an entry for 1.2.3");
    for text in
        ["## Migrating from 1.2.3\n", "## 1.2.3-rc.1\n", "## 1.2.4\n\n[1.2.3]: https://forge.example/1.2.3\n"]
    {
        assert_eq!(with(text), "fail: CHANGELOG.md has no entry for 1.2.3", "{text}");
    }
}

#[test]
fn a_job_of_circleci_that_no_workflow_names_is_not_run() {
    let with = |workflow: &str| {
        let text = format!(
            "version: 2.1\njobs: {{scan: {{steps: [checkout, {{run: pip-audit .}}]}}}}\n{workflow}\n"
        );
        said(scanned().file(".circleci/config.yml", &text), "dependency-scanning")
    };
    assert_eq!(
        with("workflows: {ci: {jobs: [scan]}}"),
        "pass: run: pip-audit (.circleci/config.yml, job scan)"
    );
    assert_eq!(with("workflows: {ci: {jobs: [other]}}"), "fail: no workflow and no hook runs pip-audit");
    assert_eq!(
        with("workflows: {ci: {jobs: [scan: {filters: {branches: {only: other}}}]}}"),
        "undetermined: whether pip-audit is run is not known: filters or an approval decide whether the job runs \
         (.circleci/config.yml, job scan)"
    );
}

#[test]
fn a_hidden_job_of_gitlab_is_not_run_for_itself() {
    let with = |text: &str| said(scanned().file(".gitlab-ci.yml", text), "dependency-scanning");
    assert_eq!(with("scan: {script: [pip-audit .]}\n"), "pass: run: pip-audit (.gitlab-ci.yml, job scan)");
    assert_eq!(
        with(".scan: {script: [pip-audit .]}\n"),
        "undetermined: whether pip-audit is run is not known: the job is hidden (.gitlab-ci.yml, job .scan)"
    );
    assert_eq!(
        with("scan: {script: [exit 0, pip-audit .]}\n"),
        "undetermined: whether pip-audit is run is not known: the script may have ended before it (.gitlab-ci.yml, job scan)"
    );
}

#[test]
fn a_workflow_of_forgejo_is_read_and_counts_where_forgejo_is() {
    let text =
        "on: push\njobs: {scan: {runs-on: x, steps: [{uses: actions/checkout@v4}, {run: pip-audit .}]}}\n";
    for path in [".forgejo/workflows/ci.yml", ".gitea/workflows/ci.yaml"] {
        assert_eq!(
            said(scanned().file(path, text), "dependency-scanning"),
            format!(
                "undetermined: whether pip-audit is run is not known: only Forgejo or Gitea run it ({path}, job scan)"
            )
        );
        // It is no gap any more: what it does not run is not run.
        assert_eq!(
            said(scanned().file(path, "on: push\njobs: {}\n"), "dependency-scanning"),
            "fail: no workflow and no hook runs pip-audit"
        );
    }
}

#[test]
fn a_queue_of_merges_is_neither_every_push_nor_every_proposal() {
    let on = |on: &str| {
        let text = format!(
            "on: {on}\njobs: {{test: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{run: pip-audit .}}]}}}}\n"
        );
        said(scanned().file(".github/workflows/ci.yml", &text), "dependency-scanning")
    };
    assert!(on("merge_group").starts_with("undetermined: whether pip-audit is run is not known: "));
    assert_eq!(on("[merge_group, pull_request]"), RUN);
}
