//! What GitHub puts in the place of `${{ … }}` before a shell reads a script: text, which may end the script as well.
//!
//! <https://docs.github.com/en/actions/security-for-github-actions/security-guides/security-hardening-for-github-actions>
//!
//! The rule that must not be broken: an expression is left out of account only where its text is known, or is known to
//! have no character that means anything to a shell. Any other stands as [`UNKNOWN`], which makes a script a doubt.

use super::{matrix, scalar};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Stands for an expression whose text is not known.
pub(in crate::facts::project) const UNKNOWN: &str = "${{expression}}";

/// What GitHub itself gives, and has no character of a shell: numbers, hashes, names of accounts and of machines. Branches
/// are here as well: the one that is judged is the default one.
const PLAIN: &str = "github.sha github.run_id github.run_number github.run_attempt github.repository github.repository_id \
                     github.repository_owner github.repository_owner_id github.actor github.actor_id \
                     github.triggering_actor github.token github.job github.event_name github.event_path github.ref \
                     github.ref_name github.ref_type github.ref_protected github.head_ref github.base_ref \
                     github.retention_days github.server_url github.api_url github.graphql_url github.action_path \
                     github.event.number github.event.before github.event.after github.event.pull_request.number \
                     github.event.pull_request.head.sha github.event.pull_request.base.sha github.event.issue.number \
                     runner.os runner.arch runner.temp runner.tool_cache runner.debug job.status strategy.job-index \
                     strategy.job-total";

/// Those that stand for a variable of the shell.
const VARIABLES: [(&str, &str); 5] = [
    ("github.workspace", "$GITHUB_WORKSPACE"),
    ("github.env", "$GITHUB_ENV"),
    ("github.path", "$GITHUB_PATH"),
    ("github.output", "$GITHUB_OUTPUT"),
    ("github.step_summary", "$GITHUB_STEP_SUMMARY"),
];

/// What is known where a script stands.
#[derive(Clone, Default)]
pub(super) struct Known<'m> {
    /// The environment, as far as its values are known.
    environment: BTreeMap<String, String>,
    /// The job, for its matrix.
    job: Option<&'m Map<String, Value>>,
}

impl<'m> Known<'m> {
    /// The same within a map that may have an environment of its own.
    pub(super) fn within(&self, map: &Map<String, Value>) -> Self {
        let mut inner = self.clone();
        for (name, value) in map.get("env").and_then(Value::as_object).into_iter().flatten() {
            match scalar(value) {
                Some(text) => inner.environment.insert(name.clone(), self.put_in(&text)),
                None => inner.environment.remove(name),
            };
        }
        inner
    }

    /// The same within a job: what its steps may set of the environment is not known.
    pub(super) fn within_job(&self, job: &'m Map<String, Value>) -> Self {
        let mut inner = Self { job: Some(job), ..self.clone() }.within(job);
        let steps = job.get("steps").and_then(Value::as_array).into_iter().flatten();
        let scripts = steps.filter_map(|step| step.get("run")?.as_str());
        let setting: Vec<&str> =
            scripts.filter(|run| run.contains("GITHUB_ENV") || run.contains("github.env")).collect();
        inner.environment.retain(|name, _| !setting.iter().any(|run| run.contains(name.as_str())));
        inner
    }

    /// A text with what is known in the place of its expressions.
    pub(super) fn put_in(&self, text: &str) -> String {
        let mut found = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${{") {
            found.push_str(before);
            let Some((inner, after)) = cut(behind) else {
                found.push_str(UNKNOWN);
                return found;
            };
            found.push_str(&self.text_of(inner.trim()));
            rest = after;
        }
        found.push_str(rest);
        found
    }

    /// What stands for an expression.
    fn text_of(&self, expression: &str) -> String {
        if let Some(text) = literal(expression) {
            return text;
        }
        let lower = expression.to_ascii_lowercase();
        if let Some((_, variable)) = VARIABLES.iter().find(|(name, _)| *name == lower) {
            return (*variable).to_owned();
        }
        if is_plain(&lower) {
            return format!("${{{{{expression}}}}}");
        }
        match expression.split_once('.') {
            // An expression in it was put in where it was set.
            Some(("env", name)) => self.environment.get(name).map_or(UNKNOWN, String::as_str).to_owned(),
            Some(("matrix", path)) => self.of_matrix(path),
            _ if is_choice_of_plain(expression) => "${{choice}}".to_owned(),
            _ => UNKNOWN.to_owned(),
        }
    }

    /// The one value of a matrix, or its name where none of several means anything to a shell.
    fn of_matrix(&self, path: &str) -> String {
        let segments: Vec<&str> = path.split('.').collect();
        let values = self.job.and_then(|job| matrix::values(job, &segments));
        match values.as_deref() {
            Some([one]) if !one.contains("${{") => one.clone(),
            Some(several) if several.iter().all(|value| is_word(value)) => format!("${{{{matrix.{path}}}}}"),
            _ => UNKNOWN.to_owned(),
        }
    }
}

/// Whether an expression is a hash, or a choice between texts that mean nothing to a shell, by `&&`, `||` and comparisons.
fn is_choice_of_plain(expression: &str) -> bool {
    let lower = expression.to_ascii_lowercase();
    if lower.starts_with("hashfiles(") && lower.find(')') == Some(lower.len() - 1) {
        return true;
    }
    // Texts are looked at first, and then left out.
    let mut bare = String::new();
    for (at, part) in lower.split('\'').enumerate() {
        match at % 2 {
            0 => bare.push_str(part),
            _ if is_word(part) => bare.push_str("''"),
            _ => return false,
        }
    }
    let is_known = |part: &str| {
        let part = part.trim();
        part.contains("==") || part.contains("!=") || literal(part).is_some() || is_plain(part)
    };
    !bare.contains(['(', ')']) && bare.split("&&").flat_map(|part| part.split("||")).all(is_known)
}

/// Cuts a text behind `${{` at the end of the expression; quotes may hold braces.
fn cut(text: &str) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '\'' => is_quoted = !is_quoted,
            '}' if !is_quoted && text[at..].starts_with("}}") => return Some((&text[..at], &text[at + 2..])),
            _ => {}
        }
    }
    None
}

