use proptest::prelude::*;

use super::*;

const LIMITS: Limits = Limits::bytes(1 << 20);

/// Both readers must agree on what is refused and why.
fn refusal(bytes: &[u8]) -> JsonError {
    let parsed = parse(bytes, LIMITS).expect_err(&String::from_utf8_lossy(bytes));
    assert_eq!(check(bytes, LIMITS), Err(parsed.clone()));
    parsed
}

#[test]
fn good_documents_are_read_as_serde_json_reads_them() {
    let documents = [
        "null",
        " true\n",
        "0",
        "-0",
        "-12",
        "18446744073709551615",
        "1.5e300",
        "\"a\\u00e9\\ud83d\\ude00\"",
        "[]",
        "{}",
        "[1,[2,{\"a\":[]}]]",
        "{\"a\":{\"a\":1},\"b\":{\"a\":2},\"A\":3,\"\":4}",
        "[{\"a\":1},{\"a\":1}]",
        "{\"__proto__\":1}",
    ];
    for document in documents {
        let expected: Value = serde_json::from_str(document).unwrap();
        assert_eq!(parse(document.as_bytes(), LIMITS), Ok(expected), "{document}");
        assert_eq!(check(document.as_bytes(), LIMITS), Ok(()), "{document}");
    }
}

#[test]
fn a_duplicate_key_is_refused_at_every_level_with_its_path_and_line() {
    let cases = [
        ("{\"a\":1,\"a\":1}", "$.a", 1),
        ("{\"a\":1,\n\"\\u0061\":2}", "$.a", 2),
        ("{\"x\":[0,{\"b\":{\n\"c d\":1,\"c d\":2}}]}", "$.x[1].b[\"c d\"]", 2),
        ("[[{\"\":1,\"\":2}]]", "$[0][0][\"\"]", 1),
        ("{\"\\u001b[2J\":1,\"\\u001b[2J\":2}", "$[\"\\u{1b}[2J\"]", 1),
        ("{\"predicateType\":\"a\",\"p\":{},\"predicateType\":\"b\"}", "$.predicateType", 1),
    ];
    for (document, expected_path, expected_line) in cases {
        let JsonError::DuplicateKey { path, line, column } = refusal(document.as_bytes()) else {
            panic!("{document}");
        };
        assert_eq!((path.as_str(), line), (expected_path, expected_line), "{document}");
        assert!(column > 0);
    }
}

#[test]
fn what_is_not_json_is_refused_with_line_and_column() {
    let documents = [
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "nul",
        "NaN",
        "Infinity",
        "-",
        "01",
        "1.",
        ".5",
        "1e400",
        "-1e400",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800x\"",
        "{\"\\ud800\":1}",
        "\"\u{1}\"",
        "\"\\x41\"",
        "\"a",
        "/* c */ 1",
        "[1 2]",
        "{\"a\" 1}",
        "{1:2}",
        "\u{a0}1",
        "#",
    ];
    for document in documents {
        let JsonError::Syntax { line, message, .. } = refusal(document.as_bytes()) else {
            panic!("{document:?}");
        };
        assert!(line == 1 && message.contains("line 1 column"), "{document:?}: {message}");
    }
}

#[test]
fn bytes_before_after_and_inside_that_are_no_json_text_are_refused() {
    assert_eq!(refusal(b"\xef\xbb\xbf{}"), JsonError::ByteOrderMark);
    assert_eq!(refusal(b"\"a\xff\""), JsonError::InvalidUtf8 { offset: 2 });
    assert_eq!(refusal(b"\"\xed\xa0\x80\""), JsonError::InvalidUtf8 { offset: 1 });
    assert_eq!(refusal(b"\xff\xfe{\0}\0"), JsonError::InvalidUtf8 { offset: 0 });
    for document in ["{} {}", "1 1", "{}\n]", "null\0", "[]//", "{}\u{feff}"] {
        let error = refusal(document.as_bytes());
        assert!(matches!(error, JsonError::TrailingBytes { .. }), "{document:?}: {error:?}");
    }
}

#[test]
fn the_limits_hold_exactly() {
    let nested =
        |depth: usize, open: &str, close: &str| format!("{}{}", open.repeat(depth), close.repeat(depth));
    assert!(parse(nested(64, "[", "]").as_bytes(), LIMITS).is_ok());
    for document in [nested(65, "[", "]"), nested(1 << 17, "[", ""), nested(200, "[", "]")] {
        let error = refusal(document.as_bytes());
        assert!(matches!(&error, JsonError::TooDeep { limit: 64, path, .. } if path.starts_with("$[0][0]")));
    }
    let objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    assert!(check(objects(64).as_bytes(), LIMITS).is_ok());
    assert!(matches!(refusal(objects(65).as_bytes()), JsonError::TooDeep { .. }));

    let small = Limits { max_depth: 1, ..Limits::bytes(4) };
    assert!(parse(b"[11]", small).is_ok());
    assert_eq!(parse(b"[111]", small), Err(JsonError::TooLarge { size: 5, limit: 4 }));
    assert_eq!(check(b"[111]", small), Err(JsonError::TooLarge { size: 5, limit: 4 }));
    assert!(matches!(parse(b"[{}]", small), Err(JsonError::TooDeep { limit: 1, .. })));
}

#[test]
fn a_megabyte_of_keys_is_read_in_reasonable_time() {
    let members: Vec<_> = (0..60_000).map(|i| format!("\"key{i}\":{i}")).collect();
    let document = format!("{{{}}}", members.join(","));
    let started = std::time::Instant::now();
    assert!(parse(document.as_bytes(), LIMITS).is_ok());
    assert!(check(document.as_bytes(), LIMITS).is_ok());
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|n| Value::Number(n.into())),
        ".*".prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(".{0,4}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_was_written_is_what_is_read(value in any_value()) {
        let text = serde_json::to_vec_pretty(&value).unwrap();
        prop_assert_eq!(check(&text, LIMITS), Ok(()));
        prop_assert_eq!(parse(&text, LIMITS), Ok(value));
    }

    #[test]
    fn arbitrary_bytes_never_panic_and_both_readers_agree(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(parse(&bytes, LIMITS).map(drop), check(&bytes, LIMITS));
    }

    #[test]
    fn nearly_json_never_panics_and_is_never_looser_than_serde_json(text in "[\\[\\]{}\":,a0-9.e\\\\u -]{0,40}") {
        let strict = parse(text.as_bytes(), LIMITS);
        prop_assert_eq!(strict.clone().map(drop), check(text.as_bytes(), LIMITS));
        if let Ok(value) = strict {
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }
}
