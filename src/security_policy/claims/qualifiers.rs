//! What a sentence says of a scan beside the tools and ecosystems that are known: other tools, other things, how soon.
//!
//! The rule that must not be broken: what is not understood is named, so that nobody takes it for borne out.

use super::tools;
use super::who;
use super::words::{Words, is_mark, plain};
use std::collections::BTreeSet;

/// Words that name what does something: nothing but words that are known may follow.
const BY: &str = "with by using via through";
/// The same, where words that are no names may follow.
const DOES: &str = "use uses run runs running employ leverage leverages";
/// Words that end what names it.
const ENDS: &str = "on in for to at as before after during when while whenever if against from into per within without \
                    upon prior since until across where because so which that who then also every each all any no \
                    daily weekly monthly nightly hourly regularly periodically continuously automatically quarterly \
                    is are was were be being been has have will we they it not";
/// Words that tell of no tool by name.
const PLAIN: &str = "a an the our its this these their own of and or & plus automated automatic default standard \
                     industry-standard open-source opensource free official native built-in builtin github-native \
                     static dynamic software composition security-focused dedicated continuous integration common \
                     code source secret secrets credential credentials container containers docker image images \
                     license licence licenses licences licensing security vulnerability vulnerabilities known cve cves \
                     dependency dependencies package packages library libraries component components manager managers \
                     tool tools tooling toolchain scanner scanners scan scans scanning check checks checker checkers \
                     checking audit audits auditing auditor's analysis analyzer analyzers analyser linter linters lint \
                     linting bot bots monitoring detection testing test tests suite suites sast sca owasp ghas advanced \
                     ci cd ci/cd github github's gitlab gitlab's action actions workflow workflows pipeline pipelines \
                     job jobs hook hooks pre-commit pre-commits git command commands cli build builds commit commits \
                     push pushes pull request requests pr prs merge release releases version versions update updates \
                     alert alerts rule rules query queries rulesets ruleset config configuration settings feature \
                     features service services process processes script scripts help means running run us team \
                     maintainers rust rustsec rust's python npm node node.js javascript typescript go golang java ruby \
                     php cargo pip maven gradle composer nuget yarn pnpm crate crates gem gems module modules ecosystem \
                     osv nvd ghsa advisory advisories database databases data high critical moderate medium low severity \
                     issue issues finding findings results reports third-party direct transitive indirect development \
                     dev runtime optional production project project's project-wide new regular scheduled strict \
                     enabled following ones those other such etc e.g i.e application applications app apps swift kotlin \
                     scala dart elixir cwe cwes nist mitre openssf dockerfile dockerfiles lockfile lockfiles lock file \
                     files codebase repository repo branch branches main base language languages set setup suite \
                     supply chain hygiene management measure measures practice practices quality safety assurance \
                     control controls process gate gates step steps compliance compatibility vulnerable outdated \
                     insecure known-vulnerable exposed hardcoded hard-coded leaked leak leaks token tokens key keys \
                     password passwords bug bugs flaw flaws weakness weaknesses error errors style type types unit \
                     comprehensive full deep semantic extensive proactive ongoing nothing full-time top change changes multi-language \
                     monday tuesday wednesday thursday friday saturday sunday day days week weeks month months \
                     quarter year years night hour hours time times";
/// Parts of dependencies of which a scanner of packages knows nothing, where they stand before what they are.
const KINDS: &str = "system os native vendored bundled c c++ c/c++ os-level operating-system";
const THINGS: &str = "package packages library libraries dependency dependencies code";
/// What no scanner of packages looks at, where it is named beside dependencies.
const BESIDE: &str = "actions workflows toolchain toolchains submodule submodules infrastructure firmware plugins plug-ins \
                      extensions hardware servers";
/// What a scanner of known vulnerabilities does not look for.
const SOUGHT: &[&str] =
    &["malware", "malicious", "typosquat*", "backdoor*", "trojan*", "ransomware", "tamper*"];
/// What looks at a program that runs.
const DYNAMIC: &[&str] =
    &["dynamic analysis|application|code|testing|security|scan|scans|scanning", "static and|& dynamic"];
/// What is done to what has a flaw, and to what: a step that fails is no rule for it.
const HOLDS: &[&str] = &[
    "block|blocks|blocked|blocking|gated|reject|rejects|rejected|prevent|prevents|prevented|stop|stops|stopped",
];
const HELD: &[&str] = &[
    "release|releases|merge|merges|merged|merging|deploy*|publish|published|publication|prs",
    "pull|merge request|requests",
];
/// Faster than anything that is scheduled by the day.
const PACES: &[&str] = &[
    "hourly",
    "real-time|realtime",
    "real time",
    "every|each hour|minute",
    "every * hours|minutes",
    "twice|thrice a|per|every day|hour",
    "* times a|per|every day|hour",
    "within * hour|hours|minutes|minute|day|days|week|weeks",
];
const SYSTEMS: &[&str] =
    &["windows", "macos|osx", "mac os", "freebsd|openbsd", "all|every|each|supported platform|platforms"];
