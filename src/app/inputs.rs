//! The verifier's side of a judgement: policy, roots of trust, databases, and the place where the release is.

use super::{Failure, World, advisories::Opening, files, online::Network, output, route};
use crate::{
    cli::Judgement,
    collect::{
        self,
        git::{FormatError, GitError},
        index::{Index, IndexAt, MAX_INDEX},
        transport,
    },
    digest::Digest,
    evidence::{Evidence, Seen},
    facts::checksum_file::{ChecksumFile, looks_like_checksum_file},
    policy::{BUILT_IN, MAX_POLICY, Policy, PolicyError},
    proof::openpgp::is_cleartext,
    release::RepositoryName,
    text::{self, Untrusted},
    trust::{Instance, MAX_KEY, MAX_TRUSTED_ROOT, Origin, SigstoreRoot, TrustRoots},
};
use jiff::Timestamp;
use std::{
    borrow::Cow,
    fmt,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The policy that applies where none is named.
const HERE: &str = "relcheck.toml";
/// What to do about a trusted root that cannot be used.
const TRUSTED_ROOT_HELP: &str = "--trusted-root takes a trusted_root.json; without it, the public Sigstore instance and GitHub's are trusted";
/// The largest list of digests, in bytes.
const MAX_DIGESTS: u64 = 5 << 20;

/// Everything that a release is judged by.
pub struct Inputs {
    /// The policy.
    pub policy: Arc<Policy>,
    /// The roots of trust, with the keys of the policy.
    pub trust: TrustRoots,
    /// The moment judged.
    pub as_of: Timestamp,
    /// The advisory databases that were given, or else the refreshed index.
    pub advisories: Opening,
}

impl Inputs {
    /// Reads them all, so that nothing is judged when one of them is wrong. The databases are still being opened then.
    pub fn read(by: &Judgement, world: &World) -> Result<Self, Failure> {
        let as_of = by.as_of.unwrap_or(world.now);
        let advisories = Opening::begin(&by.advisories, world);
        let (policy, trust) = policy_and_trust(by, as_of, world)?;
        Ok(Self { policy: Arc::new(policy), trust, as_of, advisories })
    }

    /// Takes the dates from advisory databases that are dated in the future, and says so: nobody knows how old they are.
    pub fn distrust_the_future(&self, evidence: &mut Evidence, world: &World) {
        let Seen::Present(snapshot) = &mut evidence.advisories else { return };
        for name in snapshot.distrust_dates_after(world.now.max(self.as_of)) {
            output::complain(&format!(
                "warning: the {} database is dated in the future, so that its date does not count",
                Untrusted::new(name)
            ));
        }
    }

    /// The network, as far as the policy lets it reach.
    pub fn network<'a>(&self, by: &Judgement, world: &'a World) -> Network<'a> {
        let internal = route::internal_host(by, &self.policy);
        Network::new(by.offline, world).reaching(internal).within(route::limits(self.policy.network))
    }
}

/// The policy, and the roots of trust with its keys.
fn policy_and_trust(
    by: &Judgement,
    as_of: Timestamp,
    world: &World,
) -> Result<(Policy, TrustRoots), Failure> {
    let policy = policy(by.policy.as_deref(), world)?;
    for waiver in policy.expired_waivers(as_of) {
        output::complain(&format!("warning: a waiver has ended and no longer counts: {waiver}"));
    }
    let keys = policy.keys().map_err(|e| Failure::because(&e))?;
    let tag_keys = policy.tag_keys().map_err(|e| Failure::because(&e))?;
    let trust = trust(&by.trusted_root, world)?.with_keys(keys).with_tag_keys(tag_keys);
    Ok((policy, trust))
}

/// The policy called `name`, or in the file `name`, which has a folder or an ending; without a name, the one beside the user, or the default.
pub fn policy(name: Option<&str>, world: &World) -> Result<Policy, Failure> {
    let path = match name {
        // A bare word is a name: a file that a checkout brings along cannot pass for one that is built in.
        Some(name) if !name.contains(['/', '.', std::path::MAIN_SEPARATOR]) => {
            let failure = match Policy::built_in(name) {
                Ok(policy) => return Ok(policy),
                Err(error) => Failure::because(&error),
            };
            return Err(match world.folder.join(name).exists() {
                true => {
                    failure.help(format!("to be judged by the file of that name, say so: --policy ./{name}"))
                }
                false => failure,
            });
        }
        Some(name) => PathBuf::from(name),
        None if world.folder.join(HERE).exists() => {
            // What lies in a checkout may have come with it.
            let whose = match checkout_around(&world.folder) {
                Ok(_) => ", which lies in a git checkout: whoever can change that decides what is required",
                Err(_) => "",
            };
            output::complain(&format!(
                "note: judged by {HERE} in this folder{whose}; name another policy with --policy"
            ));
            PathBuf::from(HERE)
        }
        None => {
            if let Some(above) = policy_above(&world.folder) {
                let shown = Untrusted::new(above.to_string_lossy());
                output::complain(&format!(
                    "note: judged by the default policy, and not by {shown}: only {HERE} in the folder you stand in is \
                     taken; pass --policy {shown} to be judged by that"
                ));
            }
            return Policy::built_in("default").map_err(|e| Failure::because(&e));
        }
    };
    let file = world.folder.join(&path);
    let known = BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let text = files::read_text("policy", &file, MAX_POLICY).map_err(|failure| {
        failure.help(format!("pass a policy file, or the name of one that is built in: {known}"))
    })?;
    let shown = path.to_string_lossy();
    let mut policy = Policy::parse(&shown, &text).map_err(|e| {
        Failure::start(super::failure::chain(&e)).help(
            "docs/policy.md explains every key; `relcheck policy show default` prints a policy with comments",
        )
    })?;
    let folder = file.parent().unwrap_or_else(|| Path::new(".")).to_owned();
    let read = |key: &str| {
        files::read_capped(&folder.join(key), MAX_KEY)?
            .ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "it is too large for a key"))
    };
    policy.read_keys(&shown, read).map_err(|e| key_failure(&e, &folder))?;
    Ok(policy)
}

