//! Every key that a policy can have, asked of the reader itself: it names the keys of a table when it meets one that it
//! does not know. A key that is added to the program is found here without anybody listing it.

use relcheck::policy::Policy;

/// One step into a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Table,
    List,
}

/// The paths of all keys that hold a value: `rules.signatures.identity.issuer`.
pub fn keys() -> Vec<String> {
    let mut keys = Vec::new();
    descend(&[], &mut keys);
    keys.sort();
    keys
}

fn descend(path: &[(String, Step)], keys: &mut Vec<String>) {
    for field in fields(path).expect("a table names its keys") {
        let below = |step| [path, &[(field.clone(), step)]].concat();
        let [table, list] = [below(Step::Table), below(Step::List)];
        match (fields(&table), fields(&list)) {
            (Some(_), _) => descend(&table, keys),
            (_, Some(_)) => descend(&list, keys),
            (None, None) => {
                let names = table.iter().map(|(name, _)| name.as_str());
                keys.push(names.collect::<Vec<_>>().join("."));
            }
        }
    }
}

/// The keys of the table at `path`; nothing where there is no table.
fn fields(path: &[(String, Step)]) -> Option<Vec<String>> {
    let mut text = "{ zzz-unknown = 1 }".to_owned();
    for (name, step) in path.iter().rev() {
        let value = if *step == Step::List { format!("[ {text} ]") } else { text };
        text = format!("{{ {name} = {value} }}");
    }
    // The outermost table is the file itself.
    let text = text.strip_prefix("{ ").and_then(|text| text.strip_suffix(" }")).unwrap();
    let error = Policy::parse("schema.toml", text).err()?.to_string();
    let (_, known) = error.split_once("unknown field `zzz-unknown`, ")?;
    let known = known.split("; did you mean").next().unwrap();
    Some(known.split('`').skip(1).step_by(2).map(str::to_owned).collect())
}
