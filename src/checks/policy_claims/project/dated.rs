//! Dates of the policy against the history of the default branch, and what that says of reviews.

use super::super::{Context, dates};
use crate::{
    evidence::{Seen, project::History},
    outcome::{Finding, Status},
    security_policy::claims::{Claim, Written},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// By how many days the date in the file and that of the last change may differ.
const MOST_DAYS_APART: i64 = 31;

/// How many commits tell anything about a habit.
const ENOUGH_COMMITS: u32 = 20;

fn history<'a>(context: &'a Context<'_>) -> Result<&'a History, &'a str> {
    match &context.facts.project {
        Seen::Present(project) => match &project.history {
            Seen::Present(history) => Ok(history),
            Seen::Absent { .. } => Err("there is no history"),
            Seen::Unavailable { reason } => Err(reason),
        },
        Seen::Absent { .. } => Err("there is no tree at the tag"),
        Seen::Unavailable { reason } => Err(reason),
    }
}

fn date(seen: &Seen<Timestamp>) -> Result<Date, &str> {
    match seen {
        Seen::Present(time) => Ok(time.to_zoned(TimeZone::UTC).date()),
        Seen::Absent { .. } => Err("there is none"),
        Seen::Unavailable { reason } => Err(reason),
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

/// `Last Updated: November 1, 2025`: what the text tells, and what git tells besides.
pub(super) fn last_updated(context: &Context<'_>, claim: &Claim) -> Vec<Finding> {
    let by_text = dates::last_updated(context, claim);
    let written = claim.detail.date.as_ref();
    let (Some(first), Some(last)) = (written.and_then(Written::first), written.and_then(Written::last))
    else {
        return vec![by_text];
    };
    let known = history(context).and_then(|history| {
        Ok((date(&history.began)?, date(&history.policy_began)?, date(&history.policy_changed)?))
    });
    let (began, policy_began, changed) = match known {
        Ok(known) => known,
        // What the text refutes is refuted whatever git says.
        Err(_) if by_text.status != Status::Pass => return vec![by_text],
        Err(why) => {
            return vec![
                context.unknown(claim, format!("whether the file was changed then is not known: {why}")),
            ];
        }
    };
    let mut found = Vec::new();
    // A day's grace: dates are of the zone of whoever wrote them.
    if days_between(last, began) > 1 {
        found.push(context.refuted(claim, format!("the repository began on {began}, after that date")));
    } else if days_between(last, policy_began) > 1 && days_between(last, changed) <= MOST_DAYS_APART {
        found.push(context.refuted(claim, format!("the file was added on {policy_began}, after that date")));
    } else if days_between(last, changed) > MOST_DAYS_APART || days_between(changed, first) > MOST_DAYS_APART
    {
        found.push(context.refuted(claim, format!("git says that the file was last changed on {changed}")));
    }
    if found.is_empty() || by_text.status != Status::Pass {
        found.push(by_text);
    }
    found
}

/// `Next Review: …`, which the text tells; "reviewed quarterly", which git tells.
pub(super) fn review_date(context: &Context<'_>, claim: &Claim) -> Vec<Finding> {
    let (None, Some(interval)) = (&claim.detail.date, claim.detail.interval) else {
        return vec![dates::review(context, claim)];
    };
    vec![match history(context).and_then(|history| date(&history.policy_changed)) {
        Ok(changed) => dates::since(context, claim, interval, changed),
        Err(_) => dates::review(context, claim),
    }]
}

/// "All changes require review": the forge alone knows, and the history hints.
pub(super) fn review(context: &Context<'_>, claim: &Claim) -> Vec<Finding> {
    const ASK: &str = "only the forge's rules for the branch could tell";
    let recent = match history(context) {
        Ok(history) => history.recent,
        Err(why) => {
            return vec![context.unknown(claim, format!("{ASK}, and the history gives no hint: {why}"))];
        }
    };
    let (commits, with) = (recent.commits, recent.with_request);
    if with == 0 && commits >= ENOUGH_COMMITS {
        let why =
            format!("none of the last {commits} commits of the default branch names a pull request; {ASK}");
        return vec![context.refuted(claim, why).never_more_than_a_warning()];
    }
    let why =
        format!("{ASK}; {with} of the last {commits} commits of the default branch name a pull request");
    vec![context.unknown(claim, why)]
}
