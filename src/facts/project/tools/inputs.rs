//! Whether what an action is given makes it scan.
//!
//! The rule that must not be broken: an input is on these lists only where the scan looks at the same dependencies for the
//! same vulnerabilities with it. What stands on no list makes a doubt.

use super::{
    Trade,
    options::{self, Scan, Verdict, unknown},
    places::{self, Mounts},
    scanners::grammar,
};
use std::collections::BTreeMap;

type Inputs = BTreeMap<String, String>;

/// What an action is given that changes nothing.
struct Known {
    /// The beginning of its name, or all of it.
    action: &'static str,
    /// The inputs, between spaces.
    inputs: &'static str,
}

const fn known(action: &'static str, inputs: &'static str) -> Known {
    Known { action, inputs }
}

/// Inputs that every action may have: nothing of the scan is in them.
const COMMON: &str = "github-token token working-directory working_directory workdir version";

static KNOWN: &[Known] = &[
    known(
        "pypa/gh-action-pip-audit",
        "local no-deps summary ignore-vulns require-hashes vulnerability-service virtual-environment index-url \
         extra-index-urls",
    ),
    known("rustsec/audit-check", "ignore"),
    known("actions-rs/audit-check", ""),
    known("actions-rust-lang/audit", "denywarnings ignore createissues workingdirectory"),
    known(
        "embarkstudios/cargo-deny-action",
        "log-level rust-version credentials use-git-cli ssh-key ssh-known-hosts known-hosts",
    ),
    known(
        "golang/govulncheck-action",
        "go-version-input go-version-file check-latest cache cache-dependency-path repo-checkout output-file work-dir",
    ),
    known("google/osv-scanner", "results-file-name download-artifact upload-sarif matrix-property"),
    known("pyupio/safety-action", "api-key output-format project debug"),
    known("dependency-check/dependency-check_action", "project format out"),
    known("andrewmcodes/bundler-audit-action", ""),
    known("owenlamont/uv-secure", ""),
    known(
        "actions/dependency-review-action",
        "fail-on-severity allow-licenses deny-licenses allow-ghsas license-check comment-summary-in-pr base-ref head-ref \
         allow-dependencies-licenses deny-packages deny-groups allow-packages retry-on-snapshot-warnings \
         retry-on-snapshot-warnings-timeout warn-on-openssf-scorecard-level show-openssf-scorecard \
         show-patched-versions repo-token",
    ),
    known("snyk/actions/docker", "json image"),
    known("snyk/actions/", "json"),
    known(
        "aquasecurity/trivy-action",
        "format output template ignore-unfixed cache cache-dir timeout trivyignores hide-progress list-all-pkgs \
         limit-severities-for-sarif github-pat token-setup-trivy skip-setup-trivy docker-host exit-code image-ref scan-ref",
    ),
    known(
        "anchore/scan-action",
        "output-format output-file severity-cutoff only-fixed add-cpes-if-none by-cve grype-version cache-db \
         acs-report-enable",
    ),
    known("gitlab:", ""),
];

/// What the action of a tool does for a trade.
pub(super) fn judge(tool: &str, trade: Trade, action: &str, inputs: &Inputs) -> Verdict {
    let Some(known) = KNOWN.iter().find(|known| action.starts_with(known.action)) else {
        // Hooks and others that are given nothing.
        return inputs.keys().next().map_or_else(|| Verdict::Scans(Scan::default()), |key| unknown(key));
    };
    let of_environment = known.action == "pypa/gh-action-pip-audit" && !inputs.contains_key("inputs");
    let mut scan = Scan { of_environment, ..Scan::default() };
    for (key, value) in inputs {
        let is_known = |list: &str| list.split_whitespace().any(|it| it == key);
        if is_known(known.inputs) || is_known(COMMON) || SPECIAL.contains(&key.as_str()) {
            match special(trade, known.action, key, value, &mut scan) {
                None => continue,
                Some(verdict) => return verdict,
            }
        }
        return unknown(key);
    }
    match by_words(tool, trade, known.action, inputs) {
        Some(Verdict::Scans(more)) => Verdict::Scans(Scan {
            harmless: scan.harmless.or(more.harmless),
            folder: scan.folder.or(more.folder),
            of_environment: scan.of_environment || more.of_environment,
        }),
        Some(other) => other,
        None => Verdict::Scans(scan),
    }
}

/// Inputs whose value decides.
const SPECIAL: [&str; 26] = [
    "args",
    "arguments",
    "command",
    "command-arguments",
    "fail-build",
    "fail-on-scopes",
    "fail-on-vuln",
    "file",
    "go-package",
    "image",
    "image-ref",
    "inputs",
    "internal-be-careful-allow-failure",
    "manifest-path",
    "output-format",
    "path",
    "sbom",
    "scan-args",
    "scan-type",
    "scanners",
    "severity",
    "skip-dirs",
    "skip-files",
    "vuln-type",
    "vulnerability-check",
    "warn-only",
];

