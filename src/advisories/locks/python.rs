//! Names and requirements of Python packages.

use crate::advisories::lock::Origin;

/// The address of the Python Package Index, as index URLs name it.
const INDEX_HOSTS: [&str; 2] = [concat!("pypi", ".org"), concat!("pypi.python", ".org")];

/// The name as PEP 503 normalises it.
pub(super) fn normal_name(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            gap = true;
            continue;
        }
        if gap && !normal.is_empty() {
            normal.push('-');
        }
        gap = false;
        normal.extend(c.to_lowercase());
    }
    normal
}

/// Where a package is from that an index at `url` serves.
pub(super) fn of_index(url: &str) -> Origin {
    let is_default = host(url)
        .is_some_and(|(host, path)| INDEX_HOSTS.contains(&host) && path.trim_matches('/') == "simple");
    if is_default { Origin::DefaultRegistry } else { Origin::OtherRegistry(without_secrets(url)) }
}

/// The host of an https address and what follows it; none with a port or a user, who may be anybody.
fn host(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("https://")?;
    Some(rest.split_once('/').unwrap_or((rest, "")))
}

/// An address without user and password, which are nobody's business.
pub(super) fn without_secrets(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (place, path) = rest.split_once('/').map_or((rest, None), |(place, path)| (place, Some(path)));
    let place = place.rsplit('@').next().unwrap_or(place);
    path.map_or_else(|| format!("{scheme}://{place}"), |path| format!("{scheme}://{place}/{path}"))
}

/// A requirement as PEP 508 writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    /// The normalised name.
    pub(super) name: String,
    /// What is asked for.
    pub(super) wanted: Wanted,
    /// In which environments it holds, where not in all.
    pub(super) marker: Option<String>,
}

/// What a requirement asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// One version: `==` or `===` without `*`.
    Version(String),
    /// Any of several versions, as written.
    Range(String),
    /// The file or repository at an address.
    Address(String),
}

/// Reads a requirement; nothing where it is none.
pub(super) fn requirement(text: &str) -> Option<Requirement> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let name = &text[..end];
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || name.ends_with(['-', '_', '.']) {
        return None;
    }
    let mut rest = text[end..].trim_start();
    if let Some(extras) = rest.strip_prefix('[') {
        rest = extras.split_once(']')?.1.trim_start();
    }
    let name = normal_name(name);
    if let Some(address) = rest.strip_prefix('@') {
        // The marker of an address stands after a space.
        let (address, marker) = address.trim().split_once(" ;").unwrap_or_else(|| (address.trim(), ""));
        let wanted = Wanted::Address(address.trim().to_owned());
        let marker = (!marker.is_empty()).then(|| marker.to_owned());
        return (!address.is_empty()).then_some(Requirement { name, wanted, marker });
    }
    let (versions, marker) = rest.split_once(';').map_or((rest, None), |(it, marker)| (it, Some(marker)));
    Some(Requirement { name, wanted: wanted(versions)?, marker: marker.map(str::to_owned) })
}

/// Reads the version specifiers of a requirement (PEP 440).
fn wanted(text: &str) -> Option<Wanted> {
    let text = text.trim();
    let inner = text.strip_prefix('(').map_or(Some(text), |it| it.strip_suffix(')'))?.trim();
    if inner.is_empty() {
        return Some(Wanted::Range(String::new()));
    }
    let mut exact = None;
    for part in inner.split(',').map(str::trim) {
        let version = part.trim_start_matches(['=', '<', '>', '!', '~']);
        let operator = &part[..part.len() - version.len()];
        let version = version.trim();
        let is_version = !version.is_empty() && version.chars().all(is_of_a_version);
        if !["==", "===", "<", ">", "<=", ">=", "!=", "~="].contains(&operator) || !is_version {
            return None;
        }
        if operator.starts_with("==") && !version.contains('*') {
            exact = Some(version.to_owned());
        }
    }
    Some(exact.map_or_else(|| Wanted::Range(inner.to_owned()), Wanted::Version))
}

fn is_of_a_version(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '!' | '*')
}
