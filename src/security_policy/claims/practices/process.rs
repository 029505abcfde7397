//! How the project is said to work, and where it says that updates are announced.

use super::super::stance::{self, ANNOUNCED};
use super::super::tools;
use super::super::{Channel, ClaimKind, Claims, Detail, Tone};
use super::Reading;

impl Reading<'_> {
    /// How the project works.
    pub(super) fn process(&self, found: &mut Claims) {
        let words = &self.words;
        let scans = [
            "scan|scans|scanned|scanning|audit|audits|audited|checks|checked|dependabot|renovate|dependency|dependencies",
            "codeql|semgrep|trivy|grype|snyk|gosec|bandit|govulncheck|osv-scanner|pip-audit|gitleaks|trufflehog|sonarqube",
            "static|code analysis",
            "sast",
        ];
        let at = tools::interval(words).and_then(|(_, at)| {
            let is_near = words.near(&["daily|nightly|weekly|monthly", "every"], &scans, 6)?;
            (!words.any(&[
                "status",
                "progress",
                "reporter",
                "website|site|server|servers|infrastructure|network",
            ]))
            .then(|| at.max(is_near))
        });
        self.claim(ClaimKind::Schedule, at, Self::done, found);
        let few = [
            "least privilege|privileges|privileged",
            "least-privilege|least-privileged",
            "minimal|minimum|restricted|read-only permission|permissions",
            "minimal|minimum required permission|permissions",
        ];
        let place =
            ["ci|ci/cd", "workflow|workflows", "github actions", "pipeline|pipelines", "github_token"];
        let at = words.near(&few, &place, 8);
        self.claim(ClaimKind::LeastPrivilege, at, Self::detail, found);
        let changes =
            ["change|changes", "pull request|requests", "prs", "code", "merge|merges|merging|merged"];
        let at = words.near(&changes, &["review|reviews|reviewed"], 6);
        let is_rule = words.any(&["all|every|each", "require|requires|required", "mandatory"]);
        let at = at.filter(|_| is_rule && !words.any(&["report|reports", "submission*"]));
        self.claim(ClaimKind::Review, at, Self::detail, found);
        let factors = ["multi-factor|multifactor", "two-factor", "mfa", "2fa"];
        self.claim(ClaimKind::Mfa, words.find_any(&factors), Self::detail, found);
        let percent =
            words.iter().find_map(|word| word.split_once('%')?.0.parse().ok().filter(|n| *n <= 100));
        let at = words.find("coverage").filter(|_| percent.is_some());
        self.claim(ClaimKind::Coverage, at, |it| Detail { percent, ..it.detail() }, found);
        let tests =
            ["penetration test|tests|testing|tested", "pentest|pentests|pentesting|pen-test|pen-testing"];
        let at = words.find_any(&tests).filter(|_| !words.any(&["report|reports|reported"]));
        self.claim(ClaimKind::PenetrationTesting, at, Self::detail, found);
    }

    /// Where updates are announced.
    pub(super) fn announced(&self, found: &mut Claims) {
        const CHANNELS: &[(&str, Channel)] = &[
            ("changelog|changelog.md|changelogs|changes.md|news.md|history.md", Channel::Changelog),
            ("change log", Channel::Changelog),
            ("github release|releases", Channel::Releases),
            ("release notes", Channel::Releases),
            ("security|github advisory|advisories", Channel::Advisories),
            ("pypi", Channel::PyPi),
            ("npm", Channel::Npm),
            (concat!("crates", ".io"), Channel::Crates),
            ("mailing list|lists", Channel::MailingList),
        ];
        let says = self.words.any(&ANNOUNCED);
        if !says && !self.unit.is_announced {
            return;
        }
        let mut channels = Vec::new();
        let mut last = None;
        for (written, channel) in CHANNELS {
            let Some(at) = self.words.find(written) else { continue };
            last = last.max(Some(at));
            if !channels.contains(channel) {
                channels.push(*channel);
            }
        }
        // "Published in the changelog" of what? Of fixes and updates, by the sentence or by what introduces it.
        let topic =
            ["security|update|updates|fix|fixes|patch|patches|vulnerability|vulnerabilities|advisories"];
        let last =
            last.filter(|_| self.unit.is_announced || self.unit.is_of_updates || self.words.any(&topic));
        let Some(at) = last else { return };
        if stance::tone(&self.words, at, self.unit.stance, self.lead).is_some() {
            let detail = Detail { channels, ..Detail::default() };
            found.push(ClaimKind::UpdateChannels, self.line, self.sentence, Tone::Promise, detail);
        }
    }
}
