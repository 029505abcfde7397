//! Small repositories, each with the evidence of one row of the study, judged whole: collected, saved, loaded, judged.

mod addresses;
mod attacks;
mod before;
mod calls;
mod emptied;
mod fixtures;
mod flaws;
mod lessons;
mod locks;
mod named;
mod pins;
mod qualifiers;
mod reach;
mod replaced;
mod scanning;
mod seeds;
mod updates;
mod ways;

use super::super::PolicyClaims;
use crate::{
    checks::{Check, Rules},
    collect::{Assets, RepositoryAt, Request, folder::NO_FRAMES, gather, git::testing::Fixture},
    evidence::pack,
    facts::Facts,
    outcome::{Finding, Level},
    trust::TrustRoots,
};
use jiff::Timestamp;

/// The moment judged.
pub(super) const AS_OF: &str = "2026-11-21T00:00:00Z";

/// A repository on its way.
pub(super) struct Project(pub(super) Fixture);

impl Project {
    /// One with a policy of these lines under a heading: the first is line 3.
    pub(super) fn with_policy(lines: &str) -> Self {
        let fixture = Fixture::new();
        fixture.write("SECURITY.md", format!("## Security Measures\n\n{lines}\n"));
        Self(fixture)
    }

    pub(super) fn file(self, path: &str, text: &str) -> Self {
        self.0.write(path, text);
        self
    }

    /// A workflow with one job that runs `script` on pushes and pull requests.
    pub(super) fn workflow(self, script: &str) -> Self {
        let script = script.replace('\n', "\n          ");
        let text = format!(
            "name: CI\non: [push, pull_request]\npermissions: {{contents: read}}\njobs:\n  test:\n    runs-on: x\n    steps:\n      \
             - uses: actions/checkout@v4\n      - run: |\n          {script}\n"
        );
        self.file(".github/workflows/ci.yml", &text)
    }

    /// Commits what was written with these seconds since 1970.
    pub(super) fn commit_at(self, seconds: i64) -> Self {
        let git = |arguments: &[&str]| self.0.git(arguments);
        git(&["add", "-A"]);
        let parent = git(&["for-each-ref", "--format=%(objectname)", "refs/heads/main"]);
        let parent = if parent.is_empty() { String::new() } else { format!("parent {parent}\n") };
        let who = format!("A <a@example.org> {seconds} +0000");
        let tree = git(&["write-tree"]);
        let text = format!("tree {tree}\n{parent}author {who}\ncommitter {who}\n\nchange\n");
        let id = self.0.object("commit", text.as_bytes());
        git(&["update-ref", "refs/heads/main", &id]);
        self
    }

    /// What the check says under `rule`, a line each: the status, whether it only warns, the subject, the message.
    pub(super) fn says(self, rule: &str) -> Vec<String> {
        self.judged().into_iter().filter(|(of, _)| of == rule).map(|(_, said)| said).collect()
    }

    /// Everything that the check says, each with the name of its rule.
    pub(super) fn judged(self) -> Vec<(String, String)> {
        if !self.0.git(&["status", "--porcelain"]).is_empty() {
            self.0.commit("release");
        }
        self.0.git(&["tag", "v1.2.3"]);
        let evidence = gather(Request {
            repository: RepositoryAt::Folder(self.0.path().to_owned()),
            repository_name: None,
            tag: "v1.2.3".to_owned(),
            assets: Assets::None("none".into()),
            advisories: &crate::collect::NO_DATABASES,
            frames: NO_FRAMES,
            now: AS_OF.parse().unwrap(),
        })
        .unwrap();
        let folder = tempfile::tempdir().unwrap();
        pack::save(&evidence, folder.path()).unwrap();
        let loaded = pack::load(folder.path()).unwrap();
        let judge = |evidence| {
            let as_of: Timestamp = AS_OF.parse().unwrap();
            let facts = Facts::derive(evidence, &TrustRoots::of(Vec::new()), None, as_of);
            PolicyClaims::run(&facts, &Rules::default())
        };
        let findings = judge(&evidence);
        assert_eq!(findings, judge(&loaded), "a pack gives the same findings");
        let line = |it: &Finding| {
            let only = if it.most == Level::Warn { " (warning)" } else { "" };
            let subject = it.subject.name.strip_prefix("SECURITY.md:").unwrap_or(&it.subject.name);
            format!("{}{only} {subject} {}", it.status.word(), it.message)
        };
        let name = |it: &Finding| it.rule.id.strip_prefix("policy-claims/").unwrap().to_owned();
        findings.iter().map(|it| (name(it), line(it))).collect()
    }
}
