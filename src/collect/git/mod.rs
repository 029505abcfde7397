//! A git repository, here or on a forge, read as objects and references and nothing else.
//!
//! The rule that must not be broken: nothing of the repository acts. Its configuration is not applied, its hooks and
//! filters are not run, no replacement object stands in for another, no namespace hides a reference, no environment
//! variable points elsewhere, and a name is only ever the exact name of a reference. Each object's id is computed
//! again over the bytes that were read, with a SHA-1 that detects known collision attacks.

mod branches;
mod budget;
mod error;
mod format;
mod held;
mod layout;
mod object;
mod past;
mod remote;
#[cfg(test)]
pub(crate) mod testing;
mod tree;
mod wire;

use crate::{
    evidence::{TagKind, TagRecord},
    release::{ObjectId, RepositoryName},
    text::{self, Untrusted},
};
use gix::{
    bstr::ByteSlice,
    objs::{Kind, tree::EntryKind as Mode},
    refs::TargetRef,
};
use held::Held;
use std::{
    cmp::Reverse,
    path::{Path, PathBuf},
};

pub use error::GitError;
pub use format::FormatError;
pub use remote::Source;
pub use tree::{EntryKind, PATH_LIMIT, PATHS_LIMIT, TreePath};

pub(in crate::collect) use past::Version;

/// Largest commit, tag or tree object, in bytes.
const OBJECT_LIMIT: u64 = 16 << 20;

/// Largest tag object whose bytes are kept.
const TAG_LIMIT: u64 = 1 << 20;

/// Most bytes that are allocated at once for one object.
const ALLOCATION: &str = "gitoxide.objects.allocLimit=67108864";

/// Most tags, and most branches, of one repository.
pub const REFERENCES_LIMIT: usize = 200_000;

/// Most tags that point to each other before a commit.
const PEEL_LIMIT: usize = 8;

/// Largest configuration file, in bytes.
const CONFIG_LIMIT: u64 = 1 << 20;

/// A git repository.
pub struct Repository {
    git: gix::Repository,
    /// Where objects come from that are not here.
    remote: Option<remote::Remote>,
    held: held::Held,
}

/// The tags of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// Those that lead to a commit, sorted by name.
    pub records: Vec<TagRecord>,
    /// Those that lead to a tree or a file, with what it is: no releases.
    pub others: Vec<(Untrusted, String)>,
}

/// An object whose id was computed again.
struct Object {
    kind: Kind,
    bytes: Vec<u8>,
}

/// How much is read of what a tag object leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// The commit too.
    Whole,
    /// Of the commit that it is there and is one: of a tag that nobody judges, nothing in it counts.
    Tags,
}

/// What a reference leads to, through any tag objects.
struct Peeled {
    object: gix::ObjectId,
    commit: gix::ObjectId,
    kind: TagKind,
    time: Option<jiff::Timestamp>,
    /// The name in the first tag object.
    own_name: Option<Vec<u8>>,
}

impl Repository {
    /// Opens the repository whose checkout or git folder is `path`. Whom it belongs to makes no difference, since
    /// nothing of it is trusted.
    ///
    /// # Errors
    /// [`GitError::NotARepository`], [`GitError::Format`], and [`GitError::NotRegular`] where opening could block.
    pub fn open(path: &Path) -> Result<Self, GitError> {
        let folders = layout::folders(path)?;
        let options = gix::open::Options::isolated()
            .with(gix::sec::Trust::Reduced)
            .config_overrides(["core.useReplaceRefs=false", ALLOCATION]);
        let opened = gix::open_opts(path, options);
        // Why it is not opened, may be its format.
        let shared =
            opened.as_ref().map_or_else(|_| folders.last().cloned(), |git| Some(git.common_dir().into()));
        shared.map_or(Ok(()), |folder: PathBuf| format::refuse_unknown(&folder))?;
        let mut git = opened.map_err(|e| GitError::NotARepository(e.into()))?;
        git.clear_namespace();
        git.object_cache_size_if_unset(8 << 20);
        Ok(Self { git, remote: None, held: Held::default() })
    }

