//! Addresses and channels for reports, and placeholders in their place.
//!
//! The rule that must not be broken: an example for others is no contact, and a word in capitals is no placeholder
//! unless it stands for something that was never filled in.

use super::form;
use super::placeholders::{self, is_placeholder};
use super::stance;
use super::units::{Link, Passages, Unit};
use super::words::{Words, folded};
use super::{ClaimKind, Claims, Detail, Tone};
use crate::text::is_plain;
use std::collections::BTreeSet;

/// The longest address that is read, in bytes (RFC 5321, section 4.5.3.1).
const LONGEST_ADDRESS: usize = 254;

/// Finds them.
pub(super) fn find(passages: &Passages, source: &str, found: &mut Claims) {
    let mut seen = BTreeSet::new();
    for unit in &passages.units {
        for link in &unit.links {
            of_link(unit, link, &mut seen, found);
        }
        let is_about = unit.is_reporting || asks_to_write(&unit.text);
        let offers = form::is_offered(unit);
        for (line, text) in lines(unit) {
            of_line(is_about, offers, line, text, &mut seen, found);
        }
    }
    if let Some((line, sentence)) = only_in_public(passages, source) {
        found.push(ClaimKind::NoPrivateChannel, line, &sentence, Tone::Promise, Detail::default());
    }
}

/// Whether a unit tells whom to write to.
fn asks_to_write(text: &str) -> bool {
    let folded = folded(text);
    Words::of(&folded).any(&["email*|e-mail*|mail|mailto", "contact*", "report*", "reach", "write|send to"])
}

/// The lines of a unit, with their numbers.
pub(super) fn lines(unit: &Unit) -> impl Iterator<Item = (usize, &str)> {
    unit.text.split('\n').enumerate().map(|(index, text)| (unit.line + index, text.trim()))
}

fn of_line(
    is_about: bool,
    offers: bool,
    line: usize,
    text: &str,
    seen: &mut BTreeSet<String>,
    found: &mut Claims,
) {
    if text.is_empty() || text.len() > 4000 {
        return;
    }
    let folded = folded(text);
    let words = Words::of(&folded);
    let addresses = addresses(text);
    if is_about {
        let placeholder = addresses
            .iter()
            .find(|address| is_placeholder(address))
            .cloned()
            .or_else(|| placeholders::in_text(text, &words));
        let is_said = found.all.last().is_some_and(|it| it.kind == ClaimKind::Placeholder && it.line == line);
        if let Some(placeholder) = placeholder.filter(|_| !is_said) {
            let address = addresses.iter().find(|address| is_placeholder(address)).cloned();
            let detail = Detail { placeholder: Some(placeholder), address, ..Detail::default() };
            found.push(ClaimKind::Placeholder, line, text, Tone::Promise, detail);
        }
        for address in addresses.into_iter().filter(|address| !is_placeholder(address)) {
            contact(line, text, address, seen, found);
        }
    }
    if let Some(form) = bare_form(text)
        && seen.insert(form.to_owned())
    {
        seen.insert("the form".to_owned());
        let detail = Detail { link: Some(form.to_owned()), ..Detail::default() };
        found.push(ClaimKind::PrivateReporting, line, text, Tone::Promise, detail);
    }
    let is_form = offers
        && (words.any(&form::NAMES)
            || words.has("report a vulnerability") && words.any(&["button", "tab", "click"]));
    if is_form && seen.insert("the form".to_owned()) {
        found.push(ClaimKind::PrivateReporting, line, text, Tone::Promise, Detail::default());
    }
    for (file, kind) in
        [("security.txt", ClaimKind::SecurityTxt), ("security-insights", ClaimKind::SecurityInsights)]
    {
        if folded.contains(file) && seen.insert(file.to_owned()) {
            found.push(kind, line, text, Tone::Promise, Detail::default());
        }
    }
}

/// The address of a form for private reports that stands in a text as it is.
fn bare_form(text: &str) -> Option<&str> {
    let is_end =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\'' | '`');
    let mut words =
        text.split(is_end).filter(|word| word.starts_with("https://") || word.starts_with("http://"));
    let form = words.find(|word| word.contains("/security/advisories/new"))?;
    Some(form.trim_end_matches(['.', ',', ';', ':', '!', '*', '_']))
}

