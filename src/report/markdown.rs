//! The report in GitHub-flavoured Markdown, for the summary of a workflow run.
//!
//! The rule that must not be broken: foreign text goes through [`escape`] or `code`, after which it is text and nothing
//! else: no markup, no link, no image, no mention, no new cell or row, no workflow command.

use super::{
    Report, human,
    summary::{self, Group, Mark},
};
use crate::{
    outcome::{Level, Outcome, Status},
    text::{self, count},
};
use std::{borrow::Cow, fmt::Write};

/// GitHub shows step summaries of at most 1 MiB; findings end before that, and are counted.
const MAX_BYTES: usize = 512 << 10;
/// The longest foreign text that is shown, in characters.
const MAX_TEXT: usize = 500;

/// The report as Markdown.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    heading(&mut out, report);
    table(&mut out, report);
    for outcome in report.checks.iter().filter(|outcome| outcome.level != Level::Skip) {
        findings(&mut out, outcome);
    }
    footer(&mut out, report);
    out
}

/// `text` as Markdown that shows exactly it, wherever it stands: every character that could mean something is written
/// as a character reference, and those on which a forge acts after Markdown are followed by a zero-width space.
pub fn escape(text: &str) -> String {
    let clean = shortened(text);
    let mut out = String::with_capacity(clean.len() * 2);
    let mut chars = clean.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let plain = match c {
            // At the start of a line these would begin a list, a quote or a code block.
            _ if at == 0 => c.is_alphabetic(),
            // `www.` becomes a link without any markup.
            '.' => !clean[..at].ends_with(['w', 'W']),
            ' ' | ',' | '-' | '/' | '(' | ')' | ';' | '?' | '%' | '+' => true,
            c => c.is_alphanumeric() || !c.is_ascii(),
        };
        if plain {
            out.push(c);
        } else {
            reference(&mut out, c);
        }
        // Mentions, issue numbers, URLs and emoji names are found in the text that Markdown leaves.
        if matches!(c, '@' | '#' | ':') && next.is_some_and(|next| next != ' ') {
            out.push_str("&#8203;");
        }
    }
    out
}

/// `text` as a code span, in which neither Markdown nor a forge looks for anything. Not for the cells of a table.
fn code(text: &str) -> String {
    // Build logs act on `##[command]` wherever it stands in a line.
    let clean = shortened(text).replace("##", "#\\u{23}");
    if clean.trim().is_empty() {
        return "(empty)".to_owned();
    }
    let longest = clean.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A span that begins or ends with a backtick or a space needs a space that is not shown.
    let pad = if clean.starts_with(['`', ' ']) || clean.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{clean}{pad}{fence}")
}

fn reference(out: &mut String, c: char) {
    write!(out, "&#{};", u32::from(c)).expect("writing to a string does not fail");
}

fn shortened(text: &str) -> String {
    let clean = text::clean(text);
    match clean.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{} … (cut)", &clean[..end]),
        None => clean.into_owned(),
    }
}

fn heading(out: &mut String, report: &Report) {
    let mark = icon(Mark::of_verdict(report.verdict));
    let verdict = report.verdict.word().to_uppercase();
    line(out, &format!("## {mark} {verdict} {}", code(&summary::title(report))));
    line(out, "");
    line(out, &format!("**{}**", escape(&summary::reason(report))));
    line(out, "");
    let release = &report.release;
    let repository = release.repository.as_deref().map_or_else(|| "repository unknown".to_owned(), code);
    let commit = release.commit.as_ref().map_or("none", |commit| commit.short());
    let artifacts = human::artifacts(report);
    let policy = code(&report.policy.name);
    let as_of = report.as_of.strftime("%Y-%m-%d %H:%M:%SZ");
    let tag = code(&release.tag);
    line(
        out,
        &format!(
            "{repository} · tag {tag} · commit `{commit}` · {artifacts} · policy {policy} · as of {as_of}"
        ),
    );
    line(out, "");
}

