//! minisign, signify, openssl and cosign of old as makers of keys and signatures.

use std::path::Path;
use std::process::Command;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kit::keys::{base64, pem};
use crate::kit::signing::maintainer;
use crate::tool;

/// A key pair of minisign.
pub struct Minisign {
    home: TempDir,
}

impl Minisign {
    /// A new pair; `None`, loudly, without minisign.
    pub fn new() -> Option<Self> {
        if !tool::is_there("minisign", "-v") {
            return None;
        }
        let home = tempfile::tempdir().unwrap();
        let pair = Self { home };
        tool::output(pair.command(&["-G", "-W", "-p", "m.pub", "-s", "m.key"]), b"");
        Some(pair)
    }

    /// The command with these arguments, in the folder of the keys.
    pub fn command(&self, arguments: &[&str]) -> &'static mut Command {
        let mut command = Command::new("minisign");
        command.current_dir(self.home.path()).args(arguments);
        Box::leak(Box::new(command))
    }

    /// The folder of the keys.
    pub fn path(&self) -> &Path {
        self.home.path()
    }

    /// The public key, as it is published.
    pub fn public(&self) -> Vec<u8> {
        std::fs::read(self.path().join("m.pub")).unwrap()
    }

    /// The signature over `bytes`, which is a file called `name`.
    pub fn sign_as(&self, name: &str, bytes: &[u8], more: &[&str]) -> String {
        std::fs::write(self.path().join(name), bytes).unwrap();
        let arguments = [&["-S", "-s", "m.key", "-m", name, "-x", "out"], more].concat();
        tool::output(self.command(&arguments), b"");
        std::fs::read_to_string(self.path().join("out")).unwrap()
    }
}

/// A key pair of signify.
pub struct Signify {
    home: TempDir,
}

impl Signify {
    /// A new pair; `None`, loudly, without signify.
    pub fn new() -> Option<Self> {
        if !tool::is_there("signify-openbsd", "-h") {
            return None;
        }
        let home = tempfile::tempdir().unwrap();
        let pair = Self { home };
        pair.run(&["-G", "-n", "-p", "s.pub", "-s", "s.sec"]);
        Some(pair)
    }

    /// Runs the tool in the folder of the keys.
    pub fn run(&self, arguments: &[&str]) {
        let mut command = Command::new("signify-openbsd");
        tool::output(command.current_dir(self.home.path()).args(arguments), b"");
    }

    /// The public key, as it is published.
    pub fn public(&self) -> Vec<u8> {
        std::fs::read(self.home.path().join("s.pub")).unwrap()
    }

    /// What signify writes when it signs `bytes`.
    pub fn sign_with(&self, bytes: &[u8], more: &[&str]) -> Vec<u8> {
        std::fs::write(self.home.path().join("message"), bytes).unwrap();
        self.run(&[&["-S", "-s", "s.sec", "-m", "message", "-x", "out"], more].concat());
        std::fs::read(self.home.path().join("out")).unwrap()
    }

    /// A detached signature.
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.sign_with(bytes, &[])
    }

    /// The message behind its signature.
    pub fn embed(&self, bytes: &[u8]) -> Vec<u8> {
        self.sign_with(bytes, &["-e"])
    }
}

/// A key pair of openssl.
pub struct Pair {
    home: TempDir,
}

impl Pair {
    /// A new pair of the algorithm that these arguments of `openssl genpkey` name; `None`, loudly, without openssl.
    pub fn new(arguments: &[&str]) -> Option<Self> {
        if !tool::is_there("openssl", "version") {
            return None;
        }
        let pair = Self { home: tempfile::tempdir().unwrap() };
        pair.run(&[&["genpkey", "-out", "k.pem"], arguments].concat());
        pair.run(&["pkey", "-in", "k.pem", "-pubout", "-out", "k.pub"]);
        Some(pair)
    }

    /// ECDSA on P-256.
    pub fn p256() -> Option<Self> {
        Self::new(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
    }

    /// ECDSA on P-384.
    pub fn p384() -> Option<Self> {
        Self::new(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"])
    }

    /// Ed25519.
    pub fn ed25519() -> Option<Self> {
        Self::new(&["-algorithm", "ed25519"])
    }

    /// RSA of so many bits.
    pub fn rsa(bits: &str) -> Option<Self> {
        Self::new(&["-algorithm", "RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")])
    }

    /// Runs the tool in the folder of the keys.
    pub fn run(&self, arguments: &[&str]) {
        tool::output(Command::new("openssl").current_dir(self.path()).args(arguments), b"");
    }

    /// The folder of the keys.
    pub fn path(&self) -> &Path {
        self.home.path()
    }

    /// The public key, as it is published.
    pub fn public(&self) -> Vec<u8> {
        std::fs::read(self.path().join("k.pub")).unwrap()
    }

    /// What `openssl dgst` signs with these options.
    pub fn digest_sign(&self, bytes: &[u8], options: &[&str]) -> Vec<u8> {
        std::fs::write(self.path().join("message"), bytes).unwrap();
        self.run(&[&["dgst", "-sign", "k.pem", "-out", "out"], options, &["message"]].concat());
        std::fs::read(self.path().join("out")).unwrap()
    }

    /// What `openssl pkeyutl` signs with these options.
    pub fn sign(&self, bytes: &[u8], options: &[&str]) -> Vec<u8> {
        std::fs::write(self.path().join("message"), bytes).unwrap();
        self.run(
            &[&["pkeyutl", "-sign", "-inkey", "k.pem", "-in", "message", "-out", "out"], options].concat(),
        );
        std::fs::read(self.path().join("out")).unwrap()
    }
}

/// A Sigstore bundle v0.1, as cosign wrote it before there were any.
pub fn legacy(modern: &Value) -> Value {
    let material = &modern["verificationMaterial"];
    let entry = &material["tlogEntries"][0];
    let number = |value: &Value| json!(value.as_str().unwrap().parse::<i64>().unwrap());
    let id = hex::encode(STANDARD.decode(entry["logId"]["keyId"].as_str().unwrap()).unwrap());
    let payload = json!({
        "body": entry["canonicalizedBody"],
        "integratedTime": number(&entry["integratedTime"]),
        "logIndex": number(&entry["logIndex"]),
        "logID": id,
    });
    json!({
        "base64Signature": modern["messageSignature"]["signature"],
        "cert": base64(certificate(modern).unwrap_or_else(|| maintainer().public_pem())),
        "rekorBundle": {
            "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
            "Payload": payload,
        },
    })
}

/// The certificate of a bundle in PEM.
pub fn certificate(modern: &Value) -> Option<String> {
    let raw =
        modern["verificationMaterial"]["x509CertificateChain"]["certificates"][0]["rawBytes"].as_str()?;
    Some(pem("CERTIFICATE", &STANDARD.decode(raw).unwrap()))
}
