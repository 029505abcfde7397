use super::*;
use clap::CommandFactory;

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn a_moment_that_is_none_is_answered_with_how_to_write_it() {
    assert_eq!(as_of("2026-01-06T00:00:00Z").unwrap().to_string(), "2026-01-06T00:00:00Z");
    assert_eq!(as_of("2026-01-07").unwrap_err(), "a day is no moment; write it as 2026-01-07T00:00:00Z");
    for bad in
        ["", "now", "2026-13-01", "2026-01-06T25:00:00Z", "99999-01-01T00:00:00Z", "2026-01-06T00:00:00"]
    {
        let error = as_of(bad).unwrap_err();
        assert!(error.starts_with("it is no RFC 3339 time; write it as 2026-01-06T00:00:00Z ("), "{error}");
    }
}

#[test]
fn a_wait_is_a_number_with_its_unit_and_has_an_end() {
    for (text, seconds) in [("90s", 90), ("10m", 600), ("60m", 3600), ("1h", 3600), ("3600s", 3600)] {
        assert_eq!(wait(text), Ok(Duration::from_secs(seconds)), "{text}");
    }
    for bad in [
        "",
        "10",
        "m",
        "0s",
        "61m",
        "2h",
        "-1m",
        "1.5m",
        "10 m",
        "10M",
        "99999999999999999999s",
        "18446744073709551615h",
        "１m",
    ] {
        assert!(wait(bad).unwrap_err().starts_with("write it as 90s or 10m"), "{bad}");
    }
}

#[test]
fn an_output_names_a_format_and_a_file() {
    assert_eq!(output("json=a=b.json"), Ok((Format::Json, PathBuf::from("a=b.json"))));
    assert_eq!(output("json=./-"), Ok((Format::Json, PathBuf::from("./-"))));
    let stdout = "it names no file; --format json prints to stdout, and json=./- is a file";
    assert_eq!(output("json=-").unwrap_err(), stdout);
    for bad in ["json", "json=", "yaml=x"] {
        assert!(output(bad).is_err(), "{bad}");
    }
}
