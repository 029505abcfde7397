//! Paths in a repository as git spells them: `/` between names, none at either end, `""` for the root.

/// The folder of a file, and its name.
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The folder of a file, or the one above a folder.
pub fn folder_of(path: &str) -> &str {
    split(path).0
}

/// The name of a file or folder without those above it.
pub fn name_of(path: &str) -> &str {
    split(path).1
}

/// A path below a folder.
pub fn below(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// Whether a folder is the other one, or below it.
pub fn is_within(folder: &str, above: &str) -> bool {
    within(above, folder).is_some()
}

/// The path from one folder to what is in it, or is it.
pub fn within<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Where `path`, as a file in `folder` writes it, leads; nothing where it leads out of the repository, or only on some
/// systems into it.
pub fn follow(folder: &str, path: &str) -> Option<String> {
    let is_elsewhere = path.starts_with('/') || path.contains(['\\', ':']);
    if is_elsewhere { None } else { resolve(folder, path) }
}

/// As [`follow`], for a path that nothing but `/` divides; one at its beginning says nothing.
pub fn resolve(folder: &str, path: &str) -> Option<String> {
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            name => segments.push(name),
        }
    }
    Some(segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{below, folder_of, follow, is_within, name_of, split};

    #[test]
    fn a_path_has_a_folder_and_a_name() {
        assert_eq!(split("a/b/c.toml"), ("a/b", "c.toml"));
        assert_eq!((folder_of("c.toml"), name_of("c.toml")), ("", "c.toml"));
        assert_eq!((below("", "c"), below("a/b", "c")), ("c".to_owned(), "a/b/c".to_owned()));
    }

    #[test]
    fn a_folder_whose_name_begins_alike_is_no_folder_above() {
        assert!(is_within("a/b", "a") && is_within("a", "a") && is_within("a", ""));
        assert!(!is_within("ab", "a") && !is_within("a", "a/b"));
    }

    #[test]
    fn a_way_out_of_the_repository_leads_nowhere() {
        assert_eq!(follow("a/b", "../c//./d/"), Some("a/c/d".to_owned()));
        assert_eq!(follow("a", ".."), Some(String::new()));
        for out in ["../..", "../../a", "/etc", "\\share", "..\\c", "C:/c"] {
            assert_eq!(follow("a", out), None, "{out}");
        }
    }
}
