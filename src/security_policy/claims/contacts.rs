//! Addresses and channels for reports, and placeholders in their place.

use super::Claims;
use super::passages::Passages;

/// Finds them.
pub(super) fn find(_passages: &Passages, _source: &str, _found: &mut Claims) {}
