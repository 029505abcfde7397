//! Sentences of one trade that have words of another, each group beside a near miss.

use super::told;

const SCANNED: [&str; 1] = ["1:dependency-scanning"];

#[test]
fn a_claim_about_licences_alone_is_none_about_vulnerabilities() {
    for text in [
        "We check the licenses of our dependencies with cargo deny.",
        "Licenses of all dependencies are checked with cargo-deny on every push.",
        "Dependencies are scanned for license compliance with FOSSA.",
    ] {
        assert_eq!(told(text), ["1:licence-check"], "{text}");
    }
    for text in [
        "Dependencies are scanned for vulnerabilities and license compliance.",
        "We check licenses and advisories of dependencies with cargo deny.",
        "Dependencies are audited with cargo audit, and licenses are checked.",
    ] {
        assert!(told(text).contains(&SCANNED[0].to_owned()), "{text}: {:?}", told(text));
    }
}

#[test]
fn what_snyk_looks_at_is_told_by_the_name_of_the_product() {
    assert_eq!(told("Our code is scanned with Snyk Code on every push."), ["1:static-analysis"]);
    assert_eq!(told("Dependencies are scanned with Snyk on every push."), SCANNED);
    let both = told("Dependencies are scanned with Snyk, and code with Snyk Code.");
    assert_eq!(both, ["1:dependency-scanning", "1:static-analysis"]);
}

#[test]
fn what_others_or_the_product_do_is_no_promise() {
    for text in [
        "Dependencies are scanned by downstream distributors.",
        "GitHub scans dependencies for known vulnerabilities.",
        "Packages are signed by the distribution.",
        "Downloads are verified against their SHA-256 checksums before they are installed.",
    ] {
        assert!(told(text).is_empty(), "{text}: {:?}", told(text));
    }
    assert_eq!(told("GitHub Actions scans dependencies for known vulnerabilities."), SCANNED);
    assert_eq!(told("Packages are signed by the maintainers."), ["1:signed-releases"]);
    assert_eq!(told("Checksums of all downloads are published."), ["1:checksums"]);
    assert_eq!(told("Downloads are checked against the published checksums."), ["1:checksums"]);
}

#[test]
fn a_tool_that_runs_at_times_is_a_schedule() {
    for text in ["CodeQL analysis runs weekly.", "We run CodeQL weekly."] {
        assert_eq!(told(text), ["1:static-analysis", "1:schedule"], "{text}");
    }
    assert!(!told("Tests run weekly, and CodeQL on every push.").is_empty());
}

#[test]
fn a_bill_of_materials_for_customers_and_a_site_that_is_scanned_are_no_practice_of_the_repository() {
    for text in [
        "An SBOM of each release is provided to customers under NDA.",
        "Our website is scanned weekly for malware.",
    ] {
        assert!(told(text).is_empty(), "{text}: {:?}", told(text));
    }
    assert_eq!(told("An SBOM is published with each release."), ["1:sbom"]);
}

#[test]
fn a_public_issue_as_the_one_way_and_a_form_without_a_link_are_seen() {
    let issue = "To report a vulnerability, open a GitHub issue with all the information.";
    assert_eq!(told(issue), ["1:no-private-channel"]);
    assert!(told("To report a vulnerability, fill in this form or open a GitHub issue.").is_empty());
    let form = "Report it at https://github.com/acme/widget/security/advisories/new.";
    assert_eq!(told(form), ["1:private-reporting"]);
    assert_eq!(told("Report to XXXX@XXXX.com"), ["1:placeholder"]);
    assert_eq!(told("Report to max@maxx.dev"), ["1:contact"]);
}
