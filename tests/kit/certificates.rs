//! The certificate authority: root, intermediate, and ten-minute signing certificates as Fulcio issues them, with the
//! build's claims in 1.3.6.1.4.1.57264.1.* and an embedded SCT (RFC 6962) over the precertificate.

use std::collections::BTreeMap;

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyUsagePurpose, SanType, SerialNumber,
};
use time::OffsetDateTime;

use super::der;
use super::keys::{Key, sha256};
use super::statement::Build;

/// How long a signing certificate lives, in seconds.
pub const LIFETIME: i64 = 600;

/// When the kit's authorities end: in 2050.
const FOREVER: i64 = 2_524_608_000;

/// The claims of a signing certificate; the number is the last arc of 1.3.6.1.4.1.57264.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extension {
    /// Issuer, as plain bytes (deprecated, still written).
    IssuerV1 = 1,
    /// GitHub event name (deprecated).
    WorkflowTrigger = 2,
    /// Commit (deprecated).
    WorkflowSha = 3,
    /// Name of the workflow (deprecated).
    WorkflowName = 4,
    /// OWNER/NAME (deprecated).
    WorkflowRepository = 5,
    /// Git ref (deprecated).
    WorkflowRef = 6,
    /// Issuer.
    Issuer = 8,
    /// The workflow that asked for the certificate.
    BuildSignerUri = 9,
    /// The commit of that workflow.
    BuildSignerDigest = 10,
    /// `github-hosted` or `self-hosted`.
    RunnerEnvironment = 11,
    /// Repository that was built.
    SourceRepositoryUri = 12,
    /// Commit that was built.
    SourceRepositoryDigest = 13,
    /// Ref that was built.
    SourceRepositoryRef = 14,
    /// Number of the repository, which a rename keeps.
    SourceRepositoryId = 15,
    /// Its owner.
    SourceRepositoryOwnerUri = 16,
    /// Number of the owner.
    SourceRepositoryOwnerId = 17,
    /// The top workflow of the run.
    BuildConfigUri = 18,
    /// The commit of that workflow.
    BuildConfigDigest = 19,
    /// What started the run.
    BuildTrigger = 20,
    /// The run.
    RunInvocationUri = 21,
    /// `public`, `private` or `internal`.
    SourceRepositoryVisibility = 22,
}

impl Extension {
    /// The claims that are not deprecated.
    pub const CURRENT: [Self; 15] = [
        Self::Issuer,
        Self::BuildSignerUri,
        Self::BuildSignerDigest,
        Self::RunnerEnvironment,
        Self::SourceRepositoryUri,
        Self::SourceRepositoryDigest,
        Self::SourceRepositoryRef,
        Self::SourceRepositoryId,
        Self::SourceRepositoryOwnerUri,
        Self::SourceRepositoryOwnerId,
        Self::BuildConfigUri,
        Self::BuildConfigDigest,
        Self::BuildTrigger,
        Self::RunInvocationUri,
        Self::SourceRepositoryVisibility,
    ];

    /// Deprecated claims are plain bytes; the others are a DER UTF8String.
    fn encode(self, value: &str) -> CustomExtension {
        let arc = self as u64;
        let content = if arc < 8 { value.as_bytes().to_vec() } else { der::utf8(value) };
        CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 57264, 1, arc], content)
    }
}

/// Who a signing certificate speaks for.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The subject alternative name: a URI when it has `://`, an e-mail address otherwise.
    pub san: String,
    /// The other claims.
    pub extensions: BTreeMap<Extension, String>,
}

impl Identity {
    /// A person who logged in at `issuer`.
    pub fn person(email: &str, issuer: &str) -> Self {
        Self { san: email.to_owned(), extensions: BTreeMap::new() }.issued_by(issuer)
    }

    /// The workflow run `build`, with every claim that GitHub Actions gives.
    pub fn workflow(build: &Build) -> Self {
        use Extension as X;
        let config = build.workflow_uri();
        let extensions = [
            (X::WorkflowTrigger, build.trigger.clone()),
            (X::WorkflowSha, build.commit.clone()),
            (X::WorkflowName, "release".to_owned()),
            (X::WorkflowRepository, build.repository.clone()),
            (X::WorkflowRef, build.reference.clone()),
            (X::BuildSignerUri, build.signer.clone().unwrap_or_else(|| config.clone())),
            (X::BuildSignerDigest, build.signer_commit()),
            (X::RunnerEnvironment, build.runner.clone()),
            (X::SourceRepositoryUri, build.repository_uri()),
            (X::SourceRepositoryDigest, build.commit.clone()),
            (X::SourceRepositoryRef, build.reference.clone()),
            (X::SourceRepositoryId, build.repository_id.clone()),
            (X::SourceRepositoryOwnerUri, build.owner_uri()),
            (X::SourceRepositoryOwnerId, build.owner_id.clone()),
            (X::BuildConfigUri, config.clone()),
            (X::BuildConfigDigest, build.commit.clone()),
            (X::BuildTrigger, build.trigger.clone()),
            (X::RunInvocationUri, build.run_uri()),
            (X::SourceRepositoryVisibility, "public".to_owned()),
        ];
        let san = build.signer.clone().unwrap_or(config);
        Self { san, extensions: extensions.into() }.issued_by(super::ISSUER)
    }

    /// The same with another issuer, in both of its forms.
    pub fn issued_by(self, issuer: &str) -> Self {
        self.with(Extension::IssuerV1, issuer).with(Extension::Issuer, issuer)
    }

    /// The same with another subject alternative name.
    pub fn named(mut self, san: &str) -> Self {
        san.clone_into(&mut self.san);
        self
    }

