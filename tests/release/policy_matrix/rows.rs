//! One row for each key of a policy: how it alone is violated, and the rule that must say so.

use relcheck::evidence::{Evidence, Listing, Seen};
use relcheck::text::Untrusted;

use super::kinds::{
    BUILT, By, Kind, MINISIGN, SSH, Text, WORKFLOW, builder, identity, key, signed_by_old_minisign,
};
use crate::kit::advisories::VULNERABILITY;
use crate::kit::bundle::Content;
use crate::kit::certificates;
use crate::kit::keys::Key;
use crate::kit::release::Release;
use crate::kit::spoil::{Field, Spoil};
use crate::kit::ssh::SshKey;
use crate::kit::statement::Provenance;
use crate::kit::{ISSUER, SLSA_GENERATOR};
use crate::provenance_stage::{PROVENANCE, build, publish, publish_keyed, set, statement, subjects, v1};
use crate::stage::{Stage, bundle};
use serde_json::json;

/// What a violation comes to.
pub enum Expected {
    /// Each of these rules decides against the release, besides others, perhaps.
    Rules(&'static [&'static str]),
    /// The policy cannot be used at all.
    Refused,
}

/// A violation of one key.
pub struct Row {
    /// The path of the key.
    pub key: &'static str,
    /// What exactly is wrong.
    pub what: String,
    /// The kinds of evidence that it applies to.
    pub applies: fn(&Kind) -> bool,
    /// The release, from that of the kind.
    pub release: fn(Release) -> Release,
    /// What is published besides, or instead.
    pub prepare: fn(&Stage),
    /// The evidence, from that of the release.
    pub evidence: fn(&mut Evidence),
    /// The key file that the policy names, where it names one.
    pub file: fn(&Kind) -> Option<String>,
    /// The policy, from that of the kind.
    pub change: Change,
    pub expected: Expected,
}

type Change = Box<dyn Fn(&mut Text, &Kind) + Sync>;

