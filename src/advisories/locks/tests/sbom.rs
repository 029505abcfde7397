//! Bills of materials.

use super::{covered, not_covered};
use crate::advisories::locks::{
    Fault, LOCK_LIMIT,
    sbom::{Sbom, is_named, parse},
};

const CYCLONEDX: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
    {"type":"library","name":"a","version":"1.0.0","purl":"pkg:npm/%40s/a@1.0.0","components":[
        {"type":"library","name":"b","purl":"pkg:pypi/B_c@2.0"}]},
    {"type":"library","name":"g","purl":"pkg:golang/example.com/M/g@v1.2.3#sub"},
    {"type":"library","name":"m","purl":"pkg:maven/g.x/a@3?type=jar"},
    {"type":"library","name":"f","version":"4","purl":"pkg:cargo/f@4.0.0?vcs_url=git%2Bhttps://example.com/f"},
    {"type":"library","name":"n","purl":"pkg:npm/n"},
    {"type":"file","name":"readme"},
    {"type":"file","name":"z.gem","purl":"pkg:gem/z@9"},
    {"type":"library","name":"d","version":"5","purl":"pkg:deb/debian/d@5"},
    {"type":"library","name":"plain","version":"6"}]}"#;

const SPDX: &str = r#"{"spdxVersion":"SPDX-2.3","documentDescribes":["SPDXRef-root"],"packages":[
    {"SPDXID":"SPDXRef-root","name":"release"},
    {"SPDXID":"x","name":"a","versionInfo":"1.0.0","externalRefs":[
        {"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"cpe"},
        {"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:gem/a@1.0.0"},
        {"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/a@0.9.0"}]},
    {"SPDXID":"y","name":"b","versionInfo":"2"}]}"#;

fn rows(sbom: &Sbom) -> (Vec<String>, Vec<String>) {
    let of_locks = sbom.locks.iter().flat_map(|lock| {
        covered(lock).into_iter().map(|row| format!("{} {row}", lock.ecosystem())).collect::<Vec<_>>()
    });
    let unknown = sbom.locks.iter().flat_map(not_covered);
    let others = sbom.others.iter().map(|it| format!("{} {}: {}", it.package, it.version, it.why));
    (of_locks.collect(), unknown.chain(others).collect())
}

#[test]
fn components_count_by_their_package_urls_and_all_others_are_said() {
    let (found, unknown) = rows(&parse(CYCLONEDX.as_bytes()).unwrap());
    assert_eq!(
        found,
        ["golang example.com/M/g v1.2.3", "pypi b-c 2.0", "npm @s/a 1.0.0", "gem z 9", "maven g.x:a 3"]
    );
    assert_eq!(
        unknown,
        [
            "f 4.0.0: from the git repository git+https://example.com/f",
            "n : no version is selected",
            "d 5: no advisories for packages of type deb",
            "plain 6: it has no package url",
        ]
    );
    let (found, unknown) = rows(&parse(SPDX.as_bytes()).unwrap());
    assert_eq!(found, ["npm a 0.9.0", "gem a 1.0.0"]);
    assert_eq!(unknown, ["release : it has no package url", "b 2: it has no package url"]);
}

#[test]
fn what_is_no_bill_of_materials_or_a_newer_one_is_refused() {
    for text in [CYCLONEDX, SPDX] {
        for part in 0..16 {
            assert!(parse(&text.as_bytes()[..text.len() * part / 16]).is_err());
        }
    }
    let version = |found: &str, known| Fault::UnknownVersion { found: found.to_owned(), known };
    let newer = CYCLONEDX.replace("\"1.6\"", "\"2.0\"");
    assert_eq!(parse(newer.as_bytes()), Err(version("2.0", "1.2 to 1.7 (CycloneDX)")));
    let newer = SPDX.replace("SPDX-2.3", "SPDX-3.0");
    assert_eq!(parse(newer.as_bytes()), Err(version("SPDX-3.0", "SPDX-2.2 and SPDX-2.3")));
    let twice = CYCLONEDX.replacen("\"name\":\"a\"", "\"name\":\"a\",\"name\":\"z\"", 1);
    assert!(matches!(parse(twice.as_bytes()), Err(Fault::Duplicate(_))));
    let empty = b"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[]}";
    assert_eq!(parse(empty), Err(Fault::NoPackages));
    assert!(matches!(parse(b"{\"@context\":\"https://spdx.org/rdf/3.0.1\"}"), Err(Fault::Malformed { .. })));
    assert_eq!(parse("[".repeat(1 << 16).as_bytes()), Err(Fault::TooDeep));
    assert_eq!(parse(&vec![b' '; LOCK_LIMIT + 1]), Err(Fault::TooLarge));
    assert_eq!(parse(b"\xff"), Err(Fault::NotText));
}

