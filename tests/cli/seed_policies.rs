//! The policies in `policies/seeds/`: each can be used, under a name and for a repository of its own.

use std::collections::BTreeSet;
use std::fs;

use crate::run::relcheck;

#[test]
fn every_policy_of_a_sample_project_can_be_used() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/policies/seeds");
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let path = path.to_str().unwrap();
        let ran = relcheck(std::path::Path::new("/"), ["policy", "check", path]);
        let said = ran.expect(path, 0, &["a policy that can be used"]);
        assert!(!said.said().contains("warning"), "{}", said.said());
        let text = fs::read_to_string(path).unwrap();
        for required in
            ["supported-versions = \"require\"", "advisories = \"require\"", "repository = \"github.com/"]
        {
            assert!(text.contains(required), "{path}: {required}");
        }
        names.insert(text.lines().find(|line| line.starts_with("name = ")).unwrap().to_owned());
    }
    assert_eq!(names.len(), 5, "{names:?}");
}
