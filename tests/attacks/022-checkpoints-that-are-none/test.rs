//! Checkpoints that are malformed, each signed by the log itself where that is possible.

use serde_json::{Value, json};

use crate::kit::SEED;
use crate::kit::trusted_root::Sigstore;
use crate::stand::{Stand, entries, v1, v2};

/// The text of a checkpoint, spoilt in so many ways.
fn malformed(origin: &str, root: &str) -> Vec<String> {
    vec![
        String::new(),
        "\n".to_owned(),
        origin.to_owned(),
        format!("{origin}\n"),
        format!("{origin}\n7\n"),
        format!("{origin}\n7\n\n"),
        format!("\n7\n{root}\n"),
        format!("7\n{root}\n"),
        format!("{origin}\n{root}\n7\n"),
        format!("{origin}\n-7\n{root}\n"),
        format!("{origin}\n7.0\n{root}\n"),
        format!("{origin}\n0x7\n{root}\n"),
        format!("{origin}\n18446744073709551616\n{root}\n"),
        format!("{origin}\n{}\n{root}\n", "9".repeat(10_000)),
        format!("{origin}\n7\n{}\n", &root[..20]),
        format!("{origin}\n7\n!{}\n", &root[1..]),
        format!("{origin}\n7\n{root}{root}\n"),
        format!("{origin}\n7\n{}\n", root.replace('=', "\0")),
        format!("{}\n7\n", "x\n".repeat(1_000_000)),
    ]
}

#[test]
fn a_malformed_checkpoint_is_refused_though_the_log_signed_it() {
    let sigstore = Sigstore::new(SEED);
    let stand = Stand::file();
    let told =
        |bundle: &Value| stand.clone().publish(stand.sidecar(), bundle.to_string().as_bytes()).outcome();
    let mut tried = 0;
    for (options, log) in [(v1(), &sigstore.rekor_v1), (v2(), &sigstore.rekor_v2)] {
        let mut bundle = stand.bundle(&options);
        stand.accepts(&bundle);
        let root = entries(&mut bundle)[0]["inclusionProof"]["rootHash"].as_str().unwrap().to_owned();
        for text in malformed(&log.origin(), &root) {
            entries(&mut bundle)[0]["inclusionProof"]["checkpoint"] = json!({"envelope": log.note(&text)});
            assert_eq!(
                told(&bundle),
                "rejected: signatures/invalid fail",
                "{:?}",
                &text[..text.len().min(70)]
            );
            tried += 1;
        }
        // A size that is not the tree's: Rekor v1 says it again in the proof, and there the signed root decides.
        for size in [0, 5].into_iter().filter(|_| options == v2()) {
            let text = format!("{}\n{size}\n{root}\n", log.origin());
            entries(&mut bundle)[0]["inclusionProof"]["checkpoint"] = json!({"envelope": log.note(&text)});
            assert_eq!(told(&bundle), "rejected: signatures/invalid fail", "{text:?}");
            tried += 1;
        }
        let text = format!("{}\n7\n{root}\n", log.origin());
        let good = log.note(&text);
        entries(&mut bundle)[0]["inclusionProof"]["checkpoint"] = json!({"envelope": good});
        stand.accepts(&bundle);
        let notes = [
            text.clone(),
            format!("{text}\n"),
            format!("{text}\n\u{2014} {} \n", log.host()),
            format!("{text}\n\u{2014} {} AAAA\n", log.host()),
            format!("{text}\n\u{2014} {} ////\n", log.host()),
            format!("{text}\n- {}", good.rsplit_once("\u{2014} ").unwrap().1),
            good.replace("\n\n", "\n"),
            good.replace('\u{2014}', "\u{2013}"),
        ];
        for note in notes {
            entries(&mut bundle)[0]["inclusionProof"]["checkpoint"] = json!({"envelope": note.clone()});
            assert_eq!(told(&bundle), "rejected: signatures/invalid fail", "{note:?}");
            tried += 1;
        }
    }
    assert_eq!(tried, 56);
}
