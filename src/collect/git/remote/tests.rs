//! What is read of a repository over the wire is what is read of it here. The server is git's own `upload-pack`.

use super::*;
use crate::{
    collect::{
        git::{GitError, testing::Fixture},
        transport::{Answer, TransportError},
    },
    evidence::{Seen, TagKind},
};
use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    sync::Mutex,
    time::Duration,
};

/// git's own server for one repository, which it serves by the file system.
struct UploadPack {
    folder: PathBuf,
    config: Vec<&'static str>,
    asked: Mutex<Vec<String>>,
}

impl UploadPack {
    fn of(fixture: &Fixture, config: &[&'static str]) -> Arc<Self> {
        Arc::new(Self { folder: fixture.path().to_owned(), config: config.to_vec(), asked: Mutex::default() })
    }

    fn questions(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Transport for UploadPack {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        let Method::Git(question) = request.method else { panic!("{request:?}") };
        assert_eq!(
            (request.url, request.accept),
            ("https://forge.example/a/b.git/git-upload-pack", Accept::Git)
        );
        self.asked.lock().unwrap().push(String::from_utf8_lossy(question).into_owned());
        let configured = self.config.iter().flat_map(|setting| ["-c", setting]);
        let mut child = Command::new("git")
            .args(configured)
            .args(["upload-pack", "--stateless-rpc", "."])
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_PROTOCOL", "version=2")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(question).unwrap();
        let bytes = child.wait_with_output().unwrap().stdout;
        if bytes.len() > request.max_bytes {
            return Err(TransportError::TooLarge { url: request.url.to_owned(), limit: request.max_bytes });
        }
        Ok(Answer::new(request.url, bytes))
    }
}

/// Answers every question alike.
struct Says(Result<Vec<u8>, TransportError>);

impl Transport for Says {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        self.0.clone().map(|bytes| Answer::new(request.url, bytes))
    }
}

const FILTERS: &[&str] = &["uploadpack.allowFilter=true"];

fn source(transport: Arc<dyn Transport>) -> Source {
    Source { url: "https://forge.example/a/b".to_owned(), token: None, transport }
}

/// Three releases, with files of which few are read.
fn project() -> Fixture {
    let fixture = Fixture::new();
    for (number, version) in ["1.0.0", "1.1.0", "1.2.0"].into_iter().enumerate() {
        fixture.write("Cargo.toml", format!("[package]\nname = \"w\"\nversion = \"{version}\"\n"));
        fixture.write("Cargo.lock", "version = 4\n");
        fixture.write("SECURITY.md", "# Security\n");
        fixture.write("data/large.bin", vec![u8::try_from(number).unwrap(); 1 << 20]);
        fixture.write("deep/er/Cargo.toml", "[package]\n");
        fixture.commit(version);
        fixture.git(&["tag", "-a", "-m", version, &format!("v{version}")]);
    }
    fixture.write("later", "x");
    fixture.commit("later");
    fixture.git(&["tag", "light"]);
    fixture.git(&["branch", "stable-1", "v1.1.0"]);
    fixture
}

#[test]
fn a_repository_elsewhere_reads_like_one_that_is_here() {
    let fixture = project();
    let here = Repository::open(fixture.path()).unwrap();
    for config in [FILTERS, &[]] {
        for tag in ["v1.0.0", "v1.2.0", "light"] {
            let server = UploadPack::of(&fixture, config);
            let there = Repository::remote(source(server.clone()), tag).unwrap();
            let record = there.tag(tag).unwrap().unwrap();
            assert_eq!(Some(&record), here.tag(tag).unwrap().as_ref());
            assert_eq!(there.tags().unwrap(), here.tags().unwrap());
            assert_eq!(there.tag_object(tag).unwrap(), here.tag_object(tag).unwrap());
            assert_eq!(
                there.branches(Some(&record.commit)).unwrap(),
                here.branches(Some(&record.commit)).unwrap()
            );
            assert_eq!(there.branches(Some(&record.commit)).unwrap().contains_tag, Some(true));
            assert!(!there.is_shallow().unwrap());
            assert_eq!(there.paths(&record.commit).unwrap(), here.paths(&record.commit).unwrap());
            let tree = crate::collect::tree::read(&there, &record.commit, "t").unwrap();
            assert_eq!(tree, crate::collect::tree::read(&here, &record.commit, "t").unwrap());
            assert_eq!(tree.files().len(), 3);
            let absent = there.file(&record.commit, "t", "no/such", 10);
            assert!(matches!(absent, Seen::Absent { .. }), "{absent:?}");
            // References, the tag, the other tags, the commits since, the files.
            assert!(
                server.questions().len() <= if config.is_empty() { 7 } else { 6 },
                "{:?}",
                server.questions()
            );
        }
    }
}

#[test]
fn the_contents_of_files_that_are_not_read_are_not_fetched() {
    let fixture = project();
    let server = UploadPack::of(&fixture, FILTERS);
    let there = Repository::remote(source(server.clone()), "v1.2.0").unwrap();
    let large = fixture.git(&["rev-parse", "v1.2.0:data/large.bin"]);
    assert!(!there.has(ObjectId::from_hex(large.as_bytes()).unwrap()));
    let old = fixture.git(&["rev-parse", "v1.0.0^{tree}"]);
    assert!(!there.has(ObjectId::from_hex(old.as_bytes()).unwrap()));
    // What is read after all is asked for.
    let commit = there.tag("v1.2.0").unwrap().unwrap().commit;
    let asked = server.questions().len();
    assert!(matches!(there.file(&commit, "t", "later", 1 << 21), Seen::Absent { .. }));
    assert_eq!(server.questions().len(), asked);
    assert!(matches!(there.file(&commit, "t", "data/large.bin", 1 << 21), Seen::Present(_)));
    assert_eq!(server.questions().len(), asked + 1);
}

#[test]
fn a_tag_that_is_not_on_the_default_branch_is_found_out() {
    let fixture = project();
    fixture.git(&["checkout", "-q", "-b", "aside", "v1.1.0"]);
    fixture.write("aside", "x");
    fixture.commit("aside");
    fixture.git(&["tag", "-a", "-m", "x", "v1.1.1"]);
    fixture.git(&["checkout", "-q", "main"]);
    let there = Repository::remote(source(UploadPack::of(&fixture, FILTERS)), "v1.1.1").unwrap();
    let record = there.tag("v1.1.1").unwrap().unwrap();
    assert_eq!(record.kind, TagKind::Annotated);
    assert_eq!(there.branches(Some(&record.commit)).unwrap().contains_tag, Some(false));
}

#[test]
fn a_tag_that_is_not_there_is_absent_and_an_outage_is_not() {
    let fixture = project();
    let there = Repository::remote(source(UploadPack::of(&fixture, FILTERS)), "v9").unwrap();
    assert_eq!(there.tag("v9").unwrap(), None);
    assert!(there.nearest_tags("v1.2.O").unwrap().iter().any(|near| near.raw() == "v1.2.0"));
    for (answer, words) in [
        (
            Err(TransportError::Status { url: "https://f/x".into(), status: 404, retry_after: None }),
            "answered 404",
        ),
        (Err(TransportError::Offline { url: "https://f/x".into() }), "--offline"),
        (Ok(b"<html>".to_vec()), "is not one of git"),
        (Ok(Vec::new()), "was cut off"),
        (Ok(b"0011ERR no access0000".to_vec()), "the server says: no access"),
    ] {
        let Err(error) = Repository::remote(source(Arc::new(Says(answer))), "v1.0.0") else {
            panic!("{words}")
        };
        assert!(matches!(&error, GitError::Remote { reason } if reason.contains(words)), "{error}");
    }
}

/// Lets one answer through as the server gave it, and changes those to `fetch`.
struct Tampering(Arc<UploadPack>, fn(&mut Vec<u8>));

impl Transport for Tampering {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        let mut answer = self.0.fetch(request)?;
        if let Method::Git(question) = request.method
            && question.windows(13).any(|part| part == b"command=fetch")
        {
            (self.1)(&mut answer.bytes);
        }
        Ok(answer)
    }
}

