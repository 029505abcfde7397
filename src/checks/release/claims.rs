//! Who says which digest of a file, and whether two of them disagree. Every side of a disagreement is named.

use super::{DIGEST_MISMATCH, SILENT_FIX};
use crate::{
    digest::{Agreement, Algorithm, Digest},
    evidence::{Bytes, PublishedFile},
    outcome::{Finding, Subject},
    release::ArtifactName,
    text::clean,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Most of those who say the same that are named, and most different values that are.
const NAMED: usize = 4;

/// Somebody who says something of a file; its own bytes come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who<'a> {
    /// The file itself.
    Bytes,
    /// A list of digests that the verifier gave in place of the file.
    Given,
    /// A checksum file of the release.
    List(&'a ArtifactName),
    /// What somebody whom the policy accepts attests, in that file.
    Attested(&'a ArtifactName),
    /// The list of the forge, or the index, by what it is called.
    Listing(&'static str),
}

impl Who<'_> {
    fn word(self) -> String {
        match self {
            Self::Bytes => "its bytes".to_owned(),
            Self::Given => "the digest given for it".to_owned(),
            Self::List(file) => file.to_string(),
            Self::Attested(file) => format!("what {file} attests"),
            Self::Listing(called) => called.to_owned(),
        }
    }
}

/// What is said of the files, besides by their bytes.
#[derive(Default)]
pub(super) struct Claims<'a> {
    digests: HashMap<&'a str, Vec<(Who<'a>, &'a Digest)>>,
    sizes: HashMap<&'a str, (Who<'a>, u64)>,
}

/// What all that is said of one file comes to.
pub(super) enum Said {
    /// Somebody speaks of it, and nobody contradicts.
    Agrees,
    /// Nobody says anything of it that could be compared.
    Nothing,
    /// Two disagree, or one could not be compared.
    Finding(Box<Finding>),
}

/// What is said with one algorithm, or of the size: the values, each with everybody who says it.
type Values<'a> = BTreeMap<String, BTreeSet<Who<'a>>>;

impl<'a> Claims<'a> {
    /// Adds what `who` says of the file called `name`. The id of a git object and what nobody here knows are no digests of
    /// its bytes.
    pub(super) fn digest(&mut self, name: &'a str, who: Who<'a>, digest: &'a Digest) {
        if !matches!(digest.algorithm(), Algorithm::GitCommit | Algorithm::Unknown(_)) {
            self.digests.entry(name).or_default().push((who, digest));
        }
    }

    /// Adds the size that `who` gives.
    pub(super) fn size(&mut self, name: &'a str, who: Who<'a>, size: u64) {
        self.sizes.insert(name, (who, size));
    }

    /// What is said of one file; two of those who speak disagree, or nobody does.
    pub(super) fn judge(&self, name: &ArtifactName, file: &PublishedFile) -> Said {
        let claims = self.digests.get(name.as_str()).map_or(&[][..], Vec::as_slice);
        let own = match file.bytes {
            Bytes::Rehashed => Who::Bytes,
            Bytes::Recorded => Who::Given,
        };
        let mut said: BTreeMap<&Algorithm, Values<'_>> = BTreeMap::new();
        for (who, digest) in claims {
            let values = said.entry(digest.algorithm()).or_default();
            values.entry(digest.to_string()).or_default().insert(*who);
            if let Some(computed) = file.digests.get(digest.algorithm()) {
                values.entry(computed.to_string()).or_default().insert(own);
            }
        }
        let mut sizes = Values::new();
        if let (Some((who, listed)), Some(size)) = (self.sizes.get(name.as_str()), file.size) {
            sizes.entry(format!("a size of {size}")).or_default().insert(own);
            sizes.entry(format!("a size of {listed}")).or_default().insert(*who);
        }
        let disagreeing: Vec<Values<'_>> =
            said.into_values().chain([sizes]).filter(|values| values.len() > 1).collect();
        if !disagreeing.is_empty() {
            return Said::Finding(Box::new(mismatch(name, disagreeing)));
        }
        let mut strong = claims.iter().filter(|(_, digest)| digest.algorithm().is_strong()).peekable();
        if strong.peek().is_none() {
            return Said::Nothing;
        }
        let unknown = |digest: &Digest| file.digests.agrees(digest) == Agreement::NotComputed;
        match strong.find(|(_, digest)| unknown(digest)) {
            None => Said::Agrees,
            Some((who, digest)) => {
                let (who, algorithm) = (who.word(), digest.algorithm());
                let message = format!("{name}: {who} says {algorithm}, which was not computed");
                let finding =
                    Finding::undetermined(&DIGEST_MISMATCH, Subject::artifact(name), message).fix(SILENT_FIX);
                Said::Finding(Box::new(finding.expected(digest.to_string())))
            }
        }
    }
}

