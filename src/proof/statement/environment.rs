//! What a predicate says of the run besides its parameters: v1 `internalParameters`, v0.2 `invocation.environment`.
//!
//! Every builder has its own spelling of the same few facts. Each spelling that is known here is gathered, so that the
//! caller can hold every one of them against the certificate; where two disagree, both are kept and one must differ.

use serde_json::Value;

use crate::json::{Node, ShapeError};

/// What a predicate says of the run. Each list holds every claim made, in the order of the spellings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Environment {
    /// The event that started the run.
    pub events: Vec<String>,
    /// The ref that was built.
    pub references: Vec<String>,
    /// The commit that was built.
    pub commits: Vec<String>,
    /// The repository, as `OWNER/NAME`.
    pub repositories: Vec<String>,
    /// The number of the run.
    pub runs: Vec<String>,
    /// Which attempt of the run.
    pub attempts: Vec<String>,
    /// The top workflow, as `OWNER/NAME/PATH@REF`.
    pub workflows: Vec<String>,
    /// `github-hosted` or `self-hosted`.
    pub runners: Vec<String>,
    /// What somebody entered when starting the run by hand; `null` or absent where nobody did.
    pub inputs: Vec<Value>,
}

impl Environment {
    /// Gathers the claims of `node`; an absent one makes none.
    pub(super) fn of(node: Option<&Node<'_>>) -> Result<Self, ShapeError> {
        let mut environment = Self::default();
        let Some(node) = node else { return Ok(environment) };
        environment.gather(node, &["GITHUB_", "github_"])?;
        // GitHub's artifact attestations, and npm's of later versions.
        if let Some(github) = object(node, "github")? {
            environment.gather(&github, &[""])?;
        }
        // Google Cloud Build.
        if let Some(build) = object(node, "systemSubstitutions")? {
            collect(&build, "COMMIT_SHA", &mut environment.commits)?;
            let mut tags = Vec::new();
            collect(&build, "TAG_NAME", &mut tags)?;
            environment.references.extend(tags.into_iter().map(|tag| format!("refs/tags/{tag}")));
        }
        Ok(environment)
    }

    fn gather(&mut self, node: &Node<'_>, prefixes: &[&str]) -> Result<(), ShapeError> {
        for prefix in prefixes {
            // slsa-github-generator writes its v0.2 keys in lower case, and the variables' names in upper case.
            let upper = prefix.chars().any(|c| c.is_ascii_uppercase());
            let key = |name: &str| {
                let name = if upper { name.to_ascii_uppercase() } else { name.to_owned() };
                format!("{prefix}{name}")
            };
            for (name, claims) in [
                ("event_name", &mut self.events),
                ("ref", &mut self.references),
                ("sha", &mut self.commits),
                ("repository", &mut self.repositories),
                ("run_id", &mut self.runs),
                ("run_attempt", &mut self.attempts),
                ("workflow_ref", &mut self.workflows),
                ("runner_environment", &mut self.runners),
            ] {
                collect(node, &key(name), claims)?;
            }
            collect(node, &key("sha1"), &mut self.commits)?;
            if let Some(payload) = object(node, &key("event_payload"))?
                && let Some(inputs) = payload.optional("inputs")?
            {
                self.inputs.push(inputs.value().clone());
            }
        }
        Ok(())
    }
}

/// A member that is an object; one of another type is none of the layouts known here.
fn object<'a>(node: &Node<'a>, key: &str) -> Result<Option<Node<'a>>, ShapeError> {
    Ok(node.optional(key)?.filter(|member| member.value().is_object()))
}

/// A text or a whole number; an empty text claims nothing.
fn collect(node: &Node<'_>, key: &str, claims: &mut Vec<String>) -> Result<(), ShapeError> {
    let Some(member) = node.optional(key)? else { return Ok(()) };
    let claim = match member.value() {
        Value::Number(number) if number.is_u64() => number.to_string(),
        _ => member.string()?.to_owned(),
    };
    if !claim.is_empty() {
        claims.push(claim);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> Result<Environment, ShapeError> {
        Environment::of(Some(&Node::root(value)))
    }

    #[test]
    fn each_builders_spelling_is_read() {
        let generator = read(&json!({
            "github_event_name": "push", "github_ref": "refs/tags/v1", "github_sha1": "a", "github_run_id": "7",
            "github_run_attempt": "1", "github_event_payload": {"inputs": {"x": "y"}},
        }))
        .unwrap();
        assert_eq!(generator.events, ["push"]);
        assert_eq!(
            (generator.references, generator.commits),
            (vec!["refs/tags/v1".into()], vec!["a".into()])
        );
        assert_eq!((generator.runs, generator.attempts), (vec!["7".into()], vec!["1".into()]));
        assert_eq!(generator.inputs, [json!({"x": "y"})]);
        let delegated = read(&json!({
            "GITHUB_EVENT_NAME": "push", "GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c", "GITHUB_RUN_ID": 7,
            "GITHUB_WORKFLOW_REF": "a/b/.github/workflows/r.yml@refs/tags/v1", "GITHUB_BASE_REF": "",
        }))
        .unwrap();
        assert_eq!((delegated.repositories, delegated.runs), (vec!["a/b".into()], vec!["7".into()]));
        assert_eq!(delegated.workflows, ["a/b/.github/workflows/r.yml@refs/tags/v1"]);
        let github = read(&json!({"github": {"event_name": "push", "runner_environment": "github-hosted"}}));
        assert_eq!(github.unwrap().runners, ["github-hosted"]);
        let google = read(&json!({"systemSubstitutions": {"COMMIT_SHA": "d", "TAG_NAME": "v1"}})).unwrap();
        assert_eq!((google.commits, google.references), (vec!["d".into()], vec!["refs/tags/v1".into()]));
    }

    #[test]
    fn a_claim_of_another_type_is_an_error_and_two_spellings_are_both_kept() {
        assert!(read(&json!({"GITHUB_RUN_ID": [7]})).is_err());
        assert!(read(&json!({"GITHUB_RUN_ID": -7})).is_err());
        assert!(read(&json!({"github": {"event_name": true}})).is_err());
        let both = read(&json!({"GITHUB_EVENT_NAME": "push", "github": {"event_name": "pull_request"}}));
        assert_eq!(both.unwrap().events, ["push", "pull_request"]);
        assert_eq!(read(&json!({})).unwrap(), Environment::default());
    }
}
