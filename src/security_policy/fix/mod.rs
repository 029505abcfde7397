//! A policy's table corrected: the rows that do not agree with the published tags, written anew.
//!
//! The rule that must not be broken: only cells that were understood are touched, everything else stays byte for byte,
//! and a correction counts only when the corrected file is read as it was meant and correcting it again changes
//! nothing. Anything else is left as it is, and why is said.
//!
//! | what the judge says | what is written |
//! |---|---|
//! | `latest-unlisted`, `latest-unsupported` | a row for the line of the newest release, beside the newest supported row |
//! | `never-published` | that row names the newest release's line; it is removed when another row does already |
//! | `branch-missing` | the default branch |
//! | `template` | the line of the newest release, and what is below it |
//! | everything else | nothing: only a maintainer can say what is meant |

mod lines;
mod plan;
mod respell;

use super::conclusion::{Conclusion, Status};
use super::family::{PublishedTag, Refs};
use super::{Damage, Form, Row, SecurityPolicy, judge, read};
use lines::Lines;
use plan::{Edit, Plan};

/// What became of a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// There is nothing to correct.
    Passes {
        /// What the table should be looked at for.
        warned: Vec<String>,
    },
    /// The table was corrected.
    Corrected(Correction),
    /// Nothing was touched, since the file or its statement is not understood, or of a kind that is not rewritten.
    NotUnderstood(String),
    /// Nothing was touched: what is wrong, which only a maintainer can put right.
    OnlyByHand(Vec<String>),
}

/// A corrected policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The corrected file.
    pub bytes: Vec<u8>,
    /// The change as a unified diff; control and bidirectional characters are shown as `\u{..}`.
    pub diff: String,
    /// What was done, a sentence for each row.
    pub done: Vec<String>,
    /// What is still wrong, with the lines of the corrected file.
    pub left: Vec<String>,
    /// What still cannot be told.
    pub open: Vec<String>,
    /// What the corrected table should be looked at for.
    pub warned: Vec<String>,
}

/// Corrects a policy by the published tags.
#[must_use]
pub fn correct(
    path: &str,
    bytes: &[u8],
    published: &[PublishedTag],
    refs: &Refs,
    as_of: jiff::Timestamp,
) -> Outcome {
    let policy = read(path, bytes);
    let before = judge(&policy, published, refs, None, as_of);
    if !before.iter().any(|said| said.status == Status::Fail) {
        return nothing_failed(&before);
    }
    if let Some(why) = not_rewritten(&policy, bytes) {
        return Outcome::NotUnderstood(why);
    }
    let plan = Plan::of(&policy, published, refs, as_of);
    if plan.edits.is_empty() {
        return Outcome::OnlyByHand(plan.left.iter().map(said).collect());
    }
    let held = Lines::of(bytes).edit(&plan.edits).filter(|edited| {
        let after = read(path, edited.bytes());
        is_as_meant(&policy, &after, &plan.edits)
            && fails_only(&judge(&after, published, refs, None, as_of), &plan.left)
            && Plan::of(&after, published, refs, as_of).edits.is_empty()
    });
    let Some(edited) = held else {
        let why = "no correction of its rows was read back as it was meant";
        let mut left = vec![why.to_owned()];
        left.extend(before.iter().filter(|said| said.status == Status::Fail).map(said));
        return Outcome::OnlyByHand(left);
    };
    let after = judge(&read(path, edited.bytes()), published, refs, None, as_of);
    Outcome::Corrected(Correction {
        open: after.iter().filter(|said| is_open(said)).map(said).collect(),
        warned: warnings(&after).chain(beside(edited.bytes())).collect(),
        diff: edited.diff(path),
        bytes: edited.into_bytes(),
        done: plan.edits.iter().map(|edit| edit.why.clone()).collect(),
        left: after.iter().filter(|said| said.status == Status::Fail).map(said).collect(),
    })
}

/// No failure: it passes, unless something could not be told. Which branches there are need not be known here.
fn nothing_failed(before: &[Conclusion]) -> Outcome {
    match before.iter().find(|said| is_open(said)) {
        Some(open) => Outcome::NotUnderstood(said(open)),
        None => Outcome::Passes { warned: warnings(before).collect() },
    }
}

