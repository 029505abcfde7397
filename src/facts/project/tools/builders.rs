//! OWASP Dependency-Check as a task of Maven or Gradle.
//!
//! <https://dependency-check.github.io/DependencyCheck/dependency-check-maven/>
//!
//! The rule that must not be broken: an option that is not known is a doubt.

use super::options::{Scan, Verdict, unknown};

/// Options of Maven and Gradle that change nothing of the task.
const FLAGS: &str = "-B --batch-mode -ntp --no-transfer-progress -q --quiet -e --errors -U --update-snapshots -X --debug -V \
                     --show-version --no-daemon --info -i --stacktrace -s --warn --continue --parallel --build-cache \
                     --no-build-cache --no-configuration-cache --no-parallel --scan -fae --fail-at-end -ff";
/// Properties that change nothing of it.
const PROPERTIES: [&str; 13] = [
    "-DskipTests",
    "-Dmaven.test.skip",
    "-DfailBuildOnCVSS",
    "-DnvdApiKey",
    "-Dformat",
    "-Dformats",
    "-DsuppressionFile",
    "-DautoUpdate",
    "-DdataDirectory",
    "-Dstyle.color",
    "-PnvdApiKey",
    "--console",
    "--max-workers",
];

/// What a call of the builder with these arguments does; nothing where none of them is of Dependency-Check.
pub(super) fn dependency_check(arguments: &[String]) -> Option<Verdict> {
    let tasks: Vec<&str> = arguments.iter().map(String::as_str).filter(|word| is_its(word)).collect();
    let scans =
        |word: &&str| ["check", "aggregate", "Analyze", "Aggregate"].iter().any(|end| word.ends_with(end));
    let Some(task) = tasks.iter().copied().find(scans) else {
        return tasks.first().map(|_| Verdict::Idle);
    };
    // `:app:dependencyCheckAnalyze` is of one project alone.
    let is_of_one = task.contains("dependencyCheck") && task.trim_start_matches(':').contains(':');
    if is_of_one {
        return Some(unknown(task));
    }
    let is_known = |word: &&String| {
        let name = word.split_once('=').map_or(word.as_str(), |(name, _)| name);
        !word.starts_with('-')
            || FLAGS.split_whitespace().any(|flag| flag == word.as_str())
            || PROPERTIES.contains(&name)
            || (word.starts_with("-P") && !word.contains('='))
    };
    let speaks = |word: &String| matches!(word.as_str(), "--help" | "-h" | "--version" | "-v");
    if arguments.iter().any(speaks) {
        return Some(Verdict::Idle);
    }
    Some(
        arguments
            .iter()
            .find(|word| !is_known(word))
            .map_or_else(|| Verdict::Scans(Scan::default()), |it| unknown(it)),
    )
}

/// Whether a word is a task of Dependency-Check: `org.owasp:dependency-check-maven:10.0.4:check`.
fn is_its(word: &str) -> bool {
    let task = word.rsplit(':').next().unwrap_or(word);
    let is_plugin =
        |name: &str| word.strip_prefix(name).is_some_and(|rest| rest.starts_with(':') && rest.len() > 1);
    is_plugin("dependency-check")
        || is_plugin("org.owasp:dependency-check-maven")
        || task.starts_with("dependencyCheck")
}
