//! `relcheck advisories`: databases fetched, compiled, shown, and lock files matched with them.
//!
//! Databases are fetched when somebody says so, and never by another command. What a later run finds in the cache is
//! one whole index or nothing: it is written beside the old one and renamed.

use super::{Failure, World, failure, online::Network, output};
use crate::{
    advisories::{
        check::{CheckError, Row, check_locks, ecosystems, read_locks, to_human, to_json},
        database::{Database, Limits, compile},
        index::{self, Index, Wanted},
        layout::SourceKind,
        shipping::shipped_packages,
        source::Source,
    },
    checks::advisories::Policy,
    cli::{AdvisoriesCommand, PlumbingFormat},
    outcome::Verdict,
    release::Sha256,
    text::{Untrusted, count},
};
use jiff::Timestamp;
use serde_json::json;
use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Write},
    panic::resume_unwind,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock},
    thread::{self, JoinHandle},
};

mod marks;
mod update;

/// The index of the cache folder.
const INDEX: &str = "index";

/// Runs `relcheck advisories`.
pub fn run(command: &AdvisoriesCommand, world: &World) -> Result<u8, Failure> {
    match command {
        AdvisoriesCommand::Check { lockfiles, advisories, format, shipping } => {
            check(lockfiles, advisories, *format, shipping.as_deref(), world)
        }
        AdvisoriesCommand::Build { from, output } => build(from, output, world),
        AdvisoriesCommand::Update { source, mirror, offline } => {
            update::update(source, mirror, &Network::new(*offline, world), world)
        }
        AdvisoriesCommand::Status { advisories, format } => {
            // All of it is hashed; what it says about packages is not asked.
            let wanted = Wanted::Sources;
            status(&databases(advisories, wanted, world)?, *format, world)
        }
    }
}

/// Databases that are opened in a thread of their own, while the release is read. Who uses what was gathered with them asks
/// [`Self::databases`] first: until then it is not known whether they could be opened.
pub struct Opening {
    thread: Mutex<Option<JoinHandle<Opened>>>,
    opened: OnceLock<Opened>,
}

type Opened = Result<Vec<Database>, Failure>;

impl Opening {
    /// Begins to open the databases at `paths`, or else the refreshed index.
    pub fn begin(paths: &[PathBuf], world: &World) -> Self {
        let (paths, world) = (paths.to_vec(), world.clone());
        let thread = thread::spawn(move || databases(&paths, Wanted::All, &world));
        Self { thread: Mutex::new(Some(thread)), opened: OnceLock::new() }
    }

    /// The databases, once all of them are open.
    pub fn databases(&self) -> Result<&[Database], Failure> {
        self.opened().as_deref().map_err(Clone::clone)
    }

