//! Input that is wrong, hostile, or far too large: a clear message, the right exit code, no panic and no wait.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fixture::{FORMATS, Fixture};
use crate::kit::release::Release;
use crate::kit::repository::{Form, git};
use crate::kit::spoil::Spoil;
use crate::run::Ran;

const MIB: usize = 1 << 20;

// --- the tag and the repository ---

#[test]
fn a_missing_tag_is_answered_with_the_nearest_names() {
    let fixture = Fixture::good();
    for (tag, phrases) in [
        ("v1.2.4", &["there is no tag v1.2.4", "did you mean v1.2.", "v1.2.3"][..]),
        ("1.2.3", &["there is no tag 1.2.3", "did you mean v1.2.3"]),
        ("release-7", &["there is no tag release-7", "git fetch --tags"]),
        ("refs/tags/v1.2.3", &["there is no tag refs/tags/v1.2.3", "v1.2.3"]),
        ("V1.2.3", &["there is no tag V1.2.3", "did you mean v1.2.3"]),
    ] {
        fixture.run(&fixture.arguments().tag(tag)).expect(tag, 2, phrases);
    }
}

#[test]
fn a_name_that_no_tag_can_have_is_refused_and_never_taken_for_an_option() {
    let fixture = Fixture::good();
    for (tag, shown) in [
        ("-x", "-x cannot be the name of a tag"),
        ("--upload-pack=x", "--upload-pack=x cannot be the name of a tag"),
        ("v1\n2", "v1\\u{a}2 cannot be the name of a tag"),
        ("v1\u{1b}[31m", "v1\\u{1b}[31m cannot be the name of a tag"),
        ("v1\u{202e}2", "v1\\u{202e}2 cannot be the name of a tag"),
        ("../../etc/passwd", "cannot be the name of a tag"),
        ("v1..2", "cannot be the name of a tag"),
        ("v1.2.3^{commit}", "cannot be the name of a tag"),
        ("v1.2.3~1", "cannot be the name of a tag"),
    ] {
        fixture.run(&fixture.arguments().tag(tag)).expect(tag, 2, &[shown, "help: git allows no such name"]);
    }
    // Without the two dashes before it, it is an option that nobody knows.
    fixture.relcheck(&["verify", "-x"]).expect("an option", 2, &["unexpected argument '-x'"]);
}

#[test]
fn what_is_no_repository_is_refused_by_name_with_what_to_do() {
    let fixture = Fixture::good();
    fs::create_dir(fixture.here().join("plain")).unwrap();
    fs::create_dir_all(fixture.here().join("broken/.git")).unwrap();
    fixture.write("file", "gitdir");
    let of = |repo: &str| fixture.run(&fixture.arguments().with("--repo", repo));
    for repo in ["plain", "broken", "file"] {
        let shown = format!("{repo} is not a git repository");
        of(repo).expect(
            repo,
            2,
            &[&shown, "help: stand in a git checkout, or pass the path of one with --repo"],
        );
    }
    of("./nowhere").expect(
        "nowhere",
        2,
        &["no repository at ./nowhere", "help: pass the path of a git checkout"],
    );
    for url in ["http://github.com/acme/widget", "git://github.com/acme/widget", "file:///srv/widget"] {
        let shown = format!("error: --repo {url}: only https:// addresses are asked");
        of(url).expect(url, 2, &[&shown, "help: pass the https:// address of the repository"]);
    }
    let here = fixture.run(&fixture.arguments().without("--repo"));
    here.expect("standing in no repository", 2, &["you do not stand in a git checkout", "--repo"]);
    for name in ["acme/widget", "https://github.com/acme/widget", "git@github.com:acme/widget.git"] {
        let offline = fixture.run(&fixture.arguments().with("--repo", name).flag("--offline"));
        let url =
            "https://github.com/acme/widget.git/git-upload-pack was not asked: --offline opens no socket";
        offline.expect(name, 3, &[url]);
    }
    let secret = "https://user:hunter2@github.com/acme/widget";
    let secret = fixture.run(&fixture.arguments().with("--repo", secret).flag("--offline"));
    let secret = secret.expect("a token", 3, &["https://github.com/acme/widget.git"]);
    assert!(!secret.said().contains("hunter2"), "{}", secret.said());
}

#[test]
fn of_a_shallow_clone_every_check_says_how_it_is_made_whole() {
    let fixture = Fixture::good();
    let commit = format!("{}\n", fixture.written.commit);
    fs::write(fixture.written.repository().join("shallow"), commit).unwrap();
    let ran = fixture.run(&fixture.arguments().with("--format", "json")).expect("shallow", 3, &[]);
    let json = ran.json();
    let findings =
        json["checks"].as_array().unwrap().iter().flat_map(|check| check["findings"].as_array().unwrap());
    let mut found = findings.filter(|it| it["rule"] == "supported-versions/no-releases");
    let fix = found.next().unwrap()["fix"].as_str().unwrap().to_owned();
    assert!(fix.starts_with("pass a clone with all tags") && fix.contains("--unshallow"), "{fix}");
}

#[test]
fn a_pipe_where_git_keeps_its_files_makes_nobody_wait() {
    let fixture = Fixture::good();
    let head = fixture.written.repository().join("HEAD");
    fs::remove_file(&head).unwrap();
    fifo(&head);
    fixture.verify().expect("HEAD is a pipe", 2, &["HEAD in the git folder is not a regular file"]);
}

#[test]
fn a_repository_whose_objects_are_gone_is_undetermined() {
    let fixture = Fixture::good();
    for file in files(&fixture.written.repository().join("objects/pack")) {
        fs::remove_file(file).unwrap();
    }
    fixture.verify().expect(
        "no objects",
        3,
        &["UNDETERMINED", "is not in this repository", "use a full clone"],
    );
}

