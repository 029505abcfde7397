//! `relcheck verify` and `relcheck collect`: one release, from a command to a verdict.

use super::{
    Failure, World,
    advisories::Opening,
    forge::{self, NamedBy},
    inputs::{self, Inputs, Where},
    online::{self, Network},
    output, progress, waiting,
};
use crate::{
    advisories::database::Database,
    cli,
    collect::{
        self, Assets, CollectError, RepositoryAt, Request,
        forge::Api,
        git::{Repository, Source},
        waiting::Patience,
    },
    evaluate::evaluate,
    evidence::{
        Evidence, Item, Seen,
        pack::{self, PackError},
    },
    outcome::Verdict,
    proof,
    release::{Forge, RepositoryName},
    text::{self, Untrusted, count},
    trust::{Origin, SigstoreRoot, TrustRoots},
};
use std::{collections::BTreeSet, path::Path};

/// Judges one release, and prints the report.
pub fn verify(args: &cli::Verify, world: &World) -> Result<u8, Failure> {
    if args.trust_pack && args.evidence.is_none() {
        return Err(Failure::start("--trust-pack: there is no evidence pack to take trusted roots from")
            .help("name one with --evidence, or a trusted root with --trusted-root"));
    }
    let mut inputs = Inputs::read(&args.by, world)?;
    let mut evidence = match &args.evidence {
        Some(pack) => {
            // A pack is judged with its own advisories, and not with whatever the cache holds.
            // Waited for in any case: what is wrong with the refreshed index is said each time, or never.
            let databases = inputs.advisories.databases()?;
            let given = (!args.by.advisories.is_empty()).then_some(databases);
            let evidence = load(&world.folder.join(pack), &args.tag, given)?;
            inputs.trust = roots_for(&evidence, inputs.trust, args)?;
            evidence
        }
        None => {
            let network = inputs.network(&args.by, world);
            let patience = waiting::patience(args.from.wait, Some(&inputs.policy), &args.tag, inputs.as_of);
            let gathering = Gathering { patience, ..Gathering::to_judge(&inputs, &network, world) };
            let evidence = gathering.gather_as_told(&args.tag, &args.from)?;
            // What was waited for may be younger than the beginning of this run.
            if args.from.wait.is_some() && args.by.as_of.is_none() {
                inputs.as_of = network.later(inputs.as_of)?;
            }
            evidence
        }
    };
    let is_path = args.from.repo.as_deref().is_some_and(|repo| world.folder.join(repo).exists());
    hold_to_its_repository(&inputs, &evidence, is_path)?;
    if let Some(folder) = &args.save_evidence {
        save(&evidence, &world.folder.join(folder))?;
    }
    inputs.distrust_the_future(&mut evidence, world);
    let report = evaluate(&evidence, &inputs.trust, &inputs.policy, inputs.as_of);
    if args.by.as_of.is_some()
        && let Some(time) = evidence.tag_record.present().and_then(|record| record.time)
        && time > inputs.as_of
    {
        output::complain(&format!(
            "warning: {} is of {time}, after the moment judged ({}): it is judged with what was known before it was made",
            evidence.tag, inputs.as_of
        ));
    }
    let findings = report.checks.iter().flat_map(|outcome| &outcome.findings);
    for waiver in inputs.policy.unused_waivers(findings, inputs.as_of) {
        output::complain(&format!("note: a waiver matched no finding: {waiver}"));
    }
    let further: Vec<_> =
        args.output.iter().map(|(format, path)| (*format, world.folder.join(path))).collect();
    output::deliver(&report, args.format, &further, world)?;
    Ok(report.verdict.exit_code())
}

/// A policy about one repository is not for the releases of another one. Whoever names a path means that one, and hears
/// what it is taken for.
pub fn hold_to_its_repository(inputs: &Inputs, evidence: &Evidence, is_path: bool) -> Result<(), Failure> {
    match (&inputs.policy.repository, &evidence.repository) {
        (Some(meant), Some(found)) if meant != found && is_path => {
            output::complain(&format!(
                "note: this is a clone of {found}, judged as a mirror of {meant}, which the policy is about"
            ));
            Ok(())
        }
        (Some(meant), Some(found)) if meant != found => Err(Failure::start(format!(
            "the policy is about {meant}, and this is a repository of {found}"
        ))
        .help("stand in the right checkout, name another policy, or pass the path of a mirror with --repo")),
        _ => Ok(()),
    }
}

