//! What is loaded is what was saved; everything else is refused by name.

mod archive;
mod sample;
mod tag;

use super::*;
use crate::{
    advisories::{locks::go::STDLIB_PATH, snapshot::SnapshotError},
    digest::{Algorithm, Algorithms, Digest, Digests, hash_reader},
    evidence::{Seen, Tree, project::NOT_COLLECTED},
    framed::{Frame, FrameHash, Framed},
    json::JsonError,
    release::ArtifactName,
};
use proptest::prelude::*;
use sample::{nothing, sample, snapshot};
use std::{
    fs::{self, File},
    os::unix::fs::symlink,
    sync::Arc,
};

/// A saved pack of [`sample`].
fn saved() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    save(&sample(), folder.path()).unwrap();
    folder
}

fn error(folder: &tempfile::TempDir) -> PackError {
    load(folder.path()).unwrap_err()
}

fn blob(folder: &tempfile::TempDir, bytes: &[u8]) -> std::path::PathBuf {
    folder.path().join(BLOBS).join(Sha256::of(bytes).to_string())
}

/// Replaces text of the manifest, which must be in it.
fn edit(folder: &tempfile::TempDir, from: &str, to: &str) {
    let path = folder.path().join(MANIFEST);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from} is in {text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn what_is_loaded_is_what_was_saved() {
    for evidence in [sample(), nothing()] {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("made/on/the/way");
        save(&evidence, &below).unwrap();
        assert_eq!(load(&below).unwrap(), evidence);
    }
}

#[test]
fn the_same_evidence_is_written_as_the_same_bytes_and_artifacts_are_not_kept() {
    let (one, other) = (saved(), saved());
    let read = |folder: &tempfile::TempDir| fs::read(folder.path().join(MANIFEST)).unwrap();
    assert_eq!(read(&one), read(&other));
    assert!(read(&one).starts_with(b"{\n  \"format\": 1,\n"));
    assert!(!blob(&one, b"program").exists());
    assert!(blob(&one, b"a list").exists());
    let blobs = fs::read_dir(one.path().join(BLOBS)).unwrap().count();
    assert_eq!(
        blobs, 12,
        "the tag object, the lists, the empty signature, the lock file once, a module of its own tag, a makefile, the advisories, the root, three files of the project"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_text_and_bytes_survive(tag in any::<String>(), why in any::<String>(), path in any::<String>(),
                                  bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut evidence = sample();
        evidence.tag = Untrusted::new(&tag);
        let Seen::Present(record) = &mut evidence.tag_record else { panic!("there is a tag") };
        record.name = evidence.tag.clone();
        evidence.tags = Seen::unavailable(why);
        let item = Item::new(tag, bytes);
        evidence.tree = Seen::Present(Tree::new(BTreeMap::from([(path.clone(), Seen::Present(item.clone()))]), vec![path]));
        evidence.security_policy = Seen::Present(item);
        let folder = tempfile::tempdir().unwrap();
        save(&evidence, folder.path()).unwrap();
        prop_assert_eq!(load(folder.path()).unwrap(), evidence);
    }
}

#[test]
fn each_changed_byte_of_each_blob_is_refused_by_the_name_of_the_blob() {
    let folder = saved();
    let mut changed = 0;
    for entry in fs::read_dir(folder.path().join(BLOBS)).unwrap() {
        let path = entry.unwrap().path();
        let sha256 = Sha256::from_hex(path.file_name().unwrap().to_str().unwrap()).unwrap();
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, &bad).unwrap();
            assert!(matches!(error(&folder), PackError::Altered { sha256: found } if found == sha256));
            changed += 1;
        }
        let longer = [good.as_slice(), b"x"].concat();
        fs::write(&path, longer).unwrap();
        assert!(matches!(error(&folder), PackError::Altered { sha256: found } if found == sha256));
        fs::write(&path, good).unwrap();
    }
    assert!(changed > 500, "{changed}");
    assert!(load(folder.path()).is_ok());
}

