//! Practices that a sentence claims: what is signed, published, scanned, locked, reviewed.
//!
//! One sentence may claim several; each is found by words that belong together, near each other.

mod process;

use super::acts;
use super::qualifiers;
use super::stance;
use super::stems::{RELEASED, STEMS};
use super::tools::{self, Trade};
use super::units::Unit;
use super::words::{Words, folded, is_mark, plain};
use super::{ClaimKind, Claims, Detail, Method, Tone};
use crate::security_policy::sentences::Sentence;

/// The longest sentence that is looked through, in bytes; a promise is a short one.
const LONGEST: usize = 2000;

/// The most sentences of one file that are looked through; those of real policies that have one of the stems are fewer
/// than two hundred.
const MOST_SENTENCES: usize = 1000;

/// A sentence on its way through the kinds.
struct Reading<'a> {
    words: Words<'a>,
    unit: &'a Unit,
    lead: usize,
    tools: Vec<(&'static str, Trade)>,
    last_tool: usize,
    line: usize,
    sentence: &'a str,
}

/// Finds what `sentence` claims.
pub(super) fn find(unit: &Unit, sentence: &Sentence, found: &mut Claims) {
    if sentence.text.len() > LONGEST || sentence.text.ends_with('?') {
        return;
    }
    let text = folded(&sentence.text);
    if !STEMS.iter().any(|stem| text.contains(stem)) {
        return;
    }
    if found.looked_at == MOST_SENTENCES {
        found.is_cut = true;
        return;
    }
    found.looked_at += 1;
    let words = Words::of(&text);
    let lead = lead_words(unit, &sentence.text);
    let (tools, last_tool) = tools::of(&words);
    let (line, sentence) = (sentence.line, &sentence.text);
    let reading = Reading { words, unit, lead, tools, last_tool, line, sentence };
    reading.released(found);
    reading.dependencies(found);
    reading.code(found);
    reading.process(found);
    reading.announced(found);
}

/// How many words stand before the colon of `Lead: statement`.
fn lead_words(unit: &Unit, sentence: &str) -> usize {
    let by_lead = unit.lead.as_deref().filter(|lead| sentence.starts_with(lead)).map(str::len);
    let by_colon = sentence.find([':', '—', '–']).filter(|at| *at < 60);
    let end = by_lead.or(by_colon).unwrap_or(0);
    let lead = folded(sentence.get(..end).unwrap_or_default());
    Words::of(&lead).len()
}

/// Whether a word is one of those that these phrases of one word name.
fn is_one(phrases: &[&str], word: &str) -> bool {
    Words::new(vec![word]).any(phrases)
}

