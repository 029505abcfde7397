//! Where a repository is at home, and so which of its workflows are run there.
//!
//! The rule that must not be broken: settings of one forge say nothing of what another one runs.

use super::{runs::Texts, updates::DEPENDABOT};
use crate::{evidence::project::is_forge_workflow, release::Forge};

/// What is known of a repository beside its tree.
#[derive(Clone, Copy, Debug, Default)]
pub struct Home<'a> {
    /// Its default branch.
    pub branch: Option<&'a str>,
    /// The kind of its forge.
    pub forge: Option<Forge>,
    /// The host of its forge.
    pub host: Option<&'a str>,
}

impl Home<'_> {
    /// Why nobody can say that a file of settings counts where the repository is, where that is so.
    pub(super) fn doubt(&self, path: &str, texts: &Texts) -> Option<&'static str> {
        let has = |folder: &str| texts.keys().any(|path| path.starts_with(folder) && is_forge_workflow(path));
        match self.forge {
            // The first folder of these that is there counts.
            Some(Forge::Forgejo) if has(".forgejo/") && !path.starts_with(".forgejo/") => {
                Some("Forgejo runs .forgejo/workflows alone")
            }
            Some(Forge::Forgejo | Forge::Gitea) if has(".gitea/") && path.starts_with(".github/") => {
                Some(".gitea/workflows takes its place")
            }
            Some(Forge::Gitea) if path.starts_with(".forgejo/") => Some("only Forgejo runs it"),
            _ if self.is_elsewhere(path) => Some(match path {
                ".gitlab-ci.yml" => "only GitLab runs it",
                "bitbucket-pipelines.yml" => "only Bitbucket runs it",
                path if DEPENDABOT.contains(&path) => "only GitHub reads it",
                path if path.starts_with(".github/") => "only GitHub runs it",
                _ => "only Forgejo or Gitea run it",
            }),
            _ => None,
        }
    }
}

impl Home<'_> {
    /// Whether the repository is known to be at home elsewhere than where this file counts.
    fn is_elsewhere(&self, path: &str) -> bool {
        // Hosts of no kind that is read here, and of no GitHub or GitLab.
        const OTHERS: [&str; 6] =
            ["bitbucket.org", "gitee.com", "git.sr.ht", "sourceforge.net", "dev.azure.com", "pagure.io"];
        let is_other = self.host.is_some_and(|host| OTHERS.contains(&host));
        let is_bitbucket = self.host == Some("bitbucket.org");
        let (is_github, is_gitlab) = (self.forge == Some(Forge::Github), self.forge == Some(Forge::Gitlab));
        let is_forgejo = matches!(self.forge, Some(Forge::Forgejo | Forge::Gitea));
        match path {
            ".gitlab-ci.yml" => is_other || is_github || is_forgejo,
            "bitbucket-pipelines.yml" => (is_other || self.forge.is_some()) && !is_bitbucket,
            path if DEPENDABOT.contains(&path) => is_other || is_gitlab || is_forgejo,
            path if path.starts_with(".github/workflows/") => is_other || is_gitlab,
            path => is_forge_workflow(path) && !is_forgejo,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forge_runs_its_own_workflows() {
        let forgejo = ".forgejo/workflows/a.yml";
        let (gitea, github) = (".gitea/workflows/a.yml", ".github/workflows/a.yml");
        let doubt = |forge: Option<Forge>, path: &str, there: &[&str]| {
            let texts: Texts = there.iter().map(|path| ((*path).to_owned(), Ok(String::new()))).collect();
            Home { branch: None, forge, host: None }.doubt(path, &texts).is_some()
        };
        for (forge, path, there) in [
            (Some(Forge::Forgejo), forgejo, &[forgejo, gitea, github][..]),
            (Some(Forge::Forgejo), github, &[github]),
            (Some(Forge::Gitea), gitea, &[gitea, github]),
            (Some(Forge::Github), github, &[forgejo, github]),
            (None, github, &[github]),
            (Some(Forge::Gitlab), ".gitlab-ci.yml", &[github]),
            (Some(Forge::Github), ".github/dependabot.yml", &[]),
            (None, "bitbucket-pipelines.yml", &[]),
            (Some(Forge::Gitlab), "renovate.json", &[]),
        ] {
            assert!(!doubt(forge, path, there), "{forge:?} {path}");
        }
        for (forge, path, there) in [
            (Some(Forge::Forgejo), github, &[forgejo, github][..]),
            (Some(Forge::Forgejo), gitea, &[forgejo, gitea]),
            (Some(Forge::Gitea), github, &[gitea, github]),
            (Some(Forge::Gitea), forgejo, &[forgejo]),
            (Some(Forge::Github), forgejo, &[forgejo]),
            (None, gitea, &[gitea]),
            (Some(Forge::Gitlab), github, &[github]),
            (Some(Forge::Github), ".gitlab-ci.yml", &[]),
            (Some(Forge::Forgejo), ".gitlab-ci.yml", &[]),
            (Some(Forge::Gitlab), "bitbucket-pipelines.yml", &[]),
            (Some(Forge::Gitlab), ".github/dependabot.yml", &[]),
        ] {
            assert!(doubt(forge, path, there), "{forge:?} {path}");
        }
    }
    #[test]
    fn another_host_runs_what_is_its_own() {
        let home = |host| Home { host: Some(host), ..Home::default() };
        let texts = Texts::new();
        for path in [".github/workflows/a.yml", ".github/dependabot.yml", ".gitlab-ci.yml"] {
            assert!(home("bitbucket.org").doubt(path, &texts).is_some(), "{path}");
            assert_eq!(home("git.example.org").doubt(path, &texts), None, "{path}");
        }
        assert_eq!(home("bitbucket.org").doubt("bitbucket-pipelines.yml", &texts), None);
        assert!(home("gitee.com").doubt("bitbucket-pipelines.yml", &texts).is_some());
    }
}
