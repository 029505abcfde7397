//! The packages that a requirement file says to have been left out.
//!
//! The rule that must not be broken: a program that leaves something out of a list says so in a comment, and what it names is
//! needed all the same.

use super::{NAMES_LIMIT, python};
use crate::advisories::locks::Fault;

/// What the comments of pip-compile and uv have in common that name packages in the lines after them.
const ANNOUNCED: &str = "following packages";

/// The names in the comments after one that announces them, as far as lines of comments follow each other.
///
/// # Errors
/// [`Fault::Limit`] for too many of them.
pub(super) fn of(text: &str) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    let mut is_announced = false;
    for line in text.lines() {
        let Some(comment) = line.strip_prefix('#') else {
            is_announced = false;
            continue;
        };
        if comment.contains(ANNOUNCED) {
            is_announced = true;
        } else if let Some(named) = python::requirement(comment).filter(|_| is_announced) {
            names.push(named.name);
        }
        if names.len() > NAMES_LIMIT {
            return Err(Fault::limit("packages that were left out", NAMES_LIMIT));
        }
    }
    Ok(names)
}
