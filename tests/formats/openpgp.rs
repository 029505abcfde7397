//! OpenPGP signatures made by GnuPG: what counts, and what does not with its exact reason.

use relcheck::digest::{Algorithms, hash_reader};
use relcheck::evidence::LogEntries;
use relcheck::proof::openpgp::{self, Cleartext};
use relcheck::proof::{Context, Proof, Reason, Refusal, Signer, Target};
use relcheck::trust::{Key, KeyOptions, TrustRoots};

use crate::gpg::Gpg;
use crate::ledger::{self, vectors};
use crate::openpgp_release;

const FILE: &[u8] = b"These are the bytes of a file.\n";
const MADE: &str = "20240201";

type Verdict = Result<Proof, Refusal>;

/// A key of the policy.
fn key(certificate: &[u8]) -> Key {
    Key::parse("release", certificate, KeyOptions::default()).unwrap()
}

fn key_of(certificate: &[u8], fingerprints: &[&str]) -> Result<Key, String> {
    let fingerprints = fingerprints.iter().map(|it| (*it).to_owned()).collect();
    Key::parse("release", certificate, KeyOptions { fingerprints, ..KeyOptions::default() })
        .map_err(|error| error.to_string())
}

/// The verdicts on `signature` over `file`, whose bytes were streamed, as those of large files are.
fn verdicts(signature: &[u8], file: &[u8], keys: Vec<Key>) -> Vec<Verdict> {
    let (_, digests) = hash_reader(file, Algorithms::SHA256).unwrap();
    let framed: Vec<_> = openpgp::frames(signature).iter().map(|frame| frame.of(file)).collect();
    let target = Target { digests: &digests, framed: &framed, bytes: None };
    judged(signature, Some(target), keys)
}

/// The verdicts on `signature` over `file`, whose bytes were kept, as those of small text files are.
fn verdicts_kept(signature: &[u8], file: &[u8], keys: Vec<Key>) -> Vec<Verdict> {
    let (_, digests) = hash_reader(file, Algorithms::SHA256).unwrap();
    judged(signature, Some(Target { digests: &digests, framed: &[], bytes: Some(file) }), keys)
}

fn judged(signature: &[u8], about: Option<Target<'_>>, keys: Vec<Key>) -> Vec<Verdict> {
    ledger::judged((signature, about.as_ref().map(|file| file.digests.sha256().to_string())));
    let trust = TrustRoots::of(Vec::new()).with_keys(keys);
    let log_entries = &LogEntries::unavailable("no log is needed");
    let as_of = "2026-01-06T00:00:00Z".parse().unwrap();
    let context = Context { about, sibling: &|_| None, name: "file.asc", log_entries, trust: &trust, as_of };
    relcheck::proof::detached::verify(signature, &context)
}

/// The one proof.
#[track_caller]
fn proof(verdicts: Vec<Verdict>) -> Proof {
    let [verdict] = &verdicts[..] else { panic!("{verdicts:?}") };
    ledger::accepted((ledger::last(), format!("{verdict:?}")));
    verdict.clone().unwrap_or_else(|refusal| panic!("{refusal}"))
}

/// The reason of the one refusal, which has to contain `words`.
#[track_caller]
fn refused(verdicts: Vec<Verdict>, words: &str) -> Reason {
    let [Err(refusal)] = &verdicts[..] else { panic!("{verdicts:?}") };
    assert!(refusal.detail.contains(words), "{}", refusal.detail);
    ledger::refused((ledger::last(), format!("{verdicts:?}")), refusal.reason);
    refusal.reason
}

fn armored(label: &str, bytes: &[u8]) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let body = STANDARD.encode(bytes);
    let lines: Vec<&str> =
        body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PGP {label}-----\n\n{}\n-----END PGP {label}-----\n", lines.join("\n")).into_bytes()
}

/// A keyring with an Ed25519 key that signs and never expires.
struct Simple {
    gpg: Gpg,
    fingerprint: String,
}

impl Simple {
    fn new() -> Option<Self> {
        let gpg = Gpg::new()?;
        let fingerprint = gpg.key("20240101", "Release <r@example.com>", "ed25519", "sign,cert", "never");
        Some(Self { gpg, fingerprint })
    }

    fn sign(&self, options: &[&str]) -> Vec<u8> {
        self.gpg.sign(MADE, &self.fingerprint, options, FILE)
    }

    fn keys(&self) -> Vec<Key> {
        vec![key(&self.gpg.export(&self.fingerprint))]
    }
}

// --- what counts ---

#[test]
fn signatures_of_every_sort_of_key_count_armored_and_binary() {
    vectors!();
    let Some(gpg) = Gpg::new() else { return };
    let mut vectors = 0;
    for algorithm in ["ed25519", "rsa3072", "nistp256", "nistp384", "nistp521", "rsa2048"] {
        let name = format!("{algorithm} <{algorithm}@example.com>");
        let fingerprint = gpg.key("20240101", &name, algorithm, "sign,cert", "never");
        for options in [&["--armor"][..], &[]] {
            let signature = gpg.sign(MADE, &fingerprint, options, FILE);
            for certificate in [gpg.export(&fingerprint), gpg.export_binary(&fingerprint)] {
                let proof = proof(verdicts(&signature, FILE, vec![key(&certificate)]));
                let Signer::Key { name, detail: Some(detail), .. } = proof.signer() else { panic!() };
                assert_eq!((name.as_str(), detail.raw()), ("release", fingerprint.as_str()));
                assert_eq!(proof.stated(), Some("2024-02-01T00:00:00Z".parse().unwrap()));
                assert_eq!(proof.remarks(), [""; 0]);
                let tampered = verdicts(&signature, b"Other bytes.\n", vec![key(&certificate)]);
                assert_eq!(refused(tampered, "the file or the signature was changed"), Reason::Invalid);
                vectors += 2;
            }
        }
    }
    eprintln!("{vectors} vectors of key and form");
    // GnuPG's signatures over this curve are refused by its library every other time: then better always.
    let fingerprint = gpg.key("20240101", "Koblitz <k@example.com>", "secp256k1", "sign,cert", "never");
    assert!(key_of(&gpg.export(&fingerprint), &[]).err().unwrap().contains("not read"));
}

