//! Trusted roots from where their instances publish them: The Update Framework (TUF 1.0, section 5), through the
//! `sigstore-tuf` crate.
//!
//! The rule that must not be broken: what is trusted leads back to the root metadata built into this program. The cache
//! is a folder that anybody may have written to, so every file in it is verified again each time it is read, and
//! nothing outside it is ever written, whatever a repository calls its files. Metadata that expired vouches for
//! nothing. Which bytes come over the network is not the business of this file: it is given a [`Fetch`].

use crate::text::{self, Untrusted};
use jiff::Timestamp;
use sigstore_tuf::{Error, MetadataStore, Repository, Root, Updater, UpdaterConfig, transport::FetchFuture};
use sigstore_verify::trust_root::{
    SIGSTORE_GITHUB_TRUSTED_ROOT, SIGSTORE_PRODUCTION_TRUSTED_ROOT, SIGSTORE_STAGING_TRUSTED_ROOT,
    SigstoreInstance,
};
use std::{
    collections::BTreeSet,
    path::PathBuf,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

mod store;

use store::Store;

/// What is fetched: a URL, and the most bytes that it may have. `None` where the server has no such file.
pub type Fetch = Arc<dyn Fn(&str, u64) -> Result<Option<Vec<u8>>, String> + Send + Sync>;

/// The file that is wanted of each repository.
const TARGET: &str = "trusted_root.json";

/// The instances of Sigstore that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instance {
    /// The public instance.
    PublicGood,
    /// GitHub's own.
    GitHub,
    /// The public instance's staging area.
    Staging,
}

impl Instance {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PublicGood, Self::GitHub, Self::Staging];

    /// The word for it on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::PublicGood => "public-good",
            Self::GitHub => "github",
            Self::Staging => "staging",
        }
    }

    /// What it is called in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::PublicGood => "sigstore public good",
            Self::GitHub => "github",
            Self::Staging => "sigstore staging",
        }
    }

    /// The trusted root that is built into this program.
    pub fn embedded(self) -> &'static str {
        match self {
            Self::PublicGood => SIGSTORE_PRODUCTION_TRUSTED_ROOT,
            Self::GitHub => SIGSTORE_GITHUB_TRUSTED_ROOT,
            Self::Staging => SIGSTORE_STAGING_TRUSTED_ROOT,
        }
    }

    /// Where it publishes newer ones, and what is known of the keys that sign them.
    pub fn distribution(self) -> Distribution {
        let instance = match self {
            Self::PublicGood => SigstoreInstance::PublicGood,
            Self::GitHub => SigstoreInstance::GitHub,
            Self::Staging => SigstoreInstance::Staging,
        };
        Distribution {
            name: self.word().to_owned(),
            url: instance.tuf_url().to_owned(),
            bootstrap: instance.tuf_root().to_vec(),
        }
    }
}

/// A TUF repository that publishes a trusted root.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// What its folder in the cache is called.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// The root metadata that all of it must lead back to.
    pub bootstrap: Vec<u8>,
}

/// A trusted root that its instance vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refreshed {
    /// The `trusted_root.json`.
    pub bytes: Vec<u8>,
    /// When the first of the metadata that vouch for it expires.
    pub expires: Timestamp,
    /// The version of the repository's root metadata.
    pub root_version: u64,
    /// The version of its time-stamp metadata.
    pub timestamp_version: u64,
}

/// Why there is no refreshed root.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The repository could not be reached.
    #[error("the trusted root of {name} could not be fetched: {reason}")]
    Unavailable {
        /// The instance.
        name: Untrusted,
        /// Why not.
        reason: String,
    },
    /// What the repository, or the cache, holds does not verify.
    #[error("the trusted root of {name} is refused: {reason}")]
    Refused {
        /// The instance.
        name: Untrusted,
        /// What does not verify.
        reason: String,
    },
    /// The metadata in the cache vouches no longer.
    #[error("the cached trusted root of {name} is too old: {reason}")]
    Expired {
        /// The instance.
        name: Untrusted,
        /// What expired, and when.
        reason: String,
    },
    /// The cache cannot be written.
    #[error("the trusted root of {name} could not be kept in the cache: {reason}")]
    Cache {
        /// The instance.
        name: Untrusted,
        /// Why not.
        reason: String,
    },
}

