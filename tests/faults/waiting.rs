//! `--wait` by the program itself, over TLS.

use std::sync::Arc;
use std::time::{Duration, Instant};

use relcheck::release::Forge;

use crate::http::{Asked, Http, faithful};
use crate::kit::forge::Player;
use crate::kit::release::Release;
use crate::run::{self, finish, relcheck};
use crate::scene::{Scene, WHOLE_RUN, through};
use crate::server::{Internet, Play, Step};

/// What a forge answers.
type Answers = fn(&Player, &Asked) -> Vec<Step>;

/// A forge that answers otherwise from the second time that the same is asked.
struct Later {
    player: Arc<Player>,
    /// What it answers to a question of its interface then.
    then: Answers,
}

impl Play for Later {
    fn answer(&self, asked: &Asked) -> Vec<Step> {
        let is_interface = asked.url().starts_with(self.player.base());
        match (is_interface, asked.path.contains("/attestations/"), asked.before) {
            (true, true, 0) => vec![Step::Say(Http::status("404 Not Found").bytes())],
            (true, _, 1..) => (self.then)(&self.player, asked),
            _ => vec![Step::Say(faithful(&self.player, asked).bytes())],
        }
    }
}

/// A release whose provenance only the forge keeps, from the second asking on.
fn scene() -> Scene {
    Scene::over(&Release::good(), Forge::Github, |stage, player| {
        let provenance = stage.written.provenance();
        let name = provenance.file_name().unwrap().to_string_lossy().into_owned();
        let bundle = String::from_utf8(player.files.remove(&name).unwrap()).unwrap();
        let answer = format!(r#"{{"attestations": [{{"bundle": {}, "repository_id": 1}}]}}"#, bundle.trim());
        player.attested = Some(answer.into_bytes());
    })
}

fn internet(scene: &Scene, then: Answers) -> Internet {
    Internet::of(Later { player: Arc::clone(&scene.player), then })
}

fn good(player: &Player, asked: &Asked) -> Vec<Step> {
    vec![Step::Say(faithful(player, asked).bytes())]
}

#[test]
fn an_attestation_that_comes_while_it_is_waited_for_is_judged() {
    let scene = scene();
    let without = internet(&scene, good);
    finish(&mut scene.verify(&without)).expect("without waiting", 1, &["no SLSA provenance covers"]);
    let with = internet(&scene, good);
    let ran = finish(
        scene.verify(&with).args(["--wait", "1s"]).env("RELCHECK_CACHE", scene.folder().join("cache")),
    );
    let ran = ran.expect("waiting", 0, &["note: waiting for attestations of 3 files, up to 1 s"]);
    assert_eq!(ran.stderr.matches("waiting for").count(), 1);
    // The second round: the release, which is unchanged, and a question for each file; no file comes twice.
    let asked = with.asked();
    let again: Vec<_> = asked.iter().filter(|asked| asked.before > 0 && asked.method == "GET").collect();
    assert!(again.iter().all(|asked| asked.url().starts_with(scene.player.base())), "{again:?}");
    assert_eq!(again.len(), 4);
    let release = again.iter().find(|asked| asked.path.contains("/releases/")).unwrap();
    assert!(release.header("if-none-match").is_some(), "{}", release.head);
    println!("{} requests of the interface in the second round, 1 of them conditional", again.len());
}

#[test]
fn no_forge_holds_the_program_beyond_the_wait_and_what_is_missing_is_undetermined() {
    let hostile: [(&str, Answers); 6] = [
        ("stalls", |_, _| vec![Step::Stall]),
        ("trickles", |_, _| {
            let head =
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n".to_vec();
            vec![Step::Say(head), Step::Forever(b" ".to_vec(), Duration::from_millis(100))]
        }),
        ("wants to be asked later", |_, _| {
            let answer = Http::status("429 Too Many Requests").with("Retry-After", "2").bytes();
            vec![Step::Say(answer)]
        }),
        ("is down", |_, _| vec![Step::Say(Http::status("503 Service Unavailable").bytes())]),
        ("resets", |_, _| vec![Step::Reset]),
        ("has none", |player, asked| match asked.path.contains("/attestations/") {
            true => vec![Step::Say(Http::status("404 Not Found").bytes())],
            false => good(player, asked),
        }),
    ];
    let scene = scene();
    for (what, then) in hostile {
        let internet = internet(&scene, then);
        let began = Instant::now();
        let ran = finish(scene.verify(&internet).args(["--wait", "1s"]));
        let took = began.elapsed();
        let said = ["appeared while it was waited for, up to 1 s", "wait longer with --wait"];
        ran.expect(what, 3, &said);
        assert!(took < Duration::from_secs(1 + WHOLE_RUN + 5), "{what}: {took:?}");
        println!("a forge that {what}: undetermined after {:.1} s", took.as_secs_f64());
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the program reads the clock too")]
fn without_a_moment_of_its_own_a_release_is_judged_as_at_the_end_of_the_wait() {
    let scene = scene();
    let internet = internet(&scene, good);
    let arguments: Vec<_> = scene.verify(&internet).get_args().map(std::ffi::OsStr::to_owned).collect();
    let at = arguments.iter().position(|word| word == "--as-of").unwrap();
    let mut now = run::command(scene.folder());
    now.args(arguments[..at].iter().chain(&arguments[at + 2..])).args(["--wait", "1s"]);
    through(&mut now, &internet);
    let began = jiff::Timestamp::now();
    let ran = finish(&mut now);
    let as_of: jiff::Timestamp = ran.json()["as_of"].as_str().unwrap().parse().unwrap();
    assert!(as_of.duration_since(began).as_secs_f64() >= 1.0, "{began} {as_of}");
}

#[test]
fn a_wait_that_cannot_be_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, said) in [
        (&["--wait", "10"][..], "write it as 90s or 10m"),
        (&["--wait", "61m"], "60m at most"),
        (&["--wait", "0s"], "write it as 90s or 10m"),
        (&["--wait", "10m", "--offline"], "cannot be used with '--offline'"),
        (&["--wait", "10m", "--assets", "dist"], "cannot be used with"),
        (&["--wait", "10m", "--digests", "SHA256SUMS"], "cannot be used with"),
        (&["--wait", "10m", "--evidence", "pack"], "cannot be used with"),
    ] {
        let all = ["verify", "v1.2.3", "--repo", "acme/widget"].iter().chain(arguments);
        let all = all
            .filter(|word| !(arguments.contains(&"--evidence") && ["--repo", "acme/widget"].contains(word)));
        relcheck(folder.path(), all).expect(&format!("{arguments:?}"), 2, &[said]);
    }
}
