//! Provenance that a builder signs with a key: only what the policy grants it, and never more than its word.

use serde_json::{Value, json};

use relcheck::policy::Policy;

use crate::kit::keys::Key;
use crate::kit::statement::Provenance;
use crate::provenance_stage::{
    PROVENANCE, build, provenance_key, publish_keyed, section, set, stage, statement, subjects, told,
};
use crate::stage::{Stage, said};

const ID: &str = "https://builders.example/ci";
const GOOGLE: &str = "https://cloudbuild.googleapis.com/GoogleHostedWorker";

fn entry(id: &str, level: u8) -> String {
    format!("[[rules.provenance.builder]]\nkey = \"ci\"\nid = \"{id}\"\nlevel = {level}\n")
}

/// The good release, whose builder signs with the key `ci`; the key signs no artifacts.
fn keyed(statement: &Value, builder: &str) -> Stage {
    let mut stage = stage();
    publish_keyed(&stage, PROVENANCE, statement, "ci");
    stage.policy += &(provenance_key("ci", &Key::named("ci").public_pem()) + builder);
    stage
}

fn provenance() -> Value {
    let stage = stage();
    let mut provenance = Provenance::v02(&build(&stage), subjects(&stage));
    provenance.builder = ID.to_owned();
    provenance.statement()
}

#[test]
fn a_builder_known_by_its_key_is_believed_as_far_as_the_policy_says() {
    let stage = keyed(&provenance(), &entry(ID, 2));
    assert_eq!(told(&stage), "verified");
    let report = stage.judge();
    assert!(report.release.artifacts.iter().all(|one| one.slsa_build_level == Some(2)));
    for rule in ["provenance/source", "provenance/ref", "provenance/commit", "provenance/trigger"] {
        let lines = said(&report, rule);
        let phrase = "by the word of the builder alone: its provenance is signed with a key";
        assert!(lines.len() == 3 && lines.iter().all(|line| line.ends_with(phrase)), "{lines:?}");
    }
    let phrase = "L2: signed with a key that the policy grants this; for L3 the signer must be known by a certificate \
                  of the build platform";
    assert!(said(&report, "provenance/verified").iter().all(|line| line.ends_with(phrase)));
    let mut asked = stage;
    section(&mut asked, "min-level = 3");
    assert_eq!(told(&asked), "rejected: provenance/level fail");
}

#[test]
fn without_such_a_policy_its_word_decides_nothing() {
    let unknown = "undetermined: provenance/builder undetermined";
    assert_eq!(told(&keyed(&provenance(), "")), unknown);
    let other =
        "[[rules.provenance.builder]]\nkey = \"other\"\nid = \"https://builders.example/ci\"\nlevel = 2\n";
    let other = provenance_key("other", &Key::named("other").public_pem()) + other;
    assert_eq!(told(&keyed(&provenance(), &other)), unknown);
    assert_eq!(
        told(&keyed(&provenance(), &entry("https://builders.example/*/x", 2))),
        "rejected: provenance/builder fail"
    );
}

