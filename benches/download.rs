//! A release of 40 files and 2 GiB from a forge on this machine, over TLS: `cargo bench --bench download`.
//!
//! `relcheck collect` beside a bare parallel download of the same files with hashing, in turn, each as a process of its own, so
//! that a machine whose speed drifts slows both alike. The bare one has as many connections, the same HTTP client, TLS and
//! SHA-256; it runs once with one thread for all connections and once with one for each, and the faster of the two counts.
//! `RELCHECK_BENCH_MIB` makes the release smaller.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

#[path = "../tests/faults/authority.rs"]
#[allow(dead_code, reason = "a benchmark uses its part")]
mod authority;
#[path = "../tests/faults/http.rs"]
#[allow(dead_code, reason = "a benchmark uses its part")]
mod http;
#[path = "../tests/kit/mod.rs"]
mod kit;
#[path = "../tests/cli/run.rs"]
mod run;
#[path = "../tests/faults/server.rs"]
#[allow(dead_code, reason = "a benchmark uses its part")]
mod server;

use authority::Authority;
use http::{Asked, Http, faithful};
use kit::{
    forge::{GITHUB_FILES, Player, TAG},
    release::Release,
};
use relcheck::release::{Forge, Sha256};
use server::{Internet, Play, Step};
use sha2::Digest;
use std::{
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// How many files the release has.
const FILES: usize = 40;
/// How often the block of a file is repeated.
const BLOCKS: usize = 52;
/// How many connections the bare download has: as many as relcheck.
const CONNECTIONS: usize = 6;
/// How many rounds are measured, after one that is not counted.
const ROUNDS: usize = 5;
/// What the bare download is told: how many threads, the proxy, and where the certificate of the authority is.
const BARE: &str = "RELCHECK_BENCH_BARE";

fn main() {
    if let Ok(told) = std::env::var(BARE) {
        let [threads, proxy, authority] = told.splitn(3, ' ').collect::<Vec<_>>()[..] else {
            panic!("{told}")
        };
        return bare(threads.parse().unwrap(), proxy, &std::fs::read(authority).unwrap());
    }
    let whole: usize = std::env::var("RELCHECK_BENCH_MIB").map_or(2048, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let internet = Internet::of(Large::release(folder, (whole << 20).div_ceil(FILES * BLOCKS)));
    std::fs::write(folder.join("ca.pem"), &Authority::get().pem).unwrap();
    let (mut ours, mut one, mut each) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (of_one, digests) = run_bare(1, &internet, folder);
        let (collected, manifest) = run_collect(&internet, folder, round);
        let (of_each, same) = run_bare(CONNECTIONS, &internet, folder);
        assert_eq!(digests.lines().count(), FILES);
        assert!(digests.lines().all(|digest| manifest.contains(digest)), "all must have read the same");
        assert!(same.lines().all(|digest| digests.contains(digest)), "all must have read the same");
        if round > 0 {
            ours.push(collected);
            one.push(of_one);
            each.push(of_each);
        }
    }
    report(whole, &ours, [("bare, one thread", &one), ("bare, 6 threads", &each)]);
}

/// What one process took.
struct Took {
    seconds: f64,
    mebibytes: f64,
}

fn report(whole: usize, ours: &[Took], theirs: [(&str, &Vec<Took>); 2]) {
    println!("{FILES} files, {whole} MiB, {ROUNDS} rounds: median (least to most), peak memory");
    let bare = theirs.map(|(name, took)| (name, took.as_slice()));
    for (name, took) in [("relcheck collect", ours)].into_iter().chain(bare) {
        let (median, least, most) = spread(took.iter().map(|took| took.seconds));
        let (_, _, peak) = spread(took.iter().map(|took| took.mebibytes));
        println!("  {name:<16}  {median:.2} ({least:.2} to {most:.2}) s, {peak:.0} MiB");
    }
    let faster = |round: usize| bare.iter().map(|(_, took)| took[round].seconds).fold(f64::MAX, f64::min);
    let ratios = ours.iter().enumerate().map(|(round, took)| took.seconds / faster(round));
    let (median, least, most) = spread(ratios);
    println!("  beside the faster: {median:.2} ({least:.2} to {most:.2}) times as long");
}

fn spread(values: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    (values[values.len() / 2], values[0], values[values.len() - 1])
}

fn run_collect(internet: &Internet, folder: &Path, round: usize) -> (Took, String) {
    let pack = folder.join(format!("pack-{round}"));
    let mut command = run::command(folder);
    command.args(["collect", TAG, "--repo", "acme/widget", "--save-evidence"]).arg(&pack);
    command.env("HTTPS_PROXY", internet.proxy()).env("RELCHECK_CA_BUNDLE", "ca.pem");
    let (took, _) = measure(command.stderr(Stdio::null()));
    (took, std::fs::read_to_string(pack.join("manifest.json")).unwrap())
}

fn run_bare(threads: usize, internet: &Internet, folder: &Path) -> (Took, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(BARE, format!("{threads} {} {}", internet.proxy(), folder.join("ca.pem").display()));
    measure(&mut command)
}

/// Runs a process to its end: how long it took, the most memory that it had, and what it printed.
fn measure(command: &mut Command) -> (Took, String) {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut mebibytes = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        mebibytes = peak(&child).unwrap_or(mebibytes);
        std::thread::sleep(Duration::from_millis(10));
    };
    let seconds = began.elapsed().as_secs_f64();
    assert!(status.success(), "{command:?}: {status}");
    let printed = std::io::read_to_string(child.stdout.take().unwrap()).unwrap();
    (Took { seconds, mebibytes }, printed)
}

