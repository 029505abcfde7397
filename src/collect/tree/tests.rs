use super::{Class, class};
use crate::collect::git::{EntryKind, TreePath};

fn class_at(path: &[u8], kind: EntryKind) -> Option<Class> {
    let id = gix::ObjectId::null(gix::hash::Kind::Sha1);
    class(&TreePath { path: path.to_vec(), kind, id })
}

#[test]
fn a_submodule_and_a_manifest_whose_path_is_not_utf_8_are_named_and_not_read() {
    for (path, kind) in [
        (&b"third_party/openssl"[..], EntryKind::Submodule),
        (b"sub\xff", EntryKind::Submodule),
        (b"caf\xe9/Cargo.lock", EntryKind::File),
        (b"caf\xe9/Podfile.lock", EntryKind::File),
        (b"requirements-\xe9.txt", EntryKind::File),
    ] {
        assert!(matches!(class_at(path, kind), Some(Class::Unread(_))), "{path:?}");
    }
    assert_eq!(class_at(b"caf\xe9/main.rs", EntryKind::File), None);
    assert_eq!(class_at("caf\u{e9}/Cargo.lock".as_bytes(), EntryKind::File), Some(Class::Kept));
}
