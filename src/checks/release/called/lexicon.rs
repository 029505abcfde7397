//! The words that releases put into the names of files: behind the version those of platforms, packages and kinds of files,
//! and the marks in front of it that make it another one. A word that is not here is not understood.

use std::{collections::HashSet, sync::LazyLock};

/// Systems, their makers and their releases.
const SYSTEMS: &str = "
    aix alpine android apple centos cygwin darwin debian dragonfly fedora freebsd fuchsia haiku hurd
    illumos ios linux linux32 linux64 mac macos macosx mingw mingw32 mingw64 msys netbsd nixos openbsd
    opensuse osx pc redhat rhel silicon solaris suse ubuntu unix unknown wasi wasip1 wasip2 win win32 win64
    windows wsl bigsur catalina mojave monterey sequoia sonoma tahoe ventura bionic bookworm bullseye buster
    focal jammy noble trixie
";

/// C libraries and binary interfaces.
const INTERFACES: &str = "
    eabi eabihf glibc gnu gnueabi gnueabihf gnullvm hardfloat libc msvc musl musleabi musleabihf
    softfloat ucrt
";

/// Processors, and what runs on any.
const PROCESSORS: &str = "
    32bit 64bit aarch64 amd64 arm arm32 arm32v6 arm32v7 arm64 arm64e arm64ec arm64v8 armel armeabi armhf
    armhfp armv5 armv5te armv6 armv6hl armv6l armv7 armv7a armv7hl armv7l armv8 i386 i486 i586 i686 ia32
    intel loong64 loongarch64 mips mips64 mips64el mips64le mipsel mipsle powerpc powerpc64 powerpc64le
    ppc ppc64 ppc64el ppc64le riscv riscv64 riscv64gc s390x sparc64 sparcv9 thumbv7neon universal
    universal2 v7a v8a wasm wasm32 x32 x64 x86 any all multiarch noarch none
";

/// Archives and packages.
const PACKAGES: &str = "
    7z aab aar apk appimage appx br bz2 cab conda crate crx deb dmg dsc ear egg exe flatpak gem gz hpi
    ipa ipk jar jpi klib lz lz4 lzma mcpb msi msix msixbundle msu nupkg pkg pom rpm run snap snupkg tar
    tbz tbz2 tgz txz tzst vsix war whl xpi xz z zip zst zstd
";

/// Images.
const IMAGES: &str = "
    box docker image img iso oci ova ovf qcow2 raw rootfs vhd vhdx vmdk
";

/// Files of other kinds.
const FILES: &str = "
    bash bat bin binpb blockmap buildinfo changelog changes conf css csv dll dylib elf h hex html ini js
    json jsonl lib lock log md min mjs module notes orig pb pdb pdf ps1 py rst sh so sql svg toml txt
    uf2 xml yaml yml
";

/// What speaks of files.
const SIDECARS: &str = "
    asc att attestation attestations bom bundle cdx cert checksum checksums cosign crt csaf cyclonedx
    gpg intoto jwt md5 md5sum minisig openvex p7s pem prov provenance pub sbom sha1 sha1sum sha256
    sha256sum sha256sums sha384 sha512 sha512sum sha512sums sig sigstore sign signature slsa spdx vex
";

/// What is in them, and for whom.
const CONTENTS: &str = "
    agent api app assets binaries binary bottle bundled cli client common complete completions core crds
    daemon data dbg dbgsym debug debuginfo debugsource dependencies deps desktop dist doc docs
    documentation dsym dynamic en examples executable fat final fips fonts full ga groovydoc gui headers
    helm include install installer javadoc lite man manifest manifests manual minimal offline portable
    prebuilt release runtime samples scaladoc sdk server service setup shaded shadow shared signed slim
    source sources src standalone static symbols system tests tool tools ui unsigned us user vendor
    vendored web with
";

/// Words that say nothing of the version. None of them may be one that a pre-release, a patch or a build is called by.
static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let all = [SYSTEMS, INTERFACES, PROCESSORS, PACKAGES, IMAGES, FILES, SIDECARS, CONTENTS];
    all.into_iter().flat_map(str::split_whitespace).collect()
});