fn warnings(conclusions: &[Conclusion]) -> impl Iterator<Item = String> {
    conclusions.iter().filter(|said| said.status == Status::Warn).map(said)
}

/// Whether it could not be told.
fn is_open(said: &Conclusion) -> bool {
    said.status == Status::Undetermined && said.rule != "branch-missing"
}

/// A conclusion with its line and its advice.
fn said(conclusion: &Conclusion) -> String {
    let line = conclusion.line.map(|line| format!("line {line}: ")).unwrap_or_default();
    let fix = conclusion.fix.as_ref().map(|fix| format!(" ({fix})")).unwrap_or_default();
    format!("{line}{}{fix}", conclusion.message)
}

/// The sentences beside the table that speak of a version's support: they are not rewritten.
fn beside(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let speaks = |line: &str| {
        let line = line.to_lowercase();
        ["support", "maintain", "security fix", "security update", "patch"]
            .iter()
            .any(|word| line.contains(word))
            && line
                .split(|c: char| c.is_whitespace() || matches!(c, '`' | '*' | '"' | '(' | ','))
                .any(names_line)
    };
    let prose = |line: &str| !line.trim_start_matches(['>', ' ', '\t']).starts_with(['|', '#', '<']);
    text.lines()
        .enumerate()
        .filter(|(_, line)| prose(line) && !line.contains('|') && speaks(line))
        .take(MOST_NOTES)
        .map(|(at, line)| {
            let line: String = line.trim().chars().take(120).collect();
            format!("line {}: \"{line}\" is not rewritten (see whether it still holds)", at + 1)
        })
        .collect()
}

/// Sentences beside a table that are noted.
const MOST_NOTES: usize = 10;

/// Whether a word is a version or a line of them: `2.x`, `v1.4`, `3.*`.
fn names_line(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or(word);
    let after = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    let next = after.strip_prefix('.').and_then(|rest| rest.chars().next());
    after.len() < digits.len() && next.is_some_and(|c| c.is_ascii_digit() || matches!(c, 'x' | '*'))
}

/// Why the file is of a kind that is not rewritten.
fn not_rewritten(policy: &SecurityPolicy, bytes: &[u8]) -> Option<String> {
    let lone_return =
        || bytes.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n') || bytes.ends_with(b"\r");
    let why = match policy.form {
        Form::Html => "the table is written as HTML, which is not rewritten",
        Form::List => "the versions stand in a list, which is not rewritten",
        Form::Prose | Form::None => "the versions stand in sentences, which are not rewritten",
        Form::Table if policy.damage.contains(&Damage::NotUtf8) => "the file is not UTF-8",
        Form::Table if lone_return() => "the file has lines that end in a carriage return alone",
        Form::Table => return None,
    };
    Some(why.to_owned())
}

/// Whether the corrected file is read as the edits meant, and every other row as before.
fn is_as_meant(before: &SecurityPolicy, after: &SecurityPolicy, edits: &[Edit]) -> bool {
    let touched = |row: &&Row| edits.iter().any(|edit| edit.line == row.line && !edit.keeps_row());
    let mut expected: Vec<(Option<String>, String)> = before
        .rows
        .iter()
        .filter(|row| !touched(row))
        .map(meaning)
        .chain(edits.iter().filter_map(Edit::meaning))
        .collect();
    let mut found: Vec<(Option<String>, String)> = after.rows.iter().map(meaning).collect();
    expected.sort();
    found.sort();
    let others = |policy: &SecurityPolicy| policy.beside.iter().map(meaning).collect::<Vec<_>>();
    after.refusal.is_none()
        && after.form == before.form
        && expected == found
        && others(before) == others(after)
}

/// What a row says, as far as it is compared.
fn meaning(row: &Row) -> (Option<String>, String) {
    plan::meaning(&row.selector, &row.supported, row.product.as_deref())
}

/// Whether nothing fails but what is left to the maintainer.
fn fails_only(after: &[Conclusion], left: &[Conclusion]) -> bool {
    let known = |said: &Conclusion| left.iter().any(|left| left.rule == said.rule);
    after.iter().all(|said| said.status != Status::Fail || known(said))
}