// --- the published files ---

#[test]
fn a_folder_without_files_is_undetermined_and_says_so() {
    let fixture = Fixture::good();
    fs::create_dir(fixture.here().join("empty")).unwrap();
    let ran = fixture.run(&fixture.arguments().with("--assets", "empty"));
    ran.expect("an empty folder", 3, &["the folder holds no file", "no artifact is published", "--assets"]);
    // Signatures of nothing are nothing.
    for artifact in &fixture.written.artifacts {
        fs::remove_file(fixture.written.published().join(artifact)).unwrap();
    }
    let ran = fixture.verify();
    assert_ne!(ran.code, 0);
    ran.assert_clean("only sidecars");
}

#[test]
fn assets_that_are_no_folder_are_refused_by_name() {
    let fixture = Fixture::good();
    fixture.write("file", "x");
    fifo(&fixture.here().join("pipe"));
    for path in ["nowhere", "pipe"] {
        let shown = format!("{path} is not a folder");
        let ran = fixture.run(&fixture.arguments().with("--assets", path));
        ran.expect(path, 2, &["--assets", &shown, "help: download the published files into a folder"]);
    }
    let ran = fixture.run(&fixture.arguments().with("--assets", "file"));
    ran.expect(
        "no index",
        2,
        &["error: --assets ", "/file is no index of published files", "help: docs/network.md shows"],
    );
    for url in ["http://files.example/index.json", "ftp://files.example/", "file:///etc/passwd"] {
        let ran = fixture.run(&fixture.arguments().with("--assets", url));
        ran.expect(url, 2, &["only https is asked", "help: give the https URL of an index"]);
    }
}

#[test]
fn what_is_no_regular_file_is_named_and_not_read_in_every_format() {
    let fixture = Fixture::good();
    let published = fixture.written.published();
    fixture.write("secret", "outside of the folder");
    symlink(fixture.here().join("secret"), published.join("outside.tar.gz")).unwrap();
    symlink("nowhere", published.join("dangling.tar.gz")).unwrap();
    symlink("loop", published.join("loop")).unwrap();
    fifo(&published.join("pipe.sigstore.json"));
    fs::create_dir(published.join("folder")).unwrap();
    let json = fixture.run(&fixture.arguments().with("--format", "json")).expect("json", 3, &[]);
    let texts = ["human", "markdown"].map(|format| {
        let ran = fixture.run(&fixture.arguments().with("--format", format));
        unescaped(&ran.expect(format, 3, &[]).out())
    });
    for (name, why) in [
        ("outside.tar.gz", "it is a symbolic link"),
        ("dangling.tar.gz", "it is a symbolic link"),
        ("loop", "it is a symbolic link"),
        ("pipe.sigstore.json", "it is a pipe"),
        ("folder", "it is a folder"),
    ] {
        let message = format!("{name} was not judged: {why}; only regular files are published");
        assert!(json.out().contains(&message), "{message}\n{}", json.out());
        assert_eq!(statuses(&json, "checksums/unreadable", name), ["undetermined"], "{name}");
        for text in &texts {
            assert!(text.contains(name) && text.contains(why), "{name}: {why}\n{text}");
        }
    }
    let fix = "publish regular files with printable names alone, and put them beside each other";
    assert!(json.out().contains(fix), "{}", json.out());
    let outside = fs::read(fixture.here().join("secret")).unwrap();
    assert!(!json.out().contains(&hex_digest(&outside)), "what lies outside was hashed");
}

#[test]
fn a_checksum_file_or_signature_that_is_a_link_does_not_count() {
    let fixture = Fixture::good();
    let sums = fixture.written.published().join("SHA256SUMS");
    fs::rename(&sums, fixture.here().join("SHA256SUMS")).unwrap();
    symlink(fixture.here().join("SHA256SUMS"), &sums).unwrap();
    let ran = fixture.verify();
    assert_ne!(ran.code, 0, "{}", ran.said());
    ran.assert_clean("a linked checksum file");
}

#[test]
fn a_name_with_an_escape_sequence_is_escaped_in_every_format() {
    let names = [
        ("\u{1b}[2J\u{1b}[32mVERIFIED.tar.gz", "\\u{1b}[2J\\u{1b}[32mVERIFIED.tar.gz"),
        ("a\n::error::b.tar.gz", "a\\u{a}::error::b.tar.gz"),
        ("\u{202e}zg.rat.exe", "\\u{202e}zg.rat.exe"),
        ("bell\u{7}.zip", "bell\\u{7}.zip"),
    ];
    for (name, shown) in names {
        let fixture = Fixture::good();
        fs::write(fixture.written.published().join(name), b"x").unwrap();
        for format in FORMATS {
            let ran = fixture.run(&fixture.arguments().with("--format", format)).expect(format, 3, &[]);
            let text = match format {
                "vsa" => continue,
                "json" => ran.out().replace("\\\\", "\\"),
                _ => unescaped(&ran.out()),
            };
            assert!(text.contains(shown), "{format} shows {shown}\n{text}");
            assert!(!ran.out().lines().any(|line| line.starts_with("::")), "{format}: a workflow command");
        }
    }
}

#[test]
fn a_name_that_is_not_utf_8_is_shown_and_not_judged() {
    use std::os::unix::ffi::OsStrExt;
    let fixture = Fixture::good();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.tar.gz");
    fs::write(fixture.written.published().join(name), b"x").unwrap();
    fixture.verify().expect("latin-1", 3, &["caf", "was not judged", "checksums/unreadable"]);
}

