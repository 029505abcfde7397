//! How the scanners of dependencies are called: the modes that scan, and the options that leave the scan as it is.
//!
//! The rule that must not be broken: an option is on these lists only where the scan looks at the same dependencies for
//! the same vulnerabilities with it. What stands on no list makes a doubt.

use super::Trade::{self, Code, Dependencies, Images, Licences};

/// What the words behind a command stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operands {
    /// None is known.
    Unknown,
    /// The folder, file or pattern that is looked at; without one it is the folder that the command runs in.
    Path,
    /// The same, and without one nothing is looked at.
    NeededPath,
    /// A name, an image, an identifier: they change nothing.
    Any,
}

/// A mode of a scanner: the word that chooses it, what it looks at (nothing: it does not scan), and its other words.
pub(super) struct Mode {
    pub(super) word: &'static str,
    pub(super) trades: &'static [Trade],
    pub(super) operands: Operands,
}

/// What is known of the calls of a scanner.
pub(super) struct Grammar {
    /// The tool.
    pub(super) tool: &'static str,
    /// The modes that its first word chooses; that of the empty word is meant where none does.
    pub(super) modes: &'static [Mode],
    /// Options without a value, between spaces.
    pub(super) flags: &'static str,
    /// Options with one.
    pub(super) values: &'static str,
    /// Options with the folder that is looked at.
    pub(super) folders: &'static str,
    /// Options with the file that is looked at.
    pub(super) files: &'static str,
    /// Options that make it do something else.
    pub(super) idle: &'static str,
}

/// Options that make every program only speak of itself.
pub(super) const SPEAKS: &str = "--help --version";

const fn mode(word: &'static str, trades: &'static [Trade], operands: Operands) -> Mode {
    Mode { word, trades, operands }
}

const fn scans(word: &'static str, operands: Operands) -> Mode {
    mode(word, &[Dependencies], operands)
}

const fn idle(word: &'static str) -> Mode {
    mode(word, &[], Operands::Any)
}

const NONE: Grammar =
    Grammar { tool: "", modes: &[], flags: "", values: "", folders: "", files: "", idle: "" };

use Operands::{Any, NeededPath, Path, Unknown};

/// The grammar of a tool.
pub(super) fn grammar(tool: &str) -> Option<&'static Grammar> {
    GRAMMARS.iter().find(|grammar| grammar.tool == tool)
}

