//! ssh-keygen as the maker: rows 113 and 115.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::STANDARD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use relcheck::digest::Algorithms;
use relcheck::evaluate::evaluate;
use relcheck::proof::Reason;
use relcheck::trust::{Key, KeyOptions};

use crate::kit::keys::sha256;
use crate::kit::release::Release;
use crate::kit::signing::{Signing, maintainer};
use crate::ledger::{self, outcome, vectors};
use crate::place::without_signatures;
use crate::ssh_case::Case;
use crate::ssh_maker::{ADA, BYTES, Pieces, Ssh, string, take};
use crate::stage::{LINUX, Stage, said};

#[test]
fn what_ssh_keygen_signs_counts_for_every_kind_of_key() {
    vectors!();
    let Some(ssh) = Ssh::new() else { return };
    let mut accepted = 0;
    for (name, kind) in [
        ("ed25519", &["-t", "ed25519"][..]),
        ("p256", &["-t", "ecdsa", "-b", "256"]),
        ("p384", &["-t", "ecdsa", "-b", "384"]),
        ("p521", &["-t", "ecdsa", "-b", "521"]),
        ("rsa2048", &["-t", "rsa", "-b", "2048"]),
        ("rsa3072", &["-t", "rsa", "-b", "3072"]),
    ] {
        ssh.key(name, kind);
        let allowed = ssh.line(name, "");
        for hash in ["sha512", "sha256"] {
            let signature = ssh.sign(name, "file", &["-O", &format!("hashalg={hash}")], BYTES);
            let (who, remarks) = Case::new(&signature, &allowed).accepted();
            assert_eq!((who.as_str(), remarks.len()), ("key key 0 (ada@example.org)", 0), "{name}");
            Case::new(&signature, &allowed).over(b"other bytes").refused(Reason::Invalid, "does not verify");
            accepted += 1;
        }
        let mut pieces = Pieces::of(&ssh.signed(name));
        let last = pieces.strings[4].len() - 3;
        pieces.strings[4][last] ^= 1;
        Case::new(&pieces.armored(), &allowed).refused(Reason::Invalid, "");
    }
    eprintln!(
        "{accepted} good signatures of six kinds of key, each refused over another file and with a changed byte"
    );
}

#[test]
fn a_bare_public_key_and_a_key_in_the_middle_of_a_file_count() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    ssh.key("bob", &["-t", "ed25519"]);
    let signature = ssh.signed("ada");
    let (who, _) = Case::new(&signature, &ssh.public("ada")).accepted();
    assert!(who.starts_with("key key 0 (SHA256:"), "{who}");
    let many = format!("# people\r\nbob@example.org {}\r\n\r\n{}", ssh.public("bob"), ssh.line("ada", ""));
    Case::new(&signature, &many).accepted();
    // Whoever is counted by name has to be the one whose key it is.
    Case::new(&signature, &many).principals(&["bob@example.org", ADA]).accepted();
    let only_bob = Case::new(&signature, &many).principals(&["bob@example.org"]);
    only_bob.refused(Reason::UnknownKey, "its key is that of \"ada@example.org\"");
    // A bare key has no name, so that none can be asked for.
    let named = KeyOptions { principals: vec![ADA.to_owned()], ..KeyOptions::default() };
    assert!(Key::parse("x", ssh.public("ada").as_bytes(), named).is_err());
}

#[test]
fn a_key_that_nobody_named_is_refused_and_so_is_one_that_was_only_named_as_an_authority() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    ssh.key("mallory", &["-t", "ed25519"]);
    let (signature, allowed) = (ssh.signed("mallory"), ssh.line("ada", ""));
    Case::new(&signature, &allowed).refused(Reason::UnknownKey, "the policy does not name it");
    Case::new(&signature, &allowed).without_keys().refused(Reason::UnknownKey, "names no SSH key");
    let authority = ssh.line("ada", "cert-authority");
    Case::new(&ssh.signed("ada"), &authority).refused(Reason::UnknownKey, "does not name it");
    // The key inside the signature is exchanged for the named one: it did not make that signature.
    let named = Pieces::of(&ssh.signed("ada")).strings[0].clone();
    Case::new(&Pieces::of(&signature).with(0, &named), &allowed).refused(Reason::Invalid, "");
}

