//! Where a repository is at home, and so which of its workflows are run there.
//!
//! The rule that must not be broken: settings of one forge say nothing of what another one runs.

use super::runs::Texts;
use crate::{evidence::project::is_forge_workflow, release::Forge};

/// What is known of a repository beside its tree.
#[derive(Clone, Copy, Debug, Default)]
pub struct Home<'a> {
    /// Its default branch.
    pub branch: Option<&'a str>,
    /// The kind of its forge.
    pub forge: Option<Forge>,
}

impl Home<'_> {
    /// Why nobody can say that a file of settings counts where the repository is, where that is so.
    pub(super) fn doubt(&self, path: &str, texts: &Texts) -> Option<&'static str> {
        let has = |folder: &str| texts.keys().any(|path| path.starts_with(folder) && is_forge_workflow(path));
        let is_of_forgejo = is_forge_workflow(path);
        match self.forge {
            // The first folder of these that is there counts.
            Some(Forge::Forgejo) if has(".forgejo/") && !path.starts_with(".forgejo/") => {
                Some("Forgejo runs .forgejo/workflows alone")
            }
            Some(Forge::Forgejo | Forge::Gitea) if has(".gitea/") && path.starts_with(".github/") => {
                Some(".gitea/workflows takes its place")
            }
            Some(Forge::Gitea) if path.starts_with(".forgejo/") => Some("only Forgejo runs it"),
            Some(Forge::Forgejo | Forge::Gitea) => None,
            _ if is_of_forgejo => Some("only Forgejo or Gitea run it"),
            Some(Forge::Gitlab) if path.starts_with(".github/") => Some("only GitHub runs it"),
            Some(Forge::Github) if path == ".gitlab-ci.yml" => Some("only GitLab runs it"),
            _ => None,
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
            Home { branch: None, forge }.doubt(path, &texts).is_some()
        };
        for (forge, path, there) in [
            (Some(Forge::Forgejo), forgejo, &[forgejo, gitea, github][..]),
            (Some(Forge::Forgejo), github, &[github]),
            (Some(Forge::Gitea), gitea, &[gitea, github]),
            (Some(Forge::Github), github, &[forgejo, github]),
            (None, github, &[github]),
            (Some(Forge::Gitlab), ".gitlab-ci.yml", &[github]),
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
        ] {
            assert!(doubt(forge, path, there), "{forge:?} {path}");
        }
    }
}
