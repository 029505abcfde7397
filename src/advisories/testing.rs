//! What the tests of this module share: advisories, databases and lock files made on the spot.

use std::{fs, io::Write, path::Path};

/// The seconds since 1970 that test archives carry: 2026-08-21T06:28:35Z.
pub(super) const ARCHIVE_TIME: u64 = 1_787_293_715;

/// The text of one advisory. `extra` are further lines of its `[advisory]` table.
pub(super) fn advisory(id: &str, package: &str, versions: &str, extra: &str) -> String {
    format!(
        "```toml\n[advisory]\nid = \"{id}\"\npackage = \"{package}\"\ndate = \"2020-01-02\"\n{extra}\n\n\
         [versions]\n{versions}\n```\n\n# A title\n\nA description.\n"
    )
}

/// A database of three advisories about two packages, as (path, text).
pub(super) fn three_records() -> Vec<(String, String)> {
    vec![
        (
            "crates/bar/RUSTSEC-2021-0007.md".to_owned(),
            advisory("RUSTSEC-2021-0007", "bar", "patched = []", "informational = \"unmaintained\""),
        ),
        (
            "crates/foo/RUSTSEC-2020-0001.md".to_owned(),
            advisory("RUSTSEC-2020-0001", "foo", "patched = [\">= 1.2.3\"]", "aliases = [\"CVE-2020-1234\"]"),
        ),
        (
            "crates/foo/RUSTSEC-2020-0002.md".to_owned(),
            advisory("RUSTSEC-2020-0002", "foo", "patched = []", "withdrawn = \"2020-02-02\""),
        ),
    ]
}

/// A snapshot of these records, as the first schema wrote it.
pub(super) fn snapshot_1(records: &[(String, String)], packages: &[&str]) -> Vec<u8> {
    let records: Vec<_> =
        records.iter().map(|(path, text)| serde_json::json!({ "path": path, "text": text })).collect();
    let saved = serde_json::json!({
        "schema": "relcheck.advisories/v1",
        "source": {
            "name": "rustsec", "commit": null, "date": null, "advisories": 3, "sha256": "0".repeat(64),
            "form": "folder",
        },
        "packages": packages,
        "records": records,
    });
    saved.to_string().into_bytes()
}

/// Writes files below `root`.
pub(super) fn write_tree(root: &Path, files: &[(String, String)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A tar archive as `git archive` writes them.
pub(super) struct Tar {
    builder: tar::Builder<Vec<u8>>,
    pub(super) time: u64,
}

impl Tar {
    /// An archive without a commit id.
    pub(super) fn bare() -> Self {
        Self { builder: tar::Builder::new(Vec::new()), time: ARCHIVE_TIME }
    }

    /// An archive with the global header that `git archive` writes.
    pub(super) fn of_commit(commit: &str) -> Self {
        let mut tar = Self::bare();
        let body = format!("comment={commit}\n");
        let body = format!("{} {body}", body.len() + 3);
        tar.raw("pax_global_header", tar::EntryType::XGlobalHeader, body.as_bytes());
        tar
    }

    /// The three records below a top folder.
    pub(super) fn of_three_records(commit: &str) -> Self {
        let mut tar = Self::of_commit(commit);
        tar.file("advisory-db/README.md", "about");
        for (path, text) in three_records() {
            tar.file(&format!("advisory-db/{path}"), &text);
        }
        tar
    }

    pub(super) fn file(&mut self, path: &str, text: &str) -> &mut Self {
        self.raw(path, tar::EntryType::Regular, text.as_bytes())
    }

    /// An entry with any path at all, which the builder would refuse.
    pub(super) fn raw(&mut self, path: &str, kind: tar::EntryType, body: &[u8]) -> &mut Self {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(kind);
        header.set_size(body.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(self.time);
        header.set_cksum();
        self.builder.append(&header, body).unwrap();
        self
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        self.builder.into_inner().unwrap()
    }
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The source string that cargo writes for its own registry, taken from the lock file library.
pub(super) fn index_source() -> String {
    rustsec::SourceId::default().to_string()
}

/// The lock format's other constant for the same registry, by its sparse protocol. No library gives it.
pub(super) const SPARSE_INDEX_SOURCE: &str = concat!("sparse+https://index.", "crates.io/");

/// A lock file of format 4 from (name, version, source) rows; the first row depends on all others.
pub(super) fn lock_text(rows: &[(&str, &str, Option<&str>)]) -> String {
    let mut text = "version = 4\n".to_owned();
    for (at, (name, version, source)) in rows.iter().enumerate() {
        text += &format!("\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        if let Some(source) = source {
            text += &format!("source = \"{source}\"\n");
        }
        if at == 0 && rows.len() > 1 {
            let others: Vec<String> =
                rows[1..].iter().map(|(name, version, _)| format!(" \"{name} {version}\",\n")).collect();
            text += &format!("dependencies = [\n{}]\n", others.concat());
        }
    }
    text
}
