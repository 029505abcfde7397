//! openssl as the maker of plain detached signatures: rows 113 and 114.

use base64::{Engine, engine::general_purpose::STANDARD};
use relcheck::proof::Reason;
use relcheck::trust::{Key, KeyOptions};

use crate::kit::der::tlv;
use crate::kit::keys::pem;
use crate::kit::release::Release;
use crate::kit::signing::{Signing, maintainer};
use crate::ledger::{self, outcome, vectors};
use crate::makers::Pair;
use crate::place::{BYTES, Place, WIDGET, without_signatures};
use crate::stage::{LINUX, Stage, key_entry};

const SIGNATURE: &str = "widget.tar.gz.sig";
/// The order of P-256.
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

impl Pair {
    fn place(&self, signature: &[u8]) -> Place {
        Place::with(SIGNATURE, signature).key(&self.public())
    }

    #[track_caller]
    fn invalid(&self, signature: &[u8]) {
        self.place(signature).refused(SIGNATURE, Reason::Invalid, "another key signed it");
    }
}

const PSS: [&str; 2] = ["-sigopt", "rsa_padding_mode:pss"];

#[test]
fn every_key_and_hash_that_cosign_and_openssl_use_counts_raw_and_in_base64() {
    vectors!();
    let (Some(p256), Some(p384), Some(rsa)) = (Pair::p256(), Pair::p384(), Pair::rsa("2048")) else { return };
    let pss = |hash: &'static str| [&[hash], &PSS[..], &["-sigopt", "rsa_pss_saltlen:digest"]].concat();
    let signatures = [
        (&p256, p256.digest_sign(BYTES, &["-sha256"])),
        (&p384, p384.digest_sign(BYTES, &["-sha384"])),
        (&p384, p384.digest_sign(BYTES, &["-sha256"])),
        (&rsa, rsa.digest_sign(BYTES, &["-sha256"])),
        (&rsa, rsa.digest_sign(BYTES, &["-sha384"])),
        (&rsa, rsa.digest_sign(BYTES, &["-sha512"])),
        (&rsa, rsa.digest_sign(BYTES, &pss("-sha256"))),
        (&rsa, rsa.digest_sign(BYTES, &pss("-sha384"))),
        (&rsa, rsa.digest_sign(BYTES, &pss("-sha512"))),
    ];
    for (pair, signature) in &signatures {
        let base64 = STANDARD.encode(signature);
        let wrapped = format!("{}\n{}\n", &base64[..40], &base64[40..]);
        for written in [signature.as_slice(), base64.as_bytes(), wrapped.as_bytes()] {
            pair.place(written).accepted(SIGNATURE);
            pair.place(written).and(WIDGET, b"other").refused(SIGNATURE, Reason::Invalid, "file was changed");
        }
        // The right one among others.
        let others = Place::with(SIGNATURE, signature).key(maintainer().public_pem().as_bytes());
        others.key(&pair.public()).accepted(SIGNATURE);
    }
}

#[test]
fn plain_ed25519_counts_over_a_file_that_was_not_kept() {
    vectors!();
    let Some(pair) = Pair::ed25519() else { return };
    let signature = pair.sign(BYTES, &["-rawin"]);
    // `Place` verifies it from the hash alone, and from the bytes, and compares.
    pair.place(&signature).accepted(SIGNATURE);
    pair.place(STANDARD.encode(&signature).as_bytes()).accepted(SIGNATURE);
    pair.place(&signature).and(WIDGET, b"other").refused(SIGNATURE, Reason::Invalid, "the file was changed");
    for length in [63, 65] {
        let mut other = signature.clone();
        other.resize(length, 0);
        pair.invalid(&other);
    }
    for at in [0, 31, 32, 62] {
        let mut other = signature.clone();
        other[at] ^= 1;
        pair.invalid(&other);
    }
    // Over the hash of the file instead of the file.
    pair.invalid(&pair.sign(&hex::decode(crate::kit::keys::sha256_hex(BYTES)).unwrap(), &["-rawin"]));
}