/// Gathers the evidence about one release into a folder.
pub fn collect(args: &cli::Collect, world: &World) -> Result<u8, Failure> {
    let advisories = Opening::begin(&args.advisories, world);
    let trust = inputs::trust(&args.trusted_root, world)?;
    let network = Network::new(args.offline, world);
    let gathering = Gathering {
        forge: None,
        meant: None,
        advisories: &advisories,
        trust: &trust,
        network: &network,
        patience: waiting::patience(args.from.wait, None, &args.tag, world.now),
        world,
    };
    let evidence = gathering.gather_as_told(&args.tag, &args.from)?;
    let files = evidence.published.present().map_or(0, |published| published.files.len());
    let say = |at: &Path| {
        let shown = Untrusted::new(at.to_string_lossy());
        let line = format!(
            "evidence about {}: {}, in {shown}\n",
            evidence.tag,
            count(files, "published file", "published files")
        );
        output::print(line.as_bytes())
    };
    if let Some(folder) = &args.save_evidence {
        save(&evidence, &world.folder.join(folder))?;
        say(folder)?;
    }
    if let Some(file) = &args.pack {
        save_file(&evidence, &world.folder.join(file))?;
        say(file)?;
    }
    match &evidence.published {
        Seen::Unavailable { reason } => {
            output::complain(&format!(
                "warning: the published files are not among it: {}",
                text::clean(reason)
            ));
            Ok(Verdict::Undetermined.exit_code())
        }
        Seen::Present(_) | Seen::Absent { .. } => Ok(0),
    }
}

fn save(evidence: &Evidence, folder: &Path) -> Result<(), Failure> {
    let shown = Untrusted::new(folder.to_string_lossy());
    pack::save(evidence, folder).map_err(|e| {
        Failure::start(format!("--save-evidence {shown}: {}", super::failure::chain(&e)))
            .help("name a folder that does not exist yet, in one that can be written to")
    })
}

fn save_file(evidence: &Evidence, file: &Path) -> Result<(), Failure> {
    let shown = Untrusted::new(file.to_string_lossy());
    pack::save_file(evidence, file).map_err(|e| {
        Failure::start(format!("--pack {shown}: {}", super::failure::chain(&e)))
            .help("name a file that does not exist yet, in a folder that can be written to")
    })
}

/// The roots that a pack is judged with: the verifier's own, unless those of the pack are asked for. Which, is said.
fn roots_for(evidence: &Evidence, own: TrustRoots, args: &cli::Verify) -> Result<TrustRoots, Failure> {
    if !args.trust_pack {
        let digests: BTreeSet<_> = own.sigstore().iter().map(SigstoreRoot::sha256).collect();
        if evidence.trusted_roots.iter().any(|item| !digests.contains(&item.sha256)) {
            output::complain(
                "note: judged with this machine's own trusted roots, which differ from those in the evidence pack \
                 (--trust-pack takes those)",
            );
        }
        return Ok(own);
    }
    if evidence.trusted_roots.is_empty() {
        return Err(Failure::start("--trust-pack: the evidence pack holds no trusted roots")
            .help("judge it with this machine's own roots, or name one with --trusted-root"));
    }
    let parse = |item: &Item| SigstoreRoot::parse(&item.origin, Origin::Pack, &item.bytes);
    let roots = evidence.trusted_roots.iter().map(parse).collect::<Result<_, _>>();
    output::complain(
        "note: judged with the trusted roots in the evidence pack: whoever made it chose whom to trust",
    );
    Ok(own.with_sigstore(roots.map_err(|e| Failure::because(&e))?))
}

