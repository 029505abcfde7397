//! What a repository says of its own format (gitrepository-layout, repository-version).
//!
//! The rule that must not be broken: what git would not read is not read here either, nor what git reads in another way
//! than it is read here. So an extension is one of those that change nothing for a reader of objects and references.

use super::{CONFIG_LIMIT, GitError};
use crate::text::Untrusted;
use gix::{
    bstr::{BString, ByteSlice},
    config::File,
};
use std::{fs, io, io::Read, path::Path};

/// Why the format of a repository is not read.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// A version that nobody has defined yet.
    #[error("the repository has format {found}, and this version of relcheck reads 0 and 1")]
    Version {
        /// What it says.
        found: Untrusted,
    },
    /// Objects that SHA-256 names.
    #[error("the repository names its objects by SHA-256, which this version of relcheck does not read")]
    Sha256,
    /// An extension that is not known, or has a value that is not.
    #[error(
        "the repository has the extension {name} of git's format, which this version of relcheck does not read"
    )]
    Extension {
        /// Its name, and its value where that is what is not known.
        name: Untrusted,
    },
    /// An extension of the format 1 in one of format 0, which git refuses as well.
    #[error("the repository has the extension {name} of git's format 1, and says that its format is 0")]
    OfLaterFormat {
        /// Its name.
        name: Untrusted,
    },
}

/// Extensions that git honours in every format, and that change nothing here: what a partial clone lacks is missed when it
/// is read.
const OF_ANY_FORMAT: [&str; 4] = ["noop", "preciousobjects", "partialclone", "worktreeconfig"];
/// Extensions of the format 1, with the one value that changes nothing here.
const OF_FORMAT_1: [(&str, Option<&str>); 5] = [
    ("noop-v1", None),
    ("objectformat", Some("sha1")),
    ("refstorage", Some("files")),
    ("relativeworktrees", None),
    // It has no value that changes nothing: objects have two names.
    ("compatobjectformat", Some("")),
];

