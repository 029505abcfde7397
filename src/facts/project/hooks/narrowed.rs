//! Whether a hook that guards something looks at all of it: which files start it, what it is told, and when it runs.
//!
//! The rule that must not be broken: what may keep a hook from its work is a doubt, unless it is known to leave that work
//! as it is.

use super::{
    super::{
        runs::Call,
        shell,
        tools::{self, TOOLS, Tool, Trade, is_of_no_matter},
    },
    patterns::{alternatives, bare, fits},
};
use serde_json::Value;

/// A hook, and what stands around it.
pub(super) struct Hook<'h> {
    pub(super) document: &'h Value,
    pub(super) hook: &'h Value,
    pub(super) id: &'h str,
    /// What it is told.
    pub(super) arguments: &'h [String],
    /// The files at the tag whose names are known.
    pub(super) paths: &'h [&'h str],
}

impl Hook<'_> {
    /// Why a hook of somebody else's may not do what it is for, in words beside its address.
    pub(super) fn doubt(&self) -> Option<&'static str> {
        let bare = self.id.strip_suffix("-full").unwrap_or(self.id);
        // What only looks at style guards nothing.
        let tool = TOOLS.iter().find(|tool| tool.is_hook(bare) && tool.trades != [Trade::Style])?;
        let is_told = |word: &&String| matches!(word.as_str(), "." | "-r" | "--requirement");
        match () {
            () if self.is_narrowed(tool) => Some("told what to look at"),
            () if self.id == "pip-audit" && !self.arguments.iter().any(|word| is_told(&word)) => {
                Some("looking at what it is installed with")
            }
            () if !self.arguments.is_empty() && !self.is_run_with_arguments(tool, bare) => {
                Some("told something else")
            }
            () => None,
        }
    }

    /// Whether a command of the repository's own hook may not do what it is for.
    pub(super) fn is_doubtful(&self, call: &Call) -> bool {
        let Call::Command(words) = call else { return false };
        let named = tools::named_by(call);
        let scan = tools::scan(call, &named).unwrap_or_default();
        scan.harmless.is_some()
            || shell::by_option(words).is_some()
            || named.iter().filter_map(|name| tools::named(name)).any(|tool| self.is_narrowed(tool))
    }

    /// Whether the tool, called with the arguments of the hook, does its work, and may fail.
    fn is_run_with_arguments(&self, tool: &Tool, command: &str) -> bool {
        if tool.name == "gitleaks" {
            // Whether it is told anything is looked at with the rest.
            return true;
        }
        // It is given the files that have changed, and no folder.
        let deep = (tool.name == "bandit").then(|| "-r".to_owned());
        let words = std::iter::once(command.to_owned()).chain(self.arguments.iter().cloned());
        let words: Vec<String> = words.chain(deep).collect();
        let fails = shell::by_option(&words).is_none();
        let call = Call::Command(words);
        let scan = tools::scan(&call, &[tool.name]).unwrap_or_default();
        fails && tool.is_run_by(&call) && scan.harmless.is_none() && scan.folder.is_none()
    }

    /// Whether some of what it guards does not start it.
    fn is_narrowed(&self, tool: &Tool) -> bool {
        let skipped = self.document.get("ci").and_then(|ci| ci.get("skip")).and_then(Value::as_array);
        if skipped.is_some_and(|all| all.iter().any(|it| it.as_str() == Some(self.id))) {
            return true;
        }
        if tool.name == "gitleaks" && self.is_gitleaks_narrowed() {
            return true;
        }
        if self.hook.get("always_run") == Some(&Value::Bool(true)) {
            return false;
        }
        let patterns = |key: &str| {
            [self.document, self.hook].into_iter().filter_map(move |of| of.get(key)).collect::<Vec<_>>()
        };
        let selects = |pattern: &&Value| pattern.as_str().is_some_and(|it| self.selects(tool, it));
        let spares = |pattern: &&Value| pattern.as_str().is_some_and(|it| self.spares(tool, it));
        let kinds = |key: &str| self.hook.get(key).and_then(Value::as_array);
        let is_of_kind = |key: &str| match self.hook.get(key) {
            None => true,
            Some(_) => kinds(key)
                .is_some_and(|all| all.iter().all(|kind| kind.as_str().is_some_and(|it| is_kind(tool, it)))),
        };
        !patterns("files").iter().all(selects)
            || !patterns("exclude").iter().all(spares)
            || !is_of_kind("types")
            || !is_of_kind("types_or")
            || self
                .hook
                .get("exclude_types")
                .is_some_and(|kinds| kinds.as_array().is_none_or(|all| !all.is_empty()))
    }

    /// Whether `files` has what the tool looks at.
    fn selects(&self, tool: &Tool, pattern: &str) -> bool {
        const CODE: [&str; 10] =
            ["src", "lib", "app", "apps", "backend", "server", "packages", "pkg", "cmd", "internal"];
        const ENDINGS: [&str; 9] = [".py", ".go", ".js", ".ts", ".rb", ".rs", ".java", ".php", ".cs"];
        if matches!(pattern, "" | ".*") {
            return true;
        }
        let Some(all) = alternatives(pattern) else { return false };
        match guarded(tool) {
            Guarded::Dependencies => self.manifests().any(|path| all.iter().any(|it| fits(it, path))),
            Guarded::Code => all.iter().any(|alternative| {
                let words = bare(alternative);
                let folder = words.split_once('/').map(|(folder, _)| folder);
                let has_folder = |folder: &str| {
                    let is_there =
                        |path: &&str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
                    !is_of_no_matter(folder) && (CODE.contains(&folder) || self.paths.iter().any(is_there))
                };
                let is_of_code = ENDINGS.contains(&words.as_str());
                is_of_code || folder.is_some_and(has_folder)
            }),
            Guarded::Secrets => false,
        }
    }

    /// Whether `exclude` leaves what the tool looks at.
    fn spares(&self, tool: &Tool, pattern: &str) -> bool {
        if matches!(pattern, "" | "^$") {
            return true;
        }
        let Some(all) = alternatives(pattern) else { return false };
        let is_little = |alternative: &String| {
            let words = bare(alternative);
            let folder = words.trim_start_matches('/').split('/').next().unwrap_or_default();
            let is_of_others = matches!(folder, "vendor" | "third_party" | "external");
            // Locks hold hashes, which look like secrets.
            let is_lock = words.contains("lock") || words.contains("baseline");
            (is_of_others || is_of_no_matter(folder)) && words.contains('/')
                || is_lock && guarded(tool) == Guarded::Secrets
        };
        match guarded(tool) {
            Guarded::Dependencies => !self.manifests().any(|path| all.iter().any(|it| fits(it, path))),
            Guarded::Code | Guarded::Secrets => all.iter().all(is_little),
        }
    }

    fn manifests(&self) -> impl Iterator<Item = &&str> {
        self.paths.iter().filter(|path| shell::is_manifest(path))
    }

    /// Whether gitleaks, which looks at what is committed, may pass over some of it: by any argument or pattern, or as it
    /// runs at other times.
    fn is_gitleaks_narrowed(&self) -> bool {
        const HARMLESS: [&str; 5] = ["--verbose", "-v", "--redact", "--no-banner", "--no-color"];
        let is_of_commits = |stage: &Value| matches!(stage.as_str(), Some("commit" | "pre-commit"));
        let is_at_other_times = match self.hook.get("stages").or_else(|| self.document.get("default_stages"))
        {
            None | Some(Value::Null) => false,
            Some(Value::Array(all)) => !all.is_empty() && !all.iter().any(is_of_commits),
            Some(one) => !is_of_commits(one),
        };
        let is_of_this_version =
            self.document.get("minimum_pre_commit_version").is_none_or(super::is_released);
        let is_patterned = [self.document, self.hook]
            .into_iter()
            .any(|of| of.get("exclude").is_some_and(|pattern| !matches!(pattern.as_str(), Some("" | "^$"))));
        let always = self.hook.get("always_run") == Some(&Value::Bool(true));
        let has_kinds = ["types", "types_or"].iter().any(|key| self.hook.get(*key).is_some());
        let is_unlike = self.hook.get("entry").is_none()
            && !self.arguments.iter().all(|word| HARMLESS.contains(&word.as_str()));
        is_unlike || (is_patterned || has_kinds) && !always || is_at_other_times || !is_of_this_version
    }
}

