//! The check `contents`: what programs and packages say of themselves, against the tag.

use std::sync::Arc;

use relcheck::evaluate::evaluate;
use relcheck::evidence::Evidence;
use relcheck::inside::{BuildList, Contents, Inside, ListKind, Unopened};
use relcheck::outcome::Level;
use relcheck::release::ArtifactName;

use crate::kit::release::Release;
use crate::stage::{LINUX, Stage};

/// What the check says when this is inside of the linux archive.
fn told(stage: &Stage, contents: Contents) -> String {
    let mut evidence = stage.gather();
    put(&mut evidence, contents);
    judged(stage, &evidence)
}

fn put(evidence: &mut Evidence, contents: Contents) {
    let relcheck::evidence::Seen::Present(published) = &mut evidence.published else { panic!("no files") };
    let file = published.files.get_mut(&ArtifactName::parse(LINUX).unwrap()).unwrap();
    Arc::make_mut(file).inside = Inside::Looked(contents);
}

/// The level that the check came to, its findings, and its status, which decides nothing where the level is `warn`.
fn judged(stage: &Stage, evidence: &Evidence) -> String {
    let report = evaluate(evidence, &stage.trust(), &stage.policy(), stage.as_of);
    let outcome = report.checks.iter().find(|outcome| outcome.check == "contents").unwrap();
    let mut said = vec![outcome.level.word().to_owned()];
    for finding in &outcome.findings {
        let name = finding.rule.id.strip_prefix("contents/").unwrap();
        let level = if finding.level == Level::Require { "" } else { "~" };
        said.push(format!("{level}{name} {}", finding.status.word()));
    }
    said.push(outcome.status().word().to_owned());
    said.join(", ")
}

fn list(kind: ListKind, text: &str) -> Contents {
    let list = BuildList { member: "widget".to_owned(), kind, bytes: text.as_bytes().to_vec() };
    Contents { lists: vec![list], ..Contents::default() }
}

/// Build information of the repository's own module at this commit.
fn go(commit: &str) -> String {
    format!(
        "go1.22.1\npath\tgithub.com/acme/widget\nmod\tgithub.com/acme/widget\t(devel)\t\n\
         build\t-trimpath=true\nbuild\tvcs=git\nbuild\tvcs.revision={commit}\nbuild\tvcs.modified=false\n"
    )
}

/// A package that the lock file of the kit's project selects from the registry.
const LOCKED: (&str, &str) = ("itoa", "1.0.18");

#[test]
fn a_release_without_programs_is_judged_without_this_check() {
    let stage = Stage::set(&Release::good());
    assert_eq!(judged(&stage, &stage.gather()), "warn, ~nothing-built pass, undetermined");
}

#[test]
fn a_go_program_is_of_the_tags_commit_unmodified_and_trimmed() {
    let stage = Stage::set(&Release::good());
    let good = go(&stage.written.commit);
    assert_eq!(told(&stage, list(ListKind::Go, &good)), "require, consistent pass, pass");
    let other = "1".repeat(40);
    for (from, to, expected) in [
        (stage.written.commit.as_str(), other.as_str(), "require, commit-differs fail, fail"),
        ("vcs.modified=false", "vcs.modified=true", "require, modified-tree fail, fail"),
        ("vcs.modified=false", "vcs.other=false", "require, modified-tree fail, fail"),
        ("-trimpath=true", "-trimpath=false", "require, consistent pass, ~not-trimmed fail, pass"),
        ("build\tvcs.revision", "build\tvcs.rev", "warn, ~no-commit undetermined, undetermined"),
        (
            "mod\tgithub.com/acme/widget",
            "mod\tgithub.com/acme/widget-evil",
            "warn, ~no-commit undetermined, undetermined",
        ),
        ("build\tvcs=git", "strange\tvcs=git", "warn, ~unread undetermined, undetermined"),
    ] {
        let changed = good.replace(from, to);
        assert_ne!(changed, good);
        assert_eq!(told(&stage, list(ListKind::Go, &changed)), expected, "{to}");
    }
}

