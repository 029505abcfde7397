//! `relcheck policy`: write one, check one, show one.

use super::{Failure, World, inputs, output};
use crate::{cli::PolicyCommand, collect::git::Repository, policy::Policy, release::RepositoryName};
use std::path::Path;

const FILE: &str = "relcheck.toml";

/// Runs one of the policy commands.
pub fn run(command: &PolicyCommand, world: &World) -> Result<u8, Failure> {
    match command {
        PolicyCommand::Init { repo, print } => init(repo.as_deref(), *print, world),
        PolicyCommand::Check { policy } => {
            let policy = inputs::policy(Some(policy), world)?;
            output::print(
                format!("{}: a policy that can be used (sha256 {})\n", policy.name, policy.sha256).as_bytes(),
            )?;
            Ok(0)
        }
        PolicyCommand::Show { policy } => {
            let policy = inputs::policy(policy.as_deref(), world)?;
            output::print(policy.text.as_bytes())?;
            Ok(0)
        }
    }
}

fn init(repo: Option<&str>, print: bool, world: &World) -> Result<u8, Failure> {
    let path = inputs::repository(repo, world)?;
    let origin = Repository::open(&path).map_err(|e| inputs::git_failure(&path, &e))?.origin();
    let text = draft(origin.as_ref());
    debug_assert!(Policy::parse(FILE, &text).is_ok(), "a policy that relcheck writes can be read");
    if print {
        output::print(text.as_bytes())?;
        return Ok(0);
    }
    let file = world.folder.join(FILE);
    if file.exists() {
        return Err(Failure::start(format!("{FILE} is already here, and is left as it is"))
            .help("print a fresh one with `relcheck policy init --print`"));
    }
    write_new(&file, &text)?;
    let derived = match &origin {
        None => "no remote called origin says whose repository this is: name it under repository".to_owned(),
        Some(name) if identity(name).is_some() => format!("signers and builders are derived for {name}"),
        Some(name) => format!(
            "nobody can be derived for {name}: name who may sign under [[rules.signatures.identity]] or \
             [[rules.signatures.key]]"
        ),
    };
    output::print(format!("wrote {FILE}; {derived}\n").as_bytes())?;
    Ok(0)
}

fn write_new(file: &Path, text: &str) -> Result<(), Failure> {
    output::write(file, text.as_bytes())
}

/// The default policy with this repository's name and identities written out.
fn draft(origin: Option<&RepositoryName>) -> String {
    let default = include_str!("../../policies/default.toml");
    let body = default.split_once("[levels]").map_or(default, |(_, body)| body);
    let name = origin.map_or("release", RepositoryName::name);
    let repository = origin.map_or_else(
        || "# repository = \"github.com/OWNER/NAME\"   # say whose releases these are".to_owned(),
        |name| format!("repository = \"{name}\""),
    );
    let identity = origin.and_then(identity).unwrap_or_default();
    format!(
        "# What a release must satisfy before it is trusted. Read by `relcheck verify` in this folder.\n\
         # `relcheck explain` lists every check and rule; `relcheck policy check` says whether this file can be used.\n\n\
         name = \"{name}\"\n{repository}\n\n\
         # How much each check matters: require (it must pass), warn (it is reported), skip.\n[levels]{body}{identity}"
    )
}

/// Who may sign, as it was derived, to be made exact.
fn identity(origin: &RepositoryName) -> Option<String> {
    let (issuer, subject) = match origin.host() {
        "github.com" => (
            crate::checks::identity::GITHUB_ISSUER,
            "https://github.com/{repository}/.github/workflows/release.yml@refs/tags/{tag}",
        ),
        "gitlab.com" => (
            crate::checks::identity::GITLAB_ISSUER,
            "https://gitlab.com/{repository}//.gitlab-ci.yml@refs/tags/{tag}",
        ),
        _ => return None,
    };
    Some(format!(
        "\n# Derived from the remote \"origin\" ({origin}): with derive = true every workflow of the repository may sign at\n\
         # the tag. To allow one workflow only, set derive = false above and uncomment this:\n#\n\
         # [[rules.signatures.identity]]\n# issuer = \"{issuer}\"\n# subject = \"{subject}\"\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_init_writes_can_be_used_and_names_the_repository() {
        for name in ["acme/widget", "gitlab.com/acme/tools/widget", "git.example.org/acme/widget"] {
            let origin = RepositoryName::parse(name);
            let policy = Policy::parse("relcheck.toml", &draft(origin.as_ref())).unwrap();
            assert_eq!((policy.repository, policy.name.as_str()), (origin, "widget"));
        }
        assert_eq!(Policy::parse("relcheck.toml", &draft(None)).unwrap().repository, None);
    }
}
