//! Each format, on the files in `tests/locks`, most of which its real tool made.

use super::{covered, kept, not_covered, own, read};

const NODE: [&str; 6] =
    ["@types/ms 0.7.31", "debug 4.3.1", "left-pad 1.3.0", "lodash 4.17.20", "minimist 1.2.8", "ms 2.1.2"];

#[test]
fn every_lock_of_the_npm_project_selects_the_same_packages_of_the_registry() {
    let files = [
        kept!("npm-1/package-lock.json"),
        kept!("npm-2/package-lock.json"),
        kept!("npm-3/package-lock.json"),
        kept!("pnpm-5/pnpm-lock.yaml"),
        kept!("pnpm-6/pnpm-lock.yaml"),
        kept!("pnpm-9/pnpm-lock.yaml"),
        kept!("yarn-1/yarn.lock"),
        kept!("yarn-berry/yarn.lock"),
        kept!("bun/bun.lock"),
        kept!("bun-2/bun.lock"),
    ];
    for (path, text) in &files {
        let lock = read(path, text).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(covered(&lock), NODE, "{path}");
    }
    eprintln!("{} lock files of npm packages", files.len());
}

#[test]
fn what_pnpm_needs_itself_counts_beside_what_the_project_needs() {
    let (path, text) = kept!("pnpm-12/pnpm-lock.yaml");
    let lock = read(path, &text).unwrap();
    assert_eq!(covered(&lock), [&NODE[..], &["semver 7.7.2"]].concat());
    assert_eq!(own(&lock), [".", "packages/inner"]);
}

#[test]
fn members_of_an_npm_workspace_are_the_releases_own_and_other_folders_are_not_covered() {
    let rows = [
        (
            kept!("npm-3/package-lock.json"),
            vec!["@sample/inner", "sample"],
            vec!["local 0.0.1: a folder or a file"],
        ),
        (
            kept!("npm-1/package-lock.json"),
            vec!["sample"],
            vec!["@sample/inner : a folder or a file", "local : a folder or a file"],
        ),
        (kept!("pnpm-9/pnpm-lock.yaml"), vec![".", "packages/inner"], vec!["local : a folder or a file"]),
        (kept!("yarn-1/yarn.lock"), vec![], vec!["local 0.0.1: a folder or a file"]),
        (
            kept!("yarn-berry/yarn.lock"),
            vec!["@sample/inner", "sample"],
            vec!["local 0.0.1: a folder or a file"],
        ),
        (kept!("bun/bun.lock"), vec!["@sample/inner", "sample"], vec!["local : a folder or a file"]),
        (kept!("bun-2/bun.lock"), vec!["@sample/inner", "sample"], vec!["local : a folder or a file"]),
    ];
    for ((path, text), expected_own, expected) in rows {
        let lock = read(path, &text).unwrap();
        assert_eq!(own(&lock), expected_own, "{path}");
        let listed: Vec<String> = not_covered(&lock).iter().map(|it| it.replace("file:local", "")).collect();
        assert_eq!(listed, expected, "{path}");
    }
}

#[test]
fn every_lock_of_the_python_project_selects_the_same_packages_of_the_index() {
    let files = [
        kept!("uv/uv.lock"),
        kept!("uv/pylock.toml"),
        kept!("uv/requirements.txt"),
        kept!("poetry/poetry.lock"),
        kept!("pdm/pdm.lock"),
        kept!("pipenv/Pipfile.lock"),
        kept!("pip-compile/requirements.txt"),
        kept!("pip-freeze/requirements.txt"),
    ];
    for (path, text) in &files {
        let lock = read(path, text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let rows = covered(&lock);
        for wanted in ["pysocks 1.7.1", "python-dateutil 2.8.2", "six 1.17.0", "urllib3 2.0.7"] {
            assert!(rows.iter().any(|row| row == wanted), "{path}: {wanted} not in {rows:?}");
        }
        let others = ["colorama 0.4.6", "idna 3.6", "packaging 23.2"];
        assert!(
            rows.len() - rows.iter().filter(|row| others.contains(&row.as_str())).count() == 4,
            "{path}: {rows:?}"
        );
    }
    eprintln!("{} lock files of Python packages", files.len());
}

#[test]
fn what_a_python_lock_does_not_take_from_the_index_is_said() {
    let rows = [
        (kept!("uv/uv.lock"), vec!["inner", "sample-project"], vec![]),
        (kept!("pdm/pdm.lock"), vec![], vec![]),
        (kept!("uv/requirements.txt"), vec![], vec!["inner : a folder or a file"]),
        (
            kept!("pip-freeze/requirements.txt"),
            vec![],
            vec![
                "(what these need) : the file has no hashes and no program wrote it, so that what its packages need \
                 is not listed",
            ],
        ),
        (kept!("pip-compile/requirements.txt"), vec![], vec![]),
        (kept!("poetry/poetry.lock"), vec![], vec![]),
        (kept!("pipenv/Pipfile.lock"), vec![], vec![]),
    ];
    for ((path, text), expected_own, expected) in rows {
        let lock = read(path, &text).unwrap();
        assert_eq!(own(&lock), expected_own, "{path}");
        assert_eq!(not_covered(&lock), expected, "{path}");
    }
}

#[test]
fn what_bun_overrides_for_one_package_alone_is_what_that_one_gets() {
    let (path, text) = kept!("bun-3/bun.lock");
    let lock = read(path, &text).unwrap();
    assert_eq!(covered(&lock), ["debug 4.3.1", "ms 2.1.1", "ms 2.1.3"]);
    assert_eq!(own(&lock), ["scoped"]);
}

#[test]
fn a_repository_in_a_pdm_lock_is_not_covered_and_a_marker_may_leave_a_package_out() {
    let (path, text) = kept!("pdm/pdm.lock");
    let forked = "[[package]]\nname = \"forked\"\nversion = \"2.0.0\"\ngit = \"https://example.com/forked.git\"\n\
                  ref = \"main\"\nrevision = \"0123456789012345678901234567890123456789\"\n";
    let needs = |what: &str| format!("{text}\n{forked}dependencies = [\"{what}\"]\n");
    let lock = read(path, &needs("backports-zstd>=1; python_version < \\\"3.0\\\"")).unwrap();
    assert_eq!(not_covered(&lock), ["forked 2.0.0: from the git repository https://example.com/forked.git"]);
    let lock = read(path, &needs("backports-zstd>=1")).unwrap();
    assert!(
        not_covered(&lock)
            .contains(&"backports-zstd : forked depends on it, and it is not listed".to_owned())
    );
}
