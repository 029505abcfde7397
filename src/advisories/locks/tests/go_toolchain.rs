//! The Go standard library: which toolchain the workflows at the tag build with.

use super::{covered, go::lock_at, not_covered};
use crate::advisories::locks::{go::STDLIB_PATH, tree};

/// What is said of the standard library.
fn judged(go: &str, workflows: &[(&str, &str)]) -> String {
    let module = format!("module example.com/p\n{go}\n");
    let mut files = vec![("go.mod", module.as_str())];
    files.extend(workflows);
    let lock = lock_at(&files, STDLIB_PATH);
    let rows = [covered(&lock), not_covered(&lock)].concat();
    assert_eq!(rows.len(), 1);
    rows[0].clone()
}

/// A workflow that runs for tags, with a setting of a step.
fn setup(version: &str) -> String {
    format!("on:\n  push:\n    tags: [v*]\njobs:\n  a:\n    steps:\n      - with:\n          {version}\n")
}

#[test]
fn the_standard_library_has_a_version_only_where_one_toolchain_is_named() {
    let ci = "on: [pull_request]\njobs:\n  a:\n    strategy:\n      matrix:\n        go-version: ['1.24', '1.25']\n";
    let one = |go: &str, version: &str| judged(go, &[(".github/workflows/r.yml", &setup(version))]);
    assert_eq!(one("go 1.26.0", "go-version: '1.26.0'"), "stdlib v1.26.0");
    assert_eq!(one("go 1.26.0\ntoolchain go1.26.3", "go-version-file: go.mod"), "stdlib v1.26.3");
    assert_eq!(one("go 1.26.2", "go-version-file: ./go.mod"), "stdlib v1.26.2");
    let release = setup("go-version: 1.26.0");
    let both = [(".github/workflows/ci.yml", ci), (".github/workflows/r.yml", release.as_str())];
    assert_eq!(judged("go 1.26", &both), "stdlib v1.26.0", "the workflow that releases counts");
    let called = "on:\n  workflow_call:\njobs:\n  a:\n    steps:\n      - with: { go-version: '1.25.1' }\n";
    let calls = format!("{release}  b:\n    uses: ./.github/workflows/build.yml\n");
    let calling = [(".github/workflows/build.yml", called), (".github/workflows/r.yml", calls.as_str())];
    let several = "stdlib : the workflows at the tag build with several Go toolchains: 1.25.1, 1.26.0";
    let row = judged("go 1.25", &calling);
    assert!(row.starts_with(several), "what is called counts: {row}");
    let row = judged("go 1.25", &calling[1..]);
    assert!(
        row.contains("1.26.0, what .github/workflows/build.yml says"),
        "what is called and not there: {row}"
    );
    let alone = [(".github/workflows/build.yml", called), (".github/workflows/r.yml", release.as_str())];
    assert_eq!(judged("go 1.25", &alone), "stdlib v1.26.0", "what nothing calls does not count");
    let started = called.replace("workflow_call", "workflow_dispatch");
    let alone =
        [(".github/workflows/build.yml", started.as_str()), (".github/workflows/r.yml", release.as_str())];
    let row = judged("go 1.25", &alone);
    assert!(row.starts_with(several), "what somebody may start counts: {row}");
    let env = format!("env:\n  GO: '1.26.1'\n{}", setup("go-version: ${{ env.GO }}"));
    assert_eq!(judged("go 1.26", &[(".github/workflows/r.yml", &env)]), "stdlib v1.26.1");
    for (row, why) in [
        (
            judged("go 1.26.0", &[]),
            "no workflow at the tag says which Go toolchain it builds with; the go lines ask for 1.26.0",
        ),
        (
            judged("go 1.24", &[(".github/workflows/c.yml", ci)]),
            "the workflows at the tag build with several Go toolchains: 1.24, 1.25",
        ),
        (
            one("go 1.26", "go-version: '1.26.x'"),
            "the workflows at the tag build with Go 1.26.x, which is no one version",
        ),
        (
            one("go 1.26", "go-version: stable"),
            "the workflows at the tag build with Go stable, which is no one version",
        ),
        (
            one("go 1.26.5", "go-version: '1.26.0'"),
            "the workflows at the tag build with Go 1.26.0, and a go.mod asks for 1.26.5",
        ),
        (
            one("go 1.26", "go-version-file: go.mod"),
            "the workflows at the tag build with Go 1.26, which is no one version",
        ),
        (
            one("go 1.26", "go-version-file: .tool-versions"),
            "the workflows at the tag build with Go what .tool-versions says",
        ),
        (
            judged("go 1.26", &[(".github/workflows/c.yml", "a: [")]),
            "the workflow .github/workflows/c.yml may name the toolchain and",
        ),
    ] {
        assert!(row.starts_with(&format!("stdlib : {why}")), "{row}");
    }
}