    /// The same with one claim set.
    pub fn with(mut self, extension: Extension, value: &str) -> Self {
        self.extensions.insert(extension, value.to_owned());
        self
    }

    /// The same without one claim.
    pub fn without(mut self, extension: Extension) -> Self {
        self.extensions.remove(&extension);
        self
    }
}

/// The SCT of a certificate.
pub enum Sct<'a> {
    /// Signed by the second key, in the name of the log whose key is the first.
    Signed(&'a Key, &'a Key),
    /// None at all.
    Missing,
}

/// A Fulcio-like authority.
pub struct CertificateAuthority {
    root: Vec<u8>,
    intermediate: Vec<u8>,
    parameters: CertificateParams,
    key: Key,
}

impl CertificateAuthority {
    /// The authority of that seed. All of them have the same names, so only their keys tell them apart.
    pub fn new(seed: &str) -> Self {
        Self::until(seed, FOREVER)
    }

    /// The authority of that seed under another name than the usual one.
    pub fn named(seed: &str, name: &str) -> Self {
        Self::named_until(seed, name, FOREVER)
    }

    /// The same, with an intermediate that ends then.
    pub fn until(seed: &str, end: i64) -> Self {
        Self::named_until(seed, "kit-fulcio", end)
    }

    fn named_until(seed: &str, name: &str, end: i64) -> Self {
        let root_key = Key::named(&format!("{seed}/ca-root"));
        let key = Key::named(&format!("{seed}/ca-intermediate"));
        let root_parameters = authority(&format!("{name}-root"), 2, vec![]);
        let mut parameters = authority(name, 1, vec![ExtendedKeyUsagePurpose::CodeSigning]);
        parameters.not_after = moment(end);
        let root = root_parameters.self_signed(&root_key).expect("the root signs itself").der().to_vec();
        let issuer = Issuer::from_params(&root_parameters, &root_key);
        let intermediate = parameters.signed_by(&key, &issuer).expect("the root signs").der().to_vec();
        Self { root, intermediate, parameters, key }
    }

    /// What stands above a signing certificate, nearest first.
    pub fn chain(&self) -> Vec<Vec<u8>> {
        vec![self.intermediate.clone(), self.root.clone()]
    }

    /// A signing certificate for `key`, valid from `from` for [`LIFETIME`].
    pub fn issue(&self, key: &Key, identity: &Identity, from: i64, sct: Sct<'_>) -> Vec<u8> {
        let mut parameters = leaf(key, identity, from);
        let issuer = Issuer::from_params(&self.parameters, &self.key);
        let precertificate = parameters.signed_by(key, &issuer).expect("the authority signs").der().to_vec();
        let Sct::Signed(log, signer) = sct else { return precertificate };
        let list = self.sct_list(der::child(&precertificate, 0), log, signer, from);
        let arcs = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2];
        parameters.custom_extensions.push(CustomExtension::from_oid_content(&arcs, der::octets(&list)));
        parameters.signed_by(key, &issuer).expect("the authority signs").der().to_vec()
    }

    /// A `SignedCertificateTimestampList` of one (RFC 6962, 3.2 and 3.3), over the precertificate's TBS.
    fn sct_list(&self, tbs: &[u8], log: &Key, signer: &Key, at: i64) -> Vec<u8> {
        let milliseconds = u64::try_from(at * 1000).expect("the kit's times are after 1970").to_be_bytes();
        let tbs_length = u32::try_from(tbs.len()).expect("a certificate is small").to_be_bytes();
        let signed =
            [&[0, 0][..], &milliseconds, &[0, 1], &self.key.id(), &tbs_length[1..], tbs, &[0, 0]].concat();
        let signature = signer.sign(&signed);
        let sct = [&[0][..], &log.id(), &milliseconds, &[0, 0], &[4, 3], &length16(&signature), &signature]
            .concat();
        let entry = [&length16(&sct)[..], &sct].concat();
        [&length16(&entry)[..], &entry].concat()
    }
}

fn length16(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).expect("an SCT is small").to_be_bytes()
}

/// Parameters of an authority's own certificate.
pub fn authority(name: &str, depth: u8, usages: Vec<ExtendedKeyUsagePurpose>) -> CertificateParams {
    let mut parameters = common(name.as_bytes());
    parameters.distinguished_name.push(DnType::OrganizationName, super::ORGANISATION);
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(depth));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters.extended_key_usages = usages;
    parameters
}

fn leaf(key: &Key, identity: &Identity, from: i64) -> CertificateParams {
    let mut parameters = common(&[key.spki(), identity.san.as_bytes()].concat());
    let name = identity.san.as_str().try_into().expect("a name of ASCII letters");
    let uri = identity.san.contains("://");
    parameters.subject_alt_names = vec![if uri { SanType::URI(name) } else { SanType::Rfc822Name(name) }];
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::CodeSigning];
    parameters.use_authority_key_identifier_extension = true;
    parameters.not_before = moment(from);
    parameters.not_after = moment(from + LIFETIME);
    parameters.custom_extensions =
        identity.extensions.iter().map(|(claim, value)| claim.encode(value)).collect();
    parameters
}

/// Parameters with an empty name, a wide validity and a serial number that follows from `seed`.
pub fn common(seed: &[u8]) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = DistinguishedName::new();
    parameters.is_ca = IsCa::NoCa;
    parameters.serial_number = Some(SerialNumber::from_slice(&[&[1][..], &sha256(seed)[..15]].concat()));
    parameters.not_before = moment(1_577_836_800);
    parameters.not_after = moment(FOREVER);
    parameters
}

fn moment(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).expect("the kit's times are ordinary")
}
