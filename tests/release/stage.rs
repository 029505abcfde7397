//! A release of the kit on its way to a verdict: collected, then judged, and what the report said in few words.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use relcheck::advisories::database::Database;
use relcheck::collect::{Assets, RepositoryAt, Request, gather};
use relcheck::evaluate::evaluate;
use relcheck::evidence::Evidence;
use relcheck::outcome::{Finding, Level, Status, Verdict};
use relcheck::policy::Policy;
use relcheck::report::Report;
use relcheck::trust::{Origin, SigstoreRoot, TrustRoots};
use tempfile::TempDir;

use crate::kit::bundle::{BundleOptions, Content, Signer};
use crate::kit::certificates::Identity;
use crate::kit::release::{Release, Written};
use crate::kit::signing::{Signing, maintainer};
use crate::kit::statement::Build;
use crate::kit::trusted_root::Sigstore;

/// The moment judged: half a day after the release was signed.
pub const AS_OF: &str = "2026-01-06T00:00:00Z";

/// The linux archive, artifact 0.
pub const LINUX: &str = "widget-1.2.3-x86_64-unknown-linux-gnu.tar.gz";
/// The macOS archive, artifact 1.
pub const MACOS: &str = "widget-1.2.3-aarch64-apple-darwin.tar.gz";
/// The crate, artifact 2.
pub const CRATE: &str = "widget-1.2.3.crate";

/// A moment.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A release in its folder, with what it is judged by.
pub struct Stage {
    /// Keeps the files until the test ends.
    pub folder: TempDir,
    /// Where they are.
    pub written: Written,
    /// The text of the policy.
    pub policy: String,
    /// The moment judged.
    pub as_of: Timestamp,
}

impl Stage {
    /// Writes `release`; it is judged by the built-in policy, and the maintainer's key where that signs.
    pub fn set(release: &Release) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let written = release.write(folder.path());
        let mut policy = Policy::built_in("default").unwrap().text;
        if release.signing != Signing::Keyless {
            policy += &key_entry("maintainer", &maintainer().public_pem());
        }
        Self { folder, written, policy, as_of: at(AS_OF) }
    }

    /// The bytes of a published file.
    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.written.published().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Publishes a file, or replaces one.
    pub fn publish(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.written.published().join(name), bytes).unwrap();
    }

    /// Takes a published file away.
    pub fn withdraw(&self, name: &str) {
        std::fs::remove_file(self.written.published().join(name)).unwrap();
    }

    /// The evidence.
    pub fn gather(&self) -> Evidence {
        self.try_gather().unwrap()
    }

    /// The evidence, or why there is none.
    pub fn try_gather(&self) -> Result<Evidence, String> {
        let advisories: Vec<Database> = self
            .written
            .advisories()
            .exists()
            .then(|| Database::open(&self.written.advisories()).unwrap())
            .into_iter()
            .collect();
        let keys = self.policy().keys().map_err(|error| error.to_string())?;
        let request = Request {
            repository: RepositoryAt::Folder(self.written.repository()),
            repository_name: None,
            tag: self.written.tag.clone(),
            assets: Assets::Folder(self.written.published()),
            advisories: &advisories,
            frames: &|name, bytes| relcheck::proof::frames(name, bytes, &keys),
            now: self.as_of,
        };
        gather(request).map_err(|error| error.to_string())
    }

    /// The policy in effect: the built-in one, or one of another name when anything in it was changed.
    pub fn policy(&self) -> Policy {
        let default = Policy::built_in("default").unwrap();
        if self.policy == default.text {
            return default;
        }
        let text = self.policy.replace("name = \"default\"", "name = \"widget\"");
        Policy::parse("relcheck.toml", &text).unwrap()
    }

    /// What is trusted.
    pub fn trust(&self) -> TrustRoots {
        trust(&self.written.trusted_root(), &self.policy())
    }

    /// The judgement.
    pub fn judge(&self) -> Report {
        evaluate(&self.gather(), &self.trust(), &self.policy(), self.as_of)
    }
}

/// The roots of trust in that file, with the keys of the policy.
pub fn trust(root: &Path, policy: &Policy) -> TrustRoots {
    let root = SigstoreRoot::parse("kit", Origin::File, &std::fs::read(root).unwrap()).unwrap();
    TrustRoots::of(vec![root]).with_keys(policy.keys().unwrap()).with_tag_keys(policy.tag_keys().unwrap())
}

/// The judgement of `release`.
pub fn judge(release: &Release) -> Report {
    Stage::set(release).judge()
}

/// The signer of the good release's files.
pub fn workflow(stage: &Stage) -> Identity {
    Identity::workflow(&Build::of_tag("v1.2.3", &stage.written.commit))
}

/// A bundle of the good release's kind.
pub fn bundle(content: &Content, identity: &Identity) -> Vec<u8> {
    let signer = Signer::Keyless(identity.clone());
    let bundle = Sigstore::new(crate::kit::SEED).bundle(content, &signer, &BundleOptions::default());
    bundle.to_string().into_bytes()
}

/// A key that may sign, as a policy names it.
pub fn key_entry(name: &str, pem: &str) -> String {
    format!("\n[[rules.signatures.key]]\nname = \"{name}\"\npem = \"\"\"\n{pem}\"\"\"\n")
}

/// Whether a finding has a say in the verdict and is no pass.
fn decides(report: &Report, finding: &Finding) -> bool {
    let required = |check: &relcheck::outcome::Outcome| {
        check.level == Level::Require && finding.rule.id.starts_with(&format!("{}/", check.check))
    };
    finding.level == Level::Require
        && finding.status != Status::Pass
        && report.checks.iter().any(|check| required(check) || finding.rule.id == "relcheck/unjudged")
}

/// Everything that decided against the release, as `RULE STATUS`, sorted, each once.
pub fn against(report: &Report) -> Vec<String> {
    let findings = report.checks.iter().flat_map(|check| &check.findings);
    let lines: BTreeSet<String> = findings
        .filter(|finding| decides(report, finding))
        .map(|finding| format!("{} {}", finding.rule.id, finding.status.word()))
        .collect();
    lines.into_iter().collect()
}

/// What was said without a say: warnings that are no pass, as `RULE STATUS`, sorted, each once.
pub fn aside(report: &Report) -> Vec<String> {
    let findings = report.checks.iter().flat_map(|check| &check.findings);
    let lines: BTreeSet<String> = findings
        .filter(|finding| finding.status != Status::Pass && !decides(report, finding))
        .map(|finding| format!("{} {}", finding.rule.id, finding.status.word()))
        .collect();
    lines.into_iter().collect()
}

/// The verdict, then everything that decided against the release.
pub fn outcome(report: &Report) -> String {
    let against = against(report);
    let worst = report.verdict.word();
    if against.is_empty() { worst.to_owned() } else { format!("{worst}: {}", against.join(", ")) }
}

/// The findings of one rule, each as `SUBJECT: MESSAGE`.
pub fn said(report: &Report, rule: &str) -> Vec<String> {
    let findings = report.checks.iter().flat_map(|check| &check.findings);
    findings
        .filter(|finding| finding.rule.id == rule)
        .map(|finding| format!("{}: {}", finding.subject, finding.message))
        .collect()
}

/// The release is verified; otherwise the whole report is shown.
pub fn assert_verified(report: &Report, what: &str) {
    let json = relcheck::report::json::render(report);
    assert_eq!(report.verdict, Verdict::Verified, "{what}\n{json}");
    assert_eq!(against(report), Vec::<String>::new(), "{what}\n{json}");
}
