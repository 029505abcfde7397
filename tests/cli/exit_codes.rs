//! One table of situations: the exit code says what came of the run, the message says why, and the format has no say.

use std::path::Path;

use crate::fixture::{Arguments, FORMATS, Fixture};
use crate::kit::advisories::VULNERABILITY;
use crate::kit::spoil::{Field, Spoil, Which};
use crate::run::{broken_pipe, command, finish, finish_into, full_disk};

/// A situation: what is wrong with the release, how it is judged, and what comes of it.
struct Situation {
    what: &'static str,
    spoil: Option<Spoil>,
    change: fn(Arguments, &Path) -> Arguments,
    code: i32,
    /// What the report says, or the complaint where there is no report.
    phrase: &'static str,
}

impl Situation {
    const fn of(what: &'static str, code: i32, phrase: &'static str) -> Self {
        Self { what, spoil: None, change: |arguments, _| arguments, code, phrase }
    }

    const fn spoilt(self, spoil: Spoil) -> Self {
        Self { spoil: Some(spoil), ..self }
    }

    const fn judged(self, change: fn(Arguments, &Path) -> Arguments) -> Self {
        Self { change, ..self }
    }
}

const VERIFIED: [Situation; 2] = [
    Situation::of("a good release", 0, "VERIFIED"),
    Situation::of("a signed tag, judged by a policy that only warns about tags", 0, "VERIFIED")
        .spoilt(Spoil::TagSigned)
        .judged(|arguments, here| {
            std::fs::write(here.join("p.toml"), DEFAULT_BUT_TAGS).unwrap();
            arguments.with("--policy", "p.toml")
        }),
];

const DEFAULT_BUT_TAGS: &str = "[levels]\ntag = \"warn\"\n";

const REJECTED: [Situation; 8] = [
    Situation::of("an artifact changed", 1, "checksums/mismatch").spoilt(Spoil::ArtifactChanged(0)),
    Situation::of("a file that nobody speaks of", 1, "checksums/unlisted").spoilt(Spoil::ArtifactExtra),
    Situation::of("another signer", 1, "signatures/identity").spoilt(Spoil::San(
        Which::Checksums,
        "https://github.com/evil/widget/.github/workflows/x.yml@refs/tags/v1.2.3",
    )),
    Situation::of("another source", 1, "provenance/source")
        .spoilt(Spoil::Provenance(Field::Source, "https://github.com/evil/widget")),
    Situation::of("a moved tag", 1, "provenance/commit").spoilt(Spoil::TagMoved),
    Situation::of("another version in the manifest", 1, "tag/version-mismatch")
        .spoilt(Spoil::ManifestVersion),
    Situation::of("a vulnerability", 1, "advisories/vulnerable").spoilt(Spoil::Advisory(VULNERABILITY)),
    Situation::of("a promise of what never was", 1, "supported-versions/never-published")
        .spoilt(Spoil::NeverPublished),
];

const NOT_STARTED: [Situation; 7] = [
    Situation::of("a tag that is not there", 2, "there is no tag v9.9.9").judged(|a, _| a.tag("v9.9.9")),
    Situation::of("a policy that is not there", 2, "strictest")
        .judged(|a, _| a.with("--policy", "strictest")),
    Situation::of("a trusted root that is not there", 2, "trusted root")
        .judged(|a, _| a.with("--trusted-root", "none.json")),
    Situation::of("a repository that is not there", 2, "no repository at ./nowhere")
        .judged(|a, _| a.with("--repo", "./nowhere")),
    Situation::of("assets that are not there", 2, "is not a folder")
        .judged(|a, _| a.with("--assets", "nowhere")),
    Situation::of("a database that is not there", 2, "--advisories takes")
        .judged(|a, _| a.with("--advisories", "nowhere")),
    Situation::of("a moment that is none", 2, "--as-of").judged(|a, _| a.with("--as-of", "yesterday-ish")),
];

const UNDETERMINED: [Situation; 8] = [
    Situation::of("no database", 3, "advisories/stale-database").judged(|a, _| a.without("--advisories")),
    Situation::of("an old database", 3, "advisories/stale-database")
        .judged(|a, _| a.with("--as-of", "2026-06-30T00:00:00Z")),
    Situation::of("no published files", 3, "no published files were given")
        .judged(|a, _| a.without("--assets").flag("--offline")),
    Situation::of("an empty folder", 3, "no artifact is published").judged(|a, here| {
        std::fs::create_dir(here.join("empty")).unwrap();
        a.with("--assets", "empty")
    }),
    Situation::of("no lock file", 3, "advisories/not-covered").spoilt(Spoil::LockMissing),
    Situation::of("a table that nobody can read", 3, "supported-versions/unreadable")
        .spoilt(Spoil::TableUnreadable),
    Situation::of("signatures of the future", 3, "signatures/no-time")
        .judged(|a, _| a.with("--as-of", "2026-01-05T11:00:00Z")),
    Situation::of("a policy that requires nothing", 3, "UNDETERMINED").judged(|a, here| {
        let skip =
            ["tag", "checksums", "signatures", "provenance", "advisories", "supported-versions", "release"];
        let levels: String = skip.map(|check| format!("{check} = \"skip\"\n")).concat();
        std::fs::write(here.join("p.toml"), format!("[levels]\n{levels}")).unwrap();
        a.with("--policy", "p.toml")
    }),
];

