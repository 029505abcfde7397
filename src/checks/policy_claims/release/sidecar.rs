//! Checksums in a file of its own beside each artifact: `widget.tar.gz.sha256`.

use crate::facts::Files;

/// How the names of such files end.
const ENDINGS: [&str; 10] =
    ["sha256", "sha256sum", "sha512", "sha512sum", "sha384", "sha1", "md5", "b2", "b3", "blake3"];
/// What stands for the name of the artifact before that.
const STEMS: [&str; 5] = ["", "file", "filename", "name", "artifact"];

/// The first of these files that is not published, where the sentence (in lower case) says that each artifact has one.
pub(super) fn missing(sentence: &str, files: &Files) -> Option<String> {
    let ending = ending(sentence)?;
    let of = |name: &dyn std::fmt::Display| format!("{name}.{ending}");
    let is_there = |file: &String| files.checksums.iter().any(|list| list.file.as_str() == file);
    files.artifacts.keys().map(|name| of(name)).find(|file| !is_there(file))
}

/// The ending that the sentence names, where it is one of a file for each.
fn ending(sentence: &str) -> Option<&'static str> {
    let of_each = ["every", "each", "all ", "next to", "alongside", "beside", "files"];
    of_each.iter().any(|words| sentence.contains(words)).then_some(())?;
    let mut words = sentence.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-' | '_'));
    words.find_map(|word| {
        let (stem, ending) = word.trim_end_matches('.').rsplit_once('.')?;
        ENDINGS.into_iter().find(|it| *it == ending && STEMS.contains(&stem))
    })
}

#[cfg(test)]
mod tests {
    use super::ending;

    #[test]
    fn the_ending_of_a_file_for_each_artifact_is_read() {
        for (sentence, expected) in [
            ("every artifact has a .sha256 file next to it.", Some("sha256")),
            ("each artifact comes with <file>.sha512.", Some("sha512")),
            ("all artifacts have *.md5 files.", Some("md5")),
            ("checksums of all artifacts are in widget.sha256.", None),
            ("checksums of all artifacts are in sha256sums.", None),
            ("checksums are in the .sha256 list.", None),
        ] {
            assert_eq!(ending(sentence), expected, "{sentence}");
        }
    }
}
