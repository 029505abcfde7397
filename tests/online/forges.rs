//! The same release from GitHub, GitLab, Forgejo and a folder: the same checks, findings and verdict. The forges answer as
//! their public documentation says; the git server is git's own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use relcheck::collect::forge::{Api, Secret};
use relcheck::collect::git::Source;
use relcheck::collect::transport::{Answer, Method, Request, Transport, TransportError};
use relcheck::collect::{Assets, RepositoryAt, Request as Asked, gather};
use relcheck::evaluate::evaluate;
use relcheck::evidence::{Evidence, Seen, pack};
use relcheck::policy::Policy;
use relcheck::release::{Forge, RepositoryName};
use relcheck::report::{Report, json};

use crate::kit::forge::{Player, Said, TAG};
use crate::kit::release::Release;
use crate::kit::spoil::Spoil;
use crate::kit::transport::status;
use crate::stage::{Stage, outcome};

/// What a forge does otherwise than it should.
type Fault = fn(&str, Answer) -> Result<Answer, TransportError>;

/// A forge in memory, which remembers what it was asked.
struct Site {
    player: Player,
    fault: Fault,
    asked: Mutex<Vec<String>>,
}

impl Site {
    fn of(stage: &Stage, kind: Forge, fault: Fault) -> Arc<Self> {
        let player = Player::of(kind, &stage.written.repository(), &stage.written.published());
        Arc::new(Self { player, fault, asked: Mutex::default() })
    }

    fn name(&self) -> RepositoryName {
        self.player.name()
    }
}

impl Transport for Site {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        self.asked.lock().unwrap().push(request.url.to_owned());
        let question = if let Method::Git(question) = request.method { Some(question) } else { None };
        let mut said = self.player.answer(request.url, question);
        while let Said::Moved(to) = said {
            said = self.player.answer(&to, None);
        }
        let (bytes, next) = match said {
            Said::Json(bytes, next) => (bytes, next),
            Said::File(bytes) | Said::Git(bytes) => (bytes, None),
            Said::Moved(_) | Said::NotThere => return Err(status(request.url, 404)),
        };
        let mut answer = Answer::new(request.url, bytes);
        answer.next = next;
        let answer = (self.fault)(request.url, answer)?;
        match answer.bytes.len() > request.max_bytes {
            true => Err(TransportError::TooLarge { url: request.url.to_owned(), limit: request.max_bytes }),
            false => Ok(answer),
        }
    }
}

/// Whether that is where a forge speaks about the release, and not one of its files.
fn is_release(url: &str) -> bool {
    url.contains("/repos/acme/widget/releases") || url.contains("/projects/acme%2Fwidget/releases")
}

fn whole(_: &str, answer: Answer) -> Result<Answer, TransportError> {
    Ok(answer)
}

/// The policy of somebody who knows whose release it is, wherever it is mirrored.
fn policy() -> Policy {
    let default = Policy::built_in("default").unwrap().text;
    let text = default.replacen(
        "name = \"default\"",
        "name = \"mirror\"\nrepository = \"github.com/acme/widget\"",
        1,
    );
    Policy::parse("mirror.toml", &text).unwrap()
}

/// The evidence that a machine with nothing but the program gathers.
fn fetched(stage: &Stage, site: &Arc<Site>, secret: Option<&Secret>) -> Result<Evidence, String> {
    let trust = stage.trust();
    let advisories = [relcheck::advisories::database::Database::open(&stage.written.advisories()).unwrap()];
    let request = Asked {
        repository: RepositoryAt::Forge(Source {
            url: site.name().url(),
            token: secret.map(|secret| secret.for_git(site.player.kind, site.name().host())),
            transport: site.clone(),
        }),
        repository_name: Some(site.name()),
        tag: TAG.to_owned(),
        assets: Assets::Forge(Api::new(site.player.kind, site.name(), secret, site.clone())),
        advisories: &advisories,
        frames: &|name, bytes| relcheck::proof::frames(name, bytes, trust.keys()),
        now: stage.as_of,
    };
    gather(request).map_err(|error| error.to_string())
}

