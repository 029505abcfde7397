//! Programs called `git` and `gpg` in the folder that somebody stands in, which is first in PATH.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::kit::release::Release;
use crate::stage::Stage;

#[test]
fn nothing_of_the_working_folder_is_run() {
    let stage = Stage::set(&Release::good());
    let here = tempfile::tempdir().unwrap();
    let marker = here.path().join("ran");
    for program in
        ["git", "git.exe", "gpg", "gpg2", "cosign", "gh", "ssh-keygen", "minisign", "openssl", "sh"]
    {
        let path = here.path().join(program);
        std::fs::write(&path, format!("#!/bin/sh\ntouch {}\n", marker.display())).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_relcheck"));
    command.current_dir(here.path()).env_clear().env("PATH", ".:").env("GIT_EXEC_PATH", here.path());
    command.args(["verify", "--as-of", "2026-01-06T00:00:00Z"]);
    command.args(stage.written.arguments()).args(["--", "v1.2.3"]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(!marker.exists());
}
