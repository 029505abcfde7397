//! Roots of trust from a TUF repository: refreshed, kept, read again, and refused for every reason.
//!
//! Rows of the list of published attacks: 37, 51, 60, 86, 87, 88, 89, 91, 92, 94, 95 and 96.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use relcheck::trust::refresh::{Cache, Distribution, Fetch, RefreshError, Refreshed, load, update};
use relcheck::trust::{Origin, SigstoreRoot, TrustRoots};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kit::trusted_root::Sigstore;
use crate::kit::tuf::{EXPIRES, Tuf, public};
use crate::run::relcheck;

const NOW: &str = "2026-06-01T00:00:00Z";
pub(crate) const URL: &str = "https://tuf.kit.test/repository";

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub(crate) fn target() -> Vec<u8> {
    Sigstore::new("kit").trusted_root().to_string().into_bytes()
}

pub(crate) fn good() -> Tuf {
    Tuf::new(&target())
}

/// A cache, and a verifier who started from the first root of `Tuf::new`.
pub(crate) struct Verifier {
    folder: TempDir,
    distribution: Distribution,
}

impl Verifier {
    pub(crate) fn new() -> Self {
        Self::starting_from(&good())
    }

    fn starting_from(tuf: &Tuf) -> Self {
        let distribution =
            Distribution { name: "kit".to_owned(), url: URL.to_owned(), bootstrap: tuf.bootstrap() };
        Self { folder: tempfile::tempdir().unwrap(), distribution }
    }

    fn cache(&self) -> Cache {
        Cache::at(self.folder.path().join("cache"))
    }

    fn update(&self, tuf: &Tuf) -> Result<Refreshed, RefreshError> {
        self.update_from(serve(tuf.files()))
    }

    pub(crate) fn update_from(&self, fetch: Fetch) -> Result<Refreshed, RefreshError> {
        update(&self.distribution, &self.cache(), fetch, now())
    }

    pub(crate) fn load(&self) -> Result<Option<Refreshed>, RefreshError> {
        load(&self.distribution, &self.cache(), now())
    }

