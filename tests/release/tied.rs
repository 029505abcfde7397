//! What ties the files of a release to its tag: somebody's word that names it, or a name that was signed.

use relcheck::release::Sha256;
use relcheck::report::Report;
use serde_json::json;

use crate::kit::keys::Key;
use crate::kit::release::Release;
use crate::kit::signing::{Signing, maintainer};
use crate::kit::statement::{Provenance, Subject};
use crate::makers::Minisign;
use crate::provenance_stage::{build, provenance_key, publish_keyed};
use crate::stage::{CRATE, LINUX, MACOS, Stage, outcome, said};

/// A release whose files a key signed, and nothing else speaks of; `name` says what each file is called.
fn by_key_alone(name: impl Fn(&str) -> String) -> Stage {
    let mut stage = Stage::set(&Release { signing: Signing::Detached, ..Release::good() });
    stage.withdraw("widget-1.2.3.intoto.jsonl");
    let mut list = String::new();
    for file in &stage.written.artifacts {
        let bytes = stage.read(file);
        stage.withdraw(file);
        stage.withdraw(&format!("{file}.sig"));
        let called = name(file);
        stage.publish(&called, &bytes);
        stage.publish(&format!("{called}.sig"), maintainer().detached_signature(&bytes).as_bytes());
        list.push_str(&format!("{}  {called}\n", Sha256::of(&bytes)));
    }
    publish_signed(&stage, "SHA256SUMS", &list);
    stage.policy = stage.policy.replace("provenance = \"require\"", "provenance = \"warn\"");
    stage
}

/// Publishes a list with its signature by the maintainer's key.
fn publish_signed(stage: &Stage, name: &str, text: &str) {
    stage.publish(name, text.as_bytes());
    stage.publish(&format!("{name}.sig"), maintainer().detached_signature(text.as_bytes()).as_bytes());
}

/// The same with a signed list for each file, as `list` writes it, in the place of the one for all.
fn by_lists_of_one(list: impl Fn(&str, &Sha256) -> String) -> Stage {
    let stage = by_key_alone(str::to_owned);
    ["SHA256SUMS", "SHA256SUMS.sig"].into_iter().for_each(|name| stage.withdraw(name));
    for file in [LINUX, MACOS, CRATE] {
        publish_signed(&stage, &format!("{file}.sha256"), &list(file, &Sha256::of(&stage.read(file))));
    }
    stage
}

/// The files of the release before, which its maintainer signed; `also` publishes more beside them.
fn files_of_the_release_before(called: &str, also: impl Fn(&Stage)) -> Report {
    let stage = by_key_alone(|name| name.replace("1.2.3", called));
    also(&stage);
    stage.judge()
}

