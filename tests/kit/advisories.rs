//! A small advisory database in the layout of RustSec's: `crates/<package>/<id>.md`.

use super::repository::{Commit, Repository, Tree};

/// An advisory about a package.
#[derive(Debug, Clone, Copy)]
pub struct Advisory {
    /// `RUSTSEC-YYYY-NNNN`.
    pub id: &'static str,
    /// Package.
    pub package: &'static str,
    /// `YYYY-MM-DD`.
    pub date: &'static str,
    /// `unsound`, `unmaintained`, `notice`, or none for a vulnerability.
    pub informational: Option<&'static str>,
    /// Requirements that fixed versions meet.
    pub patched: &'static [&'static str],
    /// Heading.
    pub title: &'static str,
}

/// Speaks of a package that the widget depends on, at older versions than it does.
pub const FIXED_LONG_AGO: Advisory = Advisory {
    id: "RUSTSEC-2019-9001",
    package: "itoa",
    date: "2019-03-01",
    informational: None,
    patched: &[">= 0.9.0"],
    title: "Invented: a buffer of the wrong length in old versions",
};

/// Speaks of a package that the widget does not depend on.
pub const ELSEWHERE: Advisory = Advisory {
    id: "RUSTSEC-2024-9002",
    package: "sprocket",
    date: "2024-06-30",
    informational: None,
    patched: &[],
    title: "Invented: sprockets come off",
};

/// A vulnerability of what the widget ships.
pub const VULNERABILITY: Advisory = Advisory {
    id: "RUSTSEC-2025-9003",
    package: "memchr",
    date: "2025-12-01",
    informational: None,
    patched: &[">= 99.0.0"],
    title: "Invented: reads past the end of the haystack",
};

/// What the widget ships is unsound.
pub const UNSOUND: Advisory = Advisory {
    id: "RUSTSEC-2025-9004",
    informational: Some("unsound"),
    title: "Invented: a safe function that is not",
    ..VULNERABILITY
};

/// What the widget ships is unmaintained.
pub const UNMAINTAINED: Advisory = Advisory {
    id: "RUSTSEC-2025-9005",
    informational: Some("unmaintained"),
    patched: &[],
    title: "Invented: nobody looks after it",
    ..VULNERABILITY
};

impl Advisory {
    /// Where it stands in the database.
    pub fn path(&self) -> String {
        format!("crates/{}/{}.md", self.package, self.id)
    }

    /// TOML front matter in a code block, then Markdown.
    pub fn text(&self) -> String {
        let informational =
            self.informational.map(|kind| format!("informational = \"{kind}\"\n")).unwrap_or_default();
        format!(
            "```toml\n[advisory]\nid = \"{}\"\npackage = \"{}\"\ndate = \"{}\"\n\
             url = \"https://advisories.example/{}\"\n{informational}\n[versions]\npatched = {:?}\n```\n\n# {}\n\n\
             This advisory is invented, for a test.\n",
            self.id, self.package, self.date, self.id, self.patched, self.title
        )
    }
}

/// The database of `advisories`, as a repository with one commit made at `at`.
pub fn database(advisories: &[Advisory], at: i64) -> Repository {
    let files: Tree = advisories.iter().map(|one| (one.path(), one.text())).collect();
    Repository {
        commits: vec![Commit { message: "Assign ids".to_owned(), at, files }],
        tags: vec![],
        origin: None,
    }
}
