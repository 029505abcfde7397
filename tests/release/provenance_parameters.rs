//! What a build was told, and what its predicate says of the run: each thing changed alone, with the rule that says so.

use serde_json::{Value, json};

use crate::kit::certificates::Identity;
use crate::kit::statement::{Build, Provenance};
use crate::provenance_stage::{
    build, expected_and_found, level, publish, section, set, stage, subjects, told, v1, v02,
};
use crate::stage::said;

const PARAMETERS: &str = "rejected: provenance/parameters fail";

/// The outcome of a statement with one member changed.
fn changed(statement: &Value, pointer: &str, value: Value) -> String {
    let stage = stage();
    let mut statement = statement.clone();
    set(&mut statement, pointer, value);
    publish(&stage, &statement, &build(&stage));
    told(&stage)
}

#[test]
fn what_the_predicate_says_of_the_run_is_held_against_the_certificate() {
    let (v1, v02) = (v1(&stage()), v02(&stage()));
    let internal = "/predicate/buildDefinition/internalParameters";
    let workflow = "/predicate/buildDefinition/externalParameters/workflow";
    let environment = "/predicate/invocation/environment";
    let run = "https://github.com/acme/widget/actions/runs";
    let other_commit = "1".repeat(40);
    let cases: Vec<(&Value, String, Value, &str)> = vec![
        (&v1, format!("{workflow}/path"), json!(".github/workflows/other.yml"), PARAMETERS),
        (
            &v1,
            "/predicate/runDetails/metadata/invocationId".into(),
            json!(format!("{run}/1/attempts/1")),
            PARAMETERS,
        ),
        (
            &v1,
            "/predicate/runDetails/metadata/invocationId".into(),
            json!(format!("{run}/9001/attempts/2")),
            PARAMETERS,
        ),
        (&v1, format!("{internal}/github/event_name"), json!("release"), "rejected: provenance/trigger fail"),
        (
            &v1,
            format!("{internal}/github/event_name"),
            json!("pull_request"),
            "rejected: provenance/trigger fail",
        ),
        (&v1, format!("{internal}/github/runner_environment"), json!("self-hosted"), PARAMETERS),
        (
            &v1,
            format!("{internal}/GITHUB_REPOSITORY"),
            json!("evil/widget"),
            "rejected: provenance/source fail",
        ),
        (&v1, format!("{internal}/GITHUB_REF"), json!("refs/heads/main"), "rejected: provenance/ref fail"),
        (&v1, format!("{internal}/GITHUB_SHA"), json!(other_commit), "rejected: provenance/commit fail"),
        (&v1, format!("{internal}/GITHUB_RUN_ID"), json!(1), PARAMETERS),
        (
            &v1,
            format!("{internal}/GITHUB_WORKFLOW_REF"),
            json!("acme/widget/.github/workflows/other.yml@refs/tags/v1.2.3"),
            PARAMETERS,
        ),
        (
            &v02,
            "/predicate/invocation/configSource/entryPoint".into(),
            json!(".github/workflows/other.yml"),
            PARAMETERS,
        ),
        (&v02, "/predicate/metadata/buildInvocationID".into(), json!("9001-2"), PARAMETERS),
        (&v02, format!("{environment}/github_run_id"), json!("9002"), PARAMETERS),
        (&v02, format!("{environment}/github_run_attempt"), json!("2"), PARAMETERS),
        (
            &v02,
            format!("{environment}/github_event_name"),
            json!("pull_request_target"),
            "rejected: provenance/trigger fail",
        ),
        (
            &v02,
            format!("{environment}/github_ref"),
            json!("refs/heads/main"),
            "rejected: provenance/ref fail",
        ),
        (&v02, format!("{environment}/github_sha1"), json!(other_commit), "rejected: provenance/commit fail"),
        (&v02, format!("{environment}/github_run_id"), json!([1]), "rejected: provenance/invalid fail"),
    ];
    let n = cases.len();
    for (statement, pointer, value, expected) in cases {
        assert_eq!(changed(statement, &pointer, value.clone()), expected, "{pointer} = {value}");
    }
    eprintln!("{n} contradictions between predicate and certificate, each refused by its rule");
}

#[test]
fn what_says_the_same_in_another_spelling_holds() {
    let (v1, v02) = (v1(&stage()), v02(&stage()));
    for (statement, pointer, value) in [
        (&v1, "/predicate/buildDefinition/internalParameters/GITHUB_RUN_ID", json!(9001)),
        (&v1, "/predicate/buildDefinition/internalParameters/GITHUB_REPOSITORY", json!("acme/widget")),
        (&v1, "/predicate/buildDefinition/internalParameters/github", Value::Null),
        (&v1, "/predicate/runDetails/metadata", Value::Null),
        (
            &v02,
            "/predicate/metadata/buildInvocationID",
            json!("https://github.com/acme/widget/actions/runs/9001/attempts/1"),
        ),
        (&v02, "/predicate/invocation/environment", Value::Null),
        (&v02, "/predicate/invocation/parameters", Value::Null),
    ] {
        assert_eq!(changed(statement, pointer, value.clone()), "verified", "{pointer} = {value}");
    }
}

