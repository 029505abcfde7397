//! A release whose files an index lists is judged as one in a folder; and what the index says of a file counts against it.

use std::collections::BTreeMap;
use std::sync::Arc;

use relcheck::collect::index::{Index, IndexAt};
use relcheck::collect::transport::{Answer, Request, Transport, TransportError};
use relcheck::collect::{Assets, Request as Asked, gather};
use relcheck::evaluate::evaluate;
use relcheck::evidence::{Evidence, pack};
use relcheck::report::{Report, json};
use serde_json::{Value, json};

use crate::kit::release::Release;
use crate::stage::{Stage, outcome};

const AT: &str = "https://files.example/v1.2.3/index.json";

/// A place that serves files, and an index of them.
struct Place {
    files: BTreeMap<String, Vec<u8>>,
    index: Vec<u8>,
}

impl Place {
    fn of(stage: &Stage, change: impl Fn(&mut Value)) -> Arc<Self> {
        let files: BTreeMap<String, Vec<u8>> = std::fs::read_dir(stage.written.published())
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
            })
            .collect();
        let listed = files.iter().map(|(name, bytes)| {
            json!({"name": name, "size": bytes.len(), "sha256": relcheck::release::Sha256::of(bytes).to_string()})
        });
        let mut index = json!({"files": listed.collect::<Vec<_>>()});
        change(&mut index);
        Arc::new(Self { files, index: index.to_string().into_bytes() })
    }
}

impl Transport for Place {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        assert!(request.token.is_none(), "an index names places that no token is for");
        let missing =
            || TransportError::Status { url: request.url.to_owned(), status: 404, retry_after: None };
        let name = request.url.strip_prefix("https://files.example/v1.2.3/").ok_or_else(missing)?;
        let bytes = match name {
            "index.json" => &self.index,
            name => self.files.get(name).ok_or_else(missing)?,
        };
        Ok(Answer::new(request.url, bytes.clone()))
    }
}

fn fetched(stage: &Stage, place: Arc<Place>, at: IndexAt) -> Evidence {
    let trust = stage.trust();
    let advisories = [relcheck::advisories::database::Database::open(&stage.written.advisories()).unwrap()];
    let request = Asked {
        repository: relcheck::collect::RepositoryAt::Folder(stage.written.repository()),
        repository_name: None,
        tag: "v1.2.3".to_owned(),
        assets: Assets::Index { at, transport: place },
        advisories: &advisories,
        frames: &|name, bytes| relcheck::proof::frames(name, bytes, trust.keys()),
        now: stage.as_of,
    };
    gather(request).unwrap()
}

fn by_all(stage: &Stage, evidence: &Evidence) -> Report {
    evaluate(evidence, &stage.trust(), &stage.policy(), stage.as_of)
}

fn judged(stage: &Stage, change: impl Fn(&mut Value)) -> Report {
    let evidence = fetched(stage, Place::of(stage, change), IndexAt::Url(AT.to_owned()));
    let report = by_all(stage, &evidence);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pack.tar.zst");
    pack::save_file(&evidence, &file).unwrap();
    assert_eq!(json::render(&by_all(stage, &pack::load(&file).unwrap())), json::render(&report));
    report
}

/// The report without the words that say what was held side by side.
fn alike(mut report: Report) -> String {
    for finding in report.checks.iter_mut().flat_map(|check| &mut check.findings) {
        if finding.rule.id == "release/consistent" {
            finding.message.clear();
        }
    }
    json::render(&report)
}

#[test]
fn a_release_from_an_index_is_judged_as_from_a_folder() {
    let stage = Stage::set(&Release::good());
    let here = by_all(&stage, &stage.gather());
    assert_eq!(outcome(&here), "verified");
    let there = judged(&stage, |_| ());
    let said = json::render(&there);
    assert!(said.contains("what is signed or attested and the index agree"), "{said}");
    assert_eq!(alike(there), alike(here.clone()));
    // The same from an index that lies here, with the addresses in it.
    let place = Place::of(&stage, |_| ());
    let mut index: Value = serde_json::from_slice(&place.index).unwrap();
    for file in index["files"].as_array_mut().unwrap() {
        file["url"] = format!("https://files.example/v1.2.3/{}", file["name"].as_str().unwrap()).into();
    }
    let index = Index::parse("index:files.json", None, index.to_string().as_bytes()).unwrap();
    let evidence = fetched(&stage, place, IndexAt::Here(index));
    assert_eq!(alike(by_all(&stage, &evidence)), alike(here));
}

#[test]
fn what_the_index_says_of_a_file_counts_against_it() {
    let stage = Stage::set(&Release::good());
    let digest = judged(&stage, |index| index["files"][0]["sha256"] = "0".repeat(64).into());
    assert_eq!(outcome(&digest), "rejected: release/digest-mismatch fail");
    assert!(json::render(&digest).contains("the index says sha256:0000"), "{}", json::render(&digest));
    let size = judged(&stage, |index| index["files"][0]["size"] = 1.into());
    assert_eq!(outcome(&size), "rejected: release/digest-mismatch fail");
    let twice = judged(&stage, |index| {
        let first = index["files"][0].clone();
        index["files"].as_array_mut().unwrap().push(first);
    });
    assert!(outcome(&twice).contains("release/ambiguous fail"), "{}", outcome(&twice));
}

#[test]
fn an_index_that_cannot_be_had_or_read_leaves_the_release_undetermined() {
    let stage = Stage::set(&Release::good());
    let missing =
        judged(&stage, |index| index["files"][0]["url"] = "https://files.example/v1.2.3/gone".into());
    assert!(outcome(&missing).starts_with("undetermined: "), "{}", outcome(&missing));
    let broken = judged(&stage, |index| index["more"] = 1.into());
    assert!(outcome(&broken).starts_with("undetermined: "), "{}", outcome(&broken));
    assert!(json::render(&broken).contains("unknown field `more`"));
    let place = Place::of(&stage, |_| ());
    let evidence = fetched(&stage, place, IndexAt::Url("https://files.example/other".to_owned()));
    assert!(outcome(&by_all(&stage, &evidence)).starts_with("undetermined: "));
}
