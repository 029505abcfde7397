//! What workflows use and what their tokens may do, where it is not what it looks like.

use super::{Project, attacks::said};

#[test]
fn tokens_that_are_said_to_be_read_only_write_nowhere() {
    let with = |sentence: &str, job: &str| {
        let text = format!(
            "on: push\npermissions: read-all\njobs:\n  a: {{runs-on: x, steps: [{{uses: actions/checkout@v4}}, {{run: ls}}]{job}}}\n"
        );
        said(Project::with_policy(sentence).file(".github/workflows/ci.yml", &text), "least-privilege")
    };
    let writes = ", permissions: {contents: write}";
    let all = "- CI jobs use read-only permissions in every workflow.";
    assert_eq!(with(all, writes), "fail: job a of .github/workflows/ci.yml writes contents");
    assert_eq!(with(all, ""), "pass: 1 workflow declares what the token may do");
    assert_eq!(
        with("- CI jobs use read-only permissions by default in every workflow.", writes),
        "pass: 1 workflow declares what the token may do; job a of .github/workflows/ci.yml writes contents"
    );
}

#[test]
fn an_action_is_pinned_through_those_of_the_repository() {
    let commit = "a".repeat(40);
    let with = |step: &str, job: &str, action: &str| {
        let text = format!(
            "on: push\njobs:\n  a:\n{job}    runs-on: x\n    steps:\n      - uses: actions/checkout@{commit}\n{step}"
        );
        let policy = Project::with_policy("- All GitHub Actions are pinned by commit SHA.");
        let project = policy.file(".github/workflows/ci.yml", &text);
        said(project.file(".github/actions/x/action.yml", action), "pinned-actions")
    };
    let local = "      - uses: ./.github/actions/x\n";
    let composite = |uses: &str| format!("runs:\n  using: composite\n  steps: [{{uses: {uses}}}]\n");
    let digest = format!("alpine@sha256:{}", "0".repeat(64));
    let pinned = composite(&format!("a/b@{commit}"));
    assert_eq!(with("", "", &pinned), "pass: 1 use is named by commit");
    assert_eq!(with(local, "", &pinned), "pass: 2 uses are all named by commit");
    assert_eq!(
        with(local, &format!("    container: {digest}\n"), &pinned),
        "pass: 2 uses are all named by commit"
    );
    assert_eq!(
        with(local, "", &composite("evil/thing@main")),
        "fail: not by commit: evil/thing@main (.github/actions/x/action.yml)"
    );
    let image = "undetermined: the image node:latest is not named by digest (.github/workflows/ci.yml)";
    for job in [
        "    container: node:latest\n",
        "    container: {image: node:latest}\n",
        "    services: {db: {image: node:latest}}\n",
    ] {
        assert_eq!(with("", job, &pinned), image, "{job}");
    }
    assert_eq!(
        with(local, "", "runs: {using: docker, image: docker://alpine:3}\n"),
        "undetermined: the image docker://alpine:3 is not named by digest (.github/actions/x/action.yml)"
    );
    for loose in
        ["docker://alpine:3".to_owned(), format!("evil/x@main@{commit}"), "evil/x@abcdef1".to_owned()]
    {
        assert_eq!(
            with(&format!("      - uses: {loose}\n"), "", &pinned),
            format!("fail: not by commit: {loose} (.github/workflows/ci.yml)")
        );
    }
    assert_eq!(
        with("      - uses: ./../evil\n", "", &pinned),
        "undetermined: ./../evil leads out of the repository"
    );
    assert_eq!(
        with("      - uses: ./tools/y\n", "", &pinned),
        "undetermined: the action ./tools/y was not read"
    );
}
