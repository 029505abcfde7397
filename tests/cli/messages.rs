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

// --- places ---

#[test]
fn a_tag_that_is_not_here_may_have_to_be_fetched() {
    let fixture = Fixture::good();
    let missing = |tag: &str| fixture.run(&fixture.arguments().tag(tag)).expect(tag, 2, &[]).stderr;
    let help = "\n help: fetch the tags (git fetch --tags): those of a new release may not be here yet";
    assert_eq!(
        missing("v1.3.0"),
        format!("error: there is no tag v1.3.0; did you mean v1.1.0, v1.2.3, v1.2.2?{help}\n")
    );
    assert_eq!(
        missing("release-7"),
        format!(
            "error: there is no tag release-7{help}; none here has a name like it (git tag lists them)\n"
        )
    );
}

#[test]
fn evidence_that_is_no_pack_is_not_called_a_pack_that_was_changed() {
    let fixture = Fixture::good();
    let here = fixture.here();
    let judged = |pack: &str| said(&fixture, &["verify", "v1.2.3", "--evidence", pack], 2);
    assert_eq!(
        judged("nowhere"),
        format!(
            "error: --evidence {}: there is no such folder or file\n help: name the folder or file that `relcheck collect` \
             wrote\n",
            here.join("nowhere").display()
        )
    );
    for (folder, files) in [("empty", 0), ("one", 1), ("many", 9)] {
        std::fs::create_dir(here.join(folder)).unwrap();
        (0..files).for_each(|n| drop(fixture.write(&format!("{folder}/{n}"), "x")));
        assert_eq!(
            judged(folder),
            format!(
                "error: --evidence {}: it has no manifest.json: it is no evidence pack, or saving it was interrupted\n \
                 help: name the folder or file that `relcheck collect` wrote; where that was interrupted, collect the evidence \
                 anew\n",
                here.join(folder).display()
            )
        );
    }
}

// --- policies ---

/// What `policy check` says of a policy that it refuses.
#[track_caller]
fn refused(fixture: &Fixture, policy: &str) -> String {
    fixture.write("p.toml", policy);
    said(fixture, &["policy", "check", "p.toml"], 2)
}

#[test]
fn what_is_misspelt_for_a_component_is_shown_where_it_is_written_with_the_word_that_is_meant() {
    let fixture = Fixture::good();
    let whole = "[rules.signatures]\nderive = true\n";
    let help = "\n help: docs/policy.md explains every key; `relcheck policy show default` prints a policy with comments\n";
    let key = refused(
        &fixture,
        &format!("{whole}[component.cli]\n[component.cli.rules.signatures]\nthreshhold = 2\n"),
    );
    assert_eq!(
        key,
        format!(
            "error: p.toml is not a policy:\n  TOML parse error at line 5, column 1\n    |\n  5 | threshhold = 2\n    | \
             ^^^^^^^^^^\n  unknown field `threshhold`, expected one of `identity`, `key`, `derive`, `threshold`, \
             `release-attestations`; did you mean `threshold`?{help}"
        )
    );
    // The same for all, so that both are answered alike.
    let all = refused(&fixture, "[rules.signatures]\n\n\n\nthreshhold = 2\n");
    assert_eq!(all, key);
    let level = refused(&fixture, "[component.cli.levels]\ntag = \"require\"\n\"tag/unsignd\" = \"warn\"\n");
    assert_eq!(
        level,
        format!(
            "error: p.toml, line 3: component \"cli\": levels: there is no check or rule called \"tag/unsignd\"; did you \
             mean \"tag/unsigned\"?{help}"
        )
    );
}

#[test]
fn what_was_expected_is_said_in_the_words_of_a_policy() {
    let fixture = Fixture::good();
    for (policy, expected) in [
        ("[rules.signatures]\nthreshold = \"2\"", "invalid type: string \"2\", expected a whole number"),
        (
            "[rules.signatures]\nthreshold = 1.5",
            "invalid type: floating point `1.5`, expected a whole number",
        ),
        ("[rules.advisories]\nmax-age-days = [1]", "invalid type: list, expected a whole number"),
        (
            "[rules.provenance]\nrefs = \"a, expected i64\"",
            "invalid type: string \"a, expected i64\", expected a list",
        ),
        ("[rules]\nsignatures = 1", "invalid type: integer `1`, expected a table"),
        ("[rules.signatures]\nderive = 1", "invalid type: integer `1`, expected a boolean"),
    ] {
        let said = refused(&fixture, policy);
        assert_eq!(said.lines().rev().nth(1).unwrap().trim(), expected, "{said}");
    }
}

#[test]
fn a_key_that_cannot_be_used_is_named_with_its_line_its_file_and_where_that_was_looked_for() {
    let fixture = Fixture::good();
    let here = fixture.here();
    let key = "# keys\n[[rules.signatures.key]]\nname = \"maintainers\"\nfile = \"m.pub\"\n";
    assert_eq!(
        refused(&fixture, key),
        format!(
            "error: p.toml, line 4: key file m.pub cannot be read: No such file or directory (os error 2)\n help: a key file \
             is looked for beside the policy, this one at {}: put it there, or write its path from that folder\n",
            here.join("m.pub").display()
        )
    );
    std::fs::create_dir(here.join("m.pub")).unwrap();
    assert_eq!(
        refused(&fixture, key),
        "error: p.toml, line 4: key file m.pub cannot be read: it is not a regular file\n"
    );
    std::fs::remove_dir(here.join("m.pub")).unwrap();
    let unusable = "error: p.toml, line 3: key maintainers (m.pub) is no public key that can be used: it is";
    for empty in ["", " \n"] {
        fixture.write("m.pub", empty);
        assert_eq!(refused(&fixture, key), format!("{unusable} empty\n"));
    }
    fixture.write("m.pub", "prose");
    let prose = refused(&fixture, key);
    assert!(
        prose.starts_with(&format!("{unusable} no PEM public key, no minisign or signify key")),
        "{prose}"
    );
    // Of a key that is written in the policy, there is no file to name; and that of a component is at its own line.
    let text = refused(&fixture, "[[rules.signatures.key]]\nname = \"k\"\ntext = \"\"\n");
    assert_eq!(text, "error: p.toml, line 2: key k is no public key that can be used: it is empty\n");
    let component = "\n\n[[component.cli.rules.tag.key]]\nname = \"own\"\nfile = \"own.pub\"\n";
    let component = refused(&fixture, component);
    assert!(component.starts_with("error: p.toml, line 5: key file own.pub cannot be read"), "{component}");
}
