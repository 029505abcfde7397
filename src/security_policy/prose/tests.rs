//! Sentences, and what is read of them.

use super::super::sentences::sentences;
use super::*;

fn told(text: &str) -> String {
    let mut found: Vec<Statement> = Vec::new();
    for sentence in sentences(1, text) {
        let read = read(&sentence, &found);
        found.extend(read);
    }
    let rows = found.iter().map(|statement| {
        let selector = &statement.selector;
        let range = selector.range.as_ref().map(|range| format!(" {range}")).unwrap_or_default();
        let unit = selector.unit.map(|unit| format!(" {}", unit.name())).unwrap_or_default();
        let n = selector.n.map(|n| format!(" {n}")).unwrap_or_default();
        format!("{}{range}{unit}{n} {:?}", selector.kind.name(), statement.support)
    });
    rows.collect::<Vec<_>>().join("; ")
}

#[test]
fn sentences_about_the_newest_are_read() {
    for (text, meaning) in [
        ("Only the latest version is supported.", "latest release 1 Yes"),
        ("Only the latest version published to npm is supported.", "latest release 1 Yes"),
        (
            "We support the two most recent minor versions. E.g. if 1.2 is out, 1.1 is supported.",
            "latest minor 2 Yes",
        ),
        ("Security patches are applied to the latest 1.x versions.", "latest >=1.0.0, <2.0.0 release 1 Yes"),
        (
            "Fixes go to the current minor release series and the previous minor release series.",
            "latest minor 2 Yes",
        ),
        (
            "Only the main branch (the 2.x release line) receives fixes. Older release lines (e.g., 1.x) are not maintained.",
            "branch >=2.0.0, <3.0.0 Yes; range <2.0.0 No",
        ),
        (
            "We provide fixes for releases **≥ 1.0.0**. Any version **< 1.0.0 is unsupported**.",
            "range >=1.0.0 Yes; range <1.0.0 No",
        ),
        ("The tree most recent release series receive security support.", "prose Unknown"),
        ("The last six minor releases are supported.", "latest minor 6 Yes"),
        ("The 12 most recent releases are supported.", "prose Unknown"),
        ("The three most recent release series receive security support.", "latest minor 3 Yes"),
        ("Widget 1.x is end of life and will not receive patches.", "range >=1.0.0, <2.0.0 No"),
    ] {
        assert_eq!(told(text), meaning, "{text}");
    }
}

#[test]
fn a_line_that_alone_is_supported_is_read() {
    assert_eq!(told("Only 2.x is supported."), "range >=2.0.0, <3.0.0 Yes");
    for text in ["Only 2.x is supported on Windows.", "Only 2.x is supported for sponsors."] {
        assert_eq!(told(text), "prose Unknown", "{text}");
    }
}

#[test]
fn the_newest_of_a_line_is_of_that_line() {
    for text in [
        "We only support the latest version on the 2.1 branch.",
        "The latest release of the 2.1 line receives security updates.",
    ] {
        assert_eq!(told(text), "latest >=2.1.0, <2.2.0 release 1 Yes", "{text}");
    }
    assert_eq!(
        told("The latest version on the 2.x branch is supported."),
        "latest >=2.0.0, <3.0.0 release 1 Yes"
    );
}

#[test]
fn what_says_nothing_of_another_release_narrows_nothing() {
    for text in [
        "Only the latest release is supported until the next one is out.",
        "The latest release is supported unless otherwise stated.",
        "The latest release is supported, and a new one comes out every month.",
    ] {
        assert_eq!(told(text), "latest release 1 Yes", "{text}");
    }
}

