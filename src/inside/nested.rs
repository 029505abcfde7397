//! What packages hold of other packages: lock files that an installer follows, bills of materials, and packages that are
//! bundled.
//!
//! The rule that must not be broken: each of these is kept, or told as a list that is not known. Of a bundled package only the
//! name and version that it says are kept, since there may be thousands.

use super::{
    BuildList, Contents, LIST_BYTES, ListKind, Unopened,
    bundled::{self, Installed},
    package,
};

/// What whatever is wrong with one begins with.
pub(super) const LIST: &str = "what it bundles is not known";

/// Folders of what tests and examples look at, in small letters.
const OF_TESTS: [&str; 11] = [
    "__fixtures__",
    "__tests__",
    "example",
    "examples",
    "fixture",
    "fixtures",
    "samples",
    "spec",
    "test",
    "testdata",
    "tests",
];

/// Endings of the names of packages that are archives.
const PACKAGES: [&str; 10] =
    [".jar", ".war", ".ear", ".aar", ".whl", ".egg", ".nupkg", ".gem", ".crate", ASAR];

/// How Electron's archives of a program and its packages are called, which nothing in them tells.
const ASAR: &str = ".asar";

/// Archives that build tools put beside what they build, to start themselves.
const WRAPPERS: [&str; 2] = ["gradle/wrapper/gradle-wrapper.jar", ".mvn/wrapper/maven-wrapper.jar"];

/// What list of other packages the member of this name is: `package/npm-shrinkwrap.json`, which npm follows, and
/// `NAME-1.0/Cargo.lock`, which `cargo install --locked` does; bills of materials in wheels (PEP 770) and in jars; packages
/// of npm in `node_modules`, of Python anywhere, and of Maven where it says what it packed; and what Composer and .NET say that
/// they installed.
pub(super) fn kind_of(member: &str) -> Option<ListKind> {
    let parts: Vec<&str> = package::parts(member).collect();
    match parts.as_slice() {
        [_, "npm-shrinkwrap.json" | "Cargo.lock"] => Some(ListKind::Lock),
        [.., folder, "sboms", _] if is_dist_info(folder) => Some(ListKind::Bill),
        [.., "META-INF", "sbom", _] => Some(ListKind::Bill),
        [.., "META-INF", "maven", _, _, "pom.properties"] => Some(ListKind::MavenBundled),
        [_, .., folder, "METADATA"] if is_dist_info(folder) => Some(ListKind::PythonBundled),
        [.., holder, folder, "PKG-INFO"] if folder.ends_with(".egg-info") && is_of_copies(holder) => {
            Some(ListKind::PythonBundled)
        }
        [folders @ .., "package.json"] if is_in_modules(folders) => Some(ListKind::NpmBundled),
        [folders @ .., "composer", "installed.json"] if !are_of_tests(folders) => {
            Some(ListKind::ComposerBundled)
        }
        [folders @ .., name] if name.ends_with(".deps.json") && !are_of_tests(folders) => {
            Some(ListKind::NugetBundled)
        }
        _ => None,
    }
}

/// Whether the file at a path is a package that is an archive by itself. Those that tests look at are not meant.
pub fn is_package(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let folders: Vec<&str> = package::parts(&lower).collect();
    PACKAGES.iter().any(|ending| lower.ends_with(ending))
        && !are_of_tests(&folders)
        && !WRAPPERS.iter().any(|wrapper| {
            lower.strip_suffix(wrapper).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        })
}

/// Whether a member is an archive by its name alone.
pub(super) fn is_archive_by_name(member: &str) -> bool {
    member.to_ascii_lowercase().ends_with(ASAR)
}

/// Whether one of the folders is of tests or examples.
fn are_of_tests(folders: &[&str]) -> bool {
    folders.iter().any(|folder| OF_TESTS.contains(&folder.to_ascii_lowercase().as_str()))
}

fn is_dist_info(folder: &str) -> bool {
    folder.ends_with(".dist-info")
}

/// Whether a folder is one of copies of other packages; elsewhere `*.egg-info` is of the package itself.
fn is_of_copies(folder: &str) -> bool {
    let name = folder.trim_start_matches('_').replace(['-', '_'], "").to_ascii_lowercase();
    matches!(
        name.as_str(),
        "vendor"
            | "vendored"
            | "vendorized"
            | "thirdparty"
            | "bundled"
            | "extern"
            | "external"
            | "sitepackages"
    )
}

