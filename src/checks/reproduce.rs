//! Commands of other tools that show what a finding says, so that nobody has to take relcheck's word for it.
//!
//! The rule that must not be broken: whatever a release, a certificate or a policy calls something is one word of the
//! command: no name can end a quotation, start a substitution, or be taken for an option.

/// What a signature is, as the tools tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A Sigstore bundle over the file itself.
    Bundle,
    /// A Sigstore bundle with an in-toto statement about the file.
    Attestation {
        /// The type of its predicate.
        predicate_type: &'a str,
    },
    /// A detached signature over the file, raw or in base64, made with a bare key.
    Detached,
    /// A minisign signature.
    Minisign,
    /// A signify signature.
    Signify,
    /// A detached OpenPGP signature.
    OpenPgp,
    /// An SSH signature.
    Ssh {
        /// What a signature over a file is for where nobody says otherwise: `file`.
        namespace: &'a str,
    },
}

/// Who must have signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By<'a> {
    /// Somebody with a Sigstore certificate.
    Certificate {
        /// The subject: a name, or an anchored regular expression.
        subject: Name,
        /// The OIDC issuer.
        issuer: &'a str,
        /// The run of a GitHub workflow, where it must be a certain one.
        run: Option<Run>,
    },
    /// The holder of the public key in this file.
    Key(&'a str),
    /// Somebody whom a file of SSH's allowed signers names.
    Allowed {
        /// The file.
        file: &'a str,
        /// Who.
        principal: &'a str,
        /// The namespace that the policy lets them sign in.
        namespace: &'a str,
    },
}

/// The subject of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// This one.
    Exactly(String),
    /// Those that an anchored regular expression matches.
    Matching(String),
}

/// The run of a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// `OWNER/NAME`.
    pub repository: String,
    /// Its ref.
    pub reference: String,
    /// Its commit, where that is known.
    pub commit: Option<String>,
}

/// The command that checks the signature in `file` over the file `about`; none where no tool takes that combination.
/// `root`: the file of the Sigstore instance that was trusted, where that is not the tool's own.
pub fn reproduce(kind: Kind<'_>, by: &By<'_>, root: Option<&str>, file: &str, about: &str) -> Option<String> {
    let (sig, about) = (quoted_file(file), quoted_file(about));
    let root = root.map_or_else(String::new, |root| format!(" --trusted-root {}", quoted_file(root)));
    Some(match (kind, by) {
        (Kind::Bundle, by) => format!("cosign verify-blob --bundle {sig}{root}{} {about}", cosign(by)?),
        (Kind::Attestation { predicate_type }, by) => format!(
            "cosign verify-blob-attestation --bundle {sig}{root} --type {}{} {about}",
            value(predicate_type),
            cosign(by)?
        ),
        // Without a log entry there is nothing to look up; the key alone says who signed.
        (Kind::Detached, By::Key(key)) => format!(
            "cosign verify-blob --key {} --signature {sig} --insecure-ignore-tlog=true {about}",
            quoted_file(key)
        ),
        (Kind::Minisign, By::Key(key)) => {
            format!("minisign -V -p {} -x {sig} -m {about}", quoted_file(key))
        }
        (Kind::Signify, By::Key(key)) => {
            format!("signify-openbsd -V -p {} -x {sig} -m {about}", quoted_file(key))
        }
        // A keyring of its own, so that what the user's own one holds neither helps nor is changed.
        (Kind::OpenPgp, By::Key(key)) => {
            let gpg = "gpg --no-options --trust-model always --no-default-keyring --keyring ./relcheck.kbx";
            // A text inside its own signature has no second file.
            let files = if sig == about { sig } else { format!("{sig} {about}") };
            format!("{gpg} --import {} && {gpg} --verify {files}", quoted_file(key))
        }
        // It asks for no signer, and so shows only what does not verify at all.
        (Kind::Ssh { namespace }, By::Key(_)) => {
            format!("ssh-keygen -Y check-novalidate -n {} -s {sig} < {about}", value(namespace))
        }
        (Kind::Ssh { .. }, By::Allowed { file, principal, namespace }) => format!(
            "ssh-keygen -Y verify -f {} -I {} -n {} -s {sig} < {about}",
            quoted_file(file),
            value(principal),
            value(namespace)
        ),
        (_, By::Certificate { .. } | By::Allowed { .. }) => return None,
    })
}

