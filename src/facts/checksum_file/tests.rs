use std::path::Path;
use std::process::Command;

use proptest::prelude::*;

use super::*;

const MD5: &str = "900150983cd24fb0d6963f7d28e17f72";
const SHA1: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";
const SHA224: &str = "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7";
const SHA256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const OTHER256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SHA384: &str =
    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";
const SHA512: &str = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                      2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

/// Puts the constants above in the place of `{md5}`, `{256}` and so on.
fn fill(text: &str) -> String {
    let values = [
        ("{md5}", MD5),
        ("{sha1}", SHA1),
        ("{224}", SHA224),
        ("{256}", SHA256),
        ("{other}", OTHER256),
        ("{384}", SHA384),
        ("{512}", SHA512),
    ];
    values.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn parse(file_name: &str, text: &str) -> Result<ChecksumFile, ChecksumFileError> {
    ChecksumFile::parse(file_name, fill(text).as_bytes())
}

/// File name, text, and what is listed: `(line, name, algorithm)`.
type Good = (&'static str, &'static str, &'static [(usize, &'static str, &'static str)]);

const GOOD: &[Good] = &[
    // coreutils, text and binary
    ("SHA256SUMS", "{256}  a.tar.gz\n", &[(1, "a.tar.gz", "sha256")]),
    ("SHA256SUMS", "{256}  a.tar.gz", &[(1, "a.tar.gz", "sha256")]),
    ("SHA256SUMS", "{256} *a.tar.gz\n", &[(1, "a.tar.gz", "sha256")]),
    ("SHA256SUMS", "{256}  a\n{other} *b\n", &[(1, "a", "sha256"), (2, "b", "sha256")]),
    ("SHA256SUMS", "{256}  two words.txt\n", &[(1, "two words.txt", "sha256")]),
    ("SHA256SUMS", "{256}   lead\n", &[(1, " lead", "sha256")]),
    ("SHA256SUMS", "{256}  *star\n", &[(1, "*star", "sha256")]),
    ("SHA256SUMS", "{256} **star\n", &[(1, "*star", "sha256")]),
    ("SHA256SUMS", "{256}  ...\n", &[(1, "...", "sha256")]),
    ("SHA256SUMS", "{256}  ünï-文.zip\n", &[(1, "ünï-文.zip", "sha256")]),
    ("SHA256SUMS", "{256}  a (1) = b\n", &[(1, "a (1) = b", "sha256")]),
    // escapes, only on lines that start with a backslash
    ("SHA256SUMS", "\\{256}  new\\nline\n", &[(1, "new\nline", "sha256")]),
    ("SHA256SUMS", "\\{256}  cr\\rx\n", &[(1, "cr\rx", "sha256")]),
    ("SHA256SUMS", "\\{256} *back\\\\slash\n", &[(1, "back\\slash", "sha256")]),
    ("SHA256SUMS", "\\{256}  a\\\\nb\n", &[(1, "a\\nb", "sha256")]),
    ("SHA256SUMS", "\\{256}  plain\n", &[(1, "plain", "sha256")]),
    ("SHA256SUMS", "\\SHA256 (new\\nline) = {256}\n", &[(1, "new\nline", "sha256")]),
    // BSD, `--tag` and OpenSSL
    ("SHA256SUMS", "SHA256 (a.zip) = {256}\n", &[(1, "a.zip", "sha256")]),
    ("checksums.txt", "SHA2-256 (a.zip) = {256}\n", &[(1, "a.zip", "sha256")]),
    ("checksums.txt", "SHA2-256(a.zip)= {256}\n", &[(1, "a.zip", "sha256")]),
    ("checksums.txt", "SHA256(a.zip)= {256}\n", &[(1, "a.zip", "sha256")]),
    ("checksums.txt", "SHA384 (a) = {384}\n", &[(1, "a", "sha384")]),
    ("checksums.txt", "SHA512 (a) = {512}\n", &[(1, "a", "sha512")]),
    ("checksums.txt", "SHA512/256 (a) = {256}\n", &[(1, "a", "sha512_256")]),
    ("checksums.txt", "SHA3-256 (a) = {256}\n", &[(1, "a", "sha3_256")]),
    ("checksums.txt", "BLAKE2b (a) = {512}\n", &[(1, "a", "blake2b")]),
    ("checksums.txt", "BLAKE2b-256 (a) = {256}\n", &[(1, "a", "blake2b_256")]),
    ("checksums.txt", "BLAKE2B-512(a)= {512}\n", &[(1, "a", "blake2b")]),
    ("checksums.txt", "BLAKE3 (a) = {256}\n", &[(1, "a", "blake3")]),
    ("checksums.txt", "MD5 (a) = {md5}\n", &[(1, "a", "md5")]),
    ("checksums.txt", "RMD160 (a) = {sha1}\n", &[(1, "a", "rmd160")]),
    ("checksums.txt", "SHA256 (x) = y) = {256}\n", &[(1, "x) = y", "sha256")]),
    ("checksums.txt", "SHA256 ( lead) = {256}\n", &[(1, " lead", "sha256")]),
    // the algorithm: from the length, from the name of the file
    ("checksums.txt", "{md5}  a\n", &[(1, "a", "md5")]),
    ("checksums.txt", "{sha1}  a\n", &[(1, "a", "sha1")]),
    ("checksums.txt", "{224}  a\n", &[(1, "a", "sha224")]),
    ("checksums.txt", "{256}  a\n{512}  a\n", &[(1, "a", "sha256"), (2, "a", "sha512")]),
    ("SHA384SUMS", "{384}  a\n", &[(1, "a", "sha384")]),
    ("SHA512SUMS", "{512}  a\n", &[(1, "a", "sha512")]),
    ("anything", "{512}  a\n", &[(1, "a", "sha512")]),
    ("B2SUMS", "{512}  a\n", &[(1, "a", "blake2b")]),
    ("B2SUMS", "{256}  a\n", &[(1, "a", "blake2b_256")]),
    ("B2SUMS", "BLAKE2b (a) = {512}\n", &[(1, "a", "blake2b")]),
    ("a.b2", "{512}  a\n", &[(1, "a", "blake2b")]),
    ("a.b2sum", "{512}  a\n", &[(1, "a", "blake2b")]),
    ("a.blake2", "{512}  a\n", &[(1, "a", "blake2b")]),
    ("a.blake2b-256", "{256}  a\n", &[(1, "a", "blake2b_256")]),
    ("B3SUMS", "{256}  a\n", &[(1, "a", "blake3")]),
    ("a.sha3-256", "{256}  a\n", &[(1, "a", "sha3_256")]),
    ("a.sha512_256", "{256}  a\n", &[(1, "a", "sha512_256")]),
    ("tool_1.0_SHA256SUMS", "{256}  a\n", &[(1, "a", "sha256")]),
    ("SHASUMS256.txt", "{256}  a\n", &[(1, "a", "sha256")]),
    ("sha512-tool_1.0_checksums.txt", "{256}  a\n", &[(1, "a", "sha256")]),
    // a lone digest
    ("a.tar.gz.sha256", "{256}\n", &[(1, "a.tar.gz", "sha256")]),
    ("a.tar.gz.sha256", "{256}", &[(1, "a.tar.gz", "sha256")]),
    ("a.tar.gz.sha256.txt", "{256}\n", &[(1, "a.tar.gz", "sha256")]),
    ("a.tar.gz.sha256sum", "{256}\n", &[(1, "a.tar.gz", "sha256")]),
    ("a.tar.gz.sha512", "{512}\n\n", &[(1, "a.tar.gz", "sha512")]),
    ("a.tar.gz.b2", "{512}\n", &[(1, "a.tar.gz", "blake2b")]),
    ("a.tar.gz.md5", "# by hand\n{md5}\n", &[(2, "a.tar.gz", "md5")]),
    ("a.tar.gz.sha256", "{256}  -\n", &[(1, "a.tar.gz", "sha256")]),
    ("a.tar.gz.sha256", "{256}  a.tar.gz\n", &[(1, "a.tar.gz", "sha256")]),
    // tolerated
    ("SHA256SUMS", "\u{feff}{256}  a\n", &[(1, "a", "sha256")]),
    ("SHA256SUMS", "{256}  a\r\n{other}  b\r\n", &[(1, "a", "sha256"), (2, "b", "sha256")]),
    ("SHA256SUMS", "# made by make\n\n{256}  a\n \t\n", &[(3, "a", "sha256")]),
    ("SHA256SUMS", "{256}  ./a\n", &[(1, "a", "sha256")]),
    ("SHA256SUMS", "{256} a\n", &[(1, "a", "sha256")]),
    ("SHA256SUMS", "{256}\ta\n", &[(1, "a", "sha256")]),
    ("SHA256SUMS", "{256}  a\n{256}  a\n", &[(1, "a", "sha256"), (2, "a", "sha256")]),
];

#[test]
fn every_good_file_lists_exactly_what_it_says() {
    for (file_name, text, expected) in GOOD {
        let file = parse(file_name, text).unwrap_or_else(|error| panic!("{file_name} {text:?}: {error}"));
        let listed: Vec<_> =
            file.entries().iter().map(|e| (e.line, e.name.as_str(), e.digest.algorithm().name())).collect();
        assert_eq!(listed, *expected, "{file_name} {text:?}");
        for entry in file.entries() {
            assert!(fill(text).contains(entry.digest.hex()));
        }
    }
}

/// File name, text, and the beginning of the error's debug form.
const BAD: &[(&str, &str, &str)] = &[
    // paths
    ("SHA256SUMS", "{256}  dist/a\n", "Path { line: 1"),
    ("SHA256SUMS", "{256}  ../a\n", "Path { line: 1"),
    ("SHA256SUMS", "{256}  ..\n", "Path { line: 1"),
    ("SHA256SUMS", "{256}  .\n", "Path { line: 1"),
    ("SHA256SUMS", "{256}  ./\n", "EmptyName { line: 1"),
    ("SHA256SUMS", "{256}  ././a\n", "Path { line: 1"),
    ("SHA256SUMS", "{256}  ./../a\n", "Path { line: 1"),
    ("SHA256SUMS", "{256}  .//etc/passwd\n", "Path { line: 1"),
    ("SHA256SUMS", "{256}  /etc/passwd\n", "Path { line: 1"),
    ("SHA256SUMS", "{256}  C:\\a\n", "Path { line: 1"),
    ("SHA256SUMS", "\\{256}  C:\\\\a\n", "Path { line: 1"),
    ("SHA256SUMS", "{256}  C:a\n", "Path { line: 1"),
    ("SHA256SUMS", "{256}  dist\\a\n", "Path { line: 1"),
    ("SHA256SUMS", "\\{256}  ..\\\\a\n", "Path { line: 1"),
    ("SHA256SUMS", "\\{256}  \\\\\\\\server\\\\a\n", "Path { line: 1"),
    ("SHA256SUMS", "SHA256 (../a) = {256}\n", "Path { line: 1"),
    ("SHA256SUMS", "SHA256 (a\\b) = {256}\n", "Path { line: 1"),
    // characters
    ("SHA256SUMS", "{256}  a\0b\n", "ControlCharacter { line: 1"),
    ("SHA256SUMS", "{256}  a\x1b[2Jb\n", "ControlCharacter { line: 1"),
    ("SHA256SUMS", "{256}  a\rb\n", "ControlCharacter { line: 1"),
    ("SHA256SUMS", "{256}  a\u{9b}b\n", "ControlCharacter { line: 1"),
    ("SHA256SUMS", "{256}  a\tb\n", "ControlCharacter { line: 1"),
    ("SHA256SUMS", "{256}  a\n# \x07\n", "ControlCharacter { line: 2"),
    ("SHA256SUMS", "{256}  a\r\r\n", "ControlCharacter { line: 1"),
    // escapes
    ("SHA256SUMS", "\\{256}  a\\tb\n", "BadEscape { line: 1"),
    ("SHA256SUMS", "\\{256}  a\\0b\n", "BadEscape { line: 1"),
    ("SHA256SUMS", "\\{256}  a\\\n", "BadEscape { line: 1"),
    ("a.sha256", "\\{256}\n", "Junk { line: 1"),
    ("SHA256SUMS", "\\\\{256}  a\n", "Junk { line: 1"),
    // junk
    ("SHA256SUMS", "hello\n", "Junk { line: 1"),
    ("SHA256SUMS", "{256}  a\nhello world\n", "Junk { line: 2"),
    ("SHA256SUMS", "{256}  a\n<html>\n", "Junk { line: 2"),
    ("SHA256SUMS", " {256}  a\n", "Junk { line: 1"),
    ("SHA256SUMS", "{256}\t\ta\n", "Junk { line: 1"),
    ("SHA256SUMS", "{256}:a\n", "Junk { line: 1"),
    ("SHA256SUMS", "a.tar.gz: {256}\n", "Junk { line: 1"),
    ("SHA256SUMS", "a.tar.gz  {256}\n", "Junk { line: 1"),
    ("SHA256SUMS", "sha256:{256}  a\n", "Junk { line: 1"),
    ("SHA256SUMS", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=  a\n", "Junk { line: 1"),
    ("SHA256SUMS", "SHA256 (a) = {256} \n", "Junk { line: 1"),
    ("SHA256SUMS", "SHA256 (a) = {256}  trailing\n", "Junk { line: 1"),
    ("SHA256SUMS", "SHA256 (a = {256}\n", "Junk { line: 1"),
    ("SHA256SUMS", "SHA256 (a) {256}\n", "Junk { line: 1"),
    ("SHA256SUMS", "SHA256 (a) =\n", "Junk { line: 1"),
    ("SHA256SUMS", "SHA257 (a) = {256}\n", "Junk { line: 1"),
    ("SHA256SUMS", "SHA256  (a) = {256}\n", "Junk { line: 1"),
    ("SHA256SUMS", "-----BEGIN PGP SIGNATURE-----\n", "Junk { line: 1"),
    // lengths and algorithms
    ("checksums.txt", "{256}00  a\n", "UnknownLength { line: 1, length: 66"),
    ("checksums.txt", "{md5}0  a\n", "UnknownLength { line: 1, length: 33"),
    ("checksums.txt", "SHA256 (a) = {512}\n", "UnknownLength { line: 1, length: 128"),
    ("checksums.txt", "BLAKE2b (a) = {256}\n", "UnknownLength { line: 1, length: 64"),
    ("SHA256SUMS", "{256}  a\n{512}  b\n", "AlgorithmDisagrees { line: 2, expected: \"sha256\""),
    ("SHA512SUMS", "{256}  a\n", "AlgorithmDisagrees { line: 1, expected: \"sha512\""),
    ("a.sha256", "{md5}  a\n", "AlgorithmDisagrees { line: 1, expected: \"sha256\""),
    ("a.sha256", "{sha1}\n", "AlgorithmDisagrees { line: 1, expected: \"sha256\""),
    ("SHA512SUMS", "BLAKE2b (a) = {512}\n", "AlgorithmDisagrees { line: 1, expected: \"sha512\""),
    ("B2SUMS", "SHA512 (a) = {512}\n", "AlgorithmDisagrees { line: 1, expected: \"blake2b\""),
    ("B2SUMS", "{sha1}  a\n", "AlgorithmDisagrees { line: 1, expected: \"blake2b\""),
    ("SHA256SUMS", "SHA512/256 (a) = {256}\n", "AlgorithmDisagrees { line: 1, expected: \"sha256\""),
    ("checksums_sha512.txt", "{256}  a\n", "AlgorithmDisagrees { line: 1, expected: \"sha512\""),
    ("sha512_checksums.txt", "{256}  a\n", "AlgorithmDisagrees { line: 1, expected: \"sha512\""),
    // names
    ("SHA256SUMS", "{256}  \n", "EmptyName { line: 1"),
    ("SHA256SUMS", "{256} *\n", "EmptyName { line: 1"),
    ("SHA256SUMS", "SHA256 () = {256}\n", "EmptyName { line: 1"),
    ("a.sha256", "{256} \n", "EmptyName { line: 1"),
    ("SHA256SUMS", "{256}\n", "NoName { line: 1"),
    ("SHA256SUMS", "{256}  -\n", "NoName { line: 1"),
    ("checksums.sha256", "{256}\n", "NoName { line: 1"),
    (".sha256", "{256}\n", "NoName { line: 1"),
    ("...sha256", "{256}\n", "NoName { line: 1"),
    ("dist/a.sha256", "{256}\n", "NoName { line: 1"),
    ("a.sha256", "{256}\n{other}\n", "NotAlone { line: 1"),
    ("a.sha256", "{256}  b\n{256}\n", "NotAlone { line: 2"),
    ("a.sha256", "{256}  -\n{256}  b\n", "NotAlone { line: 1"),
    ("SHA256SUMS", "{256}  a\n{other} b\n", "MixedSeparators { line: 2"),
    ("SHA256SUMS", "{256} a\n{other}  b\n", "MixedSeparators { line: 2"),
    // the whole file
    ("SHA256SUMS", "", "NoEntries"),
    ("SHA256SUMS", "\n\n# nothing\n", "NoEntries"),
    (
        "SHA256SUMS",
        "{256}  a\n{other}  b\n{other}  a\n",
        "Conflict { name: \"a\", algorithm: Sha256, first: 1, second: 3",
    ),
    ("SHA256SUMS", "{256}  a\n{other}  ./a\n", "Conflict { name: \"a\""),
    ("SHA256SUMS", "{256}  a\nSHA256 (a) = {other}\n", "Conflict { name: \"a\""),
    ("SHA256SUMS", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{256}  a\n", "ClearSigned"),
    ("SHA256SUMS", "\u{feff}-----BEGIN PGP SIGNED MESSAGE-----\r\n", "ClearSigned"),
    ("SHA256SUMS", "{256}  a\n\u{feff}{256}  b\n", "Junk { line: 2"),
];

#[test]
fn every_bad_file_is_refused_with_its_line_and_reason() {
    for (file_name, text, expected) in BAD {
        let error = parse(file_name, text).expect_err(text);
        assert!(format!("{error:?}").starts_with(expected), "{file_name} {text:?}: {error:?}");
    }
    assert!(GOOD.len() + BAD.len() >= 60);
}

#[test]
fn a_bad_line_anywhere_spoils_a_good_file() {
    for (file_name, text, _) in GOOD {
        let spoiled = format!("{}\njunk\n", text.trim_end_matches('\n'));
        let line = spoiled.lines().count();
        assert_eq!(parse(file_name, &spoiled), Err(ChecksumFileError::Junk { line }), "{spoiled:?}");
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_refused_in_names_and_comments() {
    for head in ["{256}  a\n{256}  ", "{256}  a\n# "] {
        let mut bytes = fill(head).into_bytes();
        bytes.extend(b"\xff\n");
        assert_eq!(ChecksumFile::parse("SHA256SUMS", &bytes), Err(ChecksumFileError::NotUtf8 { line: 2 }));
    }
    let utf_16: Vec<u8> = fill("\u{feff}{256}  a\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(ChecksumFile::parse("SHA256SUMS", &utf_16), Err(ChecksumFileError::NotUtf8 { line: 1 }));
}

#[test]
fn what_is_tolerated_is_noted_once_at_its_first_line() {
    let noted = |file_name: &str, text: &str| -> Vec<_> {
        parse(file_name, text).unwrap().notes().iter().map(|note| (note.kind, note.line)).collect()
    };
    assert_eq!(noted("SHA256SUMS", "{256}  a\n"), []);
    assert_eq!(noted("SHA256SUMS", "\u{feff}{256}  a\n"), [(NoteKind::ByteOrderMark, 1)]);
    assert_eq!(noted("SHA256SUMS", "{256}  a\n{256}  b\r\n{256}  c\r\n"), [(NoteKind::CarriageReturn, 2)]);
    assert_eq!(noted("SHA256SUMS", "#\n{256}  ./a\n"), [(NoteKind::DotSlash, 2), (NoteKind::Comment, 1)]);
    assert_eq!(noted("SHA256SUMS", "{256} a\n{256} b\n"), [(NoteKind::SingleSeparator, 1)]);
    assert_eq!(noted("a.sha256", "{256}\n"), [(NoteKind::NameFromFileName, 1)]);
    assert_eq!(noted("a.sha256", "{256}  -\n"), [(NoteKind::StandardInput, 1)]);
    for (text, has_names) in [("{256}\n", false), ("{256}  -\n", false), ("{256}  a\n", true)] {
        assert_eq!(parse("a.sha256", text).unwrap().has_names(), has_names, "{text}");
    }
    let upper = format!("{}  a\n", SHA256.to_uppercase());
    assert_eq!(noted("SHA256SUMS", &upper), [(NoteKind::UppercaseDigest, 1)]);
    assert_eq!(parse("SHA256SUMS", &upper).unwrap().entries()[0].digest.hex(), SHA256);
}

#[test]
fn each_limit_holds_exactly() {
    let line = |name_bytes: usize| format!("{SHA256}  {}\n", "x".repeat(name_bytes));
    assert!(parse("SHA256SUMS", &line(MAX_LINE_BYTES - 66)).is_ok());
    let too_long = parse("SHA256SUMS", &line(MAX_LINE_BYTES - 65));
    assert_eq!(too_long, Err(ChecksumFileError::LineTooLong { line: 1 }));
    let comment = format!("{{256}}  a\n#{}\n", "x".repeat(MAX_LINE_BYTES));
    assert_eq!(parse("SHA256SUMS", &comment), Err(ChecksumFileError::LineTooLong { line: 2 }));

    let lines = |count: usize| format!("{}{{256}}  a\n", "\n".repeat(count - 1));
    assert!(parse("SHA256SUMS", &lines(MAX_LINES)).is_ok());
    assert_eq!(parse("SHA256SUMS", &lines(MAX_LINES + 1)), Err(ChecksumFileError::TooManyLines));

    let mut bytes = fill("{256}  a\n").into_bytes();
    let filler = format!("#{}\n", "x".repeat(1022));
    while bytes.len() + filler.len() <= MAX_BYTES {
        bytes.extend(filler.as_bytes());
    }
    bytes.resize(MAX_BYTES, b'#');
    assert!(ChecksumFile::parse("SHA256SUMS", &bytes).is_ok());
    bytes.push(b'#');
    let size = MAX_BYTES + 1;
    assert_eq!(ChecksumFile::parse("SHA256SUMS", &bytes), Err(ChecksumFileError::TooLarge { size }));
}

#[test]
fn the_digests_of_a_name_are_found_by_its_exact_bytes() {
    let file = parse("checksums.txt", "{256}  a\n{512}  a\n{other}  A\n").unwrap();
    assert_eq!(file.digests_of("a").count(), 2);
    assert_eq!(file.digests_of("A").count(), 1);
    assert_eq!(file.digests_of("b").count(), 0);
}

#[test]
fn checksum_files_are_told_by_their_names() {
    let yes = [
        "SHA256SUMS",
        "SHA512SUMS",
        "SHA384SUMS",
        "B2SUMS",
        "B3SUMS",
        "MD5SUMS",
        "SHA1SUMS",
        "sha256sums",
        "SHA256",
        "SHA512",
        "sha256sum.txt",
        "SHA256SUMS.txt",
        "checksums.txt",
        "checksum.txt",
        "CHECKSUM",
        "Fedora-40-CHECKSUM",
        "tool_1.0_checksums.txt",
        "tool_1.0_SHA256SUMS",
        "SHASUMS256.txt",
        "SHASUMS",
        "XSUMS",
        "a.tar.gz.sha256",
        "a.sha256sum",
        "a.sha512",
        "a.sha384",
        "a.sha1",
        "a.md5",
        "a.md5sum",
        "a.b2",
        "a.b2sum",
        "a.blake2",
        "a.blake3",
        "a.SHA256",
        "a.sha256.txt",
        "checksums_sha256.txt",
        "checksums.sha256",
        "sha256_checksums.txt",
        "sha256.sum",
        "release-sums.txt",
        "a.checksum",
    ];
    for name in yes {
        assert!(looks_like_checksum_file(name), "{name}");
    }
    let no = [
        "",
        "sha256",
        "SHA256.sig",
        ".",
        ".sha256",
        "a.tar.gz",
        "SHA256SUMS.asc",
        "SHA256SUMS.sig",
        "checksums.txt.sigstore.json",
        "checksums.txt.pem",
        "sha256-tool.tar.gz",
        "checksum.py",
        "summary.txt",
        "sum",
        "go.sum",
        "assumptions.txt",
        "README.md",
        "sha256",
        "b2-tool.zip",
        "md5.exe",
        "a.json",
    ];
    for name in no {
        assert!(!looks_like_checksum_file(name), "{name}");
    }
}

/// The tools of coreutils, the name of a file that promises their algorithm, and that algorithm.
const TOOLS: &[(&str, &str, Algorithm)] = &[
    ("sha256sum", "SHA256SUMS", Algorithm::Sha256),
    ("sha384sum", "SHA384SUMS", Algorithm::Sha384),
    ("sha512sum", "SHA512SUMS", Algorithm::Sha512),
    ("sha224sum", "SHA224SUMS", Algorithm::Sha224),
    ("sha1sum", "SHA1SUMS", Algorithm::Sha1),
    ("md5sum", "MD5SUMS", Algorithm::Md5),
    ("b2sum", "B2SUMS", Algorithm::Blake2b512),
];

/// Runs a tool in a folder; `None` where the tool is not installed, which is a failure in CI.
fn run(folder: &Path, tool: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    match Command::new(tool).args(arguments).current_dir(folder).output() {
        Ok(output) => {
            assert!(output.status.success(), "{tool} {arguments:?}: {output:?}");
            Some(output.stdout)
        }
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{tool} is needed in CI: {error}");
            eprintln!("SKIPPED: {tool} is not here: {error}");
            None
        }
    }
}

#[cfg(unix)]
#[test]
fn what_coreutils_writes_is_read_back_with_names_and_digests() {
    use crate::digest::{Agreement, Algorithms, hash_reader};

    let names = [
        "plain",
        "two words",
        " lead",
        "trail ",
        "*star",
        "back\\slash",
        "new\nline",
        "cr\rx",
        "a\\nb",
        "ünï",
        "x) = y",
    ];
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        std::fs::write(folder.path().join(name), name).unwrap();
    }
    for (tool, file_name, algorithm) in TOOLS {
        for form in ["--text", "--binary", "--tag"] {
            let mut arguments = vec![form, "--"];
            arguments.extend(names);
            let Some(output) = run(folder.path(), tool, &arguments) else { continue };
            let file = ChecksumFile::parse(file_name, &output).unwrap();
            assert_eq!(file.notes(), []);
            let listed: Vec<_> = file.entries().iter().map(|entry| entry.name.as_str()).collect();
            assert_eq!(listed, names, "{tool} {form}");
            for entry in file.entries() {
                assert_eq!(entry.digest.algorithm(), algorithm);
                let (_, own) = hash_reader(entry.name.as_bytes(), Algorithms::ALL).unwrap();
                let computed = own.get(algorithm).is_some();
                let expected = if computed { Agreement::Same } else { Agreement::NotComputed };
                assert_eq!(own.agrees(&entry.digest), expected, "{tool} {form} {:?}", entry.name);
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn coreutils_accepts_the_good_files_of_its_own_formats() {
    let folder = tempfile::tempdir().unwrap();
    let mut checked = 0;
    for (_, text, listed) in GOOD {
        let tool = match listed[0].2 {
            "sha256" => "sha256sum",
            "sha384" => "sha384sum",
            "sha512" => "sha512sum",
            _ => continue,
        };
        let one_kind = listed.iter().all(|entry| entry.2 == listed[0].2);
        let foreign =
            ["\u{feff}", "\r\n", "SHA2-", "{other}", "-\n", "\n\n"].iter().any(|mark| text.contains(mark));
        let lone = !text.contains([' ', '\t']) || text.starts_with("# by hand");
        if !one_kind || foreign || lone {
            continue;
        }
        for (_, name, _) in *listed {
            std::fs::write(folder.path().join(name), "abc").unwrap();
        }
        std::fs::write(folder.path().join("list"), fill(text)).unwrap();
        eprintln!("{tool} reads {text:?}");
        if run(folder.path(), tool, &["--check", "--strict", "--status", "list"]).is_some() {
            checked += 1;
        }
    }
    eprintln!("{checked} good files checked against coreutils");
    assert!(checked == 0 || checked >= 25, "{checked}");
}

/// Writes a line as coreutils does.
fn gnu_line(digest: &str, name: &str) -> String {
    let escaped = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
    let mark = if escaped == name { "" } else { "\\" };
    format!("{mark}{digest}  {escaped}\n")
}

/// Writes a tagged line as coreutils does.
fn tagged_line(digest: &str, name: &str) -> String {
    let escaped = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
    let mark = if escaped == name { "" } else { "\\" };
    format!("{mark}SHA256 ({escaped}) = {digest}\n")
}

proptest! {
    #[test]
    fn a_name_that_is_written_is_the_name_that_is_read(name in "[a-z *()=#.\\\\\n\r\u{e9}\u{4e00}-]{1,40}") {
        prop_assume!(!naming::is_path(&name) && name != "-");
        for line in [gnu_line(SHA256, &name), tagged_line(SHA256, &name)] {
            let file = ChecksumFile::parse("SHA256SUMS", line.as_bytes()).unwrap();
            prop_assert_eq!(file.entries().len(), 1);
            prop_assert_eq!(&file.entries()[0].name, &name);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(name in ".{0,20}", bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(!name.is_empty() || !looks_like_checksum_file(&name));
        drop(ChecksumFile::parse(&name, &bytes));
    }

    #[test]
    fn nearly_right_lines_never_panic_and_never_give_a_path(text in "(\\\\?(SHA256 ?\\()?[0-9a-f]{0,66}[ *\t\\\\)=/.a-z\n\r-]{0,12}){0,6}") {
        if let Ok(file) = ChecksumFile::parse("a.sha256", text.as_bytes()) {
            prop_assert!(!file.entries().is_empty());
            for entry in file.entries() {
                prop_assert!(!naming::is_path(&entry.name) && !entry.name.is_empty());
            }
        }
    }
}

#[test]
fn a_script_is_no_list_whatever_stands_below_its_first_line() {
    let line = format!("{}  tool\n", "0".repeat(64));
    let script = format!("#!/bin/sh\n{line}");
    let error = ChecksumFile::parse("tool.sha256", script.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "it begins as a script does, with #! and the program that runs it");
    for comment in [format!("# !/bin/sh\n{line}"), format!("{line}#!/bin/sh\n")] {
        assert_eq!(ChecksumFile::parse("tool.sha256", comment.as_bytes()).unwrap().entries().len(), 1);
    }
}