#[test]
fn row_115_a_signature_in_another_namespace_is_refused() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let allowed = ssh.line("ada", "");
    let git = ssh.sign("ada", "git", &[], BYTES);
    Case::new(&git, &allowed).refused(Reason::Unbound, "in the namespace \"git\", not in \"file\"");
    Case::new(&git, &allowed).namespaces(&["file", "git"]).accepted();
    Case::new(&ssh.signed("ada"), &allowed)
        .namespaces(&["git"])
        .refused(Reason::Unbound, "namespace \"file\"");
    let git_only = ssh.line("ada", "namespaces=\"git,email\"");
    let refused = Case::new(&ssh.signed("ada"), &git_only);
    refused.refused(Reason::Unbound, "do not let this key sign in the namespace \"file\"");
    Case::new(&ssh.signed("ada"), &ssh.line("ada", "namespaces=\"fi?e\"")).accepted();
    assert!(!ssh.verifies(&git_only, ADA, "file", &ssh.signed("ada")));
    // The namespace is signed: changing the word changes what was signed.
    let renamed = Pieces::of(&git).with(1, b"file");
    Case::new(&renamed, &allowed).refused(Reason::Invalid, "");
}

#[test]
fn a_key_counts_only_within_the_time_that_its_line_gives_it() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let signature = ssh.signed("ada");
    let line = ssh.line("ada", "valid-after=\"20260101Z\",valid-before=\"20260201Z\"");
    let at = |moment: &str| Case::new(&signature, &line).at(moment);
    at("2026-01-06T00:00:00Z").accepted();
    at("2026-01-01T00:00:00Z").accepted();
    at("2025-12-31T23:59:59Z").refused(Reason::Expired, "from 2026-01-01T00:00:00Z");
    at("2026-02-01T00:00:00Z").refused(Reason::Expired, "until 2026-02-01T00:00:00Z");
    at("2027-01-01T00:00:00Z").refused(Reason::Expired, "the moment judged, 2027-01-01T00:00:00Z");
    // Another line about the same key may give it another time.
    let both = format!("{}{line}", ssh.line("ada", "valid-before=\"20250101Z\""));
    Case::new(&signature, &both).accepted();
    Case::new(&signature, &both).at("2025-06-01T00:00:00Z").refused(Reason::Expired, "until 2025-01-01");
    // Without a zone the narrowest one is meant.
    let local = ssh.line("ada", "valid-before=\"20260106\"");
    Case::new(&signature, &local).at("2026-01-05T11:00:00Z").refused(Reason::Expired, "2026-01-05T10:00:00Z");
    Case::new(&signature, &local).at("2026-01-05T09:00:00Z").accepted();
}

#[test]
fn row_115_a_star_for_everybody_is_remarked_on_and_an_exception_holds() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let signature = ssh.signed("ada");
    let everybody = format!("* {}\n", ssh.public("ada"));
    let (_, remarks) = Case::new(&signature, &everybody).accepted();
    assert!(remarks[0].contains("to everybody"), "{remarks:?}");
    let except = format!("*@example.org,!ada@* {}\n", ssh.public("ada"));
    let refused = Case::new(&signature, &except).principals(&[ADA]);
    refused.refused(Reason::UnknownKey, "the policy counts \"ada@example.org\" alone");
    assert!(!ssh.verifies(&except, ADA, "file", &signature));
    assert!(ssh.verifies(&everybody, ADA, "file", &signature));
}

/// An authority `ca`, and a key `ada` that it certified.
fn certified(options: &[&str]) -> Option<Ssh> {
    let ssh = Ssh::ada()?;
    ssh.key("ca", &["-t", "ecdsa", "-b", "384"]);
    ssh.certify("ca", "ada", options);
    Some(ssh)
}

const CERTIFICATE: &str = "ada-cert.pub";
const JANUARY: [&str; 2] = ["-V", "20260101000000:20260201000000"];

