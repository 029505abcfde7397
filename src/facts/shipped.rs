//! What programs and packages among the published files say of their own making.

use crate::{
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
    /// Of a package.
    Package(package::Package),
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
            shipped.lists.extend(contents.lists.iter().map(|list| (place(&list.member), made(list))));
            shipped.silent.extend(contents.silent.iter().map(|member| place(member)));
            let unread = contents.unread.iter();
            shipped.unread.extend(unread.map(|it| (place(&it.member), Untrusted::new(&it.why))));
        }
        shipped
    }
}

fn made(list: &BuildList) -> Result<Made, Untrusted> {
    let made = match list.kind {
        ListKind::Go => BuildInfo::parse(&list.bytes).map(Made::Go),
        ListKind::CargoAuditable => auditable::parse(&list.bytes).map(Made::Cargo),
        ListKind::Python => package::python(&list.bytes).map(Made::Package),
        ListKind::Npm => package::npm(&list.bytes).map(Made::Package),
        ListKind::Crate => package::crate_of(&list.bytes).map(Made::Package),
        ListKind::CrateCommit => package::crate_commit(&list.bytes).map(Made::CrateCommit),
    };
    made.map_err(Untrusted::new)
}
