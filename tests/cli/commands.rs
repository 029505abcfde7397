//! Every command besides `verify`: what it prints, and that it can be used for what it is printed for.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use relcheck::advisories::database::Database;

use crate::fixture::{AS_OF, Fixture};
use crate::kit::advisories::{UNMAINTAINED, VULNERABILITY};
use crate::kit::project;
use crate::kit::release::Release;
use crate::kit::repository::Form;
use crate::kit::signing::Signing;
use crate::kit::spoil::Spoil;

// --- explain ---

#[test]
fn every_rule_of_every_check_is_listed_and_explained() {
    let fixture = Fixture::good();
    let list = fixture.relcheck(&["explain"]).expect("explain", 0, &[]).out();
    let mut rules = 0;
    for meta in relcheck::checks::ALL {
        let section =
            fixture.relcheck(&["explain", meta.id]).expect(meta.id, 0, &[meta.id, meta.summary]).out();
        assert!(list.contains(&section), "{}: the list holds the section", meta.id);
        for rule in meta.rules {
            rules += 1;
            let line = |line: &str| {
                line.trim_start().starts_with(&format!("{} ", rule.id)) && line.ends_with(rule.summary)
            };
            assert_eq!(list.lines().filter(|l| line(l)).count(), 1, "{}\n{list}", rule.id);
            let all = [rule.id, rule.summary, rule.example, rule.fix, rule.level.word()];
            fixture.relcheck(&["explain", rule.id]).expect(rule.id, 0, &all.map(|t| t.trim()));
        }
    }
    assert!(rules > 50, "{rules} rules");
    println!("{rules} rules of {} checks", relcheck::checks::ALL.len());
}

#[test]
fn every_rule_of_the_contract_can_be_explained() {
    let fixture = Fixture::good();
    let contract = [
        ("tag", "not-semver missing unsigned bad-signature lightweight version-mismatch not-on-branch"),
        ("checksums", "missing mismatch unlisted orphan conflict weak unreadable"),
        ("signatures", "unsigned invalid identity expired revoked orphan unbound no-time"),
        ("provenance", "missing invalid unbound builder source ref commit parameters level trigger"),
        ("advisories", "vulnerable unsound unmaintained yanked not-covered stale-database range-unknown"),
        (
            "supported-versions",
            "not-found unreadable latest-unsupported latest-unlisted previous-unsupported never-published expired \
             branch-missing template contradiction gap",
        ),
        ("release", "draft digest-mismatch mutable asset-changed tag-moved ambiguous"),
    ];
    for (check, rules) in contract {
        for rule in rules.split_whitespace() {
            let id = format!("{check}/{rule}");
            fixture.relcheck(&["explain", &id]).expect(
                &id,
                0,
                &[&id, "holds when", "a failure", "what to do"],
            );
        }
    }
}

#[test]
fn an_unknown_rule_is_answered_with_the_nearest_one() {
    let fixture = Fixture::good();
    for (word, near) in [
        ("checksum/mismatch", "did you mean checksums/mismatch?"),
        ("signature", "did you mean signatures?"),
        ("suported-versions", "did you mean supported-versions?"),
        ("provenance/comit", "did you mean provenance/commit?"),
        ("everything", "`relcheck explain` lists them all"),
    ] {
        let shown = format!("there is no rule or check called {word}");
        fixture.relcheck(&["explain", word]).expect(word, 2, &[&shown, near]);
    }
    fixture.relcheck(&["explain", "\u{1b}[31m"]).expect("hostile", 2, &["\\u{1b}[31m"]);
}

// --- what other programs read ---

#[test]
fn completions_name_every_command_and_are_scripts_of_their_shell() {
    let fixture = Fixture::good();
    for (shell, check) in [
        ("bash", Some(["bash", "-n"])),
        ("zsh", Some(["zsh", "-n"])),
        ("fish", Some(["fish", "--no-execute"])),
        ("powershell", None),
        ("elvish", None),
    ] {
        let script = fixture.relcheck(&["completions", shell]).expect(shell, 0, &[]).out();
        for word in
            ["verify", "audit", "collect", "explain", "verify-bundle", "--trusted-root", "security-policy"]
        {
            let bare = word.trim_start_matches('-');
            assert!(script.contains(bare), "{shell}: {word}");
        }
        let Some([program, flag]) = check else { continue };
        let file = fixture.write(&format!("completions.{shell}"), &script);
        match Command::new(program).arg(flag).arg(&file).output() {
            Ok(output) => {
                let complaint = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success() && complaint.is_empty(), "{shell}: {complaint}");
            }
            Err(_) => eprintln!("SKIPPED: {program} is not installed to read its completions"),
        }
    }
    fixture.relcheck(&["completions", "cmd"]).expect("an unknown shell", 2, &["cmd", "bash"]);
}