#[test]
fn no_changed_byte_of_the_manifest_passes_unnoticed() {
    let evidence = sample();
    let mut contents = Blobs::default();
    let good = Manifest::of(&evidence, &mut contents).unwrap().to_bytes().unwrap();
    let blobs: BTreeMap<Sha256, Vec<u8>> =
        contents.0.iter().map(|(sha256, b)| (*sha256, b.to_vec())).collect();
    let read = |text: &[u8]| {
        let mut loaded = Loaded::new(blobs.clone());
        Manifest::parse(text).and_then(|manifest| manifest.into_evidence(&mut loaded))
    };
    assert_eq!(read(&good).unwrap(), evidence);
    let mut refused = 0;
    for at in 0..good.len() {
        for flip in [1, 0x20, 0x80] {
            let mut bad = good.clone();
            bad[at] ^= flip;
            match read(&bad) {
                Err(_) => refused += 1,
                Ok(loaded) => assert_ne!(loaded, evidence, "{}", String::from_utf8_lossy(&bad)),
            }
        }
    }
    assert!(refused > good.len(), "{refused} of {}", 3 * good.len());
}

#[test]
fn each_truncation_of_the_manifest_is_refused() {
    let good = Manifest::of(&sample(), &mut Blobs::default()).unwrap().to_bytes().unwrap();
    for length in 0..good.len() - 1 {
        assert!(matches!(Manifest::parse(&good[..length]), Err(PackError::Json(_))), "{length}");
    }
    assert!(matches!(Manifest::parse(good.trim_ascii_end()), Err(PackError::Edited)));
}

#[test]
fn what_is_missing_or_unknown_is_refused_by_name() {
    let folder = saved();
    let list = blob(&folder, b"a list");
    fs::remove_file(&list).unwrap();
    assert!(matches!(error(&folder), PackError::Missing { sha256 } if sha256 == Sha256::of(b"a list")));
    fs::write(&list, b"a list").unwrap();

    let stray = blob(&folder, b"stray");
    fs::write(&stray, b"stray").unwrap();
    let named = format!("blobs/{}", Sha256::of(b"stray"));
    assert!(matches!(error(&folder), PackError::Unknown { name } if name.raw() == named));
    fs::remove_file(stray).unwrap();

    for (name, shown) in [("blobs/x", "blobs/x"), ("blobs/..x", "blobs/..x"), ("notes.txt", "notes.txt")] {
        let path = folder.path().join(name);
        fs::write(&path, b"").unwrap();
        assert!(matches!(error(&folder), PackError::Unknown { name } if name.raw() == shown));
        fs::remove_file(path).unwrap();
    }
    assert!(load(folder.path()).is_ok());
    fs::remove_file(folder.path().join(MANIFEST)).unwrap();
    assert!(matches!(error(&folder), PackError::NoManifest));
    assert!(matches!(load(&folder.path().join("none")), Err(PackError::Nowhere)));
}

#[test]
fn links_pipes_and_folders_are_refused_even_with_the_right_bytes() {
    let outside = tempfile::tempdir().unwrap();
    let folder = saved();
    let list = blob(&folder, b"a list");
    let elsewhere = outside.path().join("list");
    fs::rename(&list, &elsewhere).unwrap();
    symlink(&elsewhere, &list).unwrap();
    assert!(matches!(error(&folder), PackError::NotRegular { .. }));
    fs::remove_file(&list).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&list).status().unwrap().success());
    assert!(matches!(error(&folder), PackError::NotRegular { .. }));
    fs::remove_file(&list).unwrap();
    fs::create_dir(&list).unwrap();
    assert!(matches!(error(&folder), PackError::NotRegular { .. }));

    let folder = saved();
    let manifest = folder.path().join(MANIFEST);
    let elsewhere = outside.path().join("manifest");
    fs::rename(&manifest, &elsewhere).unwrap();
    symlink(&elsewhere, &manifest).unwrap();
    assert!(matches!(error(&folder), PackError::NotRegular { .. }));

    let folder = saved();
    let elsewhere = outside.path().join("blobs");
    fs::rename(folder.path().join(BLOBS), &elsewhere).unwrap();
    symlink(&elsewhere, folder.path().join(BLOBS)).unwrap();
    assert!(matches!(error(&folder), PackError::Io { .. }));
}

