//! The command line: what can be said, and nothing else. Flags say where things are; what is required is policy.

use crate::{
    report::{Format, UnknownFormat},
    trust::refresh::Instance,
};
use clap::{
    ArgGroup, Args, Parser, Subcommand, ValueEnum,
    builder::{NonEmptyStringValueParser as Text, PossibleValuesParser, TypedValueParser},
};
use jiff::Timestamp;
use std::{path::PathBuf, time::Duration};

mod empty;
mod help;

pub use empty::explained;
use help::{AUDIT_HELP, COLLECT_HELP, SECURITY_POLICY_HELP, VERIFY_HELP};

/// One honest verdict for a whole release.
#[derive(Debug, Parser)]
#[command(name = "relcheck", version, about, long_about = None, max_term_width = 100, disable_help_subcommand = true)]
#[command(
    after_help = "Exit codes: 0 verified · 1 rejected · 2 could not start · 3 undetermined · 4 internal error"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge one release
    #[command(after_help = VERIFY_HELP)]
    Verify(Verify),
    /// Judge every supported release of a repository: the latest, the previous, and what SECURITY.md supports besides
    #[command(after_help = AUDIT_HELP)]
    Audit(Audit),
    /// Gather the evidence about one release into a folder or one file, without judging it
    #[command(after_help = COLLECT_HELP)]
    Collect(Collect),
    /// Write, check or show a policy
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// What a rule means, an example of its failure, and how to fix it
    Explain {
        /// A rule (checksums/mismatch) or a check (checksums); without one, all are listed
        #[arg(value_parser = Text::new())]
        rule: Option<String>,
    },
    /// Look at lock files and advisories alone
    #[command(subcommand)]
    Advisories(AdvisoriesCommand),
    /// The Sigstore roots of trust: fetch the newest, or show which would be used
    #[command(subcommand)]
    Trust(TrustCommand),
    /// How a SECURITY.md is read, and its table corrected
    #[command(after_help = SECURITY_POLICY_HELP)]
    SecurityPolicy(SecurityPolicy),
    /// Plumbing: verify one Sigstore bundle for one artifact (the conformance protocol)
    VerifyBundle(VerifyBundle),
    /// Print a completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print a manual page
    Man {
        /// The command whose page it is, such as `verify` or `policy init` [default: the program's own]
        #[arg(value_name = "COMMAND", value_parser = Text::new())]
        command: Vec<String>,
    },
}

/// `relcheck verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The tag of the release, exactly as git knows it
    #[arg(value_parser = Text::new())]
    pub tag: String,
    /// Where the release is
    #[command(flatten)]
    pub from: Source,
    /// Judge a saved evidence pack (a folder, or the file of `collect --pack`), with no network and no repository
    #[arg(long, value_name = "PACK", conflicts_with_all = ["repo", "assets", "digests", "save_evidence", "wait"])]
    pub evidence: Option<PathBuf>,
    /// Judge with the trusted roots in the evidence pack, not with this machine's own; whoever made the pack chose them
    #[arg(long, conflicts_with = "trusted_root")]
    pub trust_pack: bool,
    /// By what it is judged
    #[command(flatten)]
    pub by: Judgement,
    /// What is printed to stdout
    #[arg(long, value_name = "F", default_value = "human", value_parser = format())]
    pub format: Format,
    /// Write a further report (repeatable): json=report.json
    #[arg(long, value_name = "F=FILE", value_parser = output)]
    pub output: Vec<(Format, PathBuf)>,
    /// Keep the evidence in this folder, for judging again
    #[arg(long, value_name = "DIR")]
    pub save_evidence: Option<PathBuf>,
}

/// Where the release is.
#[derive(Debug, Args)]
pub struct Source {
    /// The repository: OWNER/NAME, HOST/OWNER/NAME or its URL, or the path of a checkout
    /// [default: the git checkout you stand in]
    #[arg(long, value_name = "REPO", value_parser = Text::new())]
    pub repo: Option<String>,
    /// Take the published files from a folder, or by an index of their addresses (a file or its URL) [default: from the forge]
    #[arg(long, value_name = "DIR|INDEX", conflicts_with = "digests")]
    pub assets: Option<PathBuf>,
    /// Take the published files as digests (a checksum file), without their bytes; signatures are read from beside it
    #[arg(long, value_name = "FILE")]
    pub digests: Option<PathBuf>,
    /// Wait so long (90s, 10m; 60m at most) for attestations that the forge does not have yet
    #[arg(long, value_name = "DURATION", value_parser = wait, conflicts_with_all = ["assets", "digests", "offline"])]
    pub wait: Option<Duration>,
}

/// By what it is judged.
#[derive(Debug, Args)]
pub struct Judgement {
    /// A built-in policy by name (default, pipeline, audit), or a file [default: relcheck.toml here, else default]
    #[arg(long, value_name = "NAME|FILE", value_parser = Text::new())]
    pub policy: Option<String>,
    /// A Sigstore trusted root (repeatable), instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub trusted_root: Vec<PathBuf>,
    /// Advisories (repeatable): an index, or a database's checkout or archive [default: the refreshed index]
    #[arg(long, value_name = "PATH")]
    pub advisories: Vec<PathBuf>,
    /// Judge as at this RFC 3339 time [default: now]
    #[arg(long, value_name = "TIME", value_parser = as_of)]
    pub as_of: Option<Timestamp>,
    /// Open no socket
    #[arg(long)]
    pub offline: bool,
}

