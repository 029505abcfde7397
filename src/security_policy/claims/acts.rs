//! What a sentence says is done about vulnerable dependencies.
//!
//! The rule that must not be broken: only that something looks for them can be borne out by a tool that is run; what
//! people read, and what is done about what was found, can not.

use super::words::Words;

/// Words by which something looks for them.
const ACTS: &[&str] = &[
    "scan*|audit*|check*|test*|analy*|detect*|inspect*|search*|verif*|automat*|alert*|monitor*|continuous*",
    "find|finds|found|finding|catch*|discover*|identif*|look|looks|looking|tool|tools|tooling|assess*|examin*",
    "evaluat*|query|queries|queried|compar*|match*|screen*|watch*|flag|flags|flagged|report*|review*|track*",
];

/// What people, or the forge for them, read.
const READ: &[&str] = &["advisory|advisories|announcements|bulletins|feeds|disclosures|mailing"];
/// How it is read.
const READING: &[&str] =
    &["monitor*|watch*|track*|follow*|subscrib*|review*|read*|keep|keeps|stay|stays|receive*|look|looks"];
/// By what tools look for them, too.
const BY_TOOLS: &[&str] = &["scan*|audit*|check*|test*|analy*|detect*|tool|tools|tooling|database|databases"];

/// Why nothing here could tell whether it is done, where that is so.
pub(super) fn unseen(words: &Words<'_>) -> Option<&'static str> {
    if !words.any(ACTS) {
        return Some("it does not say that anything looks for them, and what else is done was not looked at");
    }
    let is_read = words.near(READ, READING, 5).is_some() && !words.any(BY_TOOLS);
    is_read.then_some("who reads advisories leaves nothing that could be looked at")
}

/// "Dependencies of your project are scanned": what readers have, which no project speaks for.
pub(super) fn is_of_readers(words: &Words<'_>) -> bool {
    words.any(&["dependency|dependencies|packages|libraries of|in|from your|users'|customers'"])
}