#[test]
fn another_format_is_named() {
    for (format, shown) in [("2", "2"), ("0", "0")] {
        let folder = saved();
        edit(&folder, "\"format\": 1", &format!("\"format\": {format}, \"future\": []"));
        let error = error(&folder).to_string();
        assert_eq!(error, format!("the evidence pack has format {shown}; this version reads format 1"));
    }
    let folder = saved();
    edit(&folder, "\"format\": 1,", "");
    assert!(matches!(error(&folder), PackError::Form(_)));
}

#[test]
fn what_an_earlier_version_did_not_look_for_is_not_loaded_as_what_is_not_there() {
    for (from, to) in [("\"looked_for\": 1,\n      ", ""), ("\"looked_for\": 1,", "\"looked_for\": 2,")] {
        let folder = saved();
        edit(&folder, from, to);
        let evidence = load(folder.path()).unwrap();
        assert_eq!(evidence.project, Seen::unavailable(NOT_COLLECTED), "{to}");
        let again = tempfile::tempdir().unwrap();
        save(&evidence, again.path()).unwrap();
        assert_eq!(load(again.path()).unwrap(), evidence);
    }

    let without_builds = |go_mod: &str| {
        let mut evidence = sample();
        let files = [
            ("go.mod", go_mod),
            (
                ".github/workflows/ci.yml",
                "on: push\njobs: {a: {runs-on: x, steps: [{uses: actions/setup-go@v5, with: {go-version: 1.26.4}}, {run: go build}]}}\n",
            ),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), Seen::Present(Item::new(path, text.into()))));
        evidence.tree = Seen::Present(Tree::new(BTreeMap::from(files), Vec::new()));
        evidence
    };
    // So it is where the tags of its modules were not collected.
    let mut evidence = without_builds("module example.com/m\n");
    let Seen::Present(tree) = evidence.tree.clone() else { panic!("there is a tree") };
    evidence.tree = Seen::Present(tree.with_builds(BTreeMap::new()));
    let folder = tempfile::tempdir().unwrap();
    save(&evidence, folder.path()).unwrap();
    edit(&folder, "\"modules\": {},\n      ", "");
    assert_eq!(load(folder.path()).unwrap().tree.present().unwrap().builds(), None);

    for (from, to) in
        [("\"builds_looked_for\": 2", "\"builds_looked_for\": 1"), (",\n      \"builds_looked_for\": 2", "")]
    {
        let folder = tempfile::tempdir().unwrap();
        save(&evidence, folder.path()).unwrap();
        assert!(load(folder.path()).unwrap().tree.present().unwrap().builds().is_some());
        edit(&folder, from, to);
        assert_eq!(load(folder.path()).unwrap().tree.present().unwrap().builds(), None, "{to}");
    }

    let evidence = without_builds("module example.com/m\n\ngo 1.26\n");
    let folder = tempfile::tempdir().unwrap();
    save(&evidence, folder.path()).unwrap();
    let tree = load(folder.path()).unwrap().tree.present().unwrap().clone();
    assert_eq!(tree.builds(), None);
    let why = |tree: &Tree| {
        let locks = tree.locks("v1.0.0");
        locks.into_iter().find(|lock| lock.path == STDLIB_PATH).unwrap().lock.map(drop)
    };
    assert_eq!(why(&tree), Err(format!("what else builds at the tag is not known: {NOT_COLLECTED}")));
    assert_eq!(why(&tree.with_builds(BTreeMap::new())), Ok(()));
}

