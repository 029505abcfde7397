//! Every fault at every kind of request: never a pass, never a panic, never longer than the deadline and five seconds, and
//! each with its message.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use relcheck::release::Forge;
use serde_json::Value;

use crate::authority::Shown;
use crate::behaviours::{self, Act, Behaviour, Expected};
use crate::http::{Asked, faithful};
use crate::kit::forge::{GITHUB_FILES, GITLAB_FILES, Player};
use crate::kit::release::Release;
use crate::run::finish;
use crate::scene::{Scene, WHOLE_RUN};
use crate::server::{Internet, Play, Step, Tunnel};
use crate::{content, statuses};

/// How much longer than its deadline a run may take.
const GRACE: u64 = 5;
/// How many runs there are at a time; most of them wait.
const AT_A_TIME: usize = 6;
/// How many of those that mostly wait.
const WAITING: usize = 32;
/// The request of which an answer is kept from an earlier run.
const KEPT: &str = "GitHub release, kept";

/// A kind of request.
struct Column {
    name: &'static str,
    scene: Arc<Scene>,
    kind: Kind,
    is_hit: fn(&Asked) -> bool,
    /// Whose tunnels are hit, and from which on.
    tunnel: (&'static str, usize),
    /// Whether an answer is kept from an earlier run.
    is_kept: bool,
    /// How the host or the file is called.
    names: &'static [&'static str],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Git,
    Json,
    File,
}

/// A forge that misbehaves at one kind of request.
struct Faulty {
    player: Arc<Player>,
    column: usize,
    behaviour: usize,
    world: Arc<World>,
}

struct World {
    columns: Vec<Column>,
    behaviours: Vec<Behaviour>,
}

impl Play for Faulty {
    fn tunnel(&self, host: &str, nth: usize) -> Tunnel {
        let (whose, from) = self.world.columns[self.column].tunnel;
        match self.world.behaviours[self.behaviour].act {
            Act::Tunnel(act) if host == whose && nth >= from => act(),
            _ => Tunnel::Open(Shown::Good),
        }
    }

    fn answer(&self, asked: &Asked) -> Vec<Step> {
        let answer = match self.world.columns[self.column].is_kept {
            // It gives the whole answer, whatever is known already.
            true => faithful(&self.player, &asked.without("if-none-match")),
            false => faithful(&self.player, asked),
        };
        match self.world.behaviours[self.behaviour].act {
            // A tunnel serves one request, so that the next one needs another.
            Act::Tunnel(_) => vec![Step::Say(answer.with("Connection", "close").bytes()), Step::Close],
            Act::Answer(act) if (self.world.columns[self.column].is_hit)(asked) => act(asked, answer),
            Act::Answer(_) => vec![Step::Say(answer.bytes())],
        }
    }
}