#[test]
fn signing_subkeys_count_for_their_certificate_and_the_policy_decides_which() {
    vectors!();
    let Some(gpg) = Gpg::new() else { return };
    let primary = gpg.key("20240101", "Release <r@example.com>", "ed25519", "cert", "never");
    let one = gpg.subkey("20240101", &primary, "ed25519", "sign", "never");
    let other = gpg.subkey("20240102", &primary, "rsa2048", "sign", "never");
    gpg.subkey("20240102", &primary, "cv25519", "encr", "never");
    let certificate = gpg.export(&primary);
    let by = |subkey: &str| gpg.sign(MADE, subkey, &[], FILE);
    for subkey in [&one, &other] {
        let proof = proof(verdicts(&by(subkey), FILE, vec![key(&certificate)]));
        assert!(proof.signer().to_string().contains(subkey.as_str()), "{}", proof.signer());
    }
    let spaced = one.as_bytes().chunks(4).map(|it| std::str::from_utf8(it).unwrap()).collect::<Vec<_>>();
    for spelt in [one.clone(), one.to_lowercase(), format!("0x{one}"), spaced.join(" ")] {
        let named = || vec![key_of(&certificate, &[&spelt]).unwrap()];
        proof(verdicts(&by(&one), FILE, named()));
        assert_eq!(refused(verdicts(&by(&other), FILE, named()), "does not name"), Reason::UnknownKey);
    }
    // What could be forged, is wrong, or could never sign is refused when the policy is read.
    for (wrong, said) in [
        (&one[24..], "key ids can be forged"),
        (&one[32..], "key ids can be forged"),
        ("not a fingerprint", "not hexadecimal"),
        (&"ab".repeat(20), "no key of the certificate"),
        (&primary, "may not sign"),
    ] {
        let error = key_of(&certificate, &[wrong]).err().unwrap();
        assert!(error.contains(said), "{error}");
        assert!(error.contains(&one) || said == "not hexadecimal", "{error}");
    }
}

#[test]
fn each_of_several_signatures_gets_its_own_verdict() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let stranger = simple.gpg.key("20240101", "Other <o@example.com>", "ed25519", "sign,cert", "never");
    let foreign = simple.gpg.sign(MADE, &stranger, &[], FILE);
    let both = [simple.sign(&[]), foreign.clone()].concat();
    let blocks = [simple.sign(&["--armor"]), armored("SIGNATURE", &foreign)].concat();
    for signatures in [both.clone(), armored("SIGNATURE", &both), blocks] {
        let verdicts = verdicts(&signatures, FILE, simple.keys());
        assert_eq!(verdicts.len(), 2);
        assert!(verdicts[0].is_ok());
        assert_eq!(verdicts[1].as_ref().unwrap_err().reason, Reason::UnknownKey);
    }
    let many = simple.sign(&[]).repeat(33);
    assert_eq!(refused(verdicts(&many, FILE, simple.keys()), "more than 32"), Reason::Unreadable);
    let large = [simple.sign(&[]), vec![0; 1 << 20]].concat();
    assert_eq!(refused(verdicts(&large, FILE, simple.keys()), "over the limit"), Reason::Unreadable);
}

#[test]
fn a_text_signature_counts_for_text_that_was_kept_and_says_so() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let signature = simple.sign(&["--textmode"]);
    let proof = proof(verdicts_kept(&signature, FILE, simple.keys()));
    assert_eq!(proof.remarks(), ["it is over text, whatever its line endings are"]);
    let tampered = verdicts_kept(&signature, b"These are other bytes.\n", simple.keys());
    assert_eq!(refused(tampered, "changed"), Reason::Invalid);
    assert_eq!(refused(verdicts(&signature, FILE, simple.keys()), "only its digest"), Reason::Unreadable);
    let binary = simple.gpg.sign(MADE, &simple.fingerprint, &["--textmode"], b"\0\xff\n");
    let judged = verdicts_kept(&binary, b"\0\xff\n", simple.keys());
    assert_eq!(refused(judged, "the file is no text"), Reason::Invalid);
}

// --- keys ---

