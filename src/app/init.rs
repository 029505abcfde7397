//! `relcheck policy init`: a commented policy for a repository, what was derived for it, and how other tools are asked
//! the same. What SECURITY.md promises stands beside the checks that it calls for. The policy means exactly what the built-in default means for that repository.

use super::{Failure, World, inputs, output, promises};
use crate::{
    checks::{
        identity::{self, Identity},
        reproduce::{self, By, Kind, Name, Run},
    },
    collect::{Assets, NO_DATABASES, RepositoryAt, Request, gather, git::Repository},
    evidence::Seen,
    facts::Facts,
    policy::Policy,
    release::{ArtifactName, Forge, ObjectId, RepositoryName},
    security_policy::SecurityPolicy,
    trust::TrustRoots,
    versions::TagVersion,
};
use std::path::Path;

const FILE: &str = "relcheck.toml";
/// Some builds record whether the checkout holds files that git does not know: Go's `vcs.modified`.
const COMMIT_IT: &str =
    "Commit it before the next release is built: a build may record that the checkout was changed.\n";
/// Stands for a published file in the commands.
const ARTIFACT: &str = "ARTIFACT";
/// The largest workflow that is read, in bytes, and how many of them.
const MAX_WORKFLOW: u64 = 1 << 20;
const MAX_WORKFLOWS: usize = 100;

/// Writes or prints the policy, and says what was derived.
pub fn init(repo: Option<&str>, print: bool, force: bool, world: &World) -> Result<u8, Failure> {
    let path = super::checkout(repo, world)?;
    let repository = Repository::open(&path).map_err(|e| inputs::git_failure(&path, &e))?;
    let origin = repository.origin();
    let promises = promises::read(&repository);
    let text = draft(origin.as_ref(), promises.as_ref());
    debug_assert!(Policy::parse(FILE, &text).is_ok(), "a policy that relcheck writes can be read");
    let derived = said(origin.as_ref(), &repository, &path, world);
    if print {
        output::complain(derived.trim_end());
        output::print(text.as_bytes())?;
        return Ok(0);
    }
    let file = world.folder.join(FILE);
    if !force && file.symlink_metadata().is_ok() {
        return Err(Failure::start(format!("{FILE} is already here, and is left as it is")).help(
            "print a fresh one with `relcheck policy init --print`, or write over it with `relcheck policy init --force`",
        ));
    }
    output::write(&file, text.as_bytes()).map_err(|error| Failure::unwritten(Path::new(FILE), error))?;
    output::print(format!("wrote {FILE}; {derived}{COMMIT_IT}").as_bytes())?;
    Ok(0)
}

/// The default policy with this repository's name and identities written out.
fn draft(origin: Option<&RepositoryName>, promises: Option<&SecurityPolicy>) -> String {
    let default = include_str!("../../policies/default.toml");
    let body = default.split_once("[levels]").map_or(default, |(_, body)| body);
    let body = promises.map_or_else(|| body.to_owned(), |policy| promises::beside(body, policy));
    let name = origin.map_or("release", RepositoryName::name);
    // The names of the built-in policies are taken.
    let taken = crate::policy::BUILT_IN.iter().any(|(known, _)| *known == name);
    let name = if taken { format!("{name} releases") } else { name.to_owned() };
    let repository = origin.map_or_else(
        || "# repository = \"github.com/OWNER/NAME\"   # say whose releases these are".to_owned(),
        |name| format!("repository = \"{name}\""),
    );
    let unknown = origin.filter(|name| Forge::of_host(name.host()).is_none());
    let forge = unknown.map_or_else(String::new, |name| {
        format!(
            "# What kind of forge {} is: github, gitlab, forgejo or gitea. With it, who may sign is derived.\n\
             # forge = \"gitlab\"\n",
            name.host()
        )
    });
    let exact = origin.and_then(exact).unwrap_or_default();
    format!(
        "# What a release must satisfy before it is trusted. Read by `relcheck verify` in this folder.\n\
         # `relcheck explain` lists every check and rule; `relcheck policy check` says whether this file can be used.\n\n\
         name = \"{name}\"\n{repository}\n{forge}\n\
         # How much each check matters: require (it must pass), warn (it is reported), skip.\n[levels]{body}{exact}"
    )
}