/// What an input does whose value decides; nothing where it leaves the scan as it is.
fn special(trade: Trade, action: &str, key: &str, value: &str, scan: &mut Scan) -> Option<Verdict> {
    let shown = || Some(unknown(&format!("{key}: {value}")));
    let paths: Vec<&str> = value.split_whitespace().collect();
    let mut folder = |are_files: bool| match places::folder_of(&paths, are_files) {
        Ok(folder) => {
            scan.folder = folder;
            None
        }
        Err(()) => shown(),
    };
    let mut cannot_fail = |is_so: bool, why: &'static str| {
        if is_so {
            scan.harmless = Some(why);
        }
    };
    match (action, key) {
        ("pypa/gh-action-pip-audit", "inputs") => return folder(true),
        ("pypa/gh-action-pip-audit", "internal-be-careful-allow-failure") => {
            cannot_fail(value != "false", "`internal-be-careful-allow-failure`");
        }
        ("pypa/gh-action-pip-audit", "index-url" | "extra-index-urls")
            if !paths.iter().all(|it| options::is_own_index(it)) =>
        {
            return shown();
        }
        ("actions-rust-lang/audit", "file") => return folder(true),
        ("golang/govulncheck-action", "go-package") => return folder(false),
        ("golang/govulncheck-action", "output-format") => {
            cannot_fail(value != "text", "it fails only where it writes plain text");
        }
        ("google/osv-scanner", "fail-on-vuln") => cannot_fail(value != "true", "`fail-on-vuln: false`"),
        ("actions/dependency-review-action", "warn-only") => cannot_fail(value != "false", "`warn-only`"),
        ("actions/dependency-review-action", "vulnerability-check") if value == "false" => {
            return Some(Verdict::Idle);
        }
        ("actions/dependency-review-action", "vulnerability-check") if value != "true" => return shown(),
        ("actions/dependency-review-action", "fail-on-scopes") if !value.contains("runtime") => {
            return shown();
        }
        ("actions/dependency-review-action", "vulnerability-check" | "fail-on-scopes") => {}
        ("anchore/scan-action", "path") => return folder(false),
        ("anchore/scan-action", "image") if trade == Trade::Images => {}
        ("anchore/scan-action", "fail-build") => cannot_fail(value != "true", "`fail-build: false`"),
        ("dependency-check/dependency-check_action", "path") => return folder(false),
        // These are words of a command, and are looked at as such.
        (
            "embarkstudios/cargo-deny-action",
            "arguments" | "command" | "command-arguments" | "manifest-path",
        )
        | ("google/osv-scanner", "scan-args")
        | ("dependency-check/dependency-check_action", "args")
        | ("snyk/actions/" | "snyk/actions/docker", "command" | "args")
        | ("aquasecurity/trivy-action", _) => {}
        ("snyk/actions/docker", "image") => {}
        (_, key) if !SPECIAL.contains(&key) => {}
        _ => return Some(unknown(key)),
    }
    None
}

/// The call that the action makes of its inputs, where it is one of a command.
fn by_words(tool: &str, trade: Trade, action: &str, inputs: &Inputs) -> Option<Verdict> {
    let get = |key: &str| inputs.get(key).map_or("", String::as_str);
    let call = match action {
        "embarkstudios/cargo-deny-action" => {
            let command = if get("command").is_empty() { "check" } else { get("command") };
            let manifest = match get("manifest-path") {
                "" => String::new(),
                path => format!("--manifest-path {path}"),
            };
            format!("{manifest} {} {command} {}", get("arguments"), get("command-arguments"))
        }
        // Without arguments it looks at everything below the folder.
        "google/osv-scanner" if get("scan-args").is_empty() => return None,
        "google/osv-scanner" => get("scan-args").to_owned(),
        "dependency-check/dependency-check_action" => get("args").to_owned(),
        "snyk/actions/docker" => format!("container test {}", get("args")),
        "snyk/actions/" => {
            let command = if get("command").is_empty() { "test" } else { get("command") };
            format!("{command} {}", get("args"))
        }
        "aquasecurity/trivy-action" => trivy(inputs)?,
        "anchore/scan-action" if trade == Trade::Images && !inputs.contains_key("image") => {
            return Some(Verdict::Idle);
        }
        "anchore/scan-action" if trade == Trade::Dependencies && inputs.contains_key("image") => {
            return Some(unknown("image"));
        }
        _ => return None,
    };
    let words: Vec<&str> = call.split_whitespace().collect();
    Some(options::judge(grammar(tool)?, trade, &words, Mounts::default()))
}

/// The call that Trivy's action makes. <https://github.com/aquasecurity/trivy-action#inputs>
fn trivy(inputs: &Inputs) -> Option<String> {
    let kind = inputs.get("scan-type").map_or("image", String::as_str);
    let what = inputs.get("image-ref").filter(|_| kind == "image").map_or(".", String::as_str);
    let mut call = format!("{kind} {}", what.replace(char::is_whitespace, ""));
    for (key, option) in [
        ("scanners", "scanners"),
        ("severity", "severity"),
        ("vuln-type", "vuln-type"),
        ("skip-dirs", "skip-dirs"),
        ("skip-files", "skip-files"),
        ("exit-code", "exit-code"),
    ] {
        if let Some(value) = inputs.get(key).filter(|value| !value.is_empty()) {
            let value: String = value
                .split(|c: char| c == ',' || c.is_whitespace())
                .filter(|it| !it.is_empty())
                .collect::<Vec<_>>()
                .join(",");
            call.push_str(&format!(" --{option}={value}"));
        }
    }
    Some(call)
}
