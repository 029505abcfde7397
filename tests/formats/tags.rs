//! `git tag -s` with SSH, and tag objects that no git makes: rows 43, 44, 77, 116, 117 and 118.

use std::path::PathBuf;
use std::process::Command;

use relcheck::evaluate::evaluate;
use relcheck::evidence::{Evidence, Item, Listing, Published, Seen};
use relcheck::proof::{Reason, tag};

use crate::kit::release::Release;
use crate::kit::repository::git;
use crate::ledger::{self, outcome, vectors};
use crate::ssh_maker::{ADA, Ssh};
use crate::stage::Stage;
use crate::tool;

/// The tag that is judged.
pub const TAG: &str = "v1.2.3";
/// When it was made: 2026-01-05T10:00:00Z.
const TAGGED_AT: &str = "1767607200 +0000";

/// A good release, whose tag is made anew.
pub struct Tagged {
    /// The release.
    pub stage: Stage,
}

impl Tagged {
    /// The good release.
    pub fn new() -> Self {
        Self { stage: Stage::set(&Release::good()) }
    }

    /// Its repository.
    pub fn repository(&self) -> PathBuf {
        self.stage.written.repository()
    }

    /// The commit of the release.
    pub fn commit(&self) -> &str {
        &self.stage.written.commit
    }

    /// The text of the tag object, without a signature.
    pub fn text(&self) -> String {
        format!(
            "object {}\ntype commit\ntag {TAG}\ntagger Ada <{ADA}> {TAGGED_AT}\n\nRelease {TAG}\n",
            self.commit()
        )
    }

    /// Makes these bytes the tag object, whether or not git would have written them.
    pub fn put(&self, object: &[u8]) -> String {
        let arguments = ["hash-object", "-t", "tag", "-w", "--literally", "--stdin"];
        let id = git(&self.repository(), &arguments, object).trim().to_owned();
        // git itself refuses to name what it cannot read.
        let folder = self.repository().join("refs/tags");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(TAG), format!("{id}\n")).unwrap();
        id
    }

    /// The bytes of the tag object.
    pub fn object(&self) -> Vec<u8> {
        git(&self.repository(), &["cat-file", "tag", TAG], b"").into_bytes()
    }

    /// `git tag -s`, in its own words; the keys are where `maker` says.
    pub fn sign(&self, maker: &[(&str, String)], arguments: &[&str]) {
        let mut command = Command::new("git");
        command
            .current_dir(self.repository())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        command
            .env("GIT_COMMITTER_NAME", "Ada")
            .env("GIT_COMMITTER_EMAIL", ADA)
            .env("GIT_COMMITTER_DATE", TAGGED_AT);
        command.env_remove("SSH_AUTH_SOCK");
        for (key, value) in maker {
            command.arg("-c").arg(format!("{key}={value}"));
        }
        command.args(["tag", "-f", "-s", "-m", "Release v1.2.3"]).args(arguments);
        tool::output(&mut command, b"");
    }

    /// Names a key that may sign tags.
    pub fn key(mut self, name: &str, text: &str, more: &str) -> Self {
        let entry = format!("\n[[rules.tag.key]]\nname = \"{name}\"\ntext = '''\n{text}'''\n{more}\n");
        self.stage.policy += &entry;
        self
    }

    /// The outcome, and what was said about the tag.
    pub fn judged(&self) -> (String, String) {
        let report = self.stage.judge();
        let of_tag = |rule: &str| rule.starts_with("tag/") && !rule.starts_with("tag/version");
        let findings = report.checks.iter().flat_map(|check| &check.findings);
        let said: Vec<String> = findings
            .filter(|finding| of_tag(finding.rule.id) && finding.rule.id != "tag/not-on-branch")
            .map(|finding| format!("{} {}: {}", finding.rule.id, finding.status.word(), finding.message))
            .collect();
        (outcome(&report), said.join("\n"))
    }

    /// The reason for which the signature is refused.
    pub fn reason(&self) -> Option<Reason> {
        let evidence = self.stage.gather();
        let (Seen::Present(record), Seen::Present(item)) = (&evidence.tag_record, &evidence.tag_object)
        else {
            panic!("{:?} {:?}", evidence.tag_record, evidence.tag_object)
        };
        tag::verify(record, &item.bytes, &self.stage.trust())?.err().map(|refusal| refusal.reason)
    }

    /// The tag object is no release's, signed or not.
    #[track_caller]
    pub fn faulty(&self, words: &str) {
        let (outcome, said) = self.judged();
        assert!(outcome.starts_with("rejected: "), "{outcome} {said}");
        assert!(said.contains("tag/object fail: ") && said.contains(words), "{said}");
        ledger::refused_by((self.object(), &self.stage.policy), "tag/object");
    }

    /// The tag counts, in words that hold these.
    #[track_caller]
    pub fn accepted(&self, words: &str) {
        let (outcome, said) = self.judged();
        assert_eq!(outcome, "verified", "{said}");
        assert!(said.starts_with("tag/signed pass") && said.contains(words), "{said}");
        assert_eq!(self.reason(), None);
        ledger::accepted((self.object(), &self.stage.policy));
    }

    /// The tag is refused by that rule and for that reason, in words that hold these.
    #[track_caller]
    pub fn refused(&self, rule: &str, reason: Reason, words: &str) {
        let (outcome, said) = self.judged();
        let verdict = if rule.ends_with("undetermined") { "undetermined" } else { "rejected" };
        assert_eq!(outcome, format!("{verdict}: {rule}"), "{said}");
        assert!(said.contains(words), "\"{said}\" does not say \"{words}\"");
        assert_eq!(self.reason(), Some(reason), "{said}");
        ledger::refused((self.object(), &self.stage.policy), reason);
    }

    /// Nothing was signed, and that rule says so.
    #[track_caller]
    pub fn unsigned(&self, outcome: &str, words: &str) {
        let (found, said) = self.judged();
        assert_eq!(found, outcome, "{said}");
        assert!(said.contains(words), "\"{said}\" does not say \"{words}\"");
    }
}

