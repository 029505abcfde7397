//! Texts that promise nothing and read as if they did; each group beside a near miss that promises.

use super::told;

const SIGNED: [&str; 1] = ["1:signed-releases"];

#[test]
fn what_is_refused_forgotten_or_done_by_nobody_is_no_promise() {
    for text in [
        "We refuse to sign releases.",
        "We fail to sign releases.",
        "We forgot to sign releases.",
        "Releases are signed by nobody.",
        "Zero releases are signed.",
        "Few releases are signed.",
        "Hardly any releases are signed.",
        "0% of releases are signed.",
        "0 releases are signed.",
        "Only 10% of releases are signed.",
        "Releases arent signed.",
        "Our releases are signed only in theory.",
        "We only sign releases on demand.",
    ] {
        assert!(told(text).is_empty(), "{text}: {:?}", told(text));
    }
    for near in ["We sign releases.", "100% of releases are signed.", "All releases are signed by our team."]
    {
        assert_eq!(told(near), SIGNED, "{near}");
    }
}

#[test]
fn hopes_and_opinions_are_no_promises() {
    for text in [
        "So we hope that releases are signed.",
        "All releases are signed, or so we hope.",
        "We believe releases should be signed.",
        "We believe all releases are signed.",
        "We removed the claim that all releases are signed.",
        "Nothing guarantees that all releases are signed.",
    ] {
        assert!(told(text).is_empty(), "{text}: {:?}", told(text));
    }
    assert_eq!(told("We want to sign all releases."), ["~1:signed-releases"]);
    assert_eq!(told("Ideally, all releases are signed."), ["~1:signed-releases"]);
    assert_eq!(told("Usually releases are signed."), ["~1:signed-releases"]);
    assert_eq!(told("We guarantee that all releases are signed."), SIGNED);
}

#[test]
fn what_begins_with_a_version_is_no_promise_of_every_release() {
    for text in [
        "From 2.0 on, releases are signed.",
        "From 2.0 on releases are signed.",
        "As of v2.0.0, releases are signed.",
        "Releases after 2027 are signed.",
        "Releases from version 3 are signed.",
        "- Q4: all releases are signed",
        "- v3.0: all releases are signed",
    ] {
        assert!(told(text).is_empty(), "{text}: {:?}", told(text));
    }
    for near in ["All releases from our team are signed.", "All 2.x releases are signed."] {
        assert_eq!(told(near), SIGNED, "{near}");
    }
}

#[test]
fn what_stands_below_a_heading_of_gaps_or_plans_is_not_done() {
    for head in [
        "## What we do not do\n\n",
        "## Not yet implemented\n\n",
        "## Roadmap\n\n",
        "## Planned\n\n",
        "## Known gaps\n\n",
        "## Future\n\n",
        "## Ideas\n\n",
        "Still to do:\n\n",
        "Nice to have:\n\n",
        "Known gaps:\n\n",
        "The following is missing:\n\n",
        "**Not yet**\n\n",
        "We do not do this:\n\n",
    ] {
        for item in ["- All our releases are signed\n", "- **Signed Releases**: all releases are signed\n"] {
            let text = format!("{head}{item}");
            assert!(told(&text).is_empty(), "{text}: {:?}", told(&text));
        }
    }
    for head in ["## What we do\n\n", "## Please do not report in public\n\n", "We do this:\n\n"] {
        let text = format!("{head}- All our releases are signed\n");
        assert_eq!(told(&text), ["3:signed-releases"], "{text}");
    }
}

#[test]
fn an_item_or_a_row_with_a_mark_of_what_is_not_done_is_none() {
    for mark in ["🚧", "⏳", "⬜", "❌", ":construction:"] {
        for text in [
            format!("- {mark} All releases are signed.\n"),
            format!("- {mark} Planned for later. All releases are signed.\n"),
            format!("{mark} All releases are signed."),
        ] {
            assert!(told(&text).is_empty(), "{text}: {:?}", told(&text));
        }
    }
    assert_eq!(told("- ✅ All releases are signed.\n"), SIGNED);
    let row = |cell: &str| {
        told(&format!("| Control | Status |\n|---|---|\n| All releases are signed | {cell} |\n"))
    };
    for cell in [
        "-", "—", "N", "no", "Nein", "0%", "40 %", "❌", "🚧", "⬜", "planned", "2027", "Q3 2027", "Not yet",
        "🟡", "",
    ] {
        assert!(row(cell).is_empty(), "{cell}: {:?}", row(cell));
    }
    let since = "| Control | Since |\n|---|---|\n| All releases are signed | 2023 |\n";
    assert_eq!(told(since), ["3:signed-releases"]);
    for cell in ["✅", "Y", "yes", "100%", "done"] {
        assert_eq!(row(cell), ["3:signed-releases"], "{cell}");
    }
}

