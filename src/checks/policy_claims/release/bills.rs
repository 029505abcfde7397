//! Whether a bill of materials is the one that a sentence speaks of: of its format, of the release, signed.

use super::super::Context;
use crate::{
    facts::{Files, bills::Described},
    security_policy::claims::Claim,
    text::{clean, count},
};

/// Why the bills that are published are not known to be what the sentence says, where that is so.
pub(super) fn unlike(context: &Context<'_>, claim: &Claim, files: &Files) -> Option<String> {
    let sentence = claim.sentence.to_lowercase();
    let words: Vec<&str> = sentence
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
        .collect();
    if words.iter().any(|word| matches!(*word, "vex" | "openvex")) {
        return Some("whether a VEX document is published was not looked at".to_owned());
    }
    let signed = ["signed sbom", "signed spdx", "signed cyclonedx", "signed software bill", "signed bill"];
    if signed.iter().any(|it| sentence.contains(it)) {
        return Some("whether the bill of materials is signed was not looked at".to_owned());
    }
    let first = files.sboms.first()?;
    let all: Vec<_> =
        files.sboms.iter().filter_map(|name| Some((name, Described::of(files.all.get(name)?)))).collect();
    for format in ["CycloneDX", "SPDX"].into_iter().filter(|it| sentence.contains(&it.to_lowercase())) {
        let version = format_version(&words, &format.to_lowercase());
        if !all.iter().any(|(_, it)| it.format == Some(format) && is_of_version(it, version)) {
            let version = version.map_or_else(String::new, |version| format!(" {}", clean(version)));
            return Some(format!(
                "{first} is published, and none of that kind is known to be {format}{version}"
            ));
        }
    }
    if let Some(why) = of_more(&words, files) {
        return Some(why);
    }
    all.iter().find_map(|(name, it)| Some(format!("{name} is of {}", of_another(context, it)?)))
}

/// The version of a format that a sentence names: `SPDX 3.0`, `CycloneDX (v1.6)`.
fn format_version<'a>(words: &[&'a str], format: &str) -> Option<&'a str> {
    const BETWEEN: [&str; 7] = ["v", "version", "spec", "specification", "json", "xml", "format"];
    let at = words.iter().position(|word| *word == format)?;
    let word = words[at + 1..].iter().find(|word| !BETWEEN.contains(word))?;
    let number = word.strip_prefix('v').unwrap_or(word);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_number.then_some(number)
}

/// Whether a bill is of that version of its format; `3.0.1` is one of 3.0.
fn is_of_version(it: &Described, wanted: Option<&str>) -> bool {
    let Some(wanted) = wanted else { return true };
    let rest = it.format_version.as_deref().and_then(|version| version.strip_prefix(wanted));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Why the bills are not known to be of all that is said to have one: images, or each artifact.
fn of_more(words: &[&str], files: &Files) -> Option<String> {
    const THINGS: [&str; 8] =
        ["artifact", "artifacts", "artefact", "artefacts", "binary", "binaries", "package", "packages"];
    if words.iter().any(|word| matches!(*word, "image" | "images" | "container" | "containers")) {
        return Some("registries, and so the images that it speaks of, were not looked at".to_owned());
    }
    let is_each = |at: usize| {
        matches!(words[at], "every" | "each" | "all" | "per")
            && words[at + 1..].iter().take(2).any(|word| THINGS.contains(word))
    };
    let (bills, artifacts) = (files.sboms.len(), files.artifacts.len());
    (bills < artifacts && (0..words.len()).any(is_each)).then(|| {
        let (bills, artifacts) = (
            count(bills, "bill of materials", "bills of materials"),
            count(artifacts, "artifact", "artifacts"),
        );
        format!("{bills} and {artifacts} are published; whether each has its own is not known")
    })
}

/// The product or version that a bill describes, where it is not that of the release.
fn of_another(context: &Context<'_>, it: &Described) -> Option<String> {
    let facts = context.facts;
    let number = facts.version.as_ref().map(|version| version.number());
    let version = it.version.as_deref().map(|version| version.trim_start_matches(['v', 'V']));
    let version = version.filter(|it| it.starts_with(|c: char| c.is_ascii_digit()) && it.contains('.'));
    if let (Some(version), Some(number)) = (version, number)
        && version != number
    {
        return Some(format!("version {}, and the release is {}", clean(version), facts.tag));
    }
    let plain = |name: &str| name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "");
    let own = facts.repository.as_ref().map(ToString::to_string);
    let own = plain(own.as_deref()?.rsplit('/').next()?);
    let name = it.name.as_deref()?;
    let mut named = facts.asked.iter().filter_map(|manifest| manifest.name.as_deref());
    let is_own = plain(name).contains(&own) || own.contains(&plain(name)) || named.any(|it| it == name);
    (!is_own).then(|| format!("{}, and the repository is called {own}", clean(name)))
}
