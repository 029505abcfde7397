//! From a file's bytes to its promises.
//!
//! The rule that must not be broken: what is too large, of another format or shown as code is said, and is never read
//! as a policy that promises nothing.

use super::claims::{self, Claims};
use super::document::{self, Block, Document};
use super::headings::{Opens, opens};
use super::section::Found;
use super::text::{self, LARGEST};
use super::{Damage, Form, Refusal, SecurityPolicy};

/// Rows of one policy that are read; real ones have fewer than a hundred.
pub(super) const MOST_ROWS: usize = 1000;

/// Reads a policy. The path is kept, and tells the format by its ending.
#[must_use]
pub fn read(path: &str, bytes: &[u8]) -> SecurityPolicy {
    let mut policy = SecurityPolicy {
        path: path.to_owned(),
        form: Form::None,
        rows: Vec::new(),
        beside: Vec::new(),
        damage: Vec::new(),
        refusal: refusal(path, bytes),
        claims: Claims::default(),
    };
    if policy.refusal.is_some() {
        return policy;
    }
    let (source, damage) = text::decode(bytes);
    policy.damage.extend(damage);
    policy.damage.extend(text::mojibake(&source).map(|(line, marks)| Damage::Mojibake(line, marks)));
    policy.damage.extend(template_sentence(&source));
    let document = document::parse(&source);
    if document.too_many {
        policy.refusal = Some(Refusal::TooManyRows);
        return policy;
    }
    policy.claims = claims::of_text(&source);
    let mut statement = Found::default();
    statement.walk(&document);
    statement.settle(&mut policy);
    if policy.form == Form::None {
        policy.damage.extend(fenced(&document));
    }
    if policy.rows.len() > MOST_ROWS {
        policy.rows.clear();
        policy.beside.clear();
        policy.form = Form::None;
        policy.refusal = Some(Refusal::TooManyRows);
    }
    policy
}

pub(super) fn refusal(path: &str, bytes: &[u8]) -> Option<Refusal> {
    if bytes.len() > LARGEST {
        return Some(Refusal::TooLarge(bytes.len()));
    }
    if text::is_utf16(bytes) {
        return Some(Refusal::Utf16);
    }
    if !text::has_usual_lines(bytes) {
        return Some(Refusal::TooManyLines);
    }
    if !text::has_usual_marks(bytes) {
        return Some(Refusal::TooManyMarks);
    }
    let lower = path.to_ascii_lowercase();
    [".rst", ".adoc", ".asciidoc"].iter().any(|ending| lower.ends_with(ending)).then_some(Refusal::Format)
}

/// The line of GitHub's own instruction, left in.
fn template_sentence(source: &str) -> Option<Damage> {
    let line = source
        .lines()
        .position(|line| line.contains("Use this section to tell people about which versions"))?;
    Some(Damage::TemplateSentence(line + 1))
}

/// Whether a code fence holds a whole policy.
fn fenced(document: &Document) -> Option<Damage> {
    document.blocks.iter().find_map(|block| match block {
        Block::Code { line, text } => {
            let heading = |line: &str| {
                line.strip_prefix('#').is_some_and(|rest| opens(rest, 2) == Some(Opens::Statement))
            };
            text.lines().take(200).any(heading).then_some(Damage::Fenced(*line))
        }
        _ => None,
    })
}
