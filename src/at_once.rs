//! Two things done at the same time.

use std::{panic::resume_unwind, thread};

/// Does `here` in this thread and `there` in another one. A panic of either is one of the caller's.
pub fn at_once<A, B: Send>(here: impl FnOnce() -> A, there: impl FnOnce() -> B + Send) -> (A, B) {
    thread::scope(|scope| {
        let there = scope.spawn(there);
        let here = here();
        (here, there.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{panic::catch_unwind, sync::mpsc};

    #[test]
    fn both_run_at_the_same_time() {
        let ((to_here, from_there), (to_there, from_here)) = (mpsc::channel(), mpsc::channel());
        // Each waits for the other.
        let here = || to_there.send(1).map(|()| from_there.recv());
        let there = move || from_here.recv().map(|said: i32| to_here.send(said + 1));
        assert_eq!(at_once(here, there).0, Ok(Ok(2)));
    }

    #[test]
    fn a_panic_of_the_other_thread_is_one_here() {
        assert!(catch_unwind(|| at_once(|| (), || panic!("there"))).is_err());
    }
}