#[test]
fn a_signature_by_a_key_that_the_policy_does_not_name_is_by_nobody() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let stranger = simple.gpg.key("20240101", "Other <o@example.com>", "ed25519", "sign,cert", "never");
    let signature = simple.gpg.sign(MADE, &stranger, &[], FILE);
    assert_eq!(refused(verdicts(&signature, FILE, simple.keys()), &stranger), Reason::UnknownKey);
    assert_eq!(refused(verdicts(&signature, FILE, vec![]), "names no OpenPGP"), Reason::UnknownKey);
    // The issuer in it is a hint that anybody may write: another key's does not make it that key's.
    let ours = simple.sign(&[]);
    let theirs =
        replaced(&signature, &hex::decode(&stranger).unwrap(), &hex::decode(&simple.fingerprint).unwrap());
    let (theirs_id, ours_id) =
        (hex::decode(&stranger[24..]).unwrap(), hex::decode(&simple.fingerprint[24..]).unwrap());
    let forged = replaced(&theirs, &theirs_id, &ours_id);
    assert_ne!(forged, ours);
    assert_eq!(refused(verdicts(&forged, FILE, simple.keys()), "changed"), Reason::Invalid);
}

/// `bytes` with each occurrence of one sequence replaced by another.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    let places: Vec<usize> =
        (0..=bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert!(!places.is_empty(), "nothing to replace");
    for at in places {
        all.splice(at..at + from.len(), to.iter().copied());
    }
    all
}

#[test]
fn row_058_a_key_that_expired_before_the_signature_signs_nothing_and_one_that_expired_since_is_remarked_on() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let signature = simple.sign(&[]);
    simple.gpg.expire("20240110", &simple.fingerprint, "2024-03-01");
    let since = proof(verdicts(&signature, FILE, simple.keys()));
    assert_eq!(since.remarks(), [""; 0], "whether it expired depends on the moment judged");
    simple.gpg.expire("20240111", &simple.fingerprint, "2024-01-20");
    assert_eq!(refused(verdicts(&signature, FILE, simple.keys()), "expired at 2024-01-20"), Reason::Expired);
}

#[test]
fn row_058_a_subkey_ends_with_itself_and_with_its_certificate() {
    vectors!();
    let Some(gpg) = Gpg::new() else { return };
    let primary = gpg.key("20240101", "Release <r@example.com>", "ed25519", "cert", "never");
    let subkey = gpg.subkey("20240101", &primary, "ed25519", "sign", "2024-06-01");
    let before = gpg.sign(MADE, &subkey, &[], FILE);
    let keys = || vec![key(&gpg.export(&primary))];
    proof(verdicts(&before, FILE, keys()));
    gpg.expire("20240110", &primary, "2024-01-20");
    assert_eq!(refused(verdicts(&before, FILE, keys()), "2024-01-20"), Reason::Expired);
    gpg.expire("20240111", &primary, "never");
    proof(verdicts(&before, FILE, keys()));
    gpg.run("20240112", &["--quick-set-expire", &primary, "2024-01-25", &subkey], b"");
    assert_eq!(refused(verdicts(&before, FILE, keys()), "2024-01-25"), Reason::Expired);
}

#[test]
fn a_signature_from_before_its_key_is_refused() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let early = ["--ignore-time-conflict", "--ignore-valid-from"];
    let signature = simple.gpg.sign("20231201", &simple.fingerprint, &early, FILE);
    assert_eq!(refused(verdicts(&signature, FILE, simple.keys()), "and the key at"), Reason::Expired);
}

#[test]
fn row_111_a_key_revoked_for_a_hard_reason_never_signed_anything() {
    vectors!();
    for (reason, said) in [(0, "no reason is given"), (1, "it is compromised")] {
        let Some(simple) = Simple::new() else { return };
        let signature = simple.sign(&[]);
        simple.gpg.revoke("20250301", &simple.fingerprint, reason, "see the incident report");
        let judged = verdicts(&signature, FILE, simple.keys());
        let Err(refusal) = &judged[0] else { panic!() };
        assert!(refusal.detail.contains("see the incident report"), "{refusal}");
        assert_eq!(refused(judged, said), Reason::Revoked);
    }
}

#[test]
fn a_key_revoked_for_a_soft_reason_signed_what_it_signed_before() {
    vectors!();
    for (reason, said) in [(2, "it is superseded"), (3, "it is retired")] {
        let Some(simple) = Simple::new() else { return };
        let (before, after) = (simple.sign(&[]), simple.gpg.sign("20240501", &simple.fingerprint, &[], FILE));
        simple.gpg.revoke("20240401", &simple.fingerprint, reason, "");
        let proof = proof(verdicts(&before, FILE, simple.keys()));
        assert!(proof.remarks()[0].contains(said), "{:?}", proof.remarks());
        assert_eq!(refused(verdicts(&after, FILE, simple.keys()), said), Reason::Revoked);
    }
}

#[test]
fn a_revoked_subkey_signs_nothing_and_its_siblings_do() {
    vectors!();
    let Some(gpg) = Gpg::new() else { return };
    let primary = gpg.key("20240101", "Release <r@example.com>", "ed25519", "cert", "never");
    let one = gpg.subkey("20240101", &primary, "ed25519", "sign", "never");
    let other = gpg.subkey("20240102", &primary, "ed25519", "sign", "never");
    let [by_one, by_other] = [&one, &other].map(|subkey| gpg.sign(MADE, subkey, &[], FILE));
    gpg.revoke_subkey("20240301", &primary, 1);
    let keys = || vec![key(&gpg.export(&primary))];
    assert_eq!(refused(verdicts(&by_one, FILE, keys()), "it is compromised"), Reason::Revoked);
    proof(verdicts(&by_other, FILE, keys()));
}