#[test]
fn a_go_program_holds_the_modules_that_go_mod_selects_and_is_not_its_own_witness() {
    let stage = Stage::set(&Release::good());
    let good = go(&stage.written.commit);
    let with = |modules: &str| {
        let text = good.replace("build\t-trimpath", &format!("{modules}build\t-trimpath"));
        let mut evidence = stage.gather();
        let relcheck::evidence::Seen::Present(tree) = &mut evidence.tree else { panic!("no tree") };
        let manifest = "module github.com/acme/widget\n\ngo 1.21\n\nrequire example.com/x v1.2.0\n";
        let item = relcheck::evidence::Item::new("git:refs/tags/v1.2.3:go.mod", manifest.as_bytes().to_vec());
        tree.insert("go.mod".to_owned(), relcheck::evidence::Seen::Present(item));
        put(&mut evidence, list(ListKind::Go, &text));
        judged(&stage, &evidence)
    };
    assert_eq!(with("dep\texample.com/x\tv1.2.0\th1:x=\n"), "require, consistent pass, pass");
    for other in [
        "dep\texample.com/x\tv1.1.0\th1:x=\n",
        "dep\texample.com/x\tv1.2.0\n=>\tevil.example/x\tv1.2.0\th1:x=\n",
        "dep\texample.com/x\tv1.2.0\n=>\t./x\t\n",
        "dep\texample.com/x\tv1.2.0\th1:x=\ndep\tevil.example/backdoor\tv6.6.6\th1:x=\n",
    ] {
        assert_eq!(with(other), "require, dependency-differs fail, fail", "{other}");
    }
}

#[test]
fn a_rust_program_holds_what_the_lock_file_selects() {
    let stage = Stage::set(&Release::good());
    let list_of = |name: &str, version: &str, source: &str| {
        let package = format!("{{\"name\":\"{name}\",\"version\":\"{version}\",\"source\":\"{source}\"}}");
        list(ListKind::CargoAuditable, &format!("{{\"packages\":[{package}]}}"))
    };
    let registry = concat!("crates", ".io");
    let (name, version) = LOCKED;
    for good in [list_of("widget", "1.2.3", "local"), list_of(name, version, registry)] {
        assert_eq!(told(&stage, good), "require, consistent pass, pass");
    }
    for (name, version, source) in [
        ("widget", "1.2.4", "local"),
        ("another", "1.2.3", "local"),
        ("widget", "1.2.3", registry),
        (name, "9.9.9", registry),
        (name, version, "git"),
        (name, version, "local"),
        (name, version, "registry"),
    ] {
        let expected = "require, dependency-differs fail, fail";
        assert_eq!(told(&stage, list_of(name, version, source)), expected, "{name} {version} {source}");
    }
}

#[test]
fn a_package_is_of_the_tags_version() {
    let stage = Stage::set(&Release::good());
    let python = |version: &str| list(ListKind::Python, &format!("Name: widget\nVersion: {version}\n\n"));
    let npm =
        |version: &str| list(ListKind::Npm, &format!("{{\"name\":\"widget\",\"version\":\"{version}\"}}"));
    for good in [python("1.2.3"), python("1.2.3.0"), npm("1.2.3")] {
        assert_eq!(told(&stage, good), "require, consistent pass, pass");
    }
    for other in [python("1.2.2"), python("1.2.3rc1"), npm("1.2.4"), npm("1.2.3-rc.1")] {
        assert_eq!(told(&stage, other), "warn, ~version-differs fail, undetermined");
    }
    // A package that a build generates has a name of its own, which is no agreement.
    let other = list(ListKind::Crate, "[package]\nname = \"evil\"\nversion = \"1.2.3\"\n");
    assert_eq!(told(&stage, other), "warn, ~name-differs undetermined, undetermined");
    // What could not be looked at is none either.
    let mut evidence = stage.gather();
    put(&mut evidence, list(ListKind::Crate, "[package]\nname = \"widget\"\nversion = \"1.2.3\"\n"));
    evidence.tree = relcheck::evidence::Seen::unavailable("it cannot be fetched");
    assert_eq!(judged(&stage, &evidence), "warn, ~name-differs undetermined, undetermined");
    let twice = list(ListKind::Python, "Name: widget\nVersion: 1.2.3\nVersion: 1.2.4\n\n");
    assert_eq!(told(&stage, twice), "warn, ~unread undetermined, undetermined");
}