/// The command of GitHub's own tool that checks the attestation of `about`; it asks the forge for it.
pub fn gh(host: &str, subject: &str, issuer: &str, run: &Run, about: &str) -> String {
    let mut text = format!(
        "gh attestation verify {} --repo {} --cert-identity {} --cert-oidc-issuer {} --source-ref {}",
        quoted_file(about),
        value(&run.repository),
        value(subject),
        value(issuer),
        value(&run.reference)
    );
    if let Some(commit) = &run.commit {
        text.push_str(&format!(" --source-digest {}", value(commit)));
    }
    if host != "github.com" {
        text.push_str(&format!(" --hostname {}", value(host)));
    }
    text
}

/// The command of slsa-verifier that checks the provenance in `file` about the artifact `about`; it knows the builders
/// of the SLSA project, and repositories on github.com alone.
pub fn slsa_verifier(repository: &str, tag: &str, file: &str, about: &str) -> String {
    format!(
        "slsa-verifier verify-artifact --provenance-path {} --source-uri {} --source-tag {} {}",
        quoted_file(file),
        value(repository),
        value(tag),
        quoted_file(about)
    )
}

/// The options by which cosign is told who must have signed; nothing where it knows no such signer.
fn cosign(by: &By<'_>) -> Option<String> {
    Some(match by {
        By::Allowed { .. } => return None,
        By::Key(key) => format!(" --key {}", quoted_file(key)),
        By::Certificate { subject, issuer, run } => {
            let subject = match subject {
                Name::Exactly(name) => format!("--certificate-identity {}", value(name)),
                Name::Matching(regex) => format!("--certificate-identity-regexp {}", value(regex)),
            };
            let mut text = format!(" {subject} --certificate-oidc-issuer {}", value(issuer));
            if let Some(Run { repository, reference, commit }) = run {
                text.push_str(&format!(
                    " --certificate-github-workflow-repository {} --certificate-github-workflow-ref {}",
                    value(repository),
                    value(reference)
                ));
                if let Some(commit) = commit {
                    text.push_str(&format!(" --certificate-github-workflow-sha {}", value(commit)));
                }
            }
            text
        }
    })
}

/// The value of an option. One that begins with a hyphen would be taken for an option itself by some tools: none of
/// what is compared here (URLs, refs, commits, addresses) does, so it is shown as a name that matches nothing.
fn value(text: &str) -> String {
    if text.starts_with('-') { quoted(&format!("./{text}")) } else { quoted(text) }
}

/// The name of a file as one word of a shell command that no tool takes for an option.
pub fn quoted_file(name: &str) -> String {
    if name.starts_with('-') { quoted(&format!("./{name}")) } else { quoted(name) }
}

