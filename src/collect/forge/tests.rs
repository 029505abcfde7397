//! What forges answer, from their public documentation, and what is made of it.

use super::*;
use std::{collections::BTreeMap, sync::Mutex};

mod mutated;

/// Answers by URL; everything else is not found. Keeps what was asked, and with which token.
#[derive(Default)]
struct Script {
    answers: BTreeMap<String, Result<Answer, TransportError>>,
    asked: Mutex<Vec<(String, Option<String>)>>,
}

impl Script {
    fn with(mut self, url: &str, body: &str) -> Self {
        self.answers.insert(url.to_owned(), Ok(Answer::new(url, body.as_bytes().to_vec())));
        self
    }

    fn with_next(mut self, url: &str, body: &str, next: &str) -> Self {
        let mut answer = Answer::new(url, body.as_bytes().to_vec());
        answer.next = Some(next.to_owned());
        self.answers.insert(url.to_owned(), Ok(answer));
        self
    }

    fn failing(mut self, url: &str, status: u16) -> Self {
        self.answers.insert(url.to_owned(), Err(answered(url, status)));
        self
    }
}

fn answered(url: &str, status: u16) -> TransportError {
    TransportError::Status { url: url.to_owned(), status, retry_after: None }
}

impl Transport for Script {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        let token = request.token.map(|token| format!("{} {:?}", token.origin(), token.header()));
        self.asked.lock().unwrap().push((request.url.to_owned(), token));
        self.answers.get(request.url).cloned().unwrap_or_else(|| Err(answered(request.url, 404)))
    }
}

const GITHUB: &str = "https://api.github.com/repos/acme/widget";
const GITLAB: &str = "https://gitlab.com/api/v4/projects/acme%2Ftools%2Fwidget";
const GITEA: &str = "https://codeberg.org/api/v1/repos/acme/widget";

fn api(kind: Forge, repository: &str, script: Script) -> (Api, Arc<Script>) {
    let script = Arc::new(script);
    let repository = RepositoryName::parse(repository).unwrap();
    (Api::new(kind, repository, None, script.clone()), script)
}

fn github_release(more: &str, assets: &str) -> String {
    format!(
        r#"{{"id": 7, "tag_name": "v1.2.3", "draft": false, "prerelease": false, "published_at": "2026-01-05T12:00:00Z",
            "assets": [{assets}]{more}}}"#
    )
}

fn github_asset(name: &str) -> String {
    format!(
        r#"{{"id": 9, "url": "{GITHUB}/releases/assets/9", "name": "{name}", "size": 3, "state": "uploaded",
            "digest": "sha256:{}", "updated_at": "2026-01-05T12:01:00Z",
            "browser_download_url": "https://github.com/acme/widget/releases/download/v1.2.3/{name}"}}"#,
        "a".repeat(64)
    )
}

fn present(api: &Api, tag: &str) -> Release {
    match api.release(tag) {
        Seen::Present(release) => release,
        other => panic!("{other:?}"),
    }
}

fn unavailable(api: &Api, words: &str) {
    match api.release("v1.2.3") {
        Seen::Unavailable { reason } => assert!(reason.contains(words), "{reason}"),
        other => panic!("{words}: {other:?}"),
    }
}

