//! Who a sentence says does something: what stands before the verb, behind a colon and in parentheses.
//!
//! The rule that must not be broken: it is made of words that are known, or it is named, so that no other tool bears the
//! sentence out.

use super::qualifiers::{LONGEST_NAME, Token, ends, is_named, is_one_of};
use std::collections::BTreeSet;

/// Verbs that end what does something, beside those of [`ends`].
const VERBS: &str = "do does done did see make makes made keep keeps kept keeping perform performs performed conduct \
                     conducts conducted include includes included including contain contains contained require requires \
                     required enable enables ensure ensures ensured provide provides provided add adds added help helps \
                     find finds found detect detects detected identify identifies identified discover discovers look \
                     looks looked looking search searches searched flag flags flagged block blocks blocked fail fails \
                     failed pass passes passed open opens opened propose proposes proposed suggest suggests create \
                     creates created monitor monitors monitored track tracks tracked watch watches watched warn warns \
                     notify notifies notified alert alerted review reviews reviewed analyse analyses analysed analyze \
                     analyzes analyzed inspect inspects inspected examine examines examined audited scan scanned check \
                     checked tested verify verifies verified validate validates validated updated upgrade upgrades \
                     upgraded upgrading bump bumps get gets receive receives undergo undergoes go goes happen happens \
                     occur occurs take takes place integrate integrates integrated apply applies applied implement \
                     implements implemented maintain maintains maintained managed follow follows rely relies depend \
                     depends catch catches prevent prevents lint lints linted merge merged merging come comes stay stays \
                     remain remains cover covers covered covering execute executes executed trigger triggers triggered \
                     schedule scheduled automate automates automated handle handles handled proactively always";
/// What does it stands right before these.
const ACTS: &str =
    "scans checks runs analyses analyzes monitors detects audits inspects examines searches looks reviews";
/// What makes the word before it one that something is done to, with [`DONE`] behind it.
const PASSIVE: &str = "is are was were be been being gets get";
const DONE: &str = "scanned checked analysed analyzed audited monitored reviewed inspected searched examined tested kept \
                    updated validated verified covered";
/// Endings of files, which do nothing.
const ENDINGS: &str = "lock json toml yml yaml txt md mod sum xml gradle cfg ini";

/// What is not known.
#[derive(Default)]
pub(super) struct Unknown {
    /// Names of what is said to do it.
    pub(super) tools: BTreeSet<String>,
    /// Names and things elsewhere.
    pub(super) things: Vec<String>,
}

/// Finds it. `known`: the places of words that are.
pub(super) fn unknown(tokens: &[Token<'_>], known: &BTreeSet<usize>) -> Unknown {
    let mut found = Unknown::default();
    let is_known = |at: usize| known.contains(&at) || is_understood(&tokens[at].folded);
    let ends_name = |at: usize| is_known(at) || tokens[at].is_last || tokens[at].is_listed;
    let (mut is_head, mut is_object, mut is_done) = (true, false, is_done_to(tokens, 0));
    for (at, token) in tokens.iter().enumerate() {
        is_head &= !is_end(&token.folded);
        // "Static analysis of Terraform code" is not done by it.
        is_object |= token.folded == "of";
        if !is_known(at) && (at == 0 || ends_name(at - 1)) {
            let last = (at..tokens.len()).find(|next| ends_name(*next)).unwrap_or(tokens.len());
            let end = if last < tokens.len() && !is_known(last) { last + 1 } else { last };
            let words: Vec<&str> =
                tokens[at..end].iter().take(LONGEST_NAME).map(|token| token.folded.as_str()).collect();
            let does = tokens.get(end).is_some_and(|next| is_one_of(ACTS, &next.folded));
            let name = words.join(" ");
            if is_head && !is_object && !is_done || does && !tokens[end - 1].is_last {
                found.tools.insert(name);
            } else if is_head || is_named(token) {
                found.things.push(name);
            }
        }
        if token.is_last || token.is_opened {
            (is_head, is_object, is_done) = (true, false, is_done_to(tokens, at + 1));
        }
    }
    found
}

/// Whether a word names nothing.
fn is_understood(word: &str) -> bool {
    let is_number = word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '%' | '+' | '-' | '/'));
    let is_file = word.rsplit_once('.').is_some_and(|(_, ending)| is_one_of(ENDINGS, ending));
    is_number || is_file || is_end(word) || is_one_of(ACTS, word)
}

/// Whether a word ends what does something.
fn is_end(word: &str) -> bool {
    ends(word) || is_one_of(VERBS, word)
}

