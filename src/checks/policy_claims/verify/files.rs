//! Tools that look at files alone: `sha256sum -c`, `minisign`, `gpg --verify`.

use super::{
    Release,
    tools::{Found, fails, of_key, read, unknown},
};
use crate::{
    checks::identity,
    digest::Agreement,
    facts::{
        SignatureFact,
        checksum_file::{Note, NoteKind},
        published_key::{fingerprint, minisign_id},
    },
    proof::{DetachedKind, Proof, minisign},
    release::{ArtifactName, Sha256},
    text::clean,
};
use base64::{Engine, engine::general_purpose::STANDARD};

impl Release<'_> {
    /// `sha256sum -c`: coreutils, and `shasum` of Perl.
    pub(super) fn sums(&self, words: &[String]) -> Found<String> {
        let flags: [&[&str]; 6] = [
            &["--check", "-c"],
            &["--ignore-missing"],
            &["--strict"],
            &["--quiet"],
            &["--warn", "-w"],
            &["--status"],
        ];
        let given = read(words, &[], &flags)?;
        if given.get("--check").is_none() {
            return unknown("it checks nothing");
        }
        let file = self.published(given.one().map_err(super::Effect::Unknown)?)?;
        let Some(fact) = self.files.checksums.iter().find(|fact| fact.file == file) else {
            return unknown(format!("{file} was not read as a checksum file"));
        };
        let listed = match &fact.listed {
            Ok(listed) => listed,
            Err(error) => return unknown(format!("{file}: {error}")),
        };
        let is_usual = |note: &Note| {
            matches!(note.kind, NoteKind::UppercaseDigest | NoteKind::Comment | NoteKind::DotSlash)
        };
        if !listed.notes().iter().all(is_usual) {
            return unknown(format!("{file} is not written as the tool writes it"));
        }
        let mut checked = 0;
        for entry in listed.entries() {
            if entry.digest.algorithm().name() != "sha256" {
                return unknown(format!("{file} lists other digests than SHA-256"));
            }
            let shown = clean(&entry.name).into_owned();
            let own = ArtifactName::parse(&entry.name).and_then(|name| self.files.all.get(&name));
            match own.map(|own| own.digests.agrees(&entry.digest)) {
                Some(Agreement::Same) => checked += 1,
                Some(Agreement::Different) => {
                    return fails(format!("{shown} has another digest than {file} lists"));
                }
                Some(Agreement::NotComputed) => {
                    return unknown(format!("the digest of {shown} is not known"));
                }
                None if given.get("--ignore-missing").is_some() => {}
                None if !self.files.unread.is_empty() => {
                    return unknown(format!("{shown} could not be read, or is not there"));
                }
                None => return fails(format!("{file} lists {shown}, which the release does not have")),
            }
        }
        match checked {
            0 => fails(format!("{file} lists no file that the release has")),
            n => Ok(format!("{} of {file} match", crate::text::count(n, "line", "lines"))),
        }
    }

    pub(super) fn minisign(&self, words: &[String]) -> Found<String> {
        let valued: [&[&str]; 4] = [&["-Vm"], &["-m"], &["-P"], &["-x"]];
        let given = read(words, &valued, &[&["-V"]])?;
        let is_verify = given.get("-Vm").is_some() || given.get("-V").is_some();
        let (Some(file), true, []) =
            (given.get("-Vm").or_else(|| given.get("-m")), is_verify, given.rest.as_slice())
        else {
            return unknown("it does not name one file to verify");
        };
        let Some(key) = given.get("-P") else { return unknown("it gives no key") };
        let holder = given.get("-x").map_or_else(|| format!("{file}.minisig"), str::to_owned);
        let (file, holder) = (self.published(file)?, self.published(&holder)?);
        let keys: Vec<Sha256> =
            as_written(key).iter().filter_map(|text| fingerprint(text.as_bytes())).collect();
        if keys.is_empty() {
            return fails(format!("{} is no key of minisign", clean(key)));
        }
        let content = self.files.all.get(&holder).and_then(|file| file.content.as_ref());
        let signed = content.and_then(|item| minisign::said_key(&item.bytes));
        if let (Some(given), Some(signed)) = (minisign_id(key.as_bytes()), signed)
            && given != signed
        {
            return fails(format!(
                "{holder} was made with the key {signed}, and the command gives the key {given}"
            ));
        }
        let proofs = self.proofs(&file, &[&holder])?;
        of_key(&keys, &file, &of_kind(proofs, DetachedKind::Minisign))
    }

    pub(super) fn gpg(&self, words: &[String]) -> Found<String> {
        let given = read(words, &[], &[&["--verify"]])?;
        let (holder, file) = match given.rest.as_slice() {
            _ if given.get("--verify").is_none() => return unknown("it verifies nothing"),
            [holder, file] if file != "-" => (holder.as_str(), file.as_str()),
            // Without the file, it is the one that the signature is called after.
            [holder] => match [".asc", ".sig", ".sign"].iter().find_map(|end| holder.strip_suffix(end)) {
                Some(file) => (holder.as_str(), file),
                None => return unknown("it does not say what was signed"),
            },
            _ => return unknown("it does not name one file"),
        };
        let (file, holder) = (self.published(file)?, self.published(holder)?);
        let proofs = of_kind(self.proofs(&file, &[&holder])?, DetachedKind::OpenPgp);
        match proofs.first() {
            Some((_, proof)) => Ok(format!("{file} is signed by {}", identity::name(proof.signer()))),
            None => unknown(format!("{holder} holds no OpenPGP signature")),
        }
    }
}

fn of_kind<'a>(
    proofs: Vec<(&'a SignatureFact, &'a Proof)>,
    kind: DetachedKind,
) -> Vec<(&'a SignatureFact, &'a Proof)> {
    proofs.into_iter().filter(|(fact, _)| fact.kind == Some(kind)).collect()
}

/// A key of minisign in the ways in which its file may be written: a key that is no other is told by its whole file.
/// minisign writes the number of a key without the zeros that it begins with, others write them.
fn as_written(key: &str) -> Vec<String> {
    let raw = STANDARD.decode(key).unwrap_or_default();
    let id: String =
        raw.get(2..10).unwrap_or_default().iter().rev().map(|byte| format!("{byte:02X}")).collect();
    let file = |id: &str| format!("untrusted comment: minisign public key {id}\n{key}");
    let texts = [key.to_owned(), file(&id), file(id.trim_start_matches('0'))];
    texts.into_iter().flat_map(|text| [format!("{text}\n"), text]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_whose_number_begins_with_a_zero_is_told_in_both_ways() {
        let mut raw = b"Ed\x01\x02\x03\x04\x05\x06\x07\x05".to_vec();
        raw.extend([9; 32]);
        let key = STANDARD.encode(raw);
        let written = as_written(&key);
        for id in ["0507060504030201", "507060504030201"] {
            let file = format!("untrusted comment: minisign public key {id}\n{key}\n");
            assert!(written.contains(&file), "{file}: {written:?}");
        }
    }
}
