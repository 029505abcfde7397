#![no_main]
//! A SECURITY.md read, judged against some tags, and corrected: nothing passes by silence, and a correction holds.
use libfuzzer_sys::fuzz_target;
use relcheck::{
    security_policy::{Outcome, PublishedTag, Refs, Status, correct, judge, read, to_json},
    versions::TagVersion,
};

const TAGS: [&str; 9] =
    ["v2.1.0", "v2.0.0", "v2.0.0-rc.1", "v1.10.1", "v1.9.0", "v1.0.0", "v0.2.0", "tools/v1.0.0", "v1"];

fuzz_target!(|bytes: &[u8]| {
    // The first byte chooses how many tags there are.
    let Some((first, bytes)) = bytes.split_first() else { return };
    let tags: Vec<PublishedTag> = TAGS
        .iter()
        .take(usize::from(*first) % (TAGS.len() + 1))
        .filter_map(|tag| {
            Some(PublishedTag { name: (*tag).into(), version: TagVersion::parse(tag)?, date: None })
        })
        .collect();
    let refs = Refs { default_branch: Some("main".into()), ..Refs::default() };
    let now = jiff::Timestamp::from_second(1_795_219_200).unwrap();
    let policy = read("SECURITY.md", bytes);
    for row in &policy.rows {
        assert!(row.line >= 1);
    }
    let _ = to_json(&policy).to_string();
    let said = judge(&policy, &tags, &refs, None, now);
    assert!(!said.is_empty(), "nothing passes by silence");
    let passes = said.iter().any(|said| said.rule == "supported" && said.status == Status::Pass);
    assert!(!passes || policy.rows.iter().any(|row| !row.selector.is_unread()));
    if let Outcome::Corrected(correction) = correct("SECURITY.md", bytes, &tags, &refs, now) {
        assert_ne!(correction.bytes, bytes);
        assert!(!correction.diff.contains('\u{1b}'));
        let again = correct("SECURITY.md", &correction.bytes, &tags, &refs, now);
        assert!(!matches!(again, Outcome::Corrected(_)), "twice changes nothing");
    }
});
