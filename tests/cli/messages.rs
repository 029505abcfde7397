//! Whole messages to somebody whose command, file or folder is not quite right: what is wrong, where, and what to do.

use crate::fixture::Fixture;
use crate::kit::repository::git;
use crate::run::relcheck;

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

#[test]
fn collect_without_a_place_to_write_to_names_both() {
    let fixture = Fixture::good();
    let missing = said(&fixture, &["collect", "v1.2.3"], 2);
    assert_eq!(
        missing,
        "error: the following required arguments were not provided:\n  <--save-evidence <DIR>|--pack <FILE.tar.zst>>\n\n\
         Usage: relcheck collect <--save-evidence <DIR>|--pack <FILE.tar.zst>> <TAG>\n\nFor more information, try '--help'.\n"
    );
    for flags in [&["--pack", "p"][..], &["--save-evidence", "d"], &["--pack", "q", "--save-evidence", "e"]] {
        let arguments = [&["collect", "v1.2.3", "--repo", "nowhere/at/all/here"], flags].concat();
        assert!(said(&fixture, &arguments, 2).contains("there is no repository at"), "{flags:?}");
    }
}

#[test]
fn an_output_to_a_file_called_dash_is_refused() {
    let fixture = Fixture::good();
    let ran = fixture.run(&fixture.arguments().with("--output", "json=-"));
    let ran = ran.expect("a dash", 2, &[]);
    assert_eq!(
        ran.stderr,
        "error: invalid value 'json=-' for '--output <F=FILE>': it names no file; --format json prints to stdout, and \
         json=./- is a file\n\nFor more information, try '--help'.\n"
    );
    fixture.run(&fixture.arguments().with("--output", "json=./-")).expect("a file", 0, &[]);
    assert!(fixture.here().join("-").is_file());
}

