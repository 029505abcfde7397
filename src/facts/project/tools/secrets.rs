//! The options of programs that look for secrets.
//!
//! The rule that must not be broken: a word is on these lists only where the search looks at the same files with it.

/// A program: its modes and other words, its options without a value, and those with one.
const PROGRAMS: [(&str, &str, &str, &str); 3] = [
    (
        "gitleaks",
        "detect git protect dir directory version help . ./",
        "-v --verbose --redact --no-banner --no-color --staged --pre-commit --help -h --version",
        "-f --report-format -r --report-path --exit-code -l --log-level --timeout",
    ),
    (
        "trufflehog",
        "git filesystem help . ./ file://. file://./ file://$PWD",
        "--only-verified --fail --no-update --json --no-verification --github-actions --debug --help --version -h",
        "--results --concurrency --log-level",
    ),
    (
        "detect-secrets",
        "scan audit . ./",
        "--all-files -a --no-verify -v --verbose --help -h --version --fail-on-unaudited",
        "--baseline",
    ),
];

/// The first word of a call whose meaning is not known.
pub(super) fn unknown(tool: &str, arguments: &[String]) -> Option<String> {
    let (_, words, flags, values) = PROGRAMS.iter().find(|(name, ..)| *name == tool)?;
    let is_in = |list: &str, word: &str| list.split_whitespace().any(|it| it == word);
    let mut left = arguments.iter();
    while let Some(word) = left.next() {
        let (name, value) =
            word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
        match value {
            // Where its output goes is nothing to it.
            _ if word.starts_with(['>', '2', '1', '&']) => {}
            None if is_in(values, name) => drop(left.next()),
            Some(_) if is_in(values, name) || name == "--redact" => {}
            None if is_in(flags, name) || is_in(words, name) => {}
            _ => return Some(word.chars().take(60).collect()),
        }
    }
    None
}
