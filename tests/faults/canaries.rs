//! Tokens: sent to their own origin, and never to another one, whatever redirects there are; and never written anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use rayon::prelude::*;
use relcheck::release::Forge;

use crate::authority::Shown;
use crate::http::{Asked, Http, faithful};
use crate::kit::forge::Player;
use crate::kit::release::Release;
use crate::run::finish;
use crate::scene::Scene;
use crate::server::{Internet, Play, Step, Tunnel};
use crate::shapes::{ALL, SHAPES, STATUSES, VARIABLES, Variable};

/// What every canary begins with; it looks the same in a URL.
const SONG: &str = "s3cr3t-c4n4ry-";
/// Who plays every host that is not the forge's.
const STRANGER: &str = "x.evil.example";

fn canary(name: &str) -> String {
    format!("{SONG}{name}-77/19+")
}

/// What is redirected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Each file, to another place with another status.
    Files,
    /// Everything that the interface is asked, thus.
    Interface(usize),
    /// Everything that git is asked, thus.
    Git(usize),
}

/// A forge that redirects, and strangers who answer everybody and say again what they were told.
struct Redirecting {
    player: Arc<Player>,
    at: At,
}

impl Redirecting {
    fn place(asked: &Asked, shape: usize) -> String {
        let host = asked.host.split(':').next().unwrap_or_default();
        let name = asked.path.rsplit('/').next().unwrap_or_default().split('?').next().unwrap_or_default();
        let place = SHAPES[shape % SHAPES.len()].1;
        let place = place.replace("{host}", host).replace("{HOST}", &host.to_uppercase());
        place.replace("{n}", &format!("{shape}-{name}"))
    }

    fn redirect(asked: &Asked, shape: usize) -> Http {
        let status = STATUSES[shape / SHAPES.len() % STATUSES.len()];
        Http::status(status).with("Location", Self::place(asked, shape))
    }
}

impl Play for Redirecting {
    fn tunnel(&self, _: &str, _: usize) -> Tunnel {
        Tunnel::Open(Shown::AnyName)
    }

    fn answer(&self, asked: &Asked) -> Vec<Step> {
        let own = [self.player.host(), api_host(&self.player)];
        let url = asked.url();
        let is_next = asked.path.contains("next-") || asked.path.contains("next=");
        let number = || {
            let case = self
                .player
                .files
                .keys()
                .position(|name| url.contains(name.as_str()) && name.starts_with("case-"));
            let by_id =
                asked.path.strip_prefix("/repos/acme/widget/releases/assets/").and_then(|id| id.parse().ok());
            case.or(by_id)
        };
        let kind = if self.at == At::Files { "application/octet-stream" } else { "application/json" };
        let answer = match self.at {
            _ if asked.path.starts_with("/back-") => {
                Http::status("302 Found").with("Location", format!("https://{}/next-again", own[0]))
            }
            _ if is_next && own.contains(&asked.host.as_str()) => {
                Http::status("200 OK").with("Content-Type", kind).with("ETag", "\"x\"").saying("[]")
            }
            // Strangers say again what they were told.
            _ if is_next || !own.contains(&asked.host.as_str()) => Http::status("200 OK")
                .with("Content-Type", kind)
                .with("ETag", "\"x\"")
                .saying(format!("[\"{}\"]", asked.head)),
            At::Files => match number() {
                Some(number) if asked.method == "GET" => Self::redirect(asked, number),
                _ => faithful(&self.player, asked),
            },
            At::Interface(shape) if url.starts_with(self.player.base()) => Self::redirect(asked, shape),
            At::Git(shape) if asked.method == "POST" => Self::redirect(asked, shape),
            At::Interface(_) | At::Git(_) => faithful(&self.player, asked),
        };
        vec![Step::Say(answer.bytes())]
    }
}

fn api_host(player: &Player) -> &'static str {
    let rest = player.base().strip_prefix("https://").unwrap();
    rest.split('/').next().unwrap()
}

