//! The good release with another provenance, or with something else that speaks of its artifacts.

use serde_json::{Value, json};

use crate::kit::SEED;
use crate::kit::bundle::{BundleOptions, Content, Signer};
use crate::kit::certificates::Identity;
use crate::kit::keys::Key;
use crate::kit::release::Release;
use crate::kit::statement::{Build, Provenance, Subject};
use crate::kit::trusted_root::Sigstore;
use crate::stage::{Stage, aside, bundle, key_entry, outcome};

/// The file that holds the provenance.
pub const PROVENANCE: &str = "widget-1.2.3.intoto.jsonl";
const SECTION: &str = "triggers = [\"push\", \"release\", \"workflow_dispatch\", \"create\"]\n";

/// The good release.
pub fn stage() -> Stage {
    Stage::set(&Release::good())
}

/// The run that built it.
pub fn build(stage: &Stage) -> Build {
    Build::of_tag("v1.2.3", &stage.written.commit)
}

/// Its artifacts, as a statement names them.
pub fn subjects(stage: &Stage) -> Vec<Subject> {
    stage.written.artifacts.iter().map(|name| Subject::of(name, &stage.read(name))).collect()
}

/// Its provenance as an artifact attestation, v1.
pub fn v1(stage: &Stage) -> Value {
    Provenance::v1(&build(stage), subjects(stage)).statement()
}

/// Its provenance as slsa-github-generator writes it, v0.2.
pub fn v02(stage: &Stage) -> Value {
    Provenance::v02(&build(stage), subjects(stage)).statement()
}

/// A statement of that type about the artifacts.
pub fn statement(stage: &Stage, predicate_type: &str, predicate: &Value) -> Value {
    let mut statement = v1(stage);
    statement["predicateType"] = json!(predicate_type);
    statement["predicate"] = predicate.clone();
    statement
}

/// Publishes `statement` as the provenance, signed by the run.
pub fn publish(stage: &Stage, statement: &Value, build: &Build) {
    stage.publish(PROVENANCE, &bundle(&Content::statement(statement), &Identity::workflow(build)));
}

/// Publishes `statement` as `file`, signed with that key.
pub fn publish_keyed(stage: &Stage, file: &str, statement: &Value, key: &str) {
    let signer = Signer::Key(Key::named(key));
    let bundle =
        Sigstore::new(SEED).bundle(&Content::statement(statement), &signer, &BundleOptions::default());
    stage.publish(file, bundle.to_string().as_bytes());
}

/// A key of a builder or a verifier, as a policy names it.
pub fn provenance_key(name: &str, pem: &str) -> String {
    key_entry(name, pem).replace("rules.signatures.key", "rules.provenance.key")
}

/// Adds lines to `[rules.provenance]`.
pub fn section(stage: &mut Stage, lines: &str) {
    assert_eq!(stage.policy.matches(SECTION).count(), 1);
    stage.policy = stage.policy.replace(SECTION, &format!("{SECTION}{lines}\n"));
}

/// Adds a level.
pub fn level(stage: &mut Stage, rule: &str, level: &str) {
    let levels = "supported-versions = \"require\"\n";
    assert_eq!(stage.policy.matches(levels).count(), 1);
    stage.policy = stage.policy.replace(levels, &format!("{levels}\"{rule}\" = \"{level}\"\n"));
}

/// The outcome, and what was said aside other than that the kit's tags are not signed.
pub fn told(stage: &Stage) -> String {
    let report = stage.judge();
    let aside: Vec<String> = aside(&report).into_iter().filter(|one| one != "tag/unsigned fail").collect();
    if aside.is_empty() { outcome(&report) } else { format!("{} | {}", outcome(&report), aside.join(", ")) }
}

/// What the first finding of `rule` that is no pass expected and found.
pub fn expected_and_found(stage: &Stage, rule: &str) -> (String, String) {
    let report = stage.judge();
    let mut findings = report.checks.iter().flat_map(|check| &check.findings);
    let finding = findings
        .find(|finding| finding.rule.id == rule && finding.status != relcheck::outcome::Status::Pass)
        .unwrap_or_else(|| panic!("no finding of {rule}"));
    (finding.expected.clone().unwrap_or_default(), finding.found.clone().unwrap_or_default())
}

/// Sets the member at a JSON pointer, whose parents must be there; `null` takes it away.
pub fn set(value: &mut Value, pointer: &str, new: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = value.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}"));
    if let Some(items) = parent.as_array_mut() {
        items[key.parse::<usize>().unwrap()] = new;
    } else if new.is_null() {
        parent.as_object_mut().unwrap().remove(key).unwrap_or_else(|| panic!("{pointer}"));
    } else {
        parent.as_object_mut().unwrap().insert(key.to_owned(), new);
    }
}