/// Whether folders lead to a package, and the first `node_modules` is not one that tests look at.
fn is_in_modules(folders: &[&str]) -> bool {
    let first = folders.iter().position(|folder| *folder == "node_modules");
    let is_shipped = first.is_some_and(|at| !are_of_tests(&folders[..at]));
    let is_package = match folders {
        [.., "node_modules", name] => !name.starts_with(['.', '@']),
        [.., "node_modules", scope, _] => scope.starts_with('@'),
        _ => false,
    };
    is_shipped && is_package
}

/// Adds what bundled packages say of themselves to the list of all of their kind.
pub(super) fn add(kind: ListKind, member: &str, bytes: &[u8], contents: &mut Contents) {
    let mut tell = |why: String| {
        let why = format!("{LIST}: {why}");
        contents.unread.push(Unopened { member: member.to_owned(), why });
    };
    let installed = match installed(kind, bytes) {
        Ok(installed) => installed,
        Err(why) => return tell(why),
    };
    if let Some((first, others)) = installed.unknown.split_first() {
        tell(match others.len() {
            0 => first.clone(),
            more => format!("{first}, and so on for {more} more"),
        });
    }
    let lines: Result<String, String> = installed.packages.iter().map(line).collect();
    match lines {
        Ok(lines) if lines.is_empty() => {}
        Ok(lines) => {
            let list = list(kind, contents);
            if list.len() + lines.len() <= LIST_BYTES {
                return list.extend_from_slice(lines.as_bytes());
            }
            let why = format!("{LIST}: there are more packages than are read");
            contents.unread.push(Unopened { member: member.to_owned(), why });
        }
        Err(why) => tell(why),
    }
}

/// The list of all bundled packages of a kind; these lists stand before all others.
fn list(kind: ListKind, contents: &mut Contents) -> &mut Vec<u8> {
    let bundled = contents.lists.iter().take_while(|list| list.kind.is_bundled());
    let at = bundled.enumerate().find_map(|(at, list)| (list.kind == kind).then_some(at));
    if at.is_none() {
        contents.lists.insert(0, BuildList { member: String::new(), kind, bytes: Vec::new() });
    }
    &mut contents.lists[at.unwrap_or(0)].bytes
}

/// What one file says of bundled packages.
fn installed(kind: ListKind, bytes: &[u8]) -> Result<Installed, String> {
    let one = match kind {
        ListKind::ComposerBundled => return bundled::composer(bytes),
        ListKind::NugetBundled => return bundled::dotnet(bytes),
        ListKind::NpmBundled => package::npm(bytes),
        ListKind::PythonBundled => package::python(bytes),
        _ => package::maven(bytes),
    }?;
    Ok(Installed { packages: vec![one], unknown: Vec::new() })
}

fn line(found: &package::Package) -> Result<String, String> {
    let is_plain = |text: &str| !text.is_empty() && !text.contains(char::is_control);
    match is_plain(&found.name) && is_plain(&found.version) {
        true => Ok(format!("{}\t{}\n", found.name, found.version)),
        false => Err("its name and version are none".to_owned()),
    }
}

