//! Each key of a policy violated alone, and each way to accept a violation: the exact outcome.

use relcheck::evaluate::evaluate;
use relcheck::outcome::{Level, Status};
use relcheck::policy::Policy;

use crate::kit::advisories::{UNMAINTAINED, UNSOUND, VULNERABILITY};
use crate::kit::bundle::Fault;
use crate::kit::certificates::Extension;
use crate::kit::keys::Key;
use crate::kit::release::Release;
use crate::kit::signing::{Signing, maintainer};
use crate::kit::spoil::{Field, Spoil, Which};
use crate::kit::{ISSUER, SLSA_GENERATOR};
use crate::stage::{Stage, aside, assert_verified, at, key_entry, outcome, trust, workflow};

/// The outcome of `release` by the default policy with one passage replaced.
#[track_caller]
fn by(release: &Release, passage: &str, with: &str) -> String {
    let mut stage = Stage::set(release);
    assert_eq!(stage.policy.matches(passage).count(), 1, "{passage}");
    stage.policy = stage.policy.replace(passage, with);
    outcome(&stage.judge())
}

/// The outcome of `release` by the default policy with something added.
fn with(release: &Release, addition: &str) -> String {
    let mut stage = Stage::set(release);
    stage.policy += addition;
    outcome(&stage.judge())
}

fn spoilt(spoil: Spoil) -> Release {
    Release::good().spoil(spoil)
}

const LEVELS: &str = "supported-versions = \"require\"";

/// The outcome with one more level.
#[track_caller]
fn level(release: &Release, key: &str, level: &str) -> String {
    by(release, LEVELS, &format!("{LEVELS}\n\"{key}\" = \"{level}\""))
}

// --- levels ---

#[test]
fn a_check_that_only_warns_or_is_skipped_has_no_say() {
    let cases = [
        ("checksums", Spoil::ChecksumMissing(0)),
        ("signatures", Spoil::San(Which::Artifact(0), "https://mallory.example/x")),
        ("provenance", Spoil::Unsigned(Which::Provenance)),
        ("advisories", Spoil::Advisory(VULNERABILITY)),
        ("supported-versions", Spoil::LatestUnsupported),
        ("tag", Spoil::ManifestVersion),
    ];
    for (check, spoil) in cases {
        for level in ["warn", "skip"] {
            let key = format!("\n{check} = \"require\"");
            let told = by(&spoilt(spoil), &key, &format!("\n{check} = \"{level}\""));
            assert_eq!(told, "verified", "{check} {level}");
        }
    }
}

#[test]
fn a_check_that_warns_still_says_what_it_found() {
    let mut stage = Stage::set(&spoilt(Spoil::ChecksumWrong(0)));
    stage.policy = stage.policy.replace("checksums = \"require\"", "checksums = \"warn\"");
    assert_eq!(aside(&stage.judge()), ["checksums/mismatch fail", "tag/unsigned fail"]);
    // What the whole release is held to is another requirement.
    assert_eq!(outcome(&stage.judge()), "rejected: release/digest-mismatch fail");
}

#[test]
fn requiring_nothing_verifies_nothing() {
    for level in ["warn", "skip"] {
        let mut stage = Stage::set(&Release::good());
        stage.policy = stage.policy.replace("\"require\"", &format!("\"{level}\""));
        assert_eq!(stage.judge().verdict.word(), "undetermined", "{level}");
    }
}

#[test]
fn a_rule_can_be_raised() {
    let good = Release::good();
    assert_eq!(level(&good, "tag/unsigned", "require"), "rejected: tag/unsigned fail");
    let lightweight = spoilt(Spoil::TagLightweight);
    assert_eq!(level(&lightweight, "tag/lightweight", "require"), "rejected: tag/lightweight fail");
    let unsound = spoilt(Spoil::Advisory(UNSOUND));
    assert_eq!(level(&unsound, "advisories/unsound", "require"), "rejected: advisories/unsound fail");
    let unmaintained = spoilt(Spoil::Advisory(UNMAINTAINED));
    assert_eq!(
        level(&unmaintained, "advisories/unmaintained", "require"),
        "rejected: advisories/unmaintained fail"
    );
    let signed = spoilt(Spoil::TagSigned);
    assert_eq!(level(&signed, "tag/unsigned", "require"), "undetermined: tag/unsigned undetermined");
}

