//! Whether a component is what its package URL says that it is.
//!
//! The rule that must not be broken: where the two are about different packages or versions, one of them is a lie or an error,
//! and nobody knows which.

use super::purl::{Purl, version_of};
use crate::advisories::{
    lock::Ecosystem,
    locks::{error::shown, gem_platform, go::STDLIB},
    order::Version,
};

/// What a component says of itself.
#[derive(Clone, Copy)]
pub(super) struct Named<'b> {
    /// The namespace that stands beside its name; empty where none does.
    pub(super) group: &'b str,
    /// Its name.
    pub(super) name: &'b str,
    /// Its version; empty where it says none.
    pub(super) version: &'b str,
}

/// Why a component and its package URL are not about the same.
pub(super) fn contradiction(ecosystem: Ecosystem, own: Named<'_>, purl: &Purl) -> Option<String> {
    let is_same = is_same_name(ecosystem, own, &purl.name) && is_same_version(ecosystem, own, purl);
    (!is_same).then(|| {
        let own = format!("{} {}", own.name, own.version);
        format!("the bill of materials says two things: the component calls itself {}", shown(own.trim()))
    })
}

/// Whether one of the names is the end of the other one: programs leave out scopes, groups and hosts, or write another
/// ecosystem's word before a name.
fn is_same_name(ecosystem: Ecosystem, own: Named<'_>, name: &str) -> bool {
    if name == STDLIB
        && matches!(own.name, "std" | "stdlib" | "go" | "golang" | "toolchain" | "golang.org/toolchain")
    {
        return true;
    }
    let own = format!("{}/{}", own.group, own.name);
    let (own, other) = (segments(ecosystem, &own), segments(ecosystem, name));
    own.ends_with(&other) || (!own.is_empty() && other.ends_with(&own))
}

/// The parts of a name as no ecosystem tells them apart: without case, kinds of separators, extras and major versions.
fn segments(ecosystem: Ecosystem, name: &str) -> Vec<String> {
    let name = name.split('[').next().unwrap_or_default().to_lowercase().replace(['_', '.'], "-");
    let parts =
        name.split(['/', ':']).map(|part| part.trim_start_matches('@')).filter(|part| !part.is_empty());
    let mut parts: Vec<String> = parts.map(str::to_owned).collect();
    let is_major = |part: &String| {
        part.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if ecosystem == Ecosystem::Golang && parts.len() > 1 && parts.last().is_some_and(is_major) {
        parts.pop();
    }
    parts
}

fn is_same_version(ecosystem: Ecosystem, own: Named<'_>, purl: &Purl) -> bool {
    if own.version.is_empty() || purl.version.is_empty() {
        return true;
    }
    let own = match ecosystem {
        Ecosystem::Golang if purl.name == STDLIB => version_of(&[STDLIB], own.version.to_owned()),
        Ecosystem::Gem => {
            gem_platform::split(own.version).map_or(own.version, |(number, _)| number).to_owned()
        }
        _ => own.version.to_owned(),
    };
    let plain = |version: &str| version.strip_prefix(['v', 'V']).unwrap_or(version).to_lowercase();
    let placed = |version: &str| Version::parse(ecosystem, version);
    plain(&own) == plain(&purl.version)
        || placed(&own).zip(placed(&purl.version)).is_some_and(|(own, other)| own.is_same(&other))
}

#[cfg(test)]
mod tests {
    use super::{Named, contradiction};
    use crate::advisories::locks::sbom::purl::Purl;

    fn agree(group: &str, name: &str, version: &str, purl: &str) -> bool {
        let purl = Purl::parse(&format!("pkg:{purl}")).unwrap();
        let ecosystem = purl.ecosystem.clone().unwrap();
        contradiction(ecosystem, Named { group, name, version }, &purl).is_none()
    }

    #[test]
    fn a_component_is_what_its_package_url_says_however_programs_spell_it() {
        for (group, name, version, purl) in [
            ("", "lodash", "4.17.21", "npm/lodash@4.17.21"),
            ("@s", "a", "1.0.0", "npm/%40s/a@1.0.0"),
            ("", "@s/a", "1.0.0", "npm/%40s/a@1.0.0"),
            ("", "npm:@s/a", "1.0.0", "npm/%40s/a@1.0.0"),
            ("org.x", "core", "1.0", "maven/org.x/core@1.0"),
            ("", "org.x:core", "1.0", "maven/org.x/core@1.0"),
            ("", "zope.interface", "5.0", "pypi/zope-interface@5.0.0"),
            ("", "requests[socks]", "2.0", "pypi/requests@2.0"),
            ("", "github.com/Acme/part", "v2.0.0", "golang/github.com/acme/part/v2@2.0.0"),
            ("", "part", "", "golang/github.com/acme/part/v2@v2.0.0"),
            ("", "stdlib", "go1.22.1", "golang/stdlib@1.22.1"),
            ("", "std", "1.22", "golang/std@v1.22.0"),
            ("vendor", "name", "v1.0.0", "composer/vendor/name@1.0.0"),
            ("", "foo_bar", "1.0.0", "cargo/foo-bar@1.0.0"),
            ("", "nokogiri", "1.15.0-java", "gem/nokogiri@1.15.0-java"),
            ("", "nokogiri", "1.15.0-java", "gem/nokogiri@1.15.0?platform=java"),
            ("", "nokogiri", "1.15.0", "gem/nokogiri@1.15.0-arm64-darwin"),
            ("", "lodash", "4.17.21", "npm/lodash"),
        ] {
            assert!(agree(group, name, version, purl), "{group} {name} {version} {purl}");
        }
    }

    #[test]
    fn another_name_or_version_is_a_contradiction() {
        for (group, name, version, purl) in [
            ("", "lodash", "4.17.20", "npm/lodash@4.17.21"),
            ("", "lodash", "4.17.20", "npm/left@4.17.20"),
            ("@t", "a", "1.0.0", "npm/%40s/a@1.0.0"),
            ("org.y", "core", "1.0", "maven/org.x/core@1.0"),
            ("", "stdlib", "go1.22.1", "golang/stdlib@1.22.2"),
            ("", "golang.org/x/net", "v0.1.0", "golang/stdlib@v0.1.0"),
            ("", "", "1.0.0", "npm/a@1.0.0"),
            ("", "nokogiri", "1.15.1-java", "gem/nokogiri@1.15.0-java"),
        ] {
            assert!(!agree(group, name, version, purl), "{group} {name} {version} {purl}");
        }
    }
}