fn of_link(unit: &Unit, link: &Link, seen: &mut BTreeSet<String>, found: &mut Claims) {
    let (line, target) = (link.line, link.target.as_str());
    let shown: String =
        unit.text.split('\n').nth(line.saturating_sub(unit.line)).unwrap_or_default().trim().to_owned();
    let mail = target.split_once(':').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("mailto"));
    if let Some((_, mail)) = mail {
        let mail = mail.replace("%40", "@");
        let (address, fields) = mail.split_once('?').unwrap_or((&mail, ""));
        // Whoever is written to besides, readers do not see (RFC 6068, section 2).
        let besides = fields.split('&').filter_map(|field| {
            let (name, value) = field.split_once('=')?;
            let is_one = ["to", "cc", "bcc"].iter().any(|it| name.eq_ignore_ascii_case(it));
            (is_one && !value.eq_ignore_ascii_case(address)).then(|| value.to_owned())
        });
        for other in besides {
            let (address, shown_address) = (Some(other), Some(address.to_owned()));
            let detail = Detail { address, shown_address, ..Detail::default() };
            found.push(ClaimKind::Contact, line, &shown, Tone::Promise, detail);
        }
        if !address.contains('@') || is_placeholder(address) {
            let is_said =
                found.all.iter().any(|claim| claim.kind == ClaimKind::Placeholder && claim.line == line);
            if !is_said {
                let placeholder = Some(format!("mailto:{address}"));
                let detail = Detail { placeholder, ..Detail::default() };
                found.push(ClaimKind::Placeholder, line, &shown, Tone::Promise, detail);
            }
        } else {
            let other = |text: &String| !text.eq_ignore_ascii_case(address);
            // What readers see is another address than that which the link writes to.
            match addresses(&link.text).into_iter().find(other) {
                None => contact(line, &shown, address.to_owned(), seen, found),
                text => {
                    let address = Some(address.to_owned());
                    let detail = Detail { address, shown_address: text, ..Detail::default() };
                    found.push(ClaimKind::Contact, line, &shown, Tone::Promise, detail);
                }
            }
        }
    }
    if let Some(address) = goes_elsewhere(&link.text, target) {
        // The text is not its word besides.
        seen.insert(address.to_ascii_lowercase());
        let (address, shown_address) = (Some(target.to_owned()), Some(address));
        let detail = Detail { address, shown_address, ..Detail::default() };
        found.push(ClaimKind::Contact, line, &shown, Tone::Promise, detail);
    }
    if target.contains("/security/advisories/new") && seen.insert(target.to_owned()) {
        seen.insert("the form".to_owned());
        let detail = Detail { link: Some(target.to_owned()), ..Detail::default() };
        found.push(ClaimKind::PrivateReporting, line, &shown, Tone::Promise, detail);
    }
}

/// The address that a link shows, where it leads to a web page of another host instead.
fn goes_elsewhere(shown: &str, target: &str) -> Option<String> {
    let (scheme, rest) = target.split_once("://")?;
    if !["http", "https"].iter().any(|it| scheme.eq_ignore_ascii_case(it)) {
        return None;
    }
    let page = rest.split(['/', '?', '#']).next()?;
    let page = page.rsplit('@').next()?.split(':').next()?.to_ascii_lowercase();
    addresses(shown).into_iter().find(|address| {
        let host = address.rsplit_once('@').map_or("", |(_, host)| host).to_ascii_lowercase();
        page != host && !page.ends_with(&format!(".{host}"))
    })
}

fn contact(line: usize, text: &str, address: String, seen: &mut BTreeSet<String>, found: &mut Claims) {
    if address.len() <= LONGEST_ADDRESS && seen.insert(address.to_ascii_lowercase()) {
        let detail = Detail { address: Some(address), ..Detail::default() };
        found.push(ClaimKind::Contact, line, text, Tone::Promise, detail);
    }
}