#[test]
fn more_files_than_the_limit_are_undetermined_and_the_limit_is_named() {
    let fixture = Fixture::good();
    let many = fixture.here().join("many");
    fs::create_dir(&many).unwrap();
    for n in 0..10_001 {
        fs::File::create(many.join(n.to_string())).unwrap();
    }
    let ran = fixture.run(&fixture.arguments().with("--assets", "many"));
    ran.expect("10 001 files", 3, &["there are more than 10000 published files"]);
}

#[test]
fn a_bundle_over_the_limit_is_undetermined_and_the_limit_is_named() {
    for (size, phrase) in [
        (20 * MIB, "bytes are over the limit of 10485760 for a bundle"),
        (20 * MIB + 100, "bytes are over the limit of 10485760 for a bundle"),
        (40 * MIB, "bytes are over the limit of 10485760 for a bundle"),
    ] {
        let fixture = Fixture::good();
        let bundle = format!("{}.sigstore.json", fixture.written.artifacts[0]);
        let path = fixture.written.published().join(&bundle);
        fs::write(&path, padded(&fs::read(&path).unwrap(), size)).unwrap();
        let ran = fixture.run(&fixture.arguments().with("--format", "json"));
        let ran = ran.expect(&format!("{size} bytes"), 3, &[phrase, &bundle, &size.to_string()]);
        assert_eq!(statuses(&ran, "signatures/unreadable", &fixture.written.artifacts[0]), ["undetermined"]);
        let path = path.to_str().unwrap().to_owned();
        let alone = fixture.relcheck(&[
            "verify-bundle",
            "--bundle",
            &path,
            "--certificate-identity=x",
            "--certificate-oidc-issuer=y",
            &format!("sha256:{}", "0".repeat(64)),
        ]);
        alone.expect("alone", 3, &["over the limit of 10485760"]);
    }
}

#[test]
fn sidecars_that_are_deep_wide_or_torn_are_refused_at_once() {
    let deep = format!("{}{}", "[".repeat(MIB), "]".repeat(MIB));
    let objects = "{\"a\":".repeat(200_000);
    let wide = format!("[{}0]", "0,".repeat(MIB));
    let twice = "{\"mediaType\":\"a\",\"mediaType\":\"b\"}".to_owned();
    let lines = "{}\n".repeat(50_000);
    for (what, text) in [
        ("deep", deep),
        ("objects", objects),
        ("wide", wide),
        ("twice", twice),
        ("lines", lines),
        ("empty", String::new()),
    ] {
        let fixture = Fixture::good();
        let name = format!("{}.sigstore.json", fixture.written.artifacts[1]);
        fs::write(fixture.written.published().join(&name), text).unwrap();
        let ran = fixture.verify();
        assert!(matches!(ran.code, 1 | 3), "{what}: {}", ran.said());
        ran.assert_clean(what);
        assert!(ran.out().contains("signatures/"), "{what}: {}", ran.out());
    }
}

#[test]
fn checksum_files_that_are_too_long_or_no_text_are_undetermined_and_named() {
    let line = format!("{}  file\n", "0".repeat(64));
    for (what, bytes, phrase) in [
        ("over 5 MiB", line.repeat(6 * MIB / line.len()).into_bytes(), "more than 5242880"),
        ("100 001 lines", "\n".repeat(100_001).into_bytes(), ""),
        (
            "a line of 5000 bytes",
            format!("{}  {}\n", "0".repeat(64), "f".repeat(5000)).into_bytes(),
            "line 1",
        ),
        ("no text", vec![0xff; 4096], ""),
        ("UTF-16", "\u{feff}SHA256".encode_utf16().flat_map(u16::to_le_bytes).collect(), ""),
    ] {
        let fixture = Fixture::good();
        fs::write(fixture.written.published().join("SHA256SUMS"), bytes).unwrap();
        let ran = fixture.verify();
        assert!(matches!(ran.code, 1 | 3), "{what}: {}", ran.said());
        ran.assert_clean(what);
        let out = ran.out();
        assert!(out.contains("checksums/unreadable") || out.contains("checksums/unlisted"), "{what}\n{out}");
        assert!(out.contains(phrase), "{what}: {phrase}\n{out}");
    }
}

#[test]
fn checksum_files_that_are_too_long_together_are_undetermined_and_the_limit_is_named() {
    let with = |lists: usize| {
        let fixture = Fixture::good();
        let published = fixture.written.published();
        let own = fs::read_to_string(published.join("SHA256SUMS")).unwrap();
        for list in 0..lists {
            let text = format!("{own}{}", "#\n".repeat(49_900));
            fs::write(published.join(format!("more-{list}.sha256sums")), text).unwrap();
        }
        fixture.verify().out()
    };
    let says = "the checksum files of the release have more than 250000 lines or 25165824 bytes together";
    let flat = |out: String| out.split_whitespace().collect::<Vec<_>>().join(" ");
    let over = flat(with(6));
    assert!(over.contains("checksums/unreadable more-5.sha256sums") && over.contains(says), "{over}");
    let within = flat(with(5));
    assert!(!within.contains("checksums/unreadable"), "{within}");
}

#[test]
fn listed_files_that_are_not_published_are_named_up_to_a_limit_and_then_counted() {
    let with = |orphans: usize| {
        let fixture = Fixture::good();
        let list = fixture.written.published().join("more.sha256sums");
        let line = |n: usize| format!("{}  gone-{n}.zip\n", "0".repeat(64));
        fs::write(list, (0..orphans).map(line).collect::<String>()).unwrap();
        let ran = fixture.verify();
        assert_eq!(ran.code, 1, "{}", ran.said());
        ran.out()
    };
    assert!(with(1005).contains("more.sha256sums lists 5 further files that are not published"));
    assert!(!with(1000).contains("further files that are not published"));
}

