//! What of the verifier's trust the tools of others can be given, for the commands that a finding names.
//!
//! Nothing is decided by it: no check may accept or refuse anything for what it says.

use crate::trust::{KeyKind, Origin, TrustRoots};
use std::collections::BTreeMap;

/// Keys and roots, by what they are called.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    /// The kinds of the keys for what is published, by the policy's name for each.
    pub keys: BTreeMap<String, KeyKind>,
    /// Somebody whom each file of SSH's allowed signers names, by the policy's name for the file.
    pub principals: BTreeMap<String, String>,
    /// The names of the Sigstore roots that the user gave as files.
    pub root_files: Vec<String>,
}

impl Trusted {
    pub(super) fn of(trust: &TrustRoots) -> Self {
        let keys = trust.keys().iter().map(|key| (key.name().to_owned(), key.kind()));
        let files = trust.sigstore().iter().filter(|root| root.origin() == Origin::File);
        let principals = trust.keys().iter();
        let principals =
            principals.filter_map(|key| Some((key.name().to_owned(), key.principal()?.to_owned())));
        Self {
            keys: keys.collect(),
            principals: principals.collect(),
            root_files: files.map(|root| root.name().to_owned()).collect(),
        }
    }
}