/// A name as one word of a shell command.
pub fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+/:@=,".contains(c);
    if !name.is_empty() && name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(subject: Name) -> By<'static> {
        By::Certificate { subject, issuer: "https://i.example", run: None }
    }

    #[test]
    fn each_kind_has_its_tool() {
        let exact = by(Name::Exactly("https://a/b@c".to_owned()));
        let key = By::Key("release.pub");
        let ssh = Kind::Ssh { namespace: "file" };
        let allowed =
            By::Allowed { file: "allowed_signers", principal: "ada@example.org", namespace: "release" };
        for (kind, by, expected) in [
            (
                Kind::Bundle,
                &exact,
                "cosign verify-blob --bundle a.sig --certificate-identity https://a/b@c --certificate-oidc-issuer https://i.example a",
            ),
            (Kind::Bundle, &key, "cosign verify-blob --bundle a.sig --key release.pub a"),
            (
                Kind::Attestation { predicate_type: "https://slsa.dev/provenance/v1" },
                &exact,
                "cosign verify-blob-attestation --bundle a.sig --type https://slsa.dev/provenance/v1 --certificate-identity https://a/b@c --certificate-oidc-issuer https://i.example a",
            ),
            (
                Kind::Detached,
                &key,
                "cosign verify-blob --key release.pub --signature a.sig --insecure-ignore-tlog=true a",
            ),
            (Kind::Minisign, &key, "minisign -V -p release.pub -x a.sig -m a"),
            (Kind::Signify, &key, "signify-openbsd -V -p release.pub -x a.sig -m a"),
            (
                Kind::OpenPgp,
                &key,
                "gpg --no-options --trust-model always --no-default-keyring --keyring ./relcheck.kbx --import release.pub && gpg --no-options --trust-model always --no-default-keyring --keyring ./relcheck.kbx --verify a.sig a",
            ),
            (ssh, &key, "ssh-keygen -Y check-novalidate -n file -s a.sig < a"),
            (
                ssh,
                &allowed,
                "ssh-keygen -Y verify -f allowed_signers -I ada@example.org -n release -s a.sig < a",
            ),
        ] {
            assert_eq!(reproduce(kind, by, None, "a.sig", "a").as_deref(), Some(expected));
        }
        assert_eq!(reproduce(Kind::Minisign, &exact, None, "a.sig", "a"), None);
        assert_eq!(reproduce(Kind::Minisign, &allowed, None, "a.sig", "a"), None);
        for kind in [Kind::Bundle, Kind::Attestation { predicate_type: "t" }] {
            let command = reproduce(kind, &exact, Some("my root.json"), "a.sig", "a").unwrap();
            assert!(command.contains(" --bundle a.sig --trusted-root 'my root.json' "), "{command}");
        }
        // A bare key is looked up in no log.
        let command = reproduce(Kind::Detached, &key, Some("root.json"), "a.sig", "a").unwrap();
        assert!(!command.contains("root.json"), "{command}");
    }

    #[test]
    fn a_command_to_reproduce_runs_nothing_that_a_name_says() {
        assert_eq!(quoted("a'$(id)'b"), r"'a'\''$(id)'\''b'");
        assert_eq!(quoted("v1;id"), "'v1;id'");
        assert_eq!(quoted("~root"), "'~root'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted_file("-rf"), "./-rf");
        let regex = by(Name::Matching(r"^https://a/[^/@]+$".to_owned()));
        let command = reproduce(Kind::Bundle, &regex, None, "-x;id", "`id`").unwrap();
        assert!(command.contains("--bundle './-x;id' "), "{command}");
        assert!(command.contains("--certificate-identity-regexp '^https://a/[^/@]+$' "), "{command}");
        assert!(command.ends_with(" '`id`'"), "{command}");
    }

    #[test]
    fn the_words_of_every_command_are_those_that_were_meant() {
        // Read back by a shell's own rules: single quotes, and escaped ones between them.
        let words = |command: &str| -> Vec<String> {
            let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
            let mut letters = command.chars();
            while let Some(c) = letters.next() {
                match c {
                    '\'' => quoted = !quoted,
                    '\\' if !quoted => word.extend(letters.next()),
                    ' ' if !quoted => words.push(std::mem::take(&mut word)),
                    _ => word.push(c),
                }
            }
            words.push(word);
            words
        };
        for hostile in ["a b", "a'b", "$(id)", "a\"b", "a|b>c", "\\", "*", "-o", "größe"] {
            let command = reproduce(Kind::Minisign, &By::Key(hostile), None, hostile, hostile).unwrap();
            let expected = if hostile.starts_with('-') { format!("./{hostile}") } else { hostile.to_owned() };
            let found = words(&command);
            assert_eq!([&found[3], &found[5], &found[7]], [&expected; 3], "{command}");
        }
    }
}
