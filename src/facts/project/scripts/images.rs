//! What is run while a container image is built.
//!
//! The rule that must not be broken: whether a step of it is run again is not known, so that it bears nothing out.

use super::{Called, Texts};

/// Why nobody can say that it is run.
const BUILT: &str = "it is run while an image is built, and a stage of it may be left out";

/// Programs that build images.
pub(super) const BUILDERS: [&str; 4] = ["docker", "podman", "buildah", "nerdctl"];

/// What a command of such a program runs.
pub(super) fn of_command(rest: &[&str], texts: &Texts, found: &mut Vec<Called>) {
    let mut words = rest.iter().copied().filter(|word| !word.starts_with('-'));
    let builds = match words.next() {
        Some("build" | "bud") => true,
        Some("buildx" | "image" | "builder") => words.next() == Some("build"),
        _ => false,
    };
    if !builds {
        return;
    }
    let pairs = rest.windows(2).filter(|pair| matches!(pair[0], "-f" | "--file")).map(|pair| pair[1]);
    let mut named = pairs.chain(rest.iter().filter_map(|word| word.strip_prefix("--file=")));
    let is_root = rest.iter().any(|word| matches!(*word, "." | "./" | "$PWD" | "${{"));
    let file = named.next();
    found.push(of_file(if is_root || file.is_some() { file } else { Some("of a folder") }, texts));
}

/// What an image is built from; without a name it is the file at the root.
pub(in crate::facts::project) fn of_file(named: Option<&str>, texts: &Texts) -> Called {
    let bare = named.map(|path| path.trim_start_matches("./"));
    let paths = bare.map_or_else(|| vec!["Dockerfile", "Containerfile"], |path| vec![path]);
    match paths.iter().find_map(|path| texts.get_key_value(*path)) {
        Some((path, read)) => Called {
            doubt: Some(BUILT),
            ..Called::of(path.clone(), read.as_deref().map(commands).map_err(Clone::clone))
        },
        None => Called::unread("a Dockerfile", "was not read"),
    }
}

/// The commands behind `RUN`.
fn commands(text: &str) -> String {
    let whole = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let run = |line: &str| -> Option<String> {
        let line = line.trim_start();
        let (word, rest) = line.split_once(char::is_whitespace)?;
        let rest = rest.trim_start();
        word.eq_ignore_ascii_case("run").then_some(())?;
        // `RUN --mount=type=cache npm audit`, `RUN ["npm", "audit"]`
        let words = rest.split_whitespace().skip_while(|word| word.starts_with("--"));
        let plain = words.collect::<Vec<_>>().join(" ");
        let is_list = plain.starts_with('[');
        Some(if is_list { plain.replace(['[', ']', ',', '"'], " ") } else { plain })
    };
    whole.lines().filter_map(run).map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_of_an_image_are_found_and_are_doubts() {
        let text = "FROM node\n# RUN no\nRUN npm ci && \\\n    npm audit\nrun [\"ls\", \"-l\"]\nRUN --mount=type=cache make\n";
        let texts = Texts::from([("Dockerfile".to_owned(), Ok(text.to_owned()))]);
        let of = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            let mut found = Vec::new();
            of_command(&words, &texts, &mut found);
            found.into_iter().map(|it| (it.script, it.doubt.is_some())).collect::<Vec<_>>()
        };
        let steps = "npm ci &&      npm audit\n ls   -l \nmake\n";
        for line in ["build .", "build -t x .", "buildx build --file=./Dockerfile --push ."] {
            let found = of(line);
            assert_eq!(found.len(), 1, "{line}");
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!((words(found[0].0.as_ref().unwrap()), found[0].1), (words(steps), true), "{line}");
        }
        for line in ["build web", "build -f web/Dockerfile ."] {
            assert_eq!(of(line), [(Err("was not read".to_owned()), false)], "{line}");
        }
        assert!(of("run x build .").is_empty() && of("push x").is_empty());
    }
}