/// The text of a literal.
fn literal(expression: &str) -> Option<String> {
    if matches!(expression, "true" | "false") || expression.parse::<f64>().is_ok() {
        return Some(expression.to_owned());
    }
    let inner = expression.strip_prefix('\'')?.strip_suffix('\'')?;
    // Two quotes stand for one.
    let text = inner.replace("''", "\u{0}");
    (!text.contains('\'')).then(|| text.replace('\u{0}', "'"))
}

/// Whether GitHub gives a text without a character of a shell for it, or a secret, which nobody writes into a repository.
fn is_plain(expression: &str) -> bool {
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let mut parts = expression.split('.');
    let is_result = matches!(
        (parts.next(), parts.next(), parts.next(), parts.next()),
        (Some("steps"), Some(_), Some("outcome" | "conclusion"), None)
            | (Some("needs"), Some(_), Some("result"), None)
    );
    PLAIN.split_whitespace().any(|known| known == expression)
        || expression.strip_prefix("secrets.").is_some_and(is_name)
        || is_result && expression.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Whether a text is one word of a shell, and has no character that means anything to it.
fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || "._/:@+=,-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisories::locks::notation;

    fn put_in(job: &str, text: &str) -> String {
        let job = notation::settings(job.as_bytes()).unwrap();
        Known::default().within_job(job.as_object().unwrap()).put_in(text)
    }

    #[test]
    fn what_is_known_is_put_in_as_it_stands() {
        let job = "env: {MSG: 'x; exit 0', A: '${{ inputs.b }}', S: 1}\nstrategy: {matrix: {one: [a], v: ['3.8', '3.9'], bad: [a, 'b; c']}}\n";
        for (text, expected) in [
            ("echo ${{ '; exit 0' }}", "echo ; exit 0"),
            ("echo ${{ 'it''s }}' }} y", "echo it's }} y"),
            ("echo ${{ env.MSG }}", "echo x; exit 0"),
            ("x ${{env.S}}", "x 1"),
            ("x >> ${{ github.env }}", "x >> $GITHUB_ENV"),
            ("x ${{ matrix.one }}", "x a"),
            ("x ${{ matrix.v }}", "x ${{matrix.v}}"),
            ("x ${{ github.sha }}-${{ secrets.TOKEN }}", "x ${{github.sha}}-${{secrets.TOKEN}}"),
            ("x ${{ github.event_name == 'push' && 'a' || 'b' }}", "x ${{choice}}"),
            ("x-${{ hashFiles('**/a.lock') }}", "x-${{choice}}"),
            ("plain $X", "plain $X"),
        ] {
            assert_eq!(put_in(job, text), expected, "{text}");
        }
        for text in [
            "${{ env.A }}",
            "${{ env.OTHER }}",
            "${{ inputs.a }}",
            "${{ vars.A }}",
            "${{ matrix.bad }}",
            "${{ matrix.none }}",
            "${{ steps.a.outputs.b }}",
            "${{ github.event.issue.title }}",
            "${{ github.workflow }}",
            "${{ format('{0}', 'a') }}",
            "${{ inputs.a || 'b' }}",
            "${{ 'a; b' || 'c' }}",
            "${{ open",
        ] {
            assert_eq!(put_in(job, text), UNKNOWN, "{text}");
        }
        let set = "env: {A: b}\nsteps: [{run: 'echo A=x >> $GITHUB_ENV'}]\n";
        assert_eq!(put_in(set, "${{ env.A }}"), UNKNOWN);
    }
}
