//! What no policy can mean: it is refused where it is read, with its line, so that nothing is ever judged by it.

use crate::{
    checks::{Rules, identity::Identity, signatures::NamedKey},
    release::{Forge, RepositoryName},
    text,
};
use std::collections::BTreeSet;

/// What no policy can mean, with its place.
pub(super) fn nonsense(rules: &Rules) -> Option<(String, String)> {
    let (signatures, provenance) = (&rules.signatures, &rules.provenance);
    if rules.advisories.max_age_days < 1 {
        let problem = "max-age-days is at least 1; an older database decides nothing";
        return Some(("rules.advisories.max-age-days".to_owned(), problem.to_owned()));
    }
    let keys: Vec<&str> =
        signatures.keys.iter().chain(&provenance.keys).map(|key| key.name.as_str()).collect();
    if let Some((place, problem)) = provenance.nonsense(&keys) {
        return Some((format!("rules.provenance.{place}"), problem));
    }
    if let Some(place) = bad_issuer(rules) {
        let problem = "an issuer is an https URL in ASCII, compared exactly: no \"*\" and no placeholder";
        return Some((place, problem.to_owned()));
    }
    // What a proof says of its key is the name: one in both sections could sign what only the other may.
    let is_twice = |key: &NamedKey| signatures.keys.iter().any(|own| own.name == key.name);
    if let Some(at) = provenance.keys.iter().position(is_twice) {
        return Some(twice("provenance", at, &provenance.keys[at]));
    }
    unfit_keys("signatures", &signatures.keys)
        .or_else(|| unfit_keys("provenance", &provenance.keys))
        .or_else(|| unfit_keys("tag", &rules.tag.keys))
        .or_else(|| Some(("rules.signatures.threshold".to_owned(), bad_threshold(rules)?)))
}

/// Where an issuer is named that is none.
fn bad_issuer(rules: &Rules) -> Option<String> {
    let of_provenance =
        rules.provenance.issuers().map(|(place, issuer)| (format!("provenance.{place}"), issuer));
    issuers("signatures", &rules.signatures.identities)
        .chain(issuers("tag", &rules.tag.identities))
        .chain(of_provenance)
        .find(|(_, issuer)| !is_issuer(issuer))
        .map(|(place, _)| format!("rules.{place}"))
}

/// The issuers of a section's identities, each with its place.
fn issuers<'a>(section: &str, identities: &'a [Identity]) -> impl Iterator<Item = (String, &'a str)> {
    let place = move |at: usize| format!("{section}.identity.{at}.issuer");
    identities.iter().enumerate().map(move |(at, identity)| (place(at), identity.issuer.as_str()))
}

/// Keys of one name, and keys that are nowhere or in two places.
fn unfit_keys(section: &str, keys: &[NamedKey]) -> Option<(String, String)> {
    let mut names = BTreeSet::new();
    for (at, key) in keys.iter().enumerate() {
        if !names.insert(&key.name) {
            return Some(twice(section, at, key));
        }
        if key.file.is_some() == key.text.is_some() {
            let problem =
                format!("key \"{}\" needs either file or text, and not both", text::clean(&key.name));
            return Some((format!("rules.{section}.key.{at}"), problem));
        }
    }
    None
}

/// A key whose name another one has before it.
fn twice(section: &str, at: usize, key: &NamedKey) -> (String, String) {
    let problem = format!("two keys are called \"{}\"", text::clean(&key.name));
    (format!("rules.{section}.key.{at}.name"), problem)
}

/// A threshold of nothing turns every signature off; one above those named can never be met.
fn bad_threshold(rules: &Rules) -> Option<String> {
    let signatures = &rules.signatures;
    let named = signatures.principals();
    match signatures.threshold {
        0 => Some("threshold is at least 1; to require no signature, say signatures = \"skip\"".to_owned()),
        // One signer is what is asked for anyway; where nobody is named, the report says so.
        1 => None,
        asked if asked > named => Some(format!(
            "threshold = {asked}, and the policy names {named} (each identity, each key, and with derive = true the \
             repository's own workflows together)"
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
