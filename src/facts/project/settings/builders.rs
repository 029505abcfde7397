//! What builds of Gradle and Maven say of OWASP Dependency-Check.
//!
//! <https://dependency-check.github.io/DependencyCheck/dependency-check-gradle/configuration.html>
//!
//! The rule that must not be broken: a setting that is not known to leave the scan as it is, is a doubt.

use crate::{facts::project::runs::Texts, paths};

/// Settings of the plugin for Gradle that leave it as it is.
const HARMLESS: &str = "failBuildOnCVSS failOnError format formats outputDirectory suppressionFile suppressionFiles \
                        autoUpdate cveValidForHours nvd apiKey delay maxRetryCount validForHours showSummary \
                        skipTestGroups junitFailOnCVSS scanBuildEnv scanDependencies data directory proxy server port \
                        username password hints analyzers assemblyEnabled nodeEnabled nodeAuditEnabled nodeAudit \
                        enabled ossIndex nuspecEnabled retirejs retireJS experimentalEnabled resultsPerPage";

/// What a build at the tag says of the scan that is not known to be harmless, with its path.
pub(super) fn doubt(texts: &Texts) -> Option<(String, String)> {
    texts.iter().find_map(|(path, read)| {
        let name = paths::name_of(path);
        let text = read.as_ref().ok()?;
        let what = match name {
            "build.gradle" | "build.gradle.kts" => of_gradle(text),
            "pom.xml" => of_maven(text),
            _ => None,
        };
        Some((path.clone(), what?))
    })
}

/// The first setting in a block of `dependencyCheck`, or a line about one of its tasks, that is not known.
fn of_gradle(text: &str) -> Option<String> {
    let mut depth = 0_usize;
    for line in text.lines().map(|line| line.split("//").next().unwrap_or_default()) {
        let begins = line.find("dependencyCheck").filter(|_| depth == 0);
        let inner = match begins {
            Some(at) => {
                let rest = &line[at..];
                let switches =
                    ["skip", "enabled", "onlyIf", "exclude"].iter().any(|word| rest.contains(word));
                match rest.split_once('{') {
                    Some((_, inner)) => inner,
                    None if switches => return Some(rest.trim().to_owned()),
                    None => continue,
                }
            }
            None if depth > 0 => line,
            None => continue,
        };
        for statement in inner.split([';', '{', '}']).map(str::trim).filter(|it| !it.is_empty()) {
            let key = statement.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let is_text = statement.starts_with(['"', '\'', ']', ')', ',']);
            if !is_text && !HARMLESS.split_whitespace().any(|known| known == key) {
                return Some(statement.to_owned());
            }
        }
        let opened = inner.matches('{').count() + usize::from(begins.is_some());
        depth = (depth + opened).saturating_sub(inner.matches('}').count());
    }
    None
}

/// Whether a build of Maven passes over the scan.
fn of_maven(text: &str) -> Option<String> {
    if let Some(line) = text.lines().find(|line| line.contains("<dependency-check.skip>")) {
        return Some(line.trim().to_owned());
    }
    let plugins = text.split("dependency-check-maven").skip(1);
    let settings = plugins.filter_map(|rest| rest.split("</plugin>").next());
    const KEYS: [&str; 4] = ["<skip>", "<skipRuntimeScope>", "<excludes>", "<scanSet>"];
    settings
        .into_iter()
        .find_map(|it| KEYS.iter().find(|key| it.contains(**key)).map(|key| (*key).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_of_the_plugin_that_is_not_known_is_a_doubt() {
        for fine in [
            "dependencyCheck { failBuildOnCVSS = 7 }\n",
            "dependencyCheck {\n  formats = ['HTML']\n  suppressionFile = 'x.xml' // skip\n  nvd {\n    apiKey = x\n  }\n}\nskip = true\n",
            "check.dependsOn dependencyCheckAnalyze\n",
        ] {
            assert_eq!(of_gradle(fine), None, "{fine}");
        }
        for (text, what) in [
            ("dependencyCheck { skip = true }\n", "skip = true"),
            ("dependencyCheck {\n  skipConfigurations = ['a']\n}\n", "skipConfigurations = ['a']"),
            ("dependencyCheckAnalyze.enabled = false\n", "dependencyCheckAnalyze.enabled = false"),
            ("tasks.dependencyCheckAnalyze { onlyIf { false } }\n", "onlyIf"),
        ] {
            assert_eq!(of_gradle(text).as_deref(), Some(what), "{text}");
        }
        let maven = |inner: &str| {
            of_maven(&format!("<plugin><artifactId>dependency-check-maven</artifactId>{inner}</plugin>"))
        };
        assert_eq!(maven("<skip>true</skip>").as_deref(), Some("<skip>"));
        assert_eq!(maven("<failBuildOnCVSS>7</failBuildOnCVSS>"), None);
    }
}
