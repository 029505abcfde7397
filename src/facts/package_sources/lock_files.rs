//! Settings at the tag that put another lock file in the place of the one of the usual name, or have none.
//!
//! The rule that must not be broken: a lock file of the usual name that a setting lets nobody read speaks for nothing. What a
//! setting names instead counts only where it is read itself.

use super::{Rerouted, others::without_comments};
use crate::{
    advisories::locks::{Format, manifest, notation},
    evidence::{Seen, Tree},
    paths,
    text::clean,
};
use serde_json::Value;

/// Settings of `.npmrc`, each with the value that leaves the lock file alone.
const NPMRC: [(&str, &str, Format); 5] = [
    ("git-branch-lockfile", "false", Format::PnpmLock),
    ("lockfile", "true", Format::PnpmLock),
    ("lockfile-dir", ".", Format::PnpmLock),
    ("package-lock", "true", Format::PackageLock),
    ("shrinkwrap", "true", Format::PackageLock),
];

/// The same of `pnpm-workspace.yaml`.
const PNPM: [(&str, &str); 3] = [("gitBranchLockfile", "false"), ("lockfile", "true"), ("lockfileDir", ".")];

/// What a file says of lock files: the setting as it is written, and the lock files that it is about.
struct Setting {
    written: String,
    format: Format,
    /// The lock file that it names instead.
    named: Option<String>,
}

impl Setting {
    fn of(key: &str, value: &str, format: Format) -> Self {
        Self { written: format!("{key}={value}"), format, named: None }
    }

    fn naming(key: &str, value: Option<&str>, format: Format) -> Self {
        let written = format!("{key} {}", value.unwrap_or("(what is worked out when it is run)"));
        Self { written, format, named: value.map(|it| it.replace('\\', "/")) }
    }

    /// Whether the lock file that is named is one of those that are read. Where its folder is worked out, its name is.
    fn is_read(&self, path: &str, tree: &Tree) -> bool {
        let is_there = |named: &str| {
            let at = paths::resolve(paths::folder_of(path), named);
            named.contains('$') || at.is_some_and(|at| tree.files().contains_key(&at))
        };
        self.named.as_deref().is_some_and(|named| Format::of(named) == Some(self.format) && is_there(named))
    }
}

/// The settings that put other lock files, or none, in the place of those that are read.
pub(super) fn rerouted(tree: &Tree) -> Vec<Rerouted> {
    let mut found = Vec::new();
    for (path, seen) in tree.files() {
        // One that is not there or no text is told as what it is: a configuration or a manifest.
        let Seen::Present(item) = seen else { continue };
        let Ok(text) = std::str::from_utf8(&item.bytes) else { continue };
        let settings = settings(paths::name_of(path), text);
        found.extend(settings.into_iter().filter(|it| !it.is_read(path, tree)).map(|it| Rerouted {
            path: path.clone(),
            why: format!("sets {}", clean(&it.written)),
            of: it.format.ecosystem(),
            scope: None,
            only: Some(it.format),
        }));
    }
    found
}

fn settings(name: &str, text: &str) -> Vec<Setting> {
    match name {
        ".npmrc" => npmrc(text),
        ".yarnrc" => yarnrc(text),
        ".yarnrc.yml" => yarn(text).into_iter().collect(),
        "pnpm-workspace.yaml" => pnpm(text),
        "composer.json" => composer(text).into_iter().collect(),
        "build.gradle" | "build.gradle.kts" => gradle(text),
        "mix.exs" => mix(text),
        _ if manifest::is_of_dotnet(name) => dotnet(text),
        _ => Vec::new(),
    }
}

/// A name and its value, without quotes.
fn pair(line: &str) -> (&str, &str) {
    let end = line.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(line.len());
    let quotes = ['"', '\''];
    let value = line[end..].trim_start_matches([' ', '\t', '=']).trim();
    (line[..end].trim_matches(quotes), value.trim_matches(quotes))
}

fn npmrc(text: &str) -> Vec<Setting> {
    let of_line = |line| {
        let (key, value) = pair(line);
        // A name alone is true.
        let value = if value.is_empty() { "true" } else { value };
        let (_, harmless, format) = NPMRC.into_iter().find(|(name, ..)| *name == key)?;
        (value != harmless).then(|| Setting::of(key, value, format))
    };
    super::settings(text).filter_map(of_line).collect()
}

