//! An index: a file that lists the files of a release, for places that have no forge.
//!
//! ```json
//! {"files": [{"name": "widget.tar.gz", "url": "https://files.example/widget.tar.gz", "size": 1234, "sha256": "3a7b…"}]}
//! ```
//!
//! `url` may be left out in an index that is fetched itself: then the file is beside it. `size` and `sha256` may be left
//! out; where they are given they are held against the bytes. Nothing else may stand in it.

use super::{
    download::{self, Door, Earlier},
    folder::{FramePlan, Limits},
    forge::{Remote, segment},
    progress::Quiet,
    transport::{API_ANSWER_LIMIT, Accept, Method, Request, Transport, shown},
};
use crate::{
    digest::{Algorithm, Digest},
    evidence::{Listed, Listing, Published, Seen, Stage},
    json,
    text::Untrusted,
};
use serde::Deserialize;
use std::sync::Arc;

/// The largest index, in bytes.
pub const MAX_INDEX: usize = 4 << 20;
/// Most files that an index may list.
const MAX_FILES: usize = 10_000;

/// The files of a release, as an index lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    listing: Listing,
    files: Vec<Remote>,
}

/// Where an index is, and through what the files that it lists are fetched.
pub enum IndexAt {
    /// It was read here.
    Here(Index),
    /// It is fetched from this `https` URL.
    Url(String),
}

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{origin} is no index of published files: {why}")]
pub struct IndexError {
    origin: String,
    /// What is wrong with it.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    files: Vec<WrittenFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    name: String,
    url: Option<String>,
    size: Option<u64>,
    sha256: Option<String>,
}

impl Index {
    /// Reads an index. `origin` is what it is called in reports; `base` is its own URL, where it was fetched.
    ///
    /// # Errors
    /// [`IndexError`], with the place in it that is wrong.
    pub fn parse(origin: &str, base: Option<&str>, bytes: &[u8]) -> Result<Self, IndexError> {
        let refuse = |why: String| IndexError { origin: origin.to_owned(), why };
        json::check(bytes, json::Limits::bytes(MAX_INDEX)).map_err(|error| refuse(error.to_string()))?;
        let written: Written = serde_json::from_slice(bytes).map_err(|error| refuse(error.to_string()))?;
        if written.files.is_empty() || written.files.len() > MAX_FILES {
            return Err(refuse(format!(
                "it lists {} files, and may list 1 to {MAX_FILES}",
                written.files.len()
            )));
        }
        let (mut listed, mut files) = (Vec::new(), Vec::new());
        for file in written.files {
            let shown = Untrusted::new(&file.name);
            let url = match (file.url, base) {
                (Some(url), _) if url.starts_with("https://") => url,
                (Some(_), _) => return Err(refuse(format!("the url of {shown} is not https"))),
                (None, Some(base)) => beside(base, &file.name),
                (None, None) => return Err(refuse(format!("{shown} has no url"))),
            };
            let digest = file.sha256.map(|hex| Digest::parse(Algorithm::Sha256, &hex)).transpose();
            let digest = digest.map_err(|error| refuse(format!("the sha256 of {shown}: {error}")))?;
            listed.push(Listed { name: shown, size: file.size, digest, updated_at: None });
            files.push(Remote { name: file.name, url, size: file.size });
        }
        let listing = Listing {
            origin: origin.to_owned(),
            stage: Stage::Indexed,
            is_immutable: None,
            published_at: None,
            commit: None,
            also: Vec::new(),
            files: listed,
            generated: Vec::new(),
        };
        Ok(Self { listing, files })
    }
}

/// The address of a file in the same folder.
fn beside(base: &str, name: &str) -> String {
    let plain = base.split(['?', '#']).next().unwrap_or(base);
    let folder = plain.rsplit_once('/').map_or(plain, |(folder, _)| folder);
    format!("{folder}/{}", segment(name))
}

