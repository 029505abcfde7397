//! Dates of the policy itself, promises of time, and what is said of the past.

use super::contacts::lines;
use super::units::{Passages, Unit};
use super::words::{Words, folded};
use super::{ClaimKind, Claims, Detail, Tone, dates, stance, tools};

/// Finds them.
pub(super) fn find(passages: &Passages, found: &mut Claims) {
    for unit in &passages.units {
        for (line, text) in lines(unit).filter(|(_, text)| text.len() <= 2000) {
            let folded = folded(text);
            dated(line, text, &folded, found);
            // What costs least is looked at first.
            let has = |stems: &[&str]| stems.iter().any(|stem| folded.contains(stem));
            let (is_review, is_time) =
                (has(&["review", "updated", "revised"]), has(&["hour", "day", "week", "month"]));
            if found.is_cut || !(is_review || is_time) {
                continue;
            }
            let words = Words::of(&folded);
            if is_review {
                reviewed(line, text, &words, found);
            }
            if is_time {
                timely(unit, line, text, &words, found);
            }
        }
        if !unit.is_quoted && !unit.is_cell {
            for sentence in super::super::sentences::sentences(unit.line, &unit.text) {
                history(sentence.line, &sentence.text, found);
            }
        }
    }
}

/// `Last Updated: November 1, 2025`, `Next review: 2026-01-31`.
fn dated(line: usize, text: &str, folded: &str, found: &mut Claims) {
    const PHRASES: &[(&str, ClaimKind)] = &[
        ("last updated", ClaimKind::LastUpdated),
        ("last update", ClaimKind::LastUpdated),
        ("last reviewed", ClaimKind::LastUpdated),
        ("last review", ClaimKind::LastUpdated),
        ("last modified", ClaimKind::LastUpdated),
        ("last revised", ClaimKind::LastUpdated),
        ("next review", ClaimKind::ReviewDate),
        ("next scheduled review", ClaimKind::ReviewDate),
        ("next policy review", ClaimKind::ReviewDate),
    ];
    let mut done = Vec::new();
    for (phrase, kind) in PHRASES {
        let Some((_, after)) = folded.split_once(phrase) else { continue };
        if done.contains(kind) {
            continue;
        }
        let after = behind_words(after);
        let date = dates::read(after);
        let placeholder = date.is_none() && dates::is_placeholder(after);
        if date.is_some() || placeholder {
            done.push(*kind);
            let placeholder = placeholder.then(|| "the date".to_owned());
            found.push(*kind, line, text, Tone::Promise, Detail { date, placeholder, ..Detail::default() });
        }
    }
}

/// What stands behind the marks, and behind words such as `date`, `due on` and `is scheduled for`.
fn behind_words(after: &str) -> &str {
    const WORDS: [&str; 9] = ["date", "due", "is", "was", "scheduled", "for", "on", "in", "by"];
    let bare = |text: &'_ str| -> usize {
        text.len() - text.trim_start_matches([':', ' ', '*', '_', '|', '-', '—', '–', ')']).len()
    };
    let mut rest = &after[bare(after)..];
    while let Some(behind) = WORDS.iter().find_map(|word| rest.strip_prefix(word)).filter(|it| bare(it) > 0) {
        rest = &behind[bare(behind)..];
    }
    rest
}

/// `This policy is reviewed quarterly`.
fn reviewed(line: usize, text: &str, words: &Words<'_>, found: &mut Claims) {
    let Some((interval, at)) = tools::interval(words) else { return };
    let review = ["reviewed|review|reviews|updated|revised"];
    let policy = ["policy", "document", "security.md", "file", "page"];
    let is_of_policy = words.near(&policy, &review, 5).is_some();
    if !is_of_policy
        || words
            .near(&["daily|nightly|weekly|monthly|quarterly|annually|yearly", "every|twice|once"], &review, 5)
            .is_none()
    {
        return;
    }
    if let Some(tone) = stance::tone(words, at, stance::Stance::Plain, 0) {
        found.push(
            ClaimKind::ReviewDate,
            line,
            text,
            tone,
            Detail { interval: Some(interval), ..Detail::default() },
        );
    }
}

/// `Within 48 hours`, `Critical: 7 days`.
fn timely(unit: &Unit, line: usize, text: &str, words: &Words<'_>, found: &mut Claims) {
    let units = ["hour|hours|day|days|week|weeks|month|months", "business|working day|days"];
    let Some(at) = words.iter().position(is_number).filter(|_| unit.is_reporting || unit.is_item) else {
        return;
    };
    let is_time = words.near(&units, &[words.get(at).unwrap_or_default()], 3).is_some();
    let subject = [
        "respond|responds|response|responses|reply|acknowledge|acknowledged|acknowledgement|acknowledgment",
        "triage|assessment|assess|fix|fixes|fixed|patch|patches|resolution|resolve|resolved|remediation|mitigation",
        "critical|high|medium|moderate|low|severity",
        "receipt|confirm|confirmed|confirmation|update|updates",
    ];
    if !is_time || !words.any(&subject) || words.any(&["not", "if", "unless", "you"]) {
        return;
    }
    let is_aim = words.any(&[
        "aim|aims",
        "try|strive|target|targets|goal",
        "best effort",
        "typically|usually|may|should",
    ]);
    let tone = if is_aim || unit.stance == stance::Stance::Aim { Tone::Aim } else { Tone::Promise };
    found.push(ClaimKind::ResponseTimes, line, text, tone, Detail::default());
}

/// `48`, `7-30`, `two`.
fn is_number(word: &str) -> bool {
    const NAMES: &[&str] =
        &["one", "two", "three", "four", "five", "six", "seven", "ten", "fourteen", "thirty", "ninety"];
    let is_digits =
        |part: &str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
    NAMES.contains(&word) || word.split(['-', '–']).all(is_digits)
}

/// `No security vulnerabilities have been reported to date.`
fn history(line: usize, text: &str, found: &mut Claims) {
    if text.len() > 400 {
        return;
    }
    let folded = folded(text);
    if !["vulnerabilit", "cve", "advisor", "security i"].iter().any(|stem| folded.contains(stem)) {
        return;
    }
    let words = Words::of(&folded);
    let faults = ["vulnerabilit*", "cves|cve", "advisories", "security issues|incidents"];
    let known = ["reported|known|disclosed|discovered|published|recorded|identified"];
    let is_it = words.near(&["no|zero"], &faults, 3).is_some()
        && words.near(&faults, &known, 5).is_some()
        && !words.any(&["if", "unless", "you", "your", "guarantee", "should", "longer"]);
    if is_it {
        found.push(ClaimKind::History, line, text, Tone::Promise, Detail::default());
    }
}