/// Who may sign, as it was derived, to be made exact.
fn exact(origin: &RepositoryName) -> Option<String> {
    let derived = identity::derived_on(Forge::of_host(origin.host())?, origin.host());
    let Identity { issuer, subject, .. } = derived.first()?;
    let subject = subject.text().replace('*', "release.yml");
    Some(format!(
        "\n# Derived from the remote \"origin\" ({origin}): with derive = true every workflow of the repository may sign at\n\
         # the tag. To allow one workflow only, set derive = false above and uncomment this:\n#\n\
         # [[rules.signatures.identity]]\n# issuer = \"{issuer}\"\n# subject = \"{subject}\"\n\
         # claims.source-repository-uri = \"https://{}/{{repository}}\"\n\
         # claims.source-repository-ref = \"refs/tags/{{tag}}\"\n\
         # claims.source-repository-digest = \"{{commit}}\"\n",
        origin.host()
    ))
}

/// What was derived, and the commands of other tools.
fn said(origin: Option<&RepositoryName>, repository: &Repository, path: &Path, world: &World) -> String {
    let Some(name) = origin else {
        return "no remote called origin says whose repository this is: name it under repository\n"
            .to_owned();
    };
    let Some(forge) = Forge::of_host(name.host()) else {
        return format!(
            "nobody can be derived for {name}: say what kind of forge {} is (forge = \"gitlab\", for example), or name who \
             may sign under [[rules.signatures.identity]] or [[rules.signatures.key]]\n",
            name.host()
        );
    };
    let mut text = format!("signers and builders are derived for {name}\n");
    if forge == Forge::Forgejo || forge == Forge::Gitea {
        text.push_str(
            "note: the public Sigstore instance issues no certificates for this kind of forge; a private one must be \
             trusted with --trusted-root\n",
        );
    }
    match newest(repository).and_then(|tag| facts(&tag, path, world)) {
        Some(facts) => text + &example(name, forge, &facts, repository),
        None => {
            for Identity { issuer, subject, .. } in identity::derived_on(forge, name.host()) {
                text.push_str(&format!("  issuer   {issuer}\n  subject  {}\n", subject.text()));
            }
            text + "There is no release tag yet: after the first one, `relcheck policy init --print` shows the commands of \
                    other tools.\n"
        }
    }
}

/// The tag of the newest release: of the project itself where it has one, and no pre-release where there is another.
fn newest(repository: &Repository) -> Option<String> {
    let tags = repository.tags().ok()?.records;
    let versions = tags.iter().filter_map(|tag| Some((TagVersion::parse(tag.name.raw())?, tag.name.raw())));
    let newest = versions.max_by(|(a, a_name), (b, b_name)| {
        let rank = |version: &TagVersion| (version.component().is_empty(), !version.is_pre_release());
        rank(a).cmp(&rank(b)).then_with(|| a.precedence(b)).then_with(|| a_name.cmp(b_name))
    });
    newest.map(|(_, name)| name.to_owned())
}

/// What is known of the release of `tag`, without its published files.
fn facts(tag: &str, path: &Path, world: &World) -> Option<Facts> {
    let request = Request {
        repository: RepositoryAt::Folder(path.to_owned()),
        repository_name: None,
        tag: tag.to_owned(),
        assets: Assets::None("a policy is about no file".into()),
        advisories: &NO_DATABASES,
        frames: &|_, _| Vec::new(),
        now: world.now,
    };
    let evidence = gather(request).ok()?;
    let repository = evidence.repository.clone();
    Some(Facts::derive(&evidence, &TrustRoots::of(Vec::new()), repository, world.now))
}

