//! The matrix of a job: whether it has an entry, and which values stand in it.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrix>
//!
//! The rule that must not be broken: a matrix that is not understood may have no entry, and any value.

use super::scalar;
use serde_json::{Map, Value};

/// Most entries: GitHub makes no more jobs of one matrix.
const ENTRIES_LIMIT: usize = 256;

/// Whether a job runs at least once, as far as its matrix decides that; without a matrix it does.
pub(super) fn has_entries(job: &Map<String, Value>) -> bool {
    let Some(matrix) = job.get("strategy").and_then(|it| it.get("matrix")) else { return true };
    let Some(matrix) = matrix.as_object() else { return false };
    let Some(excluded) = list(matrix, "exclude") else { return false };
    if list(matrix, "include").is_some_and(|more| !more.is_empty()) {
        return true;
    }
    entries(matrix).is_some_and(|all| all.iter().any(|entry| !excluded.iter().any(|it| fits(it, entry))))
}

/// The values that stand at this path of a matrix, in all of its entries; nothing where they are not known.
pub(super) fn values(job: &Map<String, Value>, path: &[&str]) -> Option<Vec<String>> {
    let matrix = job.get("strategy")?.get("matrix")?.as_object()?;
    let (first, rest) = path.split_first()?;
    let inner = |value: &Value| {
        let value = rest.iter().try_fold(value, |value, key| value.get(*key));
        value.map_or_else(|| Some(String::new()), scalar)
    };
    let of_axis = match matrix.get(*first) {
        None => Vec::new(),
        Some(values) => values.as_array()?.iter().map(inner).collect::<Option<Vec<String>>>()?,
    };
    let more = list(matrix, "include")?;
    let of_more: Vec<String> =
        more.iter().filter_map(|entry| entry.get(*first)).map(inner).collect::<Option<_>>()?;
    let mut all: Vec<String> = of_axis.into_iter().chain(of_more).collect();
    all.sort();
    all.dedup();
    (!all.is_empty()).then_some(all)
}

/// An entry: a value of each axis.
type Entry<'m> = Vec<(&'m str, &'m Value)>;

/// The entries before any is taken away; nothing where they are not known, or too many.
fn entries(matrix: &Map<String, Value>) -> Option<Vec<Entry<'_>>> {
    let axes = matrix.iter().filter(|(key, _)| !matches!(key.as_str(), "include" | "exclude"));
    let mut all: Vec<Entry<'_>> = Vec::new();
    for (at, (key, values)) in axes.enumerate() {
        let values = values.as_array()?;
        if at == 0 {
            all.push(Entry::new());
        }
        if all.len().saturating_mul(values.len()) > ENTRIES_LIMIT {
            return None;
        }
        let mut wider = Vec::with_capacity(all.len() * values.len());
        for entry in &all {
            wider.extend(values.iter().map(|value| [entry.as_slice(), &[(key.as_str(), value)]].concat()));
        }
        all = wider;
    }
    Some(all)
}

/// Whether an entry is one of those that `excluded` takes away: each of its keys has that value, or one that is not known.
fn fits(excluded: &Value, entry: &[(&str, &Value)]) -> bool {
    let Some(excluded) = excluded.as_object() else { return true };
    excluded.iter().all(|(key, wanted)| {
        let Some((_, value)) = entry.iter().find(|(name, _)| name == key) else { return false };
        match (scalar(wanted), scalar(value)) {
            (Some(wanted), Some(value)) => wanted.contains("${{") || value.contains("${{") || wanted == value,
            _ => true,
        }
    })
}

/// The entries of `include` or `exclude`; nothing where an expression has them.
fn list<'m>(matrix: &'m Map<String, Value>, key: &str) -> Option<&'m [Value]> {
    match matrix.get(key) {
        None => Some(&[]),
        Some(value) => value.as_array().map(Vec::as_slice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisories::locks::notation;

    fn job(matrix: &str) -> Map<String, Value> {
        let text = format!("strategy: {{matrix: {matrix}}}\n");
        notation::settings(text.as_bytes()).unwrap().as_object().unwrap().clone()
    }

    #[test]
    fn a_matrix_whose_entries_are_all_taken_away_has_none() {
        for matrix in [
            "{a: [1, 2], b: [1], exclude: [{b: 1}]}",
            "{a: [1, 2], exclude: [{a: 1}, {a: '2'}]}",
            "{a: [x], exclude: [{a: '${{ vars.A }}'}]}",
            "{a: [], b: [1]}",
            "{a: [1], exclude: '${{ x }}'}",
            "'${{ fromJSON(x) }}'",
        ] {
            assert!(!has_entries(&job(matrix)), "{matrix}");
        }
        for matrix in [
            "{a: [1, 2], b: [1], exclude: [{a: 1, b: 1}]}",
            "{a: [1, 2], exclude: [{a: 1}, {a: 1}]}",
            "{a: [1], exclude: [{a: 1}], include: [{a: 3}]}",
            "{include: [{a: 1}]}",
            "{a: [1]}",
        ] {
            assert!(has_entries(&job(matrix)), "{matrix}");
        }
        assert!(has_entries(&Map::new()));
    }

    #[test]
    fn the_values_of_a_matrix_are_those_of_its_axes_and_of_what_is_included() {
        let of = |matrix: &str, path: &[&str]| values(&job(matrix), path);
        assert_eq!(
            of("{a: [1, x], include: [{a: z}]}", &["a"]),
            Some(vec!["1".into(), "x".into(), "z".into()])
        );
        assert_eq!(of("{a: [{b: 1}]}", &["a", "b"]), Some(vec!["1".into()]));
        assert_eq!(of("{a: [1]}", &["b"]), None);
        assert_eq!(of("{a: '${{ x }}'}", &["a"]), None);
    }
}
