//! Claims that the text itself settles, by the moment judged: addresses, placeholders, channels, keys and dates; and what
//! nothing here can look at, with what would be needed.

use super::{Context, dates, keys};
use crate::{
    outcome::Finding,
    security_policy::claims::{Claim, ClaimKind},
    text::{clean, is_plain},
};

/// What the text says of a claim; nothing where it settles nothing.
pub(super) fn judge(context: &Context<'_>, claim: &Claim) -> Vec<Finding> {
    let one = |finding: Finding| vec![finding];
    match claim.kind {
        ClaimKind::Contact => one(contact(context, claim)),
        ClaimKind::Placeholder => one(placeholder(context, claim)),
        ClaimKind::NoPrivateChannel => one(no_private_channel(context, claim)),
        ClaimKind::PrivateReporting => one(private_reporting(context, claim)),
        ClaimKind::PgpKey => one(keys::judge(context, claim)),
        ClaimKind::LastUpdated => one(dates::last_updated(context, claim)),
        ClaimKind::ReviewDate => one(dates::review(context, claim)),
        ClaimKind::BrokenLink => anchor(context, claim).into_iter().collect(),
        _ => unseen(claim.kind).map(|why| context.unknown(claim, why)).into_iter().collect(),
    }
}

/// What would be needed to look at a claim of this kind.
const fn unseen(kind: ClaimKind) -> Option<&'static str> {
    match kind {
        ClaimKind::ResponseTimes => Some(
            "only the dates of reports and of published advisories could tell, and they were not asked for",
        ),
        ClaimKind::History => {
            Some("only the published advisories of the repository could tell, and they were not asked for")
        }
        ClaimKind::Review => {
            Some("only the forge's rules for the branch could tell, and they were not asked for")
        }
        ClaimKind::Mfa => {
            Some("only the forge's settings for its members could tell, and they were not asked for")
        }
        ClaimKind::PenetrationTesting => Some("nothing that is published here could tell"),
        _ => None,
    }
}

/// Domains that nobody can have: RFC 2606 and RFC 6761.
const RESERVED: &[&str] = &["invalid", "test", "localhost", "example"];

/// Domains that mean something inside of one network alone: RFC 6762, and what ICANN reserved for it.
const INSIDE: &[&str] = &["local", "internal"];

fn contact(context: &Context<'_>, claim: &Claim) -> Finding {
    let address = claim.detail.address.as_deref().unwrap_or_default();
    let shown = clean(address).into_owned();
    if let Some(c) = address.chars().find(|c| !is_plain(*c)) {
        let why = format!(
            "{shown} has a character that does not show (U+{:04X}): it is another address than it looks",
            u32::from(c)
        );
        return context.refuted(claim, why);
    }
    if let Some(other) = &claim.detail.shown_address {
        let why = format!("the text shows {}, and the link writes to {shown}", clean(other));
        return context.refuted(claim, why).expected(clean(other)).found(shown);
    }
    let (local, host) = address.rsplit_once('@').unwrap_or((address, ""));
    let last = host.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if RESERVED.contains(&last.as_str()) {
        return context.refuted(claim, format!("{shown} receives no mail: .{last} is reserved"));
    }
    if INSIDE.contains(&last.as_str()) {
        return context
            .refuted(claim, format!("{shown} receives no mail: .{last} is known inside of a network alone"));
    }
    if last == "onion" {
        return context
            .unknown(claim, format!("{shown} is reached through Tor alone, if mail is received there"));
    }
    let local_lower = local.to_ascii_lowercase();
    let host_lower = host.to_ascii_lowercase();
    let is_unread =
        |name: &&str| local_lower.contains(*name) || host_lower.split('.').any(|label| label == *name);
    if ["noreply", "no-reply", "no_reply", "donotreply", "do-not-reply"].iter().any(is_unread) {
        return context.refuted(claim, format!("{shown} is an address that nobody reads"));
    }
    if let Some(why) = malformed(local, host) {
        return context.refuted(claim, format!("{shown} is no address: {why}"));
    }
    match disguise(address) {
        Some(Disguise::Mixed(letter)) => {
            let letter = format!("{} (U+{:04X})", clean(&letter.to_string()), u32::from(letter));
            let why = format!(
                "{shown} has letters of several scripts in one name, such as {letter}: it looks like another address"
            );
            return context.refuted(claim, why);
        }
        Some(Disguise::Foreign(letter)) => {
            let letter = format!("{} (U+{:04X})", clean(&letter.to_string()), u32::from(letter));
            let why = format!(
                "{shown} has {letter}, which may look like another letter; compare it with what was meant"
            );
            return context.unknown(claim, why);
        }
        Some(Disguise::Punycode) => {
            let why = format!(
                "{shown} has a name in Punycode (xn--), which is shown as other letters; compare it with what was meant"
            );
            return context.unknown(claim, why);
        }
        None => {}
    }
    if is_out_of_use(&claim.sentence) {
        return context.unknown(claim, format!("{shown} is said to be out of use"));
    }
    context.confirmed(claim, format!("{shown} is well formed; whether anybody reads it was not looked at"))
}