#[test]
fn bills_of_materials_are_known_by_their_names() {
    for name in ["x.cdx.json", "x.spdx.json", "bom.json", "x-SBOM.json", "sbom-linux.json"] {
        assert!(is_named(name), "{name}");
    }
    for name in ["package.json", "x.json", "sbom.txt", "x.sigstore.json"] {
        assert!(!is_named(name), "{name}");
    }
}

/// What a bill of materials with one package URL lists, and what nothing is known about.
fn of_purl(purl: &str) -> (Vec<String>, Vec<String>) {
    let text = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{{\"name\":\"x\",\"purl\":\"{purl}\"}}]}}"
    );
    rows(&parse(text.as_bytes()).unwrap())
}

#[test]
fn a_package_url_comes_to_the_name_that_databases_know_however_it_is_spelt() {
    for (purls, row) in [
        (&["golang/std@1.20.0", "golang/std@v1.20.0", "golang/stdlib@go1.20.0"][..], "golang stdlib v1.20.0"),
        (&["npm/lodash/@1", "npm//lodash@1", "npm/./lodash@1", "npm/lodash%2F@1"], "npm lodash 1"),
        (&["npm/%40s/a@1", "npm/@s/a@1", "npm/%40s%2Fa@1"], "npm @s/a 1"),
        (&["nuget/Newtonsoft.Json/@1"], "nuget newtonsoft.json 1"),
        (&["golang/golang.org/x/text/@v1", "golang/golang.org%2Fx%2Ftext@v1"], "golang golang.org/x/text v1"),
        (&["composer/symfony//http@1", "composer/Symfony/Http@1"], "composer symfony/http 1"),
        (&["hex/Plug@1"], "hex plug 1"),
        (&["maven/g.x/a@1", "maven/g.x%3Aa@1"], "maven g.x:a 1"),
    ] {
        for purl in purls {
            assert_eq!(of_purl(&format!("pkg:{purl}")), (vec![row.to_owned()], vec![]), "{purl}");
        }
    }
    let both = vec!["npm Lodash 1".to_owned(), "npm lodash 1".to_owned()];
    assert_eq!(of_purl("pkg:npm/Lodash@1"), (both, vec![]));
}

#[test]
fn a_name_that_no_package_of_its_ecosystem_can_have_is_not_covered() {
    for (purl, kind, name) in [
        ("npm/scope/pkg@1", "npm", "scope/pkg"),
        ("npm/@pkg@1", "npm", "@pkg"),
        ("maven/org/apache.x/core@1", "maven", "org/apache.x/core"),
        ("maven/core@1", "maven", "core"),
        ("composer/http@1", "composer", "http"),
        ("cargo/a/b@1", "cargo", "a/b"),
        ("pypi/a/b@1", "pypi", "a/b"),
        ("gem/./@1", "gem", "(unnamed)"),
    ] {
        let why = format!("{name} 1: no package of {kind} can have this name");
        assert_eq!(of_purl(&format!("pkg:{purl}")), (vec![], vec![why]), "{purl}");
    }
    let private = "acme/plug 1: from another registry, that of the organisation acme".to_owned();
    assert_eq!(of_purl("pkg:hex/acme/plug@1"), (vec![], vec![private]));
}

#[test]
fn what_is_listed_below_the_release_itself_counts() {
    let text = CYCLONEDX.replacen(
        "\"components\"",
        "\"metadata\":{\"component\":{\"name\":\"app\",\"purl\":\"pkg:npm/app@1\",\"components\":[{\"name\":\"q\",\"purl\":\"pkg:npm/q@7\"}]}},\"components\"",
        1,
    );
    let (found, _) = rows(&parse(text.as_bytes()).unwrap());
    assert!(found.contains(&"npm q 7".to_owned()) && !found.contains(&"npm app 1".to_owned()), "{found:?}");
}

#[test]
fn every_name_of_the_go_toolchain_is_that_of_its_library() {
    for (purl, row) in [
        ("golang/std@1.26.0", "golang stdlib v1.26.0"),
        ("golang/go@1.18", "golang stdlib v1.18.0"),
        ("golang/go@go1.26.1", "golang stdlib v1.26.1"),
        ("golang/toolchain@v1.26.1", "golang stdlib v1.26.1"),
        ("golang/golang.org/toolchain@v0.0.1-go1.18.linux-amd64", "golang stdlib v1.18.0"),
        ("golang/golang.org/toolchain@v0.0.1-go1.26.1.linux-amd64", "golang stdlib v1.26.1"),
        ("golang/golang.org/x/go@v1.18", "golang golang.org/x/go v1.18"),
    ] {
        let text = format!(
            "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{{\"type\":\"library\",\"name\":\"x\",\"purl\":\"pkg:{purl}\"}}]}}"
        );
        assert_eq!(rows(&parse(text.as_bytes()).unwrap()).0, [row], "{purl}");
    }
}
