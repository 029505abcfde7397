//! An authority of this test's own, and the certificates that servers show.

use std::sync::{Arc, OnceLock};

use base64::{Engine, prelude::BASE64_STANDARD};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Every host that is played.
pub const HOSTS: [&str; 8] = [
    "github.com",
    "*.github.com",
    "*.githubusercontent.com",
    "gitlab.com",
    "*.registry.gitlab-static.net",
    "codeberg.org",
    "git.example",
    "*.evil.example",
];

/// What a server shows for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A certificate for all hosts.
    Good,
    /// One for another host.
    OtherName,
    /// One that has ended.
    Expired,
    /// One that has not begun.
    NotYet,
    /// One by nobody but itself.
    SelfSigned,
    /// One by another authority of the same name.
    OtherAuthority,
}

/// The authority.
pub struct Authority {
    /// Its certificate.
    pub pem: String,
    configs: Vec<(Shown, Arc<ServerConfig>)>,
}

impl Authority {
    /// The one of this process.
    pub fn get() -> &'static Self {
        static ONE: OnceLock<Authority> = OnceLock::new();
        ONE.get_or_init(Self::new)
    }

    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "the authority of the tests");
        let key = || KeyPair::generate().unwrap();
        let own = key();
        let der = params.self_signed(&own).unwrap().der().to_vec();
        let (own, other) = (Issuer::new(params.clone(), own), Issuer::new(params, key()));
        let shown = [
            Shown::Good,
            Shown::OtherName,
            Shown::Expired,
            Shown::NotYet,
            Shown::SelfSigned,
            Shown::OtherAuthority,
        ];
        let configs = shown.map(|shown| (shown, config(shown, &own, &other)));
        let pem = BASE64_STANDARD.encode(der);
        let pem = format!("-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n");
        Self { pem, configs: configs.into() }
    }

    /// A server that shows that.
    pub fn config(&self, shown: Shown) -> Arc<ServerConfig> {
        let (_, config) = self.configs.iter().find(|(kind, _)| *kind == shown).unwrap();
        Arc::clone(config)
    }
}

fn config(shown: Shown, own: &Issuer<'_, KeyPair>, other: &Issuer<'_, KeyPair>) -> Arc<ServerConfig> {
    let names: Vec<String> = match shown {
        Shown::OtherName => vec!["other.invalid".to_owned()],
        _ => HOSTS.map(str::to_owned).into(),
    };
    let mut params = CertificateParams::new(names).unwrap();
    match shown {
        Shown::Expired => params.not_after = date_time_ymd(2020, 1, 1),
        Shown::NotYet => params.not_before = date_time_ymd(2999, 1, 1),
        _ => {}
    }
    let key = KeyPair::generate().unwrap();
    let made = match shown {
        Shown::SelfSigned => params.self_signed(&key),
        Shown::OtherAuthority => params.signed_by(&key, other),
        _ => params.signed_by(&key, own),
    };
    let chain = vec![CertificateDer::from(made.unwrap().der().to_vec())];
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    Arc::new(config)
}