#[test]
fn a_rule_can_be_lowered_and_no_other_with_it() {
    for word in ["warn", "skip"] {
        assert_eq!(level(&spoilt(Spoil::ChecksumExtra), "checksums/orphan", word), "verified");
        let both = spoilt(Spoil::ChecksumExtra).spoil(Spoil::ChecksumWrong(0));
        assert_eq!(
            level(&both, "checksums/orphan", word),
            "rejected: checksums/mismatch fail, release/digest-mismatch fail"
        );
    }
}

#[test]
fn skipping_the_rule_that_says_no_never_makes_an_artifact_signed() {
    let unsigned = spoilt(Spoil::Unsigned(Which::Every));
    let mut stage = Stage::set(&unsigned);
    stage.policy = stage.policy.replace(
        LEVELS,
        &format!("{LEVELS}\n\"signatures/unsigned\" = \"skip\"\n\"provenance/missing\" = \"skip\""),
    );
    assert_ne!(stage.judge().verdict.word(), "verified");
}

// --- waivers ---

fn waiver(rule: &str, narrowed: &str, until: &str) -> String {
    format!("\n[[waiver]]\nrule = \"{rule}\"\n{narrowed}\nreason = \"a test\"\nuntil = \"{until}\"\n")
}

#[test]
fn a_waiver_covers_its_rule_subject_and_id_until_its_last_day() {
    let vulnerable = spoilt(Spoil::Advisory(VULNERABILITY));
    let rejected = "rejected: advisories/vulnerable fail";
    let rule = "advisories/vulnerable";
    let subject = "subject = \"memchr 2.8.3\"";
    let id = "id = \"RUSTSEC-2025-9003\"";
    let waived = "verified: advisories/vulnerable waived";
    let cases = [
        (rule, String::new(), "2026-12-31", waived),
        (rule, subject.to_owned(), "2026-12-31", waived),
        (rule, id.to_owned(), "2026-12-31", waived),
        (rule, format!("{subject}\n{id}"), "2026-12-31", waived),
        (rule, String::new(), "2026-01-06", waived),
        (rule, String::new(), "2026-01-05", rejected),
        (rule, "subject = \"memchr\"".to_owned(), "2026-12-31", rejected),
        (rule, "subject = \"memchr 2.8.4\"".to_owned(), "2026-12-31", rejected),
        (rule, "id = \"RUSTSEC-2025-900\"".to_owned(), "2026-12-31", rejected),
        (rule, "id = \"RUSTSEC-2025-9004\"".to_owned(), "2026-12-31", rejected),
        (rule, format!("{subject}\nid = \"RUSTSEC-2025-9004\""), "2026-12-31", rejected),
        ("advisories/unsound", String::new(), "2026-12-31", rejected),
        ("checksums/mismatch", String::new(), "2026-12-31", rejected),
    ];
    for (rule, narrowed, until, expected) in cases {
        let told = with(&vulnerable, &waiver(rule, &narrowed, until));
        assert_eq!(told, expected, "{rule} {narrowed} {until}");
    }
}

#[test]
fn a_waiver_for_one_artifact_leaves_the_others() {
    let release = spoilt(Spoil::ChecksumMissing(0)).spoil(Spoil::ChecksumMissing(2));
    let name = |index: usize| release.artifacts()[index].0.clone();
    let one = waiver("checksums/unlisted", &format!("subject = \"{}\"", name(0)), "2026-12-31");
    let told = with(&release, &one);
    assert_eq!(told, "rejected: checksums/unlisted fail, checksums/unlisted waived");
    let other = waiver("checksums/unlisted", &format!("subject = \"{}\"", name(2)), "2026-12-31");
    assert_eq!(with(&release, &(one + &other)), "verified: checksums/unlisted waived");
}

#[test]
fn an_expired_waiver_is_shown_and_does_nothing() {
    let mut stage = Stage::set(&spoilt(Spoil::ChecksumExtra));
    stage.policy += &waiver("checksums/orphan", "", "2026-01-05");
    let report = stage.judge();
    assert_eq!(outcome(&report), "rejected: checksums/orphan fail");
    let findings = report.checks.iter().flat_map(|check| &check.findings);
    let orphan = findings.into_iter().find(|finding| finding.rule.id == "checksums/orphan").unwrap();
    assert!(orphan.message.contains("2026-01-05") && orphan.message.contains("a test"), "{}", orphan.message);
    assert!(orphan.waiver.is_none());
    assert_eq!(stage.policy().expired_waivers(stage.as_of).len(), 1);
    stage.as_of = at("2026-01-05T23:59:59Z");
    assert_eq!(outcome(&stage.judge()), "verified: checksums/orphan waived");
}

