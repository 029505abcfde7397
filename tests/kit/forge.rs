//! A forge that shows one release, and its git server: what GitHub, GitLab, Forgejo and Gitea answer, from the public
//! documentation of their interfaces. The git server is git's own.
//!
//! It knows no transport: whoever plays it in memory or over TLS puts its answers into their own form.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use relcheck::release::{Forge, RepositoryName};
use serde_json::{Value, json};

/// The tag of its release.
pub const TAG: &str = "v1.2.3";
/// Where GitHub keeps the files of releases.
pub const GITHUB_FILES: &str = "objects.githubusercontent.com";
/// Where GitLab keeps generic packages.
pub const GITLAB_FILES: &str = "cdn.registry.gitlab-static.net";

/// A forge that shows one release.
pub struct Player {
    /// Which forge it is.
    pub kind: Forge,
    /// The bare repository.
    pub repository: PathBuf,
    /// The files of the release.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The attestations that it keeps besides, whatever the digest.
    pub attested: Option<Vec<u8>>,
    /// How many assets one page of their list has.
    pub page: usize,
    /// What git said before: it says the same again.
    said: Mutex<HashMap<Vec<u8>, Vec<u8>>>,
}

/// What a forge says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// JSON, and where the next page of it is.
    Json(Vec<u8>, Option<String>),
    /// A file.
    File(Vec<u8>),
    /// What a git server says.
    Git(Vec<u8>),
    /// It is elsewhere.
    Moved(String),
    /// It has no such thing.
    NotThere,
}

/// The host of the repository on a forge of that kind.
pub fn host(kind: Forge) -> &'static str {
    match kind {
        Forge::Github => "github.com",
        Forge::Gitlab => "gitlab.com",
        Forge::Forgejo => "codeberg.org",
        Forge::Gitea => "git.example",
    }
}

impl Player {
    /// The forge of that kind, with that repository and these files.
    pub fn of(kind: Forge, repository: &Path, published: &Path) -> Self {
        let files = std::fs::read_dir(published).expect("a folder of published files").map(|entry| {
            let entry = entry.expect("a published file");
            let name = entry.file_name().into_string().expect("a name in UTF-8");
            (name, std::fs::read(entry.path()).expect("a published file"))
        });
        let (files, said) = (files.collect(), Mutex::default());
        Self { kind, repository: repository.to_owned(), files, attested: None, page: 100, said }
    }

    /// What the repository is called.
    pub fn name(&self) -> RepositoryName {
        RepositoryName::parse(&format!("{}/acme/widget", self.host())).expect("a repository's name")
    }

