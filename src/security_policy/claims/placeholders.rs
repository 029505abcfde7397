//! What stands where an address should, and was never filled in.
//!
//! The rule that must not be broken: what may be an address, a name or a word of the sentence is no placeholder.

use super::words::Words;

/// What of a line was never filled in.
pub(super) fn in_text(text: &str, words: &Words<'_>) -> Option<String> {
    bracketed(text).or_else(|| unfilled(text, words)).or_else(|| in_capitals(text))
}

/// `SECURITY_EMAIL`, `security@YOUR_DOMAIN`.
fn in_capitals(text: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '@' | '.');
    let is_upper = |word: &str| !word.contains(|c: char| c.is_ascii_lowercase());
    let is_one = |word: &&str| match word.split_once('@') {
        Some((_, host)) => is_upper(host) && !host.contains('.') && stands_for_host(host),
        None => is_upper(word) && word.contains('_') && stands_for_contact(word),
    };
    text.split(|c: char| !is_part(c)).map(|word| word.trim_matches('.')).find(is_one).map(str::to_owned)
}

/// Words of which placeholders for a host are made.
const OF_HOSTS: [&str; 11] =
    ["your", "my", "the", "domain", "host", "hostname", "company", "organization", "org", "project", "com"];

/// Words of which placeholders for an address are made.
const OF_CONTACTS: [&str; 14] = [
    "your",
    "my",
    "the",
    "security",
    "project",
    "maintainer",
    "maintainers",
    "team",
    "contact",
    "email",
    "mail",
    "address",
    "here",
    "insert",
];

/// Whether a text is two words or more by which templates call an address: `security-email`, `EMAIL_ADDRESS`.
fn stands_for_contact(text: &str) -> bool {
    is_made_of(text, &OF_CONTACTS, 2) && {
        let lower = text.to_ascii_lowercase();
        lower.contains("mail") || lower.contains("address")
    }
}

/// Whether what looks like an element of HTML is one: `<security-email>`.
pub(super) fn is_element(html: &str) -> bool {
    let inner = html.strip_prefix('<').and_then(|html| html.strip_suffix('>'));
    inner.is_some_and(stands_for_contact)
}

/// `YOUR_DOMAIN`, `DOMAIN`.
fn stands_for_host(text: &str) -> bool {
    is_made_of(text, &OF_HOSTS, 1)
}

/// Whether a text is at least so many words, each one of these.
fn is_made_of(text: &str, these: &[&str], least: usize) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split(['_', '-', ' ', '.']);
    text.len() < 80 && words.clone().count() >= least && words.all(|word| these.contains(&word))
}

/// Whether an address was never filled in.
pub(super) fn is_placeholder(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let Some((local, host)) = lower.rsplit_once('@') else { return false };
    let reserved = ["example.com", "example.org", "example.net", "example.edu"];
    let is_reserved = reserved.iter().any(|name| host == *name || host.ends_with(&format!(".{name}")))
        || host.ends_with(".example");
    let unfilled = [
        "yourdomain",
        "your-domain",
        "yourcompany",
        "your-company",
        "yourorg",
        "your-org",
        "yourproject",
        "your-project",
        "mydomain",
        "projectname",
        "project-name",
        "yourname",
        "yoursite",
        "your-site",
        "mycompany",
        "my-company",
    ];
    let generic = [
        "company.com",
        "domain.com",
        "domain.org",
        "xxx.com",
        "test.com",
        "placeholder.com",
        "foo.com",
        "bar.com",
    ];
    // `name@email.com` stands for an address of whoever it is.
    let providers = ["email.com", "mail.com", "gmail.com"];
    let anybody =
        ["name", "user", "username", "someone", "somebody", "foo", "first.last", "firstname.lastname"];
    // `XXXX@XXXX.com`
    let is_crossed = |text: &str| text.len() > 2 && text.bytes().all(|byte| byte == b'x');
    let stand_ins = ["todo", "xxx", "tbd", "changeme"];
    let names =
        ["your-email", "youremail", "your.email", "your_email", "maintainer-email", "maintainer_email"];
    is_reserved
        || generic.contains(&host)
        || host.ends_with(".tld")
        || (providers.contains(&host) && anybody.contains(&local))
        || stand_ins.contains(&local)
        || is_crossed(local)
        || host.split('.').any(|label| unfilled.contains(&label) || is_crossed(label))
        || names.contains(&local)
}