    fn opened(&self) -> &Opened {
        self.opened.get_or_init(|| {
            let thread = self.thread.lock().ok().and_then(|mut thread| thread.take());
            let thread = thread.expect("the thread is waited for once");
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }
}

/// None where they could not be opened.
impl AsRef<[Database]> for Opening {
    fn as_ref(&self) -> &[Database] {
        self.opened().as_deref().unwrap_or_default()
    }
}

/// The databases at `paths`, or else the refreshed index; what is wrong with that is said, and it is not used.
fn databases(paths: &[PathBuf], wanted: Wanted<'_>, world: &World) -> Result<Vec<Database>, Failure> {
    if !paths.is_empty() {
        return paths.iter().map(|path| database(path, wanted, world)).collect();
    }
    let Some(path) = folder(world).map(|folder| folder.join(INDEX)).filter(|path| path.exists()) else {
        return Ok(Vec::new());
    };
    match Index::read(&path, wanted) {
        Ok(index) => Ok(vec![Database::of(index)]),
        Err(error) => {
            output::complain(&format!(
                "warning: the refreshed advisories are not used: {}; run `relcheck advisories update`",
                failure::chain(&error)
            ));
            Ok(Vec::new())
        }
    }
}

fn database(path: &Path, wanted: Wanted<'_>, world: &World) -> Result<Database, Failure> {
    Database::open_for(&world.folder.join(path), wanted).map_err(|e| {
        let shown = Untrusted::new(path.to_string_lossy());
        Failure::start(format!("--advisories {shown}: {}", failure::chain(&e))).help(
            "--advisories takes an index (relcheck advisories build), or the checkout or archive of a database: \
             RustSec's, Go's, PyPA's, GitHub's, or an export of OSV's (.tar.gz, .zip)",
        )
    })
}

/// The folder of the cache that advisories are kept in.
fn folder(world: &World) -> Option<PathBuf> {
    world.cache.as_ref().map(|cache| cache.join("advisories"))
}

/// Matches lock files against advisory databases.
fn check(
    lockfiles: &[PathBuf],
    advisories: &[PathBuf],
    format: PlumbingFormat,
    shipping: Option<&Path>,
    world: &World,
) -> Result<u8, Failure> {
    let shipped = shipping.map(shipped_packages).transpose().map_err(|e| Failure::because(&e))?;
    let failed = |error| match error {
        // A file that is not there is a wrong call; one that nobody can read is undetermined.
        CheckError::Unreadable { .. } => Failure::because(&error).help("pass the path of a lock file"),
        CheckError::NoDatabase => Failure::undetermined(&error)
            .help("fetch the databases (relcheck advisories update), or pass one with --advisories"),
        _ => Failure::undetermined(failure::chain(&error)),
    };
    // One after the other: a second thread takes longer to begin than it would save.
    let locks = read_locks(lockfiles).map_err(failed)?;
    let databases = databases(advisories, Wanted::Only(&ecosystems(lockfiles)), world)?;
    let checked = check_locks(locks, &databases).map_err(failed)?;
    match format {
        PlumbingFormat::Json => output::print(to_json(&checked.rows).as_bytes())?,
        PlumbingFormat::Human => output::print(to_human(&checked, world.now).as_bytes())?,
    }
    if let Some(shipped) = &shipped {
        say_what_ships(checked.rows.iter().map(|row| (row.package.as_str(), row.version.as_str())), shipped);
    }
    let limit = Policy::default().max_age_days;
    for source in &checked.sources {
        if let Some(age) = source.age_days(world.now).filter(|age| *age > limit) {
            output::complain(&format!(
                "warning: the {} database is {age} days old, and what was published since is not in it",
                source.name
            ));
        }
    }
    // The list alone cannot say that a file or a package was not looked up, or that a version could not be compared.
    let mut is_whole = checked.failed.is_empty();
    for error in &checked.failed {
        output::complain(&format!("warning: {}", failure::chain(error)));
    }
    for file in &checked.files {
        let shown = file.file.escape_debug();
        if let Some(why) = file.unanswered.as_ref().filter(|_| file.covered > 0) {
            output::complain(&format!(
                "warning: {shown}: {} packages were not looked up: {why}",
                file.covered
            ));
            is_whole = false;
        }
        let elsewhere = file.not_covered.len() - file.folders;
        if elsewhere > 0 {
            let n = count(elsewhere, "package is", "packages are");
            let where_to = if format == PlumbingFormat::Human { "" } else { " (--format human lists them)" };
            output::complain(&format!("warning: {shown}: {n} not covered{where_to}"));
            is_whole = false;
        }
        if !file.undecided.is_empty() {
            let n = file.undecided.len();
            output::complain(&format!("warning: {shown}: {n} advisories could not be compared with"));
            is_whole = false;
        }
    }
    let is_affected = |row: &Row| row.kind.is_harmful() && !row.range_unknown;
    is_whole &= !checked.rows.iter().any(|row| row.range_unknown);
    let verdict = match (checked.rows.iter().any(is_affected), is_whole) {
        (true, _) => Verdict::Rejected,
        (false, false) => Verdict::Undetermined,
        (false, true) => Verdict::Verified,
    };
    Ok(verdict.exit_code())
}

/// Tells packages that ship from those for development only.
fn say_what_ships<'a>(
    found: impl Iterator<Item = (&'a str, &'a str)>,
    shipped: &BTreeSet<(String, semver::Version)>,
) {
    let ships =
        |name: &str, version: &str| shipped.iter().any(|(n, v)| n == name && v.to_string() == version);
    for (name, version) in found.collect::<BTreeSet<_>>() {
        let where_to = if ships(name, version) { "ships" } else { "is for development only" };
        output::complain(&format!("note: {} {} {where_to}", Untrusted::new(name), Untrusted::new(version)));
    }
}

/// Compiles databases into one index.
fn build(from: &[String], to: &Path, world: &World) -> Result<u8, Failure> {
    let mut compiled = Vec::new();
    for given in from {
        let (kind, path) = named(given, "--from", "NAME=PATH")?;
        let database = compile(&world.folder.join(path), Some(kind), Limits::default());
        compiled.push(database.map_err(|e| {
            Failure::start(format!("--from {}: {}", Untrusted::new(given), failure::chain(&e)))
                .help("pass the checkout, the folder or the archive (.tar.gz, .zip) of that database")
        })?);
    }
    let elsewhere: usize = compiled.iter().map(|database| database.elsewhere).sum();
    let bytes = index::write(compiled).map_err(|e| Failure::because(&e))?;
    let index = Index::open(&bytes).map_err(|e| Failure::because(&e))?;
    write(&world.folder.join(to), &bytes).map_err(|error| Failure::unwritten(to, error))?;
    output::print(human(&index.sources().iter().collect::<Vec<_>>(), world.now).as_bytes())?;
    if elsewhere > 0 {
        let n = count(elsewhere, "entry", "entries");
        output::print(format!("left out: {n} about packages of other registries\n").as_bytes())?;
    }
    let sha256 = Sha256::of(&bytes);
    output::print(
        format!("{}, sha256 {sha256}\n", count(index.packages(), "package", "packages")).as_bytes(),
    )?;
    Ok(0)
}

/// The name of a database and what follows it.
fn named<'a>(given: &'a str, flag: &str, shape: &str) -> Result<(SourceKind, &'a str), Failure> {
    let shown = Untrusted::new(given);
    let (name, rest) = given.split_once('=').ok_or_else(|| {
        Failure::start(format!("{flag} {shown}: it is not of the form {shape}"))
            .help("name a database: rustsec, go, pypa, ghsa, or osv/ECOSYSTEM")
    })?;
    let kind = name.parse().map_err(|e: String| Failure::start(format!("{flag} {shown}: {e}")))?;
    Ok((kind, rest))
}

