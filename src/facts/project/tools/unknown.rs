//! Calls of something that is not known, and whose name says that it scans.
//!
//! The rule that must not be broken: what may be a scanner is a doubt, for nobody can say then that nothing scans.

use super::{TOOLS, base, programs};
use crate::facts::project::runs::Call;

/// Actions that run many scanners, as their settings have it.
const COLLECTIONS: [&str; 18] = [
    "megalinter",
    "super-linter",
    "security-devops-action",
    "defectdojo",
    "frogbot",
    "jfrog/",
    "sonatype",
    "nexus-iq",
    "whitesource",
    "mend",
    "veracode",
    "checkmarx",
    "blackduck",
    "synopsys",
    "socketdev/",
    "endorlabs/",
    "debricked/",
    "trunk-io/",
];

/// Programs that scan nothing, whatever their arguments are called; `security` is that of macOS.
const NO_SCANNERS: [&str; 10] =
    ["(", "security", "touch", "chmod", "git", "gh", "find", "tar", "cd", "source"];

/// The name of what a call runs, where it is not known and says that it scans.
pub(in crate::facts::project) fn may_scan(call: &Call) -> Option<String> {
    match call {
        Call::Action { name, .. } => {
            let is_known = TOOLS.iter().any(|tool| tool.actions.contains(&name.as_str()));
            let is_named = says_so(name) || COLLECTIONS.iter().any(|it| name.contains(it));
            (is_named && !is_known && !name.starts_with("github/codeql-action/")).then(|| name.clone())
        }
        Call::Hook { .. } => None,
        Call::Command(words) => {
            let program = programs::program(words);
            if program.first().is_none_or(|word| NO_SCANNERS.contains(&word.as_str()))
                || programs::is_no_call(words)
                || is_known(program)
            {
                return None;
            }
            let named: Vec<&str> =
                program.iter().map(|word| base(word)).filter(|word| !word.starts_with('-')).take(3).collect();
            let at = named.iter().position(|word| says_so(word))?;
            Some(named[..=at].join(" "))
        }
    }
}

/// Whether the command is one of a tool that is known.
fn is_known(program: &[String]) -> bool {
    let plain: Vec<&str> = program.iter().map(|word| base(word)).collect();
    let begins =
        |command: &&str| command.split(' ').enumerate().all(|(at, part)| plain.get(at) == Some(&part));
    TOOLS.iter().any(|tool| tool.commands.iter().any(begins))
}

/// Whether a name says that something is scanned.
fn says_so(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut parts = name.split(|c: char| !c.is_ascii_alphanumeric());
    parts.any(|part| {
        let speaks = ["audit", "vuln", "snyk", "scan"].iter().any(|word| part.contains(word));
        speaks || matches!(part, "sca" | "cve" | "cves" | "security")
    })
}
