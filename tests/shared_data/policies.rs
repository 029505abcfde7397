//! Real security policies with the tags of their projects: stale ones are found, corrected, and nothing else is
//! touched; and what the study says of the sample projects' tables comes out with its line.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use relcheck::security_policy::{Conclusion, Outcome, PublishedTag, Refs, Status, correct, judge, read};
use relcheck::versions::TagVersion;

use crate::seeds::seed;
use crate::{entries, shared};

/// The policies that do not cover the newest stable release, each looked at by hand: in every one the table, or the
/// sentence, names older lines only. The other column is what a correction comes to.
const STALE: [(&str, &str, &str); 12] = [
    ("0xmachos__mOSL", "latest-unlisted", "corrected"),
    ("FSGModding__FSG_Mod_Assistant", "latest-unlisted", "corrected"),
    ("Kuonirad__thermo-truth-proto", "latest-unlisted", "corrected"),
    ("Lexsi-Labs__aligntune", "latest-unsupported", "corrected"),
    ("buildtesters__buildtest", "latest-unlisted", "corrected"),
    ("chapter-three__next-drupal", "latest-unlisted", "corrected"),
    ("elementaio__locus", "latest-unlisted", "corrected"),
    ("lad-tech__mobydick", "latest-unlisted", "corrected"),
    ("lucasbacchi__SC-Library", "latest-unsupported", "corrected"),
    // A sentence: nothing is written.
    ("peakedev__metasync", "latest-unsupported", "not understood"),
    ("poem-org__top-ten-poems.html", "latest-unlisted", "by hand"),
    ("traefik__traefik", "latest-unlisted", "corrected"),
];

fn now() -> jiff::Timestamp {
    "2026-11-21T00:00:00Z".parse().unwrap()
}

fn published<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<PublishedTag> {
    lines
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let name = fields.next()?;
            let date = fields.next_back().and_then(|date| date.parse().ok());
            Some(PublishedTag { name: name.to_owned(), version: TagVersion::parse(name)?, date })
        })
        .collect()
}

/// A policy of the corpus with what is known of its repository.
struct Real {
    name: String,
    bytes: Vec<u8>,
    tags: Vec<PublishedTag>,
    refs: Refs,
}

impl Real {
    fn judged(&self, bytes: &[u8]) -> Vec<Conclusion> {
        judge(&read("SECURITY.md", bytes), &self.tags, &self.refs, None, now())
    }

    fn corrected(&self, bytes: &[u8]) -> Outcome {
        correct("SECURITY.md", bytes, &self.tags, &self.refs, now())
    }
}

/// Every policy with tags.
fn corpus() -> Option<Vec<Real>> {
    let folder = shared("data/security-md")?;
    let mut all = Vec::new();
    for file in entries(&folder.join("tags")) {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let Ok(bytes) = fs::read(folder.join("corpus").join(format!("{name}.md"))) else { continue };
        let text = fs::read_to_string(&file).unwrap();
        let repository = name.split_once("__").map(|(_, repository)| repository.to_owned());
        let refs = Refs { repository, ..Refs::default() };
        all.push(Real { name, bytes, tags: published(text.lines()), refs });
    }
    assert!(all.len() > 90, "the tags are there");
    Some(all)
}

#[test]
fn stale_policies_are_found_and_corrected_and_twice_changes_nothing() {
    let Some(corpus) = corpus() else { return };
    let mut found: Vec<(String, &str, &str)> = Vec::new();
    for real in &corpus {
        let said = real.judged(&real.bytes);
        let Some(stale) = said.iter().find(|c| matches!(c.rule, "latest-unlisted" | "latest-unsupported"))
        else {
            continue;
        };
        println!("stale: {} {}:{} {}", real.name, stale.rule, stale.line.unwrap_or(0), stale.message);
        let outcome = match real.corrected(&real.bytes) {
            Outcome::Corrected(correction) => {
                print!("{}", correction.diff);
                assert_eq!(correction.left, Vec::<String>::new(), "{}", real.name);
                let after = real.judged(&correction.bytes);
                assert!(
                    after.iter().any(|c| c.rule == "supported" && c.status == Status::Pass),
                    "{}",
                    real.name
                );
                assert!(after.iter().all(|c| c.status != Status::Fail), "{}: {after:#?}", real.name);
                let again = real.corrected(&correction.bytes);
                assert!(!matches!(again, Outcome::Corrected(_)), "{}: twice: {again:?}", real.name);
                "corrected"
            }
            Outcome::NotUnderstood(why) => {
                println!("  left as it is: {why}");
                "not understood"
            }
            Outcome::OnlyByHand(why) => {
                println!("  for its maintainers: {why:?}");
                "by hand"
            }
            other => panic!("{}: {other:?}", real.name),
        };
        found.push((real.name.clone(), stale.rule, outcome));
    }
    println!("security-md: {} stale of {} with tags", found.len(), corpus.len());
    let found: Vec<(&str, &str, &str)> =
        found.iter().map(|(name, rule, how)| (name.as_str(), *rule, *how)).collect();
    assert_eq!(found, STALE);
}

