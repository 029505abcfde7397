//! `mix.lock` of Elixir: a map from names to tuples, in Elixir's own notation.

mod term;

use super::{Fault, python::without_secrets, rows::Rows};
use crate::advisories::lock::{Ecosystem, Lock, Origin};
use term::Term;

/// The name of the registry.
const REGISTRY: &str = "hexpm";

/// Reads one.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    let mut rows = Rows::new(Ecosystem::Hex);
    let mut seen = std::collections::BTreeSet::new();
    for (name, value) in term::map(text)? {
        if !seen.insert(name.clone()) {
            return Err(Fault::Duplicate(format!("the key {}", super::error::shown(&name))));
        }
        add(&mut rows, &name, &value)?;
    }
    rows.lock()
}

fn add(rows: &mut Rows, name: &str, value: &Term) -> Result<(), Fault> {
    let malformed = |expected| Fault::malformed(format!("the entry {}", super::error::shown(name)), expected);
    let Term::Tuple(parts) = value else { return Err(malformed("a tuple")) };
    match parts.as_slice() {
        [Term::Atom(kind), Term::Atom(package), Term::Text(version), _, _, needs, rest @ ..]
            if kind == "hex" =>
        {
            let origin = match rest {
                [] => Origin::DefaultRegistry,
                [Term::Text(registry), ..] if registry == REGISTRY => Origin::DefaultRegistry,
                [Term::Text(registry), ..] => Origin::OtherRegistry(registry.clone()),
                _ => return Err(malformed("one with the name of a registry")),
            };
            rows.add(package, version, origin)?;
            want(rows, name, needs).ok_or_else(|| malformed("one with a list of dependencies"))?
        }
        [Term::Atom(kind), Term::Text(address), ..] if kind == "git" => {
            rows.add(name, "", Origin::Git(without_secrets(address)))
        }
        _ => Err(malformed("a package of a registry or a repository")),
    }
}

/// The dependencies of a package: `{:name, "requirement", [options]}`. An optional one need not be listed.
fn want(rows: &mut Rows, of: &str, needs: &Term) -> Option<Result<(), Fault>> {
    let Term::List(needs) = needs else { return None };
    for needed in needs {
        let Term::Tuple(parts) = needed else { return None };
        let [Term::Atom(_), _, Term::List(options)] = parts.as_slice() else { return None };
        let option = |key: &str| {
            options.iter().find_map(|it| match it {
                Term::Pair(name, value) if name == key => Some(value.as_ref()),
                _ => None,
            })
        };
        let Some(Term::Atom(package)) = option("hex") else { return None };
        let is_optional = matches!(option("optional"), Some(Term::Atom(word)) if word == "true");
        if !is_optional && let Err(fault) = rows.want(of, package) {
            return Some(Err(fault));
        }
    }
    Some(Ok(()))
}