#[test]
fn a_pack_that_was_changed_on_the_way_is_refused() {
    let fixture = project();
    let changes: [fn(&mut Vec<u8>); 4] = [
        |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        },
        |bytes| bytes.truncate(bytes.len() - 5),
        Vec::clear,
        |bytes| bytes.extend(b"0000"),
    ];
    for change in changes {
        let server = UploadPack::of(&fixture, FILTERS);
        let Err(error) = Repository::remote(source(Arc::new(Tampering(server, change))), "v1.2.0") else {
            panic!("it was taken")
        };
        assert!(matches!(error, GitError::Pack { .. } | GitError::Remote { .. }), "{error}");
    }
}

#[test]
fn a_server_that_points_a_tag_elsewhere_gets_no_further_than_the_objects_say() {
    // The reference may lie; the object that it leads to still says what it is.
    let fixture = project();
    let other = fixture.git(&["rev-parse", "v1.0.0"]);
    fixture.tag_by_hand("v1.2.0", &other);
    let there = Repository::remote(source(UploadPack::of(&fixture, FILTERS)), "v1.2.0").unwrap();
    assert!(matches!(there.tag("v1.2.0"), Err(GitError::OtherName { .. })));
}

/// A number as packs write sizes: 7 bits a byte, the lowest first (gitformat-pack(5)).
fn varint(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let more = number > 0x7f;
        bytes.push((number & 0x7f) as u8 | if more { 0x80 } else { 0 });
        number >>= 7;
        if !more {
            return bytes;
        }
    }
}