#[test]
fn a_release_on_github_is_read_with_what_github_says_of_its_files() {
    let url = format!("{GITHUB}/releases/tags/v1.2.3");
    let body = github_release(r#", "immutable": true"#, &github_asset("widget.tar.gz"));
    let (api, script) = api(Forge::Github, "acme/widget", Script::default().with(&url, &body));
    let release = present(&api, "v1.2.3");
    assert_eq!(
        release.files,
        [Remote {
            name: "widget.tar.gz".to_owned(),
            url: "https://github.com/acme/widget/releases/download/v1.2.3/widget.tar.gz".to_owned(),
            size: Some(3),
        }]
    );
    let listing = release.listing;
    assert_eq!((listing.stage, listing.is_immutable, listing.commit), (Stage::Full, Some(true), None));
    assert_eq!(listing.published_at, Some("2026-01-05T12:00:00Z".parse().unwrap()));
    assert_eq!(listing.files[0].digest, Digest::from_prefixed(&format!("sha256:{}", "a".repeat(64))));
    assert_eq!(listing.generated.len(), 2);
    assert_eq!(script.asked.lock().unwrap().len(), 1, "one question is enough");
}

#[test]
fn hosts_of_github_answer_where_their_documentation_says() {
    for (host, base) in [
        ("github.com", "https://api.github.com/repos/acme/widget"),
        ("acme.ghe.com", "https://api.acme.ghe.com/repos/acme/widget"),
        ("git.acme.example", "https://git.acme.example/api/v3/repos/acme/widget"),
    ] {
        let script = Script::default().with(&format!("{base}/releases/tags/v1.2.3"), &github_release("", ""));
        let (api, _) = api(Forge::Github, &format!("{host}/acme/widget"), script);
        assert_eq!(present(&api, "v1.2.3").files, []);
    }
}

#[test]
fn a_long_list_of_files_is_read_to_its_last_page() {
    let page = |from: usize| -> String {
        (from..from + 100).map(|n| github_asset(&format!("f{n}"))).collect::<Vec<_>>().join(",")
    };
    let first = format!("{GITHUB}/releases/7/assets?per_page=100");
    let second = format!("{GITHUB}/releases/7/assets?per_page=100&page=2");
    let release = format!("{GITHUB}/releases/tags/v1.2.3");
    let good = || {
        Script::default().with(&release, &github_release("", &page(0))).with_next(
            &first,
            &format!("[{}]", page(0)),
            &second,
        )
    };
    let (whole, _) = api(Forge::Github, "acme/widget", good().with(&second, &format!("[{}]", page(100))));
    assert_eq!(present(&whole, "v1.2.3").files.len(), 200);
    // A page that is missing, cut off or something else leaves nothing.
    let (lost, _) = api(Forge::Github, "acme/widget", good().failing(&second, 502));
    unavailable(&lost, "answered 502");
    let (cut, _) = api(Forge::Github, "acme/widget", good().with(&second, &page(100)[..500]));
    unavailable(&cut, "is not JSON");
    let (other, _) = api(Forge::Github, "acme/widget", good().with(&second, "{}"));
    unavailable(&other, "is not a list");
    let (endless, _) = api(Forge::Github, "acme/widget", good().with_next(&second, "[]", &second));
    unavailable(&endless, "more than 100 pages");
}

#[test]
fn a_release_on_gitlab_has_links_and_a_commit() {
    let url = format!("{GITLAB}/releases/v1.2.3");
    let commit = "c".repeat(40);
    let body = format!(
        r#"{{"tag_name": "v1.2.3", "released_at": "2026-01-05T12:00:00.123Z", "upcoming_release": false,
            "commit": {{"id": "{commit}"}},
            "assets": {{"count": 4, "sources": [{{"format": "zip", "url": "x"}}], "links": [
                {{"id": 1, "name": "Linux", "url": "https://gitlab.com/api/v4/projects/1/packages/generic/w/1.2.3/widget.tar.gz",
                  "direct_asset_url": "https://gitlab.com/acme/tools/widget/-/releases/v1.2.3/downloads/widget.tar.gz", "link_type": "package"}},
                {{"id": 2, "name": "image", "url": "https://registry.example/x", "link_type": "image"}}]}}}}"#
    );
    let (api, _) = api(Forge::Gitlab, "gitlab.com/acme/tools/widget", Script::default().with(&url, &body));
    let Release { listing, files } = present(&api, "v1.2.3");
    assert_eq!(files.len(), 1);
    assert_eq!((files[0].name.as_str(), files[0].size), ("widget.tar.gz", None));
    assert!(files[0].url.ends_with("/downloads/widget.tar.gz"));
    assert_eq!(listing.commit.unwrap().as_str(), commit);
    assert_eq!((listing.stage, listing.generated), (Stage::Published, vec!["Source code (zip)".to_owned()]));
}

#[test]
fn a_release_on_forgejo_is_read() {
    let url = format!("{GITEA}/releases/tags/v1.2.3");
    let body = r#"{"id": 1, "tag_name": "v1.2.3", "draft": false, "prerelease": true, "published_at": "2026-01-05T12:00:00+01:00",
        "assets": [{"id": 3, "name": "widget.tar.gz", "size": 5, "created_at": "2026-01-05T12:00:00Z",
                    "browser_download_url": "https://codeberg.org/acme/widget/releases/download/v1.2.3/widget.tar.gz"}]}"#;
    let (api, _) = api(Forge::Forgejo, "codeberg.org/acme/widget", Script::default().with(&url, body));
    let release = present(&api, "v1.2.3");
    assert_eq!((release.listing.stage, release.files[0].size), (Stage::PreRelease, Some(5)));
}

