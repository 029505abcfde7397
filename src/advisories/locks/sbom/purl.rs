//! Package URLs: <https://github.com/package-url/purl-spec>.
//!
//! The rule that must not be broken: however a program spells the name, it is the one that a database knows, or it is
//! said that no package of the ecosystem can have it.

use crate::advisories::{
    lock::{Ecosystem, Origin},
    locks::{
        error::shown,
        gem_platform,
        go::{STDLIB, TOOLCHAIN},
        python,
    },
};

/// A package URL.
pub(in crate::advisories) struct Purl {
    /// Whose package it is, or the type that is none of those with advisories.
    pub(in crate::advisories) ecosystem: Result<Ecosystem, String>,
    /// Its name, as its ecosystem writes it.
    pub(in crate::advisories) name: String,
    /// What else it is: a Go toolchain has commands beside its library.
    pub(super) also: Option<&'static str>,
    /// Its version.
    pub(in crate::advisories) version: String,
    /// Whether it is that for one platform alone.
    pub(in crate::advisories) is_of_platform: bool,
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
        let path = decoded(path)?;
        let segments: Vec<&str> = path.split('/').filter(|it| !matches!(*it, "" | ".")).collect();
        let origin = origin(qualifiers);
        let Some(ecosystem) = of_type(&kind.to_ascii_lowercase()) else {
            let name = segments.join("/");
            return Some(Self {
                ecosystem: Err(shown(kind)),
                name,
                also: None,
                version,
                is_of_platform: false,
                origin: Origin::DefaultRegistry,
            });
        };
        let is_of_platform = ecosystem == Ecosystem::Gem && version.contains('-');
        let (version, unclear) = selected(ecosystem, &segments, version);
        let registry =
            if version.is_empty() { Origin::Unpinned(String::new()) } else { Origin::DefaultRegistry };
        let (name, own) = named(ecosystem, &segments);
        let origin = own.or(origin).or(unclear).unwrap_or(registry);
        let also = (ecosystem == Ecosystem::Golang && has_commands(&segments)).then_some(TOOLCHAIN);
        Some(Self { ecosystem: Ok(ecosystem), name, also, version, is_of_platform, origin })
    }
}

/// The name that segments come to, and where it is from where that is not its ecosystem's own registry.
fn named(ecosystem: Ecosystem, segments: &[&str]) -> (String, Option<Origin>) {
    let joined = segments.join("/");
    let name = match (ecosystem, segments) {
        (Ecosystem::Golang, _) if is_toolchain(segments) => STDLIB.to_owned(),
        (Ecosystem::Golang, [_, ..]) | (Ecosystem::Cargo | Ecosystem::Gem, [_]) => joined,
        (Ecosystem::Pypi, [name]) => python::normal_name(name),
        (Ecosystem::Nuget | Ecosystem::Hex, [_]) | (Ecosystem::Composer, [_, _]) => joined.to_lowercase(),
        (Ecosystem::Npm, [name]) if !name.starts_with('@') => joined,
        (Ecosystem::Npm, [scope, _]) if scope.starts_with('@') => joined,
        (Ecosystem::Maven, [group, name]) if !joined.contains(':') => format!("{group}:{name}"),
        (Ecosystem::Maven, [name]) if name.matches(':').count() == 1 => joined,
        (Ecosystem::Hex, [organisation, _]) => {
            let organisation = format!("that of the organisation {organisation}");
            return (joined, Some(Origin::OtherRegistry(organisation)));
        }
        _ => {
            let why = format!("no package of {ecosystem} can have this name");
            let name = if joined.is_empty() { "(unnamed)".to_owned() } else { joined };
            return (name, Some(Origin::Unclear(why)));
        }
    };
    (name, None)
}

/// Whether this names the Go toolchain, in any of the ways that programs have for it: what it links is its library.
fn is_toolchain(segments: &[&str]) -> bool {
    matches!(segments, ["std" | STDLIB]) || has_commands(segments)
}

/// Whether this names the whole of it, and not the library alone.
fn has_commands(segments: &[&str]) -> bool {
    matches!(segments, ["go" | TOOLCHAIN] | ["golang.org", TOOLCHAIN])
}

/// The version as its ecosystem compares it, and why there is none. That of a gem may have a platform behind it, as the names of
/// its files have.
fn selected(ecosystem: Ecosystem, segments: &[&str], version: String) -> (String, Option<Origin>) {
    match ecosystem {
        Ecosystem::Golang => (version_of(segments, version), None),
        Ecosystem::Gem => match gem_platform::split(&version) {
            Some((number, _)) => (number.to_owned(), None),
            None => {
                let why = "what stands behind its number is no platform that is known".to_owned();
                (version, Some(Origin::Unclear(why)))
            }
        },
        _ => (version, None),
    }
}

/// That of a Go toolchain. Some programs write that of the Go standard library as the name of a toolchain or without a `v`, and the
/// module of a toolchain has its own in front (`v0.0.1-go1.26.0.linux-amd64`). The first of a line has no third number.
pub(super) fn version_of(segments: &[&str], version: String) -> String {
    if !is_toolchain(segments) {
        return version;
    }
    let of_module = version.strip_prefix("v0.0.1-");
    let platform = |it: &str| {
        it.find(|c: char| c.is_ascii_lowercase()).map(|at| it[..at].trim_end_matches('.').to_owned())
    };
    let plain = of_module.unwrap_or(&version).trim_start_matches("go").trim_start_matches('v');
    let plain = of_module.and_then(|_| platform(plain)).unwrap_or_else(|| plain.to_owned());
    match plain.split('.').collect::<Vec<_>>().as_slice() {
        [""] => String::new(),
        [_, minor] if minor.bytes().all(|b| b.is_ascii_digit()) => format!("v{plain}.0"),
        _ => format!("v{plain}"),
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
fn origin(qualifiers: &str) -> Option<Origin> {
    for qualifier in qualifiers.split('&') {
        let Some((key, value)) = qualifier.split_once('=') else { continue };
        let value = python::without_secrets(&decoded(value).unwrap_or_default());
        match key {
            "vcs_url" => return Some(Origin::Git(value)),
            "repository_url" => return Some(Origin::OtherRegistry(value)),
            "download_url" => return Some(Origin::Url(value)),
            _ => {}
        }
    }
    None
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
