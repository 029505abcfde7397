//! Which columns of a table tell its versions, their status and their end of life.
//!
//! The rule that must not be broken: a table whose header is not understood is not read; a guess at the status column
//! would turn every row into a promise.

use super::headings::words;
use super::lexicon::columns::{
    ALLOWED, BUGS, DENIED, ENDS, FOREIGN, FORMS, HEDGES, KEYS, KNOWN, LAST, MORE, NOTES, ORDINARY, SPOKEN,
    TRANSLATED,
};
use super::words::is_platform;

/// The columns of a table that tell which versions are supported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) version: usize,
    /// Status columns about everything, or about nothing in particular.
    pub(super) general: Option<usize>,
    /// A status column about security or critical fixes alone.
    pub(super) security: Option<usize>,
    /// A status column about fixes in general beside one about security fixes.
    pub(super) bugs: Option<usize>,
    /// The end of life.
    pub(super) end: Option<usize>,
    /// Whether that is the end of all fixes.
    pub(super) last: bool,
    /// Remarks, in which an end may be told.
    pub(super) notes: Option<usize>,
    /// A column of states, or a second one about support, beside one that says whether it is supported.
    pub(super) state: Option<usize>,
    pub(super) product: Option<usize>,
    /// Whether each cell names a product and its version.
    pub(super) joined: bool,
    /// Whether the versions are image tags.
    pub(super) containers: bool,
    /// Whether "Status" alone says whether they are supported.
    pub(super) weak: bool,
    /// Whether the header of the security fixes asks until when there are any.
    pub(super) dated: bool,
    /// Whether the general one asks for support at all, and for no more.
    pub(super) plain: bool,
    /// Whether there is no status, for what is listed is supported.
    pub(super) listed: bool,
}

/// What a status column speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    General,
    /// "Status", "State": the weakest header.
    State,
    Security,
    /// "Security only": what is left after the end that another column tells.
    SecurityOnly,
    /// "Security issues": beside bug fixes those that are fixed, and alone those that there are.
    SecurityIssues,
    Bugs,
    /// "Features", "Regular updates": a status only beside one about security fixes.
    Ordinary,
    End,
}

impl Columns {
    /// Chooses them by the header; `names` when a column "Name" may be the version's. `None`: not such a table.
    pub(super) fn choose(header: &[&str], names: bool) -> Option<Self> {
        let folded: Vec<String> =
            header.iter().map(|cell| if cell.len() > 100 { String::new() } else { words_of(cell) }).collect();
        let versions =
            (0..folded.len()).find(|&at| is_version(&folded[at], at == 0) || names && folded[at] == "name");
        let named = folded.iter().position(|header| is_product(header));
        let version = versions.or(named)?;
        let joined = versions.is_none();
        let mut statuses: Vec<(usize, About)> = Vec::new();
        for (at, header) in folded.iter().enumerate() {
            if at != version
                && let Some(about) = about(header)
            {
                statuses.push((at, about));
            }
        }
        let after = statuses.iter().any(|(at, about)| *at > version && *about != About::SecurityOnly);
        statuses.retain(|(at, _)| !after || *at > version);
        let first = |wanted: About| statuses.iter().find(|(_, about)| *about == wanted).map(|(at, _)| *at);
        let is_dated = |at: usize| ["until", "through"].iter().any(|word| folded[at].ends_with(word));
        let until = statuses.iter().any(|(at, about)| *about == About::General && is_dated(*at));
        let bugs = first(About::Bugs).or_else(|| first(About::Ordinary));
        let security = first(About::Security).or_else(|| bugs.and_then(|_| first(About::SecurityIssues)));
        let security = security.or_else(|| first(About::SecurityOnly).filter(|_| until));
        // "Supported until" beside a status is its end.
        let plain = security.filter(|at| !is_dated(*at)).is_some();
        let general_ones = statuses.iter().filter(|(_, about)| *about == About::General).map(|(at, _)| *at);
        let general = general_ones
            .clone()
            .find(|at| !plain || !is_dated(*at))
            .or_else(|| security.is_none().then(|| first(About::State)).flatten())
            .or_else(|| security.is_none().then(|| first(About::Bugs)).flatten());
        let dated = |at: &usize| Some(*at) != general && is_dated(*at);
        let end = first(About::End).or_else(|| general_ones.clone().find(dated));
        let further = general_ones.into_iter().find(|at| Some(*at) != general && Some(*at) != end);
        let asks_for_more = |at: usize| folded[at].split(' ').any(|word| MORE.contains(&word));
        (general.is_some() || security.is_some() || end.is_some()).then(|| Self {
            dated: security.is_some_and(is_dated),
            plain: general.is_some_and(|at| !asks_for_more(at)),
            version,
            general,
            security,
            bugs: bugs.filter(|_| security.is_some()),
            end,
            last: end.is_some_and(|at| LAST.contains(&plain_end(&folded[at]).as_str())),
            state: first(About::State).filter(|at| Some(*at) != general).or(further),
            notes: folded.iter().position(|header| NOTES.contains(&header.as_str())),
            joined,
            listed: false,
            weak: security.is_none()
                && end.is_none()
                && general.is_some_and(|general| statuses.contains(&(general, About::State))),
            product: named.filter(|_| !joined),
            containers: ["image", "container", "docker"].iter().any(|word| folded[version].contains(word)),
        })
    }
}

