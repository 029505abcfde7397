use super::*;

fn read(tag: &str) -> TagVersion {
    TagVersion::parse(tag).unwrap_or_else(|| panic!("{tag} is a release"))
}

#[test]
fn a_tag_is_a_prefix_and_a_number() {
    for (tag, family, component, number) in [
        ("1.2.3", "", "", "1.2.3"),
        ("v1.2.3", "v", "", "1.2.3"),
        ("v/0.23.4", "v/", "", "0.23.4"),
        ("tools/arena/v1.2.3", "tools/arena/v", "tools/arena", "1.2.3"),
        ("runtime/v1.5.11", "runtime/v", "runtime", "1.5.11"),
        ("crate-v1.2.3", "crate-v", "crate", "1.2.3"),
        ("tokio-util-0.7.19", "tokio-util-", "tokio-util", "0.7.19"),
        ("socket.io@4.8.3", "socket.io@", "socket.io", "4.8.3"),
        ("@scope/pkg@1.2.3", "@scope/pkg@", "@scope/pkg", "1.2.3"),
        ("XSTREAM_1_4_21", "XSTREAM_", "xstream", "1.4.21"),
        ("v_0_5_10", "v_", "", "0.5.10"),
        ("rel/1.2", "rel/", "", "1.2"),
        ("REL42.7.4", "REL", "", "42.7.4"),
        ("release/3.29.2", "release/", "", "3.29.2"),
        ("Update-1.2.21", "Update-", "", "1.2.21"),
        ("log4j-2.17.1", "log4j-", "log4j", "2.17.1"),
        ("1.7.53.2", "", "", "1.7.53.2"),
    ] {
        let version = read(tag);
        assert_eq!(
            (version.family.as_str(), version.component().as_str(), version.number().as_str()),
            (family, component, number)
        );
        assert!(!version.is_pre_release(), "{tag}");
    }
}

#[test]
fn moving_tags_nightlies_and_unclear_names_are_no_releases() {
    for tag in [
        "",
        "v1",
        "main",
        "main-latest",
        "v1.20-latest",
        "actions/promptarena/v1",
        "v2.18.0-beta-nightly",
        "nightly-2024.01.02",
        "archive/v1.2.3",
        "1.2.3.4.5",
        "v1.2.3/notes",
        "2024-01-02",
        "v99999999999999999999.0.0",
        "python3.8",
        "v1.2.3+",
        "v1.2.3-",
        "v1.2_3",
        "v1.2.\u{663}",
    ] {
        assert!(TagVersion::parse(tag).is_none(), "{tag}");
    }
    assert!(TagVersion::parse(&format!("v1.2.{}", "0".repeat(300))).is_none());
}

#[test]
fn pre_releases_are_told_from_what_only_looks_like_one() {
    for (tag, pre) in [
        ("v1.0.0-rc.1", "rc.1"),
        ("1.0b11", "b11"),
        ("6.0.0b2", "b2"),
        ("v0.7.18.a", "a"),
        ("v7.0.0-alpha.48", "alpha.48"),
    ] {
        assert_eq!(read(tag).pre.map(|pre| pre.as_str().to_owned()).as_deref(), Some(pre), "{tag}");
    }
    for tag in ["5.0.0.Final", "3.1.0.RELEASE", "v2.0.0-ga", "1.2.3.post1", "v1.2.3+build.5"] {
        assert!(!read(tag).is_pre_release(), "{tag}");
    }
    assert_eq!(read("2.2.1-24").with_build_number().unwrap().number(), "2.2.1.24");
    assert!(read("2.2.1-rc.24").with_build_number().is_none());
}

#[test]
fn the_order_is_precedence_and_not_the_letters() {
    for (lower, higher) in [
        ("v1.9.0", "v1.10.0"),
        ("v1.0.0-rc.2", "v1.0.0-rc.10"),
        ("1.0b2", "1.0b11"),
        ("v1.0.0-rc.1", "v1.0.0"),
        ("v1.0.0-1", "v1.0.0-alpha"),
        ("1.7.53.2", "2.0.6"),
        ("1.2", "1.2.1"),
    ] {
        assert_eq!(read(lower).precedence(&read(higher)), Ordering::Less, "{lower} {higher}");
    }
    assert_eq!(read("v1.0.0+a").precedence(&read("1.0.0+b")), Ordering::Equal);
}

#[test]
fn strict_semver_is_given_only_where_it_is_semver() {
    assert_eq!(read("v1.2.3-rc.1+b").semver, semver::Version::parse("1.2.3-rc.1+b").ok());
    for tag in ["v1.2", "1.2.3.4", "2024.01.02", "5.0.0.Final", "XSTREAM_1_4_21", "6.0.0b2"] {
        assert!(read(tag).semver.is_none(), "{tag}");
    }
}

#[test]
fn a_manifest_matches_only_the_same_version() {
    for (tag, manifest) in [
        ("v1.2.3", "1.2.3"),
        ("pkg@1.2.3-rc.1", "1.2.3-rc.1"),
        ("v1.2.3", "1.2.3+local"),
        ("v1.0b1", "1.0b1"),
        ("v1.0.0-rc1", "1.0.0rc1"),
        ("v1.2", "1.2"),
    ] {
        assert!(read(tag).matches_manifest(manifest), "{tag} {manifest}");
    }
    for (tag, manifest) in [
        ("v1.2.3", "1.2.4"),
        ("v1.2.3", "1.2.3-rc.1"),
        ("v1.2.3-rc.1", "1.2.3"),
        ("v1.2.3-rc.1", "1.2.3-rc.10"),
        ("v1.2.3+a", "1.2.3+b"),
        ("v1.2", "1.2.0"),
        ("v1.2.3", "v1.2.3"),
        ("v1.2.3", ""),
        ("v1.2.3", "1.2.3.0"),
    ] {
        assert!(!read(tag).matches_manifest(manifest), "{tag} {manifest}");
    }
}