fn row(key: &'static str, what: &str, change: Change, rules: &'static [&'static str]) -> Row {
    Row {
        key,
        what: what.to_owned(),
        applies: |_| true,
        release: |release| release,
        prepare: |_| {},
        evidence: |_| {},
        file: |_| None,
        change,
        expected: Expected::Rules(rules),
    }
}

fn refused(key: &'static str, what: &str, change: Change) -> Row {
    Row { expected: Expected::Refused, ..row(key, what, change, &[]) }
}

fn certified(kind: &Kind) -> bool {
    kind.by == By::Certificate
}

fn keyed(kind: &Kind) -> bool {
    kind.by == By::Key
}

/// Every row.
pub fn rows() -> Vec<Row> {
    [
        top_rows(),
        level_rows(),
        signer_rows(),
        claim_rows(),
        key_rows(),
        build_rows(),
        told_rows(),
        builder_key_rows(),
        summary_rows(),
        tag_rows(),
        other_rows(),
        waiver_rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn top_rows() -> Vec<Row> {
    let threshold = "[component.sdk.rules.signatures]\nthreshold = 2\n";
    let two = |text: &mut Text, tail: &str| {
        text.signers += &key("second", &Key::named("second").public_pem());
        // The signers of v1.2.3 sign what is asked for as a release of the sdk.
        text.signers = text.signers.replace("{tag}", "v1.2.3");
        text.provenance = text.provenance.replace("{tag}", "v1.2.3");
        text.builders += &builder(ISSUER, &WORKFLOW.replace("{tag}", "v1.2.3"), "", 2);
        text.levels += "tag = \"skip\"\n";
        text.tail += tail;
    };
    vec![
        refused("name", "that of a built-in policy", Box::new(|text, _| text.top += "name = \"default\"\n")),
        Row {
            applies: certified,
            ..row(
                "repository",
                "another one",
                Box::new(|text, _| text.top += "repository = \"github.com/acme/gadget\"\n"),
                &["provenance/source"],
            )
        },
        refused(
            "forge",
            "not that of the host",
            Box::new(|text, _| text.top += "repository = \"acme/widget\"\nforge = \"gitlab\"\n"),
        ),
        Row {
            applies: certified,
            ..row(
                "forge",
                "another kind than the one whose workflow signed",
                Box::new(|text, _| {
                    text.top += "repository = \"git.acme.example/acme/widget\"\nforge = \"gitlab\"\n";
                    (text.derive, text.signers) = (true, String::new());
                }),
                &["provenance/source"],
            )
        },
        Row {
            evidence: |evidence| evidence.tag = Untrusted::new("sdk/v1.2.3"),
            ..row(
                "component",
                "an override that asks for more signers",
                Box::new(move |text, _| two(text, threshold)),
                &["signatures/threshold"],
            )
        },
        refused(
            "component",
            "a name that no tag has",
            Box::new(|text, _| text.tail += "[component.SDK.levels]\ntag = \"warn\"\n"),
        ),
    ]
}

fn level_rows() -> Vec<Row> {
    vec![
        row(
            "levels",
            "a rule that is raised",
            Box::new(|text, _| text.levels += "\"tag/unsigned\" = \"require\"\n"),
            &["tag/unsigned"],
        ),
        refused(
            "levels",
            "what nobody judged is skipped",
            Box::new(|text, _| text.levels += "\"relcheck/unjudged\" = \"skip\"\n"),
        ),
    ]
}

fn signer_rows() -> Vec<Row> {
    let named = |issuer: &'static str, subject: &'static str| -> Change {
        Box::new(move |text, _| text.signers = identity(issuer, subject, ""))
    };
    let (issuer, subject) = ("rules.signatures.identity.issuer", "rules.signatures.identity.subject");
    let mut rows = Vec::new();
    for other in [
        "https://token.actions.githubusercontent.com/",
        "https://token.actions.githubusercontent.com.evil.example",
        "https://evil.example/?https://token.actions.githubusercontent.com",
    ] {
        rows.push(row(issuer, other, named(other, WORKFLOW), &["signatures"]));
    }
    rows.push(refused(
        issuer,
        "not an issuer",
        named("http://token.actions.githubusercontent.com", WORKFLOW),
    ));
    for other in [
        "https://github.com/{repository}/.github/workflows/prerelease.yml@refs/tags/{tag}",
        "https://github.com/{repository}/.github/workflows/release.yml@refs/heads/main",
        "https://github.com/{repository}/.github/workflows/*@refs/tags/{commit}",
        "https://github.com/acme/widge/.github/workflows/*@refs/tags/{tag}",
        "https://github.com/{repository}",
    ] {
        rows.push(row(subject, other, named(ISSUER, other), &["signatures"]));
    }
    rows.push(refused(subject, "anybody", named(ISSUER, "*")));
    rows.push(refused(subject, "a negated class", named(ISSUER, "https://github.com/acme/[!w]idget/x")));
    rows.push(refused(
        subject,
        "the other negated class",
        named(ISSUER, "https://github.com/acme/[^w]idget/x"),
    ));
    rows.iter_mut().for_each(|row| row.applies = certified);
    rows.push(row(
        "rules.signatures.derive",
        "off, and nobody is named",
        Box::new(|text, _| text.signers.clear()),
        &["signatures"],
    ));
    rows.push(row(
        "rules.signatures.threshold",
        "two, and one signed",
        Box::new(|text, _| {
            text.signers += &identity(ISSUER, &WORKFLOW.replace("release.yml", "second.yml"), "");
            text.threshold = Some(2);
        }),
        &["signatures/threshold"],
    ));
    rows.push(row(
        "rules.signatures.threshold",
        "two, and two principals name the one who signed, or could have",
        Box::new(|text, kind| {
            text.signers += &match kind.by {
                By::Certificate => identity(ISSUER, &WORKFLOW.replace("release", "*"), ""),
                // The same key under another name is no policy at all; see `two_of_two_are_two_different_ones`.
                By::Key => key("another", &kind.other_key),
            };
            text.threshold = Some(2);
        }),
        &["signatures/threshold"],
    ));
    for (what, asked) in [("none", 0), ("more than are named", 2)] {
        let change = move |text: &mut Text, _: &Kind| text.threshold = Some(asked);
        rows.push(refused("rules.signatures.threshold", what, Box::new(change)));
    }
    rows
}

/// The claims of an identity, each asked to be another one than the certificate's.
fn claim_rows() -> Vec<Row> {
    const KEYS: [(&str, &str); 14] = [
        (
            "rules.signatures.identity.claims.build-signer-uri",
            "https://github.com/acme/widget/other.yml@refs/tags/{tag}",
        ),
        ("rules.signatures.identity.claims.build-signer-digest", "0000000000000000000000000000000000000000"),
        ("rules.signatures.identity.claims.runner-environment", "self-hosted"),
        ("rules.signatures.identity.claims.source-repository-uri", "https://github.com/acme/gadget"),
        (
            "rules.signatures.identity.claims.source-repository-digest",
            "0000000000000000000000000000000000000000",
        ),
        ("rules.signatures.identity.claims.source-repository-ref", "refs/heads/main"),
        ("rules.signatures.identity.claims.source-repository-identifier", "420002"),
        ("rules.signatures.identity.claims.source-repository-owner-uri", "https://github.com/mallory"),
        ("rules.signatures.identity.claims.source-repository-owner-identifier", "77002"),
        (
            "rules.signatures.identity.claims.build-config-uri",
            "https://github.com/acme/widget/other.yml@refs/tags/{tag}",
        ),
        ("rules.signatures.identity.claims.build-config-digest", "0000000000000000000000000000000000000000"),
        ("rules.signatures.identity.claims.build-trigger", "release"),
        (
            "rules.signatures.identity.claims.run-invocation-uri",
            "https://github.com/acme/widget/actions/runs/1/attempts/1",
        ),
        ("rules.signatures.identity.claims.source-repository-visibility", "private"),
    ];
    let row = |(path, other): (&'static str, &'static str)| {
        let claim = path.rsplit('.').next().unwrap();
        let claims = format!("claims.{claim} = \"{other}\"\n");
        let change = move |text: &mut Text, _: &Kind| text.signers = identity(ISSUER, WORKFLOW, &claims);
        Row { applies: certified, ..row(path, "another one", Box::new(change), &["signatures"]) }
    };
    KEYS.into_iter().map(row).collect()
}

fn key_rows() -> Vec<Row> {
    let in_file = |text: &mut Text, _: &Kind| {
        text.signers = "[[rules.signatures.key]]\nname = \"maintainer\"\nfile = \"release.pub\"\n".to_owned();
    };
    let more = |line: &'static str| -> Change { Box::new(move |text, _| text.signers += line) };
    vec![
        Row {
            applies: keyed,
            ..row(
                "rules.signatures.key.text",
                "another key",
                Box::new(|text, kind| text.signers = key("maintainer", &kind.other_key)),
                &["signatures"],
            )
        },
        Row {
            applies: keyed,
            file: |kind| Some(kind.other_key.clone()),
            ..row("rules.signatures.key.file", "another key", Box::new(in_file), &["signatures"])
        },
        Row {
            applies: keyed,
            ..refused(
                "rules.signatures.key.name",
                "two keys of one name",
                Box::new(|text, kind| text.signers += &key("maintainer", &kind.other_key)),
            )
        },
        Row {
            applies: |kind| kind.name == SSH,
            ..row(
                "rules.signatures.key.principals",
                "another one",
                more("principals = [\"other@widget.example\"]\n"),
                &["signatures"],
            )
        },
        Row {
            applies: |kind| kind.name == SSH,
            ..row(
                "rules.signatures.key.namespaces",
                "another one",
                more("namespaces = [\"git\"]\n"),
                &["signatures"],
            )
        },
        Row {
            applies: |kind| kind.name == MINISIGN,
            prepare: signed_by_old_minisign,
            ..row(
                "rules.signatures.key.legacy",
                "a signature over the file itself",
                more("legacy = false\n"),
                &["signatures/weak"],
            )
        },
    ]
}

/// Tags are signed with SSH here.
fn tag_rows() -> Vec<Row> {
    let entry = |key: &str, further: &str| {
        format!("[[rules.tag.key]]\nname = \"tagger\"\ntext = \"{}\"\n{further}", key.trim())
    };
    let own = SshKey::named("maintainer").allowed_signer();
    let other = SshKey::named("other").allowed_signer();
    let by = |entry: String| -> Change { Box::new(move |text, _| text.tag += &entry) };
    let tagged = |key: &'static str, what: &str, entry: String| Row {
        release: |release| release.spoil(Spoil::TagSigned),
        ..row(key, what, by(entry), &["tag"])
    };
    let in_file = "[[rules.tag.key]]\nname = \"tagger\"\nfile = \"tagger.pub\"\n".to_owned();
    vec![
        tagged("rules.tag.key.text", "another key", entry(&other, "")),
        Row {
            file: |_| Some(SshKey::named("other").allowed_signer()),
            ..tagged("rules.tag.key.file", "another key", in_file)
        },
        tagged(
            "rules.tag.key.principals",
            "another one",
            entry(&own, "principals = [\"other@widget.example\"]\n"),
        ),
        tagged("rules.tag.key.namespaces", "another one", entry(&own, "namespaces = [\"file\"]\n")),
        refused("rules.tag.key.name", "two keys of one name", by(entry(&own, "") + &entry(&other, ""))),
    ]
}

/// What a build was told.
fn told_rows() -> Vec<Row> {
    fn with_inputs(stage: &Stage) {
        let mut statement = v1(stage);
        set(
            &mut statement,
            "/predicate/buildDefinition/externalParameters/inputs",
            json!({"target": "debug"}),
        );
        publish(stage, &statement, &build(stage));
    }
    let line = |line: &'static str| -> Change { Box::new(move |text, _| text.provenance += line) };
    vec![
        row(
            "rules.provenance.parameters",
            "another value",
            line("parameters = { \"workflow.path\" = \".github/workflows/other.yml\" }\n"),
            &["provenance/parameters"],
        ),
        Row {
            prepare: with_inputs,
            ..row(
                "rules.provenance.workflow-inputs",
                "inputs that somebody chose",
                line("workflow-inputs = \"refuse\"\n"),
                &["provenance/parameters"],
            )
        },
    ]
}

const CI: &str = "https://builders.example/ci";

/// A key under `[[rules.provenance.key]]`.
fn provenance_key(name: &str, of: &str) -> String {
    key(name, &Key::named(of).public_pem()).replace("rules.signatures.key", "rules.provenance.key")
}

/// Provenance that a builder signs with a key of its own.
fn builder_key_rows() -> Vec<Row> {
    fn by_ci(stage: &Stage) {
        let mut provenance = Provenance::v02(&build(stage), subjects(stage));
        provenance.builder = CI.to_owned();
        publish_keyed(stage, PROVENANCE, &provenance.statement(), "ci");
    }
    let builder =
        |key: &str| format!("[[rules.provenance.builder]]\nkey = \"{key}\"\nid = \"{CI}\"\nlevel = 2\n");
    let by = |entries: String| -> Change {
        Box::new(move |text, _| {
            text.builders.clone_from(&entries);
            text.builders_derive = false;
        })
    };
    let keyed = |key: &'static str, what: &str, entries: String, rules| Row {
        applies: |kind| !kind.attested,
        prepare: by_ci,
        ..row(key, what, by(entries), rules)
    };
    let in_file = "[[rules.provenance.key]]\nname = \"ci\"\nfile = \"ci.pub\"\n".to_owned();
    vec![
        keyed(
            "rules.provenance.builder.key",
            "that of another builder",
            provenance_key("ci", "ci") + &provenance_key("other", "other") + &builder("other"),
            &["provenance/builder"],
        ),
        keyed(
            "rules.provenance.key.text",
            "another key",
            provenance_key("ci", "other") + &builder("ci"),
            &["provenance/missing"],
        ),
        Row {
            file: |_| Some(Key::named("other").public_pem()),
            ..keyed(
                "rules.provenance.key.file",
                "another key",
                in_file + &builder("ci"),
                &["provenance/missing"],
            )
        },
        refused(
            "rules.provenance.key.name",
            "two keys of one name",
            by(provenance_key("ci", "ci") + &provenance_key("ci", "other")),
        ),
        Row {
            applies: |kind| !kind.attested,
            ..row(
                "rules.provenance.builders",
                "another well-known one",
                Box::new(|text, _| {
                    text.builders.clear();
                    text.builders_derive = false;
                    text.provenance += "builders = [\"slsa-github-generator/go\"]\n";
                }),
                &["provenance/builder"],
            )
        },
        Row {
            applies: |kind| !kind.attested,
            ..row(
                "rules.provenance.builder.build-types",
                "another one",
                by(super::kinds::builder(
                    ISSUER,
                    SLSA_GENERATOR,
                    "build-types = [\"https://builders.example/other@v1\"]",
                    3,
                )),
                &["provenance"],
            )
        },
    ]
}

const VERIFIER: &str = "https://verifier.example/v1";
const SUMMARY: &str = "widget-1.2.3.vsa.sigstore.json";

/// A summary in the place of provenance: one key of its verifier is another one.
fn summary_rows() -> Vec<Row> {
    fn summary(stage: &Stage) -> serde_json::Value {
        let predicate = json!({
            "verifier": {"id": VERIFIER},
            "timeVerified": "2026-01-05T12:00:00Z",
            "resourceUri": "https://github.com/acme/widget/releases/tag/v1.2.3",
            "policy": {"uri": "https://verifier.example/policy", "digest": {"sha256": "ab".repeat(32)}},
            "verificationResult": "PASSED",
            "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
            "slsaVersion": "1.0",
        });
        stage.withdraw(PROVENANCE);
        statement(stage, "https://slsa.dev/verification_summary/v1", &predicate)
    }
    fn by_key(stage: &Stage) {
        publish_keyed(stage, SUMMARY, &summary(stage), "v");
    }
    fn by_certificate(stage: &Stage) {
        let verifier = certificates::Identity::person("v@verifier.example", "https://accounts.example");
        stage.publish(SUMMARY, &bundle(&Content::statement(&summary(stage)), &verifier));
    }
    let resource = "https://github.com/{repository}/releases/tag/{tag}";
    let entry = move |id: &str, resource: &str, further: &str| {
        format!("[[rules.provenance.verifier]]\nid = \"{id}\"\nresource-uri = \"{resource}\"\n{further}\n")
    };
    let by = |accept: bool, entry: String| -> Change {
        Box::new(move |text, _| {
            text.provenance += &format!("accept-vsa = {accept}\n");
            text.builders += &(provenance_key("v", "v") + &provenance_key("w", "w") + &entry);
        })
    };
    let row = |key: &'static str, prepare: fn(&Stage), change: Change, rules| Row {
        applies: |kind| !kind.attested,
        prepare,
        ..row(key, "another one", change, rules)
    };
    let keyed = |further: &str| by(true, entry(VERIFIER, resource, &format!("key = \"v\"\n{further}")));
    let certified = |issuer: &str, identity: &str| {
        by(true, entry(VERIFIER, resource, &format!("issuer = \"{issuer}\"\nidentity = \"{identity}\"")))
    };
    vec![
        row(
            "rules.provenance.accept-vsa",
            by_key,
            by(false, entry(VERIFIER, resource, "key = \"v\"")),
            &["provenance/missing"],
        ),
        row(
            "rules.provenance.verifier.id",
            by_key,
            by(true, entry("https://verifier.example/v2", resource, "key = \"v\"")),
            &["provenance/vsa-verifier"],
        ),
        row(
            "rules.provenance.verifier.key",
            by_key,
            by(true, entry(VERIFIER, resource, "key = \"w\"")),
            &["provenance/vsa-verifier"],
        ),
        row(
            "rules.provenance.verifier.issuer",
            by_certificate,
            certified("https://accounts.example.org", "v@verifier.example"),
            &["provenance/vsa-verifier"],
        ),
        row(
            "rules.provenance.verifier.identity",
            by_certificate,
            certified("https://accounts.example", "w@verifier.example"),
            &["provenance/vsa-verifier"],
        ),
        row(
            "rules.provenance.verifier.resource-uri",
            by_key,
            by(true, entry(VERIFIER, "https://github.com/{repository}/releases/{tag}", "key = \"v\"")),
            &["provenance/vsa-resource"],
        ),
        row(
            "rules.provenance.verifier.max-age-days",
            by_key,
            keyed("max-age-days = 1"),
            &["provenance/vsa-time"],
        ),
        row(
            "rules.provenance.verifier.policy-uri",
            by_key,
            keyed("policy-uri = \"https://verifier.example/other\""),
            &["provenance/vsa-policy"],
        ),
        row(
            "rules.provenance.verifier.policy-sha256",
            by_key,
            keyed("policy-sha256 = \"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\""),
            &["provenance/vsa-policy"],
        ),
    ]
}

