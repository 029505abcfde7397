use super::*;

fn versions(own: &str, others: &[&str]) -> Versions {
    Versions::among(TagVersion::parse(own), others.iter().map(|tag| TagVersion::parse(tag).unwrap()))
}

#[test]
fn a_name_holds_a_version_only_as_a_whole_number() {
    let versions = versions("v1.2.3", &[]);
    for name in ["w-1.2.3.tar.gz", "w-v1.2.3-linux.zip", "w_1.2.3", "1.2.3", "w_1_2_3.bin", "w-01.02.03.zip"]
    {
        assert!(versions.is_own(name), "{name}");
    }
    for name in ["w-1.2.30.tar.gz", "w-11.2.3.tar.gz", "w-1.2.3.4.tar.gz", "w-0.1.2.3.tar.gz", "w.tar.gz", ""]
    {
        assert!(!versions.is_own(name), "{name}");
    }
}

#[test]
fn a_file_of_a_pre_release_is_not_called_after_the_release() {
    let tags =
        ["v1.2.3-rc.1", "v1.2.3-rc.11", "v1.2.3-beta", "v1.2.3-alpha.2", "v1.2.2", "v1.2.3-M1", "v1.2.3p1"];
    let versions = versions("v1.2.3", &tags);
    for (name, other) in [
        ("w-1.2.3-rc.1-linux.bin", "1.2.3-rc.1"),
        ("w-1.2.3rc1.tar.gz", "1.2.3-rc.1"),
        ("w_1.2.3~rc1_amd64.deb", "1.2.3-rc.1"),
        ("w_1.2.3~RC1-1_amd64.deb", "1.2.3-rc.1"),
        ("w-1.2.3^rc1.rpm", "1.2.3-rc.1"),
        ("w-1.2.3 rc1.zip", "1.2.3-rc.1"),
        ("w-1.2.3(rc1).zip", "1.2.3-rc.1"),
        ("w_1_2_3_rc1.zip", "1.2.3-rc.1"),
        ("w-1.2.3-rc.11.zip", "1.2.3-rc.11"),
        ("w-1.2.3-beta.zip", "1.2.3-beta"),
        ("w-1.2.3a2-py3-none-any.whl", "1.2.3-alpha.2"),
        ("w-1.2.3.M1.zip", "1.2.3-M1"),
        ("w-1.2.3-m-1.zip", "1.2.3-M1"),
        ("w-1.2.3p1.zip", "1.2.3-p1"),
        ("w-1.2.2.zip", "1.2.2"),
        ("w_1_2_2.bin", "1.2.2"),
    ] {
        assert_eq!(versions.other(name).as_deref(), Some(other), "{name}");
        assert!(!versions.is_own(name), "{name}");
    }
    // What no tag says, or both: neither another version for certain, nor this one.
    for name in [
        "w-1.2.3-rc.12.zip",
        "w-1.2.3-beta-2.zip",
        "w-1.2.3-arm64-rc1.zip",
        "w-1.2.3.post1.zip",
        "w-1.2.3+1.zip",
        "w-1.2.2-to-1.2.3.diff",
        "w.zip",
        "w_11_2_2.bin",
        "w_1_2_2_4.bin",
        "w_1_2_20.bin",
    ] {
        assert_eq!(versions.other(name), None, "{name}");
        assert!(!versions.is_own(name), "{name}");
    }
}

#[test]
fn a_name_whose_words_are_not_all_understood_is_not_called_after_the_release() {
    let versions = versions("v1.2.3", &["v1.2.2"]);
    for name in [
        "w-1.2.3.M1.zip",
        "w-1.2.3.CR1.jar",
        "w-1.2.3ea1.zip",
        "w-1.2.3.test1.zip",
        "w-1.2.3-hotfix1.zip",
        "w-1.2.3-b2.zip",
        "w-1.2.3.a.zip",
        "w-1.2.3p1.zip",
        "w-1.2.3linux.zip",
        "w-1.2.3^rc1.rpm",
        "w-1.2.3%7Erc1.deb",
        "w-1.2.3-linuxrc1.zip",
        "w-1.2.3-rc1fix.zip",
        "w-1.2.3-1.rc1.el9.x86_64.rpm",
        "w-1.2.3-5-g1a2b3c4.zip",
        "w-1.2.3-5.zip",
        "w-1.2.3-20260101.zip",
        "w-1.2.3-macos-20260101.zip",
        "w-1.2.3-macos-14-2-5.zip",
        "w-1.2.3-linux-5.zip",
        "w-1.2.3-linux-arm64-5.zip",
        "w-1.2.3-win32-2.zip",
        "w-1.2.3-dirty.zip",
        "w-1.2.3-insiders.zip",
        "w-1.2.3-unstable.zip",
        "w-1.2.3-from-1.2.2.zip",
        "w-1.2.3-w-1.2.3.zip",
        "w-1.2.3-\u{fc}.zip",
        "rc1-w-1.2.3.zip",
        "w-nightly-1.2.3.zip",
        "w-rc-1.2.3.zip",
        "w-rc1.2.3.zip",
    ] {
        assert_eq!(versions.other(name), None, "{name}");
        assert!(!versions.is_own(name), "{name}");
    }
}

