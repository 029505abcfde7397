//! What the help of a command ends with: its exit codes, and an example.

/// Of `relcheck verify`.
pub(super) const VERIFY_HELP: &str = "\
Exit codes:
  0  verified: everything that the policy requires was seen to hold
  1  rejected: something is against the release
  2  the arguments, the policy or the place of the release cannot be used
  3  undetermined: something required could not be seen
  4  an internal error, or a report that could not be written: see which

Examples:
  relcheck verify v1.2.3
  relcheck verify v1.2.3 --repo OWNER/NAME
  relcheck verify v1.2.3 --assets dist --policy pipeline --output json=report.json";

/// Of `relcheck audit`.
pub(super) const AUDIT_HELP: &str = "\
Exit codes, of the worst release:
  0  verified
  1  rejected
  2  the arguments, the policy or the repository cannot be used
  3  undetermined, or nothing is published
  4  an internal error, or a report that could not be written: see which

Examples:
  relcheck audit --policy audit
  relcheck audit --assets dist    (with dist/v1.2.3 and dist/v1.2.2)";

/// Of `relcheck collect`.
pub(super) const COLLECT_HELP: &str = "\
Exit codes:
  0  the evidence was gathered; nothing is judged
  2  the arguments or the place of the release cannot be used
  3  the repository or the published files could not be had
  4  an internal error, or a file that could not be written: see which

Examples:
  relcheck collect v1.2.3 --pack evidence.tar.zst
  relcheck verify v1.2.3 --evidence evidence.tar.zst";

/// Of `relcheck security-policy`.
pub(super) const SECURITY_POLICY_HELP: &str = "\
Exit codes:
  0  the file was read; with --fix: the table agrees with the tags (after --write: now)
  1  with --fix: it does not (the diff is printed), or only a maintainer can correct it
  2  the arguments or the file cannot be used
  3  the file, or with --fix its statement, is not understood; nothing was touched, unless
     --write corrected other rows
  4  an internal error, or a file that could not be written: see which

--fix needs --tags (`git tag > tags`); --write needs --fix.";