fn build_rows() -> Vec<Row> {
    let builders = |with: String| -> Change {
        Box::new(move |text, _| {
            text.builders.clone_from(&with);
            text.builders_derive = false;
        })
    };
    let built = |with: &'static str| -> Change { Box::new(move |text, _| text.provenance = with.to_owned()) };
    let generated = |kind: &Kind| !kind.attested;
    vec![
        row(
            "rules.provenance.derive",
            "off, and nobody is named",
            builders(String::new()),
            &["provenance/builder"],
        ),
        Row {
            applies: generated,
            ..row(
                "rules.provenance.builder.issuer",
                "another one",
                builders(builder("https://issuer.example", SLSA_GENERATOR, "", 3)),
                &["provenance/builder"],
            )
        },
        Row {
            applies: generated,
            ..row(
                "rules.provenance.builder.signer",
                "another version of the generator",
                builders(builder(ISSUER, &SLSA_GENERATOR.replace("v2.1.0", "v2.1.1"), "", 3)),
                &["provenance/builder"],
            )
        },
        Row {
            applies: generated,
            release: |release| {
                release.spoil(Spoil::Provenance(Field::Builder, "https://builders.example/widget/v1"))
            },
            ..row(
                "rules.provenance.builder.id",
                "another one",
                builders(builder(ISSUER, SLSA_GENERATOR, "id = \"https://builders.example/widget/v2\"", 3)),
                &["provenance/builder"],
            )
        },
        Row {
            applies: generated,
            ..row(
                "rules.provenance.builder.level",
                "lower than what is asked for",
                Box::new(|text, _| {
                    text.builders = builder(ISSUER, SLSA_GENERATOR, "", 2);
                    text.provenance += "min-level = 3\n";
                }),
                &["provenance/level"],
            )
        },
        Row {
            applies: |kind| kind.attested,
            ..row(
                "rules.provenance.min-level",
                "higher than what was reached",
                Box::new(|text, _| text.provenance += "min-level = 3\n"),
                &["provenance/level"],
            )
        },
        row(
            "rules.provenance.refs",
            "another one",
            built("refs = [\"refs/heads/main\"]\ntriggers = [\"push\"]\n"),
            &["provenance/ref"],
        ),
        row(
            "rules.provenance.triggers",
            "another one",
            built("refs = [\"refs/tags/{tag}\"]\ntriggers = [\"release\"]\n"),
            &["provenance/trigger"],
        ),
        refused("rules.provenance.refs", "none", built("refs = []\n")),
        refused("rules.provenance.triggers", "pull requests alone", built("triggers = [\"pull_request\"]\n")),
    ]
}

