//! A proxy carries, and an authority of this network's own certifies.

use super::*;
use base64::{Engine, prelude::BASE64_STANDARD};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer},
    sign::{CertifiedKey, SingleCertAndKey},
};
use std::net::TcpStream;

const TOKEN: &str = "s3cr3t-token";
const PASSWORD: &str = "s3cr3t-password";

/// A proxy on this machine; behind it, every host has the same certificate and answers `[1]`.
struct Tunnel {
    port: u16,
    pem: String,
    /// The heads that came outside and inside of tunnels.
    outside: Arc<Mutex<Vec<String>>>,
    inside: Arc<Mutex<Vec<String>>>,
}

impl Tunnel {
    fn certifying(name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        let der = made.cert.der().to_vec();
        Self::showing(vec![der.clone()], made.signing_key.serialize_der(), &der)
    }

    /// One that shows that chain for every host; `trusted` is the authority to be told of.
    fn showing(chain: Vec<Vec<u8>>, key: Vec<u8>, trusted: &[u8]) -> Self {
        let key = PrivateKeyDer::try_from(key).unwrap();
        let chain = chain.into_iter().map(CertificateDer::from).collect();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let key = provider.key_provider.load_private_key(key).unwrap();
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            // Without a look at what is in the certificate.
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(CertifiedKey::new(chain, key))));
        let (tls, listener) = (Arc::new(tls), TcpListener::bind("127.0.0.1:0").unwrap());
        let port = listener.local_addr().unwrap().port();
        let (outside, inside) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<Mutex<Vec<String>>>::default());
        let (seen, seen_inside) = (Arc::clone(&outside), Arc::clone(&inside));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let Some(head) = head_of(&mut stream) else { continue };
                seen.lock().unwrap().push(head);
                drop(stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n"));
                let server = ServerConnection::new(Arc::clone(&tls)).unwrap();
                let mut stream = StreamOwned::new(server, stream);
                let Some(head) = head_of(&mut stream) else { continue };
                seen_inside.lock().unwrap().push(head);
                drop(stream.write_all(&json("[1]")));
                stream.conn.send_close_notify();
                drop(stream.flush());
            }
        });
        let pem = BASE64_STANDARD.encode(trusted);
        let pem = format!("-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n");
        Self { port, pem, outside, inside }
    }

    fn proxy(&self, host: &str, direct: &str) -> Proxy {
        let text = format!("http://us%40er:{PASSWORD}@{host}:{}", self.port);
        Proxy::parse("HTTPS_PROXY", &text, direct).unwrap()
    }

    fn live(&self, direct: &str, is_trusted: bool) -> Live {
        let authority = || Authority::parse("corp.pem", self.pem.as_bytes()).unwrap();
        Live::new(Config {
            proxy: Some(self.proxy("127.0.0.1", direct)),
            authorities: is_trusted.then(authority).into_iter().collect(),
            ..within(Limits { retries: 0, ..quick() })
        })
        .unwrap()
    }
}

/// The head of a request, byte by byte: what comes after it is another protocol's.
fn head_of(stream: &mut impl Read) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

#[test]
fn everything_goes_through_a_tunnel_and_no_token_outside_of_it() {
    let tunnel = Tunnel::certifying("forge.example");
    let token = Token::new("https://forge.example", Header::Bearer, TOKEN);
    let request = Request { token: Some(&token), ..get("https://forge.example/api?page=1") };
    let answer = tunnel.live("", true).fetch(&request).unwrap();
    assert_eq!(answer.bytes, b"[1]");
    let outside = tunnel.outside.lock().unwrap().concat();
    assert!(outside.starts_with("CONNECT forge.example:443 HTTP/1.1\r\n"), "{outside}");
    // "us@er" and the password, of the proxy and for it alone.
    let password = BASE64_STANDARD.encode(format!("us@er:{PASSWORD}"));
    assert!(outside.to_lowercase().contains("proxy-authorization: basic ") && outside.contains(&password));
    assert!(!outside.contains(TOKEN) && !outside.contains("/api"), "{outside}");
    let inside = tunnel.inside.lock().unwrap().concat();
    assert!(inside.starts_with("GET /api?page=1 HTTP/1.1\r\n") && inside.contains(TOKEN), "{inside}");
    assert!(!inside.contains(&password) && !inside.to_lowercase().contains("proxy-"), "{inside}");
}

