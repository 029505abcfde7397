//! Components of a bill of materials that lie below a Go module of the release: packages of it, or modules of their own.

use crate::advisories::lock::{Ecosystem, Lock, LockedPackage, Origin};
use std::collections::BTreeSet;

/// The same bill of materials, in which each component is not covered, too, whose path lies below one of `modules` and is none
/// of them: nobody is asked about packages, and what is known of the module is not found under the name of one. `None` where
/// there is no such component.
pub fn below(bill: &Lock, modules: &BTreeSet<String>) -> Option<Lock> {
    if bill.ecosystem() != Ecosystem::Golang {
        return None;
    }
    let row = |package: &LockedPackage| {
        let module = above(&package.name, modules)?;
        let why = format!("it lies below the module {module}, and may be a package of it");
        Some(LockedPackage { origin: Origin::Unclear(why), ..package.clone() })
    };
    let rows: Vec<LockedPackage> = bill.covered().filter_map(row).collect();
    (!rows.is_empty())
        .then(|| Lock::new(Ecosystem::Golang, bill.packages().iter().cloned().chain(rows).collect()))
}

/// The module that a path lies below and that is not it in another major version.
fn above<'p>(path: &'p str, modules: &BTreeSet<String>) -> Option<&'p str> {
    if modules.contains(path) {
        return None;
    }
    let is_major = |rest: &str| {
        rest.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let above = path.rmatch_indices('/').map(|(at, _)| (&path[..at], &path[at + 1..]));
    let known = above.filter(|(module, rest)| modules.contains(*module) && !is_major(rest));
    known.map(|(module, _)| module).next()
}

#[cfg(test)]
mod tests {
    use super::below;
    use crate::advisories::locks::sbom;

    #[test]
    fn a_component_below_a_module_of_the_release_is_not_covered() {
        let told = |purl: &str| -> Vec<String> {
            let text = format!(
                "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{{\"name\":\"{}\",\"purl\":\"pkg:{purl}@v0.3.5\"}}]}}",
                purl.rsplit('/').next().unwrap()
            );
            let bill = sbom::parse(text.as_bytes()).unwrap().locks.remove(0);
            let modules = ["golang.org/x/text", "example.com/m/v2"].map(str::to_owned).into();
            let marked = below(&bill, &modules);
            assert!(marked.iter().all(|marked| marked.covered().eq(bill.covered())));
            marked.iter().flat_map(|marked| marked.not_covered(None)).map(|row| row.why).collect()
        };
        let why = "it lies below the module golang.org/x/text, and may be a package of it";
        assert_eq!(told("golang/golang.org/x/text/language"), [why]);
        for other in
            ["golang/golang.org/x/text", "golang/golang.org/x/textual", "golang/golang.org/x/text/v2"]
        {
            assert_eq!(told(other), [""; 0], "{other}");
        }
        assert_eq!(told("npm/text"), [""; 0]);
    }
}
