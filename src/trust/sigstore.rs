//! Sigstore instances: their certificate authorities, logs and timestamp authorities.
//!
//! What a proof must have is decided here, by the root and by nothing in a bundle: an instance that lists logs is held
//! to them, and one that lists none at all, as GitHub's does not, is held to its timestamp authorities. The public
//! instances are never read as one without logs, whatever a file leaves out.

use super::{Instance, TrustError, window};
use crate::{release::Sha256, text::Untrusted};
use jiff::Timestamp;
use sigstore_verify::{
    Verifier,
    trust_root::{CertificateAuthority, TransparencyLog, TrustedRoot},
};
use std::{collections::BTreeSet, fmt};
use x509_cert::{
    Certificate,
    der::{Decode, Encode},
};

/// When the roots that are built in were taken: the release of the library that carries them.
const EMBEDDED_AT: &str = "2026-10-23T00:00:00Z";
/// Most roots in one file: `gh attestation trusted-root` writes two, one a line.
const MAX_ROOTS: usize = 16;
/// The subject of the certificate with which GitHub attests immutable releases. It carries no OIDC issuer.
pub const GITHUB_RELEASES: &str = "https://dotcom.releases.github.com";

/// Where a root came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Built into this program.
    Embedded,
    /// Fetched by TUF in this run.
    Refreshed,
    /// Fetched by TUF in an earlier run.
    Cached,
    /// Named by the user.
    File,
    /// From an evidence pack, because the user said so.
    Pack,
}

/// What every signature of an instance must have besides its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// A signed certificate timestamp, and an entry in a transparency log.
    Logged,
    /// A timestamp of an RFC 3161 authority: the instance keeps no log of any kind.
    Stamped,
}

/// A Sigstore instance.
pub struct SigstoreRoot {
    name: String,
    instance: Option<Instance>,
    origin: Origin,
    obtained: Option<Timestamp>,
    expires: Option<Timestamp>,
    logs: Vec<String>,
    demand: Demand,
    /// The names of its certificate authorities, in DER.
    authorities: Vec<Vec<u8>>,
    sha256: Sha256,
    bytes: Vec<u8>,
    verifier: Verifier,
}

/// The known instance whose own roots end every chain of `root`; none where it is somebody's own.
fn recognised(root: &TrustedRoot) -> Option<Instance> {
    let is = |instance: &Instance| {
        let Ok(known) = TrustedRoot::from_json(instance.embedded()) else { return false };
        let own: Vec<&[u8]> = known.certificate_authorities.iter().filter_map(anchor).collect();
        let mut chains = root.certificate_authorities.iter().map(anchor).peekable();
        chains.peek().is_some() && chains.all(|end| end.is_some_and(|end| own.contains(&end)))
    };
    Instance::ALL.into_iter().find(is)
}

/// The certificate at the end of an authority's chain.
fn anchor(authority: &CertificateAuthority) -> Option<&[u8]> {
    authority.cert_chain.certificates.last().map(|certificate| certificate.raw_bytes.as_bytes())
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Embedded => "embedded",
            Self::Refreshed => "refreshed",
            Self::Cached => "cached",
            Self::File => "file",
            Self::Pack => "evidence pack",
        })
    }
}

impl SigstoreRoot {
    /// The root of a known instance as built into this program.
    pub fn embedded(instance: Instance) -> Result<Self, TrustError> {
        let at = EMBEDDED_AT.parse().expect("the constant is an RFC 3339 time");
        Ok(Self::of(instance, Origin::Embedded, instance.embedded().as_bytes())?.obtained_at(at))
    }

    /// Reads the `trusted_root.json` of an instance that the caller knows it to be of.
    pub fn of(instance: Instance, origin: Origin, bytes: &[u8]) -> Result<Self, TrustError> {
        Self::read(instance.name(), Some(instance), origin, bytes)
    }

    /// Reads a `trusted_root.json` of whatever instance its certificate authorities are. `name` is for the report.
    pub fn parse(name: &str, origin: Origin, bytes: &[u8]) -> Result<Self, TrustError> {
        Self::read(name, None, origin, bytes)
    }

