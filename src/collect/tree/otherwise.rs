//! Files that list packages under names that nobody reads here: other spellings of known names, and other tools' files; and
//! packages that are archives themselves.
//!
//! The rule that must not be broken: what may select packages and is not read is named. A list that another one, which is
//! read, speaks for is not.

use super::{FOREIGN, KEPT, TreePath};
use crate::{
    advisories::locks::{self, Format},
    evidence::{Item, Seen},
    inside::nested,
    paths,
};
use std::collections::{BTreeMap, BTreeSet};

/// Names in lower case, whose spelling does not matter.
const NAMES: [&str; 33] = [
    ".pnp.cjs",
    ".terraform.lock.hcl",
    "aqua.yaml",
    "brewfile.lock.json",
    "buck.lock",
    "chart.lock",
    "conda-lock.yaml",
    "conda.yaml",
    "conda.yml",
    "cpanfile",
    "constraints.txt",
    "deno.json",
    "deno.jsonc",
    "dependencies.txt",
    "deps.edn",
    "environment.yaml",
    "gemfile.local",
    "glide.lock",
    "go.sum",
    "godeps.json",
    "hatch.toml",
    "importmap.rb",
    "jsr.json",
    "libman.json",
    "maven_install.json",
    "module.bazel",
    "paket.dependencies",
    "pip.txt",
    "pixi.toml",
    "project.assets.json",
    "spago.lock",
    "stack.yaml",
    "vendor.txt",
];

/// Stems of files of requirements that are not called so.
const STEMS: [&str; 6] = ["reqs", "dev-reqs", "test-reqs", "deps", "requires", "requirement"];

/// Folders in which such files stand under short names, and those names without their endings.
const FOLDERS: [&str; 3] = ["dependencies", "deps", "reqs"];
const OF_A_USE: [&str; 14] = [
    "base",
    "build",
    "ci",
    "common",
    "dev",
    "development",
    "docs",
    "lint",
    "main",
    "prod",
    "production",
    "release",
    "test",
    "tests",
];

/// Lists, each with the names in lower case of those beside or above which speak for them.
const SPOKEN_FOR: [(&str, &[&str]); 6] = [
    (".gem", &["gemfile.lock", "gems.locked"]),
    (".gemspec", &["gemfile.lock", "gems.locked"]),
    (".pnp.cjs", &["yarn.lock"]),
    ("go.sum", &["go.mod"]),
    ("paket.dependencies", &["paket.lock"]),
    ("pixi.toml", &["pixi.lock"]),
];

/// Names of lock files with something put into them, which a build may put in the place of those: how they begin and end.
const VARIANTS: [(&str, &str); 9] = [
    ("", ".lock.json"),
    ("", ".lockfile"),
    ("", ".rb.lock"),
    ("cargo.lock.", ""),
    ("composer", ".lock"),
    ("environment-", ".yaml"),
    ("environment-", ".yml"),
    ("gemfile", ".lock"),
    ("package@swift-", ".swift"),
];

/// How names of copies end that editors and merges leave behind.
const LEFT_BEHIND: [&str; 3] = [".bak", ".old", ".orig"];

/// Whether a path that is not read is that of a list of packages.
pub(super) fn is_one(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let name = paths::name_of(&lower);
    let is_spelled_otherwise = Format::of(&lower).is_some()
        || locks::manifest::is_named(name)
        || FOREIGN.iter().chain(&KEPT).any(|known| known.eq_ignore_ascii_case(name))
        || ["cargo.lock", "gemfile.lock", "pipfile.lock"].contains(&name);
    // Julia's; in lower case it is a common name of other things.
    let is_of_julia = (path.ends_with("Manifest.toml")
        && ["manifest.toml", "juliamanifest.toml"].contains(&name))
        || path.ends_with("Project.toml");
    // Each of several lists of Bundler's; and what is below a folder of requirements is a list of them.
    let is_of_a_kind = name.ends_with(".gemfile.lock") || is_in_requirements(&lower);
    is_spelled_otherwise
        || is_of_a_kind
        || is_of_julia
        || is_of_requirements(name)
        || is_variant(name)
        || NAMES.contains(&name)
        || name == "opam.locked"
        || nested::is_package(path)
        || [".gemspec", ".opam.locked", ".py.lock"].iter().any(|ending| name.ends_with(ending))
}

/// Whether a name is that of a lock file with something put into it.
fn is_variant(name: &str) -> bool {
    let is_one = |(begin, end): &(&str, &str)| {
        name.len() > begin.len() + end.len() && name.starts_with(begin) && name.ends_with(end)
    };
    (VARIANTS.iter().any(is_one) || Format::is_variant(name))
        && !LEFT_BEHIND.iter().any(|end| name.ends_with(end))
}

