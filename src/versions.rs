//! Versions as tags spell them.