/// What is said beside a workflow that releases with Go 1.26.6.
fn beside(files: &[(&str, &str)]) -> String {
    let release = setup("go-version: 1.26.6");
    judged("go 1.26", &[&[(".github/workflows/r.yml", release.as_str())], files].concat())
}

fn several(toolchains: &str) -> String {
    format!(
        "stdlib : the workflows at the tag build with several Go toolchains: {toolchains}; the go lines ask for 1.26 or \
         later, which names no toolchain"
    )
}

#[test]
fn a_workflow_that_runs_for_every_push_runs_for_tags() {
    let build = |on: &str| {
        let text = format!("on: {on}\njobs:\n  a:\n    steps:\n      - with: {{ go-version: 1.20.0 }}\n");
        beside(&[(".github/workflows/b.yml", &text)])
    };
    for on in [
        "push",
        "[push, pull_request]",
        "{push: }",
        "{push: {paths: ['**.go']}}",
        "{push: {tags-ignore: [nightly]}}",
        "{push: {branches: [main], tags: [v*]}}",
    ] {
        assert_eq!(build(on), several("1.20.0, 1.26.6"), "{on}");
    }
    for on in ["pull_request", "{push: {branches: [main]}}", "{push: {branches-ignore: [x], paths: [y]}}"] {
        assert_eq!(build(on), "stdlib v1.26.6", "{on}");
    }
}

#[test]
fn the_nearest_variable_holds_and_one_that_a_step_sets_is_not_known() {
    let text = |job: &str, run: &str| {
        format!(
            "on: {{push: {{tags: [v*]}}}}\nenv:\n  GO: '1.26.6'\njobs:\n  a:\n{job}    steps:\n      - run: {run}\n      \
             - with:\n          go-version: ${{{{ env.GO }}}}\n"
        )
    };
    let of = |job: &str, run: &str| judged("go 1.20", &[(".github/workflows/r.yml", &text(job, run))]);
    assert_eq!(of("", "x"), "stdlib v1.26.6");
    assert_eq!(of("    env: { GO: '1.20.0' }\n", "x"), "stdlib v1.20.0");
    assert_eq!(of("    env: { OTHER: '1.20.0' }\n", "echo OTHER=1 >> $GITHUB_ENV"), "stdlib v1.26.6");
    let why = "stdlib : the workflows at the tag build with Go ${{ env.GO }}, which is no one version";
    assert!(of("", "echo GO=1.20.0 >> $GITHUB_ENV").starts_with(why));
}

