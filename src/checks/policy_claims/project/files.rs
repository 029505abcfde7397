//! Files that a sentence promises: `security.txt` and `security-insights.yml`.

use super::super::{Context, rules};
use super::About;
use crate::{
    facts::project::{
        Project,
        contact_files::{Insights, SecurityTxt},
    },
    outcome::{Finding, Rule, Subject, SubjectKind},
    security_policy::claims::ClaimKind,
    text::clean,
};
use jiff::{civil::Date, tz::TimeZone};

/// The longest time for which a `security.txt` should be good (RFC 9116, 2.5.5), in days.
const LONGEST_EXPIRY: i64 = 366;

/// For how many days insights may go without being reviewed.
const LONGEST_REVIEW: i64 = 366;

/// Judges a `security.txt` that the policy speaks of; what is in it, `beside` judges.
pub(super) fn security_txt(about: &About<'_>) -> Vec<Finding> {
    let paths: Vec<&str> = about.project.security_txt.keys().map(String::as_str).collect();
    vec![match paths.as_slice() {
        [] => about.unknown("there is none in the tree; whether a site serves one was not asked"),
        paths => about.confirmed(format!("{} is there", paths.join(" and "))),
    }]
}

/// The same of insights.
pub(super) fn insights(about: &About<'_>) -> Vec<Finding> {
    let paths: Vec<&str> = about.project.insights.keys().map(String::as_str).collect();
    vec![match paths.as_slice() {
        [] => about.refuted("there is no security-insights.yml at the tag"),
        paths => about.confirmed(format!("{} is there", paths.join(" and "))),
    }]
}

/// What is wrong with files that stand beside the policy.
pub(super) fn beside(context: &Context<'_>, project: &Project) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, read) in &project.security_txt {
        let file = Beside { context, path, rule: rules::of(ClaimKind::SecurityTxt) };
        match read {
            Ok(read) => found.extend(file.security_txt(read)),
            Err(why) => found.push(file.unknown(&format!("{} {why}", clean(path)))),
        }
    }
    for (path, read) in &project.insights {
        let file = Beside { context, path, rule: rules::of(ClaimKind::SecurityInsights) };
        match read {
            Ok(read) => found.extend(file.insights(read)),
            Err(why) => found.push(file.unknown(&format!("{} {why}", clean(path)))),
        }
    }
    found
}

/// A file beside the policy.
struct Beside<'a> {
    context: &'a Context<'a>,
    path: &'a str,
    rule: &'static Rule,
}

impl Beside<'_> {
    fn subject(&self) -> Subject {
        Subject::new(SubjectKind::Claim, self.path)
    }

    fn unknown(&self, why: &str) -> Finding {
        Finding::undetermined(self.rule, self.subject(), why)
    }

    fn wrong(&self, why: impl AsRef<str>) -> Finding {
        Finding::fail(self.rule, self.subject(), format!("{} {}", clean(self.path), why.as_ref()))
    }

    fn today(&self) -> Date {
        self.context.facts.as_of.to_zoned(TimeZone::UTC).date()
    }

    /// The e-mail addresses that the policy gives.
    fn addresses(&self) -> Vec<String> {
        let claims = self.context.policy.policy.claims.all.iter();
        let contacts = claims.filter(|claim| claim.kind == ClaimKind::Contact);
        contacts.filter_map(|claim| Some(claim.detail.address.as_ref()?.to_lowercase())).collect()
    }

    /// RFC 9116: Contact (2.5.3) and Expires (2.5.5) must be there.
    fn security_txt(&self, read: &SecurityTxt) -> Vec<Finding> {
        let mut found = Vec::new();
        if read.contacts.is_empty() {
            found.push(self.wrong("has no Contact, which RFC 9116 (2.5.3) requires"));
        }
        found.extend(read.faults().into_iter().map(|why| self.wrong(why)));
        match read.expires() {
            Err(why) => found.push(self.wrong(why)),
            Ok(expires) => {
                let day = expires.to_zoned(TimeZone::UTC).date();
                let left = i64::from(self.today().until(day).map_or(0, |span| span.get_days()));
                if expires <= self.context.facts.as_of {
                    found.push(self.wrong(format!("expired on {day}")));
                } else if left > LONGEST_EXPIRY {
                    let why = format!("expires on {day}; RFC 9116 (2.5.5) recommends less than a year");
                    found.push(self.wrong(why).never_more_than_a_warning());
                }
            }
        }
        let mail = read.contacts.iter().filter_map(|contact| {
            let (scheme, address) = contact.split_once(':')?;
            scheme.eq_ignore_ascii_case("mailto").then(|| address.to_lowercase())
        });
        let (mail, ours): (Vec<String>, Vec<String>) = (mail.collect(), self.addresses());
        let other = mail.iter().find(|address| !ours.contains(address)).filter(|_| !ours.is_empty());
        if let Some(other) = other {
            found.push(
                self.wrong(format!("gives {}, and the policy {}", clean(other), clean(&ours[0])))
                    .never_more_than_a_warning(),
            );
        }
        let own = self.context.facts.repository.as_ref().map(ToString::to_string);
        if let Some(other) = own.and_then(|own| read.policy_of_another(&own)) {
            let why = format!("names the policy of {}", clean(&other));
            found.push(self.wrong(why).never_more_than_a_warning());
        }
        if found.is_empty() {
            let signed = if read.is_signed { "; its signature was not looked at" } else { "" };
            let message = format!("{} is complete and current{signed}", clean(self.path));
            found.push(Finding::pass(self.rule, self.subject(), message));
        }
        found
    }

    fn insights(&self, read: &Insights) -> Vec<Finding> {
        let mut found = Vec::new();
        let ours = self.addresses();
        if read.reports_accepted == Some(false) && self.context.has_channel() {
            found.push(self.wrong("says that no reports are accepted, and the policy asks for them"));
        }
        if let Some(contact) = &read.contact
            && !ours.is_empty()
            && !ours.contains(&contact.to_lowercase())
        {
            found.push(self.wrong(format!("gives {}, and the policy {}", clean(contact), clean(&ours[0]))));
        }
        match read.last_reviewed.as_deref().map(str::parse::<Date>) {
            Some(Ok(day)) => {
                let ago = i64::from(day.until(self.today()).map_or(0, |span| span.get_days()));
                if ago > LONGEST_REVIEW {
                    found.push(self.wrong(format!("was last reviewed on {day}, {ago} days ago")));
                }
            }
            Some(Err(_)) => found.push(self.wrong("has a last-reviewed that is no date")),
            None => {}
        }
        let own = self.context.facts.repository.as_ref().map(ToString::to_string);
        if let Some(other) = own.and_then(|own| read.of_another(&own)) {
            found.push(self.unknown(&format!("{} is of {}", clean(self.path), clean(&other))));
        }
        if found.is_empty() && read.contact.is_none() && read.reports_accepted.is_none() {
            let message = format!("{} says nothing of reports", clean(self.path));
            found.push(self.unknown(&message));
        }
        if found.is_empty() {
            let message = format!("{} agrees with the policy", clean(self.path));
            found.push(Finding::pass(self.rule, self.subject(), message));
        }
        found
    }
}