    /// The host of the repository.
    pub fn host(&self) -> &'static str {
        host(self.kind)
    }

    /// Where its interface speaks about the repository.
    pub fn base(&self) -> &'static str {
        match self.kind {
            Forge::Github => "https://api.github.com/repos/acme/widget",
            Forge::Gitlab => "https://gitlab.com/api/v4/projects/acme%2Fwidget",
            Forge::Forgejo => "https://codeberg.org/api/v1/repos/acme/widget",
            Forge::Gitea => "https://git.example/api/v1/repos/acme/widget",
        }
    }

    /// Where the release is asked for.
    pub fn release_url(&self) -> String {
        match self.kind {
            Forge::Gitlab => format!("{}/releases/{TAG}", self.base()),
            _ => format!("{}/releases/tags/{TAG}", self.base()),
        }
    }

    /// Where git is asked.
    pub fn git_url(&self) -> String {
        format!("https://{}/acme/widget.git/git-upload-pack", self.host())
    }

    /// Where a file is said to be.
    pub fn file_url(&self, name: &str) -> String {
        match self.kind {
            Forge::Gitlab => {
                format!("https://gitlab.com/api/v4/projects/1/packages/generic/widget/1.2.3/{name}")
            }
            _ => format!("https://{}/acme/widget/releases/download/{TAG}/{name}", self.host()),
        }
    }

    /// What it answers to a question for `url`, with that body where git is asked.
    pub fn answer(&self, url: &str, question: Option<&[u8]>) -> Said {
        if let Some(question) = question {
            return if url == self.git_url() { Said::Git(self.git(question)) } else { Said::NotThere };
        }
        if let Some(path) = url.strip_prefix(self.base()) {
            return self.api(path);
        }
        let name = url.split('?').next().and_then(|plain| plain.rsplit('/').next()).unwrap_or_default();
        let Some(bytes) = self.files.get(name) else { return Said::NotThere };
        let store = match self.kind {
            Forge::Github => GITHUB_FILES,
            Forge::Gitlab => GITLAB_FILES,
            Forge::Forgejo | Forge::Gitea => self.host(),
        };
        // The addresses of stores are signed, anew for each request.
        match url == self.file_url(name) && store != self.host() {
            true => Said::Moved(format!("https://{store}/store/{name}?Signature=s1gn3d")),
            false if url.starts_with(&format!("https://{store}/")) => Said::File(bytes.clone()),
            false => Said::NotThere,
        }
    }

    fn api(&self, path: &str) -> Said {
        let json = |value: Value| Said::Json(value.to_string().into_bytes(), None);
        let path = path.split('&').next().unwrap_or_default();
        match path {
            "" => json(json!({"id": 1})),
            "/releases/tags/v1.2.3" if self.kind != Forge::Gitlab => json(self.release()),
            "/releases/v1.2.3" if self.kind == Forge::Gitlab => json(self.release()),
            _ if path.starts_with("/releases/1/assets?") => self.list(path),
            _ if path.starts_with("/releases/assets/") => self.file(path),
            _ if path.starts_with("/attestations/sha256:") => match &self.attested {
                Some(answer) => Said::Json(answer.clone(), None),
                None => Said::NotThere,
            },
            _ => Said::NotThere,
        }
    }

    /// The release, as this forge writes it down.
    fn release(&self) -> Value {
        if self.kind != Forge::Gitlab {
            return json!({"id": 1, "tag_name": TAG, "draft": false, "prerelease": false,
                          "published_at": "2026-01-05T12:00:00Z", "assets": self.assets()});
        }
        let link = |(id, name): (usize, &String)| {
            let url = self.file_url(name);
            json!({"id": id, "name": name, "url": url, "link_type": "package"})
        };
        let links: Vec<_> = self.files.keys().enumerate().map(link).collect();
        json!({"tag_name": TAG, "released_at": "2026-01-05T12:00:00Z", "upcoming_release": false,
               "assets": {"links": links, "sources": [{"format": "zip"}, {"format": "tar.gz"}]}})
    }

    fn assets(&self) -> Vec<Value> {
        let asset = |(id, (name, bytes)): (usize, (&String, &Vec<u8>))| {
            json!({"id": id, "name": name, "size": bytes.len(),
                   "url": format!("{}/releases/assets/{id}", self.base()),
                   "browser_download_url": self.file_url(name),
                   "created_at": "2026-01-05T12:00:05Z", "updated_at": "2026-01-05T12:00:05Z"})
        };
        self.files.iter().enumerate().map(asset).collect()
    }

    /// One page of the list of assets: `?per_page=N`, then `?page=N`.
    fn list(&self, path: &str) -> Said {
        let page = path.rsplit_once("?page=").and_then(|(_, page)| page.parse().ok()).unwrap_or(1_usize);
        let assets = self.assets();
        let skipped = (page - 1) * self.page;
        let has_more = skipped + self.page < assets.len();
        let next = has_more.then(|| format!("{}/releases/1/assets?page={}", self.base(), page + 1));
        let some: Vec<_> = assets.into_iter().skip(skipped).take(self.page).collect();
        Said::Json(json!(some).to_string().into_bytes(), next)
    }

    /// A file by its number, which GitHub keeps elsewhere.
    fn file(&self, path: &str) -> Said {
        let id = path.rsplit('/').next().and_then(|id| id.parse::<usize>().ok());
        match id.and_then(|id| self.files.keys().nth(id)) {
            Some(name) => Said::Moved(format!("https://{GITHUB_FILES}/store/{name}?Signature=s1gn3d")),
            None => Said::NotThere,
        }
    }

    fn git(&self, question: &[u8]) -> Vec<u8> {
        if let Some(said) = self.said.lock().expect("nobody panics here").get(question) {
            return said.clone();
        }
        let mut child = Command::new("git")
            .args(["-c", "uploadpack.allowFilter=true", "-c", "safe.directory=*"])
            .args(["upload-pack", "--stateless-rpc"])
            .arg(&self.repository)
            .env("GIT_PROTOCOL", "version=2")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("git is installed");
        child.stdin.take().expect("git's input is a pipe").write_all(question).expect("git reads its input");
        let answer = child.wait_with_output().expect("git ends").stdout;
        self.said.lock().expect("nobody panics here").insert(question.to_vec(), answer.clone());
        answer
    }
}