    /// The same repository, for another thread; nothing where objects come from elsewhere, which are fetched in one.
    pub fn beside(&self) -> Option<Self> {
        self.remote.is_none().then(|| Self { git: self.git.clone(), remote: None, held: Held::default() })
    }

    /// The tag `refs/tags/NAME`, when there is one.
    ///
    /// # Errors
    /// [`GitError::TagName`] for what can be no tag, and what keeps an existing one from being read.
    pub fn tag(&self, name: &str) -> Result<Option<TagRecord>, GitError> {
        let full = tag_reference(name)?;
        let Some(id) = self.resolve(&full)? else { return Ok(None) };
        let peeled = self.peel(&Untrusted::new(name), id, Reading::Whole)?;
        match &peeled.own_name {
            Some(own) if own != name.as_bytes() => Err(GitError::OtherName {
                tag: Untrusted::new(name),
                says: Untrusted::new(String::from_utf8_lossy(own)),
            }),
            _ => Ok(Some(record(Untrusted::new(name), &peeled))),
        }
    }

    /// Every tag.
    ///
    /// # Errors
    /// When one cannot be read: a list with a hole would be taken for the whole.
    pub fn tags(&self) -> Result<Tags, GitError> {
        let mut tags = Tags::default();
        for (name, id) in self.references("refs/tags/")? {
            let name = Untrusted::new(String::from_utf8_lossy(&name));
            match self.peel(&name, id, Reading::Tags) {
                Ok(peeled) => tags.records.push(record(name, &peeled)),
                Err(GitError::NotACommit { kind, .. }) => tags.others.push((name, kind.to_string())),
                Err(error) => return Err(error),
            }
        }
        Ok(tags)
    }

    /// Up to three tags that `name` may have been meant for, the newest first among those that are equally near.
    ///
    /// # Errors
    /// When the references cannot be read.
    pub fn nearest_tags(&self, name: &str) -> Result<Vec<Untrusted>, GitError> {
        let bare = |text: &str| {
            let last = text.rsplit(['/', '@']).next().unwrap_or(text);
            last.trim_start_matches(['v', 'V']).to_owned()
        };
        let names = self.references("refs/tags/")?;
        let names: Vec<String> =
            names.into_iter().map(|(name, _)| String::from_utf8_lossy(&name).into_owned()).collect();
        let wanted = bare(name);
        let is_same = |tag: &&str| !wanted.is_empty() && bare(tag) == wanted;
        let same = names.iter().map(String::as_str).filter(is_same);
        let others = names.iter().map(String::as_str).filter(|tag| !is_same(tag));
        let mut near: Vec<(usize, &str)> = text::near(name, others).collect();
        near.sort_by_key(|(distance, tag)| (*distance, Reverse(numbers(tag)), *tag));
        Ok(same.chain(near.into_iter().map(|(_, tag)| tag)).take(3).map(Untrusted::new).collect())
    }

    /// Whether its history is cut off; then tags may be missing as well, for a shallow clone fetches few of them.
    pub fn is_shallow(&self) -> Result<bool, GitError> {
        self.git.is_shallow().map_err(|error| GitError::References(error.into()))
    }

    /// The repository that `remote.origin.url` of its own configuration file names, without credentials. Files that
    /// the configuration includes are not read, and no rewriting of URLs applies.
    pub fn origin(&self) -> Option<RepositoryName> {
        let config = format::configuration(self.git.common_dir()).ok()??;
        let mut urls = config.raw_values_by("remote", Some("origin".into()), "url").ok()?;
        urls.dedup();
        let [url] = urls.as_slice() else { return None };
        let url = url.to_str().ok()?;
        // A relative path is spelt like `OWNER/NAME`; only what names a host is a name.
        let names_host = url.starts_with("https://") || url.starts_with("ssh://") || url.contains('@');
        names_host.then(|| RepositoryName::parse(url)).flatten()
    }

