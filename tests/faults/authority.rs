//! An authority of this test's own, and the certificates that servers show.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use base64::{Engine, prelude::BASE64_STANDARD};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

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
    /// A certificate for whatever host is asked for.
    AnyName,
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
    any_name: Arc<ServerConfig>,
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
        let any_name = AnyName { issuer: own, made: Mutex::default() };
        let any_name = Arc::new(builder().with_cert_resolver(Arc::new(any_name)));
        Self { pem, any_name, configs: configs.into() }
    }

    /// A server that shows that.
    pub fn config(&self, shown: Shown) -> Arc<ServerConfig> {
        if shown == Shown::AnyName {
            return Arc::clone(&self.any_name);
        }
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
    Arc::new(builder().with_single_cert(chain, key).unwrap())
}

type Builder = rustls::ConfigBuilder<ServerConfig, rustls::server::WantsServerCert>;

fn builder() -> Builder {
    let versions = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
    versions.unwrap().with_no_client_auth()
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// Makes a certificate for each name that is asked for.
struct AnyName {
    issuer: Issuer<'static, KeyPair>,
    made: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl std::fmt::Debug for AnyName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AnyName")
    }
}

impl ResolvesServerCert for AnyName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name()?.to_owned();
        let mut made = self.made.lock().unwrap();
        let one = made.entry(name).or_insert_with_key(|name| {
            let key = KeyPair::generate().unwrap();
            let params = CertificateParams::new(vec![name.clone()]).unwrap();
            let der = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
            let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
            let key = provider().key_provider.load_private_key(key).unwrap();
            Arc::new(CertifiedKey::new(vec![CertificateDer::from(der)], key))
        });
        Some(Arc::clone(one))
    }
}
