#!/usr/bin/env bash
# Puts a relcheck where verify.sh finds it: the one that BINARY names, or one built from the checkout of this action.
#
# Reads BINARY, GITHUB_ACTION_PATH, RUNNER_TEMP; writes `binary` to GITHUB_OUTPUT. Nothing is downloaded but the
# dependencies that Cargo.lock pins: there are no published binaries to fetch yet.
set -euo pipefail

if [ -n "${BINARY:-}" ]; then
  if [ ! -f "$BINARY" ] || [ ! -x "$BINARY" ]; then
    echo "::error title=relcheck::the input \"binary\" names no program that can be run"
    exit 2
  fi
  binary=$(cd "$(dirname -- "$BINARY")" && pwd)/$(basename -- "$BINARY")
else
  if ! command -v cargo >/dev/null; then
    echo "::error title=relcheck::cargo is needed to build relcheck: install Rust 1.88 or later, or set the input \"binary\""
    exit 2
  fi
  root=$RUNNER_TEMP/relcheck-action
  # From the action's own folder, so that no cargo or rustup configuration of the caller's project has a say.
  cd -- "$GITHUB_ACTION_PATH"
  env -u RUSTFLAGS CARGO_TARGET_DIR="$root/target" \
    cargo install --locked --path . --bin relcheck --root "$root" --force || {
    echo "::error title=relcheck::relcheck could not be built"
    exit 2
  }
  binary=$root/bin/relcheck
fi
"$binary" --version
case $binary in *$'\n'*) exit 2 ;; esac
printf 'binary=%s\n' "$binary" >>"$GITHUB_OUTPUT"
