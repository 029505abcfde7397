#!/usr/bin/env bash
# Tests verify.sh and install.sh with a stand-in for relcheck: `bash .github/action/test.sh`.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failed=0 checked=0

# Writes its arguments down, one a line, then reports, and ends with the code it was told.
cat >"$room/relcheck" <<'STUB'
#!/usr/bin/env bash
if [ "$1" = --version ]; then echo 'relcheck 0.0.0'; exit; fi
printf '<%s>\n' "$@" >"$ROOM/arguments"
for argument in "$@"; do
  case $argument in
    --output=json=*) [ "$STUB_CODE" = 2 ] || [ -n "${STUB_MUTE:-}" ] || echo '{}' >"${argument#--output=json=}" ;;
    --output=markdown=*) [ "$STUB_CODE" = 2 ] || echo '## report' >"${argument#--output=markdown=}" ;;
  esac
done
echo '::error::a name that somebody chose'
exit "$STUB_CODE"
STUB
chmod +x "$room/relcheck"

# verify CODE [VARIABLE=VALUE...]: runs verify.sh against a relcheck that ends with CODE.
verify() {
  local code=$1
  shift
  rm -f "$room/output" "$room/arguments"
  printf 'from an earlier step\n' >"$room/summary"
  ended=0
  env ROOM="$room" STUB_CODE="$code" RELCHECK="$room/relcheck" RUNNER_TEMP="$room" GITHUB_OUTPUT="$room/output" \
    GITHUB_STEP_SUMMARY="$room/summary" TAG=v1.0.0 "$@" bash "$here/verify.sh" >"$room/log" 2>&1 || ended=$?
}

check() {
  checked=$((checked + 1))
  local what=$1
  shift
  if ! "$@"; then
    printf 'FAILED: %s\n' "$what"
    failed=1
  fi
}
# shellcheck disable=SC2317  # called through check
has() { grep -qxF -- "$2" "$room/$1"; }
# shellcheck disable=SC2317
lacks() { ! grep -qF -- "$2" "$room/$1"; }

for row in 0:verified 1:rejected 2: 3:undetermined 4: 101: 137:; do
  verify "${row%%:*}"
  check "the step ends with relcheck's exit code ${row%%:*}" test "$ended" = "${row%%:*}"
  check "the verdict of exit code ${row%%:*} is \"${row#*:}\"" has output "verdict=${row#*:}"
  check "exit code ${row%%:*} is an output" has output "exit-code=${row%%:*}"
  check "what the summary held stays after ${row%%:*}" has summary 'from an earlier step'
done

verify 0
check 'the Markdown report is appended to the summary' has summary '## report'
check 'the JSON report is an output' grep -q '^report=.*/report.json$' "$room/output"
check 'the tag comes last, after the end of the options' test "$(tail -n 2 "$room/arguments" | tr '\n' ' ')" = '<--> <v1.0.0> '
check 'an input that is not set is not passed' lacks arguments '--assets'
began=$(sed -n 's/^::stop-commands::\(.*\)$/\1/p' "$room/log")
check 'workflow commands are off while relcheck prints' test "${#began}" = 32
check 'and on again after it' test "$(tail -n 1 "$room/log")" = "::$began::"

verify 0 STUB_MUTE=1
check 'a verdict without a report is none' has output 'verdict='
check 'and fails' test "$ended" = 4
verify 1 STUB_MUTE=1
check 'a rejection without a report stays a rejection' has output 'verdict=rejected'
check 'with its exit code' test "$ended" = 1

verify 2
check 'a relcheck that could not start is in the summary' has summary '### relcheck: no verdict'
check 'and has no report' lacks output 'report='

# shellcheck disable=SC2016  # that these are not expanded is what is tested
verify 0 TAG='--help $(touch "$ROOM/owned")' ASSETS='a b; touch "$ROOM/owned"' POLICY=-x TRUSTED_ROOT=$'one.json\n\ntwo.json'
check 'a value is never run' test ! -e "$room/owned"
# shellcheck disable=SC2016
check 'a tag that looks like an option stays the tag' has arguments '<--help $(touch "$ROOM/owned")>'
# shellcheck disable=SC2016
check 'a value with spaces stays one argument' has arguments '<--assets=a b; touch "$ROOM/owned">'
check 'a value that begins with a dash stays a value' has arguments '<--policy=-x>'
check 'each trusted root is passed' test "$(grep -c -- --trusted-root= "$room/arguments")" = 2

install() {
  ended=0
  rm -f "$room/output"
  env BINARY="$1" RUNNER_TEMP="$room" GITHUB_OUTPUT="$room/output" bash "$here/install.sh" >"$room/log" 2>&1 || ended=$?
}
install "$room/relcheck"
check 'a binary that is named is used' has output "binary=$room/relcheck"
install "$room/nothing"
check 'a binary that is not there stops the step' test "$ended" = 2
check 'and is not passed on' test ! -e "$room/output"

if [ "$failed" = 0 ]; then printf '%d checks of the action passed\n' "$checked"; fi
exit "$failed"