#[test]
fn a_file_that_may_not_be_read_is_undetermined() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::good();
    let artifact = fixture.written.published().join(&fixture.written.artifacts[0]);
    fs::set_permissions(&artifact, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&artifact).is_ok() {
        eprintln!("SKIPPED: whoever runs this test may read every file");
        return;
    }
    fixture.verify().expect(
        "no permission",
        3,
        &[&fixture.written.artifacts[0], "reading it is not permitted"],
    );
}

#[test]
fn lists_of_digests_that_cannot_be_used_are_refused_with_the_line() {
    let fixture = Fixture::good();
    let zero = "0".repeat(64);
    for (what, list, phrases) in [
        ("no list", "see the website\n".to_owned(), &["line 1"][..]),
        ("a path", format!("{zero}  ../x\n"), &["line 1", "../x"]),
        ("only MD5", "d41d8cd98f00b204e9800998ecf8427e  x\n".to_owned(), &["x", "sha256"]),
        ("two answers", format!("{zero}  x\n{}  x\n", "1".repeat(64)), &["x"]),
        ("nothing", String::new(), &["list"]),
    ] {
        fixture.write("list", list);
        let arguments = fixture.arguments().without("--assets").with("--digests", "list");
        fixture.run(&arguments).expect(what, 2, phrases);
    }
    let arguments = fixture.arguments().without("--assets").with("--digests", "nowhere");
    fixture.run(&arguments).expect("nowhere", 2, &["--digests", "nowhere cannot be read"]);
}

#[test]
fn a_list_that_is_signed_in_place_is_no_list_of_digests_and_what_to_do_is_said() {
    let fixture = Fixture::good();
    let judge = |list: String| {
        fixture.write("SHA256SUMS", list);
        fixture.run(&fixture.arguments().without("--assets").with("--digests", "SHA256SUMS"))
    };
    let signed = format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{}  widget\n-----BEGIN PGP SIGNATURE-----\n\nAAAA\n\
         -----END PGP SIGNATURE-----\n",
        "0".repeat(64)
    );
    let said = [
        "error: --digests SHA256SUMS: it is a cleartext-signed message, and digests are taken from a plain list alone \
         help: pass the folder with the published files with --assets; or take the list out of it (gpg --output FILE \
         --decrypt), and pass that",
    ];
    judge(signed.clone()).expect("a signed list", 2, &said);
    judge(format!("\n{signed}")).expect("a signed list after an empty line", 2, &said);
    let before = "--digests SHA256SUMS: line 2 begins a PGP cleartext-signed message, and what is before it nobody signed";
    judge(format!("{}  other\n{signed}", "1".repeat(64))).expect("a line before it", 2, &[before]);
}

// --- what the repository holds ---

#[test]
fn a_repository_of_another_format_is_refused_by_what_it_uses() {
    let fixture = Fixture::good();
    let of = |name: &str, option: &str| {
        let made =
            Command::new("git").args(["init", "-q", option, name]).current_dir(fixture.here()).status();
        assert!(made.unwrap().success());
        fixture.run(&fixture.arguments().with("--repo", name))
    };
    let help = "help: clone it without that extension (git clone --ref-format=files), and pass the path of the clone with";
    of("reftable", "--ref-format=reftable").expect(
        "references in a reftable",
        2,
        &[
            "error: the repository has the extension refstorage = reftable of git's format, which this version of \
             relcheck does not read",
            help,
        ],
    );
    let config = fixture.here().join("reftable/.git/config");
    fs::write(&config, "[core]\n\trepositoryformatversion = 2\n").unwrap();
    fixture.run(&fixture.arguments().with("--repo", "reftable")).expect(
        "a later format",
        2,
        &[
            "error: the repository has format 2, and this version of relcheck reads 0 and 1",
            "help: git refuses it as well: see what `git status` says of it",
        ],
    );
    of("sha256", "--object-format=sha256").expect(
        "objects of SHA-256",
        2,
        &["error: the repository names its objects by SHA-256, which this version of relcheck does not read"],
    );
}

#[test]
fn a_security_policy_over_the_limit_is_undetermined_and_the_limit_is_named() {
    let text: &'static str = Box::leak(format!("# Security\n\n{}", "x\n".repeat(MIB)).into_boxed_str());
    let fixture = Fixture::spoilt(Spoil::File("SECURITY.md", Some(text)));
    let ran = fixture.run(&fixture.arguments().with("--format", "json"));
    let ran = ran.expect("2 MiB", 3, &["SECURITY.md", "1048576"]);
    assert_eq!(check(&ran, "supported-versions"), "undetermined");
    fixture.write("SECURITY.md", text);
    for format in ["human", "json"] {
        let ran = fixture.relcheck(&["security-policy", "SECURITY.md", "--format", format]);
        ran.expect("alone", 3, &["SECURITY.md is over the limit of 1048576 bytes"]);
    }
}

#[test]
fn security_policies_that_are_tables_without_end_are_read_or_refused_at_once() {
    let row = "| 1.x | :white_check_mark: |\n";
    for (what, text) in [
        (
            "rows",
            format!("## Supported Versions\n\n| Version | Supported |\n|---|---|\n{}", row.repeat(30_000)),
        ),
        ("columns", format!("## Supported Versions\n\n{}\n{}\n", "|a".repeat(300_000), "|-".repeat(200_000))),
        ("headings", "# Supported Versions\n".repeat(40_000)),
        ("nesting", "> ".repeat(MIB / 3)),
        ("brackets", "[".repeat(MIB - 10)),
        ("html", "<table><tr><td>".repeat(60_000)),
        ("one line", "1.x ".repeat(250_000)),
    ] {
        let fixture = Fixture::spoilt(Spoil::File("SECURITY.md", Some(Box::leak(text.into_boxed_str()))));
        let ran = fixture.verify();
        assert!(matches!(ran.code, 1 | 3), "{what}: {}\n{}", ran.code, ran.said());
        ran.assert_clean(what);
    }
}

