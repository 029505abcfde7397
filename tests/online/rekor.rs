//! The search of a log: what is asked, what is kept, and every way in which a log does not answer.

use std::collections::BTreeMap;
use std::time::Duration;

use relcheck::collect::rekor::{MAX_ENTRIES, MAX_ENVELOPES, MAX_LOGS, Wanted, look_up};
use relcheck::collect::transport::{Offline, Transport, TransportError};
use relcheck::evidence::{Item, Seen};
use relcheck::release::Sha256;

use crate::envelopes::bare_of;
use crate::kit::bundle::{Content, Logged};
use crate::kit::rekor::{Bare, LOG, network};
use crate::kit::transport::{Scripted, status};

const UUID: &str = "108e9186e8c5677a1111111111111111111111111111111111111111111111111111111111111111";

fn bare() -> Bare {
    let statement = serde_json::json!({"_type": "https://in-toto.io/Statement/v1"});
    bare_of(&Content::statement(&statement), Logged::RekorV1, None)
}

fn wanted(bare: &Bare) -> Wanted {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let payload = STANDARD.decode(bare.envelope["payload"].as_str().unwrap()).unwrap();
    Wanted { envelope: Sha256::of(bare.file().trim_ascii()), payload: Sha256::of(&payload) }
}

/// What one envelope's look-up came to.
fn seen(wanted: Wanted, logs: &[&str], transport: &dyn Transport) -> Seen<Vec<Item>> {
    let logs: Vec<String> = logs.iter().map(|log| (*log).to_owned()).collect();
    let Seen::Present(mut all) = look_up(&[wanted], &logs, transport) else {
        panic!("nothing was looked up")
    };
    assert_eq!(all.len(), 1);
    all.remove(&wanted.envelope).unwrap()
}

