//! What is looked up in the network, and when: nothing with `--offline`, nothing when a pack is judged, and otherwise
//! only what the published files do not hold themselves.

use super::{Failure, World, output, route};
use crate::{
    collect::{
        live::{Config, Limits, Live},
        rekor::{self, Wanted},
        transport::{Offline, Transport},
    },
    evidence::{Evidence, Seen},
    proof::{self, Format, sigstore::bare},
    text::{count, plural_list},
    trust::SigstoreRoot,
};
use jiff::{SignedDuration, Timestamp};
use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The network, which is reached when something is asked of it, and not before.
pub struct Network<'a> {
    is_offline: bool,
    internal: Option<String>,
    limits: Limits,
    world: &'a World,
    live: OnceCell<Arc<Live>>,
}

impl<'a> Network<'a> {
    /// The network, unless `--offline` was given.
    pub fn new(is_offline: bool, world: &'a World) -> Self {
        Self { is_offline, internal: None, limits: Limits::default(), world, live: OnceCell::new() }
    }

    /// The same, with one host that may be inside the verifier's own network.
    pub fn reaching(self, internal: Option<String>) -> Self {
        Self { internal, ..self }
    }

    /// The same, with other limits.
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Whether nothing may be asked.
    pub fn is_offline(&self) -> bool {
        self.is_offline
    }

    /// The moment that is as long after `moment` as this run has lasted.
    pub fn later(&self, moment: Timestamp) -> Result<Timestamp, Failure> {
        let elapsed = self.transport()?.elapsed();
        let elapsed = SignedDuration::try_from(elapsed).unwrap_or_default();
        Ok(moment.checked_add(elapsed).unwrap_or(moment))
    }

    /// What requests go through.
    pub fn transport(&self) -> Result<Arc<dyn Transport>, Failure> {
        if self.is_offline {
            return Ok(Arc::new(Offline));
        }
        if let Some(live) = self.live.get() {
            return Ok(Arc::clone(live) as Arc<dyn Transport>);
        }
        let config = Config { limits: self.limits, ..route::config(self.internal.clone(), self.world)? };
        let live = Live::new(config);
        let live = Arc::new(live.map_err(|error| match route::names_authorities(self.world) {
            true => Failure::start(&error).help(
                "look at the certificates that SSL_CERT_FILE, SSL_CERT_DIR and RELCHECK_CA_BUNDLE name",
            ),
            false => Failure::undetermined(&error).help(error.advice()),
        })?);
        Ok(Arc::clone(self.live.get_or_init(|| live)) as Arc<dyn Transport>)
    }
}

/// Asks the logs of `roots` about envelopes that were published without their log entries.
pub fn ask_logs(
    evidence: &mut Evidence,
    roots: &[SigstoreRoot],
    network: &Network<'_>,
) -> Result<(), Failure> {
    let wanted = wanted(evidence);
    if wanted.is_empty() {
        return Ok(());
    }
    if network.is_offline {
        evidence.log_entries =
            Seen::unavailable("its log was not asked: --offline opens no socket; run without --offline");
        return Ok(());
    }
    let logs: BTreeSet<String> = roots.iter().flat_map(SigstoreRoot::logs).cloned().collect();
    let logs: Vec<String> = logs.into_iter().collect();
    let transport = network.transport()?;
    let envelopes = count(wanted.len(), "envelope", "envelopes");
    output::complain(&format!("note: asking {} about {envelopes}", plural_list(&logs, 3)));
    evidence.log_entries = rekor::look_up(&wanted, &logs, transport.as_ref());
    Ok(())
}

/// The envelopes in the published files that hold no log entry, each once.
fn wanted(evidence: &Evidence) -> Vec<Wanted> {
    let files = evidence.published.present().map(|published| &published.files);
    let bundles = files.into_iter().flatten().filter_map(|(name, file)| {
        let (format, _) = proof::recognise(name.as_str())?;
        (format == Format::Bundle).then_some(file.content.as_ref())?
    });
    let envelopes: BTreeMap<_, _> = bundles.flat_map(|item| bare::without_entry(&item.bytes)).collect();
    envelopes.into_iter().map(|(envelope, payload)| Wanted { envelope, payload }).collect()
}
