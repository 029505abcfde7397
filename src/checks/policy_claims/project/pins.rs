//! Whether actions are named by their commit, through the actions that the repository holds itself.
//!
//! The rule that must not be broken: what cannot be followed is not pinned; and an image that no digest names is not
//! what it was.

use super::{About, ci};
use crate::{
    facts::project::workflow::{self, Step},
    outcome::Finding,
    paths,
    text::{self, clean},
};
use std::collections::BTreeSet;

/// Most actions of the repository that are followed.
const FOLLOWED_LIMIT: usize = 200;

/// What is used, as far as it was followed.
#[derive(Default)]
struct Uses {
    pinned: usize,
    /// Actions that no commit names.
    loose: BTreeSet<String>,
    /// What is not known to be the same every time.
    open: BTreeSet<String>,
    /// The folders of actions that are still to be followed, and of those that were.
    waiting: Vec<String>,
    seen: BTreeSet<String>,
}

/// Judges a claim that actions are named by digest.
pub(super) fn judge(about: &About<'_>) -> Vec<Finding> {
    let read = match ci::workflows(about) {
        Ok(read) => read,
        Err(finding) => return vec![*finding],
    };
    let mut uses = Uses::default();
    for (path, workflow) in read {
        for job in workflow.jobs.values() {
            if let Some(called) = &job.uses {
                uses.called(about, called, path);
            }
            job.images.iter().for_each(|image| uses.image(image, path));
            uses.steps(&job.steps, path);
        }
    }
    // What others use of the repository is its own, too.
    if ["action.yml", "action.yaml"].iter().any(|path| about.project.texts.contains_key(*path)) {
        uses.enter("./");
    }
    while let Some(folder) = uses.waiting.pop() {
        uses.local(about, &folder);
    }
    if about.says(&["image", "docker"])
        && let Some(path) = about.project.images.first()
    {
        uses.open.insert(format!("whether the images of {} are pinned was not looked at", clean(path)));
    }
    let list = |all: &BTreeSet<String>| text::plural_list(&all.iter().collect::<Vec<_>>(), 3);
    vec![match (uses.loose.is_empty(), uses.open.is_empty(), uses.pinned) {
        (false, ..) => about.refuted(format!("not by commit: {}", list(&uses.loose))),
        (true, false, _) => about.unknown(list(&uses.open)),
        (true, true, 0) => about.unknown("no workflow uses an action"),
        (true, true, n) => {
            about.confirmed(format!("{} named by commit", text::count(n, "use is", "uses are all")))
        }
    }]
}

impl Uses {
    fn steps(&mut self, steps: &[Step], path: &str) {
        for uses in steps.iter().filter_map(|step| step.uses.as_deref()) {
            match is_local(uses) {
                true => self.enter(uses),
                false => self.action(uses, path),
            }
        }
    }

    fn action(&mut self, uses: &str, path: &str) {
        if is_pinned(uses) {
            self.pinned += 1;
        } else {
            self.loose.insert(format!("{} ({})", clean(uses), clean(path)));
        }
    }

    /// A workflow that is called: those of the repository are looked at for themselves.
    fn called(&mut self, about: &About<'_>, called: &str, path: &str) {
        if !is_local(called) {
            return self.action(called, path);
        }
        let is_read = called.strip_prefix("./").is_some_and(|own| about.project.workflows.contains_key(own));
        if !is_read {
            self.open.insert(format!("the workflow {} was not read", clean(called)));
        }
    }

    fn image(&mut self, image: &str, path: &str) {
        let name = image.strip_prefix("docker://").unwrap_or(image);
        if !is_by_digest(name) {
            self.open.insert(format!("the image {} is not named by digest ({})", clean(image), clean(path)));
        }
    }

    /// Takes note of an action of the repository itself.
    fn enter(&mut self, uses: &str) {
        let folder = uses.strip_prefix("./").unwrap_or(uses).trim_end_matches('/');
        let is_within =
            uses.starts_with("./") && !folder.split('/').any(|it| it == "..") && !folder.contains('@');
        if !is_within {
            self.open.insert(format!("{} leads out of the repository", clean(uses)));
        } else if self.seen.len() >= FOLLOWED_LIMIT {
            self.open.insert(format!("more than {FOLLOWED_LIMIT} actions of the repository are used"));
        } else if self.seen.insert(folder.to_owned()) {
            self.waiting.push(folder.to_owned());
        }
    }

    fn local(&mut self, about: &About<'_>, folder: &str) {
        let found = ["action.yml", "action.yaml"].into_iter().find_map(|name| {
            let path = paths::below(folder, name);
            Some((about.project.texts.get(&path)?, path))
        });
        let Some((text, path)) = found else {
            self.open.insert(format!("the action ./{} was not read", clean(folder)));
            return;
        };
        let read = text.clone().and_then(|text| {
            Ok((workflow::read_action(text.as_bytes())?, workflow::action_image(text.as_bytes())?))
        });
        match read {
            Ok((steps, image)) => {
                self.steps(&steps, &path);
                // A Dockerfile beside it is the repository's own.
                let image = image.filter(|image| image.starts_with("docker://"));
                image.iter().for_each(|image| self.image(image, &path));
            }
            Err(why) => drop(self.open.insert(format!("{} {why}", clean(&path)))),
        }
    }
}

fn is_local(uses: &str) -> bool {
    uses.starts_with('.') || uses.starts_with('/')
}

/// Whether an action is named by its commit, or an image by its digest.
fn is_pinned(uses: &str) -> bool {
    if let Some(image) = uses.strip_prefix("docker://") {
        return is_by_digest(image);
    }
    // Whatever stands behind the first of them is what is asked for.
    let Some((name, version)) = uses.split_once('@') else { return false };
    // GitHub's commits have 40 digits, and none of them is all zeros.
    name.contains('/') && version.len() == 40 && is_hex(version) && version.bytes().any(|digit| digit != b'0')
}

fn is_by_digest(image: &str) -> bool {
    let digest =
        image.split_once("@sha256:").filter(|(name, _)| !name.is_empty() && !name.contains(['@', '$']));
    digest.is_some_and(|(_, digest)| digest.len() == 64 && is_hex(digest))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_or_a_digest_pins_and_nothing_else() {
        let commit = "a".repeat(40);
        assert!(is_pinned(&format!("actions/checkout@{commit}")));
        assert!(is_pinned(&format!("docker://alpine@sha256:{}", "0".repeat(64))));
        assert!(is_pinned(&format!("docker://ghcr.io/a/b:3@sha256:{}", "0".repeat(64))));
        for loose in [
            "actions/checkout@v4",
            "actions/checkout",
            "a/b@main",
            "docker://alpine:3",
            "a/b@abcdef1",
            &format!("a/b@{}", "0".repeat(40)),
            &format!("a/b@{}", "a".repeat(64)),
            &format!("a/b@main@{commit}"),
            &format!("@{commit}"),
            &format!("docker://a@b@sha256:{}", "0".repeat(64)),
        ] {
            assert!(!is_pinned(loose), "{loose}");
        }
    }
}