const BY_HAND: &[&str] = &["manual|manually", "by hand", "independent auditor|auditors|firm|audit"];
const ELSEWHERE: &[&str] = &["repositories|repos"];

/// The most words of a name.
pub(super) const LONGEST_NAME: usize = 4;

/// What nothing here can look at.
#[derive(Default)]
pub(super) struct Beyond {
    /// Names of tools that are not known, in lower case.
    pub(super) tools: Vec<String>,
    /// Names and things that are not known, and stand where no tool does.
    pub(super) things: Vec<String>,
    /// Why the rest cannot be borne out.
    pub(super) why: Option<String>,
}

/// A word of the sentence.
pub(super) struct Token<'a> {
    text: &'a str,
    pub(super) folded: String,
    /// Whether a list goes on behind it, and whether what it belongs to ends there.
    pub(super) is_listed: bool,
    pub(super) is_last: bool,
    /// Whether a parenthesis opens behind it.
    pub(super) is_opened: bool,
    /// Whether it is written as code.
    is_code: bool,
}

/// Finds it. `code`: the words of the text around that are written as code.
pub(super) fn beyond(sentence: &str, code: &BTreeSet<&str>) -> Beyond {
    let tokens = tokens(sentence, code);
    let words = Words::new(tokens.iter().map(|token| token.folded.as_str()).collect());
    let named: BTreeSet<usize> = tools::places(&words).into_iter().collect();
    let known = known(&words, &named);
    let clauses = who::unknown(&tokens, &known);
    let tools = names(&tokens, &known, &named).chain(clauses.tools);
    let tools: BTreeSet<String> = tools.collect();
    let why = why(&tokens, &words, &known);
    Beyond { tools: tools.into_iter().collect(), things: clauses.things, why }
}

fn tokens<'a>(sentence: &'a str, code: &BTreeSet<&str>) -> Vec<Token<'a>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    for piece in sentence.split_inclusive(is_mark) {
        let mark = piece.chars().next_back().filter(|c| is_mark(*c));
        let body = mark.map_or(piece, |mark| &piece[..piece.len() - mark.len_utf8()]);
        let text = plain(body);
        if !text.is_empty() {
            let folded = super::words::folded(text);
            let is_code = code.contains(text);
            tokens.push(Token { text, folded, is_listed: false, is_last: false, is_opened: false, is_code });
        }
        if let Some(last) = tokens.last_mut() {
            last.is_listed |= matches!(mark, Some(',' | '('));
            last.is_opened |= mark == Some('(');
            last.is_last |= matches!(mark, Some(';' | ')' | '—' | '–' | '!'))
                || body.ends_with(['.', ':'])
                || matches!(body, "-" | "--");
        }
    }
    tokens
}

/// The places of words that are known: of tools, and of [`PLAIN`].
fn known(words: &Words<'_>, named: &BTreeSet<usize>) -> BTreeSet<usize> {
    let plain = words.iter().enumerate().filter(|(_, word)| {
        let mut parts = word.split('/');
        is_one_of(PLAIN, word) || parts.all(|part| is_one_of(PLAIN, part) || tools::is_name(part))
    });
    plain.map(|(at, _)| at).chain(named.iter().copied()).collect()
}

/// Whether a word ends what names a tool.
pub(super) fn ends(word: &str) -> bool {
    is_one_of(ENDS, word) || is_one_of(BY, word) || is_one_of(DOES, word)
}

