//! What the claims of a security policy are held against: settings at the tag, what the policy names, and dates.
//!
//! The rule that must not be broken: what was not read, for its size, its kind or its number, is said to be there and
//! not read; nothing is left out for being too much.

mod words;

use super::{
    SECURITY_POLICY_LIMIT,
    git::{EntryKind, GitError, Repository, TreePath, Version},
};
use crate::{
    evidence::{
        Branches, Item, Seen, Tree,
        project::{CI_SETTINGS, Cited, History, Named, Project, is_foreign_ci, is_scanner_setting, meant},
    },
    paths,
    release::ObjectId,
    text,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use words::Mention;

/// Largest file that is kept, in bytes.
const FILE_LIMIT: u64 = 1 << 20;
/// Most bytes that are kept together.
const TOTAL_LIMIT: u64 = 16 << 20;
/// Most files that are kept, and most paths of the policy that are looked for.
const FILES_LIMIT: usize = 400;
/// Most names without content.
const NAMES_LIMIT: usize = 200;
/// Most lines of files that a policy cites.
const CITED_LIMIT: usize = 64;
/// Most bytes of earlier versions of the policy that are read.
const PAST_LIMIT: usize = 64 << 20;

/// Words without which a policy claims nothing about dates.
const DATED: [&str; 7] = ["updated", "reviewed", "next review", "modified", "revised", "quarterly", "annual"];

/// Other settings at the root, by name.
const SETTINGS: [&str; 34] = [
    ".pre-commit-config.yaml",
    ".pre-commit-config.yml",
    ".golangci.yml",
    ".golangci.yaml",
    ".golangci.toml",
    ".golangci.json",
    "bandit.yaml",
    "bandit.yml",
    "ruff.toml",
    ".ruff.toml",
    ".flake8",
    "setup.cfg",
    "tox.ini",
    ".coveragerc",
    "pytest.ini",
    "codecov.yml",
    "codecov.yaml",
    ".codecov.yml",
    ".codecov.yaml",
    ".gitleaks.toml",
    ".secrets.baseline",
    ".semgrep.yml",
    "sonar-project.properties",
    ".gitignore",
    "dockerfile",
    "containerfile",
    "renovate.json",
    "renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.json5",
    "security.txt",
    "security-insights.yml",
    "security-insights.yaml",
];

/// Files that workflows call by the word behind them.
const CALLED: [(&str, &str); 8] = [
    ("Makefile", "make"),
    ("GNUmakefile", "make"),
    ("makefile", "make"),
    ("justfile", "just"),
    ("Justfile", "just"),
    ("Taskfile.yml", "task"),
    ("Taskfile.yaml", "task"),
    ("noxfile.py", "nox"),
];

/// What the names of changelogs begin with.
const CHANGELOGS: [&str; 5] = ["changelog", "changes", "history", "news", "releases"];

/// What the names of scripts, and of settings that a call may name, end in.
const SCRIPTS: [&str; 13] = [
    ".sh", ".bash", ".py", ".mk", ".ps1", ".js", ".toml", ".yml", ".yaml", ".json", ".jsonc", ".ini", ".cfg",
];

/// Lock files that nobody reads here and whose names count.
const LOCKS: [&str; 4] = ["pixi.lock", "conda-lock.yml", "conda-lock.yaml", "rye.lock"];

/// Folders with what comes from elsewhere.
const FOREIGN: [&str; 4] = ["node_modules", "vendor", "third_party", "testdata"];

/// Reads what the claims of the policy may rest on, at the commit that `tag` leads to.
pub(super) fn read(
    repository: &Repository,
    commit: Option<&ObjectId>,
    tag: &str,
    tree: &Seen<Tree>,
    policy: &Seen<Item>,
    branches: &Seen<Branches>,
) -> Seen<Project> {
    let Some(policy) = policy.present() else {
        return Seen::unavailable("there is no security policy here that could claim anything");
    };
    let (Some(commit), Some(tree)) = (commit, tree.present()) else {
        return Seen::unavailable("the tree at the tag could not be read");
    };
    let source = format!("refs/tags/{tag}");
    match repository.paths(commit) {
        Ok(paths) => {
            let reader = Reader { repository, commit, source, paths };
            Seen::Present(reader.project(tree, policy, branches))
        }
        Err(error) => Seen::unavailable(error.to_string()),
    }
}

struct Reader<'a> {
    repository: &'a Repository,
    commit: &'a ObjectId,
    source: String,
    /// Sorted.
    paths: Vec<TreePath>,
}

