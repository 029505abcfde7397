use super::*;
use crate::digest::Algorithm;
use std::{
    os::unix::{ffi::OsStrExt, fs::symlink, net::UnixListener},
    process::Command,
    time::{Duration, Instant},
};

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn read_all(folder: &tempfile::TempDir) -> Published {
    read_folder(folder.path(), Limits::default(), NO_FRAMES).unwrap()
}

fn file<'a>(published: &'a Published, name: &str) -> &'a PublishedFile {
    &published.files[&ArtifactName::parse(name).unwrap()]
}

fn why(published: &Published, name: &str) -> String {
    let found = published.unread.iter().find(|unread| unread.name.raw() == name);
    found.unwrap_or_else(|| panic!("{name} was read: {published:?}")).why.clone()
}

#[test]
fn each_regular_file_is_hashed_and_only_sidecars_are_kept() {
    let folder = folder(&[("widget.tar.gz", b"abc"), ("SHA256SUMS", b"list"), ("empty", b"")]);
    let published = read_all(&folder);
    assert_eq!((published.files.len(), published.unread.len()), (3, 0));
    let widget = file(&published, "widget.tar.gz");
    assert_eq!(*widget.digests.sha256(), Digest::sha256_of(b"abc"));
    assert_eq!((widget.size, widget.bytes, &widget.content), (Some(3), Bytes::Rehashed, &None));
    let list = file(&published, "SHA256SUMS");
    assert_eq!(list.content, Some(Item::new("file:SHA256SUMS", b"list".to_vec())));
    assert_eq!(*list.digests.sha256(), Digest::sha256_of(b"list"));
    assert_eq!(*file(&published, "empty").digests.sha256(), Digest::sha256_of(b""));
    assert_eq!(widget.digests.iter().count(), 1, "no other digest was asked for");
}

#[test]
fn further_digests_are_computed_for_all_when_one_sidecar_speaks_of_them() {
    let list = format!("{}  widget.tar.gz\n", "0".repeat(128));
    let published = read_all(&folder(&[("widget.tar.gz", b"abc"), ("SHA512SUMS", list.as_bytes())]));
    for name in ["widget.tar.gz", "SHA512SUMS"] {
        assert!(file(&published, name).digests.get(&Algorithm::Sha512).is_some(), "{name}");
    }
}

#[test]
fn what_is_no_regular_file_is_listed_and_neither_followed_nor_waited_for() {
    let outside = folder(&[("secret", b"secret")]);
    let folder = folder(&[("widget", b"abc")]);
    let path = |name: &str| folder.path().join(name);
    symlink(outside.path().join("secret"), path("link.sig")).unwrap();
    symlink("widget", path("inside")).unwrap();
    symlink("nowhere", path("dangling")).unwrap();
    std::fs::create_dir(path("sub")).unwrap();
    let _socket = UnixListener::bind(path("socket")).unwrap();
    assert!(Command::new("mkfifo").arg(path("pipe.sha256")).status().unwrap().success());
    let begun = Instant::now();
    let published = read_all(&folder);
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(published.files.len(), 1);
    for (name, what) in [
        ("link.sig", "it is a symbolic link"),
        ("inside", "it is a symbolic link"),
        ("dangling", "it is a symbolic link"),
        ("sub", "it is a folder"),
        ("socket", "it is a socket"),
        ("pipe.sha256", "it is a pipe"),
    ] {
        assert_eq!(why(&published, name), format!("{what}; only regular files are published"));
    }
    assert!(published.unread.is_sorted());
}

#[test]
fn a_link_or_pipe_put_in_place_after_the_look_is_not_read() {
    let folder = folder(&[("widget", b"abc")]);
    let open = rustix::fs::open(folder.path(), OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
    let planned = plan(&open, &CString::new("widget").unwrap(), Limits::default()).unwrap();
    std::fs::rename(folder.path().join("widget"), folder.path().join("other")).unwrap();
    symlink("other", folder.path().join("widget")).unwrap();
    assert!(content(&open, &planned).unwrap_err().starts_with("it cannot be read"));
    std::fs::remove_file(folder.path().join("widget")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path().join("widget")).status().unwrap().success());
    assert!(content(&open, &planned).unwrap_err().starts_with("it is a pipe"));
    std::fs::remove_file(folder.path().join("widget")).unwrap();
    assert_eq!(content(&open, &planned).unwrap_err(), "it was gone when it was to be read");
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_taken() {
    let folder = folder(&[("widget", b"abc")]);
    let path = folder.path().join("widget");
    let open = rustix::fs::open(folder.path(), OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
    let planned = plan(&open, &CString::new("widget").unwrap(), Limits::default()).unwrap();
    let changing = |change: &dyn Fn()| {
        read(&open, &planned, |reader| {
            change();
            let mut bytes = Vec::new();
            Ok((reader.read_to_end(&mut bytes)? as u64, bytes))
        })
    };
    assert_eq!(changing(&|| {}).unwrap().1, b"abc");
    assert_eq!(changing(&|| std::fs::write(&path, b"abcd").unwrap()).unwrap_err(), CHANGED);
    std::fs::write(&path, b"abc").unwrap();
    assert_eq!(changing(&|| std::fs::write(&path, b"ab").unwrap()).unwrap_err(), CHANGED);
    std::fs::write(&path, b"abc").unwrap();
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(changing(&|| std::fs::write(&path, b"xyz").unwrap()).unwrap_err(), CHANGED);
}

#[test]
fn hostile_names_are_listed_and_not_read() {
    let folder = folder(&[]);
    let long = "x".repeat(255);
    for name in ["a\x1b[2Kb", "a\nb", "a\u{202e}b", "a\\b"] {
        std::fs::write(folder.path().join(name), b"x").unwrap();
    }
    std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"a\xffb")), b"x").unwrap();
    std::fs::write(folder.path().join(&long), b"x").unwrap();
    let published = read_all(&folder);
    assert_eq!(published.files.keys().map(ArtifactName::as_str).collect::<Vec<_>>(), [long.as_str()]);
    for name in ["a\x1b[2Kb", "a\nb", "a\u{202e}b", "a\\b"] {
        assert_eq!(why(&published, name), "its name holds characters that do not print, or is too long");
    }
    assert_eq!(why(&published, "a\u{fffd}b"), "its name is not UTF-8");
}

