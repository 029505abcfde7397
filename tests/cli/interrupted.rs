//! A run that is stopped at any moment leaves nothing behind that a later run takes for evidence.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::fixture::Fixture;
use crate::run;

/// For how long runs are let go on: from before anything is written to after everything is.
const MOMENTS: u64 = 24;

#[test]
fn evidence_that_was_being_written_is_whole_or_is_refused() {
    let fixture = Fixture::good();
    let text = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
    let began = std::time::Instant::now();
    fixture.run(&fixture.arguments().with("--save-evidence", "whole")).expect("a whole run", 0, &[]);
    let step = began.elapsed() / u32::try_from(MOMENTS).unwrap() * 3 / 2;
    let (mut whole, mut refused) = (0, 0);
    for moment in 0..MOMENTS {
        for signal in ["-KILL", "-INT"] {
            let (folder, file) = (format!("kept{signal}{moment}"), format!("kept{signal}{moment}.tar.zst"));
            let mut collect = run::command(&fixture.here());
            collect.args(["collect", "v1.2.3", "--repo", &text(fixture.written.repository())]);
            collect.args(["--assets", &text(fixture.written.published())]);
            collect.args(["--advisories", &text(fixture.written.advisories())]);
            collect.args(["--save-evidence", &folder, "--pack", &file]);
            let mut child = collect.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_micros(100) + step * u32::try_from(moment).unwrap());
            Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
            child.wait().unwrap();
            for pack in [&folder, &file] {
                let replay =
                    fixture.arguments().without("--repo").without("--assets").without("--advisories");
                let ran = fixture.run(&replay.with("--evidence", pack));
                match ran.code {
                    0 => whole += 1,
                    2 => refused += 1,
                    code => panic!("{pack}: exit {code}\n{}", ran.out()),
                }
            }
        }
    }
    // What is half written has another name.
    let names = fs::read_dir(fixture.here()).unwrap().map(|entry| entry.unwrap().file_name());
    let packs = names.filter(|name| name.to_string_lossy().ends_with(".tar.zst")).count();
    println!("{refused} refused, {whole} whole, {packs} of them in one file");
    assert_eq!(whole + refused, 4 * usize::try_from(MOMENTS).unwrap());
    assert!(refused > 0, "no run was stopped in time");
}
