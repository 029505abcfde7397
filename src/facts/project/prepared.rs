//! What a job has when a call of it runs: the tree of the repository, and the packages of the project.
//!
//! The rule that must not be broken: what looks at files has none before they are checked out, and what looks at the
//! packages that are installed has those of the project only where something before it installed them there.

use super::{
    programs::{self, base},
    runs::Call,
    tools,
};
use crate::paths;

/// Why a call looks at an empty folder.
const NO_TREE: &str = "nothing before it checks the repository out";
/// Why a call looks at no packages of the project.
const APART: &str = "it looks at what is installed beside it, and the project is not";
const NOT_INSTALLED: &str = "it looks at what is installed, and nothing before it installs the project";

/// Where packages are that an activated environment has.
const ACTIVE: &str = "activated";

/// What was done before a call, in the same job.
#[derive(Clone, Debug, Default)]
pub(super) struct Prepared {
    /// Whether the repository is there.
    pub(super) has_tree: bool,
    /// Whether the step has activated an environment of its own.
    is_active: bool,
    /// Whether the scanner was installed in an environment of its own.
    is_apart: bool,
    /// Where the project is installed, by whom, and the folder that it was installed from.
    installed: Vec<(String, Option<String>)>,
}

impl Prepared {
    /// A job whose system checks the repository out of itself.
    pub(super) fn with_tree() -> Self {
        Self { has_tree: true, ..Self::default() }
    }

    /// A session has an environment of its own.
    pub(super) fn enter_session(&mut self) {
        *self = Self { has_tree: self.has_tree, ..Self::default() };
    }

    /// Another step has another shell.
    pub(super) const fn next_step(&mut self) {
        self.is_active = false;
    }

    /// Why a call that runs one of the tools, or names it, has not what it looks at.
    pub(super) fn doubt(
        &self,
        call: &Call,
        named: &[&str],
        of_environment: bool,
        folder: Option<&str>,
        has_project: bool,
    ) -> Option<&'static str> {
        if named.is_empty() {
            return None;
        }
        if !self.has_tree && needs_tree(call) {
            return Some(NO_TREE);
        }
        if of_environment { self.lacks_project(call, folder, has_project) } else { None }
    }

    /// Why the packages of the project are not where the call looks. `has_project` is whether there is a `pyproject.toml`.
    pub(super) fn lacks_project(
        &self,
        call: &Call,
        folder: Option<&str>,
        has_project: bool,
    ) -> Option<&'static str> {
        let Call::Command(words) = call else {
            return self.installed.is_empty().then_some(NOT_INSTALLED);
        };
        let program = programs::program(words);
        let before: Vec<&str> = words[..words.len() - program.len()].iter().map(|word| base(word)).collect();
        let has = |word: &str| before.contains(&word);
        if has("uvx") || has("pipx") || has("docker") || (has("uv") && has("tool")) || has("--no-project") {
            return Some(APART);
        }
        if has("--only-group") || has("--isolated") {
            return Some(APART);
        }
        // These install the project before they run anything.
        let installs = (has("uv") && !has("--no-sync")) || has("hatch") || has("pixi");
        if installs && has("run") && (has_project || folder.is_some()) {
            return None;
        }
        let runner = ["uv", "poetry", "pdm", "rye"].into_iter().find(|it| has(it));
        let place = runner.map_or_else(|| folder_of_programs(words), str::to_owned);
        if self.is_apart && place.is_empty() {
            return Some(APART);
        }
        let is_here = |(at, from): &(String, Option<String>)| {
            let is_place = match place.as_str() {
                "" if self.is_active => true,
                place if place.ends_with("/bin") => at == place || !at.is_empty() && !at.contains('/'),
                place => at == place,
            };
            is_place && from.as_deref().is_none_or(|from| Some(from) == folder)
        };
        (!self.installed.iter().any(is_here)).then_some(NOT_INSTALLED)
    }

    /// Takes note of a command that is run for certain.
    pub(super) fn note(&mut self, words: &[String], folder: Option<&str>) {
        let plain: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .skip_while(|word| *word == "sudo" || word.contains('=') && !word.starts_with('-'))
            .collect();
        let Some((first, rest)) = plain.split_first() else { return };
        let names_scanner = || rest.iter().any(|word| matches!(base(word), "pip-audit" | "safety"));
        match (*first, rest) {
            ("source" | ".", [file, ..]) => self.is_active |= file.ends_with("/activate"),
            ("pipx", ["install", ..]) | ("uv", ["tool", "install", ..]) => self.is_apart |= names_scanner(),
            _ => {
                let Some(mut place) = installs(&plain) else { return };
                if place.is_empty() && self.is_active {
                    ACTIVE.clone_into(&mut place);
                }
                self.installed.push((place, folder.map(str::to_owned)));
            }
        }
    }
}

