//! Every artifact is listed in a checksum file with its real digest, and every listed file is published.
//!
//! A checksum file beside its artifacts proves that nothing was damaged on the way, not where it came from: that is
//! what `signatures` is for.

use super::{Check, Judges, Meta, NO_FILES_FIX, Rules, reproduce::quoted_file};

pub(super) use super::reproduce::quoted;
use crate::{
    digest::{Agreement, Algorithm, Digest},
    evidence::{Bytes, PublishedFile, Seen},
    facts::{
        Facts, Files,
        checksum_file::{ChecksumFileError, looks_like_checksum_file},
    },
    outcome::{Finding, Status, Subject},
    release::ArtifactName,
    text::count,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};

rules! { "checksums":
    MATCH = "match", Require, "the artifact is listed with its real digest",
        example: "widget.tar.gz matches SHA256SUMS", fix: "nothing to do";
    MISSING = "missing", Require, "the release publishes a checksum file, and artifacts for it to list",
        example: "the release publishes 3 artifacts and no checksum file",
        fix: "run `sha256sum * > SHA256SUMS` over the artifacts and publish the file with them";
    MISMATCH = "mismatch", Require, "no checksum file lists another digest than the artifact's",
        example: "widget.tar.gz has another digest than SHA256SUMS lists",
        fix: "find out which of the two was changed after the build; do not use the artifact until then";
    UNLISTED = "unlisted", Require, "every artifact is listed in some checksum file",
        example: "widget.exe is in no checksum file",
        fix: "add the artifact to the checksum file, and sign the file again";
    ORPHAN = "orphan", Require, "every listed file is published",
        example: "SHA256SUMS lists widget.deb, which is not published",
        fix: "publish the file, or take it off the list";
    CONFLICT = "conflict", Require, "no two lines list different digests of one file",
        example: "SHA256SUMS lists widget.tar.gz twice, with different digests",
        fix: "write the checksum file anew from the published artifacts";
    WEAK = "weak", Require, "every artifact is listed with SHA-256 or stronger",
        example: "widget.tar.gz is listed with MD5 only",
        fix: "publish SHA-256 checksums: MD5 and SHA-1 can be forged";
    UNREADABLE = "unreadable", Require, "every checksum file and every published file can be read",
        example: "SHA256SUMS, line 3: neither a digest with a name nor a comment",
        fix: "write the file as `sha256sum` does; publish regular files with printable names";
}

/// How many listed files that are not published are named, and further lists that have the digest of a published one wrong;
/// beyond that, the former are counted.
const NAMED: usize = 1000;

/// What to do about a list of what was made from it.
const MADE_FROM_FIX: &str = "take that line off the list, and sign the list again; to write it anew, remove it and its \
                             signatures first (rm -f SHA256SUMS*; sha256sum * > SHA256SUMS)";

/// The check.
pub struct Checksums;

/// `[rules.checksums]`: nothing to choose yet; levels and waivers apply.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {}

impl Check for Checksums {
    const META: Meta = Meta {
        id: "checksums",
        summary: "every artifact is listed in a checksum file with its real digest, and nothing else is listed",
        rules: RULES,
        judges: Judges::EachArtifact,
    };

    type Policy = Policy;

    fn run(facts: &Facts, _rules: &Rules) -> Vec<Finding> {
        let files = match &facts.files {
            Seen::Present(files) => files,
            Seen::Absent { looked_at } => {
                let message = format!("no published file was found in {}", looked_at.join(", "));
                return vec![Finding::undetermined(&MISSING, facts.release(), message)];
            }
            Seen::Unavailable { reason } => {
                return vec![Finding::undetermined(&MISSING, facts.release(), reason).fix(NO_FILES_FIX)];
            }
        };
        let mut findings = unread(files);
        if files.artifacts.is_empty() {
            let message = format!("nothing to verify: {}", inventory(files));
            findings.push(
                Finding::undetermined(&MISSING, facts.release(), message)
                    .fix("publish the artifacts, or point --assets at the folder that holds them"),
            );
        } else if files.checksums.is_empty() && files.artifacts.values().all(|it| it.bytes == Bytes::Recorded)
        {
            // The verifier's own list of digests is no file of the release: what that publishes was not looked at.
            let message = "only the digests of the artifacts were given, and no checksum file of the release";
            findings.push(
                Finding::undetermined(&MISSING, facts.release(), message)
                    .expected("a file such as SHA256SUMS that lists every artifact")
                    .found(inventory(files))
                    .fix("pass the release's own checksum file with --digests, or its files with --assets"),
            );
            return findings;
        } else if files.checksums.is_empty() {
            let n = count(files.artifacts.len(), "artifact", "artifacts");
            // One that could not be read may be a checksum file.
            let (status, none) =
                match files.unread.iter().any(|unread| looks_like_checksum_file(unread.name.raw())) {
                    true => (Status::Undetermined, "no checksum file that could be read"),
                    false => (Status::Fail, "no checksum file"),
                };
            let message = format!("the release publishes {n} and {none}");
            findings.push(
                Finding::new(&MISSING, status, facts.release(), message)
                    .expected("a file such as SHA256SUMS that lists every artifact")
                    .found(inventory(files)),
            );
            return findings;
        }
        let mut listed = Listed::of(files);
        for fact in &files.checksums {
            match &fact.listed {
                Err(error) => {
                    listed.unread = true;
                    findings.push(unreadable(fact.file.as_str(), error).rests_on([fact.sha256]));
                }
                Ok(list) => {
                    for entry in list.entries() {
                        listed.add(files, &fact.file, &entry.name, &entry.digest, &mut findings);
                    }
                    findings.extend(listed.further(fact.file.as_str()));
                }
            }
        }
        findings.extend(files.artifacts.iter().filter_map(|(name, file)| listed.judge(name, file)));
        findings
    }
}

