//! Attacks on verifiers that are known, and some that were found here: each with exactly what relcheck says.
//!
//! `index.tsv` has a line for every published weakness of a verifier that the project looked at, by the number that it
//! has in the project's notes. One folder a row that is asserted here: the hostile thing, and its unspoilt twin.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::print_stderr, reason = "the counts are for whoever reads the test's output")]

#[path = "../kit/mod.rs"]
mod kit;
#[path = "../release/stage.rs"]
#[allow(dead_code, reason = "each test binary uses its part")]
mod stage;

mod archives;
mod found;
mod index;
mod stand;

#[path = "001-entry-of-another-signature/test.rs"]
mod row_001;
#[path = "002-a-bundle-that-waves-the-rest-through/test.rs"]
mod row_002;
#[path = "003-an-attestation-of-another-type/test.rs"]
mod row_003;
#[path = "004-the-one-that-fits-is-not-the-one-that-is-signed/test.rs"]
mod row_004;
#[path = "005-signatures-without-end/test.rs"]
mod row_005;
#[path = "006-a-sidecar-larger-than-memory/test.rs"]
mod row_006;
#[path = "007-a-count-that-promises-more/test.rs"]
mod row_007;
#[path = "008-an-entry-of-another-file-in-an-old-format/test.rs"]
mod row_008;
#[path = "009-an-authority-that-ended-before-its-leaf/test.rs"]
mod row_009;
#[path = "010-a-payload-that-is-no-such-predicate/test.rs"]
mod row_010;
#[path = "011-one-more-than-the-limit/test.rs"]
mod row_011;
#[path = "012-a-million-entries/test.rs"]
mod row_012;
#[path = "014-the-same-entry-twice/test.rs"]
mod row_014;
#[path = "016-nothing-to-verify/test.rs"]
mod row_016;
#[path = "017-a-body-of-another-version/test.rs"]
mod row_017;
#[path = "018-a-digest-for-show/test.rs"]
mod row_018;
#[path = "020-a-type-in-letters-that-look-alike/test.rs"]
mod row_020;
#[path = "021-a-time-that-nobody-signed/test.rs"]
mod row_021;
#[path = "022-checkpoints-that-are-none/test.rs"]
mod row_022;
#[path = "023-an-entry-of-another-file-by-its-suffix/test.rs"]
mod row_023;
#[path = "024-a-result-that-nobody-looked-at/test.rs"]
mod row_024;
#[path = "025-no-log-and-a-time-of-ones-own/test.rs"]
mod row_025;
#[path = "026-one-good-time-of-two/test.rs"]
mod row_026;
#[path = "027-a-time-that-has-not-come/test.rs"]
mod row_027;
#[path = "028-two-signatures-in-an-envelope/test.rs"]
mod row_028;
#[path = "029-the-window-of-another-authority/test.rs"]
mod row_029;
#[path = "031-a-statement-about-nothing/test.rs"]
mod row_031;
#[path = "032-a-payload-of-no-known-type/test.rs"]
mod row_032;
#[path = "033-one-bit-of-the-signature/test.rs"]
mod row_033;
#[path = "034-two-authorities-of-one-name/test.rs"]
mod row_034;
#[path = "035-stamps-over-longer-hashes/test.rs"]
mod row_035;
#[path = "036-proofs-in-trees-of-every-size/test.rs"]
mod row_036;
#[path = "038-a-stamp-by-another-key/test.rs"]
mod row_038;
#[path = "039-a-forged-certificate-first-in-the-bag/test.rs"]
mod row_039;
#[path = "040-a-token-that-nests-without-end/test.rs"]
mod row_040;
#[path = "046-a-field-that-is-missing/test.rs"]
mod row_046;
#[path = "047-a-key-by-address/test.rs"]
mod row_047;
#[path = "061-modules-of-another-host/test.rs"]
mod row_061;
#[path = "062-names-that-are-paths/test.rs"]
mod row_062;
#[path = "063-programs-in-the-working-folder/test.rs"]
mod row_063;
#[path = "069-a-signature-that-is-not-there/test.rs"]
mod row_069;
#[path = "074-digests-that-are-paths-or-words/test.rs"]
mod row_074;
#[path = "076-one-document-with-two-meanings/test.rs"]
mod row_076;
#[path = "081-what-is-used-is-what-was-verified/test.rs"]
mod row_081;
#[path = "084-a-list-that-is-not-there/test.rs"]
mod row_084;
#[path = "085-an-expected-digest-that-is-empty/test.rs"]
mod row_085;
#[path = "101-a-status-line-in-a-name/test.rs"]
mod row_101;
#[path = "114-numbers-that-make-an-equation-true/test.rs"]
mod row_114;
#[path = "118-a-hash-of-two-things/test.rs"]
mod row_118;
#[path = "120-traps-in-a-repository/test.rs"]
mod row_120;
#[path = "133-two-readers-of-one-archive/test.rs"]
mod row_133;
#[path = "135-archives-without-end/test.rs"]
mod row_135;
#[path = "136-nesting-without-end/test.rs"]
mod row_136;
#[path = "137-patterns-that-cost/test.rs"]
mod row_137;
