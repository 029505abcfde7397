//! Whole messages to somebody whose command, file or folder is not quite right: what is wrong, where, and what to do.

use crate::fixture::Fixture;

/// What a command says on stderr that ends with `code`.
#[track_caller]
fn said(fixture: &Fixture, arguments: &[&str], code: i32) -> String {
    fixture.relcheck(arguments).expect(&format!("{arguments:?}"), code, &[]).stderr
}

// --- arguments ---

#[test]
fn an_argument_of_nothing_is_called_empty_and_asks_for_its_variable() {
    let fixture = Fixture::good();
    for (arguments, what) in [
        (&["verify", ""][..], "the tag"),
        (&["collect", "", "--pack", "p"], "the tag"),
        (&["verify", "v1", "--policy", ""], "--policy"),
        (&["verify", "v1", "--repo="], "--repo"),
        (&["verify", "v1", "--assets", ""], "--assets"),
        (&["verify", "v1", "--evidence", ""], "--evidence"),
        (&["verify", "v1", "--as-of", ""], "--as-of"),
        (&["verify", "v1", "--output", ""], "--output"),
        (&["verify", "v1", "--advisories", "a", "--advisories", ""], "--advisories"),
        // A variable without quotes leaves nothing at all.
        (&["verify", "v1", "--repo"], "--repo"),
        (&["audit", "--assets", ""], "--assets"),
        (&["policy", "check", ""], "the name or file"),
        (&["policy", "init", "--repo", ""], "--repo"),
        (&["explain", ""], "the rule"),
        (&["advisories", "check", ""], "the lockfile"),
        (&["advisories", "update", "--source", ""], "--source"),
        (&["security-policy", "x", "--tags", "x", "--fix", "--default-branch", ""], "--default-branch"),
        (&["verify-bundle", "--bundle", "x", "--key", "y", ""], "the file or digest"),
    ] {
        let expected = format!("error: {what} is empty; is the variable set that it should come from?\n");
        assert_eq!(said(&fixture, arguments, 2), expected, "{arguments:?}");
    }
    // What has few values is answered with those, and a blank is a name like any other.
    let format = said(&fixture, &["verify", "v1", "--format", ""], 2);
    assert!(format.contains("[possible values: human, json, markdown, vsa]"), "{format}");
    let blank = fixture.run(&fixture.arguments().tag(" "));
    blank.expect("a blank", 2, &["error: cannot be the name of a tag"]);
}
