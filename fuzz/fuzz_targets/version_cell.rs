#![no_main]
//! A version cell: what is read has a range that can be shown and, where it is a line or a version, read again.
use libfuzzer_sys::fuzz_target;
use relcheck::security_policy::{Kind, Selector};

fuzz_target!(|text: &str| {
    for containers in [false, true] {
        let selector = Selector::read(text, containers);
        let Some(range) = &selector.range else {
            assert!(!matches!(selector.kind, Kind::Range | Kind::Exact));
            continue;
        };
        assert!(!selector.is_unread());
        let shown = range.to_string();
        assert!(!shown.is_empty());
        // What is shown may be longer than what was read, and is then longer than any cell that is read.
        let may_be_read = shown.len() <= 200;
        if may_be_read && (selector.kind == Kind::Range || selector.kind == Kind::Exact && !shown.contains('-')) {
            let is_read = |text: &str| Selector::read(text, false).range.is_some();
            // A line under development begins at `-0`, which no cell says.
            assert!(is_read(&shown) || is_read(&shown.replace("-0,", ",")), "{shown}");
        }
    }
});
