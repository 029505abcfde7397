//! What a status cell says about the versions of its row.
//!
//! An icon decides, a legend may redefine the icon, words come second and a negation before "supported". What is
//! none of these is [`Support::Unknown`].

use std::collections::BTreeMap;

use super::decoration::is_emoji;
use super::icons::{self, Sign, sign_of};
use super::lexicon::statuses::{
    AHEAD, CONDITIONS, CONDITIONS_WITHIN, DENIALS, ENDS, FIXES, HAS_YES, LIMITED, NEGATIONS, PERIODS, PHASES,
    REVERSALS, UNCLEAR, WHOLE_NO, WHOLE_YES,
};
use super::selector::Selector;
use super::until::{self, Until};
use super::words::is_platform;

/// What a row promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Support {
    /// Supported.
    Yes,
    /// Not supported.
    No,
    /// Supported until a day or an event.
    Until(Until),
    /// Security or critical fixes only, or only some of them.
    SecurityOnly,
    /// Not understood, or not said: best effort, a warning sign without a legend.
    Unknown,
}

/// A status cell as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) support: Support,
    /// Whether the cell marks a line under development.
    pub(super) development: bool,
    /// Whether an icon decided.
    pub(super) by_icon: bool,
    /// Another product that the cell names beside the icon.
    pub(super) product: Option<String>,
    /// Whether the mark is one that a machine translation broke.
    pub(super) broken_mark: bool,
}

/// Words that promise support of any line alike, for a row that is added; `LTS` or `current` belong to one line.
const PLAIN_YES: [&str; 10] = [
    "yes",
    "y",
    "true",
    "supported",
    "fully supported",
    "actively supported",
    "maintained",
    "actively maintained",
    "active",
    "full support",
];

/// Whether a cell is a bare mark of support as it stands in the file: one icon, one code, or a plain word.
pub(super) fn is_bare_yes(raw: &str) -> bool {
    let mut chars = raw.trim_end_matches('\u{fe0f}').chars();
    let icon = chars.next().and_then(sign_of) == Some(Sign::Yes) && chars.next().is_none();
    let code = raw.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
    let coded = code.and_then(icons::coded).is_some_and(|(_, sign)| sign == Sign::Yes);
    icon || coded || PLAIN_YES.contains(&raw.to_ascii_lowercase().as_str())
}

/// The bytes of an icon's meaning that are read.
const LONGEST_MEANING: usize = 400;

/// What the icons mean, where the file says so.
pub(super) type Legend = BTreeMap<String, Status>;

