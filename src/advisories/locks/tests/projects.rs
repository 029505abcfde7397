//! What a lock file calls the release's own is there at the tag, and the folders that it names are written as they are.

use super::{covered, go::lock_at, kept, not_covered, own, read};
use crate::advisories::locks::{Fault, LockError};

#[test]
fn a_folder_of_npm_that_is_written_in_another_way_is_refused() {
    let npm = |folder: &str| {
        let text = format!(
            "{{\"lockfileVersion\": 3, \"packages\": {{\"node_modules/lodash\": {{\"version\": \"99.0.1\"}}, \
             \"{folder}\": {{\"version\": \"4.17.20\"}}}}}}"
        );
        read("package-lock.json", &text)
    };
    for folder in [
        "node_modules/lodash/",
        "node_modules/./lodash",
        "node_modules//lodash",
        "node_modules/zz/../lodash",
        "x/../node_modules/lodash/.",
        "/node_modules/lodash",
        "./node_modules/lodash",
        "node_modules\\\\lodash",
    ] {
        let Err(LockError::File { fault: Fault::Malformed { expected, .. }, .. }) = npm(folder) else {
            panic!("{folder} is read")
        };
        assert_eq!(expected, "written as npm writes it", "{folder}");
    }
    for (folder, row) in [
        ("node_modules/@s/a/node_modules/lodash", "lodash 4.17.20"),
        ("packages/a/node_modules/lodash", "lodash 4.17.20"),
        ("../a/node_modules/@s/b", "@s/b 4.17.20"),
    ] {
        assert_eq!(covered(&npm(folder).unwrap()), [row, "lodash 99.0.1"].map(str::to_owned), "{folder}");
    }
    for (folder, name) in [
        ("../a", "a"),
        ("../../a", "a"),
        ("node_modules/a/lib", "node_modules/a/lib"),
        ("node_modules/@s", "node_modules/@s"),
        ("my_node_modules/lodash", "lodash"),
    ] {
        let lock = npm(folder).unwrap();
        assert_eq!(not_covered(&lock), [format!("{name} 4.17.20: a folder or a file")], "{folder}");
    }
}

#[test]
fn a_link_of_npm_leads_to_a_folder_that_is_listed_and_is_no_installed_package() {
    let npm = |link: &str| {
        let text = format!(
            "{{\"lockfileVersion\": 3, \"packages\": {{\"\": {{\"name\": \"x\", \"workspaces\": [\"a\"]}}, \
             \"a\": {{\"version\": \"1.0.0\"}}, {link}}}}}"
        );
        read("package-lock.json", &text)
    };
    let link = |name: &str, target: &str| {
        format!("\"node_modules/{name}\": {{\"version\": \"4.17.20\", {target} \"link\": true}}")
    };
    for (name, target) in
        [("a", "\"resolved\": \"a\","), ("b", "\"resolved\": \"a\","), ("x", "\"resolved\": \"\",")]
    {
        assert_eq!(not_covered(&npm(&link(name, target)).unwrap()), Vec::<String>::new(), "{name}: {target}");
    }
    for target in [
        "",
        "\"resolved\": \"\",",
        "\"resolved\": \"gone\",",
        "\"resolved\": \"node_modules/lodash\",",
        "\"resolved\": \"../a\",",
    ] {
        let lock = npm(&link("lodash", target)).unwrap();
        assert_eq!(not_covered(&lock), ["lodash 4.17.20: a folder or a file"], "{target}");
    }
    let word = link("lodash", "").replace("true", "\"true\"");
    assert!(matches!(npm(&word), Err(LockError::File { fault: Fault::Malformed { .. }, .. })));
}

/// The release's own packages in a lock file of a tree, and what is not covered of it.
fn at(files: &[(&str, &str)], path: &str) -> (Vec<String>, Vec<String>) {
    let lock = lock_at(files, path);
    (own(&lock), not_covered(&lock))
}

#[test]
fn a_member_of_a_workspace_of_npm_bun_and_yarn_is_a_package_of_that_name_at_the_tag() {
    let member = "{\"name\": \"@sample/inner\"}";
    for (path, text) in [
        kept!("npm-2/package-lock.json"),
        kept!("npm-3/package-lock.json"),
        kept!("bun/bun.lock"),
        kept!("bun-2/bun.lock"),
        kept!("yarn-berry/yarn.lock"),
    ] {
        let name = path.rsplit('/').next().unwrap();
        let of = |files: &[(&str, &str)]| {
            let root = [(name, text.as_str()), ("package.json", "{\"name\": \"sample\"}")];
            at(&[&root, files].concat(), name)
        };
        assert_eq!(of(&[("packages/inner/package.json", member)]).0, ["@sample/inner", "sample"], "{path}");
        for files in [
            &[][..],
            &[("packages/inner/package.json", "{\"name\": \"other\"}")],
            &[("packages/inner/package.json", "{")],
            &[("packages/other/package.json", member)],
        ] {
            let (own, not_covered) = of(files);
            assert_eq!(own, ["sample"], "{path}");
            let is_inner = |row: &&String| row.starts_with("@sample/inner ");
            assert!(not_covered.iter().any(|row| is_inner(&row)), "{path}: {not_covered:?}");
        }
        // The same in a folder below, and the lock file of copies.
        let below = |folder: &str| {
            let paths =
                [name, "package.json", "packages/inner/package.json"].map(|it| format!("{folder}/{it}"));
            let texts = [text.as_str(), "{\"name\": \"sample\"}", member];
            let files: Vec<(&str, &str)> = paths.iter().map(String::as_str).zip(texts).collect();
            at(&files, &paths[0]).0.contains(&"@sample/inner".to_owned())
        };
        assert_eq!([below("web"), below("third_party")], [true, false], "{path}");
    }
}

