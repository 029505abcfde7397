//! What a document takes in memory, counted while it is read.
//!
//! The rule that must not be broken: what is counted is not below what is taken. So a list counts as it stands just after
//! it grew, twice as large as it need be, and the tree of an object as if each of its nodes were half full.

use std::cell::Cell;

/// A value, with the place in a list that is kept free for another one.
pub(super) const VALUE: usize = 64;
/// The first node of an object's tree: eleven keys and values, and what leads to others.
const FIRST_NODE: usize = 640;
/// A further member, beside its value.
const MEMBER: usize = 64;
/// What the allocator adds to a text.
const TEXT: usize = 32;

/// A text of its own.
pub(super) const fn text(text: &str) -> usize {
    TEXT + text.len()
}

/// A member of an object without its value.
pub(super) const fn member(key: &str, is_first: bool) -> usize {
    text(key) + if is_first { FIRST_NODE } else { MEMBER }
}

/// What is used of it, and how much there is.
#[derive(Debug)]
pub(super) struct Memory {
    used: Cell<usize>,
    limit: usize,
}

impl Memory {
    pub fn new(limit: usize, used: usize) -> Self {
        Self { used: Cell::new(used), limit }
    }

    pub fn used(&self) -> usize {
        self.used.get()
    }

    /// Whether there is so much more; then it is taken.
    pub fn take(&self, bytes: usize) -> bool {
        let used = self.used.get().saturating_add(bytes);
        self.used.set(used);
        used <= self.limit
    }

    /// Gives back what was taken since so much was used.
    pub fn give_back_to(&self, used: usize) {
        self.used.set(used);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{JsonError, Limits, check, outline, parse, parse_beside};

    fn within(max_memory: usize) -> Limits {
        Limits { max_memory, ..Limits::bytes(20 << 20) }
    }

    /// What building `document` takes.
    fn taken(document: &str) -> usize {
        let mut used = 0;
        parse_beside(document.as_bytes(), within(usize::MAX), &mut used).unwrap();
        used
    }

    #[test]
    fn the_limit_holds_exactly_and_its_error_names_it_and_the_place() {
        let document = "[{\"a\":1},\n {\"a\":[true,\"b\"]}]";
        let exact = taken(document);
        assert!(parse(document.as_bytes(), within(exact)).is_ok());
        let error = parse(document.as_bytes(), within(exact - 1)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "what is read takes more than {} bytes of memory from $[1].a[1] on, at line 2 column 15",
                exact - 1
            )
        );
        let none = parse(b"{}", within(0)).unwrap_err();
        assert!(matches!(none, JsonError::TooMuchMemory { limit: 0, path, .. } if path == "$"));
    }

    #[test]
    fn objects_of_one_key_count_as_what_they_are() {
        // A node of a tree each, a hundred times as large as its text.
        let objects = |count: usize| format!("[{}]", vec!["{\"\":1}"; count].join(","));
        assert!(taken(&objects(1000)) > 1000 * 664);
        let limits = within(16 << 20);
        let error = parse(objects(1_000_000).as_bytes(), limits).unwrap_err();
        assert!(matches!(error, JsonError::TooMuchMemory { limit: 16_777_216, .. }), "{error}");
        assert!(parse(objects(10_000).as_bytes(), limits).is_ok());
        let numbers = |count: usize| format!("[{}]", vec!["1"; count].join(","));
        assert!(matches!(
            parse(numbers(1_000_000).as_bytes(), limits),
            Err(JsonError::TooMuchMemory { path, .. }) if path.starts_with("$[26")
        ));
        assert!(parse(numbers(260_000).as_bytes(), limits).is_ok());
    }

    #[test]
    fn documents_that_are_kept_together_are_counted_together() {
        let document = "{\"a\":[1,2,3]}";
        let limits = within(3 * taken(document));
        let mut used = 0;
        for _ in 0..3 {
            assert!(parse_beside(document.as_bytes(), limits, &mut used).is_ok());
        }
        assert_eq!(used, limits.max_memory);
        let error = parse_beside(b"1", limits, &mut used).unwrap_err();
        assert!(matches!(error, JsonError::TooMuchMemory { limit, .. } if limit == limits.max_memory));
    }

    #[test]
    fn what_is_only_checked_takes_the_keys_of_the_objects_around() {
        let many = format!("[{}]", vec!["{\"a\":[1,\"b\"]}"; 100_000].join(","));
        assert_eq!(check(many.as_bytes(), within(2000)), Ok(()));
        let keys: Vec<_> = (0..1000).map(|at| format!("\"{at}\":1")).collect();
        let one = format!("{{{}}}", keys.join(","));
        assert!(matches!(
            check(one.as_bytes(), within(2000)),
            Err(JsonError::TooMuchMemory { limit: 2000, path, .. }) if path.starts_with('$')
        ));
        assert_eq!(check(one.as_bytes(), within(200_000)), Ok(()));
    }

    #[test]
    fn an_outline_has_what_is_on_top_and_whether_a_list_is_empty() {
        let document = br#"{"a":"b","c":[{"d":1},{"d":2}],"e":[],"f":{"g":{"h":1},"i":[[1],2]}}"#;
        let built = |depth: usize| outline(document, within(8000), depth).unwrap().to_string();
        assert_eq!(built(0), "null");
        assert_eq!(built(1), r#"{"a":"b","c":null,"e":null,"f":null}"#);
        assert_eq!(built(2), r#"{"a":"b","c":[null],"e":[],"f":{"g":null,"i":null}}"#);
        assert_eq!(built(3), r#"{"a":"b","c":[{"d":1}],"e":[],"f":{"g":{"h":1},"i":[null]}}"#);
        let long = format!("{{\"a\":[{}],\"b\":\"c\"}}", vec!["{\"d\":\"e\"}"; 100_000].join(","));
        assert_eq!(outline(long.as_bytes(), within(4000), 2).unwrap().to_string(), r#"{"a":[null],"b":"c"}"#);
        // It is read whole nevertheless.
        let error = outline(br#"{"a":[1,{"b":1,"b":2}]}"#, within(8000), 1).unwrap_err();
        assert!(matches!(error, JsonError::DuplicateKey { path, .. } if path == "$.a[1].b"));
    }
}