#[test]
fn a_certificate_of_a_named_authority_counts_for_its_principals_and_its_time() {
    vectors!();
    let options = [&["-n", "ada@example.org,root"][..], &JANUARY].concat();
    let Some(ssh) = certified(&options) else { return };
    let signature = ssh.signed(CERTIFICATE);
    let allowed = ssh.line("ca", "cert-authority");
    let (who, remarks) = Case::new(&signature, &allowed).accepted();
    assert_eq!(who, "key key 0 (ada@example.org)");
    assert!(remarks[0].starts_with("certified as \"ada's key\", serial 7, by SHA256:"), "{remarks:?}");
    Case::new(&signature, &allowed).principals(&[ADA]).accepted();
    let case = |allowed: &str| Case::new(&signature, allowed);
    case(&allowed)
        .at("2025-12-31T23:59:59Z")
        .refused(Reason::Expired, "its certificate is valid from 2026-01-01");
    case(&allowed)
        .at("2026-02-01T00:00:00Z")
        .refused(Reason::Expired, "its certificate is valid until 2026-02-01");
    case(&allowed).principals(&["bob@example.org"]).refused(Reason::UnknownKey, "counts \"bob@example.org\"");
    let others = format!("*@example.com cert-authority {}\n", ssh.public("ca"));
    case(&others).refused(Reason::UnknownKey, "its certificate is for \"ada@example.org\", \"root\"");
    // The authority's own key is named, and not as an authority; the certified key is named, and not its certificate.
    case(&ssh.line("ca", "")).refused(Reason::UnknownKey, "does not name it");
    case(&ssh.line("ada", "")).refused(Reason::UnknownKey, "does not name it");
    let narrow = ssh.line("ca", "cert-authority,valid-before=\"20250101Z\"");
    case(&narrow).refused(Reason::Expired, "the allowed signers let this key sign until 2025-01-01");
    ssh.key("other", &["-t", "ed25519"]);
    case(&ssh.line("other", "cert-authority")).refused(Reason::UnknownKey, "does not name it");
}

#[test]
fn a_certificate_that_is_limited_or_for_nobody_or_forged_is_refused() {
    vectors!();
    let Some(ssh) = certified(&["-n", ADA, "-O", "force-command=true"]) else { return };
    let allowed = ssh.line("ca", "cert-authority");
    let limited = ssh.signed(CERTIFICATE);
    Case::new(&limited, &allowed).refused(Reason::Invalid, "critical option \"force-command\"");
    ssh.certify("ca", "ada", &["-n", ADA, "-O", "critical:made-up@example.org=x"]);
    Case::new(&ssh.signed(CERTIFICATE), &allowed).refused(Reason::Invalid, "critical option \"made-up@");
    ssh.certify("ca", "ada", &[]);
    Case::new(&ssh.signed(CERTIFICATE), &allowed).refused(Reason::Invalid, "names no principal");
    ssh.certify("ca", "ada", &["-h", "-n", ADA]);
    Case::new(&ssh.signed(CERTIFICATE), &allowed).refused(Reason::Invalid, "one of a host");
    // Without an end, and with an extension that only a login has.
    ssh.certify("ca", "ada", &["-n", ADA, "-V", "always:forever"]);
    let good = ssh.signed(CERTIFICATE);
    Case::new(&good, &allowed).accepted();
    // One letter of the principal changed: the authority did not sign that.
    let pieces = Pieces::of(&good);
    let mut forged = pieces.strings[0].clone();
    let at = forged.windows(ADA.len()).position(|window| window == ADA.as_bytes()).unwrap();
    forged[at] = b'b';
    Case::new(&pieces.with(0, &forged), &allowed)
        .refused(Reason::Invalid, "the signature under its certificate");
    let longer = [&pieces.strings[0][..], &[0]].concat();
    Case::new(&pieces.with(0, &longer), &allowed).refused(Reason::Invalid, "bytes after it");
}

