//! Hooks, filters and settings in a repository that is judged.

use std::os::unix::fs::PermissionsExt;

use crate::kit::release::Release;
use crate::kit::spoil::Spoil;
use crate::stage::{Stage, outcome};

#[test]
fn nothing_in_a_repository_is_run() {
    let release = Release::good()
        .spoil(Spoil::File(".gitattributes", Some("* filter=trap diff=trap merge=trap\n")))
        .spoil(Spoil::File(".lfsconfig", Some("[lfs]\n\turl = http://127.0.0.1:1/\n")));
    let stage = Stage::set(&release);
    let repository = stage.written.repository();
    let marker = stage.folder.path().join("ran");
    let trap = stage.folder.path().join("trap");
    std::fs::write(&trap, format!("#!/bin/sh\ntouch {}\n", marker.display())).unwrap();
    std::fs::set_permissions(&trap, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::create_dir_all(repository.join("hooks")).unwrap();
    for hook in
        ["post-checkout", "pre-auto-gc", "reference-transaction", "fsmonitor-watchman", "post-index-change"]
    {
        std::fs::copy(&trap, repository.join("hooks").join(hook)).unwrap();
    }
    let included = stage.folder.path().join("included");
    std::fs::write(
        &included,
        format!("[core]\n\tsshCommand = {0}\n[gpg]\n\tprogram = {0}\n", trap.display()),
    )
    .unwrap();
    let config = repository.join("config");
    let text = std::fs::read_to_string(&config).unwrap();
    let traps = format!(
        "[core]\n\tfsmonitor = {0}\n\tsshCommand = {0}\n\tpager = {0}\n\teditor = {0}\n\thooksPath = {1}\n[gpg]\n\tprogram = \
         {0}\n[gpg \"ssh\"]\n\tprogram = {0}\n[filter \"trap\"]\n\tsmudge = {0}\n\tclean = {0}\n\tprocess = {0}\n\trequired = \
         true\n[diff \"trap\"]\n\ttextconv = {0}\n\tcommand = {0}\n[credential]\n\thelper = !{0}\n[uploadpack]\n\tpackObjectsHook \
         = {0}\n[include]\n\tpath = {2}\n[alias]\n\tlog = !{0}\n",
        trap.display(),
        repository.join("hooks").display(),
        included.display()
    );
    std::fs::write(&config, text + &traps).unwrap();
    assert_eq!(outcome(&stage.judge()), "verified");
    assert!(!marker.exists());
}
