//! Sentences that stand beside the text: in cells of tables, in headings, and in paragraphs of HTML.
//!
//! The rule that must not be broken: only a whole sentence is read there. A word in a cell says nothing by itself, and a
//! row that says no, a column of examples, a comment or quoted HTML says nothing at all.

use super::super::icons;
use super::stance;
use super::words::{Words, folded};

/// The largest block of HTML that is read, in bytes.
const LARGEST_BLOCK: usize = 64 << 10;

/// The cells of a row, and of the row above all.
#[derive(Default)]
pub(super) struct Row {
    /// Where in the text of the row the cell begins.
    pub(super) from: usize,
    head: Vec<String>,
    cells: Vec<String>,
}

impl Row {
    pub(super) fn begin(&mut self) {
        self.cells.clear();
        self.from = 0;
    }

    /// Takes the cell that ends here.
    pub(super) fn take(&mut self, text: &str) {
        self.cells.push(text.get(self.from..).unwrap_or_default().trim().to_owned());
    }

    pub(super) fn end_head(&mut self) {
        self.head = std::mem::take(&mut self.cells);
    }

    /// The sentences of a row that nothing in it takes back.
    pub(super) fn sentences(&mut self) -> Vec<String> {
        let cells = std::mem::take(&mut self.cells);
        let takes_back = |(at, cell): (usize, &String)| {
            let head = self.head.get(at).map_or("", String::as_str);
            icons::denies(cell)
                || icons::is_to_do(cell)
                || icons::is_amber(cell)
                || stance::is_taken_back(cell, head)
        };
        if cells.iter().enumerate().any(takes_back) {
            return Vec::new();
        }
        let head = &self.head;
        let is_ours = |at: usize| head.get(at).is_none_or(|name| !stance::is_of_others(name));
        let all = cells.into_iter().enumerate();
        all.filter(|(at, cell)| is_ours(*at) && is_sentence(cell)).map(|(_, cell)| cell).collect()
    }
}

/// Whether a text is a whole sentence: four words, one of which says what is done, and no question or order.
pub(super) fn is_sentence(text: &str) -> bool {
    let folded = folded(text);
    let words = Words::of(&folded);
    let verbs = [
        "is|are|has|have|runs|run|uses|use|comes|come|includes|include|gets|get|ships|ship|requires|require",
        "publishes|publish|signs|scans|scan|sign|generates|attests|pins|locks|provides",
    ];
    let asks = [
        "how", "what", "which", "why", "where", "who", "whether", "when", "if", "are", "is", "do", "does",
        "can", "should",
    ];
    let first = words.first().unwrap_or_default();
    let is_open = asks.contains(&first)
        || (first.len() > 5 && first.ends_with("ing"))
        || text.trim_end().ends_with('?');
    words.len() >= 4 && !is_open && words.any(&verbs)
}

/// The paragraphs of a block of HTML: how many lines below its first each begins, whether it is an item of a list, and its
/// text. A block with anything that is quoted, struck, hidden or code has none.
pub(super) fn paragraphs(block: &str) -> Vec<(usize, bool, String)> {
    const LEFT_OUT: [&str; 19] = [
        "<!--",
        "<table",
        "<pre",
        "<code",
        "<script",
        "<style",
        "<blockquote",
        "<q>",
        "<del",
        "<s>",
        "<strike",
        "hidden",
        "display",
        "<template",
        "<textarea",
        "<iframe",
        "<svg",
        "<object",
        "<noscript",
    ];
    let lower = block.to_ascii_lowercase();
    if block.len() > LARGEST_BLOCK || LEFT_OUT.iter().any(|mark| lower.contains(mark)) {
        return Vec::new();
    }
    let mut found: Vec<(usize, bool, String)> = Vec::new();
    let mut text = String::new();
    let (mut line, mut begins, mut is_item) = (0, 0, false);
    let mut end = |text: &mut String, begins: usize, is_item: bool| {
        let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.clear();
        if !whole.is_empty() {
            found.push((begins, is_item, whole));
        }
    };
    let mut rest = block;
    let mut is_closed = true;
    while let Some(c) = rest.chars().next() {
        // Behind the last `>` no tag ends any more, and none is looked for again.
        is_closed = is_closed && (c != '<' || rest.contains('>'));
        if c == '<'
            && is_closed
            && let Some(length) = rest.find('>')
        {
            let tag = rest[1..length].trim_start_matches('/').to_ascii_lowercase();
            let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
            line += rest[..length].matches('\n').count();
            rest = &rest[length + 1..];
            // What only marks words does not end the sentence.
            if !matches!(
                name.as_str(),
                "b" | "strong" | "i" | "em" | "a" | "span" | "u" | "img" | "sup" | "sub"
            ) {
                end(&mut text, begins, is_item);
                is_item = name == "li";
            }
            continue;
        }
        if text.trim().is_empty() {
            begins = line;
        }
        line += usize::from(c == '\n');
        text.push(c);
        rest = &rest[c.len_utf8()..];
    }
    end(&mut text, begins, is_item);
    found.into_iter().map(|(line, is_item, text)| (line, is_item, entities(&text))).collect()
}

/// The entities that stand in plain text.
fn entities(text: &str) -> String {
    let plain = text.replace("&nbsp;", " ").replace("&quot;", "\"").replace("&#39;", "'");
    plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_whole_and_no_question() {
        for text in
            ["All releases are signed", "We sign every release", "Dependencies are scanned with pip-audit."]
        {
            assert!(is_sentence(text), "{text}");
        }
        for text in [
            "Signed releases",
            "Are all releases signed?",
            "How releases are signed",
            "Checking that releases are signed",
        ] {
            assert!(!is_sentence(text), "{text}");
        }
    }

    #[test]
    fn the_paragraphs_of_html_are_read_with_their_lines() {
        assert_eq!(
            paragraphs("<p>\nAll <b>releases</b> are\nsigned.</p>\n<ul><li>One &amp; two</li></ul>"),
            [(1, false, "All releases are signed.".to_owned()), (3, true, "One & two".to_owned())]
        );
        for hidden in [
            "<!-- <p>All releases are signed.</p> -->",
            "<blockquote>All releases are signed.</blockquote>",
            "<p style='display: none'>All releases are signed.</p>",
            "<p><del>All releases are signed.</del></p>",
            "<pre>All releases are signed.</pre>",
        ] {
            assert!(paragraphs(hidden).is_empty(), "{hidden}");
        }
        assert_eq!(paragraphs("a < b"), [(0, false, "a < b".to_owned())]);
    }
}