/// Whether a call looks at files of the repository that have to be there before.
fn needs_tree(call: &Call) -> bool {
    match call {
        // They ask the forge, or check the repository out themselves.
        Call::Action { name, inputs, .. } => match name.as_str() {
            "actions/dependency-review-action" => false,
            "golang/govulncheck-action" => inputs.get("repo-checkout").is_some_and(|it| it != "true"),
            name if name.contains("/.github/workflows/") || name.starts_with("gitlab:") => false,
            _ => !tools::is_of_image(call),
        },
        _ => !tools::is_of_image(call),
    }
}

/// The folder that the programs of a command are from; nothing where the system finds them.
fn folder_of_programs(words: &[String]) -> String {
    let path = words.iter().find(|word| word.contains("/bin/")).and_then(|word| word.rsplit_once('/'));
    path.map_or_else(String::new, |(folder, _)| folder.trim_start_matches("./").to_owned())
}

/// Where a command installs what the project needs; nothing where it does not.
fn installs(words: &[&str]) -> Option<String> {
    let (first, rest) = words.split_first()?;
    let runs = |names: &[&str]| rest.first().is_some_and(|word| names.contains(word));
    let has = |part: &str| rest.iter().any(|word| word.starts_with(part));
    // One package of a workspace is not the project.
    if has("--dry-run") || has("--only") || has("--package") {
        return None;
    }
    match base(first) {
        "uv" if runs(&["sync"]) => return Some("uv".to_owned()),
        "poetry" if runs(&["install", "sync"]) => return Some("poetry".to_owned()),
        "pdm" if runs(&["install", "sync"]) => return Some("pdm".to_owned()),
        "rye" if runs(&["sync"]) => return Some("rye".to_owned()),
        "pip-sync" => {
            let mut lists = rest.iter().filter(|word| word.ends_with(".txt")).peekable();
            let is_whole = lists.peek().is_none() || lists.any(|path| is_list(path));
            return is_whole.then(String::new);
        }
        _ => {}
    }
    let place = match first.rsplit_once('/') {
        Some((folder, _)) if folder.ends_with("bin") => folder.trim_start_matches("./").to_owned(),
        _ => String::new(),
    };
    let program = base(first);
    let is_python = program.starts_with("python");
    if is_python && (rest.starts_with(&["setup.py", "install"]) || rest.starts_with(&["setup.py", "develop"]))
    {
        return Some(place);
    }
    let arguments = match (program, rest) {
        ("pip" | "pip3", arguments) | ("uv", ["pip", arguments @ ..]) => arguments,
        (_, ["-m", "pip", arguments @ ..]) if is_python => arguments,
        _ => return None,
    };
    let at =
        arguments.iter().position(|word| !word.starts_with('-')).filter(|at| arguments[*at] == "install")?;
    are_of_project(&arguments[at + 1..]).then_some(place)
}

/// Whether a list of packages is of what the project needs where it is used.
fn is_list(path: &str) -> bool {
    let name = paths::name_of(path);
    name.ends_with(".txt") && tools::is_of_what_is_used(name)
}