impl Reader<'_> {
    fn project(&self, tree: &Tree, policy: &Item, branches: &Seen<Branches>) -> Project {
        let origin = policy.path();
        let text = String::from_utf8_lossy(&policy.bytes);
        let mentions = words::mentions(&text);
        let kept = self.kept(tree);
        let wanted = wanted(origin, &mentions);
        let ids = kept.iter().chain(wanted.keys()).filter_map(|path| self.find(path));
        // What cannot be fetched together is asked for one by one, and says there why it cannot be had.
        drop(self.repository.prefetch(ids.map(|entry| entry.id).collect::<Vec<_>>().into_iter()));
        let mut room = TOTAL_LIMIT;
        let mut files = BTreeMap::new();
        for path in kept {
            let seen = if files.len() < FILES_LIMIT { self.file(&path, &mut room) } else { too_many() };
            files.insert(path, seen);
        }
        let mut named = BTreeMap::new();
        for (path, is_path) in wanted {
            let seen = if named.len() < FILES_LIMIT { self.named(&path, &mut room) } else { too_many() };
            if is_path || seen.present().is_some() {
                named.insert(path, seen);
            }
        }
        let (history, cited) = self.past(origin, policy, &mentions, branches);
        Project { files, names: self.names(), named, cited, history }
    }

    fn find(&self, path: &str) -> Option<&TreePath> {
        let at = self.paths.binary_search_by(|entry| entry.path.as_slice().cmp(path.as_bytes())).ok()?;
        self.paths.get(at)
    }

    /// The paths of the files that are kept, those nearest to the root first.
    fn kept(&self, tree: &Tree) -> Vec<String> {
        let workflows: Vec<String> = (tree.files().iter())
            .filter(|(path, _)| path.starts_with(".github/workflows/"))
            .filter_map(|(_, seen)| seen.present())
            .map(|item| String::from_utf8_lossy(&item.bytes).into_owned())
            .collect();
        let calls = |word: &str| workflows.iter().any(|text| has_word(text, word));
        let mut scripts: BTreeSet<String> = BTreeSet::new();
        for mention in workflows.iter().flat_map(|text| words::mentions(text)) {
            if SCRIPTS.iter().any(|ending| mention.path.ends_with(ending)) {
                scripts.extend(meant("", &mention.path));
            }
        }
        let mut kept: Vec<String> = (self.paths.iter())
            .filter(|entry| entry.kind != EntryKind::Submodule)
            .filter_map(|entry| std::str::from_utf8(&entry.path).ok())
            .filter(|path| is_setting(path) || scripts.contains(*path))
            .filter(|path| !tree.files().contains_key(*path) && path.chars().all(text::is_plain))
            .map(str::to_owned)
            .collect();
        for (name, word) in CALLED {
            if self.find(name).is_some() && calls(word) {
                kept.push(name.to_owned());
            }
        }
        kept.sort_by_cached_key(|path| (path.matches('/').count(), path.clone()));
        kept.dedup();
        kept
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = (self.paths.iter())
            .filter(|entry| entry.kind == EntryKind::File)
            .filter_map(|entry| std::str::from_utf8(&entry.path).ok())
            .filter(|path| !path.split('/').any(|segment| FOREIGN.contains(&segment)) && is_name(path))
            .map(|path| text::clean(path).into_owned())
            .collect();
        names.sort_by_cached_key(|path| (path.matches('/').count(), path.clone()));
        names.truncate(NAMES_LIMIT);
        names.sort();
        names
    }

    /// A file within what is left of the room.
    fn file(&self, path: &str, room: &mut u64) -> Seen<Item> {
        let seen = self.repository.file(self.commit, &self.source, path, FILE_LIMIT);
        let Some(item) = seen.present() else { return seen };
        match room.checked_sub(item.bytes.len() as u64) {
            Some(left) => *room = left,
            None => {
                let why = format!("these files have more than {TOTAL_LIMIT} bytes together");
                return Seen::unavailable(why);
            }
        }
        seen
    }

    /// What is at a path that the policy names.
    fn named(&self, path: &str, room: &mut u64) -> Seen<Named> {
        let below = format!("{path}/");
        let at = self.paths.partition_point(|entry| entry.path.as_slice() < below.as_bytes());
        if self.paths.get(at).is_some_and(|entry| entry.path.starts_with(below.as_bytes())) {
            return Seen::Present(Named::Folder);
        }
        let kind = self.find(path).map(|entry| entry.kind);
        if kind == Some(EntryKind::Submodule) {
            return Seen::Present(Named::Folder);
        }
        match self.file(path, room) {
            Seen::Present(item) => Seen::Present(Named::File(item)),
            Seen::Absent { looked_at } => Seen::Absent { looked_at },
            // A link that leads nowhere is not there for whoever follows it.
            Seen::Unavailable { reason } if kind == Some(EntryKind::File) => {
                Seen::Present(Named::Unread(reason))
            }
            Seen::Unavailable { reason } => Seen::unavailable(reason),
        }
    }

    /// The history of the default branch, where a policy says anything that rests on it.
    fn past(
        &self,
        path: &str,
        policy: &Item,
        mentions: &[Mention],
        branches: &Seen<Branches>,
    ) -> (Seen<History>, Vec<Cited>) {
        let tip = branches.present().and_then(|branches| branches.default.as_ref());
        let lacks = match tip {
            None => Some("the default branch is not known".to_owned()),
            Some(_) => self.repository.lacks_history(),
        };
        let (Some(tip), None) = (tip, &lacks) else {
            let reason = lacks.unwrap_or_default();
            let cited = cited_lines(path, mentions).into_iter();
            let cited = cited.map(|it| Cited { then: Seen::unavailable(&reason), ..it }).collect();
            return (Seen::unavailable(reason), cited);
        };
        let text = String::from_utf8_lossy(&policy.bytes).to_ascii_lowercase();
        let speaks_of_dates = DATED.iter().any(|word| text.contains(word));
        let mut cited = cited_lines(path, mentions);
        let past = self.repository.past();
        let recent = match past.recent(&tip.commit) {
            Ok(recent) => recent,
            Err(error) => return (unread(&error), cited),
        };
        // In a long history it takes a while, and few policies speak of it.
        if !speaks_of_dates && cited.is_empty() {
            let not = || Seen::unavailable("the policy speaks of no dates, so none were looked for");
            let history = History { began: not(), policy_began: not(), policy_changed: not(), recent };
            return (Seen::Present(history), cited);
        }
        let versions = past.versions(&tip.commit, path);
        let dated = |version: Option<&Version>| match version.and_then(|version| version.time) {
            Some(time) => Seen::Present(time),
            None => Seen::unavailable("its commit has no date that can be read"),
        };
        let (policy_began, policy_changed) = match &versions {
            Ok(versions) => (dated(versions.last()), dated(versions.first())),
            Err(error) => (unread(error), unread(error)),
        };
        let began = match past.began(&tip.commit) {
            Ok(Some(time)) => Seen::Present(time),
            Ok(None) => Seen::unavailable("its first commit has no date that can be read"),
            Err(error) => unread(&error),
        };
        match versions {
            Ok(versions) => self.blame(&mut cited, policy, &versions),
            Err(error) => cited.iter_mut().for_each(|it| it.then = unread(&error)),
        }
        (Seen::Present(History { began, policy_began, policy_changed, recent }), cited)
    }

    /// Finds for each line of the policy the oldest version in a row that has it, and the cited file as it was then.
    fn blame(&self, cited: &mut [Cited], policy: &Item, versions: &[Version]) {
        let now: Vec<&[u8]> = policy.bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).collect();
        let mut open: Vec<usize> = (0..cited.len()).collect();
        let mut written: BTreeMap<usize, ObjectId> = BTreeMap::new();
        let mut left = PAST_LIMIT;
        for version in versions {
            let bytes = match self.repository.version(version, SECURITY_POLICY_LIMIT) {
                Ok(bytes) if bytes.len() <= left => bytes,
                _ => {
                    // An older version may have the line as well, and then that one wrote it.
                    open.iter().for_each(|at| drop(written.remove(at)));
                    break;
                }
            };
            left -= bytes.len();
            let lines: HashSet<&[u8]> = bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).collect();
            open.retain(|at| now.get(cited[*at].line - 1).is_some_and(|line| lines.contains(line)));
            if open.is_empty() {
                break;
            }
            open.iter().for_each(|at| drop(written.insert(*at, version.commit.clone())));
        }
        for (at, it) in cited.iter_mut().enumerate() {
            it.then = match written.get(&at) {
                Some(commit) => self.repository.file(commit, &format!("{commit}"), &it.path, FILE_LIMIT),
                None => Seen::unavailable("it could not be found out when that line was written"),
            };
        }
    }
}

