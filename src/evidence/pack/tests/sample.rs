//! The evidence that is packed: a sample of everything, and one with nothing.

use super::super::*;
use crate::{
    advisories::snapshot::Snapshot,
    digest::{Algorithms, Digest, Digests, hash_reader},
    evidence::{
        Branches, Bytes, DefaultBranch, Listed, Listing, Published, PublishedFile, Seen, Stage, TagKind,
        TagRecord, Tree, Unread,
        project::{Cited, History, Named, Project, Recent},
    },
    inside::{BuildList, Contents, Inside, ListKind, Unopened},
    release::{ArtifactName, ObjectId, RepositoryName},
};
use std::sync::Arc;

/// The id of the tag object [`TAG_1`].
pub(super) const OBJECT_1: &str = "5ce3db61c949ffb9af0481f14a3b34c837b9e155";
/// The same without its last line, which begins a signature.
pub(super) const OBJECT_1_UNSIGNED: &str = "7621f3fa60466166b6fc6c56e166162323693a7e";
const TAG_1: &str = "object bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\ntype commit\ntag v1.0.0\n\
                     tagger T <t@example.org> 1767225600 +0000\n\nfirst\n\
                     -----BEGIN PGP SIGNATURE-----\n";

/// A file with something of everything in it.
fn looked() -> Inside {
    let member = "bin/widget".to_owned();
    Inside::Looked(Contents {
        lists: vec![BuildList { member: member.clone(), kind: ListKind::Go, bytes: b"go1.22.1\n".to_vec() }],
        silent: vec!["bin/other".to_owned()],
        unread: vec![Unopened { member, why: "it is cut short".to_owned() }],
    })
}

/// Evidence in which each field holds something.
pub(super) fn sample() -> Evidence {
    let id = |digit: &str| ObjectId::parse(&digit.repeat(40)).unwrap();
    let tag = |name: &str, kind, time: Option<&str>| TagRecord {
        name: Untrusted::new(name),
        object: if name == "v1.0.0" { ObjectId::parse(OBJECT_1).unwrap() } else { id("a") },
        commit: id("b"),
        kind,
        time: time.map(|time| time.parse().unwrap()),
    };
    let rehashed = |bytes: &[u8], algorithms, content| {
        Arc::new(PublishedFile {
            size: Some(bytes.len() as u64),
            digests: hash_reader(bytes, algorithms).unwrap().1,
            bytes: Bytes::Rehashed,
            framed: Vec::new(),
            inside: looked(),
            content,
        })
    };
    let recorded = Arc::new(PublishedFile {
        size: None,
        digests: Digests::recorded([Digest::sha256_of(b"unseen")]).unwrap(),
        bytes: Bytes::Recorded,
        framed: Vec::new(),
        inside: Inside::NotLooked,
        content: None,
    });
    let list = Item::new("file:SHA256SUMS", b"a list".to_vec());
    let name = |text: &str| ArtifactName::parse(text).unwrap();
    Evidence {
        collected_at: "2026-01-02T03:04:05.000000006Z".parse().unwrap(),
        repository: RepositoryName::parse("acme/widget"),
        tag: Untrusted::new("v1.0.0"),
        tag_record: Seen::Present(tag("v1.0.0", TagKind::Signed, Some("2026-01-01T00:00:00Z"))),
        tag_object: Seen::Present(Item::new("git:aaaa", TAG_1.as_bytes().to_vec())),
        listing: Some(Seen::Present(Listing {
            origin: "https://api.example/releases/1".to_owned(),
            stage: Stage::PreRelease,
            is_immutable: Some(true),
            published_at: Some("2026-01-01T10:00:00Z".parse().unwrap()),
            commit: Some(id("c")),
            also: vec!["https://api.example/releases/2".to_owned()],
            files: vec![
                Listed {
                    name: Untrusted::new("odd\u{202e}name"),
                    size: Some(7),
                    digest: Digest::from_prefixed(&format!("sha256:{}", "a".repeat(64))),
                    updated_at: Some("2026-01-01T10:00:01Z".parse().unwrap()),
                },
                Listed { name: Untrusted::new("b"), size: None, digest: None, updated_at: None },
            ],
            generated: vec!["Source code (zip)".to_owned()],
        })),
        log_entries: Seen::unavailable(crate::evidence::NO_LOG_ASKED),
        trusted_roots: vec![Item::new("kit", b"{}".to_vec())],
        tags: Seen::Present(vec![
            tag("odd\u{1b}[2K\u{202e}name", TagKind::Lightweight, None),
            tag("v1.0.0", TagKind::Signed, Some("2026-01-01T00:00:00Z")),
            tag("v0.9.0", TagKind::Annotated, Some("-000044-04-03T10:11:12Z")),
        ]),
        branches: Seen::Present(Branches {
            default: Some(DefaultBranch {
                name: "main".into(),
                said_by: "refs/remotes/origin/HEAD".into(),
                commit: id("c"),
            }),
            names: vec!["main".into(), "topic".into()],
            contains_tag: Some(true),
        }),
        published: Seen::Present(Published {
            files: BTreeMap::from([
                (name("SHA256SUMS"), rehashed(b"a list", Algorithms::SHA256, Some(list))),
                (
                    name("empty.sig"),
                    rehashed(b"", Algorithms::SHA256, Some(Item::new("file:empty.sig", Vec::new()))),
                ),
                (name("widget"), rehashed(b"program", Algorithms::ALL, None)),
                (name("unseen"), recorded),
            ]),
            unread: vec![Unread { name: Untrusted::new("pipe\n"), why: "it is a pipe".into() }],
        }),
        tree: Seen::Present(
            Tree::new(
                BTreeMap::from([
                    (
                        "Cargo.lock".into(),
                        Seen::Present(Item::new("git:refs/tags/v1.0.0:Cargo.lock", b"lock".to_vec())),
                    ),
                    ("Cargo.toml".into(), Seen::unavailable("too large")),
                    (
                        "copy/Cargo.lock".into(),
                        Seen::Present(Item::new("git:x:copy/Cargo.lock", b"lock".to_vec())),
                    ),
                ]),
                vec!["Podfile.lock".into()],
            )
            .with_modules(BTreeMap::from([(
                "sub/v1.0.0".into(),
                Seen::Present(Item::new("git:refs/tags/sub/v1.0.0:sub/go.mod", b"module m".to_vec())),
            )]))
            .with_builds(BTreeMap::from([(
                "Makefile".into(),
                Seen::Present(Item::new("git:refs/tags/v1.0.0:Makefile", b"all:".to_vec())),
            )])),
        ),
        security_policy: Seen::Absent { looked_at: vec!["SECURITY.md".into(), "docs/SECURITY.md".into()] },
        project: Seen::Present(project()),
        advisories: Seen::Present(snapshot()),
    }
}

