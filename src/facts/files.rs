//! The published files: sorted by what they are, every signature among them verified once, in parallel.

use super::{
    checksum_file::{ChecksumFile, ChecksumFileError, Room, looks_like_checksum_file},
    sidecar::{self, Kind},
};
use crate::{
    digest::{Agreement, Digest},
    evidence::{Bytes, LogEntries, Published, PublishedFile, Unread},
    proof::{self, Context, DetachedKind, Proof, Refusal, Signed, Target, openpgp::Cleartext},
    release::{ArtifactName, Sha256},
    trust::TrustRoots,
};
use jiff::Timestamp;
use lists::Lists;
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

mod lists;

/// The published files.
#[derive(Default)]
pub struct Files {
    /// What users run or unpack.
    pub artifacts: BTreeMap<ArtifactName, Arc<PublishedFile>>,
    /// Every published file, sidecars too.
    pub all: BTreeMap<ArtifactName, Arc<PublishedFile>>,
    /// Software bills of materials.
    pub sboms: Vec<ArtifactName>,
    /// Checksum files.
    pub checksums: Vec<ChecksumFact>,
    /// Signatures and attestations: one entry for each signature in each file.
    pub signatures: Vec<SignatureFact>,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// For each published file, the signatures that speak of it, by their place in `signatures`.
    spoken_of: HashMap<ArtifactName, Vec<usize>>,
    /// The checksum files, by the names of what they list.
    lists: Lists,
}

/// A checksum file.
pub struct ChecksumFact {
    /// Its name.
    pub file: ArtifactName,
    /// Its digest.
    pub sha256: Sha256,
    /// What it lists, or why that cannot be read.
    pub listed: Result<ChecksumFile, ChecksumFileError>,
}

/// One signature in a published file.
pub struct SignatureFact {
    /// The file that holds it.
    pub file: ArtifactName,
    /// The digest of that file.
    pub sha256: Sha256,
    /// The file that its name says it is about, whether or not that is published.
    pub about: String,
    /// What kind of detached signature it is.
    pub kind: Option<DetachedKind>,
    /// What it proves, or why it proves nothing.
    pub proof: Result<Proof, Refusal>,
    /// The published files that it covers, and how.
    pub covers: BTreeMap<ArtifactName, Cover>,
}

/// How a proof covers a published file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Every strong digest that was signed is the file's.
    Bound,
    /// The signed digests name this file, and at least one of them is another file's.
    Contradicted {
        /// What was signed.
        signed: Digest,
    },
    /// One of the signed digests could not be computed.
    NotComputed {
        /// What was signed.
        signed: Digest,
    },
}

/// What signatures are verified with.
pub(super) struct With<'a> {
    /// The log's entries for bare envelopes.
    pub(super) log_entries: &'a LogEntries,
    /// The verifier's own roots and keys.
    pub(super) trust: &'a TrustRoots,
    /// The moment judged.
    pub(super) as_of: Timestamp,
}

impl Files {
    /// Sorts the published files by what they are, and verifies every signature among them, in parallel.
    pub(super) fn sort(published: &Published, with: &With<'_>) -> Self {
        let mut files =
            Self { all: published.files.clone(), unread: published.unread.clone(), ..Self::default() };
        let (mut signed, mut cleartext, mut room) = (Vec::new(), Vec::new(), Room::default());
        let kinds = || -> Vec<_> {
            published.files.par_iter().map(|(name, file)| (name, file, sidecar::kind(name, file))).collect()
        };
        let (kinds, index) = rayon::join(kinds, || Index::of(&published.files));
        for (name, file, kind) in kinds {
            match kind {
                Kind::Artifact => drop(files.artifacts.insert(name.clone(), file.clone())),
                Kind::Sbom => files.sboms.push(name.clone()),
                Kind::Checksums => files.checksums.push(checksums(name, file, &mut room)),
                Kind::Signature(proof::Format::Certificate, about) if !belongs(name, about, published) => {
                    files.artifacts.insert(name.clone(), file.clone());
                }
                Kind::SignedChecksums(list) => cleartext.push((name, file, list)),
                Kind::Signature(format, about) => {
                    files.checksums.extend(signed_list(name, file, about, &mut room));
                    signed.push((name, file, format, without_keyless(about, published)));
                }
            }
        }
        let large = Mutex::new(());
        files.signatures = signed
            .into_par_iter()
            .flat_map_iter(|(name, file, format, about)| {
                let _alone = is_large(file).then(|| large.lock().unwrap_or_else(PoisonError::into_inner));
                signatures(name, file, format, about, &index, with)
            })
            .collect();
        for (name, file, list) in cleartext {
            let (fact, signatures) = signed_checksums(name, file, list, with, &mut room);
            files.checksums.push(fact);
            files.signatures.extend(signatures);
        }
        for (place, fact) in files.signatures.iter().enumerate() {
            for name in fact.covers.keys() {
                files.spoken_of.entry(name.clone()).or_default().push(place);
            }
        }
        files.lists = Lists::of(&files);
        files
    }

