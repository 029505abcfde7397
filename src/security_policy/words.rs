//! What single words and phrases of version cells mean: rest, comparison, noise, platform, development.
//!
//! The rule that must not be broken: a word that limits what a cell promises is never taken for noise.

use super::lex::Token;
use super::lexicon::cells::{
    BRANCHES, CODE, LATEST, LIMITS, NOISE, NOUNS, OLD, PRODUCTS, REST, REST_CELLS, REST_NOUNS,
};
use super::lexicon::comparisons::{ABOVE, BELOW, FROM, THROUGH, UP_TO};
use super::lexicon::platforms::PLATFORMS;
use super::range::Op;

/// Whether the word, in parentheses, would narrow what it follows.
pub(super) fn limits(word: &str) -> bool {
    LIMITS.contains(&word)
        || BRANCHES.contains(&word)
        || LATEST.contains(&word) && !matches!(word, "current" | "latest" | "最新")
}

/// Whether the word says that a line is not released yet.
pub(super) fn is_development(word: &str) -> bool {
    matches!(
        word,
        "alpha"
            | "beta"
            | "dev"
            | "development"
            | "unreleased"
            | "preview"
            | "pre-release"
            | "prerelease"
            | "rc"
            | "upcoming"
            | "experimental"
    )
}

/// Whether the word, in parentheses, says that what it follows is not supported.
pub(super) fn denies(word: &str) -> bool {
    matches!(
        word,
        "eol" | "unsupported" | "unmaintained" | "discontinued" | "end-of-life" | "retired" | "archived"
    )
}

/// Whether the words, in parentheses, say as a whole that what they follow is not supported.
pub(super) fn is_denial(words: &[&str]) -> bool {
    matches!(
        words,
        ["no", "longer", "supported" | "maintained"]
            | ["not", "supported" | "maintained"]
            | ["end", "of", "life" | "support"]
    )
}

/// Whether the words, in parentheses, say that what they follow is yet to come: `(planned)`, `(once it is released)`.
pub(super) fn is_yet_to_come(words: &[&str]) -> bool {
    match words {
        ["planned" | "upcoming" | "future" | "unreleased" | "unpublished" | "forthcoming"]
        | ["in" | "under", "development" | "preparation"]
        | ["coming", "soon"]
        | ["not", "yet", "released" | "published" | "available"]
        | ["not", "released" | "published"] => true,
        ["when" | "once", rest @ ..] => rest.len() <= 4 && rest.last().is_some_and(|word| is_out(word)),
        _ => false,
    }
}

/// Whether the word says that versions are there for everybody.
pub(super) fn is_out(word: &str) -> bool {
    matches!(
        word,
        "released" | "published" | "shipped" | "available" | "out" | "tagged" | "launched" | "stable"
    )
}

/// Whether a pre-release suffix stands for the whole unreleased line.
pub(super) fn is_development_suffix(pre: &str) -> bool {
    matches!(pre.to_ascii_lowercase().as_str(), "dev" | "snapshot" | "devel")
}

/// Whether the cell means everything that no other row names.
pub(super) fn is_rest(text: &str) -> bool {
    let lower = text.to_lowercase();
    if REST_CELLS.contains(&lower.as_str()) {
        return true;
    }
    if lower.strip_prefix("not ").is_some_and(|name| {
        let name = name.trim_matches('`');
        name == "listed" || name.strip_prefix(':').is_some_and(|n| n.bytes().all(|b| b.is_ascii_lowercase()))
    }) {
        return true;
    }
    lower.split(" / ").all(is_rest_part)
}

/// Whether the cell means old states of the code beside the releases: "older snapshots", "earlier alphas", "old feature
/// branches". Nobody promises anything of them.
pub(super) fn is_rest_of_code(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split([' ', '/', ',']).filter(|word| !word.is_empty()).collect();
    let known = |word: &&str| {
        OLD.contains(word) || CODE.contains(word) || REST_NOUNS.contains(word) || NOUNS.contains(word)
    };
    let unit = words.iter().any(|word| matches!(*word, "major" | "minor" | "patch"));
    let code = |word: &&str| CODE.contains(word) || *word == "tags";
    !unit && words.iter().all(known) && words.iter().any(|word| OLD.contains(word)) && words.iter().any(code)
}

/// "legacy versions", "older": what is not named, in lower case.
fn is_rest_part(lower: &str) -> bool {
    let words: Vec<&str> = lower.split(' ').collect();
    let known = |word: &&str| REST.contains(word) || REST_NOUNS.contains(word) || NOUNS.contains(word);
    if words.is_empty() || !words.iter().all(known) {
        return false;
    }
    // A fork is another project.
    let of_forks = words.iter().any(|word| matches!(*word, "forks" | "forked"))
        && !words
            .iter()
            .any(|word| NOUNS.contains(word) || matches!(*word, "commits" | "builds" | "branches"));
    let plural =
        words.iter().any(|word| matches!(*word, "all" | "any" | "versions" | "releases" | "every" | "ones"));
    let unit = words.iter().any(|word| matches!(*word, "major" | "minor" | "patch"));
    let named =
        words.iter().any(|word| REST.contains(word) && !matches!(*word, "previous" | "prior" | "all"));
    let previous = words.iter().any(|word| matches!(*word, "previous" | "prior"));
    !unit && !of_forks && (named || previous && plural)
}

/// What a phrase with numbers compares.
pub(super) enum Comparison {
    /// One version.
    One(Op),
    /// From one through another.
    Through,
}

/// The comparison that a phrase means, its versions written `#`.
pub(super) fn comparison(shape: &str) -> Option<Comparison> {
    if THROUGH.contains(&shape) {
        return Some(Comparison::Through);
    }
    let ops = [(BELOW, Op::Below), (UP_TO, Op::UpTo), (ABOVE, Op::Above), (FROM, Op::From)];
    ops.into_iter().find(|(phrases, _)| phrases.contains(&shape)).map(|(_, op)| Comparison::One(op))
}

/// The words around a number that change nothing, and the name of a product before it.
pub(super) fn strip_names(tokens: &[Token]) -> (Option<String>, &[Token]) {
    let tokens = strip_noise(tokens);
    match tokens {
        [Token::Word(name), rest @ ..] if !rest.is_empty() && is_platform(name) => {
            (Some(name.clone()), strip_noise(rest))
        }
        _ => (None, tokens),
    }
}

fn strip_noise(mut tokens: &[Token]) -> &[Token] {
    let noise = |token: &Token| matches!(token, Token::Word(word) if NOISE.contains(&word.as_str()));
    while let [first, rest @ ..] = tokens
        && noise(first)
        && !rest.is_empty()
    {
        tokens = rest;
    }
    while let [rest @ .., last] = tokens
        && noise(last)
        && !rest.is_empty()
    {
        tokens = rest;
    }
    tokens
}

/// Whether a name means every product, and is none: "All 12 products", "any".
pub(super) fn is_everything(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(' ').collect();
    let [first, things @ ..] = words.as_slice() else { return false };
    let known = |word: &&str| PRODUCTS.contains(word) || word.bytes().all(|b| b.is_ascii_digit());
    matches!(*first, "all" | "any" | "every") && things.iter().all(known)
}

/// Whether the word names a host platform or another project whose versions policies speak of.
pub(super) fn is_platform(word: &str) -> bool {
    PLATFORMS.contains(&word)
}
