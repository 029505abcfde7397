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
        return is_long(seconds).then(|| &words[2..]);
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

/// Whether a scan may end within this time of `timeout`: ten seconds at least.
fn is_long(time: &str) -> bool {
    let (number, factor) = match time.chars().last() {
        Some('s') => (&time[..time.len() - 1], 1),
        Some('m') => (&time[..time.len() - 1], 60),
        Some('h') => (&time[..time.len() - 1], 3600),
        Some('d') => (&time[..time.len() - 1], 86_400),
        _ => (time, 1),
    };
    number.parse::<u32>().is_ok_and(|number| u64::from(number) * factor >= 10)
}

/// Images that hold the scanner of their name.
const IMAGES: [&str; 12] = [
    "aquasec/trivy",
    "ghcr.io/aquasecurity/trivy",
    "public.ecr.aws/aquasecurity/trivy",
    "mirror.gcr.io/aquasec/trivy",
    "anchore/grype",
    "ghcr.io/anchore/grype",
    "ghcr.io/google/osv-scanner",
    "ghcr.io/google/osv-scanner-action",
    "owasp/dependency-check",
    "sonatypecommunity/nancy",
    "pyupio/safety",
    "bridgecrew/checkov",
];

/// Folders of the repository that hold what was installed.
const INSTALLED: [&str; 6] =
    [".venv/bin/", "venv/bin/", "node_modules/.bin/", "vendor/bin/", "gradlew", "mvnw"];

/// What stands before a program, or in its path, that may make it another one or change what it does.
pub(super) fn unlike(before: &[String], program: &[String]) -> Option<String> {
    const NAMES: [&str; 12] = [
        "CI",
        "DEBUG",
        "FORCE_COLOR",
        "NO_COLOR",
        "RUST_LOG",
        "RUST_BACKTRACE",
        "NODE_ENV",
        "GOTOOLCHAIN",
        "TERM",
        "LANG",
        "LC_ALL",
        "PYTHONUNBUFFERED",
    ];
    let is_harmless =
        |name: &str| NAMES.contains(&name) || name.ends_with("_TOKEN") || name.ends_with("_API_KEY");
    let is_in_container = before.iter().any(|word| base(word) == "docker");
    let assignments = before.iter().take_while(|word| base(word) != "docker");
    let changed = assignments.filter_map(|word| Some((word, word.split_once('=')?.0)));
    // `pip-audit==2.7` behind an option is a package.
    let is_variable = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let mut changed = changed.filter(|(_, name)| is_variable(name) && !is_harmless(name));
    if let Some((word, _)) = changed.next() {
        return Some(word.clone());
    }
    let word = program.first()?;
    if is_in_container {
        let name = word.split_once('@').map_or(word.as_str(), |(name, _)| name);
        let name = name.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(name, |(name, _)| name);
        return (!IMAGES.contains(&name)).then(|| word.clone());
    }
    // `./pip-audit` is whatever the repository has there.
    let is_own = word.starts_with("./") || word.starts_with("../");
    let folders = ["bin/", "scripts/", "script/", "tools/", "ci/", ".github/", "hack/"];
    let path = word.trim_start_matches("./");
    let is_own = is_own || folders.iter().any(|folder| word.starts_with(folder));
    // Only where a system keeps its programs an absolute path is one of them.
    let is_strange = word.starts_with('/')
        && (word.contains("/../")
            || !["/usr/bin/", "/usr/local/bin/", "/bin/"].iter().any(|it| word.starts_with(it)));
    let is_own = is_own || is_strange;
    (is_own && !INSTALLED.iter().any(|known| path.starts_with(known))).then(|| word.clone())
}

/// Whether the command calls no tool that it names.
pub(super) fn is_no_call(words: &[String]) -> bool {
    let all = words;
    let words = match words.first().map(String::as_str) {
        Some("sudo") => &words[1..],
        _ => words,
    };
    let words: Vec<&str> = behind_assignments(words).iter().map(|word| base(word)).collect();
    // What a substitution runs may stand in a text.
    if all.iter().any(|word| word.contains("$(") || word.contains('`')) {
        return false;
    }
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