#[test]
fn a_security_policy_that_is_not_read_says_which_limit_it_is_over() {
    let table = "## Supported Versions\n\n| Version | Supported |\n|---|---|\n";
    let row = "| 1.x | yes |\n";
    for (what, name, text, phrase) in [
        ("lines", "SECURITY.md", "\n".repeat(10_001), "more than 10000 lines"),
        ("a line", "SECURITY.md", "x".repeat(40_000), "a line of more than 32768 bytes"),
        ("rows", "SECURITY.md", format!("{table}{}", row.repeat(1_001)), "more than 1000 rows"),
        ("reStructuredText", "SECURITY.rst", "Security\n========\n".to_owned(), "is not Markdown"),
    ] {
        let fixture = Fixture::good();
        fixture.write(name, &text);
        for format in ["human", "json"] {
            let ran = fixture.relcheck(&["security-policy", name, "--format", format]);
            ran.expect(what, 3, &[phrase, "was not read"]);
        }
        if name == "SECURITY.md" {
            let fixture = Fixture::spoilt(Spoil::File(name, Some(Box::leak(text.into_boxed_str()))));
            fixture.run(&only("supported-versions", &fixture)).expect(what, 3, &[phrase]);
        }
    }
}

#[test]
fn a_security_policy_that_is_not_utf_8_is_read_or_undetermined_and_never_a_panic() {
    let fixture = with_file(
        "SECURITY.md",
        b"## Supported Versions\n\n| Version | Supported |\n|---|---|\n| \xff\xfe | yes |\n",
    );
    let ran = fixture.run(&only("supported-versions", &fixture));
    ran.expect("latin-1", 3, &["supported-versions/unreadable"]);
    let file = fixture.here().join("SECURITY.md");
    fs::write(&file, [0xff; 100]).unwrap();
    let ran = fixture.relcheck(&["security-policy", "SECURITY.md", "--format", "json"]);
    ran.assert_clean("alone");
}

#[test]
fn lock_files_that_cannot_be_read_are_not_covered() {
    for (what, bytes) in [
        ("version 99", &b"version = 99\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n"[..]),
        ("not UTF-8", b"version = 4\n\xff\xfe\n"),
        ("not TOML", b"<<<<<<< HEAD\n"),
        ("an unknown key", b"version = 4\n\n[surprise]\n"),
        ("empty", b""),
    ] {
        let fixture = with_file("Cargo.lock", bytes);
        let ran = fixture.run(&only("advisories", &fixture));
        ran.expect(what, 3, &["advisories/not-covered", "Cargo.lock at v1.2.3 cannot be judged"]);
        let lock = fixture.here().join("Cargo.lock");
        fs::write(&lock, bytes).unwrap();
        let database = fixture.written.advisories();
        let alone = ["advisories", "check", "Cargo.lock", "--advisories", database.to_str().unwrap()];
        fixture.relcheck(&alone).expect(what, 3, &["cannot check `Cargo.lock`"]);
    }
}

#[test]
fn a_lock_file_that_is_not_there_is_a_wrong_call() {
    let fixture = Fixture::good();
    let database = fixture.written.advisories();
    let database = database.to_str().unwrap();
    for path in ["nowhere.lock", "."] {
        let ran = fixture.relcheck(&["advisories", "check", path, "--advisories", database]);
        ran.expect(path, 2, &[&format!("cannot read `{path}`"), "help: pass the path of a lock file"]);
    }
}

#[test]
fn a_manifest_that_cannot_be_read_is_undetermined() {
    for bytes in [&b"\xff\xfe"[..], b"[package", b"version = "] {
        let fixture = with_file("Cargo.toml", bytes);
        let ran = fixture.run(&only("tag", &fixture));
        ran.expect("a broken manifest", 3, &["tag/version-mismatch", "Cargo.toml"]);
    }
}

// --- the verifier's own side ---

#[test]
fn a_misspelt_key_of_a_policy_is_shown_with_its_line_and_the_nearest_one() {
    let fixture = Fixture::good();
    for (text, phrases) in [
        ("name = \"p\"\n[levls]\n", &["line 2", "unknown field `levls`", "did you mean `levels`?"][..]),
        ("\n\n[levels]\ncheksums = \"warn\"\n", &["line 4", "\"cheksums\"", "did you mean \"checksums\"?"]),
        ("[levels]\nchecksums = \"wrn\"\n", &["line 2", "unknown variant `wrn`", "did you mean `warn`?"]),
        ("[rules.provenance]\ntrigers = []\n", &["line 2", "`trigers`", "did you mean `triggers`?"]),
        ("[rules.provenence]\n", &["line 1", "`provenence`", "did you mean `provenance`?"]),
        ("[rules.advisories]\nmax-age-day = 3\n", &["line 2", "did you mean `max-age-days`?"]),
        (
            "[[waiver]]\nrule = \"tag/lightwight\"\nreason = \"r\"\nuntil = \"2030-01-01\"\n",
            &["line 2", "\"tag/lightwight\"", "did you mean \"tag/lightweight\"?"],
        ),
        (
            "[[waiver]]\nrule = \"tag/unsigned\"\nuntil = \"2030-01-01\"\n",
            &["line 1", "missing field `reason`"],
        ),
        (
            "[[waiver]]\nrule = \"tag/unsigned\"\nreason = \" \"\nuntil = \"2030-01-01\"\n",
            &["line 3", "needs a reason"],
        ),
        ("[[waiver]]\nrule = \"tag/unsigned\"\nreason = \"r\"\n", &["missing field `until`"]),
        ("[[waiver]]\nrule = \"tag/unsigned\"\nreason = \"r\"\nuntil = \"soon\"\n", &["line 4"]),
        ("repository = \"x\"\n", &["line 1", "x is no repository", "OWNER/NAME"]),
        ("[levels]\n\"relcheck/unjudged\" = \"skip\"\n", &["line 2", "relcheck/unjudged"]),
    ] {
        fixture.write("p.toml", text);
        let all: Vec<&str> = phrases.iter().copied().chain(["p.toml"]).collect();
        let ran = fixture.run(&fixture.arguments().with("--policy", "p.toml"));
        ran.expect(text, 2, &all);
        fixture.relcheck(&["policy", "check", "p.toml"]).expect(text, 2, &all);
    }
}

