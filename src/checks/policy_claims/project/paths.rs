//! Paths, links and lines that the policy names: whether they are there, and still what was meant.

use super::About;
use crate::{
    evidence::{Seen, project::meant},
    facts::project::Place,
    outcome::Finding,
    text::{self, clean, decoded},
};

/// What is found of the paths that a name may mean.
enum Found<'a> {
    At(String, &'a Place),
    /// Looked for, and not there.
    Nowhere,
    Unknown(String),
}

fn find<'a>(about: &About<'a>, path: &str) -> Found<'a> {
    let candidates = meant(&about.context.policy.policy.path, path);
    if candidates.is_empty() {
        return Found::Unknown("it leads out of the repository".to_owned());
    }
    let mut unknown = None;
    for candidate in candidates {
        match about.project.named.get(&candidate) {
            Some(Seen::Present(place)) => return Found::At(candidate, place),
            Some(Seen::Absent { .. }) => {}
            Some(Seen::Unavailable { reason }) => unknown = Some(reason.clone()),
            None => unknown = Some("it was not looked for".to_owned()),
        }
    }
    unknown.map_or(Found::Nowhere, Found::Unknown)
}

/// Judges a path or a link into the repository.
pub(super) fn link(about: &About<'_>) -> Vec<Finding> {
    let path = about.claim.detail.path.as_deref().unwrap_or_default();
    let shown = clean(path).into_owned();
    let finding = match find(about, path) {
        Found::Nowhere => about.refuted(format!("{shown} is not in the tree of the tag")),
        Found::Unknown(why) => about.unknown(format!("{shown}: {why}")),
        Found::At(at, place) => {
            let fragment = about.claim.detail.link.as_deref().and_then(|link| link.split_once('#'));
            match fragment.map(|(_, fragment)| fragment).filter(|fragment| !fragment.is_empty()) {
                Some(fragment) => fragment_of(about, &clean(&at), place, fragment),
                None => about.confirmed(format!("{} is there", clean(&at))),
            }
        }
    };
    vec![finding]
}

/// The part of a file that a link leads to.
fn fragment_of(about: &About<'_>, path: &str, place: &Place, fragment: &str) -> Finding {
    let fragment = &decoded(fragment);
    let shown = clean(fragment).into_owned();
    let lines = match place {
        Place::File(lines) => lines,
        Place::Folder => return about.confirmed(format!("{path} is there")),
        Place::Unread(why) => return about.unknown(format!("{path} was not read: {why}")),
    };
    let number = fragment.strip_prefix('L').map(|rest| rest.split('-').next().unwrap_or(rest));
    if let Some(Ok(number)) = number.map(str::parse::<usize>) {
        return match lines.len() < number {
            true => about.refuted(format!("{path} has only {}", text::count(lines.len(), "line", "lines"))),
            false => about.confirmed(format!("{path} has a line {number}")),
        };
    }
    let is_markdown = [".md", ".markdown"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending));
    if !is_markdown {
        return about.unknown(format!("{path} is there; where #{shown} leads in it was not looked at"));
    }
    match headings(lines).contains(&fragment.to_lowercase()) {
        true => about.confirmed(format!("{path} has a heading #{shown}")),
        false => about.refuted(format!("{path} has no heading #{shown}")),
    }
}

/// The anchors of a Markdown file: of its headings outside fences, and those set by hand.
fn headings(lines: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_fenced = false;
    for (index, line) in lines.iter().enumerate() {
        if line.starts_with("```") || line.starts_with("~~~") {
            is_fenced = !is_fenced;
        }
        if is_fenced {
            continue;
        }
        let bare = line.trim_start_matches('#');
        let is_heading = bare.len() < line.len() && line.len() - bare.len() <= 6 && bare.starts_with(' ');
        let is_underlined = lines.get(index + 1).is_some_and(|next| {
            next.len() >= 2 && (next.bytes().all(|b| b == b'=') || next.bytes().all(|b| b == b'-'))
        });
        if is_heading || (is_underlined && !line.is_empty()) {
            let heading = slug(bare.trim_end_matches('#'));
            let again = found.iter().filter(|it| **it == heading).count();
            found.push(if again == 0 { heading } else { format!("{heading}-{again}") });
        }
        for mark in ["id=\"", "name=\""] {
            let anchors = line.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
            found.extend(anchors.map(str::to_lowercase));
        }
    }
    found
}