/// Whether a file is one of several below a folder of requirements: those that are installed, and those that are compiled
/// into them.
fn is_in_requirements(path: &str) -> bool {
    let (folder, name) = paths::split(path);
    let mut folders = folder.rsplit('/');
    let parent = folders.next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, "in" | "pip")) if parent == "requirements" => true,
        Some((stem, "pip" | "txt")) if FOLDERS.contains(&parent) && OF_A_USE.contains(&stem) => true,
        Some((_, "txt")) => parent == "reqs" || folders.any(|it| it == "requirements"),
        _ => false,
    }
}

/// Whether a name is that of a file of requirements that pip reads under any name.
fn is_of_requirements(name: &str) -> bool {
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    match ending {
        "txt" => STEMS.contains(&stem) || stem.contains("requirements") || stem.starts_with("requirement-"),
        "pip" => stem.contains("requirement") || STEMS.contains(&stem),
        "lock" => stem.starts_with("requirements"),
        _ => false,
    }
}

/// Takes those out that are read after all, as another list names them, and those that another list speaks for.
pub(super) fn leave_out_what_is_read(
    foreign: &mut Vec<String>,
    files: &BTreeMap<String, Seen<Item>>,
    paths: &[TreePath],
) {
    let may_be_spoken_for = |path: &str| {
        let name = paths::name_of(path).to_ascii_lowercase();
        name == "constraints.txt"
            || name.ends_with(".in")
            || SPOKEN_FOR.iter().any(|(ending, _)| name.ends_with(ending))
    };
    if !foreign.iter().any(|path| may_be_spoken_for(path) || files.contains_key(path)) {
        return;
    }
    let all: BTreeSet<&str> = paths.iter().filter_map(|it| std::str::from_utf8(&it.path).ok()).collect();
    let folders_of_requirements: BTreeSet<&str> = all
        .iter()
        .filter(|path| Format::of(path) == Some(Format::Requirements))
        .map(|path| paths::folder_of(path))
        .collect();
    foreign.retain(|path| {
        let lower = path.to_ascii_lowercase();
        let name = paths::name_of(&lower);
        let compiled = path.strip_suffix(".in").map(|stem| format!("{stem}.txt"));
        if files.contains_key(path)
            || compiled.is_some_and(|compiled| all.contains(compiled.as_str()))
            || (name == "constraints.txt" && folders_of_requirements.contains(paths::folder_of(path)))
        {
            return false;
        }
        let Some((ending, by)) = SPOKEN_FOR.iter().find(|(ending, _)| name.ends_with(ending)) else {
            return true;
        };
        // Bundler takes what it locked from its own folder alone.
        let is_elsewhere = *ending == ".gem" && !paths::folder_of(path).ends_with("vendor/cache");
        is_elsewhere || !is_spoken_for(path, *ending == "go.sum", by, &all)
    });
}

