//! The parts alone: one bundle, one SECURITY.md.

use super::{
    Failure, World, files, inputs, output,
    patch_path::{PatchPath, work_tree},
};
use crate::{
    cli::{self, PlumbingFormat},
    collect::SECURITY_POLICY_LIMIT,
    digest::{Algorithm, Digest},
    proof::{
        Reason, Refusal,
        sigstore::{self, Expected, Subject},
    },
    security_policy::{self, Outcome, PublishedTag, Refs},
    text::{self, Untrusted},
    trust::{Key, MAX_KEY, TrustRoots},
    versions::TagVersion,
};
use std::path::Path;

/// What is said beside a file that was left alone.
const BY_HAND: &str = "the file is left as it is; correct it by hand";

/// The largest list of tags, in bytes.
const MAX_TEXT: u64 = 8 << 20;

/// Verifies one Sigstore bundle for one artifact, with the arguments of the public conformance protocol.
pub fn verify_bundle(args: &cli::VerifyBundle) -> Result<u8, Failure> {
    let trust = match (&args.trusted_root, args.staging) {
        (Some(path), _) => inputs::trust_files(std::slice::from_ref(path))?,
        (None, true) => TrustRoots::embedded_staging().map_err(|e| Failure::because(&e))?,
        (None, false) => TrustRoots::embedded().map_err(|e| Failure::because(&e))?,
    };
    let expected = match (&args.key, &args.certificate_identity, &args.certificate_oidc_issuer) {
        (Some(path), _, _) => {
            let pem = files::read_text("key", path, MAX_KEY)?;
            Expected::Key(Key::from_pem(&path.to_string_lossy(), &pem).map_err(|e| Failure::because(&e))?)
        }
        (None, Some(identity), Some(issuer)) => {
            Expected::Certificate { identity: identity.clone(), issuer: issuer.clone() }
        }
        _ => {
            return Err(Failure::start(
                "say who must have signed: --certificate-identity and --certificate-oidc-issuer, or --key",
            ));
        }
    };
    let bundle = files::read_evidence("bundle", &args.bundle, sigstore::MAX_BUNDLE as u64)?;
    let subject = subject(&args.artifact)?;
    let proof = sigstore::verify_one(&bundle, &subject, &expected, &trust).map_err(refused)?;
    let when = proof.times().iter().map(|time| format!(", logged or stamped at {time}")).collect::<String>();
    output::complain(&format!("verified: signed by {}{when}", proof.signer()));
    Ok(0)
}

fn refused(refusal: Refusal) -> Failure {
    match refusal.reason {
        Reason::NoTime | Reason::Unreadable => Failure::undetermined(refusal),
        _ => Failure::rejected(refusal),
    }
}

/// A file, or a digest as `sha256:HEX`.
fn subject(text: &str) -> Result<Subject, Failure> {
    if let Some((name, hex)) = text.split_once(':')
        && matches!(name, "sha256" | "sha384" | "sha512")
    {
        let digest = Digest::parse(Algorithm::from_digest_set_key(name), hex);
        return digest
            .map(Subject::Digest)
            .map_err(|e| Failure::start(format!("{}: {e}", Untrusted::new(text))));
    }
    let path = Path::new(text);
    if !path.is_file() {
        return Err(Failure::start(format!("there is no artifact {}", Untrusted::new(text)))
            .help("pass the path of a file, or a digest as sha256:HEX"));
    }
    Ok(Subject::File(path.to_owned()))
}

