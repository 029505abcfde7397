//! Whose word a sentence is: a promise of the project, an aim, or advice to somebody else.
//!
//! The rule that must not be broken: only a plain statement about the project is a promise. What has a condition, a
//! denial, a plan or a reader in it is none.

use super::phrases::{
    AIMS, CASES, CONDITIONAL_STARTS, CONDITIONS, DENIALS, GAPS, MODALS, ORDERS, OURS, PARTS, PLANS, READERS,
    WHENS,
};
use super::words::{Words, folded};
use super::{Tone, others};

/// What headings and introductions make of the text under them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Stance {
    /// Nothing.
    #[default]
    Plain,
    /// It is what the project does.
    Ours,
    /// It is what the project aims at.
    Aim,
    /// It is for somebody else, or holds under a condition.
    Advice,
    /// It is out of scope, or not done: whoever says it, it claims nothing.
    Nothing,
}

/// What a heading makes of the text under it, where it says so.
pub(super) fn of_heading(heading: &str) -> Option<Stance> {
    let folded = folded(heading);
    let words = Words::of(&folded);
    let advice = [
        "best practice|practices",
        "for users|developers|contributors|operators|deployers|integrators|administrators|production|reporters",
        "considerations",
        "recommended|recommendation|recommendations",
        "guideline|guidelines",
        "guidance",
        "advice",
        "tips",
        "checklist",
        "hardening",
        "what to include",
        "how to",
        "deploying|deployment|production",
        "threat",
        "threats",
        "limitations",
        "responsibility|responsibilities",
        "safe harbor|harbour",
        "rewards|bounty",
        "examples|example",
        "user|users|users'",
        "your",
    ];
    if is_of_gaps(&words)
        || is_of_past(&words)
        || words.any(&[
            "scope",
            "out-of-scope|in-scope",
            "non-goals",
            "exclusion|exclusions|excluded",
            "not covered",
        ])
    {
        return Some(Stance::Nothing);
    }
    if words.any(&advice) {
        return Some(Stance::Advice);
    }
    words.any(OURS).then_some(Stance::Ours)
}

/// Whether a heading or an introduction stands above what is not there. One that asks readers for something does not.
fn is_of_gaps(words: &Words<'_>) -> bool {
    const ASKED: [&str; 3] = ["report*|open|file|disclos*|post|share|submit|create", "please", "you|your"];
    words.any(GAPS) && !words.any(&ASKED)
}

/// Whether a heading or an introduction stands above what was done about one flaw: "CVE-2031-1 (fixed in v2.0.1)".
fn is_of_past(words: &Words<'_>) -> bool {
    const DONE: [&str; 1] =
        ["fixed|fixes|fix|resolved|remediated|remediation|remediations|mitigated|mitigation|patched in|for"];
    let is_version = |word: &str| {
        let number = word.strip_prefix('v').unwrap_or(word);
        number.contains('.') && number.starts_with(|c: char| c.is_ascii_digit())
    };
    let named = words.find_any(&DONE).is_some_and(|at| words.from(at).until(5).iter().any(is_version));
    named || words.any(&["cve-*|ghsa-*|rustsec-*|osv-*"])
}

/// What the sentence before a list makes of its items, where it says so.
pub(super) fn of_intro(before: &str) -> Option<Stance> {
    let before = before.trim_end();
    let after = |end: &str| before.rfind(end).map_or(0, |at| at + end.len());
    let start = [". ", ".\n", "! ", "? "].into_iter().map(after).max().unwrap_or(0);
    let last = before.get(start..).filter(|last| !last.trim().is_empty()).unwrap_or(before);
    let folded = folded(last);
    let words = Words::of(&folded);
    words.first()?;
    let out = ["of|in scope", "out-of-scope|in-scope", "excluded", "not covered"];
    if words.any(&out) || before.ends_with(':') && is_of_past(&words) {
        return Some(Stance::Nothing);
    }
    let is_heading = before.ends_with(':') || words.len() <= 4;
    if is_heading && is_of_gaps(&words) {
        return Some(Stance::Nothing);
    }
    let begins = words.first().is_some_and(|first| CONDITIONAL_STARTS.contains(&first));
    if begins || words.any(CONDITIONS) || words.any(MODALS) || words.any(DENIALS) || words.any(PLANS) {
        return Some(Stance::Advice);
    }
    let of_project = [
        "following|measures|tools|controls|checks|mechanisms|protections|layers|safeguards",
        "includes|include|implements|uses|provides|employs",
    ];
    let is_ours = words.any(OURS) || words.any(&of_project);
    if words.any(AIMS) {
        return Some(Stance::Aim);
    }
    if words.any(&["best practices", "checklist"]) {
        return Some(Stance::Advice);
    }
    if words.any(READERS) {
        return Some(Stance::Advice);
    }
    if before.ends_with(':') {
        let is_order = words.first().is_some_and(|first| ORDERS.contains(&first));
        return match (is_ours, is_order) {
            (true, _) => Some(Stance::Ours),
            (false, true) => Some(Stance::Advice),
            (false, false) => None,
        };
    }
    None
}

/// Whether a cell takes back what the others of its row say.
pub(super) fn is_taken_back(cell: &str, head: &str) -> bool {
    let folded = folded(cell);
    let words = Words::of(&folded);
    words.any(DENIALS)
        || words.any(PLANS)
        || words.any(GAPS)
        || words.any(CONDITIONS)
        || says_no(cell, head)
        || words.any(&["n/a|partial|partially|pending", "in progress"])
}

