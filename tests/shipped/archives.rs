//! Programs and packages in archives.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use relcheck::inside::{ListKind, looker::Room};

use crate::{look, look_named, look_within};

/// A WebAssembly module with one custom section of this name.
pub fn module(section: &str, content: &[u8]) -> Vec<u8> {
    let mut body = vec![u8::try_from(section.len()).unwrap()];
    body.extend_from_slice(section.as_bytes());
    body.extend_from_slice(content);
    let mut module = b"\0asm\x01\0\0\0\0".to_vec();
    assert!(body.len() < 0x4000);
    module.push(u8::try_from(body.len() & 0x7f).unwrap() | 0x80);
    module.push(u8::try_from(body.len() >> 7).unwrap());
    module.extend(body);
    module
}

const LIST: &str =
    "{\"packages\":[{\"name\":\"widget\",\"version\":\"1.2.3\",\"source\":\"local\",\"root\":true}]}";

/// A program with a list of packages.
pub fn program() -> Vec<u8> {
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(LIST.as_bytes()).unwrap();
    module(".dep-v0", &zlib.finish().unwrap())
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

pub fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

pub fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let deflated =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in members {
        zip.start_file(*name, deflated).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_program_is_found_in_every_sort_of_archive() {
    let program = program();
    let members: &[(&str, &[u8])] =
        &[("widget-1.2.3/README.md", b"# widget"), ("widget-1.2.3/widget", &program)];
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 3).unwrap();
    for (what, archive, member) in [
        ("alone", program.clone(), ""),
        ("gzip", gzip(&program), ""),
        ("zstd", zstd(&program), ""),
        ("tar", tar(members), "widget-1.2.3/widget"),
        ("tar.gz", gzip(&tar(members)), "widget-1.2.3/widget"),
        ("tar.zst", zstd(&tar(members)), "widget-1.2.3/widget"),
        ("zip", zipped(members), "widget-1.2.3/widget"),
    ] {
        let contents = look(&archive);
        let [list] = contents.lists.as_slice() else { panic!("{what}: {contents:?}") };
        assert_eq!((list.kind, list.member.as_str()), (ListKind::CargoAuditable, member), "{what}");
        assert_eq!(list.bytes, LIST.as_bytes(), "{what}");
        assert_eq!((contents.silent.len(), contents.unread.len()), (0, 0), "{what}");
        let cut = &archive[..archive.len() - 30];
        let contents = look(cut);
        let told = contents.unread.len() + contents.silent.len();
        assert!(told > 0 || contents.lists.is_empty() || what == "tar", "{what}, cut short: {contents:?}");
    }
}

#[test]
fn metadata_of_packages_is_found_in_its_place_and_nowhere_else() {
    let metadata = b"Metadata-Version: 2.1\nName: widget\nVersion: 1.2.3\n\nText\n";
    let manifest = b"{\"name\": \"widget\", \"version\": \"1.2.3\"}";
    let wheel = zipped(&[("widget-1.2.3.dist-info/METADATA", metadata), ("widget/METADATA", metadata)]);
    let sdist = gzip(&tar(&[
        ("widget-1.2.3/PKG-INFO", metadata),
        ("widget-1.2.3/src/x.egg-info/PKG-INFO", metadata),
    ]));
    let npm =
        gzip(&tar(&[("package/package.json", manifest), ("package/node_modules/x/package.json", manifest)]));
    let bundled = [ListKind::NpmBundled, ListKind::Npm];
    let python = [ListKind::Python];
    for (archive, kinds) in [(wheel, &python[..]), (sdist, &python), (npm, &bundled)] {
        let contents = look(&archive);
        assert_eq!(contents.lists.iter().map(|list| list.kind).collect::<Vec<_>>(), kinds);
    }
}

#[test]
fn what_an_archive_bundles_is_found_in_any_folder_but_those_of_tests() {
    let manifest = b"{\"name\": \"x\", \"version\": \"1.2.3\"}";
    let composer = br#"[{"name": "a/b", "version": "1.8.0",
        "notification-url": "https://packagist.org/downloads/"}]"#;
    let dotnet = br#"{"runtimeTarget": {}, "libraries": {"N.Json/12.0.3": {"type": "package"}}}"#;
    let jar = zipped(&[("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\n")]);
    let kinds = |folder: &str| {
        let place = |name: &str| format!("app/{folder}/{name}");
        let names =
            ["node_modules/x/package.json", "vendor/composer/installed.json", "app.deps.json"].map(place);
        let [npm, php, net] = &names;
        let [jars, asar] = ["lib/core-2.0.jar", "app.asar"].map(place);
        let members: &[(&str, &[u8])] =
            &[(npm, manifest), (php, composer), (net, dotnet), (&jars, &jar), (&asar, b"asar")];
        let contents = look(&zipped(members));
        let kinds: Vec<_> = contents.lists.iter().map(|list| list.kind).collect();
        (kinds, contents.unread.iter().filter(|it| it.is_a_package()).count(), contents.unread.len())
    };
    let all = vec![ListKind::NugetBundled, ListKind::ComposerBundled, ListKind::NpmBundled];
    assert_eq!(kinds("resources"), (all, 2, 2));
    // Archives in archives are told as what was not looked into all the same.
    assert_eq!(kinds("tests/fixtures"), (vec![], 0, 2));
}