/// Writes beside `path` and renames, so that nobody ever finds half of it; who may read it, the umask says.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let create = |half: &Path| File::create_new(half);
    let mut half = tempfile::Builder::new().prefix(".half-").make_in(folder, create)?;
    half.as_file_mut().write_all(bytes)?;
    half.persist(path).map(drop).map_err(|error| error.error)
}

/// What would be asked.
fn status(databases: &[Database], format: PlumbingFormat, world: &World) -> Result<u8, Failure> {
    if databases.is_empty() {
        return Err(Failure::undetermined("there are no refreshed advisories")
            .help("fetch the databases (relcheck advisories update), or pass one with --advisories"));
    }
    let sources: Vec<&Source> = databases.iter().flat_map(Database::sources).collect();
    let digests = || databases.iter().filter_map(Database::sha256);
    let text = match format {
        PlumbingFormat::Json => {
            let row = |source: &&Source| {
                let mut row = json!(source);
                row["age_days"] = json!(source.age_days(world.now));
                row
            };
            let sources: Vec<_> = sources.iter().map(row).collect();
            format!("{:#}\n", json!({ "sources": sources, "sha256": digests().collect::<Vec<_>>() }))
        }
        PlumbingFormat::Human => {
            let digests = digests().map(|sha256| format!("sha256 {sha256}\n")).collect::<String>();
            human(&sources, world.now) + &digests
        }
    };
    output::print(text.as_bytes())?;
    Ok(0)
}

fn human(sources: &[&Source], now: Timestamp) -> String {
    let line = |source: &&Source| {
        let commit = source.commit.as_deref().unwrap_or("unknown");
        let date = source.date.map_or_else(|| "unknown".to_owned(), |date| date.to_string());
        let age = source.age_days(now).map_or_else(|| "unknown".to_owned(), |days| format!("{days} days"));
        let ecosystems: Vec<&str> = source.ecosystems.iter().map(|ecosystem| ecosystem.word()).collect();
        format!(
            "{}: {} ({} withdrawn) about {}, commit {}, date {date}, age {age}, sha256 {}\n",
            Untrusted::new(&source.name),
            count(source.advisories, "advisory", "advisories"),
            source.withdrawn,
            ecosystems.join(" "),
            Untrusted::new(commit),
            Untrusted::new(&source.sha256),
        )
    };
    sources.iter().map(line).collect()
}
