//! Databases fetched into the cache.
//!
//! The rule that must not be broken: where one of the databases that were asked for cannot be had, the index stays as it
//! was. There is never one that lacks a database which should be in it, and a database that has not changed is the one
//! that was compiled before, of its own age.

use super::{INDEX, folder, human, marks::Marks, named, write};
use crate::{
    advisories::{
        database::{Limits, compile},
        index::{self, Compiled, Index, IndexError, Wanted},
        layout::SourceKind,
        remote::{self, ARCHIVE_LIMIT},
        source::Source,
    },
    app::{Failure, World, failure, online::Network, output},
    collect::{
        mark::{Mark, Streamed},
        transport::{self, Accept, Method, Request, Sink, TransportError},
    },
    text::Untrusted,
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Seek, Write},
    path::Path,
};

/// Fetches databases, and compiles them with those that were fetched before.
pub(super) fn update(
    names: &[String],
    mirrors: &[String],
    network: &Network<'_>,
    world: &World,
) -> Result<u8, Failure> {
    let folder = folder(world).ok_or_else(|| {
        Failure::start("there is no folder to keep advisories in")
            .help("set RELCHECK_CACHE to a folder that can be written to")
    })?;
    let wanted = wanted(names, mirrors)?;
    fs::create_dir_all(&folder)
        .map_err(|e| Failure::start(format!("the cache folder cannot be made: {e}")))?;
    let old = old(&folder);
    let mut marks = Marks::read(&folder);
    let (mut new, mut code) = (Vec::new(), 0);
    for (kind, url) in &wanted {
        if !network.is_offline() {
            output::complain(&format!("note: fetching {kind} from {}", Untrusted::new(url)));
        }
        let mark = marks.of(&kind.to_string(), url, old.as_ref());
        match fetch(*kind, url, mark, &folder, network, world.now) {
            Ok(None) => output::complain(&format!("note: {kind} has not changed")),
            Ok(Some((compiled, mark))) => {
                marks.set(&compiled.source, mark);
                new.push(compiled);
            }
            Err(failure) => {
                output::complain(&failure.to_string());
                code = failure.exit_code().max(code);
            }
        }
    }
    if code != 0 {
        output::complain(match old {
            Some(_) => "note: the index stays as it was; --source fetches one database alone",
            None => "note: there is still no index; --source fetches one database alone",
        });
        return Ok(code);
    }
    let index = match old {
        Some(old) if new.is_empty() => old,
        old => {
            let unusable = |e: IndexError| Failure::undetermined(failure::chain(&e));
            let bytes = index::write(together(old.as_ref(), new)?).map_err(unusable)?;
            let index = Index::open(&bytes).map_err(unusable)?;
            let path = folder.join(INDEX);
            write(&path, &bytes).map_err(|error| Failure::unwritten(&path, error))?;
            marks.write(&folder, &index)?;
            index
        }
    };
    output::print(human(&index.sources().iter().collect::<Vec<_>>(), world.now).as_bytes())?;
    Ok(0)
}

/// The databases that are fetched, each once, and from where.
fn wanted(names: &[String], mirrors: &[String]) -> Result<BTreeMap<SourceKind, String>, Failure> {
    let mirrors = mirrors.iter().map(|given| mirror(given));
    let mirrors: BTreeMap<SourceKind, &str> = mirrors.collect::<Result<_, _>>()?;
    let kinds = names.iter().map(|name| name.parse().map_err(|e: String| Failure::start(e)));
    let mut kinds: BTreeSet<SourceKind> = kinds.collect::<Result<_, _>>()?;
    if kinds.is_empty() {
        kinds = remote::USUAL.into_iter().chain(mirrors.keys().copied()).collect();
    }
    let place = |kind: SourceKind| {
        let mirror = mirrors.get(&kind).map(|url| (*url).to_owned());
        let url = mirror.or_else(|| remote::url(kind)).ok_or_else(|| {
            Failure::start(format!("{kind}: there is no address to fetch it from"))
                .help("name an ecosystem (osv/npm), or an address with --mirror")
        })?;
        Ok((kind, url))
    };
    kinds.into_iter().map(place).collect()
}