/// Whether `pip install` with these arguments installs what the project needs.
fn are_of_project(arguments: &[&str]) -> bool {
    const ELSEWHERE: [&str; 5] = ["-t", "--target", "--prefix", "--root", "--no-deps"];
    let is_elsewhere =
        |word: &&str| ELSEWHERE.contains(&word.split_once('=').map_or(*word, |(name, _)| name));
    if arguments.iter().any(is_elsewhere) {
        return false;
    }
    let mut is_told = false;
    arguments.iter().any(|word| {
        let is_of_option = std::mem::replace(&mut is_told, matches!(*word, "-r" | "--requirement"));
        let list = word.strip_prefix("--requirement=").or_else(|| word.strip_prefix("-r"));
        let path = word.strip_prefix("--editable=").unwrap_or(word);
        if is_of_option {
            return is_list(word);
        }
        list.is_some_and(is_list)
            || matches!(path, "." | "./")
            || path.starts_with(".[")
            || path.starts_with("./[")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    /// What is said of a call that looks at what is installed, after these commands.
    fn after(commands: &[&str], call: &str) -> Option<&'static str> {
        let mut prepared = Prepared::with_tree();
        commands.iter().for_each(|command| prepared.note(&words(command), None));
        prepared.doubt(&Call::Command(words(call)), &["pip-audit"], true, None, true)
    }

    #[test]
    fn what_looks_at_what_is_installed_needs_the_project_there() {
        for install in [
            "pip install .",
            "pip install -e .[dev]",
            "python -m pip install -q -r requirements.txt",
            "sudo pip install -rrequirements.txt",
            "uv pip install --system -r requirements/base.txt",
            "python setup.py develop",
            "pip-sync",
            "pip-sync requirements.txt",
        ] {
            assert_eq!(after(&[install], "pip-audit"), None, "{install}");
        }
        for other in [
            "pip install pip-audit",
            "pip install -r requirements-docs.txt",
            "pip install --target x .",
            "pip install --no-deps .",
            "pip download .",
            "pip install ./docs",
            "pip-sync requirements-docs.txt",
            "uv sync",
            "poetry install",
            ".venv/bin/pip install .",
        ] {
            assert_eq!(after(&[other], "pip-audit"), Some(NOT_INSTALLED), "{other}");
        }
    }

    #[test]
    fn a_scanner_in_an_environment_of_its_own_looks_at_that() {
        for call in [
            "uvx pip-audit",
            "pipx run pip-audit",
            "uv tool run pip-audit",
            "uv run --only-group a pip-audit",
        ] {
            assert_eq!(after(&["pip install ."], call), Some(APART), "{call}");
        }
        assert_eq!(after(&["pip install .", "pipx install pip-audit"], "pip-audit"), Some(APART));
        assert_eq!(after(&["pip install .", "uv tool install pip-audit"], "pip-audit"), Some(APART));
        assert_eq!(after(&["pip install .", "pipx install black"], "pip-audit"), None);
    }

    #[test]
    fn an_environment_has_what_was_installed_there() {
        assert_eq!(after(&[], "uv run pip-audit"), None);
        assert_eq!(after(&[], "uv run --no-sync pip-audit"), Some(NOT_INSTALLED));
        assert_eq!(after(&["uv sync"], "uv run --no-sync pip-audit"), None);
        assert_eq!(after(&[], "poetry run pip-audit"), Some(NOT_INSTALLED));
        assert_eq!(after(&["poetry install"], "poetry run pip-audit"), None);
        assert_eq!(after(&["poetry install --only dev"], "poetry run pip-audit"), Some(NOT_INSTALLED));
        assert_eq!(after(&["uv sync --package docs"], "uv run --no-sync pip-audit"), Some(NOT_INSTALLED));
        assert_eq!(after(&["uv sync"], ".venv/bin/pip-audit"), None);
        assert_eq!(after(&[".venv/bin/pip install ."], ".venv/bin/pip-audit"), None);
        assert_eq!(after(&["pip install ."], ".venv/bin/pip-audit"), Some(NOT_INSTALLED));
        assert_eq!(after(&["uv sync", "source .venv/bin/activate"], "pip-audit"), None);
        let mut prepared = Prepared::with_tree();
        prepared.note(&words(". a/bin/activate"), None);
        prepared.note(&words("pip install ."), None);
        prepared.next_step();
        let call = Call::Command(words("pip-audit"));
        assert_eq!(prepared.doubt(&call, &["pip-audit"], true, None, true), Some(NOT_INSTALLED));
    }
}