/// The folder in which refreshed roots are kept.
#[derive(Clone, Debug)]
pub struct Cache(PathBuf);

impl Cache {
    /// The cache in that folder, which need not exist.
    pub fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn store(&self, distribution: &Distribution) -> Store {
        Store::new(self.0.join("trust").join(store::file_name(&distribution.name)))
    }
}

/// Fetches the newest trusted root, verifies it, and keeps it.
///
/// # Errors
/// [`RefreshError`]; then what was kept before stays as it was.
pub fn update(
    distribution: &Distribution,
    cache: &Cache,
    fetch: Fetch,
    now: Timestamp,
) -> Result<Refreshed, RefreshError> {
    let failed = |error: &Error| refusal(distribution, error);
    let store = Arc::new(cache.store(distribution));
    let repository = Remote { base: distribution.url.trim_end_matches('/').to_owned(), fetch };
    let mut updater = Updater::new(repository, &distribution.bootstrap)
        .map_err(|e| failed(&e))?
        .with_config(limits())
        .with_store(Arc::clone(&store));
    fetched(&mut updater, now).map_err(|e| failed(&e))?;
    store.commit().map_err(|e| RefreshError::Cache {
        name: Untrusted::new(&distribution.name),
        reason: e.to_string(),
    })?;
    // What counts is what the next run will find.
    load(distribution, cache, now)?.ok_or_else(|| RefreshError::Cache {
        name: Untrusted::new(&distribution.name),
        reason: "it was not there when it was read again".to_owned(),
    })
}

/// The trusted root in the cache, verified from the beginning; `None` where nothing was ever kept.
///
/// # Errors
/// [`RefreshError::Expired`], and [`RefreshError::Refused`] for anything that does not verify.
pub fn load(
    distribution: &Distribution,
    cache: &Cache,
    now: Timestamp,
) -> Result<Option<Refreshed>, RefreshError> {
    let refused = |reason: String| RefreshError::Refused { name: Untrusted::new(&distribution.name), reason };
    // A file that the cache lacks is no outage: it is not whole.
    let failed = |error: &Error| match refusal(distribution, error) {
        RefreshError::Unavailable { name, reason } => RefreshError::Refused { name, reason },
        other => other,
    };
    let store = Arc::new(cache.store(distribution));
    if store.load("timestamp.json").map_err(|e| failed(&e))?.is_none() {
        return Ok(None);
    }
    let mut updater = Updater::new(Kept(Arc::clone(&store)), &distribution.bootstrap)
        .map_err(|e| failed(&e))?
        .with_config(limits())
        .with_store(Arc::clone(&store));
    // The crate passes over a root that does not verify; then what follows would be judged by an older one.
    let next = updater.trusted().root().version.saturating_add(1);
    if store.load(&format!("root_history/{next}.root.json")).map_err(|e| failed(&e))?.is_some() {
        return Err(refused(format!("version {next} of its root metadata in the cache does not verify")));
    }
    let bytes = fetched(&mut updater, now).map_err(|e| failed(&e))?;
    let trusted = updater.trusted();
    let (Some(timestamp), Some(snapshot), Some(targets)) =
        (trusted.timestamp(), trusted.snapshot(), trusted.targets_role("targets"))
    else {
        return Err(refused("its metadata is not whole".to_owned()));
    };
    let root = trusted.root();
    refuse_doubled(root).map_err(refused)?;
    let ends = [root.expires, timestamp.expires, snapshot.expires, targets.expires];
    Ok(Some(Refreshed {
        bytes,
        expires: ends.into_iter().min().unwrap_or(root.expires),
        root_version: root.version,
        timestamp_version: timestamp.version,
    }))
}

/// A key that a role lists twice, under whatever names, would count twice towards its threshold.
fn refuse_doubled(root: &Root) -> Result<(), String> {
    for (name, role) in &root.roles {
        let mut seen = BTreeSet::new();
        for id in &role.keyids {
            let material = root.keys.get(id).map_or(id.as_str(), |key| key.keyval.public.trim());
            if !seen.insert(material) {
                return Err(format!("its role {} lists one key twice", Untrusted::new(name)));
            }
        }
    }
    Ok(())
}