#[test]
fn each_limit_is_named_and_what_is_over_it_is_not_taken() {
    let folder =
        folder(&[("a.sig", b"12345678"), ("b.sig", b"1234"), ("c.sig", b"1234"), ("big", b"123456789")]);
    let limits = Limits { files: 4, file_bytes: 8, sidecar_bytes: 4, content_bytes: 7 };
    let published = read_folder(folder.path(), limits, NO_FRAMES).unwrap();
    assert_eq!(why(&published, "big"), "it has 9 bytes, more than the limit of 8");
    assert!(file(&published, "a.sig").content.is_none(), "larger than a sidecar");
    assert!(file(&published, "b.sig").content.is_some());
    assert!(file(&published, "c.sig").content.is_none(), "no room left");
    assert_eq!(*file(&published, "c.sig").digests.sha256(), Digest::sha256_of(b"1234"));
    let fewer = Limits { files: 3, ..limits };
    assert!(matches!(read_folder(folder.path(), fewer, NO_FRAMES), Err(FolderError::TooMany { limit: 3 })));
}

#[test]
fn an_empty_folder_has_no_files_and_a_missing_one_is_an_error() {
    let empty = folder(&[]);
    assert_eq!(read_all(&empty), Published::default());
    assert!(matches!(
        read_folder(&empty.path().join("x"), Limits::default(), NO_FRAMES),
        Err(FolderError::Folder(_))
    ));
    let file = folder(&[("x", b"")]);
    assert!(matches!(
        read_folder(&file.path().join("x"), Limits::default(), NO_FRAMES),
        Err(FolderError::Folder(_))
    ));
}

#[test]
fn a_list_of_digests_becomes_recorded_files() {
    let sha256 = Digest::sha256_of(b"abc");
    let sha512 = Digest::parse(Algorithm::Sha512, &"0".repeat(128)).unwrap();
    let entry = |name: &str, digest: &Digest| (name.to_owned(), digest.clone());
    let published = from_digests([entry("a", &sha256), entry("a", &sha512), entry("a", &sha256)]).unwrap();
    let a = file(&published, "a");
    assert_eq!((a.size, a.bytes, a.digests.sha256()), (None, Bytes::Recorded, &sha256));
    assert_eq!(a.digests.get(&Algorithm::Sha512), Some(&sha512));
    let error = |entries: Vec<_>| from_digests(entries).unwrap_err();
    assert!(matches!(error(vec![entry("a/b", &sha256)]), FolderError::Name { .. }));
    let weak = error(vec![entry("a", &sha512)]);
    assert!(
        matches!(weak, FolderError::Digests { ref name, cause: DigestError::NoSha256 } if name.as_str() == "a")
    );
    let two = error(vec![entry("a", &sha256), entry("a", &Digest::sha256_of(b"abd"))]);
    assert!(matches!(two, FolderError::Digests { cause: DigestError::Contradiction { .. }, .. }));
}

/// Row 139. Another process puts a link to somebody else's file in the place of a published one, and takes it away, again and
/// again: what is hashed is the file, or nothing.
#[test]
fn row_139_a_file_that_turns_into_a_link_and_back_is_hashed_as_itself_or_not_at_all() {
    let outside = folder(&[("secret", b"secret")]);
    let folder = folder(&[("widget.sig", b"abc"), ("other", b"abc")]);
    let path = |name: &str| folder.path().join(name);
    let is_over = std::sync::atomic::AtomicBool::new(false);
    let (mut read, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                symlink(outside.path().join("secret"), path("link")).unwrap();
                std::fs::rename(path("link"), path("widget.sig")).unwrap();
                std::fs::write(path("file"), b"abc").unwrap();
                std::fs::rename(path("file"), path("widget.sig")).unwrap();
            }
        });
        for _ in 0..2_000 {
            let published = read_all(&folder);
            match published.files.get(&ArtifactName::parse("widget.sig").unwrap()) {
                Some(file) => {
                    assert_eq!(*file.digests.sha256(), Digest::sha256_of(b"abc"));
                    assert_eq!(file.content.as_ref().unwrap().bytes, b"abc");
                    read += 1;
                }
                // A name that is renamed while a folder is listed may be missing from the list (readdir(3)).
                None => refused += 1,
            }
            assert_eq!(*file(&published, "other").digests.sha256(), Digest::sha256_of(b"abc"));
        }
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    println!("{read} times read, {refused} times refused");
    assert_eq!(read + refused, 2_000);
}
