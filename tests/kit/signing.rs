//! Who signs which file of a release, and how.

use std::path::Path;

use super::bundle::{BundleOptions, Content, Fault, Signer};
use super::certificates::Identity;
use super::keys::Key;
use super::release::{Release, Written, write};
use super::spoil::{Spoil, Which};
use super::statement::{Build, Subject};
use super::trusted_root::Sigstore;

/// How the release is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// Bundles with the workflow's certificates.
    Keyless,
    /// Bundles by the maintainer's key.
    ManagedKey,
    /// `FILE.sig` by the maintainer's key; the provenance is keyless still.
    Detached,
}

/// The maintainer's key.
pub fn maintainer() -> Key {
    Key::named("maintainer")
}

/// Signs the files of one release.
pub struct ReleaseSigner<'a> {
    /// The release, with what is wrong with it.
    pub release: &'a Release,
    /// The instance that it is signed with.
    pub sigstore: &'a Sigstore,
    /// The run that signs.
    pub build: &'a Build,
}

impl ReleaseSigner<'_> {
    /// Publish the signature of the file `name` beside it.
    pub fn sign_file(&self, written: &Written, which: Which, name: &str, bytes: &[u8]) {
        if self.is_unsigned(which) {
            return;
        }
        let beside = |suffix: &str| written.published().join(format!("{name}{suffix}"));
        if self.release.signing == Signing::Detached {
            return write(&beside(".sig"), self.detached(which, bytes).as_bytes());
        }
        let signer = match self.release.signing {
            Signing::ManagedKey => Signer::Key(maintainer()),
            _ => Signer::Keyless(self.identity(which, self.build)),
        };
        self.write_bundle(&beside(".sigstore.json"), which, &Content::file(bytes), &signer);
    }

    /// Publish the provenance of `subjects`.
    pub fn write_provenance(&self, written: &Written, subjects: &[Subject]) {
        if self.is_unsigned(Which::Provenance) {
            return;
        }
        let build = self.build.clone();
        let build = if self.release.by_slsa_generator { build.by_slsa_generator() } else { build };
        let content = Content::provenance(&self.release.provenance(&build, subjects));
        let signer = Signer::Keyless(self.identity(Which::Provenance, &build));
        self.write_bundle(&written.provenance(), Which::Provenance, &content, &signer);
    }

    fn write_bundle(&self, path: &Path, which: Which, content: &Content, signer: &Signer) {
        let options = BundleOptions { key: format!("signing {which:?}"), ..self.options(which) };
        let bundle = self.sigstore.bundle(content, signer, &options);
        let unreadable = |spoil: &Spoil| matches!(spoil, Spoil::BundleUnreadable(it) if it.includes(which));
        let text =
            if self.release.has(unreadable) { "{ \"mediaType\": ".to_owned() } else { bundle.to_string() };
        write(path, format!("{text}\n").as_bytes());
    }

    fn is_unsigned(&self, which: Which) -> bool {
        self.release.has(|spoil| matches!(spoil, Spoil::Unsigned(it) if it.includes(which)))
    }

    /// The last fault named for that signature.
    fn fault(&self, which: Which) -> Option<Fault> {
        self.release.spoils.iter().rev().find_map(|spoil| match spoil {
            Spoil::Bundle(it, fault) if it.includes(which) => Some(*fault),
            _ => None,
        })
    }

    fn options(&self, which: Which) -> BundleOptions {
        BundleOptions {
            fault: self.fault(which).or(self.release.options.fault),
            ..self.release.options.clone()
        }
    }

    fn identity(&self, which: Which, build: &Build) -> Identity {
        let good = Identity::workflow(build);
        self.release.spoils.iter().fold(good, |identity, spoil| match *spoil {
            Spoil::San(it, san) if it.includes(which) => identity.named(san),
            Spoil::Issuer(it, issuer) if it.includes(which) => identity.issued_by(issuer),
            Spoil::Claim(it, claim, Some(value)) if it.includes(which) => identity.with(claim, value),
            Spoil::Claim(it, claim, None) if it.includes(which) => identity.without(claim),
            _ => identity,
        })
    }

    fn detached(&self, which: Which, bytes: &[u8]) -> String {
        match self.fault(which) {
            None => maintainer().detached_signature(bytes),
            Some(Fault::SigningKey) => Key::named("stranger").detached_signature(bytes),
            Some(Fault::SignatureBroken) => maintainer().detached_signature(b"another file"),
            Some(fault) => panic!("a detached signature cannot have {fault:?}"),
        }
    }
}
