//! What stands between this machine and the others: a proxy, and authorities that only this network trusts.
//!
//! The rule that must not be broken: a proxy carries, and sees the names of hosts and nothing else. Every request is
//! `https`, so that it goes through a tunnel (`CONNECT`, RFC 9110, section 9.3.6), and no token is ever outside of it.

use reqwest::{Certificate, NoProxy, Url};
use std::fmt;

/// A proxy, and the hosts that are reached without it.
#[derive(Clone)]
pub struct Proxy {
    host: String,
    proxy: reqwest::Proxy,
}

/// What cannot be used of a network's configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// It names no proxy that can be used. What it says is not shown: it may hold a password.
    #[error("{variable} names no proxy that can be used: {reason}")]
    Proxy {
        /// Which variable says it.
        variable: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// It holds no certificate.
    #[error("{name} holds no certificate in PEM")]
    NoCertificate {
        /// Which variable names it, and the file.
        name: String,
    },
}

impl Proxy {
    /// The proxy that `variable` names as `text`, for all hosts but those in `direct`. Without a scheme it is `http`.
    ///
    /// # Errors
    /// [`RouteError::Proxy`] where it is none, or one of a kind that is not spoken to.
    pub fn parse(variable: &str, text: &str, direct: &str) -> Result<Self, RouteError> {
        let refuse = |reason| RouteError::Proxy { variable: variable.to_owned(), reason };
        let text = text.trim();
        let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = Url::parse(&full).map_err(|_| refuse("it is not a URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse("only http and https proxies are spoken to"));
        }
        let host = url.host_str().ok_or_else(|| refuse("it names no host"))?.to_owned();
        let proxy = reqwest::Proxy::https(url).map_err(|_| refuse("it is not a URL"))?;
        Ok(Self { host, proxy: proxy.no_proxy(NoProxy::from_string(direct)) })
    }

    /// Its host.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn into_client(self) -> reqwest::Proxy {
        self.proxy
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("host", &self.host).finish_non_exhaustive()
    }
}

/// Who may certify servers, besides those whom the system trusts.
pub struct Authority(Vec<Certificate>);

impl Authority {
    /// The certificates in a PEM file, which is called `name` where something is wrong with it.
    ///
    /// # Errors
    /// [`RouteError::NoCertificate`] where none is in it, or none that can be read.
    pub fn parse(name: &str, pem: &[u8]) -> Result<Self, RouteError> {
        let all = Certificate::from_pem_bundle(pem).unwrap_or_default();
        match all.is_empty() {
            true => Err(RouteError::NoCertificate { name: name.to_owned() }),
            false => Ok(Self(all)),
        }
    }

    pub(super) fn into_roots(self) -> Vec<Certificate> {
        self.0
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authority({} certificates)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_written_as_curl_takes_it_and_shows_no_password() {
        for (text, host) in [
            ("http://proxy.corp.example:3128", "proxy.corp.example"),
            ("proxy.corp.example:3128", "proxy.corp.example"),
            ("https://user:s3cr3t@Proxy.corp.example/", "proxy.corp.example"),
            (" user:s3cr3t@10.0.0.1:8080 ", "10.0.0.1"),
            ("http://[fd00::1]:3128", "[fd00::1]"),
        ] {
            let proxy = Proxy::parse("HTTPS_PROXY", text, "").unwrap();
            assert_eq!(proxy.host(), host);
            assert!(!format!("{proxy:?}").contains("s3cr3t"));
        }
    }

    #[test]
    fn what_is_no_proxy_is_refused_by_the_name_of_its_variable() {
        for (text, reason) in [
            ("socks5://user:s3cr3t@10.0.0.1", "only http and https proxies are spoken to"),
            ("file:///s3cr3t", "only http and https proxies are spoken to"),
            ("http://", "it is not a URL"),
            ("s3cr3t@:99999", "it is not a URL"),
        ] {
            let error = Proxy::parse("ALL_PROXY", text, "").unwrap_err();
            assert_eq!(error, RouteError::Proxy { variable: "ALL_PROXY".to_owned(), reason }, "{text}");
            assert!(
                error.to_string().starts_with("ALL_PROXY names no proxy")
                    && !error.to_string().contains("s3cr3t")
            );
        }
    }

    #[test]
    fn a_bundle_without_a_certificate_is_refused_by_name() {
        let half = b"-----BEGIN CERTIFICATE-----\nMIIB\n";
        for pem in
            [&b""[..], b"nonsense", half, b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
        {
            let error = Authority::parse("RELCHECK_CA_BUNDLE (corp.pem)", pem).unwrap_err();
            assert_eq!(error.to_string(), "RELCHECK_CA_BUNDLE (corp.pem) holds no certificate in PEM");
        }
    }
}