#[test]
fn a_waiver_never_turns_an_artifact_that_is_unsigned_into_a_signed_one() {
    let mut stage = Stage::set(&spoilt(Spoil::Unsigned(Which::Every)));
    stage.policy += &waiver("signatures/unsigned", "", "2026-12-31");
    stage.policy += &waiver("provenance/missing", "", "2026-12-31");
    let report = stage.judge();
    assert_eq!(outcome(&report), "verified: provenance/missing waived, signatures/unsigned waived");
    assert!(report.release.artifacts.iter().all(|artifact| artifact.slsa_build_level.is_none()));
}

#[test]
fn a_policy_that_says_something_nobody_understands_is_refused() {
    let default = Policy::built_in("default").unwrap().text.replace("name = \"default\"", "name = \"x\"");
    let bad = [
        waiver("checksums/mismatched", "", "2026-12-31"),
        waiver("checksums/mismatch", "subjects = \"x\"", "2026-12-31"),
        waiver("checksums/mismatch", "", "2026-02-31"),
        waiver("relcheck/unjudged", "", "2026-12-31"),
        "\n[[waiver]]\nrule = \"checksums/mismatch\"\nreason = \" \"\nuntil = \"2026-12-31\"\n".to_owned(),
        "\n[[waiver]]\nrule = \"checksums/mismatch\"\nuntil = \"2026-12-31\"\n".to_owned(),
        "\n[[waiver]]\nrule = \"checksums/mismatch\"\nreason = \"for ever\"\n".to_owned(),
        "\n[rules.checksum]\n".to_owned(),
        "\n[rules.supported-versions]\nstrict = true\n".to_owned(),
        identity_entry("token.actions.githubusercontent.com", "https://a/b"),
        identity_entry("", "https://a/b"),
        identity_entry("https://*.example", "https://a/b"),
        "\n[[rules.signatures.identity]]\nissuer = \"https://i.example\"\nsubject = \"*\"\n".to_owned(),
        "\n[[rules.signatures.identity]]\nissuer = \"https://i.example\"\nsubject = \"https://*/acme/widget\"\n".to_owned(),
        "\n[[rules.signatures.identity]]\nissuer = \"https://i.example\"\nsubject = \"https://a/{owner}/b\"\n".to_owned(),
        "\n[[rules.signatures.identity]]\nissuer = \"https://i.example\"\n".to_owned(),
    ];
    for addition in bad {
        assert!(Policy::parse("relcheck.toml", &format!("{default}{addition}")).is_err(), "{addition}");
    }
    for (passage, with) in [
        ("tag = \"require\"", "tag = \"required\""),
        ("tag = \"require\"", "tags = \"require\""),
        ("tag = \"require\"", "\"relcheck/unjudged\" = \"skip\""),
        ("max-age-days = 30", "max-age = 30"),
        ("refs = [\"refs/tags/{tag}\"]", "refs = [\"refs/{kind}/{tag}\"]"),
        ("refs = [\"refs/tags/{tag}\"]", "refs = []"),
        ("triggers = [\"push\", \"release\", \"workflow_dispatch\", \"create\"]", "triggers = []"),
        ("max-age-days = 30", "max-age-days = 0"),
        ("refs = [\"refs/tags/{tag}\"]", "refs = [\"refs/tags/*\"]"),
    ] {
        let text = default.replacen(passage, with, 1);
        assert_ne!(text, default);
        assert!(Policy::parse("relcheck.toml", &text).is_err(), "{with}");
    }
}

// --- advisories ---

#[test]
fn the_database_may_be_as_old_as_the_policy_says_and_no_older() {
    let mut stage = Stage::set(&Release::good());
    let stale = "undetermined: advisories/stale-database undetermined";
    // The kit's database is of 2026-01-04, half a day before the release.
    for (as_of, expected) in [
        ("2026-01-06T00:00:00Z", "verified"),
        ("2026-02-03T00:00:00Z", "verified"),
        ("2026-02-05T00:00:00Z", stale),
        ("2036-01-06T00:00:00Z", stale),
    ] {
        stage.as_of = at(as_of);
        assert_eq!(outcome(&stage.judge()), expected, "{as_of}");
    }
    stage.policy = stage.policy.replace("max-age-days = 30", "max-age-days = 1");
    for (as_of, expected) in [("2026-01-06T11:59:59Z", "verified"), ("2026-01-06T12:00:00Z", stale)] {
        stage.as_of = at(as_of);
        assert_eq!(outcome(&stage.judge()), expected, "{as_of}");
    }
}

