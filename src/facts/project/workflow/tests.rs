//! Workflows as they stand in repositories, and hostile ones.

use super::*;

#[test]
fn jobs_and_steps_are_read_with_what_keeps_them_from_failing() {
    let text = "\
name: CI # the name
on: {push: }
permissions: {contents: read}
defaults: {run: {shell: bash}}
jobs:
  a:
    permissions: write-all
    continue-on-error: true
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0, Token: x}
      - run: |
          # a comment
          bandit -r . || true
        continue-on-error: ${{ true }}
      - {run: ls, shell: sh, if: '${{ false }}'}
  b:
    if: false
    uses: ./.github/workflows/other.yml
";
    let workflow = read(text.as_bytes(), None).unwrap();
    assert_eq!(workflow.name.as_deref(), Some("CI"));
    let scopes = BTreeMap::from([("contents".to_owned(), "read".to_owned())]);
    assert_eq!(workflow.permissions, Some(Permissions::Scopes(scopes)));
    let a = &workflow.jobs["a"];
    assert!(a.continues.is_some() && a.when == When::Runs && a.permissions == Some(Permissions::WriteAll));
    assert_eq!(a.steps[0].uses.as_deref(), Some("actions/checkout@v4"));
    assert_eq!(a.steps[0].with["fetch-depth"], "0");
    assert_eq!(a.steps[1].run.as_deref(), Some("# a comment\nbandit -r . || true\n"));
    assert!(a.steps[1].continues.is_some() && a.steps[1].shell.as_deref() == Some("bash"));
    assert!(a.steps[2].when == When::Never && a.steps[2].shell.as_deref() == Some("sh"));
    assert!(workflow.jobs["b"].when == When::Never && workflow.jobs["b"].uses.is_some());
}

#[test]
fn a_part_that_is_repeated_by_its_anchor_is_read() {
    let text =
        "on: push\njobs:\n  a: {runs-on: x, steps: &all [{run: bandit}]}\n  b: {runs-on: x, steps: *all}\n";
    let workflow = read(text.as_bytes(), None).unwrap();
    assert_eq!(workflow.jobs["b"].steps, workflow.jobs["a"].steps);
    assert_eq!(workflow.jobs["b"].steps[0].run.as_deref(), Some("bandit"));
}

#[test]
fn what_is_no_workflow_is_an_error_and_never_an_empty_one() {
    for (text, why) in [
        ("- a", "is no map"),
        ("jobs: {}", "has no triggers"),
        ("on: push", "has no jobs"),
        ("on: push\njobs: {a: 1}", "has a job a that is no map"),
        ("on: push\njobs: {a: {runs-on: x, steps: 1}}", "has a job a that has steps that are no list"),
        ("on: push\njobs: {a: {runs-on: x, steps: [1]}}", "has a job a that has a step that is no map"),
        (
            "on: push\njobs: {a: {runs-on: x, steps: [{run: [1]}]}}",
            "has a job a that has a step whose run is no text",
        ),
        ("on: push\njobs: {a: {steps: []}}", "would be refused by GitHub: job a: it has no runs-on"),
        ("on: push\njobs: {a: {runs-on: []}}", "would be refused by GitHub: job a: it has no runs-on"),
        ("on: push\npermissions: 1\njobs: {}", "has permissions of an unknown form"),
        ("on: push\npermissions: {contents: Write}\njobs: {}", "has permissions of an unknown form"),
        ("on: push\njobs: {a: {}, a: {}}", "has the key a (line 2) twice"),
    ] {
        assert_eq!(read(text.as_bytes(), None).unwrap_err(), why, "{text}");
    }
    assert!(read(b"on: push\njobs: {a: [", None).unwrap_err().starts_with("is not readable: "));
    assert_eq!(read(b"on: \xff", None).unwrap_err(), "is not utf-8");
}

#[test]
fn hostile_files_are_refused_quickly() {
    let deep = format!("on: push\njobs: {}", "[".repeat(100_000));
    let bomb: String = (1..30).fold("a0: &a0 [x,x]\n".to_owned(), |text, n| {
        format!("{text}a{n}: &a{n} [*a{0},*a{0},*a{0},*a{0}]\n", n - 1)
    });
    let many = format!("on: push\njobs: {{a: {{steps: [{}]}}}}", "{},".repeat(6000));
    let wide = format!("on: [{}]", "a,".repeat(300_000));
    for text in [deep, bomb, many, wide, "x".repeat((1 << 20) + 1), "&a [*a]".to_owned()] {
        assert!(read(text.as_bytes(), None).is_err(), "{}", &text[..30.min(text.len())]);
    }
}