#[test]
fn the_help_of_what_judges_has_its_exit_codes_and_an_example_that_can_be_read() {
    let fixture = Fixture::good();
    for (command, codes) in [
        (
            "verify",
            &["0 verified: ", "1 rejected: ", "2 the arguments", "3 undetermined: ", "4 an internal"][..],
        ),
        ("audit", &["0 verified", "1 rejected", "2 the arguments", "3 undetermined, or", "4 an internal"]),
        ("collect", &["0 the evidence", "2 the arguments", "3 the repository", "4 an internal"]),
    ] {
        let help = fixture.relcheck(&[command, "--help"]).expect(command, 0, codes).out();
        let examples = help.split("Examples:\n").nth(1).unwrap();
        let mut read = 0;
        for example in examples.lines().map(|line| line.split("  (").next().unwrap()) {
            let words = example.split_whitespace().skip(1);
            let arguments: Vec<&str> = words.chain(["--no-such-option"]).collect();
            let refused = said(&fixture, &arguments, 2);
            assert!(refused.contains("unexpected argument '--no-such-option'"), "{example}: {refused}");
            read += 1;
        }
        assert!(read >= 2, "{help}");
    }
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

// --- without a network ---

#[test]
fn who_is_offline_is_told_the_way_that_needs_no_network() {
    let fixture = Fixture::good();
    let verify = ["verify", "v1.2.3", "--policy", "default", "--repo", "acme/widget", "--offline"];
    let verify = said(&fixture, &verify, 3);
    assert!(verify.contains("--offline opens no socket; run without --offline"), "{verify}");
    assert!(
        verify.ends_with(
            "\n help: or, without a network, bring a clone (https://github.com/acme/widget) and the published files \
             here: --repo PATH --assets DIR\n"
        ),
        "{verify}"
    );
    let update = said(&fixture, &["advisories", "update", "--offline", "--source", "rustsec"], 3);
    let (failure, rest) = update.split_once('\n').unwrap();
    assert!(failure.starts_with("undetermined: rustsec: https://"), "{update}");
    assert!(failure.ends_with(" was not asked: --offline opens no socket"), "{update}");
    assert_eq!(
        rest,
        " help: run without --offline; or bring an archive of it here, compile that (relcheck advisories build --from \
         rustsec=PATH --output advisories.idx), and pass --advisories advisories.idx\nnote: there is still no index; --source \
         fetches one database alone\n"
    );
}

// --- databases ---

#[test]
fn a_database_that_nobody_knows_is_answered_with_the_one_that_is_meant() {
    let fixture = Fixture::good();
    let update = |arguments: &[&str]| said(&fixture, &[&["advisories", "update"], arguments].concat(), 2);
    assert_eq!(
        update(&["--source", "npm"]),
        "error: no advisory database is called `npm`; did you mean osv/npm?\n"
    );
    assert_eq!(
        update(&["--source", "nvd"]),
        "error: no advisory database is called `nvd`; there are rustsec, go, pypa, ghsa, osv and osv/ECOSYSTEM\n"
    );
    let build = |from: &str| said(&fixture, &["advisories", "build", "--output", "o", "--from", from], 2);
    assert_eq!(
        build("osv/nmp=x"),
        "error: --from osv/nmp=x: no ecosystem is called `nmp`; did you mean osv/npm?\n"
    );
    assert_eq!(
        build("osv/fortran=x"),
        "error: --from osv/fortran=x: no ecosystem is called `fortran`; there are cargo, golang, pypi, npm, gem, composer, \
         nuget, maven, hex\n"
    );
    for mirror in ["rustsec=http://x", "rustsec=x", "rustsec=https://", "rustsec="] {
        assert_eq!(
            update(&["--mirror", mirror]),
            format!(
                "error: --mirror {mirror}: only https is asked\n help: give the https URL of an archive of that database: \
                 rustsec=https://HOST/PATH\n"
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

#[test]
fn a_policy_that_can_be_used_and_one_that_is_not_there_are_said_plainly() {
    let fixture = Fixture::good();
    fixture.write("relcheck.toml", "");
    let checked = fixture.relcheck(&["policy", "check"]).expect("check", 0, &[]).out();
    assert!(checked.starts_with("relcheck.toml: can be used (policy relcheck, sha256 "), "{checked}");
    assert_eq!(
        said(&fixture, &["policy", "check", "defualt"], 2),
        "error: no policy is called defualt; did you mean default? There are default, pipeline, audit, and every file with a \
         path\n"
    );
    assert_eq!(
        said(&fixture, &["policy", "check", "strictest"], 2),
        "error: no policy is called strictest; there are default, pipeline, audit, and every file with a path\n"
    );
}

// --- rules ---

#[test]
fn what_passes_has_an_example_and_no_failure() {
    let fixture = Fixture::good();
    let explained = |rule: &str| fixture.relcheck(&["explain", rule]).expect(rule, 0, &[]).out();
    let branch = explained("supported-versions/branch");
    assert!(branch.contains("\n  an example   main is the default branch\n"), "{branch}");
    let missing = explained("supported-versions/branch-missing");
    assert!(missing.contains("\n  a failure    no branch \"main\" here;"), "{missing}");
}

// --- repositories ---

#[test]
fn a_clone_of_another_repository_than_the_policys_is_refused_unless_its_path_is_given() {
    let fixture = Fixture::good();
    let policy = fixture.write("other.toml", "repository = \"acme/other\"\n");
    let policy = policy.to_str().unwrap();
    let about = "the policy is about github.com/acme/other";
    let clone = fixture.here().join("clone");
    let bare = fixture.written.repository();
    git(&fixture.here(), &["clone", "-q", bare.to_str().unwrap(), "clone"], b"");
    git(&clone, &["remote", "set-url", "origin", "https://github.com/acme/widget"], b"");
    let standing = relcheck(&clone, ["verify", "v1.2.3", "--policy", policy, "--offline"]);
    let standing = standing.expect("standing in it", 2, &[]).stderr;
    assert!(
        standing.ends_with(&format!(
            "error: {about}, and this is a repository of github.com/acme/widget\n help: stand in the right checkout, name \
             another policy, or pass the path of a mirror with --repo\n"
        )),
        "{standing}"
    );
    let given = fixture.run(&fixture.arguments().with("--policy", policy)).expect("its path", 1, &[]).stderr;
    let note = "note: this is a clone of github.com/acme/widget, judged as a mirror of github.com/acme/other, which the \
                policy is about\n";
    assert!(given.contains(note), "{given}");
    assert!(!fixture.verify().stderr.contains("mirror"));
}
