//! Ways in which a tool may be run that are not followed: runners of tasks, plugins of builds, programs of the
//! repository, words that are not known.
//!
//! The rule that must not be broken: where such a way is taken, nobody can say that a tool is not run; and it bears
//! nothing out.

use super::{
    programs::{self, base},
    runs::{Call, Texts},
    tools,
};
use crate::{paths, text};

/// Programs that run what files of their own say, which nobody here reads.
const RUNNERS: [&str; 46] = [
    "rake",
    "invoke",
    "inv",
    "mage",
    "fab",
    "doit",
    "gulp",
    "grunt",
    "nx",
    "turbo",
    "lerna",
    "moon",
    "melos",
    "bazel",
    "bazelisk",
    "buck",
    "buck2",
    "ant",
    "sbt",
    "lein",
    "dagger",
    "earthly",
    "earth",
    "mise",
    "devbox",
    "nix-build",
    "scons",
    "pants",
    "please",
    "fastlane",
    "xtask",
    "trunk",
    "lefthook",
    "mega-linter-runner",
    "phing",
    "robo",
    "castor",
    "eval",
    "wireit",
    "cargo-make",
    "makers",
    "tilt",
    "danger",
    "overcommit",
    "vagrant",
    "ansible-playbook",
];

/// Programs that run such files with one of these words.
const WITH_WORD: [(&str, &[&str]); 7] = [
    ("cargo", &["xtask", "make", "task", "ci", "dev", "x"]),
    ("composer", &["run", "run-script", "test", "ci", "check", "lint", "qa"]),
    ("deno", &["task"]),
    ("nix", &["build", "flake", "run", "develop"]),
    ("cmake", &["--target", "-t"]),
    ("mix", &["run", "cmd", "do", "ci", "check", "lint", "precommit"]),
    ("docker", &["bake"]),
];

/// Programs of which the word behind them says what they run, a scanner among other things.
const BY_WORD: [&str; 15] = [
    "cargo", "npm", "npx", "pnpm", "yarn", "bun", "bunx", "uv", "uvx", "pipx", "poetry", "bundle",
    "composer", "dotnet", "docker",
];

/// What names in build files belong to plugins that scan.
const PLUGINS: [&str; 14] = [
    "dependency-check",
    "dependencycheck",
    "ossindex",
    "ossaudit",
    "snyk",
    "sonar",
    "spotbugs",
    "findbugs",
    "findsecbugs",
    "license",
    "trivy",
    "vulnerab",
    "osv",
    "grype",
];

