//! What is promised of packages in a registry, beside what is promised of a release.

use super::*;

/// What is said of signatures where a release has no files and no signed tag.
fn of(text: &str) -> Vec<String> {
    judged_of(text, |facts| {
        facts.files = Seen::Present(Files::default());
        facts.tag_signature = Seen::Absent { looked_at: vec!["the tag object".to_owned()] };
    })
}

#[test]
fn what_a_registry_has_was_not_looked_at() {
    for text in
        ["All Maven artifacts are signed with our PGP key", "Artifacts on Maven Central are signed with GPG"]
    {
        assert_eq!(
            of(text),
            [format!(
                "undetermined require signed-releases SECURITY.md:1: \"{text}\": it is said of what Maven Central has, and \
                 registries were not looked at"
            )]
        );
    }
    for text in
        ["All releases are signed with our PGP key", "All release tags are signed, and npm packages too"]
    {
        assert!(of(text)[0].starts_with("fail require signed-releases "), "{:?}", of(text));
    }
}

#[test]
fn what_is_said_of_other_files_and_places_was_not_looked_at() {
    for (text, why) in [
        (
            "Packages in our apt repository are signed",
            "it is said of \"apt repository\", which was not looked at",
        ),
        ("Our packages on F-Droid are signed", "it is said of \"f-droid\", which was not looked at"),
        (
            "The Android APK package is signed with our release key",
            "no file with the ending .apk is among the artifacts",
        ),
    ] {
        let expected = format!("undetermined require signed-releases SECURITY.md:1: \"{text}\": {why}");
        assert_eq!(of(text), [expected]);
    }
    for text in ["All releases are signed, and so is our apt repository", "All release packages are signed"] {
        assert!(of(text)[0].starts_with("fail require signed-releases "), "{:?}", of(text));
    }
}