pub(super) fn is_one_of(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

/// The names behind `with`, `by`, `using` that are not known.
fn names(
    tokens: &[Token<'_>],
    known: &BTreeSet<usize>,
    named: &BTreeSet<usize>,
) -> impl Iterator<Item = String> {
    let mut found = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let mut is_strict = is_one_of(BY, &token.folded);
        if !is_strict && !is_one_of(DOES, &token.folded) || token.is_last {
            continue;
        }
        for (next, token) in tokens.iter().enumerate().skip(at + 1) {
            if is_one_of(ENDS, &token.folded) || is_one_of(BY, &token.folded) {
                break;
            }
            let is_joint = matches!(token.folded.as_str(), "and" | "or" | "&" | "plus");
            if !known.contains(&next) && (is_strict || is_named(token)) {
                found.insert(name_at(tokens, known, next));
                break;
            }
            // Behind a tool, and behind the first of several, a verb or another clause may follow.
            is_strict &= !is_joint && !token.is_listed && !named.contains(&next);
            if token.is_last {
                break;
            }
        }
    }
    found.into_iter()
}

/// Whether a word looks like a name.
pub(super) fn is_named(token: &Token<'_>) -> bool {
    const STEMS: [&str; 6] = ["cargo-", "npm-", "pip-", "go-", "osv-", "git-"];
    token.is_code
        || token.text.contains(char::is_uppercase)
        || STEMS.iter().any(|stem| token.folded.starts_with(stem))
}

/// The words of a name that begins there.
fn name_at(tokens: &[Token<'_>], known: &BTreeSet<usize>, at: usize) -> String {
    let mut words: Vec<&str> = Vec::new();
    for (next, token) in tokens.iter().enumerate().skip(at).take(LONGEST_NAME) {
        if known.contains(&next) || is_one_of(ENDS, &token.folded) {
            break;
        }
        words.push(&token.folded);
        if token.is_last || token.is_listed {
            break;
        }
    }
    words.join(" ")
}

/// What else is said, the first of it.
fn why(tokens: &[Token<'_>], words: &Words<'_>, known: &BTreeSet<usize>) -> Option<String> {
    let of = |phrases: &[&str]| words.find_any(phrases);
    let word = |at: usize| words.get(at).unwrap_or_default();
    if let Some(thing) = included(tokens, known).or_else(|| beside(tokens)) {
        return Some(format!("whether anything looks at {thing} is not known"));
    }
    if let Some(at) = of(SOUGHT) {
        return Some(format!("whether anything looks for what it calls \"{}\" is not known", word(at)));
    }
    if of(DYNAMIC).is_some() {
        return Some("whether the program is looked at while it runs is not known".to_owned());
    }
    if words.near(HOLDS, HELD, 4).is_some() {
        return Some("what is held back by it was not looked at".to_owned());
    }
    if of(PACES).is_some() {
        return Some("whether it is done so soon, or so often, is not known".to_owned());
    }
    if of(SYSTEMS).is_some() {
        return Some("on which systems it runs was not looked at".to_owned());
    }
    if of(BY_HAND).is_some() {
        return Some("what people do by hand leaves nothing that could be looked at".to_owned());
    }
    elsewhere(words)
}

/// Why what is said of more repositories than one cannot be borne out.
pub(super) fn elsewhere(words: &Words<'_>) -> Option<String> {
    words.find_any(ELSEWHERE).map(|_| "other repositories were not looked at".to_owned())
}

/// What stands behind `including`, and is not understood.
fn included(tokens: &[Token<'_>], known: &BTreeSet<usize>) -> Option<String> {
    let begins = |token: &Token<'_>| matches!(token.folded.as_str(), "including" | "includes" | "include");
    let at = tokens.iter().position(begins)?;
    let end = |token: &Token<'_>| is_one_of(ENDS, &token.folded) || is_one_of(BY, &token.folded);
    for (next, token) in tokens.iter().enumerate().skip(at + 1).take_while(|(_, token)| !end(token)) {
        if !known.contains(&next) || is_of_forge(tokens, next) {
            let from = if is_of_forge(tokens, next) { next - 1 } else { next };
            return Some(phrase(tokens, from));
        }
        if token.is_last {
            break;
        }
    }
    None
}

/// `GitHub Actions`, as what is looked at.
fn is_of_forge(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at].folded == "actions" && at > 0 && tokens[at - 1].folded == "github"
}

/// What stands beside dependencies, joined to them, and is none: `System packages and dependencies`.
fn beside(tokens: &[Token<'_>]) -> Option<String> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.folded.as_str());
    let is_dependency = |at: usize| word(at).starts_with("dependenc") || word(at) == "packages";
    (0..tokens.len()).find_map(|at| {
        if is_one_of(KINDS, word(at)) && is_one_of(THINGS, word(at + 1)) {
            return Some(phrase(tokens, at));
        }
        let is_joint = word(at) == "and" || word(at) == "&";
        let behind = (at + 1..at + 4).find(|next| is_one_of(BESIDE, word(*next)));
        let before = (at.saturating_sub(2)..at).find(|last| is_one_of(BESIDE, word(*last)));
        let is_before = at > 0 && is_dependency(at - 1) && is_joint;
        let is_behind = is_joint && (is_dependency(at + 1) || is_dependency(at + 2));
        match (behind.filter(|_| is_before), before.filter(|_| is_behind)) {
            (Some(it), _) | (None, Some(it)) => Some(word(it).to_owned()),
            _ => None,
        }
    })
}

/// Some words from there on.
fn phrase(tokens: &[Token<'_>], at: usize) -> String {
    let mut words = Vec::new();
    for token in tokens.iter().skip(at).take(LONGEST_NAME) {
        if is_one_of(ENDS, &token.folded) || matches!(token.folded.as_str(), "and" | "or") {
            break;
        }
        words.push(token.folded.as_str());
        if token.is_last || token.is_listed {
            break;
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, beyond};

    fn tools(sentence: &str) -> Vec<String> {
        beyond(sentence, &BTreeSet::new()).tools
    }

    fn why(sentence: &str) -> Option<String> {
        beyond(sentence, &BTreeSet::new()).why
    }

    #[test]
    fn a_tool_that_is_not_known_is_named() {
        for (sentence, name) in [
            ("Dependencies are audited with cargo-vet.", "cargo-vet"),
            ("Dependencies are scanned with Black Duck.", "black duck"),
            ("Dependencies are scanned with cargo audit and Mend.", "mend"),
            ("Dependencies are scanned with cargo audit, Socket and Trivy.", "socket"),
            ("Dependencies are scanned by an independent auditor.", "independent auditor"),
            ("Dependencies are scanned by two tools in CI.", "two"),
            ("We use Black Duck to scan our dependencies.", "black duck"),
            ("Dependencies are scanned with commercial tools.", "commercial"),
        ] {
            assert_eq!(tools(sentence), [name], "{sentence}");
        }
        for sentence in [
            "Dependencies are scanned with `cargo audit` on every push.",
            "Dependencies are scanned with cargo-audit and cargo-deny, and the results are read.",
            "We use automated tools to scan our dependencies for known vulnerabilities.",
            "Dependencies are scanned by our CI pipeline with OSV-Scanner.",
            "Dependencies are scanned for known vulnerabilities (CVEs) via GitHub Actions.",
            "**Dependency Scanning**: pip-audit runs in CI on every change",
            "Static Analysis: Security scanning with ruff and mypy on all code changes",
            "We use Snyk to monitor our dependencies.",
            "Dependencies are scanned by Dependabot with every release.",
            "Dependencies are scanned using cargo-audit/cargo-deny against the RustSec Advisory Database.",
            "Dependencies with known vulnerabilities are found by scans in CI/CD.",
        ] {
            assert_eq!(tools(sentence), [""; 0], "{sentence}");
        }
    }

    #[test]
    fn what_no_scanner_of_packages_looks_at_is_named() {
        for (sentence, says) in [
            (
                "All dependencies including vendored C libraries are scanned for vulnerabilities.",
                "whether anything looks at vendored c libraries is not known",
            ),
            (
                "System packages and dependencies are scanned.",
                "whether anything looks at system packages is not known",
            ),
            (
                "Dependencies, including development dependencies and GitHub Actions, are scanned.",
                "whether anything looks at github actions is not known",
            ),
            (
                "Dependencies and GitHub Actions are scanned.",
                "whether anything looks at actions is not known",
            ),
            (
                "Dependencies are scanned for vulnerabilities and malware.",
                "whether anything looks for what it calls \"malware\" is not known",
            ),
            ("Dependencies are scanned every hour.", "whether it is done so soon, or so often, is not known"),
            (
                "Dependencies are scanned every 6 hours.",
                "whether it is done so soon, or so often, is not known",
            ),
            (
                "Dependencies are scanned within 24 hours of disclosure.",
                "whether it is done so soon, or so often, is not known",
            ),
            (
                "CI runs cargo audit on Windows, macOS and Linux.",
                "on which systems it runs was not looked at",
            ),
            (
                "Dependencies are scanned and manually reviewed.",
                "what people do by hand leaves nothing that could be looked at",
            ),
            ("We scan dependencies in all our repositories.", "other repositories were not looked at"),
        ] {
            assert_eq!(why(sentence).as_deref(), Some(says), "{sentence}");
        }
        for sentence in [
            "All dependencies, including transitive ones, are scanned daily.",
            "Our checks, including dependency scanning with cargo audit, run in GitHub Actions.",
            "Python and npm packages are scanned for known vulnerabilities on every pull request.",
            "Dependencies are continuously scanned for known vulnerabilities.",
            "Dependencies are scanned for vulnerabilities in our build system.",
        ] {
            assert_eq!(why(sentence), None, "{sentence}");
        }
    }
}