#[test]
fn a_correction_of_a_real_policy_touches_rows_of_its_tables_only() {
    let Some(corpus) = corpus() else { return };
    let (mut corrected, mut passes, mut by_hand, mut left) = (0, 0, 0, 0);
    for real in &corpus {
        match real.corrected(&real.bytes) {
            Outcome::Corrected(correction) => {
                corrected += 1;
                let (before, after) = (lines(&real.bytes), lines(&correction.bytes));
                let removed: Vec<&&str> = before.iter().filter(|line| !after.contains(*line)).collect();
                let added: Vec<&&str> = after.iter().filter(|line| !before.contains(*line)).collect();
                let row = |line: &&&str| line.contains('|');
                assert!(
                    removed.iter().all(row) && added.iter().all(row),
                    "{}: {removed:?} {added:?}",
                    real.name
                );
                assert!(added.len() + removed.len() <= 6, "{}: {removed:?} {added:?}", real.name);
                let again = real.corrected(&correction.bytes);
                assert!(!matches!(again, Outcome::Corrected(_)), "{}: {again:?}", real.name);
            }
            Outcome::Passes { .. } => passes += 1,
            Outcome::OnlyByHand(why) => {
                println!("by hand: {} {why:?}", real.name);
                by_hand += 1;
            }
            Outcome::NotUnderstood(_) => left += 1,
        }
    }
    println!("security-md: {corrected} corrected, {passes} right, {by_hand} by hand, {left} not understood");
    assert!(corrected >= 11 && passes >= 30, "{corrected} {passes}");
}

fn lines(bytes: &[u8]) -> Vec<&str> {
    std::str::from_utf8(bytes).unwrap().split('\n').collect()
}

/// What is judged of a sample project: the text of the seed, the tags of the rebuilt repository.
fn sample(
    name: &str,
    manifest: &str,
) -> Option<(relcheck::security_policy::SecurityPolicy, Vec<Conclusion>)> {
    let folder = shared("data/seeds")?.join(name);
    let (_kept, repository) = seed(name)?;
    let listed = git(
        &repository,
        &["for-each-ref", "refs/tags", "--format=%(refname:short)%09%(creatordate:iso-strict)"],
    );
    let heads = git(&repository, &["for-each-ref", "refs/heads", "--format=%(refname:short)"]);
    let files = fs::read_to_string(folder.join("files.txt")).unwrap();
    let directories: BTreeSet<String> = files
        .lines()
        .flat_map(|file| Path::new(file).ancestors().skip(1))
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let refs = Refs {
        default_branch: heads.lines().next().map(str::to_owned),
        branches: heads.lines().map(str::to_owned).collect(),
        repository: Some(name.to_owned()),
        directories: Some(directories),
        ..Refs::default()
    };
    let policy = read("SECURITY.md", &fs::read(folder.join("SECURITY.seed.md")).unwrap());
    let said =
        judge(&policy, &published(listed.lines()), &refs, Some(manifest).filter(|m| !m.is_empty()), now());
    Some((policy, said))
}

