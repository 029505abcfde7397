//! What a pack says of its tag is one thing, or it is refused.

use super::{
    super::*,
    sample::{OBJECT_1, OBJECT_1_UNSIGNED, sample},
};
use crate::{
    evidence::{Seen, TagKind, TagRecord},
    release::ObjectId,
};

#[test]
fn a_tag_that_contradicts_its_object_or_the_list_of_tags_is_refused() {
    type Change = fn(&mut TagRecord, &mut Vec<TagRecord>);
    let id = |digit: &str| ObjectId::parse(&digit.repeat(40)).unwrap();
    let other = id("d");
    const LATER: Option<jiff::Timestamp> = Some(jiff::Timestamp::MAX);
    let cases: [(&str, Change); 14] = [
        ("the name of the tag v1.0.0", |record, _| record.name = Untrusted::new("v9")),
        ("the commit of the tag v1.0.0", |record, tags| {
            (record.object, tags[1].object) = (record.commit.clone(), record.commit.clone());
        }),
        ("the commit of the tag v1.0.0", |record, tags| {
            (record.kind, tags[1].kind) = (TagKind::Lightweight, TagKind::Lightweight);
        }),
        ("the object of the tag v1.0.0", |record, tags| {
            (record.kind, record.object) = (TagKind::Lightweight, record.commit.clone());
            tags[1] = record.clone();
        }),
        ("the object of the tag v1.0.0", |record, tags| {
            (record.kind, tags[1].kind) = (TagKind::Annotated, TagKind::Annotated);
        }),
        ("the object of the tag v1.0.0", |record, tags| {
            (record.object, tags[1].object) = (tags[0].object.clone(), tags[0].object.clone());
        }),
        ("the object of the tag v1.0.0", |record, tags| (record.time, tags[1].time) = (LATER, LATER)),
        ("the object of the tag v1.0.0", |record, tags| (record.time, tags[1].time) = (None, None)),
        ("the list of tags, which has another v1.0.0", |record, _| record.time = LATER),
        ("the list of tags, which has another v1.0.0", |_, tags| tags[1].time = LATER),
        ("the list of tags, which has another v1.0.0", |record, tags| record.object = tags[0].object.clone()),
        ("the list of tags, which has another v1.0.0", |_, tags| tags[1].object = tags[1].commit.clone()),
        ("the list of tags, which has another v1.0.0", |_, tags| tags[1].commit = tags[1].object.clone()),
        ("the list of tags, which has another v1.0.0", |_, tags| {
            let twice = TagRecord { kind: TagKind::Annotated, ..tags[1].clone() };
            tags.push(twice);
        }),
    ];
    let written = |change: &dyn Fn(&mut Evidence)| {
        let mut evidence = sample();
        change(&mut evidence);
        // It is written without a look, as another program would.
        let mut blobs = Blobs::default();
        let manifest = Manifest::of(&evidence, &mut blobs).unwrap().to_bytes().unwrap();
        let folder = tempfile::tempdir().unwrap();
        folder::write(&Saved { manifest, blobs: blobs.0 }, folder.path()).unwrap();
        let loaded = load(folder.path()).map_err(|error| error.to_string());
        let further = tempfile::tempdir().unwrap();
        let saved = save(&evidence, further.path()).map_err(|error| error.to_string());
        assert_eq!(saved.err(), loaded.as_ref().err().cloned());
        loaded.map(|loaded| assert_eq!(loaded, evidence))
    };
    let with = |change: &dyn Fn(&mut TagRecord, &mut Vec<TagRecord>)| {
        written(&|evidence| match (&mut evidence.tag_record, &mut evidence.tags) {
            (Seen::Present(record), Seen::Present(tags)) => change(record, tags),
            _ => panic!("there are tags"),
        })
    };
    for (about, change) in cases {
        assert_eq!(with(&change), Err(format!("the evidence pack contradicts itself about {about}")));
    }
    // A tag object in which no signature is.
    let unsigned = |evidence: &mut Evidence, kind| {
        let signed = &evidence.tag_object.present().unwrap().bytes;
        let line = b"-----BEGIN PGP SIGNATURE-----\n".len();
        let item = Item::new("git:aaaa", signed[..signed.len() - line].to_vec());
        let (Seen::Present(record), Seen::Present(tags)) = (&mut evidence.tag_record, &mut evidence.tags)
        else {
            panic!("there are tags")
        };
        (record.kind, record.object) = (kind, ObjectId::parse(OBJECT_1_UNSIGNED).unwrap());
        tags[1] = record.clone();
        evidence.tag_object = Seen::Present(item);
    };
    let refused = "the evidence pack contradicts itself about the object of the tag v1.0.0";
    assert_eq!(written(&|evidence| unsigned(evidence, TagKind::Signed)), Err(refused.to_owned()));
    assert_eq!(written(&|evidence| unsigned(evidence, TagKind::Annotated)), Ok(()));
    // A lightweight tag, of which there is no object.
    let lightweight = |evidence: &mut Evidence| {
        let Seen::Present(record) = &mut evidence.tag_record else { panic!("there is a tag") };
        (record.kind, record.object) = (TagKind::Lightweight, record.commit.clone());
        (evidence.tags, evidence.tag_object) =
            (Seen::unavailable("x"), Seen::Absent { looked_at: Vec::new() });
    };
    assert_eq!(written(&lightweight), Ok(()));
    // Of other tags no bytes are held, and a list need not know when a tag was made, nor have all of them.
    assert_eq!(sample().tag_record.present().unwrap().object.as_str(), OBJECT_1);
    assert_eq!(with(&|_, tags| tags[0].object = other.clone()), Ok(()));
    assert_eq!(with(&|_, tags| tags[1].time = None), Ok(()));
    assert_eq!(with(&|_, tags| drop(tags.remove(1))), Ok(()));
}
