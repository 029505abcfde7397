//! A body that broke off, and what may be gone on with.
//!
//! The rule that must not be broken: parts of two representations are never put together. The rest is taken only where it
//! was asked for, comes from the same place under the same strong entity tag, and begins and ends where it must (RFC 9110,
//! sections 8.8.3, 14.4 and 15.3.7). Everything else begins again from nothing.

use super::{
    cache::Validators,
    errors::{broken, status},
};
use crate::collect::mark::Mark;
use crate::collect::transport::{Method, Sink, TransportError};
use jiff::Timestamp;
use reqwest::{
    Response, Url, Version,
    header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue, TRANSFER_ENCODING},
};

/// How often one body is gone on with after it broke off.
pub(super) const MAX_RESUMED: u32 = 20;

/// What there is already: of a body that broke off, or from an earlier run.
#[derive(Default)]
pub(super) struct Got {
    bytes: u64,
    /// How many there must be in the end, as far as that was said.
    total: Option<u64>,
    /// How many there may be after this answer, as far as that was said.
    until: Option<u64>,
    /// The strong entity tag of what these bytes are of.
    tag: Option<HeaderValue>,
    /// Where they are from, without the query, which is signed anew for each request.
    place: Option<Url>,
    /// Whether the rest was asked for in this request.
    asked_rest: bool,
    /// Whether bytes were added to what was there.
    progress: bool,
    /// How often a broken body was gone on with.
    resumed: u32,
    /// By what can be asked whether that has changed which was kept from an earlier run.
    kept: Option<Kept>,
    /// Whether this request asked if that has changed.
    asked_changed: bool,
}

/// By what can be asked whether something has changed that is here already.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// Where it came from; nobody else is asked.
    pub(super) place: Url,
    pub(super) validators: Validators,
}

impl Kept {
    /// What a mark says, where a request could say it too.
    pub(super) fn of(mark: &Mark) -> Option<Self> {
        let value = |text: &Option<String>| text.as_deref().map(HeaderValue::from_str).transpose().ok();
        let validators = Validators { tag: value(&mark.tag)?, modified: value(&mark.modified)? };
        let place = Url::parse(&mark.place).ok()?;
        (validators.tag.is_some() || validators.modified.is_some()).then_some(Self { place, validators })
    }
}

/// Which part of a body an answer brings.
pub(super) enum Part {
    /// All of it.
    Whole { total: Option<u64>, tag: Option<HeaderValue>, place: Url },
    /// What was missing, from this byte on.
    Rest { from: u64, until: u64, total: u64 },
}

impl Part {
    /// The first byte that it brings.
    pub(super) fn from(&self) -> u64 {
        match self {
            Self::Whole { .. } => 0,
            Self::Rest { from, .. } => *from,
        }
    }
}

impl Got {
    /// Nothing yet, besides what was kept from an earlier run.
    pub(super) fn beside(kept: Option<Kept>) -> Self {
        Self { kept, ..Self::default() }
    }

    /// How many bytes of the body there are.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How often the body was gone on with.
    pub(super) fn resumed(&self) -> u32 {
        self.resumed
    }

    /// Whether the last attempt added to what was there; asked once for each attempt.
    pub(super) fn take_progress(&mut self) -> bool {
        self.resumed += u32::from(self.progress);
        std::mem::take(&mut self.progress)
    }

    /// From which byte on the rest is asked for, and of which representation; nothing where all of it is.
    pub(super) fn ask_for_rest(&mut self, method: Method<'_>) -> Option<(u64, &HeaderValue)> {
        let may = self.bytes > 0 && method == Method::Get;
        let rest = self.tag.as_ref().filter(|_| may).map(|tag| (self.bytes, tag));
        self.asked_rest = rest.is_some();
        rest
    }

    /// By what is asked whether that has changed which was kept; of the place alone that it was kept of.
    pub(super) fn ask_whether_changed(&mut self, url: &Url) -> Option<&Validators> {
        let kept = self.kept.as_ref().filter(|kept| kept.place == *url && !self.asked_rest);
        self.asked_changed = kept.is_some();
        kept.map(|kept| &kept.validators)
    }

    /// Whether the last request asked that.
    pub(super) fn asked_whether_changed(&self) -> bool {
        self.asked_changed
    }

    /// Whether an answer of 304 is about what was kept; where not, that is forgotten.
    pub(super) fn unchanged(&mut self, response: &Response) -> bool {
        let is_same = self.kept.as_ref().is_some_and(|kept| kept.validators.match_tag(response.headers()));
        if !is_same {
            self.kept = None;
        }
        is_same
    }

