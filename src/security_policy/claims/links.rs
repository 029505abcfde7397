//! Paths, lines and links into the repository, and commands that verify a release.
//!
//! The rule that must not be broken: what may be a file of the reader's, a page of the forge or another host is no path
//! of the repository.

use super::stance::{self, Stance};
use super::units::{Passages, Unit};
use super::words::{Words, folded};
use super::{ClaimKind, Claims, Detail, Tone};
use crate::text::decoded;
use std::collections::{BTreeMap, BTreeSet};

/// What paths that policies name end with.
const SUFFIXES: &[&str] = &[
    "py", "rs", "go", "js", "mjs", "cjs", "ts", "tsx", "jsx", "java", "kt", "c", "h", "cc", "cpp", "hpp",
    "cs", "rb", "php", "md", "rst", "adoc", "txt", "yml", "yaml", "toml", "json", "lock", "sh", "cfg", "ini",
    "sql", "proto", "swift", "scala", "ex", "exs", "tf", "mod", "sum", "asc", "pdf",
];

/// Finds them.
pub(super) fn find(passages: &Passages, found: &mut Claims) {
    let anchors = anchors(passages);
    let mut seen = BTreeSet::new();
    for unit in &passages.units {
        for link in &unit.links {
            if let Some(detail) = link_detail(&link.target, &anchors) {
                let text = unit.text.split('\n').nth(link.line.saturating_sub(unit.line)).unwrap_or_default();
                found.push(ClaimKind::BrokenLink, link.line, text.trim(), Tone::Promise, detail);
            }
        }
        for (line, code) in &unit.code {
            of_code(unit, *line, code, &mut seen, found);
        }
    }
    commands(passages, found);
}

/// What a link into the repository, or within the file, names; `None` for any other.
fn link_detail(target: &str, anchors: &BTreeSet<String>) -> Option<Detail> {
    let link = Some(target.to_owned());
    if let Some(anchor) = target.strip_prefix('#') {
        let anchor = decoded(anchor).to_lowercase();
        let anchor = anchor.strip_prefix("user-content-").unwrap_or(&anchor);
        let is_there = anchor.is_empty() || anchor == "top" || anchors.contains(anchor);
        return Some(Detail { link, is_anchor_there: Some(is_there), ..Detail::default() });
    }
    let path = target.split(['#', '?']).next().unwrap_or_default();
    let has_scheme = path.split('/').next().is_some_and(|first| first.contains(':'));
    let is_odd = path.is_empty() || path.starts_with("//") || has_scheme || path.len() > 1000;
    if is_odd || path.contains(['<', '>', '{', '}', '$', '*', '\\', '@']) {
        return None;
    }
    let bare = path.trim_start_matches("../").trim_start_matches("./");
    // `../../issues` is a page of the forge, and no file; so is everything that is reached by leaving the tree.
    let pages = [
        "security/",
        "issues",
        "discussions",
        "releases",
        "wiki",
        "pulls",
        "compare",
        "actions",
        "blob/",
        "tree/",
    ];
    if path.starts_with("../../")
        || (path.starts_with("../") && pages.iter().any(|page| bare.starts_with(page)))
    {
        return None;
    }
    // `www.example.org/page` was meant for another host.
    let first = bare.split('/').next().unwrap_or_default();
    if first.starts_with("www.") || (bare.contains('/') && first.contains('.') && !first.starts_with('.')) {
        return None;
    }
    Some(Detail { link, path: Some(decoded(path)), ..Detail::default() })
}

/// The anchors of the headings, as GitHub makes them, and those set by hand.
fn anchors(passages: &Passages) -> BTreeSet<String> {
    let mut anchors: BTreeSet<String> = passages.anchors.iter().map(|anchor| anchor.to_lowercase()).collect();
    let mut same: BTreeMap<String, usize> = BTreeMap::new();
    for heading in &passages.headings {
        let slug = slug(heading);
        let n = same.entry(slug.clone()).or_default();
        anchors.insert(if *n == 0 { slug } else { format!("{slug}-{n}") });
        *n += 1;
    }
    anchors
}

/// The anchor of a heading: lower case, without punctuation, a hyphen for each space.
pub(super) fn slug(heading: &str) -> String {
    let keep = |c: char| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ if c.is_alphanumeric() => Some(c),
        _ => None,
    };
    heading.trim().to_lowercase().chars().filter_map(keep).collect()
}