/// Reads a list of bundled packages.
///
/// # Errors
/// Why not, in words for the report.
pub fn bundled(bytes: &[u8]) -> Result<Vec<package::Package>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| format!("{LIST}: it is no text"))?;
    let row = |line: &str| {
        let (name, version) = line.split_once('\t').ok_or_else(|| format!("{LIST}: {line:?}"))?;
        Ok(package::Package { name: name.to_owned(), version: version.to_owned() })
    };
    text.lines().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::{ListKind, add, bundled, is_package, kind_of};
    use crate::inside::Contents;

    #[test]
    fn lists_of_other_packages_are_known_by_their_places() {
        for (member, kind) in [
            ("package/npm-shrinkwrap.json", Some(ListKind::Lock)),
            ("./widget-1.0.0/Cargo.lock", Some(ListKind::Lock)),
            ("package/src/Cargo.lock", None),
            ("widget-1.0.0.dist-info/sboms/x.cdx.json", Some(ListKind::Bill)),
            ("widget/sboms/x.cdx.json", None),
            ("META-INF/sbom/application.cdx.json", Some(ListKind::Bill)),
            ("META-INF/maven/g.x/a/pom.properties", Some(ListKind::MavenBundled)),
            ("META-INF/maven/g.x/a/pom.xml", None),
            ("widget/_vendor/x-1.0.dist-info/METADATA", Some(ListKind::PythonBundled)),
            ("widget/_vendor/x/METADATA", None),
            ("widget/_vendor/x-1.0-py3.11.egg-info/PKG-INFO", Some(ListKind::PythonBundled)),
            ("widget-1.0/src/widget.egg-info/PKG-INFO", None),
            ("package/node_modules/x/package.json", Some(ListKind::NpmBundled)),
            ("node_modules/@s/x/package.json", Some(ListKind::NpmBundled)),
            ("package/node_modules/x/node_modules/y/package.json", Some(ListKind::NpmBundled)),
            ("package/node_modules/x/dist/package.json", None),
            ("package/node_modules/.bin/package.json", None),
            ("package/test/node_modules/x/package.json", None),
            ("package/Examples/a/node_modules/x/package.json", None),
            ("app/resources/app/node_modules/x/package.json", Some(ListKind::NpmBundled)),
            ("plugin/vendor/composer/installed.json", Some(ListKind::ComposerBundled)),
            ("plugin/tests/vendor/composer/installed.json", None),
            ("plugin/vendor/installed.json", None),
            ("app.deps.json", Some(ListKind::NugetBundled)),
            ("bin/deps.json", None),
            ("WEB-INF/classes/META-INF/maven/g.x/a/pom.properties", Some(ListKind::MavenBundled)),
        ] {
            assert_eq!(kind_of(member), kind, "{member}");
        }
    }

    #[test]
    fn packages_that_are_archives_are_known_by_their_names() {
        for path in [
            "BOOT-INF/lib/core-2.0.jar",
            "lib/x.JAR",
            "x.whl",
            "a/x-1.nupkg",
            "app/app.asar",
            "gradle-wrapper.jar",
        ] {
            assert!(is_package(path), "{path}");
        }
        for path in [
            "lib/x.zip",
            "src/test/resources/x.jar",
            "gradle/wrapper/gradle-wrapper.jar",
            "w-1.0/.mvn/wrapper/maven-wrapper.jar",
            "x.jar.txt",
        ] {
            assert!(!is_package(path), "{path}");
        }
    }

    #[test]
    fn what_an_installer_lists_is_kept_beside_what_it_does_not_say() {
        let mut contents = Contents::default();
        let deps = br#"{"libraries":{"N/1.0.0":{"type":"package"},"M/2.0.0":{"type":"package"},"X/1":{"type":"other"},"Y/1":{"type":"other"}}}"#;
        add(ListKind::NugetBundled, "a.deps.json", deps, &mut contents);
        add(ListKind::ComposerBundled, "installed.json", b"[]", &mut contents);
        let kept: Vec<_> = contents.lists.iter().map(|list| (list.kind, list.bytes.as_slice())).collect();
        assert_eq!(kept, [(ListKind::NugetBundled, &b"M\t2.0.0\nN\t1.0.0\n"[..])]);
        let why = "what it bundles is not known: X/1 is of type other, and so on for 1 more";
        assert_eq!(contents.unread.iter().map(|it| it.why.as_str()).collect::<Vec<_>>(), [why]);
    }

    #[test]
    fn bundled_packages_are_one_list_and_one_that_says_nothing_is_told() {
        let mut contents = Contents::default();
        let pom = b"#Generated\nversion=2.14.0\ngroupId=org.x\nartifactId = core\n";
        add(ListKind::NpmBundled, "a", br#"{"name":"x","version":"1.0.0"}"#, &mut contents);
        add(ListKind::MavenBundled, "b", pom, &mut contents);
        add(ListKind::NpmBundled, "c", br#"{"name":"y","version":"2.0.0"}"#, &mut contents);
        for (member, text) in [("d", r#"{"name":"z"}"#), ("e", r#"{"name":"z\tw","version":"1"}"#)] {
            add(ListKind::NpmBundled, member, text.as_bytes(), &mut contents);
        }
        let rows = contents.lists.iter().map(|list| {
            let rows = bundled(&list.bytes).unwrap();
            rows.iter().map(|it| format!("{} {}", it.name, it.version)).collect::<Vec<_>>().join(", ")
        });
        assert_eq!(rows.collect::<Vec<_>>(), ["org.x:core 2.14.0", "x 1.0.0, y 2.0.0"]);
        let told: Vec<_> = contents.unread.iter().map(|it| (it.member.as_str(), it.why.as_str())).collect();
        let wanted = [
            ("d", "what it bundles is not known: its package.json has no version"),
            ("e", "what it bundles is not known: its name and version are none"),
        ];
        assert_eq!(told, wanted);
        assert!(contents.unread.iter().all(|it| it.is_of_a_list()));
        assert!(bundled(b"x 1.0.0\n").is_err());
    }
}