/// How git signs with the SSH key `name`.
fn with_ssh(ssh: &Ssh, name: &str) -> Vec<(&'static str, String)> {
    vec![("gpg.format", "ssh".to_owned()), ("user.signingkey", ssh.path(name).display().to_string())]
}

/// A tag that git signed with Ada's SSH key, and a policy that names her by `line`.
fn ssh_tag(ssh: &Ssh, line: &str) -> Tagged {
    let tagged = Tagged::new();
    tagged.sign(&with_ssh(ssh, "ada"), &[TAG, tagged.commit()]);
    tagged.key("ada", line, "")
}

#[test]
fn a_tag_that_git_signed_with_ssh_counts_by_a_key_that_the_policy_names() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let tagged = ssh_tag(&ssh, &ssh.line("ada", "namespaces=\"git\""));
    tagged.accepted("v1.2.3 is signed by key ada (ada@example.org)");
    ssh_tag(&ssh, &ssh.public("ada")).accepted("signed by key ada (SHA256:");
    let object = String::from_utf8(tagged.object()).unwrap();
    assert!(object.starts_with(&tagged.text()), "git wrote what the other tests write: {object}");
}

/// What is said of the one sentence that SECURITY.md consists of.
fn of_sentence(tagged: &Tagged, sentence: &str, change: impl FnOnce(&mut Evidence)) -> String {
    let mut evidence = tagged.stage.gather();
    let policy = Item::new("git:refs/heads/main:SECURITY.md", sentence.as_bytes().to_vec());
    evidence.security_policy = Seen::Present(policy);
    change(&mut evidence);
    let stage = &tagged.stage;
    let report = evaluate(&evidence, &stage.trust(), &stage.policy(), stage.as_of);
    let findings = report.checks.iter().flat_map(|check| &check.findings);
    let mut said = findings.filter(|finding| finding.rule.id == "policy-claims/signed-releases");
    let finding = said.next().unwrap();
    format!("{}: {}", finding.status.word(), finding.message.split_once("\": ").unwrap().1)
}

#[test]
fn how_security_md_says_that_tags_are_signed_is_held_against_how_they_are() {
    let Some(ssh) = Ssh::ada() else { return };
    let tagged = ssh_tag(&ssh, &ssh.line("ada", "namespaces=\"git\""));
    let by = "the tag v1.2.3 is signed by key ada (ada@example.org)";
    for (sentence, expected) in [
        ("Release tags are signed.", format!("pass: {by}")),
        ("Tags are signed with SSH keys.", format!("pass: {by}, with SSH")),
        ("Tags are signed with GPG.", format!("undetermined: {by}, with SSH and not with OpenPGP")),
    ] {
        assert_eq!(of_sentence(&tagged, sentence, |_| {}), expected, "{sentence}");
    }
}

