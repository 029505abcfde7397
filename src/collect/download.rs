//! Published files on other machines: each fetched and hashed once, the small ones that may speak about others kept.
//!
//! The rule that must not be broken: a file counts only when its whole body came, by one unbroken representation. Nothing is
//! written anywhere, so that nothing half fetched is ever found by a later run. First come the files that are kept; what
//! they speak of decides which hashes of the others are computed while those stream by.

use super::{
    folder::{FramePlan, Limits, Needed},
    forge::Remote,
    progress::Progress,
    sidecar,
    transport::{Accept, Method, Request, Sink, Token, Transport, shown},
};
use crate::{
    digest::{Algorithms, Digests, Hashing},
    evidence::{Bytes, Item, Published, PublishedFile, Unread},
    framed::{Frame, Framed, FramedHashing},
    inside::{
        Inside,
        looker::{Looker, Room, look_at},
    },
    release::ArtifactName,
    text::Untrusted,
};
use rayon::{ThreadPoolBuilder, prelude::*};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// How many files are fetched at a time.
const AT_A_TIME: usize = 6;

/// Through what files are fetched, and who asks.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    /// The network.
    pub transport: &'a dyn Transport,
    /// For the files on its own origin.
    pub token: Option<&'a Token>,
    /// Who is told how far it is.
    pub progress: &'a dyn Progress,
}

/// Files that were fetched earlier in this run, and that are known to be the same still.
pub type Earlier = BTreeMap<ArtifactName, Arc<PublishedFile>>;

/// Fetches the files of a release, except those that are here already. One that cannot be had is in [`Published::unread`].
pub fn fetch(
    files: &[Remote],
    earlier: &Earlier,
    door: Door<'_>,
    limits: Limits,
    frames: FramePlan<'_>,
) -> Published {
    let mut unread = Vec::new();
    let planned = plan(files, limits, &mut unread);
    let new = || planned.iter().filter(|file| !earlier.contains_key(&file.name));
    door.progress.planned(new().count(), new().filter_map(|file| file.size).sum());
    let (kept, streamed): (Vec<_>, Vec<_>) = planned.into_iter().partition(|file| file.keeps_content);
    let room = AtomicU64::new(limits.content_bytes);
    let contents: Vec<_> = at_a_time(|| {
        kept.par_iter().map(|file| (file, content(file, earlier, door, limits, &room))).collect()
    });
    let speaking =
        contents.iter().filter_map(|(file, read)| Some((&file.name, read.as_ref().ok()?.as_slice())));
    let needed = Needed::by(speaking, frames);
    let mut results: Vec<_> = contents
        .into_iter()
        .map(|(file, read)| {
            let kept =
                read.map(|bytes| Arc::new(hashed(file.name.as_str(), &file.url, bytes, needed.algorithms)));
            (&file.name, kept)
        })
        .collect();
    let look_room = Room::default();
    results.extend(at_a_time(|| {
        let here = |file: &Planned| earlier.get(&file.name).filter(|had| needed.are_in(had, &file.name));
        let hash = |file: &Planned| match here(file) {
            Some(had) => Ok(had.clone()),
            None => streamed_file(file, door, limits, &needed, &look_room).map(Arc::new),
        };
        streamed.par_iter().map(|file| (&file.name, hash(file))).collect::<Vec<_>>()
    }));
    let mut found = BTreeMap::new();
    for (name, result) in results {
        match result {
            Ok(file) => drop(found.insert(name.clone(), file)),
            Err(why) => unread.push(Unread { name: Untrusted::new(name.as_str()), why }),
        }
    }
    unread.sort();
    Published { files: found, unread }
}

/// A file that is going to be fetched.
struct Planned {
    name: ArtifactName,
    url: String,
    size: Option<u64>,
    keeps_content: bool,
}

/// Decides what is fetched; what is not is said in `unread`.
fn plan(files: &[Remote], limits: Limits, unread: &mut Vec<Unread>) -> Vec<Planned> {
    let mut names = BTreeSet::new();
    let mut twice = BTreeSet::new();
    for file in files {
        if !names.insert(&file.name) {
            twice.insert(&file.name);
        }
    }
    let mut planned = Vec::new();
    for file in files {
        let mut refuse = |why: String| unread.push(Unread { name: Untrusted::new(&file.name), why });
        let Some(name) = ArtifactName::parse(&file.name) else {
            refuse("its name holds characters that do not print, or is too long".to_owned());
            continue;
        };
        if twice.contains(&file.name) {
            refuse("several files of the release have this name".to_owned());
            continue;
        }
        if let Some(size) = file.size.filter(|size| *size > limits.file_bytes) {
            refuse(format!("it has {size} bytes, more than the limit of {}", limits.file_bytes));
            continue;
        }
        let is_small = file.size.is_none_or(|size| size <= limits.sidecar_bytes);
        let keeps_content = is_small && sidecar::is_sidecar_name(name.as_str());
        planned.push(Planned { name, url: file.url.clone(), size: file.size, keeps_content });
    }
    planned
}

