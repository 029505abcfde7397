//! Entries that name one package and hold the files of another, and those that want what is not listed.

use super::{covered, go::tree_of, not_covered, own, read};
use crate::advisories::locks::{Fault, LockError, tree};

/// A `composer.lock` with packages that were taken from the registry.
fn composer(packages: &[&str]) -> String {
    let told = concat!("\"notification-url\":\"https://", "packagist", ".org/downloads/\"");
    let packages: Vec<String> =
        packages.iter().map(|it| format!("{{\"version\":\"1.0.0\",{told},{it}}}")).collect();
    format!(
        "{{\"content-hash\":\"0\",\"packages\":[{}],\"plugin-api-version\":\"2.6.0\"}}",
        packages.join(",")
    )
}

fn archive(url: &str) -> String {
    format!("\"dist\":{{\"type\":\"zip\",\"url\":\"{url}\",\"reference\":\"f0e\"}}")
}

fn repository(url: &str) -> String {
    format!("\"source\":{{\"type\":\"git\",\"url\":\"{url}\",\"reference\":\"f0e\"}}")
}

#[test]
fn a_package_of_composer_whose_files_are_those_of_another_is_not_covered() {
    let guzzle = "https://api.github.com/repos/guzzle/guzzle/zipball/f0e";
    let one = |name: &str, places: &[String]| {
        let text = composer(&[&format!("\"name\":\"{name}\",{}", places.join(","))]);
        let lock = read("composer.lock", &text).unwrap();
        (covered(&lock), not_covered(&lock))
    };
    for (name, places) in [
        ("guzzlehttp/guzzle", vec![archive(guzzle)]),
        ("guzzlehttp/guzzle", vec![archive(guzzle), repository("https://github.com/guzzle/guzzle.git")]),
        ("nikic/php-parser", vec![archive("https://api.github.com/repos/nikic/PHP-Parser/zipball/f0e")]),
        (
            "league/uri",
            vec![archive(
                "https://gitlab.com/api/v4/projects/thephpleague%2Furi/repository/archive.zip?sha=f0e",
            )],
        ),
        ("sebastian/diff", vec![repository("https://github.com/sebastianbergmann/diff.git")]),
    ] {
        assert_eq!(one(name, &places).0, [format!("{name} 1.0.0")], "{places:?}");
    }
    let elsewhere = "https://evil.example/guzzle-6.0.0.zip";
    for (name, places, why) in [
        ("acme/safe", vec![archive(elsewhere)], format!("its files are those of {elsewhere}")),
        (
            "guzzlehttp/guzzle",
            vec![archive(elsewhere), repository("https://github.com/guzzle/guzzle.git")],
            format!("its files are those of {elsewhere}"),
        ),
        ("acme/safe", vec![archive(guzzle)], format!("its files are those of {guzzle}")),
        (
            "guzzle/psr7",
            vec![archive(guzzle), repository("https://github.com/guzzle/psr7.git")],
            format!("its files are those of {guzzle}, and its source is another"),
        ),
        ("acme/safe", vec!["\"dist\":null".to_owned()], "it does not say where its files are".to_owned()),
    ] {
        let (found, unknown) = one(name, &places);
        assert_eq!((found, unknown), (vec![], vec![format!("{name} 1.0.0: {why}")]), "{places:?}");
    }
}

#[test]
fn what_a_package_of_composer_requires_is_listed_or_replaced_or_said() {
    let log = archive("https://api.github.com/repos/php-fig/log/zipball/f0e");
    let with = |more: &str| {
        let lock =
            read("composer.lock", &composer(&[&format!("\"name\":\"psr/log\",{log},{more}")])).unwrap();
        not_covered(&lock)
    };
    assert_eq!(
        with("\"require\":{\"guzzlehttp/guzzle\":\"^6\"}"),
        ["guzzlehttp/guzzle : psr/log depends on it, and it is not listed"]
    );
    for listed in [
        "\"require\":{\"php\":\">=8\",\"ext-json\":\"*\"}",
        "\"require\":{\"a/b\":\"*\"},\"provide\":{\"a/b\":\"1\"}",
        "\"require\":{\"A/B\":\"*\"},\"replace\":{\"a/b\":\"1\"}",
        "\"require\":{\"psr/log\":\"*\"},\"replace\":[]",
    ] {
        assert_eq!(with(listed), Vec::<String>::new(), "{listed}");
    }
}

