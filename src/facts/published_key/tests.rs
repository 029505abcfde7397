//! Real keys, made with GnuPG 2.4 at a faked time, with this batch file (`--faked-system-time 20260101T000000 --gen-key`):
//! `Key-Type: EDDSA`, `Key-Curve: ed25519`, `Key-Usage: sign`, `Subkey-Type: ECDH`, `Subkey-Curve: cv25519`,
//! `Subkey-Usage: encrypt`, `Name-Real: able`, `Expire-Date: 0`, `%no-protection`. The others leave something out or add an
//! end, as their comments say. Nobody has their secret halves.

use super::*;

/// A key with a subkey for encryption, and no end.
pub(crate) const ABLE: &str = "\
-----BEGIN PGP PUBLIC KEY BLOCK-----\n\
\n\
mDMEaVW5ABYJKwYBBAHaRw8BAQdAbGRNxtJFNp4kcWH1eDGoR8CmGR0nUcAHk7ma\n\
lR4LLhu0BGFibGWIkAQTFggAOBYhBFcNJPcSLcHdrohr8NciQFd1uKG9BQJpVbkA\n\
AhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJENciQFd1uKG9fgYBAMVDLXWy\n\
CjrekIBGFLh/TllMnZcngx0/PHC0Hll8wSKjAP0c3Nucle/iIgWGuc2cniwNYlPQ\n\
Z1bIOS1RLRJd5yNLA7g4BGlVuQASCisGAQQBl1UBBQEBB0CI1J/8AlIEV8xtMwMy\n\
GL4VAFMZs8otGHt857R3EcbJRwMBCAeIeAQYFggAIBYhBFcNJPcSLcHdrohr8Nci\n\
QFd1uKG9BQJpVbkAAhsMAAoJENciQFd1uKG9uyQBAM9N57dguYaEfv3merlWKVHT\n\
480xyioCiSUvxuNwQYvCAQCBxjroza2BD8p/0WMOMmMEFwlLIPfWec7/JgxtjF8o\n\
BQ==\n\
=RBmS\n\
-----END PGP PUBLIC KEY BLOCK-----\n\n";

/// Made at 20240101T000000 with `Expire-Date: 1y`.
pub(crate) const EXPIRED: &str = "\
-----BEGIN PGP PUBLIC KEY BLOCK-----\n\
\n\
mDMEZZIAgBYJKwYBBAHaRw8BAQdAJ9d0zFRPrIAe5/VRhvNHE4DU/IM3ntGHihld\n\
0DunLc+0B2V4cGlyZWSIlgQTFggAPhYhBGOmzVV886as7BGezdiPrnXns7y3BQJl\n\
kgCAAhsDBQkB4TOABQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJENiPrnXns7y3\n\
aoAA/3VAXJpDldEzLRr95RXhh4XUVI03DdIVrPLLga9P5yAFAQCUotQdGBDOu4uk\n\
g050KF7YGcqSIvcljIX2fLsaz0qCCbg4BGWSAIASCisGAQQBl1UBBQEBB0BIzE3v\n\
2nL+QOzY86bLmJfXj2UdMipWnAoFrG28yzQzcAMBCAeIfgQYFggAJhYhBGOmzVV8\n\
86as7BGezdiPrnXns7y3BQJlkgCAAhsMBQkB4TOAAAoJENiPrnXns7y3HpoA/jFN\n\
Sa3y4vkLqY/LKw0TxV8z7v8Zfu3iuWUCle6s+7NIAQCZiYl4KVGEb77jsncbakMu\n\
JkQA6NXu1AdDov/3gUk0AQ==\n\
=S0XZ\n\
-----END PGP PUBLIC KEY BLOCK-----\n\n";

/// Without the lines of the subkey.
pub(crate) const SIGNING: &str = "\
-----BEGIN PGP PUBLIC KEY BLOCK-----\n\
\n\
mDMEaVW5ABYJKwYBBAHaRw8BAQdAS13MbZZu6UQmt80cjxkXZn7Djs96J6e7hHsL\n\
BS9eKWa0B3NpZ25pbmeIkAQTFggAOBYhBFGxmnEq8LjvYLLiNdmOIRDKj4/yBQJp\n\
VbkAAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJENmOIRDKj4/yV5gBAPGr\n\
SF0jnjxjHFmkYyXXunVhwkkxUaimweeEfc7YdHX5AQDA86IYFSluTpbNdelicgQK\n\
fuPu5ritv0K9WbpjRD2UBg==\n\
=JoXr\n\
-----END PGP PUBLIC KEY BLOCK-----\n\n";

