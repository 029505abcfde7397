//! The options of programs that look through code, or for secrets.
//!
//! The rule that must not be broken: a word is on these lists only where the search looks at the same files for the same
//! things with it.

use super::{super::programs, Call, options::is_of_no_matter};

/// A program.
struct Program {
    name: &'static str,
    /// Its modes and other words; nothing where any path may stand there.
    words: &'static str,
    /// Its options without a value.
    flags: &'static str,
    /// Those with one.
    values: &'static str,
    /// Those whose value is passed over.
    excludes: &'static str,
}

const PROGRAMS: [Program; 11] = [
    Program {
        name: "gitleaks",
        words: "detect git protect dir directory version help . ./",
        flags: "-v --verbose --redact --no-banner --no-color --staged --pre-commit --help -h --version",
        values: "-f --report-format -r --report-path --exit-code -l --log-level --timeout",
        excludes: "",
    },
    Program {
        name: "trufflehog",
        words: "git filesystem help . ./ file://. file://./ file://$PWD",
        flags: "--only-verified --fail --no-update --json --no-verification --github-actions --debug --help --version -h",
        values: "--results --concurrency --log-level",
        excludes: "",
    },
    Program {
        name: "detect-secrets",
        words: "scan audit . ./",
        flags: "--all-files -a --no-verify -v --verbose --help -h --version --fail-on-unaudited",
        values: "--baseline",
        excludes: "",
    },
    Program {
        name: "git-secrets",
        words: ".",
        flags: "--scan --scan-history -r --recursive --no-index --untracked",
        values: "",
        excludes: "",
    },
    Program {
        name: "bandit",
        words: "",
        flags: "-r --recursive -l -ll -lll -i -ii -iii -q --quiet -v --verbose -n --exit-zero --help -h --version",
        values: "-f --format -o --output -c --configfile --ini -s --skip -b --baseline -a --aggregate --msg-template \
                 --severity-level --confidence-level",
        excludes: "-x --exclude",
    },
    Program {
        name: "semgrep",
        words: "scan ci . ./ src lib app backend frontend server pkg cmd internal",
        flags: "--error --json --sarif --quiet -q --verbose -v --strict --no-git-ignore --disable-version-check \
                --enable-metrics --disable-metrics --no-suppress-errors --suppress-errors --oss-only --pro --code --text \
                --force-color --dataflow-traces --help -h --version",
        values: "--config -c -f --metrics --output -o --timeout --max-memory -j --jobs --sarif-output --json-output \
                 --severity --max-target-bytes --timeout-threshold",
        excludes: "--exclude",
    },
    Program {
        name: "gosec",
        words: "",
        flags: "-quiet -tests -no-fail -stdout -exclude-generated -nosec -track-suppressions -sort -color -r -terse \
                -version -help --help -h --version",
        values: "-fmt -out -severity -confidence -verbose -conf -concurrency -exclude",
        excludes: "-exclude-dir",
    },
    Program {
        name: "golangci-lint",
        words: "",
        flags: "-v --verbose --fix --new --tests --allow-parallel-runners --allow-serial-runners --print-issued-lines \
                --print-linter-name --show-stats --uniq-by-line --path-mode --print-resources-usage --help -h --version",
        values: "--timeout -c --config -j --concurrency -E --enable --build-tags --color --go --modules-download-mode \
                 --out-format --output.* --issues-exit-code --max-issues-per-linter --max-same-issues --new-from-rev \
                 --new-from-merge-base --new-from-patch --path-prefix --sort-order -D --disable",
        excludes: "",
    },
    Program {
        name: "ruff",
        words: "",
        flags: "--fix --no-fix --fix-only --show-fixes --unsafe-fixes --preview -n --no-cache -q --quiet -v --verbose -s --silent \
                --statistics --force-exclude --exit-non-zero-on-fix --respect-gitignore -e --exit-zero --help -h --version -V",
        values: "--output-format --target-version --cache-dir -o --output-file --line-length --extend-select --config \
                 --select --ignore --extend-ignore --color",
        excludes: "--exclude --extend-exclude",
    },
    Program {
        name: "brakeman",
        words: "",
        flags: "-q --quiet --no-pager -A --run-all-checks --color --no-color -z --exit-on-warn --no-exit-on-warn \
                --exit-on-error --no-exit-on-error --summary --no-summary --no-progress --ensure-latest --force -w1 -w2 -w3 \
                --help -h --version -n --no-threads",
        values: "-f --format -o --output -i --ignore-config -c --config-file -w --confidence-level --parser-timeout",
        excludes: "",
    },
    Program {
        name: "docker-scout",
        words: "cves",
        flags: "--exit-code -e --only-fixed --quickview --help -h",
        values: "--format --output -o --only-severity --platform --ref --org --type",
        excludes: "",
    },
];

