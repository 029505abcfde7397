//! What a lock file says of the files of a package must be of that package; and comments hide nothing.

use super::{covered, not_covered, read};
use crate::advisories::locks::{Fault, LockError};

const FILES: &str = concat!("https://files.", "pythonhosted", ".org/packages/aa");

/// Locks of every format of Python whose package `six` 1.16.0 has one file at an address.
fn locks(url: &str) -> Vec<(&'static str, String)> {
    let index = concat!("https://", "pypi", ".org/simple");
    let package = "name = \"six\"\nversion = \"1.16.0\"";
    vec![
        (
            "uv.lock",
            format!(
                "version = 1\n[[package]]\n{package}\nsource = {{ registry = \"{index}\" }}\nwheels = [{{ url = \"{url}\" }}]\n"
            ),
        ),
        (
            "uv.lock",
            format!(
                "version = 1\n[[package]]\n{package}\nsource = {{ registry = \"{index}\" }}\nsdist = {{ url = \"{url}\" }}\n"
            ),
        ),
        (
            "pdm.lock",
            format!(
                "[metadata]\nlock_version = \"4.5.0\"\n[[package]]\n{package}\nfiles = [{{ url = \"{url}\" }}]\n"
            ),
        ),
        (
            "pylock.toml",
            format!(
                "lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\n{package}\nindex = \"{index}\"\nwheels = [{{ url = \"{url}\" }}]\n"
            ),
        ),
        (
            "pylock.toml",
            format!(
                "lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\n{package}\nsdist = {{ url = \"{url}\" }}\n"
            ),
        ),
        (
            "poetry.lock",
            format!(
                "[[package]]\n{package}\nfiles = [{{ url = \"{url}\" }}]\n[metadata]\nlock-version = \"2.1\"\ncontent-hash = \"0\"\n"
            ),
        ),
    ]
}

#[test]
fn a_python_file_of_another_host_package_or_version_is_not_the_package_that_it_is_listed_under() {
    for file in [
        "six-1.16.0-py3-none-any.whl",
        "Six-1.16-1-py3-none-any.whl",
        "six-1.16.0.tar.gz#x",
        "SIX-1.16.0.zip",
    ] {
        for (path, text) in locks(&format!("{FILES}/{file}")) {
            let lock = read(path, &text).unwrap();
            assert_eq!(
                (covered(&lock), not_covered(&lock)),
                (vec!["six 1.16.0".to_owned()], vec![]),
                "{path} {file}"
            );
        }
    }
    for file in [
        "Django-2.0-py3-none-any.whl",
        "six-1.17.0-py3-none-any.whl",
        "six-extra-1.16.0.tar.gz",
        "six-1.16.0.exe",
        "six-1.16.0-py3-none-any.whl?django-2.0-py3-none-any.whl",
        "six-1.16.0%2f..%2fdjango.tar.gz",
        "../six-1.16.0.tar.gz",
        "",
    ] {
        for (path, text) in locks(&format!("{FILES}/{file}")) {
            let lock = read(path, &text).unwrap();
            let why = format!("six 1.16.0: its files are those of {FILES}/{file}");
            assert_eq!((covered(&lock), not_covered(&lock)), (vec![], vec![why]), "{path} {file}");
        }
    }
    let disguised = FILES.replace(".org", ".org.evil.example");
    for host in ["https://evil.example", disguised.as_str()] {
        for (path, text) in locks(&format!("{host}/six-1.16.0-py3-none-any.whl")) {
            let lock = read(path, &text).unwrap();
            let why = format!("six 1.16.0: from the address {host}/six-1.16.0-py3-none-any.whl");
            assert_eq!((covered(&lock), not_covered(&lock)), (vec![], vec![why]), "{path}");
        }
    }
}

fn bun(needs: &str, packages: &str) -> Result<Vec<String>, Fault> {
    let text = format!(
        "{{\"lockfileVersion\":1,\"workspaces\":{{\"\":{{\"name\":\"app\",{needs}}}}},\"packages\":{{\n{packages}\n}}}}"
    );
    match read("bun.lock", &text) {
        Ok(lock) => Ok(covered(&lock)),
        Err(LockError::File { fault, .. }) => Err(fault),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn comments_of_bun_end_where_they_seem_to() {
    let six = "\"six\":[\"six@1.0.0\",\"\",{},\"sha512-x\"],";
    let needs = "\"dependencies\":{\"six\":\"1\"}";
    for fine in ["// note\r\n", "/* note\nnote */", "/**/"] {
        assert_eq!(bun(needs, &format!("{fine}{six}")).unwrap(), ["six 1.0.0"], "{fine:?}");
    }
    for end in ["\r", "\u{2028}", "\u{2029}", "\u{85}", "\u{c}"] {
        for (open, close) in [("// note", "\n"), ("/* note", "*/")] {
            let fault = bun(needs, &format!("{six}{open}{end}\"b\":[\"b@1.0.0\",\"\",{{}},\"\"],{close}"))
                .unwrap_err();
            assert!(fault.to_string().contains("is not free of control characters"), "{end:?}: {fault}");
        }
    }
    assert_eq!(bun(needs, &format!("{six}/*/")).unwrap_err(), Fault::CutOff("the end of a comment"));
}

#[test]
fn what_a_workspace_or_package_of_bun_depends_on_must_be_listed() {
    let incomplete = |package: &str, dependency: &str| Fault::Incomplete {
        package: package.to_owned(),
        dependency: dependency.to_owned(),
    };
    for group in ["dependencies", "devDependencies", "optionalDependencies"] {
        let needs = format!("\"{group}\":{{\"lodash\":\"4.17.4\"}}");
        assert_eq!(bun(&needs, "").unwrap_err(), incomplete("app", "lodash"));
    }
    let nested = "\"x/@s/a\":[\"@s/a@1.0.0\",\"\",{\"dependencies\":{\"b\":\"1\"}},\"\"],";
    let needs = "\"dependencies\":{\"@s/a\":\"1\"}";
    assert_eq!(bun(needs, nested).unwrap_err(), incomplete("@s/a", "b"));
    let both = format!("{nested}\"b\":[\"b@1.0.0\",\"\",{{}},\"\"],");
    assert_eq!(bun(needs, &both).unwrap(), ["@s/a 1.0.0", "b 1.0.0"]);
}
