use super::*;
use crate::report::samples::RULE_MATCH;

fn outcome(level: Level, findings: Vec<Finding>) -> Outcome {
    Outcome { check: "checksums", level, findings }
}

/// The files in these tests are artifacts, but for those that are called like signatures.
fn of_check(outcome: &Outcome) -> String {
    let names = outcome.findings.iter().map(|finding| finding.subject.name.as_str());
    Nouns { artifacts: names.filter(|name| !name.ends_with(".sig")).collect() }.of_check(outcome)
}

#[test]
fn files_that_are_no_artifacts_are_not_counted_among_them() {
    let findings = vec![fail("file-a"), fail("file-b"), pass("file-c", "ok"), fail("x.sig"), fail("y.sig")];
    let sentence = "2 of 3 artifacts failed, 1 passed; of 2 further files, 2 failed";
    assert_eq!(of_check(&outcome(Level::Require, findings)), sentence);
    let files = vec![fail("x.sig"), pass("y.sig", "listed")];
    assert_eq!(of_check(&outcome(Level::Require, files)), "1 of 2 files failed, 1 passed");
    let all = vec![pass("file-a", "file-a is listed"), pass("x.sig", "x.sig is listed")];
    assert_eq!(of_check(&outcome(Level::Require, all)), "2 passed, among them 2 files: is listed");
}

fn pass(name: &str, message: &str) -> Finding {
    Finding::pass(&RULE_MATCH, Subject::artifact(name), message)
}

fn fail(name: &str) -> Finding {
    Finding::fail(&RULE_MATCH, Subject::artifact(name), "differs")
}

#[test]
fn what_all_share_is_said_of_each_and_what_some_share_is_not() {
    let all = vec![pass("file-a", "file-a is listed"), pass("file-b", "file-b is listed")];
    assert_eq!(of_check(&outcome(Level::Require, all.clone())), "each of 2 artifacts: is listed");
    let mut some = all;
    some.push(pass("file-c", "is a sidecar"));
    let sentence = "3 passed, among them 2 artifacts: is listed";
    assert_eq!(of_check(&outcome(Level::Require, some)), sentence);
    let none = vec![pass("file-a", "one"), pass("file-b", "two")];
    assert_eq!(of_check(&outcome(Level::Require, none)), "2 artifacts passed: one; two");
}

#[test]
fn the_name_of_one_is_not_said_of_all() {
    let passes = |name: &str| pass(name, &format!("{name} is signed; comment: file:{name} hashed"));
    let sentence = "each of 2 artifacts: is signed; comment: file:(its own name) hashed";
    let findings = vec![passes("file-a"), passes("file-b")];
    assert_eq!(of_check(&outcome(Level::Require, findings)), sentence);
    // Whose comment names another file differs, and is shown.
    let findings = vec![passes("file-a"), pass("file-b", "file-b is signed; comment: file:file-a hashed")];
    let sentence = "2 artifacts passed: file-a is signed; comment: file:file-a hashed; file-b is signed; \
                    comment: file:file-a hashed";
    assert_eq!(of_check(&outcome(Level::Require, findings)), sentence);
}

#[test]
fn lists_of_packages_are_named_since_nothing_else_names_them() {
    let said = |name: &str| format!("1 package in {name}, none with a known vulnerability");
    let list = |name: &str| Finding::pass(&RULE_MATCH, Subject::new(SubjectKind::Package, name), said(name));
    let of =
        |names: &[&str]| of_check(&outcome(Level::Require, names.iter().map(|name| list(name)).collect()));
    let two = format!("{}; {}", said("Cargo.lock"), said("w.cdx.json"));
    assert_eq!(of(&["Cargo.lock"]), said("Cargo.lock"));
    assert_eq!(of(&["Cargo.lock", "w.cdx.json"]), two);
    let five = format!("{two}; {}; and 2 more of which the same is said", said("a/Cargo.lock"));
    assert_eq!(of(&["Cargo.lock", "w.cdx.json", "a/Cargo.lock", "b/Cargo.lock", "c/Cargo.lock"]), five);
    let mut mixed: Vec<Finding> = ["Cargo.lock", "w.cdx.json"].map(list).into();
    mixed.push(pass("file-a", "is a sidecar"));
    assert_eq!(of_check(&outcome(Level::Require, mixed)), format!("3 passed, among them 2 packages: {two}"));
    // What is said of each alike, and names nobody, is said once.
    let clean = |name: &str| Finding::pass(&RULE_MATCH, Subject::new(SubjectKind::Package, name), "is clean");
    let alike = outcome(Level::Require, vec![clean("Cargo.lock"), clean("go.mod")]);
    assert_eq!(of_check(&alike), "each of 2 packages: is clean");
}

