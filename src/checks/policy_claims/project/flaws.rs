//! What Dependabot and Renovate are said to do about known vulnerabilities.
//!
//! The rule that must not be broken: settings that have new versions proposed show nothing of vulnerabilities, and that
//! they are not there refutes only what needs them: alerts and security updates are settings of the forge.

use super::{About, beyond};
use crate::{
    facts::project::{
        tools::Trade,
        updates::{Updater, Updates},
    },
    outcome::{Finding, Status},
    security_policy::claims::{ClaimKind, Ecosystem},
};

/// Stems of what is done about vulnerabilities.
const ACTS: [&str; 21] = [
    "scan", "audit", "detect", "monitor", "check", "look", "find", "identif", "flag", "watch", "track",
    "warn", "notif", "report", "discover", "search", "fix", "patch", "remediat", "resolv", "mitigat",
];
/// What a security update mends.
const MENDED: [&str; 10] =
    ["issue", "issues", "fix", "fixes", "patch", "patches", "flaw", "flaws", "problem", "problems"];
/// Words of new versions, whatever else is said.
const VERSIONS: [&str; 7] = [
    "up to date",
    "up-to-date",
    "outdated",
    "version update",
    "new version",
    "newer version",
    "latest version",
];
/// Stems of words that tell of new versions, where nothing is said of vulnerabilities.
const RENEWED: [&str; 3] = ["updat", "upgrad", "bump"];

/// Says so, where what `finding` says of the settings of an updater is none of what the sentence says of it.
pub(super) fn not_shown(
    about: &About<'_>,
    updater: Updater,
    all: &[&Updates],
    finding: &Finding,
) -> Option<Finding> {
    let sentence = about.claim.sentence.to_lowercase();
    let words: Vec<&str> =
        sentence.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let is_scan = about.claim.kind == ClaimKind::DependencyScanning;
    let needs_settings = needs_settings(about, &sentence, &words);
    if !is_scan && (needs_settings || !is_of_flaws(&words)) {
        return None;
    }
    let why = match (finding.status, updater) {
        (Status::Pass, _)
            if needs_settings && !names_flaws(&words) && !begins(&words, &["scan", "audit"]) =>
        {
            return None;
        }
        (Status::Pass, _) => {
            let said = all.iter().find_map(|it| Some((it, it.settings.as_ref().ok()?.flaws?)));
            match said {
                Some((it, said)) => format!("there is {}; it {said}", it.path),
                None => format!("there is {}; {}", all.first()?.path, of_forge(updater)),
            }
        }
        (Status::Fail, Updater::Dependabot) if !needs_settings => beyond::ALERTS.to_owned(),
        _ => return None,
    };
    let trade = is_scan.then_some(Trade::Dependencies);
    Some(about.unknown(beyond::beyond(about, trade).unwrap_or(why)))
}

/// What settings that are there do not show.
const fn of_forge(updater: Updater) -> &'static str {
    match updater {
        Updater::Dependabot => {
            "it has new versions proposed, and of alerts and security updates only the forge could tell"
        }
        Updater::Renovate => {
            "it has new versions proposed, and of vulnerabilities Renovate knows what the forge tells it"
        }
    }
}

/// Whether what is said is done by the settings alone.
fn needs_settings(about: &About<'_>, sentence: &str, words: &[&str]) -> bool {
    // Alerts know nothing of images.
    about.claim.detail.ecosystems.contains(&Ecosystem::Docker)
        || VERSIONS.iter().any(|version| sentence.contains(version))
        || begins(words, &RENEWED) && !names_flaws(words)
}

/// Whether a word begins so.
fn begins(words: &[&str], stems: &[&str]) -> bool {
    words.iter().any(|word| stems.iter().any(|stem| word.starts_with(stem)))
}

/// Whether vulnerabilities are named.
fn names_flaws(words: &[&str]) -> bool {
    let of_security = words.windows(2).any(|pair| pair[0] == "security" && MENDED.contains(&pair[1]));
    of_security
        || words.iter().any(|word| matches!(*word, "cve" | "cves"))
        || begins(words, &["vulnerab", "insecure", "advisor"])
}

/// Whether something is said to be done about vulnerabilities.
fn is_of_flaws(words: &[&str]) -> bool {
    let is_of_what_has_one = words.iter().any(|word| matches!(*word, "vulnerable" | "insecure"));
    is_of_what_has_one || names_flaws(words) && begins(words, &ACTS)
}
