"""Lock files against advisory databases: relcheck and cargo-audit, whole processes, in turn.

usage: advisories.py RELCHECK CARGO_AUDIT LOCKFILE FOLDER [RUNS [CLONE TAG]]

FOLDER holds the databases as archives (rustsec-*.tar.gz, go-*.tar.gz, pypa-*.tar.gz). relcheck is given all of them as
one index, cargo-audit the RustSec database alone, unpacked. Prints medians, the ratio and peak memory. With a clone and
a tag also those of `relcheck advisories check` with all lock files of that release, and of a whole `relcheck verify` by a
policy that asks for advisories alone.
"""
import os, pathlib, resource, statistics, subprocess, sys, tempfile, time

relcheck, audit, lock, folder = sys.argv[1:5]
runs = int(sys.argv[5]) if len(sys.argv) > 5 else 21
archives = {name: next(pathlib.Path(folder).glob(f"{name}-*.tar.gz")) for name in ("rustsec", "go", "pypa")}


def run(command):
    """Seconds, and peak memory in KiB."""
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - began, usage.ru_maxrss


CHECKS = "tag checksums signatures provenance supported-versions policy-claims release contents"


def row(name, runs):
    times, memory = [seconds * 1000 for seconds, _ in runs], max(kib for _, kib in runs)
    low, middle, high = min(times), statistics.median(times), max(times)
    print(f"| {name} | {middle:.1f} ms | {low:.1f} - {high:.1f} ms | {memory / 1024:.1f} MiB |")


def git(clone, *words):
    return subprocess.run(["git", "-C", clone, *words], stdout=subprocess.PIPE, check=True).stdout


def locks(index, work, clone, tag, names):
    """The lock files of a release, as files."""
    files = [name for name in names if name.rsplit("/", 1)[-1] in ("go.mod", "requirements.txt", "Cargo.lock")]
    for name in files:
        path = pathlib.Path(work, "locks", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(git(clone, "show", f"{tag}:{name}"))
    command = [relcheck, "advisories", "check", "--format", "json", "--advisories", index]
    command += [f"{work}/locks/{name}" for name in files]
    row(f"relcheck advisories check, {len(files)} lock files of {tag}", [run(command) for _ in range(runs)])


def release(index, work, clone, tag):
    """A release of a clone, with no published files."""
    names = git(clone, "ls-tree", "-r", "--name-only", tag).decode().splitlines()
    locks(index, work, clone, tag, names)
    policy, empty = f"{work}/policy.toml", f"{work}/empty"
    os.mkdir(empty)
    levels = "".join(f'{check} = "skip"\n' for check in CHECKS.split())
    pathlib.Path(policy).write_text(f'name = "advisories"\n[levels]\n{levels}')
    command = [relcheck, "verify", tag, "--repo", clone, "--assets", empty, "--policy", policy]
    command += ["--advisories", index, "--offline", "--format", "json"]
    # 0, 1 or 3: it was judged.
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert done.returncode in (0, 1, 3), done.stderr
    row(f"relcheck verify {tag}, {len(names)} files", [run(command) for _ in range(runs)])


with tempfile.TemporaryDirectory() as work:
    index, database = f"{work}/index", f"{work}/db"
    os.mkdir(database)
    subprocess.run(["tar", "-xzf", archives["rustsec"], "-C", database, "--strip-components=1"], check=True)
    build = [relcheck, "advisories", "build", "--output", index]
    build += [word for name, path in archives.items() for word in ("--from", f"{name}={path}")]
    ours = [relcheck, "advisories", "check", "--format", "json", "--advisories", index, lock]
    theirs = [audit, "audit", "--db", database, "--no-fetch", "--no-yanked", "--json", "--file", lock]
    builds = [run(build) for _ in range(5)]
    print(f"index of {os.path.getsize(index)} bytes, built in {min(s for s, _ in builds):.2f} s (best of 5)")
    # 1 where a vulnerability was found, 3 where a package is not covered, such as one of a git repository.
    assert subprocess.run(ours, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode in (0, 1, 3), ours
    pairs = [(run(theirs), run(ours)) for _ in range(runs + 1)][1:]
    row("cargo-audit, RustSec", [theirs for theirs, _ in pairs])
    row("relcheck, three databases", [ours for _, ours in pairs])
    ratio = statistics.median(theirs[0] / ours[0] for theirs, ours in pairs)
    print(f"{ratio:.1f} times as fast, {runs} runs in turn")
    if sys.argv[6:]:
        release(index, work, *sys.argv[6:8])