#[test]
fn a_statement_ties_files_to_the_tag_only_where_it_is_believed_and_means_this_tag() {
    let refused = "rejected: release/other-version fail";
    let about = |stage: &Stage, called: &str| -> Vec<Subject> {
        let names = stage.written.artifacts.iter().map(|name| name.replace("1.2.3", called));
        names.map(|name| Subject::of(&name, &stage.read(&name))).collect()
    };
    // A summary of another version whose tag begins with this one's, signed with the key that signs the files.
    for resource in [
        "git+https://github.com/acme/widget@refs/tags/v1.2.30",
        "git+https://github.com/acme/widget@refs/tags/v1.2.3",
        "git+https://github.com/acme/gadget@refs/tags/v1.2.3",
    ] {
        let summary = |stage: &Stage| {
            let predicate = json!({
                "verifier": {"id": "https://verifier.example/v1"}, "timeVerified": "2026-01-05T12:00:00Z",
                "resourceUri": resource, "policy": {"uri": "https://verifier.example/policy"},
                "verificationResult": "PASSED", "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
            });
            let mut statement = Provenance::v1(&build(stage), about(stage, "1.2.2")).statement();
            statement["predicateType"] = json!("https://slsa.dev/verification_summary/v1");
            statement["predicate"] = predicate;
            publish_keyed(stage, "widget.vsa.sigstore.json", &statement, "maintainer");
        };
        let report = files_of_the_release_before("1.2.2", summary);
        assert_eq!(outcome(&report), refused, "{resource}");
    }
    // Provenance signed with that key, which the policy lets build nothing.
    let provenance = |stage: &Stage, key: &str| {
        let mut provenance = Provenance::v02(&build(stage), about(stage, "1.2.2"));
        provenance.builder = "https://builders.example/ci".to_owned();
        publish_keyed(stage, "widget.provenance.sigstore.json", &provenance.statement(), key);
    };
    let by_maintainer = |stage: &Stage| provenance(stage, "maintainer");
    assert_eq!(outcome(&files_of_the_release_before("1.2.2", by_maintainer)), refused);
    // The near miss: a builder that the policy names says that they were built from the tag's commit.
    let mut stage = by_key_alone(|name| name.replace("1.2.3", "1.2.2"));
    provenance(&stage, "ci");
    stage.policy += &provenance_key("ci", &Key::named("ci").public_pem());
    stage.policy +=
        "[[rules.provenance.builder]]\nkey = \"ci\"\nid = \"https://builders.example/ci\"\nlevel = 2\n";
    let report = stage.judge();
    assert_eq!(outcome(&report), "verified", "{:?}", said(&report, "provenance/builder"));
}

#[test]
fn files_that_nothing_ties_to_the_tag_are_told_and_those_of_another_version_refused() {
    // A signed checksum file says which version they are of, and signatures of the files alone do not.
    let own_files = by_key_alone(str::to_owned);
    assert_eq!(outcome(&own_files.judge()), "verified");
    assert_eq!(said(&own_files.judge(), "release/untied"), [""; 0]);
    own_files.withdraw("SHA256SUMS.sig");
    let own = own_files.judge();
    assert_eq!(
        said(&own, "release/untied"),
        [format!(
            "v1.2.3: nothing that is signed ties 3 files to v1.2.3: files of another release would pass under these \
             names: {MACOS}, {LINUX}, {CRATE}"
        )]
    );
    // The files of the release before, with all that was signed of them.
    let before = by_key_alone(|name| name.replace("1.2.3", "1.2.2")).judge();
    assert_eq!(outcome(&before), "rejected: release/other-version fail");
    assert_eq!(said(&before, "release/other-version").len(), 3);
    // Also where nobody signed them, and the policy does not ask for that.
    let mut unsigned = by_key_alone(|name| name.replace("1.2.3", "1.2.2"));
    for file in [LINUX, MACOS, CRATE] {
        unsigned.withdraw(&format!("{}.sig", file.replace("1.2.3", "1.2.2")));
    }
    unsigned.withdraw("SHA256SUMS.sig");
    unsigned.policy = unsigned.policy.replace("signatures = \"require\"", "signatures = \"skip\"");
    let unsigned = unsigned.judge();
    assert_eq!(outcome(&unsigned), "rejected: release/other-version fail");
    assert_eq!(said(&unsigned, "release/other-version").len(), 3);
    assert!(said(&unsigned, "release/untied").is_empty(), "no signature is said to tie nothing");
    // A name without a version, or with both, says nothing.
    for unclear in ["", "1.2.2-to-1.2.3", "9.9.9"] {
        let report = by_key_alone(|name| name.replace("1.2.3", unclear)).judge();
        assert_eq!(outcome(&report), "verified", "{unclear}");
        assert!(!said(&report, "release/untied").is_empty(), "{unclear}");
    }
    // What a certificate or provenance ties to the tag may be called anything.
    for signing in [Signing::Keyless, Signing::Detached, Signing::ManagedKey] {
        let report = Stage::set(&Release { signing, ..Release::good() }).judge();
        assert!(said(&report, "release/untied").is_empty(), "{signing:?}");
    }
}

