//! Answers of forges that somebody changed: never a panic, and never other files than the answer lists.

use super::*;
use proptest::prelude::*;
use serde_json::json;

/// Texts that stand in answers, and others that would mean something there.
const TEXTS: [&str; 12] = [
    "null",
    "true",
    "-1",
    "1e999",
    "[]",
    "{}",
    "\"\"",
    "\"v1.2.2\"",
    "\"sha256:00\"",
    "18446744073709551616",
    ",\"id\":2",
    "\\u0000",
];

#[derive(Clone, Debug)]
enum Change {
    Set(u8),
    Insert(&'static str),
    Remove(usize),
    Repeat(usize),
    /// One member of an object becomes that.
    Member(&'static str),
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, Change)>> {
    let change = prop_oneof![
        any::<u8>().prop_map(Change::Set),
        prop::sample::select(TEXTS.to_vec()).prop_map(Change::Insert),
        (1..40_usize).prop_map(Change::Remove),
        (1..200_usize).prop_map(Change::Repeat),
        prop::sample::select(TEXTS.to_vec()).prop_map(Change::Member),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), change), 1..4)
}

fn changed(text: &str, changes: &[(prop::sample::Index, Change)]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (place, change) in changes {
        if bytes.is_empty() {
            return bytes;
        }
        let at = place.index(bytes.len());
        let end = |length: usize| bytes.len().min(at + length);
        match change {
            Change::Set(byte) => bytes[at] = *byte,
            Change::Insert(text) => drop(bytes.splice(at..at, text.bytes())),
            Change::Remove(length) => drop(bytes.drain(at..end(*length))),
            Change::Repeat(length) => {
                let again = bytes[at..end(*length)].to_vec();
                bytes.splice(at..at, again);
            }
            Change::Member(text) => {
                let colons: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b':').collect();
                let Some(colon) = colons.get(place.index(colons.len().max(1))) else { continue };
                let rest = &bytes[colon + 1..];
                let length = rest.iter().position(|byte| b",}".contains(byte)).unwrap_or(rest.len());
                bytes.splice(colon + 1..colon + 1 + length, text.bytes());
            }
        }
    }
    bytes
}

fn good(kind: Forge) -> String {
    let asset = |id: u32, name: &str| {
        json!({"id": id, "name": name, "size": 7, "url": format!("https://forge.example/{name}"),
               "browser_download_url": format!("https://forge.example/{name}"), "link_type": "package",
               "digest": null, "created_at": "2026-01-05T12:00:05Z", "updated_at": "2026-01-05T12:00:05Z"})
    };
    let assets = json!([asset(1, "widget.tar.gz"), asset(2, "SHA256SUMS"), asset(3, "widget.crate")]);
    let assets = if kind == Forge::Gitlab { json!({"links": assets, "sources": []}) } else { assets };
    json!({"id": 7, "tag_name": "v1.2.3", "draft": false, "prerelease": false, "upcoming_release": false,
           "published_at": "2026-01-05T12:00:00Z", "released_at": "2026-01-05T12:00:00Z", "assets": assets})
    .to_string()
}

/// The addresses that an answer lists, read in another way than the program does.
fn listed(kind: Forge, answer: &[u8]) -> Vec<String> {
    let value: Value = serde_json::from_slice(answer).unwrap();
    let (list, address) = match kind {
        Forge::Gitlab => (&value["assets"]["links"], "url"),
        _ => (&value["assets"], "browser_download_url"),
    };
    let is_file = |one: &&Value| {
        kind != Forge::Gitlab
            || !["image", "runbook"].contains(&one["link_type"].as_str().unwrap_or_default())
    };
    let all = list.as_array().unwrap().iter().filter(is_file);
    all.map(|one| one[address].as_str().unwrap().to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_answer_is_no_release_of_other_files_than_it_lists(
        kind in prop::sample::select(vec![Forge::Github, Forge::Gitlab, Forge::Forgejo]),
        changes in changes(),
    ) {
        let (repository, url) = match kind {
            Forge::Github => ("acme/widget", format!("{GITHUB}/releases/tags/v1.2.3")),
            Forge::Gitlab => ("gitlab.com/acme/tools/widget", format!("{GITLAB}/releases/v1.2.3")),
            _ => ("codeberg.org/acme/widget", format!("{GITEA}/releases/tags/v1.2.3")),
        };
        let bytes = changed(&good(kind), &changes);
        let mut script = Script::default();
        script.answers.insert(url.clone(), Ok(Answer::new(url, bytes.clone())));
        match api(kind, repository, script).0.release("v1.2.3") {
            Seen::Present(release) => {
                let found: Vec<String> = release.files.iter().map(|file| file.url.clone()).collect();
                prop_assert_eq!(found, listed(kind, &bytes));
                let names: Vec<&str> = release.files.iter().map(|file| file.name.as_str()).collect();
                let shown: Vec<&str> = release.listing.files.iter().map(|file| file.name.raw()).collect();
                prop_assert_eq!(names, shown);
            }
            Seen::Unavailable { reason } => prop_assert!(!reason.chars().any(char::is_control), "{}", reason),
            // The forge showed a release, of whatever kind: that there is none does not follow.
            Seen::Absent { looked_at } => prop_assert!(false, "absent: {looked_at:?}"),
        }
    }

    #[test]
    fn a_changed_list_of_attestations_is_no_proof_that_there_are_none(changes in changes()) {
        let sha256 = "0".repeat(64);
        let url = format!("{GITHUB}/attestations/sha256:{sha256}?per_page=100");
        let bytes = changed(r#"{"attestations": [{"bundle": {"a": 1}, "repository_id": 1}]}"#, &changes);
        let mut script = Script::default();
        script.answers.insert(url.clone(), Ok(Answer::new(url, bytes.clone())));
        let list = || serde_json::from_slice::<Value>(&bytes).unwrap()["attestations"].as_array().unwrap().clone();
        match api(Forge::Github, "acme/widget", script).0.attestations(&sha256) {
            Seen::Present(answer) => prop_assert!(answer.bytes == bytes && list().iter().all(|one| one["bundle"].is_object())),
            Seen::Absent { .. } => prop_assert!(list().is_empty()),
            Seen::Unavailable { reason } => prop_assert!(!reason.chars().any(char::is_control), "{}", reason),
        }
    }
}

#[test]
fn the_unchanged_answers_are_good() {
    for kind in [Forge::Github, Forge::Gitlab, Forge::Forgejo] {
        assert_eq!(listed(kind, good(kind).as_bytes()).len(), 3);
    }
}