#[test]
fn absent_is_only_said_by_a_forge_that_shows_the_repository() {
    for (kind, repository, release, base) in [
        (Forge::Github, "acme/widget", format!("{GITHUB}/releases/tags/v1.2.3"), GITHUB),
        (Forge::Gitlab, "gitlab.com/acme/tools/widget", format!("{GITLAB}/releases/v1.2.3"), GITLAB),
        (Forge::Forgejo, "codeberg.org/acme/widget", format!("{GITEA}/releases/tags/v1.2.3"), GITEA),
    ] {
        let (shown, _) = api(kind, repository, Script::default().with(base, r#"{"id": 1}"#));
        assert!(matches!(shown.release("v1.2.3"), Seen::Absent { .. }), "{kind:?}");
        let (hidden, _) = api(kind, repository, Script::default());
        unavailable(&hidden, "answered 404; check the name; what is private also answers like this");
        // A redirect led to somebody else, who has nothing either.
        let mut elsewhere = Script::default().with(base, r#"{"id": 1}"#);
        elsewhere.answers.insert(release.clone(), Err(answered("https://store.example/x", 404)));
        let (elsewhere, _) = api(kind, repository, elsewhere);
        unavailable(&elsewhere, "https://store.example/x answered 404");
        for status in [401, 403, 409, 429, 500, 502, 503] {
            let (failing, _) =
                api(kind, repository, Script::default().with(base, "{}").failing(&release, status));
            unavailable(&failing, &format!("answered {status}"));
            let (unsure, _) = api(kind, repository, Script::default().failing(base, status));
            unavailable(&unsure, &format!("answered {status}"));
        }
        for (body, words) in [
            ("<html>", "is not JSON"),
            ("", "is not JSON"),
            ("[]", "not an object"),
            ("{}", "tag_name is not a text"),
            (r#"{"tag_name": "v1.2.2"}"#, "tag_name is not the tag that was asked for"),
            (r#"{"tag_name": "v1.2.3"}"#, " is not "),
            (r#"{"tag_name": "v1.2.3", "assets": [1]}"#, " is not "),
            (r#"{"tag_name": "v1.2.3", "tag_name": "v1.2.3"}"#, "is not JSON"),
        ] {
            let (odd, _) = api(kind, repository, Script::default().with(base, "{}").with(&release, body));
            unavailable(&odd, words);
        }
    }
}

#[test]
fn attestations_are_there_not_there_or_not_known() {
    let sha256 = "b".repeat(64);
    let url = format!("{GITHUB}/attestations/sha256:{sha256}?per_page=100");
    let ask = |script: Script| api(Forge::Github, "acme/widget", script).0.attestations(&sha256);
    let one = r#"{"attestations": [{"bundle": {"mediaType": "x"}, "repository_id": 1}]}"#;
    assert!(
        matches!(ask(Script::default().with(&url, one)), Seen::Present(answer) if answer.bytes == one.as_bytes())
    );
    assert!(matches!(ask(Script::default().with(&url, r#"{"attestations": []}"#)), Seen::Absent { .. }));
    assert!(matches!(ask(Script::default()), Seen::Absent { .. }));
    for script in [
        Script::default().failing(&url, 403),
        Script::default().with(&url, "{}"),
        Script::default().with(&url, r#"{"attestations": [{"bundle": null}]}"#),
        Script::default().with_next(&url, one, &url),
    ] {
        assert!(matches!(ask(script), Seen::Unavailable { .. }));
    }
}

#[test]
fn a_token_is_sent_to_the_host_of_the_api_in_the_header_of_its_forge() {
    for (kind, repository, is_job, expected) in [
        (Forge::Github, "acme/widget", false, "https://api.github.com Bearer"),
        (Forge::Github, "git.acme.example/acme/widget", false, "https://git.acme.example Bearer"),
        (Forge::Gitlab, "gitlab.com/a/b", false, "https://gitlab.com Named(\"PRIVATE-TOKEN\")"),
        (Forge::Gitlab, "gitlab.com/a/b", true, "https://gitlab.com Named(\"JOB-TOKEN\")"),
        (Forge::Forgejo, "codeberg.org/a/b", false, "https://codeberg.org Bearer"),
    ] {
        let script = Arc::new(Script::default());
        let repository = RepositoryName::parse(repository).unwrap();
        let secret = Secret::new("s3cr3t", is_job);
        let api = Api::new(kind, repository, Some(&secret), script.clone());
        api.release("v1");
        let asked = script.asked.lock().unwrap().clone();
        assert!(!asked.is_empty());
        assert!(asked.iter().all(|(_, token)| token.as_deref() == Some(expected)), "{asked:?}");
    }
}

#[test]
fn a_tag_is_one_segment_of_the_address() {
    let (api, script) = api(Forge::Github, "acme/widget", Script::default());
    api.release("a/../../../x?y=1#z%20ü");
    let asked = script.asked.lock().unwrap()[0].0.clone();
    assert_eq!(asked, format!("{GITHUB}/releases/tags/a%2F..%2F..%2F..%2Fx%3Fy%3D1%23z%2520%C3%BC"));
}

#[test]
fn a_draft_is_found_by_those_who_are_shown_it_and_every_release_of_the_tag_is_told() {
    let all = format!("{GITHUB}/releases?per_page=100");
    let draft = |id: u64, tag: &str| {
        format!(r#"{{"id": {id}, "tag_name": "{tag}", "draft": true, "prerelease": false, "assets": []}}"#)
    };
    let ask = |secret: Option<&Secret>, list: String| {
        let script = Arc::new(Script::default().with(GITHUB, "{}").with(&all, &list));
        let repository = RepositoryName::parse("acme/widget").unwrap();
        Api::new(Forge::Github, repository, secret, script).release("v1.2.3")
    };
    let secret = Secret::new("t", false);
    let list = format!("[{}, {}, {}]", draft(1, "v1.2.4"), draft(2, "v1.2.3"), draft(3, "v1.2.3"));
    let Seen::Present(release) = ask(Some(&secret), list.clone()) else { panic!("it is shown") };
    assert_eq!(release.listing.stage, Stage::Draft);
    assert_eq!(release.listing.also, [format!("{GITHUB}/releases/3")]);
    assert!(matches!(ask(Some(&secret), format!("[{}]", draft(1, "v1.2.4"))), Seen::Absent { .. }));
    assert!(matches!(ask(None, list), Seen::Absent { .. }));
    for bad in ["{}", "<html>", r#"[{"tag_name": "v1.2.3"}]"#] {
        assert!(matches!(ask(Some(&secret), bad.to_owned()), Seen::Unavailable { .. }), "{bad}");
    }
}

#[test]
fn a_digest_or_a_flag_that_cannot_be_read_is_not_a_missing_one() {
    let url = format!("{GITHUB}/releases/tags/v1.2.3");
    let asset = github_asset("w");
    let bad = [
        github_release("", &asset.replace("sha256:a", "sha256:A")),
        github_release("", &asset.replace("\"digest\": \"sha256:", "\"digest\": \"sha256:0")),
        github_release(r#", "immutable": "yes""#, &asset),
    ];
    for body in bad {
        let (api, _) = api(Forge::Github, "acme/widget", Script::default().with(&url, &body));
        unavailable(&api, "is not ");
    }
    let commit = "c".repeat(40);
    for (target, expected) in [("main", None), (commit.as_str(), ObjectId::parse(&commit))] {
        let body = github_release(&format!(r#", "target_commitish": "{target}""#), &asset);
        let (api, _) = api(Forge::Github, "acme/widget", Script::default().with(&url, &body));
        assert_eq!(present(&api, "v1.2.3").listing.commit, expected);
    }
}

#[test]
fn that_there_are_no_attestations_is_said_by_the_forge_itself() {
    let sha256 = "0".repeat(64);
    let url = format!("{GITHUB}/attestations/sha256:{sha256}?per_page=100");
    let seen = |at: &str, status| {
        let mut script = Script::default();
        script.answers.insert(url.clone(), Err(answered(at, status)));
        api(Forge::Github, "acme/widget", script).0.attestations(&sha256)
    };
    assert!(matches!(seen(&url, 404), Seen::Absent { .. }));
    for (at, status) in [("https://store.example/x", 404), (url.as_str(), 403), (url.as_str(), 500)] {
        match seen(at, status) {
            Seen::Unavailable { reason } => {
                assert!(reason.contains(&format!("answered {status}")), "{reason}")
            }
            other => panic!("{at} {status}: {other:?}"),
        }
    }
}