/// What the evidence is gathered with, besides the tag.
pub struct Gathering<'a> {
    /// The kind of forge that the policy says the repository is on.
    pub forge: Option<Forge>,
    /// The repository that the policy is about.
    pub meant: Option<&'a RepositoryName>,
    /// The advisory databases.
    pub advisories: &'a Opening,
    /// The verifier's roots and keys.
    pub trust: &'a TrustRoots,
    /// The network.
    pub network: &'a Network<'a>,
    /// What is waited for on a forge, and how long.
    pub patience: Option<Patience>,
    /// What the program is told by its surroundings.
    pub world: &'a World,
}

impl<'a> Gathering<'a> {
    /// What a release is gathered with that is then judged.
    pub fn to_judge(inputs: &'a Inputs, network: &'a Network<'a>, world: &'a World) -> Self {
        Self {
            forge: inputs.policy.forge,
            meant: inputs.policy.repository.as_ref(),
            advisories: &inputs.advisories,
            trust: &inputs.trust,
            network,
            patience: None,
            world,
        }
    }

    /// The evidence about `tag`, from where the command line says.
    fn gather_as_told(&self, tag: &str, from: &cli::Source) -> Result<Evidence, Failure> {
        let place = inputs::place(from.repo.as_deref(), self.world)?;
        let assets =
            inputs::assets(from.assets.as_deref(), from.digests.as_deref(), self.network, self.world)?;
        self.gather(tag, place, assets)
    }

    /// The evidence about `tag` of a repository; its published files from its forge where they are not given.
    pub fn gather(&self, tag: &str, place: Where, assets: Option<Assets>) -> Result<Evidence, Failure> {
        let name = match &place {
            Where::Name(name) => Some((name.clone(), NamedBy::User)),
            Where::Path(path) => self.name_of(path),
        };
        let assets = match (assets, &name) {
            (Some(assets), _) => assets,
            (None, Some((name, by))) => self.on_forge(name, *by)?,
            (None, None) => Assets::None(
                "no published files were given, and nothing says which forge has them; pass --assets DIR or \
                 --digests FILE"
                    .into(),
            ),
        };
        let (repository, repository_name) = match &place {
            Where::Path(path) => (RepositoryAt::Folder(path.clone()), None),
            Where::Name(name) => (RepositoryAt::Forge(self.git_of(name)?), Some(name.clone())),
        };
        let is_fetched = matches!(repository, RepositoryAt::Forge(_))
            || matches!(assets, Assets::Forge(_) | Assets::Index { .. });
        if is_fetched {
            // Of a database that cannot be used, nobody wants to hear after a long download.
            self.advisories.databases()?;
        }
        let request = Request {
            repository,
            repository_name,
            tag: tag.to_owned(),
            assets,
            advisories: self.advisories,
            frames: &|name, bytes| proof::frames(name, bytes, self.trust.keys()),
            now: self.world.now,
        };
        let mut evidence = collect::gather(request).map_err(|error| match &error {
            CollectError::TagMissing { nearest, .. } => {
                Failure::because(&error).help(missing_tag_help(&place, nearest.is_empty()))
            }
            CollectError::Git(error) => match &place {
                Where::Path(path) => inputs::git_failure(path, error),
                Where::Name(name) if self.network.is_offline() => {
                    inputs::git_failure(Path::new("."), error).help(format!(
                        "or, without a network, bring a clone ({}) and the published files here: --repo PATH --assets DIR",
                        name.url()
                    ))
                }
                Where::Name(_) => inputs::git_failure(Path::new("."), error),
            },
            _ => Failure::because(&error),
        })?;
        self.advisories.databases()?;
        online::ask_logs(&mut evidence, self.trust.sigstore(), self.network)?;
        let kept = |root: &SigstoreRoot| Item::new(root.name(), root.bytes().to_vec());
        evidence.trusted_roots = self.trust.sigstore().iter().map(kept).collect();
        Ok(evidence)
    }

