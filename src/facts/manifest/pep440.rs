//! Python versions, as PEP 440 spells and compares them (the version specifiers specification, appendix).

/// A version in its normal form: two are the same version exactly when their normal forms are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    epoch: u64,
    /// Without the zeros at its end: 1.0 is 1.
    release: Vec<u64>,
    pre: Option<(&'static str, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
    local: Vec<String>,
}

impl Version {
    /// Parses any spelling that PEP 440 allows, except blanks around it; `None` for anything else, and for numbers
    /// over 64 bits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if !text.is_ascii() || text.len() > 256 {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        let mut rest = Rest(lower.strip_prefix('v').unwrap_or(&lower));
        let mut first = rest.number()?;
        let epoch = if rest.take("!") { std::mem::replace(&mut first, rest.number()?) } else { 0 };
        let mut release = vec![first];
        while let Some(number) = rest.dot_number() {
            release.push(number?);
        }
        while release.len() > 1 && release.last() == Some(&0) {
            release.pop();
        }
        let pre = rest.labelled(&[
            ("alpha", "a"),
            ("beta", "b"),
            ("preview", "rc"),
            ("pre", "rc"),
            ("rc", "rc"),
            ("a", "a"),
            ("b", "b"),
            ("c", "rc"),
        ])?;
        let post = match rest.dash_number() {
            Some(number) => Some(number?),
            None => rest.labelled(&[("post", ""), ("rev", ""), ("r", "")])?.map(|(_, number)| number),
        };
        let dev = rest.labelled(&[("dev", "")])?.map(|(_, number)| number);
        let local = rest.local()?;
        rest.0.is_empty().then_some(Self { epoch, release, pre, post, dev, local })
    }
}

/// What is left to read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn take(&mut self, prefix: &str) -> bool {
        let rest = self.0.strip_prefix(prefix);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn digits(&mut self) -> &'a str {
        let end = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits
    }

    fn number(&mut self) -> Option<u64> {
        self.digits().parse().ok()
    }

    /// `.N`: outer `None` when it is not there, inner `None` when the number is too large.
    fn dot_number(&mut self) -> Option<Option<u64>> {
        self.number_after(b'.')
    }

    /// `-N`, the short spelling of a post-release.
    fn dash_number(&mut self) -> Option<Option<u64>> {
        self.number_after(b'-')
    }

    fn number_after(&mut self, separator: u8) -> Option<Option<u64>> {
        match self.0.as_bytes() {
            [first, second, ..] if *first == separator && second.is_ascii_digit() => {
                self.0 = &self.0[1..];
                Some(self.number())
            }
            _ => None,
        }
    }

    /// A separator or none, one of the labels, a separator or none, a number or none (which is 0). The outer `None`
    /// is a number that is too large; without a label nothing is taken.
    fn labelled(&mut self, labels: &[(&str, &'static str)]) -> Option<Option<(&'static str, u64)>> {
        let separators = ['.', '-', '_'];
        let start = self.0.strip_prefix(separators).unwrap_or(self.0);
        let found = labels.iter().find_map(|(label, normal)| Some((start.strip_prefix(label)?, *normal)));
        let Some((after, normal)) = found else {
            return Some(None);
        };
        let number_start = after.strip_prefix(separators).unwrap_or(after);
        let has_number = number_start.starts_with(|c: char| c.is_ascii_digit());
        self.0 = number_start;
        let number = if has_number { self.number()? } else { 0 };
        Some(Some((normal, number)))
    }

    /// `+local`, in parts; a part of digits is a number. `None` when it is malformed.
    fn local(&mut self) -> Option<Vec<String>> {
        let Some(local) = self.0.strip_prefix('+') else {
            return Some(Vec::new());
        };
        self.0 = "";
        let parts = local.split(['.', '-', '_']).map(|part| {
            let is_part = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !is_part {
                return None;
            }
            if part.bytes().all(|byte| byte.is_ascii_digit()) {
                let digits = part.trim_start_matches('0');
                return Some(if digits.is_empty() { "0" } else { digits }.to_owned());
            }
            Some(part.to_owned())
        });
        parts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spellings of the same version, a group a line; versions of different groups differ.
    const GROUPS: &[&[&str]] = &[
        &["1.2.3", "v1.2.3", "V1.2.3", "1.2.3.0", "01.2.03", "0!1.2.3"],
        &["1", "1.0", "1.0.0"],
        &["0", "0.0"],
        &["1!1"],
        &["1.2.3a1", "1.2.3-alpha.1", "1.2.3_ALPHA_1", "1.2.3a01", "1.2.3.a.1", "1.2.3-a1"],
        &["1.2.3a0", "1.2.3-alpha", "1.2.3a", "1.2.3a."],
        &["1.2.3b2", "1.2.3-beta.2", "1.2.3beta2"],
        &[
            "1.2.3rc1",
            "1.2.3-rc.1",
            "1.2.3-rc1",
            "1.2.3c1",
            "1.2.3-pre.1",
            "1.2.3preview1",
            "1.2.3RC1",
            "1.2.3.0rc1",
        ],
        &["1.2.3rc10"],
        &["1.2.3.post1", "1.2.3-1", "1.2.3post1", "1.2.3-post.1", "1.2.3.rev1", "1.2.3r1"],
        &["1.2.3.post0", "1.2.3.post", "1.2.3-post"],
        &["1.2.3.dev4", "1.2.3-dev.4", "1.2.3dev4"],
        &["1.2.3.dev0", "1.2.3-dev"],
        &["1.2.3rc1.post2.dev3", "1.2.3-rc.1-2-dev3"],
        &["1.2.3+local.1", "1.2.3+LOCAL-1", "1.2.3+local_01"],
        &["1.2.3+local.2"],
        &["1.2.3+0", "1.2.3+00"],
        &["1.2"],
        &["2.2.3"],
    ];

    #[test]
    fn spellings_of_one_version_are_equal_and_others_are_not() {
        for (index, group) in GROUPS.iter().enumerate() {
            let first = Version::parse(group[0]);
            assert!(first.is_some(), "{}", group[0]);
            for other in *group {
                assert_eq!(Version::parse(other), first, "{other}");
            }
            for later in &GROUPS[index + 1..] {
                assert_ne!(Version::parse(later[0]), first, "{} {}", later[0], group[0]);
            }
        }
    }

    #[test]
    fn what_pep_440_does_not_allow_is_no_version() {
        let bad = [
            "",
            "v",
            "a",
            "1.",
            ".1",
            "1..2",
            "1.2.x",
            "1.2.3-",
            "1.2.3+",
            "1.2.3+a..b",
            "1.2.3+a+b",
            "1.2.3-rc.1.2",
            "1.2.3-foo.1",
            "1.2.3 ",
            " 1.2.3",
            "1.2.3\n",
            "1!",
            "!1",
            "1.2.3a1b1",
            "1.2.3.dev1.post1",
            "99999999999999999999",
            "1.2.3rc99999999999999999999",
            "1.99999999999999999999",
            "\u{661}.2",
            "1.2.3-1-1",
            "vv1",
        ];
        for text in bad {
            assert_eq!(Version::parse(text), None, "{text:?}");
        }
    }
}