#[test]
fn a_subject_counts_once_by_the_worst_said_of_it() {
    let findings = vec![fail("file-a"), pass("file-a", "listed"), pass("file-b", "listed")];
    assert_eq!(of_check(&outcome(Level::Require, findings)), "1 of 2 artifacts failed, 1 passed");
    let release = Finding::undetermined(&RULE_MATCH, Subject::release("v1"), "no list");
    let mixed = vec![fail("file-a"), release, pass("file-b", "listed")];
    assert_eq!(of_check(&outcome(Level::Require, mixed)), "1 failed, 1 undetermined, 1 passed");
}

#[test]
fn warnings_are_counted_beside_and_never_instead() {
    let findings = vec![pass("file-a", "listed"), fail("file-b").warning(), pass("file-c", "x").warning()];
    assert_eq!(of_check(&outcome(Level::Require, findings)), "listed, 1 warning");
    let only = outcome(Level::Require, vec![fail("file-b").warning()]);
    assert_eq!(
        (of_check(&only).as_str(), Mark::of_check(&only)),
        ("said nothing that decides", Mark::Undetermined)
    );
}

#[test]
fn a_failure_of_a_check_that_only_warns_is_a_warning() {
    let warned = outcome(Level::Warn, vec![pass("file-a", "listed"), fail("file-b")]);
    assert_eq!(Mark::of_check(&warned), Mark::Warning);
    assert_eq!(of_check(&warned), "1 of 2 artifacts failed, 1 passed");
    assert_eq!(Mark::of_check(&outcome(Level::Warn, vec![])), Mark::Warning);
    assert_eq!(Mark::of_check(&outcome(Level::Skip, vec![])), Mark::Skipped);
}

#[test]
fn findings_fold_only_when_they_differ_in_nothing_but_the_name() {
    let same = outcome(Level::Require, vec![fail("file-a"), fail("file-b")]);
    assert_eq!(not_passing(&same).len(), 1);
    let differ = outcome(Level::Require, vec![fail("file-a").found("x"), fail("file-b").found("y")]);
    assert_eq!(not_passing(&differ).len(), 2);
    let named =
        outcome(Level::Require, vec![fail("file-a").found("no file-a"), fail("file-b").found("no file-b")]);
    assert_eq!(not_passing(&named).len(), 1);
}

#[test]
fn one_subject_that_was_found_in_many_places_is_told_once() {
    let package = |name: &str, place: &str| {
        Finding::fail(&RULE_MATCH, Subject::new(SubjectKind::Package, name), "ID-1: a flaw")
            .expected("1.2")
            .found(format!("{name} in {place}"))
    };
    let mut findings: Vec<Finding> =
        ["a", "b", "c", "d", "e"].map(|place| package("thing 1.0", place)).to_vec();
    findings.insert(2, package("other 1.0", "z"));
    findings.push(package("thing 1.0", "f").expected("1.3"));
    let outcome = outcome(Level::Require, findings);
    let groups = not_passing(&outcome);
    let told: Vec<_> = groups.iter().map(|it| (it.subjects().0.join(", "), it.found().unwrap())).collect();
    let told: Vec<(&str, &str)> = told.iter().map(|(name, found)| (name.as_str(), &**found)).collect();
    assert_eq!(
        told,
        [
            ("thing 1.0", "thing 1.0 in a; thing 1.0 in b; thing 1.0 in c; and 2 more"),
            ("other 1.0", "other 1.0 in z"),
            ("thing 1.0", "thing 1.0 in f"),
        ]
    );
}