#[test]
fn the_newest_of_something_else_or_for_some_alone_is_not_the_newest_release() {
    for text in [
        "We do not guarantee that the latest release is supported.",
        "The latest release was supported until 2025.",
        "We support the latest version of Node.js.",
        "We support the latest versions of Chrome and Firefox.",
        "We support the latest version of each plugin.",
        "We support the latest LTS release.",
        "We only support the latest release candidate.",
        "The latest release is supported, except on Windows.",
        "Premium customers: the latest release is supported.",
        "The latest release is supported by the community.",
        "The latest release of each major version is supported.",
        "We support the latest major version (currently 2.x).",
    ] {
        assert_eq!(told(text), "prose Unknown", "{text}");
    }
}

#[test]
fn a_denial_of_something_else_than_support_denies_nothing() {
    for text in [
        "1.x will not receive updates other than security fixes.",
        "1.x is no longer in development; it receives security fixes.",
        "1.x is not actively developed, only maintained.",
        "1.x has no security issues.",
        "1.x is no longer in beta.",
        "1.x is no longer the default.",
        "Beta versions >= 2.0 are not supported.",
        "Forks of versions >= 2.0 are not supported.",
    ] {
        assert!(!told(text).contains("No"), "{text}: {}", told(text));
    }
    for text in [
        "1.x is no longer supported.",
        "1.x is no longer actively maintained.",
        "1.x will not receive security updates.",
        "Versions >= 2.0 are not supported.",
    ] {
        assert!(told(text).ends_with("No"), "{text}: {}", told(text));
    }
}

#[test]
fn the_newest_in_another_part_of_a_sentence_is_not_promised() {
    for text in [
        "The last release that is supported is 1.4.",
        "The last version with security fixes is 1.x.",
        "The current release is the last we support.",
        "The latest version supports OAuth.",
        "The latest release fixes a security issue.",
        "Supported versions are listed in the latest release.",
        "Please fix vulnerabilities in the latest release.",
        "Fixes for the latest release land in the next major release.",
        "Fixes are backported from the latest release to 1.x.",
        "We support at most the two latest releases.",
        "NGINX supports the latest release.",
        "GitHub supports the latest release.",
        "The latest release is supported at Acme Corp.",
        "The latest release is in the final stage of its support.",
        "Only the latest release is supported from the next major on.",
        "The latest release is to be supported.",
        "Get the latest release to get fixes.",
        "The latest release is supported on ARM.",
        "The latest release is supported for Acme.",
        "We support the latest patch release of the two most recent minor versions.",
        "We support the latest minor release of the last two major versions.",
    ] {
        assert_eq!(told(text), "prose Unknown", "{text}");
    }
    for text in [
        "The latest release receives security fixes.",
        "Fixes land in the latest release.",
        "We fix vulnerabilities in the latest release.",
        "We support the latest patch release of the latest minor version.",
        "Widget supports the latest release.",
    ] {
        assert!(told(text).starts_with("latest") && told(text).ends_with("Yes"), "{text}: {}", told(text));
    }
}

#[test]
fn advice_examples_and_conditions_are_no_rows() {
    for text in [
        "Users are urged to always use the latest version of a maintained branch.",
        "If you are using an older version, please upgrade to the latest 2.x release to receive fixes.",
        "Versions 6.4.1 and earlier contain a bug.",
        "Patches will be made for the last supported versions.",
        "Widget is currently a 0.x project.",
        "We do not backport security fixes to older versions.",
    ] {
        assert_eq!(told(text), "", "{text}");
    }
    assert_eq!(told("The latest minor of the last major is supported for 6 months."), "prose Unknown");
}

#[test]
fn a_reason_before_the_newest_changes_nothing() {
    for text in [
        "In general, due to limited maintainer bandwidth, only the latest version of Widget is supported.",
        "As a small volunteer project, we only support the latest release.",
        "At this point we only support the most recently released version.",
        "Only the latest non-prerelease version is supported.",
        "Only the latest stable release builds are supported with security patches.",
        "The only version that receives security attention is the latest one published to npm.",
        "Only the latest published release of `@acme/widget` on npm receives security fixes.",
    ] {
        assert_eq!(told(text), "latest release 1 Yes", "{text}");
    }
    for text in [
        "As a sponsor, only the latest release is supported.",
        "Due to 2.x, only the latest release is supported.",
        "Only the latest nightly builds are supported.",
        "We support the most recently reported version.",
        "Only the latest published release of `@acme/widget` on Windows receives security fixes.",
    ] {
        assert_ne!(told(text), "latest release 1 Yes", "{text}");
    }
}