/// The paths to look for, and whether it is worth saying that one is not there.
fn wanted(policy: &str, mentions: &[Mention]) -> BTreeMap<String, bool> {
    let mut wanted = BTreeMap::new();
    for mention in mentions {
        for path in meant(policy, &mention.path) {
            *wanted.entry(path).or_insert(false) |= mention.is_path;
        }
    }
    wanted
}

/// The lines of files that the policy cites, without what they were.
fn cited_lines(policy: &str, mentions: &[Mention]) -> Vec<Cited> {
    let mut cited = Vec::new();
    for mention in mentions {
        let Some(number) = mention.number else { continue };
        for path in meant(policy, &mention.path) {
            let then = Seen::unavailable("it was not looked for");
            cited.push(Cited { line: mention.line, path, number, then });
        }
    }
    cited.truncate(CITED_LIMIT);
    cited
}

fn is_setting(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folder, name) = paths::split(&lower);
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    let is_changelog = matches!(folder, "" | "docs" | ".github")
        && CHANGELOGS.iter().any(|known| name.strip_prefix(known).is_some_and(is_text_ending));
    CI_SETTINGS.contains(&path)
        || is_foreign_ci(path)
        || (folder.is_empty() && SETTINGS.contains(&name))
        || is_scanner_setting(&lower) && !folder.split('/').any(|segment| FOREIGN.contains(&segment))
        || (is_yaml
            && (matches!(folder, ".github/codeql" | ".semgrep")
                || folder == ".github" && name.contains("codeql")))
        || is_changelog
        || (folder == ".woodpecker" && is_yaml)
        || (folder.starts_with(".github/actions") && (name == "action.yml" || name == "action.yaml"))
        || (folder == ".well-known" || folder.ends_with("/.well-known")) && name == "security.txt"
        || matches!(folder, ".github" | ".gitlab")
            && (is_yaml && (name.starts_with("dependabot.") || name.starts_with("security-insights."))
                || name.starts_with("renovate.json")
                || name == "codeql-config.yml")
}