#[test]
fn keys_given_twice_and_keys_nobody_knows_are_refused() {
    let folder = saved();
    edit(&folder, "\"tag\": \"v1.0.0\"", "\"tag\": \"v1.0.0\", \"tag\": \"v1.0.0\"");
    assert!(matches!(error(&folder), PackError::Json(JsonError::DuplicateKey { .. })));
    let folder = saved();
    edit(&folder, "\"Cargo.toml\": {", "\"Cargo.lock\": {");
    assert!(matches!(error(&folder), PackError::Json(JsonError::DuplicateKey { .. })));
    for (from, to) in [
        ("\"format\": 1,", "\"format\": 1, \"x\": 1,"),
        ("\"size\": 6,", "\"size\": 6, \"x\": 1,"),
        ("\"contains_tag\": true", "\"contains_tag\": true, \"x\": 1"),
        ("\"unavailable\": {", "\"unavailable\": { \"x\": 1,"),
        ("\"unavailable\": {", "\"unknown\": {"),
    ] {
        let folder = saved();
        edit(&folder, from, to);
        assert!(matches!(error(&folder), PackError::Form(_)), "{to}");
    }
}

#[test]
fn another_spelling_of_the_same_manifest_is_refused() {
    for (from, to) in [
        ("\"format\": 1,\n", "\"format\":1,\n"),
        ("2026-01-02T03:04:05.000000006Z", "2026-01-02T04:04:05.000000006+01:00"),
        ("\"v1.0.0\"", "\"\\u00761.0.0\""),
        ("github.com/acme/widget", "GITHUB.com/acme/widget"),
        ("\"Cargo.toml\"", "\"A\""),
    ] {
        let folder = saved();
        edit(&folder, from, to);
        assert!(matches!(error(&folder), PackError::Edited), "{to}");
    }
}

#[test]
fn names_that_leave_the_folder_and_digests_that_are_none_are_refused() {
    let digest = Sha256::of(b"a list").to_string();
    for (from, to) in [
        ("\"widget\": {", "\"../widget\": {"),
        ("\"widget\": {", "\"wid\\nget\": {"),
        ("\"github.com/acme/widget\"", "\"github.com/../widget\""),
        (digest.as_str(), "../../../../etc/passwd"),
    ] {
        let folder = saved();
        edit(&folder, from, to);
        let error = error(&folder);
        assert!(matches!(error, PackError::Form(_) | PackError::Digests { .. }), "{to}: {error}");
    }
    let folder = saved();
    edit(&folder, "\"sha384\": \"", "\"sha384\": \"0");
    assert!(matches!(error(&folder), PackError::Digests { name, .. } if name.as_str() == "widget"));
}

#[test]
fn a_file_whose_content_is_not_what_was_hashed_is_refused() {
    let about = |error: PackError| match error {
        PackError::Contradiction { about } => about,
        other => panic!("{other}"),
    };
    let folder = saved();
    edit(&folder, "\"size\": 6", "\"size\": 7");
    assert_eq!(about(error(&folder)), "SHA256SUMS");
    let folder = saved();
    let (from, to) = (Sha256::of(b"a list").to_string(), Sha256::of(b"lock").to_string());
    edit(&folder, &format!("\"sha256\": \"{from}\""), &format!("\"sha256\": \"{to}\""));
    assert_eq!(about(error(&folder)), "SHA256SUMS");
    let folder = saved();
    let sha256 = format!("\"sha256\": \"{}\"", Sha256::of(b"program"));
    edit(&folder, &sha256, &format!("\"md5\": \"{}\",\n            {sha256}", "0".repeat(32)));
    assert_eq!(about(error(&folder)), "widget");
    let mut evidence = sample();
    evidence.security_policy =
        Seen::Present(Item { sha256: Sha256::of(b"a"), origin: "x".into(), bytes: b"b".to_vec() });
    assert_eq!(about(save(&evidence, &folder.path().join("new")).unwrap_err()), "x");
}