fn judged(stage: &Stage, evidence: &Evidence) -> Report {
    evaluate(evidence, &stage.trust(), &policy(), stage.as_of)
}

/// The report without the words that say what was looked at: a folder is asked for no list, and a forge for one.
fn alike(mut report: Report) -> Report {
    for finding in report.checks.iter_mut().flat_map(|check| &mut check.findings) {
        if finding.rule.id == "release/consistent" {
            finding.message.clear();
        }
    }
    // When it was published, a forge says and a folder does not.
    report.release.published_at = None;
    report
}

const KINDS: [Forge; 3] = [Forge::Github, Forge::Gitlab, Forge::Forgejo];

#[test]
fn the_same_release_is_judged_alike_wherever_it_comes_from() {
    let mut compared = 0;
    for (spoil, expected) in [
        (None, "verified"),
        (Some(Spoil::ArtifactChanged(0)), "rejected: "),
        (Some(Spoil::ChecksumMissing(1)), "rejected: "),
        (Some(Spoil::SubjectMissing(0)), "rejected: "),
    ] {
        let release = spoil.map_or_else(Release::good, |spoil| Release::good().spoil(spoil));
        let stage = Stage::set(&release);
        let here = judged(&stage, &stage.gather());
        assert!(outcome(&here).starts_with(expected), "{}", outcome(&here));
        for kind in KINDS {
            let site = Site::of(&stage, kind, whole);
            let there = judged(&stage, &fetched(&stage, &site, None).unwrap());
            assert_eq!(json::render(&alike(there)), json::render(&alike(here.clone())), "{kind:?}");
            compared += 1;
        }
    }
    println!("{compared} releases from forges: the same report as from a folder");
}

#[test]
fn what_was_fetched_is_judged_again_from_a_pack() {
    let stage = Stage::set(&Release::good());
    for kind in KINDS {
        let evidence = fetched(&stage, &Site::of(&stage, kind, whole), None).unwrap();
        assert!(matches!(evidence.listing, Some(Seen::Present(_))));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pack");
        pack::save(&evidence, &path).unwrap();
        let loaded = pack::load(&path).unwrap();
        assert_eq!(loaded, evidence);
        assert_eq!(json::render(&judged(&stage, &loaded)), json::render(&judged(&stage, &evidence)));
    }
}

#[test]
fn an_outage_of_any_part_is_never_a_pass() {
    let stage = Stage::set(&Release::good());
    let faults: [(&str, &str, Fault); 9] =
        [
            (
                "the release",
                "undetermined",
                |url, answer| {
                    if is_release(url) { Err(status(url, 503)) } else { Ok(answer) }
                },
            ),
            ("a rate limit", "undetermined", |url, answer| {
                if is_release(url) { Err(status(url, 403)) } else { Ok(answer) }
            }),
            ("a page of HTML", "undetermined", |url, mut answer| {
                if is_release(url) {
                    answer.bytes = b"<html>maintenance".to_vec();
                }
                Ok(answer)
            }),
            ("half an answer", "undetermined", |url, mut answer| {
                if is_release(url) {
                    answer.bytes.truncate(answer.bytes.len() / 2);
                }
                Ok(answer)
            }),
            ("one file", "undetermined", |url, answer| {
                if url.ends_with("linux-gnu.tar.gz") { Err(status(url, 404)) } else { Ok(answer) }
            }),
            ("the checksums", "undetermined", |url, answer| {
                if url.ends_with("SHA256SUMS") { Err(status(url, 500)) } else { Ok(answer) }
            }),
            ("the provenance", "undetermined", |url, answer| {
                if url.ends_with(".intoto.jsonl") { Err(status(url, 429)) } else { Ok(answer) }
            }),
            ("half a file", "rejected", |url, mut answer| {
                if url.ends_with("linux-gnu.tar.gz") {
                    answer.bytes.truncate(10);
                }
                Ok(answer)
            }),
            ("a list that calls the checksums otherwise", "rejected", |url, mut answer| {
                if is_release(url) {
                    let text = String::from_utf8(answer.bytes).unwrap();
                    answer.bytes = text.replacen("SHA256SUMS", "SHA256SUNS", 10).into_bytes();
                }
                Ok(answer)
            }),
        ];
    let mut tried = 0;
    for (what, verdict, fault) in faults {
        for kind in KINDS {
            let evidence = fetched(&stage, &Site::of(&stage, kind, fault), None).unwrap();
            let report = judged(&stage, &evidence);
            assert_eq!(report.verdict.word(), verdict, "{what} {kind:?}: {}", outcome(&report));
            tried += 1;
        }
    }
    println!("{tried} outages, none of them a pass");
}

