//! minisign as the maker: rows 112 and 113.

use base64::{Engine, engine::general_purpose::STANDARD};
use relcheck::proof::{Reason, Signed};
use relcheck::trust::{Key, KeyOptions};

use crate::kit::release::Release;
use crate::kit::signing::Signing;
use crate::ledger::{self, outcome, vectors};
use crate::makers::Minisign;
use crate::place::{BYTES, Place, WIDGET, without_signatures};
use crate::stage::{LINUX, Stage, said};

const SIGNATURE: &str = "widget.tar.gz.minisig";

impl Minisign {
    fn sign(&self, more: &[&str]) -> String {
        self.sign_as(WIDGET, BYTES, more)
    }

    fn place(&self, signature: &str) -> Place {
        Place::with(SIGNATURE, signature.as_bytes()).key(&self.public())
    }
}

/// The signature with one of its lines, counted from 0, written by `edit`.
fn with_line(signature: &str, n: usize, edit: impl Fn(&str) -> String) -> String {
    let lines = signature.lines().enumerate();
    lines.map(|(at, line)| if at == n { edit(line) } else { line.to_owned() } + "\n").collect()
}

/// A line of base64 with one byte changed by `edit`.
fn with_byte(line: &str, at: usize, edit: impl Fn(u8) -> u8) -> String {
    let mut raw = STANDARD.decode(line).unwrap();
    raw[at] = edit(raw[at]);
    STANDARD.encode(raw)
}

#[test]
fn what_minisign_signs_counts_with_its_comment_and_time() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    let proof = tool.place(&tool.sign(&[])).accepted(SIGNATURE);
    assert!(matches!(proof.signed(), Signed::File(_)));
    assert!(proof.stated().is_some() && proof.times().is_empty());
    assert_eq!(proof.remarks().len(), 1);
    let remark = &proof.remarks()[0];
    assert!(remark.contains("file:widget.tar.gz hashed") && !remark.contains('\t'), "{remark}");

    let signature = tool.sign(&["-t", "released by hand"]);
    let proof = tool.place(&signature).accepted(SIGNATURE);
    assert_eq!(proof.remarks(), ["trusted comment: released by hand"]);
    assert_eq!(proof.stated(), None);
    // The last line feed may be missing, and the key may be its line of base64 alone.
    let bare = String::from_utf8(tool.public()).unwrap().lines().nth(1).unwrap().to_owned();
    Place::with(SIGNATURE, signature.trim_end().as_bytes()).key(bare.as_bytes()).accepted(SIGNATURE);
    // What it is called does not matter: its content says what it is.
    Place::with("widget.tar.gz.sig", signature.as_bytes()).key(bare.as_bytes()).accepted("widget.tar.gz.sig");
}

#[test]
fn row_112_a_legacy_signature_counts_only_where_the_policy_says_so() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    let signature = tool.sign(&["-l"]);
    tool.place(&signature).refused(SIGNATURE, Reason::Weak, "set legacy = true");
    let place = Place::with(SIGNATURE, signature.as_bytes()).legacy_key(&tool.public());
    place.accepted(SIGNATURE);
    let changed = place.and(WIDGET, b"other bytes");
    changed.refused(SIGNATURE, Reason::Invalid, "the file was changed");
    // Without its last two lines it looks as if signify had made it, and is of the legacy form all the same.
    let cut: String = signature.lines().take(2).map(|line| format!("{line}\n")).collect();
    tool.place(&cut).refused(SIGNATURE, Reason::Weak, "of signify's form");
}

