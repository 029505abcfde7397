//! Who may build: every well-known builder at its releases and nowhere else, reusable workflows, builders of a policy.

use serde_json::{Value, json};

use crate::kit::certificates::Extension;
use crate::kit::statement::Build;
use crate::provenance_stage::{
    build, expected_and_found, publish, section, set, stage, subjects, told, v1, v02,
};
use crate::stage::{Stage, assert_verified, said};

const WORKFLOWS: &str = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/";
const DELEGATED: &str = "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0";
const BUILDER: &str = "rejected: provenance/builder fail";
const ALL: &str = "builders = [\"slsa-github-generator\"]";

/// A well-known builder: its name, who signs for it, whom its predicate names, the type of its builds.
type WellKnown = (&'static str, &'static str, &'static str, &'static str);

const WELL_KNOWN: [WellKnown; 8] = [
    (
        "generic",
        "generator_generic_slsa3.yml",
        "generator_generic_slsa3.yml",
        "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
    ),
    (
        "go",
        "builder_go_slsa3.yml",
        "builder_go_slsa3.yml",
        "https://github.com/slsa-framework/slsa-github-generator/go@v1",
    ),
    (
        "container",
        "generator_container_slsa3.yml",
        "generator_container_slsa3.yml",
        "https://github.com/slsa-framework/slsa-github-generator/container@v1",
    ),
    (
        "container-based",
        "builder_container-based_slsa3.yml",
        "builder_container-based_slsa3.yml",
        "https://slsa.dev/container-based-build/v0.1?draft",
    ),
    ("maven", "delegator_lowperms-generic_slsa3.yml", "builder_maven_slsa3.yml", DELEGATED),
    ("gradle", "delegator_lowperms-generic_slsa3.yml", "builder_gradle_slsa3.yml", DELEGATED),
    ("nodejs", "delegator_lowperms-generic_slsa3.yml", "builder_nodejs_slsa3.yml", DELEGATED),
    ("bazel", "delegator_generic_slsa3.yml", "builder_bazel_slsa3.yml", DELEGATED),
];

/// What that builder says of the release's build, at those refs of its own.
fn predicate(stage: &Stage, known: WellKnown, id_ref: &str) -> Value {
    let (_, _, id, build_type) = known;
    let run = build(stage);
    let id = format!("{WORKFLOWS}{id}@{id_ref}");
    if !build_type.ends_with("@v0") && !build_type.contains("container-based") {
        let mut statement = v02(stage);
        set(&mut statement, "/predicate/builder/id", json!(id));
        set(&mut statement, "/predicate/buildType", json!(build_type));
        return statement;
    }
    let mut statement = v1(stage);
    let source = json!({
        "uri": format!("git+{}@{}", run.repository_uri(), run.reference), "digest": {"sha1": run.commit},
    });
    let parameters = if build_type == DELEGATED {
        json!({"inputs": {"jdk-version": 17}, "vars": {}})
    } else {
        json!({
            "source": source, "configPath": "c.toml", "buildConfig": {"Command": ["make"], "ArtifactPath": "w"},
            "builderImage": {"uri": "bash@sha256:ab", "digest": {"sha256": "ab"}},
        })
    };
    set(&mut statement, "/predicate/buildDefinition/buildType", json!(build_type));
    set(&mut statement, "/predicate/buildDefinition/externalParameters", parameters);
    set(
        &mut statement,
        "/predicate/buildDefinition/internalParameters",
        json!({
            "GITHUB_EVENT_NAME": run.trigger, "GITHUB_REF": run.reference, "GITHUB_SHA": run.commit,
            "GITHUB_REPOSITORY": run.repository, "GITHUB_RUN_ID": run.run, "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_WORKFLOW_REF": format!("{}/{}@{}", run.repository, run.workflow, run.reference),
            "GITHUB_EVENT_PAYLOAD": {"inputs": null, "ref": run.reference},
        }),
    );
    set(&mut statement, "/predicate/runDetails/builder/id", json!(id));
    statement
}

