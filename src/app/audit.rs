//! `relcheck audit`: every supported release of a repository, judged by the same line as one.
//!
//! Supported are the latest and the previous release, and the newest of every line that the security policy supports. What
//! of the policy is not understood, each report says.

use super::{
    Failure, World,
    inputs::{self, Inputs, Where},
    output, promises,
    verify::{self, Gathering},
};
use crate::{
    cli,
    collect::{Assets, SHALLOW, git::Repository},
    evaluate::evaluate,
    outcome::Verdict,
    report::{self, Format, Report},
    security_policy::{self, latest_and_previous},
    text::{Untrusted, count},
};
use jiff::Timestamp;
use std::path::Path;

/// The most releases that one audit judges.
const MOST_RELEASES: usize = 50;

/// Judges every supported release, and exits with the code of the worst.
pub fn audit(args: &cli::Audit, world: &World) -> Result<u8, Failure> {
    if args.format == Format::Vsa {
        return Err(Failure::start("an audit has no single subject to state a verification summary about")
            .help("use `relcheck verify TAG --format vsa` for each release"));
    }
    let inputs = Inputs::read(&args.by, world)?;
    if let Some(folder) = args.assets.as_deref().filter(|folder| !world.folder.join(folder).is_dir()) {
        let shown = Untrusted::new(folder.to_string_lossy());
        return Err(Failure::start(format!("--assets {shown} is not a folder"))
            .help("pass a folder that holds a folder for each release, called like its tag"));
    }
    let repository = super::checkout(args.repo.as_deref(), world)?;
    let tags = supported(&repository, inputs.as_of)?;
    if tags.is_empty() {
        return Err(Failure::undetermined(
            "nothing is published: the repository has no release tag to judge",
        )
        .help("fetch the tags (git fetch --tags), or publish a release (git tag -s v1.0.0)"));
    }
    let network = inputs.network(&args.by, world);
    let gathering = Gathering::to_judge(&inputs, &network, world);
    let mut reports = Vec::new();
    for tag in &tags {
        let assets = assets_of(args.assets.as_deref(), tag, world);
        let mut evidence = gathering.gather(tag, Where::Path(repository.clone()), assets)?;
        if reports.is_empty() {
            verify::hold_to_its_repository(&inputs, &evidence, args.repo.is_some())?;
        }
        inputs.distrust_the_future(&mut evidence, world);
        reports.push(evaluate(&evidence, &inputs.trust, &inputs.policy, inputs.as_of));
    }
    output::print(render(&reports, args.format, world).as_bytes())?;
    let worst = reports.iter().map(|report| report.verdict).max().unwrap_or(Verdict::Undetermined);
    Ok(worst.exit_code())
}

/// The tags of the latest and the previous release, and of what the security policy promises besides.
fn supported(repository: &Path, as_of: Timestamp) -> Result<Vec<String>, Failure> {
    let repository = Repository::open(repository).map_err(|e| inputs::git_failure(repository, &e))?;
    if repository.is_shallow().map_err(|e| Failure::because(&e))? {
        return Err(Failure::undetermined(format!("which releases are supported cannot be told: {SHALLOW}")));
    }
    let tags = repository.tags().map_err(|e| Failure::because(&e))?;
    let name = repository.origin();
    let names: Vec<&str> = tags.records.iter().map(|tag| tag.name.raw()).collect();
    let mut supported = latest_and_previous(names.iter().copied(), name.as_ref().map(|name| name.name()));
    if let Some(policy) = promises::read(&repository) {
        let promised = security_policy::promised(&policy, &names, as_of);
        supported.extend(promised.into_iter().filter(|tag| !supported.contains(tag)).collect::<Vec<_>>());
    }
    match supported.len() {
        0..=MOST_RELEASES => Ok(supported),
        n => Err(Failure::undetermined(format!("{n} releases are supported, more than {MOST_RELEASES}"))
            .help("judge them one by one with `relcheck verify TAG`")),
    }
}

/// The published files of one release: the folder called like its tag, where a folder was given.
fn assets_of(folder: Option<&Path>, tag: &str, world: &World) -> Option<Assets> {
    let folder = folder?;
    // A tag may hold slashes; it may not leave the folder.
    let plain = tag.split('/').all(|part| !part.is_empty() && !matches!(part, "." | ".."));
    let of_tag = world.folder.join(folder).join(tag);
    Some(match plain && of_tag.is_dir() {
        true => Assets::Folder(of_tag),
        false => {
            let shown = Untrusted::new(folder.join(tag).to_string_lossy());
            let why = format!(
                "there is no folder {shown}: --assets of an audit names the folder that holds one for each release, called \
                 like its tag"
            );
            Assets::None(why.into())
        }
    })
}

fn render(reports: &[Report], format: Format, world: &World) -> String {
    if format == Format::Json {
        let all: Vec<String> = reports.iter().map(report::json::render).collect();
        let indented = all.join(",").trim_end().replace("\n,", ",\n").replace('\n', "\n    ");
        return format!(
            "{{\n  \"schema\": \"relcheck.audit/v1\",\n  \"releases\": [\n    {indented}\n  ]\n}}\n"
        );
    }
    let style = output::style(world);
    let mut text = String::new();
    for report in reports {
        text.push_str(&output::render(report, format, &style));
        text.push('\n');
    }
    for report in reports {
        let tag = Untrusted::new(&report.release.tag);
        text.push_str(&format!("{:<14} {tag}\n", report.verdict.word()));
    }
    let of = |verdict: Verdict| reports.iter().filter(|report| report.verdict == verdict).count();
    let (verified, rejected) = (of(Verdict::Verified), of(Verdict::Rejected));
    let undetermined = of(Verdict::Undetermined);
    let all = count(reports.len(), "supported release", "supported releases");
    text.push_str(&format!("{all}: {verified} verified, {rejected} rejected, {undetermined} undetermined\n"));
    text
}
