//! What comes of a request: where a whole body came from, and the body where it is kept.

use super::cache::Validators;
use crate::collect::{mark::Mark, transport::Sink};
use reqwest::{Url, header::HeaderValue};

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
    /// With both.
    pub(super) place: Url,
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
        Self { url: plain.into(), place: url.clone(), next: None, validators: None, is_unchanged: false }
    }

    /// By what this place can be asked for the same body later. An address with a query may be signed anew for each
    /// request, and hold what nobody should keep.
    pub(super) fn mark(self) -> Option<Mark> {
        let Validators { tag, modified } = self.validators?;
        let text = |value: Option<HeaderValue>| value.and_then(|it| it.to_str().ok().map(str::to_owned));
        let (tag, modified) = (text(tag), text(modified));
        let is_plain = self.place.query().is_none() && self.place.username().is_empty();
        let is_plain = is_plain && self.place.password().is_none() && (tag.is_some() || modified.is_some());
        is_plain.then(|| Mark { place: self.place.into(), tag, modified })
    }

    pub(super) fn unchanged(url: &Url) -> Self {
        Self { is_unchanged: true, ..Self::of(url) }
    }
}