static GRAMMARS: &[Grammar] = &[
    Grammar {
        tool: "pip-audit",
        modes: &[scans("", Path)],
        flags: "-l --local -S --strict --no-deps --disable-pip --require-hashes --skip-editable -v --verbose --locked \
                --desc --aliases",
        values: "-s --vulnerability-service -f --format -o --output --progress-spinner --cache-dir --timeout \
                 --ignore-vuln --desc --aliases --index-url --extra-index-url",
        files: "-r --requirement",
        idle: "-h -V",
        ..NONE
    },
    Grammar {
        tool: "npm-audit",
        modes: &[scans("", Unknown), idle("signatures")],
        flags: "--json --production --prod --parseable --long --package-lock-only --workspaces -ws --no-fund --silent -s \
                --quiet -q --no-color --no-progress --legacy-peer-deps --include-workspace-root --ignore-scripts",
        values: "--omit --only --include --audit-level --loglevel --color",
        folders: "--prefix -C",
        idle: "-h -v",
        ..NONE
    },
    Grammar {
        tool: "better-npm-audit",
        modes: &[scans("audit", Unknown)],
        flags: "-p --production",
        values: "-l --level -x --exclude",
        idle: "-h -V",
        ..NONE
    },
    Grammar {
        tool: "audit-ci",
        modes: &[scans("", Unknown)],
        flags: "-l --low -m --moderate -h --high -c --critical -s --skip-dev --show-found --show-not-found --yarn --npm",
        values: "--config -a --allowlist -o --output-format -p --package-manager --report-type --retry-count",
        folders: "-d --directory",
        ..NONE
    },
    Grammar {
        tool: "auditjs",
        modes: &[scans("ossi", Unknown)],
        flags: "-q --quiet -j --json -x --xml -d --dev --clear",
        values: "-w --whitelist -u --user -p --password --cache",
        idle: "-h -v",
        ..NONE
    },
    Grammar {
        tool: "bun-audit",
        modes: &[scans("", Unknown)],
        flags: "--json --prod --production -p --silent",
        values: "--audit-level --ignore",
        idle: "-h",
        ..NONE
    },
    Grammar {
        tool: "deno-audit",
        modes: &[scans("", Unknown)],
        flags: "-q --quiet --socket",
        values: "--level --severity --ignore",
        idle: "-h",
        ..NONE
    },
    Grammar {
        tool: "uv-audit",
        modes: &[scans("", Unknown)],
        flags: "--frozen --locked --no-dev --preview -q --quiet -v --verbose --no-progress",
        values: "--preview-features --ignore --ignore-until-fixed --output-format --color",
        folders: "--project --directory",
        idle: "-h",
        ..NONE
    },
    Grammar {
        tool: "uv-secure",
        modes: &[scans("", Path)],
        flags: "--aliases --desc",
        values: "--format --severity",
        ..NONE
    },
    Grammar {
        tool: "mix-audit",
        modes: &[scans("", Unknown)],
        values: "--format --ignore-advisory-ids --ignore-package-names --ignore-file",
        folders: "--path",
        ..NONE
    },
    Grammar {
        tool: "nancy",
        modes: &[scans("sleuth", Unknown), idle("config"), idle("update"), idle("help")],
        flags: "-q --quiet --loud -v -vv --skip-update-check -n --no-color",
        values: "-o --output -x --exclude-vulnerability -e --exclude-vulnerability-file -u --username -t --token",
        idle: "-h -V",
        ..NONE
    },
    Grammar {
        tool: "yarn-audit",
        modes: &[scans("", Unknown)],
        flags: "--json --verbose -A --all -R --recursive --no-deprecations -s --silent --no-progress --non-interactive",
        values: "--level --groups --environment --severity --exclude --ignore -i",
        folders: "--cwd",
        idle: "-h -v",
        ..NONE
    },
    Grammar {
        tool: "pnpm-audit",
        modes: &[scans("", Unknown)],
        flags: "--json -P --prod --production --no-optional -r --recursive --silent -s -w --workspace-root",
        values: "--audit-level --ignore --reporter --loglevel",
        folders: "-C --dir",
        idle: "-h -v",
        ..NONE
    },
    Grammar {
        tool: "cargo-audit",
        modes: &[scans("", Unknown), scans("audit", Unknown)],
        flags: "-q --quiet --json -n --no-fetch --stale --deny-warnings",
        values: "-D --deny --ignore -c --color --format",
        files: "-f --file",
        idle: "-h -V",
        ..NONE
    },
    Grammar {
        tool: "cargo-deny",
        // What stands behind `check` says what it looks at.
        modes: &[mode("check", &[Dependencies, Licences], Any), idle("init"), idle("fetch"), idle("list")],
        flags: "--all-features --no-default-features --workspace --locked --frozen --offline --exclude-dev \
                --exclude-unpublished --hide-inclusion-graph -d --disable-fetch --audit-compatible-output -s --show-stats",
        values: "--features -L --log-level -f --format -c --color -t --target --config -D --deny -W --warn -A --allow \
                 -g --graph --feature-depth --manifest-path",
        idle: "-h -V",
        ..NONE
    },
    Grammar {
        tool: "govulncheck",
        modes: &[scans("", NeededPath)],
        flags: "-test -json",
        values: "-show -scan -mode -format -tags",
        folders: "-C",
        idle: "-version -h -help",
        ..NONE
    },
    Grammar {
        tool: "osv-scanner",
        modes: &[
            scans("", NeededPath),
            scans("scan", NeededPath),
            scans("source", NeededPath),
            mode("image", &[Images], Any),
            idle("help"),
            idle("completion"),
        ],
        flags: "-r --recursive --json --skip-git --no-ignore --all-packages --all-vulns --no-resolve \
                --no-call-analysis --include-git-root --no-color",
        values: "--config --format -f --output --output-file --verbosity --call-analysis --serve-port --licenses \
                 --paths-format",
        files: "-L --lockfile -S --sbom",
        idle: "-h -v",
        ..NONE
    },
    Grammar {
        tool: "safety",
        modes: &[scans("check", Unknown), scans("scan", Unknown), scans("ci", Unknown)],
        flags: "--json --full-report --short-report --bare --no-json --disable-optional-telemetry --detailed-output \
                --continue-on-error --debug --no-cache --prompt --no-prompt",
        values: "--output -o --key --api --ignore -i --policy-file --cache --stage --project-id --project --save-json \
                 --save-html",
        folders: "--target",
        files: "-r --file",
        ..NONE
    },
    Grammar {
        tool: "dependency-check",
        modes: &[scans("", Unknown)],
        flags: "-n --noupdate --enableExperimental --enableRetired --prettyPrint",
        values: "--project -f --format -o --out --failOnCVSS --junitFailOnCVSS --suppression --nvdApiKey -d --data -l \
                 --log --nvdApiDelay --nvdMaxRetryCount",
        folders: "-s --scan",
        idle: "--updateonly --purge -h -v --advancedHelp",
        ..NONE
    },
    Grammar {
        tool: "bundler-audit",
        modes: &[
            scans("", Unknown),
            scans("check", Path),
            idle("update"),
            idle("download"),
            idle("stats"),
            idle("version"),
            idle("help"),
        ],
        flags: "-u --update --no-update -q --quiet -v --verbose",
        values: "-i --ignore -F --format -o --output -c --config",
        files: "-G --gemfile-lock",
        idle: "-h",
        ..NONE
    },
    Grammar {
        tool: "composer-audit",
        modes: &[scans("", Unknown)],
        flags: "--no-dev --locked -n --no-interaction -q --quiet -v -vv -vvv --verbose --ansi --no-ansi --no-plugins \
                --no-scripts --no-progress",
        values: "-f --format --abandoned --ignore-severity",
        folders: "-d --working-dir",
        idle: "-h -V",
        ..NONE
    },
    Grammar {
        tool: "dotnet-list",
        modes: &[scans("", Any)],
        flags: "--vulnerable --include-transitive --interactive --no-restore",
        values: "--format --output-version -v --verbosity --framework",
        idle: "-h -? --outdated --deprecated",
        ..NONE
    },
    Grammar {
        tool: "snyk",
        modes: &[
            scans("test", Unknown),
            mode("code", &[Code], Any),
            mode("container", &[Images], Any),
            idle("iac"),
            idle("auth"),
            idle("config"),
            idle("version"),
            idle("help"),
            idle("ignore"),
            idle("policy"),
        ],
        flags: "--all-projects --json --sarif --dev -d --debug --skip-unresolved --yarn-workspaces --print-deps -q \
                --quiet --prune-repeated-subdependencies -p --all-sub-projects --insecure",
        values: "--severity-threshold --org --policy-path --package-manager --command --show-vulnerable-paths \
                 --project-name --strict-out-of-sync --json-file-output --sarif-file-output --detection-depth \
                 --target-reference --remote-repo-url",
        files: "--file",
        idle: "-h -v",
        ..NONE
    },
    Grammar {
        tool: "trivy",
        modes: &[
            scans("fs", NeededPath),
            scans("filesystem", NeededPath),
            scans("repo", NeededPath),
            scans("repository", NeededPath),
            scans("rootfs", NeededPath),
            mode("image", &[Images], Any),
            mode("i", &[Images], Any),
            idle("config"),
            idle("conf"),
            idle("convert"),
            idle("version"),
            idle("plugin"),
            idle("clean"),
            idle("module"),
            idle("registry"),
            idle("completion"),
            idle("help"),
            idle("server"),
        ],
        flags: "--ignore-unfixed --no-progress -q --quiet -d --debug --skip-db-update --skip-java-db-update --skip-update \
                --skip-check-update --offline-scan --list-all-pkgs --dependency-tree --include-dev-deps --license-full \
                --show-suppressed --skip-version-check --insecure --disable-telemetry",
        values: "--scanners --security-checks -s --severity --exit-code --exit-on-eol -f --format -o --output -t \
                 --template --ignorefile --cache-dir --timeout --vuln-type --pkg-types --db-repository \
                 --java-db-repository --checks-bundle-repository --skip-dirs --skip-files --parallel --token \
                 --detection-priority --username --password --table-mode --input --platform --image-src",
        idle: "-h -v --download-db-only --download-java-db-only --reset --generate-default-config --clear-cache",
        ..NONE
    },
    Grammar {
        tool: "grype",
        modes: &[
            mode("", &[Dependencies, Images], NeededPath),
            idle("db"),
            idle("version"),
            idle("completion"),
            idle("help"),
            idle("config"),
            idle("explain"),
        ],
        flags: "--only-fixed --add-cpes-if-none --by-cve -q --quiet -v -vv --verbose --show-suppressed",
        values: "-f --fail-on -o --output --file -s --scope --platform -t --template --distro --name --sort-by",
        idle: "-h",
        ..NONE
    },
];
