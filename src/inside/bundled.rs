//! Lists that installers leave of the packages that they put into a program: Composer's and .NET's.

use super::package::{Package, read_json};
use serde::{Deserialize, de::IgnoredAny};
use std::collections::BTreeMap;

/// What such a list says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Installed {
    /// The packages.
    pub(super) packages: Vec<Package>,
    /// What there is beside them and is not known, each with its reason.
    pub(super) unknown: Vec<String>,
}

/// Where Packagist counts what was taken from it: only its own packages name the address.
const PACKAGIST: &str = "https://packagist.org/downloads/";

/// Reads Composer's `vendor/composer/installed.json`: a list of packages, or an object with one since Composer 2. Packages that
/// are not from the registry, and branches, have no version that anybody could be asked about.
///
/// # Errors
/// Why not, in words for the report.
pub(super) fn composer(bytes: &[u8]) -> Result<Installed, String> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
        version: String,
        #[serde(rename = "notification-url")]
        told: Option<String>,
    }
    #[derive(Deserialize)]
    struct List {
        packages: Vec<Row>,
    }
    let is_old = bytes.trim_ascii_start().starts_with(b"[");
    let rows: Vec<Row> = match is_old {
        true => read_json("installed.json", bytes)?,
        false => read_json("installed.json", bytes).map(|list: List| list.packages)?,
    };
    let mut found = Installed::default();
    for Row { name, version, told } in rows {
        let is_branch = version.starts_with("dev-") || version.ends_with("-dev");
        if told.as_deref() == Some(PACKAGIST) && !is_branch {
            found.packages.push(Package { name, version });
        } else {
            found.unknown.push(format!("{name} {version} is no release of the registry"));
        }
    }
    Ok(found)
}

/// Reads the `NAME.deps.json` of a program of .NET; nothing of a file of another program, which names no runtime. A runtime is a
/// package too, and a project is the release's own.
///
/// # Errors
/// Why not, in words for the report.
pub(super) fn dotnet(bytes: &[u8]) -> Result<Installed, String> {
    #[derive(Deserialize)]
    struct Library {
        #[serde(rename = "type")]
        kind: String,
    }
    #[derive(Deserialize)]
    struct Deps {
        #[serde(rename = "runtimeTarget")]
        runtime: Option<IgnoredAny>,
        libraries: Option<BTreeMap<String, Library>>,
    }
    let deps: Deps = read_json("deps.json", bytes)?;
    let mut found = Installed::default();
    if deps.runtime.is_none() && deps.libraries.is_none() {
        return Ok(found);
    }
    for (library, Library { kind }) in deps.libraries.ok_or("its deps.json has no libraries")? {
        let named = library.split_once('/').filter(|_| matches!(kind.as_str(), "package" | "runtimepack"));
        if let Some((name, version)) = named {
            let name = name.strip_prefix("runtimepack.").unwrap_or(name);
            found.packages.push(Package { name: name.to_owned(), version: version.to_owned() });
        } else if kind != "project" {
            found.unknown.push(format!("{library} is of type {kind}"));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{PACKAGIST, composer, dotnet};

    fn rows(installed: Result<super::Installed, String>) -> (Vec<String>, Vec<String>) {
        let installed = installed.unwrap();
        (
            installed.packages.iter().map(|it| format!("{} {}", it.name, it.version)).collect(),
            installed.unknown,
        )
    }

    #[test]
    fn what_composer_installed_is_listed_by_either_of_its_versions() {
        let row = |version: &str, told: &str| {
            format!(r#"{{"name":"a/b","version":"{version}","notification-url":"{told}"}}"#)
        };
        let list = format!("[{}]", row("1.8.0", PACKAGIST));
        for text in [list.clone(), format!(r#"{{"packages":{list},"dev":false}}"#)] {
            assert_eq!(rows(composer(text.as_bytes())), (vec!["a/b 1.8.0".to_owned()], vec![]));
        }
        let plain = r#"{"name":"a/b","version":"1.8.0"}"#.to_owned();
        for (row, version) in [
            (row("1.8.0", "https://packages.acme.example/downloads/"), "1.8.0"),
            (row("dev-main", PACKAGIST), "dev-main"),
            (row("1.x-dev", PACKAGIST), "1.x-dev"),
            (plain, "1.8.0"),
        ] {
            let unknown = vec![format!("a/b {version} is no release of the registry")];
            assert_eq!(rows(composer(format!("[{row}]").as_bytes())), (vec![], unknown));
        }
        for bad in ["{}", r#"[{"name":"a/b"}]"#, r#"{"packages":[],"packages":[]}"#] {
            assert!(
                composer(bad.as_bytes()).unwrap_err().starts_with("its installed.json is unreadable"),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_program_of_dotnet_lists_packages_and_runtimes_and_no_projects() {
        let of = |libraries: &str| {
            dotnet(format!(r#"{{"runtimeTarget":{{"name":"x"}},"libraries":{{{libraries}}}}}"#).as_bytes())
        };
        let known = r#""app/1.0.0":{"type":"project"},"N.Json/12.0.3":{"type":"package","path":"x"},
            "runtimepack.M.Runtime.linux-x64/8.0.0":{"type":"runtimepack"}"#;
        let packages = vec!["N.Json 12.0.3".to_owned(), "M.Runtime.linux-x64 8.0.0".to_owned()];
        assert_eq!(rows(of(known)), (packages.clone(), vec![]));
        let more = format!(r#"{known},"X/1":{{"type":"reference"}}"#);
        assert_eq!(rows(of(&more)), (packages, vec!["X/1 is of type reference".to_owned()]));
        assert_eq!(dotnet(br#"{"runtimeTarget":{}}"#), Err("its deps.json has no libraries".to_owned()));
        assert_eq!(rows(dotnet(br#"{"modules":["a"]}"#)), (vec![], vec![]));
    }
}