/// The configuration file of the repository whose shared folder is `folder`; nothing where it has none. Files that it
/// includes are not read.
pub(super) fn configuration(folder: &Path) -> Result<Option<File>, GitError> {
    let mut bytes = Vec::new();
    match fs::File::open(folder.join("config")) {
        Ok(file) => file.take(CONFIG_LIMIT + 1).read_to_end(&mut bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => Err(error),
    }
    .map_err(|error| GitError::NotARepository(error.into()))?;
    if bytes.len() as u64 > CONFIG_LIMIT {
        return Err(GitError::Limit { what: "bytes in the repository's configuration", limit: CONFIG_LIMIT });
    }
    let meta = gix::config::file::Metadata::from(gix::config::Source::Local);
    let file = File::from_bytes_no_includes(&bytes, meta, Default::default());
    file.map(Some).map_err(|error| GitError::NotARepository(error.into()))
}

/// Refuses a repository whose format is not read, by what its configuration says.
pub(super) fn refuse_unknown(folder: &Path) -> Result<(), GitError> {
    let Some(file) = configuration(folder)? else { return Ok(()) };
    let is_format_1 = match file.string("core.repositoryFormatVersion") {
        None if has_version(&file) => {
            return Err(FormatError::Version { found: Untrusted::new("(no value)") }.into());
        }
        None => false,
        Some(version) if version == "0" => false,
        Some(version) if version == "1" => true,
        Some(version) => return Err(FormatError::Version { found: shown(&version) }.into()),
    };
    for (name, value) in extensions(&file) {
        judge(&name, &value, is_format_1)?;
    }
    Ok(())
}

/// Whether it names a format at all, be it without a value.
fn has_version(file: &File) -> bool {
    let is_it = |name: String| name.eq_ignore_ascii_case("repositoryFormatVersion");
    file.sections_by_name("core").into_iter().flatten().any(|section| section.body().value_names().any(is_it))
}

/// The extensions that it names, in small letters, with their values.
fn extensions(file: &File) -> Vec<(String, BString)> {
    let mut found = Vec::new();
    for section in file.sections_by_name("extensions").into_iter().flatten() {
        let below = section.header().subsection_name().map(|name| format!("{}.", name.to_str_lossy()));
        let body = section.body();
        for name in body.value_names() {
            let full = format!("{}{}", below.as_deref().unwrap_or_default(), name.to_ascii_lowercase());
            // Without `=` there is no value.
            let values = body.values(&name);
            let values = if values.is_empty() { vec![BString::default()] } else { values };
            found.extend(values.into_iter().map(|value| (full.clone(), value)));
        }
    }
    found
}

fn judge(name: &str, value: &BString, is_format_1: bool) -> Result<(), FormatError> {
    if OF_ANY_FORMAT.contains(&name) {
        return Ok(());
    }
    match OF_FORMAT_1.into_iter().find(|(known, _)| *known == name) {
        Some(_) if !is_format_1 => Err(FormatError::OfLaterFormat { name: Untrusted::new(name) }),
        Some((_, None)) => Ok(()),
        Some((_, Some(same))) if !same.is_empty() && value.as_slice() == same.as_bytes() => Ok(()),
        Some(("objectformat", _)) if value.as_slice() == b"sha256" => Err(FormatError::Sha256),
        Some(_) => Err(FormatError::Extension { name: shown(format!("{name} = {value}").as_bytes()) }),
        // git passes over it.
        None if !is_format_1 => Ok(()),
        None => Err(FormatError::Extension { name: Untrusted::new(name) }),
    }
}

fn shown(bytes: &[u8]) -> Untrusted {
    Untrusted::new(String::from_utf8_lossy(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::git::{Repository, testing::Fixture};

    /// What is said of a repository with these lines in its configuration, and whether git reads it.
    fn said(lines: &str) -> (String, bool) {
        let fixture = Fixture::new();
        fixture.commit("first");
        fixture.write(".git/config", format!("[core]\n\tbare = false\n{lines}\n"));
        let git =
            std::process::Command::new("git").arg("-C").arg(fixture.path()).args(["tag", "-l"]).output();
        let said = Repository::open(fixture.path()).map_or_else(|error| error.to_string(), |_| String::new());
        (said, git.unwrap().status.success())
    }

    fn of_format(version: &str, extensions: &str) -> (String, bool) {
        said(&format!("\trepositoryformatversion = {version}\n[extensions]\n\t{extensions}"))
    }

    #[test]
    fn extensions_that_change_nothing_for_a_reader_are_passed_over() {
        for version in ["0", "1"] {
            for known in
                ["noop", "noop = x", "preciousObjects = true", "worktreeConfig", "partialClone = origin"]
            {
                assert_eq!(of_format(version, known), (String::new(), true), "{version}: {known}");
            }
        }
        for known in ["noop-v1", "objectFormat = sha1", "refStorage = files", "relativeWorktrees = true"] {
            // The last is one that git knows since 2.48.
            let (said, is_read) = of_format("1", known);
            assert!(said.is_empty() && (is_read || known.starts_with("relative")), "{known}: {said}");
            let name = known.split(' ').next().unwrap().to_lowercase();
            let why = format!(
                "the repository has the extension {name} of git's format 1, and says that its format is 0"
            );
            assert_eq!(of_format("0", known).0, why, "{known}");
        }
    }

    #[test]
    fn an_unknown_extension_is_refused_by_name_where_git_refuses_it() {
        let refused = |name: &str| {
            format!(
                "the repository has the extension {name} of git's format, which this version of relcheck does not read"
            )
        };
        assert_eq!(of_format("1", "madeUp = true"), (refused("madeup"), false));
        assert_eq!(of_format("0", "madeUp = true"), (String::new(), true));
        assert_eq!(said("[extensions]\n\tmadeup = true"), (String::new(), true));
        let below = said("\trepositoryformatversion = 1\n[extensions \"noop\"]\n\tx = 1");
        assert_eq!(below, (refused("noop.x"), false));
        assert_eq!(of_format("1", "refStorage = reftable").0, refused("refstorage = reftable"));
        assert_eq!(
            of_format("1", "refStorage = files\n\trefStorage = reftable").0,
            refused("refstorage = reftable")
        );
        assert_eq!(of_format("1", "objectFormat").0, refused("objectformat = "));
        assert_eq!(of_format("1", "compatObjectFormat = sha256").0, refused("compatobjectformat = sha256"));
        let cursor = of_format("1", "refStorage = \"a\u{1b}[2K\"").0;
        assert_eq!(cursor, refused("refstorage = a\\u{1b}[2K"));
    }

    #[test]
    fn objects_named_by_sha_256_and_later_formats_are_said() {
        let sha256 =
            "the repository names its objects by SHA-256, which this version of relcheck does not read";
        assert_eq!(of_format("1", "objectFormat = sha256"), (sha256.to_owned(), true));
        // A name without a value is no number, to git too.
        let none = "the repository has format (no value), and this version of relcheck reads 0 and 1";
        assert_eq!(self::said("\trepositoryformatversion"), (none.to_owned(), false));
        let (said, is_read) = of_format("2", "noop");
        assert_eq!(said, "the repository has format 2, and this version of relcheck reads 0 and 1");
        assert!(!is_read);
    }

    #[test]
    fn what_git_makes_is_refused_also_beside_references_of_another_time() {
        let fixture = Fixture::new();
        fixture.git(&["init", "-q", "--ref-format=reftable", "-b", "main", "other"]);
        let other = fixture.path().join("other");
        let stale = format!("{} refs/tags/v1.2.3\n", "a".repeat(40));
        std::fs::write(other.join(".git/packed-refs"), stale).unwrap();
        let error = Repository::open(&other).err().unwrap();
        let reftable = FormatError::Extension { name: Untrusted::new("refstorage = reftable") };
        assert_eq!(error.to_string(), reftable.to_string());
        // A worktree beside it is of the same repository.
        let linked = tempfile::tempdir().unwrap();
        std::fs::write(linked.path().join(".git"), format!("gitdir: {}\n", other.join(".git").display()))
            .unwrap();
        assert_eq!(Repository::open(linked.path()).err().unwrap().to_string(), reftable.to_string());
        fixture.git(&["init", "-q", "--object-format=sha256", "-b", "main", "sha256"]);
        let error = Repository::open(&fixture.path().join("sha256")).err().unwrap();
        assert!(matches!(error, GitError::Format(FormatError::Sha256)), "{error}");
    }
}