    fn files(&self) -> Vec<PathBuf> {
        let folder = self.folder.path().join("cache/trust/kit");
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    /// Nothing but the folder of this repository was made.
    fn assert_contained(&self) {
        let names = |path: &Path| -> Vec<String> {
            let entries = std::fs::read_dir(path).unwrap();
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        };
        assert_eq!(names(self.folder.path()), ["cache"]);
        assert_eq!(names(&self.folder.path().join("cache")), ["trust"]);
        assert_eq!(names(&self.folder.path().join("cache/trust")), ["kit"]);
    }
}

pub(crate) fn serve(files: BTreeMap<String, Vec<u8>>) -> Fetch {
    Arc::new(move |url, _| Ok(files.get(url.strip_prefix(URL).unwrap().trim_start_matches('/')).cloned()))
}

pub(crate) fn refused(result: Result<Refreshed, RefreshError>) -> String {
    match result {
        Err(RefreshError::Refused { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refreshed_root_is_kept_and_read_again_without_a_network() {
    let verifier = Verifier::new();
    assert_eq!(verifier.load().unwrap(), None, "nothing was kept yet");
    let refreshed = verifier.update(&good()).unwrap();
    assert_eq!(refreshed.bytes, target());
    assert_eq!(refreshed.expires.to_string(), EXPIRES);
    assert_eq!((refreshed.root_version, refreshed.timestamp_version), (1, 1));
    assert_eq!(verifier.load().unwrap().as_ref(), Some(&refreshed));
    assert_eq!(verifier.update(&good()).unwrap(), refreshed, "nothing new");
    verifier.assert_contained();
    let root =
        SigstoreRoot::parse("kit", Origin::Cached, &refreshed.bytes).unwrap().expiring(refreshed.expires);
    let roots = TrustRoots::of(vec![root]);
    assert_eq!(roots.sigstore()[0].expires(), Some(refreshed.expires));
    assert_eq!(roots.sigstore()[0].logs(), ["https://log2.rekor.kit.test", "https://rekor.kit.test"]);
}

#[test]
fn a_later_version_replaces_an_earlier_one_and_never_the_other_way_round() {
    let verifier = Verifier::new();
    verifier.update(&good()).unwrap();
    let other = Sigstore::new("other").trusted_root().to_string().into_bytes();
    let later = verifier.update(&Tuf::new(&other).at(2)).unwrap();
    assert_eq!((later.bytes, later.timestamp_version), (other.clone(), 2));
    // Row 91: an older one, although everything in it is well signed.
    let reason = refused(verifier.update(&good()));
    assert!(reason.contains("rollback detected for timestamp"), "{reason}");
    assert_eq!(verifier.load().unwrap().unwrap().bytes, other);
}

#[test]
fn row_91_each_role_alone_may_not_go_back() {
    for (role, words) in [("snapshot", "snapshot"), ("targets", "targets")] {
        let verifier = Verifier::new();
        verifier.update(&good().at(5)).unwrap();
        // The time-stamp goes on, and what it points to goes back.
        let mut tuf = good().at(6);
        tuf = match role {
            "snapshot" => tuf
                .edit("timestamp", |it| it["meta"]["snapshot.json"] = json!({"version": 4}))
                .edit("snapshot", |it| it["version"] = json!(4)),
            _ => tuf
                .edit("timestamp", |it| {
                    drop(it["meta"]["snapshot.json"].as_object_mut().unwrap().remove("hashes"))
                })
                .edit("snapshot", |it| it["meta"]["targets.json"] = json!({"version": 4}))
                .edit("targets", |it| it["version"] = json!(4)),
        };
        let mut files = tuf.files();
        for (path, bytes) in files.clone() {
            files.insert(path.replacen("6.", "4.", 1), bytes);
        }
        let reason = refused(verifier.update_from(serve(files)));
        assert!(reason.contains("rollback") && reason.contains(words), "{role}: {reason}");
        assert_eq!(verifier.load().unwrap().unwrap().timestamp_version, 5, "{role}");
    }
}

#[test]
fn roots_are_followed_one_by_one_and_a_bad_one_leaves_the_last_good_one() {
    let verifier = Verifier::new();
    let third = verifier.update(&good().with_roots(3).at(2)).unwrap();
    assert_eq!(third.root_version, 3);
    assert_eq!(verifier.load().unwrap().as_ref(), Some(&third));
    // Row 86: the fourth is by strangers; it is not kept, and the third still counts.
    let bad = good().with_roots(4).at(3).signed_by_stranger("root");
    let reason = refused(verifier.update(&bad));
    assert!(reason.contains("threshold not met for role root"), "{reason}");
    assert_eq!(verifier.load().unwrap(), Some(third));
    assert!(verifier.files().iter().all(|path| !path.to_str().unwrap().contains("4.root")));
    // One that leaves out a version.
    let mut files = good().with_roots(5).at(3).files();
    let fifth = files.remove("5.root.json").unwrap();
    files.insert("4.root.json".to_owned(), fifth);
    let reason = refused(verifier.update_from(serve(files)));
    assert!(reason.contains("root version must increment by one"), "{reason}");
}

#[test]
fn every_role_must_be_signed_by_its_own_keys() {
    for role in ["timestamp", "snapshot", "targets"] {
        let verifier = Verifier::new();
        let reason = refused(verifier.update(&good().signed_by_stranger(role)));
        assert!(reason.contains(&format!("threshold not met for role {role}")), "{role}: {reason}");
        assert!(!matches!(verifier.load(), Ok(Some(_))), "{role}");
    }
    let bootstrap = good().signed_by_stranger("root");
    let reason = refused(Verifier::starting_from(&bootstrap).update(&bootstrap));
    assert!(reason.contains("threshold not met for role root"), "{reason}");
}

#[test]
fn metadata_that_expired_vouches_for_nothing() {
    let old: fn(&mut Value) = |it| it["expires"] = json!("2026-05-31T23:59:59Z");
    for role in ["root", "timestamp", "snapshot", "targets"] {
        let tuf = good().edit(role, old);
        let verifier = Verifier::starting_from(&tuf);
        let error = verifier.update(&tuf).unwrap_err();
        assert!(matches!(&error, RefreshError::Expired { .. }), "{role}: {error}");
        assert!(error.to_string().contains(role), "{error}");
    }
    // What was fetched in time is too old later.
    let verifier = Verifier::new();
    verifier.update(&good()).unwrap();
    let later: Timestamp = EXPIRES.parse().unwrap();
    let second = jiff::SignedDuration::from_secs(1);
    assert!(load(&verifier.distribution, &verifier.cache(), later - second).unwrap().is_some());
    let error = load(&verifier.distribution, &verifier.cache(), later + second).unwrap_err();
    assert!(matches!(error, RefreshError::Expired { .. }), "{error}");
}

#[test]
fn row_94_a_threshold_of_nothing_is_refused() {
    for threshold in [json!(0), json!(-1), json!(null), json!("1"), json!(2)] {
        for role in ["root", "timestamp", "snapshot", "targets"] {
            let mut tuf = good();
            tuf = match role {
                "root" => tuf.edit("root", set_threshold("root")),
                "timestamp" => tuf.edit("root", set_threshold("timestamp")),
                "snapshot" => tuf.edit("root", set_threshold("snapshot")),
                _ => tuf.edit("root", set_threshold("targets")),
            };
            THRESHOLD.with(|it| it.replace(threshold.clone()));
            let reason = refused(Verifier::starting_from(&tuf).update(&tuf));
            assert!(!reason.is_empty(), "{role} {threshold}");
        }
    }
}

thread_local! {
    static THRESHOLD: std::cell::RefCell<Value> = const { std::cell::RefCell::new(Value::Null) };
}

fn set_threshold(role: &str) -> fn(&mut Value) {
    fn set(it: &mut Value, role: &str) {
        it["roles"][role]["threshold"] = THRESHOLD.with(|value| value.borrow().clone());
    }
    match role {
        "root" => |it| set(it, "root"),
        "timestamp" => |it| set(it, "timestamp"),
        "snapshot" => |it| set(it, "snapshot"),
        _ => |it| set(it, "targets"),
    }
}

#[test]
fn row_87_92_one_key_does_not_count_twice() {
    // Under two names, both of which sign.
    let twice = good().edit("root", |it| {
        it["keys"]["again"] = public("online");
        it["roles"]["timestamp"] = json!({"keyids": ["online", "again"], "threshold": 2});
    });
    let mut files = twice.files();
    let mut timestamp: Value = serde_json::from_slice(&files["timestamp.json"]).unwrap();
    let mut second = timestamp["signatures"][0].clone();
    second["keyid"] = json!("again");
    timestamp["signatures"].as_array_mut().unwrap().push(second.clone());
    files.insert("timestamp.json".to_owned(), timestamp.to_string().into_bytes());
    let reason = refused(Verifier::starting_from(&twice).update_from(serve(files)));
    assert!(reason.contains("lists one key twice"), "{reason}");
    // Under one name, which is listed and signs twice.
    let again = good().edit("root", |it| {
        it["roles"]["timestamp"] = json!({"keyids": ["online", "online"], "threshold": 2});
    });
    let mut files = again.files();
    let mut timestamp: Value = serde_json::from_slice(&files["timestamp.json"]).unwrap();
    let same = timestamp["signatures"][0].clone();
    timestamp["signatures"].as_array_mut().unwrap().push(same);
    files.insert("timestamp.json".to_owned(), timestamp.to_string().into_bytes());
    let reason = refused(Verifier::starting_from(&again).update_from(serve(files)));
    assert!(reason.contains("duplicate signature key id"), "{reason}");
}

#[test]
fn a_target_other_than_the_one_that_was_signed_is_refused() {
    let name = |files: &BTreeMap<String, Vec<u8>>| {
        files.keys().find(|path| path.starts_with("targets/")).unwrap().clone()
    };
    let mut files = good().files();
    let path = name(&files);
    files.get_mut(&path).unwrap()[5] ^= 1;
    let reason = refused(Verifier::new().update_from(serve(files.clone())));
    assert!(reason.contains("mismatch"), "{reason}");
    files.get_mut(&path).unwrap().push(b' ');
    let error = Verifier::new().update_from(serve(files.clone())).unwrap_err();
    assert!(matches!(error, RefreshError::Unavailable { .. }), "longer than was signed: {error}");
    files.remove(&path);
    let error = Verifier::new().update_from(serve(files)).unwrap_err();
    assert!(matches!(error, RefreshError::Unavailable { .. }), "{error}");
    let huge = good().edit("target", |it| it["length"] = json!(5 << 20));
    let reason = refused(Verifier::new().update(&huge));
    assert!(reason.contains("exceeds configured max"), "{reason}");
    let unlisted = good().edit("targets", |it| it["targets"] = json!({}));
    assert!(refused(Verifier::new().update(&unlisted)).contains("not listed"));
}

#[test]
fn row_51_89_96_no_name_leads_out_of_the_cache() {
    // The hash becomes part of a file's name.
    let climbing = good().edit("target", |it| it["hashes"] = json!({"sha256": "../../../x"}));
    let verifier = Verifier::new();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (log, files) = (Arc::clone(&asked), climbing.files());
    let fetch: Fetch = Arc::new(move |url, _| {
        log.lock().unwrap().push(url.to_owned());
        Ok(files.get(url.strip_prefix(URL).unwrap().trim_start_matches('/')).cloned())
    });
    let reason = refused(verifier.update_from(fetch));
    assert!(reason.contains("a file of the repository is called"), "{reason}");
    assert!(asked.lock().unwrap().iter().all(|url| !url.contains("..")), "{asked:?}");
    assert_eq!(
        std::fs::read_dir(verifier.folder.path()).unwrap().count(),
        0,
        "nothing is kept of what is refused"
    );
    // A role's name becomes one too.
    let delegating = good()
        .edit("targets", |it| {
            it["targets"] = json!({});
            it["delegations"] = json!({
                "keys": {"online": public("online")},
                "roles": [{"name": "../../../x", "keyids": ["online"], "threshold": 1, "paths": ["*"], "terminating": false}],
            });
        })
        .edit("snapshot", |it| it["meta"]["../../../x.json"] = json!({"version": 1}));
    let mut files = delegating.files();
    files.insert("1...%2F..%2F..%2Fx.json".to_owned(), good().files()["1.targets.json"].clone());
    let verifier = Verifier::new();
    assert_eq!(verifier.update_from(serve(files)).unwrap().bytes, target());
    verifier.assert_contained();
    assert!(
        verifier.files().iter().any(|path| path.to_str().unwrap().contains("%252F")),
        "it was kept, inside"
    );
    // So does the name of the instance.
    for name in ["../../x", "/etc/x", "a/b", ".."] {
        let mut verifier = Verifier::new();
        verifier.distribution.name = name.to_owned();
        verifier.update(&good()).unwrap();
        assert_eq!(std::fs::read_dir(verifier.folder.path()).unwrap().count(), 1, "{name}");
        assert_eq!(std::fs::read_dir(verifier.folder.path().join("cache")).unwrap().count(), 1, "{name}");
    }
}

#[test]
fn row_88_every_fetch_has_a_cap_and_more_than_that_is_refused() {
    let caps = Arc::new(Mutex::new(Vec::new()));
    let (log, files) = (Arc::clone(&caps), good().files());
    let fetch: Fetch = Arc::new(move |url, cap| {
        log.lock().unwrap().push(cap);
        Ok(files.get(url.strip_prefix(URL).unwrap().trim_start_matches('/')).cloned())
    });
    Verifier::new().update_from(fetch).unwrap();
    let caps = caps.lock().unwrap().clone();
    assert_eq!(caps.len(), 5, "a root that is not there, three roles and the target: {caps:?}");
    assert!(caps.iter().all(|cap| *cap <= 5_000_000), "{caps:?}");
    for path in ["timestamp.json", "1.snapshot.json", "1.targets.json", "2.root.json"] {
        let mut files = good().files();
        files.insert(path.to_owned(), vec![b' '; 6_000_000]);
        let error = Verifier::new().update_from(serve(files)).unwrap_err();
        assert!(matches!(error, RefreshError::Unavailable { .. }), "{path}: {error}");
        assert!(error.to_string().contains("over the limit"), "{path}: {error}");
    }
}

#[test]
fn row_95_metadata_of_any_other_shape_is_refused_without_a_panic() {
    let shapes = [
        "",
        "{",
        "null",
        "[]",
        "1",
        "{}",
        r#"{"signed": {}}"#,
        r#"{"signed": null, "signatures": null}"#,
        r#"{"signed": {"_type": "root"}, "signatures": []}"#,
        r#"{"signed": [], "signatures": [{}]}"#,
        "<html>",
    ];
    let mut cases = 0;
    for path in ["timestamp.json", "1.snapshot.json", "1.targets.json", "2.root.json"] {
        for shape in shapes {
            let mut files = good().files();
            files.insert(path.to_owned(), shape.as_bytes().to_vec());
            let verifier = Verifier::new();
            assert!(
                matches!(verifier.update_from(serve(files)), Err(RefreshError::Refused { .. })),
                "{path} {shape}"
            );
            assert!(!matches!(verifier.load(), Ok(Some(_))), "{path} {shape}");
            cases += 1;
        }
    }
    for shape in shapes {
        let mut verifier = Verifier::new();
        verifier.distribution.bootstrap = shape.as_bytes().to_vec();
        assert!(matches!(verifier.update(&good()), Err(RefreshError::Refused { .. })), "{shape}");
        cases += 1;
    }
    eprintln!("{cases} shapes refused");
}

#[test]
fn an_outage_is_told_from_a_refusal() {
    let down: Fetch = Arc::new(|_, _| Err("it did not answer".to_owned()));
    let error = Verifier::new().update_from(down).unwrap_err();
    assert!(
        matches!(&error, RefreshError::Unavailable { reason, .. } if reason.contains("it did not answer")),
        "{error}"
    );
    let empty: Fetch = Arc::new(|_, _| Ok(None));
    assert!(matches!(Verifier::new().update_from(empty), Err(RefreshError::Unavailable { .. })));
    // What was kept before still counts.
    let verifier = Verifier::new();
    let kept = verifier.update(&good()).unwrap();
    let down: Fetch = Arc::new(|_, _| Err("it did not answer".to_owned()));
    assert!(verifier.update_from(down).is_err());
    assert_eq!(verifier.load().unwrap(), Some(kept));
}

#[test]
fn row_37_a_changed_byte_in_the_cache_changes_nothing_or_is_refused() {
    let verifier = Verifier::new();
    let kept = verifier.update(&good().with_roots(2)).unwrap();
    let (mut refused, mut same) = (BTreeMap::<String, usize>::new(), 0);
    for path in verifier.files() {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        for place in (0..bytes.len()).step_by(11) {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            match verifier.load() {
                Err(_) => *refused.entry(name.clone()).or_default() += 1,
                Ok(found) => {
                    assert_eq!(found.as_ref(), Some(&kept), "byte {place} of {name}");
                    same += 1;
                }
            }
        }
        std::fs::write(&path, &bytes).unwrap();
    }
    for needed in
        ["timestamp.json", "targets.json", "root_history%2F2.root.json", "targets%2Ftrusted_root.json"]
    {
        assert!(refused.get(needed).is_some_and(|n| *n > 10), "{needed}: {refused:?}");
    }
    let total: usize = refused.values().sum();
    eprintln!("{total} changed bytes refused, {same} in copies that are not needed");
    assert_eq!(verifier.load().unwrap(), Some(kept));
}

#[test]
fn a_cache_that_another_filled_counts_for_nothing() {
    // Everything in it is consistent, and signed by keys of their own.
    let verifier = Verifier::new();
    verifier.update(&good()).unwrap();
    let mut other = Verifier::new();
    other.distribution.bootstrap = good().with_roots(2).files()["2.root.json"].clone();
    assert!(other.load().unwrap().is_none());
    let mut thief = Verifier::new();
    thief.distribution.bootstrap = good()
        .edit("root", |it| it["keys"]["online"] = public("thief"))
        .signed_by_stranger("root")
        .bootstrap();
    assert!(thief.update(&good()).is_err());
    for path in verifier.files() {
        let to = other.folder.path().join("cache/trust/kit");
        std::fs::create_dir_all(&to).unwrap();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
    assert!(other.load().unwrap().is_some(), "the same online key signs for both roots");
}

#[test]
fn a_cache_that_cannot_be_written_is_said() {
    let verifier = Verifier::new();
    std::fs::write(verifier.folder.path().join("cache"), b"").unwrap();
    let error = verifier.update(&good()).unwrap_err();
    assert!(matches!(&error, RefreshError::Cache { .. }), "{error}");
}

#[test]
fn the_program_says_what_it_trusts_and_fetches_nothing_offline() {
    let folder = tempfile::tempdir().unwrap();
    let status =
        relcheck(folder.path(), ["trust", "status"]).expect("status", 0, &["sigstore public good: embedded"]);
    assert!(status.out().contains("run `relcheck trust update`"), "{}", status.said());
    let rows = relcheck(folder.path(), ["trust", "status", "--format", "json"]).json();
    assert_eq!(rows.as_array().unwrap().len(), 2, "nobody asked for staging");
    assert!(
        rows.as_array().unwrap().iter().all(|row| row["origin"] == "embedded" && row["expires"].is_null())
    );
    relcheck(folder.path(), ["trust", "update", "--offline"]).expect(
        "offline",
        3,
        &["--offline opens no socket; run without --offline", "github"],
    );
    assert!(!folder.path().join("no-such-cache/relcheck/trust/public-good/timestamp.json").exists());
    relcheck(folder.path(), ["trust", "update", "--instance", "nowhere"]).expect(
        "a typo",
        2,
        &["public-good"],
    );
}