/// Shows how a SECURITY.md is read.
pub fn security_policy(args: &cli::SecurityPolicy, world: &World) -> Result<u8, Failure> {
    let bytes =
        files::read_evidence("security policy", &world.folder.join(&args.file), SECURITY_POLICY_LIMIT)?;
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let policy = security_policy::read(&name, &bytes);
    let tags = args
        .tags
        .as_deref()
        .map(|path| files::read_text("list of tags", &world.folder.join(path), MAX_TEXT))
        .transpose()?;
    let tags: Option<Vec<&str>> =
        tags.as_deref().map(|text| text.lines().map(str::trim).filter(|l| !l.is_empty()).collect());
    if args.fix {
        return fix(args, &bytes, tags.as_deref().unwrap_or_default(), world);
    }
    let text = match args.format {
        PlumbingFormat::Json => security_policy::to_json_text(&policy, tags.as_deref(), world.now),
        PlumbingFormat::Human => security_policy::to_human(&policy, tags.as_deref(), world.now),
    };
    output::print(text.as_bytes())?;
    match policy.refusal {
        Some(refusal) => Err(Failure::undetermined(refusal)),
        None => Ok(0),
    }
}

/// Corrects the table by the tags: as a diff, or in the file.
fn fix(args: &cli::SecurityPolicy, bytes: &[u8], tags: &[&str], world: &World) -> Result<u8, Failure> {
    let published: Vec<PublishedTag> = tags
        .iter()
        .filter_map(|tag| {
            Some(PublishedTag { name: (*tag).to_owned(), version: TagVersion::parse(tag)?, date: None })
        })
        .collect();
    let refs = Refs {
        default_branch: args.default_branch.clone(),
        repository: args.repository.clone(),
        ..Refs::default()
    };
    let named = PatchPath::of(&args.file, world);
    let correction = match security_policy::correct(&named.path, bytes, &published, &refs, world.now) {
        Outcome::Passes { warned } => {
            output::complain("nothing to correct: the table agrees with the tags");
            for warned in &warned {
                output::complain(&format!("note, in the table: {}", text::clean(warned)));
            }
            return Ok(0);
        }
        Outcome::NotUnderstood(why) => {
            return Err(Failure::undetermined(why).help(BY_HAND));
        }
        Outcome::OnlyByHand(left) => return Err(Failure::rejected(left.join("\n")).help(BY_HAND)),
        Outcome::Corrected(correction) => correction,
    };
    output::print(correction.diff.as_bytes())?;
    if let Some(note) = named.note.filter(|_| !args.write) {
        output::complain(&note);
    }
    for done in &correction.done {
        output::complain(&text::clean(done));
    }
    for warned in &correction.warned {
        output::complain(&format!("note, in the corrected table: {}", text::clean(warned)));
    }
    if args.write {
        overwrite(&args.file, &correction.bytes, world)?;
    }
    if !correction.left.is_empty() {
        return Err(Failure::rejected(correction.left.join("\n"))
            .help("lines are those of the corrected table; what is left can only be said by hand"));
    }
    if args.write && !correction.open.is_empty() {
        return Err(Failure::undetermined(correction.open.join("\n"))
            .help("lines are those of the corrected table; say by hand what these rows mean"));
    }
    if args.write {
        output::complain("the table agrees with the tags now");
        return Ok(0);
    }
    Err(Failure::rejected("the table does not agree with the tags")
        .help("apply the diff, or write it into the file with --fix --write"))
}

/// Writes over a file that may be a link within its git work tree, and leaves it its permissions.
fn overwrite(file: &Path, bytes: &[u8], world: &World) -> Result<(), Failure> {
    let unwritten = |error| Failure::unwritten(file, error);
    let full = world.folder.join(file);
    let folder = std::fs::canonicalize(full.parent().unwrap_or(&full)).map_err(unwritten)?;
    let path = std::fs::canonicalize(&full).map_err(unwritten)?;
    if work_tree(&folder).is_some_and(|root| !path.starts_with(root)) {
        let shown = |path: &Path| Untrusted::new(path.to_string_lossy());
        let message =
            format!("{} is a link to {}, which is outside of its git work tree", shown(file), shown(&path));
        return Err(Failure::start(message).help("pass the path of the file itself"));
    }
    let permissions = std::fs::metadata(&path).map_err(unwritten)?.permissions();
    output::write(&path, bytes).map_err(unwritten)?;
    std::fs::set_permissions(&path, permissions).map_err(unwritten)
}