    /// The references below `prefix`, without it, sorted, with what they point to.
    fn references(&self, prefix: &'static str) -> Result<Vec<(Vec<u8>, gix::ObjectId)>, GitError> {
        let platform = self.git.references().map_err(|e| GitError::References(e.into()))?;
        let found = platform.prefixed(prefix).map_err(|e| GitError::References(e.into()))?;
        let mut references = Vec::new();
        for reference in found {
            let reference = reference.map_err(|e| GitError::References(e.into()))?;
            if references.len() >= REFERENCES_LIMIT {
                return Err(GitError::Limit { what: "references", limit: REFERENCES_LIMIT as u64 });
            }
            let full = reference.name().as_bstr();
            let Some(name) = full.strip_prefix(prefix.as_bytes()) else { continue };
            let id = match reference.target() {
                TargetRef::Object(id) => Some(id.to_owned()),
                TargetRef::Symbolic(_) => self.resolve(&full.to_str_lossy())?,
            };
            references.extend(id.map(|id| (name.to_vec(), id)));
        }
        references.sort();
        Ok(references)
    }

    /// The object that the reference of exactly this name points to, through symbolic references.
    fn resolve(&self, full: &str) -> Result<Option<gix::ObjectId>, GitError> {
        let mut name = full.to_owned();
        for _ in 0..PEEL_LIMIT {
            match self.target(&name)? {
                Some(Target::Object(id)) => return Ok(Some(id)),
                Some(Target::Symbolic(next)) => name = next,
                None => return Ok(None),
            }
        }
        Err(GitError::Limit { what: "symbolic references in a row", limit: PEEL_LIMIT as u64 })
    }

    /// What the reference of exactly this name says.
    fn target(&self, full: &str) -> Result<Option<Target>, GitError> {
        let found = self.git.try_find_reference(full).map_err(|e| GitError::References(e.into()))?;
        // A name that is not found may be looked for elsewhere by the library, such as in `refs/tags/refs/tags/`.
        Ok(found.filter(|reference| reference.name().as_bstr() == full).map(|reference| {
            match reference.target() {
                TargetRef::Object(id) => Target::Object(id.to_owned()),
                TargetRef::Symbolic(name) => Target::Symbolic(name.as_bstr().to_string()),
            }
        }))
    }

    /// Follows tag objects to a commit.
    fn peel(&self, tag: &Untrusted, object: gix::ObjectId, reading: Reading) -> Result<Peeled, GitError> {
        let mut peeled =
            Peeled { object, commit: object, kind: TagKind::Lightweight, time: None, own_name: None };
        let mut expected = None;
        for depth in 0..PEEL_LIMIT {
            let is = self.header(peeled.commit)?.0;
            if let Some(expected) = expected.filter(|expected| *expected != is) {
                return Err(GitError::Kind { object: peeled.commit.to_string(), is, expected });
            }
            if !matches!(is, Kind::Commit | Kind::Tag) {
                return Err(GitError::NotACommit { tag: tag.clone(), kind: is });
            }
            if is == Kind::Commit && depth > 0 && reading == Reading::Tags {
                return Ok(peeled);
            }
            let read = self.object(peeled.commit, OBJECT_LIMIT)?;
            if is == Kind::Commit {
                let commit = object::commit(peeled.commit, &read.bytes)?;
                if depth == 0 {
                    peeled.time = commit.time;
                }
                return Ok(peeled);
            }
            let raw = object::tag(peeled.commit, &read.bytes)?;
            if depth == 0 {
                peeled.time = raw.time;
                peeled.kind = if raw.is_signed { TagKind::Signed } else { TagKind::Annotated };
                peeled.own_name = Some(raw.name.to_vec());
            }
            expected = Some(raw.target_kind);
            peeled.commit = raw.target;
        }
        Err(GitError::Limit { what: "tags that point to each other", limit: PEEL_LIMIT as u64 })
    }

