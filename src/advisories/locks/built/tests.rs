//! What programs and packages hold, as lock files.

use std::collections::BTreeSet;

use super::{is_own, locks, packed, toolchain, unread};
use crate::{
    advisories::{
        lock::{Ecosystem, Origin},
        locks::tree::TreeLock,
    },
    inside::{BuildList, ListKind, Unopened, package::Package},
};

fn list(kind: ListKind, text: &str) -> BuildList {
    BuildList { member: "bin/widget".to_owned(), kind, bytes: text.as_bytes().to_vec() }
}

fn one(name: &str, list: &BuildList) -> Option<TreeLock> {
    let mut found = locks(name, list, "v1.0.0");
    assert!(found.len() < 2);
    found.pop()
}

#[test]
fn a_go_program_holds_its_modules_as_they_were_replaced_and_the_standard_library() {
    let text = "go1.26.0\npath\ta.example/w\nmod\ta.example/w\t(devel)\t\ndep\tb.example/x\tv1.0.0\th1:x=\n\
                dep\tb.example/y\tv1.0.0\n=>\tc.example/y\tv1.0.1\th1:y=\ndep\tb.example/z\tv1.0.0\n=>\t./z\t\n";
    let found = one("widget.tar.gz", &list(ListKind::Go, text)).unwrap();
    assert_eq!(found.path, "widget.tar.gz:bin/widget");
    let lock = found.lock.unwrap();
    assert_eq!(lock.ecosystem(), Ecosystem::Golang);
    let covered: Vec<_> = lock.covered().map(|it| format!("{} {}", it.name, it.version)).collect();
    assert_eq!(covered, ["b.example/x v1.0.0", "c.example/y v1.0.1", "stdlib 1.26.0"]);
    let paths: Vec<_> = lock.packages().iter().filter(|it| it.origin == Origin::Path).collect();
    assert_eq!(paths.len(), 1);
}

#[test]
fn the_module_that_a_go_program_is_of_is_asked_about_where_it_has_a_version() {
    let names = |version: &str| -> Vec<String> {
        let text = format!("go1.26.0\npath\tx\nmod\tgolang.org/x/text\t{version}\n");
        let lock = one("widget", &list(ListKind::Go, &text)).unwrap().lock.unwrap();
        assert!(lock.not_covered(None).is_empty());
        lock.covered().map(|it| format!("{} {}", it.name, it.version)).collect()
    };
    assert_eq!(names("v0.3.4"), ["golang.org/x/text v0.3.4", "stdlib 1.26.0"]);
    for none in ["(devel)\t", ""] {
        assert_eq!(names(none), ["stdlib 1.26.0"]);
    }
}

#[test]
fn a_toolchain_is_written_as_advisories_write_it() {
    for (go, version) in [
        ("go1.26.0", Some("1.26.0")),
        ("go1.20", Some("1.20.0")),
        ("go1.23rc1", Some("1.23.0-rc.1")),
        ("go1.22.1 X:boringcrypto", Some("1.22.1")),
        ("devel go1.23-abcdef", None),
        ("go1", None),
        ("go1.22.1-vendor", None),
        ("", None),
    ] {
        assert_eq!(toolchain(go).as_deref(), version, "{go}");
    }
}

#[test]
fn a_rust_program_holds_what_is_not_only_for_building() {
    let text = "{\"packages\":[\
        {\"name\":\"cc\",\"version\":\"1.0.0\",\"source\":\"registry\",\"kind\":\"build\"},\
        {\"name\":\"far\",\"version\":\"0.1.0\",\"source\":\"git\"},\
        {\"name\":\"widget\",\"version\":\"1.2.3\",\"source\":\"local\",\"root\":true,\"dependencies\":[1]}]}";
    let lock = one("widget", &list(ListKind::CargoAuditable, text)).unwrap().lock.unwrap();
    assert_eq!(lock.packages().iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["far", "widget"]);
    let not_covered = lock.not_covered(None);
    assert_eq!(not_covered.iter().map(|it| it.package.as_str()).collect::<Vec<_>>(), ["far"]);
}

