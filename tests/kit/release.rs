//! A whole release in a folder, as a verifier meets it: repository, published files, trusted root, advisories.
//!
//! ```text
//! widget.git/          bare repository (a checkout, if asked for)
//! published/           artifacts, SHA256SUMS, *.sigstore.json, widget-1.2.3.intoto.jsonl
//! advisories/          bare repository of a small advisory database
//! trusted_root.json    the Sigstore that all of it is signed with
//! maintainer.pub       the maintainer's key, where that signs instead
//! ```

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::slice;

use jiff::Timestamp;
use relcheck::advisories::database::Database;
use relcheck::collect::folder::NO_FRAMES;
use relcheck::collect::{Assets, RepositoryAt, Request, gather};
use relcheck::evidence::Evidence;
use serde_json::Value;

use super::advisories;
use super::bundle::BundleOptions;
use super::checksums::{self, Algorithm, Style};
use super::log::flip_last;
use super::project;
use super::repository::{Form, Repository, TagKind};
use super::signing::{ReleaseSigner, Signing, maintainer};
use super::spoil::{Field, Spoil, Which};
use super::statement::{Build, Predicate, Provenance, Subject};
use super::trusted_root::Sigstore;

/// A release to be written: a good one, unless spoilt.
#[derive(Debug, Clone)]
pub struct Release {
    /// The host of its repository.
    pub host: String,
    /// Its tag: one of [`project::TAGS`].
    pub tag: String,
    /// How bundles are made.
    pub options: BundleOptions,
    /// How it is signed.
    pub signing: Signing,
    /// Which predicate tells of the build.
    pub predicate: Predicate,
    /// Whether slsa-github-generator's reusable workflow made the provenance.
    pub by_slsa_generator: bool,
    /// Style of the checksum file.
    pub style: Style,
    /// Algorithm of the checksum file.
    pub algorithm: Algorithm,
    /// Whether the repository is bare.
    pub form: Form,
    /// How many small artifacts there are besides the usual ones.
    pub further: usize,
    /// What is wrong.
    pub spoils: Vec<Spoil>,
}

impl Release {
    /// `v1.2.3` of the widget, with nothing wrong.
    pub fn good() -> Self {
        Self::of("v1.2.3")
    }

    /// The release of that tag, with nothing wrong.
    pub fn of(tag: &str) -> Self {
        Self {
            host: "github.com".to_owned(),
            tag: tag.to_owned(),
            options: BundleOptions::default(),
            signing: Signing::Keyless,
            predicate: Predicate::SlsaV1,
            by_slsa_generator: false,
            style: Style::GnuText,
            algorithm: Algorithm::Sha256,
            form: Form::Bare,
            further: 0,
            spoils: Vec::new(),
        }
    }

    /// The same with one more thing wrong.
    pub fn spoil(mut self, spoil: Spoil) -> Self {
        self.spoils.push(spoil);
        self
    }

    /// Write it into `root`, which must be empty or not exist.
    pub fn write(&self, root: &Path) -> Written {
        let written = Written::plan(self, root);
        std::fs::create_dir_all(written.published()).expect("a folder for the published files");
        let commits = self.repository().write(&written.repository(), self.form);
        let commit = commits[self.commit_index()].clone();
        let build = Build { host: self.host.clone(), ..Build::of_tag(&self.tag, &commit) };
        self.publish(&written, &build);
        self.write_advisories(&written);
        let seed = if self.has(|spoil| matches!(spoil, Spoil::TrustedRoot)) { "other" } else { super::SEED };
        write(&written.trusted_root(), pretty(&Sigstore::new(seed).trusted_root()).as_bytes());
        if self.signing != Signing::Keyless {
            write(&written.public_key(), maintainer().public_pem().as_bytes());
        }
        Written { commit, ..written }
    }

    /// Names and bytes of the artifacts, as they were built.
    pub fn artifacts(&self) -> Vec<(String, Vec<u8>)> {
        let version = self.version();
        ["x86_64-unknown-linux-gnu.tar.gz", "aarch64-apple-darwin.tar.gz"]
            .map(|platform| format!("widget-{version}-{platform}"))
            .into_iter()
            .chain([format!("widget-{version}.crate")])
            .chain((0..self.further).map(|n| format!("widget-{version}-part-{n:04}.bin")))
            .map(|name| {
                let bytes = format!("These are the bytes of {name}.\n").into_bytes();
                (name, bytes)
            })
            .collect()
    }

    /// The version in the tag.
    pub fn version(&self) -> &str {
        self.tag.trim_start_matches('v')
    }

    /// Whether something is wrong for which that holds.
    pub fn has(&self, spoilt: impl Fn(&Spoil) -> bool) -> bool {
        self.spoils.iter().any(spoilt)
    }

    fn commit_index(&self) -> usize {
        project::TAGS.iter().position(|tag| *tag == self.tag).expect("the tag is one of the project's")
    }

    // --- the repository ---

    fn repository(&self) -> Repository {
        let mut repository = project::repository();
        repository.origin = Some(format!("https://{}/acme/widget.git", self.host));
        for spoil in &self.spoils {
            self.spoil_repository(&mut repository, spoil);
        }
        repository
    }