#[test]
fn another_file_another_key_and_a_changed_signature_are_refused() {
    vectors!();
    let (Some(tool), Some(stranger)) = (Minisign::new(), Minisign::new()) else { return };
    let signature = tool.sign(&[]);
    tool.place(&signature).and(WIDGET, b"other bytes").refused(
        SIGNATURE,
        Reason::Invalid,
        "file was changed",
    );
    tool.place(&signature).without(WIDGET).refused(SIGNATURE, Reason::Unbound, "no published file");
    tool.place(&stranger.sign(&[])).refused(SIGNATURE, Reason::UnknownKey, "names no minisign");
    Place::with(SIGNATURE, signature.as_bytes()).refused(SIGNATURE, Reason::UnknownKey, "names no minisign");
    let broken = with_line(&signature, 1, |line| with_byte(line, 40, |byte| byte ^ 1));
    tool.place(&broken).refused(SIGNATURE, Reason::Invalid, "the file was changed");
}

#[test]
fn row_112_the_id_of_a_named_key_on_a_strangers_signature_is_refused() {
    vectors!();
    let (Some(tool), Some(stranger)) = (Minisign::new(), Minisign::new()) else { return };
    let own = STANDARD.decode(tool.sign(&[]).lines().nth(1).unwrap()).unwrap();
    let swapped = with_line(&stranger.sign(&[]), 1, |line| {
        let mut raw = STANDARD.decode(line).unwrap();
        raw[2..10].copy_from_slice(&own[2..10]);
        STANDARD.encode(raw)
    });
    tool.place(&swapped).refused(SIGNATURE, Reason::Invalid, "whose id it gives");
}

#[test]
fn row_112_the_trusted_comment_is_the_one_that_was_signed() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    let (one, two) = (tool.sign(&["-t", "version 1"]), tool.sign(&["-t", "version 2"]));
    let edited = with_line(&one, 2, |line| line.replace('1', "2"));
    tool.place(&edited).refused(SIGNATURE, Reason::Invalid, "trusted comment is not the one");
    // The comment and its signature of another file of the same key.
    let other = tool.sign_as("other.tar.gz", b"other", &["-t", "version 2"]);
    let line = |text: &str, n: usize| text.lines().nth(n).unwrap().to_owned();
    let moved = with_line(&with_line(&one, 2, |_| line(&other, 2)), 3, |_| line(&other, 3));
    tool.place(&moved).refused(SIGNATURE, Reason::Invalid, "trusted comment is not the one");
    let broken = with_line(&two, 3, |line| with_byte(line, 63, |byte| byte ^ 1));
    tool.place(&broken).refused(SIGNATURE, Reason::Invalid, "trusted comment");
}

#[test]
fn row_112_a_file_named_in_the_trusted_comment_is_the_one_beside_it() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    for comment in ["file:other.tar.gz", "timestamp:1700000000\tfile:widget.tar.gz\tfile:other", "filename:x"]
    {
        let signature = tool.sign(&["-t", comment]);
        tool.place(&signature).refused(SIGNATURE, Reason::Unbound, "says that it is about");
    }
    let proof =
        tool.place(&tool.sign(&["-t", "timestamp:1700000000\tfile:widget.tar.gz"])).accepted(SIGNATURE);
    assert_eq!(proof.stated().unwrap().as_second(), 1_700_000_000);
    // The same bytes under another name: as minisign itself signed them.
    let place = tool.place(&tool.sign_as("older.tar.gz", BYTES, &[]));
    place.refused(SIGNATURE, Reason::Unbound, "older.tar.gz");
}

#[test]
fn a_time_that_is_none_is_not_stated() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    for comment in
        ["timestamp:-5", "timestamp:99999999999999999999", "timestamp:1\ttimestamp:2", "timestamp:"]
    {
        assert_eq!(tool.place(&tool.sign(&["-t", comment])).accepted(SIGNATURE).stated(), None, "{comment}");
    }
}

#[test]
fn row_112_there_are_exactly_four_lines() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    let good = tool.sign(&[]);
    let refused = |text: &str| tool.place(text).refused(SIGNATURE, Reason::Invalid, "exactly four lines");
    refused(&format!("{good}untrusted comment: more\n"));
    refused(&format!("{good}\n"));
    refused(&with_line(&good, 1, |line| format!("{line}\n")));
    refused(&good.lines().take(3).collect::<Vec<_>>().join("\n"));
    refused(&good.lines().take(2).collect::<Vec<_>>().join("\n"));
    tool.place(&format!("\n{good}")).refused(SIGNATURE, Reason::Invalid, "exactly four lines");
}

