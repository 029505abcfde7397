//! Our reading of `go.mod` against that of Go itself: `go mod edit -json`.

use crate::advisories::locks::go::{GoMod, Target, parse};
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path, process::Command};

/// Everything that a file says, one line each.
type Said = BTreeSet<String>;

fn ours(file: &GoMod) -> Said {
    let mut said = Said::from([format!("module {}", file.module)]);
    said.extend(file.go.iter().map(|version| format!("go {version}")));
    said.extend(file.toolchain.iter().map(|name| format!("toolchain {name}")));
    said.extend(
        file.require.iter().map(|it| format!("require {} {} {}", it.path, it.version, it.is_indirect)),
    );
    said.extend(file.exclude.iter().map(|(path, version)| format!("exclude {path} {version}")));
    said.extend(file.replace.iter().map(|it| {
        let with = match &it.with {
            Target::Folder(folder) => format!("{folder} "),
            Target::Module { path, version } => format!("{path} {version}"),
        };
        format!("replace {} {} => {with}", it.path, it.version.as_deref().unwrap_or_default())
    }));
    said
}

fn theirs(file: &Value) -> Said {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |key: &str| file[key].as_array().cloned().unwrap_or_default();
    let pair = |value: &Value| format!("{} {}", text(&value["Path"]), text(&value["Version"]));
    let mut said = Said::from([format!("module {}", text(&file["Module"]["Path"]))]);
    said.extend(file["Go"].as_str().map(|version| format!("go {version}")));
    said.extend(file["Toolchain"].as_str().map(|name| format!("toolchain {name}")));
    let is_indirect = |it: &Value| it["Indirect"].as_bool().unwrap_or_default();
    said.extend(list("Require").iter().map(|it| format!("require {} {}", pair(it), is_indirect(it))));
    said.extend(list("Exclude").iter().map(|it| format!("exclude {}", pair(it))));
    said.extend(
        list("Replace").iter().map(|it| format!("replace {} => {}", pair(&it["Old"]), pair(&it["New"]))),
    );
    said
}

/// The `go` of this machine, or of `RELCHECK_TEST_GO`, and its minor version.
fn go() -> Option<(String, u32)> {
    let program = std::env::var("RELCHECK_TEST_GO").unwrap_or_else(|_| "go".to_owned());
    let output = match Command::new(&program).arg("version").env("GOTOOLCHAIN", "local").output() {
        Ok(output) if output.status.success() => output,
        other => {
            assert!(std::env::var_os("CI").is_none(), "go: {other:?}");
            eprintln!("SKIPPED: go does not work here: {other:?}");
            return None;
        }
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let minor = text.split(" go1.").nth(1).and_then(|rest| rest.split(['.', ' ']).next()?.parse().ok());
    Some((program, minor.unwrap_or_else(|| panic!("{text}"))))
}

/// What Go reads in a file; the reason where it refuses it.
fn read_by_go(program: &str, folder: &Path, text: &str) -> Result<Said, String> {
    let path = folder.join("go.mod");
    fs::write(&path, text).unwrap();
    let output = Command::new(program)
        .args(["mod", "edit", "-json"])
        .arg(&path)
        .envs([("GOTOOLCHAIN", "local"), ("GOFLAGS", ""), ("GOPROXY", "off"), ("GOWORK", "off")])
        .env("HOME", folder)
        .env("GOPATH", folder)
        .env("GOCACHE", folder)
        .current_dir(folder)
        .output()
        .unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(theirs(&serde_json::from_slice(&output.stdout).unwrap()))
}

/// Numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// A file with directives of every kind and shape, as far as a Go of that minor version knows them. Raw strings, which
/// the reference allows, are in none: Go refuses them.
fn generated(seed: u64, minor: u32) -> String {
    let mut numbers = Numbers(seed);
    let mut text = "// Deprecated: for a test\nmodule ".to_owned();
    text.push_str(numbers.of(&["example.com/m", "\"example.com/m\"", "example.com/m/v3", "m // here"]));
    text.push_str("\n\n");
    let go: &[&str] =
        if minor >= 21 { &["1.16", "1.21", "1.21.0", "1.22rc1", "1.26.3"] } else { &["1.16", "1.19"] };
    if numbers.below(5) > 0 {
        text.push_str(&format!("go {}{}\n", numbers.of(go), numbers.of(&["", " // why", "\r"])));
    }
    if minor >= 21 && numbers.below(2) > 0 {
        let name = numbers.of(&["go1.21.0", "go1.26.3", "default", "go1.22.1-custom"]);
        text.push_str(&format!("toolchain {name}\n"));
    }
    let ends =
        ["", " // indirect", " //indirect", " // indirect; a reason", " // indirectly", " // a comment"];
    for part in 0..numbers.below(7) {
        let mut lines = Vec::new();
        let kinds: &[&str] = match minor {
            25.. => &["require", "exclude", "replace", "retract", "godebug", "tool", "ignore"],
            24 => &["require", "exclude", "replace", "retract", "godebug", "tool"],
            _ => &["require", "exclude", "replace", "retract"],
        };
        let kind = numbers.of(kinds);
        for n in 0..=numbers.below(4) {
            let path = format!("a.example/p{part}n{n}");
            let version = numbers.of(&[
                "v1.0.0",
                "v0.0.0-20200101000000-0123456789ab",
                "v1.2.3-rc.1",
                "v2.0.0+incompatible",
                "\"v1.4.0\"",
            ]);
            let plain = numbers.of(&["v1.0.0", "v1.2.3-rc.1", "v0.9.0"]);
            lines.push(match kind {
                "require" => {
                    let quoted = [path.clone(), format!("\"{path}\"")];
                    let path = &quoted[usize::try_from(numbers.below(2)).unwrap()];
                    format!("{path} {version}{}", numbers.of(&ends))
                }
                "exclude" => format!("{path} {plain}"),
                "replace" => {
                    let old = numbers.of(&["", " v1.0.0", " v1.1.0"]);
                    let new = numbers.of(&[
                        "../folder",
                        "./in/here",
                        "/at/root",
                        "\"./with space\"",
                        "b.example/q v1.1.0",
                        "b.example/q/v2 v2.1.0",
                    ]);
                    format!("{path}{old} => {new}")
                }
                "retract" => {
                    numbers.of(&["v1.0.0", "[v1.0.0, v1.1.0]", "[ v1.0.0 , v1.1.0 ] // bad"]).to_owned()
                }
                "godebug" => format!("key{part}n{n}=value"),
                "tool" => format!("{path}/cmd/it"),
                _ => format!("./folder{part}n{n}"),
            });
        }
        match numbers.below(2) {
            0 => lines.iter().for_each(|line| text.push_str(&format!("{kind} {line}\n"))),
            _ => text.push_str(&format!("{kind} (\n\t// these\n\t{}\n)\n\n", lines.join("\n\n\t"))),
        }
    }
    text
}

/// The files of PromptKit, at its newest commit and two of its tags.
fn of_promptkit() -> Vec<String> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/seeds/PromptKit"));
    if !root.is_dir() {
        assert!(std::env::var_os("CI").is_none(), "the shared data is not here");
        eprintln!("SKIPPED: the shared data is not here");
        return Vec::new();
    }
    let (mut folders, mut found) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.file_name().and_then(|name| name.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("go.mod") => found.push(fs::read_to_string(path).unwrap()),
                _ => {}
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "{}", found.len());
    found
}