#[test]
fn each_thing_that_its_predicate_says_otherwise_or_not_at_all_is_refused_by_its_rule() {
    let config = "/predicate/invocation/configSource";
    type Changes = Vec<(&'static str, Value)>;
    let cases: Vec<(&str, Changes, &str)> = vec![
        (
            "builder",
            vec![("/predicate/builder/id", json!("https://builders.example/c"))],
            "rejected: provenance/builder fail",
        ),
        (
            "source",
            vec![(
                config,
                json!({"uri": "git+https://github.com/evil/widget@refs/tags/v1.2.3", "digest": {"sha1": stage().written.commit}}),
            )],
            "rejected: provenance/source fail",
        ),
        (
            "ref",
            vec![
                (
                    config,
                    json!({"uri": "git+https://github.com/acme/widget@refs/heads/main", "digest": {"sha1": stage().written.commit}}),
                ),
                ("/predicate/invocation/environment", json!({"github_event_name": "push"})),
            ],
            "rejected: provenance/ref fail",
        ),
        (
            "commit",
            vec![("/predicate/invocation/environment/github_sha1", json!("1".repeat(40)))],
            "rejected: provenance/commit fail",
        ),
        (
            "trigger",
            vec![("/predicate/invocation/environment/github_event_name", json!("pull_request_target"))],
            "rejected: provenance/trigger fail",
        ),
        (
            "no source",
            vec![
                (config, json!({})),
                ("/predicate/invocation/environment", json!({"github_event_name": "push"})),
            ],
            "undetermined: provenance/commit undetermined, provenance/ref undetermined, provenance/source undetermined",
        ),
        (
            "no event",
            vec![("/predicate/invocation/environment/github_event_name", Value::Null)],
            "verified | provenance/trigger undetermined",
        ),
    ];
    for (what, changes, expected) in cases {
        let mut statement = provenance();
        set(&mut statement, "/predicate/materials", json!([]));
        for (pointer, value) in changes {
            set(&mut statement, pointer, value);
        }
        assert_eq!(told(&keyed(&statement, &entry(ID, 2))), expected, "{what}");
    }
}

#[test]
fn a_key_of_a_builder_alone_signs_no_artifact() {
    let stage = keyed(&provenance(), &entry(ID, 2));
    for name in &stage.written.artifacts {
        stage.withdraw(&format!("{name}.sigstore.json"));
        let signature = Key::named("ci").detached_signature(&stage.read(name));
        stage.publish(&format!("{name}.sig"), signature.as_bytes());
    }
    assert_eq!(told(&stage), "rejected: signatures/identity fail");
}

/// What Google Cloud Build says of a build that a tag started.
fn google(stage: &Stage, parameters: &Value, dependency: &str) -> Value {
    let commit = &stage.written.commit;
    let predicate = json!({
        "buildDefinition": {
            "buildType": "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
            "externalParameters": parameters,
            "internalParameters": {
                "systemSubstitutions": {"COMMIT_SHA": commit, "TAG_NAME": "v1.2.3", "REPO_NAME": "widget"},
                "triggerUri": "projects/1/locations/global/triggers/2",
            },
            "resolvedDependencies": [{"uri": dependency, "digest": {"gitCommit": commit}}],
        },
        "runDetails": {
            "builder": {"id": GOOGLE},
            "metadata": {"invocationId": "https://cloudbuild.googleapis.com/v1/projects/p/locations/global/builds/1"},
        },
    });
    crate::provenance_stage::statement(stage, "https://slsa.dev/provenance/v1", &predicate)
}

#[test]
fn google_cloud_build_is_a_builder_with_a_key() {
    let stage = stage();
    let source = |reference: &str, repository: &str| {
        json!({
            "buildConfigSource": {"repository": format!("git+https://github.com/{repository}"), "ref": reference, "path": "cloudbuild.yaml"},
            "substitutions": {},
        })
    };
    let repository = "git+https://github.com/acme/widget";
    let pinned = format!("{repository}.git@{}", stage.written.commit);
    let aside = " | provenance/trigger undetermined";
    let told = |parameters: &Value, dependency: &str| {
        let told = told(&keyed(&google(&stage, parameters, dependency), &entry(GOOGLE, 2)));
        told.strip_suffix(aside).unwrap_or_else(|| panic!("{told}")).to_owned()
    };
    let good = source("refs/tags/v1.2.3", "acme/widget");
    for (parameters, dependency) in
        [(&good, repository), (&good, &pinned), (&json!({"substitutions": {}}), &pinned)]
    {
        assert_eq!(told(parameters, dependency), "verified", "{dependency}");
    }
    assert_eq!(told(&source("refs/heads/main", "acme/widget"), repository), "rejected: provenance/ref fail");
    assert_eq!(
        told(&source("refs/tags/v1.2.3", "evil/widget"), repository),
        "rejected: provenance/source fail"
    );
    let moved = format!("{repository}@{}", "1".repeat(40));
    assert_eq!(told(&json!({}), &moved), "rejected: provenance/commit fail");
    // An archive in a bucket is no repository.
    assert_eq!(told(&json!({}), "gs://bucket/source.tgz"), "undetermined: provenance/source undetermined");
}

#[test]
fn gitlabs_runner_names_the_commit_its_own_way() {
    let stage = stage();
    let commit = stage.written.commit.clone();
    let predicate = json!({
        "buildDefinition": {
            "buildType": "https://gitlab.com/gitlab-org/gitlab-runner/-/blob/v17.0.0/PROVENANCE.md",
            "externalParameters": {"source": "https://gitlab.com/acme/widget", "entryPoint": "build", "CI_JOB_ID": ""},
            "internalParameters": {"name": "r", "executor": "docker", "architecture": "amd64", "job": "12"},
            "resolvedDependencies": [{"uri": "https://gitlab.com/acme/widget", "digest": {"sha256": commit}}],
        },
        "runDetails": {"builder": {"id": "https://gitlab.com/acme/widget/-/runners/1"}, "metadata": {"invocationId": "12"}},
    });
    let told = |stage: &Stage, predicate: &Value| {
        let statement = statement(stage, "https://slsa.dev/provenance/v1", predicate);
        let builder = entry("https://gitlab.com/acme/widget/-/runners/*", 1);
        let mut stage = keyed(&statement, &builder);
        stage.policy = stage.policy.replace("[levels]", "repository = \"gitlab.com/acme/widget\"\n[levels]");
        stage.policy = stage.policy.replace("signatures = \"require\"", "signatures = \"skip\"");
        crate::provenance_stage::told(&stage)
    };
    // The runner's predicate does not name the ref.
    assert_eq!(
        told(&stage, &predicate),
        "undetermined: provenance/ref undetermined | provenance/trigger undetermined"
    );
    let mut other = predicate;
    set(&mut other, "/buildDefinition/resolvedDependencies/0/digest/sha256", json!("1".repeat(40)));
    let refused = "rejected: provenance/commit fail, provenance/ref undetermined | provenance/trigger \
                   undetermined, release/untied fail";
    assert_eq!(told(&stage, &other), refused);
}

#[test]
fn a_policy_that_says_half_of_a_builder_or_too_much_is_refused() {
    let key = provenance_key("ci", &Key::named("ci").public_pem());
    let half = "a builder needs either issuer and signer, or key and id, and not both";
    for (builder, problem) in [
        ("level = 2", half),
        ("issuer = \"https://i.example\"\nlevel = 2", half),
        ("signer = \"https://s.example\"\nlevel = 2", half),
        ("key = \"ci\"\nissuer = \"https://i.example\"\nsigner = \"https://s.example\"\nlevel = 2", half),
        ("key = \"ci\"\nlevel = 2", "needs the id that its provenance states"),
        ("key = \"ci\"\nid = \"x\"\nlevel = 3", "is worth level 2 at most"),
        ("key = \"c\"\nid = \"x\"\nlevel = 2", "no key is called \"c\""),
        ("key = \"ci\"\nid = \"x\"\nlevel = 0", "levels are 1, 2 and 3"),
    ] {
        let text = format!("{key}[[rules.provenance.builder]]\n{builder}\n");
        let error = Policy::parse("p.toml", &text).unwrap_err().to_string();
        assert!(error.contains(problem), "{builder}: {error}");
    }
    // A key that signs artifacts may be a builder's too, under one name.
    let signer = key.replace("rules.provenance", "rules.signatures");
    assert!(Policy::parse("p.toml", &format!("{signer}{}", entry(ID, 2))).is_ok());
    let twice = Policy::parse("p.toml", &format!("{signer}{key}")).unwrap_err().to_string();
    assert!(twice.contains("two keys are called \"ci\""), "{twice}");
    let near = Policy::parse("p.toml", "[rules.provenance]\nbuilders = [\"slsa-github-generator/gradel\"]\n");
    assert!(near.unwrap_err().to_string().contains("did you mean \"slsa-github-generator/gradle\"?"));
}
