//! By which path a diff names its file, so that `git apply` finds that file and no other of its name.

use super::World;
use crate::text::Untrusted;
use std::path::{Component, Path};

/// The path in the header of a diff, and what has to be said about where the diff is to be applied.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PatchPath {
    pub(super) path: String,
    pub(super) note: Option<String>,
}

impl PatchPath {
    /// A path below the folder in which the user stands is the one that was typed. Any other is told from the root of the
    /// git work tree that the file lies in, or from where the user stands; what is neither is its name alone.
    pub(super) fn of(file: &Path, world: &World) -> Self {
        if let Some(path) = plain(file) {
            return Self { path, note: None };
        }
        let full = world.folder.join(file);
        let name = Path::new(file.file_name().unwrap_or_default());
        // The file itself may be a link, and git knows it by the link's name.
        let parent = full.parent().and_then(|parent| parent.canonicalize().ok()).unwrap_or_default();
        let (real, here) = (parent.join(name), world.folder.canonicalize().unwrap_or_default());
        let from = |root: &Path| real.strip_prefix(root).ok().and_then(plain);
        let tree = work_tree(&parent);
        if let Some((root, path)) = tree.and_then(|root| Some((root, from(root)?))) {
            let elsewhere = root != here;
            return Self { path, note: elsewhere.then(|| applied_in("the root of its git work tree", root)) };
        }
        match from(&here) {
            Some(path) => Self { path, note: None },
            None => Self {
                path: name.to_string_lossy().into_owned(),
                note: Some(applied_in("the folder of the file", &parent)),
            },
        }
    }
}

/// The root of the git work tree that a folder is in.
pub(super) fn work_tree(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
}

fn applied_in(what: &str, folder: &Path) -> String {
    format!("note: the diff is to be applied in {what}, {}", Untrusted::new(folder.to_string_lossy()))
}

/// A path that stays below where it begins, without its dots; nothing for any other.
fn plain(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_string_lossy()),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::plain;
    use std::path::Path;

    #[test]
    fn a_path_below_is_as_typed_without_its_dots() {
        for (typed, expected) in [
            ("SECURITY.md", Some("SECURITY.md")),
            ("./a//b/./SECURITY.md", Some("a/b/SECURITY.md")),
            ("a/../SECURITY.md", None),
            ("/a/SECURITY.md", None),
            (".", None),
        ] {
            assert_eq!(plain(Path::new(typed)).as_deref(), expected, "{typed}");
        }
    }
}