    fn spoil_repository(&self, repository: &mut Repository, spoil: &Spoil) {
        let index = self.commit_index();
        match spoil {
            Spoil::TagLightweight => repository.tag_mut(&self.tag).kind = TagKind::Lightweight,
            Spoil::TagSigned => repository.tag_mut(&self.tag).kind = TagKind::Signed,
            Spoil::TagBadlySigned => repository.tag_mut(&self.tag).kind = TagKind::BadlySigned,
            Spoil::TagMoved => repository.tag_mut(&self.tag).commit += 1,
            Spoil::TagMissing => repository.tags.retain(|tag| tag.name != self.tag),
            Spoil::ManifestVersion => {
                let manifest = project::manifest("9.9.9");
                repository.commits[index].files.insert("Cargo.toml".to_owned(), manifest);
            }
            Spoil::LockMissing => drop(repository.commits[index].files.remove("Cargo.lock")),
            Spoil::File(path, text) => replace_everywhere(repository, path, *text),
            Spoil::LatestUnsupported => {
                let row = "| Latest release | :white_check_mark: |";
                replace_row(repository, row, "| Latest release | :x: |");
            }
            Spoil::NeverPublished => {
                replace_row(repository, "| Previous release | :white", "| 7.7.x | :white");
            }
            Spoil::TableUnreadable => {
                replace_row(repository, "| Previous release | :white", "| the nice ones | :white");
            }
            _ => {}
        }
    }

    // --- the published files ---

    fn publish(&self, written: &Written, build: &Build) {
        let sigstore = Sigstore::new(super::SEED);
        let artifacts = self.artifacts();
        let signer = ReleaseSigner { release: self, sigstore: &sigstore, build };
        self.publish_artifacts(written, &artifacts);
        for (index, (name, bytes)) in artifacts.iter().enumerate() {
            let other = self.has(|spoil| matches!(spoil, Spoil::OtherArtifactsBundle(it) if *it == index));
            let signed = if other { &artifacts[(index + 1) % artifacts.len()].1 } else { bytes };
            signer.sign_file(written, Which::Artifact(index), name, signed);
        }
        if !self.has(|spoil| matches!(spoil, Spoil::ChecksumsMissing)) {
            let mut text = self.checksums(&artifacts);
            signer.sign_file(written, Which::Checksums, self.algorithm.file_name(), text.as_bytes());
            if self.has(|spoil| matches!(spoil, Spoil::ChecksumsChanged)) {
                text.push('\n');
            }
            write(&written.published().join(self.algorithm.file_name()), text.as_bytes());
        }
        signer.write_provenance(written, &self.subjects(&artifacts));
    }

    fn publish_artifacts(&self, written: &Written, artifacts: &[(String, Vec<u8>)]) {
        for (index, (name, bytes)) in artifacts.iter().enumerate() {
            let mut bytes = bytes.clone();
            if self.has(|spoil| matches!(spoil, Spoil::ArtifactChanged(it) if *it == index)) {
                flip_last(&mut bytes);
            }
            if !self.has(|spoil| matches!(spoil, Spoil::ArtifactMissing(it) if *it == index)) {
                write(&written.published().join(name), &bytes);
            }
        }
        if self.has(|spoil| matches!(spoil, Spoil::ArtifactExtra)) {
            write(&written.published().join("widget-extra.tar.gz"), b"nobody speaks of this\n");
        }
    }

    fn checksums(&self, artifacts: &[(String, Vec<u8>)]) -> String {
        let line = |name: &str, bytes: &[u8]| checksums::line(self.style, self.algorithm, name, bytes);
        let mut lines: Vec<String> = artifacts.iter().map(|(name, bytes)| line(name, bytes)).collect();
        for spoil in &self.spoils {
            match *spoil {
                Spoil::ChecksumWrong(index) => lines[index] = line(&artifacts[index].0, b"another file"),
                Spoil::ChecksumMissing(index) => lines[index].clear(),
                Spoil::ChecksumExtra => lines.push(line("widget-never.tar.gz", b"never published")),
                Spoil::ChecksumConflict(index) => lines.push(line(&artifacts[index].0, b"another file")),
                Spoil::ChecksumUnreadable => lines.push("see the website for the others\n".to_owned()),
                _ => {}
            }
        }
        lines.concat()
    }

    fn subjects(&self, artifacts: &[(String, Vec<u8>)]) -> Vec<Subject> {
        let subject = |(index, (name, bytes)): (usize, &(String, Vec<u8>))| {
            let mut subject = Some(Subject::of(name, bytes));
            for spoil in &self.spoils {
                subject = match *spoil {
                    Spoil::SubjectDigest(it) if it == index => Some(Subject::of(name, b"another file")),
                    Spoil::SubjectSha512(it) if it == index => {
                        subject.map(|one| one.and_sha512(b"another file"))
                    }
                    Spoil::SubjectMissing(it) if it == index => None,
                    _ => subject,
                };
            }
            subject
        };
        artifacts.iter().enumerate().filter_map(subject).collect()
    }

