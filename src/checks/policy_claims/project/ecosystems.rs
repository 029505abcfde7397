//! The ecosystems that a project has dependencies of.
//!
//! The rule that must not be broken: what stands in an example, a test or the documentation is none of the project's.

use super::{About, locks};
use crate::{facts::project::tools, paths, security_policy::claims::Ecosystem, text};
use std::collections::BTreeSet;

/// The ecosystems of the project's own manifests.
pub(super) fn own(about: &About<'_>) -> Vec<Ecosystem> {
    let mut found: Vec<Ecosystem> =
        own_manifests(about).into_iter().map(|(_, ecosystem)| ecosystem).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The project's own manifests, where those depend on anything.
pub(super) fn own_manifests<'a>(about: &About<'a>) -> Vec<(&'a str, Ecosystem)> {
    let asking: BTreeSet<&String> = about.project.manifests.iter().collect();
    let of = |path: &String| {
        let name = paths::name_of(path);
        let asks = || asking.contains(path);
        match name {
            _ if locks::is_beside(path) => None,
            "package.json" if asks() => Some(Ecosystem::Npm),
            "Cargo.toml" if asks() => Some(Ecosystem::Cargo),
            "pyproject.toml" if asks() => Some(Ecosystem::Python),
            "Pipfile" | "requirements.txt" => Some(Ecosystem::Python),
            "go.mod" => Some(Ecosystem::Go),
            "pom.xml" if asks() => Some(Ecosystem::Java),
            "build.gradle" | "build.gradle.kts" if asks() => Some(Ecosystem::Java),
            "Gemfile" | "gems.rb" => Some(Ecosystem::Ruby),
            "composer.json" => Some(Ecosystem::Php),
            _ => None,
        }
    };
    about.project.every_manifest.iter().filter_map(|path| Some((path.as_str(), of(path)?))).collect()
}

/// Every ecosystem that is known.
const ALL: [Ecosystem; 9] = [
    Ecosystem::Python,
    Ecosystem::Npm,
    Ecosystem::Go,
    Ecosystem::Cargo,
    Ecosystem::Java,
    Ecosystem::Ruby,
    Ecosystem::Php,
    Ecosystem::DotNet,
    Ecosystem::Elixir,
];

/// What a scanner of all dependencies would look at: the ecosystems of manifests and lock files, read or not.
pub(super) fn scannable(about: &About<'_>) -> BTreeSet<Ecosystem> {
    let project = about.project;
    let files = project.every_manifest.iter().chain(&project.locks).chain(&project.others);
    let of = |path: &String| {
        let name = paths::name_of(path);
        (!locks::is_beside(path)).then(|| of_other(name).or_else(|| of_lock(path)))?
    };
    own(about).into_iter().chain(files.filter_map(of)).collect()
}

/// The ecosystem of a lock file.
pub(super) fn of_lock(path: &str) -> Option<Ecosystem> {
    let name = paths::name_of(path);
    let is_odd = name.ends_with(".txt") && !tools::is_of_what_is_used(name);
    ALL.into_iter().find(|it| !is_odd && locks::is_of(path, *it))
}

/// The ecosystem of a manifest that says nothing of its dependencies here.
fn of_other(name: &str) -> Option<Ecosystem> {
    match name {
        "setup.py" | "setup.cfg" | "environment.yml" => Some(Ecosystem::Python),
        "bower.json" | "deno.lock" => Some(Ecosystem::Npm),
        "Gopkg.lock" => Some(Ecosystem::Go),
        "build.sbt" | "ivy.xml" | "libs.versions.toml" => Some(Ecosystem::Java),
        "Directory.Packages.props" | "packages.config" | "paket.lock" => Some(Ecosystem::DotNet),
        "mix.exs" => Some(Ecosystem::Elixir),
        name if is_of_dotnet(name) => Some(Ecosystem::DotNet),
        _ => None,
    }
}

fn is_of_dotnet(name: &str) -> bool {
    [".csproj", ".fsproj", ".vbproj"].iter().any(|ending| name.ends_with(ending))
}

/// A manifest or lock file of an ecosystem that has no name here, and that only scanners of everything look at.
pub(super) fn unnamed(about: &About<'_>) -> Option<String> {
    const NAMES: [&str; 17] = [
        "Cartfile",
        "Cartfile.resolved",
        "Package.resolved",
        "Package.swift",
        "Podfile",
        "Podfile.lock",
        "cabal.project.freeze",
        "conan.lock",
        "conanfile.py",
        "conanfile.txt",
        "cpanfile.snapshot",
        "pubspec.lock",
        "pubspec.yaml",
        "rebar.lock",
        "renv.lock",
        "stack.yaml.lock",
        "vcpkg.json",
    ];
    let is_one = |path: &&String| NAMES.contains(&paths::name_of(path)) && !locks::is_beside(path);
    about.project.others.iter().find(is_one).map(|path| text::clean(path).into_owned())
}