#[test]
fn bash_completes_commands_and_flags() {
    let fixture = Fixture::good();
    let script = fixture.relcheck(&["completions", "bash"]).expect("bash", 0, &[]).out();
    fixture.write("relcheck.bash", script);
    // What bash does for a tab: the words, which of them it is at, and the program, that word and the one before.
    let complete = |words: &[&str]| {
        let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
        let program = format!(
            "source relcheck.bash; COMP_WORDS=({}); COMP_CWORD={}; _relcheck relcheck '{last}' '{before}'; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.join(" "),
            words.len() - 1
        );
        let output =
            Command::new("bash").args(["--norc", "-c", &program]).current_dir(fixture.here()).output();
        let output = output.expect("bash is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(complete(&["relcheck", "expl"]).trim(), "explain");
    assert_eq!(complete(&["relcheck", "verify", "--trusted"]).trim(), "--trusted-root");
}

#[test]
fn the_manual_page_renders_without_a_complaint_and_names_every_command() {
    let fixture = Fixture::good();
    let page = fixture.relcheck(&["man"]).expect("man", 0, &[]).out();
    assert!(page.contains(".TH relcheck"), "{page}");
    fixture.write("relcheck.1", &page);
    let mut rendered = 0;
    for (program, arguments) in [
        ("mandoc", &["-T", "lint", "-W", "error", "relcheck.1"][..]),
        ("groff", &["-ww", "-z", "-man", "-T", "utf8", "relcheck.1"]),
        ("man", &["--warnings", "-l", "relcheck.1"]),
    ] {
        let command =
            Command::new(program).args(arguments).env("MANPAGER", "cat").current_dir(fixture.here()).output();
        let Ok(output) = command else {
            eprintln!("SKIPPED: {program} is not installed to read the manual page");
            continue;
        };
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && complaint.is_empty(), "{program}: {complaint}");
        rendered += 1;
        if program == "man" {
            // Lines are filled to both margins.
            let text = String::from_utf8_lossy(&output.stdout);
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for word in [
                "verify",
                "audit",
                "collect",
                "policy",
                "explain",
                "advisories",
                "trust",
                "security-policy",
                "Exit codes",
            ] {
                assert!(text.contains(word), "{word}\n{text}");
            }
        }
    }
    println!("{rendered} programs read the manual page");
}

#[test]
fn every_page_that_another_one_refers_to_is_printed() {
    let fixture = Fixture::good();
    let mut pages = vec![Vec::<String>::new()];
    let mut printed = 0;
    while let Some(path) = pages.pop() {
        let mut arguments = vec!["man"];
        arguments.extend(path.iter().map(String::as_str));
        let page = fixture.relcheck(&arguments).expect("man", 0, &[]).out();
        let title =
            ["relcheck".to_owned()].into_iter().chain(path.iter().cloned()).collect::<Vec<_>>().join("-");
        assert!(page.contains(&format!(".TH {title} 1")), "{path:?}\n{page}");
        printed += 1;
        // Each is referred to as relcheck\-policy\-init(1).
        let plain = page.replace("\\-", "-");
        for line in plain.lines().filter_map(|line| line.trim().strip_suffix("(1)")) {
            let Some(name) = line.strip_prefix(&format!("{title}-")) else { continue };
            pages.push(path.iter().cloned().chain([name.to_owned()]).collect());
        }
    }
    assert!(printed >= 16, "{printed} pages");
    println!("{printed} pages");
    let phrases = ["there is no command verfy to print the page of", "name one of: verify, audit, collect"];
    fixture.relcheck(&["man", "verfy"]).expect("man verfy", 2, &phrases);
    fixture.relcheck(&["man", "verify", "x"]).expect("man verify x", 2, &["there is no command verify x to"]);
    fixture.relcheck(&["man", "policy", "x"]).expect("man policy x", 2, &["name one of: init, check, show"]);
}

#[test]
fn help_lists_no_value_and_names_no_option_that_the_command_refuses() {
    let fixture = Fixture::good();
    let help = fixture.relcheck(&["audit", "--help"]).expect("help", 0, &["human, json, markdown]"]).out();
    assert!(!help.contains("vsa"), "{help}");
    fixture.relcheck(&["audit", "--format", "vsa"]).expect("vsa", 2, &["invalid value 'vsa'"]);
    for arguments in [&["policy", "init"][..], &["audit"]] {
        let phrases = ["you do not stand in a git checkout", "pass the path of one with --repo"];
        let said = fixture.relcheck(arguments).expect("outside", 2, &phrases).said();
        assert!(!said.contains("--evidence"), "{arguments:?}: {said}");
    }
    let verify = fixture.relcheck(&["verify", "v1.2.3"]).expect("outside", 2, &["a saved evidence pack"]);
    assert!(verify.said().contains("--evidence"));
}

#[test]
fn a_moment_that_is_none_is_answered_with_how_to_write_it() {
    let fixture = Fixture::good();
    for (given, phrase) in [
        ("2026-01-06", "write it as 2026-01-06T00:00:00Z"),
        ("2026-02-03", "write it as 2026-02-03T00:00:00Z"),
        ("2026-13-01T00:00:00Z", "it is no RFC 3339 time; write it as 2026-01-06T00:00:00Z"),
        ("99999-01-01T00:00:00Z", "it is no RFC 3339 time; write it as 2026-01-06T00:00:00Z"),
        ("yesterday", "it is no RFC 3339 time; write it as 2026-01-06T00:00:00Z"),
    ] {
        let phrases = ["--as-of", given, phrase];
        fixture.run(&fixture.arguments().with("--as-of", given)).expect(given, 2, &phrases);
    }
}

#[test]
fn a_moment_before_the_tag_was_made_is_said() {
    let fixture = Fixture::good();
    let at = |time: &str| fixture.run(&fixture.arguments().with("--as-of", time)).stderr;
    let before = at("2020-01-01T00:00:00Z");
    assert!(
        before.contains("warning: v1.2.3 is of 20") && before.contains("after the moment judged"),
        "{before}"
    );
    assert!(!at(AS_OF).contains("after the moment judged"));
}

// --- policies ---

#[test]
fn policy_check_refuses_a_key_that_can_verify_no_tag() {
    let fixture = Fixture::good();
    let minisign =
        "untrusted comment: minisign public key\nRWTc6RV4ZlzFfDwPbl50E2NL0vrr9tvkEm6nIBodNIodF1MFI/kkS2jN\n";
    fixture.write("minisign.pub", minisign);
    fixture.write("cosign.pub", crate::kit::signing::maintainer().public_pem());
    for (file, kind) in [("minisign.pub", "a minisign or signify key"), ("cosign.pub", "a PEM public key")] {
        let entry =
            |section: &str| format!("[[rules.{section}.key]]\nname = \"{section}\"\nfile = \"{file}\"\n");
        fixture.write("p.toml", entry("signatures"));
        fixture.relcheck(&["policy", "check", "p.toml"]).expect(
            file,
            0,
            &[": can be used (policy p, sha256 "],
        );
        fixture.write("p.toml", entry("tag"));
        let refused = format!(
            "p.toml, line 2: key tag ({file}) is {kind}, which can verify no tag: git signs with OpenPGP, SSH"
        );
        let phrases =
            [refused.as_str(), "name an OpenPGP certificate, an SSH public key or an allowed_signers file"];
        fixture.relcheck(&["policy", "check", "p.toml"]).expect(file, 2, &phrases);
        fixture.run(&fixture.arguments().with("--policy", "p.toml")).expect(file, 2, &phrases);
    }
}

#[test]
fn policy_check_warns_of_waivers_that_have_ended_as_verify_does() {
    let fixture = Fixture::good();
    let waiver = |until: &str| {
        format!(
            "[[waiver]]\nrule = \"signatures/unsigned\"\nsubject = \"x\"\nreason = \"y\"\nuntil = \"{until}\"\n"
        )
    };
    let phrase = "warning: a waiver has ended and no longer counts: signatures/unsigned";
    fixture.write("p.toml", waiver("2020-01-31"));
    fixture.relcheck(&["policy", "check", "p.toml"]).expect(
        "ended",
        0,
        &[phrase, ": can be used (policy p, sha256 "],
    );
    assert!(fixture.run(&fixture.arguments().with("--policy", "p.toml")).stderr.contains(phrase));
    fixture.write("p.toml", waiver("9999-01-31"));
    let said = fixture.relcheck(&["policy", "check", "p.toml"]).expect("holds", 0, &[]).said();
    assert!(!said.contains("warning"), "{said}");
}

#[test]
fn a_policy_that_is_called_like_a_built_in_one_by_its_file_says_so() {
    let fixture = Fixture::good();
    fixture.write("default.toml", "[levels]\ntag = \"warn\"\n");
    let phrases = [
        "the name \"default\", which is taken from the name of the file, is that of a built-in policy",
        "write name = \"another\" in the policy",
    ];
    fixture.relcheck(&["policy", "check", "./default.toml"]).expect("by the file", 2, &phrases);
    fixture.write("p.toml", "name = \"default\"\n");
    let phrases = ["the name \"default\" is that of a built-in policy; give this one another"];
    fixture.relcheck(&["policy", "check", "./p.toml"]).expect("by itself", 2, &phrases);
}

#[test]
fn policy_init_writes_a_policy_that_check_accepts_and_verify_obeys() {
    let fixture = Fixture::good();
    let repository = fixture.written.repository();
    let repository = repository.to_str().unwrap();
    let init = ["policy", "init", "--repo", repository];
    let phrases = ["wrote relcheck.toml; signers and builders are derived for github.com/acme/widget"];
    fs::create_dir(fixture.here().join("relcheck.toml.partial")).unwrap();
    let unwritten = ["error: relcheck.toml could not be written: Is a directory"];
    fixture.relcheck(&init).expect("not written", 4, &unwritten);
    fs::remove_dir(fixture.here().join("relcheck.toml.partial")).unwrap();
    let wrote = fixture.relcheck(&init).expect("init", 0, &phrases).out();
    let last = wrote.lines().last().unwrap();
    assert!(last.starts_with("Commit it before the next release is built"), "{wrote}");
    let text = fs::read_to_string(fixture.here().join("relcheck.toml")).unwrap();
    let comments = text.lines().filter(|line| line.starts_with('#')).count();
    assert!(comments >= 15 && text.contains("repository = \"github.com/acme/widget\""), "{text}");
    assert!(text.contains("https://github.com/{repository}/.github/workflows/"), "{text}");
    fixture.relcheck(&["policy", "check"]).expect(
        "check",
        0,
        &["relcheck.toml: can be used (policy widget, sha256 "],
    );
    assert_eq!(fixture.relcheck(&["policy", "show"]).expect("show", 0, &[]).out(), text);
    let arguments = fixture.arguments().without("--policy");
    fixture.run(&arguments).expect("verify", 0, &["VERIFIED", "policy widget"]);
    // The next one would be another person's work lost.
    fixture.relcheck(&init).expect(
        "init again",
        2,
        &["relcheck.toml is already here", "policy init --print"],
    );
    assert_eq!(fs::read_to_string(fixture.here().join("relcheck.toml")).unwrap(), text);
    let printed = fixture.relcheck(&[&init[..], &["--print"]].concat()).expect("print", 0, &[]);
    assert_eq!(printed.out(), text);
}

#[test]
fn policy_init_says_what_it_derived_and_how_other_tools_are_asked_the_same() {
    let asks = "on: push\npermissions:\n  id-token: write\n";
    for (spoil, workflow, how) in [
        (None, "release.yml", "no workflow at the tag asks for an identity: put yours for release.yml"),
        (
            Some(Spoil::File(".github/workflows/ship it.yml", Some(asks))),
            "ship it.yml",
            "the workflows at the tag that ask for an identity",
        ),
    ] {
        let release = spoil.into_iter().fold(Release::good(), Release::spoil);
        let fixture = Fixture::of(&release);
        let repository = fixture.written.repository();
        let repository = repository.to_str().unwrap();
        let commit = &fixture.written.commit;
        let base = "https://github.com/acme/widget/.github/workflows";
        let quoted = |name: &str| {
            let subject = format!("{base}/{name}@refs/tags/v1.2.3");
            if name.contains(' ') { format!("'{subject}'") } else { subject }
        };
        let subject = quoted(workflow);
        let issuer = "https://token.actions.githubusercontent.com";
        let by = format!(
            "--certificate-identity {subject} --certificate-oidc-issuer {issuer} --certificate-github-workflow-repository \
             acme/widget --certificate-github-workflow-ref refs/tags/v1.2.3 --certificate-github-workflow-sha {commit} ARTIFACT"
        );
        let phrases = [
            "wrote relcheck.toml; signers and builders are derived for github.com/acme/widget".to_owned(),
            "What a certificate must say, for the release v1.2.3:".to_owned(),
            format!("issuer {issuer}"),
            format!("subject {base}/*@refs/tags/v1.2.3"),
            "source repository https://github.com/acme/widget".to_owned(),
            "source ref refs/tags/v1.2.3".to_owned(),
            format!("source commit {commit}"),
            how.to_owned(),
            format!("cosign verify-blob --bundle ARTIFACT.sigstore.json {by}"),
            format!(
                "cosign verify-blob-attestation --bundle ARTIFACT.intoto.jsonl --type https://slsa.dev/provenance/v1 {by}"
            ),
            format!(
                "gh attestation verify ARTIFACT --repo acme/widget --cert-identity {subject} --cert-oidc-issuer {issuer} \
                 --source-ref refs/tags/v1.2.3 --source-digest {commit}"
            ),
            "slsa-verifier verify-artifact --provenance-path ARTIFACT.intoto.jsonl --source-uri github.com/acme/widget \
             --source-tag v1.2.3 ARTIFACT"
                .to_owned(),
        ];
        let phrases: Vec<&str> = phrases.iter().map(String::as_str).collect();
        let init = ["policy", "init", "--repo", repository];
        let first = fixture.relcheck(&init).expect(workflow, 0, &phrases).out();
        // It may be written anew when that is said, and says the same.
        fixture.write("relcheck.toml", "name = \"old\"\n");
        fixture.relcheck(&init).expect("here already", 2, &["--force"]);
        let again = fixture.relcheck(&[&init[..], &["--force"]].concat()).expect("force", 0, &phrases).out();
        assert_eq!(first, again);
        fixture.relcheck(&[&init[..], &["--force", "--print"]].concat()).expect("both", 2, &[]);
    }
}

#[test]
fn policy_check_says_which_components_are_overridden_and_which_no_tag_has() {
    let fixture = Fixture::of(&Release { form: Form::Checkout, ..Release::good() });
    let checkout = fixture.written.repository();
    let text = "name = \"mono\"\n[component.runtime.rules.signatures]\nderive = true\n";
    std::fs::write(checkout.join("relcheck.toml"), text).unwrap();
    crate::run::relcheck(&checkout, ["policy", "check"]).expect(
        "in the checkout",
        0,
        &[
            ": can be used (policy mono, sha256 ",
            "component runtime: overrides for tags such as runtime/v1.2.3 and runtime-v1.2.3",
            "note: no tag of the repository here is of the component runtime",
        ],
    );
    fixture.write("relcheck.toml", text);
    let elsewhere = fixture.relcheck(&["policy", "check"]).expect("elsewhere", 0, &["component runtime:"]);
    assert!(!elsewhere.said().contains("no tag"), "{}", elsewhere.said());
    fixture.write("relcheck.toml", "name = \"x\"\nrepository = \"git.acme.example/a/b\"\n");
    let phrase = "note: nobody is derived: what kind of forge git.acme.example is, only the policy can say";
    fixture.relcheck(&["policy", "check"]).expect("an unknown forge", 0, &[phrase]);
}

#[test]
fn policy_init_says_when_it_can_derive_nobody() {
    let fixture = Fixture::good();
    let folder = fixture.here().join("bare");
    let mut repository = project::repository();
    repository.origin = None;
    repository.write(&folder, Form::Bare);
    let ran = fixture.relcheck(&["policy", "init", "--repo", "bare"]);
    ran.expect("no remote", 0, &["no remote called origin says whose repository this is"]);
    fixture.relcheck(&["policy", "check", "relcheck.toml"]).expect("check", 0, &["can be used"]);
}

#[test]
fn the_built_in_policies_are_shown_with_their_comments_and_can_be_used() {
    let fixture = Fixture::good();
    for (name, text) in relcheck::policy::BUILT_IN {
        fixture.relcheck(&["policy", "check", name]).expect(name, 0, &[name, "can be used"]);
        assert_eq!(fixture.relcheck(&["policy", "show", name]).expect(name, 0, &[]).out(), *text);
        fixture.run(&fixture.arguments().with("--policy", name)).expect(name, 0, &["VERIFIED"]);
    }
    let default = fixture.relcheck(&["policy", "show"]).expect("without a name", 0, &[]).out();
    assert_eq!(default, fixture.relcheck(&["policy", "show", "default"]).out());
}

#[test]
fn a_policy_file_that_says_what_a_built_in_one_says_judges_alike() {
    let fixture = Fixture::good();
    let text = fixture.relcheck(&["policy", "show", "default"]).out();
    fixture.write("default.toml", text);
    let json = |policy: &str| {
        let arguments = fixture.arguments().with("--policy", policy).with("--format", "json");
        fixture.run(&arguments).expect(policy, 0, &[]).out()
    };
    assert_eq!(json("default"), json("default.toml"));
}

// --- digests instead of files ---

#[test]
fn a_release_can_be_judged_by_its_digests_and_the_report_says_that_nothing_was_hashed() {
    let fixture = Fixture::good();
    let published = fixture.written.published();
    for artifact in &fixture.written.artifacts {
        fs::remove_file(published.join(artifact)).unwrap();
    }
    let judge = |list: &str, format: &str| {
        let arguments = fixture.arguments().without("--assets").with("--digests", published.join(list));
        fixture.run(&arguments.with("--format", format))
    };
    let json = judge("SHA256SUMS", "json").expect("the published list", 0, &[]).json();
    let artifacts = json["release"]["artifacts"].as_array().unwrap();
    assert_eq!(artifacts.len(), 3);
    assert!(artifacts.iter().all(|artifact| artifact["bytes"] == "recorded" && artifact["size"].is_null()));
    judge("SHA256SUMS", "human").expect("for people", 0, &["3 recorded, not rehashed"]);
    // A list of the verifier's own is no file of the release.
    fs::copy(published.join("SHA256SUMS"), published.join("mine")).unwrap();
    let own = judge("mine", "json");
    assert_eq!(own.json()["release"]["artifacts"].as_array().unwrap().len(), 3, "{}", own.out());
    // What the list says is what signatures and provenance must be about.
    let text = fs::read_to_string(published.join("SHA256SUMS")).unwrap();
    let first = if text.starts_with('0') { "1" } else { "0" };
    fs::write(published.join("SHA256SUMS"), format!("{first}{}", &text[1..])).unwrap();
    let changed = judge("SHA256SUMS", "json").expect("another digest", 1, &[]);
    assert!(changed.out().contains("signatures/unbound"), "{}", changed.out());
}

// --- evidence ---

#[test]
fn collected_evidence_gives_the_report_of_the_release_byte_for_byte() {
    let releases = [
        ("good", Release::good(), 0),
        ("changed", Release::good().spoil(Spoil::ArtifactChanged(0)), 1),
        ("unreadable", Release::good().spoil(Spoil::TableUnreadable), 3),
        ("vulnerable", Release::good().spoil(Spoil::Advisory(VULNERABILITY)), 1),
        ("by a key", Release { signing: Signing::ManagedKey, ..Release::good() }, 3),
    ];
    for (what, release, code) in releases {
        let fixture = Fixture::of(&release);
        let direct = fixture.arguments().with("--format", "json").with("--save-evidence", "saved");
        let direct = fixture.run(&direct).expect(what, code, &[]);
        let path = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
        let collected = fixture.relcheck(&[
            "collect",
            "v1.2.3",
            "--repo",
            &path(fixture.written.repository()),
            "--assets",
            &path(fixture.written.published()),
            "--advisories",
            &path(fixture.written.advisories()),
            "--save-evidence",
            "pack",
            "--pack",
            "pack.tar.zst",
        ]);
        let files = "evidence about v1.2.3: 9 published files";
        collected.expect(what, 0, &[&format!("{files}, in pack"), &format!("{files}, in pack.tar.zst")]);
        // Nothing of the release is needed any more.
        for gone in [fixture.written.repository(), fixture.written.published(), fixture.written.advisories()]
        {
            fs::remove_dir_all(gone).unwrap();
        }
        for pack in ["pack", "saved", "pack.tar.zst"] {
            for zone in ["UTC", "Pacific/Kiritimati"] {
                let arguments =
                    fixture.arguments().without("--repo").without("--assets").without("--advisories");
                let arguments = arguments.with("--evidence", pack).with("--format", "json").list();
                let mut command = crate::run::command(&fixture.here());
                let ran = crate::run::finish(command.args(arguments).env("TZ", zone)).expect(what, code, &[]);
                assert!(
                    ran.stdout == direct.stdout,
                    "{what}, {pack}, {zone}\n{}\n{}",
                    ran.out(),
                    direct.out()
                );
            }
        }
    }
}

#[test]
fn the_verifiers_own_database_goes_before_the_one_in_the_pack() {
    let fixture = Fixture::good();
    fixture.run(&fixture.arguments().with("--save-evidence", "pack")).expect("saving", 0, &[]);
    let worse = Fixture::spoilt(Spoil::Advisory(VULNERABILITY));
    let arguments = fixture.arguments().without("--repo").without("--assets").with("--evidence", "pack");
    let ran = fixture.run(&arguments.with("--advisories", worse.written.advisories()));
    let note = "judged with the advisories given here, not those in the evidence pack";
    ran.expect("another database", 1, &["advisories/vulnerable", "RUSTSEC-2025-9003", note]);
}

#[test]
fn the_roots_in_a_pack_are_trusted_only_when_that_is_said() {
    let fixture = Fixture::good();
    fixture.run(&fixture.arguments().with("--save-evidence", "pack")).expect("saving", 0, &[]);
    let replay = fixture.arguments().without("--repo").without("--assets").without("--advisories");
    let replay = replay.without("--trusted-root").with("--evidence", "pack");
    let own =
        "note: judged with this machine's own trusted roots, which differ from those in the evidence pack";
    let ran = fixture.run(&replay).expect("its own roots", 1, &["signatures/", own]);
    assert!(!ran.out().contains("VERIFIED"), "{}", ran.out());
    let theirs =
        "note: judged with the trusted roots in the evidence pack: whoever made it chose whom to trust";
    let replay = replay.flag("--trust-pack");
    fixture.run(&replay).expect("the roots of the pack", 0, &["VERIFIED", theirs]);
    let json = fixture.run(&replay.clone().with("--format", "json")).json();
    assert_eq!(json["trust"][0]["origin"], "evidence pack");
    // Neither beside a root of the user's own, nor without a pack.
    let both = replay.with("--trusted-root", fixture.written.trusted_root());
    fixture.run(&both).expect("both", 2, &["--trust-pack", "--trusted-root"]);
    let none = fixture.arguments().without("--trusted-root").flag("--trust-pack");
    fixture.run(&none).expect("no pack", 2, &["--evidence"]);
}

#[test]
fn a_pack_of_a_version_that_kept_no_roots_has_none_to_trust() {
    let fixture = Fixture::good();
    let database = Database::open(&fixture.written.advisories()).unwrap();
    let evidence = fixture.written.gather(&database, AS_OF.parse().unwrap());
    relcheck::evidence::pack::save(&evidence, &fixture.here().join("pack")).unwrap();
    let replay = fixture.arguments().without("--repo").without("--assets").without("--advisories");
    let replay = replay.without("--trusted-root").with("--evidence", "pack").flag("--trust-pack");
    fixture.run(&replay).expect("no roots", 2, &["--trust-pack: the evidence pack holds no trusted roots"]);
}

// --- parts alone ---

#[test]
fn lock_files_are_matched_alone_for_people_and_for_programs() {
    let fixture = Fixture::of(
        &Release::good().spoil(Spoil::Advisory(VULNERABILITY)).spoil(Spoil::Advisory(UNMAINTAINED)),
    );
    fixture.write("Cargo.lock", project::lock("1.2.3"));
    let database = fixture.written.advisories();
    let database = database.to_str().unwrap();
    let check = ["advisories", "check", "Cargo.lock", "--advisories", database];
    fixture.relcheck(&check).expect("for people", 1, &["RUSTSEC-2025-9003", "RUSTSEC-2025-9005", "memchr"]);
    let json = fixture.relcheck(&[&check[..], &["--format", "json"]].concat()).expect("json", 1, &[]).json();
    let rows = json.as_array().unwrap();
    assert_eq!(rows.len(), 2, "{json:#}");
    for (row, (id, kind)) in
        rows.iter().zip([("RUSTSEC-2025-9003", "vulnerability"), ("RUSTSEC-2025-9005", "unmaintained")])
    {
        assert_eq!((row["id"].as_str(), row["kind"].as_str()), (Some(id), Some(kind)));
        assert_eq!((row["package"].as_str(), row["version"].as_str()), (Some("memchr"), Some("2.8.3")));
        assert_eq!((row["file"].as_str(), row["ecosystem"].as_str()), (Some("Cargo.lock"), Some("cargo")));
        assert!(row["aliases"].is_array() && row["fixed"].is_array(), "{row:#}");
    }
    let clean = Fixture::good();
    clean.write("Cargo.lock", project::lock("1.2.3"));
    let database = clean.written.advisories();
    let check =
        ["advisories", "check", "Cargo.lock", "--advisories", database.to_str().unwrap(), "--format", "json"];
    assert_eq!(clean.relcheck(&check).expect("nothing", 0, &[]).json(), serde_json::json!([]));
    // An empty list about what nobody was asked about is no answer.
    let forked = "\n[[package]]\nname = \"forked\"\nversion = \"1.0.0\"\nsource = \"git+https://example.com/forked#0123\"\n";
    clean.write("Cargo.lock", project::lock("1.2.3") + forked);
    let uncovered = clean.relcheck(&check).expect("not covered", 3, &["1 package is not covered"]);
    assert_eq!(uncovered.json(), serde_json::json!([]));
    // What is only unmaintained is listed, and no vulnerability.
    let old = Fixture::of(&Release::good().spoil(Spoil::Advisory(UNMAINTAINED)));
    old.write("Cargo.lock", project::lock("1.2.3"));
    let database = old.written.advisories();
    let check = ["advisories", "check", "Cargo.lock", "--advisories", database.to_str().unwrap()];
    old.relcheck(&check).expect("unmaintained", 0, &["RUSTSEC-2025-9005"]);
}

#[test]
fn a_security_policy_is_read_alone_for_people_and_for_programs() {
    let fixture = Fixture::good();
    fixture.write("SECURITY.md", project::security(project::SUPPORTED));
    fixture.write("tags", "v1.1.0\nv1.2.2\nv1.2.3\n");
    let human = ["security-policy", "SECURITY.md", "--tags", "tags"];
    fixture.relcheck(&human).expect(
        "for people",
        0,
        &["Latest release", "v1.2.3", "Previous release", "v1.2.2"],
    );
    let json = fixture
        .relcheck(&["security-policy", "SECURITY.md", "--format", "json"])
        .expect("json", 0, &[])
        .json();
    assert_eq!(json["form"], "table");
    let rows: Vec<_> = json["rows"].as_array().unwrap().iter().collect();
    let read: Vec<_> = rows
        .iter()
        .map(|row| (row["selector"]["kind"].as_str().unwrap(), row["supported"].as_bool().unwrap()))
        .collect();
    assert_eq!(read, [("branch", true), ("latest", true), ("previous", true), ("before-previous", false)]);
    assert!(
        rows.iter().all(|row| row["raw"].is_string() && row["selector"].get("range").is_some()),
        "{json:#}"
    );
    let json = fixture.relcheck(&["security-policy", "SECURITY.md", "--tags", "tags", "--format", "json"]);
    let text = json.expect("with tags", 0, &[]).json().to_string();
    assert!(text.contains("v1.2.3") && text.contains("v1.1.0"), "{text}");
}

// --- audit ---

/// The two supported releases of one repository, each with its files in a folder called like its tag.
fn two_releases(spoil: Option<Spoil>) -> (Fixture, Fixture) {
    let latest = Fixture::good();
    let previous = Release::of("v1.2.2");
    let previous =
        Fixture::of(&spoil.map_or_else(|| previous.clone(), |spoil| previous.clone().spoil(spoil)));
    let assets = latest.here().join("assets");
    fs::create_dir(&assets).unwrap();
    fs::rename(latest.written.published(), assets.join("v1.2.3")).unwrap();
    fs::rename(previous.written.published(), assets.join("v1.2.2")).unwrap();
    (latest, previous)
}

fn audit(fixture: &Fixture, further: &[&str]) -> crate::run::Ran {
    let written = &fixture.written;
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let (repository, root) = (path(&written.repository()), path(&written.trusted_root()));
    let advisories = path(&written.advisories());
    let arguments = ["audit", "--repo", &repository, "--trusted-root", &root, "--advisories", &advisories];
    let as_of = ["--policy", "audit", "--as-of", AS_OF];
    fixture.relcheck(&[&arguments[..], &as_of, further].concat())
}

#[test]
fn an_audit_judges_the_latest_and_the_previous_release_and_the_worst_code_wins() {
    for (what, spoil, code, verdicts) in [
        ("both good", None, 0, ["verified", "verified"]),
        ("the previous changed", Some(Spoil::ArtifactChanged(0)), 1, ["verified", "rejected"]),
        (
            "the previous not published",
            Some(Spoil::BundleUnreadable(crate::kit::spoil::Which::Provenance)),
            1,
            ["verified", "rejected"],
        ),
    ] {
        let (fixture, _previous) = two_releases(spoil);
        let json =
            audit(&fixture, &["--assets", "assets", "--format", "json"]).expect(what, code, &[]).json();
        assert_eq!(json["schema"], "relcheck.audit/v1", "{what}");
        let releases = json["releases"].as_array().unwrap();
        let read: Vec<_> = releases
            .iter()
            .map(|r| (r["release"]["tag"].as_str().unwrap(), r["verdict"].as_str().unwrap()))
            .collect();
        assert_eq!(read, [("v1.2.3", verdicts[0]), ("v1.2.2", verdicts[1])], "{what}");
        for report in releases {
            assert_eq!(report["schema"], "relcheck.report/v1", "{what}");
            assert_eq!(report["checks"].as_array().unwrap().len(), relcheck::checks::ALL.len(), "{what}");
        }
        for format in ["human", "markdown"] {
            let ran = audit(&fixture, &["--assets", "assets", "--format", format]);
            ran.expect(what, code, &["v1.2.3", "v1.2.2", "2 supported releases"]);
        }
    }
}

#[test]
fn an_audit_judges_what_the_security_policy_supports_besides() {
    let tags = |table: &'static str| {
        let release = Release::of("v1.2.3").spoil(Spoil::File("SECURITY.md", Some(table)));
        let json = audit(&Fixture::of(&release), &["--format", "json"]).json();
        let releases = json["releases"].as_array().unwrap().iter();
        releases.map(|it| it["release"]["tag"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let both =
        "## Supported versions\n\n| Version | Supported |\n|---|---|\n| 1.2.x | yes |\n| 1.1.x | yes |\n";
    assert_eq!(tags(both), ["v1.2.3", "v1.2.2", "v1.1.0"]);
    let ended = "## Supported versions\n\n| Version | Supported |\n|---|---|\n| 1.2.x | yes |\n| 1.1.x | until 2025-01-01 |\n";
    assert_eq!(tags(ended), ["v1.2.3", "v1.2.2"]);
}

#[test]
fn an_audit_of_a_release_without_files_is_undetermined() {
    let (fixture, _previous) = two_releases(None);
    fs::remove_dir_all(fixture.here().join("assets/v1.2.2")).unwrap();
    let ran = audit(&fixture, &["--assets", "assets"]);
    let said = ran.expect("a folder less", 3, &["1 verified", "1 undetermined"]).said();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    // What is said is of what this command takes.
    let looked_for = "there is no folder assets/v1.2.2: --assets of an audit names the folder that holds one for each \
                      release, called like its tag";
    let fix = "say with --assets where the published files are; verify and collect take their digests too";
    assert!(said.contains(looked_for) && said.contains(fix), "{said}");
    assert!(!said.contains("assets/v1.2.3: "), "{said}");
    audit(&fixture, &[]).expect("no files at all", 3, &["0 verified", "2 undetermined"]);
}

#[test]
fn an_audit_of_a_repository_that_never_released_is_undetermined() {
    let fixture = Fixture::good();
    let mut repository = project::repository();
    repository.tags.clear();
    repository.write(&fixture.here().join("none.git"), Form::Bare);
    for format in ["human", "json", "markdown"] {
        let ran = fixture.relcheck(&["audit", "--repo", "none.git", "--format", format]);
        let ran = ran.expect(format, 3, &["nothing is published", "git fetch --tags"]);
        assert_eq!(ran.out(), "", "{format}: no report of nothing");
    }
}

#[test]
fn an_audit_has_no_verification_summary() {
    let (fixture, _previous) = two_releases(None);
    let ran = audit(&fixture, &["--assets", "assets", "--format", "vsa"]);
    ran.expect("vsa", 2, &["invalid value 'vsa'", "[possible values: human, json, markdown]"]);
}

// --- one bundle ---

#[test]
fn one_bundle_is_verified_alone_by_path_and_by_digest() {
    let fixture = Fixture::good();
    let artifact = &fixture.written.artifacts[0];
    let path = |name: &str| fixture.written.published().join(name).to_str().unwrap().to_owned();
    let bundle = path(&format!("{artifact}.sigstore.json"));
    let digest = relcheck::release::Sha256::of(&fs::read(path(artifact)).unwrap());
    let identity = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3";
    let root = fixture.written.trusted_root();
    let run = |identity: &str, issuer: &str, subject: &str, root: &str| {
        let by = ["--certificate-identity", identity, "--certificate-oidc-issuer", issuer];
        let head = ["verify-bundle", "--bundle", &bundle, "--trusted-root", root];
        fixture.relcheck(&[&head[..], &by, &[subject]].concat())
    };
    let (root, issuer) = (root.to_str().unwrap(), crate::kit::ISSUER);
    let (file, by_digest) = (path(artifact), format!("sha256:{digest}"));
    for subject in [&file, &by_digest] {
        run(identity, issuer, subject, root).expect("good", 0, &["verified: signed by", identity]);
        run(&identity[..identity.len() - 1], issuer, subject, root).expect("a prefix", 1, &["rejected: "]);
        run(identity, &format!("{issuer}/"), subject, root).expect("another issuer", 1, &["rejected: "]);
    }
    let other = path(&fixture.written.artifacts[1]);
    run(identity, issuer, &other, root).expect("another file", 1, &["rejected: "]);
    run(identity, issuer, &format!("sha256:{}", "0".repeat(64)), root).expect(
        "another digest",
        1,
        &["rejected: "],
    );
    for bad in ["sha256:abc", "sha256:", &format!("sha256:{}", "0".repeat(63)), "./nowhere"] {
        run(identity, issuer, bad, root).expect(bad, 2, &["error"]);
    }
    fixture.relcheck(&["verify-bundle", "--bundle", &bundle, &file]).expect("nobody named", 2, &["--key"]);
    let mut child = crate::run::command(&fixture.here());
    let by =
        ["--certificate-identity", identity, "--certificate-oidc-issuer", issuer, "--trusted-root", root];
    child.args(["verify-bundle", "--bundle", "/dev/stdin"]).args(by).arg(&file).stdin(Stdio::piped());
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdin.take().unwrap().write_all(b"{}"));
    assert_eq!(child.wait().unwrap().code(), Some(2), "a bundle that is no regular file");
}