    /// What an answer brings. Nothing changes by it, except that what cannot be gone on with is forgotten.
    pub(super) fn recognise(
        &mut self,
        url: &Url,
        response: &Response,
        now: Timestamp,
    ) -> Result<Part, TransportError> {
        match response.status().as_u16() {
            // 201 is how Rekor answers a question that it has just taken down.
            200 | 201 | 206 if has_two_ends(response) => {
                Err(broken(url, "its answer says in two ways where it ends"))
            }
            200 | 201 if has_no_end(response) => Err(broken(url, "its answer does not say where it ends")),
            200 | 201 => Ok(Part::Whole {
                total: response.content_length(),
                tag: strong_tag(response.headers()),
                place: place(url),
            }),
            206 if self.asked_rest => match self.rest(url, response) {
                Ok(part) => Ok(part),
                Err(reason) => {
                    self.forget();
                    Err(broken(url, reason))
                }
            },
            416 if self.asked_rest => {
                self.forget();
                Err(broken(url, "it has no such rest as was asked for"))
            }
            _ => Err(status(url, response, now)),
        }
    }

    /// The rest, if it is that of what is there.
    fn rest(&self, url: &Url, response: &Response) -> Result<Part, &'static str> {
        let headers = response.headers();
        if self.place.as_ref() != Some(&place(url)) {
            return Err("the rest came from another place");
        }
        if self.tag.is_none() || strong_tag(headers) != self.tag {
            return Err("the rest is of another version of the file");
        }
        let range = headers.get(CONTENT_RANGE).and_then(|value| Range::parse(value.to_str().ok()?));
        let Some(range) = range.filter(|range| range.first == self.bytes) else {
            return Err("it went on with another part than was asked for");
        };
        let length = range.last - range.first + 1;
        if self.total.is_some_and(|total| total != range.total)
            || response.content_length().is_some_and(|said| said != length)
        {
            return Err("the rest is of a file of another size");
        }
        Ok(Part::Rest { from: range.first, until: range.last + 1, total: range.total })
    }

    /// The body begins, or goes on where it broke off.
    pub(super) fn begin(&mut self, part: Part, sink: &mut dyn Sink) {
        match part {
            Part::Whole { total, tag, place } => {
                self.forget();
                (self.total, self.until, self.tag, self.place) = (total, total, tag, Some(place));
                sink.begin();
            }
            Part::Rest { until, total, .. } => (self.until, self.total) = (Some(until), Some(total)),
        }
    }

    /// Takes note of further bytes.
    pub(super) fn add(&mut self, bytes: u64, url: &Url) -> Result<(), TransportError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.until.is_some_and(|until| self.bytes > until) {
            self.forget();
            return Err(broken(url, "it sent more than it said"));
        }
        self.progress |= self.asked_rest && bytes > 0;
        Ok(())
    }

    /// Whether the body is whole.
    pub(super) fn end(&self, url: &Url) -> Result<(), TransportError> {
        match self.total {
            Some(total) if total != self.bytes => Err(broken(url, "it ended before its end")),
            _ => Ok(()),
        }
    }

    /// There is nothing of a body; how often one was gone on with is not forgotten.
    fn forget(&mut self) {
        *self = Self {
            resumed: self.resumed,
            progress: self.progress,
            kept: self.kept.take(),
            ..Self::default()
        };
    }
}

/// `Content-Range: bytes FIRST-LAST/TOTAL` (RFC 9110, section 14.4), with all three.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    first: u64,
    last: u64,
    total: u64,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let number = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten()
        };
        let (first, last, total) = (number(first)?, number(last)?, number(total)?);
        (first <= last && last < total).then_some(Self { first, last, total })
    }
}

/// A body with a length and in chunks: somebody on the way may take the one for the other (RFC 9112, section 6.3).
fn has_two_ends(response: &Response) -> bool {
    let headers = response.headers();
    headers.contains_key(TRANSFER_ENCODING) && headers.contains_key(CONTENT_LENGTH)
}

/// A body that ends with its connection: nobody can tell whether it is whole (RFC 9112, section 6.3).
fn has_no_end(response: &Response) -> bool {
    let codings =
        response.headers().get_all(TRANSFER_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let last = codings.flat_map(|value| value.split(',')).last();
    let is_chunked = last.is_some_and(|coding| coding.trim().eq_ignore_ascii_case("chunked"));
    response.version() <= Version::HTTP_11 && response.content_length().is_none() && !is_chunked
}

/// The entity tag, where it vouches for every byte, and where there is one.
fn strong_tag(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut tags = headers.get_all(ETAG).iter();
    let tag = tags.next().filter(|tag| tag.as_bytes().starts_with(b"\""))?;
    tags.next().is_none().then(|| tag.clone())
}

fn place(url: &Url) -> Url {
    let mut plain = url.clone();
    plain.set_query(None);
    plain.set_fragment(None);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_range_says_all_three_numbers_and_no_nonsense() {
        assert_eq!(Range::parse("bytes 4-9/10"), Some(Range { first: 4, last: 9, total: 10 }));
        let bad = [
            "",
            "bytes",
            "bytes 4-9/*",
            "bytes */10",
            "bytes 9-4/10",
            "bytes 4-10/10",
            "bytes -4-9/10",
            "bytes +4-9/10",
            "items 4-9/10",
            "bytes 4-9",
            "bytes=4-9/10",
            "bytes 4-9/18446744073709551616",
            "bytes 4 -9/10",
            "bytes -/",
            "BYTES 4-9/10",
        ];
        for text in bad {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }
}