#[test]
fn what_others_or_the_product_do_is_no_process_of_the_project() {
    for text in [
        "Our distributor signs all releases.",
        "The app store signs all releases.",
        "Users scan dependencies for vulnerabilities themselves.",
        "An attacker signs a release with a stolen key.",
        "Debian packages are signed by Debian.",
        "The updater checks that releases are signed.",
        "The auto-updater signs all release artifacts.",
        "The kernel verifies that releases are signed.",
        "Our product scans dependencies for vulnerabilities.",
        "The plugin scans dependencies for known vulnerabilities.",
        "All dependencies are scanned for vulnerabilities by our users.",
        "GitHub scans dependencies for vulnerabilities on your fork.",
        "Container images of all releases are signed with cosign.",
        "The commercial edition: all releases are signed.",
    ] {
        assert!(told(text).is_empty(), "{text}: {:?}", told(text));
    }
    for (near, claimed) in [
        ("CI scans dependencies for vulnerabilities.", "1:dependency-scanning"),
        ("Our pipeline scans dependencies for vulnerabilities.", "1:dependency-scanning"),
        ("All releases are signed by our release tool.", "1:signed-releases"),
        ("The build tool signs every release.", "1:signed-releases"),
        ("A scanner checks our dependencies for known vulnerabilities.", "1:dependency-scanning"),
    ] {
        assert_eq!(told(near), [claimed], "{near}");
    }
}

#[test]
fn what_is_signed_for_one_platform_is_an_aim_for_all() {
    for text in [
        "macOS releases are signed and notarized. Windows releases are not yet signed.",
        "Windows installers are signed.",
        "Release binaries for Linux are signed with cosign.",
    ] {
        assert_eq!(told(text), ["~1:signed-releases"], "{text}");
    }
    assert_eq!(told("The CI on Linux signs all releases."), ["1:signed-releases"]);
}

#[test]
fn what_a_rater_looks_at_is_no_promise() {
    for text in [
        "OpenSSF Scorecard checks dependency pinning, signed releases and SAST.",
        "We run OpenSSF Scorecard, which checks signed releases and SAST.",
    ] {
        assert!(told(text).is_empty(), "{text}: {:?}", told(text));
    }
    assert_eq!(told("OpenSSF Scorecard runs and all releases are signed."), SIGNED);
    assert_eq!(told("All releases are signed, and OpenSSF Scorecard checks the repository."), SIGNED);
}

#[test]
fn guidance_is_followed_as_an_aim() {
    for text in [
        "We follow the OpenSSF Best Practices and SLSA guidance.",
        "We follow SLSA and OpenSSF guidance in our builds.",
        "Our builds follow practices such as SLSA.",
    ] {
        assert_eq!(told(text), ["~1:slsa"], "{text}");
    }
    assert_eq!(told("Our builds follow SLSA level 2."), ["1:slsa"]);
    assert_eq!(
        told("We follow SLSA guidance, and all releases are signed."),
        ["1:signed-releases", "~1:slsa"]
    );
}

#[test]
fn the_name_of_a_key_signs_nothing() {
    for text in ["Release signing key fingerprint: 0123 4567", "- **Release signing key**: in KEYS"] {
        assert!(told(text).is_empty(), "{text}: {:?}", told(text));
    }
    assert_eq!(told("Releases are signed with our release signing key."), SIGNED);
}

#[test]
fn what_is_done_with_the_product_is_no_promise() {
    for text in [
        "All artifacts are checksummed before they are cached.",
        "The tool scans dependencies of your project for vulnerabilities.",
        "Widget scans dependencies of your project for vulnerabilities.",
    ] {
        assert!(told(text).is_empty(), "{text}: {:?}", told(text));
    }
    assert_eq!(told("All artifacts are checksummed before they are published."), ["1:checksums"]);
    assert_eq!(told("CI scans dependencies of our project for vulnerabilities."), ["1:dependency-scanning"]);
}