#[test]
fn a_toolchain_in_a_container_a_command_an_action_or_elsewhere_counts() {
    let job = |job: &str| {
        let release = setup("go-version: 1.26.6");
        let text = format!("{release}  b:\n    {job}\n");
        judged("go 1.26", &[(".github/workflows/r.yml", &text)])
    };
    for (with, toolchains) in [
        ("container: golang:1.20.0", "1.20.0, 1.26.6"),
        ("container: { image: docker.io/library/golang:1.20.0-alpine }", "1.20.0, 1.26.6"),
        (
            "container: ghcr.io/goreleaser/goreleaser-cross:v1.20",
            "1.26.6, what the image ghcr.io/goreleaser/goreleaser-cross:v1.20 holds",
        ),
        ("steps: [{uses: 'docker://golang:1.20.0'}]", "1.20.0, 1.26.6"),
        ("steps: [{run: 'docker run golang:1.20.0 go build'}]", "1.20.0, 1.26.6"),
        ("steps: [{run: 'GOTOOLCHAIN=go1.20.0 go build'}]", "1.20.0, 1.26.6"),
        ("steps: [{run: 'go env -w GOTOOLCHAIN=go1.20.0+auto'}]", "1.20.0, 1.26.6"),
        ("env: {GOTOOLCHAIN: go1.20.0}", "1.20.0, 1.26.6"),
        ("env: {GOROOT: /opt/go1.20}", "1.26.6, what stands where PATH or GOROOT leads"),
        ("steps: [{run: go install golang.org/dl/go1.20.0@latest}]", "1.20.0, 1.26.6"),
        (
            "uses: acme/shared/.github/workflows/b.yml@main",
            "1.26.6, what acme/shared/.github/workflows/b.yml@main says",
        ),
        ("steps: [{uses: ./.github/actions/go}]", "1.26.6, what .github/actions/go says"),
    ] {
        assert_eq!(job(with), several(toolchains), "{with}");
    }
    for with in [
        "container: golang:1.26.6-alpine",
        "container: ubuntu:24.04",
        "steps: [{with: {go-version: 1.26.6}}, {run: 'GOTOOLCHAIN=local go build; echo $GOTOOLCHAIN'}]",
        "env: {GOTOOLCHAIN: auto}",
        "env: {PATH: /usr/bin}",
        "steps: [{uses: acme/action@main}]",
        "uses: slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0",
    ] {
        assert_eq!(job(with), "stdlib v1.26.6", "{with}");
    }
}

#[test]
fn an_action_of_the_repository_counts_where_a_workflow_runs_it() {
    let action = |version: &str| format!("runs:\n  steps:\n    - with: {{ go-version: {version} }}\n");
    let calls = format!("{}      - uses: ./.github/actions/go\n", setup("go-version: 1.26.6"));
    let with = |version: &str| {
        let action = action(version);
        let files = [(".github/workflows/r.yml", calls.as_str()), (".github/actions/go/action.yml", &action)];
        judged("go 1.26", &files)
    };
    assert_eq!(with("1.20.0"), several("1.20.0, 1.26.6"));
    assert_eq!(with("1.26.6"), "stdlib v1.26.6");
    assert_eq!(beside(&[(".github/actions/go/action.yaml", &action("1.20.0"))]), "stdlib v1.26.6");
    assert_eq!(beside(&[("tools/action.yml", "a: [")]), "stdlib v1.26.6", "nothing runs it");
}

/// What is said where one job sets a toolchain up, with further steps of that job and further jobs.
fn released(steps: &str, jobs: &str, files: &[(&str, &str)]) -> String {
    let workflow = format!("{}{steps}{jobs}", setup("go-version: 1.26.6"));
    judged("go 1.26", &[&[(".github/workflows/r.yml", workflow.as_str())], files].concat())
}

fn run(command: &str) -> String {
    format!("      - run: {command}\n")
}

