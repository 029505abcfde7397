//! A pack as one file is the one spelling of what it holds, or it is refused.

use super::*;
use rayon::prelude::*;
use std::{
    io::{Cursor, Write},
    os::unix::fs::PermissionsExt,
    process::Command,
};
use tar::{EntryType, Header};

/// The file that [`sample`] is written as.
fn written() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pack.tar.zst");
    save_file(&sample(), &file).unwrap();
    fs::read(file).unwrap()
}

fn loaded(bytes: &[u8]) -> Result<Evidence, PackError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pack");
    fs::write(&file, bytes).unwrap();
    load(&file)
}

fn compressed(archive: &[u8]) -> Vec<u8> {
    zstd::encode_all(archive, 1).unwrap()
}

fn plain() -> Vec<u8> {
    zstd::decode_all(written().as_slice()).unwrap()
}

/// The files of the archive, with what may be changed before they are archived again.
fn files() -> Vec<(String, Vec<u8>, EntryType)> {
    let bytes = plain();
    let mut archive = tar::Archive::new(bytes.as_slice());
    let read = |entry: std::io::Result<tar::Entry<'_, &[u8]>>| {
        let mut entry = entry.unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
        (entry.path().unwrap().to_str().unwrap().to_owned(), content, EntryType::Regular)
    };
    archive.entries().unwrap().map(read).collect()
}

fn archived(files: &[(String, Vec<u8>, EntryType)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes, kind) in files {
        let mut header = Header::new_ustar();
        header.set_entry_type(*kind);
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        // Names that leave the folder can be written only by hand.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, bytes.as_slice()).unwrap();
    }
    compressed(&builder.into_inner().unwrap())
}

fn refused_as_archive(bytes: &[u8], why: &str) {
    match loaded(bytes) {
        Err(PackError::Archive { why: found }) => assert!(found.contains(why), "{found}"),
        other => panic!("{why}: {other:?}"),
    }
}

#[test]
fn what_is_loaded_from_a_file_is_what_was_saved_and_the_same_evidence_gives_the_same_bytes() {
    for evidence in [sample(), nothing()] {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        save_file(&evidence, &one).unwrap();
        save_file(&evidence, &other).unwrap();
        assert_eq!(load(&one).unwrap(), evidence);
        assert_eq!(fs::read(&one).unwrap(), fs::read(&other).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");
        let usual = folder.path().join("usual");
        File::create(&usual).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode();
        assert_eq!(mode(&one), mode(&usual), "as readable as any file");
    }
    assert_eq!(
        archived(&files()),
        compressed(&plain()),
        "the helper of these tests writes as the program does"
    );
}

#[test]
fn a_file_that_exists_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine");
    fs::write(&file, b"keep").unwrap();
    assert!(matches!(save_file(&sample(), &file), Err(PackError::Io { verb: "written", .. })));
    assert_eq!(fs::read(&file).unwrap(), b"keep");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let nowhere = folder.path().join("no/folder/pack");
    assert!(matches!(save_file(&sample(), &nowhere), Err(PackError::Io { verb: "written", .. })));
}

#[test]
fn a_changed_byte_of_the_file_is_refused_or_changes_nothing() {
    let good = written();
    let mut refused = 0;
    for at in 0..good.len() {
        for flip in [1, 0x80] {
            let mut bad = good.clone();
            bad[at] ^= flip;
            match loaded(&bad) {
                Err(_) => refused += 1,
                Ok(evidence) => assert_eq!(evidence, sample(), "byte {at}"),
            }
        }
    }
    println!("{refused} of {} changed files refused", 2 * good.len());
    assert!(refused > 19 * good.len() / 10, "{refused} of {}", 2 * good.len());
}

#[test]
fn each_changed_byte_of_the_archive_inside_is_refused_or_shows() {
    let good = plain();
    let manifest = 512..512 + files()[0].1.len();
    let changed = |at: usize| {
        let mut bad = good.clone();
        bad[at] ^= 1;
        // What the manifest says may be another thing that can be said.
        if let Ok(evidence) = loaded(&compressed(&bad)) {
            assert!(manifest.contains(&at), "byte {at} of {}", good.len());
            assert_ne!(evidence, sample(), "byte {at}");
        }
    };
    // Each byte outside the manifest, whose bytes are changed one by one in a test of their own, and some inside it.
    let places: Vec<usize> = (0..good.len()).filter(|at| !manifest.contains(at) || at % 11 == 0).collect();
    places.par_iter().for_each(|at| changed(*at));
    println!("{} changed archives refused, or with other evidence", places.len());
}

#[test]
fn each_truncation_is_refused() {
    let (file, archive) = (written(), plain());
    for end in 0..file.len() {
        assert!(loaded(&file[..end]).is_err(), "{end} bytes of the file");
    }
    for end in (0..archive.len()).step_by(64) {
        assert!(loaded(&compressed(&archive[..end])).is_err(), "{end} bytes of the archive");
    }
}

