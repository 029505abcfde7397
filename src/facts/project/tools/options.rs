//! Whether the words behind a scanner's command make it scan.
//!
//! The rule that must not be broken: a word that is not known is a doubt, and never a scan.

use super::{
    Trade,
    places::{Mounts, Place, beside, place, together},
    scanners::{Grammar, Mode, Operands, SPEAKS},
    searches,
};
use crate::{facts::project::shells, text};

/// What a call does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It scans.
    Scans(Scan),
    /// It does something else in any case.
    Idle,
    /// Nobody can say, in words that follow the name of the tool.
    Unknown(String),
}

/// A scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::facts::project) struct Scan {
    /// Why its failure counts for nothing, where that is so.
    pub(in crate::facts::project) harmless: Option<&'static str>,
    /// The folder that it looks at, where that is not the one that it runs in.
    pub(in crate::facts::project) folder: Option<String>,
    /// Whether it looks at the packages that are installed, and at no list of them.
    pub(in crate::facts::project) of_environment: bool,
}

/// A doubt about a word of the call.
pub(super) fn unknown(word: &str) -> Verdict {
    let short: String = word.chars().take(60).collect();
    Verdict::Unknown(format!(
        "scans the dependencies is not known: relcheck does not know what \"{}\" does to the scan",
        text::clean(&short)
    ))
}

fn doubt(why: &str) -> Verdict {
    Verdict::Unknown(format!("scans the dependencies is not known: {why}"))
}

/// The words of a call, told apart.
#[derive(Default)]
struct Told<'a> {
    options: Vec<(&'a str, Option<&'a str>)>,
    operands: Vec<&'a str>,
}

/// What the scanner does with these words, for a trade.
pub(super) fn judge(grammar: &Grammar, trade: Trade, words: &[&str], mounts: Mounts<'_>) -> Verdict {
    let words = without_redirections(words);
    // Whatever else is said, it only speaks of itself.
    if words.iter().any(|word| lists(grammar.idle, word) || lists(SPEAKS, word)) {
        return Verdict::Idle;
    }
    let told = match tell(grammar, &words) {
        Ok(told) => told,
        Err(word) => return unknown(word),
    };
    let mut operands = told.operands.as_slice();
    let Some(mut mode) = take_mode(grammar, &mut operands) else {
        return operands
            .first()
            .map_or_else(|| doubt("it is not said what it is to do"), |word| unknown(word));
    };
    // `osv-scanner scan source`
    if let Some(inner) = operands.first().filter(|_| grammar.tool == "osv-scanner" && mode.word == "scan")
        && let Some(next) = grammar.modes.iter().find(|it| it.word == *inner && it.word != "scan")
    {
        mode = next;
        operands = &operands[1..];
    }
    if mode.trades.is_empty() {
        return Verdict::Idle;
    }
    if !mode.trades.contains(&trade) {
        let is_image = trade == Trade::Dependencies && mode.trades.contains(&Trade::Images);
        return if is_image { of_image() } else { Verdict::Idle };
    }
    // Of these modes no options are known.
    if grammar.tool == "snyk" && mode.word != "test" {
        return Verdict::Scans(Scan::default());
    }
    let mut scan = Scan::default();
    let mut places = Vec::new();
    for (option, value) in &told.options {
        let value = value.unwrap_or_default();
        if lists(grammar.folders, option) {
            places.push(place(value, mounts));
        } else if lists(grammar.files, option) {
            places.push(beside(value, mounts));
        } else if let Err(verdict) = by_value(grammar.tool, trade, option, value, &mut scan) {
            return verdict;
        }
    }
    if let Some(verdict) = by_operands(grammar, mode, trade, operands, mounts, &mut places) {
        return verdict;
    }
    let of_installed = grammar.tool == "pip-audit" || grammar.tool == "safety" && mode.word == "check";
    let of_environment = of_installed && places.is_empty();
    scan.harmless = scan.harmless.or_else(|| never_fails(grammar.tool, &told.options));
    match together(places) {
        Ok(folder) => Verdict::Scans(Scan { folder, of_environment, ..scan }),
        Err(()) => doubt("relcheck does not know which folders it looks at"),
    }
}

