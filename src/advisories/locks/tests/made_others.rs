//! The formats of Bundler, Composer, NuGet, Gradle and mix, on the files in `tests/locks`, most of which the real tool
//! made. None of the readers tells development dependencies from others: both are covered.

use super::{covered, kept, not_covered, own, read};
use crate::advisories::locks::{Fault, LockError};

const FORKED: &str = "from the git repository https://example.com/forked.git";
const FOLDER: &str = "a folder or a file";
const LEFT_OUT: &str =
    "the project asks for it and the file selects no version, as for a gem of other platforms";

#[test]
fn gems_of_the_registry_are_covered_and_those_of_other_servers_repositories_and_folders_are_not() {
    let unknown = [
        format!("forked 2.0.0: {FORKED}"),
        "internal 0.3.0: from another registry, https://gems.example.com/".to_owned(),
        format!("tzinfo-data : {LEFT_OUT}"),
        format!("vendored 0.1.0: {FOLDER}"),
    ];
    let shared = ["minitest 5.17.0", "nokogiri 1.13.0", "racc 1.7.3", "rack 2.2.3", "sidekiq 7.0.0.beta1"];
    for ((path, text), more) in [
        (kept!("bundler/Gemfile.lock"), vec!["mini_portile2 2.7.1"]),
        (kept!("bundler-2.6/Gemfile.lock"), vec![]),
    ] {
        let lock = read(path, &text).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(covered(&lock), [more.as_slice(), &shared].concat(), "{path}");
        assert_eq!(not_covered(&lock), unknown, "{path}");
        assert_eq!(own(&lock), ["sample"], "{path}");
    }
}

#[test]
fn gems_of_two_servers_in_one_section_may_each_be_of_the_other_one() {
    let (path, text) = kept!("bundler-sources/Gemfile.lock");
    let lock = read(path, &text).unwrap();
    assert_eq!(covered(&lock), Vec::<String>::new());
    let unknown = ["internal 0.3.0", "racc 1.7.3", "rack 2.2.3"]
        .map(|it| format!("{it}: from another registry, https://gems.example.com/"));
    assert_eq!(not_covered(&lock), unknown);
}

#[test]
fn a_gem_that_was_taken_out_of_the_list_is_said() {
    let (path, text) = kept!("bundler-2.6/Gemfile.lock");
    let without = |spec: &str| {
        assert!(text.contains(spec), "{spec}");
        read(path, &text.replacen(spec, "", 1))
    };
    let lock = without("    minitest (5.17.0)\n").unwrap();
    assert!(!covered(&lock).iter().any(|row| row.starts_with("minitest")));
    assert!(not_covered(&lock).contains(&format!("minitest : {LEFT_OUT}")));
    let lock = without("    racc (1.7.3)\n").unwrap();
    assert!(not_covered(&lock).contains(&"racc : nokogiri depends on it, and it is not listed".to_owned()));
    let nothing = read(path, "GEM\n  remote: x\n  specs:\n\nDEPENDENCIES\n  rack\n").unwrap_err();
    assert!(matches!(nothing, LockError::File { fault: Fault::NoPackages, .. }), "{nothing}");
}

#[test]
fn what_composer_took_from_the_registry_at_a_version_is_covered_for_development_too() {
    let (path, text) = kept!("composer/composer.lock");
    let lock = read(path, &text).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(covered(&lock), ["monolog/monolog 2.1.0", "phpunit/phpunit v9.5.0", "psr/log 1.1.4"]);
    assert_eq!(
        not_covered(&lock),
        [
            "acme/archive 1.0.0: from the address https://example.com/archive.zip".to_owned(),
            format!("acme/forked dev-main: {FORKED}"),
            format!("acme/inner 1.0.0: {FOLDER}"),
            "acme/moving dev-main: no version is selected; asked for: dev-main".to_owned(),
            "acme/numbered 2.x-dev: no version is selected; asked for: 2.x-dev".to_owned(),
            "acme/private 1.0.0: from the git repository https://example.com/acme/private.git".to_owned(),
            "acme/tagged 3.1.4: from the git repository https://example.com/tagged.git".to_owned(),
        ]
    );
}

#[test]
fn nuget_selects_for_each_framework_and_platform_and_names_are_in_lower_case() {
    let (path, text) = kept!("nuget/packages.lock.json");
    let lock = read(path, &text).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(
        covered(&lock),
        [
            "microsoft.netcore.platforms 1.1.0",
            "netstandard.library 2.0.3",
            "newtonsoft.json 12.0.3",
            "newtonsoft.json 13.0.1",
            "runtime.linux-x64.sample.native 1.2.1",
            "sample.native 1.2.0",
            "sample.preview 1.0.0-rc.1",
            "serilog 2.10.0",
            "serilog.sinks.file 5.0.0",
        ]
    );
    assert_eq!(not_covered(&lock), Vec::<String>::new());
    assert_eq!(own(&lock), ["inner"]);
}