#[test]
fn rsa_over_sha_1_or_with_few_bits_is_weak() {
    vectors!();
    let Some(ssh) = Ssh::new() else { return };
    ssh.key("short", &["-t", "rsa", "-b", "1024"]);
    Case::new(&ssh.signed("short"), &ssh.line("short", "")).refused(Reason::Weak, "RSA key of 1024 bits");
    ssh.key("rsa", &["-t", "rsa", "-b", "2048"]);
    let allowed = ssh.line("rsa", "");
    let pieces = Pieces::of(&ssh.signed("rsa"));
    let signature = take(&mut &pieces.strings[4][4 + "rsa-sha2-512".len()..]);
    let as_algorithm = |name: &str| pieces.with(4, &[string(name.as_bytes()), string(&signature)].concat());
    Case::new(&as_algorithm("rsa-sha2-512"), &allowed).accepted();
    Case::new(&as_algorithm("ssh-rsa"), &allowed).refused(Reason::Weak, "over SHA-1");
    Case::new(&as_algorithm("rsa-sha2-256"), &allowed).refused(Reason::Invalid, "does not verify");
    Case::new(&as_algorithm("ssh-ed25519"), &allowed).refused(Reason::Invalid, "not one of its key");
    Case::new(&pieces.with(3, b"sha1"), &allowed).refused(Reason::Weak, "a hash function that is broken");
    Case::new(&pieces.with(3, b"sha384"), &allowed).refused(Reason::Invalid, "over \"sha384\"");
}

#[test]
fn row_115_keys_of_odd_sizes_are_refused_before_anything_is_computed() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let (pieces, allowed) = (Pieces::of(&ssh.signed("ada")), ssh.line("ada", ""));
    let short = [string(b"ssh-ed25519"), string(&[7; 31])].concat();
    Case::new(&pieces.with(0, &short), &allowed).refused(Reason::Invalid, "an Ed25519 key has 32 bytes");
    for bytes in [2049, 30_000] {
        let modulus = [&[0][..], &vec![0xff; bytes]].concat();
        let rsa = [string(b"ssh-rsa"), string(&[1, 0, 1]), string(&modulus)].concat();
        Case::new(&pieces.with(0, &rsa), &allowed).refused(Reason::Invalid, "more than 16384 bits");
    }
    let large = vec![b'A'; 80_000];
    let large = format!("-----BEGIN SSH SIGNATURE-----\n{}", String::from_utf8(large).unwrap());
    Case::new(&large, &allowed).refused(Reason::Unreadable, "over the limit");
}

#[test]
fn row_113_a_key_of_small_order_verifies_nothing() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    // With A the neutral element, R = B and S = 1 satisfy the equation for every message.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let mut base_point = [0x66; 32];
    base_point[0] = 0x58;
    let mut one = [0; 32];
    one[0] = 1;
    let mut pieces = Pieces::of(&ssh.signed("ada"));
    pieces.strings[0] = [string(b"ssh-ed25519"), string(&neutral)].concat();
    pieces.strings[4] = [string(b"ssh-ed25519"), string(&[base_point, one].concat())].concat();
    Case::new(&pieces.armored(), &ssh.line("ada", "")).refused(Reason::Invalid, "small order");
}

#[test]
fn the_blob_and_its_armor_have_one_form() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let (good, allowed) = (ssh.signed("ada"), ssh.line("ada", ""));
    let pieces = Pieces::of(&good);
    assert_eq!(pieces.armored(), good);
    let refused =
        |signature: &str, reason: Reason, words: &str| Case::new(signature, &allowed).refused(reason, words);
    let changed = |edit: &dyn Fn(&mut Pieces)| {
        let mut changed = pieces.clone();
        edit(&mut changed);
        changed.armored()
    };
    refused(&changed(&|it| it.version = 2), Reason::Unreadable, "version 2");
    refused(&changed(&|it| it.version = 0), Reason::Unreadable, "version 0");
    refused(&changed(&|it| it.magic = b"SSHSIH".to_vec()), Reason::Invalid, "does not begin with SSHSIG");
    refused(&changed(&|it| it.tail = vec![0]), Reason::Invalid, "bytes after the signature");
    refused(&pieces.with(2, b"x"), Reason::Invalid, "reserved field");
    refused(&pieces.with(1, b""), Reason::Invalid, "names no namespace");
    refused(&pieces.with(1, &[0xff]), Reason::Invalid, "no text");
    refused(&pieces.with(4, &[&pieces.strings[4][..], &[0]].concat()), Reason::Invalid, "bytes after it");
    refused(&pieces.with(4, &pieces.strings[4][..20]), Reason::Invalid, "cut short");
    refused(&pieces.with(0, b""), Reason::Invalid, "its key");
    let unknown = [string(b"ssh-ed448"), string(&[7; 57])].concat();
    refused(&pieces.with(0, &unknown), Reason::Invalid, "none that this version knows");
    refused(&format!("{good}x\n"), Reason::Invalid, "after the end of the signature");
    refused(&format!("{good}{good}"), Reason::Invalid, "after the end of the signature");
    refused(&good.replace("-----END SSH SIGNATURE-----", ""), Reason::Invalid, "no end");
    refused(&good.replacen("-----\n", "-----\n!", 1), Reason::Invalid, "not base64");
    // What editors and mail do to line ends does not matter.
    Case::new(&good.replace('\n', "\r\n"), &allowed).accepted();
    Case::new(good.trim_end(), &allowed).accepted();
    // SHA-512 of the file was not computed, and its bytes are not here.
    let unknown = Case::new(&good, &allowed).judge(false, Algorithms::SHA256).unwrap_err();
    assert_eq!(unknown.reason, Reason::Unreadable);
    assert!(Case::new(&good, &allowed).judge(true, Algorithms::SHA256).is_ok());
}

