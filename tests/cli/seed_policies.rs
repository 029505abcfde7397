//! The policies in `policies/seeds/`: each can be used, under a name and for a repository of its own.

use std::collections::BTreeSet;
use std::fs;

use crate::kit::repository::git;
use crate::run::relcheck;

#[test]
fn every_policy_of_a_sample_project_can_be_used() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/policies/seeds");
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let path = path.to_str().unwrap();
        let ran = relcheck(std::path::Path::new("/"), ["policy", "check", path]);
        let said = ran.expect(path, 0, &[": can be used (policy "]);
        assert!(!said.said().contains("warning"), "{}", said.said());
        let text = fs::read_to_string(path).unwrap();
        for required in
            ["supported-versions = \"require\"", "advisories = \"require\"", "repository = \"github.com/"]
        {
            assert!(text.contains(required), "{path}: {required}");
        }
        names.insert(text.lines().find(|line| line.starts_with("name = ")).unwrap().to_owned());
    }
    assert_eq!(names.len(), 5, "{names:?}");
}

#[test]
fn policy_init_puts_the_promises_of_the_security_policy_beside_the_checks_that_they_call_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    git(path, &["init", "-q", "-b", "main"], b"");
    git(path, &["remote", "add", "origin", "https://github.com/acme/gadget.git"], b"");
    fs::create_dir(path.join(".github")).unwrap();
    let text = "# Security\n\n## Measures\n\n- **Static Analysis**: CodeQL runs on every pull request\n- **Signed Releases**: All releases are signed\n";
    fs::write(path.join(".github/SECURITY.md"), text).unwrap();
    git(path, &["add", "-A"], b"");
    git(path, &["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "first"], b"");
    let printed = relcheck(path, ["policy", "init", "--print"]).expect("init", 0, &[]).out();
    for line in [
        "# you promise signed releases (.github/SECURITY.md:6): requiring `signatures`\nsignatures = \"require\"\n",
        "# \"policy-claims/static-analysis\" = \"require\"   # you promise static analysis (.github/SECURITY.md:5)\n",
    ] {
        assert!(printed.contains(line), "{printed}");
    }
    relcheck(path, ["policy", "init"]).expect("written", 0, &["wrote relcheck.toml"]);
    relcheck(path, ["policy", "check"]).expect(
        "it can be used",
        0,
        &["relcheck.toml: can be used (policy gadget, sha256 "],
    );
    // Every proposal can be taken as it stands.
    let taken: String = printed
        .lines()
        .map(|line| {
            line.strip_prefix("# ")
                .filter(|line| line.starts_with("\"policy-claims/") || line.starts_with("\"tag/"))
                .unwrap_or(line)
        })
        .map(|line| format!("{line}\n"))
        .collect();
    assert_ne!(taken, printed);
    fs::write(path.join("relcheck.toml"), taken).unwrap();
    relcheck(path, ["policy", "check"]).expect(
        "with every proposal",
        0,
        &["relcheck.toml: can be used (policy gadget, sha256 "],
    );
}