/// The most memory that a process had so far, as Linux says it.
fn peak(child: &Child) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<f64>().ok()? / 1024.0)
}

/// A bare download: each connection takes the next file, and hashes it while it comes. Prints the digests.
fn bare(threads: usize, proxy: &str, authority: &[u8]) {
    let next = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let (proxy, next) = (reqwest::Proxy::https(proxy).unwrap(), Arc::clone(&next));
            let authority = reqwest::Certificate::from_pem(authority).unwrap();
            let client =
                reqwest::Client::builder().proxy(proxy).tls_certs_merge([authority]).build().unwrap();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                let connections: Vec<_> = (0..CONNECTIONS / threads)
                    .map(|_| runtime.spawn(download(client.clone(), Arc::clone(&next))))
                    .collect();
                let all = connections.into_iter().map(|connection| runtime.block_on(connection).unwrap());
                all.collect::<Vec<_>>().concat()
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().iter().for_each(|digest| println!("{digest}"));
    }
}

async fn download(client: reqwest::Client, next: Arc<AtomicUsize>) -> Vec<String> {
    let mut digests = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= FILES {
            return digests;
        }
        let url = format!("https://github.com/acme/widget/releases/download/{TAG}/{}", file_name(number));
        let mut response = client.get(url).send().await.unwrap().error_for_status().unwrap();
        let mut hash = sha2::Sha256::new();
        while let Some(part) = response.chunk().await.unwrap() {
            hash.update(&part);
        }
        digests.push(hex::encode(hash.finalize()));
    }
}

fn file_name(number: usize) -> String {
    format!("widget-1.2.3-{number:02}.tar.gz")
}

/// A forge whose release has large files, each a block over and over, so that nobody needs to hold them.
struct Large {
    player: Player,
    blocks: Vec<Vec<u8>>,
}

impl Large {
    fn release(folder: &Path, block: usize) -> Self {
        let written = Release::good().write(folder);
        let mut player = Player::of(Forge::Github, &written.repository(), &written.published());
        player.files = (0..FILES).map(|number| (file_name(number), Vec::new())).collect();
        Self { player, blocks: (0..FILES).map(|number| noise(number as u64 + 1, block)).collect() }
    }

    /// The same answer, with how large the files are.
    fn sized(&self, answer: Http) -> Http {
        let mut said: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let assets = if said.is_array() { &mut said } else { &mut said["assets"] };
        for (asset, block) in assets.as_array_mut().into_iter().flatten().zip(&self.blocks) {
            asset["size"] = (block.len() * BLOCKS).into();
        }
        answer.saying(said.to_string())
    }
}

impl Play for Large {
    fn answer(&self, asked: &Asked) -> Vec<Step> {
        let stored = asked.path.strip_prefix("/store/").filter(|_| asked.host == GITHUB_FILES);
        let number = stored.and_then(|rest| rest.strip_prefix("widget-1.2.3-")?.get(..2)?.parse().ok());
        if let Some(block) = number.and_then(|number: usize| self.blocks.get(number)) {
            let tag = Sha256::of(&block[..16]);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nETag: \"{tag}\"\r\n\
                 Content-Length: {}\r\n\r\n",
                block.len() * BLOCKS
            );
            return vec![Step::Say(head.into_bytes()), Step::Often(block.clone(), BLOCKS)];
        }
        // Nothing is unchanged here: how large the files are is written in below.
        let answer = faithful(&self.player, &asked.without("if-none-match"));
        let lists = asked.path.contains("/releases/") && answer.kind().contains("json");
        vec![Step::Say(if lists { self.sized(answer) } else { answer }.bytes())]
    }
}

/// Bytes that look random, others for each seed (xorshift).
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}
