//! The kinds of evidence that a release can be signed with, each with a policy that it satisfies. A further format is
//! one more entry in [`kinds`].

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use blake2::{Blake2b512, Digest};

use crate::kit::bundle::{BundleOptions, Logged, Version};
use crate::kit::keys::{Key, base64, sha256};
use crate::kit::release::Release;
use crate::kit::signing::{Signing, maintainer};
use crate::kit::spoil::{Spoil, Which};
use crate::kit::ssh::SshKey;
use crate::kit::{ISSUER, SLSA_GENERATOR};
use crate::stage::{CRATE, LINUX, MACOS, Stage};

/// Who signs the files of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The workflow, with certificates.
    Certificate,
    /// The maintainer, with a key.
    Key,
}

/// A kind of evidence.
pub struct Kind {
    pub name: &'static str,
    pub by: By,
    /// Whether the workflow's own provenance is what signs.
    pub attested: bool,
    pub release: Release,
    /// What is published besides, or instead.
    pub prepare: fn(&Stage),
    /// The key that signs, and another one of its format.
    pub key: String,
    pub other_key: String,
}

/// The kind of signatures that OpenSSH makes.
pub const SSH: &str = "SSH signatures";
/// The kind of signatures that minisign makes.
pub const MINISIGN: &str = "minisign signatures";

/// Publishes `FILE.sig` as `sign` makes it, for everything that is signed.
fn sign_all(stage: &Stage, suffix: &str, sign: impl Fn(&[u8]) -> String) {
    for name in [LINUX, MACOS, CRATE, "SHA256SUMS"] {
        stage.publish(&format!("{name}{suffix}"), sign(&stage.read(name)).as_bytes());
    }
}

fn signed_by_ssh(stage: &Stage) {
    sign_all(stage, ".sig", |bytes| SshKey::named("maintainer").sign("file", bytes));
}

fn signed_by_minisign(stage: &Stage) {
    sign_all(stage, ".minisig", |bytes| MinisignKey::named("maintainer").sign(bytes, true));
}

/// Signs every file as minisign did before 0.6, over the file itself.
pub fn signed_by_old_minisign(stage: &Stage) {
    sign_all(stage, ".minisig", |bytes| MinisignKey::named("maintainer").sign(bytes, false));
}

/// A key of minisign.
struct MinisignKey(Ed25519KeyPair);

impl MinisignKey {
    fn named(name: &str) -> Self {
        let seed = sha256(format!("minisign/{name}").as_bytes());
        Self(Ed25519KeyPair::from_seed_unchecked(&seed).unwrap())
    }

    fn id(&self) -> Vec<u8> {
        sha256(self.0.public_key().as_ref())[..8].to_vec()
    }

    fn public(&self) -> String {
        let key = [b"Ed", self.id().as_slice(), self.0.public_key().as_ref()].concat();
        format!("untrusted comment: minisign public key\n{}\n", base64(key))
    }

    fn sign(&self, file: &[u8], prehashed: bool) -> String {
        let message = if prehashed { Blake2b512::digest(file).to_vec() } else { file.to_vec() };
        let signature = self.0.sign(&message);
        let head: &[u8] = if prehashed { b"ED" } else { b"Ed" };
        let first = [head, self.id().as_slice(), signature.as_ref()].concat();
        let comment = "timestamp:1767614400";
        let global = self.0.sign(&[signature.as_ref(), comment.as_bytes()].concat());
        format!(
            "untrusted comment: signature\n{}\ntrusted comment: {comment}\n{}\n",
            base64(first),
            base64(global.as_ref())
        )
    }
}

