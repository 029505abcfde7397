//! A log entry whose kind is of one version and whose body is of another.

use crate::stand::{Stand, entries, v1, v2};
use serde_json::json;

#[test]
fn a_kind_and_a_body_of_different_versions_are_refused_both_ways() {
    for stand in [Stand::file(), Stand::statement()] {
        for (options, words) in [(v1(), "checkpoint"), (v2(), "")] {
            let mut bundle = stand.bundle(&options.and_timestamp());
            stand.accepts(&bundle);
            let kind = entries(&mut bundle)[0]["kindVersion"].clone();
            let others = [
                ("hashedrekord", "0.0.1"),
                ("hashedrekord", "0.0.2"),
                ("dsse", "0.0.1"),
                ("intoto", "0.0.2"),
            ];
            for (other, version) in others.into_iter().map(|(k, v)| (json!(k), json!(v))) {
                if kind["kind"] == other && kind["version"] == version {
                    continue;
                }
                entries(&mut bundle)[0]["kindVersion"] = json!({"kind": other, "version": version});
                let report = stand.clone().publish(stand.sidecar(), bundle.to_string().as_bytes()).judge();
                let told = crate::stage::outcome(&report);
                assert!(
                    told.contains("signatures/invalid fail")
                        || told.contains("signatures/unreadable undetermined"),
                    "{kind} {other} {version} {words}: {told}"
                );
            }
        }
    }
}