/// The name of a database, and the address that it is fetched from instead.
fn mirror(given: &str) -> Result<(SourceKind, &str), Failure> {
    let (kind, url) = named(given, "--mirror", "NAME=URL")?;
    match url.strip_prefix("https://") {
        Some(rest) if !rest.is_empty() => Ok((kind, url)),
        _ => {
            let shown = Untrusted::new(transport::shown(given));
            Err(Failure::start(format!("--mirror {shown}: only https is asked"))
                .help(format!("give the https URL of an archive of that database: {kind}=https://HOST/PATH")))
        }
    }
}

/// The index of earlier runs; what is wrong with it is said, and then all of it is fetched anew.
fn old(folder: &Path) -> Option<Index> {
    let path = folder.join(INDEX);
    if !path.exists() {
        return None;
    }
    // What opens may still hold an entry that is not readable.
    let whole = Index::read(&path, Wanted::All).and_then(|index| index.all().map(|_| index));
    let complain = |error| {
        output::complain(&format!(
            "warning: the index that was there is not used: {}; what else it held has to be fetched anew",
            failure::chain(&error)
        ));
    };
    whole.map_err(complain).ok()
}

/// The new databases, and those of the old index that they do not stand for.
fn together(old: Option<&Index>, mut new: Vec<Compiled>) -> Result<Vec<Compiled>, Failure> {
    let Some(old) = old else { return Ok(new) };
    let all = old.all().map_err(|e| Failure::undetermined(failure::chain(&e)))?;
    let part = |source: &Source| Compiled { source: source.clone(), advisories: Vec::new(), elsewhere: 0 };
    let mut parts: Vec<Compiled> = old.sources().iter().map(part).collect();
    for (source, advisory) in all {
        parts[source].advisories.push(advisory);
    }
    let names: BTreeSet<String> = new.iter().map(|part| part.source.name.clone()).collect();
    new.extend(parts.into_iter().filter(|part| !names.contains(&part.source.name)));
    Ok(new)
}

/// Fetches one database into a file beside the index, which is gone afterwards; nothing where it is still the one that
/// `mark` is of.
fn fetch(
    kind: SourceKind,
    url: &str,
    mark: Option<&Mark>,
    folder: &Path,
    network: &Network<'_>,
    now: Timestamp,
) -> Result<Option<(Compiled, Option<Mark>)>, Failure> {
    let cannot = |e: &dyn std::fmt::Display| Failure::start(format!("{kind}: cannot be kept: {e}"));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|e| cannot(&e))?;
    let request =
        Request { method: Method::Get, url, max_bytes: ARCHIVE_LIMIT, accept: Accept::Archive, token: None };
    let mut sink = ToFile { file: file.as_file_mut(), error: None };
    let streamed = network.transport()?.stream_if_changed(&request, mark, &mut sink);
    let written = sink.error;
    let streamed = streamed.map_err(|e| not_fetched(kind, &e))?;
    let Streamed::Whole(mark) = streamed else { return Ok(None) };
    written.map_or(Ok(()), |e| Err(cannot(&e)))?;
    file.flush().map_err(|e| cannot(&e))?;
    let compiled = compile(file.path(), Some(kind), Limits::default());
    let mut compiled = compiled.map_err(|e| {
        let shown = Untrusted::new(url);
        Failure::undetermined(format!("{kind}: what {shown} serves is not used: {}", failure::chain(&e)))
            .help("try again later; if it stays like this, look at what that address serves")
    })?;
    compiled.source.url = Some(url.to_owned());
    compiled.source.fetched_at = Some(now);
    Ok(Some((compiled, mark)))
}

/// Why a database could not be fetched, and what to do: without a network too, there is a way.
fn not_fetched(kind: SourceKind, error: &TransportError) -> Failure {
    let failure = Failure::undetermined(format!("{kind}: {error}"));
    match error {
        TransportError::Offline { .. } => failure.help(format!(
            "{}; or bring an archive of it here, compile that (relcheck advisories build --from {kind}=PATH --output \
             advisories.idx), and pass --advisories advisories.idx",
            error.advice()
        )),
        _ => failure.help(error.advice()),
    }
}

/// A body that is written as it comes.
struct ToFile<'a> {
    file: &'a mut fs::File,
    error: Option<io::Error>,
}

impl Sink for ToFile<'_> {
    fn begin(&mut self) {
        let emptied = self.file.set_len(0).and_then(|()| self.file.rewind());
        self.error = emptied.err();
    }

    fn part(&mut self, bytes: &[u8]) {
        if self.error.is_none() {
            self.error = self.file.write_all(bytes).err();
        }
    }
}