#[test]
fn what_a_job_runs_of_the_repositorys_own_files_may_name_another_toolchain() {
    let go = "release:\n\tgo build ./...\n";
    for (command, files, found) in [
        ("make release", &[("Makefile", "release:\n\tGOTOOLCHAIN=go1.18 go build\n")][..], "1.18, 1.26.6"),
        ("make release", &[("Makefile", "export GOTOOLCHAIN := go1.18\n")], "1.18, 1.26.6"),
        ("./build.sh", &[("build.sh", "#!/bin/sh\nexport GOTOOLCHAIN=go1.18\ngo build\n")], "1.18, 1.26.6"),
        (
            "make",
            &[("Makefile", "all:\n\tbash hack/b.sh\n"), ("hack/b.sh", "GOTOOLCHAIN=go1.18 go build\n")],
            "1.18, 1.26.6",
        ),
        ("curl -LO https://go.dev/dl/go1.18.linux-amd64.tar.gz && go build", &[], "1.18, 1.26.6"),
        ("sudo apt-get install -y golang-go && go build", &[], "1.26.6, what a package manager installs"),
        ("/opt/go1.20.1/bin/go build", &[], "1.26.6, what /opt/go1.20.1/bin/go is"),
        ("go1.20.1 build", &[], "1.20.1, 1.26.6"),
        (
            "./build.sh",
            &[("build.sh", "apt-get install -y \\\n  curl \\\n  golang\ngo build\n")],
            "1.26.6, what a package manager installs",
        ),
        ("docker build .", &[("Dockerfile", "FROM golang:1.18\nRUN go build ./...\n")], "1.18, 1.26.6"),
        (
            "docker build .",
            &[("Dockerfile", "FROM alpine:3\nRUN go build ./...\n")],
            "1.26.6, what Dockerfile builds with",
        ),
        (
            "go vet",
            &[(".gitlab-ci.yml", "image: golang:1.18\nbuild: {script: [go build]}\n")],
            "1.18, 1.26.6",
        ),
        ("./build", &[("build", "#!/bin/sh\ndocker run golang:1.18 go build\n")], "1.18, 1.26.6"),
        ("bash hack/dist", &[("hack/dist", "GOTOOLCHAIN=go1.18 go build\n")], "1.18, 1.26.6"),
        ("pwsh build.ps1", &[("build.ps1", "$env:GOTOOLCHAIN=go1.18\n")], "1.18, 1.26.6"),
        (
            "npm run build",
            &[("package.json", "{\"scripts\":{\"build\":\"GOTOOLCHAIN=go1.18 go build\"}}")],
            "1.18, 1.26.6",
        ),
        (
            "docker compose run b",
            &[("compose.yaml", "services: {b: {image: golang:1.18}}\n")],
            "1.18, 1.26.6",
        ),
        ("mise run build", &[("mise.toml", "[tools]\ngo = \"1.18\"\n")], "1.26.6, what mise.toml installs"),
        ("asdf install", &[(".tool-versions", "golang 1.18\n")], "1.26.6, what .tool-versions installs"),
    ] {
        assert_eq!(released(&run(command), "", files), several(found), "{command} {files:?}");
    }
    for (command, files) in [
        ("make release", &[("Makefile", go)][..]),
        ("go build ./...", &[("Makefile", "GOTOOLCHAIN=go1.18 go build\n")]),
        (
            "./build.sh",
            &[("build.sh", "GOTOOLCHAIN=local go build\n"), ("other.sh", "GOTOOLCHAIN=go1.18 go\n")],
        ),
        ("docker build .", &[("Dockerfile", "FROM golang:1.26.6 AS b\nRUN go build\nFROM scratch\n")]),
        ("docker build .", &[("Dockerfile", "FROM scratch\nCOPY widget /\n")]),
        (
            "docker build .",
            &[("Dockerfile", "FROM golang:1.26.6\nENV PATH=/usr/local/go/bin:$PATH\nRUN go build\n")],
        ),
        ("echo $(go env GOPATH)/bin >> $GITHUB_PATH", &[]),
        ("go vet", &[(".travis.yml", "script: [echo]\n")]),
        ("go build ./...", &[("build", "GOTOOLCHAIN=go1.18 go build\n")]),
        (
            "npm ci",
            &[("package.json", "{\"description\":\"go build golang:1.18\",\"scripts\":{\"x\":\"tsc\"}}")],
        ),
        ("mise run build", &[("mise.toml", "[tools]\ngoreleaser = \"2\"\n")]),
    ] {
        assert_eq!(released(&run(command), "", files), "stdlib v1.26.6", "{command} {files:?}");
    }
}

