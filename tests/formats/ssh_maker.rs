//! `ssh-keygen` as the maker of keys, certificates and signatures; and the pieces of a signature, to make others of them.

use std::path::PathBuf;
use std::process::Command;

use base64::{Engine, engine::general_purpose::STANDARD};
use tempfile::TempDir;

use crate::tool;

/// The bytes of the artifact.
pub const BYTES: &[u8] = b"These are the bytes of the widget.\n";
/// Whose key the tests' allowed signers say it is.
pub const ADA: &str = "ada@example.org";

/// A folder of keys.
pub struct Ssh {
    home: TempDir,
}

impl Ssh {
    /// An empty folder; `None`, loudly, without ssh-keygen.
    pub fn new() -> Option<Self> {
        tool::is_there("ssh-keygen", "-?").then(|| Self { home: tempfile::tempdir().unwrap() })
    }

    /// A folder with an Ed25519 key `ada`.
    pub fn ada() -> Option<Self> {
        let ssh = Self::new()?;
        ssh.key("ada", &["-t", "ed25519"]);
        Some(ssh)
    }

    /// The file of that name.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Runs ssh-keygen in its directory.
    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let mut command = Command::new("ssh-keygen");
        command.current_dir(self.home.path()).env("TZ", "UTC").env_remove("SSH_AUTH_SOCK").args(arguments);
        tool::output(&mut command, input)
    }

    /// Makes a key without a passphrase.
    pub fn key(&self, name: &str, kind: &[&str]) {
        self.run(&[kind, &["-q", "-N", "", "-C", name, "-f", name]].concat(), b"");
    }

    /// `ALGORITHM BASE64` of a key.
    pub fn public(&self, name: &str) -> String {
        let line = std::fs::read_to_string(self.path(&format!("{name}.pub"))).unwrap();
        line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
    }

    /// The line that allows a key to Ada, with those options.
    pub fn line(&self, name: &str, options: &str) -> String {
        format!("{ADA} {options} {}\n", self.public(name))
    }

    /// Certifies a key: `ca` signs, with further options of ssh-keygen.
    pub fn certify(&self, ca: &str, name: &str, options: &[&str]) {
        let file = format!("{name}.pub");
        self.run(&[&["-q", "-s", ca, "-I", "ada's key", "-z", "7"], options, &[file.as_str()]].concat(), b"");
    }

    /// The signature over `bytes` by the key or certificate in the file `name`.
    pub fn sign(&self, name: &str, namespace: &str, more: &[&str], bytes: &[u8]) -> String {
        let arguments = [&["-Y", "sign", "-f", name, "-n", namespace], more].concat();
        String::from_utf8(self.run(&arguments, bytes)).unwrap()
    }

    /// The usual signature over the widget.
    pub fn signed(&self, name: &str) -> String {
        self.sign(name, "file", &[], BYTES)
    }

    /// What `ssh-keygen -Y verify` makes of a signature over the widget: the judge that has no stake in this.
    pub fn verifies(&self, allowed: &str, principal: &str, namespace: &str, signature: &str) -> bool {
        std::fs::write(self.path("allowed"), allowed).unwrap();
        std::fs::write(self.path("signature"), signature).unwrap();
        let mut command = Command::new("ssh-keygen");
        command.current_dir(self.home.path()).env("TZ", "UTC").env_remove("SSH_AUTH_SOCK");
        command.args(["-Y", "verify", "-f", "allowed", "-I", principal, "-n", namespace, "-s", "signature"]);
        std::fs::write(self.path("widget"), BYTES).unwrap();
        command.stdin(std::fs::File::open(self.path("widget")).unwrap());
        command.output().unwrap().status.success()
    }
}

/// An SSH `string`.
pub fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

/// The pieces of a signature's blob.
#[derive(Clone)]
pub struct Pieces {
    /// What it begins with.
    pub magic: Vec<u8>,
    /// Its version.
    pub version: u32,
    /// Key, namespace, reserved, hash and signature.
    pub strings: [Vec<u8>; 5],
    /// What follows.
    pub tail: Vec<u8>,
}

impl Pieces {
    /// Of an armored signature.
    pub fn of(armored: &str) -> Self {
        let base64: String = armored.lines().filter(|line| !line.starts_with('-')).collect();
        let blob = STANDARD.decode(base64).unwrap();
        let mut rest = &blob[10..];
        let strings = [(); 5].map(|()| take(&mut rest));
        assert!(rest.is_empty());
        Self { magic: blob[..6].to_vec(), version: 1, strings, tail: Vec::new() }
    }

    /// Armored again.
    pub fn armored(&self) -> String {
        let mut blob = [&self.magic[..], &self.version.to_be_bytes()].concat();
        self.strings.iter().for_each(|piece| blob.extend(string(piece)));
        blob.extend(&self.tail);
        armored(&blob)
    }

    /// The same with one of its strings changed.
    pub fn with(&self, piece: usize, bytes: &[u8]) -> String {
        let mut changed = self.clone();
        changed.strings[piece] = bytes.to_vec();
        changed.armored()
    }
}

/// Takes a `string` off the front.
pub fn take(rest: &mut &[u8]) -> Vec<u8> {
    let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
    let taken = rest[4..4 + length].to_vec();
    *rest = &rest[4 + length..];
    taken
}

/// The armor of a signature.
pub fn armored(blob: &[u8]) -> String {
    let text = STANDARD.encode(blob);
    let lines: Vec<&str> = (0..text.len()).step_by(70).map(|at| &text[at..text.len().min(at + 70)]).collect();
    format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n"))
}
