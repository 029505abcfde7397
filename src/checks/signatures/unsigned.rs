//! Why an artifact counts as unsigned, and what to do.

use super::{Judge, Said, UNSIGNED, identity, is_file};
use crate::{
    checks::reproduce::quoted_file,
    facts::checksum_file::ChecksumFileError,
    outcome::{Finding, Status, Subject},
    release::ArtifactName,
};

/// What to do about a signed checksum file that could not be read.
const UNREAD_LIST_FIX: &str = "write the checksum file in the folder of the files, after the old one and its signatures are \
                               gone (rm -f SHA256SUMS*; sha256sum * > SHA256SUMS), so that it lists names and no paths, \
                               and sign it again";

/// What to do with a file that is not the one that was signed.
const EXCHANGED_FIX: &str = "do not use it: it is not the file that the signed list is about; find out what was changed after signing";

/// What to do about a list that proves nothing about what it lists.
const WEAK_LIST_FIX: &str = "list it with a SHA-256 digest or better (sha256sum), and sign that list";

impl Judge<'_> {
    /// An artifact for which no accepted signature speaks.
    pub(super) fn unsigned(&self, name: &ArtifactName, subject: Subject, said: &Said<'_>) -> Finding {
        if let Some((listed, fix)) = self.listed_otherwise(name) {
            return Finding::fail(&UNSIGNED, subject, listed).fix(fix);
        }
        if let Some(unread) = &self.unread_list {
            let message = format!("{name} has no signature of its own, and {unread}");
            return Finding::undetermined(&UNSIGNED, subject, message).fix(UNREAD_LIST_FIX);
        }
        let status = self.absent(said);
        let message = match (status, self.list_without_signer(name)) {
            (Status::Undetermined, _) => format!("{name} has no signature that could be verified"),
            (_, Some(list)) => {
                format!(
                    "{name} has no signature of its own, and {list}, which lists it, has none by a named signer"
                )
            }
            (_, None) => format!("{name} has no signature, and no signed checksum file lists it"),
        };
        let fix = format!("{}; if it does not belong to the release, do not use it", self.how_to_sign(name));
        Finding::new(&UNSIGNED, status, subject, message).fix(fix)
    }

    fn how_to_sign(&self, name: &ArtifactName) -> String {
        match self.signers.has_only_keys() {
            true => format!("sign it with {}, and publish the signature beside it", self.signers.describe()),
            false => format!(
                "sign it in the release workflow (cosign sign-blob --bundle {} {})",
                quoted_file(&format!("{name}.sigstore.json")),
                quoted_file(name.as_str())
            ),
        }
    }

    /// A signed checksum file that lists the artifact, and not as the file that is there.
    fn listed_otherwise(&self, name: &ArtifactName) -> Option<(String, &'static str)> {
        self.files.naming(name).find_map(|list| {
            let listed = list.listed.as_ref().ok()?;
            let is_strong = listed.digests_of(name.as_str()).any(|digest| digest.algorithm().is_strong());
            let (_, proof) = self.accepted(&list.file).find(|(_, proof)| is_file(proof))?;
            let (file, by) = (&list.file, identity::name(proof.signer()));
            let (how, fix) = match is_strong {
                true => ("with another digest", EXCHANGED_FIX),
                false => ("with a digest of a broken hash function alone", WEAK_LIST_FIX),
            };
            let message = format!(
                "{name} has no signature of its own, and {file}, which is signed by {by}, lists it {how}"
            );
            Some((message, fix))
        })
    }

    /// A checksum file that lists the artifact, and that nobody whom the policy names signed.
    fn list_without_signer<'n>(&'n self, name: &'n ArtifactName) -> Option<&'n ArtifactName> {
        self.files.listing(name).map(|list| &list.file).next()
    }

    /// A checksum file that an accepted signer signed and that could not be read, with the reason: nobody knows what it
    /// lists, which is less than a list and more than no signature. One that contradicts itself was read.
    pub(super) fn signed_and_unread(&self) -> Option<String> {
        self.files.checksums.iter().find_map(|list| {
            let error = list.listed.as_ref().err()?;
            if matches!(error, ChecksumFileError::Conflict { .. }) {
                return None;
            }
            let (_, proof) = self.accepted(&list.file).find(|(_, proof)| is_file(proof))?;
            let why = match error {
                // The path itself is in what the check of checksums says.
                ChecksumFileError::Path { line, .. } => {
                    format!("line {line} names a path, and not a file of the release")
                }
                error => error.to_string(),
            };
            let (file, by) = (&list.file, identity::name(proof.signer()));
            Some(format!("what {file}, which is signed by {by}, lists could not be read: {why}"))
        })
    }
}