#[test]
fn a_job_that_builds_with_what_it_finds_has_a_toolchain_that_is_not_known() {
    let job = |step: &str| format!("  b:\n    runs-on: x\n    steps:\n      - {step}\n");
    let makefile = [("Makefile", "all:\n\tgo build\n"), ("docs.sh", "echo\n"), ("b.sh", "make\n")];
    for step in
        ["run: go build ./...", "run: make all", "run: ./b.sh", "uses: goreleaser/goreleaser-action@v6"]
    {
        let found = "1.26.6, what the job b of .github/workflows/r.yml finds";
        assert_eq!(released("", &job(step), &makefile), several(found), "{step}");
    }
    let action = "      - uses: goreleaser/goreleaser-action@v6\n";
    for (settings, found) in [
        ("env:\n  - GOTOOLCHAIN=go1.18\n", several("1.18, 1.26.6")),
        ("builds:\n  - gobinary: go1.18\n", several("1.26.6, what go1.18 is")),
        ("builds:\n  - tool: go\n", "stdlib v1.26.6".to_owned()),
    ] {
        assert_eq!(released(action, "", &[(".goreleaser.yaml", settings)]), found);
    }
    let ko = [(".ko.yaml", "builds:\n  - env:\n      - GOTOOLCHAIN=go1.18\n")];
    assert_eq!(released("      - uses: ko-build/setup-ko@v0.9\n", "", &ko), several("1.18, 1.26.6"));
    let xgo = "      - uses: crazy-max/ghaction-xgo@v3\n";
    assert_eq!(released(xgo, "", &[]), several("1.26.6, what crazy-max/ghaction-xgo installs"));
    let comment = "run: |\n          # go on and make sure\n          gh release create v1";
    for step in [comment, "run: gh release create v1", "run: ./docs.sh", "uses: actions/download-artifact@v4"]
    {
        assert_eq!(released("", &job(step), &makefile), "stdlib v1.26.6", "{step}");
    }
    let action = "runs:\n  using: composite\n  steps:\n    - with: { go-version: 1.26.6 }\n";
    let called = "  b:\n    steps:\n      - uses: ./.github/actions/go\n      - run: go build\n";
    assert_eq!(released("", called, &[(".github/actions/go/action.yml", action)]), "stdlib v1.26.6");
    let docker = "runs:\n  using: docker\n  image: Dockerfile\n";
    let files =
        [(".github/actions/go/action.yml", docker), (".github/actions/go/Dockerfile", "FROM golang:1.18\n")];
    let row = released("      - uses: ./.github/actions/go\n", "", &files);
    assert_eq!(row, several("1.18, 1.26.6"));
}

