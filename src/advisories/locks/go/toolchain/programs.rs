//! The programs that a line of commands starts, as far as they say which Go builds.
//!
//! The rule that must not be broken: a program is known by its name, wherever it stands and however its file ends; and what
//! may put another Go in the place of the one that is set up is one that nobody names.

use super::said::words;
use crate::paths;

/// Programs that build with the Go that they find, or run what does.
const BUILDERS: [&str; 16] = [
    "bazel",
    "earthly",
    "garble",
    "gmake",
    "go",
    "gomobile",
    "goreleaser",
    "gox",
    "just",
    "ko",
    "mage",
    "make",
    "task",
    "tinygo",
    "wails",
    "xgo",
];

/// Programs that install others, or run commands with what they installed.
const MANAGERS: [&str; 21] = [
    "apk",
    "apt",
    "apt-get",
    "aptitude",
    "asdf",
    "brew",
    "choco",
    "conda",
    "dnf",
    "gvm",
    "mamba",
    "micromamba",
    "microdnf",
    "mise",
    "nix-shell",
    "pacman",
    "scoop",
    "snap",
    "winget",
    "yum",
    "zypper",
];

/// Programs that build in an environment of their own, with the Go that it holds.
const ENVIRONMENTS: [&str; 10] =
    ["dagger", "devbox", "devenv", "flox", "gimme", "hermit", "melange", "nix", "nix-build", "snapcraft"];

/// Parts of the names of actions that do.
const ENVIRONMENT_ACTIONS: [&str; 8] = [
    "activate-hermit",
    "dagger-for-github",
    "devbox-install-action",
    "ghaction-xgo",
    "melange",
    "nix-develop",
    "setup-devenv",
    "snapcore/action-build",
];

/// Words after which a package manager installs nothing.
const OTHERWISE: [&str; 9] =
    ["autoremove", "del", "info", "list", "purge", "remove", "search", "uninstall", "unlink"];

/// What is told of a line: a package manager, a variable, a container.
const INSTALLED: &str = "what a package manager installs";
const SEARCHED: &str = "what stands where PATH or GOROOT leads";
const CONTAINED: &str = "what a container holds";

/// Commands of Go that build, and that of the programs from `golang.org/dl` that fetches the toolchain.
const BUILDING: [&str; 7] = ["-C", "build", "download", "generate", "install", "run", "test"];

/// What an action builds with, where it has an environment of its own.
pub(super) fn environment(action: &str) -> Option<String> {
    let is_one = ENVIRONMENT_ACTIONS.iter().any(|name| action.contains(name));
    is_one.then(|| format!("what {} installs", action.split('@').next().unwrap_or(action)))
}

/// Where the archives and the images of Go have it.
const HOME: &str = "/usr/local/go";