/// The icons of a cell with their names, and the words between them, in lower case.
fn split(text: &str) -> (Vec<(String, Sign)>, String) {
    let (mut found, mut words) = (Vec::new(), String::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == ':'
            && let Some((code, after)) = rest[1..].split_once(':')
            && let Some((name, sign)) = icons::coded(&code.to_lowercase())
        {
            found.push((name.to_owned(), sign));
            words.push(' ');
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match sign_of(c) {
            Some(sign) => found.push((c.to_string(), sign)),
            None if is_emoji(c) => {}
            None => words.extend(c.to_lowercase()),
        }
    }
    let words = words.replace(['*', '`', '_', '|'], " ");
    (found, words.split_whitespace().collect::<Vec<_>>().join(" "))
}

impl Status {
    const fn plain(support: Support) -> Self {
        Self { support, development: false, by_icon: false, product: None, broken_mark: false }
    }

    /// Reads a status cell with the file's legend.
    pub(super) fn read(text: &str, legend: &Legend) -> Self {
        if text.len() > 2000 {
            return Self::plain(Support::Unknown);
        }
        let (icons, words) = split(text);
        let Some((name, first)) = icons.first() else { return Self::from_words(&words) };
        if icons.iter().any(|(_, sign)| sign != first) {
            return Self::plain(Support::Unknown);
        }
        if let Some(status) = legend.get(name) {
            return Self { by_icon: true, ..status.clone() };
        }
        let from_words = Self::from_words(&words);
        let support = match first {
            Sign::Yes | Sign::Broken(true) => match from_words.support {
                support @ (Support::SecurityOnly | Support::Until(_)) => support,
                // A mark and words that contradict each other are read as neither, and so are an end that is not
                // understood and a condition.
                Support::No => Support::Unknown,
                Support::Unknown if has_end(&words) || is_conditional(&words) => Support::Unknown,
                _ => Support::Yes,
            },
            Sign::No | Sign::Broken(false) if from_words.support == Support::Yes => Support::Unknown,
            Sign::No | Sign::Broken(false) => Support::No,
            Sign::Amber | Sign::Development => from_words.support,
        };
        Self {
            support,
            development: *first == Sign::Development || from_words.development,
            by_icon: true,
            product: words.split_once(' ').is_none().then_some(words).filter(|word| is_platform(word)),
            broken_mark: matches!(first, Sign::Broken(_)),
        }
    }

    /// Reads words without an icon.
    fn from_words(words: &str) -> Self {
        let words = words.trim_matches(['(', ')', '.', '!', ' ']);
        let development = ["pre release", "pre-release", "unstable", "in development", "under development"]
            .iter()
            .any(|mark| words.contains(mark));
        let until = until::read(words).or_else(|| yes_until(words));
        let support = until.map_or_else(|| meaning(words), Support::Until);
        let support = if development && support == Support::Yes { Support::Unknown } else { support };
        Self { development, ..Self::plain(support) }
    }
}

/// Whether a status names the phase that a line is in until its end, and nothing else: "🔧 Maintenance".
pub(super) fn is_phase(text: &str) -> bool {
    let (icons, words) = split(text);
    let plain = icons.iter().all(|(_, sign)| *sign == Sign::Amber);
    let known = words.split(' ').all(|word| PHASES.contains(&word));
    text.len() < 200 && plain && known && words != "development"
}

/// Whether a remark is a denial of support as a whole: "End of life", and no "no longer gets features".
pub(super) fn is_denial(text: &str) -> bool {
    text.len() < 200 && DENIALS.contains(&split(text).1.trim_matches(['(', ')', '.', '!', ' ']))
}

/// "supported (EOL: 2027-06-30)", "yes, until June 2027": a promise, and where it ends.
fn yes_until(words: &str) -> Option<Until> {
    let (promise, end) = words.split_once(['(', ',', ';', '–', '—'])?;
    let end = until::ending(end.trim_matches(['(', ')', '.', ' ']))?;
    (meaning(promise.trim()) == Support::Yes).then_some(end)
}

/// Whether words speak of an end.
fn has_end(words: &str) -> bool {
    words.split(|c: char| !c.is_alphanumeric()).any(|word| ENDS.contains(&word))
}

/// Whether words promise something only at some time, to some, or under a condition.
fn is_conditional(words: &str) -> bool {
    has_word(words, CONDITIONS)
        || CONDITIONS_WITHIN.iter().any(|phrase| words.contains(phrase))
        || UNCLEAR.iter().any(|phrase| words.contains(phrase))
}

/// Whether a denial is one of a time to come: "will be unsupported", "not yet discontinued", "soon end of life".
fn lies_ahead(words: &str) -> bool {
    let denial = NEGATIONS.iter().filter_map(|phrase| words.find(phrase)).min();
    let last = denial.and_then(|at| words[..at].split_whitespace().next_back());
    last.is_some_and(|word| AHEAD.contains(&word))
}

/// Whether words have one of these as whole words.
fn has_word(words: &str, list: &[&str]) -> bool {
    let spaced: String =
        words.chars().map(|c| if c.is_alphanumeric() || c == '\'' { c } else { ' ' }).collect();
    let spaced = format!(" {} ", spaced.split_whitespace().collect::<Vec<_>>().join(" "));
    list.iter().any(|phrase| spaced.contains(&format!(" {phrase} ")))
}

/// "yes — fixes come first here", "no (see above)": an answer, and words that neither limit nor reverse it.
fn answer(words: &str) -> Option<Support> {
    let marks = ['(', ',', ';', ':', '—', '–', '.'];
    let at = words.find(marks).into_iter().chain(words.find(" - ")).min()?;
    let (answer, rest) = (words[..at].trim(), &words[at..]);
    let turned = has_end(rest) || is_conditional(rest) || has_word(rest, REVERSALS);
    let compares = rest.contains(['<', '>', '≤', '≥', '+', '=', '^', '~']);
    let mut plain = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    if turned || compares || plain.clone().next().is_none() {
        return None;
    }
    if WHOLE_NO.contains(&answer) {
        return Some(Support::No);
    }
    // Numbers may be those to which the promise is limited, and "(security)" all that is promised.
    let limits = rest.contains(|c: char| c.is_ascii_digit()) || plain.all(|word| FIXES.contains(&word));
    (WHOLE_YES.contains(&answer) && !limits).then_some(Support::Yes)
}

/// Whether a promise stands before the first mark between words.
fn begins_with_yes(words: &str) -> bool {
    let marks = ['(', ',', ';', ':', '—', '–', '.'];
    let at = words.find(marks).into_iter().chain(words.find(" - ")).min();
    at.is_some_and(|at| WHOLE_YES.contains(&words[..at].trim()))
}

/// "full support with bug fixes and security patches"
fn is_full(words: &str) -> bool {
    let full = ["full support", "fully supported", "active support", "actively supported"];
    let rest = full.iter().find_map(|full| words.strip_prefix(full));
    let rest =
        rest.and_then(|rest| [" with ", " including "].iter().find_map(|with| rest.strip_prefix(with)));
    rest.is_some_and(|rest| rest.split(' ').all(|word| FIXES.contains(&word.trim_matches(','))))
}

/// What words say, by a lexicon: limits first, then negations, then "supported".
fn meaning(words: &str) -> Support {
    let any = |list: &[&str]| list.iter().any(|phrase| words.contains(phrase));
    if words.ends_with("further notice") && !any(NEGATIONS) {
        return Support::Yes;
    }
    if any(UNCLEAR) {
        return Support::Unknown;
    }
    if lies_ahead(words) {
        return Support::Unknown;
    }
    if words.contains("更新終了予定") {
        return Support::Yes;
    }
    let negated = any(NEGATIONS) || WHOLE_NO.contains(&words);
    let limited = any(LIMITED);
    match (negated, limited) {
        (true, true) => Support::Unknown,
        // "supported, EOL soon"
        (true, false) if begins_with_yes(words) => Support::Unknown,
        (true, false) => Support::No,
        // "security fixes only, until the next release", "(3 months)"
        (false, true) if has_end(words) || has_word(words, PERIODS) => Support::Unknown,
        (false, true) => Support::SecurityOnly,
        (false, false) if WHOLE_YES.contains(&words) || any(HAS_YES) || is_full(words) => Support::Yes,
        (false, false) => answer(words).unwrap_or(Support::Unknown),
    }
}

/// Reads `icon: meaning` lines of a list, a paragraph or a quoted table into the legend.
pub(super) fn learn(legend: &mut Legend, texts: &[&str]) {
    let mut found = Legend::new();
    for text in texts.iter().filter(|text| text.len() < 4000) {
        for (icon, words) in pairs(text) {
            // `✅ 2.x` is a row and explains no icon.
            if Selector::read(&words, false).range.is_none() {
                found.insert(icon, explained(&words));
            }
        }
    }
    if found.len() >= 2 {
        legend.extend(found);
    }
}

/// What an icon means by the words of a legend: all of them, or the first sentence where the others take nothing back.
fn explained(words: &str) -> Status {
    let all = Status::from_words(words);
    let Some((first, rest)) = words.split_once(". ") else { return all };
    let taken_back = has_end(rest)
        || is_conditional(rest)
        || has_word(rest, REVERSALS)
        || NEGATIONS.iter().chain(LIMITED).any(|phrase| rest.contains(phrase));
    match all.support {
        Support::Yes if taken_back => Status::plain(Support::Unknown),
        Support::Unknown if !taken_back && words.len() < LONGEST_MEANING => Status::from_words(first),
        _ => all,
    }
}

/// The icons of a text, each with the words that follow it; none unless the text begins with one.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let coded = (c == ':').then(|| rest[1..].split_once(':')).flatten();
        let named =
            coded.and_then(|(code, after)| icons::coded(code).map(|(name, _)| (name.to_owned(), after)));
        let other = coded.filter(|(code, _)| {
            !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        });
        let icon = named
            .or_else(|| other.map(|(code, after)| (code.to_owned(), after)))
            .or_else(|| sign_of(c).map(|_| (c.to_string(), &rest[c.len_utf8()..])));
        if let Some((icon, after)) = icon {
            found.push((icon, String::new()));
            rest = after;
            continue;
        }
        let Some((_, words)) = found.last_mut() else { return Vec::new() };
        if !is_emoji(c) && words.len() < LONGEST_MEANING {
            words.extend(c.to_lowercase());
        }
        rest = &rest[c.len_utf8()..];
    }
    for (_, words) in &mut found {
        *words = words
            .trim_matches(|c: char| {
                c.is_whitespace() || matches!(c, ':' | '=' | '-' | '–' | '/' | '|' | '.' | '*')
            })
            .to_owned();
    }
    found.retain(|(_, words)| !words.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::support;
    use super::*;

    fn told(text: &str) -> String {
        support(&Status::read(text, &Legend::new()).support)
    }

    #[test]
    fn icons_codes_characters_and_words_are_read() {
        for (cell, meaning) in [
            (":white_check_mark:", "yes"),
            ("✅", "yes"),
            ("✔️", "yes"),
            ("Yes", "yes"),
            ("yes", "yes"),
            ("🟢", "yes"),
            ("✅ **Fully Supported**", "yes"),
            ("still supported:white_check_mark:", "yes"),
            ("✅ 支持中", "yes"),
            ("feature updates", "yes"),
            (":white_check_mark: Active", "yes"),
            (":x:", "no"),
            (":X:", "no"),
            ("❌ Not supported", "no"),
            ("❎", "no"),
            ("no longer supported:x:", "no"),
            ("No", "no"),
            ("Unsupported", "no"),
            ("End of life", "no"),
            (":х:", "no"),
            (":white_check_mark: (backports only)", "security-only"),
            (":warning: Limited maintenance", "security-only"),
            ("Security fixes only", "security-only"),
            ("until July 2027", "until 2027-07"),
            ("✅ until 2027-01-31", "until 2027-01-31"),
            ("✅ through 2027", "until 2027-12"),
            ("Supported (EOL: 2027-06-30)", "until 2027-06-30"),
            ("Active (EOL 2027-06-30)", "until 2027-06-30"),
            ("Supported, EOL June 2027", "until 2027-06"),
            ("✅ supported (until 2027-01-31)", "until 2027-01-31"),
            ("✅ (since 2023)", "yes"),
            ("Full support with security patches", "yes"),
            ("Yes — fixes land here first", "yes"),
            ("yes (current development)", "yes"),
            ("Supported – gets fixes first", "yes"),
            ("**No — a version gets nothing the moment another one is out**", "no"),
            ("No (please upgrade)", "no"),
            ("Support was discontinued", "no"),
            ("❌ Will be discontinued", "no"),
            ("EOL, will get no fixes", "no"),
            ("until 2.0.0", "until release 2.0.0"),
            ("Yes (until 0.4.0 ships)", "until release 0.4.0"),
        ] {
            assert_eq!(told(cell), meaning, "{cell}");
        }
    }

    #[test]
    fn what_is_not_said_is_unknown() {
        for cell in [
            "",
            "...",
            "TBD",
            "Best effort",
            ":warning:",
            "⚠️",
            ":hammer:",
            "✅ ❌",
            "Not Public",
            "yes and no",
            "maybe supported",
            "✅ (ended 2025-06-01)",
            "✅ ended in June 2025",
            "✅ expired 2024",
            "✅ (support ended)",
            "✅ until the next major",
            "Yes (ended 2025-06-01)",
            "Supported (2024-01-01)",
            "Supported with security patches",
            "Yes (security)",
            "Yes, once it is released",
            "Yes — for customers only",
            "Yes — but not on Windows",
            "Yes (2.1+)",
            "Yes, until the next one",
            "No — unless it is critical",
            "No, but critical fixes are backported",
            "until 12.10.26",
            "✅ as soon as officially released",
            "✅ (30 days after a new minor ships)",
            "✅ from 1.2.3",
            "✅ planned",
            "✅ when it is out",
            "✅ on request",
            "✅ 发布后",
            "Deprecated",
            "Supported, EOL soon",
            "Support will be discontinued",
            "Will be unsupported soon",
            "To be discontinued",
            "Not yet discontinued",
            "soon end of life",
            "Security patches only (3 months)",
            "Security fixes only, until the next release",
            "No longer than June",
            "Active - end of life in some months",
        ] {
            assert_eq!(told(cell), "unknown", "{cell}");
        }
    }

    #[test]
    fn a_legend_redefines_its_icons_and_a_single_icon_is_no_legend() {
        let mut legend = Legend::new();
        learn(&mut legend, &["✅: entierement supportée", "✔️: end of life", "❌: non-supportée"]);
        assert_eq!(Status::read("✔️", &legend).support, Support::No);
        assert_eq!(Status::read("✅", &legend).support, Support::Yes);
        let mut none = Legend::new();
        learn(&mut none, &["✅ is not supported here"]);
        assert!(none.is_empty());
    }

    #[test]
    fn a_legend_that_says_what_an_icon_says_confirms_it() {
        let told = |yes: &str| {
            let mut legend = Legend::new();
            let no = ":x: - The version is not supported. You can expect nothing.";
            learn(&mut legend, &[yes, no]);
            [":white_check_mark:", ":x:"].map(|cell| Status::read(cell, &legend).support)
        };
        let yes = ":white_check_mark: - The version is fully supported. You can expect fixes and features.";
        assert_eq!(told(yes), [Support::Yes, Support::No]);
        let turned = ":white_check_mark: - The version is fully supported. That ends in June.";
        assert_eq!(told(turned)[0], Support::Unknown);
        assert_eq!(told(":white_check_mark: - It is not fully supported.")[0], Support::Unknown);
    }

    #[test]
    fn a_mark_that_a_translation_broke_is_read_and_said() {
        assert!(Status::read(":х:", &Legend::new()).broken_mark);
        assert!(!Status::read(":x:", &Legend::new()).broken_mark);
    }
}
