#!/usr/bin/env bash
# Writes the keys in fixtures/ and the seeds in seeds/: real tools make them, and they are thrown away keys.
# Needs gpg, minisign, signify-openbsd, ssh-keygen, openssl, git, cc and objcopy, and a built relcheck (RELCHECK names it).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Those of version_cell and security_policy are written by hand, and stay.
made=(minisign signify openpgp ssh raw bundle statement key tag_object checksum_file policy trusted_root workflow lock
  advisories inside git_remote)
rm -rf fixtures "${made[@]/#/seeds/}"
mkdir -p fixtures "${made[@]/#/seeds/}"
printf 'the artifact that every seed is about\n' >fixtures/artifact
cp fixtures/artifact "$work/artifact"
file=$work/artifact

minisign -G -W -p fixtures/minisign.pub -s "$work/minisign.key" >/dev/null
minisign -S -W -s "$work/minisign.key" -m "$file" -x seeds/minisign/prehashed -t 'file:artifact' >/dev/null
minisign -S -l -W -s "$work/minisign.key" -m "$file" -x seeds/minisign/legacy -t 'timestamp:1760000000	file:artifact' >/dev/null

signify-openbsd -G -n -p fixtures/signify.pub -s "$work/signify.sec"
cp "$work/signify.sec" "$work/s.sec"
signify-openbsd -S -s "$work/signify.sec" -m "$file" -x seeds/signify/detached
(cd "$work" && sha256sum --tag artifact >SHA256)
signify-openbsd -S -e -s "$work/signify.sec" -m "$work/SHA256" -x seeds/signify/embedded

export GNUPGHOME=$work/gnupg
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-generate-key 'Fuzz <fuzz@example.com>' ed25519 cert,sign never
gpg --batch --quiet --passphrase '' --quick-add-key "$(gpg --list-keys --with-colons | awk -F: '/^fpr/{print $10; exit}')" rsa2048 sign 1y
gpg --armor --export >fixtures/openpgp.asc
gpg --export >seeds/key/openpgp.bin
primary=$(gpg --list-keys --with-colons | awk -F: '/^fpr/{print $10; exit}')
gpg --batch --quiet --local-user "$primary!" --armor --output seeds/openpgp/ed25519.asc --detach-sign "$file"
gpg --batch --quiet --output seeds/openpgp/rsa.sig --detach-sign "$file"
gpg --batch --quiet --textmode --armor --output seeds/openpgp/text.asc --detach-sign "$file"
gpg --batch --quiet --digest-algo SHA512 --output seeds/openpgp/sha512.sig --detach-sign "$file"
gpg --batch --quiet --output seeds/openpgp/clear.asc --clearsign "$work/SHA256"
gpg --batch --quiet --output seeds/openpgp/inline.gpg --sign "$file"

for kind in ed25519 'ecdsa -b 256' 'rsa -b 2048'; do
  name=${kind%% *}
  # shellcheck disable=SC2086
  ssh-keygen -q -t $kind -N '' -C fuzz -f "$work/$name"
  ssh-keygen -q -Y sign -f "$work/$name" -n file - <"$file" >"seeds/ssh/$name"
  printf 'release@example.com namespaces="file,git" %s\n' "$(cut -d' ' -f1,2 "$work/$name.pub")" >>fixtures/allowed_signers
  cp "$work/$name.pub" "seeds/key/ssh-$name"
done
ssh-keygen -q -Y sign -f "$work/ed25519" -n git - <"$file" >seeds/ssh/namespace
cp fixtures/allowed_signers seeds/key/allowed_signers

openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/p256.key"
openssl pkey -in "$work/p256.key" -pubout -out fixtures/p256.pem
openssl dgst -sha256 -sign "$work/p256.key" -out seeds/raw/p256.der "$file"
base64 -w0 seeds/raw/p256.der >seeds/raw/p256.b64
openssl genpkey -quiet -algorithm ED25519 -out "$work/ed.key"
openssl pkey -in "$work/ed.key" -pubout -out fixtures/ed25519.pem
openssl pkeyutl -sign -inkey "$work/ed.key" -rawin -in "$file" -out seeds/raw/ed25519
cp fixtures/*.pem fixtures/*.pub fixtures/openpgp.asc seeds/key/

# git tags, signed in both fashions
git init -q "$work/repo"
cd "$work/repo"
git config user.name Fuzz && git config user.email fuzz@example.com
git commit -q --allow-empty -m one
git -c user.signingkey="$primary" tag -s -m 'v1' v1
git -c gpg.format=ssh -c user.signingkey="$work/ed25519" tag -s -m 'v2' v2
git tag -a -m 'v3' v3
cd - >/dev/null
for tag in v1 v2 v3; do git -C "$work/repo" cat-file tag "$tag" >"seeds/tag_object/$tag"; done

example=../examples/widget
for bundle in "$example"/published/*.sigstore.json "$example"/published/*.jsonl; do
  [ -e "$bundle" ] && cp "$bundle" seeds/bundle/
done
for bundle in seeds/bundle/*; do
  python3 - "$bundle" seeds/statement/"$(basename "$bundle")" <<'PY'
import base64, json, sys
document = json.loads(open(sys.argv[1]).readline() if sys.argv[1].endswith("l") else open(sys.argv[1]).read())
envelope = document.get("dsseEnvelope")
if envelope:
    open(sys.argv[2], "wb").write(base64.b64decode(envelope["payload"]))
    json.dump(envelope, open(sys.argv[2] + ".envelope", "w"))
PY
done
cp "$work/SHA256" seeds/checksum_file/bsd
(cd "$work" && sha512sum artifact) >seeds/checksum_file/gnu
cp ../policies/*.toml seeds/policy/
cp ../.github/workflows/*.yml ../.github/dependabot.yml seeds/workflow/
printf 'Contact: mailto:a@b.example\nExpires: 2027-01-01T00:00:00Z\n' >seeds/workflow/security.txt
cp "$example/trusted_root.json" seeds/trusted_root/

# The lock files of the tests, each behind the byte that chooses its format in fuzz_targets/lock.rs.
python3 - <<'PY'
import pathlib
names = ["Cargo.lock", "go.mod", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "requirements.txt", "uv.lock",
         "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock", "Gemfile.lock", "composer.lock", "packages.lock.json",
         "gradle.lockfile", "mix.lock"]
seeds = pathlib.Path("seeds/lock")
for path in pathlib.Path("../tests/locks").rglob("*"):
    if path.name in names and path.stat().st_size < 24_000:
        first = bytes([names.index(path.name)])
        (seeds / f"{path.parent.name}-{path.name}").write_bytes(first + path.read_bytes())
small = {
    "cargo": b'\x00version = 4\n\n[[package]]\nname = "a"\nversion = "1.0.0"\n',
    "go.mod": b"\x01module example.com/m\n\ngo 1.22.0\n\nrequire (\n\texample.com/a v1.2.3 // indirect\n)\nreplace example.com/a => ./a\n",
    "cyclonedx": b'\x11{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"a","version":"1","purl":"pkg:npm/a@1"}]}',
    "spdx": b'\x11{"spdxVersion":"SPDX-2.3","packages":[{"name":"a","SPDXID":"SPDXRef-a","versionInfo":"1","externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/a@1"}]}]}',
}
for name, content in small.items():
    (seeds / name).write_bytes(content)
PY

# An index, advisories and lists of what is passed over; and what a published file may hold.
mkdir -p "$work/go/data/osv"
relcheck=${RELCHECK:-../target/debug/relcheck}
cat >seeds/advisories/osv.json <<'JSON'
{"schema_version":"1.3.1","id":"GO-2024-0001","modified":"2024-02-01T00:00:00Z","published":"2024-01-01T00:00:00Z",
 "aliases":["CVE-2024-1"],"summary":"a","affected":[{"package":{"name":"example.com/a","ecosystem":"Go"},
 "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.2.3"}]}],"ecosystem_specific":{"custom_ranges":[]}}],
 "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]}
JSON
cat >seeds/advisories/pysec.yaml <<'YAML'
id: PYSEC-2024-1
modified: 2024-02-01T00:00:00Z
published: 2024-01-01T00:00:00Z
details: a
affected:
- package: {name: a, ecosystem: PyPI, purl: "pkg:pypi/a"}
  ranges:
  - {type: ECOSYSTEM, events: [{introduced: "0"}, {last_affected: "2.0"}]}
  versions: ["1.0", "2.0"]
YAML
printf '[advisories]\nignore = ["RUSTSEC-2024-0001", { id = "RUSTSEC-2024-0002", reason = "no" }]\n' >seeds/advisories/deny.toml
printf '[[IgnoredVulns]]\nid = "GO-2024-0001"\nignoreUntil = 2027-01-01\nreason = "no"\n' >seeds/advisories/osv-scanner.toml
printf '{"@context":"https://openvex.dev/ns/v0.2.0","statements":[{"vulnerability":{"name":"CVE-2024-1"},"products":[{"@id":"pkg:cargo/a"}],"status":"not_affected","justification":"component_not_present"}]}' >seeds/advisories/vex.json
cp seeds/advisories/osv.json "$work/go/data/osv/GO-2024-0001.json"
"$relcheck" advisories build --from go="$work/go" --output "$work/index" >/dev/null
head -c -32 "$work/index" >seeds/advisories/index        # the target adds the digest

printf 'path\texample.com/a\nmod\texample.com/a\tv1.0.0\t\ndep\texample.com/b\tv1.2.3\th1:x=\nbuild\t-trimpath=true\nbuild\tvcs.revision=0\n' >seeds/inside/build-info
printf '{"packages":[{"name":"a","version":"1.0.0","source":"local","root":true}]}' >seeds/inside/auditable.json
python3 - "$work" <<'PY'
import json, sys, zlib
open(sys.argv[1] + "/dep-v0", "wb").write(zlib.compress(open("seeds/inside/auditable.json", "rb").read()))
info = open("seeds/inside/build-info", "rb").read()
go, mark = b"go1.22.1", b"0w\xaf\x0c\x92t\x08\x02A\xe1\xc1\x07\xe6\xd6\x18\xe6"
text = mark + info + b"\xf92C1\x86\x18 r\x00\x82B\x10A\x16\xd8\xf2"
length = lambda n: bytes([n]) if n < 128 else bytes([n & 127 | 128, n >> 7])
head = (b"\xff Go buildinf:" + bytes([8, 2])).ljust(32, b"\0")
open(sys.argv[1] + "/buildinfo", "wb").write(head + length(len(go)) + go + length(len(text)) + text)
PY
printf 'int main(void){return 0;}' >"$work/main.c"
cc -Os -s -nostdlib -static -Wl,-e,main,--build-id=none -o "$work/program" "$work/main.c"
objcopy --add-section .dep-v0="$work/dep-v0" "$work/program" seeds/inside/auditable.elf
objcopy --add-section .go.buildinfo="$work/buildinfo" --set-section-flags .go.buildinfo=alloc,data,contents \
  --change-section-address .go.buildinfo=0x500000 "$work/program" seeds/inside/go.elf 2>/dev/null
mkdir -p "$work/a-1.0.dist-info" "$work/package"
printf 'Metadata-Version: 2.1\nName: a\nVersion: 1.0\nRequires-Dist: b>=1\n' | tee "$work/a-1.0.dist-info/METADATA" >seeds/inside/METADATA
printf '{"name":"a","version":"1.0.0","dependencies":{"b":"^1.0.0"}}' | tee "$work/package/package.json" >seeds/inside/package.json
(cd "$work" && python3 -m zipfile -c wheel.zip a-1.0.dist-info && tar --owner=0 --group=0 --mtime=@0 -czf npm.tgz package &&
  tar --owner=0 --group=0 --mtime=@0 -czf program.tar.gz program)
cp "$work/wheel.zip" "$work/npm.tgz" "$work/program.tar.gz" seeds/inside/

# What a git server answers, one answer after the other: what it can do, its references, then what is fetched.
git init --quiet --initial-branch main "$work/widget"
mkdir "$work/widget/docs"
printf 'module example.com/p\n\nrequire a.example/x v1.0.0\n' >"$work/widget/go.mod"
printf '# Security policy\n' >"$work/widget/docs/SECURITY.md"
git -C "$work/widget" add -A
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
git -C "$work/widget" commit --quiet --message one
git -C "$work/widget" tag --annotate --message release v1.2.3
git -C "$work/widget" config uploadpack.allowFilter true
git -C "$work/widget" config uploadpack.allowAnySHA1InWant true
python3 - "$work/widget" <<'PY'
import os, subprocess, sys
at = sys.argv[1]
git = lambda *words: subprocess.run(["git", "-C", at, *words], stdout=subprocess.PIPE, check=True, text=True).stdout.split()
packet = lambda text: b"%04x" % (len(text) + 4) + text.encode()
def serve(*words, asked=b""):
    command = ["git", "upload-pack", "--stateless-rpc", *words, at]
    return subprocess.run(command, input=asked, stdout=subprocess.PIPE, env={**os.environ, "GIT_PROTOCOL": "version=2"}).stdout
def fetch(*ids, more=()):
    lines = ["ofs-delta\n", *more, *(f"want {id}\n" for id in ids), "done\n"]
    return serve(asked=packet("command=fetch") + b"0001" + b"".join(map(packet, lines)) + b"0000")
prefixes = [packet(f"{it}\n") for it in ("peel", "symrefs", "ref-prefix refs/tags/", "ref-prefix HEAD", "ref-prefix refs/heads/")]
able = serve("--http-backend-info-refs")
named = serve(asked=packet("command=ls-refs\n") + b"0001" + b"".join(prefixes) + b"0000")
(tag, commit, tree), files = git("rev-parse", "v1.2.3", "main", "main^{tree}"), git("ls-tree", "-r", "--format=%(objectname)", "main")
fetched = [fetch(tag, commit, more=["filter blob:none\n"]), fetch(tree), fetch(*files), fetch(commit)]
answers = {
    "whole": [able, named, *fetched],
    "service": [packet("# service=git-upload-pack\n") + b"0000" + able, named, *fetched],
    "at-once": [able, named, fetch(tag)],
    "refused": [able, named, packet("ERR upload-pack: not our ref")],
}
for name, parts in answers.items():
    open(f"seeds/git_remote/{name}", "wb").write(b"\n-- next --\n".join(parts))
PY