#[test]
fn metadata_of_packages_is_found_however_their_folder_is_written() {
    let metadata = b"Metadata-Version: 2.1\nName: widget\nVersion: 1.2.3\n\nText\n";
    let found = |name: &str, members: &[(&str, &[u8])]| {
        let contents = look_named(name, &gzip(&tar(members)), &Room::default());
        assert!(contents.unread.is_empty(), "{name}: {contents:?}");
        contents.lists.iter().map(|list| list.kind).collect::<Vec<_>>()
    };
    let npm: &[(&str, &[u8])] = &[("x/package.json", b"{}"), ("x/y/package.json", b"{}")];
    assert_eq!(found("widget-1.2.3.tgz", npm), [ListKind::Npm]);
    // A source that happens to have one is no package.
    assert_eq!(found("widget-1.2.3.tar.gz", npm), []);
    assert_eq!(found("widget-1.2.3.tar.gz", &[("./package/package.json", b"{}")]), [ListKind::Npm]);
    assert_eq!(found("widget-1.2.3.tar.gz", &[(".//widget-1.2.3/./PKG-INFO", metadata)]), [ListKind::Python]);
    let packed: &[(&str, &[u8])] = &[
        ("widget-1.2.3/Cargo.toml", b"[package]"),
        ("widget-1.2.3/.cargo_vcs_info.json", b"{}"),
        ("widget-1.2.3/part/Cargo.toml", b"[package]"),
    ];
    assert_eq!(found("widget-1.2.3.crate", packed), [ListKind::Crate, ListKind::CrateCommit]);
    assert_eq!(found("widget-1.2.3.tar.gz", packed), []);
}

#[test]
fn what_is_not_looked_into_is_said_with_the_reason() {
    let nested = tar(&[("inner.tar.gz", &gzip(&tar(&[("widget", &program())])))]);
    for (bytes, member, why) in [
        (b"\xfd7zXZ\0 and so on".to_vec(), "", "it is compressed with xz, which is not looked into"),
        (
            b"!<arch>\ndebian-binary".to_vec(),
            "",
            "it is a Debian package or an ar archive, which is not looked into",
        ),
        (b"\xed\xab\xee\xdb".to_vec(), "", "it is an RPM package, which is not looked into"),
        (nested, "inner.tar.gz", "it is an archive in an archive, which is not looked into"),
    ] {
        let contents = look(&bytes);
        let [unread] = contents.unread.as_slice() else { panic!("{why}: {contents:?}") };
        assert_eq!((unread.member.as_str(), unread.why.as_str()), (member, why));
        assert!(contents.lists.is_empty());
    }
    assert!(look(b"#!/bin/sh\necho widget\n").is_empty());
}