/// Why a scanner that was not told to fail does not.
fn never_fails(tool: &str, options: &[(&str, Option<&str>)]) -> Option<&'static str> {
    let has = |names: &[&str]| options.iter().any(|(name, _)| names.contains(name));
    match tool {
        "trivy" if !has(&["--exit-code"]) => Some("it fails only with `--exit-code`"),
        "grype" if !has(&["--fail-on", "-f"]) => Some("it fails only with `--fail-on`"),
        "dotnet-list" => Some("it lists what it finds, and does not fail"),
        _ => None,
    }
}

/// A doubt about an image that the project does not build.
fn of_others(image: &str) -> Verdict {
    let name = text::clean(image).into_owned();
    Verdict::Unknown(format!(
        "looks at an image of the project is not known: {name} is one that others build upon"
    ))
}

fn of_image() -> Verdict {
    doubt("it looks at an image, and which dependencies are in it is not known")
}

fn lists(options: &str, word: &str) -> bool {
    word.starts_with('-') && options.split_whitespace().any(|option| option == word)
}

/// Tells options and other words apart; the first option that is not known is the error.
fn tell<'a>(grammar: &Grammar, words: &[&'a str]) -> Result<Told<'a>, &'a str> {
    let has_value = |option: &str| has_value(grammar, option);
    let mut told = Told::default();
    let mut left = words.iter();
    while let Some(word) = left.next().copied() {
        if !word.starts_with('-') || word == "-" {
            told.operands.push(word);
            continue;
        }
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        // The programs of Go take one hyphen for two.
        let name = if grammar.tool == "govulncheck" && name.starts_with("--") { &name[1..] } else { name };
        if lists(grammar.idle, name) || lists(SPEAKS, name) {
            return Err(word);
        }
        let is_flag = lists(grammar.flags, name);
        match value {
            Some(value) if has_value(name) && is_one_word(value) => told.options.push((name, Some(value))),
            Some("true") if is_flag => told.options.push((name, None)),
            None if is_flag
                && !(has_value(name) && left.as_slice().first().is_some_and(|it| !it.starts_with('-'))) =>
            {
                told.options.push((name, None));
            }
            None if has_value(name) => {
                let value = left.next().filter(|value| is_one_word(value)).ok_or(word)?;
                told.options.push((name, Some(value)));
            }
            None if is_bundle(grammar, name) => {}
            _ => return Err(word),
        }
    }
    Ok(told)
}

/// Whether the value of an option is one word, and known to be: a shell makes several of a variable that has blanks, and
/// each may be an option. What the runner sets, and what is named like a secret, has none.
fn is_one_word(value: &str) -> bool {
    const SET: [&str; 9] = [
        "GITHUB_WORKSPACE",
        "GITHUB_SHA",
        "GITHUB_REPOSITORY",
        "GITHUB_RUN_ID",
        "GITHUB_STEP_SUMMARY",
        "RUNNER_TEMP",
        "CI_PROJECT_DIR",
        "HOME",
        "PWD",
    ];
    let is_known = |rest: &str| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        if let Some(expression) = rest.strip_prefix('{') {
            return ["github.", "secrets.", "runner."].iter().any(|known| expression.starts_with(known));
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        SET.contains(&&rest[..end]) || shells::is_of_secret(&rest[..end])
    };
    !value.contains('`') && value.split('$').skip(1).all(is_known)
}

/// Whether the word behind an option belongs to it.
pub(super) fn has_value(grammar: &Grammar, option: &str) -> bool {
    [grammar.values, grammar.folders, grammar.files].iter().any(|options| lists(options, option))
}