/// The token in every form in which it could be written: as it is, in base64 at each of three places, in hexadecimal,
/// escaped, and backwards.
fn forms(canary: &str) -> Vec<String> {
    let in_base64 = (0..3).map(|shift| {
        let text = BASE64_STANDARD.encode([&vec![b'x'; shift], canary.as_bytes()].concat());
        // The first and last letters depend on what stands beside it.
        text[4..text.len() - 4].to_owned()
    });
    let hexadecimal = hex::encode(canary);
    let escaped = canary.replace('/', "%2F").replace('+', "%2B");
    let backwards: String = canary.chars().rev().collect();
    let plain = [canary.to_owned(), escaped, hexadecimal.to_uppercase(), hexadecimal, backwards];
    plain.into_iter().chain(in_base64).collect()
}

fn holds(bytes: &[u8], forms: &[String]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    forms.iter().any(|form| text.contains(form.as_str()))
}

/// The forms of every canary that a run knows.
struct Canaries {
    /// Of the one that is sent.
    own: Vec<String>,
    /// Of those that are for somebody else.
    others: Vec<String>,
    /// Of all.
    any: Vec<String>,
}

impl Canaries {
    fn of(variable: &Variable) -> Self {
        let own = forms(&canary(variable.name));
        let others: Vec<String> = ALL.iter().flat_map(|name| forms(&other(name))).collect();
        let any = [SONG.to_owned()].into_iter().chain(own.clone()).chain(others.clone()).collect();
        Self { own, others, any }
    }
}

/// What one run showed.
#[derive(Default)]
struct Watched {
    problems: Vec<String>,
    sent: usize,
    elsewhere: BTreeSet<String>,
    foreign: usize,
    looked_at: usize,
}

impl Watched {
    /// Nobody but the forge is told anything, and the forge only its own token.
    fn watch(&mut self, asked: &Asked, allowed: &[&str], canaries: &Canaries) {
        let all = [asked.head.as_bytes(), &asked.body].concat();
        if holds(&all, &canaries.others) {
            self.problems.push(format!("{} was told another token", asked.url()));
        }
        if allowed.contains(&asked.host.as_str()) {
            self.sent += usize::from(holds(&all, &canaries.own));
            return;
        }
        self.foreign += 1;
        self.elsewhere.insert(asked.host.clone());
        if holds(&all, &canaries.any) || !credentials(asked).is_empty() {
            self.problems.push(format!("{} was told {:?}", asked.url(), asked.head));
        }
    }

    /// Nothing that is written holds a token.
    fn look(&mut self, name: &str, bytes: &[u8], canaries: &Canaries) {
        self.looked_at += 1;
        if holds(bytes, &canaries.any) {
            self.problems.push(format!("it is in {name}"));
        }
    }
}

/// The canary of a variable that is set and must not be sent.
fn other(name: &str) -> String {
    canary(&format!("other-{name}"))
}

/// The program, with the variable and all others, writing everything that it can write into `folder`.
fn command(scene: &Scene, internet: &Internet, variable: &Variable, folder: &Path) -> Command {
    let mut command = scene.verify(internet);
    command.env("RELCHECK_CACHE", folder.join("cache")).env("RUST_BACKTRACE", "1");
    for format in ["human", "json", "markdown"] {
        command.arg("--output").arg(format!("{format}={}", folder.join(format).display()));
    }
    command.arg("--save-evidence").arg(folder.join("pack"));
    // Those that come first would be taken instead.
    let before: &[&str] = match variable.name {
        "RELCHECK_TOKEN" => &[],
        "GH_TOKEN" => &["RELCHECK_TOKEN", "GITHUB_TOKEN"],
        "CI_JOB_TOKEN" => &["RELCHECK_TOKEN", "GITLAB_TOKEN"],
        _ => &["RELCHECK_TOKEN"],
    };
    command.envs(ALL.iter().filter(|name| !before.contains(name)).map(|name| (*name, other(name))));
    command.env(variable.name, canary(variable.name)).envs(variable.besides.iter().copied());
    command
}

