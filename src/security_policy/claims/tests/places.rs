//! Where a sentence stands, and what stands beside it: what makes it a claim there, and what does not.

use super::told;

#[test]
fn an_exception_a_mark_or_another_s_release_makes_no_promise() {
    for text in [
        "All releases are signed, except nightly ones.",
        "All releases are signed, excepting hotfixes.",
        "Aside from hotfixes, all releases are signed.",
        "All releases are signed, but signing is disabled at the moment.",
        "All releases prior to 2.0 are signed.",
        "All releases are signed starting with 3.0.",
        "All releases are signed, starting from 3.0.",
        "All releases since v1.4 are signed.",
        "All releases are signed: ❌",
        "❌ All releases are signed.",
        "- All releases are signed :x:",
        "Our dependencies' releases are signed.",
        "The distribution's packages are signed in each release.",
        "Release announcements are signed with GPG.",
        "Releases are signed and verified before we depend on them.",
        "Whether releases are signed is out of scope.",
        "No release is unsigned.",
        "Our releases are never unsigned.",
        "It is not the case that releases are not signed.",
        "~~All releases are signed.~~",
        "~~All releases are signed~~",
        "- ~~**Signed Releases**: All releases are signed~~",
        "- ~~**Signed Releases**~~: All releases are signed",
        "All ~~releases~~ are signed release artifacts.",
    ] {
        assert_eq!(told(text), Vec::<String>::new(), "{text}");
    }
    let rest = "~~Releases are not signed.~~ All releases are signed with cosign.";
    assert_eq!(told(rest), ["1:signed-releases"]);
    assert_eq!(told("✅ All releases are signed with cosign."), ["1:signed-releases"]);
}

#[test]
fn a_task_that_is_done_is_claimed_and_an_open_one_is_not() {
    assert_eq!(
        told("- [x] All releases are signed\n- [ ] An SBOM is published with every release\n"),
        ["1:signed-releases"]
    );
    assert_eq!(told("- [X] We sign all releases\n"), ["1:signed-releases"]);
    for open in
        ["- [ ] We sign all our releases\n", "## Checklist for releases\n\n- [x] Releases are signed\n"]
    {
        assert_eq!(told(open), Vec::<String>::new(), "{open}");
    }
}

#[test]
fn a_whole_sentence_in_a_cell_is_a_claim() {
    let row =
        |head: &str, row: &str| told(&format!("## Practices\n\n| {head} |\n| --- | --- |\n| {row} |\n"));
    assert_eq!(
        row("Topic | What we do", "Releases | All releases are signed with cosign."),
        ["5:signed-releases"]
    );
    assert_eq!(row("Topic | Status", "All releases are signed | ✅"), ["5:signed-releases"]);
    for (head, cells) in [
        // No whole sentence.
        ("Topic | Status", "Releases | signed"),
        ("Topic | Status", "Signed releases | yes"),
        // What stands beside it takes it back.
        ("Topic | Status", "All releases are signed | ❌"),
        ("Topic | Status", "All releases are signed | planned"),
        ("Topic | Status", "All releases are signed | not yet"),
        ("Topic | Status", "All releases are signed | partial"),
        // The column is of something else.
        ("Topic | Recommendation", "Releases | All releases are signed with cosign."),
        ("Topic | Example", "Releases | All releases are signed with cosign."),
        ("All releases are signed | b", "x | y"),
    ] {
        assert_eq!(row(head, cells), Vec::<String>::new(), "{head} {cells}");
    }
    let quoted = "> | a | b |\n> | --- | --- |\n> | x | All releases are signed. |\n";
    assert_eq!(told(quoted), Vec::<String>::new());
}

#[test]
fn a_whole_sentence_in_a_heading_is_a_claim() {
    assert_eq!(told("# Policy\n\n## All releases are signed\n\nText.\n"), ["3:signed-releases"]);
    for other in [
        "## Signed releases",
        "## Are releases signed?",
        "## How releases are signed",
        "## Checking that releases are signed",
    ] {
        assert_eq!(told(&format!("# Policy\n\n{other}\n\nText.\n")), Vec::<String>::new(), "{other}");
    }
}

#[test]
fn a_paragraph_of_html_is_read_as_one() {
    assert_eq!(told("# A\n\n<p>\nAll releases are\n<b>signed</b>.</p>\n"), ["4:signed-releases"]);
    assert_eq!(
        told("<ul>\n<li>All releases are signed</li>\n<li>We use mypy</li>\n</ul>\n"),
        ["2:signed-releases"]
    );
    for other in [
        "<!-- All releases are signed. -->\n",
        "<p>Releases are not signed.</p>\n",
        "<blockquote>All releases are signed.</blockquote>\n",
        "<p hidden>All releases are signed.</p>\n",
        "## Out of scope\n\n<p>All releases are signed.</p>\n",
    ] {
        assert_eq!(told(other), Vec::<String>::new(), "{other}");
    }
}

#[test]
fn what_is_out_of_scope_is_claimed_by_nobody() {
    for text in [
        "## Out of Scope\n\n- We sign all our releases\n",
        "## Scope\n\nWe sign all our releases.\n",
        "## Out of scope\n\n### Our releases\n\nWe sign all our releases.\n",
        "The following is out of scope:\n\n- We sign all our releases\n",
        "## Out of scope\n\nWe exclude the following:\n\n- We sign all our releases\n",
    ] {
        assert_eq!(told(text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(
        told("## Out of scope\n\nx\n\n## Releases\n\nWe sign all our releases.\n"),
        ["7:signed-releases"]
    );
}

#[test]
fn hostile_tables_and_html_make_no_trouble() {
    for text in [
        format!("| a |\n| --- |\n{}", "| All releases are signed by us. |\n".repeat(2_000)),
        format!("<p>{}", "<b>".repeat(20_000)),
        format!("<p>{}</p>\n", "<".repeat(50_000)),
        format!("<p>\n{}", "<".repeat(60_000)),
        "<p>\n\n".repeat(9_000),
        format!("| {} |\n| {} |\n| x |\n", "a | ".repeat(5_000), "--- | ".repeat(5_000)),
    ] {
        drop(told(&text));
    }
}