#[test]
fn names_as_releases_have_them_are_called_after_the_release() {
    let versions = versions("v1.2.3", &["v1.2.3-rc.1", "v1.2.2", "v22.4.0"]);
    for name in [
        "w-1.2.3.tar.gz",
        "w_1_2_3.bin",
        "W-1.2.3-arm64.dmg",
        "w-1.2.3.AppImage",
        "w-1.2.3.Final.jar",
        "w-1.2.3-sources.jar",
        "w-1.2.3.cdx.json",
        "w_1.2.3_linux_amd64.tar.gz",
        "w_1.2.3_linux_arm_7.tar.gz",
        "w_1.2.3_linux_amd64_v1.tar.gz",
        "w-1.2.3-x86_64-unknown-linux-musl.tar.xz",
        "w-1.2.3-1.el9.x86_64.rpm",
        "w-1.2.3-1.el9_4.x86_64.rpm",
        "w_1.2.3-1_amd64.deb",
        "w-1.2.3-1-x86_64.pkg.tar.zst",
        "w-1.2.3-py3-none-any.whl",
        "w-1.2.3-1-py3-none-any.whl",
        "w-1.2.3-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "w-1.2.3-cp312-cp312-macosx_11_0_universal2.whl",
        "w-1.2.3-prebuilt-macos-m1.zip",
        "w-1.2.3-macos-14.zip",
        "w-1.2.3-ubuntu-22.04.zip",
        "w-1.2.3-ubuntu22.04-amd64.zip",
        "w-1.2.3-win10-x64.msi",
        "w-1.2.3-py3.12.zip",
    ] {
        assert_eq!(versions.other(name), None, "{name}");
        assert!(versions.is_own(name), "{name}");
    }
}

#[test]
fn a_pre_release_is_told_from_what_is_longer_or_shorter() {
    let beta = versions("v1.2.3-beta", &["v1.2.3-beta.2", "v1.2.3"]);
    assert_eq!(beta.other("w-1.2.3-beta-2.zip").as_deref(), Some("1.2.3-beta.2"));
    assert!(beta.is_own("w-1.2.3-beta.zip") && beta.is_own("w_1.2.3_Beta_linux.zip"));
    assert!(!beta.is_own("w-1.2.3-beta-2.zip") && !beta.is_own("w-1.2.3-beta-3.zip"));
    let first = versions("v1.2.3-rc.1", &["v1.2.3-rc.10", "v1.2.3-rc.1.1", "v1.2.3"]);
    assert!(first.is_own("w-1.2.3-rc.1-linux.zip") && first.is_own("w-1.2.3rc1.tar.gz"));
    for (name, other) in [
        ("w-1.2.3-rc.10.zip", Some("1.2.3-rc.10")),
        ("w-1.2.3-rc.1.1.zip", Some("1.2.3-rc.1.1")),
        ("w-1.2.3-rc.1-5-g1a2b3c4.zip", None),
        ("w-1.2.3-rc.1.dev3.zip", None),
        ("w-1.2.3-rc.1-snapshot.zip", None),
        // A candidate's files may already be called as the release will be.
        ("w-1.2.3.zip", None),
    ] {
        assert_eq!(first.other(name).as_deref(), other, "{name}");
        assert!(!first.is_own(name), "{name}");
    }
    let short = versions("v1.2.3-a", &["v1.2.3-alpha"]);
    assert!(short.is_own("w-1.2.3-a.zip") && !short.is_own("w-1.2.3-alpha.zip"));
    let post = versions("v1.2.3.post1", &["v1.2.3"]);
    assert!(post.is_own("w-1.2.3.post1.zip") && !post.is_own("w-1.2.3.zip"));
    // Two tags that are spelled alike.
    let both = versions("v1.2.3-rc.1", &["v1.2.3-rc1"]);
    assert!(!both.is_own("w-1.2.3-rc.1.zip") && both.other("w-1.2.3-rc.1.zip").is_none());
}

