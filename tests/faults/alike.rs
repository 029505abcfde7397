//! The same release from GitHub, GitLab, Forgejo, Gitea and a folder, by the program itself: the same checks and verdict.

use std::collections::BTreeMap;

use relcheck::release::Forge;
use serde_json::Value;

use crate::kit::release::Release;
use crate::kit::spoil::Spoil;
use crate::run::{Ran, finish};
use crate::scene::{KINDS, Scene};

/// Checks and verdict, without what says where it came from.
pub fn judged(ran: &Ran) -> Value {
    let mut report = ran.json();
    // A folder is asked for no list of files, and a forge for one.
    for check in report["checks"].as_array_mut().unwrap() {
        for finding in check["findings"].as_array_mut().into_iter().flatten() {
            if finding["rule"] == "release/consistent" {
                finding["message"] = Value::Null;
            }
        }
    }
    report.as_object_mut().unwrap().remove("repository");
    // When it was published, a forge says and a folder does not.
    report["release"]["published_at"] = Value::Null;
    report
}

/// Every finding in few words.
fn findings(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let checks = report["checks"].as_array().unwrap().iter();
    let all = checks.flat_map(|check| check["findings"].as_array().unwrap());
    let words =
        |finding: &Value| format!("{} {} {}", finding["rule"], finding["status"], finding["subject"]["name"]);
    let mut all: Vec<_> = all.map(words).chain([report["verdict"].to_string()]).collect();
    all.sort();
    all
}

#[test]
fn the_same_release_is_judged_alike_over_tls_and_from_a_folder() {
    let mut compared = 0;
    let mut first = BTreeMap::new();
    for (spoil, code) in [
        (None, 0),
        (Some(Spoil::ArtifactChanged(0)), 1),
        (Some(Spoil::ChecksumMissing(1)), 1),
        (Some(Spoil::SubjectMissing(0)), 1),
    ] {
        let release = spoil.map_or_else(Release::good, |spoil| Release::good().spoil(spoil));
        for kind in KINDS {
            let scene = Scene::set(&release, kind);
            let here = finish(&mut scene.verify_here()).expect("a folder", code, &[]);
            let internet = scene.good();
            let there = finish(&mut scene.verify(&internet)).expect(&format!("{kind:?}"), code, &[]);
            assert_eq!(judged(&there), judged(&here), "{kind:?}");
            let published_at = |ran: &Ran| ran.json()["release"]["published_at"].clone();
            assert_eq!(published_at(&there), "2026-01-05T12:00:00Z", "{kind:?}");
            assert_eq!(published_at(&here), Value::Null, "{kind:?}");
            assert!(internet.asked().iter().all(|asked| asked.header("authorization").is_none()));
            // The makers have other names on another forge; nothing else differs.
            let found = findings(&there);
            assert_eq!(
                first.entry(format!("{spoil:?}")).or_insert_with(|| found.clone()),
                &found,
                "{kind:?}"
            );
            compared += 1;
        }
    }
    println!("{compared} releases over TLS: the same checks and verdict as from a folder");
}

#[test]
fn an_unchanged_release_costs_two_requests_to_the_forges_interface_at_most_and_no_body() {
    // GitHub lists many files elsewhere than in the release itself.
    let large = || Release { further: 14, ..Release::good() };
    let all = KINDS.map(|kind| (kind, Release::good(), 1)).into_iter();
    for (kind, release, requests) in all.chain([(Forge::Github, large(), 2), (Forge::Gitlab, large(), 1)]) {
        let scene = Scene::set(&release, kind);
        let run = || {
            let internet = scene.good();
            let ran = finish(scene.verify(&internet).env("RELCHECK_CACHE", scene.folder().join("cache")));
            let ran = ran.expect("a kept answer", 0, &[]);
            (ran.json(), internet.asked())
        };
        let (first, _) = run();
        let (second, asked) = run();
        assert_eq!(first, second);
        let api = scene.player.base();
        let to_api: Vec<_> = asked.iter().filter(|asked| asked.url().starts_with(api)).collect();
        assert_eq!(to_api.len(), requests, "{kind:?}");
        assert!(to_api.iter().all(|asked| asked.header("if-none-match").is_some()), "{kind:?}");
        let files = scene.player.files.len();
        println!(
            "{kind:?}, {files} files, unchanged: {} of the interface, all answered with 304",
            to_api.len()
        );
    }
}

#[test]
fn a_list_of_many_pages_is_read_to_its_end() {
    let release = Release { further: 14, ..Release::good() };
    let scene = Scene::over(&release, Forge::Github, |_, player| player.page = 13);
    let here = finish(&mut scene.verify_here()).expect("a folder", 0, &[]);
    let internet = scene.good();
    let there = finish(&mut scene.verify(&internet)).expect("pages", 0, &[]);
    assert_eq!(judged(&there), judged(&here));
    let pages = internet.asked().iter().filter(|asked| asked.path.contains("/assets?")).count();
    assert!(pages > 2, "{pages} pages");
    println!("{} files on {pages} pages", scene.player.files.len());
}