#[test]
fn that_a_release_has_no_files_only_its_forge_can_say() {
    let Some(ssh) = Ssh::ada() else { return };
    let tagged = ssh_tag(&ssh, &ssh.line("ada", "namespaces=\"git\""));
    let empty = |evidence: &mut Evidence| {
        evidence.published = Seen::Present(Published { files: Default::default(), unread: Vec::new() })
    };
    let signed = "All releases are signed.";
    assert_eq!(
        of_sentence(&tagged, signed, empty),
        "undetermined: no files of v1.2.3 were given, so that its tag alone is known to be signed"
    );
    let listed = |evidence: &mut Evidence| {
        empty(evidence);
        evidence.listing = Some(Seen::Present(Listing {
            origin: "forge".to_owned(),
            stage: relcheck::evidence::Stage::Published,
            is_immutable: None,
            published_at: None,
            commit: None,
            also: Vec::new(),
            files: Vec::new(),
            generated: Vec::new(),
        }));
    };
    assert_eq!(
        of_sentence(&tagged, signed, listed),
        "pass: v1.2.3 has no files, and its tag is signed by key ada (ada@example.org)"
    );
}

#[test]
fn a_signed_tag_of_nobody_whom_the_policy_names_is_a_warning_as_long_as_it_names_nobody() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let tagged = Tagged::new();
    tagged.sign(&with_ssh(&ssh, "ada"), &[TAG, tagged.commit()]);
    tagged.unsigned(
        "verified",
        "tag/unsigned undetermined: v1.2.3 carries a signature; it counts for nothing as long as the policy",
    );
    assert_eq!(tagged.reason(), Some(Reason::UnknownKey));
    ssh.key("bob", &["-t", "ed25519"]);
    let other = tagged.key("bob", &ssh.line("bob", ""), "");
    other.refused("tag/signer fail", Reason::UnknownKey, "the policy does not name it");
    let named = Tagged { stage: ssh_tag(&ssh, &ssh.line("ada", "")).stage };
    let policy = named.stage.policy.clone() + "principals = [\"bob@example.org\"]\n";
    let named = Tagged { stage: Stage { policy, ..named.stage } };
    named.refused("tag/signer fail", Reason::UnknownKey, "its key is that of \"ada@example.org\"");
}

#[test]
fn a_tag_that_was_changed_after_signing_is_refused() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let tagged = ssh_tag(&ssh, &ssh.line("ada", ""));
    let good = String::from_utf8(tagged.object()).unwrap();
    for (from, to) in [("Release v1.2.3", "Release v1.2.4"), ("Ada <", "Eve <"), ("1767607200", "1767607201")]
    {
        assert!(good.contains(from));
        tagged.put(good.replacen(from, to, 1).as_bytes());
        tagged.refused("tag/bad-signature fail", Reason::Invalid, "does not verify");
    }
    let commits = git(&tagged.repository(), &["rev-list", "--all"], b"");
    let other = commits.lines().find(|commit| *commit != tagged.commit()).unwrap();
    tagged.put(good.replacen(tagged.commit(), other, 1).as_bytes());
    let (outcome, said) = tagged.judged();
    assert!(
        outcome.starts_with("rejected: ") && outcome.contains("tag/bad-signature fail"),
        "{outcome} {said}"
    );
    assert_eq!(tagged.reason(), Some(Reason::Invalid));
    // Nobody has to be named for that.
    let unnamed = Tagged::new();
    unnamed.put(good.replace(tagged.commit(), unnamed.commit()).replacen("Ada <", "Eve <", 1).as_bytes());
    unnamed.refused("tag/bad-signature fail", Reason::Invalid, "does not verify");
}

#[test]
fn a_tag_is_judged_as_at_its_own_time_and_the_report_says_so() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let within = ssh.line("ada", "valid-after=\"20260105Z\",valid-before=\"20260105120000Z\"");
    ssh_tag(&ssh, &within).accepted("the tag's own time decided, which its maker chose");
    let before = ssh.line("ada", "valid-before=\"20260105095959Z\"");
    ssh_tag(&ssh, &before).refused("tag/bad-signature fail", Reason::Expired, "the tag's own time");
    let after = ssh.line("ada", "valid-after=\"20260105100001Z\"");
    ssh_tag(&ssh, &after).refused("tag/bad-signature fail", Reason::Expired, "from 2026-01-05T10:00:01Z");
    // A tag that does not say when it was made can be within no time.
    let tagged = ssh_tag(&ssh, &within);
    let text = tagged.text().replace(&format!("tagger Ada <{ADA}> {TAGGED_AT}\n"), "");
    let signature = ssh.sign("ada", "git", &[], text.as_bytes());
    tagged.put(format!("{text}{signature}").as_bytes());
    tagged.refused("tag/bad-signature undetermined", Reason::NoTime, "nothing says when it was made");
    let always = Tagged::new().key("ada", &ssh.line("ada", ""), "");
    let text = always.text().replace(&format!("tagger Ada <{ADA}> {TAGGED_AT}\n"), "");
    always.put(format!("{text}{}", ssh.sign("ada", "git", &[], text.as_bytes())).as_bytes());
    always.accepted("signed by key ada");
}