#[test]
fn an_entry_of_bun_or_yarn_that_only_calls_itself_a_member_is_a_folder() {
    let bun = |entry: &str| {
        let text = format!(
            "{{\"lockfileVersion\": 1, \"workspaces\": {{\"\": {{\"name\": \"x\"}}, \"m\": {{\"name\": \"m\"}}}}, \
             \"packages\": {{\"a\": [\"{entry}\"]}}}}"
        );
        not_covered(&read("bun.lock", &text).unwrap())
    };
    for entry in ["m@workspace:m", "x@workspace:"] {
        assert_eq!(bun(entry), Vec::<String>::new(), "{entry}");
    }
    for entry in ["nowhere", "../../elsewhere", "m", ""] {
        assert_eq!(bun(&format!("lodash@workspace:{entry}")), ["lodash : a folder or a file"], "{entry}");
    }
    let yarn = |link: &str| {
        let text = format!(
            "__metadata:\n  version: 8\n\n\"lodash@npm:^4\":\n  version: 4.17.20\n  \
             resolution: \"lodash@workspace:packages/lodash\"\n  linkType: {link}\n"
        );
        not_covered(&read("yarn.lock", &text).unwrap())
    };
    assert_eq!(yarn("hard"), ["lodash 4.17.20: a folder or a file"]);
    assert_eq!(yarn("soft"), Vec::<String>::new());
}

#[test]
fn a_workspace_without_a_name_is_called_after_its_folder() {
    let yarn = "__metadata:\n  version: 8\n\n\"root-workspace-0b6124@workspace:.\":\n  version: 0.0.0-use.local\n  \
                resolution: \"root-workspace-0b6124@workspace:.\"\n  linkType: soft\n";
    let nameless = ("package.json", "{\"private\": true}");
    assert_eq!(at(&[("yarn.lock", yarn), nameless], "yarn.lock").0, ["root-workspace-0b6124"]);
    assert_eq!(at(&[("yarn.lock", yarn)], "yarn.lock").0, Vec::<String>::new());
    let npm = "{\"lockfileVersion\": 3, \"packages\": {\"\": {\"name\": \"x\", \"workspaces\": [\"m\"]}, \"m\": {}}}";
    let files = [("package-lock.json", npm), ("m/package.json", "{}")];
    assert_eq!(at(&files, "package-lock.json").0, ["m", "x"]);
}

#[test]
fn a_project_of_nuget_is_one_of_the_tag() {
    let (_, text) = kept!("nuget/packages.lock.json");
    let of = |path: &str, project: &str| {
        at(&[("src/app/packages.lock.json", &text), (path, project)], "src/app/packages.lock.json")
    };
    for (path, project) in [
        ("src/inner/Inner.csproj", "<Project/>"),
        ("inner.fsproj", ""),
        ("a/b.vbproj", "<Project><PropertyGroup><PackageId> Inner </PackageId></PropertyGroup></Project>"),
        ("a/ner.csproj", "<AssemblyName>in$(MSBuildProjectName)</AssemblyName>"),
    ] {
        assert_eq!(of(path, project), (vec!["inner".to_owned()], vec![]), "{path}");
    }
    for (path, project) in [
        ("src/other/other.csproj", "<ProjectReference Include=\"inner\" />"),
        ("third_party/inner.csproj", ""),
        ("inner.props", ""),
    ] {
        let unknown = "inner : it is called a project of the release, and the tag has none of this name";
        assert_eq!(of(path, project), (vec![], vec![unknown.to_owned()]), "{path}");
    }
}

#[test]
fn a_gem_of_the_release_has_a_description_of_its_name_at_the_tag() {
    let lock = "PATH\n  remote: .\n  specs:\n    nokogiri (1.16.0)\n\nGEM\n  remote: https://REGISTRY/\n  specs:\n    \
                racc (1.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  nokogiri!\n  racc\n";
    let lock = lock.replace("REGISTRY", concat!("rubygems", ".org"));
    let of = |path: &str, more: &[&str]| {
        let more = more.iter().map(|it| (*it, ""));
        let files: Vec<(&str, &str)> = std::iter::once((path, lock.as_str())).chain(more).collect();
        at(&files, path)
    };
    let own = (vec!["nokogiri".to_owned()], vec![]);
    for gemspec in ["nokogiri.gemspec", "nokogiri/nokogiri.gemspec", "a/b/nokogiri.gemspec"] {
        assert_eq!(of("Gemfile.lock", &[gemspec]), own, "{gemspec}");
    }
    assert_eq!(of("a/Gemfile.lock", &["a/nokogiri.gemspec"]), own);
    let other = (vec![], vec!["nokogiri 1.16.0: a folder or a file".to_owned()]);
    for more in [
        &[][..],
        &["widget.gemspec"],
        &["a/b/c/nokogiri.gemspec"],
        &["vendor/nokogiri.gemspec"],
        &["nokogiri.gemspec.rb"],
    ] {
        assert_eq!(of("Gemfile.lock", more), other, "{more:?}");
    }
    assert_eq!(of("a/Gemfile.lock", &["nokogiri.gemspec"]), other);
}
