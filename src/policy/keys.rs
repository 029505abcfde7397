//! The keys that a policy names, each with its place there.

use super::{Policy, PolicyError, place::Place};
use crate::{
    checks::{Rules, signatures::NamedKey},
    text::{self, Untrusted},
    trust::{Key, KeyKind, KeyOptions, TrustError},
};
use std::collections::BTreeMap;

/// The keys of a section.
type Keys = fn(&Rules) -> &[NamedKey];

/// The sections that name keys.
const SECTIONS: [(&str, Keys); 3] = [
    ("signatures", |rules| &rules.signatures.keys),
    ("provenance", |rules| &rules.provenance.keys),
    (TAG, |rules| &rules.tag.keys),
];
/// The section whose keys sign tags; those of the others sign what is published.
const TAG: &str = "tag";

/// A key that a policy names.
struct Placed<'a> {
    component: Option<&'a str>,
    section: &'static str,
    at: usize,
    key: &'a NamedKey,
}

impl Placed<'_> {
    /// The line of what `says` names of the key, in the policy that is written as `text`.
    fn line(&self, text: &str, says: &str) -> usize {
        let at = self.at.to_string();
        Place::of(text, self.component).line(&["rules", self.section, "key", &at, says])
    }
}

impl Policy {
    /// Reads the key files that the policy names, relative to `folder`, with `read`; afterwards nothing else is read.
    pub fn read_keys(
        &mut self,
        path: &str,
        read: impl Fn(&str) -> std::io::Result<Vec<u8>>,
    ) -> Result<(), PolicyError> {
        let mut contents = BTreeMap::new();
        for placed in self.placed() {
            let Some(file) = &placed.key.file else { continue };
            let bytes = read(file).map_err(|source| PolicyError::KeyFile {
                path: text::clean(path).into_owned(),
                line: placed.line(&self.text, "file"),
                file: Untrusted::new(file),
                source,
            })?;
            contents.insert(file.clone(), bytes);
        }
        let components = self.components.values_mut().map(|component| &mut component.rules);
        for rules in std::iter::once(&mut self.rules).chain(components) {
            let published = rules.signatures.keys.iter_mut().chain(&mut rules.provenance.keys);
            for key in published.chain(&mut rules.tag.keys) {
                key.content = key.file.as_ref().and_then(|file| contents.get(file).cloned());
            }
        }
        let sha256 = self.digest();
        self.set_digest(sha256);
        self.keys().map_err(|error| self.unusable(path, error, false))?;
        self.tag_keys().map_err(|error| self.unusable(path, error, true))?;
        Ok(())
    }

    /// The keys that the policy names for what is published, for any component; a check counts those alone that its own
    /// section names.
    pub fn keys(&self) -> Result<Vec<Key>, TrustError> {
        self.sections().try_for_each(refuse_one_holder)?;
        self.named_keys(false).into_values().map(key_of).collect()
    }

    /// The keys that the policy names for tags, for any component.
    pub fn tag_keys(&self) -> Result<Vec<Key>, TrustError> {
        self.named_keys(true).into_values().map(tag_key_of).collect()
    }

    /// A name that means one key here and another for a component, which would let either sign for both; and the line of
    /// the second.
    pub(super) fn ambiguous_key(&self) -> Option<(usize, String)> {
        let of = |of_tags: bool| {
            let mut named = BTreeMap::new();
            self.placed_of(of_tags).find(|placed| {
                let first: &mut &NamedKey = named.entry(placed.key.name.as_str()).or_insert(placed.key);
                *first != placed.key
            })
        };
        let placed = of(false).or_else(|| of(true))?;
        let name = text::clean(&placed.key.name);
        let problem =
            format!("the key \"{name}\" is another one for a component; give it another name there");
        Some((placed.line(&self.text, "name"), problem))
    }

    /// Why the keys cannot be used, with the line of the key.
    fn unusable(&self, path: &str, source: TrustError, of_tags: bool) -> PolicyError {
        let name = source.key().map(Untrusted::raw);
        let placed = self.placed_of(of_tags).find(|placed| name == Some(placed.key.name.as_str()));
        let line = placed.map_or(1, |placed| placed.line(&self.text, "name"));
        PolicyError::Key { path: text::clean(path).into_owned(), line, source }
    }

    /// Every key that is named for tags, or for what is published, once: a name means the same key for every component.
    fn named_keys(&self, of_tags: bool) -> BTreeMap<&str, &NamedKey> {
        self.placed_of(of_tags).map(|placed| (placed.key.name.as_str(), placed.key)).collect()
    }

    fn placed_of(&self, of_tags: bool) -> impl Iterator<Item = Placed<'_>> {
        self.placed().filter(move |placed| (placed.section == TAG) == of_tags)
    }

    /// Every key that is named; those of a component are named again where they are not its own.
    fn placed(&self) -> impl Iterator<Item = Placed<'_>> {
        let components = self.components.iter().map(|(name, policy)| (Some(name.as_str()), &policy.rules));
        std::iter::once((None, &self.rules)).chain(components).flat_map(|(component, rules)| {
            SECTIONS.into_iter().flat_map(move |(section, keys)| {
                let keys = keys(rules).iter().enumerate();
                keys.map(move |(at, key)| Placed { component, section, at, key })
            })
        })
    }
}

/// A threshold counts keys as different signers: none of them may be another one in other clothes.
fn refuse_one_holder(rules: &Rules) -> Result<(), TrustError> {
    if rules.signatures.threshold < 2 {
        return Ok(());
    }
    let keys = rules.signatures.keys.iter().map(key_of).collect::<Result<Vec<_>, _>>()?;
    for (at, one) in keys.iter().enumerate() {
        for other in &keys[at + 1..] {
            if let Some(reason) = one.may_be_one_holder(other) {
                let (one, other) = (Untrusted::new(one.name()), Untrusted::new(other.name()));
                return Err(TrustError::OneHolder { one, other, reason });
            }
        }
    }
    Ok(())
}

/// A key as the proofs use it.
fn key_of(named: &NamedKey) -> Result<Key, TrustError> {
    let options = KeyOptions {
        fingerprints: named.fingerprints.clone(),
        principals: named.principals.clone(),
        namespaces: named.namespaces.clone(),
        legacy: named.legacy,
    };
    Key::parse(&named.name, named.bytes(), options).map_err(|error| error.in_file(place(named)))
}

/// A key that may sign tags: git makes signatures of no other kinds with a key.
fn tag_key_of(named: &NamedKey) -> Result<Key, TrustError> {
    let key = key_of(named)?;
    if matches!(key.kind(), KeyKind::OpenPgp | KeyKind::Ssh) {
        return Ok(key);
    }
    Err(TrustError::NoTagKey {
        name: Untrusted::new(&named.name),
        place: place(named),
        kind: key.kind().word(),
    })
}

/// The file that holds a key, in brackets, where it is in one.
fn place(named: &NamedKey) -> String {
    named.file.as_ref().map_or_else(String::new, |file| format!(" ({})", text::clean(file)))
}