#[test]
fn each_digest_and_frame_of_a_held_file_is_that_of_its_content() {
    let list = ArtifactName::parse("SHA256SUMS").unwrap();
    let loaded = |digests: Digests, framed: Vec<Framed>| {
        let mut evidence = sample();
        let Seen::Present(published) = &mut evidence.published else { panic!("there are files") };
        let held = Arc::make_mut(published.files.get_mut(&list).unwrap());
        (held.digests, held.framed) = (digests, framed);
        let folder = tempfile::tempdir().unwrap();
        save(&evidence, folder.path()).unwrap();
        load(folder.path()).map(|loaded| assert_eq!(loaded, evidence)).map_err(|error| error.to_string())
    };
    let refused = Err("the evidence pack contradicts itself about SHA256SUMS".to_owned());
    let of = |bytes: &[u8]| hash_reader(bytes, Algorithms::ALL).unwrap().1;
    assert_eq!(loaded(of(b"a list"), Vec::new()), Ok(()));
    let (own, other) = (of(b"a list"), of(b"another"));
    for algorithm in [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512, Algorithm::Blake2b512] {
        let of_other = |digest: &&Digest| *digest.algorithm() == algorithm;
        let exchanged = own.iter().filter(|digest| !of_other(digest)).chain(other.iter().filter(of_other));
        let mixed = Digests::recorded(exchanged.cloned()).unwrap();
        assert_eq!(loaded(mixed, Vec::new()), refused, "{algorithm}");
    }
    let frame = Frame { hash: FrameHash::Sha512, before: b"x".to_vec(), after: Vec::new() };
    for bytes in [&b"another"[..], b"a list"] {
        assert_eq!(loaded(own.clone(), vec![frame.of(bytes)]), refused, "they are never written");
    }
}

#[test]
fn a_folder_with_something_in_it_is_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine"), b"keep").unwrap();
    assert!(matches!(save(&sample(), folder.path()), Err(PackError::NotEmpty)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(matches!(save(&sample(), &folder.path().join("mine")), Err(PackError::Io { .. })));
}

#[test]
fn a_pack_whose_saving_was_interrupted_is_none() {
    let folder = saved();
    let manifest = folder.path().join(MANIFEST);
    fs::rename(&manifest, folder.path().join("manifest.json.part")).unwrap();
    assert!(matches!(error(&folder), PackError::NoManifest));
}

#[test]
fn what_is_too_large_to_load_is_not_saved_and_not_loaded() {
    let mut evidence = sample();
    evidence.security_policy = Seen::Present(Item::new("x", vec![0; BLOB_LIMIT + 1]));
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("new");
    assert!(matches!(save(&evidence, &new), Err(PackError::Limit { what: "bytes of one blob", .. })));
    assert!(!new.exists(), "nothing was written");
    let folder = saved();
    let sparse = File::options().write(true).open(blob(&folder, b"a list")).unwrap();
    sparse.set_len(BLOB_LIMIT as u64 + 1).unwrap();
    assert!(matches!(error(&folder), PackError::Limit { what: "a blob", .. }));
    let folder = saved();
    File::options()
        .write(true)
        .open(folder.path().join(MANIFEST))
        .unwrap()
        .set_len(MANIFEST_LIMIT as u64 + 1)
        .unwrap();
    assert!(matches!(error(&folder), PackError::Limit { what: "the manifest", .. }));
}

#[test]
fn advisories_that_are_none_are_refused() {
    let folder = saved();
    let good = snapshot().to_bytes();
    let bad =
        String::from_utf8(good.clone()).unwrap().replace("relcheck.advisories/v2", "relcheck.advisories/v9");
    fs::remove_file(blob(&folder, &good)).unwrap();
    fs::write(blob(&folder, bad.as_bytes()), &bad).unwrap();
    edit(&folder, &Sha256::of(&good).to_string(), &Sha256::of(bad.as_bytes()).to_string());
    assert!(matches!(error(&folder), PackError::Advisories(SnapshotError::UnknownSchema(_))));
}

#[test]
fn an_algorithm_is_saved_under_the_name_it_is_read_by() {
    for algorithm in [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512, Algorithm::Blake2b512] {
        assert_eq!(Algorithm::from_digest_set_key(algorithm.name()), algorithm);
    }
}