#[test]
fn provenance_that_only_github_keeps_is_asked_for_by_digest() {
    let stage = Stage::set(&Release::good());
    let provenance = stage.written.provenance();
    let bundle = String::from_utf8(std::fs::read(&provenance).unwrap()).unwrap();
    std::fs::remove_file(&provenance).unwrap();
    let keeping = |attested: Option<String>, fault: Fault| {
        let mut site = Arc::into_inner(Site::of(&stage, Forge::Github, fault)).unwrap();
        site.player.attested = attested.map(String::into_bytes);
        Arc::new(site)
    };
    let judge = |site: Arc<Site>| outcome(&judged(&stage, &fetched(&stage, &site, None).unwrap()));
    let answer = format!(r#"{{"attestations": [{{"bundle": {}, "repository_id": 1}}]}}"#, bundle.trim());
    assert_eq!(judge(keeping(Some(answer.clone()), whole)), "verified");
    // None kept, one that was changed, one about other files, and a forge that does not say.
    assert_eq!(judge(keeping(None, whole)), "rejected: provenance/missing fail");
    let changed = answer.replacen("\"sig\":\"ME", "\"sig\":\"MF", 1);
    assert_ne!(changed, answer);
    assert!(judge(keeping(Some(changed), whole)).starts_with("rejected: "));
    let limited: Fault =
        |url, answer| if url.contains("/attestations/") { Err(status(url, 403)) } else { Ok(answer) };
    assert!(judge(keeping(Some(answer), limited)).starts_with("undetermined: "));
    // Where the release publishes its provenance, nobody is asked.
    std::fs::write(&provenance, bundle).unwrap();
    let site = Site::of(&stage, Forge::Github, whole);
    assert_eq!(judge(site.clone()), "verified");
    assert!(!site.asked.lock().unwrap().iter().any(|url| url.contains("/attestations/")));
}

#[test]
fn an_outage_of_the_git_server_stops_before_anything_is_judged() {
    let stage = Stage::set(&Release::good());
    let fault: Fault =
        |url, answer| if url.ends_with("git-upload-pack") { Err(status(url, 401)) } else { Ok(answer) };
    for kind in KINDS {
        let error = fetched(&stage, &Site::of(&stage, kind, fault), None).unwrap_err();
        assert!(error.contains("answered 401"), "{error}");
    }
}

#[test]
fn a_token_never_reaches_evidence_reports_or_packs() {
    const CANARY: &str = "s3cr3t-canary-7719";
    let stage = Stage::set(&Release::good());
    let mut looked_at = 0;
    for kind in KINDS {
        for is_job in [false, true] {
            let secret = Secret::new(CANARY, is_job);
            let evidence = fetched(&stage, &Site::of(&stage, kind, whole), Some(&secret)).unwrap();
            let report = judged(&stage, &evidence);
            assert_eq!(outcome(&report), "verified");
            let folder = tempfile::tempdir().unwrap();
            pack::save(&evidence, &folder.path().join("pack")).unwrap();
            let mut texts = vec![format!("{evidence:?}"), json::render(&report)];
            for entry in walk(&folder.path().join("pack")) {
                texts.push(String::from_utf8_lossy(&std::fs::read(entry).unwrap()).into_owned());
            }
            looked_at += texts.len();
            assert!(texts.iter().all(|text| !text.contains(CANARY)));
        }
    }
    println!("{looked_at} texts, no token in any");
}

fn walk(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