impl Reading<'_> {
    /// A claim of this kind, where the sentence is one. `at`: the last word that it needs.
    fn claim(
        &self,
        kind: ClaimKind,
        at: Option<usize>,
        detail: impl Fn(&Self) -> Detail,
        found: &mut Claims,
    ) {
        self.claim_as(Tone::Promise, kind, at, detail, found);
    }

    /// The same, which is no firmer than this.
    fn claim_as(
        &self,
        firmest: Tone,
        kind: ClaimKind,
        at: Option<usize>,
        detail: impl Fn(&Self) -> Detail,
        found: &mut Claims,
    ) {
        let Some(at) = at else { return };
        if let Some(tone) = stance::tone(&self.words, at, self.unit.stance, self.lead) {
            found.push(kind, self.line, self.sentence, tone.max(firmest), detail(self));
        }
    }

    fn detail(&self) -> Detail {
        Detail {
            is_of_all: self.words.has("all|every|each|always"),
            tools: self.tool_names(),
            ecosystems: tools::ecosystems(&self.words),
            interval: tools::interval(&self.words).map(|(interval, _)| interval),
            ..Detail::default()
        }
    }

    /// What a scan is said to be.
    fn scan(&self) -> Detail {
        let code = self.unit.code.iter().flat_map(|(_, code)| code.split(is_mark).map(plain)).collect();
        let beyond = qualifiers::beyond(self.sentence, &code);
        let (other_tools, other_things) = (beyond.tools, beyond.things);
        Detail { other_tools, other_things, beyond: beyond.why, ..self.detail() }
    }

    /// Who is said to do it, and in which repositories.
    fn done(&self) -> Detail {
        Detail { beyond: qualifiers::elsewhere(&self.words), ..self.scan() }
    }

    /// The tools that it names, each once.
    fn tool_names(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = Vec::new();
        for (name, _) in &self.tools {
            if !names.contains(name) {
                names.push(name);
            }
        }
        names
    }

    /// What is said to be signed, and how.
    fn of_signatures(&self) -> Detail {
        let words = &self.words;
        let methods = [
            (Method::OpenPgp, "gpg|pgp|openpgp|gnupg|gpg-signed|pgp-signed"),
            (Method::Sigstore, "sigstore|cosign|gitsign"),
            (Method::Minisign, "minisign"),
            (Method::Signify, "signify"),
            (Method::Ssh, "ssh|ssh-signed"),
        ];
        let named = methods.iter().filter(|(_, names)| words.has(names)).map(|(method, _)| *method);
        // In "release tags" the word says which tags.
        let tags = ["release|git|version tag|tags", "tag|tags"];
        let is_of_tags = words.any(&tags);
        let is_of_files = !is_of_tags
            || words.any(&["releases", "artifact*|artefact*", "binary|binaries", "archive|archives"])
            || words.any(&["package|packages", "tarball|tarballs", "installer|installers", "download*"])
            || words.any(&["build|builds", "file|files", "image|images", "asset|assets"]);
        Detail { is_of_tags, is_of_files, methods: named.collect(), ..self.detail() }
    }

    fn tool_of(&self, trades: &[Trade]) -> Option<usize> {
        self.tools.iter().any(|(_, trade)| trades.contains(trade)).then_some(self.last_tool)
    }

    /// A short item such as "Sigstore signatures" under "Each release comes with:".
    fn of_release(&self, what: &[&str]) -> Option<usize> {
        let is_short = self.unit.is_of_releases && self.unit.is_item && self.words.len() <= 8;
        self.words.find_any(what).filter(|_| is_short)
    }

    /// What comes with a release.
    fn released(&self, found: &mut Claims) {
        let words = &self.words;
        self.claim(ClaimKind::SignedReleases, self.signed(), Self::of_signatures, found);
        let sums = ["checksum*", "sha256sums*|sha256|sha-256|sha512|sha-512|sha512sums*|blake3|md5sums*"];
        let things = RELEASED[..7].iter().chain(&RELEASED[8..10]).copied().collect::<Vec<_>>();
        let things = things.as_slice();
        let published = [
            "published|provided|included|generated|accompanied|available|distributed|publish|provide|include",
        ];
        let at = (words.near(&sums, things, 6))
            .or_else(|| words.near(&sums, &published, 4))
            .or_else(|| self.of_release(&sums))
            .filter(|_| {
                !words.any(&["model|models", "commit|commits", "password*", "action|actions", "algorithm*"])
            })
            // What is downloaded is held against them: that publishes none.
            .filter(|_| {
                let verified = ["verified|verify|verifies|validated|validates|checked|checks|compared"];
                let moment = ["before|prior|upon|when|during|while|after", "at install*|download|startup"];
                // "Checksummed before they are cached" is said of where the product is used.
                let used =
                    ["before|when|while they|it are|is cached|installed|loaded|extracted|unpacked|executed"];
                let is_of_use =
                    words.near(&verified, &sums, 6).is_some() && words.any(&moment) || words.any(&used);
                !is_of_use || words.any(&published)
            });
        let named = |it: &Self| Detail { algorithms: tools::algorithms(&it.words), ..it.detail() };
        self.claim(ClaimKind::Checksums, at, named, found);
        let framework = [
            "provenance|level|framework|build|builds|compliant|compliance|complies|conform*|follow*|meets|standard",
            "principles|attest*|using|use|uses|generator|generators|l1|l2|l3",
        ];
        let statements = ["provenance", "attestation|attestations|attested", "in-toto"];
        let at = words
            .find("slsa")
            .filter(|_| words.any(&framework))
            .or_else(|| words.near(&statements, &RELEASED[..10], 6))
            .or_else(|| words.near(&statements, &["github"], 4))
            .or_else(|| self.of_release(&statements))
            .filter(|_| !self.is_of_registry());
        let level = self.level();
        let is_guidance = words.any(&[
            "slsa guidance|guideline|guidelines|practices|ideas",
            "slsa and|or * guidance|guideline|guidelines|practices",
            "guidance|guideline|guidelines|practices of|from|like slsa",
            "guidance|guideline|guidelines|practices such as slsa",
        ]);
        let firmest = if is_guidance { Tone::Aim } else { Tone::Promise };
        self.claim_as(firmest, ClaimKind::Slsa, at, |it| Detail { level, ..it.detail() }, found);
        let bills = ["sbom|sboms", "bill|bills of materials", "cyclonedx"];
        let made = [
            "release|releases|artifact|artifacts|published|publish|provided|provide|generated|generate|included",
            "available|attached|produced|produce|ship|shipped|software|created|build|builds",
        ];
        let at = words.near(&bills, &made, 8).or_else(|| self.of_release(&bills));
        let at = at.filter(|_| !self.is_of_registry() && !words.any(&["nda", "to customers|clients"]));
        self.claim(ClaimKind::Sbom, at, Self::detail, found);
    }

    /// Whether it speaks of images in a registry, where nothing here looks, and of no release.
    fn is_of_registry(&self) -> bool {
        let images = ["image|images", "container|containers", "oci", "registry|registries"];
        // Of releases, too, it is the images that are signed.
        let of_images = self.words.any(&["images|containers|image of|for", "image|images in a|the registry"]);
        of_images
            || self.words.any(&images)
                && !self.words.any(&["release|releases", "artifact|artifacts", "archive|archives"])
    }

    /// Where a sentence says that releases are signed.
    fn signed(&self) -> Option<usize> {
        let words = &self.words;
        let other = [
            "sign|signed|signing|signs in|up|off|out|on",
            "signed-off*",
            "commit|commits",
            "bit|bits|integer|integers",
            "jwt|token|tokens|cookie|cookies|url|urls|webhook|webhooks|request|requests|header|headers",
            "agreement|cla|nda",
            "a|an signed installer-manifest.json",
        ];
        let verbs = [
            "signed|sign|signs|signing|signature|signatures|cosign|sigstore|minisign",
            "gpg-signed|pgp-signed|cryptographically-signed",
        ];
        // `Release signing key: 0123…` names a key.
        let of_keys = ["signing key|keys|subkey|certificate|fingerprint|identity"];
        let is_key_alone =
            words.any(&of_keys) && !words.iter().any(|word| word != "signing" && is_one(&verbs, word));
        if is_key_alone {
            return None;
        }
        let at = words.near(&verbs, RELEASED, 6).or_else(|| self.of_release(&verbs))?;
        // `a signed manifest` says nothing of what else is released.
        let of_one = words
            .find("a|an signed")
            .is_some_and(|at| !words.get(at + 2).is_some_and(|noun| is_one(RELEASED, noun)));
        (!of_one && !words.any(&other) && !self.is_of_registry()).then_some(at)
    }

    /// `SLSA Level 3`, `L3`.
    fn level(&self) -> Option<u8> {
        let of = |word: &str| word.parse().ok().filter(|level| *level <= 4);
        let after = self.words.find("level").and_then(|at| of(self.words.get(at + 1)?));
        after.or_else(|| self.words.iter().find_map(|word| of(word.strip_prefix('l')?)))
    }

    /// What is done about dependencies.
    fn dependencies(&self, found: &mut Claims) {
        let words = &self.words;
        let depend =
            ["dependency|dependencies|dependency's", "third-party|3rd-party libraries|packages|components"];
        let updater = self.tool_of(&[Trade::Updates]);
        let updating = [
            "update|updates|updated|updating|upgrade|upgrades|bump|bumps|prs|up-to-date",
            "pull requests",
            "up to date",
        ];
        let scanning = [
            "scan|scans|scanned|scanning|audit|audits|audited|auditing|vulnerability|vulnerabilities|alerts|cve|cves|monitor|monitors|monitored|monitoring",
        ];
        let always =
            ["regular|regularly|automat*|always|continuous|continuously|kept|keep|weekly|daily|monthly"];
        let is_scanned = words.any(&scanning);
        let is_updated = words.any(&updating);
        let about_updates = match updater {
            Some(at) if is_updated || !is_scanned => Some(at),
            Some(_) => None,
            // That one dependency was updated once promises nothing of the rest.
            None => words.near(&depend, &updating, 6).filter(|_| words.any(&always) && !words.has("prs")),
        };
        // `Check for updates` and updates of the policy itself are other things.
        let at = about_updates.filter(|_| !words.any(&["status", "reporter", "supported"]));
        self.claim(ClaimKind::DependencyUpdates, at, Self::done, found);
        let scanners = self.tool_of(&[Trade::Dependencies]).filter(|_| !self.is_of_images());
        let about_scans = match updater {
            Some(at) if is_scanned => Some(at),
            _ => words.near(&depend, &scanning, 8),
        };
        let is_of_licences = self.is_of_licences();
        let at = scanners
            .or(about_scans)
            .filter(|_| !is_of_licences && !words.any(&["report|reports|reporting|reported", "scope"]));
        let at = at.filter(|_| !acts::is_of_readers(words));
        let unseen = self.tools.is_empty().then(|| acts::unseen(words)).flatten();
        self.claim(ClaimKind::DependencyScanning, at, |it| Detail { unseen, ..it.scan() }, found);
        let locked = [
            "locked|pinned|lock|pinning|pin|pins|locks|lockfile|lockfiles|lock-file|lock-files",
            "lock file|files",
        ];
        let at = words.near(&["dependenc*", "versions", "requirements", "packages"], &locked, 4);
        self.claim(ClaimKind::LockedDependencies, at, Self::detail, found);
        let by_digest = ["pinned|pin|pins|pinning", "sha|shas", "digest|digests", "commit hash|hashes"];
        let at = words.near(&["action|actions"], &by_digest, 6);
        let at = at.filter(|_| {
            words.any(&["github", "workflow|workflows", "ci|ci/cd", "third-party", "pinned actions"])
                || words.any(&["all|every|each action|actions"])
        });
        self.claim(ClaimKind::PinnedActions, at, Self::detail, found);
        let licences = ["license|licence|licenses|licences|licensing"];
        let checked =
            ["compliance|check|checks|checked|checking|scan|scans|scanned|scanning|compatibility|audited"];
        let at = words.near(&licences, &checked, if is_of_licences { 8 } else { 4 });
        self.claim(ClaimKind::LicenceCheck, at, Self::scan, found);
    }

    /// Whether it is licences alone that are looked at: one verb, no flaws, and no tool that knows nothing else.
    fn is_of_licences(&self) -> bool {
        let words = &self.words;
        let flaws = [
            "vulnerab*|cve|cves|advisory|advisories|security|insecure|flaw|flaws|weakness|weaknesses|malware|malicious",
            "and licen*",
            "and the|their|its licen*",
        ];
        let verbs = ["scan", "check", "audit", "monitor", "review", "inspect", "verif", "analy"];
        let is_verb = |word: &str| verbs.iter().any(|verb| word.starts_with(verb));
        let is_other = |(tool, trade): &(&str, Trade)| {
            *trade == Trade::Dependencies
                && !matches!(*tool, "cargo-deny" | "trivy" | "snyk" | "dependency-review")
        };
        words.any(&["license|licence|licenses|licences|licensing"])
            && !words.any(&flaws)
            && words.iter().filter(|word| is_verb(word)).count() <= 1
            && !self.tools.iter().any(is_other)
    }

    /// Whether it speaks of images and not of an updater that knows images too.
    fn is_of_images(&self) -> bool {
        self.words.any(&["container|containers", "image|images"]) && self.tool_of(&[Trade::Updates]).is_none()
    }

    /// What looks through code, secrets and images.
    fn code(&self, found: &mut Claims) {
        let words = &self.words;
        let is_about_reports =
            words.any(&["report|reports|reported|reporting|output|outputs|submission|submissions", "scope"]);
        let named = [
            "static analysis|analyzer|analyzers",
            "static code analysis",
            "static application security",
            "sast",
        ];
        let scans = ["security|vulnerability scan|scans|scanning|scanner|scanners|linting|linter|linters"];
        let is_style = self.tool_of(&[Trade::Style]).filter(|_| words.any(&scans));
        let at = (self.tool_of(&[Trade::Code]))
            .or_else(|| words.find_any(&named))
            .or(is_style)
            .filter(|_| !is_about_reports && !words.has("pre-commit"));
        self.claim(ClaimKind::StaticAnalysis, at, Self::scan, found);
        let hooks = ["pre-commit"];
        let kinds = ["hook|hooks|check|checks|security|scan|scans|scanning"];
        let is_lead =
            self.unit.lead.as_deref().is_some_and(|lead| lead.to_lowercase().starts_with("pre-commit"));
        let at = words.near(&hooks, &kinds, 4).or_else(|| words.find("pre-commit").filter(|_| is_lead));
        self.claim(ClaimKind::PreCommit, at, Self::detail, found);
        let secrets = ["secret|secrets|credential|credentials"];
        let looked = ["scan|scans|scanned|scanning|scanner|detection|detected|detect|detects"];
        let at = self.tool_of(&[Trade::Secrets]).or_else(|| words.near(&secrets, &looked, 4));
        let at = at.filter(|_| !is_about_reports && !words.has("pre-commit"));
        self.claim(ClaimKind::SecretScanning, at, Self::scan, found);
        let images = ["container|containers", "image|images"];
        let scanned = ["scan|scans|scanned|scanning|scanner"];
        let scanner = self.tool_of(&[Trade::Images, Trade::Dependencies]).filter(|_| self.is_of_images());
        let at =
            words.near(&images, &scanned, 5).or(scanner).filter(|_| self.is_of_images() && !is_about_reports);
        self.claim(ClaimKind::ContainerScanning, at, Self::scan, found);
    }
}