#[test]
fn a_folder_that_does_not_ship_can_be_excluded_and_its_neighbour_is_not() {
    let release = spoilt(Spoil::File(
        "docs/package.json",
        Some("{\"name\": \"docs\", \"dependencies\": {\"left-pad\": \"^1.0.0\"}}\n"),
    ));
    let excluded = |folders: &str| {
        by(&release, "max-age-days = 30", &format!("max-age-days = 30\nexclude = [{folders}]"))
    };
    let uncovered = "undetermined: advisories/not-covered undetermined";
    assert_eq!(excluded(""), uncovered);
    assert_eq!(excluded("\"docs\""), "verified");
    assert_eq!(excluded("\"doc\""), uncovered);
    assert_eq!(excluded("\"doc*\""), uncovered);
}

// --- provenance ---

#[test]
fn refs_and_triggers_are_the_policys_and_a_pull_request_is_never_allowed() {
    let good = Release::good();
    let refs = "refs = [\"refs/tags/{tag}\"]";
    let triggers = "triggers = [\"push\", \"release\", \"workflow_dispatch\", \"create\"]";
    assert_eq!(by(&good, refs, "refs = [\"refs/heads/main\"]"), "rejected: provenance/ref fail");
    assert_eq!(by(&good, refs, "refs = [\"refs/heads/main\", \"refs/tags/{tag}\"]"), "verified");
    assert_eq!(by(&good, triggers, "triggers = [\"release\"]"), "rejected: provenance/trigger fail");
    let mut release = Release::good();
    for claim in [Extension::BuildTrigger, Extension::WorkflowTrigger] {
        release = release.spoil(Spoil::Claim(Which::Provenance, claim, Some("pull_request_target")));
    }
    let allowed = "triggers = [\"push\", \"pull_request_target\", \"pull_request\"]";
    assert_eq!(by(&release, triggers, allowed), "rejected: provenance/trigger fail");
}

#[test]
fn a_policy_that_can_mean_nothing_is_refused_with_its_line() {
    let key = "[[rules.signatures.key]]\nname = \"k\"\n";
    let issuer = |issuer: &str| {
        format!("[[rules.signatures.identity]]\nissuer = \"{issuer}\"\nsubject = \"https://a/b\"\n")
    };
    for (text, line, phrase) in [
        ("[rules.advisories]\nmax-age-days = 0\n".to_owned(), 2, "max-age-days is at least 1"),
        ("[rules.provenance]\nrefs = []\n".to_owned(), 2, "no ref may be built from"),
        ("[rules.provenance]\ntriggers = [\"pull_request\"]\n".to_owned(), 2, "no event may start a build"),
        ("[rules.provenance]\nmin-level = 4\n".to_owned(), 2, "levels are 1, 2 and 3"),
        (issuer("https://*.example.com"), 2, "an issuer is an https URL"),
        (issuer(""), 2, "an issuer is an https URL"),
        (issuer("token.actions.githubusercontent.com"), 2, "an issuer is an https URL"),
        (key.to_owned(), 1, "needs either file or text"),
        // Of two keys, the second is the one too many; and a comment is no place.
        (format!("{key}file = \"a\"\n{key}file = \"b\"\n"), 5, "two keys are called \"k\""),
        ("# threshold\n[rules.signatures]\nthreshold = 0\n".to_owned(), 3, "threshold is at least 1"),
        (
            format!("{}{}", issuer("https://a.example"), issuer("http://b.example")),
            5,
            "an issuer is an https URL",
        ),
        (waiver("checksums/mismach", "", "2026-12-31"), 3, "did you mean \"checksums/mismatch\"?"),
        (waiver("checksums/mismatch", "id = \"x\"", "2026-12-31"), 4, "names an id for advisories alone"),
        (waiver("checksums/mismatch", "", "2026-12-31").replace("a test", " "), 5, "a waiver needs a reason"),
        ("name = \"default\"\n".to_owned(), 1, "is that of a built-in policy"),
        ("\nname = \" \"\n".to_owned(), 2, "the name is empty; say what reports are to call this policy"),
        (
            "\n[levels]\n\"advisories/yanked\" = \"require\"\n".to_owned(),
            3,
            "is not looked at by this version",
        ),
    ] {
        let error = Policy::parse("p.toml", &text).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("p.toml, line {line}: ")) && error.contains(phrase),
            "{text}: {error}"
        );
    }
}