#[test]
fn row_112_the_prefixes_of_comments_are_exact() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    let good = tool.sign(&[]);
    let begins = |text: &str| tool.place(text).refused(SIGNATURE, Reason::Invalid, "does not begin with");
    begins(&good.replace("untrusted comment: ", "untrusted comment:"));
    begins(&good.replacen("trusted comment: timestamp", "trusted comment:timestamp", 1));
    begins(&good.replacen("\ntrusted comment: ", "\ncomment: ", 1));
    // A file that does not begin so at all is no minisign signature, whatever it is called.
    let other = tool.place(&good.replacen("untrusted comment: ", "comment: ", 1));
    other.key(crate::kit::signing::maintainer().public_pem().as_bytes()).refused(
        SIGNATURE,
        Reason::Unreadable,
        "neither a raw signature",
    );
}

#[test]
fn row_112_carriage_returns_control_characters_and_long_lines_are_refused() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    let good = tool.sign(&[]);
    tool.place(&good.replace('\n', "\r\n")).refused(SIGNATURE, Reason::Invalid, "CR LF");
    tool.place(&with_line(&good, 2, |line| format!("{line}\rtimestamp"))).refused(
        SIGNATURE,
        Reason::Invalid,
        "hold a CR",
    );
    for n in [0, 2] {
        let escape = with_line(&good, n, |line| format!("{line}\x1b[2K"));
        tool.place(&escape).refused(SIGNATURE, Reason::Invalid, "control character");
        let long = with_line(&good, n, |line| format!("{line}{}", "x".repeat(8200)));
        tool.place(&long).refused(SIGNATURE, Reason::Invalid, "more than");
    }
    let huge = with_line(&good, 2, |line| format!("{line}{}", "x".repeat(20_000)));
    tool.place(&huge).refused(SIGNATURE, Reason::Unreadable, "too many");
    let latin = [good.as_bytes(), b"\xff"].concat();
    Place::with(SIGNATURE, &latin).key(&tool.public()).refused(SIGNATURE, Reason::Invalid, "UTF-8");
}

#[test]
fn row_112_the_lines_of_base64_are_canonical_and_of_their_length() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    let good = tool.sign(&[]);
    type Edit = fn(&str) -> String;
    let cases: [(usize, Edit, &str); 7] = [
        (1, |line| line.trim_end_matches('=').to_owned(), "second line is not base64"),
        (1, |line| format!("{line} "), "second line is not base64"),
        // The bits of the last character that say nothing.
        (
            1,
            |line| {
                line.replace("=", "")
                    .chars()
                    .rev()
                    .skip(1)
                    .collect::<String>()
                    .chars()
                    .rev()
                    .collect::<String>()
                    + "/="
            },
            "second line is not base64",
        ),
        (1, |line| STANDARD.encode(&STANDARD.decode(line).unwrap()[..73]), "holds 73 bytes"),
        (3, |line| STANDARD.encode(&STANDARD.decode(line).unwrap()[..63]), "holds 63 bytes"),
        (3, |line| STANDARD.encode([&STANDARD.decode(line).unwrap()[..], b"x"].concat()), "holds 65 bytes"),
        (3, |line| line.replace('=', ""), "fourth line is not base64"),
    ];
    for (n, edit, words) in cases {
        tool.place(&with_line(&good, n, edit)).refused(SIGNATURE, Reason::Invalid, words);
    }
    let other = with_line(&good, 1, |line| with_byte(line, 1, |_| b'E'));
    tool.place(&other).refused(SIGNATURE, Reason::Unreadable, "only ED and Ed are known");
}