#[test]
fn row_113_weak_keys_are_refused_when_they_are_loaded() {
    vectors!();
    let ed25519 = |point: [u8; 32]| {
        let algorithm = tlv(0x30, &[0x06, 0x03, 0x2b, 0x65, 0x70]);
        let bits = tlv(0x03, &[&[0][..], &point].concat());
        pem("PUBLIC KEY", &tlv(0x30, &[algorithm, bits].concat()))
    };
    let said =
        |pem: &str| Key::parse("k", pem.as_bytes(), KeyOptions::default()).map(drop).unwrap_err().to_string();
    // The eight points of small order, of which some have more than one encoding.
    for point in [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ] {
        let told = said(&ed25519(hex::decode(point).unwrap().try_into().unwrap()));
        assert!(told.contains("small order"), "{point}: {told}");
    }
    for point in [
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ] {
        let told = said(&ed25519(hex::decode(point).unwrap().try_into().unwrap()));
        assert!(told.contains("canonical"), "{point}: {told}");
    }
}

#[test]
fn a_short_rsa_key_is_weak_and_a_huge_one_is_refused_when_it_is_loaded() {
    vectors!();
    let (Some(short), Some(good)) = (Pair::rsa("1024"), Pair::rsa("2048")) else { return };
    let signature = short.digest_sign(BYTES, &["-sha256"]);
    short.place(&signature).refused(SIGNATURE, Reason::Weak, "RSA key of 1024 bits");
    // A signature that cannot be by the short key is not called weak for its sake.
    short.place(&good.digest_sign(BYTES, &["-sha256"])).refused(SIGNATURE, Reason::Invalid, "another key");
    let rsa = |bits: usize| {
        let modulus = tlv(0x02, &[&[0][..], &vec![0xff; bits / 8]].concat());
        let key = tlv(0x30, &[modulus, tlv(0x02, &[1, 0, 1])].concat());
        let algorithm = tlv(0x30, &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0]);
        pem("PUBLIC KEY", &tlv(0x30, &[algorithm, tlv(0x03, &[&[0][..], &key].concat())].concat()))
    };
    for bits in [8200, 16_384, 16_392, 400_000] {
        let told = Key::parse("k", rsa(bits).as_bytes(), KeyOptions::default()).map(drop).unwrap_err();
        assert!(told.to_string().contains(&format!("an RSA key of {bits} bits")), "{told}");
    }
    assert!(Key::parse("k", rsa(8192).as_bytes(), KeyOptions::default()).is_ok());
}

#[test]
fn keys_on_other_curves_are_refused_by_name() {
    vectors!();
    for curve in ["secp521r1", "secp256k1"] {
        let Some(pair) = Pair::new(&["-algorithm", "EC", "-pkeyopt", &format!("ec_paramgen_curve:{curve}")])
        else {
            return;
        };
        let told = Key::parse("k", &pair.public(), KeyOptions::default()).map(drop).unwrap_err();
        assert!(told.to_string().contains("unsupported or invalid EC curve"), "{told}");
        let secret = std::fs::read(pair.path().join("k.pem")).unwrap();
        let told = Key::parse("k", &secret, KeyOptions::default()).map(drop).unwrap_err();
        assert!(told.to_string().contains("secret key"), "{told}");
    }
}

/// The two numbers of an ECDSA signature, as they are written.
fn numbers(signature: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let r = usize::from(signature[3]);
    (signature[4..4 + r].to_vec(), signature[6 + r..].to_vec())
}

fn ecdsa(r: &[u8], s: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(0x02, r), tlv(0x02, s)].concat())
}

/// A number of 32 bytes, without zeros before it.
fn fixed(number: &[u8]) -> [u8; 32] {
    let mut all = [0; 32];
    let number = number.strip_prefix(&[0]).unwrap_or(number);
    all[32 - number.len()..].copy_from_slice(number);
    all
}

/// As DER writes a number that is not negative.
fn integer(number: &[u8]) -> Vec<u8> {
    let significant = number.iter().position(|byte| *byte != 0).map_or(&[0][..], |at| &number[at..]);
    if significant[0] & 0x80 == 0 { significant.to_vec() } else { [&[0][..], significant].concat() }
}

/// The order of P-256 minus `number`.
fn order_minus(number: &[u8; 32]) -> [u8; 32] {
    let mut out: [u8; 32] = hex::decode(ORDER).unwrap().try_into().unwrap();
    let mut borrow = 0i16;
    for at in (0..32).rev() {
        let difference = i16::from(out[at]) - i16::from(number[at]) - borrow;
        out[at] = difference.rem_euclid(256) as u8;
        borrow = i16::from(difference < 0);
    }
    out
}

