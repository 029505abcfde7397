//! Which packages end up in what is shipped, for one's own checkout in a release step.
//!
//! The rule that must not be broken: this runs `cargo`, and cargo obeys the tree it is pointed at. See
//! [`shipped_packages`] before calling it.

use super::record::one_line;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use semver::Version;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read},
    path::Path,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};
use thiserror::Error;

/// How long `cargo metadata` may take. Offline and with a lock file it takes seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// The most output that is read, in bytes.
const OUTPUT_LIMIT: u64 = 256 << 20;

/// Why it is not known what ships.
#[derive(Debug, Error)]
pub enum ShippingError {
    /// The manifest is not there.
    #[error("cannot find the manifest")]
    NoManifest(#[source] io::Error),
    /// `cargo` cannot be run.
    #[error("cannot run cargo")]
    NoCargo(#[source] io::Error),
    /// `cargo metadata` took too long.
    #[error("`cargo metadata` took longer than {} seconds", PATIENCE.as_secs())]
    TooSlow,
    /// `cargo metadata` wrote more than anyone can read.
    #[error("`cargo metadata` wrote more than {OUTPUT_LIMIT} bytes")]
    TooLarge,
    /// `cargo metadata` failed: no lock file, one that is out of date, or packages that are not downloaded.
    #[error(
        "`cargo metadata` failed: {0} (`cargo fetch --locked` downloads what it needs, for all platforms)"
    )]
    Failed(String),
    /// `cargo metadata` said something that cannot be understood.
    #[error("`cargo metadata` said something unexpected: {0}")]
    Unexpected(String),
}

/// The packages that ship with the workspace of `manifest`: its members, and what they need to build and run, by
/// normal and build dependencies on any platform. What is only reached by dev-dependencies is not among them.
///
/// **For one's own checkout only.** Cargo obeys `.cargo/config.toml` and `rust-toolchain.toml` of the folder it runs
/// in and of those above it, and runs the programs that they name (`build.rustc`): `cargo metadata` inside a
/// stranger's tree runs that stranger's code. A tag that is being judged is read from its git objects instead. Even
/// here cargo is started outside of the tree, in the file system's root, where nobody else can leave a file for it;
/// takes no network (`--offline`); and leaves the lock file alone (`--locked`), so that the answer is about the lock
/// file that was committed. The manifests it reads are still the tree's own word about what ships.
pub fn shipped_packages(manifest: &Path) -> Result<BTreeSet<(String, Version)>, ShippingError> {
    let manifest = manifest.canonicalize().map_err(ShippingError::NoManifest)?;
    let mut command = MetadataCommand::new();
    let outside = manifest.ancestors().last().expect("a path has itself as an ancestor");
    command.manifest_path(&manifest).current_dir(outside);
    command.other_options(["--locked".to_owned(), "--offline".to_owned()]);
    let child = command
        .cargo_command()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(ShippingError::NoCargo)?;
    let output = wait(child)?;
    let json = output.lines().find(|line| line.starts_with('{'));
    let json = json.ok_or_else(|| ShippingError::Unexpected("no JSON".to_owned()))?;
    let metadata = MetadataCommand::parse(json)
        .map_err(|error| ShippingError::Unexpected(one_line(&error.to_string())))?;
    shipped(&metadata)
}