#[test]
fn a_certificate_counts_by_its_authority_and_its_name() {
    let tunnel = Tunnel::certifying("forge.example");
    for (is_trusted, host, why) in [
        (false, "forge.example", "is by an authority that is not known here"),
        (true, "other.example", "is for another host: DnsName(\"forge.example\")"),
    ] {
        match tunnel.live("", is_trusted).fetch(&get(&format!("https://{host}/"))).unwrap_err() {
            TransportError::Certificate { host: of, reason, is_of_unknown_issuer, .. } => {
                assert_eq!((of.as_str(), reason.as_str(), is_of_unknown_issuer), (host, why, !is_trusted));
            }
            other => panic!("{other}"),
        }
    }
    assert!(tunnel.inside.lock().unwrap().is_empty());
    assert_eq!(tunnel.live("", true).fetch(&get("https://forge.example/")).unwrap().bytes, b"[1]");
}

#[test]
fn what_is_to_be_reached_directly_is() {
    let tunnel = Tunnel::certifying("forge.example");
    for direct in ["nobody.invalid", ".invalid", "x.example, nobody.invalid", "*"] {
        let error = tunnel.live(direct, true).fetch(&get("https://nobody.invalid/")).unwrap_err();
        assert!(matches!(error, TransportError::Connection { .. }), "{direct}: {error}");
    }
    assert!(tunnel.outside.lock().unwrap().is_empty());
    // Which is then held to the rules about addresses.
    let error = tunnel.live("localhost", true).fetch(&get("https://localhost/")).unwrap_err();
    assert!(matches!(error, TransportError::Address { kind: "loopback", .. }), "{error}");
    assert!(tunnel.outside.lock().unwrap().is_empty());
}

#[test]
fn addresses_that_are_written_out_are_refused_with_a_proxy_too() {
    let tunnel = Tunnel::certifying("forge.example");
    for host in ["10.0.0.1", "127.0.0.2", "169.254.169.254", "2130706434", "[::1]", "[fd00::1]"] {
        let error = tunnel.live("", true).fetch(&get(&format!("https://{host}/"))).unwrap_err();
        assert!(matches!(error, TransportError::Address { .. }), "{host}: {error}");
    }
    for url in ["https://127.0.0.1/", "http://forge.example/"] {
        let error = tunnel.live("", true).fetch(&get(url)).unwrap_err();
        assert!(matches!(error, TransportError::Url { .. }), "{url}: {error}");
    }
    assert!(tunnel.outside.lock().unwrap().is_empty());
}

#[test]
fn the_proxy_may_be_anywhere_and_is_nothing_but_the_proxy() {
    let tunnel = Tunnel::certifying("forge.example");
    let live = Live::new(Config {
        proxy: Some(tunnel.proxy("localhost", "localhost")),
        authorities: vec![Authority::parse("corp.pem", tunnel.pem.as_bytes()).unwrap()],
        ..within(Limits { retries: 0, ..quick() })
    })
    .unwrap();
    assert_eq!(live.fetch(&get("https://forge.example/")).unwrap().bytes, b"[1]");
    for url in ["https://localhost/", "https://LOCALHOST:8443/"] {
        match live.fetch(&get(url)).unwrap_err() {
            TransportError::Url { reason, .. } => assert_eq!(reason, "its host is the proxy"),
            other => panic!("{other}"),
        }
    }
    assert_eq!(tunnel.outside.lock().unwrap().len(), 1);
}