#[test]
fn row_115_a_tag_signed_as_a_file_is_refused() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let tagged = Tagged::new().key("ada", &ssh.line("ada", ""), "");
    let text = tagged.text();
    tagged.put(format!("{text}{}", ssh.sign("ada", "file", &[], text.as_bytes())).as_bytes());
    tagged.refused("tag/bad-signature fail", Reason::Unbound, "in the namespace \"file\", not in \"git\"");
}

#[test]
fn row_116_an_unsigned_tag_does_not_pass_for_signed() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    // The policy that names nobody warns; the one that names somebody refuses.
    let tagged = Tagged::new();
    tagged.unsigned("verified", "tag/unsigned fail: v1.2.3 is an annotated tag without a signature");
    let tagged = tagged.key("ada", &ssh.line("ada", ""), "");
    tagged.unsigned("rejected: tag/unsigned fail", "an annotated tag without a signature");
    assert_eq!(tagged.reason(), None);
    git(&tagged.repository(), &["update-ref", &format!("refs/tags/{TAG}"), tagged.commit()], b"");
    tagged.unsigned("rejected: tag/unsigned fail", "a lightweight tag, which nobody can have signed");
    tagged.unsigned("rejected: tag/unsigned fail", "tag/lightweight fail");
    // A policy that lets tags be lightweight still wants what it says about signers.
    let policy = tagged.stage.policy.replacen("[levels]", "[levels]\n\"tag/lightweight\" = \"skip\"", 1);
    let lenient = Tagged { stage: Stage { policy, ..tagged.stage } };
    lenient.unsigned("rejected: tag/unsigned fail", "nobody can have signed");
}

#[test]
fn row_116_the_signature_of_the_commit_is_none_of_the_tag() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let tagged = Tagged::new();
    let commit = git(&tagged.repository(), &["cat-file", "commit", tagged.commit()], b"");
    let signature = ssh.sign("ada", "git", &[], commit.as_bytes());
    let (head, message) = commit.split_once("\n\n").unwrap();
    let folded = signature.trim_end().replace('\n', "\n ");
    let signed = format!("{head}\ngpgsig {folded}\n\n{message}");
    let id = git(&tagged.repository(), &["hash-object", "-t", "commit", "-w", "--stdin"], signed.as_bytes());
    // The release is of the commit that is signed; its provenance is not, which is another rule.
    tagged.put(tagged.text().replace(tagged.commit(), id.trim()).as_bytes());
    let tagged = tagged.key("ada", &ssh.line("ada", ""), "");
    let (outcome, said) = tagged.judged();
    assert!(outcome.contains("tag/unsigned fail"), "{outcome}");
    assert!(said.contains("an annotated tag without a signature"), "{said}");
    assert_eq!(tagged.reason(), None);
}

#[test]
fn row_117_a_tag_under_another_name_is_refused() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let tagged = Tagged::new().key("ada", &ssh.line("ada", ""), "");
    let text = tagged.text().replace("tag v1.2.3", "tag v1.2.2");
    tagged.put(format!("{text}{}", ssh.sign("ada", "git", &[], text.as_bytes())).as_bytes());
    tagged.faulty("it was made under the name v1.2.2, and not v1.2.3");
    tagged.put(text.as_bytes());
    tagged.faulty("it was made under the name v1.2.2, and not v1.2.3");
    // Evidence that says otherwise about the reference does not help: the signed bytes have another name.
    let good = Tagged::new();
    let record = good.stage.gather().tag_record.present().unwrap().clone();
    let verdict = tag::verify(
        &record,
        format!("{text}{}", ssh.sign("ada", "git", &[], text.as_bytes())).as_bytes(),
        &tagged.stage.trust(),
    );
    let refusal = verdict.unwrap().unwrap_err();
    assert_eq!(refusal.reason, Reason::Unbound);
    assert!(refusal.detail.contains("signs the tag v1.2.2, and not v1.2.3"), "{refusal}");
}