/// What the certificate of the newest release must say, and how other tools are asked whether it does.
fn example(name: &RepositoryName, forge: Forge, facts: &Facts, repository: &Repository) -> String {
    let derived = identity::derived(facts);
    let mut lines = vec![format!("What a certificate must say, for the release {}:", facts.tag)];
    lines.extend(derived.first().map(|one| format!("  issuer             {}", one.issuer)));
    lines.extend(derived.iter().map(|one| format!("  subject            {}", one.subject.filled(facts))));
    let commit = facts.commit().map(|commit| commit.as_str().to_owned());
    let reference = format!("refs/tags/{}", facts.tag);
    lines.push(format!("  source repository  {}", name.url()));
    lines.push(format!("  source ref         {reference}"));
    lines.push(format!("  source commit      {}", commit.as_deref().unwrap_or("not known")));
    let run = Run {
        repository: name.path().to_owned(),
        reference: format!("refs/tags/{}", facts.tag.raw()),
        commit,
    };
    let (subjects, how) = exact_subjects(&derived, facts, repository);
    lines.push(format!("The same with other tools, for a published file {ARTIFACT} ({how}):"));
    let issuer = derived.first().map_or("", |one| one.issuer.as_str());
    for subject in &subjects {
        lines
            .extend(commands(name, forge, subject, issuer, &run).into_iter().map(|line| format!("  {line}")));
    }
    if name.host() == "github.com" {
        let provenance = format!("{ARTIFACT}.intoto.jsonl");
        let command = reproduce::slsa_verifier(&name.to_string(), facts.tag.raw(), &provenance, ARTIFACT);
        lines.push(format!("  {command}"));
    } else {
        lines.push(format!("slsa-verifier knows no repositories on {}.", name.host()));
    }
    lines.into_iter().map(|line| crate::text::clean(&line).into_owned() + "\n").collect()
}

/// The commands for one workflow.
fn commands(name: &RepositoryName, forge: Forge, subject: &str, issuer: &str, run: &Run) -> Vec<String> {
    let on_github = issuer == identity::GITHUB_ISSUER;
    let by = By::Certificate {
        subject: Name::Exactly(subject.to_owned()),
        issuer,
        run: on_github.then(|| run.clone()),
    };
    let bundle = format!("{ARTIFACT}.sigstore.json");
    let provenance = format!("{ARTIFACT}.intoto.jsonl");
    let attestation = Kind::Attestation { predicate_type: "https://slsa.dev/provenance/v1" };
    let cosign = [
        reproduce::reproduce(Kind::Bundle, &by, None, &bundle, ARTIFACT),
        reproduce::reproduce(attestation, &by, None, &provenance, ARTIFACT),
    ];
    let gh = (forge == Forge::Github).then(|| reproduce::gh(name.host(), subject, issuer, run, ARTIFACT));
    cosign.into_iter().flatten().chain(gh).collect()
}

/// The subjects with the names of the workflows at the tag that may ask for an identity; other tools want exact names.
fn exact_subjects(
    derived: &[Identity],
    facts: &Facts,
    repository: &Repository,
) -> (Vec<String>, &'static str) {
    let filled: Vec<String> = derived.iter().map(|one| one.subject.filled(facts)).collect();
    if filled.iter().all(|subject| !subject.contains('*')) {
        return (filled, "with the usual name of the pipeline");
    }
    let found: Vec<String> = facts.commit().map_or_else(Vec::new, |commit| {
        let in_folder = |subject: &String| {
            // `https://HOST/OWNER/NAME/FOLDER/workflows/*@REF`, where NAME may lie deeper.
            let own = facts.repository.as_ref().map(|name| format!("{}/", name.url())).unwrap_or_default();
            let folder =
                subject.strip_prefix(&own).and_then(|rest| rest.split_once('*')).map(|(folder, _)| folder);
            let names = folder.map_or_else(Vec::new, |folder| workflows(repository, commit, folder));
            names.into_iter().map(|name| subject.replacen('*', &name, 1)).collect::<Vec<_>>()
        };
        filled.iter().flat_map(in_folder).collect()
    });
    if found.is_empty() {
        let usual = filled.iter().take(1).map(|subject| subject.replacen('*', "release.yml", 1)).collect();
        return (usual, "no workflow at the tag asks for an identity: put yours for release.yml");
    }
    (found, "the workflows at the tag that ask for an identity")
}