const NOT_WRITTEN: [Situation; 3] = [
    Situation::of("a report into a folder that is not there", 4, "the report could not be written")
        .judged(|a, _| a.with("--output", "json=/nonexistent/x.json")),
    Situation::of("a report over a folder", 4, "the report could not be written")
        .judged(|a, here| a.with("--output", format!("markdown={}", here.display()))),
    Situation::of(
        "a report of a rejected release that cannot be written",
        4,
        "the report could not be written",
    )
    .spoilt(Spoil::ArtifactChanged(0))
    .judged(|a, _| a.with("--output", "human=/nonexistent/x.txt")),
];

#[track_caller]
fn hold(situations: &[Situation]) {
    let mut runs = 0;
    for Situation { what, spoil, change, code, phrase } in situations {
        let fixture = spoil.map_or_else(Fixture::good, Fixture::spoilt);
        let arguments = change(fixture.arguments(), &fixture.here());
        for format in FORMATS {
            let ran = finish(command(&fixture.here()).args(flagged(&arguments, format)));
            let what = format!("{what}, as {format}");
            runs += 1;
            // A summary names no rules, and says nothing at all where nothing is decided.
            let phrases: &[&str] = match (format, code) {
                ("vsa", 0) => &["\"verificationResult\":\"PASSED\""],
                ("vsa", 1) => &["\"verificationResult\":\"FAILED\""],
                ("vsa", 3) => &["no verification summary is written"],
                ("json", 0) => &["\"verdict\": \"verified\""],
                ("json", 3) if *phrase == "UNDETERMINED" => &["\"verdict\": \"undetermined\""],
                _ => &[phrase],
            };
            let ran = ran.expect(&what, *code, phrases);
            if *code == 2 || *code == 4 || (format == "vsa" && *code == 3) {
                assert_eq!(ran.out(), "", "{what}: what came to no verdict prints no report");
                assert_ne!(ran.stderr, "", "{what}");
            } else {
                assert_ne!(ran.out(), "", "{what}: a verdict has a report");
            }
        }
    }
    println!("{runs} runs of {} situations", situations.len());
}

fn flagged(arguments: &Arguments, format: &str) -> Vec<String> {
    arguments.clone().with("--format", format).list()
}

#[test]
fn a_verified_release_exits_0_in_every_format() {
    hold(&VERIFIED);
}

#[test]
fn evidence_against_a_release_exits_1_in_every_format() {
    hold(&REJECTED);
}

#[test]
fn a_wrong_call_exits_2_in_every_format_and_prints_no_report() {
    hold(&NOT_STARTED);
}

#[test]
fn what_nobody_can_decide_exits_3_in_every_format() {
    hold(&UNDETERMINED);
}

#[test]
fn a_report_that_cannot_be_written_exits_4_in_every_format() {
    hold(&NOT_WRITTEN);
}

#[test]
fn a_report_that_nobody_received_exits_4_whatever_the_verdict() {
    for spoil in [None, Some(Spoil::ArtifactChanged(0))] {
        let fixture = spoil.map_or_else(Fixture::good, Fixture::spoilt);
        for format in FORMATS {
            let arguments = flagged(&fixture.arguments(), format);
            let what = format!("{spoil:?} as {format} into a pipe that nobody reads");
            let ran = finish_into(command(&fixture.here()).args(&arguments), broken_pipe());
            ran.expect(&what, 4, &["the report could not be written"]);
            if let Some(disk) = full_disk() {
                let ran = finish_into(command(&fixture.here()).args(&arguments), disk);
                ran.expect("a full disk", 4, &["the report could not be written"]);
            }
        }
    }
}

