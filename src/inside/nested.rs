//! What packages hold of other packages: lock files that an installer follows, bills of materials, and packages that are
//! bundled.
//!
//! The rule that must not be broken: each of these is kept, or told as a list that is not known. Of a bundled package only the
//! name and version that it says are kept, since there may be thousands.

use super::{BuildList, Contents, LIST_BYTES, ListKind, Unopened, package};

/// What whatever is wrong with one begins with.
pub(super) const LIST: &str = "what it bundles is not known";

/// What list of other packages the member of this name is: `package/npm-shrinkwrap.json`, which npm follows, and
/// `NAME-1.0/Cargo.lock`, which `cargo install --locked` does; bills of materials in wheels (PEP 770) and in jars; packages
/// of npm in the archive's own `node_modules`, of Python anywhere, and of Maven where it says what it packed.
pub(super) fn kind_of(member: &str) -> Option<ListKind> {
    let parts: Vec<&str> = package::parts(member).collect();
    match parts.as_slice() {
        [_, "npm-shrinkwrap.json" | "Cargo.lock"] => Some(ListKind::Lock),
        [.., folder, "sboms", _] if is_dist_info(folder) => Some(ListKind::Bill),
        ["META-INF", "sbom", _] => Some(ListKind::Bill),
        ["META-INF", "maven", _, _, "pom.properties"] => Some(ListKind::MavenBundled),
        [_, .., folder, "METADATA"] if is_dist_info(folder) => Some(ListKind::PythonBundled),
        [folders @ .., "package.json"] if is_in_modules(folders) => Some(ListKind::NpmBundled),
        _ => None,
    }
}

fn is_dist_info(folder: &str) -> bool {
    folder.ends_with(".dist-info")
}

/// Whether folders lead to a package, and the first `node_modules` stands at the top or in the archive's one folder: those
/// farther in are what tests look at.
fn is_in_modules(folders: &[&str]) -> bool {
    let is_top = folders.iter().take(2).any(|folder| *folder == "node_modules");
    let is_package = match folders {
        [.., "node_modules", name] => !name.starts_with(['.', '@']),
        [.., "node_modules", scope, _] => scope.starts_with('@'),
        _ => false,
    };
    is_top && is_package
}

/// Adds what a bundled package says of itself to the list of all of its kind.
pub(super) fn add(kind: ListKind, member: &str, bytes: &[u8], contents: &mut Contents) {
    let added = line(kind, bytes).and_then(|line| {
        let list = list(kind, contents);
        if list.len() + line.len() > LIST_BYTES {
            return Err("there are more packages than are read".to_owned());
        }
        list.extend_from_slice(line.as_bytes());
        Ok(())
    });
    if let Err(why) = added {
        contents.unread.push(Unopened { member: member.to_owned(), why: format!("{LIST}: {why}") });
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

fn line(kind: ListKind, bytes: &[u8]) -> Result<String, String> {
    let found = match kind {
        ListKind::NpmBundled => package::npm(bytes),
        ListKind::PythonBundled => package::python(bytes),
        _ => package::maven(bytes),
    }?;
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
    use super::{ListKind, add, bundled, kind_of};
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
            ("package/node_modules/x/package.json", Some(ListKind::NpmBundled)),
            ("node_modules/@s/x/package.json", Some(ListKind::NpmBundled)),
            ("package/node_modules/x/node_modules/y/package.json", Some(ListKind::NpmBundled)),
            ("package/node_modules/x/dist/package.json", None),
            ("package/node_modules/.bin/package.json", None),
            ("package/test/node_modules/x/package.json", None),
        ] {
            assert_eq!(kind_of(member), kind, "{member}");
        }
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
