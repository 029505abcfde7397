//! Where the files of an npm package are from, by the address that a lock file gives.

use super::python::without_secrets;
use crate::advisories::lock::Origin;

/// The hosts of the npm registry; the second is another name of the first.
const HOSTS: [&str; 2] = [concat!("registry.", "npmjs", ".org"), concat!("registry.", "yarnpkg", ".com")];

/// Where a package is from whose archive is at `address`. The registry's own address says which package and version an
/// archive is of; one of another is not this package, whatever the lock file calls it. An archive, and what is outside of the
/// repository, is no folder of the release. Registries alone have `/-/` in their addresses.
pub(super) fn of_address(address: &str, name: &str, version: &str) -> Origin {
    let bare = address.split('#').next().unwrap_or(address);
    if let Some(path) = ["file:", "link:", "portal:"].iter().find_map(|scheme| bare.strip_prefix(scheme)) {
        let is_archive = [".tgz", ".tar.gz", ".tar"].iter().any(|end| path.ends_with(end));
        return if is_archive || path.starts_with('/') { Origin::Url(bare.to_owned()) } else { Origin::Path };
    }
    if is_git(bare) {
        return Origin::Git(without_secrets(bare));
    }
    let Some((host, path)) = host(bare) else { return Origin::Url(without_secrets(bare)) };
    if !HOSTS.contains(&host) && !path.contains("/-/") {
        return Origin::Url(without_secrets(bare));
    }
    if !HOSTS.contains(&host) {
        return Origin::OtherRegistry(format!("https://{}", host.rsplit('@').next().unwrap_or(host)));
    }
    if is_archive_of(path, name, version) {
        Origin::DefaultRegistry
    } else {
        Origin::Unclear(format!("its files are those of {}", without_secrets(bare)))
    }
}

/// Whether an address is that of the npm registry itself.
pub(crate) fn is_registry(address: &str) -> bool {
    let rest = address.strip_prefix("https://").map(|rest| rest.trim_end_matches('/'));
    rest.is_some_and(|host| HOSTS.contains(&host))
}

fn is_git(address: &str) -> bool {
    ["git+", "git:", "git@", "github:", "gitlab:", "bitbucket:", "gist:"]
        .iter()
        .any(|it| address.starts_with(it))
        || address.ends_with(".git")
}

fn host(address: &str) -> Option<(&str, &str)> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    rest.split_once('/')
}

/// Whether `path` is `NAME/-/BASE-VERSION.tgz`.
fn is_archive_of(path: &str, name: &str, version: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    let version = version.split('+').next().unwrap_or(version);
    let expected = format!("{base}-{version}.tgz");
    let path = path.replace("%2f", "/").replace("%2F", "/");
    path.strip_prefix(name).and_then(|rest| rest.strip_prefix("/-/")) == Some(expected.as_str())
}

/// A descriptor `name@what`, or `@scope/name@what`, in two.
pub(super) fn split(descriptor: &str) -> Option<(&str, &str)> {
    let at = descriptor.char_indices().skip(1).find(|(_, c)| *c == '@')?.0;
    Some((&descriptor[..at], &descriptor[at + 1..]))
}

/// Whether text is a version, as the registry has them: semver.
pub(super) fn is_version(text: &str) -> bool {
    semver::Version::parse(text).is_ok()
}
