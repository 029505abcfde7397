//! Every fault at every kind of request: never a pass, never a panic, never longer than the deadline and five seconds, and
//! each with its message.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde_json::Value;

use crate::authority::Shown;
use crate::behaviours::{self, Act, Behaviour, Expected};
use crate::columns::{Column, Kind, columns};
use crate::http::{Asked, faithful};
use crate::kit::forge::Player;
use crate::run::finish;
use crate::scene::WHOLE_RUN;
use crate::server::{Internet, Play, Step, Tunnel};
use crate::{content, framing, redirects, statuses};

/// How much longer than its deadline a run may take.
const GRACE: u64 = 5;
/// How many runs there are at a time; most of them wait.
const AT_A_TIME: usize = 6;
/// How many of those that mostly wait.
const WAITING: usize = 40;

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

fn all_behaviours() -> Vec<Behaviour> {
    [
        behaviours::connections(),
        framing::framing(),
        statuses::statuses(),
        statuses::limits(),
        redirects::redirects(),
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
    // Beside others a run may come to its deadline before its fault is told; what is wrong is wrong alone too.
    for ((row, column), cell) in found.iter_mut().filter(|(_, cell)| cell.problem.is_some()) {
        let (behaviour, request) = (world.behaviours[*row].name, world.columns[*column].name);
        println!("{behaviour} / {request} is run again, alone");
        *cell = run(&world, &good, *column, *row);
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
            let said: String = cell.said.chars().take(2000).collect();
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
