//! Bars on a terminal while files are fetched: one for all of them, one for each that is on its way.
//!
//! The rules that must not be broken: off a terminal nothing is drawn; what is drawn goes to stderr, is gone before anything
//! else is printed there, and holds no character of a name that a terminal would obey.

use super::{World, output};
use crate::{
    collect::progress::Progress,
    text::{clean, count},
};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How often in a second something is drawn at most.
const A_SECOND: u8 = 8;
/// Longest part of a name that is shown, in characters; the terminal cuts it further.
const LONGEST_NAME: usize = 200;
const ALL: &str =
    "{msg}  [{bar:24}]  {binary_bytes}/{binary_total_bytes}  {binary_bytes_per_sec}  {eta} left";
const ONE: &str = "  {binary_bytes:>10}/{binary_total_bytes:<10}  {wide_msg}";
const ONE_OF_UNKNOWN_SIZE: &str = "  {binary_bytes:>10}             {wide_msg}";

/// Who is told of a collection: the terminal, where there is one.
pub fn of(world: &World) -> Arc<dyn Progress> {
    match world.progress {
        true => Arc::new(Bars::default()),
        false => Arc::new(Notes::default()),
    }
}

/// Off a terminal: a line about what is waited for, and nothing else.
#[derive(Default)]
struct Notes {
    was_said: AtomicBool,
}

impl Progress for Notes {
    fn waits(&self, about: usize, at_most: Duration) {
        if !self.was_said.swap(true, Ordering::Relaxed) {
            note(about, at_most);
        }
    }
}

fn note(about: usize, at_most: Duration) {
    let files = match about {
        0 => "files, of which there are none yet".to_owned(),
        n => format!("attestations of {}", count(n, "file", "files")),
    };
    output::complain(&format!("note: waiting for {files}, up to {} s", at_most.as_secs()));
}

/// On a terminal.
#[derive(Default)]
struct Bars {
    notes: Notes,
    shown: Mutex<Option<Shown>>,
}

/// What is drawn while a batch of files is fetched.
struct Shown {
    multi: MultiProgress,
    all: ProgressBar,
    each: BTreeMap<String, ProgressBar>,
    files: usize,
    done: usize,
}

impl Bars {
    fn shown(&self) -> MutexGuard<'_, Option<Shown>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shown {
    fn of(files: usize, bytes: u64) -> Self {
        let multi = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(A_SECOND));
        let all = multi.add(ProgressBar::new(bytes).with_style(style(ALL)));
        let shown = Self { multi, all, each: BTreeMap::new(), files, done: 0 };
        shown.count();
        shown
    }

    fn count(&self) {
        self.all.set_message(format!("{}/{}", self.done, count(self.files, "file", "files")));
    }
}

impl Progress for Bars {
    fn planned(&self, files: usize, bytes: u64) {
        *self.shown() = (files > 0).then(|| Shown::of(files, bytes));
    }

    fn begun(&self, name: &str, size: Option<u64>) {
        let mut shown = self.shown();
        let Some(shown) = shown.as_mut() else { return };
        if let Some(again) = shown.each.get(name) {
            shown.all.set_position(shown.all.position().saturating_sub(again.position()));
            again.set_position(0);
            return;
        }
        let bar = match size {
            Some(size) => ProgressBar::new(size).with_style(style(ONE)),
            None => ProgressBar::no_length().with_style(style(ONE_OF_UNKNOWN_SIZE)),
        };
        let bar = shown.multi.add(bar);
        bar.set_message(plain(name));
        shown.each.insert(name.to_owned(), bar);
    }

    fn came(&self, name: &str, bytes: usize) {
        let shown = self.shown();
        let Some(shown) = shown.as_ref() else { return };
        shown.all.inc(bytes as u64);
        // What was larger than was said, or of unknown size.
        if shown.all.length().is_some_and(|length| length < shown.all.position()) {
            shown.all.set_length(shown.all.position());
        }
        if let Some(bar) = shown.each.get(name) {
            bar.inc(bytes as u64);
        }
    }

    fn ended(&self, name: &str) {
        let mut all = self.shown();
        let Some(shown) = all.as_mut() else { return };
        if let Some(bar) = shown.each.remove(name) {
            bar.finish_and_clear();
            shown.multi.remove(&bar);
        }
        shown.done += 1;
        shown.count();
        if shown.done >= shown.files {
            *all = None;
        }
    }

    fn waits(&self, about: usize, at_most: Duration) {
        *self.shown() = None;
        self.notes.waits(about, at_most);
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.each.values().for_each(ProgressBar::finish_and_clear);
        self.all.finish_and_clear();
        // A terminal that cannot be written to has nothing to clear.
        drop(self.multi.clear());
    }
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).expect("the templates are constant");
    style.progress_chars("=> ")
}

/// A name as it may stand on a terminal.
fn plain(name: &str) -> String {
    let short: String = name.chars().take(LONGEST_NAME).collect();
    clean(&short).into_owned()
}