#[test]
fn what_is_no_policy_is_refused_by_name_with_what_to_do() {
    let fixture = Fixture::good();
    fs::create_dir(fixture.here().join("folder")).unwrap();
    fifo(&fixture.here().join("pipe"));
    fixture.write("prose.toml", "Please verify { everything");
    fixture.write("binary.toml", [0xff, 0xfe, 0]);
    fixture.write("large.toml", "# x\n".repeat(MIB));
    fixture.write("hostile.toml", "\"\u{1b}[31m\" = 1\n");
    fixture.write("Default", "");
    let built_in = "help: pass a policy file, or the name of one that is built in: default, pipeline, audit";
    for (policy, phrases) in [
        ("./folder", &["folder cannot be read: it is not a regular file", built_in][..]),
        ("./pipe", &["pipe cannot be read: it is not a regular file", built_in]),
        ("./none.toml", &["none.toml cannot be read", built_in]),
        ("prose.toml", &["prose.toml is not a policy", "line 1", "policy show default"]),
        ("binary.toml", &["binary.toml is not UTF-8 text"]),
        ("large.toml", &["large.toml is over the limit of 1048576 bytes"]),
        ("hostile.toml", &["hostile.toml is not a policy", "\\u{1b}[31m"]),
        // A bare word is a name, whatever a checkout holds under it.
        ("Default", &["no policy is called Default", "did you mean default?", "say so: --policy ./Default"]),
        ("defualt", &["no policy is called defualt", "did you mean default?", "default, pipeline, audit"]),
    ] {
        fixture.run(&fixture.arguments().with("--policy", policy)).expect(policy, 2, phrases);
    }
}

#[test]
fn a_policy_beside_the_user_that_cannot_be_used_is_not_passed_over() {
    let fixture = Fixture::good();
    fixture.write("relcheck.toml", "[levls]\n");
    let ran = fixture.run(&fixture.arguments().without("--policy"));
    ran.expect("relcheck.toml", 2, &["relcheck.toml is not a policy"]);
    fs::remove_file(fixture.here().join("relcheck.toml")).unwrap();
    fs::create_dir(fixture.here().join("relcheck.toml")).unwrap();
    let ran = fixture.run(&fixture.arguments().without("--policy"));
    ran.expect("a folder called relcheck.toml", 2, &["relcheck.toml cannot be read"]);
}

#[test]
fn an_expired_waiver_is_warned_of_and_does_nothing() {
    let waiver = |until: &str| {
        format!(
            "[[waiver]]\nrule = \"checksums/mismatch\"\nreason = \"rebuilt by hand\"\nuntil = \"{until}\"\n"
        )
    };
    let changed = Fixture::spoilt(Spoil::ArtifactChanged(2));
    let levels = "[levels]\nrelease = \"warn\"\nsignatures = \"warn\"\nprovenance = \"warn\"\n";
    let judge = |fixture: &Fixture, until: &str| {
        fixture.write("p.toml", format!("{levels}{}", waiver(until)));
        fixture.run(&fixture.arguments().with("--policy", "p.toml"))
    };
    let warning = "warning: a waiver has ended and no longer counts: checksums/mismatch for everything until 2026-01-05";
    let ran = judge(&changed, "2026-01-05").expect("expired, and needed", 1, &[]);
    assert!(ran.stderr.contains(warning), "{}", ran.stderr);
    let ended = "its waiver ended on 2026-01-05: rebuilt by hand";
    assert!(ran.out().split_whitespace().collect::<Vec<_>>().join(" ").contains(ended), "{}", ran.out());
    let ran = judge(&Fixture::good(), "2026-01-05").expect("expired, and not needed", 0, &[]);
    assert!(ran.stderr.contains(warning), "{}", ran.stderr);
    // The last day of a waiver is a day on which it counts.
    let ran = judge(&changed, "2026-01-06").expect("in force", 0, &["rebuilt by hand"]);
    assert!(!ran.stderr.contains("waiver has ended"), "{}", ran.stderr);
}