fn table(out: &mut String, report: &Report) {
    line(out, "| | Check | Level | Result |");
    line(out, "|:-:|---|---|---|");
    for outcome in &report.checks {
        let mark = icon(Mark::of_check(outcome));
        let sentence = escape(&summary::of_check(report, outcome));
        line(out, &format!("| {mark} | {} | {} | {sentence} |", outcome.check, outcome.level.word()));
    }
    line(out, "");
}

fn findings(out: &mut String, outcome: &Outcome) {
    let groups = summary::not_passing(outcome);
    if groups.is_empty() {
        return;
    }
    let total: usize = groups.iter().map(|group| group.findings.len()).sum();
    let open = if Mark::of_check(outcome) == Mark::Fail { " open" } else { "" };
    let title = format!("<b>{}</b>: {}", outcome.check, count(total, "finding", "findings"));
    line(out, &format!("<details{open}><summary>{title}</summary>"));
    line(out, "");
    let mut shown = 0;
    for group in groups.iter().take(summary::MAX_GROUPS) {
        if out.len() > MAX_BYTES {
            break;
        }
        finding(out, outcome, group);
        shown += group.findings.len();
    }
    if shown < total {
        line(
            out,
            &format!("- and {} in the JSON report", count(total - shown, "more finding", "more findings")),
        );
    }
    line(out, "");
    line(out, "</details>");
    line(out, "");
}

fn finding(out: &mut String, outcome: &Outcome, group: &Group<'_>) {
    let first = group.findings[0];
    let mark = Mark::of_finding(outcome, first);
    let (names, more) = group.subjects();
    let mut subjects = names.into_iter().map(code).collect::<Vec<_>>().join(", ");
    if more > 0 {
        subjects += &format!(" and {more} more");
    }
    let weight = if mark == Mark::Warning { " (a warning, does not decide)" } else { "" };
    let status = first.status.word();
    line(out, &format!("- {} **{}** {status}{weight}: {subjects}<br>", icon(mark), first.rule.id));
    line(out, &format!("  {}", escape(&group.text(&first.message))));
    if let Some(waiver) = &first.waiver {
        line(out, &format!("  - waived {}{}", waiver.lead(), escape(&waiver.reason)));
    }
    let fix = first.fix.as_deref().filter(|fix| !fix.is_empty() && first.status != Status::Waived);
    let text = |text: Option<&str>| text.map(|text| group.text(text).into_owned());
    let found = group.found().map(Cow::into_owned);
    for (label, text) in [("expected", text(first.expected.as_deref())), ("found", found), ("fix", text(fix))]
    {
        let Some(text) = text else { continue };
        let text = if label == "fix" { escape(&text) } else { code(&text) };
        line(out, &format!("  - {label}: {text}"));
    }
    if let Some(command) = &first.reproduce {
        line(out, &format!("  - reproduce: {}", code(command)));
    }
}

