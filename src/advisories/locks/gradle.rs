//! `gradle.lockfile`: <https://docs.gradle.org/current/userguide/dependency_locking.html>. It does not say which
//! repository an artifact is from.

use super::{Fault, rows::Rows};
use crate::advisories::lock::{Ecosystem, Lock, Origin};

/// Whether a file of this name locks what the scripts of a build run, its plugins, and not what is built.
pub(super) fn is_of_script(name: &str) -> bool {
    ["buildscript-gradle.lockfile", "settings-gradle.lockfile"].contains(&name)
}

/// Whether a file is that of one configuration, as Gradle wrote them before its version 7.
pub(super) fn is_of_older(path: &str) -> bool {
    path.ends_with(".lockfile") && path.rsplit('/').nth(1) == Some("dependency-locks")
}

/// Reads one. Its last line, `empty=`, lists the configurations without artifacts; a file that was cut off lacks it.
pub(super) fn read(text: &str) -> Result<Lock, Fault> {
    let mut rows = Rows::new(Ecosystem::Maven);
    let mut ended = false;
    for (number, line) in text.lines().enumerate() {
        let wrong = || Fault::line(number, line);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if ended {
            return Err(wrong());
        }
        let (artifact, _) = line.split_once('=').ok_or_else(wrong)?;
        if artifact == "empty" {
            ended = true;
            continue;
        }
        let parts: Vec<&str> = artifact.split(':').collect();
        let [group, name, version] = parts.as_slice() else { return Err(wrong()) };
        rows.add(&format!("{group}:{name}"), version, Origin::DefaultRegistry)?;
    }
    if ended { rows.lock() } else { Err(Fault::CutOff("the line empty=")) }
}
