//! Lock files that lock nothing of what the project asks for.

use super::{Project, attacks::said};

#[test]
fn the_lock_file_of_an_example_locks_nothing_of_the_project() {
    let with = |files: &[(&str, &str)]| {
        let policy = Project::with_policy("- Dependency versions are locked.");
        let project = files.iter().fold(policy, |project, (path, text)| project.file(path, text));
        said(project, "locked-dependencies")
    };
    let cargo = ("Cargo.toml", "[dependencies]\nx = \"1\"\n");
    for other in ["examples/a/Cargo.lock", "tests/fixtures/Cargo.lock", "docs/uv.lock"] {
        assert_eq!(
            with(&[cargo, (other, "version = 4\n")]),
            format!("fail: there is no lock file of the project at the tag; {other} is none")
        );
    }
    // It stands beside no manifest.
    assert_eq!(
        with(&[cargo, ("tools/Cargo.lock", "version = 4\n")]),
        "fail: there is no lock file of the project at the tag; tools/Cargo.lock is none"
    );
    let lock = ("Cargo.lock", "version = 4\n[[package]]\nname = \"x\"\nversion = \"1.0.0\"\n");
    assert_eq!(with(&[cargo, lock]), "pass: there is Cargo.lock");
    let member = ("crates/a/Cargo.toml", "[dependencies]\n");
    assert_eq!(with(&[cargo, lock, member]), "pass: there is Cargo.lock");
    let package = ("web/package.json", "{\"dependencies\": {}}");
    assert_eq!(
        with(&[cargo, lock, package]),
        "undetermined: there is Cargo.lock, and none beside or above web/package.json"
    );
    assert_eq!(with(&[cargo, lock, ("web/package.json", "{}")]), "pass: there is Cargo.lock");
    assert_eq!(
        with(&[cargo, lock, ("examples/package.json", "{\"dependencies\": {}}")]),
        "pass: there is Cargo.lock"
    );
}

#[test]
fn a_lock_file_without_what_the_manifest_names_locks_nothing() {
    let with = |lock: &str| {
        let manifest = "{\"name\": \"x\", \"dependencies\": {\"a\": \"1\"}}";
        let policy = Project::with_policy("- All dependencies are pinned in lock files.");
        let project = policy.file("package.json", manifest).file("package-lock.json", lock);
        said(project, "locked-dependencies")
    };
    let of =
        |packages: &str| format!("{{\"name\": \"x\", \"lockfileVersion\": 3, \"packages\": {{{packages}}}}}");
    let own = "\"\": {\"name\": \"x\", \"version\": \"1.0.0\", \"dependencies\": {\"a\": \"1\"}}";
    let integrity = format!("sha512-{}==", "A".repeat(86));
    let address = "https://registry.example/a/-/a-1.0.0.tgz";
    let a = format!(
        "{own}, \"node_modules/a\": {{\"version\": \"1.0.0\", \"resolved\": \"{address}\", \"integrity\": \"{integrity}\"}}"
    );
    assert_eq!(with(&of(&a)), "pass: there is package-lock.json");
    for (lock, why) in [
        (of(own), "package-lock.json does not list a, which the project depends on"),
        (of(""), ""),
        ("{}".to_owned(), ""),
        (String::new(), ""),
    ] {
        let said = with(&lock);
        let is_open = said.starts_with("undetermined: there is package-lock.json, and ");
        assert!(is_open && said.ends_with(why), "{lock}: {said}");
    }
}