/// Refreshes the metadata, and gets the target that it vouches for.
fn fetched(updater: &mut Updater, now: Timestamp) -> Result<Vec<u8>, Error> {
    at_once(updater.refresh(now))?;
    at_once(updater.get_target(TARGET, now))
}

fn limits() -> UpdaterConfig {
    let mut limits = UpdaterConfig::default();
    limits.target_max_length = super::MAX_TRUSTED_ROOT;
    limits
}

/// What is wrong, by whether another try may help.
fn refusal(distribution: &Distribution, error: &Error) -> RefreshError {
    let name = Untrusted::new(&distribution.name);
    let mut reason = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        reason.push_str(&format!(": {next}"));
        cause = next.source();
    }
    let reason = text::clean(&reason).into_owned();
    match error {
        Error::Transport { .. } => RefreshError::Unavailable { name, reason },
        Error::Expired { .. } => RefreshError::Expired { name, reason },
        _ => RefreshError::Refused { name, reason },
    }
}

/// A repository behind a [`Fetch`].
struct Remote {
    base: String,
    fetch: Fetch,
}

impl Remote {
    fn get(&self, path: &str, max_length: u64) -> Result<Option<Vec<u8>>, Error> {
        let is_plain = |part: &str| {
            !matches!(part, "" | "." | "..")
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~%".contains(&b))
        };
        if !path.split('/').all(is_plain) {
            return Err(Error::Malformed(format!(
                "a file of the repository is called {}",
                Untrusted::new(path)
            )));
        }
        let answer = (self.fetch)(&format!("{}/{path}", self.base), max_length).map_err(Error::transport)?;
        match answer {
            Some(bytes) if bytes.len() as u64 > max_length => {
                Err(Error::transport(format!("{path} is over the limit of {max_length} bytes")))
            }
            other => Ok(other),
        }
    }
}

impl Repository for Remote {
    fn fetch_metadata<'a>(&'a self, name: &'a str, max_length: u64) -> FetchFuture<'a> {
        let answer = self.get(name, max_length);
        Box::pin(async move { answer })
    }

    fn fetch_target<'a>(&'a self, path: &'a str, max_length: u64) -> FetchFuture<'a> {
        let answer = self.get(&format!("targets/{path}"), max_length);
        Box::pin(async move { answer })
    }
}

/// The repository as the cache has it. Roles are kept without the version that their published names begin with.
struct Kept(Arc<Store>);

impl Kept {
    fn get(&self, name: &str, max_length: u64) -> Result<Option<Vec<u8>>, Error> {
        let plain = name
            .split_once('.')
            .filter(|(version, rest)| version.bytes().all(|b| b.is_ascii_digit()) && *rest != "root.json");
        let found = match (self.0.load(name)?, plain) {
            (None, Some((_, rest))) => self.0.load(rest)?,
            (found, _) => found,
        };
        match found {
            Some(bytes) if bytes.len() as u64 > max_length => {
                Err(Error::Malformed(format!("{name} in the cache is over the limit of {max_length} bytes")))
            }
            other => Ok(other),
        }
    }
}

impl Repository for Kept {
    fn fetch_metadata<'a>(&'a self, name: &'a str, max_length: u64) -> FetchFuture<'a> {
        let found = self.get(name, max_length);
        Box::pin(async move { found })
    }

    fn fetch_target<'a>(&'a self, path: &'a str, max_length: u64) -> FetchFuture<'a> {
        let found = self.get(&format!("targets/{path}"), max_length);
        Box::pin(async move { found })
    }
}

/// Runs a future that never waits: every fetch above is done before its future is made.
fn at_once<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => Err(Error::transport("a fetch did not end")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_can_be_started_from() {
        for instance in Instance::ALL {
            let distribution = instance.distribution();
            assert!(distribution.url.starts_with("https://"), "{}", distribution.url);
            let trusted = sigstore_tuf::TrustedMetadataSet::from_root(&distribution.bootstrap).unwrap();
            assert_eq!(refuse_doubled(trusted.root()), Ok(()), "{}", distribution.name);
            let root = super::super::SigstoreRoot::embedded(instance);
            assert!(root.is_ok(), "{}", instance.name());
        }
        let logs = super::super::TrustRoots::embedded().unwrap().sigstore()[0].logs().to_vec();
        assert_eq!(logs, ["https://rekor.sigstore.dev"]);
    }
}
