//! What a hostile endpoint asks for, and what lies about in the home of whoever runs the program: nobody is given a
//! credential that was not meant for them, and no name that a server sends becomes a path.
//!
//! Rows of the list of published attacks: 65, 125, 126 and 138.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use relcheck::release::Forge;
use serde_json::{Value, json};

use crate::authority::Shown;
use crate::http::{Asked, Http, faithful};
use crate::kit::forge::{GITHUB_FILES, Player};
use crate::kit::release::Release;
use crate::run::{Ran, finish};
use crate::scene::Scene;
use crate::server::{Internet, Play, Step, Tunnel};

/// What must be seen by nobody but its owner.
const SECRET: &str = "s3cr3t-c4n4ry";
/// Who plays every host that is not the forge's.
const STRANGER: &str = "x.evil.example";

/// What a forge answers, changed.
type Change = fn(&Asked, Http) -> Http;

/// A forge that answers otherwise than it should, and a stranger who asks for passwords first.
struct Hostile {
    player: Arc<Player>,
    change: Change,
}

impl Play for Hostile {
    fn tunnel(&self, _: &str, _: usize) -> Tunnel {
        Tunnel::Open(Shown::AnyName)
    }

    fn answer(&self, asked: &Asked) -> Vec<Step> {
        let answer = match asked.host == STRANGER {
            true => demanding(Http::status("401 Unauthorized")),
            false => (self.change)(asked, faithful(&self.player, asked)),
        };
        vec![Step::Say(answer.bytes())]
    }
}

/// With every way in which a server asks for a credential.
fn demanding(answer: Http) -> Http {
    answer
        .with("WWW-Authenticate", "Basic realm=\"github.com\"")
        .with("WWW-Authenticate", "Bearer realm=\"https://x.evil.example/token\",service=\"github.com\"")
        .with("WWW-Authenticate", "Negotiate")
        .with("Proxy-Authenticate", "Basic realm=\"proxy\"")
        .with("Set-Cookie", "session=1; Domain=github.com")
}

/// The program, with a token for the forge.
fn with_token(scene: &Scene, internet: &Internet) -> Command {
    let mut command = scene.verify(internet);
    command.env("RELCHECK_TOKEN", SECRET).env("RELCHECK_CACHE", scene.folder().join("kept"));
    command
}

/// What the program asked, of whom, and whether it gave the secret or anything like a credential.
fn told(internet: &Internet) -> (BTreeSet<String>, BTreeSet<String>) {
    let gives = |asked: &Asked| {
        let names = ["authorization", "private-token", "job-token", "cookie", "proxy-authorization"];
        names.iter().any(|name| asked.header(name).is_some()) || asked.head.contains(SECRET)
    };
    let all = internet.asked();
    let to = all.iter().filter(|asked| gives(asked)).map(|asked| asked.host.clone()).collect();
    (all.into_iter().map(|asked| asked.host).collect(), to)
}

fn no_pass(ran: &Ran, what: &str) {
    assert!(matches!(ran.code, 1 | 3), "{what}: exit {}\n{}", ran.code, ran.said());
    ran.assert_clean(what);
    assert!(!ran.said().contains(SECRET), "{what}");
}

#[test]
fn row_126_files_that_lie_elsewhere_are_fetched_without_a_token() {
    let elsewhere: Change = |_, answer| {
        let Ok(mut value) = serde_json::from_slice::<Value>(&answer.body) else { return answer };
        let places = ["url", "browser_download_url", "direct_asset_url"];
        for list in ["/assets", "/assets/links"] {
            let assets = value.pointer_mut(list).and_then(Value::as_array_mut).into_iter().flatten();
            for (number, asset) in assets.enumerate() {
                for place in places.iter().filter(|place| asset[**place].is_string()).collect::<Vec<_>>() {
                    asset[*place] = json!(format!("https://{STRANGER}/{number}"));
                }
            }
        }
        answer.saying(value.to_string())
    };
    for kind in crate::scene::KINDS {
        let scene = Scene::set(&Release::good(), kind);
        let internet = Internet::of(Hostile { player: Arc::clone(&scene.player), change: elsewhere });
        let ran = finish(&mut with_token(&scene, &internet));
        no_pass(&ran, &format!("{kind:?}"));
        let (asked, given) = told(&internet);
        assert!(asked.contains(STRANGER), "{kind:?}: {asked:?}");
        assert!(!given.is_empty() && !given.contains(STRANGER), "{kind:?}: {given:?}");
    }
}

#[test]
fn row_126_a_server_that_asks_for_a_credential_is_given_none_and_nobody_is_asked_for_one() {
    let demands: Change = |asked, answer| match asked.path.contains("/releases/") {
        true => demanding(Http::status("401 Unauthorized")),
        false => answer,
    };
    for kind in crate::scene::KINDS {
        let scene = Scene::set(&Release::good(), kind);
        let internet = Internet::of(Hostile { player: Arc::clone(&scene.player), change: demands });
        let ran = finish(&mut with_token(&scene, &internet));
        no_pass(&ran, &format!("{kind:?}"));
        assert!(ran.said().contains("answered 401"), "{kind:?}: {}", ran.said());
        let (asked, given) = told(&internet);
        assert!(!asked.contains(STRANGER), "{kind:?}: {asked:?}");
        assert!(!given.is_empty() && !given.contains(STRANGER), "{kind:?}: {given:?}");
        // Without a token there is none to give, whoever asks.
        let internet = Internet::of(Hostile { player: Arc::clone(&scene.player), change: demands });
        no_pass(&finish(&mut scene.verify(&internet)), &format!("{kind:?}"));
        assert_eq!(told(&internet).1, BTreeSet::new(), "{kind:?}");
    }
}