/// The addresses of a line, those too that are written with `[at]`.
fn addresses(text: &str) -> Vec<String> {
    let plain = spelled(text);
    // What does not show is part of it: an address that is cut there would be another one.
    let is_part = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '.' | '_' | '%' | '+' | '-' | '@')
            || !(is_plain(c) || c.is_whitespace())
    };
    let of_word = |word: &str| -> Option<String> {
        let is_edge = |c: char| {
            matches!(c, '.' | '-' | '_' | '%' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fe0f}')
        };
        let word = word.trim_matches(|c: char| is_edge(c) || c.is_control());
        let (local, host) = word.split_once('@')?;
        let is_whole = !local.is_empty() && !host.is_empty() && !host.contains('@') && host.contains('.');
        is_whole.then(|| word.to_owned())
    };
    // A name such as @scope/package, or user@host: in a command, is none.
    plain
        .split(|c: char| !(is_part(c) || matches!(c, '/' | ':')))
        .filter(|word| word.contains('@') && !word.contains('/'))
        .flat_map(|word| word.split(':').filter_map(of_word).collect::<Vec<_>>())
        .collect()
}

/// `name [at] host [dot] org` as an address.
fn spelled(text: &str) -> String {
    let mut plain = text.to_owned();
    for (written, sign) in [
        (" [at] ", "@"),
        ("[at]", "@"),
        (" (at) ", "@"),
        ("(at)", "@"),
        (" {at} ", "@"),
        (" AT ", "@"),
        (" [AT] ", "@"),
        (" [dot] ", "."),
        ("[dot]", "."),
        (" (dot) ", "."),
        ("(dot)", "."),
        (" DOT ", "."),
        (" [DOT] ", "."),
    ] {
        if plain.contains(written) {
            plain = plain.replace(written, sign);
        }
    }
    plain
}

/// The sentence that asks for reports in public, where the file gives no other way at all.
fn only_in_public(passages: &Passages, source: &str) -> Option<(usize, String)> {
    const OTHER_WAYS: &[&str] = &[
        "@",
        "[at]",
        "(at)",
        "mailto",
        "advisor",
        "privat",
        "confidential",
        "email",
        "e-mail",
        "mail",
        "hackerone",
        "bugcrowd",
        "huntr",
        "intigriti",
        "tidelift",
        " form",
        "discord",
        "telegram",
        "matrix",
        "slack",
        "signal",
        "keybase",
        "psirt",
        "bounty",
        "contact",
        "direct message",
        " dm ",
        "security tab",
        "chat",
        "gpg",
        "pgp",
    ];
    let lower = source.to_lowercase();
    if !(lower.contains("vulnerab") || lower.contains("security"))
        || OTHER_WAYS.iter().any(|way| lower.contains(way))
    {
        return None;
    }
    let is_of_flaws = asks_for_flaws(passages);
    let public = |unit: &Unit, sentence: &str| {
        let folded = folded(sentence);
        let words = Words::of(&folded);
        let is_meant = unit.is_reporting && is_of_flaws;
        words.any(&[
            "open|create|file|submit|raise a|an|new issue|issues|ticket",
            "open|create|file|submit issue|issues",
            "open|create|file|submit|raise a|an|new|public github|gitlab|public|new issue|issues|ticket",
            "use|using|via|through|in|on github|gitlab issues|issue",
            "publicly at|on|in|via|using",
        ]) && (is_meant || words.any(&["vulnerabilit*", "security", "report*"]))
            && !words.any(&[
                "not",
                "never",
                "don't",
                "avoid",
                "instead",
                "non-security",
                "other",
                "unless",
                "no",
            ])
    };
    let units = passages.units.iter().filter(|unit| !unit.is_quoted && !unit.is_cell);
    units
        .filter(|unit| unit.links.iter().all(|link| link.target.contains("/issues")))
        .flat_map(|unit| {
            let all = super::super::sentences::sentences(unit.line, &unit.text).into_iter();
            all.map(move |sentence| (unit, sentence))
        })
        .find(|(unit, sentence)| public(unit, &sentence.text))
        .map(|(_, sentence)| (sentence.line, sentence.text))
}

/// Whether every heading about reports is about vulnerabilities: what stands below one says how those are reported.
fn asks_for_flaws(passages: &Passages) -> bool {
    let mut of_reports = passages.headings.iter().filter(|heading| stance::is_reporting(heading));
    of_reports.all(|heading| Words::of(&folded(heading)).any(&["vulnerabilit*", "security", "disclos*"]))
}