/// A designated revoker's revocation cannot be checked without the revoker's key; neither can one that was spoilt.
#[test]
fn a_revocation_that_cannot_be_checked_counts() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let signature = simple.sign(&[]);
    let good = simple.gpg.export_binary(&simple.fingerprint);
    let other = Simple::new().unwrap();
    other.gpg.revoke("20240301", &other.fingerprint, 3, "");
    let foreign = other.gpg.export_binary(&other.fingerprint);
    // The revocation stands right behind the primary key.
    let (mine, theirs) = (packets(&good), packets(&foreign));
    let spliced = [&mine[..1], &theirs[1..2], &mine[1..]].concat().concat();
    proof(verdicts(&signature, FILE, vec![key(&good)]));
    let judged = verdicts(&signature, FILE, vec![key(&spliced)]);
    assert_eq!(refused(judged, "cannot be checked"), Reason::Revoked);
    // Behind a user id it is out of place, and counts no less.
    let spliced = [&mine[..], &theirs[1..2]].concat().concat();
    let judged = verdicts(&signature, FILE, vec![key(&spliced)]);
    assert_eq!(refused(judged, "cannot be checked"), Reason::Revoked);
}

/// The packets of what GnuPG exported, each with its header.
fn packets(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (head, length) = match rest[0] & 3 {
            0 => (2, usize::from(rest[1])),
            1 => (3, usize::from(rest[1]) << 8 | usize::from(rest[2])),
            _ => panic!("a packet of another form"),
        };
        all.push(rest[..head + length].to_vec());
        rest = &rest[head + length..];
    }
    all
}

#[test]
fn row_075_weak_hashes_and_keys_prove_nothing() {
    vectors!();
    let Some(gpg) = Gpg::new() else { return };
    let rsa = gpg.key("20240101", "Rsa <r@example.com>", "rsa2048", "sign,cert", "never");
    let by_rsa = |hash: &str| gpg.sign(MADE, &rsa, &["--digest-algo", hash], FILE);
    let keys = |key_id: &str| vec![key(&gpg.export(key_id))];
    for hash in ["SHA224", "SHA256", "SHA384", "SHA512"] {
        proof(verdicts(&by_rsa(hash), FILE, keys(&rsa)));
    }
    for (hash, said) in [("SHA1", "SHA1"), ("RIPEMD160", "RIPEMD160")] {
        assert_eq!(refused(verdicts(&by_rsa(hash), FILE, keys(&rsa)), said), Reason::Weak);
    }
    let short = gpg.key("20240101", "Short <s@example.com>", "rsa1024", "sign,cert", "never");
    let signature = gpg.sign(MADE, &short, &[], FILE);
    assert_eq!(refused(verdicts(&signature, FILE, keys(&short)), "1024 bits"), Reason::Weak);
    let dsa = gpg.key("20240101", "Dsa <d@example.com>", "dsa2048", "sign,cert", "never");
    let signature = gpg.sign(MADE, &dsa, &[], FILE);
    assert_eq!(refused(verdicts(&signature, FILE, keys(&dsa)), "DSA"), Reason::Weak);
    let subkey = gpg.subkey("20240101", &short, "ed25519", "sign", "never");
    let signature = gpg.sign(MADE, &subkey, &[], FILE);
    assert_eq!(refused(verdicts(&signature, FILE, keys(&short)), "1024 bits"), Reason::Weak);
}

#[test]
fn row_075_a_certificate_that_rests_on_sha1_proves_nothing() {
    vectors!();
    let Some(gpg) = Gpg::new() else { return };
    let sha1 = ["--cert-digest-algo", "SHA1"];
    let old = gpg.key_with("20240101", "Old <o@example.com>", "rsa2048", "sign,cert", "never", &sha1);
    let signature = gpg.sign(MADE, &old, &[], FILE);
    let judged = verdicts(&signature, FILE, vec![key(&gpg.export(&old))]);
    assert_eq!(refused(judged, "made over SHA1"), Reason::Weak);
    // Renewed over a strong hash it counts.
    gpg.expire("20240110", &old, "2030-01-01");
    proof(verdicts(&signature, FILE, vec![key(&gpg.export(&old))]));
}

#[test]
fn a_signing_subkey_that_does_not_claim_its_primary_key_signs_nothing() {
    vectors!();
    let Some(gpg) = Gpg::new() else { return };
    let primary = gpg.key("20240101", "Release <r@example.com>", "ed25519", "cert", "never");
    let subkey = gpg.subkey("20240101", &primary, "ed25519", "sign", "never");
    let signature = gpg.sign(MADE, &subkey, &[], FILE);
    let good = gpg.export_binary(&primary);
    proof(verdicts(&signature, FILE, vec![key(&good)]));
    // The back signature stands in the unhashed area: subpacket 32, class 0x19.
    let at = (0..good.len()).find(|at| good[*at..].starts_with(&[32, 4, 0x19])).unwrap();
    let mut without = good.clone();
    without[at] = 100;
    let judged = verdicts(&signature, FILE, vec![key(&without)]);
    assert_eq!(refused(judged, "does not confirm that it belongs"), Reason::Invalid);
    let mut spoilt = good.clone();
    *spoilt.last_mut().unwrap() ^= 1;
    let judged = verdicts(&signature, FILE, vec![key(&spoilt)]);
    assert_eq!(refused(judged, "does not confirm the subkey"), Reason::Invalid);
    // Somebody else's subkey, taken into a certificate of theirs.
    let thief = gpg.key("20240101", "Thief <t@example.com>", "ed25519", "cert", "never");
    let own = gpg.subkey("20240101", &thief, "ed25519", "sign", "never");
    let (mine, stolen) = (packets(&gpg.export_binary(&thief)), packets(&good));
    let spliced = [&mine[..], &stolen[3..5]].concat().concat();
    assert!(mine.len() == 5 && stolen.len() == 5 && !own.is_empty());
    let judged = verdicts(&signature, FILE, vec![key(&spliced)]);
    assert_eq!(refused(judged, "does not confirm the subkey"), Reason::Invalid);
}