#[test]
fn a_program_does_not_hide_behind_a_sort_of_member_or_a_header_that_others_pass_over() {
    let program = program();
    let mut header = tar::Header::new_ustar();
    header.set_size(program.len() as u64);
    header.set_mode(0o755);
    header.set_entry_type(tar::EntryType::Continuous);
    let mut contiguous = tar::Builder::new(Vec::new());
    contiguous.append_data(&mut header, "widget", program.as_slice()).unwrap();
    assert_eq!(look(&contiguous.into_inner().unwrap()).lists.len(), 1);

    // An archive from before there was a magic number.
    let mut header = tar::Header::new_old();
    header.set_size(program.len() as u64);
    header.set_mode(0o755);
    let mut old = tar::Builder::new(Vec::new());
    old.append_data(&mut header, "widget", program.as_slice()).unwrap();
    let old = old.into_inner().unwrap();
    assert_eq!((look(&old).lists.len(), look(&gzip(&old)).lists.len()), (1, 1));

    let nested = "it is an archive in an archive, which is not looked into";
    for inner in
        [old, tar(&[("widget", &program)]), b"\xfd7zXZ\0 and so on".to_vec(), b"BZh9 and so on".to_vec()]
    {
        let unread = look(&tar(&[("inner", &inner)])).unread;
        assert_eq!(unread.iter().map(|it| it.why.as_str()).collect::<Vec<_>>(), [nested]);
    }
    assert_eq!(look(&gzip(&gzip(&program))).unread[0].why, nested);

    let mut elf = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    assert_eq!(look(&elf).silent, [""]);
    // EI_CLASS, which the system does not look at.
    elf[4] = 0;
    assert_eq!(look(&elf).unread[0].why, "it begins like a program, and cannot be read as one");
    // A Java class of version 65 is no program for 65 machines.
    assert!(look(b"\xca\xfe\xba\xbe\0\0\0\x41 and so on").is_empty());
}

#[test]
fn an_archive_that_holds_more_than_there_is_room_for_is_not_looked_through() {
    let bomb = gzip(&vec![0; 8 << 20]);
    let contents = look_within(&bomb, &Room::of(1 << 20, 1 << 20));
    let why = "the archives of the release hold more than is unpacked of one release";
    assert_eq!(contents.unread.iter().map(|it| it.why.as_str()).collect::<Vec<_>>(), [why]);
    // Room that was given back can be used again; what was unpacked stays counted.
    let room = Room::of(2 << 20, 64 << 20);
    for _ in 0..4 {
        let program = module("big", &[7; 9000]);
        assert_eq!(look_within(&gzip(&program), &room).silent, [""]);
    }
    let large = gzip(&[module("x", b"").as_slice(), &vec![0; 4 << 20]].concat());
    let why = "it is larger than what is looked through at a time";
    assert_eq!(look_within(&large, &room).unread[0].why, why);
    assert_eq!(look_within(&gzip(&program()), &room).lists.len(), 1);
}

#[test]
fn lists_of_other_packages_are_kept_and_those_of_sources_are_not() {
    let lock = b"version = 4\n";
    let of = |name: &str, members: &[(&str, &[u8])]| {
        let contents = look_named(name, &gzip(&tar(members)), &Room::default());
        assert!(contents.unread.is_empty(), "{name}: {contents:?}");
        let lists = contents.lists.iter();
        lists.map(|list| (list.kind, list.member.clone())).collect::<Vec<_>>()
    };
    let kept = |kind, member: &str| vec![(kind, member.to_owned())];
    let cargo: &[(&str, &[u8])] = &[("w-1.0.0/Cargo.lock", lock)];
    assert_eq!(of("w-1.0.0.crate", cargo), kept(ListKind::Lock, "w-1.0.0/Cargo.lock"));
    assert_eq!(of("w-1.0.0.tar.gz", cargo), []);
    let npm: &[(&str, &[u8])] = &[("package/npm-shrinkwrap.json", b"{}")];
    assert_eq!(of("w-1.0.0.tgz", npm), kept(ListKind::Lock, "package/npm-shrinkwrap.json"));
    assert_eq!(of("w-1.0.0.tar.gz", &[("w-1.0.0/npm-shrinkwrap.json", b"{}")]), []);
    let bill = "w-1.0.0.dist-info/sboms/x.cdx.json";
    let wheel = look_named("w.whl", &zipped(&[(bill, b"{}")]), &Room::default());
    assert_eq!((wheel.lists[0].kind, wheel.lists[0].member.as_str()), (ListKind::Bill, bill));
}

#[test]
fn a_list_of_other_packages_that_is_too_large_is_told_as_one() {
    let large = vec![b' '; (4 << 20) + 1];
    let contents =
        look_named("w.tgz", &gzip(&tar(&[("package/npm-shrinkwrap.json", &large)])), &Room::default());
    assert!(contents.lists.is_empty() && contents.unread[0].is_of_a_list(), "{contents:?}");
    assert_eq!(contents.unread[0].why, "what it bundles is not known: it has more than 4194304 bytes");
}
