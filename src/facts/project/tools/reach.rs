//! Of which ecosystems a scanner looks at the packages.
//!
//! The rule that must not be broken: an ecosystem stands beside a tool only where the tool looks at its packages without
//! being told to. A tool that stands nowhere looks at none.

use super::programs;
use crate::{facts::project::runs::Call, security_policy::claims::Ecosystem};
use Ecosystem::{Cargo, DotNet, Elixir, Go, Java, Npm, Php, Python, Ruby};

/// What a scanner looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Whether it knows every ecosystem that is known here.
    pub is_of_all: bool,
    /// The ecosystems that it knows, where it does not know all.
    pub ecosystems: Vec<Ecosystem>,
    /// Whether this call of it looks at some of what it knows alone, and at which is not known.
    pub is_of_some: bool,
}

/// Scanners that know every ecosystem.
const ALL: [&str; 5] = ["dependency-review", "gitlab-dependency-scanning", "grype", "osv-scanner", "trivy"];

/// Scanners that know some, with these.
const SOME: [(&[&str], &[Ecosystem]); 10] = [
    (&["pip-audit", "uv-audit", "uv-secure", "safety"], &[Python]),
    (
        &[
            "npm-audit",
            "better-npm-audit",
            "audit-ci",
            "auditjs",
            "bun-audit",
            "deno-audit",
            "yarn-audit",
            "pnpm-audit",
        ],
        &[Npm],
    ),
    (&["mix-audit"], &[Elixir]),
    (&["nancy", "govulncheck"], &[Go]),
    (&["cargo-audit", "cargo-deny"], &[Cargo]),
    // What else it knows is experimental, and has to be switched on.
    (&["dependency-check"], &[Java, DotNet, Npm]),
    (&["bundler-audit"], &[Ruby]),
    (&["composer-audit"], &[Php]),
    (&["dotnet-list"], &[DotNet]),
    // <https://docs.snyk.io/supported-languages/supported-languages-list/rust>
    (&["snyk"], &[Python, Npm, Go, Java, Ruby, Php, DotNet, Elixir]),
];

impl Reach {
    /// What a scanner of this name looks at in a call.
    pub(super) fn of(tool: &str, call: &Call) -> Self {
        let of = |(names, ecosystems): &(&[&str], &'static [Ecosystem])| {
            names.contains(&tool).then_some(*ecosystems)
        };
        let known = SOME.iter().find_map(of).unwrap_or_default();
        Self {
            is_of_all: ALL.contains(&tool),
            ecosystems: known.to_vec(),
            is_of_some: is_of_some(tool, &words(call)),
        }
    }

    /// Whether it looks at this ecosystem for certain.
    #[must_use]
    pub fn has(&self, ecosystem: Ecosystem) -> bool {
        !self.is_of_some && self.may_have(ecosystem)
    }

    /// Whether it knows this ecosystem.
    #[must_use]
    pub fn may_have(&self, ecosystem: Ecosystem) -> bool {
        self.is_of_all || self.ecosystems.contains(&ecosystem)
    }
}

/// The words that a call gives the scanner.
fn words(call: &Call) -> Vec<&str> {
    match call {
        Call::Command(words) => programs::program(words).iter().map(String::as_str).collect(),
        Call::Action { inputs, .. } => {
            let told = ["args", "command", "scan-args"].iter().filter_map(|key| inputs.get(*key));
            told.flat_map(|text| text.split_whitespace()).collect()
        }
        Call::Hook { .. } => Vec::new(),
    }
}

/// Whether it looks at one lock file, or at the first manifest that it finds.
fn is_of_some(tool: &str, words: &[&str]) -> bool {
    let has = |options: &[&str]| {
        words.iter().any(|word| options.contains(&word.split_once('=').map_or(*word, |(name, _)| name)))
    };
    match tool {
        "osv-scanner" => has(&["-L", "--lockfile", "-S", "--sbom"]),
        "snyk" => !has(&["--all-projects"]) || has(&["--file", "--package-manager"]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::project::tools::{TOOLS, Trade};

    fn of(tool: &str, command: &str) -> Reach {
        Reach::of(tool, &Call::Command(command.split(' ').map(str::to_owned).collect()))
    }

    #[test]
    fn every_scanner_of_dependencies_has_its_ecosystems() {
        for tool in TOOLS.iter().filter(|tool| tool.trades.contains(&Trade::Dependencies)) {
            let reach = of(tool.name, "x");
            assert!(reach.is_of_all == reach.ecosystems.is_empty(), "{}", tool.name);
        }
        assert_eq!(of("gosec", "gosec ./..."), Reach::default());
    }

    #[test]
    fn one_lock_file_or_the_first_manifest_is_not_all_that_a_scanner_knows() {
        assert!(of("osv-scanner", "osv-scanner -r .").has(Npm));
        assert!(!of("osv-scanner", "osv-scanner --lockfile=Cargo.lock").has(Npm));
        assert!(of("snyk", "snyk test --all-projects").has(Npm));
        let first = of("snyk", "snyk test");
        assert!(!first.has(Npm) && first.may_have(Npm) && !first.may_have(Cargo));
        assert!(!of("snyk", "snyk test --all-projects --file=a.txt").has(Npm));
    }
}