/// A program without its folder and the ending of its file.
fn program(word: &str) -> &str {
    let name = paths::name_of(word);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Whether a program builds with the Go that it finds, or runs what does.
pub(super) fn builds(word: &str) -> bool {
    BUILDERS.contains(&program(word))
}

/// The toolchains that a line has Go built with. Where the commands name the one that they put there, its usual folder is
/// known.
pub(super) fn versions(line: &str, is_home_known: bool) -> Vec<String> {
    let is_known = |path: &str| is_home_known && path.starts_with(HOME);
    let mut found = started(line, is_known);
    let told = [
        (line.split([';', '&', '|']).any(installs), INSTALLED),
        (is_searched(line, is_known), SEARCHED),
        (runs_image(line), CONTAINED),
    ];
    found.extend(told.into_iter().filter(|(is_so, _)| *is_so).map(|(_, what)| what.to_owned()));
    found
}

/// The toolchains that are started by a name of their own, `go1.20.1`, or at a place.
fn started(line: &str, is_known: impl Fn(&str) -> bool) -> Vec<String> {
    let next = words(line).skip(1);
    let commands = words(line).zip(next).filter(|(_, command)| BUILDING.contains(command));
    let of = |(word, _): (&str, &str)| match program(word) {
        "go" if word.contains('/') && !is_known(word) => Some(format!("what {word} is")),
        name => numbered(name),
    };
    commands.filter_map(of).collect()
}

/// The version in the name of a toolchain.
fn numbered(name: &str) -> Option<String> {
    let version = name.strip_prefix("go").filter(|version| version.starts_with("1."))?;
    let plain = version.replacen("rc", ".", 1).replacen("beta", ".", 1);
    plain.chars().all(|c| c.is_ascii_digit() || c == '.').then(|| version.to_owned())
}

/// Whether a command has a package manager install a Go of its own choice, or run something with one.
fn installs(command: &str) -> bool {
    let is_go = |word: &str| {
        ["go", "go-toolset", "golang"].contains(&word)
            || ["go-1", "go1.", "go_1", "golang-"].iter().any(|begin| word.starts_with(begin))
    };
    if words(command).next().is_some_and(|word| ENVIRONMENTS.contains(&program(word)))
        || command.contains("$(gimme")
    {
        return true;
    }
    let rest = || words(command).skip_while(|word| !MANAGERS.contains(&program(word))).skip(1);
    rest().any(is_go) && !rest().any(|word| OTHERWISE.contains(&word))
}

/// Whether a line says where programs, or the parts of Go, are looked for, and names a folder of Go there. Where Go puts what
/// it installs is none.
fn is_searched(line: &str, is_known: impl Fn(&str) -> bool) -> bool {
    let sets = |name: &str| line.match_indices(name).any(|(at, _)| is_set(line, at, at + name.len()));
    let line = &line.replace('\\', "/");
    let is_of_go = |path: &str| {
        let is_numbered = |it: &str| {
            let number = it.strip_prefix("go").unwrap_or_default();
            number.starts_with('1') && number.bytes().all(|b| b.is_ascii_digit() || b"._-".contains(&b))
        };
        let has_name = |it: &str| {
            it == "go"
                || is_numbered(it)
                // The variables of GitHub's own runners.
                || it.contains("GOROOT_1_")
                || ["go-1", "go1.", "golang"].iter().any(|name| it.starts_with(name))
        };
        path.contains('/') && path.split('/').any(has_name) && !is_of_installed(path) && !is_known(path)
    };
    (line.contains("GITHUB_PATH") || sets("PATH") || sets("GOROOT")) && words(line).any(is_of_go)
}

/// Whether the name of a variable between two places of a line is set there, and not read or a part of another name.
fn is_set(line: &str, begin: usize, end: usize) -> bool {
    let is_whole = !line[..begin].ends_with(|c: char| c.is_ascii_alphanumeric() || "_${".contains(c));
    let after = line[end..].trim_start_matches([' ', '"', '\'']);
    is_whole && (after.starts_with(['=', ':']) || line.trim_start().starts_with("ENV "))
}

/// Whether a folder is that of the programs that `go install` puts there, below the home of a user.
fn is_of_installed(path: &str) -> bool {
    let above = path.trim_end_matches('/').strip_suffix("/go/bin");
    above.is_some_and(|above| {
        ["", "HOME", "/root"].contains(&above) || above.contains("/home/") || above.contains("/Users/")
    })
}

/// Whether a line starts a container of an image that is not named by its version as Go's own are, and builds in it.
fn runs_image(line: &str) -> bool {
    const ENGINES: [&str; 3] = ["docker", "nerdctl", "podman"];
    let mut rest = words(line).skip_while(|word| !ENGINES.contains(&program(word))).skip(1);
    let is_run = rest.by_ref().any(|word| word == "run");
    let is_of_go = |word: &str| {
        ["go", "goreleaser", "tinygo"].contains(&program(word))
            || ["golang", "goreleaser"].iter().any(|name| word.contains(name)) && !word.contains("golangci")
    };
    is_run && !line.contains("golang:") && rest.any(is_of_go)
}

#[cfg(test)]
mod tests {
    use super::{CONTAINED, INSTALLED, SEARCHED, builds, versions};

    #[test]
    fn a_program_is_known_by_its_name_wherever_it_stands() {
        for word in [
            "go",
            "go.exe",
            "/usr/local/go/bin/go",
            "./bin/goreleaser",
            "tinygo",
            "garble",
            "wails",
            "gomobile",
        ] {
            assert!(builds(word), "{word}");
        }
        for word in ["going", "go.mod", "make.sh", "golangci-lint", "bin/go/x"] {
            assert!(!builds(word), "{word}");
        }
    }

    #[test]
    fn another_go_than_the_one_that_is_set_up_is_told() {
        for (line, told) in [
            ("/opt/go1.20.1/bin/go build ./...", "what /opt/go1.20.1/bin/go is"),
            ("/usr/local/go/bin/go test", "what /usr/local/go/bin/go is"),
            ("CGO_ENABLED=0 go1.20.1 build ./...", "1.20.1"),
            ("~/go/bin/go1.21rc2 download", "1.21rc2"),
            ("sudo apt-get -y install golang-1.20", INSTALLED),
            ("apt-get -qq install golang", INSTALLED),
            ("sudo snap install go --channel=1.20/stable --classic", INSTALLED),
            ("choco install golang --version=1.20.1", INSTALLED),
            ("pacman -S go", INSTALLED),
            ("nix-shell -p go_1_20 --run x", INSTALLED),
            ("mise use go@1.20.1", INSTALLED),
            ("gvm use go1.20.1", INSTALLED),
            ("conda install -y go=1.19", INSTALLED),
            ("eval \"$(gimme 1.19)\"", INSTALLED),
            ("nix develop -c go build ./...", INSTALLED),
            ("devbox run build", INSTALLED),
            ("echo /usr/lib/go-1.20/bin >> $GITHUB_PATH", SEARCHED),
            ("export PATH=/usr/lib/go-1.20/bin:$PATH", SEARCHED),
            ("GOROOT=/opt/hostedtoolcache/go/1.20.1/x64 make", SEARCHED),
            ("echo C:\\tools\\go\\bin >> $GITHUB_PATH", SEARCHED),
            ("ENV PATH /opt/golang/bin:$PATH", SEARCHED),
            ("echo \"$GOROOT_1_19_X64/bin\" >> $GITHUB_PATH", SEARCHED),
            ("echo /opt/go119/bin >> $GITHUB_PATH", SEARCHED),
            ("docker run -v $PWD:/s golang@sha256:aaaa go build ./...", CONTAINED),
            ("docker run -v $PWD:/s ghcr.io/acme/builder:1 sh -c 'cd /s && go build ./...'", CONTAINED),
            ("podman run ghcr.io/goreleaser/goreleaser-cross:v1.20 release", CONTAINED),
        ] {
            assert_eq!(versions(line, false), [told], "{line}");
        }
    }

    #[test]
    fn what_changes_no_go_is_not_told() {
        for line in [
            "go build ./...",
            "go version | grep go1.26",
            "cp dist/go/x build",
            "apt-get remove golang-go",
            "brew install golangci-lint goreleaser",
            "apt-get install jq && go build",
            "echo \"$(go env GOPATH)/bin\" >> $GITHUB_PATH",
            "echo \"$HOME/go/bin\" >> $GITHUB_PATH",
            "export PATH=$PATH:~/go/bin",
            "echo /opt/gopher/bin >> $GITHUB_PATH",
            "export GOPATH=/usr/lib/go-1.20",
            "cp \"$(go env GOROOT)/lib/wasm/wasm_exec.js\" /srv/go/x",
            "docker run golangci/golangci-lint:v2 golangci-lint run",
            "docker run alpine echo",
            "conda install -y jq",
            "cp result/nix dist",
            "docker build .",
        ] {
            assert_eq!(versions(line, false), Vec::<String>::new(), "{line}");
        }
        for line in ["export PATH=/usr/local/go/bin:$PATH", "/usr/local/go/bin/go build"] {
            assert_eq!(versions(line, true), Vec::<String>::new(), "{line}");
            assert_eq!(versions(line, false).len(), 1, "{line}");
        }
    }
}
