//! Where the files of a Composer package are from that the registry knows.
//!
//! The rule that must not be broken: Composer fetches the address that the lock file gives, whatever package stands above
//! it. The registry itself leads to forges, so that an address counts where it is one of a forge, of the repository and the
//! commit that the source names, and that repository is one that the name of the package tells of.

use super::{error::shown, python::without_secrets};
use crate::advisories::lock::Origin;

/// Where forges serve archives of their repositories: what comes before the path of a repository, and what after it.
const ARCHIVES: [(&str, &str); 4] = [
    ("https://api.github.com/repos/", "/zipball/"),
    ("https://codeload.github.com/", "/legacy.zip/"),
    ("https://gitlab.com/api/v4/projects/", "/repository/archive.zip"),
    ("https://bitbucket.org/", "/get/"),
];

/// The forges whose repositories the registry leads to.
const FORGES: [&str; 3] = ["https://github.com/", "https://gitlab.com/", "https://bitbucket.org/"];

/// An address and the commit beside it.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) kind: &'p str,
    pub(super) url: &'p str,
    pub(super) reference: Option<&'p str>,
}

/// Where a package is from that was taken from the registry, by its places.
pub(super) fn of_registry(name: &str, source: Option<Place<'_>>, dist: Option<Place<'_>>) -> Origin {
    let foreign = |place: Place<'_>| Origin::Unclear(format!("its files are those of {}", at(place)));
    let mut repositories = Vec::new();
    for (place, read) in [(source, repository as fn(&str) -> Option<String>), (dist, archived)] {
        let Some(place) = place else { continue };
        match read(place.url).filter(|it| is_related(name, it)) {
            Some(repository) => repositories.push(repository),
            None => return foreign(place),
        }
    }
    let is_same = repositories.windows(2).all(|pair| pair[0] == pair[1]);
    let references = (source.and_then(|it| it.reference), dist.and_then(|it| it.reference));
    let is_same_commit = !matches!(references, (Some(one), Some(other)) if one != other);
    match (dist.or(source), is_same && is_same_commit) {
        (None, _) => Origin::Unclear("it does not say where its files are".to_owned()),
        (Some(_), true) => Origin::DefaultRegistry,
        (Some(place), false) => {
            Origin::Unclear(format!("its files are those of {}, and its source is another", at(place)))
        }
    }
}

fn at(place: Place<'_>) -> String {
    shown(&without_secrets(place.url))
}

/// The path of the repository on a forge, in lower case.
fn repository(url: &str) -> Option<String> {
    let path = FORGES.iter().find_map(|forge| url.strip_prefix(forge))?;
    path_of(path.strip_suffix(".git").unwrap_or(path))
}

/// The path of the repository whose archive is at an address.
fn archived(url: &str) -> Option<String> {
    ARCHIVES.iter().find_map(|(before, after)| {
        let (path, _) = url.strip_prefix(before)?.split_once(after)?;
        path_of(&path.replace("%2F", "/").replace("%2f", "/"))
    })
}

/// A path of an owner and a name at least, in lower case.
fn path_of(path: &str) -> Option<String> {
    let is_segment = |it: &str| !it.is_empty() && it != ".." && !it.contains(['?', '#', '%']);
    (path.contains('/') && path.split('/').all(is_segment)).then(|| path.to_ascii_lowercase())
}

/// Whether a package may be what a repository holds: one of its two names tells of the other's, for many are not alike.
fn is_related(package: &str, repository: &str) -> bool {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let names = |path: &str| path.rsplit_once('/').map(|(owner, name)| (plain(owner), plain(name)));
    let tells = |one: &str, other: &str| {
        one.len().min(other.len()) >= 2 && (one.contains(other) || other.contains(one))
    };
    match (names(package), names(repository)) {
        (Some((vendor, name)), Some((owner, repository))) => {
            tells(&vendor, &owner) || tells(&name, &repository)
        }
        _ => false,
    }
}
