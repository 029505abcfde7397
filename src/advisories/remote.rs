//! Where each database can be fetched.
//!
//! The rule that must not be broken: what is fetched is compiled as the database that was asked for, and not as what it
//! looks like.

use super::layout::{ECOSYSTEMS, SourceKind};

/// The most bytes that an archive of a database may have.
pub const ARCHIVE_LIMIT: usize = 1 << 30;

/// The databases that are fetched where none is named: those that are small and looked after by their ecosystem.
pub const USUAL: [SourceKind; 3] = [SourceKind::Rustsec, SourceKind::Go, SourceKind::Pypa];

/// The address of the archive of a database; `None` for one that is not served whole.
pub fn url(kind: SourceKind) -> Option<String> {
    let of = |repository: &str, branch: &str| {
        Some(format!("https://github.com/{repository}/archive/refs/heads/{branch}.tar.gz"))
    };
    match kind {
        SourceKind::Rustsec => of("RustSec/advisory-db", "main"),
        SourceKind::Go => of("golang/vulndb", "master"),
        SourceKind::Pypa => of("pypa/advisory-database", "main"),
        SourceKind::Ghsa => of("github/advisory-database", "main"),
        SourceKind::Osv(None) => None,
        SourceKind::Osv(Some(ecosystem)) => {
            let (_, name) = ECOSYSTEMS.into_iter().find(|(it, _)| *it == ecosystem)?;
            Some(format!("https://osv-vulnerabilities.storage.googleapis.com/{name}/all.zip"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{USUAL, url};
    use crate::advisories::layout::{ECOSYSTEMS, SourceKind};

    #[test]
    fn every_database_with_a_name_has_an_https_address_of_its_own() {
        let exports = ECOSYSTEMS.map(|(ecosystem, _)| SourceKind::Osv(Some(ecosystem)));
        let kinds: Vec<SourceKind> = USUAL.into_iter().chain([SourceKind::Ghsa]).chain(exports).collect();
        let mut urls: Vec<String> = kinds.iter().filter_map(|kind| url(*kind)).collect();
        assert!(urls.iter().all(|url| url.starts_with("https://")));
        urls.sort();
        urls.dedup();
        assert_eq!(urls.len(), kinds.len());
        assert_eq!(url(SourceKind::Osv(None)), None);
    }
}
