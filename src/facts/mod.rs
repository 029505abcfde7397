//! Facts: evidence parsed and verified once, so that checks only compare.
//!
//! Everything a check is told went through a parser or a proof here; what could not be read is a fact too, with the
//! reason, so that no check can mistake it for something that was not there.

use crate::{
    advisories::{
        lock::Lock,
        locks,
        matching::{MatchError, Matches},
        snapshot::Snapshot,
        source::Source,
        suppression::{self, Suppression},
    },
    evidence::{Branches, Evidence, Item, Listing, PublishedFile, Seen, TagKind, TagRecord, Tree, selected},
    outcome::Subject,
    proof::{self, Proof, Refusal},
    release::{ArtifactName, Forge, ObjectId, RepositoryName, Sha256},
    security_policy::{self, SecurityPolicy},
    text::Untrusted,
    trust::TrustRoots,
    versions::TagVersion,
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

pub(crate) mod bills;
mod cargo_sources;
pub mod checksum_file;
mod files;
pub mod package_sources;
use files::With;
pub mod manifest;
pub mod project;
pub mod published_key;
pub mod shipped;
pub mod sidecar;
mod trusted;

use published_key::PublishedKey;

pub use crate::trust::KeyKind;
pub use files::{ChecksumFact, Cover, Files, SignatureFact, sha256_of};
pub use trusted::Trusted;

/// What the evidence establishes.
pub struct Facts {
    /// The moment judged.
    pub as_of: Timestamp,
    /// When the evidence was collected: what is in it was there.
    pub collected_at: Timestamp,
    /// The repository, as the verifier's side names it.
    pub repository: Option<RepositoryName>,
    /// What kind of forge it is on, where that is known.
    pub forge: Option<Forge>,
    /// The tag that was asked for.
    pub tag: Untrusted,
    /// The version that the tag spells.
    pub version: Option<TagVersion>,
    /// The tag in the repository.
    pub tag_record: Seen<TagRecord>,
    /// What is wrong with the tag object, whether or not a record could be made of it.
    pub tag_fault: Option<String>,
    /// What the tag is signed with, by its own word.
    pub tag_format: Option<proof::tag::Format>,
    /// What the signature of the tag proves, or why it proves nothing; absent where it has none.
    pub tag_signature: Seen<Result<Proof, Refusal>>,
    /// Every tag of the repository.
    pub tags: Seen<Vec<TagRecord>>,
    /// Its branches.
    pub branches: Seen<Branches>,
    /// What the forge says of the release; `None` where no forge was asked.
    pub listing: Option<Seen<Listing>>,
    /// The published files, sorted by what they are.
    pub files: Seen<Files>,
    /// What programs and packages among them say of their own making.
    pub shipped: Seen<shipped::Shipped>,
    /// The versions that manifests at the tag declare.
    pub manifests: Seen<Vec<manifest::Declared>>,
    /// The lock files at the tag.
    pub locks: Seen<Vec<LockFact>>,
    /// What the manifests at the tag ask for, but for those of Cargo.
    pub asked: Vec<locks::manifest::Manifest>,
    /// The files at the tag that pass over advisories.
    pub suppressions: Vec<SuppressionFile>,
    /// Manifests and lock files at the tag of ecosystems that this version does not read.
    pub foreign: Vec<String>,
    /// Configurations at the tag that take packages from elsewhere than the lock files say.
    pub rerouted: Vec<package_sources::Rerouted>,
    /// The advisory databases.
    pub advisories: Seen<Vec<Source>>,
    /// The security policy.
    pub security_policy: Seen<PolicyFact>,
    /// What the tree at the tag says of the project's own process.
    pub project: Seen<project::Project>,
    /// What of the verifier's trust other tools can be given.
    pub trusted: Trusted,
}

/// A file at the tag that passes over advisories.
pub struct SuppressionFile {
    /// Its path.
    pub path: String,
    /// What it passes over, or why that is not known.
    pub entries: Result<Vec<Suppression>, Untrusted>,
}

/// A lock file at the tag.
pub struct LockFact {
    /// Its path.
    pub path: String,
    /// The paths of the files that it stands for, where it is none of the tag's files itself.
    pub stands_for: Vec<String>,
    /// Whether it stands in the tree of the tag, or was published with the release.
    pub from: locks::tree::From,
    /// Its digest, where it could be read.
    pub sha256: Option<Sha256>,
    /// What it locks, with the advisories about it, or why that is not known.
    pub lock: Result<LockedPackages, Untrusted>,
}

/// The packages of a lock file and what is known about them.
pub struct LockedPackages {
    /// The lock file.
    pub lock: Arc<Lock>,
    /// The advisories that match, as far as they were published by the moment judged; `None` where there is no database
    /// about packages of this ecosystem.
    pub matches: Option<Matches>,
}

/// The security policy, read.
pub struct PolicyFact {
    /// Its digest.
    pub sha256: Sha256,
    /// What it says.
    pub policy: SecurityPolicy,
    /// The OpenPGP keys that it holds, by their line.
    pub keys: BTreeMap<usize, PublishedKey>,
}

impl Facts {
    /// Parses and verifies `evidence` against `trust`, as at `as_of`.
    pub fn derive(
        evidence: &Evidence,
        trust: &TrustRoots,
        repository: Option<RepositoryName>,
        as_of: Timestamp,
    ) -> Self {
        let snapshot = evidence.advisories.present();
        let forge = repository.as_ref().and_then(|name| Forge::of_host(name.host()));
        let project = process(evidence, forge, repository.as_ref().map(RepositoryName::host));
        let read_policy = |item: &Item| {
            let policy = security_policy::read(item.path(), &item.bytes);
            PolicyFact { sha256: item.sha256, keys: published_key::keys(&policy, as_of), policy }
        };
        let (locks, security_policy) = rayon::join(
            || map(&evidence.tree, |tree| locks(tree, evidence, snapshot, as_of)),
            || map(&evidence.security_policy, read_policy),
        );
        Self {
            as_of,
            collected_at: evidence.collected_at,
            forge,
            repository,
            tag: evidence.tag.clone(),
            version: TagVersion::parse(evidence.tag.raw()),
            tag_record: evidence.tag_record.clone(),
            tag_fault: (evidence.tag_object.present()).and_then(|item| {
                let commit = evidence.tag_record.present().map(|record| &record.commit);
                proof::tag::fault(&evidence.tag, commit, &item.bytes)
            }),
            tag_format: evidence.tag_object.present().and_then(|item| proof::tag::format(&item.bytes)),
            tag_signature: tag_signature(evidence, trust, as_of),
            tags: evidence.tags.clone(),
            branches: evidence.branches.clone(),
            listing: evidence.listing.clone(),
            files: map(&evidence.published, |published| {
                Files::sort(published, &With { log_entries: &evidence.log_entries, trust, as_of })
            }),
            shipped: map(&evidence.published, shipped::Shipped::of),
            manifests: map(&evidence.tree, manifests),
            locks,
            asked: (evidence.tree.present())
                .map(|tree| locks::manifest::manifests(&tree.lock_files()))
                .unwrap_or_default(),
            suppressions: evidence.tree.present().map(suppressions).unwrap_or_default(),
            foreign: evidence.tree.present().map(|tree| tree.foreign().to_vec()).unwrap_or_default(),
            rerouted: evidence.tree.present().map(package_sources::rerouted).unwrap_or_default(),
            advisories: map(&evidence.advisories, |snapshot| snapshot.sources().to_vec()),
            security_policy,
            project,
            trusted: Trusted::of(trust),
        }
    }

    /// The commit that the tag peels to.
    pub fn commit(&self) -> Option<&ObjectId> {
        self.tag_record.present().map(|tag| &tag.commit)
    }

    /// The artifacts; none where the published files could not be had.
    pub fn artifacts(&self) -> &BTreeMap<ArtifactName, Arc<PublishedFile>> {
        static NONE: BTreeMap<ArtifactName, Arc<PublishedFile>> = BTreeMap::new();
        self.files.present().map_or(&NONE, |files| &files.artifacts)
    }

    /// The release, as the subject of findings.
    pub fn release(&self) -> Subject {
        Subject::release(self.tag.raw())
    }

    #[cfg(test)]
    pub(crate) fn for_tests(repository: &str, tag: &str) -> Self {
        let nothing = "not part of this test";
        Self {
            as_of: Timestamp::UNIX_EPOCH,
            collected_at: Timestamp::UNIX_EPOCH,
            repository: RepositoryName::parse(repository),
            forge: RepositoryName::parse(repository).and_then(|name| Forge::of_host(name.host())),
            tag: Untrusted::new(tag),
            version: TagVersion::parse(tag),
            tag_record: Seen::unavailable(nothing),
            tag_fault: None,
            tag_format: None,
            tag_signature: Seen::unavailable(nothing),
            tags: Seen::unavailable(nothing),
            branches: Seen::unavailable(nothing),
            listing: None,
            files: Seen::unavailable(nothing),
            shipped: Seen::unavailable(nothing),
            manifests: Seen::unavailable(nothing),
            locks: Seen::unavailable(nothing),
            asked: Vec::new(),
            suppressions: Vec::new(),
            foreign: Vec::new(),
            rerouted: Vec::new(),
            advisories: Seen::unavailable(nothing),
            security_policy: Seen::unavailable(nothing),
            project: Seen::unavailable(nothing),
            trusted: Trusted::default(),
        }
    }
}

/// The signature of the tag that is judged, verified over the bytes that the tag's own id was computed over.
fn tag_signature(evidence: &Evidence, trust: &TrustRoots, as_of: Timestamp) -> Seen<Result<Proof, Refusal>> {
    let (Seen::Present(record), Seen::Present(item)) = (&evidence.tag_record, &evidence.tag_object) else {
        let is_made = |record: &TagRecord| record.kind != TagKind::Lightweight;
        let is_absent = matches!(evidence.tag_object, Seen::Absent { .. });
        if is_absent && evidence.tag_record.present().is_some_and(is_made) {
            return Seen::unavailable("its object is not in the evidence");
        }
        return map(&evidence.tag_object, |_| Err(Refusal::unreadable("the tag could not be read")));
    };
    match proof::tag::verify(record, &item.bytes, trust) {
        Some(verdict) => Seen::Present(verdict.and_then(|proof| proof.judged_at(as_of))),
        None => Seen::Absent { looked_at: vec![format!("the tag object {}", record.object)] },
    }
}

/// What the tree says of the process; as little as the tree itself where that could not be read.
fn process(evidence: &Evidence, forge: Option<Forge>, host: Option<&str>) -> Seen<project::Project> {
    match &evidence.tree {
        Seen::Present(tree) => {
            let branches = evidence.branches.present();
            let default = branches.and_then(|it| it.default.as_ref()).map(|branch| branch.name.as_str());
            let home = project::home::Home { branch: default, forge, host };
            map(&evidence.project, |collected| project::Project::read(tree, collected, home))
        }
        Seen::Absent { looked_at } => Seen::Absent { looked_at: looked_at.clone() },
        Seen::Unavailable { reason } => Seen::unavailable(reason),
    }
}

/// The same knowledge about something derived.
fn map<T, U>(seen: &Seen<T>, derive: impl FnOnce(&T) -> U) -> Seen<U> {
    match seen {
        Seen::Present(value) => Seen::Present(derive(value)),
        Seen::Absent { looked_at } => Seen::Absent { looked_at: looked_at.clone() },
        Seen::Unavailable { reason } => Seen::Unavailable { reason: reason.clone() },
    }
}

/// The path part of an origin such as `git:refs/heads/main:.github/SECURITY.md`.
fn manifests(tree: &Tree) -> Vec<manifest::Declared> {
    let files = tree
        .files()
        .iter()
        .filter_map(|(path, seen)| Some((path.clone(), seen.present()?.bytes.clone())))
        .collect::<BTreeMap<_, _>>();
    let mut declared = manifest::declared_versions(&files);
    // One that is there and could not be had declares something that nobody knows.
    declared.extend(tree.files().iter().filter_map(|(path, seen)| match seen {
        Seen::Present(_) => None,
        Seen::Absent { .. } => manifest::unavailable(path, "it is not there"),
        Seen::Unavailable { reason } => manifest::unavailable(path, reason),
    }));
    declared.sort_by(|a, b| a.path.cmp(&b.path));
    declared
}

fn suppressions(tree: &Tree) -> Vec<SuppressionFile> {
    let files = tree.files().iter().filter(|(path, _)| suppression::is_suppression_file(path));
    files
        .map(|(path, seen)| {
            let entries = match seen {
                Seen::Present(item) => suppression::read(path, &item.bytes).map_err(Untrusted::new),
                Seen::Absent { .. } => Err(Untrusted::new("it is not there")),
                Seen::Unavailable { reason } => Err(Untrusted::new(reason)),
            };
            SuppressionFile { path: path.clone(), entries }
        })
        .collect()
}

fn locks(tree: &Tree, evidence: &Evidence, snapshot: Option<&Snapshot>, as_of: Timestamp) -> Vec<LockFact> {
    let fact = |found: locks::tree::TreeLock| {
        let lock = found.lock.map_err(Untrusted::new).and_then(|lock| {
            let matches = match snapshot.map(|snapshot| (snapshot, snapshot.matches(&lock))) {
                Some((snapshot, Ok(matches))) => Some(matches.known_at(as_of, snapshot.sources())),
                None | Some((_, Err(MatchError::NoDatabase(_)))) => None,
                Some((_, Err(error))) => return Err(Untrusted::new(error.to_string())),
            };
            Ok(LockedPackages { lock, matches })
        });
        LockFact {
            path: found.path,
            stands_for: found.stands_for,
            from: found.from,
            sha256: found.sha256,
            lock,
        }
    };
    selected(tree, evidence.published.present(), evidence.tag.raw()).into_iter().map(fact).collect()
}
