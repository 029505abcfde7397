//! The list of `cargo auditable`: JSON, compressed with zlib, in a section called `.dep-v0`.

use super::{LIST_BYTES, layout::Region};
use auditable_serde::{DependencyKind, Source, VersionInfo};
use flate2::read::ZlibDecoder;
use std::io::Read;

/// The section that holds it.
pub(super) const SECTION: &[u8] = b".dep-v0";

/// What whatever is wrong with the list begins with.
pub(super) const LIST: &str = "its list of packages";

/// Largest list as it is compressed, in bytes.
const COMPRESSED: u64 = 1 << 20;

/// A package that was built in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it came from.
    pub from: From,
    /// Whether it only took part in the building.
    pub only_builds: bool,
    /// Whether it is the program itself.
    pub is_root: bool,
}

/// Where a package came from. Of other registries and of git repositories the list keeps no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// The ecosystem's own registry.
    DefaultRegistry,
    /// A folder.
    Path,
    /// Anywhere else.
    Elsewhere,
}

/// The list's JSON.
pub(super) fn unpack(region: Region<'_>, at: u64, size: u64) -> Result<Vec<u8>, String> {
    let too_large = || format!("{LIST} is larger than any");
    let size = usize::try_from(size).ok().filter(|size| *size as u64 <= COMPRESSED).ok_or_else(too_large)?;
    let packed = region.read(at, size).ok_or_else(|| format!("{LIST} is cut short"))?;
    let mut bytes = Vec::new();
    let mut unpacking = ZlibDecoder::new(packed.as_slice()).take(LIST_BYTES as u64 + 1);
    unpacking.read_to_end(&mut bytes).map_err(|_| format!("{LIST} cannot be decompressed"))?;
    if bytes.len() > LIST_BYTES { Err(too_large()) } else { Ok(bytes) }
}

/// The packages of a list.
///
/// # Errors
/// Why it is none, in words for the report.
pub fn parse(bytes: &[u8]) -> Result<Vec<Package>, String> {
    let limits = crate::json::Limits::bytes(LIST_BYTES);
    crate::json::check(bytes, limits).map_err(|error| format!("{LIST} is unreadable: {error}"))?;
    let info: VersionInfo = serde_json::from_slice(bytes)
        .map_err(|error| format!("{LIST} is no list of cargo auditable: {error}"))?;
    let mut packages: Vec<_> = info.packages.into_iter().map(package).collect();
    packages.sort();
    Ok(packages)
}

fn package(package: auditable_serde::Package) -> Package {
    Package {
        name: package.name,
        version: package.version.to_string(),
        from: match package.source {
            Source::CratesIo => From::DefaultRegistry,
            Source::Local => From::Path,
            _ => From::Elsewhere,
        },
        only_builds: package.kind == DependencyKind::Build,
        is_root: package.root,
    }
}
