#!/usr/bin/env bash
# Runs `relcheck verify` with the inputs of the action, and ends with its exit code, whatever that is.
#
# Reads RELCHECK (the program), TAG, REPO, ASSETS, DIGESTS, POLICY, ADVISORIES, TRUSTED_ROOT (one a line), AS_OF and
# SAVE_EVIDENCE; appends the Markdown report to GITHUB_STEP_SUMMARY, and verdict, exit-code and report to GITHUB_OUTPUT.
# Every value goes through the environment and reaches relcheck as one argument: none is ever read as shell.
set -euo pipefail

folder=$(mktemp -d "$RUNNER_TEMP/relcheck.XXXXXX")
json=$folder/report.json
markdown=$folder/report.md

arguments=("--output=json=$json" "--output=markdown=$markdown")
# flag NAME VALUE: passes a value that is set. With "=", one that begins with a dash stays a value.
flag() {
  if [ -n "$2" ]; then arguments+=("--$1=$2"); fi
}
flag repo "${REPO:-}"
flag assets "${ASSETS:-}"
flag digests "${DIGESTS:-}"
flag policy "${POLICY:-}"
flag advisories "${ADVISORIES:-}"
flag as-of "${AS_OF:-}"
flag save-evidence "${SAVE_EVIDENCE:-}"
while IFS= read -r root; do flag trusted-root "$root"; done <<<"${TRUSTED_ROOT:-}"

# The report quotes names that whoever published the release chose: none of its lines may be a workflow command.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '::stop-commands::%s\n' "$token"
code=0
"$RELCHECK" verify "${arguments[@]}" -- "$TAG" || code=$?
printf '\n::%s::\n' "$token"

case $code in
  0) verdict=verified ;;
  1) verdict=rejected ;;
  3) verdict=undetermined ;;
  *) verdict='' ;;
esac
# Good news without a report is no news; bad news stays what it is.
if [ "$code" = 0 ] && { [ ! -s "$json" ] || [ ! -s "$markdown" ]; }; then
  echo "::error title=relcheck::relcheck ended with 0 and wrote no report: this is a bug of relcheck"
  verdict='' code=4
fi

{
  printf 'verdict=%s\n' "$verdict"
  printf 'exit-code=%d\n' "$code"
  if [ -s "$json" ]; then printf 'report=%s\n' "$json"; fi
} >>"$GITHUB_OUTPUT"

# The summary of a step may hold other text already, and one over 1 MiB is dropped as a whole.
if [ ! -s "$markdown" ]; then
  printf '### relcheck: %s\n\nIt ended with exit code %d and no report; the log of the step says why.\n' "${verdict:-no verdict}" "$code"
elif [ "$(wc -c <"$markdown")" -gt 1000000 ]; then
  printf '### relcheck: %s\n\nThe report is too long to show here; it is in the output "report".\n' "$verdict"
else
  cat -- "$markdown"
  printf '\n'
fi >>"$GITHUB_STEP_SUMMARY"

exit "$code"
