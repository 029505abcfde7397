//! The sample projects, rebuilt as repositories with their real tags: what their tables promise, held against them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::run::{Ran, relcheck};
use crate::shared;

/// Rebuilds a sample project.
pub fn seed(name: &str) -> Option<(TempDir, PathBuf)> {
    let tool = shared("tools/make-seed-repo")?;
    shared("data/seeds")?;
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("repository");
    let mut command = Command::new("python3");
    command.arg(tool).arg(name).arg(&repository);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    for inherited in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(inherited);
    }
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "python3 cannot be started: {error}");
            eprintln!("SKIPPED: python3 cannot be started: {error}");
            return None;
        }
    };
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    println!("{}", String::from_utf8_lossy(&output.stdout).trim());
    Some((folder, repository))
}

fn verify(repository: &Path, tag: &str) -> Ran {
    let repository = repository.to_str().unwrap();
    relcheck(Path::new("/"), ["verify", tag, "--repo", repository, "--policy", "default", "--format", "json"])
}

/// The outcome of `supported-versions`.
fn supported_versions(ran: &Ran) -> Value {
    let json = ran.json();
    let checks = json["checks"].as_array().unwrap();
    checks.iter().find(|check| check["id"] == "supported-versions").unwrap().clone()
}

fn findings<'a>(check: &'a Value, status: &str) -> Vec<&'a str> {
    let findings = check["findings"].as_array().unwrap().iter();
    findings.filter(|f| f["status"] == status).map(|f| f["rule"].as_str().unwrap()).collect()
}

#[test]
fn promptkit_keeps_what_its_table_promises() {
    let Some((_folder, repository)) = seed("PromptKit") else { return };
    let check = supported_versions(&verify(&repository, "v1.5.11"));
    println!("seeds: PromptKit v1.5.11: supported-versions {}", check["status"]);
    assert_eq!(check["status"], "pass", "{check:#}");
    assert!(findings(&check, "pass").contains(&"supported-versions/supported"), "{check:#}");
    assert_eq!(findings(&check, "fail"), Vec::<&str>::new(), "{check:#}");
    let text = check.to_string();
    assert!(text.contains("v1.5.11") && text.contains("v1.5.10"), "latest and previous are named\n{check:#}");
}

#[test]
fn aligntune_promises_a_line_that_was_never_published() {
    let Some((_folder, repository)) = seed("aligntune") else { return };
    let ran = verify(&repository, "0.1.6");
    let check = supported_versions(&ran);
    println!("seeds: aligntune 0.1.6: supported-versions {} {:?}", check["status"], findings(&check, "fail"));
    assert_eq!((ran.code, &check["status"]), (1, &Value::from("fail")), "{check:#}");
    assert!(findings(&check, "fail").contains(&"supported-versions/never-published"), "{check:#}");
    assert!(check.to_string().contains("0.2"), "{check:#}");
}

#[test]
fn an_audit_of_a_project_without_tags_says_that_nothing_is_published() {
    for name in ["omnia-langchain-runtime", "PM-Prompt-Patterns", "llm-task-framework"] {
        let Some((_folder, repository)) = seed(name) else { return };
        let repository = repository.to_str().unwrap();
        for format in ["human", "json", "markdown"] {
            let ran = relcheck(Path::new("/"), ["audit", "--repo", repository, "--format", format]);
            ran.expect(name, 3, &["nothing is published"]);
        }
        println!("seeds: {name}: nothing is published, exit 3");
        let ran = relcheck(Path::new("/"), ["verify", "v1.0.0", "--repo", repository]);
        ran.expect(name, 2, &["there is no tag v1.0.0"]);
    }
}

#[test]
fn no_sample_project_is_verified_by_silence() {
    for (name, tag) in
        [("PromptKit", "v1.5.11"), ("PromptKit", "v1.5.10"), ("aligntune", "0.1.6"), ("aligntune", "0.1.5")]
    {
        let Some((_folder, repository)) = seed(name) else { return };
        let path = repository.to_str().unwrap();
        for policy in ["default", "pipeline", "audit"] {
            let ran = relcheck(Path::new("/"), ["verify", tag, "--repo", path, "--policy", policy]);
            assert!(matches!(ran.code, 1 | 3), "{name} {tag} by {policy}: {}", ran.said());
            let ran = relcheck(Path::new("/"), ["audit", "--repo", path, "--policy", policy]);
            assert!(matches!(ran.code, 1 | 3), "{name} by {policy}: {}", ran.said());
        }
    }
}

/// Go's database as a checkout has it: the advisories of the archive, and the reports of two of them, which hold the dates.
fn go_database(reports: &[(&str, &str)]) -> Option<TempDir> {
    let archive = shared("data/advisories/go-vulndb-a752ea54-2026-08-21.tar.gz")?;
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::open(archive).unwrap();
    tar::Archive::new(flate2::read::GzDecoder::new(file)).unpack(folder.path()).unwrap();
    let data = folder.path().join("vulndb/data/reports");
    std::fs::create_dir(&data).unwrap();
    for (id, day) in reports {
        let text = format!("id: {id}\npublished: {day}T12:00:00.000000Z\nreview_status: REVIEWED\n");
        std::fs::write(data.join(format!("{id}.yaml")), text).unwrap();
    }
    Some(folder)
}

#[test]
fn what_promptkit_selects_was_known_before_the_tag_or_found_since() {
    let Some(database) = go_database(&[("GO-2026-6061", "2026-07-27"), ("GO-2026-6222", "2026-08-14")])
    else {
        return;
    };
    let Some((_folder, repository)) = seed("PromptKit") else { return };
    let database = database.path().join("vulndb");
    let (repository, database) = (repository.to_str().unwrap(), database.to_str().unwrap());
    let before =
        "google.golang.org/grpc v1.81.1 in runtime/go.mod, advisory of 2026-07-27, before the tag was made";
    let since =
        "golang.org/x/image v0.44.0 in runtime/go.mod, advisory of 2026-08-14, since the tag was made";
    for (tag, expected) in [("v1.5.11", vec![before]), ("v1.5.10", vec![since, before])] {
        let arguments = ["verify", tag, "--repo", repository, "--offline", "--advisories", database];
        let as_of = ["--as-of", "2026-08-22T00:00:00Z", "--policy", "default", "--format", "json"];
        let json = relcheck(Path::new("/"), arguments.into_iter().chain(as_of)).json();
        let checks = json["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["id"] == "advisories").unwrap();
        let of_rule = |rule: &'static str| {
            let all = check["findings"].as_array().unwrap().iter();
            all.filter(move |finding| finding["rule"] == rule)
        };
        let dated: Vec<&str> = of_rule("advisories/vulnerable")
            .filter_map(|finding| finding["found"].as_str())
            .filter(|found| found.contains(" in runtime/go.mod, ") && !found.contains("an unknown date"))
            .collect();
        assert_eq!(dated, expected, "{tag}");
        let runtime = of_rule("advisories/known-before-tag")
            .find(|finding| finding["subject"]["name"] == "runtime/go.mod")
            .unwrap_or_else(|| panic!("{tag}: {check:#}"));
        let counted = format!("known before the tag: 1; since: {}", expected.len() - 1);
        let message = runtime["message"].as_str().unwrap();
        assert!(message.contains(&counted), "{tag}: {message}");
        assert_eq!(runtime["status"], "fail", "{tag}");
        println!("seeds: PromptKit {tag}: {message}");
    }
}
