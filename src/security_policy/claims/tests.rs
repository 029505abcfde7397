//! Each kind of claim: a text that makes it, and a near miss that does not.