/// `relcheck audit`.
#[derive(Debug, Args)]
pub struct Audit {
    /// Path of the repository [default: the git checkout you stand in]
    #[arg(long, value_name = "REPO", value_parser = Text::new())]
    pub repo: Option<String>,
    /// Take the published files of each release from DIR/TAG
    #[arg(long, value_name = "DIR")]
    pub assets: Option<PathBuf>,
    /// By what it is judged
    #[command(flatten)]
    pub by: Judgement,
    /// What is printed to stdout
    #[arg(long, value_name = "F", default_value = "human", value_parser = audit_format())]
    pub format: Format,
}

/// `relcheck collect`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("destination").args(["save_evidence", "pack"]).required(true).multiple(true)))]
pub struct Collect {
    /// The tag of the release
    #[arg(value_parser = Text::new())]
    pub tag: String,
    /// Where the release is
    #[command(flatten)]
    pub from: Source,
    /// Advisories (repeatable): an index, or a database's checkout or archive [default: the refreshed index]
    #[arg(long, value_name = "PATH")]
    pub advisories: Vec<PathBuf>,
    /// A Sigstore trusted root (repeatable), kept with the evidence instead of the built-in ones
    #[arg(long, value_name = "FILE")]
    pub trusted_root: Vec<PathBuf>,
    /// The folder to write the evidence to; it must not exist, or be empty
    #[arg(long, value_name = "DIR")]
    pub save_evidence: Option<PathBuf>,
    /// Write the evidence as one file; it must not exist
    #[arg(long, value_name = "FILE.tar.zst")]
    pub pack: Option<PathBuf>,
    /// Open no socket
    #[arg(long)]
    pub offline: bool,
}

/// `relcheck policy`.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Write a commented relcheck.toml for the repository you stand in
    Init {
        /// Path of the repository [default: the git checkout you stand in]
        #[arg(long, value_name = "REPO", value_parser = Text::new())]
        repo: Option<String>,
        /// Print it instead of writing relcheck.toml
        #[arg(long, conflicts_with = "force")]
        print: bool,
        /// Write over a relcheck.toml that is already here
        #[arg(long)]
        force: bool,
    },
    /// Say whether a policy can be used
    Check {
        /// A built-in policy by name, or a file
        #[arg(value_name = "NAME|FILE", default_value = "relcheck.toml", value_parser = Text::new())]
        policy: String,
    },
    /// Print a policy
    Show {
        /// A built-in policy by name, or a file [default: the one that verify would use]
        #[arg(value_name = "NAME|FILE", value_parser = Text::new())]
        policy: Option<String>,
    },
}