impl Columns {
    /// Those of a table that lists the supported version of each product.
    pub(super) fn listed(version: usize, product: usize) -> Self {
        Self {
            version,
            general: None,
            security: None,
            bugs: None,
            end: None,
            last: false,
            notes: None,
            state: None,
            product: Some(product),
            joined: false,
            containers: false,
            weak: false,
            dated: false,
            plain: false,
            listed: true,
        }
    }

    /// The columns that are read for what they say: all but those with remarks and states.
    pub(super) fn read(&self) -> Vec<usize> {
        let chosen = [Some(self.version), self.general, self.security, self.bugs, self.end, self.product];
        chosen.into_iter().flatten().collect()
    }

    /// Those with remarks and states, in which an end is read.
    pub(super) fn remarks(&self) -> impl Iterator<Item = usize> {
        [self.notes, self.state].into_iter().flatten()
    }
}

/// Whether the header has a column of versions, whatever its others are.
pub(super) fn has_versions(header: &[&str]) -> bool {
    (0..header.len()).any(|at| header[at].len() <= 100 && is_version(&words_of(header[at]), at == 0))
}

fn words_of(cell: &str) -> String {
    words(cell).join(" ")
}

fn is_product(header: &str) -> bool {
    matches!(
        header,
        "component" | "package" | "product" | "module" | "crate" | "project" | "library" | "plugin"
    )
}

/// Whether a text says what a status column would: of security fixes, of other fixes, or of support at all.
pub(super) fn fixes(text: &str) -> Option<Fixes> {
    Some(match about(&words_of(text))? {
        About::Security | About::SecurityIssues => Fixes::Security,
        About::Bugs | About::Ordinary => Fixes::Ordinary,
        About::General | About::State | About::End => Fixes::All,
        About::SecurityOnly => return None,
    })
}

/// Which fixes a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fixes {
    Security,
    Ordinary,
    All,
}

fn is_version(header: &str, first: bool) -> bool {
    header.split('/').any(|part| is_version_part(part.trim(), first))
}

fn is_version_part(header: &str, first: bool) -> bool {
    let words: Vec<&str> = header.split(' ').collect();
    // The project's own images: the tags of an image are no versions of Docker.
    let is_image = words.iter().any(|word| matches!(*word, "tag" | "tags" | "image" | "images"));
    let denied = words.iter().any(|word| {
        DENIED.contains(word)
            || FOREIGN.contains(word)
            || is_platform(word) && !(is_image && *word == "docker")
    });
    let others = words.iter().filter(|word| !KEYS.contains(word) && !KNOWN.contains(word)).count();
    !denied && words.iter().any(|word| KEYS.contains(word)) && (others == 0 || first && words.len() <= 3)
}

