//! Keeps what may hold programs while a file is hashed, and looks through it at the end.
//!
//! The rule that must not be broken: nothing is written under a name. What is kept is in files that no folder lists; the
//! system takes them back when they are closed, however the process ends.

use super::{
    Contents, Inside, LISTS, Unopened, container, package,
    sort::{End, HEAD, Sort, is_closed_by_name, sort},
};
use std::{
    fs::File,
    io::{self, Write},
    sync::atomic::{AtomicU64, Ordering},
};

/// Most bytes that are kept at a time, over all files of a release.
const KEPT: u64 = 4 << 30;

/// Most bytes that are unpacked of a release.
const UNPACKED: u64 = 16 << 30;

/// Most bytes of metadata, lock files and bills of materials that are kept of a release.
const LISTED: u64 = 256 << 20;

/// Most programs without a list that are told of one file.
const SILENT: usize = 256;

/// The room that the files of one release share.
#[derive(Debug)]
pub struct Room {
    kept: AtomicU64,
    unpacked: AtomicU64,
    listed: AtomicU64,
}

impl Default for Room {
    fn default() -> Self {
        Self::of(KEPT, UNPACKED)
    }
}

impl Room {
    /// Room for this many bytes that are kept at a time, and that are unpacked.
    pub fn of(kept: u64, unpacked: u64) -> Self {
        Self {
            kept: AtomicU64::new(kept),
            unpacked: AtomicU64::new(unpacked),
            listed: AtomicU64::new(LISTED),
        }
    }

    /// A new file without a name.
    pub(super) fn spool(&self) -> io::Result<Spool<'_>> {
        let file = tempfile::tempfile().map_err(|error| {
            io::Error::other(format!(
                "there is no folder for files that are looked through: {}",
                error.kind()
            ))
        })?;
        Ok(Spool { file, size: 0, room: self })
    }

    /// Counts what is kept of a list.
    pub(super) fn list(&self, size: usize) -> io::Result<()> {
        take(&self.listed, size as u64).then_some(()).ok_or_else(|| {
            io::Error::other("the packages of the release say more of themselves than is kept of one release")
        })
    }

    /// Counts what was unpacked.
    pub(super) fn unpack(&self, size: usize) -> io::Result<()> {
        take(&self.unpacked, size as u64).then_some(()).ok_or_else(|| {
            io::Error::other("the archives of the release hold more than is unpacked of one release")
        })
    }
}

fn take(left: &AtomicU64, size: u64) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(size)).is_ok()
}

/// A file without a name.
pub(super) struct Spool<'a> {
    file: File,
    size: u64,
    room: &'a Room,
}

impl Spool<'_> {
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }
}

impl Write for Spool<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !take(&self.room.kept, bytes.len() as u64) {
            return Err(io::Error::other("it is larger than what is looked through at a time"));
        }
        self.size += bytes.len() as u64;
        self.file.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Spool<'_> {
    fn drop(&mut self) {
        self.room.kept.fetch_add(self.size, Ordering::Relaxed);
    }
}

/// Looks through the file called `name`, which is held in memory.
pub fn look_at(name: &str, bytes: &[u8], room: &Room) -> Inside {
    let mut looker = Looker::new(name, room);
    looker.part(bytes);
    looker.finish()
}

/// Sees one file go by.
pub struct Looker<'a> {
    name: &'a str,
    room: &'a Room,
    head: Vec<u8>,
    kept: Kept<'a>,
}

enum Kept<'a> {
    /// It is not known yet what the file is.
    Head,
    /// There is nothing to look for in it, but for what its end says.
    Nothing(End),
    Spool(Spool<'a>),
    Lost(String),
}

impl<'a> Looker<'a> {
    /// For the file of this name of the release that this is the room of.
    pub fn new(name: &'a str, room: &'a Room) -> Self {
        Self { name, room, head: Vec::new(), kept: Kept::Head }
    }

    /// One part more.
    pub fn part(&mut self, mut part: &[u8]) {
        if matches!(self.kept, Kept::Head) {
            let (head, rest) = part.split_at(part.len().min(HEAD - self.head.len()));
            self.head.extend_from_slice(head);
            part = rest;
            if self.head.len() < HEAD {
                return;
            }
            self.decide();
        }
        self.keep(part);
    }

    /// What there is in it, once all parts went by.
    pub fn finish(mut self) -> Inside {
        if matches!(self.kept, Kept::Head) {
            self.decide();
        }
        let lost =
            |why| Contents { unread: vec![Unopened { member: String::new(), why }], ..Contents::default() };
        let mut contents = match self.kept {
            Kept::Head => Contents::default(),
            Kept::Nothing(end) => match end.sort() {
                Sort::Other => Contents::default(),
                Sort::Closed(what) => lost(container::closed(what).to_string()),
                _ => lost(container::closed("a zip archive behind something else").to_string()),
            },
            Kept::Lost(why) => lost(why),
            Kept::Spool(mut spool) => match io::Seek::rewind(&mut spool.file) {
                Ok(()) => container::look(&mut spool.file, spool.size, &self.head, self.room),
                Err(error) => lost(format!("it could not be read again: {}", error.kind())),
            },
        };
        contents.lists.retain(|list| package::is_of(self.name, list.kind, &list.member));
        if contents.is_empty() && is_closed_by_name(self.name) {
            contents = lost("it is called like an archive or image that is not looked into".to_owned());
        }
        Inside::Looked(within(contents))
    }

    fn decide(&mut self) {
        self.kept = match sort(&self.head) {
            Sort::Other => Kept::Nothing(End::default()),
            Sort::Closed(what) => Kept::Lost(container::closed(what).to_string()),
            _ => match self.room.spool() {
                Ok(spool) => Kept::Spool(spool),
                Err(error) => Kept::Lost(error.to_string()),
            },
        };
        let head = std::mem::take(&mut self.head);
        self.keep(&head);
        self.head = head;
    }

    fn keep(&mut self, part: &[u8]) {
        match &mut self.kept {
            Kept::Nothing(end) => end.part(part),
            Kept::Spool(spool) => {
                if let Err(error) = spool.write_all(part) {
                    self.kept = Kept::Lost(match error.kind() {
                        io::ErrorKind::Other => error.to_string(),
                        kind => format!("it could not be kept to be looked through: {kind}"),
                    });
                }
            }
            Kept::Head | Kept::Lost(_) => {}
        }
    }
}

/// What is told of one file; what there is more, is unread.
fn within(mut contents: Contents) -> Contents {
    let more = |what: &str, limit: usize| Unopened {
        member: String::new(),
        why: format!("it holds more than {limit} {what}"),
    };
    if contents.lists.len() > LISTS {
        contents.lists.truncate(LISTS);
        contents.unread.push(more("lists of what was built in", LISTS));
    }
    if contents.silent.len() > SILENT {
        contents.silent.truncate(SILENT);
        contents.unread.push(more("programs without such a list", SILENT));
    }
    if contents.unread.len() > SILENT {
        contents.unread.truncate(SILENT);
        contents.unread.push(more("members that could not be looked through", SILENT));
    }
    contents
}