/// `relcheck advisories`.
#[derive(Debug, Subcommand)]
pub enum AdvisoriesCommand {
    /// Match lock files against an advisory database
    Check {
        /// The lock files
        #[arg(required = true, value_name = "LOCKFILE")]
        lockfiles: Vec<PathBuf>,
        /// Advisories (repeatable): an index, or a database's checkout or archive [default: the refreshed index]
        #[arg(long, value_name = "PATH")]
        advisories: Vec<PathBuf>,
        /// What is printed
        #[arg(long, value_name = "F", default_value = "human")]
        format: PlumbingFormat,
        /// The Cargo.toml of your own checkout: tell packages that ship from those for development only.
        /// This runs `cargo metadata`, which obeys that checkout's settings: never name a stranger's
        #[arg(long, value_name = "CARGO_TOML")]
        shipping: Option<PathBuf>,
    },
    /// Compile databases into one index. The same databases give the same bytes
    Build {
        /// A database (repeatable): rustsec, go, pypa, ghsa or osv/ECOSYSTEM, and its checkout, folder or archive
        #[arg(long, value_name = "NAME=PATH", required = true, value_parser = Text::new())]
        from: Vec<String>,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Fetch databases, and keep the index that later runs use
    Update {
        /// A database (repeatable) [default: rustsec, go and pypa]
        #[arg(long, value_name = "NAME", value_parser = Text::new())]
        source: Vec<String>,
        /// Where to fetch a database instead (repeatable): a mirror
        #[arg(long, value_name = "NAME=URL", value_parser = Text::new())]
        mirror: Vec<String>,
        /// Open no socket
        #[arg(long)]
        offline: bool,
    },
    /// What the index holds: each database's commit, date, age and count
    Status {
        /// Show these instead of the refreshed index (repeatable)
        #[arg(long, value_name = "PATH")]
        advisories: Vec<PathBuf>,
        /// What is printed
        #[arg(long, value_name = "F", default_value = "human")]
        format: PlumbingFormat,
    },
}

/// `relcheck trust`.
#[derive(Debug, Subcommand)]
pub enum TrustCommand {
    /// Fetch the newest trusted roots (TUF), verify them, and keep them for later runs
    Update {
        /// One instance alone (repeatable) [default: public-good and github]
        #[arg(long, value_name = "INSTANCE", value_parser = instance())]
        instance: Vec<Instance>,
        /// Open no socket
        #[arg(long)]
        offline: bool,
    },
    /// Show which roots are trusted, where they come from, and how old they are
    Status {
        /// What is printed
        #[arg(long, value_name = "F", default_value = "human")]
        format: PlumbingFormat,
    },
}

/// `relcheck security-policy`.
#[derive(Debug, Args)]
pub struct SecurityPolicy {
    /// The SECURITY.md
    pub file: PathBuf,
    /// A list of tags, one a line: what each row selects
    #[arg(long, value_name = "FILE")]
    pub tags: Option<PathBuf>,
    /// Print the table corrected by the tags, as a diff; the file is not touched (needs --tags)
    #[arg(long, requires = "tags", conflicts_with = "format")]
    pub fix: bool,
    /// Write the corrected table into the file (needs --fix)
    #[arg(long, requires = "fix")]
    pub write: bool,
    /// The default branch, for rows that name one (with --fix)
    #[arg(long, value_name = "NAME", requires = "fix", value_parser = Text::new())]
    pub default_branch: Option<String>,
    /// The repository's name, where tags have prefixes such as NAME@1.2.3 (with --fix)
    #[arg(long, value_name = "NAME", requires = "fix", value_parser = Text::new())]
    pub repository: Option<String>,
    /// What is printed
    #[arg(long, value_name = "F", default_value = "human")]
    pub format: PlumbingFormat,
}

/// `relcheck verify-bundle`.
#[derive(Debug, Args)]
pub struct VerifyBundle {
    /// Trust the staging instance of Sigstore
    #[arg(long)]
    pub staging: bool,
    /// The bundle
    #[arg(long, value_name = "FILE")]
    pub bundle: PathBuf,
    /// Who must have signed: the certificate's subject, exactly
    #[arg(long, value_name = "ID", requires = "certificate_oidc_issuer", value_parser = Text::new())]
    pub certificate_identity: Option<String>,
    /// Who must have vouched for them: the OIDC issuer, exactly
    #[arg(long, value_name = "URL", requires = "certificate_identity", value_parser = Text::new())]
    pub certificate_oidc_issuer: Option<String>,
    /// The public key (PEM) that must have signed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["certificate_identity", "certificate_oidc_issuer"])]
    pub key: Option<PathBuf>,
    /// A Sigstore trusted root, instead of the built-in one
    #[arg(long, value_name = "FILE", conflicts_with = "staging")]
    pub trusted_root: Option<PathBuf>,
    /// The artifact, or its digest as sha256:HEX
    #[arg(value_name = "FILE_OR_DIGEST", value_parser = Text::new())]
    pub artifact: String,
}

/// Formats of the plumbing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlumbingFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

fn output(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("write it as FORMAT=FILE, such as json=report.json")?;
    if file.is_empty() {
        return Err("the file has no name; write it as FORMAT=FILE, such as json=report.json".to_owned());
    }
    let format: Format = format.parse().map_err(|e: UnknownFormat| e.to_string())?;
    if file == "-" {
        let word = format.word();
        return Err(format!("it names no file; --format {word} prints to stdout, and {word}=./- is a file"));
    }
    Ok((format, PathBuf::from(file)))
}

/// The instances of Sigstore by name.
fn instance() -> impl TypedValueParser<Value = Instance> {
    PossibleValuesParser::new(Instance::ALL.map(Instance::word)).map(|name| {
        let found = Instance::ALL.into_iter().find(|instance| instance.word() == name);
        found.expect("a possible value is an instance")
    })
}

/// The formats by name, so that help and completions list them.
fn format() -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.map(Format::word);
    PossibleValuesParser::new(names).map(|name| name.parse().expect("a possible value is a format"))
}

/// The formats in which several releases can be told of: a verification summary has one subject.
fn audit_format() -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.into_iter().filter(|format| *format != Format::Vsa).map(Format::word);
    PossibleValuesParser::new(names).map(|name| name.parse().expect("a possible value is a format"))
}

/// How long is waited: `90s`, `10m` or `1h`, up to an hour.
fn wait(text: &str) -> Result<Duration, String> {
    let wrong = || "write it as 90s or 10m, 60m at most; without --wait nothing is waited for".to_owned();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let all = number.checked_mul(seconds).filter(|all| (1..=3600).contains(all)).ok_or_else(wrong)?;
    Ok(Duration::from_secs(all))
}

/// A moment, with the way to write it where it is not one.
fn as_of(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|error: jiff::Error| {
        let day = text.parse::<jiff::civil::Date>().ok();
        match day.filter(|day| day.to_string() == text) {
            Some(day) => format!("a day is no moment; write it as {day}T00:00:00Z"),
            None => format!("it is no RFC 3339 time; write it as 2026-01-06T00:00:00Z ({error})"),
        }
    })
}

#[cfg(test)]
mod tests;
