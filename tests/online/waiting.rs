//! `--wait`: attestations and files that appear after the release did, on a forge in memory whose clock is its own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use relcheck::collect::forge::Api;
use relcheck::collect::git::Source;
use relcheck::collect::transport::{Answer, Method, Request, Transport, TransportError};
use relcheck::collect::waiting::Patience;
use relcheck::collect::{Assets, RepositoryAt, Request as Asked, gather, without_provenance};
use relcheck::evaluate::evaluate;
use relcheck::evidence::{Evidence, Seen, pack};
use relcheck::policy::Policy;
use relcheck::release::Forge;
use relcheck::report::{Report, json};

use crate::kit::forge::{Player, Said, TAG};
use crate::kit::release::Release;
use crate::kit::transport::status;
use crate::stage::{LINUX, Stage, outcome};

/// What a forge does otherwise than it should, in which round.
type Fault = fn(usize, &str) -> Option<u16>;

/// A forge that shows one thing first and another later, with a clock that only waiting and its own slowness move.
struct Late {
    first: Player,
    later: Player,
    /// In which round it shows the other thing.
    from: usize,
    fault: Fault,
    /// How long it takes for an answer.
    takes: Duration,
    clock: Mutex<Duration>,
    asked: Mutex<Vec<(usize, String)>>,
    rests: Mutex<Vec<Duration>>,
    hurried: Mutex<Vec<Duration>>,
}

impl Late {
    fn of(first: Player, later: Player, from: usize, fault: Fault) -> Self {
        let (clock, takes) = (Mutex::default(), Duration::from_millis(200));
        let (asked, rests, hurried) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { first, later, from, fault, takes, clock, asked, rests, hurried }
    }

    fn round(&self) -> usize {
        self.rests.lock().unwrap().len()
    }

    /// What was asked of the interface and of stores in one round.
    fn asked_in(&self, round: usize) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|(at, _)| *at == round).map(|(_, url)| url.clone()).collect()
    }

    fn rested(&self) -> Duration {
        self.rests.lock().unwrap().iter().sum()
    }
}

impl Transport for Late {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        let round = self.round();
        *self.clock.lock().unwrap() += self.takes;
        let player = if round < self.from { &self.first } else { &self.later };
        if let Method::Git(question) = request.method {
            let Said::Git(bytes) = player.answer(request.url, Some(question)) else { panic!("git answers") };
            return Ok(Answer::new(request.url, bytes));
        }
        self.asked.lock().unwrap().push((round, request.url.to_owned()));
        if let Some(code) = (self.fault)(round, request.url) {
            return Err(status(request.url, code));
        }
        let mut said = player.answer(request.url, None);
        while let Said::Moved(to) = said {
            said = player.answer(&to, None);
        }
        match said {
            Said::Json(bytes, _) | Said::File(bytes) => Ok(Answer::new(request.url, bytes)),
            _ => Err(status(request.url, 404)),
        }
    }

    fn elapsed(&self) -> Duration {
        *self.clock.lock().unwrap()
    }

    fn rest(&self, least: Duration, most: Duration) -> bool {
        assert!(least <= most && !most.is_zero(), "{least:?} {most:?}");
        self.rests.lock().unwrap().push(most);
        *self.clock.lock().unwrap() += most;
        true
    }

    fn hurry(&self, end: Option<Duration>) {
        self.hurried.lock().unwrap().extend(end);
    }
}