#[test]
fn what_stands_behind_or_between_is_refused() {
    let more = "holds more than a manifest and blobs";
    refused_as_archive(&compressed(&[plain().as_slice(), b"x"].concat()), more);
    refused_as_archive(&compressed(&[plain(), vec![0; 512]].concat()), more);
    let behind = "something stands behind its frame";
    refused_as_archive(&[written(), compressed(&plain())].concat(), behind);
    refused_as_archive(&[written(), compressed(b"x")].concat(), behind);
    refused_as_archive(&[written(), b"x".to_vec()].concat(), behind);
    // A skippable frame (RFC 8878, section 3.1.2), which every decoder passes over.
    let hidden = [&0x184D_2A50_u32.to_le_bytes()[..], &6_u32.to_le_bytes(), b"hidden"].concat();
    refused_as_archive(&[written(), hidden.clone()].concat(), behind);
    refused_as_archive(&[hidden, written()].concat(), "does not begin with a Zstandard frame");
    // The archive in two frames.
    let (one, other) = (plain(), plain());
    let halves = [compressed(&one[..1024]), compressed(&other[1024..])].concat();
    assert!(matches!(loaded(&halves), Err(PackError::Archive { .. })));
    let mut twice = files();
    twice.push(twice[1].clone());
    refused_as_archive(&archived(&twice), more);
    let mut turned = files();
    turned.swap(1, 2);
    refused_as_archive(&archived(&turned), more);
    let mut owned = plain();
    owned[108..115].copy_from_slice(b"0001750");
    let mut header = Header::from_byte_slice(&owned[..512]).clone();
    header.set_cksum();
    owned[..512].copy_from_slice(header.as_bytes());
    refused_as_archive(&compressed(&owned), more);
}

#[test]
fn files_that_are_no_blobs_are_refused_by_name() {
    for name in ["blobs/../../evil", "/etc/passwd", "blobs/x", "blobs", "notes.txt", "manifest.json"] {
        let mut files = files();
        files.push((name.to_owned(), b"x".to_vec(), EntryType::Regular));
        match loaded(&archived(&files)) {
            Err(PackError::Unknown { name: found }) => assert_eq!(found.raw(), name),
            other => panic!("{name}: {other:?}"),
        }
    }
    let mut first = files();
    first.rotate_left(1);
    assert!(matches!(loaded(&archived(&first)), Err(PackError::NoManifest)));
    for kind in
        [EntryType::Symlink, EntryType::Link, EntryType::Directory, EntryType::Fifo, EntryType::GNULongName]
    {
        let mut files = files();
        files[1].2 = kind;
        assert!(matches!(loaded(&archived(&files)), Err(PackError::NotRegular { .. })), "{kind:?}");
    }
    let mut altered = files();
    altered[1].1.push(b'x');
    assert!(matches!(loaded(&archived(&altered)), Err(PackError::Altered { .. })));
    let mut missing = files();
    missing.remove(1);
    assert!(matches!(loaded(&archived(&missing)), Err(PackError::Missing { .. })));
}

#[test]
fn what_is_no_archive_is_refused_as_such() {
    for bytes in [&b""[..], b"x", b"{}", b"\x1f\x8b\x08", &plain()] {
        assert!(
            matches!(loaded(bytes), Err(PackError::Archive { .. } | PackError::NoManifest)),
            "{} bytes",
            bytes.len()
        );
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(load(&folder.path().join("nowhere")), Err(PackError::Nowhere)));
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(matches!(load(&pipe), Err(PackError::NotRegular { .. })), "it would be waited for");
}

/// A file of zeros that says how large it is, and one whose size is a lie.
#[test]
fn an_archive_that_grows_without_end_is_cut_off() {
    let mut header = Header::new_ustar();
    header.set_path(MANIFEST).unwrap();
    header.set_size(1 << 40);
    header.set_cksum();
    let said = compressed(header.as_bytes());
    assert!(matches!(loaded(&said), Err(PackError::Limit { what: "the manifest", .. })));
    // The archive ends, and what stands behind its end does not: 512 MiB of zeros in a few bytes.
    let mut encoder = zstd::Encoder::new(Cursor::new(Vec::new()), 1).unwrap();
    encoder.write_all(&plain()).unwrap();
    for _ in 0..512 {
        encoder.write_all(&[0; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    refused_as_archive(&bomb, "bytes when it is decompressed");
}

/// Blobs of zeros with their right digests: well formed in every respect, and nothing but memory.
#[test]
fn a_small_file_that_unpacks_to_a_large_archive_is_refused_before_it_is_held() {
    let with_zeros = |bytes: usize| {
        let mut files = files();
        let zeros = vec![0; bytes];
        let name = format!("{BLOBS}/{}", Sha256::of(&zeros));
        files.push((name, zeros, EntryType::Regular));
        files[1..].sort_by(|one, other| one.0.cmp(&other.0));
        archived(&files)
    };
    let small = 16 << 20;
    let sample: usize = plain().len();
    let bomb = with_zeros(small + 1);
    assert!(bomb.len() < 64 << 10, "{}", bomb.len());
    refused_as_archive(&bomb, "bytes when it is decompressed, which no pack in a file of that size has");
    // The twin is within the limit, and refused only since nobody asks for that blob.
    let twin = with_zeros(small - sample - (2 << 10));
    assert!(matches!(loaded(&twin), Err(PackError::Unknown { .. })), "{:?}", loaded(&twin));
    // What nobody could load is not saved as a file, and is as a folder.
    let mut evidence = sample_with(vec![0; small + 1]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pack.tar.zst");
    match save_file(&evidence, &file) {
        Err(PackError::Archive { why }) => assert!(why.contains("save it as a folder"), "{why}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
    save(&evidence, folder.path()).unwrap();
    assert_eq!(load(folder.path()).unwrap(), evidence);
    // The same size, of something that does not compress.
    let mut state = 1_u64;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    });
    evidence = sample_with(noise.take(small + 1).collect());
    save_file(&evidence, &file).unwrap();
    assert_eq!(load(&file).unwrap(), evidence);
}

fn sample_with(bytes: Vec<u8>) -> Evidence {
    Evidence { security_policy: Seen::Present(Item::new("git:HEAD:SECURITY.md", bytes)), ..sample() }
}