/// The first word of a call whose meaning is not known.
pub(super) fn unknown(tool: &str, arguments: &[String]) -> Option<String> {
    if lacks_depth(tool, arguments) { Some("no -r".to_owned()) } else { unknown_word(tool, arguments) }
}

/// Whether Bandit looks at nothing: of a folder it does without that.
fn lacks_depth(tool: &str, arguments: &[String]) -> bool {
    let is_other = |word: &String| {
        matches!(word.as_str(), "-r" | "--recursive" | "--help" | "-h" | "--version") || word.ends_with(".py")
    };
    tool == "bandit" && !arguments.iter().any(is_other)
}

/// Why a search fails nothing, whatever it finds.
pub(super) fn harmless(tool: &str, arguments: &[String]) -> Option<&'static str> {
    let has = |word: &str| arguments.iter().any(|it| it == word);
    match tool {
        "trufflehog" if !has("--fail") => Some("it fails only with `--fail`"),
        "detect-secrets" if has("scan") => Some("it fails only as a hook (`detect-secrets-hook`)"),
        "semgrep" if !has("ci") && !has("--error") => Some("it fails only with `--error`"),
        _ => None,
    }
}

/// The same of what an action is given.
pub(super) fn unknown_word(tool: &str, arguments: &[String]) -> Option<String> {
    let program = PROGRAMS.iter().find(|it| it.name == tool)?;
    let is_in = |list: &str, word: &str| {
        let is_it =
            |known: &str| known == word || known.strip_suffix('*').is_some_and(|it| word.starts_with(it));
        list.split_whitespace().any(is_it)
    };
    let mut left = arguments.iter();
    // Without one of these it searches nothing.
    let needed: &[&str] = match tool {
        "git-secrets" => &["--scan", "--scan-history"],
        "docker-scout" => &["cves"],
        _ => &[],
    };
    let speaks =
        |word: &String| matches!(word.as_str(), "--help" | "-h" | "--version" | "-version" | "-help");
    if !needed.is_empty() && !arguments.iter().any(|it| needed.contains(&it.as_str()) || speaks(it)) {
        return Some(shown(arguments.first().map_or(tool, String::as_str)));
    }
    while let Some(word) = left.next() {
        let (name, value) =
            word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
        let is_excluding = is_in(program.excludes, name);
        match value {
            // Where its output goes is nothing to it.
            _ if word.starts_with(['>', '2', '1', '&']) => {}
            None if is_excluding => {
                let value = left.next().map_or("", String::as_str);
                if !passes_over_little(value) {
                    return Some(shown(&format!("{name} {value}")));
                }
            }
            Some(value) if is_excluding && passes_over_little(value) => {}
            None if is_in(program.values, name) => {
                let value = left.next().map_or("", String::as_str);
                if !is_known_value(tool, name, value) {
                    return Some(shown(&format!("{name} {value}")));
                }
            }
            Some(value) if is_in(program.values, name) && is_known_value(tool, name, value) => {}
            Some(_) if name == "--redact" => {}
            None if is_in(program.flags, name) || is_in(program.words, name) => {}
            None if is_operand(program, name) => {}
            _ => return Some(shown(word)),
        }
    }
    None
}

/// Whether an option with this value leaves the search as it is.
fn is_known_value(tool: &str, option: &str, value: &str) -> bool {
    let entries = || value.split(',').map(str::trim);
    match (tool, option) {
        ("trufflehog", "--results") => {
            entries().all(|it| matches!(it, "verified" | "unknown" | "unverified" | "filtered_unverified"))
        }
        ("golangci-lint", "-D" | "--disable") => entries().all(|it| it != "gosec"),
        // The rules `S` are those that look for weaknesses.
        ("ruff", "--select") => entries().any(|it| it == "ALL" || it.starts_with('S')),
        ("ruff", "--ignore" | "--extend-ignore") => {
            entries().all(|it| it != "ALL" && !(it.starts_with('S') && it.len() < 4))
        }
        _ => true,
    }
}

/// Why nothing is searched by a call in continuous integration: nothing is staged there.
pub(in crate::facts::project) fn looks_at_changes(call: &Call) -> Option<&'static str> {
    let Call::Command(words) = call else { return None };
    let program = programs::program(words);
    let is_it = program.first().is_some_and(|first| programs::base(first) == "gitleaks");
    let has = |word: &str| program.iter().any(|it| it.split('=').next() == Some(word));
    let is_of_changes = has("--staged") || has("--pre-commit") || has("protect");
    (is_it && is_of_changes).then_some("it looks only at what is not committed yet, and there nothing is")
}

fn shown(word: &str) -> String {
    word.chars().take(60).collect()
}

/// Whether only folders of other people, of tests and of documentation are passed over.
fn passes_over_little(value: &str) -> bool {
    let path = |it: &str| it.trim().trim_start_matches("./").trim_start_matches("**/").to_owned();
    !value.is_empty() && value.split(',').map(path).all(|it| is_of_no_matter(&it))
}