#[test]
fn row_114_numbers_of_an_ecdsa_signature_that_are_out_of_range_are_refused() {
    vectors!();
    let Some(pair) = Pair::p256() else { return };
    let (r, s) = numbers(&pair.digest_sign(BYTES, &["-sha256"]));
    let order = integer(&hex::decode(ORDER).unwrap());
    let mut above = order.clone();
    *above.last_mut().unwrap() += 1;
    let zero = vec![0];
    for (r, s) in [
        (&zero, &zero),
        (&zero, &s),
        (&r, &zero),
        (&zero, &vec![1]),
        (&vec![1], &zero),
        (&order, &order),
        (&order, &s),
        (&r, &order),
        (&above, &above),
        (&vec![1], &vec![1]),
        (&vec![0xff], &s),
        (&r, &vec![0xff]),
        (&s, &r),
    ] {
        pair.invalid(&ecdsa(r, s));
        pair.invalid(STANDARD.encode(ecdsa(r, s)).as_bytes());
    }
    // n - s is the other signature that the same key makes with the same nonce; ECDSA knows no difference (FIPS 186-5).
    pair.place(&ecdsa(&r, &integer(&order_minus(&fixed(&s))))).accepted(SIGNATURE);
}

#[test]
fn row_114_der_that_is_not_the_shortest_is_refused() {
    vectors!();
    let Some(pair) = Pair::p256() else { return };
    // r alone, without its sign, must not look like the header of an OpenPGP packet: then it would be read as one.
    let plain = |signature: &Vec<u8>| fixed(&numbers(signature).0)[0] < 0x80;
    let good = std::iter::repeat_with(|| pair.digest_sign(BYTES, &["-sha256"])).find(plain).unwrap();
    let (r, s) = numbers(&good);
    let (first, second) = (tlv(0x02, &r), tlv(0x02, &s));
    let body = [&first[..], &second].concat();
    let length = u8::try_from(body.len()).unwrap();
    pair.place(&good).accepted(SIGNATURE);
    let long_length = |bytes: &[u8]| [&[0x02, 0x81, u8::try_from(bytes.len()).unwrap()][..], bytes].concat();
    for lax in [
        [&good[..], &[0]].concat(),
        [&good[..], &good].concat(),
        [&[0x30, 0x81, length][..], &body].concat(),
        [&[0x30, 0x82, 0, length][..], &body].concat(),
        [&[0x30, 0x80][..], &body, &[0, 0]].concat(),
        [&[0x30, length + 2][..], &body, &[0x05, 0]].concat(),
        [&[0x30, length + 3][..], &body, &[0x02, 1, 1]].concat(),
        [&[0x31, length][..], &body].concat(),
        ecdsa(&[&[0][..], &r].concat(), &s),
        ecdsa(&r, &[&[0, 0][..], &s].concat()),
        tlv(0x30, &[long_length(&r), second].concat()),
        tlv(0x30, &[first.clone(), long_length(&s)].concat()),
        tlv(0x30, &first),
        tlv(0x30, &[]),
        good[..good.len() - 1].to_vec(),
        // r and s alone, as JWS and PKCS #11 write them.
        [fixed(&r), fixed(&s)].concat(),
    ] {
        pair.invalid(&lax);
    }
}

#[test]
fn row_114_rsa_signatures_in_every_other_form_are_refused() {
    vectors!();
    let Some(pair) = Pair::rsa("2048") else { return };
    let good = pair.digest_sign(BYTES, &["-sha256"]);
    for other in [
        // SHA-1; a digest without its DigestInfo; salt as long as it can be.
        pair.digest_sign(BYTES, &["-sha1"]),
        pair.sign(&hex::decode(crate::kit::keys::sha256_hex(BYTES)).unwrap(), &[]),
        pair.digest_sign(BYTES, &[&["-sha256"], &PSS[..], &["-sigopt", "rsa_pss_saltlen:max"]].concat()),
        pair.digest_sign(BYTES, &[&["-sha256"], &PSS[..], &["-sigopt", "rsa_pss_saltlen:0"]].concat()),
        [&[0][..], &good].concat(),
        [&good[..], &[0]].concat(),
        good[..255].to_vec(),
        vec![0; 256],
        [&[0; 255][..], &[1]].concat(),
        vec![0xff; 256],
    ] {
        pair.invalid(&other);
    }
}

#[test]
fn what_is_no_signature_at_all_is_refused() {
    vectors!();
    let Some(pair) = Pair::p256() else { return };
    let good = pair.digest_sign(BYTES, &["-sha256"]);
    for text in ["", "\n", "this is no signature\n", "-----BEGIN SIGNATURE-----\n"] {
        pair.place(text.as_bytes()).refused(SIGNATURE, Reason::Unreadable, "neither a raw signature");
    }
    pair.place(&vec![b'A'; 20_000]).refused(SIGNATURE, Reason::Unreadable, "too many for a signature");
    pair.invalid(STANDARD.encode(STANDARD.encode(&good)).as_bytes());
    Place::with(SIGNATURE, &good).refused(SIGNATURE, Reason::UnknownKey, "names no PEM key");
    pair.place(&good).without(WIDGET).refused(SIGNATURE, Reason::Unbound, "no published file");
}