/// `--install.no-lockfile true`, `--no-lockfile true`.
fn yarnrc(text: &str) -> Vec<Setting> {
    let of_line = |line| {
        let (key, value) = pair(line);
        let is_it = key.trim_start_matches('-').rsplit('.').next() == Some("no-lockfile");
        (is_it && value != "false").then(|| Setting::of(key, value, Format::YarnLock))
    };
    super::settings(text).filter_map(of_line).collect()
}

fn yarn(text: &str) -> Option<Setting> {
    const KEY: &str = "lockfileFilename";
    let Ok(document) = notation::settings(text.as_bytes()) else {
        return Some(Setting::naming(KEY, None, Format::YarnLock));
    };
    let named = document.get(KEY)?.as_str();
    (named != Some("yarn.lock")).then(|| Setting::naming(KEY, named, Format::YarnLock))
}

fn pnpm(text: &str) -> Vec<Setting> {
    // One that cannot be read may name any registry, which is told.
    let Ok(document) = notation::settings(text.as_bytes()) else { return Vec::new() };
    let of = |(key, harmless): (&str, &str)| {
        let value = match document.get(key)? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        (value != harmless).then(|| Setting::of(key, &value, Format::PnpmLock))
    };
    PNPM.into_iter().filter_map(of).collect()
}

/// `"config": {"lock": false}`.
fn composer(text: &str) -> Option<Setting> {
    let document: Value = serde_json::from_str(text).ok()?;
    let lock = document.get("config")?.get("lock")?;
    (lock != &Value::Bool(true)).then(|| Setting::of("lock", &lock.to_string(), Format::ComposerLock))
}

/// `lockFile = file("x")` and `lockFile.set(file("x"))` of `dependencyLocking`.
fn gradle(text: &str) -> Vec<Setting> {
    if !text.contains("dependencyLocking") {
        return Vec::new();
    }
    let is_set = |rest: &str| {
        let rest = rest.trim_start();
        (rest.starts_with('=') && !rest.starts_with("=="))
            || rest.starts_with(".set")
            || rest.starts_with("file")
    };
    after_each(text, "//", "lockFile")
        .filter(|rest| is_set(rest))
        .map(|rest| Setting::naming("lockFile", string(rest), Format::GradleLock))
        .collect()
}

fn mix(text: &str) -> Vec<Setting> {
    after_each(text, "#", "lockfile:")
        .map(|rest| {
            let literal = string(rest).filter(|_| rest.trim_start().starts_with('"'));
            Setting::naming("lockfile", literal, Format::MixLock)
        })
        .collect()
}

/// `<NuGetLockFilePath>x</NuGetLockFilePath>`, whose name MSBuild reads without case.
fn dotnet(text: &str) -> Vec<Setting> {
    const KEY: &str = "NuGetLockFilePath";
    let text = without_comments(text);
    let lower = text.to_ascii_lowercase();
    let begins = lower.match_indices("<nugetlockfilepath").map(|(at, found)| at + found.len());
    let values = begins.filter_map(|at| {
        let (attributes, value) = text[at..].split_once('>')?;
        if attributes.starts_with(|c: char| !c.is_whitespace()) {
            return None;
        }
        Some(value.split('<').next().unwrap_or(value).trim()).filter(|value| !value.is_empty())
    });
    values.map(|value| Setting::naming(KEY, Some(value), Format::NugetLock)).collect()
}

/// What follows a word in each line of a program that is no comment.
fn after_each<'t>(text: &'t str, comment: &'t str, word: &'t str) -> impl Iterator<Item = &'t str> {
    let lines = text.lines().filter(move |line| !line.trim_start().starts_with(comment));
    lines.filter_map(move |line| {
        let (before, rest) = line.split_once(word)?;
        (!before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')).then_some(rest)
    })
}