#[test]
fn a_go_mod_says_what_go_reads_in_it() {
    let Some((program, minor)) = go() else { return };
    let folder = tempfile::tempdir().unwrap();
    let real = of_promptkit();
    let made: Vec<String> = (0..300).map(|seed| generated(seed, minor)).collect();
    let (mut equal, mut newer, mut lines) = ([0, 0], 0, 0);
    for (place, text) in real.iter().map(|text| (0, text)).chain(made.iter().map(|text| (1, text))) {
        match read_by_go(&program, folder.path(), text) {
            Ok(said) => {
                let file = parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
                assert_eq!(ours(&file), said, "{text}");
                equal[place] += 1;
                lines += said.len();
            }
            // The format of three numbers came with Go 1.21.
            Err(why) if minor < 21 && why.contains("invalid go version") => newer += 1,
            Err(why) => panic!("{why}\n{text}"),
        }
    }
    eprintln!(
        "go 1.{minor}: {} go.mod files of PromptKit and {} made ones with {lines} directives, 0 differences; {newer} \
         are newer than this go",
        equal[0], equal[1]
    );
    if newer > 0 {
        eprintln!(
            "SKIPPED: {newer} files that go 1.{minor} cannot read; name a newer one in RELCHECK_TEST_GO"
        );
    }
    assert_eq!(equal[1], made.len());
    assert_eq!(equal[0] + newer, real.len());
}

#[test]
fn what_go_refuses_is_refused() {
    let Some((program, _)) = go() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut refused = 0;
    for text in [
        "module m\nrequire a.example/x\n",
        "module m\nmodule n\n",
        "module m\nrequire a.example/x v1.0.0 v1.1.0\n",
        "module m\nreplace a.example/x =>\n",
        "module m\nreplace a.example/x => ../x v1.0.0\n",
        "module m\nreplace a.example/x => b.example/y\n",
        "module m\nreplace a.example/x v1.0.0\n",
        "module m\nexclude a.example/x\n",
        "module m\nunknown a.example/x\n",
        "module m\nrequire (\n\ta.example/x v1.0.0\n",
        "module m\n)\n",
        "module m\nrequire \"a.example/x v1.0.0\n",
        "module m\ngo 1.16\ngo 1.17\n",
        "module\n",
    ] {
        assert!(read_by_go(&program, folder.path(), text).is_err(), "go reads {text:?}");
        assert!(parse(text).is_err(), "{text:?}");
        refused += 1;
    }
    eprintln!("{refused} files that go refuses");
}