    /// Whether a file of this name is published, and could not be read: nobody knows what is in it.
    pub fn is_unread(&self, name: &str) -> bool {
        self.unread.iter().any(|unread| unread.name.raw() == name)
    }

    /// The signatures that verify and speak of `name`, with how they cover it.
    pub fn speaking_of<'a>(
        &'a self,
        name: &ArtifactName,
    ) -> impl Iterator<Item = (&'a SignatureFact, &'a Cover)> + use<'a> {
        let places = self.spoken_of.get(name).map_or(&[][..], Vec::as_slice);
        let name = name.clone();
        places.iter().filter_map(move |place| {
            let fact = &self.signatures[*place];
            Some((fact, fact.covers.get(&name)?))
        })
    }
}

fn checksums(name: &ArtifactName, file: &PublishedFile, room: &mut Room) -> ChecksumFact {
    let listed = match &file.content {
        Some(item) => room.parse(name.as_str(), &item.bytes),
        None => Err(ChecksumFileError::TooLarge {
            size: file.size.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX),
        }),
    };
    ChecksumFact { file: name.clone(), sha256: sha256_of(file), listed }
}

/// Whether the certificate called `name` belongs to something published. One that does not is a file like any other.
fn belongs(name: &ArtifactName, about: &str, published: &Published) -> bool {
    let sibling = |name: &str| {
        let file = published.files.get(&ArtifactName::parse(name)?)?;
        Some(file.content.as_ref()?.bytes.as_slice())
    };
    is_published(about, published) || proof::cosign::has_signature(name.as_str(), &sibling)
}

/// `X-keyless.sig` is about `X`, as cosign's own releases and those of Kubernetes have it; unless it is not.
fn without_keyless<'a>(about: &'a str, published: &Published) -> &'a str {
    let stem = about.strip_suffix("-keyless").filter(|stem| is_published(stem, published));
    stem.filter(|_| !is_published(about, published)).unwrap_or(about)
}

fn is_published(name: &str, published: &Published) -> bool {
    ArtifactName::parse(name).is_some_and(|name| published.files.contains_key(&name))
}

/// Whether it may take so much memory to read that only one such file is read at a time, however many threads there are.
fn is_large(file: &PublishedFile) -> bool {
    const LARGE: usize = 64 << 10;
    file.content.as_ref().is_some_and(|item| item.bytes.len() > LARGE)
}

/// The checksum file inside its own signature, as it was signed: `SHA256.sig` for `SHA256`.
fn signed_list(
    name: &ArtifactName,
    file: &PublishedFile,
    about: &str,
    room: &mut Room,
) -> Option<ChecksumFact> {
    if !looks_like_checksum_file(about) {
        return None;
    }
    let text = proof::signed_text(name.as_str(), &file.content.as_ref()?.bytes)?;
    let listed = room.parse(about, &text);
    Some(ChecksumFact { file: name.clone(), sha256: sha256_of(file), listed })
}

/// The SHA-256 of a published file.
pub fn sha256_of(file: &PublishedFile) -> Sha256 {
    Sha256::from_hex(file.digests.sha256().hex())
        .expect("a SHA-256 digest is 64 lowercase hexadecimal digits")
}

fn signatures(
    name: &ArtifactName,
    file: &PublishedFile,
    format: proof::Format,
    about: &str,
    index: &Index<'_>,
    with: &With<'_>,
) -> Vec<SignatureFact> {
    let sha256 = sha256_of(file);
    let detached = file.content.as_ref().filter(|_| format == proof::Format::Detached);
    let kind = detached.map(|item| proof::detached::kind(&item.bytes));
    let fact = |proof: Result<Proof, Refusal>| SignatureFact {
        file: name.clone(),
        sha256,
        about: about.to_owned(),
        kind,
        covers: proof.as_ref().map(|proof| index.covered(proof, name)).unwrap_or_default(),
        proof,
    };
    let Some(item) = &file.content else {
        let why = match (file.bytes, file.size) {
            (Bytes::Recorded, _) | (_, None) => "only its digest is known, and not its bytes".to_owned(),
            (Bytes::Rehashed, Some(size)) if size > proof::sigstore::MAX_BUNDLE as u64 => {
                format!("{size} bytes are over the limit of {} for a bundle", proof::sigstore::MAX_BUNDLE)
            }
            (Bytes::Rehashed, Some(_)) => {
                "the files that speak about others are too many bytes together".to_owned()
            }
        };
        return vec![fact(Err(Refusal::unreadable(why)))];
    };
    let about = index.files.get(about).map(|file| Target {
        digests: &file.digests,
        framed: &file.framed,
        bytes: file.content.as_ref().map(|item| item.bytes.as_slice()),
    });
    let sibling = |name: &str| Some(index.files.get(name)?.content.as_ref()?.bytes.as_slice());
    let With { log_entries, trust, as_of } = *with;
    let context = Context { about, sibling: &sibling, name: name.as_str(), log_entries, trust, as_of };
    let verdicts = proof::verify(format, item, &context).into_iter();
    verdicts.map(|verdict| fact(verdict.and_then(|proof| proof.judged_at(as_of)))).collect()
}

