//! How the network is reached: the proxy and the certificate authorities that the variables name, and the internal host that
//! the policy names.
//!
//! The rule that must not be broken: what is named and cannot be used is an error by its name. Going on without it would
//! reach other machines than the user meant, or trust others.

use super::{Failure, World, files, output};
use crate::{
    cli::Judgement,
    collect::live::{Authority, Config, Limits, Proxy},
    policy::{NetworkLimits, Policy},
    text::Untrusted,
};
use std::path::Path;

/// The largest file of certificates, in bytes.
const MAX_BUNDLE: u64 = 8 << 20;
/// How a certificate begins in PEM (RFC 7468).
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";
const SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// The configuration that the surroundings ask for.
pub fn config(internal: Option<String>, world: &World) -> Result<Config, Failure> {
    readable_authorities(world)?;
    Ok(Config {
        internal,
        proxy: proxy(world)?,
        authorities: further_authorities(world)?,
        cache: world.cache.as_ref().map(|folder| folder.join("answers")),
        ..Config::new(world.now)
    })
}

/// The usual limits, with those that the policy says.
pub fn limits(said: NetworkLimits) -> Limits {
    Limits::default().in_seconds(said.whole_run, said.request, said.read)
}

/// Whether the system's own authorities are replaced or added to by a variable.
pub fn names_authorities(world: &World) -> bool {
    ["SSL_CERT_FILE", "SSL_CERT_DIR", "RELCHECK_CA_BUNDLE"]
        .iter()
        .any(|name| world.variables.get(name).is_some())
}

/// The host that may be inside the verifier's network. A policy that merely lies where the user stands may have come with
/// what is judged, and does not decide what is reached.
pub fn internal_host(by: &Judgement, policy: &Policy) -> Option<String> {
    let host = policy.internal_host()?;
    if by.policy.is_none() {
        output::complain(
            "note: internal-host counts only in a policy that is named: pass it with --policy to reach an internal forge",
        );
        return None;
    }
    Some(host.to_owned())
}

/// The first of those variables that holds something, as curl looks at them: in lower case first.
fn first<'a>(names: [&'static str; 2], world: &'a World) -> Option<(&'static str, &'a str)> {
    names.into_iter().find_map(|name| Some((name, world.variables.get(name)?)))
}

fn proxy(world: &World) -> Result<Option<Proxy>, Failure> {
    let named =
        first(["https_proxy", "HTTPS_PROXY"], world).or_else(|| first(["all_proxy", "ALL_PROXY"], world));
    let Some((variable, text)) = named else { return Ok(None) };
    let direct = first(["no_proxy", "NO_PROXY"], world).map_or("", |(_, hosts)| hosts);
    Proxy::parse(variable, text, direct).map(Some).map_err(|error| {
        Failure::because(&error).help("write http://HOST:PORT, or name hosts to reach without it in NO_PROXY")
    })
}

/// Certificates that are trusted besides the system's.
fn further_authorities(world: &World) -> Result<Vec<Authority>, Failure> {
    let Some(path) = world.variables.get("RELCHECK_CA_BUNDLE") else { return Ok(Vec::new()) };
    let pem = files::read("RELCHECK_CA_BUNDLE", &world.folder.join(path), MAX_BUNDLE)?;
    let name = format!("RELCHECK_CA_BUNDLE {}", Untrusted::new(path));
    let authority = Authority::parse(&name, &pem).map_err(|error| {
        Failure::because(&error).help("it takes a file of certificates in PEM, as openssl writes them")
    })?;
    Ok(vec![authority])
}