/// The workflows in `folder` that ask for an identity token.
fn workflows(repository: &Repository, commit: &ObjectId, folder: &str) -> Vec<String> {
    let names = repository.folder(commit, folder).unwrap_or_default();
    let names = names.iter().take(MAX_WORKFLOWS).filter_map(|name| {
        let name = ArtifactName::parse(std::str::from_utf8(name).ok()?)?;
        let is_yaml = [".yml", ".yaml"].iter().any(|end| name.as_str().ends_with(end));
        is_yaml.then(|| name.as_str().to_owned())
    });
    names
        .filter(|name| {
            let path = format!("{folder}{name}");
            let file = repository.file(commit, "policy init", &path, MAX_WORKFLOW);
            let asks = |text: &[u8]| {
                let text = String::from_utf8_lossy(text);
                ["id-token", "enable-openid-connect"].iter().any(|word| text.contains(word))
            };
            matches!(file, Seen::Present(item) if asks(&item.bytes))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_init_writes_can_be_used_and_names_the_repository() {
        for name in [
            "acme/widget",
            "gitlab.com/acme/tools/widget",
            "git.example.org/acme/widget",
            "acme.ghe.com/a/widget",
        ] {
            let origin = RepositoryName::parse(name);
            let policy = Policy::parse("relcheck.toml", &draft(origin.as_ref(), None)).unwrap();
            assert_eq!((policy.repository, policy.name.as_str()), (origin, "widget"));
        }
        assert_eq!(Policy::parse("relcheck.toml", &draft(None, None)).unwrap().repository, None);
        let audit = RepositoryName::parse("acme/audit");
        assert_eq!(
            Policy::parse("relcheck.toml", &draft(audit.as_ref(), None)).unwrap().name,
            "audit releases"
        );
    }

    #[test]
    fn what_init_writes_means_what_the_default_means() {
        let default = Policy::built_in("default").unwrap();
        for name in
            ["acme/widget", "gitlab.com/acme/widget", "codeberg.org/acme/widget", "git.example.org/a/b"]
        {
            let policy =
                Policy::parse("relcheck.toml", &draft(RepositoryName::parse(name).as_ref(), None)).unwrap();
            assert_eq!(format!("{:?}", policy.rules), format!("{:?}", default.rules), "{name}");
            assert_eq!(policy.forge, None, "{name}");
            for meta in crate::checks::ALL {
                assert_eq!(policy.level(meta.id), default.level(meta.id), "{name} {}", meta.id);
            }
        }
    }

    #[test]
    fn the_exact_form_in_the_comment_can_be_used() {
        for name in ["acme/widget", "gitlab.com/acme/widget", "codeberg.org/acme/widget", "acme.ghe.com/a/b"]
        {
            let origin = RepositoryName::parse(name).unwrap();
            let comment = exact(&origin).unwrap();
            let (_, entry) = comment.split_once("#\n").unwrap();
            let entry = entry.replace("# ", "");
            let text = format!("name = \"x\"\n[rules.signatures]\nderive = false\n{entry}");
            let policy = Policy::parse("x.toml", &text).unwrap();
            let own = policy.rules.signatures.identities.first().unwrap();
            let derived = &identity::derived_on(Forge::of_host(origin.host()).unwrap(), origin.host())[0];
            assert_eq!(own.issuer, derived.issuer, "{name}");
            assert_eq!(own.claims, derived.claims, "{name}");
        }
    }
}