#[test]
fn a_certificate_whose_own_signature_was_changed_is_none() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let mut spoilt = simple.gpg.export_binary(&simple.fingerprint);
    *spoilt.last_mut().unwrap() ^= 1;
    assert!(key_of(&spoilt, &[]).err().unwrap().contains("nothing about itself that verifies"));
    let bare = packets(&simple.gpg.export_binary(&simple.fingerprint))[0].clone();
    assert!(key_of(&bare, &[]).err().unwrap().contains("nothing about itself that verifies"));
    let encrypts = simple.gpg.key("20240101", "Cert <c@example.com>", "ed25519", "cert", "never");
    assert!(key_of(&simple.gpg.export(&encrypts), &[]).err().unwrap().contains("none of its keys may sign"));
    let two = [simple.gpg.export_binary(&simple.fingerprint), simple.gpg.export_binary(&encrypts)].concat();
    assert!(key_of(&two, &[]).err().unwrap().contains("several certificates"));
    let secret = simple.gpg.run("20240101", &["--export-secret-keys", &simple.fingerprint], b"");
    assert!(key_of(&secret, &[]).err().unwrap().contains("secret key"));
    let secret = simple.gpg.run("20240101", &["--armor", "--export-secret-keys", &simple.fingerprint], b"");
    assert!(key_of(&secret, &[]).err().unwrap().contains("secret key"));
}

#[test]
fn row_102_a_flooded_certificate_is_refused_at_once() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let parts = packets(&simple.gpg.export_binary(&simple.fingerprint));
    let flooded = [parts[0].clone(), parts[1].clone(), parts[2].repeat(150_000)].concat();
    assert!(key_of(&flooded, &[]).err().unwrap().contains("more than 200 signatures"));
    let ids = [parts[0].clone(), [parts[1].clone(), parts[2].clone()].concat().repeat(100)].concat();
    assert!(key_of(&ids, &[]).err().unwrap().contains("more than 64"));
    let busy = [parts[1].clone(), parts[2].repeat(150)].concat();
    let busy = [parts[0].clone(), busy.repeat(3)].concat();
    assert!(key_of(&busy, &[]).err().unwrap().contains("more than 256"));
    // Subkeys that nobody can read take nothing from the key.
    let alien = [&parts.concat()[..], &[0xB8, 3, 9, 9, 9]].concat();
    proof(verdicts(&simple.sign(&[]), FILE, vec![key(&alien)]));
}

#[test]
fn row_110_malformed_keys_are_refused_and_nothing_panics() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let good = simple.gpg.export_binary(&simple.fingerprint);
    let signature = simple.sign(&[]);
    let mut counts = (0, 0);
    for at in 0..good.len() {
        for change in [1, 0x80, 0xFF] {
            let mut spoilt = good.clone();
            spoilt[at] ^= change;
            let Ok(key) = key_of(&spoilt, &[]) else {
                counts.0 += 1;
                continue;
            };
            // What still is a certificate is so because nothing that is signed was changed.
            counts.1 += 1;
            drop(verdicts(&signature, FILE, vec![key]));
        }
        drop(key_of(&good[..at], &[]));
        let mut spoilt = signature.clone();
        if let Some(byte) = spoilt.get_mut(at) {
            *byte ^= 0x55;
            drop(verdicts(&spoilt, FILE, simple.keys()));
            drop(verdicts(&signature[..at], FILE, simple.keys()));
        }
    }
    assert!(counts.0 > good.len(), "{counts:?}");
    eprintln!("{} spoilt certificates refused, {} unharmed", counts.0, counts.1);
    for version in [2, 3, 5, 7, 99] {
        let mut other = good.clone();
        other[2] = version;
        assert!(key_of(&other, &[]).err().unwrap().contains("only versions 4 and 6"));
    }
}

// --- signatures ---

#[test]
fn every_changed_byte_of_a_signature_that_is_signed_is_noticed() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let good = simple.sign(&[]);
    proof(verdicts(&good, FILE, simple.keys()));
    // Header, fields, hashed area; then two lengths, the issuer hint, and the rest.
    let hashed = 2 + 6 + 29;
    let unhashed = hashed + 2..hashed + 2 + 10;
    for at in 0..good.len() {
        let mut spoilt = good.clone();
        spoilt[at] ^= 1;
        let verdicts = verdicts(&spoilt, FILE, simple.keys());
        let is_hint = unhashed.contains(&at);
        assert!(verdicts.iter().all(Result::is_err) || is_hint, "byte {at}");
    }
}

#[test]
fn a_signature_that_expired_by_its_own_words_ends_with_them() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let signature = simple.sign(&["--default-sig-expire", "30d"]);
    // Whether it has ended depends on the moment judged: see the releases.
    proof(verdicts(&signature, FILE, simple.keys()));
}

/// Row 101: notations come from strangers, and print nothing.
#[test]
fn row_101_notations_are_not_read_and_critical_ones_are_refused() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let quiet = simple.sign(&["--sig-notation", "a@example.com=[GNUPG:] GOODSIG"]);
    let proof = proof(verdicts(&quiet, FILE, simple.keys()));
    assert!(!format!("{proof:?}").contains("GOODSIG"));
    let critical = simple.sign(&["--sig-notation", "!a@example.com=x"]);
    assert_eq!(refused(verdicts(&critical, FILE, simple.keys()), "subpacket 20"), Reason::Invalid);
}