#[test]
fn a_list_that_cannot_be_read_is_said_and_one_of_no_packages_is_none() {
    let why = one("widget", &list(ListKind::Go, "go1.22\nstrange\tline\n")).unwrap().lock.unwrap_err();
    assert!(why.contains("strange"), "{why}");
    assert!(one("widget", &list(ListKind::CargoAuditable, "{}")).unwrap().lock.is_err());
    assert!(one("widget.tgz", &list(ListKind::Npm, "{}")).is_none());
}

#[test]
fn a_list_that_is_there_and_cannot_be_had_is_said_and_what_else_was_not_read_is_not() {
    let unopened = |member: &str, why: &str| Unopened { member: member.to_owned(), why: why.to_owned() };
    for why in ["its list of packages cannot be decompressed", "its build information is cut short"] {
        let found = unread("widget.tar.gz", &unopened("bin/widget", why)).unwrap();
        assert_eq!((found.path.as_str(), found.lock), ("widget.tar.gz:bin/widget", Err(why.to_owned())));
    }
    assert!(unread("a.tar", &unopened("", "it is cut short")).is_none());
}

/// What the lists of one kind in a file select, each behind its path.
fn selected(name: &str, kind: ListKind, member: &str, text: &str) -> Vec<String> {
    let list = BuildList { member: member.to_owned(), ..list(kind, text) };
    let of_one = |found: TreeLock| {
        let rows = match found.lock {
            Ok(lock) => lock.covered().map(|it| format!("{} {}", it.name, it.version)).collect::<Vec<_>>(),
            Err(why) => vec![why],
        };
        format!("{}: {}", found.path, rows.join(", "))
    };
    locks(name, &list, "v1.0.0").into_iter().map(of_one).collect()
}

#[test]
fn what_a_package_bundles_is_asked_about_and_the_package_itself_is_not() {
    let metadata = |name: &str, version: &str| format!("Name: {name}\nVersion: {version}\n");
    let python = |name: &str, version: &str| {
        let member = format!("{name}-{version}.dist-info/METADATA");
        selected("my_widget-1.0.0-py3-none-any.whl", ListKind::Python, &member, &metadata(name, version))
    };
    assert_eq!(python("My.Widget", "1.0.0"), [""; 0]);
    let other = "my_widget-1.0.0-py3-none-any.whl:Jinja2-3.1.2.dist-info/METADATA: jinja2 3.1.2";
    assert_eq!(python("Jinja2", "3.1.2"), [other]);
    let nested = |kind, name: &str, rows: &str| selected(name, kind, "", rows);
    let rows = "lodash\t4.17.20\n@s/a\t1.0.0\n";
    assert_eq!(nested(ListKind::NpmBundled, "w.tgz", rows), ["w.tgz:bundled: @s/a 1.0.0, lodash 4.17.20"]);
    assert_eq!(nested(ListKind::PythonBundled, "w.whl", "B_c\t1\n"), ["w.whl:bundled: b-c 1"]);
    let rows = "Monolog/Monolog\t1.8.0\n";
    let installed = ["w.zip:bundled: monolog/monolog 1.8.0"];
    assert_eq!(nested(ListKind::ComposerBundled, "w.zip", rows), installed);
    let rows = "Newtonsoft.Json\t12.0.3\n";
    assert_eq!(nested(ListKind::NugetBundled, "w.zip", rows), ["w.zip:bundled: newtonsoft.json 12.0.3"]);
    let own = "org.acme:widget\t1.0.0\n";
    assert_eq!(nested(ListKind::MavenBundled, "widget-1.0.0.jar", own), [""; 0]);
    let both = format!("{own}org.x:core\t2.14.0\n");
    let found = ["widget-1.0.0-all.jar:bundled: org.x:core 2.14.0"];
    assert_eq!(nested(ListKind::MavenBundled, "widget-1.0.0-all.jar", &both), found);
    let bad = nested(ListKind::NpmBundled, "w.tgz", "a b\t1\n");
    assert!(bad[0].contains("impossible package name"), "{bad:?}");
}

