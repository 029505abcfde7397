//! Patterns that cost (CVE-2022-24713): no pattern is a regular expression, and the judged repository says none.

use relcheck::policy::Policy;

fn policy(subject: &str) -> Result<Policy, String> {
    let text = format!(
        "[[rules.signatures.identity]]\nissuer = \"https://token.actions.githubusercontent.com\"\nsubject = {subject:?}\n"
    );
    Policy::parse("p.toml", &text).map_err(|error| error.to_string())
}

#[test]
fn a_regular_expression_is_no_name_of_a_signer() {
    let own = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/";
    assert!(policy(&format!("{own}v*")).is_ok(), "{:?}", policy(&format!("{own}v*")));
    for pattern in [
        "(?:){4294967295}",
        "((((a{100}){100}){100}){100})",
        "(a+)+$",
        "^https://github.com/acme/widget/.*$",
        "https://github.com/acme/(widget|gadget)/x@y",
        "https://github.com/acme/widget/x@[a-z]",
        "https://github.com/acme/widget/x@v\\d",
        "https://github.com/acme/widget/**@v",
    ] {
        let error = policy(pattern).map(drop).unwrap_err();
        assert!(!error.is_empty(), "{pattern}");
    }
}

#[test]
fn no_engine_of_regular_expressions_is_asked_for() {
    let manifest = include_str!("../../../Cargo.toml");
    let asked = |name: &str| manifest.lines().any(|line| line.split(['=', ' ', '.']).next() == Some(name));
    assert!(asked("serde_json"), "this test reads the manifest");
    for engine in ["regex", "regex-automata", "fancy-regex", "globset", "pcre2"] {
        assert!(!asked(engine), "{engine}");
    }
}
