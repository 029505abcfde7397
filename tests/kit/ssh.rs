//! SSH signatures (OpenSSH's `PROTOCOL.sshsig`) with Ed25519, as `git tag -s` makes them when `gpg.format` is `ssh`.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use sha2::{Digest, Sha512};

use super::keys::{base64, sha256};

const ALGORITHM: &[u8] = b"ssh-ed25519";

/// An Ed25519 key made from a name.
pub struct SshKey {
    pair: Ed25519KeyPair,
    name: String,
}

impl SshKey {
    /// The key of that name: the same one in every run.
    pub fn named(name: &str) -> Self {
        let seed = sha256(format!("ssh/{name}").as_bytes());
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("32 bytes are a seed");
        Self { pair, name: name.to_owned() }
    }

    /// A line of an allowed-signers file.
    pub fn allowed_signer(&self) -> String {
        format!("{}@widget.example ssh-ed25519 {}\n", self.name, base64(self.public_blob()))
    }

    /// The armoured signature over `message` in `namespace`.
    pub fn sign(&self, namespace: &str, message: &[u8]) -> String {
        let hashed = Sha512::digest(message);
        let [space, reserved, hash] = [namespace.as_bytes(), b"", b"sha512"].map(string);
        let signed =
            [b"SSHSIG".to_vec(), space.clone(), reserved.clone(), hash.clone(), string(&hashed)].concat();
        let signature = [string(ALGORITHM), string(self.pair.sign(&signed).as_ref())].concat();
        let version = 1u32.to_be_bytes().to_vec();
        let public = string(&self.public_blob());
        let blob = [b"SSHSIG".to_vec(), version, public, space, reserved, hash, string(&signature)].concat();
        armour(&base64(blob))
    }

    fn public_blob(&self) -> Vec<u8> {
        [string(ALGORITHM), string(self.pair.public_key().as_ref())].concat()
    }
}

fn armour(text: &str) -> String {
    let lines: Vec<&str> = (0..text.len()).step_by(70).map(|at| &text[at..text.len().min(at + 70)]).collect();
    format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n"))
}

/// An SSH `string`: its length in four bytes, then its bytes.
fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("the kit's strings are short").to_be_bytes();
    [&length[..], bytes].concat()
}