/// `[MAINTAINER_EMAIL]`, `[INSERT CONTACT METHOD]`, `{{ email }}`, `<your-email>`.
fn bracketed(text: &str) -> Option<String> {
    const STANDS_FOR: &[&str] = &[
        "EMAIL",
        "E-MAIL",
        "MAIL",
        "ADDRESS",
        "CONTACT",
        "INSERT",
        "YOUR",
        "DOMAIN",
        "MAINTAINER",
        "PLACEHOLDER",
        "TBD",
        "TODO",
    ];
    for (open, close) in [('[', ']'), ('<', '>')] {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(open) {
            let Some((inner, after_close)) = after.split_once(close) else { break };
            let letters = inner.chars().filter(|c| c.is_alphabetic()).count();
            let is_upper = letters > 2 && !inner.chars().any(char::is_lowercase) && inner.len() < 80;
            let begins = inner.to_ascii_lowercase();
            let is_order = ["insert ", "your ", "your-", "replace ", "fill in", "add "]
                .iter()
                .any(|start| begins.starts_with(start))
                && ["mail", "contact", "address"].iter().any(|word| begins.contains(word));
            if (is_upper && STANDS_FOR.iter().any(|word| inner.contains(word)))
                || (is_order && inner.len() < 80)
                || stands_for_contact(inner)
            {
                return Some(format!("{open}{inner}{close}"));
            }
            rest = after_close;
        }
    }
    let (_, after) = text.split_once("{{")?;
    let (inner, _) = after.split_once("}}")?;
    (inner.len() < 80).then(|| format!("{{{{{inner}}}}}"))
}

/// What says of itself that it is to be replaced.
fn unfilled(text: &str, words: &Words<'_>) -> Option<String> {
    let marks = [
        "(replace",
        "(please replace",
        "(请替换",
        "(update this",
        "(change this",
        "REPLACE_ME",
        "CHANGEME",
        "FIXME",
    ];
    let mark = marks.iter().find(|mark| text.contains(**mark)).map(|mark| (*mark).to_owned());
    let is_todo = text.contains("TODO") && words.any(&["email*|e-mail*|contact*|address"]);
    mark.or_else(|| is_todo.then(|| "TODO".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{super::words::folded, *};

    fn found(text: &str) -> Option<String> {
        in_text(text, &Words::of(&folded(text)))
    }

    #[test]
    fn an_address_that_was_never_filled_in_is_told_from_one() {
        for address in [
            "security@test.com",
            "security@placeholder.com",
            "name@email.com",
            "foo@bar.com",
            "security@domain.tld",
            "security@example.org",
        ] {
            assert!(is_placeholder(address), "{address}");
        }
        for address in
            ["hello@email.com", "jo@gmail.com", "name@acme.io", "security@contest.com", "a@bar.com.au"]
        {
            assert!(!is_placeholder(address), "{address}");
        }
    }

    #[test]
    fn what_stands_for_an_address_is_found() {
        for (text, expected) in [
            ("Email SECURITY_EMAIL.", "SECURITY_EMAIL"),
            ("Email security@YOUR_DOMAIN.", "security@YOUR_DOMAIN"),
            ("Email <security-email>.", "<security-email>"),
            ("Email [security email].", "[security email]"),
        ] {
            assert_eq!(found(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "Email [us] or [email protected].",
            "Set SMTP_EMAIL_FROM in the environment.",
            "Ask root@LOCALHOST about it.",
            "Email the security team.",
            "See [the list].",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
