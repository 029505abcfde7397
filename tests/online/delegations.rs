//! Delegations of a TUF repository: who may speak of a target, in which order they are asked, and that none of them goes
//! back (The Update Framework 1.0, sections 4.5, 5.5.5 and 5.6.7).
//!
//! Rows of the list of published attacks: 90, 93 and 97.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use relcheck::trust::refresh::{Fetch, RefreshError};
use serde_json::{Value, json};

use crate::kit::keys::sha256_hex;
use crate::kit::trusted_root::Sigstore;
use crate::kit::tuf::{Tuf, public};
use crate::refresh::{URL, Verifier, good, refused, serve};

type Files = BTreeMap<String, Vec<u8>>;

/// The root that a role of that name lists: each role another one, so that it shows who was believed.
fn root_of(role: &str) -> Vec<u8> {
    Sigstore::new(role).trusted_root().to_string().into_bytes()
}

/// A role that its delegator names.
fn role(name: &str, more: Value) -> Value {
    let mut role = json!({
        "name": name, "keyids": ["online"], "threshold": 1, "paths": ["*"], "terminating": false,
    });
    role.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    role
}

/// A repository whose own targets list nothing, and leave it to others.
struct Delegating {
    tuf: Tuf,
    files: Files,
}

impl Delegating {
    /// Version `version` of one that delegates to `roles`, which its snapshot pins at `pinned`.
    fn at(version: u64, delegations: Value, pinned: &[(&str, u64)]) -> Self {
        let tuf = good().at(version);
        let targets = tuf.metadata("targets", version, json!({"targets": {}, "delegations": delegations}));
        let all = [("targets", version)].into_iter().chain(pinned.iter().copied());
        let meta: serde_json::Map<String, Value> =
            all.map(|(name, version)| (format!("{name}.json"), json!({"version": version}))).collect();
        let snapshot = tuf.metadata("snapshot", version, json!({"meta": meta}));
        let timestamp =
            tuf.metadata("timestamp", version, json!({"meta": {"snapshot.json": {"version": version}}}));
        let files = BTreeMap::from([
            ("1.root.json".to_owned(), tuf.bootstrap()),
            ("timestamp.json".to_owned(), timestamp),
            (format!("{version}.snapshot.json"), snapshot),
            (format!("{version}.targets.json"), targets),
        ]);
        Self { tuf, files }
    }

    /// The same to these roles, in that order, each pinned at version 1.
    fn to(roles: &[Value]) -> Self {
        let names: Vec<(&str, u64)> = roles.iter().map(|role| (role["name"].as_str().unwrap(), 1)).collect();
        Self::at(1, json!({"keys": {"online": public("online")}, "roles": roles}), &names)
    }

    /// A role that lists its own root, and delegates further.
    fn listing(self, name: &str, version: u64) -> Self {
        let target = root_of(name);
        let hash = sha256_hex(&target);
        let body =
            json!({"targets": {"trusted_root.json": {"length": target.len(), "hashes": {"sha256": hash}}}});
        let mut it = self.with_role(name, version, body);
        it.files.insert(format!("targets/{hash}.trusted_root.json"), target);
        it
    }

    /// A role that lists nothing.
    fn silent(self, name: &str) -> Self {
        self.with_role(name, 1, json!({"targets": {}}))
    }

    fn with_role(mut self, name: &str, version: u64, body: Value) -> Self {
        let bytes = self.tuf.metadata("targets", version, body);
        self.files.insert(format!("{version}.{name}.json"), bytes);
        self
    }
}

#[test]
fn row_93_roles_are_asked_in_the_order_in_which_they_are_named_and_each_with_all_below_it() {
    let further = |names: &[&str]| {
        let roles: Vec<Value> = names.iter().map(|name| role(name, json!({}))).collect();
        json!({"targets": {}, "delegations": {"keys": {"online": public("online")}, "roles": roles}})
    };
    // targets → first (→ below), last: before, first's own and what is below it, comes "last".
    let roles = [role("first", json!({})), role("last", json!({}))];
    let pins = [("first", 1), ("below", 1), ("last", 1)];
    let delegations = json!({"keys": {"online": public("online")}, "roles": roles});
    let both = Delegating::at(1, delegations, &pins)
        .with_role("first", 1, further(&["below"]))
        .listing("below", 1)
        .listing("last", 1);
    assert_eq!(Verifier::new().update_from(serve(both.files)).unwrap().bytes, root_of("below"));
    // Side by side, the first one counts, whatever it is called.
    for (one, other) in [("a", "b"), ("b", "a")] {
        let two = Delegating::to(&[role(one, json!({})), role(other, json!({}))]);
        let two = two.listing("a", 1).listing("b", 1);
        assert_eq!(Verifier::new().update_from(serve(two.files)).unwrap().bytes, root_of(one));
    }
    // One that leads back to itself ends.
    let circle = Delegating::to(&[role("first", json!({}))]).with_role("first", 1, further(&["first"]));
    assert!(refused(Verifier::new().update_from(serve(circle.files))).contains("not listed"));
}

