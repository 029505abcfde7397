//! Dates of the policy itself, against the moment judged.

use super::{
    Context,
    rules::{self, IMPOSSIBLE_DATE, PLACEHOLDER},
};
use crate::{
    outcome::Finding,
    security_policy::claims::{Claim, ClaimKind, Interval, Written},
    text::{clean, count},
};
use jiff::{civil::Date, tz::TimeZone};

/// For how many days a policy may go without being read through.
const MOST_DAYS: i64 = 366;

/// The day judged. A date in the zone of its writer may be a day ahead.
fn today(context: &Context<'_>) -> Date {
    context.facts.as_of.to_zoned(TimeZone::UTC).date()
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

fn days(n: i64) -> String {
    count(usize::try_from(n).unwrap_or_default(), "day", "days")
}

/// A date that does not exist.
fn impossible(context: &Context<'_>, claim: &Claim) -> Option<Finding> {
    let Some(Written::Impossible(text)) = &claim.detail.date else { return None };
    let written = as_written(&claim.sentence, text).unwrap_or(text);
    Some(context.refuted_by(
        &IMPOSSIBLE_DATE,
        claim,
        format!("there is no such date as \"{}\"", clean(written)),
    ))
}

/// A date that was never filled in.
fn unfilled(context: &Context<'_>, claim: &Claim) -> Option<Finding> {
    let what = claim.detail.placeholder.as_ref()?;
    let finding = context.refuted_by(&PLACEHOLDER, claim, format!("{what} was never filled in"));
    Some(finding.fix("write the day, as YYYY-MM-DD"))
}

/// A date that may be either of two days, where not both are refuted.
fn either(context: &Context<'_>, claim: &Claim) -> Option<Finding> {
    let Some(Written::Either(one, two)) = claim.detail.date else { return None };
    Some(context.unknown(claim, format!("that is {one} or {two}; which of them is not known")))
}

/// The words of a date as they stand in the sentence, with their capitals and commas.
fn as_written<'a>(sentence: &'a str, date: &str) -> Option<&'a str> {
    let is_mark = |c: char| !c.is_alphanumeric();
    let wanted: Vec<&str> = date.split(is_mark).filter(|word| !word.is_empty()).collect();
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for word in sentence.split_inclusive(is_mark) {
        let bare = word.trim_end_matches(is_mark);
        if !bare.is_empty() {
            words.push((at, bare));
        }
        at += word.len();
    }
    let is_it =
        |run: &&[(usize, &str)]| run.iter().zip(&wanted).all(|((_, word), it)| word.to_lowercase() == *it);
    let run = words.windows(wanted.len().max(1)).filter(|_| !wanted.is_empty()).find(is_it)?;
    let (first, (last, word)) = (run.first()?.0, *run.last()?);
    sentence.get(first..last + word.len())
}

/// `Last Updated: November 1, 2025`.
pub(super) fn last_updated(context: &Context<'_>, claim: &Claim) -> Finding {
    if let Some(finding) = unfilled(context, claim).or_else(|| impossible(context, claim)) {
        return finding;
    }
    let dates = claim.detail.date.as_ref();
    let (Some(first), Some(last)) = (dates.and_then(Written::first), dates.and_then(Written::last)) else {
        return context.unknown(claim, "the date could not be read");
    };
    let today = today(context);
    if days_between(today, first) > 1 {
        return context.refuted(claim, format!("{first} is still to come"));
    }
    if let Some(other) = other_date(context, claim) {
        return other;
    }
    let ago = days_between(last, today);
    if ago > MOST_DAYS {
        return context.refuted(claim, format!("that was {} ago", days(ago)));
    }
    let confirmed = || context.confirmed(claim, format!("that was {} ago", days(ago.max(0))));
    either(context, claim).unwrap_or_else(confirmed)
}

/// `Next Review: February 1, 2026`, or "reviewed quarterly".
pub(super) fn review(context: &Context<'_>, claim: &Claim) -> Finding {
    if let Some(finding) = unfilled(context, claim).or_else(|| impossible(context, claim)) {
        return finding;
    }
    let Some(last) = claim.detail.date.as_ref().and_then(Written::last) else {
        return by_interval(context, claim);
    };
    if let Some(other) = other_date(context, claim) {
        return other;
    }
    let overdue = days_between(last, today(context));
    if overdue > 0 {
        return context.refuted(claim, format!("overdue by {}", days(overdue)));
    }
    either(context, claim).unwrap_or_else(|| context.confirmed(claim, format!("due in {}", days(-overdue))))
}

/// "Reviewed quarterly" is held against the date that the file gives for its last change.
fn by_interval(context: &Context<'_>, claim: &Claim) -> Finding {
    let Some(interval) = claim.detail.interval else {
        return context.unknown(claim, "the date could not be read");
    };
    let stated = context.policy.policy.claims.all.iter().filter(|it| it.kind == ClaimKind::LastUpdated);
    let Some(last) = stated.filter_map(|it| it.detail.date.as_ref()?.last()).max() else {
        return context
            .unknown(claim, "the file gives no date of its last change, and its history was not looked at");
    };
    since(context, claim, interval, last)
}

/// Whether a review that is due every so often is overdue, where the last one was on `last`.
pub(super) fn since(context: &Context<'_>, claim: &Claim, interval: Interval, last: Date) -> Finding {
    let ago = days_between(last, today(context));
    let message = format!("the last change was on {last}, {} ago", days(ago.max(0)));
    if ago > interval.days() { context.refuted(claim, message) } else { context.confirmed(claim, message) }
}

/// Another claim of the kind with another date: one of them is wrong.
fn other_date(context: &Context<'_>, claim: &Claim) -> Option<Finding> {
    let all = context.policy.policy.claims.all.iter();
    let other = all.clone().find(|it| {
        it.kind == claim.kind
            && it.line != claim.line
            && match (&it.detail.date, &claim.detail.date) {
                (Some(other), Some(own)) => !other.may_be(own),
                (other, own) => other.is_some() && own.is_none(),
            }
    })?;
    // Two overdue dates are one finding each already; this one is about the other line.
    let is_overdue = claim.kind == ClaimKind::ReviewDate
        && claim.detail.date.as_ref().and_then(Written::last).is_some_and(|last| last < today(context));
    if is_overdue && matches!(other.detail.date, Some(Written::Impossible(_))) {
        return None;
    }
    Some(Finding {
        rule: rules::of(claim.kind),
        ..context
            .refuted(claim, format!("line {} gives another date: \"{}\"", other.line, clean(&other.sentence)))
    })
}
