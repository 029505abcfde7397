//! Rests, which do not count against the run, and questions that are in a hurry.

use super::*;

#[test]
fn a_rest_is_random_between_its_ends_and_does_not_shorten_the_run() {
    let server = Server::saying(json("[]"));
    let mut live = limited(Limits { whole_run: Duration::from_millis(300), ..quick() });
    live.jitter = Jitter(Box::new(|| u32::MAX / 2));
    let began = live.elapsed();
    assert!(live.rest(Duration::from_millis(300), Duration::from_millis(500)));
    let rested = live.waiting().rested;
    assert!(rested >= Duration::from_millis(399) && rested <= Duration::from_millis(401), "{rested:?}");
    assert!(live.elapsed() - began >= Duration::from_millis(399));
    assert_eq!(live.fetch(&get(&server.url)).unwrap().bytes, b"[]");
}

#[test]
fn a_hurried_question_ends_with_the_wait_and_one_request_more() {
    let stalling = Server::start(Box::new(|_, _| Behaviour { bytes: Vec::new(), hangs_up: false }));
    let request = Duration::from_millis(200);
    let live = limited(Limits { request, read: Duration::from_secs(10), retries: 50, ..quick() });
    live.hurry(Some(live.elapsed()));
    let began = std::time::Instant::now();
    assert!(matches!(live.fetch(&get(&stalling.url)), Err(TransportError::Timeout { .. })));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    // With nothing left, nothing is asked; a file has its own time, and afterwards everything has again.
    live.hurry(Some(Duration::ZERO));
    std::thread::sleep(request);
    let server = Server::saying(json("[]"));
    assert!(matches!(live.fetch(&get(&server.url)), Err(TransportError::Timeout { .. })));
    assert!(server.requests().is_empty());
    assert_eq!(live.fetch(&Request { accept: Accept::File, ..get(&server.url) }).unwrap().bytes, b"[]");
    live.hurry(None);
    assert_eq!(live.fetch(&get(&server.url)).unwrap().bytes, b"[]");
}