/// The outcome of a build by that builder, signed at one ref and naming another, by a policy that names `builders`.
fn by(known: WellKnown, signer_ref: &str, id_ref: &str, builders: &str) -> String {
    let mut stage = stage();
    stage.policy = stage.policy.replace(ALL, &format!("builders = {builders}"));
    let signer = Some(format!("{WORKFLOWS}{}@{signer_ref}", known.1));
    publish(&stage, &predicate(&stage, known, id_ref), &Build { signer, ..build(&stage) });
    told(&stage)
}

#[test]
fn every_well_known_builder_counts_at_its_releases_and_nowhere_else() {
    let (release, mut accepted, mut refused) = ("refs/tags/v2.1.0", 0, 0);
    for known in WELL_KNOWN {
        let own = format!("[\"slsa-github-generator/{}\"]", known.0);
        for builders in [own.as_str(), "[\"slsa-github-generator\"]"] {
            assert_eq!(by(known, release, release, builders), "verified", "{}", known.0);
            accepted += 1;
        }
        for bad in [
            "refs/heads/main",
            "refs/tags/v2",
            "refs/tags/v2.1",
            "refs/tags/v2.1.0-rc.1",
            "refs/pull/1/merge",
        ] {
            assert_eq!(by(known, bad, bad, &own), BUILDER, "{} at {bad}", known.0);
            refused += 1;
        }
        // Another release of the builder than the one that signed.
        assert_eq!(by(known, release, "refs/tags/v2.0.0", &own), BUILDER, "{}", known.0);
        assert_eq!(by(known, release, release, "[]"), BUILDER, "{}", known.0);
        refused += 2;
        for other in WELL_KNOWN.iter().filter(|other| other.0 != known.0) {
            let builders = format!("[\"slsa-github-generator/{}\"]", other.0);
            assert_eq!(by(known, release, release, &builders), BUILDER, "{} as {}", known.0, other.0);
            refused += 1;
        }
    }
    eprintln!("{accepted} builds by well-known builders verified, {refused} refused by provenance/builder");
}

#[test]
fn a_well_known_builder_at_a_branch_is_told_what_counts() {
    let mut stage = stage();
    stage.policy = stage.policy.replace(ALL, "builders = [\"slsa-github-generator/go\"]");
    let signer = format!("{WORKFLOWS}builder_go_slsa3.yml@refs/heads/main");
    publish(
        &stage,
        &predicate(&stage, WELL_KNOWN[1], "refs/heads/main"),
        &Build { signer: Some(signer), ..build(&stage) },
    );
    let report = stage.judge();
    let findings = report.checks.iter().flat_map(|check| &check.findings);
    let fixes: Vec<&str> = findings
        .filter(|one| one.rule.id == "provenance/builder")
        .filter_map(|one| one.fix.as_deref())
        .collect();
    assert!(
        fixes.len() == 3 && fixes[0].contains("refs/tags/vX.Y.Z: refs/heads/main can be moved"),
        "{fixes:?}"
    );
}

#[test]
fn a_well_known_builder_states_its_own_types_of_build_alone() {
    let release = "refs/tags/v2.1.0";
    for known in WELL_KNOWN {
        let stage = stage();
        let mut statement = predicate(&stage, known, release);
        let (old, new) = ("/predicate/buildType", "/predicate/buildDefinition/buildType");
        let at = if statement.pointer(old).is_some() { old } else { new };
        set(&mut statement, at, json!("https://builds.example/v1"));
        let signer = Some(format!("{WORKFLOWS}{}@{release}", known.1));
        publish(&stage, &statement, &Build { signer, ..build(&stage) });
        let expected = "rejected: provenance/parameters fail | provenance/parameters undetermined";
        // The source of a delegated or container-based build is found by its type.
        assert_eq!(told(&stage), expected, "{}", known.0);
    }
}

