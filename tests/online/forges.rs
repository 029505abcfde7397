//! The same release from GitHub, GitLab, Forgejo and a folder: the same checks, findings and verdict. The forges answer as
//! their public documentation says; the git server is git's own.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
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
use serde_json::json;

use crate::kit::release::Release;
use crate::kit::spoil::Spoil;
use crate::kit::transport::status;
use crate::stage::{Stage, outcome};

const TAG: &str = "v1.2.3";
const FILES: &str = "https://files.example/";

/// What a forge does otherwise than it should.
type Fault = fn(&str, Answer) -> Result<Answer, TransportError>;

/// A forge that shows one release, and its git server.
struct Site {
    kind: Forge,
    base: String,
    repository: PathBuf,
    files: BTreeMap<String, Vec<u8>>,
    /// What GitHub keeps besides, whatever the digest.
    attested: Option<Vec<u8>>,
    fault: Fault,
    asked: Mutex<Vec<String>>,
}

impl Site {
    fn of(stage: &Stage, kind: Forge, fault: Fault) -> Arc<Self> {
        let files = std::fs::read_dir(stage.written.published()).unwrap().map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
        });
        let base = match kind {
            Forge::Github => "https://api.github.com/repos/acme/widget",
            Forge::Gitlab => "https://gitlab.com/api/v4/projects/acme%2Fwidget",
            Forge::Forgejo | Forge::Gitea => "https://codeberg.org/api/v1/repos/acme/widget",
        };
        Arc::new(Self {
            kind,
            base: base.to_owned(),
            repository: stage.written.repository(),
            files: files.collect(),
            attested: None,
            fault,
            asked: Mutex::default(),
        })
    }

    fn name(&self) -> RepositoryName {
        let name = match self.kind {
            Forge::Github => "github.com/acme/widget",
            Forge::Gitlab => "gitlab.com/acme/widget",
            Forge::Forgejo | Forge::Gitea => "codeberg.org/acme/widget",
        };
        RepositoryName::parse(name).unwrap()
    }

    /// The release, as this forge writes it down.
    fn release(&self) -> Vec<u8> {
        let files = self.files.iter().enumerate();
        let value = match self.kind {
            Forge::Gitlab => {
                let links: Vec<_> = files
                    .map(|(id, (name, _))| json!({"id": id, "name": name, "url": format!("{FILES}{name}"), "link_type": "package"}))
                    .collect();
                json!({"tag_name": TAG, "released_at": "2026-01-05T12:00:00Z", "upcoming_release": false,
                       "assets": {"links": links, "sources": [{"format": "zip"}, {"format": "tar.gz"}]}})
            }
            _ => json!({"id": 1, "tag_name": TAG, "draft": false, "prerelease": false,
                        "published_at": "2026-01-05T12:00:00Z", "assets": self.assets()}),
        };
        value.to_string().into_bytes()
    }

    fn assets(&self) -> Vec<serde_json::Value> {
        let asset = |(id, (name, bytes)): (usize, (&String, &Vec<u8>))| {
            json!({"id": id, "name": name, "size": bytes.len(), "url": format!("{FILES}{name}"),
                   "browser_download_url": format!("{FILES}{name}"),
                   "created_at": "2026-01-05T12:00:05Z", "updated_at": "2026-01-05T12:00:05Z"})
        };
        self.files.iter().enumerate().map(asset).collect()
    }

    fn git(&self, question: &[u8]) -> Vec<u8> {
        let mut child = Command::new("git")
            .args(["-c", "uploadpack.allowFilter=true", "-c", "safe.directory=*"])
            .args(["upload-pack", "--stateless-rpc"])
            .arg(&self.repository)
            .env("GIT_PROTOCOL", "version=2")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(question).unwrap();
        child.wait_with_output().unwrap().stdout
    }

    fn answer(&self, request: &Request<'_>) -> Result<Vec<u8>, TransportError> {
        if let Method::Git(question) = request.method {
            assert_eq!(request.url, format!("{}.git/git-upload-pack", self.name().url()));
            return Ok(self.git(question));
        }
        if let Some(name) = request.url.strip_prefix(FILES) {
            return self.files.get(name).cloned().ok_or_else(|| status(request.url, 404));
        }
        let path = request.url.strip_prefix(&self.base).ok_or_else(|| status(request.url, 404))?;
        match path {
            "" => Ok(br#"{"id": 1}"#.to_vec()),
            "/releases/tags/v1.2.3" | "/releases/v1.2.3" => Ok(self.release()),
            "/releases/1/assets?per_page=100" => Ok(json!(self.assets()).to_string().into_bytes()),
            _ if path.starts_with("/attestations/sha256:") => {
                self.attested.clone().ok_or_else(|| status(request.url, 404))
            }
            _ => Err(status(request.url, 404)),
        }
    }
}

impl Transport for Site {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        self.asked.lock().unwrap().push(request.url.to_owned());
        let bytes = self.answer(request)?;
        let answer = (self.fault)(request.url, Answer::new(request.url, bytes))?;
        match answer.bytes.len() > request.max_bytes {
            true => Err(TransportError::TooLarge { url: request.url.to_owned(), limit: request.max_bytes }),
            false => Ok(answer),
        }
    }
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
            token: secret.map(|secret| secret.for_git(site.kind, site.name().host())),
            transport: site.clone(),
        }),
        repository_name: Some(site.name()),
        tag: TAG.to_owned(),
        assets: Assets::Forge(Api::new(site.kind, site.name(), secret, site.clone())),
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
    let faults: [(&str, &str, Fault); 9] = [
        ("the release", "undetermined", |url, answer| {
            if url.contains("/releases") { Err(status(url, 503)) } else { Ok(answer) }
        }),
        ("a rate limit", "undetermined", |url, answer| {
            if url.contains("/releases") { Err(status(url, 403)) } else { Ok(answer) }
        }),
        ("a page of HTML", "undetermined", |url, mut answer| {
            if url.contains("/releases") {
                answer.bytes = b"<html>maintenance".to_vec();
            }
            Ok(answer)
        }),
        ("half an answer", "undetermined", |url, mut answer| {
            if url.contains("/releases") {
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
            if url.contains("/releases") {
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
        site.attested = attested.map(String::into_bytes);
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