/// The head of an object in a pack: its type, and its size.
fn head(kind: u8, size: usize) -> Vec<u8> {
    let first = (kind << 4) | (size & 0xf) as u8;
    let rest = size >> 4;
    if rest == 0 { vec![first] } else { [vec![first | 0x80], varint(rest)].concat() }
}

/// How far before an object its base begins.
fn distance(mut number: usize) -> Vec<u8> {
    let mut bytes = vec![(number & 0x7f) as u8];
    while number > 0x7f {
        number = (number >> 7) - 1;
        bytes.push(0x80 | (number & 0x7f) as u8);
    }
    bytes.reverse();
    bytes
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A small pack of very many large objects: one of zeros, and `many` that are three times as long each.
fn bomb(many: u32) -> Vec<u8> {
    const BASE: usize = 8 << 20;
    let mut pack = [&b"PACK"[..], &2_u32.to_be_bytes(), &(many + 1).to_be_bytes()].concat();
    let base = pack.len();
    pack.extend(head(3, BASE));
    pack.extend(deflated(&vec![0; BASE]));
    for nth in 0..many {
        // The whole of the base three times, and a number, so that no two are the same object.
        let copy = [0xf0, 0, 0, 0x80].as_slice();
        let insert = [&[4][..], &nth.to_be_bytes()].concat();
        let delta = [varint(BASE), varint(3 * BASE + 4), [copy; 3].concat(), insert].concat();
        let at = pack.len() - base;
        pack.extend(head(6, delta.len()));
        pack.extend(distance(at));
        pack.extend(deflated(&delta));
    }
    let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha1);
    hasher.update(&pack);
    pack.extend(hasher.try_finalize().unwrap().as_slice());
    pack
}

#[test]
fn a_small_answer_that_is_very_many_large_objects_is_given_up() {
    let nobody: Arc<dyn Transport> = Arc::new(crate::collect::transport::Offline);
    let remote = |time: Duration| Remote {
        source: source(Arc::clone(&nobody)),
        tag: "refs/tags/v1".to_owned(),
        folder: tempfile::tempdir().unwrap(),
        asked: Cell::default(),
        unpacking: Budget::of(time),
        filters: Cell::new(true),
    };
    let pack = |remote: &Remote| std::fs::create_dir_all(remote.folder.path().join("objects/pack")).unwrap();
    let few = remote(Duration::from_secs(60));
    pack(&few);
    few.keep(&bomb(2)).unwrap();
    let many = remote(Duration::from_millis(200));
    pack(&many);
    let small = bomb(4000);
    assert!(small.len() < 1 << 20, "{}", small.len());
    match many.keep(&small) {
        Err(GitError::Remote { reason }) => assert!(reason.contains("s to unpack"), "{reason}"),
        other => panic!("{other:?}"),
    }
}
