//! Programs in what other tools unpack or run, and a reader may take for something else: each is looked into, or told as unread.

use std::io::Write;

use relcheck::inside::{ListKind, looker::Room};
use tar::{Builder, EntryType, Header};

use crate::{
    archives::{gzip, module, program, tar, zipped},
    look, look_named,
};

const NESTED: &str = "it is an archive in an archive, which is not looked into";
const DAMAGED: &str = "it begins like a program, and cannot be read as one";

/// Why things in it are unread, and how many lists there are.
fn told(bytes: &[u8]) -> (Vec<String>, usize) {
    let contents = look(bytes);
    (contents.unread.into_iter().map(|it| it.why).collect(), contents.lists.len())
}

fn header(sort: u8, size: usize) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(EntryType::new(sort));
    header.set_size(size as u64);
    header.set_mode(0o755);
    header
}

/// An archive of one member of this sort, with these extended headers before it.
fn member(sort: u8, extended: &[(&str, &[u8])], bytes: &[u8]) -> Vec<u8> {
    let mut tar = Builder::new(Vec::new());
    if !extended.is_empty() {
        tar.append_pax_extensions(extended.iter().copied()).unwrap();
    }
    tar.append_data(&mut header(sort, bytes.len()), "widget", bytes).unwrap();
    tar.into_inner().unwrap()
}

#[test]
fn a_member_that_others_unpack_in_another_way_is_unread() {
    let program = program();
    let holes = "it has holes, and is not put together again";
    for key in ["GNU.sparse.major", "GNU.sparse.map", "SCHILY.realsize", "SUN.holesdata"] {
        assert_eq!(told(&member(b'0', &[(key, b"1")], &program)), (vec![holes.to_owned()], 0), "{key}");
    }
    let size = program.len().to_string();
    let sizes = [("size", size.as_bytes()), ("size", size.as_bytes())];
    assert_eq!(told(&member(b'0', &sizes, &program)), (vec!["it has several sizes".to_owned()], 0));
    // What nobody knows is unpacked as a file by some.
    let unknown = "it is of the sort 'Z', which is not known".to_owned();
    assert_eq!(told(&member(b'Z', &[], &program)), (vec![unknown], 1));
    for sort in b'1'..=b'6' {
        let why = "it is no file, and has contents".to_owned();
        assert_eq!(told(&member(sort, &[], &program)), (vec![why], 0), "{sort}");
    }
}

#[test]
fn an_archive_of_tar_behind_something_else_is_unread() {
    let archive = tar(&[("widget", &program())]);
    for first in [[0; 512], [b'x'; 512]] {
        let why = "it is a tar archive behind something else, which is not looked into".to_owned();
        assert_eq!(told(&[first.as_slice(), &archive].concat()), (vec![why], 0));
        assert_eq!(told(&gzip(&[first.as_slice(), &archive].concat())).0, [NESTED]);
    }
    assert!(look(&vec![0; 4096]).is_empty());
}

#[test]
fn members_of_ordinary_archives_are_all_read() {
    let program = program();
    let mut tar = Builder::new(Vec::new());
    // As `git archive` begins.
    let comment = b"52 comment=0123456789012345678901234567890123456789\n";
    tar.append_data(&mut header(b'g', comment.len()), "pax_global_header", comment.as_slice()).unwrap();
    tar.append_data(&mut header(b'V', 0), "volume", [].as_slice()).unwrap();
    tar.append_data(&mut header(b'5', 0), "bin", [].as_slice()).unwrap();
    for sort in [b'1', b'2'] {
        let mut link = header(sort, 0);
        link.set_link_name("widget").unwrap();
        tar.append_data(&mut link, "package/package.json", [].as_slice()).unwrap();
    }
    tar.append_pax_extensions([("mtime", b"1.5".as_slice()), ("path", b"bin/widget".as_slice())]).unwrap();
    tar.append_data(&mut header(b'0', program.len()), "bin/widget", program.as_slice()).unwrap();
    let long = "long/".repeat(60);
    tar.append_data(&mut header(b'0', program.len()), format!("{long}widget"), program.as_slice()).unwrap();
    assert_eq!(told(&tar.into_inner().unwrap()), (vec![], 2));
}

#[test]
fn frames_of_zstd_that_are_passed_over_hide_nothing() {
    let frame = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
    let skipped = b"\x50\x2a\x4d\x18\x04\0\0\0abcd".to_vec();
    let archive = tar(&[("widget", &program())]);
    let (first, second) = archive.split_at(700);
    assert_eq!(told(&[skipped.clone(), frame(&archive)].concat()), (vec![], 1));
    assert_eq!(told(&[frame(first), skipped.clone(), frame(second)].concat()), (vec![], 1));
    assert_eq!(told(&[skipped, b"\x04\x22\x4d\x18".to_vec()].concat()).0.len(), 1);
}