#[test]
fn signatures_of_other_versions_and_types_are_refused_by_name() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let good = simple.sign(&[]);
    for version in [2, 3, 5] {
        let mut other = good.clone();
        other[2] = version;
        assert_eq!(refused(verdicts(&other, FILE, simple.keys()), "version"), Reason::Unreadable);
    }
    for kind in [0x02, 0x10, 0x13, 0x18, 0x1F, 0x20, 0x40, 0x50] {
        let mut other = good.clone();
        other[3] = kind;
        assert_eq!(refused(verdicts(&other, FILE, simple.keys()), "of type"), Reason::Invalid);
    }
    let mut hash = good.clone();
    hash[5] = 12;
    assert_eq!(refused(verdicts(&hash, FILE, simple.keys()), "SHA3-256"), Reason::Unreadable);
    let mut hash = good;
    hash[5] = 1;
    assert_eq!(refused(verdicts(&hash, FILE, simple.keys()), "MD5"), Reason::Weak);
}

#[test]
fn a_signature_that_does_not_say_when_it_was_made_has_no_time() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let mut signature = simple.sign(&[]);
    // Type 2 behind the issuer's fingerprint in the hashed area.
    let at = (0..signature.len()).find(|at| signature[*at..].starts_with(&[5, 2])).unwrap();
    signature[at + 1] = 100;
    assert_eq!(refused(verdicts(&signature, FILE, simple.keys()), "when it was made"), Reason::NoTime);
}

// --- what is no detached signature ---

#[test]
fn row_098_a_message_with_its_own_content_is_no_detached_signature() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let make = |arguments: &[&str]| simple.gpg.run(MADE, arguments, FILE);
    for arguments in [
        &["--sign"][..],
        &["--sign", "--armor"],
        &["--sign", "-z", "0"],
        &["--sign", "-z", "0", "--armor"],
        &["--store"],
        &["--store", "-z", "0"],
    ] {
        let judged = verdicts(&make(arguments), FILE, simple.keys());
        assert_eq!(refused(judged, "no detached signature"), Reason::Invalid, "{arguments:?}");
    }
    let judged = verdicts(&make(&["--clearsign"]), FILE, simple.keys());
    assert_eq!(refused(judged, "only checksum files are read in that form"), Reason::Invalid);
    // The label of the armor is nobody's word.
    let judged = verdicts(&armored("SIGNATURE", &make(&["--sign", "-z", "0"])), FILE, simple.keys());
    assert_eq!(refused(judged, "one-pass signature"), Reason::Invalid);
}

#[test]
fn row_099_and_109_nothing_is_no_signature() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let marker = [0xCA, 3, b'P', b'G', b'P'];
    let padding = [0xD5, 2, 0, 0];
    for (nothing, said) in [
        (&b""[..], "it is empty"),
        (b"\n\n", "no OpenPGP signature"),
        (b"# this is a comment\n", "no OpenPGP signature"),
        (&armored("SIGNATURE", b""), "the armor"),
        (&armored("SIGNATURE", &marker), "marker"),
        (&armored("SIGNATURE", &padding), "padding"),
        (&marker, "marker"),
        (&padding, "padding"),
        (b"-----BEGIN PGP SIGNATURE-----\n", "does not end"),
        (b"-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n", "no signature"),
    ] {
        let judged = verdicts(nothing, FILE, simple.keys());
        let [Err(refusal)] = &judged[..] else { panic!("{judged:?}") };
        assert_eq!(refusal.reason, Reason::Invalid, "{refusal}");
        assert!(refusal.detail.contains(said) || refusal.detail.contains("no signature"), "{refusal}");
    }
}

#[test]
fn row_100_packets_around_a_signature_spoil_it() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let good = simple.sign(&[]);
    let literal = [0xCB, 9, b'b', 0, 0, 0, 0, 0, b'a', b'b', b'c'];
    let marker = [0xCA, 3, b'P', b'G', b'P'];
    for (spoilt, said) in [
        ([&good[..], &literal].concat(), "own content"),
        ([&good[..], &literal, &literal].concat(), "own content"),
        ([&literal[..], &good].concat(), "own content"),
        ([&marker[..], &good].concat(), "marker"),
        ([&good[..], &marker].concat(), "marker"),
        ([&good[..], b"text"].concat(), "type 0"),
        ([&good[..], &[0]].concat(), "type 0"),
        ([&good[..], &good[..20]].concat(), "cut off"),
    ] {
        for form in [armored("SIGNATURE", &spoilt), spoilt] {
            assert_eq!(refused(verdicts(&form, FILE, simple.keys()), said), Reason::Invalid);
        }
    }
}

#[test]
fn row_102_nested_compressed_packets_are_not_opened() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let mut nested = simple.sign(&[]);
    for _ in 0..10_000 {
        let length = u32::try_from(nested.len() + 1).unwrap();
        nested = [&[0xC8, 255][..], &length.to_be_bytes(), &[0], &nested].concat();
    }
    let judged = verdicts(&nested, FILE, simple.keys());
    assert_eq!(refused(judged, "compressed data"), Reason::Invalid);
}

