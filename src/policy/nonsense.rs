//! What no policy can mean: it is refused where it is read, with its line, so that nothing is ever judged by it.

use crate::{
    checks::{Rules, signatures::NamedKey},
    release::{Forge, RepositoryName},
    text,
};
use std::collections::BTreeSet;

/// What no policy can mean, with a word by which its line is found.
pub(super) fn nonsense(rules: &Rules) -> Option<(&'static str, String)> {
    let (signatures, provenance) = (&rules.signatures, &rules.provenance);
    let says = |key: &'static str, problem: &str| Some((key, problem.to_owned()));
    if rules.advisories.max_age_days < 1 {
        return says("max-age-days", "max-age-days is at least 1; an older database decides nothing");
    }
    let keys: Vec<&str> =
        signatures.keys.iter().chain(&provenance.keys).map(|key| key.name.as_str()).collect();
    if let Some(problem) = provenance.nonsense(&keys) {
        return Some(problem);
    }
    let identities = signatures.identities.iter().chain(&rules.tag.identities);
    let issuers = identities.map(|identity| &identity.issuer);
    if issuers.chain(provenance.issuers()).any(|issuer| !is_issuer(issuer)) {
        return says(
            "issuer",
            "an issuer is an https URL in ASCII, compared exactly: no \"*\" and no placeholder",
        );
    }
    // What a proof says of its key is the name: one in both sections could sign what only the other may.
    let is_twice = |key: &&NamedKey| signatures.keys.iter().any(|own| own.name == key.name);
    if let Some(twice) = provenance.keys.iter().find(is_twice) {
        return Some((
            "rules.provenance.key",
            format!("two keys are called \"{}\"", text::clean(&twice.name)),
        ));
    }
    unfit_keys("rules.signatures.key", &signatures.keys)
        .or_else(|| unfit_keys("rules.provenance.key", &provenance.keys))
        .or_else(|| unfit_keys("rules.tag.key", &rules.tag.keys))
        .or_else(|| bad_threshold(rules))
}

/// Keys of one name, and keys that are nowhere or in two places.
fn unfit_keys(section: &'static str, keys: &[NamedKey]) -> Option<(&'static str, String)> {
    let mut names = BTreeSet::new();
    for key in keys {
        let name = text::clean(&key.name);
        if !names.insert(&key.name) {
            return Some((section, format!("two keys are called \"{name}\"")));
        }
        if key.file.is_some() == key.text.is_some() {
            return Some((section, format!("key \"{name}\" needs either file or text, and not both")));
        }
    }
    None
}

/// A threshold of nothing turns every signature off; one above those named can never be met.
fn bad_threshold(rules: &Rules) -> Option<(&'static str, String)> {
    let signatures = &rules.signatures;
    let named = signatures.principals();
    match signatures.threshold {
        0 => Some((
            "threshold",
            "threshold is at least 1; to require no signature, say signatures = \"skip\"".to_owned(),
        )),
        // One signer is what is asked for anyway; where nobody is named, the report says so.
        1 => None,
        asked if asked > named => Some((
            "threshold",
            format!(
                "threshold = {asked}, and the policy names {named} (each identity, each key, and with derive = true the \
                 repository's own workflows together)"
            ),
        )),
        _ => None,
    }
}

fn is_issuer(issuer: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"*{}\\\"'`<>|^".contains(c);
    issuer.strip_prefix("https://").is_some_and(|rest| !rest.is_empty()) && issuer.chars().all(plain)
}

/// Why the policy cannot say this kind of forge.
pub(super) fn bad_forge(forge: Forge, repository: Option<&RepositoryName>) -> Option<String> {
    let Some(repository) = repository else {
        let example = "repository = \"HOST/OWNER/NAME\"";
        return Some(format!("forge says what the host of the repository is: name that too ({example})"));
    };
    let known = Forge::of_host(repository.host())?;
    let is_other = known != forge;
    is_other.then(|| format!("{} is a {} forge, not {}", repository.host(), known.word(), forge.word()))
}

/// Why no host of such a repository can be inside the verifier's own network.
pub(super) fn bad_internal_host(repository: Option<&RepositoryName>) -> Option<String> {
    let Some(repository) = repository else {
        let example = "repository = \"git.corp.example/OWNER/NAME\"";
        return Some(format!(
            "internal-host says where the host of the repository is: name that too ({example})"
        ));
    };
    let is_public = Forge::of_host(repository.host()).is_some();
    is_public.then(|| format!("internal-host: {} is on the public internet", repository.host()))
}
