//! Bills of materials.

use super::{covered, not_covered};
use crate::advisories::locks::{
    Fault, LOCK_LIMIT,
    sbom::{Form, Sbom, form, is_named, is_of_other_form, parse},
    tree::{self, File},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::collections::BTreeMap;

const CYCLONEDX: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
    {"type":"library","name":"a","version":"1.0.0","purl":"pkg:npm/%40s/a@1.0.0","components":[
        {"type":"library","name":"b.C","purl":"pkg:pypi/B_c@2.0"}]},
    {"type":"library","name":"g","purl":"pkg:golang/example.com/M/g@v1.2.3#sub"},
    {"type":"library","name":"a","purl":"pkg:maven/g.x/a@3?type=jar"},
    {"type":"library","name":"f","version":"4.0.0","purl":"pkg:cargo/f@4.0.0?vcs_url=git%2Bhttps://example.com/f"},
    {"type":"library","name":"n","purl":"pkg:npm/n"},
    {"type":"file","name":"readme"},
    {"type":"file","name":"z","purl":"pkg:gem/z@9"},
    {"type":"library","name":"d","version":"5","purl":"pkg:deb/debian/d@5"},
    {"type":"library","name":"plain","version":"6"}]}"#;

const SPDX: &str = r#"{"spdxVersion":"SPDX-2.3","documentDescribes":["SPDXRef-root"],"packages":[
    {"SPDXID":"SPDXRef-root","name":"release"},
    {"SPDXID":"x","name":"a","versionInfo":"1.0.0","externalRefs":[
        {"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"cpe"},
        {"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:gem/a@1.0.0"},
        {"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/a@1.0.0"}]},
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
    assert_eq!(found, ["npm a 1.0.0", "gem a 1.0.0"]);
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

/// What a bill of materials with one package URL lists, and what nothing is known about but for its component's name.
fn of_purl(purl: &str) -> (Vec<String>, Vec<String>) {
    let text = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{{\"name\":\"x\",\"purl\":\"{purl}\"}}]}}"
    );
    let (found, unknown) = rows(&parse(text.as_bytes()).unwrap());
    (found, unknown.into_iter().filter(|row| !row.contains("calls itself x")).collect())
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
fn every_name_of_the_go_toolchain_is_that_of_its_library_and_some_of_its_commands_too() {
    for (purl, expected) in [
        ("golang/std@1.26.0", &["golang stdlib v1.26.0"][..]),
        ("golang/stdlib@1.22.5", &["golang stdlib v1.22.5"]),
        ("golang/go@1.18", &["golang stdlib v1.18.0", "golang toolchain v1.18.0"]),
        ("golang/go@go1.26.1", &["golang stdlib v1.26.1", "golang toolchain v1.26.1"]),
        ("golang/toolchain@1.22.5", &["golang stdlib v1.22.5", "golang toolchain v1.22.5"]),
        ("golang/toolchain@v1.26.1", &["golang stdlib v1.26.1", "golang toolchain v1.26.1"]),
        (
            "golang/golang.org/toolchain@v0.0.1-go1.18.linux-amd64",
            &["golang stdlib v1.18.0", "golang toolchain v1.18.0"],
        ),
        ("golang/golang.org/x/go@v1.18", &["golang golang.org/x/go v1.18"]),
    ] {
        let text = format!(
            "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{{\"type\":\"library\",\"name\":\"x\",\"purl\":\"pkg:{purl}\"}}]}}"
        );
        assert_eq!(rows(&parse(text.as_bytes()).unwrap()).0, expected, "{purl}");
    }
}

#[test]
fn the_platform_of_a_gem_is_no_part_of_its_version() {
    for purl in
        ["gem/nokogiri@1.15.0-java", "gem/nokogiri@1.15.0-arm64-darwin", "gem/nokogiri@1.15.0?platform=java"]
    {
        assert_eq!(
            of_purl(&format!("pkg:{purl}")),
            (vec!["gem nokogiri 1.15.0".to_owned()], vec![]),
            "{purl}"
        );
    }
    let pre = "gem nokogiri 1.15.0.rc1".to_owned();
    assert_eq!(of_purl("pkg:gem/nokogiri@1.15.0.rc1"), (vec![pre], vec![]));
    let why = "nokogiri 1.15.0-beta: what stands behind its number is no platform that is known".to_owned();
    assert_eq!(of_purl("pkg:gem/nokogiri@1.15.0-beta"), (vec![], vec![why]));
    assert_eq!(of_purl("pkg:npm/a@1.15.0-java"), (vec!["npm a 1.15.0-java".to_owned()], vec![]));
}

#[test]
fn a_component_that_calls_itself_something_else_is_looked_up_and_not_covered() {
    let of = |name: &str, version: &str| {
        let text = format!(
            "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{{\"name\":\"{name}\",\"version\":\"{version}\",\"purl\":\"pkg:npm/a@1.0.1\"}}]}}"
        );
        rows(&parse(text.as_bytes()).unwrap())
    };
    let found = vec!["npm a 1.0.1".to_owned()];
    assert_eq!(of("a", "1.0.1"), (found.clone(), vec![]));
    for (name, version) in [("a", "1.0.0"), ("b", "1.0.1")] {
        let why = "the bill of materials says two things: the component calls itself";
        assert_eq!(of(name, version), (found.clone(), vec![format!("a 1.0.1: {why} {name} {version}")]));
    }
    let spdx = SPDX.replacen("\"versionInfo\":\"1.0.0\"", "\"versionInfo\":\"0.9.0\"", 1);
    let (_, unknown) = rows(&parse(spdx.as_bytes()).unwrap());
    let told = unknown.iter().filter(|row| row.ends_with("calls itself a 0.9.0"));
    assert_eq!(told.count(), 2, "{unknown:?}");
}

#[test]
fn what_a_bill_of_materials_refers_to_and_does_not_list_is_not_covered() {
    let cyclonedx = |more: &str| {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{{"component":{{"name":"w","bom-ref":"root"}}}},
            "components":[{{"name":"a","version":"1","bom-ref":"r1","purl":"pkg:npm/a@1"}}],{more}}}"#
        );
        rows(&parse(text.as_bytes()).unwrap()).1
    };
    let listed = r#""dependencies":[{"ref":"root","dependsOn":["r1","pkg:npm/a@1"]},{"ref":"r1"}],
        "externalReferences":[{"type":"vcs","url":"https://example.com"}]"#;
    assert_eq!(cyclonedx(listed), [""; 0]);
    let other = r#""dependencies":[{"ref":"root","dependsOn":["r2","urn:cdx:1/1#x"]}],
        "externalReferences":[{"type":"bom","url":"https://example.com/b"}]"#;
    let another = "it is another bill of materials, which is not read";
    let told = [
        format!("https://example.com/b : {another}"),
        "r2 : it is referred to, and not listed".to_owned(),
        format!("urn:cdx:1/1#x : {another}"),
    ];
    assert_eq!(cyclonedx(other), told);
    let spdx = |more: &str| {
        let text = SPDX.replacen("\"documentDescribes\"", &format!("{more},\"documentDescribes\""), 1);
        rows(&parse(text.as_bytes()).unwrap())
            .1
            .into_iter()
            .filter(|row| !row.contains("url"))
            .collect::<Vec<_>>()
    };
    let relation = |to: &str| {
        format!(
            r#""relationships":[{{"spdxElementId":"x","relationshipType":"DEPENDS_ON","relatedSpdxElement":"{to}"}}]"#
        )
    };
    for known in ["y", "NONE", "NOASSERTION", "SPDXRef-DOCUMENT"] {
        assert_eq!(spdx(&relation(known)), [""; 0], "{known}");
    }
    assert_eq!(spdx(&relation("z")), ["z : it is referred to, and not listed"]);
    assert_eq!(spdx(&relation("DocumentRef-o:z")), [format!("DocumentRef-o:z : {another}")]);
    let document = r#""externalDocumentRefs":[{"externalDocumentId":"DocumentRef-o","spdxDocument":"https://example.com/o"}]"#;
    assert_eq!(spdx(document), [format!("https://example.com/o : {another}")]);
}