#[test]
fn a_name_that_nobody_signed_ties_no_file_to_the_tag() {
    // The digest of a file of any release: the name is that of the list, which can be called anything.
    for rest in ["", "  -"] {
        let report = by_lists_of_one(|_, digest| format!("{digest}{rest}\n")).judge();
        let told = said(&report, "release/untied");
        assert_eq!(told.len(), 1, "{rest}");
        assert!(told[0].contains("ties 3 files to v1.2.3"), "{told:?}");
        assert_eq!(outcome(&report), "verified");
    }
    // The near miss: the lists name the files.
    let report = by_lists_of_one(|name, digest| format!("{digest}  {name}\n")).judge();
    assert_eq!(said(&report, "release/untied"), [""; 0]);
    assert_eq!(outcome(&report), "verified");
}

#[test]
fn a_name_in_a_signed_comment_of_minisign_ties_the_file() {
    let Some(tool) = Minisign::new() else { return };
    let signed = |comment: &dyn Fn(&str) -> String, has_lists: bool| {
        let mut stage = by_lists_of_one(|_, digest| format!("{digest}\n"));
        let key = String::from_utf8(tool.public()).unwrap();
        stage.policy = stage.policy.replace(&maintainer().public_pem(), &key);
        for file in [LINUX, MACOS, CRATE] {
            let list = format!("{file}.sha256");
            [file, &list].into_iter().for_each(|name| stage.withdraw(&format!("{name}.sig")));
            let name = if has_lists { list.as_str() } else { file };
            let signature = tool.sign_as(name, &stage.read(name), &["-t", &comment(name)]);
            stage.publish(&format!("{name}.minisig"), signature.as_bytes());
        }
        stage.judge()
    };
    let time = format!("timestamp:{}", crate::kit::RELEASED_AT);
    for has_lists in [false, true] {
        let named = signed(&|name| format!("{time}\tfile:{name}\thashed"), has_lists);
        assert_eq!(said(&named, "release/untied"), [""; 0]);
        assert_eq!(outcome(&named), "verified");
        let nameless = signed(&|_| time.clone(), has_lists);
        assert_eq!(said(&nameless, "release/untied").len(), 1);
    }
}

#[test]
fn a_bill_of_materials_of_another_version_is_told_as_any_file_is() {
    let bill = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "components": [{"type": "library", "name": "foo", "version": "1.0.0", "purl": "pkg:cargo/foo@1.0.0"}],
    });
    let bill = bill.to_string();
    let listing = |called: &str| {
        let stage = by_key_alone(str::to_owned);
        stage.publish(called, bill.as_bytes());
        publish_signed(&stage, "BILL.sha256sums", &format!("{}  {called}\n", Sha256::of(bill.as_bytes())));
        stage.judge()
    };
    let before = listing("widget-1.2.2.cdx.json");
    assert_eq!(outcome(&before), "rejected: release/other-version fail");
    let nameless = listing("bill.cdx.json");
    assert!(said(&nameless, "release/untied")[0].contains("bill.cdx.json"));
    let own = listing("widget-1.2.3.cdx.json");
    assert_eq!((outcome(&own).as_str(), said(&own, "release/untied").len()), ("verified", 0));
}

#[test]
fn what_is_listed_beside_files_of_the_tag_may_have_a_version_of_its_own() {
    let mixed =
        || by_key_alone(|name| if name == CRATE { name.replace("1.2.3", "1.2.2") } else { name.to_owned() });
    let report = mixed().judge();
    assert_eq!(outcome(&report), "verified");
    let told = said(&report, "release/untied");
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("is called after 1.2.2"), "{told:?}");
    assert!(told[0].contains("SHA256SUMS, which lists it beside files called after v1.2.3"), "{told:?}");
    // A list that nobody signed excuses nothing.
    let unsigned = mixed();
    unsigned.withdraw("SHA256SUMS.sig");
    assert_eq!(outcome(&unsigned.judge()), "rejected: release/other-version fail");
}