/// Why a key of the policy in `folder` cannot be used; of a file that is not there, where it was looked for.
fn key_failure(error: &PolicyError, folder: &Path) -> Failure {
    let failure = Failure::because(error);
    match error {
        PolicyError::KeyFile { file, source, .. } if source.kind() == ErrorKind::NotFound => {
            let shown = Untrusted::new(folder.join(file.raw()).to_string_lossy());
            failure.help(format!(
                "a key file is looked for beside the policy, this one at {shown}: put it there, or write its path from that \
                 folder"
            ))
        }
        _ => failure,
    }
}

/// The policy of a folder further up in the same checkout, which somebody who stands below may take to be in effect.
fn policy_above(folder: &Path) -> Option<PathBuf> {
    let checkout = checkout_around(folder).ok()?;
    let above = folder.ancestors().skip(1).take_while(|above| above.starts_with(&checkout));
    above.map(|above| above.join(HERE)).find(|file| file.exists())
}

/// The trusted roots in `paths`; without any, those of the public instance and of GitHub's, each refreshed where that
/// still counts, else built in.
pub fn trust(paths: &[PathBuf], world: &World) -> Result<TrustRoots, Failure> {
    if !paths.is_empty() {
        return trust_files(paths);
    }
    let newest = |instance: Instance| match super::trust::cached(instance, world) {
        Some(root) => Ok(root),
        None => SigstoreRoot::embedded(instance).map_err(|e| Failure::because(&e)),
    };
    let roots = [Instance::PublicGood, Instance::GitHub].map(newest);
    Ok(TrustRoots::of(roots.into_iter().collect::<Result<_, _>>()?))
}

/// The trusted roots in `paths`.
pub fn trust_files(paths: &[PathBuf]) -> Result<TrustRoots, Failure> {
    let mut roots = Vec::new();
    for path in paths {
        let bytes =
            files::read("trusted root", path, MAX_TRUSTED_ROOT).map_err(|e| e.help(TRUSTED_ROOT_HELP))?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let read = SigstoreRoot::parse_all(&name, Origin::File, &bytes);
        roots.extend(read.map_err(|e| Failure::because(&e).help(TRUSTED_ROOT_HELP))?);
    }
    Ok(TrustRoots::of(roots))
}

/// Where the repository is: a path here or a name on a forge, as given, or the checkout that the user stands in.
pub enum Where {
    /// Here.
    Path(PathBuf),
    /// On a forge.
    Name(RepositoryName),
}

/// Where the repository is that was given.
pub fn place(given: Option<&str>, world: &World) -> Result<Where, Failure> {
    let Some(given) = given else { return checkout_around(&world.folder).map(Where::Path) };
    let path = world.folder.join(given);
    if path.exists() {
        return Ok(Where::Path(path));
    }
    // What is spelt as a path is one.
    let is_path = given.starts_with(['.', '/', '~']);
    let scheme = given.split_once("://").map(|(scheme, _)| scheme);
    if scheme.is_some_and(|scheme| !matches!(scheme, "https" | "ssh")) {
        let shown = Untrusted::new(transport::shown(given));
        return Err(Failure::start(format!("--repo {shown}: only https:// addresses are asked")).help(
            "pass the https:// address of the repository, OWNER/NAME or HOST/OWNER/NAME, or the path of a git checkout",
        ));
    }
    RepositoryName::parse(given).filter(|_| !is_path).map(Where::Name).ok_or_else(|| {
        Failure::start(format!("there is no repository at {}", Untrusted::new(given))).help(
            "pass the path of a git checkout, or the name of a repository: OWNER/NAME, HOST/OWNER/NAME or its URL",
        )
    })
}

/// The path of the repository, for what only a checkout can be asked.
pub fn repository(given: Option<&str>, world: &World) -> Result<PathBuf, Failure> {
    match place(given, world)? {
        Where::Path(path) => Ok(path),
        Where::Name(name) => Err(Failure::start(format!("{name} is not a folder here"))
            .help(format!("clone it (git clone {}), and pass the path with --repo", name.url()))),
    }
}

