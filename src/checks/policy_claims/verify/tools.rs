//! What each tool would find, of those whose equal is known here.

use super::{Effect, Release, arguments::Arguments, regexp};
use crate::{
    checks::identity::GITHUB_ISSUER,
    facts::{Cover, SignatureFact, published_key::fingerprint},
    proof::{Certificate, Proof, Reason, Signed, Signer},
    release::{ArtifactName, Sha256},
    text::clean,
};

/// The workflows whose provenance `slsa-verifier verify-artifact` knows.
const SLSA_GENERATOR: &str = "https://github.com/slsa-framework/slsa-github-generator/";

/// What is found out on the way: a command that fails, or of which nobody can say.
pub(super) type Found<T> = Result<T, Effect>;

/// Runs a command in effect.
pub(super) fn run(release: &Release<'_>, words: &[String]) -> Effect {
    let plain: Vec<&str> = words.iter().map(String::as_str).collect();
    let effect = match plain.as_slice() {
        ["cosign", "verify-blob", ..] => release.cosign(&words[2..]),
        ["gh", "attestation", "verify", ..] => release.gh(&words[3..]),
        ["slsa-verifier", "verify-artifact", ..] => release.slsa(&words[2..]),
        ["sha256sum", ..] => release.sums(&words[1..]),
        ["shasum", "-a", "256", ..] => release.sums(&words[3..]),
        ["minisign", ..] => release.minisign(&words[1..]),
        ["gpg" | "gpg2", ..] => release.gpg(&words[1..]),
        [tool, ..] => unknown(format!("{} is no tool whose equal is known here", clean(tool))),
        [] => unknown("it is empty"),
    };
    match effect {
        Ok(why) => Effect::Holds(why),
        Err(effect) => effect,
    }
}

pub(super) fn unknown<T>(why: impl Into<String>) -> Found<T> {
    Err(Effect::Unknown(why.into()))
}

pub(super) fn fails<T>(why: impl Into<String>) -> Found<T> {
    Err(Effect::Fails(why.into()))
}

