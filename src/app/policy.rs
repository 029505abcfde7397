//! `relcheck policy`: write one, check one, show one.

use super::{Failure, World, init, inputs, output};
use crate::{
    cli::PolicyCommand,
    collect::git::Repository,
    outcome::Level,
    policy::Policy,
    release::Forge,
    text::{self, Untrusted},
    versions::TagVersion,
};

/// Runs one of the policy commands.
pub fn run(command: &PolicyCommand, world: &World) -> Result<u8, Failure> {
    match command {
        PolicyCommand::Init { repo, print, force } => init::init(repo.as_deref(), *print, *force, world),
        PolicyCommand::Check { policy } => {
            let shown = Untrusted::new(policy);
            let policy = inputs::policy(Some(policy), world)?;
            let text = format!("{shown}: can be used (policy {}, sha256 {})\n", policy.name, policy.sha256);
            for waiver in policy.expired_waivers(world.now) {
                output::complain(&format!("warning: a waiver has ended and no longer counts: {waiver}"));
            }
            output::print((text + &remarks(&policy, world)).as_bytes())?;
            Ok(0)
        }
        PolicyCommand::Show { policy } => {
            let policy = inputs::policy(policy.as_deref(), world)?;
            output::print(policy.text.as_bytes())?;
            Ok(0)
        }
    }
}

/// What is worth knowing about a policy that can be used.
fn remarks(policy: &Policy, world: &World) -> String {
    let mut lines = Vec::new();
    let signatures = &policy.rules.signatures;
    if signatures.principals() == 0 && policy.level("signatures") != Level::Skip {
        lines.push(
            "note: nobody may sign: derive is false, and no [[rules.signatures.identity]] or [[rules.signatures.key]] is named"
                .to_owned(),
        );
    }
    if let Some(repository) = &policy.repository
        && policy.forge.or_else(|| Forge::of_host(repository.host())).is_none()
        && signatures.derive
    {
        lines.push(format!(
            "note: nobody is derived: what kind of forge {} is, only the policy can say (forge = \"gitlab\", for example)",
            repository.host()
        ));
    }
    let known = components_here(world);
    for component in policy.components() {
        let shown = text::clean(component);
        lines
            .push(format!("component {shown}: overrides for tags such as {shown}/v1.2.3 and {shown}-v1.2.3"));
        if known.as_ref().is_some_and(|known| !known.iter().any(|here| here == component)) {
            lines.push(format!(
                "note: no tag of the repository here is of the component {shown}{}",
                nearest(component, known.as_deref())
            ));
        }
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

fn nearest(component: &str, known: Option<&[String]>) -> String {
    let near = text::nearest(component, known.unwrap_or_default().iter().map(String::as_str));
    near.map_or_else(String::new, |near| format!("; did you mean {}?", Untrusted::new(near)))
}

/// The components of the tags in the checkout that the user stands in; nothing where that cannot be told.
fn components_here(world: &World) -> Option<Vec<String>> {
    let path = inputs::repository(None, world).ok()?;
    let tags = Repository::open(&path).ok()?.tags().ok()?;
    let component = |name: &Untrusted| Some(TagVersion::parse(name.raw())?.component());
    Some(tags.records.iter().filter_map(|tag| component(&tag.name)).filter(|name| !name.is_empty()).collect())
}
