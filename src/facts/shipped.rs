//! What programs and packages among the published files say of their own making.

use super::manifest::Ecosystem;
use crate::{
    advisories::locks::notation,
    evidence::Published,
    inside::{
        BuildList, Inside, ListKind,
        auditable::{self, Package},
        go::BuildInfo,
        package,
    },
    release::ArtifactName,
    text::Untrusted,
};
use std::fmt;

/// All that was found inside of published files.
#[derive(Debug, Default)]
pub struct Shipped {
    /// The lists, each in its place.
    pub lists: Vec<(Place, Result<Made, Untrusted>)>,
    /// The programs that have none.
    pub silent: Vec<Place>,
    /// What could not be looked through, and why.
    pub unread: Vec<(Place, Untrusted)>,
    /// The files that nobody looked into.
    pub not_looked: Vec<ArtifactName>,
    /// How many files were looked through.
    pub looked: usize,
}

/// A published file, or a member of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: ArtifactName,
    /// The member; empty for the file itself.
    pub member: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.member.is_empty() {
            return write!(f, "{}", self.file);
        }
        write!(f, "{} in {}", Untrusted::new(&self.member), self.file)
    }
}

/// What a list says.
#[derive(Debug)]
pub enum Made {
    /// Of the Go toolchain.
    Go(BuildInfo),
    /// Of `cargo auditable`.
    Cargo(Vec<Package>),
    /// Of a package, whose name and version follow the rules of its ecosystem.
    Package(Ecosystem, package::Package),
    /// Of the repository that a crate was packed from.
    CrateCommit(package::CrateCommit),
}

impl Shipped {
    /// Reads what was found.
    pub(super) fn of(published: &Published) -> Self {
        let mut shipped = Self::default();
        for (name, file) in &published.files {
            let place = |member: &str| Place { file: name.clone(), member: member.to_owned() };
            let contents = match &file.inside {
                Inside::Looked(contents) => contents,
                Inside::NotLooked => {
                    shipped.not_looked.push(name.clone());
                    continue;
                }
            };
            shipped.looked += 1;
            let lists = contents.lists.iter();
            shipped.lists.extend(lists.filter_map(|list| Some((place(&list.member), made(list)?))));
            shipped.silent.extend(contents.silent.iter().map(|member| place(member)));
            let unread = contents.unread.iter();
            shipped.unread.extend(unread.map(|it| (place(&it.member), Untrusted::new(&it.why))));
        }
        shipped
    }
}

/// What a list says of the making of its own file; `None` of one that is about other packages.
fn made(list: &BuildList) -> Option<Result<Made, Untrusted>> {
    let made = match list.kind {
        ListKind::Go => BuildInfo::parse(&list.bytes).map(Made::Go),
        ListKind::CargoAuditable => auditable::parse(&list.bytes).map(Made::Cargo),
        ListKind::Python => package::python(&list.bytes).map(|it| Made::Package(Ecosystem::Python, it)),
        ListKind::Npm => package::npm(&list.bytes).map(|it| Made::Package(Ecosystem::Npm, it)),
        ListKind::Crate => crate_of(&list.bytes).map(|it| Made::Package(Ecosystem::Cargo, it)),
        ListKind::CrateCommit => package::crate_commit(&list.bytes).map(Made::CrateCommit),
        ListKind::Lock | ListKind::Bill => return None,
        ListKind::ComposerBundled | ListKind::MavenBundled | ListKind::NpmBundled => return None,
        ListKind::NugetBundled | ListKind::PythonBundled => return None,
    };
    Some(made.map_err(Untrusted::new))
}

/// The `Cargo.toml` of a crate, in which nothing is inherited any more.
fn crate_of(bytes: &[u8]) -> Result<package::Package, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "its Cargo.toml is no text".to_owned())?;
    let manifest = notation::toml_settings(text).map_err(|why| format!("its Cargo.toml {why}"))?;
    let field = |field: &str| {
        let value = manifest["package"][field].as_str().map(str::to_owned);
        value.ok_or_else(|| format!("its Cargo.toml names no {field} of a package"))
    };
    Ok(package::Package { name: field("name")?, version: field("version")? })
}
