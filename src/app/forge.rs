//! Which forge is asked, and with whose token.
//!
//! The rule that must not be broken: a token goes to a host that its owner named. The variables of a forge's own tools are for
//! the host that these tools mean; `RELCHECK_TOKEN` is for the host that `--repo` or the policy names. Where a checkout says
//! that it came from is nobody's word for that.

use super::World;
use crate::{
    collect::forge::Secret,
    release::{Forge, RepositoryName, ghe_tenant},
};
use std::collections::BTreeMap;

/// The variables that are read: those with tokens, those that say which host they are for, and those that say how the
/// network is reached.
pub const VARIABLES: [&str; 21] = [
    "RELCHECK_TOKEN",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GH_ENTERPRISE_TOKEN",
    "GH_HOST",
    "GITHUB_SERVER_URL",
    "GITLAB_TOKEN",
    "GITLAB_HOST",
    "CI_JOB_TOKEN",
    "CI_SERVER_HOST",
    "GITEA_TOKEN",
    "GITEA_SERVER_URL",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "RELCHECK_CA_BUNDLE",
];

/// What these variables hold.
#[derive(Clone, Default)]
pub struct Variables(BTreeMap<&'static str, String>);

impl Variables {
    /// Reads them by `get`; an empty one is none.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let known = VARIABLES.into_iter().filter_map(|name| Some((name, get(name)?)));
        Self(known.filter(|(_, value)| !value.trim().is_empty()).collect())
    }

    /// What one of them holds.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim())
    }

    /// Whether a variable that names a host or its URL names this one.
    fn names(&self, variable: &str, host: &str) -> bool {
        let named = self.get(variable).unwrap_or_default();
        let named = named.strip_prefix("https://").unwrap_or(named).trim_end_matches('/');
        named.eq_ignore_ascii_case(host)
    }
}

impl std::fmt::Debug for Variables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Who says which repository it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// The user, or the user's policy.
    User,
    /// The configuration of a checkout, which may have come with it.
    Checkout,
}

/// The token for the forge of that kind on `host`.
pub fn secret(kind: Forge, host: &str, by: NamedBy, world: &World) -> Option<Secret> {
    let variables = &world.variables;
    if let Some(text) = variables.get("RELCHECK_TOKEN").filter(|_| by == NamedBy::User) {
        return Some(Secret::new(text, false));
    }
    let own = |name: &str| variables.get(name).map(|text| Secret::new(text, false));
    match kind {
        Forge::Github if host == "github.com" => own("GITHUB_TOKEN").or_else(|| own("GH_TOKEN")),
        Forge::Github => {
            let is_meant = variables.names("GH_HOST", host) || variables.names("GITHUB_SERVER_URL", host);
            let tenant = || own("GITHUB_TOKEN").or_else(|| own("GH_TOKEN"));
            match ghe_tenant(host) {
                _ if !is_meant => None,
                Some(_) => tenant(),
                None => own("GH_ENTERPRISE_TOKEN").or_else(tenant),
            }
        }
        Forge::Gitlab => {
            let is_meant = host == "gitlab.com" && variables.get("GITLAB_HOST").is_none();
            let personal = own("GITLAB_TOKEN").filter(|_| is_meant || variables.names("GITLAB_HOST", host));
            let job = || {
                let text =
                    variables.get("CI_JOB_TOKEN").filter(|_| variables.names("CI_SERVER_HOST", host))?;
                Some(Secret::new(text, true))
            };
            personal.or_else(job)
        }
        Forge::Forgejo | Forge::Gitea => {
            own("GITEA_TOKEN").filter(|_| variables.names("GITEA_SERVER_URL", host))
        }
    }
}

/// What kind of forge a repository is on, as the policy says or as everybody knows.
pub fn kind(repository: &RepositoryName, policy: Option<Forge>) -> Option<Forge> {
    Forge::of_host(repository.host()).or(policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(variables: &[(&'static str, &str)]) -> World {
        let get = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        World {
            now: jiff::Timestamp::UNIX_EPOCH,
            folder: ".".into(),
            cache: None,
            colour: false,
            progress: false,
            width: None,
            variables: Variables::read(get),
        }
    }

    #[test]
    fn a_token_is_for_the_host_that_its_owner_named() {
        use Forge::{Forgejo, Github, Gitlab};
        use NamedBy::{Checkout, User};
        let evil = "git.evil.example";
        for (set, kind, host, by, is_sent) in [
            (&[("GITHUB_TOKEN", "t")][..], Github, "github.com", Checkout, true),
            (&[("GITHUB_TOKEN", "t")], Github, evil, User, false),
            (&[("GITHUB_TOKEN", "t")], Github, "acme.ghe.com", User, false),
            (&[("GITHUB_TOKEN", "t"), ("GH_HOST", "acme.ghe.com")], Github, "acme.ghe.com", User, true),
            (
                &[("GITHUB_TOKEN", "t"), ("GITHUB_SERVER_URL", "https://ghes.example")],
                Github,
                "ghes.example",
                Checkout,
                true,
            ),
            (
                &[("GITHUB_TOKEN", "t"), ("GITHUB_SERVER_URL", "https://ghes.example")],
                Github,
                "ghes.example.evil",
                User,
                false,
            ),
            (&[("GITHUB_TOKEN", " ")], Github, "github.com", User, false),
            (&[("GITLAB_TOKEN", "t")], Gitlab, "gitlab.com", Checkout, true),
            (&[("GITLAB_TOKEN", "t")], Gitlab, evil, User, false),
            (
                &[("GITLAB_TOKEN", "t"), ("GITLAB_HOST", "git.acme.example")],
                Gitlab,
                "gitlab.com",
                User,
                false,
            ),
            (
                &[("GITLAB_TOKEN", "t"), ("GITLAB_HOST", "git.acme.example")],
                Gitlab,
                "git.acme.example",
                User,
                true,
            ),
            (&[("CI_JOB_TOKEN", "t")], Gitlab, "gitlab.com", User, false),
            (
                &[("CI_JOB_TOKEN", "t"), ("CI_SERVER_HOST", "gitlab.com")],
                Gitlab,
                "gitlab.com",
                Checkout,
                true,
            ),
            (&[("GITEA_TOKEN", "t")], Forgejo, "codeberg.org", User, false),
            (
                &[("GITEA_TOKEN", "t"), ("GITEA_SERVER_URL", "https://codeberg.org/")],
                Forgejo,
                "codeberg.org",
                User,
                true,
            ),
            (&[("RELCHECK_TOKEN", "t")], Forgejo, "git.acme.example", User, true),
            (&[("RELCHECK_TOKEN", "t")], Forgejo, evil, Checkout, false),
        ] {
            let found = secret(kind, host, by, &world(set));
            assert_eq!(found.is_some(), is_sent, "{set:?} {kind:?} {host} {by:?}");
        }
    }

    #[test]
    fn variables_are_never_shown() {
        let world = world(&[("GITHUB_TOKEN", "s3cr3t-canary"), ("RELCHECK_TOKEN", "s3cr3t-canary")]);
        assert!(!format!("{world:?}").contains("s3cr3t"));
    }
}
