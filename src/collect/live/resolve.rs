//! Which addresses may be connected to.
//!
//! The rule that must not be broken: the client connects to the addresses that were checked here, and to no others.

use crate::collect::address;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use tokio::task::spawn_blocking;

/// What may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// `https` on the public internet.
    Public,
    /// Plain `http` on this machine, for the tests of this file.
    #[cfg(test)]
    Loopback,
}

impl Reach {
    /// The one scheme that is spoken.
    pub(super) fn scheme(self) -> &'static str {
        match self {
            Self::Public => "https",
            #[cfg(test)]
            Self::Loopback => "http",
        }
    }

    /// Why an address is not connected to.
    pub(super) fn refusal(self, address: IpAddr) -> Option<&'static str> {
        match self {
            Self::Public => address::refusal(address),
            #[cfg(test)]
            Self::Loopback => (!address.is_loopback()).then_some("not loopback"),
        }
    }
}

/// Resolves names to the addresses that may be connected to; the client connects to these and to no others.
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
        let reach = self.0;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found =
                spawn_blocking(move || (host.as_str(), 0).to_socket_addrs().map(Vec::from_iter)).await??;
            let refused = found
                .iter()
                .find_map(|socket| Some(Refused { address: socket.ip(), kind: reach.refusal(socket.ip())? }));
            let public: Vec<SocketAddr> =
                found.into_iter().filter(|socket| reach.refusal(socket.ip()).is_none()).collect();
            match refused.filter(|_| public.is_empty()) {
                Some(refused) => Err(refused.into()),
                None => Ok(Box::new(public.into_iter()) as Addrs),
            }
        })
    }
}
