//! The settings at the tag of the tools that scan dependencies or code, where they lie beside what is scanned or are named
//! by the call.
//!
//! The rule that must not be broken: settings that are not read, or say what is not known to leave the scan as it is, are
//! a doubt.

use super::{
    builders,
    rules::{Effect, document, judge},
    semgrep,
    table::{FILES, File},
};
use crate::{
    facts::project::{
        runs::{Call, Texts},
        shell,
    },
    text,
};

/// Why nobody can say that a call of the tool looks at everything, by the settings that it reads there, in words that
/// follow "is not known: ".
#[must_use]
pub fn doubt(tool: &str, call: &Call, folder: Option<&str>, texts: &Texts) -> Option<String> {
    if tool == "semgrep" {
        return semgrep::doubt(call, folder, texts);
    }
    effects(tool, call, folder, texts).into_iter().find_map(|(path, effect)| match effect {
        Effect::Doubt(key) => {
            let key: String = key.chars().take(60).collect();
            Some(format!(
                "relcheck does not know what \"{}\" in {} does to the scan",
                text::clean(&key),
                text::clean(&path)
            ))
        }
        Effect::CannotFail(_) => None,
    })
}

/// Why a call of the tool cannot fail, by the settings that it reads there.
pub(in crate::facts::project) fn cannot_fail(
    tool: &str,
    call: &Call,
    folder: Option<&str>,
    texts: &Texts,
) -> Option<&'static str> {
    effects(tool, call, folder, texts).into_iter().find_map(|(_, effect)| match effect {
        Effect::CannotFail(why) => Some(why),
        Effect::Doubt(_) => None,
    })
}

/// What each of the settings says that is not harmless, with its path.
fn effects(tool: &str, call: &Call, folder: Option<&str>, texts: &Texts) -> Vec<(String, Effect)> {
    let words = words(call);
    let mut found = Vec::new();
    if tool == "dependency-check" {
        found.extend(builders::doubt(texts).map(|(path, key)| (path, Effect::Doubt(key))));
    }
    for file in FILES.iter().filter(|file| file.tools.split(' ').any(|it| it == tool)) {
        for path in file.paths.iter().flat_map(|path| beside(path, folder, texts)) {
            found.extend(effect(tool, file, &path, texts));
        }
        for path in named(file, &words) {
            found.extend(effect(tool, file, &shell::within(folder, path).unwrap_or_default(), texts));
        }
    }
    found
}

fn effect(tool: &str, file: &File, path: &str, texts: &Texts) -> Option<(String, Effect)> {
    // Where these lie without being named, their rules are looked for by themselves.
    const READ: [&str; 7] = [
        ".golangci.yml",
        ".golangci.yaml",
        ".golangci.toml",
        ".golangci.json",
        "ruff.toml",
        ".ruff.toml",
        "pyproject.toml",
    ];
    if file.keys.is_empty() && READ.contains(&path) {
        return None;
    }
    let read = texts.get(path).and_then(|read| read.as_ref().ok());
    let document = read.and_then(|text| document(path, text));
    let effect = match document {
        // Other programs have settings there as well.
        Some(shared) if path.ends_with("pyproject.toml") => judge(file.keys, shared.get("tool")?.get(tool)?)?,
        Some(document) => judge(file.keys, &document)?,
        None if read.is_some_and(|text| is_bare(text)) => return None,
        None => Effect::Doubt("all that".to_owned()),
    };
    Some((path.to_owned(), effect))
}

/// Whether a file has nothing but comments.
fn is_bare(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#'))
}

/// The settings of this name that a scan in the folder reads: there, at the root, and of OSV-Scanner anywhere.
pub(super) fn beside(path: &str, folder: Option<&str>, texts: &Texts) -> Vec<String> {
    if path == "osv-scanner.toml" {
        let is_one = |it: &&String| it.rsplit('/').next() == Some(path);
        return texts.keys().filter(is_one).cloned().collect();
    }
    let mut all = vec![path.to_owned()];
    all.extend(folder.map(|folder| format!("{folder}/{path}")));
    all.retain(|it| texts.contains_key(it));
    all
}

/// The settings that a call names.
fn named<'a>(file: &File, words: &[&'a str]) -> Vec<&'a str> {
    let is_one = |word: &str| file.options.split_whitespace().any(|it| it == word);
    let split = words.iter().filter_map(|word| word.split_once('=')).filter(|(name, _)| is_one(name));
    let pairs = words.windows(2).filter(|pair| is_one(pair[0])).map(|pair| pair[1]);
    split.map(|(_, path)| path).chain(pairs).collect()
}

