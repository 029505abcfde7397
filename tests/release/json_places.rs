//! Where each byte of a JSON document stands: which value it belongs to, and whether to its key, its text or neither.

/// What a byte of a JSON document is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The name of a member, quotes included.
    Key,
    /// The text of a string, between its quotes.
    Text,
    /// A quote, a bracket, a comma, a colon, a number, a word.
    Structure,
    /// White space outside of strings.
    Blank,
}

/// Where a byte stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// JSON pointer of the value.
    pub pointer: String,
    /// What of it.
    pub part: Part,
    /// Where the text of the string begins and ends, for [`Part::Text`].
    pub text: (usize, usize),
}

/// One place for each byte of `document`, which must be JSON.
pub fn places(document: &[u8]) -> Vec<Place> {
    let outside = Place { pointer: String::new(), part: Part::Blank, text: (0, 0) };
    let mut reader = Reader { bytes: document, at: 0, places: vec![outside; document.len()] };
    reader.value("");
    reader.places
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    places: Vec<Place>,
}

impl Reader<'_> {
    fn blank(&mut self) {
        while self.bytes[self.at].is_ascii_whitespace() {
            self.at += 1;
        }
    }

    fn mark(&mut self, pointer: &str, part: Part) {
        self.places[self.at] = Place { pointer: pointer.to_owned(), part, text: (0, 0) };
        self.at += 1;
    }

    fn value(&mut self, pointer: &str) {
        self.blank();
        match self.bytes[self.at] {
            b'{' => self.members(pointer),
            b'[' => self.items(pointer),
            b'"' => drop(self.string(pointer, Part::Text)),
            _ => {
                while !b",]} \n".contains(&self.bytes[self.at]) {
                    self.mark(pointer, Part::Structure);
                }
            }
        }
    }

    fn members(&mut self, pointer: &str) {
        self.mark(pointer, Part::Structure);
        loop {
            self.blank();
            match self.bytes[self.at] {
                b'}' => return self.mark(pointer, Part::Structure),
                b',' => self.mark(pointer, Part::Structure),
                _ => {
                    let start = self.at;
                    let key = self.string(pointer, Part::Key);
                    let pointer = format!("{pointer}/{key}");
                    for place in &mut self.places[start..self.at] {
                        place.pointer.clone_from(&pointer);
                    }
                    self.blank();
                    self.mark(&pointer, Part::Structure);
                    self.value(&pointer);
                }
            }
        }
    }

    fn items(&mut self, pointer: &str) {
        self.mark(pointer, Part::Structure);
        let mut index = 0;
        loop {
            self.blank();
            match self.bytes[self.at] {
                b']' => return self.mark(pointer, Part::Structure),
                b',' => self.mark(pointer, Part::Structure),
                _ => {
                    self.value(&format!("{pointer}/{index}"));
                    index += 1;
                }
            }
        }
    }

    fn string(&mut self, pointer: &str, part: Part) -> String {
        let quote = if part == Part::Key { Part::Key } else { Part::Structure };
        self.mark(pointer, quote);
        let start = self.at;
        while self.bytes[self.at] != b'"' {
            if self.bytes[self.at] == b'\\' {
                self.mark(pointer, part);
            }
            self.mark(pointer, part);
        }
        let end = self.at;
        for place in &mut self.places[start..end] {
            place.text = (start, end);
        }
        self.mark(pointer, quote);
        String::from_utf8_lossy(&self.bytes[start..end]).into_owned()
    }
}

#[test]
fn each_byte_has_the_pointer_of_its_value() {
    let document = br#"{"a":[{"b":"xy"},1],"c":null}
"#;
    let places = places(document);
    let at = |text: &str| document.windows(text.len()).position(|window| window == text.as_bytes()).unwrap();
    let b = &places[at("xy")];
    assert_eq!((b.pointer.as_str(), b.part), ("/a/0/b", Part::Text));
    assert_eq!(&document[b.text.0..b.text.1], b"xy");
    assert_eq!((places[at("\"b")].pointer.as_str(), places[at("\"b")].part), ("/a/0/b", Part::Key));
    assert_eq!((places[at("1")].pointer.as_str(), places[at("1")].part), ("/a/1", Part::Structure));
    assert_eq!((places[at("null")].pointer.as_str(), places[at("null")].part), ("/c", Part::Structure));
    assert_eq!(places[document.len() - 1].part, Part::Blank);
}