#[test]
fn row_113_a_signature_whose_s_was_raised_by_the_order_is_refused() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
    let raised = with_line(&tool.sign(&[]), 1, |line| {
        let mut raw = STANDARD.decode(line).unwrap();
        let mut carry = 0u16;
        for (byte, add) in raw[42..].iter_mut().zip(&order) {
            let sum = u16::from(*byte) + u16::from(*add) + carry;
            (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
        STANDARD.encode(raw)
    });
    tool.place(&raised).refused(SIGNATURE, Reason::Invalid, "malleable");
}

#[test]
fn a_prehashed_signature_is_not_taken_for_a_legacy_one_nor_the_other_way() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    let relabelled = |text: &str, letter: u8| with_line(text, 1, |line| with_byte(line, 1, |_| letter));
    for (signature, letter) in [(tool.sign(&[]), b'd'), (tool.sign(&["-l"]), b'D')] {
        let place = Place::with(SIGNATURE, relabelled(&signature, letter).as_bytes());
        place.legacy_key(&tool.public()).refused(SIGNATURE, Reason::Invalid, "the file was changed");
    }
}

#[test]
fn a_secret_key_and_a_key_of_another_algorithm_are_no_keys() {
    vectors!();
    let Some(tool) = Minisign::new() else { return };
    let parse =
        |bytes: &[u8]| Key::parse("k", bytes, KeyOptions::default()).map(drop).unwrap_err().to_string();
    let secret = std::fs::read(tool.path().join("m.key")).unwrap();
    assert!(parse(&secret).contains("secret key"), "{}", parse(&secret));
    let public = String::from_utf8(tool.public()).unwrap();
    assert!(
        parse(with_line(&public, 1, |line| with_byte(line, 1, |_| b'x')).as_bytes()).contains("algorithm")
    );
    assert!(parse(with_line(&public, 1, |line| line[..40].to_owned()).as_bytes()).contains("42 bytes"));
}

/// A release whose files are signed with minisign, and the policy that names its key.
fn release(tool: &Minisign, options: &str, sign: impl Fn(&str, &[u8]) -> String) -> Stage {
    let mut stage = Stage::set(&Release { signing: Signing::Detached, ..Release::good() });
    let names = stage.written.artifacts.clone();
    for name in names.iter().map(String::as_str).chain(["SHA256SUMS"]) {
        stage.withdraw(&format!("{name}.sig"));
        stage.publish(&format!("{name}.minisig"), sign(name, &stage.read(name)).as_bytes());
    }
    let key = String::from_utf8(tool.public()).unwrap();
    stage.policy = stage.policy.replace(&crate::kit::signing::maintainer().public_pem(), &key);
    stage.policy += options;
    stage
}