pub(super) fn read(
    words: &[String],
    valued: &[&[&'static str]],
    flags: &[&[&'static str]],
) -> Found<Arguments> {
    Arguments::read(words, valued, flags).map_err(Effect::Unknown)
}

/// A file by the name that it has where it was downloaded.
fn name(word: &str) -> Found<ArtifactName> {
    let bare = word.strip_prefix("./").unwrap_or(word);
    match ArtifactName::parse(bare).filter(|_| !bare.contains(['/', '*', '?'])) {
        Some(name) => Ok(name),
        None => unknown(format!("{} is no name of a published file", clean(word))),
    }
}

impl Release<'_> {
    /// A file of the release.
    pub(super) fn published(&self, word: &str) -> Found<ArtifactName> {
        let name = name(word)?;
        if self.files.all.contains_key(&name) {
            return Ok(name);
        }
        if !self.files.unread.is_empty() {
            return unknown(format!("{name} could not be read, or is not there"));
        }
        fails(format!("the release has no {name}"))
    }

    /// The proofs in one of `holders` that cover `file`; why there is none.
    pub(super) fn proofs(
        &self,
        file: &ArtifactName,
        holders: &[&ArtifactName],
    ) -> Found<Vec<(&SignatureFact, &Proof)>> {
        let held: Vec<&SignatureFact> =
            self.files.signatures.iter().filter(|fact| holders.contains(&&fact.file)).collect();
        let is_bound = |fact: &&SignatureFact| fact.covers.get(file) == Some(&Cover::Bound);
        let bound: Vec<_> = (held.iter().copied().filter(is_bound))
            .filter_map(|fact| Some((fact, fact.proof.as_ref().ok()?)))
            .collect();
        if !bound.is_empty() {
            return Ok(bound);
        }
        let holder = holders.first().map_or_else(String::new, |name| name.to_string());
        for fact in &held {
            match &fact.proof {
                Err(refusal)
                    if matches!(refusal.reason, Reason::Invalid | Reason::Unbound | Reason::Revoked) =>
                {
                    return fails(format!("{holder}: {refusal}"));
                }
                Err(refusal) => return unknown(format!("{holder}: {refusal}")),
                Ok(_) => {}
            }
        }
        match held.is_empty() {
            true => unknown(format!("{holder} was not read as a signature")),
            false => fails(format!("{holder} is of something else than {file}")),
        }
    }

    fn cosign(&self, words: &[String]) -> Found<String> {
        let valued: [&[&str]; 8] = [
            &["--bundle"],
            &["--signature"],
            &["--certificate", "--cert"],
            &["--certificate-identity"],
            &["--certificate-identity-regexp"],
            &["--certificate-oidc-issuer"],
            &["--certificate-oidc-issuer-regexp"],
            &["--key"],
        ];
        let given = read(words, &valued, &[&["--new-bundle-format"], &["--offline"]])?;
        let file = self.published(given.one().map_err(Effect::Unknown)?)?;
        let holder = |option: &str| given.get(option).map(|word| self.published(word)).transpose();
        let (bundle, signature, certificate) =
            (holder("--bundle")?, holder("--signature")?, holder("--certificate")?);
        let holders: Vec<&ArtifactName> = match (&bundle, &signature, &certificate) {
            (Some(bundle), None, None) => vec![bundle],
            (None, Some(signature), Some(certificate)) => {
                // The certificate that was found beside a signature is the one of its name.
                let stem =
                    |name: &ArtifactName| name.as_str().rsplit_once('.').map(|(stem, _)| stem.to_owned());
                if stem(signature) != stem(certificate) {
                    return unknown(format!("whether {certificate} belongs to {signature} is not known"));
                }
                vec![signature, certificate]
            }
            (None, Some(signature), None) if given.get("--key").is_some() => vec![signature],
            _ => return unknown("it does not say where signature and certificate are"),
        };
        let mut proofs = self.proofs(&file, &holders)?;
        // It reads signatures over the file, and no statements about it.
        proofs.retain(|(_, proof)| matches!(proof.signed(), Signed::File(_)));
        if proofs.is_empty() {
            return unknown(format!("{} holds statements, and no signature over {file}", holders[0]));
        }
        if let Some(key) = given.get("--key") {
            return self.with_key(key, &file, &proofs);
        }
        let identity = wanted(&given, "--certificate-identity", "--certificate-identity-regexp")?;
        let issuer = wanted(&given, "--certificate-oidc-issuer", "--certificate-oidc-issuer-regexp")?;
        let certificates = certificates(&proofs);
        let mut differs = None;
        for certificate in certificates {
            match (issuer.is(certificate.issuer.raw())?, identity.is(certificate.identity.raw())?) {
                (true, true) => {
                    return Ok(format!("{file} is signed by {}", clean(certificate.identity.raw())));
                }
                (false, _) => differs = Some(("issuer", certificate.issuer.raw(), issuer.text())),
                (true, false) => differs = Some(("identity", certificate.identity.raw(), identity.text())),
            }
        }
        match differs {
            Some((what, found, expected)) => fails(format!(
                "{file} is signed with the {what} {}, and the command asks for {}",
                clean(found),
                clean(expected)
            )),
            None => unknown(format!("{file} is signed with no certificate")),
        }
    }

    /// A key of the release itself that is the one which signed.
    fn with_key(&self, key: &str, file: &ArtifactName, proofs: &[(&SignatureFact, &Proof)]) -> Found<String> {
        let name = name(key)?;
        let content = self.files.all.get(&name).and_then(|file| file.content.as_ref());
        let Some(item) = content else {
            return unknown(format!("the key {name} is not among the published files"));
        };
        match fingerprint(&item.bytes) {
            Some(key) => of_key(&[key], file, proofs),
            None => unknown(format!("{name} could not be read as a key")),
        }
    }

    fn gh(&self, words: &[String]) -> Found<String> {
        let valued: [&[&str]; 3] = [&["--repo", "-R"], &["--owner", "-o"], &["--bundle", "-b"]];
        let given = read(words, &valued, &[])?;
        let file = self.published(given.one().map_err(Effect::Unknown)?)?;
        let whose = match (given.get("--repo"), given.get("--owner")) {
            (Some(repository), None) if repository.matches('/').count() == 1 => format!("{repository}/"),
            (None, Some(owner)) if !owner.contains('/') => format!("{owner}/"),
            _ => return unknown("it does not name one repository or owner"),
        };
        let bundle = given.get("--bundle").map(|word| self.published(word)).transpose()?;
        let beside = ArtifactName::parse(&format!("{file}.attestations.json"));
        let attested: Vec<(&SignatureFact, &Proof)> = match &bundle {
            Some(bundle) => self.proofs(&file, &[bundle])?,
            None => {
                let all = self.files.speaking_of(&file).filter(|(_, cover)| **cover == Cover::Bound);
                all.filter_map(|(fact, _)| Some((fact, fact.proof.as_ref().ok()?))).collect()
            }
        };
        let is_provenance = |proof: &Proof| match proof.signed() {
            Signed::Statement(statement) => {
                statement.predicate_type().as_str() == "https://slsa.dev/provenance/v1"
            }
            _ => false,
        };
        let own = format!("https://github.com/{whose}").to_lowercase();
        let mut other = None;
        let mut elsewhere = None;
        for (fact, proof) in attested.into_iter().filter(|(_, proof)| is_provenance(proof)) {
            let Signer::Certificate(certificate) = proof.signer() else { continue };
            let source = certificate.claims.source_repository_uri.as_ref().map_or("", |uri| uri.raw());
            let is_own = |uri: &str| format!("{}/", uri.to_lowercase()).starts_with(&own);
            if certificate.issuer.raw() != GITHUB_ISSUER
                || !is_own(source)
                || !is_own(certificate.identity.raw())
            {
                other = Some(certificate.identity.raw());
            } else if bundle.is_none() && Some(&fact.file) != beside.as_ref() {
                elsewhere = Some(&fact.file);
            } else {
                return Ok(format!("{file} is attested by {}", clean(certificate.identity.raw())));
            }
        }
        match (elsewhere, other) {
            (Some(at), _) => unknown(format!(
                "{at} attests {file}, and whether the forge keeps that as well was not asked"
            )),
            (None, Some(other)) if bundle.is_some() => {
                fails(format!("{file} is attested by {}, which is not of {}", clean(other), clean(&own)))
            }
            (None, _) => unknown(format!("no attestation of {file} by {} was looked at", clean(&own))),
        }
    }

    fn slsa(&self, words: &[String]) -> Found<String> {
        let valued: [&[&str]; 3] = [&["--provenance-path"], &["--source-uri"], &["--source-tag"]];
        let given = read(words, &valued, &[&["--print-provenance"]])?;
        let file = self.published(given.one().map_err(Effect::Unknown)?)?;
        let (Some(path), Some(uri)) = (given.get("--provenance-path"), given.get("--source-uri")) else {
            return unknown("it names no provenance, or no source");
        };
        let path = self.published(path)?;
        let mut proofs = self.proofs(&file, &[&path])?;
        proofs.retain(|(_, proof)| matches!(proof.signed(), Signed::Statement(_)));
        let source = format!("https://{}", uri.trim_start_matches("git+").trim_start_matches("https://"));
        let reference = given.get("--source-tag").map(|tag| format!("refs/tags/{tag}"));
        let mut differs = None;
        for certificate in certificates(&proofs) {
            let claims = &certificate.claims;
            let raw = |claim: &Option<crate::text::Untrusted>| claim.as_ref().map(|it| it.raw().to_owned());
            let (Some(from), at) = (raw(&claims.source_repository_uri), raw(&claims.source_repository_ref))
            else {
                return unknown("the certificate does not say what was built");
            };
            if !from.eq_ignore_ascii_case(&source) {
                differs = Some((from, source.clone()));
            } else if reference.is_some() && at != reference {
                let Some(at) = at else { return unknown("the certificate does not say which tag was built") };
                differs = Some((at, reference.clone().unwrap_or_default()));
            } else if !certificate.identity.raw().starts_with(SLSA_GENERATOR) {
                let by = clean(certificate.identity.raw()).into_owned();
                return unknown(format!(
                    "{file} was built by {by}, and whether slsa-verifier takes that is not known"
                ));
            } else {
                return Ok(format!("{file} was built from {}", clean(&from)));
            }
        }
        match differs {
            Some((found, expected)) => fails(format!(
                "{file} was built from {}, and the command asks for {}",
                clean(&found),
                clean(&expected)
            )),
            None => unknown(format!("{path} is signed with no certificate")),
        }
    }
}

/// Whether one of the signatures was made with this very key, by the fingerprints of the ways to write it.
pub(super) fn of_key(
    keys: &[Sha256],
    file: &ArtifactName,
    proofs: &[(&SignatureFact, &Proof)],
) -> Found<String> {
    let is_its = |(_, proof): &(&SignatureFact, &Proof)| matches!(proof.signer(), Signer::Key { fingerprint, .. } if keys.contains(fingerprint));
    match proofs.iter().any(is_its) {
        true => Ok(format!("{file} is signed with that key")),
        // The same key may be written in another way.
        false => unknown(format!("whether {file} is signed with that very key is not known")),
    }
}

fn certificates<'a>(proofs: &[(&'a SignatureFact, &'a Proof)]) -> Vec<&'a Certificate> {
    let of = |proof: &'a Proof| match proof.signer() {
        Signer::Certificate(certificate) => Some(&**certificate),
        _ => None,
    };
    proofs.iter().filter_map(|(_, proof)| of(proof)).collect()
}

/// What a certificate must say.
enum Wanted<'a> {
    Exactly(&'a str),
    Matching(&'a str),
}

fn wanted<'a>(given: &'a Arguments, exact: &str, regexp: &str) -> Found<Wanted<'a>> {
    match (given.get(exact), given.get(regexp)) {
        (Some(text), None) => Ok(Wanted::Exactly(text)),
        (None, Some(text)) => Ok(Wanted::Matching(text)),
        _ => unknown(format!("it does not give {exact} once")),
    }
}

impl Wanted<'_> {
    fn is(&self, text: &str) -> Found<bool> {
        match self {
            Self::Exactly(wanted) => Ok(*wanted == text),
            Self::Matching(pattern) => match regexp::matches(pattern, text) {
                Some(is_it) => Ok(is_it),
                None => unknown(format!("the expression {} is not understood here", clean(pattern))),
            },
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Exactly(text) | Self::Matching(text) => text,
        }
    }
}