    /// What the builder says of `build`.
    pub fn provenance(&self, build: &Build, subjects: &[Subject]) -> Provenance {
        let mut provenance = match self.predicate {
            // The generic generator writes v0.2 and nothing else.
            Predicate::SlsaV1 if !self.by_slsa_generator => Provenance::v1(build, subjects.to_vec()),
            _ => Provenance::v02(build, subjects.to_vec()),
        };
        for spoil in &self.spoils {
            if let Spoil::Provenance(field, value) = spoil {
                (*value).clone_into(field_mut(&mut provenance, *field));
            }
        }
        provenance
    }

    // --- the advisories ---

    fn write_advisories(&self, written: &Written) {
        if self.has(|spoil| matches!(spoil, Spoil::AdvisoriesMissing)) {
            return;
        }
        let mut all = vec![advisories::FIXED_LONG_AGO, advisories::ELSEWHERE];
        all.extend(self.spoils.iter().filter_map(|spoil| match spoil {
            Spoil::Advisory(advisory) => Some(*advisory),
            _ => None,
        }));
        advisories::database(&all, super::RELEASED_AT - 86_400).write(&written.advisories(), Form::Bare);
    }
}

/// Where a release was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// The folder with everything.
    pub root: PathBuf,
    /// Its tag.
    pub tag: String,
    /// The commit that was built; a moved tag has another.
    pub commit: String,
    /// Names of the artifacts.
    pub artifacts: Vec<String>,
}

impl Written {
    fn plan(release: &Release, root: &Path) -> Self {
        let artifacts = release.artifacts().into_iter().map(|(name, _)| name).collect();
        Self { root: root.to_owned(), tag: release.tag.clone(), commit: String::new(), artifacts }
    }

    /// The repository.
    pub fn repository(&self) -> PathBuf {
        self.root.join("widget.git")
    }

    /// The published files.
    pub fn published(&self) -> PathBuf {
        self.root.join("published")
    }

    /// The provenance among them.
    pub fn provenance(&self) -> PathBuf {
        self.published().join(format!("widget-{}.intoto.jsonl", self.tag.trim_start_matches('v')))
    }

    /// The advisory database.
    pub fn advisories(&self) -> PathBuf {
        self.root.join("advisories")
    }

    /// The trusted root.
    pub fn trusted_root(&self) -> PathBuf {
        self.root.join("trusted_root.json")
    }

    /// The maintainer's public key.
    pub fn public_key(&self) -> PathBuf {
        self.root.join("maintainer.pub")
    }

    /// The options of `relcheck verify` that name its files.
    pub fn options(&self) -> [(&'static str, PathBuf); 4] {
        [
            ("--repo", self.repository()),
            ("--assets", self.published()),
            ("--trusted-root", self.trusted_root()),
            ("--advisories", self.advisories()),
        ]
    }

    /// The same as arguments.
    pub fn arguments(&self) -> Vec<OsString> {
        self.arguments_without(&[])
    }

    /// The same as arguments, but for some of the options.
    pub fn arguments_without(&self, flags: &[&str]) -> Vec<OsString> {
        let others = self.options().into_iter().filter(|(flag, _)| !flags.contains(flag));
        others.flat_map(|(flag, path)| [flag.into(), path.into()]).collect()
    }

    /// The evidence that `relcheck collect` gathers about it.
    pub fn gather(&self, advisories: &Database, now: Timestamp) -> Evidence {
        gather(Request {
            repository: RepositoryAt::Folder(self.repository()),
            repository_name: None,
            tag: self.tag.clone(),
            assets: Assets::Folder(self.published()),
            advisories: &slice::from_ref(advisories),
            frames: NO_FRAMES,
            now,
        })
        .unwrap()
    }
}

/// Write the good release into `root`: the example that the README judges.
pub fn write_example(root: &Path) -> Written {
    Release::good().write(root)
}

fn field_mut(provenance: &mut Provenance, field: Field) -> &mut String {
    match field {
        Field::StatementType => &mut provenance.statement_type,
        Field::PredicateType => &mut provenance.predicate_type,
        Field::BuildType => &mut provenance.build_type,
        Field::Builder => &mut provenance.builder,
        Field::Source => &mut provenance.source,
        Field::Reference => &mut provenance.reference,
        Field::Commit => &mut provenance.commit,
        Field::Workflow => &mut provenance.workflow,
        Field::Trigger => &mut provenance.trigger,
        Field::Invocation => &mut provenance.invocation,
        Field::Runner => &mut provenance.runner,
    }
}

fn replace_everywhere(repository: &mut Repository, path: &str, text: Option<&str>) {
    for commit in &mut repository.commits {
        match text {
            Some(text) => drop(commit.files.insert(path.to_owned(), text.to_owned())),
            None => drop(commit.files.remove(path)),
        }
    }
}

fn replace_row(repository: &mut Repository, row: &str, with: &str) {
    assert!(project::SUPPORTED.contains(row), "the table has the row {row}");
    let text = project::security(&project::SUPPORTED.replace(row, with));
    replace_everywhere(repository, "SECURITY.md", Some(&text));
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// Write one file.
pub fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("a file of the release");
}