/// What the checksum files say of each published file.
struct Listed<'a> {
    /// The names of the files that could not be read.
    unread_files: HashSet<&'a str>,
    matched: BTreeMap<String, Vec<(&'a str, &'a Digest)>>,
    weak: BTreeMap<String, &'a str>,
    /// Files that already have a finding that is no pass.
    settled: BTreeSet<String>,
    /// Those that some list has another digest of.
    differing: BTreeSet<String>,
    /// Whether some checksum file could not be read: then nobody knows what it lists.
    unread: bool,
    /// How many files may still be named that need not be, …
    room: usize,
    /// … and how many in the list that is read were not.
    unnamed: usize,
}

impl<'a> Listed<'a> {
    fn of(files: &'a Files) -> Self {
        Self {
            unread_files: files.unread.iter().map(|unread| unread.name.raw()).collect(),
            matched: BTreeMap::new(),
            weak: BTreeMap::new(),
            settled: BTreeSet::new(),
            differing: BTreeSet::new(),
            unread: false,
            room: NAMED,
            unnamed: 0,
        }
    }

    /// Whether there is room to name one more.
    fn may_name(&mut self) -> bool {
        let left = self.room.checked_sub(1);
        self.room = left.unwrap_or(0);
        left.is_some()
    }

    /// The finding for the files that `list` lists, are not published, and were not named.
    fn further(&mut self, list: &str) -> Option<Finding> {
        let further = std::mem::take(&mut self.unnamed);
        (further > 0).then(|| {
            let message = format!("{list} lists {further} further files that are not published");
            Finding::fail(&ORPHAN, Subject::artifact(list), message)
        })
    }

    fn add(
        &mut self,
        files: &Files,
        list: &'a ArtifactName,
        name: &str,
        digest: &'a Digest,
        findings: &mut Vec<Finding>,
    ) {
        let published = ArtifactName::parse(name).and_then(|name| files.all.get(&name));
        // What could not be read is said by itself; it is published all the same.
        if published.is_none() && self.unread_files.contains(name) {
            return;
        }
        let Some(file) = published else {
            if !self.may_name() {
                self.unnamed += 1;
                return;
            }
            let message = format!("{list} lists {name}, which is not published");
            findings.push(Finding::fail(&ORPHAN, Subject::artifact(name), message));
            return;
        };
        if files.is_made_from(name, list) {
            if self.settled.insert(name.to_owned()) || self.may_name() {
                findings.push(made_from(name, list));
            }
            return;
        }
        let (list, algorithm) = (list.as_str(), digest.algorithm());
        if !algorithm.is_strong() {
            self.weak.insert(name.to_owned(), list);
            return;
        }
        match file.digests.agrees(digest) {
            Agreement::Same => self.matched.entry(name.to_owned()).or_default().push((list, digest)),
            Agreement::Different => {
                self.settled.insert(name.to_owned());
                // Each file is named with the first list that has it wrong, whatever else there is.
                if !self.differing.insert(name.to_owned()) && !self.may_name() {
                    return;
                }
                let own = file.digests.get(algorithm).map_or_else(String::new, |own| own.hex().to_owned());
                let message = format!("{name} has another {} digest than {list} lists", algorithm.name());
                findings.push(
                    Finding::fail(&MISMATCH, Subject::artifact(name), message)
                        .expected(digest.hex())
                        .found(own)
                        .reproduce(reproduce(name, list, algorithm)),
                );
            }
            Agreement::NotComputed => {
                if !self.settled.insert(name.to_owned()) && !self.may_name() {
                    return;
                }
                let message =
                    format!("{list} lists {name} with {}, which was not computed", algorithm.name());
                findings.push(Finding::undetermined(&MISMATCH, Subject::artifact(name), message));
            }
        }
    }