#[test]
fn the_level_asked_for_must_be_reached() {
    let refs = "refs = [\"refs/tags/{tag}\"]";
    let asked = |release: &Release, level: u8| by(release, refs, &format!("{refs}\nmin-level = {level}"));
    let good = Release::good();
    let generated = Release { by_slsa_generator: true, ..Release::good() };
    let claim = Spoil::Claim(Which::Provenance, Extension::RunnerEnvironment, Some("self-hosted"));
    // The predicate of the generator does not name the runner.
    let said = Spoil::Provenance(Field::Runner, "self-hosted");
    let (own, others) = (good.clone().spoil(claim).spoil(said), generated.clone().spoil(claim));
    let too_low = "rejected: provenance/level fail";
    for (release, reached) in [(good, 2), (generated, 3), (own, 1), (others, 1)] {
        for level in 1..=3 {
            let expected = if level <= reached { "verified" } else { too_low };
            assert_eq!(asked(&release, level), expected, "{:?} {level}", release.spoils);
        }
    }
}

/// The policy's well-known builders, in its text.
const GENERATOR: &str = "builders = [\"slsa-github-generator\"]\n";
const DERIVE_BUILDER: &str = "[rules.provenance]\nderive = true";
const DERIVE_SIGNER: &str = "[rules.signatures]\nderive = true";

fn builder(issuer: &str, signer: &str, id: &str, level: u8) -> String {
    format!(
        "[[rules.provenance.builder]]\nissuer = \"{issuer}\"\nsigner = \"{signer}\"\n{id}\nlevel = {level}\n"
    )
}

#[test]
fn only_builders_that_the_policy_names_may_build() {
    let good = Release::good();
    let refused = "rejected: provenance/builder fail";
    let mut stage = Stage::set(&good);
    let default = stage.policy.clone();
    let mut told = |derive: bool, with: &str| {
        let derived = format!("[rules.provenance]\nderive = {derive}");
        assert!(default.contains(DERIVE_BUILDER) && default.contains(GENERATOR));
        stage.policy = default.replace(DERIVE_BUILDER, &derived).replace(GENERATOR, with);
        outcome(&stage.judge())
    };
    let own = "https://github.com/{repository}/.github/workflows/release.yml@refs/tags/{tag}";
    assert_eq!(told(true, ""), "verified");
    assert_eq!(told(false, GENERATOR), refused);
    assert_eq!(told(false, &builder(ISSUER, own, "", 2)), "verified");
    assert_eq!(told(false, &builder("https://issuer.example", own, "", 2)), refused);
    assert_eq!(told(false, &builder(ISSUER, &own.replace("release.yml", "build.yml"), "", 2)), refused);
    assert_eq!(told(false, ""), "undetermined: provenance/builder undetermined");
}

#[test]
fn a_builder_may_be_named_by_another_id_and_by_no_other() {
    let id = "https://builders.example/widget/v1";
    let release = spoilt(Spoil::Provenance(Field::Builder, id));
    let own = "https://github.com/{repository}/.github/workflows/release.yml@refs/tags/{tag}";
    let named = |id: &str| by(&release, GENERATOR, &builder(ISSUER, own, &format!("id = \"{id}\""), 2));
    assert_eq!(named(id), "verified");
    assert_eq!(named("https://builders.example/widget/v2"), "rejected: provenance/builder fail");
    assert_eq!(named("https://builders.example/widget/*"), "verified");
    assert_eq!(named("https://builders.example/*"), "rejected: provenance/builder fail");
}

#[test]
fn the_generator_may_build_and_not_sign() {
    let release = Release { by_slsa_generator: true, ..Release::good() };
    let unsigned = release.spoil(Spoil::Unsigned(Which::Artifacts)).spoil(Spoil::Unsigned(Which::Checksums));
    let told = outcome(&Stage::set(&unsigned).judge());
    // Provenance by a builder that the policy does not name as a signer does not sign.
    assert_eq!(told, "rejected: signatures/unsigned fail");
    let identity = identity_entry(ISSUER, SLSA_GENERATOR);
    assert_eq!(with(&unsigned, &identity), "verified");
}