#[test]
fn a_builder_of_others_builds_this_repositorys_tag_or_nothing() {
    let signer = Some(format!("{WORKFLOWS}generator_generic_slsa3.yml@refs/tags/v2.1.0"));
    let built = |change: &dyn Fn(&mut Build)| {
        let stage = stage();
        let mut run = Build { signer: signer.clone(), ..build(&stage) };
        change(&mut run);
        let statement = crate::kit::statement::Provenance::v02(&run, subjects(&stage)).statement();
        publish(&stage, &statement, &run);
        told(&stage)
    };
    assert_eq!(built(&|_| {}), "verified");
    assert_eq!(built(&|run| run.repository = "evil/widget".to_owned()), "rejected: provenance/source fail");
    assert_eq!(built(&|run| run.reference = "refs/heads/main".to_owned()), "rejected: provenance/ref fail");
    assert_eq!(built(&|run| run.commit = "0".repeat(40)), "rejected: provenance/commit fail");
    assert_eq!(
        built(&|run| run.trigger = "pull_request_target".to_owned()),
        "rejected: provenance/trigger fail"
    );
}

#[test]
fn a_reusable_workflow_of_the_repository_itself_signs_as_its_own() {
    let stage = stage();
    let own = "https://github.com/acme/widget/.github/workflows/build.yml@refs/tags/v1.2.3";
    let run =
        Build { signer: Some(own.to_owned()), trigger: "workflow_dispatch".to_owned(), ..build(&stage) };
    publish(&stage, &crate::kit::statement::Provenance::v1(&run, subjects(&stage)).statement(), &run);
    assert_verified(&stage.judge(), "a reusable workflow");
    // What the generation of attestations before that named: the sort of runner.
    let mut statement = v1(&stage);
    set(
        &mut statement,
        "/predicate/runDetails/builder/id",
        json!("https://github.com/actions/runner/github-hosted"),
    );
    publish(&stage, &statement, &build(&stage));
    assert_eq!(told(&stage), "verified");
    set(
        &mut statement,
        "/predicate/runDetails/builder/id",
        json!("https://github.com/actions/runner/self-hosted"),
    );
    publish(&stage, &statement, &build(&stage));
    assert_eq!(told(&stage), BUILDER);
}

#[test]
fn a_builder_of_the_policy_states_the_types_of_build_that_it_names() {
    let named = |types: &str| {
        let mut stage = stage();
        let entry = format!(
            "[[rules.provenance.builder]]\nissuer = \"https://token.actions.githubusercontent.com\"\nsigner = \
             \"https://github.com/{{repository}}/.github/workflows/release.yml@refs/tags/{{tag}}\"\nlevel = 3\n{types}\n"
        );
        stage.policy =
            stage.policy.replace("derive = true\nrefs", "derive = false\nrefs").replace(ALL, &entry);
        told(&stage)
    };
    assert_eq!(named(""), "verified");
    assert_eq!(named("build-types = [\"https://actions.github.io/buildtypes/workflow/v1\"]"), "verified");
    assert_eq!(named("build-types = [\"https://b.example\"]"), "rejected: provenance/parameters fail");
}

#[test]
fn a_certificate_that_names_two_signers_is_refused() {
    let stage = stage();
    let identity = crate::kit::certificates::Identity::workflow(&build(&stage)).with(
        Extension::BuildSignerUri,
        "https://github.com/acme/widget/.github/workflows/other.yml@refs/tags/v1.2.3",
    );
    let content = crate::kit::bundle::Content::statement(&v1(&stage));
    stage.publish(crate::provenance_stage::PROVENANCE, &crate::stage::bundle(&content, &identity));
    assert_eq!(told(&stage), BUILDER);
}

#[test]
fn the_level_is_explained_and_so_is_why_it_is_no_higher() {
    let own = said(&stage().judge(), "provenance/verified");
    let phrase = "SLSA Build L2: signed by the release's own workflow on a hosted runner; for L3 the signer must be a \
                  reusable workflow of a trusted builder";
    assert!(own.len() == 3 && own.iter().all(|line| line.ends_with(phrase)), "{own:?}");
    let mut asked = stage();
    section(&mut asked, "min-level = 3");
    assert_eq!(told(&asked), "rejected: provenance/level fail");
    let (expected, found) = expected_and_found(&asked, "provenance/level");
    assert_eq!(expected, "L3 or higher");
    assert!(
        found.starts_with("L2: signed by the release's own workflow") && found.contains("for L3"),
        "{found}"
    );
    let json = relcheck::report::json::render(&asked.judge());
    let markdown = relcheck::report::markdown::render(&asked.judge());
    assert!(json.contains("for L3 the signer must be") && markdown.contains("for L3 the signer must be"));
}