#[test]
fn a_key_that_is_published_with_the_release_is_no_signature_and_is_never_trusted() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    for key in [simple.gpg.export(&simple.fingerprint), simple.gpg.export_binary(&simple.fingerprint)] {
        let judged = verdicts(&key, FILE, simple.keys());
        assert_eq!(refused(judged, "keys count from the policy only"), Reason::Unreadable);
    }
    let secret = simple.gpg.run(MADE, &["--armor", "--export-secret-keys"], b"");
    assert_eq!(refused(verdicts(&secret, FILE, simple.keys()), "secret key"), Reason::Invalid);
}

#[test]
fn row_104_and_107_text_in_and_around_the_armor_spoils_it() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let good = String::from_utf8(simple.sign(&["--armor"])).unwrap();
    proof(verdicts(good.as_bytes(), FILE, simple.keys()));
    proof(verdicts(good.replace('\n', "\r\n").as_bytes(), FILE, simple.keys()));
    let begin = "-----BEGIN PGP SIGNATURE-----\n";
    for spoilt in [
        format!("This file is fine.\n{good}"),
        format!("{good}This file is fine.\n"),
        good.replace(begin, &format!("{begin}This file is fine.\n")),
        good.replace(begin, &format!("{begin}NotDashEscaped: You need GnuPG to verify this message\n")),
    ] {
        let judged = verdicts(spoilt.as_bytes(), FILE, simple.keys());
        let [Err(refusal)] = &judged[..] else { panic!("{judged:?}") };
        assert_eq!(refusal.reason, Reason::Invalid, "{refusal}");
    }
}

// --- cleartext ---

const SUMS: &str = "0000000000000000000000000000000000000000000000000000000000000000  a.tar.gz\n";

/// The verdicts on a message, and what was signed.
fn opened(message: &[u8], keys: Vec<Key>) -> (Vec<Verdict>, Option<String>) {
    ledger::judged(message);
    let (_, digests) = hash_reader(message, Algorithms::SHA256).unwrap();
    let trust = TrustRoots::of(Vec::new()).with_keys(keys);
    match Cleartext::verify(message, digests.sha256(), &trust) {
        Ok(message) => message.open(|verdict| verdict),
        Err(refusal) => (vec![Err(refusal)], None),
    }
}

#[test]
fn of_a_cleartext_message_what_was_signed_can_be_read_and_nothing_else() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    for (text, signed) in [
        (SUMS, SUMS.trim_end()),
        ("a  \nb\t\n", "a\nb"),
        ("- a\n-- b\n-----BEGIN PGP\nFrom c\n", "- a\n-- b\n-----BEGIN PGP\nFrom c"),
        ("\n\na\n\n", "\n\na\n"),
        ("ümlaut\r\nb\r\n", "ümlaut\nb"),
    ] {
        let message = simple.gpg.clearsign(MADE, &simple.fingerprint, text.as_bytes());
        let (verdicts, found) = opened(&message, simple.keys());
        proof(verdicts);
        assert_eq!(found.as_deref(), Some(signed));
        let windows = String::from_utf8(message).unwrap().replace("\r\n", "\n").replace('\n', "\r\n");
        assert_eq!(opened(windows.as_bytes(), simple.keys()).1.as_deref(), Some(signed));
        let (verdicts, found) = opened(windows.as_bytes(), vec![]);
        assert_eq!((refused(verdicts, "names no OpenPGP"), found), (Reason::UnknownKey, None));
    }
}

