//! `relcheck verify` and `relcheck collect`: one release, from a command to a verdict.

use super::{
    Failure, World,
    inputs::{self, Inputs},
    online::{self, Network},
    output,
};
use crate::{
    advisories::database::Database,
    cli,
    collect::{self, Assets, CollectError, Request},
    evaluate::evaluate,
    evidence::{Evidence, Seen, pack},
    proof,
    text::Untrusted,
    trust::TrustRoots,
};
use jiff::Timestamp;
use std::path::Path;

/// Judges one release, and prints the report.
pub fn verify(args: &cli::Verify, world: &World) -> Result<u8, Failure> {
    let inputs = Inputs::read(&args.by, world)?;
    let evidence = match &args.evidence {
        Some(pack) => load(&world.folder.join(pack), &args.tag, inputs.advisories.as_ref())?,
        None => {
            let network = Network::new(args.by.offline);
            let (advisories, trust) = (inputs.advisories.as_ref(), &inputs.trust);
            gather(&args.tag, &args.from, advisories, trust, &network, world)?
        }
    };
    // Whoever names the path of a repository means that one; otherwise it must be the one that the policy is about.
    if args.from.repo.is_none() {
        refuse_other_repository(&inputs, &evidence)?;
    }
    if let Some(folder) = &args.save_evidence {
        save(&evidence, &world.folder.join(folder))?;
    }
    let report = evaluate(&evidence, &inputs.trust, &inputs.policy, inputs.as_of);
    let findings = report.checks.iter().flat_map(|outcome| &outcome.findings);
    for waiver in inputs.policy.unused_waivers(findings, inputs.as_of) {
        output::complain(&format!("note: a waiver matched no finding: {waiver}"));
    }
    let further: Vec<_> =
        args.output.iter().map(|(format, path)| (*format, world.folder.join(path))).collect();
    output::deliver(&report, args.format, &further, world)?;
    Ok(report.verdict.exit_code())
}

/// A policy about one repository is not for the releases of another one.
pub fn refuse_other_repository(inputs: &Inputs, evidence: &Evidence) -> Result<(), Failure> {
    match (&inputs.policy.repository, &evidence.repository) {
        (Some(meant), Some(found)) if meant != found => Err(Failure::start(format!(
            "the policy is about {meant}, and this is a repository of {found}"
        ))
        .help("stand in the right checkout, name another policy, or pass the path of a mirror with --repo")),
        _ => Ok(()),
    }
}

/// Gathers the evidence about one release into a folder.
pub fn collect(args: &cli::Collect, world: &World) -> Result<u8, Failure> {
    let advisories = args.advisories.as_deref().map(inputs::database).transpose()?;
    let trust = inputs::trust(&[], world)?;
    let network = Network::new(args.offline);
    let evidence = gather(&args.tag, &args.from, advisories.as_ref(), &trust, &network, world)?;
    let folder = world.folder.join(&args.save_evidence);
    save(&evidence, &folder)?;
    let files = evidence.published.present().map_or(0, |published| published.files.len());
    let shown = Untrusted::new(args.save_evidence.to_string_lossy());
    output::print(
        format!("evidence about {}: {files} published files, in {shown}\n", evidence.tag).as_bytes(),
    )?;
    Ok(0)
}

fn save(evidence: &Evidence, folder: &Path) -> Result<(), Failure> {
    let shown = Untrusted::new(folder.to_string_lossy());
    pack::save(evidence, folder).map_err(|e| {
        Failure::start(format!("--save-evidence {shown}: {}", super::failure::chain(&e)))
            .help("name a folder that does not exist yet, in one that can be written to")
    })
}

/// The evidence about `tag`, from a repository and a folder here.
fn gather(
    tag: &str,
    from: &cli::Source,
    advisories: Option<&Database>,
    trust: &TrustRoots,
    network: &Network,
    world: &World,
) -> Result<Evidence, Failure> {
    let repository = inputs::repository(from.repo.as_deref(), world)?;
    let assets = inputs::assets(from.assets.as_deref(), from.digests.as_deref(), world)?;
    gather_from(&repository, tag, assets, advisories, trust, network, world.now)
}

/// The evidence about `tag`, from a repository and its published files.
pub fn gather_from(
    repository: &Path,
    tag: &str,
    assets: Assets,
    advisories: Option<&Database>,
    trust: &TrustRoots,
    network: &Network,
    now: Timestamp,
) -> Result<Evidence, Failure> {
    let request = Request {
        repository_path: repository.to_owned(),
        repository_name: None,
        tag: tag.to_owned(),
        assets,
        advisories: advisories.map_or(&[], std::slice::from_ref),
        frames: &|name, bytes| proof::frames(name, bytes, trust.keys()),
        now,
    };
    let mut evidence = collect::gather(request).map_err(|error| match &error {
        CollectError::TagMissing { nearest, .. } if nearest.is_empty() => Failure::because(&error)
            .help("no tag has a name like it; list them (git tag), or fetch them (git fetch --tags)"),
        CollectError::Git(error) => inputs::git_failure(repository, error),
        _ => Failure::because(&error),
    })?;
    online::ask_logs(&mut evidence, trust.sigstore(), network);
    Ok(evidence)
}

/// A saved evidence pack about `tag`; the verifier's own database replaces the one in the pack.
fn load(folder: &Path, tag: &str, advisories: Option<&Database>) -> Result<Evidence, Failure> {
    let mut evidence = pack::load(folder).map_err(|e| {
        let shown = Untrusted::new(folder.to_string_lossy());
        Failure::start(format!("--evidence {shown}: {}", super::failure::chain(&e)))
            .help("collect the evidence anew (relcheck collect): a pack that was changed is not judged")
    })?;
    if evidence.tag.raw() != tag {
        let (found, asked) = (&evidence.tag, Untrusted::new(tag));
        return Err(Failure::start(format!("the evidence pack is about {found}, not {asked}"))
            .help(format!("judge it as {found}, or collect the evidence about {asked}")));
    }
    match advisories {
        Some(database) => {
            let tree = evidence.tree.present().cloned().unwrap_or_default();
            evidence.advisories = Seen::Present(collect::snapshot(database, &tree));
            output::complain("note: judged with the advisories given here, not those in the evidence pack");
        }
        None if evidence.advisories.present().is_some() => {
            output::complain("note: judged with the advisories in the evidence pack");
        }
        None => {}
    }
    Ok(evidence)
}