fn columns() -> Vec<Column> {
    let on = |kind: Forge| Arc::new(Scene::set(&Release::good(), kind));
    let (github, gitlab, forgejo, gitea) =
        (on(Forge::Github), on(Forge::Gitlab), on(Forge::Forgejo), on(Forge::Gitea));
    let many = Release { further: 12, ..Release::good() };
    let many = Arc::new(Scene::over(&many, Forge::Github, |_, player| player.page = 20));
    let kept = Arc::new(Scene::over(&Release::good(), Forge::Github, |stage, player| {
        let provenance = stage.written.provenance();
        let bundle = std::fs::read_to_string(&provenance).unwrap();
        std::fs::remove_file(&provenance).unwrap();
        player.files.retain(|name, _| !name.ends_with(".intoto.jsonl"));
        let answer = format!(r#"{{"attestations": [{{"bundle": {}, "repository_id": 1}}]}}"#, bundle.trim());
        player.attested = Some(answer.into_bytes());
    }));
    fn is_git(asked: &Asked, command: &str) -> bool {
        asked.method == "POST" && String::from_utf8_lossy(&asked.body).contains(command)
    }
    let column = |name, scene: &Arc<Scene>, kind, is_hit, tunnel, names| Column {
        name,
        scene: Arc::clone(scene),
        kind,
        is_hit,
        tunnel,
        is_kept: name == KEPT,
        names,
    };
    const API: &str = "api.github.com";
    vec![
        column(
            "git refs",
            &github,
            Kind::Git,
            |it| is_git(it, "command=ls-refs"),
            ("github.com", 0),
            &["https://github.com/acme/widget"],
        ),
        column(
            "git objects",
            &github,
            Kind::Git,
            |it| is_git(it, "command=fetch"),
            ("github.com", 1),
            &["https://github.com/acme/widget"],
        ),
        column(
            "GitHub release",
            &github,
            Kind::Json,
            |it| it.path.contains("/releases/tags/"),
            (API, 0),
            &[API, "github.com/acme/widget"],
        ),
        column(
            KEPT,
            &github,
            Kind::Json,
            |it| it.path.contains("/releases/tags/"),
            (API, 0),
            &[API, "github.com/acme/widget"],
        ),
        column(
            "GitHub page 2",
            &many,
            Kind::Json,
            |it| it.path.contains("/releases/1/assets?page=2"),
            (API, 2),
            &[API, "github.com/acme/widget", "widget-1.2.3"],
        ),
        column(
            "checksums",
            &github,
            Kind::File,
            |it| it.host == GITHUB_FILES && it.path.contains("/SHA256SUMS?"),
            (GITHUB_FILES, 0),
            &[GITHUB_FILES, "SHA256SUMS"],
        ),
        column(
            "bundle",
            &github,
            Kind::File,
            |it| it.host == GITHUB_FILES && it.path.contains("linux-gnu.tar.gz.sigstore.json?"),
            (GITHUB_FILES, 0),
            &[GITHUB_FILES, "linux-gnu.tar.gz"],
        ),
        column(
            "artifact",
            &github,
            Kind::File,
            |it| it.host == GITHUB_FILES && it.path.contains("linux-gnu.tar.gz?"),
            (GITHUB_FILES, 0),
            &[GITHUB_FILES, "linux-gnu.tar.gz"],
        ),
        column(
            "attestations",
            &kept,
            Kind::Json,
            |it| it.path.contains("/attestations/"),
            (API, 1),
            &[API, "widget-1.2.3"],
        ),
        column(
            "GitLab release",
            &gitlab,
            Kind::Json,
            |it| it.path.contains("/releases/v1.2.3"),
            ("gitlab.com", 1),
            &["gitlab.com"],
        ),
        column(
            "GitLab package",
            &gitlab,
            Kind::File,
            |it| it.host == GITLAB_FILES && it.path.contains(".crate?"),
            (GITLAB_FILES, 0),
            &[GITLAB_FILES, "widget-1.2.3.crate"],
        ),
        column(
            "Forgejo release",
            &forgejo,
            Kind::Json,
            |it| it.path.contains("/releases/tags/"),
            ("codeberg.org", 1),
            &["codeberg.org"],
        ),
        column(
            "Gitea file",
            &gitea,
            Kind::File,
            |it| it.path.split('?').next().is_some_and(|path| path.ends_with(".crate")),
            ("git.example", 5),
            &["git.example", "widget-1.2.3.crate"],
        ),
    ]
}

fn all_behaviours() -> Vec<Behaviour> {
    [
        behaviours::connections(),
        behaviours::framing(),
        statuses::statuses(),
        statuses::limits(),
        statuses::redirects(),
        statuses::kinds(),
        content::bodies(),
        content::changes(),
        content::tunnels(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What came of one run.
struct Cell {
    code: i32,
    took: Duration,
    rule: String,
    said: String,
    problem: Option<String>,
}

fn run(world: &Arc<World>, good: &[Value], column: usize, behaviour: usize) -> Cell {
    let (at, what) = (&world.columns[column], &world.behaviours[behaviour]);
    let internet = Internet::of(Faulty {
        player: Arc::clone(&at.scene.player),
        column,
        behaviour,
        world: Arc::clone(world),
    });
    let kept = tempfile::tempdir().unwrap();
    if at.is_kept {
        let first = finish(at.scene.verify(&at.scene.good()).env("RELCHECK_CACHE", kept.path()));
        first.expect("what is kept", 0, &[]);
    }
    let began = Instant::now();
    let ran = finish(at.scene.verify(&internet).env("RELCHECK_CACHE", kept.path()));
    let took = began.elapsed();
    ran.assert_clean(&format!("{} / {}", at.name, what.name));
    let usual = match at.kind {
        Kind::Git => what.git,
        Kind::Json => what.json,
        Kind::File => what.file,
    };
    let expected = what.except.iter().find(|(name, _)| *name == at.name).map_or(usual, |(_, one)| *one);
    let said = ran.said();
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let report = serde_json::from_slice::<Value>(&ran.stdout).ok();
    let is_good = report.as_ref() == Some(&good[column]);
    let names = || at.names.iter().any(|name| flat.contains(name));
    let problem = match expected {
        _ if took > Duration::from_secs(WHOLE_RUN + GRACE) => Some(format!("it took {took:?}")),
        Expected::Heals if ran.code == 0 && is_good => None,
        Expected::Heals => Some("it does not heal".to_owned()),
        _ if !matches!(ran.code, 1 | 3) => Some("it is a pass".to_owned()),
        _ if !names() => Some("nothing says where".to_owned()),
        Expected::NoPass => None,
        Expected::Told(_) if ran.code != 3 => Some("it is not undetermined".to_owned()),
        Expected::Told(phrases) if phrases.iter().any(|phrase| flat.contains(phrase)) => None,
        Expected::Told(phrases) => Some(format!("none of {phrases:?} is said")),
    };
    Cell { code: ran.code, took, rule: rule(report.as_ref(), &ran.stderr), said, problem }
}

/// The first rule that decided, or the kind of error.
fn rule(report: Option<&Value>, stderr: &str) -> String {
    let Some(report) = report else {
        let line = stderr.lines().rfind(|line| !line.starts_with("note: ") && !line.is_empty());
        return line.unwrap_or_default().split(':').next().unwrap_or_default().to_owned();
    };
    let checks = report["checks"].as_array().into_iter().flatten();
    let findings = checks.flat_map(|check| check["findings"].as_array().into_iter().flatten());
    let is_bad = |it: &&Value| it["status"] == "fail" || it["status"] == "undetermined";
    let mut bad = findings.filter(|it| is_bad(it) && it["level"] == "require");
    bad.next().and_then(|it| it["rule"].as_str()).unwrap_or_default().to_owned()
}

#[test]
fn no_fault_at_any_request_is_ever_a_pass() {
    let world = Arc::new(World { columns: columns(), behaviours: all_behaviours() });
    let good: Vec<Value> = world
        .columns
        .iter()
        .map(|column| {
            finish(&mut column.scene.verify(&column.scene.good())).expect(column.name, 0, &[]).json()
        })
        .collect();
    // What carries the connection is the same for all files of one host.
    let is_again = |row: usize, column: usize| {
        let tunnel = |at: usize| world.columns[at].tunnel;
        let is_tunnel = matches!(world.behaviours[row].act, Act::Tunnel(_));
        is_tunnel
            && (column + 1..world.columns.len())
                .any(|other| tunnel(other) == tunnel(column) && other != column)
    };
    let rows = 0..world.behaviours.len();
    let all = rows.flat_map(|row| (0..world.columns.len()).map(move |column| (row, column)));
    let cells = all.filter(|(row, column)| !is_again(*row, *column));
    let (waiting, busy): (Vec<_>, Vec<_>) = cells.partition(|(row, _)| world.behaviours[*row].waits());
    let began = Instant::now();
    let mut found = BTreeMap::new();
    for (cells, at_a_time) in [(waiting, WAITING), (busy, AT_A_TIME)] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(at_a_time).build().unwrap();
        found.extend(pool.install(|| {
            let runs = cells
                .par_iter()
                .with_max_len(1)
                .map(|(row, column)| ((*row, *column), run(&world, &good, *column, *row)));
            runs.collect::<Vec<_>>()
        }));
    }
    print(&world, &found);
    let (mut told, mut healed, mut slowest) = (0, 0, Duration::ZERO);
    for cell in found.values() {
        if cell.code == 0 {
            healed += 1
        } else {
            told += 1
        }
        slowest = slowest.max(cell.took);
    }
    println!(
        "{} behaviours at {} kinds of request: {} runs of the program in {:?}; {told} no pass, {healed} as if nothing had \
         happened, the longest {slowest:?} of a deadline of {WHOLE_RUN} s",
        world.behaviours.len(),
        world.columns.len(),
        found.len(),
        began.elapsed()
    );
    let problems: Vec<String> = found
        .iter()
        .filter_map(|((row, column), cell)| {
            let problem = cell.problem.as_ref()?;
            let (row, column) = (world.behaviours[*row].name, world.columns[*column].name);
            let said: String = cell
                .said
                .chars()
                .take(if std::env::var_os("FAULTS_FULL").is_some() { 20000 } else { 600 })
                .collect();
            Some(format!(
                "{row} / {column}: {problem} (exit {} after {:?}, {})\n{said}\n",
                cell.code, cell.took, cell.rule
            ))
        })
        .collect();
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
    assert!(world.behaviours.len() >= 40);
}

fn print(world: &World, found: &BTreeMap<(usize, usize), Cell>) {
    let names: Vec<_> = world.columns.iter().map(|column| column.name).collect();
    println!("behaviour | {}", names.join(" | "));
    for (row, behaviour) in world.behaviours.iter().enumerate() {
        let cells = (0..world.columns.len()).map(|column| match found.get(&(row, column)) {
            Some(cell) => format!("{} {}", cell.code, cell.rule),
            None => "as the artifact".to_owned(),
        });
        println!("{} | {}", behaviour.name, cells.collect::<Vec<_>>().join(" | "));
    }
}
