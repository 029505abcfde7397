//! Answers of forges, kept between runs, so that one which has not changed need not be sent again (RFC 9111, section 4.3).
//!
//! The rules that must not be broken. Nothing that is kept counts before the server said in this run that it has not
//! changed. What is kept is believed only with the digest that it was kept with, and never for somebody with another token.
//! No token is written. What is wrong here has no effect but that everything is fetched.

use crate::{
    collect::transport::{API_ANSWER_LIMIT, Accept, Header, Method, Request},
    release::Sha256,
};
use reqwest::{
    Url,
    header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderValue, LAST_MODIFIED, VARY},
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// The largest body that is kept, in bytes.
const MAX_BODY: usize = 4 << 20;
/// The longest line before a body.
const MAX_HEAD: usize = 16 << 10;
/// How many answers are kept.
const MAX_ENTRIES: usize = 512;
/// How many bytes they may have together.
const MAX_TOTAL: u64 = 64 << 20;
/// How many files of the folder are looked at.
const MAX_SEEN: usize = 10_000;
/// Of what is half written.
const HALF: &str = ".half-";

/// Whether the answer to a request may be kept: what a forge says, and never a file.
pub(super) fn may_hold(request: &Request<'_>) -> bool {
    request.method == Method::Get && request.accept == Accept::Json
}

/// By what a server is asked whether something has changed (RFC 9110, section 8.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Validators {
    pub(super) tag: Option<HeaderValue>,
    pub(super) modified: Option<HeaderValue>,
}

impl Validators {
    /// Those of an answer; nothing where it has none, or does not want to be kept.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let says = |name, word: &str| {
            let mut all = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            all.any(|value| value.split(',').any(|one| one.trim().eq_ignore_ascii_case(word)))
        };
        if says(CACHE_CONTROL, "no-store") || says(VARY, "*") {
            return None;
        }
        let short = |name| headers.get(name).filter(|value| value.len() <= 256).cloned();
        let found = Self { tag: short(ETAG), modified: short(LAST_MODIFIED) };
        (found.tag.is_some() || found.modified.is_some()).then_some(found)
    }

    /// Whether an answer of "not changed" is about this: it may leave the tag out, but not name another one.
    pub(super) fn match_tag(&self, headers: &HeaderMap) -> bool {
        let opaque = |tag: &HeaderValue| {
            let bytes = tag.as_bytes();
            bytes.strip_prefix(b"W/").unwrap_or(bytes).to_vec()
        };
        match (&self.tag, headers.get(ETAG)) {
            (Some(kept), Some(said)) => opaque(kept) == opaque(said),
            _ => true,
        }
    }
}

/// One kept answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) validators: Validators,
    /// The next page, on the same origin.
    pub(super) next: Option<String>,
    pub(super) body: Vec<u8>,
}

/// The line before a body.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    key: String,
    sha256: Sha256,
    size: usize,
    tag: Option<String>,
    modified: Option<String>,
    next: Option<String>,
}

/// A folder of kept answers.
pub(super) struct Cache(PathBuf);

impl Cache {
    pub(super) fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// What was kept of the same request by somebody with the same token; nothing where anything is wrong with it.
    pub(super) fn load(&self, request: &Request<'_>) -> Option<Entry> {
        let key = key(request);
        let bytes = read(&self.0.join(&key))?;
        let end = bytes.iter().take(MAX_HEAD).position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
        let body = bytes[end + 1..].to_vec();
        let is_whole = head.key == key && head.size == body.len() && head.sha256 == Sha256::of(&body);
        if !is_whole || body.len() > request.max_bytes {
            return None;
        }
        let value = |text: Option<String>| text.map(|text| HeaderValue::from_str(&text)).transpose().ok();
        let validators = Validators { tag: value(head.tag)?, modified: value(head.modified)? };
        let origin = Url::parse(request.url).ok()?.origin();
        let is_own = |next: &String| Url::parse(next).is_ok_and(|next| next.origin() == origin);
        (head.next.iter().all(is_own)).then_some(Entry { validators, next: head.next, body })
    }

    /// Keeps an answer, and lets the oldest go where there are too many. What does not work has no effect.
    pub(super) fn store(&self, request: &Request<'_>, entry: &Entry) {
        let text = |value: &Option<HeaderValue>| match value {
            Some(value) => value.to_str().ok().map(|text| Some(text.to_owned())),
            None => Some(None),
        };
        let validators = &entry.validators;
        let (Some(tag), Some(modified)) = (text(&validators.tag), text(&validators.modified)) else { return };
        let head = Head {
            key: key(request),
            sha256: Sha256::of(&entry.body),
            size: entry.body.len(),
            tag,
            modified,
            next: entry.next.clone(),
        };
        let Ok(line) = serde_json::to_vec(&head) else { return };
        if line.len() < MAX_HEAD && entry.body.len() <= MAX_BODY {
            drop(self.write(&head.key, &line, &entry.body));
            self.let_go();
        }
    }

    /// Writes beside it and renames, so that nobody ever finds half of it.
    fn write(&self, name: &str, head: &[u8], body: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(&self.0)?;
        let mut file = tempfile::Builder::new().prefix(HALF).tempfile_in(&self.0)?;
        file.write_all(head)?;
        file.write_all(b"\n")?;
        file.write_all(body)?;
        file.persist(self.0.join(name)).map(drop).map_err(|error| error.error)
    }

    /// Removes the oldest until what is left is within the limits. Only files of this cache are removed.
    fn let_go(&self) {
        let Ok(folder) = fs::read_dir(&self.0) else { return };
        let mut found: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in folder.take(MAX_SEEN).flatten() {
            let is_ours =
                entry.file_name().to_str().is_some_and(|name| is_key(name) || name.starts_with(HALF));
            let about = entry.metadata().ok().filter(|about| is_ours && about.is_file());
            let Some(about) = about else { continue };
            found.push((about.modified().unwrap_or(SystemTime::UNIX_EPOCH), about.len(), entry.path()));
        }
        found.sort_unstable_by(|one, other| other.cmp(one));
        let mut total = 0_u64;
        for (at, (_, size, path)) in found.into_iter().enumerate() {
            total = total.saturating_add(size);
            if at >= MAX_ENTRIES || total > MAX_TOTAL {
                drop(fs::remove_file(path));
            }
        }
    }
}

/// The bytes of a regular file of a size that this cache writes.
fn read(path: &Path) -> Option<Vec<u8>> {
    let most = (MAX_HEAD + MAX_BODY.min(API_ANSWER_LIMIT)) as u64;
    if !fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= most).then_some(bytes)
}

/// The name of what is kept: the address, and who asks. A digest of a digest of a token gives nothing away.
fn key(request: &Request<'_>) -> String {
    let asker = request.token.map(|token| {
        let header = match token.header() {
            Header::Bearer => "bearer".to_owned(),
            Header::Basic { user } => format!("basic {user}"),
            Header::Named(name) => format!("named {name}"),
        };
        (token.origin().to_owned(), header, Sha256::of(token.secret().as_bytes()).to_string())
    });
    // As JSON, so that no two of them are written alike.
    let all = serde_json::json!(["relcheck.answer/v1", request.url, asker]).to_string();
    Sha256::of(all.as_bytes()).to_string()
}

fn is_key(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests;