/// Whether what a clause that begins there speaks of first is looked at, and looks at nothing: `The full history is scanned`.
fn is_done_to(tokens: &[Token<'_>], from: usize) -> bool {
    let mut clause = tokens.iter().enumerate().skip(from);
    let ends = |token: &Token<'_>| is_end(&token.folded) || token.is_last || token.is_opened;
    clause.find(|(_, token)| ends(token)).is_some_and(|(at, token)| {
        let mut behind = tokens.iter().skip(at + 1).take(3);
        is_one_of(PASSIVE, &token.folded) && behind.any(|token| is_one_of(DONE, &token.folded))
    })
}

#[cfg(test)]
mod tests {
    use super::super::qualifiers::{self, Beyond};
    use std::collections::BTreeSet;

    fn beyond(sentence: &str) -> Beyond {
        qualifiers::beyond(sentence, &BTreeSet::new())
    }

    #[test]
    fn a_word_that_is_written_as_code_is_a_name() {
        let sentence = "We run ggshield on main to scan every commit for secrets.";
        assert_eq!(beyond(sentence).tools, [""; 0]);
        let code = BTreeSet::from(["ggshield", "main"]);
        assert_eq!(qualifiers::beyond(sentence, &code).tools, ["ggshield"]);
    }

    #[test]
    fn who_does_it_is_known_or_named() {
        for (sentence, name) in [
            ("Black Duck scans our dependencies on every pull request.", "black duck"),
            ("Dependency scanning: Mend on every commit", "mend"),
            ("Mend: dependency scanning on every commit", "mend"),
            ("Dependency scanning - Mend on every commit", "mend"),
            ("Socket.dev scans our dependencies for vulnerabilities.", "socket.dev"),
            ("JFrog Xray scans our dependencies.", "jfrog xray"),
            ("Aikido Security continuously scans our dependencies.", "aikido"),
            ("Dependencies are scanned for vulnerabilities on every push (Black Duck).", "black duck"),
            ("Dependency scanning: Veracode SCA.", "veracode"),
            ("GitGuardian scans every commit for secrets.", "gitguardian"),
            ("ggshield scans every commit for secrets.", "ggshield"),
            ("In CI, ggshield scans every commit for secrets.", "ggshield"),
            ("SAST (Checkmarx) runs on every pull request.", "checkmarx"),
            ("SAST (CodeQL, checkmarx) runs on every pull request.", "checkmarx"),
            ("CodeQL and Checkmarx run on every pull request.", "checkmarx"),
            ("Container scanning: Aqua on every build.", "aqua"),
            ("Wiz scans our container images.", "wiz"),
            ("REUSE checks licences on every pull request.", "reuse"),
            ("SAST and DAST run on every pull request.", "dast"),
            ("Mend is used to scan our dependencies.", "mend"),
        ] {
            assert_eq!(beyond(sentence).tools, [name], "{sentence}");
        }
    }

    #[test]
    fn a_name_that_does_nothing_is_a_thing() {
        for (sentence, thing) in [
            ("The full git history is scanned for secrets.", "history"),
            ("Licence headers are checked in CI.", "headers"),
            ("Static analysis of our Terraform code runs in CI.", "terraform"),
            ("Static analysis runs on our Terraform code.", "terraform"),
            ("Dependencies are scanned for vulnerabilities, with reports to Acme Security.", "acme"),
        ] {
            let found = beyond(sentence);
            assert_eq!((found.tools.as_slice(), found.things[0].as_str()), (&[][..], thing), "{sentence}");
        }
    }

    #[test]
    fn words_that_are_known_name_nobody() {
        for sentence in [
            "We scan all dependencies for known vulnerabilities on every pull request.",
            "Our CI scans dependencies for vulnerabilities.",
            "A scanner checks our dependencies for known vulnerabilities.",
            "GitHub Actions scans dependencies for known vulnerabilities.",
            "Dependency Scanning: Regular checks for known vulnerabilities in dependencies",
            "Container Security: Docker image vulnerability scanning",
            "Static Application Security Testing (SAST): CodeQL on every pull request",
            "Software composition analysis (SCA) runs weekly.",
            "CodeQL — static analysis of our Python and TypeScript code",
            "Dependencies (including transitive ones, e.g. of package-lock.json) are scanned with npm audit.",
            "To keep users safe, dependencies are scanned for vulnerabilities every Monday.",
            "Vulnerability Management: `npm audit` runs in GitHub Actions",
            "Every commit is scanned for secrets, tokens and passwords by gitleaks.",
            "As part of every build, our pipeline runs Trivy.",
            "Dependabot opens pull requests for outdated dependencies every week.",
            "Secret scanning with gitleaks runs in CI; CodeQL runs on every push.",
            "Our workflow (ci.yml) runs cargo audit and cargo deny.",
        ] {
            let found = beyond(sentence);
            assert_eq!((found.tools, found.things), (Vec::new(), Vec::new()), "{sentence}");
        }
    }

    #[test]
    fn what_is_held_back_and_what_runs_are_not_known() {
        for (sentence, why) in [
            (
                "Releases are blocked when a dependency has a known vulnerability.",
                "what is held back by it was not looked at",
            ),
            (
                "Static and dynamic analysis run in CI.",
                "whether the program is looked at while it runs is not known",
            ),
        ] {
            assert_eq!(beyond(sentence).why.as_deref(), Some(why), "{sentence}");
        }
        assert_eq!(beyond("Commits with secrets are blocked by gitleaks.").why, None);
    }
}