/// What makes the signature over a message.
type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A security key in software: it signs what such a key signs (PROTOCOL.u2f), with these flags.
struct SecurityKey {
    algorithm: &'static str,
    public: Vec<u8>,
    sign: Sign,
}

const APPLICATION: &[u8] = b"ssh:";

impl SecurityKey {
    fn ed25519() -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&sha256(b"sk")).unwrap();
        let algorithm = "sk-ssh-ed25519@openssh.com";
        let public =
            [string(algorithm.as_bytes()), string(pair.public_key().as_ref()), string(APPLICATION)].concat();
        Self { algorithm, public, sign: Box::new(move |message| pair.sign(message).as_ref().to_vec()) }
    }

    fn ecdsa() -> Self {
        let pair = SigningKey::from_bytes(&sha256(b"sk").into()).unwrap();
        let algorithm = "sk-ecdsa-sha2-nistp256@openssh.com";
        let point = pair.verifying_key().to_encoded_point(false);
        let public = [algorithm.as_bytes(), b"nistp256", point.as_bytes(), APPLICATION].map(string).concat();
        let sign = move |message: &[u8]| {
            let signature: Signature = pair.sign(message);
            let (r, s) = signature.split_bytes();
            [mpint(&r), mpint(&s)].concat()
        };
        Self { algorithm, public, sign: Box::new(sign) }
    }

    fn allowed(&self) -> String {
        format!("{ADA} {} {}\n", self.algorithm, STANDARD.encode(&self.public))
    }

    fn signature(&self, flags: u8) -> Pieces {
        let hashed = sha256(BYTES);
        let message = [b"SSHSIG".to_vec(), string(b"file"), string(b""), string(b"sha256"), string(&hashed)];
        let device = [&[flags][..], &9u32.to_be_bytes()].concat();
        let signed = [&sha256(APPLICATION)[..], &device, &sha256(&message.concat())].concat();
        let signature = [string(self.algorithm.as_bytes()), string(&(self.sign)(&signed)), device].concat();
        let strings = [self.public.clone(), b"file".to_vec(), Vec::new(), b"sha256".to_vec(), signature];
        Pieces { magic: b"SSHSIG".to_vec(), version: 1, strings, tail: Vec::new() }
    }
}

fn mpint(number: &[u8]) -> Vec<u8> {
    let start = number.iter().position(|byte| *byte != 0).unwrap();
    let zero = if number[start] & 0x80 != 0 { &[0][..] } else { &[] };
    string(&[zero, &number[start..]].concat())
}