fn footer(out: &mut String, report: &Report) {
    let trust = |t: &super::TrustSummary| format!("{} ({})", escape(&t.name), escape(&t.origin));
    let trusted: Vec<String> = report.trust.iter().map(trust).collect();
    let trusted = if trusted.is_empty() { "no root of trust".to_owned() } else { trusted.join(", ") };
    let databases: Vec<String> =
        report.databases.iter().map(|db| escape(&human::database_line(db))).collect();
    let mut sentence = format!("Trusted: {trusted}.");
    if !databases.is_empty() {
        sentence += &format!(" Databases: {}.", databases.join("; "));
    }
    let code = report.verdict.exit_code();
    line(out, &format!("<sub>{sentence} Exit code {code}, {}.</sub>", summary::exit_meaning(report.verdict)));
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn icon(mark: Mark) -> &'static str {
    match mark {
        Mark::Pass => "✅",
        Mark::Fail => "❌",
        Mark::Undetermined => "❔",
        Mark::Warning => "🔸",
        Mark::Waived => "➖",
        Mark::Skipped => "⚪",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    /// The tags that the renderer itself writes.
    const OURS: [&str; 9] =
        ["<b>", "</b>", "<sub>", "</sub>", "<br>", "<details>", "<details open>", "</details>", "<summary>"];

    fn shape(text: &str) -> Vec<String> {
        let mut shape = Vec::new();
        for event in Parser::new_ext(text, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            match event {
                Event::Start(tag) => {
                    let refused = matches!(tag, Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_));
                    assert!(!refused, "{tag:?} in {text}");
                    shape.push(format!("{tag:?}"));
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    for tag in html.split_inclusive('>').filter_map(|part| Some(&part[part.find('<')?..])) {
                        assert!(OURS.contains(&tag) || tag == "</summary>", "{tag:?} in {text}");
                    }
                    shape.push("html".to_owned());
                }
                Event::Code(_) => shape.push("code".to_owned()),
                Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                    panic!("{event:?} in {text}")
                }
                _ => {}
            }
        }
        shape
    }

    fn shown(markdown: &str) -> String {
        let text = |event| match event {
            Event::Text(text) => Some(text.into_string()),
            Event::SoftBreak | Event::Code(_) | Event::Html(_) | Event::InlineHtml(_) => panic!("{event:?}"),
            _ => None,
        };
        Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION)
            .filter_map(text)
            .collect()
    }

    #[test]
    fn a_bad_release_as_markdown() {
        insta::assert_snapshot!(render(&samples::bad()), @r##"
        ## ❌ REJECTED `widget v1.2.3`

        **&#50; of 6 required checks failed&#58; checksums, signatures**

        `github.com/acme/widget` · tag `v1.2.3` · commit `0f1e2d3c4b5a` · 3 artifacts · policy `default` · as of 2026-05-01 12:00:00Z

        | | Check | Level | Result |
        |:-:|---|---|---|
        | ✅ | tag | require | v1.2.3 is an annotated tag of commit 0f1e2d3c4b5a, 1 warning |
        | ❌ | checksums | require | &#49; of 3 artifacts failed, 2 passed |
        | ❌ | signatures | require | &#51; of 3 artifacts failed |
        | ✅ | provenance | require | each of 3 artifacts&#58; built at SLSA Build L3 from the tag&#39;s commit |
        | ➖ | advisories | require | &#49; of 212 packages waived, 211 passed |
        | ✅ | supported-versions | require | SECURITY.md lists 1.2.x as supported |
        | 🔸 | policy-claims | warn | failed&#58; SECURITY.md names no address |
        | ⚪ | contents | skip | skipped by the policy |

        <details><summary><b>tag</b>: 1 finding</summary>

        - 🔸 **tag/lightweight** fail (a warning, does not decide): `v1.2.3`<br>
          the tag carries no signature
          - fix: Make annotated tags&#58; git tag -a

        </details>

        <details open><summary><b>checksums</b>: 1 finding</summary>

        - ❌ **checksums/mismatch** fail: `widget-1.2.3-x86_64-unknown-linux-gnu.tar.gz`<br>
          the file is not the one that SHA256SUMS lists
          - expected: `994659de87f727ddcde75df44314f31d7f367b3bff347e852f390530f29720c7`
          - found: `100ef6a71bac925f709fe9c114c60460bf6e472cfdb9d44bd8adf1698135260f`
          - fix: Do not ship the file; build and publish the release again under a new version.
          - reproduce: `grep widget-1.2.3-x86_64-unknown-linux-gnu.tar.gz SHA256SUMS | sha256sum --check --strict --ignore-missing`

        </details>

        <details open><summary><b>signatures</b>: 3 findings</summary>

        - ❌ **signatures/unsigned** fail: `widget-1.2.3-aarch64-apple-darwin.tar.gz`, `widget-1.2.3-x86_64-pc-windows-msvc.zip`, `widget-1.2.3-x86_64-unknown-linux-gnu.tar.gz`<br>
          nothing published with &#60;name&#62; signs it
          - expected: `a Sigstore bundle by https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3`
          - found: `no bundle, and no signed checksum file that lists its digest`
          - fix: Sign the artifact in the release workflow, or sign the checksum file that lists it.

        </details>

        <details><summary><b>advisories</b>: 1 finding</summary>

        - ➖ **advisories/vulnerable** waived: `tar@0.4.40`<br>
          RUSTSEC-2026-0001&#58; symlink escape when unpacking
          - waived until 2026-06-30: the vulnerable function is not reachable from the command line

        </details>

        <details><summary><b>policy-claims</b>: 1 finding</summary>

        - 🔸 **policy-claims/contact** fail (a warning, does not decide): `contact`<br>
          SECURITY.md names no address
          - fix: Name an address for reports in SECURITY.md.

        </details>

        <sub>Trusted: sigstore-public-good (embedded). Databases: rustsec at 5d9f1c7e3b2a&#58; 812 advisories, 3 days old (2026-04-28). Exit code 1, rejected: there is evidence against this release.</sub>
        "##);
    }

    #[test]
    fn escaped_text_shows_as_it_was() {
        for name in samples::HOSTILE {
            let escaped = escape(name);
            assert!(escaped.chars().all(text::is_plain), "{escaped:?}");
            assert_eq!(shown(&escaped).replace('\u{200b}', ""), text::clean(name), "{escaped}");
            let refused =
                ["<", ">", "|", "`", "*", "_", "[", "]", "!", "@", "\\", "::", "##", "~", "$", "\""];
            for mark in refused {
                assert!(!escaped.contains(mark), "{escaped}");
            }
        }
    }

    #[test]
    fn code_shows_as_it_was() {
        for name in samples::HOSTILE {
            let span = code(name);
            let events: Vec<Event<'_>> = Parser::new_ext(&span, Options::all()).collect();
            let [Event::Start(Tag::Paragraph), Event::Code(shown), Event::End(_)] = &events[..] else {
                panic!("{span} is {events:?}");
            };
            assert_eq!(shown.replace("\\u{23}", "#"), text::clean(name), "{span}");
        }
        assert_eq!(code(" "), "(empty)");
    }

    #[test]
    fn what_a_forge_acts_on_after_markdown_is_interrupted() {
        assert_eq!(escape("to @everyone"), "to &#64;&#8203;everyone");
        assert_eq!(escape("see #12"), "see &#35;&#8203;12");
        assert_eq!(escape("at https://evil.example"), "at https&#58;&#8203;//evil.example");
        assert_eq!(escape("www.evil.example"), "www&#46;evil.example");
        assert_eq!(escape("1. item"), "&#49;. item");
    }

    #[test]
    fn names_of_strangers_change_nothing_in_the_structure_of_the_page() {
        let expected = shape(&render(&samples::hostile("plain")));
        for name in samples::HOSTILE {
            let text = render(&samples::hostile(name));
            samples::assert_plain(&text, name);
            assert_eq!(shape(&text), expected, "{name:?}");
            assert!(text.lines().all(|line| !line.trim().starts_with("::")), "{name:?}");
            assert!(!text[2..].contains("##"), "{name:?}");
            let rows = text.lines().filter(|line| line.starts_with('|'));
            assert!(
                rows.clone().count() > 8 && rows.clone().all(|row| row.matches('|').count() == 5),
                "{name:?}"
            );
        }
    }

    #[test]
    fn a_flood_of_findings_stays_below_the_limit_and_is_counted() {
        let mut report = samples::bad();
        for outcome in &mut report.checks {
            let Some(first) = outcome.findings.first().cloned() else { continue };
            let number = |n: usize| crate::outcome::Finding {
                status: Status::Fail,
                message: format!("{n}{}", "@".repeat(5000)),
                found: Some("<".repeat(5000)),
                fix: Some("@".repeat(5000)),
                reproduce: Some("@".repeat(5000)),
                ..first.clone()
            };
            outcome.findings = (0..1000).map(number).collect();
        }
        let text = render(&report);
        assert!(text.len() < 1 << 20, "{}", text.len());
        assert!(
            text.contains("- and 980 more findings in the JSON report"),
            "{}",
            &text[text.len() - 2000..]
        );
        assert!(text.contains("- and 1000 more findings in the JSON report"));
    }
}