#[test]
fn a_predicate_that_names_no_source_is_held_by_the_certificate_which_is_said() {
    let stage = stage();
    let mut statement = v02(&stage);
    set(&mut statement, "/predicate/invocation/configSource", json!({}));
    set(&mut statement, "/predicate/materials", json!([]));
    set(&mut statement, "/predicate/invocation/environment", json!({}));
    publish(&stage, &statement, &build(&stage));
    assert_eq!(told(&stage), "verified");
    for rule in ["provenance/source", "provenance/ref", "provenance/commit", "provenance/trigger"] {
        let lines = said(&stage.judge(), rule);
        let phrase = ", by the certificate; the predicate does not say";
        assert!(lines.len() == 3 && lines.iter().all(|line| line.ends_with(phrase)), "{lines:?}");
    }
}

#[test]
fn another_commit_of_the_source_is_not_passed_over_because_it_stands_at_another_ref() {
    let stage = stage();
    let place = "/predicate/buildDefinition/resolvedDependencies";
    let at = |uri: &str, commit: &str| json!([{ "uri": uri, "digest": { "gitCommit": commit } }]);
    let (branch, other) = ("git+https://github.com/acme/widget@refs/heads/x", "a".repeat(40));
    let statement = v1(&stage);
    assert_eq!(changed(&statement, place, at(branch, &other)), "rejected: provenance/commit fail");
    // Of another repository it says nothing; and the workflow may come from a branch beside the source.
    let elsewhere = at("git+https://github.com/acme/tools@refs/heads/x", &other);
    assert_eq!(changed(&statement, place, elsewhere), "verified");
    let mut both = statement.pointer(place).unwrap().as_array().unwrap().clone();
    both.extend(at(branch, &other).as_array().unwrap().clone());
    assert_eq!(changed(&statement, place, json!(both)), "verified");
}

#[test]
fn no_policy_allows_a_build_for_a_pull_request() {
    let list = "triggers = [\"push\", \"release\", \"workflow_dispatch\", \"create\"]";
    for event in ["pull_request", "pull_request_target", "merge_request_event", "external_pull_request_event"]
    {
        let mut stage = stage();
        stage.policy = stage.policy.replace(list, &format!("triggers = [\"push\", \"{event}\"]"));
        let run = Build { trigger: event.to_owned(), ..build(&stage) };
        publish(&stage, &Provenance::v1(&run, subjects(&stage)).statement(), &run);
        assert_eq!(told(&stage), "rejected: provenance/trigger fail", "{event}");
    }
}

#[test]
fn parameters_that_the_type_of_build_does_not_have_are_shown() {
    let mut odd = stage();
    let mut statement = v1(&odd);
    set(&mut statement, "/predicate/buildDefinition/externalParameters/deployment", json!({"id": 1}));
    set(&mut statement, "/predicate/buildDefinition/externalParameters/workflow/shell", json!("\u{1b}[2J"));
    publish(&odd, &statement, &build(&odd));
    assert_eq!(told(&odd), "verified | provenance/parameters fail");
    let (expected, found) = expected_and_found(&odd, "provenance/parameters");
    assert_eq!((expected.as_str(), found.as_str()), ("no such parameters", "deployment.id, workflow.shell"));
    level(&mut odd, "provenance/parameters", "require");
    assert_eq!(told(&odd), PARAMETERS);
    let mut old = v02(&odd);
    set(&mut old, "/predicate/invocation/parameters/x", json!(1));
    publish(&odd, &old, &build(&odd));
    assert_eq!(told(&odd), PARAMETERS);
}

#[test]
fn a_type_of_build_that_is_not_known_is_a_warning_and_required_on_demand() {
    let mut stage = stage();
    let mut statement = v1(&stage);
    set(&mut statement, "/predicate/buildDefinition/buildType", json!("https://builds.example/v1"));
    publish(&stage, &statement, &build(&stage));
    assert_eq!(told(&stage), "verified | provenance/parameters undetermined");
    level(&mut stage, "provenance/parameters", "require");
    assert_eq!(told(&stage), "undetermined: provenance/parameters undetermined");
}