/// Every kind.
pub fn kinds() -> Vec<Kind> {
    // Provenance by a builder that is no signer, so that it cannot stand in for a signature.
    let generated = || Release { by_slsa_generator: true, ..Release::good() };
    let keyed = |signing| Release { signing, ..generated() };
    let sums_alone = |release: Release| release.spoil(Spoil::Unsigned(Which::Artifacts));
    let attested =
        Release::good().spoil(Spoil::Unsigned(Which::Artifacts)).spoil(Spoil::Unsigned(Which::Checksums));
    let kind = |name, by, attested, release| Kind {
        name,
        by,
        attested,
        release,
        prepare: |_| {},
        key: maintainer().public_pem(),
        other_key: Key::named("other").public_pem(),
    };
    let ssh = |name: &str| SshKey::named(name).allowed_signer();
    let minisign = |name: &str| MinisignKey::named(name).public();
    let unsigned = || sums_alone(generated()).spoil(Spoil::Unsigned(Which::Checksums));
    let with = |version, logged| Release { options: BundleOptions::new(version, logged), ..generated() };
    vec![
        kind("message bundles", By::Certificate, false, generated()),
        kind("message bundles v0.1", By::Certificate, false, with(Version::V01, Logged::RekorV1)),
        kind("message bundles, Rekor v2", By::Certificate, false, with(Version::V03, Logged::RekorV2)),
        kind("DSSE bundles", By::Certificate, true, attested),
        kind("a signed checksum file", By::Certificate, false, sums_alone(generated())),
        kind("bundles by a key", By::Key, false, keyed(Signing::ManagedKey)),
        kind("detached signatures by a key", By::Key, false, keyed(Signing::Detached)),
        kind(
            "a checksum file with a detached signature",
            By::Key,
            false,
            sums_alone(keyed(Signing::Detached)),
        ),
        Kind {
            prepare: signed_by_ssh,
            key: ssh("maintainer"),
            other_key: ssh("other"),
            ..kind(SSH, By::Key, false, unsigned())
        },
        Kind {
            prepare: signed_by_minisign,
            key: minisign("maintainer"),
            other_key: minisign("other"),
            ..kind(MINISIGN, By::Key, false, unsigned())
        },
    ]
}

/// A policy in its parts, so that a row changes one of them.
#[derive(Debug, Clone)]
pub struct Text {
    pub top: String,
    pub levels: String,
    pub tag: String,
    /// `derive` and `threshold` of the signers.
    pub derive: bool,
    pub threshold: Option<usize>,
    /// Who may sign, besides.
    pub signers: String,
    pub builders_derive: bool,
    pub provenance: String,
    pub builders: String,
    pub advisories: String,
    pub release: String,
    /// Waivers and components.
    pub tail: String,
}

/// The workflow that signs the kit's releases.
pub const WORKFLOW: &str = "https://github.com/{repository}/.github/workflows/release.yml@refs/tags/{tag}";
/// What a build may be of and be started by, as the default policy has it.
pub const BUILT: &str = "refs = [\"refs/tags/{tag}\"]\ntriggers = [\"push\", \"release\"]\n";

impl Text {
    /// A policy that the good release of that kind satisfies; signers by certificate are named one by one.
    pub fn of(kind: &Kind) -> Self {
        let signers = match kind.by {
            By::Certificate => identity(ISSUER, WORKFLOW, ""),
            By::Key => key("maintainer", &kind.key),
        };
        Self {
            top: String::new(),
            levels: String::new(),
            tag: String::new(),
            derive: false,
            threshold: None,
            signers,
            builders_derive: true,
            provenance: BUILT.to_owned(),
            builders: builder(ISSUER, SLSA_GENERATOR, "", 3),
            advisories: "max-age-days = 30\n".to_owned(),
            release: String::new(),
            tail: String::new(),
        }
    }

    /// The text.
    pub fn text(&self) -> String {
        let Self {
            top,
            levels,
            tag,
            derive,
            signers,
            builders_derive,
            provenance,
            builders,
            advisories,
            release,
            tail,
            ..
        } = self;
        let name = if top.contains("name = ") { "" } else { "name = \"matrix\"\n" };
        let threshold = self.threshold.map_or_else(String::new, |n| format!("threshold = {n}\n"));
        format!(
            "{name}{top}\n[levels]\n{levels}\n[rules.tag]\n{tag}\n[rules.signatures]\nderive = {derive}\n{threshold}{signers}\n\
             [rules.provenance]\nderive = {builders_derive}\n{provenance}{builders}\n[rules.advisories]\n{advisories}\n[rules.release]\n{release}\n{tail}\n"
        )
    }
}

/// A signer by certificate.
pub fn identity(issuer: &str, subject: &str, claims: &str) -> String {
    format!("[[rules.signatures.identity]]\nissuer = \"{issuer}\"\nsubject = \"{subject}\"\n{claims}\n")
}

/// A signer by key.
pub fn key(name: &str, pem: &str) -> String {
    format!("[[rules.signatures.key]]\nname = \"{name}\"\ntext = \"\"\"\n{pem}\"\"\"\n")
}

/// A builder.
pub fn builder(issuer: &str, signer: &str, id: &str, level: u8) -> String {
    format!(
        "[[rules.provenance.builder]]\nissuer = \"{issuer}\"\nsigner = \"{signer}\"\n{id}\nlevel = {level}\n"
    )
}