/// The finding that names everybody who disagrees, and what each says.
fn mismatch(name: &ArtifactName, disagreeing: Vec<Values<'_>>) -> Finding {
    let sides: Vec<(BTreeSet<Who<'_>>, String)> = disagreeing
        .into_iter()
        .flat_map(|values| {
            let mut sides: Vec<_> = values.into_iter().map(|(value, whose)| (whose, value)).collect();
            // Its own bytes come first.
            sides.sort();
            sides
        })
        .collect();
    let told = |say: fn(&str) -> String| {
        let all = sides.iter().take(NAMED).map(|(whose, value)| format!("{} {}", saying(whose), say(value)));
        let mut text = all.collect::<Vec<_>>().join("; ");
        if sides.len() > NAMED {
            text.push_str(&format!("; and {} more", sides.len() - NAMED));
        }
        text
    };
    let message = format!("{name}: {}", told(short));
    Finding::fail(&DIGEST_MISMATCH, Subject::artifact(name), message)
        .expected("the same from everybody")
        .found(told(str::to_owned))
}

/// `its bytes and SHA256SUMS say`.
fn saying(whose: &BTreeSet<Who<'_>>) -> String {
    let mut names: Vec<String> =
        whose.iter().take(NAMED).map(|who| clean(&who.word()).into_owned()).collect();
    if whose.len() > NAMED {
        names.push(format!("{} more", whose.len() - NAMED));
    }
    let is_one = names.len() == 1 && !matches!(whose.first(), Some(Who::Bytes));
    let last = names.pop().unwrap_or_default();
    let names = if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) };
    format!("{names} {}", if is_one { "says" } else { "say" })
}

/// A digest as people compare it at a glance.
fn short(value: &str) -> String {
    match value.split_once(':') {
        Some((algorithm, hex)) if hex.len() > 16 => {
            format!("{algorithm}:{}…", hex.chars().take(16).collect::<String>())
        }
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        digest::{Algorithms, hash_reader},
        outcome::Status,
    };

    const FORGE: Who<'static> = Who::Listing("the forge's list");

    fn file(bytes: &[u8]) -> PublishedFile {
        let (size, digests) = hash_reader(bytes, Algorithms::SHA256).unwrap();
        PublishedFile {
            size: Some(size),
            digests,
            bytes: Bytes::Rehashed,
            framed: Vec::new(),
            inside: crate::inside::Inside::NotLooked,
            content: None,
        }
    }

    fn digest(text: &str) -> Digest {
        Digest::from_prefixed(text).unwrap()
    }

    #[test]
    fn every_side_of_a_disagreement_is_named_and_nothing_else_is() {
        let name = ArtifactName::parse("w").unwrap();
        let sums = ArtifactName::parse("SHA256SUMS").unwrap();
        let bundle = ArtifactName::parse("w.intoto.jsonl").unwrap();
        let own = Digest::sha256_of(b"own");
        let (other, third) = (Digest::sha256_of(b"other"), Digest::sha256_of(b"third"));
        let mut claims = Claims::default();
        claims.digest("w", Who::List(&sums), &own);
        assert!(matches!(claims.judge(&name, &file(b"own")), Said::Agrees));
        claims.digest("w", FORGE, &other);
        claims.digest("w", Who::Attested(&bundle), &third);
        claims.size("w", FORGE, 4);
        let Said::Finding(finding) = claims.judge(&name, &file(b"own")) else { panic!("they disagree") };
        assert_eq!(finding.status, Status::Fail);
        let told = format!(
            "w: its bytes and SHA256SUMS say {}; what w.intoto.jsonl attests says {}; the forge's list says {}; its bytes say \
             a size of 3; and 1 more",
            short(&own.to_string()),
            short(&third.to_string()),
            short(&other.to_string()),
        );
        assert_eq!(finding.message, told);
        assert!(matches!(claims.judge(&ArtifactName::parse("x").unwrap(), &file(b"own")), Said::Nothing));
    }

    #[test]
    fn weak_digests_that_differ_disagree_and_ones_that_agree_prove_nothing() {
        let name = ArtifactName::parse("w").unwrap();
        let (one, two) = (ArtifactName::parse("MD5SUMS").unwrap(), ArtifactName::parse("w.md5").unwrap());
        let (a, b) = (digest(&format!("md5:{}", "a".repeat(32))), digest(&format!("md5:{}", "b".repeat(32))));
        let mut claims = Claims::default();
        claims.digest("w", Who::List(&one), &a);
        assert!(matches!(claims.judge(&name, &file(b"own")), Said::Nothing));
        claims.digest("w", Who::List(&two), &b);
        let Said::Finding(finding) = claims.judge(&name, &file(b"own")) else { panic!("they disagree") };
        assert!(finding.message.starts_with("w: MD5SUMS says md5:aaaaaaaaaaaaaaaa…; w.md5 says md5:bbbb"));
    }

    #[test]
    fn what_was_not_computed_is_undetermined() {
        let name = ArtifactName::parse("w").unwrap();
        let blake = digest(&format!("sha3_256:{}", "a".repeat(64)));
        let mut claims = Claims::default();
        claims.digest("w", FORGE, &blake);
        let Said::Finding(finding) = claims.judge(&name, &file(b"own")) else { panic!("nobody knows") };
        assert_eq!(finding.status, Status::Undetermined);
    }
}
