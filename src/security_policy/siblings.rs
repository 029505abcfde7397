//! Bullets beside one that is read as a sentence.
//!
//! The rule that must not be broken: once one bullet of a list says which versions are supported, another that may say
//! it too is not passed over.

use super::prose;
use super::sentences::Sentence;

/// The bullets of one list.
#[derive(Default)]
pub(super) struct Siblings {
    /// Whether one of them is read.
    read: bool,
    /// Those that are not, and may be statements.
    left: Vec<Sentence>,
}

impl Siblings {
    /// Takes the next bullet; `read` where it is a statement.
    pub(super) fn take(&mut self, read: bool, sentences: &[Sentence]) {
        self.read |= read;
        if !read {
            self.left.extend(sentences.iter().find(|sentence| prose::may_tell(sentence)).cloned());
        }
    }

    /// Ends the list: the bullets that stay as unread.
    pub(super) fn end(&mut self) -> Vec<Sentence> {
        let Self { read, left } = std::mem::take(self);
        if read { left } else { Vec::new() }
    }
}