/// Whether brackets in the sentence take an address back: `(mailbox disabled)`.
fn is_out_of_use(sentence: &str) -> bool {
    const WORDS: [&str; 7] =
        ["disabled", "inactive", "defunct", "unmonitored", "not monitored", "no longer", "out of use"];
    let sentence = sentence.to_lowercase();
    let mut inner = sentence.split('(').skip(1).filter_map(|rest| rest.split(')').next());
    inner.any(|inner| WORDS.iter().any(|word| inner.contains(word)))
}

/// Letters in an address that may look like others (Unicode Technical Standard 39, 5.1).
#[derive(Debug, PartialEq, Eq)]
enum Disguise {
    /// Letters of ASCII and others that are no Latin ones, in one label: the first of the others.
    Mixed(char),
    /// A letter that is none of ASCII.
    Foreign(char),
    /// A label that stands for other letters (RFC 5890, 2.3.2.1).
    Punycode,
}

fn disguise(address: &str) -> Option<Disguise> {
    // Latin letters with marks, as in `müller`, are no other script.
    let is_latin = |c: char| matches!(u32::from(c), 0xC0..=0x24F | 0x1E00..=0x1EFF);
    let labels = || address.split(['@', '.', '-', '_', '+']);
    let mixed = labels().find_map(|label| {
        let has_ascii = label.contains(|c: char| c.is_ascii_alphabetic());
        label.chars().find(|c| has_ascii && !c.is_ascii() && !is_latin(*c))
    });
    let is_coded = |label: &str| label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--"));
    match mixed {
        Some(letter) => Some(Disguise::Mixed(letter)),
        None => match address.chars().find(|c| !c.is_ascii()) {
            Some(letter) => Some(Disguise::Foreign(letter)),
            None => address.split(['@', '.']).any(is_coded).then_some(Disguise::Punycode),
        },
    }
}

/// Why this is no address (RFC 5321, section 4.1.2, the forms that are in use).
fn malformed(local: &str, host: &str) -> Option<&'static str> {
    if local.is_empty()
        || local.len() > 64
        || local.starts_with('.')
        || local.ends_with('.')
        || local.contains("..")
    {
        return Some("the part before the @ is none");
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let top = host.rsplit('.').next().unwrap_or_default();
    let is_top = top.chars().count() >= 2 && !top.chars().all(|c| c.is_ascii_digit());
    (!host.contains('.') || !host.split('.').all(is_label) || !is_top)
        .then_some("the part behind the @ is no host")
}

fn placeholder(context: &Context<'_>, claim: &Claim) -> Finding {
    let written = clean(claim.detail.placeholder.as_deref().unwrap_or_default()).into_owned();
    let only = match context.has_channel() {
        true => "",
        false => ", and the file gives no other way to report",
    };
    context.refuted(claim, format!("{written} was never filled in{only}"))
}

fn no_private_channel(context: &Context<'_>, claim: &Claim) -> Finding {
    context.refuted(claim, "vulnerabilities are to be reported in public, and no private way is given")
}

fn private_reporting(context: &Context<'_>, claim: &Claim) -> Finding {
    const ASK: &str = "whether private reporting is switched on was not asked of the forge";
    let Some(link) = claim.detail.link.as_deref() else { return context.unknown(claim, ASK) };
    let Some((host, named)) = repository_of(link) else { return context.unknown(claim, ASK) };
    let shown = clean(named).into_owned();
    if named.chars().any(|c| matches!(c, '<' | '>' | '{' | '}' | '[' | ']')) {
        return context.refuted(claim, format!("the link leads to {shown}, which was never filled in"));
    }
    let Some(own) = &context.facts.repository else {
        return context
            .unknown(claim, format!("the link leads to {shown}, and nothing says which repository this is"));
    };
    if !own.host().eq_ignore_ascii_case(host) || !own.path().eq_ignore_ascii_case(named) {
        let message = format!("the link leads to the form of {shown}, and this is {}", own.path());
        return context.refuted(claim, message).expected(own.path()).found(named);
    }
    context.unknown(claim, format!("the link leads to this repository; {ASK}"))
}

/// Host and `OWNER/NAME` of a link to the form for advisories; `None` where it is relative.
fn repository_of(link: &str) -> Option<(&str, &str)> {
    let (_, rest) = link.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let (named, _) = path.split_once("/security/advisories")?;
    Some((host.trim_start_matches("www."), named))
}

/// A link within the file.
fn anchor(context: &Context<'_>, claim: &Claim) -> Option<Finding> {
    let link = clean(claim.detail.link.as_deref()?).into_owned();
    match claim.detail.is_anchor_there? {
        true => Some(context.confirmed(claim, format!("{link} is a heading of the file"))),
        false => Some(context.refuted(claim, format!("{link} is no heading of the file"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_may_look_like_others_are_seen() {
        for (address, expected) in [
            ("security@wid\u{0433}et.org", Some(Disguise::Mixed('\u{0433}'))),
            ("s\u{0435}curity@widget.org", Some(Disguise::Mixed('\u{0435}'))),
            ("security@\u{0430}\u{0440}\u{0440}.org", Some(Disguise::Foreign('\u{0430}'))),
            ("security@m\u{00fc}ller.org", Some(Disguise::Foreign('\u{00fc}'))),
            ("security@widget.xn--p1ai", Some(Disguise::Punycode)),
            ("security@XN--wget-xya.org", Some(Disguise::Punycode)),
            ("security@widget.org", None),
            ("security@axn--b.org", None),
        ] {
            assert_eq!(disguise(address), expected, "{address}");
        }
    }
}
