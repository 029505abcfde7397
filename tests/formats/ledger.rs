//! How many signatures of each format were judged, and what was said of them.
//!
//! A test that begins with `vectors!()` runs once, whoever calls it first: the harness, or the one test of its format
//! that calls them all and then asserts that there are enough of each sort. What is counted is a judgement that was
//! asserted: of one signature over one file, by one set of keys, at one moment. The same one twice is one.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use relcheck::proof::Reason;
use relcheck::report::Report;

/// Fewest vectors of a format.
const LEAST: usize = 12;
/// Fewest of them that are refused.
const LEAST_REFUSED: usize = 8;

/// What was asserted while a test ran.
#[derive(Clone, Default)]
struct Tally {
    accepted: BTreeSet<u64>,
    refused: BTreeMap<String, BTreeSet<u64>>,
    /// What decided against whole releases, as `RULE STATUS`.
    rules: BTreeMap<String, usize>,
}

thread_local! {
    static TALLY: RefCell<Tally> = RefCell::default();
    static JUDGED: RefCell<u64> = const { RefCell::new(0) };
}

/// One lock for each test, so that nobody runs it twice at a time.
static LOCKS: LazyLock<Mutex<BTreeMap<&'static str, &'static Mutex<()>>>> = LazyLock::new(Mutex::default);
/// Each test that ended well: the module that it is in, and what it asserted.
static DONE: LazyLock<Mutex<BTreeMap<&'static str, (&'static str, Tally)>>> = LazyLock::new(Mutex::default);

fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A test of vectors that runs.
pub struct Running {
    test: &'static str,
    module: &'static str,
    _alone: MutexGuard<'static, ()>,
}

/// The test at that place; `None` when it has run already.
pub fn first(test: &'static str, module: &'static str) -> Option<Running> {
    let lock: &'static Mutex<()> = locked(&LOCKS).entry(test).or_insert_with(|| Box::leak(Box::default()));
    let alone = locked(lock);
    if locked(&DONE).contains_key(test) {
        return None;
    }
    TALLY.take();
    Some(Running { test, module, _alone: alone })
}

impl Drop for Running {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            locked(&DONE).insert(self.test, (self.module, TALLY.take()));
        }
    }
}

/// Begins a test of vectors, which runs once.
macro_rules! vectors {
    () => {
        let Some(_running) = crate::ledger::first(concat!(file!(), ":", line!()), module_path!()) else {
            return;
        };
    };
}
pub(crate) use vectors;

fn hash(input: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    hasher.finish()
}

/// `input` was asserted to count.
pub fn accepted(input: impl Hash) {
    TALLY.with_borrow_mut(|tally| tally.accepted.insert(hash(input)));
}

/// `input` was asserted to be refused for that reason.
pub fn refused(input: impl Hash, reason: Reason) {
    refused_by(input, &format!("{reason:?}"));
}

/// `input` was asserted to be refused by what is said there.
pub fn refused_by(input: impl Hash, reason: &str) {
    TALLY.with_borrow_mut(|tally| tally.refused.entry(reason.to_owned()).or_default().insert(hash(input)));
}

/// `input` is judged next; its verdict is asserted afterwards.
pub fn judged(input: impl Hash) {
    JUDGED.set(hash(input));
}

/// What was judged last.
pub fn last() -> u64 {
    JUDGED.with_borrow(|judged| *judged)
}

/// The outcome of a whole release, whose rules are counted.
pub fn outcome(report: &Report) -> String {
    let told = crate::stage::outcome(report);
    let rules = told.split_once(": ").map_or("", |(_, rules)| rules);
    TALLY.with_borrow_mut(|tally| {
        for rule in rules.split(", ").filter(|rule| !rule.is_empty()) {
            *tally.rules.entry(rule.to_owned()).or_default() += 1;
        }
    });
    told
}

/// Runs the tests of a format that did not run yet, and prints and asserts what all of them came to: enough vectors, some
/// that count, each of `reasons`, and in whole releases each of `rules`. Nothing is asserted without the format's tool.
pub fn count(format: &str, tool: Option<(&str, &str)>, tests: &[fn()], reasons: &[Reason], rules: &[&str]) {
    if tool.is_some_and(|(program, asked)| !crate::tool::is_there(program, asked)) {
        return;
    }
    // The harness begins at the other end.
    tests.iter().rev().for_each(|test| test());
    let mut all = Tally::default();
    for (module, tally) in locked(&DONE).values() {
        let module = module.rsplit("::").next().unwrap_or_default();
        if module != format && module.strip_suffix("_release") != Some(format) {
            continue;
        }
        all.accepted.extend(&tally.accepted);
        tally.refused.iter().for_each(|(why, some)| all.refused.entry(why.clone()).or_default().extend(some));
        tally.rules.iter().for_each(|(rule, n)| *all.rules.entry(rule.clone()).or_default() += n);
    }
    let (good, bad) = (all.accepted.len(), all.refused.values().map(BTreeSet::len).sum::<usize>());
    let list = |counts: Vec<(String, usize)>| {
        counts.into_iter().map(|(what, n)| format!("{what} {n}")).collect::<Vec<_>>().join(", ")
    };
    let by_reason = list(all.refused.iter().map(|(why, some)| (why.clone(), some.len())).collect());
    let by_rule = list(all.rules.into_iter().collect());
    eprintln!("{format}: {} vectors, {good} accepted, {bad} refused ({by_reason})", good + bad);
    eprintln!("    in releases: {by_rule}");
    assert!(good + bad >= LEAST && good > 0 && bad >= LEAST_REFUSED, "{format} has too few vectors");
    for reason in reasons {
        assert!(all.refused.contains_key(&format!("{reason:?}")), "{format}: none is refused as {reason:?}");
    }
    for rule in rules {
        assert!(by_rule.contains(rule), "{format}: no release has {rule}: {by_rule}");
    }
}