#[test]
fn a_release_signed_with_openssl_is_verified_and_each_fault_has_its_rule() {
    vectors!();
    for pair in [Pair::p256(), Pair::p384(), Pair::ed25519(), Pair::rsa("2048")] {
        let Some(pair) = pair else { return };
        let is_ed25519 = pair.public().len() < 120;
        let sign = |bytes: &[u8]| match is_ed25519 {
            true => pair.sign(bytes, &["-rawin"]),
            false => pair.digest_sign(bytes, &["-sha256"]),
        };
        let mut stage = Stage::set(&Release { signing: Signing::Detached, ..Release::good() });
        for name in stage.written.artifacts.iter().map(String::as_str).chain(["SHA256SUMS"]) {
            stage.publish(&format!("{name}.sig"), &sign(&stage.read(name)));
        }
        let key = String::from_utf8(pair.public()).unwrap();
        stage.policy = stage.policy.replace(&maintainer().public_pem(), &key);
        assert_eq!(outcome(&stage.judge()), "verified");

        let signature = format!("{LINUX}.sig");
        let replaced = |with: &[u8]| {
            stage.publish(&signature, with);
            outcome(&stage.judge())
        };
        assert_eq!(replaced(&sign(b"other")), "rejected: signatures/invalid fail");
        assert_eq!(replaced(b"this is none"), "undetermined: signatures/unreadable undetermined");
        let stranger = maintainer().detached_signature(&stage.read(LINUX));
        assert_eq!(replaced(stranger.as_bytes()), "rejected: signatures/invalid fail");
        replaced(&sign(&stage.read(LINUX)));
        stage.publish("gone.sig", &sign(b"gone"));
        assert_eq!(outcome(&stage.judge()), "rejected: signatures/orphan fail");
        stage.withdraw("gone.sig");
        assert_eq!(outcome(&stage.judge()), "verified");
        let named = stage.policy.clone();
        stage.policy.truncate(named.find("\n[[rules.signatures.key]]").unwrap());
        assert_eq!(outcome(&stage.judge()), "undetermined: signatures/identity undetermined");
        stage.policy = named;
        assert_eq!(without_signatures(stage, ".sig"), "rejected: signatures/unsigned fail");
    }
    let Some(short) = Pair::rsa("1024") else { return };
    let mut stage = Stage::set(&Release { signing: Signing::Detached, ..Release::good() });
    stage.publish(&format!("{LINUX}.sig"), &short.digest_sign(&stage.read(LINUX), &["-sha256"]));
    stage.policy += &key_entry("short", std::str::from_utf8(&short.public()).unwrap());
    assert_eq!(outcome(&stage.judge()), "rejected: signatures/weak fail");
}

/// Every test of vectors in this file.
const TESTS: &[fn()] = &[
    every_key_and_hash_that_cosign_and_openssl_use_counts_raw_and_in_base64,
    plain_ed25519_counts_over_a_file_that_was_not_kept,
    row_113_weak_keys_are_refused_when_they_are_loaded,
    a_short_rsa_key_is_weak_and_a_huge_one_is_refused_when_it_is_loaded,
    keys_on_other_curves_are_refused_by_name,
    row_114_numbers_of_an_ecdsa_signature_that_are_out_of_range_are_refused,
    row_114_der_that_is_not_the_shortest_is_refused,
    row_114_rsa_signatures_in_every_other_form_are_refused,
    what_is_no_signature_at_all_is_refused,
    a_release_signed_with_openssl_is_verified_and_each_fault_has_its_rule,
];

#[test]
fn there_are_enough_vectors_of_each_sort() {
    let reasons = [Reason::Invalid, Reason::Unbound, Reason::UnknownKey, Reason::Weak, Reason::Unreadable];
    let rules = [
        "signatures/identity undetermined",
        "signatures/invalid fail",
        "signatures/orphan fail",
        "signatures/unreadable undetermined",
        "signatures/unsigned fail",
        "signatures/weak fail",
    ];
    ledger::count("raw", Some(("openssl", "version")), TESTS, &reasons, &rules);
}