fn other_rows() -> Vec<Row> {
    assert!(BUILT.contains("{tag}"));
    vec![
        row(
            "rules.advisories.max-age-days",
            "younger than the database",
            Box::new(|text, _| text.advisories = "max-age-days = 1\n".to_owned()),
            &["advisories/stale-database"],
        ),
        Row {
            release: |release| {
                release.spoil(Spoil::File(
                    "docs/package.json",
                    Some("{\"name\": \"docs\", \"dependencies\": {\"left-pad\": \"^1.0.0\"}}\n"),
                ))
            },
            ..row(
                "rules.advisories.exclude",
                "the neighbour of the folder",
                Box::new(|text, _| text.advisories += "exclude = [\"doc\"]\n"),
                &["advisories/not-covered"],
            )
        },
        Row {
            evidence: |evidence| evidence.listing = Some(Seen::Present(late(evidence))),
            ..row(
                "rules.release.settle-hours",
                "an hour less than a file took",
                Box::new(|text, _| {
                    text.levels += "\"release/asset-changed\" = \"require\"\n";
                    text.release = "settle-hours = 29\n".to_owned();
                }),
                &["release/asset-changed"],
            )
        },
        Row {
            release: |release| release.spoil(Spoil::ManifestVersion),
            ..row(
                "rules.tag.ignore-manifests",
                "another manifest",
                Box::new(|text, _| text.tag += "ignore-manifests = [\"cargo.toml\"]\n"),
                &["tag/version-mismatch"],
            )
        },
    ]
}