/// Words that a number of a system, a language or a library follows: `macos-14`, `ubuntu22.04`, `cp312`, `el9`.
const NUMBERED: &str = "
    abi al almalinux alpine amzn android api arm bottle centos clang cp cu cuda darwin debian dotnet el
    electron fc fedora freebsd gcc glibc go gtk ios java jdk jre llvm lua mac macos macosx manylinux
    musllinux net netbsd netstandard node nodejs ol openbsd opensuse openssl osx otp pg php postgres
    postgresql pp py pypy python qt rhel rocky rocm ruby scala sles ubuntu vc win windows
";

/// Extensions of packages that count how often a version was packaged: `-1` of `w_1.2.3-1_amd64.deb`.
const COUNTED: &str = "apk deb ipk pkg rpm whl";

/// Words in front of a version that make it another one.
const MARKS: &str = "
    alpha beta canary daily dev ea eap edge experimental insider insiders next nightly pre prerelease
    preview rc snapshot unstable
";

/// Whether what stands behind a version, up to the end of the name, is known: platforms, packages, extensions.
pub(super) fn is_understood(behind: &str) -> bool {
    let is_separator = |c: char| matches!(c, '-' | '_' | '.');
    if !behind.is_empty() && !behind.starts_with(is_separator) {
        return false;
    }
    let lower = behind.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(is_separator).filter(|word| !word.is_empty()).collect();
    (0..words.len()).all(|at| is_known(&words[..=at]) || is_package_number(&words, at))
}

/// Whether a word of its own says nothing of the version.
pub(super) fn is_known_word(word: &str) -> bool {
    is_known(&[word.to_ascii_lowercase().as_str()])
}

/// Whether a name has one of the words in front of its version that make it another one, but for those of `except`.
pub(super) fn has_mark(words: &[String], except: &[String]) -> bool {
    let is_mark = |word: &String| {
        let (letters, digits) = letters(word);
        is_in(MARKS, letters) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    words.iter().any(|word| is_mark(word) && !except.contains(word))
}

/// Whether the last of these words is known, where it stands.
fn is_known(words: &[&str]) -> bool {
    let Some((word, before)) = words.split_last() else { return true };
    let last = before.last().copied().unwrap_or_default();
    let (name, digits) = letters(word);
    match name {
        "" if is_number(word) => (last, *word) == ("x86", "64") || is_number_of_a_platform(before),
        // The levels of x86-64, and Apple's processors.
        "v" if ["amd64", "64"].contains(&last) => is_number(digits),
        "m" if ["apple", "darwin", "mac", "macos", "osx", "silicon"].contains(&last) => is_number(digits),
        _ => KNOWN.contains(*word) || is_in(NUMBERED, name) && (digits.is_empty() || is_number(digits)),
    }
}

/// Whether a number may stand behind these words: up to two, with that at the end of the word, of what has numbers.
fn is_number_of_a_platform(before: &[&str]) -> bool {
    match before {
        // The number of `arm64` is no version.
        [.., word] if is_in(NUMBERED, letters(word).0) => is_in(NUMBERED, word) || !KNOWN.contains(*word),
        [.., word, first] => is_in(NUMBERED, word) && is_number(first),
        _ => false,
    }
}

/// Whether the word is one of the two numbers directly behind a version that count how often it was packaged.
fn is_package_number(words: &[&str], at: usize) -> bool {
    let is_counted = words.iter().rev().take(3).any(|word| is_in(COUNTED, word));
    let is_short = |word: &&str| word.len() <= 2 && is_number(word);
    is_counted && at < 2 && words[..=at].iter().all(is_short)
}

fn is_in(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|it| it == word)
}

/// A word's letters at the front, and the rest.
fn letters(word: &str) -> (&str, &str) {
    word.split_at(word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len()))
}

/// Whether it is a number of up to four digits: longer ones are dates, builds and commits.
fn is_number(word: &str) -> bool {
    (1..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit())
}