/// Whether the rest of a name is that of a text.
fn is_text_ending(rest: &str) -> bool {
    matches!(rest, "" | ".md" | ".markdown" | ".rst" | ".txt" | ".adoc")
}

fn is_name(path: &str) -> bool {
    let name = paths::name_of(path);
    let is_image = |name: &str| name == "Dockerfile" || name == "Containerfile";
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    let is_of_dotnet = [".csproj", ".fsproj", ".vbproj"].iter().any(|it| name.ends_with(it));
    is_image(stem)
        || ending.to_ascii_lowercase().ends_with("dockerfile")
        || LOCKS.contains(&name)
        || is_of_dotnet
        || is_module_of_scanner(path)
}

/// Whether Python would find a module there in the place of a scanner's: `python -m pip_audit`.
fn is_module_of_scanner(path: &str) -> bool {
    const MODULES: [&str; 7] =
        ["bandit", "detect_secrets", "pip_audit", "piplicenses", "safety", "semgrep", "uv_secure"];
    let path = path.strip_prefix("src/").unwrap_or(path);
    let endings = [".py", "/__init__.py", "/__main__.py"];
    endings.iter().any(|ending| path.strip_suffix(ending).is_some_and(|name| MODULES.contains(&name)))
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "-_./".contains(c));
        !is_part(before) && !is_part(after)
    })
}

fn too_many<T>() -> Seen<T> {
    Seen::unavailable(format!("there are more than {FILES_LIMIT} such files"))
}

fn unread<T>(error: &GitError) -> Seen<T> {
    Seen::unavailable(error.to_string())
}

#[cfg(test)]
mod tests;