/// Whether a cell has a short word for no, a share of less than all, or a time that is still to come; below a heading that
/// asks whether or when, what is empty is one too.
fn says_no(cell: &str, head: &str) -> bool {
    let bare = cell.trim().trim_matches(['*', '`', '_', '(', ')', '.']).to_lowercase();
    let head = folded(head);
    let head = Words::of(&head);
    let share = bare.strip_suffix('%').and_then(|number| number.trim().parse::<f32>().ok());
    let is_past = head.any(&["since|from|introduced|started|added|updated|reviewed|date"]);
    let is_time = !is_past && !bare.is_empty() && bare.split([' ', '/', '-']).all(others::is_time);
    let asks_when = head.any(&["eta|due|when|timeline|milestone|target|planned"]);
    let is_dated = asks_when && bare.split([' ', '/', '-']).any(others::is_time);
    let asks_whether =
        asks_when || head.any(&["done|status|state|implemented|enabled|active|available", "in place"]);
    matches!(
        bare.as_str(),
        "-" | "–"
            | "—"
            | "--"
            | "n"
            | "no"
            | "nein"
            | "non"
            | "nope"
            | "false"
            | "off"
            | "later"
            | "open"
            | "missing"
            | "?"
    ) || share.is_some_and(|share| share < 100.0)
        || (asks_whether && (bare.is_empty() || is_dated))
        || is_time
}

/// Whether a column holds what is not said of the project: advice, aims, examples, questions.
pub(super) fn is_of_others(head: &str) -> bool {
    let folded = folded(head);
    let of_others = [
        "goal*|aim*|target*|example*|question*|issue*|risk*|attack*|vulnerab*|requirement*|todo|planned|action|actions",
    ];
    matches!(of_heading(head), Some(Stance::Advice | Stance::Nothing)) || Words::of(&folded).any(&of_others)
}

/// Whether a heading or an introduction is about reporting, or about whom to ask.
pub(super) fn is_reporting(text: &str) -> bool {
    let folded = folded(text);
    Words::of(&folded).any(&[
        "report*",
        "contact*",
        "disclos*",
        "email*|e-mail*",
        "questions",
        "vulnerabilit*",
    ])
}

/// Whether a heading or an introduction is about what a release comes with.
pub(super) fn is_of_releases(text: &str) -> bool {
    let folded = folded(text);
    Words::of(&folded).any(&[
        "release|releases",
        "artifact|artifacts|artefact|artefacts",
        "supply chain|supply-chain",
    ])
}

/// Whether a heading or an introduction is about security updates.
pub(super) fn is_of_updates(text: &str) -> bool {
    let folded = folded(text);
    Words::of(&folded).any(&["update|updates", "fix|fixes", "advisories", "patch|patches"])
}

/// Whether an introduction says that updates are announced somewhere.
pub(super) fn is_announced(text: &str) -> bool {
    let folded = folded(text);
    is_of_updates(text) && Words::of(&folded).any(&ANNOUNCED)
}

/// What is done with updates.
pub(super) const ANNOUNCED: [&str; 1] =
    ["announced|distributed|published|posted|communicated|delivered|notified|released|disseminated"];

/// How firmly a sentence is said of the project; `None` where it is no statement about it. `at`: the last word that the
/// statement needs. `lead`: how many words stand before the colon.
pub(super) fn tone(words: &Words<'_>, at: usize, of_unit: Stance, lead: usize) -> Option<Tone> {
    if of_unit == Stance::Nothing {
        return None;
    }
    if words.any(DENIALS) || words.any(PLANS) || words.any(CONDITIONS) || is_open(words, at) {
        return None;
    }
    // "A release is signed when a maintainer has a key."
    if words.find_any(WHENS).is_some_and(|condition| condition >= at) {
        return None;
    }
    if others::is_about(words, lead) {
        return None;
    }
    let body = words.from(lead);
    let first = body.first().or_else(|| words.first())?;
    // Whoever it is about, it holds in some case alone.
    if words.first().is_some_and(|first| CASES.contains(&first)) {
        return None;
    }
    // `Use tools like pip-audit` goes on after "We:", and is an order everywhere else.
    let is_order = |word: &str| ORDERS.contains(&word) || CONDITIONAL_STARTS.contains(&word);
    let is_ours = words.any(OURS);
    if of_unit == Stance::Advice && !is_ours {
        return None;
    }
    if of_unit != Stance::Ours && !is_ours && (is_order(first) || words.first().is_some_and(is_order)) {
        return None;
    }
    if words.find_any(READERS).is_some_and(|reader| reader < at) {
        return None;
    }
    let is_aim = of_unit == Stance::Aim || words.any(AIMS) || words.any(PARTS);
    Some(if is_aim { Tone::Aim } else { Tone::Promise })
}

/// Whether a word such as "may" leaves the statement open. What follows it in a clause of its own does not: "are signed
/// and can be verified".
fn is_open(words: &Words<'_>, at: usize) -> bool {
    let Some(modal) = words.find_any(MODALS) else { return false };
    modal < at || !(at..modal).any(|place| words.get(place).is_some_and(|word| JOINS.contains(&word)))
}

const JOINS: &[&str] = &["and", "so", "which", "these", "they", "users", "anyone", "that", "everyone"];