    /// The name of the repository of a checkout, and who says so.
    fn name_of(&self, path: &Path) -> Option<(RepositoryName, NamedBy)> {
        let origin = Repository::open(path).ok()?.origin();
        match (self.meant, origin) {
            // A checkout of another repository is refused later.
            (Some(meant), Some(origin)) if *meant != origin => None,
            (Some(meant), _) => Some((meant.clone(), NamedBy::User)),
            (None, origin) => Some((origin?, NamedBy::Checkout)),
        }
    }

    /// The release on the forge of a repository.
    fn on_forge(&self, name: &RepositoryName, by: NamedBy) -> Result<Assets, Failure> {
        let Some(kind) = forge::kind(name, self.forge) else {
            return Ok(Assets::None(
                "no published files were given, and what kind of forge the repository is on, only the policy can say \
                 (forge = \"gitlab\", for example); or pass --assets DIR or --digests FILE"
                    .into(),
            ));
        };
        if self.network.is_offline() {
            return Ok(Assets::None(
                "no published files were given, and --offline asks no forge for them; pass --assets DIR or \
                 --digests FILE"
                    .into(),
            ));
        }
        let transport = self.network.transport()?;
        output::complain(&format!("note: fetching the release from {}", name.host()));
        let secret = forge::secret(kind, name.host(), by, self.world);
        let api = Api::new(kind, name.clone(), secret.as_ref(), transport);
        Ok(Assets::Forge(api.waiting(self.patience.clone()).telling(progress::of(self.world))))
    }

    /// The repository on its forge.
    fn git_of(&self, name: &RepositoryName) -> Result<Source, Failure> {
        let transport = self.network.transport()?;
        let kind = forge::kind(name, self.forge);
        let secret = kind.and_then(|kind| {
            Some(forge::secret(kind, name.host(), NamedBy::User, self.world)?.for_git(kind, name.host()))
        });
        Ok(Source { url: name.url(), token: secret, transport })
    }
}

/// What to do about a tag that is not there.
fn missing_tag_help(place: &Where, is_like_none: bool) -> &'static str {
    match (place, is_like_none) {
        (Where::Name(_), _) => "push the tag (git push origin TAG), or name one that the forge lists",
        (Where::Path(_), false) => {
            "fetch the tags (git fetch --tags): those of a new release may not be here yet"
        }
        (Where::Path(_), true) => {
            "fetch the tags (git fetch --tags): those of a new release may not be here yet; none here has a name like it \
             (git tag lists them)"
        }
    }
}

/// Why a pack is not judged, and what to do.
fn pack_failure(pack: &Path, error: &PackError) -> Failure {
    let shown = Untrusted::new(pack.to_string_lossy());
    let failure = Failure::start(format!("--evidence {shown}: {}", super::failure::chain(error)));
    match error {
        PackError::Nowhere => failure.help("name the folder or file that `relcheck collect` wrote"),
        PackError::NoManifest => failure.help(
            "name the folder or file that `relcheck collect` wrote; where that was interrupted, collect the evidence anew",
        ),
        _ => failure
            .help("collect the evidence anew (relcheck collect): a pack that was changed is not judged"),
    }
}

/// A saved evidence pack about `tag`; databases that were given replace those in the pack.
fn load(folder: &Path, tag: &str, advisories: Option<&[Database]>) -> Result<Evidence, Failure> {
    let mut evidence = pack::load(folder).map_err(|e| pack_failure(folder, &e))?;
    if evidence.tag.raw() != tag {
        let (found, asked) = (&evidence.tag, Untrusted::new(tag));
        return Err(Failure::start(format!("the evidence pack is about {found}, not {asked}"))
            .help(format!("judge it as {found}, or collect the evidence about {asked}")));
    }
    match advisories {
        Some(databases) => {
            let tree = evidence.tree.present().cloned().unwrap_or_default();
            evidence.advisories = collect::snapshot(databases, &tree, &evidence.published, tag);
            output::complain("note: judged with the advisories given here, not those in the evidence pack");
        }
        None if evidence.advisories.present().is_some() => {
            output::complain("note: judged with the advisories in the evidence pack");
        }
        None => {}
    }
    Ok(evidence)
}