#[test]
fn bills_of_materials_in_other_forms_and_under_other_names_are_known() {
    for name in [
        "w.cdx.xml",
        "w.spdx",
        "W.SPDX",
        "w.spdx.rdf",
        "w.spdx.rdf.xml",
        "bom.xml",
        "w.cdx.json.gz",
        "w.spdx.zst",
        "sbom.json.xz",
        "w-sbom.xml",
        "w.spdx.yaml",
    ] {
        assert!(is_of_other_form(name) && !is_named(name), "{name}");
    }
    for name in [
        "w.cdx.pb",
        "w.cdx.jsonl",
        "w.spdx.jsonld",
        "w.spdx3.json",
        "w.syft.json",
        "w.sbom",
        "w-sbom.yaml",
        "w.spdx.txt",
        "w-sbom.tar.gz",
        "sboms.zip",
        "w.swidtag",
        "w.bom",
    ] {
        assert!(is_of_other_form(name) && !is_named(name), "{name}");
    }
    for name in [
        "w.xml",
        "w.json.gz",
        "w.tar.gz",
        "w.spdx.json",
        "w.spdx.asc",
        "w.cdx.xml.sig",
        "syft.tar.gz",
        "bom-linux-amd64",
        "sbom-tool.zip",
        "spdx.json",
        "w.cdx.json.sigstore.json",
    ] {
        assert!(!is_of_other_form(name), "{name}");
    }
    for (name, text, is) in [
        ("w-spdx-2.3.json", Some(SPDX), Some(Form::Document)),
        ("dependencies.json", Some(CYCLONEDX), Some(Form::Document)),
        ("x.txt", Some(SPDX), Some(Form::Document)),
        ("w.sbom", Some(CYCLONEDX), Some(Form::Document)),
        ("w.sbom", Some("?"), Some(Form::Other)),
        ("w.cdx.json", Some("?"), Some(Form::Document)),
        ("x.json", Some(r#"{"bomFormat":"CycloneDX","bomFormat":1}"#), Some(Form::Document)),
        ("x.txt", Some("# made by\nSPDXVersion: SPDX-2.3\n"), Some(Form::Other)),
        ("x.xml", Some("<bom xmlns='http://cyclonedx.org/schema/bom/1.5'/>"), Some(Form::Other)),
        ("x.json", Some(r#"[{"bomFormat":"CycloneDX"}]"#), Some(Form::Other)),
        ("x.jsonl", Some("{}\n{\"bomFormat\":1,}\n"), Some(Form::Lines)),
        ("x.jsonl", Some("{}\n{\n\"bomFormat\":1}\n"), Some(Form::Document)),
        ("x.jsonl", Some("{}\n{\"a\":1,}\n"), None),
        ("w-spdx-2.3.json", None, Some(Form::Document)),
        ("spdx-licences.json", Some(r#"{"licenses":[]}"#), None),
        ("codemeta.json", Some(r#"{"@context":"x","license":"https://spdx.org/licenses/MIT"}"#), None),
        ("x.txt", Some("As of SPDXVersion: 2.3\nSPDXVersion: SPDX-2.3\n"), None),
        ("x.xml", Some("<project><bom/></project>"), None),
        ("config.json", None, None),
    ] {
        assert_eq!(form(name, text.map(str::as_bytes)), is, "{name} {text:?}");
    }
}

/// What is published in a file, each list with what it selects or why it is not covered.
fn published(name: &str, text: &str) -> Vec<String> {
    let file = File { sha256: None, bytes: Ok(text.as_bytes()) };
    let found = tree::published(&BTreeMap::from([(name, file)]), &mut tree::Room::beside(&[]));
    let told = |it: tree::TreeLock| match it.lock {
        Ok(lock) => format!("{}: {}", it.path, covered(&lock).join(", ")),
        Err(why) => format!("{}: {why}", it.path),
    };
    found.into_iter().map(told).collect()
}

const ONE: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[
    {"bom-ref":"l","name":"lodash","version":"4.17.20","purl":"pkg:npm/lodash@4.17.20"}]}"#;

fn statement(kind: &str) -> String {
    format!(
        r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"{kind}","predicate":{ONE}}}"#
    )
}

fn envelope(statement: &str) -> String {
    format!(
        r#"{{"payloadType":"application/vnd.in-toto+json","payload":"{}","signatures":[]}}"#,
        STANDARD.encode(statement)
    )
}

#[test]
fn a_bill_of_materials_in_an_answer_a_statement_or_an_envelope_is_read() {
    let of_kind = statement("https://cyclonedx.org/bom");
    let bundle = format!(r#"{{"mediaType":"x","dsseEnvelope":{}}}"#, envelope(&of_kind));
    for text in [
        format!(r#"{{"sbom":{ONE}}}"#),
        of_kind.clone(),
        statement("https://example.com/any"),
        envelope(&of_kind),
        bundle,
    ] {
        assert_eq!(published("x.intoto.json", &text), ["x.intoto.json (npm): lodash 4.17.20"], "{text}");
    }
    let lines = format!("{}\n{}\n", envelope(&of_kind).replace('\n', ""), ONE.replace('\n', ""));
    let row = "x.jsonl (npm): lodash 4.17.20";
    assert_eq!(published("x.jsonl", &lines), [row, row]);
    let other = r#"{"_type":"x","predicateType":"https://slsa.dev/provenance/v1","predicate":{}}"#;
    for near in [other.to_owned(), envelope(other), format!("{other}\n{other}\n")] {
        assert_eq!(published("x.intoto.jsonl", &near), [""; 0], "{near}");
    }
    // A signature over one is none, whatever it is called.
    assert_eq!(published("w.sbom.json.sigstore.json", r#"{"messageSignature":{}}"#), [""; 0]);
    let old = r#"{"_type":"x","predicateType":"https://cyclonedx.org/bom","predicate":{"Data":"?"}}"#;
    let why = "as a bill of materials the file is malformed: the document is not a bill of materials in CycloneDX or SPDX 2";
    assert_eq!(published("x.json", old), [format!("x.json: {why}")]);
}

#[test]
fn a_bill_of_materials_in_another_form_is_named_by_what_it_says() {
    let why = "it is a bill of materials in a form that is not read; read are CycloneDX and SPDX 2 as JSON";
    let spdx3 = r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}"#;
    let syft = r#"{"artifacts":[{"name":"lodash"}],"artifactRelationships":[]}"#;
    for (name, text) in [("x.json", spdx3), ("x.jsonld", spdx3), ("w.spdx.jsonld", "?"), ("x.json", syft)] {
        assert_eq!(published(name, text), [format!("{name}: {why}")]);
    }
    let many = "{\"bomFormat\":1}\n".repeat(65);
    let told = published("x.jsonl", &many);
    assert_eq!((told.len(), told[64].as_str()), (65, "x.jsonl: it holds more than 64 bills of materials"));
}

#[test]
fn what_a_bill_of_materials_says_against_itself_is_said() {
    let of = |more: &str| published("w.cdx.json", &format!("{},{more}}}", &ONE[..ONE.len() - 1]));
    let row = "w.cdx.json (npm): lodash 4.17.20";
    let analysed =
        |state: &str| format!(r#""vulnerabilities":[{{"id":"CVE-1","analysis":{{"state":"{state}"}}}}]"#);
    for open in ["exploitable", "in_triage", "anything"] {
        let why = format!("w.cdx.json: it says itself that 1 vulnerability is open: CVE-1 ({open})");
        assert_eq!(of(&analysed(open)), [row, &why]);
    }
    let why = "w.cdx.json: it says itself that 2 vulnerabilities are open: CVE-2 (not analysed), (no id) (not analysed)";
    assert_eq!(of(r#""vulnerabilities":[{"id":"CVE-2"},{}]"#), [row, why]);
    for closed in ["false_positive", "not_affected", "resolved", "resolved_with_pedigree"] {
        assert_eq!(of(&analysed(closed)), [row]);
    }
    assert_eq!(of(r#""vulnerabilities":[{"id":"CVE-3","rejected":"2024-01-01T00:00:00Z"}]"#), [row]);
    let listed = |how: &str| format!(r#""compositions":[{{"aggregate":"{how}","dependencies":["l"]}}]"#);
    for lacking in ["incomplete", "incomplete_first_party_only", "anything"] {
        let why = format!("w.cdx.json: it says itself that it is not complete: {lacking}");
        assert_eq!(of(&listed(lacking)), [row, &why]);
    }
    for silent in ["complete", "unknown", "not_specified"] {
        assert_eq!(of(&listed(silent)), [row]);
    }
    assert_eq!(of(r#""compositions":[{"aggregate":"incomplete","vulnerabilities":["v"]}]"#), [row]);
}
