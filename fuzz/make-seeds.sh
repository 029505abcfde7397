#!/usr/bin/env bash
# Writes the keys in fixtures/ and the seeds in seeds/: real tools make them, and they are thrown away keys.
# Needs gpg, minisign, signify-openbsd, ssh-keygen, openssl and git.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf fixtures seeds
mkdir -p fixtures seeds/{minisign,signify,openpgp,ssh,raw,bundle,statement,key,tag_object,checksum_file,policy,trusted_root,workflow,lock}
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