/// Does `work` with as many threads as requests may wait for answers at a time.
pub(super) fn at_a_time<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match ThreadPoolBuilder::new().num_threads(AT_A_TIME).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// The whole content of a small file.
fn content(
    file: &Planned,
    earlier: &Earlier,
    door: Door<'_>,
    limits: Limits,
    room: &AtomicU64,
) -> Result<Vec<u8>, String> {
    let most = usize::try_from(limits.sidecar_bytes).unwrap_or(usize::MAX);
    let bytes = match earlier.get(&file.name).and_then(|had| had.content.as_ref()) {
        Some(item) => item.bytes.clone(),
        None => {
            door.progress.begun(file.name.as_str(), file.size);
            let answer = door.transport.fetch(&request(file, door, most));
            door.progress.came(file.name.as_str(), answer.as_ref().map_or(0, |answer| answer.bytes.len()));
            door.progress.ended(file.name.as_str());
            answer.map_err(|error| error.reason())?.bytes
        }
    };
    let size = bytes.len() as u64;
    let taken = room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(size));
    match taken {
        Ok(_) => Ok(bytes),
        Err(_) => Err(format!(
            "the files that speak about others have more than {} bytes together",
            limits.content_bytes
        )),
    }
}

/// A small file called `name` that came from `url`.
pub(super) fn held(name: &str, url: &str, bytes: Vec<u8>) -> PublishedFile {
    hashed(name, url, bytes, Algorithms::SHA256)
}

fn hashed(name: &str, url: &str, bytes: Vec<u8>, algorithms: Algorithms) -> PublishedFile {
    let mut hashing = Hashing::new(algorithms);
    hashing.update(&bytes);
    let (size, digests) = hashing.finish();
    let inside = look_at(name, &bytes, &Room::default());
    // Signed addresses hold secrets behind the question mark.
    let content = Some(Item::new(shown(url), bytes));
    PublishedFile { size: Some(size), digests, bytes: Bytes::Rehashed, framed: Vec::new(), inside, content }
}

/// A file that is hashed while it streams by.
fn streamed_file(
    file: &Planned,
    door: Door<'_>,
    limits: Limits,
    needed: &Needed,
    room: &Room,
) -> Result<PublishedFile, String> {
    let frames = needed.frames(&file.name);
    let mut passing =
        Passing { algorithms: needed.algorithms, frames, room, hashing: None, file, progress: door.progress };
    let most = usize::try_from(limits.file_bytes).unwrap_or(usize::MAX);
    let streamed = door.transport.stream(&request(file, door, most), &mut passing);
    door.progress.ended(file.name.as_str());
    streamed.map_err(|error| error.reason())?;
    let ((size, digests, framed), inside) = passing.finish().ok_or("nothing came of it")?;
    Ok(PublishedFile { size: Some(size), digests, bytes: Bytes::Rehashed, framed, inside, content: None })
}

fn request<'a>(file: &'a Planned, door: Door<'a>, max_bytes: usize) -> Request<'a> {
    Request { method: Method::Get, url: &file.url, max_bytes, accept: Accept::File, token: door.token }
}

/// The size, the digests, and the values of frames.
type Hashed = (u64, Digests, Vec<Framed>);

/// Hashes what passes, and looks through it.
struct Passing<'a> {
    algorithms: Algorithms,
    frames: &'a [Frame],
    room: &'a Room,
    hashing: Option<(FramedHashing<'a>, Looker<'a>)>,
    file: &'a Planned,
    progress: &'a dyn Progress,
}

impl Passing<'_> {
    fn finish(self) -> Option<(Hashed, Inside)> {
        self.hashing.map(|(hashing, looker)| (hashing.finish(), looker.finish()))
    }
}

impl Sink for Passing<'_> {
    fn begin(&mut self) {
        self.progress.begun(self.file.name.as_str(), self.file.size);
        self.hashing = Some((
            FramedHashing::new(self.algorithms, self.frames),
            Looker::new(self.file.name.as_str(), self.room),
        ));
    }

    fn part(&mut self, bytes: &[u8]) {
        if let Some((hashing, looker)) = &mut self.hashing {
            hashing.update(bytes);
            looker.part(bytes);
        }
        self.progress.came(self.file.name.as_str(), bytes.len());
    }
}

#[cfg(test)]
mod tests;