/// A program for so many machines, of which the first is `program`.
fn fat(machines: u32, program: &[u8]) -> Vec<u8> {
    let at = 8 + 20 * machines;
    let mut file = [0xcafe_babe_u32, machines].map(u32::to_be_bytes).concat();
    for machine in 0..machines {
        let row = [7, machine, at, u32::try_from(program.len()).unwrap(), 0];
        file.extend(row.map(u32::to_be_bytes).concat());
    }
    [file, program.to_vec()].concat()
}

#[test]
fn a_program_for_many_machines_is_no_class_of_java() {
    let mach = [b"\xcf\xfa\xed\xfe".as_slice(), &[0; 28]].concat();
    for (machines, silent) in [(1, 1), (33, 0), (45, 0), (100, 0)] {
        let contents = look(&fat(machines, &mach));
        assert_eq!((contents.silent.len(), contents.unread.len()), (silent, 1 - silent), "{machines}");
    }
    assert_eq!(told(&fat(1, &fat(1, &mach))).0, [DAMAGED]);
    assert_eq!(told(&fat(1, &fat(45, &mach))).0, [DAMAGED]);
    // A class, of which the table of constants is no table of machines.
    let class = [b"\xca\xfe\xba\xbe\0\0\0\x41".as_slice(), &[0x07, 0, 9, 1, 0, 4].repeat(300)].concat();
    assert!(look(&class).is_empty());
}

#[test]
fn a_zip_archive_is_one_by_its_end() {
    let archive = zipped(&[("widget", &program())]);
    let behind = |first: &[u8]| [first, &archive].concat();
    let script = b"#!/usr/bin/env python3\n";
    assert_eq!(told(&behind(script)), (vec![], 1));
    assert_eq!(told(&behind(&elf(".x", &[vec![1]]))), (vec![], 1));
    let why = "it is a zip archive behind something else, which is not looked into".to_owned();
    assert_eq!(told(&behind(b"anything\n")), (vec![why.clone()], 0));
    assert_eq!(told(&behind(&[b'x'; 200_000])), (vec![why], 0));
    for inner in [behind(script), behind(b"anything\n"), behind(&elf(".x", &[vec![1]]))] {
        assert_eq!(told(&tar(&[("inner", &inner)])).0, [NESTED]);
        assert_eq!(told(&gzip(&inner)).0, [NESTED]);
    }
    // Of two members of one name, some programs unpack the first.
    let mut twice = zipped(&[("widget", &program()), ("gadget", b"text\n")]);
    for at in 0..twice.len() - 6 {
        if twice[at..].starts_with(b"gadget") {
            twice[at..at + 6].copy_from_slice(b"widget");
        }
    }
    assert_eq!(told(&twice), (vec!["it has several members of one name".to_owned()], 0));
    // Words about archives are none.
    assert!(look(b"An archive ends with PK\x05\x06, and 18 bytes and a comment follow.\n").is_empty());
}

#[test]
fn a_script_with_an_archive_behind_it_is_unread_and_any_other_is_not() {
    let installer = [b"#!/bin/sh\ntail -n +3 $0 | tar xz\nexit\n".to_vec(), gzip(&program())].concat();
    let why = "it is a script with something else behind it, which is not looked into".to_owned();
    assert_eq!(told(&installer), (vec![why], 0));
    assert_eq!(told(&tar(&[("install.sh", &installer)])).0, [NESTED]);
    let script = "#!/bin/sh\necho höher\n".repeat(10_000);
    assert!(look(script.as_bytes()).is_empty());
    assert!(look(&tar(&[("install.sh", script.as_bytes())])).is_empty());
}

