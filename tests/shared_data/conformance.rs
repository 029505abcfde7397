//! The public Sigstore conformance suite: what it calls good is accepted, what it calls bad is refused.

use std::fs;
use std::path::{Path, PathBuf};

use relcheck::digest::{Algorithm, Digest};
use relcheck::proof::sigstore::{Expected, Subject, verify_one};
use relcheck::release::Sha256;
use relcheck::trust::{Key, Origin, SigstoreRoot, TrustRoots};

use crate::run::relcheck;
use crate::{entries, name, shared};

const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// One directory of the suite.
struct Case {
    folder: PathBuf,
    artifact: PathBuf,
}

impl Case {
    fn all() -> Option<Vec<Self>> {
        let root = shared("data/sigstore-conformance")?;
        let folders = entries(&root).into_iter().filter(|path| path.is_dir());
        let case = |folder: PathBuf| {
            let own = folder.join("artifact");
            let artifact = if own.exists() { own } else { root.join("a.txt") };
            Self { folder, artifact }
        };
        Some(folders.map(case).collect())
    }

    fn must_be_refused(&self) -> bool {
        name(&self.folder).ends_with("_fail")
    }

    fn file(&self, name: &str) -> Option<PathBuf> {
        Some(self.folder.join(name)).filter(|path| path.exists())
    }

    fn text(&self, name: &str, otherwise: &str) -> String {
        self.file(name)
            .map_or_else(|| otherwise.to_owned(), |path| fs::read_to_string(path).unwrap().trim().to_owned())
    }

    fn digest(&self) -> String {
        Sha256::of(&fs::read(&self.artifact).unwrap()).to_string()
    }

    /// What the library says of the bundle over `subject`.
    fn judge(&self, subject: &Subject) -> Result<(), String> {
        let trust = match self.file("trusted_root.json") {
            Some(path) => {
                let root = SigstoreRoot::parse("case", Origin::File, &fs::read(path).unwrap());
                TrustRoots::of(vec![root.map_err(|e| e.to_string())?])
            }
            None => TrustRoots::embedded().unwrap(),
        };
        let expected = match self.file("key.pub") {
            Some(path) => Expected::Key(
                Key::from_pem("key.pub", &fs::read_to_string(path).unwrap()).map_err(|e| e.to_string())?,
            ),
            None => Expected::Certificate {
                identity: self.text("identity", IDENTITY),
                issuer: self.text("issuer", ISSUER),
            },
        };
        let bundle = fs::read(self.folder.join("bundle.sigstore.json")).unwrap();
        verify_one(&bundle, subject, &expected, &trust).map(drop).map_err(|refusal| refusal.to_string())
    }

    /// The arguments of the suite's protocol.
    fn arguments(&self, subject: &str) -> Vec<String> {
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        let mut all = vec![
            "verify-bundle".to_owned(),
            "--bundle".to_owned(),
            text(self.folder.join("bundle.sigstore.json")),
        ];
        match self.file("key.pub") {
            Some(key) => all.extend(["--key".to_owned(), text(key)]),
            None => all.extend([
                "--certificate-identity".to_owned(),
                self.text("identity", IDENTITY),
                "--certificate-oidc-issuer".to_owned(),
                self.text("issuer", ISSUER),
            ]),
        }
        if let Some(root) = self.file("trusted_root.json") {
            all.extend(["--trusted-root".to_owned(), text(root)]);
        }
        all.push(subject.to_owned());
        all
    }
}