#[test]
fn what_is_no_trusted_root_is_refused_by_name_with_what_to_do() {
    let fixture = Fixture::good();
    fs::create_dir(fixture.here().join("folder")).unwrap();
    fifo(&fixture.here().join("pipe"));
    fixture.write("text.json", "not JSON");
    fixture.write("empty.json", "{}");
    fixture
        .write("nobody.json", r#"{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}"#);
    fixture.write("large.json", "\n".repeat(5 * MIB));
    for (root, phrase) in [
        ("folder", "folder cannot be read: it is not a regular file"),
        ("pipe", "pipe cannot be read: it is not a regular file"),
        ("none.json", "none.json cannot be read"),
        ("text.json", "text.json is not a Sigstore trusted root"),
        ("empty.json", "empty.json is not a Sigstore trusted root"),
        ("nobody.json", "nobody.json is a trusted root that trusts nobody"),
        ("large.json", "large.json is over the limit of 4194304 bytes"),
    ] {
        let ran = fixture.run(&fixture.arguments().with("--trusted-root", root));
        ran.expect(root, 2, &[phrase, "help: --trusted-root takes a trusted_root.json"]);
    }
}

#[test]
fn what_is_no_advisory_database_is_refused_by_name_with_what_to_do() {
    let fixture = Fixture::good();
    fs::create_dir(fixture.here().join("folder")).unwrap();
    fs::create_dir_all(fixture.here().join("bare/crates")).unwrap();
    fifo(&fixture.here().join("pipe"));
    fixture.write("file.tar.gz", "not an archive");
    for (database, phrase) in [
        ("folder", "no place for advisories is in it"),
        ("bare", "the advisory database is empty"),
        ("pipe", "not an advisory database"),
        ("file.tar.gz", "it is neither an index, nor an archive or a checkout of a database"),
        ("nowhere", "cannot read"),
    ] {
        let shown = format!("--advisories {database}: ");
        let ran = fixture.run(&fixture.arguments().with("--advisories", database));
        ran.expect(database, 2, &[&shown, phrase, "help: --advisories takes an index"]);
    }
}

#[test]
fn a_key_file_that_cannot_be_used_is_refused_by_name() {
    let fixture = Fixture::good();
    fs::create_dir(fixture.here().join("folder")).unwrap();
    fixture.write("prose.pub", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
    fixture.write("large.pub", "x".repeat(MIB + 1));
    for (file, phrase) in [
        ("none.pub", "key file none.pub cannot be read"),
        ("folder", "key file folder cannot be read"),
        ("large.pub", "too large for a key"),
        ("prose.pub", "key release (prose.pub) is no public key that can be used"),
    ] {
        fixture.write("p.toml", format!("[[rules.signatures.key]]\nname = \"release\"\nfile = \"{file}\"\n"));
        fixture.run(&fixture.arguments().with("--policy", "p.toml")).expect(file, 2, &["p.toml", phrase]);
    }
}

// --- evidence packs ---

#[test]
fn an_evidence_pack_that_was_changed_is_not_judged() {
    let fixture = Fixture::good();
    let pack = saved(&fixture);
    let blob = |pack: &Path| files(&pack.join("blobs")).into_iter().next().unwrap();
    let again = "collect the evidence anew";
    type Change = fn(&Path, PathBuf);
    let changes: [(&str, Change, &str); 9] = [
        ("a byte more", |_, blob| append(&blob, b"x"), "has other bytes than its name says"),
        ("a byte changed", |_, blob| flip(&blob), "has other bytes than its name says"),
        ("a blob less", |_, blob| fs::remove_file(blob).unwrap(), "lacks the blob"),
        (
            "a blob more",
            |pack, _| fs::write(pack.join("blobs/evil"), b"x").unwrap(),
            "blobs/evil, which its manifest does not name",
        ),
        (
            "a file more",
            |pack, _| fs::write(pack.join("evil"), b"x").unwrap(),
            "evil, which its manifest does not name",
        ),
        (
            "a linked blob",
            |pack, blob| {
                let aside = pack.parent().unwrap().join("aside");
                fs::rename(&blob, &aside).unwrap();
                symlink(aside, blob).unwrap();
            },
            "is not a regular file",
        ),
        (
            "a pipe for a blob",
            |_, blob| {
                fs::remove_file(&blob).unwrap();
                fifo(&blob);
            },
            "is not a regular file",
        ),
        (
            "no manifest",
            |pack, _| fs::remove_file(pack.join("manifest.json")).unwrap(),
            "it has no manifest.json",
        ),
        (
            "half a manifest",
            |pack, _| {
                let manifest = fs::read(pack.join("manifest.json")).unwrap();
                fs::write(pack.join("manifest.json"), &manifest[..manifest.len() / 2]).unwrap();
            },
            "manifest of the evidence pack is not readable",
        ),
    ];
    for (what, change, phrase) in changes {
        let copy = fixture.here().join("copy");
        copy_folder(&pack, &copy);
        change(&copy, blob(&copy));
        judge_pack(&fixture, "copy", "v1.2.3").expect(what, 2, &["--evidence", "copy: ", phrase, again]);
        fs::remove_dir_all(copy).unwrap();
        let aside = fixture.here().join("aside");
        if aside.exists() {
            fs::remove_file(aside).unwrap();
        }
    }
}

#[test]
fn an_evidence_pack_of_another_format_or_with_an_edited_manifest_is_not_judged() {
    let fixture = Fixture::good();
    let pack = saved(&fixture);
    let manifest = fs::read_to_string(pack.join("manifest.json")).unwrap();
    let edit = |from: &str, to: &str| {
        let edited = manifest.replacen(from, to, 1);
        assert_ne!(edited, manifest, "the manifest holds {from}");
        fs::write(pack.join("manifest.json"), edited).unwrap();
        judge_pack(&fixture, "pack", "v1.2.3")
    };
    let format = manifest.find("\"format\"").map(|at| &manifest[at..]).unwrap();
    let format = &format[..format.find('1').unwrap() + 1];
    let later = format.replace('1', "2");
    edit(format, &later).expect("format 2", 2, &["has format 2; this version reads format 1"]);
    edit("{", "{ ").expect("formatted anew", 2, &["edited or formatted anew"]);
    edit("{", "{\"surprise\":1,").expect("a key more", 2, &["--evidence"]);
    fs::write(pack.join("manifest.json"), &manifest).unwrap();
    judge_pack(&fixture, "pack", "v1.2.3").expect("as it was", 0, &["VERIFIED"]);
}

#[test]
fn evidence_about_another_tag_is_not_judged() {
    let fixture = Fixture::good();
    saved(&fixture);
    let phrases = ["the evidence pack is about v1.2.3, not v1.2.2", "help: judge it as v1.2.3"];
    judge_pack(&fixture, "pack", "v1.2.2").expect("another tag", 2, &phrases);
}

#[test]
fn what_is_no_evidence_pack_is_refused_by_name() {
    let fixture = Fixture::good();
    fs::create_dir(fixture.here().join("empty")).unwrap();
    fixture.write("file", "x");
    for (pack, phrase) in [
        ("nowhere", "there is no such folder or file"),
        ("file", "the evidence pack is no archive of one"),
        ("empty", "it has no manifest.json"),
    ] {
        judge_pack(&fixture, pack, "v1.2.3").expect(pack, 2, &["--evidence", phrase]);
    }
}

#[test]
fn evidence_is_never_written_over_what_is_there() {
    let fixture = Fixture::good();
    let pack = saved(&fixture);
    let before = fs::read(pack.join("manifest.json")).unwrap();
    let ran = fixture.run(&fixture.arguments().with("--save-evidence", "pack"));
    ran.expect("a second time", 2, &["--save-evidence", "pack: ", "is not empty"]);
    assert_eq!(fs::read(pack.join("manifest.json")).unwrap(), before);
    fixture.write("file", "x");
    let ran = fixture.run(&fixture.arguments().with("--save-evidence", "file"));
    assert_ne!(ran.code, 0, "{}", ran.said());
    assert_eq!(fs::read(fixture.here().join("file")).unwrap(), b"x");
}

// --- helpers ---

/// The good release with other bytes in a file at the tag and on the default branch.
fn with_file(path: &str, bytes: &[u8]) -> Fixture {
    let fixture = Fixture::of(&Release { form: Form::Checkout, ..Release::good() });
    let repository = fixture.written.repository();
    fs::write(repository.join(path), bytes).unwrap();
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@widget.example", "-c", "core.autocrlf=false"];
    let run = |arguments: &[&str]| git(&repository, &[&who[..], arguments].concat(), b"");
    run(&["add", "--all"]);
    run(&["commit", "--quiet", "--no-verify", "--message=Spoil it"]);
    run(&["tag", "--force", "--annotate", "--message=v1.2.3", "v1.2.3"]);
    fixture
}

/// Arguments that require one check and no other.
fn only(check: &str, fixture: &Fixture) -> crate::fixture::Arguments {
    let all = ["tag", "checksums", "signatures", "provenance", "advisories", "supported-versions", "release"];
    let mut text = "[levels]\n".to_owned();
    for id in all {
        writeln!(text, "{id} = \"{}\"", if id == check { "require" } else { "skip" }).unwrap();
    }
    fixture.write("only.toml", text);
    fixture.arguments().with("--policy", "only.toml")
}

/// The evidence about the release, saved.
fn saved(fixture: &Fixture) -> PathBuf {
    fixture.run(&fixture.arguments().with("--save-evidence", "pack")).expect("saving", 0, &[]);
    fixture.here().join("pack")
}

fn judge_pack(fixture: &Fixture, pack: &str, tag: &str) -> Ran {
    let arguments = fixture.arguments().without("--repo").without("--assets").without("--advisories");
    fixture.run(&arguments.tag(tag).with("--evidence", pack))
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn append(path: &Path, bytes: &[u8]) {
    let mut all = fs::read(path).unwrap();
    all.extend(bytes);
    fs::write(path, all).unwrap();
}

fn flip(path: &Path) {
    let mut all = fs::read(path).unwrap();
    all[0] ^= 1;
    fs::write(path, all).unwrap();
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for path in files(from) {
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

/// A JSON document with so many blanks before its end that it has `size` bytes.
fn padded(json: &[u8], size: usize) -> Vec<u8> {
    let end = json.iter().rposition(|b| *b == b'}').unwrap();
    let mut all = json[..end].to_vec();
    all.resize(size - 1, b' ');
    all.push(b'}');
    all
}

fn hex_digest(bytes: &[u8]) -> String {
    relcheck::release::Sha256::of(bytes).to_string()
}

/// A report with its line breaks and Markdown's escapes taken away.
fn unescaped(report: &str) -> String {
    let mut text = report.split_whitespace().collect::<Vec<_>>().join(" ").replace("<br>", "");
    text = text.replace("&#8203;", "");
    while let Some(at) = text.find("&#") {
        let end = at + text[at..].find(';').unwrap();
        let c = char::from_u32(text[at + 2..end].parse().unwrap()).unwrap();
        text.replace_range(at..=end, &c.to_string());
    }
    text
}

/// The statuses of a rule's findings about `subject`.
fn statuses(ran: &Ran, rule: &str, subject: &str) -> Vec<String> {
    let json = ran.json();
    let checks = json["checks"].as_array().unwrap();
    let findings = checks.iter().flat_map(|check| check["findings"].as_array().unwrap());
    findings
        .filter(|finding| finding["rule"] == rule && finding["subject"]["name"] == subject)
        .map(|finding| finding["status"].as_str().unwrap().to_owned())
        .collect()
}

/// The status of a check.
fn check(ran: &Ran, id: &str) -> String {
    let json = ran.json();
    let checks = json["checks"].as_array().unwrap();
    checks.iter().find(|check| check["id"] == id).unwrap()["status"].as_str().unwrap().to_owned()
}
