//! The members of tar archives.
//!
//! The rule that must not be broken: a member that others unpack in another way than it is read here is said to be unread,
//! whatever sort it is of.

use super::{Contents, Unopened, container, looker::Room};
use std::io::{self, Read};
use tar::{Archive, Entry};

/// Most members of an archive.
const MEMBERS: usize = 200_000;

/// How GNU tar, star and Solaris write in extended headers that a file has holes. The contents are not what is unpacked then.
const HOLES: [&str; 3] = ["GNU.sparse.", "SCHILY.realsize", "SUN.holesdata"];

/// Looks through a tar archive.
pub(super) fn look(reader: impl Read, room: &Room, contents: &mut Contents) -> io::Result<()> {
    let mut archive = Archive::new(reader);
    for (at, entry) in archive.entries()?.enumerate() {
        if at >= MEMBERS {
            return Err(io::Error::other(format!("it has more than {MEMBERS} members")));
        }
        let mut entry = entry?;
        let member = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let why = match extended(&mut entry)? {
            Some(why) => Some(why),
            None => match entry.header().entry_type().as_byte() {
                // Contiguous and sparse files are files to everybody who unpacks them.
                b'0' | 0 | b'7' | b'S' => {
                    container::one(&mut entry, &member, room, contents)?;
                    None
                }
                // Links, devices, folders, queues; the name of the volume.
                b'1'..=b'6' | b'V' => {
                    (entry.size() > 0).then(|| "it is no file, and has contents".to_owned())
                }
                b'g' => None,
                b'x' | b'L' | b'K' => Some("it is about another member, and is not understood".to_owned()),
                // Many unpack what they do not know as a file.
                other => {
                    container::one(&mut entry, &member, room, contents)?;
                    Some(format!("it is of the sort {:?}, which is not known", char::from(other)))
                }
            },
        };
        contents.unread.extend(why.map(|why| Unopened { member, why }));
    }
    behind(archive.into_inner())
}

/// Looks for anything but zeros behind the mark that ends an archive: some programs unpack what is there.
fn behind(mut reader: impl Read) -> io::Result<()> {
    let mut part = vec![0; 64 << 10];
    loop {
        match reader.read(&mut part) {
            Ok(0) => return Ok(()),
            Ok(size) if part[..size].iter().any(|byte| *byte != 0) => {
                return Err(io::Error::other("it has something behind its end, which is not looked into"));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Why the extended headers of a member, or those of all members, make its contents something else.
fn extended(entry: &mut Entry<'_, impl Read>) -> io::Result<Option<String>> {
    let is_global = entry.header().entry_type().is_pax_global_extensions();
    let Some(pairs) = entry.pax_extensions()? else { return Ok(None) };
    let mut sizes = 0;
    for pair in pairs {
        let pair = pair?;
        let key = String::from_utf8_lossy(pair.key_bytes());
        if HOLES.iter().any(|holes| key.starts_with(holes)) {
            return Ok(Some("it has holes, and is not put together again".to_owned()));
        }
        sizes += usize::from(key == "size");
        if is_global && matches!(key.as_ref(), "size" | "path") {
            return Ok(Some(format!("it sets the {key} of all members")));
        }
    }
    Ok((sizes > 1).then(|| "it has several sizes".to_owned()))
}
