//! Ways in which a scanner may run that are not followed, each beside a project that takes none: rule and outcome.

use super::{
    Project,
    scanning::{AT, project, says, script},
};

const NONE: &str = "no workflow and no hook runs a tool that looks for known vulnerabilities in dependencies";

fn unknown(why: &str) -> [String; 1] {
    [format!("undetermined: {NONE}; but .github/workflows/ci.yml, job test {why}")]
}

#[test]
fn a_variable_of_a_makefile_is_put_in_or_makes_it_undetermined() {
    let make = |text: &str| says(project().file("Makefile", text).workflow("make check"));
    let at = "(.github/workflows/ci.yml, job test (Makefile, target check))";
    for text in [
        "NPM ?= npm\ncheck:\n\t$(NPM) audit\n",
        "NPM=npm\ncheck:\n\t@$(NPM) audit\n",
        "check: scan\nscan:\n\tnpm audit\n",
        "check:\n\t$(MAKE) scan\nscan:\n\tnpm audit\n",
    ] {
        let said = make(text);
        assert!(said.len() == 1 && said[0].starts_with("pass: run: npm-audit (.github"), "{text}: {said:?}");
    }
    assert_eq!(make("NPM ?= npm\ncheck:\n\t$(NPM) audit\n"), [format!("pass: run: npm-audit {at}")]);
    for (text, program) in [
        ("check:\n\t$(LINT)\n", "$(LINT)"),
        ("define LINT\nnpm audit\nendef\ncheck:\n\t$(LINT)\n", "$(LINT)"),
        ("NPM = npm\nNPM = echo\ncheck:\n\t$(NPM) audit\n", "$(NPM)"),
    ] {
        let why = format!(
            "calls Makefile, target check, which runs \"{program}\", and what that stands for is not known"
        );
        assert_eq!(make(text), unknown(&why), "{text}");
    }
    assert_eq!(make("NPM = npm\ncheck:\n\t$(NPM) ci\n"), [format!("fail: {NONE}")]);
    // A variable of the environment comes before one that `?=` gives.
    let text = "on: push\njobs:\n  test:\n    runs-on: x\n    env: {NPM: echo}\n    steps: [{uses: actions/checkout@v4}, {run: make check}]\n";
    let files = project().file("Makefile", "NPM ?= npm\ncheck:\n\t$(NPM) audit\n");
    let said = says(files.file(".github/workflows/ci.yml", text));
    assert!(
        said.len() == 1 && said[0].starts_with("undetermined: whether npm-audit is run is not known"),
        "{said:?}"
    );
}

#[test]
fn the_scripts_around_a_script_of_npm_are_run() {
    let npm = |package: &str, call: &str| says(project().file("package.json", package).workflow(call));
    let by = |script: &str| format!("(.github/workflows/ci.yml, job test (package.json, script {script}))");
    let before = r#"{"scripts": {"pretest": "npm audit", "test": "jest"}}"#;
    for call in ["npm test", "npm t", "npm cit", "npm run test"] {
        assert_eq!(npm(before, call), [format!("pass: run: npm-audit {}", by("pretest"))], "{call}");
    }
    let after = r#"{"scripts": {"test": "jest", "posttest": "npm audit"}}"#;
    assert_eq!(npm(after, "npm test"), [format!("pass: run: npm-audit {}", by("posttest"))]);
    assert_eq!(npm(before, "npm test --ignore-scripts"), [format!("fail: {NONE}")]);
    let failed = r#"{"scripts": {"pretest": "false", "test": "npm audit"}}"#;
    assert_eq!(
        npm(failed, "npm test"),
        [format!(
            "undetermined: whether npm-audit is run is not known: what stands before it always fails {}",
            by("test")
        )]
    );
    let own = r#"{"scripts": {"sec": "npm audit", "test": "jest"}}"#;
    for call in ["bun run sec", "node --run sec", "yarn sec"] {
        assert_eq!(npm(own, call), [format!("pass: run: npm-audit {}", by("sec"))], "{call}");
    }
    assert_eq!(npm(own, "npm run sec -- --audit-level=none")[1..].len(), 1);
    assert_eq!(npm(own, "npm test"), [format!("fail: {NONE}")]);
}