#[test]
fn row_115_a_security_key_counts_only_when_somebody_touched_it() {
    vectors!();
    let peer = Ssh::new();
    for key in [SecurityKey::ed25519(), SecurityKey::ecdsa()] {
        let allowed = key.allowed();
        for flags in [0x01, 0x05] {
            let touched = key.signature(flags).armored();
            Case::new(&touched, &allowed).accepted();
            // ssh-keygen agrees that this is what a security key signs.
            assert!(
                peer.as_ref().is_none_or(|ssh| ssh.verifies(&allowed, ADA, "file", &touched)),
                "{}",
                key.algorithm
            );
        }
        for flags in [0x00, 0x04] {
            let untouched = key.signature(flags).armored();
            Case::new(&untouched, &allowed).refused(Reason::Invalid, "nobody touched");
        }
        // The flag is signed: setting it afterwards does not help, nor does another counter or another application.
        let mut pieces = key.signature(0x00);
        let at = pieces.strings[4].len() - 5;
        pieces.strings[4][at] = 0x01;
        Case::new(&pieces.armored(), &allowed).refused(Reason::Invalid, "");
        let mut pieces = key.signature(0x01);
        *pieces.strings[4].last_mut().unwrap() ^= 1;
        Case::new(&pieces.armored(), &allowed).refused(Reason::Invalid, "");
        let mut pieces = key.signature(0x01);
        let length = pieces.strings[4].len();
        pieces.strings[4].truncate(length - 5);
        Case::new(&pieces.armored(), &allowed).refused(Reason::Invalid, "is missing");
        let mut pieces = key.signature(0x01);
        *pieces.strings[0].last_mut().unwrap() = b'x';
        Case::new(&pieces.armored(), &allowed).refused(Reason::Invalid, "");
    }
}

#[test]
fn in_a_release_each_refusal_has_its_rule() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    ssh.key("mallory", &["-t", "ed25519"]);
    ssh.key("short", &["-t", "rsa", "-b", "1024"]);
    let judged = |signature: &dyn Fn(&Stage) -> String, line: &str| {
        let mut stage = Stage::set(&Release::good());
        stage.publish(&format!("{LINUX}.sshsig"), signature(&stage).as_bytes());
        let text = line.trim().replace('\\', "\\\\").replace('"', "\\\"");
        stage.policy += &format!("\n[[rules.signatures.key]]\nname = \"ada\"\ntext = \"{text}\"\n");
        let report = stage.judge();
        (outcome(&report), said(&report, "signatures/signed"))
    };
    let by = |name: &'static str, namespace: &'static str| {
        let ssh = &ssh;
        move |stage: &Stage| ssh.sign(name, namespace, &[], &stage.read(LINUX))
    };
    let plain = ssh.line("ada", "");
    let (good, _) = judged(&by("ada", "file"), &plain);
    assert_eq!(good, "verified");
    for (signature, line, rule) in [
        (&by("mallory", "file") as &dyn Fn(&Stage) -> String, &plain, "signatures/identity fail"),
        (&by("ada", "git"), &plain, "signatures/unbound fail"),
        (&by("ada", "file"), &ssh.line("ada", "valid-before=\"20260101Z\""), "signatures/expired fail"),
        (&|_| ssh.signed("ada"), &plain, "signatures/invalid fail"),
        (&by("short", "file"), &ssh.line("short", ""), "signatures/weak fail"),
        (&by("ada", "file"), &ssh.line("ada", "valid-after=\"20270101Z\""), "signatures/expired fail"),
    ] {
        assert_eq!(judged(signature, line).0, format!("rejected: {rule}"));
    }
    let unknown = |stage: &Stage| {
        let mut pieces = Pieces::of(&by("ada", "file")(stage));
        pieces.version = 2;
        pieces.armored()
    };
    assert_eq!(judged(&unknown, &plain).0, "undetermined: signatures/unreadable undetermined");
    let release = || {
        let mut stage = Stage::set(&Release { signing: Signing::Detached, ..Release::good() });
        for name in stage.written.artifacts.iter().map(String::as_str).chain(["SHA256SUMS"]) {
            stage.withdraw(&format!("{name}.sig"));
            stage.publish(
                &format!("{name}.sshsig"),
                ssh.sign("ada", "file", &[], &stage.read(name)).as_bytes(),
            );
        }
        stage.policy = stage.policy.replace(&maintainer().public_pem(), &format!("{}\n", ssh.public("ada")));
        stage
    };
    let stage = release();
    assert_eq!(outcome(&stage.judge()), "verified");
    stage.publish("gone.sshsig", ssh.sign("ada", "file", &[], b"gone").as_bytes());
    assert_eq!(outcome(&stage.judge()), "rejected: signatures/orphan fail");
    assert_eq!(without_signatures(release(), ".sshsig"), "rejected: signatures/unsigned fail");
}

