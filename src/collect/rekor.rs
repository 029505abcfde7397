//! The search of a Rekor v1 log: the entries about envelopes that were published without one.
//!
//! slsa-github-generator up to v2.0 and goreleaser publish bare DSSE envelopes; only the log knows when they were
//! signed. Rekor indexes `dsse` and `intoto` entries by the digest of the payload, among others, so that is what is
//! asked for (`POST /api/v1/index/retrieve`, then `GET /api/v1/log/entries/{uuid}`).
//!
//! The rule that must not be broken: nothing is believed here. What the log answers is kept as it came, and is verified
//! and bound to its envelope where every other proof is. A log that could not be asked is unavailable, never empty.

use super::transport::{API_ANSWER_LIMIT, Accept, Method, Request, Transport, TransportError, shown};
use crate::{
    evidence::{Item, LogEntries, Seen},
    json,
    release::Sha256,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Most entries that are fetched about one envelope.
pub const MAX_ENTRIES: usize = 32;
/// Most envelopes that logs are asked about.
pub const MAX_ENVELOPES: usize = 100;
/// Most logs that are asked.
pub const MAX_LOGS: usize = 8;
/// Most bytes of entries that are kept about one release.
pub const MAX_TOTAL: usize = 20 << 20;

/// An envelope whose log entry is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// Digest of the envelope.
    pub envelope: Sha256,
    /// Digest of its payload, by which the log knows it.
    pub payload: Sha256,
}

/// Asks each of `logs` (base URLs, from the roots of trust) about each envelope.
pub fn look_up(wanted: &[Wanted], logs: &[String], transport: &dyn Transport) -> LogEntries {
    let mut search = Search { logs, transport, left: MAX_TOTAL };
    let mut found = BTreeMap::new();
    for (place, wanted) in wanted.iter().enumerate() {
        let seen = match place {
            _ if logs.is_empty() => Seen::unavailable("no trusted root names a log that could be asked"),
            _ if logs.len() > MAX_LOGS => {
                Seen::unavailable(over("logs in the trusted roots", logs.len(), MAX_LOGS))
            }
            _ if place >= MAX_ENVELOPES => {
                Seen::unavailable(over("envelopes without a log entry", place + 1, MAX_ENVELOPES))
            }
            _ => search.entries(wanted.payload),
        };
        found.insert(wanted.envelope, seen);
    }
    Seen::Present(found)
}

struct Search<'a> {
    logs: &'a [String],
    transport: &'a dyn Transport,
    /// How many bytes may still be kept.
    left: usize,
}

impl Search<'_> {
    /// The entries in all logs about the payload with this digest.
    fn entries(&mut self, payload: Sha256) -> Seen<Vec<Item>> {
        let (mut found, mut looked_at, mut failures) = (Vec::new(), Vec::new(), Vec::new());
        for log in self.logs {
            match self.entries_in(log, payload) {
                Ok(Some(entries)) => {
                    looked_at.push(log.clone());
                    found.extend(entries);
                }
                Ok(None) => {}
                Err(failure) => failures.push(failure),
            }
        }
        match failures.is_empty() {
            _ if !found.is_empty() => Seen::Present(found),
            true if looked_at.is_empty() => Seen::unavailable(format!(
                "none of the logs in the trusted roots has a search: {}",
                self.logs.iter().map(|log| shown(log)).collect::<Vec<_>>().join(", ")
            )),
            true => Seen::Absent { looked_at },
            false => Seen::Unavailable { reason: failures.join("; ") },
        }
    }

    /// The entries in one log; nothing where the log has no search, as Rekor v2 has none.
    fn entries_in(&mut self, log: &str, payload: Sha256) -> Result<Option<Vec<Item>>, String> {
        let base = log.trim_end_matches('/');
        let Some(uuids) = self.search(base, payload)? else { return Ok(None) };
        if uuids.len() > MAX_ENTRIES {
            return Err(over(&format!("entries at {base} about one payload"), uuids.len(), MAX_ENTRIES));
        }
        uuids.iter().map(|uuid| self.entry(base, uuid)).collect::<Result<_, _>>().map(Some)
    }

    /// The names of the entries about the payload. They are strangers' text until they are checked.
    fn search(&self, base: &str, payload: Sha256) -> Result<Option<Vec<String>>, String> {
        let url = format!("{base}/api/v1/index/retrieve");
        let question = format!(r#"{{"hash":"sha256:{payload}"}}"#);
        let bytes = match self.fetch(&url, Method::Ask(question.as_bytes())) {
            Err(error) if error.is_not_found(&url) => return Ok(None),
            other => other.map_err(|error| error.reason())?,
        };
        let unreadable =
            || format!("the answer of {} is not a list of entries; try again later", shown(&url));
        let answer = json::parse(&bytes, json::Limits::bytes(API_ANSWER_LIMIT)).map_err(|_| unreadable())?;
        let names = answer.as_array().ok_or_else(unreadable)?;
        let names: Option<BTreeSet<String>> =
            names.iter().map(|name| name.as_str().filter(|uuid| is_uuid(uuid)).map(str::to_owned)).collect();
        Ok(Some(names.ok_or_else(unreadable)?.into_iter().collect()))
    }

    /// One entry, as the log has it.
    fn entry(&mut self, base: &str, uuid: &str) -> Result<Item, String> {
        let url = format!("{base}/api/v1/log/entries/{uuid}");
        let bytes = self.fetch(&url, Method::Get).map_err(|error| error.reason())?;
        let answer = json::parse(&bytes, json::Limits::bytes(API_ANSWER_LIMIT));
        // Whether it is the entry that was asked for shows when it is verified.
        if !answer.as_ref().is_ok_and(Value::is_object) {
            return Err(format!("the answer of {} is not an entry; try again later", shown(&url)));
        }
        let left = self.left.checked_sub(bytes.len());
        self.left = left.ok_or_else(|| format!("the log entries are over the limit of {MAX_TOTAL} bytes"))?;
        Ok(Item::new(url, bytes))
    }

    fn fetch(&self, url: &str, method: Method<'_>) -> Result<Vec<u8>, TransportError> {
        let request = Request { method, url, max_bytes: API_ANSWER_LIMIT, accept: Accept::Json, token: None };
        Ok(self.transport.fetch(&request)?.bytes)
    }
}

/// Whether a name is what Rekor calls an entry: the hash of its leaf, with or without its tree before it.
fn is_uuid(name: &str) -> bool {
    matches!(name.len(), 64 | 80) && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn over(what: &str, n: usize, limit: usize) -> String {
    format!("{n} {what} are over the limit of {limit}")
}