#[test]
fn a_proxy_that_refuses_is_an_error_without_its_password() {
    for status in ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway", "200 O"] {
        let server = Server::saying(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").into_bytes());
        let text = server.url.replace("http://", &format!("http://user:{PASSWORD}@"));
        let config = Config {
            proxy: Some(Proxy::parse("HTTPS_PROXY", &text, "").unwrap()),
            ..within(Limits { retries: 0, ..quick() })
        };
        assert!(!format!("{config:?}").contains(PASSWORD));
        let token = Token::new("https://forge.example", Header::Bearer, TOKEN);
        let request = Request { token: Some(&token), ..get("https://forge.example/") };
        let error = Live::new(config).unwrap().fetch(&request).unwrap_err();
        assert!(matches!(error, TransportError::Connection { .. }), "{status}: {error}");
        let said = format!("{error} {error:?}");
        assert!(!said.contains(PASSWORD) && !said.contains(TOKEN), "{said}");
        let heads = server.requests().concat();
        assert!(heads.starts_with("CONNECT forge.example:443") && !heads.contains(TOKEN), "{heads}");
    }
}

#[test]
fn without_a_proxy_nobody_is_asked_to_carry() {
    let tunnel = Tunnel::certifying("forge.example");
    let live = Live::new(within(Limits { retries: 0, ..quick() })).unwrap();
    let error = live.fetch(&get("https://forge.invalid/")).unwrap_err();
    assert!(matches!(error, TransportError::Connection { .. }), "{error}");
    assert!(TcpStream::connect(("127.0.0.1", tunnel.port)).is_ok());
    assert!(tunnel.outside.lock().unwrap().is_empty());
}

/// An authority, and certificates by it and by others of its name.
struct Maker {
    params: CertificateParams,
    key: KeyPair,
}

impl Maker {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "an authority");
        Self { params, key: KeyPair::generate().unwrap() }
    }

    fn root(&self) -> Vec<u8> {
        self.params.self_signed(&self.key).unwrap().der().to_vec()
    }

    /// One for these names, and its key.
    fn leaf(&self, names: Vec<String>) -> (Vec<u8>, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let issuer = Issuer::from_params(&self.params, &self.key);
        let der = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap().der().to_vec();
        (der, key)
    }
}

/// Row 132: chains that take long to look through, and certificates with odd contents.
#[test]
fn row_132_hostile_chains_are_refused_at_once_and_nothing_is_asked() {
    let maker = Maker::new();
    let name = || vec!["forge.example".to_owned()];
    let (leaf, key) = maker.leaf(name());
    // Each of the authority's name and another key: every one may be the issuer of every other one.
    let alike: Vec<Vec<u8>> = (0..100)
        .map(|_| {
            let other = KeyPair::generate().unwrap();
            let issuer = Issuer::from_params(&maker.params, &other);
            maker.params.signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap().der().to_vec()
        })
        .collect();
    let with = |leaf: &[u8], more: &[Vec<u8>]| [&[leaf.to_vec()][..], more].concat();
    let many: Vec<Vec<u8>> = alike.iter().cycle().take(10_000).cloned().collect();
    let stranger = Maker::new();
    let (of_stranger, its_key) = stranger.leaf(name());
    let names = (0..100_000).map(|n| format!("h{n}.example")).chain(name()).collect();
    let (wide, wide_key) = maker.leaf(names);
    // ecdsa-with-SHA256 (1.2.840.10045.4.3.2) turned into an algorithm that nobody has.
    let ecdsa = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    let mut unknown = leaf.clone();
    for at in 0..unknown.len() - ecdsa.len() {
        if unknown[at..].starts_with(&ecdsa) {
            unknown[at + 9] = 0x7f;
        }
    }
    assert_ne!(unknown, leaf);
    let good = || key.serialize_der();
    let cases = [
        ("was not signed by the authority that it names", with(&of_stranger, &[]), its_key.serialize_der()),
        ("MaximumSignatureChecksExceeded", with(&of_stranger, &alike), its_key.serialize_der()),
        ("HandshakePayloadTooLarge", with(&leaf, &many), good()),
        ("HandshakePayloadTooLarge", with(&wide, &[]), wide_key.serialize_der()),
        ("with an algorithm that is not known here", with(&unknown, &[]), good()),
    ];
    for (what, chain, key) in cases {
        let tunnel = Tunnel::showing(chain, key, &maker.root());
        let error = tunnel.live("", true).fetch(&get("https://forge.example/")).unwrap_err();
        let said = error.to_string();
        assert!(said.contains(what), "{what}: {said}");
        assert!(tunnel.inside.lock().unwrap().is_empty(), "{what}");
    }
    // The twin, which comes with a few that are of no use.
    let tunnel = Tunnel::showing(with(&leaf, &alike[..3]), good(), &maker.root());
    assert_eq!(tunnel.live("", true).fetch(&get("https://forge.example/")).unwrap().bytes, b"[1]");
}