/// Whether what replaces the system's certificates can be read. The TLS library loads it by itself, and passes over what it
/// cannot read.
fn readable_authorities(world: &World) -> Result<(), Failure> {
    if let Some(path) = world.variables.get("SSL_CERT_FILE") {
        let pem = files::read("SSL_CERT_FILE", &world.folder.join(path), MAX_BUNDLE)?;
        if !String::from_utf8_lossy(&pem).contains(CERTIFICATE) {
            let shown = Untrusted::new(path);
            return Err(Failure::start(format!("SSL_CERT_FILE {shown} holds no certificate in PEM")));
        }
    }
    let folders = world.variables.get("SSL_CERT_DIR").unwrap_or_default();
    for folder in folders.split(SEPARATOR).filter(|folder| !folder.is_empty()) {
        std::fs::read_dir(world.folder.join(Path::new(folder))).map_err(|error| {
            let shown = Untrusted::new(folder);
            Failure::start(format!("SSL_CERT_DIR {shown} cannot be read: {error}"))
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Variables;

    fn world(folder: &Path, variables: &[(&str, &str)]) -> World {
        let get = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        World {
            now: jiff::Timestamp::UNIX_EPOCH,
            folder: folder.to_owned(),
            cache: None,
            colour: false,
            progress: false,
            width: None,
            variables: Variables::read(get),
        }
    }

    fn certificate() -> String {
        use base64::{Engine, prelude::BASE64_STANDARD};
        let made = rcgen::generate_simple_self_signed(vec!["ca.example".to_owned()]).unwrap();
        format!("{CERTIFICATE}\n{}\n-----END CERTIFICATE-----\n", BASE64_STANDARD.encode(made.cert.der()))
    }

    #[test]
    fn the_proxy_is_the_one_that_curl_would_take() {
        let here = Path::new(".");
        let proxy_of = |variables: &[(&str, &str)]| {
            let proxy = config(None, &world(here, variables)).unwrap().proxy;
            proxy.map(|proxy| format!("{proxy:?}"))
        };
        let is = |host: &str| Some(format!("Proxy {{ host: {host:?}, .. }}"));
        assert_eq!(proxy_of(&[]), None);
        assert_eq!(proxy_of(&[("HTTPS_PROXY", " ")]), None);
        assert_eq!(proxy_of(&[("HTTPS_PROXY", "http://a:1")]), is("a"));
        assert_eq!(proxy_of(&[("HTTPS_PROXY", "http://a:1"), ("https_proxy", "http://b:1")]), is("b"));
        assert_eq!(proxy_of(&[("ALL_PROXY", "http://a:1")]), is("a"));
        assert_eq!(proxy_of(&[("all_proxy", "http://a:1"), ("HTTPS_PROXY", "http://b:1")]), is("b"));
        assert_eq!(proxy_of(&[("http_proxy", "http://a:1"), ("HTTP_PROXY", "http://a:1")]), None);
        let failure = config(None, &world(here, &[("HTTPS_PROXY", "socks5://user:s3cr3t@a:1")])).unwrap_err();
        assert_eq!(failure.exit_code(), 2);
        assert!(
            failure.to_string().contains("HTTPS_PROXY names no proxy")
                && !failure.to_string().contains("s3cr3t")
        );
    }

    #[test]
    fn certificates_that_cannot_be_used_are_an_error_by_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("good.pem"), certificate()).unwrap();
        std::fs::write(folder.path().join("bad.pem"), "nonsense").unwrap();
        for (variable, value, says) in [
            ("RELCHECK_CA_BUNDLE", "gone.pem", "RELCHECK_CA_BUNDLE"),
            ("RELCHECK_CA_BUNDLE", "bad.pem", "RELCHECK_CA_BUNDLE bad.pem holds no certificate"),
            ("RELCHECK_CA_BUNDLE", ".", "it is not a regular file"),
            ("SSL_CERT_FILE", "gone.pem", "SSL_CERT_FILE"),
            ("SSL_CERT_FILE", "bad.pem", "SSL_CERT_FILE bad.pem holds no certificate"),
            ("SSL_CERT_DIR", "gone", "SSL_CERT_DIR gone cannot be read"),
            ("SSL_CERT_DIR", ".:gone", "SSL_CERT_DIR gone cannot be read"),
        ] {
            let world = world(folder.path(), &[(variable, value)]);
            let failure = config(None, &world).unwrap_err();
            assert_eq!(failure.exit_code(), 2, "{variable}={value}");
            assert!(failure.to_string().contains(says), "{failure}");
            assert!(names_authorities(&world));
        }
        for (variable, value) in
            [("RELCHECK_CA_BUNDLE", "good.pem"), ("SSL_CERT_FILE", "good.pem"), ("SSL_CERT_DIR", ".:")]
        {
            let config = config(None, &world(folder.path(), &[(variable, value)])).unwrap();
            assert_eq!(config.authorities.len(), usize::from(variable == "RELCHECK_CA_BUNDLE"));
        }
    }

    #[test]
    fn an_internal_host_is_named_by_a_policy_that_is_named() {
        let text = "repository = \"git.corp.example/acme/widget\"\nforge = \"gitlab\"\n";
        let internal = Policy::parse("p.toml", &format!("{text}internal-host = true\n")).unwrap();
        let public = Policy::parse("p.toml", text).unwrap();
        let named = judgement(Some("p.toml"));
        assert_eq!(internal_host(&named, &internal).as_deref(), Some("git.corp.example"));
        assert_eq!(internal_host(&judgement(None), &internal), None);
        assert_eq!(internal_host(&named, &public), None);
        for bad in [
            "internal-host = true\n",
            "repository = \"acme/widget\"\ninternal-host = true\n",
            "repository = \"gitlab.com/acme/widget\"\ninternal-host = true\n",
        ] {
            let error = Policy::parse("p.toml", bad).unwrap_err().to_string();
            assert!(error.contains("internal-host"), "{error}");
        }
    }

    #[test]
    fn the_policy_says_how_long_is_waited_and_the_rest_is_as_always() {
        let usual = limits(NetworkLimits::default());
        assert_eq!(format!("{usual:?}"), format!("{:?}", Limits::default()));
        let said = limits(NetworkLimits { whole_run: Some(7), request: None, read: Some(3) });
        assert_eq!((said.whole_run.as_secs(), said.read.as_secs()), (7, 3));
        assert_eq!((said.request, said.retries), (usual.request, usual.retries));
    }

    fn judgement(policy: Option<&str>) -> Judgement {
        use clap::Parser;
        let mut arguments = vec!["relcheck", "verify", "v1.0.0"];
        arguments.extend(policy.into_iter().flat_map(|policy| ["--policy", policy]));
        match crate::cli::Cli::parse_from(arguments).command {
            crate::cli::Command::Verify(verify) => verify.by,
            other => panic!("{other:?}"),
        }
    }
}
