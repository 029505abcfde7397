//! What the repository has under the names of programs: aliases of Cargo, modules of Python, programs of the project.
//!
//! The rule that must not be broken: where the repository may run something of its own under the name of a scanner, nobody
//! can say that the scanner is run.

use super::{
    programs::{self, base},
    runs::{Call, Texts},
};
use crate::{
    advisories::locks::{is_cargo_config, notation},
    evidence::Tree,
    paths,
};
use serde_json::Value;
use std::collections::BTreeSet;

const ALIAS: &str = "the configuration of Cargo has an alias of its name";
const MODULE: &str = "the repository has a module of its name";
const PROGRAM: &str = "the project has a program of its name";
const BERRY: &str = "Yarn has no `yarn audit` from version 2 on, and runs a script of that name";
const PACKAGE: &str = "it is told to take the program from another package";

/// The names that the repository gives to programs of its own.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// Aliases of Cargo; nothing where its configuration cannot be read.
    aliases: Option<BTreeSet<String>>,
    /// What the packages at the tag install as programs.
    programs: BTreeSet<String>,
    /// Modules that Python finds before those that are installed.
    modules: BTreeSet<String>,
    /// Whether Yarn is of version 2 or later.
    is_berry: bool,
}

impl Own {
    /// Reads the tree, the settings that were kept, and the names of files without content.
    pub(super) fn read(tree: &Tree, texts: &Texts, names: &[String]) -> Self {
        let mut own = Self { aliases: Some(BTreeSet::new()), ..Self::default() };
        for (path, seen) in tree.files() {
            let name = paths::name_of(path);
            let text = seen.present().and_then(|item| std::str::from_utf8(&item.bytes).ok());
            match (name, text) {
                _ if is_cargo_config(path) => own.aliases_of(text),
                ("pyproject.toml", Some(text)) => own.programs_of_python(text),
                ("Cargo.toml", Some(text)) => own.programs_of_cargo(text),
                ("package.json", Some(text)) => own.programs_of_node(text),
                ("yarn.lock", Some(text)) => own.is_berry |= text.contains("__metadata:"),
                (".yarnrc.yml", _) => own.is_berry = true,
                ("setup.py" | "setup.cfg", Some(text)) => own.programs.extend(entry_points(text)),
                _ => {}
            }
        }
        for path in ["setup.py", "setup.cfg"] {
            if let Some(Ok(text)) = texts.get(path) {
                own.programs.extend(entry_points(text));
            }
        }
        own.modules = names.iter().chain(texts.keys()).filter_map(|path| module(path)).collect();
        own
    }

    fn aliases_of(&mut self, text: Option<&str>) {
        let read = text.and_then(|text| notation::toml_settings(text).ok());
        self.aliases = self.aliases.take().zip(read).map(|(mut known, config)| {
            known.extend(keys(config.get("alias")));
            known
        });
    }

    fn programs_of_python(&mut self, text: &str) {
        let Ok(document) = notation::toml_settings(text) else { return };
        let at = |path: &str| document.pointer(path);
        for path in ["/project/scripts", "/project/gui-scripts", "/tool/poetry/scripts"] {
            self.programs.extend(keys(at(path)));
        }
    }

    fn programs_of_cargo(&mut self, text: &str) {
        let Ok(document) = notation::toml_settings(text) else { return };
        let bins = document.get("bin").and_then(Value::as_array).into_iter().flatten();
        let package = document.get("package").into_iter();
        let names = bins.chain(package).filter_map(|it| it.get("name")?.as_str());
        self.programs.extend(names.map(str::to_owned));
    }

    fn programs_of_node(&mut self, text: &str) {
        let Ok(document) = notation::settings(text.as_bytes()) else { return };
        let field = |key: &str| document.get(key).and_then(Value::as_str);
        let major = field("packageManager").and_then(|it| it.strip_prefix("yarn@")?.split('.').next());
        self.is_berry |= major.is_some_and(|major| major != "1");
        self.programs.extend(keys(document.get("bin")));
        if document.get("bin").is_some_and(Value::is_string) {
            self.programs.extend(field("name").map(str::to_owned));
        }
    }

