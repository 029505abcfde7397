//! GnuPG as the maker of keys and signatures, each at a moment of the test's choice.

use std::process::Command;

use tempfile::TempDir;

use crate::tool;

/// A keyring of its own.
pub struct Gpg {
    home: TempDir,
}

impl Drop for Gpg {
    fn drop(&mut self) {
        Command::new("gpgconf").arg("--homedir").arg(self.home.path()).args(["--kill", "all"]).output().ok();
    }
}

impl Gpg {
    /// An empty keyring; `None`, loudly, without GnuPG.
    pub fn new() -> Option<Self> {
        if !tool::is_there("gpg", "--version") {
            return None;
        }
        // The agent's socket needs a short path.
        let home = tempfile::Builder::new().prefix("g").rand_bytes(4).tempdir().unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        }
        Some(Self { home })
    }

    /// What gpg writes when it is called so at `time` (`20240101`).
    pub fn run(&self, time: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let mut command = self.command(time);
        command.arg("--batch").args(arguments);
        tool::output(&mut command, input)
    }

    /// The same, answering gpg's questions.
    fn answer(&self, time: &str, arguments: &[&str], answers: &str) -> Vec<u8> {
        let mut command = self.command(time);
        command.args(["--no-batch", "--command-fd", "0", "--expert", "--yes"]).args(arguments);
        tool::output(&mut command, answers.as_bytes())
    }

    fn command(&self, time: &str) -> Command {
        let mut command = Command::new("gpg");
        command
            .arg("--homedir")
            .arg(self.home.path())
            .args(["--no-tty", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""])
            .args(["--no-auto-check-trustdb", "--trust-model", "always", "--faked-system-time"])
            .arg(format!("{time}T000000!"));
        command
    }

    /// Makes a key; returns its fingerprint.
    pub fn key(&self, time: &str, name: &str, algorithm: &str, usage: &str, until: &str) -> String {
        self.key_with(time, name, algorithm, usage, until, &[])
    }

    /// The same, with further options.
    pub fn key_with(
        &self,
        time: &str,
        name: &str,
        algorithm: &str,
        usage: &str,
        until: &str,
        options: &[&str],
    ) -> String {
        let make = ["--quick-gen-key", name, algorithm, usage, until];
        self.run(time, &[options, &make].concat(), b"");
        self.fingerprints(name)[0].clone()
    }

    /// Adds a subkey; returns its fingerprint.
    pub fn subkey(&self, time: &str, key: &str, algorithm: &str, usage: &str, until: &str) -> String {
        self.run(time, &["--quick-add-key", key, algorithm, usage, until], b"");
        self.fingerprints(key).pop().unwrap()
    }

    /// The fingerprints of a key and its subkeys.
    pub fn fingerprints(&self, key: &str) -> Vec<String> {
        let listed = self.run("20240101", &["--with-colons", "--with-fingerprint", "--list-keys", key], b"");
        let listed = String::from_utf8(listed).unwrap();
        let lines = listed.lines().filter_map(|line| line.strip_prefix("fpr:"));
        lines.map(|line| line.trim_matches(':').to_owned()).collect()
    }

    /// The certificate, armored.
    pub fn export(&self, key: &str) -> Vec<u8> {
        self.run("20240101", &["--armor", "--export", key], b"")
    }

    /// The certificate, binary.
    pub fn export_binary(&self, key: &str) -> Vec<u8> {
        self.run("20240101", &["--export", key], b"")
    }

    /// A detached signature by exactly that key or subkey.
    pub fn sign(&self, time: &str, key: &str, options: &[&str], file: &[u8]) -> Vec<u8> {
        let key = format!("{key}!");
        self.run(time, &[options, &["--local-user", &key, "--detach-sign"]].concat(), file)
    }

    /// A cleartext-signed message.
    pub fn clearsign(&self, time: &str, key: &str, text: &[u8]) -> Vec<u8> {
        let key = format!("{key}!");
        self.run(time, &["--local-user", &key, "--clearsign"], text)
    }

    /// Revokes the whole key, for the reason of that number: 0 none, 1 compromised, 2 superseded, 3 retired.
    pub fn revoke(&self, time: &str, key: &str, reason: u8, words: &str) {
        let words = if words.is_empty() { String::new() } else { format!("{words}\n") };
        let answers = format!("y\n{reason}\n{words}\ny\n");
        let revocation = self.answer(time, &["--gen-revoke", key], &answers);
        self.run(time, &["--import"], &revocation);
    }

    /// Revokes the first subkey.
    pub fn revoke_subkey(&self, time: &str, key: &str, reason: u8) {
        let answers = format!("key 1\nrevkey\ny\n{reason}\n\ny\nsave\n");
        self.answer(time, &["--edit-key", key], &answers);
    }

    /// Sets when a key expires, as at `time`.
    pub fn expire(&self, time: &str, key: &str, until: &str) {
        self.run(time, &["--quick-set-expire", key, until], b"");
    }
}
