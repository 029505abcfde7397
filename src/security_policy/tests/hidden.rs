//! Parts of the file that are hidden, or struck out, promise nothing.

use super::reading::reading;

const HTML: &str =
    "<table><tr><th>Version</th><th>Supported</th></tr><tr><td>2.x</td><td>✅</td></tr></table>";
const TABLE: &str = "| Version | Supported |\n|-|-|\n| 2.x | ✅ |\n";

fn told(text: &str) -> String {
    let rows = reading(&format!("## Supported Versions\n\n{text}\n"));
    rows.iter().filter_map(|row| row.rsplit(' ').next()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_table_in_an_element_that_hides_it_promises_nothing() {
    for (open, close) in [
        ("<div hidden>", "</div>"),
        ("<div style=\"display: none\">", "</div>"),
        ("<template>", "</template>"),
        ("<del>", "</del>"),
    ] {
        assert_eq!(told(&format!("{open}\n\n{TABLE}\n{close}\n")), "unknown", "{open}");
        assert_eq!(told(&format!("{open}{HTML}{close}\n")), "unknown", "{open}");
        // What stands behind it is shown.
        assert_eq!(told(&format!("{open}<div>a</div>{close}\n\n{TABLE}\n")), "yes", "{open}");
    }
    for (open, close) in [
        ("<script>", "</script>"),
        ("<style>", "</style>"),
        ("<pre>", "</pre>"),
        ("<textarea>", "</textarea>"),
    ] {
        assert_eq!(told(&format!("{open}{HTML}{close}\n")), "unknown", "{open}");
    }
    assert_eq!(told(&format!("<div class=\"hidden-xs\">\n\n{TABLE}\n</div>\n")), "yes");
    assert_eq!(told(&format!("<div align=\"center\">{HTML}</div>\n")), "yes");
}

#[test]
fn a_row_or_a_cell_that_is_hidden_promises_nothing() {
    assert_eq!(told(HTML), "yes");
    assert_eq!(told(&HTML.replace("<tr><td>", "<tr hidden><td>")), "unknown");
    assert_eq!(told(&HTML.replace("<td>✅", "<td hidden>✅")), "unknown");
    assert_eq!(told(&HTML.replace("✅", "<span style=\"display:none\">✅</span>")), "unknown");
    assert_eq!(told(&HTML.replace("<table>", "<table hidden>")), "unknown");
}

#[test]
fn what_stands_under_a_heading_that_is_struck_out_promises_nothing() {
    for heading in ["~~Supported Versions~~", "<del>Supported Versions</del>"] {
        let rows = reading(&format!("## {heading}\n\n{TABLE}\n"));
        assert_eq!(rows, ["5 range >=2.0.0, <3.0.0 unknown"], "{heading}");
    }
}
