//! How the network is reached. The environment is not read here: whoever makes a configuration did that.

use super::{Authority, Limits, Proxy};
use jiff::Timestamp;
use std::path::PathBuf;

/// How the network is reached. All of it comes from the verifier's side.
#[derive(Debug)]
pub struct Config {
    /// How long and how often is waited.
    pub limits: Limits,
    /// The time at which the run begins.
    pub now: Timestamp,
    /// The one host that may have an address inside the verifier's network.
    pub internal: Option<String>,
    /// Through what everything goes.
    pub proxy: Option<Proxy>,
    /// Who is trusted to certify servers, besides those whom the system trusts.
    pub authorities: Vec<Authority>,
    /// Where the answers of forges are kept between runs.
    pub cache: Option<PathBuf>,
}

impl Config {
    /// The public internet, without anything between.
    pub fn new(now: Timestamp) -> Self {
        Self {
            limits: Limits::default(),
            now,
            internal: None,
            proxy: None,
            authorities: Vec::new(),
            cache: None,
        }
    }
}