#[test]
fn the_library_accepts_what_is_good_and_refuses_what_is_bad_by_path_and_by_digest() {
    let Some(cases) = Case::all() else { return };
    let (mut runs, mut accepted, mut refused) = (0, 0, 0);
    let mut wrong = Vec::new();
    for case in &cases {
        let digest = Digest::parse(Algorithm::Sha256, &case.digest()).unwrap();
        for (how, subject) in
            [("path", Subject::File(case.artifact.clone())), ("digest", Subject::Digest(digest))]
        {
            runs += 1;
            match (case.judge(&subject), case.must_be_refused()) {
                (Ok(()), false) => accepted += 1,
                (Err(why), true) => {
                    refused += 1;
                    assert!(!why.is_empty(), "{}: a refusal has a reason", name(&case.folder));
                }
                (Ok(()), true) => wrong.push(format!("wrong accept by {how}: {}", name(&case.folder))),
                (Err(why), false) => {
                    wrong.push(format!("wrong reject by {how}: {}: {why}", name(&case.folder)))
                }
            }
        }
    }
    println!(
        "conformance, library: {} directories, {runs} runs, {accepted} accepted, {refused} refused, {} wrong",
        cases.len(),
        wrong.len()
    );
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!((cases.len(), runs), (45, 90), "the whole of what is kept here");
    assert!(accepted >= 20 && refused >= 50, "{accepted} accepted, {refused} refused");
}

#[test]
fn the_program_gives_the_same_answers_with_exit_codes_of_the_contract() {
    let Some(cases) = Case::all() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    let mut codes = std::collections::BTreeMap::<i32, usize>::new();
    for case in &cases {
        let subjects = [case.artifact.to_str().unwrap().to_owned(), format!("sha256:{}", case.digest())];
        for subject in subjects {
            let ran = relcheck(folder.path(), case.arguments(&subject));
            ran.assert_clean(name(&case.folder));
            *codes.entry(ran.code).or_default() += 1;
            let right = if case.must_be_refused() { matches!(ran.code, 1..=3) } else { ran.code == 0 };
            if !right {
                wrong.push(format!("{}: exit {}: {}", name(&case.folder), ran.code, ran.stderr));
            }
        }
    }
    println!(
        "conformance, program: {} directories, runs by exit code {codes:?}, {} wrong",
        cases.len(),
        wrong.len()
    );
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_good_bundle_is_refused_for_anything_but_its_own_artifact_signer_and_issuer() {
    let Some(cases) = Case::all() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut refused = 0;
    for case in cases.iter().filter(|case| !case.must_be_refused()) {
        let digest = case.digest();
        let flipped = format!("{}{}", if digest.starts_with('0') { '1' } else { '0' }, &digest[1..]);
        let mut calls = vec![("another digest", case.arguments(&format!("sha256:{flipped}")))];
        let good = case.arguments(&format!("sha256:{digest}"));
        let change = |flag: &str, value: &dyn Fn(&str) -> String| {
            let at = good.iter().position(|argument| argument == flag)? + 1;
            let mut changed = good.clone();
            changed[at] = value(&changed[at]);
            Some(changed)
        };
        let longer = |text: &str| format!("{text}x");
        let shorter = |text: &str| text[..text.len() - 1].to_owned();
        calls.extend(change("--certificate-identity", &longer).map(|call| ("a longer identity", call)));
        calls.extend(change("--certificate-identity", &shorter).map(|call| ("a shorter identity", call)));
        calls.extend(change("--certificate-identity", &|_| ".*".to_owned()).map(|call| ("a pattern", call)));
        calls.extend(change("--certificate-oidc-issuer", &longer).map(|call| ("another issuer", call)));
        for (what, call) in calls {
            let ran = relcheck(folder.path(), call);
            assert_eq!(ran.code, 1, "{} with {what}: {}", name(&case.folder), ran.stderr);
            refused += 1;
        }
    }
    println!("conformance, program: {refused} calls with something else are refused");
    assert!(refused > 40, "{refused}");
}

/// Nothing here is used up by a test that looks at no file.
#[test]
fn the_artifact_is_read_from_where_the_suite_says() {
    let Some(cases) = Case::all() else { return };
    let own = cases.iter().filter(|case| case.artifact.starts_with(&case.folder)).count();
    assert!(own >= 5 && own < cases.len(), "{own} have one of their own");
    assert!(cases.iter().all(|case| Path::new(&case.artifact).is_file()));
}