#[test]
fn another_go_mod_that_a_build_may_select_is_looked_up_and_one_that_is_not_there_is_said() {
    let main = "module example.com/p\ngo 1.26\nrequire a.example/x v1.0.0\n";
    let other = main.replace("v1.0.0", "v0.1.0");
    let lock = |path: &str| {
        let files = [("go.mod", main), ("go.release.mod", &other), ("b/r.work", "go 1.26\nuse ..\n")];
        covered(&lock_at(&files, path))
    };
    assert_eq!(lock("go.release.mod"), ["a.example/x v0.1.0"]);
    assert_eq!(lock("b/r.work"), ["a.example/x v1.0.0"]);
    let alone = tree::locks(
        &super::go::tree_of(&[("go.release.mod", other.as_str()), ("a.mod", "\u{1}x")]),
        "v1.0.0",
    );
    assert_eq!(alone.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(), ["go.release.mod"]);

    let said = |command: &str| {
        let workflow = format!("{}{}", setup("go-version: 1.26.6"), run(command));
        let files = [("go.mod", main), ("tools/go.mod", main), (".github/workflows/r.yml", &workflow)];
        not_covered(&lock_at(&files, STDLIB_PATH))
    };
    for (command, selected) in [
        ("go build -modfile=/tmp/release.mod ./...", "-modfile=/tmp/release.mod"),
        ("go build -modfile release.mod ./...", "-modfile=release.mod"),
        ("GOFLAGS=-modfile=x.mod make", "-modfile=x.mod"),
        ("GOWORK=/tmp/release.work go build", "GOWORK=/tmp/release.work"),
    ] {
        let why =
            format!("go.mod : .github/workflows/r.yml builds with {selected}, which the tag does not hold");
        assert_eq!(said(command), [why]);
    }
    for command in [
        "go tool -modfile=golangci-lint.mod golangci-lint run",
        "go build -modfile=tools/go.mod ./...",
        "GOWORK=off go build ./...",
        "echo $GOWORK",
    ] {
        assert_eq!(said(command), Vec::<String>::new(), "{command}");
    }
}

#[test]
fn a_job_that_builds_after_a_command_that_changes_what_is_selected_is_told() {
    let main = "module example.com/p\ngo 1.26\n";
    let said = |workflow: &str| {
        not_covered(&lock_at(&[("go.mod", main), (".github/workflows/r.yml", workflow)], STDLIB_PATH))
    };
    let of = |command: &str| said(&format!("{}      - run: '{command}'\n", setup("go-version: 1.26.6")));
    for (command, changing) in [
        ("go get a.example/x@v0.3.5 && go build ./...", "go get a.example/x@v0.3.5"),
        (
            "go mod edit -replace a.example/x=../x && goreleaser release",
            "go mod edit -replace a.example/x=../x",
        ),
        ("GO111MODULE=off go build ./...", "GO111MODULE=off go build ./..."),
        ("export GO111MODULE=off; make", "export GO111MODULE=off"),
        ("go build -overlay o.json ./...", "go build -overlay o.json ./..."),
    ] {
        let why = format!(
            "go.mod : .github/workflows/r.yml builds after `{changing}`, which changes what is selected"
        );
        assert_eq!(of(command), [why], "{command}");
    }
    for command in [
        "go get ./... && go build ./...",
        "go build ./... && go get a.example/x@v0.3.5",
        "go mod edit -json && go build",
        "GO111MODULE=off go get a.example/x && go build",
        "go mod download && go build ./...",
    ] {
        assert_eq!(of(command), Vec::<String>::new(), "{command}");
    }
    let other_job = format!(
        "{}      - run: go get a.example/x@v1\n  b:\n    steps:\n      - with: {{ go-version: 1.26.6 }}\n      - run: go build\n",
        setup("go-version: 1.26.6")
    );
    assert_eq!(said(&other_job), Vec::<String>::new());
}

#[test]
fn many_scripts_jobs_and_words_cost_no_time() {
    let names: Vec<String> = (0..400).map(|n| format!("s{n}.sh")).collect();
    let script = format!("{}\n{}", names.join(" "), "GOTOOLCHAIN=".repeat(200));
    let jobs: String =
        (0..200).map(|n| format!("  j{n}:\n    steps:\n      - run: ./s{}.sh\n", n % 400)).collect();
    let line = format!("      - run: '{}'\n", "go tool -modfile=".repeat(2_000));
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), script.as_str())).collect();
    let begun = std::time::Instant::now();
    assert!(released(&line, &jobs, &files[..1]).contains("several Go toolchains"));
    assert!(released("", &jobs, &files).contains("several Go toolchains"));
    assert!(begun.elapsed() < std::time::Duration::from_secs(60), "{:?}", begun.elapsed());
}