// --- signatures ---

fn identity_entry(issuer: &str, subject: &str) -> String {
    format!("\n[[rules.signatures.identity]]\nissuer = \"{issuer}\"\nsubject = \"{subject}\"\n")
}

#[test]
fn an_identity_is_exact_or_a_glob_over_one_segment() {
    let mut stage = Stage::set(&Release::good());
    let default = stage.policy.replace(DERIVE_SIGNER, "[rules.signatures]\nderive = false");
    let evidence = stage.gather();
    let mut told = |issuer: &str, subject: &str| {
        stage.policy = default.clone() + &identity_entry(issuer, subject);
        outcome(&evaluate(&evidence, &stage.trust(), &stage.policy(), stage.as_of))
    };
    let base = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
    for good in [
        base,
        "https://github.com/{repository}/.github/workflows/release.yml@refs/tags/{tag}",
        "https://github.com/{repository}/.github/workflows/*@refs/tags/{tag}",
        "https://github.com/{repository}/.github/workflows/*.yml@refs/tags/v*",
        "https://github.com/acme/*/.github/workflows/release.yml@refs/tags/*",
    ] {
        assert_eq!(told(ISSUER, good), "verified", "{good}");
    }
    let refused = "rejected: signatures/identity fail";
    for near in [
        "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2",
        "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3*",
        "https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/{tag}",
        "https://github.com/acme/widget/.github/workflows/release.yaml@refs/tags/{tag}",
        "https://github.com/acme/widget/*@refs/tags/{tag}",
        "https://github.com/*/.github/workflows/release.yml@refs/tags/{tag}",
        "https://github.com/acme/widget/.github/workflows/*/{tag}",
        "https://github.com/acme/widget",
        "https://github.com/acme/Widget/.github/workflows/release.yml@refs/tags/{tag}",
        "http://github.com/acme/widget/.github/workflows/release.yml@refs/tags/{tag}",
        "https://github.com/{repository}/.github/workflows/release.yml@refs/tags/{commit}",
    ] {
        assert_eq!(told(ISSUER, near), refused, "{near}");
    }
    for issuer in ["https://token.actions.githubusercontent.com/", "https://token.actions.githubusercontent"]
    {
        assert_eq!(told(issuer, base), refused, "{issuer}");
    }
}

#[test]
fn where_nobody_is_named_a_good_signature_is_undetermined_and_its_signer_is_shown() {
    let mut stage = Stage::set(&Release::good());
    stage.policy = stage.policy.replace(DERIVE_SIGNER, "[rules.signatures]\nderive = false");
    let report = stage.judge();
    assert_eq!(outcome(&report), "undetermined: signatures/identity undetermined");
    let signer = workflow(&stage).san;
    let findings = report.checks.iter().flat_map(|check| &check.findings);
    let shown: Vec<bool> = findings
        .filter(|finding| finding.rule.id == "signatures/identity")
        .map(|finding| finding.found.as_deref().is_some_and(|found| found.contains(&signer)))
        .collect();
    assert!(shown.len() >= 3 && shown.iter().all(|shown| *shown), "{shown:?}");
}

#[test]
fn the_repository_that_the_policy_names_goes_before_the_checkouts_own() {
    let named = |name: &str| by(&Release::good(), "[levels]", &format!("repository = \"{name}\"\n[levels]"));
    assert_eq!(named("acme/widget"), "verified");
    let other = "rejected: provenance/builder fail, provenance/source fail, signatures/identity fail";
    assert_eq!(named("acme/gadget"), other);
    assert_eq!(named("gitlab.com/acme/widget"), other);
    // A forge whose identities are not known: nobody can be derived.
    let mut stage = Stage::set(&Release::good());
    stage.policy = stage.policy.replace("[levels]", "repository = \"forge.example/acme/widget\"\n[levels]");
    let expected =
        "rejected: provenance/builder undetermined, provenance/source fail, signatures/identity undetermined";
    assert_eq!(outcome(&stage.judge()), expected);
}

// --- keys ---