fn git(repository: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git").arg("-C").arg(repository).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_row_of_the_study_about_supported_versions_comes_out_with_its_line() {
    let Some(study) = shared("research/security-md-seeds.tsv") else { return };
    let study = fs::read_to_string(study).unwrap();
    let rows: Vec<Vec<&str>> = study.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let mut compared = 0;
    for (seed, name, manifest) in [
        ("000", "PromptKit", ""),
        ("001", "omnia-langchain-runtime", "0.1.0"),
        ("002", "PM-Prompt-Patterns", "0.2.0"),
        ("003", "llm-task-framework", "0.1.0"),
        ("004", "aligntune", "0.2.0"),
    ] {
        let Some((policy, said)) = sample(name, manifest) else { return };
        for row in rows.iter().filter(|row| row[0] == seed && row[3].starts_with("support.")) {
            let (line, check, verdict) = (row[2].parse::<usize>().ok(), row[3], row[5]);
            let what = format!("{name}:{} {check} {verdict}: {said:#?}", row[2]);
            let has = |rule: &str, status: Status, line: Option<usize>, part: &str| {
                said.iter().any(|c| {
                    c.rule == rule && c.status == status && c.line == line && c.message.contains(part)
                })
            };
            if let Some(line) = line {
                let kind =
                    policy.rows.iter().find(|row| row.line == line).map(|row| row.selector.kind.name());
                assert_eq!(kind, Some(check.trim_start_matches("support.")), "{what}");
            }
            let holds = match (check, verdict) {
                ("support.branch", "PASS") => has("branch", Status::Pass, line, "the default branch"),
                ("support.latest", "PASS") => has("supported", Status::Pass, None, "latest = v1.5.11"),
                ("support.previous", "PASS") => has("supported", Status::Pass, None, "previous = v1.5.10"),
                ("support.before-previous", "PASS") => {
                    has("supported", Status::Pass, None, "70 older releases unsupported")
                }
                ("support.family", "INFO") => has(
                    "retired-family",
                    Status::Info,
                    None,
                    "actions/packc, actions/promptarena, tools/arena, tools/packc",
                ),
                (_, "N/A") => {
                    said.iter().any(|c| c.rule == "no-releases" && c.status == Status::Undetermined)
                        && said.iter().all(|c| c.status != Status::Fail && c.rule != "supported")
                }
                ("support.range", "WARN") => has("manifest-differs", Status::Warn, line, "0.1.0"),
                ("support.range", "FAIL") => {
                    has("never-published", Status::Fail, line, "0.2.x is promised but was never published")
                        || has("latest-unsupported", Status::Fail, line, "the newest release 0.1.6")
                }
                ("support.manifest", "WARN") => {
                    has("never-published", Status::Fail, Some(9), "the manifest says 0.2.0")
                }
                _ => panic!("a row that is not known: {what}"),
            };
            assert!(holds, "{what}");
            println!("seeds: {name}:{} {check} {verdict} as the study has it", row[2]);
            compared += 1;
        }
    }
    assert_eq!(compared, 15, "the rows of the study about supported versions");
}

/// The policies of the sample projects, with the projects they are for.
const SEED_POLICIES: [(&str, &str); 5] = [
    ("promptkit", "PromptKit"),
    ("omnia-langchain-runtime", "omnia-langchain-runtime"),
    ("pm-prompt-patterns", "PM-Prompt-Patterns"),
    ("llm-task-framework", "llm-task-framework"),
    ("aligntune", "aligntune"),
];

fn seed_policy(name: &str) -> String {
    format!("{}/policies/seeds/{name}.toml", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_policies_of_the_sample_projects_quote_their_security_policies_line_by_line() {
    let Some(seeds) = shared("data/seeds") else { return };
    let mut quoted = 0;
    for (policy, project) in SEED_POLICIES {
        let text = fs::read_to_string(seeds.join(project).join("SECURITY.seed.md")).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        // Every `line N: "words"` of the comments.
        for cited in fs::read_to_string(seed_policy(policy)).unwrap().split("line ").skip(1) {
            let Some((number, words)) = cited.split_once(": \"") else { continue };
            let Ok(number) = number.parse::<usize>() else { continue };
            let words = words.split('"').next().unwrap();
            assert!(lines[number - 1].contains(words), "{policy}: line {number}: {words:?}");
            quoted += 1;
        }
    }
    assert!(quoted >= 6, "{quoted} quotes");
}

#[test]
fn the_policies_of_the_sample_projects_judge_their_releases() {
    for (policy, project, tag, supported) in
        [("promptkit", "PromptKit", "v1.5.11", "pass"), ("aligntune", "aligntune", "0.1.6", "fail")]
    {
        let Some((_kept, repository)) = seed(project) else { return };
        let (repository, policy) = (repository.to_str().unwrap(), seed_policy(policy));
        let ran = crate::run::relcheck(
            Path::new("/"),
            ["verify", tag, "--repo", repository, "--policy", &policy, "--format", "json"],
        );
        assert_eq!(ran.code, 1, "no sample project keeps what it promises\n{}", ran.said());
        let json = ran.json();
        let status = |id: &str| {
            let checks = json["checks"].as_array().unwrap();
            checks.iter().find(|check| check["id"] == id).unwrap()["status"].as_str().unwrap().to_owned()
        };
        assert_eq!(status("supported-versions"), supported, "{project}");
        println!("seeds: {project} {tag} by its own policy: {}", json["verdict"]);
    }
}
