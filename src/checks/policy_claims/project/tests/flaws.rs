//! What Dependabot and Renovate are said to do about vulnerabilities, each beside what their settings do show.

use super::qualifiers::of_files;

const DEPENDABOT: (&str, &str) = (
    ".github/dependabot.yml",
    "version: 2\nupdates: [{package-ecosystem: npm, directory: /, schedule: {interval: weekly}}]\n",
);
const NO_FILE: &str = "undetermined: alerts need no file; only the forge could tell of them";
const NO_SETTINGS: &str = "fail: there is no .github/dependabot.yml";
const PROPOSES: &str = "undetermined: there is .github/dependabot.yml; it has new versions proposed, and of alerts and \
                        security updates only the forge could tell";
const SCANNING: &str = "dependency-scanning";
const UPDATES: &str = "dependency-updates";

#[test]
fn alerts_of_dependabot_are_shown_by_no_file_and_need_none() {
    for (sentence, rule) in [
        ("Our dependencies are scanned by Dependabot.", SCANNING),
        ("Dependencies are monitored with Dependabot.", SCANNING),
        ("Dependabot scans our dependencies for known vulnerabilities.", SCANNING),
        ("We use GitHub's Dependabot to scan for vulnerable dependencies.", SCANNING),
        ("We use Dependabot to monitor dependencies for known vulnerabilities.", SCANNING),
        ("Dependabot opens pull requests to fix known vulnerabilities.", SCANNING),
        ("Vulnerable dependencies are detected by Dependabot.", UPDATES),
        ("Vulnerable dependencies are updated by Dependabot.", UPDATES),
    ] {
        assert_eq!(of_files(sentence, rule, &[]), [NO_FILE], "{sentence}");
        assert_eq!(of_files(sentence, rule, &[DEPENDABOT]), [PROPOSES], "{sentence}");
    }
    // What the settings do, they show, and it needs them.
    for (sentence, rule) in [
        ("Dependabot keeps our dependencies up to date.", UPDATES),
        ("Dependabot opens pull requests for dependency updates.", UPDATES),
        ("Dependabot updates our dependencies, which lowers the risk of vulnerabilities.", UPDATES),
        ("Dependabot version updates are enabled.", UPDATES),
        ("Dependabot monitors our dependencies for updates.", SCANNING),
    ] {
        assert_eq!(of_files(sentence, rule, &[]), [NO_SETTINGS], "{sentence}");
        let has = "pass: .github/dependabot.yml has npm";
        assert_eq!(of_files(sentence, rule, &[DEPENDABOT]), [has], "{sentence}");
    }
}

#[test]
fn alerts_know_nothing_of_images_and_no_other_scanner() {
    let images = "Dependabot scans our npm packages and Docker images for vulnerabilities.";
    assert_eq!(of_files(images, SCANNING, &[]), [NO_SETTINGS]);
    assert_eq!(
        of_files(images, SCANNING, &[DEPENDABOT]),
        ["fail: .github/dependabot.yml has nothing for Docker images"]
    );
    let python = "Dependabot scans our Python packages for vulnerabilities.";
    assert_eq!(of_files(python, SCANNING, &[DEPENDABOT]), [NO_FILE]);
    let two = "Dependencies are scanned for vulnerabilities with Dependabot and npm audit.";
    let lacks = "fail: no workflow and no hook runs npm-audit";
    let mut said = of_files(two, SCANNING, &[DEPENDABOT]);
    said.sort();
    assert_eq!(said, [lacks, PROPOSES]);
}

#[test]
fn settings_of_renovate_show_no_scan() {
    let of = |sentence: &str, rule: &str, more: &str| {
        let text = format!("{{\"extends\": [\"config:recommended\"]{more}}}");
        of_files(sentence, rule, &[("renovate.json", &text)])
    };
    for (more, why) in [
        ("", "has new versions proposed, and of vulnerabilities Renovate knows what the forge tells it"),
        (", \"vulnerabilityAlerts\": {\"enabled\": false}", "switches alerts of vulnerabilities off"),
        (", \"osvVulnerabilityAlerts\": true", "asks OSV about direct dependencies alone"),
    ] {
        let why = format!("undetermined: there is renovate.json; it {why}");
        for sentence in [
            "We scan our dependencies for vulnerabilities with Renovate.",
            "Dependencies are scanned for known vulnerabilities.",
        ] {
            assert_eq!(of(sentence, SCANNING, more), [why.as_str()], "{sentence} {more}");
        }
        let near = "Renovate keeps our dependencies up to date.";
        assert_eq!(of(near, UPDATES, more), ["pass: renovate.json is there"], "{more}");
    }
    let none = of_files("We scan our dependencies with Renovate.", SCANNING, &[]);
    assert_eq!(none, ["fail: there are no settings of Renovate"]);
}