/// Whether a word is what a program looks at, and not a single file or what others, tests and documentation have.
fn is_operand(program: &Program, word: &str) -> bool {
    let is_image = program.name == "docker-scout" && !is_foreign_image(word);
    let is_path = program.words.is_empty() || program.name == "semgrep" && word.contains('/');
    let path = word.trim_start_matches("./").trim_end_matches("...").trim_end_matches('/');
    let is_plain =
        path.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c)) && !path.starts_with(['-', '/']);
    let is_file = [".py", ".go", ".rb", ".js", ".ts"].iter().any(|ending| path.ends_with(ending));
    let is_beside = || path.split('/').any(|part| !part.is_empty() && is_of_no_matter(part));
    is_image || is_path && is_plain && !is_file && !path.contains("..") && !is_beside()
}

/// Whether an image is one of those that others are built upon, and none of the project.
pub(super) fn is_foreign_image(image: &str) -> bool {
    const NAMES: [&str; 27] = [
        "almalinux",
        "alpine",
        "amazonlinux",
        "archlinux",
        "busybox",
        "caddy",
        "centos",
        "debian",
        "eclipse-temurin",
        "fedora",
        "golang",
        "hello-world",
        "httpd",
        "mongo",
        "mysql",
        "nginx",
        "node",
        "openjdk",
        "php",
        "postgres",
        "python",
        "redis",
        "rockylinux",
        "ruby",
        "rust",
        "scratch",
        "ubuntu",
    ];
    const BASES: [&str; 5] = [
        "cgr.dev/chainguard/",
        "gcr.io/distroless/",
        "mcr.microsoft.com/",
        "public.ecr.aws/docker/library/",
        "registry.access.redhat.com/",
    ];
    if BASES.iter().any(|base| image.starts_with(base)) {
        return true;
    }
    let name = image.strip_prefix("docker.io/").unwrap_or(image);
    let name = name.strip_prefix("library/").unwrap_or(name);
    let name = name.split([':', '@']).next().unwrap_or(name);
    NAMES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tool: &str, arguments: &str) -> Option<String> {
        let words: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
        unknown(tool, &words)
    }

    #[test]
    fn a_search_is_one_where_every_word_of_it_is_known() {
        for (tool, arguments) in [
            ("brakeman", "-q --no-pager ."),
            ("semgrep", "ci"),
            ("semgrep", "scan --config auto --error src"),
            ("semgrep", "--config=p/ci --exclude tests ."),
            ("bandit", "-r . -x ./tests,./venv"),
            ("bandit", "-r my_package"),
            ("gosec", "-exclude-dir=testdata ./..."),
            ("gosec", "-exclude=G104 ./cmd/..."),
            ("git-secrets", "--scan -r"),
            ("golangci-lint", "run --timeout 5m --output.text.path=stdout ./..."),
            ("golangci-lint", "run -D errcheck"),
            ("ruff", "check --select S,E --ignore S101 src tests2"),
            ("trufflehog", "git file://. --results=verified --fail"),
            ("docker-scout", "cves acme/widget:latest"),
        ] {
            assert_eq!(of(tool, arguments), None, "{tool} {arguments}");
        }
        for (tool, arguments, word) in [
            ("brakeman", "--checks", "--checks"),
            ("brakeman", "-k", "-k"),
            ("semgrep", "login", "login"),
            ("semgrep", "lsp", "lsp"),
            ("semgrep", "show version", "show"),
            ("semgrep", "--validate --config auto", "--validate"),
            ("semgrep", "scan --dryrun", "--dryrun"),
            ("semgrep", "ci --exclude *", "--exclude *"),
            ("semgrep", "--include docs", "--include"),
            ("bandit", "-r src -x src", "-x src"),
            ("bandit", "-r docs", "docs"),
            ("bandit", "tests/test_a.py", "tests/test_a.py"),
            ("bandit", ".", "no -r"),
            ("docker-scout", "cves gcr.io/distroless/static", "gcr.io/distroless/static"),
            ("gosec", "-exclude-dir=. ./...", "-exclude-dir=."),
            ("git-secrets", "--install", "--install"),
            ("golangci-lint", "run --disable gosec ./docs/...", "--disable gosec"),
            ("golangci-lint", "run --enable-only govet", "--enable-only"),
            ("ruff", "check --select E .", "--select E"),
            ("ruff", "check --ignore S .", "--ignore S"),
            ("ruff", "check --isolated .", "--isolated"),
            ("trufflehog", "filesystem . --results=none", "--results=none"),
            ("git-secrets", "--list", "--list"),
            ("docker-scout", "quickview", "quickview"),
            ("docker-scout", "cves alpine:3", "alpine:3"),
        ] {
            assert_eq!(of(tool, arguments).as_deref(), Some(word), "{tool} {arguments}");
        }
    }
}
