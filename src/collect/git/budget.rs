//! Time that work may take in all: what runs out of it is told to stop.

use std::{
    cell::Cell,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

/// What is left of the time.
pub(super) struct Budget {
    left: Cell<Duration>,
}

/// Work that was told to stop.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Late;

impl Budget {
    pub(super) fn of(time: Duration) -> Self {
        Self { left: Cell::new(time) }
    }

    pub(super) fn seconds(seconds: u64) -> Self {
        Self::of(Duration::from_secs(seconds))
    }

    /// Does `work`, which looks at what it is given and stops when that turns true.
    pub(super) fn spend<T>(&self, work: impl FnOnce(&AtomicBool) -> T) -> Result<T, Late> {
        let (began, left) = (Instant::now(), self.left.get());
        let is_late = AtomicBool::new(left.is_zero());
        let (done, waiting) = mpsc::channel::<()>();
        let result = thread::scope(|scope| {
            let is_late = &is_late;
            scope.spawn(move || {
                if waiting.recv_timeout(left) == Err(RecvTimeoutError::Timeout) {
                    is_late.store(true, Ordering::Relaxed);
                }
            });
            let result = work(is_late);
            drop(done);
            result
        });
        self.left.set(left.saturating_sub(began.elapsed()));
        if is_late.load(Ordering::Relaxed) { Err(Late) } else { Ok(result) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_told_to_stop_and_what_is_done_in_time_counts() {
        let budget = Budget::seconds(60);
        assert_eq!(budget.spend(|is_late| is_late.load(Ordering::Relaxed)), Ok(false));
        let late = Budget::of(Duration::from_millis(1));
        let endless = |is_late: &AtomicBool| {
            while !is_late.load(Ordering::Relaxed) {
                thread::yield_now();
            }
        };
        assert_eq!(late.spend(endless), Err(Late));
        // Nothing is left.
        assert_eq!(late.spend(|_| ()), Err(Late));
    }
}
