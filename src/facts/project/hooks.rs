//! The hooks of pre-commit. <https://pre-commit.com/#adding-pre-commit-plugins-to-your-project>

use super::runs::Call;
use crate::advisories::locks::notation;
use serde_json::Value;

/// Where they are configured.
pub const PATHS: [&str; 2] = [".pre-commit-config.yaml", ".pre-commit-config.yml"];

/// Reads the hooks.
///
/// # Errors
/// Why they cannot be read, in words that follow the path.
pub fn read(text: &str) -> Result<Vec<Call>, String> {
    let document = notation::settings(text.as_bytes()).map_err(|fault| fault.to_string())?;
    let repositories = document.get("repos").and_then(Value::as_array).ok_or("has no list of repos")?;
    let mut hooks = Vec::new();
    for repository in repositories {
        let from = repository.get("repo").and_then(Value::as_str).ok_or("has a repo without its address")?;
        let listed = repository.get("hooks").and_then(Value::as_array).ok_or("has a repo without hooks")?;
        for hook in listed {
            let id = hook.get("id").and_then(Value::as_str).ok_or("has a hook without its id")?;
            let stages = hook.get("stages").or_else(|| document.get("default_stages"));
            let is_manual = |stages: &Vec<Value>| stages.iter().all(|it| it.as_str() == Some("manual"));
            // Such a hook is run by hand only.
            if stages.and_then(Value::as_array).is_some_and(is_manual) {
                continue;
            }
            hooks.push(Call::Hook { repository: from.to_lowercase(), id: id.to_owned() });
            // A hook of the repository itself says what it runs.
            if let Some(entry) = hook.get("entry").and_then(Value::as_str) {
                hooks.push(Call::Command(entry.split_whitespace().map(str::to_owned).collect()));
            }
        }
    }
    Ok(hooks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::project::tools::named;

    #[test]
    fn hooks_are_known_by_their_repository_their_id_and_what_they_run() {
        let text = "repos:\n- repo: https://github.com/PyCQA/bandit\n  rev: 1.7.5\n  hooks: [{id: bandit}]\n\
                    - repo: local\n  hooks:\n  - {id: scan, entry: uv run pip-audit, language: system}\n";
        let hooks = read(text).unwrap();
        let runs = |name: &str| hooks.iter().any(|hook| named(name).unwrap().is_run_by(hook));
        assert!(runs("bandit") && runs("pip-audit") && !runs("detect-secrets"));
        let text = "repos:\n- repo: https://evil.example/trailofbits/pip-audit\n  hooks: [{id: pip-audit}]\n\
                    - repo: local\n  hooks: [{id: bandit, entry: 'true'}]\n\
                    - repo: https://github.com/Yelp/detect-secrets\n  hooks: [{id: detect-secrets, stages: [manual]}]\n";
        let hooks = read(text).unwrap();
        for name in ["bandit", "pip-audit", "detect-secrets"] {
            assert!(!hooks.iter().any(|hook| named(name).unwrap().is_run_by(hook)), "{name}");
        }
        assert_eq!(read("a: 1").unwrap_err(), "has no list of repos");
        assert_eq!(read("repos: [{repo: x, hooks: [{}]}]").unwrap_err(), "has a hook without its id");
    }
}