/// What the child wrote, once it has succeeded in time.
fn wait(mut child: Child) -> Result<String, ShippingError> {
    let stdout = child.stdout.take().expect("standard output was piped");
    let stderr = child.stderr.take().expect("standard error was piped");
    let stdout = thread::spawn(move || read(stdout));
    let stderr = thread::spawn(move || read(stderr));
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        match child.try_wait().map_err(ShippingError::NoCargo)? {
            Some(status) => break status,
            None if Instant::now() > deadline => {
                child.kill().and_then(|()| child.wait()).map_err(ShippingError::NoCargo)?;
                return Err(ShippingError::TooSlow);
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    let stdout = stdout.join().expect("reading a pipe does not panic")?;
    let stderr = stderr.join().expect("reading a pipe does not panic")?;
    if !status.success() {
        return Err(ShippingError::Failed(one_line(&String::from_utf8_lossy(&stderr))));
    }
    String::from_utf8(stdout).map_err(|_| ShippingError::Unexpected("not UTF-8".to_owned()))
}

/// Reads a pipe to its end or to the limit; what is beyond makes the writer fail.
fn read(pipe: impl Read) -> Result<Vec<u8>, ShippingError> {
    let mut bytes = Vec::new();
    pipe.take(OUTPUT_LIMIT + 1).read_to_end(&mut bytes).map_err(ShippingError::NoCargo)?;
    if bytes.len() as u64 > OUTPUT_LIMIT {
        return Err(ShippingError::TooLarge);
    }
    Ok(bytes)
}

/// Walks from the workspace's members along everything but dev-dependencies.
fn shipped(metadata: &Metadata) -> Result<BTreeSet<(String, Version)>, ShippingError> {
    let unexpected = |what: &str| ShippingError::Unexpected(what.to_owned());
    let resolve = metadata.resolve.as_ref().ok_or_else(|| unexpected("no dependency graph"))?;
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let packages: BTreeMap<&PackageId, _> =
        metadata.packages.iter().map(|package| (&package.id, package)).collect();
    let mut waiting: Vec<&PackageId> = metadata.workspace_members.iter().collect();
    if waiting.is_empty() {
        return Err(unexpected("a workspace without members"));
    }
    let mut seen: BTreeSet<&PackageId> = waiting.iter().copied().collect();
    let mut shipped = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let package = packages.get(id).ok_or_else(|| unexpected("a package that it does not list"))?;
        shipped.insert((package.name.to_string(), package.version.clone()));
        let node = nodes.get(id).ok_or_else(|| unexpected("a package without dependencies listed"))?;
        // A kind that is not known (or, from an old cargo, not told) may ship.
        let ships = |dependency: &&cargo_metadata::NodeDep| {
            dependency.dep_kinds.is_empty()
                || dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development)
        };
        waiting.extend(
            node.deps.iter().filter(ships).map(|dependency| &dependency.pkg).filter(|id| seen.insert(id)),
        );
    }
    Ok(shipped)
}

#[cfg(test)]
mod tests {
    use super::{ShippingError, shipped_packages};
    use std::{fs, path::Path};

    /// A workspace of path packages only, so that cargo needs no registry: `program` needs `runtime` to run, `builder`
    /// to build and `tester` to test; `tester` needs `deep`, and `runtime` needs `shared`, as does `tester`.
    fn workspace(root: &Path) {
        let package = |name: &str, tables: &str| {
            let folder = root.join(name);
            fs::create_dir_all(folder.join("src")).unwrap();
            fs::write(folder.join("src/lib.rs"), "").unwrap();
            let manifest =
                format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n{tables}");
            fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        };
        let on = |name: &str| format!("{name} = {{ path = \"../{name}\" }}\n");
        package("deep", "");
        package("shared", "");
        package("builder", "");
        package("runtime", &format!("[dependencies]\n{}", on("shared")));
        package("tester", &format!("[dependencies]\n{}{}", on("deep"), on("shared")));
        let program = format!(
            "[dependencies]\n{}\n[build-dependencies]\n{}\n[dev-dependencies]\n{}\n[workspace]\n",
            on("runtime"),
            on("builder"),
            on("tester")
        );
        package("program", &program);
        let row = |name: &str, dependencies: &str| {
            format!("\n[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\n{dependencies}")
        };
        let lock = "version = 4\n".to_owned()
            + &row("builder", "")
            + &row("deep", "")
            + &row("program", "dependencies = [\n \"builder\",\n \"runtime\",\n \"tester\",\n]\n")
            + &row("runtime", "dependencies = [\n \"shared\",\n]\n")
            + &row("shared", "")
            + &row("tester", "dependencies = [\n \"deep\",\n \"shared\",\n]\n");
        fs::write(root.join("program/Cargo.lock"), lock).unwrap();
    }

    #[test]
    fn what_only_tests_need_does_not_ship() {
        let folder = tempfile::tempdir().unwrap();
        workspace(folder.path());
        let shipped = shipped_packages(&folder.path().join("program/Cargo.toml")).unwrap();
        let names: Vec<&str> = shipped.iter().map(|(name, _)| name.as_str()).collect();
        // Path packages below no other workspace are members only if the workspace says so; here only `program` is.
        assert_eq!(names, ["builder", "program", "runtime", "shared"]);
    }

    #[test]
    fn a_lock_file_that_is_out_of_date_or_absent_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        workspace(folder.path());
        let manifest = folder.path().join("program/Cargo.toml");
        let lock = folder.path().join("program/Cargo.lock");
        let text = fs::read_to_string(&lock).unwrap();
        fs::write(&lock, text.replace("0.1.0", "0.1.1")).unwrap();
        assert!(matches!(shipped_packages(&manifest), Err(ShippingError::Failed(_))));
        fs::remove_file(&lock).unwrap();
        assert!(matches!(shipped_packages(&manifest), Err(ShippingError::Failed(_))));
        assert!(!lock.exists());
        assert!(matches!(shipped_packages(&folder.path().join("absent")), Err(ShippingError::NoManifest(_))));
    }
}