/// Whether one of the lists is beside, or above where that counts.
fn is_spoken_for(path: &str, is_beside_only: bool, by: &[&'static str], all: &BTreeSet<&str>) -> bool {
    // Those that are read are spelled as their tools spell them.
    let spelled = |name: &&'static str| if *name == "gemfile.lock" { "Gemfile.lock" } else { *name };
    let has = |folder: &str| by.iter().any(|name| all.contains(paths::below(folder, spelled(name)).as_str()));
    let own = paths::folder_of(path);
    has(own)
        || (!is_beside_only
            && (has("") || own.match_indices('/').any(|(at, _)| own.get(..at).is_some_and(has))))
}

#[cfg(test)]
mod tests {
    use super::{super::Class, super::class_of, is_one, leave_out_what_is_read};
    use crate::collect::git::{EntryKind, TreePath};
    use std::collections::BTreeMap;

    #[test]
    fn lists_of_packages_by_other_names_are_named_and_near_misses_are_not() {
        for path in [
            "Requirements.txt",
            "REQUIREMENTS.TXT",
            "requirement.txt",
            "requirements.pip",
            "requirements.lock",
            "app/reqs.txt",
            "deps.txt",
            "requires.txt",
            "constraints.txt",
            "my-requirements-dev.txt",
            "cargo.lock",
            "CARGO.LOCK",
            "sub/gemfile.lock",
            "Package.json",
            "podfile.lock",
            ".terraform.lock.hcl",
            "glide.lock",
            "maven_install.json",
            "Manifest.toml",
            "deno.json",
            "jsr.json",
            "deps.edn",
            "spago.lock",
            "Brewfile.lock.json",
            "opam.locked",
            "x.opam.locked",
            "buck.lock",
            "aqua.yaml",
            ".pnp.cjs",
            "obj/project.assets.json",
            "go.sum",
            "x.gemspec",
            "Gemfile.local",
            "a.py.lock",
            "requirements/base.in",
            "environment.yaml",
            "conda-lock.yaml",
            "pip.txt",
            "dependencies.txt",
            "gemfiles/rails4.gemfile.lock",
            "MODULE.bazel",
            "stack.yaml",
            "cpanfile",
            "Project.toml",
            "Chart.lock",
            "hatch.toml",
            "src/widget/_vendor/vendor.txt",
            "reqs/base.txt",
            "requirements/prod/base.txt",
            "conda.yml",
            "environment-prod.yml",
            "pixi.toml",
            "paket.dependencies",
            "libman.json",
            "Godeps/Godeps.json",
            "locks/rel.lockfile",
            "rel.lock.json",
            "pnpm-lock.release.yaml",
            "composer-rel.lock",
            "gemfiles/rel.rb.lock",
            "Gemfile.next.lock",
            "Package@swift-5.9.swift",
            "Cargo.lock.msrv",
            "Cargo-minimal.lock",
            "package-lock.prod.json",
            "npm-shrinkwrap-prod.json",
            "Pipfile.prod.lock",
            "poetry.dev.lock",
            "uv_release.lock",
            "requirements/prod.pip",
            "deps/prod.txt",
            "web/gleam.toml",
            "config/importmap.rb",
            "lib/log4j-core-2.0.jar",
            "wheels/x-1.0-py3-none-any.whl",
        ] {
            assert_eq!(class_of(path), Some(Class::Foreign), "{path}");
        }
        for path in [
            "manifest.toml",
            "requirements.md",
            "docs/deps.md",
            "docs/dependencies.md",
            "project.toml",
            "config/base.in",
            "environment.yaml.md",
            "notes.txt",
            "yarn.lock.txt",
            "vendors.txt",
            "docs/requirements/x/base.md",
            "myreqs/base.txt",
            "constraints-prod.txt",
            "environment.prod.ts",
            "environments.yml",
            ".lockfile",
            "Package@swift.md",
            "Cargo.lock.bak",
            "a.lock",
            "cargos.lock",
            "Cargo-.lock",
            "package-lock.prod.json.md",
            "package-locks.json",
            "requirements-prod.pip.md",
            "deps/CMakeLists.txt",
            "deps/zlib/prod.txt",
            "prod.txt",
            "gradle/wrapper/gradle-wrapper.jar",
            "src/test/resources/x.jar",
            "lib/x.jar.sha1",
            "mygo.sum.txt",
            "vendor/x/.cargo/config.toml",
        ] {
            assert_eq!(class_of(path), None, "{path}");
        }
        assert_eq!(class_of(".cargo/config.toml"), Some(Class::Kept));
        assert!(!is_one("Cargo.lock.orig"));
    }

    #[test]
    fn a_list_that_another_one_speaks_for_is_not_named() {
        let left = |all: &[&str]| {
            let id = gix::ObjectId::null(gix::hash::Kind::Sha1);
            let of = |path: &&str| TreePath { path: path.as_bytes().to_vec(), kind: EntryKind::File, id };
            let paths: Vec<TreePath> = all.iter().map(of).collect();
            let mut foreign: Vec<String> = all
                .iter()
                .filter(|it| class_of(it) == Some(Class::Foreign))
                .map(|it| (*it).to_owned())
                .collect();
            leave_out_what_is_read(&mut foreign, &BTreeMap::new(), &paths);
            foreign
        };
        for spoken_for in [
            &["go.mod", "go.sum"][..],
            &["Gemfile.lock", "x.gemspec"],
            &["gems.locked", "a/b/c/x.gemspec"],
            &["a/yarn.lock", "a/b/.pnp.cjs"],
            &["Gemfile.lock", "vendor/cache/rack-2.0.1.gem"],
            &["constraints.txt", "requirements.txt"],
            &["requirements/base.in", "requirements/base.txt"],
        ] {
            assert!(left(spoken_for).is_empty(), "{spoken_for:?}");
        }
        for (all, named) in [
            (&["a/go.sum", "go.mod"][..], "a/go.sum"),
            (&["Gemfile.lock", "lib/rack-2.0.1.gem"], "lib/rack-2.0.1.gem"),
            (&["a/Gemfile.lock", "vendor/cache/rack-2.0.1.gem"], "vendor/cache/rack-2.0.1.gem"),
            (&["a/Gemfile.lock", "x.gemspec"], "x.gemspec"),
            (&["pixi.lock", "a/pixi.toml", "pixi.toml"], "pixi.lock"),
            (&["paket.lock", "paket.dependencies"], "paket.lock"),
            (&["a/constraints.txt", "requirements.txt"], "a/constraints.txt"),
            (&["requirements/base.in", "requirements/test.txt"], "requirements/base.in"),
            (&["ab/.pnp.cjs", "a/yarn.lock"], "ab/.pnp.cjs"),
        ] {
            assert_eq!(left(all), [named]);
        }
    }
}
