//! Advisory databases and lock files: what is known about what a release depends on.
