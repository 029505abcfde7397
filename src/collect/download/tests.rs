//! Files from a transport are what the same files in a folder are.

use super::*;
use crate::collect::{
    folder::{NO_FRAMES, read_folder},
    progress::Quiet,
    transport::{Answer, TransportError},
};

/// Serves files by URL; those called `broken` break off.
struct Shelf(BTreeMap<String, Vec<u8>>);

impl Transport for Shelf {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        assert_eq!(request.accept, Accept::File);
        let url = request.url.to_owned();
        match self.0.get(request.url) {
            _ if url.contains("broken") => {
                Err(TransportError::Connection { url, reason: "reset".to_owned() })
            }
            Some(bytes) if bytes.len() > request.max_bytes => {
                Err(TransportError::TooLarge { url, limit: request.max_bytes })
            }
            Some(bytes) => Ok(Answer::new(url, bytes.clone())),
            None => Err(TransportError::Status { url, status: 404, retry_after: None }),
        }
    }

    fn stream(&self, request: &Request<'_>, sink: &mut dyn Sink) -> Result<(), TransportError> {
        // A body that began, broke off, and began again: what came first counts for nothing.
        sink.begin();
        sink.part(b"of another attempt");
        let answer = self.fetch(request)?;
        sink.begin();
        for part in answer.bytes.chunks(1000) {
            sink.part(part);
        }
        Ok(())
    }
}

fn remote(name: &str, size: Option<u64>) -> Remote {
    Remote { name: name.to_owned(), url: format!("https://files.example/{name}?sig=s3cr3t"), size }
}

fn files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("widget.tar.gz", vec![7; 300_000]),
        ("empty", Vec::new()),
        ("SHA512SUMS", format!("{}  widget.tar.gz\n", "a".repeat(128)).into_bytes()),
        ("widget.tar.gz.sig", b"AAAA".to_vec()),
    ]
}

fn shelf() -> Shelf {
    Shelf(files().into_iter().map(|(name, bytes)| (remote(name, None).url, bytes)).collect())
}

fn fetched(files: &[Remote], limits: Limits) -> Published {
    let shelf = shelf();
    fetch(
        files,
        &Earlier::new(),
        Door { transport: &shelf, token: None, progress: &Quiet },
        limits,
        NO_FRAMES,
    )
}

#[test]
fn a_download_is_what_the_same_folder_is() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files() {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let mut here = read_folder(folder.path(), Limits::default(), NO_FRAMES).unwrap();
    let all: Vec<Remote> =
        files().iter().map(|(name, bytes)| remote(name, Some(bytes.len() as u64))).collect();
    let there = fetched(&all, Limits::default());
    assert_eq!(there.unread, []);
    assert_eq!(there.files.len(), 4);
    // The origins differ, and hold no secret.
    for (name, file) in &mut here.files {
        if let Some(item) = &mut Arc::make_mut(file).content {
            assert_eq!(item.origin, format!("file:{name}"));
            item.origin = format!("https://files.example/{name}");
        }
    }
    assert_eq!(there, here);
    let unsized_: Vec<Remote> = files().iter().map(|(name, _)| remote(name, None)).collect();
    assert_eq!(fetched(&unsized_, Limits::default()), there);
}

#[test]
fn what_cannot_be_had_is_said_by_name_and_the_rest_is_there() {
    let limits = Limits { file_bytes: 299_999, sidecar_bytes: 100, ..Limits::default() };
    let all = [
        remote("widget.tar.gz", None),
        remote("empty", Some(0)),
        remote("gone.zip", Some(1)),
        remote("broken.zip", Some(1)),
        remote("broken.sig", Some(1)),
        remote("large.zip", Some(300_000)),
        remote("../odd", Some(1)),
        remote("twice.zip", Some(1)),
        remote("twice.zip", Some(2)),
        remote("SHA512SUMS", None),
    ];
    let found = fetched(&all, limits);
    assert_eq!(found.files.keys().map(ArtifactName::as_str).collect::<Vec<_>>(), ["empty"]);
    let why = |name: &str| {
        let all: Vec<&str> =
            found.unread.iter().filter(|it| it.name.raw() == name).map(|it| it.why.as_str()).collect();
        all.join(" | ")
    };
    assert!(why("widget.tar.gz").contains("over the limit of 299999 bytes"), "{}", why("widget.tar.gz"));
    assert!(why("gone.zip").contains("answered 404"));
    assert!(why("broken.zip").contains("reset") && why("broken.sig").contains("reset"));
    assert!(why("large.zip").contains("more than the limit of 299999"));
    assert!(why("../odd").contains("do not print"));
    assert_eq!(why("twice.zip").matches("several files of the release have this name").count(), 2);
    assert!(why("SHA512SUMS").contains("over the limit of 100 bytes"));
    assert!(!format!("{found:?}").contains("s3cr3t"));
}
