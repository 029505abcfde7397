//! `relcheck trust`: the Sigstore roots, fetched or shown.
//!
//! Roots are fetched when somebody says so, and never by another command: what a release is judged by does not change
//! between two runs by itself.

use super::{Failure, World, online::Network, output};
use crate::{
    cli::{PlumbingFormat, TrustCommand},
    collect::transport::{Accept, Method, Request, Transport, TransportError},
    outcome::Verdict,
    release::Sha256,
    text::count,
    trust::{
        Origin, SigstoreRoot,
        refresh::{self, Cache, Fetch, Instance, RefreshError, Refreshed},
    },
};
use serde_json::{Value, json};
use std::sync::Arc;

/// Runs `relcheck trust`.
pub fn run(command: &TrustCommand, world: &World) -> Result<u8, Failure> {
    match command {
        TrustCommand::Update { instance, offline } => {
            let both = [Instance::PublicGood, Instance::GitHub];
            update(if instance.is_empty() { &both } else { instance }, &Network::new(*offline, world), world)
        }
        TrustCommand::Status { format } => status(*format, world),
    }
}

/// The refreshed root of `instance`, where there is one that still counts; what is wrong with another is said.
pub fn cached(instance: Instance, world: &World) -> Option<SigstoreRoot> {
    let cache = Cache::at(world.cache.clone()?);
    match refresh::load(&instance.distribution(), &cache, world.now) {
        Ok(None) => None,
        Ok(Some(refreshed)) => match SigstoreRoot::of(instance, Origin::Cached, &refreshed.bytes) {
            Ok(root) => Some(root.expiring(refreshed.expires)),
            Err(error) => {
                output::complain(&format!("note: {error}; judged with the one built in"));
                None
            }
        },
        Err(error) => {
            output::complain(&format!(
                "note: {error}; judged with the one built in; run `relcheck trust update`"
            ));
            None
        }
    }
}

fn update(instances: &[Instance], network: &Network<'_>, world: &World) -> Result<u8, Failure> {
    let folder = world.cache.clone().ok_or_else(|| {
        Failure::start("there is no folder to keep trusted roots in")
            .help("set RELCHECK_CACHE to a folder that can be written to")
    })?;
    let cache = Cache::at(folder);
    let transport = network.transport()?;
    let fetch = fetch_through(transport);
    let mut codes = Vec::new();
    for instance in instances {
        match refresh::update(&instance.distribution(), &cache, Arc::clone(&fetch), world.now) {
            Ok(refreshed) => output::print(said(*instance, &refreshed).as_bytes())?,
            Err(error) => {
                output::complain(&format!("error: {error}"));
                codes.push(code(&error));
            }
        }
    }
    // What does not verify says more than an outage.
    Ok(codes.into_iter().min().unwrap_or(0))
}

fn said(instance: Instance, refreshed: &Refreshed) -> String {
    let (version, expires) = (refreshed.timestamp_version, refreshed.expires);
    let sha256 = Sha256::of(&refreshed.bytes);
    format!("{}: refreshed to version {version}, counts until {expires}, sha256 {sha256}\n", instance.name())
}

/// Files of a TUF repository, through the one client and its rules.
fn fetch_through(transport: Arc<dyn Transport>) -> Fetch {
    Arc::new(move |url, max_bytes| {
        let max_bytes = usize::try_from(max_bytes).unwrap_or(usize::MAX);
        let request = Request { method: Method::Get, url, max_bytes, accept: Accept::Bytes, token: None };
        match transport.fetch(&request) {
            Ok(answer) => Ok(Some(answer.bytes)),
            // Object stores answer 403 for what is not there. A root that is held back so is one that expires.
            Err(TransportError::Status { status: 403 | 404 | 410, .. }) => Ok(None),
            Err(error) => Err(error.reason()),
        }
    })
}

/// An outage is worth another try; what does not verify is not.
fn code(error: &RefreshError) -> u8 {
    match error {
        RefreshError::Unavailable { .. } => Verdict::Undetermined.exit_code(),
        RefreshError::Refused { .. } | RefreshError::Expired { .. } | RefreshError::Cache { .. } => 2,
    }
}

/// What would be trusted, and why.
fn status(format: PlumbingFormat, world: &World) -> Result<u8, Failure> {
    let rows = Instance::ALL.into_iter().map(|instance| (instance, row(instance, world)));
    // Nobody trusts the staging instance who did not ask for it.
    let asked_for =
        |(instance, row): &(Instance, Value)| *instance != Instance::Staging || row["origin"] == "cached";
    let all: Vec<Value> = rows.filter(asked_for).map(|(_, row)| row).collect();
    let text = match format {
        PlumbingFormat::Json => format!("{:#}\n", json!(all)),
        PlumbingFormat::Human => all.iter().map(human).collect(),
    };
    output::print(text.as_bytes())?;
    Ok(0)
}

fn row(instance: Instance, world: &World) -> Value {
    let name = instance.name();
    let kept = world
        .cache
        .clone()
        .map(|folder| refresh::load(&instance.distribution(), &Cache::at(folder), world.now));
    let (note, refreshed) = match kept {
        None => (Some("there is no cache folder; set RELCHECK_CACHE".to_owned()), None),
        Some(Ok(None)) => (Some("never refreshed; run `relcheck trust update`".to_owned()), None),
        Some(Ok(found)) => (None, found),
        Some(Err(error)) => (Some(format!("{error}; run `relcheck trust update`")), None),
    };
    match refreshed {
        Some(it) => json!({
            "name": name, "origin": "cached", "sha256": Sha256::of(&it.bytes).to_string(),
            "expires": it.expires.to_string(), "version": it.timestamp_version,
            "days_left": (it.expires - world.now).get_hours() / 24, "note": note,
        }),
        None => json!({
            "name": name, "origin": "embedded",
            "sha256": Sha256::of(instance.embedded().as_bytes()).to_string(),
            "expires": null, "version": null, "days_left": null, "note": note,
        }),
    }
}

fn human(row: &Value) -> String {
    let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let until = match (row["expires"].as_str(), row["days_left"].as_i64()) {
        (Some(at), Some(days)) => {
            format!(", counts until {at} ({})", count(usize::try_from(days).unwrap_or(0), "day", "days"))
        }
        _ => format!(", built into relcheck {}", env!("CARGO_PKG_VERSION")),
    };
    let note = row["note"].as_str().map(|note| format!("  {note}\n")).unwrap_or_default();
    format!("{}: {}{until}\n  sha256 {}\n{note}", text("name"), text("origin"), text("sha256"))
}
