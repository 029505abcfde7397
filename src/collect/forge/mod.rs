//! Releases on forges: what a forge says of a release, and the addresses of the published files.
//!
//! Every forge answers the same two questions: the release of a tag with its files, and what it keeps of attestations about
//! a digest. Everything that git itself knows (tags, commits, files at a commit) is asked of git, see [`super::git`].
//!
//! The rule that must not be broken: "there is no such release" is only said by a forge that shows the repository. A 404 of
//! somebody who may not look, an outage, a rate limit and a page of HTML are unavailable, with their reason.

mod gitea;
mod github;
mod gitlab;

use super::{
    download::Door,
    progress::{Progress, Quiet},
    transport::{
        API_ANSWER_LIMIT, Accept, Answer, Header, Method, Request, Token, Transport, TransportError, shown,
    },
    waiting::Patience,
};
use crate::{
    digest::Digest,
    evidence::{Listed, Listing, Seen, Stage},
    json,
    release::{Forge, ObjectId, RepositoryName},
    text::Untrusted,
};
use jiff::Timestamp;
use serde_json::Value;
use std::sync::Arc;

/// Most pages of one list that are read.
const MAX_PAGES: usize = 100;
/// Most files of a release that are listed.
const MAX_FILES: usize = 10_000;
/// Pages of releases with thousands of files are large.
const JSON: json::Limits = json::Limits { max_memory: 128 << 20, ..json::Limits::bytes(API_ANSWER_LIMIT) };

/// A forge, as far as it is asked about one repository.
pub struct Api {
    kind: Forge,
    repository: RepositoryName,
    token: Option<Token>,
    transport: Arc<dyn Transport>,
    patience: Option<Patience>,
    progress: Arc<dyn Progress>,
}

/// A release as a forge shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// What the forge says of it.
    pub listing: Listing,
    /// Its files.
    pub files: Vec<Remote>,
}

/// A published file on another machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// What it is called. Nothing was checked about it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// How many bytes it is said to have.
    pub size: Option<u64>,
}

impl Api {
    /// The forge of that kind on which `repository` is.
    pub fn new(
        kind: Forge,
        repository: RepositoryName,
        secret: Option<&Secret>,
        transport: Arc<dyn Transport>,
    ) -> Self {
        let token = secret.map(|secret| {
            let host = format!("https://{}", api_host(kind, repository.host()));
            Token::new(host, secret.header(kind), secret.text.clone())
        });
        Self { kind, repository, token, transport, patience: None, progress: Arc::new(Quiet) }
    }

    /// The same, waiting for what may appear after the release.
    #[must_use]
    pub fn waiting(self, patience: Option<Patience>) -> Self {
        Self { patience, ..self }
    }

    /// The same, telling somebody how far it is.
    #[must_use]
    pub fn telling(self, progress: Arc<dyn Progress>) -> Self {
        Self { progress, ..self }
    }

    /// How long is waited, and for what.
    pub(super) fn patience(&self) -> Option<&Patience> {
        self.patience.as_ref()
    }

    /// The release of `tag`.
    pub fn release(&self, tag: &str) -> Seen<Release> {
        let found = match self.kind {
            Forge::Github => github::release(self, tag),
            Forge::Gitlab => gitlab::release(self, tag),
            Forge::Forgejo | Forge::Gitea => gitea::release(self, tag),
        };
        match found {
            Ok(Some(release)) if release.files.len() > MAX_FILES => Seen::unavailable(format!(
                "the release lists {} files, over the limit of {MAX_FILES}",
                release.files.len()
            )),
            Ok(Some(release)) => Seen::Present(release),
            Ok(None) => Seen::Absent { looked_at: vec![format!("the releases of {}", self.repository)] },
            Err(error) => Seen::Unavailable { reason: error.reason() },
        }
    }

    /// The attestations about a file with this SHA-256 that the forge keeps, as it answers.
    pub fn attestations(&self, sha256: &str) -> Seen<Answer> {
        match self.kind {
            Forge::Github => github::attestations(self, sha256),
            Forge::Gitlab | Forge::Forgejo | Forge::Gitea => Seen::Absent { looked_at: Vec::new() },
        }
    }

    /// Through what the files of the release are fetched.
    pub(super) fn door(&self) -> Door<'_> {
        Door {
            transport: self.transport.as_ref(),
            token: self.token.as_ref(),
            progress: self.progress.as_ref(),
        }
    }

    /// The repository.
    pub fn repository(&self) -> &RepositoryName {
        &self.repository
    }

    /// One answer in JSON.
    fn get(&self, url: &str) -> Result<(Value, Answer), ApiError> {
        let request = Request {
            method: Method::Get,
            url,
            max_bytes: API_ANSWER_LIMIT,
            accept: Accept::Json,
            token: self.token.as_ref(),
        };
        let answer = self.transport.fetch(&request)?;
        let value = json::parse(&answer.bytes, JSON)
            .map_err(|error| ApiError::unreadable(url, &format!("it is not JSON: {error}")))?;
        Ok((value, answer))
    }

    /// Every item of a list that may have many pages.
    fn list(&self, url: &str) -> Result<Vec<Value>, ApiError> {
        let (mut items, mut next) = (Vec::new(), Some(url.to_owned()));
        for _ in 0..MAX_PAGES {
            let Some(page) = next else { return Ok(items) };
            let (value, answer) = self.get(&page)?;
            let Value::Array(more) = value else {
                return Err(ApiError::unreadable(&page, "it is not a list"));
            };
            items.extend(more);
            next = answer.next;
        }
        Err(ApiError::unreadable(url, &format!("it has more than {MAX_PAGES} pages")))
    }

    /// What a 404 means: that the thing is not there, where the repository itself is shown; else nobody knows.
    fn absent_if_shown<T>(&self, error: ApiError, repository_url: &str) -> Result<Option<T>, ApiError> {
        if !error.is_not_found(repository_url) {
            return Err(error);
        }
        match self.get(repository_url) {
            Ok(_) => Ok(None),
            Err(shown) if shown.is_not_found(repository_url) => Err(error),
            Err(other) => Err(other),
        }
    }
}

