//! Platforms of gems, which stand behind the version in the names of their files: `nokogiri-1.15.0-arm64-darwin`.
//!
//! <https://docs.ruby-lang.org/en/master/Gem/Platform.html>: a processor, a system and its version, each where it is known. The
//! rule that must not be broken: `-` in a version is that of a pre-release for RubyGems, so that only what names a system is a
//! platform.

/// The systems, without their versions.
const SYSTEMS: [&str; 21] = [
    "aix",
    "android",
    "cygwin",
    "dalvik",
    "darwin",
    "dotnet",
    "freebsd",
    "java",
    "jruby",
    "linux",
    "linux_gnu",
    "linux_musl",
    "macruby",
    "mingw",
    "mswin",
    "mswin64",
    "netbsd",
    "netbsdelf",
    "openbsd",
    "solaris",
    "wasi",
];

/// A version and the platform behind it, which is empty where there is none; nothing where what stands there is none.
pub(super) fn split(version: &str) -> Option<(&str, &str)> {
    let Some((number, platform)) = version.split_once('-') else { return Some((version, "")) };
    platform.split('-').any(is_system).then_some((number, platform))
}

/// Whether a part of a platform names a system: `linux`, `darwin22`, `mingw32`.
fn is_system(part: &str) -> bool {
    let name = part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    SYSTEMS.contains(&part) || SYSTEMS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_platform_is_what_names_a_system_and_nothing_else_is_cut_off() {
        for platform in [
            "java",
            "jruby",
            "x86_64-linux",
            "x86_64-linux-gnu",
            "aarch64-linux-musl",
            "arm-linux-gnueabihf",
            "arm64-darwin",
            "arm64-darwin-22",
            "x86_64-darwin19.6.0",
            "universal-darwin",
            "x86-mingw32",
            "x64-mingw-ucrt",
            "x86-mswin32-60",
            "x64-mswin64-140",
            "x86_64-freebsd-13",
            "wasm32-wasi",
        ] {
            assert_eq!(split(&format!("1.15.0-{platform}")), Some(("1.15.0", platform)), "{platform}");
        }
        assert_eq!(split("1.15.0.rc1"), Some(("1.15.0.rc1", "")));
        for other in ["1.0-beta", "1.0-", "1.0-rc1", "1.0-javanese", "1.0-x86_64", "1.0-linuxish.1"] {
            assert_eq!(split(other), None, "{other}");
        }
    }
}