/// What a tool looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guarded {
    Dependencies,
    Code,
    Secrets,
}

fn guarded(tool: &Tool) -> Guarded {
    match () {
        () if tool.trades.contains(&Trade::Secrets) => Guarded::Secrets,
        () if tool.trades.contains(&Trade::Dependencies) => Guarded::Dependencies,
        () => Guarded::Code,
    }
}

/// Whether files of this kind are among those that a tool looks at, or that change with them.
fn is_kind(tool: &Tool, kind: &str) -> bool {
    const TEXTS: [&str; 2] = ["file", "text"];
    const KINDS: [&str; 17] = [
        "python",
        "pyi",
        "json",
        "toml",
        "yaml",
        "plain-text",
        "javascript",
        "jsx",
        "ts",
        "tsx",
        "rust",
        "go",
        "ruby",
        "php",
        "java",
        "c#",
        "xml",
    ];
    let is_of_python = matches!(tool.name, "bandit" | "pip-audit" | "safety");
    let is_known = match guarded(tool) {
        Guarded::Secrets => false,
        Guarded::Code if is_of_python => matches!(kind, "python" | "pyi"),
        Guarded::Code | Guarded::Dependencies => KINDS.contains(&kind),
    };
    TEXTS.contains(&kind) || is_known
}