#[test]
fn a_package_of_pnpm_whose_files_are_described_otherwise_is_not_covered() {
    let with = |resolution: &str| {
        let text = format!(
            "lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    resolution: {resolution}\nsnapshots:\n  a@1.0.0: {{}}\n"
        );
        let lock = read("pnpm-lock.yaml", &text).unwrap();
        (covered(&lock), not_covered(&lock))
    };
    assert_eq!(with("{integrity: x}").0, ["a 1.0.0"]);
    for (resolution, key) in [
        ("{type: binary, url: 'https://evil.example/a.tgz', integrity: x}", "type"),
        ("{integrity: x, registry: 'https://evil.example/'}", "registry"),
        ("{type: variations, variants: []}", "type"),
    ] {
        let (found, unknown) = with(resolution);
        assert_eq!(found, Vec::<String>::new());
        assert!(
            unknown[0].starts_with("a 1.0.0: where its files are is said in a way that is not known"),
            "{key} {unknown:?}"
        );
    }
}

#[test]
fn a_dependency_of_yarn_is_answered_as_it_is_asked_for() {
    let one = |listed: &str| {
        let text = format!(
            "# yarn lockfile v1\na@^1:\n  version \"1.0.0\"\n  resolved \"https://registry.yarnpkg.com/a/-/a-1.0.0.tgz\"\n  \
             dependencies:\n    b \"^3.0.0\"\n\n{listed}:\n  version \"3.1.0\"\n  resolved \"https://registry.yarnpkg.com/b/-/b-3.1.0.tgz\"\n"
        );
        not_covered(&read("yarn.lock", &text).unwrap())
    };
    assert_eq!(one("b@^4"), ["b : a asks for ^3.0.0, which no entry is about"]);
    for answered in ["b@^3.0.0", "b@^2, b@^3.0.0", "b@3.1.0"] {
        assert_eq!(one(answered), Vec::<String>::new(), "{answered}");
    }
}

/// A `yarn.lock` of Yarn 4 whose project asks for `a`, with further entries: keys, versions and resolutions.
fn berry(range: &str, entries: &[(&str, &str, &str)]) -> Vec<String> {
    let mut text = format!(
        "__metadata:\n  version: 8\n\n\"w@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"w@workspace:.\"\n  \
         dependencies:\n    a: \"{range}\"\n  linkType: soft\n"
    );
    for (key, version, resolution) in entries {
        let link = if resolution.contains("@workspace:") { "soft" } else { "hard" };
        text.push_str(&format!(
            "\n\"{key}\":\n  version: {version}\n  resolution: \"{resolution}\"\n  linkType: {link}\n"
        ));
    }
    not_covered(&read("yarn.lock", &text).unwrap())
}

#[test]
fn a_dependency_of_newer_yarns_is_answered_as_it_is_asked_for_and_a_patch_by_what_it_patches() {
    let workspace = ("a@workspace:packages/a", "0.0.0-use.local", "a@workspace:packages/a");
    assert_eq!(berry("npm:^1", &[workspace]), ["a : w@workspace:. asks for npm:^1, which no entry is about"]);
    let both = ("a@npm:^1, a@workspace:packages/a", "0.0.0-use.local", "a@workspace:packages/a");
    for (range, entry) in [
        ("workspace:packages/a", workspace),
        ("npm:^1", both),
        ("^1", ("a@npm:^1", "1.0.0", "a@npm:1.0.0")),
        ("npm:^1", ("a@npm:1.0.0", "1.0.0", "a@npm:1.0.0")),
    ] {
        assert_eq!(berry(range, &[entry]), Vec::<String>::new(), "{range}");
    }
    let base = ("a@npm:^1", "1.0.0", "a@npm:1.0.0");
    let patch = |of: &'static str| {
        (format!("a@patch:{of}#./p.patch"), format!("a@patch:{of}#./p.patch::version=1.0.0&hash=1"))
    };
    let (key, resolution) = patch("a@npm%3A1.0.0");
    assert_eq!(berry("npm:^1", &[base, (&key, "1.0.0", &resolution)]), Vec::<String>::new());
    assert_eq!(berry("npm:^1", &[(&key, "1.0.0", &resolution)]), ["a 1.0.0: it is a@npm:1.0.0 with a patch"]);
    let (key, resolution) = patch("lodash@npm%3A4.17.0");
    assert_eq!(
        berry("npm:^1", &[base, (&key, "9.9.9", &resolution)]),
        ["a 9.9.9: it is lodash@npm:4.17.0 with a patch"]
    );
}

