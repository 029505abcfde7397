//! Every kind of request that the program makes for a release, after all others that come before it.

use std::sync::Arc;

use relcheck::release::Forge;

use crate::http::Asked;
use crate::kit::forge::{GITHUB_FILES, GITLAB_FILES};
use crate::kit::release::Release;
use crate::scene::Scene;

/// The request of which an answer is kept from an earlier run.
const KEPT: &str = "GitHub release, kept";

/// A kind of request.
pub struct Column {
    /// What it is called.
    pub name: &'static str,
    /// The release that is asked for.
    pub scene: Arc<Scene>,
    /// Of what.
    pub kind: Kind,
    /// Which requests are hit.
    pub is_hit: fn(&Asked) -> bool,
    /// Whose tunnels are hit, and from which on.
    pub tunnel: (&'static str, usize),
    /// Whether an answer is kept from an earlier run.
    pub is_kept: bool,
    /// How the host or the file is called.
    pub names: &'static [&'static str],
}

/// Of what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A git server.
    Git,
    /// An interface.
    Json,
    /// A published file.
    File,
}

/// All of them.
pub fn columns() -> Vec<Column> {
    let on = |kind: Forge| Arc::new(Scene::set(&Release::good(), kind));
    let (github, gitlab, forgejo, gitea) =
        (on(Forge::Github), on(Forge::Gitlab), on(Forge::Forgejo), on(Forge::Gitea));
    let many = Release { further: 12, ..Release::good() };
    let many = Arc::new(Scene::over(&many, Forge::Github, |_, player| player.page = 20));
    let kept = Arc::new(Scene::over(&Release::good(), Forge::Github, |stage, player| {
        let provenance = stage.written.provenance();
        let bundle = std::fs::read_to_string(&provenance).unwrap();
        std::fs::remove_file(&provenance).unwrap();
        player.files.retain(|name, _| !name.ends_with(".intoto.jsonl"));
        let answer = format!(r#"{{"attestations": [{{"bundle": {}, "repository_id": 1}}]}}"#, bundle.trim());
        player.attested = Some(answer.into_bytes());
    }));
    fn is_git(asked: &Asked, command: &str) -> bool {
        asked.method == "POST" && String::from_utf8_lossy(&asked.body).contains(command)
    }
    let column = |name, scene: &Arc<Scene>, kind, is_hit, tunnel, names| Column {
        name,
        scene: Arc::clone(scene),
        kind,
        is_hit,
        tunnel,
        is_kept: name == KEPT,
        names,
    };
    const API: &str = "api.github.com";
    vec![
        column(
            "git refs",
            &github,
            Kind::Git,
            |it| is_git(it, "command=ls-refs"),
            ("github.com", 0),
            &["https://github.com/acme/widget"],
        ),
        column(
            "git objects",
            &github,
            Kind::Git,
            |it| is_git(it, "command=fetch"),
            ("github.com", 1),
            &["https://github.com/acme/widget"],
        ),
        column(
            "GitHub release",
            &github,
            Kind::Json,
            |it| it.path.contains("/releases/tags/"),
            (API, 0),
            &[API, "github.com/acme/widget"],
        ),
        column(
            KEPT,
            &github,
            Kind::Json,
            |it| it.path.contains("/releases/tags/"),
            (API, 0),
            &[API, "github.com/acme/widget"],
        ),
        column(
            "GitHub page 2",
            &many,
            Kind::Json,
            |it| it.path.contains("/releases/1/assets?page=2"),
            (API, 2),
            &[API, "github.com/acme/widget", "widget-1.2.3"],
        ),
        column(
            "checksums",
            &github,
            Kind::File,
            |it| it.host == GITHUB_FILES && it.path.contains("/SHA256SUMS?"),
            (GITHUB_FILES, 0),
            &[GITHUB_FILES, "SHA256SUMS"],
        ),
        column(
            "bundle",
            &github,
            Kind::File,
            |it| it.host == GITHUB_FILES && it.path.contains("linux-gnu.tar.gz.sigstore.json?"),
            (GITHUB_FILES, 0),
            &[GITHUB_FILES, "linux-gnu.tar.gz"],
        ),
        column(
            "artifact",
            &github,
            Kind::File,
            |it| it.host == GITHUB_FILES && it.path.contains("linux-gnu.tar.gz?"),
            (GITHUB_FILES, 0),
            &[GITHUB_FILES, "linux-gnu.tar.gz"],
        ),
        column(
            "attestations",
            &kept,
            Kind::Json,
            |it| it.path.contains("/attestations/"),
            (API, 1),
            &[API, "widget-1.2.3"],
        ),
        column(
            "GitLab release",
            &gitlab,
            Kind::Json,
            |it| it.path.contains("/releases/v1.2.3"),
            ("gitlab.com", 1),
            &["gitlab.com"],
        ),
        column(
            "GitLab package",
            &gitlab,
            Kind::File,
            |it| it.host == GITLAB_FILES && it.path.contains(".crate?"),
            (GITLAB_FILES, 0),
            &[GITLAB_FILES, "widget-1.2.3.crate"],
        ),
        column(
            "Forgejo release",
            &forgejo,
            Kind::Json,
            |it| it.path.contains("/releases/tags/"),
            ("codeberg.org", 1),
            &["codeberg.org"],
        ),
        column(
            "Gitea file",
            &gitea,
            Kind::File,
            |it| it.path.split('?').next().is_some_and(|path| path.ends_with(".crate")),
            ("git.example", 5),
            &["git.example", "widget-1.2.3.crate"],
        ),
    ]
}