#[test]
fn packages_that_are_archives_are_told_once_and_other_archives_are_not() {
    let nested = |member: &str, why: &str| Unopened { member: member.to_owned(), why: why.to_owned() };
    let why = "it is an archive in an archive, which is not looked into";
    let unread =
        ["lib/core-2.0.jar", "lib/x-1.jar", "data.zip", "src/test/resources/y.jar"].map(|it| nested(it, why));
    let found = packed("app.war", &unread).unwrap();
    let told = "it bundles packages that are archives, which are not looked into: core-2.0.jar, x-1.jar";
    assert_eq!((found.path.as_str(), found.lock), ("app.war:bundled", Err(told.to_owned())));
    assert!(packed("app.war", &unread[2..]).is_none());
    assert!(packed("app.war", &[nested("lib/x.jar", "it cannot be unpacked")]).is_none());
}

#[test]
fn a_file_that_is_called_after_another_package_does_not_make_it_the_releases_own() {
    let of = |ecosystem, file: &str, name: &str, version: &str, tag: &str| {
        is_own(file, ecosystem, &Ok(Package { name: name.to_owned(), version: version.to_owned() }), tag)
    };
    let own = |file, name, version, tag| of(Ecosystem::Maven, file, name, version, tag);
    assert!(own("core-1.0.0.jar", "core", "1.0.0", "core-v1.0.0"));
    assert!(of(Ecosystem::Pypi, "w_x-1.0.0rc1-py3-none-any.whl", "w-x", "1.0.0rc1", "v1.0.0-rc.1"));
    for (file, name, version, tag) in [
        ("core-2.14.0.jar", "core", "2.14.0", "v1.0.0"),
        ("core-2.14.0.jar", "core", "2.14.0", "v12.14.0"),
        ("core-extra-1.0.0.jar", "core", "1.0.0", "v1.0.0"),
        ("core-1.0.01.jar", "core", "1.0.0", "v1.0.0"),
    ] {
        assert!(!own(file, name, version, tag), "{file} {tag}");
    }
}

#[test]
fn lock_files_and_bills_of_materials_in_packages_are_read_as_those_of_a_tag() {
    let crate_lock = "version = 4\n\n[[package]]\nname = \"time\"\nversion = \"0.1.43\"\n\
                      source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let member = "w-1.0.0/Cargo.lock";
    assert_eq!(
        selected("w.crate", ListKind::Lock, member, crate_lock),
        [format!("w.crate:{member}: time 0.1.43")]
    );
    let cut = selected("w.crate", ListKind::Lock, member, "[[package]]\n");
    assert!(cut[0].starts_with("w.crate:w-1.0.0/Cargo.lock: ") && cut[0].contains("Cargo.lock"), "{cut:?}");
    let bill = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
        {"type":"library","name":"a","version":"1.0.0","purl":"pkg:npm/a@1.0.0"}]}"#;
    let member = "w-1.0.0.dist-info/sboms/x.cdx.json";
    assert_eq!(selected("w.whl", ListKind::Bill, member, bill), [format!("w.whl:{member} (npm): a 1.0.0")]);
    let other = selected("w.whl", ListKind::Bill, "w-1.0.0.dist-info/sboms/x.xml", "<bom/>");
    assert!(other[0].contains("as a bill of materials the file is not readable"), "{other:?}");
}

#[test]
fn a_crate_is_the_one_folder_of_its_lock_file_that_is_its_own() {
    let package = |name: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n\n");
    let text = format!("version = 4\n\n{}{}", package("other"), package("w"));
    let list = BuildList { member: "w-1.0.0/Cargo.lock".to_owned(), ..list(ListKind::Lock, &text) };
    let lock = one("w-1.0.0.crate", &list).unwrap().lock.unwrap();
    let told: Vec<_> = lock.not_covered(Some(&BTreeSet::new())).into_iter().map(|it| it.package).collect();
    assert_eq!(told, ["other"]);
}
