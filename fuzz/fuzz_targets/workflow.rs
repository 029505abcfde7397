#![no_main]
//! Workflows, the scripts in them, and the other settings that the claims of a security policy are held against.
use libfuzzer_sys::fuzz_target;
use relcheck::facts::project::{
    contact_files::{Insights, SecurityTxt},
    hooks, replaced, shell,
    updates::{self, Updater},
    workflow,
};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(read) = workflow::read(bytes, Some("main")) {
        for step in read.jobs.values().flat_map(|job| &job.steps) {
            if let Some(script) = &step.run {
                let commands = shell::commands(script, false);
                assert!(commands.iter().all(|command| !command.words.is_empty()));
            }
        }
    }
    let _ = workflow::read_action(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // Words that are written are the only ones that are read.
    for command in shell::commands(text, true) {
        assert!(command.words.iter().all(|word| word.len() <= text.len() + text.lines().count()));
    }
    let _ = hooks::read(text, &["package-lock.json"], &replaced::Own::default());
    let _ = updates::read(Updater::Dependabot, text);
    let _ = updates::read(Updater::Renovate, text);
    let _ = SecurityTxt::read(text).expires();
    let _ = Insights::read(text);
});
