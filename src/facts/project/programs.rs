//! Which program a command runs, behind those that only start another.
//!
//! The rule that must not be broken: an option that is not known ends the search, for its value may look like a program.

/// Programs that only print, look for or move something.
const SILENT: [&str; 16] = [
    "echo", "printf", "cat", "grep", "ls", "rm", "mkdir", "cp", "mv", "which", "command", "test", "[", "jq",
    "type", "export",
];

/// Words by which something is installed and not run, behind the program that does it.
const INSTALLS: [&str; 11] =
    ["install", "add", "sync", "upgrade", "remove", "uninstall", "tap", "download", "pull", "i", "ci"];

/// Programs that install with such a word.
const INSTALLERS: [&str; 23] = [
    "pip", "pip3", "pipx", "uv", "poetry", "pdm", "npm", "yarn", "pnpm", "go", "cargo", "brew", "apt",
    "apt-get", "apk", "gem", "conda", "mamba", "pixi", "docker", "rustup", "dnf", "yum",
];

/// What starts another program, with its options without and with a value.
const STARTERS: [(&[&str], &[&str], &[&str]); 26] = [
    (&["sudo"], &["-E", "-n", "-H"], &[]),
    (&["env"], &["-i"], &[]),
    (&["time"], &["-p"], &[]),
    (&["exec"], &[], &[]),
    (&["nohup"], &[], &[]),
    (&["uv", "run"], FLAGS, VALUES),
    (&["uv", "tool", "run"], FLAGS, VALUES),
    (&["uvx"], FLAGS, VALUES),
    (&["pipx", "run"], FLAGS, &["--spec", "--python"]),
    (&["poetry", "run"], &[], &[]),
    (&["pdm", "run"], &[], &["-p"]),
    (&["hatch", "run"], &[], &[]),
    (&["rye", "run"], &[], &[]),
    (&["pixi", "run"], FLAGS, &["-e", "--environment"]),
    (&["npx"], FLAGS, &["-p", "--package"]),
    (&["bunx"], &[], &[]),
    (&["pnpm", "exec"], &[], &[]),
    (&["pnpm", "dlx"], &[], &[]),
    (&["yarn", "exec"], &[], &[]),
    (&["yarn", "dlx"], &[], &[]),
    (&["bundle", "exec"], &[], &[]),
    (&["python", "-m"], &[], &[]),
    (&["python3", "-m"], &[], &[]),
    (&["go", "run"], &[], &[]),
    (&["go", "tool"], &[], &[]),
    (&["docker", "run"], &["--rm", "-i", "-t", "-it", "-ti", "--init"], IMAGE_VALUES),
];

const FLAGS: &[&str] = &[
    "--yes",
    "-y",
    "--frozen",
    "--locked",
    "--no-sync",
    "-q",
    "--quiet",
    "--isolated",
    "--no-install",
    "--all-extras",
    "--all-groups",
    "--dev",
    "--",
];
const VALUES: &[&str] =
    &["--with", "--from", "--extra", "--group", "--only-group", "-p", "--python", "--package"];
const IMAGE_VALUES: &[&str] =
    &["-v", "--volume", "-w", "--workdir", "-e", "--env", "--name", "-u", "--user", "--network"];

/// The words of a command from the program that is run in the end, as far as that is understood.
pub(super) fn program(words: &[String]) -> &[String] {
    let mut words = words;
    for _ in 0..8 {
        words = behind_assignments(words);
        let Some(next) = behind_starter(words) else { break };
        words = next;
    }
    words
}

fn behind_assignments(words: &[String]) -> &[String] {
    let is_assignment = |word: &&String| {
        word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
    };
    &words[words.iter().take_while(is_assignment).count()..]
}

/// What stands behind a program that only starts another; nothing where it is none, or is not understood.
fn behind_starter(words: &[String]) -> Option<&[String]> {
    let first = base(words.first()?);
    if first == "timeout" {
        let seconds = words.get(1)?;
        let is_number = seconds.starts_with(|c: char| c.is_ascii_digit());
        return is_number.then_some(&words[2..]);
    }
    let is_it = |names: &[&str]| {
        names.len() <= words.len()
            && names
                .iter()
                .zip(words)
                .enumerate()
                .all(|(at, (name, word))| *name == if at == 0 { base(word) } else { word.as_str() })
    };
    let (names, flags, values) = STARTERS.iter().find(|(names, _, _)| is_it(names))?;
    let mut rest = &words[names.len()..];
    while let Some(word) = rest.first().filter(|word| word.starts_with('-')) {
        let name = word.split_once('=').map(|(name, _)| name);
        let taken = match name {
            _ if flags.contains(&word.as_str()) => 1,
            _ if values.contains(&word.as_str()) => 2,
            Some(name) if values.contains(&name) => 1,
            _ => return None,
        };
        rest = rest.get(taken..)?;
    }
    Some(rest)
}

/// Whether the command calls no tool that it names.
pub(super) fn is_no_call(words: &[String]) -> bool {
    let words = match words.first().map(String::as_str) {
        Some("sudo") => &words[1..],
        _ => words,
    };
    let words: Vec<&str> = behind_assignments(words).iter().map(|word| base(word)).collect();
    let Some(program) = words.first() else { return true };
    // `python -m pip install x`, `uv pip install x`, `pip --quiet install x`
    let installer = words.iter().take(4).position(|word| INSTALLERS.contains(word));
    let installs = installer.is_some_and(|at| {
        let rest = words[at + 1..].iter().take(5);
        let mut rest = rest.filter(|word| !word.starts_with('-') && !matches!(**word, "tool" | "pip"));
        rest.next().is_some_and(|word| INSTALLS.contains(word))
    });
    SILENT.contains(program) || installs
}

/// The name of a program, or of an image, without its folder and version.
pub(super) fn base(word: &str) -> &str {
    if word.starts_with('-') {
        return word;
    }
    let name = word.rsplit('/').next().unwrap_or(word);
    let name = name.split_once("==").map_or(name, |(name, _)| name);
    let name = name.split_once('@').filter(|(name, _)| !name.is_empty()).map_or(name, |(name, _)| name);
    // The tag of an image.
    match name.split_once(':') {
        Some((image, _)) if word.contains('/') => image,
        _ => name,
    }
}
