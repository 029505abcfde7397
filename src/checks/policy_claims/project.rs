//! Claims about the tree of the tag: workflows, update configuration, hooks, lock files, paths and links.

use super::Context;
use crate::{outcome::Finding, security_policy::claims::Claim};

/// What the tree says of a claim; nothing where it has no say.
pub(super) fn judge(_context: &Context<'_>, _claim: &Claim) -> Vec<Finding> {
    Vec::new()
}