/// The files that an index lists, and what it says of them.
pub(super) fn fetch(
    at: IndexAt,
    transport: &Arc<dyn Transport>,
    frames: FramePlan<'_>,
) -> (Option<Seen<Listing>>, Seen<Published>) {
    let index = match at {
        IndexAt::Here(index) => Ok(index),
        IndexAt::Url(url) => at_url(&url, transport.as_ref()),
    };
    match index {
        Ok(index) => {
            // Nobody's token is for places that an index names.
            let door = Door { transport: transport.as_ref(), token: None, progress: &Quiet };
            let published = download::fetch(&index.files, &Earlier::new(), door, Limits::default(), frames);
            (Some(Seen::Present(index.listing)), Seen::Present(published))
        }
        Err(reason) => (Some(Seen::unavailable(&reason)), Seen::unavailable(reason)),
    }
}

fn at_url(url: &str, transport: &dyn Transport) -> Result<Index, String> {
    let max_bytes = API_ANSWER_LIMIT.min(MAX_INDEX);
    let request = Request { method: Method::Get, url, max_bytes, accept: Accept::Bytes, token: None };
    let answer = transport.fetch(&request).map_err(|error| error.reason())?;
    // Where it came from in the end is where its files are.
    Index::parse(&shown(url), Some(&answer.url), &answer.bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn parse(text: &str, base: Option<&str>) -> Result<Index, String> {
        Index::parse("index.json", base, text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn an_index_says_where_each_file_is_and_what_it_should_be() {
        let text = format!(
            r#"{{"files": [{{"name": "a b.tar.gz", "size": 3, "sha256": "{SHA256}"}}, {{"name": "c", "url": "https://x.example/1"}}]}}"#
        );
        let index = parse(&text, Some("https://files.example/w/index.json?token=x#y")).unwrap();
        let urls: Vec<&str> = index.files.iter().map(|file| file.url.as_str()).collect();
        assert_eq!(urls, ["https://files.example/w/a%20b.tar.gz", "https://x.example/1"]);
        assert_eq!(index.listing.stage, Stage::Indexed);
        let first = &index.listing.files[0];
        assert_eq!((first.size, first.digest.as_ref().unwrap().hex()), (Some(3), SHA256));
        assert_eq!((index.listing.files[1].size, &index.listing.files[1].digest), (None, &None));
    }

    #[test]
    fn what_is_no_index_is_refused_with_the_place() {
        let https =
            |rest: &str| format!(r#"{{"files": [{{"name": "c", "url": "https://x.example/1"{rest}}}]}}"#);
        assert!(parse(&https(""), None).is_ok());
        for (text, why) in [
            (String::new(), "index.json is no index of published files: "),
            ("[]".to_owned(), "invalid length 0"),
            (r#"{"files": []}"#.to_owned(), "it lists 0 files"),
            (r#"{"files": [{"name": "c"}]}"#.to_owned(), "c has no url"),
            (
                r#"{"files": [{"name": "c", "url": "http://x.example/1"}]}"#.to_owned(),
                "the url of c is not https",
            ),
            (
                r#"{"files": [{"name": "c", "url": "file:///etc/passwd"}]}"#.to_owned(),
                "the url of c is not https",
            ),
            (r#"{"files": [{"url": "https://x.example/1"}]}"#.to_owned(), "missing field `name`"),
            (https(r#", "sha256": "abc""#), "the sha256 of c"),
            (https(r#", "size": -1"#), "invalid value"),
            (https(r#", "md5": "x""#), "unknown field `md5`"),
            (https(r#", "name": "d""#), "name"),
        ] {
            let error = parse(&text, None).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn a_name_never_leaves_the_folder_of_its_index() {
        for (name, url) in [
            ("../../x", "https://files.example/w/..%2F..%2Fx"),
            ("//evil.example/x", "https://files.example/w/%2F%2Fevil.example%2Fx"),
            ("a?b#c", "https://files.example/w/a%3Fb%23c"),
        ] {
            assert_eq!(beside("https://files.example/w/index.json", name), url);
        }
    }
}
