//! A project that says that its dependencies are scanned, and what the check says of it.

use super::Project;

pub(super) const SCANNED: &str = "Dependencies are scanned for known vulnerabilities on every push.";
/// The job of [`Project::workflow`].
pub(super) const AT: &str = "(.github/workflows/ci.yml, job test)";

/// What `dependency-scanning` says: the first words of each finding, without the sentence.
pub(super) fn says(project: Project) -> Vec<String> {
    let all = project.says("dependency-scanning");
    all.iter()
        .map(|said| {
            let (status, rest) = said.split_once(' ').unwrap();
            format!("{status}: {}", rest.split_once("\": ").map_or(rest, |(_, why)| why))
        })
        .collect()
}

pub(super) fn project() -> Project {
    Project::with_policy(SCANNED).file("package-lock.json", "{}\n")
}

pub(super) fn script(script: &str) -> Vec<String> {
    says(project().workflow(script))
}