    /// Reads a file of one root, or of several, one a line.
    pub fn parse_all(name: &str, origin: Origin, bytes: &[u8]) -> Result<Vec<Self>, TrustError> {
        let lines: Vec<&[u8]> =
            bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).collect();
        let one_a_line = lines.iter().all(|line| line.starts_with(b"{") && line.ends_with(b"}"));
        if lines.len() < 2 || lines.len() > MAX_ROOTS || !one_a_line {
            return Ok(vec![Self::parse(name, origin, bytes)?]);
        }
        let numbered = |(at, line): (usize, &[u8])| Self::parse(&format!("{name}:{}", at + 1), origin, line);
        lines.into_iter().enumerate().map(numbered).collect()
    }

    fn read(name: &str, told: Option<Instance>, origin: Origin, bytes: &[u8]) -> Result<Self, TrustError> {
        let refuse = |source: Box<dyn std::error::Error + Send + Sync>| TrustError::Root {
            name: Untrusted::new(name),
            source,
        };
        let text = std::str::from_utf8(bytes).map_err(|e| refuse(e.into()))?;
        let mut root = TrustedRoot::from_json(text).map_err(|e| refuse(e.into()))?;
        let (logs, authorities, clocks) = (
            !root.tlogs.is_empty() || !root.ctlogs.is_empty(),
            !root.certificate_authorities.is_empty(),
            !root.timestamp_authorities.is_empty(),
        );
        if root.tlogs.is_empty() && !authorities && !clocks {
            return Err(TrustError::Empty { name: Untrusted::new(name) });
        }
        let instance = told.or_else(|| recognised(&root));
        if !logs && matches!(instance, Some(Instance::PublicGood | Instance::Staging)) {
            return Err(TrustError::LogsMissing { name: Untrusted::new(name) });
        }
        let demand = if !logs && authorities && clocks { Demand::Stamped } else { Demand::Logged };
        window::narrow(&mut root);
        let verifier = Verifier::new(&root).map_err(|e| refuse(e.into()))?;
        Ok(Self {
            name: name.to_owned(),
            instance,
            origin,
            obtained: None,
            expires: None,
            logs: searchable_logs(&root),
            demand,
            authorities: authority_names(&root),
            sha256: Sha256::of(bytes),
            bytes: bytes.to_vec(),
            verifier,
        })
    }

    /// The same, with the moment at which it was obtained.
    pub fn obtained_at(mut self, at: Timestamp) -> Self {
        self.obtained = Some(at);
        self
    }

    /// The `trusted_root.json` that it was read from.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What it is called in reports.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same with the moment until which its distributor vouches for it.
    pub fn expiring(mut self, at: Timestamp) -> Self {
        self.expires = Some(at);
        self
    }

    /// Until when its distributor vouches for it, where that is known.
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    /// The base URLs of its logs that may have a search.
    pub fn logs(&self) -> &[String] {
        &self.logs
    }

    /// Which of the known instances it is of; none for somebody's own.
    pub fn instance(&self) -> Option<Instance> {
        self.instance
    }

    /// Where it came from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// When it was obtained; unknown for a file of the user's.
    pub fn obtained(&self) -> Option<Timestamp> {
        self.obtained
    }

    /// What every signature of the instance must have.
    pub fn demand(&self) -> Demand {
        self.demand
    }

    /// Digest of the file.
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// Whether the instance vouches for identities of this OIDC issuer. GitHub's does so for GitHub Actions alone, on
    /// github.com (with the path of an enterprise, where that has its own issuer) and on `TENANT.ghe.com`.
    pub fn vouches_for(&self, issuer: &str) -> bool {
        if self.instance != Some(Instance::GitHub) {
            return true;
        }
        let is_label = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        let Some(rest) = issuer.strip_prefix("https://token.actions.") else { return false };
        match rest.strip_prefix("githubusercontent.com") {
            Some("") => true,
            Some(path) => path.strip_prefix('/').is_some_and(is_label),
            None => rest.strip_suffix(".ghe.com").is_some_and(is_label),
        }
    }

    /// Whether one of its certificate authorities has this name (DER). Names decide nothing but whose refusal is told.
    pub(crate) fn has_authority(&self, name: &[u8]) -> bool {
        self.authorities.iter().any(|own| own == name)
    }

    pub(crate) fn verifier(&self) -> &Verifier {
        &self.verifier
    }
}

fn authority_names(root: &TrustedRoot) -> Vec<Vec<u8>> {
    let certificates =
        root.certificate_authorities.iter().flat_map(|authority| &authority.cert_chain.certificates);
    certificates
        .filter_map(|certificate| Certificate::from_der(certificate.raw_bytes.as_bytes()).ok())
        .filter_map(|certificate| certificate.tbs_certificate.subject.to_der().ok())
        .collect()
}