#[test]
fn what_may_run_a_scanner_unseen_makes_it_undetermined() {
    for (call, way) in [
        ("bundle exec rake", "runs rake, whose tasks were not read"),
        ("cargo xtask ci", "runs \"cargo xtask\", whose tasks were not read"),
        ("cargo $(echo) audit", "runs \"cargo $(…)\", and what that stands for is not known"),
        ("npm \"$TASK\"", "runs \"npm $TASK\", and what that stands for is not known"),
        ("CMD=\"npm test\"\n$CMD", "runs \"$CMD\", and what that stands for is not known"),
        ("make check", "calls a makefile, which was not read"),
        ("docker build .", "calls a Dockerfile, which was not read"),
        ("cd web && npm run check", "calls a script of package.json, which was not read"),
    ] {
        assert_eq!(script(call), unknown(way), "{call}");
    }
    let below = project().file("package.json", "{}\n").workflow("cd web && npm run check");
    assert_eq!(says(below), unknown("runs a task of web, which was not read"));
    let maven = |plugin: &str| {
        let pom = format!("<project><artifactId>widget</artifactId><plugin>{plugin}</plugin></project>\n");
        says(project().file("pom.xml", &pom).workflow("mvn -B verify"))
    };
    assert_eq!(
        maven("<artifactId>dependency-check-maven</artifactId>"),
        unknown("runs mvn, and pom.xml names \"dependency-check\", whose plugin may run with it")
    );
    assert_eq!(maven("<artifactId>maven-jar-plugin</artifactId>"), [format!("fail: {NONE}")]);
    let image = |text: &str| says(project().file("Dockerfile", text).workflow("docker build ."));
    assert_eq!(
        image("FROM node\nRUN npm audit\n"),
        [
            "undetermined: whether npm-audit is run is not known: it is run while an image is built, and a stage of it may be \
          left out (.github/workflows/ci.yml, job test (Dockerfile))"
        ]
    );
    assert_eq!(image("FROM node\nRUN npm ci\n"), [format!("fail: {NONE}")]);
    let pushed = |text: &str| {
        let build = "on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{uses: docker/build-push-action@v6, with: {context: .}}]\n";
        says(project().file("Dockerfile", text).file(".github/workflows/ci.yml", build)).remove(0)
    };
    assert!(
        pushed("FROM node\nRUN npm audit\n")
            .starts_with("undetermined: whether npm-audit is run is not known: ")
    );
    assert_eq!(pushed("FROM node\nRUN npm ci\n"), format!("fail: {NONE}"));
    for call in
        ["npm ci\nnpm test", "cargo test", "cargo test $ARGS", "sudo apt-get install make", "echo rake"]
    {
        let said = says(project().file("package.json", r#"{"scripts": {"test": "jest"}}"#).workflow(call));
        assert_eq!(said, [format!("fail: {NONE}")], "{call}");
    }
}

#[test]
fn an_action_that_is_a_program_and_settings_of_appveyor_make_it_undetermined() {
    let text = "on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {uses: ./.github/actions/scan}]\n";
    let own = |runs: &str| {
        let action = format!("name: x\nruns: {runs}\n");
        let files = project().file(".github/actions/scan/action.yml", &action);
        says(files.file(".github/workflows/ci.yml", text))
    };
    assert_eq!(
        own("{using: node20, main: index.js}"),
        unknown("uses the action ./.github/actions/scan, a program that was not read")
    );
    assert_eq!(own("{using: composite, steps: []}"), [format!("fail: {NONE}")]);
    let uses = |action: &str| {
        let text = format!("on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{{uses: {action}}}]\n");
        says(project().file(".github/workflows/ci.yml", &text))
    };
    assert_eq!(
        uses("jfrog/frogbot@v2"),
        [format!("undetermined: jfrog/frogbot may scan, and relcheck does not know it {AT}")]
    );
    let appveyor =
        |script: &str| says(project().file("appveyor.yml", &format!("test_script:\n  - cmd: {script}\n")));
    assert_eq!(
        appveyor("npm audit"),
        [
            "undetermined: whether npm-audit is run is not known: AppVeyor may run it in another shell, or in some of its \
          builds alone (appveyor.yml, job test_script)"
        ]
    );
    assert_eq!(appveyor("npm test2"), [format!("fail: {NONE}")]);
    let named = Project::with_policy("Dependencies are scanned with npm audit.").workflow("bundle exec rake");
    assert_eq!(
        says(named),
        [
            "undetermined: no workflow and no hook runs npm-audit; but .github/workflows/ci.yml, job test runs rake, whose \
          tasks were not read"
        ]
    );
}

#[test]
fn an_app_of_the_forge_leaves_no_file() {
    let said = |policy: &str| says(Project::with_policy(policy).workflow("cargo test"));
    assert_eq!(
        said("We use Snyk to monitor our dependencies."),
        [
            "undetermined: no workflow runs Snyk; its app on the forge leaves no file, and only the forge could tell of it"
        ]
    );
    for refuted in
        ["Dependencies are scanned with Snyk in our CI.", "Dependencies are scanned with Snyk and npm audit."]
    {
        assert!(said(refuted)[0].starts_with("fail: "), "{refuted}: {:?}", said(refuted));
    }
}

#[test]
fn a_tool_that_is_said_to_run_weekly_needs_a_schedule_of_its_own() {
    let on = |on: &str, action: &str| {
        let policy = "We run CodeQL weekly.";
        let text = format!(
            "on: {on}\njobs:\n  test:\n    runs-on: x\n    steps: [{{uses: actions/checkout@v4}}, {{uses: github/codeql-action/init@v3}}, {{uses: {action}}}]\n"
        );
        Project::with_policy(policy).file(".github/workflows/ci.yml", &text).says("schedule")
    };
    let weekly = "{schedule: [{cron: '0 3 * * 1'}]}";
    let codeql = "github/codeql-action/analyze@v3";
    let none = ["fail 3 \"We run CodeQL weekly\": no scan runs on a schedule"];
    assert_eq!(on("push", codeql), none);
    assert_eq!(
        on(weekly, codeql),
        [
            "pass 3 \"We run CodeQL weekly\": codeql runs by cron \"0 3 * * 1\" (.github/workflows/ci.yml, job test)"
        ]
    );
    assert_eq!(
        on(weekly, "securego/gosec@v2"),
        [
            "undetermined 3 \"We run CodeQL weekly\": no workflow runs CodeQL; its default setup leaves no file, and only the \
          forge could tell of it"
        ]
    );
}

#[test]
fn what_a_forge_or_a_registry_scans_leaves_no_file() {
    let said = |policy: &str, rule: &str| Project::with_policy(policy).workflow("cargo test").says(rule);
    for (policy, rule, why) in [
        (
            "Secret scanning with push protection is enabled on GitHub.",
            "secret-scanning",
            "the forge's own needs no file, and only the forge could tell of it",
        ),
        ("The Docker image is scanned by Docker Hub.", "container-scanning", "registries were not looked at"),
    ] {
        let quoted = policy.trim_end_matches('.');
        assert_eq!(said(policy, rule), [format!("undetermined 3 \"{quoted}\": {why}")]);
    }
    for (policy, rule) in [
        ("Secrets are scanned in our GitHub Actions workflow.", "secret-scanning"),
        ("The Docker image is scanned in CI.", "container-scanning"),
    ] {
        assert!(said(policy, rule)[0].starts_with("fail "), "{policy}: {:?}", said(policy, rule));
    }
    assert!(said("Our website is scanned weekly for malware.", "schedule").is_empty());
}

#[test]
fn a_threshold_of_a_runner_of_tests_is_not_known_to_be_missing() {
    let said = |path: &str, text: &str, script: &str| {
        let policy = Project::with_policy("Our test coverage is kept above 90%.");
        policy.file(path, text).workflow(script).says("coverage")
    };
    let quoted = "3 \"Our test coverage is kept above 90%\"";
    let unknown = format!(
        "undetermined {quoted}: no threshold is set for coverage.py, Codecov or Jest in package.json, and those of other \
         tools are not read"
    );
    for (path, text, script) in [
        ("package.json", r#"{"scripts": {"test": "jest"}}"#, "npm test"),
        ("package.json", r#"{"scripts": {"test": "mocha"}}"#, "npx nyc npm test"),
        ("Cargo.toml", "[dependencies]\na = \"1\"\n", "cargo llvm-cov --fail-under-lines 90"),
        ("go.mod", "module example.org/a\n", "go test ./..."),
        ("build.gradle", "dependencies { }\n", "./gradlew check"),
        ("Gemfile", "gem \"rack\"\n", "bundle exec rspec"),
        ("CMakeLists.txt", "project(a)\n", "gcovr --fail-under-line 90"),
    ] {
        assert_eq!(said(path, text, script), std::slice::from_ref(&unknown), "{path}");
    }
    let none = format!("fail {quoted}: nothing fails when coverage falls: no threshold is set (fail_under)");
    assert_eq!(said("requirements.txt", "a==1\n", "pytest --cov"), [none]);
}