#[test]
fn what_looks_like_a_version_of_something_else_is_none_of_the_project() {
    let others = ["v1.2.3-1", "v1.2.3-pre", "v1.2.3-b", "v1.2.3-linux", "v1.2", "v3.12", "v2.0"];
    let versions = versions("v1.2.3", &others);
    for name in [
        "w-1.2.3-1.el9.x86_64.rpm",
        "w-1.2.3-prebuilt.zip",
        "w-1.2.3-bin.zip",
        "w-1.2.3-linux.zip",
        "libw-1.2.so.3",
        "widget-py3.12.zip",
        "widget-linux-2.0.zip",
    ] {
        assert_eq!(versions.other(name), None, "{name}");
    }
}

#[test]
fn a_date_is_compared_by_its_numbers() {
    let versions = versions("v2026.01.05", &["v2026.01.04"]);
    assert!(versions.is_own("w-2026.01.05.zip") && versions.is_own("w-2026.1.5.zip"));
    assert_eq!(versions.other("w-2026.01.04.zip").as_deref(), Some("2026.1.4"));
}

#[test]
fn a_file_of_another_component_is_not_tied_by_the_same_number() {
    let cli = versions("cli-v1.2.3", &["plugin-v1.2.3", "plugin-v1.4.0", "cli-v1.2.2"]);
    assert!(cli.is_own("cli-1.2.3.tgz") && cli.is_own("w-1.2.3.tgz"));
    assert!(!cli.is_own("plugin-1.2.3.vsix"));
    assert_eq!(cli.other("plugin-1.4.0.vsix"), None);
    assert_eq!(cli.other("cli-1.2.2.tgz").as_deref(), Some("1.2.2"));
    for (own, other, name, is_own) in [
        ("widget-v1.2.3", "widget-plugin-v1.2.3", "widget-plugin-1.2.3.zip", false),
        ("widget-v1.2.3", "widget-plugin-v1.2.3", "widget-1.2.3.zip", true),
        ("widget-plugin-v1.2.3", "widget-v1.2.3", "widget-plugin-1.2.3.zip", true),
        ("tools/widget/v1.2.3", "tools/plugin/v1.2.3", "plugin-1.2.3.zip", false),
        ("tools/widget/v1.2.3", "tools/plugin/v1.2.3", "widget-1.2.3.zip", true),
        ("widget-v1.2.3", "@acme/plugin@1.2.3", "acme-plugin-1.2.3.tgz", false),
        ("@acme/plugin@1.2.3", "widget-v1.2.3", "acme-plugin-1.2.3.tgz", true),
        ("widget-v1.2.3", "my-plugin-v1.2.3", "my_plugin-1.2.3-py3-none-any.whl", false),
        ("widget-v1.2.3", "my_plugin-v1.2.3", "MyPlugin-1.2.3.zip", false),
        ("a/cli/v1.2.3", "b/cli/v1.2.3", "cli-1.2.3.zip", false),
        ("next-agent-v1.2.3", "v1.2.3", "next-agent-1.2.3.zip", true),
    ] {
        assert_eq!(versions(own, &[other]).is_own(name), is_own, "{own} {other} {name}");
    }
}

#[test]
fn many_tags_and_long_names_are_looked_up_once() {
    let tags: Vec<TagVersion> =
        (0..4000).filter_map(|n| TagVersion::parse(&format!("v0.{}.{}", n / 50, n % 50))).collect();
    let versions = Versions::among(TagVersion::parse("v1.2.3"), tags.into_iter());
    let name = |n: usize| format!("w-{n}x{}.bin", "_1".repeat(100));
    let started = std::time::Instant::now();
    assert!((0..2000).all(|n| !versions.is_own(&name(n)) && versions.other(&name(n)).is_none()));
    assert!((0..3000).all(|n| versions.is_own(&format!("w{n}-1.2.3.bin"))));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