/// The good release without its provenance, and what the forge attests instead.
fn unattested() -> (Stage, String) {
    let stage = Stage::set(&Release::good());
    let provenance = stage.written.provenance();
    let bundle = std::fs::read_to_string(&provenance).unwrap();
    std::fs::remove_file(&provenance).unwrap();
    let answer = format!(r#"{{"attestations": [{{"bundle": {}, "repository_id": 1}}]}}"#, bundle.trim());
    (stage, answer)
}

fn player(stage: &Stage, attested: Option<&str>) -> Player {
    let mut player = Player::of(Forge::Github, &stage.written.repository(), &stage.written.published());
    player.attested = attested.map(|answer| answer.as_bytes().to_vec());
    player
}

fn none(_: usize, _: &str) -> Option<u16> {
    None
}

/// Collected while waiting for so many seconds.
fn waited(stage: &Stage, site: &Arc<Late>, seconds: u64) -> Evidence {
    let trust = stage.trust();
    let advisories = [relcheck::advisories::database::Database::open(&stage.written.advisories()).unwrap()];
    let name = site.first.name();
    let patience = Patience::new(Duration::from_secs(seconds), Arc::new(without_provenance));
    let api = Api::new(Forge::Github, name.clone(), None, site.clone()).waiting(Some(patience));
    let source = Source { url: name.url(), token: None, transport: site.clone() };
    let request = Asked {
        repository: RepositoryAt::Forge(source),
        repository_name: Some(name),
        tag: TAG.to_owned(),
        assets: Assets::Forge(api),
        advisories: &advisories,
        frames: &|name, bytes| relcheck::proof::frames(name, bytes, trust.keys()),
        now: stage.as_of,
    };
    gather(request).unwrap()
}

fn judged(stage: &Stage, evidence: &Evidence) -> Report {
    evaluate(evidence, &stage.trust(), &Policy::built_in("default").unwrap(), stage.as_of)
}

fn said(report: &Report) -> String {
    let findings = report.checks.iter().flat_map(|check| &check.findings);
    findings.map(|finding| format!("{}: {}\n", finding.rule.id, finding.message)).collect()
}

#[test]
fn an_attestation_that_appears_at_the_third_asking_counts() {
    let (stage, answer) = unattested();
    let site = Late::of(player(&stage, None), player(&stage, Some(&answer)), 2, none);
    let site = Arc::new(site);
    let evidence = waited(&stage, &site, 600);
    assert_eq!(outcome(&judged(&stage, &evidence)), "verified");
    assert_eq!(site.round(), 2);
    assert_eq!(*site.rests.lock().unwrap(), [5, 10].map(Duration::from_secs));
    // What is here already is not fetched again: a round is the release, and a question for each artifact.
    let files = site.asked_in(0).iter().filter(|url| url.contains("/download/")).count();
    assert!(files > 3, "{files}");
    for round in [1, 2] {
        let asked = site.asked_in(round);
        assert_eq!(asked.iter().filter(|url| url.contains("/releases/tags/")).count(), 1, "{asked:?}");
        assert_eq!(asked.iter().filter(|url| url.contains("/attestations/")).count(), 3, "{asked:?}");
        assert_eq!(asked.len(), 4, "{asked:?}");
    }
    println!("3 askings: {} files once, 4 questions in each further round", files);
}

#[test]
fn where_nothing_is_missing_nothing_is_waited_for() {
    let stage = Stage::set(&Release::good());
    let site = Arc::new(Late::of(player(&stage, None), player(&stage, None), 9, none));
    assert_eq!(outcome(&judged(&stage, &waited(&stage, &site, 600))), "verified");
    assert_eq!(site.round(), 0);
}

#[test]
fn what_never_appears_is_undetermined_after_the_wait_and_says_so() {
    let (stage, _) = unattested();
    let site = Arc::new(Late::of(player(&stage, None), player(&stage, None), 99, none));
    let evidence = waited(&stage, &site, 600);
    let report = judged(&stage, &evidence);
    assert_eq!(report.verdict.word(), "undetermined", "{}", outcome(&report));
    let said = said(&report);
    for phrase in ["appeared while it was waited for, up to 10 min, asking ", "wait longer with --wait"] {
        assert!(said.contains(phrase), "{phrase}: {said}");
    }
    assert!(said.lines().any(|line| line.starts_with("provenance/missing: ")), "{said}");
    // Twice as long each time, up to a minute; the last ends with the wait.
    let rests: Vec<u64> = site.rests.lock().unwrap().iter().map(Duration::as_secs).collect();
    assert_eq!(rests[..6], [5, 10, 20, 40, 60, 60]);
    assert!(site.rested() <= Duration::from_secs(600), "{rests:?}");
    // From a pack it is judged alike.
    let folder = tempfile::tempdir().unwrap();
    pack::save(&evidence, &folder.path().join("pack")).unwrap();
    let loaded = pack::load(&folder.path().join("pack")).unwrap();
    assert_eq!(json::render(&judged(&stage, &loaded)), json::render(&judged(&stage, &evidence)));
}

#[test]
fn an_outage_while_waiting_ends_no_wait_and_is_named_in_the_end() {
    let (stage, answer) = unattested();
    for fault in [
        (|round, url| (round == 1 && url.contains("/releases/tags/")).then_some(503)) as Fault,
        |round, url| ((1..=2).contains(&round) && url.contains("/attestations/")).then_some(502),
        |round, url| (round == 0 && url.contains("/attestations/")).then_some(429),
        |round, url| (round == 0 && url.contains("linux-gnu.tar.gz")).then_some(500),
    ] {
        let site = Arc::new(Late::of(player(&stage, None), player(&stage, Some(&answer)), 3, fault));
        assert_eq!(outcome(&judged(&stage, &waited(&stage, &site, 600))), "verified");
    }
    for (fault, last) in [
        (
            (|round, url| (round > 0 && url.contains("/releases/tags/")).then_some(503)) as Fault,
            "answered 503",
        ),
        (|round, url| (round > 0 && url.contains("/attestations/")).then_some(403), "answered 403"),
    ] {
        let site = Arc::new(Late::of(player(&stage, None), player(&stage, Some(&answer)), 3, fault));
        let report = judged(&stage, &waited(&stage, &site, 600));
        assert_eq!(report.verdict.word(), "undetermined", "{}", outcome(&report));
        let said = said(&report);
        assert!(said.contains("(the last time: ") && said.contains(last), "{said}");
    }
}

#[test]
fn no_forge_prolongs_the_wait() {
    let (stage, _) = unattested();
    // Each answer takes 7 s: nothing is asked again once the time is over, and every question knows when that is.
    let site = Late {
        takes: Duration::from_secs(7),
        ..Late::of(player(&stage, None), player(&stage, None), 99, none)
    };
    let site = Arc::new(site);
    let report = judged(&stage, &waited(&stage, &site, 60));
    assert_eq!(report.verdict.word(), "undetermined", "{}", outcome(&report));
    assert!(site.rested() <= Duration::from_secs(60));
    let ends: BTreeMap<Duration, usize> =
        site.hurried.lock().unwrap().iter().fold(BTreeMap::new(), |mut ends, end| {
            *ends.entry(*end).or_default() += 1;
            ends
        });
    assert_eq!(ends.len(), 1, "one end for all rounds: {ends:?}");
    assert_eq!(ends.values().sum::<usize>(), site.round());
}

#[test]
fn files_that_come_later_are_fetched_and_a_changed_one_is_fetched_again() {
    let (stage, answer) = unattested();
    // A signature of another kind asks for another hash of the artifact, which was not computed the first time.
    let mut later = player(&stage, Some(&answer));
    later.files.insert("SHA512SUMS".to_owned(), format!("{}  {LINUX}\n", "a".repeat(128)).into_bytes());
    let site = Arc::new(Late::of(player(&stage, None), later, 1, none));
    let evidence = waited(&stage, &site, 600);
    let asked = site.asked_in(1);
    let fetched =
        |name: &str| asked.iter().filter(|url| url.contains("/download/") && url.ends_with(name)).count();
    assert_eq!((fetched("SHA512SUMS"), fetched(LINUX), fetched("SHA256SUMS")), (1, 1, 0), "{asked:?}");
    assert!(
        judged(&stage, &evidence).verdict.word() == "rejected",
        "the list of SHA-512 is about other bytes"
    );
    // The same name with another size is another file.
    let mut later = player(&stage, Some(&answer));
    later.files.get_mut(LINUX).unwrap().push(b'!');
    let site = Arc::new(Late::of(player(&stage, None), later, 1, none));
    let report = judged(&stage, &waited(&stage, &site, 600));
    assert_eq!(report.verdict.word(), "rejected", "{}", outcome(&report));
    assert!(said(&report).contains("checksums/mismatch"), "{}", said(&report));
}

#[test]
fn a_release_that_is_taken_back_while_it_is_waited_for_is_absent() {
    let (stage, answer) = unattested();
    let fault: Fault = |round, url| (round > 0 && url.contains("/releases/tags/")).then_some(404);
    let site = Arc::new(Late::of(player(&stage, None), player(&stage, Some(&answer)), 1, fault));
    let evidence = waited(&stage, &site, 600);
    assert!(matches!(evidence.listing, Some(Seen::Absent { .. })), "{:?}", evidence.listing);
    assert!(matches!(evidence.published, Seen::Absent { .. }));
    assert_ne!(judged(&stage, &evidence).verdict.word(), "verified");
}