/// What other tools take credentials and addresses from.
fn furnish(home: &Path) {
    let netrc = format!(
        "machine github.com login acme password {SECRET}\nmachine api.github.com login acme password {SECRET}\n\
         default login acme password {SECRET}\n"
    );
    let files = [
        (".netrc", netrc.clone()),
        ("_netrc", netrc),
        (".curlrc", format!("user = acme:{SECRET}\nproxy = https://{STRANGER}\n")),
        (".git-credentials", format!("https://acme:{SECRET}@github.com\n")),
        (
            ".gitconfig",
            format!(
                "[credential]\nhelper = store\n[url \"https://{STRANGER}/\"]\ninsteadOf = https://github.com/\n\
                 [http]\nextraHeader = Authorization: Basic {SECRET}\nsslVerify = false\n"
            ),
        ),
        (".config/gh/hosts.yml", format!("github.com:\n    oauth_token: {SECRET}\n    user: acme\n")),
        (".docker/config.json", format!("{{\"auths\": {{\"github.com\": {{\"auth\": \"{SECRET}\"}}}}}}")),
    ];
    for (name, text) in files {
        let path = home.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn row_125_credentials_of_other_tools_are_never_read() {
    let scene = Scene::set(&Release::good(), Forge::Github);
    let home = tempfile::tempdir().unwrap();
    furnish(home.path());
    let internet = scene.good();
    let mut command = scene.verify(&internet);
    command.env("HOME", home.path()).env("XDG_CONFIG_HOME", home.path().join(".config"));
    command.env("NETRC", home.path().join(".netrc")).env("CURL_HOME", home.path());
    command.env("DOCKER_CONFIG", home.path().join(".docker"));
    let ran = finish(&mut command).expect("a home with credentials", 0, &[]);
    assert!(!ran.said().contains(SECRET));
    let (asked, given) = told(&internet);
    assert!(asked.contains("github.com") && asked.contains("api.github.com"), "{asked:?}");
    assert!(!asked.contains(STRANGER), "{asked:?}");
    assert_eq!(given, BTreeSet::new());
    assert!(!internet.tunnels().concat().contains(SECRET));
}

/// Every path below a folder.
fn paths(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = |path: std::path::PathBuf| {
        let own = BTreeSet::from([path.display().to_string()]);
        if path.is_dir() { own.into_iter().chain(paths(&path)).collect() } else { own }
    };
    entries.flat_map(below).collect()
}

#[test]
fn row_138_no_name_that_a_server_sends_becomes_a_path() {
    let names: Change = |asked, answer| {
        let answer = answer.with("Content-Disposition", "attachment; filename=\"../../escaped\"");
        let Ok(mut value) = serde_json::from_slice::<Value>(&answer.body) else { return answer };
        let lists_assets = asked.path.contains("/releases/tags/");
        let Some(assets) = value["assets"].as_array_mut().filter(|_| lists_assets) else { return answer };
        for name in ["../../escaped", "/escaped", "sub/escaped", "..", "C:\\escaped", "~/escaped"] {
            let mut asset = assets[0].clone();
            asset["name"] = json!(name);
            assets.push(asset);
        }
        answer.saying(value.to_string())
    };
    let scene = Scene::set(&Release::good(), Forge::Github);
    let (temporary, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let before = paths(scene.folder());
    let internet = Internet::of(Hostile { player: Arc::clone(&scene.player), change: names });
    let mut command = scene.verify(&internet);
    command.env("TMPDIR", temporary.path()).env("RELCHECK_CACHE", kept.path().join("cache"));
    command.arg("--save-evidence").arg(kept.path().join("pack"));
    let ran = finish(&mut command);
    no_pass(&ran, "names that are paths");
    assert!(ran.said().contains("escaped") && ran.said().contains("do not print"), "{}", ran.said());
    assert_eq!(paths(scene.folder()), before, "nothing beside the release");
    assert_eq!(paths(temporary.path()), BTreeSet::new(), "nothing is left");
    let written = paths(kept.path());
    assert!(!written.is_empty() && written.iter().all(|path| !path.contains("escaped")), "{written:?}");
    // The twin: such a header alone changes nothing.
    let alone: Change =
        |_, answer| answer.with("Content-Disposition", "attachment; filename=\"../../escaped\"");
    let internet = Internet::of(Hostile { player: Arc::clone(&scene.player), change: alone });
    finish(&mut scene.verify(&internet)).expect("a header", 0, &[]);
}

/// CVE-2022-47633: what is fetched a second time may be something else than what was judged.
#[test]
fn row_65_each_file_is_downloaded_once() {
    let scene = Scene::set(&Release::good(), Forge::Github);
    let internet = scene.good();
    finish(&mut scene.verify(&internet)).expect("a good release", 0, &[]);
    let asked = internet.asked();
    let times = |name: &String| {
        let of_file =
            |it: &&Asked| it.host == GITHUB_FILES && it.path.starts_with(&format!("/store/{name}?"));
        asked.iter().filter(of_file).count()
    };
    let all: Vec<usize> = scene.player.files.keys().map(times).collect();
    assert!(all.len() > 3 && all.iter().all(|times| *times == 1), "{all:?}");
}