/// The first string of a line.
fn string(line: &str) -> Option<&str> {
    let at = line.find(['"', '\''])?;
    let quote = line[at..].chars().next()?;
    line[at + 1..].split_once(quote).map(|(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use super::{Rerouted, rerouted};
    use crate::{
        advisories::locks::Format,
        evidence::{Item, Seen, Tree},
    };

    fn found(files: &[(&str, &str)]) -> Vec<(String, Option<Format>)> {
        let seen = |text: &str| Seen::Present(Item::new("test", text.as_bytes().to_vec()));
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), seen(text))).collect();
        let of = |it: Rerouted| (it.why, it.only);
        rerouted(&Tree::new(files, Vec::new())).into_iter().map(of).collect()
    }

    #[test]
    fn a_setting_that_leaves_no_lock_file_or_another_one_is_told_with_the_lock_files_that_it_is_about() {
        for (path, text, why, format) in [
            (".npmrc", "package-lock=false\n", "sets package-lock=false", Format::PackageLock),
            (".npmrc", "lockfile = \"false\"\n", "sets lockfile=false", Format::PnpmLock),
            ("a/.npmrc", "git-branch-lockfile\n", "sets git-branch-lockfile=true", Format::PnpmLock),
            (".yarnrc", "--install.no-lockfile true\n", "sets --install.no-lockfile=true", Format::YarnLock),
            (
                ".yarnrc.yml",
                "lockfileFilename: other.lock\n",
                "sets lockfileFilename other.lock",
                Format::YarnLock,
            ),
            (
                "pnpm-workspace.yaml",
                "gitBranchLockfile: true\n",
                "sets gitBranchLockfile=true",
                Format::PnpmLock,
            ),
            ("composer.json", "{\"config\": {\"lock\": false}}", "sets lock=false", Format::ComposerLock),
            (
                "build.gradle",
                "dependencyLocking {\n  lockFile = file('locks/rel.lockfile')\n}\n",
                "sets lockFile locks/rel.lockfile",
                Format::GradleLock,
            ),
            (
                "build.gradle.kts",
                "dependencyLocking { lockFile.set(where) }\n",
                "sets lockFile (what is worked out when it is run)",
                Format::GradleLock,
            ),
            ("mix.exs", "  lockfile: \"rel.lock\",\n", "sets lockfile rel.lock", Format::MixLock),
            (
                "mix.exs",
                "  lockfile: name(),\n",
                "sets lockfile (what is worked out when it is run)",
                Format::MixLock,
            ),
            (
                "Directory.Build.props",
                "<nugetLockFilePath Condition=\"x\"> rel.json </nugetLockFilePath>",
                "sets NuGetLockFilePath rel.json",
                Format::NugetLock,
            ),
        ] {
            assert_eq!(found(&[(path, text)]), [(why.to_owned(), Some(format))], "{path}: {text}");
        }
    }

    #[test]
    fn a_setting_that_leaves_the_lock_file_alone_or_names_one_that_is_read_is_not_told() {
        for (path, text) in [
            (".npmrc", "package-lock=true\n# package-lock=false\nlockfile-version=3\n"),
            (".yarnrc", "--install.no-lockfile false\nlastUpdateCheck 1\n"),
            (".yarnrc.yml", "lockfileFilename: yarn.lock\nnodeLinker: node-modules\n"),
            ("pnpm-workspace.yaml", "gitBranchLockfile: false\nlockfile: true\n"),
            ("composer.json", "{\"config\": {\"lock\": true}}"),
            ("build.gradle", "def lockFile = file('x.lock')\n"),
            (
                "build.gradle",
                "dependencyLocking {\n  // lockFile = file('x')\n  lockAllConfigurations()\n}\n",
            ),
            ("build.gradle", "dependencyLocking { lockFile = file(\"$projectDir/gradle.lockfile\") }\n"),
            ("a.csproj", "<!-- <NuGetLockFilePath>x</NuGetLockFilePath> --><NuGetLockFilePaths>x</A>"),
            ("a.csproj", "<NuGetLockFilePath>$(X)\\packages.linux.lock.json</NuGetLockFilePath>"),
        ] {
            assert_eq!(found(&[(path, text)]), [], "{path}: {text}");
        }
        let umbrella = ("apps/a/mix.exs", "lockfile: \"../../mix.lock\"\n");
        assert_eq!(found(&[umbrella, ("mix.lock", "%{}\n")]), []);
        assert_eq!(found(&[umbrella]).len(), 1);
    }
}
