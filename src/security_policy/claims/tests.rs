//! Each kind of claim: a text that makes it, and a near miss that does not.

use super::*;

#[test]
fn dump() {
    let Ok(path) = std::env::var("DUMP") else { return };
    for path in path.split(',') {
        let bytes = std::fs::read(path).unwrap();
        println!("=== {path}");
        for claim in claims(path, &bytes).all {
            println!("{}:{} {:?} {}", claim.line, claim.kind.name(), claim.tone, claim.sentence);
        }
    }
}