/// A checksum file that is signed in place: its signatures are over its text, and it lists what was signed.
fn signed_checksums(
    name: &ArtifactName,
    file: &PublishedFile,
    list: &str,
    with: &With<'_>,
    room: &mut Room,
) -> (ChecksumFact, Vec<SignatureFact>) {
    let bytes = file.content.as_ref().map_or(&[][..], |item| item.bytes.as_slice());
    let (verdicts, text) = match Cleartext::verify(bytes, file.digests.sha256(), with.trust) {
        Ok(message) => message.open(|verdict| verdict.and_then(|proof| proof.judged_at(with.as_of))),
        Err(refusal) => (vec![Err(refusal)], None),
    };
    let listed = match text {
        Some(text) => room.parse(list, text.as_bytes()),
        None => {
            let refusal = verdicts.iter().find_map(|verdict| verdict.as_ref().err());
            let why = refusal.map_or_else(|| "it holds no signature".to_owned(), ToString::to_string);
            Err(ChecksumFileError::NotSigned { why })
        }
    };
    let sha256 = sha256_of(file);
    let fact = |proof: Result<Proof, Refusal>| SignatureFact {
        file: name.clone(),
        sha256,
        about: name.as_str().to_owned(),
        kind: Some(DetachedKind::OpenPgp),
        // The text is signed, and not the armor around it: a copy under another name is no signed artifact.
        covers: proof.iter().map(|_| (name.clone(), Cover::Bound)).collect(),
        proof,
    };
    let facts = verdicts.into_iter().map(fact).collect();
    (ChecksumFact { file: name.clone(), sha256, listed }, facts)
}

/// The published files by name and by digest.
struct Index<'a> {
    files: HashMap<&'a str, &'a PublishedFile>,
    names: HashMap<&'a str, &'a ArtifactName>,
    digests: HashMap<&'a Digest, Vec<&'a ArtifactName>>,
}

impl<'a> Index<'a> {
    fn of(files: &'a BTreeMap<ArtifactName, Arc<PublishedFile>>) -> Self {
        let mut index = Self { files: HashMap::new(), names: HashMap::new(), digests: HashMap::new() };
        for (name, file) in files {
            index.files.insert(name.as_str(), file);
            index.names.insert(name.as_str(), name);
            for digest in file.digests.iter() {
                index.digests.entry(digest).or_default().push(name);
            }
        }
        index
    }

    /// The published files that a proof speaks of, each with how; `own` is the file that holds it.
    fn covered(&self, proof: &Proof, own: &ArtifactName) -> BTreeMap<ArtifactName, Cover> {
        let mut covers = BTreeMap::new();
        // A list inside its own signature is what was signed; any other text there is about nothing published.
        let is_list =
            || proof::recognise(own.as_str()).is_some_and(|(_, about)| looks_like_checksum_file(about));
        if matches!(proof.signed(), Signed::Text(_)) && is_list() {
            covers.insert(own.clone(), Cover::Bound);
        }
        match proof.signed() {
            Signed::Object(_) => {}
            Signed::File(digest) | Signed::Text(digest) => {
                for name in self.digests.get(digest).into_iter().flatten() {
                    covers.insert((*name).clone(), Cover::Bound);
                }
            }
            Signed::Statement(statement) => {
                for subject in statement.subjects() {
                    let by_digest =
                        subject.digests.iter().filter_map(|d| self.digests.get(d)).flatten().copied();
                    let by_name = subject.name.as_deref().and_then(|name| self.names.get(name)).copied();
                    for name in by_digest.chain(by_name) {
                        let cover = self.cover(name, &subject.digests);
                        // The worst thing signed about a file is what counts.
                        let worst = covers.entry(name.clone()).or_insert_with(|| cover.clone());
                        if *worst == Cover::Bound {
                            *worst = cover;
                        }
                    }
                }
            }
        }
        covers
    }

    fn cover(&self, name: &ArtifactName, signed: &[Digest]) -> Cover {
        let own = &self.files[name.as_str()].digests;
        let strong = || signed.iter().filter(|digest| digest.algorithm().is_strong());
        if let Some(other) = strong().find(|digest| own.agrees(digest) == Agreement::Different) {
            return Cover::Contradicted { signed: other.clone() };
        }
        match strong().find(|digest| own.agrees(digest) == Agreement::NotComputed) {
            Some(missing) => Cover::NotComputed { signed: missing.clone() },
            // Without any strong digest the name alone would bind, which binds nothing.
            None if strong().next().is_none() => match signed.first() {
                Some(weak) => Cover::NotComputed { signed: weak.clone() },
                None => Cover::NotComputed { signed: own.sha256().clone() },
            },
            None => Cover::Bound,
        }
    }
}