/// `-qv`: several options without values.
fn is_bundle(grammar: &Grammar, word: &str) -> bool {
    let letters = word.trim_start_matches('-');
    grammar.tool != "govulncheck"
        && !word.starts_with("--")
        && letters.len() > 1
        && letters.chars().all(|letter| lists(grammar.flags, &format!("-{letter}")))
}

/// The mode that the first word chooses, which is taken away.
fn take_mode<'g>(grammar: &'g Grammar, operands: &mut &[&str]) -> Option<&'g Mode> {
    let chosen = operands.first().and_then(|word| grammar.modes.iter().find(|mode| mode.word == *word));
    if let Some(mode) = chosen {
        *operands = &operands[1..];
        return Some(mode);
    }
    grammar.modes.iter().find(|mode| mode.word.is_empty())
}

/// What the value of an option does to the scan.
fn by_value(tool: &str, trade: Trade, option: &str, value: &str, scan: &mut Scan) -> Result<(), Verdict> {
    let entries: Vec<&str> = value.split(',').map(str::trim).collect();
    let is_of =
        |known: &str| entries.iter().all(|it| known.split(' ').any(|word| word.eq_ignore_ascii_case(it)));
    let has = |word: &str| entries.contains(&word);
    let is_known = match (tool, option) {
        ("trivy", "--scanners" | "--security-checks") if is_of("vuln secret misconfig license config") => {
            return if has("vuln") { Ok(()) } else { Err(Verdict::Idle) };
        }
        ("trivy", "--vuln-type" | "--pkg-types") if is_of("os library") => {
            let kind = if trade == Trade::Images { "os" } else { "library" };
            return if has(kind) { Ok(()) } else { Err(Verdict::Idle) };
        }
        ("trivy", "--scanners" | "--security-checks" | "--vuln-type" | "--pkg-types" | "--input") => false,
        ("trivy", "--severity" | "-s") => {
            // What is severe is looked for.
            let is_severe =
                |it: &&str| it.eq_ignore_ascii_case("high") || it.eq_ignore_ascii_case("critical");
            is_of("unknown low medium high critical") && entries.iter().any(is_severe)
        }
        ("trivy", "--skip-dirs" | "--skip-files") => entries.iter().all(|it| is_of_no_matter(it)),
        ("npm-audit", "--omit") => is_of("dev optional peer"),
        ("npm-audit", "--only") => is_of("prod production"),
        ("npm-audit", "--audit-level") if value == "none" => {
            scan.harmless = Some("`--audit-level=none`");
            true
        }
        ("npm-audit" | "pnpm-audit" | "bun-audit", "--audit-level") => {
            is_of("info low moderate high critical")
        }
        ("yarn-audit", "--groups") => has("dependencies"),
        ("yarn-audit", "--environment") => is_of("all production"),
        ("pip-audit", "-s" | "--vulnerability-service") => is_of("pypi osv"),
        ("pip-audit", "--index-url" | "--extra-index-url") => is_own_index(value),
        ("govulncheck", "-mode") => value == "source",
        ("govulncheck", "-scan") => is_of("symbol package module"),
        ("govulncheck", "-show") => is_of("traces color version verbose"),
        ("govulncheck", "-format" | "-json") if is_of("json sarif openvex") || option == "-json" => {
            scan.harmless = Some("it fails only where it writes plain text");
            true
        }
        ("cargo-deny", "-A" | "--allow") => is_of(
            "duplicate wildcard license-not-encountered advisory-not-detected unmatched-skip unnecessary-skip",
        ),
        ("cargo-deny", "--manifest-path") => matches!(value, "Cargo.toml" | "./Cargo.toml"),
        ("safety", "--continue-on-error") => {
            scan.harmless = Some("`--continue-on-error`");
            true
        }
        _ => true,
    };
    if is_known { Ok(()) } else { Err(unknown(&format!("{option} {value}"))) }
}

