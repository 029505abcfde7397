//! What comes of a request: where a whole body came from, and the body where it is kept.

use super::cache::Validators;
use crate::collect::transport::Sink;
use reqwest::Url;

/// A body that is kept.
pub(super) struct Memory(pub(super) Vec<u8>);

impl Sink for Memory {
    fn begin(&mut self) {
        self.0.clear();
    }

    fn part(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// Where a whole answer came from.
pub(super) struct Origin {
    /// Without query and fragment.
    pub(super) url: String,
    pub(super) next: Option<String>,
    /// By what can be asked later whether it has changed.
    pub(super) validators: Option<Validators>,
    /// Whether it is what was kept from an earlier run.
    pub(super) is_unchanged: bool,
}

impl Origin {
    pub(super) fn of(url: &Url) -> Self {
        let mut plain = url.clone();
        plain.set_query(None);
        plain.set_fragment(None);
        Self { url: plain.into(), next: None, validators: None, is_unchanged: false }
    }

    pub(super) fn unchanged(url: &Url) -> Self {
        Self { is_unchanged: true, ..Self::of(url) }
    }
}
