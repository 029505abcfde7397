//! What a package depends on must be listed where its manager looks for it.

use super::{not_covered, read};
use crate::advisories::locks::{Fault, LockError};

/// What is not covered of a file, by name.
fn missing(path: &str, text: &str) -> Vec<String> {
    let rows = not_covered(&read(path, text).unwrap());
    rows.iter().map(|row| row.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_peers_of_a_package_of_npm_and_what_the_release_is_developed_with_are_listed() {
    let npm = |packages: &str| {
        let text = format!("{{\"lockfileVersion\": 3, \"packages\": {{{packages}}}}}");
        missing("package-lock.json", &text)
    };
    let root = "\"\": {\"name\": \"x\", \"workspaces\": [\"packages/*\"]}";
    let b = "\"node_modules/b\": {\"version\": \"1.0.0\"}";
    let peer = "\"peerDependencies\": {\"b\": \"1\"}";
    let optional = format!("{peer}, \"peerDependenciesMeta\": {{\"b\": {{\"optional\": true}}}}");
    let develop = "\"devDependencies\": {\"b\": \"1\"}";
    let installed = |what: &str| format!("{root}, \"node_modules/a\": {{\"version\": \"1.0.0\", {what}}}");
    let member = format!("{root}, \"packages/m\": {{\"name\": \"m\", {develop}}}");
    let of_root = |what: &str| format!("\"\": {{\"name\": \"x\", {what}}}");
    for lacking in [installed(peer), of_root(peer), of_root(develop), member] {
        assert_eq!(npm(&lacking), ["b"], "{lacking}");
        assert_eq!(npm(&format!("{lacking}, {b}")), Vec::<String>::new(), "{lacking}");
    }
    for honest in [installed(&optional), installed(develop)] {
        assert_eq!(npm(&honest), Vec::<String>::new(), "{honest}");
    }
    let of_scope = format!(
        "{}, \"node_modules/@s/node_modules/b\": {{\"version\": \"2.0.0\"}}",
        installed(peer).replace("node_modules/a", "node_modules/@s/a")
    );
    assert_eq!(npm(&of_scope), ["b"], "nothing is installed for a scope");
}

#[test]
fn what_a_package_of_nuget_needs_is_listed_for_the_same_framework() {
    let nuget = |first: &str, second: &str, needed: &str| {
        let text = format!(
            "{{\"version\": 1, \"dependencies\": {{\
             \"{first}\": {{\"A\": {{\"type\": \"Direct\", \"resolved\": \"1.0.0\", \"dependencies\": {{\"{needed}\": \"1\"}}}}}}, \
             \"{second}\": {{\"B\": {{\"type\": \"Transitive\", \"resolved\": \"2.0.0\"}}}}}}}}"
        );
        missing("packages.lock.json", &text)
    };
    assert_eq!(nuget("net6.0", "net472", "B"), ["b"]);
    assert_eq!(nuget("net6.0", "net6.0/linux-x64", "B"), ["b"], "what is for one runtime alone");
    assert_eq!(nuget("net6.0/linux-x64", "net6.0", "b"), Vec::<String>::new());
}

#[test]
fn bun_finds_what_a_package_needs_at_its_place_or_above_it() {
    let bun = |root: &str, packages: &str| {
        format!(
            "{{\"lockfileVersion\": 1, \"workspaces\": {{\"\": {{\"name\": \"x\", {root}}}, \
             \"packages/m\": {{\"name\": \"m\", \"dependencies\": {{\"c\": \"1\"}}}}}}, \
             \"packages\": {{\"m\": [\"m@workspace:packages/m\"], \"m/c\": [\"c@1.0.0\", \"\", {{}}, \"\"], {packages}}}}}"
        )
    };
    let missing = |root: &str, packages: &str| missing("bun.lock", &bun(root, packages));
    let nothing = "\"dependencies\": {}";
    let a = |needs: &str| format!("\"@s/a\": [\"@s/a@1.0.0\", \"\", {{{needs}}}, \"\"]");
    let needs = a("\"dependencies\": {\"b\": \"1\"}");
    let b = |place: &str| format!("\"{place}\": [\"b@1.0.0\", \"\", {{}}, \"\"]");
    for place in ["b", "@s/a/b"] {
        assert_eq!(missing(nothing, &format!("{needs}, {}", b(place))), Vec::<String>::new(), "{place}");
    }
    assert_eq!(missing(nothing, &format!("{needs}, {}", b("m/b"))), ["b"]);
    assert_eq!(missing("\"dependencies\": {\"b\": \"1\"}", &b("m/b")), ["b"]);
    for key in ["optionalDependencies", "peerDependencies"] {
        let needs = format!("\"{key}\": {{\"b\": \"1\"}}");
        assert_eq!(missing(nothing, &a(&needs)), ["b"], "{key}");
        assert_eq!(missing(&needs, &format!("{}, {}", a(&needs), b("b"))), Vec::<String>::new(), "{key}");
    }
    assert_eq!(missing("\"peerDependencies\": {\"b\": \"1\"}", &a(nothing)), ["b"]);
    let optional = "\"peerDependencies\": {\"b\": \"1\"}, \"optionalPeers\": [\"b\"]";
    assert_eq!(missing(optional, &a(optional)), Vec::<String>::new());
    let Err(LockError::File { fault, .. }) = read("bun.lock", &bun(nothing, &needs)) else { panic!() };
    assert_eq!(fault, Fault::Incomplete { package: "@s/a".to_owned(), dependency: "b".to_owned() });
}

#[test]
fn what_a_manifest_of_uv_asked_for_as_it_was_locked_is_listed() {
    let uv = |manifest: &str, metadata: &str| {
        let text = format!(
            "version = 1\n{manifest}\n[[package]]\nname = \"x\"\nversion = \"1\"\nsource = {{ virtual = \".\" }}\n{metadata}"
        );
        missing("uv.lock", &text)
    };
    let nothing = Vec::<String>::new();
    for (manifest, metadata) in [
        ("", "[package.metadata]\nrequires-dist = [{ name = \"B\" }]\n"),
        ("", "[package.metadata.requires-dev]\ndev = [{ name = \"b\", specifier = \">1\" }]\n"),
        ("[manifest]\nrequirements = [{ name = \"b\" }]\n", ""),
        ("[manifest.dependency-groups]\ndev = [{ name = \"b\" }]\n", ""),
        ("[manifest]\nmembers = [\"x\", \"b\"]\n", ""),
    ] {
        assert_eq!(uv(manifest, metadata), ["b"], "{manifest}{metadata}");
        let listed = format!(
            "{metadata}\n[[package]]\nname = \"b\"\nversion = \"1\"\nsource = {{ virtual = \".\" }}\n"
        );
        assert_eq!(uv(manifest, &listed), nothing, "{manifest}{metadata}");
    }
    let marked = "[package.metadata]\nrequires-dist = [{ name = \"b\", marker = \"extra == 'x'\" }]\n";
    assert_eq!(uv("", marked), nothing);
}

#[test]
fn what_a_package_of_pdm_needs_is_listed_where_its_marker_may_hold() {
    let pdm = |version: &str, targets: &str, marker: &str| {
        let text = format!(
            "[metadata]\nlock_version = \"{version}\"\n{targets}\n[[package]]\nname = \"a\"\nversion = \"1.0\"\n\
             dependencies = [\"b>=2; {marker}\"]\n"
        );
        missing("pdm.lock", &text)
    };
    let target = "[[metadata.targets]]\nrequires_python = \">=3.9\"\n";
    let windows = "[[metadata.targets]]\nrequires_python = \">=3.9\"\nplatform = \"windows_amd64\"\n";
    let (new, old, win) = ("python_version >= '3.8'", "python_version < '3.8'", "sys_platform == 'win32'");
    for (targets, marker) in [("", new), ("", old), (target, new), (target, win), (windows, new)] {
        assert_eq!(pdm("4.5.0", targets, marker), ["b"], "{targets}{marker}");
    }
    for (targets, marker) in [(target, old), (windows, win), (windows, old), (target, "extra == 'x'")] {
        assert_eq!(pdm("4.5.0", targets, marker), Vec::<String>::new(), "{targets}{marker}");
    }
    assert_eq!(pdm("4.4.1", "", new), Vec::<String>::new(), "it does not say which Pythons it is for");
}