/// Whether packages are asked for where everybody asks for them: another index may answer with others.
pub(super) fn is_own_index(address: &str) -> bool {
    address.trim_end_matches('/') == concat!("https://", "pypi", ".org/simple")
}

/// Folders and files of other people, and those of tests: nothing that is used stands in them alone.
pub(in crate::facts::project) fn is_of_no_matter(path: &str) -> bool {
    let last = path.trim_end_matches(['/', '*']).rsplit('/').next().unwrap_or(path);
    matches!(
        last,
        "node_modules"
            | ".git"
            | ".venv"
            | "venv"
            | "dist"
            | "build"
            | "target"
            | "test"
            | "tests"
            | "testdata"
            | "docs"
            | "examples"
            | ".github"
            | "__tests__"
            | "fixtures"
            | "e2e"
    )
}

/// What the other words of the call do to the scan.
fn by_operands(
    grammar: &Grammar,
    mode: &Mode,
    trade: Trade,
    operands: &[&str],
    mounts: Mounts<'_>,
    places: &mut Vec<Option<Place>>,
) -> Option<Verdict> {
    match grammar.tool {
        "cargo-deny" => return of_checks(trade, operands),
        "grype" => match operands {
            [one] if is_folder(one) => {
                if trade == Trade::Images {
                    return Some(Verdict::Idle);
                }
            }
            [one] if one.starts_with("sbom:") || one.contains(['$', '{']) => return Some(unknown(one)),
            [one] if trade == Trade::Images => {
                return searches::is_foreign_image(one).then(|| of_others(one));
            }
            [_] => return Some(of_image()),
            _ => return Some(doubt("it is not said what it is to look at")),
        },
        _ => {}
    }
    if trade == Trade::Images
        && let Some(image) = operands.iter().find(|word| searches::is_foreign_image(word))
    {
        return Some(of_others(image));
    }
    match mode.operands {
        Operands::Any => None,
        Operands::Unknown => {
            let is_id = |word: &&&str| {
                word.starts_with("CVE-") || word.starts_with("GHSA-") || word.starts_with("OSVDB-")
            };
            operands.iter().find(|word| !is_id(word)).map(|word| unknown(word))
        }
        Operands::NeededPath if operands.is_empty() && places.is_empty() => {
            Some(doubt("it is not said what it is to look at"))
        }
        Operands::Path | Operands::NeededPath => {
            let is_id = |word: &str| word.starts_with("CVE-") || word.starts_with("GHSA-");
            places.extend(operands.iter().filter(|word| !is_id(word)).map(|word| place(word, mounts)));
            None
        }
    }
}

/// What `cargo deny check` looks at: everything, where nothing is named.
fn of_checks(trade: Trade, names: &[&str]) -> Option<Verdict> {
    const ALL: [&str; 7] = ["advisories", "advisory", "bans", "licenses", "license", "sources", "all"];
    if let Some(word) = names.iter().find(|name| !ALL.contains(name)) {
        return Some(unknown(word));
    }
    let wanted: &[&str] = match trade {
        Trade::Licences => &["licenses", "license", "all"],
        _ => &["advisories", "advisory", "all"],
    };
    (!names.is_empty() && !names.iter().any(|name| wanted.contains(name))).then_some(Verdict::Idle)
}

fn is_folder(word: &str) -> bool {
    word.starts_with("dir:")
        || word.starts_with(['.', '/'])
        || matches!(word, "$PWD" | "${PWD}" | "$GITHUB_WORKSPACE")
}

/// The words without `> out.txt` and `2>&1`.
fn without_redirections<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut kept = Vec::with_capacity(words.len());
    let mut left = words.iter().copied();
    while let Some(word) = left.next() {
        let bare = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '&');
        if !bare.starts_with(['>', '<']) {
            kept.push(word);
        } else if bare.trim_start_matches(['>', '<', '|']).is_empty() {
            left.next();
        }
    }
    kept
}
