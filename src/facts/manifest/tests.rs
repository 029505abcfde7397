use proptest::prelude::*;

use super::*;

fn files(list: &[(&str, &str)]) -> Files {
    list.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

/// What the only manifest of a list declares.
fn one(path: &str, text: &str) -> Declared {
    let mut declared = declared_versions(&files(&[(path, text)]));
    assert_eq!(declared.len(), 1, "{path}");
    declared.remove(0)
}

fn stated(version: &str) -> Result<DeclaredVersion, ManifestError> {
    Ok(DeclaredVersion::Stated(version.to_owned()))
}

fn not_declared(why: NotDeclared) -> Result<DeclaredVersion, ManifestError> {
    Ok(DeclaredVersion::NotDeclared { why })
}

#[test]
fn each_manifest_gives_its_name_and_version() {
    let cases = [
        ("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.2.3\"\n", Some("a"), stated("1.2.3")),
        (
            "Cargo.toml",
            "package = { name = \"a\", version = \"1.2.3-rc.1+b\" }",
            Some("a"),
            stated("1.2.3-rc.1+b"),
        ),
        ("Cargo.toml", "[package]\nname = \"a\"\n", Some("a"), not_declared(NotDeclared::NoVersion)),
        ("Cargo.toml", "[workspace]\nmembers = []\n", None, not_declared(NotDeclared::NoPackage)),
        ("Cargo.toml", "[workspace.package]\nversion = \"1.2.3\"\n", None, stated("1.2.3")),
        ("Cargo.toml", "", None, not_declared(NotDeclared::NoPackage)),
        (
            "pyproject.toml",
            "[project]\nname = \"a\"\nversion = \"1.2.3rc1\"\n",
            Some("a"),
            stated("1.2.3rc1"),
        ),
        (
            "pyproject.toml",
            "[project]\nname = \"a\"\ndynamic = [\"version\"]\n",
            Some("a"),
            not_declared(NotDeclared::Dynamic),
        ),
        (
            "pyproject.toml",
            "[project]\nname = \"a\"\ndynamic = [\"readme\"]\n",
            Some("a"),
            not_declared(NotDeclared::NoVersion),
        ),
        ("pyproject.toml", "[tool.poetry]\nname = \"a\"\nversion = \"1.2.3\"\n", Some("a"), stated("1.2.3")),
        (
            "pyproject.toml",
            "[project]\nname = \"a\"\ndynamic = [\"version\"]\n[tool.poetry]\nversion = \"1.2.3\"\n",
            Some("a"),
            stated("1.2.3"),
        ),
        (
            "pyproject.toml",
            "[project]\nname = \"a\"\nversion = \"1.0\"\n[tool.poetry]\nversion = \"1.0\"\n",
            Some("a"),
            stated("1.0"),
        ),
        (
            "pyproject.toml",
            "[tool.poetry]\nname = \"a\"\nversion = \"0.0.0\"\n[tool.poetry-dynamic-versioning]\nenable = true\n",
            Some("a"),
            not_declared(NotDeclared::Dynamic),
        ),
        ("pyproject.toml", "[tool.ruff]\nline-length = 100\n", None, not_declared(NotDeclared::NoPackage)),
        ("package.json", "{\"name\":\"@s/a\",\"version\":\"1.2.3\"}", Some("@s/a"), stated("1.2.3")),
        ("package.json", "{\"private\":true}", None, not_declared(NotDeclared::NoVersion)),
        (
            "package.json",
            "{\"name\":\"a\",\"version\":\"0.0.0-development\"}",
            Some("a"),
            not_declared(NotDeclared::Placeholder),
        ),
    ];
    for (path, text, name, version) in cases {
        let declared = one(path, text);
        assert_eq!((declared.name.as_deref(), &declared.version), (name, &version), "{text}");
    }
}

#[test]
fn a_manifest_that_cannot_be_read_is_an_error_and_not_left_out() {
    let cases = [
        ("Cargo.toml", "[package\n", "the manifest is not toml"),
        (
            "Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"1.2.3\"\nversion = \"1.2.4\"\n",
            "the manifest is not toml: duplicate key",
        ),
        ("Cargo.toml", "package = 1", "package is not a table"),
        ("Cargo.toml", "[package]\nversion = \"1.2.3\"\n", "package.name is not a string"),
        (
            "Cargo.toml",
            "[package]\nname = \"a\"\nversion = 1\n",
            "package.version is not a string or inherited",
        ),
        ("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.2\"\n", "\"1.2\" is no version"),
        ("Cargo.toml", "[package]\nname = \"a\"\nversion = \"v1.2.3\"\n", "\"v1.2.3\" is no version"),
        ("Cargo.toml", "[package]\nname = \"a\"\nversion = \"\"\n", "\"\" is no version"),
        ("Cargo.toml", "[package]\nname = \"a\"\nversion.workspace = false\n", "package.version is not"),
        (
            "Cargo.toml",
            "[package]\nname = \"a\"\nversion.workspace = true\n",
            "the version is inherited from a workspace whose manifest was not found",
        ),
        (
            "Cargo.toml",
            "[package]\nname = \"a\"\nversion.workspace = true\n[workspace]\n",
            "the version is inherited from Cargo.toml, which has none",
        ),
        ("Cargo.toml", "[workspace.package]\nversion = 1\n", "workspace.package.version is not a string"),
        ("pyproject.toml", "project = []", "project is not a table"),
        ("pyproject.toml", "[project]\nversion = 1\n", "project.version is not a string"),
        ("pyproject.toml", "[project]\nversion = \"one\"\n", "\"one\" is no version"),
        (
            "pyproject.toml",
            "[project]\nversion = \"1.0\"\ndynamic = [\"version\"]\n",
            "project.dynamic is not free of version",
        ),
        ("pyproject.toml", "[project]\ndynamic = \"version\"\n", "project.dynamic is not an array"),
        (
            "pyproject.toml",
            "[project]\nversion = \"1.0\"\n[tool.poetry]\nversion = \"2.0\"\n",
            "the manifest states two versions, \"1.0\" and \"2.0\"",
        ),
        (
            "package.json",
            "{\"version\":\"1.0.0\",\"version\":\"2.0.0\"}",
            "the manifest is refused: the key $.version is given twice",
        ),
        ("package.json", "{\"version\":1}", "$.version is a number, not a string"),
        ("package.json", "{\"name\":1}", "$.name is a number, not a string"),
        ("package.json", "[]", "$ is an array, not an object"),
        ("package.json", "{\"version\":\"1.0\"}", "\"1.0\" is no version"),
        ("package.json", "{\"version\":\"1.0.0\"", "the manifest is refused: not json"),
    ];
    for (path, text, expected) in cases {
        let error = one(path, text).version.expect_err(text);
        assert!(error.to_string().starts_with(expected), "{text}: {error}");
    }
    for path in ["Cargo.toml", "pyproject.toml"] {
        let bytes = Files::from([(path.to_owned(), vec![0xff])]);
        assert_eq!(declared_versions(&bytes)[0].version, Err(ManifestError::NotUtf8));
    }
}

const ROOT: &str =
    "[workspace]\nmembers = [\"crates/*\", \"tools/x\"]\n[workspace.package]\nversion = \"1.2.3\"\n";
const MEMBER: &str = "[package]\nname = \"m\"\nversion.workspace = true\n";

#[test]
fn an_inherited_version_comes_from_the_nearest_workspace_above() {
    let versions = |list: &[(&str, &str)], path: &str| {
        let declared = declared_versions(&files(list));
        declared.into_iter().find(|one| one.path == path).unwrap().version
    };
    let member = "crates/deep/m/Cargo.toml";
    assert_eq!(versions(&[("Cargo.toml", ROOT), (member, MEMBER)], member), stated("1.2.3"));
    let inline = "[package]\nname = \"m\"\nversion = { workspace = true }\n";
    assert_eq!(versions(&[("Cargo.toml", ROOT), (member, inline)], member), stated("1.2.3"));

    let nearer = ROOT.replace("1.2.3", "9.0.0");
    let plain = "[package]\nname = \"p\"\nversion = \"7.0.0\"\n";
    let list = [
        ("Cargo.toml", ROOT),
        ("crates/Cargo.toml", &nearer),
        ("crates/deep/Cargo.toml", plain),
        (member, MEMBER),
    ];
    assert_eq!(versions(&list, member), stated("9.0.0"));

    let explicit = "[package]\nname = \"m\"\nversion.workspace = true\nworkspace = \"../../..\"\n";
    let list = [("Cargo.toml", ROOT), ("crates/Cargo.toml", &nearer), (member, explicit)];
    assert_eq!(versions(&list, member), stated("1.2.3"));
    let outside = explicit.replace("../../..", "../../../..");
    assert_eq!(
        versions(&[("Cargo.toml", ROOT), (member, &outside)], member),
        Err(ManifestError::NoWorkspaceRoot)
    );
    let absolute = explicit.replace("../../..", "/");
    assert_eq!(
        versions(&[("Cargo.toml", ROOT), (member, &absolute)], member),
        Err(ManifestError::NoWorkspaceRoot)
    );

    assert_eq!(
        versions(&[("crates/deep/m2/Cargo.toml", ROOT), (member, MEMBER)], member),
        Err(ManifestError::NoWorkspaceRoot)
    );
    let own = format!("{MEMBER}[workspace.package]\nversion = \"4.5.6\"\n");
    assert_eq!(versions(&[("Cargo.toml", &own)], "Cargo.toml"), stated("4.5.6"));
    let broken = versions(&[("Cargo.toml", "[workspace"), (member, MEMBER)], member);
    assert!(matches!(broken, Err(ManifestError::Toml { .. })));
}

#[test]
fn the_members_of_a_workspace_are_listed_as_written() {
    assert_eq!(workspace_members(ROOT.as_bytes()).unwrap(), ["crates/*", "tools/x"]);
    assert_eq!(workspace_members(MEMBER.as_bytes()).unwrap(), [""; 0]);
    assert!(workspace_members(b"[workspace]\nmembers = \"a\"\n").is_err());
    assert!(workspace_members(b"[workspace]\nmembers = [1]\n").is_err());
}

#[test]
fn files_with_other_names_are_no_manifests() {
    let list =
        [("cargo.toml", ROOT), ("Cargo.toml.orig", ROOT), ("a/package.json5", "{}"), ("README.md", "")];
    assert_eq!(declared_versions(&files(&list)), []);
}

#[test]
fn a_tag_speaks_about_the_root_or_about_its_component() {
    let declared = |path: &str, name: Option<&str>| Declared {
        path: path.to_owned(),
        ecosystem: Ecosystem::Npm,
        name: name.map(str::to_owned),
        version: stated("1.0.0"),
        dependencies: Vec::new(),
        patched: Vec::new(),
        links: Links::default(),
    };
    let root = declared("package.json", Some("app"));
    let arena = declared("tools/arena/package.json", Some("@scope/arena-cli"));
    assert!(root.applies_to_tag(None) && !arena.applies_to_tag(None));
    for component in ["tools/arena", "arena", "arena-cli", "@scope/arena-cli"] {
        assert!(arena.applies_to_tag(Some(component)), "{component}");
        assert!(!root.applies_to_tag(Some(component)), "{component}");
    }
    for component in ["aren", "rena", "tools", "cli", "scope", "", "scope/arena-cli", "s/arena"] {
        assert!(!arena.applies_to_tag(Some(component)), "{component}");
    }
    assert!(root.applies_to_tag(Some("app")));
    assert!(!declared("x/package.json", None).applies_to_tag(Some("app")));
}

#[test]
fn versions_are_the_same_only_by_the_rules_of_their_ecosystem() {
    use Ecosystem::{Cargo, Npm, Python};
    let same = [
        ("1.2.3", "1.2.3", Cargo),
        ("1.2.3-rc.1", "1.2.3-rc.1", Npm),
        ("1.2.3+b", "1.2.3+b", Cargo),
        ("1.2.3-rc.1", "1.2.3rc1", Python),
        ("1.2.3-beta.2", "1.2.3b2", Python),
        ("1.2.0", "1.2", Python),
        ("1.2.3", "1.2.3", Python),
    ];
    for (tag, declared, ecosystem) in same {
        assert!(same_version(tag, declared, ecosystem), "{tag} {declared}");
    }
    let different = [
        ("1.2.3", "1.2.4", Cargo),
        ("1.2.3", "1.2.3-rc.1", Cargo),
        ("1.2.3-rc.1", "1.2.3-rc.2", Cargo),
        ("1.2.3-rc.1", "1.2.3rc1", Npm),
        ("1.2", "1.2.0", Cargo),
        ("v1.2.3", "1.2.3", Cargo),
        ("1.2.3+b", "1.2.3", Cargo),
        ("1.2.3", "1.2.3rc1", Python),
        ("1.2.3-rc.1", "1.2.3rc2", Python),
        ("1.2.3-rc.1", "1.2.3b1", Python),
        ("1.2.3", "1.2.3.post1", Python),
        ("1.2.3", "1.2.3+local", Python),
        ("1.2.3", "", Python),
        ("", "", Python),
        ("", "", Cargo),
        ("x", "x", Npm),
        ("x", "x", Python),
    ];
    for (tag, declared, ecosystem) in different {
        assert!(!same_version(tag, declared, ecosystem), "{tag} {declared}");
    }
}

#[test]
fn size_and_nesting_are_capped_without_a_stack_overflow() {
    let good = "[package]\nname = \"a\"\nversion = \"1.2.3\"\n# ";
    let sized = |size: usize| format!("{good}{}", "x".repeat(size - good.len()));
    assert_eq!(one("Cargo.toml", &sized(MAX_BYTES)).version, stated("1.2.3"));
    for path in ["Cargo.toml", "pyproject.toml", "package.json"] {
        let error = one(path, &sized(MAX_BYTES + 1)).version;
        assert_eq!(error, Err(ManifestError::TooLarge { size: MAX_BYTES + 1 }), "{path}");
    }
    let deep = 100_000;
    let hostile = [
        format!("{}a = 1", "a.".repeat(deep)),
        format!("[{}a]", "a.".repeat(deep)),
        format!("[[{}a]]", "a . ".repeat(deep)),
        format!("{}\"=\" = 1", "\"=\".".repeat(deep)),
        format!("{}'=' = 1", "'='.".repeat(deep)),
        format!("x = {{ {}a = 1 }}", "a.".repeat(deep)),
        format!("x = {}", "[".repeat(deep)),
        format!("x = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("x = {}", "{a=".repeat(deep)),
        format!("x = {}1{}", "{a=".repeat(deep), "}".repeat(deep)),
        format!("x = {}1{}", "{a.a.a=[".repeat(deep), "]}".repeat(deep)),
    ];
    for text in hostile {
        let error = one("Cargo.toml", &text).version.expect_err(&text[..20]);
        let message = error.to_string();
        assert!(message.contains("recurse further") || message.contains("recursion limit"), "{message}");
    }
    let json = format!("{{\"a\":{}", "[".repeat(deep));
    assert!(matches!(
        one("package.json", &json).version,
        Err(ManifestError::Json(JsonError::TooDeep { .. }))
    ));
}

proptest! {
    #[test]
    fn arbitrary_manifests_never_panic_and_always_have_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for path in ["Cargo.toml", "a/pyproject.toml", "b/package.json"] {
            let declared = declared_versions(&Files::from([(path.to_owned(), bytes.clone())]));
            prop_assert_eq!(declared.len(), 1);
        }
    }

    #[test]
    fn nearly_right_manifests_never_panic(text in "(\\[(package|project|workspace|tool\\.poetry)\\]\n|(name|version|version\\.workspace|dynamic|workspace) ?= ?(\"[0-9a-z.+-]{0,8}\"|true|\\[\"version\"\\])\n){0,6}") {
        for path in ["Cargo.toml", "pyproject.toml"] {
            let declared = declared_versions(&files(&[(path, &text)]));
            if let Ok(DeclaredVersion::Stated(version)) = &declared[0].version {
                prop_assert!(same_version(version, version, declared[0].ecosystem));
            }
        }
    }

    #[test]
    fn versions_of_any_text_never_panic(tag in "[0-9a-z.+!_-]{0,16}", declared in "\\PC{0,16}") {
        for ecosystem in [Ecosystem::Cargo, Ecosystem::Python, Ecosystem::Npm] {
            prop_assert_eq!(same_version(&tag, &declared, ecosystem), same_version(&declared, &tag, ecosystem));
        }
    }
}

#[test]
fn a_dependency_is_known_by_its_own_name_wherever_it_is_written() {
    let root = "[workspace]\nmembers = [\"a\"]\n[workspace.dependencies]\nshared = { package = \"real\", version = \"3\" }\n";
    let member = "[package]\nname = \"a\"\nversion = \"1.0.0\"\n[dependencies]\nplain = \"1\"\nshared.workspace = true\n\
                  [dev-dependencies]\nother = { package = \"renamed\", path = \"../b\" }\n\
                  [target.'cfg(unix)'.build-dependencies]\nunix = { version = \"=0.2.1\" }\n";
    let declared = declared_versions(&files(&[("Cargo.toml", root), ("a/Cargo.toml", member)]));
    let told: Vec<(&str, Option<&str>)> =
        declared[1].dependencies.iter().map(|d| (d.name.as_str(), d.requirement.as_deref())).collect();
    assert_eq!(
        told,
        [("plain", Some("1")), ("real", Some("3")), ("renamed", None), ("unix", Some("=0.2.1"))]
    );
    let real = &declared[1].dependencies[1];
    assert!(real.allows("real", "3.9.0") && !real.allows("real", "4.0.0") && !real.allows("shared", "3.0.0"));
    let unreadable = Dependency { requirement: Some("three".to_owned()), ..real.clone() };
    assert!(!unreadable.allows("real", "3.9.0"));
}

#[test]
fn packages_replaced_by_folders_are_named_whatever_the_manifest_calls_them() {
    let text = "[package]\nname = \"w\"\nversion = \"1.0.0\"\n[patch.crates-io]\ntime = { path = \"vendor/time\" }\n\
                old = { package = \"net2\", path = \"vendor/net2\" }\nserde = { git = \"https://example.org/serde\" }\n\
                [replace]\n\"atty:0.2.14\" = { path = \"vendor/atty\" }\n";
    let files = Files::from([("Cargo.toml".to_owned(), text.as_bytes().to_vec())]);
    assert_eq!(declared_versions(&files)[0].patched, ["atty", "net2", "time"]);
}