/// Without a subkey, made at 20240101T000000; then `--quick-add-key FPR cv25519 encr 1y`.
pub(crate) const SUBKEY_EXPIRED: &str = "\
-----BEGIN PGP PUBLIC KEY BLOCK-----\n\
\n\
mDMEZZIAgBYJKwYBBAHaRw8BAQdA6wBwtAjligihs3dSwCSFwAC+13feXvJ+wVmj\n\
rFEGiV60BnN1YmtleYiQBBMWCAA4FiEERnifOGBKkhoLLgvwIoxdQCyg00gFAmWS\n\
AIACGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQIoxdQCyg00jq5wEA5wkm\n\
qln+Kx0R5IP/30f/TAbhaqd6b5IHGG63w8Onw98A/3q/IqAV4rYotlKBsAC3ur3/\n\
2Qnpz+EepYM1Cw+/bSsEuDgEZZIAgBIKKwYBBAGXVQEFAQEHQBWrOZGE5AAvptDB\n\
qk5BuYZ6xcsnI1c/NEyqT0m9oYsxAwEIB4h+BBgWCAAmFiEERnifOGBKkhoLLgvw\n\
IoxdQCyg00gFAmWSAIACGwwFCQHhM4AACgkQIoxdQCyg00gWTAD+LMDBJu7l4o1M\n\
zeBlsDjHapL0xqz9Pr1fYBlp/DpRRwcA/RWDl4X0c3/uOF+OJRW+NQ5wRy5kiCkw\n\
cNmYF8dRCnoH\n\
=iyXt\n\
-----END PGP PUBLIC KEY BLOCK-----\n\n";

#[test]
fn a_key_is_worth_what_can_be_encrypted_to_it_at_the_moment_judged() {
    let used = |block: &str, at: &str| match read(block, at.parse().unwrap()) {
        PublishedKey::Key { encryption, .. } => encryption,
        other => panic!("{other:?}"),
    };
    let (early, late) = ("2024-06-01T00:00:00Z", "2026-11-21T00:00:00Z");
    assert_eq!(used(ABLE, late), Encryption::Able);
    assert_eq!(used(EXPIRED, early), Encryption::Able);
    assert!(matches!(used(EXPIRED, late), Encryption::Expired(_)));
    assert_eq!(used(SIGNING, late), Encryption::None);
    assert_eq!(used(SUBKEY_EXPIRED, early), Encryption::Able);
    assert!(matches!(used(SUBKEY_EXPIRED, late), Encryption::SubkeysExpired(_)));
}

#[test]
fn no_changed_character_makes_a_key_better_than_it_is() {
    let at: Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
    for block in [EXPIRED, SIGNING, SUBKEY_EXPIRED] {
        for place in (60..block.len() - 60).step_by(3) {
            let mut changed = block.as_bytes().to_vec();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let Ok(changed) = String::from_utf8(changed) else { continue };
            let is_able =
                matches!(read(&changed, at), PublishedKey::Key { encryption: Encryption::Able, .. });
            assert!(!is_able, "{place}: {changed}");
        }
    }
}

#[test]
fn a_block_without_a_key_is_told_by_its_words() {
    let block = |body: &str| {
        format!("-----BEGIN PGP PUBLIC KEY BLOCK-----\n{body}\n-----END PGP PUBLIC KEY BLOCK-----\n")
    };
    let now = Timestamp::UNIX_EPOCH;
    let placeholder = |words: &str| PublishedKey::Placeholder(words.to_owned());
    let on_request = "[PGP key will be provided upon request]";
    assert_eq!(read(&block(on_request), now), placeholder(on_request));
    assert_eq!(read(&block("Version: GnuPG v2\n\n..."), now), placeholder("..."));
    assert_eq!(read(&block(""), now), placeholder(""));
    let garbage = block(&format!("\n{}", "mDMEaaaaaaaaaaaaaaaa".repeat(3)));
    assert!(matches!(read(&garbage, now), PublishedKey::Unreadable(_)));
}