#[test]
fn what_a_central_file_of_nuget_pins_is_covered_at_that_version() {
    let (path, text) = kept!("nuget-2/packages.lock.json");
    let lock = read(path, &text).unwrap();
    assert_eq!(
        covered(&lock),
        [
            "microsoft.extensions.logging 2.0.0",
            "microsoft.netcore.platforms 1.1.0",
            "netstandard.library 2.0.3",
            "newtonsoft.json 12.0.3",
            "runtime.linux-x64.sample.native 1.2.1",
            "sample.native 1.2.0",
            "serilog 2.12.0",
            "serilog.extensions.logging 3.1.0",
            "serilog.sinks.file 5.0.0",
        ]
    );
    assert_eq!((own(&lock), not_covered(&lock)), (vec!["inner".to_owned()], vec![]));
    // Written by hand, as later versions write it.
    let (path, text) = kept!("nuget-2-net8/packages.lock.json");
    let lock = read(path, &text).unwrap();
    assert_eq!(covered(&lock), ["serilog 2.12.0", "serilog.sinks.file 5.0.0"]);
    assert_eq!((own(&lock), not_covered(&lock)), (vec!["inner".to_owned()], vec![]));
}

#[test]
fn repositories_of_mix_are_not_covered_and_packages_of_hex_are_unless_another_registry_has_them() {
    let (path, text) = kept!("mix/mix.lock");
    let lock = read(path, &text).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(covered(&lock), Vec::<String>::new());
    let of = |name: &str| format!("{name} : from the git repository https://example.com/{name}.git");
    assert_eq!(not_covered(&lock), ["forked", "mono", "nested"].map(of));
    // Written by hand.
    let (path, text) = kept!("mix-hex/mix.lock");
    let lock = read(path, &text).unwrap();
    assert_eq!(
        covered(&lock),
        ["cowlib 2.11.0", "grpc_gun 2.0.1", "jason 1.2.2", "mime 1.6.0", "plug 1.10.3"]
    );
    assert_eq!(not_covered(&lock), ["private 0.1.0: from another registry, acme"]);
}

#[test]
fn what_hex_wrote_is_covered_to_the_last_package() {
    let (path, text) = kept!("mix-hex-2/mix.lock");
    let rows: Vec<String> = (text.lines())
        .filter_map(|line| line.split_once(": {:hex, :")?.1.split_once("\", "))
        .map(|(package, _)| package.replace(", \"", " "))
        .collect();
    assert_eq!(rows.len(), 23);
    let lock = read(path, &text).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!((covered(&lock), not_covered(&lock)), (rows, vec![]));
    let without =
        text.replacen("\"certifi\": ", "\"other\": ", 1).replacen(":hex, :certifi", ":hex, :other", 1);
    let lock = read(path, &without).unwrap();
    assert_eq!(not_covered(&lock), ["certifi : hackney depends on it, and it is not listed"]);
}

#[test]
fn every_configuration_of_a_gradle_lock_is_covered() {
    let (_, text) = kept!("gradle/gradle.lockfile");
    for path in
        ["gradle.lockfile", "app/gradle.lockfile", "buildscript-gradle.lockfile", "settings-gradle.lockfile"]
    {
        let lock = read(path, &text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let rows =
            ["com.fasterxml.jackson.core:jackson-databind 2.9.8", "org.springframework:spring-core 5.3.17"];
        assert_eq!(covered(&lock), rows, "{path}");
        assert_eq!(not_covered(&lock), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn the_platform_of_a_gem_is_no_part_of_its_version_and_a_pre_release_is() {
    let of = |versions: &[&str]| {
        let specs: String = versions.iter().map(|it| format!("    nokogiri ({it})\n")).collect();
        let remote = concat!("https://", "rubygems", ".org/");
        let text = format!(
            "GEM\n  remote: {remote}\n  specs:\n{specs}\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  nokogiri\n"
        );
        covered(&read("Gemfile.lock", &text).unwrap())
    };
    for (version, selected) in [
        ("1.13.0", "nokogiri 1.13.0"),
        ("1.13.0-java", "nokogiri 1.13.0"),
        ("1.13.0-x86_64-linux", "nokogiri 1.13.0"),
        ("1.13.0-x86_64-linux-musl", "nokogiri 1.13.0"),
        ("1.13.0-arm64-darwin-22", "nokogiri 1.13.0"),
        ("1.13.0.rc1", "nokogiri 1.13.0.rc1"),
        ("1.13.0.rc1-x64-mingw-ucrt", "nokogiri 1.13.0.rc1"),
        ("1.0.0.pre1", "nokogiri 1.0.0.pre1"),
    ] {
        assert_eq!(of(&[version]), [selected], "{version}");
    }
    // One version for several platforms is one package, and two versions are two.
    assert_eq!(of(&["1.13.0", "1.13.0-java", "1.13.0-x86_64-linux"]), ["nokogiri 1.13.0"]);
    assert_eq!(of(&["1.13.0-java", "1.13.1-x86_64-linux"]), ["nokogiri 1.13.0", "nokogiri 1.13.1"]);
}