/// The checkout that `folder` lies in.
fn checkout_around(folder: &Path) -> Result<PathBuf, Failure> {
    folder.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned).ok_or_else(|| {
        Failure::start("you do not stand in a git checkout")
            .help("pass the path of the repository with --repo, or a saved evidence pack with --evidence")
    })
}

/// Why the repository at `path` could not be used, and what to do.
pub fn git_failure(path: &Path, error: &GitError) -> Failure {
    match error {
        GitError::NotARepository(cause) => {
            let shown = Untrusted::new(path.to_string_lossy());
            let mut message = format!("{shown} is not a git repository, or not one that can be read");
            // Where there is nothing of git, what the library says about that is of no use.
            if [".git", "HEAD"].iter().any(|part| path.join(part).exists()) {
                message.push_str(&format!(": {cause}"));
            }
            Failure::start(message).help("stand in a git checkout, or pass the path of one with --repo")
        }
        GitError::Format(FormatError::Sha256) => Failure::because(error),
        GitError::Format(FormatError::Extension { .. }) => Failure::because(error).help(
            "clone it without that extension (git clone --ref-format=files), and pass the path of the clone with --repo",
        ),
        GitError::Format(_) => {
            Failure::because(error).help("git refuses it as well: see what `git status` says of it")
        }
        GitError::TagName { .. } => Failure::because(error)
            .help("git allows no such name: give the tag exactly as `git tag` lists it, without refs/tags/"),
        GitError::Remote { .. } | GitError::Pack { .. } => {
            Failure::undetermined(super::failure::chain(error))
        }
        _ => Failure::because(error),
    }
}

/// Where the published files are, unless that is a forge.
pub fn assets(
    folder: Option<&Path>,
    digests: Option<&Path>,
    network: &Network<'_>,
    world: &World,
) -> Result<Option<collect::Assets>, Failure> {
    match (folder, digests) {
        (Some(given), _) => match given.to_str().and_then(|text| text.split_once("://")) {
            Some(("https", _)) => {
                indexed(IndexAt::Url(given.to_string_lossy().into_owned()), network).map(Some)
            }
            Some(_) => {
                let shown = Untrusted::new(given.to_string_lossy());
                Err(Failure::start(format!("--assets {shown}: only https is asked"))
                    .help("give the https URL of an index, or a folder with the published files"))
            }
            None => folder_or_index(&world.folder.join(given), network).map(Some),
        },
        (None, Some(file)) => {
            let file = world.folder.join(file);
            let entries = digest_list(&file)?;
            let name = file_name(&file);
            // A list of any other name is the verifier's own, and no file of the release.
            let list_is_published = looks_like_checksum_file(&name);
            Ok(Some(collect::Assets::Digests { entries, list: Some(file), list_is_published }))
        }
        (None, None) => Ok(None),
    }
}

/// The files in a folder, or those that an index lists.
fn folder_or_index(path: &Path, network: &Network<'_>) -> Result<collect::Assets, Failure> {
    if path.is_dir() {
        return Ok(collect::Assets::Folder(path.to_owned()));
    }
    let shown = Untrusted::new(path.to_string_lossy());
    if !path.is_file() {
        return Err(Failure::start(format!("--assets {shown} is not a folder")).help(
            "download the published files into a folder, and pass that; or pass an index of their addresses",
        ));
    }
    let bytes = files::read("--assets", path, MAX_INDEX as u64)?;
    let index = Index::parse(&format!("index:{}", file_name(path)), None, &bytes).map_err(|error| {
        Failure::start(format!("--assets {shown} is no index of published files: {}", error.why))
            .help("docs/network.md shows what an index looks like; a folder is taken too")
    })?;
    indexed(IndexAt::Here(index), network)
}

fn indexed(at: IndexAt, network: &Network<'_>) -> Result<collect::Assets, Failure> {
    if network.is_offline() {
        return Ok(collect::Assets::None(
            "the published files are at the addresses of an index, and --offline asks none of them; pass a folder"
                .into(),
        ));
    }
    Ok(collect::Assets::Index { at, transport: network.transport()? })
}

/// The last part of a path.
fn file_name(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

fn digest_list(file: &Path) -> Result<Vec<(String, Digest)>, Failure> {
    let bytes = files::read("--digests", file, MAX_DIGESTS)?;
    let name = file_name(file);
    let refuse = |why: &dyn fmt::Display| Failure::start(format!("--digests {}: {why}", text::clean(&name)));
    // What is in it, is told only of a signature that was verified, and that is done with evidence.
    if is_cleartext(&bytes) {
        return Err(refuse(&"it is a cleartext-signed message, and digests are taken from a plain list alone").help(
            "pass the folder with the published files with --assets; or take the list out of it (gpg --output FILE \
             --decrypt), and pass that",
        ));
    }
    let list = ChecksumFile::parse(&name, &bytes).map_err(|error| refuse(&error))?;
    Ok(list.entries().iter().map(|entry| (entry.name.clone(), entry.digest.clone())).collect())
}