fn about(header: &str) -> Option<About> {
    header.split('/').find_map(|part| about_part(part.trim()))
}

fn about_part(header: &str) -> Option<About> {
    if ENDS.contains(&plain_end(header).as_str()) {
        return Some(About::End);
    }
    if TRANSLATED.contains(&header) {
        return Some(About::General);
    }
    let words: Vec<&str> = header.split([' ', '-']).map(in_english).collect();
    if !words.iter().all(|word| ALLOWED.contains(word)) {
        return None;
    }
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let security = has(&["security", "critical"]);
    if has(&["only"]) {
        return security.then_some(About::SecurityOnly);
    }
    if has(&["issues"]) {
        return security.then_some(About::SecurityIssues);
    }
    match (security, has(BUGS)) {
        (true, true) => return Some(About::General),
        (true, false) => return Some(About::Security),
        (false, true) => return Some(About::Bugs),
        (false, false) => {}
    }
    if has(ORDINARY) || words == ["active"] {
        return Some(About::Ordinary);
    }
    if has(&["supported", "support", "maintained", "maintenance", "patches", "updates"]) {
        return Some(About::General);
    }
    has(&["status", "state"]).then_some(About::State)
}

/// "Planned EOL" without the word that says that it may change, "End of Life (EOL)" without what it is for short.
fn plain_end(header: &str) -> String {
    let is_spelled_out = header.starts_with("end");
    let is_aside = |word: &str| {
        let is_short = is_spelled_out && matches!(word, "eol" | "eos");
        is_short || HEDGES.contains(&word) || FORMS.contains(&word)
    };
    header.split([' ', '-']).filter(|word| !is_aside(word)).collect::<Vec<_>>().join(" ")
}

/// A word of a header in English, where it is one of another language that is known.
fn in_english(word: &str) -> &str {
    SPOKEN.iter().find(|(spoken, _)| *spoken == word).map_or(word, |(_, english)| english)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_chosen_by_what_their_headers_say() {
        let chosen = |header: &[&str]| {
            Columns::choose(header, false).map(|c| (c.version, c.general, c.security, c.end, c.product))
        };
        for (header, expected) in [
            (&["Version", "Supported"][..], (0, Some(1), None, None, None)),
            (&["Mod Version", "Minecraft Version", "Supported"], (0, Some(2), None, None, None)),
            (
                &["Version", "PHP (*)", "Release", "Bug Fixes Until", "Security Fixes Until"],
                (0, None, Some(4), None, None),
            ),
            (&["Version", "Supported", "End of Support"], (0, Some(1), None, Some(2), None)),
            (&["Version", "End-of-life"], (0, None, None, Some(1), None)),
            (&["Version", "Status", "Notes"], (0, Some(1), None, None, None)),
            (&["Version", "Supported", "Status"], (0, Some(1), None, None, None)),
            (&["版本 / Version", "支持状态 / Supported"], (0, Some(1), None, None, None)),
            (&["Version/Branch", "Supported"], (0, Some(1), None, None, None)),
            (&["Component", "Supported", "Version"], (2, Some(1), None, None, Some(0))),
            (&["Docker Tag", "Supported"], (0, Some(1), None, None, None)),
            (&["Image Tags", "Latest Packages & Patches"], (0, Some(1), None, None, None)),
        ] {
            assert_eq!(chosen(header), Some(expected), "{header:?}");
        }
        for header in [
            &["CVE", "Affected Versions", "Patched Versions"][..],
            &["Risk", "Days"],
            &["PHP Version", "Supported"],
            &["Name", "Link", "Supported"],
            &["Version", "Release Date"],
            &["Version", "Supported Dependencies"],
            &["Docker Version", "Supported"],
            &["TLS version", "Supported"],
            &["Server version", "Supported"],
            &["API version", "Supported"],
            &["Upstream version", "Supported"],
            &["Service", "Supported"],
        ] {
            assert_eq!(chosen(header), None, "{header:?}");
        }
    }
}