#[test]
fn the_minor_and_the_patch_release_are_of_the_minor_line() {
    let told_of = |kinds: &str| {
        told(&format!("The latest {kinds} releases of the current major version are supported."))
    };
    assert_eq!(told_of("minor and patch"), "latest minor 1 Yes");
    assert_eq!(told_of("minor and preview"), "prose Unknown");
}

#[test]
fn a_line_in_brackets_behind_the_newest_is_its_line() {
    for (text, meaning) in [
        (
            "Only the current major version (`v1.x.x`) receives critical security patches.",
            "latest >=1.0.0, <2.0.0 major 1 Yes",
        ),
        ("Only the latest release (2.x) is supported.", "latest >=2.0.0, <3.0.0 release 1 Yes"),
        ("Only the latest release (e.g. 2.x) is supported.", "latest release 1 Yes"),
        ("We support the latest major version (currently 2.x).", "prose Unknown"),
    ] {
        assert_eq!(told(text), meaning, "{text}");
    }
}

#[test]
fn the_newest_commit_on_a_branch_is_the_branch() {
    for text in [
        "Only the latest commit on `main` is supported; no older releases receive security fixes.",
        "Only the latest code on `main` is supported.",
    ] {
        assert_eq!(told(text), "branch Yes", "{text}");
    }
    for text in
        ["Only the latest code in `widget` is supported.", "Only the latest commit on `main` is tested."]
    {
        assert!(!told(text).contains("Yes"), "{text}: {}", told(text));
    }
    assert_eq!(
        told("The master branch and latest release get priority support."),
        "branch Yes; latest release 1 Yes"
    );
}

#[test]
fn what_is_denied_for_a_reason_is_denied() {
    assert_eq!(
        told("The 0.4.x line is unsupported because it publishes reports on an unauthenticated port."),
        "range >=0.4.0, <0.5.0 No"
    );
    assert_eq!(told("The 0.4.x line is not covered by a bounty because it is old."), "prose Unknown");
    assert_eq!(told("Only v2 is supported."), "range >=2.0.0, <3.0.0 Yes");
    assert!(!told("Only v2 is supported on Windows.").contains("Yes"));
}

#[test]
fn what_goes_to_one_line_only_is_of_that_line() {
    for text in
        ["Security fixes are released for the 2.x series only.", "We provide security updates only for 2.x."]
    {
        assert_eq!(told(text), "range >=2.0.0, <3.0.0 Yes", "{text}");
    }
    for text in [
        "We only provide security updates for 2.x.",
        "Only security fixes are backported to 2.x.",
        "We provide only bug fixes for 2.x.",
        "v2 is supported with security fixes only.",
        "OAuth v2 is supported.",
        "Security fixes are released for the 2.x series.",
        "Critical fixes are released for the 2.x series only.",
        "Security fixes are released for 3.x and the 2.x series only.",
    ] {
        assert!(!told(text).contains("Yes"), "{text}: {}", told(text));
    }
}

#[test]
fn what_all_others_get_on_request_is_not_known() {
    assert_eq!(told("All other released versions receive security updates per request."), "rest Unknown");
    assert_eq!(told("Some other versions receive security updates per request."), "");
}

#[test]
fn a_name_may_have_a_preposition_in_it() {
    let told_of = |what: &str| {
        told(&format!("Security fixes are provided for the current Acme Store release of {what}."))
    };
    assert_eq!(told_of("Gadget to Home"), "latest release 1 Yes");
    for what in ["Gadget to sponsors", "Gadget to Windows", "Node to Home"] {
        assert_eq!(told_of(what), "prose Unknown", "{what}");
    }
}