/// The words that a call gives the tool.
pub(super) fn words(call: &Call) -> Vec<&str> {
    const ARGUMENTS: [&str; 5] = ["args", "arguments", "command-arguments", "scan-args", "options"];
    match call {
        Call::Command(words) => words.iter().map(String::as_str).collect(),
        Call::Action { inputs, .. } => {
            let told = ARGUMENTS.iter().filter_map(|key| inputs.get(*key));
            let mut words: Vec<&str> = told.flat_map(|text| text.split_whitespace()).collect();
            for (input, option) in
                [("trivyignores", "--ignorefile"), ("configfile", "--configfile"), ("ini", "--ini")]
            {
                let paths = inputs.get(input).into_iter().flat_map(|text| text.split(',')).map(str::trim);
                words.extend(paths.filter(|it| !it.is_empty()).flat_map(|path| [option, path]));
            }
            words
        }
        Call::Hook { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a call where these files are: the doubt, and why it cannot fail.
    fn of(tool: &str, command: &str, files: &[(&str, &str)]) -> (bool, bool) {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), Ok((*text).to_owned())));
        let texts: Texts = files.collect();
        let call = Call::Command(command.split(' ').map(str::to_owned).collect());
        (doubt(tool, &call, None, &texts).is_some(), cannot_fail(tool, &call, None, &texts).is_some())
    }

    const FINE: (bool, bool) = (false, false);
    const DOUBT: (bool, bool) = (true, false);
    const CANNOT_FAIL: (bool, bool) = (false, true);

    #[test]
    fn settings_that_are_known_leave_the_scan_as_it_is() {
        for (tool, path, text) in [
            (
                "npm-audit",
                ".npmrc",
                concat!(
                    "audit-level=high\nfund=false\nsave-exact = true\n//registry.",
                    "npmjs",
                    ".org/:_authToken=${X}\n@a:registry=https://npm.pkg.github.com\nregistry=https://registry.",
                    "npmjs",
                    ".org/\n"
                ),
            ),
            (
                "yarn-audit",
                ".yarnrc.yml",
                "nodeLinker: node-modules\nyarnPath: .yarn/releases/yarn-4.1.0.cjs\nnpmAuditIgnoreAdvisories: [\"1085412\"]\n",
            ),
            (
                "cargo-audit",
                ".cargo/audit.toml",
                "[advisories]\nignore = [\"RUSTSEC-2020-0071\"]\ninformational_warnings = [\"unmaintained\"]\n[output]\ndeny = [\"warnings\"]\n",
            ),
            (
                "cargo-deny",
                "deny.toml",
                "[graph]\ntargets = []\n[advisories]\ndb-path = \"~/.cargo/advisory-db\"\ndb-urls = [\"https://github.com/rustsec/advisory-db\"]\nignore = [{id = \"RUSTSEC-2024-0001\", reason = \"x\"}]\nvulnerability = \"deny\"\n[bans]\nmultiple-versions = \"warn\"\n",
            ),
            (
                "trivy",
                "trivy.yaml",
                "severity: [HIGH, CRITICAL]\nscan:\n  scanners: [vuln, secret]\n  skip-dirs: [tests]\ncache: {dir: .cache}\n",
            ),
            ("trivy", ".trivyignore", "# none\nCVE-2020-1 exp:2030-01-01\n"),
            (
                "grype",
                ".grype.yaml",
                "ignore:\n  - vulnerability: CVE-2020-1\nexclude: ['./docs/**']\nfail-on-severity: high\n",
            ),
            ("grype", ".grype.yaml", "# nothing\n"),
            ("osv-scanner", "web/osv-scanner.toml", "[[IgnoredVulns]]\nid = \"GHSA-1\"\nreason = \"x\"\n"),
            (
                "safety",
                ".safety-policy.yml",
                "security:\n  ignore-cvss-severity-below: 4\n  ignore-vulnerabilities:\n    51457: {reason: x}\n  continue-on-vulnerability-error: False\n",
            ),
            (
                "snyk",
                ".snyk",
                "version: v1.25.0\nignore:\n  SNYK-JS-A-1:\n    - '*': {reason: x}\npatch: {}\n",
            ),
            ("bandit", ".bandit", "[bandit]\nexclude: /tests,./docs\nskips: B101\n"),
        ] {
            assert_eq!(of(tool, "x", &[(path, text)]), FINE, "{path}: {text}");
        }
        let named = ("ci/b.yaml", "exclude_dirs: [tests]\nskips: [B101]\n");
        assert_eq!(of("bandit", "bandit -r . -c ci/b.yaml", &[named]), FINE);
        let shared =
            ("pyproject.toml", "[project]\nname = \"x\"\n[tool.bandit]\nexclude_dirs = [\"tests\"]\n");
        assert_eq!(of("bandit", "bandit -r . -c pyproject.toml", &[shared]), FINE);
        assert_eq!(of("ruff", "ruff check --config pyproject.toml .", &[shared]), FINE);
    }

    #[test]
    fn settings_that_are_not_known_are_a_doubt() {
        for (tool, path, text) in [
            ("npm-audit", ".npmrc", "registry=https://evil.example/\n"),
            ("npm-audit", ".npmrc", "audit-registry=https://evil.example/\n"),
            ("npm-audit", ".npmrc", "audit-level=none\naudit-level=low\n"),
            ("yarn-audit", ".yarnrc.yml", "npmAuditExcludePackages:\n  - \"*\"\n"),
            ("yarn-audit", ".yarnrc.yml", "npmAuditRegistry: https://evil.example\n"),
            ("cargo-audit", ".cargo/audit.toml", "[database]\npath = \"ci/empty-db\"\nstale = true\n"),
            ("cargo-audit", ".cargo/audit.toml", "[database\n"),
            ("cargo-deny", "deny.toml", "[graph]\nexclude = [\"itoa\"]\n"),
            ("cargo-deny", "deny.toml", "[advisories]\ndb-urls = [\"https://evil.example/db\"]\n"),
            ("trivy", "trivy.yaml", "scan:\n  skip-dirs: [\"**\"]\n"),
            ("trivy", "trivy.yaml", "scan:\n  scanners: [license]\n"),
            ("trivy", "trivy.yaml", "severity: [LOW]\n"),
            ("trivy", ".trivyignore", "CVE-*\n"),
            ("grype", ".grype.yaml", "exclude: [\"**\"]\n"),
            ("grype", ".grype.yaml", "ignore: [{package: {name: '.*'}}]\n"),
            ("osv-scanner", "osv-scanner.toml", "[[PackageOverrides]]\nignore = true\nreason = \"x\"\n"),
            ("safety", ".safety-policy.yml", "security:\n  ignore-cvss-severity-below: 10\n"),
            ("bandit", ".bandit", "[bandit]\nexclude: /\n"),
            ("bandit", ".bandit", "[bandit]\ntests: B999\n"),
            ("dependency-check", "build.gradle", "dependencyCheck { skip = true }\n"),
        ] {
            assert_eq!(of(tool, "x", &[(path, text)]), DOUBT, "{path}: {text}");
            assert_eq!(of("gitleaks", "x", &[(path, text)]), FINE, "{path}");
        }
        for (tool, command) in [
            ("cargo-deny", "cargo deny check --config ci/none.toml"),
            ("bandit", "bandit -r . -c=ci/b.yaml"),
            ("golangci-lint", "golangci-lint run -c ci/x.yml"),
            ("gosec", "gosec -conf x.json ./..."),
        ] {
            assert_eq!(of(tool, command, &[]), DOUBT, "{command}");
        }
        let none = ("ci/none.toml", "[graph]\nexclude = [\"a\"]\n");
        assert_eq!(of("cargo-deny", "cargo deny check --config ci/none.toml", &[none]), DOUBT);
    }

    #[test]
    fn settings_with_which_a_scanner_cannot_fail_say_so() {
        assert_eq!(of("npm-audit", "npm audit", &[(".npmrc", "audit-level=none\n")]), CANNOT_FAIL);
        let allows = "[advisories]\nvulnerability = \"allow\"\n";
        assert_eq!(of("cargo-deny", "x", &[("deny.toml", allows)]), CANNOT_FAIL);
        let policy = ("p.yml", "security: {continue-on-vulnerability-error: True}\n");
        assert_eq!(of("safety", "safety check --policy-file p.yml", &[policy]), CANNOT_FAIL);
    }
}