#[test]
fn archives_that_nobody_looks_into_are_told_by_what_they_are() {
    let disc = [vec![0; 0x8001], b"CD001\x01".to_vec(), vec![0; 3000]].concat();
    let image = [b"x\xda compressed".to_vec(), b"koly\0\0\0\x04".to_vec(), vec![0; 504]].concat();
    let lzma = b"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0\x3f";
    let begins: &[(&[u8], &str)] = &[
        (b"LZIP\x01\x0c", "compressed with lzip"),
        (b"\x04\x22\x4d\x18", "compressed with lz4"),
        (b"\x1f\x9d\x90", "compressed with compress"),
        (b"Rar!\x1a\x07\x01\0", "a RAR archive"),
        (b"xar!\0\x1c\0\x01", "a xar archive or a package of macOS"),
        (b"hsqs", "a squashfs image"),
        (b"070701", "a cpio archive"),
        (lzma, "compressed with lzma"),
        (&disc, "a disc image"),
        (&image, "a disk image"),
    ];
    for (bytes, what) in begins {
        assert_eq!(told(bytes), (vec![format!("it is {what}, which is not looked into")], 0));
        assert_eq!(told(&tar(&[("inner", bytes)])).0, [NESTED], "{what}");
    }
    let named = |name: &str| look_named(name, b"\x0b\x02\x80anything", &Room::default()).unread.len();
    assert_eq!((named("widget.tar.br"), named("WIDGET.IMG"), named("widget.bin")), (1, 1, 0));
    // A text, a picture, and a table of icons, which begins with zeros.
    for plain in [
        b"{\"a\": 1}\n".as_slice(),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0",
        b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0",
    ] {
        assert!(look(plain).is_empty());
    }
}

/// An ELF file with sections of this name.
fn elf(name: &str, contents: &[Vec<u8>]) -> Vec<u8> {
    let names = format!("\0{name}\0").into_bytes();
    let word = |value: usize| u32::try_from(value).unwrap().to_le_bytes();
    let long = |value: usize| (value as u64).to_le_bytes();
    let (mut data, mut table) = (Vec::new(), vec![0; 64]);
    for (kind, named, bytes) in
        contents.iter().map(|bytes| (1, 1, bytes)).chain(std::iter::once((3, 0, &names)))
    {
        let places = [0, 0, 64 + data.len(), bytes.len()].map(long).concat();
        table.extend([word(named), word(kind)].concat());
        table.extend([places, [word(0), word(0)].concat(), [long(1), long(0)].concat()].concat());
        data.extend_from_slice(bytes);
    }
    let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0".to_vec();
    file.extend([long(0), long(0), long(64 + data.len())].concat());
    let last = u8::try_from(contents.len() + 1).unwrap();
    file.extend([0, 0, 0, 0, 64, 0, 56, 0, 0, 0, 64, 0, last + 1, 0, last, 0]);
    [file, data, table].concat()
}

#[test]
fn every_list_of_a_program_is_read() {
    let list = |name: &str| {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        let package = format!("{{\"name\":\"{name}\",\"version\":\"1.0.0\",\"source\":\"local\"}}");
        write!(zlib, "{{\"packages\":[{package}]}}").unwrap();
        zlib.finish().unwrap()
    };
    let lists = [list("good"), list("evil")];
    let mut wasm = module(".dep-v0", &lists[0]);
    wasm.extend_from_slice(&module(".dep-v0", &lists[1])[8..]);
    for program in [elf(".dep-v0", &lists), wasm] {
        let contents = look(&program);
        let shown: Vec<_> = contents.lists.iter().map(|list| String::from_utf8_lossy(&list.bytes)).collect();
        assert!(contents.lists.iter().all(|list| list.kind == ListKind::CargoAuditable));
        assert!(shown.len() == 2 && shown[1].contains("evil"), "{contents:?}");
    }
    assert_eq!(look(&elf(".dep-v0", &lists[..1])).lists.len(), 1);
    assert_eq!(told(&elf(".dep-v0", &vec![list("good"); 5])), (vec![DAMAGED.to_owned()], 0));
    let cut = [module("x", b""), b"\0\xff\x7f".to_vec()].concat();
    assert_eq!(told(&cut), (vec![DAMAGED.to_owned()], 0));
}

#[test]
fn what_stands_behind_the_end_of_a_tar_archive_is_told() {
    let (first, second) = (tar(&[("README", b"x")]), tar(&[("w", &program())]));
    let both = [first.clone(), second.clone()].concat();
    let why = "it has something behind its end, which is not looked into";
    for (what, bytes) in [
        ("tar", both.clone()),
        ("tar.gz", gzip(&both)),
        ("members of gzip", [gzip(&first), gzip(&second)].concat()),
    ] {
        let contents = look(&bytes);
        let told: Vec<_> = contents.unread.iter().map(|it| (it.member.as_str(), it.why.as_str())).collect();
        assert_eq!(told, [("", why)], "{what}");
    }
    let padded = [first, vec![0; 64 << 10]].concat();
    assert!(look(&padded).is_empty() && look(&gzip(&padded)).is_empty());
}