#[test]
fn rows_103_104_106_107_108_forgeries_of_a_cleartext_message_are_refused_and_nothing_is_read() {
    vectors!();
    let Some(simple) = Simple::new() else { return };
    let message = simple.gpg.clearsign(MADE, &simple.fingerprint, SUMS.as_bytes());
    let good = String::from_utf8(message).unwrap();
    assert!(opened(good.as_bytes(), simple.keys()).1.is_some());
    let (header, line) = ("Hash: SHA512\n", SUMS.trim_end());
    let header = if good.contains(header) { header } else { "Hash: SHA256\n" };
    let evil = SUMS.replace('0', "f");
    let signature = "-----BEGIN PGP SIGNATURE-----";
    let detached = String::from_utf8(simple.sign(&["--armor"])).unwrap();
    let binary_type = simple.gpg.sign(MADE, &simple.fingerprint, &["--armor"], line.as_bytes());
    let over_binary =
        good[..good.find(signature).unwrap()].to_owned() + &String::from_utf8(binary_type).unwrap();
    let forgeries = [
        ("row 106: text before", format!("{evil}{good}")),
        ("row 106: a blank line before", format!("\n{good}")),
        ("row 106: text behind", format!("{good}{evil}")),
        ("row 106: two messages", good.repeat(2)),
        ("row 106: two signatures", format!("{good}{detached}")),
        ("row 106: a huge header", good.replace(header, &header.repeat(1000))),
        ("row 106: a long header", good.replace(header, &format!("Hash: {}\n", "SHA256,".repeat(1000)))),
        ("row 103: a form feed", good.replace(line, &format!("{line}\u{c}"))),
        ("row 103: a form feed and more", good.replace(line, &format!("{line}\u{c}{evil}"))),
        ("row 103: NUL", good.replace(line, &format!("{line}\0"))),
        ("row 103: a long line", good.replace(line, &format!("{line}{}", " ".repeat(20_000)))),
        ("row 103: a carriage return inside", good.replace("  a.tar.gz", "  a.tar\r.gz")),
        (
            "row 104: NotDashEscaped",
            good.replace(header, &format!("{header}NotDashEscaped: You need GnuPG\n")),
        ),
        ("row 104: another header", good.replace(header, &format!("{header}Comment: x\n"))),
        ("row 107: text in the header", good.replace(header, &format!("{evil}{header}"))),
        ("row 107: text behind the header", good.replace(header, &format!("{header}{evil}"))),
        ("row 108: no header", good.replace(header, "")),
        ("row 108: no blank line", good.replace(&format!("{header}\n"), header)),
        ("row 108: blanks for a blank line", good.replace(&format!("{header}\n"), &format!("{header} \n"))),
        ("row 108: another hash", good.replace(header, "Hash: SHA1\n")),
        ("row 108: a malformed first line", good.replacen("MESSAGE-----", "MESSAGE----- ", 1)),
        ("another digest", good.replace(line, evil.trim_end())),
        ("another line", good.replace(line, &format!("{line}\n{}", evil.trim_end()))),
        ("a line less", good.replace(&format!("{line}\n"), "")),
        ("a bare hyphen", good.replace(line, &format!("-{line}"))),
        ("a signature over a file", over_binary),
        ("no signature", good[..good.find(signature).unwrap()].to_owned()),
        ("an empty signature", good[..good.find(signature).unwrap()].to_owned() + signature),
    ];
    for (what, forged) in &forgeries {
        assert_ne!(*forged, good, "{what}");
        let (verdicts, text) = opened(forged.as_bytes(), simple.keys());
        assert_eq!(text, None, "{what}");
        let [Err(refusal)] = &verdicts[..] else { panic!("{what}: {verdicts:?}") };
        assert_eq!(refusal.reason, Reason::Invalid, "{what}: {refusal}");
        ledger::refused(forged, refusal.reason);
    }
    // A byte that is no UTF-8.
    let mut forged = good.clone().into_bytes();
    forged[100] = 0xFF;
    assert_eq!(opened(&forged, simple.keys()).1, None);
    eprintln!("{} forgeries of a cleartext message", forgeries.len() + 1);
    // Blanks at the end of a line are not signed, and not read.
    let blank = good.replace(line, &format!("{line} \t"));
    assert_eq!(opened(blank.as_bytes(), simple.keys()).1.as_deref(), Some(line));
}

/// Every test of vectors in this file.
const TESTS: &[fn()] = &[
    signatures_of_every_sort_of_key_count_armored_and_binary,
    signing_subkeys_count_for_their_certificate_and_the_policy_decides_which,
    each_of_several_signatures_gets_its_own_verdict,
    a_text_signature_counts_for_text_that_was_kept_and_says_so,
    a_signature_by_a_key_that_the_policy_does_not_name_is_by_nobody,
    row_058_a_key_that_expired_before_the_signature_signs_nothing_and_one_that_expired_since_is_remarked_on,
    row_058_a_subkey_ends_with_itself_and_with_its_certificate,
    a_signature_from_before_its_key_is_refused,
    row_111_a_key_revoked_for_a_hard_reason_never_signed_anything,
    a_key_revoked_for_a_soft_reason_signed_what_it_signed_before,
    a_revoked_subkey_signs_nothing_and_its_siblings_do,
    a_revocation_that_cannot_be_checked_counts,
    row_075_weak_hashes_and_keys_prove_nothing,
    row_075_a_certificate_that_rests_on_sha1_proves_nothing,
    a_signing_subkey_that_does_not_claim_its_primary_key_signs_nothing,
    a_certificate_whose_own_signature_was_changed_is_none,
    row_102_a_flooded_certificate_is_refused_at_once,
    row_110_malformed_keys_are_refused_and_nothing_panics,
    every_changed_byte_of_a_signature_that_is_signed_is_noticed,
    a_signature_that_expired_by_its_own_words_ends_with_them,
    row_101_notations_are_not_read_and_critical_ones_are_refused,
    signatures_of_other_versions_and_types_are_refused_by_name,
    a_signature_that_does_not_say_when_it_was_made_has_no_time,
    row_098_a_message_with_its_own_content_is_no_detached_signature,
    row_099_and_109_nothing_is_no_signature,
    row_100_packets_around_a_signature_spoil_it,
    row_102_nested_compressed_packets_are_not_opened,
    a_key_that_is_published_with_the_release_is_no_signature_and_is_never_trusted,
    row_104_and_107_text_in_and_around_the_armor_spoils_it,
    of_a_cleartext_message_what_was_signed_can_be_read_and_nothing_else,
    rows_103_104_106_107_108_forgeries_of_a_cleartext_message_are_refused_and_nothing_is_read,
];

#[test]
fn there_are_enough_vectors_of_each_sort() {
    let reasons = [
        Reason::Invalid,
        Reason::UnknownKey,
        Reason::Expired,
        Reason::Revoked,
        Reason::NoTime,
        Reason::Weak,
        Reason::Unreadable,
    ];
    let rules = [
        "signatures/expired fail",
        "signatures/identity fail",
        "signatures/invalid fail",
        "signatures/no-time undetermined",
        "signatures/orphan fail",
        "signatures/revoked fail",
        "signatures/unreadable undetermined",
        "signatures/unsigned fail",
        "signatures/weak fail",
    ];
    ledger::count(
        "openpgp",
        Some(("gpg", "--version")),
        &[TESTS, openpgp_release::TESTS].concat(),
        &reasons,
        &rules,
    );
}