#[test]
fn a_release_signed_with_minisign_is_verified_and_each_fault_has_its_rule() {
    vectors!();
    let (Some(tool), Some(stranger)) = (Minisign::new(), Minisign::new()) else { return };
    // As minisign writes its comment, at the moment of the release.
    let comment = |name: &str| format!("timestamp:{}\tfile:{name}\thashed", crate::kit::RELEASED_AT);
    let sign_by =
        |tool: &Minisign, name: &str, bytes: &[u8]| tool.sign_as(name, bytes, &["-t", &comment(name)]);
    let sign = |name: &str, bytes: &[u8]| sign_by(&tool, name, bytes);
    assert_eq!(outcome(&release(&tool, "", sign).judge()), "verified");

    let late = |name: &str, bytes: &[u8]| tool.sign_as(name, bytes, &["-t", "timestamp:1900000000"]);
    let report = release(&tool, "", late).judge();
    let mut findings = report.checks.iter().flat_map(|check| &check.findings);
    let found = findings.find(|it| it.rule.id == "signatures/no-time").unwrap();
    let fix = found.fix.as_deref().unwrap();
    assert!(fix.starts_with("where it is dated too late, judge as at a later moment (--as-of)"), "{fix}");
    assert_eq!(found.expected.as_deref(), Some("a date of its own, by the moment that is judged"));

    let after = |attack: &dyn Fn(&Stage)| {
        let stage = release(&tool, "", sign);
        attack(&stage);
        outcome(&stage.judge())
    };
    let minisig = format!("{LINUX}.minisig");
    let replaced = |signature: String| after(&|stage| stage.publish(&minisig, signature.as_bytes()));
    let linux = release(&tool, "", sign).read(LINUX);
    assert_eq!(replaced(sign_by(&stranger, LINUX, &linux)), "rejected: signatures/identity fail");
    assert_eq!(replaced(sign(LINUX, b"other")), "rejected: signatures/invalid fail");
    assert_eq!(replaced(sign("other", &linux)), "rejected: signatures/unbound fail");
    assert_eq!(replaced(tool.sign_as(LINUX, &linux, &["-l", "-t", "x"])), "rejected: signatures/weak fail");
    assert_eq!(replaced(sign(LINUX, &linux) + "x\n"), "rejected: signatures/invalid fail");
    let orphan = after(&|stage| stage.publish("gone.minisig", sign("gone", b"gone").as_bytes()));
    assert_eq!(orphan, "rejected: signatures/orphan fail");

    let unknown = with_line(&sign(LINUX, &linux), 1, |line| with_byte(line, 1, |_| b'E'));
    assert_eq!(replaced(unknown), "undetermined: signatures/unreadable undetermined");
    let unsigned = without_signatures(release(&tool, "", sign), ".minisig");
    assert_eq!(unsigned, "rejected: signatures/unsigned fail");
    let mut nobody = release(&tool, "", sign);
    let entry = nobody.policy.find("\n[[rules.signatures.key]]").unwrap();
    nobody.policy.truncate(entry);
    assert_eq!(outcome(&nobody.judge()), "undetermined: signatures/identity undetermined");

    let legacy = |name: &str, bytes: &[u8]| tool.sign_as(name, bytes, &["-l", "-t", &comment(name)]);
    let stage = release(&tool, "legacy = true\n", legacy);
    assert_eq!(outcome(&stage.judge()), "verified");
    assert_eq!(said(&stage.judge(), "signatures/weak"), Vec::<String>::new());
}

/// Every test of vectors in this file.
const TESTS: &[fn()] = &[
    what_minisign_signs_counts_with_its_comment_and_time,
    row_112_a_legacy_signature_counts_only_where_the_policy_says_so,
    another_file_another_key_and_a_changed_signature_are_refused,
    row_112_the_id_of_a_named_key_on_a_strangers_signature_is_refused,
    row_112_the_trusted_comment_is_the_one_that_was_signed,
    row_112_a_file_named_in_the_trusted_comment_is_the_one_beside_it,
    a_time_that_is_none_is_not_stated,
    row_112_there_are_exactly_four_lines,
    row_112_the_prefixes_of_comments_are_exact,
    row_112_carriage_returns_control_characters_and_long_lines_are_refused,
    row_112_the_lines_of_base64_are_canonical_and_of_their_length,
    row_113_a_signature_whose_s_was_raised_by_the_order_is_refused,
    a_prehashed_signature_is_not_taken_for_a_legacy_one_nor_the_other_way,
    a_secret_key_and_a_key_of_another_algorithm_are_no_keys,
    a_release_signed_with_minisign_is_verified_and_each_fault_has_its_rule,
];

#[test]
fn there_are_enough_vectors_of_each_sort() {
    let reasons = [Reason::Invalid, Reason::Unbound, Reason::UnknownKey, Reason::Weak, Reason::Unreadable];
    let rules = [
        "signatures/identity fail",
        "signatures/identity undetermined",
        "signatures/invalid fail",
        "signatures/orphan fail",
        "signatures/unbound fail",
        "signatures/unreadable undetermined",
        "signatures/unsigned fail",
        "signatures/weak fail",
    ];
    ledger::count("minisign", Some(("minisign", "-v")), TESTS, &reasons, &rules);
}
