//! Which addresses may be connected to.
//!
//! The rule that must not be broken: the client connects to the addresses that were checked here, and to no others. Two
//! names are excepted, both by the verifier and by nobody else: the proxy, which is not asked for anything but to carry,
//! and one internal host, which may be on a private address and on no other special one.

use super::Config;
use crate::collect::address;
use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use tokio::task::spawn_blocking;

/// What may be reached.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    scope: Scope,
    internal: Option<String>,
    proxy: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// `https` on the public internet.
    Public,
    /// Plain `http` on this machine, for the tests of this room.
    #[cfg(test)]
    Loopback,
}

impl Reach {
    /// `https` on the public internet, and what the verifier excepted.
    pub(super) fn public(config: &Config) -> Self {
        let proxy = config.proxy.as_ref().map(|proxy| proxy.host().to_owned());
        Self { scope: Scope::Public, internal: config.internal.clone(), proxy }
    }

    /// Plain `http` on this machine.
    #[cfg(test)]
    pub(super) fn loopback() -> Self {
        Self { scope: Scope::Loopback, internal: None, proxy: None }
    }

    /// The same, with one host that counts as internal.
    #[cfg(test)]
    pub(super) fn with_internal(self, host: &str) -> Self {
        Self { internal: Some(host.to_owned()), ..self }
    }

    /// The one scheme that is spoken.
    pub(super) fn scheme(&self) -> &'static str {
        match self.scope {
            Scope::Public => "https",
            #[cfg(test)]
            Scope::Loopback => "http",
        }
    }

    /// Whether a URL is on the one host that may be internal.
    pub(super) fn is_internal(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| is_same(self.internal.as_deref(), host))
    }

    /// Whether that is the proxy, whose address is not looked at.
    pub(super) fn is_proxy(&self, host: &str) -> bool {
        is_same(self.proxy.as_deref(), host)
    }

    /// Why an address of `host` is not connected to.
    pub(super) fn refusal(&self, host: &str, address: IpAddr) -> Option<&'static str> {
        match self.scope {
            Scope::Public if is_same(self.internal.as_deref(), host) && address::is_private(address) => None,
            Scope::Public => address::refusal(address),
            #[cfg(test)]
            Scope::Loopback => (!address.is_loopback()).then_some("not loopback"),
        }
    }

    /// The addresses among those of `host` that may be connected to.
    fn allowed(&self, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
        if self.is_proxy(host) {
            return Ok(found);
        }
        let refusal = |socket: &SocketAddr| self.refusal(host, socket.ip());
        let refused = found.iter().find_map(|at| Some(Refused { address: at.ip(), kind: refusal(at)? }));
        let allowed: Vec<SocketAddr> = found.into_iter().filter(|at| refusal(at).is_none()).collect();
        match refused.filter(|_| allowed.is_empty()) {
            Some(refused) => Err(refused),
            None => Ok(allowed),
        }
    }
}

fn is_same(named: Option<&str>, host: &str) -> bool {
    named.is_some_and(|named| named.eq_ignore_ascii_case(host))
}

/// Resolves names to the addresses that may be connected to.
pub(super) struct Resolver(pub(super) Reach);

/// A name all of whose addresses are refused.
#[derive(Debug, thiserror::Error)]
#[error("its address {address} is {kind}")]
pub(super) struct Refused {
    pub(super) address: IpAddr,
    pub(super) kind: &'static str,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let asked = host.clone();
            let found =
                spawn_blocking(move || (asked.as_str(), 0).to_socket_addrs().map(Vec::from_iter)).await??;
            Ok(Box::new(reach.allowed(&host, found)?.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_128_of_a_name_with_several_addresses_only_the_public_ones_are_connected_to() {
        let reach = Reach::public(&Config::new(jiff::Timestamp::UNIX_EPOCH));
        let of = |all: &[&str]| all.iter().map(|at| format!("{at}:443").parse().unwrap()).collect::<Vec<_>>();
        let inside = ["10.0.0.1", "127.0.0.1", "169.254.169.254", "[::1]", "[fd00::1]", "[64:ff9b::7f00:1]"];
        let public = ["1.1.1.1", "[2606:4700::1]"];
        let mixed: Vec<&str> = inside.into_iter().chain(public).collect();
        assert_eq!(reach.allowed("evil.example", of(&mixed)).unwrap(), of(&public));
        let refused = reach.allowed("evil.example", of(&inside)).unwrap_err();
        assert_eq!(refused.to_string(), "its address 10.0.0.1 is private");
        assert_eq!(reach.allowed("evil.example", of(&[])).unwrap(), []);
        // The internal host may be on a private address, and on nothing worse.
        let reach = reach.with_internal("git.corp.example");
        assert_eq!(
            reach.allowed("git.corp.example", of(&mixed)).unwrap(),
            of(&["10.0.0.1", "[fd00::1]", "1.1.1.1", "[2606:4700::1]"])
        );
    }

    #[test]
    fn only_the_named_host_may_be_private_and_nothing_worse() {
        let config = Config {
            internal: Some("Git.corp.example".to_owned()),
            ..Config::new(jiff::Timestamp::UNIX_EPOCH)
        };
        let reach = Reach::public(&config);
        let refusal = |host: &str, address: &str| reach.refusal(host, address.parse().unwrap());
        for address in
            ["10.1.2.3", "172.16.0.1", "192.168.0.1", "100.64.0.1", "fd00::1", "::ffff:10.0.0.1", "1.1.1.1"]
        {
            assert_eq!(refusal("git.corp.example", address), None, "{address}");
        }
        for (address, kind) in [
            ("127.0.0.1", "loopback"),
            ("::1", "loopback"),
            ("169.254.169.254", "link-local"),
            ("::ffff:169.254.169.254", "link-local"),
            ("0.0.0.0", "unspecified"),
            ("224.0.0.1", "multicast"),
            ("192.0.2.1", "reserved"),
        ] {
            assert_eq!(refusal("git.corp.example", address), Some(kind), "{address}");
        }
        for host in ["corp.example", "x.git.corp.example", "git.corp.example.", "git.corp.example.evil", ""] {
            assert_eq!(refusal(host, "10.1.2.3"), Some("private"), "{host}");
        }
        let nobody = Reach::public(&Config::new(jiff::Timestamp::UNIX_EPOCH));
        assert_eq!(nobody.refusal("git.corp.example", "10.1.2.3".parse().unwrap()), Some("private"));
    }
}