/// Endings and folders of programs that are the repository's own.
const ENDINGS: [&str; 12] =
    [".sh", ".bash", ".zsh", ".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".ps1", ".php"];
const FOLDERS: [&str; 10] =
    ["script/", "scripts/", "ci/", ".ci/", "hack/", "tools/", "tool/", "dev/", "bin/", ".github/"];

/// What a call runs that is not followed, with why, where it does; `is_read` says that what it calls was.
pub(super) fn unfollowed(call: &Call, texts: &Texts, is_read: bool) -> Option<String> {
    let Call::Command(words) = call else { return None };
    if is_read || programs::is_no_call(words) || !tools::named_by(call).is_empty() {
        return None;
    }
    let program = programs::program(words);
    let (first, rest) = program.split_first()?;
    let before = &words[..words.len() - program.len()];
    let name = base(first);
    let shown =
        |words: &[&str]| text::clean(&words.join(" ").chars().take(60).collect::<String>()).into_owned();
    if first.starts_with('$') && first.len() > 1 && !first.contains('/') {
        return Some(format!("\"{}\", and what that stands for is not known", shown(&[first])));
    }
    // `cargo $(…)`, `npm $TASK`: what is run is what that stands for.
    let said = rest.iter().find(|word| !word.starts_with(['-', '+']));
    if let Some(said) = said.filter(|it| BY_WORD.contains(&name) && it.starts_with(['$', '`'])) {
        let said = if said == "$" { "$(…)" } else { said };
        return Some(format!("\"{}\", and what that stands for is not known", shown(&[name, said])));
    }
    if RUNNERS.contains(&name) {
        return Some(format!("{name}, whose tasks were not read"));
    }
    // `cmake --build . --target audit`
    let word = match name {
        "cmake" => rest.iter().find(|word| matches!(word.as_str(), "--target" | "-t")),
        _ => rest.iter().find(|word| !word.starts_with(['-', '+'])),
    };
    let is_one = |word: &&String| {
        let of_it = WITH_WORD.iter().filter(|(known, _)| *known == name);
        of_it.flat_map(|(_, words)| words.iter()).any(|it| *it == word.as_str())
    };
    if let Some(word) = word.filter(is_one) {
        return Some(format!("\"{}\", whose tasks were not read", shown(&[name, word])));
    }
    // `docker compose up` alone starts what was built elsewhere.
    let composes = name == "docker-compose" || rest.first().is_some_and(|it| it == "compose");
    let builds = rest.iter().any(|word| matches!(word.as_str(), "build" | "--build" | "run"));
    if composes && builds && matches!(name, "docker" | "podman" | "docker-compose") {
        return Some("images of a compose file, which was not read".to_owned());
    }
    // `cargo run -p xtask`
    if name == "cargo"
        && rest.first().is_some_and(|it| it == "run" || it == "r")
        && rest.iter().any(|it| it.contains("task"))
    {
        return Some("\"cargo run\" of a program of tasks, which was not read".to_owned());
    }
    if matches!(name, "mvn" | "mvnw" | "gradle" | "gradlew") {
        return by_plugin(name, texts);
    }
    own_program(before, program, texts).map(|path| format!("{}, which was not read", shown(&[path])))
}

/// Why a build of Maven or Gradle may run a plugin that scans.
fn by_plugin(name: &str, texts: &Texts) -> Option<String> {
    let is_maven = name.starts_with("mvn");
    let is_build = |path: &str| {
        let file = paths::name_of(path);
        if is_maven { file == "pom.xml" } else { matches!(file, "build.gradle" | "build.gradle.kts") }
    };
    let files: Vec<(&String, &Result<String, String>)> =
        texts.iter().filter(|(path, _)| is_build(path)).collect();
    if files.is_empty() {
        return Some(format!("{name}, and its build file was not read"));
    }
    for (path, read) in &files {
        let path = text::clean(path);
        let text = match read {
            Ok(text) => text.to_lowercase(),
            Err(why) => return Some(format!("{name}, and {path} {why}")),
        };
        if let Some(plugin) = PLUGINS.iter().find(|plugin| text.contains(**plugin)) {
            return Some(format!("{name}, and {path} names \"{plugin}\", whose plugin may run with it"));
        }
        let from_elsewhere = ["apply from", "apply(from", "includebuild"].iter().any(|it| text.contains(it));
        if !is_maven && (path.starts_with("buildSrc/") || path.starts_with("build-logic/") || from_elsewhere)
        {
            return Some(format!("{name}, and plugins that {path} brings were not read"));
        }
    }
    let parent = files.iter().filter(|_| is_maven).find_map(|(path, read)| {
        let parent = foreign_parent(read.as_ref().ok()?, &files)?;
        Some((text::clean(path), text::clean(&parent).into_owned()))
    });
    parent.map(|(path, parent)| format!("{name}, and {path} inherits from {parent}, which was not read"))
}

/// The parent of a project of Maven, where it is none of the repository and may bring plugins that scan.
fn foreign_parent(pom: &str, files: &[(&String, &Result<String, String>)]) -> Option<String> {
    let parent = between(pom, "<parent>", "</parent>")?;
    let artifact = between(parent, "<artifactId>", "</artifactId>")?.trim();
    let group = between(parent, "<groupId>", "</groupId>").unwrap_or_default().trim();
    let own = format!("<artifactId>{artifact}</artifactId>");
    let is_own = files.iter().filter_map(|(_, read)| read.as_ref().ok()).any(|text| {
        let without = text.replacen(between(text, "<parent>", "</parent>").unwrap_or_default(), "", 1);
        without.contains(&own)
    });
    (!is_own && group != "org.springframework.boot").then(|| artifact.chars().take(60).collect())
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inner, _)| inner)
}