#[test]
fn a_version_that_a_package_of_uv_wants_is_listed() {
    let uv = |version: &str| {
        let source = concat!("source = { registry = \"https://", "pypi", ".org/simple\" }");
        let text = format!(
            "version = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\n{source}\ndependencies = [{{ name = \"b\", version = \"{version}\" }}]\n\
             [[package]]\nname = \"b\"\nversion = \"2.2.3\"\n{source}\n"
        );
        read("uv.lock", &text)
    };
    assert!(uv("2.2.3").is_ok());
    let Err(LockError::File { fault, .. }) = uv("1.24") else { panic!("it is not listed") };
    assert_eq!(fault, Fault::Incomplete { package: "a".to_owned(), dependency: "b 1.24".to_owned() });
}

#[test]
fn a_member_of_a_workspace_of_uv_is_a_project_of_that_name_that_is_no_copy() {
    let of = |folder: &str, files: &[(&str, &str)]| {
        let text = format!(
            "version = 1\n[manifest]\nmembers = [\"w\", \"urllib3\"]\n\n[[package]]\nname = \"w\"\nversion = \"1\"\n\
             source = {{ editable = \".\" }}\n\n[[package]]\nname = \"urllib3\"\nversion = \"1.24\"\n\
             source = {{ editable = \"{folder}\" }}\n"
        );
        let files = [&[("uv.lock", text.as_str())], files].concat();
        let lock = tree::locks(&tree_of(&files), "v1.0.0").remove(0).lock.unwrap();
        (own(&lock), not_covered(&lock))
    };
    let project = "[project]\nname = \"Urllib3\"\n";
    assert_eq!(of("packages/u", &[("packages/u/pyproject.toml", project)]).0, ["urllib3", "w"]);
    for (folder, files) in [
        ("packages/u", &[][..]),
        ("packages/u", &[("packages/u/pyproject.toml", "[project]\nname = \"other\"\n")]),
        ("third_party/u", &[("third_party/u/pyproject.toml", project)]),
        ("../u", &[("u/pyproject.toml", project)]),
    ] {
        let unknown = vec!["urllib3 1.24: a folder or a file".to_owned()];
        assert_eq!(of(folder, files), (vec!["w".to_owned()], unknown), "{folder}");
    }
}

#[test]
fn many_sources_and_many_packages_of_pipenv_cost_no_time() {
    let of = |name: &str, item: &dyn Fn(usize) -> String| {
        format!("{name}{}", (0..20_000).map(item).collect::<Vec<_>>().join(","))
    };
    let index = concat!("https://", "pypi", ".org/simple");
    let sources = of("", &|n| format!("{{\"name\":\"p{n}\",\"url\":\"{index}\"}}"));
    let packages = of("", &|n| format!("\"a{n}\":{{\"version\":\"==1.0\"}}"));
    let text =
        format!("{{\"_meta\":{{\"pipfile-spec\":6,\"sources\":[{sources}]}},\"default\":{{{packages}}}}}");
    let begun = std::time::Instant::now();
    assert_eq!(covered(&read("Pipfile.lock", &text).unwrap()).len(), 20_000);
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_source_without_a_name_counts_for_packages_that_name_no_index() {
    let with = |url: &str, index: &str| {
        let text = format!(
            "{{\"_meta\":{{\"pipfile-spec\":6,\"sources\":[{{\"url\":\"{url}\",\"verify_ssl\":true}}]}},\
             \"default\":{{\"a\":{{\"version\":\"==1.0\"{index}}}}}}}"
        );
        let lock = read("Pipfile.lock", &text).unwrap();
        (covered(&lock), not_covered(&lock))
    };
    let default = concat!("https://", "pypi", ".org/simple");
    assert_eq!(with(default, ""), (vec!["a 1.0".to_owned()], vec![]));
    let other = "a 1.0: from another registry, https://example.com/simple".to_owned();
    assert_eq!(with("https://example.com/simple", ""), (vec![], vec![other]));
    let unknown = "a 1.0: from an index that the file does not describe".to_owned();
    assert_eq!(with(default, ",\"index\":\"pypi\""), (vec![], vec![unknown]));
}
