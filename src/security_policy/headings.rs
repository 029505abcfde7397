//! Which headings open a statement about supported versions.
//!
//! The rule that must not be broken: a heading that names another project, or what is affected, external or
//! unsupported, opens nothing.

use super::decoration::strip_decoration;
use super::lexicon::headings::{AGES, OTHER, PLACES, SUPPORTED, UNSUPPORTED, VERSIONS};
use super::words::is_platform;

/// What a heading opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opens {
    /// The statement: tables, and text that is kept even when it is not understood.
    Statement,
    /// Perhaps the statement: tables and sentences that are understood.
    Perhaps,
    /// A place where only a table counts.
    Tables,
    /// A place where a table counts as under no heading at all: when its header says it, and nothing else does.
    Loose,
}

/// Words of a heading or a header, in lower case and without marks.
pub(super) fn words(text: &str) -> Vec<String> {
    strip_decoration(text)
        .to_lowercase()
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '&' | '?' | ':' | '(' | ')' | '*' | ',' | '.' | '#' | '!' | '~')
        })
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What the heading opens, if anything.
pub(super) fn opens(heading: &str, level: u8) -> Option<Opens> {
    if heading.len() > 200 {
        return None;
    }
    heading.split(['/', '|']).find_map(|part| opens_one(without_number(&words(part)), level))
}

/// Whether the heading is about something else than the project: another product, what is affected.
pub(super) fn is_of_another(heading: &str) -> bool {
    heading.len() > 200
        || words(heading).iter().any(|word| OTHER.contains(&word.as_str()) || is_platform(word))
}

/// The words after the number of a chapter: `4. Supported versions`.
fn without_number(words: &[String]) -> &[String] {
    let numbers = words.iter().take_while(|word| word.bytes().all(|b| b.is_ascii_digit())).count();
    if words.len() > numbers { &words[numbers..] } else { words }
}

/// Whether a heading says as a whole that what stands under it is supported.
pub(super) fn says_supported(heading: &str) -> bool {
    let all = words(heading);
    let known = |word: &String| {
        SUPPORTED.contains(&word.as_str())
            || VERSIONS.contains(&word.as_str())
            || matches!(word.as_str(), "currently" | "our" | "the")
    };
    let said = |word: &String| {
        SUPPORTED.contains(&word.as_str()) && !matches!(word.as_str(), "support" | "maintenance")
    };
    without_number(&all).iter().all(known) && all.iter().any(said)
}

/// Whether a heading says as a whole that what stands under it is not supported.
pub(super) fn says_unsupported(heading: &str) -> bool {
    let all: Vec<String> =
        words(heading).into_iter().filter(|word| word.contains(char::is_alphanumeric)).collect();
    let said = without_number(&all).join(" ");
    let said = VERSIONS.iter().find_map(|noun| said.strip_suffix(noun)).unwrap_or(&said).trim();
    UNSUPPORTED.contains(&said)
}

/// Whether a heading of a place speaks of support: "Support policy", and no "Scope".
pub(super) fn is_about_support(heading: &str) -> bool {
    words(heading).iter().any(|word| SUPPORTED.contains(&word.as_str()))
}

/// Whether a sub-heading announces versions of something else alone: "PHP versions", and no "Android app".
pub(super) fn is_about_platform(heading: &str) -> bool {
    let heading = strip_decoration(heading).to_lowercase();
    let words: Vec<&str> = heading.split_whitespace().collect();
    words.iter().any(|word| is_platform(word))
        && words.iter().any(|word| VERSIONS.contains(word))
        && words.iter().all(|word| is_platform(word) || VERSIONS.contains(word) || SUPPORTED.contains(word))
}

/// Whether a text before a table is the name of something else alone: `Symfony`, "PHP versions:".
pub(super) fn labels_a_platform(text: &str) -> bool {
    let words = words(text);
    let known = |word: &String| is_platform(word) || VERSIONS.contains(&word.as_str());
    text.len() <= 100 && words.iter().any(|word| is_platform(word)) && words.iter().all(known)
}