    /// Why a command may run something of the repository under the name of a scanner, where that is so.
    pub(super) fn doubt(&self, call: &Call) -> Option<&'static str> {
        let Call::Command(words) = call else { return None };
        let program = programs::program(words);
        let before = &words[..words.len() - program.len()];
        let first = base(program.first()?);
        let mut rest =
            program.iter().skip(1).map(String::as_str).filter(|word| !word.starts_with(['-', '+']));
        let second = rest.next().unwrap_or_default();
        let is_alias = || self.aliases.as_ref().is_none_or(|aliases| aliases.contains(second));
        match () {
            () if first == "cargo" && is_alias() => Some(ALIAS),
            () if first == "cargo" && self.programs.contains(&format!("cargo-{second}")) => Some(PROGRAM),
            () if first == "yarn" && second == "audit" && self.is_berry => Some(BERRY),
            () if before.last().is_some_and(|word| word == "-m") && self.modules.contains(first) => {
                Some(MODULE)
            }
            () if self.programs.contains(first) => Some(PROGRAM),
            () => is_of_another(before, program).then_some(PACKAGE),
        }
    }
}

/// Whether what starts a program is told to take it from a package of another name, or from somewhere else.
fn is_of_another(before: &[String], program: &[String]) -> bool {
    let first = program.first().map_or("", String::as_str);
    let name = base(first);
    let starts = |names: &[&str]| before.iter().any(|word| names.contains(&base(word)));
    // `uv run --package` names a member of a workspace, and `uvx -p` a version of Python.
    let takes: &[&str] =
        if starts(&["npx", "bunx", "pnpm", "yarn"]) { &["-p", "--package"] } else { &["--from", "--spec"] };
    let is_its = |package: &str| {
        let end = package.find(|c: char| "[=<>~!@ ;".contains(c)).unwrap_or(package.len());
        let package = package[..end].replace('_', "-");
        !package.is_empty()
            && name
                .replace('_', "-")
                .strip_prefix(&package)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let is_elsewhere = |package: &str| package.contains(['/', '$', ':']) || package.starts_with('.');
    let mut told = before.iter().enumerate().filter_map(|(at, word)| {
        let (option, value) =
            word.split_once('=').map_or((word.as_str(), None), |(it, value)| (it, Some(value)));
        Some((option, value.or_else(|| before.get(at + 1).map(String::as_str))?))
    });
    let of_version = first
        .split_once('@')
        .is_some_and(|(_, version)| version.contains([':', '$']) || version.starts_with('.'));
    of_version && !starts(&["go", "docker"])
        || told.any(|(option, value)| match option {
            _ if takes.contains(&option) => !is_its(value) || is_elsewhere(value),
            "--with" => is_elsewhere(value),
            _ => false,
        })
}

/// The module that Python finds at a path before those that are installed: at the root, or in `src`.
fn module(path: &str) -> Option<String> {
    let path = path.strip_prefix("src/").unwrap_or(path);
    let name = path.strip_suffix("/__init__.py").or_else(|| path.strip_suffix("/__main__.py"));
    let name = name.or_else(|| path.strip_suffix(".py"))?;
    (!name.contains('/')).then(|| name.to_owned())
}

/// The names of programs in the entry points of `setup.py` and `setup.cfg`: `name = module:function`.
fn entry_points(text: &str) -> impl Iterator<Item = String> {
    let pieces = text.split(['\n', '"', '\'']);
    pieces.filter_map(|piece| {
        let (name, target) = piece.split_once('=')?;
        let name = name.trim();
        let is_name =
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
        (is_name && target.contains(':')).then(|| name.to_owned())
    })
}

fn keys(table: Option<&Value>) -> impl Iterator<Item = String> {
    table.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Item, Seen};

    fn doubt(files: &[(&str, &str)], names: &[&str], line: &str) -> Option<&'static str> {
        let item = |text: &str| Seen::Present(Item::new("git:x", text.as_bytes().to_vec()));
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), item(text))).collect();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let own = Own::read(&Tree::new(files, Vec::new()), &Texts::new(), &names);
        own.doubt(&Call::Command(line.split(' ').map(str::to_owned).collect()))
    }

    #[test]
    fn a_name_that_the_repository_gives_away_is_none_of_a_scanner() {
        let config = [(".cargo/config.toml", "[alias]\naudit = 'version'\n")];
        assert_eq!(doubt(&config, &[], "cargo audit"), Some(ALIAS));
        assert_eq!(doubt(&config, &[], "cargo deny check"), None);
        assert_eq!(doubt(&[(".cargo/config", "[")], &[], "cargo audit"), Some(ALIAS));
        let modules = ["pip_audit.py", "src/safety/__main__.py", "docs/bandit.py"];
        assert_eq!(doubt(&[], &modules, "python -m pip_audit ."), Some(MODULE));
        assert_eq!(doubt(&[], &modules, "python3 -m safety check"), Some(MODULE));
        assert_eq!(doubt(&[], &modules, "python -m bandit -r ."), None);
        assert_eq!(doubt(&[], &modules, "pip-audit ."), None);
        let scripts = [("pyproject.toml", "[project.scripts]\npip-audit = 'w:main'\n")];
        assert_eq!(doubt(&scripts, &[], "uv run pip-audit ."), Some(PROGRAM));
        assert_eq!(doubt(&scripts, &[], "safety check"), None);
        let bin = [("x/Cargo.toml", "[package]\nname = 'x'\n[[bin]]\nname = 'cargo-audit'\n")];
        assert_eq!(doubt(&bin, &[], "cargo audit"), Some(PROGRAM));
        assert_eq!(doubt(&bin, &[], "cargo deny check"), None);
        let setup = [("setup.py", "entry_points={'console_scripts': ['safety = w:main']}")];
        assert_eq!(doubt(&setup, &[], "safety check"), Some(PROGRAM));
        let bin = [("package.json", r#"{"name": "audit-ci", "bin": "x.js"}"#)];
        assert_eq!(doubt(&bin, &[], "npx audit-ci"), Some(PROGRAM));
    }

    #[test]
    fn yarn_has_no_audit_of_its_own_from_version_2_on() {
        for (path, text) in [
            ("package.json", r#"{"packageManager": "yarn@4.5.0"}"#),
            ("yarn.lock", "__metadata:\n  version: 8\n"),
            (".yarnrc.yml", "nodeLinker: node-modules\n"),
        ] {
            assert_eq!(doubt(&[(path, text)], &[], "yarn audit"), Some(BERRY), "{path}");
            assert_eq!(doubt(&[(path, text)], &[], "yarn npm audit"), None, "{path}");
        }
        let one = [
            ("package.json", r#"{"packageManager": "yarn@1.22.22"}"#),
            ("yarn.lock", "# yarn lockfile v1\n"),
        ];
        assert_eq!(doubt(&one, &[], "yarn audit"), None);
    }

    #[test]
    fn a_program_of_another_package_is_another_program() {
        for line in [
            "uvx --from ./fake pip-audit",
            "uvx --from=fake pip-audit",
            "uvx --from git+https://x.example/pip-audit pip-audit",
            "uvx --with ./fake pip-audit",
            "pipx run --spec ./fake pip-audit",
            "npx --package=./fake audit-ci",
            "npx -p fake audit-ci",
            "npx audit-ci@npm:fake",
        ] {
            assert_eq!(doubt(&[], &[], line), Some(PACKAGE), "{line}");
        }
        for line in [
            "uvx --from pip-audit==2.7.3 pip-audit",
            "uvx --from pip_audit pip-audit",
            "uvx -p 3.12 pip-audit",
            "uv run --package widget pip-audit",
            "pipx run --spec pip-audit[x]>=2 pip-audit",
            "npx --package audit-ci@7 audit-ci",
            "npx audit-ci@^6",
            "uv run --with pip-audit pip-audit",
            "go run golang.org/x/vuln/cmd/govulncheck@latest ./...",
        ] {
            assert_eq!(doubt(&[], &[], line), None, "{line}");
        }
    }
}