#[test]
fn the_other_commands_exit_4_too_when_nobody_reads_what_they_print() {
    let fixture = Fixture::good();
    let repository = fixture.written.repository();
    let repository = repository.to_str().unwrap();
    let commands: [&[&str]; 6] = [
        &["explain"],
        &["man"],
        &["completions", "bash"],
        &["policy", "show", "default"],
        &["policy", "init", "--print", "--repo", repository],
        &["audit", "--repo", repository],
    ];
    for arguments in commands {
        let ran = finish_into(command(&fixture.here()).args(arguments), broken_pipe());
        ran.expect(arguments[0], 4, &["could not be written"]);
    }
}

#[test]
fn a_further_report_is_written_even_where_nobody_reads_stdout() {
    let fixture = Fixture::good();
    let arguments = fixture.arguments().with("--output", "json=kept.json").list();
    finish_into(command(&fixture.here()).args(arguments), broken_pipe()).expect("a broken pipe", 4, &[]);
    let kept = std::fs::read_to_string(fixture.here().join("kept.json")).unwrap();
    assert!(kept.contains("\"verdict\": \"verified\""), "{kept}");
}

#[test]
fn a_report_that_cannot_be_written_leaves_nothing_half_written_behind() {
    let fixture = Fixture::good();
    fixture.write("old.json", "the report of yesterday");
    std::fs::create_dir(fixture.here().join("old.json.partial")).unwrap();
    let arguments = fixture.arguments().with("--output", "json=old.json").list();
    finish(command(&fixture.here()).args(arguments)).expect("a file that cannot be made", 4, &["old.json"]);
    let old = std::fs::read_to_string(fixture.here().join("old.json")).unwrap();
    assert_eq!(old, "the report of yesterday");
}

#[test]
fn a_panic_exits_4_and_prints_no_report() {
    if cfg!(not(debug_assertions)) {
        return;
    }
    let fixture = Fixture::good();
    for format in FORMATS {
        let arguments = flagged(&fixture.arguments(), format);
        let ran = finish(command(&fixture.here()).args(arguments).env("RELCHECK_TEST_PANIC", "1"));
        assert_eq!(ran.code, 4, "{format}: {}", ran.stderr);
        assert_eq!(ran.out(), "", "{format}");
        assert!(ran.stderr.contains("internal error") && ran.stderr.contains("report"), "{}", ran.stderr);
    }
}

#[test]
fn words_that_the_command_line_does_not_know_exit_2_with_the_nearest_one() {
    let fixture = Fixture::good();
    for (arguments, phrase) in [
        (&["verfy", "v1.2.3"][..], "verify"),
        (&["verify", "v1.2.3", "--asets", "x"], "--assets"),
        (&["verify", "v1.2.3", "--format", "jsn"], "json"),
        (&["verify", "v1.2.3", "--output", "report.json"], "FORMAT=FILE"),
        (&["verify"], "<TAG>"),
        (&[], "Usage"),
        (&["verify", "v1.2.3", "--assets", "a", "--digests", "b"], "cannot be used with"),
        (&["verify", "v1.2.3", "--evidence", "a", "--repo", "b"], "cannot be used with"),
    ] {
        fixture.relcheck(arguments).expect(&format!("{arguments:?}"), 2, &[phrase]);
    }
}

#[test]
fn help_and_version_exit_0() {
    let fixture = Fixture::good();
    let help =
        fixture.relcheck(&["--help"]).expect("help", 0, &["Exit codes: 0 verified", "verify", "audit"]);
    assert_eq!(help.stderr, "");
    fixture.relcheck(&["--version"]).expect("version", 0, &[concat!("relcheck ", env!("CARGO_PKG_VERSION"))]);
}

#[test]
fn the_format_and_further_outputs_never_change_the_code_nor_what_json_says() {
    for (spoil, code) in [(None, 0), (Some(Spoil::ArtifactChanged(1)), 1), (Some(Spoil::LockMissing), 3)] {
        let fixture = spoil.map_or_else(Fixture::good, Fixture::spoilt);
        let printed = finish(command(&fixture.here()).args(flagged(&fixture.arguments(), "json")));
        let all = FORMATS.map(|format| format!("--output={format}={format}.out"));
        let arguments = fixture.arguments().list();
        let (head, tail) = arguments.split_at(1);
        let ran = finish(command(&fixture.here()).args(head).args(&all).args(tail));
        assert_eq!((printed.code, ran.code), (code, code), "{spoil:?}: {}", ran.stderr);
        let written = std::fs::read(fixture.here().join("json.out")).unwrap();
        assert!(written == printed.stdout, "{spoil:?}: the file and stdout hold the same report");
        for format in FORMATS {
            let size = std::fs::metadata(fixture.here().join(format!("{format}.out"))).unwrap().len();
            assert_eq!(size == 0, format == "vsa" && code == 3, "{spoil:?} {format}: {size} bytes");
        }
    }
}