#[test]
fn row_117_a_tag_of_a_tag_or_of_a_tree_is_refused() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let tagged = Tagged::new().key("ada", &ssh.line("ada", ""), "");
    let inner = tagged.put(tagged.text().as_bytes());
    let nested = tagged.text().replace(tagged.commit(), &inner).replace("type commit", "type tag");
    tagged.put(nested.as_bytes());
    tagged.faulty("it points to a tag, and not to a commit");
    let text = tagged.text().replace(tagged.commit(), &inner).replace("type commit", "type tag");
    tagged.put(format!("{text}{}", ssh.sign("ada", "git", &[], text.as_bytes())).as_bytes());
    tagged.faulty("it signs a tag of a tag, and not of a commit");
    assert_eq!(tagged.reason(), Some(Reason::Unbound));
    let tree = git(&tagged.repository(), &["rev-parse", &format!("{}^{{tree}}", tagged.commit())], b"");
    let text = tagged.text().replace(tagged.commit(), tree.trim()).replace("type commit", "type tree");
    tagged.put(format!("{text}{}", ssh.sign("ada", "git", &[], text.as_bytes())).as_bytes());
    tagged.faulty("it points to a tree, and not to a commit");
}

#[test]
fn row_117_two_signatures_are_refused_whoever_made_them() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    ssh.key("mallory", &["-t", "ed25519"]);
    let tagged = ssh_tag(&ssh, &ssh.line("ada", ""));
    let good = String::from_utf8(tagged.object()).unwrap();
    let stranger = ssh.sign("mallory", "git", &[], good.as_bytes());
    let own = ssh.sign("ada", "git", &[], good.as_bytes());
    for object in [
        format!("{good}{stranger}"),
        format!("{good}{own}"),
        format!("{good}-----BEGIN PGP SIGNATURE-----\n"),
    ] {
        tagged.put(object.as_bytes());
        tagged.refused("tag/bad-signature fail", Reason::Invalid, "2 lines of the tag begin a signature");
    }
    tagged.put(format!("{good}and more\n").as_bytes());
    tagged.refused("tag/bad-signature fail", Reason::Invalid, "text after the signature");
}

#[test]
fn row_44_a_header_twice_makes_the_tag_unreadable_though_it_was_signed_so() {
    vectors!();
    let Some(ssh) = Ssh::ada() else { return };
    let tagged = Tagged::new().key("ada", &ssh.line("ada", ""), "");
    for header in ["object", "type", "tag", "tagger"] {
        let text = tagged.text();
        let line = text.lines().find(|line| line.starts_with(&format!("{header} "))).unwrap();
        let text = text.replacen(line, &format!("{line}\n{line}"), 1);
        tagged.put(format!("{text}{}", ssh.sign("ada", "git", &[], text.as_bytes())).as_bytes());
        tagged.faulty("a header is there twice");
    }
    // Another header is read by some and passed over by others.
    let text = tagged.text().replacen("tag v1.2.3\n", "tag v1.2.3\ngpgsig-sha256 x\n", 1);
    tagged.put(format!("{text}{}", ssh.sign("ada", "git", &[], text.as_bytes())).as_bytes());
    tagged.refused(
        "tag/bad-signature undetermined",
        Reason::Unreadable,
        "headers besides object, type, tag and tagger",
    );
}

/// Every test of vectors in this file.
const TESTS: &[fn()] = &[
    a_tag_that_git_signed_with_ssh_counts_by_a_key_that_the_policy_names,
    a_signed_tag_of_nobody_whom_the_policy_names_is_a_warning_as_long_as_it_names_nobody,
    a_tag_that_was_changed_after_signing_is_refused,
    a_tag_is_judged_as_at_its_own_time_and_the_report_says_so,
    row_115_a_tag_signed_as_a_file_is_refused,
    row_116_an_unsigned_tag_does_not_pass_for_signed,
    row_116_the_signature_of_the_commit_is_none_of_the_tag,
    row_117_a_tag_under_another_name_is_refused,
    row_117_a_tag_of_a_tag_or_of_a_tree_is_refused,
    row_117_two_signatures_are_refused_whoever_made_them,
    row_44_a_header_twice_makes_the_tag_unreadable_though_it_was_signed_so,
];

#[test]
fn there_are_enough_vectors_of_each_sort() {
    let reasons = [
        Reason::Invalid,
        Reason::Unbound,
        Reason::UnknownKey,
        Reason::Expired,
        Reason::NoTime,
        Reason::Unreadable,
    ];
    let rules = [
        "tag/bad-signature fail",
        "tag/bad-signature undetermined",
        "tag/object fail",
        "tag/signer fail",
        "tag/unsigned fail",
    ];
    ledger::count("tags", Some(("ssh-keygen", "-?")), TESTS, &reasons, &rules);
}