/// Whether a text is a name alone: one or two words that say nothing of versions.
pub(super) fn is_label(text: &str) -> bool {
    let words = words(text);
    let known = |word: &String| [VERSIONS, SUPPORTED, AGES].iter().any(|list| list.contains(&word.as_str()));
    text.len() <= 100 && matches!(words.len(), 1 | 2) && !words.iter().any(known)
}

fn opens_one(words: &[String], level: u8) -> Option<Opens> {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let place = !words.is_empty() && words.iter().all(|word| PLACES.contains(&word.as_str()));
    opens_plainly(words, level, any).or_else(|| place.then_some(Opens::Loose))
}

fn opens_plainly(words: &[String], level: u8, any: impl Fn(&[&str]) -> bool) -> Option<Opens> {
    if any(OTHER) || words.iter().any(|word| is_platform(word)) {
        return None;
    }
    match words {
        [one] if one == "versions" && level <= 2 => return Some(Opens::Perhaps),
        [one] if matches!(one.as_str(), "branches" | "support" | "supported") => return Some(Opens::Tables),
        [a, b] if a == "security" && b == "updates" => return Some(Opens::Tables),
        _ => {}
    }
    (any(SUPPORTED) && any(VERSIONS)).then_some(Opens::Statement)
}

/// Whether a text announces the tags of images.
pub(super) fn names_images(text: &str) -> bool {
    let text = text.to_lowercase();
    ["docker tag", "image tag", "container tag"].iter().any(|name| text.contains(name))
}

/// Whether a sub-heading sorts versions by age or state, and names no product.
pub(super) fn is_about_age(heading: &str) -> bool {
    heading
        .to_lowercase()
        .split([' ', '/', '(', ')', ':'])
        .all(|word| word.is_empty() || AGES.contains(&word))
}

/// The text of a paragraph that is one bold line.
pub(super) fn bold_line(raw: &str) -> Option<&str> {
    let inner = raw.trim().strip_prefix("**")?.strip_suffix("**")?;
    (!inner.contains("**") && !inner.contains('\n')).then_some(inner)
}

/// `@scope/package` alone in a paragraph.
pub(super) fn package_name(text: &str) -> Option<String> {
    let text = text.trim();
    let plain = text.starts_with('@') && text.contains('/') && !text.contains(char::is_whitespace);
    plain.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_that_open_the_statement_are_told_from_those_that_do_not() {
        for heading in [
            "Supported Versions",
            "🛡️ Supported Versions",
            "Currently Supported Versions",
            "Supported Versions / 지원 버전",
            "支持的版本 / Supported Versions",
            "版本支持",
            "サポートするバージョン",
            "Versiones con soporte",
            "Версии с поддержкой",
            "Versions Prises en Charge",
            "Versiones Soportadas",
            "Maintained branches",
            "Version Support & Security Policy",
            "2. Supported Versions",
        ] {
            assert_eq!(opens(heading, 2), Some(Opens::Statement), "{heading}");
        }
        for heading in [
            "Supported PHP Versions",
            "Supported external components",
            "Support Status of affected code",
            "Unsupported Release Series",
            "Reporting a Vulnerability",
            "Version scheme",
            "Scope of testing",
            "Security audits",
            "PHP support policy",
        ] {
            assert_eq!(opens(heading, 2), None, "{heading}");
        }
        for heading in [
            "🔄 Security Update Policy",
            "Support policy",
            "Support Timeline",
            "Scope",
            "3. Long-term support commitment",
            "LTS Lifecycle",
            "Version",
            "Política de soporte",
        ] {
            assert_eq!(opens(heading, 2), Some(Opens::Loose), "{heading}");
        }
        assert_eq!(opens("Versions", 2), Some(Opens::Perhaps));
        assert_eq!(opens("Versions", 3), Some(Opens::Loose));
    }
}