/// Something of everything that claims are held against.
fn project() -> Project {
    let item = |path: &str| Item::new(format!("git:refs/tags/v1.0.0:{path}"), path.as_bytes().to_vec());
    Project {
        files: BTreeMap::from([
            (".github/dependabot.yml".into(), Seen::Present(item(".github/dependabot.yml"))),
            ("CHANGELOG.md".into(), Seen::unavailable("too large")),
        ]),
        names: vec!["Dockerfile".into()],
        named: BTreeMap::from([
            ("docs".into(), Seen::Present(Named::Folder)),
            ("docs/a.md".into(), Seen::Present(Named::File(item("docs/a.md")))),
            ("docs/b.md".into(), Seen::Present(Named::Unread("too large".into()))),
            ("docs/c.md".into(), Seen::Absent { looked_at: vec!["docs/c.md".into()] }),
        ]),
        cited: vec![Cited { line: 3, path: "a.rs".into(), number: 7, then: Seen::Present(item("a.rs")) }],
        history: Seen::Present(History {
            began: Seen::Present("2025-01-01T00:00:00Z".parse().unwrap()),
            policy_began: Seen::unavailable("cut"),
            policy_changed: Seen::Present("2025-02-01T00:00:00Z".parse().unwrap()),
            recent: Recent { commits: 20, with_request: 19 },
        }),
    }
}

pub(super) fn snapshot() -> Snapshot {
    let affected = serde_json::json!([{
        "ranges": [[{ "introduced": "0" }, { "fixed": "1.2.3" }]], "versions": [], "is_range_unknown": false,
    }]);
    let saved = serde_json::json!({
        "schema": "relcheck.advisories/v2",
        "sources": [{
            "name": "rustsec", "commit": "d".repeat(40), "date": "2023-11-14T22:13:20Z", "advisories": 1,
            "sha256": "e".repeat(64), "form": "git", "ecosystems": ["cargo"], "withdrawn": 0, "url": null,
            "fetched_at": null,
        }],
        "packages": { "cargo": ["foo"] },
        "advisories": [{
            "ecosystem": "cargo", "package": "foo", "id": "RUSTSEC-2020-0001", "aliases": [],
            "kind": "vulnerability", "title": "A title", "published": "2020-01-02", "severity": null,
            "affected": affected, "fixed": [">=1.2.3"], "url": null,
        }],
    });
    Snapshot::from_bytes(saved.to_string().as_bytes()).unwrap()
}

/// Evidence of which nothing could be had.
pub(super) fn nothing() -> Evidence {
    Evidence {
        repository: None,
        listing: None,
        tag_record: Seen::unavailable("a"),
        tags: Seen::unavailable("b"),
        branches: Seen::Absent { looked_at: Vec::new() },
        published: Seen::unavailable("c"),
        tree: Seen::unavailable("d"),
        security_policy: Seen::unavailable("e"),
        project: Seen::unavailable("g"),
        advisories: Seen::unavailable("f"),
        ..sample()
    }
}
