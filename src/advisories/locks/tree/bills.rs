//! The bills of materials among published files.

use super::{File, From, Room, TreeLock, bytes};
use crate::{
    advisories::{
        lock::Lock,
        locks::sbom::{self, Form},
    },
    text,
};
use std::collections::BTreeMap;

/// Why one in another form is not covered.
const OTHER_FORM: &str =
    "it is a bill of materials in a form that is not read; read are CycloneDX and SPDX 2 as JSON";

/// Most bills of materials in the lines of one file.
const LINES: usize = 64;

/// The bills of materials among published files: one for each ecosystem that they list packages of.
pub fn published(files: &BTreeMap<&str, File<'_>>, room: &mut Room) -> Vec<TreeLock> {
    let found = files.iter().flat_map(|(name, file)| match sbom::form(name, file.bytes.ok()) {
        Some(Form::Document) => bill(name, file),
        Some(Form::Lines) => of_lines(name, file),
        Some(Form::Other) => vec![as_published(name, file, Err(OTHER_FORM.to_owned()))],
        None => Vec::new(),
    });
    found.map(|found| room.hold(found)).collect()
}

fn as_published(path: &str, file: &File<'_>, lock: Result<Lock, String>) -> TreeLock {
    TreeLock { from: From::Published, ..TreeLock::new(path, file, lock) }
}

/// The bills of materials in the lines of a file, each of which is one of its own.
fn of_lines(name: &str, file: &File<'_>) -> Vec<TreeLock> {
    let lines = sbom::lines(file.bytes.unwrap_or_default());
    let bills = lines.filter_map(|line| Some((line, sbom::is_document(line)?)));
    let mut found: Vec<TreeLock> = Vec::new();
    for (at, (line, form)) in bills.enumerate() {
        if at == LINES {
            let why = format!("it holds more than {LINES} bills of materials");
            found.push(as_published(name, file, Err(why)));
            break;
        }
        let line = File { sha256: file.sha256, bytes: Ok(line) };
        match form {
            Form::Document => found.extend(bill(name, &line)),
            Form::Lines | Form::Other => found.push(as_published(name, file, Err(OTHER_FORM.to_owned()))),
        }
    }
    found
}

/// One bill of materials.
pub(in crate::advisories::locks) fn bill(name: &str, file: &File<'_>) -> Vec<TreeLock> {
    let of = |path: &str, lock| as_published(path, file, lock);
    let list = bytes(file).and_then(|bytes| {
        sbom::parse(bytes).map_err(|fault| format!("as a bill of materials the file {fault}"))
    });
    let list = match list {
        Ok(list) => list,
        Err(why) => return vec![of(name, Err(why))],
    };
    let by_ecosystem = |lock: Lock| of(&format!("{name} ({})", lock.ecosystem()), Ok(lock));
    let mut found: Vec<TreeLock> = list.locks.into_iter().map(by_ecosystem).collect();
    if !list.others.is_empty() {
        let n = text::count(list.others.len(), "component", "components");
        let rows: Vec<String> =
            list.others.iter().map(|it| format!("{} {} ({})", it.package, it.version, it.why)).collect();
        found.push(of(name, Err(format!("no database speaks of {n}: {}", text::plural_list(&rows, 6)))));
    }
    found.extend(list.against_itself.into_iter().map(|why| of(name, Err(why))));
    found
}
