//! Where a policy says what is wrong with it.

use toml::de::{DeTable, DeValue};

/// The text of a policy as it is written, and the component that something is said of.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    text: &'a str,
    component: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// What is said of every component, or of one.
    pub(super) fn of(text: &'a str, component: Option<&'a str>) -> Self {
        Self { text, component }
    }

    /// The line of what `path` leads to, or of the last of its steps that is written; entries of lists are counted from 0.
    pub(super) fn line(self, path: &[&str]) -> usize {
        let of_component = self.component.map(|component| ["component", component]);
        let path: Vec<&str> = of_component.iter().flatten().chain(path).copied().collect();
        let before = self.text.get(..offset(self.text, &path)).unwrap_or_default();
        before.matches('\n').count() + 1
    }
}

/// Where the last step of `path` that is written begins.
fn offset(text: &str, path: &[&str]) -> usize {
    let Ok(document) = DeTable::parse(text) else { return 0 };
    let document = DeValue::Table(document.into_inner());
    let (mut here, mut at) = (&document, 0);
    for step in path {
        let next = match here {
            DeValue::Table(table) => {
                let found = table.iter().find(|(key, _)| key.get_ref() == step);
                found.map(|(key, value)| (key.span(), value))
            }
            DeValue::Array(list) => {
                let found = step.parse().ok().and_then(|n: usize| list.get(n));
                found.map(|value| (value.span(), value))
            }
            _ => None,
        };
        let Some((span, value)) = next else { break };
        (here, at) = (value.get_ref(), span.start);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# threshold = 1
[[rules.signatures.key]]
name = \"a\"
[[rules.signatures.key]]
name = \"b\"

[component.\"socket.io\".rules.signatures]
derive = false
threshold = 2
[component.sdk]
rules.signatures = { key = [{ name = \"a\" },
  { name = \"b\" }] }
";

    #[test]
    fn what_is_wrong_is_found_where_it_is_written() {
        for (component, path, line) in [
            (None, "rules.signatures.key.0", 2),
            (None, "rules.signatures.key.0.name", 3),
            (None, "rules.signatures.key.1", 4),
            (None, "rules.signatures.key.1.name", 5),
            (Some("socket.io"), "rules.signatures.threshold", 9),
            (Some("sdk"), "rules.signatures.key.0.name", 11),
            (Some("sdk"), "rules.signatures.key.1.name", 12),
            // What is not written is near the last that is.
            (None, "rules.signatures.threshold", 2),
            (None, "rules.signatures.key.2.name", 2),
            (None, "levels.tag", 1),
            (Some("socket.io"), "rules.signatures.key.0.name", 7),
            (Some("socket.io"), "levels.tag", 7),
            (Some("runtime"), "rules", 7),
            (None, "rules.signatures.key.0.name.0", 3),
        ] {
            let steps: Vec<&str> = path.split('.').collect();
            assert_eq!(Place::of(TEXT, component).line(&steps), line, "{component:?} {path}");
        }
        assert_eq!(Place::of("no = = policy", None).line(&["no"]), 1);
    }
}