#[test]
fn row_90_succinct_roles_and_roles_for_other_targets_are_never_asked() {
    // Succinct roles (TAP 15) are not read: what only a bin lists is listed nowhere.
    let succinct = json!({
        "keys": {"online": public("online")},
        "succinct_roles": {"keyids": ["online"], "threshold": 1, "bit_length": 1, "name_prefix": "bin"},
    });
    let bins =
        Delegating::at(1, succinct, &[("bin-0", 1), ("bin-1", 1)]).listing("bin-0", 1).listing("bin-1", 1);
    let hash = sha256_hex(b"trusted_root.json");
    let (own, other) = (hash[..2].to_owned(), if hash.starts_with('0') { "1" } else { "0" });
    let of_other = |more: Value| Delegating::to(&[role("x", more)]).listing("x", 1);
    let cases = [
        ("succinct", bins),
        ("of another path", of_other(json!({"paths": ["other.json"]}))),
        ("of a part of the name", of_other(json!({"paths": ["trusted_root"]}))),
        ("of a folder", of_other(json!({"paths": ["*/trusted_root.json"]}))),
        ("of no path", of_other(json!({"paths": []}))),
        ("of another hash", of_other(json!({"paths": null, "path_hash_prefixes": [other]}))),
    ];
    for (what, repository) in cases {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, files) = (Arc::clone(&asked), repository.files);
        let fetch: Fetch = Arc::new(move |url, _| {
            let path = url.strip_prefix(URL).unwrap().trim_start_matches('/').to_owned();
            log.lock().unwrap().push(path.clone());
            Ok(files.get(&path).cloned())
        });
        let reason = refused(Verifier::new().update_from(fetch));
        assert!(reason.contains("not listed"), "{what}: {reason}");
        let asked = asked.lock().unwrap();
        assert!(asked.iter().all(|path| !path.contains("bin-") && path != "1.x.json"), "{what}: {asked:?}");
    }
    // The twins that are for it.
    for more in [json!({"paths": ["trusted_*.json"]}), json!({"paths": null, "path_hash_prefixes": [own]})] {
        let twin = of_other(more);
        assert_eq!(Verifier::new().update_from(serve(twin.files)).unwrap().bytes, root_of("x"));
    }
}

#[test]
fn row_97_a_role_that_ends_the_search_ends_it() {
    let two = |is_terminating: bool| {
        let first = role("first", json!({"terminating": is_terminating}));
        Delegating::to(&[first, role("last", json!({}))]).silent("first").listing("last", 1)
    };
    assert_eq!(Verifier::new().update_from(serve(two(false).files)).unwrap().bytes, root_of("last"));
    let verifier = Verifier::new();
    assert!(refused(verifier.update_from(serve(two(true).files))).contains("not listed"));
    assert!(!matches!(verifier.load(), Ok(Some(_))));
}

#[test]
fn row_97_a_delegated_role_may_not_go_back() {
    let at = |version: u64, pinned: u64, listed: u64| {
        let delegations = json!({"keys": {"online": public("online")}, "roles": [role("first", json!({}))]});
        let mut it = Delegating::at(version, delegations, &[("first", pinned)]).listing("first", listed);
        // Whatever its name says, the bytes of that version are served.
        let bytes = it.files[&format!("{listed}.first.json")].clone();
        it.files.insert(format!("{pinned}.first.json"), bytes);
        it.files
    };
    let verifier = Verifier::new();
    let kept = verifier.update_from(serve(at(5, 5, 5))).unwrap();
    assert_eq!(kept.bytes, root_of("first"));
    let cases = [
        ("pinned at an older version", at(6, 4, 4), "rollback"),
        ("pinned at the newer and served as the older", at(6, 6, 5), "version"),
    ];
    for (what, files, says) in cases {
        let verifier = Verifier::new();
        verifier.update_from(serve(at(5, 5, 5))).unwrap();
        let reason = refused(verifier.update_from(serve(files)));
        assert!(reason.contains(says), "{what}: {reason}");
    }
    // One that the snapshot names no more is not taken for one that was never there.
    let delegations = json!({"keys": {"online": public("online")}, "roles": []});
    let reason = refused(verifier.update_from(serve(Delegating::at(6, delegations, &[]).files)));
    assert!(reason.contains("removes first.json"), "{reason}");
    assert_eq!(verifier.update_from(serve(at(6, 6, 6))).unwrap().timestamp_version, 6);
}

#[test]
fn row_97_each_root_has_the_version_that_it_was_asked_for_as() {
    for found in [1, 3, 7] {
        let mut files = good().with_roots(7).files();
        let other = files[&format!("{found}.root.json")].clone();
        files.insert("2.root.json".to_owned(), other);
        let reason = refused(Verifier::new().update_from(serve(files)));
        assert!(reason.contains("root version must increment by one"), "{found}: {reason}");
    }
}

#[test]
fn row_97_a_time_stamp_that_was_kept_is_not_taken_for_a_newer_one() {
    let verifier = Verifier::new();
    verifier.update_from(serve(good().at(7).files())).unwrap();
    // The server is gone back, and down: neither makes the older one count, and the newer one is still there.
    assert!(refused(verifier.update_from(serve(good().at(6).files()))).contains("rollback"));
    let down: Fetch = Arc::new(|_, _| Err("it did not answer".to_owned()));
    assert!(matches!(verifier.update_from(down), Err(RefreshError::Unavailable { .. })));
    assert_eq!(verifier.load().unwrap().unwrap().timestamp_version, 7);
}
