//! Whether a bill of materials is the one that a sentence speaks of: of its format, of the release, signed.

use super::super::Context;
use crate::{
    facts::{Files, bills::Described},
    security_policy::claims::Claim,
    text::clean,
};

/// Why the bills that are published are not known to be what the sentence says, where that is so.
pub(super) fn unlike(context: &Context<'_>, claim: &Claim, files: &Files) -> Option<String> {
    let sentence = claim.sentence.to_lowercase();
    let mut words = sentence.split(|c: char| !c.is_alphanumeric());
    if words.any(|word| matches!(word, "vex" | "openvex")) {
        return Some("whether a VEX document is published was not looked at".to_owned());
    }
    let signed = ["signed sbom", "signed spdx", "signed cyclonedx", "signed software bill", "signed bill"];
    if signed.iter().any(|it| sentence.contains(it)) {
        return Some("whether the bill of materials is signed was not looked at".to_owned());
    }
    let first = files.sboms.first()?;
    let all: Vec<_> =
        files.sboms.iter().filter_map(|name| Some((name, Described::of(files.all.get(name)?)))).collect();
    let lacks = |format: &&str| {
        sentence.contains(&format.to_lowercase()) && !all.iter().any(|(_, it)| it.format == Some(*format))
    };
    if let Some(format) = ["CycloneDX", "SPDX"].into_iter().find(lacks) {
        return Some(format!("{first} is published, and none of that kind is known to be {format}"));
    }
    all.iter().find_map(|(name, it)| Some(format!("{name} is of {}", of_another(context, it)?)))
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