fn run(scene: &Scene, variable: &Variable, at: At) -> Watched {
    let internet = Internet::of(Redirecting { player: Arc::clone(&scene.player), at });
    let kept = tempfile::tempdir().unwrap();
    let ran = finish(&mut command(scene, &internet, variable, kept.path()));
    let canaries = Canaries::of(variable);
    let mut watched = Watched::default();
    if !matches!(ran.code, 0 | 1 | 3) || ran.said().contains("panicked") {
        watched.problems.push(format!("exit {}: {}", ran.code, ran.stderr));
    }
    for asked in internet.asked() {
        watched.watch(&asked, &[scene.player.host(), api_host(&scene.player)], &canaries);
    }
    for head in internet.tunnels() {
        watched.look("the proxy", head.as_bytes(), &canaries);
    }
    for (name, bytes) in files(kept.path()) {
        watched.look(&name, &bytes, &canaries);
    }
    watched.look("stdout", &ran.stdout, &canaries);
    watched.look("stderr", ran.stderr.as_bytes(), &canaries);
    for problem in &mut watched.problems {
        *problem = format!("{} on {:?}, {at:?}: {problem}", variable.name, variable.kind);
    }
    watched
}

/// Headers that carry a token.
fn credentials(asked: &Asked) -> String {
    ["authorization", "private-token", "job-token", "cookie", "proxy-authorization"]
        .iter()
        .filter_map(|name| asked.header(name))
        .collect()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => drop(found.insert(path.display().to_string(), std::fs::read(&path).unwrap())),
        }
    }
    found
}

#[test]
fn no_token_goes_to_another_origin_or_is_written_anywhere() {
    let scenes: Vec<(Forge, Scene)> = crate::scene::KINDS
        .into_iter()
        .map(|kind| {
            let scene = Scene::over(&Release::good(), kind, |_, player| {
                player.page = 50;
                // Each leads somewhere else, with another status.
                let cases = 0..SHAPES.len() * STATUSES.len();
                player.files.extend(cases.map(|n| (format!("case-{n:03}.bin"), b"case".to_vec())));
            });
            (kind, scene)
        })
        .collect();
    let mut runs = Vec::new();
    for (place, variable) in VARIABLES.iter().enumerate() {
        runs.push((variable, At::Files));
        for shape in 0..SHAPES.len() {
            // Another status for each variable, so that all are tried with each shape.
            let status = (shape + place) % STATUSES.len();
            runs.push((variable, At::Interface(status * SHAPES.len() + shape)));
            runs.push((variable, At::Git(status * SHAPES.len() + shape)));
        }
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(6).build().unwrap();
    let all: Vec<Watched> = pool.install(|| {
        let scene = |kind: Forge| &scenes.iter().find(|(own, _)| *own == kind).unwrap().1;
        runs.par_iter()
            .with_max_len(1)
            .map(|(variable, at)| run(scene(variable.kind), variable, *at))
            .collect()
    });
    let problems: Vec<String> = all.iter().flat_map(|watched| watched.problems.clone()).collect();
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
    let sum = |of: fn(&Watched) -> usize| all.iter().map(of).sum::<usize>();
    let elsewhere: BTreeSet<&String> = all.iter().flat_map(|watched| &watched.elsewhere).collect();
    println!(
        "{} shapes of redirects with {} statuses, {} variables and forges, {} runs: {} requests with a token to its own \
         origin, {} requests to {} other origins without one, {} heads, reports, packs and kept answers looked through",
        SHAPES.len(),
        STATUSES.len(),
        VARIABLES.len(),
        runs.len(),
        sum(|watched| watched.sent),
        sum(|watched| watched.foreign),
        elsewhere.len(),
        sum(|watched| watched.looked_at)
    );
    println!("other origins: {elsewhere:?}");
    // No test of nothing: tokens were sent, and strangers were asked.
    assert!(all.iter().all(|watched| watched.sent > 0), "a run sent no token");
    assert!(elsewhere.iter().any(|host| *host == STRANGER) && elsewhere.len() >= 8, "{elsewhere:?}");
}