    /// The tag object that `refs/tags/NAME` points to, as it is; nothing where it points to something else.
    ///
    /// # Errors
    /// As for every object; and where it is larger than 1 MiB.
    pub fn tag_object(&self, name: &str) -> Result<Option<(ObjectId, Vec<u8>)>, GitError> {
        let Some(id) = self.resolve(&tag_reference(name)?)? else { return Ok(None) };
        if self.header(id)?.0 != Kind::Tag {
            return Ok(None);
        }
        Ok(Some((own_id(id), self.object_of(id, Kind::Tag, TAG_LIMIT)?)))
    }

    /// Whether an object is here, without asking anybody for it.
    fn has(&self, id: gix::ObjectId) -> bool {
        self.git.try_find_header(id).is_ok_and(|header| header.is_some())
    }

    /// The kind and size of an object, as stored.
    fn header(&self, id: gix::ObjectId) -> Result<(Kind, u64), GitError> {
        let unreadable = |cause: gix::Error| GitError::Object { object: id.to_string(), cause: cause.into() };
        let mut header = self.git.try_find_header(id).map_err(unreadable)?;
        if let (None, Some(remote)) = (&header, &self.remote) {
            remote.fetch_one(id)?;
            header = self.git.try_find_header(id).map_err(unreadable)?;
        }
        let header = header.ok_or_else(|| GitError::MissingObject { object: id.to_string() })?;
        Ok((header.kind(), header.size()))
    }

    /// Reads an object of at most `limit` bytes and computes its id again.
    fn object(&self, id: gix::ObjectId, limit: u64) -> Result<Object, GitError> {
        if self.header(id)?.1 > limit {
            return Err(GitError::Limit { what: "bytes of one git object", limit });
        }
        let unreadable = |cause: gix::Error| GitError::Object { object: id.to_string(), cause: cause.into() };
        let found = self.git.try_find_object(id).map_err(unreadable)?;
        let object = found.ok_or_else(|| GitError::MissingObject { object: id.to_string() })?.detach();
        let actual = gix::objs::compute_hash(id.kind(), object.kind, &object.data).map_err(unreadable)?;
        if actual != id {
            return Err(GitError::Corrupt { object: id.to_string() });
        }
        Ok(Object { kind: object.kind, bytes: object.data })
    }

    /// The same, of one kind.
    fn object_of(&self, id: gix::ObjectId, expected: Kind, limit: u64) -> Result<Vec<u8>, GitError> {
        let object = self.object(id, limit)?;
        if object.kind != expected {
            return Err(GitError::Kind { object: id.to_string(), is: object.kind, expected });
        }
        Ok(object.bytes)
    }
}

/// What a reference says.
enum Target {
    Object(gix::ObjectId),
    Symbolic(String),
}

/// `refs/tags/NAME`, for a name that git allows and that no program takes for an option.
fn tag_reference(name: &str) -> Result<String, GitError> {
    let full = format!("refs/tags/{name}");
    let plain = !name.starts_with('-') && name.chars().all(text::is_plain);
    match gix::validate::reference::name(full.as_str().into()) {
        Ok(_) if plain => Ok(full),
        _ => Err(GitError::TagName { name: Untrusted::new(name) }),
    }
}

/// The record of a tag.
fn record(name: Untrusted, peeled: &Peeled) -> TagRecord {
    TagRecord {
        name,
        object: own_id(peeled.object),
        commit: own_id(peeled.commit),
        kind: peeled.kind,
        time: peeled.time,
    }
}

/// An object id, as evidence spells it.
fn own_id(id: gix::ObjectId) -> ObjectId {
    ObjectId::parse(&id.to_string()).expect("the library writes 40 or 64 lowercase hexadecimal digits")
}

/// An object id, as the library spells it.
fn git_id(id: &ObjectId) -> Result<gix::ObjectId, GitError> {
    gix::ObjectId::from_hex(id.as_str().as_bytes())
        .map_err(|_| GitError::MissingObject { object: id.to_string() })
}

/// The numbers in the name of a tag: the later of two releases has the greater ones.
fn numbers(tag: &str) -> Vec<u64> {
    let numbers = tag.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    numbers.map(|number| number.parse().unwrap_or(u64::MAX)).collect()
}

#[cfg(test)]
mod tests;
