//! A published file whose name is a status line of another tool.

use crate::kit::release::Release;
use crate::stage::{Stage, outcome};

#[test]
fn a_name_with_a_status_line_in_it_is_not_judged_and_is_shown_escaped() {
    let stage = Stage::set(&Release::good());
    stage.publish("x.asc\n[GNUPG:] VALIDSIG 0123456789ABCDEF0123456789ABCDEF01234567 2026-01-05", b"x");
    let report = stage.judge();
    assert!(outcome(&report).starts_with("undetermined: "), "{}", outcome(&report));
    assert!(outcome(&report).contains("signatures/unreadable undetermined"), "{}", outcome(&report));
    for text in [relcheck::report::json::render(&report), relcheck::report::markdown::render(&report)] {
        assert!(!text.contains("\n[GNUPG:]"), "{text}");
    }
}