/// The program of the repository that is run and was not read.
fn own_program<'w>(before: &[String], program: &'w [String], texts: &Texts) -> Option<&'w str> {
    const INTERPRETERS: [&str; 14] = [
        "bash", "sh", "zsh", "python", "python3", "node", "ruby", "perl", "pwsh", "php", "deno", "bun",
        "tsx", "ts-node",
    ];
    let starts_go = before.iter().any(|word| word == "run") && before.iter().any(|word| base(word) == "go");
    let first = program.first()?;
    let is_interpreter = INTERPRETERS.contains(&base(first));
    let path = match is_interpreter {
        true => program[1..].iter().find(|word| !word.starts_with('-') && word.as_str() != "run")?,
        false => first,
    };
    let bare = path.trim_start_matches("./");
    let is_script = ENDINGS.iter().any(|ending| bare.ends_with(ending));
    let is_path = path.starts_with("./") || path.contains('/');
    let is_own = is_script && (is_interpreter || is_path)
        || FOLDERS.iter().any(|folder| bare.starts_with(folder))
        || starts_go && (path.starts_with("./") || path.ends_with(".go"));
    let is_strange =
        path.starts_with(['/', '~', '$']) || bare.contains(['$', '{']) || bare.contains("node_modules/");
    (is_own && !is_strange && !texts.contains_key(bare)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(line: &str, files: &[(&str, &str)]) -> Option<String> {
        let texts: Texts =
            files.iter().map(|(path, text)| ((*path).to_owned(), Ok((*text).to_owned()))).collect();
        let words = line.split(' ').map(str::to_owned).collect();
        unfollowed(&Call::Command(words), &texts, false)
    }

    #[test]
    fn what_runs_tasks_that_nobody_read_is_a_way() {
        for (line, expected) in [
            ("bundle exec rake", "rake, whose tasks were not read"),
            ("uv run inv check", "inv, whose tasks were not read"),
            ("cargo xtask ci", "\"cargo xtask\", whose tasks were not read"),
            ("cargo run -p xtask -- ci", "\"cargo run\" of a program of tasks, which was not read"),
            ("$CMD", "\"$CMD\", and what that stands for is not known"),
            ("cargo $TASK", "\"cargo $TASK\", and what that stands for is not known"),
            ("npm --silent $(TASK)", "\"npm $(TASK)\", and what that stands for is not known"),
            ("docker compose run test", "images of a compose file, which was not read"),
            ("./ci/check", "./ci/check, which was not read"),
            ("bash -e check.sh", "check.sh, which was not read"),
            ("go run ./build", "./build, which was not read"),
        ] {
            assert_eq!(way(line, &[]).as_deref(), Some(expected), "{line}");
        }
        for line in [
            "cargo test",
            "cargo test $ARGS",
            "git $TASK",
            "cargo build --bin ci",
            "docker compose up -d",
            "echo rake",
            "pip install invoke",
            "go test ./...",
            "composer install",
            "./target/release/widget --help",
            "$HOME/.cargo/bin/widget",
            "python -m build",
            "npm audit",
        ] {
            assert_eq!(way(line, &[]), None, "{line}");
        }
        assert_eq!(way("bash check.sh", &[("check.sh", "ls")]), None);
    }

    #[test]
    fn a_plugin_of_a_build_is_a_way_where_its_file_names_one() {
        let pom = |inner: &str| format!("<project>{inner}<artifactId>widget</artifactId></project>");
        let maven = |inner: &str| way("./mvnw -B verify", &[("pom.xml", &pom(inner))]);
        assert_eq!(
            maven("<plugin><artifactId>dependency-check-maven</artifactId></plugin>").as_deref(),
            Some("mvnw, and pom.xml names \"dependency-check\", whose plugin may run with it")
        );
        let parent = |group: &str, name: &str| {
            format!("<parent><groupId>{group}</groupId><artifactId>{name}</artifactId></parent>")
        };
        assert_eq!(
            maven(&parent("com.acme", "base")).as_deref(),
            Some("mvnw, and pom.xml inherits from base, which was not read")
        );
        assert_eq!(maven(&parent("org.springframework.boot", "spring-boot-starter-parent")), None);
        assert_eq!(maven("<plugin><artifactId>maven-jar-plugin</artifactId></plugin>"), None);
        assert_eq!(way("mvn verify", &[]).as_deref(), Some("mvn, and its build file was not read"));
        let gradle = |text: &str| way("./gradlew check", &[("build.gradle", text)]);
        assert!(gradle("check.dependsOn dependencyCheckAnalyze").is_some());
        assert!(gradle("apply from: 'x.gradle'").is_some());
        assert_eq!(gradle("plugins { id 'java' }"), None);
    }
}