/// The anchor of a heading as GitHub makes it, of its text: links and marks are taken off.
fn slug(heading: &str) -> String {
    let mut plain = String::new();
    let mut is_target = false;
    let mut before = ' ';
    for c in heading.trim().chars() {
        match c {
            '(' if before == ']' => is_target = true,
            ')' if is_target => is_target = false,
            _ if is_target => {}
            ' ' => plain.push('-'),
            '-' | '_' => plain.push(c),
            c if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ => {}
        }
        before = c;
    }
    plain
}

/// Judges a line of a file that the policy cites.
pub(super) fn line(about: &About<'_>) -> Vec<Finding> {
    let detail = &about.claim.detail;
    let (Some(path), Some(number)) = (detail.path.as_deref(), detail.path_line) else { return Vec::new() };
    let shown = format!("{}:{number}", clean(path));
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    let finding = match find(about, path) {
        Found::Nowhere => about.refuted(format!("{} is not in the tree of the tag", clean(path))),
        Found::Unknown(why) => about.unknown(format!("{shown}: {why}")),
        Found::At(_, Place::Folder) => about.refuted(format!("{} is a folder", clean(path))),
        Found::At(at, Place::Unread(why)) => about.unknown(format!("{} was not read: {why}", clean(&at))),
        Found::At(at, Place::File(lines)) => match lines.get(number.saturating_sub(1)) {
            None => {
                let length = text::count(lines.len(), "line", "lines");
                about.refuted(format!("{} has only {length}", clean(&at)))
            }
            Some(now) => drift(about, &at, number, now, lines),
        },
    };
    vec![finding]
}

/// Whether the line is still the one that was meant: by what stood there when the sentence was written, or by the code
/// that the sentence quotes.
fn drift(about: &About<'_>, path: &str, number: usize, now: &str, lines: &[String]) -> Finding {
    let cited = format!("{}:{number}", clean(path));
    let is_it = |it: &&crate::facts::project::Citation| {
        it.line == about.claim.line && it.path == path && it.number == number
    };
    let why = match about.project.cited.iter().find(is_it).map(|it| &it.then) {
        Some(Seen::Present(Some(then))) if then.is_empty() => "an empty line was cited".to_owned(),
        Some(Seen::Present(Some(then))) => return moved(about, &cited, number, now, lines, then, false),
        Some(Seen::Present(None)) => "the file was shorter when that was written".to_owned(),
        Some(Seen::Absent { .. }) => "the file was not there when that was written".to_owned(),
        Some(Seen::Unavailable { reason }) => reason.clone(),
        None => "it was not looked for".to_owned(),
    };
    // A statement that is quoted says which line was meant.
    let quoted = about.claim.detail.code.iter().filter(|code| code.contains(['=', '(']) && code.len() >= 6);
    for code in quoted {
        if now.contains(code.as_str()) || lines.iter().any(|line| line.contains(code.as_str())) {
            return moved(about, &cited, number, now, lines, code, true);
        }
    }
    about.unknown(format!("{cited} is there; whether it is the line that was meant is not known: {why}"))
}

/// Holds the line that was meant against the file as it is.
fn moved(
    about: &About<'_>,
    cited: &str,
    number: usize,
    now: &str,
    lines: &[String],
    then: &str,
    is_part: bool,
) -> Finding {
    let fits = |line: &str| if is_part { line.contains(then) } else { line == then };
    let shown: String = clean(then).chars().take(80).collect();
    if fits(now) {
        return about.confirmed(format!("{cited} is still `{shown}`"));
    }
    let places = lines.iter().enumerate().filter(|(_, line)| fits(line)).map(|(index, _)| index + 1);
    match places.min_by_key(|place| place.abs_diff(number)) {
        Some(place) => about
            .refuted(format!("{cited} was written about `{shown}`, which is now line {place}"))
            .expected(place.to_string())
            .found(number.to_string()),
        None => about.refuted(format!("{cited} was written about `{shown}`, which is no longer in the file")),
    }
}

#[cfg(test)]
mod tests {
    use super::headings;

    #[test]
    fn headings_are_found_outside_fences_as_github_names_them() {
        let text =
            "# A `b` [c](d.md)!\n```\n# no\n```\nUnder\n=====\n## Two\n## Two\n<a id=\"Hand\"></a>\n#no";
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        assert_eq!(headings(&lines), ["a-b-c", "under", "two", "two-1", "hand"]);
    }
}