/// The release on a forge, where a file came 30 hours late.
fn late(evidence: &Evidence) -> Listing {
    let mut listing = crate::whole::listing(evidence);
    listing.files[0].updated_at =
        listing.published_at.map(|published| published + jiff::SignedDuration::from_hours(30));
    listing
}

/// A waiver that would cover the failure but for one of its keys.
fn waiver_rows() -> Vec<Row> {
    let parts = [
        ("rule", "\"advisories/vulnerable\"", "\"advisories/unsound\""),
        ("subject", "\"memchr 2.8.3\"", "\"memchr 2.8.4\""),
        ("id", "\"RUSTSEC-2025-9003\"", "\"RUSTSEC-2025-9004\""),
        ("until", "\"2026-12-31\"", "\"2026-01-05\""),
        ("reason", "\"a test\"", "\" \""),
    ];
    const KEYS: [&str; 5] = ["waiver.rule", "waiver.subject", "waiver.id", "waiver.until", "waiver.reason"];
    (0..parts.len())
        .map(|wrong| {
            let lines = parts.iter().enumerate().map(|(at, (key, right, other))| {
                format!("{key} = {}\n", if at == wrong { other } else { right })
            });
            let waiver = format!("[[waiver]]\n{}", lines.collect::<String>());
            let change = move |text: &mut Text, _: &Kind| text.tail += &waiver;
            let row = row(KEYS[wrong], "another one", Box::new(change), &["advisories/vulnerable"]);
            let expected = if KEYS[wrong] == "waiver.reason" { Expected::Refused } else { row.expected };
            Row { release: |release| release.spoil(Spoil::Advisory(VULNERABILITY)), expected, ..row }
        })
        .collect()
}