#[test]
fn inputs_that_somebody_chose_are_allowed_warned_of_or_refused() {
    type Statement = fn(&crate::stage::Stage) -> Value;
    let chosen: [(Statement, &str, Value, &str); 5] = [
        (
            v1,
            "/predicate/buildDefinition/externalParameters/inputs",
            json!({"target": "debug"}),
            "inputs.target=debug",
        ),
        (v1, "/predicate/buildDefinition/externalParameters/vars", json!({"A": "b"}), "vars.A=b"),
        (
            v02,
            "/predicate/invocation/parameters",
            json!({"event_inputs": {"a": true}}),
            "event_inputs.a=true",
        ),
        (
            v02,
            "/predicate/invocation/environment/github_event_payload",
            json!({"inputs": {"a": "b"}}),
            "inputs.a=b",
        ),
        (
            v1,
            "/predicate/buildDefinition/internalParameters/GITHUB_EVENT_PAYLOAD",
            json!({"inputs": {"a": 1}}),
            "inputs.a=1",
        ),
    ];
    for (statement, pointer, value, shown) in chosen {
        for (policy, expected) in [
            ("", "verified | provenance/parameters fail"),
            ("workflow-inputs = \"warn\"", "verified | provenance/parameters fail"),
            ("workflow-inputs = \"allow\"", "verified"),
            ("workflow-inputs = \"refuse\"", PARAMETERS),
        ] {
            let mut stage = stage();
            section(&mut stage, policy);
            let mut statement = statement(&stage);
            set(&mut statement, pointer, value.clone());
            publish(&stage, &statement, &build(&stage));
            assert_eq!(told(&stage), expected, "{pointer} {policy}");
            let lines = said(&stage.judge(), "provenance/parameters");
            assert!(lines.iter().any(|line| line.contains(shown)), "{shown}: {lines:?}");
        }
    }
    // Nothing was chosen.
    for empty in [json!({}), Value::Null, json!({"a": ""})] {
        let mut stage = stage();
        section(&mut stage, "workflow-inputs = \"refuse\"");
        let mut statement = v02(&stage);
        let payload = json!({"inputs": empty});
        set(&mut statement, "/predicate/invocation/environment/github_event_payload", payload);
        publish(&stage, &statement, &build(&stage));
        assert_eq!(told(&stage), "verified");
    }
}

#[test]
fn a_parameter_that_the_policy_asks_for_has_exactly_that_value() {
    let with = |line: &str| {
        let mut stage = stage();
        section(&mut stage, line);
        let mut statement = v1(&stage);
        let inputs = json!({"jdk": 17, "fast": true, "os": "linux"});
        set(&mut statement, "/predicate/buildDefinition/externalParameters/inputs", inputs);
        publish(&stage, &statement, &build(&stage));
        let told = told(&stage);
        told.strip_suffix(" | provenance/parameters fail").unwrap_or(&told).to_owned()
    };
    for good in [
        "\"workflow.path\" = \".github/workflows/release.yml\"",
        "\"inputs.jdk\" = 17",
        "\"inputs.fast\" = true, \"inputs.os\" = \"linux\"",
    ] {
        assert_eq!(with(&format!("parameters = {{ {good} }}")), "verified", "{good}");
    }
    for bad in [
        "\"workflow.path\" = \".github/workflows/other.yml\"",
        "\"inputs.jdk\" = \"17\"",
        "\"inputs.jdk\" = 18",
        "\"inputs.fast\" = false",
        "\"inputs.missing\" = \"\"",
        "\"inputs\" = \"linux\"",
        "\"inputs.os\" = \"Linux\"",
        "\"inputs.os\" = \"lin*\"",
    ] {
        assert_eq!(with(&format!("parameters = {{ {bad} }}")), PARAMETERS, "{bad}");
    }
}

#[test]
fn a_runner_of_ones_own_is_a_warning_and_refused_on_demand() {
    let mut stage = stage();
    let run = Build { runner: "self-hosted".to_owned(), ..build(&stage) };
    let statement = Provenance::v1(&run, subjects(&stage)).statement();
    publish(&stage, &statement, &run);
    assert_eq!(told(&stage), "verified | provenance/runner fail");
    assert_eq!(expected_and_found(&stage, "provenance/runner").1, "self-hosted");
    let verified = said(&stage.judge(), "provenance/verified");
    assert!(
        verified[0]
            .ends_with("L1: built on a self-hosted runner; for L2 the runner must be the platform's own")
    );
    level(&mut stage, "provenance/runner", "require");
    assert_eq!(told(&stage), "rejected: provenance/runner fail");
    // Provenance of a hosted runner, signed on another one.
    let content = crate::kit::bundle::Content::statement(&v1(&stage));
    stage.publish(
        crate::provenance_stage::PROVENANCE,
        &crate::stage::bundle(&content, &Identity::workflow(&run)),
    );
    assert_eq!(told(&stage), "rejected: provenance/parameters fail, provenance/runner fail");
}

#[test]
fn the_workflow_that_a_generator_was_called_by_can_be_asked_for() {
    for (asked, expected) in
        [(".github/workflows/release.yml", "verified"), (".github/workflows/x.yml", PARAMETERS)]
    {
        let mut stage = stage();
        section(&mut stage, &format!("parameters = {{ entryPoint = \"{asked}\" }}"));
        publish(&stage, &v02(&stage), &build(&stage));
        assert_eq!(told(&stage), expected, "{asked}");
    }
}
