#![no_main]
//! What a git server may answer: references, objects, refusals. The input is the answers, one after the other.

use libfuzzer_sys::fuzz_target;
use relcheck::collect::{
    git::{Repository, Source},
    transport::{Answer, Request, Transport, TransportError},
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

const NEXT: &[u8] = b"\n-- next --\n";

/// A server that gives these answers, and then none.
struct Script(Mutex<VecDeque<Vec<u8>>>);

impl Transport for Script {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        let answer = self.0.lock().expect("nobody panics with it").pop_front();
        let none = || TransportError::Status { url: request.url.to_owned(), status: 500, retry_after: None };
        answer.map(|bytes| Answer::new(request.url, bytes)).ok_or_else(none)
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut answers = VecDeque::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(NEXT.len()).position(|window| window == NEXT) {
        answers.push_back(rest[..at].to_vec());
        rest = &rest[at + NEXT.len()..];
    }
    answers.push_back(rest.to_vec());
    let transport = Arc::new(Script(Mutex::new(answers)));
    let source = Source { url: "https://git.example/acme/widget".to_owned(), token: None, transport };
    match Repository::remote(source, "v1.2.3") {
        Ok(repository) => {
            if let Ok(Some(record)) = repository.tag("v1.2.3") {
                assert_eq!(record.name.raw(), "v1.2.3");
            }
            if let Err(error) = repository.tags() {
                assert!(!error.to_string().is_empty());
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