/// A certificate does not get better by asking again: the server is asked once, and what to do is said.
#[test]
fn a_wrong_certificate_is_not_asked_for_again_and_says_what_to_do() {
    let maker = Maker::new();
    let (leaf, key) = maker.leaf(vec!["forge.example".to_owned()]);
    let (mut params, of_root) =
        (CertificateParams::new(vec!["forge.example".to_owned()]).unwrap(), maker.root());
    params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let old =
        || params.signed_by(&key, &Issuer::from_params(&maker.params, &maker.key)).unwrap().der().to_vec();
    let mut params_of_later = CertificateParams::new(vec!["forge.example".to_owned()]).unwrap();
    params_of_later.not_before = rcgen::date_time_ymd(2999, 1, 1);
    let early = params_of_later
        .signed_by(&key, &Issuer::from_params(&maker.params, &maker.key))
        .unwrap()
        .der()
        .to_vec();
    const CLOCK: &str = "check the clock of this machine and the name of the host";
    let cases = [
        ("https://forge.example/x", old(), "of forge.example expired on 2020-01-01T00:00:00Z", CLOCK),
        ("https://forge.example/x", early, "begins on 2999-01-01T00:00:00Z", CLOCK),
        ("https://other.example/x", leaf.clone(), "of other.example is for another host: ", CLOCK),
    ];
    let all = cases.into_iter().map(|(url, leaf, why, advice)| (url, leaf, &of_root, why, advice));
    let stranger = Maker::new();
    let root = stranger.root();
    let unknown = ("https://forge.example/x", leaf, &root, "of forge.example ", "");
    for (url, leaf, root, why, advice) in all.chain([unknown]) {
        let tunnel = Tunnel::showing(vec![leaf], key.serialize_der(), root);
        let authority = Authority::parse("corp.pem", tunnel.pem.as_bytes()).unwrap();
        let live = Live::new(Config {
            proxy: Some(tunnel.proxy("127.0.0.1", "")),
            authorities: vec![authority],
            ..within(Limits { retries: 3, ..quick() })
        });
        let error = live.unwrap().fetch(&get(url)).unwrap_err();
        assert!(matches!(error, TransportError::Certificate { .. }), "{error}");
        assert!(error.to_string().contains(why), "{error}");
        assert!(error.reason().contains(advice), "{}", error.reason());
        assert_eq!(tunnel.outside.lock().unwrap().len(), 1, "asked once: {error}");
        assert!(tunnel.inside.lock().unwrap().is_empty());
    }
    // By nobody who is known here: what to do is said by name.
    let tunnel = Tunnel::certifying("forge.example");
    let error = tunnel.live("", false).fetch(&get("https://forge.example/")).unwrap_err();
    assert!(error.reason().contains("RELCHECK_CA_BUNDLE"), "{}", error.reason());
}