#[test]
fn a_go_program_of_a_module_of_another_address_is_the_repositorys_where_a_go_mod_says_so() {
    let stage = Stage::set(&Release::good());
    let told = |at: &str, module: &str, commit: &str| {
        let program = go(commit).replace("github.com/acme/widget", "go.acme.example/widget");
        let mut evidence = stage.gather();
        let relcheck::evidence::Seen::Present(tree) = &mut evidence.tree else { panic!("no tree") };
        let manifest = format!("module {module}\n\ngo 1.21\n");
        let item = relcheck::evidence::Item::new(format!("git:refs/tags/v1.2.3:{at}"), manifest.into_bytes());
        tree.insert(at.to_owned(), relcheck::evidence::Seen::Present(item));
        put(&mut evidence, list(ListKind::Go, &program));
        judged(&stage, &evidence)
    };
    let (own, other) = (stage.written.commit.as_str(), "1".repeat(40));
    let module = "go.acme.example/widget";
    assert_eq!(told("go.mod", module, own), "require, consistent pass, pass");
    assert_eq!(told("go.mod", module, &other), "require, commit-differs fail, fail");
    assert_eq!(told("tools/go.mod", module, &other), "require, commit-differs fail, fail");
    for (at, module) in [("third_party/widget/go.mod", module), ("go.mod", "go.acme.example/widget2")] {
        assert_eq!(told(at, module, &other), "warn, ~no-commit undetermined, undetermined", "{at} {module}");
    }
}

#[test]
fn a_crate_is_of_the_tags_version_and_commit() {
    let stage = Stage::set(&Release::good());
    let packed = |kind: ListKind, text: &str| told(&stage, list(kind, text));
    let manifest = |name: &str, version: &str| {
        packed(ListKind::Crate, &format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n"))
    };
    assert_eq!(manifest("widget", "1.2.3"), "require, consistent pass, pass");
    assert_eq!(manifest("widget", "9.9.9"), "warn, ~version-differs fail, undetermined");
    assert_eq!(packed(ListKind::Crate, "[workspace]\n"), "warn, ~unread undetermined, undetermined");
    let commit = |commit: &str, more: &str| {
        packed(
            ListKind::CrateCommit,
            &format!("{{\"git\":{{\"sha1\":\"{commit}\"{more}}},\"path_in_vcs\":\"\"}}"),
        )
    };
    let own = stage.written.commit.as_str();
    assert_eq!(commit(own, ""), "require, consistent pass, pass");
    assert_eq!(commit(own, ",\"dirty\":true"), "require, modified-tree fail, fail");
    assert_eq!(commit(&"1".repeat(40), ""), "require, commit-differs fail, fail");
    let none = packed(ListKind::CrateCommit, "{\"git\":{}}");
    assert_eq!(none, "warn, ~no-commit undetermined, undetermined");
}

#[test]
fn an_empty_list_is_none_that_agrees() {
    let stage = Stage::set(&Release::good());
    let empty = list(ListKind::CargoAuditable, "{\"packages\":[]}");
    let told = told(&stage, empty);
    assert_eq!(told, "warn, ~silent undetermined, undetermined");
}

#[test]
fn what_was_not_looked_through_and_what_says_nothing_are_told_and_are_no_pass() {
    let stage = Stage::set(&Release::good());
    let silent = Contents { silent: vec!["widget".to_owned()], ..Contents::default() };
    assert_eq!(told(&stage, silent), "warn, ~silent undetermined, undetermined");
    let why = "it is compressed with xz, which is not looked into".to_owned();
    let unread = Contents { unread: vec![Unopened { member: String::new(), why }], ..Contents::default() };
    assert_eq!(told(&stage, unread), "warn, ~unread undetermined, undetermined");
    let mut evidence = stage.gather();
    put(&mut evidence, Contents::default());
    let relcheck::evidence::Seen::Present(published) = &mut evidence.published else { panic!("no files") };
    Arc::make_mut(published.files.get_mut(&ArtifactName::parse(LINUX).unwrap()).unwrap()).inside =
        Inside::NotLooked;
    assert_eq!(judged(&stage, &evidence), "warn, ~unread undetermined, undetermined");
}