/// A path in code: `docs/policy.md`, `src/main.py:12`.
fn of_code(unit: &Unit, line: usize, code: &str, seen: &mut BTreeSet<String>, found: &mut Claims) {
    let Some((path, path_line)) = path_of(code) else { return };
    if !seen.insert(format!("{line} {code}")) {
        return;
    }
    let sentence =
        unit.text.split('\n').nth(line.saturating_sub(unit.line)).unwrap_or_default().trim().to_owned();
    let others =
        unit.code.iter().map(|(_, other)| other.clone()).filter(|other| other != code).take(10).collect();
    let detail = Detail { path: Some(path.to_owned()), path_line, code: others, ..Detail::default() };
    if path_line.is_some() {
        found.push(ClaimKind::MovedLine, line, &sentence, Tone::Promise, detail);
        return;
    }
    let folded = folded(&sentence);
    let words = Words::of(&folded);
    let is_pointer = words.first() == Some("see") || unit.lead.is_none() && words.has("see");
    let is_said = !matches!(unit.stance, Stance::Advice | Stance::Nothing)
        && stance::tone(&words, words.len(), unit.stance, 0).is_some();
    if is_pointer || is_said {
        found.push(ClaimKind::BrokenLink, line, &sentence, Tone::Promise, detail);
    }
}

/// The path, and the line of it, that a piece of code is; `None` where it is anything else.
fn path_of(code: &str) -> Option<(&str, Option<u64>)> {
    let (path, line) = match code.rsplit_once(':') {
        Some((path, line)) => {
            let line = line.strip_prefix('L').unwrap_or(line);
            let line = line.split_once('-').map_or(line, |(first, _)| first);
            (path, Some(line.parse().ok().filter(|line| (1..10_000_000).contains(line))?))
        }
        None => (code, None),
    };
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+');
    let first = path.split('/').next()?;
    let is_rooted = first.is_empty() || first == "~" || first == "path" || path.contains("..");
    let is_host = first.contains('.') && !first.starts_with('.');
    let suffix = path.rsplit('/').next()?.rsplit_once('.')?.1.to_ascii_lowercase();
    let is_path =
        path.contains('/') || (line.is_some() && !is_host) || first.starts_with(".pre-commit-config");
    let is_file = line.is_some() && !path.contains('/');
    let fits = path.len() <= 300 && path.chars().all(is_plain) && SUFFIXES.contains(&suffix.as_str());
    (fits && !is_rooted && (is_file || (is_path && !is_host))).then_some((path, line))
}

/// Fences that show how to verify a release.
fn commands(passages: &Passages, found: &mut Claims) {
    const VERIFY: &[&str] = &[
        "cosign verify-blob",
        "gh attestation verify",
        "slsa-verifier verify-",
        "gpg --verify",
        "gpg2 --verify",
        "minisign -V",
        "sigstore verify ",
        "signify -V",
    ];
    for fence in &passages.fences {
        let mut commands = joined(&fence.text);
        // What stands behind the end of a script is not run.
        if let Some(end) = commands.iter().position(|(_, command)| ends_script(command)) {
            commands.truncate(end);
        }
        let is_one = |command: &String| {
            let bare = command.trim_start_matches(['$', '%', '>', ' ']);
            let is_of_sums = bare.contains("sha256sum ") || bare.contains("shasum -a 256 ");
            let is_check = bare.split_whitespace().any(|word| matches!(word, "-c" | "--check"));
            let is_one = VERIFY.iter().any(|verify| bare.contains(verify));
            !bare.starts_with('#') && (is_one || is_of_sums && is_check)
        };
        let Some(first) = commands.iter().find(|(_, command)| is_one(command)) else { continue };
        let line = fence.line + first.0;
        let text = first.1.split_whitespace().collect::<Vec<_>>().join(" ");
        let commands = commands.iter().map(|(_, command)| command.clone()).filter(is_one).take(20).collect();
        let detail = Detail { commands, ..Detail::default() };
        found.push(ClaimKind::VerifyCommand, line, &text, Tone::Promise, detail);
    }
}

/// `exit 0`, or another program in the place of the shell.
fn ends_script(command: &str) -> bool {
    let first = command.trim_start_matches(['$', '%', '>', ' ']).split([' ', ';']).next();
    matches!(first, Some("exit" | "return" | "exec"))
}

/// The commands of a fence with their line in it; lines that end with a backslash go on.
fn joined(text: &str) -> Vec<(usize, String)> {
    let mut commands: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (index, line) in text.lines().enumerate() {
        let (line, ends_open) = match line.trim_end().strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        match commands.last_mut().filter(|_| goes_on) {
            Some((_, command)) => {
                command.push(' ');
                command.push_str(line.trim());
            }
            None => commands.push((index, line.trim().to_owned())),
        }
        goes_on = ends_open;
    }
    commands
}
