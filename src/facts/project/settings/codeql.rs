//! The settings of CodeQL.
//!
//! <https://docs.github.com/en/code-security/reference/code-scanning/workflow-configuration-options>
//!
//! The rule that must not be broken: a setting that is not known to leave the default queries and the code as they are
//! is a doubt.

use super::rules::is_beside;
use crate::advisories::locks::notation;
use serde_json::Value;

/// What settings say that may keep CodeQL from looking at the code, in words that follow "its settings"; nothing where
/// they are known to leave it as it is.
#[must_use]
pub fn doubt(text: &str) -> Option<String> {
    const UNREAD: &str = "could not be read";
    let Ok(document) = notation::settings(text.as_bytes()) else { return Some(UNREAD.to_owned()) };
    let Some(map) = document.as_object() else { return Some(UNREAD.to_owned()) };
    map.iter().find_map(|(key, value)| {
        let is_fine = match key.as_str() {
            "name" | "queries" | "packs" | "threat-models" => true,
            "disable-default-queries" => value == &Value::Bool(false),
            "paths-ignore" if strings(value).any(|path| path.trim_matches(['*', '/', '.']).is_empty()) => {
                return Some("ignore every path".to_owned());
            }
            "paths-ignore" => true,
            "paths" => strings(value).any(|path| !is_beside(path) && !path.contains('!')),
            "query-filters" => value.as_array().is_some_and(|all| all.iter().all(is_of_one_query)),
            _ => false,
        };
        (!is_fine).then(|| {
            format!(
                "have {}, and what that does is not known",
                crate::text::clean(key.get(..60).unwrap_or(key))
            )
        })
    })
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// Whether a filter leaves out queries that it names in full.
fn is_of_one_query(filter: &Value) -> bool {
    let excluded = filter.get("exclude").and_then(Value::as_object);
    let is_plain = |value: &Value| {
        let mut ids = strings(value).chain(value.as_str());
        ids.all(|id| {
            !id.is_empty()
                && id.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '/')
                && !id.starts_with('/')
        })
    };
    filter.as_object().is_some_and(|map| map.len() == 1)
        && excluded.is_some_and(|map| map.len() == 1 && map.get("id").is_some_and(is_plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_leave_out_queries_or_the_code_are_a_doubt() {
        for fine in [
            "name: x\nqueries: [{uses: security-extended}]\npaths-ignore: [tests, '**/*.min.js']\n",
            "paths: [src, tests]\n",
            "query-filters: [{exclude: {id: js/redundant-assignment}}, {exclude: {id: [py/a, py/b]}}]\n",
            "disable-default-queries: false\n",
        ] {
            assert_eq!(doubt(fine), None, "{fine}");
        }
        for other in [
            "disable-default-queries: true\n",
            "paths: [docs]\n",
            "paths: []\n",
            "paths: ['!src']\n",
            "paths-ignore: ['**']\n",
            "query-filters: [{exclude: {id: /.*/}}]\n",
            "query-filters: [{include: {id: x}}]\n",
            "query-filters: [{exclude: {tags: security}}]\n",
            "other: x\n",
            "- a\n",
            "a: [",
        ] {
            assert!(doubt(other).is_some(), "{other}");
        }
    }
}