fn reason(seen: Seen<Vec<Item>>) -> String {
    match seen {
        Seen::Unavailable { reason } => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_entry_is_searched_for_by_the_digest_of_the_payload_and_kept_as_it_came() {
    let bare = bare();
    let wanted = wanted(&bare);
    for log in [LOG.to_owned(), format!("{LOG}/")] {
        let network = network(&[&bare]);
        let Seen::Present(items) = seen(wanted, &[&log], &network) else { panic!("nothing was found") };
        let origin = format!("{LOG}/api/v1/log/entries/{}", bare.uuid);
        assert_eq!(items, [Item::new(origin.clone(), bare.answer())]);
        let question = format!("POST {LOG}/api/v1/index/retrieve {{\"hash\":\"sha256:{}\"}}", wanted.payload);
        assert_eq!(network.asked(), [question, format!("GET {origin}")]);
    }
}

#[test]
fn a_log_that_knows_nothing_is_told_from_one_that_does_not_answer() {
    let bare = bare();
    let nothing = seen(wanted(&bare), &[LOG], &network(&[]));
    assert_eq!(nothing, Seen::Absent { looked_at: vec![LOG.to_owned()] });
    let offline = reason(seen(wanted(&bare), &[LOG], &Offline));
    assert!(offline.contains("--offline opens no socket; run without --offline"), "{offline}");
}

#[test]
fn every_failure_of_the_search_is_unavailable_and_says_why() {
    let url = || format!("{LOG}/api/v1/index/retrieve");
    let failures = [
        (status(&url(), 401), "answered 401"),
        (status(&url(), 403), "answered 403"),
        (status(&url(), 409), "answered 409"),
        (
            TransportError::Status { url: url(), status: 429, retry_after: Some(60) },
            "asked again after 60 s; wait",
        ),
        (status(&url(), 500), "answered 500"),
        (status(&url(), 503), "answered 503"),
        (
            TransportError::Timeout { url: url(), after: Duration::from_secs(60) },
            "did not answer within 60 s",
        ),
        (
            TransportError::Kind { url: url(), found: "a page of HTML".into(), expected: "JSON" },
            "a page of HTML",
        ),
        (TransportError::TooLarge { url: url(), limit: 9 }, "over the limit of 9 bytes"),
        (TransportError::Connection { url: url(), reason: "reset".into() }, "could not be asked: reset"),
        (
            TransportError::Redirect { url: url(), to: "http://10.0.0.1/".into(), reason: "it is not https" },
            "not https",
        ),
    ];
    let n = failures.len();
    for (failure, words) in failures {
        let answer = failure.clone();
        let network = Scripted::new(move |_, _| Some(Err(answer.clone())));
        let reason = reason(seen(wanted(&bare()), &[LOG], &network));
        assert!(reason.contains(words), "{words}: {reason}");
        assert_eq!(network.asked().len(), 1, "asked on after {failure}");
        // The same for the entry that the search named.
        let answer = failure.clone();
        let network = Scripted::new(move |url, _| {
            Some(if url.ends_with("retrieve") {
                Ok(format!("[\"{UUID}\"]").into())
            } else {
                Err(answer.clone())
            })
        });
        let reason = self::reason(seen(wanted(&bare()), &[LOG], &network));
        assert!(reason.contains(words), "{words}: {reason}");
    }
    eprintln!("{n} failures of a log, at two places");
}

#[test]
fn an_answer_that_is_not_a_list_of_names_is_unavailable_and_nothing_more_is_asked() {
    let answers = [
        "",
        "<html>",
        "{}",
        "null",
        "[1]",
        "[null]",
        "[\"\"]",
        "[\"../../x\"]",
        "[\"/etc/passwd\"]",
        "[\"108e9186e8c5677a\"]",
        &format!("[\"{}\"]", UUID.to_uppercase()),
        &format!("[\"{UUID}0\"]"),
        &format!("[\"{}?x\"]", &UUID[..78]),
        &format!("[\"{UUID}\""),
        &format!("[\"{UUID}\"] x"),
    ];
    for answer in answers {
        let bytes = answer.as_bytes().to_vec();
        let network = Scripted::new(move |_, _| Some(Ok(bytes.clone())));
        let reason = reason(seen(wanted(&bare()), &[LOG], &network));
        assert!(reason.contains("is not a list of entries"), "{answer}: {reason}");
        assert_eq!(network.asked().len(), 1, "{answer}");
    }
}

#[test]
fn an_entry_that_is_gone_or_no_entry_is_unavailable() {
    for answer in [None, Some("<html>"), Some("[]"), Some("{"), Some("")] {
        let network = Scripted::new(move |url, _| match url.ends_with("retrieve") {
            true => Some(Ok(format!("[\"{UUID}\"]").into_bytes())),
            false => answer.map(|text| Ok(text.as_bytes().to_vec())),
        });
        let reason = reason(seen(wanted(&bare()), &[LOG], &network));
        assert!(
            reason.contains("answered 404") || reason.contains("is not an entry"),
            "{answer:?}: {reason}"
        );
    }
}

#[test]
fn a_hundred_entries_are_over_the_limit_and_none_of_them_is_fetched() {
    let list = |n: usize| {
        let names: Vec<String> = (0..n).map(|i| format!("\"{i:080x}\"")).collect();
        format!("[{}]", names.join(",")).into_bytes()
    };
    let network = Scripted::new(move |_, _| Some(Ok(list(100))));
    let over = reason(seen(wanted(&bare()), &[LOG], &network));
    assert!(
        over.contains("100 entries at https://rekor.kit.test about one payload are over the limit of 32"),
        "{over}"
    );
    assert_eq!(network.asked().len(), 1);
    let network = Scripted::new(move |url, _| {
        Some(Ok(if url.ends_with("retrieve") { list(MAX_ENTRIES) } else { b"{}".to_vec() }))
    });
    let Seen::Present(items) = seen(wanted(&bare()), &[LOG], &network) else { panic!("at the limit") };
    assert_eq!(items.len(), MAX_ENTRIES);
    // The same name many times is one entry.
    let network = Scripted::new(move |url, _| match url.ends_with("retrieve") {
        true => Some(Ok(format!("[{}]", vec![format!("\"{UUID}\""); 100].join(",")).into_bytes())),
        false => Some(Ok(b"{}".to_vec())),
    });
    assert_eq!(seen(wanted(&bare()), &[LOG], &network).present().unwrap().len(), 1);
}

#[test]
fn no_more_bytes_are_kept_than_the_limit() {
    let big = format!("{{\"a\":\"{}\"}}", "x".repeat(6 << 20)).into_bytes();
    let network = Scripted::new(move |url, _| match url.ends_with("retrieve") {
        true => {
            Some(Ok(format!("[\"{:080x}\",\"{:080x}\",\"{:080x}\",\"{:080x}\"]", 1, 2, 3, 4).into_bytes()))
        }
        false => Some(Ok(big.clone())),
    });
    let reason = reason(seen(wanted(&bare()), &[LOG], &network));
    assert!(reason.contains("over the limit of 20971520 bytes"), "{reason}");
    assert_eq!(network.asked().len(), 5);
}

#[test]
fn a_log_without_a_search_is_passed_over_unless_there_is_no_other() {
    let bare = bare();
    let other = "https://log2.kit.test";
    assert!(seen(wanted(&bare), &[other, LOG], &network(&[&bare])).present().is_some());
    let alone = reason(seen(wanted(&bare), &[other], &network(&[&bare])));
    assert!(
        alone.contains("none of the logs in the trusted roots has a search: https://log2.kit.test"),
        "{alone}"
    );
}

#[test]
fn an_entry_in_one_log_counts_although_another_log_is_down() {
    let bare = bare();
    let good = network(&[&bare]);
    let down = "https://down.kit.test";
    let both = Scripted::new(move |url, body| {
        if url.starts_with(down) {
            return Some(Err(status(url, 503)));
        }
        let method = match body {
            b"" => relcheck::collect::transport::Method::Get,
            _ => relcheck::collect::transport::Method::Ask(body),
        };
        let accept = relcheck::collect::transport::Accept::Json;
        let request =
            relcheck::collect::transport::Request { method, url, max_bytes: 1 << 20, accept, token: None };
        Some(good.fetch(&request).map(|answer| answer.bytes))
    });
    assert!(seen(wanted(&bare), &[down, LOG], &both).present().is_some());
    let other = Wanted { payload: Sha256::of(b"unknown"), ..wanted(&bare) };
    assert!(reason(seen(other, &[down, LOG], &both)).contains("answered 503"), "absent in one is not absent");
}

#[test]
fn the_limits_of_envelopes_and_logs_are_kept() {
    let many: Vec<Wanted> = (0..=MAX_ENVELOPES as u64)
        .map(|n| Wanted { envelope: Sha256::of(&n.to_le_bytes()), payload: Sha256::of(b"x") })
        .collect();
    let network = network(&[]);
    let Seen::Present(all) = look_up(&many, &[LOG.to_owned()], &network) else {
        panic!("nothing was looked up")
    };
    let over: BTreeMap<_, _> =
        all.iter().filter(|(_, seen)| matches!(seen, Seen::Unavailable { .. })).collect();
    assert_eq!((all.len(), over.len()), (MAX_ENVELOPES + 1, 1));
    assert_eq!(network.asked().len(), MAX_ENVELOPES);
    let logs: Vec<String> = (0..=MAX_LOGS).map(|n| format!("https://log{n}.kit.test")).collect();
    let names: Vec<&str> = logs.iter().map(String::as_str).collect();
    let network = crate::kit::rekor::network(&[]);
    assert!(reason(seen(wanted(&bare()), &names, &network)).contains("9 logs in the trusted roots are over"));
    assert!(reason(seen(wanted(&bare()), &[], &network)).contains("no trusted root names a log"));
    assert!(network.asked().is_empty());
}