#[test]
fn the_command_that_is_named_refuses_what_is_refused() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    ssh.key("mallory", &["-t", "ed25519"]);
    let by = |name: &str, namespace: &str, line: &str, file: Option<&str>| {
        let mut stage = Stage::set(&Release::good());
        let signature = ssh.sign(name, namespace, &[], &stage.read(LINUX));
        stage.publish(&format!("{LINUX}.sshsig"), signature.as_bytes());
        let text = line.trim().replace('\\', "\\\\").replace('"', "\\\"");
        stage.policy += &format!("\n[[rules.signatures.key]]\nname = \"ada\"\ntext = \"{text}\"\n");
        let mut policy = stage.policy();
        policy.rules.signatures.keys.last_mut().unwrap().file = file.map(str::to_owned);
        let report = evaluate(&stage.gather(), &stage.trust(), &policy, stage.as_of);
        let mut findings = report.checks.iter().flat_map(|check| &check.findings);
        let found = findings.find(|it| it.message.starts_with(&format!("{LINUX}.sshsig: "))).unwrap();
        (found.reproduce.clone(), found.fix.clone())
    };
    let (plain, file) = (ssh.line("ada", ""), Some("allowed_signers"));
    let verify = format!(
        "ssh-keygen -Y verify -f allowed_signers -I ada@example.org -n file -s {LINUX}.sshsig < {LINUX}"
    );
    for (name, namespace, line) in [
        ("mallory", "file", plain.clone()),
        ("ada", "git", plain.clone()),
        ("ada", "file", ssh.line("ada", "namespaces=\"git\"")),
    ] {
        assert_eq!(
            by(name, namespace, &line, file).0.as_deref(),
            Some(verify.as_str()),
            "{name} {namespace}"
        );
        let signature = ssh.sign(name, namespace, &[], BYTES);
        assert!(
            !ssh.verifies(&line, ADA, "file", &signature),
            "ssh-keygen refuses it too: {name} {namespace}"
        );
    }
    // No tool can be given what is in no file of its own, or a key that nobody is named beside.
    assert_eq!(by("mallory", "file", &plain, None).0, None);
    assert_eq!(by("mallory", "file", &ssh.public("ada"), Some("ada.pub")).0, None);
    let (_, fix) = by("ada", "git", &plain, file);
    let fix = fix.unwrap();
    assert!(fix.starts_with("sign again with `ssh-keygen -Y sign -n file`, or, "), "{fix}");
}

/// Every test of vectors in this file.
const TESTS: &[fn()] = &[
    what_ssh_keygen_signs_counts_for_every_kind_of_key,
    a_bare_public_key_and_a_key_in_the_middle_of_a_file_count,
    a_key_that_nobody_named_is_refused_and_so_is_one_that_was_only_named_as_an_authority,
    row_115_a_signature_in_another_namespace_is_refused,
    a_key_counts_only_within_the_time_that_its_line_gives_it,
    row_115_a_star_for_everybody_is_remarked_on_and_an_exception_holds,
    a_certificate_of_a_named_authority_counts_for_its_principals_and_its_time,
    a_certificate_that_is_limited_or_for_nobody_or_forged_is_refused,
    rsa_over_sha_1_or_with_few_bits_is_weak,
    row_115_keys_of_odd_sizes_are_refused_before_anything_is_computed,
    row_113_a_key_of_small_order_verifies_nothing,
    the_blob_and_its_armor_have_one_form,
    row_115_a_security_key_counts_only_when_somebody_touched_it,
    in_a_release_each_refusal_has_its_rule,
    the_command_that_is_named_refuses_what_is_refused,
];

#[test]
fn there_are_enough_vectors_of_each_sort() {
    let reasons = [
        Reason::Invalid,
        Reason::Unbound,
        Reason::UnknownKey,
        Reason::Expired,
        Reason::Weak,
        Reason::Unreadable,
    ];
    let rules = [
        "signatures/expired fail",
        "signatures/identity fail",
        "signatures/invalid fail",
        "signatures/orphan fail",
        "signatures/unbound fail",
        "signatures/unreadable undetermined",
        "signatures/unsigned fail",
        "signatures/weak fail",
    ];
    ledger::count("ssh", Some(("ssh-keygen", "-?")), TESTS, &reasons, &rules);
}
