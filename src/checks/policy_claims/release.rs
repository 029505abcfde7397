//! Claims about what comes with a release: signatures, checksums, provenance, bills of materials.

use super::Context;
use crate::{outcome::Finding, security_policy::claims::Claim};

/// What the release says of a claim.
pub(super) fn judge(_context: &Context<'_>, _claim: &Claim) -> Vec<Finding> {
    Vec::new()
}