    /// The finding for an artifact about which there is none yet.
    fn judge(&self, name: &ArtifactName, file: &PublishedFile) -> Option<Finding> {
        let subject = Subject::artifact(name);
        if self.settled.contains(name.as_str()) {
            return None;
        }
        if let Some(all) = self.matched.get(name.as_str()) {
            let mut lists: Vec<String> =
                all.iter().map(|(list, digest)| format!("{list} ({})", digest.algorithm().name())).collect();
            lists.sort();
            lists.dedup();
            let recorded = match file.bytes {
                Bytes::Rehashed => "",
                Bytes::Recorded => "; the digest was given, not computed here",
            };
            return Some(Finding::pass(
                &MATCH,
                subject,
                format!("{name} matches {}{recorded}", lists.join(", ")),
            ));
        }
        Some(match self.weak.get(name.as_str()) {
            Some(list) => {
                Finding::fail(&WEAK, subject, format!("{name} is listed in {list} with a weak digest only"))
            }
            None if self.unread => {
                let message = format!("{name} is in no checksum file that could be read");
                Finding::undetermined(&UNLISTED, subject, message)
            }
            None => Finding::fail(&UNLISTED, subject, format!("{name} is in no checksum file")),
        })
    }
}

/// A list that says something of what was made from it. Nothing rests on that line, so that it decides nothing.
fn made_from(name: &str, list: &ArtifactName) -> Finding {
    let message = match name == list.as_str() {
        true => format!("{list} lists itself, and no list can hold its own digest"),
        false => format!(
            "{list} lists {name}, which holds a signature over it: no list can hold the digest of that"
        ),
    };
    Finding::fail(&MISMATCH, Subject::artifact(name), message).fix(MADE_FROM_FIX).warning()
}

/// The coreutils command that shows the same.
fn reproduce(name: &str, list: &str, algorithm: &Algorithm) -> String {
    let tool = match algorithm {
        Algorithm::Sha384 => "sha384sum",
        Algorithm::Sha512 => "sha512sum",
        Algorithm::Blake2b512 => "b2sum",
        _ => "sha256sum",
    };
    // A name that begins with a hyphen is no option of the tools it is given to.
    let pattern = if name.starts_with('-') { format!("-e {}", quoted(name)) } else { quoted(name) };
    format!("grep -F {pattern} {} | {tool} --check", quoted_file(list))
}

fn unread(files: &Files) -> Vec<Finding> {
    files
        .unread
        .iter()
        .map(|unread| {
            let message = format!("{} was not judged: {}", unread.name, unread.why);
            Finding::undetermined(&UNREADABLE, Subject::artifact(unread.name.raw()), message).fix(UNREAD_FIX)
        })
        .collect()
}

fn unreadable(file: &str, error: &ChecksumFileError) -> Finding {
    let message = format!("{file}: {error}");
    match error {
        ChecksumFileError::Conflict { .. } => Finding::fail(&CONFLICT, Subject::artifact(file), message),
        _ => Finding::undetermined(&UNREADABLE, Subject::artifact(file), message),
    }
}

/// What to do about a published file that could not be read.
const UNREAD_FIX: &str = "publish regular files with printable names alone, and put them beside each other: what is in a \
                          folder below is not looked at";

/// What was published, in a few words.
fn inventory(files: &Files) -> String {
    if files.all.is_empty() && files.unread.is_empty() {
        return "the folder holds no file".to_owned();
    }
    let n = count(files.artifacts.len(), "artifact", "artifacts");
    let sidecars = count(files.all.len() - files.artifacts.len(), "sidecar", "sidecars");
    let unread = match files.unread.len() {
        0 => String::new(),
        n => format!(" and {n} that could not be read"),
    };
    format!("{n}, {sidecars}{unread}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_to_reproduce_runs_nothing_that_a_name_says() {
        let command = reproduce("-f/etc/passwd", "--sums", &Algorithm::Sha256);
        assert_eq!(command, "grep -F -e -f/etc/passwd ./--sums | sha256sum --check");
    }
}