/// Logs of the first generation name themselves by the SHA-256 of their key, and have a search; the others do not.
fn searchable_logs(root: &TrustedRoot) -> Vec<String> {
    let is_first = |log: &&TransparencyLog| {
        let key = Sha256::of(log.public_key.raw_bytes.as_bytes()).to_string();
        hex::encode(log.log_id.key_id.as_bytes()) == key && log.base_url.starts_with("https://")
    };
    let logs: BTreeSet<String> = root.tlogs.iter().filter(is_first).map(|log| log.base_url.clone()).collect();
    logs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn embedded(instance: Instance) -> Value {
        serde_json::from_str(instance.embedded()).unwrap()
    }

    fn parse(root: &Value) -> Result<SigstoreRoot, TrustError> {
        SigstoreRoot::parse("x", Origin::File, root.to_string().as_bytes())
    }

    #[test]
    fn an_instance_is_recognised_by_its_own_roots_and_held_to_its_logs() {
        for (instance, demand) in [
            (Instance::PublicGood, Demand::Logged),
            (Instance::Staging, Demand::Logged),
            (Instance::GitHub, Demand::Stamped),
        ] {
            let root = parse(&embedded(instance)).unwrap();
            assert_eq!(
                (root.instance(), root.demand(), root.origin()),
                (Some(instance), demand, Origin::File)
            );
            assert_eq!(root.obtained(), None);
            let built_in = SigstoreRoot::embedded(instance).unwrap();
            assert_eq!((built_in.demand(), built_in.origin()), (demand, Origin::Embedded));
            assert!(built_in.obtained().is_some());
        }
    }

    #[test]
    fn a_public_root_without_its_logs_is_refused_and_never_read_as_one_of_timestamps_alone() {
        let mut root = embedded(Instance::PublicGood);
        for list in ["tlogs", "ctlogs"] {
            root.as_object_mut().unwrap().remove(list);
        }
        assert!(matches!(parse(&root), Err(TrustError::LogsMissing { .. })));
        let bytes = root.to_string();
        let told = SigstoreRoot::of(Instance::PublicGood, Origin::Cached, bytes.as_bytes());
        assert!(matches!(told, Err(TrustError::LogsMissing { .. })));
    }

    #[test]
    fn one_log_of_either_kind_is_enough_to_demand_both() {
        let public = embedded(Instance::PublicGood);
        for list in ["tlogs", "ctlogs"] {
            let mut root = embedded(Instance::GitHub);
            root[list] = public[list].clone();
            let root = parse(&root).unwrap();
            assert_eq!((root.instance(), root.demand()), (Some(Instance::GitHub), Demand::Logged), "{list}");
        }
        let mut root = embedded(Instance::GitHub);
        root["timestampAuthorities"] = Value::Array(Vec::new());
        assert_eq!(parse(&root).unwrap().demand(), Demand::Logged, "without a clock nothing can be proved");
    }

    #[test]
    fn a_mixture_of_instances_is_a_private_one() {
        let mut root = embedded(Instance::PublicGood);
        let github = embedded(Instance::GitHub);
        let further = github["certificateAuthorities"].as_array().unwrap().clone();
        root["certificateAuthorities"].as_array_mut().unwrap().extend(further);
        assert_eq!(parse(&root).unwrap().instance(), None);
    }

    #[test]
    fn an_authority_with_an_empty_chain_is_refused() {
        let mut root = embedded(Instance::PublicGood);
        for list in ["certificateAuthorities", "timestampAuthorities"] {
            root[list][0]["certChain"]["certificates"] = Value::Array(Vec::new());
            assert!(matches!(parse(&root), Err(TrustError::Root { .. })), "{list}");
        }
    }

    #[test]
    fn githubs_instance_vouches_for_github_actions_alone() {
        let root = SigstoreRoot::embedded(Instance::GitHub).unwrap();
        for good in [
            "https://token.actions.githubusercontent.com",
            "https://token.actions.githubusercontent.com/acme-corp",
            "https://token.actions.acme.ghe.com",
        ] {
            assert!(root.vouches_for(good), "{good}");
        }
        for bad in [
            "",
            "https://accounts.google.com",
            "https://token.actions.githubusercontent.com/",
            "https://token.actions.githubusercontent.com/a/b",
            "https://token.actions.githubusercontent.com.evil.example",
            "https://token.actions.githubusercontent.comx",
            "https://token.actions.a.b.ghe.com",
            "https://token.actions..ghe.com",
            "https://token.actions.evil.example/x.ghe.com",
            "http://token.actions.githubusercontent.com",
        ] {
            assert!(!root.vouches_for(bad), "{bad}");
        }
        assert!(
            SigstoreRoot::embedded(Instance::PublicGood).unwrap().vouches_for("https://accounts.google.com")
        );
    }

    #[test]
    fn a_file_may_hold_several_roots_one_a_line() {
        let lines = format!("{}\r\n\n{}\n", embedded(Instance::PublicGood), embedded(Instance::GitHub));
        let roots = SigstoreRoot::parse_all("roots.jsonl", Origin::File, lines.as_bytes()).unwrap();
        let names: Vec<&str> = roots.iter().map(SigstoreRoot::name).collect();
        assert_eq!(names, ["roots.jsonl:1", "roots.jsonl:2"]);
        assert_eq!(roots[1].demand(), Demand::Stamped);
        let broken = format!("{lines}{{}}\n");
        assert!(SigstoreRoot::parse_all("x", Origin::File, broken.as_bytes()).is_err());
        let pretty = serde_json::to_string_pretty(&embedded(Instance::GitHub)).unwrap();
        assert_eq!(SigstoreRoot::parse_all("x", Origin::File, pretty.as_bytes()).unwrap().len(), 1);
    }

    /// The date is that of the library's release; a newer library carries newer roots.
    #[test]
    fn the_date_of_the_embedded_roots_is_that_of_the_pinned_library() {
        let manifest = include_str!("../../Cargo.toml");
        assert!(manifest.contains("sigstore-verify = { version = \"=0.15.1\""), "set EMBEDDED_AT anew");
    }
}