/// The host that answers for a forge.
fn api_host(kind: Forge, host: &str) -> String {
    match (kind, host) {
        (Forge::Github, "github.com") => "api.github.com".to_owned(),
        (Forge::Github, host) if crate::release::ghe_tenant(host).is_some() => format!("api.{host}"),
        _ => host.to_owned(),
    }
}

/// A token of the user's, before it is known what for.
#[derive(Clone)]
pub struct Secret {
    text: String,
    is_job: bool,
}

impl Secret {
    /// A token; of a GitLab job where that is said.
    pub fn new(text: impl Into<String>, is_job: bool) -> Self {
        Self { text: text.into(), is_job }
    }

    fn header(&self, kind: Forge) -> Header {
        match kind {
            Forge::Gitlab if self.is_job => Header::Named("JOB-TOKEN"),
            Forge::Gitlab => Header::Named("PRIVATE-TOKEN"),
            _ => Header::Bearer,
        }
    }

    /// The same for the git server on `host`.
    pub fn for_git(&self, kind: Forge, host: &str) -> Token {
        let user = match kind {
            Forge::Gitlab if self.is_job => "gitlab-ci-token",
            Forge::Gitlab => "oauth2",
            _ => "x-access-token",
        };
        Token::new(format!("https://{host}"), Header::Basic { user }, self.text.clone())
    }
}

/// Why a forge gives no answer that can be used.
#[derive(Debug, thiserror::Error)]
enum ApiError {
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("the answer of {url} cannot be used: {why}")]
    Unreadable { url: String, why: String },
}

impl ApiError {
    fn unreadable(url: &str, why: &str) -> Self {
        Self::Unreadable { url: shown(url), why: why.to_owned() }
    }

    /// Whether the forge that was asked for `url` says that it has no such thing.
    fn is_not_found(&self, url: &str) -> bool {
        matches!(self, Self::Transport(error) if error.is_not_found(url))
    }

    fn reason(&self) -> String {
        match self {
            Self::Transport(error) => error.reason(),
            Self::Unreadable { .. } => format!("{self}; try again, and report it if that does not help"),
        }
    }
}

/// The members of an answer, each of the type that the forge's documentation gives it.
struct Fields<'a> {
    url: &'a str,
    value: &'a Value,
}

impl<'a> Fields<'a> {
    fn of(url: &'a str, value: &'a Value) -> Result<Self, ApiError> {
        match value {
            Value::Object(_) => Ok(Self { url, value }),
            _ => Err(ApiError::unreadable(url, "it is not an object")),
        }
    }

    fn wrong(&self, name: &str, what: &str) -> ApiError {
        ApiError::unreadable(self.url, &format!("{name} is not {what}"))
    }

    fn text(&self, name: &str) -> Result<&'a str, ApiError> {
        self.value[name].as_str().ok_or_else(|| self.wrong(name, "a text"))
    }

    /// A truth value that has to be there.
    fn flag(&self, name: &str) -> Result<bool, ApiError> {
        self.value[name].as_bool().ok_or_else(|| self.wrong(name, "true or false"))
    }

    /// A truth value; nothing where it is null or not there.
    fn optional_flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match &self.value[name] {
            Value::Null => Ok(None),
            _ => self.flag(name).map(Some),
        }
    }

    /// A digest such as `sha256:HEX`; nothing where it is null or not there. One that cannot be read is no missing one.
    fn digest(&self, name: &str) -> Result<Option<Digest>, ApiError> {
        match &self.value[name] {
            Value::Null => Ok(None),
            _ => {
                Digest::from_prefixed(self.text(name)?).map(Some).ok_or_else(|| self.wrong(name, "a digest"))
            }
        }
    }

    fn number(&self, name: &str) -> Result<u64, ApiError> {
        self.value[name].as_u64().ok_or_else(|| self.wrong(name, "a number"))
    }

    /// A time; nothing where it is null or not there.
    fn time(&self, name: &str) -> Result<Option<Timestamp>, ApiError> {
        match &self.value[name] {
            Value::Null => Ok(None),
            Value::String(text) => text.parse().map(Some).map_err(|_| self.wrong(name, "a time")),
            _ => Err(self.wrong(name, "a time")),
        }
    }

    fn list(&self, name: &str) -> Result<&'a [Value], ApiError> {
        self.value[name].as_array().map(Vec::as_slice).ok_or_else(|| self.wrong(name, "a list"))
    }
}

/// The commit of which a release says that it was made; nothing where it names a branch.
fn commit(release: &Fields<'_>) -> Option<ObjectId> {
    release.value["target_commitish"].as_str().and_then(ObjectId::parse)
}

/// A segment of a URL's path.
pub(super) fn segment(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte))
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
