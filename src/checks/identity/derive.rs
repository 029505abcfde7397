//! Who builds and signs the releases of a repository, from its name and its tag alone.
//!
//! | forge | issuer | subject |
//! |---|---|---|
//! | github.com | `https://token.actions.githubusercontent.com` | `https://github.com/REPO/.github/workflows/*@refs/tags/TAG` |
//! | TENANT.ghe.com | `https://token.actions.TENANT.ghe.com` | `https://TENANT.ghe.com/REPO/.github/workflows/*@refs/tags/TAG` |
//! | another GitHub | `https://HOST/_services/token` | `https://HOST/REPO/.github/workflows/*@refs/tags/TAG` |
//! | GitLab | `https://HOST` | `https://HOST/REPO//.gitlab-ci.yml@refs/tags/TAG` |
//! | Forgejo, Gitea | `https://HOST/api/actions` | `https://HOST/REPO/.forgejo/workflows/*@refs/tags/TAG`, or in `.gitea`, `.github` |
//!
//! The shapes are those of Fulcio's `config/identity/config.yaml`. For Forgejo and Gitea the public instance has no
//! entry; theirs is the shape for GitHub with their own URL, which a private instance must be configured to write.
//! Every certificate of these kinds says besides which repository, ref and commit was built, and all three must be the
//! release's: a reusable workflow of this repository that a stranger calls has this repository's name in its subject.

use super::{GITHUB_ISSUER, Identity, Pattern, Required};
use crate::{
    facts::Facts,
    release::{Forge, ghe_tenant},
};

/// The issuer and the workflows of the release's own repository at its tag; none where the forge's are not known.
pub fn derived(facts: &Facts) -> Vec<Identity> {
    match (&facts.repository, facts.forge) {
        (Some(repository), Some(forge)) => derived_on(forge, repository.host()),
        _ => Vec::new(),
    }
}

/// The issuer and the workflows of a repository on that host, which is of that kind.
pub fn derived_on(forge: Forge, host: &str) -> Vec<Identity> {
    let folders: &[&str] = match forge {
        Forge::Github => &["/.github/workflows/*"],
        Forge::Gitlab => &["//.gitlab-ci.yml"],
        Forge::Forgejo | Forge::Gitea => {
            &["/.forgejo/workflows/*", "/.gitea/workflows/*", "/.github/workflows/*"]
        }
    };
    let claims = Required {
        source_repository_uri: Some(written(&format!("https://{host}/{{repository}}"))),
        source_repository_ref: Some(written("refs/tags/{tag}")),
        source_repository_digest: Some(written("{commit}")),
        ..Required::default()
    };
    let issuer = issuer(forge, host);
    let identity = |workflows: &&str| Identity {
        issuer: issuer.clone(),
        subject: written(&format!("https://{host}/{{repository}}{workflows}@refs/tags/{{tag}}")),
        claims: claims.clone(),
    };
    folders.iter().map(identity).collect()
}

/// The OIDC issuer of the builds of a forge.
pub fn issuer(forge: Forge, host: &str) -> String {
    match forge {
        Forge::Github if host == "github.com" => GITHUB_ISSUER.to_owned(),
        Forge::Github => match ghe_tenant(host) {
            Some(tenant) => format!("https://token.actions.{tenant}.ghe.com"),
            None => format!("https://{host}/_services/token"),
        },
        Forge::Gitlab => format!("https://{host}"),
        Forge::Forgejo | Forge::Gitea => format!("https://{host}/api/actions"),
    }
}

/// A name of this file; the name of a host holds no letter that means something in a pattern.
fn written(text: &str) -> Pattern {
    Pattern::parse(text).expect("the built-in patterns are well formed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(repository: &str, forge: Option<Forge>) -> Vec<String> {
        let mut facts = Facts::for_tests(repository, "v1.2.3");
        facts.forge = forge.or(facts.forge);
        derived(&facts)
            .iter()
            .map(|identity| format!("{} {}", identity.issuer, identity.subject.filled(&facts)))
            .collect()
    }

    #[test]
    fn issuer_and_subject_follow_from_the_name_and_the_tag() {
        for (repository, forge, expected) in [
            (
                "acme/widget",
                None,
                "https://token.actions.githubusercontent.com https://github.com/acme/widget/.github/workflows/*@refs/tags/v1.2.3",
            ),
            (
                "acme.ghe.com/acme/widget",
                None,
                "https://token.actions.acme.ghe.com https://acme.ghe.com/acme/widget/.github/workflows/*@refs/tags/v1.2.3",
            ),
            (
                "github.acme.org/acme/widget",
                Some(Forge::Github),
                "https://github.acme.org/_services/token https://github.acme.org/acme/widget/.github/workflows/*@refs/tags/v1.2.3",
            ),
            (
                "gitlab.com/acme/tools/widget",
                None,
                "https://gitlab.com https://gitlab.com/acme/tools/widget//.gitlab-ci.yml@refs/tags/v1.2.3",
            ),
            (
                "git.acme.org/acme/widget",
                Some(Forge::Gitlab),
                "https://git.acme.org https://git.acme.org/acme/widget//.gitlab-ci.yml@refs/tags/v1.2.3",
            ),
            (
                "codeberg.org/acme/widget",
                None,
                "https://codeberg.org/api/actions https://codeberg.org/acme/widget/.forgejo/workflows/*@refs/tags/v1.2.3",
            ),
        ] {
            assert_eq!(who(repository, forge)[0], expected);
        }
        assert_eq!(who("git.acme.org/acme/widget", Some(Forge::Gitea)).len(), 3);
    }

    #[test]
    fn nobody_is_derived_for_a_forge_of_unknown_kind() {
        for unknown in ["git.acme.org/acme/widget", "gitlab.acme.org/acme/widget", "a.b.ghe.com/acme/widget"]
        {
            assert!(who(unknown, None).is_empty(), "{unknown}");
        }
    }
}