#[test]
fn a_key_may_be_in_a_file_beside_the_policy() {
    for signing in [Signing::ManagedKey, Signing::Detached] {
        let stage = Stage::set(&Release { signing, ..Release::good() });
        let text = Policy::built_in("default").unwrap().text.replace("name = \"default\"", "name = \"keys\"");
        let text = text + "\n[[rules.signatures.key]]\nname = \"maintainer\"\nfile = \"maintainer.pub\"\n";
        let root = &stage.written.root;
        let read = |file: &str| std::fs::read(root.join(file));
        let mut policy = Policy::parse("relcheck.toml", &text).unwrap();
        let before = policy.sha256;
        policy.read_keys("relcheck.toml", read).unwrap();
        assert_ne!(policy.sha256, before, "the key is part of what the policy is known by");
        let judge = |policy: &Policy| {
            evaluate(&stage.gather(), &trust(&stage.written.trusted_root(), policy), policy, stage.as_of)
        };
        assert_verified(&judge(&policy), &format!("{signing:?}"));
        std::fs::write(root.join("maintainer.pub"), Key::named("stranger").public_pem()).unwrap();
        let mut policy = Policy::parse("relcheck.toml", &text).unwrap();
        policy.read_keys("relcheck.toml", read).unwrap();
        assert_eq!(judge(&policy).verdict.word(), "rejected", "{signing:?}");
        std::fs::write(root.join("maintainer.pub"), b"no key\n").unwrap();
        assert!(Policy::parse("relcheck.toml", &text).unwrap().read_keys("relcheck.toml", read).is_err());
        std::fs::remove_file(root.join("maintainer.pub")).unwrap();
        assert!(Policy::parse("relcheck.toml", &text).unwrap().read_keys("relcheck.toml", read).is_err());
    }
}

#[test]
fn a_signature_by_a_key_that_nobody_named_is_undetermined_and_by_another_than_the_named_one_is_refused() {
    for (signing, wrong_key) in [
        (Signing::ManagedKey, "rejected: signatures/invalid fail"),
        (Signing::Detached, "rejected: signatures/invalid fail"),
    ] {
        let mut stage = Stage::set(&Release { signing, ..Release::good() });
        let default = Policy::built_in("default").unwrap().text;
        stage.policy = default.clone();
        assert_eq!(outcome(&stage.judge()), "undetermined: signatures/identity undetermined", "{signing:?}");
        stage.policy = default.clone() + &key_entry("other", &Key::named("other").public_pem());
        assert_eq!(outcome(&stage.judge()), wrong_key, "{signing:?}");
        stage.policy += &key_entry("maintainer", &maintainer().public_pem());
        assert_eq!(outcome(&stage.judge()), "verified", "{signing:?}");
    }
}

#[test]
fn a_named_key_does_not_excuse_a_certificate_that_nobody_named() {
    let mut stage = Stage::set(&spoilt(Spoil::San(Which::Artifact(0), "https://mallory.example/x")));
    stage.policy += &key_entry("maintainer", &maintainer().public_pem());
    assert_eq!(outcome(&stage.judge()), "rejected: signatures/identity fail");
    let release = Release { signing: Signing::Detached, ..Release::good() };
    let release = release.spoil(Spoil::Bundle(Which::Artifact(1), Fault::SignatureBroken));
    assert_eq!(outcome(&Stage::set(&release).judge()), "rejected: signatures/invalid fail");
}

// --- tag ---

#[test]
fn a_manifest_that_is_not_the_releases_can_be_left_out() {
    let release = spoilt(Spoil::ManifestVersion);
    let ignored = |path: &str| with(&release, &format!("\n[rules.tag]\nignore-manifests = [\"{path}\"]\n"));
    assert_eq!(ignored("Cargo.toml"), "verified");
    assert_eq!(ignored("cargo.toml"), "rejected: tag/version-mismatch fail");
    assert_eq!(ignored("*.toml"), "rejected: tag/version-mismatch fail");
}

// --- the built-in policies ---

#[test]
fn the_built_in_policies_verify_the_good_release() {
    for name in ["default", "pipeline", "audit"] {
        let stage = Stage::set(&Release::good());
        let policy = Policy::built_in(name).unwrap();
        let report =
            evaluate(&stage.gather(), &trust(&stage.written.trusted_root(), &policy), &policy, stage.as_of);
        assert_verified(&report, name);
        let required = |check: &relcheck::outcome::Outcome| {
            let is_there = ["contents", "policy-claims"].contains(&check.check);
            is_there || (check.level == Level::Require && check.status() == Status::Pass)
        };
        assert!(report.checks.len() == 9 && report.checks.iter().all(required), "{name}");
    }
}
