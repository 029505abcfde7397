//! What is looked up in the network, and when: nothing with `--offline`, nothing when a pack is judged, and otherwise
//! only what the published files do not hold themselves.

use super::output;
use crate::{
    collect::{
        live::{Limits, Live},
        rekor::{self, Wanted},
        transport::{Offline, Transport, TransportError},
    },
    evidence::{Evidence, Seen},
    proof::{self, Format, sigstore::bare},
    text::{count, plural_list},
    trust::SigstoreRoot,
};
use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The network, which is reached when something is asked of it, and not before.
pub struct Network {
    is_offline: bool,
    live: OnceCell<Result<Arc<Live>, TransportError>>,
}

impl Network {
    /// The network, unless `--offline` was given.
    pub fn new(is_offline: bool) -> Self {
        Self { is_offline, live: OnceCell::new() }
    }

    /// Whether nothing may be asked.
    pub fn is_offline(&self) -> bool {
        self.is_offline
    }

    /// What requests go through.
    pub fn transport(&self) -> Result<Arc<dyn Transport>, TransportError> {
        if self.is_offline {
            return Ok(Arc::new(Offline));
        }
        let live = self.live.get_or_init(|| Live::new(Limits::default()).map(Arc::new));
        live.clone().map(|live| live as Arc<dyn Transport>)
    }
}

/// Asks the logs of `roots` about envelopes that were published without their log entries.
pub fn ask_logs(evidence: &mut Evidence, roots: &[SigstoreRoot], network: &Network) {
    let wanted = wanted(evidence);
    if wanted.is_empty() {
        return;
    }
    let logs: BTreeSet<String> = roots.iter().flat_map(SigstoreRoot::logs).cloned().collect();
    let logs: Vec<String> = logs.into_iter().collect();
    if network.is_offline {
        evidence.log_entries =
            Seen::unavailable("its log was not asked: --offline opens no socket; run without --offline");
        return;
    }
    evidence.log_entries = match network.transport() {
        Ok(transport) => {
            let envelopes = count(wanted.len(), "envelope", "envelopes");
            output::complain(&format!("note: asking {} about {envelopes}", plural_list(&logs, 3)));
            rekor::look_up(&wanted, &logs, transport.as_ref())
        }
        Err(error) => Seen::unavailable(error.reason()),
    };
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
