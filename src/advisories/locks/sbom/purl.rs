//! Package URLs: <https://github.com/package-url/purl-spec>.

use crate::advisories::{
    lock::{Ecosystem, Origin},
    locks::{error::shown, python},
};

/// A package URL.
pub(in crate::advisories) struct Purl {
    /// Whose package it is, or the type that is none of those with advisories.
    pub(in crate::advisories) ecosystem: Result<Ecosystem, String>,
    /// Its name, as its ecosystem writes it.
    pub(in crate::advisories) name: String,
    /// Its version.
    pub(in crate::advisories) version: String,
    /// Where its files are from.
    pub(in crate::advisories) origin: Origin,
}

impl Purl {
    /// `pkg:type/namespace/name@version?qualifiers#subpath`; nothing where the text is none.
    pub(in crate::advisories) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("pkg:")?.trim_start_matches('/');
        let rest = rest.split('#').next()?;
        let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
        let (path, version) = match rest.rsplit_once('@') {
            Some((path, version)) if !path.is_empty() && !version.contains('/') => (path, decoded(version)?),
            _ => (rest, String::new()),
        };
        let (kind, path) = path.split_once('/')?;
        let segments: Vec<String> = path.split('/').map(decoded).collect::<Option<_>>()?;
        let path = segments.join("/");
        let ecosystem = of_type(&kind.to_ascii_lowercase());
        let name = match ecosystem {
            Some(Ecosystem::Pypi) => python::normal_name(&path),
            Some(Ecosystem::Nuget | Ecosystem::Composer) => path.to_lowercase(),
            Some(Ecosystem::Maven) => path.replacen('/', ":", 1),
            _ => path,
        };
        let origin = origin(qualifiers, &version);
        let ecosystem = ecosystem.ok_or_else(|| shown(kind));
        Some(Self { ecosystem, name, version, origin })
    }
}

fn of_type(kind: &str) -> Option<Ecosystem> {
    Some(match kind {
        "cargo" => Ecosystem::Cargo,
        "golang" => Ecosystem::Golang,
        "pypi" => Ecosystem::Pypi,
        "npm" => Ecosystem::Npm,
        "gem" => Ecosystem::Gem,
        "composer" => Ecosystem::Composer,
        "nuget" => Ecosystem::Nuget,
        "maven" => Ecosystem::Maven,
        "hex" => Ecosystem::Hex,
        _ => return None,
    })
}

/// A qualifier that says where the files are from says that they are not from the ecosystem's own registry.
fn origin(qualifiers: &str, version: &str) -> Origin {
    for qualifier in qualifiers.split('&') {
        let Some((key, value)) = qualifier.split_once('=') else { continue };
        let value = python::without_secrets(&decoded(value).unwrap_or_default());
        match key {
            "vcs_url" => return Origin::Git(value),
            "repository_url" => return Origin::OtherRegistry(value),
            "download_url" => return Origin::Url(value),
            _ => {}
        }
    }
    if version.is_empty() { Origin::Unpinned(String::new()) } else { Origin::DefaultRegistry }
}

/// Percent-decoded text; nothing where it is not UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).ok()
}
