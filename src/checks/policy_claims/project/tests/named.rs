//! Who is said to scan and is not known, where nothing is found, each beside somebody who is known.

use super::qualifiers::of_files;

const NO_FILE: &str = "undetermined: alerts need no file; only the forge could tell of them";
const SCANNING: &str = "dependency-scanning";

#[test]
fn a_scanner_that_is_not_known_is_not_refuted_where_nothing_is_found() {
    for (by, name) in [
        ("by FOSSA", "fossa"),
        ("with cargo-vet", "cargo-vet"),
        ("using cargo vet", "vet"),
        ("by Mend Bolt", "mend bolt"),
        ("with Socket Security", "socket"),
        ("by Endor Labs", "endor labs"),
    ] {
        let sentence = format!("Our dependencies are scanned {by}.");
        let why = format!("undetermined: whether \"{name}\" does it is not known to relcheck");
        assert_eq!(of_files(&sentence, SCANNING, &[]), [why], "{sentence}");
    }
    let why = "undetermined: whether \"aikido\" does it is not known to relcheck";
    assert_eq!(of_files("Aikido Security scans our dependencies.", SCANNING, &[]), [why]);
    let why = "undetermined: whether \"gitguardian\" does it is not known to relcheck";
    assert_eq!(of_files("Commits are scanned for secrets by GitGuardian.", "secret-scanning", &[]), [why]);
    // Nobody is named, or one who is known and is not there.
    let none =
        "fail: no workflow and no hook runs a tool that looks for known vulnerabilities in dependencies";
    for by in [
        "for vulnerabilities",
        "by our CI",
        "with automated tools",
        "using an open-source scanner",
        "by design",
        "with care",
    ] {
        let sentence = format!("Our dependencies are scanned {by}.");
        assert_eq!(of_files(&sentence, SCANNING, &[]), [none], "{sentence}");
    }
    // One that is known for something else, and is run.
    let fossa = "on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{uses: actions/checkout@v4}, {uses: fossas/fossa-action@v1}]\n";
    let said =
        of_files("Dependencies are scanned by FOSSA.", SCANNING, &[(".github/workflows/ci.yml", fossa)]);
    assert_eq!(said, ["undetermined: whether \"fossa\" does it is not known to relcheck"]);
    let both = of_files("Dependencies are scanned with npm audit and Mend.", SCANNING, &[]);
    assert_eq!(both, ["fail: no workflow and no hook runs npm-audit"]);
}

#[test]
fn what_github_is_said_to_scan_needs_no_file() {
    for by in ["by GitHub", "using GitHub's dependency graph", "with GitHub Advanced Security"] {
        let sentence = format!("Our dependencies are scanned for vulnerabilities {by}.");
        assert_eq!(of_files(&sentence, SCANNING, &[]), [NO_FILE], "{sentence}");
    }
    let none =
        "fail: no workflow and no hook runs a tool that looks for known vulnerabilities in dependencies";
    for by in ["with GitHub Actions", "on GitHub", "in our GitHub repository", "by a GitHub workflow"] {
        let sentence = format!("Our dependencies are scanned for vulnerabilities {by}.");
        assert_eq!(of_files(&sentence, SCANNING, &[]), [none], "{sentence}");
    }
}
