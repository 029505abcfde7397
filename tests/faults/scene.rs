//! Releases on forges, and the program that judges them over TLS.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use relcheck::release::Forge;

use crate::authority::Authority;
use crate::http::{Asked, faithful};
use crate::kit::ISSUER;
use crate::kit::forge::{Player, TAG, host};
use crate::kit::release::Release;
use crate::run::command;
use crate::server::{Internet, Play, Step};
use crate::stage::{AS_OF, Stage};

/// How long the program may take to ask everything, in seconds.
pub const WHOLE_RUN: u64 = 6;

/// The forges.
pub const KINDS: [Forge; 4] = [Forge::Github, Forge::Gitlab, Forge::Forgejo, Forge::Gitea];

/// A release that was written, on a forge.
pub struct Scene {
    /// The folder of the release.
    pub stage: Stage,
    /// The forge that shows it.
    pub player: Arc<Player>,
}

impl Scene {
    /// That release on a forge of that kind.
    pub fn set(release: &Release, kind: Forge) -> Self {
        Self::over(release, kind, |_, _| {})
    }

    /// The same with something else about it.
    pub fn over(release: &Release, kind: Forge, change: impl FnOnce(&Stage, &mut Player)) -> Self {
        let stage = Stage::set(&Release { host: host(kind).to_owned(), ..release.clone() });
        let mut player = Player::of(kind, &stage.written.repository(), &stage.written.published());
        change(&stage, &mut player);
        write(stage.folder.path(), "policy.toml", &policy(&player));
        write(stage.folder.path(), "ca.pem", &Authority::get().pem);
        Self { stage, player: Arc::new(player) }
    }

    /// The folder that the program stands in.
    pub fn folder(&self) -> &Path {
        self.stage.folder.path()
    }

    /// The program that judges it as `internet` shows it.
    pub fn verify(&self, internet: &Internet) -> Command {
        let mut command = self.judge();
        command.args(["--repo", &self.player.name().to_string()]);
        through(&mut command, internet);
        command
    }

    /// The program that judges it as it lies in the folder.
    pub fn verify_here(&self) -> Command {
        let mut command = self.judge();
        command.args(["--offline", "--repo", "widget.git", "--assets", "published"]);
        command
    }

    fn judge(&self) -> Command {
        let mut command = command(self.folder());
        command.args(["verify", TAG, "--policy", "policy.toml", "--as-of", AS_OF, "--format", "json"]);
        command.args(["--trusted-root", "trusted_root.json", "--advisories", "advisories"]);
        command
    }

    /// The forge, behaving well.
    pub fn good(&self) -> Internet {
        Internet::of(Good(Arc::clone(&self.player)))
    }
}

/// The way to the network that the program is told.
pub fn through(command: &mut Command, internet: &Internet) {
    command.env("HTTPS_PROXY", internet.proxy()).env("RELCHECK_CA_BUNDLE", "ca.pem");
}

/// A forge that behaves well.
pub struct Good(pub Arc<Player>);

impl Play for Good {
    fn answer(&self, asked: &Asked) -> Vec<Step> {
        vec![Step::Say(faithful(&self.0, asked).bytes())]
    }
}

/// A policy that names the maker outright, so that it is the same for every forge.
fn policy(player: &Player) -> String {
    let (host, name) = (player.host(), player.name());
    let signer = format!("https://{host}/acme/widget/.github/workflows/release.yml@refs/tags/v*");
    // What kind of forge a host of one's own is, only the policy can say.
    let forge = if player.kind == Forge::Gitea { "forge = \"gitea\"\n" } else { "" };
    format!(
        "name = \"mirror\"\nrepository = \"{name}\"\n{forge}\
         [network]\nwhole-run = {WHOLE_RUN}\nrequest = 3\nread = 2\n\
         [rules.signatures]\nderive = false\n\
         [[rules.signatures.identity]]\nissuer = \"{ISSUER}\"\nsubject = \"{signer}\"\n\
         [rules.provenance]\nderive = false\n\
         [[rules.provenance.builder]]\nissuer = \"{ISSUER}\"\nsigner = \"{signer}\"\n\
         id = \"https://github.com/actions/runner/github-hosted\"\nlevel = 2\n"
    )
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}
